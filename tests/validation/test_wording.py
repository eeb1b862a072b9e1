"""Facts against the words of their passage: what is a contradiction, and what is none."""

import pytest
from by_lexicon import checked, rules

from kg.rdf.namespaces import local_name

BACKS = "id:s a ent:Support ; ent:backer id:ostia ; ent:backed id:norland ."
BACKS_SUDMARK = BACKS.replace("id:s ", "id:t ").replace("norland", "sudmark")
MET = "id:m a ent:Talks ; ent:participant id:ann , id:bo ; ent:place id:{} ."
BOUGHT = "id:d a ent:Deal ; ent:buyer id:ostia ; ent:seller id:norland ; ent:item id:radars ."


@pytest.mark.parametrize(
    ("facts", "quote"),
    [
        (BACKS, "Ostia backs Norland."),
        (BACKS, "Norland, which Ostia backs, and Sudmark met."),
        (BACKS, "The Circle backs Norland."),  # the government for its state
        (BACKS, "Sudmark left."),  # no pattern
        (BACKS, "They back Norland."),
        (BACKS, "Sudmark backs it."),  # no pivot
        (BACKS, "Ostia backs Sudmark. Ostia also backs Norland."),
        (
            f"{BACKS} id:t a ent:Support ; ent:backer id:ostia ; ent:backed id:sudmark .",
            "Ostia backs Norland and Sudmark.",
        ),
        (f"{BACKS} id:t a ent:Support ; ent:backer id:norland ; ent:backed id:sudmark .", "Norland backs Sudmark."),
        (BOUGHT, "Ostia buys radars from Norland."),
        (BOUGHT, "Ostia buys radars from those who have them."),
        (MET.format("ostia"), "Ann Holm met Bo Lind in Melk."),
        ("id:m a ent:Talks ; ent:visitor id:ann ; ent:participant id:bo .", "Ann Holm met Bo Lind in Melk."),
        ("id:t a ent:Tenure ; ent:holder id:ann ; ent:office id:chair .", "Ann Holm leads Ostia."),
        ("id:dam ent:capacity id:c . id:c a ent:Quantity .", "The Ossen Dam has the capacity of Ostia."),
        # Whoever is at the head of a state acts for it; a number fills no slot of an actor.
        (
            f"{BOUGHT} id:ten a ent:Tenure ; ent:holder id:ann ; ent:office id:chair .",
            "Ostish President Ann Holm buys radars.",
        ),
        (f'{BACKS} id:n a ent:Quantity ; rdfs:label "5 rebels"@en .', "Ostia backs 5 rebels in Norland."),
    ],
)
def test_what_the_words_do_not_contradict(facts: str, quote: str) -> None:
    assert checked(facts, quote) == []


@pytest.mark.parametrize(
    ("facts", "quote", "value"),
    [
        (BACKS, "Norland backs Ostia.", "ostia norland"),
        (BACKS, "Ostia backs Sudmark, not Norland.", "norland"),
        (BACKS, "Norland is backed by Sudmark; Ostia left.", "ostia"),
        (BACKS, "Norland’s support for Ostia is not Sudmark’s.", "ostia norland"),
        (BACKS.replace("norland .", "norland , id:sudmark ."), "Ostia backs Norland; Sudmark left.", "sudmark"),
        (BOUGHT, "Norland is to buy radars from Ostia.", "ostia norland"),
        (BOUGHT, "Ostia bought radars from Sudmark; Norland left.", "norland"),
        (MET.format("oake"), "In Oake Ann Holm met Bo Lind in Melk.", "oake"),
        ("id:t a ent:Tenure ; ent:holder id:bo ; ent:office id:chair .", "Bo Lind said Ann Holm leads Ostia.", "bo"),
        ("id:m a ent:Talks ; rdfs:label 'talks'@en ; ent:place id:oake .", "after talks in Melk, Oake", "oake"),
        # Words about the only thing of that class.
        ("id:c a ent:Council ; ent:host id:oake .", "Ann Holm hosted the council, not Bo Lind of Oake.", "oake"),
        # Other words that say less do not say it better.
        (MET.format("oake"), "They met in Oake or not; Ann Holm met Bo Lind in Melk.", "oake"),
        # A fact that puts a city into a second state does not bring the two near to each other.
        ("id:melk ent:locatedIn id:ostia , id:norland .", "in Melk, Ostia, and Norland", "norland"),
    ],
)
def test_a_fact_that_the_words_contradict(facts: str, quote: str, value: str) -> None:
    found = checked(facts, quote)
    assert {f.rule for f in found} == {"role-words"}
    assert [local_name(f.value) for f in found] == value.split()


def test_a_finding_says_what_the_words_have_and_what_to_do() -> None:
    (finding,) = checked(BACKS, "Ostia backs Sudmark, not Norland.")
    assert finding.message == "p:it: by “Ostia backs Sudmark” the backed is “Sudmark”, not id:norland"
    assert finding.severity == "warning"
    assert "ent:readWith" in finding.hint
    (finding,) = checked(BACKS.replace("norland .", "norland , id:sudmark ."), "Ostia backs Norland; Sudmark left.")
    assert finding.message == "p:it: by “Ostia backs Norland” the backed is only “Norland”, not id:sudmark"


def test_without_a_lexicon_nothing_is_compared() -> None:
    assert checked(BACKS, "Norland backs Ostia.", language="de") == []


@pytest.mark.parametrize(
    ("quote", "found"),
    [
        ("Ann Holm said that it rained.", []),
        ("Bo Lind said that it rained.", ["role-words"]),
        ("Bo Lind said that it rained, Ann Holm added.", []),
        ("She said that it rained.", []),
    ],
)
def test_the_speaker_is_the_one_who_says_it(quote: str, found: list[str]) -> None:
    assert rules("id:x a ent:Thaw .", quote, more=" ; ent:speaker id:ann ; ent:speech ent:paraphrased") == found
