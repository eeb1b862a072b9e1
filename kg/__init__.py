"""Entente: an RDF knowledge graph of news articles, in which every answer leads back to the sentences it rests on.

    import kg
    for row in kg.open().query("who-leads", state="Turkey", receipts=True):
        print(*row, row.receipts)

What is where; a package or module imports only from the lines below its own (tests/test_architecture.py):

    cli          the command `kg`: parse, call the library, print
    serve, mcp   the servers: SPARQL, linked data and pages over HTTP; tools for assistants over stdio
    cluster      graphs that outgrow one machine: compiled on Apache Spark
    pages        pages to read: articles, things, questions; served or as static files
    graph        the facade that `kg.open()` gives
    drafting     new articles and graph folders, facts drafted for review
    validation   the checks of facts, shapes, ontology and stored queries
    pictures     who is tied to whom, and what came when, as SVG
    export       Turtle, TriG, N-Quads, N-Triples, JSON-LD, RDF/XML, CSV, GraphML, DOT
    provenance   the receipts of answers and the proofs of triples
    dataset      the compiled dataset: built, cached, updated, queried
    source       the files of a graph folder: found, read with positions, written
    reasoning    the OWL 2 RL closure of any graph, with derivations
    text         natural language: quotes, segments, dates, amounts, names
    rdf          RDF terms, literals and their values, Turtle and SPARQL as text
    workers      processes that answer requests and can be killed
    findings, terminal, limits   results of checks; tables; limits of time, memory and input
    html         tables and footnotes for notebooks
    errors       the exceptions and their exit codes; text from elsewhere, as each medium may show it
"""

TYPE_CHECKING = False  # as of typing, which takes so long to import that Ctrl-C would meet it
if TYPE_CHECKING:
    from collections.abc import Callable

    from kg.graph import Graph

__version__ = "0.1.0"


def open(
    directory: str | None = None,
    engine: str = "oxigraph",
    reasoner: str = "rl",
    *,
    in_memory: bool = False,
    endpoint: str = "",
) -> "Graph":
    """Open a graph folder: `directory`, else the nearest one above the current folder, else the shipped one.

    `engine` is `oxigraph` or `rdflib`, `reasoner` is `rl` or `owlrl`; each gives the same answers. A large graph stays
    on disk, where it is open at once; `in_memory` loads it first, for many queries. `endpoint` is the address of a
    SPARQL endpoint that has the data; ontology and stored queries are those of the folder (`Graph.at`). Raises
    `kg.errors.InputError` where there is no graph.
    """
    from kg.graph import Graph
    from kg.source import layout

    graph = Graph(layout.find_graph_folder(directory), engine, reasoner, in_memory=in_memory)
    return graph.at(endpoint) if endpoint else graph


def lazily(package: str, names: str) -> "Callable[[str], object]":
    """The `__getattr__` of a package (PEP 562) that imports each of its public names, `module.name`, on first use."""
    modules = {name: f"{package}.{module}" for module, _, name in (full.partition(".") for full in names.split())}

    def public(name: str) -> object:
        if name not in modules:
            raise AttributeError(f"no public name {name}")
        return getattr(__import__(modules[name], fromlist=[name]), name)

    return public
