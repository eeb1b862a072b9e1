"""English date expressions, resolved against the reading date of an article: “in December” is one of many months.

All possible readings are given, the likeliest first, and both ends of a range. An expression is read whole or not at
all: a text is cut into runs of words that speak of time, and a run has readings where the grammar has all of its words
but prepositions at its ends. None is for what has to be checked by hand (“last week”, “the 1990s”, “04/03/2018”, “two
days before Wednesday”, “about 2015”).
"""

import re
from calendar import monthrange
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from functools import cache
from typing import NamedTuple

from kg.errors import InputError
from kg.text.amounts import COUNTS, ORDINALS, PLURALS

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
        for run in _runs(words)
        for part, values in _read(run, today)
        for lexical, datatype in values
    ]


def find_dates(text: str) -> list[tuple[int, int, str]]:
    """Find the date expressions of a text, with prepositions: start, end (code points, exclusive), words."""
    readable = [run for run in _runs(text) if any(_read(run, day) for day in _DAYS)]
    return [(run.start, run.words[-1].end, text[run.start : run.words[-1].end]) for run in readable]


def _reading_day(iso: str) -> date:
    try:
        if re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", iso):
            return date.fromisoformat(iso)
    except ValueError:
        pass
    raise InputError(f"the reading date “{iso}” is no day", hint="Write it as in “2018-04-03”.", rule="date")


# The words that speak of time, by kind: a letter, so that a run of words is a word itself, with a grammar.

