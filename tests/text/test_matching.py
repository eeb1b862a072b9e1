"""Patterns matched with words: the forms that are derived, what fills the slots, and what verb groups tell."""

import pytest

from kg.text.clauses import Clauses
from kg.text.matching import Match, Matcher
from kg.text.patterns import parse
from kg.text.words import Name, tokens

PATTERNS = {
    "failure": ["{this} *collapse"],
    "support": ["{backer} *back|*support|*side_with|*stand_by {backed}", "{backer} *be {backed}'s ally"],
    "aid": ["{backer}'s support for {backed}", "support for {backed}( from {backer})?"],
    "deal": ["{buyer} *buy|*purchase {item}( from {seller})?", "{seller} *sell {buyer!} {item}"],
    "signing": ["{party} *sign agreement|deal( with {party})?"],
    "row": ["{party} *be at_odds( with {party})?", "{party} *be in row with {party}"],
    "ties": ["relation|tie between {party} *improve"],
    "loan": ["{lender} *make loan to {borrower}"],
    "building": ["{builder} *build {this}"],
    "land": ["{annexing}'s annexation of {annexed}"],
    "from": ["{origin}'s {this}"],
}
MATCHER = Matcher((term, parse(text)) for term, texts in PATTERNS.items() for text in texts)
NAMES: tuple[str, ...] = ("Turkey", "Russia", "Iran", "Qatar", "Assad", "Moscow", "Rosatom", "Merrow", "Crimea")
NAMES += ("rebels", "jets", "plant", "dam", "bank")


def clauses(text: str) -> Clauses:
    found = [Name(at, at + len(n), frozenset({n})) for n in NAMES for at in range(len(text)) if text.startswith(n, at)]
    return Clauses(text, found, MATCHER.verbs)


def shown(match: Match) -> str:
    """“support: backer Turkey, backed rebels”: what is not named is “?”, what is not sure has “~”."""
    slots = []
    for filled in match.filled:
        fillers = ("+".join(sorted(f.things)) or "?" for f in filled.nouns.fillers)
        sure = all(f.sure for f in filled.nouns.fillers)
        slots.append(f"{'/'.join(filled.slot.path)} {' '.join(fillers)}{'' if sure else '~'}")
    return f"{match.term}: {', '.join(slots)}"


def found(text: str) -> list[str]:
    return [shown(match) for match in MATCHER.find(clauses(text))]


TURKEY_REBELS = "support: backer Turkey, backed rebels"


