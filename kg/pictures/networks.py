"""The picture of who is tied to whom: actors and works as marks, the ties of two as a bundle of lines with their words.

Sides of a conflict that oppose each other stand left and right. Of a large graph, the strongest things and ties are
drawn, and a sentence says how many are left out.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from pyoxigraph import NamedNode

from kg.pictures import labels, layout, legend, svg
from kg.pictures.svg import LABEL, LEADING, NAME, NOTE, Point
from kg.pictures.ties import ASSERTED, BACKED, FAMILIES, INFERRED, REPORTED, Thing, Tie, Ties
from kg.provenance.context import Context
from kg.text import phrases

MOST_THINGS, MOST_BUNDLES = 30, 40
WIDTH = 960.0
_NAME_WIDTH, _WORDS_WIDTH = 130.0, 150.0
_FORMS = (ASSERTED, REPORTED, BACKED, INFERRED)
_RADIUS = {"state": 10.0, "organisation": 7.5, "person": 5.0, "project": 9.0, "thing": 5.0}
_KINDS = {"state": "state", "organisation": "organisation", "person": "person", "project": "project", "thing": "other"}
_SPREAD = 4.0  # pixels between the lines of a bundle
_APART = 3.0  # and between the words of its lines
_MOST_LINES = 60  # of words; where there are more, each family of ties has one line with its name
_MOST_SENTENCES = 8  # shown of a strand while it is pointed at
_FAMILIES = [*FAMILIES]
_Groups = dict[tuple[str, str, str, bool, str], list[Tie]]  # by family, form, speaker, whether planned, and direction


class Strand(NamedTuple):
    """The ties of two things that are of one family and one form, drawn as one line; `ways` are its arrows."""

    family: str
    form: str
    ties: tuple[Tie, ...]
    planned: bool
    speaker: str

    @property
    def passages(self) -> int:
        """How many passages state one of its ties."""
        return sum(tie.passages for tie in self.ties)


class Bundle(NamedTuple):
    """All that ties two things, by IRI."""

    first: str
    second: str
    strands: tuple[Strand, ...]

    @property
    def weight(self) -> int:
        """What it weighs against others: passages, and each tie once."""
        return sum(strand.passages + len(strand.ties) for strand in self.strands)


def bundled(ties: Iterable[Tie], *, compact: bool = False) -> list[Bundle]:
    """Ties by the two things that they tie, the strongest first; in a `compact` bundle each family is one strand."""
    pairs: dict[tuple[str, str], _Groups] = {}
    for tie in ties:
        strands = pairs.setdefault((min(tie.source, tie.target), max(tie.source, tie.target)), {})
        way = f"{tie.about} {tie.source}" if tie.directed else ""
        strands.setdefault((tie.family, tie.form, tie.speaker, tie.planned, way), []).append(tie)
    found = []
    for pair, groups in pairs.items():
        kinds = _by_family(groups) if compact else groups
        lines = [Strand(f, form, tuple(ties), planned, by) for (f, form, by, planned, _), ties in kinds.items()]
        lines.sort(key=lambda s: (_FAMILIES.index(s.family), _FORMS.index(s.form), s.planned, s.speaker))
        found.append(Bundle(*pair, tuple(lines)))
    return sorted(found, key=lambda b: (-b.weight, b.first, b.second))


def _by_family(groups: _Groups) -> _Groups:
    """Groups of ties by their family alone, each in the most certain of their forms."""
    families: dict[str, list[Tie]] = {}
    for (family, *_), ties in groups.items():
        families.setdefault(family, []).extend(ties)
    found = {}
    for family, ties in families.items():
        form = min((tie.form for tie in ties), key=_FORMS.index)
        speakers = ", ".join(sorted({tie.speaker for tie in ties})) if form == REPORTED else ""
        found[family, form, speakers, all(tie.planned for tie in ties), ""] = ties
    return found


def words(strand: Strand, *, compact: bool = False) -> str:
    """What a strand is called: the words of one tie, or what several are and how many; `compact`: in few words."""
    told = dict.fromkeys(tie.words or tie.about for tie in strand.ties)
    kinds = dict.fromkeys(tie.about for tie in strand.ties)
    if len(kinds) == 1 and (compact or len(told) > 1):
        text = next(iter(kinds))
    elif len(told) == 1:
        text = next(iter(told))
    elif len(kinds) == 2 and not compact:
        text = " and ".join(kinds)
    else:
        text = FAMILIES[strand.family].split(" or ")[0]
    said = f"{text} ×{len(strand.ties)}" if len(strand.ties) > 1 else text
    return f"{strand.speaker}: {said}" if strand.speaker and not compact else said


def network(context: Context | Ties, *, standalone: bool = True, width: float = WIDTH) -> str:
    """The picture of a whole graph, as SVG: its strongest things and ties.

    A picture that is not `standalone` is for a page with the style and the paper of its own (`kg.pictures.style`).
    Raises UsageError where rustworkx is not installed.
    """
    ties = context if isinstance(context, Ties) else Ties(context)
    strength: dict[str, int] = {}
    for iri, ends in ties.rough.items():
        others = {iri, *ends} if ties.is_end(NamedNode(iri)) else {*ends}
        for end in others if len(others) > 1 else ():
            strength[end] = strength.get(end, 0) + 1 + ends.get(end, 0)
    strongest = sorted(strength, key=lambda iri: (-strength[iri], iri))[:MOST_THINGS]
    stated = ties.all(strongest)
    found = bundled(stated)
    if compact := sum(len(bundle.strands) for bundle in found[:MOST_BUNDLES]) > _MOST_LINES:
        found = bundled(stated, compact=True)
    drawn = found[:MOST_BUNDLES]
    things = sorted({end for bundle in drawn for end in (bundle.first, bundle.second)})
    title = "Who is tied to whom"
    left_out = _left_out(len(things), len(strength), len(drawn), len(found))
    return _Drawing(ties, drawn, width, compact=compact).picture(title, left_out, standalone=standalone)


def _left_out(things: int, of_things: int, bundles: int, of_bundles: int) -> str:
    """How much is not drawn, in a sentence."""
    if not things:
        return "This graph states no ties between actors or works."
    if of_things <= MOST_THINGS:
        others = of_things - things
        told = f"All {things} actors and works that are tied to another" + f"; {others} more are not" * bool(others)
    else:
        told = f"Of the {of_things} actors and works of this graph, {things} of those of which most passages tell"
    if bundles < of_bundles:
        told += f"; of the {of_bundles} pairs of them with ties, the {bundles} strongest"
    return f"{told}. Words are read along the arrow; ×2 means two ties."


class _Drawing:
    def __init__(self, ties: Ties, bundles: Sequence[Bundle], width: float, *, compact: bool = False) -> None:
        self.compact = compact
        self.ties, self.bundles, self.width = ties, bundles, width
        self.things = {iri: ties.thing(iri) for iri in sorted({x for b in bundles for x in (b.first, b.second)})}
        self.sides = ties.sides(self.things)
        self.names = {iri: labels.wrapped(t.name, _NAME_WIDTH, NAME, lines=3) for iri, t in self.things.items()}
        self.words = [self._block(bundle) for bundle in bundles]
        self.weights = dict.fromkeys(self.things, 0)
        for bundle in bundles:
            for end in (bundle.first, bundle.second):
                self.weights[end] += bundle.weight

    def _block(self, bundle: Bundle) -> list[tuple[Strand, list[str]]]:
        """The words of each strand, in lines."""
        return [(strand, self._lines_of(strand)) for strand in bundle.strands]

    def _lines_of(self, strand: Strand) -> list[str]:
        told = words(strand, compact=self.compact)
        return labels.wrapped(told, _WORDS_WIDTH, LABEL, lines=2 + (bool(strand.speaker) and not self.compact))

    def _radius(self, iri: str) -> float:
        return _RADIUS[self.things[iri].kind] * (1 + min(self.weights[iri], 40) / 100)

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
            links.append(layout.Link(numbers[bundle.first], numbers[bundle.second], body))
        room = layout.place(bodies, links, self.width, room)
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
        key, height = legend.rows(keys(self.bundles, self.things.values()), note, top + room + 16, self.width)
        parts = [*self._headings(), *lines, *texts, *marks, *key]
        description = f"{len(self.things)} things, {len(self.bundles)} pairs of them with ties. {note}"
        return svg.picture(self.width, height, parts, title, description, kind="network", standalone=standalone)

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
        away = ((a.x - b.x) ** 2 + (a.y - b.y) ** 2) ** 0.5 or 1.0
        x, y = (b.y - a.y) / away, (a.x - b.x) / away
        spread = min(_SPREAD, 2.2 * self._radius(bundle.first) / len(bundle.strands))
        found = []
        for number, strand in enumerate(bundle.strands):
            shift = (number - (len(bundle.strands) - 1) / 2) * spread
            curve = svg.Curve(*(Point(p.x + x * shift, p.y + y * shift) for p in (a, c, b)))
            found.append(self._strand(strand, bundle, curve, middle))
        return "".join(found)

    def _strand(self, strand: Strand, bundle: Bundle, curve: svg.Curve, middle: layout.Body) -> str:
        away = max(((curve.start.x - curve.end.x) ** 2 + (curve.start.y - curve.end.y) ** 2) ** 0.5, 1.0)
        start = min((self._radius(bundle.first) + 3) / away, 0.4)
        end = 1 - min((self._radius(bundle.second) + 3) / away, 0.4)
        enters, leaves = curve.meets(middle.box) or (0.5, 0.5)
        thick = round(min(1.2 + 0.35 * strand.passages**0.5, 2.8), 1)
        form = f"{strand.family} {strand.form}"
        parts = [svg.hover(_sentences(strand))]
        for first, last in ((start, enters), (leaves, end)):
            if last - first > 0.01:
                path = curve.part(first, last).path()
                outer = thick + 1.8 if strand.planned else thick
                parts.append(svg.element("path", d=path, class_=f"line {form}", stroke_width=outer))
                parts += [svg.element("path", d=path, class_="line gap", stroke_width=thick)] * strand.planned
        directed = [tie for tie in strand.ties if tie.directed]
        if any(tie.target == bundle.second for tie in directed):
            parts.append(svg.arrow(curve.at(end), curve.at(end - 0.08), 8, form))
        if any(tie.target == bundle.first for tie in directed):
            parts.append(svg.arrow(curve.at(start), curve.at(start + 0.08), 8, form))
        return svg.element("g", *parts, **_data(strand, bundle, "tie"))

    def _texts(self, bundle: Bundle, block: list[tuple[Strand, list[str]]], body: layout.Body) -> str:
        found, y = [], body.box.top + LABEL * 0.95
        for strand, lines in block:
            text = svg.lines_of_text(
                Point(body.x, y), lines, LABEL, class_=f"label halo {strand.family}", text_anchor="middle"
            )
            hover = svg.hover(_sentences(strand))
            found.append(svg.element("g", hover, text, **_data(strand, bundle, "words")))
            y += len(lines) * LABEL * LEADING + _APART
        return "".join(found)

    def _mark(self, iri: str, body: layout.Body) -> str:
        thing, radius, lines = self.things[iri], self._radius(iri), self.names[iri]
        below = body.anchor < 0
        y = body.point.y + radius + 3 + NAME * 0.85 if below else body.box.top + NAME * 0.85
        name = svg.lines_of_text(Point(body.x, y), lines, NAME, class_="name halo", text_anchor="middle")
        mark = svg.mark(thing.kind, body.point, radius, "hollow" if thing.planned else "solid")
        hover = svg.hover(f"{thing.name} ({thing.classes})" if thing.classes else thing.name)
        return svg.element("g", hover, mark, name, class_="thing", data_iri=iri, data_kind=thing.kind)


def _sentences(strand: Strand) -> str:
    """The ties of a strand in sentences, those of which most passages tell first."""
    told = [*dict.fromkeys(t.sentence for t in sorted(strand.ties, key=lambda t: (-t.passages, t.stated_by)))]
    more = [f"and {len(told) - _MOST_SENTENCES} more"] if len(told) > _MOST_SENTENCES else []
    return "\n".join([*told[:_MOST_SENTENCES], *more])


def _data(strand: Strand, bundle: Bundle, kind: str) -> dict[str, object]:
    """The class and the data attributes of what is drawn of a strand, by which a page filters and follows it."""
    days = [day for tie in strand.ties for day in tie.days if day]
    return {
        "class_": kind,
        "data_family": strand.family,
        "data_form": strand.form,
        "data_planned": "planned" if strand.planned else None,
        "data_first": bundle.first,
        "data_second": bundle.second,
        "data_from": min(days, default=None),
        "data_to": max(days, default=None),
        "data_ties": " ".join(dict.fromkeys(tie.stated_by for tie in strand.ties)),
    }


_FORM_WORDS = {
    ASSERTED: "an article says so",
    REPORTED: "somebody is quoted",
    BACKED: "background",
    INFERRED: "inferred",
}


def keys(bundles: Iterable[Bundle], things: Iterable[Thing]) -> list[list[legend.Entry]]:
    """The legend of what is drawn: kinds of things, families of ties, and how each is known."""
    kinds, strands = {thing.kind for thing in things}, [strand for bundle in bundles for strand in bundle.strands]
    families, forms = {strand.family for strand in strands}, {strand.form for strand in strands}
    marks = [
        legend.Entry(svg.mark(k, Point(7, 0), _RADIUS[k] * 0.7, "solid"), _KINDS[k], {"data_kind": k}, 20)
        for k in _RADIUS
        if k in kinds
    ]
    lines = [legend.Entry(legend.line(f), words, {"data_family": f}) for f, words in FAMILIES.items() if f in families]
    certainty = [legend.Entry(legend.line(f), _FORM_WORDS[f], {"data_form": f}) for f in _FORMS if f in forms]
    if any(strand.planned for strand in strands):
        certainty.append(legend.Entry(legend.line("", planned=True), "planned", {"data_planned": "planned"}))
    return [marks, lines, certainty]
