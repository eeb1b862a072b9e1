"""The closure: what is kept of it (model, rule 28), how acts are lifted, and every kind of contradiction."""

import pytest
from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, RdfFormat, Triple, parse

from kg.graph import Graph
from kg.rdf.namespaces import ENT, ID, OWL, RDF_TYPE, RDFS
from kg.reasoning import closure
from kg.reasoning.closure import Closure

_TYPE, _SAME = NamedNode(RDF_TYPE), NamedNode(OWL + "sameAs")
HEAD = f"""
@prefix : <{ENT}> .
@prefix id: <{ID}> .
@prefix owl: <{OWL}> .
@prefix rdfs: <{RDFS}> .
"""


def triples(turtle: str) -> list[Triple]:
    return [q.triple for q in parse(HEAD + turtle, format=RdfFormat.TURTLE)]


def close(facts: str, words: str) -> Closure:
    return closure.close(triples(facts), triples(words))


def ent(subject: str, predicate: str, value: str) -> Triple:
    return Triple(NamedNode(ID + subject), NamedNode(ENT + predicate), NamedNode(ID + value))


# What the shipped graph gives


def test_the_whole_closure_makes_nothing_the_same_as_another(shipped: Graph) -> None:
    made = shipped.build
    whole = closure.close([*made.facts, *made.ontology]).inferred
    assert len(whole) > shipped.counts["inferred"]
    assert not {t for t in whole if t.predicate == _SAME}


def test_owlrl_gives_the_same(shipped: Graph) -> None:
    made = shipped.build
    theirs = closure.close(made.facts, made.ontology, reasoner="owlrl")
    assert theirs.inferred == made.closure.inferred


@pytest.mark.parametrize("reasoner", ["rl", "owlrl"])
def test_a_contradiction_is_no_entailment(reasoner: str) -> None:
    facts = triples(
        "[ a owl:AllDisjointClasses ; owl:members ( :A :B ) ] . :p a owl:IrreflexiveProperty . :x a :A , :B ; :p :x ."
    )
    found = closure.close(facts, reasoner=reasoner)
    assert {c.rule for c in found.contradictions} == {"cax-adc", "prp-irp"}
    assert not [
        t for t in found.inferred if isinstance(t.subject, BlankNode) and t.subject not in {f.subject for f in facts}
    ]


def test_the_article_contradicts_itself_nowhere(shipped: Graph) -> None:
    assert shipped.build.closure.contradictions == ()


def test_only_instance_triples_in_declared_words_are_kept(shipped: Graph) -> None:
    words = shipped.build.ontology
    classes = closure.classes(words)
    properties = closure.properties(words)
    kept = shipped.build.closure.inferred
    assert {t for t in kept if t.predicate == _TYPE}
    for t in kept:
        assert isinstance(t.subject, NamedNode)
        assert t.subject.value not in classes | properties
        assert not isinstance(t.object, BlankNode)
        if t.predicate == _TYPE:
            assert getattr(t.object, "value", "") in classes
        else:
            assert t.predicate.value in properties


def test_acts_of_a_government_are_acts_of_its_state(shipped: Graph) -> None:
    inferred = shipped.build.inferred
    assert ent("russia-with-assad", "backer", "russia") in inferred
    assert ent("russia", "backs", "bashar-al-assad") in inferred


def test_what_is_done_to_a_government_is_not_done_to_its_state(shipped: Graph) -> None:
    known = shipped.build.facts.keys() | shipped.build.inferred
    assert ent("assad-regime", "governmentOf", "syria") in known
    assert ent("russia", "backs", "assad-regime") in known
    syria = NamedNode(ID + "syria")
    passive = {NamedNode(ENT + name) for name in ("backed", "backs")}
    assert not {t for t in known if t.predicate in passive and t.object == syria}


def test_sides_oppose_each_other_both_ways_and_never_themselves(shipped: Graph) -> None:
    known = shipped.build.facts.keys() | shipped.build.inferred
    opposed = {(t.subject, t.object) for t in known if t.predicate == NamedNode(ENT + "opposes")}
    assert (NamedNode(ID + "opposition-side"), NamedNode(ID + "assad-side")) in opposed
    assert opposed == {(b, a) for a, b in opposed}
    assert not {a for a, b in opposed if a == b}


def test_leaders_follow_from_offices_at_the_head_alone(shipped: Graph) -> None:
    leaders = {t.subject for t in shipped.build.inferred if t.object == NamedNode(ENT + "Leader")}
    names = {x.value.removeprefix(ID) for x in leaders if isinstance(x, NamedNode)}
    assert names == {"bashar-al-assad"}  # a president of a state need not be at its head


