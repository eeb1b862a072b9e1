"""Words of facts: literals, terms, texts that stand in their quote, dates and speakers. More is in `test_broken.py`."""

import pytest
from articles import PREFIXES, document

from kg.dataset import build
from kg.dataset.build import Build
from kg.findings import Finding
from kg.rdf.namespaces import ARTICLE
from kg.source.documents import ArticleSources, Sources
from kg.source.layout import GraphFolder
from kg.validation.facts import check_wording

WORDS = """\
ent:Article a owl:Class .
ent:Passage a owl:Class .
ent:dateWords a owl:DatatypeProperty .
ent:quote a owl:DatatypeProperty .
ent:readWith a owl:ObjectProperty .
ent:readingDate a owl:DatatypeProperty .
ent:speaker a owl:ObjectProperty .
ent:State a owl:Class .
ent:Status a owl:Class .
ent:status a owl:ObjectProperty .
ent:cost a owl:DatatypeProperty .
ent:note a owl:AnnotationProperty .
ent:date a owl:DatatypeProperty .
ent:end a owl:DatatypeProperty .
ent:wording a owl:DatatypeProperty .
ent:held a ent:Status .
ent:lost rdfs:comment "not declared" .
ent:lent a owl:NamedIndividual .
[] a ent:Status .
"""
TEXT = "Norland’s president Ada Holm said so last year. Norland agreed in 2016 or in 2017.\n"
HOLM = 'ent:quote "Norland’s president Ada Holm said so last year."'
AGREED = 'ent:quote "Norland agreed in 2016 or in 2017."'
NAMES = 'p:n a ent:Passage ; ent:quote "Ada Holm" . p:n { id:holm a ent:State ; rdfs:label "Ada Holm"@en }'


def made(
    *facts: str, text: str = TEXT, day: str = "2018-04-03", background: str = "", words: str = WORDS, language: str = ""
) -> Build:
    tag = f'; <http://purl.org/dc/terms/language> "{language}"' if language else ""
    date = f'; ent:readingDate "{day}"^^xsd:date' if day else ""
    head = f"{PREFIXES}@prefix p: <{ARTICLE}a#> .\n<{ARTICLE}a> a ent:Article {date}{tag} .\n"
    article = ArticleSources("a", "a.txt", text, document("a.trig", head + "\n".join(facts)))
    known = document("b.trig", f"{PREFIXES}@prefix back: <https://w3id.org/entente/background/> .\n{background}")
    ontology = [document("words.ttl", PREFIXES + words)]
    return build.read_sources(Sources(GraphFolder("."), ontology=ontology, background=[known], articles=[article]))


def check(*facts: str, only: str = "", **more: str) -> list[Finding]:
    """What is found, of the rules in question where they are named."""
    return [f for f in check_wording(made(*facts, **more)) if not only or f.rule in only.split()]


def fact(words: str, about: str = AGREED) -> str:
    return f"p:x a ent:Passage ; {about} .\np:x {{ id:norland a ent:State ; {words} . }}"


def test_sound_facts_are_let_pass() -> None:
    assert check(fact("ent:status ent:held ; ent:cost 5 ; ent:note 'fine'@en ; rdfs:seeAlso id:norland")) == []


@pytest.mark.parametrize(
    ("words", "rule", "message"),
    [
        ("ent:colour 'red'", "unknown-term", "ent:colour is no property of the ontology"),
        ("ent:held 'red'", "unknown-term", "ent:held is no property of the ontology"),
        ("ent:status ent:lost", "unknown-term", "ent:lost is no term of the ontology"),
        ("ent:status ent:lent", "unknown-term", "ent:lent is no term of the ontology"),
        ("a ent:held", "unknown-term", "ent:held is no class of the ontology"),
        ("a id:kingdom", "unknown-term", "id:kingdom is no class of the ontology"),
        ("a 'State'", "unknown-term", "“State” is no class of the ontology"),
        ("owl:sameAs id:westland", "unknown-term", "owl:sameAs is no property of the ontology"),
        ('ent:cost "5x"^^xsd:integer', "literal", "“5x” is no xsd:integer"),
        ("ent:earliest '2016'", "computed-term", "ent:earliest is computed"),
    ],
)
def test_a_wrong_word_is_told(words: str, rule: str, message: str) -> None:
    computed = WORDS + "ent:earliest a owl:DatatypeProperty ."
    (found,) = check(fact(words), words=computed, only="computed-term literal unknown-term")
    assert (found.file, found.rule, found.severity, found.line) == ("a.trig", rule, "violation", 9)
    assert found.message.startswith(message)
    assert found.hint or rule == "literal"


