"""What articles must agree on: status and reading date, roles that a later article adds, relations told of twice."""

import pytest
from articles import PREFIXES, article, document

from kg.dataset import build
from kg.findings import Finding
from kg.rdf.namespaces import ARTICLE
from kg.source.documents import ArticleSources, Sources
from kg.source.layout import GraphFolder
from kg.validation import entities

WORDS = """\
ent:Deal a owl:Class ; ent:identifiedBy ent:buyer , ent:seller .
ent:Sale a owl:Class ; rdfs:subClassOf ent:Deal .
ent:Auction a owl:Class ; rdfs:subClassOf [ a owl:Restriction ] , ent:Sale .
ent:Loan a owl:Class ; rdfs:subClassOf ent:Deal ; ent:identifiedBy ent:lender .
ent:Deal ent:distinguishedBy ent:inField . ent:inField a owl:ObjectProperty .
ent:Visit a owl:Class .
ent:buyer a owl:ObjectProperty . ent:seller a owl:ObjectProperty . ent:item a owl:ObjectProperty .
ent:lender a owl:ObjectProperty . ent:status a owl:ObjectProperty . ent:cost a owl:DatatypeProperty .
"""
SALE = "id:sale a ent:Sale ; ent:buyer id:norland ; ent:seller id:westland ."


def check(*articles: ArticleSources) -> list[Finding]:
    words = document("words.ttl", PREFIXES + WORDS)
    return list(
        entities.check_consistency(
            build.read_sources(Sources(GraphFolder("."), ontology=[words], articles=list(articles)))
        )
    )


def told(*articles: ArticleSources) -> list[tuple[str, str, str]]:
    """File, rule and message of each finding."""
    return [(f.file, f.rule, f.message) for f in check(*articles)]


def day(name: str, value: str) -> str:
    return f'ent:{name} "{value}"^^xsd:date'


@pytest.mark.parametrize("predicate", ["status", "stage"])
@pytest.mark.parametrize(
    ("status", "dates", "message"),
    [
        ("held", day("date", "2018-04-03"), ""),
        ("held", day("date", "2018-04-04"), "is held on 2018-04-04 at the earliest, after the reading date 2018-04-03"),
        ("held", 'ent:date "2018"^^xsd:gYear', ""),
        ("completed", day("date", "2018-04-04"), "is completed on 2018-04-04 at the earliest"),
        ("finalised", day("start", "2018-04-04"), "is finalised on 2018-04-04 at the earliest"),
        ("finalised", day("end", "2018-04-04"), ""),
        ("planned", day("date", "2018-04-03"), ""),
        (
            "planned",
            day("date", "2018-04-02"),
            "is planned, and over by 2018-04-02, before the reading date 2018-04-03",
        ),
        ("planned", day("start", "2018-04-03"), ""),
        (
            "planned",
            day("start", "2018-04-02"),
            "is planned, and begun by 2018-04-02, before the reading date 2018-04-03",
        ),
        (
            "planned",
            f"{day('start', '2018-04-02')} ; {day('end', '2018-04-03')}",
            "is planned, and begun by 2018-04-02",
        ),
        ("planned", f"{day('start', '2018-04-01')} ; {day('end', '2018-04-02')}", "is planned, and over by 2018-04-02"),
        ("planned", day("end", "2018-04-02"), "is planned, and over by 2018-04-02"),
        ("underWay", day("start", "2018-04-04"), "is under way on 2018-04-04 at the earliest, after the reading date"),
        ("underWay", day("date", "2018-04-02"), ""),
        ("planned", "a ent:Visit", ""),
    ],
)
def test_status_and_date_fit_the_reading_date(predicate: str, status: str, dates: str, message: str) -> None:
    found = check(
        article("a", "2018-04-03", f"id:first-visit {dates} .", f"id:first-visit\n  ent:{predicate} ent:{status} .")
    )
    assert [(f.rule, f.severity, f.passage, f.line) for f in found] == [
        ("status-and-date", "violation", f"{ARTICLE}a#q2", 15) for _ in [message] if message
    ]
    assert all(f.message.startswith(f"“first visit” {message}") for f in found)


def test_a_date_counts_before_a_start_and_an_end() -> None:
    dates = f"{day('date', '2018-04-03')} ; {day('start', '2018-05-01')} ; {day('end', '2018-03-01')}"
    assert told(article("a", "2018-04-03", f"id:visit {dates} ; ent:status ent:held , ent:planned .")) == []


def test_only_a_status_is_one() -> None:
    assert told(article("a", "2018-04-03", f"id:visit ent:item ent:held ; {day('date', '2018-04-04')} .")) == []


def test_a_status_is_held_against_the_date_of_its_own_article() -> None:
    held = f"id:visit ent:status ent:held ; {day('date', '2018-05-01')} ."
    assert told(article("a", "2018-06-01", held)) == []
    assert [row[:2] for row in told(article("a", "2018-06-01", held), article("b", "2018-04-01", held))] == [
        ("b.trig", "status-and-date")
    ]


