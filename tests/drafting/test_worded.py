"""What somebody did in words of the article: said in that form, suggested in a review, and dated as its words are."""

import io
import shutil
import sys
from pathlib import Path

import pytest
from reviewing import ARTICLE, facts, with_proposals

from kg.cli.review import Dialogue
from kg.drafting import worded
from kg.drafting.new import folder_for_articles
from kg.drafting.session import Review
from kg.errors import UsageError
from kg.source.article import Passage

TEXT = """Lorvia and Ostmark talk

Turkey, which had opposed the route, closed its border with Iran in 2017 and reopened it last year.

Iran said on Monday that it would join the talks. “We are ready,” said Ada Holm.

The Amber Line railway has carried coal since May.
"""


@pytest.fixture(scope="module")
def drafted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return with_proposals(tmp_path_factory.mktemp("worded"), TEXT)


@pytest.fixture
def review(drafted: Path, tmp_path: Path) -> Review:
    """A review in which all that rules propose was accepted."""
    shutil.copytree(drafted, tmp_path / "graph")
    found = Review(folder_for_articles(str(tmp_path / "graph")), ARTICLE, "Ada Holm")
    while proposal := found.next():
        if found.accept(proposal):
            found.refuse(proposal)
    return found


def passage(review: Review, start: str) -> Passage:
    return next(p for p in review.passages() if p.quote.startswith(start))


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("Turkey “closed its border”", ("Turkey", "closed its border")),
        ('Turkey and Iran "closed it"', ("Turkey and Iran", "closed it")),
        ("Turkey closed its border", None),
        ("“closed its border”", None),
        ("Turkey “closed” its “border”", None),
    ],
)
def test_words_within_quotation_marks_are_those_of_the_article(said: str, found: tuple[str, str] | None) -> None:
    assert worded.parts(said) == found


def test_a_passage_is_told_in_its_words(review: Review) -> None:
    assert review.suggested(passage(review, "Turkey, which")) == [
        "Turkey “had opposed the route”",
        "Turkey “closed its border with Iran in 2017”",
        "Turkey “reopened it last year”",
    ]
    assert review.suggested(passage(review, "Iran said")) == ["Iran “would join the talks”"]
    assert review.suggested(passage(review, "“We are ready")) == []


def test_what_is_suggested_can_be_said(review: Review) -> None:
    about = passage(review, "Turkey, which")
    for sentence in review.suggested(about):
        (proposal,) = review.say(about, sentence).proposals
        assert review.accept(proposal) == []
    told = review.told(passage(review, "Turkey, which"))
    assert "Turkey “closed its border with Iran in 2017”" in told
    assert "Turkey “reopened it last year” in 2018" in told
    assert review.suggested(passage(review, "Turkey, which")) == []


def test_words_of_a_speaker_are_claims(review: Review) -> None:
    about = passage(review, "Iran said")
    (proposal,) = review.say(about, review.suggested(about)[0]).proposals
    assert review.sentences(proposal)[0].startswith("Iran says: ")
    assert review.accept(proposal) == []
    text = facts(Path(review.desk.graph_folder.root))
    assert 'ent:wording "would join the talks"@en ;\n        ent:status ent:planned .' in text


def test_words_of_a_work_are_its_own(review: Review) -> None:
    about = passage(review, "The Amber Line")
    (line,) = review.say(about, "Amber Line is a railway").proposals
    assert review.accept(line) == []
    (proposal,) = review.say(about, "the Amber Line “has carried coal since May”").proposals
    assert {t.predicate.value.rpartition("#")[2] for t in proposal.stated} == {"wording", "label"}


@pytest.mark.parametrize(
    ("said", "problem"),
    [
        ("Turkey “its border with Iran”", "does not begin with what it does"),
        ("Turkey “opened its border”", "the passage does not have the words “opened its border”"),
    ],
)
def test_words_that_tell_nothing_are_refused(review: Review, said: str, problem: str) -> None:
    with pytest.raises(UsageError, match=problem):
        review.say(passage(review, "Turkey, which"), said)


def test_date_words_that_date_nothing_are_taken_out_in_the_end(review: Review) -> None:
    about = passage(review, "Turkey, which")
    (proposal,) = review.say(about, "Turkey “closed its border with Iran in 2017”").proposals
    assert review.accept(proposal) == []
    assert 'ent:dateWords "in 2017" , "last year"' in facts(Path(review.desk.graph_folder.root))
    review.finish()
    text = facts(Path(review.desk.graph_folder.root))
    assert 'ent:dateWords "in 2017"' in text
    assert "last year" not in "".join(line for line in text.splitlines() if "dateWords" in line)


class Terminal(io.StringIO):
    """What somebody types."""

    def isatty(self) -> bool:
        return True


def test_suggestions_are_chosen_by_number(
    review: Review, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdin", Terminal("\n2 3\na\na\nb\n\n\n\n\n\n\n\n"))
    dialogue = Dialogue(review, 80, color=False)
    dialogue.run()
    shown = capsys.readouterr().out
    assert "  2  Turkey “closed its border with Iran in 2017”\n" in shown
    assert "  1  Iran “would join the talks”\n  what does it state? a sentence, numbers of these" in shown
    assert shown.count("“Lorvia and Ostmark talk”") == 2  # b goes back
    assert dialogue.summary().startswith("2 accepted, 1 said")
