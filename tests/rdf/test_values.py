"""The values of literals: which forms say the same, which differ, and to which datatypes a value belongs."""

import pytest
from pyoxigraph import Literal, NamedNode

from kg.rdf import values
from kg.rdf.namespaces import RDF, RDFS, XSD


def literal(form: str, datatype: str) -> str:
    return f'"{form}"^^<{datatype if ":" in datatype else XSD + datatype}>'


@pytest.mark.parametrize(
    ("one", "other", "datatype"),
    [
        ("0.1", "0.10000000001", "float"),
        ("1e40", "INF", "float"),
        ("2009-12-31T24:00:00", "2010-01-01T00:00:00", "dateTime"),
        ("9999-12-31T24:00:00Z", "10000-01-01T00:00:00Z", "dateTime"),
        ("2009-04-21T12:30:15.00+01:00", "2009-04-21T12:30:15+01:00", "dateTime"),
        ("2009-04-21T12:30:15.50-00:00", "2009-04-21T12:30:15.5Z", "dateTime"),
        ("<br/>", "<br></br>", RDF + "XMLLiteral"),
        ("a@DE", "a@de", RDF + "PlainLiteral"),
    ],
)
def test_forms_of_one_value(one: str, other: str, datatype: str) -> None:
    first, second = literal(one, datatype), literal(other, datatype)
    assert values.value(first) == values.value(second) is not None
    assert not values.differ(first, second)
    assert list(values.equal([first, second])) == [[0, 1]]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (literal("0.0", "float"), literal("-0.0", "float")),
        (literal("1", "integer"), literal("1", "double")),
        (literal("2009-04-21T12:00:00Z", "dateTime"), literal("2009-04-21T13:00:00+01:00", "dateTime")),
        (literal("<b/>", RDF + "XMLLiteral"), literal("<i/>", RDF + "XMLLiteral")),
    ],
)
def test_two_values(one: str, other: str) -> None:
    assert values.differ(one, other)


@pytest.mark.parametrize("other", [literal("2018-04-03", "date"), literal("x", "https://example.org/Own")])
def test_of_an_unknown_datatype_nothing_is_said(other: str) -> None:
    assert not values.differ(literal("1", "integer"), other)
    assert values.belongs(other, XSD + "integer") is None


def test_a_string_is_the_same_with_and_without_its_datatype() -> None:
    assert list(values.equal(['"a\\"b"', literal('a\\"b', "token"), '"c"'])) == [[1, 0]]


@pytest.mark.parametrize(
    ("text", "datatype", "whether"),
    [
        (literal("INF", "double"), XSD + "double", True),
        (literal("NaN", "float"), XSD + "float", True),
        (literal("7", "integer"), XSD + "byte", True),
        (literal("700", "integer"), XSD + "byte", False),
        (literal("7", "integer"), RDFS + "Literal", True),
        (literal("a\\nb", "string"), XSD + "token", False),
        (literal("<b", RDF + "XMLLiteral"), RDF + "XMLLiteral", False),
        (literal("a", RDF + "PlainLiteral"), RDF + "PlainLiteral", False),
        (literal("2009-04-21T12:30:15", "dateTime"), XSD + "dateTimeStamp", False),
    ],
)
def test_belonging_to_a_datatype(text: str, datatype: str, whether: bool) -> None:
    assert values.belongs(text, datatype) is whether


@pytest.mark.parametrize(
    ("forms", "kind"),
    [
        ({"true": "boolean", "0": "boolean"}, "boolean"),
        ({"1": "integer", "-02": "byte"}, "integer"),
        ({"1": "integer", "1.0": "decimal", "INF": "double"}, "number"),
        ({"2018-04-03": "date", "2018-04-03Z": "date"}, "day"),
        ({"2018-04-03T24:00:00": "dateTime"}, "time"),
        ({"2016": "gYear", "2018-04": "gYearMonth", "2018-04-03": "date", "2018-04-03T12:00:00Z": "dateTime"}, "date"),
        ({"1": "integer", "true": "boolean"}, "text"),
        ({"1": "integer", "2018-04-03": "date"}, "text"),
        ({"9" * 19: "integer"}, "text"),
        ({"9" * 10_000: "integer"}, "text"),
        ({"one": "integer"}, "text"),
        ({"2018-02-30": "date"}, "text"),
        ({"-0044-03-15": "date"}, "text"),
        ({"1": "string"}, "text"),
        ({"1": "urn:other"}, "text"),
        ({}, "text"),
    ],
)
def test_the_kind_of_a_column(forms: dict[str, str], kind: str) -> None:
    datatypes = ((form, d if ":" in d else XSD + d) for form, d in forms.items())
    terms = [Literal(form, datatype=NamedNode(datatype)) for form, datatype in datatypes]
    assert values.kind(terms) == kind
    assert values.kind([*terms, NamedNode("urn:x")]) == "text"
