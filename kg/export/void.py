"""What an export says of itself, in VoID and DCAT: what it holds, how much, in which words, under which licence.

`void:triples` and the other counts are those of the default graph as it is exported, without this description (which
cannot count itself before it is there) and without the named graphs (which repeat it). There is no date and no
version of the tool: the same sources give the same bytes. Description and licence are those of the ontology.
"""

from collections.abc import Iterator, Sequence

from pyoxigraph import Literal, NamedNode, Triple

from kg.export.turtle import DATASET
from kg.rdf.namespaces import DCAT, DCTERMS, ENT, ID, OWL, RDF_TYPE, RDFS, RDFS_LABEL, SKOS, VOID, XSD

_TITLE = "Facts read from news articles, each with its receipt"
_RIGHTS = "The licence does not cover the quotes: they are the articles' own words and belong to their publishers."


def triples(data: Sequence[Triple], ontology: Sequence[Triple]) -> list[Triple]:
    """The description of a dataset whose default graph is `data`."""
    node = NamedNode(DATASET)
    pairs = [*_texts(), *_counts(data), *_vocabularies(data), *_sources(data), *_topics(data, ontology)]
    for name in ("description", "license"):
        pairs += [(DCTERMS + name, value) for value in _of_ontology(ontology, DCTERMS + name)]
    return [Triple(node, NamedNode(predicate), value) for predicate, value in dict.fromkeys(pairs)]


Pair = tuple[str, NamedNode | Literal]


def _texts() -> Iterator[Pair]:
    yield RDF_TYPE, NamedNode(VOID + "Dataset")
    yield RDF_TYPE, NamedNode(DCAT + "Dataset")
    yield DCTERMS + "title", Literal(_TITLE, language="en")
    yield DCTERMS + "rights", Literal(_RIGHTS, language="en")
    yield VOID + "uriSpace", Literal(ID)


def _counts(data: Sequence[Triple]) -> Iterator[Pair]:
    things = {t.subject for t in data if isinstance(t.subject, NamedNode) and t.subject.value.startswith(ID)}
    counts = {
        "triples": len(set(data)),
        "entities": len(things),
        "classes": len({t.object for t in data if t.predicate.value == RDF_TYPE}),
        "properties": len({t.predicate for t in data}),
    }
    for name, count in counts.items():
        yield VOID + name, Literal(str(count), datatype=NamedNode(XSD + "integer"))


def _vocabularies(data: Sequence[Triple]) -> Iterator[Pair]:
    terms = {t.predicate.value for t in data}
    terms |= {t.object.value for t in data if t.predicate.value == RDF_TYPE and isinstance(t.object, NamedNode)}
    for namespace in sorted({iri[: max(iri.rfind("#"), iri.rfind("/")) + 1] for iri in terms} - {""}):
        yield VOID + "vocabulary", NamedNode(namespace)


def _sources(data: Sequence[Triple]) -> Iterator[Pair]:
    for article in sorted(_instances(data, ENT + "Article"), key=str):
        yield DCTERMS + "source", article


def _topics(data: Sequence[Triple], ontology: Sequence[Triple]) -> Iterator[Pair]:
    """Themes are the concepts of the graph, keywords the labels of the broadest classes that have members in it."""
    for concept in sorted(_instances(data, SKOS + "Concept"), key=str):
        yield DCAT + "theme", concept
    narrower = {t.subject for t in ontology if t.predicate.value == RDFS + "subClassOf"}
    classes = {
        t.object
        for t in data
        if t.predicate.value == RDF_TYPE and isinstance(t.subject, NamedNode) and t.subject.value.startswith(ID)
    }
    labels = {t.object for t in ontology if t.predicate.value == RDFS_LABEL and t.subject in classes - narrower}
    for label in sorted((x for x in labels if isinstance(x, Literal)), key=str):
        yield DCAT + "keyword", label


def _instances(data: Sequence[Triple], kind: str) -> set[NamedNode]:
    node = NamedNode(kind)
    return {
        t.subject
        for t in data
        if t.predicate.value == RDF_TYPE and t.object == node and isinstance(t.subject, NamedNode)
    }


def _of_ontology(ontology: Sequence[Triple], predicate: str) -> list[NamedNode | Literal]:
    nodes = _instances(ontology, OWL + "Ontology")
    found = {t.object for t in ontology if t.predicate.value == predicate and t.subject in nodes}
    return sorted((x for x in found if isinstance(x, NamedNode | Literal)), key=str)
