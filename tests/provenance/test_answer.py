"""Answers: rows for programs, tables for people, HTML for notebooks."""

import csv
import io
import json
import re
import subprocess
import sys
import typing
from pathlib import Path

import pandas
import pytest
from markup import Markup
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad
from running import Run, environment

from kg.errors import UsageError
from kg.graph import Graph
from kg.provenance.answer import Answer
from kg.rdf.namespaces import ARTICLE, ENT, ID, RDFS_LABEL, XSD

HOSTILE = "\"><script>alert('x')</script>&\x1b[31m"
PASSAGE = NamedNode(f"{ARTICLE}2020-03-norland#backing")
QUOTE = "Norland has backed Sudland since 2015."


@pytest.fixture
def hostile(small: Graph) -> Answer:
    """An answer about a thing, a passage and a literal, all of hostile names."""
    graph = small.over([])
    integer = NamedNode(XSD + "integer")
    thing, passage = NamedNode(ID + "thing"), NamedNode(ID + "passage")
    values: dict[str, NamedNode | Literal] = {
        ENT + "quote": Literal(HOSTILE),
        ENT + "textStart": Literal("0", datatype=integer),
        ENT + "textEnd": Literal("9", datatype=integer),
        ENT + "article": NamedNode(ARTICLE + "a"),
        RDFS_LABEL: Literal(HOSTILE),
    }
    graph.store.add(Quad(thing, NamedNode(RDFS_LABEL), Literal(HOSTILE), DefaultGraph()))
    for name, value in values.items():
        graph.store.add(Quad(passage, NamedNode(name), value, DefaultGraph()))
    text = (
        f"SELECT ?thing ?passage ?label WHERE {{ VALUES (?thing ?passage) {{ ({thing} {passage}) }} ?thing ?p ?label }}"
    )
    return graph.query(text)


def test_rows_are_terms(small: Graph) -> None:
    answer = small.query("who-backs")
    assert answer.columns == ["backer", "backed"]
    assert list(answer) == answer.rows == [(NamedNode(ID + "norland"), NamedNode(ID + "sudland"))]
    assert (len(answer), bool(answer)) == (1, True)
    assert answer.text() == [["Norland", "Sudland"]]


def test_no_rows_are_false(small: Graph) -> None:
    assert not small.query("who-backs", backer="Sudland")


def test_ask_is_yes_or_no(small: Graph) -> None:
    yes, no = (small.query(f"ASK {{ <{ID}norland> a <{ENT}{kind}> }}") for kind in ("State", "Person"))
    assert (bool(yes), yes.text(), yes.rows) == (True, [["yes"]], [(True,)])
    assert (bool(no), no.text(), len(no)) == (False, [["no"]], 1)
    assert no.table(80).split() == ["answer", "──────", "no"]


def test_a_passage_is_a_footnote_with_its_quote_and_place(small: Graph) -> None:
    text = f"SELECT ?p ?q ?r WHERE {{ VALUES (?p ?q ?r) {{ ({PASSAGE} {PASSAGE} <{ID}norland>) }} }}"
    lines = small.query(text).table(100).splitlines()
    assert lines[2].split() == ["[1]", "[1]", "Norland"]
    assert lines[-1] == f"[1] “{QUOTE}” (2020-03-norland, characters 0–38)"


def test_footnotes_fit_the_width(small: Graph) -> None:
    table = small.query(f"SELECT ?p WHERE {{ VALUES ?p {{ {PASSAGE} }} }}").table(30)
    assert max(map(len, table.splitlines())) <= 30


def test_a_table_cannot_drive_the_terminal(hostile: Answer) -> None:
    assert "[1]" in hostile.table(200)
    assert "\x1b" not in hostile.table(200)
    assert "\x1b" not in repr(hostile)


def test_html_escapes_what_it_shows(hostile: Answer) -> None:
    page, shown = Markup(hostile._repr_html_()), HOSTILE.replace("\x1b", r"\x1b")
    quote = f"“{shown}” (a, characters 0–9)"
    assert page.texts == ["thing", "passage", "label", shown, "[1]", shown, "[1]", quote]
    assert page.titles == [ID + "thing", quote]


