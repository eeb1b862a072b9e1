"""Quotes are found exactly; where they are not, the differing character is shown."""

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st
from quoting import patched

from kg.text.alignment import Missing, Nearest
from kg.text.normalisation import Normalised, crosses_line
from kg.text.quotes import Ambiguous, Displaced, Found, explain, find, turtle_escape


@pytest.mark.parametrize(
    ("text", "quote", "prefix", "suffix", "expected"),
    [
        ("Turkey and Russia", "Russia", "", "", Found(11, 17)),
        ("a b a", "a", "b ", "", Found(4, 5)),
        ("a b a", "a", "", " b", Found(0, 1)),
        ("a b a", "a", "", "", Ambiguous((0, 4))),
        ("xa b xa", "a", "x", "", Ambiguous((1, 6))),
        ("aaa", "aa", "", "", Ambiguous((0, 1))),  # overlapping
        ("😀 Turkey", "Turkey", "", "", Found(2, 8)),  # code points, not UTF-16
        ("caf\u00e9 cafe\u0301", "cafe\u0301", "", "", Found(5, 10)),  # nothing is normalised
        ("a b a", "a", "c ", "", Displaced((0, 4), "b ", "")),
        ("a b\na c", "a", "xx", " c", Displaced((0, 4), "", " c")),
        ("I said yes, and", "yes", "you said ", "", Displaced((7,), "I said ", "")),
        ("Then:\nI said yes, and\nmore.", "yes", "So you said ", " and no more", Displaced((13,), "I said ", ", and")),
        ("We do say yes. They did say yes.", "yes", "You did say ", "", Displaced((10, 28), "hey did say ", "")),
        ("Turkey", "", "", "", Missing(())),
        ("", "Turkey", "", "", Missing(("Turkey",))),
    ],
)
def test_find(text: str, quote: str, prefix: str, suffix: str, expected: object) -> None:
    found = find(text, quote, prefix, suffix)
    assert type(found) is type(expected)
    assert found == expected


WRAPPED = "Talvian President Amara Velindi visited Turkey on Monday. Ankara\nand Velmar agreed on a railway.\n\nAnkara"


def test_a_line_break_within_a_sentence_reads_as_a_space() -> None:
    assert find(WRAPPED, "Monday. Ankara and Velmar") == Found(50, 75)
    assert find(WRAPPED, "Ankara", suffix=" and Velmar") == Found(58, 64)
    assert isinstance(find(WRAPPED, "Ankara And Velmar"), Normalised)
    assert isinstance(find(WRAPPED, "Ankara or Velmar agreed"), Nearest)
    assert not isinstance(find(WRAPPED, "railway. Ankara"), Found)  # another paragraph


def test_many_places_are_cut_short() -> None:
    assert find("a" * 1000, "a") == Ambiguous(tuple(range(100)))


TEXTS = st.text(st.sampled_from("aAbB .,'’\u00a0–-\n\u00ad…é\u0301😀")) | st.text()


@given(TEXTS, st.data())
def test_a_slice_that_occurs_once_is_found_at_its_offsets(text: str, data: st.DataObject) -> None:
    assume(text)
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    quote = text[start:end]
    once = sum(text.startswith(quote, i) for i in range(len(text))) == 1
    assert (find(text, quote) == Found(start, end)) if once else isinstance(find(text, quote), Ambiguous)
    assert isinstance(find(text, quote, text[:start], text[end:]), Found)


@given(TEXTS, st.data())
def test_a_changed_slice_is_never_found(text: str, data: st.DataObject) -> None:
    assume(text)
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    at = data.draw(st.integers(start, end - 1))
    other = data.draw(st.sampled_from("aA '’\u00a0–") | st.characters())
    quote = text[start:at] + other + text[at + 1 : end]
    assume(quote not in text)
    match = find(text, quote)
    assert isinstance(match, Normalised | Nearest | Missing)
    check(text, quote, match)