@pytest.mark.parametrize("words", ["a ent:State", "ent:status id:lost", "ent:note ent:State", "ent:note ent:cost"])
def test_declared_words_stand_where_they_belong(words: str) -> None:
    assert check(fact(words), only="unknown-term") == []


def test_concepts_and_borrowed_words_need_no_declaration() -> None:
    concept = "@prefix skos: <http://www.w3.org/2004/02/skos/core#> . p:x a ent:Passage ; " + AGREED
    assert check(concept + " . p:x { id:economy a skos:Concept ; skos:note 'agreed'@en }") == []


@pytest.mark.parametrize(
    ("background", "rule"),
    [
        ("back:b { id:norland ent:colour 5 }", "unknown-term"),
        ('back:b { id:norland ent:cost "5x"^^xsd:integer }', "literal"),
    ],
)
def test_background_keeps_to_the_words_too(background: str, rule: str) -> None:
    found = check(background=background, only="literal unknown-term")
    assert [(f.file, f.rule) for f in found] == [("b.trig", rule)]


def test_literals_of_the_ontology_are_judged_and_the_reading_date_is_not() -> None:
    found = check(day="soon", words=WORDS + 'ent:State ent:note "5x"^^xsd:integer .')
    assert [(f.file, f.rule) for f in found] == [("words.ttl", "literal")]


def test_where_the_ontology_is_broken_no_word_is_unknown() -> None:
    broken = made(fact("ent:colour 'red'"))
    broken.sources.ontology_complete = False
    assert list(check_wording(broken)) == []


@pytest.mark.parametrize(
    ("described", "rules"),
    [
        ("p:x ent:cost 5 .", ["fact-outside-passage"]),
        (f"<{ARTICLE}a> ent:status ent:held .", ["fact-outside-passage"]),
        ("id:norland ent:cost 5 .", []),  # a finding of `kg.source.graphs`
        ("p:x rdfs:seeAlso id:norland .", ["fact-outside-passage"]),
        ("p:x a ent:State .", ["fact-outside-passage"]),
        ('p:x rdfs:label "agreed"@en .', ["fact-outside-passage"]),
        ("p:y a ent:Aside , ent:Summary .", []),
        ("p:y a ent:Aside , ent:Article .", ["fact-outside-passage"]),
        (f"<{ARTICLE}a> a ent:State .", ["fact-outside-passage"]),
        (f'<{ARTICLE}a> rdfs:label "Norland"@en .', ["fact-outside-passage"]),
        (f'<{ARTICLE}a> ent:quote "Norland" .', ["fact-outside-passage"]),
        (f'<{ARTICLE}a> <http://purl.org/dc/terms/title> "Norland"@en .', []),
        ("p:x ent:note [ ent:colour 5 ] .", ["fact-outside-passage"]),
    ],
)
def test_facts_stand_in_passages(described: str, rules: list[str]) -> None:
    words = WORDS + "ent:Aside a owl:Class . ent:Summary a owl:Class ; rdfs:subClassOf ent:Aside ."
    found = check(described, fact("ent:cost 5"), words=words, only="fact-outside-passage unknown-term")
    assert [f.rule for f in found] == rules


@pytest.mark.parametrize("name", ["rdfs:seeAlso", "<http://www.w3.org/2004/02/skos/core#exactMatch>"])
def test_no_quote_gives_a_link_to_elsewhere(name: str) -> None:
    found = check(fact(f"{name} <https://example.org/norland>"), background=f"back:b {{ id:norland {name} <x:y> }}")
    assert [(f.file, f.rule, f.line) for f in found] == [("a.trig", "misplaced-term", 9)]


