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
    leads = edges["id:vladimir-putin", "id:russia", "leads"]
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


@given(st.text(alphabet="_x2F/AF0:é-", max_size=8), st.text(alphabet="_x2F/AF0:é-", max_size=8))
def test_no_two_nodes_share_a_name(one: str, other: str) -> None:
    assert (graphml.identifier(ID + one) == graphml.identifier(ID + other)) == (one == other)
