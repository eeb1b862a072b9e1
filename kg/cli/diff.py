"""What a change does: to facts, to what follows from them, to quotes, and to the answers of the stored queries."""

import os
from collections import Counter
from dataclasses import asdict, dataclass, field
from typing import Any

from pyoxigraph import NamedNode, Quad, Triple

from kg.dataset.labels import Labels
from kg.graph import Graph
from kg.rdf.namespaces import compact, local_name
from kg.rdf.terms import with_hashed_blank_nodes
from kg.source import documents, git
from kg.source.layout import GraphFolder
from kg.terminal import clean

FORMATS = ("text", "md", "json", "patch")


@dataclass
class Side:
    """One state of a graph, as far as a comparison needs it."""

    things: Labels | None = None
    facts: dict[Triple, frozenset[str]] = field(default_factory=dict)  # with the passages that state each
    claims: dict[tuple[Triple, str], frozenset[str]] = field(default_factory=dict)  # with speakers
    inferred: frozenset[Triple] = frozenset()
    quotes: dict[str, str] = field(default_factory=dict)
    answers: dict[str, list[str]] = field(default_factory=dict)
    plain: Counter[Quad] = field(default_factory=Counter)  # the quads of a file


@dataclass
class Difference:
    """What `b` has and `a` has not, and the other way round; each a line of text, sorted."""

    facts: dict[str, list[str]] = field(default_factory=dict)
    claims: dict[str, list[str]] = field(default_factory=dict)
    inferred: dict[str, list[str]] = field(default_factory=dict)
    quotes: dict[str, list[str]] = field(default_factory=dict)
    answers: dict[str, dict[str, list[str]]] = field(default_factory=dict)
    patch: list[str] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.facts or self.claims or self.inferred or self.quotes or self.answers or self.patch)


def compare(a: str, b: str, graph_folder: GraphFolder) -> Difference:
    """Compare two folders, two files or two git revisions. Raises UsageError, InputError for what cannot be read."""
    one, other = side(a, graph_folder), side(b, graph_folder)
    labels = _Labels([s.things for s in (other, one) if s.things])
    return Difference(
        facts=_facts(one.facts, other.facts, labels),
        claims=_claims(one.claims, other.claims, labels),
        inferred=_sets(one.inferred, other.inferred, labels),
        quotes=_quotes(one.quotes, other.quotes),
        answers=_answers(one.answers, other.answers),
        patch=_patch(_quads(one), _quads(other)),
    )


def side(name: str, graph_folder: GraphFolder) -> Side:
    """The state of a graph that a name means."""
    if os.path.isfile(name):
        return Side(plain=Counter(with_hashed_blank_nodes(documents.parse_file(name))))
    with git.repository(name, graph_folder) as place:
        return _compiled(Graph(place))


def _compiled(graph: Graph) -> Side:
    made = graph.build
    facts: dict[Triple, set[str]] = {}
    claims: dict[tuple[Triple, str], set[str]] = {}
    quotes = {}
    for passage in (p for e in made.evidence for p in e.passages):
        quotes[passage.iri] = passage.quote
        for t in passage.triples:
            if passage.reported:
                claims.setdefault((t, passage.speaker), set()).add(passage.iri)
            else:
                facts.setdefault(t, set()).add(passage.iri)
    return Side(
        things=graph.things,
        facts={t: frozenset(p) for t, p in facts.items()},
        claims={c: frozenset(p) for c, p in claims.items()},
        inferred=frozenset(made.inferred),
        quotes=quotes,
        answers={name: _rows(graph, name) for name in graph.queries},
    )


def _rows(graph: Graph, name: str) -> list[str]:
    """The answer of a stored query, a line of labels for each row."""
    return [" · ".join(cell or "–" for cell in row) for row in graph.query(name).text()]


class _Labels:
    """Triples in words, by the names of whichever side knows them."""

    def __init__(self, sides: list[Labels]) -> None:
        self._sides = sides

    def told(self, t: Triple) -> str:
        return f"{self._label(t.subject)} · {self._label(t.predicate)} · {self._label(t.object)}"

    def _label(self, term: Any) -> str:
        known = (s for s in self._sides if isinstance(term, NamedNode) and s.known(term))
        return next((s.label(term) for s in known), compact(getattr(term, "value", str(term))))


Facts = dict[Triple, frozenset[str]]


def _facts(one: Facts, other: Facts, labels: _Labels) -> dict[str, list[str]]:
    moved = [t for t in one.keys() & other.keys() if one[t] != other[t]]
    return _filled(
        added=[f"{labels.told(t)}  [{_passages(other[t])}]" for t in other.keys() - one.keys()],
        removed=[f"{labels.told(t)}  [{_passages(one[t])}]" for t in one.keys() - other.keys()],
        moved=[f"{labels.told(t)}  [{_passages(one[t])} → {_passages(other[t])}]" for t in moved],
    )


