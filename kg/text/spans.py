"""English words that count without a number of their own: “over a decade” is 10 years, “a kilometre” is one.

What a decade is counted in is for the reader: each span is given in every unit in which it is a number without a rest.
"""

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import cache

from kg.text.amounts import COUNTS, Amount, find_amounts
from kg.text.bounds import QUALIFIERS

_UNITS = {  # of a span, the units in which it may be told, the usual one first
    "century": {"year": 100},
    "decade": {"year": 10, "month": 120},
    "year": {"year": 1, "month": 12},
    "month": {"month": 1},
    "fortnight": {"week": 2, "day": 14},
    "week": {"week": 1, "day": 7},
    "day": {"day": 1, "hour": 24},
    "hour": {"hour": 1, "minute": 60},
}
_PLURALS = {"century": "centuries"}
_FEW = {"a couple of": 2, "a dozen": 12, "a score of": 20, "half a dozen": 6}
_TWO = {"a couple of": 2, "a pair of": 2, "both": 2}
_PARTS = {"a half": "0.5", "a quarter": "0.25", "three quarters": "0.75"}
_SPACE = r"[ \u00a0]"


def find_spans(text: str) -> list[Amount]:
    """The spans of time in an English text, one for each unit, in order; “decades” alone has no number."""
    return [amount for match in _spans().finditer(text) for amount in _read(match)]


def find_counted(text: str) -> list[Amount]:
    """What an English text counts by “a couple of” and the like, and units that it has one or a half of."""
    found = list[Amount]()
    for match in _counted().finditer(text):
        count, noun = match["count"].lower().replace("\u00a0", " "), match["noun"]
        units = {m for amount in find_amounts(f"2 {noun}", english=True) for m in amount.measures}
        if units or count in _TWO:
            number = Decimal(_TWO[count]) if count in _TWO else _count(count)
            found.append(Amount(match[0], match.start(), match.end(), (number,), tuple(sorted(units))))
    return found


def find_single(text: str) -> list[str]:
    """What an English text has one of by the article alone, in order: “a man”, “an oil tanker”."""
    return [match[0] for match in _single().finditer(text)]


@cache
def _spans() -> re.Pattern[str]:
    names = "|".join(f"{name}|{_PLURALS.get(name, name + 's')}" for name in _UNITS)
    counts = "|".join([*_FEW, *COUNTS, "half an?", "(?:a )?quarter of an?", "three quarters of an?", r"\d+", "an?"])
    before = rf"(?:(?<!\w)(?P<qualifier>{QUALIFIERS}) )?(?<![\w.,-])(?P<count>{counts})".replace(" ", _SPACE)
    part = rf"(?P<part> and (?:{'|'.join(_PARTS)}))?".replace(" ", _SPACE)
    return re.compile(rf"{before}[- \u00a0](?P<name>{names})(?!\w){part}", re.IGNORECASE)


@cache
def _counted() -> re.Pattern[str]:
    counts = "|".join([*_TWO, "half an?", "an?"]).replace(" ", _SPACE)
    return re.compile(rf"(?<![\w.,-])(?P<count>{counts}){_SPACE}(?P<noun>[^\W\d_]+)", re.IGNORECASE)


@cache
def _single() -> re.Pattern[str]:
    return re.compile(rf"(?<![\w.,-])an?{_SPACE}[^\W\d_]+(?:{_SPACE}[^\W\d_]+)?", re.IGNORECASE)


def _read(match: re.Match[str]) -> Iterator[Amount]:
    count = _count(match["count"].lower().replace("\u00a0", " "))
    part = (match["part"] or "").lower().replace("\u00a0", " ").removeprefix(" and ")
    count += Decimal(_PARTS.get(part, 0))
    name = match["name"].lower()
    single = next(one for one in _UNITS if name in (one, _PLURALS.get(one, f"{one}s")))
    start, end = match.start("count"), match.end()
    for unit, factor in _UNITS[single].items():
        number = count * factor
        yield Amount(match.string[start:end], start, end, (number,), (unit,), match["qualifier"] or "")


def _count(words: str) -> Decimal:
    if words.isdecimal():
        return Decimal(words)
    if words in ("a", "an"):
        return Decimal(1)
    if words in _FEW or words in COUNTS:
        return Decimal((_FEW | COUNTS)[words])
    return Decimal("0.5") if words.startswith("half") else Decimal("0.75" if words.startswith("three") else "0.25")
