"""Pictures of answers: what the columns of one can be drawn as, and the picture as an object to show or to save.

Two columns of actors or works are a network of its rows, a column of dates a timeline, a column of numbers bars.
"""

import math
from collections.abc import Callable, Sequence
from itertools import combinations
from typing import Any, NamedTuple

from pyoxigraph import NamedNode

from kg.errors import UsageError
from kg.pictures import dated, labels, legend, networks, svg, timelines
from kg.pictures.bundles import bundled
from kg.pictures.dated import Dated
from kg.pictures.svg import LABEL, NOTE, Point
from kg.pictures.ties import Tie, Ties
from kg.provenance.answer import Answer
from kg.provenance.context import Context
from kg.rdf.namespaces import ARTICLE, ID, readable
from kg.rdf.values import kind as kind_of
from kg.source import layout

KINDS = ("network", "timeline", "bars")
_DATES, _NUMBERS = ("day", "date", "time"), ("integer", "number")
_BEGINS, _ENDS = ("since", "start", "from", "begins"), ("until", "end", "to", "ends")
_PREPOSITIONS = ("at", "by", "for", "from", "in", "of", "on", "to", "with")
_MOST_ROWS = 40  # bars
_WIDTH, _ROW, _THICK = 720.0, 20.0, 11.0  # of bars


class Picture:
    """A picture, shown by a notebook; `str` of it is its SVG."""

    def __init__(self, svg: str) -> None:
        self._svg = svg

    def __str__(self) -> str:
        return self._svg

    def _repr_svg_(self) -> str:
        """The picture for a notebook."""
        return self._svg

    def save(self, path: str) -> None:
        """Write it to a file, which is replaced only as a whole. Raises InputError or OSError where that cannot be."""
        layout.require_folder(path)
        layout.write_atomic(layout.real_path(path), self._svg.encode())


class _Column(NamedTuple):
    name: str
    terms: tuple[Any, ...]

    @property
    def known(self) -> list[Any]:
        return [term for term in self.terms if term is not None]


def plot(context: Context, answer: Answer, kind: str = "", title: str = "") -> Picture:
    """A picture of an answer, of the kind that its columns make: `network`, `timeline` or `bars`.

    Raises UsageError where they make none, or not the kind that is asked for.
    """
    if kind and kind not in KINDS:
        raise UsageError(f"no picture {kind}", hint=f"the pictures are {', '.join(KINDS)}", rule="picture")
    if not len(answer):
        raise UsageError("an answer without rows has no picture", hint="ask with other values", rule="picture")
    columns = [_Column(n, terms) for n, terms in zip(answer.columns, zip(*answer.rows, strict=True), strict=False)]
    drawn = _Plot(context, columns, title or "Answer")
    for name in [kind] if kind else KINDS:
        if found := drawn.draw(name):
            return Picture(found)
    raise UsageError(
        f"nothing in these columns can be drawn{f' as {kind}' if kind else ''}: {', '.join(answer.columns) or 'none'}",
        hint="a network has two columns of actors or works, a timeline one of dates, bars one of numbers",
        rule="picture",
    )


