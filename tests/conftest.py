"""What many tests share: graphs, each copied and built once, and the command as a process."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from export_graphs import copy_of_sources, graph, odd
from folders import copy_of_checkout, with_first_article
from hypothesis import HealthCheck, settings
from pyoxigraph import Quad
from running import ROOT, Run, run

from kg.graph import Graph
from kg.source.layout import GraphFolder

__all__ = ["copy_of_sources", "graph", "odd"]  # fixtures of the exports

# The default run tries the same few examples each time; `make long` many, and others each night.
# None fails by the clock.
_PATIENT = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("short", _PATIENT, derandomize=True, database=None, max_examples=30)
settings.register_profile("long", _PATIENT, max_examples=1_000)

TINY = ROOT / "tests" / "graphs" / "tiny"


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
