"""The picture of who is tied to whom: what it says of a graph, that it can be read, and that it is always the same."""

import os
import re
import shutil
import subprocess
import sys
from itertools import combinations
from pathlib import Path

import pytest
from drawn import STYLES, Picture, folder_of
from running import ROOT

import kg
from kg.errors import UsageError
from kg.graph import Graph
from kg.pictures import families, networks
from kg.pictures.bundles import Strand, bundled, words
from kg.pictures.families import ASSERTED, INFERRED, REPORTED
from kg.pictures.ties import Tie, Ties
from kg.rdf.namespaces import ID


@pytest.fixture(scope="module", params=["first", *STYLES])
def drawn(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, shipped: Graph) -> Picture:
    style = request.param
    graph = shipped if style == "first" else kg.open(str(folder_of(style, tmp_path_factory.mktemp("drawn") / "graph")))
    return Picture(networks.network(graph.context))


@pytest.fixture(scope="module")
def first(shipped: Graph) -> Ties:
    return Ties(shipped.context)


@pytest.fixture(scope="module")
def of_first(first: Ties) -> list[Tie]:
    return first.among({end for ends in first.rough.values() for end in ends})[0]


def among(found: list[Tie], one: str, other: str) -> list[Tie]:
    return [t for t in found if {t.source, t.target} == {ID + one, ID + other}]


# What a tie is


def test_a_support_points_from_the_backer_to_the_backed(of_first: list[Tie]) -> None:
    (tie,) = among(of_first, "turkey", "free-syrian-army")
    assert (tie.source, tie.directed, tie.words, tie.family, tie.form) == (
        ID + "turkey",
        True,
        "backs",
        "support",
        ASSERTED,
    )
    assert tie.sentence == "Turkey backs the Free Syrian Army in the war in Syria"


def test_a_statement_is_read_in_the_direction_of_its_sentence(of_first: list[Tie]) -> None:
    builds = [t for t in among(of_first, "turkey", "turkstream") if t.words == "is the builder of"]
    assert [(t.source, t.target, t.family) for t in builds] == [(ID + "turkey", ID + "turkstream", "project")]


def test_those_in_one_role_are_tied_to_each_other_without_an_arrow(of_first: list[Tie]) -> None:
    summit = [t for t in of_first if t.stated_by == ID + "ankara-summit-april-2018"]
    assert len(summit) == 3
    assert {(t.directed, t.planned, t.family) for t in summit} == {(False, True, "meeting")}


def test_a_government_that_acts_for_its_state_is_drawn_as_its_state_and_inferred(of_first: list[Tie]) -> None:
    (tie,) = among(of_first, "russia", "bashar-al-assad")
    assert tie.form == INFERRED
    assert tie.sentence.startswith("The government in Moscow has backed Bashar al Assad")
    assert not [t for t in of_first if ID + "government-of-russia" in (t.source, t.target)]


def test_what_is_reported_has_its_speaker(of_first: list[Tie]) -> None:
    (said,) = [t for t in of_first if t.stated_by == ID + "turkey-russia-divisions"]
    assert (said.form, said.speaker) == (REPORTED, "Mitat Celikpala")
    assert words(Strand("opposition", REPORTED, (said,), False, said.speaker)).startswith("Mitat Celikpala: ")


def test_what_is_inferred_from_a_tie_is_not_drawn_beside_it(of_first: list[Tie]) -> None:
    assert [t.words for t in among(of_first, "turkey", "syrian-opposition-groups")] == ["has backed"]
    assert [t.words for t in among(of_first, "vladimir-putin", "russia")] == ["holds a position in"]


def test_a_photograph_ties_nobody(of_first: list[Tie]) -> None:
    assert not [t for t in of_first if t.stated_by == ID + "picture-of-putin-and-erdogan"]


def test_sides_that_oppose_each_other_stand_apart(first: Ties) -> None:
    sides = first.sides({end for ends in first.rough.values() for end in ends})
    members = [set(side["members"]) for side in sides.values()]
    assert {ID + "russia", ID + "iran", ID + "assad-regime"} <= members[0]
    assert {ID + "turkey", ID + "free-syrian-army"} <= members[1]


def test_the_ties_of_a_pair_are_bundled_with_their_number(of_first: list[Tie]) -> None:
    bundle = next(b for b in bundled(of_first) if {b.first, b.second} == {ID + "russia", ID + "turkey"})
    assert sum(len(strand.ties) for strand in bundle.strands) == len(among(of_first, "russia", "turkey"))
    told = {words(strand) for strand in bundle.strands}
    assert {"dispute ×4, 1 quoted", "cooperation ×5, 2 quoted", "arms deal"} <= told
    (compact,) = [b for b in bundled(of_first, compact=True) if b.first == bundle.first and b.second == bundle.second]
    order = [*families.FAMILIES].index
    assert [s.family for s in compact.strands] == sorted({s.family for s in bundle.strands}, key=order)


# The picture


def test_no_words_overlap_others(drawn: Picture) -> None:
    wrong = [(a.words, b.words) for a, b in combinations(drawn.texts(), 2) if a.box.overlaps(b.box)]
    assert wrong == []


