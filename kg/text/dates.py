"""English date expressions, resolved against the reading date of an article: “in December” is one of many months.

All possible readings are given, the likeliest first, and both ends of a range. An expression is read whole or not at
all: a text is cut into runs of words that speak of time, and a run has readings where the grammar has all of its words
but prepositions at its ends. None is for what has to be checked by hand (“the 1990s”, “04/03/2018”, “two days before
Wednesday”, “about 2015”), nor for “next week”, which is no date but has two bounds: those are `weeks`.
"""

import re
from calendar import monthrange
from collections.abc import Callable, Iterable
from datetime import date
from functools import cache
from typing import NamedTuple

from kg.errors import InputError
from kg.text.amounts import COUNTS, ORDINALS
from kg.text.date_words import BEFORE, DAY_WORDS, MONTHS, SPACE, STEPS, WEEKDAYS, Run, Word, runs

Value = tuple[str, str]  # a lexical form and the local name of its XSD datatype
Words = dict[str, str]  # the words of an expression by their part in it, in lower case
Reader = Callable[[Words, date], list[Value]]


class DateExpression(NamedTuple):
    """A reading of a date expression: `words` without preposition, `start` their offset (code points)."""

    lexical: str
    datatype: str
    words: str
    start: int


def resolve(words: str, reading_date: str) -> list[DateExpression]:
    """Give all readings of date expressions, the likeliest first; none for what has to be checked by hand.

    `reading_date` is the day (ISO 8601) on which the article was read. The readings of several expressions follow
    each other, with another `start` each. Raises InputError if the reading date is no day.
    """
    today = _reading_day(reading_date)
    return [
        DateExpression(lexical, datatype, words[part[0].start : part[-1].end], part[0].start)
        for run in runs(words)
        for part, values in _read(run, today)
        for lexical, datatype in values
    ]


def weeks(words: str, reading_date: str) -> list[tuple[str, str]]:
    """The first and the last day (ISO 8601) of each week that words name: “next week”, “this week”, “last week”.

    A week begins on Monday (ISO 8601, 4.3.2). Raises InputError if the reading date is no day.
    """
    now = _reading_day(reading_date).toordinal()
    steps = [STEPS[run.words[-2].text] for run in runs(words) if _is_week(run)]
    mondays = [now - (now - 1) % 7 + 7 * step for step in steps]
    spans = [_days(monday, monday + 6) for monday in mondays]
    return [(first, last) for (first, _), (last, _) in (span for span in spans if len(span) == 2)]


def find_dates(text: str) -> list[tuple[int, int, str]]:
    """Find the date expressions of a text, with prepositions: start, end (code points, exclusive), words."""
    readable = [run for run in runs(text) if _is_week(run) or any(_read(run, day) for day in _DAYS)]
    return [(run.start, run.words[-1].end, text[run.start : run.words[-1].end]) for run in readable]


def find_unread(text: str) -> list[tuple[int, int, str]]:
    """Find what speaks of time and is not read as a date, as `find_dates` does: “about 2015”, “04/03/2018”."""
    unread = [run for run in runs(text) if not (_is_week(run) or any(_read(run, day) for day in _DAYS))]
    return [(run.start, run.words[-1].end, text[run.start : run.words[-1].end]) for run in unread]


def _is_week(run: Run) -> bool:
    """Whether a run names one week by its step from this one, and nothing else."""
    return [word.text for word in run.words] in _WEEKS


def _reading_day(iso: str) -> date:
    try:
        if re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", iso):
            return date.fromisoformat(iso)
    except ValueError:
        pass
    raise InputError(f"the reading date “{iso}” is no day", hint="Write it as in “2018-04-03”.", rule="date")


_WEEKS = [[step, "week"] for step in ("last", "this", "next")]
# The last of which is not the day of an expression such as “Tuesday week”.
_DAYS = date(2016, 3, 1), date(2016, 3, 2)

# Readers: the values of an expression, from its words


def _year(year: int) -> list[Value]:
    return [(f"{year:04d}", "gYear")] if 1 <= year <= 9999 else []


def _month(months: int) -> list[Value]:
    """The month that is `months` after January of the year 0."""
    year, month = divmod(months, 12)
    return [(f"{year:04d}-{month + 1:02d}", "gYearMonth")] if 1 <= year <= 9999 else []


