"""The facade: `kg.open()` gives a graph that can be queried, validated, explained and exported."""

import os
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

from pyoxigraph import NamedNode, Store, Triple

from kg.dataset import cache, stored_queries
from kg.dataset.engine import SECONDS, Engine
from kg.dataset.labels import Labels
from kg.errors import KgError, UsageError, clean
from kg.provenance.context import Context
from kg.rdf.namespaces import ENT, ONTOLOGY_GRAPH, expand
from kg.source.layout import GraphFolder

if TYPE_CHECKING:
    import rdflib

    from kg.dataset.build import Build
    from kg.findings import Findings
    from kg.provenance.answer import Answer, Drawn, Wanted
    from kg.provenance.describe import Description
    from kg.provenance.neighbours import NeighbourRows
    from kg.provenance.proofs import Proof
    from kg.provenance.receipts import Receipts
    from kg.provenance.why import Proofs, WhyNot

REASONERS = ("rl", "owlrl")
Part = TypeVar("Part")


def _example(query: stored_queries.Query, things: Labels) -> dict[str, str]:
    """See `Graph.example`."""
    found: dict[str, str] = {}
    first, last = things.reading_dates
    dates = [p["name"] for p in query.parameters if p["type"] == "date"]
    iris = [iri for p in query.parameters if (iri := expand(str(p["default"])))]
    is_foreign = not all(things.known(NamedNode(iri)) for iri in iris)
    for name, default, kind in ((p["name"], str(p["default"]), p["type"]) for p in query.parameters):
        if is_foreign and expand(default):
            kind = "" if kind == "thing" else ENT + (kind if kind != "Actor" else "State")  # not anybody
            found[name] = things.most_stated(kind, found.values()) or stored_queries.ANY
        elif name in dates[-1:] and default < first:
            found[name] = last
        elif default != stored_queries.ANY:
            found[name] = default
    return found


def _shown(description: "Description") -> object:
    """A description in both forms, so that both are at hand."""
    return description.text(80), description.json()


