"""Quads in sorted files, found by halving: as many as the disk holds, for any number of processes at the same time.

`write` makes the files from sorted lines of N-Quads: all by their subject, and some by their object. What it is for is
naming things (`kg.dataset.naming`), to which it is the same in which passage a statement stands: so of a statement that
many make one quad is written, and of a label those of its first passages.
"""

import heapq
import mmap
import os
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import groupby
from typing import Any

from pyoxigraph import Quad, RdfFormat, parse

from kg.dataset.stated import Match
from kg.rdf.namespaces import ALT_LABEL, INFERRED_GRAPH, ONTOLOGY_GRAPH, RDFS_LABEL

MOST_PASSAGES = 20  # of a label, whose quotes are looked at
_ABOUT, _INVERSE = "about.nq", "inverse.nq"
_KEPT = 20_000  # subjects, and as many objects, of which the quads are kept in memory
_LABELS = (f"<{RDFS_LABEL}>", f"<{ALT_LABEL}>")
_APART = frozenset({f"<{ONTOLOGY_GRAPH}>", f"<{INFERRED_GRAPH}>"})


def write(folder: str, sources: Iterable[Iterable[str]], inverse: Iterable[str]) -> dict[str, set[str]]:
    """Write sorted files of quads into a folder, of which each of the sources has lines, sorted.

    Those whose predicate (IRI) is one of `inverse` are found by their object, too; these objects are the result.
    """
    objects = {predicate: set[str]() for predicate in inverse}
    by_object = list[str]()
    with open(os.path.join(folder, _ABOUT), "w", encoding="utf-8", newline="\n") as about:
        for line in _needed(heapq.merge(*sources)):
            about.write(f"{line}\n")
            subject, predicate, rest = line.split(" ", 2)
            if predicate[1:-1] in objects and rest[0] in "<_":
                value = rest.split(" ", 1)[0]
                objects[predicate[1:-1]].add(value)
                by_object.append(f"{value} {predicate} {subject} {rest}\n")
    by_object.sort()
    with open(os.path.join(folder, _INVERSE), "w", encoding="utf-8", newline="\n") as file:
        file.writelines(by_object)
    return objects


def _needed(lines: Iterable[str]) -> Iterator[str]:
    """Of sorted lines those that are needed."""
    for _, same in groupby(lines, _statement):
        by_graph = {_graph(line): line for line in same}
        apart = [line for graph, line in by_graph.items() if graph in _APART or not graph]
        passages = [graph for graph in by_graph if graph and graph not in _APART]
        line = next(iter(by_graph.values()))
        most = MOST_PASSAGES if line.split(" ", 2)[1] in _LABELS else 1
        yield from sorted([*apart, *(by_graph[graph] for graph in sorted(passages, key=lambda g: g[1:-1])[:most])])


def _graph(line: str) -> str:
    """The graph of a line as it stands there; empty for the default graph."""
    triple, graph, _ = line.rsplit(" ", 2)
    return graph if graph.startswith("<") and '"' not in graph and triple.count(" ") > 1 else ""


def _statement(line: str) -> str:
    """The triple of a line."""
    graph = _graph(line)
    return line[: -len(graph) - 3] if graph else line[:-2]


def matching(folder: str) -> Match:
    """Look quads up in the files of a folder, as in `computed.in_quads`."""
    about, inverse = _Lines(os.path.join(folder, _ABOUT)), _Lines(os.path.join(folder, _INVERSE))

    @lru_cache(maxsize=_KEPT)
    def of_subject(subject: Any) -> dict[Any, list[Quad]]:
        found: dict[Any, list[Quad]] = {}
        for q in parse(about.starting(f"{subject} "), format=RdfFormat.N_QUADS, lenient=True):
            found.setdefault(q.predicate, []).append(q)
        return found

    @lru_cache(maxsize=_KEPT)
    def of_object(predicate: Any, value: Any) -> tuple[Quad, ...]:
        start = f"{value} {predicate} "
        lines = (line[len(start.encode()) :] for line in inverse.starting(start).split(b"\n") if line)
        quads = b"\n".join(_with_predicate(line, f"{predicate}".encode()) for line in lines)
        return tuple(parse(quads, format=RdfFormat.N_QUADS, lenient=True))

    def match(subject: Any, predicate: Any, value: Any) -> Iterable[Quad]:
        return of_object(predicate, value) if subject is None else of_subject(subject).get(predicate, ())

    return match


def _with_predicate(line: bytes, predicate: bytes) -> bytes:
    subject, rest = line.split(b" ", 1)
    return b" ".join((subject, predicate, rest))


class _Lines:
    """The lines of a sorted file."""

    def __init__(self, path: str) -> None:
        with open(path, "rb") as file:
            empty = os.fstat(file.fileno()).st_size == 0
            self._data: Any = b"" if empty else mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)

    def starting(self, start: str) -> bytes:
        """The lines that start so."""
        key, data = start.encode(), self._data
        at = end = self._first(key)
        while data[end : end + len(key)] == key:
            end = data.find(b"\n", end) + 1
        return bytes(data[at:end])

    def _first(self, key: bytes) -> int:
        """Where the first line starts that is not before a key."""
        data = self._data
        low, high = 0, len(data)
        while low < high:
            middle = (low + high) // 2
            at = data.rfind(b"\n", low, middle) + 1 or low
            if data[at : at + len(key)] < key:
                low = data.find(b"\n", middle) + 1 or high
            else:
                high = at
        return low
