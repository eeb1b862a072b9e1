"""A quantity's number and currency are held against the words of its passage, as dates are."""

import pytest
from articles import PREFIXES, document

from kg.dataset import build
from kg.findings import Finding
from kg.rdf.namespaces import ARTICLE
from kg.source.documents import ArticleSources, Sources
from kg.source.layout import GraphFolder
from kg.validation.amounts import check_amounts, check_roles_of_quantities

SUM = 'ent:number 210000000 ; ent:measure "USD"'


def test_a_decade_is_ten_years_and_no_other_number() -> None:
    (found,) = check("at odds for over a decade", 'ent:number 12 ; ent:measure "year"')
    assert (found.rule, found.severity, found.message) == (
        "number-words",
        "violation",
        "p:x: no words of the quote say 12",
    )
    assert found.hint.startswith("“a decade” is ent:number 10 in ent:measure “year”; ")
    (found,) = check("at odds for over a decade", 'ent:number 10 ; ent:measure "day"')
    assert "ent:measure day is not what the words say: “a decade” is in year" in found.message


def check(quote: str, says: str, language: str = "en", near: str = "", speaker: str = "") -> list[Finding]:
    """What is found of a quantity of a passage, which may be read with another one."""
    tag = f'; dcterms:language "{language}"' if language else ""
    link = "; ent:readWith p:near" if near else ""
    facts = f"""{PREFIXES}@prefix p: <{ARTICLE}a#> . @prefix dcterms: <http://purl.org/dc/terms/> .
<{ARTICLE}a> a ent:Article {tag} .
p:near a ent:Passage ; ent:quote "{near or "Elsewhere 8888"}" . p:near {{ id:near a ent:State }}
p:x a ent:Passage ; ent:quote "{quote}" {link} {speaker} .
p:x {{ id:other ent:measure "CHF" . id:sum {says} }}
"""
    text = f"{quote}\n{near or 'Elsewhere 8888'}\n"
    made = build.read_sources(
        Sources(GraphFolder("."), articles=[ArticleSources("a", "a.txt", text, document("a.trig", facts))])
    )
    (article,) = made.evidence
    return [f for p in article.passages for f in check_amounts(article, p)]


@pytest.mark.parametrize(
    ("quote", "says"),
    [
        ("lend Laos $210 million", SUM),
        ("lend Laos $210 million", 'ent:number 210000000.0 ; ent:measure "CAD"'),
        ("lend Laos 210m dollars", SUM),
        ("lend Laos 210 million", SUM),
        ("cost ¥5 or €5", 'ent:number 5 ; ent:measure "CNY"'),
        ("cost ¥5 or €5", 'ent:number 5 ; ent:measure "EUR"'),
        ("a share of half", 'ent:number 50 ; ent:measure "%"'),
        ("owns 30 per cent for $5", 'ent:number 30 ; ent:measure "%"'),
        ("it fell by 5 degrees", 'ent:number -5 ; ent:measure "°C"'),
        ("a link of 310 kilometres", 'ent:number 310 ; ent:measure "km"'),
        ("a 400-megawatt link", 'ent:number 400 ; ent:measure "megawatt"'),
        ("31 billion cubic metres", 'ent:number 31000000000 ; ent:measure "m3"'),
        ("1.5 bcm a year", 'ent:number 1.5 ; ent:measure "bcm"'),
        ("1.5 bcm a year", 'ent:number 1.5 ; ent:measure "bcm/year"'),
        ("rose by 5 percentage points", 'ent:number 5 ; ent:measure "%"'),
        ("KSh 5bn", 'ent:number 5000000000 ; ent:measure "KES"'),
        ("five million kroner", 'ent:number 5000000 ; ent:measure "DKK"'),
        ("four reactors", 'ent:number 4 ; ent:measure "reactor"'),
        ("from 300 to 400 MW", 'ent:number 300 ; ent:measure "MW"'),
        ("at odds for over a decade", 'ent:number 10 ; ent:measure "year"'),
        ("for half a century", 'ent:number 50 ; ent:measure "year"'),
        ("for a year and a half", 'ent:number 1.5 ; ent:measure "year"'),
        ("for a year and a half", 'ent:number 18 ; ent:measure "month"'),
        ("a fortnight ago", 'ent:number 2 ; ent:measure "week"'),
        ("it lasted an hour", 'ent:number 1 ; ent:measure "hour"'),
        ("two thirds of the cost", 'ent:number 66.67 ; ent:measure "%"'),
        ("no number here", 'ent:number "many"'),
        ("no number here", "ent:number id:many"),
        ("no number here", "ent:number 'INF'^^<http://www.w3.org/2001/XMLSchema#double>"),
        ("no number here", 'ent:measure "USD"'),
    ],
)
def test_what_the_words_say_is_let_pass(quote: str, says: str) -> None:
    assert check(quote, says) == []


