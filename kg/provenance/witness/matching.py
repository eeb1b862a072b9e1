"""Matches triple patterns (SPARQL 1.1 §18.3.1) and property paths (§18.4) against a store; orders joins."""

from collections.abc import Callable, Hashable, Iterable, Iterator
from functools import cache, partial
from itertools import chain, islice
from typing import Any, NamedTuple, TypeAlias, TypeVar

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, Triple, Variable

from kg.provenance.witness import algebra
from kg.provenance.witness.algebra import Bindings, GraphPlace, Match, Path, Pattern, Place, Solution, Term, variables
from kg.rdf.terms import QuadStore

_PLACES = (NamedNode, BlankNode, Literal, Triple, Variable)
_MAX_COUNTED = 500  # matches of a triple pattern, to order joins
_MAX_RESULTS = 50  # of one look-up that are cached, so that all caches take some hundred megabytes at most
_MAX_CACHED = 50_000  # look-ups

Quads: TypeAlias = tuple[Quad, ...]
Row: TypeAlias = tuple[tuple[Any, ...], Quads]  # what stands at the places of a pattern, and the quads that it takes
Find: TypeAlias = Callable[[Term | None, NamedNode | None, Term | None], Iterable[Quad]]
V = TypeVar("V")


class Walk(NamedTuple):
    """A solution of a path: where it begins, where it ends, and the triples between."""

    start: Term
    end: Term
    quads: Quads


class BoundedCache(dict[Hashable, V]):
    """A cache that is emptied where it grows too large."""

    def __setitem__(self, key: Hashable, value: V) -> None:
        if len(self) >= _MAX_CACHED:
            self.clear()
        super().__setitem__(key, value)


def cache_few(cache: BoundedCache[list[V]], key: Hashable, found: Iterator[V]) -> Iterable[V]:
    """What is found; it is cached under its key unless it is much."""
    first = list(islice(found, _MAX_RESULTS))
    if len(first) == _MAX_RESULTS:
        return chain(first, found)
    cache[key] = first
    return first


class Dataset:
    """A store at rest, matched by triple patterns and paths; look-ups are cached."""

    def __init__(self, store: QuadStore) -> None:
        self._store = store
        self._quads: BoundedCache[list[Quad]] = BoundedCache()
        self._found_walks: BoundedCache[list[Walk]] = BoundedCache()

    def match(self, pattern: Match, wanted: Bindings, graph: GraphPlace) -> Iterator[Solution]:
        """The matches of a triple pattern, or of a path, that fit what is wanted.

        A graph that is a variable stands for any named graph, and is bound.
        """
        verb = pattern.predicate
        start, end = _value(pattern.subject, wanted), _value(pattern.object, wanted)
        name = wanted.get(graph.value) if isinstance(graph, Variable) else graph
        if not isinstance(verb, _PLACES):
            graphs = [name] if name is not None else self._graphs_around(verb, start, end)
            walks = (((w.start, w.end, g), w.quads) for g in graphs for w in self._walks(g, verb, start, end))
            return _solutions((pattern.subject, pattern.object, graph), walks)
        found = self.quads(start, _value(verb, wanted), end, name)
        rows = (((q.subject, q.object, q.graph_name, q.predicate), (q,)) for q in found)
        return _solutions((pattern.subject, pattern.object, graph, verb), rows)

    def quads(self, s: Any, p: Any, o: Any, graph: Any) -> Iterable[Quad]:
        """Quads by their parts, None for any, of named graphs where `graph` is None; none for what is no RDF triple."""
        key = (s, p, o, graph)
        if (cached := self._quads.get(key)) is not None:
            return cached
        if isinstance(s, Literal) or not isinstance(p, NamedNode | None):
            return ()
        rows = iter(self._store.quads_for_pattern(s, p, o, graph))
        found = rows if graph is not None else (q for q in rows if q.graph_name != DefaultGraph())
        return cache_few(self._quads, key, found)

    def _walks(self, graph: Any, path: Path, start: Term | None, end: Term | None) -> Iterable[Walk]:
        find = partial(self.quads, graph=graph)
        if start is None and end is None:
            return walk(find, path, None, None)
        key = (path, start, end, graph)
        if key in self._found_walks:
            return self._found_walks[key]
        if isinstance(path, algebra.Repeated) and start is not None and end is not None:
            found = [w for w in self._walks(graph, path, start, None) if w.end == end]
        else:
            found = list(walk(find, path, start, end))
        self._found_walks[key] = found
        return found

    def _graphs_around(self, path: Path, start: Term | None, end: Term | None) -> list[Any]:
        """The named graphs in which a path may run: those that hold one of its ends, unless it may have no length."""
        known = start if start is not None else end
        if known is None or may_be_empty(path):
            return list(self._store.named_graphs())
        rows = [*self.quads(known, None, None, None), *self.quads(None, None, known, None)]
        return list(dict.fromkeys(q.graph_name for q in rows))

    def graphs_of(self, pattern: Pattern, wanted: Bindings) -> list[Term]:
        """The named graphs in which a pattern may match: those of a triple that it needs, or else all of them."""
        needed = next(_needed(pattern), None)
        if needed is None:
            return list(self._store.named_graphs())
        verb = needed.predicate
        assert isinstance(verb, _PLACES)
        s, p, o = (_value(place, wanted) for place in (needed.subject, verb, needed.object))
        found = (q.graph_name for q in self.quads(s, p, o, None))
        return list(dict.fromkeys(name for name in found if isinstance(name, (NamedNode, BlankNode))))


