"""Lies under true quotes by the lexicon that is shipped, each beside the facts that the words say."""

import pytest
from shipped import findings, told

QUANTITY = "id:q a ent:Quantity ; ent:number {} ; ent:measure '{}' {}."
TREATY = "id:t a ent:Agreement ; rdfs:label 'treaty'@en ; ent:party id:ostia , id:{} ; ent:status ent:finalised ."
CASE = "id:c a ent:Event ; ent:wording '{}'@en ; ent:participant id:ostia , id:norland ; ent:status ent:{{}} ."
BLAST = f"id:e a ent:Incident ; rdfs:label 'explosion'@en ; ent:{{}} id:q . {QUANTITY.format(9, 'soldier', '')}"
TUNNEL = (
    "id:t a ent:InfrastructureProject ; rdfs:label 'tunnel'@en ; ent:stage ent:{} ;"
    " ent:connects id:ostia , id:norland ."
)
SUM = QUANTITY.format(640000000, "USD", "")
PLEDGE = f"id:l a ent:Pledge ; ent:pledger id:ostia ; ent:sum id:q ; ent:status ent:{{}} . {SUM}"
DEMAND = (
    "id:m a ent:Demand ; rdfs:label '{}'@en ; ent:demander id:norland ; ent:addressee id:ostia ; ent:status ent:{{}} ."
)
OFFICE = (
    "id:a a ent:Person ; rdfs:label 'Ann Holm'@en . id:o a ent:Office ; rdfs:label 'envoy'@en ; ent:officeOf id:ostia ."
    " id:t a ent:Tenure ; ent:holder id:a ; ent:office id:o ; ent:{} '2024-12'^^xsd:gYearMonth ."
)
TENSE = "id:e a ent:Estrangement ; ent:between id:ostia , id:{} ."
MEN = "id:a a ent:Person ; rdfs:label 'Ann Holm'@en . id:b a ent:Person ; rdfs:label 'Bo Lind'@en ."
NUMBER_TWO = (
    f"{MEN} id:o a ent:Office ; rdfs:label '{{}}'@en ; ent:officeOf id:{{{{}}}} ."
    " id:t a ent:Tenure ; ent:holder id:b ; ent:office id:o ."
)


def checks(quote: str, facts: str, more: str = "") -> list[str]:
    return [line.partition(":")[0] for line in told(quote, facts, more)]


@pytest.mark.parametrize(
    ("quote", "facts", "true", "false", "found"),
    [
        ("Sudmark dislikes a treaty that was signed by Ostia and Norland.", TREATY, "norland", "sudmark", "role-words"),
        ("A treaty concluded by Ostia and Norland gave Sudmark the lake.", TREATY, "norland", "sudmark", "role-words"),
        ("A treaty drawn up by Ostia and Norland is void in Sudmark.", TREATY, "norland", "sudmark", "role-words"),
        (
            "Ostia wants to take the case to the court of Norland.",
            CASE.format("take the case"),
            "planned",
            "held",
            "status-words",
        ),
        ("Ostia will soon withdraw from Norland.", CASE.format("withdraw"), "planned", "underWay", "status-words"),
        ("An explosion injured nine soldiers in Ostia.", BLAST, "injured", "killed", "role-words"),
        ("Nine soldiers were wounded in an explosion in Ostia.", BLAST, "injured", "killed", "role-words"),
        ("Nine soldiers died in an explosion in Ostia.", BLAST, "killed", "injured", "role-words"),
        ("If the tunnel between Ostia and Norland opens, trade grows.", TUNNEL, "planned", "operating", "status-words"),
        ("The tunnel is to link Ostia with Norland.", TUNNEL, "planned", "completed", "status-words"),
        ("Ostia has promised $640 million.", PLEDGE, "announced", "completed", "status-words"),
        ("Ostia rejected the demand of Norland.", DEMAND.format("demand"), "rejected", "accepted", "status-words"),
        ("Ostia accepted the demand of Norland.", DEMAND.format("demand"), "accepted", "rejected", "status-words"),
        ("Ostia granted the request of Norland.", DEMAND.format("request"), "accepted", "rejected", "status-words"),
        ("Relations of Ostia and Norland are tense, says Sudmark.", TENSE, "norland", "sudmark", "role-words"),
        (
            "Ostia’s president Ann Holm met her Norland counterpart Bo Lind.",
            NUMBER_TWO.format("counterpart"),
            "norland",
            "ostia",
            "role-words",
        ),
        (
            "Ann Holm of Ostia and her opposite number in Norland, Bo Lind, met.",
            NUMBER_TWO.format("opposite number"),
            "norland",
            "ostia",
            "role-words",
        ),
        (
            "Bo Lind, her Norland counterpart, met Ann Holm of Ostia.",
            NUMBER_TWO.format("counterpart"),
            "norland",
            "ostia",
            "role-words",
        ),
    ],
)
def test_a_lie_is_noticed_and_the_truth_is_not(quote: str, facts: str, true: str, false: str, found: str) -> None:
    more = "; ent:speaker id:sudmark ; ent:speech ent:paraphrased" if "says Sudmark" in quote else ""
    assert told(quote, facts.format(true), more) == []
    assert found in checks(quote, facts.format(false), more)


