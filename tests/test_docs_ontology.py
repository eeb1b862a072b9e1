"""The ontology page: its examples hold, its lists are those of the shapes, and what it says of classes is so."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, RdfFormat, Triple, parse
from shape_cases import CASES, ontology, read, world

from kg.rdf.namespaces import ENT, RDF_TYPE, SH, local_name
from kg.reasoning.closure import close
from kg.validation.shacl import Validator
from tools.pages.index import Index

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "ontology.md").read_text("utf-8")
ENTRY = re.compile(r'^### <a id="(\w+)-(\w+)"></a>ent:\w+\n\n(.*?)(?=^##)', re.MULTILINE | re.DOTALL)
ENTRIES = {(kind, name): text for kind, name, text in ENTRY.findall(PAGE)}
CLASSES = {name: text for (kind, name), text in ENTRIES.items() if kind == "class"}
EXAMPLES = {name: e for name, text in CLASSES.items() for e in re.findall(r"```turtle\n(.*?)```", text, re.DOTALL)}
PREFIXES = "".join(re.findall(r"^@prefix .*\n", (CASES / "world.ttl").read_text("utf-8"), re.MULTILINE))
UNTYPED = (  # inferred, computed, of an export with claims, or of the ontology itself
    "currentStage currentStatus directType firstDay lastDay stageStatedIn statedIn statusStatedIn "
    "backs holdsOffice holdsOfficeIn leads memberOf sellerTo "
    "earliest latest earliestStart latestStart earliestEnd latestEnd "
    "article reading readingOrder textStart textEnd unit unitKind claimedBy passage rule "
    "postponedBy proposedFor refusedBy refusedFor textHash words "  # of proposals
    "compatibleWith distinguishedBy identifiedBy measuredIn oneValue oneSubject oneWay demonym tieFamily "
    "clause clauseTense computedLabel cue noPattern nounPhrase pattern tense usage"
)


def turtle(text: str) -> list[Triple]:
    return [q.triple for q in parse(PREFIXES + text, format=RdfFormat.TURTLE)]


@cache
def validator() -> Validator:
    return Validator(read().shapes, ontology())


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_is_of_its_class_and_without_fault(name: str) -> None:
    shown = turtle(EXAMPLES[name])
    (thing,) = {t.subject for t in shown}
    assert Triple(thing, NamedNode(RDF_TYPE), NamedNode(ENT + name)) in shown
    assert set(shown) <= set(world())
    assert validator().validate([*(t for t in world() if t.subject != thing), *shown], [thing]) == []


def test_what_a_newcomer_looked_for_has_an_example() -> None:
    assert {"Loan", "Quantity", "Membership", "Superlative", "Ceremony", "State"} <= EXAMPLES.keys()


def named_in_shapes() -> Iterator[tuple[str, str, list[str]]]:
    """Each class that a shape targets, with a property of the shape and with the classes that the property takes."""
    shapes = Index(t for d in read().shapes for t in d.triples)
    for shape in shapes.named():
        for target in shapes.names(shape, SH + "targetClass"):
            for part in shapes.values(shape, SH + "property"):
                for path in shapes.names(part, SH + "path"):
                    kinds = shapes.names(part, SH + "class")
                    forbids = shapes.values(part, SH + "not")  # what it may not be is in the message alone
                    if local_name(target.value) in CLASSES and path.value.startswith(ENT) and not forbids:
                        yield local_name(target.value), local_name(path.value), [local_name(k.value) for k in kinds]


def test_a_class_lists_what_its_shapes_name() -> None:
    found = list(named_in_shapes())
    assert len(found) > 50
    for name, path, kinds in found:
        row = re.search(rf"^\| \[ent:{path}\]\(#property-{path}\) \| (.*) \| .* \|$", CLASSES[name], re.MULTILINE)
        assert row, (name, path)
        assert [k for k in kinds if k in CLASSES and f"#class-{k})" not in row[1]] == []


def test_a_class_tells_what_it_needs_and_what_it_has_from_wider_ones() -> None:
    loan = CLASSES["Loan"]
    assert "| [ent:lender](#property-lender) | [ent:Actor](#class-Actor) | wanted |" in loan
    assert "| [ent:sum](#property-sum) | [ent:Quantity](#class-Quantity) |  |" in loan
    assert "- As any [ent:Agreement](#class-Agreement): [ent:cost](#property-cost) · " in loan
    assert "| [ent:number](#property-number) | `xsd:integer` or `xsd:decimal` | needed, one |" in CLASSES["Quantity"]
    assert "[ent:connects](#property-connects)" in CLASSES["Port"]
    assert "| [ent:side](#property-side) | [ent:Side](#class-Side) | needed |" in CLASSES["LineUp"]


def test_each_property_that_somebody_types_tells_where_it_belongs() -> None:
    properties = {name: text for (kind, name), text in ENTRIES.items() if kind == "property"}
    assert all("- Stated of: " in text for text in properties.values())
    assert {name for name, text in properties.items() if "nothing by hand" in text} == set(UNTYPED.split())
    money = "[ent:Investment](#class-Investment), [ent:Loan](#class-Loan), [ent:Pledge](#class-Pledge)"
    assert f"- Stated of: {money}" in properties["funds"]
    assert "- Stated of: [any thing](#any-thing)" in properties["date"]


def test_classes_stand_before_properties_and_these_before_values() -> None:
    for topic in re.split(r"^## ", PAGE, flags=re.MULTILINE):
        kinds = re.findall(r'^### <a id="(\w+)-', topic, re.MULTILINE)
        assert kinds == sorted(kinds)


@pytest.mark.parametrize(("classes", "contradict"), [("ent:Port , ent:Place", False), ("ent:Place , ent:Event", True)])
def test_what_the_page_says_of_two_classes_is_so(classes: str, contradict: bool) -> None:
    assert all(f"`{part}`" in PAGE for part in ([f"a {classes}"] if not contradict else classes.split(" , ")))
    made = [*world(), *turtle(f'id:x a {classes} ; rdfs:label "Sihanoukville"@en . id:plant ent:locatedIn id:x .')]
    assert validator().validate(made) == []
    assert bool(close(made, ontology()).contradictions) is contradict
