"""Normalisation: quotes compared without regard to characters that look alike, and how two spans differ.

A quote that differs from its article in quotation marks, dashes, spaces, invisible characters or case only is found by
`find_normalised`. Offsets count code points.
"""

import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice, pairwise
from typing import NamedTuple

MOST_STARTS = 100  # of an ambiguous quote
_SINGLE_QUOTES = frozenset("‘’‚‛′‵ʼʹ´`‹›")
_DOUBLE_QUOTES = frozenset("“”„‟″‶«»〝〞＂")


class Difference(NamedTuple):
    """A difference at offset `at` of the quote; either side may be empty.

    `name` has the article's code points, as in `U+2019 RIGHT SINGLE QUOTATION MARK`.
    """

    at: int
    quoted: str
    article: str
    name: str


class Normalised(NamedTuple):
    """The span of the article that equals the quote after normalisation."""

    start: int
    end: int
    text: str
    differences: tuple[Difference, ...]


def primary_language(tag: str) -> str:
    """The language of a tag, without script and country: `en` of `en-GB` (RFC 5646 §2.2.1)."""
    return tag.lower().split("-")[0]


# Spans and their differences


def crosses_line(quote: str) -> bool:
    """Whether the quote has a line break, which no passage may."""
    return len((quote + ".").splitlines()) > 1


def occurrences(text: str, words: str) -> Iterator[int]:
    """Yield the offsets at which `words` begin in `text`; occurrences may overlap."""
    start = text.find(words)
    while start >= 0:
        yield start
        start = text.find(words, start + 1)


def differences(quote: str, article: str, cuts: list[tuple[int, int]]) -> Iterator[Difference]:
    """Yield the differences of a quote and a span, compared between `cuts`, pairs of corresponding offsets."""
    for (i, j), (next_i, next_j) in pairwise(cuts):
        quoted, there = quote[i:next_i], article[j:next_j]
        if quoted != there:
            before, after = _common_ends(quoted, there)
            quoted, there = quoted[before : len(quoted) - after], there[before : len(there) - after]
            yield Difference(i + before, quoted, there, character_names(there))


def common_prefix(one: str, other: str) -> int:
    """How many characters two texts share at their beginning."""
    return next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def _common_ends(one: str, other: str) -> tuple[int, int]:
    """Return how many characters two unequal texts share at their beginning and at their end.

    Where more than two characters differ, the difference is made of whole words.
    """
    before = common_prefix(one, other)
    after = common_prefix(one[before:][::-1], other[before:][::-1])
    if max(len(one), len(other)) - before - after > 2:
        while before and one[before - 1].isalnum():
            before -= 1
        while after and one[len(one) - after].isalnum():
            after -= 1
    return before, after


def character_names(characters: str) -> str:
    """Code points with their names, as in `U+00A0 NO-BREAK SPACE`; the first four of many, "nothing" for none."""
    found = [f"U+{ord(c):04X} {unicodedata.name(c, '(no name)')}" for c in characters[:4]]
    return " + ".join([*found, "…"] if len(characters) > 4 else found) or "nothing"


# Normalised quotes


class _Folded(NamedTuple):
    """A normalised text, whose character i stands for the code points starts[i] to ends[i] of the original."""

    text: str
    starts: list[int]
    ends: list[int]


@lru_cache(maxsize=4096)  # equivalent: the size of a cache changes nothing but speed
def fold_character(character: str) -> str:
    """The normal form of a character: "" for an invisible one, a line feed for any line break."""
    if character in _SINGLE_QUOTES:
        return "'"
    if character in _DOUBLE_QUOTES:
        return '"'
    if character.isspace():
        return "\n" if crosses_line(character) else " "
    category = unicodedata.category(character)
    if category == "Pd" or character == "\u2212":  # the minus sign
        return "-"
    if category in ("Cf", "Cc") or "\ufe00" <= character <= "\ufe0f":  # soft hyphens, zero widths, variation selectors
        return ""
    return unicodedata.normalize("NFKD", character).casefold()


def _folded(text: str) -> _Folded:
    """Normalise a text, in which white space and hyphens in a row become one character."""
    folded: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for i, character in enumerate(text):
        for piece in fold_character(character):
            last = folded[-1] if folded else ""
            if (piece == last == "-") or (piece in " \n" and last in (" ", "\n")):
                folded[-1] = "\n" if "\n" in (last, piece) else piece
                ends[-1] = i + 1
            else:
                folded.append(piece)
                starts.append(i)
                ends.append(i + 1)
    return _Folded("".join(folded), starts, ends)


# equivalent: the size of a cache changes nothing but speed
_folded_article = lru_cache(maxsize=4)(_folded)  # many quotes are looked for in one article


def find_normalised(text: str, quote: str, prefix: str = "", suffix: str = "") -> Normalised | None:
    """Find the span of `text` that equals `quote` after normalisation, at best between `prefix` and `suffix`."""
    folded = _folded_article(text)
    looks = _look(quote).strip()
    if not looks:
        return None
    begins = islice(occurrences(folded.text, looks), MOST_STARTS)
    whole = (i for i in begins if _whole(folded.starts, i, i + len(looks)))
    found = [(folded.starts[i], folded.ends[i + len(looks) - 1]) for i in whole]
    if not found:
        return None

    def in_place(span: tuple[int, int]) -> bool:
        before = _look(text[max(0, span[0] - 2 * len(prefix)) : span[0]])  # equivalent: more room finds the same
        after = _look(text[span[1] : span[1] + 2 * len(suffix)])  # equivalent: more room finds the same
        return before.endswith(_look(prefix)) and after.startswith(_look(suffix))

    start, end = next(filter(in_place, found), found[0])
    return Normalised(start, end, text[start:end], tuple(_folded_differences(quote, text[start:end])))


def _whole(starts: list[int], first: int, last: int) -> bool:
    """Whether a normalised span has all of its first and last original characters, not half of a ligature."""
    begins_within = first > 0 and starts[first - 1] == starts[first]
    ends_within = last < len(starts) and starts[last - 1] == starts[last]
    return not begins_within and not ends_within


def _look(words: str) -> str:
    return _folded(words).text.replace("\n", " ")


def _folded_differences(quote: str, article: str) -> Iterator[Difference]:
    """Yield the differences of two texts that are equal after normalisation, cut where both begin a new character."""
    cuts = [(0, 0)]
    for here, there in zip(_character_starts(quote), _character_starts(article), strict=False):
        if here > cuts[-1][0] and there > cuts[-1][1]:
            cuts.append((here, there))
    return differences(quote, article, [*cuts, (len(quote), len(article))])


def _character_starts(words: str) -> list[int]:
    folded = _folded(words)
    return folded.starts[len(folded.text) - len(folded.text.lstrip()) :]