def test_all_words_are_within_the_picture(drawn: Picture) -> None:
    inside = [t for t in drawn.texts() if t.box.left >= 0 and t.box.right <= drawn.width and t.box.top >= 0]
    assert len(inside) == len(drawn.texts())
    assert max(t.box.bottom for t in drawn.texts()) <= drawn.height


def test_each_picture_stands_alone_and_says_what_it_is(drawn: Picture) -> None:
    assert drawn.is_self_contained()
    assert drawn.root.attrib["role"] == "img"
    assert "Who is tied to whom" in drawn.titles()
    assert "prefers-color-scheme" in drawn.text


def test_each_tie_and_thing_can_be_filtered(drawn: Picture) -> None:
    lines, keys = drawn.of_class("tie"), drawn.of_class("key")
    assert lines
    assert {e.attrib["data-family"] for e in lines} == {
        k.attrib["data-family"] for k in keys if "data-family" in k.attrib
    }
    assert {e.attrib["data-form"] for e in lines} == {k.attrib["data-form"] for k in keys if "data-form" in k.attrib}
    things = {e.attrib["data-iri"] for e in drawn.of_class("thing")}
    assert {e.attrib[end] for e in lines for end in ("data-first", "data-second")} <= things


def test_a_page_gets_a_picture_without_style_and_paper(shipped: Graph) -> None:
    picture = Picture(networks.network(shipped.context, standalone=False))
    assert "<style" not in picture.text
    assert not picture.of_class("paper")


def test_the_same_graph_gives_the_same_bytes_under_any_hash_seed(shipped_folder: Path) -> None:
    program = "import sys, kg; from kg.pictures import network, timeline; c = kg.open(sys.argv[1]).context; "
    program += "sys.stdout.buffer.write((network(c) + timeline(c)).encode())"
    found = set()
    for seed in ("0", "1", "4711"):
        command = [sys.executable, "-c", program, str(shipped_folder)]
        done = subprocess.run(command, env=_environment(seed), capture_output=True, check=True, cwd=ROOT)
        found.add(done.stdout)
    assert len(found) == 1


def _environment(seed: str) -> dict[str, str]:
    return {**os.environ, "PYTHONHASHSEED": seed}


def test_what_is_left_out_is_said(shipped: Graph, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "All 17 actors and works that are tied to another; 3 more are not." in networks.network(shipped.context)
    monkeypatch.setattr(networks, "MOST_THINGS", 6)
    monkeypatch.setattr(networks, "MOST_BUNDLES", 4)
    picture = Picture(networks.network(shipped.context))
    assert "Of the 20 actors and works of this graph" in picture.text
    assert "the 4 strongest" in picture.text
    pairs = {(e.attrib["data-first"], e.attrib["data-second"]) for e in picture.of_class("tie")}
    assert len(pairs) == 4


def test_without_rustworkx_the_error_says_what_to_install(shipped: Graph, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "rustworkx", None)
    with pytest.raises(UsageError, match="needs rustworkx") as error:
        networks.network(shipped.context)
    assert "pip install" in error.value.hint


# Hostile and small graphs

_HOSTILE = [
    '<script>alert("x")</script>',
    "&amp; ]]> <!-- \\u202Ereversed",
    "word " * 80,
    "W" * 300,
    "رئيس الوزراء والجمهورية",
    "総理大臣と大統領の会談",
]


def _hostile(folder: Path) -> Path:
    """The second article, with its states and people under labels that would break a careless picture."""
    folder_of("second", folder)
    (facts,) = (folder / "kg" / "articles").glob("*/facts.trig")
    text = facts.read_text("utf-8")
    for name, label in zip(
        ["Talvia", "Corvania", "Amara Velindi", "Tomas Orrin", "Ossen Dam", "Tamrat"], _HOSTILE, strict=True
    ):
        written = label.replace("\\", "\\\\").replace('"', '\\"').replace("\\\\u202E", "\\u202E")
        text = text.replace(f'rdfs:label "{name}"@en', f'rdfs:label "{written}"@en')
    facts.write_text(text, "utf-8", newline="\n")
    return folder


def test_hostile_labels_are_text(tmp_path: Path) -> None:
    picture = Picture(networks.network(kg.open(str(_hostile(tmp_path / "graph"))).context))
    assert picture.is_self_contained()
    assert any("<script>" in text.words for text in picture.texts())
    assert "\u202e" not in picture.text
    assert max(text.box.right - text.box.left for text in picture.texts()) < 200
    assert [(a.words, b.words) for a, b in combinations(picture.texts(), 2) if a.box.overlaps(b.box)] == []


def test_a_graph_without_ties_says_so(tmp_path: Path) -> None:
    folder = folder_of("second", tmp_path / "graph")
    (facts,) = (folder / "kg" / "articles").glob("*/facts.trig")
    head, _, rest = facts.read_text("utf-8").partition("p:heading {")
    head = re.sub(r" ;\n    ent:readWith [^.]*\.", " .", head)
    facts.write_text(head + "p:heading { id:talvia a ent:State . }\n", "utf-8", newline="\n")
    assert rest
    shutil.rmtree(folder / "kg" / "background", ignore_errors=True)
    picture = Picture(networks.network(kg.open(str(folder)).context))
    assert "states no ties between actors or works" in picture.text
    assert picture.height < 100
