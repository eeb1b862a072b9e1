"""The OWL 2 RL closure of facts under an ontology, and the contradictions in it.

owlrl computes the closure (W3C OWL 2 Profiles §4.3). What is kept of it is what a user asked for: types and declared
properties of things that have an IRI. owlrl never raises on a contradiction, so contradictions are looked for here.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from kg.vocabulary import DCTERMS, OWL, RDF, RDF_TYPE, RDFS, SKOS

Node = NamedNode | BlankNode
Term = Node | Literal | Triple

_TYPE = NamedNode(RDF_TYPE)
_DECLARES_CLASS = {OWL + "Class"}
_DECLARES_PROPERTY = {OWL + "ObjectProperty", OWL + "DatatypeProperty"}
# Text for people: no rule of OWL 2 RL reads it, and owlrl pays two milliseconds for each triple.
_ANNOTATIONS = (RDFS + "label", RDFS + "comment", SKOS, DCTERMS, OWL + "versionInfo")


@dataclass(frozen=True)
class Contradiction:
    """A clash in the closure: the rule of OWL 2 RL by its name, in words, and the triples at fault."""

    rule: str
    message: str
    triples: tuple[Triple, ...]


@dataclass(frozen=True)
class Closure:
    """What follows from facts: the kept triples that were not given, and the contradictions."""

    inferred: frozenset[Triple]
    contradictions: tuple[Contradiction, ...]


def close(facts: Iterable[Triple], ontology: Iterable[Triple]) -> Closure:
    """The OWL 2 RL closure of `facts` under `ontology`, cut down to what is worth keeping (model, rule 28)."""
    given, words = set(facts), set(ontology)
    closed = _expand(t for t in given | words if not t.predicate.value.startswith(_ANNOTATIONS))
    kept = keep(closed, words)
    return Closure(frozenset(kept - given - words), tuple(contradictions(closed | given, words)))


def keep(closed: Iterable[Triple], ontology: Iterable[Triple]) -> set[Triple]:
    """The instance triples of a closure: an IRI as subject, a declared property or class, no T-box, no noise."""
    classes, properties = declared(ontology, _DECLARES_CLASS), declared(ontology, _DECLARES_PROPERTY)
    terms = classes | properties

    def worth(t: Triple) -> bool:
        if not isinstance(t.subject, NamedNode) or t.subject.value in terms or isinstance(t.object, BlankNode):
            return False
        if t.predicate == _TYPE:
            return isinstance(t.object, NamedNode) and t.object.value in classes
        return t.predicate.value in properties

    return {t for t in closed if worth(t)}


def declared(ontology: Iterable[Triple], kinds: set[str]) -> set[str]:
    """The IRIs that an ontology declares as one of these kinds of term."""
    return {
        t.subject.value
        for t in ontology
        if t.predicate == _TYPE
        and isinstance(t.object, NamedNode)
        and t.object.value in kinds
        and isinstance(t.subject, NamedNode)
    }


def _expand(triples: Iterable[Triple]) -> set[Triple]:
    """The whole closure by owlrl, without the triples that no RDF parser would take."""
    import owlrl
    import rdflib

    from kg.terms import from_rdflib, to_rdflib

    graph = rdflib.Graph()
    for triple in triples:
        graph.add((to_rdflib(triple.subject), to_rdflib(triple.predicate), to_rdflib(triple.object)))
    owlrl.DeductiveClosure(owlrl.OWLRL_Semantics).expand(graph)
    found = (from_rdflib(s, p, o) for s, p, o in graph)
    return {triple for triple in found if triple is not None}


class _Facts:
    """A closed graph, indexed as the clash rules ask it."""

    def __init__(self, closed: Iterable[Triple]) -> None:
        self.by_predicate: dict[str, list[Triple]] = {}
        self.types: dict[str, dict[Term, None]] = {}
        self.triples = set(closed)
        for t in sorted(self.triples, key=str):
            self.by_predicate.setdefault(t.predicate.value, []).append(t)
            if t.predicate == _TYPE and isinstance(t.object, NamedNode):
                self.types.setdefault(t.object.value, {})[t.subject] = None

    def of(self, iri: str) -> list[Triple]:
        return self.by_predicate.get(iri, [])

    def list_members(self, head: Term) -> list[Term]:
        first = {t.subject: t.object for t in self.of(RDF + "first")}
        rest = {t.subject: t.object for t in self.of(RDF + "rest")}
        members: list[Term] = []
        while isinstance(head, Node) and head in first and len(members) < 10_000:
            members.append(first[head])
            head = rest.get(head, head) if rest.get(head, head) != head else Literal("")
        return members


def contradictions(closed: Iterable[Triple], ontology: Iterable[Triple]) -> Iterator[Contradiction]:
    """The clashes of a closed graph, by the rules of OWL 2 RL whose conclusion is *false* (tables 4 to 7)."""
    facts = _Facts(set(closed) | set(ontology))
    seen: set[tuple[Triple, ...]] = set()
    for rule, words, check in _CLASHES:
        for triples in check(facts):
            key = tuple(sorted(triples, key=str))
            if key not in seen:
                seen.add(key)
                yield Contradiction(rule, words, triples)


Clash = Iterator[tuple[Triple, ...]]


def _disjoint_pairs(facts: _Facts) -> Iterator[tuple[Term, Term]]:
    for t in facts.of(OWL + "disjointWith"):
        yield t.subject, t.object
    for node in facts.types.get(OWL + "AllDisjointClasses", {}):
        for t in facts.of(OWL + "members"):
            if t.subject == node:
                members = facts.list_members(t.object)
                yield from ((a, b) for i, a in enumerate(members) for b in members[i + 1 :])


def _disjoint_classes(facts: _Facts) -> Clash:
    for a, b in _disjoint_pairs(facts):
        if isinstance(a, NamedNode) and isinstance(b, NamedNode):
            others = facts.types.get(b.value, {})
            for thing in facts.types.get(a.value, {}):
                if thing in others and isinstance(thing, NamedNode):
                    yield Triple(thing, _TYPE, a), Triple(thing, _TYPE, b)


def _asymmetric(facts: _Facts) -> Clash:
    for prop in facts.types.get(OWL + "AsymmetricProperty", {}):
        for t in facts.of(getattr(prop, "value", "")):
            if not isinstance(t.object, Literal | Triple):
                back = Triple(t.object, t.predicate, t.subject)
                if back in facts.triples:
                    yield t, back


def _irreflexive(facts: _Facts) -> Clash:
    for prop in facts.types.get(OWL + "IrreflexiveProperty", {}):
        yield from ((t,) for t in facts.of(getattr(prop, "value", "")) if t.subject == t.object)


def _disjoint_properties(facts: _Facts) -> Clash:
    for pair in facts.of(OWL + "propertyDisjointWith"):
        if isinstance(pair.object, NamedNode):
            for t in facts.of(pair.subject.value if isinstance(pair.subject, NamedNode) else ""):
                other = Triple(t.subject, pair.object, t.object)
                if other in facts.triples:
                    yield t, other


def _same_and_different(facts: _Facts) -> Clash:
    for t in facts.of(OWL + "differentFrom"):
        same = Triple(t.subject, NamedNode(OWL + "sameAs"), t.object)
        if same in facts.triples:
            yield t, same


def _nothing(facts: _Facts) -> Clash:
    nothing = NamedNode(OWL + "Nothing")
    yield from (
        (Triple(thing, _TYPE, nothing),)
        for thing in facts.types.get(nothing.value, {})
        if isinstance(thing, NamedNode) and thing != nothing
    )


_CLASHES: tuple[tuple[str, str, Callable[[_Facts], Clash]], ...] = (
    ("cax-dw", "nothing can be both", _disjoint_classes),
    ("prp-asyp", "this holds in one direction only", _asymmetric),
    ("prp-irp", "nothing stands in this relation to itself", _irreflexive),
    ("prp-pdw", "these two relations exclude each other", _disjoint_properties),
    ("eq-diff1", "two things are said to be different and the same", _same_and_different),
    ("cls-nothing2", "this class can have no members", _nothing),
)
