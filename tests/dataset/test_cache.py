"""Builds are kept, known by their sources, and never half-there."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import Quad, RdfFormat, parse, serialize

from kg.dataset import build, cache, stored_queries, update
from kg.dataset.cache import CachedBuild, Fingerprints
from kg.errors import InputError
from kg.graph import Graph
from kg.source import documents, layout
from kg.source.documents import Sources
from kg.source.layout import GraphFolder

COMPILED = b"<http://a> <http://b> <http://c> .\n"


class Maker:
    """Makes a build of any sources, and counts how often."""

    def __init__(self) -> None:
        self.made = 0
        self.sources = Sources(GraphFolder(""))

    @property
    def build(self) -> Any:
        return self

    def progress(self, step: str) -> None:
        raise AssertionError("nothing is told of a small build")

    def query_index(self) -> list[dict[str, Any]]:
        self.made += 1
        return [query.kept() for query in stored_queries.stored(self.sources.graph_folder)]

    def counts(self) -> dict[str, int]:
        return {}

    def quads(self) -> list[Quad]:
        return list(parse(COMPILED, format=RdfFormat.N_QUADS))

    each_quad = quads


def load(graph_folder: GraphFolder, reasoner: str, make: Maker) -> CachedBuild:
    """A build from the cache, or made."""
    found = cache.find(graph_folder, reasoner)
    make.sources = documents.load_sources(graph_folder)
    return update.load(graph_folder, found, make) if isinstance(found, Fingerprints) else found


def content(kept: CachedBuild) -> bytes:
    return serialize(kept.quads(), format=RdfFormat.N_QUADS) or b""


def builds(folder: str) -> list[str]:
    return [e.name for e in os.scandir(folder) if e.is_dir()]


def test_the_second_open_does_not_build(tiny: GraphFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    first = Graph(tiny).query("who-backs").rows

    def never(*_: object) -> None:
        raise AssertionError("built again")

    monkeypatch.setattr(build, "compile_graph", never)
    assert Graph(tiny).query("who-backs").rows == first
    with pytest.raises(AssertionError, match="built again"):
        Graph(tiny).build  # noqa: B018


@pytest.mark.parametrize(
    "name",
    [
        "ontology/words.ttl",
        "queries/who-backs.rq",
        "kg/background/codes.trig",
        "kg/articles/2020-03-norland/article.txt",
        "kg/articles/2020-03-norland/facts.trig",
    ],
)
def test_one_byte_more_in_any_source_is_another_build(name: str, tiny: GraphFolder) -> None:
    before = cache.fingerprints(tiny, "owlrl").key
    path = Path(tiny.root, name)
    status = path.stat()
    path.write_bytes(path.read_bytes().replace(b"a", b"b", 1))
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))  # the time of a file tells nothing
    assert cache.fingerprints(tiny, "owlrl").key != before


def test_a_touched_file_with_the_same_bytes_is_the_same_build(tiny: GraphFolder) -> None:
    before = cache.fingerprints(tiny, "owlrl").key
    os.utime(Path(tiny.ontology, "words.ttl"))
    assert cache.fingerprints(tiny, "owlrl").key == before


def test_a_moved_text_is_another_build(tiny: GraphFolder) -> None:
    before = cache.fingerprints(tiny, "owlrl").key
    Path(tiny.articles, "2020-03-norland").rename(Path(tiny.articles, "2020-03-sudland"))
    assert cache.fingerprints(tiny, "owlrl").key != before


def test_each_reasoner_has_a_build_of_its_own(tiny: GraphFolder) -> None:
    make = Maker()
    for reasoner in ("rl", "owlrl", "rl", "owlrl"):
        load(tiny, reasoner, make)
    assert make.made == 2


def test_another_tool_builds_anew_and_a_new_installation_of_the_same_does_not(
    tiny: GraphFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = cache.fingerprints(tiny, "owlrl").key
    installed = tmp_path / "installed"
    shutil.copytree(layout.PACKAGE, installed, ignore=shutil.ignore_patterns("__pycache__", "articles", "background"))
    monkeypatch.setattr(layout, "PACKAGE", str(installed))
    cache.tool_print.cache_clear()  # what a process does once
    assert cache.fingerprints(tiny, "owlrl").key == before
    with (installed / "reasoning" / "rules.py").open("a", encoding="utf-8", newline="\n") as file:
        file.write("# another\n")
    cache.tool_print.cache_clear()
    assert cache.fingerprints(tiny, "owlrl").key != before
    cache.tool_print.cache_clear()


def test_a_changed_source_changes_the_answer(tiny: GraphFolder) -> None:
    assert len(Graph(tiny).query("who-backs")) == 1
    facts = Path(tiny.articles, "2020-03-norland", "facts.trig")
    text = facts.read_text("utf-8").replace("ent:backs id:sudland", "ent:backs id:sudland , id:westland")
    facts.write_text(text, "utf-8")
    assert len(Graph(tiny).query("who-backs")) == 2


@pytest.mark.parametrize("hidden", [False, True] if os.name == "posix" else [False])
def test_settled_sources_are_known_by_their_stamps(
    hidden: bool, tiny: GraphFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cache, "_SETTLED", -1.0)
    for _ in range(2):
        assert len(Graph(tiny).query("who-backs")) == 1

    def unread(*_: object) -> None:
        raise AssertionError("the sources were read again")

    with monkeypatch.context() as patch:
        patch.setattr(cache, "fingerprints", unread)
        assert len(Graph(tiny).query("who-backs")) == 1
    question = Path(tiny.queries, "who-backs.rq")
    status = question.stat()
    question.write_bytes(question.read_bytes().replace(b"Who ", b"Why ", 1))  # as many bytes as before
    if hidden:
        os.utime(question, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert Graph(tiny).queries["who-backs"].summary.startswith("Why ")


def test_sources_that_are_too_new_are_read(tiny: GraphFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "_user_cache", lambda *_: str(tmp_path / "user"))
    monkeypatch.setattr(cache, "_SETTLED", 1e10)
    for _ in range(2):
        Graph(tiny).query("who-backs")
    assert not list((tmp_path / "user").rglob("stamps.json"))


def test_a_link_that_leads_nowhere_is_no_matter_of_the_cache(tiny: GraphFolder) -> None:
    Path(tiny.queries, "lost.rq").symlink_to(Path(tiny.root, "nowhere"))
    assert cache.stamp(tiny, "rl")[0]


def test_the_cache_ignores_itself(tiny: GraphFolder) -> None:
    load(tiny, "rl", Maker())
    assert Path(tiny.cache, ".gitignore").read_text() == "*\n"


def block(folder: str) -> None:
    """Put a file where the folder would be: nobody, not even root, can write there."""
    os.makedirs(os.path.dirname(folder), exist_ok=True)
    Path(folder).touch()


def test_where_the_graph_folder_is_read_only_the_users_cache_serves(
    tiny: GraphFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cache, "_user_cache", lambda *_: str(tmp_path / "user"))
    block(tiny.cache)
    make = Maker()
    assert [content(load(tiny, "rl", make)) for _ in range(2)] == [COMPILED, COMPILED]
    assert make.made == 1
    assert list((tmp_path / "user" / "entente-kg").iterdir())


@pytest.mark.parametrize(
    ("platform", "variable", "place"),
    [("linux", "XDG_CACHE_HOME", "there"), ("win32", "LOCALAPPDATA", "there"), ("darwin", "HOME", "Library/Caches")],
)
def test_the_users_cache_is_where_the_platform_has_it(
    platform: str, variable: str, place: str, tiny: GraphFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "platform", platform)
    monkeypatch.setenv(variable, str(tmp_path if variable == "HOME" else tmp_path / place))
    assert cache._user_cache(tiny) == str(tmp_path / place)


def test_where_nothing_can_be_written_memory_serves(
    tiny: GraphFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    block(tiny.cache)
    block(str(tmp_path / "user"))
    monkeypatch.setattr(cache, "_user_cache", lambda *_: str(tmp_path / "user"))
    assert len(Graph(tiny).query("who-backs")) == 1


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("index.json", b"{"),
        ("index.json", b"[]"),
        ("index.json", b"{}"),
        ("index.json", b"\xff"),
        ("signature", b"0" * 128),
        ("signature", None),
        ("dataset.nq", b"<http://a> <http://"),
        ("dataset.nq", b""),
        ("dataset.nq", None),
    ],
)
def test_garbage_is_built_over(
    name: str, data: bytes | None, tiny: GraphFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cache, "_user_cache", lambda *_: str(tmp_path / "user"))
    make = Maker()
    load(tiny, "rl", make)
    kept = Path(tiny.cache, cache.fingerprints(tiny, "rl").key, name)
    kept.unlink()
    if data is not None:
        kept.write_bytes(data)
    assert [content(load(tiny, "rl", make)) for _ in range(2)] == [COMPILED, COMPILED]
    assert make.made == 2


def test_other_things_in_the_cache_do_no_harm(tiny: GraphFolder) -> None:
    Path(tiny.cache).mkdir()
    Path(tiny.cache, "notes.txt").write_text("x")
    Path(tiny.cache, "building-killed").mkdir()
    assert len(Graph(tiny).query("who-backs")) == 1


def test_old_builds_go(tiny: GraphFolder) -> None:
    words = Path(tiny.ontology, "words.ttl")
    text = words.read_text("utf-8")
    for number in range(8):
        words.write_text(f"{text}# {number}\n", "utf-8")
        load(tiny, "rl", Maker())
    assert cache.fingerprints(tiny, "rl").key in builds(tiny.cache)
    assert len(builds(tiny.cache)) == 4


def test_a_failed_build_leaves_nothing(tiny: GraphFolder) -> None:
    class Failing(Maker):
        @property
        def build(self) -> Any:
            raise InputError("broken")

    with pytest.raises(InputError):
        load(tiny, "rl", Failing())
    assert not os.path.exists(tiny.cache)


def test_a_full_disk_leaves_no_half_build(tiny: GraphFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(cache, "_user_cache", lambda *_: str(tmp_path / "user"))
    monkeypatch.setattr(os, "fsync", full)
    assert content(load(tiny, "rl", Maker())) == COMPILED
    assert not os.path.exists(tiny.cache) or builds(tiny.cache) == []


def test_two_builds_at_once_both_answer(tiny: GraphFolder) -> None:
    command = [sys.executable, "-m", "kg", "-C", tiny.root, "query", "who-backs"]
    both = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) for _ in range(2)]
    told = [process.communicate(timeout=600) for process in both]
    assert [process.returncode for process in both] == [0, 0], told
    assert told[0] == told[1]
    assert b"norland" in told[0][0]
    assert [len(name) for name in builds(tiny.cache)] == [32], "one build, and nothing half-done"


def test_a_kept_build_says_what_it_is(tiny: GraphFolder) -> None:
    load(tiny, "rl", Maker())
    kept = Path(tiny.cache, cache.fingerprints(tiny, "rl").key)
    assert [query["name"] for query in json.loads((kept / "index.json").read_text())["queries"]] == ["who-backs"]
    shutil.rmtree(kept)
    make = Maker()
    load(tiny, "rl", make)
    assert make.made == 1
