"""Shapes that would never fail, or reach too far: each kind is a finding at its place."""

import pytest

from kg.dataset.statements import ListedStatements
from kg.findings import IDLE, Finding
from kg.source import documents
from kg.source.documents import Document
from kg.validation.shapes import check_shapes, reaching_out

PREFIXES = """@prefix ent:  <https://w3id.org/entente/ontology#> .
@prefix owl:  <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix shape: <https://w3id.org/entente/shapes#> .
@prefix sh:   <http://www.w3.org/ns/shacl#> .
@prefix wd:   <http://www.wikidata.org/entity/> .
"""
ONTOLOGY = """
ent:Event a owl:Class .
ent:Visit a owl:Class ; rdfs:subClassOf ent:Event .
ent:Loan a owl:Class .
ent:visitor a owl:ObjectProperty .
ent:date a owl:DatatypeProperty .
ent:held a ent:Status .
wd:P2 a owl:DatatypeProperty .
wd:Q2 a owl:Class .
"""
DATA = "<https://w3id.org/entente/id/v> a ent:Visit ; ent:visitor <https://w3id.org/entente/id/x> ."
GOOD = """shape:Visit a sh:NodeShape ; sh:targetClass ent:Visit ;
    sh:property [ sh:path ent:visitor ; sh:minCount 1 ; sh:message "Who?"@en ] .
"""


def document(text: str, name: str = "shapes/case.ttl") -> Document:
    found = documents.parse_text(name, PREFIXES + text, [])
    assert found is not None
    return found


def findings(*shapes: str) -> list[Finding]:
    documents = [document(text, f"shapes/{n}.ttl") for n, text in enumerate(shapes)]
    return list(check_shapes(documents, [document(ONTOLOGY)], ListedStatements(document(DATA).triples)))


def rules(*shapes: str) -> list[tuple[str, str]]:
    return [(f.severity, f.rule) for f in findings(*shapes)]


def within(part: str) -> str:
    return f'shape:Odd a sh:NodeShape ; sh:targetClass ent:Visit ; sh:message "Odd."@en ; {part} .'


def test_sound_shapes() -> None:
    assert findings(GOOD) == []
    assert findings(GOOD, within("sh:class wd:Q2 ; sh:disjoint wd:P2")) == [], "the ontology declares them"
    assert (
        findings(
            GOOD.replace("ent:Visit", "ent:Event"),
            'shape:Other a sh:NodeShape ; sh:targetObjectsOf ent:visitor ; sh:nodeKind sh:IRI ; sh:message "x"@en .',
        )
        == []
    )


_LOOP = "_:l <http://www.w3.org/1999/02/22-rdf-syntax-ns#first> [ sh:class ent:Event ] ; "
_LOOP += "<http://www.w3.org/1999/02/22-rdf-syntax-ns#rest>"
_PATH = "sh:property [ sh:message 'x'@en ; sh:minCount 1 ; sh:path"


@pytest.mark.parametrize(
    ("part", "message"),
    [
        (f"sh:or _:l . {_LOOP} _:l", "the list of sh:or branches, or has no end"),
        (f"sh:or _:l . {_LOOP} () , ( ent:Visit )", "the list of sh:or branches, or has no end"),
        ("sh:in ()", "the list of sh:in is empty"),
        (f"{_PATH} _:p ] . _:p sh:inversePath _:p", "the sh:path is no property path of at most 50 levels"),
        (
            f"{_PATH} _:p ] . _:p sh:inversePath ent:date ; sh:zeroOrMorePath ent:date",
            "the sh:path is no property path",
        ),
        (f"{_PATH} {'[ sh:zeroOrMorePath ' * 60} ent:date {']' * 60} ]", "the sh:path is no property path"),
        (f"{_PATH} 'date' ]", "the sh:path is no property path"),
        ("sh:minLength 'many'", 'sh:minLength is "many": it takes a whole number'),
        ("sh:minLength 1.0", "it takes a whole number"),
        ("sh:maxLength -1", "it takes a whole number"),
        (f"sh:maxLength {'9' * 30}", "it takes a whole number"),
        ("sh:node shape:P . shape:P a sh:PropertyShape ; sh:path ent:date", "sh:node refers to a shape with a sh:path"),
        (
            f"{'sh:node [ sh:class ent:Event ; ' * 60} {']' * 60}",
            "shapes are within each other over more than 50 levels",
        ),
    ],
)
def test_what_would_end_an_engine_is_refused(part: str, message: str) -> None:
    found = [f for f in findings(GOOD, within(part)) if f.severity == "violation"]
    assert {f.rule for f in found} == {"ill-formed-shape"}
    assert [f for f in found if message in f.message]
    assert all(f.line and f.hint for f in found)


