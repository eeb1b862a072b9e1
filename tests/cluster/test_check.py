"""A validation in parts has the findings of `kg validate`, whatever is wrong and however the parts are cut."""

import json
import random
import re
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

import pytest
from clustered import state, with_test_graphs

from kg.cluster import Here, Runner, build, check
from kg.cluster.build import Built
from kg.cluster.output import CHECKED, FINDINGS, Output, row
from kg.dataset.shards import ROW
from kg.errors import InputError
from kg.findings import Finding
from kg.source.layout import GraphFolder
from kg.validation import run

T = TypeVar("T")
R = TypeVar("R")
pytestmark = pytest.mark.usefixtures("reading_once")
ID, ROLE, KIND = r"\bid:[a-z0-9-]+", r"\bent:[a-z][A-Za-z]+", r"(?<=\ba )ent:[A-Z][A-Za-z]+"
DATE = r'"[0-9-]+"\^\^xsd:(?:gYearMonth|gYear|date)'


class Wide(Here):
    """Makes many small tasks."""

    width = 3


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return with_test_graphs(tmp_path_factory.mktemp("cluster") / "graph")


@pytest.fixture
def copied(folder: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(folder, tmp_path / "graph"))


def checked(folder: Path, out: Path, size: int = 2, runner: Runner | None = None, shacl: str = "auto") -> Built:
    output = Output(str(out), CHECKED)
    return check.run(GraphFolder(str(folder)), output, runner or Here(), lambda step: None, size, shacl=shacl)


def at_once(folder: Path) -> list[Finding]:
    return run.validate(GraphFolder(str(folder))).findings


def facts(folder: Path) -> list[Path]:
    return sorted((folder / "kg" / "articles").glob("*/facts.trig"))


def spoil(folder: Path, seed: int, count: int) -> None:
    """Put other things, roles, classes and dates into the facts, some of which are nowhere."""
    chosen, files = random.Random(seed), facts(folder)
    texts = {file: file.read_text("utf-8") for file in files}
    for _ in range(count):
        file, pattern = chosen.choice(files), chosen.choice([ID, ID, ID, DATE, ROLE, KIND])
        others = sorted({found for text in texts.values() for found in re.findall(pattern, text)})
        places = list(re.finditer(pattern, texts[file]))
        if places:
            place, other = chosen.choice(places), chosen.choice([*others, others[0] + "x" * (pattern == ID)])
            texts[file] = texts[file][: place.start()] + other + texts[file][place.end() :]
    for file, text in texts.items():
        file.write_text(text, "utf-8")


@pytest.mark.parametrize("size", [1, 100])
def test_a_sound_graph_has_the_same_notes(folder: Path, tmp_path: Path, size: int) -> None:
    made = checked(folder, tmp_path / "out", size, Wide())
    assert made.findings == at_once(folder)
    rows = [json.loads(line) for line in (tmp_path / "out" / FINDINGS).read_text("utf-8").splitlines()]
    assert rows == [row(f) for f in made.findings]
    assert {r["article"] for r in rows} >= {"2021-09-narvia-qoram", "2023-05-sument-ilvara"}
    assert checked(folder, tmp_path / "out", size).kept == len(made.manifest["parts"])


@pytest.mark.parametrize("seed", [1, *(pytest.param(n, marks=pytest.mark.long) for n in (2, 3, 5, 7))])
def test_a_spoilt_graph_has_the_same_findings(copied: Path, tmp_path: Path, seed: int) -> None:
    spoil(copied, seed, 25)
    wanted = at_once(copied)
    assert len({f.rule for f in wanted}) > 10
    assert checked(copied, tmp_path / "out", 2, Wide()).findings == wanted


def test_pyshacl_alone_finds_the_same(copied: Path, tmp_path: Path) -> None:
    spoil(copied, 5, 25)
    made = checked(copied, tmp_path / "out", 3, shacl="pyshacl")
    assert made.findings == at_once(copied)
    assert any(f.rule.startswith("shape:") for f in made.findings)


def test_contradictions_are_proven_from_all_articles(copied: Path, tmp_path: Path) -> None:
    state(facts(copied)[0], "id:russia a ent:Person .")
    wanted = at_once(copied)
    assert any(f.rule.startswith("contradiction:") for f in wanted)
    assert checked(copied, tmp_path / "out", 1).findings == wanted
    parted = check.run(GraphFolder(str(copied)), Output(str(tmp_path / "out"), CHECKED), Here(), print, 2, 400)
    assert parted.manifest["closed"]
    assert parted.findings == wanted


