"""A store that remembers what it was asked: pages of many things ask the same of it again and again."""

from copy import copy
from functools import lru_cache
from typing import Any, cast

from pyoxigraph import NamedNode, Quad, Store

from kg.graph import Graph
from kg.provenance.context import Context
from kg.provenance.receipts import Receipt, Receipts

_MOST = 300_000  # patterns whose quads are remembered
_MOST_PASSAGES = 20_000


class CachedStore:
    """What pages ask of a store at rest, remembered; the rest is the store's own."""

    def __init__(self, store: Store) -> None:
        def find(subject: Any, predicate: Any, value: Any, graph: Any) -> tuple[Quad, ...]:
            return tuple(store.quads_for_pattern(subject, predicate, value, graph))

        self._store, self._find = store, lru_cache(maxsize=_MOST)(find)
        self._has = lru_cache(maxsize=_MOST)(store.__contains__)

    def quads_for_pattern(self, subject: Any, predicate: Any, value: Any, graph: Any = None) -> tuple[Quad, ...]:
        """The quads with these terms; None for any."""
        return self._find(subject, predicate, value, graph)

    def __contains__(self, quad: Quad) -> bool:
        return self._has(quad)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)


class CachedReceipts(Receipts):
    """The receipts of a store at rest, remembered."""

    def __init__(self, store: Any) -> None:
        super().__init__(store)
        self._passage = lru_cache(maxsize=_MOST_PASSAGES)(super().passage)
        self._with_companions = lru_cache(maxsize=_MOST_PASSAGES)(super().with_companions)

    def passage(self, passage: NamedNode) -> Receipt | None:
        """The receipt of one passage; None for what is no passage."""
        return self._passage(passage)

    def with_companions(self, passage: NamedNode) -> list[Receipt]:
        """The receipt of a passage, then those of the passages that it is read with."""
        return self._with_companions(passage)


def remembering(graph: Graph) -> Graph:
    """The same graph for one that asks much of it, while its sources rest."""
    other, store = copy(graph), cast(Store, CachedStore(graph.store))
    other.engine, texts = graph.engine, graph.context.texts
    other.context = Context(graph.graph_folder, lambda: graph.quads, lambda: store)
    other.context.texts, other.context.receipts = texts, CachedReceipts(store)
    return other
