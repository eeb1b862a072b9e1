"""What is too large about a query: each limit is met just within, and is broken just beyond."""

import pytest
from pyoxigraph import Store

from kg import query_size
from kg.graph import Graph
from kg.query_size import MAX_CALLS, MAX_CLAUSES, MAX_DEPTH, MAX_JOINED, MAX_PARTS
from kg.tokens import tokenize

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


def problem(text: str) -> str:
    return query_size.problem(list(tokenize(text)))


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
    assert problem("ASK {" * 101) == "the query is nested too deeply"
    assert problem("ASK {" + f"{TRIPLE} . " * 101) == ""  # no group that is closed
    joined = problem("ASK {" + f"{TRIPLE} . " * 101 + "}")
    assert joined == "the query joins 101 patterns in one group, more than 100"


def test_stored_queries_are_far_below_the_limits(shipped: Graph) -> None:
    assert shipped.queries
    for query in shipped.queries.values():
        solid = [t for t in tokenize(query.text) if t.kind not in ("space", "comment")]
        calls, joined = query_size._joined(solid)
        assert calls * 10 < MAX_CALLS
        assert joined * 4 < MAX_JOINED
