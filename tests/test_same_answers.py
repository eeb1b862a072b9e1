"""Whichever reasoner closes the graph and whichever engine answers: the same dataset, the same exports."""

import shutil
from pathlib import Path

import pytest
from folders import with_first_article
from running import ROOT

from kg import export
from kg.graph import Graph
from kg.source.layout import GraphFolder


def folder(name: str, place: Path) -> GraphFolder:
    """The shipped graph, it with the second article beside it, or the tiny one."""
    if name == "tiny":
        return GraphFolder(str(shutil.copytree(ROOT / "tests" / "graphs" / "tiny", place / "graph")))
    with_first_article(place / "graph")
    if name == "second":
        shutil.copytree(ROOT / "tests/graphs/second/kg/articles", place / "graph/kg/articles", dirs_exist_ok=True)
    return GraphFolder(str(place / "graph"))


@pytest.mark.parametrize(
    "name", ["tiny", *(pytest.param(name, marks=pytest.mark.long) for name in ("shipped", "second"))]
)
def test_owlrl_and_rl_make_the_same_graph(name: str, tmp_path: Path) -> None:
    graph_folder = folder(name, tmp_path)
    ours, theirs = Graph(graph_folder, reasoner="rl"), Graph(graph_folder, reasoner="owlrl")
    assert ours.quads == theirs.quads
    for form in export.FORMATS:
        assert ours.export(form) == theirs.export(form), form
    assert ours.export("turtle", claims=True) == theirs.export("turtle", claims=True)


def test_both_engines_write_the_same_exports(shipped: Graph) -> None:
    other = Graph(shipped.graph_folder, engine="rdflib")
    assert {form: shipped.export(form) for form in export.FORMATS} == {f: other.export(f) for f in export.FORMATS}
