"""The neighbourhood of a thing: what it is tied to, as a fan that reads from left to right like the sentences it draws.

Left stand those who act on the thing, right those on whom it acts; what is mutual stands where there is room. No force
places them: a picture costs little, and each page of a thing can have one.
"""

from collections.abc import Sequence
from typing import NamedTuple

from kg.pictures import bundles, labels, legend, svg
from kg.pictures.bundles import RADIUS, Bundle, Link, Strand
from kg.pictures.families import FAMILIES
from kg.pictures.svg import LABEL, LEADING, NAME, Point
from kg.pictures.ties import Ties
from kg.provenance.context import Context

MOST = 24  # things around one
_MOST_LINES = 44  # to them; where there are more, each family of ties of two things has one
WIDTH = 840.0
_NARROW = 520.0  # in a picture narrower than this, all stand beneath each other
_ROW_GAP, _PAD, _ARROW = 11.0, 14.0, 8.0
_FAMILIES = [*FAMILIES]


class _Row(NamedTuple):
    """A neighbour with the lines of its name, and the strands to it with the lines of their words."""

    iri: str
    bundle: Bundle
    name: list[str]
    words: list[tuple[Strand, list[str]]]

    @property
    def height(self) -> float:
        """What the row takes, in pixels."""
        strands = sum(_high(lines) for _, lines in self.words)
        return max(strands, len(self.name) * NAME * LEADING)


def neighbourhood(
    context: Context | Ties,
    iri: str,
    *,
    standalone: bool = True,
    width: float = WIDTH,
    link: Link | None = None,
    most: int = MOST,
) -> str:
    """The picture of what a thing is tied to, as SVG: its strongest ties, to at most so many things.

    A picture that is not `standalone` is for a page with the style and the paper of its own (`kg.pictures.style`);
    `link` gives the address of a thing there. A narrow one is drawn for a narrow screen.
    """
    return neighbourhood_in(context, iri, (width,), standalone=standalone, link=link, most=most)[0]


def neighbourhood_in(
    context: Context | Ties,
    iri: str,
    widths: Sequence[float],
    *,
    standalone: bool = True,
    link: Link | None = None,
    most: int = MOST,
) -> list[str]:
    """As `neighbourhood`, in several widths."""
    ties = context if isinstance(context, Ties) else Ties(context)
    stated, is_all = ties.around(iri)
    found = bundles.bundled(stated)
    if sum(len(bundle.strands) for bundle in found[:most]) > _MOST_LINES:
        found = bundles.bundled(stated, compact=True)
    drawn = found[:most]
    return [_Drawing(ties, iri, drawn, w, link).picture(len(found), is_all, standalone=standalone) for w in widths]


