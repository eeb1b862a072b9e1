"""Stretches of text: where one occurs in another, whether it keeps to a line, and how two of them differ."""

import unicodedata
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

MOST_STARTS = 100  # as many places of an ambiguous quote as anybody will read


class Difference(NamedTuple):
    """Where quote and article part: `at` counts code points of the quote; either side may be empty.

    `name` spells out the article's code points, `U+2019 RIGHT SINGLE QUOTATION MARK`.
    """

    at: int
    quoted: str
    article: str
    name: str


def crosses_line(quote: str) -> bool:
    """Whether the quote holds a line break, which no passage may."""
    return len((quote + ".").splitlines()) > 1


def occurrences(text: str, words: str) -> Iterator[int]:
    """Yield where `words` begin in `text`, in code points; occurrences may overlap."""
    start = text.find(words)
    while start >= 0:
        yield start
        start = text.find(words, start + 1)


def differences(quote: str, article: str, cuts: list[tuple[int, int]]) -> Iterator[Difference]:
    """Compare piece by piece between pairs of offsets that belong together."""
    for (i, j), (next_i, next_j) in pairwise(cuts):
        quoted, there = quote[i:next_i], article[j:next_j]
        if quoted != there:
            before, after = _common_ends(quoted, there)
            quoted, there = quoted[before : len(quoted) - after], there[before : len(there) - after]
            yield Difference(i + before, quoted, there, names(there))


def common_prefix(one: str, other: str) -> int:
    """How many characters two stretches share at their beginning."""
    return next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def _common_ends(one: str, other: str) -> tuple[int, int]:
    """Return how many characters two unequal stretches share at their beginning and at their end.

    Where more than a character or two differ, whole words are told apart rather than their middles.
    """
    before = common_prefix(one, other)
    after = common_prefix(one[before:][::-1], other[before:][::-1])
    if max(len(one), len(other)) - before - after > 2:
        while before and one[before - 1].isalnum():
            before -= 1
        while after and one[len(one) - after].isalnum():
            after -= 1
    return before, after


def names(characters: str) -> str:
    """Spell out code points, `U+00A0 NO-BREAK SPACE`; the first four of many, and "nothing" for none."""
    found = [f"U+{ord(c):04X} {unicodedata.name(c, '(no name)')}" for c in characters[:4]]
    return " + ".join([*found, "…"] if len(characters) > 4 else found) or "nothing"
