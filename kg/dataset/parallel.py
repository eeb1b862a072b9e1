"""A large graph compiled by several processes, part by part: the build of `kg.dataset.update`, in less time and memory.

No process holds all articles. Some compile them (`kg.dataset.shards`), one loads the store from what the others write,
and this one computes what follows from all of them. What cannot be done so, such as finding out where in all sources an
axiom lies outside of OWL 2 RL, is left to a build at once.
"""

import gc
import os
import pickle
import shutil
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from hashlib import blake2b
from types import TracebackType
from typing import Any, NamedTuple, TypeVar

from pyoxigraph import RdfFormat, Store

from kg.dataset import build, cache, computed, shards
from kg.dataset.cache import PARTS, REST, STORE
from kg.dataset.shards import EVERYTHING, Joined, Labels, NounPhrases, Relational, Shard
from kg.errors import InputError, KgError
from kg.findings import Finding, ordered
from kg.rdf.namespaces import ONTOLOGY_GRAPH
from kg.rdf.terms import n_quads
from kg.reasoning import incremental
from kg.source import documents
from kg.source.article import Evidence, read_article
from kg.source.documents import Sources
from kg.source.layout import GraphFolder
from kg.workers import processes
from kg.workers.processes import Starter, Worker

T = TypeVar("T")
R = TypeVar("R")
_MOST = 100  # articles of a part: a second of work, and 30 MB of quads
_LOTS = 2  # parts for each process
_FILES = 200  # parts, whose files are merged together
_WIDEST = 8  # processes
_SECONDS = 24 * 3600.0  # that a task may take
_WORK = "work"


class UnableError(Exception):
    """The graph cannot be compiled in parts, or a process has ended."""


# Processes


class Processes:
    """Runs tasks in processes of their own, some at a time; in this one where none can be started.

    `submit` shares tasks out; those of `load` are done one after the other, in their order, by one more process.
    The futures raise UnableError where a task fails.
    """

    def __init__(self, width: int) -> None:
        self._starter: Starter | None = None
        try:
            self._starter = processes.starter(f"{__name__}:answering", {}, _SECONDS, None)
        except (KgError, EOFError, OSError):
            width = 1
        self._own, self._workers, self._closed = threading.local(), list[Worker](), False
        self._starting = threading.Lock()
        self._sharing, self._loading = ThreadPoolExecutor(width), ThreadPoolExecutor(1)

    def __enter__(self) -> "Processes":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._closed = True
        for worker in [*self._workers]:
            worker.kill()
        for threads in (self._sharing, self._loading):
            threads.shutdown(cancel_futures=True)
        for worker in self._workers:
            worker.close()
        if self._starter:
            self._starter.close()

    def submit(self, task: Callable[[T], R], item: T) -> "Future[R]":
        """Have a task done by whichever process is free first."""
        return self._sharing.submit(self._done, task, item)

    def load(self, task: Callable[[T], R], item: T) -> "Future[R]":
        """Have a task done once all those before are."""
        return self._loading.submit(self._done, task, item)

    def _done(self, task: Callable[[T], R], item: T) -> R:
        try:
            if self._starter is None:
                return task(item)
            answer = self._worker(self._starter).exchange(pickle.dumps((task, item)))
        except (KgError, EOFError, OSError) as error:
            raise UnableError(str(error) or "a process has ended") from error
        result, failure = pickle.loads(answer)
        if failure:
            raise UnableError(failure)
        return result  # type: ignore[no-any-return]

    def _worker(self, starter: Starter) -> Worker:
        """The process of this thread."""
        if not hasattr(self._own, "worker"):
            with self._starting:
                self._own.worker = starter.start()
            self._workers.append(self._own.worker)
            if self._closed:
                self._own.worker.kill()
        return self._own.worker  # type: ignore[no-any-return]


def answering() -> processes.Prepared:
    """What a process does that is started by `Processes`."""
    gc.set_threshold(*processes.RARELY)

    def answer(request: bytes) -> bytes:
        task, item = pickle.loads(request)
        try:
            return pickle.dumps((task(item), ""))
        except Exception as error:  # a build at once raises it again, whatever it is
            return pickle.dumps((None, f"{type(error).__name__}: {error}"))

    return answer, {}


def width() -> int:
    """How many tasks can be done at a time."""
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return min(usable or 1, _WIDEST)


# Tasks


