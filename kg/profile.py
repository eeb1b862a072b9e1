"""Which axioms lie outside OWL 2 RL, and which lie within and yet do no good here.

The grammar is that of W3C OWL 2 Profiles §4.2: what may be said of a class depends on the side of the axiom on which
it stands. A reasoner for OWL 2 RL passes over what lies outside without a word, so that the axiom only seems to hold.
"""

from collections.abc import Iterator
from functools import partial

from pyoxigraph import BlankNode, NamedNode

from kg.axioms import Axiom, Axioms, iri
from kg.coverage import CONSTRUCTORS, EQUIVALENT, FILLER, MAXIMA, NEVER, SUB, Place, breach, parts, places, starts
from kg.findings import Check, Finding
from kg.terms import Term
from kg.values import DATATYPES
from kg.vocabulary import OWL, RDF_TYPE, RDFS, XSD, compact

OUTSIDE_PROFILE = Check(
    "outside-profile",
    "Axioms keep to OWL 2 RL (OWL 2 Profiles §4.2).",
    "Reasoners for the profile ignore what is outside of it without an error.",
    wrong="ent:City rdfs:subClassOf [ a owl:Restriction ;\n"
    "    owl:onProperty ent:onSide ; owl:someValuesFrom ent:Side ] .",
    right="ent:City rdfs:subClassOf [ a owl:Restriction ;\n"
    "    owl:onProperty ent:onSide ; owl:allValuesFrom ent:Side ] .",
)
IMPORTS = Check(
    "imports",
    "The whole ontology is in ontology/, without owl:imports.",
    "Nothing is fetched: the result would depend on what another server gives today.",
    wrong="<https://w3id.org/entente/ontology> owl:imports <http://www.w3.org/2004/02/skos/core> .",
    right="ent:City skos:closeMatch <http://dbpedia.org/ontology/City> .",
)
FUSING_AXIOM = Check(
    "fusing-axiom",
    "No axiom infers owl:sameAs, as functional properties, keys and maximum cardinalities of 1 do.",
    "Where two articles disagree, two people would become one instead of a finding.",
    wrong="ent:holder a owl:FunctionalProperty .",
    right="# In shapes/: sh:path ent:holder ; sh:maxCount 1 .",
    severities=("warning",),
)

_THING = OWL + "Thing"
_DATA = [OWL + name for name in ("intersectionOf", "unionOf", "oneOf", "datatypeComplementOf", "withRestrictions")]

# These make two things one where a fact names two (model, rule 16).
_FUSING = frozenset(OWL + t for t in ("FunctionalProperty", "InverseFunctionalProperty", "hasKey", "sameAs"))
_WANT_SIMPLE = frozenset(OWL + f"{t}Property" for t in ("Asymmetric", "Irreflexive", "Functional", "InverseFunctional"))

_INFER = "OWL only infers here; what facts must look like is for a shape"
_SIMPLE = "leave the characteristic away, or the chain; a shape can forbid what must not be"


def check(axioms: Axioms) -> Iterator[Finding]:
    """Each axiom that is outside the profile, that no rule applies to, or that makes two things one."""
    yield from _expressions(axioms)
    for axiom in axioms.statements:
        yield from _statement(axioms, axiom)
    yield from _not_simple(axioms)


def _statement(axioms: Axioms, axiom: Axiom) -> Iterator[Finding]:
    """What can be said of a statement by itself."""
    term = iri(axiom.object) if axiom.predicate == RDF_TYPE else axiom.predicate
    if term in NEVER:
        yield axioms.finding(axiom, OUTSIDE_PROFILE, f"{compact(term)} is outside OWL 2 RL", hint=_INFER)
    if term == OWL + "imports":
        hint = "keep all terms in ontology/; what relates them to others is a skos:closeMatch"
        yield axioms.finding(axiom, IMPORTS, "owl:imports: nothing is fetched from elsewhere", hint=hint)
    if term in _FUSING or (term in MAXIMA and getattr(axiom.object, "value", "") != "0"):
        message = f"{compact(term)} makes two things one where a fact names two"
        hint = "write a shape: “at most one” is a constraint and no conclusion"
        yield axioms.finding(axiom, FUSING_AXIOM, message, hint=hint)


