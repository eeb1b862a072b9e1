"""Whether the ontology is sound: an axiom about a term that nobody declared infers nothing, without an error.

Labels, definitions and names of terms are judged by the shapes (`shapes/ontology.ttl`), the profile of OWL by
`kg.profile`. Here: terms that are declared nowhere, as two kinds, in a circle, or for nothing.
"""

from collections.abc import Callable, Iterator
from graphlib import CycleError, TopologicalSorter
from itertools import combinations

from pyoxigraph import NamedNode

from kg import profile
from kg.axioms import CLASS_KINDS, PROPERTY_KINDS, Axiom, Axioms, iri
from kg.findings import Check, Finding
from kg.vocabulary import DCTERMS, ENT, OWL, RDF, RDF_TYPE, RDFS, SKOS, XSD, compact, suggest

UNDECLARED_TERM = Check(
    "undeclared-term",
    "Axioms and shapes use terms that are declared, as what they are declared.",
    "An axiom about a misspelt class is no error in OWL: it infers nothing.",
    wrong="ent:City rdfs:subClassOf ent:Plase .",
    right="ent:City rdfs:subClassOf ent:Place .",
)
TWO_KINDS = Check(
    "two-kinds",
    "A property is an object property, a datatype property or an annotation property, and only one of them.",
    "Tools that expect things and tools that expect literals would each see a part of the facts.",
    wrong="ent:buyer a owl:DatatypeProperty .",
    right="ent:buyer a owl:ObjectProperty .",
)
CIRCULAR_WORDS = Check(
    "circular-words",
    "No class or property is a subclass or subproperty of itself by way of others.",
    "All terms of the circle would mean the same (OWL 2 RL, scm-eqc2).",
    wrong="ent:Place rdfs:subClassOf ent:City .",
    right="ent:City rdfs:subClassOf ent:Place .",
)
UNUSED_WORD = Check(
    "unused-word",
    "Each term is used by a fact, a shape or a query, or a skos:scopeNote says what it is for.",
    "An unused term has never been tried, and has to be kept for ever.",
    wrong='ent:Lake a owl:Class ; rdfs:label "lake"@en .',
    right='ent:Lake a owl:Class ; rdfs:label "lake"@en ; skos:scopeNote "For articles on water."@en .',
    severities=("info",),
)

CLASS, PROPERTY, CLASS_OR_DATATYPE = "class", "property", "class or datatype"

# What must stand at the object, or in the list at the object, of these predicates.
_OBJECTS: dict[str, str] = {
    **dict.fromkeys((RDFS + "subClassOf", RDFS + "domain"), CLASS),
    **dict.fromkeys((OWL + t for t in ("equivalentClass", "disjointWith", "onClass", "complementOf")), CLASS),
    **dict.fromkeys((OWL + t for t in ("disjointUnionOf", "intersectionOf", "unionOf")), CLASS_OR_DATATYPE),
    **dict.fromkeys((RDFS + "range", OWL + "someValuesFrom", OWL + "allValuesFrom"), CLASS_OR_DATATYPE),
    **dict.fromkeys((OWL + t for t in ("equivalentProperty", "inverseOf", "onProperty")), PROPERTY),
    **dict.fromkeys((OWL + t for t in ("propertyChainAxiom", "propertyDisjointWith", "hasKey")), PROPERTY),
    RDFS + "subPropertyOf": PROPERTY,
    ENT + "identifiedBy": PROPERTY,
}
# What must stand at the subject of these predicates.
_SUBJECTS: dict[str, str] = {
    **dict.fromkeys((RDFS + "subClassOf", OWL + "equivalentClass", OWL + "disjointWith", OWL + "hasKey"), CLASS),
    **dict.fromkeys((RDFS + "subPropertyOf", RDFS + "domain", RDFS + "range"), PROPERTY),
    **dict.fromkeys((OWL + t for t in ("propertyChainAxiom", "equivalentProperty")), PROPERTY),
}
_MEMBERS = {OWL + "AllDisjointClasses": CLASS, OWL + "AllDisjointProperties": PROPERTY}
_BUILT_IN = (OWL, RDF, RDFS, XSD)


