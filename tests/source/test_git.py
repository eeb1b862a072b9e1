"""Revisions come from the repository around a graph folder, and not from what merely looks like one."""

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from running import environment

from kg.drafting import new
from kg.errors import InputError, LimitError, UsageError
from kg.source import git as git_module
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


def test_what_a_repository_lacks_is_not_fetched(committed: GraphFolder, tmp_path: Path) -> None:
    """The configuration of a repository that came with a stranger's graph names the command that would fetch it."""
    work = Path(committed.root)
    for name, value in {
        "core.repositoryFormatVersion": "1",
        "extensions.partialClone": "origin",
        "remote.origin.url": "nowhere",
        "remote.origin.promisor": "true",
        "remote.origin.uploadpack": f"touch {(tmp_path / 'owned').as_posix()};",
    }.items():
        git(work, "config", name, value)
    _, _, blob, *_ = git(work, "ls-tree", "HEAD:ontology").split()
    for lacking in (blob, git(work, "rev-parse", "HEAD:ontology").strip()):
        os.chmod(work / ".git/objects" / lacking[:2] / lacking[2:], 0o600)
        os.remove(work / ".git/objects" / lacking[:2] / lacking[2:])
        with pytest.raises(InputError, match="git cannot read the revision HEAD"), repository("HEAD", committed):
            pass
    assert not (tmp_path / "owned").exists()


UNPACKED = """
import signal, sys, time
signal.signal(signal.SIGHUP, signal.SIG_DFL)  # which the one who runs the tests may have ignored, as nohup does
signal.signal(signal.SIGINT, signal.default_int_handler)
from kg.source.git import repository
from kg.source.layout import GraphFolder
with repository("HEAD", GraphFolder(sys.argv[1])) as graph_folder:
    print(graph_folder.root, flush=True)
    time.sleep(600)
"""


@pytest.mark.skipif(os.name != "posix", reason="Windows has no signals")
@pytest.mark.parametrize("name", ["SIGHUP", "SIGINT", "SIGTERM", "SIGKILL"])
def test_whatever_ends_the_process_the_unpacked_revision_is_removed(name: str, committed: GraphFolder) -> None:
    command = [sys.executable, "-c", UNPACKED, committed.root]
    with subprocess.Popen(command, stdout=-1, stderr=-1, env=environment()) as process:
        assert process.stdout
        place = Path(process.stdout.readline().decode().strip())
        assert layout.is_graph_folder(str(place))
        process.send_signal(getattr(signal, name))
        process.wait(300)
    for _ in range(6_000):
        if not place.exists():
            break
        time.sleep(0.05)
    assert not place.exists()


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


def a_commit(folder: Path, path: list[str], mode: str, content: bytes) -> str:
    """A commit like HEAD with one more entry in its trees, though git itself would not add that; its hash."""

    def made(kind: str, data: bytes) -> str:
        command = ["git", "-C", str(folder), "hash-object", "-t", kind, "-w", "--literally", "--stdin"]
        return subprocess.run(command, input=data, check=True, capture_output=True).stdout.decode().strip()

    def with_entry(tree: str | None, names: list[str]) -> str:
        """A tree with an entry after those it has, each folder once but for the last one."""
        name, *below = names
        rows = [row.split("\t") for row in git(folder, "ls-tree", tree).splitlines()] if tree else []
        entries = [(*head.split(), there) for head, there in rows]
        old = next((h for _, kind, h, there in entries if there == name and kind == "tree"), None) if below else None
        entries = [entry for entry in entries if entry[2] != old]
        new = with_entry(old, below) if below else made("blob", content)
        entries.append(("40000" if below else mode, "tree" if below else "blob", new, name))
        return made(
            "tree",
            b"".join(b"%s %s\0" % (e[0].lstrip("0").encode(), e[3].encode()) + bytes.fromhex(e[2]) for e in entries),
        )

    return git(folder, "commit-tree", "-m", "two", "-p", "HEAD", with_entry("HEAD^{tree}", path)).strip()


@pytest.mark.skipif(os.name == "nt", reason="not everybody may make links")
@pytest.mark.parametrize("order", ["folder last", "folder first"])
def test_nothing_is_written_through_a_link_of_a_revision(order: str, committed: GraphFolder, tmp_path: Path) -> None:
    """The library's `tarfile` did so where a tree has a name twice, as a link and as a folder."""
    work, outside = Path(committed.root), tmp_path / "outside"
    outside.mkdir()
    steps = [(["queries", "way"], "120000", b"../ontology"), (["queries", "way", "pwned.ttl"], "100644", b"x")]
    for path, mode, content in steps if order == "folder last" else reversed(steps):
        git(work, "reset", "--soft", a_commit(work, path, mode, content))
    assert git(work, "ls-tree", "-r", "--name-only", "HEAD").count("queries/way") == 2
    with pytest.raises(InputError, match="two files in one place"), repository("HEAD", committed):
        raise AssertionError("it was unpacked")


