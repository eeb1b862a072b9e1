"""Words in a picture: how wide they are, where a line of them breaks, and boxes that do not overlap.

A picture is written without knowing the font that a reader has. Widths are therefore those of the widest of the common
system fonts (DejaVu Sans), in thousandths of the size of the type: in others, a label takes less room than it is given.
"""

import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from kg.errors import clean, xml

# ASCII by the width of its characters, rounded up to steps of 40.
_WIDTHS = {
    300: "ijlI",
    340: "  .,:;/\\",
    400: "!()-'`[]|ft",
    440: "r",
    500: '"*sJ^_',
    560: "?zc",
    600: "vxykFL",
    660: "abdeghnopqu0123456789$PEBTSXYZ",
    720: "AKRVUNC#",
    800: "DGHOQ&{}",
    860: "wMm+<=>~",
    1020: "W%@",
}
_BY_CHARACTER = {char: width for width, chars in _WIDTHS.items() for char in chars}
_WIDE, _OTHER, _CAPITAL = 1050, 680, 780
ELLIPSIS = "…"


class Box(NamedTuple):
    """A rectangle, in the pixels of the picture; `bottom` is below `top`."""

    left: float
    top: float
    right: float
    bottom: float

    def overlaps(self, other: "Box", gap: float = 0.0) -> bool:
        """Whether two boxes have room in common, or stand nearer to each other than a gap."""
        return (
            self.left < other.right + gap
            and other.left < self.right + gap
            and self.top < other.bottom + gap
            and other.top < self.bottom + gap
        )


def around(x: float, y: float, width: float, height: float) -> Box:
    """The box of a size with its middle at a point."""
    return Box(x - width / 2, y - height / 2, x + width / 2, y + height / 2)


def printable(text: str) -> str:
    """Text as a picture can show it: on one line, what is invisible as an escape, what XML has not as U+FFFD."""
    return xml(clean(text))


def width(text: str, size: float) -> float:
    """How wide a text is at a size of type, in the same unit, and in no common font wider."""
    return _thousandths(text) * size / 1000


@lru_cache(maxsize=50_000)
def _thousandths(text: str) -> int:
    """The width of a text in thousandths of the size of its type; the same words stand in many pictures."""
    return sum(map(_width, text))


@lru_cache(maxsize=5_000)
def _width(char: str) -> int:
    if known := _BY_CHARACTER.get(char):
        return known
    if unicodedata.combining(char):
        return 0
    if unicodedata.east_asian_width(char) in "WF":
        return _WIDE
    if base := _BY_CHARACTER.get(unicodedata.normalize("NFD", char)[0]):
        return base
    return _CAPITAL if unicodedata.category(char) in ("Lu", "So", "Sm") else _OTHER


def shortened(text: str, most: float, size: float) -> str:
    """A text, or the beginning of one that is wider than `most`, cut between words where one ends near enough."""
    if width(text, size) <= most:
        return text
    room, used, at = most - width(ELLIPSIS, size), 0.0, 0
    for at, char in enumerate(text):  # noqa: B007
        used += width(char, size)
        if used > room:
            break
    cut = text[:at]
    words = cut.rsplit(" ", 1)[0]
    return (words if len(words) * 3 >= len(cut) * 2 else cut).rstrip(" ,;:–-") + ELLIPSIS


def wrapped(text: str, most: float, size: float, lines: int = 2) -> list[str]:
    """A text in at most so many lines of about one width, none wider than `most`; the last is cut if there is more."""
    return [*_wrapped(text, most, size, lines)]


@lru_cache(maxsize=20_000)
def _wrapped(text: str, most: float, size: float, lines: int) -> tuple[str, ...]:
    found = _broken(text, most, size, lines)
    if len(found) > 1 and not found[-1].endswith(ELLIPSIS):
        narrow = width(text, size) / len(found)
        while narrow < most:
            narrower = _broken(text, narrow, size, lines)
            if len(narrower) == len(found) and " ".join(narrower) == " ".join(found):
                return tuple(narrower)
            narrow += size / 2
    return tuple(found)


def _broken(text: str, most: float, size: float, lines: int) -> list[str]:
    words, found = text.split(" "), [""]
    for at, word in enumerate(words):
        longer = f"{found[-1]} {word}".strip()
        if width(longer, size) <= most or not found[-1]:
            found[-1] = longer
        elif len(found) < lines:
            found.append(word)
        else:
            found[-1] = " ".join([found[-1], *words[at:]])
            break
    return [shortened(line, most, size) for line in found]


def free(box: Box, taken: Iterable[Box], gap: float = 0.0) -> bool:
    """Whether a box overlaps none of those that are taken."""
    return not any(box.overlaps(other, gap) for other in taken)
