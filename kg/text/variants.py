"""Variants of patterns: each without options and with one phrase at its anchor, and the words that it needs."""

from collections.abc import Iterator
from dataclasses import dataclass

from kg.text.patterns import Choice, Element, Mark, Option, Pattern, Phrase, Slot
from kg.text.words import PREPOSITIONS

_MOST = 8  # of one pattern


@dataclass(frozen=True, slots=True, eq=False)
class Variant:
    """A pattern without options: the elements before its anchor, one phrase of the anchor, and those after it.

    `before` and `after` are what a text must have for these: of each row one of the words. `slots` is whether the
    pattern has any, `plain` whether before its anchor stands a slot, or nothing.
    """

    term: str
    pattern: Pattern
    left: tuple[Element, ...]
    anchor: Phrase
    right: tuple[Element, ...]
    before: tuple[frozenset[str], ...]
    after: tuple[frozenset[str], ...]
    slots: bool
    plain: bool


def variants(term: str, pattern: Pattern) -> Iterator[Variant]:
    """The variants of a pattern of a term: around its verb, else its noun, else any of its words; the fullest first."""
    for row in _expanded(pattern.elements)[:_MOST]:
        choices = [i for i, element in enumerate(row) if isinstance(element, Choice)]
        verbal = [i for i in choices if any(p.verb for p in row[i].phrases)]  # type: ignore[union-attr]
        nominal = [i for i in choices if not all(p.words[0] in PREPOSITIONS for p in row[i].phrases)]  # type: ignore[union-attr]
        for i in (verbal or nominal or choices)[:1]:
            for phrase in row[i].phrases:  # type: ignore[union-attr]
                yield _variant(term, pattern, row[:i], phrase, row[i + 1 :])
        for i in [i for i, element in enumerate(row) if isinstance(element, Mark)][: not choices]:
            yield _variant(term, pattern, row[:i], Phrase((row[i].text,)), row[i + 1 :])  # type: ignore[union-attr]


def _expanded(elements: tuple[Element, ...]) -> list[tuple[Element, ...]]:
    """Elements with each option taken and left; the fullest first."""
    rows: list[tuple[Element, ...]] = [()]
    for element in elements:
        ways = [*_expanded(element.elements), ()] if isinstance(element, Option) else [(element,)]
        rows = [(*row, *way) for row in rows for way in ways][: 4 * _MOST]
    return rows


def _variant(
    term: str, pattern: Pattern, left: tuple[Element, ...], anchor: Phrase, right: tuple[Element, ...]
) -> Variant:
    before = (*map(_needed, left), *(frozenset((word,)) for word in anchor.words[1:]))
    after = map(_needed, right)
    plain = not left or (len(left) == 1 and isinstance(left[0], Slot))
    needed = tuple(filter(None, before)), tuple(filter(None, after))
    return Variant(term, pattern, left, anchor, right, *needed, bool(pattern.slots()), plain)


def _needed(element: Element) -> frozenset[str]:
    """Words of which a text has one where it has an element of a pattern; none where that may be anything."""
    if isinstance(element, Choice):
        return frozenset(phrase.words[0] for phrase in element.phrases)
    return frozenset((element.text,)) if isinstance(element, Mark) else frozenset()
