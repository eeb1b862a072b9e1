"""Hygiene of words: each rule has axioms that break it, at a marked place, and axioms that do not."""

import shutil
from pathlib import Path

import pytest
from marked import unmark

from kg.dataset import build
from kg.findings import Finding
from kg.rdf.namespaces import ENT, PREFIXES
from kg.source import documents
from kg.source.documents import Document
from kg.source.layout import GraphFolder
from kg.validation import ontology, queries
from kg.validation.ontology import Axioms

ROOT = Path(__file__).parents[2]
HEAD = "".join(f"@prefix {name}: <{PREFIXES[name]}> .\n" for name in ("ent", "id", "owl", "rdf", "rdfs", "skos", "xsd"))
WORDS = """
ent:Event a owl:Class . ent:Visit a owl:Class ; rdfs:subClassOf ent:Event . ent:Loan a owl:Class .
ent:visitor a owl:ObjectProperty . ent:guest a owl:ObjectProperty . ent:host a owl:ObjectProperty .
ent:date a owl:DatatypeProperty . ent:note a owl:AnnotationProperty . ent:identifiedBy a owl:AnnotationProperty .
ent:Status a owl:Class . ent:held a ent:Status .
"""


def document(text: str, name: str = "ontology/case.ttl") -> Document:
    problems: list[Finding] = []
    found = documents.parse_text(name, HEAD + WORDS + text, problems)
    assert found is not None, problems
    return found


def findings(text: str) -> list[Finding]:
    return list(ontology.check_ontology(Axioms([document(text)])))


def sub(expression: str) -> str:
    return f"[] a owl:Restriction ; {expression} ; rdfs:subClassOf ent:Event ."


def sup(expression: str) -> str:
    return f"ent:Visit rdfs:subClassOf [ a owl:Restriction ; {expression} ] ."


ON = "owl:onProperty ent:visitor"

PROFILE = [
    (sup(f"{ON} ; owl:someValuesFrom ⟦ent:Event⟧"), "owl:someValuesFrom in a superclass is outside OWL 2 RL"),
    (sup("owl:unionOf ⟦( ent:Event ent:Loan )⟧"), "owl:unionOf in a superclass"),
    (sup("owl:oneOf ⟦( id:a )⟧"), "owl:oneOf in a superclass"),
    (sup(f"{ON} ; owl:minCardinality ⟦1⟧"), "owl:minCardinality in a superclass"),
    (sup(f"{ON} ; owl:cardinality ⟦1⟧"), "owl:cardinality in a superclass"),
    (sup(f"{ON} ; owl:maxCardinality ⟦2⟧"), "owl:maxCardinality 2 is outside OWL 2 RL, which allows 0 and 1"),
    (sup(f"{ON} ; owl:hasSelf ⟦true⟧"), "owl:hasSelf in a superclass"),
    (sup(f"{ON} ; owl:allValuesFrom [ owl:unionOf ⟦( ent:Loan )⟧ ]"), "owl:unionOf in a superclass"),
    (sup("owl:intersectionOf ( ent:Event [ owl:oneOf ⟦( id:a )⟧ ] )"), "owl:oneOf in a superclass"),
    (sup("owl:complementOf [ owl:complementOf ⟦ent:Loan⟧ ]"), "owl:complementOf in a subclass"),
    (sub(f"{ON} ; owl:allValuesFrom ⟦ent:Event⟧"), "owl:allValuesFrom in a subclass"),
    (sub(f"{ON} ; owl:maxCardinality ⟦1⟧"), "owl:maxCardinality in a subclass"),
    (sub(f"{ON} ; owl:someValuesFrom [ owl:complementOf ⟦ent:Loan⟧ ]"), "owl:complementOf in a filler"),
    ("ent:visitor rdfs:domain [ owl:unionOf ⟦( ent:Event ent:Loan )⟧ ] .", "owl:unionOf in a superclass"),
    ("ent:visitor rdfs:range ⟦owl:Thing⟧ .", "owl:Thing as a superclass"),
    ("ent:Visit owl:equivalentClass [ owl:unionOf ⟦( ent:Loan )⟧ ] .", "owl:unionOf in an equivalence"),
    ("[] a owl:AllDisjointClasses ; owl:members ( ent:Loan [ owl:complementOf ⟦ent:Visit⟧ ] ) .", "in a subclass"),
    ("ent:Event owl:disjointUnionOf ⟦( ent:Visit ent:Loan )⟧ .", "owl:disjointUnionOf is outside OWL 2 RL"),
    ("ent:visitor a ⟦owl:ReflexiveProperty⟧ .", "owl:ReflexiveProperty is outside OWL 2 RL"),
    ("ent:date rdfs:range ⟦xsd:date⟧ .", "xsd:date is no datatype of OWL 2"),
    (sub("owl:onProperty ent:date ; owl:someValuesFrom ⟦xsd:gYear⟧"), "xsd:gYear is no datatype of OWL 2"),
    ("ent:date rdfs:range [ a rdfs:Datatype ; owl:oneOf ⟦( 1 2 )⟧ ] .", "owl:oneOf in a range of literals"),
    (
        "ent:visitor a owl:TransitiveProperty , ⟦owl:AsymmetricProperty⟧ .",
        "ent:visitor is transitive or made by a chain",
    ),
    (
        "ent:guest owl:propertyChainAxiom ( ent:host ent:visitor ) ; rdfs:subPropertyOf ent:visitor .\n"
        "ent:visitor a ⟦owl:FunctionalProperty⟧ .",
        "ent:visitor is transitive or made by a chain, so it cannot be owl:FunctionalProperty",
    ),
    (
        "ent:visitor owl:propertyChainAxiom ⟦( ent:host ent:visitor ent:guest )⟧ .",
        "ent:visitor stands in the middle of its own owl:propertyChainAxiom, which OWL 2 forbids",
    ),
]


