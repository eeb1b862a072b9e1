"""What newcomers met with the lexicon that is shipped: words that were no contradiction, and lies under true quotes."""

import pytest
from shipped import told

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
        # “Still” says that something holds, not what.
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
            "cue-words",
        ),
        ("The treaty of Ostia and Norland was halted.", PACT.format("outstanding"), "status-words"),
        ("Ostia told Norland that the bridge was safe.", "id:b a ent:Bridge ; rdfs:label 'bridge'@en .", ""),
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


def test_a_shape_names_the_property_for_which_it_judges() -> None:
    facts = LEFT.format("held").replace("ent:status", "ent:addressee id:norland ; ent:status")
    (line,) = told("Ostia left Norland.", facts)
    assert line.startswith("shape:Or: d: Only a demand or a statement has ent:addressee")
    (line,) = told("Ostia left Norland.", facts.replace("addressee", "investor"))
    assert line.endswith("Here it has ent:investor.")
