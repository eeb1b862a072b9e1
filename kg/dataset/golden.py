"""Golden answers: what each stored query gives on its graph is kept beside it, so that a change shows what it changes.

`queries/answers/NAME.csv` is the answer in CSV, as `kg query NAME -f csv` writes it. A graph folder without
`queries/answers/` keeps none. Answers go with the facts: they are those of the graph folder itself, even where its
questions come from another.
"""

import os
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from itertools import zip_longest

from pyoxigraph import Store

from kg.dataset import engine, results
from kg.dataset.engine import Engine
from kg.dataset.results import Ask, Rows
from kg.errors import InputError
from kg.findings import Check, Finding
from kg.source import documents, layout
from kg.source.layout import GraphFolder, write_atomic

QUERY = Check(
    "query",
    "A stored query can be answered, within the time limit.",
    "A query that fails or never ends is no use to anybody.",
    wrong="SELECT DISTINCT ?a WHERE { ?a ?p ?b . ?c ?q ?d . ?e ?r ?f } ORDER BY ?a",
    right="SELECT DISTINCT ?a WHERE { ?a ent:borders ?b . ?b ent:borders ?c } ORDER BY ?a",
)
GOLDEN_ANSWER = Check(
    "golden-answer",
    "Each stored query gives the answer that is kept in queries/answers/.",
    "A change of facts, ontology or code shows what it changes. If the new answer is right, update it.",
    wrong="queries/answers/states.csv of last week",
    right="kg check --update-answers",
)
UNION_ANSWER = Check(
    "union-answer",
    "A stored query gives the same answer where the default graph is the union of all graphs.",
    "Engines differ in what their default graph is (SPARQL 1.1 §13), and people use several.",
    wrong="SELECT DISTINCT ?s (GROUP_CONCAT(STR(?x)) AS ?n) WHERE { ?x ent:buyer ?s } GROUP BY ?s ORDER BY ?s",
    right="SELECT DISTINCT ?s (GROUP_CONCAT(DISTINCT STR(?x)) AS ?n) WHERE { ?x ent:buyer ?s } GROUP BY ?s ORDER BY ?s",
)

_UPDATE = "see whether the new answer is right, then `kg check --update-answers`"


def folder(graph_folder: GraphFolder) -> str:
    """Where golden answers are."""
    return os.path.join(graph_folder.root, "queries", "answers")


@contextmanager
def limit(seconds: float, path: str, last: Callable[[str], None] = lambda path: None) -> Iterator[None]:
    """End the process with exit code 4 after `seconds`, and say which query was too slow.

    `last` is called before with its file, so that what was found by then is not lost.
    """
    timer = engine.watchdog(seconds)
    stop, once = timer.function, threading.Lock()

    def named() -> None:
        once.acquire()  # for good: the alarm that comes after the thread waits for the end
        last(path)
        sys.stderr.write(f"{path}: ")
        stop()

    timer.function = named
    try:
        yield
    finally:
        timer.cancel()
        once.acquire()  # where the last words are being said, the end follows