class _Plot:
    def __init__(self, context: Context, columns: Sequence[_Column], title: str) -> None:
        self.ties, self.things = Ties(context), context.things
        self.columns = [column for column in columns if column.known]
        self.title = title

    def draw(self, kind: str) -> str:
        """A picture of a kind; nothing where the columns make none."""
        drawings: dict[str, Callable[[], str]] = {
            "network": self._network,
            "timeline": self._timeline,
            "bars": self._bars,
        }
        return drawings[kind]()

    # A network of rows

    def _network(self) -> str:
        ends = [column for column in self.columns if all(_is_thing(x) and self.ties.is_end(x) for x in column.known)]
        pairs = [*combinations(ends, 2)]
        if not pairs:
            return ""
        near: dict[str, set[str]] = {}
        for thing, found in self.ties.rough.items():
            for end in found:
                near.setdefault(end, {end}).add(thing)
        first, second = max(
            pairs, key=lambda pair: sum(_meet(near, a, b) for a, b in zip(pair[0].terms, pair[1].terms, strict=True))
        )
        words = second.name.replace("_", " ")
        words = f"{first.name} {words}".replace("_", " ") if words in _PREPOSITIONS else words
        rows: dict[tuple[str, str], int] = {}
        for one, other in zip(first.terms, second.terms, strict=True):
            if one is not None and other is not None and one != other:
                rows[one.value, other.value] = rows.get((one.value, other.value), 0) + 1
        ties = [
            self._tie(one, other, first.name, words, n) for (one, other), count in rows.items() for n in range(count)
        ]
        found_, most = bundled(ties), networks.MOST_BUNDLES
        note = f"{len(found_)} pair{'s' * (len(found_) != 1)} of {first.name} and {second.name}.".replace("_", " ")
        if len(found_) > most:
            note = f"The {most} pairs with most rows, of {len(found_)}."
        return networks.of_bundles(self.ties, found_[:most], self.title, note)

    def _tie(self, one: str, other: str, column: str, words: str, number: int) -> Tie:
        names = [self.things.label(NamedNode(iri)) for iri in (one, other)]
        sentence = f"{column.replace('_', ' ')}: {names[0]}; {words}: {names[1]}"
        return Tie(one, other, True, "other", words, words, sentence, "", False, "", 1, ("", ""), f"{one} {number}")

    # A timeline of rows

    def _timeline(self) -> str:
        dates = [column for column in self.columns if kind_of(column.known) in _DATES]
        if not dates:
            return ""
        begins = next((c for c in dates if c.name in _BEGINS), None) or next(
            (c for c in dates if kind_of(c.known) == "date"), dates[0]
        )
        ends = next((c for c in dates if c.name in _ENDS and c is not begins), None)
        named = next((c for c in self.columns if c not in dates and all(map(_is_thing, c.known))), None)
        named = named or next((c for c in self.columns if c not in dates), begins)
        found: dict[Dated, None] = {}
        undated = 0
        for at, term in enumerate(begins.terms):
            last = ends.terms[at] if ends else None
            spans = dated.span(term), dated.span(last)
            undated += not any(spans)
            if any(spans) and named.terms[at] is not None:
                found[self._dated(named.terms[at], spans, [term, last])] = None
        things = sorted(found, key=lambda x: (x.spans[0], x.spans[-1], x.iri))
        shown = things[: timelines.MOST]
        note = (
            f"{len(things)} dated things of {len(begins.terms)} rows"
            if len(shown) == len(things)
            else f"The first {len(shown)} of {len(things)}"
        )
        note += f"; {undated} rows have no date" * bool(undated)
        return timelines.draw(shown, dated.readings(self.ties), self.title, f"{note}.")

    def _dated(self, thing: Any, spans: tuple[dated.Span | None, dated.Span | None], terms: list[Any]) -> Dated:
        """A row as the thing that the graph dates, with the dates of the row."""
        begins, ends = spans
        is_thing = _is_thing(thing)
        known = dated.dated_thing(self.ties, thing) if is_thing else None
        when = " to ".join(self.ties.sentences.name(term) for term in terms if term is not None)
        if known and known.begins == begins and (known.ends == ends or not ends):
            return known
        name = self.things.label(thing)
        iri = thing.value if is_thing else name
        family = self.ties.family(thing) if is_thing else "other"
        lasts = bool(ends)
        return Dated(
            iri, name, when, family, begins, ends, lasts, "", "asserted", False, False, "", f"{name}, {when}", 1
        )

    # Bars of rows

    def _bars(self) -> str:
        numbers = [column for column in self.columns if kind_of(column.known) in _NUMBERS]
        if not numbers:
            return ""
        counted = numbers[-1]
        names = sorted((c for c in self.columns if c not in numbers), key=lambda c: -len(set(c.known)))[:1]
        rows = []
        for at, term in enumerate(counted.terms):
            if term is not None:
                words = [self._name(c.terms[at]) for c in names if c.terms[at] is not None]
                rows.append(Bar(", ".join(words) or f"row {at + 1}", float(term.value), term.value))
        note = f"The first {_MOST_ROWS} of {len(rows)} rows." if len(rows) > _MOST_ROWS else ""
        return bars(rows[:_MOST_ROWS], self.title, counted.name.replace("_", " "), note)

    def _name(self, term: Any) -> str:
        """What a bar is called: a part of an article by its own name alone."""
        _, _, part = term.value.partition("#") if str(getattr(term, "value", "")).startswith(ARTICLE) else ("", "", "")
        return readable(part) if part else self.things.label(term)


def _meet(near: dict[str, set[str]], one: Any, other: Any) -> bool:
    """Whether the graph ties two things."""
    if one is None or other is None or one == other:
        return False
    return not near.get(one.value, set()).isdisjoint(near.get(other.value, set()))


def _is_thing(term: object) -> bool:
    return isinstance(term, NamedNode) and term.value.startswith(ID)


class Bar(NamedTuple):
    """A name, a number, and the number as it is written."""

    name: str
    number: float
    written: str


def bars(rows: Sequence[Bar], title: str, counted: str, note: str = "") -> str:
    """Rows as bars from zero, negative numbers to the left; `counted` says what the numbers are of."""
    numbers = [row.number for row in rows if math.isfinite(row.number)]
    low, high = min(0.0, *numbers, 0.0), max(0.0, *numbers, 0.0)
    names = [labels.shortened(row.name, _WIDTH * 0.42, LABEL) for row in rows]
    left = max((labels.width(name, LABEL) for name in names), default=0) + 20
    written = [labels.shortened(row.written, 90, LABEL) for row in rows]
    room = _WIDTH - left - max((labels.width(text, LABEL) for text in written), default=0) - 20
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
    key, height = legend.rows([], note, bottom + NOTE * 0.5, _WIDTH)
    description = f"{counted}: {len(rows)} bars. {note}".strip()
    return svg.picture(_WIDTH, height, [*parts, axis, *key], title, description, kind="bars")
