"""The rules of OWL 2 RL: each row gives what it says, owlrl agrees, and every single step is checked by the table."""

from itertools import pairwise

import pytest
import rule_checker
from hypothesis import given, settings
from hypothesis import strategies as st
from owl_graphs import HEAD, any_fact, ontologies, owl, triples
from pyoxigraph import Literal, NamedNode, Triple

from kg.graph import Graph
from kg.rdf import values
from kg.rdf.namespaces import OWL, RDF, RDFS, XSD
from kg.reasoning import closure
from kg.reasoning.forward import DATATYPE_RULES, ForwardChainer
from kg.reasoning.index import ROUND
from kg.reasoning.rules import rules

# For each row: what is given, and what follows by it; nothing stands for a contradiction.
EXAMPLES = {
    "eq-sym": (":x owl:sameAs :y .", ":y owl:sameAs :x ."),
    "eq-trans": (":x owl:sameAs :y . :y owl:sameAs :z .", ":x owl:sameAs :z ."),
    "eq-rep-s": (":x owl:sameAs :y ; :p :z .", ":y :p :z ."),
    "eq-rep-p": (":p owl:sameAs :q . :x :p :z .", ":x :q :z ."),
    "eq-rep-o": (":x owl:sameAs :y . :z :p :x .", ":z :p :y ."),
    "eq-diff1": (":x owl:sameAs :y ; owl:differentFrom :y .", ""),
    "eq-diff2": ("[] a owl:AllDifferent ; owl:members ( :x :z :y ) . :x owl:sameAs :y .", ""),
    "eq-diff3": ("[] a owl:AllDifferent ; owl:distinctMembers ( :x :y ) . :y owl:sameAs :x .", ""),
    "prp-dom": (":p rdfs:domain :C . :x :p :y .", ":x a :C ."),
    "prp-rng": (":p rdfs:range :C . :x :p :y .", ":y a :C ."),
    "prp-fp": (":p a owl:FunctionalProperty . :x :p :y , :z .", ":y owl:sameAs :z ."),
    "prp-ifp": (":p a owl:InverseFunctionalProperty . :x :p :z . :y :p :z .", ":x owl:sameAs :y ."),
    "prp-irp": (":p a owl:IrreflexiveProperty . :x :p :x .", ""),
    "prp-symp": (":p a owl:SymmetricProperty . :x :p :y .", ":y :p :x ."),
    "prp-asyp": (":p a owl:AsymmetricProperty . :x :p :y . :y :p :x .", ""),
    "prp-trp": (":p a owl:TransitiveProperty . :x :p :y . :y :p :z .", ":x :p :z ."),
    "prp-spo1": (":p rdfs:subPropertyOf :q . :x :p :y .", ":x :q :y ."),
    "prp-spo2": (
        ":p owl:propertyChainAxiom ( [ owl:inverseOf :of ] :q :r ) . :a :of :x ; :q :y . :y :r :z .",
        ":x :p :z .",
    ),
    "prp-eqp1": (":p owl:equivalentProperty :q . :x :p :y .", ":x :q :y ."),
    "prp-eqp2": (":p owl:equivalentProperty :q . :x :q :y .", ":x :p :y ."),
    "prp-pdw": (":p owl:propertyDisjointWith :q . :x :p :y ; :q :y .", ""),
    "prp-adp": ("[] a owl:AllDisjointProperties ; owl:members ( :p :r :q ) . :x :p :y ; :q :y .", ""),
    "prp-inv1": (":p owl:inverseOf :q . :x :p :y .", ":y :q :x ."),
    "prp-inv2": (":p owl:inverseOf :q . :x :q :y .", ":y :p :x ."),
    "prp-key": (":C owl:hasKey ( :p :q ) . :x a :C ; :p 1 ; :q :z . :y a :C ; :p 1 ; :q :z .", ":x owl:sameAs :y ."),
    "prp-npa1": (
        "[] owl:sourceIndividual :x ; owl:assertionProperty :p ; owl:targetIndividual :y . :x :p :y .",
        "",
    ),
    "prp-npa2": ("[] owl:sourceIndividual :x ; owl:assertionProperty :p ; owl:targetValue 1 . :x :p 1 .", ""),
    "cls-nothing2": (":x a owl:Nothing .", ""),
    "cls-int1": (":C owl:intersectionOf ( :A :B ) . :x a :A , :B .", ":x a :C ."),
    "cls-int2": (":C owl:intersectionOf ( :A :B ) . :x a :C .", ":x a :B ."),
    "cls-uni": (":C owl:unionOf ( :A :B ) . :x a :B .", ":x a :C ."),
    "cls-com": (":A owl:complementOf :B . :x a :A , :B .", ""),
    "cls-svf1": (":C owl:someValuesFrom :A ; owl:onProperty :p . :x :p :y . :y a :A .", ":x a :C ."),
    "cls-svf2": (":C owl:someValuesFrom owl:Thing ; owl:onProperty :p . :x :p :y .", ":x a :C ."),
    "cls-avf": (":C owl:allValuesFrom :A ; owl:onProperty :p . :x a :C ; :p :y .", ":y a :A ."),
    "cls-hv1": (":C owl:hasValue :y ; owl:onProperty :p . :x a :C .", ":x :p :y ."),
    "cls-hv2": (":C owl:hasValue :y ; owl:onProperty :p . :x :p :y .", ":x a :C ."),
    "cls-maxc1": (":C owl:maxCardinality 0 ; owl:onProperty :p . :x a :C ; :p :y .", ""),
    "cls-maxc2": (":C owl:maxCardinality 1 ; owl:onProperty :p . :x a :C ; :p :y , :z .", ":y owl:sameAs :z ."),
    "cls-maxqc1": (
        ":C owl:maxQualifiedCardinality 0 ; owl:onProperty :p ; owl:onClass :A . :x a :C ; :p :y . :y a :A .",
        "",
    ),
    "cls-maxqc2": (
        ":C owl:maxQualifiedCardinality 0 ; owl:onProperty :p ; owl:onClass owl:Thing . :x a :C ; :p :y .",
        "",
    ),
    "cls-maxqc3": (
        ":C owl:maxQualifiedCardinality 1 ; owl:onProperty :p ; owl:onClass :A . :x a :C ; :p :y , :z ."
        " :y a :A . :z a :A .",
        ":y owl:sameAs :z .",
    ),
    "cls-maxqc4": (
        ":C owl:maxQualifiedCardinality 1 ; owl:onProperty :p ; owl:onClass owl:Thing . :x a :C ; :p :y , :z .",
        ":y owl:sameAs :z .",
    ),
    "cls-oo": (":C owl:oneOf ( :x :y ) .", ":y a :C ."),
    "cax-sco": (":A rdfs:subClassOf :B . :x a :A .", ":x a :B ."),
    "cax-eqc1": (":A owl:equivalentClass :B . :x a :A .", ":x a :B ."),
    "cax-eqc2": (":A owl:equivalentClass :B . :x a :B .", ":x a :A ."),
    "cax-dw": (":A owl:disjointWith :B . :x a :A , :B .", ""),
    "cax-adc": ("[] a owl:AllDisjointClasses ; owl:members ( :A :B :C ) . :x a :A , :C .", ""),
    "scm-cls": (":A a owl:Class .", ":A rdfs:subClassOf owl:Thing . owl:Nothing rdfs:subClassOf :A ."),
    "scm-op": (":p a owl:ObjectProperty ; owl:sameAs :q .", ":p owl:equivalentProperty :q ."),
    "scm-dp": (":p a owl:DatatypeProperty ; owl:sameAs :q .", ":p owl:equivalentProperty :q ."),
    "scm-sco": (":A rdfs:subClassOf :B . :B rdfs:subClassOf :C .", ":A rdfs:subClassOf :C ."),
    "scm-eqc1": (":A owl:equivalentClass :B .", ":A rdfs:subClassOf :B . :B rdfs:subClassOf :A ."),
    "scm-eqc2": (":A rdfs:subClassOf :B . :B rdfs:subClassOf :A .", ":A owl:equivalentClass :B ."),
    "scm-spo": (":p rdfs:subPropertyOf :q . :q rdfs:subPropertyOf :r .", ":p rdfs:subPropertyOf :r ."),
    "scm-eqp1": (":p owl:equivalentProperty :q .", ":p rdfs:subPropertyOf :q . :q rdfs:subPropertyOf :p ."),
    "scm-eqp2": (":p rdfs:subPropertyOf :q . :q rdfs:subPropertyOf :p .", ":p owl:equivalentProperty :q ."),
    "scm-dom1": (":p rdfs:domain :A . :A rdfs:subClassOf :B .", ":p rdfs:domain :B ."),
    "scm-dom2": (":q rdfs:domain :A . :p rdfs:subPropertyOf :q .", ":p rdfs:domain :A ."),
    "scm-rng1": (":p rdfs:range :A . :A rdfs:subClassOf :B .", ":p rdfs:range :B ."),
    "scm-rng2": (":q rdfs:range :A . :p rdfs:subPropertyOf :q .", ":p rdfs:range :A ."),
    "scm-hv": (
        ":A owl:hasValue :x ; owl:onProperty :p . :B owl:hasValue :x ; owl:onProperty :q . :p rdfs:subPropertyOf :q .",
        ":A rdfs:subClassOf :B .",
    ),
    "scm-svf1": (
        ":A owl:someValuesFrom :C ; owl:onProperty :p . :B owl:someValuesFrom :D ; owl:onProperty :p ."
        " :C rdfs:subClassOf :D .",
        ":A rdfs:subClassOf :B .",
    ),
    "scm-svf2": (
        ":A owl:someValuesFrom :C ; owl:onProperty :p . :B owl:someValuesFrom :C ; owl:onProperty :q ."
        " :p rdfs:subPropertyOf :q .",
        ":A rdfs:subClassOf :B .",
    ),
    "scm-avf1": (
        ":A owl:allValuesFrom :C ; owl:onProperty :p . :B owl:allValuesFrom :D ; owl:onProperty :p ."
        " :C rdfs:subClassOf :D .",
        ":A rdfs:subClassOf :B .",
    ),
    "scm-avf2": (
        ":A owl:allValuesFrom :C ; owl:onProperty :p . :B owl:allValuesFrom :C ; owl:onProperty :q ."
        " :p rdfs:subPropertyOf :q .",
        ":B rdfs:subClassOf :A .",
    ),
    "scm-int": (":C owl:intersectionOf ( :A :B ) .", ":C rdfs:subClassOf :A , :B ."),
    "scm-uni": (":C owl:unionOf ( :A :B ) .", ":A rdfs:subClassOf :C . :B rdfs:subClassOf :C ."),
}