@pytest.mark.parametrize("words", ["has promised", "has pledged"])
def test_a_promise_is_no_loan(words: str) -> None:
    assert told(f"Ostia {words} $640 million.", PLEDGE.format("announced")) == []
    loan = PLEDGE.replace("Pledge", "Loan").replace("pledger", "lender").format("announced")
    assert checks(f"Ostia {words} $640 million.", loan) == ["cue-words"]


@pytest.mark.parametrize(
    ("words", "true", "false"),
    [
        ("more than", "moreThan atLeast", "atMost approximately lessThan"),
        ("at least", "atLeast", "atMost moreThan approximately"),
        ("no more than", "atMost", "moreThan atLeast lessThan"),
        ("up to", "atMost", "atLeast moreThan"),
        ("fewer than", "lessThan atMost", "moreThan atLeast"),
        ("under", "lessThan atMost", "moreThan atLeast"),
        ("nearly", "approximately lessThan", "moreThan atLeast"),
        ("about", "approximately", "moreThan atMost"),
        ("", "", "moreThan atMost approximately"),
    ],
)
def test_a_number_has_the_bound_that_the_words_say(words: str, true: str, false: str) -> None:
    stay = "id:w a ent:Event ; ent:participant id:ostia ; ent:wording 'stayed'@en ; ent:duration id:q . "
    quote = f"Ostia stayed for {words} two years.".replace("  ", " ")
    for bound in true.split() or [""]:
        given = f"; ent:bound ent:{bound} " if bound else ""
        assert told(quote, stay + QUANTITY.format(2, "year", given)) == []
    for bound in false.split():
        assert checks(quote, stay + QUANTITY.format(2, "year", f"; ent:bound ent:{bound} ")) == ["number-words"]


def test_a_bound_may_be_said_further_away() -> None:
    stay = "id:w a ent:Event ; ent:participant id:ostia ; ent:wording 'stayed'@en ; ent:duration id:q . "
    facts = stay + QUANTITY.format(2, "year", "; ent:bound ent:atLeast ")
    assert told("Ostia stayed for between two years and three.", facts) == []


@pytest.mark.parametrize(
    ("quote", "true", "false"),
    [
        ("Ann Holm, appointed envoy of Ostia in December 2024, left.", "start", "end"),
        ("Ann Holm, who became envoy of Ostia in December 2024, resigned.", "start", "end"),
        ("A retired judge, Ann Holm, had been appointed envoy of Ostia in December 2024.", "start", "end"),
        ("Ann Holm, dismissed as envoy of Ostia in December 2024, left.", "end", "start"),
    ],
)
def test_an_office_begins_when_somebody_is_appointed(quote: str, true: str, false: str) -> None:
    more = "; ent:dateWords 'in December 2024'"
    assert told(quote, OFFICE.format(true), more) == []
    assert checks(quote, OFFICE.format(false), more) == ["cue-words"]