@pytest.mark.parametrize(
    "text",
    [
        "Turkey backs the rebels.",
        "Turkey openly sided with the rebels.",
        "Turkey has long been backing the armed rebels in the north.",
        "The rebels are backed by Turkey.",
        "The rebels have been backed by Turkey since 2011.",
        "the rebels backed by Turkey",
        "Backed by Turkey, the rebels have won.",
        "The rebels, backed by Turkey, took the town.",
        "Turkey, which backs the rebels, agreed.",
        "The rebels, which Turkey backs, agreed.",
        "Turkey, backing the rebels, sent arms.",
        "with Turkey siding with the rebels",
        "Turkey, a member of the alliance, backs the rebels.",
        "Turkey (centre) backs the rebels.",
        "Turkey is the rebels’ closest ally.",
        "Turkey backs “the rebels”.",
        "It is for Turkey to back the rebels.",
        "Turkey wants to back the rebels.",
        "Turkey does not back the rebels.",
    ],
)
def test_forms_of_a_clause_are_derived(text: str) -> None:
    assert TURKEY_REBELS in found(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Russia, Iran and Qatar back Assad.", "support: backer Russia Iran Qatar, backed Assad"),
        ("Russia – along with Iran – backs Assad.", "support: backer Russia Iran, backed Assad"),
        ("On Friday in Moscow, Russia and Iran backed Assad.", "support: backer Russia Iran, backed Assad"),
        ("with Moscow siding with Assad and Turkey supporting rebels", "support: backer Moscow, backed Assad"),
        ("with Moscow siding with Assad and Turkey supporting rebels", TURKEY_REBELS),
        ("Ministers from Turkey back Assad.", "support: backer ?, backed Assad"),
        ("Assad is backed by Russia and, since May, by Iran.", "support: backer Russia Iran, backed Assad"),
        ("Turkish envoys urged Iran to back Assad.", "support: backer Iran~, backed Assad"),
        ("Turkey bombs Qatar and Russia backs Assad.", "support: backer Qatar Russia~, backed Assad"),
        ("Turkey’s support for the rebels", "aid: backer Turkey, backed rebels"),
        ("Russia’s and Turkey’s support for the rebels", "aid: backer Turkey, backed rebels"),  # each its own
        ("Russia and Turkey’s support for the rebels", "aid: backer Russia Turkey, backed rebels"),  # one of both
        ("support for the rebels from Turkey", "aid: backed rebels, backer Turkey"),
        ("Turkey bought jets in May from Russia.", "deal: buyer Turkey, item jets, seller Russia"),
        ("The jets were sold to nobody; Russia sold Turkey jets.", "deal: seller Russia, buyer Turkey, item jets"),
        ("Turkey has signed a major arms deal with Russia.", "signing: party Turkey, party Russia"),
        ("A deal was signed by Turkey with Russia.", "signing: party Turkey, party Russia"),
        ("Turkey and Russia are at odds.", "row: party Turkey Russia"),
        ("Iran, with which Turkey has been in a row since May", "row: party Turkey, party Iran"),
        ("Relations between Turkey and Russia have improved.", "ties: party Turkey Russia"),
        ("a loan of 2 billion, which the bank made to Turkey", "loan: lender bank, borrower Turkey"),
        ("Merrow, a company, built the dam and backs it.", "building: builder Merrow, this dam"),
        ("the plant being built by Rosatom", "building: builder Rosatom, this plant"),
        ("Russia’s 2014 annexation of Crimea", "land: annexing Russia, annexed Crimea"),
        ("Russia’s long-range jets", "from: origin Russia, this jets"),
    ],
)
def test_slots_are_filled(text: str, expected: str) -> None:
    assert expected in found(text)


@pytest.mark.parametrize(
    "text",
    [
        "The rebels back.",
        "Turkey came back. The rebels left.",
        "the plant built in 2014",
        "Turkey, said Moscow; the rebels",
        "on the back of Turkey",
    ],
)
def test_what_a_pattern_does_not_say_is_no_match(text: str) -> None:
    assert [m for m in found(text) if m.startswith(("support", "building"))] == []


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("backs", "present"),
        ("is backing", "progressive"),
        ("backed", "past"),
        ("was backing", "past"),
        ("did back", "past"),
        ("has backed", "perfect"),
        ("has also been backing", "perfect"),
        ("will back", "planned"),
        ("is to back", "planned"),
        ("is due to back", "planned"),
        ("plans to back", "planned"),
        ("has agreed to back", "planned"),
        ("may back", "possible"),
        ("would have backed", "possible"),
        ("was to have backed", "possible"),
        ("does not back", "present, denied"),
        ("didn’t back", "past, denied"),
        ("has never backed", "perfect, denied"),
        ("has yet to back", "planned, denied"),
        ("refused to back", "past, denied"),
        ("is unlikely to back", "planned, denied"),
        ("no longer backs", "present, over"),
        ("has stopped backing", "perfect, over"),
        ("used to back", "past, over"),
        ("began to back", "past"),
    ],
)
def test_a_verb_group_tells_how_far_it_has_come(words: str, told: str) -> None:
    (match,) = MATCHER.find(clauses(f"Turkey {words} the rebels."))
    assert shown(match) == TURKEY_REBELS
    assert str(match.group) == told


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("is being built", "progressive"),
        ("was built", "past"),
        ("will be built", "planned"),
        ("has been built", "perfect"),
    ],
)
def test_a_passive_tells_the_same_without_an_agent(words: str, told: str) -> None:
    (match,) = MATCHER.find(clauses(f"The plant {words} in the south."))
    assert (shown(match), str(match.group)) == ("building: this plant", told)