@dataclass
class Part:
    """What some articles give the others, and the index of their files; what stops a build is in `wrong`."""

    shard: Shard = field(default_factory=Shard)
    articles: dict[str, list[Any]] = field(default_factory=dict)  # print, counts, checksum
    facts: set[bytes] = field(default_factory=set)  # a hash of each
    wrong: list[Finding] = field(default_factory=list)


@dataclass(frozen=True)
class Compile:
    """The task that reads and compiles articles, and writes their lines into the folder of a build."""

    graph_folder: GraphFolder
    folder: str
    wanted: Relational

    def __call__(self, part: tuple[int, Sequence[str]]) -> Part:
        """Compile articles with these names. Raises OSError where files cannot be read or written."""
        number, names = part
        found, lines, naming = Part(), set[str](), set[str]()
        for name in names:
            sources = Sources(self.graph_folder)
            article = documents.article_sources(os.path.join(self.graph_folder.articles, name), sources)
            evidence = read_article(article) if article else None
            wrong = build.broken([*sources.findings, *(evidence.findings if evidence else ())])
            found.wrong += wrong
            if evidence and not wrong:
                own = self._compiled(found, evidence)
                lines.update(own.all)
                naming.update(own.naming)
        _write(loaded(self.folder, number), lines)
        _write(named(self.folder, number), sorted(naming))
        return found

    def _compiled(self, found: Part, evidence: Evidence) -> "_Lines":
        """Add an article to a part; its lines."""
        described = [*build.describe_article(evidence)]
        lines = shards.article_lines(evidence, described)
        stated = computed.stated_lines(lines)
        plain = [line for _, line in stated]
        own = shards.of_evidence(evidence, self.wanted, described, [])
        found.shard.facts += own.facts
        found.shard.types += own.types
        found.shard.statuses += own.statuses
        shards.improve(found.shard.stated, own.stated)
        found.facts |= {blake2b(line.encode(), digest_size=16).digest() for line in plain}
        name = evidence.article.name
        checksum = shards.write_part(self.folder, name, sorted(lines))
        found.articles[name] = [shards.article_print(evidence.article), own.counts, checksum]
        naming = [*(line for line, _ in stated), *filter(shards.quotes_or_claims, lines)]
        return _Lines([*lines, *plain], naming)


class _Lines(NamedTuple):
    all: list[str]
    naming: list[str]


@dataclass(frozen=True)
class Load:
    """The task that loads files of N-Quads into a store."""

    store: str
    last: bool = False

    def __call__(self, path: str) -> None:
        """Load a file. Raises OSError where that cannot be done."""
        store = Store(self.store)
        store.bulk_load(path=path, format=RdfFormat.N_QUADS, lenient=True)
        if self.last:
            store.optimize()  # a tenth of the time of a build, and queries take a quarter less
        store.flush()
        os.remove(path)


def loaded(folder: str, part: int) -> str:
    """The file of the lines of a part, for the store."""
    return os.path.join(folder, _WORK, f"{part}.nq")


def named(folder: str, part: int) -> str:
    """The file of those of its lines of which names are made, sorted."""
    return os.path.join(folder, _WORK, f"{part}-naming.nq")


# A build


class Written(NamedTuple):
    """What the index of a build has of its articles, and the fingerprint of ontology and background."""

    counts: dict[str, int]
    articles: dict[str, list[Any]]
    alike: dict[str, list[str]]
    maintainable: bool
    rest: str


def write(folder: str, graph_folder: GraphFolder, names: Iterable[str]) -> Written:
    """Compile the articles with these names into a folder: all files of a large build but for its index.

    Raises InputError where their evidence is broken; OSError or UnableError where it takes a build at once.
    """
    rest = documents.load_sources(graph_folder, ())
    if build.broken(shards.without_articles(rest).findings):
        raise UnableError("ontology or background are broken")
    os.mkdir(os.path.join(folder, PARTS))
    os.mkdir(os.path.join(folder, _WORK))
    with processes.collecting_rarely(), Processes(width()) as running:
        written = _Writing(folder, graph_folder, rest, running).write(sorted(names))
    shutil.rmtree(os.path.join(folder, _WORK))
    return written


