"""The SPARQL 1.1 Protocol, for queries: what it says beyond the cases of the W3C's suite (`test_protocol_w3c`)."""

import json
from pathlib import Path
from urllib.parse import quote, urlencode
from xml.etree import ElementTree

import pytest
from pyoxigraph import RdfFormat, parse
from serving import DIRECT, FORM, Served

from kg.rdf.namespaces import ONTOLOGY_GRAPH, SD

ASK = "ASK {}"


def test_query_via_post_directly(server: Served) -> None:
    found = server.post(ASK, DIRECT)
    assert (found.status, json.loads(found.body)["boolean"]) == (200, True)
    assert server.post(ASK, f"{DIRECT}; charset=UTF-8").status == 200


@pytest.mark.parametrize(
    "target",
    ["/", "/things/turkey.ttl", "/queries/who-leads.csv?state=Turkey", "/sparql?query=ASK%20%7B%7D", "/sparql"],
)
def test_who_has_the_answer_already_is_told_so(target: str, server: Served) -> None:
    first = server.get(target)
    tag = first.headers["ETag"]
    assert (first.status, tag[:3]) == (200, 'W/"')
    again = server.get(target, If_None_Match=f'"x", {tag}')
    assert (again.status, again.headers["ETag"], again.body) == (304, tag, b"")
    assert server.get(target, If_None_Match='W/"x"').body == first.body
    assert server.get("/things/", If_None_Match=tag).status == 200


@pytest.mark.parametrize("function", ["NOW()", "now ()", "RAND()", "UUID()", "STRUUID()", "\\u004eOW()"])
def test_what_changes_is_asked_anew(function: str, server: Served) -> None:
    query = f"SELECT ({function} AS ?x) {{}}"
    first, second = server.query(query), server.query(query)
    assert "ETag" not in first.headers
    assert first.status != 200 or first.body != second.body


# What the W3C's suite calls bad requests


def test_more_than_one_query(server: Served) -> None:
    target = "/sparql?query=ASK%20%7B%7D&query=SELECT%20%2A%20%7B%7D"
    assert server.get(target).status == 400
    assert server.post(f"{urlencode({'query': ASK})}&{urlencode({'query': ASK})}", FORM).status == 400
    assert server.post(ASK, DIRECT, f"/sparql?{urlencode({'query': ASK})}").status == 400


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "TRACE", "BREW"])
def test_another_method(method: str, server: Served) -> None:
    found = server.request(method, f"/sparql?{urlencode({'query': ASK})}")
    assert (found.status, found.headers["Allow"]) == (405, "GET, HEAD, POST, OPTIONS")


@pytest.mark.parametrize("content_type", ["", "text/plain", "application/json", "multipart/form-data; boundary=x"])
def test_another_media_type(content_type: str, server: Served) -> None:
    found = server.request("POST", "/sparql", ASK, {"Content-Type": content_type} if content_type else {})
    assert found.status == 415
    assert DIRECT in found.headers["Accept-Post"]


def test_a_form_without_its_type(server: Served) -> None:
    assert server.request("POST", "/sparql", urlencode({"query": ASK}), {"Content-Type": "text/plain"}).status == 415


def test_a_query_that_is_not_utf_8(server: Served) -> None:
    assert server.post(ASK.encode("utf-16"), f"{DIRECT}; charset=UTF-16").status == 415
    assert server.post(b"ASK { ?s ?p '\xff' }", DIRECT).status == 400
    assert server.get("/sparql?query=ASK%20%FF").status == 400
    assert server.post(b"query=%ff", FORM).status == 400


def test_a_query_that_is_none(server: Served) -> None:
    found = server.get("/sparql?query=ASK%20%7B")
    assert (found.status, found.type) == (400, "text/plain")
    assert "this is no SPARQL 1.1 query: line 1, column" in found.text


# Datasets


@pytest.fixture(scope="module")
def graphs(shipped_folder: Path) -> list[str]:
    """Three named graphs, with one triple at least that stands in that one alone."""
    from kg.graph import Graph
    from kg.source.layout import GraphFolder

    quads = Graph(GraphFolder(str(shipped_folder))).quads
    names = sorted({q.graph_name.value for q in quads if hasattr(q.graph_name, "value")})
    return [name for name in names if "/article/" in name][:3]