def close(turtle: str) -> closure.Closure:
    return closure.close(triples(turtle), outside="ignore")


def test_each_rule_has_its_example() -> None:
    assert list(EXAMPLES) == list(dict.fromkeys(rule.name for rule in rules()))


@pytest.mark.parametrize("rule", EXAMPLES)
def test_each_rule_gives_what_it_says(rule: str) -> None:
    turtle, conclusion = EXAMPLES[rule]
    whole = triples(turtle)
    closed = closure.close(whole, outside="ignore")
    if conclusion:
        assert closed.contradictions == ()
        for wanted in triples(conclusion):
            step = closed.derivation(wanted)
            assert step is not None
            assert step.rule == rule
            assert {*step.premises, *step.axioms} <= {*whole, *closed.inferred}
    else:
        assert {c.rule for c in closed.contradictions} == {rule}
        assert all(c.triples and c.message for c in closed.contradictions)


@pytest.mark.parametrize("rule", EXAMPLES)
def test_without_a_premise_nothing_follows(rule: str) -> None:
    turtle, conclusion = EXAMPLES[rule]
    whole, wanted = triples(turtle), set(triples(conclusion))
    idle = {"first", "rest", "AllDifferent", "AllDisjointClasses", "AllDisjointProperties"}  # one of several lists
    tried = [t for t in whole if not idle & {str(x.value).rpartition("#")[2] for x in (t.predicate, t.object)}]  # type: ignore[union-attr]
    assert tried
    for left_out in tried:
        closed = closure.close([t for t in whole if t != left_out], outside="ignore")
        assert rule not in {c.rule for c in closed.contradictions}
        assert not wanted or not wanted <= closed.inferred