@pytest.mark.parametrize("said", ["a ent:State", 'rdfs:label "agreed"@en', 'rdfs:comment "agreed"'])
def test_in_a_passage_too_articles_have_neither_names_nor_kinds(said: str) -> None:
    (found,) = check(f"p:x a ent:Passage ; {AGREED} . p:x {{ <{ARTICLE}a> {said} ; ent:cost 5 }}")
    assert (found.rule, found.line) == ("misplaced-term", 8)
    assert "ent:cost" not in found.message


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("rdfs:label 'Norland'@en", ""),
        ("rdfs:label 'Westland'@en", "the label “Westland” is not in the quote of p:x"),
        ("ent:wording 'agreed'@en", ""),
        ("ent:wording 'refused'@en", "the wording “refused” is not in the quote of p:x"),
        ("ent:wording id:agreed", ""),
        ("ent:note 'refused'@en", ""),
        ("rdfs:comment 'agreed'@en", ""),
        ("rdfs:comment 'refused'@en", "the comment “refused” is not in the quote of p:x"),
        ("<http://purl.org/dc/terms/title> 'refused'@en", "the title “refused” is not in the quote of p:x"),
    ],
)
def test_names_and_kept_words_are_copied(words: str, told: str) -> None:
    found = check(fact(words), only="not-verbatim")
    assert [(f.message, f.line) for f in found] == [(told, 9) for _ in [told] if told]


@pytest.mark.parametrize(
    ("label", "is_found"),
    [("Port Hale", False), ("PORT HALE", False), ("Por", True), ("port hale", True), ("Hale said", True)],
)
def test_a_name_in_capitals_may_be_written_as_usual(label: str, is_found: bool) -> None:
    quote = 'ent:quote "PORT HALE, 14 May – Norland agreed."'
    words = fact(f"rdfs:label '{label}'@en", quote)
    found = check(words, text="PORT HALE, 14 May – Norland agreed.\n", only="not-verbatim")
    assert len(found) == is_found


@pytest.mark.parametrize(
    ("files", "rules"),
    [
        (["a.trig"], ["not-verbatim"]),
        (["a.txt"], ["invisible-character", "not-verbatim"]),
        (["b.trig", "words.ttl"], []),
        ([], []),
    ],
)
def test_a_quote_is_held_against_its_text_where_either_file_is_asked_for(files: list[str], rules: list[str]) -> None:
    facts, text = fact("rdfs:label 'Westland'@en"), TEXT.replace("Ada Holm", "Ada \u200bHolm")
    assert [f.rule for f in check_wording(made(facts, text=text), files)] == rules


def test_words_of_a_passage_without_a_quote_are_not_held_against_it() -> None:
    assert check(fact("rdfs:label 'Westland'@en", "rdfs:comment 'no quote'"), only="not-verbatim") == []


@pytest.mark.parametrize(
    ("words", "date", "severity", "message"),
    [
        ("in 2016", '"2016"^^xsd:gYear', "", ""),
        ("in 2017", '"2016"^^xsd:gYear', "violation", "p:x: “in 2017”, read on 2018-04-03, is not 2016"),
        ("in 2016", '"2016"^^xsd:gYearMonth', "", ""),  # ill-formed: a finding already
        ("in 2016", '"2016-01"^^xsd:gYearMonth', "violation", "p:x: “in 2016”, read on 2018-04-03, is not 2016-01"),
        ("agreed", '"2016"^^xsd:gYear', "info", "“agreed” cannot be read as a date: check 2016 by hand"),
        ("", '"2016"^^xsd:gYear', "violation", "p:x gives the date 2016 without the words that say it"),
        ("", "id:then", "", ""),
    ],
)
def test_a_date_is_what_its_words_say(words: str, date: str, severity: str, message: str) -> None:
    about = f'{AGREED} ; ent:dateWords "{words}"' if words else AGREED
    found = check(fact(f"ent:date {date}", about), only="date-words")
    assert [(f.severity, f.message, f.line) for f in found] == [(severity, message, 9) for _ in [message] if message]


