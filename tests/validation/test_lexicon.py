"""The lint of the lexicon: what cannot be read, what no example tries, and what has no patterns."""

import pytest
from articles import PREFIXES, document

from kg.validation.ontology import Axioms, check_lexicon

TERMS = """\
ent:Relation a owl:Class ; ent:noPattern "Too broad."@en . ent:Event a owl:Class ; ent:noPattern "Too broad."@en .
ent:backer a owl:ObjectProperty . ent:backed a owl:ObjectProperty . ent:side a owl:ObjectProperty .
ent:Support a owl:Class ; rdfs:subClassOf ent:Relation ; ent:pattern "{backer} *back {backed}"@en ;
    ent:usage "[backer: Turkey] backs [backed: the rebels]."@en .
"""


def found(more: str) -> list[tuple[str, str, str]]:
    axioms = Axioms([document("ontology/terms.ttl", PREFIXES + TERMS + more)])
    return [(f.rule, f.severity, f.message) for f in check_lexicon(axioms)]


def test_a_sound_lexicon_has_no_findings() -> None:
    assert found('ent:held ent:tense "past perfect ended"@en ; ent:cue "*hold|under_way"@en .') == []


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ('ent:pattern "{backer *back"@en', "“{backer *back”: “{” opens a slot that does not end (at character 1)"),
        ('ent:pattern "{backer} *aid {bakced}"@en', "the ontology declares no property “bakced”"),
        ('ent:pattern "{side/heads} *aid {backed}"@en', "the ontology declares no property “heads”"),
        ('ent:cue "back {backer}"@en', "the cue “back {backer}” has a slot"),
        ('ent:cue "back||"@en', "“|” stands between phrases, without spaces (at character 5)"),
        ('ent:tense "past future"@en', "there is no tense “future”"),
    ],
)
def test_what_cannot_be_read_is_a_violation(said: str, message: str) -> None:
    (finding,) = found(f"ent:Support {said} .")
    assert finding[:2] == ("pattern", "violation")
    assert message in finding[2]


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ('ent:pattern "{backer} *aid {backed}"@en', "“{backer} *aid {backed}” fits no ent:usage of ent:Support"),
        ('ent:usage "[backer: Turkey] left."@en', "no pattern of ent:Support fits “[backer: Turkey] left.”"),
        (
            'ent:usage "[backed: Turkey] backs [backer: Iran]."@en',
            "no pattern of ent:Support fits “[backed: Turkey] backs [backer: Iran].”",
        ),
        (
            'ent:usage "[backer: Turkey] backs Iran."@en',
            "no pattern of ent:Support fits “[backer: Turkey] backs Iran.”",
        ),
    ],
)
def test_patterns_and_examples_try_each_other(said: str, message: str) -> None:
    assert found(f"ent:Support {said} .") == [("pattern-usage", "warning", message)]


def test_a_class_of_relations_or_events_has_a_clause_or_inherits_one() -> None:
    clause = 'ent:Support ent:clause "{backer} *back {backed}"@en . '
    row = 'ent:Row a owl:Class ; rdfs:subClassOf ent:Event ; ent:noPattern "By the word row."@en'
    message = "ent:Row has no ent:clause in “en”, nor has a class above it"
    assert found(f"{clause} {row} .") == [("no-clause", "info", message)]
    assert found(f'{clause} {row} ; ent:clause "{{backer}} *quarrel"@en .') == []
    assert found(f"{clause} {row.replace('ent:Event', 'ent:Support')} .") == []


def test_a_class_of_relations_or_events_has_patterns_or_says_why_not() -> None:
    told = [("no-pattern", "info", "ent:Feud has no ent:pattern in “en”")]
    assert found("ent:Feud a owl:Class ; rdfs:subClassOf ent:Support .") == told
    assert found('ent:Feud a owl:Class ; rdfs:subClassOf ent:Support ; ent:noPattern "As a support."@en .') == []
    assert found("ent:Thing a owl:Class .") == []
    german = 'ent:Support ent:pattern "{backer} unterstützt {backed}"@de ; '
    german += 'ent:usage "[backer: Ostia] unterstützt [backed: Melk]."@de .'
    assert [message for _, _, message in found(german)] == [
        "ent:Relation has no ent:pattern in “de”",
        "ent:Event has no ent:pattern in “de”",
    ]