def test_html_has_the_footnotes_of_the_terminal(small: Graph) -> None:
    answer = small.query(f"SELECT ?p ?thing ?none WHERE {{ VALUES (?p ?thing) {{ ({PASSAGE} <{ID}norland>) }} }}")
    page = Markup(answer._repr_html_())
    assert page.texts == ["p", "thing", "none", "[1]", "Norland", "[1]", answer.table(200).splitlines()[-1][4:]]
    assert page.titles == [f"“{QUOTE}” (2020-03-norland, characters 0–38)", ID + "norland"]


def test_html_and_repr_of_many_rows_say_how_many_more_there_are(small: Graph) -> None:
    values = " ".join(map(str, range(102)))
    answer = small.query(f"SELECT ?x {{ VALUES ?x {{ {values} }} }}")
    more = "… and 2 more rows; list() and to_pandas() have them all"
    page = Markup(answer._repr_html_())
    assert (page.tags.count("tr"), page.texts[-1]) == (101, more)
    assert page.classes.count("number") == 101
    assert repr(answer).splitlines()[-2:] == ["99", more]
    assert len(list(answer)) == len(answer.to_pandas()) == 102
    assert "more row" not in repr(small.query("SELECT ?x { VALUES ?x { 1 } }"))


def test_an_answer_without_rows_says_so(small: Graph) -> None:
    answer = small.query("SELECT ?x { FILTER(false) }")
    assert Markup(answer._repr_html_()).texts == ["x", "no rows"]
    assert repr(answer) == "x\n─\nno rows\n"


@pytest.mark.parametrize("text", ["ASK {}", "CONSTRUCT WHERE { ?s ?p ?o }", "SELECT ?s WHERE { FILTER(false) }"])
def test_every_kind_of_answer_has_html(text: str, small: Graph) -> None:
    answer = small.query(text)
    assert answer._repr_html_().count("<tr>") == 1 + len(answer)


TYPED = f"""
PREFIX xsd: <{XSD}>
SELECT * {{ VALUES (?thing ?mixed ?count ?share ?sure ?day ?when ?at ?local ?huge) {{
    (<{ID}norland> <{ID}sudland> 1 1.5 true "0044-03-15"^^xsd:date "2016"^^xsd:gYear
        "2018-04-03T12:00:00+03:00"^^xsd:dateTime "2018-04-03T24:00:00"^^xsd:dateTime {"9" * 30})
    (UNDEF "text" -2 1e400 "0"^^xsd:boolean "9999-12-31"^^xsd:date "2018-02"^^xsd:gYearMonth UNDEF UNDEF UNDEF)
    (UNDEF 7 UNDEF UNDEF UNDEF UNDEF "2018-04-03"^^xsd:date UNDEF UNDEF UNDEF)
}} }}"""


def test_columns_of_pandas_have_the_types_of_their_values(small: Graph) -> None:
    table = small.query(TYPED).to_pandas()
    assert {name: str(dtype) for name, dtype in table.dtypes.items()} == {
        "thing": "string",
        "thing_iri": "string",
        "mixed": "string",
        "mixed_iri": "string",
        "count": "Int64",
        "share": "Float64",
        "sure": "boolean",
        "day": "datetime64[s]",
        "when": "string",
        "when_earliest": "datetime64[s]",
        "when_latest": "datetime64[s]",
        "at": "datetime64[us, UTC]",
        "local": "datetime64[us]",
        "huge": "string",
    }
    assert table["thing"].tolist() == ["Norland", pandas.NA, pandas.NA]
    assert table["thing_iri"].tolist() == [ID + "norland", pandas.NA, pandas.NA]
    assert table["mixed_iri"].tolist() == [ID + "sudland", pandas.NA, pandas.NA]
    assert (table["count"].sum(), table["share"].max(), table["sure"].sum()) == (-1, float("inf"), 1)
    assert table["day"].dt.year.tolist()[:2] == [44, 9999]
    assert pandas.isna(table["day"][2])
    assert table["when"].tolist() == ["2016", "2018-02", "2018-04-03"]
    days = (table[f"when_{bound}"].dt.strftime("%Y-%m-%d").tolist() for bound in ("earliest", "latest"))
    assert [*days] == [["2016-01-01", "2018-02-01", "2018-04-03"], ["2016-12-31", "2018-02-28", "2018-04-03"]]
    assert table["at"][0] == pandas.Timestamp("2018-04-03T09:00:00Z")
    assert table["local"][0] == pandas.Timestamp("2018-04-04T00:00:00")


