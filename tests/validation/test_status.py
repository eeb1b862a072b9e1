"""How far what is told has come, against the words: statuses, ends and conditions."""

import pytest
from by_lexicon import checked, rules

BACKS = "id:s a ent:Support ; ent:backer id:ostia ; ent:backed id:norland ."
BOUGHT = "id:d a ent:Deal ; ent:buyer id:ostia ; ent:seller id:norland ; ent:item id:radars ."
IN_PACT = "id:i a ent:Membership ; ent:member id:ostia ; ent:memberIn id:pact {}."


@pytest.mark.parametrize(
    ("status", "quote", "fits"),
    [
        ("planned", "Ostia is to buy radars from Norland.", True),
        ("completed", "Ostia is to buy radars from Norland.", False),
        ("completed", "Ostia has bought radars from Norland.", True),
        ("planned", "Ostia has bought radars from Norland.", False),
        ("underWay", "Ostia is buying radars from Norland.", True),
        ("planned", "Ostia is buying radars from Norland.", False),
        ("underWay", "Ostia did not buy radars from Norland.", False),
        ("cancelled", "Ostia did not buy radars from Norland.", True),
        ("completed", "an offer for Ostia to buy radars from Norland", True),  # tells nothing
        ("underWay", "Ostia bought radars from Norland.", True),  # a relation may still hold
    ],
)
def test_a_status_fits_the_verb(status: str, quote: str, fits: bool) -> None:
    facts = BOUGHT.replace("id:radars .", f"id:radars ; ent:status ent:{status} .")
    assert rules(facts, quote) == ([] if fits else ["status-words"])


@pytest.mark.parametrize(
    ("status", "quote", "fits"),
    [
        ("planned", "Ann Holm meets Bo Lind.", True),  # the present tells little of events
        ("held", "Ann Holm meets Bo Lind.", True),
        ("held", "Ann Holm will meet Bo Lind.", False),
        ("planned", "Ann Holm met Bo Lind.", False),
    ],
)
def test_a_status_of_an_event_fits_the_verb(status: str, quote: str, fits: bool) -> None:
    facts = f"id:m a ent:Talks ; ent:participant id:ann , id:bo ; ent:status ent:{status} ."
    assert rules(facts, quote) == ([] if fits else ["status-words"])


def test_the_stage_of_a_work_is_told_by_its_own_patterns() -> None:
    facts = "id:dam a ent:InfrastructureProject ; ent:stage ent:{} ; ent:capacity id:c . id:c a ent:Quantity ."
    assert rules(facts.format("completed"), "The Ossen Dam is being built.") == ["status-words"]
    assert rules(facts.format("underWay"), "The Ossen Dam is being built.") == []
    assert rules(facts.format("completed"), "The Ossen Dam is to have a capacity of Ostia.") == []


@pytest.mark.parametrize(
    ("more", "quote", "found"),
    [
        ("", "Ostia no longer backs Norland.", ["status-words"]),
        ("ent:end '2017'^^xsd:gYear ;", "Ostia no longer backs Norland.", []),
        ("", "Ostia does not back Norland.", ["status-words"]),
        ("", "Ostia backed Norland until 2017.", ["status-words"]),
        ("", "Ostia backs Norland if it can.", ["status-words"]),
        ("ent:condition 'if it can'@en ;", "Ostia backs Norland if it can.", []),
        ("", "Asked if Ostia backs Norland, it agreed.", []),
        ("", "Ostia backs Norland.", []),
        ("ent:status ent:underWay ;", "Ostia had backed Norland.", ["status-words"]),
        ("ent:status ent:underWay ;", "Ostia had backed Norland since 2011.", []),
        ("ent:status ent:ended ;", "Ostia had backed Norland.", []),
        ("", "Ostia had backed Norland.", []),
        # A relative clause, and another sentence, are no part of what is denied.
        ("", "Ann Holm rejected claims about Ostia, which backs Norland.", []),
        ("", "Ann Holm dismissed the reports of Ostia, which backs Norland, on Monday.", []),
        ("", "Ann Holm rejected the offer that Ostia, which backs Norland, had made.", []),
        ("", "Ann Holm disputed the sum that Ostia paid when it backed Norland.", []),
        ("", "Ann Holm rejected it. The plan is that Ostia backs Norland.", []),
        ("", "Ann Holm rejected claims that Ostia backs Norland.", ["status-words"]),
        ("", "Ann Holm denied in Melk on Monday that Ostia backs Norland.", ["status-words"]),
        ("", "Ann Holm dismissed the idea that Ostia, which is neutral, backs Norland.", ["status-words"]),
    ],
)
def test_what_is_denied_or_over_is_so_in_the_facts(more: str, quote: str, found: list[str]) -> None:
    assert rules(BACKS.replace("ent:Support ;", f"ent:Support ; {more}"), quote) == found


