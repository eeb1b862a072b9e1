"""The picture of who is tied to whom: actors and works as marks, the ties of two as a bundle of lines with their words.

Sides of a conflict that oppose each other stand left and right. Of a large graph, the strongest things and ties are
drawn, and a sentence says how many are left out.
"""

from collections.abc import Iterable, Sequence
from itertools import accumulate

from pyoxigraph import NamedNode

from kg.pictures import bundles, labels, layout, legend, svg
from kg.pictures.bundles import RADIUS, Bundle, Link, Strand
from kg.pictures.svg import LABEL, LEADING, NAME, NOTE, Point
from kg.pictures.ties import Ties
from kg.provenance.context import Context
from kg.text import phrases

MOST_THINGS, MOST_BUNDLES = 30, 40
WIDTH = 960.0
_NAME_WIDTH, _WORDS_WIDTH = 130.0, 150.0
_SPREAD = 4.0  # pixels between the lines of a bundle
_APART = 3.0  # and between the words of its lines
_FEWEST_WIDE, _WIDE_FOR_EACH = 320.0, 110.0  # pixels of a picture of few things
_SPARE, _MOST_TIES = 12, 16  # more pairs than are drawn, since some have no ties; ties of one pair that are read
_MOST_STRANDS = 96  # that are drawn, so that a page with the picture stays small
_MOST_LINES = 60  # of words; where there are more, each family of ties has one line with its name


def network(context: Context | Ties, *, standalone: bool = True, width: float = WIDTH, link: Link | None = None) -> str:
    """The picture of a whole graph, as SVG: its strongest things and ties.

    A picture that is not `standalone` is for a page with the style and the paper of its own (`kg.pictures.style`);
    `link` gives the address of a thing there.
    Raises UsageError where rustworkx is not installed.
    """
    ties = context if isinstance(context, Ties) else Ties(context)
    strength: dict[str, int] = {}
    for iri, ends in ties.rough.items():
        others = {iri, *ends} if ties.is_end(NamedNode(iri)) else {*ends}
        for end in others if len(others) > 1 else ():
            strength[end] = strength.get(end, 0) + 1 + ends.get(end, 0)
    strongest = sorted(strength, key=lambda iri: (-strength[iri], iri))[:MOST_THINGS]
    stated, pairs = ties.among(strongest, MOST_BUNDLES + _SPARE, _MOST_TIES)
    found = bundles.bundled(stated)
    if compact := sum(len(bundle.strands) for bundle in found[:MOST_BUNDLES]) > _MOST_LINES:
        found = bundles.bundled(stated, compact=True)
    strands = accumulate(len(bundle.strands) for bundle in found[:MOST_BUNDLES])
    drawn = found[: max(sum(number <= _MOST_STRANDS for number in strands), 1)]
    things = sorted({end for bundle in drawn for end in (bundle.first, bundle.second)})
    title = "Who is tied to whom"
    left_out = _left_out(len(things), len(strength), len(drawn), len(found), pairs)
    return _Drawing(ties, drawn, width, link, compact=compact).picture(title, left_out, standalone=standalone)


def of_bundles(ties: Ties, drawn: Sequence[Bundle], title: str, note: str) -> str:
    """The picture of some bundles, as SVG, with a note beneath that says what it shows."""
    compact = sum(len(bundle.strands) for bundle in drawn) > _MOST_LINES
    return _Drawing(ties, drawn, WIDTH, None, compact=compact).picture(title, note, standalone=True)


def _left_out(things: int, of_things: int, bundles: int, of_bundles: int, pairs: int) -> str:
    """How much is not drawn, in a sentence; of many `pairs`, not all are read."""
    if not things:
        return "This graph states no ties between actors or works."
    if of_things <= MOST_THINGS:
        others = of_things - things
        told = f"All {things} actors and works that are tied to another" + f"; {others} more are not" * bool(others)
    else:
        told = f"Of the {of_things} actors and works of this graph, {things} of those of which most passages tell"
    if pairs > MOST_BUNDLES + _SPARE:
        told += f"; of about {pairs} pairs of them with ties, the {bundles} strongest"
    elif bundles < of_bundles:
        told += f"; of the {of_bundles} pairs of them with ties, the {bundles} strongest"
    return f"{told}. Words are read along the arrow; ×2 means two ties."


