"""A quote that is nowhere leads to the nearest stretch, in whole words and on one line."""

import pytest
from quoting import ARTICLE, patched

from kg.text.alignment import Missing, Nearest, find


def test_nothing_folded_or_near_crosses_a_line() -> None:
    text = "The two presidents met in\nAnkara on a cold Tuesday morning"
    match = find(text, "presidents met in Ankara")
    assert isinstance(match, Nearest)
    assert match.text == "presidents met in"


@pytest.mark.parametrize(
    ("quote", "nearest"),
    [
        ("Turkeys first nuclear power plant", "Turkey’s first nuclear power plant"),
        ("Akuyu", "Akkuyu"),
        ("\u0422urkey backs the opposition", "Turkey backs the opposition"),  # a Cyrillic T
        ("Bashar al-Assad", "Bashar al Assad"),
        ("Çelikpala said", "Celikpala said"),
        ("Free Syrian Army (FSA),", "Free Syrian Army (FSA)."),
        ("“They managed to compartmentalize issues”", "“They managed to compartmentalise issues,"),
        ("Putin’s visit and the Ankara summit.", "Putin’s visit, and the Ankara summit."),
        ("ceremony for the Turkey’s first", "ceremony for Turkey’s first"),
        ("complicating their relations", "complicating relations"),
        ("Turkstream pipeline to carry Russian gas", "Turkstream pipeline to transport Russian gas"),
        ("fighting in Syria and bring both sides", "fighting in Syria and bring the sides"),
    ],
)
def test_nearest(quote: str, nearest: str) -> None:
    match = find(ARTICLE, quote)
    assert isinstance(match, Nearest)
    assert match.text == ARTICLE[match.start : match.end] == nearest
    assert patched(quote, match.differences) == nearest


def test_whole_words_differ_as_words() -> None:
    match = find(ARTICLE, "Turkstream pipeline to carry Russian gas")
    assert isinstance(match, Nearest)
    assert [d[:3] for d in match.differences] == [(23, "carry", "transport")]


def test_missing_names_the_words_that_the_article_lacks() -> None:
    assert find(ARTICLE, "The Martians landed in Ohio") == Missing(("Martians", "landed", "Ohio"))
    assert isinstance(find(ARTICLE, "?!"), Missing)
    assert isinstance(find(ARTICLE, "\u200b"), Missing)
