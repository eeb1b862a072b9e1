"""English words for a time that is no date by itself: a season or a decade has two bounds, “a year later” needs a date.

A season is that of the northern hemisphere; where an article means the other one, its year is the same. As in
`kg.text.dates`, an expression is read whole or not at all, and all defensible readings are given, the likeliest first.
"""

import re
from calendar import monthrange
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from functools import cache

from kg.text.amounts import COUNTS
from kg.text.dates import Value, weeks

Span = tuple[str, str]  # the first and the last day (ISO 8601)

_SEASONS = {"spring": 3, "summer": 6, "autumn": 9, "fall": 9, "winter": 12}  # the first of three months
_DECEMBER = 12
_NTH = {"first": 0, "second": 1, "third": 2, "fourth": 3, "last": -1}
_STEPS = {"last": -1, "past": -1, "previous": -1, "this": 0, "the": 0, "current": 0, "next": 1, "coming": 1}
_DAYS = {"day": 1, "week": 7, "fortnight": 14}
_MONTHS = {"month": 1, "quarter": 3, "year": 12, "decade": 120}

_SPACES = re.compile("[ \u00a0\u202f]")
_LEAD = "(?:(?:in|by|during|over|since|until|till|from|for|at|before|after|through|throughout|around) )"
_PART = (
    "(?:the (?=early|late|mid))?"
    "(?:(?:(?:the )?(?:very )?(?:end|start|beginning|middle) of|early in|late in|early|late|mid)[ -])?"
)
_YEAR = "(?P<year>1[0-9]{3}|20[0-9]{2})"
_OF_YEAR = f",? (?:of )?(?:{_YEAR}|(?P<of>last|this|next|the) year)"
_NAMES = "|".join(_SEASONS)
_SEASON = f"(?:(?P<which>last|this|next|this past|this coming|the) )?(?P<season>{_NAMES})(?:{_OF_YEAR})?"
_PART_OF_YEAR = f"(?P<nth>{'|'.join(_NTH)})[ -](?P<unit>quarter|half)|(?P<code>[QH])(?P<digit>[1-4])"
_QUARTER = f"(?:the )?(?:{_PART_OF_YEAR})(?:{_OF_YEAR})"
_STEP = "(?:the (?=next|current|coming|last|past))?(?P<nearby>this|the|current|next|coming|last|past) "
_NEARBY = f"(?:{_STEP})?decade(?! (?:ago|later|earlier))"
_DECADE = f"(?:the )?(?P<decade>(?:1[0-9]|20)[0-9]0)['’]?s|{_NEARBY}"
_THIS = "the (?P<current>year|month)|year(?:['’]s)?[ -]end"
_COUNT = f"(?P<count>an?|the|[0-9]{{1,3}}|{'|'.join(COUNTS)})"
_UNITS = "|".join((*_DAYS, *_MONTHS))
_LATER = f"{_COUNT} (?P<unit>{_UNITS})s? (?P<way>later|earlier|(?:before|after|on)(?=[.,;:]|$))"
_NEXT = f"(?:(?:on|in|by) )?(?:the|that) (?P<side>following|next|previous|preceding|same) (?P<next>{_UNITS})"


@cache
def _periods() -> tuple[re.Pattern[str], ...]:
    rows = (f"{_LEAD}?{_PART}(?:{kind})" for kind in (_SEASON, _QUARTER, _DECADE, _THIS))
    return tuple(re.compile(row, re.IGNORECASE) for row in rows)


@cache
def _relative() -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(row, re.IGNORECASE) for row in (_LATER, _NEXT))


def periods(words: str, reading_date: str) -> list[Span]:
    """The first and the last day of each period that words may name: of “last spring”, “the 2030s”, “next week”.

    `reading_date` is the day (ISO 8601) on which the article was read. Raises InputError if it is no day.
    """
    found = weeks(words, reading_date)
    today, text = date.fromisoformat(reading_date), _plain(words)
    for pattern, reader in zip(_periods(), (_season, _quarter, _decade, _current), strict=True):
        if match := pattern.fullmatch(text):
            named = {name: value.lower() for name, value in match.groupdict().items() if value}
            found += [span for span in reader(named, today) if span not in found]
    return found


def find_periods(text: str) -> list[tuple[int, int, str]]:
    """Find such words in a text: start, end (code points, exclusive), words; no season that may be another word."""
    found = _anywhere().finditer(_SPACES.sub(" ", text))
    return [(m.start(), m.end(), text[m.start() : m.end()]) for m in found]


@cache
def _anywhere() -> re.Pattern[str]:
    """What `periods` and `relative` read, where a preposition, a year or the like tells that it is a time."""
    led = f"{_LEAD}{_PART}(?:{_SEASON}|{_QUARTER}|{_DECADE})"
    dated = f"(?:{_NAMES})(?:{_OF_YEAR})|(?:last|next) (?:{_NAMES})|(?:the )?(?:{_PART_OF_YEAR})(?:{_OF_YEAR})"
    nameless = re.sub(r"\(\?P<\w+>", "(?:", f"{led}|{dated}|{_LATER}|{_NEXT}")
    return re.compile(rf"(?<!\w)(?:{nameless})(?!\w)", re.IGNORECASE)


