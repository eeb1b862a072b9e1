"""A store that remembers what it was asked: pages of many things ask the same of it again and again."""

from collections.abc import Sequence
from copy import copy
from functools import cached_property, lru_cache
from typing import Any, NamedTuple, cast

from pyoxigraph import DefaultGraph, NamedNode, Quad, Store

from kg.graph import Graph
from kg.provenance.context import Context
from kg.provenance.receipts import Receipt, Receipts
from kg.rdf.namespaces import ENT, RDF_TYPE

_MOST = 100_000  # patterns without a subject whose quads are remembered
_MOST_QUADS = 200_000  # of the subjects that are remembered, and as many of those that were before
_MOST_PASSAGES = 20_000
_FEW = 16  # quads of a subject that are looked through, and not sorted by graph

_DEFAULT = DefaultGraph()

_Pattern = tuple[Any, Any, Any]  # of quads with one subject: predicate, object, graph


class _About(NamedTuple):
    """The quads of a subject: all, by predicate and by graph once asked for, and of the narrower patterns asked for."""

    all: tuple[Quad, ...]
    by: dict[Any, tuple[Quad, ...]]
    of_graph: dict[Any, list[Quad]]
    found: dict[_Pattern, tuple[Quad, ...]]


class CachedStore:
    """What pages ask of a store at rest, remembered; the rest is the store's own.

    Of a subject that is asked for more than once, all quads are read together: most of them are asked for, one
    predicate after the other.
    """

    def __init__(self, store: Store) -> None:
        def find(predicate: Any, value: Any, graph: Any) -> tuple[Quad, ...]:
            return tuple(store.quads_for_pattern(None, predicate, value, graph))

        self._store, self._find = store, lru_cache(maxsize=_MOST)(find)
        self._subjects, self._before = dict[Any, _About](), dict[Any, _About]()
        self._size = 0  # quads of the former
        self._asked = set[Any]()  # subjects that were asked for once

    def quads_for_pattern(self, subject: Any, predicate: Any, value: Any, graph: Any = None) -> tuple[Quad, ...]:
        """The quads with these terms; None for any."""
        if subject is None:
            return self._find(predicate, value, graph)
        if (about := self._subjects.get(subject)) is None:
            if predicate is not None and self._is_first(subject):
                return tuple(self._store.quads_for_pattern(subject, predicate, value, graph))
            about = self._about(subject)
        quads = about.all if predicate is None else (about.by or self._by_predicate(about)).get(predicate, ())
        if not quads or (value is None and graph is None):
            return quads
        pattern = predicate, value, graph
        if (found := about.found.get(pattern)) is None:
            if graph is not None and len(quads) > _FEW:  # of what many passages state, each is asked for its own
                own = self._in_graph(about, graph)
                fewer = len(own) < len(quads)
                quads = tuple(q for q in own if predicate is None or predicate == q.predicate) if fewer else quads
            found = about.found[pattern] = tuple(
                q for q in quads if (value is None or value == q.object) and (graph is None or graph == q.graph_name)
            )
        return found

    def _is_first(self, subject: Any) -> bool:
        """Whether a subject is asked for the first time, or was not for long."""
        if subject in self._asked:
            return False
        if len(self._asked) >= _MOST:
            self._asked.clear()
        self._asked.add(subject)
        return subject not in self._before

    def _about(self, subject: Any) -> _About:
        """The quads of a subject that was not asked for lately; what was not for long is forgotten."""
        found = self._before.get(subject) or self._read(subject)
        if self._size > _MOST_QUADS:
            self._before, self._subjects, self._size = self._subjects, {}, 0
        self._size += len(found.all)
        self._subjects[subject] = found
        return found

    @staticmethod
    def _in_graph(about: _About, graph: Any) -> Sequence[Quad]:
        """The quads of a subject in a graph."""
        if not about.of_graph:
            for q in about.all:
                about.of_graph.setdefault(q.graph_name, []).append(q)
        return about.of_graph.get(graph, ())

    @staticmethod
    def _by_predicate(about: _About) -> dict[Any, tuple[Quad, ...]]:
        """The quads of a subject by their predicates."""
        by: dict[Any, list[Quad]] = {}
        for q in about.all:
            by.setdefault(q.predicate, []).append(q)
        about.by.update((predicate, tuple(found)) for predicate, found in by.items())
        return about.by

    def _read(self, subject: Any) -> _About:
        return _About(tuple(self._store.quads_for_pattern(subject, None, None, None)), {}, {}, {})

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

    @cached_property
    def _passages(self) -> frozenset[Any]:
        quads = self._store.quads_for_pattern(None, NamedNode(RDF_TYPE), NamedNode(ENT + "Passage"), _DEFAULT)
        return frozenset(q.subject for q in quads)

    def is_passage(self, graph: NamedNode) -> bool:
        """Whether a named graph is that of a passage."""
        return graph in self._passages

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
