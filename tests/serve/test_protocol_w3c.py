"""The cases for queries of the W3C's suite for the SPARQL 1.1 Protocol, by their names.

https://github.com/w3c/rdf-tests, sparql/sparql11/protocol/manifest.ttl. Those for updates are left out: this server
takes none. A case names graphs on the web, `data0` to `data3`, of each of which one thing has a class; this server
fetches nothing, so they stand for named graphs that it has. In `query_multiple_dataset` the manifest has an ampersand
twice escaped, so that two graphs are one there; here they are two, as its comment has them.
"""

import json
import re
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlencode

import pytest
from serving import DIRECT, FORM, Served

from kg.rdf.namespaces import RDF_TYPE

BOOLEAN = {"application/sparql-results+xml", "application/sparql-results+json"}
TABULAR = BOOLEAN | {"text/csv", "text/tab-separated-values"}
RDF = {"application/rdf+xml", "text/turtle", "application/n-triples", "application/ld+json"}
BOTH = "ASK { <data1> a ?type . <data2> a ?type . }"
EACH = "GRAPH ?g1 { <data1> a ?type } GRAPH ?g2 { <data2> a ?type }"


class Case(NamedTuple):
    """A request, and the media types of which its answer has one; none where it is to be refused."""

    types: set[str]
    method: str = "GET"
    query: str = "ASK {}"
    dataset: tuple[tuple[str, str], ...] = ()
    content_type: str | None = DIRECT
    encoding: str = "utf-8"
    twice: bool = False


def default(*names: str) -> tuple[tuple[str, str], ...]:
    return tuple(("default-graph-uri", name) for name in names)


def named(*names: str) -> tuple[tuple[str, str], ...]:
    return tuple(("named-graph-uri", name) for name in names)


CASES = {
    "query_post_form": Case(BOOLEAN, "POST", dataset=default("data0"), content_type=FORM),
    "query_dataset_default_graphs_get": Case(BOOLEAN, query=BOTH, dataset=default("data1", "data2")),
    "query_dataset_default_graphs_post": Case(BOOLEAN, "POST", BOTH, default("data1", "data2")),
    "query_dataset_named_graphs_post": Case(BOOLEAN, "POST", f"ASK {{ {EACH} }}", named("data1", "data2")),
    "query_dataset_named_graphs_get": Case(BOOLEAN, "GET", f"ASK {{ {EACH} }}", named("data1", "data2")),
    "query_dataset_full": Case(
        BOOLEAN, "POST", f"ASK {{ <data3> a ?type {EACH} }}", (*default("data3"), *named("data1", "data2"))
    ),
    "query_multiple_dataset": Case(BOOLEAN, "POST", f"ASK FROM <data3> {{ {EACH} }}", named("data1", "data2")),
    "query_get": Case(BOOLEAN, dataset=default("data0")),
    "query_content_type_select": Case(TABULAR, "POST", "SELECT (1 AS ?value) {}", default("data0")),
    "query_content_type_ask": Case(BOOLEAN, "POST", dataset=default("data0")),
    "query_content_type_describe": Case(RDF, "POST", "DESCRIBE <http://example.org/>", default("data0")),
    "query_content_type_construct": Case(RDF, "POST", "CONSTRUCT { <s> <p> 1 } WHERE {}", default("data0")),
    "query_post_direct": Case(BOOLEAN, "POST"),
    "bad_query_method": Case(set(), "PUT", dataset=default("data0"), content_type=FORM),
    "bad_multiple_queries": Case(set(), twice=True),
    "bad_query_wrong_media_type": Case(set(), "POST", content_type="text/plain"),
    "bad_query_missing_form_type": Case(set(), "POST", "query=ASK%20%7B%7D", content_type=None),
    "bad_query_missing_direct_type": Case(set(), "POST", content_type=None),
    "bad_query_non_utf8": Case(set(), "POST", content_type=f"{DIRECT}; charset=UTF-16", encoding="utf-16"),
    "bad_query_syntax": Case(set(), query="ASK {"),
}


@pytest.fixture(scope="module")
def data(shipped_folder: Path) -> dict[str, tuple[str, str]]:
    """Named graphs, and of each a thing to which it alone gives a class, the same for all."""
    from pyoxigraph import NamedNode

    from kg.graph import Graph
    from kg.source.layout import GraphFolder

    graphs: dict[tuple[str, str], set[str]] = {}
    for quad in Graph(GraphFolder(str(shipped_folder))).quads:
        if quad.predicate.value == RDF_TYPE and isinstance(quad.graph_name, NamedNode):
            graphs.setdefault((quad.object.value, quad.subject.value), set()).add(quad.graph_name.value)
    by_class: dict[str, dict[str, str]] = {}
    for (kind, thing), (graph, *others) in sorted(graphs.items()):
        if not others and "/article/" in graph:
            by_class.setdefault(kind, {})[graph] = thing
    chosen = sorted(max(by_class.values(), key=len).items())[:4]
    assert len(chosen) == 4
    return {f"data{number}": found for number, found in enumerate(chosen)}


@pytest.mark.parametrize("name", CASES)
def test_w3c(name: str, server: Served, data: dict[str, tuple[str, str]]) -> None:
    case = CASES[name]
    from_data = re.sub(r"FROM <(data\d)>", lambda match: f"FROM <{data[match[1]][0]}>", case.query)
    query = re.sub(r"<(data\d)>", lambda match: f"<{data[match[1]][1]}>", from_data)
    dataset = [(key, data[graph][0]) for key, graph in case.dataset]
    in_address = [("query", query)] * (2 if case.twice else 1) if case.method != "POST" else []
    body = urlencode({"query": query}) if case.content_type == FORM else query
    found = server.request(
        case.method,
        f"/sparql?{urlencode([*in_address, *dataset])}",
        body.encode(case.encoding) if case.method == "POST" else None,
        {"Content-Type": case.content_type} if case.content_type and case.method != "GET" else {},
    )
    if not case.types:
        assert 400 <= found.status < 500
        return
    assert (found.status, found.type in case.types) == (200, True), found.text
    if query.startswith("ASK"):
        assert json.loads(found.body)["boolean"] is True


@pytest.mark.parametrize("left_out", ["data1", "data2"])
def test_the_dataset_of_an_address_counts_for_a_form_too(
    left_out: str, server: Served, data: dict[str, tuple[str, str]]
) -> None:
    query = re.sub(r"<(data\d)>", lambda match: f"<{data[match[1]][1]}>", BOTH)
    for names, holds in ((("data1", "data2"), True), ((left_out,), False)):
        address = urlencode([("default-graph-uri", data[name][0]) for name in names])
        found = server.post(urlencode({"query": query}), FORM, f"/sparql?{address}")
        assert json.loads(found.body)["boolean"] is holds
