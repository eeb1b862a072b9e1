"""Findings are the same whoever does the tasks of a validation, and whatever happens to the processes that help."""

import functools
import os
import shutil
import signal
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from clustered import with_test_graphs

from kg.dataset import build, parallel
from kg.findings import Finding
from kg.source import documents
from kg.source.layout import GraphFolder
from kg.validation import articles, run, sharing
from kg.validation.articles import Checks
from kg.validation.sharing import Sharing
from kg.workers import processes

Starting = Callable[[pytest.MonkeyPatch], None]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> GraphFolder:
    """Six articles with mistakes, three stored queries, and no golden answers."""
    folder = with_test_graphs(tmp_path_factory.mktemp("sharing") / "graph")
    for facts in sorted((folder / "kg" / "articles").glob("*/facts.trig")):
        text = facts.read_text("utf-8").replace("ent:held", "ent:cancelled").replace(" ;\n", "  ;\n", 1)
        facts.write_text(text.replace('rdfs:label "', 'rdfs:label "X', 1), "utf-8", newline="\n")
    for path in sorted((folder / "queries").glob("*.rq"))[3:]:
        path.unlink()
    shutil.rmtree(folder / "queries" / "answers", ignore_errors=True)
    return GraphFolder(str(folder))


@pytest.fixture(autouse=True)
def importable(monkeypatch: pytest.MonkeyPatch) -> None:
    """Other processes can import this file."""
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(sys.path))


@pytest.fixture
def two_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(articles, "_AT_A_TIME", 2)
    monkeypatch.setattr(parallel, "width", lambda: 3)
    monkeypatch.setattr(sharing, "MANY", 6)


def checks_of(folder: GraphFolder) -> Checks:
    return Checks(build.read_sources(documents.load_sources(folder)))


@pytest.fixture(scope="module")
def alone(folder: GraphFolder) -> list[Finding]:
    """What one process finds."""
    return run.check(folder, jobs=1).findings


def as_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """As it is on this platform."""


def spawning(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "starter", functools.partial(processes.starter, fork=False))


def unable(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*arguments: object) -> None:
        raise OSError("no process can be started")

    monkeypatch.setattr(processes, "starter", fail)


@pytest.mark.usefixtures("two_at_a_time")
@pytest.mark.parametrize("started", [as_here, spawning, unable])
def test_findings_are_those_of_one_process(
    folder: GraphFolder, alone: list[Finding], started: Starting, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert {"cue-words", "house-style", "not-verbatim", "status-words"} <= {f.rule for f in alone}
    started(monkeypatch)
    assert run.check(folder).findings == alone
    validated = run.validate(folder).findings
    assert [f for f in alone if f in validated] == validated
    assert {f.rule for f in alone if f not in validated} <= {"house-style", "query", "union-answer", "unused-word"}


def process_of(checks: Checks, item: int) -> int:
    """A task: which process does it."""
    time.sleep(0.01 * item)
    return os.getpid()


def ending(checks: Checks, here: int) -> int:
    """A task at which every process ends but the one with this number."""
    if os.getpid() != here:
        os.kill(os.getpid(), signal.SIGKILL)
    return os.getpid()


def failing(checks: Checks, here: int) -> int:
    """A task that succeeds in no process."""
    raise ValueError("it fails here" if os.getpid() == here else "it fails there")


def waited_for(happened: Callable[[], bool]) -> None:
    end = time.monotonic() + 60
    while not happened():
        assert time.monotonic() < end
        time.sleep(0.01)


def test_other_processes_do_tasks(folder: GraphFolder) -> None:
    with Sharing(checks_of(folder), 2, pytest.fail) as share:
        results = [share.submit(process_of, 1) for _ in range(20)]
        waited_for(lambda: not share._waiting)  # this process does nothing before it wants a result
        found = {result() for result in results}
    assert len(found - {os.getpid()}) == 2


def test_the_part_of_a_process_that_dies_is_done_here(folder: GraphFolder) -> None:
    told = list[str]()
    with Sharing(checks_of(folder), 1, told.append) as share:
        result = share.submit(ending, os.getpid())
        waited_for(lambda: bool(told))
        assert result() == os.getpid()
        assert share.submit(ending, os.getpid())() == os.getpid()
        (worker,) = share._workers
    assert told == [f"the process {worker.pid} has ended that shared the work: others do its part"]


def test_an_error_is_raised_here(folder: GraphFolder) -> None:
    with Sharing(checks_of(folder), 1, pytest.fail) as share:
        result = share.submit(failing, os.getpid())
        waited_for(lambda: bool(share._failed))
        with pytest.raises(ValueError, match="it fails here"):
            result()


def test_who_reads_something_else_does_not_help(folder: GraphFolder, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(folder.root, tmp_path / "graph"))
    checks = checks_of(GraphFolder(str(copy)))
    text = next((copy / "kg" / "articles").glob("*/article.txt"))
    text.write_text(text.read_text("utf-8") + "\nOne more sentence.\n", "utf-8", newline="\n")
    before = threading.active_count()
    with Sharing(checks, 1, pytest.fail) as share:
        result = share.submit(process_of, 0)
        waited_for(lambda: threading.active_count() == before)
        assert result() == os.getpid()
        assert not share._workers


def test_nobody_helps_with_few_articles(folder: GraphFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parallel, "width", lambda: 3)
    made = checks_of(folder).made
    assert [sharing.helpers_for(made, jobs) for jobs in (None, 1, 4)] == [0, 0, 3]
    monkeypatch.setattr(sharing, "MANY", 6)
    assert sharing.helpers_for(made, None) == 2
