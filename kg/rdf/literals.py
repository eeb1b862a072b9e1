"""Ill-typed literals: whether a string is in the lexical space of its datatype, and what is wrong if not.

SHACL engines accept most ill-typed literals, so they are checked here: by XSD 1.1 Part 2 for the datatypes that RDF 1.1
Concepts §5.1 lists, and by RFC 5646 §2.1 for language tags. A datatype is a pattern (of linear time, with the digits 0
to 9 only), a clause that says what a right form is, and an example.
"""

import re
from calendar import monthrange
from functools import cache
from itertools import groupby
from typing import NamedTuple

from pyoxigraph import Literal

from kg.rdf.namespaces import RDF, XSD
from kg.rdf.tokens import LETTERS, NAME_CHARS


class Form(NamedTuple):
    """The lexical form of one datatype; named groups of the pattern are parts of a date or time."""

    pattern: str
    says: str
    example: str


_YEAR = r"(?P<year>-?[0-9]{4,})"
_MONTH = r"(?P<month>[0-9]{2})"
_DAY = r"(?P<day>[0-9]{2})"
_DATE = f"{_YEAR}-{_MONTH}-{_DAY}"
_TIME = r"(?P<hour>[0-9]{2}):(?P<minute>[0-9]{2}):(?P<second>[0-9]{2})(?P<fraction>\.[0-9]+)?"
_DATE_TIME = f"{_DATE}T{_TIME}"
_OFFSET = r"(?P<zone>Z|[+-][0-9]{2}:[0-9]{2})"
_ZONE = f"{_OFFSET}?"
_NUMBER = r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)"
_DOUBLE = Form(rf"{_NUMBER}(?:[Ee][+-]?[0-9]+)?|[+-]?INF|NaN", "it is a number, INF, -INF or NaN", "1.5E3")
_MONTHS = "(?:[0-9]+Y)?(?:[0-9]+M)?"
_DAYS = r"(?:[0-9]+D)?(?:T(?=[0-9])(?:[0-9]+H)?(?:[0-9]+M)?(?:[0-9]+(?:\.[0-9]+)?S)?)?"
_FULL = "\ud7ff\ue000-\ufffd\U00010000-\U0010ffff"  # the end of the range of characters that XML 1.0 allows
# Stricter than XSD 1.1, by which any string is an anyURI: nothing that RFC 3987 forbids, and no white space at all,
# since a no-break space in an address is a mistake of copying.
_ADDRESS = r"[^\s\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e<>\"{}|\\^`%]*"
_BASE64 = (
    "(?:(?:[A-Za-z0-9+/] ?){4})*(?:(?:[A-Za-z0-9+/] ?){3}[A-Za-z0-9+/]"
    "|(?:[A-Za-z0-9+/] ?){2}[AEIMQUYcgkosw048] ?=|[A-Za-z0-9+/] ?[AQgw] ?= ?=)"
)

_FORMS = {
    "boolean": Form("true|false|1|0", "it is true or false, in small letters", "true"),
    "decimal": Form(_NUMBER, "it is digits, at most one point, no exponent and no separator", "1200.5"),
    "double": _DOUBLE,
    "float": _DOUBLE,
    "date": Form(_DATE + _ZONE, "it is year, month and day", "2018-04-03"),
    "time": Form(_TIME + _ZONE, "it is hours, minutes and seconds", "09:30:00"),
    "dateTime": Form(_DATE_TIME + _ZONE, "it is a date, a T and a time", "2018-04-03T09:30:00"),
    "dateTimeStamp": Form(_DATE_TIME + _OFFSET, "it is a date, a T, a time and a time zone", "2018-04-03T09:30:00Z"),
    "gYear": Form(_YEAR + _ZONE, "it is a year of at least four digits", "2018"),
    "gYearMonth": Form(f"{_YEAR}-{_MONTH}{_ZONE}", "it is a year and a month", "2018-12"),
    "gMonth": Form(f"--{_MONTH}{_ZONE}", "it is two hyphens and a month", "--12"),
    "gDay": Form(f"---{_DAY}{_ZONE}", "it is three hyphens and a day", "---03"),
    "gMonthDay": Form(f"--{_MONTH}-{_DAY}{_ZONE}", "it is two hyphens, a month and a day", "--04-03"),
    "duration": Form(f"-?P(?=[0-9T]){_MONTHS}{_DAYS}", "it is P, years, months and days, then T before hours", "P3Y6M"),
    "yearMonthDuration": Form(f"-?P(?=[0-9]){_MONTHS}", "it is P, years and months", "P3Y6M"),
    "dayTimeDuration": Form(f"-?P(?=[0-9T]){_DAYS}", "it is P, days, then T before hours", "P3DT12H"),
    "hexBinary": Form("(?:[0-9A-Fa-f]{2})*", "it is pairs of the digits 0 to 9 and A to F", "0FB7"),
    "base64Binary": Form(f"(?:{_BASE64})?", "it is base64 in groups of four characters", "RW50ZW50ZQ=="),
    "anyURI": Form(
        f"{_ADDRESS}(?:%[0-9A-Fa-f]{{2}}{_ADDRESS})*",
        'an address has no space, no control character, none of <>"{}|\\^` and two hex digits after each %',
        "https://example.org/a%20b",
    ),
    "language": Form(
        "[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*", "it is letters, at most eight, and parts after hyphens", "en-GB"
    ),
    "string": Form(f"[\t\n\r -{_FULL}]*", "it has no control character, since XML forbids them", "Ankara"),
    "normalizedString": Form(f"[ -{_FULL}]*", "it is one line with no tab or control character", "Ankara"),
    "token": Form(f"(?:[!-{_FULL}]+(?: [!-{_FULL}]+)*)?", "it is words with one space between", "Free Army"),
    "Name": Form(f"[:{LETTERS}][:{NAME_CHARS}.]*", "it is a letter, _ or :, then letters, digits, _:-.", "ent:date"),
    "NCName": Form(f"[{LETTERS}][{NAME_CHARS}.]*", "it is a letter or _, then letters, digits, _-.", "s-400"),
    "NMTOKEN": Form(f"[:{NAME_CHARS}.]+", "it is letters, digits and _:-.", "400-s"),
}

