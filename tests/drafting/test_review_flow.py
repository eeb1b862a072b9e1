"""How a review goes on from what a person says: what is kept, offered again, done already, or given along."""

import io
import shutil
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, parse
from reviewing import ARTICLE, facts, with_proposals

from kg.cli.review import Dialogue
from kg.drafting.new import folder_for_articles
from kg.drafting.propose import Told, undone
from kg.drafting.session import Review
from kg.errors import UsageError
from kg.rdf.namespaces import PREFIXES, local_name
from kg.source.article import Passage
from kg.source.proposals import Proposal

TEXT = """Belmar plans a dam

The Ossen Dam, a project of Hydro Norland, would be finished in 2021, its engineer Pol Darro said.

Hydro Norland will build the Ossen Dam. “We shall pay for the Kestrel Bridge,” said Ilva Renn, the mayor of Velmar.

Belmar owns the Kestrel Bridge. Ilva Renn met Pol Darro in May.

Belmar closed the border in June and Norland opened a school, while Ilva Renn praised the plan.
"""


@pytest.fixture(scope="module")
def drafted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return with_proposals(tmp_path_factory.mktemp("flow"), TEXT)


@pytest.fixture
def folder(drafted: Path, tmp_path: Path) -> Path:
    shutil.copytree(drafted, tmp_path / "graph")
    return tmp_path / "graph"


@pytest.fixture
def review(folder: Path) -> Review:
    """A review in which all that is proposed by rules is refused."""
    found = Review(folder_for_articles(str(folder)), ARTICLE, "Ada Holm")
    for proposal in found.desk.proposed.awaiting:
        found.refuse(proposal)
    return found


def passage(review: Review, start: str) -> Passage:
    return next(p for p in review.passages() if start in p.quote)


def accepted(review: Review, start: str, words: str) -> list[Proposal]:
    """What is said, accepted at once."""
    found = review.say(passage(review, start), words).proposals
    assert [f.message for p in found for f in review.accept(p)] == []
    return found


def test_who_speaks_can_be_said_after_what_the_sentence_introduces(review: Review, folder: Path) -> None:
    accepted(review, "a project", "Pol Darro is a person. Ossen Dam is a dam. Hydro Norland is a company")
    accepted(review, "will build", "Hydro Norland will build the Ossen Dam")
    assert review.along == []
    accepted(review, "a project", "Pol Darro says this")
    assert [p.words[0] for p in review.along] == ["Ossen Dam", "Hydro Norland"]
    written, place = facts(folder), "of-ossen-dam-project"
    assert f'p:ossen-dam-{place} a ent:Passage ;\n    ent:quote "Ossen Dam" ;\n    ent:suffix "," ;' in written
    assert (
        f'p:hydro-norland-{place} {{\n    id:hydro-norland a ent:Company ; rdfs:label "Hydro Norland"@en .' in written
    )
    assert review.undo()
    assert f"p:ossen-dam-{place}" not in facts(folder)


def test_what_only_somebody_names_can_be_told_of_elsewhere(review: Review, folder: Path) -> None:
    accepted(review, "We shall pay", "Ilva Renn is a person")
    accepted(review, "We shall pay", "Ilva Renn says this")
    accepted(review, "We shall pay", "Kestrel Bridge is a bridge")
    accepted(review, "Belmar plans", "Belmar is a state")
    accepted(review, "Belmar owns", "Belmar owns the Kestrel Bridge")
    assert [p.words[0] for p in review.along] == ["Kestrel Bridge"]
    assert "p:kestrel-bridge-of-shall-pay-kestrel {\n    id:kestrel-bridge a ent:Bridge" in facts(folder)


