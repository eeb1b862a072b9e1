"""Two articles of one story: what has ended is over, what was planned is held, and an amount may change."""

import shutil
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode
from running import ROOT

import kg
from kg.findings import at_or_above
from kg.graph import Graph
from kg.rdf.namespaces import local_name
from kg.source import layout
from kg.validation import run

pytestmark = pytest.mark.usefixtures("reading_once")

STORY = ("second", "sequel")
STATES = {"a": "id:talvia", "b": "id:corvania"}


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Graph:
    """A graph folder with the shipped ontology, shapes and stored queries, and both articles."""
    folder = tmp_path_factory.mktemp("sequel") / "story"
    for part in ("ontology", "shapes", "queries"):
        shutil.copytree(ROOT / part, folder / part)
    for name in STORY:
        shutil.copytree(ROOT / "tests" / "graphs" / name / "kg", folder / "kg", dirs_exist_ok=True)
    return kg.open(str(folder))


def rows(graph: Graph, name: str, *columns: str, **values: str) -> set[tuple[str, ...]]:
    """The named columns of an answer, IRIs cut down to their local names, nothing where unbound."""
    answer = graph.ask(name, values)
    at = [answer.columns.index(c) for c in columns]
    return {tuple(short(row[i]) for i in at) for row in answer.rows}


def short(term: object) -> str:
    if isinstance(term, NamedNode):
        return local_name(term.value)
    return term.value if isinstance(term, Literal) else ""


def test_nothing_in_it_is_a_violation_or_a_warning(story: Graph) -> None:
    found = run.validate(layout.find_graph_folder(Path(story.graph_folder.root).as_posix())).findings
    assert [str(f) for f in at_or_above(found, "warning")] == []


def sentence(graph: Graph, thing: str, *speakers: str) -> str:
    said = graph.context.sentences.said_by("https://w3id.org/entente/id/" + name for name in speakers)
    clause = said.clause(NamedNode("https://w3id.org/entente/id/" + thing))
    assert clause is not None
    return clause.text


def test_what_is_held_is_not_told_with_the_day_for_which_it_was_planned(story: Graph) -> None:
    assert sentence(story, "orrin-to-velmar-june-2019") == "Tomas Orrin visited Velmar in June 2019"
    shown = story.show("id:orrin-to-velmar-june-2019").text(200)
    assert "Tomas Orrin’s visit to Velmar was to begin on 20 June 2019" in shown


def test_a_speaker_does_not_say_what_happened_later(story: Graph) -> None:
    own = sentence(story, "ossen-water-treaty")
    assert own == "In October 2019, Corvania and Talvia finalised an agreement on the water of the Ossen"
    assert "2019" not in sentence(story, "ossen-water-treaty", "ruth-ombasi")


def test_a_disagreement_that_has_ended_says_so(story: Graph) -> None:
    divided = rows(story, "what-divides", "disagreement", "since", "until", "status", **STATES)
    assert divided == {
        ("talvia-corvania-row", "2019-03", "2019-08", "completed"),
        ("disagreement-over-the-water-of-the-ossen", "", "", ""),
    }


def test_an_amount_has_a_row_for_each_article(story: Graph) -> None:
    costs = rows(story, "how-much", "aspect", "number", "read_on", of="id:ossen-dam")
    assert {row for row in costs if row[0] == "cost"} == {
        ("cost", "2400000000", "2019-06-13"),
        ("cost", "2600000000", "2019-11-08"),
    }


def test_an_amount_that_a_later_article_changes_is_told_with_its_day(story: Graph) -> None:
    told = {str(f["sentence"]) for f in story.show("Ossen Dam").json()}
    cost = "The cost of the Ossen Dam is"
    assert {f"{cost} 2.4 billion US dollars (as of 13 June 2019)", f"{cost} 2.6 billion US dollars"} <= told


def test_an_undated_part_is_within_the_days_of_its_whole(story: Graph) -> None:
    talks = ("orrin-velindi-talks-june-2019", "2019-06-20", "2019-11-08", "")  # the second article calls both held
    asked = {"since": "2019-06-21", "until": "2019-06-30"}
    assert talks in rows(story, "what-happened", "what", "earliest", "latest", "when", **asked)
    assert not rows(story, "what-happened", "what", since="2019-11-09", until="2020-12-31") & {
        (talks[0],),
        ("orrin-to-velmar-june-2019",),
        ("talvia-corvania-row",),
    }


def test_what_lasts_is_found_within_its_time(story: Graph) -> None:
    during = rows(story, "what-happened", "what", "certain", since="2019-06-01", until="2019-06-05")
    assert {("talvia-corvania-row", "yes"), ("ilmarian-war", "yes")} <= during
    assert ("corvania-for-the-northern-front", "no") in during
    assert ("marenka-as-president", "no") in rows(
        story, "what-happened", "what", "certain", until="2000-01-01", since="any"
    )


def test_a_reported_plan_is_now_an_agreement(story: Graph) -> None:
    treaty = rows(story, "agreements", "agreement", "kind", "when", "status", state="id:talvia")
    assert ("ossen-water-treaty", "Agreement", "2019-10", "finalised") in treaty
