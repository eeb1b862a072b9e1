"""A graph of one's own."""

import os
from pathlib import Path

import pytest

import kg
from kg.cli.main import main
from kg.drafting import new
from kg.errors import UsageError


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("own") / "graph"
    new.init_graph(str(folder))
    return folder


def test_it_is_sound(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["-C", str(folder), "validate", "--fail-on", "warning"]) == 0
    assert "1 article" in capsys.readouterr().err


def test_it_answers(folder: Path) -> None:
    graph = kg.open(str(folder))
    assert "Lake Bridge" in graph.show("Lake Bridge").text(80)
    assert graph.queries
    for name in graph.queries:
        parameters = {p["name"]: "any" for p in graph.queries[name].parameters if p["type"] != "date"}
        assert graph.ask(name, parameters).columns == graph.queries[name].columns


def test_it_holds_nothing_of_the_shipped_article(folder: Path) -> None:
    texts = [p.read_text("utf-8") for p in folder.rglob("*") if p.is_file() and p.suffix in (".trig", ".txt", ".csv")]
    assert len(texts) == 2
    assert not any("Putin" in text or "turkey" in text for text in texts)


def test_what_was_written_is_told(tmp_path: Path) -> None:
    told = new.init_graph(str(tmp_path / "new"))
    assert told == sorted(str(p) for p in (tmp_path / "new").rglob("*") if p.is_file())
    assert (tmp_path / "new" / ".gitattributes").read_text() == "* text=auto eol=lf\n"


def test_an_empty_folder_is_fine(tmp_path: Path) -> None:
    assert new.init_graph(str(tmp_path))


def test_a_folder_with_anything_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("x")
    with pytest.raises(UsageError, match="is not empty"):
        new.init_graph(str(tmp_path))
    assert os.listdir(tmp_path) == ["mine.txt"]


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("x")
    with pytest.raises(UsageError, match="is no folder"):
        new.init_graph(str(tmp_path / "mine.txt"))
