"""Other people's data and shapes: what was validated is said, what was not is no success, the report is conformant."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, parse

from kg.cli.main import main
from kg.rdf.namespaces import RDF, SH, XSD
from kg.rdf.terms import Descriptions, Term, described, members
from kg.validation.run import validate_files

PREFIXES = """\
@prefix ex: <http://example.org/ns#> .
@prefix other: <http://example.com/ns#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
EX = "http://example.org/ns#"
Run = Callable[..., tuple[int, str, str]]
CITY = "ex:CityShape a sh:NodeShape ; sh:targetClass ex:City ; "


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Validate data by shapes, given as Turtle: the exit code, and what stands on stdout and on stderr."""
    monkeypatch.chdir(tmp_path)

    def validated(data: str, shapes: str, *options: str) -> tuple[int, str, str]:
        Path("data.ttl").write_text(PREFIXES + data, "utf-8")
        Path("shapes.ttl").write_text(PREFIXES + shapes, "utf-8")
        code = main(["validate", "--data", "data.ttl", "--shapes", "shapes.ttl", *options])
        out, err = capsys.readouterr()
        return code, out, err

    return validated


def hints(data: str, shapes: str, run: Run) -> list[tuple[str, str]]:
    """The messages and hints of the findings."""
    run(data, shapes)
    return [(f.message, f.hint) for f in validate_files(["data.ttl"], ["shapes.ttl"])]


# Nothing was validated.

NOTHING = {
    "no target": ("sh:property [ sh:path ex:name ; sh:minCount 1 ] .", "no shape has a target"),
    "a target that matches nothing": (
        "sh:targetClass ex:Village ; sh:property [ sh:path ex:name ; sh:minCount 1 ] .",
        "no node of the data is a target: sh:targetClass <http://example.org/ns#Village>",
    ),
    "a target that is a string": (
        'sh:targetClass "ex:City" ; sh:property [ sh:path ex:name ; sh:minCount 1 ] .',
        "no node of the data is a target",
    ),
    "no constraint": ("sh:targetClass ex:City .", "no shape that has a target has a constraint"),
    "a misspelt constraint": (
        "sh:targetClass ex:City ; sh:property [ sh:path ex:name ; sh:minCout 1 ] .",
        "no shape that has a target has a constraint",
    ),
    "a count without a path": (
        "sh:targetClass ex:City ; sh:qualifiedMinCount 1 ; sh:qualifiedValueShape [ sh:class ex:Mayor ] .",
        "no shape that has a target has a constraint",
    ),
    "a deactivated shape": (
        "sh:targetClass ex:City ; sh:deactivated true ; sh:property [ sh:path ex:name ; sh:minCount 1 ] .",
        "shapes that have targets are deactivated",
    ),
    "a deactivated part": (
        "sh:targetClass ex:City ; sh:property [ sh:path ex:name ; sh:minCount 1 ; sh:deactivated true ] .",
        "no shape that has a target has a constraint",
    ),
}


@pytest.mark.parametrize(("shape", "message"), NOTHING.values(), ids=NOTHING)
def test_where_nothing_is_validated_that_is_said_and_is_no_success(shape: str, message: str, run: Run) -> None:
    code, out, _ = run("ex:melk a ex:City .", f"ex:CityShape a sh:NodeShape ; {shape}")
    assert code == 3
    assert f"violation: nothing was validated: {message}" in out
    code, out, _ = run("ex:melk a ex:City .", f"ex:CityShape a sh:NodeShape ; {shape}", "-f", "turtle")
    assert code == 3
    assert ("sh:conforms true" in out) == ("deactivated true ; sh:property" in shape)  # as SHACL says


@pytest.mark.parametrize(
    "namespace", ["https://www.w3.org/ns/shacl#", "http://www.w3.org/ns/shacl/", "http://w3.org/ns/SHACL#"]
)
def test_a_namespace_that_only_looks_like_that_of_shacl(namespace: str, run: Run) -> None:
    shapes = f"@prefix sh: <{namespace}> . {CITY} sh:property [ sh:path ex:name ; sh:minCount 1 ] ."
    code, out, _ = run("ex:melk a ex:City .", shapes)
    assert code == 3
    assert "shapes.ttl uses no term of SHACL" in out
    assert out.count(f"<{namespace}> is not the namespace of SHACL") == 1
    assert "write <http://www.w3.org/ns/shacl#>" in out


def test_data_and_shapes_the_other_way_round(run: Run) -> None:
    code, out, _ = run(f"{CITY} sh:class ex:Place .", "ex:melk a ex:City .")
    assert code == 3
    assert "--data and --shapes are the other way round" in out
    assert "name a file with shapes after --shapes" in run("ex:melk a ex:City .", "ex:melk a ex:City .")[1]


# What was validated, and what not.


def test_a_true_pass_says_what_was_validated(run: Run) -> None:
    shapes = f"{CITY} sh:nodeKind sh:IRI . ex:B a sh:NodeShape ; sh:targetClass ex:Village ; sh:nodeKind sh:IRI ."
    code, out, err = run("ex:melk a ex:City . ex:lorv a ex:City .", shapes)
    assert (code, out) == (0, "")
    judged = "2 focus nodes validated by 1 of 2 shapes with targets, none by ex:B"
    assert err == f"data.ttl (2 triples): {judged}: no findings\n"


def test_imports_are_noted_and_not_followed(run: Run) -> None:
    shapes = f"ex:shapes owl:imports <http://example.org/more> . {CITY} sh:nodeKind sh:Literal ."
    code, out, _ = run("ex:melk a ex:City .", shapes)
    assert code == 1
    assert "info: owl:imports <http://example.org/more> is not followed [shape-reaches-out]" in out
    assert "ex:melk is not a sh:Literal" in out
    assert run("ex:melk a ex:City .", shapes.replace("sh:Literal", "sh:IRI"))[0] == 0


@pytest.mark.parametrize(
    ("term", "message"),
    [
        ("sh:rule [ ]", "warning: sh:rule is not evaluated"),
        ("sh:minCout 1", "warning: sh:minCout is no term of its vocabulary: it would be ignored [unknown-term]"),
        (
            "sh:qualifiedMaxCount 1",
            "violation: sh:qualifiedMaxCount has no effect without sh:path: it is not validated",
        ),
    ],
)
def test_what_is_not_evaluated_is_said_beside_the_verdict(term: str, message: str, run: Run) -> None:
    code, out, err = run("ex:melk a ex:City .", f"{CITY} sh:nodeKind sh:IRI ; {term} .")
    assert message in out
    assert code == ("violation" in message)
    assert "1 focus node validated" in err


@pytest.mark.parametrize(
    ("given", "missing"),
    [
        ("sh:qualifiedMinCount 1", "sh:qualifiedValueShape"),
        ("sh:qualifiedValueShapesDisjoint true", "sh:qualifiedValueShape"),
        ("sh:qualifiedValueShape [ sh:class ex:N ]", "sh:qualifiedMinCount"),
    ],
)
def test_a_parameter_without_another_leaves_the_rest_of_the_shape_in_force(given: str, missing: str, run: Run) -> None:
    code, out, _ = run("ex:melk a ex:City .", f"{CITY} sh:property [ sh:path ex:name ; {given} ; sh:minCount 1 ] .")
    assert (code, "too few values of ex:name" in out) == (1, True)
    assert f"{given.split()[0]} has no effect without {missing}: it is not validated [ill-formed-shape]" in out
    code, out, _ = run("ex:melk a ex:City .", f"{CITY} sh:property [ sh:path ex:name ; {given} ] .")
    assert (code, "nothing was validated: no shape that has a target has a constraint" in out) == (3, True)


@pytest.mark.parametrize("parameter", ["sh:in", "sh:languageIn", "sh:and", "sh:or", "sh:xone"])
def test_a_value_that_should_be_a_list_is_named(parameter: str, run: Run) -> None:
    shape = CITY + "sh:property [ sh:path ex:name ; %s ex:A ] . ex:A sh:nodeKind sh:IRI ."
    code, out, err = run("ex:melk a ex:City ; ex:name ex:n .", shape % parameter)
    assert code in (1, 3)  # some lists pyshacl refuses
    found = f"violation: the value of {parameter} is no list [ill-formed-shape]"
    assert re.search(rf"^ *shapes.ttl:\d+:\d+: {re.escape(found)}", out + err, re.MULTILINE)


def test_properties_that_are_no_list_are_not_said_to_be_allowed(run: Run) -> None:
    shape = f"{CITY} sh:closed true ; sh:ignoredProperties rdf:type ; sh:property [ sh:path ex:name ] ."
    out = run("ex:melk a ex:City .", f"@prefix rdf: <{RDF}> . {shape}")[1]
    assert "none of the properties of the closed shape: ex:name [shape:Closed]" in out
    assert "the value of sh:ignoredProperties is no list" in out


@pytest.mark.parametrize(
    ("shape", "place"),
    [
        ("sh:not [ a sh:PropertyShape ; sh:class ex:Village ] .", "a PropertyShape has no sh:path"),
        ("sh:path ex:name ; sh:minCount 1 .", "a NodeShape has a sh:path"),
        ("sh:property [ sh:path ex:name , ex:size ; sh:minCount 1 ] .", "a shape has more than one sh:path"),
    ],
)
def test_a_shape_that_cannot_be_used_has_a_place(shape: str, place: str, run: Run) -> None:
    code, _, err = run("ex:melk a ex:City .", CITY + shape)
    assert code == 3
    assert re.search(rf"^  shapes.ttl:6:\d+: violation: {place} \[ill-formed-shape\]", err, re.MULTILINE)


def test_a_shape_that_is_missing_is_said_beside_the_verdict(run: Run) -> None:
    shapes = f"{CITY} sh:nodeKind sh:IRI ; sh:node ex:Plase , ex:Named . ex:Named sh:name 'named' ."
    code, out, _ = run("ex:melk a ex:City .", shapes)
    assert (code, out.count(": warning: ")) == (0, 1)
    assert "refers to Plase, which is no shape [missing-shape]" in out


def test_a_misspelt_term_explains_a_shape_that_cannot_be_used(run: Run) -> None:
    code, _, err = run("ex:melk a ex:City .", f"{CITY} sh:property [ sh:pth ex:name ; sh:minCount 1 ] .")
    assert (code, "sh:pth is no term of its vocabulary" in err, "did you mean sh:path?" in err) == (3, True, True)


def test_terms_of_shacl_as_data_ask_for_nothing(run: Run) -> None:
    """As in the shapes of SHACL itself, which target the properties `sh:entailment` and `sh:shapesGraph`."""
    shapes = "ex:A a sh:NodeShape ; sh:targetObjectsOf sh:entailment , sh:shapesGraph ; sh:nodeKind sh:IRI ."
    assert run("ex:g sh:entailment ex:regime .", shapes)[:2] == (0, "")
    code, out, _ = run("ex:g sh:entailment ex:regime .", f"{shapes} ex:A sh:entailment ex:regime .")
    assert (code, "sh:entailment asks for inferences, and none are made" in out) == (1, True)


# Messages.


def test_things_of_equal_local_names_are_told_apart(run: Run) -> None:
    data = "ex:x a ex:City . other:x a ex:City . <http://example.net/a/x> a ex:City ."
    found = hints(data, f'{CITY} sh:property [ sh:path other:name ; sh:minCount 1 ; sh:message "no name" ] .', run)
    assert {message for message, _ in found} == {
        "ex:x: no name",
        "other:x: no name",
        "<http://example.net/a/x>: no name",
    }


def test_a_prefix_for_two_namespaces_is_not_used(run: Run) -> None:
    shapes = f"@prefix ex: <http://example.org/ns#> . {CITY} sh:nodeKind sh:Literal ."
    run("@prefix ex: <http://example.org/elsewhere#> . ex:x a <http://example.org/ns#City> .", shapes)
    [found] = validate_files(["data.ttl"], ["shapes.ttl"])
    assert found.message.startswith("<http://example.org/elsewhere#x>: <http://example.org/elsewhere#x> is not")


NAME = "sh:property [ sh:path ex:name ; %s ] ."
SAID = [
    ('ex:name "x\\n\\"y"', 'sh:in ( "{x}" )', r'''"x\n\"y" of ex:name is none of "{x}"'''),
    ('ex:name "x"', 'sh:in ( "a" "b" )', '"x" of ex:name is none of "a", "b"'),
    ("ex:name 7", "sh:datatype xsd:string", "7 of ex:name is not of datatype xsd:string"),
    ("ex:name 7e1, 7.0", "sh:datatype xsd:double", "7.0 of ex:name is not of datatype xsd:double"),
    ('ex:name "7"^^xsd:decimal', "sh:datatype xsd:float", '"7"^^xsd:decimal of ex:name is not of datatype xsd:float'),
    ('ex:name "x"@de', 'sh:languageIn ( "en" "fr" )', '"x"@de of ex:name is in none of the languages "en", "fr"'),
    ('ex:name "x"', 'sh:pattern "^a"', '"x" of ex:name does not match "^a"'),
    ('ex:name "2020-01-01"^^xsd:date', "sh:class ex:N", '"2020-01-01"^^xsd:date of ex:name is not of class ex:N'),
    ('ex:name "x", "y"', "sh:maxCount 1", "too many values of ex:name: at most 1 allowed"),
    ("ex:size 1", "sh:minCount 2", "too few values of ex:name: at least 2 needed"),
    ('ex:name "x"', "sh:hasValue ex:a", "ex:a is missing among the values of ex:name"),
    ("ex:name 3 ; ex:size 2", "sh:lessThan ex:size", "3 of ex:name is not less than each value of ex:size"),
    ('ex:name "x"', "sh:not [ sh:nodeKind sh:Literal ]", '"x" of ex:name conforms to [ sh:nodeKind sh:Literal ]'),
    (
        'ex:name "x"',
        "sh:qualifiedMinCount 1 ; sh:qualifiedValueShape [ sh:class ex:N ]",
        "fewer than 1 values of ex:name conform to [ sh:class ex:N ]",
    ),
]


@pytest.mark.parametrize(("facts", "constraint", "message"), SAID, ids=[row[1][:20] for row in SAID])
def test_a_message_has_the_value_and_what_is_required(facts: str, constraint: str, message: str, run: Run) -> None:
    [(found, hint)] = hints(f"ex:melk a ex:City ; {facts} .", CITY + NAME % constraint, run)
    assert found.startswith(f"ex:melk: {message}")
    own = f'{constraint} ; sh:message "wrong"'
    [(found, hint)] = hints(f"ex:melk a ex:City ; {facts} .", CITY + NAME % own, run)
    assert (found, hint.startswith(message)) == ("ex:melk: wrong", True)


SEVERAL = [  # of a parameter with two values the message has the one that fails
    ("sh:class ex:City , ex:N", "ex:melk is not of class ex:N"),
    ("sh:node ex:IsCity , ex:IsN", "ex:melk is not of class ex:N"),
    ("sh:not [ sh:class ex:City ] , [ sh:class ex:N ]", "ex:melk conforms to [ sh:class ex:City ], which is"),
    ("sh:and ( ex:IsCity ) , ( ex:IsN )", "ex:melk is not of class ex:N"),
    ("sh:or ( ex:IsCity ) , ( ex:IsN )", "ex:melk conforms to none of ex:IsN: ex:IsN: ex:melk is not of class ex:N"),
    ("sh:xone ( ex:IsCity ) , ( ex:IsN )", "ex:melk does not conform to exactly one of ex:IsN: "),
    ('sh:pattern "melk$" , "^urn:"', 'ex:melk does not match "^urn:"'),
    (NAME[:-2] % "sh:hasValue ex:a , ex:b", "ex:b is missing among the values of ex:name"),
    (NAME[:-2] % "sh:disjoint ex:size , ex:name", "ex:a of ex:name is a value of ex:name too"),
    (NAME[:-2] % "sh:equals ex:name , ex:size", "ex:a is not a value of both ex:name and ex:size"),
    (NAME[:-2] % "sh:lessThan ex:other , ex:name", "ex:a of ex:name is not less than each value of ex:name"),
]


@pytest.mark.parametrize(("constraint", "message"), SEVERAL, ids=[row[0][:24] for row in SEVERAL])
def test_of_several_values_of_a_parameter_that_which_fails_is_named(constraint: str, message: str, run: Run) -> None:
    parts = "ex:IsCity sh:class ex:City . ex:IsN sh:class ex:N ."
    [(found, hint)] = hints("ex:melk a ex:City ; ex:name ex:a .", f"{CITY} {constraint} . {parts}", run)
    assert found.startswith(f"ex:melk: {message}")
    assert "ex:IsCity" not in hint
    out = run("ex:melk a ex:City ; ex:name ex:a .", f"{CITY} {constraint} . {parts}", "-f", "turtle")[1]
    assert (len(results(out)[1]), "urn:parameter" in out) == (1, False)


def test_each_language_that_is_used_twice_is_named(run: Run) -> None:
    data = 'ex:melk a ex:City ; ex:name "a"@en , "b"@EN , "c"@de , "d"@de , "e"@fr , "f" , "g" .'
    found = hints(data, CITY + NAME % "sh:uniqueLang true", run)
    said = "ex:melk: more than one value of ex:name in the language"
    assert sorted(message for message, _ in found) == [f'{said} "de"', f'{said} "en"']
    for other in ("false", '"1"^^xsd:boolean'):
        assert hints(data, CITY + NAME % f"sh:uniqueLang {other} ; sh:maxCount 9", run) == []


def test_a_literal_in_focus_is_written_out_at_its_place(run: Run) -> None:
    shape = 'ex:S a sh:NodeShape ; sh:targetObjectsOf ex:name ; sh:hasValue "Melk" .'
    out = run('ex:melk ex:name "Melk" ,\n    "Lorv" .', shape)[1]
    assert out.startswith('data.ttl:7:5: violation: "Lorv": "Melk" is missing among the values [shape:HasValue]')


def test_an_empty_list_is_written_as_in_turtle(run: Run) -> None:
    [(found, _)] = hints("ex:melk a ex:City .", f"{CITY} sh:in () .", run)
    assert found == "ex:melk: ex:melk is none of ()"


PATHS = {
    "[ sh:inversePath ex:in ]": "^ex:in",
    "( ex:in [ sh:zeroOrMorePath ex:near ] )": "ex:in/ex:near*",
    "[ sh:alternativePath ( ex:in ( ex:near ex:in ) ) ]": "ex:in|(ex:near/ex:in)",
    "[ sh:oneOrMorePath [ sh:inversePath ex:in ] ]": "^ex:in+",
    "[ sh:zeroOrOnePath ex:in ]": "ex:in?",
}


@pytest.mark.parametrize(("path", "text"), PATHS.items(), ids=PATHS.values())
def test_paths_are_written_as_in_sparql(path: str, text: str, run: Run) -> None:
    shapes = f"{CITY} sh:property [ sh:path {path} ; sh:minCount 2 ] ."
    [(found, _)] = hints("ex:melk a ex:City .", shapes, run)
    assert found == f"ex:melk: too few values of {text}: at least 2 needed"


def test_the_part_that_fails_is_named_with_its_message(run: Run) -> None:
    parts = 'ex:Titled sh:path ex:title ; sh:minCount 1 ; sh:message "needs a title" . ex:Sized sh:path ex:size ; '
    for joined in ("sh:and ( ex:Sized ex:Titled )", "sh:and ( ex:Sized [ sh:and ( ex:Titled ) ] )"):
        [(found, hint)] = hints("ex:melk a ex:City .", f"{CITY} {joined} . {parts} sh:maxCount 9 .", run)
        assert found == "ex:melk: needs a title"
        assert hint.startswith("ex:melk does not conform to all of ex:Sized, ")
        assert hint.endswith("ex:Titled: needs a title")
    [(found, hint)] = hints(
        "ex:melk a ex:City .", f"{CITY} sh:or ( ex:Sized ex:Titled ) . {parts} sh:minCount 1 .", run
    )
    assert found.startswith("ex:melk: ex:melk conforms to none of ex:Sized, ex:Titled: ")
    assert "ex:Sized: too few values of ex:size" in found
    assert "ex:Titled: needs a title" in found


# Queries.


@pytest.mark.parametrize(
    ("select", "why"),
    [
        ("SELECT $this { $this foo:name ?value }", "its query cannot be evaluated: Unknown namespace prefix : foo"),
        ("SELECT $this { broken", "its query cannot be evaluated: Expected SelectQuery"),
        ("SELECT $this {\\n $this http://e/p ?value }", "found '$' in “$this http://e/p ?value }” [shapes]"),
        ("SELECT $this { VALUES ?x { 1 } }", "must not contain a VALUES clause"),
        ("SELECT $this { GRAPH $shapesGraph { ?a ?b ?c } }", "$shapesGraph"),
    ],
)
def test_a_query_that_fails_says_why(select: str, why: str, run: Run) -> None:
    code, out, err = run("ex:melk a ex:City .", f'{CITY} sh:sparql [ sh:select "{select}" ] .', "-f", "turtle")
    assert (code, out) == (3, "")
    assert why in err
    assert "shape CityShape" in err


def test_a_query_without_this_is_ill_formed(run: Run) -> None:
    code, out, _ = run("ex:melk a ex:City .", f'{CITY} sh:sparql [ sh:select "SELECT ?x {{ ?x a ?y }}" ] .')
    assert (code, "violation: the sh:select does not select ?this" in out) == (1, True)


# The report.

REPORTED = """
ex:lang a sh:ConstraintComponent ; sh:parameter [ sh:path ex:language ] ; sh:validator [ a sh:SPARQLAskValidator ;
    sh:message "{?value} is not in {$language}" ; sh:ask "ASK { FILTER langMatches(lang($value), $language) }" ] .
