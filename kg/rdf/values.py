"""The values of literals: bounds of partial dates, and equality as the datatype rules of OWL 2 RL need it.

Those rules are dt-type2, dt-eq, dt-diff and dt-not-type (W3C OWL 2 Profiles §4.3). Two literals are equal where their
values are identical (XSD 1.1 Part 2 §2.2.1): `"01"^^xsd:integer` and `"1.0"^^xsd:decimal` are, `"1"^^xsd:integer` and
`"1"^^xsd:double` are not. Literals are given as N-Triples; a datatype that OWL 2 RL does not have has no known values.
"""

import re
import struct
from calendar import monthrange
from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta

from pyoxigraph import Literal, NamedNode

from kg.errors import InputError
from kg.rdf import literals
from kg.rdf.namespaces import RDF, RDFS, XSD


def bounds(literal: Literal) -> tuple[str, str]:
    """Give the earliest and the latest day (ISO 8601) that a date, in its precision, may be.

    Takes xsd:gYear, xsd:gYearMonth, xsd:date and xsd:dateTime of the years 0001 to 9999. A time zone does not
    move the day; the hour 24 is the next day (XSD 1.1 Part 2 §3.3.7). Raises InputError for anything else.
    """
    if wrong := literals.problem(literal):
        raise InputError(wrong, rule="literal")
    name, value = literal.datatype.value.removeprefix(XSD), literal.value
    if name not in ("gYear", "gYearMonth", "date", "dateTime"):
        hint = "A date is an xsd:gYear, an xsd:gYearMonth, an xsd:date or an xsd:dateTime."
        raise InputError(f"{literal} is no date", hint=hint, rule="date")
    day = _next_day(value[:10]) if value[10:13] == "T24" else value[:10]
    if value[0] == "-" or value[:4] == "0000" or value[4:5].isdigit() or len(day) > 10:
        raise InputError(f"{literal} lies outside the years 0001 to 9999", rule="date")
    if name == "gYear":
        return f"{value[:4]}-01-01", f"{value[:4]}-12-31"
    if name == "gYearMonth":
        return f"{value[:7]}-01", f"{value[:7]}-{monthrange(int(value[:4]), int(value[5:7]))[1]}"
    return day, day


def kind(terms: Iterable[object]) -> str:
    """What all of the terms are, for a program whose columns have types; `text` if nothing else.

    `boolean`; `integer`, of 64 bits; `number`, an xsd:decimal, float, double or integer; of the years 0001 to 9999
    `day`, an xsd:date, `time`, an xsd:dateTime, and `date`, any of these, an xsd:gYear or an xsd:gYearMonth.
    """
    found = {_kind(term) for term in terms}
    for wider in ("boolean", "integer", "day", "time", "number", "date"):
        if found and found <= {wider, *_NARROWER.get(wider, ())}:
            return wider
    return "text"


_NARROWER = {"number": ("integer",), "date": ("day", "time")}
_KINDS = {"decimal": "number", "float": "number", "double": "number", "boolean": "boolean"}


def _kind(term: object) -> str:
    if not isinstance(term, Literal) or not term.datatype.value.startswith(XSD) or literals.problem(term):
        return "text"
    name = term.datatype.value.removeprefix(XSD)
    if name in literals.INTEGERS:
        digits = term.value.lstrip("+-0")
        return "integer" if len(digits) < 20 and -(2**63) <= int(term.value) < 2**63 else "text"
    if name in ("gYear", "gYearMonth", "date", "dateTime"):
        try:
            bounds(term)
        except InputError:
            return "text"
        return {"date": "day", "dateTime": "time"}.get(name, "date")
    return _KINDS.get(name, "text")


_STRINGS = ("string", "normalizedString", "token", "language", "Name", "NCName", "NMTOKEN")
_PLAIN = RDF + "PlainLiteral"
# The datatypes of OWL 2 RL (W3C OWL 2 Profiles §4.2.2), each with the primitive one to whose values its own belong.
_PRIMITIVE = {
    **dict.fromkeys((XSD + t for t in (*literals.INTEGERS, "decimal")), "decimal"),
    **dict.fromkeys((XSD + t for t in _STRINGS), "string"),
    **{XSD + t: t for t in ("float", "double", "boolean", "hexBinary", "base64Binary", "anyURI")},
    **dict.fromkeys((XSD + "dateTime", XSD + "dateTimeStamp"), "dateTime"),
    **{RDF + t: t for t in ("langString", "XMLLiteral")},
}
DATATYPES = frozenset(_PRIMITIVE) | {RDFS + "Literal", _PLAIN}
_LITERAL = re.compile(r'"((?:[^"\\]|\\.)*)"(?:\^\^<(.*)>|@(.*))?', re.DOTALL)
_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))", re.DOTALL)
_PLAIN_ESCAPES = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f"}

Value = tuple[str, ...]  # the primitive datatype, a normal form, and the language if there is one


