"""An article's passages and asides, held against its text. Broken files are for `test_broken.py`."""

import pytest
from pyoxigraph import NamedNode, Triple

from kg.findings import Finding
from kg.rdf.namespaces import ARTICLE, ENT, ID
from kg.source import article, documents
from kg.source.article import Evidence
from kg.source.documents import ArticleSources

TEXT = "Ada Holm leads Norland. “Westland\u00a0errs,” she said. It rains.\n"
HEAD = f"""\
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix ent: <{ENT}> .
@prefix id: <{ID}> .
@prefix p: <{ARTICLE}a#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
<{ARTICLE}a> a ent:Article ; ent:readingDate "2020-03-04"^^xsd:date ; ent:basis "x"@en ; ent:basisSource <http://x/> .
"""
LEADS = 'p:leads a ent:Passage ; ent:quote "Ada Holm leads Norland." . p:leads { id:ada ent:leads id:norland }\n'
SPEECH = """\
p:errs a ent:Passage ; ent:speaker id:ada ; ent:readWith p:leads ; ent:quote "“Westland\\u00A0errs,” she said." .
p:errs { id:westland ent:errs true }
"""
RAIN = 'p:rain a ent:Aside ; ent:quote "It rains." ; ent:reason "Weather."@en .\n'


def read(*parts: str, text: str = TEXT, head: str = HEAD) -> Evidence:
    findings: list[Finding] = []
    facts = documents.parse_text("kg/articles/a/facts.trig", head + "".join(parts), findings)
    assert facts is not None, findings
    return article.read_article(ArticleSources("a", "kg/articles/a/article.txt", text, facts))


def rules(found: Evidence) -> list[str]:
    return [f.rule for f in found.findings]


def test_passages_come_in_the_order_of_the_text_whatever_that_of_the_file() -> None:
    found = read(RAIN, SPEECH, LEADS)
    assert [p.iri.rpartition("#")[2] for p in found.passages] == ["leads", "errs"]
    assert [(p.start, p.end) for p in found.passages] == [(0, 23), (24, 50)]
    assert [a.reason for a in found.asides] == ["Weather."]
    assert found.findings == []


def test_quotes_are_the_texts_own_code_points() -> None:
    found = read(RAIN, SPEECH, LEADS)
    assert all(TEXT[p.start : p.end] == p.quote for p in [*found.passages, *found.asides])
    assert "\u00a0" in found.passages[1].quote


def test_a_passage_with_a_speaker_is_reported_and_any_other_asserted() -> None:
    found = read(LEADS, SPEECH, RAIN)
    assert [p.speakers for p in found.reported] == [(ID + "ada",)]
    assert [p.triples for p in found.asserted] == [
        (Triple(NamedNode(ID + "ada"), NamedNode(ENT + "leads"), NamedNode(ID + "norland")),)
    ]


def test_units_are_read_only_when_every_word_is_covered() -> None:
    found = read(LEADS, SPEECH.replace("“Westland\\u00A0errs,” she said.", "“Westland\\u00A0errs,”"))
    assert [r.state for r in found.readings] == ["read", "partly", "unread"]
    assert [(f.rule, f.severity, f.line, f.column) for f in found.findings] == [
        ("coverage", "warning", 1, 42),
        ("coverage", "warning", 1, 52),
    ]


def test_an_empty_passage_reads_nothing_and_is_told_of_once() -> None:
    empty = LEADS.replace("id:ada ent:leads id:norland", "")
    found = read(empty, SPEECH, RAIN.replace("Weather.", " "))
    assert [r.state for r in found.readings] == ["unread", "read", "unread"]
    assert rules(found) == ["empty-passage", "aside-reason"]


def test_a_no_break_space_is_no_space() -> None:
    assert rules(read(LEADS, SPEECH.replace("\\u00A0", " "), RAIN)) == ["folded-quote"]


def test_a_quote_that_stands_twice_needs_its_neighbours() -> None:
    twice, rain = TEXT + "It rains.\n", RAIN.replace("ent:quote", 'ent:prefix "said. " ; ent:quote')
    assert "ambiguous-quote" in rules(read(LEADS, SPEECH, RAIN, text=twice))
    assert rules(read(LEADS, SPEECH, rain, text=twice)) == ["coverage"]


