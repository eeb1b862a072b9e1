"""SHACL validation: what a result says, what focus and reported speech change, and what unusable shapes lead to."""

from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Triple

from kg.errors import InputError
from kg.rdf.namespaces import ENT, ID, SH, XSD, local_name
from kg.source import documents
from kg.source.documents import Document
from kg.validation.shacl import PyshaclEngine, Result, Validator

PREFIXES = """
@prefix ent:  <https://w3id.org/entente/ontology#> .
@prefix id:   <https://w3id.org/entente/id/> .
@prefix owl:  <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix shape: <https://w3id.org/entente/shapes#> .
@prefix sh:   <http://www.w3.org/ns/shacl#> .
@prefix xsd:  <http://www.w3.org/2001/XMLSchema#> .
"""
ONTOLOGY = """
ent:Actor a owl:Class .
ent:State a owl:Class ; rdfs:subClassOf ent:Actor .
ent:held a ent:Status .
"""
VISITOR = """
shape:Visit a sh:NodeShape ; sh:targetClass ent:Visit ;
    sh:property [ sh:path ent:visitor ; sh:minCount 1 ; sh:class ent:Actor ; sh:message "Who goes?"@en ] .
"""


def document(text: str, name: str = "shapes/case.ttl") -> Document:
    found = documents.parse_text(name, PREFIXES + text, [])
    assert found is not None
    return found


def triples(text: str) -> list[Triple]:
    return document(text).triples


def validator(*shapes: str) -> Validator:
    return Validator([document(text, f"shapes/{n}.ttl") for n, text in enumerate(shapes)], triples(ONTOLOGY))


def told(results: list[Result]) -> list[str]:
    return [r.message for r in results]


def node(name: str) -> NamedNode:
    return NamedNode(ID + name)


def test_a_result_tells_what_is_wrong_where_and_by_which_shape() -> None:
    [found] = validator(VISITOR).validate(triples("id:v a ent:Visit ; ent:visitor id:x ."))
    assert found == Result(
        severity="violation",
        message="Who goes?",
        focus=node("v"),
        path=NamedNode(ENT + "visitor"),
        value=node("x"),
        component=SH + "ClassConstraintComponent",
        shape="https://w3id.org/entente/shapes#Visit",
    )


def test_subclasses_and_values_of_the_ontology_are_known() -> None:
    listed = """shape:Visit a sh:NodeShape ; sh:targetSubjectsOf ent:status ;
        sh:property [ sh:path ent:status ; sh:class ent:Status ; sh:message "No status."@en ] ."""
    data = "id:v a ent:Visit ; ent:visitor id:x ; ent:status ent:held . id:x a ent:State ."
    assert validator(VISITOR, listed).validate(triples(data)) == []


def test_nothing_is_inferred() -> None:
    ontology = [*triples(ONTOLOGY), *triples("ent:visitor rdfs:range ent:Actor .")]
    found = Validator([document(VISITOR)], ontology).validate(triples("id:v a ent:Visit ; ent:visitor id:x ."))
    assert told(found) == ["Who goes?"]


@pytest.mark.parametrize(("severity", "word"), [("Violation", "violation"), ("Warning", "warning"), ("Info", "info")])
def test_severities(severity: str, word: str) -> None:
    shape = VISITOR.replace("sh:path", f"sh:severity sh:{severity} ; sh:path")
    assert [r.severity for r in validator(shape).validate(triples("id:v a ent:Visit ."))] == [word]


@pytest.mark.parametrize(
    ("messages", "expected"),
    [
        ('"Wer reist?"@de , "Who goes?"@en , "Qui ?"@fr', "Who goes?"),
        ('"Wer reist?"@de , "Who travels?"@en-GB', "Who travels?"),
        ('"Wer reist?"@de , "plain"', "plain"),
        ('"Qui ?"@fr , "Wer reist?"@de', "Wer reist?"),
    ],
)
def test_the_english_message_is_preferred(messages: str, expected: str) -> None:
    shape = VISITOR.replace('"Who goes?"@en', messages)
    assert told(validator(shape).validate(triples("id:v a ent:Visit ."))) == [expected]


