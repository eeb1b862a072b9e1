"""What commands print: findings as text or for other tools (`report_ci`), summaries, lists, the steps of the tour."""

import os
import sys
import threading
from contextlib import suppress
from functools import cache
from typing import TYPE_CHECKING, TypeVar

from kg.errors import KgError, clean, shell_word, to_json
from kg.rdf.namespaces import ID, RDF_TYPE, compact, expand
from kg.terminal import display_width, use_color

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Mapping, Sequence

    from kg.dataset.stored_queries import Query
    from kg.drafting.propose import Summary
    from kg.findings import Finding
    from kg.graph import Graph
    from kg.provenance.context import Context
    from kg.provenance.neighbours import NeighbourRows
    from kg.source.layout import GraphFolder

FORMATS = ("text", "github", "sarif", "junit", "json", "turtle")
TOUR_QUERIES = ("partners-on-opposing-sides", "shared-projects", "what-divides")
TOUR_END = """
next: kg query              list the stored queries
      kg show Akkuyu        all facts about a thing, with their quotes
      kg export -o all.ttl  the graph for other tools
"""
MERGED_LITERALS = (
    "note: this answer takes forms of one value, such as 1 and 01, for one term; --engine rdflib keeps them apart"
)
_T = TypeVar("_T")
_PATIENCE = 5.0  # seconds for what is said beside an answer
_EXAMPLES = 4  # inferred facts that the tour shows
_MOST_INSTEAD = 6  # things that are named in place of one that a graph does not know
_WINDOW = 100  # columns of a source line that are shown


def write_findings(
    findings: "list[Finding]",
    form: str,
    graph_folder: "GraphFolder",
    *,
    listed: "list[Finding] | None" = None,
    named: "Container[str]" = (),
) -> str:
    """Findings in one of FORMATS. Their files are relative to the graph folder, which SARIF, JUnit and GitHub name.

    Text has the lines of its sources, and of the files that the user has `named`. Only those are written that are
    `listed` (see `shown`), which are all by default; the summary on GitHub counts the others.
    """
    listed = findings if listed is None else listed
    if form == "json":
        return to_json([f.json() for f in listed])
    if form == "text":

        @cache
        def read(name: str) -> list[str]:
            path = os.path.join(graph_folder.root, name)
            # A name with a backslash may stand for one that is not UTF-8, see `layout.shown`.
            is_known = name in named or ("\\" not in name and graph_folder.holds_source(path))
            return _read_lines(path) if is_known else []

        from kg.findings import IDLE

        idle = [f for f in listed if f.rule == IDLE]
        told = [line for f in listed if f.rule != IDLE for line in _lines(f, read)]
        return "".join(f"{line}\n" for line in [*told, *_folded(idle)])
    from kg.cli import report_ci

    if form == "github":
        return report_ci.github(findings, graph_folder, listed)
    return report_ci.WRITERS[form](listed, graph_folder)


def _folded(idle: "list[Finding]") -> list[str]:
    """Shapes with nothing to judge, in one line: most shapes of a small graph are."""
    if not idle:
        return []
    named = {f.message.removeprefix("the shape ").split(" ", 1)[0] for f in idle}
    return [f"{idle[0].severity}: shapes with nothing to judge yet: {clean(', '.join(sorted(named)))} [{idle[0].rule}]"]


