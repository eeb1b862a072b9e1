"""Blank nodes get labels that are equal exactly where two datasets are isomorphic."""

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Triple

from kg.errors import LimitError
from kg.rdf import terms
from kg.rdf.terms import canonical

P, Q, X = (NamedNode(f"urn:{name}") for name in "pqx")
Edges = list[tuple[int, int]]
CYCLE = [(i, (i + 1) % 8) for i in range(8)]
LIST = [(i, i + 1) for i in range(60)]
CLIQUE = [(a, b) for a in range(12) for b in range(12) if a != b]
STAR = [*((0, 2 * i + 1) for i in range(40)), *((2 * i + 1, 2 * i + 2) for i in range(40))]
HYPERCUBE = [(a, a ^ (1 << k)) for a in range(8) for k in range(3)]
PETERSEN = [x for i in range(5) for x in ((i, (i + 1) % 5), (i, i + 5), (5 + i, 5 + (i + 2) % 5))]


def quads(edges: Edges, label: str = "a{}") -> list[Quad]:
    return [Quad(BlankNode(label.format(a)), P, BlankNode(label.format(b))) for a, b in edges]


def same(one: list[Quad], other: list[Quad]) -> bool:
    return set(canonical(one)) == set(canonical(other))


@given(
    st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), max_size=7),
    st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), max_size=7) | st.permutations(range(5)),
)
def test_equal_labels_are_isomorphism(one: Edges, other: "Edges | list[int]") -> None:
    """As by trying all permutations, of two graphs of any edges and of two that are the same."""
    edges = [(other[a], other[b]) for a, b in one] if other and isinstance(other[0], int) else other
    wanted = any({(p[a], p[b]) for a, b in one} == {*edges} for p in permutations(range(5)))
    assert same(quads(one), quads(edges, "z{}")) == wanted  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "edges",
    [CYCLE, LIST, CLIQUE, STAR, HYPERCUBE, PETERSEN],
    ids=["cycle", "list", "clique", "star", "cube", "petersen"],
)
def test_symmetric_graphs(edges: Edges) -> None:
    size = 1 + max(map(max, edges))
    turned = [((a * 5 + 3) % size, (b * 5 + 3) % size) for a, b in reversed(edges)] if size % 5 else edges[::-1]
    assert same(quads(edges), quads(turned, "z{}"))
    assert not same(quads(edges), quads([*turned, (0, 0)]))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ([(0, 1), (1, 2), (2, 3), (3, 0)], [(0, 1), (1, 0), (2, 3), (3, 2)]),
        ([(i, (i + 1) % 6) for i in range(6)], [(i, i // 3 * 3 + (i + 1) % 3) for i in range(6)]),
        ([(i, (i + 1) % 14) for i in range(14)], [(i, i // 7 * 7 + (i + 1) % 7) for i in range(14)]),
    ],
)
def test_graphs_whose_nodes_look_alike_and_hang_together_in_other_ways(one: Edges, other: Edges) -> None:
    assert not same(quads(one), quads(other))


def test_shared_and_separate_nodes() -> None:
    a, b = BlankNode("a"), BlankNode("b")
    assert not same([Quad(X, P, a), Quad(X, Q, a)], [Quad(X, P, a), Quad(X, Q, b)])
    assert same([Quad(X, P, a), Quad(X, P, b)], [Quad(X, P, b), Quad(X, P, a)])
    assert not same([Quad(X, P, a), Quad(X, P, b)], [Quad(X, P, a)])


def test_blank_nodes_within_triples_and_as_names_of_graphs() -> None:
    a, b = BlankNode("a"), BlankNode("b")
    assert same([Quad(X, P, Triple(a, P, b), a)], [Quad(X, P, Triple(b, P, a), b)])
    assert not same([Quad(X, P, Triple(a, P, b), a)], [Quad(X, P, Triple(a, P, b), b)])


def test_what_has_no_blank_node_stays() -> None:
    rows = [Quad(X, P, Literal("1")), Quad(X, P, Literal("1")), Quad(X, P, X, X)]
    assert canonical(rows) == [rows[0], rows[2]]


@pytest.mark.parametrize("limit", ["MOST_WAYS", "MOST_STEPS"])
def test_what_is_too_symmetric_is_not_decided(limit: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(terms, limit, 3)
    with pytest.raises(LimitError, match="too symmetric to compare"):
        canonical(quads(HYPERCUBE))