_MONTHS = "january|february|march|april|may|june|july|august|september|october|november|december"
_WEEKDAYS = "monday|tuesday|wednesday|thursday|friday|saturday|sunday"
_STEPS = {"last": -1, "this past": -1, "this": 0, "next": 1, "this coming": 1}
_TODAY = ("today", "tonight", "this morning", "this afternoon", "this evening")
_DAY_WORDS = dict.fromkeys(_TODAY, 0) | {"yesterday": -1, "last night": -1, "tomorrow": 1}
_DAY_WORDS |= {"the day before yesterday": -2, "the day after tomorrow": 2}
_S = r"[ \n\u00a0\u2009\u202f]"
_TENS = "twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
_ONES = "one|two|three|four|five|six|seven|eight|nine"
_TEENS = "|".join(word for word, number in COUNTS.items() if 10 <= number < 20)
_TWO_DIGITS = f"(?:(?:{_TENS})(?:[ -](?:{_ONES}))?|{_TEENS})"
_SCALES = "hundred|thousand|million|billion|trillion|lakh|crore|dozen|bn|mln|mn|k|m"
_COUNTED = (
    f"(?:{PLURALS}|percent\\w*|{_SCALES}|[kmgt]wh?|km|kg|ha|(?:kilo|mega|giga)watt|kilomet(?:er|re)|met(?:er|re)|mile|tonne"
    "|people|troops|soldiers|fighters|rebels|police|men|women|children|civilians|refugees|migrants|protesters|workers"
    "|members|countries|states|votes|seats|cases|deaths|jobs|homes|others|gmt|utc|hours|local|bce?|times|points|degrees)"
)
_NO_COUNT = rf"(?!{_S}?[%°‰]|[ \n\u00a0\u2009\u202f-]{_COUNTED}\b)"
_NO_MORE = rf"(?![\w%°:]|[.,’'/]\d){_NO_COUNT}"
_SMALL_MAY = rf"may(?={_S}(?:to{_S}(?:[0-9]|{_MONTHS})|(?:[0-9]{{1,2}}(?:st|nd|rd|th)?|[12][0-9]{{3}}){_NO_MORE}))"
_FEASTS = "Good|Black|Easter|Ash|Palm|Super|Bloody|Holy|Maundy|Cyber|Whit|Shrove"
# The kinds of words, a letter each: runs and rules are patterns of these letters.
_KINDS = {
    # a day in digits
    "I": r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?![\w-])|[0-9]{1,2}(?P<_mark>[/.])[0-9]{1,2}(?P=_mark)[0-9]{4}(?![\w/-]|\.\d)",
    "X": (  # what belongs to a date and is in no rule: decades, seasons, years in other calendars, two years in one
        r"[0-9]{1,4}[/.][0-9]{1,2}[/.][0-9]{1,4}|[12]?[0-9]{2}0['’]?s\b|['’][0-9]{2}s?\b"
        r"|[0-9]{4}[-–/][0-9]{1,2}(?![0-9])|(?-i:Q[1-4]|H[12]|FY[0-9/-]*|BCE?|AD|CE)\b|[1-4]Q[0-9]*\b"
        rf"|(?:twen|thir|for|fif|six|seven|eigh|nine)ties\b|(?:{_WEEKDAYS})s\b|(?-i:{_FEASTS})(?={_S}(?:{_WEEKDAYS})\b)"
        rf"|centur(?:y|ies)\b|quarters?\b|half\b|halves\b|seasons?\b|summer\b|autumn\b|winter\b|weekends?\b"
        rf"|(?:early|late|last|this|next|the|in){_S}(?:spring|fall)\b"
        rf"|(?:spring|fall)(?={_S}(?:of{_S})?(?:[0-9]{{4}}|last|this|next))"
        r"|(?:week|month|quarter|year)s?[ -](?:ending|ended|beginning|starting|commencing)\b"
        r"|(?:fiscal|financial|academic|model)\b|eve\b"
        r"|(?-i:Christmas|Easter|Ramadan|Passover|Eid|Thanksgiving)\b"
        r"|(?:each|every|past|coming|previous|following|preceding|same|other|subsequent)\b"
    ),
    # today and its like
    "T": "(?:" + "|".join(sorted(_DAY_WORDS, key=len, reverse=True)).replace(" ", _S) + r")\b",
    "Y": (  # year
        rf"(?:1[0-9]{{3}}|20[0-9]{{2}}){_NO_MORE}"
        rf"|(?:(?:seventeen|eighteen|nineteen|twenty)[ -](?:oh?[ -](?:{_ONES})|{_TWO_DIGITS})"
        rf"|two[ ]thousand(?:[ ]and)?[ ](?:{_TWO_DIGITS}|{_ONES}))\b(?!-){_NO_COUNT}"
    ),
    "O": rf"(?:[0-9]{{1,2}}(?:st|nd|rd|th)|(?:(?:twenty|thirty)[ -])?(?:{'|'.join(ORDINALS)}))\b",  # ordinal
    "D": rf"(?:0?[1-9]|[12][0-9]|3[01]){_NO_MORE}",  # day of a month
    # number
    "N": rf"[0-9]{{1,5}}{_NO_MORE}|(?:{_TWO_DIGITS}|{_ONES})\b{_NO_COUNT}",
    # how many
    "Q": rf"[0-9½¼¾](?:[.,’'/]?[0-9])*[½¼¾]?(?!\w)|(?:{_TWO_DIGITS}|{_ONES}|{_SCALES}|couple|few|several|many)s?\b",
    "a": r"an?\b",
    # Month. “may”, “march” and “mar” are other words too: months have a capital where they could be mistaken.
    "M": (
        rf"(?:(?-i:May|MAY|March|MARCH)|{_SMALL_MAY}|{_MONTHS.replace('march|', '').replace('may|', '')})\b"
        r"|(?-i:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\b\.?"
    ),
    "W": rf"(?:{_WEEKDAYS})\b",  # weekday
    "w": r"(?-i:Mon|Tues?|Wed|Thu(?:rs?)?|Fri|Sat|Sun)\b\.?",  # weekday, in short
    "S": rf"(?:this{_S}(?:past|coming)|last|this|next)\b",
    "C": r"days?\b",
    "H": r"weeks?\b",
    "K": r"months?\b",
    "J": r"years?\b",
    "L": r"decades?\b",
    "U": r"fortnights?\b",
    "G": r"ago\b",
    "V": (  # by which it is not exact
        rf"(?:about|around|circa|roughly|approximately|nearly|almost|over|under|some|plus|odd|(?:more|less|fewer){_S}than"
        rf"|at{_S}(?:least|most)|up{_S}to|or{_S}(?:so|more|less)|(?:no|not){_S}(?:earlier|later|more|less|before|after)(?:{_S}than)?"
        rf"|(?:as|so){_S}(?:early|late|soon|recently){_S}as)\b|\bca?\."
    ),
    "E": r"(?:early|earlier|mid|middle|late|later|start|beginning|end)\b",
    "B": r"before\b",
    "F": r"(?:after|hence)\b",
    "r": r"from\b",
    "i": r"in\b",
    "e": r"since\b",
    "y": r"(?:by|during|throughout)\b",
    "n": r"(?:on|at)\b",
    "k": r"(?:to|until|till|through|thru)\b",
    "z": r"between\b",
    "o": r"of\b",
    "t": r"the\b",
    "A": r"and\b",
    "v": r"or\b",
    "c": ",",
    "d": "[-–—]",
    "q": r"['’](?:s\b)?",
    "l": "/",
}
_LEADS, _SIGNS = "riyenkz", "cdlq"
_DAYS = date(2016, 3, 1), date(2016, 3, 2)  # one of which is not the day of an expression such as “Tuesday week”
_LONGEST = 30  # words of a run
_GLUE = re.compile(r"[\w$€£¥\u20a0-\u20cf.,/–#-]\Z")  # what a word may hang on: “S-2015”, “$2015”


