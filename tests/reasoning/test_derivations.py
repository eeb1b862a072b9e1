"""Each derived triple of the real graph has a proof, and each rule proves what its name in OWL 2 RL says."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, RdfFormat, Triple, parse

from kg.dataset import build, computed
from kg.reasoning.derivations import UNKNOWN_RULE, Derivation
from kg.source import documents, layout

ROOT = Path(__file__).parents[2]
HEAD = """\
@prefix : <https://example.org/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
"""


@pytest.fixture(scope="module")
def built() -> build.Build:
    return build.compile_graph(documents.load_sources(layout.find_graph_folder(str(ROOT))))


@pytest.fixture(scope="module")
def proofs(built: build.Build) -> Mapping[Triple, Derivation]:
    return computed.of_dataset(built.quads())


def test_everything_derived_has_a_proof(built: build.Build, proofs: Mapping[Triple, Derivation]) -> None:
    stated = built.asserted.keys() | {q.triple for q in built.background if isinstance(q.graph_name, NamedNode)}
    assert proofs.keys() == built.inferred | (set(built.bounds) - stated) | set(built.computed())
    assert [t for t, d in proofs.items() if d.rule == UNKNOWN_RULE or not d.premises] == []
    for triple in proofs:
        assert _ends_in(triple, proofs, ()) <= stated | {*built.described, *built.claims}


def _ends_in(triple: Triple, proofs: Mapping[Triple, Derivation], above: tuple[Triple, ...]) -> set[Triple]:
    """The stated triples on which one rests; no proof leans on itself."""
    assert triple not in above
    if triple not in proofs:
        return {triple}
    return {leaf for p in proofs[triple].premises for leaf in _ends_in(p, proofs, (*above, triple))}


def test_the_axioms_stand_in_the_ontology(built: build.Build, proofs: Mapping[Triple, Derivation]) -> None:
    axioms = {a for d in proofs.values() for a in d.axioms}
    assert axioms
    assert axioms <= set(built.ontology)
    assert all(d.axioms for d in proofs.values() if d.rule not in computed.RULES)


def _triples(turtle: str) -> list[Triple]:
    return [q.triple for q in parse((HEAD + turtle).encode(), format=RdfFormat.TURTLE)]


@pytest.mark.parametrize(
    ("rule", "ontology", "facts", "conclusion", "premises"),
    [
        ("cax-sco", ":A rdfs:subClassOf :B .", ":x a :A .", ":x a :B .", ":x a :A ."),
        ("cax-eqc1", ":A owl:equivalentClass :B .", ":x a :A .", ":x a :B .", ":x a :A ."),
        ("cax-eqc2", ":B owl:equivalentClass :A .", ":x a :A .", ":x a :B .", ":x a :A ."),
        ("prp-dom", ":p rdfs:domain :B .", ":x :p :y .", ":x a :B .", ":x :p :y ."),
        ("prp-rng", ":p rdfs:range :B .", ":x :p :y .", ":y a :B .", ":x :p :y ."),
        ("prp-spo1", ":p rdfs:subPropertyOf :q .", ":x :p :y .", ":x :q :y .", ":x :p :y ."),
        ("prp-eqp1", ":p owl:equivalentProperty :q .", ":x :p :y .", ":x :q :y .", ":x :p :y ."),
        ("prp-eqp2", ":q owl:equivalentProperty :p .", ":x :p :y .", ":x :q :y .", ":x :p :y ."),
        ("prp-inv1", ":p owl:inverseOf :q .", ":x :p :y .", ":y :q :x .", ":x :p :y ."),
        ("prp-inv2", ":q owl:inverseOf :p .", ":x :p :y .", ":y :q :x .", ":x :p :y ."),
        ("prp-symp", ":p a owl:SymmetricProperty .", ":x :p :y .", ":y :p :x .", ":x :p :y ."),
        ("prp-trp", ":p a owl:TransitiveProperty .", ":x :p :y . :y :p :z .", ":x :p :z .", ":x :p :y . :y :p :z ."),
        (
            "prp-spo2",
            ":q owl:propertyChainAxiom ( [ owl:inverseOf :of ] :p :p ) .",
            ":r :of :x ; :p :y . :y :p :z .",
            ":x :q :z .",
            ":r :of :x ; :p :y . :y :p :z .",
        ),
        (
            "cls-svf1",
            "[] owl:onProperty :p ; owl:someValuesFrom :A ; rdfs:subClassOf :B .",
            ":x :p :y . :y a :A .",
            ":x a :B .",
            ":x :p :y . :y a :A .",
        ),
        (
            "cls-svf2",
            "[] owl:onProperty :p ; owl:someValuesFrom owl:Thing ; rdfs:subClassOf :B .",
            ":x :p :y .",
            ":x a :B .",
            ":x :p :y .",
        ),
        (
            "cls-avf",
            ":A owl:onProperty :p ; owl:allValuesFrom :B .",
            ":x :p :y ; a :A .",
            ":y a :B .",
            ":x a :A ; :p :y .",
        ),
        ("cls-hv1", ":A owl:onProperty :p ; owl:hasValue :y .", ":x a :A .", ":x :p :y .", ":x a :A ."),
        ("cls-hv2", ":A owl:onProperty :p ; owl:hasValue :y .", ":x :p :y .", ":x a :A .", ":x :p :y ."),
        ("cls-int1", ":C owl:intersectionOf ( :A :B ) .", ":x a :A , :B .", ":x a :C .", ":x a :A , :B ."),
        ("cls-int2", ":C owl:intersectionOf ( :A :B ) .", ":x a :C .", ":x a :B .", ":x a :C ."),
        ("cls-uni", ":C owl:unionOf ( :A :B ) .", ":x a :B .", ":x a :C .", ":x a :B ."),
    ],
)
def test_each_rule_names_itself_and_its_premises(
    rule: str, ontology: str, facts: str, conclusion: str, premises: str
) -> None:
    (wanted,) = _triples(conclusion)
    found = computed.of_closure(_triples(facts), [wanted], _triples(ontology))[wanted]
    assert found.rule == rule
    assert set(found.premises) == set(_triples(premises))


def test_the_order_in_which_facts_come_to_a_rule_of_two_premises_does_not_matter() -> None:
    ontology = _triples("[] owl:onProperty :p ; owl:someValuesFrom :A ; rdfs:subClassOf :B . :Z rdfs:subClassOf :A .")
    (wanted,) = _triples(":x a :B .")
    facts = _triples(":x :p :y . :y a :Z .")
    found = computed.of_closure(facts, [*_triples(":y a :A ."), wanted], ontology)
    assert found[wanted].rule == "cls-svf1"
    assert set(found[wanted].premises) == set(_triples(":x :p :y . :y a :A ."))


def test_a_circle_proves_nothing() -> None:
    ontology = _triples(":A rdfs:subClassOf :B . :B rdfs:subClassOf :A .")
    wanted = _triples(":x a :A , :B .")
    assert {d.rule for d in computed.of_closure([], wanted, ontology).values()} == {UNKNOWN_RULE}


def test_an_endless_list_ends() -> None:
    ontology = _triples(
        ":q owl:propertyChainAxiom :l . :l <http://www.w3.org/1999/02/22-rdf-syntax-ns#first> :p ; "
        "<http://www.w3.org/1999/02/22-rdf-syntax-ns#rest> :l ."
    )
    (wanted,) = _triples(":x :q :y .")
    assert computed.of_closure(_triples(":x :p :y ."), [wanted], ontology)[wanted].rule == "prp-spo2"
