"""The facade: `kg.open()` gives a graph that can be asked, judged, shown and exported."""

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

from pyoxigraph import DefaultGraph, NamedNode, Quad, Store, Triple

from kg import cache, engines, paths, queries
from kg.engines import Engine
from kg.errors import UsageError
from kg.paths import Rooms
from kg.receipts import Receipts
from kg.results import Ask, Rows
from kg.things import Things
from kg.vocabulary import INFERRED_GRAPH

if TYPE_CHECKING:
    import rdflib

    from kg.answers import Answer, Wanted
    from kg.build import Build
    from kg.derivations import Derivation, OfDataset
    from kg.explain import Proof
    from kg.findings import Finding
    from kg.grounds import Grounding
    from kg.show import Shown
    from kg.tracing import Tracer

REASONERS = ("rl", "owlrl")


class Graph:
    """One graph folder, compiled. Nothing is read before it is needed.

    `engine` answers SPARQL (`oxigraph` or `rdflib`), `reasoner` makes the closure. `progress` is told, in a few
    words, what takes more than a moment. A large graph stays on disk, unless it is to be `in_memory`.
    """

    def __init__(
        self,
        rooms: Rooms,
        engine: str = "oxigraph",
        reasoner: str = "rl",
        progress: Callable[[str], None] = lambda words: None,
        *,
        in_memory: bool = False,
    ) -> None:
        if reasoner not in REASONERS:
            raise UsageError(f"no reasoner {reasoner}", hint=f"the reasoners are {', '.join(REASONERS)}")
        self.rooms, self.engine_name, self.reasoner, self._progress = rooms, engine, reasoner, progress
        self._in_memory = in_memory

    @cached_property
    def build(self) -> "Build":
        """The sources, read and compiled anew. Raises InputError where they are broken."""
        from kg import build, sources

        self._progress("compiling the graph")
        return build.compile_graph(sources.load(self.rooms), self.reasoner)

    def questions(self) -> list[dict[str, Any]]:
        """The stored questions as a build keeps them. Raises LimitError or UsageError for one that may not be asked."""
        stored = queries.stored(self.rooms)
        for query in stored:
            engines.check(queries.opened(query.text), where=query.path)
        return [q.kept() for q in stored]

    @cached_property
    def _compiled(self) -> cache.Kept:
        return cache.load(self.rooms, self.reasoner, self)

    def compile(self) -> None:
        """Build what is not built yet, and load it; a later query then takes its own time only."""
        _ = self.queries, self.store

    @cached_property
    def store(self) -> Store:
        """The compiled dataset in a pyoxigraph store."""
        if not self._in_memory:
            return self._compiled.store()
        store = Store()
        store.bulk_extend(self.quads)
        return store

    @cached_property
    def quads(self) -> list[Any]:
        """The compiled dataset as quads in the order of their N-Quads, lexical forms kept."""
        return self._compiled.quads()

    @cached_property
    def derivations(self) -> "OfDataset":
        """How each inferred and each computed triple follows, in one step."""
        from kg import derivations

        return derivations.of_dataset(self.quads)

    @cached_property
    def tracer(self) -> "Tracer":
        """The ways in which a triple follows, found without a closure."""
        from kg.tracing import Tracer

        return Tracer(self.store)

    @cached_property
    def engine(self) -> Engine:
        """The engine that answers SPARQL."""
        return Engine(self.store, self.engine_name)

    @cached_property
    def things(self) -> Things:
        """The names of the graph, both ways."""
        return Things(self.store)

    @cached_property
    def receipts(self) -> Receipts:
        """The passages on which facts rest."""
        return Receipts(self.store)

    @cached_property
    def grounding(self) -> "Grounding":
        """What leads from triples to passages, through the premises of those that are inferred."""
        from kg.grounds import Grounding

        return Grounding(self.store, self.steps)

    def steps(self, triple: Triple) -> "Sequence[Derivation]":
        """The last steps to an inferred triple, the one that leads to the shortest proof first.

        They come from the dataset itself; where that does not know them, from the closure, made for this.
        """
        if self.tracer.fits and (found := self.tracer.steps(triple)):
            return found
        inferred = Quad(triple.subject, triple.predicate, triple.object, NamedNode(INFERRED_GRAPH)) in self.store
        return self.derivations.steps(triple) if inferred else []

    @cached_property
    def queries(self) -> dict[str, queries.Query]:
        """The stored queries by name."""
        return {k["name"]: queries.from_kept(k) for k in self._compiled.about["queries"]}

    @property
    def counts(self) -> dict[str, int]:
        """How much there is of what: articles, passages, facts and so on."""
        counts: dict[str, int] = self._compiled.about["counts"]
        return counts

    def query(self, query: str, /, *, receipts: "Wanted" = False, **parameters: str) -> "Answer":
        """Ask a stored query by its name, or any SPARQL 1.1 query by its text.

        Parameters are given by name, as IRIs, prefixed names or labels: `query("who-leads", state="Turkey")`.
        With `receipts`, each row has the passages on which it rests: those of one witness, or with "all" of every.
        """
        return self.ask(query, parameters, receipts)

    def ask(self, query: str, parameters: Mapping[str, str], receipts: "Wanted" = False) -> "Answer":
        """As `query`, for parameters of any name."""
        from kg.answers import Answer

        if any(mark in query.strip(" ") for mark in " \n{<"):
            asked = queries.parse("-", "-", query)
        else:
            asked = queries.named(query, self.queries)
        text = queries.bind(asked, {k: str(v) for k, v in parameters.items()}, self.things)
        return Answer(self, self.engine.run(text, checked=asked.name in self.queries), text, receipts)

    def over(self, files: list[str]) -> "Graph":
        """The same words and questions over the data of other RDF files."""
        from kg.sources import parse_file

        other = Graph(self.rooms, self.engine_name, self.reasoner, self._progress)
        other.store = Store()
        other.quads = [quad for path in files for quad in parse_file(path, apart=len(files) > 1)]
        other.store.extend(other.quads)
        return other

    def validate(self) -> "list[Finding]":
        """All findings about the graph folder, gravest rules first in no order but that of files and lines."""
        from kg import validation

        return validation.validate(self.rooms, progress=self._progress).findings

    def triples(self, *, asserted_only: bool = False) -> list[Triple]:
        """The triples of the default graph; `asserted_only` leaves out what was inferred."""
        inferred = (
            {q.triple for q in self.quads if q.graph_name == NamedNode(INFERRED_GRAPH)} if asserted_only else set()
        )
        return [q.triple for q in self.quads if isinstance(q.graph_name, DefaultGraph) and q.triple not in inferred]

    def show(self, thing: str) -> "Shown":
        """What the graph knows of a thing, named by IRI, prefixed name or label."""
        from kg.show import Shown

        return Shown(self, self.things.resolve(thing))

    def why(self, subject: str, predicate: str, value: str) -> "Proof | None":
        """The proof of a triple, named by IRIs, prefixed names or labels; None where the graph does not have it."""
        from kg import explain

        return explain.prove(self, explain.find(self, subject, predicate, value))

    def proofs(self, subject: str, predicate: str, value: str) -> "list[Proof]":
        """All proofs of a triple, up to a bound, the shortest first; none where the graph does not have it."""
        from kg import explain

        return explain.prove_all(self, explain.find(self, subject, predicate, value))

    def export(self, rdf_format: str = "turtle", *, claims: bool = False, asserted_only: bool = False) -> bytes:
        """The graph in a format for other tools: see `kg.export.FORMATS`."""
        from kg import export

        return export.write(self, rdf_format, claims=claims, asserted_only=asserted_only)

    def rdflib(self) -> "rdflib.Graph":
        """The default graph as a plain rdflib graph."""
        from kg.terms import rdflib_graph

        return rdflib_graph(self.triples())


def open_graph(
    directory: str | None = None, engine: str = "oxigraph", reasoner: str = "rl", *, in_memory: bool = False
) -> Graph:
    """Open the graph folder `directory`, else the nearest one above the current folder, else the shipped one."""
    return Graph(paths.find(directory), engine, reasoner, in_memory=in_memory)


__all__ = ["Ask", "Graph", "Rows", "open_graph"]