def _solutions(places: tuple[object, ...], rows: Iterable[Row]) -> Iterator[Solution]:
    """What each row of terms binds at these places, unless one variable would have two values."""
    names = [(i, place.value) for i, place in enumerate(places) if isinstance(place, Variable)]
    for terms, quads in rows:
        bindings = {name: terms[i] for i, name in names}
        if len(bindings) == len(names) or all(bindings[name] == terms[i] for i, name in names):
            yield Solution(bindings, quads)


def _value(place: Place, wanted: Bindings) -> Term | None:
    return wanted.get(place.value) if isinstance(place, Variable) else place


def _needed(pattern: Pattern) -> Iterator[Match]:
    """The triple patterns without which a pattern has no solution."""
    match pattern:
        case Match(predicate=NamedNode() | Variable()):
            yield pattern
        case algebra.LeftJoin(inner) | algebra.Minus(inner) | algebra.Filter(inner) | algebra.Extend(inner):
            yield from _needed(inner)
        case algebra.Join(parts):
            for part in parts:
                yield from _needed(part)


# Property paths (§18.4), each with the triples that it takes; of a repeated path, the shortest walk to each end


def walk(find: Find, path: Path, start: Term | None, end: Term | None) -> Iterator[Walk]:
    """The walks along a path from `start` to `end`, either of which may be open; `find` gives the triples."""
    if isinstance(path, NamedNode):
        yield from (Walk(q.subject, q.object, (q,)) for q in find(start, path, end))
    elif isinstance(path, algebra.Inverse):
        yield from (Walk(w.end, w.start, w.quads) for w in walk(find, path.path, end, start))
    elif isinstance(path, algebra.Sequence):
        if start is None and end is not None:
            pairs = ((f, t) for t in walk(find, path.then, None, end) for f in walk(find, path.first, None, t.start))
        else:
            pairs = ((f, t) for f in walk(find, path.first, start, None) for t in walk(find, path.then, f.end, end))
        yield from (Walk(first.start, then.end, first.quads + then.quads) for first, then in pairs)
    elif isinstance(path, algebra.Alternative):
        yield from walk(find, path.one, start, end)
        yield from walk(find, path.other, start, end)
    elif isinstance(path, algebra.Negated):
        rows = (q for q in find(start, None, end) if q.predicate not in path.properties)
        yield from (Walk(q.subject, q.object, (q,)) for q in rows)
    else:
        yield from _repeated(find, path, start, end)


def may_be_empty(path: Path) -> bool:
    """Whether a path may have no length, and so begin and end anywhere."""
    if isinstance(path, algebra.Inverse):
        return may_be_empty(path.path)
    if isinstance(path, algebra.Sequence):
        return may_be_empty(path.first) and may_be_empty(path.then)
    if isinstance(path, algebra.Alternative):
        return may_be_empty(path.one) or may_be_empty(path.other)
    return isinstance(path, algebra.Repeated) and (path.least == 0 or may_be_empty(path.path))