class _Drawing:
    def __init__(
        self, ties: Ties, drawn: Sequence[Bundle], width: float, link: Link | None, *, compact: bool = False
    ) -> None:
        self.compact, self.link = compact, link
        self.ties, self.bundles, self.width = ties, drawn, width
        self.things = {iri: ties.thing(iri) for iri in sorted({x for b in drawn for x in (b.first, b.second)})}
        self.sides = ties.sides(self.things)
        self.names = {iri: labels.wrapped(t.name, _NAME_WIDTH, NAME, lines=3) for iri, t in self.things.items()}
        self.words = [self._block(bundle) for bundle in drawn]
        self.weights = dict.fromkeys(self.things, 0)
        for bundle in drawn:
            for end in (bundle.first, bundle.second):
                self.weights[end] += bundle.weight

    def _block(self, bundle: Bundle) -> list[tuple[Strand, list[str]]]:
        """The words of each strand, in lines."""
        return [(strand, self._lines_of(strand)) for strand in bundle.strands]

    def _lines_of(self, strand: Strand) -> list[str]:
        told = labels.printable(bundles.words(strand, compact=self.compact))
        return labels.wrapped(told, _WORDS_WIDTH, LABEL, lines=2 + (bool(strand.speaker) and not self.compact))

    def _radius(self, iri: str) -> float:
        return RADIUS[self.things[iri].kind] * (1 + min(self.weights[iri], 40) / 100)

    def _body(self, iri: str) -> layout.Body:
        radius, (across, down) = self._radius(iri), svg.size_of(self.names[iri], NAME, bold=True)
        height = 2 * radius + 3 + down
        members = [group["members"] for group in self.sides.values()]
        side = -1 if members and iri in members[0] else 1 if members and iri in members[1] else 0
        return layout.Body(max(across, 2 * radius), height, side, radius - height / 2, is_thing=True)

    def picture(self, title: str, note: str, *, standalone: bool) -> str:
        """The whole picture."""
        top = 46.0 if self.sides else 8.0
        room = min(120.0 + 15 * len(self.things) + 8 * sum(len(block) for block in self.words), 900.0)
        numbers = {iri: number for number, iri in enumerate(self.things)}
        bodies = [self._body(iri) for iri in self.things]
        links = []
        for bundle, block in zip(self.bundles, self.words, strict=True):
            across, down = svg.size_of([line for _, lines in block for line in lines], LABEL)
            body = layout.Body(across + 6, down + _APART * (len(block) - 1))
            thick = len(bundle.strands) * _SPREAD
            links.append(layout.Link(numbers[bundle.first], numbers[bundle.second], body, thick))
        narrow = min(self.width, _FEWEST_WIDE + _WIDE_FOR_EACH * len(bodies))
        room = layout.place(bodies, links, narrow, room)
        for body in [*bodies, *(link.words for link in links)]:
            body.x += (self.width - narrow) / 2
        for body in [*bodies, *(link.words for link in links)]:
            body.y += top
        at = dict(zip(self.things, bodies, strict=True))
        lines = [
            self._lines(b, at[b.first], at[b.second], link.words) for b, link in zip(self.bundles, links, strict=True)
        ]
        texts = [
            self._texts(b, block, link.words) for b, block, link in zip(self.bundles, self.words, links, strict=True)
        ]
        marks = [self._mark(iri, body) for iri, body in at.items()]
        key, height = legend.rows(bundles.keys(self.bundles, self.things.values()), note, top + room + 16, self.width)
        parts = [*self._headings(), *lines, *texts, *marks, *key]
        description = f"{len(self.things)} things, {len(self.bundles)} pairs of them with ties. {note}"
        return svg.picture(
            self.width, height, parts, title, description, kind="network", standalone=standalone, linked=bool(self.link)
        )

    def _headings(self) -> Iterable[str]:
        for number, side in enumerate(self.sides):
            name = phrases.sentence_case(self.ties.thing(side).name)
            label = labels.shortened(name, self.width * 0.44, NOTE * 1.1)
            x, anchor = ((10.0, "start"), (self.width - 10, "end"))[number]
            yield svg.text(Point(x, 20), label, class_="head quiet", text_anchor=anchor)
            end = self.width * (0.36, 0.64)[number]
            yield svg.element("line", x1=x, y1=28, x2=end, y2=28, class_="line rule")

    def _lines(self, bundle: Bundle, first: layout.Body, second: layout.Body, middle: layout.Body) -> str:
        """The lines of a bundle, beside each other, on both sides of its words."""
        a, b, c = first.point, second.point, middle.point
        away = a.to(b) or 1.0
        x, y = (b.y - a.y) / away, (a.x - b.x) / away
        spread = min(_SPREAD, 2.2 * self._radius(bundle.first) / len(bundle.strands))
        found = []
        for number, strand in enumerate(bundle.strands):
            shift = (number - (len(bundle.strands) - 1) / 2) * spread
            curve = svg.Curve(*(Point(p.x + x * shift, p.y + y * shift) for p in (a, c, b)))
            found.append(self._strand(strand, bundle, curve, middle))
        return "".join(found)

    def _strand(self, strand: Strand, bundle: Bundle, curve: svg.Curve, middle: layout.Body) -> str:
        away = max(curve.start.to(curve.end), 1.0)
        start = min((self._radius(bundle.first) + 3) / away, 0.4)
        end = 1 - min((self._radius(bundle.second) + 3) / away, 0.4)
        enters, leaves = curve.meets(middle.box) or (0.5, 0.5)
        shares = [(first, last) for first, last in ((start, enters), (leaves, end)) if last - first > 0.01]
        parts = bundles.line(strand, (curve.part(first, last).path() for first, last in shares))
        form = bundles.form_of(strand)
        if bundles.points_to(strand, bundle.second):
            parts.append(svg.arrow(curve.at(end), curve.at(end - 0.08), 8, form))
        if bundles.points_to(strand, bundle.first):
            parts.append(svg.arrow(curve.at(start), curve.at(start + 0.08), 8, form))
        return svg.element("g", *parts, **bundles.data(strand, bundle, "tie"))

    def _texts(self, bundle: Bundle, block: list[tuple[Strand, list[str]]], body: layout.Body) -> str:
        found, y = [], body.box.top + LABEL * 0.95
        for strand, lines in block:
            text = svg.lines_of_text(
                Point(body.x, y), lines, LABEL, class_=f"label halo {strand.family}", text_anchor="middle"
            )
            hover = svg.hover(bundles.sentences(strand))
            found.append(svg.element("g", hover, text, **bundles.data(strand, bundle, "words")))
            y += len(lines) * LABEL * LEADING + _APART
        return "".join(found)

    def _mark(self, iri: str, body: layout.Body) -> str:
        thing, radius, lines = self.things[iri], self._radius(iri), self.names[iri]
        below = body.anchor < 0
        y = body.point.y + radius + 3 + NAME * 0.85 if below else body.box.top + NAME * 0.85
        name = svg.lines_of_text(Point(body.x, y), lines, NAME, class_="name halo", text_anchor="middle")
        mark = svg.mark(thing.kind, body.point, radius, "hollow" if thing.planned else "solid")
        return bundles.thing(thing, [mark, name], self.link)