def check(axioms: Axioms) -> Iterator[Finding]:
    """What is unsound in an ontology by itself."""
    yield from _misspelt(axioms)
    yield from _undeclared(axioms)
    yield from profile.check(axioms)
    yield from _two_kinds(axioms)
    yield from _circles(axioms)
    yield from _irregular_chains(axioms)


def unused(axioms: Axioms, used: Callable[[str], bool]) -> Iterator[Finding]:
    """The terms that nothing uses and that have no scope note; a value counts as used where its class is.

    `used` tells whether facts, shapes or queries name an IRI.
    """
    for name, a in _terms(axioms).items():
        subject = NamedNode(name)
        is_used = used(name) or any(used(kind) for kind in axioms.kinds(subject) if not kind.startswith(_BUILT_IN))
        if not is_used and not axioms.about(subject, SKOS + "scopeNote"):
            message = f"no fact, shape or query uses {compact(name)}"
            hint = "remove it, or say in a skos:scopeNote what it is for"
            yield axioms.finding_on_subject(a, UNUSED_WORD, message, hint=hint)


def misspelt(name: str) -> tuple[str, str] | None:
    """The message and the hint for an IRI of a well-known vocabulary that has no such term; None where all is well."""
    import rdflib

    known = {OWL: rdflib.OWL, RDFS: rdflib.RDFS, RDF: rdflib.RDF, SKOS: rdflib.SKOS, XSD: rdflib.XSD}
    for namespace, terms in {**known, DCTERMS: rdflib.DCTERMS}.items():
        if name.startswith(namespace) and name != namespace and rdflib.URIRef(name) not in terms:
            near = suggest(name, (str(term) for term in dir(terms)))
            return f"{compact(name)} is no term of its vocabulary: it would be ignored", near
    return None


def _misspelt(axioms: Axioms) -> Iterator[Finding]:
    for a in axioms.statements:
        for name in (a.predicate, iri(a.object)):
            if problem := misspelt(name):
                yield axioms.finding(a, UNDECLARED_TERM, problem[0], hint=problem[1])


def _undeclared(axioms: Axioms) -> Iterator[Finding]:
    """Words that axioms lean on and nothing declares, or not as what they are taken for."""
    declared = {CLASS: set(axioms.declared(CLASS_KINDS)), PROPERTY: set(axioms.declared(PROPERTY_KINDS))}
    declared[CLASS_OR_DATATYPE] = declared[CLASS] | set(axioms.declared(frozenset({RDFS + "Datatype"})))
    every = {iri(a.subject) for a in axioms.statements if a.predicate == RDF_TYPE}
    told: set[tuple[str, str]] = set()  # a word that is used twenty times is missing once in each file
    for a in axioms.statements:
        wanted = (
            (iri(a.subject), _SUBJECTS.get(a.predicate, "")),
            (a.predicate, ""),
            (iri(a.object), _role(axioms, a)),
        )
        for name, kind in wanted:
            ours = name.startswith(ENT) or (kind and name and not name.startswith(_BUILT_IN))
            if ours and name not in declared.get(kind, every) and (name, a.document.path) not in told:
                told.add((name, a.document.path))
                at_subject = name == iri(a.subject) and name != iri(a.object)
                yield _missing(axioms, a, name, kind, declared.get(kind, every), at_subject)


def _role(axioms: Axioms, axiom: Axiom) -> str:
    """What must stand at the object of a statement; nothing where anything may."""
    if axiom.predicate == RDF + "rest":
        return ""
    owner = axioms.owner(axiom)
    if owner.predicate == OWL + "members":
        return next((_MEMBERS[kind] for kind in sorted(axioms.kinds(owner.subject)) if kind in _MEMBERS), "")
    return _OBJECTS.get(owner.predicate, "")


