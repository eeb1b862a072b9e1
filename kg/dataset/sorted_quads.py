"""Quads in sorted files, found by halving: as many as the disk holds, for any number of processes at the same time.

`write` makes the files from sorted lines of N-Quads: all by their subject, and some by their object. What it is for is
naming things (`kg.dataset.naming`), to which it is the same in which passage a statement stands: so of a statement that
many make one quad is written, and of a label those of its first passages.
"""

import heapq
import mmap
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from functools import lru_cache
from itertools import groupby
from typing import Any

from pyoxigraph import Quad, RdfFormat, parse

from kg.rdf.namespaces import ALT_LABEL, INFERRED_GRAPH, ONTOLOGY_GRAPH, RDFS_LABEL

MOST_PASSAGES = 20  # of a label, whose quotes are looked at
_ABOUT, _INVERSE = "about.nq", "inverse.nq"
_RUN = 500_000  # lines that are sorted in memory
_KEPT = 20_000  # subjects, and as many objects, of which the quads are kept in memory
_LABELS = (f"<{RDFS_LABEL}>", f"<{ALT_LABEL}>")
_APART = frozenset({f"<{ONTOLOGY_GRAPH}>", f"<{INFERRED_GRAPH}>"})


def write(
    folder: str,
    sources: Iterable[Iterable[str]],
    is_inverse: Callable[[str], bool],
    noted: Callable[[str, list[str]], None] = lambda subject, lines: None,
) -> None:
    """Write sorted files of quads into a folder, of which each of the sources has lines, sorted.

    Those for whose predicate, as it stands in lines, `is_inverse` holds are found by their object, too. `noted` is
    called with each subject and all lines about it, before those are left out that are not needed.
    """
    by_object = _Sorter(os.path.join(folder, _INVERSE))
    with open(os.path.join(folder, _ABOUT), "w", encoding="utf-8", newline="\n") as about:
        for subject, found in groupby(heapq.merge(*sources), key=lambda line: line.split(" ", 1)[0]):
            lines = list(dict.fromkeys(found))
            noted(subject, lines)
            for line in _needed(lines):
                about.write(f"{line}\n")
                _, predicate, rest = line.split(" ", 2)
                if rest[0] in "<_" and is_inverse(predicate):
                    by_object.add(f"{rest.split(' ', 1)[0]} {predicate} {subject} {rest}\n")
    by_object.write()


class _Sorter:
    """Sorts more lines than memory holds into a file."""

    def __init__(self, path: str) -> None:
        self._path, self._lines, self._runs = path, list[str](), list[str]()

    def add(self, line: str) -> None:
        """Take a line, with its end."""
        self._lines.append(line)
        if len(self._lines) >= _RUN:
            self._runs.append(f"{self._path}-{len(self._runs)}")
            self._save(self._runs[-1])

    def _save(self, path: str) -> None:
        self._lines.sort()
        with open(path, "w", encoding="utf-8", newline="\n") as file:
            file.writelines(self._lines)
        self._lines.clear()

    def write(self) -> None:
        """Write all lines, sorted."""
        if not self._runs:
            self._save(self._path)
            return
        self._runs.append(f"{self._path}-{len(self._runs)}")
        self._save(self._runs[-1])
        with ExitStack() as opened, open(self._path, "w", encoding="utf-8", newline="\n") as file:
            runs = [opened.enter_context(open(run, encoding="utf-8", newline="\n")) for run in self._runs]
            file.writelines(heapq.merge(*runs))
        for run in self._runs:
            os.remove(run)


def _needed(lines: Iterable[str]) -> Iterator[str]:
    """Of sorted lines those that are needed."""
    for _, found in groupby(lines, _statement):
        same = list(found)
        if len(same) == 1:
            yield same[0]
            continue
        by_graph = {graph_of(line): line for line in same}
        apart = [line for graph, line in by_graph.items() if graph in _APART or not graph]
        passages = [graph for graph in by_graph if graph and graph not in _APART]
        line = next(iter(by_graph.values()))
        most = MOST_PASSAGES if line.split(" ", 2)[1] in _LABELS else 1
        yield from sorted([*apart, *(by_graph[graph] for graph in sorted(passages, key=lambda g: g[1:-1])[:most])])


def graph_of(line: str) -> str:
    """The graph of a line as it stands there; empty for the default graph."""
    triple, graph, _ = line.rsplit(" ", 2)
    return graph if graph.startswith("<") and '"' not in graph and triple.count(" ") > 1 else ""


def _statement(line: str) -> str:
    """The triple of a line."""
    graph = graph_of(line)
    return line[: -len(graph) - 3] if graph else line[:-2]


class SortedQuads:
    """The quads in the files of a folder."""

    def __init__(self, folder: str) -> None:
        self._about, self._inverse = (_Lines(os.path.join(folder, name)) for name in (_ABOUT, _INVERSE))
        self.of_subject = lru_cache(_KEPT)(self._of_subject)
        self.of_object = lru_cache(_KEPT)(self._of_object)

    def _of_subject(self, subject: Any) -> dict[Any, list[Quad]]:
        """The quads with a subject, by predicate."""
        found: dict[Any, list[Quad]] = {}
        for q in _parsed(self._about.starting(f"{subject} ")):
            found.setdefault(q.predicate, []).append(q)
        return found

    def _of_object(self, value: Any, predicate: Any = None) -> tuple[Quad, ...]:
        """The quads with an object, and a predicate if one is given."""
        found = self._inverse.starting(f"{value} {predicate} " if predicate is not None else f"{value} ").split(b"\n")
        rows = (line.split(b" ", 3) for line in found if line)
        return tuple(_parsed(b"\n".join(b" ".join((row[2], row[1], row[3])) for row in rows)))

    def match(self, subject: Any, predicate: Any, value: Any) -> Iterable[Quad]:
        """Look quads up by subject and predicate, or by predicate and object, as in `computed.in_quads`."""
        return self.of_object(value, predicate) if subject is None else self.of_subject(subject).get(predicate, ())

    def quads_for_pattern(self, subject: Any, predicate: Any, value: Any, graph: Any = None) -> Iterator[Quad]:
        """The same with the signature of a store, for the patterns that `match` takes."""
        return iter(self.match(subject, predicate, value))

    def parts(self, count: int) -> list[tuple[int, int]]:
        """Where each of about so many parts of the file starts and ends, none in the midst of a subject."""
        return self._about.parts(count)

    def between(self, start: int, end: int) -> Iterator[Quad]:
        """The quads in a part of the file."""
        return _parsed(self._about.between(start, end))


def _parsed(lines: bytes) -> Iterator[Quad]:
    return iter(parse(lines, format=RdfFormat.N_QUADS, lenient=True))


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

    def between(self, start: int, end: int) -> bytes:
        """The bytes of a part of the file."""
        return bytes(self._data[start:end])

    def parts(self, count: int) -> list[tuple[int, int]]:
        """Where parts start and end, each with all lines of its subjects."""
        size = len(self._data)
        ends = [0]
        for number in range(1, count + 1):
            at = self._data.rfind(b"\n", 0, number * size // count) + 1
            if at > ends[-1]:
                subject = self._data[at : self._data.find(b" ", at) + 1] if at < size else b""
                at = self._first(subject) if subject else size
            if at > ends[-1]:
                ends.append(at)
        return list(zip(ends, [*ends[1:-1], size], strict=False)) if size else []
