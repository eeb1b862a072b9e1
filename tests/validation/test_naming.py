"""The words of a passage name the things in its facts: what names one, and what is told of others."""

import pytest
from worded import made

from kg.dataset.named import Names
from kg.findings import Finding
from kg.validation import naming


def unnamed(facts: str, quote: str, **more: str) -> list[Finding]:
    built = made(facts, quote, **more)
    return list(naming.check_names(built, Names(built)))


@pytest.mark.parametrize(
    ("thing", "quote"),
    [
        ("ostia", "Ostia’s deal"),
        ("ostia", "the Ostish deal"),
        ("norland", "Norlandic arms"),
        ("ostia", "the Circle signed"),
        ("rulers", "Ostia signed"),
        ("rulers", "Ostish officials signed"),
        ("rulers", "Melk signed"),
        ("ann", "Oake signed"),
        ("dam", "work on the new dam"),
        ("dam", "the Ossen dam is done"),
    ],
)
def test_words_that_name_a_thing(thing: str, quote: str) -> None:
    assert unnamed(f"id:deal a ent:Deal ; ent:with id:{thing} .", quote) == []


@pytest.mark.parametrize(
    ("thing", "quote"),
    [
        ("norland", "Ostia’s deal"),
        ("norland", "the Norlandia deal"),
        ("ann", "the oak"),
        ("dam", "a dam is planned"),
        ("dam", "their many old dams"),
        ("melk", "Ostia signed"),
        ("ostia", "Melk signed"),
    ],
)
def test_words_that_name_another_thing_or_none(thing: str, quote: str) -> None:
    (finding,) = unnamed(f"id:deal a ent:Deal ; ent:with id:{thing} .", quote)
    assert finding.message == f"p:it: the words name no id:{thing}, the with of id:deal"
    assert (finding.rule, finding.severity, finding.value[-len(thing) :]) == ("unnamed-thing", "warning", thing)


def test_two_dams_are_not_the_dam() -> None:
    other = "id:deal a ent:Deal ; ent:with id:dam . id:weir a ent:Dam ; ent:with id:deal ."
    assert [f.value.rpartition("/")[2] for f in unnamed(other, "work on the dam")] == ["dam"]


def test_what_a_passage_is_directly_read_with_names_too() -> None:
    facts = "id:deal a ent:Deal ; ent:with id:norland ."
    others = 'p:next a ent:Passage ; ent:quote "Of Norland and Ostia." .\np:next { id:x a ent:Deal . }\n'
    assert len(unnamed(facts, "They signed", others=others)) == 1
    assert unnamed(facts, "They signed", others=others, more=" ; ent:readWith p:next") == []
    assert unnamed(facts, "They signed", more=" ; ent:readWith p:gone") == []  # a finding of its own


def test_what_is_no_actor_or_place_needs_no_name_where_it_is_introduced() -> None:
    assert unnamed("id:deal ent:with id:side . id:side a ent:Side . id:deal a ent:Deal .", "It is so") == []
    (finding,) = unnamed("id:deal ent:with id:side . id:deal a ent:Deal .", "It is so")
    assert "id:side, the with of id:deal" in finding.message


def test_the_thing_that_facts_are_about_is_named_or_introduced() -> None:
    assert unnamed('id:norland ent:wording "It"@en .', "It is so")[0].message == (
        "p:it: the words name no id:norland, of which this is a fact"
    )
    assert unnamed('id:norland ent:wording "It"@en .', "It is so, Norland") == []
    assert unnamed('id:deal a ent:Deal ; ent:wording "It"@en .', "It is so") == []


def test_reported_speech_is_judged_alike() -> None:
    facts, speaker = "id:deal a ent:Deal ; ent:with id:norland .", " ; ent:speaker id:ann ; ent:speech ent:quoted"
    assert [f.rule for f in unnamed(facts, "Oake said they signed", more=speaker)] == ["unnamed-thing"]


def test_a_language_without_a_lexicon_gets_one_note() -> None:
    (finding,) = unnamed("id:deal a ent:Deal ; ent:with id:norland , id:ostia .", "Sie kamen", language="de-AT")
    assert (finding.rule, finding.severity) == ("no-lexicon", "info")
    assert "“de-AT”" in finding.message


def test_names_have_spans() -> None:
    built = made("id:deal a ent:Deal ; ent:with id:ostia , id:dam .", "The Ostish dam of İstanbul and Ostia")
    (evidence,) = built.evidence
    found = Names(built).of(evidence).named(evidence.passages[0])
    assert [(m.start, m.words, m.iris[0][-5:]) for m in found] == [
        (4, "Ostish", "ostia"),
        (11, "dam", "d/dam"),
        (31, "Ostia", "ostia"),
    ]


def mention(words: str, *things: str) -> str:
    refers = " , ".join(f"id:{thing}" for thing in things)
    return f'p:m a ent:Mention ; ent:mentionIn p:it ; ent:quote "{words}" ; ent:refersTo {refers} .\n'


def test_a_mention_says_what_words_mean() -> None:
    facts, quote = "id:deal a ent:Deal ; ent:with id:norland , id:ostia .", "The two sides of the deal met"
    assert len(unnamed(facts, quote)) == 2
    assert unnamed(facts, quote, others=mention("The two sides", "norland", "ostia")) == []
    built = made(facts, quote, others=mention("two sides", "norland", "ostia"))
    (read,) = built.evidence[0].mentions
    assert (read.words, read.start, read.end) == ("two sides", 4, 13)
    about = [
        str(t.object) for t in built.described if str(t.subject) == f"<{read.iri}>" and "Start" in str(t.predicate)
    ]
    assert about == ['"4"^^<http://www.w3.org/2001/XMLSchema#integer>']


