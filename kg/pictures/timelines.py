"""The timeline: what is dated, from left to right, drawn as precisely as it is known and no more.

A day is a point, a month a short bar, a year a long one; what lasts has a line from its start to its end, which fades
where no end is known. What may be on any day from one on, or up to one, has a line there and a bar that fades. Planned
is hollow. A thin line stands at the day on which an article was read: what stands right of it was future then.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from kg.pictures import dated, labels, legend, svg
from kg.pictures.dated import Dated, Reading
from kg.pictures.families import ASSERTED, BACKED, FAMILIES, INFERRED, REPORTED
from kg.pictures.labels import Box
from kg.pictures.scale import Scale
from kg.pictures.svg import LABEL, NOTE, Point
from kg.pictures.ties import Ties
from kg.provenance.context import Context
from kg.text import phrases

MOST = 60  # things in a timeline
WIDTH = 960.0
_LANE, _ROW, _PAD, _RADIUS, _BAR = 132.0, 19.0, 7.0, 4.6, 6.0
_FADES, _STEPS = 56.0, 7  # pixels over which an open end fades, and in how many steps
_ROOM = 190.0  # pixels, the least for the words of a thing
_MOST_READINGS = 8  # reading dates with a line; of more, all have a mark on the axis
_MOST_MARKS = 120  # of reading dates; of more, those of one place on the axis have one mark
_BESIDE = 6.0  # pixels that one mark stands for
_SOME_YEAR = ("2000-01-01", "2000-12-31")  # of an axis that is not drawn
_FEWEST_PIXELS = 9.0  # of a bar, so that it is no point
_FORM_WORDS = {REPORTED: "somebody is quoted", BACKED: "background", INFERRED: "inferred"}


def timeline(
    context: Context | Ties,
    iri: str = "",
    *,
    standalone: bool = True,
    width: float = WIDTH,
    link: Callable[[str], str] | None = None,
) -> str:
    """The timeline of a graph, or of what a thing has a part in, as SVG.

    A picture that is not `standalone` is for a page with the style and the paper of its own (`kg.pictures.style`);
    `link` gives the address of a thing there.
    """
    ties = context if isinstance(context, Ties) else Ties(context)
    things, of = dated.dated(ties, iri, MOST)
    if len(things) < of:
        note = f"{len(things)} of {of} dated things: those of which most is said."
    else:
        note = (
            f"All {of} things that have a date."
            if of > 1
            else "One thing has a date."
            if of
            else "Nothing here has a date."
        )
    name = ties.thing(iri).name if iri else ""
    title = f"Timeline: {name}" if name else "Timeline"
    return draw(things, dated.readings(ties), title, note, standalone=standalone, width=width, link=link)


def draw(
    things: Sequence[Dated],
    readings: Sequence[Reading],
    title: str,
    note: str,
    *,
    standalone: bool = True,
    width: float = WIDTH,
    link: Callable[[str], str] | None = None,
) -> str:
    """A timeline of some things, with a note beneath that says what it shows."""
    return _Drawing(things, readings, width, link).picture(title, note, standalone=standalone)


class _Placed(NamedTuple):
    """A thing with its box in a row, where its words begin, how they are aligned, and the words."""

    thing: Dated
    box: Box
    x: float
    anchor: str
    words: str


class _Drawing:
    def __init__(
        self, things: Sequence[Dated], readings: Sequence[Reading], width: float, link: Callable[[str], str] | None
    ) -> None:
        self.things, self.width, self.link = things, width, link
        self.left = min(_LANE, width * 0.22)
        spans = [span for thing in things for span in thing.spans]
        near = {r.day for r in readings} if things else set()
        self.days = sorted(near)
        self.readings = readings
        room = width - 12 - (_FADES if any(t.until or t.limit == "first" for t in things) else 0)
        read = [(day, day) for day in self.days]
        dates = spans + read * (len(read) <= _MOST_READINGS) or [_SOME_YEAR]
        self.scale = Scale(dates, self.left, room, beyond=read)
        if (least := min(map(self._room, things), default=_ROOM)) < _ROOM:
            self.scale = Scale(dates, self.left, room - _ROOM + least, beyond=read)

    def _room(self, thing: Dated) -> float:
        """The pixels that the words of a thing have right or left of its mark, or on its line."""
        left, right = self._extent(thing)
        on_line = right - left - _ROOM / 4 if thing.lasts else 0.0
        return max(self.width - right, left - self.left, on_line)

    def picture(self, title: str, note: str, *, standalone: bool) -> str:
        """The whole picture."""
        top = 52.0 if self.things else 6.0
        y, parts, lanes = top, list[str](), list[str]()
        for family in FAMILIES:
            if found := [thing for thing in self.things if thing.family == family]:
                rows = self._rows(found)
                lanes.append(svg.element("line", x1=0, y1=y, x2=self.width, y2=y, class_="line rule"))
                words = labels.wrapped(phrases.sentence_case(FAMILIES[family]), self.left - 16, NOTE)
                lanes.append(svg.lines_of_text(Point(8, y + _PAD + 12), words, NOTE, class_="head quiet"))
                for number, row in enumerate(rows):
                    parts += [self._thing(placed, y + _PAD + _ROW * (number + 0.5)) for placed in row]
                y += max(len(rows) * _ROW, len(words) * NOTE * 1.3) + 2 * _PAD
        axis = self._axis(top, y) if self.things else []
        key, height = legend.rows(self._keys(), self._note(note), y + 18, self.width)
        description = f"{len(self.things)} dated things. {note}"
        return svg.picture(
            self.width,
            height,
            [*axis, *lanes, *parts, *key],
            title,
            description,
            kind="timeline",
            linked=bool(self.link),
            standalone=standalone,
        )

    def _note(self, note: str) -> str:
        if not self.things:
            return note
        if len(self.days) <= _MOST_READINGS:
            read = "A thin line is the day on which an article was read: what stands right of it was future then."
        else:
            read = "The marks at the top are the days on which articles were read."
        wide = "Years are drawn wider where more is dated."
        return f"{note} {read if self.days else ''} {wide}".replace("  ", " ")

    # Rows: what stands in one does not overlap

    def _rows(self, things: Iterable[Dated]) -> list[list[_Placed]]:
        """The things of a lane in rows."""
        rows: list[list[_Placed]] = []
        for thing in things:
            left, right = self._extent(thing)
            words = f"{thing.name}, {thing.when}" if thing.when else thing.name
            words = f"{thing.speaker}: {words}" if thing.speaker else words
            words = labels.shortened(words, self.width * 0.42, LABEL)
            placed = _Placed(thing, *self._beside(thing, words, left, right))
            row = next((row for row in rows if labels.free(placed.box, (other.box for other in row), 12)), None)
            if row is None:
                rows.append(row := [])
            row.append(placed)
        return rows

    def _beside(self, thing: Dated, words: str, left: float, right: float) -> tuple[Box, float, str, str]:
        """Where the words of a mark have room: right of it, left of it, on its line, or shortened."""
        wide, edge = labels.width(words, LABEL), self.width - 4
        if right + 7 + wide <= edge:
            return Box(left, 0, right + 7 + wide, 1), right + 7, "start", words
        if left - 7 - wide >= self.left:
            return Box(left - 7 - wide, 0, right, 1), left - 7, "end", words
        start = self._mark_of(thing.begins)[1] if thing.begins else left
        if thing.lasts and right - start >= wide + 3 * 7:
            return Box(left, 0, right, 1), start + 10, "start", words
        if edge - right >= left - self.left:
            words = labels.shortened(words, edge - right - 7, LABEL)
            return Box(left, 0, right + 7 + labels.width(words, LABEL), 1), right + 7, "start", words
        words = labels.shortened(words, left - 7 - self.left, LABEL)
        return Box(left - 7 - labels.width(words, LABEL), 0, right, 1), left - 7, "end", words

    def _extent(self, thing: Dated) -> tuple[float, float]:
        """From where to where the mark of a thing reaches."""
        if thing.limit and thing.begins:
            x = self.scale.at(thing.begins[0], after=thing.limit == "last")
            return (x, x + _FADES) if thing.limit == "first" else (max(x - _FADES, self.left - 4), x)
        marks = [self._mark_of(span) for span in (thing.begins, thing.ends) if span]
        left, right = min(a for a, _ in marks), max(b for _, b in marks)
        if thing.lasts and not thing.ends:
            right = max(right, self.scale.at(thing.until, after=True) if thing.until else right) + _FADES
        if thing.lasts and not thing.begins:
            left -= _FADES
        return max(left, self.left - 4), right

    def _mark_of(self, span: dated.Span) -> tuple[float, float]:
        """From where to where the mark of a date reaches: a point for a day, else a bar."""
        first, last = span
        if first == last:
            x = self.scale.middle(first)
            return x - _RADIUS, x + _RADIUS
        left, right = self.scale.at(first), self.scale.at(last, after=True)
        return left, max(right, left + _FEWEST_PIXELS)

    # Marks

    def _thing(self, placed: _Placed, y: float) -> str:
        thing, _, x, anchor, words = placed
        form = f"{thing.family} {thing.form}"
        parts = [svg.hover("\n".join(filter(None, [thing.sentence, f"said by {thing.speaker}" * bool(thing.speaker)])))]
        parts += self._line(placed, y, form)
        parts += self._limit(thing, y, form) if thing.limit else []
        for span in (thing.begins, thing.ends):
            if span and not thing.limit:
                parts.append(self._date(span, y, form, hollow=thing.planned))
        if thing.cancelled:
            left, right = self._extent(thing)
            parts.append(
                svg.element("path", d=f"M{svg.number(left - 3)} {svg.number(y)}H{svg.number(right + 3)}", class_="line")
            )
        text = svg.text(Point(x, y + LABEL * 0.36), words, class_="words halo", text_anchor=anchor)
        address = self.link(thing.iri) if self.link else ""
        parts.append(svg.element("a", text, href=address) if address else text)
        days = [day for span in thing.spans for day in span]
        first, last = None if thing.limit == "last" else min(days), None if thing.limit == "first" else max(days)
        data = {"data_iri": thing.iri, "data_family": thing.family, "data_form": thing.form}
        planned = "planned" if thing.planned else None
        return svg.element("g", *parts, class_="dated", **data, data_planned=planned, data_from=first, data_to=last)

    def _limit(self, thing: Dated, y: float, form: str) -> list[str]:
        """A line at the first or the last day on which something may be, and a bar that fades to the other days."""
        left, right = self._extent(thing)
        edge, far = (left, right) if thing.limit == "first" else (right, left)
        path = f"M{svg.number(edge)} {svg.number(y - _BAR)}V{svg.number(y + _BAR)}"
        found = [svg.element("path", d=path, class_=f"line {form}", stroke_width=1.5)]
        rails = ((y - _BAR / 2, 1.2), (y + _BAR / 2, 1.2)) if thing.planned or thing.form == REPORTED else ((y, _BAR),)
        step = (far - edge) / _STEPS
        for n in range(_STEPS):
            opacity = round(1 - (n + 1) / (_STEPS + 1), 2)
            for rail, wide in rails:
                path = f"M{svg.number(edge + step * n)} {svg.number(rail)}h{svg.number(step)}"
                found.append(
                    svg.element("path", d=path, class_=f"line {form}", stroke_width=wide, stroke_opacity=opacity)
                )
        return found

    def _date(self, span: dated.Span, y: float, form: str, *, hollow: bool) -> str:
        left, right = self._mark_of(span)
        kind = f"{'hollow' if hollow else 'solid'} mark {form}"
        stroke = 1.5 if hollow else None
        if span[0] == span[1]:
            radius = _RADIUS - 0.4 * hollow
            return svg.element("circle", cx=(left + right) / 2, cy=y, r=radius, class_=kind, stroke_width=stroke)
        values = {"x": left, "y": y - _BAR / 2, "width": right - left, "height": _BAR, "rx": _BAR / 2}
        return svg.element("rect", **values, class_=kind, stroke_width=stroke)

    def _line(self, placed: _Placed, y: float, form: str) -> list[str]:
        """The line of what lasts, fading where an end is not known, with a gap for words that stand on it."""
        thing = placed.thing
        if not thing.lasts:
            return []
        left, right = self._extent(thing)
        wide = _FADES / _STEPS
        steps = [(n, 1 - (n + 1) / (_STEPS + 1)) for n in range(_STEPS)]
        fading = list[tuple[float, float]]()
        if thing.ends is None:
            right -= _FADES
            fading += [(right + wide * n, opacity) for n, opacity in steps]
        if thing.begins is None:
            left += _FADES
            fading += [(left - wide * (n + 1), opacity) for n, opacity in steps]
        first, last = placed.x - 3, placed.x + labels.width(placed.words, LABEL) + 3
        is_on_line = placed.anchor == "start" and left < placed.x < right
        parts = [(left, first), (min(last, right), right)] if is_on_line else [(left, right)]
        paths = (f"M{svg.number(a)} {svg.number(y)}H{svg.number(b)}" for a, b in parts if b > a)
        free = [(x, opacity) for x, opacity in fading if not is_on_line or x >= last or x + wide <= first]
        found = [self._fading(x, y, form, opacity) for x, opacity in free]
        return [*(svg.element("path", d=path, class_=f"line {form}", stroke_width=2) for path in paths), *found]

    def _fading(self, x: float, y: float, form: str, opacity: float) -> str:
        path = f"M{svg.number(x)} {svg.number(y)}H{svg.number(x + _FADES / _STEPS)}"
        return svg.element("path", d=path, class_=f"line {form}", stroke_width=2, stroke_opacity=round(opacity, 2))

    # The axis and the legend

    def _axis(self, top: float, bottom: float) -> list[str]:
        parts = []
        for tick in self.scale.years(32):
            if tick.words or tick.x > self.left:
                height = top if tick.words else bottom
                parts.append(
                    svg.element(
                        "line", x1=tick.x, y1=height - 10 * bool(tick.words), x2=tick.x, y2=bottom, class_="line rule"
                    )
                )
            if tick.words:
                parts.append(svg.text(Point(tick.x + 3, top - 15), tick.words, class_="note quiet"))
        for tick in self.scale.months(24):
            parts.append(svg.element("line", x1=tick.x, y1=top - 5, x2=tick.x, y2=top, class_="line rule"))
            if tick.words:
                parts.append(svg.text(Point(tick.x + 3, top - 2), tick.words, class_="label quiet"))
        titles: dict[str, list[str]] = {}
        for reading in self.readings:
            titles.setdefault(reading.day, []).append(reading.title)
        for days in self._marked_days():
            day = days[-1]
            x = self.scale.middle(day)
            few = len(self.days) <= _MOST_READINGS
            path = f"M{svg.number(x)} 16V{svg.number(bottom if few else 22)}"
            told = [f"read on {phrases.date(day)}:", *titles[day]]
            if len(days) > 1:
                number = sum(len(titles[each]) for each in days)
                told = [f"{number} articles, read from {phrases.date(days[0])} to {phrases.date(day)}"]
            found = [svg.hover("\n".join(told))]
            found.append(svg.element("path", d=path, class_="line reading", stroke_width=0.8))
            if day == self.days[-1]:
                many = f"{len(self.days)} reading dates, the last: " if len(self.days) > 1 else "read on "
                anchor = "end" if x > self.width / 2 else "start"
                found.append(
                    svg.text(
                        Point(x + (-4 if anchor == "end" else 4), 12),
                        many + phrases.date(day),
                        class_="label quiet",
                        text_anchor=anchor,
                    )
                )
            parts.append(svg.element("g", *found, class_="reading", data_day=day))
        return parts

    def _marked_days(self) -> list[list[str]]:
        """The reading dates, those together that have one mark."""
        groups: list[list[str]] = []
        for day in self.days:
            is_near = groups and self.scale.middle(day) - self.scale.middle(groups[-1][0]) < _BESIDE
            if is_near and len(self.days) > _MOST_MARKS:
                groups[-1].append(day)
            else:
                groups.append([day])
        return groups

    def _keys(self) -> list[list[legend.Entry]]:
        """The legend of the marks that are there."""
        spans = [span for t in self.things for span in (t.begins, t.ends) if span and not t.limit]
        dot = svg.element("circle", cx=11, cy=0, r=_RADIUS, class_="solid")
        hollow = svg.element("circle", cx=11, cy=0, r=_RADIUS - 0.4, class_="hollow", stroke_width=1.5)
        bar = svg.element("rect", x=0, y=-_BAR / 2, width=22, height=_BAR, rx=_BAR / 2, class_="solid")
        lasting = svg.element("path", d="M0 0H14", class_="line", stroke_width=2)
        lasting += svg.element("path", d="M14 0H18", class_="line", stroke_width=2, stroke_opacity=0.5)
        lasting += svg.element("path", d="M18 0H22", class_="line", stroke_width=2, stroke_opacity=0.2)
        limit = svg.element("path", d=f"M0 {-_BAR}V{_BAR}", class_="line", stroke_width=1.5)
        for n in range(3):
            path, opacity = f"M{n * 7} 0h7", round(0.8 - n * 0.3, 1)
            limit += svg.element("path", d=path, class_="line", stroke_width=_BAR, stroke_opacity=opacity)
        marks = [
            (any(a == b for a, b in spans), dot, "a day", {}),
            (any(a != b for a, b in spans), bar, "some day within the bar: a month, a year", {}),
            (any(t.limit for t in self.things), limit, "some day from there on, or up to there", {}),
            (any(t.lasts for t in self.things), lasting, "goes on; its end is not known where it fades", {}),
            (any(t.planned for t in self.things), hollow, "planned", {"data_planned": "planned"}),
        ]
        forms = {thing.form for thing in self.things} - {ASSERTED}
        entries = [legend.Entry(sample, words, data) for is_there, sample, words, data in marks if is_there]
        known = [
            legend.Entry(legend.line(f), words, {"data_form": f}) for f, words in _FORM_WORDS.items() if f in forms
        ]
        return [entries, known]