@pytest.mark.parametrize(
    ("quote", "says", "message", "hint"),
    [
        (
            "lend Laos $210 million",
            'ent:number 210 ; ent:measure "USD"',
            "p:x: ent:number 210 is not what the words say: “$210 million” reads 210000000",
            "write ent:number 210000000",
        ),
        (
            "lend Laos 210 million US dollars",
            'ent:number 210000000 ; ent:measure "EUR"',
            "p:x: ent:measure EUR is not what the words say: “210 million US dollars” is in USD",
            'write ent:measure "USD"',
        ),
        (
            "a link of 310 kilometres",
            'ent:number 310 ; ent:measure "MW"',
            "p:x: ent:measure MW is not what the words say: “310 kilometres” is in km",
            'write ent:measure "km"',
        ),
        (
            "a cost of $310 million",
            'ent:number 310000000 ; ent:measure "GW"',
            "p:x: ent:measure GW is not what the words say: “$310 million” is in USD or another dollar",
            'write ent:measure "USD"',
        ),
        (
            "sold for ¥5",
            'ent:number 5 ; ent:measure "EUR"',
            "p:x: ent:measure EUR is not what the words say: “¥5” is in JPY or CNY",
            'write ent:measure "JPY"',
        ),
        (
            "sold for $5, paid $50",
            'ent:number 50 ; ent:measure "EUR"',
            "p:x: ent:measure EUR is not what the words say: “$50” is in USD or another dollar",
            'write ent:measure "USD"',
        ),
        (
            "in 2017 for $6 billion",
            'ent:number 7000000000 ; ent:measure "USD"',
            "p:x: no words of the quote say 7000000000",
            "“$6 billion” reads 6000000000, “2017” reads 2017; else quote the words that say it, "
            "or add ent:readWith the passage that has them",
        ),
        (
            "of $5 to $6 billion",
            'ent:number 50 ; ent:measure "USD"',
            "p:x: ent:number 50 is not what the words say: “$5” reads 5000000000",
            "write ent:number 5000000000",
        ),
        (
            "a third, $1 or €1 of it",
            'ent:number 1 ; ent:measure "GBP"',
            "p:x: ent:measure GBP is not what the words say: “$1” is in USD or another dollar",
            'write ent:measure "USD"',
        ),
        (
            "a quarter of it",
            'ent:number 7 ; ent:measure "%"',
            "p:x: no words of the quote say 7",
            "“a quarter” reads 0.25 or 25; else quote the words that say it, "
            "or add ent:readWith the passage that has them",
        ),
        (
            "a third of it",
            "ent:number 333",
            "p:x: ent:number 333 is not what the words say: “a third” reads 0.33 or 33.33",
            "write ent:number 0.33 or 33.33",
        ),
        (
            "for much money",
            'ent:number 7 ; ent:measure "USD"',
            "p:x: no words of the quote say 7",
            "quote the words that say it, or add ent:readWith the passage that has them",
        ),
        (
            "of 5, 5, 50 to 500 and 5,000 men",
            "ent:number 50000",
            "p:x: ent:number 50000 is not what the words say: “5” reads 5, “50” reads 50, “500” reads 500",
            "write ent:number 5",
        ),
    ],
)
def test_what_the_words_do_not_say_is_a_violation(quote: str, says: str, message: str, hint: str) -> None:
    for language, speaker in (("en", ""), ("EN-gb", "; ent:speaker id:near")):
        (found,) = check(quote, says, language, speaker=speaker)
        assert (found.file, found.rule, found.severity, found.line) == (
            "a.trig",
            "number-words",
            "violation",
            found.line,
        )
        assert (found.message, found.hint, found.line) == (message, hint, len(PREFIXES.splitlines()) + 5)


@pytest.mark.parametrize(
    ("quote", "number", "words"),
    [
        ("worth $6x", "6000000000", "$6x"),
        ("worth $6x, then $6y", "6000000000", "$6x"),
        ("in nineteen eighty-four", "1984", "nineteen eighty-four"),
        ("12 345 6789 tonnes in 2017", "123456789", "12 345 6789 tonnes"),
        ("one million, two hundred thousand people", "1200000", "one million, two hundred thousand"),
    ],
)
def test_words_that_cannot_be_read_are_checked_by_hand(quote: str, number: str, words: str) -> None:
    (found,) = check(quote, f"ent:number {number}")
    assert (found.severity, found.hint) == ("info", "")
    assert found.message == f"p:x: “{words}” cannot be read as a number: check {number} by hand"


