"""A graph asked over HTTP at other people's servers answers as the graph itself does: rows, receipts, proofs.

Of the first article, and of a hundred generated ones, of which the bulk loaders of the servers load the parts.
"""

from collections.abc import Iterator

import pytest
from elsewhere import asserted, different_answers, different_descriptions, different_proofs, inferred, things
from engines.command import ENGINES
from engines.engine import Engine
from engines.installing import NotInstalledError
from running import ROOT

from bench import corpus
from kg.graph import Graph
from kg.source.layout import GraphFolder

pytest.importorskip("httpx")
pytestmark = pytest.mark.engines

SERVERS = [engine for engine in ENGINES if engine.name in ("oxigraph", "virtuoso")]
NAMES = sorted(path.stem for path in (ROOT / "queries").glob("*.rq"))
FEW = 200  # rows of which the receipts are compared; of more, those of the first ones


# What a server gives otherwise over HTTP, besides `Engine.otherwise`: docs/endpoints.md says why.
OTHERWISE = {"virtuoso": {"how-much"}}


def alike(engine: Engine) -> list[str]:
    """The stored queries that a server answers as `kg` does."""
    return sorted({*NAMES} - engine.otherwise - OTHERWISE.get(engine.name, set()))


@pytest.fixture(scope="module", params=SERVERS, ids=[engine.name for engine in SERVERS])
def engine(request: pytest.FixtureRequest) -> Engine:
    chosen: Engine = request.param
    try:
        chosen.version()
    except NotInstalledError as why:
        pytest.skip(f"{why}: `make engines` installs what can be had")
    return chosen


@pytest.fixture(scope="module")
def corpus_of_100(tmp_path_factory: pytest.TempPathFactory) -> Graph:
    folder = tmp_path_factory.mktemp("corpus") / "graph"
    corpus.generate(100, folder)
    graph = Graph(GraphFolder(str(folder)))
    graph.compile()
    return graph


@pytest.fixture(scope="module")
def one(engine: Engine, shipped: Graph, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Graph, Graph]]:
    """The first article and the same at a server, that loaded what `kg export -f nquads` writes."""
    folder = tmp_path_factory.mktemp("one")
    (folder / "all.nq").write_bytes(shipped.export("nquads"))
    with engine.serving(folder / "all.nq", folder):
        yield shipped, shipped.at(engine.endpoint, 120)


@pytest.fixture(scope="module")
def hundred(
    engine: Engine, corpus_of_100: Graph, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Graph, Graph]]:
    """A hundred articles, and the same at a server, that loaded the parts of `kg export --bulk`."""
    folder = tmp_path_factory.mktemp("hundred")
    corpus_of_100.bulk(str(folder / "parts"))
    with engine.loaded(folder / "parts", folder):
        yield corpus_of_100, corpus_of_100.at(engine.endpoint, 120)


def test_one_article(engine: Engine, one: tuple[Graph, Graph]) -> None:
    ours, theirs = one
    assert theirs.notes == []
    assert different_answers(ours, theirs, sorted({*NAMES} - engine.otherwise)) == []
    assert different_descriptions(ours, theirs, things(ours)[::10]) == []
    assert different_proofs(ours, theirs, [*inferred(ours)[::10], *asserted(ours)[::100]]) == []


def test_the_rows_of_a_hundred_articles(engine: Engine, hundred: tuple[Graph, Graph]) -> None:
    ours, theirs = hundred
    assert theirs.notes == []
    names = alike(engine)
    assert [name for name in names if ours.query(name).write("json") != theirs.query(name).write("json")] == []


def test_the_receipts_of_a_hundred_articles(engine: Engine, hundred: tuple[Graph, Graph]) -> None:
    ours, theirs = hundred
    different = []
    for name in alike(engine):
        answers = (graph.query(name, receipts=True).first(FEW) for graph in (ours, theirs))
        one, other = ([answer.write("json"), answer.table(100)] for answer in answers)
        different += [name] if one != other else []
    assert different == []


def test_descriptions_and_proofs_of_a_hundred_articles(hundred: tuple[Graph, Graph]) -> None:
    ours, theirs = hundred
    assert different_descriptions(ours, theirs, things(ours)[::200]) == []
    assert different_proofs(ours, theirs, [*inferred(ours)[::400], *asserted(ours)[::3000]]) == []