_BITS = {"long": 64, "int": 32, "short": 16, "byte": 8}
INTEGERS: dict[str, tuple[int | None, int | None]] = {
    "integer": (None, None),
    "nonNegativeInteger": (0, None),
    "positiveInteger": (1, None),
    "nonPositiveInteger": (None, 0),
    "negativeInteger": (None, -1),
    **{name: (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1) for name, bits in _BITS.items()},
    **{f"unsigned{name.capitalize()}": (0, 2**bits - 1) for name, bits in _BITS.items()},
}

# Datatypes that are mistaken for each other: where a value fits another one of its row, the message says so.
_KIN = (("gYear", "gYearMonth", "date", "dateTime", "time"), ("integer", "decimal", "double"))

_LANGUAGE_TAG = (
    "(?:[a-z]{2,3}(?:-[a-z]{3}){0,3}|[a-z]{4,8})(?:-[a-z]{4})?(?:-(?:[a-z]{2}|[0-9]{3}))?"  # zh-Hant-TW
    "(?:-(?:[a-z0-9]{5,8}|[0-9][a-z0-9]{3}))*(?:-[a-wy-z0-9](?:-[a-z0-9]{2,8})+)*"  # variants, extensions
    "(?:-x(?:-[a-z0-9]{1,8})+)?|x(?:-[a-z0-9]{1,8})+"  # private use
    "|en-gb-oed|i-(?:ami|bnn|default|enochian|hak|klingon|lux|mingo|navajo|pwn|tao|tay|tsu)"
    "|sgn-(?:be-fr|be-nl|ch-de)"  # irregular ones, older than the grammar
)


def problem(literal: Literal) -> str | None:
    """Say in a sentence what is wrong with the lexical form of a literal; None if it is well formed.

    Literals of datatypes outside the namespaces of XSD and RDF are not checked.
    """
    iri, value = literal.datatype.value, literal.value
    if literal.language is not None:
        return language_tag_problem(literal.language)
    if iri.startswith(XSD):
        return _xsd_problem(iri[len(XSD) :], value)
    if iri in (RDF + "langString", RDF + "dirLangString"):
        return f"“{_shown(value)}” has no language tag: an rdf:{iri[len(RDF) :]} ends in one, as in “Ankara”@en"
    if iri == RDF + "JSON":
        return _json_problem(value)
    return _xml_problem(value) if iri == RDF + "XMLLiteral" else None  # any string is an rdf:HTML


def language_tag_problem(tag: str) -> str | None:
    """Say what is wrong with a language tag; None if it is well formed by RFC 5646 §2.1."""
    if re.fullmatch(_LANGUAGE_TAG, tag, re.IGNORECASE | re.ASCII):
        return None
    return f"“{_shown(tag)}” is no language tag: it is a language, then script and country, as in “en-GB”"