@pytest.mark.parametrize(("text", "message"), PROFILE)
def test_an_axiom_outside_the_profile(text: str, message: str) -> None:
    plain, place = unmark(HEAD + WORDS + text)
    found = [f for f in findings(plain.removeprefix(HEAD + WORDS)) if f.rule == "outside-profile"]
    assert [(f.severity, f.line, f.column) for f in found] == [("violation", *place)]
    assert message in found[0].message


WITHIN = [
    sub(f"{ON} ; owl:someValuesFrom ent:Event"),
    sub(f"{ON} ; owl:someValuesFrom owl:Thing"),
    sub(f"{ON} ; owl:hasValue id:a"),
    sub("owl:unionOf ( ent:Visit ent:Loan [ owl:oneOf ( id:a id:b ) ] )"),
    sub(f"owl:intersectionOf ( ent:Visit [ {ON} ; owl:someValuesFrom ent:Loan ] )"),
    sub("owl:onProperty ent:date ; owl:someValuesFrom xsd:string"),
    sup(f"{ON} ; owl:allValuesFrom ent:Event"),
    sup(f"owl:intersectionOf ( ent:Event [ {ON} ; owl:hasValue id:a ] )"),
    "ent:Visit owl:equivalentClass [ owl:intersectionOf ( ent:Event ent:Loan ) ] .",
    "ent:Visit owl:disjointWith ent:Loan . [] a owl:AllDisjointClasses ; owl:members ( ent:Visit ent:Loan ) .",
    "ent:visitor rdfs:domain ent:Event ; rdfs:range ent:Event ; owl:inverseOf ent:guest .",
    "ent:date rdfs:range xsd:dateTime .",
    "ent:date rdfs:range [ a rdfs:Datatype ; owl:intersectionOf ( xsd:integer xsd:positiveInteger ) ] .",
    "ent:visitor a owl:AsymmetricProperty , owl:IrreflexiveProperty . ent:guest a owl:TransitiveProperty .",
    "ent:visitor owl:propertyChainAxiom ( ent:visitor ent:host ) , ( [ owl:inverseOf ent:host ] ent:visitor ) .",
    "ent:tieFamily a owl:AnnotationProperty . ent:Visit ent:tieFamily 'meeting' . ent:guest ent:tieFamily 'other' .",
    "ent:Visit ent:identifiedBy ent:visitor , ent:date ; skos:closeMatch <https://schema.org/Event> .",
    "<https://w3id.org/entente/ontology> a owl:Ontology ; owl:versionInfo '1' .",
]


