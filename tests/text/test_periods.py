"""Seasons, decades and other periods as two bounds, and dates that are counted from others."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import InputError
from kg.text.periods import find_periods, periods, relative

TUESDAY = "2018-04-03"


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("in the spring", "2018-03-01/2018-05-31 2017-03-01/2017-05-31 2019-03-01/2019-05-31"),
        ("last spring", "2017-03-01/2017-05-31 2016-03-01/2016-05-31"),
        ("last autumn", "2017-09-01/2017-11-30 2016-09-01/2016-11-30"),
        ("over the winter", "2017-12-01/2018-02-28 2018-12-01/2019-02-28"),
        ("next summer", "2018-06-01/2018-08-31 2019-06-01/2019-08-31"),
        ("this fall", "2018-09-01/2018-11-30"),
        ("this past summer", "2017-06-01/2017-08-31 2016-06-01/2016-08-31"),
        ("early in the autumn of 2019", "2019-09-01/2019-11-30"),
        ("in late summer 2016", "2016-06-01/2016-08-31"),
        ("winter 2019", "2019-12-01/2020-02-29 2018-12-01/2019-02-28"),
        ("in the spring of next year", "2019-03-01/2019-05-31"),
        ("by the end of the decade", "2010-01-01/2019-12-31 2011-01-01/2020-12-31"),
        ("mid-decade", "2010-01-01/2019-12-31 2011-01-01/2020-12-31"),
        ("in the next decade", "2020-01-01/2029-12-31 2021-01-01/2030-12-31"),
        ("in the early 1990s", "1990-01-01/1999-12-31"),
        ("the 2030s", "2030-01-01/2039-12-31"),
        ("the first half of 2027", "2027-01-01/2027-06-30"),
        ("in the fourth quarter of last year", "2017-10-01/2017-12-31"),
        ("Q2 2019", "2019-04-01/2019-06-30"),
        ("by the end of the year", "2018-01-01/2018-12-31"),
        ("at the end of the month", "2018-04-01/2018-04-30"),
        ("next week", "2018-04-09/2018-04-15"),
        ("in the\u00a0spring\u00a0of 2020", "2020-03-01/2020-05-31"),
        # neither one nor the other
        ("the fall of the regime", ""),
        ("spring water", ""),
        ("a decade ago", ""),
        ("H3 2019", ""),
        ("the third half of 2019", ""),
        ("the end of the season", ""),
        ("April", ""),
    ],
)
def test_a_period_has_two_bounds(words: str, found: str) -> None:
    assert " ".join(f"{first}/{last}" for first, last in periods(words, TUESDAY)) == found


@pytest.mark.parametrize(
    ("words", "bases", "found"),
    [
        ("a year later", "2016", "2017"),
        ("A year later,", "2016-05", "2017 2017-05"),
        ("two years later", "2016-02-29", "2018 2018-02 2018-02-28"),
        ("ten years earlier", "2016", "2006"),
        ("a decade later", "2016-05", "2026 2026-05"),
        ("a month earlier", "2016-01", "2015-12"),
        ("three months later", "2015-11-30", "2016-02 2016-02-29"),
        ("a month later", "2016", ""),  # nobody knows which
        ("a week later", "2016-12-28", "2017-01-04"),
        ("the next day", "2016-12-31", "2017-01-01"),
        ("the day before", "2016-03-01", "2016-02-29"),
        ("the following year", "2016 2018-02", "2017 2019 2019-02"),
        ("that same year", "2016-05", "2016 2016-05"),
        ("in the same year", "2016-05", "2016 2016-05"),
        ("a fortnight later", "2016-05", ""),
        ("years later", "2016", ""),
        ("a year later", "", ""),
    ],
)
def test_a_date_may_be_counted_from_another(words: str, bases: str, found: str) -> None:
    sorts = {4: "gYear", 7: "gYearMonth", 10: "date"}
    counted = relative(words, [(base, sorts[len(base)]) for base in bases.split()])
    assert " ".join(lexical for lexical, _ in counted) == found
    assert all(sorts[len(lexical)] == sort for lexical, sort in counted)


def test_periods_are_found_in_a_text() -> None:
    text = "🙂 In the spring of 2027 it opened; a year later, by the end of the decade, the fall of the Front came."
    assert [words for *_, words in find_periods(text)] == [
        "In the spring of 2027",
        "a year later",
        "by the end of the decade",
    ]
    assert all(text[start:end] == words for start, end, words in find_periods(text))


def test_a_reading_date_that_is_none_is_an_error() -> None:
    with pytest.raises(InputError):
        periods("in the spring", "April 3")


@given(st.text() | st.sampled_from(["last winter", "the 1990s", "next decade", "in the summer", "Q4 9999"]), st.dates())
def test_a_period_ends_no_earlier_than_it_begins(words: str, day: object) -> None:
    assert all(first <= last for first, last in periods(words, str(day)))