def _claims(
    one: dict[tuple[Triple, str], frozenset[str]], other: dict[tuple[Triple, str], frozenset[str]], labels: _Labels
) -> dict[str, list[str]]:
    def told(claim: tuple[Triple, str]) -> str:
        return f"{local_name(claim[1])}: {labels.told(claim[0])}"

    return _filled(
        added=[told(c) for c in other.keys() - one.keys()], removed=[told(c) for c in one.keys() - other.keys()]
    )


def _sets(one: frozenset[Triple], other: frozenset[Triple], labels: _Labels) -> dict[str, list[str]]:
    return _filled(added=[labels.told(t) for t in other - one], removed=[labels.told(t) for t in one - other])


def _quotes(one: dict[str, str], other: dict[str, str]) -> dict[str, list[str]]:
    changed = [p for p in one.keys() & other.keys() if one[p] != other[p]]
    return _filled(
        added=[f"{compact(p)}: “{other[p]}”" for p in other.keys() - one.keys()],
        removed=[f"{compact(p)}: “{one[p]}”" for p in one.keys() - other.keys()],
        changed=[f"{compact(p)}: “{one[p]}” → “{other[p]}”" for p in changed],
    )


def _answers(one: dict[str, list[str]], other: dict[str, list[str]]) -> dict[str, dict[str, list[str]]]:
    found = {}
    for name in sorted(one.keys() | other.keys()):
        if name not in one or name not in other:
            rows = {"added" if name in other else "removed": ["the question itself"]}
        else:
            before, after = Counter(one[name]), Counter(other[name])
            rows = _filled(added=list((after - before).elements()), removed=list((before - after).elements()))
        if rows:
            found[name] = rows
    return found


def _filled(**groups: list[str]) -> dict[str, list[str]]:
    return {name: sorted(lines) for name, lines in groups.items() if lines}


def _quads(one: Side) -> Counter[Quad]:
    stated = (Quad(t.subject, t.predicate, t.object, NamedNode(p)) for t, where in one.facts.items() for p in where)
    return one.plain + Counter(stated)


def _patch(one: Counter[Quad], other: Counter[Quad]) -> list[str]:
    """The change of the stated quads as RDF Patch: `D` for what goes, `A` for what comes."""
    gone = sorted(f"D {q} ." for q in (one - other).elements())
    return gone + sorted(f"A {q} ." for q in (other - one).elements())


def _passages(iris: frozenset[str]) -> str:
    return ", ".join(sorted(f"p:{local_name(iri)}" for iri in iris))


def write(found: Difference, form: str) -> str:
    """A difference as text, Markdown, JSON or RDF Patch."""
    if form == "json":
        import json

        return json.dumps(asdict(found), ensure_ascii=False, indent=2) + "\n"
    if form == "patch":
        return "".join(f"{line}\n" for line in ["TX .", *found.patch, "TC ."]) if found.patch else ""
    sections = [
        ("facts", found.facts),
        ("claims", found.claims),
        ("inferred", found.inferred),
        ("quotes", found.quotes),
    ]
    sections += [(f"answers of {name}", rows) for name, rows in found.answers.items()]
    if not any(rows for _, rows in sections):
        sections = [("statements", _plain(found.patch))]
    told = [(f"{title}: {_counted(groups)}", groups) for title, groups in sections if groups]
    lines = (_markdown if form == "md" else _text)(told)
    return "".join(f"{clean(line)}\n" for line in lines)


def _counted(groups: dict[str, list[str]]) -> str:
    return ", ".join(f"{len(rows)} {kind}" for kind, rows in groups.items())


_MARKS = {"added": "+", "removed": "-", "moved": "~", "changed": "~"}


def _plain(patch: list[str]) -> dict[str, list[str]]:
    return _filled(added=[x[2:] for x in patch if x[0] == "A"], removed=[x[2:] for x in patch if x[0] == "D"])


def _text(sections: list[tuple[str, dict[str, list[str]]]]) -> list[str]:
    lines: list[str] = []
    for title, groups in sections:
        lines += [title, *(f"  {_MARKS[kind]} {row}" for kind, rows in groups.items() for row in rows)]
    return lines


def _markdown(sections: list[tuple[str, dict[str, list[str]]]]) -> list[str]:
    lines: list[str] = []
    for title, groups in sections:
        rows = [f"{_MARKS[kind]} {row}" for kind, found in groups.items() for row in found]
        lines += [f"### {title}", "", "```diff", *rows, "```", ""]
    return lines
