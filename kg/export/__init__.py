"""The graph for other tools: six formats of RDF, CSV and GraphML, the same to the byte on every run.

All RDF formats carry the same default graph (model, rule 24) and a description of it; TriG and N-Quads add the named
graphs. Nothing in an export depends on the clock, the machine, the locale or the hash seed.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pyoxigraph import Quad, Triple

    from kg.provenance.context import Context

FORMATS = ("turtle", "trig", "nquads", "ntriples", "jsonld", "rdfxml", "csv", "graphml")


def write(context: "Context", rdf_format: str, *, claims: bool = False, asserted_only: bool = False) -> bytes:
    """The graph in one of FORMATS, in UTF-8 with LF.

    `claims` adds, to the formats of RDF, a claim for each fact, and selectors for each passage (model, rule 26); CSV
    carries its receipts always. `asserted_only` leaves out what was inferred. Raises UsageError for an unknown format,
    and InputError for what a format cannot carry.
    """
    from kg.errors import UsageError

    if rdf_format not in FORMATS:
        raise UsageError(f"no format {rdf_format}", hint=f"the formats are {', '.join(FORMATS)}")
    if rdf_format == "csv":
        from kg.export import csv

        return csv.write(context, asserted_only=asserted_only)
    if rdf_format == "graphml":
        from kg.export import graphml

        return graphml.write(context, asserted_only=asserted_only)
    triples = _default_graph(context, claims, asserted_only)
    return _rdf(context, rdf_format, triples, _named_graphs(context, asserted_only))


def _default_graph(context: "Context", claims: bool, asserted_only: bool) -> "list[Triple]":
    from kg.export import void
    from kg.export.claims import claim_triples

    triples = dict.fromkeys(context.triples(asserted_only=asserted_only))
    if claims:
        triples.update(dict.fromkeys(claim_triples(context, asserted_only=asserted_only)))
    about = void.triples(list(triples), ontology(context))
    return [*triples, *(t for t in about if t not in triples)]


def ontology(context: "Context") -> "list[Triple]":
    """The triples of the ontology's graph."""
    from kg.rdf.namespaces import ONTOLOGY_GRAPH

    return [q.triple for q in context.quads if getattr(q.graph_name, "value", "") == ONTOLOGY_GRAPH]


def _named_graphs(context: "Context", asserted_only: bool) -> "list[Quad]":
    from pyoxigraph import NamedNode

    from kg.rdf.namespaces import INFERRED_GRAPH

    left_out = INFERRED_GRAPH if asserted_only else ""
    return [q for q in context.quads if isinstance(q.graph_name, NamedNode) and q.graph_name.value != left_out]


def _rdf(context: "Context", rdf_format: str, triples: "list[Triple]", named: "list[Quad]") -> bytes:
    from kg.export import jsonld, rdfxml, turtle

    if rdf_format == "turtle":
        return turtle.write(triples).encode()
    if rdf_format == "trig":
        return turtle.write(triples, named).encode()
    if rdf_format == "jsonld":
        return jsonld.write(triples, ontology(context)).encode()
    if rdf_format == "rdfxml":
        return rdfxml.write(triples).encode()
    return turtle.write_lines(triples, named if rdf_format == "nquads" else None)
