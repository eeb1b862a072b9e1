"""Proposals by rules for a text: mentions, speakers, events that nouns name, dates, and what each is about."""

import shutil
from pathlib import Path

import pytest
from running import ROOT

from kg.drafting.draft import ArticleMetadata
from kg.drafting.new import new_article
from kg.drafting.propose import propose
from kg.rdf.namespaces import local_name
from kg.rdf.terms import iri, value
from kg.source import proposals
from kg.source.layout import GraphFolder
from kg.source.proposals import Proposal

NAME = "2019-06-lorvia-sudmark"
TEXT = """Lorvia and Sudmark quarrel

Lorvian President Amara Tarn visited Sudmark on Tuesday. She met Sudmark’s President Ivo Greel in Melk, the capital.

The two presidents discussed the war in Ostland. Lorvia joined the Harbour Union in 2009. It backs Norland.

The two countries are in a dispute. Norland backs Sudmark and Ivo Greel.

“Our relations are worse than they were a year ago,” said Ivo Greel. A spokesman did not say whether he would go.

A Lorvian spokesman, Pavel Dask, said that quarrels between the two neighbours would end. Tarn and her Sudmark
counterpart Ivo Greel signed a treaty.

The line will cost too much, two diplomats said. Lorvia’s energy ministry said that work would begin.

Tomas Orrin was arrested on Saturday. Merrow Hydro built the Ossen Dam. The dam was opened in 2018.

Sudmark is extending the Ossen Dam.
"""


NAMES = """Ferries and courts

Lake Malawi, known as Lake Nyasa in Tanzania, is the third largest lake in Africa. African leaders met there.

The Narvian company Oren Ferries runs ships from Mbeya to Karonga. Its ferries are old.

Neighbouring Qoram complained. Its foreign minister, Pavel Ruzin, met Hanna Voigt, the chief executive of Oren Ferries.

Voigt works at the Straits Institute in Ressa. Fishermen in Ressa blame the Union of Lake States.

(Reporting by Miriam Castell; Editing by Tom Askew)
"""


@pytest.fixture(scope="module")
def proposed(tmp_path_factory: pytest.TempPathFactory) -> list[Proposal]:
    return proposals_for(tmp_path_factory.mktemp("rules"), TEXT)


@pytest.fixture(scope="module")
def named(tmp_path_factory: pytest.TempPathFactory) -> list[Proposal]:
    return proposals_for(tmp_path_factory.mktemp("names"), NAMES)


def proposals_for(folder: Path, text: str) -> list[Proposal]:
    for part in ("ontology", "shapes", "kg/background"):
        shutil.copytree(ROOT / part, folder / part)
    (folder / "kg/articles").mkdir(parents=True)
    graph_folder = GraphFolder(str(folder))
    new_article(graph_folder, text, ArticleMetadata(NAME, "Lorvia and Sudmark quarrel", "en", "2019-06-13"))
    propose(graph_folder, NAME)
    found = proposals.read(graph_folder, NAME)
    assert found is not None
    return [p for p in found.proposals if p.awaits]


def rows(proposed: list[Proposal], words: str) -> set[tuple[str, str]]:
    """What is proposed on just these words: local names of roles with their values."""
    found = [t for p in proposed if p.words[0] == words for t in p.triples]
    return {
        (local_name(t.predicate.value), local_name(value(t.object)) if iri(t.object) else value(t.object))
        for t in found
    }


def test_two_of_a_kind_are_those_that_the_sentence_before_names(proposed: list[Proposal]) -> None:
    assert {("refersTo", "amara-tarn"), ("refersTo", "ivo-greel")} <= rows(proposed, "The two presidents")
    assert {("refersTo", "lorvia"), ("refersTo", "sudmark")} <= rows(proposed, "The two countries")


def test_a_pronoun_is_whom_the_sentence_before_is_about(proposed: list[Proposal]) -> None:
    assert {("refersTo", "amara-tarn"), ("readWith", "lorvian-president-amara")} <= rows(proposed, "She")
    assert {("refersTo", "lorvia"), ("readWith", "lorvia-joined-harbour")} <= rows(proposed, "It")
    assert not rows(proposed, "he")  # “a spokesman … whether he”


def test_a_noun_is_read_with_the_passage_that_names_its_thing(proposed: list[Proposal]) -> None:
    assert ("readWith", "merrow-hydro-built") in rows(proposed, "dam")


def test_relations_are_found_through_mentions(proposed: list[Proposal]) -> None:
    found = rows(proposed, "She met Sudmark’s President Ivo Greel in Melk")
    assert {("participant", "amara-tarn"), ("participant", "ivo-greel"), ("place", "melk")} <= found
    assert {("backer", "lorvia"), ("backed", "norland")} <= rows(proposed, "It backs Norland")


