"""JSON-LD that reads like JSON: short names, labels by language, no number that loses its form."""

import json
from typing import Any

import pytest
from pyoxigraph import Literal, NamedNode, Triple

from kg.errors import InputError
from kg.export import serialize
from kg.graph import Graph
from kg.rdf.namespaces import DCTERMS, ENT, ID, OA, OWL, RDF_TYPE, XSD


@pytest.fixture(scope="module")
def document(graph: Graph) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(graph.export("jsonld", claims=True))
    return found


def test_a_thing_reads_like_json(document: dict[str, Any]) -> None:
    node = next(n for n in document["@graph"] if n["id"] == "id/turkey-for-free-syrian-army")
    assert node["type"] == ["Relation", "Support"]
    assert node["backer"] == "id/turkey"
    turkey = next(n for n in document["@graph"] if n["id"] == "id/turkey")
    assert turkey["label"] == {"en": "Turkey"}


def test_the_nodes_are_sorted_and_the_context_is_local(document: dict[str, Any]) -> None:
    base = document["@context"]["@base"]
    ids = [n["id"] if "://" in n["id"] else base + n["id"] for n in document["@graph"]]
    assert ids == sorted(ids)
    assert isinstance(document["@context"], dict)
    assert "@import" not in document["@context"]


def test_every_term_of_the_context_is_used(document: dict[str, Any]) -> None:
    words = set(_strings(document["@graph"]))
    prefixes = {w.partition(":")[0] for w in {*words, *_strings(document["@context"])}}
    names = {name for name in document["@context"] if not name.startswith("@")}
    assert len(names) > 5
    assert names <= words | prefixes


def test_no_value_is_a_bare_number_or_boolean(document: dict[str, Any]) -> None:
    assert {type(v) for v in _leaves(document)} == {str}


def test_a_name_that_is_taken_keeps_its_prefix() -> None:
    ontology = [
        Triple(NamedNode(ENT + n), NamedNode(RDF_TYPE), NamedNode(OWL + "Class")) for n in ("date", "prefix", "id")
    ]
    thing = NamedNode(ID + "x")
    predicates = (ENT + "date", DCTERMS + "date", OA + "prefix", ENT + "prefix", ENT + "id", DCTERMS + "title")
    triples = [Triple(thing, NamedNode(p), Literal("v")) for p in predicates]
    node = json.loads(serialize.jsonld(triples, ontology))["@graph"][0]
    assert set(node) == {"id", "date", "dcterms:date", "oa:prefix", "prefix", "ent:id", "title"}


def test_a_datatype_stands_in_the_context_only_where_all_values_have_it() -> None:
    thing, date, year = NamedNode(ID + "x"), NamedNode(XSD + "date"), NamedNode(XSD + "gYear")
    same = Triple(thing, NamedNode(ENT + "earliest"), Literal("2018-01-01", datatype=date))
    mixed = [Triple(thing, NamedNode(ENT + "date"), v) for v in (Literal("2018"), Literal("2018", datatype=year))]
    document = json.loads(serialize.jsonld([same, *mixed], []))
    node = document["@graph"][0]
    assert document["@context"]["earliest"] == {"@id": "ent:earliest", "@type": "xsd:date"}
    assert node["earliest"] == "2018-01-01"
    assert node["date"] == ["2018", {"@value": "2018", "@type": "xsd:gYear"}]


def test_a_triple_as_a_value_is_refused() -> None:
    inner = Triple(NamedNode(ID + "x"), NamedNode(ENT + "date"), Literal("2018"))
    with pytest.raises(InputError, match="cannot carry a triple"):
        serialize.jsonld([Triple(NamedNode(ID + "y"), NamedNode(ENT + "over"), inner)], [])


def _leaves(value: Any) -> Any:
    if isinstance(value, dict):
        for inner in value.values():
            yield from _leaves(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _leaves(inner)
    else:
        yield value


def _strings(value: Any) -> Any:
    yield from (v for v in _leaves(value) if isinstance(v, str))
    stack = [value]
    while stack:
        item = stack.pop()
        if isinstance(item, dict):
            yield from item
        if isinstance(item, dict | list):
            stack += list(item.values()) if isinstance(item, dict) else item
