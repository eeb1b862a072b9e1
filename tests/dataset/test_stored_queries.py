"""Stored queries: their heads, and values that are bound as terms and never as text."""

import json

import pytest
from pyoxigraph import Literal, NamedNode

from kg.dataset import stored_queries
from kg.dataset.engine import Engine
from kg.dataset.results import Rows
from kg.dataset.stored_queries import Query
from kg.errors import InputError, UsageError
from kg.graph import Graph
from kg.rdf.namespaces import ENT, ID, XSD

TEXT = """\
#+ summary: Who leads?
#+ parameters:
#+   - {name: state, type: State, default: any}
#+   - {name: day, type: date, default: "2018-04-04"}
#+   - {name: words, type: string, default: any}
#+ columns: [leader]
#+ tags: [leaders]
# VALUES ?state { not this one }
SELECT DISTINCT ?state ?day ?words WHERE {
  VALUES ?state { UNDEF }
  values $day{"2018-04-04"^^<http://www.w3.org/2001/XMLSchema#date>}
  { VALUES ?words { UNDEF } } UNION { VALUES ?words { UNDEF } }
  BIND ("VALUES ?state { nor this }" AS ?text)
}
"""


@pytest.fixture
def query() -> Query:
    return stored_queries.parse("who-leads", "queries/who-leads.rq", TEXT)


def bound(query: Query, small: Graph, **values: str) -> list[tuple[object, ...]]:
    found = Engine([]).run(stored_queries.bind(query, values, small.things))
    assert isinstance(found, Rows)
    return list(found.rows)


def test_the_head(query: Query) -> None:
    assert (query.summary, query.columns, query.tags) == ("Who leads?", ["leader"], ["leaders"])
    assert [p["name"] for p in query.parameters] == ["state", "day", "words"]
    [(start, end)] = query.kept()["slots"]["state"]
    assert query.text[start:end].strip() == "UNDEF"


@pytest.mark.parametrize("mark", ["\u2028", "\u2029", "\x85", "\x0b", "\x0c", "\x1c"])
def test_what_is_in_a_comment_is_no_head(mark: str) -> None:
    query = stored_queries.parse("q", "q.rq", f"# harmless{mark}#+ summary: Lists all\n#+ summary: Is it?\nASK {{ }}")
    assert query.summary == "Is it?"


@pytest.mark.parametrize("mark", ["\u2028", "\u2029", "\x85"])
def test_a_line_of_the_head_is_a_line_of_yaml(mark: str) -> None:
    with pytest.raises(InputError, match="a line end that is none in SPARQL") as caught:
        stored_queries.parse("q", "q.rq", f"#+ tags: []\n#+ description: x{mark}summary: Lists all\nASK {{ }}")
    assert caught.value.where == "q.rq:2"


def test_lines_end_as_in_sparql() -> None:
    query = stored_queries.parse("q", "q.rq", "#+ summary: A?\r\n#+ tags: [b]\rASK {}")
    assert (query.summary, query.tags) == ("A?", ["b"])


def test_a_query_without_a_head_is_a_query() -> None:
    assert stored_queries.parse("x", "x.rq", "ASK {}").parameters == []


def test_a_query_survives_being_kept(query: Query, small: Graph) -> None:
    kept = stored_queries.from_kept(json.loads(json.dumps(query.kept())))
    assert kept.listed() == query.listed()
    values = {"state": "Norland", "words": "x"}
    assert stored_queries.bind(kept, values, small.things) == stored_queries.bind(query, values, small.things)


@pytest.mark.parametrize(
    ("head", "says"),
    [("#+ summary: a: b\n", r"x\.rq:1: error: the head of the query is no YAML"), ("#+ just words\n", "is no list")],
)
def test_a_head_that_is_none(head: str, says: str) -> None:
    with pytest.raises(InputError, match=says):
        stored_queries.parse("x", "x.rq", head + "ASK {}")


@pytest.mark.parametrize(("depth", "is_read"), [(20, True), (21, False)])
def test_a_head_has_at_most_twenty_brackets_within_brackets(depth: int, is_read: bool) -> None:
    text = f"#+ x: {'[' * depth}{']' * depth}\nASK {{}}"
    if is_read:
        assert stored_queries.parse("x", "x.rq", text).parameters == []
    else:
        with pytest.raises(InputError, match="too many brackets within brackets"):
            stored_queries.parse("x", "x.rq", text)


def test_it_runs_bare(query: Query, small: Graph) -> None:
    day = Literal("2018-04-04", datatype=NamedNode(XSD + "date"))
    assert bound(query, small) == [(None, day, None)]


def test_values_take_the_place_of_the_defaults_and_of_nothing_else(query: Query, small: Graph) -> None:
    text = stored_queries.bind(query, {"state": "norland", "day": "2020-01-02"}, small.things)
    assert text.count(f"<{ID}norland>") == 1
    assert "{ not this one }" in text
    assert "{ nor this }" in text
    rows = bound(query, small, state="norland", day="2020-01-02")
    assert rows == [(NamedNode(ID + "norland"), Literal("2020-01-02", datatype=NamedNode(XSD + "date")), None)]


def test_each_block_of_a_parameter_is_bound(query: Query, small: Graph) -> None:
    assert stored_queries.bind(query, {"words": "x"}, small.things).count('{ "x"') == 2


def test_any_takes_a_restriction_away(query: Query, small: Graph) -> None:
    assert bound(query, small, day="any") == [(None, None, None)]


@pytest.mark.parametrize("words", ['"', '" } SERVICE <http://x/> { #', "\\", "}\n{", "\\u0022", "?state", "UNDEF"])
def test_no_value_is_ever_read_as_text(words: str, query: Query, small: Graph) -> None:
    assert [row[2] for row in bound(query, small, words=words)] == [Literal(words)]


@pytest.mark.parametrize(
    ("values", "rule"),
    [
        ({"country": "Norland"}, "parameter"),
        ({"day": "2018-13"}, "parameter"),
        ({"day": "2018-04-04T00:00:00"}, "parameter"),
        ({"state": "Nowhere"}, "unknown-thing"),
        ({"state": "<http://x> } #"}, "unknown-thing"),
    ],
)
def test_values_that_do_not_fit(values: dict[str, str], rule: str, query: Query, small: Graph) -> None:
    with pytest.raises(UsageError) as caught:
        stored_queries.bind(query, values, small.things)
    assert caught.value.rule == rule
    assert caught.value.hint or rule == "parameter"


def test_a_label_that_fits_two_things_means_the_one_of_the_parameters_class(shipped: Graph) -> None:
    term = {
        kind: stored_queries.term({"name": "x", "type": kind}, "Ankara", shipped.things)
        for kind in ("City", "Government")
    }
    assert term == {"City": f"<{ID}ankara>", "Government": f"<{ID}government-of-turkey>"}
    assert ENT not in term["City"]
    with pytest.raises(UsageError, match="2 things"):
        stored_queries.term({"name": "x", "type": "thing"}, "Ankara", shipped.things)


def test_a_name_that_comes_close() -> None:
    known = {"who-leads": stored_queries.parse("who-leads", "x", TEXT)}
    assert stored_queries.find("who-leads", known).name == "who-leads"
    with pytest.raises(UsageError, match=r"there is no stored query who-lead\b") as caught:
        stored_queries.find("who-lead", known)
    assert caught.value.hint == "did you mean who-leads?"
    with pytest.raises(UsageError) as caught:
        stored_queries.find("zzz", known)
    assert caught.value.hint == "see them all with `kg query`"