def test_a_role_that_takes_one_thing_makes_a_proposal_for_each(proposed: list[Proposal]) -> None:
    backing = [p for p in proposed if p.words[0] == "Norland backs Sudmark and Ivo Greel"]
    backed = [[local_name(value(t.object)) for t in p.triples if t.predicate.value.endswith("backed")] for p in backing]
    assert sorted(backed) == [["ivo-greel"], ["sudmark"]]


def test_dates_are_those_of_the_tense(proposed: list[Proposal]) -> None:
    assert ("start", "2019-06-11") in rows(proposed, "Lorvian President Amara Tarn visited Sudmark")
    assert ("start", "2009") in rows(proposed, "Lorvia joined the Harbour Union")
    assert ("date", "2018") in rows(proposed, "The dam was opened")


def test_who_changes_a_work_has_not_built_it(proposed: list[Proposal]) -> None:
    builders = {value(t.object) for p in proposed for t in p.triples if t.predicate.value.endswith("builder")}
    assert {local_name(x) for x in builders} == {"merrow-hydro"}


def test_an_event_may_be_done_to_one_thing_alone(proposed: list[Proposal]) -> None:
    found = rows(proposed, "Tomas Orrin was arrested")
    assert {("type", "Arrest"), ("arrested", "tomas-orrin"), ("date", "2019-06-08")} <= found


def test_a_noun_names_an_event_at_its_place(proposed: list[Proposal]) -> None:
    assert {("type", "War"), ("place", "ostland")} <= rows(proposed, "war in Ostland")


def test_who_is_named_after_a_verb_of_saying_speaks(proposed: list[Proposal]) -> None:
    assert {("speaker", "ivo-greel"), ("speech", "quoted")} <= rows(proposed, "said Ivo Greel")


def test_who_speaks_without_a_name_is_a_thing_of_the_article(proposed: list[Proposal]) -> None:
    assert {("type", "Actor"), ("label", "two diplomats"), ("quote", "two diplomats")} <= rows(
        proposed, "two diplomats"
    )
    assert ("speaker", f"two-diplomats-{NAME}") in rows(proposed, "two diplomats")
    assert {("type", "Organisation"), ("speech", "paraphrased")} <= rows(proposed, "energy ministry")


def test_who_speaks_is_introduced_before_what_they_say(proposed: list[Proposal]) -> None:
    asked = [p.name for p in proposed if p.words[0] == "two diplomats"]
    assert asked[0] == "proposal-two-diplomats"
    assert asked[1].startswith(f"proposal-two-diplomats-{NAME}-says-")


def test_a_name_between_commas_is_whom_the_noun_before_it_means(proposed: list[Proposal]) -> None:
    assert ("speaker", "pavel-dask") in rows(proposed, "A Lorvian spokesman, Pavel Dask, said")


def test_what_several_are_called_together_means_each_of_them(proposed: list[Proposal]) -> None:
    found = rows(proposed, "quarrels between the two neighbours")
    assert {("disagreeing", "lorvia"), ("disagreeing", "sudmark")} <= found


def test_an_adjective_and_a_noun_before_a_name_hide_no_verb(proposed: list[Proposal]) -> None:
    found = rows(proposed, "Tarn and her Sudmark counterpart Ivo Greel signed a treaty")
    assert {("party", "amara-tarn"), ("party", "ivo-greel")} <= found


def kinds(proposed: list[Proposal], words: str) -> set[str]:
    """The classes that are proposed for words."""
    return {kind for role, kind in rows(proposed, words) if role == "type"}


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("Lake Malawi", "Place"),
        ("Africa", "Place"),
        ("Oren Ferries", "Company"),
        ("Mbeya", "Place"),
        ("Karonga", "Place"),
        ("Qoram", "State"),
        ("Straits Institute", "Organisation"),
        ("Ressa", "Place"),
        ("Union of Lake States", "Organisation"),
        ("Tom Askew", "Person"),
    ],
)
def test_a_name_has_the_class_for_which_its_words_speak(named: list[Proposal], words: str, kind: str) -> None:
    assert kinds(named, words) == {kind}


@pytest.mark.parametrize("words", ["Malawi", "Editing", "Neighbouring Qoram", "Straits Institute in Ressa"])
def test_part_of_a_name_is_none(named: list[Proposal], words: str) -> None:
    assert not rows(named, words)


def test_another_name_is_an_alias(named: list[Proposal]) -> None:
    assert rows(named, "Lake Nyasa") == {("altLabel", "Lake Nyasa")}


