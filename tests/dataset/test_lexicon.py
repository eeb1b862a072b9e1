"""The lexicon as it is read from the ontology: by term and language, and examples with their marks."""

from articles import PREFIXES, document

from kg.dataset.lexicon import PATTERN, Lexicon, marked
from kg.dataset.roles import HEADING, NEARBY, looked_up
from kg.rdf.namespaces import ENT

SAID = """\
ent:Support ent:pattern "{backer} *back {backed}"@en , "{backer} soutient {backed}"@fr-CA , "{backer"@en , "plain" ;
    ent:cue "support"@en .
ent:Tenure ent:pattern "{holder} *head {office/officeOf}"@en .
ent:held ent:tense "past perfect"@en .
ent:heads rdfs:subPropertyOf ent:officeOf .
"""
TRIPLES = document("ontology/lexicon.ttl", PREFIXES + SAID).triples


def test_patterns_are_those_of_a_language_that_can_be_parsed() -> None:
    lexicon = Lexicon(TRIPLES)
    assert lexicon.languages == {"en", "fr"}
    assert [p.text for p in lexicon.patterns("en")[ENT + "Support"]] == ["{backer} *back {backed}"]
    assert [p.text for p in lexicon.patterns("fr")[ENT + "Support"]] == ["{backer} soutient {backed}"]
    assert lexicon.patterns("de") == {}
    assert [text for _, text in lexicon.texts(PATTERN, "en")][1] == "{backer"


def test_lexicons_that_say_the_same_are_equal() -> None:
    assert Lexicon(TRIPLES) == Lexicon(iter(TRIPLES))
    assert len({Lexicon(TRIPLES), Lexicon(iter(TRIPLES)), Lexicon(TRIPLES[1:])}) == 2


def test_cues_and_tenses() -> None:
    lexicon = Lexicon(TRIPLES)
    assert [p.text for p in lexicon.cues("en")[ENT + "Support"]] == ["support"]
    assert lexicon.tenses("en") == {ENT + "held": {"past", "perfect"}}


def test_an_example_tells_what_fills_which_role() -> None:
    usage = marked("[backer: Turkey] backs [office/heads: the rebels].")
    assert usage.text == "Turkey backs the rebels."
    assert [(role, usage.text[start:end]) for role, start, end in usage.roles] == [
        ("backer", "Turkey"),
        ("office/heads", "the rebels"),
    ]
    assert marked("Turkey [sic] backs") == ("Turkey [sic] backs", ())


def test_what_is_looked_up_beyond_a_passage() -> None:
    assert looked_up(TRIPLES) == NEARBY | HEADING | {ENT + "officeOf"}
