"""Writes the graph for other tools, in RDF, CSV or GraphML: `write` in `export/__init__.py` chooses the module.

`serialize` writes Turtle, TriG, N-Triples, N-Quads and RDF/XML, `jsonld` JSON-LD, `csv` and `graphml` the formats of
spreadsheets and graph drawers, both from `rows`; `metadata` adds the description of the dataset, and `--claims`. All
RDF formats carry the same default graph (model, rule 24); TriG and N-Quads add the named graphs. Nothing in an export
depends on the clock, the machine, the locale or the hash seed.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pyoxigraph import Triple

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
    return _rdf(context, rdf_format, claims, asserted_only)


def _rdf(context: "Context", rdf_format: str, claims: bool, asserted_only: bool) -> bytes:
    from pyoxigraph import NamedNode

    from kg.export import jsonld, serialize
    from kg.rdf.namespaces import INFERRED_GRAPH, ONTOLOGY_GRAPH

    left_out = INFERRED_GRAPH if asserted_only else ""
    named = [q for q in context.quads if isinstance(q.graph_name, NamedNode) and q.graph_name.value != left_out]
    ontology = [q.triple for q in named if q.graph_name.value == ONTOLOGY_GRAPH]
    triples = _default_graph(context, ontology, claims, asserted_only)
    if rdf_format == "turtle":
        return serialize.turtle(triples).encode()
    if rdf_format == "trig":
        return serialize.turtle(triples, named).encode()
    if rdf_format == "jsonld":
        return jsonld.write(triples, ontology).encode()
    if rdf_format == "rdfxml":
        return serialize.rdfxml(triples).encode()
    return serialize.lines(triples, named if rdf_format == "nquads" else None)


def _default_graph(context: "Context", ontology: "list[Triple]", claims: bool, asserted_only: bool) -> "list[Triple]":
    from kg.export import metadata

    triples = dict.fromkeys(context.triples(asserted_only=asserted_only))
    if claims:
        triples.update(dict.fromkeys(metadata.claims(context, asserted_only=asserted_only)))
    triples.update(dict.fromkeys(metadata.description(list(triples), ontology)))
    return list(triples)
