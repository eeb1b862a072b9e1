"""Statuses and stages against words that say one of the very thing."""

import pytest
from by_lexicon import checked, rules


@pytest.mark.parametrize(
    ("stage", "quote", "found"),
    [
        ("operating", "The Ossen Dam has been in operation since May.", []),
        ("completed", "The Ossen Dam has been in operation since May.", []),  # both at a time
        ("mothballed", "The Ossen Dam has been in operation since May.", ["status-words"]),
        ("mothballed", "The Ossen Dam will be in operation in May.", []),
        ("mothballed", "The Ossen Dam is not in operation.", []),
        ("mothballed", "The canal has been in operation since May.", []),  # another thing
        ("underWay", "the mothballed Ossen Dam", ["status-words"]),
        ("underWay", "Ostia builds the mothballed Ossen Dam.", []),  # a verb says the other
        ("underWay", "Ostia idled the Ossen Dam.", ["status-words"]),
        ("underWay", "the mothballed Ossen Dam is under way", []),
        ("cancelled", "Ostia unveiled the Ossen Dam in 2011.", []),  # a plan of the past
    ],
)
def test_words_say_the_stage(stage: str, quote: str, found: list[str]) -> None:
    assert rules(f"id:dam a ent:InfrastructureProject ; ent:stage ent:{stage} .", quote) == found


def test_a_finding_says_which_words_say_what() -> None:
    (finding,) = checked("id:dam a ent:InfrastructureProject ; ent:stage ent:underWay .", "the mothballed Ossen Dam")
    assert finding.message == "p:it: “mothballed Ossen Dam” says that id:dam is ent:mothballed, not ent:underWay"