def test_an_axiom_may_follow_from_facts() -> None:
    closed = close(
        ":isA rdfs:subPropertyOf rdf:type . :p a :Odd . :Odd owl:equivalentClass owl:TransitiveProperty ."
        " :x :isA :C ; :p :y . :y :p :z ."
    )
    assert set(triples(":x a :C ; :p :z .")) <= closed.inferred


def test_a_property_may_be_type_itself() -> None:
    closed = close("rdf:type rdfs:subPropertyOf :isA . :isA owl:inverseOf :has . :x a :C . :D :has :y .")
    assert set(triples(":x :isA :C . :C :has :x . :y :isA :D .")) <= closed.inferred


def test_values_that_are_written_in_two_ways_are_the_same() -> None:
    closed = close(":C owl:hasKey ( :p ) . :x a :C ; :p 1 . :y a :C ; :p 01.0 .")
    assert set(triples(":x owl:sameAs :y .")) <= closed.inferred
    assert not {t for t in closed.inferred if isinstance(t.object, Literal)}, "no echo of a literal"


@pytest.mark.parametrize(
    ("turtle", "clashes"),
    [
        (":p a owl:FunctionalProperty . :x :p 1 , 2 .", {"dt-diff"}),
        (":p a owl:FunctionalProperty . :x :p 1 , 1.0 .", set()),
        (":p a owl:FunctionalProperty . :x :p 'a'@en , 'a'@EN .", set()),
        (":p rdfs:range xsd:integer . :x :p 'a' .", {"dt-not-type"}),
        (":p rdfs:range xsd:integer . :x :p 2.5 .", {"dt-not-type"}),
        (":p rdfs:range xsd:integer . :x :p 2.0 .", set()),
        (":p rdfs:range xsd:byte . :x :p 200 .", {"dt-not-type"}),
        (":p rdfs:range xsd:string . :x :p 'a'^^xsd:token .", set()),
        (":p rdfs:range rdfs:Literal . :x :p 'a'@en .", set()),
        (":p rdfs:range :Own . :x :p 'a'^^:Own .", set()),
        (":x owl:differentFrom :x .", {"eq-diff1"}),
        ("[] a owl:AllDifferent ; owl:members ( :x :y :x ) .", {"eq-diff2"}),
        (":A owl:disjointWith :A . :x a :A .", {"cax-dw"}),
    ],
)
def test_values_and_identity_contradict(turtle: str, clashes: set[str]) -> None:
    assert {c.rule for c in close(turtle).contradictions} == clashes