def test_a_verb_form_may_be_a_noun_where_it_stands() -> None:
    matcher = Matcher([("plan", parse("*plan")), ("end", parse("*end")), ("over", parse("*be_over"))])

    def found(text: str) -> list[str]:
        return [f"{m.term}: {m.group}" for m in matcher.find(Clauses(text, (), matcher.verbs))]

    assert found("by the end of May") == found("Melk’s end") == found("Plans to buy it fell through") == []
    assert found("a row over the fee") == []
    assert found("a war that ends in May") == ["end: present"]
    assert found("the planned war is over") == ["plan: past", "over: present"]
    clause = clauses("Iran is no longer Assad’s ally")
    assert [str(m.group) for m in MATCHER.find(clause) if m.term == "support"] == ["present, over"]


def test_tokens_are_words_names_marks_and_genitives() -> None:
    text = "Russia’s U.S.-built, 2.5-tonne jets didn’t “fly”."
    kinds = [(t.text, t.kind) for t in tokens(text, [Name(0, 6, frozenset("r"))])]
    assert kinds[:3] == [("russia’s"[:6], "name"), ("'s", "genitive"), ("u.s.", "word")]
    assert ("did", "word") in kinds
    assert ("not", "word") in kinds
    assert all(text not in ("“", "”") for text, _ in kinds)


def test_nothing_has_no_tokens() -> None:
    assert tokens("") == []


def test_a_longer_name_hides_those_within_it() -> None:
    text = "the annexation of Crimea"
    names = [Name(4, 24, frozenset({"event"})), Name(18, 24, frozenset({"crimea"}))]
    assert [t.things for t in tokens(text, names) if t.kind == "name"] == [frozenset({"event"})]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Turkey is the rebels’ ally.", "present"),
        ("Turkey is not the rebels’ ally.", "present, denied"),
        ("Turkey has long been the rebels’ ally.", "present"),  # and still is, as far as this says
        ("Turkey was the rebels’ ally.", "past"),
        ("Russia asked Turkey to back the rebels.", "planned"),
        ("Russia called on Turkey to back the rebels.", "planned"),
        ("Russia paid Turkey to back the rebels.", "infinitive"),
    ],
)
def test_what_is_and_what_is_asked(text: str, told: str) -> None:
    assert [str(match.group) for match in MATCHER.find(clauses(text)) if match.term == "support"] == [told]


@pytest.mark.parametrize(("words", "told"), [("is due", "planned"), ("was due", "possible"), ("is", "present")])
def test_what_is_due_is_to_come(words: str, told: str) -> None:
    matcher = Matcher([("stay", parse("{this} *be in {place}"))])
    text = f"Assad {words} in Qatar."
    names = [Name(0, 5, frozenset({"Assad"})), Name(text.index("Qatar"), text.index("."), frozenset({"Qatar"}))]
    (match,) = matcher.find(Clauses(text, names, matcher.verbs))
    assert str(match.group) == told


def test_what_happens_at_the_time_is_no_part_of_a_subject() -> None:
    assert found("A second plant as the Russia relations collapse") == ["failure: this ?"]
    assert found("The bank of Qatar collapses.") == ["failure: this bank"]


def test_the_fullest_variant_of_a_pattern_counts() -> None:
    assert found("Turkey bought jets from Russia.") == ["deal: buyer Turkey, item jets, seller Russia"]


def test_patterns_beyond_the_limit_are_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kg.text.matching.MAX_PATTERNS", 1)
    matcher = Matcher([("a", parse("{x} *aid {y}")), ("b", parse("{x} *harm {y}"))])
    assert matcher.verbs == {"aid"}


