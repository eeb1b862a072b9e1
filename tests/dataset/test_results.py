"""Results of queries as text: read back by other programs, they are the same results."""

import csv
import io
import json
import re
import xml.etree.ElementTree as ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import (
    BaseDirection,
    BlankNode,
    Literal,
    NamedNode,
    QueryResultsFormat,
    QuerySolutions,
    Store,
    Triple,
    parse_query_results,
)

from kg.dataset.results import FORMATS, Ask, Receipts, Rows, lexical, write
from kg.errors import UsageError
from kg.rdf.terms import Term

XSD = "http://www.w3.org/2001/XMLSchema#"
SPARQL = "{http://www.w3.org/2005/sparql-results#}"
TURKEY = NamedNode("https://w3id.org/entente/id/turkey")
DECIMAL = Literal("1.10", datatype=NamedNode(f"{XSD}decimal"))
AWKWARD = 'He said: "a, b | c"\n<b>&amp;\t\\ end'

ROWS = Rows(
    ["state", "quote", "since"],
    [
        (TURKEY, Literal(AWKWARD), Literal("2017-12", datatype=NamedNode(f"{XSD}gYearMonth"))),
        (BlankNode("f00d"), Literal("Türkiye’nin", language="tr"), None),
        (None, Literal(""), DECIMAL),
    ],
)
READABLE = {"json": QueryResultsFormat.JSON, "xml": QueryResultsFormat.XML, "tsv": QueryResultsFormat.TSV}

# What each format can carry: anything but surrogates, controls and what is no character.
TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"))
QUOTED = TEXT.map("“{}”".format)  # pyoxigraph's reader of XML drops space at the ends
TERMS: st.SearchStrategy[Term] = st.one_of(
    st.just(TURKEY),
    st.builds(Literal, QUOTED),
    st.builds(lambda value: Literal(value, language="en"), QUOTED),
    st.builds(lambda value: Literal(value, datatype=NamedNode(f"{XSD}integer")), QUOTED),
    st.builds(Triple, st.just(TURKEY), st.just(TURKEY), st.builds(Literal, QUOTED)),
)


def read_back(text: str, format: str) -> list[tuple[Term | None, ...]]:
    solutions = parse_query_results(text, READABLE[format])
    assert isinstance(solutions, QuerySolutions)
    return [tuple(solution) for solution in solutions]


# Every format


@pytest.mark.parametrize("format", READABLE)
@given(rows=st.lists(st.tuples(TERMS, st.none() | TERMS), max_size=4))
def test_another_parser_reads_the_same_terms(format: str, rows: list[tuple[Term | None, ...]]) -> None:
    assert read_back(write(Rows(["a", "b"], rows), format), format) == rows


@pytest.mark.parametrize("format", FORMATS)
def test_text_ends_in_one_lf_and_has_no_cr(format: str) -> None:
    for results in (ROWS, Rows(["a"], []), Ask(True)):
        text = write(results, format)
        assert "\r" not in text
        assert re.search(r"[^\n]\n\Z", text)


@pytest.mark.parametrize("format", FORMATS)
def test_labels_of_blank_nodes_do_not_depend_on_the_engine(format: str) -> None:
    def rows(first: str, second: str) -> Rows:
        inner = Triple(BlankNode(second), TURKEY, BlankNode(first))
        return Rows(["a", "b"], [(BlankNode(first), BlankNode(second)), (BlankNode(second), inner)])

    text = write(rows("x1", "x2"), format)
    assert text == write(rows("zz", "aa"), format)
    assert text != write(rows("x", "x"), format)


def test_an_unknown_format_lists_the_formats() -> None:
    with pytest.raises(UsageError, match="unknown format 'yaml'") as caught:
        write(ROWS, "yaml")
    assert caught.value.hint == "The formats are: json, csv, tsv, xml, md."


def test_a_row_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError, match="a row of 1 terms for 2 columns"):
        Rows(["a", "b"], [(TURKEY, None), (TURKEY,)])


