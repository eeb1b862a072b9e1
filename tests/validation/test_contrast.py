"""Facts against the cues in their words: what speaks for another class, status, mode or bound than is stated."""

import pytest
from by_lexicon import checked, rules

BACKS = "id:s a ent:Support ; ent:backer id:ostia ; ent:backed id:norland ."
BACKS_SUDMARK = BACKS.replace("id:s ", "id:t ").replace("norland", "sudmark")


@pytest.mark.parametrize(
    ("facts", "quote", "found"),
    [
        ("id:x a ent:Thaw .", "Relations are cold.", ["cue-words"]),
        ("id:x a ent:Thaw .", "Relations are cold, but closer than they were.", []),
        ("id:x a ent:Thaw . id:y a ent:Chill .", "Relations are cold.", []),
        ("id:x a ent:Thaw .", "Relations are what they are.", []),
        ("id:x a ent:Thaw .", "Relations are not worse.", ["cue-words"]),
        ("id:m a ent:Talks ; ent:status ent:held .", "They are due in Melk.", ["cue-words"]),
        ("id:m a ent:Talks ; ent:status ent:held .", "They are due in Melk, and were held.", []),
        ("id:m a ent:Talks ; ent:status ent:planned .", "It is planned to hold talks.", []),
        ("id:m a ent:Talks ; ent:status ent:planned .", "They held them.", ["cue-words"]),
        ("id:m a ent:Talks ; ent:status ent:planned .", "They are to hold them.", []),
        ("id:m a ent:Talks ; ent:status ent:underWay .", "They did not hold them.", []),
        ("id:m a ent:Talks .", "They were scrapped.", ["status-words"]),
        ("id:m a ent:Talks ; ent:status ent:cancelled .", "They were scrapped.", []),
        ("id:m a ent:Talks .", "They were not cancelled.", []),
    ],
)
def test_cues_count_by_contrast(facts: str, quote: str, found: list[str]) -> None:
    assert rules(facts, quote) == found


@pytest.mark.parametrize(
    ("bound", "words", "found"),
    [
        ("start", "since 2011", []),
        ("end", "until 2011", []),
        ("start", "until 2011", ["cue-words"]),
        ("end", "since 2011", ["cue-words"]),
        ("start", "in 2011", []),
        ("end", "in 2011", ["cue-words"]),  # of an end, something tells
        ("start", "from 2011", []),
        ("end", "from 2011", ["cue-words"]),
    ],
)
def test_words_before_a_date_tell_start_from_end(bound: str, words: str, found: list[str]) -> None:
    facts = f"id:x a ent:Relation ; ent:{bound} '2011'^^xsd:gYear ."
    assert rules(facts, f"It held {words}.", more=f" ; ent:dateWords '{words}'") == found


def test_the_words_nearest_to_a_date_tell_whether_it_is_a_start() -> None:
    quote, words = "Ostia held it until 2009, and Norland since 2011.", " ; ent:dateWords 'until 2009' , 'since 2011'"
    first = "id:x a ent:Relation ; ent:end '2009'^^xsd:gYear ."
    right, wrong = (f"{first} id:y a ent:Relation ; ent:{bound} '2011'^^xsd:gYear ." for bound in ("start", "end"))
    assert rules(right, quote, more=words) == []
    assert rules(wrong, quote, more=words) == ["cue-words"]


def test_from_a_place_is_no_start() -> None:
    quote, words = "They came home from Melk in 2011, and had it until then.", " ; ent:dateWords 'in 2011'"
    assert rules("id:x a ent:Relation ; ent:end '2011'^^xsd:gYear .", quote, more=words) == []


def test_an_end_and_a_start_at_one_date() -> None:
    facts = "id:x a ent:Relation ; ent:end '2011'^^xsd:gYear . id:y a ent:Relation ; ent:start '2011'^^xsd:gYear ."
    quote = "It held until 2011; Norland has held it since that year."
    assert rules(facts, quote, more=" ; ent:dateWords '2011'") == []


