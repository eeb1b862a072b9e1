"""Relations and events for which no words speak: where that is a finding, and where the words may say it."""

import pytest
from by_lexicon import checked, rules

from kg.rdf.namespaces import local_name

BACKS = "id:x a ent:Support ; ent:backer id:ostia ; ent:backed id:norland ."
DEAL = "id:d a ent:Deal ; ent:buyer id:ostia ; ent:seller id:norland ; ent:item id:radars ."
MET = "id:m a ent:Talks ; ent:participant id:ostia , id:norland ."
CHAIR = "id:t a ent:Tenure ; ent:holder id:ann ; ent:office id:chair ."
OTHER = "p:of a ent:Passage ; ent:quote 'Bo Lind of Sudmark.' . p:of {{ {} }}"


@pytest.mark.parametrize(
    ("facts", "quote", "words", "instead"),
    [
        # One fact has all that the words say of both.
        (f"{BACKS} {DEAL}", "Ostia bought radars from Norland.", "Ostia bought radars from Norland", "d"),
        (f"{BACKS} {MET}", "Ostia met Norland.", "Ostia met Norland", "m"),
        (f"{BACKS} {DEAL}", "After the deal, Ostia left, and Norland stayed.", "deal", "d"),
        # Of each of them something else is said.
        (
            f"{BACKS} {DEAL} {MET.replace('norland', 'sudmark')}".replace("seller id:norland", "seller id:sudmark")
            + " id:n a ent:Talks ; ent:participant id:norland , id:ann .",
            "Ostia bought radars from Sudmark, and Norland met Ann Holm.",
            "Ostia bought radars from Sudmark",
            "d",
        ),
        # Words of its class that say another fact of that class.
        (
            f"{BACKS} id:s a ent:Support ; ent:backer id:norland ; ent:backed id:sudmark . {MET}",
            "When it met Ostia, Norland backed Sudmark.",
            "it met Ostia",
            "m",
        ),
        # Its head stands for a state.
        (
            f"{BACKS} {CHAIR} {MET.replace('ostia', 'ann')}",
            "Ann Holm of Ostia met Norland.",
            "Ann Holm of Ostia met Norland",
            "m",
        ),
    ],
)
def test_a_relation_of_which_the_words_say_something_else(facts: str, quote: str, words: str, instead: str) -> None:
    (finding,) = checked(facts, quote)
    assert (finding.rule, local_name(finding.focus), finding.severity) == ("unsaid-relation", "x", "warning")
    assert finding.message == f"p:it: “{words}” speaks for id:{instead}, and nothing for id:x (ent:Support)"
    assert "ent:readWith" in finding.hint
    assert "ent:Support ent:cue" in finding.hint


@pytest.mark.parametrize(
    ("facts", "quote"),
    [
        (f"{BACKS} {DEAL}", "Ostia, an ally of Norland, bought radars from it."),  # a cue
        (f"{BACKS} {DEAL}", "Ostia bought radars from Norland in support of it."),  # the noun of its class
        (f"{BACKS} {DEAL}", "Ostia stood up for Norland."),  # words that nobody knows: silence is no finding
        (f"{BACKS} id:x rdfs:label 'axis'@en . {DEAL}", "Ostia bought radars from Norland by the axis."),  # its name
        (f"{BACKS[:-1]} ; ent:wording 'at its side'@en . {DEAL}", "Ostia bought radars, at its side, from Norland."),
        ("id:x a ent:Relation ; ent:between id:ostia , id:norland .", "Ostia met Norland."),  # no class with words
        # Another fact of its class that shares a thing with it, as in “Ostia backs Sudmark, and Norland as well”.
        (
            f"{BACKS} id:s a ent:Support ; ent:backer id:ostia ; ent:backed id:sudmark .",
            "Ostia backs Sudmark, and Norland as well.",
        ),
        # A thing of which nothing else is said.
        (f"{BACKS} {DEAL.replace('norland', 'sudmark')}", "Ostia, which bought radars from Sudmark, came to Norland."),
    ],
)
def test_a_relation_for_which_words_may_speak(facts: str, quote: str) -> None:
    assert checked(facts, quote) == []


def test_names_alone_say_no_relation() -> None:
    (finding,) = checked(BACKS, "Norland’s Ostia")
    assert finding.message == "p:it: the words only name things, and nothing speaks for id:x (ent:Support)"
    assert rules(BACKS, "Norland’s ally Ostia") == []


def test_words_elsewhere_speak_for_it() -> None:
    quote = "Ostia bought radars from Norland."
    assert rules(f"{BACKS} {DEAL}", quote) == ["unsaid-relation"]
    backing = OTHER.replace("Bo Lind of Sudmark.", "It is closer.")
    assert rules(f"{BACKS} {DEAL}", quote, others=OTHER.format(BACKS)) == ["unsaid-relation"]
    thaw, said = "id:x a ent:Thaw ; ent:between id:ostia , id:norland .", backing.format("id:y a ent:Thaw .")
    assert rules(f"{thaw} {DEAL}", quote) == ["unsaid-relation"]
    assert rules(f"{thaw} {DEAL}", quote, more=" ; ent:readWith p:of", others=said) == []
    assert rules(f"{thaw} {DEAL}", quote, others=backing.format("id:x a ent:Thaw .")) == []  # where it is told as well


def test_what_a_passage_is_read_with_only_names() -> None:
    """The words of the quote itself are about something else, whoever the other passage names."""
    facts = f"{BACKS.replace('norland', 'sudmark')} {DEAL}"
    others = OTHER.format("id:bo a ent:Person .")
    assert rules(facts, "Ostia bought radars.", more=" ; ent:readWith p:of", others=others) == ["unsaid-relation"]