class Answers:
    """The answers of stored queries on one dataset. Each is asked within `timeout` seconds, or the process ends.

    `twice` asks also with the union of all graphs as the default graph, which must not matter. `last` is called with
    the file of the question that is about to end the process.
    """

    def __init__(
        self,
        graph_folder: GraphFolder,
        store: Store,
        timeout: float,
        *,
        twice: bool = True,
        last: Callable[[str], None] = lambda path: None,
    ) -> None:
        self._rooms, self._timeout, self._twice, self._last = graph_folder, timeout, twice, last
        self._engine, self._union = Engine(store), Engine(store, union=True)

    def check(self, queries: Iterable[tuple[str, str]]) -> Iterator[Finding]:
        """How the answers differ from what is kept, and from those of an engine with another default graph.

        `queries` are the names and texts of those that can be asked.
        """
        for name, text in queries:
            yield from self._check(name, text)
        for path in layout.files_in(folder(self._rooms), (".csv",)):
            question = f"queries/{os.path.basename(path).removesuffix('.csv')}.rq"
            if not os.path.exists(os.path.join(self._rooms.root, question)):
                message = f"an answer without its query: there is no {question}"
                yield GOLDEN_ANSWER.finding(self._rooms.relative(path), message, hint="remove the file")

    def _check(self, name: str, text: str) -> Iterator[Finding]:
        path = self._path(name)
        try:
            answer = self._ask(self._engine, path, text)
            union = self._ask(self._union, path, text) if self._twice else answer
        except InputError as error:
            yield QUERY.finding(path, error.message, hint=error.hint)
            return
        if union != answer:
            difference = _first_difference(answer, union)[1]
            message = f"the answer is another where the default graph is the union of all graphs: {difference}"
            hint = "count DISTINCT, and join each GRAPH ?passage with ?passage a ent:Passage"
            yield UNION_ANSWER.finding(path, message, hint=hint)
        if os.path.isdir(folder(self._rooms)):
            yield from self._against_kept(name, answer)

    def _path(self, name: str) -> str:
        return self._rooms.relative(os.path.join(self._rooms.queries, f"{name}.rq"))

    def _against_kept(self, name: str, answer: str) -> Iterator[Finding]:
        path = os.path.join(folder(self._rooms), f"{name}.csv")
        if not os.path.lexists(path):
            hint = "write it with `kg check --update-answers`, and read it"
            yield GOLDEN_ANSWER.finding(self._path(name), "the query has no golden answer", hint=hint)
            return
        problems: list[Finding] = []
        kept = documents.read_text(path, self._rooms, problems)
        yield from problems
        if kept is not None and kept != answer:
            line, difference = _first_difference(kept, answer)
            where = self._rooms.relative(path)
            yield GOLDEN_ANSWER.finding(where, difference, line=line, column=1, hint=_UPDATE)

    def update(self, queries: Iterable[tuple[str, str]]) -> list[str]:
        """Write the answers that are missing or have changed, each atomically; the result is their files."""
        written: list[str] = []
        os.makedirs(folder(self._rooms), exist_ok=True)
        for name, text in queries:
            path = os.path.join(folder(self._rooms), f"{name}.csv")
            try:
                answer = self._ask(self._engine, self._path(name), text)
            except InputError:
                continue  # `check` tells why it cannot be answered
            if answer != documents.read_text(path, self._rooms, []):
                write_atomic(path, answer.encode())
                written.append(self._rooms.relative(path))
        return written

    def _ask(self, engine: Engine, path: str, text: str) -> str:
        with limit(self._timeout, path, self._last):
            found = engine.run(text, checked=True)
            if not isinstance(found, Rows | Ask):
                raise InputError("the answer to a stored query is rows", rule="query-form")
            return results.write(found, "csv")


def _first_difference(before: str, after: str) -> tuple[int, str]:
    """The line of the first row in which two answers differ, and how they differ in words."""
    old, new = before.split("\n")[:-1], after.split("\n")[:-1]
    for line, (was, now) in enumerate(zip_longest(old, new), 1):
        if was != now:
            counts = f"({len(old) - 1} rows before, {len(new) - 1} now)"
            place = min(line, max(len(old), 1))
            gone, come = _without(old, new), _without(new, old)
            if come and not gone:
                return place, f"{_rows(come, 'new')} {counts}"
            if gone and not come:
                return place, f"{_rows(gone, 'gone')} {counts}"
            was_told, now_told = (f"“{row}”" if row is not None else "the end" for row in (was, now))
            return place, f"row {line - 1} was {was_told} and is {now_told}{f' {counts}' * (len(old) != len(new))}"
    return 1, "the rows are the same, the line ends are not"


def _without(rows: list[str], others: list[str]) -> list[str]:
    known = set(others)
    return [row for row in rows if row not in known]


def _rows(rows: list[str], what: str) -> str:
    number = f"{len(rows)} rows are {what}, the first is" if len(rows) > 1 else f"a row is {what}:"
    return f"{number} “{rows[0]}”"
