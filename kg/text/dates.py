"""English date expressions, resolved against the reading date of an article: “in December” is one of many months.

All possible readings are given, the likeliest first; there is none where an expression is not a single date (“last
week”, “the 1990s”, “04/03/2018”).
"""

import re
from calendar import monthrange
from collections.abc import Callable, Iterator
from datetime import date
from functools import cache
from typing import NamedTuple

from kg.errors import InputError
from kg.text.amounts import COUNTS

Value = tuple[str, str]  # a lexical form and the local name of its XSD datatype
Reader = Callable[[re.Match[str], date], list[Value]]


class DateExpression(NamedTuple):
    """A reading of a date expression: `words` without preposition, `start` their offset (code points)."""

    lexical: str
    datatype: str
    words: str
    start: int


def resolve(words: str, reading_date: str) -> list[DateExpression]:
    """Give all readings of date expressions, the likeliest first; none for what is not a single date.

    `reading_date` is the day (ISO 8601) on which the article was read. The readings of several expressions follow
    each other, with another `start` each. Raises InputError if the reading date is no day.
    """
    today = _reading_day(reading_date)
    return [
        DateExpression(lexical, datatype, match["core"], match.start("core"))
        for match, reader in _matches(words)
        for lexical, datatype in reader(match, today)
    ]


def find_dates(text: str) -> list[tuple[int, int, str]]:
    """Find the date expressions of a text, with prepositions: start, end (code points, exclusive), words."""
    return [(m.start(), m.end(), m[0]) for m, _ in _matches(text)]


def _reading_day(iso: str) -> date:
    try:
        if re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", iso):
            return date.fromisoformat(iso)
    except ValueError:
        pass
    raise InputError(f"the reading date “{iso}” is no day", hint="Write it as in “2018-04-03”.", rule="date")


_MONTHS = "january|february|march|april|may|june|july|august|september|october|november|december"
_WEEKDAYS = "monday|tuesday|wednesday|thursday|friday|saturday|sunday"
_NUMBERS = "|".join(word for word, number in COUNTS.items() if 1 <= number <= 20)
_STEPS = {"last": -1, "this": 0, "next": 1}
_TODAY = ("today", "tonight", "this morning", "this afternoon", "this evening")
_DAY_WORDS = dict.fromkeys(_TODAY, 0) | {"yesterday": -1, "last night": -1, "tomorrow": 1}
_DAY_WORDS |= {"the day before yesterday": -2, "the day after tomorrow": 2}

_S = "[ \u00a0\u202f]{1,2}"
# A lead is not part of the date; a part narrows the date down, by less than its precision.
_LEAD = f"(?:(?:in|on|since|by|until|till|from|before|after|during|around|about|throughout){_S})?"
_EDGE = f"(?:the{_S})?(?:start|beginning|middle|end){_S}of"
_PART = f"(?:(?:early|earlier|mid|middle|late|later|{_EDGE})(?:-|{_S}))?"
# “may”, “march” and “mar” are other words too: months have a capital where they could be mistaken.
_CAPITAL = "(?-i:May|MAY|March|MARCH)"
_MONTH = f"(?P<month>{_CAPITAL}|{_MONTHS.replace('march|', '').replace('may|', '')})"
_SHORT = r"(?:(?P<short>(?-i:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\b)\.?)"
_ANY_MONTH = f"(?:{_MONTH}|{_SHORT})"
_WEEKDAY = f"(?P<weekday>{_WEEKDAYS})"
_DAY = r"(?P<day>0?[1-9]|[12][0-9]|3[01])(?:st|nd|rd|th)?(?![0-9]|,[0-9]|[-–][0-9])"
_DAYS = "[0-9]{1,2}[-–][0-9]{1,2}"
_YEAR = r"(?P<year>1[0-9]{3}|20[0-9]{2})(?!\w|[,.][0-9]|[-–/][0-9])"
_WHICH = f"(?P<which>{'|'.join(_STEPS)}){_S}"
_SOME_YEAR = f"(?:{_YEAR}|(?:of{_S})?{_WHICH}year)"
_COUNT = f"(?P<number>{_NUMBERS}|an?|[0-9]{{1,4}}){_S}"
_AGO = f"(?:ago|earlier|before(?!{_S}[a-z0-9]))"  # “two years before the coup” is counted from the coup
_INEXACT = f"(?:than|over|least|most|under|half|and|or|to|hundred|thousand){_S}"
_NO_MEASURE = rf"(?!(?:{_S})?%|{_S}(?:per{_S}cent|percent|[kmg]w|megawatts|km|kilomet\w+|people|troops|bce?)\b)"


def _year(year: int) -> list[Value]:
    return [(f"{year:04d}", "gYear")] if 1 <= year <= 9999 else []