def counted(counts: Mapping[str, int]) -> str:
    """How much a graph holds."""
    return (
        f"{counts['articles']} article{'s' * (counts['articles'] != 1)}: {counts['facts']} facts in "
        f"{counts['passages']} passages, {counts['claims']} claims by others, {counts['background']} background facts"
    )


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
        self.graph_folder, self.engine_name, self.reasoner, self.progress = graph_folder, engine, reasoner, progress
        self._in_memory, self._files, self._endpoint = in_memory, list[str](), ""
        self.notes = list[str]()  # on how data of an endpoint differ from what this folder is for

    def __repr__(self) -> str:
        return f"<kg.Graph {clean(self.title)}: {clean(self._summary())}>"

    def _summary(self) -> str:
        """How much it holds; of a graph that cannot be built, why not, since what shows a graph must not fail."""
        try:
            if self._endpoint:
                return f"stored queries and ontology of {self.graph_folder.name}"
            if self._files:
                return f"{len(self.quads)} quads"
            return f"{counted(self.counts)}, {self.counts['inferred']} inferred facts"
        except KgError as error:
            return error.message

    @property
    def title(self) -> str:
        """Its folder, or the files or the endpoint that it is over."""
        return ", ".join(self._files) or self._endpoint or self.graph_folder.name

    def _repr_html_(self) -> str:
        """What it is and holds, and its stored queries, each with the call that runs it, for a notebook."""
        from kg import html

        head = f"<p><b>{html.text(self.title)}</b> {html.text(self._summary())}</p>"
        rows: list[tuple[str, str]] = []
        with suppress(KgError):
            for query in self.queries.values():
                values = "".join(f", {name}={value!r}" for name, value in self.example(query).items())
                known = ", ".join(f"{p['name']} ({p['type']}, default {p['default']})" for p in query.parameters)
                call = html.span(f"graph.query({query.name!r}{values})", "code", f"parameters: {known or 'none'}")
                rows.append((html.text(query.summary), call))
        queries = [html.folded(f"{len(rows)} stored queries", html.table(["question", "call"], rows))] if rows else []
        return html.block(head, *queries)

    def example(self, query: stored_queries.Query) -> dict[str, str]:
        """Values of a stored query's parameters with which to show it: its defaults, where they restrict its answer.

        Where the graph does not know the things, others of their kinds, of which most is stated together, or `any` if
        there are none. For the day up to which it asks, the last reading date, where all articles are later.
        """
        return self.context.whole(lambda context: _example(query, context.things))

    @cached_property
    def build(self) -> "Build":
        """The sources, read and compiled anew. Raises InputError where they are broken."""
        from kg.dataset import build
        from kg.source import documents

        self.progress("compiling the graph")
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

    def load(self, most: int) -> bool:
        """As `compile`, and load a large graph into memory if it has at most `most` facts; whether it is there."""
        large = isinstance(self._compiled, cache.LargeBuild)
        if large and self.counts["facts"] + self.counts["inferred"] > most:
            return False
        self._in_memory = large
        self.compile()
        return True

    @property
    def version(self) -> str:
        """A name of the compiled dataset with its stored queries, which another one does not have."""
        if isinstance(self._compiled, cache.LargeBuild):
            return os.path.basename(self._compiled.folder)
        parts = (str(q) for q in self.quads), (f"{query.kept()}" for query in self.queries.values())
        return cache.digest(text.encode() for part in parts for text in part)

    @cached_property
    def context(self) -> Context:
        """The compiled dataset with what proofs, answers and exports need of it."""
        open_store = _loaded if self._in_memory else lambda build: build.store()
        return Context(
            self.graph_folder, lambda: self._whole(lambda build: build.quads()), lambda: self._whole(open_store)
        )

    def _whole(self, part: Callable[[cache.CachedBuild], Part]) -> Part:
        """A part of the build; where it is damaged, and so has been removed, of one that is made anew."""
        try:
            return part(self._compiled)
        except cache.DamagedError:
            del self._compiled
            return part(self._compiled)

    @property
    def store(self) -> Any:
        """The compiled dataset in a pyoxigraph store; where it is behind an endpoint, a `RemoteStore`."""
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
    def receipts(self) -> "Receipts":
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

    def ask(
        self,
        query: str,
        parameters: Mapping[str, str],
        receipts: "Wanted" = False,
        *,
        base: str = "",
        head: bool = True,
    ) -> "Answer":
        """As `query`, with the parameters in a mapping, so that they may have any name.

        `base` is the IRI against which relative IRIs of a query's text are read. Without `head`, comments at the top of
        a text are comments, whatever they look like: in what strangers ask, no YAML is read.
        """
        from kg.provenance.answer import Answer

        if any(mark in query.strip(" ") for mark in " \n{<"):
            asked = stored_queries.parse("-", "-", query) if head else stored_queries.Query("-", "-", query, {})
        else:
            asked = stored_queries.find(query, self.queries)
        given = {k: str(v) for k, v in parameters.items()}
        text = self.context.whole(lambda context: stored_queries.bind(asked, given, context.things))
        found = self.engine.run(text, checked=asked is self.queries.get(asked.name), base=base)
        return Answer(
            self.context, found, f"BASE <{base}>\n{text}" if base else text, receipts, self._draw(asked.summary)
        )

    def _draw(self, title: str) -> "Callable[[Answer, str], Drawn]":
        """What draws an answer under a title."""

        def draw(answer: "Answer", kind: str) -> "Drawn":
            from kg.pictures.plots import plot

            return self.context.whole(lambda context: plot(context, answer, kind, title))

        return draw

    def picture(self, thing: str = "") -> "Drawn":
        """The picture of who is tied to whom; of a thing, named as in `show`, that of what it is tied to."""
        from kg.pictures import neighbourhoods, networks
        from kg.pictures.plots import Picture

        def drawn(context: Context) -> str:
            return neighbourhoods.neighbourhood(context, context.things.resolve(thing).value)

        return Picture(self.context.whole(drawn if thing else networks.network))

    def timeline(self, thing: str = "") -> "Drawn":
        """The picture of what is dated; of a thing, named as in `show`, that of what it has a part in."""
        from kg.pictures import timelines
        from kg.pictures.plots import Picture

        def drawn(context: Context) -> str:
            return timelines.timeline(context, context.things.resolve(thing).value if thing else "")

        return Picture(self.context.whole(drawn))

    def beside(self, query: str, parameters: Mapping[str, str]) -> "list[NeighbourRows]":
        """For which neighbours of its parameters' values a stored query has rows that it has not for the values.

        Neighbours are such as the territory of an annexation, or the government that somebody leads.
        """
        from kg.provenance.neighbours import rows_of_neighbours

        asked, given = stored_queries.find(query, self.queries), {k: str(v) for k, v in parameters.items()}

        known = dict[tuple[str, ...], list[tuple[Any, ...]]]()

        def rows(values: dict[str, str]) -> list[tuple[Any, ...]]:
            key = tuple(f"{name}={value}" for name, value in values.items())
            if key not in known:
                known[key] = [tuple(row) for row in self.ask(asked.name, values).rows]
            return known[key]

        return self.context.whole(
            lambda context: rows_of_neighbours(asked, given, context.things.resolve, rows, context.store)
        )

    def over(self, files: list[str]) -> "Graph":
        """The stored queries of this graph, over the data of other RDF files; `IRI=FILE` is a named graph.

        Where these have literals in forms that a store takes for one (`1`, `01`), the engine keeps them apart as far as
        it can: see `Engine.merged`. Raises UsageError for the name of a graph that is no IRI.
        """
        from kg.rdf.terms import stored_forms
        from kg.source.documents import parse_data

        quads, graphs = parse_data(files)
        other = Graph(self.graph_folder, self.engine_name, self.reasoner, self.progress)
        other.context, other._files = Context(self.graph_folder, lambda: quads), files
        exact = quads if stored_forms(q.object for q in quads) else ()
        other.engine = Engine(quads if self.engine_name == "rdflib" else other.store, self.engine_name, exact=exact)
        for graph in graphs:  # of a file without a statement
            other.engine.store.add_graph(graph)
        return other

    def at(self, address: str, seconds: float = SECONDS) -> "Graph":
        """The stored queries and the ontology of this graph, over the data of a SPARQL endpoint.

        Each request may take so many seconds. One is sent, and `notes` has in which way the data have another ontology.
        Raises UsageError for what is no address of an endpoint.
        """
        from kg.dataset.endpoint import Endpoint, EndpointEngine
        from kg.dataset.remote import RemoteStore
        from kg.provenance.context import RemoteContext

        endpoint = Endpoint(address, seconds)
        ontology = self.context.store.quads_for_pattern(None, None, None, NamedNode(ONTOLOGY_GRAPH))
        other = Graph(self.graph_folder, self.engine_name, self.reasoner, self.progress)
        store = RemoteStore(endpoint, ontology)
        other.context, other._endpoint = RemoteContext(self.graph_folder, store), endpoint.address
        other.notes = [f"{note}; stored queries and rules are those of {self.title}" for note in store.differences()]
        other.engine = EndpointEngine(store.ask)
        return other

    def validate(self) -> "Findings":
        """The findings of `kg validate`, in the order of files and lines."""
        from kg.findings import Findings
        from kg.source import layout
        from kg.validation import run

        unasked = self.graph_folder.name == layout.UNASKED
        graph_folder = layout.find_graph_folder(own=True) if unasked else self.graph_folder
        return Findings(run.validate(graph_folder, progress=self.progress).findings)

    def triples(self, *, asserted_only: bool = False) -> list[Triple]:
        """The triples of the default graph; `asserted_only` leaves out what was inferred."""
        return self.context.triples(asserted_only=asserted_only)

    def show(self, thing: str) -> "Description":
        """What the graph knows of a thing, named by IRI, prefixed name or label."""
        from kg.provenance.describe import Description

        found = self.context.whole(lambda context: context.things.resolve_shown(thing))
        self.context.prepare(lambda context: _shown(Description(context, found)))
        return Description(self.context, found)

    def why(self, subject: str, predicate: str, value: str) -> "Proof | WhyNot":
        """The proof of a triple, named by IRIs, prefixed names or labels.

        Where the graph does not have it, what is missing for it, which is false.
        """
        from kg.provenance import why

        triple = self.context.whole(lambda context: why.find_triple(context, subject, predicate, value))
        return self._proved(lambda context: why.prove(context, triple) or why.why_not(context, triple))

    def proofs(self, subject: str, predicate: str, value: str) -> "Proofs":
        """All proofs of a triple, up to a bound, the shortest first; none where the graph does not have it."""
        from kg.provenance import why

        triple = self.context.whole(lambda context: why.find_triple(context, subject, predicate, value))
        return self._proved(lambda context: why.prove_all(context, triple))

    def _proved(self, prove: "Callable[[Context], Part]") -> "Part":
        """What is proved, with the labels that it takes to show it at hand."""
        self.context.prepare(lambda context: repr(prove(context)))
        return prove(self.context)

    def export(
        self,
        rdf_format: str = "turtle",
        *,
        claims: bool = False,
        asserted_only: bool = False,
        owl: bool = False,
        dates: str | None = None,
    ) -> bytes:
        """The graph in a format for other tools: see `kg.export.write`."""
        from kg import export

        options = {"claims": claims, "asserted_only": asserted_only, "owl": owl}
        return export.write(self.context, rdf_format, dates=dates, **options)

    def bulk(self, folder: str) -> tuple[int, int]:
        """Write the dataset for the bulk loaders of stores: see `kg.export.bulk.write`."""
        from kg.export import bulk

        return self._whole(lambda build: bulk.write(build.parts(), folder))

    def rdflib(self) -> "rdflib.Graph":
        """The default graph as a plain rdflib graph."""
        from kg.rdf.terms import rdflib_graph

        return rdflib_graph(self.triples())


def _loaded(build: cache.CachedBuild) -> Store:
    """A build in a store in memory. Raises DamagedError where it is damaged."""
    if not isinstance(build, cache.LargeBuild):
        return build.store()
    found = Store()
    with build.removed_if_damaged():
        found.bulk_extend(build.store())
    return found