class _Writing:
    """A build that is being written."""

    def __init__(self, folder: str, graph_folder: GraphFolder, rest: Sources, running: Processes) -> None:
        self._folder, self._graph_folder, self._rest, self._running = folder, graph_folder, rest, running
        self._loads = list[Future[None]]()

    def write(self, names: list[str]) -> Written:
        parts, joined = self._compiled(list(enumerate(_shared_out(names))))
        rest = n_quads([*build.in_graph(ONTOLOGY_GRAPH, joined.ontology), *joined.background])
        with open(os.path.join(self._folder, REST), "w", encoding="utf-8", newline="\n") as file:
            file.write(rest)
        self._load("joined", joined.lines())
        assert joined.closure.derivations is not None
        chainer = joined.closure.derivations.chainer
        if maintainable := incremental.is_maintainable(chainer, joined.ontology):
            incremental.save(chainer, self._folder)
        counts = self._counts(parts, joined)
        articles = _articles(parts)
        labels, alike = self._labels(joined, len(parts))
        self._load("labels", labels, last=True)
        for load in self._loads:
            load.result()
        print_ = cache.file_print((d.path, d.text.encode()) for d in (*self._rest.ontology, *self._rest.background))
        return Written(counts, articles, alike, maintainable, print_)

    def _compiled(self, shared_out: list[tuple[int, list[str]]]) -> tuple[list[Part], Joined]:
        read: dict[str, list[Any]] = {}
        for wanted in (shards.relational(self._rest), EVERYTHING):
            task, parts = Compile(self._graph_folder, self._folder, wanted), list[Part]()
            futures = [self._running.submit(task, some) for some in shared_out]
            for number, future in enumerate(futures):
                parts.append(future.result())
                if wanted is not EVERYTHING and not parts[-1].wrong:
                    self._loads.append(self._running.load(self._loading(), loaded(self._folder, number)))
            build.refuse(ordered(f for part in parts for f in part.wrong))
            now = _articles(parts)
            if wanted is EVERYTHING and now != read:
                raise UnableError("articles have changed meanwhile")
            read = now
            try:
                joined = shards.join((part.shard for part in parts), self._rest, wanted)
            except InputError as error:
                raise UnableError from error  # where that is takes all sources
            if joined is not None:
                return parts, joined
        raise AssertionError("all facts were compared")

    def _loading(self, *, last: bool = False) -> Load:
        return Load(os.path.join(self._folder, STORE), last)

    def _load(self, name: str, lines: Iterable[str], *, last: bool = False) -> None:
        path = os.path.join(self._folder, _WORK, f"{name}.nq")
        _write(path, lines)
        self._loads.append(self._running.load(self._loading(last=last), path))

    def _counts(self, parts: list[Part], joined: Joined) -> dict[str, int]:
        counts = shards.without_articles(self._rest).counts()
        counts["facts"] = len(set[bytes]().union(*(part.facts for part in parts)))
        counts["inferred"] = len(joined.inferred)
        for _, own, _ in _articles(parts).values():
            for name, number in own.items():
                counts[name] += number
        return counts

    def _labels(self, joined: Joined, parts: int) -> tuple[list[str], dict[str, list[str]]]:
        """The labels that are computed, as lines, and the noun phrases that several things share."""
        folder = os.path.join(self._folder, _WORK)
        things = shards.write_naming(folder, joined, [_lines(named(self._folder, n)) for n in range(parts)])
        called = {thing: phrase for some in self._run(NounPhrases(folder), things) for thing, phrase in some.items()}
        alone, shared = shards.apart(called)
        alike: dict[str, list[str]] = {}
        for thing, phrase in sorted(shared):
            alike.setdefault(phrase, []).append(thing[1:-1])
        return [*alone, *(line for some in self._run(Labels(folder), shared) for line in some)], alike

    def _run(self, task: Callable[[list[T]], R], rows: list[T]) -> Iterator[R]:
        futures = [self._running.submit(task, some) for some in shards.lots(rows, _LOTS * width())]
        return (future.result() for future in futures)


def _articles(parts: list[Part]) -> dict[str, list[Any]]:
    return {name: known for part in parts for name, known in part.articles.items()}


def _shared_out(names: list[str]) -> list[list[str]]:
    size = max(1, min(_MOST, len(names) // (_LOTS * width())), len(names) // _FILES)
    return [names[at : at + size] for at in range(0, len(names), size)]


def _write(path: str, lines: Iterable[str]) -> None:
    with open(path, "w", encoding="utf-8", newline="\n") as file:
        file.writelines(f"{line}\n" for line in lines)


def _lines(path: str) -> Iterator[str]:
    with open(path, encoding="utf-8", newline="\n") as file:
        for line in file:
            yield line[:-1]