def test_a_nested_shape_lends_its_message_to_one_without() -> None:
    shape = """shape:Visit a sh:NodeShape ; sh:targetClass ent:Visit ; sh:node shape:Travel .
        shape:Travel a sh:NodeShape ;
            sh:property [ sh:path ent:visitor ; sh:minCount 1 ; sh:message "Who goes?"@en ] ."""
    [found] = validator(shape).validate(triples("id:v a ent:Visit ."))
    assert (found.message, local_name(found.shape)) == ("Who goes?", "Visit")
    own = shape.replace("sh:node", 'sh:message "No visit."@en ; sh:node')
    assert told(validator(own).validate(triples("id:v a ent:Visit ."))) == ["No visit."]


def test_without_any_message_the_constraint_is_named() -> None:
    shape = """shape:Visit a sh:NodeShape ; sh:targetClass ent:Visit ;
        sh:property [ sh:path ent:visitor ; sh:or ( [ sh:class ent:Actor ] [ sh:nodeKind sh:Literal ] ) ] ."""
    found = told(validator(shape).validate(triples("id:v a ent:Visit ; ent:visitor id:x .")))
    assert found == ["ent:visitor violates Or of the shape Visit."]


def test_a_query_fills_in_its_message() -> None:
    shape = """shape:Visit a sh:NodeShape ; sh:targetClass ent:Visit ; sh:sparql [ sh:message "Not {?value}."@en ;
        sh:select "SELECT $this ?value { $this <https://w3id.org/entente/ontology#visitor> ?value }" ] ."""
    found = told(validator(shape).validate(triples('id:v a ent:Visit ; ent:visitor "Putin" .')))
    assert found == ["Not Putin."]


def test_a_blank_node_is_never_named() -> None:
    shape = VISITOR.replace("Who goes?", "Who is _:b0 here?")
    found = validator(shape).validate(
        triples("id:v a ent:Visit ; ent:visitor [ rdfs:label “x” ] .".replace("“x”", '"x"'))
    )
    assert told(found) == ["Who is a nameless part here?"]


# Focus. pyshacl's own option would let the nested shapes below pass and fail the wrong way round.

NESTED = """
shape:Visit a sh:NodeShape ; sh:targetClass ent:Visit ;
    sh:property [ sh:path ent:date ; sh:message "No date."@en ;
                  sh:or ( [ sh:datatype xsd:gYear ] [ sh:datatype xsd:date ] ) ] ,
                [ sh:path ent:visitor ; sh:message "Not held."@en ; sh:not [ sh:in ( ent:held ) ] ] .
"""


def test_nested_shapes_hold_in_focus_as_they_do_without() -> None:
    data = triples('id:v a ent:Visit ; ent:date "soon" ; ent:visitor id:x . id:w a ent:Visit ; ent:visitor ent:held .')
    assert told(validator(NESTED).validate(data)) == ["No date.", "Not held."]
    assert told(validator(NESTED).validate(data, [node("v")])) == ["No date."]
    assert told(validator(NESTED).validate(data, [node("w")])) == ["Not held."]


def test_an_empty_focus_is_not_everything() -> None:
    assert validator(VISITOR).validate(triples("id:v a ent:Visit ."), []) == []


def test_a_thing_in_focus_needs_to_be_a_target() -> None:
    assert validator(VISITOR).validate(triples("id:v a ent:Summit ."), [node("v")]) == []


# one validator, many graphs.


def test_a_validator_forgets_the_graph_before() -> None:
    one = validator(VISITOR)
    bad, good = triples("id:v a ent:Visit ."), triples("id:x a ent:State . id:v a ent:Visit ; ent:visitor id:x .")
    assert [told(one.validate(data)) for data in (bad, good, bad, [], good)] == [
        ["Who goes?"],
        [],
        ["Who goes?"],
        [],
        [],
    ]


THINGS = st.sets(
    st.sampled_from(["id:v a ent:Visit .", "id:x a ent:State .", "id:v ent:visitor id:x .", "id:w a ent:Visit ."])
)


@cache
def shared() -> Validator:
    return validator(VISITOR)


@given(THINGS, THINGS)
def test_results_do_not_depend_on_the_graph_before(first: set[str], second: set[str]) -> None:
    data = triples("\n".join(second))
    shared().validate(triples("\n".join(first)))
    expected = sorted(
        t.subject.value
        for t in data
        if t.object == NamedNode(ENT + "Visit")
        and isinstance(t.subject, NamedNode)
        and not {Triple(t.subject, NamedNode(ENT + "visitor"), node("x")), *triples("id:x a ent:State .")} <= set(data)
    )
    assert [getattr(r.focus, "value", "") for r in shared().validate(data)] == expected