def test_a_literal_is_a_member_of_its_datatypes() -> None:
    axiom = "[ owl:onProperty :p ; owl:someValuesFrom xsd:nonNegativeInteger ] rdfs:subClassOf :Counted ."
    closed = close(f"{axiom} :x :p 5 . :y :p -5 .")
    (wanted,) = (t for t in closed.inferred if isinstance(t.object, NamedNode))
    assert wanted == triples(":x a :Counted .")[0]
    step = closed.derivation(wanted)
    assert step is not None
    before = closed.derivation(step.premises[0])
    assert before is not None
    assert set(before.premises) == set(triples(":x :p 5 ."))


def test_a_thing_that_is_a_value_has_its_types_and_differs_from_others() -> None:
    closed = close(":x owl:sameAs 7 . :y owl:sameAs 07.0 . :z owl:sameAs 'a' .")
    assert set(triples(":x a xsd:byte ; owl:sameAs :y ; owl:differentFrom :z .")) <= closed.inferred
    assert closed.contradictions == ()


@pytest.mark.parametrize(
    ("restrictions", "declared"),
    [
        (
            ":c owl:hasValue :x ; owl:onProperty :p . :d owl:hasValue :x ; owl:onProperty :p .",
            ":p a owl:ObjectProperty .",
        ),
        (
            ":c owl:hasValue 1 ; owl:onProperty :p . :d owl:hasValue 1 ; owl:onProperty :p .",
            ":p a owl:DatatypeProperty .",
        ),
        (
            ":c owl:someValuesFrom :A ; owl:onProperty :p . :d owl:someValuesFrom :A ; owl:onProperty :p .",
            ":A a owl:Class .",
        ),
        (
            ":c owl:someValuesFrom xsd:int ; owl:onProperty :p . :d owl:someValuesFrom xsd:int ; owl:onProperty :p .",
            ":p a owl:DatatypeProperty .",
        ),
        (
            ":c owl:allValuesFrom :A ; owl:onProperty :p . :d owl:allValuesFrom :A ; owl:onProperty :p .",
            ":A a owl:Class .",
        ),
        (
            ":c owl:allValuesFrom :A ; owl:onProperty :p . :d owl:allValuesFrom :A ; owl:onProperty :p .",
            ":p rdfs:subPropertyOf :q . :q rdfs:subPropertyOf :p .",
        ),
        (
            ":c owl:someValuesFrom owl:Thing ; owl:onProperty :p . :d owl:someValuesFrom owl:Thing ;"
            " owl:onProperty :p .",
            "",
        ),
    ],
)
def test_restrictions_that_say_the_same_are_equivalent(restrictions: str, declared: str) -> None:
    whole, wanted = triples(f"{restrictions} {declared} :i a :c ."), triples(":c rdfs:subClassOf :d . :i a :d .")
    closed = closure.close(whole, outside="ignore")
    assert {*wanted, *triples(":c owl:equivalentClass :d .")} <= closed.inferred
    step = closed.derivation(wanted[0])
    assert step is not None
    assert {*step.premises, *step.axioms} <= {*whole, *closed.inferred}
    assert set(triples(declared)) <= {*step.premises, *step.axioms}
    assert not {t for t in closed.inferred if t.subject == t.object}
    check_steps(ForwardChainer(whole))
    without = close(restrictions)
    assert not declared or wanted[0] not in without.inferred