class _Word(NamedTuple):
    kind: str
    start: int
    end: int
    text: str


class _Run(NamedTuple):
    """Words that speak of time, from the preposition at `start`, if there is one, to the last of them."""

    words: list[_Word]
    start: int
    lead: str

    def kinds(self) -> str:
        return "".join(word.kind for word in self.words)


@cache
def _vocabulary() -> re.Pattern[str]:
    # (?ai: …) folds the case of ASCII letters only; the borders know the letters of every language.
    ends = {kind: "" if kind in _SIGNS else r"(?!\w)" for kind in _KINDS}
    kinds = "|".join(f"(?P<{kind}>(?ai:{words}){ends[kind]})" for kind, words in _KINDS.items())
    kinds = rf"[0-9]{{1,2}}(?:[.:][0-9]{{2}})?{_S}?(?ai:[ap]\.?m(?!\w))\.?|{kinds}"  # 9.30 p.m.
    return re.compile(kinds.replace("[ -]", "[ \n\u00a0\u2011-]") + r"|\w+|\S")


def _runs(text: str) -> Iterator[_Run]:
    """The runs of words that speak of time, without what is beside the time at their ends."""
    words: list[_Word] = []
    end = 0
    for match in _vocabulary().finditer(text):
        kind, glued = match.lastgroup or "", match.start() == end and _GLUE.search(text, max(0, end - 1), end)
        if words and (not kind or match.start() - end > 2):
            yield from _stripped(text, words)
            words = []
        if kind and (words or not (glued or kind in _SIGNS)):
            words.append(_Word(kind, match.start(), match.end(), match[0].lower()))
        end = match.end()
    yield from _stripped(text, words)


# Prepositions, articles and numbers of other things, before what speaks of time and after it.
_BEFORE = re.compile(
    r"(?:[rinyezkovAcdql]|t(?![OEDSJ])|t?[aSOEV](?=[rinye])|V(?=t[^EJ])|a(?=[WMYI])|t?O(?=Y)"
    r"|t?[aNDQO]d?[CHKJLU](?=[iy])|V?[aNDQA]*[NDQ](?=[rinyeSWT]|a[CKJL]G))*+"
)
_AFTER, _IF_FOLLOWED = re.compile("[rinyezkovAtcdlq]$"), re.compile("(?:[aNQSVBFE]|(?<!M)(?<!Mt)[DO]|iMD)$")
_PAIR = re.compile("Mt?[DO]([dkA])[DO]$")  # “May 3–5 in Melk”; perhaps not “on May 3 and 5 drones”
_NO_NOUN = re.compile(rf"{_S}(?:in|at|by|for|with|to|as|when|where|after|before|because|but|while|and|was|were|is)\b")
_COUNTED_TIME = re.compile("t?[aNDQ]d?[CHKJLU]$")  # “on Monday two days of”, “a two-day”
_ANCHOR = re.compile("[MYWTI]|[CHKJLUX]G|[CKJL]B|S[KJ]")
# What may be no date, with what is after it then.
_BY_CHANCE = {"May|MAY|March|MARCH|1[0-7][0-9]{2}": "", "April|June|August": f"{_S}[A-Z][a-z]"}
_BY_CHANCE |= {"[12][0-9][05]0": rf"{_S}[a-z]+s\b"}
_FOLLOWED = re.compile(r"[ \n\u00a0\u2009\u202f-]{0,2}[\w“‘\"'(]")