def _missing(axioms: Axioms, axiom: Axiom, name: str, kind: str, known: set[str], at_subject: bool) -> Finding:
    message = f"the ontology declares no {kind or 'term'} {compact(name)}"
    hint = suggest(name, {k for k in known if k}) or "declare it in ontology/"
    if not name.startswith(ENT):
        hint = "declare it in ontology/; that it resembles a term of another vocabulary is a skos:closeMatch"
    place = axioms.finding_on_subject if at_subject else axioms.finding
    return place(axiom, UNDECLARED_TERM, message, hint=hint)


def _two_kinds(axioms: Axioms) -> Iterator[Finding]:
    """A property for things and for literals at once: each half of the tools would see another half of the facts."""
    by_kind = {kind: axioms.declared(frozenset({kind})) for kind in sorted(PROPERTY_KINDS)}
    for first, second in combinations(by_kind, 2):
        for name in sorted(by_kind[first].keys() & by_kind[second].keys()):
            message = f"{compact(name)} is both {compact(first)} and {compact(second)}"
            hint = "make two properties of it, or decide"
            at = max(by_kind[first][name], by_kind[second][name], key=lambda a: (a.document.path, a.object_at))
            yield axioms.finding(at, TWO_KINDS, message, hint=hint)


def _circles(axioms: Axioms) -> Iterator[Finding]:
    """Classes, or properties, that lie beneath each other: they would all be the same."""
    for predicate, what in ((RDFS + "subClassOf", "classes"), (RDFS + "subPropertyOf", "properties")):
        edges = [a for a in axioms.statements if a.predicate == predicate and iri(a.subject) and iri(a.object)]
        while circle := _circle(edges):
            names = " → ".join(compact(iri(a.subject)) for a in circle)
            message = f"{what} that lie beneath each other in a circle: {names} → {compact(iri(circle[0].subject))}"
            hint = "take out the step that is not so; for two names of one thing keep one"
            last = max(circle, key=edges.index)
            yield axioms.finding(last, CIRCULAR_WORDS, message, hint=hint)
            edges.remove(last)


def _circle(edges: list[Axiom]) -> list[Axiom]:
    """Axioms that lead round in a circle, from the first term in the order of names; empty where none do."""
    above: dict[str, list[str]] = {}
    for a in edges:
        above.setdefault(iri(a.subject), []).append(iri(a.object))
    try:
        TopologicalSorter(above).prepare()
    except CycleError as error:
        names: list[str] = error.args[1][:0:-1]  # it is given from the top down, with its first name at both ends
        start = names.index(min(names))
        names = names[start:] + names[:start]
        steps = {(iri(a.subject), iri(a.object)): a for a in edges}
        return [steps[pair] for pair in zip(names, [*names[1:], names[0]], strict=True)]
    return []


def _irregular_chains(axioms: Axioms) -> Iterator[Finding]:
    """A property in the midst of its own chain: OWL 2 allows it at an end only (Structural Specification §11.2)."""
    for a in axioms.statements:
        if a.predicate == OWL + "propertyChainAxiom":
            links = [m.object for m in axioms.members(a.object)]
            if a.subject in links[1:-1]:
                message = f"{compact(iri(a.subject))} stands in the midst of its own chain"
                hint = "let it stand first or last, or give the links in between a name of their own"
                yield axioms.finding(a, profile.OUTSIDE_PROFILE, message, hint=hint)


def _terms(axioms: Axioms) -> dict[str, Axiom]:
    """Every term of the house with its first declaration."""
    found: dict[str, Axiom] = {}
    for a in axioms.statements:
        if a.predicate == RDF_TYPE and iri(a.subject).startswith(ENT):
            found.setdefault(iri(a.subject), a)
    return found