@pytest.mark.parametrize(
    ("quote", "later", "role"),
    [
        ("The raid by Norland led Ostia, which withdrew, to act.", "", ""),  # nothing is told of their order
        ("Ostia withdrew, which led to the raid by Norland.", "raid", "ledTo"),
        ("The raid by Norland followed when Ostia withdrew.", "raid", "follows"),
        ("Ostia withdrew as a result of the raid by Norland.", "withdrew", "ledTo"),
        ("Ostia withdrew in retaliation for the raid by Norland.", "withdrew", "ledTo"),
        ("Once Ostia withdrew, the raid by Norland began.", "raid", "follows"),
        ("The raid by Norland, which came after Ostia withdrew, failed.", "raid", "follows"),
        ("The raid by Norland resulted from the day Ostia withdrew.", "raid", "ledTo"),
        ("Ostia withdrew. The raid by Norland came two days later.", "raid", "follows"),
        ("Ostia withdrew, prompting the raid by Norland.", "raid", "ledTo"),
    ],
)
def test_what_came_first(quote: str, later: str, role: str) -> None:
    events = (
        "id:w a ent:Event ; ent:participant id:ostia ; ent:wording 'withdrew'@en ; ent:status ent:held ."
        " id:d a ent:Event ; rdfs:label 'raid'@en ; ent:participant id:norland ; ent:status ent:held . "
    )
    one, other = ("id:w", "id:d") if (later == "withdrew") == (role == "follows") else ("id:d", "id:w")
    for stated in (role,) if role else ("follows", "ledTo"):
        assert told(quote, f"{events}{one} ent:{stated} {other} .") == []
        assert ("role-words" in checks(quote, f"{events}{other} ent:{stated} {one} .")) == bool(later)


SUPPORT = "id:s a ent:Support ; ent:backer id:norland ; ent:backed id:sudmark ."


@pytest.mark.parametrize(
    "quote",
    [
        "Ostia officials stressed that Norland backed Sudmark.",
        "Norland backs Sudmark, grumbles Oro Vann, a fisherman.",
        "Oro Vann has complained that Norland backs Sudmark.",
        "Oro Vann points out that Norland backs Sudmark.",
        "Norland was backing Sudmark, Oro Vann conceded.",
        "Officials in Ostia maintain that Norland backs Sudmark.",
        "According to officials in Ostia, Norland backs Sudmark.",
        "In the view of Oro Vann, Norland backs Sudmark.",
        "Oro Vann is convinced that Norland backs Sudmark.",
        "“We do not help them,” said Oro Vann, the minister of Norland, of Sudmark.".replace(", of Sudmark", ""),
    ],
)
def test_what_somebody_says_has_a_speaker(quote: str) -> None:
    facts = SUPPORT if "Sudmark" in quote else "id:v a ent:Visit ; ent:visitor id:norland ."
    assert "no-speaker" in checks(quote, facts)


@pytest.mark.parametrize(
    "quote",
    [
        "Critics of Norland claim that it backs Sudmark.",
        "Norland, which recalled its envoy to Ostia, backs Sudmark.",
        "Norland maintains an army to back Sudmark.",
        "Ostia agreed that Norland should back Sudmark.",
    ],
)
def test_words_of_the_article(quote: str) -> None:
    assert "no-speaker" not in checks(quote, SUPPORT)


PEOPLE = "id:a a ent:Person ; rdfs:label 'Ana Tarn'@en . id:g a ent:Person ; rdfs:label 'grandfather'@en ."


def test_somebody_tells_of_what_another_said() -> None:
    quote = "“He always told us that Ostia backed Norland,” she recalls."
    support = SUPPORT.replace("sudmark", "x").replace("norland", "ostia").replace("id:x", "id:norland")
    passages = f"""
p:w a ent:Passage ; ent:quote 'Ana Tarn and her grandfather' . p:w {{ {PEOPLE} }}
p:m a ent:Mention ; ent:mentionIn p:it ; ent:quote 'He' ; ent:refersTo id:g .
p:n a ent:Mention ; ent:mentionIn p:it ; ent:quote 'she' ; ent:refersTo id:a .
p:it a ent:Passage ; ent:quote '{quote}' ; ent:readWith p:names , p:w ; ent:speaker id:a ; ent:speech ent:quoted .
p:it {{ {support} }}"""
    assert findings(f"{quote} Ana Tarn and her grandfather left.", passages) == []


def test_a_mention_beside_the_speech_names_who_speaks() -> None:
    quote = "“Norland backs Sudmark,” it adds."
    passages = f"""
p:g a ent:Passage ; ent:quote 'The gazette of Melk' .
p:g {{ id:p a ent:Organisation ; rdfs:label 'gazette of Melk'@en . }}
p:r a ent:Passage ; ent:quote 'The paper is old.' ; ent:readWith p:g . p:r {{ id:p ent:wording 'old'@en . }}
p:m a ent:Mention ; ent:mentionIn p:r ; ent:quote 'The paper' ; ent:refersTo id:p .
p:it a ent:Passage ; ent:quote '{quote}' ; ent:readWith p:names , p:r ; ent:speaker id:p ; ent:speech ent:quoted .
p:it {{ {SUPPORT} }}"""
    assert findings(f"The gazette of Melk writes much. The paper is old. {quote}", passages) == []


