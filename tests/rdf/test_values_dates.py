"""Bounds of partial dates."""

import pytest
from pyoxigraph import Literal, NamedNode

from kg.errors import InputError
from kg.rdf.namespaces import XSD
from kg.rdf.values import bounds


def typed(lexical: str, datatype: str) -> Literal:
    return Literal(lexical, datatype=NamedNode(XSD + datatype))


@pytest.mark.parametrize(
    ("lexical", "datatype", "earliest", "latest"),
    [
        ("2018", "gYear", "2018-01-01", "2018-12-31"),
        ("0001", "gYear", "0001-01-01", "0001-12-31"),
        ("9999Z", "gYear", "9999-01-01", "9999-12-31"),
        ("2017-12", "gYearMonth", "2017-12-01", "2017-12-31"),
        ("2018-04", "gYearMonth", "2018-04-01", "2018-04-30"),
        ("2018-02", "gYearMonth", "2018-02-01", "2018-02-28"),
        ("2016-02", "gYearMonth", "2016-02-01", "2016-02-29"),
        ("1900-02", "gYearMonth", "1900-02-01", "1900-02-28"),
        ("2000-02+03:00", "gYearMonth", "2000-02-01", "2000-02-29"),
        ("2018-04-03", "date", "2018-04-03", "2018-04-03"),
        ("2018-04-03-05:00", "date", "2018-04-03", "2018-04-03"),
        ("2018-04-03T23:59:59Z", "dateTime", "2018-04-03", "2018-04-03"),
        ("2018-04-03T00:30:00+14:00", "dateTime", "2018-04-03", "2018-04-03"),
        ("2017-12-31T24:00:00", "dateTime", "2018-01-01", "2018-01-01"),
    ],
)
def test_bounds(lexical: str, datatype: str, earliest: str, latest: str) -> None:
    assert bounds(typed(lexical, datatype)) == (earliest, latest)


@pytest.mark.parametrize(
    ("literal", "message"),
    [
        (typed("2018-13", "gYearMonth"), "the month is 01 to 12"),
        (typed("2018-04", "date"), "(this is an xsd:gYearMonth)"),
        (typed("0000", "gYear"), "outside the years 0001 to 9999"),
        (typed("-0044-03", "gYearMonth"), "outside the years 0001 to 9999"),
        (typed("12018-01-01", "date"), "outside the years 0001 to 9999"),
        (typed("9999-12-31T24:00:00", "dateTime"), "outside the years 0001 to 9999"),
        (typed("--04-03", "gMonthDay"), "is no date"),
        (typed("2018", "integer"), "is no date"),
        (Literal("2018"), "is no date"),
        (Literal("April", language="en"), "is no date"),
    ],
)
def test_bounds_of_what_is_no_date_are_an_error(literal: Literal, message: str) -> None:
    with pytest.raises(InputError) as error:
        bounds(literal)
    assert message in error.value.message