@pytest.mark.parametrize("text", WITHIN)
def test_axioms_within_the_profile(text: str) -> None:
    assert findings(text) == []


def test_depth_does_no_harm() -> None:
    deep = f"[ {ON} ; owl:allValuesFrom " * 2000 + "ent:Event" + " ]" * 2000
    assert findings(f"ent:Visit rdfs:subClassOf {deep} .") == []


FAMILY = "ent:tieFamily a owl:AnnotationProperty . "
OTHER = [
    (FAMILY + "ent:Visit ent:tieFamily ⟦'meetings'⟧ .", "violation", "tie-family", "no family", "mean meeting?"),
    (FAMILY + "ent:Visit ent:tieFamily ⟦'trip'⟧ .", "violation", "tie-family", 'of ties "trip"', "support, opposition"),
    (FAMILY + "ent:Visit ent:tieFamily ⟦'meeting'@en⟧ .", "violation", "tie-family", '"meeting"@en', "mean meeting?"),
    (FAMILY + "ent:guest ent:tieFamily ⟦ent:Visit⟧ .", "violation", "tie-family", "no family", "families are support"),
    (
        FAMILY + "ent:Visit ent:tieFamily 'meeting' , ⟦'support'⟧ .",
        "violation",
        "tie-family",
        "ent:Visit is in the family “meeting” already",
        "keep one",
    ),
    (
        FAMILY + "⟦ent:held⟧ ent:tieFamily 'meeting' .",
        "violation",
        "undeclared-term",
        "declares no class or property ent:held",
        "",
    ),
    ("ent:visitor a ⟦owl:FunctionalProperty⟧ .", "warning", "fusing-axiom", "infers owl:sameAs", "write a shape"),
    (sup(f"{ON} ; owl:maxCardinality ⟦1⟧"), "warning", "fusing-axiom", "owl:maxCardinality infers owl:sameAs", ""),
    ("ent:Visit owl:hasKey ⟦( ent:visitor )⟧ .", "warning", "fusing-axiom", "owl:hasKey", ""),
    ("<x:o> a owl:Ontology ; owl:imports ⟦<http://a/>⟧ .", "violation", "imports", "are not fetched", "closeMatch"),
    ("ent:Loan rdfs:subClassOf ⟦ent:Evnt⟧ .", "violation", "undeclared-term", "no class ent:Evnt", "mean ent:Event?"),
    ("⟦ent:Lone⟧ rdfs:subClassOf ent:Event .", "violation", "undeclared-term", "no class ent:Lone", "mean ent:Loan?"),
    ("ent:guest rdfs:subPropertyOf ⟦ent:visiter⟧ .", "violation", "undeclared-term", "no property ent:visiter", "?"),
    ("ent:guest rdfs:domain ⟦ent:visitor⟧ .", "violation", "undeclared-term", "no class ent:visitor", "ent:Visit?"),
    ("ent:guest rdfs:range ⟦ent:Vist⟧ .", "violation", "undeclared-term", "no class or datatype ent:Vist", "Visit?"),
    (
        "ent:guest owl:propertyChainAxiom ( ent:host ⟦ent:gust⟧ ) .",
        "violation",
        "undeclared-term",
        "ent:gust",
        "guest?",
    ),
    (
        "ent:guest owl:propertyChainAxiom ( [ owl:inverseOf ⟦ent:hst⟧ ] ent:host ) .",
        "violation",
        "undeclared-term",
        "no property ent:hst",
        "did you mean ent:host?",
    ),
    ("[] a owl:AllDisjointClasses ; owl:members ( ent:Visit ⟦ent:X⟧ ) .", "violation", "undeclared-term", "ent:X", ""),
    ("ent:Visit ent:identifiedBy ⟦ent:vistor⟧ .", "violation", "undeclared-term", "no property ent:vistor", "visitor?"),
    ("ent:Visit skos:broader ⟦ent:Journey⟧ .", "violation", "undeclared-term", "no term ent:Journey", "ontology/"),
    ("ent:Visit ent:remark ⟦'x'⟧ .", "violation", "undeclared-term", "declares no term ent:remark", "ontology/"),
    (
        "ent:Visit rdfs:subClassOf ⟦<https://schema.org/Event>⟧ .",
        "violation",
        "undeclared-term",
        "no class https://schema.org/Event",
        "skos:closeMatch",
    ),
    (
        "ent:Visit owl:equivalentTo ⟦ent:Loan⟧ .",
        "violation",
        "undeclared-term",
        "owl:equivalentTo is no term",
        "did you",
    ),
    ("ent:Visit rdfs:lable ⟦'visit'⟧ .", "violation", "undeclared-term", "rdfs:lable is no term", "rdfs:label?"),
    ("ent:visitor a ⟦owl:SymetricProperty⟧ .", "violation", "undeclared-term", "owl:SymetricProperty", "Symmetric"),
    (
        "ent:visitor a ⟦owl:DatatypeProperty⟧ .",
        "violation",
        "two-kinds",
        "both owl:DatatypeProperty and owl:Obj",
        "remove one",
    ),
    ("ent:note a ⟦owl:ObjectProperty⟧ .", "violation", "two-kinds", "ent:note is both owl:AnnotationProperty", ""),
    (
        "ent:Event rdfs:subClassOf ⟦ent:Visit⟧ .",
        "violation",
        "circular-words",
        "classes below each other in a circle: ent:Event → ent:Visit → ent:Event",
        "remove one",
    ),
    ("ent:Loan rdfs:subClassOf ⟦ent:Loan⟧ .", "violation", "circular-words", "ent:Loan → ent:Loan", ""),
    (
        "ent:guest rdfs:subPropertyOf ent:host . ent:visitor rdfs:subPropertyOf ent:guest .\n"
        "ent:host rdfs:subPropertyOf ⟦ent:visitor⟧ .",
        "violation",
        "circular-words",
        "properties below each other in a circle: ent:guest → ent:host → ent:visitor → ent:guest",
        "",
    ),
]


