"""A compiled dataset with its lazily made indexes: what answers, proofs and exports are given."""

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

from pyoxigraph import DefaultGraph, NamedNode, Quad, Store, Triple

from kg.dataset.labels import Labels
from kg.errors import InputError, LimitError
from kg.rdf.namespaces import INFERRED_GRAPH
from kg.rdf.terms import QuadStore
from kg.source.layout import GraphFolder

if TYPE_CHECKING:
    from kg.dataset.computed import DatasetDerivations
    from kg.dataset.remote import RemoteStore
    from kg.dataset.sentences import Sentences
    from kg.provenance.attribution import Attributor
    from kg.provenance.backward import BackwardChainer
    from kg.provenance.receipts import Receipts
    from kg.reasoning.derivations import Derivation

T = TypeVar("T")
R = TypeVar("R")
_INFERRED = NamedNode(INFERRED_GRAPH)


class Context:
    """A compiled dataset, the folders that it was compiled from, and indexes of it, each made when first used.

    `read` gives the quads in the order of their N-Quads; `open_store` gives a store of them, by default a new one in
    memory.
    """

    def __init__(
        self,
        graph_folder: GraphFolder,
        read: Callable[[], list[Any]],
        open_store: Callable[[], QuadStore] | None = None,
    ) -> None:
        self.graph_folder, self._read, self._open_store = graph_folder, read, open_store
        self.texts: dict[str, str] = {}  # of articles, by name, where they were kept when the dataset was compiled

    @cached_property
    def store(self) -> QuadStore:
        """The dataset in a pyoxigraph store, or behind an endpoint."""
        if self._open_store:
            return self._open_store()
        store = Store()
        store.bulk_extend(self.quads)
        return store

    @cached_property
    def quads(self) -> list[Any]:
        """The dataset as quads in the order of their N-Quads, lexical forms kept."""
        return self._read()

    def each(self, items: Sequence[T], make: "Callable[[Context], Callable[[T], R]]") -> list[R]:
        """What `make(context)` makes of each item; where look-ups take requests, those of all items go together."""
        work = make(self)
        return [work(item) for item in items]

    def whole(self, work: "Callable[[Context], R]") -> R:
        """What a piece of work gives, with its look-ups as in `each`."""
        return self.each([self], lambda context: lambda _: work(context))[0]

    def prepare(self, work: "Callable[[Context], object]") -> None:
        """Have at hand what a piece of work looks up that will be done soon; nothing to do where all is."""

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

        return Attributor(self.store, self.steps, self.receipts)

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


class _Trial(Context):
    """A dataset of which not all is known yet: what is found in it counts once nothing is missing."""

    def __init__(self, whole: "RemoteContext") -> None:
        super().__init__(whole.graph_folder, whole._read, whole._open_store)
        self._of = whole

    @cached_property
    def backward(self) -> "BackwardChainer":
        """As in Context; its rules are made once."""
        chainer = self._of.backward
        chainer.renew()
        return chainer


class RemoteContext(Context):
    """A dataset behind an endpoint.

    Work is done again and again, each time with more of what it looks up, until it has all of it: as many requests as
    there are steps from one look-up to the next, however many items there are.
    """

    def __init__(self, graph_folder: GraphFolder, store: "RemoteStore") -> None:
        super().__init__(graph_folder, self._everything, lambda: store)
        self._remote = store

    def _everything(self) -> list[Any]:
        if self._remote.is_missing:
            raise LookupError("this is not known yet")
        return sorted(self._remote.quads_for_pattern(None, None, None, None), key=str)

    def prepare(self, work: Callable[[Context], object]) -> None:
        """As in Context."""
        self.whole(work)

    def each(self, items: Sequence[T], make: Callable[[Context], Callable[[T], R]]) -> list[R]:
        """As in Context. An item that lacks nothing is left out until the others do not either; then all are done."""
        waiting: Sequence[int] = range(len(items))
        while True:
            found, lacking = dict[int, R](), list[int]()
            with self._remote.noting() as noted:
                work: Callable[[T], R] | None = None
                for i in waiting:
                    before = noted.count
                    try:
                        work = work or make(_Trial(self))
                        found[i] = work(items[i])
                    except (InputError, LimitError):  # of a request that fails
                        raise
                    except Exception:
                        if not noted.keys:  # or it comes of what is missing
                            raise
                    if noted.count > before:
                        lacking.append(i)
            if not noted.keys and len(found) == len(items):
                return [found[i] for i in range(len(items))]
            self._remote.fetch(noted.keys)
            waiting = lacking or range(len(items))
