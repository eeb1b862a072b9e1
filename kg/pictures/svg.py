"""Writes SVG: escaped elements, marks of certainty, arrows, and the style of all pictures, in light and dark.

A picture needs no script and loads nothing. Its classes are those of `style()`, which a picture carries itself unless a
page does; each part that a page may filter by has data attributes.
"""

import math
from collections.abc import Iterable, Sequence
from functools import lru_cache
from html import escape
from typing import NamedTuple

from kg.pictures.labels import Box, printable, width

NAME, LABEL, NOTE = 13.0, 11.0, 11.5  # sizes of type, in pixels
LEADING = 1.22  # from one line to the next, in sizes of type
_FONT = "system-ui,-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,'Noto Sans',sans-serif"
# Ink on paper has 15:1, each of the others at least 4.5:1; support and opposition differ for the colour-blind too.
_LIGHT = {
    "paper": "#fffefa",
    "ink": "#1c1b19",
    "quiet": "#5c5953",
    "faint": "#8f8b83",
    "rule": "#dcd8cf",
    "support": "#00695c",
    "opposition": "#a02c16",
    "accent": "#2a5a9b",
    "caution": "#8a6a00",
}
_DARK = {
    "paper": "#16171a",
    "ink": "#ecebe6",
    "quiet": "#aaa79f",
    "faint": "#85827a",
    "rule": "#3a3a3d",
    "support": "#5cc8b5",
    "opposition": "#ff9a6b",
    "accent": "#8db8f0",
    "caution": "#dcb352",
}
# The colour of each family of ties, the rest is ink; `kg.pictures.families` has the families.
_OF_FAMILY = {
    "support": "support",
    "opposition": "opposition",
    "cooperation": "accent",
    "agreement": "accent",
    "meeting": "caution",
    "office": "faint",
}
_FORMS = f"""
.kg-picture{{font-family:{_FONT};font-size:{LABEL}px}}
.kg-picture .name{{font-size:{NAME}px;font-weight:600}}
.kg-picture .note,.kg-picture .head{{font-size:{NOTE}px}}
.kg-picture .head{{font-weight:600}}
.kg-picture .halo{{paint-order:stroke;stroke-width:4px;stroke-linejoin:round}}
.kg-picture .line{{fill:none;stroke-linecap:butt}}
.kg-picture .inferred{{stroke-dasharray:6 4}}
.kg-picture .reported{{stroke-dasharray:.1 4.5;stroke-linecap:round}}
.kg-picture a:focus-visible text,.kg-picture a:hover text{{text-decoration:underline}}
"""
_COLOURS = """.kg-picture .paper,.kg-picture .hollow{{fill:{paper}}}
.kg-picture text,.kg-picture .solid,.kg-picture .arrow{{fill:{ink}}}
.kg-picture .quiet,.kg-picture .label{{fill:{quiet}}}
.kg-picture .line,.kg-picture .hollow{{stroke:{ink}}}
.kg-picture .rule{{stroke:{rule}}}
.kg-picture .faint{{stroke:{faint}}}
"""
_STROKES, _FILLS = ("line", "hollow"), ("arrow", "solid", "label")
_LAST = """.kg-picture .background.line,.kg-picture .background.hollow{{stroke:{faint}}}
.kg-picture .background.solid,.kg-picture .background.arrow{{fill:{faint}}}
.kg-picture .halo,.kg-picture .gap.line{{stroke:{paper}}}
"""


class Point(NamedTuple):
    """A point in the pixels of the picture; y grows downwards."""

    x: float
    y: float

    def to(self, other: "Point") -> float:
        """How far another point is; by a square root, which every machine rounds alike."""
        x, y = self.x - other.x, self.y - other.y
        return math.sqrt(x * x + y * y)


def style() -> str:
    """The style of all pictures, as CSS; every selector begins with `.kg-picture`."""
    dark = _coloured(_DARK)
    return f"{_FORMS.lstrip()}{_coloured(_LIGHT)}@media (prefers-color-scheme:dark){{\n{dark}}}\n"


def _coloured(palette: dict[str, str]) -> str:
    rules = []
    for family, colour in _OF_FAMILY.items():
        fills = _FILLS[:2] if colour == "faint" else _FILLS  # which is too pale for words
        for names, what in ((_STROKES, "stroke"), (fills, "fill")):
            selectors = ",".join(f".kg-picture .{family}.{name}" for name in names)
            rules.append(f"{selectors}{{{what}:{palette[colour]}}}\n")
    return _COLOURS.format(**palette) + "".join(rules) + _LAST.format(**palette)


def number(value: float) -> str:
    """A coordinate with at most one decimal: `12`, `12.5`."""
    return f"{round(value + 0.0, 1):g}" if abs(value) < 100_000 else str(round(value))


def attributes(values: dict[str, object]) -> str:
    """Attributes, escaped; numbers as coordinates, none for None. `class_` and `data_x` are `class` and `data-x`."""
    found = []
    for name, value in values.items():
        if isinstance(value, int | float):
            found.append(f'{_attribute(name)}{number(value)}"')
        elif value is not None:
            found.append(f'{_attribute(name)}{_escaped(str(value))}"')
    return "".join(found)


@lru_cache(maxsize=1_000)
def _attribute(name: str) -> str:
    return f' {name.rstrip("_").replace("_", "-")}="'


@lru_cache(maxsize=20_000)
def _escaped(line: str) -> str:
    """Words as they stand in a picture; the same ones stand in many."""
    return escape(printable(line))


