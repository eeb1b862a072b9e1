"""GraphML that Gephi and networkx can read: declared keys, names that are NMTOKENs, no edge out of hearsay."""

import re
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import xml
from kg.export import graphml
from kg.graph import Graph
from kg.provenance.receipts import ASSERTED, Fact
from kg.rdf.namespaces import ENT, ID

X = f"{{{graphml.NAMESPACE}}}"


class Drawing:
    def __init__(self, data: bytes) -> None:
        root = ElementTree.fromstring(data)
        self.keys = {k.attrib["id"]: (k.attrib["for"], k.attrib["attr.name"]) for k in root.iter(X + "key")}
        self.nodes = {n.attrib["id"]: self._data(n, "node") for n in root.iter(X + "node")}
        self.edges = [(e.attrib["source"], e.attrib["target"], self._data(e, "edge")) for e in root.iter(X + "edge")]
        self.ids = [e.attrib["id"] for e in root.iter() if e.tag in (X + "node", X + "edge", X + "key")]

    def _data(self, element: Any, kind: str) -> dict[str, str]:
        found = {}
        for data in element.findall(X + "data"):
            assert self.keys[data.attrib["key"]][0] == kind
            found[self.keys[data.attrib["key"]][1]] = data.text or ""
        return found


@pytest.fixture(scope="module")
def drawing(graph: Graph) -> Drawing:
    return Drawing(graph.export("graphml"))


def test_names_are_unique_nmtokens_and_edges_join_nodes(drawing: Drawing) -> None:
    assert len(set(drawing.ids)) == len(drawing.ids)
    assert all(re.fullmatch(r"[A-Za-z0-9.:_-]+", name) for name in drawing.ids)
    assert {end for s, t, _ in drawing.edges for end in (s, t)} <= drawing.nodes.keys()
    names = [name for kind, name in drawing.keys.values() if kind == "node"]
    assert len(set(names)) == len(names)


def test_nodes_have_labels_and_kinds_and_values(drawing: Drawing) -> None:
    expected = {"label": "Turkey", "kind": "state", "iri": ID + "turkey", "notation": "TUR"}
    assert expected.items() <= drawing.nodes["id:turkey"].items()
    assert drawing.nodes["id:s-400-deal"]["status"] == "finalised"
    assert not any(node.startswith("ent:") for node in drawing.nodes)


def test_an_edge_has_its_quote_or_its_rule(drawing: Drawing) -> None:
    edges = {(s, t, d["label"]): d for s, t, d in drawing.edges}
    seller = edges["id:s-400-deal", "id:russia", "seller"]
    assert seller["status"] == "asserted"
    assert seller["quote"].startswith("In December, Ankara and Moscow finalised")
    leads = edges["id:bashar-al-assad", "id:assad-regime", "leads"]
    assert (leads["status"], leads["rule"], leads["predicate"]) == ("inferred", "prp-spo2", ENT + "leads")
    assert {d["status"] for d in edges.values()} == {"asserted", "background", "inferred"}


def test_what_is_only_reported_is_not_drawn(graph: Graph, drawing: Drawing) -> None:
    drawn = {(drawing.nodes[s]["iri"], d["predicate"], drawing.nodes[t]["iri"]) for s, t, d in drawing.edges}
    held = set(graph.triples())
    reported = {t for e in graph.build.evidence for p in e.reported for t in p.triples} - held
    triples = {tuple(getattr(x, "value", "") for x in (t.subject, t.predicate, t.object)) for t in reported}
    assert reported
    assert not drawn & triples


def test_asserted_only_has_no_inferred_edge(graph: Graph) -> None:
    found = Drawing(graph.export("graphml", asserted_only=True))
    assert {d["status"] for _, _, d in found.edges} == {"asserted", "background"}
    assert found.nodes["id:vladimir-putin"]["kind"] == "person"  # inferred: leader, president


