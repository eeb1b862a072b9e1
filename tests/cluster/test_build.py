"""The steps of a build on a cluster, run here: the same bytes as at once, and no more work than has changed."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TypeVar

import pytest
from clustered import exported, state, with_test_graphs
from running import ROOT

from kg.cli.main import main
from kg.cluster import GaveUpError, Here, Runner, build, closing, output
from kg.cluster.build import Built
from kg.cluster.output import FINDINGS, MANIFEST, SORTED, Output
from kg.dataset.shards import EVERYTHING, ReadArticle, Shard
from kg.errors import InputError, LimitError
from kg.source.layout import GraphFolder

T = TypeVar("T")
R = TypeVar("R")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return with_test_graphs(tmp_path_factory.mktemp("cluster") / "graph")


@pytest.fixture(scope="module")
def whole(folder: Path) -> bytes:
    return exported(folder)


@pytest.fixture
def copied(folder: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(folder, tmp_path / "graph"))


def built(
    folder: Path, out: Path, size: int = 2, runner: Runner | None = None, at_once: int = closing.AT_ONCE
) -> Built:
    return build.run(GraphFolder(str(folder)), Output(str(out)), runner or Here(), lambda step: None, size, at_once)


def sorted_file(folder: Path, out: Path, made: Built) -> bytes:
    Output(str(out)).sort(made.manifest, build.ontology(GraphFolder(str(folder))))
    return (out / SORTED).read_bytes()


@pytest.mark.parametrize("size", [1, 2, 100])
def test_the_sorted_file_is_that_of_an_export(folder: Path, whole: bytes, tmp_path: Path, size: int) -> None:
    made = built(folder, tmp_path / "out", size)
    assert sorted_file(folder, tmp_path / "out", made) == whole
    parts = sorted(p.name for p in (tmp_path / "out" / "nquads").iterdir())
    assert parts == sorted(os.path.basename(name) for name in output.files(made.manifest))
    assert (len(parts) == 2) == (size == 100)
    assert json.loads((tmp_path / "out" / MANIFEST).read_text("utf-8")) == {"format": 1, **made.manifest}
    assert made.manifest["counts"]["articles"] == 6


@pytest.mark.parametrize("at_once", [pytest.param(60, marks=pytest.mark.long), 700])
def test_facts_closed_in_parts_give_the_same_file(folder: Path, whole: bytes, tmp_path: Path, at_once: int) -> None:
    made = built(folder, tmp_path / "out", at_once=at_once)
    assert len(made.manifest["closed"]) > 4
    assert sorted_file(folder, tmp_path / "out", made) == whole
    again = built(folder, tmp_path / "out")
    assert again.manifest["closed"] == []
    assert again.manifest["counts"] == made.manifest["counts"]
    assert sorted((tmp_path / "out" / "nquads").glob("closed-*")) == []


def test_dates_of_wholes_and_chains_reach_across_parts(copied: Path, tmp_path: Path) -> None:
    one, other, *_ = sorted((copied / "kg/articles").glob("*/facts.trig"))
    state(one, "id:y-unit a ent:PowerUnit ; ent:partOf id:z-plant .", "id:z-plant a ent:PowerPlant .")
    state(other, "id:z-plant ent:partOf id:x-park .", 'id:x-park a ent:PowerPlant ; ent:start "2015"^^xsd:gYear .')
    made = built(copied, tmp_path / "out", at_once=300)
    assert len(made.manifest["closed"]) > 10
    whole = exported(copied)
    assert b"/id/y-unit> <https://w3id.org/entente/ontology#partOf> <https://w3id.org/entente/id/x-park>" in whole
    assert b'/id/y-unit> <https://w3id.org/entente/ontology#firstDay> "2015-01-01"' in whole
    assert sorted_file(copied, tmp_path / "out", made) == whole


def test_many_files_are_merged_a_few_at_a_time(
    folder: Path, whole: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(output, "_OPEN", 2)
    made = built(folder, tmp_path / "out", 1)
    assert sorted_file(folder, tmp_path / "out", made) == whole
    assert [p.name for p in (tmp_path / "out").iterdir() if p.name.endswith(".tmp")] == []


def test_a_second_build_does_what_has_changed(copied: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    first = built(copied, out)
    assert first.kept == 0
    again = built(copied, out)
    assert again == (first.manifest, first.findings, len(first.manifest["parts"]))
    facts = copied / "kg/articles/2023-05-sument-ilvara/facts.trig"
    facts.write_text(facts.read_text("utf-8") + "# a comment\n", "utf-8")
    changed = built(copied, out)
    assert changed.kept == len(first.manifest["parts"]) - 1
    shutil.rmtree(copied / "kg/articles/2021-09-narvia-qoram")
    gone = built(copied, out)
    assert gone.manifest["counts"]["articles"] == 5
    assert sorted_file(copied, out, gone) == exported(copied)
    assert len(list((out / "kept").iterdir())) == len(gone.manifest["parts"])


def test_another_ontology_keeps_parts_whose_facts_are_the_same(copied: Path, tmp_path: Path) -> None:
    first = built(copied, tmp_path / "out")
    words = next((copied / "ontology").glob("*.ttl"))
    words.write_text(words.read_text("utf-8") + "# a comment\n", "utf-8")
    again = built(copied, tmp_path / "out")
    assert again.kept == len(first.manifest["parts"])
    assert again.manifest["shared"] != first.manifest["shared"]
    assert sorted_file(copied, tmp_path / "out", again) == exported(copied)


@pytest.mark.parametrize("at_once", [50, closing.AT_ONCE])
def test_facts_that_give_rules_are_compared_whole(copied: Path, tmp_path: Path, at_once: int) -> None:
    facts = copied / "kg/articles/2018-04-turkey-russia/facts.trig"
    text = facts.read_text("utf-8")
    at = text.index("{\n") + 2
    same = "    id:russia <http://www.w3.org/2002/07/owl#sameAs> id:rossiya .\n"
    facts.write_text(text[:at] + same + text[at:], "utf-8")
    made = built(copied, tmp_path / "out", at_once=at_once)
    assert sorted_file(copied, tmp_path / "out", made) == exported(copied)


def test_a_broken_article_is_left_out_and_told(copied: Path, tmp_path: Path) -> None:
    (copied / "kg/articles/2019-06-talvia-corvania/facts.trig").write_text("p:a", "utf-8")
    made = built(copied, tmp_path / "out")
    assert made.manifest["left_out"] == ["2019-06-talvia-corvania"]
    rows = [json.loads(line) for line in (tmp_path / "out" / FINDINGS).read_text("utf-8").splitlines()]
    assert [(r["file"], r["rule"]) for r in rows if r["severity"] == "violation"] == [
        ("kg/articles/2019-06-talvia-corvania/facts.trig", "syntax")
    ]
    shutil.rmtree(copied / "kg/articles/2019-06-talvia-corvania")
    assert sorted_file(copied, tmp_path / "out", made) == exported(copied)


class Dying(Here):
    """Runs some tasks, then fails as Spark does whose driver or machines are gone."""

    def __init__(self, tasks: int) -> None:
        self.tasks = tasks

    def run(self, task: Callable[[T], R], items: Sequence[T], step: str) -> list[R]:
        super().run(task, items[: self.tasks], step)
        raise LimitError("gone")


def test_a_build_that_dies_leaves_the_one_before_and_is_resumed(copied: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    with pytest.raises(LimitError):
        built(copied, out, 1, Dying(2))
    assert not (out / MANIFEST).exists()
    assert len(list((out / "kept").iterdir())) == 2
    made = built(copied, out, 1)
    assert made.kept == 2
    facts = copied / "kg/articles/2023-05-sument-ilvara/facts.trig"
    facts.write_text(facts.read_text("utf-8") + "# a comment\n", "utf-8")
    with pytest.raises(LimitError):
        built(copied, out, 1, Dying(6))
    assert json.loads((out / MANIFEST).read_text("utf-8")) == {"format": 1, **made.manifest}
    assert all((out / name).exists() for name in output.files(made.manifest))
    assert built(copied, out, 1).kept == len(made.manifest["parts"])


class DiedError(Exception):
    """A process that compiles articles has ended."""


class GivingUp(Here):
    """Gives up, as Spark does, where a process ends each time."""

    def run(self, task: Callable[[T], R], items: Sequence[T], step: str) -> list[R]:
        try:
            return super().run(task, items, step)
        except DiedError as error:
            raise GaveUpError("gone") from error


def end(monkeypatch: pytest.MonkeyPatch, ends: Callable[[set[str]], bool]) -> None:
    """Have the process end that compiles articles with such names."""
    read = build.FolderShard.read

    def reading(shard: build.FolderShard) -> Iterator[ReadArticle]:
        if ends(set(shard.names)):
            raise DiedError
        return read(shard)

    monkeypatch.setattr(build.FolderShard, "read", reading)


ENDING = ["2019-06-talvia-corvania", "2021-09-narvia-qoram"]


def test_articles_that_end_their_process_are_left_out_and_told(
    copied: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    end(monkeypatch, lambda names: bool(names & set(ENDING)))
    made = built(copied, out, 3, GivingUp())
    assert made.manifest["left_out"] == ENDING
    told = [(f.file, f.rule, f.message) for f in made.findings if f.severity == "violation"]
    said = "ended the process that compiled it, each time"
    assert told == [(f"kg/articles/{n}/facts.trig", "uncompiled", f"the article {n} {said}") for n in ENDING]
    assert built(copied, out, 3, Here()) == (made.manifest, made.findings, len(made.manifest["parts"]))
    for name in ENDING:
        shutil.rmtree(copied / "kg/articles" / name)
    assert sorted_file(copied, out, made) == exported(copied)


@pytest.mark.parametrize("least", [0, 2])
def test_no_article_is_blamed_where_nothing_runs_or_no_single_one_fails(
    copied: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, least: int
) -> None:
    end(monkeypatch, lambda names: len(names) >= least)
    with pytest.raises(GaveUpError):
        built(copied, tmp_path / "out", 3, GivingUp())
    assert not (tmp_path / "out" / MANIFEST).exists()


def test_a_part_half_there_is_made_anew(folder: Path, whole: bytes, tmp_path: Path) -> None:
    out = tmp_path / "out"
    made = built(folder, out)
    (out / made.manifest["parts"][0]["file"]).unlink()
    again = built(folder, out)
    assert again.kept == len(made.manifest["parts"]) - 1
    assert sorted_file(folder, out, again) == whole


@pytest.mark.parametrize("data", [b"", b"x", Shard().kept()])
def test_a_damaged_part_is_an_error_once(folder: Path, tmp_path: Path, data: bytes) -> None:
    out = tmp_path / "out"
    made = built(folder, out)
    (out / "kept" / f"{made.manifest['parts'][0]['key']}.json.z").write_bytes(data)
    with pytest.raises(InputError, match="damaged, and has been removed"):
        built(folder, out)
    assert built(folder, out).manifest == made.manifest


def test_a_folder_with_something_else_is_refused(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("Dear Ana", "utf-8")
    for path in (tmp_path, tmp_path / "letter.txt"):
        with pytest.raises(InputError, match=r"holds what no build has written: letter\.txt|this is no folder"):
            Output(str(path))


def test_a_build_of_nothing_leaves_the_one_before(copied: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    built(copied, out)
    before = {p: p.read_bytes() for p in out.rglob("*") if p.is_file() and p.parent.name != "kept"}
    for file in (copied / "kg/articles").glob("*/facts.trig"):
        file.write_text("p:a", "utf-8")
    with pytest.raises(InputError, match="no article can be read, so what was there before is kept"):
        built(copied, out)
    assert {p: p.read_bytes() for p in before} == before


LOCKING = """
import sys
from kg.cluster.output import Output
with Output(sys.argv[1]).locked():
    print("locked", flush=True)
    sys.stdin.read()