# What is kept


def test_noise_is_left_out() -> None:
    words = (
        ":A a owl:Class ; rdfs:subClassOf :B . :B a owl:Class . :p a owl:ObjectProperty . :d a owl:DatatypeProperty ."
    )
    closed = triples(
        "id:x a :B , owl:Thing , :Undeclared ; owl:sameAs id:x ; :p id:y , [] ; :q id:y ; :d 1 . [] a :A . :A a :B ."
    )
    assert closure.instance_triples(closed, triples(words)) == set(triples("id:x a :B ; :p id:y ; :d 1 ."))


def test_what_is_given_is_not_inferred() -> None:
    words = ":A a owl:Class ; rdfs:subClassOf :B . :B a owl:Class ."
    assert close("id:x a :A .", words).inferred == set(triples("id:x a :B ."))
    assert close("id:x a :A , :B .", words).inferred == set()


def test_facts_may_come_as_quads_and_more_than_once() -> None:
    (fact,) = triples("id:x a :A .")
    words = triples(":A a owl:Class ; rdfs:subClassOf :B . :B a owl:Class .")
    quads = [Quad(fact.subject, fact.predicate, fact.object, graph) for graph in (NamedNode(ID + "g"), DefaultGraph())]
    assert closure.close([*quads, fact], words).inferred == set(triples("id:x a :B ."))


def test_nothing_follows_from_nothing() -> None:
    assert (Closure().inferred, Closure().contradictions) == (frozenset(), ())
    assert Closure().derivation(ent("x", "p", "y")) is None
    assert closure.close([]).inferred == frozenset()


def test_literals_keep_their_lexical_form_and_never_become_subjects() -> None:
    words = ":p a owl:DatatypeProperty ; rdfs:subPropertyOf :q . :q a owl:DatatypeProperty ."
    inferred = close("id:x :p 007 .", words).inferred
    assert [t.object.value for t in inferred if isinstance(t.object, Literal)] == ["007"]


# Contradictions

CLASHES = {
    "cax-dw": ("id:x a :A , :B .", ":A a owl:Class ; owl:disjointWith :B . :B a owl:Class ."),
    "prp-asyp": ("id:x :p id:y . id:y :p id:x .", ":p a owl:ObjectProperty , owl:AsymmetricProperty ."),
    "prp-irp": ("id:x :p id:x .", ":p a owl:ObjectProperty , owl:IrreflexiveProperty ."),
    "prp-pdw": (
        "id:x :p id:y ; :q id:y .",
        ":p a owl:ObjectProperty ; owl:propertyDisjointWith :q . :q a owl:ObjectProperty .",
    ),
    "eq-diff1": (
        "id:plant :builder id:turkey , id:russia . id:turkey owl:differentFrom id:russia .",
        ":builder a owl:ObjectProperty , owl:FunctionalProperty .",
    ),
    "cls-nothing2": ("id:x a :A .", ":A a owl:Class ; rdfs:subClassOf owl:Nothing ."),
}


@pytest.mark.parametrize("rule", CLASHES)
def test_each_kind_of_contradiction_is_found(rule: str) -> None:
    facts, words = CLASHES[rule]
    clashes = close(facts, words).contradictions
    assert {c.rule for c in clashes} == {rule}
    assert all(c.message and c.triples for c in clashes)


@pytest.mark.parametrize("rule", CLASHES)
def test_half_of_it_is_no_contradiction(rule: str) -> None:
    facts, words = CLASHES[rule]
    half = facts if rule in ("prp-irp", "cls-nothing2") else facts.replace(", :B", "").replace("; :q id:y", "")
    half = half.replace("id:y :p id:x .", "").replace("id:turkey owl:differentFrom id:russia .", "")
    words = words.replace(", owl:IrreflexiveProperty", "").replace("owl:Nothing", ":B")
    assert close(half, words).contradictions == ()


def test_a_contradiction_may_need_reasoning_and_lists() -> None:
    words = """:A a owl:Class ; rdfs:subClassOf :B . :B a owl:Class . :C a owl:Class . :D a owl:Class .
        [] a owl:AllDisjointClasses ; owl:members ( :B :C :D ) ."""
    clash = {frozenset(c.triples) for c in close("id:x a :A , :D .", words).contradictions}
    assert frozenset(triples("id:x a :B , :D .")) in clash
