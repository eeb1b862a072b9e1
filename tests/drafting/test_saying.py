"""What a reviewer says in words about a passage: read by the lexicon, judged as any proposal, accepted by a person."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from reviewing import ARTICLE, Page, facts, opened, reviewed, with_proposals

from kg.cli import review as command
from kg.cli.main import main
from kg.drafting.judging import Judge
from kg.drafting.new import folder_for_articles
from kg.drafting.session import Review
from kg.drafting.spoken import sentences_of
from kg.errors import UsageError
from kg.findings import Finding
from kg.rdf.namespaces import ENT
from kg.source.article import Passage

TEXT = """Turkey and Talvia agree on a railway

Talvian President Amara Velindi visited Turkey on Monday. Her visit cost 2 million US dollars.

Turkey is to build a 300-kilometre railway to Port Hale with money from Sorvia. The line will carry coal.

“It is a good deal,” said Boris Kell, the chair of Northern Rail. He had arrived in May.
"""


@pytest.fixture(scope="module")
def drafted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return with_proposals(tmp_path_factory.mktemp("said"), TEXT)


@pytest.fixture
def folder(drafted: Path, tmp_path: Path) -> Path:
    shutil.copytree(drafted, tmp_path / "graph")
    return tmp_path / "graph"


@pytest.fixture(scope="module")
def review(drafted: Path, tmp_path_factory: pytest.TempPathFactory) -> Review:
    """A review in which the things of all tests were said."""
    folder = tmp_path_factory.mktemp("review") / "graph"
    shutil.copytree(drafted, folder)
    found = Review(folder_for_articles(str(folder)), ARTICLE, "Ada Holm")
    for start, words in (
        ("Turkey is to build", "Port Hale is a port"),
        ("Turkey is to build", "Sorvia is a state"),
        ("The line", "coal is a commodity"),
        ("“It is a good deal", "Northern Rail is a company"),
    ):
        found.say(passage(found, start), words)
    return found


WORKS = """Talvia and Corvania sign a deal on a line

VELMAR, 12 June 2019 – Talvian President Amara Velindi met Tomas Orrin of Corvania on Monday.

The two signed an agreement on the Velmar–Ossen line, a power line of 210 kilometres.

The line will carry up to 600 megawatts and is part of the Basin Grid. The Amber Bank will lend Talvia $320 million for
the line; the loan covers 70 percent of the cost. Merrow Hydro, which is based in Velmar, is a Talvian company.

Construction began in 2018. Work stopped in May, and the line is due to be completed in 2020.

