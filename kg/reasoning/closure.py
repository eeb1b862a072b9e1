"""The OWL 2 RL closure of a graph, and the inconsistencies in it.

`close` takes any graph. The closure is that of `kg.reasoning.forward`; with `reasoner="owlrl"` its triples come from
owlrl, another implementation in Python, which is slower and reports no inconsistencies: these always come from here.
"""

import itertools
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from pyoxigraph import NamedNode, Quad, Triple

from kg.errors import InputError, UsageError
from kg.rdf import values
from kg.rdf.namespaces import DCTERMS, OWL, RDF_TYPE, SKOS
from kg.rdf.terms import Term, from_rdflib, to_rdflib
from kg.reasoning import profile
from kg.reasoning.derivations import Derivation, Derivations, Filter
from kg.reasoning.forward import ForwardChainer, bodies
from kg.reasoning.grounding import DIFFERENT, SAME, GroundRule
from kg.reasoning.index import MASK, NUMBER, SHIFT, Relation, Statement, TripleIndex

if TYPE_CHECKING:
    import rdflib

# Annotations, which no rule reads: left out where each triple costs time.
_ANNOTATIONS = (*profile.ANNOTATIONS, SKOS, DCTERMS)
# What each rule whose head is false means.
_MEANINGS = {
    "cax-adc cax-dw": "nothing can be both",
    "cls-com": "one class is the complement of the other",
    "cls-maxc1 cls-maxqc1 cls-maxqc2": "this class has no such value",
    "cls-nothing2": "this class can have no members",
    "dt-diff": "there can be one value only, and these are two",
    "dt-not-type": "this is no value of its datatype",
    "eq-diff1 eq-diff2 eq-diff3": "two things are said to be different and the same",
    "prp-adp prp-pdw": "these two relations exclude each other",
    "prp-asyp": "this holds in one direction only",
    "prp-irp": "nothing stands in this relation to itself",
    "prp-npa1 prp-npa2": "a negative assertion says that this does not hold",
}
CONTRADICTIONS = dict(sorted((name, meaning) for names, meaning in _MEANINGS.items() for name in names.split()))


class Contradiction(NamedTuple):
    """An inconsistency: the name of the rule, what it means, the triples that match its body, and its axioms."""

    rule: str
    message: str
    triples: tuple[Triple, ...]
    axioms: tuple[Triple, ...] = ()


class OutsideProfile(NamedTuple):
    """An axiom, or a part of one, that is outside of OWL 2 RL: what and why, and all triples that it consists of."""

    message: str
    triples: tuple[Triple, ...]

    def __str__(self) -> str:
        return "\n  ".join([self.message, *(f"{triple} ." for triple in self.triples)])


class OutsideProfileError(InputError):
    """A graph has axioms from which the rules cannot infer all that follows; `outside` lists them."""

    def __init__(self, outside: tuple[OutsideProfile, ...]) -> None:
        self.outside = outside
        message = outside[0].message if len(outside) == 1 else f"{len(outside)} axioms are outside OWL 2 RL"
        hint = "\n".join([*map(str, outside), 'outside="ignore" closes the graph as far as the rules go'])
        super().__init__(message, rule="outside-profile", hint=hint)


class Closure:
    """What follows from a graph: the inferred triples, the derivation of each, and the contradictions.

    `outside` has the axioms outside of OWL 2 RL, of which something may follow that is not inferred. Left out are
    reflexive triples such as `x owl:sameAs x`, axiomatic triples of the vocabularies, and what is no RDF: literals as
    subjects, blank nodes as predicates.
    """

    def __init__(
        self,
        derivations: Derivations | None = None,
        contradictions: tuple[Contradiction, ...] = (),
        outside: tuple[OutsideProfile, ...] = (),
    ) -> None:
        self.derivations = derivations
        self.contradictions = contradictions
        self.outside = outside

    @cached_property
    def inferred(self) -> frozenset[Triple]:
        """The triples that follow and are not given."""
        return frozenset() if self.derivations is None else self.derivations.triples()

    def derivation(self, triple: Triple) -> Derivation | None:
        """The last step to an inferred triple; None for one that is given or does not follow."""
        return None if self.derivations is None else self.derivations.get(triple)