@pytest.mark.parametrize(("text", "severity", "rule", "message", "hint"), OTHER)
def test_a_word_that_is_unsound(text: str, severity: str, rule: str, message: str, hint: str) -> None:
    plain, place = unmark(HEAD + WORDS + text)
    found = [f for f in findings(plain.removeprefix(HEAD + WORDS)) if f.rule == rule]
    assert [(f.file, f.line, f.column, f.severity) for f in found] == [("ontology/case.ttl", *place, severity)]
    assert message in found[0].message
    assert hint in found[0].hint
    assert "_:" not in str(found)


def unused(text: str, *used: str) -> list[tuple[str, int, str]]:
    found = ontology.unused_terms(Axioms([document(text)]), lambda iri: iri in {ENT + name for name in used})
    return [(f.severity, f.line, f.message) for f in found]


def test_a_word_that_nothing_uses_is_information() -> None:
    every = ("Event", "Visit", "Loan", "visitor", "guest", "host", "date", "note", "identifiedBy", "Status")
    assert unused("", *every) == []  # ent:held lives by its class
    assert unused("", *every[1:]) == [("info", 9, "no fact, shape or query uses ent:Event")]
    assert unused("ent:Event skos:scopeNote 'For later.'@en .", *every[1:]) == []


def test_every_word_of_the_house_is_used_or_explained(tmp_path: Path) -> None:
    """By the shipped article, those of the tests, a shape or a query."""
    for room in ("ontology", "shapes", "queries", "kg/articles", "kg/background"):
        shutil.copytree(ROOT / room, tmp_path / room)
    for graph in ("second", "wire-report", "communique", "regional-paper"):
        shutil.copytree(ROOT / "tests" / "graphs" / graph / "kg", tmp_path / "kg", dirs_exist_ok=True)
    made = build.read_sources(documents.load_sources(GraphFolder(str(tmp_path))))
    questions, _ = queries.read_queries(GraphFolder(str(tmp_path)))
    triples = [*made.facts, *made.described, *made.claims, *(t for d in made.sources.shapes for t in d.triples)]
    used = {getattr(term, "value", "") for t in triples for term in (t.subject, t.predicate, t.object)}
    axioms = Axioms(made.sources.ontology)
    assert list(ontology.check_ontology(axioms)) == []
    assert [
        str(f) for f in ontology.unused_terms(axioms, used.union(*(q.text.names for q in questions)).__contains__)
    ] == []
