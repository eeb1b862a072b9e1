"""Triple patterns and paths matched against a dataset, and the order in which patterns are best joined."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import NamedTuple, TypeAlias

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, Store, Triple, Variable

from kg.witnesses import paths
from kg.witnesses.algebra import (
    Extend,
    Filter,
    InGraph,
    Join,
    LeftJoin,
    Match,
    Minus,
    Path,
    Pattern,
    Place,
    Select,
    Term,
    Union,
    Values,
    below,
)

Bindings: TypeAlias = Mapping[str, Term]
GraphPlace: TypeAlias = NamedNode | BlankNode | DefaultGraph | Variable
_TERMS = (NamedNode, BlankNode, Literal, Triple)
_PLACES = (*_TERMS, Variable)
MANY = 500  # where counting ends


class Found(NamedTuple):
    """One match: what it binds, and the triples that it takes."""

    bindings: dict[str, Term]
    quads: tuple[Quad, ...]


def match(store: Store, pattern: Match, wanted: Bindings, graph: GraphPlace) -> Iterator[Found]:
    """The matches of a triple pattern, or of a path, that fit what is wanted.

    A graph that is a variable stands for any named graph, and is bound.
    """
    verb = pattern.predicate
    in_graph = wanted.get(graph.value) if isinstance(graph, Variable) else graph
    if isinstance(verb, _PLACES):
        places = (pattern.subject, verb, pattern.object)
        s, p, o = (_value(place, wanted) for place in places)
        for q in _quads(store, s, p, o, in_graph):
            ends = zip((*places, graph), (q.subject, q.predicate, q.object, q.graph_name), strict=True)
            yield from _bound(ends, (q,), wanted)
        return
    yield from _walked(store, pattern, verb, wanted, graph, in_graph)


def _walked(
    store: Store, pattern: Match, path: Path, wanted: Bindings, graph: GraphPlace, in_graph: object
) -> Iterator[Found]:
    start, end = _value(pattern.subject, wanted), _value(pattern.object, wanted)
    for name in [in_graph] if in_graph is not None else _graphs_around(store, path, start, end):

        def find(s: Term | None, p: NamedNode | None, o: Term | None, name: object = name) -> Iterator[Quad]:
            return _quads(store, s, p, o, name)

        for way in paths.walk(find, path, start, end):
            ends = ((pattern.subject, way.start), (pattern.object, way.end), (graph, name))
            yield from _bound(ends, way.quads, wanted)


def _graphs_around(store: Store, path: Path, start: Term | None, end: Term | None) -> list[object]:
    """The named graphs in which a path may run: those that know one of its ends, unless it may have no length."""
    known = start if start is not None else end
    if known is None or paths.may_be_empty(path):
        return list(store.named_graphs())
    rows = [*_quads(store, known, None, None, None), *_quads(store, None, None, known, None)]
    return list(dict.fromkeys(q.graph_name for q in rows))


def _quads(store: Store, s: object, p: object, o: object, graph: object) -> Iterator[Quad]:
    """Quads by their parts, None for any; nothing where RDF has no such triple."""
    if isinstance(s, Literal) or not isinstance(p, NamedNode | None):
        return iter(())
    rows = store.quads_for_pattern(s, p, o, graph)  # type: ignore[arg-type]
    return iter(rows) if graph is not None else (q for q in rows if q.graph_name != DefaultGraph())


def _value(place: Place, wanted: Bindings) -> Term | None:
    return wanted.get(place.value) if isinstance(place, Variable) else place


def _bound(ends: Iterable[tuple[object, object]], quads: tuple[Quad, ...], wanted: Bindings) -> Iterator[Found]:
    """The match, unless one variable would have two values, or another than is wanted."""
    bindings: dict[str, Term] = {}
    for place, term in ends:
        if isinstance(place, Variable):
            assert isinstance(term, _TERMS)
            if bindings.setdefault(place.value, term) != term or wanted.get(place.value, term) != term:
                return
    yield Found(bindings, quads)


# The order of joins


class Costs:
    """Rough numbers of matches, to join first what leaves the fewest ways open; counts are kept."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._counts: dict[tuple[object, object], int] = {}

    def cheapest(self, parts: tuple[Pattern, ...], wanted: Bindings, graph: GraphPlace) -> Pattern:
        """The part of a join with the fewest matches, the first of several."""
        if len(parts) == 1:
            return parts[0]
        return min(parts, key=lambda part: self._cost(part, wanted, graph))

    def _cost(self, pattern: Pattern, wanted: Bindings, graph: GraphPlace) -> float:
        if isinstance(pattern, Values):
            return 0
        if isinstance(pattern, Match):
            return self._of_match(pattern, wanted, graph)
        if isinstance(pattern, InGraph):
            name = _value(pattern.graph, wanted)
            if isinstance(name, (NamedNode, BlankNode)):
                return self._cost(pattern.inner, wanted, name)
            return 1 + 2 * self._cost(pattern.inner, wanted, DefaultGraph())
        if isinstance(pattern, Join):
            return min((self._cost(part, wanted, graph) for part in pattern.parts), default=0)
        if isinstance(pattern, Union):
            return sum(self._cost(arm, wanted, graph) for arm in pattern.arms)
        if isinstance(pattern, Select):
            if pattern.keys is not None or pattern.sliced:
                return 10
            wanted = {n: t for n, t in wanted.items() if n in pattern.names}
            return 1 + self._cost(pattern.inner, wanted, graph)
        left = pattern.left if isinstance(pattern, (LeftJoin, Minus)) else pattern.inner
        return 1 + self._cost(left, wanted, graph)

    def _of_match(self, pattern: Match, wanted: Bindings, graph: GraphPlace) -> float:
        subject, value = _value(pattern.subject, wanted), _value(pattern.object, wanted)
        verb = pattern.predicate
        known = _value(verb, wanted) if isinstance(verb, _PLACES) else None
        if subject is not None:
            cost = 1 if value is not None else 3 if known is not None else 12
        elif value is not None:
            cost = self._count(known, value) if isinstance(verb, _PLACES) else 20
        else:
            cost = 2 * MANY if known is not None else 10 * MANY
        return cost if isinstance(graph, (DefaultGraph, Variable)) else min(cost, 15)

    def _count(self, verb: Term | None, value: Term) -> int:
        """How many triples of the default graph end so, no further than it matters."""
        key = (verb, value)
        if key not in self._counts:
            rows = _quads(self._store, None, verb, value, DefaultGraph())
            self._counts[key] = 1 + sum(1 for _ in islice(rows, MANY))
        return self._counts[key]


def graphs_of(store: Store, pattern: Pattern, wanted: Bindings) -> list[Term]:
    """The named graphs in which a pattern may match: those of a triple that it needs, or else all of them."""
    needed = next(_needed(pattern), None)
    if needed is None:
        return list(store.named_graphs())
    verb = needed.predicate
    assert isinstance(verb, _PLACES)
    s, p, o = (_value(place, wanted) for place in (needed.subject, verb, needed.object))
    found = (q.graph_name for q in _quads(store, s, p, o, None))
    return list(dict.fromkeys(name for name in found if isinstance(name, (NamedNode, BlankNode))))


def _needed(pattern: Pattern) -> Iterator[Match]:
    """The triple patterns without which a pattern has no solution."""
    if isinstance(pattern, Match):
        if isinstance(pattern.predicate, _PLACES):
            yield pattern
    elif isinstance(pattern, (LeftJoin, Minus)):
        yield from _needed(pattern.left)
    elif isinstance(pattern, (Join, Filter, Extend)):
        for inner in below(pattern):
            yield from _needed(inner)
