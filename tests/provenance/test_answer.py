"""Answers: rows for programs, tables for people, HTML for notebooks."""

import csv
import importlib.util
import io
import json
import re
import subprocess
import sys
import typing
from html.parser import HTMLParser
from pathlib import Path
from types import SimpleNamespace

import pytest
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


class Cells(HTMLParser):
    """The tags, titles and texts of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.titles: list[str | None] = []
        self.texts: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.titles += [value for name, value in attrs if name == "title"]

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


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
    cells = Cells(hostile._repr_html_())
    assert cells.tags == {"table", "thead", "tbody", "tr", "th", "td"}
    assert cells.texts == ["thing", "passage", "label", HOSTILE, HOSTILE, HOSTILE]
    assert cells.titles == [ID + "thing", HOSTILE, HOSTILE]


def test_html_has_quotes_as_hover_text(small: Graph) -> None:
    text = f"SELECT ?p ?thing ?none WHERE {{ VALUES (?p ?thing) {{ ({PASSAGE} <{ID}norland>) }} }}"
    assert Cells(small.query(text)._repr_html_()).titles == [QUOTE, ID + "norland", ""]


@pytest.mark.parametrize("text", ["ASK {}", "CONSTRUCT WHERE { ?s ?p ?o }", "SELECT ?s WHERE { FILTER(false) }"])
def test_every_kind_of_answer_has_html(text: str, small: Graph) -> None:
    answer = small.query(text)
    assert answer._repr_html_().count("<tr>") == 1 + len(answer)


def test_pandas_where_it_is_installed(small: Graph) -> None:
    answer = small.query("who-backs")
    if importlib.util.find_spec("pandas"):
        table = answer.to_pandas()
        assert list(table.columns) == answer.columns
        assert table.values.tolist() == answer.text()
    else:
        with pytest.raises(ImportError, match="pandas"):
            answer.to_pandas()


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
    "speaker": "",
}
ABSENCE = f"nothing in the graph matches {{ ?a <{ENT}backs> ?b }}"


@pytest.mark.parametrize("wanted", [True, "all"])
def test_rows_have_their_receipts(wanted: typing.Literal[True, "all"], small: Graph) -> None:
    (row,) = small.query(BACKS, receipts=wanted)
    assert row == (NamedNode(ID + "norland"), NamedNode(ID + "sudland"))
    assert [r._asdict() for r in row.receipts] == [RECEIPT]  # type: ignore[attr-defined]
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
    assert written["notes"][0] == [{"kind": "absence", "text": ABSENCE}]
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
    assert lines[-1] == f"[2] absence: {ABSENCE}"


def test_markdown_has_numbers_and_a_list(small: Graph) -> None:
    lines = small.query(BACKS, receipts=True).write("md").splitlines()
    assert lines[0] == "| a | b | receipts |"
    assert lines[2] == r"| Norland | Sudland | \[1\] |"
    assert lines[-1] == f"1. “{QUOTE}” (2020-03-norland, characters 0–38)"


def test_html_has_the_receipts_of_its_row_as_hover_text(small: Graph) -> None:
    titles = Cells(small.query(NOTHING, receipts=True)._repr_html_()).titles
    assert titles == [f"{ID}sudland\n“{QUOTE}” (2020-03-norland, characters 0–38)\nabsence: {ABSENCE}"]


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


def test_a_pandas_table_has_a_column_of_receipts(small: Graph, monkeypatch: pytest.MonkeyPatch) -> None:
    class Frame(dict[str, object]):
        def __init__(self, rows: list[list[str]], columns: list[str]) -> None:
            super().__init__(zip(columns, zip(*rows, strict=True), strict=True))

    monkeypatch.setitem(sys.modules, "pandas", SimpleNamespace(DataFrame=Frame))
    assert small.query(BACKS, receipts=True).to_pandas() == {
        "a": ("Norland",),
        "b": ("Sudland",),
        "receipts": [[RECEIPT]],
    }


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


def test_a_long_note_is_short_in_a_table_and_whole_in_json(small: Graph) -> None:
    names = ", ".join(f"<{ENT}name{n}>" for n in range(60))
    text = NOTHING.replace("?b }", f"?b FILTER (?b NOT IN ({names})) }}")
    answer = small.query(text, receipts=True)
    assert text != NOTHING
    assert "name59>" in answer.write("json")
    shown = answer.table(100)
    assert "name59>" not in shown
    assert shown.endswith(" …\n")


@pytest.mark.parametrize("form", ["table", "md"])
def test_what_only_names_or_classifies_is_in_round_brackets(form: str, shipped: Graph) -> None:
    answer = shipped.query("who-backs-whom", receipts=True)
    text = answer.table(200) if form == "table" else answer.write("md")
    assert re.search(r"\[\d+\\?\] \\?\(\d+\\?\)", text)
    assert text.replace("\\", "").rstrip("\n").endswith("(n) says what something is, or is called.")
    plain = shipped.query("what-is-where", receipts=True)
    assert not any(g.naming for g in plain.attributions) or "(n) says" in plain.table(200)