@pytest.mark.parametrize(("reading_date", "speaker"), [("", ""), ("2018-04-01", "ent:speaker id:ada ;")])
def test_without_a_reading_date_or_as_somebodys_words_a_status_is_not_judged(reading_date: str, speaker: str) -> None:
    held = f"id:visit ent:status ent:held ; {day('date', '2018-05-01')} ."
    assert told(article("a", reading_date, held, speaker=speaker)) == []


def test_an_amount_that_a_later_article_gives_anew_is_none() -> None:
    cost = "id:sale ent:item id:{0} . id:{0} a ent:Quantity ."
    first = article("a", "2018-01-01", SALE, cost.format("first-cost"))
    assert told(first, article("b", "2018-02-01", SALE, cost.format("later-cost"))) == []
    assert [row[1] for row in told(first, article("b", "2018-02-01", SALE, "id:sale ent:item id:lower ."))] == [
        "added-role"
    ]


def test_a_role_that_a_later_article_adds_is_a_warning() -> None:
    first = article("a", "2018-01-01", SALE)
    later = article("b", "2018-02-01", "id:sale a ent:Sale .", "id:sale ent:buyer id:norland ; ent:item id:ship .")
    (found,) = check(later, first)  # the reading date tells which is the later one
    assert (found.file, found.rule, found.severity, found.passage) == (
        "b.trig",
        "added-role",
        "warning",
        f"{ARTICLE}b#q2",
    )
    assert found.message == "this adds ent:item id:ship to id:sale, which an earlier article states without it"
    assert told(first, article("b", "2018-02-01", SALE)) == []


def test_another_buyer_is_an_added_role_too() -> None:
    first, later = article("a", "2018-01-01", SALE), article("b", "2018-02-01", "id:sale ent:buyer id:eastland .")
    assert [row[1] for row in told(first, later)] == ["added-role"]


def test_of_a_third_article_only_what_neither_of_the_others_has_is_added() -> None:
    item, cost = "id:sale ent:item id:ship .", "id:sale ent:item id:ship , id:boat ."
    found = told(article("a", "2018-01-01", SALE), article("b", "2018-02-01", item), article("c", "2018-03-01", cost))
    assert [(file, message.split(" to ")[0]) for file, _, message in found] == [
        ("b.trig", "this adds ent:item id:ship"),
        ("c.trig", "this adds ent:item id:boat"),
    ]


@pytest.mark.parametrize(
    "added",
    [
        "id:sale ent:status ent:held .",
        'id:sale ent:cost "5" .',
        "id:sale a ent:Auction .",
        "id:visit a ent:Visit ; ent:item id:ship .",
    ],
)
def test_what_is_no_role_of_a_relation_is_not_an_added_one(added: str) -> None:
    first = article("a", "2018-01-01", SALE, "id:visit a ent:Visit .")
    assert told(first, article("b", "2018-02-01", added)) == []


def test_one_article_adds_nothing_to_itself() -> None:
    assert told(article("a", "2018-01-01", SALE, "id:sale ent:item id:ship .")) == []


TWIN = SALE.replace("id:sale", "id:twin")


def test_two_relations_with_the_same_class_and_roles_are_doubles() -> None:
    (found,) = check(article("a", "2018-01-01", SALE, "id:twin a ent:Sale .", TWIN))
    assert (found.rule, found.severity, found.passage, found.line) == ("double", "warning", f"{ARTICLE}a#q2", 14)
    assert found.message == "id:twin has the class, the roles and the time of id:sale"


def test_a_double_is_told_in_the_article_that_is_the_last_to_tell_of_it() -> None:
    found = told(article("a", "2018-01-01", SALE, TWIN), article("b", "2018-02-01", TWIN))
    assert [row[:2] for row in found] == [("b.trig", "double")]


@pytest.mark.parametrize(
    ("one", "other", "double"),
    [
        ("", day("date", "2018-03-01"), True),
        (day("date", "2018-03-01"), "", True),
        (day("date", "2018-03-01"), day("date", "2018-03-01"), True),
        (day("date", "2018-03-01"), day("date", "2018-03-02"), False),
        (day("date", "2018-03-02"), day("date", "2018-03-01"), False),
        (day("end", "2018-03-01"), day("start", "2018-03-01"), True),
        (day("start", "2018-03-01"), day("end", "2018-03-01"), True),
        (day("end", "2018-03-01"), day("start", "2018-03-02"), False),
        (day("start", "2018-03-02"), day("end", "2018-03-01"), False),
        (day("start", "2018-03-02"), day("start", "9999-12-31"), True),
        (day("end", "0001-01-01"), day("end", "2018-03-01"), True),
        ('ent:date "2018"^^xsd:gYear', day("date", "2018-03-01"), True),
    ],
)
def test_doubles_overlap_in_time(one: str, other: str, double: bool) -> None:
    facts = [SALE.replace(" .", f" ; {one} .") if one else SALE, TWIN.replace(" .", f" ; {other} .") if other else TWIN]
    assert [row[1] for row in told(article("a", "2018-01-01", *facts))] == ["double"] * double


