"""What newcomers met with the lexicon that is shipped: words that were no contradiction, and lies under true quotes."""

import pytest
from shipped import findings, told

DAM = "id:dam a ent:Dam ; rdfs:label 'dam'@en ; ent:builder id:ostia"
LEFT = "id:d a ent:Event ; ent:participant id:ostia ; ent:wording 'left'@en ; ent:status ent:{} ."
PACT = "id:pact a ent:Agreement ; rdfs:label 'treaty'@en ; ent:party id:ostia , id:norland ; ent:status ent:{} ."
SAYING = "id:s a ent:Statement ; ent:participant id:ostia ; ent:wording '{}'@en ; ent:status ent:held"
TALKS = "id:talks a ent:Talks ; rdfs:label 'talks'@en"


def checks(*arguments: str) -> list[str]:
    return [line.partition(":")[0] for line in told(*arguments)]


@pytest.mark.parametrize(
    ("quote", "facts"),
    [
        # What had been so is so no more.
        ("Ostia is reviving a dam that had been stalled for years.", f"{DAM} ; ent:stage ent:planned ."),
        ("The treaty of Ostia and Norland, which had been expected to fail, was signed.", PACT.format("finalised")),
        # A relative clause tells of what stands before it.
        ("A delegate of Ostia, who is expected to sign a treaty, left on Tuesday.", LEFT.format("held")),
        # “Still” says that something holds, not what, and “yet” may say nothing of the kind.
        ("Yet Ostia left on Tuesday.", LEFT.format("held")),
        ("The treaty of Ostia and Norland was “still being studied”.", PACT.format("outstanding")),
        # The particle of a verb is no verb.
        ("Ostia denied that the talks had broken down.", f"{SAYING.format('denied')} ."),
        # A participle is no more than its verb says.
        (
            "The dam of Ostia is to be finished by 2029.",
            f"{DAM} . id:m a ent:Milestone ; ent:milestoneOf id:dam ; ent:wording 'to be finished'@en ;"
            " ent:status ent:planned .",
        ),
        # Somebody to whom a statement is made.
        (
            "Ostia told Norland that the bridge was safe.",
            f"{SAYING.format('told')} ; ent:addressee id:norland .",
        ),
        # The very saying is told by the article.
        (
            "Ostia said the text was “being studied” and denied that the talks with Norland had broken down.",
            f"{SAYING.format('denied')} ; ent:concerns id:talks . {TALKS} .",
        ),
    ],
)
def test_words_that_contradict_nothing(quote: str, facts: str) -> None:
    assert told(quote, facts) == []


@pytest.mark.parametrize(
    ("quote", "facts", "found"),
    [
        ("Ostia is reviving a dam that has been stalled.", f"{DAM} ; ent:stage ent:planned .", "status-words"),
        ("The treaty of Ostia and Norland had been scrapped.", PACT.format("planned"), "status-words"),
        (
            "A delegate of Ostia is expected to leave on Tuesday.",
            LEFT.format("held").replace("left", "leave"),
            "status-words",
        ),
        ("The treaty of Ostia and Norland was halted.", PACT.format("outstanding"), "status-words"),
        (
            "Ostia said that Norland backed Sudmark.",
            "id:s a ent:Support ; ent:backer id:norland ; ent:backed id:sudmark .",
            "no-speaker",
        ),
    ],
)
def test_words_that_still_contradict(quote: str, facts: str, found: str) -> None:
    assert checks(quote, facts)[:1] == [found] * bool(found)


def test_who_speaks_may_be_named_after_his_office() -> None:
    person = "id:m a ent:Person ; rdfs:label 'Oro Vann'@en . id:o a ent:Person ; rdfs:label 'Eda Munk'@en ."
    office = "id:c a ent:Office ; rdfs:label 'Norland counterpart'@en ; ent:officeOf id:norland ."
    both = "Her Norland counterpart, Oro Vann, said Ostia would build the dam after Eda Munk had left."
    more = "; ent:speaker id:{} ; ent:speech ent:paraphrased"
    beside = f"""p:who a ent:Passage ; ent:quote 'Her Norland counterpart, Oro Vann' ; ent:readWith p:names .
p:who {{ {person.partition(" id:o")[0]} {office} }}
p:other a ent:Passage ; ent:quote 'Eda Munk' . p:other {{ {person.partition(" . ")[2]} }}"""
    facts = f"{DAM} ; ent:stage ent:planned ."
    assert told(both, facts, more.format("m"), beside) == []
    assert checks(both, facts, more.format("o"), beside) == ["role-words"]


