"""The facade: `kg.open()` gives a graph that can be queried, validated, explained and exported."""

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

from pyoxigraph import Store, Triple

from kg.dataset import cache, stored_queries
from kg.dataset.engine import Engine
from kg.dataset.labels import Labels
from kg.errors import UsageError
from kg.provenance.context import Context
from kg.provenance.receipts import Receipts
from kg.source.layout import GraphFolder

if TYPE_CHECKING:
    import rdflib

    from kg.dataset.build import Build
    from kg.findings import Finding
    from kg.provenance.answer import Answer, Wanted
    from kg.provenance.describe import Description
    from kg.provenance.proofs import Proof

REASONERS = ("rl", "owlrl")
Part = TypeVar("Part")


class Graph:
    """One graph folder, compiled. Nothing is read before it is needed.

    `engine` answers SPARQL (`oxigraph` or `rdflib`), `reasoner` computes the closure (`rl` or `owlrl`). `progress` is
    called with the name of each step that takes more than a moment. A large graph stays on disk, unless `in_memory`.
    """

    def __init__(
        self,
        graph_folder: GraphFolder,
        engine: str = "oxigraph",
        reasoner: str = "rl",
        progress: Callable[[str], None] = lambda step: None,
        *,
        in_memory: bool = False,
    ) -> None:
        if reasoner not in REASONERS:
            raise UsageError(f"no reasoner {reasoner}", hint=f"the reasoners are {', '.join(REASONERS)}")
        self.graph_folder, self.engine_name, self.reasoner, self._progress = graph_folder, engine, reasoner, progress
        self._in_memory = in_memory

    @cached_property
    def build(self) -> "Build":
        """The sources, read and compiled anew. Raises InputError where they are broken."""
        from kg.dataset import build
        from kg.source import documents

        self._progress("compiling the graph")
        return build.compile_graph(documents.load_sources(self.graph_folder), self.reasoner)

    def query_index(self) -> list[dict[str, Any]]:
        """The stored queries as JSON objects. Raises LimitError or UsageError for one that may not be run."""
        from kg.rdf import sparql  # queries in the cache have been checked

        stored = stored_queries.stored(self.graph_folder)
        for query in stored:
            sparql.check(stored_queries.uncommented(query.text), where=query.path)
        return [q.kept() for q in stored]

    @cached_property
    def _compiled(self) -> cache.CachedBuild:
        found = cache.find(self.graph_folder, self.reasoner)
        if not isinstance(found, cache.Fingerprints):
            return found
        from kg.dataset import update

        return update.load(self.graph_folder, found, self)

    def compile(self) -> None:
        """Build the dataset, if the sources have changed, and load it: a later query takes its own time only."""
        _ = self.queries, self.store

    @cached_property
    def context(self) -> Context:
        """The compiled dataset with what proofs, answers and exports need of it."""
        store = None if self._in_memory else lambda: self._whole(lambda build: build.store())
        return Context(self.graph_folder, lambda: self._whole(lambda build: build.quads()), store)

    def _whole(self, part: Callable[[cache.CachedBuild], Part]) -> Part:
        """A part of the build; where it is damaged, and so has been removed, of one that is made anew."""
        try:
            return part(self._compiled)
        except cache.DamagedError:
            del self._compiled
            return part(self._compiled)

    @property
    def store(self) -> Store:
        """The compiled dataset in a pyoxigraph store."""
        return self.context.store

    @property
    def quads(self) -> list[Any]:
        """The compiled dataset as quads in the order of their N-Quads, lexical forms kept."""
        return self.context.quads

    @property
    def things(self) -> Labels:
        """The labels of the dataset, looked up in both directions."""
        return self.context.things

    @property
    def receipts(self) -> Receipts:
        """The passages on which facts rest."""
        return self.context.receipts

    @cached_property
    def engine(self) -> Engine:
        """The engine that answers SPARQL."""
        return Engine(self.store, self.engine_name)

    @cached_property
    def queries(self) -> dict[str, stored_queries.Query]:
        """The stored queries by name."""
        return {k["name"]: stored_queries.from_kept(k) for k in self._compiled.index["queries"]}

    @property
    def counts(self) -> dict[str, int]:
        """The numbers of articles, units, passages, facts, claims, background facts and inferred facts."""
        counts: dict[str, int] = self._compiled.index["counts"]
        return counts

    def query(self, query: str, /, *, receipts: "Wanted" = False, **parameters: str) -> "Answer":
        """Answer a stored query, given by its name, or any SPARQL 1.1 query, given by its text.

        Parameters are given by name, as IRIs, prefixed names or labels: `query("who-leads", state="Turkey")`.
        With `receipts`, each row has the passages on which it rests: those of one witness, or with "all" of every.
        """
        return self.ask(query, parameters, receipts)

    def ask(self, query: str, parameters: Mapping[str, str], receipts: "Wanted" = False, *, base: str = "") -> "Answer":
        """As `query`, with the parameters in a mapping, so that they may have any name.

        `base` is the IRI against which relative IRIs of a query's text are read.
        """
        from kg.provenance.answer import Answer

        if any(mark in query.strip(" ") for mark in " \n{<"):
            asked = stored_queries.parse("-", "-", query)
        else:
            asked = stored_queries.find(query, self.queries)
        text = stored_queries.bind(asked, {k: str(v) for k, v in parameters.items()}, self.things)
        found = self.engine.run(text, checked=asked is self.queries.get(asked.name), base=base)
        return Answer(self.context, found, f"BASE <{base}>\n{text}" if base else text, receipts)

    def over(self, files: list[str]) -> "Graph":
        """The stored queries of this graph, over the data of other RDF files; `IRI=FILE` is a named graph.

        Where these have literals in forms that a store takes for one (`1`, `01`), the engine keeps them apart as far as
        it can: see `Engine.merged`. Raises UsageError for the name of a graph that is no IRI.
        """
        from kg.rdf.terms import stored_forms
        from kg.source.documents import parse_data

        quads, graphs = parse_data(files)
        other = Graph(self.graph_folder, self.engine_name, self.reasoner, self._progress)
        other.context = Context(self.graph_folder, lambda: quads)
        exact = quads if stored_forms(q.object for q in quads) else ()
        other.engine = Engine(quads if self.engine_name == "rdflib" else other.store, self.engine_name, exact=exact)
        for graph in graphs:  # of a file without a statement
            other.engine.store.add_graph(graph)
        return other

    def validate(self) -> "list[Finding]":
        """The findings of `kg validate`, in the order of files and lines."""
        from kg.source import layout
        from kg.validation import run

        unasked = self.graph_folder.name == layout.UNASKED
        graph_folder = layout.find_graph_folder(own=True) if unasked else self.graph_folder
        return run.validate(graph_folder, progress=self._progress).findings

    def triples(self, *, asserted_only: bool = False) -> list[Triple]:
        """The triples of the default graph; `asserted_only` leaves out what was inferred."""
        return self.context.triples(asserted_only=asserted_only)

    def show(self, thing: str) -> "Description":
        """What the graph knows of a thing, named by IRI, prefixed name or label."""
        from kg.provenance.describe import Description

        return Description(self.context, self.things.resolve(thing))

    def why(self, subject: str, predicate: str, value: str) -> "Proof | None":
        """The proof of a triple, named by IRIs, prefixed names or labels; None where the graph does not have it."""
        from kg.provenance import why

        return why.prove(self.context, why.find_triple(self.context, subject, predicate, value))

    def proofs(self, subject: str, predicate: str, value: str) -> "list[Proof]":
        """All proofs of a triple, up to a bound, the shortest first; none where the graph does not have it."""
        from kg.provenance import why

        return why.prove_all(self.context, why.find_triple(self.context, subject, predicate, value))

    def export(self, rdf_format: str = "turtle", *, claims: bool = False, asserted_only: bool = False) -> bytes:
        """The graph in a format for other tools: see `kg.export.write`."""
        from kg import export

        return export.write(self.context, rdf_format, claims=claims, asserted_only=asserted_only)

    def rdflib(self) -> "rdflib.Graph":
        """The default graph as a plain rdflib graph."""
        from kg.rdf.terms import rdflib_graph

        return rdflib_graph(self.triples())