BORDER = "id:b a ent:Place ; rdfs:label 'border'@en . id:l a ent:Place ; rdfs:label 'lake'@en ."
ROW = "id:d a ent:Disagreement ; ent:disagreeing id:ostia , id:norland"
COMPANY = "id:c a ent:Company ; rdfs:label 'company'@en ; ent:origin id:norland ."


@pytest.mark.parametrize(
    ("quote", "facts"),
    [
        ("Africa’s oldest border disputes pit Ostia against Norland.", f"{ROW} ; rdfs:label 'border disputes'@en ."),
        (
            "One of Africa’s oldest border disputes pits Ostia against Norland over the lake.",
            f"{BORDER} {ROW} ; ent:over id:l .",
        ),
        (
            "The lake that lies between Ostia and Norland is deep.",
            f"{BORDER} id:p a ent:RelativePosition ; ent:positioned id:l ; ent:reference id:ostia , id:norland .",
        ),
        (
            "Ostia granted licences to a Norland company in May.",
            f"{COMPANY} id:e a ent:Agreement ; ent:party id:ostia , id:c .",
        ),
        (
            "Ostia bought patrol boats from Norland.",
            "id:b a ent:WeaponsSystem ; rdfs:label 'patrol boats'@en . id:d a ent:ArmsDeal ; ent:buyer id:ostia ;"
            " ent:seller id:norland ; ent:item id:b .",
        ),
        (
            "British troops left Ostia.",
            "id:gb a ent:State ; rdfs:label 'Britain'@en . id:e a ent:Event ; ent:participant id:gb .",
        ),
        (
            "Dutch troops left Ostia.",
            "id:nl a ent:State ; rdfs:label 'Holland'@en . id:e a ent:Event ; ent:participant id:nl .",
        ),
    ],
)
def test_words_that_say_the_facts(quote: str, facts: str) -> None:
    assert [line for line in told(quote, facts) if not line.startswith("not-verbatim")] == []


LINE = (
    "id:line a ent:Railway ; rdfs:label 'line'@en ; ent:connects id:ostia , id:norland ; ent:builder id:sudmark ;"
    " ent:stage ent:planned ."
)
SAID = "The line from Ostia to Norland will be built by Sudmark"


@pytest.mark.parametrize(
    "attribution",
    [
        "Ostia’s energy ministry said",
        "a spokeswoman for the lender said",
        "said a spokeswoman for the lender",
        "two people familiar with the matter said",
        "two diplomats said, speaking on condition of anonymity",
        "Ann Holm said on Monday",
        "according to officials in Ostia",
    ],
)
def test_who_says_it_stands_in_the_quote_or_after_it(attribution: str) -> None:
    text, whole = f"{SAID}, {attribution}.", f"{SAID}, {attribution}."
    speaker = "; ent:speaker id:sudmark ; ent:speech ent:paraphrased"
    for quote in (whole, SAID):
        rows = (passage(quote, LINE, more) for more in ("", speaker))
        dropped, kept = ([f.rule for f in findings(text, row)] for row in rows)
        assert "no-speaker" in dropped
        assert "no-speaker" not in kept
    (found,) = (f for f in findings(text, passage(SAID, LINE)) if f.rule == "no-speaker")
    assert f"the sentence goes on: “… {attribution}.”" in found.message


def test_who_says_it_stands_before_the_quote() -> None:
    text = f"Ostia’s energy ministry said {SAID[0].lower()}{SAID[1:]}."
    (found,) = (f for f in findings(text, passage(SAID[4:], LINE)) if f.rule == "no-speaker")
    assert "the sentence begins: “Ostia’s energy ministry said …”" in found.message