def close(
    facts: "Iterable[Triple | Quad] | rdflib.Graph",
    ontology: Iterable[Triple] | None = None,
    *,
    reasoner: str = "rl",
    outside: Literal["error", "ignore"] = "error",
) -> Closure:
    """The OWL 2 RL closure (W3C OWL 2 Profiles §4.3) of a graph: of pyoxigraph's triples or quads, or of rdflib's.

    With an `ontology` apart, only instance triples of its vocabulary are kept, see `instance_filter`. Raises
    OutsideProfileError, which lists all axioms outside of OWL 2 RL. With `outside="ignore"` the closure lists them: the
    rules are applied to them too, by which nothing wrong is inferred, but not all that follows.
    """
    if outside not in ("error", "ignore"):
        raise UsageError(f"outside={outside!r} is neither 'error' nor 'ignore'")
    given, axioms = _triples(facts), None if ontology is None else list(ontology)
    chainer = ForwardChainer(itertools.chain(given, axioms or ()))
    found = tuple(_outside_profile(chainer.facts))
    if found and outside == "error":
        raise OutsideProfileError(found)
    derivations = Derivations(chainer, None if axioms is None else instance_filter(axioms, chainer.facts))
    closure = Closure(derivations, tuple(_contradictions(chainer, derivations)), found)
    if reasoner == "owlrl":
        inferred = _expanded([*given, *(axioms or [])])
        kept = inferred if axioms is None else instance_triples(inferred, axioms)
        closure.inferred = frozenset(kept.difference(given, axioms or []))
    return closure


def relational(axioms: Iterable[Triple]) -> tuple[frozenset[str] | None, int]:
    """The properties (IRIs) whose statements the rules for some axioms read or conclude, and the number of these rules.

    What other properties say of things changes no closure under the same axioms, which has as many rules. None for all
    properties, where terms are equal or datatypes have members: then every statement counts. Classes are not looked at.
    """
    chainer = ForwardChainer(axioms)
    if not chainer.is_maintainable:
        return None, len(chainer.rules)
    atoms = (atom for rule in chainer.rules for atom in (*rule.atoms, rule.head) if atom is not None)
    relations = {atom.relation for atom in atoms if not atom.relation.unary}
    return frozenset(chainer.facts.texts[relation.term].strip("<>") for relation in relations), len(chainer.rules)


class Joins(NamedTuple):
    """Where rules compare facts, so that a graph can be closed in parts, each with all facts about some subjects.

    `objects` are the properties (IRIs) whose facts have to be with those about their object as well; facts of the
    properties and classes `everywhere` have to be in each part.
    """

    objects: frozenset[str]
    everywhere: frozenset[str]


def joins(axioms: Iterable[Triple], objects: Iterable[str] = ()) -> Joins | None:
    """Where the rules for some axioms compare facts; `objects` are properties to be with their object in any case.

    A rule with several atoms applies in the part of a term that most of them have in common; facts for the others are
    everywhere. What a rule with one atom concludes is wherever that one's fact is, and what `is_moved` is sent to where
    it belongs. None for rules that compare values or ask for classes at large: such a graph is closed at once.
    """
    chainer = ForwardChainer(axioms)
    facts = chainer.facts
    if not chainer.is_maintainable or chainer.compares_values or facts.type in facts.properties:
        return None
    if any(is_moved(rule) and _is_unnamed_property(rule, facts) for rule in chainer.rules):
        return None
    at_object, everywhere = {facts.property(facts.id(f"<{iri}>")) for iri in objects}, set[Relation]()
    for rule in chainer.rules:
        if len(rule.atoms) > 1:
            counts = Counter(x for a in rule.atoms for x in {a.subject, a.object} - rule.constants)
            common = max(counts, key=lambda x: (counts[x], -x), default=-1)
            everywhere |= {a.relation for a in rule.atoms if common not in (a.subject, a.object)}
            at_object |= {a.relation for a in rule.atoms if common == a.object != a.subject}
    before = -1
    while before < (before := len(at_object) + len(everywhere)):
        for rule in chainer.rules:
            if len(rule.atoms) == 1 and rule.head is not None:
                (atom,), head = rule.atoms, rule.head
                if head.relation in everywhere:
                    everywhere.add(atom.relation)
                needed = {head.subject, *([head.object] if head.relation in at_object else [])} - rule.constants
                if atom.object in needed and atom.object != atom.subject:
                    at_object.add(atom.relation)
    return Joins(*(frozenset(facts.texts[r.term].strip("<>") for r in found) for found in (at_object, everywhere)))


