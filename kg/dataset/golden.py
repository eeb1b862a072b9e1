"""Golden answers: the expected answer of each stored query, `queries/answers/NAME.csv`, compared with the actual one.

An answer is in the CSV of `kg query NAME -f csv`. Answers belong to the facts: they are in the graph folder itself,
even where its stored queries come from another one. A graph folder without `queries/answers/` has none.
"""

import os
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from itertools import zip_longest

from pyoxigraph import Store

from kg.dataset import engine, results
from kg.dataset.engine import Engine
from kg.dataset.results import Ask, Rows
from kg.errors import InputError, LimitError
from kg.findings import Check, Finding
from kg.source import documents, layout
from kg.source.layout import GraphFolder, write_atomic

QUERY = Check(
    "query",
    "A stored query can be answered, within the limits of time and memory.",
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


def folder(graph_folder: GraphFolder) -> str:
    """The folder of golden answers."""
    return os.path.join(graph_folder.root, "queries", "answers")


@contextmanager
def limit(
    seconds: float, path: str, memory: int | None = None, last: Callable[[LimitError], None] = lambda error: None
) -> Iterator[None]:
    """End the process with exit code 4 after `seconds`, with a message that names the file of the query.

    So it ends where it takes more than `memory` megabytes. Before that, `last` is called with the error, so that what
    was found by then can be printed.
    """
    once = threading.Lock()

    def named(error: LimitError) -> None:
        once.acquire()  # never released: the alarm that comes after the thread waits for the end
        last(error)

    timer = engine.watchdog(seconds, path, memory, named)
    try:
        yield
    finally:
        timer.cancel()
        once.acquire()  # if the message is being written, wait for the end


class Answers:
    """The answers of stored queries on one dataset, each within `timeout` seconds and `memory` megabytes, see `limit`.

    `twice` compares them with those where the default graph is the union of all graphs.
    """

    def __init__(
        self,
        graph_folder: GraphFolder,
        store: Store,
        timeout: float,
        *,
        memory: int | None = None,
        twice: bool = True,
        last: Callable[[LimitError], None] = lambda error: None,
    ) -> None:
        self._graph_folder, self._timeout, self._memory = graph_folder, timeout, memory
        self._twice, self._last = twice, last
        self._engine, self._union = Engine(store), Engine(store, union=True)

    def check(self, queries: Iterable[tuple[str, str]]) -> Iterator[Finding]:
        """How the answers of queries (names and texts) differ from golden ones, and with another default graph."""
        for name, text in queries:
            yield from self._check(name, text)
        for path in layout.files_in(folder(self._graph_folder), (".csv",)):
            query = f"queries/{os.path.basename(path).removesuffix('.csv')}.rq"
            if not os.path.exists(os.path.join(self._graph_folder.root, query)):
                message = f"an answer without its query: there is no {query}"
                yield GOLDEN_ANSWER.finding(self._graph_folder.relative(path), message, hint="remove the file")

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
        if os.path.isdir(folder(self._graph_folder)):
            yield from self._against_golden(name, answer)

    def _path(self, name: str) -> str:
        return self._graph_folder.relative(os.path.join(self._graph_folder.queries, f"{name}.rq"))

    def _golden(self, name: str) -> str:
        return os.path.join(folder(self._graph_folder), f"{name}.csv")

    def _against_golden(self, name: str, answer: str) -> Iterator[Finding]:
        path = self._golden(name)
        if not os.path.lexists(path):
            hint = "write it with `kg check --update-answers`, and read it"
            yield GOLDEN_ANSWER.finding(self._path(name), "the query has no golden answer", hint=hint)
            return
        problems: list[Finding] = []
        golden = documents.read_text(path, self._graph_folder, problems)
        yield from problems
        if golden is not None and golden != answer:
            line, difference = _first_difference(golden, answer)
            hint = "see whether the new answer is right, then `kg check --update-answers`"
            yield GOLDEN_ANSWER.finding(self._graph_folder.relative(path), difference, line=line, column=1, hint=hint)

    def update(self, queries: Iterable[tuple[str, str]]) -> list[str]:
        """Write the golden answers that are missing or have changed, each atomically; give their files.

        Raises InputError where their folder is a link.
        """
        written: list[str] = []
        self._graph_folder.refuse_link(folder(self._graph_folder))
        os.makedirs(folder(self._graph_folder), exist_ok=True)
        for name, text in queries:
            path = self._golden(name)
            try:
                answer = self._ask(self._engine, self._path(name), text)
            except InputError:
                continue  # a finding of `check`
            if answer != documents.read_text(path, self._graph_folder, []):
                write_atomic(path, answer.encode())
                written.append(self._graph_folder.relative(path))
        return written

    def _ask(self, engine: Engine, path: str, text: str) -> str:
        with limit(self._timeout, path, self._memory, self._last):
            found = engine.run(text, checked=True)
            if not isinstance(found, Rows | Ask):
                raise InputError("the answer to a stored query is rows", rule="query-form")
            return results.write(found, "csv")


def _first_difference(before: str, after: str) -> tuple[int, str]:
    """The line of the first row in which two answers differ, and a message."""
    old, new = before.split("\n")[:-1], after.split("\n")[:-1]
    old_rows, new_rows = set(old), set(new)
    gone, come = [row for row in old if row not in new_rows], [row for row in new if row not in old_rows]
    for line, (was, now) in enumerate(zip_longest(old, new), 1):
        if was != now:
            counts = f"({len(old) - 1} rows before, {len(new) - 1} now)"
            place = min(line, max(len(old), 1))
            if bool(gone) != bool(come):
                return place, f"{_rows(come, 'new') if come else _rows(gone, 'gone')} {counts}"
            rows = [f"“{row}”" if row is not None else "the end" for row in (was, now)]
            return place, f"row {line - 1} was {rows[0]} and is {rows[1]}{f' {counts}' * (len(old) != len(new))}"
    return 1, "the rows are the same, the line ends are not"


def _rows(rows: list[str], what: str) -> str:
    number = f"{len(rows)} rows are {what}, the first is" if len(rows) > 1 else f"a row is {what}:"
    return f"{number} “{rows[0]}”"
