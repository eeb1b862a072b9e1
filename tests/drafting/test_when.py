"""When: date words beside a clause, read in the one way that is clear."""

import pytest

from kg.drafting import when

DAY = "2021-09-14"  # a Tuesday


def whole(quote: str) -> tuple[int, int]:
    return 0, len(quote)


@pytest.mark.parametrize(
    ("quote", "values"),
    [
        ("The bridge opened in June.", ["2021-06"]),
        ("The bridge will open in June.", ["2022-06"]),
        ("On Friday, the bridge opened.", ["2021-09-10"]),
        ("Dravic is to travel to Vestria on Friday.", ["2021-09-17"]),
        ("He is to travel next week.", ["2021-09-20", "2021-09-26"]),
        ("The line has been closed since May.", ["2021-05"]),
        ("It must be built before the end of 2023.", ["2023"]),
        ("They stayed from 7 to 9 May 2023.", ["2023-05-07", "2023-05-09"]),
        ("Lorvia wants it ready by the end of June.", ["2022-06"]),
        ("The first part had been built by June.", ["2021-06"]),
        ("Vestria offered to host talks in June.", ["2022-06"]),
        ("Dravic meets Orrin on 26 May.", []),  # it may be either
        ("Nobody came.", []),
    ],
)
def test_the_clear_reading_of_a_sentence(quote: str, values: list[str]) -> None:
    assert [lexical for _, lexical, _ in when.clear(quote, whole(quote), DAY)] == values


@pytest.mark.parametrize(
    ("quote", "clause", "expected"),
    [
        ("Orrin visited Velmar on Monday.", "Orrin visited Velmar", [("date", "2021-09-13")]),
        ("On Monday, Orrin visited Velmar.", "Orrin visited Velmar", [("date", "2021-09-13")]),
        ("Orrin visited Velmar, and Dravic fell on Monday.", "Orrin visited Velmar", []),
        ("Orrin visited Velmar during the talks of June.", "Orrin visited Velmar", []),
        ("Talvia joined the bank, an organisation of states, in 2009.", "Talvia joined the bank", [("date", "2009")]),
        ("The line that was opened in 2018 was closed in June.", "line that was opened", [("date", "2018")]),
        ("The line that was opened in 2018 was closed in June.", "The line that was opened in 2018 was closed",
         [("date", "2021-06")]),
        ("Tarn opened it about 2015.", "Tarn opened it", []),
    ],
)  # fmt: skip
def test_dates_belong_to_the_clause_beside_them(quote: str, clause: str, expected: list[tuple[str, str]]) -> None:
    at = quote.index(clause)
    found = when.dated(quote, (at, at + len(clause)), whole(quote), DAY, "past", lasting=False, over=False)
    assert [(d.role, d.lexical) for d in found] == expected


def test_what_a_relative_clause_dates_is_its_own() -> None:
    quote = "Corvania, which backed it until 2017, has supported the Front since March 2018."
    verbs = {word: quote.index(word) for word in ("backed", "supported")}
    told = {
        word: when.dated(quote, whole(quote[:at]), whole(quote), DAY, "perfect", lasting=True, over=False, verb=at)
        for word, at in verbs.items()
    }
    assert {word: [(d.role, d.lexical) for d in found] for word, found in told.items()} == {
        "backed": [("end", "2017")],
        "supported": [("start", "2018-03")],
    }


@pytest.mark.parametrize(
    ("words", "tense", "over", "expected"),
    [
        ("in 2018", "past", False, [("start", "2018")]),
        ("in 2018", "past", True, [("end", "2018")]),
        ("until last year", "past", False, [("end", "2020")]),
        ("from 7 to 9 May 2021", "past", False, [("start", "2021-05-07"), ("end", "2021-05-09")]),
        ("before 2018", "past", False, []),
    ],
)
def test_what_lasts_has_a_start_and_an_end(words: str, tense: str, over: bool, expected: list[tuple[str, str]]) -> None:
    quote = f"Corvania was in the pact {words}."
    found = when.dated(quote, (0, 24), whole(quote), DAY, tense, lasting=True, over=over)
    assert [(d.role, d.lexical) for d in found] == expected


@pytest.mark.parametrize(
    ("quote", "expected"),
    [
        ("“It will be the gateway,” Brenning said in Olvera on Friday.", ["2021-09-10"]),
        ("They are in a better mood than two years before.", []),
    ],
)
def test_neither_speech_nor_a_count_gives_the_time_of_a_sentence(quote: str, expected: list[str]) -> None:
    assert [lexical for _, lexical, _ in when.clear(quote, whole(quote), DAY)] == expected