def count(server: Served, pattern: str, graphs: dict[str, list[str]], *, post: str = "") -> int:
    query = f"SELECT (COUNT(*) AS ?n) {{ {pattern} }}"
    dataset = urlencode(graphs, doseq=True)
    if post == FORM:
        found = server.post(f"{urlencode({'query': query})}&{dataset}", FORM)
    elif post:
        found = server.post(query, DIRECT, f"/sparql?{dataset}")
    else:
        found = server.get(f"/sparql?{urlencode({'query': query})}&{dataset}")
    assert found.status == 200, found.text
    (row,) = json.loads(found.body)["results"]["bindings"]
    return int(row["n"]["value"])


@pytest.mark.parametrize("post", ["", FORM, DIRECT])
def test_default_graphs(post: str, server: Served, graphs: list[str]) -> None:
    sizes = [count(server, f"GRAPH <{name}> {{ ?s ?p ?o }}", {}) for name in graphs]
    assert all(sizes)
    assert count(server, "?s ?p ?o", {"default-graph-uri": graphs[:1]}, post=post) == sizes[0]
    merged = count(server, "?s ?p ?o", {"default-graph-uri": graphs}, post=post)
    assert max(sizes) <= merged <= sum(sizes)
    assert count(server, "GRAPH ?g { ?s ?p ?o }", {"default-graph-uri": graphs}, post=post) == 0


@pytest.mark.parametrize("post", ["", FORM, DIRECT])
def test_named_graphs(post: str, server: Served, graphs: list[str]) -> None:
    sizes = [count(server, f"GRAPH <{name}> {{ ?s ?p ?o }}", {}) for name in graphs]
    assert count(server, "GRAPH ?g { ?s ?p ?o }", {"named-graph-uri": graphs}, post=post) == sum(sizes)
    assert count(server, "?s ?p ?o", {"named-graph-uri": graphs}, post=post) == 0


@pytest.mark.parametrize("post", ["", FORM, DIRECT])
def test_a_full_dataset(post: str, server: Served, graphs: list[str]) -> None:
    sizes = [count(server, f"GRAPH <{name}> {{ ?s ?p ?o }}", {}) for name in graphs]
    dataset = {"default-graph-uri": graphs[:1], "named-graph-uri": graphs[1:]}
    assert count(server, "?s ?p ?o", dataset, post=post) == sizes[0]
    assert count(server, "GRAPH ?g { ?s ?p ?o }", dataset, post=post) == sizes[1] + sizes[2]


def test_the_dataset_of_the_protocol_is_used_and_not_that_of_the_query(server: Served, graphs: list[str]) -> None:
    query = f"SELECT ?g FROM NAMED <{graphs[0]}> FROM <{graphs[0]}> {{ GRAPH ?g {{}} }}"
    found = server.get(f"/sparql?{urlencode({'query': query, 'named-graph-uri': graphs[1]})}")
    assert [row["g"]["value"] for row in json.loads(found.body)["results"]["bindings"]] == [graphs[1]]
    found = server.query(query)
    assert [row["g"]["value"] for row in json.loads(found.body)["results"]["bindings"]] == [graphs[0]]


@pytest.mark.parametrize("name", ["http://example.org/none", "file:///etc/passwd", "no iri", ""])
def test_no_graph_is_fetched(name: str, server: Served) -> None:
    for key in ("default-graph-uri", "named-graph-uri"):
        found = server.get(f"/sparql?{urlencode({'query': ASK, key: name})}")
        assert found.status == 400
        assert "root:" not in found.text


# What the protocol says besides


def test_the_description_of_the_service(server: Served) -> None:
    for accept, form in {"text/turtle": RdfFormat.TURTLE, "application/rdf+xml": RdfFormat.RDF_XML}.items():
        found = server.get("/sparql", accept)
        assert (found.status, found.type) == (200, accept)
        triples = list(parse(found.body, format=form))
        told = {(t.predicate.value, getattr(t.object, "value", "")) for t in triples}
        assert (f"{SD}endpoint", f"{server.address}/sparql") in told
        assert (f"{SD}supportedLanguage", f"{SD}SPARQL11Query") in told
        assert (f"{SD}resultFormat", "http://www.w3.org/ns/formats/SPARQL_Results_JSON") in told
        assert (f"{SD}name", ONTOLOGY_GRAPH) in told
        assert not [value for _, value in told if value == f"{SD}DereferencesURIs"]


