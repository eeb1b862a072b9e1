"""What OWL 2 RL allows where, what `close` does with the rest, and that all of it is listed, each with its triples."""

import pytest
from owl_graphs import triples

from kg.errors import InputError, UsageError
from kg.reasoning import OutsideProfileError, close


def sub(expression: str) -> str:
    return f"[ {expression} ] rdfs:subClassOf :B ."


def sup(expression: str) -> str:
    return f":A rdfs:subClassOf [ {expression} ] ."


def same(expression: str) -> str:
    return f":A owl:equivalentClass [ {expression} ] ."


ON, WORD = "owl:onProperty :p ;", ":d a owl:DatatypeProperty ."

# What is outside, with the message on each of it; all triples of these axioms are a part of it.
OUTSIDE = {
    ":A owl:disjointUnionOf ( :B :C ) .": ["owl:disjointUnionOf is"],
    ":p a owl:ReflexiveProperty .": ["owl:ReflexiveProperty is"],
    "[] a <http://www.w3.org/2003/11/swrl#Imp> ; <http://www.w3.org/2003/11/swrl#body> ( :x ) .": ["swrl#Imp is"],
    ":p rdfs:subPropertyOf owl:topObjectProperty .": ["owl:topObjectProperty is"],
    "owl:bottomDataProperty rdfs:domain :A .": ["owl:bottomDataProperty is"],
    sup(ON + "owl:minCardinality 1"): ["owl:minCardinality in a superclass"],
    sup(ON + "owl:maxCardinality 2"): ["owl:maxCardinality 2 is"],
    sup(ON + "owl:hasSelf true"): ["owl:hasSelf in a superclass"],
    sup(ON + "owl:someValuesFrom :B"): ["owl:someValuesFrom in a superclass"],
    sup(ON + "owl:allValuesFrom [ owl:oneOf ( :x :y ) ]"): ["owl:oneOf in a superclass"],
    sup("owl:unionOf ( :B :C )"): ["owl:unionOf in a superclass"],
    sup("owl:intersectionOf ( [ owl:unionOf ( :B ) ] [ owl:complementOf [ owl:complementOf :C ] ] )"): [
        "owl:unionOf in a superclass",
        "owl:complementOf in a subclass",
    ],
    sup(ON + "owl:maxQualifiedCardinality 1 ; owl:onClass [ owl:complementOf :B ]"): ["owl:complementOf in a filler"],
    same("owl:unionOf ( :B :C )"): ["owl:unionOf in an equivalence"],
    same(ON + "owl:maxCardinality 1"): ["owl:maxCardinality in an equivalence"],
    sub(ON + "owl:allValuesFrom :B"): ["owl:allValuesFrom in a subclass"],
    sub("owl:unionOf ( :C [ " + ON + "owl:cardinality 1 ] )"): ["owl:cardinality in a subclass"],
    ":p rdfs:domain [ owl:unionOf ( :A :B ) ] .": ["owl:unionOf in a superclass"],
    "[ owl:allValuesFrom :A ; owl:onProperty :p ] owl:hasKey ( :p ) .": ["owl:allValuesFrom in a subclass"],
    ":x a [ owl:unionOf ( :A :B ) ] .": ["owl:unionOf in a superclass"],
    ":A owl:disjointWith [ owl:complementOf :B ] .": ["owl:complementOf in a subclass"],
    # Expressions with names.
    ":A owl:unionOf ( :B :C ) .": ["owl:unionOf in the description of a named term"],
    ":A owl:oneOf ( :x :y ) .": ["owl:oneOf in the description"],
    ":A owl:complementOf :B .": ["owl:complementOf in the description"],
    ":A owl:intersectionOf ( :B [ owl:unionOf ( :C :D ) ] ) .": ["owl:unionOf in an equivalence"],
    ":R a owl:Restriction ; owl:onProperty :p ; owl:someValuesFrom :B .": ["owl:someValuesFrom in the description"],
    ":R owl:onProperty :p ; owl:hasValue :x .": ["owl:hasValue in the description"],
    ":R owl:onProperty :p ; owl:allValuesFrom :B . :S owl:onProperty :p ; owl:maxCardinality 1 .": [
        "owl:allValuesFrom in the description",
        "owl:maxCardinality in the description",
    ],
    # owl:Thing, which is allowed as a filler alone.
    "owl:Thing rdfs:subClassOf :A .": ["owl:Thing as a subclass is outside OWL 2 RL"],
    ":A rdfs:subClassOf owl:Thing .": ["owl:Thing as a superclass is outside OWL 2 RL, and says nothing"],
    ":A owl:equivalentClass owl:Thing .": ["owl:Thing as an equivalence"],
    ":p rdfs:range owl:Thing .": ["owl:Thing as a superclass"],
    sup("owl:intersectionOf ( :B owl:Thing )"): ["owl:Thing as a superclass"],
    # Ranges of literals.
    ":p rdfs:range xsd:gYear .": ["xsd:gYear is no datatype"],
    ":p rdfs:range owl:real .": ["owl:real is no datatype"],
    ":p rdfs:range [ a rdfs:Datatype ; owl:oneOf ( 1 2 ) ] .": ["owl:oneOf in a range of literals"],
    ":p rdfs:range [ a rdfs:Datatype ; owl:onDatatype xsd:int ; owl:withRestrictions ( [ xsd:minInclusive 1 ] ) ] .": [
        "owl:withRestrictions in a range of literals"
    ],
    sub(ON + "owl:someValuesFrom [ a rdfs:Datatype ; owl:unionOf ( xsd:int xsd:string ) ]"): [
        "owl:unionOf in a range of literals"
    ],
    sup(ON + "owl:maxQualifiedCardinality 1 ; owl:onDataRange [ owl:oneOf ( 1 ) ]"): [
        "owl:oneOf in a range of literals"
    ],
}