@pytest.mark.parametrize(
    ("quote", "stated"),
    [
        ("The line from Ostia to Norland", LINE.replace("ent:stage ent:planned", "a ent:Road")),
        ("Ostia, which has a line to Norland", LINE.replace(" ent:builder id:sudmark ; ent:stage ent:planned", "")),
        ("will be built by Sudmark", "id:sudmark a ent:State ; rdfs:label 'Sudmark'@en ."),
    ],
)
def test_what_is_only_named_in_what_somebody_says_has_no_speaker(quote: str, stated: str) -> None:
    text = f"{SAID}, Ostia’s energy ministry said. Ostia, which has a line to Norland, is rich, officials said."
    assert "no-speaker" not in [f.rule for f in findings(text, passage(quote, stated))]


def test_what_the_article_says_itself_needs_no_speaker() -> None:
    text = f"{SAID}, Ostia’s energy ministry said. It is true: {SAID[0].lower()}{SAID[1:]}."
    own = passage(f"It is true: {SAID[0].lower()}{SAID[1:]}.", LINE).replace("p:it", "p:own")
    assert "no-speaker" not in [f.rule for f in findings(text, passage(SAID, LINE) + own)]


def test_words_for_a_thing_are_those_of_who_has_them() -> None:
    text = "The line is long. Ann Holm called the line “a gift to Norland” on Monday."
    named = passage("The line is long.", "id:line a ent:Railway ; rdfs:label 'line'@en .").replace("p:it", "p:line")
    words = "id:line ent:wording 'a gift to Norland'@en ."
    for quote in ("Ann Holm called the line “a gift to Norland”", "the line “a gift to Norland”"):
        assert "no-speaker" in [f.rule for f in findings(text, named + passage(quote, words))]
    speaker = "; ent:speaker id:sudmark ; ent:speech ent:quoted"
    assert "no-speaker" not in [f.rule for f in findings(text, named + passage(quote, words, speaker))]


def passage(quote: str, stated: str, more: str = "") -> str:
    return f"p:it a ent:Passage ; ent:quote '{quote}' ; ent:readWith p:names {more} .\np:it {{ {stated} }}\n"


PROMISE = "id:o a ent:Obligation ; ent:obliged id:ostia ; ent:beneficiary id:norland {}."


@pytest.mark.parametrize(
    "words",
    [
        "denied that it had promised to help Norland",
        "denied it had promised to help Norland",
        "denied that any such promise had been made to Norland",
        "denied having promised to help Norland",
        "rejected claims that it had promised to help Norland",
        "dismissed reports of a promise to help Norland",
        "never promised to help Norland",
        "has not promised to help Norland",
    ],
)
def test_what_is_denied_is_no_fact(words: str) -> None:
    for status in ("", "; ent:status ent:finalised "):
        assert "status-words" in checks(f"Ostia {words}.", PROMISE.format(status))
    assert told("Ostia promised to help Norland, and denied that it had failed.", PROMISE.format("")) == []
    assert told("Ostia has to help Norland.", PROMISE.format("")) == []


LOAN = (
    "id:b a ent:Bank ; rdfs:label 'Bank of Melk'@en ."
    " id:l a ent:Loan ; ent:{} id:b ; ent:sum id:q ; ent:status ent:{} ."
    f" {QUANTITY.format(200000000, 'USD', '')}"
)


@pytest.mark.parametrize("verb", ["is considering", "is weighing", "has yet to decide on", "has not decided on"])
def test_what_somebody_thinks_about_is_not_done(verb: str) -> None:
    quote = f"The Bank of Melk {verb} a loan of $200 million."
    for status in ("finalised", "underWay"):
        assert "status-words" in checks(quote, LOAN.format("lender", status))
    for status in ("planned", "outstanding"):
        assert told(quote, LOAN.format("lender", status)) == []
    assert told("The Bank of Melk has approved a loan of $200 million.", LOAN.format("lender", "finalised")) == []


def test_a_bank_borrows_only_where_words_say_so() -> None:
    quote = "The Bank of Melk is considering a loan of $200 million."
    assert checks(quote, LOAN.format("borrower", "planned")) == ["role-words"]
    for words in (
        "The Bank of Melk is to receive a loan of $200 million.",
        "A loan of $200 million to the Bank of Melk",
    ):
        assert told(words, LOAN.format("borrower", "planned")) == []


@pytest.mark.parametrize("words", ["criticised", "condemned", "denounced", "protested against", "opposes"])
def test_who_is_against_it_backs_nobody(words: str) -> None:
    support = "id:s a ent:Support ; ent:backer id:ostia ; ent:backed id:norland ."
    assert checks(f"Ostia {words} the deal.", support) == ["cue-words"]
    assert checks(f"Ostia backs Norland, and {words} the deal.", support) == []