def test_results_are_in_a_stable_order() -> None:
    data = triples("".join(f"id:v{n} a ent:Visit ." for n in range(20)))
    focus = [getattr(r.focus, "value", "") for r in validator(VISITOR).validate(data)]
    assert focus == sorted(focus)
    assert len(focus) == 20


# Reported speech.


def test_a_reported_passage_is_validated_with_what_is_asserted_and_on_its_own_things() -> None:
    one, asserted = validator(VISITOR), triples("id:x a ent:State . id:other a ent:Visit .")
    one.validate(asserted)
    assert one.validate_reported(triples("id:v a ent:Visit ; ent:visitor id:x .")) == []
    found = one.validate_reported(triples("id:v a ent:Visit ; ent:visitor id:y ."))
    assert [r.focus for r in found] == [node("v")]


def test_a_speaker_may_say_to_whom_a_contested_place_belongs() -> None:
    shape = """shape:ContestedPlace a sh:NodeShape ; sh:targetObjectsOf ent:annexed ;
        sh:property [ sh:path ent:locatedIn ; sh:maxCount 0 ; sh:message "Contested."@en ] ."""
    annexed, located = triples("id:a ent:annexed id:x ."), triples("id:x ent:locatedIn id:y .")
    one = validator(shape)
    assert told(one.validate([*annexed, *located])) == ["Contested."]
    one.validate(annexed)
    assert one.validate_reported(located) == []


# What cannot be used.


@pytest.mark.parametrize(
    ("part", "message"),
    [
        ('sh:property [ sh:path rdfs:label ; sh:pattern "[" ]', "no regular expression: unterminated character set"),
        ('sh:sparql [ sh:select "SELECT $this { broken" ]', "Expected SelectQuery"),
        ("sh:property [ sh:path rdfs:label , ent:date ; sh:minCount 1 ]", "more than one 'sh:path'"),
        ('sh:property [ sh:path rdfs:label ; sh:minCount "one" ]', "must be a literal with datatype xsd:integer"),
        ("sh:property [ sh:path [ sh:alternativePath ( rdfs:label ) ] ; sh:minCount 1 ]", "at least two path items"),
        ("sh:or ( )", "well-formed RDF list"),
        ('sh:property [ sh:path "x" ; sh:minCount 1 ]', "cannot be a Literal"),
        ("sh:node shape:Odd", "it refers to itself"),
        ("sh:path rdfs:label", "cannot be the subject of a 'sh:path'"),
    ],
)
def test_unusable_shapes_are_an_error_that_names_the_file(
    part: str, message: str, capfd: pytest.CaptureFixture[str]
) -> None:
    odd = f"shape:Odd a sh:NodeShape ; sh:targetClass ent:Visit ; {part} ."
    with pytest.raises(InputError) as caught:
        validator(VISITOR, odd).validate(triples('id:v a ent:Visit ; rdfs:label "v" .'))
    assert (caught.value.where, caught.value.rule) == ("shapes/1.ttl", "shapes")
    assert message in caught.value.message
    for label in ("<class", "_:", "shapes-1-", "Traceback", "object at"):
        assert label not in str(caught.value)
    assert capfd.readouterr() == ("", "")


_NO_ORDER = [
    ('"2018-04-03"^^xsd:date', '"x"'),
    ('"2018-04-03"^^xsd:date', "7"),
    ('"2018-04-03"^^xsd:date', '"2018-04-03T12:00:00"^^xsd:dateTime'),
    ('"2018-04-03T12:00:00"^^xsd:dateTime', '"2018-04-03T12:00:00Z"^^xsd:dateTime'),
    ('"2018"^^xsd:gYear', '"2019-01"^^xsd:gYearMonth'),
    ('"a"', "7"),
    ('"x"^^id:kind', '"y"^^id:kind'),
    ('"NaN"^^xsd:double', "7"),
    ("id:a", "id:b"),
    ("_:a", "_:b"),
    ("7", '"seven"^^xsd:integer'),
]


