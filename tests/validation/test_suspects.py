"""A verdict by way of pyshifty is that of pyshacl, also where pyshifty is missing, fails, or is not for the shapes."""

from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path

import pytest
from folders import with_first_article
from pyoxigraph import NamedNode, Triple

from kg.cli.main import main
from kg.dataset import build
from kg.dataset.statements import ListedStatements
from kg.errors import LimitError
from kg.findings import Finding
from kg.rdf.terms import iri
from kg.source import documents
from kg.source.documents import Document
from kg.source.layout import GraphFolder
from kg.validation import run, suspects, verdict
from kg.validation.shapes_core import unfit
from kg.validation.shapes_graph import ShapesGraph
from kg.workers import piped

pytestmark = [
    pytest.mark.skipif(find_spec("shifty") is None, reason="pyshifty is not there, or not made for this platform"),
    pytest.mark.usefixtures("reading_once"),
]

PREFIXES = """\
@prefix ent:  <https://w3id.org/entente/ontology#> .
@prefix id:   <https://w3id.org/entente/id/> .
@prefix rdf:  <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix shape: <https://w3id.org/entente/shapes#> .
@prefix sh:   <http://www.w3.org/ns/shacl#> .
@prefix xsd:  <http://www.w3.org/2001/XMLSchema#> .
"""
ID = "https://w3id.org/entente/id/"
VISIT = """
shape:Visit a sh:NodeShape ; sh:targetClass ent:Visit ; sh:property [ sh:path ent:visitor ; sh:minCount 1 ;
    sh:class ent:Actor ; sh:message "Who goes?"@en ] .
"""

_ILL = [
    ("sh:maxCount", f"sh:maxCount {'9' * 30}"),
    ("sh:minLength", 'sh:minLength "1"^^xsd:int'),
    ("sh:maxCount", "sh:maxCount -1"),
    ("sh:closed", "sh:closed 1"),
    ("sh:class", 'sh:class "ent:V"'),
    ("sh:in", "sh:in ent:V"),
    ("sh:in", "sh:in ()"),
    ("sh:in", "sh:in _:a . _:a rdf:first 1 ; rdf:rest _:a"),
    ("sh:or", "sh:or ( ent:gone )"),
    ("sh:languageIn", "sh:languageIn ( 'en'@en )"),
    ("sh:ignoredProperties", "sh:closed true ; sh:ignoredProperties ( 'a' )"),
    ("sh:property", "sh:property [ sh:minCount 1 ]"),
    ("sh:node", "sh:node [ sh:path ent:a ]"),
    ("sh:path", "sh:property [ sh:path ( ent:a ) ]"),
    ("sh:path", "sh:property [ sh:path 'a' ]"),
    ("sh:path", "sh:property [ sh:path [ sh:inversePath ent:a ; sh:zeroOrMorePath ent:b ] ]"),
    ("sh:path", "sh:property [ sh:path _:p ] . _:p sh:inversePath _:p"),
    ("sh:path", "sh:property [ sh:path [ sh:alternativePath ent:a ] ]"),
    ("sh:minInclusive", "sh:minInclusive ent:a"),
    ("rdf:type", "a sh:SPARQLConstraint"),
]


def document(text: str) -> Document:
    found = documents.parse_text("shapes/case.ttl", PREFIXES + text, [])
    assert found is not None
    return found


def judged(folder: GraphFolder, *, alone: bool, told: list[str] | None = None) -> list[Finding]:
    """The findings of the shapes on a graph folder: by pyshacl alone, or on what pyshifty suspects."""
    made = build.read_sources(documents.load_sources(folder))
    return verdict.shape_findings(made, warn=None if alone else (told if told is not None else []).append)()


@pytest.fixture
def faulty(tiny: GraphFolder) -> GraphFolder:
    """A tiny graph in which a state that an article names has no name, nor has one of which a speaker speaks."""
    [facts] = Path(tiny.articles).glob("*/facts.trig")
    text = facts.read_text("utf-8")
    for name in ("Sudland", "Westland"):
        assert f'; rdfs:label "{name}"@en' in text
        text = text.replace(f'; rdfs:label "{name}"@en', "")
    facts.write_text(text, "utf-8", newline="\n")
    return tiny