def test_moments_with_and_without_a_time_zone_are_days(small: Graph) -> None:
    moments = '"2018-04-03T12:00:00"^^xsd:dateTime "2018-04-03T12:00:00Z"^^xsd:dateTime'
    table = small.query(f"PREFIX xsd: <{XSD}> SELECT * {{ VALUES ?at {{ {moments} }} }}").to_pandas()
    assert table["at"].tolist() == ["2018-04-03T12:00:00", "2018-04-03T12:00:00Z"]
    assert set(table["at_latest"]) == {pandas.Timestamp("2018-04-03")}


def test_iris_are_beside_labels_unless_they_are_not_wanted(small: Graph) -> None:
    answer = small.query("who-backs")
    assert list(answer.to_pandas().columns) == ["backer", "backer_iri", "backed", "backed_iri"]
    assert answer.to_pandas(iris=False).to_dict("list") == {"backer": ["Norland"], "backed": ["Sudland"]}
    taken = small.query("SELECT ?x ?x_iri { ?x a ?x_iri }").to_pandas()
    assert list(taken.columns) == ["x", "x_iri_", "x_iri", "x_iri_iri"]


def test_quotes_are_a_column_where_they_are_wanted(small: Graph) -> None:
    answer = small.query(NOTHING)
    assert answer.to_pandas(quotes=True)["quotes"].tolist() == [QUOTE]
    assert "quotes" not in answer.to_pandas()
    with pytest.raises(UsageError, match="quotes are for the rows of a SELECT"):
        small.query("CONSTRUCT WHERE { ?s a ?o }").to_pandas(quotes=True)


@pytest.mark.parametrize(
    ("text", "columns"),
    [
        ("ASK {}", {"answer": "boolean"}),
        ("SELECT ?x { FILTER(false) }", {"x": "string"}),
        ("CONSTRUCT { ?s ?p 1 } { ?s ?p ?o }", {"subject": "string", "object": "Int64"}),
    ],
)
def test_every_kind_of_answer_is_a_data_frame(text: str, columns: dict[str, str], small: Graph) -> None:
    types = {name: str(dtype) for name, dtype in small.query(text).to_pandas().dtypes.items()}
    assert columns.items() <= types.items()


def test_every_stored_query_is_a_data_frame(shipped: Graph) -> None:
    for name in shipped.queries:
        answer = shipped.query(name)
        assert len(answer.to_pandas()) == len(answer)


