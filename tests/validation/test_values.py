"""One value at a time, roles that are not exchanged, and names that are those of one thing."""

import re

import pytest
from worded import made

from kg.dataset.named import Names
from kg.findings import Finding
from kg.rdf.namespaces import SKOS
from kg.validation import entities, naming

QUOTE = "It is so in Norland, Ostia and Melk"
NEXT = 'p:next a ent:Passage ; ent:quote "Of Norland and Ostia."{} .\np:next {{ {} }}\n'
SPOKEN = " ; ent:speaker id:ann ; ent:speech ent:quoted"


def found(facts: str, quote: str = QUOTE, **more: str) -> list[Finding]:
    built = made(facts, quote, **more)
    names = Names(built)
    others = [f for f in naming.check_names(built, names) if f.rule == "name-of-another"]
    return [*entities.check_values(built, names), *others]


def told(facts: str, quote: str = QUOTE, **more: str) -> list[tuple[str, str]]:
    return [(f.rule, f.message) for f in found(facts, quote, **more)]


@pytest.mark.parametrize(
    ("facts", "message"),
    [
        ("id:v ent:status ent:held , ent:planned .", "id:v has ent:status ent:planned, and ent:held here"),
        ("id:v ent:destination id:ostia , id:norland .", "id:v has ent:destination id:norland, and id:ostia here"),
        ("id:melk ent:capitalOf id:norland , id:ostia .", "id:melk has ent:capitalOf id:ostia, and id:norland here"),
        (
            "id:melk ent:capitalOf id:ostia . id:dam ent:capitalOf id:ostia .",
            "id:dam has ent:capitalOf id:ostia, and so has id:melk here",
        ),
        ("id:v ent:destination id:norland , id:melk .", "id:v has ent:destination id:melk, and id:norland here"),
    ],
)
def test_a_second_value(facts: str, message: str) -> None:
    assert told(facts) == [("second-value", f"p:it: {message}")]


@pytest.mark.parametrize(
    "facts",
    [
        "id:v ent:status ent:held . id:w ent:status ent:planned .",
        "id:v ent:destination id:ostia , id:melk .",  # its capital
        "id:v ent:destination id:melk , id:rulers . id:rulers ent:locatedIn id:melk .",
        "id:v ent:destination id:norland , id:port . id:port a ent:City .",  # wherever that is
        "id:v ent:visitor id:ostia , id:norland .",
    ],
)
def test_values_that_may_be_two(facts: str) -> None:
    assert told(facts) == []


def test_a_value_in_another_passage() -> None:
    others = NEXT.format("", "id:v ent:status ent:planned .")
    ((rule, message),) = told("id:v ent:status ent:held .", others=others)
    assert (rule, message) == ("second-value", "p:next: id:v has ent:status ent:planned, and ent:held in p:it")


def test_what_somebody_says_is_judged_apart() -> None:
    others = NEXT.format(SPOKEN, "id:v ent:status ent:planned .")
    assert told("id:v ent:status ent:held .", others=others) == []
    assert len(told("id:v ent:status ent:held .", others=others, more=SPOKEN)) == 1


def deal(name: str, kind: str = "Deal", buyer: str = "ostia", seller: str = "norland", date: str = "") -> str:
    day = f' ; ent:date "{date}"^^xsd:gYear' if date else ""
    return f"id:{name} a ent:{kind} ; ent:buyer id:{buyer} ; ent:seller id:{seller}{day} . "


def test_exchanged_roles() -> None:
    other = deal("sale", buyer="norland", seller="ostia")
    assert told(deal("deal") + other) == [("exchanged-roles", "id:sale has the things of id:deal in exchanged roles")]
    assert told(deal("deal"), others=NEXT.format("", other)) != []
    assert told(deal("deal") + deal("sale")) == []  # a double
    assert told(deal("deal") + deal("sale", buyer="norland", seller="ann")) == []
    assert told(deal("deal", date="2011") + deal("sale", buyer="norland", seller="ostia", date="2012")) == []
    assert told(deal("deal", date="2011") + other) != []