def _month(months: int) -> list[Value]:
    """The month that is `months` after January of the year 0."""
    year, month = divmod(months, 12)
    return [(f"{year:04d}-{month + 1:02d}", "gYearMonth")] if 1 <= year <= 9999 else []


def _day(ordinal: int) -> list[Value]:
    inside = 1 <= ordinal <= date.max.toordinal()
    return [(date.fromordinal(ordinal).isoformat(), "date")] if inside else []


def _nearest(ordinals: list[int], today: int) -> list[Value]:
    """The last of some days up to today and the first one from today on, the nearer one first."""
    last = max((o for o in ordinals if o <= today), default=None)
    first = min((o for o in ordinals if o >= today), default=None)
    both = sorted({o for o in (last, first) if o is not None}, key=lambda o: (abs(o - today), o))
    return [value for o in both for value in _day(o)]


def _step(match: re.Match[str], group: str) -> int | None:
    """-1, 0 or 1 for “last”, “this” or “next”; None if the words have none."""
    return _STEPS.get((match.groupdict().get(group) or "").lower())


def _month_number(match: re.Match[str]) -> int:
    """1 to 12, of a month in digits or of its name, in full or abbreviated."""
    word = match["month"] or match["short"]
    names = [name[:3] for name in _MONTHS.split("|")]
    return int(word) if word.isdigit() else names.index(word[:3].lower()) + 1


def _weekday_number(match: re.Match[str]) -> int | None:
    """0 for Monday to 6 for Sunday; None if the words have no day of the week."""
    word = match.groupdict().get("weekday")
    return _WEEKDAYS.split("|").index(word.lower()) if word else None


def _given_year(match: re.Match[str], today: date) -> int | None:
    if match["year"]:
        return int(match["year"])
    step = _step(match, "which")
    return None if step is None else today.year + step


def _read_year(match: re.Match[str], today: date) -> list[Value]:
    years = match["year"], match.groupdict().get("until")  # 2014–2016 is two
    return [value for year in years if year for value in _year(int(year))]


def _read_month_of_year(match: re.Match[str], today: date) -> list[Value]:
    year = _given_year(match, today)
    return [] if year is None else _month(year * 12 + _month_number(match) - 1)


def _read_month(match: re.Match[str], today: date) -> list[Value]:
    """A bare month is the last one up to now, then the next one; “last May” may be last year's as well."""
    now, month = today.year * 12 + today.month - 1, _month_number(match) - 1
    step = _step(match, "which")
    if not step:
        last, following = now - (now - month) % 12, now + (month - now) % 12
        months = [last, following] if step is None else [today.year * 12 + month]
    else:
        nearest = now - ((now - month - 1) % 12 + 1) if step < 0 else now + ((month - now - 1) % 12 + 1)
        months = [nearest, (today.year + step) * 12 + month]
    return [value for index in dict.fromkeys(months) for value in _month(index)]


def _read_date(match: re.Match[str], today: date) -> list[Value]:
    """A day and a month, possibly with a year or a day of the week."""
    year, month, day = _given_year(match, today), _month_number(match), int(match["day"])
    # Eight years each way hold a 29 February, even around 1900.
    years = range(today.year - 8, today.year + 9) if year is None else [year]
    real = (y for y in years if 1 <= y <= 9999 and 1 <= month <= 12 and 1 <= day <= monthrange(y, month)[1])
    ordinals = [date(y, month, day).toordinal() for y in real]
    weekday = _weekday_number(match)
    if weekday is not None:
        ordinals = [o for o in ordinals if (o - 1) % 7 == weekday]
    return _nearest(ordinals, today.toordinal())


def _read_weekday(match: re.Match[str], today: date) -> list[Value]:
    """A bare weekday may be the reading date; “last Monday” may be this week's or last week's."""
    now = today.toordinal()
    of_this_week = now - today.weekday() + (_weekday_number(match) or 0)
    week, step = _step(match, "week"), _step(match, "which")
    if week is not None:
        return _day(of_this_week + 7 * week)
    if not step:
        return _nearest([of_this_week - 7, of_this_week, of_this_week + 7], now)
    days = [of_this_week + 7 * n for n in (-1, 0, 1)]
    nearest = max(d for d in days if d < now) if step < 0 else min(d for d in days if d > now)
    return [value for day in dict.fromkeys([nearest, of_this_week + 7 * step]) for value in _day(day)]


def _read_day_word(match: re.Match[str], today: date) -> list[Value]:
    return _day(today.toordinal() + _DAY_WORDS[re.sub(_S, " ", match["core"].lower())])