@pytest.mark.parametrize("amount", ["its", "90 percent of its", "about 90% of its", "most of its", "up to half of its"])
def test_an_amount_of_a_thing_is_that_thing(amount: str) -> None:
    fuel = "id:a a ent:Agreement ; ent:buyer id:{} ; ent:item id:f . id:f a ent:Commodity ; rdfs:label 'fuel'@en ."
    for subject in ("Ostia", "Ostia, which is landlocked,"):
        quote = f"{subject} buys {amount} fuel through Norland."
        assert told(quote, fuel.format("ostia")) == []
        swapped = fuel.format("norland ; ent:seller id:ostia")
        assert "role-words" in checks(quote, swapped)


QUARRELS = (
    "id:d a ent:Disagreement ; rdfs:label 'quarrels over fuel'@en ; ent:disagreeing id:ostia , id:norland ;"
    " ent:status ent:{} ."
)


@pytest.mark.parametrize(
    "quote",
    [
        "Ostia and Norland signed a treaty, ending almost a year of quarrels over fuel.",
        "The treaty of Ostia and Norland ended decades of quarrels over fuel.",
        "The treaty of Ostia and Norland put an end to quarrels over fuel.",
    ],
)
def test_what_is_ended_may_have_lasted_for_a_time(quote: str) -> None:
    assert told(quote, QUARRELS.format("ended")) == []
    assert "status-words" in checks(quote, QUARRELS.format("underWay"))


PIPE = (
    "id:p a ent:Pipeline ; rdfs:label 'pipeline from Ostia to Norland'@en ; ent:connects id:ostia , id:norland ;"
    " ent:stage ent:{} ."
)


@pytest.mark.parametrize(
    "words",
    [
        "is to build a pipeline from Ostia to Norland, ending a year of quarrels",
        "is to build a pipeline from Ostia to Norland, ending in a port",
        "is to build a pipeline from Ostia to Norland, which ends at the coast",
        "will extend the pipeline from Ostia to Norland, opening a new market",
        "will extend the pipeline from Ostia to Norland, halting imports of coal",
    ],
)
def test_a_participle_after_a_place_says_nothing_of_the_place(words: str) -> None:
    assert told(f"Sudmark {words}.", PIPE.format("planned")) == []


def test_a_verb_with_no_object_tells_of_its_subject() -> None:
    for words in ("ended last year", "ended a year ago", "ended on Monday", "ended"):
        quote = f"The quarrels over fuel of Ostia and Norland {words}."
        assert "status-words" in checks(quote, QUARRELS.format("underWay"))


@pytest.mark.parametrize(
    "words",
    ["on condition of anonymity", "on condition that they not be named", "on the condition of strict anonymity"],
)
def test_who_is_not_named_puts_no_condition(words: str) -> None:
    demand = "id:d a ent:Demand ; ent:demander id:ostia ; ent:addressee id:norland ."
    more = "; ent:speaker id:sudmark ; ent:speech ent:paraphrased"
    assert told(f"Ostia has asked Norland for it, two diplomats said, speaking {words}.", demand, more) == []
    assert checks("Ostia has asked Norland for it on condition that it pays.", demand) == ["status-words"]


def test_a_ceremony_marks_the_agreement_that_is_signed_there() -> None:
    quote = "Ostia and Norland signed a treaty at a ceremony."
    signing = (
        "id:t a ent:Agreement ; rdfs:label 'treaty'@en ; ent:party id:ostia , id:norland ; ent:status ent:finalised ."
        " id:c a ent:Ceremony ; rdfs:label 'ceremony'@en ; ent:marks id:t ; ent:status ent:held ."
    )
    assert [line for line in told(quote, signing, by_shapes=True) if line.startswith("shape:")] == []


def test_a_pledge_has_a_sum_and_a_promise_to_do_something_is_an_obligation() -> None:
    pledge = "id:o a ent:Pledge ; ent:pledger id:ostia ; ent:content 'to help Norland'@en ."
    (line,) = (x for x in told("Ostia promised to help Norland.", pledge, by_shapes=True) if x.startswith("shape:Or"))
    assert "what somebody promises to do is an ent:Obligation" in line
