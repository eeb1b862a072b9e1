"""The readings of date words against the day on which an article was read."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode

from kg.errors import InputError
from kg.rdf.literals import problem
from kg.rdf.namespaces import XSD
from kg.rdf.values import bounds
from kg.text.dates import DateExpression, find_dates, resolve, weeks

TUESDAY = "2018-04-03"


def typed(lexical: str, datatype: str) -> Literal:
    return Literal(lexical, datatype=NamedNode(XSD + datatype))


def lexical_forms(words: str, reading_date: str = TUESDAY) -> list[str]:
    return [reading.lexical for reading in resolve(words, reading_date)]


READINGS = [
    # the real article
    ("on Tuesday", TUESDAY, "2018-04-03"),
    ("On Wednesday", TUESDAY, "2018-04-04 2018-03-28"),
    ("In December", TUESDAY, "2017-12 2018-12"),
    ("three years ago", TUESDAY, "2015"),
    ("on Tuesday, two years after talks were halted", TUESDAY, "2018-04-03"),
    ("seven years ago", TUESDAY, "2011"),
    ("two years before", TUESDAY, "2016"),
    ("in November 2015", TUESDAY, "2015-11"),
    ("Russia’s 2014 annexation of Crimea", TUESDAY, "2014"),
    # days of the week
    ("Wednesday", TUESDAY, "2018-04-04 2018-03-28"),
    ("Monday", TUESDAY, "2018-04-02 2018-04-09"),
    ("on Sunday", "2018-01-01", "2017-12-31 2018-01-07"),
    ("on Thursday", "2016-02-28", "2016-02-25 2016-03-03"),
    ("last Tuesday", TUESDAY, "2018-03-27"),
    ("next Tuesday", TUESDAY, "2018-04-10"),
    ("last Wednesday", TUESDAY, "2018-03-28"),
    ("last Monday", TUESDAY, "2018-04-02 2018-03-26"),
    ("next Friday", TUESDAY, "2018-04-06 2018-04-13"),
    ("this Friday", TUESDAY, "2018-04-06 2018-03-30"),
    ("Tuesday last week", TUESDAY, "2018-03-27"),
    ("on Monday next week", TUESDAY, "2018-04-09"),
    # days near by
    ("today", TUESDAY, "2018-04-03"),
    ("tonight", TUESDAY, "2018-04-03"),
    ("this morning", TUESDAY, "2018-04-03"),
    ("last night", TUESDAY, "2018-04-02"),
    ("yesterday", TUESDAY, "2018-04-02"),
    ("Yesterday", "2018-01-01", "2017-12-31"),
    ("yesterday", "2016-03-01", "2016-02-29"),
    ("yesterday", "2018-03-01", "2018-02-28"),
    ("tomorrow", "2018-04-30", "2018-05-01"),
    ("tomorrow", "2017-12-31", "2018-01-01"),
    ("the day before yesterday", TUESDAY, "2018-04-01"),
    ("the day after tomorrow", TUESDAY, "2018-04-05"),
    ("three days ago", TUESDAY, "2018-03-31"),
    ("a day ago", "2016-03-01", "2016-02-29"),
    # counted months, years and decades
    ("a month ago", TUESDAY, "2018-03"),
    ("two months ago", "2018-01-31", "2017-11"),
    ("16 months ago", TUESDAY, "2016-12"),
    ("a year ago", "2016-02-29", "2015"),
    ("just three\u00a0years ago", TUESDAY, "2015"),
    ("twenty-five years ago", TUESDAY, "1993"),
    ("Twenty years ago", TUESDAY, "1998"),
    ("100 years ago", TUESDAY, "1918"),
    ("a decade ago", TUESDAY, "2008"),
    ("two decades ago", TUESDAY, "1998"),
    # this, last, next
    ("last year", TUESDAY, "2017"),
    ("this year", TUESDAY, "2018"),
    ("next year", TUESDAY, "2019"),
    ("earlier this year", TUESDAY, "2018"),
    ("last month", TUESDAY, "2018-03"),
    ("last month", "2018-01-31", "2017-12"),
    ("this month", TUESDAY, "2018-04"),
    ("next month", "2018-12-01", "2019-01"),
    ("last December", TUESDAY, "2017-12"),
    ("last March", TUESDAY, "2018-03 2017-03"),
    ("last April", TUESDAY, "2017-04"),
    ("next May", TUESDAY, "2018-05 2019-05"),
    ("this December", TUESDAY, "2018-12"),
    ("December last year", TUESDAY, "2017-12"),
    ("in November of last year", TUESDAY, "2017-11"),
    # months
    ("until March", TUESDAY, "2018-03 2019-03"),
    ("In April", TUESDAY, "2018-04"),
    ("late May", TUESDAY, "2017-05 2018-05"),
    ("May", TUESDAY, "2017-05 2018-05"),
    ("In January", "2018-01-01", "2018-01"),
    ("November 2015", TUESDAY, "2015-11"),
    ("Nov. 2015", TUESDAY, "2015-11"),
    ("Sept 2015", TUESDAY, "2015-09"),
    ("early June, 2016", TUESDAY, "2016-06"),
    ("the end of July 2016", TUESDAY, "2016-07"),
    # years
    ("2014", TUESDAY, "2014"),
    ("1453", TUESDAY, "1453"),
    ("in 2014", TUESDAY, "2014"),
    ("since 2011", TUESDAY, "2011"),
    ("by 2023", TUESDAY, "2023"),
    ("mid-2016", TUESDAY, "2016"),
    ("early 2019", TUESDAY, "2019"),
    ("from 2011 to 2015", TUESDAY, "2011 2015"),
    ("2011–2015", TUESDAY, "2011 2015"),
    ("2014’s annexation", TUESDAY, "2014"),
    # whole dates
    ("3 April 2018", TUESDAY, "2018-04-03"),
    ("April 3, 2018", TUESDAY, "2018-04-03"),
    ("on Tuesday, April 3, 2018", TUESDAY, "2018-04-03"),
    ("Nov. 24, 2015", TUESDAY, "2015-11-24"),
    ("the 3rd of April 2018", TUESDAY, "2018-04-03"),
    ("2018-04-03", TUESDAY, "2018-04-03"),
    ("29 February 2016", TUESDAY, "2016-02-29"),
    ("April 3", TUESDAY, "2018-04-03"),
    ("3 April", "2018-04-04", "2018-04-03 2019-04-03"),
    ("December 31", "2018-01-01", "2017-12-31 2018-12-31"),
    ("January 1", "2017-12-31", "2018-01-01 2017-01-01"),
    ("February 29", "2018-02-01", "2016-02-29 2020-02-29"),
    ("Monday, April 3", TUESDAY, "2017-04-03 2023-04-03"),
    # ranges of days
    ("3-5 April 2018", TUESDAY, "2018-04-03 2018-04-05"),
    ("April 3–5", TUESDAY, "2018-04-03 2018-04-05"),
    ("April 3-5, 2018", TUESDAY, "2018-04-03 2018-04-05"),
    ("on Monday and Tuesday", TUESDAY, "2018-04-02 2018-04-03"),
    ("December 2018 to January", TUESDAY, "2018-12 2019-01"),
]


@pytest.mark.parametrize(("words", "reading_date", "expected"), READINGS)
def test_words_are_read(words: str, reading_date: str, expected: str) -> None:
    assert lexical_forms(words, reading_date) == expected.split()


UNREAD = """
last week; this week; next week; two weeks ago; on Tuesday two weeks ago; Tuesday a week ago
the 1990s; the early 1990s; in 1990's; 2010s
04/03/2018; 3.4.2018; 04/03/18; 2011-12; 2011/12; 2018-04
31 April 2018; February 29, 2018; 2018-02-30; 2018-13-01; Monday, April 3, 2018
5-3 April 2018; 3–5 April 2018 or so; Tuesday week
more than three years ago; two or three years ago; half a year ago; about three years ago; one year earlier
two years before the coup; in three years; over the last year; 5000 years ago
1,200 MW; 4,800 megawatts; 2000 people; 2015%; 2015 %; $2015; ₪2015; ₾2015; S-2015; 12014; 1200 BC; ２０１４
after the talks; they march on; you may go; Prime Minister May; some time ago
"""


@pytest.mark.parametrize("words", ["", " ", *UNREAD.strip().replace("\n", "; ").split("; ")])
def test_words_that_name_no_single_date_are_not_read(words: str) -> None:
    assert resolve(words, TUESDAY) == []


@pytest.mark.parametrize(
    ("words", "reading_date"),
    [("yesterday", "0001-01-01"), ("tomorrow", "9999-12-31"), ("next year", "9999-12-31")],
)
def test_there_is_no_reading_outside_the_calendar(words: str, reading_date: str) -> None:
    assert resolve(words, reading_date) == []


def test_a_reading_tells_its_datatype_and_its_words() -> None:
    assert resolve("since early 2011", TUESDAY) == [DateExpression("2011", "gYear", "early 2011", 6)]
    assert resolve("Nov 2015", TUESDAY) == [DateExpression("2015-11", "gYearMonth", "Nov 2015", 0)]
    assert resolve("from today until May 2019", TUESDAY) == [
        DateExpression("2018-04-03", "date", "today", 5),
        DateExpression("2019-05", "gYearMonth", "May 2019", 17),
    ]


@pytest.mark.parametrize("reading_date", ["", "2018", "2018-02-29", "20180403", "2018-W14-2", "2018-04-03Z", "today"])
def test_a_reading_date_that_is_no_day_is_an_error(reading_date: str) -> None:
    with pytest.raises(InputError, match="the reading date"):
        resolve("today", reading_date)


@pytest.mark.parametrize(
    ("words", "lexical", "datatype", "verdict"),
    [
        ("In December", "2017-12", "gYearMonth", True),
        ("In December", "2018-12", "gYearMonth", True),
        ("In December", "2016-12", "gYearMonth", False),
        ("In December", "2017-12-01", "date", False),
        ("In December", "2017", "gYear", False),
        ("three years ago", "2015", "gYear", True),
        ("three years ago", "2015-11", "gYearMonth", False),
        ("three years ago", "2015-11-24", "date", False),
        ("three years ago", "2015", "integer", False),
        ("on Tuesday", "2018-04-03", "date", True),
        ("on Tuesday", "2018-04-10", "date", False),
    ],
)
def test_words_are_read_in_value_and_precision(words: str, lexical: str, datatype: str, verdict: bool) -> None:
    readings = [(reading.lexical, reading.datatype) for reading in resolve(words, TUESDAY)]
    assert ((lexical, datatype) in readings) is verdict


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("After a major diplomatic row three years ago, Putin", ["three years ago"]),
        ("Putin heads to Turkey on Tuesday for meetings. On Wednesday, he", ["on Tuesday", "On Wednesday"]),
        ("at the border in November 2015, complicating", ["in November 2015"]),
        ("a better mood compared with two years before, both", ["two years before"]),
        ("on Tuesday, April 3, 2018, and again last week", ["on Tuesday, April 3, 2018", "last week"]),
        ("May said in May that she may march in March", ["in May", "in March"]),
        ("By 1453 there were 1453 ships, in the 1990s", ["By 1453"]),
        ("“Yesterday”, (2014) and today’s", ["Yesterday", "2014", "today"]),
        ("A 1,200 MW plant, S-400s and 2000 people", []),
    ],
)
def test_date_words_are_found_in_running_text(text: str, expected: list[str]) -> None:
    found = find_dates(text)
    assert [words for _, _, words in found] == expected
    assert [text[start:end] for start, end, _ in found] == expected


def test_offsets_count_code_points() -> None:
    assert find_dates("🙂 on Tuesday") == [(2, 12, "on Tuesday")]


PIECES = "in the last next a two 3 29 31 2018 April May Tuesday year years ago week , - of 1990s"


def table(name: str) -> list[list[str]]:
    """The rows of a table of expressions and their readings, without its comments."""
    rows = (Path(__file__).parent / name).read_text(encoding="utf-8").splitlines()
    return [row.split("\t") for row in rows if row[0] != "#"]


@pytest.mark.parametrize(("words", "expected"), table("dates.tsv"))
def test_expressions_of_news_texts_are_read_whole_or_not_at_all(words: str, expected: str) -> None:
    assert " ".join(lexical_forms(words)) == expected.strip("?")


DIGITS = "1 2 18 30 31st 2018 2.5 ½ April Tuesday last years ago - , of to"


@settings(deadline=None)  # the first call compiles the patterns
@given(st.lists(st.sampled_from(DIGITS.split())).map(" ".join))
def test_no_digit_beside_a_reading_is_left_unread(words: str) -> None:
    for start, end, _ in find_dates(words):
        between = words[:start].split()[-1:] + words[end:].split()[:1]
        assert not any(char.isdigit() for word in between for char in word)


WORDS = st.lists(st.sampled_from(PIECES.split())).map(" ".join)


@settings(deadline=None)  # the first call compiles the patterns
@given(WORDS | st.text(), st.dates().map(str))
def test_every_reading_is_a_right_date_within_the_words(words: str, reading_date: str) -> None:
    for reading in resolve(words, reading_date):
        literal = typed(reading.lexical, reading.datatype)
        assert problem(literal) is None
        assert bounds(literal)[0] <= bounds(literal)[1]
        assert words[reading.start :].startswith(reading.words)


@settings(deadline=None)  # the first call compiles the patterns
@given(WORDS | st.text())
def test_found_words_stand_in_order_without_overlap(text: str) -> None:
    end = 0
    for start, stop, words in find_dates(text):
        assert end <= start < stop
        assert text[start:stop] == words
        end = stop


@pytest.mark.parametrize(
    ("words", "days"),
    [
        ("next week", [("2018-04-09", "2018-04-15")]),
        ("is due in Melk next week for talks", [("2018-04-09", "2018-04-15")]),
        ("next week’s talks", [("2018-04-09", "2018-04-15")]),
        ("last week in Melk; This week", [("2018-03-26", "2018-04-01"), ("2018-04-02", "2018-04-08")]),
        ("early next week", []),
        ("on Friday next week", []),
        ("next weeks", []),
        ("the week after next", []),
    ],
)
def test_a_week_has_a_first_and_a_last_day(words: str, days: list[tuple[str, str]]) -> None:
    assert weeks(words, TUESDAY) == days


def test_a_week_is_cut_off_where_the_calendar_ends() -> None:
    assert weeks("last week", "0001-01-01") == []
    assert weeks("this week", "9999-12-31") == []
    assert weeks("this week", "2018-04-02") == weeks("this week", "2018-04-08") == [("2018-04-02", "2018-04-08")]
    with pytest.raises(InputError):
        weeks("next week", "April 3")
