"""The OWL 2 RL closure of a graph, and the contradictions in it.

`close` takes any graph. The rules are those of `kg.reasoning.rules`, run by `kg.reasoning.forward`; owlrl, the
reference that everybody knows, gives the same closure with `reasoner="owlrl"`, and takes its time. Contradictions are
always found by our rules: owlrl names none.
"""

import itertools
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from pyoxigraph import NamedNode, Quad, Triple

from kg.errors import InputError
from kg.rdf import values
from kg.rdf.namespaces import DCTERMS, OWL, RDF, RDF_TYPE, RDFS, SKOS
from kg.rdf.terms import from_rdflib, to_rdflib
from kg.reasoning import profile
from kg.reasoning.derivations import Derivation, Derivations, Worth, numbered, triple
from kg.reasoning.forward import ForwardChainer, bodies
from kg.reasoning.grounding import SAME, GroundRule, Statement
from kg.reasoning.index import MASK, SHIFT, TripleIndex, statement, statements

if TYPE_CHECKING:
    import rdflib


# The contradictions in a closure: the rules of OWL 2 RL whose conclusion is *false*, and those about values.


class Inconsistency(NamedTuple):
    """A contradiction: the rule whose head is false, the statements that match its body, and its axioms."""

    rule: str
    premises: tuple[Statement, ...]
    axioms: tuple[Statement, ...]


def inconsistencies(chainer: ForwardChainer) -> Iterator[Inconsistency]:
    """The contradictions, in the order of the rules."""
    for special in chainer.forbidding:
        if not _apart(special):
            for premises in bodies(chainer.facts, special, None):
                yield Inconsistency(special.rule, premises, special.axioms)
    yield from _different_from_itself(chainer)
    yield from _values(chainer)


def _apart(special: GroundRule) -> bool:
    """Whether a rule speaks of members of two classes that have none in common, as nearly all disjoint classes."""
    kinds = [
        a.relation.facts.keys() for a in special.atoms if a.relation.unary and a.subject == special.atoms[0].subject
    ]
    return len(kinds) > 1 and kinds[0].isdisjoint(kinds[1])


def _different_from_itself(chainer: ForwardChainer) -> Iterator[Inconsistency]:
    """Rule eq-diff1 with eq-ref."""
    different = chainer.facts.property(chainer.facts.id(f"<{OWL}differentFrom>"))
    for pair in different.facts:
        if pair >> SHIFT == pair & MASK:
            yield Inconsistency("eq-diff1", (statement(different, pair, chainer.facts),), ())


def _values(chainer: ForwardChainer) -> Iterator[Inconsistency]:
    """Rules dt-diff and dt-not-type: two values that are one, and values outside of their datatype."""
    facts, same = chainer.facts, chainer.facts.id(SAME)
    for one, other in chainer.same():
        if facts.is_literal(one) and facts.is_literal(other) and values.differ(facts.texts[one], facts.texts[other]):
            yield Inconsistency("dt-diff", ((one, same, other),), ())
    for kind in list(facts.classes.values()):
        datatype = facts.texts[kind.term].strip("<>")
        if datatype in values.DATATYPES:
            for thing in kind.facts:
                if facts.is_literal(thing) and values.belongs(facts.texts[thing], datatype) is False:
                    yield Inconsistency("dt-not-type", (statement(kind, thing, facts),), ())


_TYPE = NamedNode(RDF_TYPE)
_DECLARES_CLASS = {OWL + "Class"}
_DECLARES_PROPERTY = {OWL + "ObjectProperty", OWL + "DatatypeProperty"}
# Text for people: no rule reads it, and owlrl pays two milliseconds for each triple.
_ANNOTATIONS = (RDFS + "label", RDFS + "comment", RDFS + "isDefinedBy", SKOS, DCTERMS, OWL + "version")
# What each rule whose head is false means, in words.
CONTRADICTIONS = {
    "cax-adc": "nothing can be both",
    "cax-dw": "nothing can be both",
    "cls-com": "one class is all that the other is not",
    "cls-maxc1": "this class has no such value",
    "cls-maxqc1": "this class has no such value",
    "cls-maxqc2": "this class has no such value",
    "cls-nothing2": "this class can have no members",
    "dt-diff": "there can be one value only, and these are two",
    "dt-not-type": "this is no value of its datatype",
    "eq-diff1": "two things are said to be different and the same",
    "eq-diff2": "two things are said to be different and the same",
    "eq-diff3": "two things are said to be different and the same",
    "prp-adp": "these two relations exclude each other",
    "prp-asyp": "this holds in one direction only",
    "prp-irp": "nothing stands in this relation to itself",
    "prp-npa1": "just this is denied",
    "prp-npa2": "just this is denied",
    "prp-pdw": "these two relations exclude each other",
}


class Contradiction(NamedTuple):
    """A clash in the closure: the rule of OWL 2 RL by its name, in words, the triples at fault, the axioms."""

    rule: str
    message: str
    triples: tuple[Triple, ...]
    axioms: tuple[Triple, ...] = ()


class Closure:
    """What follows from a graph: the triples that were not given, the contradictions, and how each triple follows.

    Left out is what says nothing or is no RDF: of everything that it is the same as itself, literals as subjects,
    blank nodes as predicates, the axiomatic triples of the vocabularies.
    """

    def __init__(self, derivations: Derivations | None = None, contradictions: tuple[Contradiction, ...] = ()) -> None:
        self.derivations = derivations
        self.contradictions = contradictions

    @cached_property
    def inferred(self) -> frozenset[Triple]:
        """The triples that were not given, made when they are first asked for."""
        return frozenset() if self.derivations is None else self.derivations.triples()

    def derivation(self, triple: Triple) -> Derivation | None:
        """The last step to an inferred triple: rule, premises, axioms. None where it is given or does not follow."""
        return None if self.derivations is None else self.derivations.get(triple)


