"""What looks alike is found as a look-alike, and the differing characters are named."""

import pytest
from quoting import ARTICLE, patched

from kg.folding import Folded, find
from kg.stretches import Difference


@pytest.mark.parametrize(
    ("quote", "article"),
    [
        ("Turkey's first", "Turkey’s first"),
        ("‘Turkey’", "'Turkey'"),
        ('"zones"', "“zones”"),
        ("„zones“", "«zones»"),
        ("Turkey - Russia", "Turkey – Russia"),
        ("S\u2011400", "S-400"),
        ("long--range", "long—range"),
        ("Caitlin McGee has", "Caitlin\u00a0McGee\u2009has"),
        ("both  parties", "both parties"),
        ("and so...", "and so…"),
        ("office", "o\ufb03ce"),
        ("ANKARA", "Ankara"),
        ("Straße", "STRASSE"),
        ("co\u00adopera\u200btion", "cooperation"),
        ("cooperation", "co\u00adoperation"),
        ("café", "cafe\u0301"),
        (" Ankara ", "Ankara"),
        ("\ufeffAnkara", "Ankara"),
        ("Akkuyu １", "Akkuyu 1"),
    ],
)
def test_look_alikes_are_folded(quote: str, article: str) -> None:
    text = f"In {article}, that is.\nNew line"
    match = find(text, quote)
    assert isinstance(match, Folded)
    assert (match.text, text[match.start : match.end]) == (article, article)
    assert match.differences
    assert patched(quote, match.differences) == article


def test_a_difference_names_the_character() -> None:
    match = find(ARTICLE, "Turkey's first nuclear power plant")
    assert isinstance(match, Folded)
    assert match.differences == (Difference(6, "'", "’", "U+2019 RIGHT SINGLE QUOTATION MARK"),)
    match = find(ARTICLE, "TRT World’s Caitlin McGee has")
    assert isinstance(match, Folded)
    assert [(d.at, d.name) for d in match.differences] == [
        (11, "U+00A0 NO-BREAK SPACE"),
        (25, "U+00A0 NO-BREAK SPACE"),
    ]


@pytest.mark.parametrize(
    ("prefix", "suffix", "start"),
    [("She said ", "", 24), ("", " too", 24), ('She said "', "", 8)],  # no such prefix: the first
)
def test_a_folded_match_keeps_to_its_prefix_and_suffix(prefix: str, suffix: str, start: int) -> None:
    match = find("He said “yes”. She said “yes” too.", '"yes"', prefix, suffix)
    assert match is not None
    assert (match.start, match.end) == (start, start + 5)


@pytest.mark.parametrize("quote", ["Ankara", "office", "Straße", "\u200b", ""])
def test_what_looks_different_is_not_found(quote: str) -> None:
    assert find("In Moscow, all was quiet", quote) is None
