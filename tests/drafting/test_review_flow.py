"""How a review goes on from what a person says: what is kept, offered again, done already, or given along."""

import shutil
from pathlib import Path

import pytest
from reviewing import ARTICLE, facts, with_proposals

from kg.drafting.new import folder_for_articles
from kg.drafting.session import Review
from kg.errors import UsageError
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
    assert [p.words[0] for p in review.along] == ["Pol Darro", "Ossen Dam", "Hydro Norland"]
    written = facts(folder)
    assert 'p:ossen-dam-named a ent:Passage ;\n    ent:quote "Ossen Dam" ;\n    ent:suffix "," ;' in written
    assert 'p:hydro-norland-named {\n    id:hydro-norland a ent:Company ; rdfs:label "Hydro Norland"@en .' in written
    assert review.undo()
    assert "ossen-dam-named" not in facts(folder)


def test_what_only_somebody_names_can_be_told_of_elsewhere(review: Review, folder: Path) -> None:
    accepted(review, "We shall pay", "Ilva Renn is a person")
    accepted(review, "We shall pay", "Ilva Renn says this")
    accepted(review, "We shall pay", "Kestrel Bridge is a bridge")
    accepted(review, "Belmar plans", "Belmar is a state")
    accepted(review, "Belmar owns", "Belmar owns the Kestrel Bridge")
    assert [p.words[0] for p in review.along] == ["Kestrel Bridge"]
    assert "p:kestrel-bridge-named {\n    id:kestrel-bridge a ent:Bridge" in facts(folder)


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