@pytest.mark.parametrize(
    ("words", "things", "message"),
    [
        ("The two", ["norland"], "“The two” says two, and refers to 1 thing"),
        ("both of them", ["norland", "ostia", "ann"], "“both of them” says both, and refers to 3 things"),
        ("Ostia", ["norland"], "“Ostia” is a name of id:ostia"),
        ("Ostish officials", ["norland"], ""),
        ("Ostia", ["ostia"], ""),
        ("them", ["norland"], ""),
    ],
)
def test_words_of_a_mention_that_say_something_else(words: str, things: list[str], message: str) -> None:
    quote = "The two with both of them, Ostia, Ostish officials"
    facts = "id:deal a ent:Deal ; ent:with id:ostia , id:norland , id:ann ."
    more = "; ent:readWith p:next".replace("; ", " ; ")
    others = 'p:next a ent:Passage ; ent:quote "Of Norland and Ostia." .\np:next { id:deal ent:with id:ostia . }\n'
    found = unnamed(facts, quote, more=more, others=others + mention(words, *things))
    assert [f.message for f in found if f.rule == "mention"] == [f"p:m: {message}"] * bool(message)
    assert {f.severity for f in found} <= {"warning"}


MINISTER = 'id:minister a ent:Office ; rdfs:label "Ostia’s minister"@en . '
HOLDS = "id:ann-as-minister ent:holder id:ann ; ent:office id:minister ."


@pytest.mark.parametrize(("facts", "said"), [(MINISTER + HOLDS, False), (MINISTER, True)])
def test_an_office_may_mean_who_holds_it(facts: str, said: bool) -> None:
    quote = "Ostia’s minister, Ann Marie Oake, signed"
    found = unnamed(facts, quote, others=mention("Ostia’s minister", "ann"))
    hint = "say who holds the office: id:… a ent:Tenure ; ent:holder id:ann ; ent:office id:minister"
    assert [(f.message, f.hint) for f in found if f.rule == "mention"] == [
        ("p:m: “Ostia’s minister” is a name of id:minister", hint)
    ] * said


@pytest.mark.parametrize(
    ("label", "two", "fault"),
    [
        ("spy services", "ent:bodyOf id:norland", False),
        ("spy services", "ent:bodyOf id:ostia", True),  # of one state
        ("spy services", "ent:with id:norland", True),  # nothing tells them apart
        ("spy service", "ent:bodyOf id:norland", True),  # the words name one
    ],
)
def test_words_may_name_bodies_of_several_states_alike(label: str, two: str, fault: bool) -> None:
    facts = f"""id:one a ent:Organisation ; rdfs:label "{label}"@en ; ent:bodyOf id:ostia .
        id:two a ent:Organisation ; rdfs:label "{label}"@en ; {two} ."""
    found = unnamed(facts, f"The {label} of Ostia and Norland work together")
    assert {f.rule for f in found} == ({"name-of-another"} if fault else set())


@pytest.mark.parametrize(
    ("node", "rule", "message"),
    [
        ('p:m a ent:Mention ; ent:quote "It" ; ent:refersTo id:ostia .', "mention", "p:m is in no passage"),
        (
            'p:m a ent:Mention ; ent:mentionIn p:its ; ent:quote "It" ; ent:refersTo id:ostia .',
            "mention",
            "p:m is in no",
        ),
        ('p:m a ent:Mention ; ent:mentionIn p:it ; ent:quote "It" .', "mention", "p:m does not say whom or what"),
        (
            'p:m a ent:Mention ; ent:mentionIn p:it ; ent:quote "They" ; ent:refersTo id:ostia .',
            "misquote",
            "p:m: the quote does not stand in the quote of p:it",
        ),
        (
            'p:m a ent:Mention ; ent:mentionIn p:it ; ent:quote "is" ; ent:refersTo id:ostia .',
            "ambiguous-quote",
            "p:m: the quote stands 2 times in the quote of p:it",
        ),
        (
            'p:M a ent:Mention ; ent:mentionIn p:it ; ent:quote "It" ; ent:refersTo id:ostia .',
            "passage-name",
            "p:M is no",
        ),
    ],
)
def test_what_a_mention_lacks(node: str, rule: str, message: str) -> None:
    (evidence,) = made("id:deal a ent:Deal .", "It is this deal, this is", others=f"{node}\n").evidence
    (finding,) = [f for f in evidence.findings if f.rule != "coverage" and f.rule not in ("reading-date",)]
    assert finding.rule == rule
    assert finding.message.startswith(message)


def test_a_mention_has_a_prefix_where_its_words_stand_twice() -> None:
    node = mention("is", "ostia").replace("ent:quote", 'ent:prefix "It " ; ent:quote')
    (evidence,) = made("id:deal a ent:Deal .", "It is this deal", others=node).evidence
    assert [(m.start, m.end) for m in evidence.mentions] == [(3, 5)]


def test_a_mention_has_no_facts() -> None:
    (evidence,) = made(
        "id:deal a ent:Deal .", "It is so", others=mention("It", "ostia") + "p:m { id:x a ent:Deal . }\n"
    ).evidence
    assert "the mention p:m has facts: a mention yields none" in [f.message for f in evidence.findings]


def test_words_in_the_place_of_a_class_are_below_no_class() -> None:
    names = Names(made("id:deal a ent:Deal ; ent:with id:ostia .", "The deal with Ostia"))
    assert names.broader("20x8") == frozenset()
    assert names.above("20x8") == {"20x8"}
