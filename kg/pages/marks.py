"""Passages in a text as nested marks: where passages overlap without one within the other, the inner one is split.

Each passage has a level, by which overlapping ones are told apart: the depth of its underline. It is the least that no
passage has which begins before it and reaches into it.
"""

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple


class Span(NamedTuple):
    """A part text[start:end] that is marked, by its name and kind."""

    start: int
    end: int
    name: str
    kind: str


class Piece(NamedTuple):
    """A part of the text with the same spans everywhere, the outermost first.

    `opens` are the spans that open before it, each with whether it opens for the first time; `closes` is how many close
    after it.
    """

    text: str
    spans: tuple[Span, ...]
    opens: tuple[tuple[Span, bool], ...]
    closes: int


def levels(spans: Iterable[Span]) -> dict[str, int]:
    """The level of each span by its name, from 1 on."""
    found: dict[str, int] = {}
    open_spans: list[Span] = []
    for span in sorted(set(spans), key=lambda s: (s.start, -s.end, s.name)):
        open_spans = [s for s in open_spans if s.end > span.start]
        taken = {found[s.name] for s in open_spans}
        found[span.name] = next(n for n in range(1, len(taken) + 2) if n not in taken)
        open_spans.append(span)
    return found


def pieces(text: str, start: int, end: int, spans: Sequence[Span]) -> list[Piece]:
    """The part text[start:end] cut where a span begins or ends, as elements that nest."""
    inside = [s for s in spans if s.start < end and s.end > start and s.start < s.end]
    cuts = sorted({start, end, *(max(s.start, start) for s in inside), *(min(s.end, end) for s in inside)})
    parts = [(a, b) for a, b in pairwise(cuts) if a < b]
    ordered = sorted(inside, key=lambda s: (s.start, -s.end, s.name))
    covers = [tuple(s for s in ordered if s.start <= a and b <= s.end) for a, b in parts]
    found, seen = list[Piece](), set[Span]()
    stack: tuple[Span, ...] = ()
    for at, (a, b) in enumerate(parts):
        kept = _common(stack, covers[at])
        if found and len(stack) > kept:
            found[-1] = found[-1]._replace(closes=len(stack) - kept)
        opens = tuple((s, s not in seen) for s in covers[at][kept:])
        seen.update(s for s, _ in opens)
        stack = covers[at]
        found.append(Piece(text[a:b], stack, opens, 0))
    if found:
        found[-1] = found[-1]._replace(closes=len(stack))
    return found


def _common(first: Sequence[Span], second: Sequence[Span]) -> int:
    """How many spans two begin with in common."""
    length = 0
    while length < min(len(first), len(second)) and first[length] == second[length]:
        length += 1
    return length