def test_without_pandas_the_error_says_what_to_install(small: Graph, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(ImportError, match="needs pandas: install it"):
        small.query("who-backs").to_pandas()


@pytest.mark.parametrize("form", ["json", "csv", "tsv", "xml", "md"])
def test_rows_in_every_format(form: str, small: Graph) -> None:
    written = small.query("who-backs").write(form)
    assert ("Norland" if form == "md" else ID + "norland") in written


def test_a_graph_is_written_as_turtle_in_the_same_order_on_every_run(small: Graph) -> None:
    texts = {small.query("CONSTRUCT WHERE { ?s a ?o }").write("turtle") for _ in range(3)}
    assert len(texts) == 1
    assert "id:norland a ent:" in texts.pop()


@pytest.mark.parametrize(("text", "form"), [("CONSTRUCT WHERE { ?s a ?o }", "csv"), ("SELECT * { ?s a ?o }", "turtle")])
def test_a_format_that_does_not_fit(text: str, form: str, small: Graph) -> None:
    with pytest.raises(UsageError) as caught:
        small.query(text).write(form)
    assert caught.value.hint


# Receipts

BACKS = f"SELECT ?a ?b {{ ?a <{ENT}backs> ?b }}"
NOTHING = f"SELECT ?a {{ ?a a <{ENT}State> FILTER NOT EXISTS {{ ?a <{ENT}backs> ?b }} }}"
RECEIPT = {
    "text": QUOTE,
    "article": "2020-03-norland",
    "passage": PASSAGE.value,
    "start": 0,
    "end": 38,
    "speakers": [],
    "mentions": [],
}
ABSENCE = f"nothing in the graph matches {{ ?a <{ENT}backs> ?b }}"
WORDS = "nothing in the graph tells “backs”"


@pytest.mark.parametrize("wanted", [True, "all"])
def test_rows_have_their_receipts(wanted: typing.Literal[True, "all"], small: Graph) -> None:
    (row,) = small.query(BACKS, receipts=wanted)
    assert row == (NamedNode(ID + "norland"), NamedNode(ID + "sudland"))
    assert [r.json() for r in row.receipts] == [RECEIPT]  # type: ignore[attr-defined]
    assert row.notes == ()  # type: ignore[attr-defined]


def test_receipts_change_no_row(small: Graph) -> None:
    plain, proven = small.query(NOTHING), small.query(NOTHING, receipts=True)
    assert plain.rows == proven.rows
    assert plain.columns == proven.columns
    assert json.loads(plain.write("json"))["results"] == json.loads(proven.write("json"))["results"]


def test_json_has_a_list_of_receipts_and_of_notes_for_each_row(small: Graph) -> None:
    written = json.loads(small.query(NOTHING, receipts=True).write("json"))
    assert len(written["results"]["bindings"]) == len(written["receipts"]) == len(written["notes"]) > 0
    assert written["receipts"][0] == [RECEIPT]
    assert written["notes"][0] == [{"kind": "absence", "text": ABSENCE, "words": WORDS}]
    assert "receipts" not in json.loads(small.query(NOTHING).write("json"))


def test_csv_has_a_column_of_receipts_in_json_and_one_of_notes(small: Graph) -> None:
    (row,) = csv.DictReader(io.StringIO(small.query(NOTHING, receipts=True).write("csv")))
    assert list(row) == ["a", "receipts", "notes"]
    assert (json.loads(row["receipts"]), row["notes"]) == ([RECEIPT], f"absence: {ABSENCE}")


@pytest.mark.parametrize("form", ["tsv", "xml"])
def test_other_rows_have_the_same_columns(form: str, small: Graph) -> None:
    written = small.query(NOTHING, receipts=True).write(form)
    assert all(text in written for text in ("receipts", "notes", QUOTE, "absence: nothing in the graph"))


def test_a_column_that_the_query_has_keeps_its_name(small: Graph) -> None:
    text = BACKS.replace("?a", "?receipts").replace("?b", "?notes")
    assert small.query(text, receipts=True).write("csv").startswith("receipts,notes,receipts_,notes_\n")


def test_a_table_has_numbers_and_footnotes(small: Graph) -> None:
    lines = small.query(NOTHING, receipts=True).table(200).splitlines()
    assert lines[0].split() == ["a", "receipts"]
    assert lines[2].split() == ["Sudland", "[1]", "[2]"]
    assert lines[-2] == f"[1] “{QUOTE}” (2020-03-norland, characters 0–38)"
    assert lines[-1] == f"[2] absence: {WORDS}"


def test_markdown_has_numbers_and_a_list(small: Graph) -> None:
    lines = small.query(BACKS, receipts=True).write("md").splitlines()
    assert lines[0] == "| a | b | receipts |"
    assert lines[2] == r"| Norland | Sudland | \[1\] |"
    assert lines[-1] == f"1. “{QUOTE}” (2020-03-norland, characters 0–38)"


def test_html_has_a_column_of_receipts(small: Graph) -> None:
    page = Markup(small.query(NOTHING, receipts=True)._repr_html_())
    quoted, absence = f"“{QUOTE}” (2020-03-norland, characters 0–38)", f"absence: {WORDS}"
    assert page.texts == ["a", "receipts", "Sudland", "[1]", "[2]", "[1]", quoted, "[2]", absence]
    assert page.titles == [f"{ID}sudland", quoted, absence]


def test_a_yes_and_a_no_have_receipts(small: Graph) -> None:
    yes, no = (small.query(f"ASK {{ <{ID}norland> <{ENT}{p}> ?x }}", receipts=True) for p in ("backs", "leads"))
    assert json.loads(yes.write("json"))["receipts"] == [[RECEIPT]]
    assert [note["kind"] for note in json.loads(no.write("json"))["notes"][0]] == ["absence"]
    assert no.table(80).splitlines()[2].split() == ["no", "[1]"]
    with pytest.raises(UsageError, match="csv has no place for receipts"):
        yes.write("csv")


def test_a_graph_has_no_rows_that_could_have_receipts(small: Graph) -> None:
    with pytest.raises(UsageError, match="receipts are for the rows of a SELECT"):
        small.query("CONSTRUCT WHERE { ?s a ?o }", receipts=True)


def test_a_data_frame_has_a_column_of_receipts(small: Graph) -> None:
    table = small.query(BACKS, receipts=True).to_pandas(iris=False)
    assert table.to_dict("list") == {"a": ["Norland"], "b": ["Sudland"], "receipts": [[RECEIPT]]}


def test_a_question_over_other_data_has_notes_alone(small: Graph, tmp_path: Path) -> None:
    file = tmp_path / "other.ttl"
    file.write_text(f"<{ID}norland> <{ENT}backs> <{ID}sudland> .", encoding="utf-8")
    (row,) = small.over([str(file)]).query(BACKS, receipts=True)
    assert [n.kind for n in row.notes] == ["data"]  # type: ignore[attr-defined]


@pytest.mark.parametrize(("options", "code"), [(["--receipts"], 0), (["--receipts", "--all"], 0), (["--all"], 2)])
def test_the_command_gives_receipts(options: list[str], code: int, small: Graph, kg: Run) -> None:
    done = kg("-C", small.graph_folder.root, "query", "who-backs", *options, "-f", "json")
    assert done.returncode == code
    if code == 0:
        assert json.loads(done.stdout)["receipts"] == [[RECEIPT]]
    else:
        assert "write --receipts --all" in done.stderr


@pytest.mark.parametrize("name", ["query", "receipts"])
def test_a_parameter_may_have_any_name(name: str, small: Graph, kg: Run) -> None:
    done = kg("-C", small.graph_folder.root, "query", "who-backs", "-p", f"{name}=all")
    assert (done.returncode, name in done.stderr) == (2, True)
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(("options", "loaded"), [([], False), (["--receipts"], True)])
def test_the_finder_is_loaded_only_where_it_is_wanted(options: list[str], loaded: bool, small: Graph) -> None:
    code = (
        "import sys; from kg.cli.main import main; main(sys.argv[1:]); names = set(sys.modules); "
        "found = [f'kg.provenance.{name}' in names for name in ('witness', 'attribution')]; "
        "print(*found, 'rdflib' in names, file=sys.stderr)"
    )
    command = [sys.executable, "-c", code, "-C", small.graph_folder.root, "query", "who-backs", *options]
    done = subprocess.run(command, capture_output=True, text=True, env=environment(), timeout=600, encoding="utf-8")
    assert done.stderr == f"{loaded} {loaded} False\n"


def test_a_note_is_in_words_in_a_table_and_whole_in_json(small: Graph) -> None:
    names = ", ".join(f"<{ENT}name{n}>" for n in range(60))
    text = NOTHING.replace("?b }", f"?b FILTER (?b NOT IN ({names})) }}")
    answer = small.query(text, receipts=True)
    assert text != NOTHING
    assert "name59>" in answer.write("json")
    shown = answer.table(100)
    assert "name59" not in shown
    assert shown.endswith(" …\n")
    for commented in (
        NOTHING.replace("{ ?a", "{  # it backs nobody\n ?a"),
        NOTHING.replace("?b }", "?b }  # it backs nobody\n"),
    ):
        assert commented != NOTHING
        assert small.query(commented, receipts=True).table(100).endswith("[2] absence: it backs nobody\n")


@pytest.mark.parametrize("form", ["table", "md", "html"])
def test_what_only_names_or_classifies_is_in_round_brackets(form: str, shipped: Graph) -> None:
    answer = shipped.query("who-backs-whom", receipts=True)
    text = answer.table(200) if form == "table" else answer.write("md")
    if form == "html":
        text = " ".join(Markup(answer._repr_html_()).texts)
    assert re.search(r"\[\d+\\?\] \\?\(\d+\\?\)", text)
    assert text.replace("\\", "").rstrip("\n").endswith("(n) says what something is, or is called.")
    plain = shipped.query("what-is-where", receipts=True)
    assert not any(g.naming for g in plain.attributions) or "(n) says" in plain.table(200)


def test_the_address_of_a_source_is_never_cut(checkout: Graph) -> None:
    address = "https://www.naturalearthdata.com/downloads/50m-cultural-vectors/50m-populated-places/"
    assert address in checkout.query("what-is-where", place="id:turkey", receipts=True).table(100)