def test_offices_of_the_body_of_the_sentence_before(named: list[Proposal]) -> None:
    assert {("officeOf", "qoram"), ("holder", "pavel-ruzin")} <= rows(named, "foreign minister")
    assert ("holder", "hanna-voigt") in rows(named, "chief executive of Oren Ferries") | rows(named, "chief executive")


SPOKEN = """Two ministries talk

MELK, 13 June 2019 — Lorvia and Sudmark have agreed to build a dam, their energy ministers said on Tuesday.

Lorvia’s energy minister, Ada Holm, told reporters: “The lake is low.” “Lorvia owes Norland more than $60 million.”

“The river will not wait,” said Ivo Greel, an engineer at the Oren Institute. “Sudmark owes Norland $20 million.” Lorvia
denied that.

“Nobody asked us.”

The line will carry coal, says Greel’s employer. The minister resigned on Monday. He met Ruth Sabel.
"""


@pytest.fixture(scope="module")
def spoken(tmp_path_factory: pytest.TempPathFactory) -> list[Proposal]:
    return proposals_for(tmp_path_factory.mktemp("spoken"), SPOKEN)


def test_a_quotation_goes_on_with_who_spoke_before(spoken: list[Proposal]) -> None:
    found = rows(spoken, "Lorvia owes Norland more than $60 million")
    assert {("speaker", "ada-holm"), ("speech", "quoted"), ("type", "Loan"), ("borrower", "lorvia")} <= found
    assert ("speaker", "ivo-greel") in rows(spoken, "Sudmark owes Norland $20 million")
    assert not rows(spoken, "Nobody asked us")  # in a paragraph of its own


def test_what_is_named_in_speech_is_named_again_in_own_words(spoken: list[Proposal]) -> None:
    named = [p for p in proposed_of(spoken, "lorvia") if ("type", "State") in rows([p], p.words[0])]
    assert len({p.passage for p in named}) > 1
    assert ("holder", "ada-holm") in rows(spoken, "Lorvia’s energy minister")


def test_somebody_else_of_whom_a_sentence_tells_is_not_who_is_named(spoken: list[Proposal]) -> None:
    assert not any(words.startswith("says Greel") for p in spoken for words in p.words)
    assert not rows(spoken, "He")  # the minister, who has no name


def proposed_of(proposed: list[Proposal], thing: str) -> list[Proposal]:
    return [p for p in proposed if any(local_name(iri(t.subject)) == thing for t in p.stated)]


FIRMS = """A line and its builders

Work is to begin in Tirvan on a railway from Estren through Kemra to Ossan, the harbour of Velt.

The Sudmark-based Harbour Fund, which is headed by Edda Lomm, owns much. Dask, a Lorvian power producer, has run the
Halm Dam since 2014. The contractor Orvik and Lorvian Railways met at the Tessin Palace. Oro, a trader based in Narva,
spoke up.

The University of Selm was closed. The Minister of Economy of Lorvia, Pavel Grunn, will visit Dorm on Monday. Its chief
executive is Nora Belt.

Ada Holm, and Sudmark’s works minister, Tomas Grett, work is to begin by 2021. The road to Karsk is closed.
"""


@pytest.fixture(scope="module")
def firms(tmp_path_factory: pytest.TempPathFactory) -> list[Proposal]:
    return proposals_for(tmp_path_factory.mktemp("firms"), FIRMS)


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("Kemra", "Place"),
        ("Velt", "Place"),
        ("Karsk", "Place"),
        ("Dorm", "Place"),
        ("Tessin Palace", "Place"),
        ("Edda Lomm", "Person"),
        ("Pavel Grunn", "Person"),
        ("Nora Belt", "Person"),
        ("Dask", "Company"),
        ("Orvik", "Company"),
        ("Oro", "Company"),
        ("Lorvian Railways", "Company"),
        ("University of Selm", "University"),
    ],
)
def test_a_name_has_the_class_of_what_stands_beside_it(firms: list[Proposal], words: str, kind: str) -> None:
    assert kinds(firms, words) == {kind}


def test_a_compound_is_no_name(firms: list[Proposal]) -> None:
    assert not any("-based" in p.words[0] for p in firms)


def test_a_noun_before_an_auxiliary_is_no_verb(firms: list[Proposal]) -> None:
    assert not any(("type", "Cooperation") in rows([p], p.words[0]) for p in firms)


OFFICES = """Two ministers sign a treaty

Lorvia and Sudmark met.

Lorvia’s transport minister, Edda Lomm, and Sudmark’s works minister, Tomas Grett, signed an agreement on Monday.

There were talks at the Tessin Palace between President Amara Tarn and her Sudmark counterpart, Ivo Greel.

The Harbour Fund, which is headed by Nora Belt, has promised a loan of $42 million.

The Minister of Water of Lorvia, Pavel Grunn, received the chairman of Oren Ferries, Ruth Sabel.

The Straits Bank, represented by its president, Pavel Ruzin, announced a grant of $3 million.

The Oren Institute, whose chief executive is Hanna Voigt, was closed.

The 212-kilometre line from Estren through Kemra will cost an estimated $75 million.

Lorvia and Sudmark discussed extending the Estren–Ossan oil pipeline to Dorm.

Sudmark, which hosts the cable, is building a rival line to Karsk.
"""


