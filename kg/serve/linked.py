"""Linked data: what the graph says of one thing, passage, article or term, and the description of the endpoint."""

from collections.abc import Iterable, Iterator
from typing import Any

from pyoxigraph import BlankNode, DefaultGraph, NamedNode, Quad, Store, Triple

from kg.pages import links
from kg.rdf.namespaces import ARTICLE, ENT, ID, ONTOLOGY_GRAPH, RDF_TYPE, RDFS_LABEL, SD
from kg.serve.negotiation import GRAPHS, ROWS, media_type

_FORMATS = "http://www.w3.org/ns/formats/"
_RESULTS = {  # https://www.w3.org/ns/formats/
    "application/sparql-results+json": "SPARQL_Results_JSON",
    "application/sparql-results+xml": "SPARQL_Results_XML",
    "text/csv": "SPARQL_Results_CSV",
    "text/tab-separated-values": "SPARQL_Results_TSV",
    "text/turtle": "Turtle",
    "application/n-triples": "N-Triples",
    "application/ld+json": "JSON-LD",
    "application/rdf+xml": "RDF_XML",
}
_MOST_GRAPHS = 1_000  # that the description of the endpoint names
_TYPE, _LABEL = NamedNode(RDF_TYPE), NamedNode(RDFS_LABEL)


def address(kind: str, name: str) -> NamedNode | None:
    """The IRI of what has an address of that kind (`things`, `passages`, `articles`, `ontology`); None if it is none.

    A passage is named by its article and its own name, with a slash between.
    """
    namespace = {"things": ID, "passages": ARTICLE, "articles": ARTICLE, "ontology": ENT}[kind]
    try:
        return NamedNode(namespace + (name.replace("/", "#", 1) if kind == "passages" else name))
    except ValueError:
        return None


def page(thing: NamedNode) -> str:
    """The path of the page of the same, relative to its own address."""
    path, inside = links.path_of(thing.value)
    up = "../.." if inside else ".."
    return f"{up}{path}#{links.place(inside)}" if inside else f"{up}{path}"


def describe(store: Store, thing: NamedNode) -> tuple[list[Triple], list[Quad]]:
    """What stands in the default graph of a thing, with the labels of what it names, and in the named graphs.

    Of a passage, the latter are its triples; of a term, the former are those of the ontology.
    """
    term = thing.value.startswith(ENT)
    graph = NamedNode(ONTOLOGY_GRAPH) if term else DefaultGraph()
    own = [q.triple for q in _with_blanks(store, thing, graph)]
    if not term:
        own += [q.triple for q in store.quads_for_pattern(None, None, thing, graph)]
    patterns: tuple[tuple[Any, Any, Any], ...] = ((thing, None, None), (None, thing, None), (None, None, thing))
    found = (q for s, o, g in patterns for q in store.quads_for_pattern(s, None, o, g))
    named = [q for q in found if isinstance(q.graph_name, NamedNode) and q.graph_name.value.startswith(ARTICLE)]
    passages = {q.graph_name for q in named} - {thing}
    told = [q.triple for p in passages for q in store.quads_for_pattern(p, None, None, DefaultGraph())]  # type: ignore[arg-type]
    return list(dict.fromkeys([*own, *_labels(store, own)])), [*dict.fromkeys(named), *(Quad(*t) for t in told)]


def _with_blanks(store: Store, subject: Any, graph: Any) -> Iterator[Quad]:
    """The quads of a subject in a graph, and those of the blank nodes that they lead to."""
    waiting, seen = [subject], {subject}
    while waiting:
        for quad in store.quads_for_pattern(waiting.pop(), None, None, graph):
            yield quad
            if isinstance(quad.object, BlankNode) and quad.object not in seen:
                seen.add(quad.object)
                waiting.append(quad.object)


def _labels(store: Store, triples: Iterable[Triple]) -> Iterator[Triple]:
    for term in dict.fromkeys(x for t in triples for x in (t.subject, t.object) if isinstance(x, NamedNode)):
        yield from (q.triple for q in store.quads_for_pattern(term, _LABEL, None, DefaultGraph()))


def service(store: Store, base: str) -> list[Triple]:
    """The description of the endpoint (SPARQL 1.1 Service Description) below an address without a slash at its end."""
    endpoint = f"{base}/sparql"
    node, dataset, default = (NamedNode(endpoint + part) for part in ("#service", "#dataset", "#default"))
    triples = [
        Triple(node, _TYPE, NamedNode(SD + "Service")),
        Triple(node, NamedNode(SD + "endpoint"), NamedNode(endpoint)),
        Triple(node, NamedNode(SD + "supportedLanguage"), NamedNode(SD + "SPARQL11Query")),
        Triple(node, NamedNode(SD + "defaultDataset"), dataset),
        Triple(dataset, _TYPE, NamedNode(SD + "Dataset")),
        Triple(dataset, NamedNode(SD + "defaultGraph"), default),
        Triple(default, _TYPE, NamedNode(SD + "Graph")),
    ]
    for name in dict.fromkeys(media_type(f).partition(";")[0] for f in (*ROWS.values(), *GRAPHS.values())):
        if name in _RESULTS:
            triples.append(Triple(node, NamedNode(SD + "resultFormat"), NamedNode(_FORMATS + _RESULTS[name])))
    names = sorted((g for g in store.named_graphs() if isinstance(g, NamedNode)), key=lambda g: g.value)
    names.sort(key=lambda g: g.value.startswith(ARTICLE))  # those of passages last
    for graph in names[:_MOST_GRAPHS]:
        triples.append(Triple(dataset, NamedNode(SD + "namedGraph"), graph))
        triples.append(Triple(graph, _TYPE, NamedNode(SD + "NamedGraph")))
        triples.append(Triple(graph, NamedNode(SD + "name"), graph))
    return triples
