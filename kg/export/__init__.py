"""Writes the graph for other tools, in RDF, CSV, GraphML or DOT: `write` in `export/__init__.py` chooses the module.

`serialize` writes the formats of RDF, `rows` CSV, `graphml` and `dot` those of graph drawers; `metadata` adds the
description of the dataset, and `--claims`; `owl` makes one ontology of it all. All RDF formats carry the same default
graph (model, rule 24); TriG and N-Quads add the named graphs. Nothing in an export depends on the clock, the machine,
the locale or the hash seed.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pyoxigraph import Quad, Triple

    from kg.provenance.context import Context

# The formats, and the other names of each; all are endings of files as well.
FORMATS = {
    "turtle": ("ttl", "n3"),
    "trig": (),
    "nquads": ("nq",),
    "ntriples": ("nt",),
    "jsonld": ("json",),
    "rdfxml": ("rdf", "xml", "owl"),
    "csv": (),
    "graphml": (),
    "dot": ("gv",),
}
# What becomes, in OWL, of dates and of all values whose datatype it does not have: strings, nothing, or what they are.
DATES = ("string", "omit", "keep")
# The options that a format refuses, with what to do instead; each format honours the others.
_ONE_GRAPH = "choose turtle, ntriples, jsonld or rdfxml: an ontology is one graph of RDF"
REFUSED = {
    "claims": {
        "csv": "leave it out: the rows of csv have their receipts",
        "graphml": "leave it out: the edges of graphml have their quotes",
        "dot": "leave it out: the edges of dot have their quotes",
    },
    "owl": dict.fromkeys(("trig", "nquads", "csv", "graphml", "dot"), _ONE_GRAPH),
}


def format_of(name: str) -> str:
    """The format that a name or an ending stands for, in any spelling (`nt`, `JSON-LD`, `.ttl`); itself if it is none.

    >>> format_of("JSON-LD")
    'jsonld'
    """
    plain = "".join(filter(str.isalnum, name.lower()))
    return next((known for known, others in FORMATS.items() if plain in (known, *others)), name)


def format_of_file(path: str) -> str:
    """The format of a file by its ending; Turtle where it has none. Raises UsageError for an ending of no format."""
    import os

    from kg.errors import UsageError

    ending = os.path.splitext(path)[1]
    if ending and format_of(ending) not in FORMATS:
        known = ", ".join(f".{ending}" for name, others in FORMATS.items() for ending in (name, *others))
        hint = f"choose one of {known}; or name the format with -f"
        raise UsageError(f"{path}: {ending} is the ending of no format", hint=hint, rule="format")
    return format_of(ending) if ending else "turtle"


def write(
    context: "Context",
    rdf_format: str,
    *,
    claims: bool = False,
    asserted_only: bool = False,
    owl: bool = False,
    dates: str | None = None,
) -> bytes:
    """The graph in one of FORMATS, in UTF-8 with LF.

    `claims` adds a claim for each fact, and selectors for each passage (model, rule 26). `asserted_only` leaves out
    what was inferred. `owl` makes it one OWL 2 ontology with its terms, in which `dates` are one of DATES, by
    default strings. Raises UsageError for an unknown format and an option that it refuses (REFUSED), and InputError for
    what a format cannot carry.
    """
    from kg.errors import UsageError

    rdf_format = format_of(rdf_format)
    if rdf_format not in FORMATS:
        raise UsageError(f"no format {rdf_format}", hint=f"the formats are {', '.join(FORMATS)}", rule="format")
    for option in (name for name, wanted in (("claims", claims), ("owl", owl)) if wanted):
        if hint := REFUSED[option].get(rdf_format):
            raise UsageError(f"{rdf_format} cannot be written with --{option}", hint=hint, rule="format")
    if dates and not owl:
        raise UsageError("--dates is for --owl", hint="leave it out: elsewhere dates are what they are", rule="format")
    if dates not in (None, *DATES):
        raise UsageError(f"no dates {dates}", hint=f"choose one of {', '.join(DATES)}", rule="format")
    if rdf_format == "csv":
        from kg.export import rows

        return rows.write_csv(context, asserted_only=asserted_only)
    if rdf_format == "graphml":
        from kg.export import graphml

        return graphml.write(context, asserted_only=asserted_only)
    if rdf_format == "dot":
        from kg.export import dot

        return dot.write(context, asserted_only=asserted_only)
    return _rdf(context, rdf_format, claims, asserted_only, (dates or "string") if owl else "")


def _rdf(context: "Context", rdf_format: str, claims: bool, asserted_only: bool, owl_dates: str) -> bytes:
    from pyoxigraph import NamedNode

    from kg.export import metadata, owl, serialize
    from kg.rdf.namespaces import INFERRED_GRAPH, ONTOLOGY_GRAPH

    left_out = INFERRED_GRAPH if asserted_only else ""
    named = [q for q in context.quads if isinstance(q.graph_name, NamedNode) and q.graph_name.value != left_out]
    ontology = [q.triple for q in named if q.graph_name.value == ONTOLOGY_GRAPH]
    if owl_dates:
        facts = context.triples(asserted_only=asserted_only)
        about = metadata.about(facts, ontology)
        triples = owl.ontology(context, ontology, about, claims=claims, asserted_only=asserted_only, dates=owl_dates)
    else:
        written = named if rdf_format in ("trig", "nquads") else []
        triples = _default_graph(context, written, ontology, claims, asserted_only)
    if rdf_format == "turtle":
        return serialize.turtle(triples).encode()
    if rdf_format == "trig":
        return serialize.turtle(triples, named).encode()
    if rdf_format == "jsonld":
        return serialize.jsonld(triples, ontology).encode()
    if rdf_format == "rdfxml":
        return serialize.rdfxml(triples).encode()
    return serialize.lines(triples, {"ntriples": None, "nquads": named}[rdf_format])


def _default_graph(
    context: "Context", named: "list[Quad]", ontology: "list[Triple]", claims: bool, asserted_only: bool
) -> "list[Triple]":
    from kg.export import metadata

    triples = dict.fromkeys(context.triples(asserted_only=asserted_only))
    if claims:
        triples.update(dict.fromkeys(metadata.claims(context, asserted_only=asserted_only)))
    triples.update(dict.fromkeys(metadata.description(list(triples), named, ontology)))
    return list(triples)
