"""A scale of time: from days to places in a picture, with years as wide as what is dated in them.

A century in which a graph dates nothing takes a little room, the month of a summit much. Within a month days are
evenly spaced, and each year and each month with something in it has a mark on the axis.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import NamedTuple

Month = tuple[int, int]
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_EMPTY, _YEAR, _MONTH, _MANY = 0.25, 1.2, 4.0, 3  # shares of a month: of an empty year, of another, and for each thing
_MOST_YEARS = 1200  # of which each has its own room; of more, those with something in them


class Tick(NamedTuple):
    """A mark on the axis: its place, its words (empty where there is no room), and whether a year begins there."""

    x: float
    words: str
    is_year: bool


class Scale:
    """Places days from the first to the last of a span between two edges, in pixels.

    `spans` are the first and last days (ISO 8601) of what is dated, each within which something begins or ends; what
    is `beyond` has a place on the scale, and no more room for it.
    """

    def __init__(
        self, spans: Iterable[tuple[str, str]], left: float, right: float, *, beyond: Iterable[tuple[str, str]] = ()
    ) -> None:
        days = [(date.fromisoformat(first), date.fromisoformat(last)) for first, last in spans]
        others = [(date.fromisoformat(first), date.fromisoformat(last)) for first, last in beyond]
        first, last = min(a for a, _ in days + others), max(b for _, b in days + others)
        counts: dict[Month, int] = {}
        years = set[int]()
        for start, end in days:
            years |= {start.year, end.year}
            if (start.year, start.month) == (end.year, end.month):
                counts[start.year, start.month] = counts.get((start.year, start.month), 0) + 1
        known = range(first.year, last.year + 1)
        self._years = [*known] if len(known) <= _MOST_YEARS else sorted(years | {first.year, last.year})
        self.named = {month for month, count in counts.items() if count}
        weights = {
            (year, month): (_YEAR if year in years else _EMPTY) + _MONTH * min(counts.get((year, month), 0), _MANY)
            for year in self._years
            for month in range(1, 13)
        }
        self._starts, x = dict[Month, float](), left
        unit = (right - left) / sum(weights.values())
        for month, weight in weights.items():
            self._starts[month] = x
            x += weight * unit
        self._widths = {month: weight * unit for month, weight in weights.items()}
        self.left, self.right, self.busy = left, right, years

    def at(self, day: str, *, after: bool = False) -> float:
        """Where a day begins, or ends; of one beyond the span, the edge."""
        found = date.fromisoformat(day)
        month = (found.year, found.month)
        if month not in self._starts:
            return self.left if found.year < self._years[0] else self.right
        share = (found.day - 1 + after) / 31
        if after and found.month != (date.fromordinal(min(found.toordinal() + 1, date.max.toordinal()))).month:
            share = 1.0
        return self._starts[month] + share * self._widths[month]

    def middle(self, day: str) -> float:
        """The middle of a day."""
        return (self.at(day) + self.at(day, after=True)) / 2

    def years(self, room: float) -> Iterator[Tick]:
        """A tick for each year, with its number where that has room; a year in which something is comes first."""
        taken: list[float] = []
        words: dict[int, str] = {}
        for year in sorted(self._years, key=lambda y: (y not in self.busy, y)):
            x = self._starts[year, 1]
            if all(abs(x - other) >= room for other in taken) and x + room * 0.8 <= self.right + room * 0.2:
                taken.append(x)
                words[year] = str(year)
        for year in self._years:
            yield Tick(self._starts[year, 1], words.get(year, ""), True)

    def months(self, room: float) -> Iterator[Tick]:
        """A tick for each month with something in it, with its name where that has room."""
        last = self.left - room
        for month in sorted(self.named):
            x = self._starts[month]
            has_room = x - last >= room
            last = x if has_room else last
            yield Tick(x, _MONTHS[month[1] - 1] if has_room else "", False)
