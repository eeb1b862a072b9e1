"""Spans of time in words are read as the numbers of their units."""

import pytest

from kg.text.amounts import lexical
from kg.text.spans import find_counted, find_single, find_spans


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("at odds for over a decade", "a decade = 10 year, 120 month"),
        ("two decades of war", "two decades = 20 year, 240 month"),
        ("after a year of negotiations", "a year = 1 year, 12 month"),
        ("half a year", "half a year = 0.5 year, 6 month"),
        ("an hour", "an hour = 1 hour, 60 minute"),
        ("half a century", "half a century = 50 year"),
        ("a quarter of a century", "a quarter of a century = 25 year"),
        ("for a year and a half", "a year and a half = 1.5 year, 18 month"),
        ("three quarters of an hour", "three quarters of an hour = 0.75 hour, 45 minute"),
        ("a two-year delay", "two-year = 2 year, 24 month"),
        ("a couple of weeks", "a couple of weeks = 2 week, 14 day"),
        ("a century-old quarrel", "a century = 100 year"),
        ("decades of war", ""),
        ("twenty-five years", ""),  # which has a number of its own
        ("20.5 years", ""),
        ("a decadent year", ""),
    ],
)
def test_spans_of_time(text: str, read: str) -> None:
    found = find_spans(text)
    told = ", ".join(f"{lexical(x)} {unit}" for a in found for x in a.numbers for unit in a.measures)
    assert f"{found[0].words} = {told}" == read if found else not read


def test_a_span_has_its_qualifier_and_its_place() -> None:
    (years, _) = find_spans("at odds for over a decade")
    assert (years.qualifier, years.start, years.end) == ("over", 17, 25)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("a couple of reactors", "2"),
        ("both countries", "2"),
        ("a kilometre from the border", "1 km"),
        ("half a mile", "0.5 mi"),
        ("a megawatt", "1 MW"),
        ("killed a man", ""),
        ("Moab couple of", ""),
    ],
)
def test_what_is_counted_without_a_number(text: str, read: str) -> None:
    assert (
        " ".join(f"{lexical(x)} {' '.join(a.measures)}".strip() for a in find_counted(text) for x in a.numbers) == read
    )


def test_what_there_is_one_of() -> None:
    assert find_single("It killed a man and sank an oil tanker, aboard the ship") == ["a man and", "an oil tanker"]