@pytest.mark.parametrize(
    ("quote", "number", "hint"),
    [
        ("worth $6x, and $7", "8", "“$7” reads 7; else quote the words"),
        ("a fall of 5 and minus 7 degrees", "7", "write ent:number -7"),
        ("1.000 men", "10", "write ent:number 1 or 1000"),
    ],
)
def test_a_number_that_no_words_can_say_is_a_violation(quote: str, number: str, hint: str) -> None:
    (found,) = check(quote, f"ent:number {number}")
    assert (found.severity, found.hint[: len(hint)]) == ("violation", hint)


def test_no_number_is_too_large() -> None:
    digits = "1" * 60
    assert check(f"{digits} men", f"ent:number {digits}") == []
    for written in (f"{digits}2", "1e99999999"):
        assert [f.rule for f in check(f"{digits} men", f"ent:number {written}")] == ["number-words"]


def test_number_and_currency_can_both_be_wrong() -> None:
    assert len(check("lend Laos $210 million", 'ent:number 210 ; ent:measure "EUR"')) == 2


@pytest.mark.parametrize(
    ("quote", "says", "language", "severities"),
    [
        ("Laos leiht 210 Millionen Dollar", SUM, "de", []),
        ("Laos leiht zwei Milliarden", SUM, "de", []),
        ("Laos leiht zwei Milliarden", SUM, "", []),
        ("Laos leiht 120 Millionen Dollar", SUM, "de-AT", ["warning"]),
        ("Laos leiht €210 Millionen", SUM, "de", ["violation"]),
    ],
)
def test_in_another_language_digits_are_compared(quote: str, says: str, language: str, severities: list[str]) -> None:
    assert [f.severity for f in check(quote, says, language)] == severities


def test_the_words_may_stand_in_a_passage_that_it_is_read_with() -> None:
    assert check("It costs as much", SUM, near="a loan of $210 million") == []
    assert [f.rule for f in check("It costs as much", 'ent:number 8888 ; ent:measure "USD"')] == ["number-words"]


def test_a_unit_that_no_words_have_is_a_warning() -> None:
    (finding,) = check("four reactors", 'ent:number 4 ; ent:measure "km"')
    assert finding.severity == "warning"
    assert finding.message == "p:x: ent:measure km is not what the words say: “four” has no such unit"
    assert check("four reactors", 'ent:number 4 ; ent:measure "km"', near="4 km") == []
    assert check("4 Meiler", 'ent:number 4 ; ent:measure "km"', language="de") == []


@pytest.mark.parametrize(
    ("role", "measure", "fits"),
    [
        ("length", "km", True),
        ("length", "USD", False),
        ("length", "league", True),
        ("cost", "EUR", True),
        ("cost", "km", False),
        ("of", "USD", True),
    ],
)
def test_a_role_takes_its_measures(role: str, measure: str, fits: bool) -> None:
    words = 'ent:length ent:measuredIn "km" , "m" . ent:cost ent:measuredIn "currency" .'
    facts = f"""{PREFIXES}@prefix p: <{ARTICLE}a#> . <{ARTICLE}a> a ent:Article .
p:x a ent:Passage ; ent:quote "It is 5" . p:x {{ id:it ent:{role} id:sum . id:sum ent:measure "{measure}" }}
"""
    article = ArticleSources("a", "a.txt", "It is 5\n", document("a.trig", facts))
    ontology = [document("words.ttl", PREFIXES + words)]
    made = build.read_sources(Sources(GraphFolder("."), ontology=ontology, articles=[article]))
    found = [(f.rule, f.message) for f in check_roles_of_quantities(made)]
    told = f"p:x: ent:{role} is not measured in {measure}"
    assert found == [] if fits else found == [("measure-of-role", told)]


@pytest.mark.parametrize(
    ("quote", "says", "severities"),
    [
        ("after a year of negotiations", 'ent:number 1 ; ent:measure "year"', []),
        ("half a year later", 'ent:number 6 ; ent:measure "month"', []),
        ("a couple of reactors", 'ent:number 2 ; ent:measure "reactor"', []),
        ("a kilometre away", 'ent:number 1 ; ent:measure "km"', []),
        ("killed a man", 'ent:number 1 ; ent:measure "person"', ["info"]),
        ("killed a man", 'ent:number 1 ; ent:measure "USD"', ["violation"]),
        ("killed a man", 'ent:number 1 ; ent:measure "km"', ["violation"]),
        ("killed men", 'ent:number 1 ; ent:measure "person"', ["violation"]),
        ("after a year", 'ent:number 1 ; ent:measure "day"', ["violation"]),
    ],
)
def test_an_article_may_say_one(quote: str, says: str, severities: list[str]) -> None:
    assert [f.severity for f in check(quote, says)] == severities
