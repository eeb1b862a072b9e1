"""The classes of works and events, for which words speak in any passage about them."""

import pytest
from by_lexicon import checked, rules


@pytest.mark.parametrize(
    ("facts", "quote", "found"),
    [
        ("id:x a ent:Canal .", "a dam in Ostia", ["cue-words"]),
        ("id:x a ent:Canal .", "a dam and a canal in Ostia", []),
        ("id:x a ent:Canal .", "a work in Ostia", []),  # that no words speak for it is no finding
        ("id:x a ent:Canal . id:y a ent:Dam .", "a dam in Ostia", []),  # the words are for another thing
        ("id:x a ent:Canal ; rdfs:label 'Ossen canal'@en .", "a dam in Ostia", []),
        ("id:x a ent:War .", "They fought over Melk.", ["cue-words"]),
        ("id:x a ent:War .", "Ostia invaded Norland.", []),
        ("id:x a ent:War .", "the war over Melk", []),
        ("id:dam a ent:Canal .", "a dam in Ostia", ["cue-words"]),
    ],
)
def test_words_tell_the_class(facts: str, quote: str, found: list[str]) -> None:
    assert rules(facts, quote) == found


def test_words_of_any_passage_about_it_count() -> None:
    other = "p:of a ent:Passage ; ent:quote 'Bo Lind of Sudmark.' . p:of {{ {} ent:place id:sudmark . }}"
    facts = "id:x a ent:War ; ent:place id:melk ."
    assert rules(facts, "They fought over Melk.", others=other.format("id:x")) == ["cue-words"]
    war = other.replace("Bo Lind of Sudmark.", "It is a war.")
    assert rules(facts, "They fought over Melk.", others=war.format("id:x")) == []
    assert rules(facts, "They fought over Melk.", others=war.format("id:y")) == ["cue-words"]


def test_a_finding_says_what_the_words_are_for() -> None:
    (finding,) = checked("id:x a ent:Canal .", "a dam in Ostia")
    assert finding.message == "p:it: “dam” speaks for ent:Dam, and nothing for ent:Canal, which is said of id:x"
    (finding,) = checked("id:x a ent:War .", "They fought over Melk.")
    assert finding.message == "p:it: no words about id:x speak for ent:War"


def test_a_class_in_background_needs_no_words() -> None:
    assert rules("id:strife a ent:War ; ent:place id:melk .", "They fought over Melk.") == []