Energy Minister Boris Kell said that Ada Holm, who works at Merrow Hydro, was right.
"""


@pytest.fixture(scope="module")
def works(tmp_path_factory: pytest.TempPathFactory) -> Review:
    """A review in which the things were said and all that is proposed was accepted, unless a check refused it."""
    folder = with_proposals(tmp_path_factory.mktemp("works"), WORKS)
    found = Review(folder_for_articles(str(folder)), ARTICLE, "Ada Holm")
    for start, words in (
        ("The two signed", "the Velmar–Ossen line is a power line"),
        ("VELMAR", "Velmar is a city"),
        ("Merrow Hydro", "Merrow Hydro is a company"),
        ("The Amber Bank", "the Amber Bank is a bank"),
        ("The line will", "the Basin Grid is a power link"),
    ):
        found.say(passage(found, start), words)
    while (proposal := found.next()) is not None:
        if found.accept(proposal):
            found.refuse(proposal)
    return found


@pytest.mark.parametrize(
    ("start", "words", "told"),
    [
        ("The line will", "The line will carry up to 600 megawatts", "The capacity of the Velmar–Ossen line is"),
        ("The line will", "The line is part of the Basin Grid", "The Velmar–Ossen line"),
        ("The line will", "the Velmar–Ossen line is part of the Basin Grid", "“The line” means the Velmar–Ossen line"),
        ("The two signed", "The Velmar–Ossen line is 210 kilometres long", "The length of the Velmar–Ossen line is"),
        (
            "The two signed",
            "Talvia and Corvania signed an agreement on the Velmar–Ossen line",
            "Corvania and Talvia have finalised an agreement on the Velmar–Ossen line",
        ),
        ("The two signed", "Talvia and Corvania signed an agreement", "this is read with “VELMAR"),
        ("The Amber Bank", "The Amber Bank will lend Talvia $320 million for the line", "for the Velmar–Ossen line"),
        ("the loan covers", "the loan covers 70 percent of the cost", "70 percent"),
        ("Merrow Hydro", "Merrow Hydro is based in Velmar", "Velmar"),
        ("Merrow Hydro", "Merrow Hydro is a Talvian company", "Merrow Hydro"),
        ("Construction began", "construction of the Velmar–Ossen line began in 2018", "began in 2018"),
        ("Work stopped", "the line is due to be completed in 2020", "The Velmar–Ossen line is to be completed in 2020"),
        ("Energy Minister", "Boris Kell is the Talvian Energy Minister", "Boris Kell is the Energy Minister"),
        ("Energy Minister", "Boris Kell is Energy Minister of Talvia", "Boris Kell is the Energy Minister"),
        ("Energy Minister", "Ada Holm works for Merrow Hydro", "Ada Holm works for Merrow Hydro"),
        ("Merrow Hydro", "Merrow Hydro is known as Merrow", "Merrow Hydro is called “Merrow”"),
        ("The line will", "The line is being built", "The Velmar–Ossen line is being built"),
        ("The line will", "The line is under construction", "The Velmar–Ossen line is being built"),
        ("VELMAR", "Amara Velindi is the Talvian President", "Amara Velindi is the President of Talvia"),
    ],
)
def test_what_an_article_on_works_states_can_be_said(works: Review, start: str, words: str, told: str) -> None:
    said = works.say(passage(works, start), words)
    assert any(told in line for p in said.proposals for line in works.sentences(p)), [
        works.sentences(p) for p in said.proposals
    ]
    assert said.left_out == []
    assert [f.message for p in said.proposals for f in works.findings(p)] == []
    assert works.undo()


@pytest.mark.parametrize(
    ("start", "words", "problem"),
    [
        ("Merrow Hydro", "Sundria is a client of Merrow Hydro", "“Sundria” is no name that the article has"),
        ("The line will", "The line is part of the Amber Bank", "“the Amber Bank” is a bank, where only"),
        ("The line will", "The line will carry coal", "“coal” names nothing that is stated yet"),
        (
            "The two signed",
            "Talvia and Corvania are to sign an agreement on the Velmar–Ossen line",
            "” is to come, where the passage says “The two signed an agreement",
        ),
        ("VELMAR", "Amara Velindi is to meet Tomas Orrin", "” is to come, where the passage says “"),
        ("Merrow Hydro", "Merrow Hydro is to lug goods from Talvia", "nothing says what “lug goods” means here"),
        ("The line will", "The line is a monorail", "“monorail” is no kind, status or office that can be said"),
        ("Energy Minister", "“as” means Merrow Hydro", "the passage does not have the words “as”"),
    ],
)
def test_it_is_told_which_words_do_not_fit(works: Review, start: str, words: str, problem: str) -> None:
    with pytest.raises(UsageError) as error:
        works.say(passage(works, start), words)
    assert problem in str(error.value)


CAPITAL = """Talks in Velmar

Talvian President Amara Velindi and Tomas Orrin of Corvania held two days of talks, and Velmar warned the firms.

The Basin Bank, which is led by Ada Holm, owes Corvania more than $4 billion. A railway runs from Velmar to Ossen.

Talvia's works minister, Boris Kell, will speak. Traders doubt the plan.

Corvania accused the government in Velmar of delaying trade. “We pay,” Velmar said. The cabinet in Ossen backs Corvania.

