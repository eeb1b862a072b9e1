"""The grammar of a lexicon: what its elements mean, what is refused and why."""

import re

import pytest

from kg.errors import InputError
from kg.text import patterns
from kg.text.patterns import Choice, Mark, Option, Phrase, Slot, parse


def test_a_pattern_is_slots_and_choices_of_phrases() -> None:
    assert parse("{backer} *back|*side_with {backed}").elements == (
        Slot(("backer",)),
        Choice((Phrase(("back",), True), Phrase(("side", "with"), True))),
        Slot(("backed",)),
    )


def test_genitives_marks_and_options() -> None:
    assert parse("{backer}’s Support|backing( in {side/sideIn})? for {backed!}, too").elements == (
        Slot(("backer",)),
        Mark("'s"),
        Choice((Phrase(("support",)), Phrase(("backing",)))),
        Option((Choice((Phrase(("in",)),)), Slot(("side", "sideIn")))),
        Choice((Phrase(("for",)),)),
        Slot(("backed",), True),
        Mark(","),
        Choice((Phrase(("too",)),)),
    )


def test_words_of_an_article_may_be_all_the_words_of_a_clause() -> None:
    assert parse("{participant} {wording}").elements == (Slot(("participant",)), Slot(("wording",)))


def test_words_may_have_points_hyphens_and_apostrophes() -> None:
    (choice, _) = parse("u.s.-led|ground-breaking|o'clock {this}").elements
    assert choice == Choice((Phrase(("u.s.-led",)), Phrase(("ground-breaking",)), Phrase(("o'clock",))))


def test_slots_and_verbs_are_listed_from_options_too() -> None:
    pattern = parse("{lender} *lend|give( to {borrower}( *buy_up {sum})?)?")
    assert [slot.path for slot in pattern.slots()] == [("lender",), ("borrower",), ("sum",)]
    assert [phrase.words for phrase in pattern.verbs()] == [("lend",), ("buy", "up")]


@pytest.mark.parametrize(
    ("text", "problem", "at"),
    [
        ("{backer *back", "opens a slot that does not end", 1),
        ("{} *back", "“{}” is no slot", 1),
        ("{ent:backer} *back", "is no slot", 1),
        ("{a/} *back", "is no slot", 1),
        ("{a} * {b}", "before no verb", 5),
        ("{a} *back | *aid {b}", "without spaces", 11),
        ("{a} side _with", "joins words", 10),
        ("{a} back (in {b}", "option that does not end", 10),
        ("{a} back in {b})?", "closes no option", 16),
        ("{a} back ()? {b}", "without anything", 10),
        ("{a} back (in {b})", "ends in “)?”", 17),
        ("(a (b (c {d})?)?)? back", "within each other", 7),
        ("{a} [b]", "“[” has no meaning", 5),
        ("{a} back\n{b}", "has no meaning", 9),
        ("{a} {b}", "match anything", 1),
        ("({a} back)? {b}", "match anything", 1),
        ("", "match anything", 1),
        ("a|" * patterns.MAX_CHOICES + "a", "more than 20", 1),
        ("{a} a_b_c_d_e_f {b}", "more than 5 words", 5),
        ("back" + " {a}" * (patterns.MAX_SLOTS + 1), "more than 8 slots", 1),
        ("back " * 100, "more than 300", 301),
    ],
)
def test_what_is_no_pattern_is_refused_with_its_place(text: str, problem: str, at: int) -> None:
    with pytest.raises(InputError, match=re.escape(problem)) as raised:
        parse(text)
    assert raised.value.rule == "pattern"
    assert f"(at character {at})" in raised.value.message
    assert raised.value.hint


def test_limits_are_what_is_allowed() -> None:
    (choice,) = parse("a|" * (patterns.MAX_CHOICES - 1) + "a").elements
    assert isinstance(choice, Choice)
    assert len(choice.phrases) == patterns.MAX_CHOICES
    assert len(parse("back" + " {a}" * patterns.MAX_SLOTS).slots()) == patterns.MAX_SLOTS
    assert parse("(a (b {d})?)? back_b_c_d_e").text
    assert len(parse("a" * patterns.MAX_LENGTH).text) == patterns.MAX_LENGTH


def test_a_genitive_is_no_part_of_its_word() -> None:
    assert parse("country's capital").elements[:2] == (Choice((Phrase(("country",)),)), Mark("'s"))
