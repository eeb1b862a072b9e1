"""What looks alike is found as a look-alike, and the differing characters are named."""

import pytest
from quoting import ARTICLE, patched

from kg.text.normalisation import (
    Difference,
    Normalised,
    character_names,
    crosses_line,
    differences,
    find_normalised,
    primary_language,
)


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
        ("zones--", "zones––"),
        ("An\ufe00ka\ufe0fra", "Ankara"),
    ],
)
def test_look_alikes_are_folded(quote: str, article: str) -> None:
    text = f"In {article}, that is.\nNew line"
    match = find_normalised(text, quote)
    assert isinstance(match, Normalised)
    assert (match.text, text[match.start : match.end]) == (article, article)
    assert match.differences
    assert patched(quote, match.differences) == article


def test_a_difference_names_the_character() -> None:
    match = find_normalised(ARTICLE, "Turkey's first nuclear power plant")
    assert isinstance(match, Normalised)
    assert match.differences == (Difference(6, "'", "’", "U+2019 RIGHT SINGLE QUOTATION MARK"),)
    match = find_normalised(ARTICLE, "TRT World’s Caitlin McGee has")
    assert isinstance(match, Normalised)
    assert [(d.at, d.name) for d in match.differences] == [
        (11, "U+00A0 NO-BREAK SPACE"),
        (25, "U+00A0 NO-BREAK SPACE"),
    ]


@pytest.mark.parametrize(
    ("prefix", "suffix", "start"),
    [("She said ", "", 24), ("", " too", 24), ('She said "', "", 8)],  # no such prefix: the first
)
def test_a_folded_match_keeps_to_its_prefix_and_suffix(prefix: str, suffix: str, start: int) -> None:
    match = find_normalised("He said “yes”. She said “yes” too.", '"yes"', prefix, suffix)
    assert match is not None
    assert (match.start, match.end) == (start, start + 5)


@pytest.mark.parametrize(
    ("text", "prefix", "suffix", "start"),
    [
        ("She said “yes”. She said “yes”.", "She said ", "", 9),  # right at the beginning of the text
        ("He said “yes, of course”. She said “yes, of course”.", "She said ", "", 35),  # longer than its prefix
        ("He said “yes”. She   said   “yes”.", "She said ", "", 28),  # the text has wider spaces
        ("He said “yes” and left. She said “yes”   and   left   then.", "", " and left then", 33),
    ],
)
def test_prefix_and_suffix_look_alike_too(text: str, prefix: str, suffix: str, start: int) -> None:
    quote = '"yes, of course"' if "course" in text else '"yes"'
    match = find_normalised(text, quote, prefix, suffix)
    assert match is not None
    assert match.start == start


@pytest.mark.parametrize(
    ("quote", "article", "difference"),
    [
        ("office", "o\ufb03ce", Difference(1, "ffi", "\ufb03", "U+FB03 LATIN SMALL LIGATURE FFI")),
        ("o\ufb03ce", "office", Difference(1, "\ufb03", "ffi", character_names("ffi"))),
    ],
)
def test_a_ligature_differs_as_a_whole(quote: str, article: str, difference: Difference) -> None:
    match = find_normalised(article, quote)
    assert match is not None
    assert match.differences == (difference,)


@pytest.mark.parametrize(("quote", "article"), [("ffi o\ufb03ce", "\ufb03 office"), ("\ufb03 office", "ffi o\ufb03ce")])
def test_ligatures_on_both_sides_are_told_apart(quote: str, article: str) -> None:
    match = find_normalised(article, quote)
    assert match is not None
    assert [{d.quoted, d.article} for d in match.differences] == [{"ffi", "\ufb03"}] * 2


@pytest.mark.parametrize("text", ["\ufb03", "o\ufb03ce", "a\ufb03"])
def test_a_whole_ligature_is_found(text: str) -> None:
    assert find_normalised(text, "ffi") is not None


@pytest.mark.parametrize("quote", ["fi", "f", "ff", "of", "off", "fice", "ice"])
def test_half_a_ligature_is_not_found(quote: str) -> None:
    assert find_normalised("o\ufb03ce", quote) is None
    assert find_normalised("\ufb03", quote) is None


def test_no_quote_crosses_a_line() -> None:
    assert find_normalised("all was\nquiet", "all  was quiet") is None
    assert find_normalised("all was \n quiet", "ALL WAS QUIET") is None


def test_a_dash_is_not_nothing() -> None:
    assert find_normalised("the S-400 system", "S400") is None
    assert find_normalised("the S400 system", "S-400") is None


@pytest.mark.parametrize("quote", ["Ankara", "office", "Straße", "\u200b", "", "allwas"])
def test_what_looks_different_is_not_found(quote: str) -> None:
    assert find_normalised("In Moscow, all was quiet", quote) is None


@pytest.mark.parametrize(("tag", "language"), [("en", "en"), ("EN-gb", "en"), ("zh-Hant-TW", "zh"), ("", "")])
def test_the_language_of_a_tag_is_its_first_part(tag: str, language: str) -> None:
    assert primary_language(tag) == language


@pytest.mark.parametrize(
    ("quote", "crosses"),
    [("It rains.", False), ("It\nrains.", True), ("It rains.\r\n", True), ("It\u2028rains.", True), ("", False)],
)
def test_a_quote_crosses_a_line_where_there_is_a_line_break(quote: str, crosses: bool) -> None:
    assert crosses_line(quote) == crosses


@pytest.mark.parametrize(
    ("quote", "article", "at", "quoted", "there"),
    [
        ("Velindi", "Velimdi", 4, "n", "m"),  # a character or two: only those
        ("Velindi", "Velmadi", 3, "in", "ma"),
        ("Velindi", "Velidi", 4, "n", ""),
        ("Velidi", "Velindi", 4, "", "n"),
        ("the leaders met", "the lecturers met", 4, "leaders", "lecturers"),  # three or more: whole words
        ("the leaders met", "the readers met", 4, "l", "r"),
        ("the meeting", "the sitting", 4, "meeting", "sitting"),
        ("the meeting there", "the sitting there", 4, "meeting", "sitting"),
        ("visited Ankara", "was in Ankara", 0, "visited", "was in"),
    ],
)
def test_a_short_difference_is_of_characters_and_a_longer_one_of_whole_words(
    quote: str, article: str, at: int, quoted: str, there: str
) -> None:
    (found,) = differences(quote, article, [(0, 0), (len(quote), len(article))])
    assert found == Difference(at, quoted, there, character_names(there))


@pytest.mark.parametrize(
    ("characters", "names"),
    [
        ("", "nothing"),
        ("a\u00a0", "U+0061 LATIN SMALL LETTER A + U+00A0 NO-BREAK SPACE"),
        ("----", " + ".join(["U+002D HYPHEN-MINUS"] * 4)),
        ("-----", " + ".join(["U+002D HYPHEN-MINUS"] * 4 + ["…"])),
        ("\x07", "U+0007 (no name)"),
    ],
)
def test_the_first_four_of_many_characters_are_named(characters: str, names: str) -> None:
    assert character_names(characters) == names