@pytest.fixture(scope="module")
def offices(tmp_path_factory: pytest.TempPathFactory) -> list[Proposal]:
    return proposals_for(tmp_path_factory.mktemp("offices"), OFFICES)


@pytest.mark.parametrize(
    ("holder", "role", "body"),
    [
        ("edda-lomm", "officeOf", "lorvia"),
        ("tomas-grett", "officeOf", "sudmark"),
        ("ivo-greel", "officeOf", "sudmark"),  # the counterpart of a president
        ("nora-belt", "heads", "harbour-fund"),
        ("pavel-grunn", "officeOf", "lorvia"),
        ("ruth-sabel", "heads", "oren-ferries"),
        ("pavel-ruzin", "officeOf", "straits-bank"),
        ("hanna-voigt", "officeOf", "oren-institute"),
    ],
)
def test_offices_in_lists_and_clauses(offices: list[Proposal], holder: str, role: str, body: str) -> None:
    held = [rows([p], p.words[0]) for p in offices]
    assert any(("holder", holder) in found and (role, body) in found for found in held)


def test_ministers_who_sign_for_their_states_are_no_parties(offices: list[Proposal]) -> None:
    assert not any(t.predicate.value.endswith("party") for p in offices for t in p.stated)


def test_talks_at_a_place_between_two(offices: list[Proposal]) -> None:
    (talks,) = (rows([p], p.words[0]) for p in offices if p.words[0].startswith("talks at"))
    assert {("participant", "amara-tarn"), ("participant", "ivo-greel"), ("place", "tessin-palace")} <= talks


def test_a_promised_loan_has_its_amount(offices: list[Proposal]) -> None:
    pledged = [rows([p], p.words[0]) for p in offices if ("type", "Pledge") in rows([p], p.words[0])]
    told = {(x, n) for found in pledged for r, x in found if r == "pledger" for s, n in found if s == "label"}
    assert {("harbour-fund", "$42 million"), ("straits-bank", "$3 million")} <= told


def test_a_line_is_told_by_where_it_goes(offices: list[Proposal]) -> None:
    line = f"line-from-estren-through-kemra-{NAME}"
    found = {triple for p in offices for triple in p.stated if local_name(iri(triple.subject)) == line}
    assert {"length", "cost"} <= {local_name(t.predicate.value) for t in found}
    assert ("builder", "sudmark") in rows(offices, "Sudmark, which hosts the cable, is building a rival line to Karsk")
    assert kinds(offices, "Estren–Ossan oil pipeline") == {"Pipeline"}
    assert not any("deliversTo" in t.predicate.value for p in offices for t in p.stated)  # that was only discussed


HALTED = """A line on hold

Lorvia built the Halm Dam.

The 40-kilometre line from Estren to Kemra, stalled since Sudmark stopped lending for it in 2018, will cost $9 million.

Floods hit towns near Kampala, in Uganda.

Ada Holm, who arrived in the Ugandan capital on Monday for a visit, met Ivo Greel.

“We need a line,” Holm told reporters, adding that Lorvia would pay $3 million.
"""


@pytest.fixture(scope="module")
def halted(tmp_path_factory: pytest.TempPathFactory) -> list[Proposal]:
    return proposals_for(tmp_path_factory.mktemp("halted"), HALTED)


def test_a_line_that_has_stalled_is_suspended(halted: list[Proposal]) -> None:
    line = f"line-from-estren-to-kemra-{NAME}"
    found = {triple for p in halted for triple in p.stated if local_name(iri(triple.subject)) == line}
    assert ("stage", "suspended") in {(local_name(t.predicate.value), local_name(value(t.object))) for t in found}
    assert {"length", "cost"} <= {local_name(t.predicate.value) for t in found}


def test_a_visit_to_the_capital_of_a_state(halted: list[Proposal]) -> None:
    assert ("refersTo", "kampala") in rows(halted, "the Ugandan capital")
    assert {("destination", "kampala"), ("start", "2019-06-10")} <= rows(
        halted, "Ada Holm, who arrived in the Ugandan capital"
    )


def test_what_somebody_adds_is_said_too(halted: list[Proposal]) -> None:
    spoken = [p for p in halted if any(t.predicate.value.endswith("speaker") for t in p.triples)]
    assert len({p.passage for p in spoken}) == len(spoken) == 1
