"""What many tests share: graphs, each copied and built once, and the command as a process."""

import gc
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
from export_graphs import copy_of_sources, graph, odd
from folders import copy_of_checkout, with_first_article
from hypothesis import HealthCheck, settings
from pyoxigraph import Quad, Triple
from running import ROOT, Run, run

from kg.findings import Finding
from kg.graph import Graph
from kg.rdf import positions
from kg.source import documents
from kg.source.documents import Document
from kg.source.layout import GraphFolder
from kg.validation import facts, ontology, verdict
from kg.validation.shacl import Validator

__all__ = ["copy_of_sources", "graph", "odd"]  # fixtures of the exports

# The default run tries the same few examples each time; `make long` many, and others each night.
# None fails by the clock.
_PATIENT = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("short", _PATIENT, derandomize=True, database=None, max_examples=30)
settings.register_profile("long", _PATIENT, max_examples=1_000)

TINY = ROOT / "tests" / "graphs" / "tiny"


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks as long what `weekly.txt` names: tests of seconds, of which the default run has others of the kind."""
    weekly = set((ROOT / "tests" / "weekly.txt").read_text("utf-8").split("\n"))
    for item in items:
        if item.nodeid in weekly:
            item.add_marker(pytest.mark.long)


def pytest_collection_finish() -> None:
    """Thousands of collected tests stay until the end: they are no garbage to look for again and again."""
    gc.freeze()


def compiled(folder: Path) -> Graph:
    graph = Graph(GraphFolder(str(folder)))
    graph.compile()
    return graph


@pytest.fixture(scope="session", autouse=True)
def own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """No test writes to the user's cache, and none depends on the user's terminal."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        for name in ("COLUMNS", "FORCE_COLOR", "NO_COLOR", "_ARGCOMPLETE"):
            patch.delenv(name, raising=False)
        yield


@pytest.fixture(scope="session")
def shipped_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the shipped graph with its first article alone, which is the one that tests know by heart."""
    return with_first_article(tmp_path_factory.mktemp("shipped"))


@pytest.fixture(scope="session")
def shipped(shipped_folder: Path) -> Graph:
    """It as a graph, compiled once, and in its cache for every command that is run on it."""
    return compiled(shipped_folder)


@pytest.fixture(scope="session")
def shipped_quads(shipped: Graph) -> list[Quad]:
    """Its dataset."""
    return shipped.quads


@pytest.fixture(scope="session")
def checkout_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the checkout's graph with every article, so that nothing is built in the checkout itself."""
    return copy_of_checkout(tmp_path_factory.mktemp("checkout"))


@pytest.fixture(scope="session")
def checkout(checkout_folder: Path) -> Graph:
    """It as a graph, compiled once: for what must hold whichever articles are there."""
    return compiled(checkout_folder)


def _by_identity(function: Callable[..., Any]) -> Callable[..., Any]:
    """What depends on its arguments alone, computed once for the same ones; they are kept, so that none is another."""
    known: dict[tuple[int, ...], tuple[tuple[object, ...], Any]] = {}

    def once(*given: Any) -> Any:
        parts = tuple(part for one in given for part in (one if isinstance(one, list) else [one]))
        key = tuple(map(id, parts))
        if key not in known:
            found = function(*given)
            known[key] = parts, [*found] if isinstance(found, Iterator) else found
        return known[key][1]

    return once


@pytest.fixture(scope="session")
def _once() -> Callable[[], AbstractContextManager[None]]:
    parse, documents_by_text = documents.parse_text, dict[tuple[str, str, str | None], Document]()
    validator = lru_cache(maxsize=2)(Validator)
    walk = lru_cache(maxsize=64)(positions._Walk)
    pure = [(documents, "_rdf_problem"), (facts, "check_literals"), (ontology, "Axioms")]
    pure += [(ontology, "check_lexicon"), (ontology, "check_ontology")]
    checked_once = [(module, name, _by_identity(getattr(module, name))) for module, name in pure]

    def parse_once(name: str, text: str, findings: list[Finding], base: str | None = None) -> Document | None:
        key = (name, text, base)
        if not (found := documents_by_text.get(key)) and (found := parse(name, text, findings, base)):
            documents_by_text[key] = found
        return found

    def validator_once(shapes: Sequence[Document], ontology: Iterable[Triple]) -> Validator:
        return validator(tuple(shapes), tuple(ontology))

    @contextmanager
    def within() -> Iterator[None]:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(documents, "parse_text", parse_once)
            patch.setattr(verdict, "Validator", validator_once)
            patch.setattr(positions, "_walk", walk)
            for module, name, once in checked_once:
                patch.setattr(module, name, once)
            yield

    return within


@pytest.fixture
def reading_once(_once: Callable[[], AbstractContextManager[None]]) -> Iterator[None]:
    """A file is parsed once however often it is read, and the same shapes and ontology are loaded and checked once.

    For tests that judge many graphs that differ in a line or two; the same documents and validator serve them all.
    """
    with _once():
        yield


@pytest.fixture
def tiny(tmp_path: Path) -> GraphFolder:
    """A tiny graph folder that a test may change; it builds in a third of a second."""
    return GraphFolder(str(shutil.copytree(TINY, tmp_path / "tiny")))


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Graph:
    """The tiny graph, compiled once, for tests that only ask."""
    return compiled(Path(shutil.copytree(TINY, tmp_path_factory.mktemp("small") / "graph")))


@pytest.fixture(scope="session")
def kg() -> Run:
    """Run the command in a process of its own: `kg("query", "who-leads")`."""
    return run