def _expressions(axioms: Axioms) -> Iterator[Finding]:
    """Class expressions in positions where the grammar has no room for them."""
    is_data = partial(_is_data, axioms)
    for place in places(_starts(axioms), partial(_constructors, axioms), axioms.members, is_data):
        if is_data(place):
            yield from _data_range(axioms, place)
        elif isinstance(place.node, BlankNode):
            for a in _constructors(axioms, place.node):
                if why := breach(a, place.position):
                    why += ": the reasoner passes over it" if why.endswith("OWL 2 RL") else ""
                    yield axioms.finding(a, OUTSIDE_PROFILE, why, hint=_INFER)
        elif iri(place.node) == _THING and place.position != FILLER:
            why = f"owl:Thing as {place.position} is outside OWL 2 RL, and says nothing"
            yield axioms.finding(place.statement, OUTSIDE_PROFILE, why)


def _constructors(axioms: Axioms, node: Term) -> list[Axiom]:
    """The statements that make up a class expression."""
    return [a for constructor in CONSTRUCTORS for a in axioms.about(node, constructor)]


def _starts(axioms: Axioms) -> Iterator[Place[Axiom]]:
    for a in axioms.statements:
        yield from starts(a)
        if a.predicate == OWL + "members" and OWL + "AllDisjointClasses" in axioms.kinds(a.subject):
            yield from (Place(m.object, SUB, m) for m in axioms.members(a.object))
        elif isinstance(a.subject, NamedNode) and a.predicate in CONSTRUCTORS and not breach(a, EQUIVALENT):
            yield from parts(a, EQUIVALENT, axioms.members)


def _is_data(axioms: Axioms, place: Place[Axiom]) -> bool:
    """Whether an expression is about literals: by its own name or kind, or by the property that leads to it."""
    name = iri(place.node)
    if name.startswith(XSD) or name in DATATYPES or RDFS + "Datatype" in axioms.kinds(place.node):
        return True
    leading = place.statement.subject if place.statement.predicate == RDFS + "range" else None
    return leading is not None and OWL + "DatatypeProperty" in axioms.kinds(leading)


def _data_range(axioms: Axioms, place: Place[Axiom]) -> Iterator[Finding]:
    """A range of literals: datatypes of the profile, and what several of them share (§4.2.4)."""
    name = iri(place.node)
    if name.startswith(XSD) and name not in DATATYPES:
        message = f"{compact(name)} is no datatype of OWL 2: other reasoners refuse the ontology"
        hint = "leave the range away, and let a shape ask for the datatype"
        yield axioms.finding(place.statement, OUTSIDE_PROFILE, message, hint=hint)
    for constructor in _DATA:
        for a in axioms.about(place.node, constructor):
            if constructor != OWL + "intersectionOf":
                message = f"{compact(constructor)} in a range of literals is outside OWL 2 RL"
                yield axioms.finding(a, OUTSIDE_PROFILE, message, hint="let a shape ask for it")


def _not_simple(axioms: Axioms) -> Iterator[Finding]:
    """Characteristics that OWL 2 allows of simple properties only (Structural Specification §11.2)."""
    composite = _composite(axioms)
    for a in axioms.statements:
        if a.predicate == RDF_TYPE and iri(a.object) in _WANT_SIMPLE and a.subject in composite:
            message = (
                f"{compact(iri(a.subject))} is transitive or made by a chain, so it cannot be {compact(iri(a.object))}"
            )
            yield axioms.finding(a, OUTSIDE_PROFILE, message, hint=_SIMPLE)


def _composite(axioms: Axioms) -> set[Term]:
    """The properties that are transitive, or given by a chain, and all that lie above them."""
    above: dict[Term, list[Term]] = {}
    queue: list[Term] = []
    for a in axioms.statements:
        if a.predicate == RDFS + "subPropertyOf":
            above.setdefault(a.subject, []).append(a.object)
        elif a.predicate in (OWL + "inverseOf", OWL + "equivalentProperty"):
            above.setdefault(a.subject, []).append(a.object)
            above.setdefault(a.object, []).append(a.subject)
        elif a.predicate == OWL + "propertyChainAxiom" or iri(a.object) == OWL + "TransitiveProperty":
            queue.append(a.subject)
    found: set[Term] = set()
    while queue:
        node = queue.pop()
        if node not in found:
            found.add(node)
            queue += above.get(node, ())
    return found