"""


def test_two_runs_do_not_write_into_one_folder(tmp_path: Path) -> None:
    out = str(tmp_path / "out")
    given, pipe = [sys.executable, "-c", LOCKING, out], subprocess.PIPE
    with subprocess.Popen(given, cwd=ROOT, text=True, stdin=pipe, stdout=pipe) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "locked\n"
        with pytest.raises(LimitError, match=f"another run is at work in this folder: process {other.pid} on "):
            Output(out).locked().__enter__()
        other.kill()
    with Output(out).locked():
        pass


def test_a_broken_ontology_builds_nothing(copied: Path, tmp_path: Path) -> None:
    next((copied / "ontology").glob("*.ttl")).write_text("ent:", "utf-8")
    with pytest.raises(InputError, match="the sources are broken; nothing was built"):
        built(copied, tmp_path / "out")


def test_another_version_on_the_machines_is_an_error(folder: Path, tmp_path: Path) -> None:
    task = build.Compile(Output(str(tmp_path)), EVERYTHING, "another")
    with pytest.raises(InputError, match="another version"):
        task(build.shared_out(GraphFolder(str(folder)))[0])


def test_articles_stay_in_their_shards(folder: Path) -> None:
    assert [build.number(n, 150) for n in (0, 1, 150, 151, 300, 301, 10_000)] == [1, 1, 1, 2, 2, 4, 128]
    assert {build.place(f"a{i}", 8) for i in range(200)} == set(range(8))
    names = [name for shard in build.shared_out(GraphFolder(str(folder)), 2) for name in shard.names]
    assert sorted(names) == sorted(os.listdir(folder / "kg/articles"))


def test_without_pyspark_the_command_says_what_to_install(tmp_path: Path) -> None:
    code = (
        "import sys; sys.modules['pyspark'] = None; from importlib import util; find = util.find_spec;"
        "util.find_spec = lambda name, *more: None if name == 'pyspark' else find(name, *more);"
        "from kg.cli.main import main; sys.exit(main(sys.argv[1:]))"
    )
    given = ["cluster", "build", str(ROOT), str(tmp_path / "out")]
    done = subprocess.run([sys.executable, "-c", code, *given], capture_output=True, text=True, check=False)
    assert done.returncode == 3
    assert done.stderr.splitlines()[0] == "error: kg cluster needs pyspark, which is not installed [extra]"
    assert 'pip install "entente-kg[cluster]"' in done.stderr
    assert not (tmp_path / "out").exists()


def test_the_help_says_that_one_machine_is_quicker_alone(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["cluster", "--help"])
    assert "on one machine `kg build` is quicker" in " ".join(capsys.readouterr().out.split())