def test_what_looks_like_it_and_is_sound() -> None:
    assert findings(GOOD, within("sh:closed true ; sh:ignoredProperties ()")) == []
    assert findings(GOOD, within("sh:minLength +1 ; sh:maxLength 007")) == []
    assert findings(GOOD, within(f"{_PATH} [ sh:inversePath ( ent:date ent:visitor ) ] ]")) == []


@pytest.mark.parametrize(
    ("part", "rule", "message", "hint"),
    [
        ("sh:minCout 1", "unknown-term", "sh:minCout is no term of SHACL", "did you mean sh:minCount?"),
        ("sh:severity sh:Waring", "unknown-term", "sh:Waring is no term of SHACL", "did you mean sh:Warning?"),
        ("sh:qqq 1", "unknown-term", "sh:qqq is no term of SHACL", ""),
        ("sh:class ent:Vist", "undeclared-term", "no class ent:Vist", "did you mean ent:Visit?"),
        ("sh:class ent:visitor", "undeclared-term", "no class ent:visitor", "did you mean ent:Visit?"),
        ("sh:targetSubjectsOf ent:vistor", "undeclared-term", "no property ent:vistor", "did you mean ent:visitor?"),
        ("sh:targetObjectsOf ent:Visit", "undeclared-term", "no property ent:Visit", "did you mean ent:visitor?"),
        ("sh:property [ sh:path ent:dates ]", "undeclared-term", "no property ent:dates", "did you mean ent:date?"),
        ("sh:property [ sh:path ( ent:visitor ent:dates ) ]", "undeclared-term", "ent:dates", "did you mean ent:date?"),
        ("sh:property [ sh:path [ sh:inversePath ent:dates ] ]", "undeclared-term", "ent:dates", "ent:date?"),
        ("sh:property [ sh:path [ sh:alternativePath ( ent:date ent:dates ) ] ]", "undeclared-term", "ent:dates", "?"),
        ("sh:property [ sh:path rdfs:lable ]", "undeclared-term", "rdfs:lable is no term", "did you mean rdfs:label?"),
        ("sh:in ( ent:held ent:hold )", "undeclared-term", "no value ent:hold", "did you mean ent:held?"),
        ("sh:hasValue ent:planned", "undeclared-term", "no value ent:planned", ""),
        (
            "sh:closed true ; sh:ignoredProperties ( ent:dates )",
            "undeclared-term",
            "ent:dates",
            "did you mean ent:date?",
        ),
        ("sh:class wd:Q1", "foreign-term", "<http://www.wikidata.org/entity/Q1>", "ontology/"),
        ("sh:targetSubjectsOf wd:P1", "foreign-term", "<http://www.wikidata.org/entity/P1>", "ontology/"),
        ("sh:property [ sh:path [ sh:inversePath wd:P1 ] ]", "foreign-term", "entity/P1>", "ontology/"),
        ("sh:nodeKind sh:IRI . wd:Q1 a sh:NodeShape , rdfs:Class", "foreign-term", "entity/Q1>", "ontology/"),
        (
            "sh:nodeKind sh:IRI . ent:Vist a sh:NodeShape , owl:Class",
            "undeclared-term",
            "no class ent:Vist",
            "ent:Visit?",
        ),
        ("sh:node shape:Nowhere", "missing-shape", "Odd refers to Nowhere, which is no shape", ""),
        ("sh:or ( shape:Odds [ sh:class ent:Visit ] )", "missing-shape", "Odds", "?"),
        ('sh:pattern "["', "shape-pattern", "the pattern “[” is no regular expression: unterminated", ""),
        ('sh:pattern "[a-z-[o]]"', "shape-pattern", "classes cannot be subtracted from each other", ""),
        ('sh:pattern "a" ; sh:flags "g"', "shape-pattern", "there is no flag g", ""),
        ('sh:pattern "a{9999999999999999}"', "shape-pattern", "too large or too deep", ""),
        ("sh:rule [ a sh:TripleRule ]", "shape-reaches-out", "sh:rule lets shapes compute", "SHACL Core"),
        ("sh:target [ a sh:SPARQLTarget ]", "shape-reaches-out", "sh:target", "SHACL Core"),
        ("sh:js [ sh:jsFunctionName “f” ]", "shape-reaches-out", "sh:js", "SHACL Core"),
        ("sh:shapesGraph <http://example.org/>", "shape-reaches-out", "sh:shapesGraph", "SHACL Core"),
        ("sh:entailment <http://example.org/>", "shape-reaches-out", "sh:entailment", "SHACL Core"),
        ("owl:imports <http://example.org/>", "shape-reaches-out", "owl:imports", "SHACL Core"),
        (
            "sh:sparql [ sh:select “SELECT $this { service <http://x> { ?s ?p ?o } }” ]",
            "shape-reaches-out",
            "SERVICE",
            "",
        ),
        ("sh:sparql [ sh:select “SELECT $this FROM <http://x> { ?s ?p ?o }” ]", "shape-reaches-out", "FROM", ""),
        (
            "sh:sparql [ sh:select “SELECT $this { \\\\u0053ERVICE <http://x> {} }” ]",
            "shape-reaches-out",
            "SERVICE",
            "",
        ),
        ("sh:validator [ sh:ask “ASK { SERVICE SILENT <http://x> {} }” ]", "shape-reaches-out", "SERVICE", ""),
    ],
)
def test_a_violation(part: str, rule: str, message: str, hint: str) -> None:
    found = [f for f in findings(GOOD, within(part.replace("“", '"').replace("”", '"'))) if f.rule == rule]
    assert found
    assert {f.severity for f in found} == {"violation"}
    assert {(f.file, f.line) for f in found} == {("shapes/1.ttl", 7)}
    assert any(message in f.message and hint in f.hint for f in found)
    assert "_:" not in str(found)


