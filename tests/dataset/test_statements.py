"""Statements are the same, looked up in the lists of a build or in the store of its dataset."""

from collections.abc import Iterable

import pytest
from pyoxigraph import Literal, NamedNode, Triple

from kg.dataset.build import Build
from kg.dataset.statements import ClaimedStatements, Statements, StoredStatements
from kg.graph import Graph
from kg.rdf.namespaces import ENT, RDF_TYPE


@pytest.fixture(scope="module")
def made(shipped: Graph) -> Build:
    return shipped.build


@pytest.fixture(scope="module", params=["facts", "claims"])
def pair(request: pytest.FixtureRequest, made: Build) -> tuple[list[Triple], Statements, Statements]:
    """The triples, listed and stored."""
    store = made.store()
    if request.param == "claims":
        return [t for e in made.evidence for p in e.reported for t in p.triples], made.claimed, ClaimedStatements(store)
    return made.data_graph, made.statements, StoredStatements(store)


def same(one: Iterable[Triple], other: Iterable[Triple]) -> bool:
    """Whether two ways to ask give the same; the same claim of two passages counts once."""
    return set(map(str, one)) == set(map(str, other))


def test_what_is_said_of_each_thing(pair: tuple[list[Triple], Statements, Statements]) -> None:
    triples, listed, stored = pair
    assert triples
    for node in {t.subject for t in triples} | {t.object for t in triples if not isinstance(t.object, Literal)}:
        assert same(listed.about(node), stored.about(node))
        assert same(listed.leading_to(node), stored.leading_to(node))
        assert same(listed.about(node, RDF_TYPE), stored.about(node, RDF_TYPE))
        assert same(listed.leading_to(node, RDF_TYPE), stored.leading_to(node, RDF_TYPE))


def test_a_literal_says_nothing_and_is_led_to_by_nothing(pair: tuple[list[Triple], Statements, Statements]) -> None:
    _, *both = pair
    for statements in both:
        assert list(statements.about(Literal("x"))) == list(statements.leading_to(Literal("x"))) == []


def test_which_words_are_used(pair: tuple[list[Triple], Statements, Statements], made: Build) -> None:
    _, listed, stored = pair
    words = {t.subject.value for t in made.ontology if isinstance(t.subject, NamedNode)}
    assert any(listed.has_value(w) for w in words)
    assert {w for w in words if listed.has_value(w)} == {w for w in words if stored.has_value(w)}
    assert {w for w in words if listed.has_instance(w)} == {w for w in words if stored.has_instance(w)}


def test_what_is_named_at_all(made: Build) -> None:
    stored = StoredStatements(made.store())
    words = {t.subject.value for t in made.ontology if isinstance(t.subject, NamedNode)}
    assert {w for w in words if w in made.names} == {w for w in words if w in stored}
    inferred_only = ENT + "leads"
    assert inferred_only not in stored
    assert set(stored.all()) == set(made.data_graph)
