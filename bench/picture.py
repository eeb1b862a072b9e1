"""A picture of growth as SVG: seconds by triples, both by powers of ten, a line for each contender."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape

from bench.results import seconds

_WIDTH, _HEIGHT, _LEFT, _TOP, _RIGHT, _BOTTOM = 720, 360, 70, 44, 170, 44
_COLOURS = ("#1b6ca8", "#d1603d", "#4f8a3c", "#7a5195", "#8a8a8a")


@dataclass(frozen=True)
class Line:
    """A contender and its (triples, seconds)."""

    name: str
    points: tuple[tuple[float, float], ...]


def growth(title: str, lines: Sequence[Line]) -> str:
    """The picture. It carries its own white ground, so that it can be read on a dark page."""
    across = _Scale([x for line in lines for x, _ in line.points], _LEFT, _WIDTH - _RIGHT)
    up = _Scale([y for line in lines for _, y in line.points], _HEIGHT - _BOTTOM, _TOP)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" font-family="sans-serif"'
        f' font-size="12" role="img"><title>{escape(title)}</title>',
        f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="#ffffff"/>',
        *_grid(across, up),
        *(part for i, line in enumerate(lines) for part in _line(line, across, up, _COLOURS[i % len(_COLOURS)])),
        *_names(lines, up),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


class _Scale:
    """From values to places in the picture, by powers of ten."""

    def __init__(self, values: Sequence[float], start: float, end: float) -> None:
        self.low = math.floor(math.log10(min(values)))
        self.high = max(math.ceil(math.log10(max(values))), self.low + 1)
        self._start, self._end = start, end

    def place(self, value: float) -> float:
        share = (math.log10(value) - self.low) / (self.high - self.low)
        return round(self._start + share * (self._end - self._start), 1)

    @property
    def powers(self) -> list[float]:
        return [10.0**power for power in range(self.low, self.high + 1)]


def _grid(across: _Scale, up: _Scale) -> Iterator[str]:
    for power in up.powers:
        y = up.place(power)
        yield f'<line x1="{_LEFT}" y1="{y}" x2="{_WIDTH - _RIGHT}" y2="{y}" stroke="#dddddd"/>'
        yield f'<text x="{_LEFT - 8}" y="{y + 4}" text-anchor="end" fill="#444444">{seconds(power)}</text>'
    for power in across.powers:
        x = across.place(power)
        yield f'<line x1="{x}" y1="{_TOP}" x2="{x}" y2="{_HEIGHT - _BOTTOM}" stroke="#dddddd"/>'
        yield f'<text x="{x}" y="{_HEIGHT - _BOTTOM + 18}" text-anchor="middle" fill="#444444">{power:,.0f}</text>'
    middle = (_LEFT + _WIDTH - _RIGHT) / 2
    yield f'<text x="{middle}" y="{_HEIGHT - 8}" text-anchor="middle" fill="#444444">triples</text>'


def _line(line: Line, across: _Scale, up: _Scale, colour: str) -> Iterator[str]:
    places = [(across.place(x), up.place(y)) for x, y in sorted(line.points)]
    path = " ".join(f"{x},{y}" for x, y in places)
    yield f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>'
    yield from (f'<circle cx="{x}" cy="{y}" r="3" fill="{colour}"/>' for x, y in places)


def _names(lines: Sequence[Line], up: _Scale) -> Iterator[str]:
    """Each name beside the end of its line, moved down where two would meet."""
    ends = sorted((up.place(max(line.points)[1]), i, line.name) for i, line in enumerate(lines))
    last = -math.inf
    for y, i, name in ends:
        last = max(y, last + 16)
        colour = _COLOURS[i % len(_COLOURS)]
        yield f'<text x="{_WIDTH - _RIGHT + 10}" y="{last + 4}" fill="{colour}">{escape(name)}</text>'