def test_texts_come_back_and_forbidden_characters_do_not(odd: Graph) -> None:
    found = Drawing(odd.export("graphml"))
    assert found.nodes["id:odd-plant"]["label"] == "=SUM(A1)"
    assert "cr\rtab\tline\nend" in found.nodes["id:odd-plant"]["wording"]
    assert xml("bell\x07 \ud7ff\ufffe") == "bell\ufffd \ud7ff\ufffd"


AMOUNTS = """
PREFIX ent: <https://w3id.org/entente/ontology#> PREFIX id: <https://w3id.org/entente/id/> PREFIX x: <urn:x#>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
id:a x:whole 007 ; x:part 1.50 ; x:size 3 ; x:sure "1"^^xsd:boolean ; x:many 1, 2 ; x:huge 99999999999999999999 ;
    x:limit "-INF"^^xsd:double ; x:mixed 1 ; x:day "2018-04-03"^^xsd:date .
id:b x:whole -2 ; x:part 3 ; x:mixed "two" ; ent:backs id:a .
"""


@pytest.fixture(scope="module")
def amounts(small: Graph, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    file = tmp_path_factory.mktemp("amounts") / "amounts.ttl"
    file.write_text(AMOUNTS, encoding="utf-8")
    context = small.over([str(file)]).context
    facts = {t: [Fact(t, ASSERTED)] for t in context.triples()}
    return graphml.Drawing(context, facts, {}).text().encode()


def test_attributes_have_the_types_of_their_values(amounts: bytes) -> None:
    keys = ElementTree.fromstring(amounts).iter(X + "key")
    types = {k.attrib["attr.name"]: k.attrib["attr.type"] for k in keys if k.attrib["for"] == "node"}
    assert types == {
        **dict.fromkeys(("label", "kind", "iri", "many", "huge", "mixed", "day"), "string"),
        **dict.fromkeys(("part", "limit"), "double"),
        **dict.fromkeys(("whole", "urn:x#size"), "long"),  # “size” is that of a circle in Gephi
        "sure": "boolean",
    }
    found = Drawing(amounts).nodes["id:a"]
    assert (found["whole"], found["part"], found["sure"], found["limit"]) == ("7", "1.5", "true", "-Infinity")
    assert (found["many"], found["huge"]) == ("1 | 2", "9" * 20)


def test_an_edge_weighs_as_many_passages_as_state_it(drawing: Drawing) -> None:
    weights = {d["status"]: set[str]() for _, _, d in drawing.edges}
    for _, _, d in drawing.edges:
        weights[d["status"]].add(d["weight"])
        assert float(d["weight"]) == max(int(d["passages"]), 1)
    assert weights["asserted"] >= {"1.0", "2.0"}
    assert weights["inferred"] == {"1.0"}


def test_networkx_reads_it_typed(graph: Graph, amounts: bytes) -> None:
    networkx = pytest.importorskip("networkx")
    found = networkx.parse_graphml(graph.export("graphml").decode())
    assert found.is_directed()
    ends = found.get_edge_data("id:s-400-deal", "id:russia")
    assert {(d["label"], type(d["weight"])) for d in ends.values()} >= {("seller", float)}
    # Attributes named as a table or JSON names the ends of edges would be refused, or lost.
    assert not {"source", "target", "key"} & {name for _, _, d in found.edges(data=True) for name in d}
    assert not {"id"} & {name for _, d in found.nodes(data=True) for name in d}
    node = networkx.parse_graphml(amounts.decode()).nodes["id:a"]
    assert (node["whole"], node["part"], node["sure"], node["limit"]) == (7, 1.5, True, float("-inf"))


@given(st.text(alphabet="_x2F/AF0:é-", max_size=8), st.text(alphabet="_x2F/AF0:é-", max_size=8))
def test_no_two_nodes_share_a_name(one: str, other: str) -> None:
    assert (graphml.identifier(ID + one) == graphml.identifier(ID + other)) == (one == other)