def close(
    facts: "Iterable[Triple | Quad] | rdflib.Graph",
    ontology: Iterable[Triple] | None = None,
    *,
    reasoner: str = "rl",
) -> Closure:
    """The OWL 2 RL closure (W3C OWL 2 Profiles §4.3) of a graph: of pyoxigraph's triples or quads, or of rdflib's.

    With the `ontology` apart, what is inferred is cut down to what is worth keeping of facts (model, rule 28).
    Raises InputError for an axiom outside OWL 2 RL, whose consequences nobody here would draw.
    """
    given, words = _triples(facts), None if ontology is None else list(ontology)
    closure = _closed(given, words)
    if reasoner == "owlrl":
        inferred = _expanded([*given, *(words or [])])
        kept = inferred if words is None else keep(inferred, words)
        closure.inferred = frozenset(kept.difference(given, words or []))
    return closure


def _closed(given: list[Triple], words: list[Triple] | None) -> Closure:
    chainer = ForwardChainer(itertools.chain(given, words or ()))
    if uncovered := profile.outside_profile(_axioms(chainer.facts)):
        raise InputError(uncovered[0], rule="outside-profile", hint="leave the axiom away, or write a shape")
    derivations = Derivations(chainer, None if words is None else worth(words, chainer.facts))
    return Closure(derivations, tuple(_contradictions(chainer, derivations)))


def _axioms(facts: TripleIndex) -> Iterator[Triple]:
    """What is given that can be, or be a part of, an axiom outside OWL 2 RL."""
    for relation in facts.relations():
        word = facts.texts[relation.term].strip("<>")
        if relation.unary:
            asked = word in profile.NEVER or word.startswith("_")
        else:
            asked = word.startswith((OWL, RDF, RDFS)) and not word.startswith(_ANNOTATIONS)
        if not asked:
            continue
        for told, tag in zip(statements(relation, relation.facts, facts), relation.facts.values(), strict=True):
            nameless = any(facts.texts[x][0] == "_" for x in told)
            if not tag and (nameless or word.startswith(OWL)):
                yield triple(told, facts)


def _triples(facts: Any) -> list[Triple]:
    """A graph as pyoxigraph's triples; what is no RDF triple is passed over."""
    found = list(facts)
    if set(map(type, found)) <= {Triple}:
        return found
    rdf = (t.triple if isinstance(t, Quad) else t if isinstance(t, Triple) else from_rdflib(*t[:3]) for t in found)
    return [triple for triple in rdf if triple is not None]


def classes(ontology: Iterable[Triple]) -> set[str]:
    """The IRIs of the classes that an ontology declares."""
    return _declared(ontology, _DECLARES_CLASS)


def properties(ontology: Iterable[Triple]) -> set[str]:
    """The IRIs of the properties of things that an ontology declares."""
    return _declared(ontology, _DECLARES_PROPERTY)


def _declared(ontology: Iterable[Triple], kinds: set[str]) -> set[str]:
    typed = ((t.subject, t.object) for t in ontology if t.predicate == _TYPE)
    named = ((s.value, o.value) for s, o in typed if isinstance(s, NamedNode) and isinstance(o, NamedNode))
    return {subject for subject, kind in named if kind in kinds}


def keep(closed: Iterable[Triple], ontology: Iterable[Triple]) -> set[Triple]:
    """The triples of a closure that are `worth` keeping."""
    triples, facts = list(closed), TripleIndex()
    facts.load(triples)
    is_worth = worth(ontology, facts)
    return {t for t, told in zip(triples, numbered(triples, facts), strict=True) if told and is_worth(told)}


def worth(ontology: Iterable[Triple], facts: TripleIndex) -> Worth:
    """What is worth keeping of statements: an IRI as subject, a declared property or class, no T-box, no noise."""
    triples = list(ontology)
    known, verbs = ({facts.known(f"<{iri}>") for iri in found(triples)} for found in (classes, properties))
    words = known | verbs
    texts, typed = facts.texts, facts.type

    def is_worth(told: Statement) -> bool:
        subject, verb, value = told
        fits = value in known if verb == typed else verb in verbs and texts[value][0] != "_"
        return fits and subject not in words and texts[subject][0] == "<"

    return is_worth


def _expanded(triples: Iterable[Triple]) -> set[Triple]:
    """The whole closure by owlrl, without the triples that no RDF parser would take."""
    import owlrl
    import rdflib

    graph = rdflib.Graph()
    for t in triples:
        if not t.predicate.value.startswith(_ANNOTATIONS):
            graph.add((to_rdflib(t.subject), to_rdflib(t.predicate), to_rdflib(t.object)))
    owlrl.DeductiveClosure(owlrl.OWLRL_Semantics).expand(graph)
    found = (from_rdflib(s, p, o) for s, p, o in graph)
    return {triple for triple in found if triple is not None}


def _contradictions(chainer: ForwardChainer, derivations: Derivations) -> Iterator[Contradiction]:
    """Each clash once, whichever way round its rule met it, told in triples that RDF can write."""
    seen: set[frozenset[Triple]] = set()
    for clash in inconsistencies(chainer):
        triples = derivations.shown(clash.premises)
        if (key := frozenset(triples)) not in seen:
            seen.add(key)
            yield Contradiction(clash.rule, CONTRADICTIONS[clash.rule], triples, derivations.shown(clash.axioms))
