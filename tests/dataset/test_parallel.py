"""A build by several processes is the build at once: its files, its errors, and what edits make of it."""

import functools
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from clustered import with_test_graphs
from folders import FIRST

from kg.dataset import cache, parallel, update
from kg.dataset.build import Build
from kg.dataset.cache import LargeBuild
from kg.dataset.parallel import Processes, UnableError
from kg.errors import InputError
from kg.graph import Graph
from kg.rdf.namespaces import ENT, OWL
from kg.source.layout import GraphFolder
from kg.workers import processes

Contents = tuple[dict[str, Any], list[str], dict[str, bytes], list[str]]


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Six articles, of which two tell of the same things."""
    return with_test_graphs(tmp_path_factory.mktemp("parallel") / "graph")


@pytest.fixture
def folder(sources: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> GraphFolder:
    """A copy of these, every build of which counts as large, and a cache of its own."""
    monkeypatch.setattr(update, "LARGE", 0)
    monkeypatch.setattr(parallel, "width", lambda: 2)
    monkeypatch.setattr(parallel, "_MOST", 2)
    monkeypatch.setattr(cache, "_user_cache", lambda *_: str(tmp_path / "cache"))
    return GraphFolder(str(shutil.copytree(sources, tmp_path / "graph")))


def large(folder: GraphFolder) -> LargeBuild:
    """The build of a graph folder, which is large."""
    found = cache.find(folder, "rl")
    if isinstance(found, cache.Fingerprints):
        found = update.load(folder, found, Graph(folder))
    assert isinstance(found, LargeBuild)
    return found


def contents(made: LargeBuild) -> Contents:
    """The index, the quads, the files of articles and of the rest, and the store, but for names of blank nodes."""
    index = {name: value for name, value in made.index.items() if name != "files"}
    files = {p.name: p.read_bytes() for p in [*Path(made.folder, "parts").iterdir(), Path(made.folder, "rest.nq")]}
    stored = sorted(" ".join("_:" if "_:" in word else word for word in str(q).split(" ")) for q in made.store())
    return index, [*map(str, made.quads())], files, stored


def at_once(folder: GraphFolder, monkeypatch: pytest.MonkeyPatch) -> Contents:
    """What a build at once has, which is removed again."""
    with monkeypatch.context() as patch:
        patch.setattr(update, "MANY", 1_000_000)
        found = contents(large(folder))
    shutil.rmtree(cache.large_home(folder))
    return found


@pytest.fixture
def in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Few articles are many, and nothing is compiled at once."""
    monkeypatch.setattr(update, "MANY", 1)
    monkeypatch.setattr(Graph, "build", property(refused))


def refused(*arguments: object) -> Build:
    raise AssertionError("the graph was compiled at once")


def spawning(start: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "starter", functools.partial(start, fork=False))


def unable(start: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*arguments: object) -> None:
        raise OSError("no process can be started")

    monkeypatch.setattr(processes, "starter", fail)