@pytest.mark.parametrize(
    ("more", "quote", "found"),
    [
        ("", "Ostia left the Sea Pact.", ["status-words"]),
        ("", "Ostia has left the Sea Pact.", ["status-words"]),
        ("; ent:end '2018'^^xsd:gYear ", "Ostia left the Sea Pact.", []),
        ("; ent:status ent:underWay ", "Ostia left the Sea Pact.", ["status-words"]),
        ("; ent:status ent:ended ", "Ostia left the Sea Pact.", []),
        ("", "Ostia joined the Sea Pact.", []),
        ("", "Ostia is to leave the Sea Pact.", []),  # not over yet
        ("", "the Sea Pact, which Ostia joined, and which Norland left", []),
    ],
)
def test_a_verb_of_ending_says_that_a_relation_is_over(more: str, quote: str, found: list[str]) -> None:
    assert rules(IN_PACT.format(more), quote) == found


@pytest.mark.parametrize(
    ("more", "quote", "found"),
    [
        ("", "Ostia is to buy radars from Norland.", ["status-words"]),
        ("", "Ostia agreed to buy radars from Norland.", ["status-words"]),
        ("", "Ostia buys radars from Norland.", []),
        ("; ent:status ent:planned", "Ostia is to buy radars from Norland.", []),
        ("; ent:notAfter '2020'^^xsd:gYear", "Ostia is to buy radars from Norland.", []),
    ],
)
def test_what_is_to_come_is_not_told_without_a_status(more: str, quote: str, found: list[str]) -> None:
    assert rules(BOUGHT.replace("id:radars .", f"id:radars {more} ."), quote) == found


def test_what_held_until_a_time_is_not_under_way() -> None:
    under_way = BACKS.replace("ent:Support ;", "ent:Support ; ent:status ent:underWay ;")
    assert rules(under_way, "Ostia backed Norland until 2017.") == ["status-words"]
    assert rules(under_way, "Ostia backs Norland until 2030.") == []
    assert rules(under_way.replace("underWay", "ended"), "Ostia backed Norland until 2017.") == []


CONDITION = "ent:condition 'if it is attacked'@en ;"


@pytest.mark.parametrize(
    ("facts", "quote", "found"),
    [
        (BACKS, "Ostia backs Norland should it be attacked.", ["status-words"]),
        (BACKS, "Should the talks fail, Ostia backs Norland.", ["status-words"]),
        (BACKS.replace("norland .", "norland ; ent:status ent:planned ."), "Ostia should back Norland.", []),
        (BACKS, "Ann Holm asked why should the others leave. Ostia backs Norland.", []),
        # The condition of another sentence.
        (BACKS, "Ostia backs Norland. Nobody is safe unless it rains.", []),
        (BACKS, "Nobody is safe unless it rains; Ostia backs Norland.", []),
        # Each of them has it.
        (
            f"{BACKS.replace('ent:Support ;', f'ent:Support ; {CONDITION}')}"
            " id:t a ent:Support ; ent:backer id:norland ; ent:backed id:ostia .",
            "Ostia and Norland each back the other if it is attacked.",
            ["status-words"],
        ),
        (
            f"{BACKS.replace('ent:Support ;', f'ent:Support ; {CONDITION}')}"
            " id:t a ent:Support ; ent:backer id:sudmark ; ent:backed id:norland .",
            "Ostia backs Norland if it is attacked, and so does Sudmark.",
            [],
        ),
    ],
)
def test_a_condition_is_one_of_what_its_sentence_says(facts: str, quote: str, found: list[str]) -> None:
    assert [f.rule for f in checked(facts, quote) if f.rule == "status-words"] == found


@pytest.mark.parametrize(
    ("facts", "quote", "found"),
    [
        ("id:a a ent:Dam ; ent:stage ent:suspended . id:b a ent:Canal .", "It was suspended, and it was scrapped.", 1),
        (
            "id:a a ent:Dam ; ent:stage ent:suspended . id:b a ent:Canal ; ent:stage ent:cancelled .",
            "It was suspended, and it was scrapped.",
            0,
        ),
        ("id:a a ent:Dam ; ent:stage ent:cancelled .", "It was suspended.", 0),  # one speaks for the other
        ("id:a a ent:Dam .", "It was closed.", 1),
        ("id:m a ent:Talks .", "It was closed.", 0),  # a border, perhaps
    ],
)
def test_each_thing_that_is_given_up_has_its_status(facts: str, quote: str, found: int) -> None:
    assert rules(facts, quote).count("status-words") == found


