"""Revisions come from the repository around a graph folder, and not from what merely looks like one."""

import shutil
import subprocess
from pathlib import Path

import pytest

from kg import paths, revisions, scaffold
from kg.errors import UsageError
from kg.paths import Rooms


def git(folder: Path, *arguments: str) -> str:
    name = ("-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "core.autocrlf=false")
    return subprocess.run(
        ["git", "-C", str(folder), *name, *arguments], check=True, capture_output=True
    ).stdout.decode()


@pytest.fixture
def committed(tmp_path: Path) -> Rooms:
    """A graph folder in a repository with one commit."""
    work = tmp_path / "work"
    scaffold.init(str(work))
    git(work, "init", "--quiet")
    git(work, "add", "--all")
    git(work, "commit", "--quiet", "--message", "one")
    return Rooms(str(work))


def test_a_revision_is_unpacked_for_as_long_as_it_is_needed(committed: Rooms) -> None:
    assert revisions.commit(committed, "HEAD") == git(Path(committed.root), "rev-parse", "HEAD").strip()
    with revisions.folder("HEAD", committed) as rooms:
        assert paths.is_graph_folder(rooms.root)
        assert rooms.root != committed.root
    assert not Path(rooms.root).exists()


def test_a_folder_that_looks_like_a_repository_is_none(committed: Rooms, tmp_path: Path) -> None:
    """A bare repository may lie in the folder of a stranger, and its configuration name commands to run."""
    posing = tmp_path / "posing"
    git(tmp_path, "clone", "--quiet", "--bare", committed.root, str(posing))
    shutil.copytree(committed.root, posing, dirs_exist_ok=True, ignore=shutil.ignore_patterns(".git"))
    named = git(posing, "-c", "safe.bareRepository=all", "rev-parse", "HEAD").strip()
    assert named == revisions.commit(committed, "HEAD")
    assert revisions.git(Rooms(str(posing)), "rev-parse", "HEAD") is None
    for revision in ("HEAD", named):
        with pytest.raises(UsageError, match="is no git revision"):
            revisions.commit(Rooms(str(posing)), revision)


def test_a_name_that_means_nothing_is_told(committed: Rooms) -> None:
    with pytest.raises(UsageError, match="is no git revision"):
        revisions.commit(committed, "no-such-branch")
    with pytest.raises(UsageError, match="no folder, no file and no git revision"), revisions.folder("x", committed):
        raise AssertionError("it was unpacked")
