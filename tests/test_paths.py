"""Which graph folder a command works on, and files that are never half-written."""

import os
from pathlib import Path

import pytest

from kg import paths
from kg.errors import InputError
from kg.paths import Rooms


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "graph" / "ontology").mkdir(parents=True)
    (tmp_path / "graph" / "kg" / "articles").mkdir(parents=True)
    return tmp_path / "graph"


def test_a_named_folder_wins(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir("/")
    assert paths.find(str(folder)).root == str(folder)


def test_else_the_nearest_above_the_current_one(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder / "kg" / "articles")
    assert paths.find().root == str(folder)


def test_else_the_shipped_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert paths.find().root == paths.shipped().root
    assert paths.is_graph_folder(paths.shipped().root)


def test_the_wheel_has_its_graph_inside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paths, "SHIPPED", str(tmp_path))
    assert paths.shipped().root == str(tmp_path)


@pytest.mark.parametrize(("name", "says"), [("nowhere", "there is no folder"), (".", "is no graph folder")])
def test_what_is_no_graph_folder(name: str, says: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=says) as caught:
        paths.find(str(tmp_path / name))
    assert caught.value.hint


def test_findings_name_files_with_forward_slashes(folder: Path) -> None:
    assert Rooms(str(folder)).relative(os.path.join(str(folder), "kg", "articles", "x")) == "kg/articles/x"


def test_a_link_out_of_the_folder_is_seen(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("x")
    (folder / "ontology" / "link").symlink_to(tmp_path / "secret")
    (folder / "ontology" / "own").write_text("x")
    rooms = Rooms(str(folder))
    assert [rooms.holds(str(folder / "ontology" / name)) for name in ("link", "own")] == [False, True]


def test_files_are_sorted_and_hidden_ones_left_out(tmp_path: Path) -> None:
    for name in ("b.ttl", "a.ttl", ".c.ttl", "d.txt"):
        (tmp_path / name).touch()
    assert [os.path.basename(p) for p in paths.files(str(tmp_path), (".ttl",))] == ["a.ttl", "b.ttl"]
    assert paths.files(str(tmp_path / "nowhere"), (".ttl",)) == []


def test_article_folders_leave_out_files_and_drafts(folder: Path) -> None:
    articles = folder / "kg" / "articles"
    for name in ("b", "a", "_draft", ".hidden"):
        (articles / name).mkdir()
    (articles / "README.md").touch()
    assert [os.path.basename(p) for p in paths.article_folders(Rooms(str(folder)))] == ["a", "b"]


def test_a_write_that_fails_leaves_the_old_file_and_no_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "file"
    paths.write_atomic(str(path), b"old")

    def full(*_: object) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="no space"):
        paths.write_atomic(str(path), b"new")
    assert [p.name for p in tmp_path.iterdir()] == ["file"]
    assert path.read_bytes() == b"old"