def test_a_sentence_that_waits_for_a_name_is_kept_and_read_again(review: Review) -> None:
    building, speaking = passage(review, "will build"), passage(review, "a project")
    with pytest.raises(UsageError, match=r"nothing says yet what “Hydro Norland” is .*kept"):
        review.say(building, "Hydro Norland will build the Ossen Dam")
    with pytest.raises(UsageError, match="kept"):
        review.say(speaking, "Pol Darro says this")
    first = review.say(speaking, "Ossen Dam is a dam")
    assert not first.again
    assert {sentence for _, sentence in review.kept} == {
        "Hydro Norland will build the Ossen Dam",
        "Pol Darro says this",
    }
    found = review.say(speaking, "Hydro Norland is a company")
    assert found.again == ["Hydro Norland will build the Ossen Dam"]
    assert "“Hydro Norland will build the Ossen Dam”, said before, is read now" in found.problem
    assert [p.passage for p in found.proposals] == [speaking.iri, building.iri]
    assert review.undo()
    assert len(review.kept) == 2
    assert review.undo()
    assert review.undo()
    assert [sentence for _, sentence in review.kept] == ["Hydro Norland will build the Ossen Dam"]


def test_of_several_sentences_one_may_wait_for_another(review: Review) -> None:
    owning = passage(review, "Belmar owns")
    found = review.say(owning, "Belmar owns the Kestrel Bridge. Kestrel Bridge is a bridge. Belmar is a state")
    assert found.problem == ""
    assert [review.sentences(p) for p in found.proposals][-1] == ["Belmar is an owner of the Kestrel Bridge"]
    assert not review.kept
    none = review.say(owning, "Ilva Renn met Pol Darro. Pol Darro owns the Ossen Dam")
    assert none.proposals == []
    assert len(none.not_read) == len(review.kept) == 2


@pytest.fixture
def whole(folder: Path) -> Review:
    """A review in which all that is proposed by rules awaits."""
    return Review(folder_for_articles(str(folder)), ARTICLE, "Ada Holm")


def awaiting(review: Review, start: str) -> list[str]:
    here = passage(review, start)
    return [p.name for p in review.desk.proposed.awaiting if review.around(p) == here]


def test_what_was_said_makes_the_same_proposal_idle(whole: Review) -> None:
    owned = "proposal-belmar-kestrel-bridge-ownership-2019-06"
    assert owned in awaiting(whole, "Belmar owns")
    accepted(whole, "Belmar plans", "Belmar is a state")
    assert whole.done == ["proposal-belmar"]
    accepted(whole, "Belmar owns", "Kestrel Bridge is a bridge")
    assert whole.done == ["proposal-kestrel-bridge-2"]
    accepted(whole, "Belmar owns", "Belmar owns the Kestrel Bridge")
    assert awaiting(whole, "Belmar owns") == []
    assert not [p.name for p in whole.desk.proposed.proposals if p.name == owned]
    for _ in range(4):  # two sentences, said and accepted
        assert whole.undo()
    assert awaiting(whole, "Belmar owns") == ["proposal-kestrel-bridge-2", owned]


def test_what_is_said_takes_up_the_rest_of_the_same_proposal(whole: Review) -> None:
    accepted(whole, "Ilva Renn met", "Ilva Renn is a person. Pol Darro is a person")
    (meeting,) = whole.say(passage(whole, "Ilva Renn met"), "Ilva Renn met Pol Darro").proposals
    assert whole.sentences(meeting)[0] == "Ilva Renn and Pol Darro met in May 2019"
    assert '"2019-05"^^xsd:gYearMonth' in whole.turtle(meeting)
    assert [p.name for p in whole.desk.proposed.awaiting if "meeting" in p.name] == [meeting.name]
    assert whole.accept(meeting) == []
    assert awaiting(whole, "Ilva Renn met") == []


def test_the_same_by_another_name_becomes_what_is_left_of_it(whole: Review) -> None:
    def stated(name: str, *more: str) -> Proposal:
        lines = [f"id:{name} a ent:Meeting ; ent:participant id:ilva-renn , id:pol-darro .", *more]
        return read(whole, passage(whole, "Ilva Renn met").iri, name, " ".join(lines))

    first, same = stated("a"), stated("b")
    dated, other = (
        stated(x, f"id:{x} ent:date '{date}'^^xsd:gYearMonth .") for x, date in (("c", "2019-05"), ("d", "x"))
    )
    evidence = whole._evidence(whole._judge.overlay([first]))
    (left,) = undone(Told(evidence, {}), [same, dated])
    assert left.name == "c"
    assert {str(t.subject) for t in left.triples} == {"<https://w3id.org/entente/id/a>"}
    evidence = whole._evidence(whole._judge.overlay([dated]))
    assert undone(Told(evidence, {}), [other]) == [other]