@pytest.mark.parametrize("value", [True, False])
def test_ask(value: bool) -> None:
    word = "true" if value else "false"
    assert json.loads(write(Ask(value), "json")) == {"head": {}, "boolean": value}
    assert ElementTree.fromstring(write(Ask(value), "xml")).findtext(f"{SPARQL}boolean") == word
    assert bool(parse_query_results(write(Ask(value), "xml"), QueryResultsFormat.XML)) is value
    assert {write(Ask(value), format) for format in ("csv", "tsv", "md")} == {f"{word}\n"}


def test_rows_of_a_query_read_as_the_engine_writes_them() -> None:
    query = """SELECT ?a ?b WHERE { VALUES (?a ?b) {
        (<http://example.org/x> "a \\"b\\", <c> & d\\n\\\\") ("é"@fr UNDEF) (1 2.5) ("" true) } }"""
    solutions = Store().query(query)
    assert isinstance(solutions, QuerySolutions)
    rows = Rows([variable.value for variable in solutions.variables], [tuple(row) for row in solutions])
    for format, engine_format in READABLE.items():
        theirs = _serialized(query, engine_format)
        assert read_back(write(rows, format), format) == read_back(theirs, format)
    assert json.loads(write(rows, "json")) == json.loads(_serialized(query, QueryResultsFormat.JSON))
    assert write(rows, "csv") == _serialized(query, QueryResultsFormat.CSV).replace("\r\n", "\n")


def _serialized(query: str, format: QueryResultsFormat) -> str:
    solutions = Store().query(query)
    assert isinstance(solutions, QuerySolutions)
    return (solutions.serialize(format=format) or b"").decode()


# JSON


def test_json_has_one_solution_a_line_and_omits_the_unbound() -> None:
    assert write(Rows(["a", "b"], [(TURKEY, None), (None, DECIMAL)]), "json") == (
        "{\n"
        '  "head": {"vars": ["a", "b"]},\n'
        '  "results": {"bindings": [\n'
        '    {"a": {"type": "uri", "value": "https://w3id.org/entente/id/turkey"}},\n'
        '    {"b": {"type": "literal", "value": "1.10", "datatype": "' + XSD + 'decimal"}}\n'
        "  ]}\n"
        "}\n"
    )


def test_json_of_literals() -> None:
    bindings = json.loads(write(ROWS, "json"))["results"]["bindings"]
    assert bindings[0]["quote"] == {"type": "literal", "value": AWKWARD}
    assert bindings[1]["quote"] == {"type": "literal", "value": "Türkiye’nin", "xml:lang": "tr"}
    assert bindings[1]["state"] == {"type": "bnode", "value": "b0"}
    assert "Türkiye’nin" in write(ROWS, "json")


def test_json_receipts_are_one_list_per_row() -> None:
    receipts: Receipts = [[{"text": "Turkey’s", "start": 3}], [], [{"text": "x"}, {"text": "y"}]]
    assert json.loads(write(ROWS, "json", receipts=receipts))["receipts"] == receipts
    assert json.loads(write(Rows(["a"], []), "json", receipts=[]))["receipts"] == []
    assert "receipts" not in json.loads(write(ROWS, "json"))
    with pytest.raises(ValueError, match="1 lists of receipts for 3 rows"):
        write(ROWS, "json", receipts=[[]])


@pytest.mark.parametrize("format", [format for format in FORMATS if format != "json"])
def test_receipts_are_not_dropped_in_silence(format: str) -> None:
    with pytest.raises(UsageError, match=f"{format} has no place for receipts"):
        write(ROWS, format, receipts=[[], [], []])


# CSV and TSV


@given(st.lists(st.lists(TEXT | st.sampled_from(["\r", "\n", "\r\n", '"', ","]), min_size=2, max_size=2)))
def test_csv_reads_back(values: list[list[str]]) -> None:
    rows = Rows(["a", "b"], [tuple(Literal(value) for value in row) for row in values])
    assert list(csv.reader(io.StringIO(write(rows, "csv"), newline=""))) == [["a", "b"], *values]


def test_csv_has_plain_values() -> None:
    lines = write(Rows(["a", "b"], [(TURKEY, None), (BlankNode("f00d"), DECIMAL)]), "csv")
    assert lines == "a,b\nhttps://w3id.org/entente/id/turkey,\n_:b0,1.10\n"


