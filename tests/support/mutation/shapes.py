"""Mutants of the shapes: constraints dropped, loosened or mistargeted, a triple of the shapes graph at a time."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from kg.rdf.namespaces import ENT, RDF, RDF_TYPE, RDFS, SH, compact, local_name
from kg.rdf.positions import positions
from kg.rdf.terms import Term
from kg.rdf.tokens import line_column
from kg.source.documents import Document
from kg.validation.shacl import SHAPES, shape_iri
from kg.validation.shapes_graph import CONSTRAINTS, TARGETS, ShapesGraph

from .mutants import Mutant

_SEVERITY, _PATH, _TYPE = (NamedNode(iri) for iri in (SH + "severity", SH + "path", RDF_TYPE))
_FIRST, _REST, _ALTERNATIVES = (NamedNode(iri) for iri in (RDF + "first", RDF + "rest", SH + "alternativePath"))
_WARNING = NamedNode(SH + "Warning")
_ALIENS = (NamedNode(ENT + "held"), NamedNode(ENT + "quoted"))  # of two lists, so one of them is not in a third
_INFO = NamedNode(SH + "Info")
_OTHER = {SH + "Violation": _WARNING, _WARNING.value: _INFO, _INFO.value: _WARNING}
# A pattern is loosened where it is anchored, where it counts, and where it names its characters.
_LOOSER = (
    (r"^\^", ""),
    (r"\$$", ""),
    (r"\{(\d),?\d*\}", r"{\1,}"),
    (r"\[[^]]+\]", "."),
    (r"\\(\.)", r"\1"),
    (r"\+", "*"),
)


@dataclass(frozen=True)
class ShapeMutant(Mutant):
    """A triple of the shapes that other triples take the place of; `shape` is the named shape in which it stands."""

    shape: str
    lost: Triple
    gained: tuple[Triple, ...] = ()

    def apply(self, triples: Iterable[Triple]) -> list[Triple]:
        """These triples of the shapes, spoilt; a nameless shape that has lost all it said still is a shape."""
        kept = [*(t for t in triples if t != self.lost), *self.gained]
        node = self.lost.subject
        if isinstance(node, BlankNode) and self.lost.predicate.value.startswith(SH):
            kept.append(
                Triple(node, _TYPE, NamedNode(SH + ("PropertyShape" if _has_path(node, kept) else "NodeShape")))
            )
        return kept


def _has_path(node: Term, triples: Iterable[Triple]) -> bool:
    return any(t.subject == node and t.predicate == _PATH for t in triples)


def mutants(shapes: list[Document], ontology: list[Triple]) -> list[ShapeMutant]:
    """All mutants of these shapes, in the order of the files."""
    maker = _Maker(shapes, ontology)
    found = dict.fromkeys(mutant for _, t in maker.graph.statements for mutant in maker.of(t))
    order = {document.path: number for number, document in enumerate(shapes)}
    return sorted(found, key=lambda m: (order[m.file], m.line))


Change = tuple[str, str, Triple, tuple[Triple, ...]]  # kind, what it is, the triple lost, the triples gained


class _Maker:
    def __init__(self, shapes: list[Document], ontology: list[Triple]) -> None:
        self.graph = ShapesGraph(shapes)
        self._ontology = ontology
        self._shapes = shapes

    def of(self, t: Triple) -> Iterator[ShapeMutant]:
        """The mutants of one triple."""
        file, line = self._places[t]
        shape = shape_iri(t.subject, self.graph.parents)
        for kind, what, lost, gained in self._changes(t):
            yield ShapeMutant(kind, file, line, what, shape, lost, gained)

    def _changes(self, t: Triple) -> Iterator[Change]:
        name = t.predicate.value.removeprefix(SH)
        text = f"sh:{name} {_shown(t.object)}"
        by_name = isinstance(t.object, NamedNode) and name in ("property", "node")
        if t.predicate.value in CONSTRAINTS or by_name:
            yield "constraint dropped", f"{text} dropped", t, ()
            yield from self._graver_or_lighter(t)
        if t.predicate.value in TARGETS:
            yield "target dropped", f"{text} dropped", t, ()
        kind, others = self._others(t, name)
        for other in others:
            verb = "" if other.predicate == t.predicate else f"{compact(other.predicate.value)} "
            yield kind, f"{text} → {verb}{_shown(other.object)}", t, (other,)
        if name in ("in", "or", "languageIn"):
            yield from self._lists(t, name)
        if name == "path":
            yield from self._paths(t)

    def _others(self, t: Triple, name: str) -> tuple[str, list[Triple]]:
        """What may stand in the place of a triple, with the kind of change that it is."""
        s, p, o = t.subject, t.predicate, t.object
        if name in ("minCount", "maxCount") and isinstance(o, Literal):
            number = int(o.value) + (1 if name == "maxCount" else -1)
            looser = [Literal(str(number), datatype=o.datatype)] if number else []  # at least none is no constraint
            return "constraint loosened", [Triple(s, p, n) for n in looser]
        if name == "pattern" and isinstance(o, Literal):
            return "constraint loosened", [Triple(s, p, Literal(other)) for other in _looser(o.value)]
        if name == "class":
            wider = self._below if self._negated(t) else self._above
            return "constraint loosened", [Triple(s, p, c) for c in wider.get(o, [])]
        if name == "nodeKind":
            return "constraint loosened", [Triple(s, p, NamedNode(SH + k)) for k in ("BlankNodeOrIRI", "IRIOrLiteral")]
        if name == "lessThanOrEquals":
            return "constraint tightened", [Triple(s, NamedNode(SH + "lessThan"), o)]
        if name == "targetClass":
            near = [*self._above.get(o, []), *self._below.get(o, [])[:1]]
            return "target moved", [Triple(s, p, c) for c in near]
        if name in ("targetSubjectsOf", "targetObjectsOf"):
            ends = {"targetSubjectsOf": "targetObjectsOf", "targetObjectsOf": "targetSubjectsOf"}
            return "target moved", [Triple(s, NamedNode(SH + ends[name]), o)]
        if name == "severity" and isinstance(o, NamedNode):
            return "severity changed", [Triple(s, p, _OTHER[o.value]), Triple(s, p, NamedNode(SH + "Violation"))]
        if name == "path" and isinstance(o, NamedNode):
            return "path moved", [Triple(s, p, self._other_path(t))]
        return "", []

    def _graver_or_lighter(self, t: Triple) -> Iterator[Change]:
        """A shape that reports violations, at its first constraint: a mere warning."""
        values = self.graph.values[t.subject]
        first = next((name for name in values if name in CONSTRAINTS or name == SH + "node"), None)
        reports = t.subject in self.graph.targeted or self.graph.leads_to[t.subject].predicate.value == SH + "property"
        if reports and SH + "severity" not in values and t.predicate.value == first:
            yield "severity changed", "sh:Violation → sh:Warning", t, (t, Triple(t.subject, _SEVERITY, _WARNING))

    def _lists(self, t: Triple, name: str) -> Iterator[Change]:
        """A list with one member less, or with one more that does not belong to it."""
        for link, member, rest in self._members(t):
            less = Triple(link.subject, link.predicate, rest)
            yield "list narrowed", f"sh:{name} without {_shown(member)}", link, (less,)
        members = list(self.graph.items(t.object))
        more = None if self._negated(t) or name == "or" else self._alien(members) if name == "in" else Literal("tr")
        if more:
            node = BlankNode()
            longer = (Triple(t.subject, t.predicate, node), Triple(node, _FIRST, more), Triple(node, _REST, t.object))
            yield "constraint loosened", f"sh:{name} with {_shown(more)}", t, longer

    def _negated(self, t: Triple) -> bool:
        """Whether a triple stands in a sh:not, so that what is wider forbids more."""
        return t.subject in self.graph.leads_to and self.graph.leads_to[t.subject].predicate.value == SH + "not"

    def _members(self, t: Triple) -> Iterator[tuple[Triple, Term, Term]]:
        """Each member of a list, with the triple that leads to its node and the node after it."""
        while RDF + "first" in self.graph.values.get(t.object, {}):
            values = self.graph.values[t.object]
            rest = values[RDF + "rest"][0]
            yield t, values[RDF + "first"][0], rest
            t = Triple(t.object, _REST, rest)  # type: ignore[arg-type]

    def _alien(self, members: list[Term]) -> Term:
        """A value of the ontology that is not in a list: of the kind of its members if there is one."""
        kinds = {t.object for t in self._ontology if t.subject in members and t.predicate == _TYPE}
        declared = [t for t in self._ontology if t.predicate == _TYPE and t.subject not in members]
        same = [t.subject for t in declared if t.object in kinds]
        return next(iter(same), _ALIENS[_ALIENS[0] in members])

    def _paths(self, t: Triple) -> Iterator[Change]:
        """A path of several, without one of its alternatives."""
        for head in self.graph.values.get(t.object, {}).get(_ALTERNATIVES.value, []):
            members = list(self.graph.items(head))
            for link, member, rest in self._members(Triple(t.object, _ALTERNATIVES, head)):  # type: ignore[arg-type]
                what = f"path without {_shown(member)}"
                if len(members) > 2:
                    yield "path narrowed", what, link, (Triple(link.subject, link.predicate, rest),)
                else:  # of two alternatives, the other one is the path
                    other = next(m for m in members if m != member)
                    yield "path narrowed", what, t, (Triple(t.subject, t.predicate, other),)

    def _other_path(self, t: Triple) -> NamedNode:
        """The path of the next property in the same shape, else one that nothing has."""
        shape = shape_iri(t.subject, self.graph.parents)
        paths = [
            o for o in self._simple_paths if shape_iri(o.subject, self.graph.parents) == shape and o.object != t.object
        ]
        later = [o for o in paths if self._places[o][1] > self._places[t][1]]
        found = next(iter([*later, *paths]), None)
        return found.object if found else NamedNode(RDFS + "seeAlso")  # type: ignore[return-value]

    @cached_property
    def _simple_paths(self) -> list[Triple]:
        return [t for _, t in self.graph.statements if t.predicate == _PATH and isinstance(t.object, NamedNode)]

    @cached_property
    def _above(self) -> dict[Term, list[Term]]:
        """The classes right above each class."""
        return _pairs((t.subject, t.object) for t in self._ontology if t.predicate.value == RDFS + "subClassOf")

    @cached_property
    def _below(self) -> dict[Term, list[Term]]:
        return _pairs((t.object, t.subject) for t in self._ontology if t.predicate.value == RDFS + "subClassOf")

    @cached_property
    def _places(self) -> dict[Triple, tuple[str, int]]:
        """File and line of each triple: of several that look alike, parser and walk give the n-th in the same order."""
        found: dict[Triple, tuple[str, int]] = {}
        for document in self._shapes:
            lines: dict[tuple[str, str], list[int]] = {}
            for place in positions(document.text):
                line, _ = line_column(document.text, place.object_at)
                lines.setdefault(_look(place.triple), []).append(line)
            for t in document.triples:
                found[t] = (document.path, lines[_look(t)].pop(0))
        return found


def _look(t: Triple) -> tuple[str, str]:
    return t.predicate.value, "" if isinstance(t.object, BlankNode) else str(t.object)


def _pairs(pairs: Iterable[tuple[Term, Term]]) -> dict[Term, list[Term]]:
    found: dict[Term, list[Term]] = {}
    for key, value in sorted(pairs, key=str):
        if isinstance(value, NamedNode):
            found.setdefault(key, []).append(value)
    return found


def _looser(pattern: str) -> Iterator[str]:
    for part, other in _LOOSER:
        for match in re.finditer(part, pattern):
            yield pattern[: match.start()] + match.expand(other) + pattern[match.end() :]


def _shown(term: Term) -> str:
    if isinstance(term, BlankNode):
        return "[ … ]"
    if isinstance(term, NamedNode):
        return local_name(term.value) if term.value.startswith(SHAPES) else compact(term.value)
    return f'"{getattr(term, "value", term)}"'
