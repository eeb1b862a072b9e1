"""Quads in sorted files are found as in memory, but that of a statement that many make one is enough."""

import random
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad

from kg.dataset import naming, sorted_quads
from kg.dataset.computed import in_quads
from kg.rdf.namespaces import ARTICLE, ENT, INFERRED_GRAPH, RDFS_LABEL
from kg.rdf.terms import n_quads

LED_TO = ENT + "ledTo"


def lines(quads: list[Quad]) -> list[str]:
    return sorted(line for line in n_quads(quads).split("\n") if line)


def node(name: str) -> NamedNode:
    return NamedNode(f"urn:x:{name}")


def test_every_look_up_finds_what_is_there(shipped_quads: list[Quad], tmp_path: Path) -> None:
    halves = [lines(shipped_quads[i::2]) for i in range(2)]
    objects = sorted_quads.write(str(tmp_path), halves, {LED_TO, ENT + "passage"})
    match, in_memory = sorted_quads.matching(str(tmp_path)), in_quads(shipped_quads, {LED_TO, ENT + "passage"})
    pairs = {(q.subject, q.predicate) for q in shipped_quads}
    assert len(pairs) > 500
    for subject, predicate in pairs:
        found, wanted = set(match(subject, predicate, None)), set(in_memory(subject, predicate))
        assert found <= wanted
        assert {q.triple for q in found} == {q.triple for q in wanted}
        if predicate.value == RDFS_LABEL:
            assert found == wanted
    for predicate in (NamedNode(LED_TO), NamedNode(ENT + "passage")):
        values = {q.object for q in shipped_quads if q.predicate == predicate}
        assert {str(value) for value in values} == objects[predicate.value]
        for value in values:
            triples = {q.triple for q in in_memory(None, predicate, value)}
            assert {q.triple for q in match(None, predicate, value)} == triples
    assert not list(match(node("nobody"), NamedNode(LED_TO), None))
    assert not list(match(None, NamedNode(ENT + "unit"), node("nobody")))


def test_of_a_label_the_first_passages_are_kept(tmp_path: Path) -> None:
    label, told = NamedNode(RDFS_LABEL), NamedNode(ENT + "told")
    passages = [NamedNode(f"{ARTICLE}a#p{i}") for i in range(30)] + [NamedNode(f"{ARTICLE}a#p1-b")]
    quads = [Quad(node("a"), label, Literal("A", language="en"), p) for p in passages]
    quads += [Quad(node("a"), told, node("b"), p) for p in (*passages, NamedNode(INFERRED_GRAPH))]
    random.Random(1).shuffle(quads)
    sorted_quads.write(str(tmp_path), [lines(quads)], ())
    match = sorted_quads.matching(str(tmp_path))
    first = sorted(p.value for p in passages)[: sorted_quads.MOST_PASSAGES]
    assert sorted(q.graph_name.value for q in match(node("a"), label, None)) == first
    assert sorted(q.graph_name.value for q in match(node("a"), told, None)) == [first[0], INFERRED_GRAPH]


@pytest.mark.parametrize("count", [0, 1, 2, 50])
def test_every_line_is_found_in_a_file_of_any_size(count: int, tmp_path: Path) -> None:
    quads = [Quad(node(f"{i:03}" * (1 + i % 7)), node("p"), Literal(f"“{i}”\n"), node("g")) for i in range(count)]
    sorted_quads.write(str(tmp_path), [lines(quads)], ())
    match = sorted_quads.matching(str(tmp_path))
    assert all(list(match(q.subject, q.predicate, None)) == [q] for q in quads)
    assert not any(list(match(node(name), node("p"), None)) for name in ("", "000x", "zzz", "0"))


def test_names_are_looked_for_in_as_many_passages_as_are_kept() -> None:
    assert naming._MOST_QUOTES == sorted_quads.MOST_PASSAGES
