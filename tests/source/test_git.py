"""Revisions come from the repository around a graph folder, and not from what merely looks like one."""

import shutil
import subprocess
from pathlib import Path

import pytest

from kg.drafting import new
from kg.errors import UsageError
from kg.source import layout
from kg.source.git import commit, repository, run_git
from kg.source.layout import GraphFolder


def git(folder: Path, *arguments: str) -> str:
    name = ("-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "core.autocrlf=false")
    return subprocess.run(
        ["git", "-C", str(folder), *name, *arguments], check=True, capture_output=True
    ).stdout.decode()


@pytest.fixture
def committed(tmp_path: Path) -> GraphFolder:
    """A graph folder in a repository with one commit."""
    work = tmp_path / "work"
    new.init_graph(str(work))
    git(work, "init", "--quiet")
    git(work, "add", "--all")
    git(work, "commit", "--quiet", "--message", "one")
    return GraphFolder(str(work))


def test_a_revision_is_unpacked_for_as_long_as_it_is_needed(committed: GraphFolder) -> None:
    assert commit(committed, "HEAD") == git(Path(committed.root), "rev-parse", "HEAD").strip()
    with repository("HEAD", committed) as graph_folder:
        assert layout.is_graph_folder(graph_folder.root)
        assert graph_folder.root != committed.root
    assert not Path(graph_folder.root).exists()


def test_a_folder_that_looks_like_a_repository_is_none(committed: GraphFolder, tmp_path: Path) -> None:
    """A bare repository may lie in the folder of a stranger, and its configuration name commands to run."""
    posing = tmp_path / "posing"
    git(tmp_path, "clone", "--quiet", "--bare", committed.root, str(posing))
    shutil.copytree(committed.root, posing, dirs_exist_ok=True, ignore=shutil.ignore_patterns(".git"))
    named = git(posing, "-c", "safe.bareRepository=all", "rev-parse", "HEAD").strip()
    assert named == commit(committed, "HEAD")
    assert run_git(GraphFolder(str(posing)), "rev-parse", "HEAD") is None
    for revision in ("HEAD", named):
        with pytest.raises(UsageError, match="is no git revision"):
            commit(GraphFolder(str(posing)), revision)


def test_a_name_that_means_nothing_is_told(committed: GraphFolder) -> None:
    with pytest.raises(UsageError, match="is no git revision"):
        commit(committed, "no-such-branch")
    with pytest.raises(UsageError, match="no folder, no file and no git revision"), repository("x", committed):
        raise AssertionError("it was unpacked")
