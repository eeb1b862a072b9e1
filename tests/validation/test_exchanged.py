"""Things in two roles that exclude each other, and pairs of facts whose roles are exchanged."""

import pytest
from by_lexicon import checked, rules

from kg.findings import Finding
from kg.rdf.namespaces import local_name

BOUGHT = "id:d a ent:Deal ; ent:buyer id:ostia ; ent:seller id:norland ."
SOLD = "id:e a ent:Deal ; ent:buyer id:norland ; ent:seller id:ostia ."


def exchanged(facts: str, quote: str) -> list[Finding]:
    return [f for f in checked(facts, quote) if "exchanged" in f.message]


@pytest.mark.parametrize(
    "facts",
    [
        "id:d a ent:Deal ; ent:buyer id:ostia ; ent:seller id:ostia .",
        "id:d a ent:Deal ; ent:buyer id:ostia , id:norland ; ent:seller id:ostia .",
        "id:dam a ent:Dam ; ent:capacity id:n ; ent:length id:n . id:n a ent:Quantity ; rdfs:label '5 km'@en .",
    ],
)
def test_a_thing_in_two_slots_of_one_pattern(facts: str) -> None:
    found = [f for f in checked(facts, "Ostia and Norland: 5 km of the Ossen Dam.") if f.rule == "role-words"]
    assert [f.severity for f in found] == ["warning"]
    assert " is both the " in found[0].message


@pytest.mark.parametrize(
    "facts",
    [
        "id:m a ent:Talks ; ent:visitor id:ann ; ent:participant id:bo .",  # a visitor is a participant
        "id:d a ent:Deal ; ent:buyer id:ostia ; ent:broker id:ostia .",  # no pattern has both
        "id:dam a ent:Dam ; ent:builder id:ostia ; ent:feeds id:ostia .",  # works may be in and for a state
    ],
)
def test_a_thing_in_two_roles_that_may_be_one(facts: str) -> None:
    assert "role-words" not in rules(facts, "Ostia, Ann Holm and Bo Lind at the Ossen Dam.")


def test_words_that_say_one_relation_do_not_say_it_both_ways() -> None:
    (finding,) = exchanged(f"{BOUGHT} {SOLD}", "Ostia buys it from Norland.")
    assert finding.message == "p:it: id:e is id:d with the roles exchanged, and no words say both"
    (finding,) = exchanged(f"{BOUGHT} {SOLD}", "Norland, too, buys it from Ostia.")
    assert local_name(finding.focus) == "d"  # of which the words say less


@pytest.mark.parametrize(
    "quote",
    [
        "Ostia buys it from Norland, and Norland buys from Ostia.",
        "Ostia buys it from Norland. A deal with Ostia came first.",
        "Ostia and Norland buy from each other.",
        "Ostia and Norland, in turn, buy from whoever sells.",
    ],
)
def test_words_may_say_a_relation_both_ways(quote: str) -> None:
    assert exchanged(f"{BOUGHT} {SOLD}", quote) == []


def test_two_relations_that_share_no_more_than_things_are_no_twins() -> None:
    other = "id:r a ent:Support ; ent:backer id:norland ; ent:backed id:ostia ."
    assert exchanged(f"{BOUGHT} {other}", "Ostia buys it from Norland.") == []
    third = SOLD.replace("id:ostia", "id:sudmark")
    assert exchanged(f"{BOUGHT} {third}", "Ostia buys it from Norland.") == []


@pytest.mark.parametrize(
    ("facts", "found"),
    [
        ("id:ostia a ent:State ; ent:locatedIn id:melk .", True),
        ("id:melk a ent:Place ; ent:locatedIn id:ostia .", False),
        ("id:dam a ent:Dam ; ent:locatedIn id:melk .", False),
    ],
)
def test_a_property_the_other_way_round(facts: str, found: bool) -> None:
    assert ("role-words" in rules(facts, "the Ossen Dam in Melk, Ostia")) == found