def _days(*ordinals: int) -> list[Value]:
    inside = (o for o in dict.fromkeys(ordinals) if 1 <= o <= date.max.toordinal())
    return [(date.fromordinal(ordinal).isoformat(), "date") for ordinal in inside]


def _nearest(ordinals: list[int], today: int) -> list[Value]:
    """The last of some days up to today and the first one from today on, the nearer one first."""
    last, first = [o for o in ordinals if o <= today][-1:], [o for o in ordinals if o >= today][:1]
    return _days(*sorted(last + first, key=lambda o: (abs(o - today), o)))


def _calendar(years: Iterable[int], month: int, day: int, weekday: int | None) -> list[int]:
    """The days with these numbers that there are, as ordinals; given a day of the week, those on it."""
    real = (y for y in years if 1 <= y <= 9999 and 1 <= month <= 12 and 1 <= day <= monthrange(y, month)[1])
    ordinals = [date(y, month, day).toordinal() for y in real]
    return [o for o in ordinals if weekday is None or (o - 1) % 7 == weekday]


def _step(words: Words, part: str) -> int | None:
    """-1, 0 or 1 for “last”, “this” or “next”; None if the words have none."""
    return STEPS.get(re.sub(SPACE, " ", words.get(part, "")))


def _number(word: str) -> int:
    """The number in a word such as “21”, “21st”, “twenty-one”, “twenty-first” or “a”."""
    if digits := re.match("[0-9]+", word):
        return int(digits[0])
    return sum((COUNTS | ORDINALS).get(part, 0) for part in re.findall("[a-z]+", word)) or 1


def _year_number(word: str) -> int:
    """The year in “2018”, “twenty eighteen”, “two thousand and eighteen” or “nineteen-oh-five”."""
    if word.isdigit():
        return int(word)
    first, *rest = re.split("[^a-z]+", word)
    year: int = (2000 if rest[0] == "thousand" else 100 * COUNTS[first]) + sum(COUNTS.get(part, 0) for part in rest)
    return year


def _month_number(words: Words) -> int:
    return [name[:3] for name in MONTHS.split("|")].index(words["month"][:3]) + 1


def _weekday_number(words: Words) -> int | None:
    """0 for Monday to 6 for Sunday; None if the words have no day of the week."""
    names = [name[:3] for name in WEEKDAYS.split("|")]
    return names.index(words["weekday"][:3]) if "weekday" in words else None


def _given_year(words: Words, today: date) -> int | None:
    if "year" in words:
        return _year_number(words["year"])
    return today.year + (_step(words, "step") or 0) if "step" in words else None


def _read_iso(words: Words, today: date) -> list[Value]:
    """A date in digits; the day and the month have to be told apart."""
    one, other, third = map(int, re.findall("[0-9]+", words["iso"]))
    if "-" in words["iso"]:
        return _days(*_calendar([one], other, third, None))
    apart = (one > 12) != (other > 12) or one == other
    return _days(*_calendar([third], min(one, other), max(one, other), None)) if apart else []


def _read_month(words: Words, today: date) -> list[Value]:
    """A bare month is the last one up to now, then the next one; “last May” may be last year's as well."""
    now, month, step = today.year * 12 + today.month - 1, _month_number(words) - 1, _step(words, "which")
    if (year := _given_year(words, today)) is not None:
        return _month(year * 12 + month)
    if not step:
        last, following = now - (now - month) % 12, now + (month - now) % 12
        months = [last, following] if step is None else [today.year * 12 + month]
    else:
        nearest = now - ((now - month - 1) % 12 + 1) if step < 0 else now + ((month - now - 1) % 12 + 1)
        months = [nearest, (today.year + step) * 12 + month]
    return [value for index in dict.fromkeys(months) for value in _month(index)]


def _read_date(words: Words, today: date) -> list[Value]:
    """A day and a month, possibly with a year or a day of the week; “last April 1” is before today."""
    year, step, now = _given_year(words, today), _step(words, "which"), today.toordinal()
    # Eight years each way hold a 29 February, even around 1900.
    years = range(today.year - 8, today.year + 9) if year is None else [year]
    ordinals = _calendar(years, _month_number(words), _number(words["day"]), _weekday_number(words))
    if step == 0:
        return _days(*(o for o in ordinals if date.fromordinal(o).year == today.year))
    if step:
        return _days(*([o for o in ordinals if o < now][-1:] if step < 0 else [o for o in ordinals if o > now][:1]))
    return _nearest(ordinals, now)