def test_nothing_else_is_said_of_a_single_fault() -> None:
    assert rules(GOOD, within("sh:minCout 1")) == [("violation", "unknown-term")]
    assert rules(GOOD, within("sh:class ent:Vist")) == [("violation", "undeclared-term")]


def test_shapes_from_elsewhere_are_asked_this_one_thing() -> None:
    strange = "<urn:x> a sh:NodeShape ; sh:targetClass <urn:y> ; sh:minCout 1 ; owl:imports <urn:z> ."
    assert [f.rule for f in reaching_out([document(strange)])] == ["shape-reaches-out"]
    assert reaching_out([document(strange.replace("owl:imports", "owl:priorVersion"))]) == []


def test_words_that_only_look_like_reaching_out() -> None:
    query = "SELECT $this { $this ent:from ?from . FILTER (?a < ?b && ?c > ?d) # SERVICE\n FILTER (?x != 'FROM') }"
    assert findings(within(f'sh:sparql [ sh:message "x"@en ; sh:select """{query}""" ]')) == []


def test_a_finding_stands_at_its_own_statement() -> None:
    typo = (
        "shape:{} a sh:NodeShape ; sh:targetClass ent:Visit ;\n  sh:property [ sh:path ent:visitor ; sh:minCout 1 ] .\n"
    )
    found = findings(typo.format("A") + GOOD + typo.format("B"))
    assert [(f.line, f.column, f.focus.rpartition("#")[2]) for f in found] == [(8, 50, "A"), (12, 50, "B")]


