"""A store that remembers what it was asked: pages of many things ask the same of it again and again."""

from copy import copy
from functools import lru_cache
from typing import Any, cast

from pyoxigraph import DefaultGraph, NamedNode, Quad, Store

from kg.graph import Graph
from kg.provenance.context import Context
from kg.provenance.receipts import Receipt, Receipts

_MOST = 100_000  # patterns without a subject whose quads are remembered
_MOST_QUADS = 200_000  # of the subjects that are remembered, and as many of those that were before
_MOST_PASSAGES = 20_000
_DEFAULT = DefaultGraph()

_Pattern = tuple[Any, Any, Any]  # of quads with one subject: predicate, object, graph


class CachedStore:
    """What pages ask of a store at rest, remembered; the rest is the store's own.

    Of a subject all quads are read at once: most of them are asked for, one predicate after the other.
    """

    def __init__(self, store: Store) -> None:
        def find(predicate: Any, value: Any, graph: Any) -> tuple[Quad, ...]:
            return tuple(store.quads_for_pattern(None, predicate, value, graph))

        self._store, self._find = store, lru_cache(maxsize=_MOST)(find)
        self._subjects = dict[Any, dict[_Pattern, tuple[Quad, ...]]]()
        self._before = dict[Any, dict[_Pattern, tuple[Quad, ...]]]()
        self._size = 0  # quads of the former

    def quads_for_pattern(self, subject: Any, predicate: Any, value: Any, graph: Any = None) -> tuple[Quad, ...]:
        """The quads with these terms; None for any."""
        if subject is None:
            return self._find(predicate, value, graph)
        about = self._subjects.get(subject) or self._about(subject)
        pattern = predicate, value, graph
        if (found := about.get(pattern)) is None:
            quads = about.get((predicate, None, None), ()) if predicate is not None else about[None, None, None]
            found = about[pattern] = tuple(
                q for q in quads if value in (None, q.object) and graph in (None, q.graph_name)
            )
        return found

    def _about(self, subject: Any) -> dict[_Pattern, tuple[Quad, ...]]:
        """The quads of a subject that was not asked for lately; what was not for long is forgotten."""
        found = self._before.get(subject) or self._read(subject)
        if self._size > _MOST_QUADS:
            self._before, self._subjects, self._size = self._subjects, {}, 0
        self._size += len(found[None, None, None])
        self._subjects[subject] = found
        return found

    def _read(self, subject: Any) -> dict[_Pattern, tuple[Quad, ...]]:
        """All quads of a subject, and those of each predicate, in all graphs and in the default graph."""
        quads = tuple(self._store.quads_for_pattern(subject, None, None, None))
        parts: dict[_Pattern, list[Quad]] = {(None, None, _DEFAULT): []}
        for q in quads:
            predicate = q.predicate
            parts.setdefault((predicate, None, None), []).append(q)
            if q.graph_name == _DEFAULT:
                parts[None, None, _DEFAULT].append(q)
                parts.setdefault((predicate, None, _DEFAULT), []).append(q)
        return {(None, None, None): quads, **{pattern: tuple(part) for pattern, part in parts.items()}}

    def __contains__(self, quad: Quad) -> bool:
        found = self.quads_for_pattern(quad.subject, quad.predicate, quad.object, quad.graph_name)
        return bool(found)

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