def relative(words: str, bases: Iterable[Value]) -> list[Value]:
    """The dates that words such as “a year later” or “the following day” mean, counted from others.

    A date is as precise as what is counted from, and as what is counted: a year after a day may be that day, its month
    or its year.
    """
    text = _plain(words)
    for pattern in _relative():
        if match := pattern.fullmatch(text):
            named = {name: value.lower() for name, value in match.groupdict().items() if value}
            steps, unit = _steps(named), named.get("unit") or named["next"]
            return list(dict.fromkeys(v for lexical, _ in bases for v in _moved(lexical, steps, unit)))
    return []


def _plain(words: str) -> str:
    return _SPACES.sub(" ", words).strip(" ,.")


def _steps(named: dict[str, str]) -> int:
    if side := named.get("side"):
        return {"following": 1, "next": 1, "previous": -1, "preceding": -1, "same": 0}[side]
    count = named["count"]
    number = int(count) if count.isdecimal() else COUNTS.get(count, 1)
    return -number if named["way"] in ("earlier", "before") else number


def _moved(lexical: str, steps: int, unit: str) -> Iterator[Value]:
    """A date after or before another by so many units, in each precision that both have."""
    year, month, day = (*map(int, lexical.split("-")), 0, 0)[:3]
    if unit in _DAYS:
        if day:
            yield from _value(date(year, month, day), steps * _DAYS[unit])
        return
    months = year * 12 + max(month, 1) - 1 + steps * _MONTHS[unit]
    moved, at = divmod(months, 12)
    if not 1 <= moved <= 9999:
        return
    if unit in ("year", "decade"):
        yield f"{moved:04d}", "gYear"
    if month:
        yield f"{moved:04d}-{at + 1:02d}", "gYearMonth"
    if day and steps:
        yield date(moved, at + 1, min(day, monthrange(moved, at + 1)[1])).isoformat(), "date"


def _value(day: date, days: int) -> Iterator[Value]:
    if 1 <= day.toordinal() + days <= date.max.toordinal():
        yield (day + timedelta(days)).isoformat(), "date"


def _span(year: int, month: int, months: int) -> list[Span]:
    """From the first of a month on, so many months."""
    last_year, last = divmod(year * 12 + month - 1 + months - 1, 12)
    if year < 1 or last_year > 9999:
        return []
    return [(f"{year:04d}-{month:02d}-01", f"{last_year:04d}-{last + 1:02d}-{monthrange(last_year, last + 1)[1]}")]


def _year_of(named: dict[str, str], today: date) -> int | None:
    if "year" in named:
        return int(named["year"])
    return today.year + _STEPS[named["of"]] if "of" in named else None


def _season(named: dict[str, str], today: date) -> list[Span]:
    """A season of a year; else the last one that is over, the one that is on, or the next, and the one beside it."""
    month, year = _SEASONS[named["season"]], _year_of(named, today)
    which = named.get("which", "").removeprefix("this ")
    if year is not None:
        years = [year, year - 1] if month == _DECEMBER else [year]
        return [span for y in years for span in _span(y, month, 3)]
    every = [span for y in range(today.year - 2, today.year + 3) for span in _span(y, month, 3)]
    now = today.isoformat()
    over, ahead = [s for s in every if s[1] < now][::-1], [s for s in every if s[0] > now]
    current = [s for s in every if s[0] <= now <= s[1]]
    if which in ("last", "past"):
        return over[:2]
    if which in ("next", "coming"):
        return ahead[:2]
    near = [*current, *over[:1], *ahead[:1]]
    return near if which != "this" else [s for s in near if str(today.year) in (s[0][:4], s[1][:4])]


def _quarter(named: dict[str, str], today: date) -> list[Span]:
    year, half = _year_of(named, today), named.get("unit") == "half" or named.get("code") == "h"
    of_year = 2 if half else 4
    nth = int(named["digit"]) - 1 if "digit" in named else _NTH[named["nth"]]
    months = 12 // of_year
    return _span(year, nth % of_year * months + 1, months) if year is not None and nth < of_year else []


def _decade(named: dict[str, str], today: date) -> list[Span]:
    """A decade; the one that is on ends with a year in 9, or in 0: “by the end of the decade”."""
    if "decade" in named:
        return _span(int(named["decade"]), 1, 120)
    year = today.year // 10 * 10 + 10 * _STEPS[named.get("nearby", "the")]
    return _span(year, 1, 120) + _span(year + 1, 1, 120)


def _current(named: dict[str, str], today: date) -> list[Span]:
    return _span(today.year, today.month, 1) if named.get("current") == "month" else _span(today.year, 1, 12)