@pytest.mark.parametrize("turtle", OUTSIDE)
def test_what_is_outside_is_listed_with_all_its_triples(turtle: str) -> None:
    graph = triples(turtle + " :E rdfs:subClassOf :F . :e a :E .")
    listed = close(graph, outside="ignore").outside
    assert len(listed) == len(OUTSIDE[turtle])
    for one, message in zip(listed, OUTSIDE[turtle], strict=True):
        assert message in one.message
        assert "outside OWL 2 RL" in one.message or "is no datatype of OWL 2 RL" in one.message
    assert {t for one in listed for t in one.triples} == set(graph[:-2])


@pytest.mark.parametrize("turtle", OUTSIDE)
def test_it_is_an_error_and_otherwise_the_rest_is_closed(turtle: str) -> None:
    graph = triples(turtle + " :E rdfs:subClassOf :F . :e a :E .")
    with pytest.raises(OutsideProfileError) as raised:
        close(graph)
    ignored = close(graph, outside="ignore")
    assert isinstance(raised.value, InputError)
    assert raised.value.outside == ignored.outside
    assert all(f"{t} ." in str(raised.value) for one in ignored.outside for t in one.triples)
    assert set(triples(":e a :F .")) <= ignored.inferred


@pytest.mark.parametrize(
    "turtle",
    [
        sub(ON + "owl:someValuesFrom owl:Thing"),
        sub(ON + "owl:someValuesFrom [ owl:unionOf ( :A [ owl:oneOf ( :x ) ] ) ]"),
        sub(ON + "owl:hasValue :x"),
        sup(ON + "owl:allValuesFrom :B"),
        sup(ON + "owl:maxCardinality 1"),
        sup(ON + "owl:maxQualifiedCardinality 0 ; owl:onClass owl:Thing"),
        sup("owl:complementOf [ owl:unionOf ( :B :C ) ]"),
        same("owl:intersectionOf ( :B [ " + ON + "owl:hasValue :x ] )"),
        ":A owl:intersectionOf ( :B :C ) .",
        "[ owl:unionOf ( :A :B ) ] owl:hasKey ( :p ) .",
        "[] a owl:AllDisjointClasses ; owl:members ( :A [ owl:unionOf ( :B :C ) ] ) .",
        ":p rdfs:range [ a rdfs:Datatype ; owl:intersectionOf ( xsd:integer xsd:positiveInteger ) ] .",
        ":p a owl:DatatypeProperty ; rdfs:range rdfs:Literal , :Own . :Own a rdfs:Datatype .",
        # No axioms: facts, annotations, and expressions that no axiom has.
        ":x a owl:Thing ; owl:sameAs :y ; :p '2026'^^xsd:gYear .",
        ":p :domainIncludes [ owl:unionOf ( :A :B ) ] ; rdfs:seeAlso owl:Thing ; rdfs:comment 'owl:oneOf' .",
        "owl:topObjectProperty a owl:ObjectProperty .",
    ],
)
def test_what_is_within_is_accepted(turtle: str) -> None:
    assert close(triples(turtle)).outside == ()


@pytest.mark.parametrize("depth", [1, 400])
def test_depth_does_not_matter(depth: int) -> None:
    for verb, count in (("allValuesFrom", 0), ("someValuesFrom", 1)):
        expression = f"[ owl:onProperty :p ; owl:{verb} " * depth + ":B" + " ]" * depth
        assert len(close(triples(f":A rdfs:subClassOf {expression} ."), outside="ignore").outside) == count
    fault = f"{'[ owl:onProperty :p ; owl:allValuesFrom ' * depth} [ owl:oneOf ( :x ) ] {' ]' * depth}"
    (outside,) = close(triples(f":A rdfs:subClassOf {fault} ."), outside="ignore").outside
    assert len(outside.triples) == 2 * depth + 4


def test_lists_and_expressions_without_an_end_end() -> None:
    graph = triples(":A rdfs:subClassOf _:a . _:a owl:intersectionOf _:l . _:l rdf:first _:a ; rdf:rest _:l .")
    assert close(graph, outside="ignore").outside == ()
    graph += triples(":A rdfs:subClassOf _:u . _:u owl:unionOf _:m . _:m rdf:first _:u ; rdf:rest _:m .")
    assert [len(o.triples) for o in close(graph, outside="ignore").outside] == [4]


def test_the_rules_are_applied_to_what_is_outside_too() -> None:
    graph = triples(":A owl:unionOf ( :B :C ) . :x a :B . :B rdfs:subClassOf [ owl:oneOf ( :y ) ] .")
    closed = close(graph, outside="ignore")
    assert len(closed.outside) == 2
    assert set(triples(":x a :A .")) <= closed.inferred


def test_a_list_of_axioms_is_counted_and_an_unknown_choice_is_an_error() -> None:
    with pytest.raises(OutsideProfileError, match=r"error: 2 axioms are outside OWL 2 RL \[outside-profile\]"):
        close(triples(":A owl:unionOf ( :B ) . :p rdfs:range xsd:date ."))
    with pytest.raises(UsageError, match="'all'"):
        close([], outside="all")  # type: ignore[arg-type]