@pytest.mark.parametrize(
    "path",
    [
        "queries/../../pwned",
        "queries/./pwned.rq",
        "queries/.git/config",
        "queries/.GIT/config",
        "queries//pwned",
        "queries/a\nb",
    ],
)
def test_a_path_that_git_would_not_add_is_refused(path: str, committed: GraphFolder) -> None:
    name = a_commit(Path(committed.root), path.split("/", 1), "100644", b"x")
    if "\n" in path:
        with repository(name, committed) as found:
            assert Path(found.root, path).read_bytes() == b"x"
        return
    with pytest.raises(InputError, match="a path that git would not add"), repository(name, committed):
        raise AssertionError("it was unpacked")


def test_a_path_twice_is_refused(committed: GraphFolder) -> None:
    work = Path(committed.root)
    for content in (b"SELECT", b"ASK"):
        name = a_commit(work, ["queries", "twice.rq"], "100644", content)
        git(work, "reset", "--soft", name)
    with (
        pytest.raises(InputError, match=r"a path that git would not add: queries/twice\.rq"),
        repository(name, committed),
    ):
        raise AssertionError("it was unpacked")


@pytest.mark.skipif(os.name == "nt", reason="not everybody may make links")
@pytest.mark.parametrize(
    ("target", "is_inside"),
    [
        ("../ontology", True),
        ("nothing", True),
        ("../..", False),
        ("../../outside", False),
        ("/etc", False),
        ("way", False),
    ],
)
def test_a_link_of_a_revision_stays_inside(target: str, is_inside: bool, committed: GraphFolder) -> None:
    name = a_commit(Path(committed.root), ["queries", "way"], "120000", target.encode())
    if is_inside:
        with repository(name, committed) as found:
            assert os.readlink(Path(found.root, "queries", "way")) == target
        return
    with pytest.raises(InputError, match="a link to a place outside"), repository(name, committed):
        raise AssertionError("it was unpacked")


@pytest.mark.parametrize(
    ("limit", "told"), [("_LARGEST", "has more than 9 bytes"), ("_MOST", "prints more than 9 bytes")]
)
def test_a_revision_that_is_too_large_is_not_unpacked(
    limit: str, told: str, committed: GraphFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = commit(committed, "HEAD")
    monkeypatch.setattr(git_module, limit, 9)
    monkeypatch.setattr(git_module, "commit", lambda *_: name)
    with pytest.raises(LimitError, match=told), repository("HEAD", committed):
        raise AssertionError("it was unpacked")


@pytest.mark.parametrize("other", ["tags/main", "remotes/main", "remotes/main/HEAD", "main"])
@pytest.mark.parametrize("revision", ["main", "main~0"])
def test_a_branch_is_not_taken_for_another_revision_of_its_name(
    other: str, revision: str, committed: GraphFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A tag of a stranger comes along with `git fetch`, and git would prefer it to a branch."""
    work = Path(committed.root)
    git(work, "branch", "--move", "main")
    one = commit(committed, revision)
    two = git(work, "commit-tree", "-m", "two", "HEAD^{tree}").strip()
    git(work, "update-ref", f"refs/{other}", two)
    git(work, "config", "core.warnAmbiguousRefs", "false")
    monkeypatch.setenv("LANGUAGE", "de")
    with pytest.raises(UsageError, match="main is the name of several git revisions") as caught:
        commit(committed, revision)
    assert f"refs/heads/main for {one}" in caught.value.hint
    assert [commit(committed, name) for name in (f"refs/{other}", "refs/heads/main")] == [two, one]


def test_the_repository_is_that_around_the_graph(
    committed: GraphFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a hook, git says in variables of the environment which one it is working on."""
    other = tmp_path / "other"
    git(tmp_path, "init", "--quiet", str(other))
    git(other, "commit", "--quiet", "--allow-empty", "--message", "other")
    name = commit(committed, "HEAD")
    for variable, value in (("DIR", ".git"), ("WORK_TREE", ""), ("COMMON_DIR", ".git"), ("OBJECT_DIRECTORY", ".git")):
        with monkeypatch.context() as patched:
            patched.setenv(f"GIT_{variable}", str(other / value))
            assert commit(committed, "HEAD") == name