def test_the_first_article_with_and_without_faults(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = with_first_article(tmp_path / "graph")
    facts = folder / "kg" / "articles" / "2018-04-turkey-russia" / "facts.trig"
    for old, new in (("", ""), ("a ent:Disagreement", "a ent:State"), ("a ent:Visit", "a ent:Meeting")):
        text = facts.read_text("utf-8")
        assert old in text
        facts.write_text(text.replace(old, new), "utf-8", newline="\n")
        written = []
        for engine in ("auto", "pyshacl"):
            code = main(["-C", str(folder), "validate", "--shacl", engine, "--fail-on", "info"])
            written.append((code, *capsys.readouterr()))
        assert written[0] == written[1]
        assert written[0][0] == (1 if new else written[0][0])


def test_pyshacl_is_not_loaded_where_nothing_is_suspect(tiny: GraphFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    def validator(*given: object) -> None:
        raise AssertionError("pyshacl is loaded")

    expected = judged(tiny, alone=True)
    monkeypatch.setattr(verdict, "Validator", validator)
    assert judged(tiny, alone=False) == expected


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("import os, signal; os.kill(os.getpid(), signal.SIGTERM)", "crashed"),
        ("raise SystemExit(3)", "crashed"),
        ("import time; time.sleep(60)", "was not done within 1 s"),
        ("x = bytearray(200_000_000); import time; time.sleep(60)", "needed more than 100 MB of memory"),
        ("print('<urn:a>')", "gave no whole answer"),
        ("", "gave no whole answer"),
        ("print('a b\\nend 1', end='')", "gave no whole answer"),
        ("print('<urn:a>\\nend 2', end='')", "gave no whole answer"),
        ("print('\"a\"\\nend 1', end='')", "named a node that is not there"),
        ("print('_:a\\nend 1', end='')", "named a node that is not there"),
    ],
)
def test_whatever_pyshifty_does_the_verdict_is_that_of_pyshacl(
    code: str, reason: str, faulty: GraphFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = judged(faulty, alone=True)
    assert [f.message for f in expected] == ["sudland: A state has a name.", "westland: A state has a name."]
    monkeypatch.setattr(suspects, "_CODE", code)
    monkeypatch.setattr(suspects, "_SECONDS", 1 if "within" in reason else 60)
    monkeypatch.setattr(suspects, "_MEGABYTES", 100 if "memory" in reason else 500)
    told: list[str] = []
    assert judged(faulty, alone=False, told=told) == expected
    assert told == [f"pyshifty {reason}: pyshacl validates everything, which takes longer"]


def test_another_version_is_not_used(faulty: GraphFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        suspects, "_CODE", suspects._CODE.replace("pyshifty.answer", "pyshifty.VERSION = '0.6'; pyshifty.answer")
    )
    told: list[str] = []
    assert judged(faulty, alone=False, told=told) == judged(faulty, alone=True)
    assert len(told) == 1


def test_the_command_says_on_stderr_that_it_failed(
    faulty: GraphFolder, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for command in ("validate", "check"):
        monkeypatch.setattr(suspects, "_CODE", "raise SystemExit(1)")
        line = "warning: pyshifty crashed: pyshacl validates everything, which takes longer\n"
        assert main(["-C", faulty.root, command]) == 1
        out, err = capsys.readouterr()
        assert err.count(line) == 1
        assert main(["-C", faulty.root, command, "--shacl", "pyshacl"]) == 1
        assert capsys.readouterr() == (out, err.replace(line, ""))


@pytest.mark.parametrize("missing", [True, False])
def test_without_pyshifty_or_by_wish_no_process_is_started(
    missing: bool, faulty: GraphFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def start(*given: object) -> Callable[[], bytes]:
        raise AssertionError("a process is started")

    monkeypatch.setattr(piped, "start", start)
    if missing:
        monkeypatch.setattr(suspects, "is_there", lambda: False)
    told: list[str] = []
    found = run.validate(faulty, warn=told.append if missing else None).findings
    assert [f.message for f in found].count("sudland: A state has a name.") == 1
    assert told == []


@pytest.mark.parametrize(
    ("shapes", "reason"),
    [
        (VISIT, ""),
        ('shape:V sh:targetClass ent:V ; sh:sparql [ sh:select "SELECT $this {}" ] .', "sh:sparql is used"),
        ("shape:V sh:targetClass ent:V ; sh:deactivated true .", "sh:deactivated is used"),
        ('shape:V sh:targetClass ent:V ; sh:pattern "a" ; sh:flags "i" .', "sh:flags is used"),
        (
            "shape:V sh:targetClass ent:V ; sh:severity sh:Grave .",
            "sh:severity has a value that is not for it, or not plain",
        ),
        (
            "shape:V sh:targetClass ent:V ; sh:nodeKind sh:Node .",
            "sh:nodeKind has a value that is not for it, or not plain",
        ),
        (
            r'shape:V sh:targetClass ent:V ; sh:pattern "^\\s" .',
            "sh:pattern has a value that is not for it, or not plain",
        ),
        (
            'shape:V sh:targetClass ent:V ; sh:pattern "[a--b]" .',
            "sh:pattern has a value that is not for it, or not plain",
        ),
        (r'shape:V sh:targetClass ent:V ; sh:pattern "^[A-Z“][^ ]*\\. x{2,3}(a|b)\\b.$" .', ""),
        *(
            (f"shape:V sh:targetClass ent:V ; {part} .", f"{name} has a value that is not for it, or not plain")
            for name, part in _ILL
        ),
        ("shape:V sh:property [ sh:path ent:a ; sh:closed true ] .", "sh:closed is used in a property shape"),
        ("shape:V sh:property [ sh:path [ sh:inversePath ( ent:a ent:b ) ] ] .", "sh:inversePath has several steps"),
        ("shape:V sh:targetClass ent:V ; sh:minCount 1 , 2 .", "sh:minCount has several values"),
        ("shape:V sh:targetClass ent:V ; sh:node [ sh:node shape:V ] .", "shapes or paths are too deep"),
        (
            f"shape:V sh:targetClass ent:V {' ; sh:node [ sh:class ent:V' * 51} {']' * 51} .",
            "shapes or paths are too deep",
        ),
        (f"shape:V sh:targetClass ent:V {' ; sh:node [ sh:class ent:V' * 50} {']' * 50} .", ""),
        ('shape:V sh:targetClass ent:V ; sh:hasValue "x"^^xsd:integer .', "a literal is ill-formed"),
        (
            'shape:V sh:targetClass ent:V ; sh:not [ sh:minInclusive "2018"^^xsd:gYear ] .',
            "sh:minInclusive is used in what is denied",
        ),
        ("shape:V sh:targetClass ent:V ; sh:not [ sh:and ( [ sh:minInclusive 1 ] ) ] .", ""),
        ('shape:V sh:targetClass ent:V ; sh:minInclusive "2018"^^xsd:gYear .', ""),
        (
            "shape:V sh:targetClass ent:V ; sh:xone ( [ sh:node shape:W ] ) .\n"
            "shape:W sh:property [ sh:path ent:a ; sh:lessThan ent:b ] .",
            "sh:lessThan is used in what is denied",
        ),
    ],
)
def test_for_which_shapes_pyshifty_is(shapes: str, reason: str) -> None:
    assert unfit(ShapesGraph([document(shapes)])) == reason


def suspected(shapes: str, facts: str, passages: Sequence[str], ontology: str = "") -> list[bool]:
    """Which passages are suspect, by what they say about id:x."""
    read = [document(shapes)]
    dependencies = ShapesGraph(read).dependencies
    assert dependencies
    asserted = document(facts).triples
    said = [suspects.Passage(frozenset(t.subject for t in ts), ts) for ts in (document(p).triples for p in passages)]
    statements = ListedStatements(asserted)
    terms = document(ontology).triples
    return suspects.start(ShapesGraph(read), dependencies, terms, asserted, statements, said)().passages


def test_passages_do_not_meet_each_other() -> None:
    facts = "id:x a ent:Visit . id:a a ent:Actor ."
    passages = [
        "id:x ent:visitor id:a .",
        "id:x ent:visitor id:b .",
        "id:b a ent:Actor .",
        "id:b a ent:Actor . id:x ent:visitor id:b .",
    ]
    assert suspected(VISIT, facts, passages) == [False, True, False, False]


def test_a_passage_is_judged_with_what_leads_to_its_things() -> None:
    shape = (
        "shape:V sh:targetObjectsOf ent:host ; sh:property [ sh:path [ sh:inversePath ent:host ] ; sh:maxCount 1 ] ."
    )
    facts = "id:v ent:host id:x ."
    assert suspected(shape, facts, ["id:x rdfs:label 'x' .", "id:w ent:host id:x . id:x rdfs:label 'x' ."]) == [
        False,
        True,
    ]


@pytest.mark.parametrize(
    ("shapes", "said"),
    [
        ("shape:V sh:targetNode id:x ; sh:property [ sh:path ent:a ; sh:maxCount 0 ] .", "id:x ent:a 1 ."),
        ("shape:V sh:targetSubjectsOf ent:a ; sh:pattern 'id/x$' .", "id:x ent:a 1 ."),
        (
            "shape:V sh:targetSubjectsOf ent:a ; sh:property [ sh:path ent:a ; sh:pattern 'id/x$' ] .",
            "id:y ent:a id:x .",
        ),
        ("shape:V sh:targetClass ent:A ; sh:maxLength 3 .", "id:x a ent:B ."),
        (
            "shape:V sh:targetSubjectsOf ent:a ;\n"
            "    sh:property [ sh:path ( [ sh:inversePath ent:c ] ent:c ) ; sh:maxCount 1 ] .",
            "id:x ent:a 1 . ent:B ent:c id:x .",
        ),
        (
            "shape:V sh:targetSubjectsOf ent:a ;\n"
            "    sh:property [ sh:path ( ent:c [ sh:inversePath ent:c ] ) ; sh:maxCount 1 ] .",
            "id:x ent:a 1 ; ent:c ent:B .",
        ),
    ],
)
def test_where_names_matter_a_passage_stays_with_pyshacl(shapes: str, said: str) -> None:
    assert suspected(shapes, "id:f ent:f ent:f .", [said], "ent:B rdfs:subClassOf ent:A .") == [True]


@pytest.mark.parametrize(
    "facts", ["<urn:entente:copy:passage-0-0> a ent:Visit .", "id:x ent:visitor 'x'^^<urn:entente:ill-formed:x> ."]
)
def test_its_own_names_in_the_facts_are_refused(facts: str) -> None:
    with pytest.raises(LimitError, match="own names"):
        suspected(VISIT, facts, [])


def test_a_focus_node_that_has_no_name() -> None:
    shape = "shape:V sh:targetObjectsOf ent:a ; sh:datatype xsd:integer ."
    read, facts = (
        [document(shape)],
        document("id:x ent:a [ ent:b 1 ] , 'old' , 'x\\ny'@en , 007 , id:y , 'vii'^^xsd:int .").triples,
    )
    dependencies = ShapesGraph(read).dependencies
    assert dependencies
    found = suspects.start(ShapesGraph(read), dependencies, [], facts, ListedStatements(facts), [])().nodes
    values = {t.object for t in facts if iri(t.subject) == ID + "x"}
    assert found == {value for value in values if "007" not in str(value)}
    assert len(found) == 5


def test_a_fault_within_a_property_shape_of_another_is_one_of_the_outer_node() -> None:
    shape = """shape:V sh:targetClass ent:V ; sh:property [ sh:path ent:a ;
        sh:property [ sh:path ent:b ; sh:property [ sh:path ent:c ; sh:minCount 1 ] ] ] ."""
    read, facts = [document(shape)], document("id:x a ent:V ; ent:a id:y . id:y ent:b id:z .").triples
    dependencies = ShapesGraph(read).dependencies
    assert dependencies
    found = suspects.start(ShapesGraph(read), dependencies, [], facts, ListedStatements(facts), [])().nodes
    assert NamedNode(ID + "x") in found


def test_triples_that_no_shape_looks_at_are_left_out() -> None:
    dependencies = ShapesGraph([document(VISIT)]).dependencies
    assert dependencies
    facts = document("id:x a ent:Visit ; ent:visitor id:y ; rdfs:label 'x' .").triples
    kept = suspects.written(facts, dependencies).splitlines()
    assert len(kept) == 2
    closed = ShapesGraph([document("shape:V sh:targetClass ent:Visit ; sh:closed true .")]).dependencies
    assert closed
    assert len(suspects.written(facts, closed).splitlines()) == 3
    with pytest.raises(LimitError, match="triple terms"):
        suspects.written([Triple(facts[0].subject, facts[0].predicate, facts[1])], closed)


def test_a_node_of_no_data_may_be_a_target() -> None:
    shape = "shape:V sh:targetNode id:gone ; sh:property [ sh:path ent:a ; sh:minCount 1 ] ."
    read = [document(shape)]
    dependencies = ShapesGraph(read).dependencies
    assert dependencies
    found = suspects.start(ShapesGraph(read), dependencies, [], [], ListedStatements([]), [])()
    assert found.nodes == {NamedNode(ID + "gone")}
