"""Bars: numbers of the rows of an answer, side by side, each with its name and its value."""

import math
from collections.abc import Sequence
from typing import NamedTuple

from kg.pictures import labels, legend, svg
from kg.pictures.svg import LABEL, NOTE, Point

WIDTH = 720.0
_ROW, _THICK = 20.0, 11.0


class Bar(NamedTuple):
    """A name, a number, and the number as it is written."""

    name: str
    number: float
    written: str


def draw(rows: Sequence[Bar], title: str, counted: str, note: str = "", *, standalone: bool = True) -> str:
    """Rows as bars from zero, negative numbers to the left; `counted` says what the numbers are of."""
    numbers = [row.number for row in rows if math.isfinite(row.number)]
    low, high = min(0.0, *numbers, 0.0), max(0.0, *numbers, 0.0)
    names = [labels.shortened(row.name, WIDTH * 0.42, LABEL) for row in rows]
    left = max((labels.width(name, LABEL) for name in names), default=0) + 20
    written = [labels.shortened(row.written, 90, LABEL) for row in rows]
    room = WIDTH - left - max((labels.width(text, LABEL) for text in written), default=0) - 20
    unit = room / (high - low) if high > low else 0.0
    zero = left - low * unit
    parts = [svg.text(Point(zero, 16), counted, class_="head quiet")]
    for number, (row, name, text) in enumerate(zip(rows, names, written, strict=True)):
        y = 34 + number * _ROW
        value = row.number if math.isfinite(row.number) else 0.0
        x, wide = (zero, value * unit) if value >= 0 else (zero + value * unit, -value * unit)
        bar = svg.element("rect", x=x, y=y - _THICK / 2, width=wide, height=_THICK, class_="solid")
        base = y + LABEL * 0.36
        label = svg.text(Point(left - 10, base), name, class_="words", text_anchor="end")
        shown = svg.text(Point(max(zero, x + wide) + 6, base), text, class_="quiet")
        parts.append(svg.element("g", svg.hover(f"{row.name}: {row.written}"), label, bar, shown, class_="bar"))
    bottom = 34 + len(rows) * _ROW
    axis = svg.element("line", x1=zero, y1=22, x2=zero, y2=bottom - _ROW / 2 + 4, class_="line faint")
    key, height = legend.rows([], note, bottom + NOTE * 0.5, WIDTH)
    description = f"{counted}: {len(rows)} bars. {note}".strip()
    return svg.picture(WIDTH, height, [*parts, axis, *key], title, description, kind="bars", standalone=standalone)
