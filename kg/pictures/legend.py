"""The legend of a picture: a sample and a word for each kind of mark and line that it has, and the note beneath.

Each entry has the data attributes of what it stands for, so that a page's script can make the legend its filter.
"""

from collections.abc import Sequence
from typing import NamedTuple

from kg.pictures import labels, svg
from kg.pictures.svg import LABEL, LEADING, NOTE, Point

_ROW, _SAMPLE, _GAP = 20.0, 26.0, 20.0


class Entry(NamedTuple):
    """What a sample stands for; `sample` is markup around the origin, at most 26 pixels wide."""

    sample: str
    words: str
    data: dict[str, str]
    sample_width: float = _SAMPLE


def line(form: str, *, planned: bool = False) -> str:
    """A sample of a line."""
    found = svg.element("path", d="M0 0H22", class_=f"line {form}", stroke_width=3.6 if planned else 1.8)
    return found + (svg.element("path", d="M0 0H22", class_="line gap", stroke_width=1.8) if planned else "")


def rows(entries: Sequence[Sequence[Entry]], note: str, top: float, width: float) -> tuple[list[str], float]:
    """The legend as markup, from a height downwards, and the height at which it ends.

    Each sequence of entries begins a row; where a row has no more room, it goes on beneath.
    """
    parts, y = [], top
    for row in entries:
        x = 10.0
        for entry in row:
            words = labels.shortened(entry.words, width - 2 * _GAP - entry.sample_width, LABEL)
            wide = entry.sample_width + labels.width(words, LABEL)
            if x + wide > width - 10 and x > 10:
                x, y = 10.0, y + _ROW
            sample = svg.element("g", entry.sample, transform=f"translate({svg.number(x)} {svg.number(y)})")
            text = svg.text(Point(x + entry.sample_width, y + LABEL * 0.36), words, class_="quiet")
            parts.append(svg.element("g", sample, text, class_="key", **entry.data))
            x += wide + _GAP
        y += _ROW if row else 0
    lines = labels.wrapped(note, width - 20, NOTE, lines=4) if note else []
    parts.append(svg.lines_of_text(Point(10, y + NOTE * 0.5), lines, NOTE, class_="note quiet"))
    return [svg.element("g", *parts, class_="legend")], y + len(lines) * NOTE * LEADING + 6