@given(TEXTS, TEXTS, TEXTS, TEXTS)
@example("\ufb03", "f", "", "")
@example("a\u0301", "á\u0301", "", "")
@example(" ¨", "¨x", "", "")
@example("À", "a", "", "")
@example("- –", "–-", "", "")
def test_any_answer_is_true_of_the_text(text: str, quote: str, prefix: str, suffix: str) -> None:
    check(text, quote, find(text, quote, prefix, suffix))


def check(text: str, quote: str, match: object) -> None:
    if isinstance(match, Found):
        assert text[match.start : match.end] == quote
    if isinstance(match, Ambiguous | Displaced):
        assert all(text.startswith(quote, start) for start in match.starts)
    if isinstance(match, Normalised | Nearest):
        assert match.differences
        assert match.text == text[match.start : match.end]
        assert not crosses_line(match.text)
        assert patched(quote, match.differences) == match.text
        assert explain(quote, match).replace("\n", "").isprintable()


@pytest.mark.parametrize(
    ("text", "quote", "lines"),
    [
        (
            "built for Turkey’s first nuclear power plant here",
            "Turkey's first nuclear power plant",
            [
                "the article has “Turkey’s first nuclear power plant”",
                " " * 23 + "^ here U+2019 RIGHT SINGLE QUOTATION MARK, the quote has U+0027 APOSTROPHE",
                "paste: Turkey’s first nuclear power plant",
            ],
        ),
        (
            'a\u00a0b "c\u00a0d',
            'a b "c d',
            [
                r"the article has “a\u00A0b "
                '"c'
                r"\u00A0d”",
                "                  ^ here U+00A0 NO-BREAK SPACE, the quote has U+0020 SPACE",
                "and 1 more difference",
                r"paste: a\u00A0b \"c\u00A0d",
            ],
        ),
        (
            "東京 cafe\u0301’s",  # two columns for a wide character, none for a combining one
            "東京 cafe\u0301's",
            [
                "the article has “東京 cafe\u0301’s”",
                " " * 26 + "^ here U+2019 RIGHT SINGLE QUOTATION MARK, the quote has U+0027 APOSTROPHE",
                r"paste: 東京 cafe\u0301’s",
            ],
        ),
        (
            "the Turkish capital",
            "the Turkish, capital",
            [
                "the article has “the Turkish capital”",
                "                            ^ here nothing, the quote has U+002C COMMA",
                "paste: the Turkish capital",
            ],
        ),
        (
            "to transport Russian gas to Turkey",
            "to carry Russian gas to Turkey",
            [
                "the article has “to transport Russian gas to Turkey”",
                "                    ^ here “transport”, the quote has “carry”",
                "paste: to transport Russian gas to Turkey",
            ],
        ),
    ],
)
def test_explain_points_at_the_first_difference(text: str, quote: str, lines: list[str]) -> None:
    assert explain(quote, find(text, quote)).split("\n") == lines


@pytest.mark.parametrize("at", [0, 20, 150, 290, 299])
def test_a_long_quote_is_shown_around_its_first_difference(at: int) -> None:
    text = "".join(chr(0x61 + i % 26) if i % 7 else " " for i in range(1, 301))
    text = text[:at] + "’" + text[at + 1 :]
    shown, pointer, paste = explain(quote := text.replace("’", "'"), find(text, quote)).split("\n")
    assert len(shown) <= 80
    assert shown[pointer.index("^")] == "’"
    assert paste == f"paste: {text.strip()}"


def test_sixty_columns_are_shown_with_the_difference_in_the_middle() -> None:
    text = "a" * 100 + "’" + "b" * 100
    shown, pointer, _ = explain(text.replace("’", "'"), find(text, text.replace("’", "'"))).split("\n")
    assert shown == f"the article has “…{'a' * 30}’{'b' * 29}…”"
    assert pointer.index("^") == shown.index("’")