def test_relations_of_several_articles_are_compared(copied: Path, tmp_path: Path) -> None:
    one = "id:a-grab a ent:Annexation ; ent:annexing id:russia ; ent:annexed id:iran ."
    first, second, *others = facts(copied)
    state(first, one)
    state(second, one.replace(" .", " ; ent:place id:turkey ."))
    state(others[0], one.replace("id:a-grab", "id:b-grab"))
    made = checked(copied, tmp_path / "out", 1, Wide())
    assert made.findings == at_once(copied)
    assert {"added-role", "double"} <= {f.rule for f in made.findings}


def test_what_cannot_be_read_keeps_others_from_being_checked(copied: Path, tmp_path: Path) -> None:
    spoil(copied, 6, 12)
    facts(copied)[2].write_text("p:a", "utf-8")
    (facts(copied)[3].parent / "article.txt").write_text("Other words.\n", "utf-8")
    made = checked(copied, tmp_path / "out", 2)
    assert made.findings == at_once(copied)
    assert {"syntax", "misquote"} <= {f.rule for f in made.findings}
    assert made.manifest["left_out"] == [facts(copied)[2].parent.name]


def test_unsound_shapes_judge_nothing(copied: Path, tmp_path: Path) -> None:
    spoil(copied, 5, 12)
    shapes = sorted((copied / "shapes").glob("*.ttl"))[0]
    shapes.write_text(shapes.read_text("utf-8").replace("sh:minCount", "sh:minCout", 1), "utf-8")
    made = checked(copied, tmp_path / "out", 3)
    assert made.findings == at_once(copied)
    assert not any(f.rule.startswith("shape:") for f in made.findings)


def test_shapes_that_look_at_everything_are_refused(copied: Path, tmp_path: Path) -> None:
    shapes = sorted((copied / "shapes").glob("*.ttl"))[0]
    asked = 'sh:sparql [ sh:message "No." ; sh:select "SELECT $this WHERE { $this a ent:City }" ]'
    more = f"\nshape:Asked a sh:NodeShape ; sh:targetClass ent:City ; {asked} .\n"
    shapes.write_text(shapes.read_text("utf-8") + more, "utf-8")
    with pytest.raises(InputError, match="a shape has a SPARQL constraint"):
        checked(copied, tmp_path / "out")


def test_a_folder_is_of_a_build_or_of_a_validation(folder: Path, tmp_path: Path) -> None:
    checked(folder, tmp_path / "out", 100)
    with pytest.raises(InputError, match="the folder is that of a validation"):
        Output(str(tmp_path / "out"))
    build.run(GraphFolder(str(folder)), Output(str(tmp_path / "b")), Here(), lambda step: None)
    with pytest.raises(InputError, match="the folder is that of a build"):
        Output(str(tmp_path / "b"), CHECKED)


def test_without_a_readable_article_there_is_nothing_to_validate(copied: Path, tmp_path: Path) -> None:
    for file in facts(copied):
        file.write_text("p:a", "utf-8")
    with pytest.raises(InputError, match="no article can be read") as raised:
        checked(copied, tmp_path / "out")
    assert [type(f) for f in raised.value.findings] == [Finding] * 3
    assert raised.value.hint == "the first of 6 violations"


def test_rows_that_are_left_out_of_a_table_are_told(folder: Path, tmp_path: Path) -> None:
    left = ROW.finding("t.jsonl", "the row has no text", line=3, column=1, value="2020-01-lorvia")
    output = Output(str(tmp_path / "out"), CHECKED)
    made = check.run(GraphFolder(str(folder)), output, Here(), lambda step: None, 100, rows=[left])
    assert made.manifest["left_out"] == ["2020-01-lorvia"]
    rows = [json.loads(line) for line in (tmp_path / "out" / FINDINGS).read_text("utf-8").splitlines()]
    told = [(r["article"], r["file"], r["line"]) for r in rows if r["rule"] == "row"]
    assert told == [("2020-01-lorvia", "t.jsonl", 3)]


def test_findings_come_back_from_other_processes(folder: Path, tmp_path: Path) -> None:
    """As they do from Spark, which pickles tasks and results."""
    import pickle

    class Pickling(Here):
        def run(self, task: Callable[[T], R], items: Sequence[T], step: str) -> list[R]:
            sent, rows = pickle.loads(pickle.dumps((task, list(items))))
            found: list[R] = pickle.loads(pickle.dumps(list(map(sent, rows))))
            return found

    assert checked(folder, tmp_path / "out", 3, Pickling()).findings == at_once(folder)