@pytest.mark.parametrize(
    ("language", "words", "date", "severities"),
    [
        ("en-GB", "agreed in 2016", '"2018-04-03"^^xsd:date', ["violation"]),
        ("hu", "2018. április 3.", '"2018-04-03"^^xsd:date', ["info"]),
        ("de", "im Mai", '"2018-05"^^xsd:gYearMonth', ["info"]),
        ("hu", "2018", '"2018"^^xsd:gYear', []),
    ],
)
def test_in_another_language_a_date_is_checked_by_hand(
    language: str, words: str, date: str, severities: list[str]
) -> None:
    about = f'ent:quote "Norland, {words}, agreed." ; ent:dateWords "{words}"'
    text = TEXT + f"Norland, {words}, agreed.\n"
    found = check(fact(f"ent:date {date}", about), text=text, language=language, only="date-words")
    assert [f.severity for f in found] == severities


@pytest.mark.parametrize("hidden", ["\u202e", "\u200b", "\xad", "\u2800", "\ufe0f", "\U000e0041"])
def test_what_nobody_sees_is_found_in_texts_labels_and_rdf(hidden: str) -> None:
    text, code = TEXT.replace("Ada Holm", f"Ada {hidden}Holm"), f"has an invisible character, U+{ord(hidden):04X}"
    escaped = NAMES.replace("Ada Holm", f"Ada \\U{ord(hidden):08X}Holm")
    found = check(f"{escaped} # {hidden}", text=text, only="invisible-character")
    assert [(f.file, f.severity, f.message) for f in found] == [
        ("a.trig", "violation", f"the file {code}"),
        ("a.trig", "warning", f"the text {code}"),
        ("a.txt", "warning", f"the file {code}"),
    ]
    assert found[2].column == text.index(hidden) + 1
    assert escaped[: found[1].column - 1].endswith("rdfs:label ")


@pytest.mark.parametrize("triple", ["<{}> a ent:State", "id:a a <{}>", "id:a ent:note [] ; <{}> 1"])
def test_an_iri_has_no_escape_of_what_nobody_sees(triple: str) -> None:
    name = "https://example.org/a\\u200B"
    found = check("p:n {" + triple.replace("{}", name) + "}", only="invisible-character")
    assert [(f.severity, f.message) for f in found] == [("violation", "an IRI has an invisible character, U+200B")]


def test_joiners_and_selectors_within_words_and_emoji_are_seen() -> None:
    text = TEXT.replace("Ada Holm", "Ada Holm, می\u200cخواهم, 👩\u200d🚀, ❤\ufe0f, 1\ufe0f\u20e3")
    assert check(NAMES + " # می\u200cخواهم", text=text, only="invisible-character") == []


@pytest.mark.parametrize(
    "date",
    [
        '"-1999"^^xsd:gYear',
        '"12024"^^xsd:gYear',
        '"-0044-03"^^xsd:gYearMonth',
        '"-0044-03-15"^^xsd:date',
        '"0000"^^xsd:gYear',
        '"9999-12-31T24:00:00"^^xsd:dateTime',
        '"2016"',
        '"--12"^^xsd:gMonth',
    ],
)
@pytest.mark.parametrize("words", ["", ' ; ent:dateWords "agreed"'])
def test_a_date_that_cannot_be_compared_with_words_is_a_violation(date: str, words: str) -> None:
    (found,) = check(fact(f"ent:date {date}", AGREED + words), only="date-words")
    assert found.severity == "violation"
    assert found.message.endswith(": no words can say it")


def test_a_date_may_be_that_of_any_of_the_words() -> None:
    about = f'{AGREED} ; ent:dateWords "in 2016" , "in 2017"'
    assert check(fact('ent:date "2016"^^xsd:gYear ; ent:end "2017"^^xsd:gYear', about), only="date-words") == []
    (found,) = check(fact('ent:date "2015"^^xsd:gYear', about), only="date-words")
    assert found.message == "p:x: “in 2016”, “in 2017”, read on 2018-04-03, is not 2015"
    assert found.hint.startswith("it reads “in 2016” as 2016, “in 2017” as 2017; if the words say several times,")


