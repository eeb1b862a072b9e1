"""Answers: rows for programs, tables for people, HTML for notebooks."""

import importlib.util
from html.parser import HTMLParser

import pytest
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad

from kg.answers import Answer
from kg.errors import UsageError
from kg.graph import Graph
from kg.vocabulary import ARTICLE, ENT, ID, RDFS_LABEL, XSD

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