def test_classes_that_are_the_same_thing_are_equivalent() -> None:
    closed = close(":A a owl:Class ; owl:sameAs :B .")
    assert set(triples(":A owl:equivalentClass :B . :B rdfs:subClassOf :A .")) <= closed.inferred


@pytest.mark.parametrize("other", ["'2018-04-03'^^xsd:date", "'b'^^:Own", "'1.00000000000001'^^xsd:float"])
def test_values_that_may_be_one_do_not_contradict(other: str) -> None:
    assert close(f":p a owl:FunctionalProperty . :x :p '1'^^xsd:float , {other} .").contradictions == ()


def test_large_groups_and_lists_are_closed_in_little_time() -> None:
    things = [f":x{n}" for n in range(1200)]
    same = " ".join(f"{one} owl:sameAs {other} ." for one, other in pairwise(things[:61]))
    closed = close(f"[] a owl:AllDifferent ; owl:distinctMembers ( {' '.join(things[60:])} ) . {same}")
    assert sum(t.predicate == owl("sameAs") for t in closed.inferred) == 61 * 60 - 60
    assert closed.contradictions == ()
    parts = " ".join(f":C{n}" for n in range(1200))
    whole = close(f":C owl:intersectionOf ( {parts} ) . :x a {parts.replace(' ', ' , ')} .")
    assert set(triples(":x a :C .")) <= whole.inferred


def test_a_chain_and_a_key_may_have_a_thousand_parts() -> None:
    parts = " ".join(f":p{n}" for n in range(1000))
    path = " ".join(f":x{n} :p{n} :x{n + 1} ." for n in range(1000))
    closed = close(f":q owl:propertyChainAxiom ( {parts} ) . {path}")
    assert closed.inferred == set(triples(":x0 :q :x1000 ."))
    assert set(triples(path)) == set(closed.derivations[triples(":x0 :q :x1000 .")[0]].premises)  # type: ignore[index]
    same = " ".join(f":a :p{n} {n} . :b :p{n} {n} ." for n in range(1000))
    assert (
        set(triples(":a owl:sameAs :b .")) <= close(f":C owl:hasKey ( {parts} ) . :a a :C . :b a :C . {same}").inferred
    )


@pytest.mark.parametrize(
    ("members", "clashing"),
    [(":A :B", []), (":A :B :A", [(":A", ":A")]), (":A :C :B :D", [(":A", ":C"), (":A", ":D"), (":C", ":D")])],
)
def test_the_members_of_a_list_that_meet(members: str, clashing: list[tuple[str, str]]) -> None:
    closed = close(f"[] a owl:AllDisjointClasses ; owl:members ( {members} ) . :x a :A , :C , :D . :y a :B .")
    found = [set(c.triples) for c in closed.contradictions]
    assert found == [set(triples(f":x a {one} , {other} .")) for one, other in clashing]


