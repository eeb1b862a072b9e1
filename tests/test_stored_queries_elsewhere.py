"""Each stored query gives in other people's engines the rows that it gives here, in the same order.

The dataset is the shipped article and an invented later one, as `kg export -f nquads` writes them. Each query is asked
as its file is, and with a value for each of its parameters that leaves some of the rows.
"""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from engines.command import ENGINES, documented
from engines.engine import Engine
from engines.installing import NotInstalledError
from folders import with_first_article
from pyoxigraph import NamedNode
from running import ROOT

from kg.dataset.stored_queries import ANY, LITERAL_TYPES, bind
from kg.graph import Graph
from kg.rdf.namespaces import ID
from kg.source.layout import GraphFolder

pytestmark = pytest.mark.engines

NAMES = sorted(path.stem for path in (ROOT / "queries").glob("*.rq"))
# Values for which a query takes other ways than with its defaults.
MORE = {
    "how-connected": [{"length": "2"}, {"length": ANY}],
    "timeline": [{"a": "Talvia", "b": "Corvania"}, {"b": ANY}],
    "who-leads": [
        {"state": "Syria", "date": "2018-04-03"},
        {"state": "Talvia", "date": "2014-06-01"},
        {"state": "Talvia", "date": "2018-04-04"},
        {"state": "Talvia", "date": "2020-01-01"},
        {"state": ANY},
    ],
}


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Graph:
    folder = with_first_article(tmp_path_factory.mktemp("both"))
    shutil.copytree(ROOT / "tests" / "graphs" / "second" / "kg", folder / "kg", dirs_exist_ok=True)
    return Graph(GraphFolder(str(folder)))


@pytest.fixture(scope="module")
def dataset(graph: Graph, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("dataset") / "dataset.nq"
    path.write_bytes(graph.export("nquads"))
    return path


@pytest.fixture(scope="module", params=ENGINES, ids=[engine.name for engine in ENGINES])
def engine(request: pytest.FixtureRequest, dataset: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    chosen: Engine = request.param
    try:
        chosen.version()
    except NotInstalledError as why:
        pytest.skip(f"{why}: `make engines` installs what can be had")
    with chosen.serving(dataset, tmp_path_factory.mktemp(chosen.name)):
        yield chosen


def test_the_version_is_the_documented_one(engine: Engine) -> None:
    assert engine.version() == documented()[engine.title], "write the version into tools/pages, where all rows are ours"


@pytest.mark.parametrize("name", NAMES)
def test_rows_are_ours(name: str, engine: Engine, graph: Graph, tmp_path: Path) -> None:
    if name in engine.otherwise:
        pytest.skip("answered otherwise: see docs/queries.md")
    reordered = False
    for values in examples(graph, name):
        path = tmp_path / f"{name}.rq"
        path.write_text(bind(graph.queries[name], values, graph.things), encoding="utf-8", newline="\n")
        columns, rows = engine.ask(path)
        ours = graph.ask(name, values)
        theirs, expected = ([[engine.value(t, name) for t in row] for row in found] for found in (rows, ours.rows))
        if name in engine.unordered and theirs != expected:
            reordered = True
            theirs, expected = sorted(theirs, key=str), sorted(expected, key=str)
        assert (values, columns, theirs) == (values, ours.columns, expected)
    assert reordered == (name in engine.unordered)


def examples(graph: Graph, name: str) -> list[dict[str, str]]:
    """The values with which a query is asked: none, those of MORE, `any`, and for each parameter a thing."""
    parameters = graph.queries[name].parameters
    found: list[dict[str, str]] = [{}, *MORE.get(name, [])]
    if name not in MORE and any(p["default"] != ANY for p in parameters):
        found.append({p["name"]: ANY for p in parameters})
    for parameter in (p for p in parameters if p["type"] not in LITERAL_TYPES):
        whole = graph.ask(name, {parameter["name"]: ANY})
        things = {term.value: None for row in whole.rows for term in row if isinstance(term, NamedNode)}
        for thing in sorted(things, key=lambda iri: not iri.startswith(ID)):  # of the articles first
            rows = graph.ask(name, {parameter["name"]: thing}).rows
            if 0 < len(rows) < len(whole.rows):
                found.append({parameter["name"]: thing})
                break
    return found
