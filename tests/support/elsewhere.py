"""Whether a graph behind an endpoint answers as the graph itself does, byte for byte."""

from collections.abc import Iterable

from pyoxigraph import NamedNode, Quad, Triple

from kg.dataset.remote import RemoteStore
from kg.graph import Graph
from kg.provenance import why
from kg.provenance.context import Context
from kg.provenance.describe import Description
from kg.rdf.namespaces import ARTICLE, ID, INFERRED_GRAPH


def requests(graph: Graph) -> int:
    """How many requests a graph behind an endpoint has sent."""
    assert isinstance(graph.store, RemoteStore)
    return graph.store.endpoint.requests


def different_answers(graph: Graph, there: Graph, names: Iterable[str]) -> list[str]:
    """The stored queries whose answers differ: rows and receipts as data, labels and footnotes as a table."""
    found = []
    for name in names:
        answers = [g.query(name, receipts=True) for g in (graph, there)]
        ours, theirs = ([answer.write("json"), answer.table(100)] for answer in answers)
        found += [name] if ours != theirs else []
    return found


def different_descriptions(graph: Graph, there: Graph, things: Iterable[NamedNode]) -> list[str]:
    """The things of which something else is shown, as text or as data."""
    found = []
    for thing in things:
        theirs, ours = there.show(thing.value), Description(graph.context, thing)
        found += [thing.value] if (ours.text(100), ours.json()) != (theirs.text(100), theirs.json()) else []
    return found


def different_proofs(graph: Graph, there: Graph, triples: Iterable[Triple]) -> list[str]:
    """The triples of which the proofs differ, one of them or all, or what is missing for one."""
    found = []
    for triple in triples:

        def proved(context: Context, triple: Triple = triple) -> str:
            found = why.prove_all(context, triple) or why.why_not(context, triple)
            return why.write_proof(found, "text", context.things, 100, every=True)

        found += [str(triple)] if proved(graph.context) != there.context.whole(proved) else []
    return found


def inferred(graph: Graph) -> list[Triple]:
    """What follows from the facts of a graph, in order."""
    quads: list[Quad] = graph.quads
    return sorted((q.triple for q in quads if q.graph_name == NamedNode(INFERRED_GRAPH)), key=str)


def asserted(graph: Graph) -> list[Triple]:
    """The other statements of a graph, in order."""
    return sorted({*graph.triples()} - {*inferred(graph)}, key=str)


def things(graph: Graph) -> list[NamedNode]:
    """What a graph is about and its articles, in order."""
    subjects = {q.subject for q in graph.quads if isinstance(q.subject, NamedNode)}
    return sorted((x for x in subjects if x.value.startswith((ID, ARTICLE))), key=str)