Ada Holm is to visit Ossen.
"""


@pytest.fixture(scope="module")
def capital(tmp_path_factory: pytest.TempPathFactory) -> Review:
    """A review of an article in which a name is that of a city and of a government."""
    folder = with_proposals(tmp_path_factory.mktemp("capital"), CAPITAL)
    found = Review(folder_for_articles(str(folder)), ARTICLE, "Ada Holm")
    while (proposal := found.next()) is not None:
        found.refuse(proposal)
    for start, words in (
        ("works minister", "Talvia is a state"),
        ("Talvian President", "Corvania is a state"),
        ("Talvian President", "Amara Velindi is a person. Tomas Orrin is a person"),
        ("Talvian President", "Velmar is the government of Talvia"),
        ("Talvian President", "Velmar is a city"),
        ("Talvian President", "Amara Velindi and Tomas Orrin held talks"),
        ("The Basin Bank", "The Basin Bank is a bank. Ada Holm is a person"),
        ("A railway", "There is a railway. Ossen is a city"),
        ("works minister", "Boris Kell is a person"),
        ("Traders", "Traders are actors"),
    ):
        found.say(passage(found, start), words)
    return found


@pytest.mark.parametrize(
    ("start", "words", "told"),
    [
        ("The Basin Bank", "Ada Holm leads the Basin Bank", ["Ada Holm is the head of the Basin Bank"]),
        ("The Basin Bank", "The Basin Bank is headed by Ada Holm", ["Ada Holm is the head of the Basin Bank"]),
        ("The Basin Bank", "The Basin Bank owes Corvania more than $4 billion", ["more than 4 billion US dollars"]),
        ("A railway", "The railway runs from Velmar to Ossen", ["connect Ossen and Velmar"]),
        ("Talvian President", "The talks lasted two days", ["lasted two days"]),
        ("works minister", "Boris Kell is Talvia's works minister", ["Boris Kell is the works minister of Talvia"]),
        ("works minister", "Boris Kell is the Talvian works minister", ["Boris Kell is the works minister of Talvia"]),
        ("Traders", "Traders “doubt the plan”", ["“doubt the plan”"]),
        ("A railway", "The railway is a railway", ["There is a railway"]),
        (
            "Corvania accused",
            "Corvania accused Velmar of delaying trade",
            ["accuses the government in Velmar of “delaying trade”"],
        ),
        ("Corvania accused", "Corvania accused the Talvian government of delaying trade", ["the government in Velmar"]),
        ("“We pay", "Velmar says this", ["the government in Velmar says this, word for word"]),
        ("The cabinet", "the cabinet is Talvia's government", ["“The cabinet” means the government in Velmar"]),
        ("The cabinet", "Ossen is the Corvanian government", ["“Ossen” stands for the government of Corvania"]),
        ("The cabinet", "Ossen is the government of Talvia", ["The government in Velmar is called “Ossen”"]),
    ],
)
def test_a_sentence_means_all_of_its_words(capital: Review, start: str, words: str, told: list[str]) -> None:
    said = capital.say(passage(capital, start), words)
    lines = [line for p in said.proposals for line in capital.sentences(p)]
    assert all(any(each in line for line in lines) for each in told), lines
    assert said.problem == ""
    assert capital.undo()


@pytest.mark.parametrize(
    ("start", "words", "problem"),
    [
        (
            "Talvian President",
            "Amara Velindi and Tomas Orrin discussed the extension of the railway to Ossen",
            "extension",
        ),
        ("A railway", "The railway stalled in 2019", "“railway” is a railway, where only"),
        ("Ada Holm is to", "Ada Holm visited Ossen", "“Ada Holm visited Ossen” is not to come, where the passage says"),
        ("The cabinet", "the cabinet is a government", "it is not said whose government this is"),
        ("The cabinet", "the government in Ossen backs Corvania", "“the government in Ossen” "),
        ("works minister", "Boris Kell is a plumber", "“plumber” is no kind, status or office that can be said"),
        ("Talvian President", "Amara Velindi is a Sundrian person", "no state of the article is called “Sundrian”"),
    ],
)
def test_what_cannot_be_meant_is_refused_in_plain_terms(capital: Review, start: str, words: str, problem: str) -> None:
    with pytest.raises(UsageError) as error:
        capital.say(passage(capital, start), words)
    assert problem in str(error.value)
    assert "ent:" not in str(error.value)


def test_what_is_left_out_of_one_of_several_sentences_is_told_with_it(capital: Review) -> None:
    said = capital.say(
        passage(capital, "Talvian President"), "Corvania is a state. Amara Velindi and Tomas Orrin held talks on Talvia"
    )
    assert said.left_out == []
    assert said.not_read == ["“Amara Velindi and Tomas Orrin held talks on Talvia”: this says nothing of “Talvia”"]
    assert capital.undo()


def test_what_is_said_of_an_event_that_is_there_adds_to_it(works: Review) -> None:
    start = passage(works, "VELMAR")
    there = {t.subject for t in start.triples if t.object.value.endswith("#Meeting")}  # type: ignore[union-attr]
    said = works.say(start, "Amara Velindi met Tomas Orrin in Velmar")
    assert (
        {t.subject for p in said.proposals for t in p.triples if t.predicate.value.endswith("#place")} == there != set()
    )
    assert works.undo()


def test_what_is_said_of_another_date_is_another_event(works: Review) -> None:
    start = passage(works, "VELMAR")
    there = {t.subject for t in start.triples if t.object.value.endswith("#Meeting")}  # type: ignore[union-attr]
    (found,) = works.say(start, "Amara Velindi met Tomas Orrin in May 2017").proposals
    assert not there & {t.subject for t in found.triples}
    assert works.undo()


def test_who_speaks_is_named_in_a_passage_of_its_own(works: Review) -> None:
    start = passage(works, "Energy Minister")
    found = works.say(start, "Merrow Hydro is a company. Boris Kell is the Energy Minister of Talvia").proposals
    assert [p.passage == start.iri for p in found] == [True, False]  # the office is no words of his
    assert all(works.accept(p) == [] for p in found[1:])
    assert works.undo()
    assert works.undo()


def test_words_that_no_accepted_fact_has_are_no_fault_of_the_next_proposal(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = Finding("facts.trig", 1, 1, "warning", "status-words", "“closed” speaks for it", focus="id:dam")
    monkeypatch.setattr(Judge, "_found", lambda _, __, proposed: [] if proposed is None else [words])
    review = Review(folder_for_articles(str(folder)), ARTICLE, "Ada Holm")
    named, visits = (
        next(p for p in review.desk.proposed.awaiting if p.name.startswith(name))
        for name in ("proposal-turkey", "proposal-amara-velindi-turkey-visit")
    )
    assert review.findings(visits) == [words]
    assert review.accept(named) == []  # which only says what it is: its words tell of more
    assert review.findings(visits) == []


def test_an_aside_takes_its_mentions_along(folder: Path) -> None:
    review = Review(folder_for_articles(str(folder)), ARTICLE, "Ada Holm")
    (found,) = review.say(passage(review, "The line"), "“The line” means Turkey").proposals
    turkey = next(p for p in review.desk.proposed.awaiting if p.name == "proposal-turkey")
    assert [review.accept(p) for p in (turkey, found)] == [[], []]
    assert "ent:mentionIn" in facts(folder)
    for proposal in [p for p in review.desk.proposed.awaiting if p.passage == found.passage]:
        review.refuse(proposal)
    review.set_aside(passage(review, "The line"), "coal is nothing to us")
    assert "ent:mentionIn" not in facts(folder)
    assert "coal is nothing to us" in facts(folder)


def test_the_first_word_of_a_sentence_may_have_a_capital(works: Review) -> None:
    (found,) = works.say(passage(works, "the loan covers"), "Percent is a commodity").proposals
    assert 'rdfs:label "percent"@en' in works.turtle(found)
    assert works.undo()


def passage(review: Review, start: str) -> Passage:
    return next(p for p in review.passages() if start in p.quote)


@pytest.mark.parametrize(
    ("start", "words", "told"),
    [
        ("Turkey is to build", "Turkey is to build the railway.", "Turkey is to build the railway"),
        ("Turkey is to build", "Turkey is the builder of the railway", "Turkey is to build the railway"),
        ("Turkey is to build", "The railway is planned", "Turkey is to build the railway"),
        ("Turkey is to build", "The railway  is funded by investment from Sorvia", "is to be funded by investment"),
        (
            "Turkey is to build",
            "The length of the railway is 300-kilometre",
            "The length of the railway is to be 300 kilometres",
        ),
        ("Turkey is to build", "Words for the railway: “with money”", "“with money”"),
        ("Turkey is to build", "Sorvia is called “Sorvia”", "Sorvia is called “Sorvia”"),
        ("Turkey is to build", "There is a railway", "railway"),
        ("The line", "“The line” means the railway", "“The line” means the railway"),
        ("The line", "The railway will carry coal", "coal"),
        ("The line", "this is read with “Turkey is to build”", "this is read with “Turkey is to build a 300-kilometre"),
        ("“It is a good deal", "Boris Kell is the chair of Northern Rail", "Boris Kell is the chair of Northern Rail"),
        ("“It is a good deal", "Boris Kell says this", "Boris Kell says this, word for word"),
        (
            "“It is a good deal",
            "Boris Kell says this, in other words",
            "Boris Kell says this, as the article renders it",
        ),
        (
            "Talvian President",
            "Amara Velindi visited Turkey on 10 June 2019",
            "Amara Velindi visited Turkey from 10 June 2019",
        ),
    ],
)
def test_a_sentence_is_a_proposal(review: Review, start: str, words: str, told: str) -> None:
    found = review.say(passage(review, start), words).proposals
    assert any(told in line for p in found for line in review.sentences(p)), [review.sentences(p) for p in found]
    assert {p.by for p in found} == {"Ada Holm, in words"}
    assert all(p in review.desk.proposed.awaiting for p in found)
    quote = passage(review, start).quote
    assert all(words in quote for p in found for words in p.words)
    assert review.undo()
    assert not any(p in review.desk.proposed.awaiting for p in found)


def test_the_words_for_a_date_are_those_of_the_text(review: Review) -> None:
    said = review.say(passage(review, "Talvian President"), "Amara Velindi visited Turkey on 10 June 2019")
    (found,) = said.proposals
    assert said.left_out == []
    assert 'ent:dateWords "on Monday"' in review.turtle(found) or "on Monday" in found.words
    assert review.undo()


def test_what_is_left_out_is_named(review: Review) -> None:
    said = review.say(passage(review, "Talvian President"), "Amara Velindi visited Turkey for coal in Port Hale in May")
    assert said.left_out == ["coal", "Port Hale"]
    assert review.undo()


def test_several_sentences_are_said_at_once(review: Review) -> None:
    start = passage(review, "Turkey is to build")
    said = review.say(start, "Turkey is to build the railway. The railway will carry coal; the railway is planned.")
    told = [line for p in said.proposals for line in review.sentences(p)]
    assert all(any(words in line for line in told) for words in ("is to build the railway", "coal"))
    waiting = [p.name for p in review.desk.proposed.awaiting]
    assert [p.name for p in said.proposals] == [n for n in waiting if n in {p.name for p in said.proposals}]
    assert said.problem == ""
    assert review.undo()
    assert not {p.name for p in said.proposals} & {p.name for p in review.desk.proposed.awaiting}


def test_of_several_sentences_those_that_nothing_reads_are_named(review: Review) -> None:
    start = passage(review, "Turkey is to build")
    said = review.say(start, "Sundria is to build the railway. Turkey is to build the railway. nobody knows foo")
    assert [line for p in said.proposals for line in review.sentences(p)] == ["Turkey is to build the railway"]
    assert said.not_read == [
        "“Sundria is to build the railway.”: “Sundria” is no name that the article has",
        "“nobody knows foo”: “nobody knows foo” fits no pattern of the lexicon: it names nothing that the article has",
    ]
    assert review.undo()
    with pytest.raises(UsageError, match="Sundria"):
        review.say(start, "Sundria is to build the railway. nobody knows foo")


def test_a_quote_is_not_taken_apart() -> None:
    said = "“the line. It” means the railway. “the line” means St. Pol; J. Holm says this. The line is 3.5 km long"
    assert sentences_of(said) == [
        "“the line. It” means the railway.",
        "“the line” means St. Pol;",
        "J. Holm says this.",
        "The line is 3.5 km long",
    ]


def test_a_class_is_known_by_its_cue(review: Review) -> None:
    (found,) = review.say(passage(review, "The line"), "The line is an interconnector").proposals
    assert "ent:PowerLink" in review.turtle(found)
    assert review.undo()


@pytest.mark.parametrize(
    ("start", "words", "problem"),
    [
        ("Turkey is to build", "Turkey hums", "fits no pattern of the lexicon: it names “Turkey”"),
        ("Turkey is to build", "xyzzy", "it names nothing that the article has"),
        ("Turkey is to build", "The canal is a canal", "does not have the words “canal”"),
        ("The line", "“the tunnel” means the railway", "does not have the words “the tunnel”"),
        ("The line", "“The line” means the tunnel", "“the tunnel” names nothing"),
        ("The line", "read with “no such words”", "no passage has “no such words”"),
        ("The line", "Nobody says this", "“Nobody” names nothing"),
        ("The line", "Boris Kell is the mayor of Port Hale", "does not have the title “mayor”"),
        ("The line", " ", "one sentence of at most 400 characters"),
        ("The line", "x" * 500, "one sentence of at most 400 characters"),
    ],
)
def test_what_cannot_be_read_says_why(review: Review, start: str, words: str, problem: str) -> None:
    before = review.desk.proposed
    with pytest.raises(UsageError) as caught:
        review.say(passage(review, start), words)
    assert problem in str(caught.value)
    assert review.desk.proposed == before


def test_from_a_pipe_things_are_said_accepted_and_set_aside(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    found = Review(folder_for_articles(str(folder)), ARTICLE, "Ada Holm")
    late = passage(found, "He had arrived").iri.partition("#")[2]
    build = passage(found, "Turkey is to build").iri.partition("#")[2]
    for proposal in found.desk.proposed.awaiting:
        (found.refuse if proposal.passage.endswith(late) else found.postpone)(proposal)
    lines = [
        f"say {build}: the 300-kilometre railway is a railway",
        "accept said-300-kilometre-railway",
        f"say {build}: Turkey hums",
        f"aside {late}: when he came is of no weight",
        f"aside {build}: this has facts",
        "say nowhere: Turkey is a state",
    ]
    monkeypatch.chdir(folder)
    with monkeypatch.context() as patched:
        patched.setattr("sys.stdin", Lines(lines))
        assert main(["review", ARTICLE, "--as", "Ada Holm"]) == 0
    shown = capsys.readouterr()
    assert "1 accepted, 1 said, 1 set aside" in shown.err
    assert "fits no pattern of the lexicon" in shown.err
    assert "has facts, or something said of it awaits" in shown.err
    assert "there is no passage nowhere" in shown.err
    written = facts(folder)
    assert 'a ent:Railway ; rdfs:label "300-kilometre railway"@en' in written
    assert 'ent:proposedBy "Ada Holm, in words"' in written
    assert 'ent:reason "when he came is of no weight"@en' in written
    assert f"p:{late} {{" not in written
    assert main(["validate", f"kg/articles/{ARTICLE}"]) in (0, 1)
    assert "syntax" not in capsys.readouterr().out


class Lines:
    """Standard input with lines."""

    def __init__(self, lines: list[str]) -> None:
        self._lines = iter(lines)

    def isatty(self) -> bool:
        return False

    def readline(self) -> str:
        return next((f"{line}\n" for line in self._lines), "")


class Reader:
    """Somebody at a terminal, who answers by what is shown last."""

    def __init__(self, keys: list[str], at_sentences: list[str]) -> None:
        self.shown: list[str] = []
        self._keys, self._sentences = iter(keys), iter(at_sentences)

    def put(self, text: str, **_: object) -> None:
        self.shown.append(text)

    def isatty(self) -> bool:
        return True

    def readline(self) -> str:
        if "does it state? a sentence" in self.shown[-1]:
            return f"{next(self._sentences, 'q')}\n"
        refused = any("not accepted" in text for text in self.shown[-2:])
        return f"{next(self._keys, 'r' if refused else 'a')}\n"


def test_on_a_terminal_each_sentence_is_asked_for_more(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = Review(folder_for_articles(str(folder)), ARTICLE, "Ada Holm")
    for proposal in found.desk.proposed.awaiting:
        if "talvia" not in proposal.name:
            found.refuse(proposal)
    reader = Reader(["Talvia is a place"], ["Turkey is a state", "u", "", "", "", "q"])
    monkeypatch.setattr("sys.stdin", reader)
    monkeypatch.setattr(command, "put", reader.put)
    dialogue = command.Dialogue(found, 100, color=False)
    dialogue.run()
    out = "".join(reader.shown)
    assert "what else does it state? a sentence, or enter to go on" in out
    assert "  Turkey is a state." in out
    assert "what does it state? a sentence, “aside: why it states no fact”, or enter for later" in out
    assert "2 said" in dialogue.summary()
    assert 'rdfs:label "Turkey"@en' in facts(folder)


@pytest.fixture
def page(folder: Path, tmp_path: Path) -> Iterator[Page]:
    with reviewed(folder, tmp_path / "log") as address:
        yield opened(address, folder, tmp_path / "log")


def test_the_page_says_and_sets_aside(page: Page) -> None:
    found = Review(folder_for_articles(str(page.folder)), ARTICLE, "Ada Holm")
    build, late = (passage(found, s).iri.partition("#")[2] for s in ("Turkey is to build", "He had arrived"))
    assert page.say("say", build, "the 300-kilometre railway is a railway") == 303
    assert "said-300-kilometre-railway" in page.cards()
    assert page.decide("accept", "said-300-kilometre-railway") == 303
    assert "ent:Railway" in facts(page.folder)
    assert "The 300-kilometre railway is a railway." in page.ask("GET", "/")[2]
    assert page.say("say", build, "<b>hums</b>") == 303
    assert "“&lt;b&gt;hums&lt;/b&gt;” fits no pattern" in page.ask("GET", "/")[2]
    for proposal in found.desk.proposed.awaiting:
        if proposal.passage.endswith(f"#{late}"):
            page.decide("refuse", proposal.name)
    assert page.say("aside", late, "of no weight") == 303
    assert 'ent:reason "of no weight"@en' in facts(page.folder)
    assert "Set aside: of no weight" in page.ask("GET", "/")[2]
    assert page.say("say", build, "x", token="wrong") == 403


def test_words_in_quotation_marks_and_stages_are_taken_as_they_are(tmp_path: Path) -> None:
    text = "Lorvia builds\n\nTurkey said the vote was held in May. Turkey builds a railway. It is planned.\n"
    review = Review(folder_for_articles(str(with_proposals(tmp_path, text))), ARTICLE, "Ada Holm")
    (told,) = review.say(passage(review, "the vote"), "Turkey “said the vote was held in May”").proposals
    assert "said the vote was held in May" in {getattr(t.object, "value", "") for t in told.triples}
    (built,) = review.say(passage(review, "a railway"), "Turkey builds the railway (planned)").proposals
    assert {t.predicate.value for t in built.triples if str(t.object) == f"<{ENT}planned>"} == {ENT + "stage"}