@pytest.mark.parametrize(
    ("quoted", "shown"),
    [
        ("n", "^ here U+0074 LATIN SMALL LETTER T, the quote has U+006E LATIN SMALL LETTER N"),
        ("nn", "^ here U+0074 LATIN SMALL LETTER T, the quote has U+006E LATIN SMALL LETTER N + U+006E"),
        ("nnn", "^ here “left”, the quote has “lefnnn”"),
    ],
)
def test_a_longer_difference_is_shown_in_words(quoted: str, shown: str) -> None:
    quote = f"the president lef{quoted} Ankara"
    assert shown in explain(quote, find("the president left Ankara", quote))


def test_a_word_of_three_letters_is_shown_as_a_word() -> None:
    shown = explain("heads to a sea", find("heads to the sea", "heads to a sea"))
    assert "^ here “the”, the quote has “a”" in shown


def test_several_differences_are_counted() -> None:
    quote = "‘Turkey’ and ‘Russia’"
    assert "\nand 3 more differences\n" in explain(quote, find("'Turkey' and 'Russia'", quote))
    quote = "‘Turkey’ and ‘Russia'"
    assert "\nand 2 more differences\n" in explain(quote, find("'Turkey' and 'Russia'", quote))


def test_the_caret_stands_under_the_character_that_a_mark_combines_with() -> None:
    quote = "the cafe\u0300 is open"
    shown, pointer, _ = explain(quote, find("the cafe\u0301 is open", quote)).split("\n")
    assert shown[pointer.index("^")] == "e"


@pytest.mark.parametrize(
    ("words", "escaped"),
    [("=\u0338", "=\\u0338"), ("\uffff", "\\uFFFF"), ("\U000e0001", "\\U000E0001"), ("a\u0301b", "a\\u0301b")],
)
def test_what_cannot_be_seen_is_escaped(words: str, escaped: str) -> None:
    assert turtle_escape(words) == escaped


def test_long_words_and_long_lists_are_cut_short() -> None:
    assert f"“{'x' * 40}”" in explain("x", Missing(("x" * 40,)))
    assert f"“{'x' * 40}…”" in explain("x", Missing(("x" * 41,)))
    assert explain("a", Ambiguous((0, 1, 2, 3, 4))).split("\n")[0].endswith("at code points 0, 1, 2, 3, 4")


def test_explain_the_other_answers() -> None:
    assert explain("a", Found(3, 4)) == "the quote is in the article, at code points 3 to 4"
    assert "6 times, at code points 0, 1, 2, 3, 4, …\nadd ent:prefix" in explain("a", Ambiguous((0, 1, 2, 3, 4, 5)))
    assert "100 times or more" in explain("a", Ambiguous(tuple(range(100))))
    displaced = explain("a", Displaced((4,), "b\u00a0", ""))
    assert displaced.endswith('at code points 4\nthe article has: ent:prefix "b\\u00A0"')
    assert explain("x", Missing(())) == "nothing in the article is near this quote"
    assert explain("x\x1b", Missing(("x\x1b",))).endswith("; it does not have “x\\u001B”")


@given(st.text())
@example('a\u00a0"\\\u2028\x1b[31m\U000e0001 e\u0301 \ufe0f\u200d')
def test_what_is_pasted_is_printable_and_reads_back_as_it_was(words: str) -> None:
    import pyoxigraph

    assume(not any("\ud800" <= character <= "\udfff" for character in words))
    escaped = turtle_escape(words)
    assert escaped.isprintable()
    turtle = f'<urn:s> <urn:p> "{escaped}" .'
    (triple,) = pyoxigraph.parse(turtle, format=pyoxigraph.RdfFormat.TURTLE)
    assert isinstance(triple.object, pyoxigraph.Literal)
    assert triple.object.value == words


def test_whole_words_come_before_parts_of_words() -> None:
    text = "her grandfather and her other brother"
    assert find(text, "her", suffix=" g", whole=True) == (0, 3)
    assert find("a grandfather and her brother", "her", whole=True) == (18, 21)
    assert isinstance(find("a grandfather and her brother", "her"), Ambiguous)
    assert find("a grandfather", "her", whole=True) == (10, 13)
    assert "the quote is in the quote of p:it 2 times" in explain(
        "her", find(text, "her", whole=True), "the quote of p:it"
    )