def is_moved(rule: GroundRule) -> bool:
    """Whether what a rule concludes may belong to another part than the facts of its body do (`joins`)."""
    return rule.head is not None and (
        len(rule.atoms) != 1 or not rule.constants.isdisjoint({rule.head.subject, rule.head.object})
    )


def _is_unnamed_property(rule: GroundRule, facts: TripleIndex) -> bool:
    """Whether a rule concludes facts of a property without a name, which cannot be written as triples."""
    return rule.head is not None and not rule.head.relation.unary and facts.texts[rule.head.relation.term][0] != "<"


def moved(closure: Closure) -> Iterator[Triple]:
    """The inferred triples that may belong to another part than that in which they were inferred, kept or not.

    Raises ValueError for what is no triple, such as a literal as subject.
    """
    assert closure.derivations is not None
    chainer = closure.derivations.chainer
    facts = chainer.facts
    numbers = {number for number, rule in enumerate(chainer.rules) if is_moved(rule)}
    for relation in facts.relations():
        found = (fact for fact, tag in relation.facts.items() if tag and tag & NUMBER in numbers)
        for statement in facts.statements(relation, found):
            if not facts.is_rdf(statement):
                raise ValueError("an inferred statement is no triple")
            yield facts.triple(statement)


def _triples(facts: Any) -> list[Triple]:
    """A graph as triples of pyoxigraph, without generalised RDF."""
    rdf = (t.triple if isinstance(t, Quad) else t if isinstance(t, Triple) else from_rdflib(*t[:3]) for t in facts)
    return [triple for triple in rdf if triple is not None]


class _Statement(NamedTuple):
    subject: Term
    predicate: str
    object: Term


def _outside_profile(facts: TripleIndex) -> Iterator[OutsideProfile]:
    """What lies outside of the profile among the given triples."""
    for outside in profile.outside_profile(_axioms(facts)):
        triples = (Triple(s.subject, NamedNode(s.predicate), s.object) for s in outside.statements)  # type: ignore[arg-type]
        yield OutsideProfile(outside.message, tuple(triples))


def _axioms(facts: TripleIndex) -> Iterator[_Statement]:
    """The given statements that can be, or be a part of, an axiom outside of the profile."""
    texts = facts.texts
    for relation in facts.relations():
        starts = profile.beginnings(texts[relation.term].strip("<>"), is_class=relation.unary)
        if starts and relation is not facts.properties.get(facts.type):
            stated = (fact for fact, tag in relation.facts.items() if not tag)
            for subject, predicate, value in facts.statements(relation, stated):
                if texts[subject].startswith(starts) or texts[value].startswith(starts):
                    yield _Statement(facts.term(subject), texts[predicate].strip("<>"), facts.term(value))


def _expanded(triples: Iterable[Triple]) -> set[Triple]:
    """The closure by owlrl, without generalised RDF."""
    import owlrl
    import rdflib

    graph = rdflib.Graph()
    for t in triples:
        if not t.predicate.value.startswith(_ANNOTATIONS):
            graph.add((to_rdflib(t.subject), to_rdflib(t.predicate), to_rdflib(t.object)))
    owlrl.DeductiveClosure(owlrl.OWLRL_Semantics).expand(graph)
    for message in set(graph.subjects(rdflib.RDF.type, owlrl.Namespaces.ERRNS.ErrorMessage)):
        graph.remove((message, None, None))  # of a contradiction, which is no entailment
    found = (from_rdflib(s, p, o) for s, p, o in graph)
    return {triple for triple in found if triple is not None}