def element(name: str, *children: str, **values: object) -> str:
    """An element; its children are markup already."""
    inner = "".join(children)
    return f"<{name}{attributes(values)}>{inner}</{name}>" if inner else f"<{name}{attributes(values)}/>"


def hover(text: str) -> str:
    """What an element shows while it is pointed at, and what a screen reader says of it."""
    lines = "\n".join(_escaped(line) for line in text.split("\n"))
    return f"<title>{lines}</title>" if text else ""


def lines_of_text(at: Point, lines: Sequence[str], size: float, **values: object) -> str:
    """Lines of text beneath each other, the first with its base line at a point."""
    found = []
    for number_, line in enumerate(lines):
        y = at.y + number_ * size * LEADING
        found.append(element("text", _escaped(line), x=at.x, y=y, **values))
    return "".join(found)


def text(at: Point, line: str, **values: object) -> str:
    """A line of text with its base line at a point."""
    return element("text", _escaped(line), x=at.x, y=at.y, **values)


def size_of(lines: Sequence[str], size: float, *, bold: bool = False) -> tuple[float, float]:
    """The width and height of lines of text; bold type is a tenth wider."""
    return max((width(line, size) for line in lines), default=0) * (1.1 if bold else 1), len(lines) * size * LEADING


def mark(kind: str, at: Point, radius: float, form: str) -> str:
    """A thing: a state is a circle, a person a small one, an organisation a square, a project a diamond.

    Any other is a triangle. `form` has the classes, such as `solid` or `hollow`.
    """
    r = radius
    stroke = 1.6 if "hollow" in form else None
    if kind == "organisation":
        return element("rect", x=at.x - r, y=at.y - r, width=2 * r, height=2 * r, class_=form, stroke_width=stroke)
    if kind in ("project", "thing"):
        corners = [(at.x, at.y - r), (at.x + r, at.y), (at.x, at.y + r), (at.x - r, at.y)]
        corners = (
            corners if kind == "project" else [(at.x, at.y - r), (at.x + r, at.y + r * 0.8), (at.x - r, at.y + r * 0.8)]
        )
        points = " ".join(f"{number(x)},{number(y)}" for x, y in corners)
        return element("polygon", points=points, class_=form, stroke_width=stroke)
    return element("circle", cx=at.x, cy=at.y, r=r, class_=form, stroke_width=stroke)


class Curve(NamedTuple):
    """A quadratic Bézier curve that passes `through` a point half-way."""

    start: Point
    through: Point
    end: Point

    @property
    def control(self) -> Point:
        """The control point."""
        x, y = (self.start.x + self.end.x) / 2, (self.start.y + self.end.y) / 2
        return Point(2 * self.through.x - x, 2 * self.through.y - y)

    def at(self, share: float) -> Point:
        """The point at a share of its way, 0 to 1."""
        a, b, c = (1 - share) * (1 - share), 2 * share * (1 - share), share * share
        x, y = self.control
        return Point(a * self.start.x + b * x + c * self.end.x, a * self.start.y + b * y + c * self.end.y)

    def part(self, first: float, last: float) -> "Curve":
        """The part between two shares of its way."""
        return Curve(self.at(first), self.at((first + last) / 2), self.at(last))

    def path(self) -> str:
        """Its path data."""
        points = (self.start, self.control, self.end)
        start, control, end = (f"{number(p.x)} {number(p.y)}" for p in points)
        return f"M{start}Q{control} {end}"

    def meets(self, box: Box, steps: int = 48) -> tuple[float, float] | None:
        """The shares of its way at which it enters and leaves a box; None where it does not meet it."""
        inside = [
            step
            for step in range(steps + 1)
            if box.left <= (p := self.at(step / steps)).x <= box.right and box.top <= p.y <= box.bottom
        ]
        return (max(inside[0] - 1, 0) / steps, min(inside[-1] + 1, steps) / steps) if inside else None


def arrow(tip: Point, behind: Point, size: float, form: str) -> str:
    """A head of an arrow that comes from a point `behind`."""
    away = tip.to(behind) or 1.0
    x, y = (tip.x - behind.x) / away, (tip.y - behind.y) / away
    base = Point(tip.x - x * size, tip.y - y * size)
    corners = [tip, Point(base.x - y * size * 0.42, base.y + x * size * 0.42)]
    corners.append(Point(base.x + y * size * 0.42, base.y - x * size * 0.42))
    return element("polygon", points=" ".join(f"{number(c.x)},{number(c.y)}" for c in corners), class_=f"arrow {form}")


def picture(
    width: float,
    height: float,
    parts: Iterable[str],
    title: str,
    description: str,
    *,
    kind: str,
    standalone: bool = True,
    linked: bool = False,
) -> str:
    """A whole picture. Its parts are markup; one with links is a group of them, any other an image.

    A `standalone` one has its own style and paper, and can be saved as a file; another is for a page that has both.
    """
    own = (
        [f"<style>{style()}</style>", element("rect", width=width, height=height, class_="paper")] if standalone else []
    )
    values: dict[str, object] = {
        "viewBox": f"0 0 {number(width)} {number(height)}",
        "width": width,
        "height": height,
        "class": f"kg-picture {kind}",
        "role": "group" if linked else "img",
        "aria_labelledby": f"kg-{kind}-title",
        "aria_describedby": f"kg-{kind}-description",
    }
    names = f'<title id="kg-{kind}-title">{_escaped(title)}</title>'
    names += f'<desc id="kg-{kind}-description">{_escaped(description)}</desc>'
    body = "\n".join(["", names, *own, *parts, ""])
    return f'<svg xmlns="http://www.w3.org/2000/svg"{attributes(values)}>{body}</svg>\n'