def test_head_is_get_without_a_body(server: Served) -> None:
    target = f"/sparql?{urlencode({'query': ASK})}"
    head, full = server.request("HEAD", target), server.get(target)
    assert (head.status, head.body) == (200, b"")
    assert {k: v for k, v in head.headers.items() if k != "date"} == {
        k: v for k, v in full.headers.items() if k != "date"
    }


def test_no_query_in_a_post(server: Served) -> None:
    assert server.post("", FORM).status == 400
    assert server.post("default-graph-uri=x", FORM).status == 400


def test_no_updates(server: Served) -> None:
    update = "DELETE WHERE { ?s ?p ?o }"
    assert server.post(update, "application/sparql-update").status == 415
    for found in (server.post(urlencode({"update": update}), FORM), server.query(update)):
        assert found.status == 400
    assert json.loads(server.query("ASK { ?s ?p ?o }").body)["boolean"]


def test_a_type_that_nothing_is_there_in(server: Served) -> None:
    for query, accept in ((ASK, "text/turtle"), ("DESCRIBE <x:y>", "text/csv"), (ASK, "image/png")):
        found = server.query(query, accept)
        assert found.status == 406
        assert "application/" in found.text


@pytest.mark.parametrize("query", ["ASK { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }", "LOAD <file:///etc/passwd>"])
def test_nothing_is_asked_of_others(query: str, server: Served) -> None:
    found = server.query(query)
    assert found.status == 400
    assert "SERVICE" in found.text or "LOAD" in found.text


def test_each_format_says_the_same(server: Served) -> None:
    query = "SELECT ?x ?y { VALUES (?x ?y) { (<http://example.org/ä> 'ü \"\\n') (UNDEF 1) } }"
    found = json.loads(server.query(query).body)["results"]["bindings"]
    assert found[0]["y"]["value"] == 'ü "\n'
    assert server.query(query, "text/csv").text == 'x,y\nhttp://example.org/ä,"ü ""\n"\n,1\n'
    assert server.query(query, "text/tab-separated-values").text.startswith("?x\t?y\n<http://example.org/ä>\t")
    document = ElementTree.fromstring(server.query(query, "application/sparql-results+xml").body)
    assert [e.text for e in document.iter() if e.tag.endswith("literal")] == ['ü "\n', "1"]
    graph = "CONSTRUCT { <x:s> <x:p> 'ü' } {}"
    same = {"text/turtle": RdfFormat.TURTLE, "application/ld+json": RdfFormat.JSON_LD}
    same |= {"application/rdf+xml": RdfFormat.RDF_XML, "application/n-triples": RdfFormat.N_TRIPLES}
    for accept, form in same.items():
        (quad,) = parse(server.query(graph, accept).body, format=form)
        assert str(quad.triple) == '<x:s> <x:p> "ü"'


def test_receipts_stand_beside_the_rows(server: Served) -> None:
    query = f"SELECT ?x {{ ?x a <{ONTOLOGY_GRAPH}#State> }} ORDER BY ?x LIMIT 3"
    found = json.loads(server.query(query, receipts="true").body)
    assert len(found["receipts"]) == len(found["results"]["bindings"]) == 3
    assert all(receipt["text"] for row in found["receipts"] for receipt in row)
    assert "receipts" not in json.loads(server.query(query).body)
    assert "receipts" not in json.loads(server.query(query, receipts="false").body)
    assert server.query(query, receipts="perhaps").status == 400
    assert server.query("DESCRIBE <x:y>", receipts="true").status == 400
    assert server.query(query, **{"receipts": "true", "default-graph-uri": ONTOLOGY_GRAPH}).status == 400


def test_parameters_that_others_send_are_passed_over(server: Served) -> None:
    assert server.query(ASK, format="json", output="json", results="json", timeout="1").status == 200


def test_quoting_of_parameters(server: Served) -> None:
    assert server.get(f"/sparql?query={quote('ASK{FILTER(1+1=2)}')}").status == 200
    assert server.get("/sparql?query=ASK+%7B+%7D").status == 200
    assert server.get("/sparql?" + "&".join("a=b" for _ in range(2_000))).status == 400