ex:CityShape a sh:NodeShape ; sh:targetClass ex:City ;
    sh:property [ sh:path ex:size ; sh:datatype xsd:decimal ; sh:severity sh:Warning ] ,
        [ sh:path ( ex:in [ sh:inversePath ex:of ] ) ; sh:minCount 1 ; sh:message "fehlt"@de , "missing"@en ] ,
        [ sh:path ex:name ; ex:language "de" ] , [ sh:path ex:part ; sh:nodeKind sh:IRI ] .
"""
FACTS = """
_:a a ex:City ; ex:size 7 ; ex:name "Melk"@de , "Melk"@en , "Melk" ; ex:part [ ex:size 1 ] ; ex:in ex:b .
ex:c ex:of ex:b .
"""


def results(out: str) -> tuple[Descriptions, list[dict[str, Term]]]:
    """The terms of a report by subject, and its results."""
    nodes = described(q.triple for q in parse(out, RdfFormat.TURTLE))
    [report] = [v for v in nodes.values() if SH + "conforms" in v]
    rows = (nodes[node] for node in report[SH + "result"])
    return nodes, [{name.removeprefix(SH): terms[0] for name, terms in row.items()} for row in rows]


def test_the_report_has_terms_as_they_are(run: Run) -> None:
    code, out, _ = run(FACTS, REPORTED, "-f", "turtle")
    _, found = results(out)
    assert (code, "sh:conforms false" in out) == (1, True)
    assert {str(r["sourceConstraintComponent"]).strip("<>").replace(SH, "") for r in found} == {
        "DatatypeConstraintComponent",
        f"{EX}lang",
        "NodeKindConstraintComponent",
    }
    assert all(isinstance(r["focusNode"], BlankNode) and isinstance(r["sourceShape"], BlankNode) for r in found)
    assert len({r["focusNode"] for r in found}) == 1
    by_path = {(str(r["resultPath"]), str(r.get("value"))): r for r in found}
    seven = by_path[f"<{EX}size>", str(Literal(7))]
    assert seven["resultSeverity"] == NamedNode(SH + "Warning")
    assert Literal("Melk", language="en") in [r["value"] for r in found]
    english = by_path[f"<{EX}name>", '"Melk"@en']
    assert english["resultMessage"] == Literal('"Melk"@en is not in "de"')
    assert len([r for r in found if r["resultPath"] == NamedNode(EX + "name")]) == 2


def test_the_report_has_paths_of_several_steps_and_all_messages(run: Run) -> None:
    nodes, found = results(run("ex:melk a ex:City .", REPORTED, "-f", "turtle")[1])
    [result] = [r for r in found if r["sourceConstraintComponent"] == NamedNode(SH + "MinCountConstraintComponent")]
    first, second = members(nodes, result["resultPath"])
    assert first == NamedNode(EX + "in")
    assert nodes[second] == {SH + "inversePath": [NamedNode(EX + "of")]}
    assert RDF + "first" in nodes[result["resultPath"]]
    messages = [v[SH + "resultMessage"] for v in nodes.values() if SH + "resultMessage" in v]
    assert [{m.language for m in found if isinstance(m, Literal)} for found in messages] == [{"de", "en"}]


def test_conforms_means_no_result_at_all(run: Run) -> None:
    """Also none of lesser severity; and what is no result of a shape is on stderr."""
    shape = f"{CITY} sh:property [ sh:path ex:size ; sh:maxInclusive 5 ; sh:severity sh:Info ] ."
    code, out, err = run("ex:melk a ex:City ; ex:size 7 .", shape, "-f", "turtle")
    assert (code, "sh:conforms false" in out) == (0, True)
    code, out, err = run('ex:melk a ex:City ; ex:born "soon"^^xsd:date .', shape, "-f", "turtle")
    assert (code, "sh:conforms true" in out) == (1, True)
    assert "[literal]" in err
    assert "sh:ValidationResult" not in out


def test_results_of_two_nameless_shapes_are_two_and_one_line(run: Run) -> None:
    shape = "[ sh:path ex:name ; sh:minCount 1 ]"
    shapes = f"{CITY} sh:property {shape} , {shape} ."
    _, found = results(run("ex:melk a ex:City .", shapes, "-f", "turtle")[1])
    assert len({r["sourceShape"] for r in found}) == 2
    assert len(hints("ex:melk a ex:City .", shapes, run)) == 1


def test_nested_results_are_details(run: Run) -> None:
    shapes = f"{CITY} sh:or ( [ sh:nodeKind sh:Literal ] [ sh:class ex:Place ] ) ."
    nodes, _ = results(run("ex:melk a ex:City .", shapes, "-f", "turtle")[1])
    details = next(v[SH + "detail"] for v in nodes.values() if SH + "detail" in v)
    assert {str(nodes[d][SH + "sourceConstraintComponent"][0]) for d in details} == {
        f"<{SH}NodeKindConstraintComponent>",
        f"<{SH}ClassConstraintComponent>",
    }


def test_a_file_that_is_data_and_shapes_has_one_set_of_blank_nodes(tmp_path: Path) -> None:
    both = tmp_path / "both.ttl"
    both.write_text(f"{PREFIXES} {CITY} sh:targetNode _:a ; sh:class ex:Place . _:a ex:size 1 .", "utf-8")
    found = [f for f in validate_files([str(both)], [str(both)]) if f.rule == "shape:Class"]
    assert [(f.focus, f.line) for f in found] == [("", 6)]


def test_declarations_of_prefixes_are_imported(run: Run) -> None:
    shapes = f"""{CITY} sh:sparql [ sh:prefixes ex:mine ; sh:message "nameless" ;
        sh:select "SELECT $this {{ FILTER NOT EXISTS {{ $this my:name ?name }} }}" ] .
        ex:mine owl:imports ex:theirs . ex:theirs owl:imports ex:all .
        ex:all sh:declare [ sh:prefix "my" ; sh:namespace "{EX}"^^<{XSD}anyURI> ] ."""
    code, out, _ = run("ex:melk a ex:City . ex:lorv a ex:City ; ex:name 'Lorv' .", shapes)
    assert (code, "ex:melk: nameless" in out, "lorv: nameless" in out) == (1, True, False)