@pytest.mark.parametrize(
    "text", ["Turkey backs " * 4_000, "(" * 10_000, "Turkey, " * 4_000, "of " * 10_000, "and Turkey " * 4_000]
)
def test_time_is_linear_in_the_text(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each token is looked at a bounded number of times, however the text is built."""
    looks = 0
    kind = Clauses.kind

    def counted(self: Clauses, i: int) -> str:
        nonlocal looks
        looks += 1
        return kind(self, i)

    monkeypatch.setattr(Clauses, "kind", counted)
    short, long = (clauses(text[: len(text) // n]) for n in (8, 4))
    MATCHER.find(short)
    first, looks = looks, 0
    MATCHER.find(long)
    assert looks <= 2.5 * first + 1000


def test_patterns_around_one_word_are_bounded() -> None:
    matcher = Matcher((str(n), parse("{x} *aid {y}")) for n in range(300))
    assert len(matcher.find(Clauses("Turkey aids Russia."))) == 200


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("the Danish pension fund Merrow", []),  # a noun after a noun: they fund, it funds
        ("Russia and Iran support Assad.", ["support: backer Russia Iran, backed Assad"]),
        ("Troops help support the rebels.", ["support: backer ?, backed rebels"]),
        ("Iran met the Iranian Support Front of Assad", []),  # no verb has a capital within a sentence
        ("Support for the raid led by Iran", ["aid: backed ?"]),  # led by them, and not supported
        ("Turkey supports Russia, Iran", ["support: backer Turkey, backed Russia Iran~"]),  # a heading
    ],
)
def test_what_is_no_verb_and_what_belongs_to_another(text: str, found: list[str]) -> None:
    assert [shown(m) for m in MATCHER.find(clauses(text))] == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Assad, the head of a bank, who backed Iran, left.", ["support: backer Assad, backed Iran"]),
        ("The rebels that were in Qatar backed Iran.", ["support: backer rebels, backed Iran"]),
        ("Assad, a friend of Qatar and Iran, who backed Russia", ["support: backer Assad, backed Russia"]),
        ("Russia backs the capital, Moscow.", ["support: backer Russia, backed Moscow"]),
    ],
)
def test_what_stands_before_a_clause_or_a_comma(text: str, found: list[str]) -> None:
    assert [shown(m) for m in MATCHER.find(clauses(text))] == found


def test_what_a_matcher_was_asked_before_changes_nothing() -> None:
    matcher = Matcher([("duty", parse("{obliged} *have_to"))])
    for text, terms in [("Turkey has offered Russia jets.", []), ("Turkey has yet to reply.", ["duty"])] * 2:
        assert [match.term for match in matcher.find(clauses(text))] == terms


def test_a_subject_is_shared_with_a_verb_whose_own_patterns_cannot_fit() -> None:
    assert found("Turkey signed no paper and backed the rebels.") == ["support: backer Turkey~, backed rebels"]


@pytest.mark.parametrize(
    ("pattern", "text", "fits"),
    [
        ("{capitalOf} capital of {this}", "the Turkey capital of Crimea", True),
        ("{capitalOf} capital of {this}", "to link the Turkey capital with the Russia port of Crimea", False),
        ("{lender} *finance {funds}", "Turkey finances the dam.", True),
        ("{lender} *finance {funds}", "The Turkey finance ministry said that the dam was built.", False),
    ],
)
def test_words_far_from_each_other_and_nouns_before_nouns_fit_nothing(pattern: str, text: str, fits: bool) -> None:
    matcher = Matcher([("term", parse(pattern))])
    names = [Name(at, at + len(n), frozenset({n})) for n in NAMES for at in range(len(text)) if text.startswith(n, at)]
    assert bool(matcher.find(Clauses(text, names, matcher.verbs))) is fits
