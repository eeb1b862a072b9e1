"""DOT that Graphviz can read: quoted, with the nodes and edges of GraphML, and nothing that a label could call."""

import re
import shutil
import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.export import dot
from kg.graph import Graph

STRING = r'"(?:[^"\\\n]|\\.)*"'


@pytest.fixture(scope="module")
def written(graph: Graph) -> str:
    return graph.export("dot").decode()


def test_each_line_is_a_statement_of_quoted_names(written: str) -> None:
    lines = written.splitlines()
    assert (lines[0], lines[-1]) == ("digraph entente {", "}")
    statement = (
        rf"  (?:graph|node|edge|{STRING}(?: -> {STRING})?) \[\w+=(?:{STRING}|[\w.]+)(?:, \w+=(?:{STRING}|[\w.]+))*\];"
    )
    assert [line for line in lines[1:-1] if not re.fullmatch(statement, line)] == []


def test_edges_join_nodes_and_inferred_ones_are_dashed(written: str) -> None:
    nodes = set(re.findall(rf"^  ({STRING}) \[", written, re.MULTILINE))
    edges = re.findall(rf"^  ({STRING}) -> ({STRING}) \[(.*)\];$", written, re.MULTILINE)
    assert {end for a, b, _ in edges for end in (a, b)} <= nodes
    styles = {(re.findall(r'class="(\w+)"', rest)[0], re.findall(r"style=(\w+)", rest)[0]) for *_, rest in edges}
    assert {("asserted", "solid"), ("inferred", "dashed")} <= styles


def test_shapes_are_those_of_the_pictures(written: str) -> None:
    assert re.search(r'"id:turkey" \[label="Turkey", .*shape=circle', written)
    assert re.search(r'"id:vladimir-putin" \[label="Vladimir Putin", .*shape=ellipse', written)


@given(st.text(max_size=60))
def test_any_text_is_one_string(words: str) -> None:
    assert re.fullmatch(STRING, dot.text(words))
    assert "\\N" not in dot.text("\\N").replace("\\\\", "")


@pytest.mark.skipif(shutil.which("dot") is None, reason="Graphviz is not installed")
def test_graphviz_draws_it(written: str) -> None:
    done = subprocess.run(["dot", "-Tsvg"], input=written.encode(), capture_output=True, check=True)
    assert b"</svg>" in done.stdout
    assert done.stderr == b""