def _xsd_problem(name: str, value: str) -> str | None:
    if name not in _FORMS and name not in INTEGERS:
        return _unknown(name)
    why = _breach(name, value)
    if why is None:
        return None
    example = _FORMS[name].example if name in _FORMS else "-100" if INTEGERS[name][1] in (0, -1) else "100"
    return f"“{_shown(value)}” is no xsd:{name}: {_advice(name, value) or why}, as in “{example}”"


def _breach(name: str, value: str) -> str | None:
    """What a value of a known datatype should be and is not, as a clause."""
    if name in INTEGERS:
        return _integer(name, value)
    match = re.fullmatch(_FORMS[name].pattern, value)
    if not match:
        return _FORMS[name].says
    parts = match.groupdict()
    return _day_breach(parts.get("year"), parts.get("month"), parts.get("day")) or _clock_breach(parts)


def _advice(name: str, value: str) -> str | None:
    """A clause that says more than `_breach`, for mistakes that are easy to make and hard to see."""
    if name in ("string", "normalizedString", "token"):
        return None
    if value != value.strip():
        return "no space or line break stands before or after it"
    strange = next((c for c in value if c.isdigit() and c not in "0123456789"), None)
    if strange and name != "anyURI":
        return f"the digits are 0 to 9, not “{strange}”"
    neighbours = [other for kin in _KIN if name in kin for other in kin]
    fits = next((other for other in neighbours if _breach(other, value) is None), None)
    return f"{_breach(name, value)} (this is an xsd:{fits})" if fits else None


def _shown(value: str) -> str:
    """The value as messages print it: at most 60 characters, unprintable ones as code points."""
    short = value if len(value) <= 60 else value[:59] + "…"
    return "".join(c if c.isprintable() else f"[U+{ord(c):04X}]" for c in short)


def _integer(name: str, value: str) -> str | None:
    """Check form and range of an integer (XSD 1.1 Part 2 §3.4.13 to §3.4.25), however many digits it has."""
    if not re.fullmatch("[+-]?[0-9]+", value):
        return "it is digits, with no point, exponent or separator"
    low, high = INTEGERS[name]
    digits = value.lstrip("+-").lstrip("0")
    # equivalent: every bound has 20 digits or fewer, so any number beyond will do
    size = int(digits or "0") if len(digits) <= 20 else 10**20  # beyond every bound; int() of more is slow
    number = -size if value.startswith("-") else size
    if (low is None or number >= low) and (high is None or number <= high):
        return None
    if low is not None and high is not None:
        return f"it is from {low} to {high}"
    return f"it is {low} or more" if low is not None else f"it is {high} or less"


def _day_breach(year: str | None, month: str | None, day: str | None) -> str | None:
    """Check a date (XSD 1.1 Part 2 §3.3.7), of which parts may be missing, against the calendar."""
    digits = (year or "2000").lstrip("-")  # without a year, 29 February is a day
    if len(digits) > 4 and digits[0] == "0":
        return "a year of more than four digits does not begin with 0"
    if month is not None and not "01" <= month <= "12":
        return "the month is 01 to 12"
    # Leap years repeat each 400 years, so the last four digits suffice, before the year 0 as well.
    last = monthrange(int(digits[-4:]), int(month or "1"))[1]  # equivalent: five digits tell the same as four
    if day is None or 1 <= int(day) <= last:
        return None
    if last == 31:
        return "the day is 01 to 31"
    return f"the day is 01 to {last} in month {month}" + (f" of {year}" if year and last < 30 else "")


def _clock_breach(parts: dict[str, str | None]) -> str | None:
    """Check a time and a time zone, of which parts may be missing."""
    hour, minute, second = (parts.get(name) or "00" for name in ("hour", "minute", "second"))
    for name, part, last in (("hour", hour, "24"), ("minute", minute, "59"), ("second", second, "59")):
        if part > last:
            return f"the {name} is 00 to {last}"
    if hour == "24" and (minute, second, (parts.get("fraction") or "").strip(".0")) != ("00", "00", ""):
        return "the hour 24 is midnight only, 24:00:00"
    zone = parts.get("zone") or "Z"
    if zone != "Z" and (zone[1:] > "14:00" or zone[4:] > "59"):
        return "the time zone is Z or from -14:00 to +14:00"
    return None


def _unknown(name: str) -> str:
    """Name the known datatype that is closest to an unknown one."""
    from difflib import get_close_matches  # only where something is wrong: it is slow to load

    known = {known.lower(): known for known in (*_FORMS, *INTEGERS)}
    close = get_close_matches(name.lower(), known, n=1)  # equivalent: of several, the first is the closest
    # equivalent: the first of one is the last
    advice = f"the closest is xsd:{known[close[0]]}" if close else "words are xsd:string, numbers xsd:decimal"
    return f"xsd:{_shown(name)} is no datatype of RDF 1.1: {advice}"


