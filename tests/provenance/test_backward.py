"""Backward chaining finds every last step to a triple, and each is right by the rule table alone."""

import naive
import pytest
from datasets import dataset, inferred, triples
from hypothesis import given
from hypothesis import strategies as st
from owl_graphs import any_fact, ontologies
from pyoxigraph import NamedNode, Triple

from kg.graph import Graph
from kg.provenance.backward import BackwardChainer
from kg.rdf.namespaces import ONTOLOGY_GRAPH
from kg.reasoning.forward import ForwardChainer


def ontology_of(graph: Graph) -> list[Triple]:
    return [q.triple for q in graph.store.quads_for_pattern(None, None, None, NamedNode(ONTOLOGY_GRAPH))]


def test_it_finds_the_steps_that_the_closure_remembers(shipped: Graph) -> None:
    assert shipped.context.backward.is_complete
    found = inferred(shipped.store)
    assert len(found) > 100
    for triple in found:
        first, remembered = shipped.context.backward.steps(triple)[0], shipped.context.derivations[triple]
        assert (first.rule, set(first.premises)) == (remembered.rule, set(remembered.premises))
        assert set(first.axioms) == set(remembered.axioms)


def test_no_closure_is_made(shipped: Graph, monkeypatch: pytest.MonkeyPatch) -> None:
    loaded: list[int] = []
    load = ForwardChainer.__init__

    def watched(self: ForwardChainer, given: list[Triple]) -> None:
        loaded.append(len(given))
        load(self, given)

    monkeypatch.setattr(ForwardChainer, "__init__", watched)
    chainer = BackwardChainer(shipped.store)
    following = inferred(shipped.store)
    assert len(following) > 50
    assert [t for t in following if not chainer.steps(t)] == []
    assert loaded == [len(ontology_of(shipped))]


@pytest.mark.parametrize(
    ("ontology", "facts", "asked", "steps"),
    [
        (
            ":A rdfs:subClassOf :C . :B rdfs:subClassOf :C .",
            ":x a :A , :B .",
            ":x a :C .",
            [("cax-sco", ":x a :A ."), ("cax-sco", ":x a :B .")],
        ),
        (
            ":p a owl:TransitiveProperty .",
            ":x :p :y . :y :p :z .",
            ":x :p :z .",
            [("prp-trp", ":x :p :y . :y :p :z .")],
        ),
        (
            ":q owl:propertyChainAxiom ( [ owl:inverseOf :of ] :p ) .",
            ":u :of :x ; :p :y .",
            ":x :q :y .",
            [("prp-spo2", ":u :of :x ; :p :y .")],
        ),
        (
            "[] owl:onProperty :p ; owl:someValuesFrom :A ; rdfs:subClassOf :B . :C rdfs:subClassOf :B .",
            ":x :p :y , :z ; a :C . :y a :A . :z a :A .",
            ":x a :B .",
            [("cax-sco", ":x a :C ."), ("cls-svf1", ":x :p :y . :y a :A ."), ("cls-svf1", ":x :p :z . :z a :A .")],
        ),
        (":p a owl:SymmetricProperty .", ":x :p :y .", ":x :p :y .", [("prp-symp", ":y :p :x .")]),
        (":A rdfs:subClassOf :B . :B rdfs:subClassOf :A .", ":x a :A .", ":x a :B .", [("cax-sco", ":x a :A .")]),
        (
            ":A rdfs:subClassOf :B . :B rdfs:subClassOf :D . :A rdfs:subClassOf :D .",
            ":x a :A .",
            ":x a :D .",
            [("cax-sco", ":x a :A ."), ("cax-sco", ":x a :B .")],
        ),
    ],
)
def test_every_step_is_found_the_shortest_first(
    ontology: str, facts: str, asked: str, steps: list[tuple[str, str]]
) -> None:
    (wanted,) = triples(asked)
    found = BackwardChainer(dataset(triples(ontology), triples(facts))).steps(wanted)
    assert [(step.rule, set(step.premises)) for step in found] == [(rule, set(triples(p))) for rule, p in steps]


@pytest.mark.parametrize(
    ("ontology", "facts"),
    [
        (":p a owl:FunctionalProperty .", ":x :p :y , :z ."),
        ("", ":x owl:sameAs :y ."),
        (":r rdfs:subPropertyOf rdf:type .", ""),
    ],
)
def test_it_says_where_it_would_miss_something(ontology: str, facts: str) -> None:
    assert not BackwardChainer(dataset(triples(ontology), triples(facts))).is_complete


def test_what_is_not_there_has_no_steps(shipped: Graph) -> None:
    assert shipped.context.backward.steps(triples(":x a :A .")[0]) == []


@given(ontologies(), st.lists(any_fact(), min_size=3, max_size=10))
def test_on_random_graphs_everything_has_steps_and_each_is_right(ontology: list[Triple], facts: list[Triple]) -> None:
    store = dataset(ontology, facts)
    chainer = BackwardChainer(store)
    for triple in inferred(store) if chainer.is_complete else []:
        steps = chainer.steps(triple)
        assert steps, triple
        for step in steps[:3]:
            assert triple not in step.premises
            taken = {*step.premises, *naive.described(step.axioms, ontology)}
            assert naive.follows(triple, taken), (triple, step)