class _Drawing:
    def __init__(self, ties: Ties, iri: str, drawn: Sequence[Bundle], width: float, link: Link | None) -> None:
        self.ties, self.thing, self.bundles, self.width, self.link = ties, ties.thing(iri), drawn, width, link
        self.is_narrow = width < _NARROW
        self.named = width * 0.6 - 104 if self.is_narrow else width * 0.16
        self.worded = width * (0.4 if self.is_narrow else 0.16)
        self.hub = labels.wrapped(self.thing.name, width * (0.7 if self.is_narrow else 0.13), NAME, lines=3)

    def picture(self, of: int, is_all: bool, *, standalone: bool) -> str:
        """The whole picture."""
        columns = self._columns()
        parts, bottom = self._narrow(columns) if self.is_narrow else self._wide(columns)
        around = [self.ties.thing(row.iri) for column in columns for row in column]
        marks, _, certainty = bundles.keys(self.bundles, [self.thing, *around])
        keys = [[*marks, *certainty]] if around else []
        key, height = legend.rows(keys, self._note(of, is_all), bottom + 18, self.width)
        name = self.thing.name
        text = f"{len(self.bundles)} of {of} things to which {name} is tied." if of else f"Nothing is tied to {name}."
        kind = "neighbourhood-narrow" if self.is_narrow else "neighbourhood"
        values = {"kind": kind, "standalone": standalone, "linked": bool(self.link)}
        return svg.picture(self.width, height, [*parts, *key], f"Ties of {name}", text, **values)  # type: ignore[arg-type]

    def _note(self, of: int, is_all: bool) -> str:
        if not of:
            return f"No statement ties {self.thing.name} to another thing."
        many = f"the {of}" if is_all else f"more than {of}"
        left_out = f"{len(self.bundles)} of {many} things tied to it: those of which most passages tell. "
        return left_out * (len(self.bundles) < of or not is_all) + "Words are read along the arrow; ×2 means two ties."

    def _columns(self) -> tuple[list[_Row], list[_Row]]:
        """Who acts on the thing, and on whom it acts, by family, the strongest first; the mutual where fewer stand."""
        sides: tuple[list[_Row], list[_Row]] = ([], [])
        mutual: list[_Row] = []
        for bundle in self.bundles:
            row = self._row(bundle)
            into = sum(len(s.ties) for s in bundle.strands if bundles.points_to(s, self.thing.iri))
            out = sum(len(s.ties) for s in bundle.strands if bundles.points_to(s, row.iri))
            (sides[0] if into > out else sides[1] if out > into else mutual).append(row)
        for row in mutual:
            min(sides, key=lambda rows: sum(r.height for r in rows)).append(row)
        for rows in sides:
            rows.sort(key=lambda r: (_FAMILIES.index(r.bundle.strands[0].family), -r.bundle.weight, r.iri))
        return sides

    def _row(self, bundle: Bundle) -> _Row:
        other = bundle.first if bundle.second == self.thing.iri else bundle.second
        words = [(s, labels.wrapped(bundles.words(s), self.worded - _ARROW - 4, LABEL)) for s in bundle.strands]
        return _Row(other, bundle, labels.wrapped(self.ties.thing(other).name, self.named / 1.1, NAME), words)

    # Two columns around the thing

    def _wide(self, columns: tuple[list[_Row], list[_Row]]) -> tuple[list[str], float]:
        heights = [sum(row.height + _ROW_GAP for row in rows) for rows in columns]
        hub_wide, hub_high = svg.size_of(self.hub, NAME, bold=True)
        room = max(*heights, hub_high + 40)
        middle = Point(self.width / 2, _PAD + room / 2)
        parts = []
        for rows, height, way in zip(columns, heights, (-1, 1), strict=True):
            y = middle.y - height / 2
            for row in rows:
                y += _ROW_GAP / 2
                parts.append(self._fan(row, y, middle, hub_wide / 2 + 10, way))
                y += row.height + _ROW_GAP / 2
        radius = RADIUS[self.thing.kind] * 1.2
        top = middle.y - (2 * radius + 4 + hub_high) / 2
        form = "hollow" if self.thing.planned else "solid"
        mark = svg.mark(self.thing.kind, Point(middle.x, top + radius), radius, form)
        start = Point(middle.x, top + 2 * radius + 4 + NAME * 0.85)
        name = svg.lines_of_text(start, self.hub, NAME, class_="name halo", text_anchor="middle")
        return [*parts, bundles.thing(self.thing, [mark, name], None)], _PAD + room

    def _fan(self, row: _Row, top: float, middle: Point, inner: float, way: int) -> str:
        """A neighbour in a column, left (-1) or right (1), with the lines to it."""
        radius = RADIUS[self.ties.thing(row.iri).kind] * 0.85
        at = Point(middle.x + way * (self.width / 2 - self.named - radius - 14), top + row.height / 2)
        outer, near = at.x - way * (radius + 3), at.x - way * (radius + 13)
        start = Point(middle.x + way * inner, middle.y)
        found, y = list[str](), at.y - sum(_high(lines) for _, lines in row.words) / 2
        for number, (strand, lines) in enumerate(row.words):
            own = Point(near, y + _high(lines) / 2)
            shift = (number - (len(row.words) - 1) / 2) * min(4.0, 2 * radius / len(row.words))
            wide = svg.size_of(lines, LABEL)[0]
            far = near - way * (wide + 8 + _ARROW)
            end = Point(outer, at.y + shift)
            edge = Point(near - way * (self.worded + 8 + _ARROW), own.y)
            x = start.x + (edge.x - start.x) * 0.5
            path = f"M{_at(start)}C{_at(Point(x, start.y))} {_at(Point(x, edge.y))} {_at(edge)}H{svg.number(far)}"
            found.append(self._strand(row, strand, lines, path, [Point(far, own.y), own, end], way))
            y += _high(lines)
        y = at.y - len(row.name) * NAME * LEADING / 2 + NAME * 0.95
        anchor = "end" if way < 0 else "start"
        x = at.x + way * (radius + 6)
        name = svg.lines_of_text(Point(x, y), row.name, NAME, class_="name", text_anchor=anchor)
        return "".join(found) + self._mark(row, at, radius, name)

    def _mark(self, row: _Row, at: Point, radius: float, name: str) -> str:
        thing = self.ties.thing(row.iri)
        mark = svg.mark(thing.kind, at, radius, "hollow" if thing.planned else "solid")
        return bundles.thing(thing, [mark, name], self.link)

    def _strand(self, row: _Row, strand: Strand, lines: list[str], path: str, points: list[Point], way: int) -> str:
        """A line from the thing to the words, and from these to the mark, with the words between."""
        far, near, end = points
        parts = bundles.line(strand, [path, f"M{_at(near)}L{_at(end)}"])
        form = bundles.form_of(strand)
        if bundles.points_to(strand, row.iri):
            parts.append(svg.arrow(end, near, _ARROW, form))
        if bundles.points_to(strand, self.thing.iri):
            tip = Point(far.x, far.y)
            parts.append(svg.arrow(tip, Point(far.x + way * _ARROW, far.y), _ARROW, form))
        middle = (near.x + far.x + way * _ARROW * 0.6) / 2
        y = far.y - _high(lines) / 2 + LABEL * 1.02
        parts.append(
            svg.lines_of_text(Point(middle, y), lines, LABEL, class_=f"label {strand.family}", text_anchor="middle")
        )
        if self.is_narrow:  # on a phone nobody points at a line
            return svg.element("g", *parts, class_="tie", data_family=strand.family, data_form=strand.form)
        return svg.element("g", svg.hover(bundles.sentences(strand)), *parts, **bundles.data(strand, row.bundle, "tie"))

    # Beneath each other, for a narrow screen

    def _narrow(self, columns: tuple[list[_Row], list[_Row]]) -> tuple[list[str], float]:
        radius = RADIUS[self.thing.kind] * 1.2
        at = Point(_PAD + radius, _PAD + radius)
        form = "hollow" if self.thing.planned else "solid"
        mark = svg.mark(self.thing.kind, at, radius, form)
        name = svg.lines_of_text(Point(at.x + radius + 8, at.y + NAME * 0.36), self.hub, NAME, class_="name")
        y = at.y + max(radius, (len(self.hub) - 0.5) * NAME * LEADING) + _ROW_GAP
        parts = [bundles.thing(self.thing, [mark, name], None)]
        for row in (row for rows in columns for row in rows):
            parts.append(self._branch(row, y, at))
            y += row.height + _ROW_GAP
        trunk = f"M{svg.number(at.x)} {svg.number(at.y + radius + 3)}V{svg.number(y - _ROW_GAP)}"
        return [svg.element("path", d=trunk, class_="line rule", stroke_width=1.5), *parts], y

    def _branch(self, row: _Row, top: float, trunk: Point) -> str:
        small = RADIUS[self.ties.thing(row.iri).kind] * 0.85
        at = Point(trunk.x + 20 + self.worded + 26 + small, top + row.height / 2)
        found, y = list[str](), at.y - sum(_high(lines) for _, lines in row.words) / 2
        for number, (strand, lines) in enumerate(row.words):
            line = y + _high(lines) / 2
            wide = svg.size_of(lines, LABEL)[0]
            far, near = Point(trunk.x + 18, line), Point(trunk.x + 18 + wide + 8 + _ARROW, line)
            shift = (number - (len(row.words) - 1) / 2) * min(4.0, 2 * small / len(row.words))
            path, end = f"M{_at(Point(trunk.x, line))}H{svg.number(far.x)}", Point(at.x - small - 3, at.y + shift)
            found.append(self._strand(row, strand, lines, path, [far, near, end], 1))
            y += _high(lines)
        y = at.y - len(row.name) * NAME * LEADING / 2 + NAME * 0.95
        name = svg.lines_of_text(Point(at.x + small + 6, y), row.name, NAME, class_="name")
        return "".join(found) + self._mark(row, at, small, name)


def _high(lines: Sequence[str]) -> float:
    """The height of the words of a strand."""
    return len(lines) * LABEL * LEADING + 3


def _at(point: Point) -> str:
    return f"{svg.number(point.x)} {svg.number(point.y)}"