@pytest.mark.parametrize(
    "shapes",
    [
        "shape:A a sh:NodeShape ; sh:targetClass ent:Visit ; sh:node shape:A .",
        "shape:A a sh:NodeShape ; sh:targetClass ent:Visit ; sh:node shape:B . shape:B sh:not shape:A .",
        "shape:A a sh:NodeShape ; sh:targetClass ent:Visit ; sh:property [ sh:path ent:visitor ; sh:node shape:A ] .",
        "shape:A a sh:NodeShape ; sh:targetClass ent:Visit ; sh:or ( [ sh:node shape:A ] [ sh:class ent:Visit ] ) .",
    ],
)
def test_recursion(shapes: str) -> None:
    found = [f for f in findings(shapes) if f.rule == "recursive-shape"]
    assert [f.severity for f in found] == ["violation"]
    assert found[0].message.startswith("shapes that refer to each other in a circle: A")


def test_one_shape_in_two_places_is_no_recursion() -> None:
    shared = "shape:B a sh:NodeShape ; sh:nodeKind sh:IRI ."
    assert findings(f"{shared} {within('sh:node shape:B ; sh:not [ sh:node shape:B ]')}".replace('"Odd."', '"x"')) == []


def test_depth_does_no_harm() -> None:
    deep = "[ sh:not " * 3000 + "[ sh:class ent:Visit ]" + " ]" * 3000
    assert rules(GOOD, within(f"sh:not {deep}")) == [("violation", "ill-formed-shape")]


def test_a_shape_that_is_switched_off() -> None:
    assert rules(GOOD.replace("sh:targetClass", "sh:deactivated true ; sh:targetClass")) == [
        ("warning", "shape-switched-off")
    ]
    assert rules(GOOD.replace("sh:targetClass", "sh:deactivated false ; sh:targetClass")) == []


@pytest.mark.parametrize("message", ["", '; sh:message "Wer?"@de', '; sh:message "Who?"'])
def test_a_constraint_without_an_english_message(message: str) -> None:
    [found] = findings(GOOD.replace('; sh:message "Who?"@en', message))
    assert (found.severity, found.rule, found.line) == ("warning", "shape-without-message", 8)
    assert found.message == "sh:minCount of the shape Visit has no English message"


def test_alternatives_need_no_message_of_their_own() -> None:
    assert findings(within("sh:or ( [ sh:class ent:Visit ] [ sh:nodeKind sh:IRI ] )")) == []
    assert rules("shape:Visit a sh:NodeShape ; sh:targetClass ent:Visit ; sh:node [ sh:nodeKind sh:IRI ] .") == [
        ("warning", "shape-without-message")
    ]


def test_a_target_without_an_instance_is_information() -> None:
    [found] = findings(GOOD, GOOD.replace("Visit", "Loan"))
    assert (found.severity, found.rule, found.file) == ("info", IDLE, "shapes/1.ttl")
    assert found.message == "the shape Loan validates nothing yet: no ent:Loan"
    assert findings(GOOD, GOOD.replace("Visit", "Loan").replace("Class ent:Loan", "Class ent:Loan , ent:Visit")) == []


def test_a_shape_that_only_forbids_is_content_with_nothing() -> None:
    ban = GOOD.replace("Visit", "Loan").replace("sh:minCount 1", "sh:maxCount 0")
    assert findings(GOOD, ban) == []


@pytest.mark.parametrize("shapes", [(), ("",), ('shape:A a sh:NodeShape ; sh:class ent:Visit ; sh:message "x"@en .',)])
def test_shapes_without_a_target_would_judge_nothing(shapes: tuple[str, ...]) -> None:
    [found] = findings(*shapes)
    assert (found.severity, found.rule, found.message) == (
        "violation",
        "empty",
        "no shape has a target: nothing would be validated",
    )


def test_a_class_that_is_a_shape_is_its_own_target() -> None:
    assert findings('ent:Visit a sh:NodeShape , owl:Class ; sh:nodeKind sh:IRI ; sh:message "x"@en .') == []
