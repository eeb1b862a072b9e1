"""The tour: the main job on the real article."""

import re
from pathlib import Path

import pytest

from kg.cli.main import main
from kg.cli.parser import build_parser
from kg.cli.report import TOUR_QUERIES
from kg.graph import Graph
from kg.source.layout import GraphFolder
from kg.terminal import display_width
from tools.pages import console


@pytest.fixture(scope="module")
def toured(shipped: Graph) -> tuple[int, str]:
    """The exit code, and what the tour prints on a terminal of 100 columns."""
    with console.workspace():
        return console.run(f"kg -C '{shipped.graph_folder.root}' tour")


def test_the_tour(shipped: Graph, toured: tuple[int, str]) -> None:
    code, text = toured
    assert code == 0
    for step in ("build", "validate", "infer", "ask", "export"):
        assert re.search(f"^{step} ", text, re.MULTILINE), step
    assert f"{shipped.counts['facts']} facts" in text
    assert all(shipped.queries[name].summary in re.sub(r"\n {10}", " ", text) for name in TOUR_QUERIES)
    assert max(display_width(line) for line in text.splitlines() if not line.startswith("validate")) <= 100
    assert "\x1b" not in text


def test_its_answers_have_their_quotes(shipped: Graph, toured: tuple[int, str]) -> None:
    quotes = re.findall(r"^\[\d+\] “((?:.|\n)*?)”\s+\(", toured[1], re.MULTILINE)
    texts = [" ".join(e.article.text.split()) for e in shipped.build.evidence]
    assert len(quotes) > 5
    assert [q for q in quotes if not any(" ".join(q.split()) in text for text in texts)] == []


def test_its_last_commands_are_commands(toured: tuple[int, str]) -> None:
    told = re.findall(r"^(?:next:)? +kg (.+?)(?:  |$)", toured[1], re.MULTILINE)
    assert [build_parser().parse_args(line.split()).command for line in told] == ["query", "show", "export"]


def test_a_broken_graph_is_not_toured(tiny: GraphFolder, capsys: pytest.CaptureFixture[str]) -> None:
    Path(tiny.articles, "2020-03-norland", "article.txt").write_text("Norland has backed Sudland since 2015.\n")
    assert main(["-C", tiny.root, "tour"]) == 3
    assert "[misquote]" in capsys.readouterr().err
