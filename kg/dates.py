"""The bounds of partial dates: arithmetic on literals. What date *words* mean is for `kg.datewords`."""

from pyoxigraph import Literal

from kg import literals
from kg.errors import InputError

# The dates that things have, each with the properties in which its first and its last day are kept (rule `bounds`).
BOUNDS = {
    "date": ("earliest", "latest"),
    "start": ("earliestStart", "latestStart"),
    "end": ("earliestEnd", "latestEnd"),
}


def bounds(literal: Literal) -> tuple[str, str]:
    """Give the earliest and the latest day (ISO 8601) that a date, in its precision, may be.

    Takes xsd:gYear, xsd:gYearMonth, xsd:date and xsd:dateTime of the years 0001 to 9999. A time zone does not
    move the day; the hour 24 is the next day (XSD 1.1 Part 2 §3.3.7). Raises InputError for anything else.
    """
    wrong = literals.problem(literal)
    if wrong:
        raise InputError(wrong, rule="literal")
    name, value = literal.datatype.value.removeprefix(literals.XSD), literal.value
    if name not in ("gYear", "gYearMonth", "date", "dateTime"):
        hint = "A date is an xsd:gYear, an xsd:gYearMonth, an xsd:date or an xsd:dateTime."
        raise InputError(f"{literal} is no date", hint=hint, rule="date")
    if value[0] == "-" or value[:4] == "0000" or value[4:5].isdigit():
        raise InputError(f"{literal} lies outside the years 0001 to 9999", rule="date")
    if name == "gYear":
        return f"{value[:4]}-01-01", f"{value[:4]}-12-31"
    if name == "gYearMonth":
        last = literals.days_in_month(int(value[:4]), int(value[5:7]))
        return f"{value[:7]}-01", f"{value[:7]}-{last:02d}"
    day = value[:10] if value[10:13] != "T24" else _day_after(value[:10])
    return day, day


def _day_after(iso: str) -> str:
    from datetime import date, timedelta

    try:
        return (date.fromisoformat(iso) + timedelta(days=1)).isoformat()
    except OverflowError:
        raise InputError(f"the day after {iso} lies outside the years 0001 to 9999", rule="date") from None
