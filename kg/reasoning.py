"""The OWL 2 RL closure of a graph, and the contradictions in it.

`close` takes any graph. The rules are those of `kg.rules`, run by `kg.chaining`; owlrl, the reference that everybody
knows, gives the same closure with `reasoner="owlrl"`, and takes its time. Contradictions are always found by our rules:
owlrl names none.
"""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from pyoxigraph import BlankNode, NamedNode, Quad, RdfFormat, Triple, parse

from kg import coverage
from kg.chaining import Chainer
from kg.clashes import clashes
from kg.derivations import Derivation, Derivations, Worth
from kg.errors import InputError
from kg.relations import Facts
from kg.specialising import Statement
from kg.terms import n_quads
from kg.vocabulary import DCTERMS, OWL, RDF_TYPE, RDFS, SKOS

if TYPE_CHECKING:
    import rdflib

_TYPE = NamedNode(RDF_TYPE)
_DECLARES_CLASS = {OWL + "Class"}
_DECLARES_PROPERTY = {OWL + "ObjectProperty", OWL + "DatatypeProperty"}
# Text for people: no rule reads it, and owlrl pays two milliseconds for each triple.
_ANNOTATIONS = (RDFS + "label", RDFS + "comment", SKOS, DCTERMS, OWL + "versionInfo")
_CLASHES = {
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


class Closure(NamedTuple):
    """What follows from a graph: the triples that were not given, the contradictions, and how each triple follows.

    Left out is what says nothing or is no RDF: of everything that it is the same as itself, literals as subjects,
    blank nodes as predicates, the axiomatic triples of the vocabularies.
    """

    inferred: frozenset[Triple] = frozenset()
    contradictions: tuple[Contradiction, ...] = ()
    derivations: Derivations | None = None

    def derivation(self, triple: Triple) -> Derivation | None:
        """The last step to an inferred triple: rule, premises, axioms. None where it is given or does not follow."""
        return self.derivations.get(triple) if self.derivations else None


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
    everything = [*given, *(words or [])]
    text = n_quads(everything)
    if uncovered := coverage.uncovered(_axioms(text)):
        raise InputError(uncovered[0], rule="outside-profile", hint="leave the axiom away, or write a shape")
    chainer = Chainer(text)
    derivations = Derivations(chainer, None if words is None else worth(words, chainer.facts))
    if reasoner == "owlrl":
        inferred = _expanded(everything)
        inferred = (inferred if words is None else keep(inferred, words)) - set(everything)
    else:
        inferred = derivations.triples()
    return Closure(frozenset(inferred), tuple(_contradictions(chainer, derivations)), derivations)


def _axioms(text: str) -> list[Triple]:
    """The lines of a graph that can belong to an axiom: they name a word of OWL, or something without a name."""
    lines = (line for line in text.split("\n") if f"<{OWL}" in line or "_:" in line)
    return [q.triple for q in parse("\n".join(lines), format=RdfFormat.N_TRIPLES)]


def _triples(facts: Any) -> list[Triple]:
    """A graph as pyoxigraph's triples; what is no RDF triple is passed over."""
    from kg.terms import from_rdflib

    found = []
    for t in facts:
        triple = t if isinstance(t, Triple) else t.triple if isinstance(t, Quad) else from_rdflib(*t[:3])
        if triple is not None:
            found.append(triple)
    return found


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
    """The instance triples of a closure: an IRI as subject, a declared property or class, no T-box, no noise."""
    words = list(ontology)
    known, verbs = classes(words), properties(words)

    def worth(t: Triple) -> bool:
        if not isinstance(t.subject, NamedNode) or t.subject.value in known | verbs or isinstance(t.object, BlankNode):
            return False
        if t.predicate == _TYPE:
            return isinstance(t.object, NamedNode) and t.object.value in known
        return t.predicate.value in verbs

    return {t for t in closed if worth(t)}


def worth(ontology: list[Triple], facts: Facts) -> Worth:
    """What `keep` keeps, asked of a chainer's statements."""
    known, verbs = ({facts.known(f"<{iri}>") for iri in found(ontology)} for found in (classes, properties))
    words = known | verbs
    texts, typed = facts.texts, facts.type

    def is_worth(told: Statement) -> bool:
        subject, verb, value = told
        if subject in words or texts[subject][0] != "<":
            return False
        return value in known if verb == typed else verb in verbs and texts[value][0] != "_"

    return is_worth


def _expanded(triples: Iterable[Triple]) -> set[Triple]:
    """The whole closure by owlrl, without the triples that no RDF parser would take."""
    import owlrl
    import rdflib

    from kg.terms import from_rdflib, to_rdflib

    graph = rdflib.Graph()
    for t in triples:
        if not t.predicate.value.startswith(_ANNOTATIONS):
            graph.add((to_rdflib(t.subject), to_rdflib(t.predicate), to_rdflib(t.object)))
    owlrl.DeductiveClosure(owlrl.OWLRL_Semantics).expand(graph)
    found = (from_rdflib(s, p, o) for s, p, o in graph)
    return {triple for triple in found if triple is not None}


def _contradictions(chainer: Chainer, derivations: Derivations) -> Iterator[Contradiction]:
    """Each clash once, whichever way round its rule met it, told in triples that RDF can write."""
    seen: set[frozenset[Triple]] = set()
    for clash in clashes(chainer):
        triples = derivations.shown(clash.premises)
        if (key := frozenset(triples)) not in seen:
            seen.add(key)
            yield Contradiction(clash.rule, _CLASHES[clash.rule], triples, derivations.shown(clash.axioms))