def _json_problem(value: str) -> str | None:
    """Check a JSON text by RFC 8259, which has neither NaN nor Infinity."""
    import json

    def refuse(constant: str) -> None:
        raise ValueError(f"{constant} is no number of JSON")

    try:
        json.loads(value, parse_constant=refuse, parse_int=str)  # str: int() refuses very long numbers
    except RecursionError:
        return f"“{_shown(value)}” is no rdf:JSON: it is nested too deeply"
    except ValueError as error:
        return f'“{_shown(value)}” is no rdf:JSON: {error}; a right form is “{{"state": "Turkey"}}”'
    return None


def _xml_problem(value: str) -> str | None:
    """Check that an XML fragment is balanced and declares its prefixes (RDF 1.1 Concepts §5.3)."""
    from xml.parsers import expat

    parser = expat.ParserCreate("UTF-8", " ")  # inside an element no DOCTYPE, hence no entity, can be declared
    try:
        parser.Parse(f"<x>{value}</x>".encode(), True)
    except expat.ExpatError as error:
        why = expat.ErrorString(error.code)
        return f"“{_shown(value)}” is no rdf:XMLLiteral: {why}; a right form is “the <b>trilateral</b> summit”"
    return None


# Parts of a regular expression: an escape, a class within brackets, or what Python reads in another way.
_REGEX = r"(\\[pP]\{[A-Za-z]*\}|\\[\s\S])|(\[\^?(?:\\[pP]\{[A-Za-z]*\}|\\[\s\S]|[^\]\\])*\]?)|([.$])"
_SPACE = " \t\n\r"  # \s


def regex(pattern: str, flags: str = "") -> re.Pattern[str]:
    r"""The pattern of SPARQL's REGEX and of sh:pattern (XPath functions 3.1 §5.6, XSD 1.1 Part 2 appendix G).

    For Python, `$` also matches before a last line end, `.` matches a carriage return, `\s` all spaces of Unicode,
    and `\w` fewer characters. Raises re.error, also for flags that are none and for the subtraction of classes.
    """
    if unknown := set(flags) - set("smixq"):
        raise re.error(f"there is no flag {min(unknown)}")
    python = sum(bit for flag, bit in (("i", re.IGNORECASE), ("m", re.MULTILINE)) if flag in flags)
    if "q" in flags:
        return re.compile(re.escape(pattern), python & re.IGNORECASE)

    def part(match: re.Match[str]) -> str:
        escape, bracket, mark = match.groups()
        if escape:
            return f"[{found}]" if (found := _characters(escape)) else escape
        if bracket:
            if "-[" in bracket:
                raise re.error("classes cannot be subtracted from each other")
            inner = re.sub(r"\\[pP]\{[A-Za-z]*\}|\\[\s\S]", lambda m: _characters(m[0]) or m[0], bracket[1:])
            return "[" + re.sub(r"(?<!\\)[\[&|~]", r"\\\g<0>", inner)
        if mark == ".":
            return r"[\s\S]" if "s" in flags else r"[^\n\r]"
        return "$" if "m" in flags else r"\Z"

    if "x" in flags:
        pattern = re.sub(_REGEX + f"|[{_SPACE}]+", lambda m: "" if m[0].isspace() else m[0], pattern)
    return re.compile(re.sub(_REGEX, part, pattern), python)


def _characters(escape: str) -> str:
    r"""The characters of `\s`, `\w`, `\p{…}` and their complements as in a class of Python; empty for other escapes."""
    if escape[1] in "sS":
        return _SPACE if escape[1] == "s" else r"\x00-\x08\x0b\x0c\x0e-\x1f!-\U0010ffff"
    categories = "PZC" if escape[1] in "wW" else escape[3:-1]
    return _of_categories(categories, escape[1] in "Wp") if escape[1] in "wWpP" else ""


@cache
def _of_categories(categories: str, within: bool) -> str:
    """The characters whose general category of Unicode begins with `Lu` or `L` (or is one of `PZC`), or all others."""
    from unicodedata import category

    wanted = tuple(categories) if categories == "PZC" else categories
    chosen = [bool(wanted) and category(chr(code)).startswith(wanted) for code in range(0x110000)]
    if not any(chosen):
        raise re.error(f"there is no category {categories}")
    runs = [list(run) for is_in, run in groupby(range(0x110000), chosen.__getitem__) if is_in == within]
    return "".join(f"\\U{run[0]:08x}-\\U{run[-1]:08x}" for run in runs)