def test_a_statement_has_somebody_to_whom_it_is_made() -> None:
    facts = f"{SAYING.format('told')} ; ent:addressee id:norland ."
    assert told("Ostia told Norland that the bridge was safe.", facts, by_shapes=True) == []


def test_a_shape_names_the_property_for_which_it_judges() -> None:
    facts = LEFT.format("held").replace("ent:status", "ent:addressee id:norland ; ent:status")
    (line,) = told("Ostia left Norland.", facts, by_shapes=True)
    assert line.startswith("shape:Or: d: Only a demand or a statement has ent:addressee")
    (line,) = told("Ostia left Norland.", facts.replace("addressee", "investor"), by_shapes=True)
    assert line.endswith("Here it has ent:investor.")


LOAN = "id:l a ent:Loan ; ent:lender id:ostia ; ent:sum id:q ; ent:status ent:{} . "
MONEY = LOAN.replace("Loan", "Investment").replace("lender", "investor")
SUM = "id:q a ent:Quantity ; ent:number 640000000 ; ent:measure 'USD' ."
TWO = "id:a a ent:Agreement ; rdfs:label 'agreement'@en ; ent:party id:ostia , id:norland ; ent:status ent:finalised . "
BUILT = f"{TWO} {DAM} , id:norland ; ent:stage ent:{{}} ."
GAVE = "id:i a ent:Investment ; ent:investor id:{} ; ent:funds id:b ; ent:status ent:held ."
BRIDGE = "id:b a ent:Bridge ; rdfs:label 'bridge'@en ."
EVENTS = (
    "id:w a ent:Event ; ent:participant id:ostia ; ent:wording 'withdrew'@en ; ent:status ent:held ."
    " id:d a ent:Event ; rdfs:label 'discovery of mines'@en ; ent:participant id:norland ; ent:status ent:held ."
    " id:{} ent:{} id:{} ."
)
STAY = (
    "id:w a ent:Event ; ent:participant id:ostia ; ent:wording 'stayed'@en ; ent:duration id:q ."
    " id:q a ent:Quantity ; ent:number 2 ; ent:measure 'year' {}."
)
DID = "id:e a ent:Event ; ent:participant id:ostia ; ent:wording 'removed'@en ; ent:status ent:held ."
FAILED = f"{TALKS} ; ent:participant id:ostia , id:norland ; ent:status ent:{{}} ."


@pytest.mark.parametrize(
    ("quote", "true", "false", "found"),
    [
        (
            "Ostia would lend $640 million at two percent.",
            LOAN.format("planned") + SUM,
            LOAN.format("held") + SUM,
            "status-words",
        ),
        (
            "Ostia would lend $640 million at two percent.",
            LOAN.format("announced") + SUM,
            LOAN.format("finalised") + SUM,
            "status-words",
        ),
        (
            "A further $640 million is to be provided by Ostia.",
            MONEY.format("planned") + SUM,
            MONEY.format("held") + SUM,
            "status-words",
        ),
        (
            "Ostia and Norland signed a $2 billion agreement to build a dam.",
            BUILT.format("planned"),
            BUILT.format("underWay"),
            "status-words",
        ),
        (
            "Ostia and Norland signed an agreement to build a dam.",
            BUILT.format("planned"),
            BUILT.format("completed"),
            "status-words",
        ),
        (
            "Sudmark owes much to Norland, which financed the bridge.",
            GAVE.format("norland") + BRIDGE,
            GAVE.format("sudmark") + BRIDGE,
            "role-words",
        ),
        (
            "Ostia left without signing the treaty with Norland.",
            PACT.format("outstanding"),
            PACT.format("finalised"),
            "status-words",
        ),
        (
            "Ostia withdrew after the discovery of mines in Norland.",
            EVENTS.format("w", "follows", "d"),
            EVENTS.format("d", "follows", "w"),
            "role-words",
        ),
        (
            "Ostia withdrew after the discovery of mines in Norland.",
            EVENTS.format("w", "follows", "d"),
            EVENTS.format("d", "ledTo", "w"),
            "role-words",
        ),
        (
            "Before the discovery of mines in Norland, Ostia withdrew.",
            EVENTS.format("d", "follows", "w"),
            EVENTS.format("w", "follows", "d"),
            "role-words",
        ),
        (
            "Ostia stayed for more than two years.",
            STAY.format("; ent:bound ent:moreThan"),
            STAY.format(""),
            "number-words",
        ),
        (
            "Ostia stayed for about two years.",
            STAY.format("; ent:bound ent:approximately"),
            STAY.format(""),
            "number-words",
        ),
        (
            "Ostia stayed over two years.",
            STAY.format(""),
            STAY.replace("number 2", "number 3").format(""),
            "number-words",
        ),
    ],
)
def test_lies_that_the_words_give_away(quote: str, true: str, false: str, found: str) -> None:
    assert told(quote, true) == []
    assert found in checks(quote, false)