def test_a_range_gives_both_bounds() -> None:
    facts = "id:x a ent:Relation ; ent:end '2011-05-09'^^xsd:date ."
    assert rules(facts, "from 7 to 9 May 2011", more=" ; ent:dateWords 'from 7 to 9 May 2011'") == []


@pytest.mark.parametrize(
    ("quote", "second", "found"),
    [
        ("Ann Holm and Bo Lind take part by video in the Ossen Dam.", "byVideo", ["cue-words"]),
        ("Ann Holm takes part in the Ossen Dam, Bo Lind takes part in it by video.", "byVideo", []),
    ],
)
def test_words_for_the_mode_of_two(quote: str, second: str, found: list[str]) -> None:
    part = "id:{0}-there a ent:Part ; ent:attendee id:{0} ; ent:occasion id:dam ; ent:mode ent:{1} ."
    assert rules(f"{part.format('ann', 'inPerson')} {part.format('bo', second)}", quote) == found


def test_words_that_say_another_relation_between_the_things() -> None:
    (finding,) = checked("id:x a ent:Deal ; ent:buyer id:ostia ; ent:seller id:norland .", "Ostia backs Norland.")
    assert finding.message == "p:it: “Ostia backs Norland” says ent:Support, and nothing says id:x"
    assert checked("id:x a ent:Deal ; ent:buyer id:ostia ; ent:seller id:sudmark .", "Ostia backs Norland.") == []


@pytest.mark.parametrize(
    ("facts", "quote", "found"),
    [
        ("id:x a ent:Row ; ent:disagreeing id:ostia , id:norland .", "Ostia backs Norland.", ["cue-words"]),
        ("id:x a ent:Row ; ent:disagreeing id:ostia , id:norland .", "Ostia backs it.", ["cue-words"]),
        ("id:x a ent:Row ; ent:disagreeing id:ostia , id:norland .", "Ostia backs Sudmark.", []),
        ("id:x a ent:Row ; ent:disagreeing id:ostia , id:norland .", "In a row, Ostia backs Norland.", ["cue-words"]),
        ("id:x a ent:Row ; ent:disagreeing id:ostia , id:norland .", "Ostia backs Norland and quarrels with it.", []),
        (f"{BACKS} id:x a ent:Row ; ent:disagreeing id:ostia , id:sudmark .", "Ostia backs Norland and Sudmark.", 1),
        (f"{BACKS} {BACKS_SUDMARK}", "Ostia backs Norland and Sudmark.", []),
    ],
)
def test_words_that_say_a_relation_which_excludes_the_stated_one(facts: str, quote: str, found: object) -> None:
    assert rules(facts, quote) == (["cue-words"] if found == 1 else found)


def test_a_work_is_what_its_name_says() -> None:
    label = "rdfs:label 'Ossen Dam'@en"
    (finding,) = checked(f"id:x a ent:Canal ; {label} .", "the Ossen Dam in Ostia")
    assert finding.message == "p:it: “dam” is what id:x is called, which is ent:Dam, no ent:Canal"
    assert checked(f"id:x a ent:Dam ; {label} .", "the Ossen Dam in Ostia") == []
    assert checked("id:x a ent:Canal ; rdfs:label 'canal by the dam'@en .", "a canal by the dam") == []


def test_a_passage_that_is_read_with_it_speaks_for_it() -> None:
    other = "p:of a ent:Passage ; ent:quote 'Bo Lind of Sudmark.' . p:of { id:bo a ent:Person . }"
    assert rules("id:x a ent:Thaw .", "It is cold.", more=" ; ent:readWith p:of", others=other) == ["cue-words"]
    closer = other.replace("Bo Lind of Sudmark.", "It is closer.")
    assert rules("id:x a ent:Thaw .", "It is cold.", more=" ; ent:readWith p:of", others=closer) == []


def test_words_that_say_what_cannot_be_of_these_things_say_nothing_else() -> None:
    deal = "id:d a ent:Deal ; ent:buyer id:ostia ; ent:{} ."
    assert rules(deal.format("seller id:norland"), "Ostia bankrolls Norland.") == []  # no work, nor an item
    assert rules(deal.format("item id:radars"), "Ostia bankrolls the radars.") == ["cue-words"]
