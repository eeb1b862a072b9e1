"""Stretches of text are found where they occur, kept to their line, and told apart word by word."""

import pytest

from kg.text.normalisation import Difference, character_names, crosses_line, differences, occurrences


def test_occurrences_may_overlap() -> None:
    assert list(occurrences("aaa b aa", "aa")) == [0, 1, 6]
    assert not list(occurrences("aaa", "b"))


def test_differences_are_taken_piece_by_piece() -> None:
    cuts = [(0, 0), (4, 4), (9, 13)]
    assert list(differences("the carry", "the transport", cuts)) == [
        Difference(4, "carry", "transport", character_names("transport"))
    ]
    assert not list(differences("same", "same", [(0, 0), (4, 4)]))


def test_names() -> None:
    assert character_names("") == "nothing"
    assert character_names("e\u0301") == "U+0065 LATIN SMALL LETTER E + U+0301 COMBINING ACUTE ACCENT"
    assert character_names("\x1b") == "U+001B (no name)"
    assert character_names("aaaaa").endswith("A + …")


@pytest.mark.parametrize(
    ("quote", "crosses"),
    [
        ("one line", False),
        ("", False),
        ("two\nlines", True),
        ("line\n", True),
        ("\r", True),
        ("a\u2028b", True),
    ],
)
def test_crosses_line(quote: str, crosses: bool) -> None:
    assert crosses_line(quote) is crosses
