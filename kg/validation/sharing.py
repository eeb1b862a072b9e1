"""Tasks of a validation that other processes share: each reads the sources for itself, and does some of them.

This process does tasks too, while it waits for a result; without any other process it does them all. So the work is
the same, whoever does it. What another process fails at is done here.
"""

import gc
import pickle
import threading
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from types import TracebackType
from typing import Any, TypeVar

from kg.dataset import build, cache, parallel
from kg.dataset.build import Build
from kg.errors import KgError
from kg.source import documents
from kg.source.documents import Sources
from kg.source.layout import GraphFolder
from kg.validation.articles import Checks
from kg.workers import processes
from kg.workers.processes import Starter, Worker

T = TypeVar("T")
R = TypeVar("R")
MANY = 50  # articles, which other processes help to judge: with fewer, starting these takes longer than it saves
_SECONDS = 24 * 3600.0  # that a task may take
_BROKEN = (KgError, EOFError, OSError)  # what is raised where a process ends, or cannot start


class _Task:
    """A function with its argument, and what it gave."""

    def __init__(self, function: Callable[[Checks, Any], Any], item: Any) -> None:
        self.function, self.item, self.result, self.done = function, item, None, False


class Sharing:
    """Does tasks on a build in this process and in `helpers`, processes that read the same sources.

    They help where they read what this process has read. `tell` is called with a line where one of them ends.
    """

    helpers: int

    def __init__(self, checks: Checks, helpers: int, tell: Callable[[str], None]) -> None:
        self._checks, self._tell = checks, tell
        self._waiting, self._failed = deque[_Task](), deque[_Task]()
        self._changed, self._closed = threading.Condition(), False
        self._starter: Starter | None = None
        self._workers = list[Worker]()
        self.helpers = helpers
        if helpers:
            threading.Thread(target=self._start, args=(helpers,), daemon=True).start()

    def __enter__(self) -> "Sharing":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._changed:
            self._closed = True
            self._changed.notify_all()
            workers, starter = [*self._workers], self._starter
        for worker in workers:
            worker.close()
        if starter:
            starter.close()

    def submit(self, function: Callable[[Checks, T], R], item: T) -> Callable[[], R]:
        """Have a task done by whichever process is free first; the result waits for it, and raises what it raises."""
        task = _Task(function, item)
        with self._changed:
            self._waiting.append(task)
            self._changed.notify()
        return lambda: self._result(task)

    def _result(self, task: _Task) -> Any:
        while own := self._next(task):
            own.result = own.function(self._checks, own.item)
            own.done = True
        return task.result

    def _next(self, task: _Task) -> _Task | None:
        """A task that this process does, while another one is not done."""
        with self._changed:
            while not (task.done or self._failed or self._waiting):
                self._changed.wait()
            return None if task.done else (self._failed or self._waiting).popleft()

    # Threads, each of which talks with a process

    def _start(self, helpers: int) -> None:
        folder = self._checks.made.sources.graph_folder
        arguments = {"root": folder.root, "schema": folder.schema, "name": folder.name}
        try:
            starter = processes.starter(f"{__name__}:helping", arguments, _SECONDS, None)
        except _BROKEN:
            return  # this process does all tasks
        read = print_of(self._checks.made.sources)
        with self._changed:
            useful = not self._closed and starter.about["print"] == read
            self._starter = starter if useful else None
        if not useful:
            starter.close()
            return
        for _ in range(helpers):
            threading.Thread(target=self._help, args=(starter,), daemon=True).start()

    def _help(self, starter: Starter) -> None:
        task = None
        try:
            worker = starter.start()
        except _BROKEN:
            return  # the others do all tasks
        with self._changed:
            self._workers.append(worker)
        try:
            while task := self._wanted():
                task.result, failed = pickle.loads(worker.exchange(pickle.dumps((task.function, task.item))))
                self._ended(task, failed)
        except _BROKEN:
            if not self._closed:
                self._tell(f"the process {worker.pid} has ended that shared the work: others do its part")
        finally:
            if task:
                self._ended(task, failed=True)

    def _wanted(self) -> _Task | None:
        """The next task for another process; None for no more."""
        with self._changed:
            while not (self._closed or self._waiting):
                self._changed.wait()
            return None if self._closed else self._waiting.popleft()

    def _ended(self, task: _Task, failed: bool) -> None:
        with self._changed:
            task.done = not failed
            if failed:
                self._failed.append(task)
            self._changed.notify_all()


def helpers_for(made: Build, jobs: int | None) -> int:
    """How many processes help to judge a build: one less than `jobs`.

    Without that none for fewer than MANY articles, and as many as there are processors for with more. How many
    articles a task has is set in `kg.validation.articles`.
    """
    if jobs is not None:
        return jobs - 1
    return parallel.width() - 1 if len(made.evidence) >= MANY else 0


def print_of(sources: Sources) -> str:
    """The fingerprint of what has been read."""
    texts = [(d.path, d.text) for d in (*sources.ontology, *sources.shapes, *sources.background)]
    for article in sources.articles:
        texts += [(article.text_path, article.text), (article.facts.path, article.facts.text)]
    texts += [("", str(finding)) for finding in sources.findings]
    return cache.file_print((path, text.encode(errors="surrogatepass")) for path, text in texts)


def helping(root: str, schema: str, name: str) -> processes.Prepared:
    """What a process does that helps: it reads the sources, and then does tasks."""
    gc.set_threshold(*processes.RARELY)
    checks = Checks(build.read_sources(documents.load_sources(GraphFolder(root, schema, name))))
    with suppress(KgError):
        checks.prepare()

    def answer(request: bytes) -> bytes:
        try:
            function, item = pickle.loads(request)
            return pickle.dumps((function(checks, item), False))
        except Exception:  # the process that asks tries it, and raises this again
            return pickle.dumps((None, True))

    return answer, {"print": print_of(checks.made.sources)}