def test_nobody_writes_into_another_articles_mouth() -> None:
    foreign = f"<{ARTICLE}b#x> {{ id:ada ent:leads id:westland }}\n"
    found = read(LEADS, SPEECH, RAIN, foreign)
    assert rules(found) == ["foreign-graph"]
    assert all("b#x" not in p.iri for p in found.passages)


def test_a_fact_outside_every_passage_is_refused() -> None:
    assert rules(read(LEADS, SPEECH, RAIN, "id:ada ent:leads id:westland .")) == ["fact-outside-passage"]


def test_the_description_is_what_stands_outside_of_passages() -> None:
    found = read(LEADS, SPEECH, RAIN)
    assert {str(t.subject) for t in found.description} == {
        f"<{ARTICLE}a{name}>" for name in ("", "#leads", "#errs", "#rain")
    }


@pytest.mark.parametrize(
    "date",
    [
        '"2020-03-04"',
        '"2020-03-04"@en',
        '"2020-03-04Z"^^xsd:date',
        '"12020-03-04"^^xsd:date',
        '"2020-03"^^xsd:gYearMonth',
        '"2020-02-30"^^xsd:date',
        '"0000-01-01"^^xsd:date',
        '"-2020-03-04"^^xsd:date',
        "<http://x/2020-03-04>",
    ],
)
def test_a_reading_date_is_a_plain_day(date: str) -> None:
    found = read(LEADS, SPEECH, RAIN, head=HEAD.replace('"2020-03-04"^^xsd:date', date))
    assert (rules(found), found.reading_date) == (["reading-date"], "")
    assert found.findings[0].line == 6
    assert read(LEADS, SPEECH, RAIN).reading_date == "2020-03-04"


def test_of_two_reading_dates_none_is_at_fault() -> None:
    found = read(LEADS, SPEECH, RAIN, head=HEAD.replace('"2020-03-04"^^xsd:date', '"2020-03-04"^^xsd:date , "x"'))
    (finding,) = found.findings
    assert "it has 2" in finding.message
    assert HEAD.splitlines()[finding.line - 1][finding.column - 1 :].startswith("ent:readingDate")


@pytest.mark.parametrize(
    ("quote", "rule"),
    [
        ("", "quote"),
        ('; ent:quote "It rains.", "rains"', "quote"),
        ('; ent:quote ""', "long-quote"),
        ('; ent:quote "qqqq zzzz xxxx"', "misquote"),
    ],
)
def test_a_quote_that_cannot_be_placed_stands_nowhere(quote: str, rule: str) -> None:
    found = read(LEADS, SPEECH, RAIN, f"p:none a ent:Passage {quote} . p:none {{ id:ada ent:leads id:x }}\n")
    assert rules(found) == [rule]
    assert [(p.start, p.end) for p in found.passages if p.iri.endswith("#none")] == [(0, 0)]


@pytest.mark.parametrize(
    ("quote", "hint"),
    [
        ("Ada Holm\nleads", "write a space for the line break"),
        ("she said.\nIt rains.", "write a space for the line break"),
        ("It rains.\nIt pours.", "split it into passages that each say one thing"),
        ("qqqq\nzzzz", "split it into passages that each say one thing"),
    ],
)
def test_a_line_break_is_a_space_where_the_text_has_one(quote: str, hint: str) -> None:
    aside = f'p:a a ent:Aside ; ent:reason "Noise."@en ; ent:quote """{quote}""" .'
    found = [f for f in read(aside, text=f"{TEXT}It pours.\n").findings if f.rule == "long-quote"]
    assert [f.hint for f in found] == [hint]


def test_an_ambiguous_quote_stands_at_the_first_of_its_places() -> None:
    found = read(LEADS, SPEECH, RAIN, text=TEXT + "It rains.\n")
    assert [(a.start, a.end) for a in found.asides] == [(TEXT.index("It"), TEXT.index("\n"))]


def test_the_longest_quote() -> None:
    text = "a" * 1_000
    aside = 'p:a a ent:Aside ; ent:reason "Noise."@en ; ent:quote '
    assert rules(read(f'{aside}"{text}" .', text=f"{text}\n")) == []
    assert rules(read(f'{aside}"{text}a" .', text=f"{text}a\n")) == ["long-quote", "coverage"]


def test_a_text_that_begins_with_an_empty_line() -> None:
    found = read(text="\nIt rains.\n")
    assert [(f.rule, f.line, f.column) for f in found.findings] == [("coverage", 2, 1)]