def test_each_of_the_words_is_a_date() -> None:
    """An end that is left out, with the words that say it still there."""
    about = f'{AGREED} ; ent:dateWords "in 2016" , "in 2017"'
    (found,) = check(fact('ent:start "2016"^^xsd:gYear', about), only="date-words")
    assert (found.severity, found.message) == ("warning", "p:x: nothing has the date 2017, which “in 2017” says")
    assert "ent:end" in found.hint
    assert check(fact('ent:start "2016"^^xsd:gYear', about), language="hu", only="date-words") == []


RANGE = "from October 18 to 30, 2026"


def test_a_date_may_be_that_of_either_end_of_a_range() -> None:
    text = TEXT.replace("in 2016", RANGE)
    about = AGREED.replace("in 2016", RANGE) + f' ; ent:dateWords "{RANGE}"'
    dates = [f"2026-10-{day}" for day in (18, 24, 30)]
    facts = [f'ent:{name} "{date}"^^xsd:date' for name in ("date", "start", "end") for date in dates]
    found = [check(fact(f, about), text=text, only="date-words") for f in facts]
    assert [[f.severity for f in x] for x in found] == [["warning"], ["violation"], ["warning"]] * 3  # the other end
    both = 'ent:start "2026-10-18"^^xsd:date ; ent:end "2026-10-30"^^xsd:date'
    assert check(fact(both, about), text=text, only="date-words") == []
    assert found[1][0].hint == 'it reads "2026-10-18"^^xsd:date or "2026-10-30"^^xsd:date'


def test_an_empty_list_of_readings_names_each_of_the_words() -> None:
    about = f'{AGREED} ; ent:dateWords "agreed" , "or"'
    (found,) = check(fact('ent:date "2016"^^xsd:gYear', about), only="date-words")
    assert found.message == "“agreed”, “or” cannot be read as a date: check 2016 by hand"


def test_without_a_reading_date_words_are_not_read() -> None:
    about = f'{AGREED} ; ent:dateWords "in 2017"'
    assert check(fact('ent:date "2016"^^xsd:gYear', about), day="", only="date-words") == []
    (found,) = check(fact('ent:date "2016"^^xsd:gYear'), day="", only="date-words")
    assert "without the words" in found.message


@pytest.mark.parametrize(
    ("fact_on_time", "read"),
    [
        ('ent:notBefore "2018-04-09"^^xsd:date', ""),
        ('ent:notAfter "2018-04-15"^^xsd:date', ""),
        ('ent:notAfter "2018-04-09"^^xsd:date', '"2018-04-15"^^xsd:date'),
        ('ent:notBefore "2018-04-15"^^xsd:date', '"2018-04-09"^^xsd:date'),
    ],
)
def test_a_week_bounds_a_date(fact_on_time: str, read: str) -> None:
    text = "Norland votes next week.\n"
    about = 'ent:quote "Norland votes next week." ; ent:dateWords "next week"'
    hints = [f.hint for f in check(fact(fact_on_time, about), text=text, only="date-words")]
    assert hints == ([f"it reads {read}"] if read else [])


