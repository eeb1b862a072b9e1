"""Running the tests of a module against a mutant of it: it is caught where one of them fails, or never ends.

Each mutant has a process of its own, into which the spoilt source is loaded in the module's place; no file changes.
Broken articles are judged without shapes and reasoning, which have nothing to do with these checks and take two
seconds an article; the cases that are about shapes are left out.
"""

import ast
import contextlib
import importlib.abc
import importlib.util
import multiprocessing
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from importlib.machinery import ModuleSpec
from multiprocessing.connection import Connection
from multiprocessing.context import BaseContext
from pathlib import Path
from types import ModuleType

from .checks import CheckMutant
from .mutants import ROOT, Outcome

_SLOW = "test_broken.py"
# Tests that are about a module, beside those in the files that have its name.
MORE_TESTS = {
    "kg.text.quotes": ("source/test_article.py",),
    "kg.text.normalisation": ("text/test_quotes.py",),
    "kg.source.article": (_SLOW,),
    "kg.validation.facts": (_SLOW,),
    "kg.text.amounts": ("validation/test_facts_amounts.py",),
    "kg.validation.entities": (_SLOW,),
}
_FOLDERS = ("kg", "ontology", "queries", "shapes", "tests")
_MOST_MEMORY = 4 << 30
_HEAVY = ["hypothesis", "pyoxigraph", "pytest", "rdflib"]  # loaded once, before the processes part


@dataclass(frozen=True)
class Trial:
    """A source of a module and the tests to run on it; `root` is the folder with package and tests."""

    root: str
    module: str
    source: str
    tests: tuple[str, ...]
    left_out: tuple[str, ...] = ()
    most_seconds: float = 600
    to_the_end: bool = False


@dataclass(frozen=True)
class End:
    """What came of a trial: the exit code of the tests, those that failed as far as they were run, and the seconds."""

    code: int | None
    failed: tuple[str, ...]
    seconds: float


def outcomes(mutants: Sequence[CheckMutant], jobs: int) -> Iterator[Outcome]:
    """Run the tests for each mutant, several at a time. Raises RuntimeError where they fail as it is."""
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(jobs) as pool:
        root = str(Path(folder, "tree"))
        for name in _FOLDERS:  # a copy, so that whoever goes on working spoils nothing
            shutil.copytree(ROOT / name, Path(root, name), ignore=shutil.ignore_patterns("__pycache__"))
        shutil.copy(ROOT / "pyproject.toml", root)
        modules = list(dict.fromkeys(m.module for m in mutants))
        sound = dict(zip(modules, pool.map(lambda module: _sound(module, root), modules), strict=True))
        yield from pool.map(lambda mutant: _outcome(mutant, sound[mutant.module]), mutants)


def _outcome(mutant: CheckMutant, sound: Trial) -> Outcome:
    """Whether a mutant is caught; a time-out is a catch as well."""
    return Outcome(mutant, _end(replace(sound, source=mutant.source)).code != 0)


def tests(module: str) -> tuple[str, ...]:
    """The files of tests about a module, in the folder of all tests; the quickest first."""
    _, folder, name = module.split(".")
    own = sorted(Path(ROOT, "tests", folder).glob(f"test_{name}*.py"))
    return (*(f"{folder}/{path.name}" for path in own), *MORE_TESTS.get(module, ()))


def _sound(module: str, root: str) -> Trial:
    """The trial of a module as it is: without the tests that fail for want of shapes and reasoning."""
    source = Path(root, *module.split(".")).with_suffix(".py").read_text("utf-8")
    trial = Trial(root, module, ast.unparse(ast.parse(source)), tests(module), to_the_end=True)
    end = _end(trial)
    if (end.code and not end.failed) or any(_SLOW not in test for test in end.failed):
        raise RuntimeError(f"the tests of {module} fail before anything is spoilt: {', '.join(end.failed) or end.code}")
    return replace(trial, left_out=end.failed, most_seconds=20 + 5 * end.seconds, to_the_end=False)


def processes() -> BaseContext:
    """How processes are made: from a server that knows no mutant, and has loaded what takes long to load."""
    if sys.platform == "win32":
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(_HEAVY)
    return context


def _end(trial: Trial) -> End:
    """Run a trial in a process of its own, and end it when its time is up.

    It has a temporary folder of its own, too: others may clear the one that all runs of pytest share, and that would
    look like a catch.
    """
    start = time.monotonic()
    ours, theirs = multiprocessing.Pipe(duplex=False)
    with tempfile.TemporaryDirectory(dir=Path(trial.root).parent, ignore_cleanup_errors=True) as own:
        process = processes().Process(target=_run, args=(trial, own, theirs))  # type: ignore[attr-defined]
        process.start()
        theirs.close()
        failed: tuple[str, ...] = ()
        if ours.poll(trial.most_seconds):
            with contextlib.suppress(EOFError):  # it died
                failed = ours.recv()
        else:
            process.kill()
        process.join()
    return End(process.exitcode, failed, time.monotonic() - start)


def _run(trial: Trial, own: str, answer: Connection) -> None:
    """Load the source in the module's place, and run the tests on it; hand over which of them failed."""
    import pytest

    _be_modest()
    os.chdir(trial.root)
    sys.path.insert(0, trial.root)
    sys.meta_path.insert(0, _Spoilt(trial.module, trial.source))
    report = _Report(quick=_SLOW in trial.tests)
    options = ["-q", "--rootdir", trial.root, "-p", "no:cacheprovider", "-p", "no:xdist"]
    options += ["--basetemp", own]
    options += [
        "--hypothesis-profile=mutation",
        "-W",
        "ignore::pytest.PytestAssertRewriteWarning",
    ]  # hypothesis is loaded already
    options += [f"--deselect={test}" for test in trial.left_out]
    options += [] if trial.to_the_end else ["-x"]
    code = pytest.main([*options, *(str(Path("tests", name)) for name in trial.tests)], plugins=[report])
    answer.send(tuple(report.failed))
    os._exit(int(code))


def _be_modest() -> None:
    """No output, no end of memory, and of hypothesis the same examples each time and no memory of them."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (_MOST_MEMORY, _MOST_MEMORY))
    os.environ["HYPOTHESIS_STORAGE_DIRECTORY"] = tempfile.gettempdir()
    from hypothesis import settings

    settings.register_profile("mutation", derandomize=True, database=None, deadline=None)
    settings.load_profile("mutation")


class _Spoilt(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Gives one module a source of our own."""

    def __init__(self, module: str, source: str) -> None:
        self._module = module
        self._source = source

    def find_spec(self, name: str, path: object, target: object = None) -> ModuleSpec | None:
        return importlib.util.spec_from_loader(name, self) if name == self._module else None

    def exec_module(self, module: ModuleType) -> None:
        exec(compile(self._source, f"<mutant of {self._module}>", "exec"), module.__dict__)


class _Report:
    """A pytest plugin that gathers which tests fail, and makes verdicts quick if so asked."""

    def __init__(self, quick: bool) -> None:
        self.failed: list[str] = []
        self._quick = quick

    def pytest_sessionstart(self) -> None:
        if self._quick:
            from kg.validation import verdict

            verdict.shape_findings = lambda *_: list
            verdict.contradiction_findings = lambda *_: []

    def pytest_runtest_logreport(self, report: object) -> None:
        if getattr(report, "failed", False):
            self.failed.append(getattr(report, "nodeid", ""))