@pytest.mark.parametrize("values", [*_NO_ORDER, *((other, one) for one, other in _NO_ORDER)])
@pytest.mark.parametrize("name", ["lessThan", "lessThanOrEquals"])
def test_values_without_an_order_are_violations(name: str, values: tuple[str, str]) -> None:
    shape = f"""shape:War a sh:NodeShape ; sh:targetClass ent:War ;
        sh:property [ sh:path ent:start ; sh:{name} ent:end ; sh:message "No."@en ] ."""
    assert told(
        validator(shape).validate(triples(f"id:w a ent:War ; ent:start {values[0]} ; ent:end {values[1]} ."))
    ) == ["No."]


@pytest.mark.parametrize("values", [pair for pair in _NO_ORDER if ":a" not in pair[0] and "seven" not in pair[1]])
@pytest.mark.parametrize("name", ["minInclusive", "minExclusive", "maxInclusive", "maxExclusive"])
def test_values_without_an_order_are_within_no_limits(name: str, values: tuple[str, str]) -> None:
    shape = f"""shape:War a sh:NodeShape ; sh:targetClass ent:War ;
        sh:property [ sh:path ent:start ; sh:{name} {values[1]} ; sh:message "No."@en ] ."""
    assert told(validator(shape).validate(triples(f"id:w a ent:War ; ent:start {values[0]} ."))) == ["No."]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ('"2018-04-03"^^xsd:date', '"2018-04-04"^^xsd:date'),
        ('"2018-04-03T12:00:00+05:00"^^xsd:dateTime', '"2018-04-03T08:00:00Z"^^xsd:dateTime'),
        ('"2018"^^xsd:gYear', '"2019"^^xsd:gYear'),
        ("01", "1.5"),
        ("1.5", '"2"^^xsd:byte'),
        ('"INF"^^xsd:float', '"INF"^^xsd:double'),
        ('"a"', '"b"'),
        ('"a"^^xsd:token', '"b"'),
        ("false", '"1"^^xsd:boolean'),
        ("7", "9" * 40),
        ("1.5", "9" * 400 + "e0"),
        ("0." + "1" * 40, "0." + "1" * 39 + "2"),
    ],
)
def test_values_are_compared_by_value(one: str, other: str) -> None:
    shape = """shape:War a sh:NodeShape ; sh:targetClass ent:War ;
        sh:property [ sh:path ent:start ; sh:lessThanOrEquals ent:end ] ."""
    assert validator(shape).validate(triples(f"id:w a ent:War ; ent:start {one} ; ent:end {other} .")) == []
    swapped = validator(shape).validate(triples(f"id:w a ent:War ; ent:start {other} ; ent:end {one} ."))
    assert len(swapped) == ("INF" not in one)


def test_values_are_compared_with_each_of_several() -> None:
    shape = """shape:War a sh:NodeShape ; sh:targetClass ent:War ; sh:property [ sh:path ent:start ;
        sh:lessThan ent:end , ent:until ; sh:minInclusive 0 , 3 ; sh:maxExclusive 1 , 9 ] ."""
    found = validator(shape).validate(triples('id:w a ent:War ; ent:start 1 ; ent:end 2 ; ent:until "2" .'))
    kinds = ("LessThan", "MaxExclusive", "MinInclusive")
    assert [r.component for r in found] == [f"http://www.w3.org/ns/shacl#{kind}ConstraintComponent" for kind in kinds]


def test_patterns_are_those_of_sparql() -> None:
    shape = r"""shape:War a sh:NodeShape ; sh:targetClass ent:War ; sh:property [ sh:path rdfs:label ;
        sh:pattern "^[\\p{Lu} ].b$" , "a" ; sh:flags "s" ] ."""
    for label, failed in [("A\\rb a", 1), ("Aab", 0), (" ab", 0), ("aab", 1), ("A\\rb", 1), ("Aab\\n", 1)]:
        found = validator(shape).validate(triples(f'id:w a ent:War ; rdfs:label "{label}" .'))
        assert len(found) == failed, label
    with pytest.raises(InputError, match="no regular expression: there is no flag g"):
        validator(shape.replace('"s"', '"g"')).validate(triples('id:w a ent:War ; rdfs:label "a" .'))