@pytest.mark.parametrize(
    ("words", "fact_on_time", "found"),
    [
        ("last autumn", 'ent:date "2017"^^xsd:gYear', []),
        ("last autumn", 'ent:date "2015"^^xsd:gYear', ["violation"]),
        ("last autumn", 'ent:date "2017-10"^^xsd:gYearMonth', ["violation"]),  # nobody said so
        ("last autumn", 'ent:notBefore "2017-09"^^xsd:gYearMonth', []),
        ("last autumn", 'ent:notAfter "2017-11-30"^^xsd:date', []),
        ("by the end of the decade", 'ent:notAfter "2019"^^xsd:gYear', []),
        ("by the end of the decade", 'ent:date "2014"^^xsd:gYear', ["violation"]),
        ("in the 1990s", 'ent:start "1990"^^xsd:gYear', []),
        ("in the 1990s", 'ent:date "1990"^^xsd:gYear', ["violation"]),
        ("a year later", 'ent:date "2017"^^xsd:gYear', ["info"]),  # than when?
        ('in 2016" , "a year later', 'ent:date "2017"^^xsd:gYear', []),
        ('in 2016" , "a year later', 'ent:date "2018"^^xsd:gYear', ["violation"]),
        ('in the spring of 2016" , "a year later', 'ent:date "2017"^^xsd:gYear', []),
    ],
)
def test_a_period_and_a_date_counted_from_another(words: str, fact_on_time: str, found: list[str]) -> None:
    quote = f"Norland voted {words}.".replace('" , "', ", and ")
    about = f'ent:quote "{quote}" ; ent:dateWords "{words}"'
    every = check(fact(fact_on_time, about), text=f"{quote}\n", only="date-words")
    assert [f.severity for f in every if "nothing has" not in f.message] == found


def test_a_week_is_no_date() -> None:
    about = 'ent:quote "Norland votes next week." ; ent:dateWords "next week"'
    day = fact('ent:start "2018-04-09"^^xsd:date', about)
    (found,) = check(day, text="Norland votes next week.\n", only="date-words")
    assert found.severity == "violation"
    assert (
        found.hint
        == 'it has two bounds: write ent:notBefore "2018-04-09"^^xsd:date ; ent:notAfter "2018-04-15"^^xsd:date'
    )


@pytest.mark.parametrize(
    ("about", "named"),
    [
        (f"{HOLM} ; ent:speaker id:holm", True),
        (f"{AGREED} ; ent:speaker id:holm", False),
        (f"{AGREED} ; ent:speaker id:holm ; ent:readWith p:n", True),
        (f"{AGREED} ; ent:speaker id:unheard-of", True),  # a finding already
        (AGREED, True),
    ],
)
def test_the_speaker_is_named_in_the_quote_or_next_to_it(about: str, named: bool) -> None:
    found = check(NAMES, fact("ent:cost 5", about), only="unnamed-speaker")
    told = "p:x: its speaker id:holm is not named in the quote"
    assert [(f.message, f.line) for f in found] == ([] if named else [(told, 9)])


def test_a_speaker_without_a_name_is_named_nowhere() -> None:
    nameless = 'p:n a ent:Passage ; ent:quote "Ada Holm" . p:n { id:holm a ent:State ; ent:wording "Ada Holm"@en }'
    found = check(nameless, fact("ent:cost 5", f"{HOLM} ; ent:speaker id:holm"), only="unnamed-speaker")
    assert [f.rule for f in found] == ["unnamed-speaker"]


def test_an_alias_is_a_name_as_well() -> None:
    alias = '@prefix skos: <http://www.w3.org/2004/02/skos/core#> . back:b { id:holm skos:altLabel "president"@en }'
    told = check(fact("ent:cost 5", f"{HOLM} ; ent:speaker id:holm"), background=alias, only="unnamed-speaker")
    assert told == []


@pytest.mark.parametrize(
    ("files", "rules"),
    [
        ({"a.trig"}, {"literal", "unknown-term", "not-verbatim", "date-words"}),
        ({"a.txt"}, {"not-verbatim", "date-words"}),
        ({"b.trig"}, set()),
    ],
)
def test_of_some_files_only_what_others_can_change_is_left_out(files: set[str], rules: set[str]) -> None:
    build_ = made(fact("ent:date '2018-13'^^xsd:gYearMonth , '2016'^^xsd:gYear ; ent:nothing 5 ; ent:wording 'so'"))
    assert {f.rule for f in check_wording(build_, files)} == rules
    assert {f.rule for f in check_wording(build_)} == {"literal", "unknown-term", "not-verbatim", "date-words"}


def test_what_another_file_can_change_is_always_told() -> None:
    speech = f"p:x a ent:Passage ; {AGREED} ; ent:speaker id:holm .\np:x {{ id:holm ent:status ent:held }}"
    assert "unnamed-speaker" in {f.rule for f in check_wording(made(speech, NAMES), ())}
