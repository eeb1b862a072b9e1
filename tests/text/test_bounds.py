"""Words beside a number, and the bounds that they say."""

import pytest

from kg.text.amounts import find_amounts
from kg.text.bounds import bounds, may_bound


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("more than", "moreThan"),
        ("well over", "moreThan"),
        ("no more than", "atMost"),
        ("not less than", "atLeast"),
        ("at least", "atLeast"),
        ("up to", "atMost"),
        ("fewer than", "lessThan"),
        ("under", "lessThan"),
        ("just under", "approximately"),
        ("nearly", "approximately"),
        ("about", "approximately"),
        ("or so", "approximately"),
        ("+", "atLeast"),
    ],
)
def test_the_bound_that_words_say(words: str, said: str) -> None:
    assert bounds(words)[0] == said


def test_words_that_say_no_bound() -> None:
    assert bounds("") == bounds("exactly") == ()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("no more than 40 men", "atMost"),
        ("As many as 40 men", "atMost"),
        ("upwards of 40 men", "moreThan"),
        ("well under 40 men", "lessThan"),
        ("exactly 40 men", ""),
    ],
)
def test_what_stands_beside_a_number(text: str, said: str) -> None:
    (amount,) = find_amounts(text, english=True)
    assert next(iter(bounds(amount.qualifier)), "") == said


def test_a_number_may_be_bounded_from_further_away() -> None:
    assert all(map(may_bound, ["between 5 and 10 men", "a limit of 5", "5-10 men", "at least 3 women and 5 men"]))
    assert not may_bound("Ostia stayed for two years.")


@pytest.mark.parametrize(
    ("text", "bounded"),
    [
        ("The bridge runs from Tarifa to Fardioua and costs 45 million euros.", False),
        ("It costs from 40 to 45 million euros.", True),
        ("It costs between about 40 and 45 million euros.", True),
        ("From five to ten people came.", True),
    ],
)
def test_places_from_and_to_bound_no_number(text: str, bounded: bool) -> None:
    assert may_bound(text) == bounded
