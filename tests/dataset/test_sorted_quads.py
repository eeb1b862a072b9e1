"""Quads in sorted files are found as in memory, but that of a statement that many make one is enough."""

import random
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad

from kg.dataset import naming, sorted_quads
from kg.dataset.computed import in_quads
from kg.dataset.sorted_quads import SortedQuads
from kg.rdf.namespaces import ARTICLE, ENT, INFERRED_GRAPH, RDFS_LABEL
from kg.rdf.terms import iri, n_quads

LED_TO = ENT + "ledTo"


def lines(quads: list[Quad]) -> list[str]:
    return sorted(line for line in n_quads(quads).split("\n") if line)


def node(name: str) -> NamedNode:
    return NamedNode(f"urn:x:{name}")


def test_every_look_up_finds_what_is_there(shipped_quads: list[Quad], tmp_path: Path) -> None:
    halves = [lines(shipped_quads[i::2]) for i in range(2)]
    subjects = list[str]()
    inverse = {f"<{LED_TO}>", f"<{ENT}passage>"}
    sorted_quads.write(str(tmp_path), halves, inverse.__contains__, lambda subject, lines: subjects.append(subject))
    assert subjects == sorted({str(q.subject) for q in shipped_quads})
    match, in_memory = SortedQuads(str(tmp_path)).match, in_quads(shipped_quads, {LED_TO, ENT + "passage"})
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
    sorted_quads.write(str(tmp_path), [lines(quads)], lambda predicate: False)
    match = SortedQuads(str(tmp_path)).match
    first = sorted(p.value for p in passages)[: sorted_quads.MOST_PASSAGES]
    assert sorted(iri(q.graph_name) for q in match(node("a"), label, None)) == first
    assert sorted(iri(q.graph_name) for q in match(node("a"), told, None)) == [first[0], INFERRED_GRAPH]


@pytest.mark.parametrize("count", [0, 1, 2, 50])
def test_every_line_is_found_in_a_file_of_any_size(count: int, tmp_path: Path) -> None:
    quads = [Quad(node(f"{i:03}" * (1 + i % 7)), node("p"), Literal(f"“{i}”\n"), node("g")) for i in range(count)]
    sorted_quads.write(str(tmp_path), [lines(quads)], lambda predicate: False)
    match = SortedQuads(str(tmp_path)).match
    assert all(list(match(q.subject, q.predicate, None)) == [q] for q in quads)
    assert not any(list(match(node(name), node("p"), None)) for name in ("", "000x", "zzz", "0"))


def test_names_are_looked_for_in_as_many_passages_as_are_kept() -> None:
    assert naming._MOST_QUOTES == sorted_quads.MOST_PASSAGES


@pytest.mark.parametrize("run", [3, 1_000])
def test_more_lines_than_memory_holds_are_sorted_by_object(
    run: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sorted_quads, "_RUN", run)
    quads = [Quad(node(f"{i}"), node(f"p{i % 2}"), node(f"o{i % 5}"), node("g")) for i in range(20)]
    sorted_quads.write(str(tmp_path), [lines(quads)], lambda predicate: True)
    found = SortedQuads(str(tmp_path))
    for name in {q.object for q in quads}:
        assert set(found.of_object(name)) == {q for q in quads if q.object == name}
        assert set(found.of_object(name, node("p1"))) == {q for q in quads if q.object == name} - set(quads[::2])
    assert sorted(p.name for p in tmp_path.iterdir()) == ["about.nq", "inverse.nq"]


@pytest.mark.parametrize("count", [1, 2, 7, 100])
def test_parts_have_whole_subjects_and_all_of_them(count: int, shipped_quads: list[Quad], tmp_path: Path) -> None:
    sorted_quads.write(str(tmp_path), [lines(shipped_quads)], lambda predicate: False)
    found = SortedQuads(str(tmp_path))
    parts = [{q.subject for q in found.between(*part)} for part in found.parts(count)]
    assert (count == 1) == (len(parts) == 1)
    assert sum(map(len, parts)) == len(set[object]().union(*parts)) == len({q.subject for q in shipped_quads})
