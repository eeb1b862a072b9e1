"""English names have their articles, lists and genitives, and dates and quantities are written as people write them."""

import pytest

from kg.text import phrases


@pytest.mark.parametrize(
    ("name", "quote", "written"),
    [
        ("Assad regime", "Russia and Iran have been the Assad regime’s key allies.", "the Assad regime"),
        ("Free Syrian Army", "Turkey backs the opposition Free Syrian Army (FSA).", "the Free Syrian Army"),
        ("Hidden Hand", "He met the Hidden Hand, he said.", "the Hidden Hand"),
        ("Ankara", "She has more on the Ankara summit.", "Ankara"),
        ("Ankara", "in the capital of Ankara with", "Ankara"),
        ("Lorvia", "talks with its neighbours Lorvia and Sudmark", "Lorvia"),
        ("Lorvia", "on the Lorvia-Sudmark border", "Lorvia"),
        ("Lorvia", "the poor neighbour Lorvia", "Lorvia"),
        ("Gambia", "in the Gambia, he said", "the Gambia"),
        ("part of Lake Mela", "they drill in part of Lake Mela", "part of Lake Mela"),
        ("Turkish jet", "a Russian warplane by a Turkish jet at the border", "a Turkish jet"),
        ("diplomatic row", "After a major diplomatic row three years ago", "a diplomatic row"),
        ("conflicting interests", "The conflicting interests led to it.", "the conflicting interests"),
        ("Corvanian border", "an explosion at the Corvanian border damaged it", "the Corvanian border"),
        ("Russian gas", "to transport Russian gas to Turkey", "Russian gas"),
        ("opposition groups", "supporting opposition groups", "opposition groups"),
        ("their meeting in Ankara", "during their meeting in Ankara", "the meeting in Ankara"),
        ("Putin’s visit", "more on Putin’s visit", "Putin’s visit"),
        ("war in Lorvia", "", "the war in Lorvia"),
        ("Bank of Lorvia", "", "the Bank of Lorvia"),
        ("Kadir Has University", "at Istanbul’s Kadir Has University", "Kadir Has University"),
        ("EU", "", "the EU"),
        ("university", "at a university", "a university"),
        ("explosion", "an explosion, he said", "an explosion"),
        ("board", "the bank, whose board approved it", "the board"),
    ],
)
def test_a_name_takes_the_article_that_its_quote_has(name: str, quote: str, written: str) -> None:
    assert phrases.with_article(name, [phrases.article_in(name, quote)]) == written


def test_the_definite_article_of_one_quote_outweighs_others() -> None:
    assert phrases.article_in("row", "A row began. The row, he said, went on.") == "the"


@pytest.mark.parametrize(
    ("name", "quote", "within"),
    [
        ("Peruvian trawlers", "the move against Peruvian trawlers", True),
        ("Bank of Sument", "the 1.2 billion dollars that the Bank of Sument agreed to lend", True),
        ("Fishers", "Fishers accuse the port. “Fishers,” they say", False),
        ("Fishers", "It rained. Fishers came.", False),
        ("Fishers", "the fishers came", False),
    ],
)
def test_a_capital_within_a_sentence_is_that_of_a_name(name: str, quote: str, within: bool) -> None:
    assert phrases.is_capital_within(name, quote) == within
    assert phrases.with_article("row", ["a", "the", None]) == "the row"


@pytest.mark.parametrize(
    ("name", "plural"),
    [
        ("opposition groups", True),
        ("de-escalation zones in Syria", True),
        ("the Houthis", True),
        ("war in the mountains", False),
        ("news", False),
        ("talks sponsored by the bank", True),
        ("Laos", False),
        ("the United States", False),
        ("the police", True),
    ],
)
def test_the_number_of_a_noun_is_that_of_its_head(name: str, plural: bool) -> None:
    assert phrases.is_plural(name, of_place=False) is plural


def test_a_place_is_singular() -> None:
    assert not phrases.is_plural("the Philippines", of_place=True)


def test_plurals_genitives_and_lists() -> None:
    assert list(map(phrases.plural, ("zone", "company", "state of relations", "crisis", "launch"))) == [
        "zones",
        "companies",
        "states of relations",
        "crisis",
        "launches",
    ]
    assert [phrases.genitive(x) for x in ("Turkey", "the United States", "the groups", "Laos")] == [
        "Turkey’s",
        "the United States’",
        "the groups’",
        "Laos’s",
    ]
    assert phrases.genitive("the government in Ankara") == "Ankara’s"
    assert phrases.genitive("the government in the capital") == "the government in the capital’s"
    assert [phrases.listed(x.split()) for x in ("a", "a b", "a b c")] == ["a", "a and b", "a, b and c"]


