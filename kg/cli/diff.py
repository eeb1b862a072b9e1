"""`kg diff`: what differs between two states of a graph, from facts to the answers of the stored queries."""

import os
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from typing import TypeVar

from pyoxigraph import NamedNode, Quad, Triple

from kg.dataset.labels import Labels
from kg.errors import clean, markdown, to_json
from kg.graph import Graph
from kg.rdf.namespaces import compact, local_name
from kg.rdf.terms import Term, canonical, numbering, with_hashed_blank_nodes
from kg.source import documents, git
from kg.source.layout import GraphFolder

_MARKS = {"added": "+", "removed": "-", "moved": "~", "changed": "~"}

Groups = dict[str, list[str]]  # “added”, “removed” and so on → lines of text, sorted
Key = TypeVar("Key")


@dataclass
class State:
    """One state of a graph, or the quads of an RDF file, as far as a comparison needs it."""

    labels: Labels | None = None
    facts: dict[Triple, str] = field(default_factory=dict)  # → the passages that state it
    claims: dict[tuple[Triple, str], str] = field(default_factory=dict)  # triple and speaker → nothing
    inferred: dict[Triple, str] = field(default_factory=dict)  # → nothing
    quotes: dict[str, str] = field(default_factory=dict)  # IRI of a passage → its quote
    answers: dict[str, list[str]] = field(default_factory=dict)  # stored query → a line for each row
    quads: Counter[Quad] = field(default_factory=Counter)  # what the passages, or the file, state
    file: list[Quad] = field(default_factory=list)  # the same of a file, with its own labels of blank nodes


@dataclass
class Difference:
    """What is added, removed or changed from one state to the other; `patch` has the lines of an RDF Patch."""

    facts: Groups = field(default_factory=dict)
    claims: Groups = field(default_factory=dict)
    inferred: Groups = field(default_factory=dict)
    quotes: Groups = field(default_factory=dict)
    answers: dict[str, Groups] = field(default_factory=dict)
    patch: list[str] = field(default_factory=list)

    def __bool__(self) -> bool:
        return any(vars(self).values())


def compare(a: str, b: str, graph_folder: GraphFolder) -> Difference:
    """Compare two folders, two files or two git revisions. Raises UsageError, InputError for what cannot be read.

    There is no difference exactly where two files are isomorphic. Raises LimitError where that cannot be decided.
    """
    before, after = _state(a, graph_folder), _state(b, graph_folder)
    known = [state.labels for state in (after, before) if state.labels]

    def line(t: Triple, *speakers: str) -> str:
        knowing = [labels for labels in known if isinstance(t.subject, NamedNode) and labels.known(t.subject)]
        return knowing[0].sentences.said_by(speakers).fact(t) if knowing else " ".join(map(str, t))

    if before.quads == after.quads and _numbered(before.file) != _numbered(after.file):
        # What is stated of each blank node is the same; whether they hang together in the same way has to be searched.
        before.quads, after.quads = Counter(canonical(before.file)), Counter(canonical(after.file))
    gone, new = before.quads - after.quads, after.quads - before.quads
    return Difference(
        facts=_groups(before.facts, after.facts, lambda t, passages: f"{line(t)}  [{passages}]", "moved"),
        claims=_groups(before.claims, after.claims, lambda c, _: f"{local_name(c[1])}: {line(*c)}"),
        inferred=_groups(before.inferred, after.inferred, lambda t, _: line(t)),
        quotes=_groups(before.quotes, after.quotes, lambda passage, quote: f"{compact(passage)}: {quote}"),
        answers=_answers(before.answers, after.answers),
        patch=sorted(f"D {q} ." for q in gone.elements()) + sorted(f"A {q} ." for q in new.elements()),
    )


def _numbered(quads: list[Quad]) -> list[list[Term]]:
    """The quads with blank nodes numbered by first use: equal where two files state the same in the same order."""
    numbered = numbering("b")
    return [[numbered(term) for term in quad] for quad in quads]


def _state(name: str, graph_folder: GraphFolder) -> State:
    """The state that a name means: a file, a graph folder or a git revision."""
    if git.is_path(name, graph_folder) and not os.path.isdir(name):
        quads = list(dict.fromkeys(documents.parse_file(name)))
        return State(quads=Counter(with_hashed_blank_nodes(quads)), file=quads)
    with git.repository(name, graph_folder) as folder:
        return _compiled(Graph(folder))


def _compiled(graph: Graph) -> State:
    state = State(graph.things, inferred=dict.fromkeys(graph.build.inferred, ""))
    stated: dict[Triple, set[str]] = {}
    for passage in (p for evidence in graph.build.evidence for p in evidence.passages):
        state.quotes[passage.iri] = f"“{passage.quote}”"
        if passage.reported:
            state.claims |= {(t, speaker): "" for t in passage.triples for speaker in passage.speakers}
            continue
        for t in passage.triples:
            stated.setdefault(t, set()).add(passage.iri)
    state.facts = {t: ", ".join(sorted(f"p:{local_name(iri)}" for iri in iris)) for t, iris in stated.items()}
    state.quads = Counter(
        Quad(t.subject, t.predicate, t.object, NamedNode(iri)) for t, iris in stated.items() for iri in iris
    )
    for name in graph.queries:
        state.answers[name] = [" · ".join(cell or "–" for cell in row) for row in graph.query(name).text()]
    return state


def _groups(
    before: Mapping[Key, str], after: Mapping[Key, str], line: Callable[[Key, str], str], changed: str = "changed"
) -> Groups:
    both = before.keys() & after.keys()
    return _sorted(
        added=[line(key, after[key]) for key in after.keys() - before.keys()],
        removed=[line(key, before[key]) for key in before.keys() - after.keys()],
        **{changed: [line(key, f"{before[key]} → {after[key]}") for key in both if before[key] != after[key]]},
    )


def _answers(before: dict[str, list[str]], after: dict[str, list[str]]) -> dict[str, Groups]:
    found: dict[str, Groups] = {}
    for name in sorted(before.keys() | after.keys()):
        if name not in before or name not in after:
            found[name] = {"added" if name in after else "removed": ["the stored query itself"]}
            continue
        old, new = Counter(before[name]), Counter(after[name])
        if rows := _sorted(added=list((new - old).elements()), removed=list((old - new).elements())):
            found[name] = rows
    return found


def _sorted(**groups: list[str]) -> Groups:
    return {name: sorted(lines) for name, lines in groups.items() if lines}


def write(found: Difference, form: str) -> str:
    """A difference as text, Markdown, JSON or RDF Patch."""
    if form == "json":
        return to_json(asdict(found))
    if form == "patch":
        return "".join(f"{line}\n" for line in ["TX .", *found.patch, "TC ."]) if found.patch else ""
    sections = {"facts": found.facts, "claims": found.claims, "inferred": found.inferred, "quotes": found.quotes}
    sections |= {f"answers of {name}": rows for name, rows in found.answers.items()}
    if not any(sections.values()):  # of two files
        added, removed = ([line[2:] for line in found.patch if line[0] == mark] for mark in "AD")
        sections = {"statements": _sorted(added=added, removed=removed)}
    lines: list[str] = []
    for title, groups in sections.items():
        if groups:
            head = f"{title}: " + ", ".join(f"{len(rows)} {kind}" for kind, rows in groups.items())
            rows = [f"{_MARKS[kind]} {row}" for kind, rows in groups.items() for row in rows]
            section = [f"### {markdown(head)}", "", "```diff", *rows, "```", ""]
            lines += section if form == "md" else [head, *(f"  {row}" for row in rows)]
    return "".join(f"{clean(line)}\n" for line in lines)