def read(review: Review, place: str, name: str, turtle: str) -> Proposal:
    head = "".join(f"@prefix {key}: <{value}> .\n" for key, value in PREFIXES.items())
    triples = tuple(q.triple for q in parse(head + turtle, format=RdfFormat.TURTLE))
    return Proposal(name, place, ("met",), "rule: x", triples)


def test_suggestions_stay_as_long_as_they_fit(review: Review) -> None:
    start = "Belmar closed"
    accepted(review, start, "Belmar is a state. Norland is a state. Ilva Renn is a person")
    first, inner, last = review.suggested(passage(review, start))
    assert (inner, last) == ("Norland “opened a school”", "Ilva Renn “praised the plan”")
    accepted(review, start, inner)
    assert review.suggested(passage(review, start)) == [last]  # the first has the words of the second
    accepted(review, start, last)
    assert review.suggested(passage(review, start)) == []
    assert first.startswith("Belmar “closed the border")


def test_an_aside_decides_what_is_proposed_within_it(whole: Review) -> None:
    start = "a project"
    inside = awaiting(whole, start)
    assert len({p.passage for p in whole.desk.proposed.awaiting if p.name in inside}) > 1
    whole.say(passage(whole, start), "Ossen Dam is a dam")
    with pytest.raises(UsageError, match="decide first: said-ossen-dam"):
        whole.set_aside(passage(whole, start), "of no weight")
    assert whole.undo()
    whole.set_aside(passage(whole, start), "of no weight")
    assert {p.refused for p in whole.desk.proposed.proposals if p.name in inside} == {"Ada Holm"}
    assert whole.undo()
    assert awaiting(whole, start) == inside


def test_who_speaks_is_asked_once(whole: Review) -> None:
    speaks = "proposal-pol-darro-says-ossen-dam-project"
    accepted(whole, "a project", "Pol Darro is a person")
    (said,) = whole.say(passage(whole, "a project"), "Pol Darro says this, word for word").proposals
    assert {said.name, speaks} <= set(awaiting(whole, "a project"))
    whole.refuse(said)
    assert not {said.name, speaks} & set(awaiting(whole, "a project"))
    assert whole.undo()
    assert whole.accept(said) == []
    assert speaks in whole.done
    assert not {said.name, speaks} & set(awaiting(whole, "a project"))


def test_what_still_waits_is_named_at_the_end(
    review: Review, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    place = local_name(passage(review, "Belmar owns").iri)
    lines = ["Belmar owns the Kestrel Bridge", "Pol Darro says this", "Kestrel Bridge is a bridge; Belmar is a state"]
    monkeypatch.setattr("sys.stdin", io.StringIO("".join(f"say {place}: {line}\n" for line in lines)))
    dialogue = Dialogue(review, 100, color=False)
    dialogue.run()
    told = capsys.readouterr().err
    assert "nothing says yet what “Belmar” is (the sentence is kept until then)" in told
    assert "“Belmar owns the Kestrel Bridge”, said before, is read now" in told
    assert dialogue.unread() == ["not read: “Pol Darro says this”: nothing says yet what “Pol Darro” is"]
    assert dialogue.summary().startswith("1 said; 3 proposals await")


def test_a_check_that_a_sentence_answers_says_what_to_type(review: Review) -> None:
    accepted(review, "Belmar plans", "Belmar is a state")
    (bridge,) = review.say(passage(review, "We shall pay"), "Kestrel Bridge is a bridge").proposals
    (owning,) = review.say(passage(review, "Belmar owns"), "Belmar owns the Kestrel Bridge").proposals
    review.refuse(bridge)
    assert {f.hint for f in review.accept(owning) if f.rule == "unknown-thing"} == {
        "type “the Kestrel Bridge is a …” of a sentence that has the name, and accept this again"
    }
