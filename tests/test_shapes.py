"""Each shape: what it lets pass, and which of its constraints fires on what. The cases are those of `shape_cases`."""

from collections.abc import Iterator
from functools import cache

import pytest
from pyoxigraph import NamedNode
from shape_cases import Case, cases, constraint, fired, key, ontology, read, world

from kg.dataset.statements import ListedStatements
from kg.rdf.namespaces import ENT, RDF, SH, compact, local_name
from kg.rdf.terms import Term
from kg.validation import shapes
from kg.validation.shacl import Validator, parent_nodes, shape_iri
from kg.validation.shapes_graph import CONSTRAINTS, TARGETS, ShapesGraph


@cache
def validator() -> Validator:
    return Validator(read().shapes, ontology())


def test_a_world_without_fault() -> None:
    assert validator().validate(world()) == []


def test_every_shape_validates_something_in_that_world() -> None:
    found = shapes.check_shapes(read().shapes, read().ontology, ListedStatements(world()))
    assert [str(f) for f in found] == []


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.name)
def test_a_fault_is_found(case: Case) -> None:
    results = case.found(validator())
    assert fired(results) == case.expected
    for result in results:
        assert result.message.endswith((".", "”@en."))
        assert "_:" not in result.message


def test_every_constraint_has_a_case() -> None:
    expected = {constraint(told) for case in cases() for told in case.expected}
    assert set(constraints()) - expected == set()


def test_no_two_constraints_are_told_the_same() -> None:
    found = list(constraints())
    assert len(found) == len(set(found))


def constraints() -> Iterator[str]:
    """Every constraint that can fire, as the cases name it."""
    triples = [t for d in read().shapes for t in d.triples]
    parents = parent_nodes(triples)
    values: dict[Term, dict[str, list[Term]]] = {}
    for t in triples:
        values.setdefault(t.subject, {}).setdefault(t.predicate.value, []).append(t.object)
    targeted = [s for s in values if values[s].keys() & TARGETS]
    inner = dict.fromkeys(p for s in targeted for p in values[s].get(SH + "property", []))
    for shape in [*targeted, *inner]:
        path = next((compact(p.value) for p in values[shape].get(SH + "path", []) if isinstance(p, NamedNode)), "")
        for parameter in sorted(values[shape].keys() & (CONSTRAINTS | {SH + "node"})):
            rule = local_name(parameter)
            yield key(shape_iri(shape, parents), rule[0].upper() + rule[1:], path)


@pytest.mark.parametrize(
    ("shape", "path", "kind"),
    [
        ("Stated", "status", "Status"),
        ("Participation", "mode", "Mode"),
        ("Passage", "speech", "Speech"),
        ("Quantity", "bound", "Bound"),
    ],
)
def test_closed_lists_are_those_of_the_ontology(shape: str, path: str, kind: str) -> None:
    declared = {
        t.subject
        for d in read().ontology
        for t in d.triples
        if t.predicate.value == RDF + "type" and t.object == NamedNode(ENT + kind)
    }
    graph = ShapesGraph(read().shapes)
    for part in graph.values[NamedNode(f"https://w3id.org/entente/shapes#{shape}")][SH + "property"]:
        if graph.values[part][SH + "path"] == [NamedNode(ENT + path)] and SH + "in" in graph.values[part]:
            assert set(graph.items(graph.values[part][SH + "in"][0])) == declared
            return
    pytest.fail(f"no list for {path}")


def test_the_real_graph_has_no_fault() -> None:
    from kg.dataset import build

    made = build.read_sources(read())
    assert validator().validate(made.data_graph) == []
    for evidence in made.evidence:
        for passage in evidence.reported:
            assert validator().validate_reported(passage.triples) == []