def _read_weekday(words: Words, today: date) -> list[Value]:
    """A bare weekday may be the reading date; “last Monday” may be this week's or last week's."""
    now, step, which = today.toordinal(), _step(words, "which"), words.get("which", "")
    of_this_week = now - today.weekday() + (_weekday_number(words) or 0)
    if (week := _step(words, "week")) is not None:
        return [] if which else _days(of_this_week + 7 * week)
    days = [of_this_week + 7 * n for n in (-1, 0, 1)]
    if not step:
        return _nearest(days, now)
    nearest = max(d for d in days if d < now) if step < 0 else min(d for d in days if d > now)
    return _days(nearest, *([] if which.startswith("this") else [of_this_week + 7 * step]))


def _read_week_after(words: Words, today: date) -> list[Value]:
    """“Monday week” is a week after the coming Monday; on a Monday it may be one of two."""
    weekday, now = _weekday_number(words), today.toordinal()
    if weekday is not None:
        return _days(now + (weekday - today.weekday()) % 7 + 7) if weekday != today.weekday() else []
    return _days(now + 7 + DAY_WORDS[words["word"]]) if words["word"] in ("today", "tomorrow") else []


def _read_day_of_month(words: Words, today: date) -> list[Value]:
    """“The first Friday of next month”, “the last day of March”, “the 15th of last month”."""
    weekday, nth, found = _weekday_number(words), words.get("nth") or words["day"], list[int]()
    months = _read_month(words, today) if "month" in words else _read_period(words | {"unit": "month"}, today)
    for year, month in (map(int, lexical.split("-")) for lexical, _ in months if nth not in ("this", "next")):
        every = [o for d in range(1, 32) for o in _calendar([year], month, d, weekday)]
        index = -1 if nth == "last" else _number(nth) - 1
        found += every[index : index + 1] if index >= 0 else every[-1:]
    return _days(*found)


def _read_period(words: Words, today: date) -> list[Value]:
    if words["which"] not in ("last", "this", "next"):
        return []
    step, month = STEPS[words["which"]], today.year * 12 + today.month - 1
    return _year(today.year + step) if words["unit"] == "year" else _month(month + step)


def _read_ago(words: Words, today: date) -> list[Value]:
    """Years ago is a year and no more, months ago a month, days ago a day."""
    number, unit = _number(words["number"]), words["unit"].removesuffix("s")
    if unit == "day":
        return _days(today.toordinal() - number)
    if unit == "month":
        return _month(today.year * 12 + today.month - 1 - number)
    return _year(today.year - number * (10 if unit == "decade" else 1))


# The grammar: patterns of kinds of words, with their readers. A part narrows a date down by less than its precision.
_IN_PART = "(?:t?Ed?(?:[oi]t?)?)?"
_OF_YEAR = "c?o?(?:(?P<year>Y)|(?P<step>S)J)"
_ON, _THE_DAY = "(?:(?P<which>S)?(?P<weekday>[Ww])c?)?", "(?P<day>[DO])"
_NTH = "t?(?P<nth>[OS])(?:(?P<weekday>W)|C)[oi]"
_RULES: tuple[tuple[str, Reader], ...] = (
    ("(?P<iso>I)", _read_iso),
    (f"{_ON}t?{_THE_DAY}o?(?P<month>M)(?:{_OF_YEAR})?", _read_date),
    (f"{_ON}(?P<month>M)t?{_THE_DAY}(?:{_OF_YEAR})?", _read_date),
    (f"(?P<which>S)(?P<month>M){_THE_DAY}", _read_date),
    (f"{_THE_DAY}d(?P<month>M)d(?P<year>Y)", _read_date),
    (f"{_IN_PART}(?P<month>M){_OF_YEAR}", _read_month),
    (f"{_IN_PART}(?P<which>S)?(?P<month>M)", _read_month),
    (f"{_IN_PART}(?:t?J)?(?P<year>Y)", lambda words, today: _year(_year_number(words["year"]))),
    (f"{_IN_PART}(?P<which>S)(?P<unit>[JK])", _read_period),
    ("(?P<number>[NDa])(?P<unit>[JKCL])[GB]", _read_ago),
    ("E?(?P<which>S)?(?P<weekday>W)(?:o?(?P<week>S)H)?", _read_weekday),
    ("(?:(?P<weekday>W)|(?P<word>T))H", _read_week_after),
    (f"{_NTH}(?P<month>M)(?:{_OF_YEAR})?", _read_day_of_month),
    (f"(?:{_NTH}|t?(?P<day>[OD])o)(?P<which>S)K", _read_day_of_month),
    ("(?P<word>T)", lambda words, today: _days(today.toordinal() + DAY_WORDS[re.sub(SPACE, " ", words["word"])])),
)


