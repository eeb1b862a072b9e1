"""A compiled dataset with its lazily made indexes: what answers, proofs and exports are given."""

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

from pyoxigraph import DefaultGraph, NamedNode, Quad, Store, Triple

from kg.dataset.labels import Labels
from kg.rdf.namespaces import INFERRED_GRAPH
from kg.source.layout import GraphFolder

if TYPE_CHECKING:
    from kg.dataset.computed import DatasetDerivations
    from kg.dataset.sentences import Sentences
    from kg.provenance.attribution import Attributor
    from kg.provenance.backward import BackwardChainer
    from kg.provenance.receipts import Receipts
    from kg.reasoning.derivations import Derivation

_INFERRED = NamedNode(INFERRED_GRAPH)


class Context:
    """A compiled dataset, the folders that it was compiled from, and indexes of it, each made when first used.

    `read` gives the quads in the order of their N-Quads; `open_store` gives a store of them, by default a new one in
    memory.
    """

    def __init__(
        self, graph_folder: GraphFolder, read: Callable[[], list[Any]], open_store: Callable[[], Store] | None = None
    ) -> None:
        self.graph_folder, self._read, self._open_store = graph_folder, read, open_store
        self.texts: dict[str, str] = {}  # of articles, by name, where they were kept when the dataset was compiled

    @cached_property
    def store(self) -> Store:
        """The dataset in a pyoxigraph store."""
        if self._open_store:
            return self._open_store()
        store = Store()
        store.bulk_extend(self.quads)
        return store

    @cached_property
    def quads(self) -> list[Any]:
        """The dataset as quads in the order of their N-Quads, lexical forms kept."""
        return self._read()

    @cached_property
    def things(self) -> Labels:
        """The labels of the dataset, looked up in both directions."""
        return Labels(self.store)

    @cached_property
    def sentences(self) -> "Sentences":
        """The facts of the dataset in sentences."""
        return self.things.sentences

    @cached_property
    def receipts(self) -> "Receipts":
        """The passages on which facts rest."""
        from kg.provenance.receipts import Receipts

        return Receipts(self.store)

    @cached_property
    def derivations(self) -> "DatasetDerivations":
        """One derivation step for each inferred and each computed triple, from a closure."""
        from kg.dataset.computed import of_dataset

        return of_dataset(self.quads)

    @cached_property
    def backward(self) -> "BackwardChainer":
        """Derivation steps, found by backward chaining without a closure."""
        from kg.provenance.backward import BackwardChainer

        return BackwardChainer(self.store)

    @cached_property
    def attributor(self) -> "Attributor":
        """What attributes triples to passages, inferred ones through their premises."""
        from kg.provenance.attribution import Attributor

        return Attributor(self.store, self.steps)

    def steps(self, triple: Triple) -> "Sequence[Derivation]":
        """The last derivation steps to an inferred triple, the one that leads to the shortest proof first.

        They come from backward chaining; where that is not complete, from the closure.
        """
        if self.backward.is_complete and (found := self.backward.steps(triple)):
            return found
        inferred = Quad(triple.subject, triple.predicate, triple.object, _INFERRED) in self.store
        return self.derivations.steps(triple) if inferred else []

    def triples(self, *, asserted_only: bool = False) -> list[Triple]:
        """The triples of the default graph; `asserted_only` leaves out what was inferred."""
        default = [q.triple for q in self.quads if isinstance(q.graph_name, DefaultGraph)]
        if not asserted_only:
            return default
        from kg.dataset.computed import rests_on

        inferred = {q.triple for q in self.quads if q.graph_name == _INFERRED}
        return [t for t in default if t not in inferred and rests_on(t) not in inferred]
