"""Property paths (SPARQL 1.1 §18.4), each with the triples that it takes; of repeated ones, a shortest way."""

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple, TypeAlias

from pyoxigraph import NamedNode, Quad

from kg.witnesses.algebra import Alternative, Inverse, Negated, Path, Repeated, Sequence, Term

Quads: TypeAlias = tuple[Quad, ...]
Find: TypeAlias = Callable[[Term | None, NamedNode | None, Term | None], Iterable[Quad]]


class Way(NamedTuple):
    """Where a path begins, where it ends, and the triples between."""

    start: Term
    end: Term
    quads: Quads


def walk(find: Find, path: Path, start: Term | None, end: Term | None) -> Iterator[Way]:
    """The ways that a path has from `start` to `end`, either of which may be open; `find` gives the triples."""
    if isinstance(path, NamedNode):
        yield from (Way(q.subject, q.object, (q,)) for q in find(start, path, end))
    elif isinstance(path, Inverse):
        yield from (Way(w.end, w.start, w.quads) for w in walk(find, path.path, end, start))
    elif isinstance(path, Sequence):
        yield from _sequence(find, path, start, end)
    elif isinstance(path, Alternative):
        yield from walk(find, path.one, start, end)
        yield from walk(find, path.other, start, end)
    elif isinstance(path, Negated):
        yield from _negated(find, path, start, end)
    else:
        yield from _repeated(find, path, start, end)


def may_be_empty(path: Path) -> bool:
    """Whether a path may have no length, and so begin and end anywhere."""
    if isinstance(path, Inverse):
        return may_be_empty(path.path)
    if isinstance(path, Sequence):
        return may_be_empty(path.first) and may_be_empty(path.then)
    if isinstance(path, Alternative):
        return may_be_empty(path.one) or may_be_empty(path.other)
    return isinstance(path, Repeated) and (path.least == 0 or may_be_empty(path.path))


def _sequence(find: Find, path: Sequence, start: Term | None, end: Term | None) -> Iterator[Way]:
    if start is None and end is not None:
        for then in walk(find, path.then, None, end):
            for first in walk(find, path.first, None, then.start):
                yield Way(first.start, then.end, first.quads + then.quads)
        return
    for first in walk(find, path.first, start, None):
        for then in walk(find, path.then, first.end, end):
            yield Way(first.start, then.end, first.quads + then.quads)


def _negated(find: Find, path: Negated, start: Term | None, end: Term | None) -> Iterator[Way]:
    if path.forward is not None:
        rows = (q for q in find(start, None, end) if q.predicate not in path.forward)
        yield from (Way(q.subject, q.object, (q,)) for q in rows)
    if path.backward is not None:
        rows = (q for q in find(end, None, start) if q.predicate not in path.backward)
        yield from (Way(q.object, q.subject, (q,)) for q in rows)


def _repeated(find: Find, path: Repeated, start: Term | None, end: Term | None) -> Iterator[Way]:
    if start is None and end is not None:
        back = _repeated(find, Repeated(Inverse(path.path), path.least, path.unbounded), end, None)
        yield from (Way(w.end, w.start, w.quads[::-1]) for w in back)
        return
    starts = [start] if start is not None else _nodes(find)
    for node in starts:
        yield from (w for w in _from(find, path, node) if end is None or w.end == end)


def _nodes(find: Find) -> list[Term]:
    """All that stands at either end of a triple."""
    return list(dict.fromkeys(node for q in find(None, None, None) for node in (q.subject, q.object)))


def _from(find: Find, path: Repeated, start: Term) -> Iterator[Way]:
    """The ways from one node, the shortest to each end, in the order of their length."""
    reached = set()
    if path.least == 0:
        reached.add(start)
        yield Way(start, start, ())
    edge = [Way(start, start, ())]
    while edge:
        longer = [Way(start, on.end, so_far.quads + on.quads) for so_far in edge for on in _steps(find, path, so_far)]
        edge = []
        for way in longer:
            if way.end not in reached:
                reached.add(way.end)
                edge.append(way)
        yield from edge
        if not path.unbounded:
            return


def _steps(find: Find, path: Repeated, so_far: Way) -> list[Way]:
    return sorted(walk(find, path.path, so_far.end, None), key=lambda w: [str(q) for q in w.quads])