def test_words_that_only_say_that_it_was_not() -> None:
    beside = f"""p:who a ent:Passage ; ent:quote 'Ostia, which was to sign a treaty' ; ent:readWith p:names .
p:who {{ {PACT.split(" , id:norland")[0]} . }}"""
    quote, more = "Ostia, which was to sign a treaty, left without doing so.", ", p:who"
    short = "; ent:suffix '.'"
    text = (
        f"p:it a ent:Passage ; ent:quote 'left without doing so' {short} ; ent:readWith p:names {more} ."
        " p:it {{ id:pact ent:status ent:{} . }} "
    )
    found = {x: [f.rule for f in findings(quote, text.format(x) + beside)] for x in ("outstanding", "finalised")}
    assert found == {"outstanding": [], "finalised": ["status-words"]}


def test_a_name_with_others_in_it_hides_none_of_them() -> None:
    line = "id:b a ent:Railway ; rdfs:label 'line between Norland and the sea'@en ."
    debt = "id:l a ent:Loan ; rdfs:label 'debt owed to Norland'@en ; ent:lender id:norland ."
    quote = "Sudmark is worried about its debt owed to Norland, which financed the line between Norland and the sea."
    assert told(quote, f"{GAVE.format('norland')} {line} {debt}") == []
    assert checks(quote, f"{GAVE.format('sudmark')} {line} {debt}") == ["role-words"]


def test_what_somebody_denies_is_not_so() -> None:
    quote = "Ostia denied that the talks with Norland had collapsed."
    more = "; ent:speaker id:ostia ; ent:speech ent:paraphrased"
    assert "status-words" in checks(quote, FAILED.format("collapsed"), more)
    assert told(quote, FAILED.format("underWay"), more) == []
    assert told("Ostia did not deny that the talks with Norland had collapsed.", FAILED.format("collapsed")) == []


@pytest.mark.parametrize(
    ("quote", "found"),
    [
        ("Teams of Ostia have since removed 200 mines, the ministry said.", True),
        ("Teams of Ostia have since removed 200 mines, officials said after a meeting.", True),
        ("The prime minister said that teams of Ostia had removed mines.", True),
        ("Oro Vann, said Ostia removed mines last year.", True),  # the rest of an apposition
        ("Teams of Ostia removed mines near the ministry, which said nothing.", False),
        ("Analysts say that Ostia removed mines.", False),
    ],
)
def test_a_saying_without_quotation_marks_has_a_speaker(quote: str, found: bool) -> None:
    assert checks(quote, DID) == ["no-speaker"] * found


@pytest.mark.parametrize("when", ["a week later", "the next day", "from his bed that"])
def test_what_somebody_says_comes_after_when_and_where(when: str) -> None:
    assert checks(f"Oro Vann said {when} teams of Ostia had removed mines.", DID) == ["no-speaker"]


@pytest.mark.parametrize(
    "words",
    [
        "Ostia’s transport minister, Oro Vann, told reporters on the quay at Norland",
        "Sudmark is not enthusiastic: the minister, Oro Vann of Ostia, said last week",
        "Oro Vann of Ostia said as he boarded his plane",
        "Oro Vann of Ostia said a week ago in Norland",
        "Oro Vann of Ostia said the next morning in the capital",
        "Oro Vann of Ostia said from the steps of the ministry",
    ],
)
def test_when_and_where_somebody_speaks_is_nothing_that_he_says(words: str) -> None:
    met = "id:d a ent:Event ; ent:participant id:ostia ; ent:place id:norland ; ent:wording '{}'@en ."
    assert checks(f"{words}.", met.format(words[-9:])) == []