@pytest.mark.parametrize(
    ("facts", "double"),
    [
        (TWIN.replace("id:westland", "id:eastland"), False),
        (TWIN.replace("ent:buyer", "ent:item"), False),
        (TWIN.replace(" .", " ; ent:item id:ship ; ent:status ent:held ."), True),  # neither identifies a sale
        (TWIN.replace("ent:Sale", "ent:Deal"), False),  # another class
        (TWIN.replace("ent:Sale", "ent:Visit"), False),
        ("id:twin ent:buyer id:norland ; ent:seller id:westland .", False),  # of no class
        ("id:twin ent:item ent:Sale ; ent:buyer id:norland ; ent:seller id:westland .", False),  # about a class
    ],
)
def test_what_tells_relations_apart(facts: str, double: bool) -> None:
    assert [row[1] for row in told(article("a", "2018-01-01", SALE, facts))] == ["double"] * double


@pytest.mark.parametrize(
    ("kind", "roles", "double"),
    [
        ("Deal", "ent:buyer id:norland", True),
        ("Auction", "ent:buyer id:norland", True),  # identified as deals are, two classes up
        ("Loan", "ent:lender id:norland", True),
        ("Loan", "ent:buyer id:norland", False),  # loans have a role of their own
        ("Deal", "ent:lender id:norland", False),
        ("Visit", "ent:buyer id:norland", False),
        ("Deal", "ent:cost '5'", False),
    ],
)
def test_a_class_is_identified_by_its_own_roles_or_by_those_of_the_nearest_class_above(
    kind: str, roles: str, double: bool
) -> None:
    facts = [f"id:{name} a ent:{kind} ; {roles} ." for name in ("one", "two")]
    assert [row[1] for row in told(article("a", "2018-01-01", *facts))] == ["double"] * double


def test_classes_in_a_circle_are_identified_by_nothing() -> None:
    circle = "ent:Hen a owl:Class ; rdfs:subClassOf ent:Egg . ent:Egg a owl:Class ; rdfs:subClassOf ent:Hen ."
    words = document("words.ttl", PREFIXES + WORDS + circle)
    made = build.read_sources(
        Sources(GraphFolder("."), ontology=[words], articles=[article("a", "2018-01-01", "id:x a ent:Hen .")])
    )
    assert list(entities.check_consistency(made)) == []


@pytest.mark.parametrize(
    ("one", "other", "double"),
    [
        ("ent:inField id:trade", "ent:inField id:energy", False),
        ("ent:inField id:trade", "ent:inField id:trade , id:energy", True),
        ("ent:inField id:trade", "ent:cost '5'", True),  # of which nothing is known may be the same
        ("ent:cost '4'", "ent:cost '5'", True),  # a cost changes
        ("rdfs:label 'Trade pact'", "rdfs:label 'Fishing pact'", False),
        ("rdfs:label 'Trade pact'", "rdfs:label 'trade pact'", True),
        ("ent:status ent:held", "ent:status ent:planned", False),
        ("ent:status ent:held", "ent:status ent:held", True),
    ],
)
def test_names_fields_and_statuses_tell_two_relations_of_the_same_parties_apart(
    one: str, other: str, double: bool
) -> None:
    facts = [SALE.replace(" .", f" ; {one} ."), TWIN.replace(" .", f" ; {other} .")]
    found = check(article("a", "2018-01-01", *facts))
    assert [f.rule for f in found] == ["double"] * double
    assert all(f.hint.endswith("apart: ent:inField, ent:status, their dates, their names") for f in found)


def test_a_status_that_a_later_article_gives_tells_nothing_apart() -> None:
    planned, held = SALE.replace(" .", " ; ent:status ent:planned ."), TWIN.replace(" .", " ; ent:status ent:held .")
    assert [row[1] for row in told(article("a", "2018-01-01", planned), article("b", "2018-02-01", held))] == ["double"]


def test_what_is_only_reported_is_no_double() -> None:
    assert told(article("a", "2018-01-01", SALE, TWIN, speaker="ent:speaker id:ada ;")) == []


@pytest.mark.parametrize(
    ("facts", "known"),
    [
        (["id:ship a ent:Visit ."], True),
        (["id:ship ent:cost '5' .", "id:ship ent:cost '6' ."], False),  # which is told once
        (["id:ship ent:cost '5' .", "id:ship a ent:Visit ."], False),  # another passage than the first to name it
    ],
)
def test_a_thing_may_have_its_type_from_the_speaker_of_its_passage(facts: list[str], known: bool) -> None:
    spoken = article("a", "2018-01-01", *facts, speaker="ent:speaker id:ada ;")
    made = build.read_sources(Sources(GraphFolder("."), articles=[spoken]))
    told = [f.message for f in entities.check_mentions(made)]
    assert told.count("nothing says what id:ship is") == (0 if known else 1)