def _stripped(text: str, words: list[_Word]) -> Iterator[_Run]:
    """A run without what is beside the time at its ends, if it names one."""
    if not words or len(words) > _LONGEST:
        return
    kinds, follows, of = "".join(word.kind for word in words), _FOLLOWED.match(text, words[-1].end) is not None, False
    while kinds:
        pair = _PAIR.search(kinds) if follows else None
        counted = _COUNTED_TIME.search(kinds) if follows and (of or "d" in kinds[-2:]) else None
        if counted:
            kinds = kinds[: counted.start()]
        elif pair:
            if pair[1] == "A" and not _NO_NOUN.match(text, words[len(kinds) - 1].end):
                return
            break
        elif _AFTER.search(kinds) or (follows and _IF_FOLLOWED.search(kinds)):
            follows, of, kinds = kinds[-1] not in _SIGNS, kinds[-1] == "o", kinds[:-1]
        else:
            break
    first = match.end() if (match := _BEFORE.match(kinds)) else 0
    if not _ANCHOR.search(kinds, first):
        return
    lead = words[first - 1] if first and kinds[first - 1] in _LEADS else words[first]
    run = _Run(words[first : len(kinds)], lead.start, lead.kind)
    if not _is_chance(text, run):
        yield run


def _is_chance(text: str, run: _Run) -> bool:
    """Whether words may be no date, unless they are the whole text: “May” may be a name, “1453” a number."""
    (word, *more) = run.words
    found, after = text[word.start : word.end], text[word.end :]
    if more or run.start != word.start or found == text.strip():
        return False
    return any(re.fullmatch(words, found) and re.match(beside, after) for words, beside in _BY_CHANCE.items())


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
    return _STEPS.get(re.sub(_S, " ", words.get(part, "")))


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
    return [name[:3] for name in _MONTHS.split("|")].index(words["month"][:3]) + 1


def _weekday_number(words: Words) -> int | None:
    """0 for Monday to 6 for Sunday; None if the words have no day of the week."""
    names = [name[:3] for name in _WEEKDAYS.split("|")]
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
    return _days(now + 7 + _DAY_WORDS[words["word"]]) if words["word"] in ("today", "tomorrow") else []


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
    step, month = _STEPS[words["which"]], today.year * 12 + today.month - 1
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
    ("(?P<word>T)", lambda words, today: _days(today.toordinal() + _DAY_WORDS[re.sub(_S, " ", words["word"])])),
)


@cache
def _grammar() -> list[tuple[re.Pattern[str], Reader]]:
    return [(re.compile(pattern), reader) for pattern, reader in _RULES]


def _values(words: list[_Word], today: date) -> list[Value]:
    kinds = "".join(word.kind for word in words)
    for pattern, reader in _grammar():
        if match := pattern.fullmatch(kinds):
            return reader({part: words[at].text for part in match.groupdict() if (at := match.start(part)) >= 0}, today)
    return []


# Where each part has a date of its own: “in May and in June”, “(up) in 2018 from 4 million in 2017”.
_CUT = re.compile("A(?=[rienyk])|[rkAc]V?[aNDQ]*[NQ][aNDQ]*V?(?=[inyeSWT]|a[CKJL]G)")


def _read(run: _Run, today: date) -> list[tuple[list[_Word], list[Value]]]:
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
        runs = run._replace(words=run.words[:start]), _Run(run.words[end:], run.start, run.words[end].kind)
        parts = [_read(part._replace(words=_without(part.words)), today) for part in runs]
        if all(parts):
            return parts[0] + parts[1]
    return []


def _without(words: list[_Word]) -> list[_Word]:
    """A part of a run without prepositions before it, and without a comma after it."""
    before = _BEFORE.match("".join(word.kind for word in words))
    return words[before.end() if before else 0 : -1 if words and words[-1].kind == "c" else None]


def _paired(firsts: list[Value], lasts: list[Value], near: bool) -> tuple[list[Value], list[Value]]:
    """The readings of the ends of a range that belong together: with a last one, or the nearest if they are `near`."""
    pairs = [(first, min(after)) for first in firsts if (after := [last for last in lasts if first[0] <= last[0]])]
    if near:  # “Monday and Friday of next week” are days of one week
        pairs = [(f, last) for f, last in pairs if not any(f[0] < other[0] <= last[0] for other in firsts)]
    return [first for first, _ in pairs], list(dict.fromkeys(last for _, last in pairs))


_SHARED_END = re.compile("(?:c?o?(?:Y|SJ)|o?SH)$")


def _shared(left: list[_Word], right: list[_Word]) -> tuple[list[_Word], list[_Word]]:
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
