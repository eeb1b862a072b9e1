"""English verbs are inflected as they are written, and each form leads back to its verb."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.text.verbs import (
    Forms,
    Tense,
    alone,
    bases,
    conjugate,
    forms,
    is_duty,
    is_finite,
    is_gerund,
    is_infinitive,
    is_predicate,
    is_told,
    spellings,
)

FORMS = """
back backs backed backed backing
build builds built built building
buy buys bought bought buying
be is was been being
have has had had having
do does did done doing
undergo undergoes underwent undergone undergoing
die dies died died dying
lie lies lay lain lying
lay lays laid laid laying
relay relays relayed relayed relaying
behave behaves behaved behaved behaving
agree agrees agreed agreed agreeing
dye dyes dyed dyed dyeing
pursue pursues pursued pursued pursuing
carry carries carried carried carrying
deploy deploys deployed deployed deploying
veto vetoes vetoed vetoed vetoing
launch launches launched launched launching
sanction sanctions sanctioned sanctioned sanctioning
address addresses addressed addressed addressing
tax taxes taxed taxed taxing
plan plans planned planned planning
quit quits quit quit quitting
equip equips equipped equipped equipping
quiz quizzes quizzed quizzed quizzing
visit visits visited visited visiting
admit admits admitted admitted admitting
readmit readmits readmitted readmitted readmitting
offer offers offered offered offering
prefer prefers preferred preferred preferring
cancel cancels cancelled cancelled cancelling
compel compels compelled compelled compelling
fuel fuels fuelled fuelled fuelling
reveal reveals revealed revealed revealing
install installs installed installed installing
panic panics panicked panicked panicking
show shows showed shown showing
fix fixes fixed fixed fixing
forbid forbids forbade forbidden forbidding
forecast forecasts forecast forecast forecasting
undercut undercuts undercut undercut undercutting
begin begins began begun beginning
withdraw withdraws withdrew withdrawn withdrawing
misunderstand misunderstands misunderstood misunderstood misunderstanding
oversee oversees oversaw overseen overseeing
underwrite underwrites underwrote underwritten underwriting
focus focuses focused focused focusing
""".strip().splitlines()


@pytest.mark.parametrize("row", FORMS)
def test_forms_of_a_verb(row: str) -> None:
    verb, *_ = row.split()
    assert forms(verb) == Forms(*row.split())
    assert all(verb in bases(form) for form in row.split())


def test_only_the_first_word_of_a_phrasal_verb_is_inflected() -> None:
    assert forms("side_with") == ("side with", "sides with", "sided with", "sided with", "siding with")
    assert forms("put_up_with").past == "put up with"
    assert spellings("call_on") == {"call on", "calls on", "called on", "calling on"}


def test_other_spellings_are_recognised() -> None:
    assert spellings("cancel") >= {"cancelled", "canceled", "cancelling", "canceling"}
    assert spellings("control") == {"control", "controls", "controlled", "controlling"}
    assert spellings("be") == {"be", "am", "is", "are", "was", "were", "been", "being"}
    assert spellings("learn") > {"learnt", "learned"}
    assert "cancel" in bases("canceled")
    assert "focus" in bases("focussed")
    assert "be" in bases("WERE")


def test_a_form_may_be_of_several_verbs() -> None:
    assert bases("lay") >= {"lie", "lay"}
    assert bases("found") >= {"find", "found"}
    assert bases("bases") >= {"base"}
    assert "plane" not in bases("planned")
    assert bases("s") == {"s"}
    assert bases("") == frozenset()


@given(st.text("abcdefghiklmnoprstuvwyz", min_size=2, max_size=12))
def test_each_form_leads_back_to_its_verb(verb: str) -> None:
    assert all(verb in bases(form) for form in spellings(verb) | {*forms(verb)})


def test_a_long_word_takes_no_longer_than_its_length() -> None:
    assert ("re" * 50_000 + "draw") in bases("re" * 50_000 + "draws")


TENSES: list[tuple[str, Tense, str, str]] = [
    ("buy", "present", "buys", "buy"),
    ("buy", "past", "bought", "bought"),
    ("buy", "perfect", "has bought", "have bought"),
    ("buy", "progressive", "is buying", "are buying"),
    ("buy", "planned", "is to buy", "are to buy"),
    ("buy", "was planned", "was to buy", "were to buy"),
    ("buy", "outstanding", "has not bought", "have not bought"),
    ("go_on", "outstanding", "has not begun", "have not begun"),
    ("carry", "meant", "is meant to carry", "are meant to carry"),
    ("be_built", "outstanding", "has not been built", "have not been built"),
    ("side_with", "progressive", "is siding with", "are siding with"),
    ("buy", "perfect progressive", "has been buying", "have been buying"),
    ("buy", "past progressive", "was buying", "were buying"),
    ("lie_in", "progressive", "lies in", "lie in"),
    ("lie_in", "perfect progressive", "has lain in", "have lain in"),
    ("lie_in", "past progressive", "lay in", "lay in"),
    ("be", "past progressive", "was", "were"),
    ("be_built", "present", "is built", "are built"),
    ("be_built", "progressive", "is being built", "are being built"),
    ("be_built", "planned", "is to be built", "are to be built"),
    ("be_built", "perfect progressive", "has been under construction", "have been under construction"),
    ("be_shot_down", "past", "was shot down", "were shot down"),
    ("be_at_odds", "present", "is at odds", "are at odds"),
    ("be", "present", "is", "are"),
    ("be", "past", "was", "were"),
    ("be", "progressive", "is", "are"),
    ("be", "planned", "is to be", "are to be"),
    ("sue", "intended", "wants to sue", "want to sue"),
    ("be_built", "intended", "is meant to be built", "are meant to be built"),
    ("open", "expected", "is expected to open", "are expected to open"),
    ("back", "either", "backs or backed", "back or backed"),
    ("be", "either", "is or was", "are or were"),
    ("go_on", "past", "took place", "took place"),
    ("go_on", "expected", "is expected to begin", "are expected to begin"),
]


@pytest.mark.parametrize(
    ("text", "is_base", "is_third", "is_ing"),
    [
        ("release Ada Holm", True, False, False),
        ("establish a Joint Commission", True, False, False),
        ("come to the aid of the other", True, False, False),
        ("repay", True, False, False),
        ("immediate ceasefire", False, False, False),
        ("ceasefire in Oldby", False, False, False),
        ("an immediate ceasefire", False, False, False),
        ("not to join any alliance", False, False, False),
        ("withdraws its troops", False, True, False),
        ("recalled its ambassador", False, True, False),
        ("to withdraw its troops", False, False, False),
        ("spying for Lorvia", False, False, True),
        ("thing", False, False, False),
    ],
)
def test_how_the_words_of_an_article_may_go_on_with_a_sentence(
    text: str, is_base: bool, is_third: bool, is_ing: bool
) -> None:
    assert (is_infinitive(text), is_finite(text), is_gerund(text)) == (is_base, is_third, is_ing)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("came close to war", True),
        ("will meet at least once a year", True),
        ("no longer backs either side", True),
        ("expressed grave concern", True),
        ("withdraws its troops", True),
        ("surveys are being carried out", False),
        ("the rest", False),
        ("key allies", False),
        ("a former general", False),
        ("hundred years of peace", False),
        ("in private", False),
        ("to withdraw its troops", False),
    ],
)
def test_what_somebody_did_goes_on_after_a_subject(text: str, told: bool) -> None:
    assert is_told(text) is told


@pytest.mark.parametrize(
    ("text", "verb"),
    [
        ("have detained", "have detained"),
        ("Signed", "signed"),
        ("given", "gave"),
        ("fled", "fled"),
        ("were holding on", ""),
        ("fled their homes", ""),
        ("in private", ""),
        ("rulings", ""),
        ("", ""),
    ],
)
def test_a_verb_that_stands_alone(text: str, verb: str) -> None:
    assert alone(text) == verb


@pytest.mark.parametrize(("verb", "tense", "singular", "plural"), TENSES)
def test_a_verb_in_a_tense(verb: str, tense: Tense, singular: str, plural: str) -> None:
    assert conjugate(verb, tense) == singular
    assert conjugate(verb, tense, plural=True) == plural


def test_a_passive_has_the_tense_in_its_auxiliary() -> None:
    assert conjugate("build", "progressive", passive=True) == "is being built"
    assert conjugate("build", "planned", passive=True, plural=True) == "are to be built"
    assert conjugate("call_for", "past", passive=True) == "was called for"
    assert conjugate("own", "progressive", passive=True) == "is owned"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Withdrew its consent", True),
        ("signed the deal", True),
        ("visits its neighbour", True),
        ("to withdraw its consent", True),
        ("withdrawal of consent", False),
        ("failed talks", False),
        ("talks in May", False),
        ("the signed deal", False),
        ("To", False),
        ("", False),
    ],
)
def test_what_somebody_does_is_told_from_a_noun(text: str, told: bool) -> None:
    assert is_predicate(text) is told


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("leads", True),
        ("leads the party", True),
        ("chairs Lorvia Rail", True),
        ("boss", False),
        ("operations chief", False),
        ("head of the party", False),
        ("Leads", False),  # a name
    ],
)
def test_the_title_of_an_office_is_told_from_what_its_holder_does(text: str, told: bool) -> None:
    assert is_duty(text) is told