@pytest.mark.parametrize(
    ("words", "facts", "found"),
    [
        ("by late 2029", "ent:notAfter '2029'^^xsd:gYear", False),
        ("by late 2029", "ent:notBefore '2029'^^xsd:gYear", True),
        ("not before 2029", "ent:notBefore '2029'^^xsd:gYear", False),
        ("not before 2029", "ent:notAfter '2029'^^xsd:gYear", True),
        ("no later than 3 May 2029", "ent:notAfter '2029-05-03'^^xsd:date", False),
        ("no later than 3 May 2029", "ent:notBefore '2029-05-03'^^xsd:date", True),
        (
            "in the third quarter of 2026",
            "ent:notBefore '2026-07'^^xsd:gYearMonth ; ent:notAfter '2026-09-30'^^xsd:date",
            False,
        ),
        ("in the third quarter of 2026", "ent:notBefore '2026-04'^^xsd:gYearMonth", True),
        ("in the first half of next year", "ent:date '2026'^^xsd:gYear", False),
        ("in the first half of next year", "ent:date '2027'^^xsd:gYear", True),
    ],
)
def test_a_limit_is_the_one_that_the_words_say(words: str, facts: str, found: bool) -> None:
    milestone = f"id:m a ent:Milestone ; ent:milestoneOf id:dam ; {facts} ; ent:status ent:planned ."
    line = told(f"A dam of Ostia is to be finished {words}.", f"{DAM} . {milestone}", f"; ent:dateWords '{words}'")
    assert [x.partition(":")[0] for x in line] == ["date-words"] * found


def test_words_that_cannot_be_read_leave_the_dates_to_the_author() -> None:
    milestone = "id:m a ent:Milestone ; ent:milestoneOf id:dam ; ent:date '2031'^^xsd:gYear ; ent:status ent:planned ."
    quote = "A dam of Ostia is to be finished about 2031, or in May 2029."
    facts = f"{DAM} . {milestone}"
    assert told(quote, facts, "; ent:dateWords 'about 2031' , 'in May 2029'") == []
    assert checks(quote, facts, "; ent:dateWords 'in May 2029'") == ["date-words"]


HALTED = "id:d a ent:Event ; ent:participant id:ostia ; ent:wording '{}'@en ; ent:status ent:held ."
LEVY = "id:levy a ent:Event ; rdfs:label 'levy'@en ; ent:participant id:ostia ; ent:status ent:{} ."
MEETING = "id:m a ent:Meeting ; ent:participant id:ostia , id:norland ; ent:status ent:{} ."
MEDIATION = "id:m a ent:Talks ; ent:mediator id:sudmark ; ent:participant id:ostia , id:norland ; ent:status ent:{} ."
ROUND = "id:r a ent:Talks ; rdfs:label 'second round'@en ; ent:place id:norland ; ent:status ent:{} ."
HOSTED = (
    f"{TALKS} ; ent:host id:{{}} ; ent:participant id:{{}} , id:sudmark ; ent:wording 'offered'@en ;"
    " ent:status ent:outstanding ."
)
BLAMES = "id:{} a ent:Accusation ; ent:accuser id:{} ; ent:accused id:{} . "
EACH = BLAMES.format("a", "ostia", "norland") + BLAMES.format("b", "norland", "ostia")
TENURE = (
    "id:t a ent:Tenure ; ent:holder id:ann ; ent:office id:o . id:ann a ent:Person ; rdfs:label 'Ann Holm'@en ."
    " id:o a ent:Office ; rdfs:label 'envoy'@en ; ent:officeOf id:ostia ."
)