def _read_period(match: re.Match[str], today: date) -> list[Value]:
    step = _STEPS[match["which"].lower()]
    if match["unit"].lower() == "year":
        return _year(today.year + step)
    return _month(today.year * 12 + today.month - 1 + step)


def _read_ago(match: re.Match[str], today: date) -> list[Value]:
    """Years ago is a year and no more, months ago a month, days ago a day."""
    word, unit = match["number"].lower(), match["unit"].lower()
    number = int(word) if word.isdigit() else COUNTS.get(word, 1)  # a year ago
    if unit == "day":
        return _day(today.toordinal() - number)
    if unit == "month":
        return _month(today.year * 12 + today.month - 1 - number)
    return _year(today.year - number * (10 if unit == "decade" else 1))


# Kinds of date expressions with their readers; None for what is no single date, so that nothing within is read either.
# Where two match, the one that begins first counts, then the longest.
_KINDS: tuple[tuple[str, Reader | None], ...] = (
    (r"(?P<year>[0-9]{4})-(?P<month>[0-9]{2})-(?P<day>[0-9]{2})(?!-)", _read_date),
    (f"(?:{_WEEKDAY},?{_S})?(?:the{_S})?{_DAY}{_S}(?:of{_S})?{_ANY_MONTH}(?:,?{_S}{_SOME_YEAR})?", _read_date),
    (f"(?:{_WEEKDAY},?{_S})?{_ANY_MONTH}{_S}(?:the{_S})?{_DAY}(?:,?{_S}{_SOME_YEAR})?", _read_date),
    (f"{_PART}{_ANY_MONTH},?{_S}(?:of{_S})?{_SOME_YEAR}", _read_month_of_year),
    (f"{_PART}(?:{_WHICH})?{_MONTH}", _read_month),
    (f"{_PART}{_YEAR}{_NO_MEASURE}", _read_year),
    (r"(?P<year>[12][0-9]{3})[-–](?P<until>[12][0-9]{3})(?!-)", _read_year),
    (f"{_PART}{_WHICH}(?P<unit>year|month)", _read_period),
    (f"{_COUNT}(?P<unit>year|decade|month|day)s?{_S}{_AGO}", _read_ago),
    (f"(?:{_WHICH})?{_WEEKDAY}(?:{_S}(?P<week>last|this|next){_S}week)?", _read_weekday),
    ("|".join(words.replace(" ", _S) for words in _DAY_WORDS), _read_day_word),
    (f"{_INEXACT}{_COUNT}(?:year|decade|month|day)s?{_S}{_AGO}", None),  # more than a decade ago
    (f"(?:{_WEEKDAY}{_S})?{_COUNT}weeks?{_S}{_AGO}", None),
    (f"{_WHICH}week", None),
    (f"the{_S}{_WHICH}(?:year|month|week|decade)", None),  # “over the last year” lasts a year
    (f"{_PART}(?:the{_S})?{_PART}[0-9]{{3}}0['’]?s", None),  # the early 1990s
    (r"[0-9]{1,4}[/.][0-9]{1,2}[/.][0-9]{1,4}", None),  # 04/03/2018
    (r"[0-9]{4}[-–/][0-9]{1,2}", None),  # 2011-12, a month or two years
    (f"{_DAYS}{_S}(?:of{_S})?{_ANY_MONTH}(?:,?{_S}{_SOME_YEAR})?", None),  # 3–5 April
    (f"{_ANY_MONTH}{_S}{_DAYS}(?:,?{_S}{_SOME_YEAR})?", None),
)


@cache
def _patterns() -> list[tuple[re.Pattern[str], Reader | None]]:
    # (?ai: …) folds the case of ASCII letters only; the borders know the letters of every language.
    return [(re.compile(rf"(?<![\w$€£/.,–-])(?ai:{_LEAD}(?P<core>{kind}))(?!\w)"), reader) for kind, reader in _KINDS]


def _matches(text: str) -> Iterator[tuple[re.Match[str], Reader]]:
    """The date expressions of a text in order, without overlaps, each with the reader of its kind."""
    found = [(match, reader) for pattern, reader in _patterns() for match in pattern.finditer(text)]
    found.sort(key=lambda pair: (pair[0].start(), -pair[0].end()))
    end = 0
    for match, reader in found:
        if match.start() >= end:
            end = match.end()
            if reader is not None and not _is_chance(match, text):
                yield match, reader


def _is_chance(match: re.Match[str], text: str) -> bool:
    """Whether words may be no date, unless they are the whole text: “May” may be a name, “1453” a number."""
    if match[0] != match["core"] or match[0] == text.strip():
        return False
    return re.fullmatch(f"{_CAPITAL}|1[0-7][0-9]{{2}}", match[0]) is not None