@cache
def _grammar() -> list[tuple[re.Pattern[str], Reader]]:
    return [(re.compile(pattern), reader) for pattern, reader in _RULES]


def _values(words: list[Word], today: date) -> list[Value]:
    kinds = "".join(word.kind for word in words)
    for pattern, reader in _grammar():
        if match := pattern.fullmatch(kinds):
            return reader({part: words[at].text for part in match.groupdict() if (at := match.start(part)) >= 0}, today)
    return []


# Where each part has a date of its own: “in May and in June”, “(up) in 2018 from 4 million in 2017”.
_CUT = re.compile("A(?=[rienyk])|[rkAc]V?[aNDQ]*[NQ][aNDQ]*V?(?=[inyeSWT]|a[CKJL]G)")


def _read(run: Run, today: date) -> list[tuple[list[Word], list[Value]]]:
    """The words of a run with their values; each end of a range, and each of the dates of a list, with its own."""
    if values := _values(run.words, today):
        past = [value for value in values if run.lead == "e" and value[0] <= today.isoformat()]  # since when
        return [(run.words, past or values)]
    cuts = [] if run.lead == "z" else [match.span() for match in _CUT.finditer(run.kinds())]
    joints = [match.span() for match in re.finditer("k|A|(?<!E)d", run.kinds())]
    if len(joints) == 1:
        left, right = _without(run.words[: joints[0][0]]), _without(run.words[joints[0][1] :])
        first, last = _shared(left, right)
        firsts, lasts = _values(first, today), _values(last, today)
        if joints[0] not in cuts:
            firsts, lasts = _paired(firsts, lasts, [w.kind for w in first] == [w.kind for w in last])
        if firsts and lasts:
            return [(left, firsts), (right, lasts)]
    for start, end in cuts:
        runs = run._replace(words=run.words[:start]), Run(run.words[end:], run.start, run.words[end].kind)
        parts = [_read(part._replace(words=_without(part.words)), today) for part in runs]
        if all(parts):
            return parts[0] + parts[1]
    return []


def _without(words: list[Word]) -> list[Word]:
    """A part of a run without prepositions before it, and without a comma after it."""
    before = BEFORE.match("".join(word.kind for word in words))
    return words[before.end() if before else 0 : -1 if words and words[-1].kind == "c" else None]


def _paired(firsts: list[Value], lasts: list[Value], near: bool) -> tuple[list[Value], list[Value]]:
    """The readings of the ends of a range that belong together: with a last one, or the nearest if they are `near`."""
    pairs = [(first, min(after)) for first in firsts if (after := [last for last in lasts if first[0] <= last[0]])]
    if near:  # “Monday and Friday of next week” are days of one week
        pairs = [(f, last) for f, last in pairs if not any(f[0] < other[0] <= last[0] for other in firsts)]
    return [first for first, _ in pairs], list(dict.fromkeys(last for _, last in pairs))


_SHARED_END = re.compile("(?:c?o?(?:Y|SJ)|o?SH)$")


def _shared(left: list[Word], right: list[Word]) -> tuple[list[Word], list[Word]]:
    """The ends of a range with what they share: “October 18 to 30, 2026”, “last Monday and Tuesday”."""
    kinds, others = ("".join(word.kind for word in words) for words in (left, right))
    end = _SHARED_END.search(others)
    tail = right[end.start() :] if end and end.start() and not _SHARED_END.search(kinds) else []
    if "M" in kinds and "M" not in others and others[:1] in ("D", "O"):
        right = [left[kinds.index("M")], *right]
    elif "M" in others and "M" not in kinds and kinds[-1:] in ("D", "O"):
        left = [*left, right[others.index("M")]]
    elif kinds[:1] == "S" and kinds[1:2] in ("W", "M") and others[:1] == kinds[1:2]:
        right = [left[0], *right]
    return left + tail if re.search("[MW]", "".join(w.kind for w in left)) else left, right
