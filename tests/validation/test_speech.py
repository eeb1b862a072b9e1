"""Facts that rest on what somebody says have a speaker."""

import pytest
from worded import made

from kg.dataset.named import Names
from kg.findings import Finding
from kg.validation import speech

DEAL = "id:deal a ent:Deal ; ent:with id:ostia , id:norland ."
OWN = 'p:next a ent:Passage ; ent:quote "Of Norland and Ostia." .\np:next {{ {} }}\n'


def found(facts: str, quote: str, **more: str) -> list[Finding]:
    built = made(facts, quote, **more)
    return list(speech.check_speech(built, Names(built)))


@pytest.mark.parametrize(
    ("quote", "severity"),
    [
        ("“Ostia and Norland have agreed to it.”", "violation"),
        ("“Ostia and Norland agree,” said Oake", "warning"),
        ("Oake said that Ostia and Norland had agreed", "warning"),
        ("Ostia and Norland have agreed, according to Reuters.", "warning"),
        ("Oake said “we agree” of Ostia and Norland as well", "warning"),
    ],
)
def test_speech_without_a_speaker(quote: str, severity: str) -> None:
    (finding,) = found(DEAL, quote)
    assert (finding.rule, finding.severity) == ("no-speaker", severity)
    assert finding.message.startswith("p:it ")
    assert finding.message.endswith(", and has no speaker")
    assert finding.line == 9
    assert found(DEAL, quote, more=" ; ent:speaker id:ann ; ent:speech ent:quoted") == []


@pytest.mark.parametrize(
    "quote",
    [
        "Ostia and Norland have agreed",
        "Ostia and Norland made “a deal” of it",
        "said Ann Oake of Ostia and Norland",
    ],
)
def test_words_of_the_article_itself(quote: str) -> None:
    assert found(DEAL, quote) == []


def test_names_beside_a_speech_need_no_speaker() -> None:
    quote = "“It is a good deal for all,” said Oake of Ostia"
    assert found("id:deal a ent:Deal ; ent:with id:ann .", quote) == []
    assert found('id:ann rdfs:label "good deal"@en .', quote) == []
    assert len(found('id:deal a ent:Deal ; ent:wording "good deal"@en .', quote)) == 1


def test_what_is_demanded_has_one_who_demands_it() -> None:
    quote = "Ostia accuses Norland of “breaking all that they had agreed”"
    demand = 'id:deal a ent:Deal ; ent:with id:norland ; ent:{} "breaking all that they had agreed"@en .'
    assert found(demand.format("content"), quote) == []
    assert len(found(demand.format("wording"), quote)) == 1


def test_the_article_says_the_same_in_its_own_words() -> None:
    quote = "“Ostia and Norland have agreed to it.”"
    assert found(DEAL, quote, others=OWN.format(DEAL)) == []
    assert len(found(DEAL, quote, others=OWN.format("id:deal a ent:Deal ; ent:with id:ostia ."))) == 1


def test_without_a_lexicon_nothing_is_judged() -> None:
    assert found(DEAL, "“Ostia and Norland have agreed to it.”", language="tr") == []