def test_what_is_not_before_a_time_is_not_denied() -> None:
    fact = "id:d a ent:Deal ; ent:buyer id:ostia ; ent:item id:radars"
    quote = "Ostia is not to buy radars before 2030."
    assert rules(f"{fact} .", quote) == ["status-words"]
    assert rules(f"{fact} ; ent:notBefore '2030'^^xsd:gYear .", quote) == []


@pytest.mark.parametrize(
    ("status", "quote", "fits"),
    [
        ("suspended", "Ostia met Norland on Monday.", False),
        ("underWay", "The council in Melk began on Monday.", True),  # what has begun goes on
        ("underWay", "The council in Melk was due to end on Friday.", True),  # and so does what is to end
        ("held", "The council in Melk is to end on Friday.", False),
        ("planned", "The council in Melk began on Monday.", False),
    ],
)
def test_beginnings_and_ends_tell_that_a_thing_goes_on(status: str, quote: str, fits: bool) -> None:
    facts = f"id:c a ent:Council ; rdfs:label 'council'@en ; ent:status ent:{status} ."
    facts = (
        facts
        if "council" in quote
        else f"id:m a ent:Talks ; ent:participant id:ostia , id:norland ; ent:status ent:{status} ."
    )
    assert ("status-words" in rules(facts, quote)) == (not fits)


@pytest.mark.parametrize(
    ("quote", "found"),
    [
        ("Ostia postponed the council in Melk.", ["status-words"]),
        ("Ostia postponed the council in Melk to 2027.", []),  # it has a new date
        ("The council in Melk was postponed until March 2027.", []),
        ("The council in Melk was postponed in 2019.", ["status-words"]),
    ],
)
def test_what_is_put_off_to_a_date_is_planned(quote: str, found: list[str]) -> None:
    facts = "id:c a ent:Council ; rdfs:label 'council'@en ; ent:place id:melk ; ent:status ent:planned ."
    assert [rule for rule in rules(facts, quote) if rule == "status-words"] == found


@pytest.mark.parametrize(
    ("facts", "found"),
    [
        ("id:x a ent:Event ; rdfs:label 'suspension'@en ; ent:place id:melk .", []),  # the event itself
        ("id:x a ent:Event ; rdfs:label 'exports'@en ; ent:place id:melk .", ["status-words"]),
    ],
)
def test_what_halts_may_be_an_event_itself(facts: str, found: list[str]) -> None:
    assert rules(facts, "The exports from Melk were suspended, and the suspension hurt.") == found


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("", ["status-words"]),
        ('ent:underWay ent:pattern "{host} *host {this}"@en .', []),
        ('ent:underWay ent:cue "*host"@en .', []),
        ('ent:underWay ent:tense "past"@en .', []),
        ('ent:underWay ent:pattern "{host} *convene {this}"@en .', ["status-words"]),
    ],
)
def test_words_of_ones_own_answer_a_status(words: str, found: list[str]) -> None:
    facts = "id:c a ent:Council ; ent:host id:ostia ; ent:status ent:underWay ."
    assert rules(facts, "Ostia hosted the council.", words=words) == found


def test_a_finding_has_the_lines_that_answer_it() -> None:
    facts = BOUGHT.replace("id:radars .", "id:radars ; ent:status ent:held .")
    (finding,) = checked(facts, "Ostia is buying radars.")
    lines = finding.hint.split(":\n", 1)[1]
    assert lines.splitlines() == [
        'ent:held ent:pattern "{buyer} *buy {item}( from {seller})?"@en ;',
        '    ent:usage "[buyer: Ostia] is buying [item: radars]"@en .',
    ]
    assert rules(facts, "Ostia is buying radars.", words=lines) == []


@pytest.mark.parametrize(
    ("status", "quote", "found"),
    [
        ("cancelled", "The visit of Ann Holm.", ["status-words"]),
        ("cancelled", "The visit of Ann Holm was scrapped.", []),
        ("cancelled", "The visit of Ann Holm was postponed.", []),  # one speaks for the other
        ("cancelled", "There will be no visit of Ann Holm.", []),
        ("announced", "The visit of Ann Holm.", ["status-words"]),
        ("announced", "Ostia plans a visit of Ann Holm.", []),
        ("held", "The visit of Ann Holm.", []),
    ],
)
def test_what_is_given_up_says_so(status: str, quote: str, found: list[str]) -> None:
    assert rules(f"id:v a ent:Event ; ent:participant id:ann ; ent:status ent:{status} .", quote) == found