def test_what_may_be_mutual() -> None:
    assert told(deal("one", "Talks") + deal("two", "Talks", buyer="norland", seller="ostia")) == []


@pytest.mark.parametrize(
    ("facts", "message"),
    [
        ('id:norland rdfs:label "Ostia"@en .', "“Ostia”, a name of id:norland, is a name of id:ostia as well"),
        ('id:ann rdfs:label "Norland"@en .', "“Norland”, a name of id:ann, is a name of id:norland as well"),
        ('id:dam rdfs:label "Melk"@en .', "“Melk”, a name of id:dam, is a name of id:melk as well"),
        ('id:v a ent:Visit ; rdfs:label "Melk"@en .', "“Melk”, a name of id:v, is a name of id:melk as well"),
        (
            'id:o a ent:Office ; rdfs:label "Ostia’s head"@en ; ent:heads id:norland .',
            "“Ostia’s head”, a name of id:o, names id:ostia, and it belongs to id:norland",
        ),
        (
            'id:o a ent:Office ; rdfs:label "Ostia’s head"@en ; ent:heads id:ostia , id:norland .',
            "“Ostia’s head”, a name of id:o, names id:ostia, and it belongs to id:norland as well",
        ),
    ],
)
def test_a_name_of_another(facts: str, message: str) -> None:
    meant = "id:w ent:visitor id:ostia , id:norland , id:melk ."
    assert told(f"{facts} {meant}") == [("name-of-another", f"p:it: {message}")]


@pytest.mark.parametrize(
    "facts",
    [
        'id:rulers rdfs:label "Ostia"@en . id:v ent:destination id:ostia .',
        'id:rulers rdfs:label "Melk"@en . id:v ent:destination id:melk .',
        'id:dam rdfs:label "Melk"@en ; ent:locatedIn id:melk .',
        'id:o a ent:Office ; rdfs:label "Foreign Minister"@en . id:x a ent:Office ; rdfs:label "Foreign Minister"@en .',
        'id:v a ent:Visit ; rdfs:label "talks"@en . id:w a ent:Visit ; rdfs:label "talks"@en .',
        'id:ann rdfs:label "Oake"@en . id:bo a ent:Person ; rdfs:label "Oake"@en .',
        'id:o a ent:Office ; rdfs:label "Ostish head"@en ; ent:heads id:rulers . id:v ent:destination id:ostia .',
        'id:o a ent:Office ; rdfs:label "Ostia-born head"@en ; ent:heads id:norland . id:v ent:destination id:ostia .',
        'id:norland rdfs:label "Ostia"@en .',  # of what is not in the article
    ],
)
def test_names_that_things_share(facts: str) -> None:
    assert told(facts) == []


def test_happenings_share_common_names_and_no_proper_ones() -> None:
    facts = 'id:v a ent:Visit ; rdfs:label "{0}"@en . id:w a ent:Visit ; rdfs:label "{0}"@en .'
    assert told(facts.format("Talks on arms")) == []
    assert [rule for rule, _ in told(facts.format("the Melk talks"))] == ["name-of-another"] * 2
    of_melk = facts.format("Melk talks") + " id:v ent:place id:melk ."
    assert [rule for rule, _ in told(of_melk)] == ["name-of-another"] * 2


@pytest.mark.parametrize(
    ("facts", "found"),
    [
        ('id:oake a ent:Place ; rdfs:label "Ostia"@en . id:v ent:place id:ostia .', 0),  # an island and its state
        ('id:oake a ent:Place ; rdfs:label "Oake"@en ; skos:altLabel "Ostia"@en . id:v ent:place id:ostia .', 1),
        ('id:c a skos:Concept ; rdfs:label "peace talks"@en . id:v a ent:Visit ; rdfs:label "peace talks"@en .', 0),
        ('id:c a skos:Concept ; rdfs:label "water law"@en . id:dam a ent:Person ; rdfs:label "water law"@en .', 2),
    ],
)
def test_names_of_places_and_of_fields(facts: str, found: int) -> None:
    written = re.sub(r"skos:(\w+)", rf"<{SKOS}\1>", facts)
    assert [rule for rule, _ in told(written)] == ["name-of-another"] * found