def test_nothing_says_that_a_thing_is_itself() -> None:
    closed = close(
        ":x owl:sameAs :y . :A owl:equivalentClass :B . :p rdfs:subPropertyOf :q . :q rdfs:subPropertyOf :p ."
    )
    assert not {t for t in closed.inferred if t.subject == t.object}


def test_what_rdf_cannot_write_is_not_told() -> None:
    closed = close(
        ":p rdfs:range :C . :x :p 'y' . :r owl:inverseOf :p . :q owl:propertyChainAxiom ( [ owl:inverseOf :s ] :t )."
        " :x :s :y . :D rdfs:subClassOf :E . :x a :D ."
    )
    assert closed.inferred
    assert all(not isinstance(t.subject, Literal) and isinstance(t.predicate, NamedNode) for t in closed.inferred)


def test_rdflib_graphs_may_be_closed() -> None:
    import rdflib

    graph = rdflib.Graph().parse(data=HEAD + ":A rdfs:subClassOf :B . :x a :A .", format="turtle")
    assert set(triples(":x a :B .")) <= closure.close(graph).inferred


# Each step, checked by the table alone


def check_steps(chainer: ForwardChainer) -> int:
    """Check every way to every inferred statement and every clash; give how many steps there were."""
    facts, steps = chainer.facts, 0
    texts = facts.texts
    every = [(r, facts.statement(r, f), tag) for r in facts.relations() for f, tag in r.facts.items()]
    graph = {tuple(texts[x] for x in told) for _, told, _ in every}
    for _, told, tag in every:
        if tag:
            ways = list(chainer.applications(told))
            assert ways, f"no way to {[texts[x] for x in told]}"
            for special, premises in ways[:3]:
                steps += 1
                if special.rule in DATATYPE_RULES:
                    continue
                assert all(facts.tag(p) >> ROUND < tag >> ROUND for p in premises), "a proof may not lean on itself"
                taken = [tuple(texts[x] for x in p) for p in (*premises, *special.axioms)]
                conclusion = tuple(texts[x] for x in told)
                assert rule_checker.follows(special.rule, conclusion, taken, graph), (special.rule, conclusion, taken)  # type: ignore[arg-type]
    return steps


def test_each_step_on_the_article_is_one_of_the_table(shipped: Graph) -> None:
    made = shipped.build
    assert check_steps(ForwardChainer([*made.facts, *made.ontology])) > 400


# owlrl as the oracle


def noise(t: Triple, given_: set[Triple]) -> bool:
    """What owlrl adds and we leave out: reflexive and axiomatic triples, and those about the vocabularies.

    And what owlrl leaves out: to which datatypes a literal belongs besides its own, and which literals differ.
    """
    vocabularies = (OWL, RDF, RDFS, XSD, "http://www.daml.org/")
    own = (RDFS + "Datatype", OWL + "AnnotationProperty", *values.DATATYPES)
    return (
        t.subject == t.object
        or (isinstance(t.subject, NamedNode) and t.subject.value.startswith(vocabularies))
        or t.predicate.value.startswith(("http://www.daml.org/", OWL + "differentFrom"))
        or (isinstance(t.object, NamedNode) and t.object.value in own)
        or t in given_
    )


@settings(max_examples=settings().max_examples // 2)  # owlrl takes its time
@given(ontologies(), st.lists(any_fact(), min_size=1, max_size=10))
def test_owlrl_agrees(ontology: list[Triple], facts: list[Triple]) -> None:
    graph = {*ontology, *facts}
    ours = {t for t in closure.close(graph, outside="ignore").inferred if not noise(t, graph)}
    theirs = {t for t in closure._expanded(graph) if not noise(t, graph)}
    assert ours == theirs


@given(ontologies(), st.lists(any_fact(), min_size=1, max_size=12))
def test_each_step_on_random_graphs_is_one_of_the_table(ontology: list[Triple], facts: list[Triple]) -> None:
    check_steps(ForwardChainer({*ontology, *facts}))
