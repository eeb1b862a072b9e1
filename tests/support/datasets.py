"""Small compiled datasets for tests of proofs: words, facts as background, and what follows from them."""

from pyoxigraph import DefaultGraph, NamedNode, Quad, RdfFormat, Store, Triple, parse

from kg.rdf.namespaces import BACKGROUND, DCTERMS, INFERRED_GRAPH, ONTOLOGY_GRAPH, OWL, RDF, RDFS
from kg.reasoning import closure

HEAD = f"""\
@prefix : <https://example.org/> .
@prefix owl: <{OWL}> .
@prefix rdf: <{RDF}> .
@prefix rdfs: <{RDFS}> .
:A a owl:Class . :B a owl:Class . :C a owl:Class . :D a owl:Class .
:p a owl:ObjectProperty . :q a owl:ObjectProperty . :r a owl:ObjectProperty . :of a owl:ObjectProperty .
"""
SOURCE = "https://example.org/source"
_FACTS = NamedNode(BACKGROUND + "example")


def triples(turtle: str) -> list[Triple]:
    """Triples under HEAD, without those of HEAD."""
    declared = {q.triple for q in parse(HEAD, format=RdfFormat.TURTLE)}
    return [q.triple for q in parse(HEAD + turtle, format=RdfFormat.TURTLE) if q.triple not in declared]


def dataset(ontology: list[Triple], facts: list[Triple]) -> Store:
    """The dataset that a build would make of these (model, rule 24)."""
    words = [*(q.triple for q in parse(HEAD, format=RdfFormat.TURTLE)), *ontology]
    inferred = closure.close(facts, words, outside="ignore").inferred
    store = Store()
    graphs: list[tuple[NamedNode | DefaultGraph, list[Triple]]] = [
        (DefaultGraph(), [*facts, *inferred]),
        (_FACTS, facts),
        (NamedNode(INFERRED_GRAPH), [*inferred]),
        (NamedNode(ONTOLOGY_GRAPH), words),
    ]
    for graph, held in graphs:
        store.extend(Quad(t.subject, t.predicate, t.object, graph) for t in held)
    store.add(Quad(_FACTS, NamedNode(DCTERMS + "source"), NamedNode(SOURCE), DefaultGraph()))
    return store


def inferred(store: Store) -> list[Triple]:
    """What follows in a dataset, in a fixed order."""
    return sorted((q.triple for q in store.quads_for_pattern(None, None, None, NamedNode(INFERRED_GRAPH))), key=str)