# Which triples of a closure are kept


def classes(ontology: Iterable[Triple]) -> set[str]:
    """The IRIs of the classes that an ontology declares."""
    return _declared(ontology, OWL + "Class")


def properties(ontology: Iterable[Triple]) -> set[str]:
    """The IRIs of the object and datatype properties that an ontology declares."""
    return _declared(ontology, OWL + "ObjectProperty", OWL + "DatatypeProperty")


def _declared(ontology: Iterable[Triple], *kinds: str) -> set[str]:
    typed = (t for t in ontology if t.predicate.value == RDF_TYPE and getattr(t.object, "value", "") in kinds)
    return {t.subject.value for t in typed if isinstance(t.subject, NamedNode)}


def instance_triples(closed: Iterable[Triple], ontology: Iterable[Triple]) -> set[Triple]:
    """The triples of a closure that `instance_filter` selects."""
    triples, facts = list(closed), TripleIndex()
    facts.load(triples)
    is_kept = instance_filter(ontology, facts)
    return {t for t, statement in zip(triples, facts.encode(triples), strict=True) if statement and is_kept(statement)}


def instance_filter(ontology: Iterable[Triple], facts: TripleIndex) -> Filter:
    """Select the statements about IRIs that are no terms of the ontology: their declared classes and properties.

    So no T-box, no owl:Thing, no owl:sameAs, and no blank nodes.
    """
    triples = list(ontology)
    declared, predicates = ({facts.find(f"<{iri}>") for iri in find(triples)} for find in (classes, properties))
    terms = declared | predicates
    texts, rdf_type = facts.texts, facts.type

    def is_kept(statement: Statement) -> bool:
        subject, predicate, value = statement
        fits = value in declared if predicate == rdf_type else predicate in predicates and texts[value][0] != "_"
        return fits and subject not in terms and texts[subject][0] == "<"

    return is_kept


# Inconsistencies: the rules whose head is false


def inconsistencies(chainer: ForwardChainer) -> Iterator[tuple[str, Iterable[Statement], Iterable[Statement]]]:
    """Each match of each rule whose head is false: its name, the statements that match its body, and its axioms."""
    facts, same = chainer.facts, chainer.facts.id(SAME)
    for rule in chainer.inconsistency_rules():
        if not _is_disjoint(rule):
            for premises in bodies(facts, rule, None):
                yield rule.rule, premises, rule.axioms
    different = facts.property(facts.id(DIFFERENT))
    for pair in different.facts:
        if pair >> SHIFT == pair & MASK:  # eq-diff1, with eq-ref
            yield "eq-diff1", (facts.statement(different, pair),), ()
    for one, _, other in facts.statements(facts.property(same), facts.property(same).facts):
        if facts.is_literal(one) and facts.is_literal(other) and values.differ(facts.texts[one], facts.texts[other]):
            yield "dt-diff", ((one, same, other),), ()
    for kind in list(facts.classes.values()):
        datatype = facts.texts[kind.term].strip("<>")
        if datatype in values.DATATYPES:
            for thing in kind.facts:
                if facts.is_literal(thing) and values.belongs(facts.texts[thing], datatype) is False:
                    yield "dt-not-type", (facts.statement(kind, thing),), ()


def _is_disjoint(rule: GroundRule) -> bool:
    """Whether a rule asks for members of two classes that have none in common: so most of them need no join."""
    classes = [a.relation for a in rule.atoms if a.relation.unary and a.subject == rule.atoms[0].subject]
    return len(classes) > 1 and classes[0].facts.keys().isdisjoint(classes[1].facts.keys())


def _contradictions(chainer: ForwardChainer, derivations: Derivations) -> Iterator[Contradiction]:
    """Each inconsistency once, whichever way round its rule matched, as RDF triples."""
    seen: set[frozenset[Triple]] = set()
    for rule, premises, axioms in inconsistencies(chainer):
        triples = derivations.shown(premises)
        if (key := frozenset(triples)) not in seen:
            seen.add(key)
            yield Contradiction(rule, CONTRADICTIONS[rule], triples, derivations.shown(axioms))
