"""SPARQL clients of other people ask the server without special settings: Python's here, Comunica in `make engines`."""

import json
from pathlib import Path
from typing import Any

import pytest
import rdflib
from engines.comunica import REMOTE as COMUNICA_REMOTE
from engines.engine import run
from rdflib.plugins.stores.sparqlstore import SPARQLStore
from serving import Served
from SPARQLWrapper import CSV, JSON, N3, POST, RDFXML, TURTLE, XML, SPARQLWrapper

from kg.graph import Graph
from kg.rdf.namespaces import ENT, ID

STATES = f"SELECT ?x {{ ?x a <{ENT}State> }} ORDER BY ?x"


def states(graph: Graph) -> list[str]:
    return [row[0].value for row in graph.query(STATES)]


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")  # SPARQLWrapper uses it
def test_sparqlwrapper(server: Served, shipped: Graph) -> None:
    client = SPARQLWrapper(f"{server.address}/sparql")
    client.setQuery(STATES)
    client.setReturnFormat(JSON)
    for method in ("GET", POST):
        client.setMethod(method)
        found: Any = client.query().convert()
        assert [row["x"]["value"] for row in found["results"]["bindings"]] == states(shipped)
    client.setReturnFormat(XML)
    document: Any = client.query().convert()
    assert len(document.getElementsByTagName("result")) == len(states(shipped))
    client.setReturnFormat(CSV)
    table: Any = client.query().convert()
    assert table.decode().splitlines() == ["x", *states(shipped)]
    client.setQuery(f"DESCRIBE <{ID}turkey>")
    for form in (RDFXML, TURTLE, N3):
        client.setReturnFormat(form)
        described: Any = client.query().convert()
        graph = described if isinstance(described, rdflib.Graph) else rdflib.Graph().parse(data=described)
        assert (rdflib.URIRef(f"{ID}turkey"), rdflib.RDF.type, rdflib.URIRef(f"{ENT}State")) in graph
    client.setQuery("ASK { ?s ?p ?o }")
    client.setReturnFormat(JSON)
    asked: Any = client.query().convert()
    assert asked["boolean"] is True


def test_sparqlstore_of_rdflib(server: Served, shipped: Graph) -> None:
    for method in ("GET", "POST"):
        graph = rdflib.Graph(SPARQLStore(f"{server.address}/sparql", method=method))
        rows: Any = graph.query(STATES)
        assert [str(row[0]) for row in rows] == states(shipped)
        turkey = rdflib.URIRef(f"{ID}turkey")
        assert rdflib.URIRef(f"{ENT}State") in set(graph.objects(turkey, rdflib.RDF.type))
        assert len(graph) == len(shipped.triples())
        assert graph.query("ASK { ?s ?p ?o }").askAnswer is True
        constructed: Any = graph.query(f"CONSTRUCT {{ ?s a ?o }} {{ ?s a ?o . FILTER(?s = <{ID}turkey>) }}")
        assert {*constructed} == {*graph.triples((turkey, rdflib.RDF.type, None))}


@pytest.mark.engines
@pytest.mark.parametrize("program", [pytest.param(COMUNICA_REMOTE, id="comunica-over-http")])
def test_comunica(program: Path, server: Served, shipped: Graph, tmp_path: Path) -> None:
    if not program.exists():
        pytest.skip("not installed: make engines ENGINES=comunica")
    for name, text in {"states": STATES, "leaders": shipped.queries["who-leads"].text}.items():
        path = tmp_path / f"{name}.rq"
        path.write_text(text, "utf-8")
        options = ("--file", path, "-t", "application/sparql-results+json")
        found = json.loads(run([program, f"{server.address}/sparql", *options]))["results"]["bindings"]
        expected = shipped.query(text)
        assert sorted(sorted((name, term["value"]) for name, term in row.items()) for row in found) == sorted(
            sorted((name, term.value) for name, term in zip(expected.columns, row, strict=True) if term is not None)
            for row in expected.rows
        )
