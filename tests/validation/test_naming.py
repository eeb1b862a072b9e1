"""The words of a passage name the things in its facts: what names one, and what is told of others."""

import pytest
from articles import PREFIXES, document

from kg.dataset import build
from kg.dataset.build import Build
from kg.dataset.named import Names
from kg.findings import Finding
from kg.rdf.namespaces import ARTICLE, BACKGROUND, DCTERMS
from kg.source.documents import ArticleSources, Sources
from kg.source.layout import GraphFolder
from kg.validation import naming

WORDS = """\
ent:Actor a owl:Class ; rdfs:label "actor"@en . ent:Place a owl:Class ; rdfs:label "place"@en .
ent:Place ent:demonym "Ostia: Ostish"@en .
ent:State a owl:Class ; rdfs:subClassOf ent:Actor , ent:Place . ent:Person a owl:Class ; rdfs:subClassOf ent:Actor .
ent:Organisation a owl:Class ; rdfs:subClassOf ent:Actor .
ent:Government a owl:Class ; rdfs:subClassOf ent:Organisation ; rdfs:label "government"@en .
ent:City a owl:Class ; rdfs:subClassOf ent:Place . ent:InfrastructureProject a owl:Class .
ent:Dam a owl:Class ; rdfs:subClassOf ent:InfrastructureProject ; rdfs:label "dam"@en .
ent:Deal a owl:Class ; rdfs:label "arms deal"@en .
"""
THINGS = """\
id:ostia a ent:State ; rdfs:label "Ostia"@en . id:norland a ent:State ; rdfs:label "Norland"@en .
id:ann a ent:Person ; rdfs:label "Ann Marie Oake"@en .
id:melk a ent:City ; rdfs:label "Melk"@en ; ent:capitalOf id:ostia .
id:rulers a ent:Government ; rdfs:label "the Circle"@en ; ent:governmentOf id:ostia .
id:dam a ent:Dam ; rdfs:label "Ossen Dam"@en . id:side a ent:Side .
"""


def made(facts: str, quote: str, *, language: str = "en", more: str = "", others: str = "") -> Build:
    """A build of an article with one passage of these facts, and with others."""
    prefixes = f"{PREFIXES}@prefix background: <{BACKGROUND}> .\n@prefix p: <{ARTICLE}a#> .\n"
    head = f'<{ARTICLE}a> a ent:Article ; <{DCTERMS}language> "{language}" .'
    told = f'p:it a ent:Passage ; ent:quote "{quote}"{more} .\np:it {{ {facts} }}\n{others}'
    text = f"{quote}\n\nOf Norland and Ostia.\n"
    sources = Sources(
        GraphFolder("."),
        ontology=[document("ontology/words.ttl", PREFIXES + WORDS)],
        background=[document("kg/background/all.trig", f"{prefixes}background:all {{ {THINGS} }}")],
        articles=[ArticleSources("a", "a.txt", text, document("a.trig", f"{prefixes}{head}\n{told}"))],
    )
    return build.read_sources(sources)


def unnamed(facts: str, quote: str, **more: str) -> list[Finding]:
    return list(naming.check_names(made(facts, quote, **more)))


@pytest.mark.parametrize(
    ("thing", "quote"),
    [
        ("ostia", "Ostia’s deal"),
        ("ostia", "the Ostish deal"),
        ("norland", "Norlandic arms"),
        ("ostia", "the Circle signed"),
        ("rulers", "Ostia signed"),
        ("rulers", "Ostish officials signed"),
        ("rulers", "Melk signed"),
        ("ann", "Oake signed"),
        ("dam", "work on the new dam"),
        ("dam", "the Ossen dam is done"),
    ],
)
def test_words_that_name_a_thing(thing: str, quote: str) -> None:
    assert unnamed(f"id:deal a ent:Deal ; ent:with id:{thing} .", quote) == []


@pytest.mark.parametrize(
    ("thing", "quote"),
    [
        ("norland", "Ostia’s deal"),
        ("norland", "the Norlandia deal"),
        ("ann", "the oak"),
        ("dam", "a dam is planned"),
        ("dam", "their many old dams"),
        ("melk", "Ostia signed"),
        ("ostia", "Melk signed"),
    ],
)
def test_words_that_name_another_thing_or_none(thing: str, quote: str) -> None:
    (finding,) = unnamed(f"id:deal a ent:Deal ; ent:with id:{thing} .", quote)
    assert finding.message == f"p:it: the words name no id:{thing}, the with of id:deal"
    assert (finding.rule, finding.severity, finding.value[-len(thing) :]) == ("unnamed-thing", "warning", thing)


def test_two_dams_are_not_the_dam() -> None:
    other = "id:deal a ent:Deal ; ent:with id:dam . id:weir a ent:Dam ; ent:with id:deal ."
    assert [f.value.rpartition("/")[2] for f in unnamed(other, "work on the dam")] == ["dam"]


def test_what_a_passage_is_directly_read_with_names_too() -> None:
    facts = "id:deal a ent:Deal ; ent:with id:norland ."
    others = 'p:next a ent:Passage ; ent:quote "Of Norland and Ostia." .\np:next { id:x a ent:Deal . }\n'
    assert len(unnamed(facts, "They signed", others=others)) == 1
    assert unnamed(facts, "They signed", others=others, more=" ; ent:readWith p:next") == []
    assert unnamed(facts, "They signed", more=" ; ent:readWith p:gone") == []  # a finding of its own


def test_what_is_no_actor_or_place_needs_no_name_where_it_is_introduced() -> None:
    assert unnamed("id:deal ent:with id:side . id:side a ent:Side . id:deal a ent:Deal .", "It is so") == []
    (finding,) = unnamed("id:deal ent:with id:side . id:deal a ent:Deal .", "It is so")
    assert "id:side, the with of id:deal" in finding.message


def test_the_thing_that_facts_are_about_is_named_or_introduced() -> None:
    assert unnamed('id:norland ent:wording "It"@en .', "It is so")[0].message == (
        "p:it: the words name no id:norland, of which this is a fact"
    )
    assert unnamed('id:norland ent:wording "It"@en .', "It is so, Norland") == []
    assert unnamed('id:deal a ent:Deal ; ent:wording "It"@en .', "It is so") == []


def test_reported_speech_is_judged_alike() -> None:
    facts, speaker = "id:deal a ent:Deal ; ent:with id:norland .", " ; ent:speaker id:ann ; ent:speech ent:quoted"
    assert [f.rule for f in unnamed(facts, "Oake said they signed", more=speaker)] == ["unnamed-thing"]


def test_a_language_without_a_lexicon_gets_one_note() -> None:
    (finding,) = unnamed("id:deal a ent:Deal ; ent:with id:norland , id:ostia .", "Sie kamen", language="de-AT")
    assert (finding.rule, finding.severity) == ("no-lexicon", "info")
    assert "“de-AT”" in finding.message


def test_names_have_spans() -> None:
    built = made("id:deal a ent:Deal ; ent:with id:ostia , id:dam .", "The Ostish dam of İstanbul and Ostia")
    (evidence,) = built.evidence
    found = Names(built).of(evidence).named(evidence.passages[0])
    assert [(m.start, m.words, m.iris[0][-5:]) for m in found] == [
        (4, "Ostish", "ostia"),
        (11, "dam", "d/dam"),
        (31, "Ostia", "ostia"),
    ]
