"""A draft asserts nothing, quotes exactly, covers all, parses, is in house style, and says what is left to do."""

import re
import shutil
from pathlib import Path

import pytest
from folders import with_first_article
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import DefaultGraph, RdfFormat, parse

from kg.cli.main import main
from kg.drafting.draft import ArticleMetadata, context, draft_facts, text_spans
from kg.drafting.gazetteer import Gazetteer
from kg.findings import Finding
from kg.rdf.namespaces import ENT, ID, RDF_TYPE
from kg.rdf.style import tidy
from kg.source import documents
from kg.source.layout import GraphFolder
from kg.text import segments
from kg.text.quotes import Found, find
from kg.validation import run

TEXT = """\
Harbour talks

Vesland’s foreign minister Ola Brandt (R) and Vladimir Putin in Moscow. (AP)

The Free Syrian Army (FSA) left the talks in Ankara on Tuesday, Ola Brandt said. “It’s over.”

Ankara opened the port of Quill in May 2017. The weapons\u00a0system was not shown.

Harbour talks

Source: TRTWorld
"""
ABOUT = ArticleMetadata("2018-04-harbour", "Harbour talks", reading_date="2018-04-05", source="https://x.example/")
NAME = "kg/articles/2018-04-harbour"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A graph folder with a drafted article."""
    folder = with_first_article(tmp_path_factory.mktemp("drafting") / "graph")
    (folder / "a.txt").write_text(TEXT, "utf-8", newline="\n")
    options = ["--reading-date", ABOUT.reading_date, "--source", ABOUT.source, "--name", ABOUT.name]
    assert main(["-C", str(folder), "new", str(folder / "a.txt"), *options]) == 0
    return folder


@pytest.fixture(scope="module")
def known(folder: Path) -> Gazetteer:
    return Gazetteer(documents.load_sources(GraphFolder(str(folder))))


def draft(text: str, known: Gazetteer, about: ArticleMetadata = ABOUT) -> dict[str, str]:
    """The drafted passages by their names, after what is true of every draft was checked."""
    facts = draft_facts(text, about, known)
    quads = list(parse(facts, format=RdfFormat.TRIG))
    assert tidy(facts, RdfFormat.TRIG) == facts
    assert all(q.graph_name == DefaultGraph() for q in quads)
    described: dict[str, dict[str, str]] = {}
    for q in quads:
        described.setdefault(q.subject.value, {})[q.predicate.value.removeprefix(ENT)] = q.object.value
    passages = {iri: rows for iri, rows in described.items() if rows[RDF_TYPE] == ENT + "Passage"}
    spans = [find(text, p["quote"], p.get("prefix", ""), p.get("suffix", "")) for p in passages.values()]
    found = [span for span in spans if isinstance(span, Found)]
    assert len(found) == len(spans)
    assert found == sorted(found)
    if "too often in the text to be distinguished" not in facts:
        assert all(r.state == "read" for r in segments.coverage(text, segments.segments(text), found))
    return dict(re.findall(r"^p:([a-z0-9-]+) a ent:Passage(.*?^\})", facts, re.MULTILINE | re.DOTALL))


def test_passages_follow_the_text_under_telling_names(known: Gazetteer) -> None:
    assert list(draft(TEXT, known)) == [
        "harbour-talks",
        "vesland-foreign-minister",
        "ap",
        "free-syrian-army",
        "over",
        "ankara-opened-port",
        "weapons-system-not",
        "harbour-talks-2",
        "source-trtworld",
    ]


@pytest.mark.parametrize(
    ("passage", "line"),
    [
        ("vesland-foreign-minister", "# a caption"),
        ("vesland-foreign-minister", "# “Vladimir Putin”: id:vladimir-putin (person)"),
        (
            "vesland-foreign-minister",
            "# “Moscow”: id:government-of-russia (government) or id:moscow (city)? "
            "the city, or the government as an actor",
        ),
        (
            "free-syrian-army",
            "# “Free Syrian Army”, “FSA”: id:free-syrian-army (armed group, opposition group)",
        ),
        (
            "free-syrian-army",
            "# “Ankara”: id:ankara (city) or id:government-of-turkey (government)? "
            "the city, or the government as an actor",
        ),
        ("free-syrian-army", 'ent:dateWords "on Tuesday" .'),
        ("free-syrian-army", '# “on Tuesday” = "2018-04-03"^^xsd:date or "2018-04-10"^^xsd:date'),
        ("free-syrian-army", "# speech: who says it? ent:speaker id:… ; ent:speech ent:paraphrased ; beside the quote"),
        ("over", "# speech? if so: ent:speaker id:… ; ent:speech ent:quoted ; beside the quote"),
        ("ankara-opened-port", "# a new ent:Port (“port”)?"),
        ("ankara-opened-port", '# “in May 2017” = "2017-05"^^xsd:gYearMonth'),
        ("weapons-system-not", 'ent:quote "The weapons\\u00A0system was not shown." .'),
        ("weapons-system-not", "# a new ent:WeaponsSystem (“weapons\\u00A0system”)?"),
        ("harbour-talks", 'ent:suffix "\\u000A\\u000AVesland" .'),
        ("source-trtworld", "# a credit"),
    ],
)
def test_each_passage_has_its_hints(known: Gazetteer, passage: str, line: str) -> None:
    assert line in [row.strip() for row in draft(TEXT, known)[passage].splitlines()]


def test_a_class_that_a_known_thing_has_is_no_hint(known: Gazetteer) -> None:
    assert "ent:Summit" not in draft("The Ankara summit was short.", known)["ankara-summit-short"]


@pytest.mark.parametrize(
    ("text", "hints"),
    [
        ("They met Ola Brandt.", ["new: “Ola Brandt”?"]),
        ("They met Vladimir Putin and Turkey's President.", []),
        (
            "The Prime Minister of Vesland left.",
            [
                "new: “Vesland”?",
                "“Prime Minister” = an ent:Tenure: ent:holder id:… ; ent:office id:… , "
                "an ent:LeadingOffice: ent:officeOf id:…",
            ],
        ),
        (
            "Here is a president.",
            ["“president” = an ent:Tenure: ent:holder id:… ; ent:office id:… , an ent:Presidency: ent:officeOf id:…"],
        ),
        (
            "The vice president and the foreign minister, a minister, left with presidents.",
            [
                f"“{title}” = an ent:Tenure: ent:holder id:… ; ent:office id:… , an ent:Office: ent:officeOf id:…"
                for title in ("vice president", "foreign minister", "minister")
            ],
        ),
        ("It costs $210 million.", ['“$210 million” = an ent:Quantity: ent:number 210000000 ; ent:measure "USD"']),
        (
            "It costs nearly ¥5 to 6 bn.",
            [
                f'“{words}” = an ent:Quantity: ent:number {number} ; ent:measure "JPY" or "CNY"'
                for words, number in (("¥5", "5000000000 (nearly)"), ("6 bn", 6000000000))
            ],
        ),
        ("It makes 200 MW, 3 of 4.", ['“200 MW” = an ent:Quantity: ent:number 200 ; ent:measure "MW"']),
        (
            "It costs Rs 5 crore, $6 a day and 7 kroner.",
            [
                '“Rs 5 crore” = an ent:Quantity: ent:number 50000000 ; ent:measure "INR" or "PKR" or "LKR"',
                '“$6” = an ent:Quantity: ent:number 6 ; ent:measure "USD"',
                '“7 kroner” = an ent:Quantity: ent:number 7 ; ent:measure "NOK" or "DKK"',
            ],
        ),
        (
            "It ran from May 30 to June 2, 2017.",
            ['“from May 30 to June 2, 2017” = "2017-05-30"^^xsd:date, and "2017-06-02"^^xsd:date'],
        ),
        (
            "It opens next week.",
            ['“next week” = ent:notBefore "2018-04-09"^^xsd:date ; ent:notAfter "2018-04-15"^^xsd:date'],
        ),
        (
            "It opens in the third quarter of 2026.",
            [
                "“in the third quarter of 2026” = "
                'ent:notBefore "2026-07-01"^^xsd:date ; ent:notAfter "2026-09-30"^^xsd:date'
            ],
        ),
        ("It opened on 04/03/2018.", ["“on 04/03/2018” tells of a time that no date can be read from"]),
        ("It opened about 2015.", ["“about 2015” tells of a time that no date can be read from"]),
        ("A deep-sea find, the sea-floor.", []),
        ("A new sea.", ["a new ent:Sea (“sea”)?"]),
        ("It was announced, had been widely told, and is believed.", []),
        (
            "It was she who announced it.",
            ["speech: who says it? ent:speaker id:… ; ent:speech ent:paraphrased ; beside the quote"],
        ),
    ],
)
def test_hints_say_what_is_there_and_no_more(known: Gazetteer, text: str, hints: list[str]) -> None:
    (passage,) = draft(text, known).values()
    told = [row.strip() for row in passage.splitlines() if row.startswith("    # ") and "id:president-of" not in row]
    assert told == [f"# {hint}" for hint in hints] + [row for row in told if "id:vladimir" in row]


@pytest.mark.parametrize(
    ("text", "amounts"),
    [
        ("Sie kostet €5 Mrd. und €6.", ["“€6” = an ent:Quantity: ent:number 6 ; ent:measure"]),
        ("Es sind 1.000 km Weg.", ["“1.000 km” = an ent:Quantity: ent:number 1000 or 1 ; ent:measure"]),
    ],
)
def test_in_another_language_no_number_is_offered_that_may_go_on(
    known: Gazetteer, text: str, amounts: list[str]
) -> None:
    (passage,) = draft(text, known, ArticleMetadata("a", "A", "de")).values()
    assert re.findall("# (.*ent:Quantity.* ent:measure)", passage) == amounts


def test_a_name_is_new_once(known: Gazetteer) -> None:
    passages = draft("They met Ola Brandt.\n\nThen Brandt left. So did Ada Holm.", known).values()
    assert [re.findall("# new: (.*)\\?", p) for p in passages] == [["“Ola Brandt”"], [], ["“Ada Holm”"]]


def test_a_capital_may_stand_for_its_government(tmp_path: Path) -> None:
    (tmp_path / "ontology").mkdir()
    facts = tmp_path / "kg/articles/a/facts.trig"
    facts.parent.mkdir(parents=True)
    (facts.parent / "article.txt").write_text("Quill.", "utf-8")
    triples = (
        'id:quill a ent:City ; rdfs:label "Quill"@en ; ent:capitalOf id:vesland . id:g ent:governmentOf id:vesland .'
    )
    prefixes = f"@prefix ent: <{ENT}> . @prefix id: <{ID}> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> ."
    facts.write_text(f"{prefixes}\n{triples}", "utf-8")
    hints = draft("Quill agreed.", Gazetteer(documents.load_sources(GraphFolder(str(tmp_path)))))["quill-agreed"]
    assert "# “Quill”: id:quill (city)? or the government as an actor, id:g\n" in hints


def test_another_language_has_neither_date_words_nor_verbs(known: Gazetteer) -> None:
    german = draft("Im May sagte Putin: „Nein.“", known, ArticleMetadata("a", "A", "de", "2018-04-05"))["im-may-sagte"]
    assert "dateWords" not in german
    assert "# “Putin”: id:vladimir-putin (person)\n" in german
    assert "# speech? if so:" in german
    assert list(draft("Анкара. Москва.", known, ArticleMetadata("a", "A", "ru"))) == ["sentence", "sentence-2"]
    assert list(draft("أنقرة\n\nموسكو\n", known, ArticleMetadata("a", "A", "ar"))) == ["heading", "heading-2"]


def test_a_unit_that_is_too_long_is_cut_at_a_pause(known: Gazetteer) -> None:
    text = " ".join("word " * 30 + f"end {n}end," for n in range(20))
    quotes = re.findall('ent:quote "(.*?)"', "".join(draft(text, known).values()))
    assert len(quotes) == 4
    assert all(len(quote) <= 1000 and quote.endswith("end,") for quote in quotes)
    assert len(text_spans("x" * 2500)) == 3


def test_what_stands_too_often_is_left_to_the_reader(known: Gazetteer) -> None:
    facts = draft_facts("Ha!\n" * 400, ABOUT, known)
    assert "# “Ha!” occurs too often in the text to be distinguished" in facts
    assert "ent:Passage" not in facts


@pytest.mark.parametrize(
    ("text", "start", "expected"),
    [
        ("one. Two one. Three", 0, ("", ". Two")),
        ("one. Two one. Three", 9, ("", ". Three")),
        ("a one\nb one", 2, ("a ", "")),
        ("one\none\none", 4, ("one\n", "\none")),
        ("nothing else", 0, ("", "")),
    ],
)
def test_the_context_of_a_quote_is_short_and_on_its_line(text: str, start: int, expected: tuple[str, str]) -> None:
    end = start + 3
    around = context(text, start, end)
    assert around == expected
    assert find(text, text[start:end], *expected) == Found(start, end)


def test_names_of_passages_are_never_those_of_units(known: Gazetteer) -> None:
    assert list(draft("Unit 7.\n\nUnit 7 again\n", known)) == ["sentence", "again"]


PIECES = ["Ankara", "on Tuesday", "said", "“Ha!”", "Mr.", ".", "?", "\n", "\u2028", "\0", "\u202e", '"', "\\", "é", "#"]


@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=6), max_size=40))
@settings(deadline=None, max_examples=200)
def test_any_text_gives_a_draft_that_holds(known: Gazetteer, pieces: list[str]) -> None:
    text = " ".join(pieces).encode("utf-8", "ignore").decode().replace("\r", "")
    draft(text, known)


def left_to_do(folder: Path) -> list[Finding]:
    graph_folder = GraphFolder(str(folder))
    return run.only_in(run.validate(graph_folder).findings, graph_folder, [str(folder / NAME)])


def test_validate_says_what_is_left_to_do_in_order(folder: Path) -> None:
    findings = left_to_do(folder)
    lines = [f.line for f in findings]
    assert [f.rule for f in findings] == ["reading-date-basis"] + ["empty-passage"] * 9
    assert lines == sorted(lines)
    assert [f.severity for f in findings if f.rule == "coverage"] == []


FILLED = """\
    id:port-of-quill a ent:Port ; rdfs:label "port of Quill"@en ; ent:stage ent:completed .
    id:opening-of-quill a ent:Ceremony ;
        ent:marks id:port-of-quill ;
        ent:participant id:government-of-turkey ;
        ent:date "2017-05"^^xsd:gYearMonth ;
        ent:status ent:held .
    id:government-of-turkey a ent:Government ; rdfs:label "Ankara"@en .
}"""


def test_a_passage_that_is_filled_in_has_no_findings(folder: Path, tmp_path: Path) -> None:
    copy = shutil.copytree(folder, tmp_path / "graph")
    path = copy / NAME / "facts.trig"
    before, after = re.split(r"(?<=p:ankara-opened-port \{\n)[^}]*\}", path.read_text("utf-8"))
    path.write_text(before + FILLED + after, "utf-8", newline="\n")
    findings = [f for f in left_to_do(copy) if f.severity != "info"]
    assert [f.rule for f in findings] == ["reading-date-basis"] + ["empty-passage"] * 8
    assert not [f for f in findings if "ankara-opened-port" in f.message + f.passage]