@pytest.mark.parametrize(
    ("quote", "true", "false", "found"),
    [
        # What is suspended or frozen is none of what the facts tell of, or it is.
        ("Ostia answered the levy of Norland by suspending imports of milk.", HALTED.format("answered"), None, ""),
        ("Ostia tightened its rules in May, freezing the assets of Norland.", HALTED.format("tightened"), None, ""),
        (
            "Ostia answered Norland by suspending the talks.",
            f"{TALKS} ; ent:participant id:ostia , id:norland ; ent:status ent:suspended .",
            f"{TALKS} ; ent:participant id:ostia , id:norland ; ent:status ent:underWay .",
            "status-words",
        ),
        (
            "Ostia suspended imports of milk in answer to the levy of Norland.",
            LEVY.format("held"),
            None,
            "",
        ),
        ("Imports of milk were suspended after the levy of Norland.", LEVY.format("held"), None, ""),
        ("Ostia suspended the levy on milk.", LEVY.format("suspended"), LEVY.format("held"), "cue-words"),
        ("The levy on milk was suspended by Ostia.", LEVY.format("suspended"), LEVY.format("held"), "cue-words"),
        (
            "Ostia suspended supplies of milk.",
            "id:m a ent:Loan ; ent:lender id:ostia ; ent:wording 'supplies'@en ; ent:status ent:suspended .",
            "id:m a ent:Loan ; ent:lender id:ostia ; ent:wording 'supplies'@en ; ent:status ent:underWay .",
            "cue-words",
        ),
        # What is denied since a time was so until then.
        (
            "Ostia and Norland have not met since May.",
            MEETING.format("held"),
            MEETING.format("planned"),
            "status-words",
        ),
        (
            "Ostia and Norland have not met in years.",
            MEETING.format("held"),
            MEETING.format("underWay"),
            "status-words",
        ),
        ("The talks of Ostia and Norland have not been held since May.", FAILED.format("held"), None, ""),
        ("Recriminations between Ostia and Norland followed.", EACH, None, ""),
        ("Ostia and Norland have not met.", MEETING.format("outstanding"), MEETING.format("held"), "status-words"),
        # Who tries to mediate does so; who tries to meet does not.
        (
            "Sudmark is attempting to mediate between Ostia and Norland.",
            MEDIATION.format("underWay"),
            MEDIATION.format("planned"),
            "status-words",
        ),
        (
            "Ostia is attempting to meet Norland.",
            MEETING.format("planned"),
            MEETING.format("underWay"),
            "status-words",
        ),
        # “Has” before a participle is no verb of its own.
        ("Ostia has offered Norland as the venue for a second round.", ROUND.format("outstanding"), None, ""),
        # Who hosts talks takes no part in them by that.
        (
            "Ostia has offered to host talks of Norland and Sudmark.",
            HOSTED.format("ostia", "norland"),
            HOSTED.format("norland", "ostia"),
            "role-words",
        ),
        # An incident has no stage of a work.
        (
            "Ostia lost a survey ship in a collision with a cutter.",
            "id:i a ent:Incident ; rdfs:label 'collision'@en ; ent:participant id:ostia ; ent:status ent:held .",
            None,
            "",
        ),
        (
            "A survey for the dam of Ostia.",
            f"{DAM} ; ent:stage ent:preConstruction .",
            f"{DAM} ; ent:stage ent:operating .",
            "cue-words",
        ),
        ("Ostia and its envoy, Ann Holm, held a first round of talks.", TENURE, None, ""),
        ("Ostia and Norland trade blame over the dam.", EACH, None, ""),
        ("Ostia and Norland exchanged angry accusations.", EACH, None, ""),
        ("Ostia blames Norland as trade fails.", BLAMES.format("a", "ostia", "norland"), EACH, "role-words"),
    ],
)
def test_words_of_two_more_articles(quote: str, true: str, false: str | None, found: str) -> None:
    assert told(quote, true) == []
    assert not false or found in checks(quote, false)


def test_words_may_say_a_relation_both_ways_where_they_are_read() -> None:
    lead = "p:lead a ent:Passage ; ent:quote 'they blamed each other' .\np:lead { id:ostia a ent:State . }\n"
    text = "Ostia blames Norland.\n\nIn May they blamed each other."
    passage = "p:it a ent:Passage ; ent:quote 'Ostia blames Norland.' ; ent:readWith p:names{} .\np:it {{ {} }}\n"
    found = [findings(text, passage.format(more, EACH) + lead) for more in ("", " , p:lead")]
    assert [[f.rule for f in x if "exchanged" in f.message] for x in found] == [["role-words"], []]