def _repeated(find: Find, path: algebra.Repeated, start: Term | None, end: Term | None) -> Iterator[Walk]:
    if start is None and end is not None:
        back = _repeated(find, algebra.Repeated(algebra.Inverse(path.path), path.least, path.unbounded), end, None)
        yield from (Walk(w.end, w.start, w.quads[::-1]) for w in back)
        return
    nodes = [start] if start is not None else [x for q in find(None, None, None) for x in (q.subject, q.object)]
    for node in dict.fromkeys(nodes):
        yield from (w for w in _from(find, path, node) if end is None or w.end == end)


def _from(find: Find, path: algebra.Repeated, start: Term) -> Iterator[Walk]:
    """The walks from one node, the shortest to each end, in the order of their length."""
    reached = set()
    if path.least == 0:
        reached.add(start)
        yield Walk(start, start, ())
    edge = [Walk(start, start, ())]
    while edge:
        longer = []
        for so_far in edge:
            steps = sorted(walk(find, path.path, so_far.end, None), key=lambda w: [str(q) for q in w.quads])
            longer += [Walk(start, step.end, so_far.quads + step.quads) for step in steps]
        edge = []
        for walked in longer:
            if walked.end not in reached:
                reached.add(walked.end)
                edge.append(walked)
        yield from edge
        if not path.unbounded:
            return


class JoinOrder:
    """Which part of a join comes first: that with the fewest matches, by a rough estimate.

    A join is ordered when it is first met with some of its variables bound, and then always so.
    """

    def __init__(self, data: Dataset) -> None:
        self._data = data
        self._count = cache(self._counted)
        self._ordered: dict[Hashable, tuple[Pattern, ...]] = {}

    def ordered(self, parts: tuple[Pattern, ...], wanted: Bindings, graph: GraphPlace) -> tuple[Pattern, ...]:
        """The parts of a join, of which one comes first."""
        if len(parts) == 1:
            return parts
        key = (parts, graph.__class__, frozenset().union(*map(variables, parts)).intersection(wanted))
        if key not in self._ordered:
            first = min(parts, key=lambda part: self._cost(part, wanted, graph))
            self._ordered[key] = (first, *(part for part in parts if part is not first))
        return self._ordered[key]

    def _cost(self, pattern: Pattern, wanted: Bindings, graph: GraphPlace) -> float:
        match pattern:
            case Match():
                return self._of_match(pattern, wanted, graph)
            case algebra.InGraph(place, inner):
                name = _value(place, wanted)
                if isinstance(name, (NamedNode, BlankNode)):
                    return self._cost(inner, wanted, name)
                return 1 + 2 * self._cost(inner, wanted, DefaultGraph())
            case algebra.Join(parts):
                return min((self._cost(part, wanted, graph) for part in parts), default=0)
            case algebra.Union(arms):
                return sum(self._cost(arm, wanted, graph) for arm in arms)
            case algebra.Select(names, inner, keys, sliced=sliced):
                if keys is not None or sliced:
                    return 10
                return 1 + self._cost(inner, {n: t for n, t in wanted.items() if n in names}, graph)
            case algebra.LeftJoin(inner) | algebra.Minus(inner) | algebra.Filter(inner) | algebra.Extend(inner):
                return 1 + self._cost(inner, wanted, graph)
            case algebra.Values():
                return 0

    def _of_match(self, pattern: Match, wanted: Bindings, graph: GraphPlace) -> float:
        subject, value = _value(pattern.subject, wanted), _value(pattern.object, wanted)
        verb = pattern.predicate
        known = _value(verb, wanted) if isinstance(verb, _PLACES) else None
        if subject is not None:
            cost = 1 if value is not None else 3 if known is not None else 12
        elif value is not None:
            cost = 1 + self._count(known, value) if isinstance(verb, _PLACES) else 20
        else:
            cost = 2 * _MAX_COUNTED if known is not None else 10 * _MAX_COUNTED
        return cost if isinstance(graph, (DefaultGraph, Variable)) else min(cost, 15)

    def _counted(self, verb: Term | None, value: Term) -> int:
        """How many triples of the default graph have this predicate and object, up to _MAX_COUNTED."""
        return sum(1 for _ in islice(self._data.quads(None, verb, value, DefaultGraph()), _MAX_COUNTED))