@pytest.mark.parametrize(
    ("constraint", "message"),
    [
        ('sh:lessThan "end"', "the value of sh:lessThan is no IRI"),
        ("sh:lessThanOrEquals []", "the value of sh:lessThanOrEquals is no IRI"),
        ("sh:maxExclusive ent:end", "the value of sh:maxExclusive is no literal"),
    ],
)
def test_what_values_are_compared_with_is_of_its_kind(constraint: str, message: str) -> None:
    shape = f"shape:Odd a sh:NodeShape ; sh:targetClass ent:War ; sh:property [ sh:path ent:start ; {constraint} ] ."
    with pytest.raises(InputError, match=f"the shape Odd cannot be used: {message}"):
        validator(shape).validate(triples("id:w a ent:War ; ent:start 1 ."))


@pytest.mark.parametrize("kind", ["xsd:string", "xsd:integer"])
def test_an_ill_formed_number_is_neither_number_nor_text(kind: str) -> None:
    shape = f"""shape:Visit a sh:NodeShape ; sh:targetClass ent:Visit ;
        sh:property [ sh:path ent:visitor ; sh:datatype {kind} ; sh:message "No."@en ] ."""
    assert told(validator(shape).validate(triples('id:v a ent:Visit ; ent:visitor "1_000"^^xsd:integer .'))) == ["No."]


def test_ill_formed_dates_are_before_and_after_nothing() -> None:
    shape = """shape:War a sh:NodeShape ; sh:targetClass ent:War ;
        sh:property [ sh:path ent:start ; sh:lessThanOrEquals ent:end ; sh:message "x"@en ] ."""
    data = (
        'id:w a ent:War ; ent:start "2018-13-01"^^xsd:date ; ent:end "2018-14-01"^^xsd:date , "2018-01-01"^^xsd:date .'
    )
    assert {r.severity for r in validator(shape).validate(triples(data))} <= {"violation"}


def test_triple_terms_are_an_error() -> None:
    data = [Triple(node("v"), NamedNode(ENT + "visitor"), triples("id:v a ent:Visit .")[0])]
    with pytest.raises(InputError, match="triple terms"):
        validator(VISITOR).validate(data)


def test_an_ill_formed_literal_has_no_datatype(capfd: pytest.CaptureFixture[str]) -> None:
    shape = """shape:War a sh:NodeShape ; sh:targetClass ent:War ;
        sh:property [ sh:path ent:start ; sh:datatype xsd:gYearMonth ; sh:message "No month."@en ] ."""
    [found] = validator(shape).validate(triples('id:w a ent:War ; ent:start "2018-13"^^xsd:gYearMonth .'))
    month = NamedNode(XSD + "gYearMonth")
    assert (found.message, found.value) == ("No month.", Literal("2018-13", datatype=month))
    assert capfd.readouterr() == ("", "")


def test_an_ill_formed_literal_may_be_in_focus() -> None:
    judging = validator("shape:Year a sh:NodeShape ; sh:targetObjectsOf ent:start ; sh:datatype xsd:gYear .")
    facts = triples('id:w ent:start "MMXVIII"^^xsd:gYear .')
    assert len(judging.validate(facts, {facts[0].object})) == len(judging.validate(facts)) == 1


def test_parts_find_together_what_one_run_finds() -> None:
    """Also what is wrong with a thing that the graph does not have, and with words of the ontology."""
    needed = "sh:property [ sh:path ent:visitor ; sh:minCount 1 ]"
    absent = f"[] a sh:NodeShape ; sh:targetNode id:absent , ent:Visit ; {needed} ."
    one = validator(VISITOR, absent)
    data = triples(" ".join(f"id:v{n} a ent:Visit ; ent:visitor id:x{n} ." for n in range(9)))
    whole = one.validate(data)
    parts = [one.validate(data, part=(number, 4)) for number in range(4)]
    assert {r.focus.value.rpartition("/")[2] for r in whole if isinstance(r.focus, NamedNode)} > {"absent", "v8"}
    assert sorted(map(str, whole)) == sorted(str(r) for found in parts for r in found)
    assert all(0 < len(found) < len(whole) for found in parts)


def test_a_list_of_the_data_is_not_copied_into_the_report() -> None:
    judged = "shape:A a sh:NodeShape ; sh:targetNode id:a ; sh:property [ sh:path id:p ; sh:in ( 7 8 ) ] ."
    engine = PyshaclEngine([document(judged)], [])
    engine.load(triples("id:a id:p ( 1 2 ) ."))
    listed = {getattr(t.object, "value", "") for t in engine.report(None) if t.predicate.value.endswith("#first")}
    assert listed == {"7", "8"}
