"""Pictures from the command: what is drawn, where it is written, and that nothing is written where it fails."""

import os
from pathlib import Path

import pytest
from drawn import Picture

from kg.cli.main import main
from kg.graph import Graph

QUESTION = "What has passed between two states, in the order of time?"


@pytest.fixture
def folder(shipped: Graph) -> str:
    return shipped.graph_folder.root


@pytest.mark.parametrize(
    ("arguments", "kind", "title"),
    [
        (["show"], "network", "Who is tied to whom"),
        (["show", "id:turkey"], "neighbourhood", "Ties of Turkey"),
        (["show", "--timeline"], "timeline", "Timeline"),
        (["show", "Akkuyu", "--timeline"], "timeline", "Timeline: Akkuyu"),
        (
            ["query", "timeline", "-p", "a=Turkey"],
            "timeline",
            "What has passed between two states, in the order of time?",
        ),
    ],
)
def test_a_picture_is_written_to_a_file(
    folder: str, tmp_path: Path, arguments: list[str], kind: str, title: str
) -> None:
    file = tmp_path / "picture.svg"
    assert main(["-C", folder, *arguments, "--picture", str(file)]) == 0
    picture = Picture(file.read_text("utf-8"))
    assert kind in picture.root.attrib["class"].split()
    assert picture.titles()[0] == title
    assert b"\r" not in file.read_bytes()


def test_a_picture_is_written_to_stdout(folder: str, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    assert main(["-C", folder, "show", "id:iran", "--picture", "-"]) == 0
    assert Picture(capfdbinary.readouterr().out.decode()).of_class("neighbourhood")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["query", "how-is-it-worded"], "nothing in these columns can be drawn"),
        (["show", "id:nowhere-known"], "knows no"),
    ],
)
def test_what_cannot_be_drawn_leaves_the_old_file(
    folder: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], message: str
) -> None:
    file = tmp_path / "picture.svg"
    file.write_text("before", "utf-8")
    assert main(["-C", folder, *arguments, "--picture", str(file)]) == 2
    assert message in capsys.readouterr().err
    assert file.read_text("utf-8") == "before"
    assert os.listdir(tmp_path) == ["picture.svg"]


def test_a_timeline_without_a_file_is_refused(folder: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["-C", folder, "show", "--timeline"]) == 2
    assert "--picture FILE.svg --timeline" in capsys.readouterr().err


def test_a_folder_that_is_not_there_is_said(folder: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["-C", folder, "show", "id:iran", "--picture", str(tmp_path / "none" / "x.svg")]) == 3
    assert "there is no folder" in capsys.readouterr().err