def test_csv_keeps_a_row_of_one_unbound_column() -> None:
    assert list(csv.reader(io.StringIO(write(Rows(["a"], [(None,), (DECIMAL,)]), "csv")))) == [
        ["a"],
        [""],
        ["1.10"],
    ]


def test_tsv_keeps_lexical_forms_and_escapes_tabs() -> None:
    rows = Rows(["n", "text"], [(DECIMAL, Literal("a\tb\nc")), (None, Literal("e", language="en"))])
    assert write(rows, "tsv") == f'?n\t?text\n"1.10"^^<{XSD}decimal>\t"a\\tb\\nc"\n\t"e"@en\n'


# XML


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_xml_is_well_formed_whatever_the_text(text: str) -> None:
    root = ElementTree.fromstring(write(Rows(["a"], [(Literal(text),)]), "xml"))
    expected = re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]", "\ufffd", text)
    assert (root.findtext(f".//{SPARQL}literal") or "") == expected


def test_no_line_of_a_value_is_a_workflow_command() -> None:
    text = "a\n::error::x ##[error]x"
    for form in ("xml", "json", "md"):
        assert not re.search(r"(?m)^\s*::|##\[", write(Rows(["a"], [(Literal(text),)]), form))


def test_xml_names_what_a_term_is() -> None:
    root = ElementTree.fromstring(write(ROWS, "xml"))
    assert [variable.get("name") for variable in root.iter(f"{SPARQL}variable")] == ROWS.columns
    assert [len(result) for result in root.iter(f"{SPARQL}result")] == [3, 2, 2]
    since = root.findall(f".//{SPARQL}binding[@name='since']/{SPARQL}literal")
    assert [(literal.text, literal.get("datatype")) for literal in since] == [
        ("2017-12", f"{XSD}gYearMonth"),
        ("1.10", f"{XSD}decimal"),
    ]


@pytest.mark.parametrize("format", READABLE)
def test_base_direction_is_kept(format: str) -> None:
    rows: list[tuple[Term | None, ...]] = [(Literal("سلام", language="ar", direction=BaseDirection.RTL),)]
    assert read_back(write(Rows(["a"], rows), format), format) == rows


# Markdown


def test_markdown_is_a_table() -> None:
    rows = Rows(["state", "said_by"], [(TURKEY, None), (Literal("a|b\nc"), DECIMAL)])
    assert write(rows, "md") == (
        "| state | said_by |\n| --- | --- |\n| https://w3id.org/entente/id/turkey |  |\n| a\\|b<br>c | 1.10 |\n"
    )


def test_markdown_shows_labels() -> None:
    labels: dict[Term, str] = {TURKEY: "Turkey | Türkiye"}
    text = write(Rows(["state"], [(TURKEY,), (None,)]), "md", show=lambda term: labels[term])
    assert text == "| state |\n| --- |\n| Turkey \\| Türkiye |\n|  |\n"


@pytest.mark.parametrize(
    ("hostile", "shown"),
    [
        ("<img src=x>", "&lt;img src=x>"),
        ("![x](https://example.org/spy.png)", "!\\[x\\](https://example.org/spy.png)"),
        ("&lt;", "&amp;lt;"),
        ("*a* _b_ c_d __e__", "\\*a\\* \\_b\\_ c_d \\_\\_e\\_\\_"),
        ("\x1b[2J\u202e", "\\\\x1b\\[2J\\\\u202e"),
        ("a\r\nb\rc", "a<br>b<br>c"),
        ("back\\|slash", "back\\\\\\|slash"),
    ],
)
def test_markdown_shows_text_as_it_is(hostile: str, shown: str) -> None:
    assert write(Rows(["a"], [(Literal(hostile),)]), "md").splitlines()[2] == f"| {shown} |"


def test_lexical() -> None:
    assert [lexical(term) for term in (TURKEY, DECIMAL, BlankNode("b"), None)] == [
        TURKEY.value,
        "1.10",
        "_:b",
        "",
    ]
    assert lexical(Triple(TURKEY, TURKEY, DECIMAL)) == f"<<( {TURKEY} {TURKEY} {DECIMAL} )>>"