def test_a_government_may_be_called_by_its_capital() -> None:
    assert phrases.is_metonym("Ankara", ["", None])
    assert not phrases.is_metonym("Kremlin", ["the"])
    assert not phrases.is_metonym("Kremlin")
    assert not phrases.is_metonym("Assad regime")
    assert not phrases.is_metonym("government")


def test_a_part_takes_no_article() -> None:
    assert phrases.is_part("Part of the electricity")
    assert not phrases.is_part("Party of the West")


def test_quotes_within_quotes_are_single() -> None:
    assert phrases.quoted("to create “de-escalation zones”") == "to create ‘de-escalation zones’"


def test_a_sentence_begins_with_a_capital() -> None:
    assert phrases.sentence_case("the war goes on") == "The war goes on"
    assert phrases.sentence_case("eToro grows") == "eToro grows"
    assert phrases.sentence_case("") == ""


def test_an_office_is_told_with_where_it_is_unless_its_title_has_that() -> None:
    assert phrases.of_office("Prime Minister", "Lorvia") == "the Prime Minister of Lorvia"
    assert phrases.of_office("a hydrologist", "Selemar University", "at") == "a hydrologist at Selemar University"
    assert phrases.of_office("Lorvia’s President", "Lorvia") == "Lorvia’s President"
    assert phrases.of_office("Lorvian President", "Lorvia") == "the Lorvian President"
    assert phrases.of_office("chair of the Northern Bank", "the Northern Bank") == "the chair of the Northern Bank"


def test_a_number_has_what_it_counts() -> None:
    assert phrases.with_measure("Two", "turbine") == "Two turbines"
    assert phrases.with_measure("six Francis turbines", "turbine") == "six Francis turbines"
    assert phrases.with_measure("two") == "two"


def test_dates_are_written_as_people_write_them() -> None:
    assert phrases.on_date("2018-04-04") == "on 4 April 2018"
    assert phrases.on_date("2017-12") == "in December 2017"
    assert phrases.on_date("2014Z") == "in 2014"
    assert phrases.date("2018-04-04T10:00:00Z") == "4 April 2018"
    assert phrases.date("long ago") == "long ago"
    assert phrases.period("2011", "", lasting=True) == "since 2011"
    assert phrases.period("2011", "", lasting=False) == "from 2011"
    assert phrases.period("2011", "2013-05", lasting=False) == "from 2011 to May 2013"
    assert phrases.period("", "2013", lasting=True) == "until 2013"
    assert phrases.period("", "", lasting=True) == ""
    assert phrases.limits("2030", "") == "not before 2030"
    assert phrases.limits("", "2030-05") == "by the end of May 2030"
    assert phrases.limits("2029", "2030") == "between 2029 and 2030"
    assert phrases.limits("", "") == ""
    assert phrases.since_limits("2019", "") == "since 2019 at the earliest"
    assert phrases.since_limits("", "2019-05") == "since May 2019 at the latest"
    assert phrases.since_limits("2019", "2020") == "since a day between 2019 and 2020"


@pytest.mark.parametrize(
    ("number", "measure", "written"),
    [
        ("20000000000", "USD", "20 billion US dollars"),
        ("1500000.0", "EUR", "1.5 million euros"),
        ("4800", "MW", "4,800 MW"),
        ("49", "%", "49%"),
        ("1234567", "", "1,234,567"),
        ("310.50", "km", "310.5 km"),
        ("7000000", "XDR", "7 million XDR"),
        ("many", "km", "many km"),
        ("104000000", "crown", "104 million crowns"),
        ("3", "day", "3 days"),
        ("1", "day", "1 day"),
        ("14", "people", "14 people"),
        ("12", "bcm", "12 bcm"),
    ],
)
def test_quantities_are_written_as_people_write_them(number: str, measure: str, written: str) -> None:
    assert phrases.quantity(number, measure) == written


def test_a_description_has_its_article_and_says_in_brackets_who_says_so() -> None:
    label = phrases.attributed("pact of Lorvia and Norland", ["Ada Holm", "Ole Aas"])
    assert label == "pact of Lorvia and Norland, according to Ada Holm and Ole Aas"
    assert phrases.of_description(label) == "the pact of Lorvia and Norland (according to Ada Holm and Ole Aas)"
    assert phrases.of_description("Lorvia’s visit") == "Lorvia’s visit"
    assert phrases.bare("the pact") == "pact"


def test_a_long_text_takes_time_by_its_length() -> None:
    assert phrases.article_in("a b", "the a b " * 50_000) == "the"
    assert phrases.article_in("b", "x " * 100_000 + "b") is None