def _lines(finding: "Finding", read: "Callable[[str], list[str]]") -> list[str]:
    """A finding, its source line with a caret beneath, where it has a place in a readable file, and its hint."""
    head, *hint = str(finding).split("\n")
    source = read(finding.file) if finding.line else []
    if not 0 < finding.line <= len(source):
        return [head, *hint]
    line, at = source[finding.line - 1], finding.column - 1
    start = max(0, at - _WINDOW // 2) if len(line) > _WINDOW else 0
    before, window = clean(line[start:at]), clean(line[start : start + _WINDOW])
    return [head, f"  | {window}", f"  | {' ' * display_width(before)}^", *hint]


def _read_lines(path: str) -> list[str]:
    from kg.source.documents import MAX_BYTES
    from kg.source.layout import read_regular

    try:
        text = read_regular(path, MAX_BYTES, follow=True).decode("utf-8", "replace")
    except OSError:
        return []
    return [line.rstrip("\r") for line in text.split("\n")]


def shown(findings: "list[Finding]", form: str, fail_on: str) -> "list[Finding]":
    """The findings that are written: all in JSON, and where notes fail the run all but doubts.

    Else text and annotations on GitHub have no notes; SARIF, JUnit and the SHACL report, whose readers take each for an
    alert or for a graph that does not conform, none of shapes that have nothing to judge, and no doubts.
    """
    from kg.findings import IDLE

    if form == "json":
        return findings
    if form not in ("text", "github"):
        findings = [f for f in findings if f.severity != "doubt"]
    if fail_on == "info":
        return findings
    return [f for f in findings if f.rule != IDLE and (f.severity != "info" or form not in ("text", "github"))]


def summary(counts: dict[str, int], findings: "list[Finding]", *, hidden: bool = False) -> str:
    """One line: how much was read, how many findings of which severity, and how to see those that are `hidden`."""
    from kg.findings import severities

    read = f"{counts['read']} of {counts['units']} units read, {counts['facts']} facts"
    return f"{_articles(counts)}: {read}: {severities(findings)}{' (--fail-on info lists them)' * hidden}"


def _articles(counts: dict[str, int]) -> str:
    return f"{counts['articles']} article{'s' * (counts['articles'] != 1)}"


def awaiting(graph_folder: "GraphFolder") -> str:
    """One line: how many proposals await review, and the command for it; empty where there are none."""
    from kg.source.proposals import awaiting

    counts = awaiting(graph_folder)
    if not counts:
        return ""
    number, (first, *others) = sum(counts.values()), counts
    of = f" of {len(counts)} articles" if others else ""
    return (
        f"{number} proposal{'s' * (number != 1)}{of} await{'s' * (number == 1)} review: kg review {shell_word(first)}"
    )


def proposed(found: "Summary") -> str:
    """What was proposed, a line each, and how many of them which check refused."""
    lines = [f"{clean(p.name)}  {clean(', '.join(p.words))}  ({clean(p.by)})" for p in found.proposed]
    lines += [f"refused by {clean(check)}: {count}" for check, count in found.by_check().items()]
    return "".join(f"{line}\n" for line in lines or ["nothing new to propose"])


def list_queries(graph: "Graph", form: str | None) -> str:
    """The stored queries by their summaries, each with a command to copy; or as JSON."""
    if form == "json":
        return to_json([q.listed() for q in graph.queries.values()])
    return "\n".join(f"{clean(q.summary)}\n  {clean(_example(q, graph))}\n" for q in graph.queries.values())


def _example(query: "Query", graph: "Graph") -> str:
    """A command with the defaults that restrict the answer."""
    given = (f"{name}={shell_word(value)}" for name, value in graph.example(query).items())
    return " ".join(["kg query", shell_word(query.name), *(f"-p {pair}" for pair in given)])


def no_rows(
    query: "Query",
    given: "Mapping[str, str]",
    unknown: "Sequence[str]",
    other: "tuple[Mapping[str, str], int]",
    instead: "Mapping[str, Sequence[str]]",
) -> str:
    """That an answer has no rows, and the parameters of the query, those by default included.

    `unknown` are values by default that the graph does not know, `instead` by parameter some that it knows in their
    place, `other` parameters with which there are rows.
    """
    usual = {p["name"]: str(p["default"]) for p in query.parameters}
    bound = [f"{name} = {given[name] if name in given else f'{usual[name]} (default)'}" for name in usual]
    told = f"no rows{' for ' if bound else ''}{', '.join(bound)}"
    told += f"; the graph knows no {' and no '.join(unknown)}" if unknown else ""
    if other[1]:
        pairs = " ".join(f"-p {shell_word(f'{name}={value}')}" for name, value in other[0].items())
        told += f"\n{other[1]:,} row{'s' * (other[1] != 1)}: kg query {shell_word(query.name)} {pairs}"
    elif unknown:
        told += "\nname others with -p NAME=VALUE; `kg show` lists what the graph knows"
        told += "".join(f"\n  {name}: {', '.join(found)}" for name, found in instead.items() if found)
    return "\n".join(map(clean, told.split("\n")))


def unknown(query: "Query", given: "Mapping[str, str]", graph: "Graph") -> list[str]:
    """The things by default that a graph does not know."""
    usual = [str(p["default"]) for p in query.parameters if p["name"] not in given]
    from pyoxigraph import NamedNode

    iris = [(name, expand(name)) for name in usual if name.startswith("id:")]
    return [name for name, iri in iris if iri and not graph.things.known(NamedNode(iri))]


def instead(query: "Query", unknown: "Sequence[str]", graph: "Graph") -> dict[str, list[str]]:
    """By parameter whose default a graph does not know, labels of things of its type that it knows; few of them."""
    from pyoxigraph import DefaultGraph, NamedNode

    def labels(context: "Context", kind: str) -> list[str]:
        rows = context.store.quads_for_pattern(None, NamedNode(RDF_TYPE), NamedNode(kind), DefaultGraph())
        things = (q.subject for q in rows if isinstance(q.subject, NamedNode) and q.subject.value.startswith(ID))
        return sorted(set(map(context.things.label, things)), key=str.casefold)[:_MOST_INSTEAD]

    asked = [(p["name"], expand(f"ent:{p['type']}")) for p in query.parameters if str(p["default"]) in unknown]
    kinds = {name: kind for name, kind in asked if kind}
    found = graph.context.each(list(kinds.values()), lambda context: lambda kind: labels(context, kind))
    return dict(zip(kinds, found, strict=True))


def with_any(query: "Query", given: "Mapping[str, str]", graph: "Graph") -> tuple[dict[str, str], int]:
    """The parameters of a query without rows with which it has some, and how many; with none, nothing."""
    from kg.dataset.stored_queries import LITERAL_TYPES

    things = [p["name"] for p in query.parameters if p["type"] not in LITERAL_TYPES]
    free = {**given, **dict.fromkeys(things, "any")}
    rows = _in_time(graph, lambda: list(graph.ask(query.name, free).rows)) if things else []
    return (free, len(rows)) if rows else ({}, 0)


def beside(query: "Query", given: "Mapping[str, str]", graph: "Graph") -> list[str]:
    """That a question has more rows for neighbours of what was asked for, a line each, with the command to copy.

    Nothing where that takes long: the answer is there already.
    """

    def told(near: "NeighbourRows", label: str) -> str:
        values = {**given, near.parameter: compact(near.thing.value)}
        pairs = (f"-p {shell_word(f'{name}={value}')}" for name, value in values.items())
        return clean(f"{label}: {near.rows} more, kg query {shell_word(query.name)} {' '.join(pairs)}")

    found = _in_time(graph, lambda: graph.beside(query.name, given)) if given else []
    labels = graph.context.each([near.thing for near in found], lambda context: context.things.label)
    return list(map(told, found, labels))


def _in_time(graph: "Graph", ask: "Callable[[], list[_T]]") -> "list[_T]":
    """What is said beside an answer; nothing where that takes long, or the engine may not run in a thread."""
    found: list[_T] = []
    if graph.engine_name == "rdflib":
        return found

    def asking() -> None:
        with suppress(KgError):
            found.extend(ask())

    thread = threading.Thread(target=asking, daemon=True)
    thread.start()
    thread.join(_PATIENCE)
    return list(found)


def step(name: str, text: str, color: str) -> str:
    """A step of the tour, of one line or more; `color` as in `kg.terminal.use_color`."""
    bold, plain = ("\x1b[1m", "\x1b[0m") if use_color(sys.stdout, color) else ("", "")
    return f"{bold}{name:<10}{plain}" + f"\n{'':<10}".join(map(clean, text.split("\n"))) + "\n"


def inferred(graph: "Graph") -> str:
    """One inferred relation for each property, a line each, up to a few."""
    from pyoxigraph import NamedNode

    from kg.rdf.namespaces import INFERRED_GRAPH, RDF_TYPE

    rows = graph.store.quads_for_pattern(None, None, None, NamedNode(INFERRED_GRAPH))
    by_property = {q.predicate: q.triple for q in sorted(rows, key=str, reverse=True) if q.predicate.value != RDF_TYPE}
    found = [by_property[p] for p in sorted(by_property, key=lambda p: p.value)[:_EXAMPLES]]
    return "".join(f"{'':<10}{clean(' · '.join(map(graph.things.label, t)))}\n" for t in found)


def difference(path: str, before: str, after: str) -> str:
    """A unified diff between a file and its house style."""
    import difflib
    import io

    old, new = ([*io.StringIO(text, newline="\n")] for text in (before, after))
    found = difflib.unified_diff(old, new, fromfile=path, tofile=f"{path} (house style)")
    return "".join(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in found)
