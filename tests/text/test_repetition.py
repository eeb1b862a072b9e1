"""A name is said shorter in a sentence that says anyway what the name repeats."""

import re

import pytest

from kg.text import repetition


@pytest.mark.parametrize(
    ("name", "other", "short"),
    [
        ("the war in Syria", "Syria", "the war"),
        ("the head of the Assad regime", "the Assad regime", "the head"),
        ("the talks sponsored by the Southern Council", "the Southern Council", "the talks"),
        ("the maritime boundary in the Gulf of Nair", "the gulf of Nair", "the maritime boundary"),
        ("Corvania’s Prime Minister", "Corvania", "the Prime Minister"),
        ("Lorvia's demand of Sudmark", "Lorvia", "the demand of Sudmark"),
        ("the railway from Velmar to Selemar", "Selemar", "the railway"),
        ("the railway from Velmar to the Gulf of Nair", "the Gulf of Nair", "the railway"),
        ("the railway from Velmar to Selemar", "Velmar", "the railway"),
        ("the cooperation of Lorvia and Sudmark", "Sudmark", ""),  # both are needed
        ("the agreement for Lorvia to buy radars", "Lorvia", ""),
        ("the Lorvian government", "Lorvia", ""),
        ("Lorvia", "Lorvia", ""),
        ("the war in Syria", "Sudmark", ""),
    ],
)
def test_a_name_is_told_without_the_other(name: str, other: str, short: str) -> None:
    assert repetition.without(name, other) == short


def test_an_owner_is_left_out_only_before_a_common_noun() -> None:
    assert repetition.not_of("Ada Holm’s demand of Lorvia", "Ada Holm") == "the demand of Lorvia"
    assert repetition.not_of("Ada Holm’s Northern Bank", "Ada Holm") == "Ada Holm’s Northern Bank"
    assert repetition.not_of("Ada Holm’s demand", "Bea Tarn") == "Ada Holm’s demand"
    assert repetition.not_of("the meeting of Lorvia", "Lorvia") == "the meeting"
    assert repetition.not_of("the meeting of Lorvia and Norland", "Lorvia") == "the meeting of Lorvia and Norland"
    assert repetition.not_of("Bank of Lorvia", "Lorvia") == "Bank of Lorvia"
    assert repetition.not_of("Ada Holm’s demand to Lorvia", "Lorvia") == "Ada Holm’s demand"
    assert repetition.not_of("Ada Holm’s visit to Lorvia", "Ada Holm’s talks") == "the visit to Lorvia"
    assert repetition.without_owner("Lorvia’s Prime Minister") == "Prime Minister"
    assert repetition.without_owner("Prime Minister of Lorvia") == "Prime Minister of Lorvia"


def test_a_name_that_goes_on_as_another_is_its_noun() -> None:
    pressed = "the press conference of Ada Holm in Melk"
    assert repetition.noun_of("the meeting of Ada Holm in Melk", pressed) == "the meeting"
    assert repetition.noun_of("the meeting of Bea Tarn", pressed) == ""
    assert repetition.noun_of(pressed, pressed) == ""


def test_what_is_said_twice_is_noticed() -> None:
    assert repetition.is_said_twice("the head", "The head is at the head of the regime")
    assert not repetition.is_said_twice("the chair", "The chair is at the head of the Commission")


@pytest.mark.parametrize("name", ["“the gulf”", "the Gulf’s bank", "10 – 12 km", "Kâzım’s house"])
@pytest.mark.parametrize(
    "text", ["He said “The Gulf”.", "the gulf’s banks, the Gulf’s Bank", "10 – 12 KM", "kÂzım’s house"]
)
def test_a_name_is_found_as_by_a_regular_expression(name: str, text: str) -> None:
    expected = re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text, re.IGNORECASE)
    assert repetition.find(name, text) == (expected.span() if expected else None)