def value(text: str) -> Value | None:
    """The value of a literal; None where it is ill-typed or its datatype has no known values."""
    form, datatype = _parts(text)
    if datatype == _PLAIN:
        return _plain(form)
    primitive = _PRIMITIVE.get(datatype)
    unchecked = ("langString", "anyURI")
    if primitive is None or (
        primitive not in unchecked and literals.problem(Literal(form, datatype=NamedNode(datatype)))
    ):
        return None
    if primitive == "langString":
        return primitive, form, text.rpartition("@")[2].lower()
    return primitive, _NORMAL.get(primitive, str)(form)


def equal(texts: Iterable[str]) -> Iterator[list[int]]:
    """The positions in `texts` of the literals that have the same value, in groups of two and more."""
    groups: dict[Value, list[int]] = {}
    strings: list[tuple[int, str]] = []
    for place, text in enumerate(texts):
        if text[0] != '"':
            continue
        if text[-1] == '"':
            strings.append((place, text))
        elif text[-1] == ">" and (found := value(text)):
            groups.setdefault(found, []).append(place)
    for place, text in strings:  # there are many, of which few equal a literal with another datatype
        if group := groups.get(("string", _ESCAPE.sub(_character, text[1:-1]))):
            group.append(place)
    return (group for group in groups.values() if len(group) > 1)


def differ(one: str, other: str) -> bool:
    """Whether two literals have different values; False where a value is not known."""
    first, second = value(one), value(other)
    return first is not None and second is not None and first != second


def belongs(text: str, datatype: str) -> bool | None:
    """Whether a datatype has the value of a literal; None where that is not known."""
    own = _parts(text)[1]
    if own not in DATATYPES or datatype not in DATATYPES:
        return None
    found = value(text)
    if found is None or datatype == RDFS + "Literal":
        return found is not None
    if datatype == _PLAIN:
        return found[0] in ("string", "langString")
    if found[0] != _PRIMITIVE[datatype]:
        return False
    alone = ("langString", "anyURI", "XMLLiteral", "double", "float", "boolean", "hexBinary")  # of their primitive
    return found[0] in alone or literals.problem(Literal(found[1], datatype=NamedNode(datatype))) is None


def _parts(text: str) -> tuple[str, str]:
    match = _LITERAL.fullmatch(text)
    if match is None:
        return "", ""  # a triple term of RDF 1.2, or no literal at all
    return _ESCAPE.sub(_character, match[1]), RDF + "langString" if match[3] else match[2] or XSD + "string"


def _character(escape: re.Match[str]) -> str:
    if code := escape[1] or escape[2]:
        return chr(int(code, 16))
    return _PLAIN_ESCAPES.get(escape[3], escape[3])


def _plain(form: str) -> Value | None:
    """The value of an rdf:PlainLiteral: text, an @, and an optional language tag (rdf:PlainLiteral §2)."""
    words, at, tag = form.rpartition("@")
    if not at or (tag and literals.language_tag_problem(tag)):
        return None
    return ("langString", words, tag.lower()) if tag else ("string", words)


def _decimal(form: str) -> str:
    whole, _, fraction = form.lstrip("+-").partition(".")
    number = f"{whole.lstrip('0') or '0'}.{fraction.rstrip('0')}".rstrip(".")
    return f"-{number}" if form.startswith("-") and number != "0" else number


def _float(form: str) -> str:
    """The nearest number that 32 bits can hold (XSD 1.1 Part 2 §3.3.4): two decimal forms may have the same."""
    number = float(form)
    try:
        return repr(struct.unpack("f", struct.pack("f", number))[0])
    except OverflowError:
        return "inf" if number > 0 else "-inf"


def _date_time(form: str) -> str:
    """Fractions end where only zeros follow, midnight is 00:00:00, and no offset is Z (XSD 1.1 Part 2 §3.3.7)."""
    day, _, clock = form.partition("T")
    at, fraction, zone = re.fullmatch(r"([^.Z+-]*)(?:\.([0-9]*))?(.*)", clock).groups()  # type: ignore[union-attr]
    if at == "24:00:00":
        day, at = _next_day(day), "00:00:00"
    fraction = (fraction or "").rstrip("0")
    zone = "Z" if zone in ("+00:00", "-00:00") else zone
    return f"{day}T{at}{'.' + fraction if fraction else ''}{zone}"


def _next_day(day: str) -> str:
    """The day after a day; of years beyond 9999 or before 1, the calendar of 400 years is that of others."""
    year, rest = int(day[:-6]), day[-6:]
    like = 2000 + year % 400
    after = date.fromisoformat(f"{like}{rest}") + timedelta(days=1)
    number = year + after.year - like
    return f"{'-' if number < 0 else ''}{abs(number):04d}{after.isoformat()[4:]}"


def _xml(form: str) -> str:
    """The canonical form: quotes, the order of attributes and the way to write an empty element do not matter."""
    from xml.etree.ElementTree import canonicalize

    return canonicalize(f"<x>{form}</x>", with_comments=True)


_NORMAL: dict[str, Callable[[str], str]] = {
    "XMLLiteral": _xml,
    "decimal": _decimal,
    "double": lambda form: repr(float(form)),
    "float": _float,
    "boolean": lambda form: {"1": "true", "0": "false"}.get(form, form),
    "dateTime": _date_time,
    "hexBinary": str.upper,
    "base64Binary": lambda form: form.replace(" ", ""),
}