def as_here(start: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """As it is on this platform."""


@pytest.mark.parametrize("started", [as_here, spawning, unable])
def test_the_files_are_those_of_a_build_at_once(
    folder: GraphFolder,
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
    started: Callable[[Callable[..., Any], pytest.MonkeyPatch], None],
) -> None:
    before = at_once(folder, monkeypatch)
    started(processes.starter, monkeypatch)
    request.getfixturevalue("in_parts")
    made = large(folder)
    assert contents(made) == before
    assert sorted(os.listdir(made.folder)) == [
        "facts.bin", "index.json", "parts", "rest.nq", "signature", "store", "terms.txt"
    ]  # fmt: skip
    assert [p.name for p in Path(cache.large_home(folder)).iterdir()] == [Path(made.folder).name]


def test_edits_are_followed_from_a_build_in_parts(
    folder: GraphFolder, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    facts = Path(folder.articles, FIRST, "facts.trig")
    text, edited = facts.read_text("utf-8"), list[Contents]()
    edits = (
        text.replace("a ent:Summit", "a ent:Meeting", 1),
        text.replace('ent:wording "good partners"', 'ent:wording "partners"'),
        text,
    )
    for edit in edits:
        facts.write_text(edit, "utf-8", newline="\n")
        edited.append(at_once(folder, monkeypatch))
    request.getfixturevalue("in_parts")
    large(folder)
    monkeypatch.setattr(update, "_made", refused)
    for edit, expected in zip(edits, edited, strict=True):
        facts.write_text(edit, "utf-8", newline="\n")
        index, quads, files, stored = contents(large(folder))
        assert (index["counts"], index["alike"], quads, files) == (
            expected[0]["counts"],
            expected[0]["alike"],
            *expected[1:3],
        )
        assert len(stored) == len(expected[3])


def say(folder: GraphFolder, statement: str) -> None:
    """Let a passage of an article state something more."""
    facts = Path(folder.articles, FIRST, "facts.trig")
    text = facts.read_text("utf-8")
    at = text.index("{\n") + 2
    facts.write_text(f"{text[:at]}    {statement}\n{text[at:]}", "utf-8", newline="\n")


def test_facts_that_give_rules_are_compared_whole(
    folder: GraphFolder, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    say(folder, f"id:russia <{OWL}sameAs> id:rossiya .")
    before = at_once(folder, monkeypatch)
    request.getfixturevalue("in_parts")
    found = contents(large(folder))
    assert found == before
    assert found[0]["maintainable"] is False


def errors(folder: GraphFolder, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, list[str]]]:
    """The error of a build at once, and that of one in parts; neither leaves anything."""
    found = []
    for many in (1_000_000, 1):
        monkeypatch.setattr(update, "MANY", many)
        with pytest.raises(InputError) as raised:
            large(folder)
        found.append((str(raised.value), [*map(str, raised.value.findings)]))
        home = Path(cache.large_home(folder))
        assert not home.exists() or not any(home.iterdir())
    return found


def test_broken_articles_are_the_same_error(folder: GraphFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second, third, fourth = sorted(Path(folder.articles).iterdir())[:4]
    (first / "article.txt").write_text("Other words.\n", "utf-8")
    (second / "facts.trig").write_text("p:a", "utf-8")
    (third / "article.txt").unlink()
    (fourth / "article.txt").write_bytes(b"\xff\n")
    once, parts = errors(folder, monkeypatch)
    assert once == parts
    assert once[1][-1].startswith("… and ")


def test_one_broken_article_is_found_in_parts(folder: GraphFolder, in_parts: None) -> None:
    (Path(folder.articles) / FIRST / "facts.trig").write_text("p:a", "utf-8")
    with pytest.raises(InputError, match="the sources are broken; nothing was built"):
        large(folder)


@pytest.mark.parametrize("file", ["kg/background/broken.trig", "ontology/broken.ttl"])
def test_a_broken_ontology_or_background_is_the_same_error(
    folder: GraphFolder, monkeypatch: pytest.MonkeyPatch, file: str
) -> None:
    Path(folder.root, file).write_text("id:a", "utf-8")
    once, parts = errors(folder, monkeypatch)
    assert once == parts


def test_an_axiom_outside_the_profile_is_the_same_error(folder: GraphFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    some = f"a <{OWL}Restriction> ; <{OWL}onProperty> ent:onSide ; <{OWL}someValuesFrom> ent:Side"
    axiom = f"@prefix ent: <{ENT}> .\nent:City <http://www.w3.org/2000/01/rdf-schema#subClassOf> [ {some} ] .\n"
    Path(folder.ontology, "odd.ttl").write_text(axiom, "utf-8")
    once, parts = errors(folder, monkeypatch)
    assert once == parts
    assert "outside OWL 2 RL" in once[0]


def test_few_articles_are_compiled_at_once(folder: GraphFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parallel, "write", refused)
    assert large(folder).index["counts"]["articles"] == 6


def test_another_reasoner_compiles_at_once(folder: GraphFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(update, "MANY", 1)
    monkeypatch.setattr(parallel, "write", refused)
    prints = cache.fingerprints(folder, "owlrl")
    assert update._made_in_parts(folder, prints, [], print) is None


# Processes


PID = "__import__('os').getpid()"


def test_tasks_are_done_in_other_processes() -> None:
    with Processes(2) as running:
        pids = {running.submit(eval, PID).result() for _ in range(4)}
        assert os.getpid() not in pids
        first, second = (running.load(eval, PID) for _ in range(2))
        assert first.result() == second.result()
        assert first.result() not in {os.getpid(), *pids}


FAILING = "int('so')", "ValueError: invalid literal"
ENDING = "__import__('os')._exit(1)", "^a process has ended$|[Pp]ipe|reset"


@pytest.mark.parametrize(("code", "told"), [FAILING, ENDING])
def test_a_task_that_fails_or_ends_its_process(code: str, told: str) -> None:
    with Processes(1) as running, pytest.raises(UnableError, match=told):
        running.submit(eval, code).result()


def test_what_is_running_is_ended_with_the_rest() -> None:
    start = time.monotonic()
    with Processes(1) as running:
        waiting = running.submit(time.sleep, 300.0)
        running.submit(time.sleep, 300.0)
        time.sleep(0.2)
    assert time.monotonic() - start < 100
    assert isinstance(waiting.exception(), UnableError)


def test_a_process_that_ends_leaves_the_build_to_this_one(folder: GraphFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    before = at_once(folder, monkeypatch)
    monkeypatch.setattr(update, "MANY", 1)
    labels = parallel._Writing._labels

    def killing(writing: parallel._Writing, *arguments: Any) -> Any:
        for worker in writing._running._workers:
            worker.kill()
        return labels(writing, *arguments)

    monkeypatch.setattr(parallel._Writing, "_labels", killing)
    steps = list[str]()
    found = update.load(folder, cache.fingerprints(folder, "rl"), Graph(folder, progress=steps.append))
    assert isinstance(found, LargeBuild)
    assert contents(found) == before
    assert steps[0] == "compiling the graph, by several processes"
    assert steps[1].startswith("compiling the graph at once, since parts are not enough: ")
    assert steps[2] == "compiling the graph"
    (kept,) = Path(cache.large_home(folder)).iterdir()
    assert cache.is_key(kept.name)


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="there is no such signal")
def test_a_killed_build_is_none_and_its_processes_end(folder: GraphFolder, tmp_path: Path) -> None:
    code = """
import json, os, sys, time
from kg.dataset import parallel, update
update.LARGE, update.MANY = 0, 1
counts = parallel._Writing._counts
def waits(*arguments):
    print(json.dumps([os.getpid(), *(w.pid for w in arguments[0]._running._workers)]), flush=True)
    time.sleep(300)
parallel._Writing._counts = waits
from kg.cli.main import main
sys.exit(main(sys.argv[1:]))
"""
    environment = {**os.environ, "XDG_CACHE_HOME": str(tmp_path / "c"), "HOME": str(tmp_path)}
    command = [sys.executable, "-c", code, "-C", folder.root, "build"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment) as process:
        assert process.stdout
        own, *others = json.loads(process.stdout.readline())
        process.send_signal(signal.SIGKILL)
    assert process.pid == own
    deadline = time.monotonic() + 60
    while (alive := [pid for pid in others if _is_alive(pid)]) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert others
    assert alive == []
    builds = [p.name for p in tmp_path.glob("**/large/*")]
    assert builds
    assert all(name.startswith("building-") for name in builds)


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
