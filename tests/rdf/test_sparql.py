"""The reader of SPARQL text: its columns, clauses and inline data; and each limit of size, met and broken."""

import pytest
from pyoxigraph import Store

from kg.errors import InputError
from kg.graph import Graph
from kg.rdf import sparql
from kg.rdf.sparql import MAX_CALLS, MAX_CLAUSES, MAX_DEPTH, MAX_JOINED, MAX_PARTS, QueryText

TRIPLE = "?s ?p ?o"
# What repeats, in a query around it, and how often it may.
REPEATED = {
    "brackets": ("{", f"ASK %s{TRIPLE}", MAX_DEPTH),
    "unions": ("UNION{}", "ASK { {} %s }", MAX_CLAUSES),
    "optional groups": (f"OPTIONAL {{ {TRIPLE} }}", "ASK { %s }", MAX_CLAUSES),
    "groups that must be": ("FILTER EXISTS {} ", "ASK { %s }", MAX_CLAUSES),
    "calls in an order": (" STR(?s)", f"SELECT ?s {{ {TRIPLE} }} ORDER BY %s", MAX_CALLS),
    "calls in groups": (" STR(?s)", f"SELECT (1 AS ?n) {{ {TRIPLE} }} GROUP BY %s", MAX_CALLS - 1),
    "computed columns": (" (1 AS ?x)", "SELECT %s {}", MAX_CALLS),
    "terms of HAVING": (" (1)", f"SELECT ?s {{ {TRIPLE} }} GROUP BY ?s HAVING %s", MAX_CALLS),
    "things described": (" <a:a>", "BASE <a:> PREFIX a: <a:> PREFIX b: <a:> DESCRIBE %s", MAX_CALLS),
    "names described": (" a:a", "PREFIX a: <a:> DESCRIBE %s", MAX_CALLS),
    "calls behind a prefix that reads like VALUES": (
        " STR(?s)",
        "PREFIX VALUES: <a:> SELECT ?s { ?s VALUES:a ?o } ORDER BY %s",
        MAX_CALLS,
    ),
    "operators": ("!", "ASK { FILTER(%strue) }", MAX_PARTS),
    "triples": (f"{TRIPLE} . ", "ASK { %s }", MAX_JOINED),
    "triples with a last one": (f"{TRIPLE} . ", f"ASK {{ %s {TRIPLE} }}", MAX_JOINED - 1),
    "predicates": ("; ?p ?o ", f"ASK {{ {TRIPLE} %s }}", MAX_JOINED - 1),
    "objects": (", ?o", f"ASK {{ {TRIPLE} %s }}", MAX_JOINED - 1),
    "members of a list": (" 1", "ASK { ?s ?p (%s) }", MAX_JOINED - 1),
    "steps of a path": ("/<a:p>", "ASK { ?s <a:p>%s ?o }", MAX_JOINED - 1),
    "steps of a path in brackets": ("/<a:p>", "ASK { ?s (?p%s) ?o }", MAX_JOINED - 2),
    "graphs": (f"GRAPH ?g {{ {TRIPLE} }}", "ASK { %s }", MAX_JOINED),
    "empty graphs": ("GRAPH ?g {}", "ASK { %s }", MAX_JOINED),
    "groups": (f"{{ {TRIPLE} }}", "ASK { %s }", MAX_JOINED),
    "joined unions": (f"{{ {{ {TRIPLE} }} UNION {{ {TRIPLE} }} }}", "ASK { %s }", MAX_JOINED // 2),
    "blocks of values": ("VALUES ?x { 1 } ", "ASK { %s }", MAX_JOINED),
    "triples in a group that is apart": (f"{TRIPLE} . ", "ASK { OPTIONAL { %s } }", MAX_JOINED),
    "triples in a subquery": (f"{TRIPLE} . ", "ASK { { SELECT * { %s } } }", MAX_JOINED),
    "triples in a filter": (f"{TRIPLE} . ", "ASK { FILTER(1 = 1 && EXISTS { %s }) }", MAX_JOINED),
}
# What may be repeated as often as a query is long.
FREE = {
    "rows of values": (" (1 2)", "ASK { VALUES (?x ?y) { %s } }"),
    "rows of values at the end": (" (1 2)", f"SELECT * {{ {TRIPLE} }} VALUES (?x ?y) {{ %s }}"),
    "values to compare with": (",1", "ASK { FILTER(1 IN (1%s)) }"),
    "arguments": (",1", "ASK { FILTER(CONCAT(1%s) = 1) }"),
    "triples of a template": (f"{TRIPLE} . ", f"CONSTRUCT {{ %s }} WHERE {{ {TRIPLE} }}"),
    "columns": (" ?s", f"SELECT %s {{ {TRIPLE} }}"),
    "prefixes": (" PREFIX a: <a:>", "%s ASK {}"),
}

QUERY = """\
BASE <http://example.org/>
PREFIX ex: <http://example.org/ns#>  # a comment
SELECT DISTINCT ?a (COUNT(DISTINCT ?b) AS ?n) (EXISTS { SELECT (MAX(?z) AS ?m) { ?x ?y ?z } } AS ?e)
WHERE {
  VALUES ?a { ex:a\\-b }
  VALUES (?c ?d) { (1 2) (UNDEF 3) }
  { ?a ex:p ?b } UNION { ?b ex:p ?a }
}
GROUP BY ?a
ORDER BY DESC(?n) ?a
VALUES $b { <x> }
"""


def test_the_prologue_and_the_form() -> None:
    query = QueryText(QUERY)
    assert query.word(query.form or 0) == "SELECT"
    assert query.prologue == "BASE <http://example.org/>\nPREFIX ex: <http://example.org/ns#>"
    assert query.prefixes == {"ex": "http://example.org/ns#"}
    assert query.names == {"http://example.org/ns#a-b", "http://example.org/ns#p", "x"}


def test_an_aggregate_of_a_subquery_is_not_one_of_the_column() -> None:
    query = QueryText(QUERY)
    columns = query.columns(query.form or 0)
    assert [(c.name, c.aggregate) for c in columns] == [("a", False), ("n", True), ("e", False)]
    assert columns[1].expression
    assert query.slice(*columns[1].expression) == "COUNT(DISTINCT ?b)"


def test_the_clauses_after_the_outermost_group() -> None:
    query = QueryText(QUERY)
    clauses = {name: [query.text_at(i) for i in query.clause(name)] for name in ("GROUP", "ORDER", "LIMIT")}
    assert clauses == {"GROUP": ["?a"], "ORDER": ["DESC", "(", "?n", ")", "?a"], "LIMIT": []}


def test_inline_data_of_one_variable() -> None:
    query = QueryText(QUERY)
    found = [(name, QUERY[slice(*query.span(braces))]) for name, braces in query.inline_data()]
    assert found == [("a", " ex:a\\-b "), ("b", " <x> ")]


def test_both_arms_of_a_union_are_known() -> None:
    arms = [b for b in QueryText(QUERY).brackets if b.keyword == "UNION"]
    assert [(b.mark, b.role) for b in arms] == [("{", "group")] * 2


def test_a_text_on_one_line() -> None:
    query = QueryText('ASK {?s # why\n  ?p\t"""a\n b"""@en}')
    assert query.plain(1, len(query.tokens)) == '{?s ?p """a b"""@en}'


@pytest.mark.parametrize(("text", "stray"), [("ASK { ( } )", 3), ("ASK { [] } )", 5), ("ASK { (", 2), ("ASK {}", None)])
def test_a_bracket_without_a_partner(text: str, stray: int | None) -> None:
    assert QueryText(text).stray == stray


@pytest.mark.parametrize(
    ("message", "found"),
    [
        ("error at 2:7: expected one of [a-z], The variable is unbound", (2, 7, "the prefix x: is not declared")),
        ("error at 1:9: expected ['.']", (1, 9, "the prefix x: is not declared")),
        ("no place at all", (0, 0, "no place at all")),
    ],
)
def test_a_syntax_error_of_an_engine(message: str, found: tuple[int, int, str]) -> None:
    assert sparql.syntax_error(message, QueryText("ASK { ?s x:p ?o }")) == found


@pytest.mark.parametrize(
    ("text", "place", "name"),
    [
        ("SELECT ?s\n  (COUNT(?p) AS ?n) { ?s ?p ?o }", (1, 8), "?s"),
        ("SELECT (COUNT(?p) AS ?n)\n?o { ?s ?p ?o } GROUP BY ?s", (2, 1), "?o"),
        ("SELECT ?s (STR(?o) AS ?x) { ?s ?p ?o } GROUP BY ?s", (1, 16), "?o"),
        ("SELECT DISTINCT ?s (MAX(?o) AS ?x) (?p + 1 AS ?y) { ?s ?p ?o } GROUP BY ?s", (1, 37), "?p"),
    ],
)
def test_a_variable_that_is_not_grouped_is_named(text: str, place: tuple[int, int], name: str) -> None:
    with pytest.raises(SyntaxError) as caught:
        Store().query(text)
    found = sparql.syntax_error(str(caught.value.msg), QueryText(text))
    assert found == (*place, f"{name} is neither in GROUP BY nor in an aggregate")


def test_a_variable_that_an_earlier_column_defines_needs_no_group() -> None:
    text = "SELECT (COUNT(?p) AS ?n) (?n + 1 AS ?x) { ?s ?p ?o }"
    with pytest.raises(SyntaxError) as caught:  # pyoxigraph lacks this (§16.1)
        Store().query(text)
    assert "GROUP BY" not in sparql.syntax_error(str(caught.value.msg), QueryText(text))[2]


@pytest.mark.parametrize(
    ("head", "relative"), [("", True), ("BASE <http://e/> ", False), ("PREFIX : <http://e/> ", True)]
)
def test_a_relative_iri_without_a_base_is_named(head: str, relative: bool) -> None:
    _, _, reason = sparql.syntax_error("error at 1:9: expected ['.']", QueryText(f"{head}ASK {{ <x> ?p ?o }}"))
    assert reason == ("the IRI <x> is relative, and there is no BASE" if relative else "")


@pytest.mark.parametrize(
    ("text", "default", "named"),
    [
        ("SELECT ?s FROM <urn:a> { ?s ?p ?o }", ["urn:a"], []),
        ("PREFIX : <urn:x:> SELECT * FROM :a FROM NAMED <b> WHERE { }", ["urn:x:a"], ["file:///d/b"]),
        ("ASK FROM<urn:a>{ ?s ?p ?o }", ["urn:a"], []),
        ("BASE <urn:y:> CONSTRUCT { ?s ?p ?o } FROM <urn:a>\n WHERE { ?s ?p ?o }", ["urn:a"], []),
    ],
)
def test_dataset_clauses_are_taken_out_of_a_query(text: str, default: list[str], named: list[str]) -> None:
    found = sparql.split_dataset(text, "file:///d/q.rq")
    assert found
    rest, *graphs = found
    assert [[g.value for g in row] for row in graphs] == [default, named]
    assert (len(rest), rest.count("\n")) == (len(text), text.count("\n"))
    sparql.check(rest)


@pytest.mark.parametrize(
    "text", ["ASK { } FROM <urn:a>", "ASK { FROM <urn:a> }", "FROM <urn:a> ASK { }", "ASK FROM ?g { }", "ASK { }"]
)
def test_what_is_no_dataset_clause_stays_in_the_query(text: str) -> None:
    assert sparql.split_dataset(text) is None


def test_the_name_of_a_graph_is_an_iri() -> None:
    with pytest.raises(InputError, match=r"line 2, column 6: n:a is no IRI"):
        sparql.split_dataset("SELECT *\nFROM n:a { ?s ?p ?o }")


def problem(text: str) -> str:
    return sparql.too_large(QueryText(text))


@pytest.mark.parametrize("what", REPEATED)
def test_a_limit_is_met_and_broken(what: str) -> None:
    part, around, most = REPEATED[what]
    assert problem(around % (part * most)) == ""
    assert problem(around % (part * (most + 1))) != ""


@pytest.mark.parametrize("what", FREE)
def test_what_harms_no_engine_is_not_counted(what: str) -> None:
    part, around = FREE[what]
    assert problem(around % (part * 1_500)) == ""


def test_what_is_within_all_limits_ends_in_time() -> None:
    calls = f"SELECT ?s {{ {TRIPLE} }} ORDER BY{' STR(?s)' * MAX_CALLS}"
    assert not list(Store().query(calls))  # type: ignore[arg-type]


def test_a_message_says_what_is_too_much() -> None:
    assert problem("ASK {" * 101) == "the query is nested too deeply: more than 100 brackets"
    assert problem("ASK {" + f"{TRIPLE} . " * 101) == ""  # no group that is closed
    joined = problem("ASK {" + f"{TRIPLE} . " * 101 + "}")
    assert joined == "the query has 101 patterns joined in one group, more than 100"
    unions = problem(f"ASK {{ {{}} {'UNION {} ' * 501} }}")
    assert unions == "the query has 501 clauses such as UNION and OPTIONAL, more than 500"


def test_stored_queries_are_far_below_the_limits(shipped: Graph) -> None:
    assert shipped.queries
    for query in shipped.queries.values():
        text = QueryText(query.text)
        assert sparql.calls(text) * 10 < MAX_CALLS
        assert sparql.joined(text) * 4 < MAX_JOINED
