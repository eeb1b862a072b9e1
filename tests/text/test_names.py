"""New names are runs of capitalised words, where the capital says something, each given once."""

import pytest

from kg.text import segments
from kg.text.names import ProperNames


def new(text: str, language: str = "en", known: str = "", other: str = "") -> list[list[str]]:
    """The new names of each unit of a text; `known` and `other` are words that stand in it, between bars."""
    capitals = ProperNames(text, segments.segments(text), language)
    quotes = [text[unit.start : unit.end] for unit in segments.segments(text)]

    def places(words: str, quote: str) -> list[tuple[int, int]]:
        return [(quote.index(w), quote.index(w) + len(w)) for w in words.split("|") if w and w in quote]

    return [capitals.new(quote, places(known, quote), places(other, quote)) for quote in quotes]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("The state of Laos chairs the Bank of the Amber Sea.", [["Laos", "Bank of the Amber Sea"]]),
        ("Laos agreed. The bloc met in Laos.", [["Laos"], []]),
        ("Analysts agreed. The bloc met.", [[], []]),
        ("The Amber Pact met the pact.", [["Amber Pact"]]),
        ("Ada Holm spoke. Then Holm and Ole Holm left.", [["Ada Holm"], ["Ole Holm"]]),
        ("He said: “Everyone left” and “Ada Holm left.”", [["Ada Holm"]]),
        ("\"Well,\" Holm said. 'Good!' Then it ended.", [["Holm"], [], []]),
        ("The Fishers’ Union", [["Fishers’ Union"]]),
        ("It saw Norland's Ole O’Brien in U.S. waters", [["Norland", "Ole O’Brien", "U.S"]]),
        ("It met Mr. Holm of Jean-Yves van der Aa (R).", [["Holm of Jean-Yves van der Aa"]]),
        ("It saw Abdel al-Sisi by al-jazirah and the co-Chair.", [["Abdel al-Sisi"]]),
        ("It has Russian and Turkish guests from Russia and Turan.", [["Turkish", "Russia", "Turan"]]),
        ("In the Halm Valley, the Amber\u00a0Sea and the G20", [["Halm Valley", "Amber\u00a0Sea", "G20"]]),
        ("We met A, Bb, Cc, Dd, Ee, Ff, Gg and Hh. So did Hh.", [["Bb", "Cc", "Dd", "Ee", "Ff", "Gg"], ["Hh"]]),
        ("Norland And Laos Sign Loan Deal\n\nThen Laos left Norland.", [[], ["Laos", "Norland"]]),
        ("Анна Петрова видела Москву.", [["Анна Петрова", "Москву"]]),
        ("أنقرة وموسكو اتفقتا. 安卡拉和莫斯科。", [[]]),
        ("", []),
    ],
)
def test_names_are_runs_of_capitals(text: str, names: list[list[str]]) -> None:
    found = new(text)
    assert [row for row in found if row] == [row for row in names if row]


def test_no_more_than_six_names_of_a_passage_are_told() -> None:
    names = ["Ada", "Bo", "Cy", "Di", "Ed", "Flo", "Gus"]
    assert new("We saw " + ", ".join(names[:6]) + ".") == [names[:6]]
    assert new("We saw " + ", ".join(names) + ".") == [names[:6]]


def test_in_german_a_name_has_two_words() -> None:
    text = "Die Leitung in Laos kostet 5 Millionen Dollar. Neue Straßen sah Ada Holm im Hafen. Ada Holm ging."
    assert new(text, "de-AT") == [[], ["Ada Holm"], []]
    assert new("Ada Holm und Ole Aas gingen mit Ada.", "de") == [["Ada Holm", "Ole Aas"]]


def test_known_names_are_not_new_and_other_words_part_them() -> None:
    text = "Then Norland President Ada Holm saw Ole Aas in Norland Bay."
    assert new(text, known="Ole Aas|Norland", other="President") == [["Ada Holm", "Norland Bay"]]
