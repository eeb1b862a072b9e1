"""How a text falls into units, and which of them are read."""

import pytest
from folders import FIRST
from hypothesis import example, given
from hypothesis import strategies as st
from running import ROOT

from kg.text.segments import (
    LONGEST_BRACKET,
    LONGEST_CREDIT,
    LONGEST_HEADING,
    Segment,
    coverage,
    segments,
    unwrap,
)

ARTICLE = ROOT / "kg" / "articles" / FIRST / "article.txt"

UNITS_OF_THE_ARTICLE = [
    ("heading", "Turkey – Russia aim to strengthen relationship"),
    ("caption", "Russia's President Vladimir Putin (L) and Turkey's"),
    ("credit", "(AP)"),
    ("sentence", "After a major diplomatic row"),
    ("sentence", "Russian President Vladimir Putin heads"),
    ("sentence", "The two presidents"),
    ("sentence", "The plant is being built"),
    ("sentence", "On Wednesday, Putin,"),
    ("sentence", "Russia and Iran"),
    ("sentence", "Turkey backs"),
    ("sentence", "Despite their differences"),
    ("sentence", "In December, Ankara"),
    ("sentence", "TRT World’s\u00a0Caitlin McGee\u00a0has"),
    ("heading", "Economic cooperation"),
    ("sentence", "The two countries"),
    ("sentence", "“Turkish-Russian relations"),
    ("sentence", "“They managed"),
    ("sentence", "“If you set aside"),
    ("heading", "Syria summit"),
    ("sentence", "Russia and Turkey – along"),
    ("sentence", "The co-operation comes"),
    ("sentence", "The conflicting interests"),
    ("sentence", "But since then"),
    ("credit", "Source: TRTWorld and agencies"),
]


def pieces(text: str) -> list[str]:
    return [text[unit.start : unit.end] for unit in segments(text)]


def test_the_article() -> None:
    text = ARTICLE.read_text("utf-8")
    units = segments(text)
    assert [unit.number for unit in units] == list(range(1, len(UNITS_OF_THE_ARTICLE) + 1))
    for unit, (kind, first_words) in zip(units, UNITS_OF_THE_ARTICLE, strict=True):
        assert unit.kind == kind
        assert text[unit.start : unit.end].startswith(first_words)
    ends = [text[unit.start : unit.end][-7:] for unit in units]
    assert ends[1] == "Turkey."
    assert ends[9] == " (FSA)."
    assert ends[17] == "rests.”"


@pytest.mark.parametrize(
    "one",
    [
        "“They are together,” said Mr. Putin.",
        "“Really?” he asked.",
        "“Really?” Putin asked.",
        "“Enough!” said the minister.",
        "Russia's President (L) met Gen. Hulusi Akar and Dr. Asimov in St. Petersburg.",
        "It was No. 5 of 3.5 billion.",
        "J. R. R. Tolkien met V. V. Putin.",
        "They talked of states, e.g. Turkey, i.e. not of Mr. X.",
        "They met at 5 p.m. on Tuesday, or at 6 a.m. GMT.",
        "Acme Inc. Chairman John Smith Jr. left on Jan. 5, see Fig. 3 and pp. 7–9.",
        "The U.S. President left.",
        "He waited … and left.",
        "He waited ... and left.",
        "Die Präsidenten trafen sich am 3. April in Ankara, z. B. Putin.",
        "El presidente de EE. UU. Sánchez no vino.",
        "« Vraiment ? » demanda M. Macron.",
        "„Wirklich?“ fragte Frau Merkel.",
        "»Wirklich?« fragte sie.",
        "Yahoo!'s offices are at www.yahoo.com today.",
        "1. The first point is this.",
        "The FSA (the Free Syrian Army [formed in 2011].)",
        "He went home.[12]",
        "They call him “Mr.” Putin in Ankara.",
        "He lives in the U.S. No. 5 of them left.",
        "12. The list goes on.",
        "See Fig. 5b for more.",
        "It began at 9 p.m. ET on Friday.",
    ],
)
def test_stays_one_sentence(one: str) -> None:
    assert segments(one) == [Segment(1, "sentence", 0, len(one))]
    after = f"{one} Then they left."
    assert pieces(after) == [one, "Then they left."]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Turkey backs the Free Syrian Army (FSA).", "Russia does not."),
        ("“We are partners.”", "“We are friends.”"),
        ("Are they?", "Nobody knows!"),
        ("He lives in the U.S.", "The president does, too."),
        ("He works for Acme Inc.", "It is large."),
        ("It ended in 2015.", "Turkey agreed."),
        ("No.", "That is wrong."),
        ("He came (late.)", "She left."),
        ("Il est parti !", "« Vraiment ? »"),
        ("¡Viva!", "¿Y ahora?"),
        ("Er ging.", "„Nein.“"),
        ("He waited…", "Nothing came."),
        ("They bought it.", "iPhone sales rose."),
        ("They left at 5 p.m.", "Putin stayed."),
        ("Он ушёл.", "Она осталась."),
        ("Spaces before the next.\u00a0", " There are many."),
        ("He left.", "• • • • • • She stayed."),
        ("Is it Mr?", "Putin came."),
        ("Is it Mr..", "Putin came."),
        ("He said “no Mr..”", "Putin came."),
        ("123.", "The list goes on."),
        ("He left at 9 p.m.", "I stayed."),
    ],
)
def test_falls_into_two_sentences(first: str, second: str) -> None:
    assert pieces(f"{first} {second}") == [first.strip(), second.strip()]


def test_stray_signs_belong_to_the_sentence_before() -> None:
    assert pieces("He left. She stayed. —. They met.") == ["He left.", "She stayed. —.", "They met."]


@pytest.mark.parametrize(
    "credit",
    [
        "Source: TRTWorld and agencies",
        "Sources: AP, Reuters.",
        "Photo: Kay Nietfeld/dpa",
        "Photo credit: Reuters",
        "Quelle: dpa",
        "Crédit : AFP",
        "By Caitlin McGee and Ali van der Berg",
        "By SUZAN FRASER, Associated Press | April 3, 2018",
        "Reporting by Tuvan Gumrukcu in Ankara; Editing by Dominic Evans",
        "(Reporting and writing by Humeyra Pamuk; Editing by D. Evans)",
        "© 2018 Agence France-Presse",
        "Copyright 2018. All rights reserved.",
        "[Reuters]",
        "Reuters",
        "AP/AFP",
    ],
)
def test_credits(credit: str) -> None:
    assert segments(credit) == [Segment(1, "credit", 0, len(credit))]


@pytest.mark.parametrize(
    ("caption", "credit"),
    [
        ("Putin in Ankara, Turkey.", "(AP)"),
        ("Putin in Ankara", "[Reuters]"),
        ("“Putin in Ankara.”", "(AFP/Getty Images)"),
        ("Putin in Ankara.", "(File photo: AP)"),
        ("Putin in Ankara!", "(AP Photo/J. Scott Applewhite)"),
        ("Putin in Ankara.", "(Photo by Adem Altan/AFP)"),
        ("Putin (L) in Ankara.", "[Courtesy of the Kremlin/Pool via Reuters]"),
        ("He won.", "(Ada Holm)"),
        ("Putin in Ankara", "(Photo by Ada Holm, who was there)"),
    ],
)
def test_a_caption_ends_with_its_credit(caption: str, credit: str) -> None:
    line = f"{caption} {credit}"
    units = [(unit.kind, line[unit.start : unit.end]) for unit in segments(line)]
    assert units == [("caption", caption), ("credit", credit)]


@pytest.mark.parametrize(
    "line",
    [
        "He left. (She stayed)",
        "He left. (2018)",
        "He stood there. (L)",
        "He left. (Ada Holm? Nobody)",
        "Reuters office in Ankara",
        "Ada Holm, AP)",
    ],
)
def test_a_remark_in_brackets_is_no_credit(line: str) -> None:
    assert "credit" not in {unit.kind for unit in segments(line)}


def test_a_credit_for_words_may_hold_any_words() -> None:
    line = "He left. (Reporting by A. Writer, who was there)"
    assert [unit.kind for unit in segments(line)] == ["sentence", "credit"]


@pytest.mark.parametrize(
    ("lead", "word", "tail", "most", "within", "beyond"),
    [
        ("", "Word ", "", LONGEST_HEADING, ["heading"], ["sentence"]),
        ("Source: ", "Word ", "", LONGEST_CREDIT, ["credit"], ["sentence"]),
        ("Putin. (", "Word ", ")", LONGEST_BRACKET + len("Putin. ()"), ["caption", "credit"], ["sentence"] * 2),
        ("Putin (Photo by ", "word ", ")", LONGEST_CREDIT + len("Putin ()"), ["caption", "credit"], ["sentence"]),
    ],
)
def test_what_is_too_long_is_of_another_kind(
    lead: str, word: str, tail: str, most: int, within: list[str], beyond: list[str]
) -> None:
    for length, kinds in ((most, within), (most + 1, beyond)):
        line = (lead + word * 50)[: length - len(tail) - 1] + "x" + tail
        assert len(line) == length
        assert [unit.kind for unit in segments(line)] == kinds


def test_the_limits_are_those_of_the_documentation() -> None:
    assert (LONGEST_HEADING, LONGEST_CREDIT, LONGEST_BRACKET) == (120, 200, 80)


def test_a_wire_story_ends_with_a_credit_but_is_no_caption() -> None:
    line = "He left. She stayed. (Reporting by A. Writer; Editing by B. Editor)"
    assert [unit.kind for unit in segments(line)] == ["sentence", "sentence", "credit"]


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("Syria summit", "heading"),
        ("The Free Syrian Army (FSA)", "heading"),
        ("By land and by sea to Moscow", "heading"),
        ("What next?", "sentence"),
        ("• Turkey buys missiles", "sentence"),
        ("word " * 24, "heading"),
        ("word " * 25, "sentence"),
        ("Photo: " + "word " * 50, "sentence"),
    ],
)
def test_headings(line: str, kind: str) -> None:
    assert [unit.kind for unit in segments(line)] == [kind]


@pytest.mark.parametrize("text", ["", "\n\n", "* * *", "—\r\n…"])
def test_no_letters_no_units(text: str) -> None:
    assert segments(text) == []


def test_offsets_count_code_points_and_lines_may_end_anyhow() -> None:
    text = "\ufeff𝔘nter 😀\r\n\r\n  He left.\u2028She stayed."
    assert pieces(text) == ["\ufeff𝔘nter 😀", "He left.", "She stayed."]


NEWSPRINT = st.text(st.sampled_from("aB1 .?!…\"'“”‘’«»()[]:-–—*,\n\u00a0\u2028é\u0301")) | st.lists(
    st.sampled_from(["Mr. ", "U.S. ", "No. ", "5 ", "By ", "Source: ", "(AP)", "[", "]", "said", "Putin ", "\n"])
).map("".join)


@given(NEWSPRINT | st.text())
@example("? . “ . Ankara . ” .")
@example("a. (AP)(AP)")
def test_every_letter_and_digit_lies_in_exactly_one_unit(text: str) -> None:
    homes = [0] * len(text)
    reached = 0
    for number, unit in enumerate(segments(text), 1):
        words = text[unit.start : unit.end]
        assert unit.number == number
        assert reached <= unit.start < unit.end <= len(text)
        assert words == words.strip()
        assert len(words.splitlines()) == 1
        reached = unit.end
        for i in range(unit.start, unit.end):
            homes[i] += 1
    assert all(home == 1 for home, character in zip(homes, text, strict=True) if character.isalnum())


TEXT = "Turkey backs the Free Syrian Army (FSA). Russia’s allies don’t."


@pytest.mark.parametrize(
    ("quotes", "states", "uncovered"),
    [
        ([], ["unread", "unread"], ["Turkey backs the Free Syrian Army (FSA", "Russia’s allies don’t"]),
        ([TEXT], ["read", "read"], []),
        (["Turkey backs the Free Syrian Army (FSA", "Russia’s allies don’t"], ["read", "read"], []),
        (
            ["Turkey backs the", "backs the Free Syrian", "Army"],
            ["partly", "unread"],
            ["FSA", "Russia’s allies don’t"],
        ),
        (
            ["backs", "Army (FSA)"],
            ["partly", "unread"],
            ["Turkey", "the Free Syrian", "Russia’s allies don’t"],
        ),
        (
            ["Turkey backs the Free Syrian Army (FSA). Russia", "allies", "don"],
            ["read", "partly"],
            ["Russia’s", "don’t"],
        ),
    ],
)
def test_coverage(quotes: list[str], states: list[str], uncovered: list[str]) -> None:
    spans = [(TEXT.index(quote), TEXT.index(quote) + len(quote)) for quote in quotes]
    readings = coverage(TEXT, segments(TEXT), spans)
    assert [reading.state for reading in readings] == states
    assert [TEXT[start:end] for reading in readings for start, end in reading.uncovered] == uncovered


def test_one_letter_makes_a_unit_partly_read() -> None:
    assert [reading.state for reading in coverage("A bird.", segments("A bird."), [(0, 1)])] == ["partly"]


@pytest.mark.parametrize(
    ("spans", "state"),
    [
        ([(-9, 2), (5, 1), (-9, -5), (2, 99)], "read"),
        ([(-9, 2)], "partly"),
        ([(5, 1), (-9, -5), (-1, 0), (3, 99)], "unread"),
    ],
)
def test_coverage_ignores_what_lies_outside_the_text(spans: list[tuple[int, int]], state: str) -> None:
    assert [reading.state for reading in coverage("Yes", segments("Yes"), spans)] == [state]


@given(NEWSPRINT, st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60))))
def test_a_unit_is_read_when_each_letter_is_covered(text: str, spans: list[tuple[int, int]]) -> None:
    seen = {i for start, end in spans for i in range(start, end)}
    for unit, state, uncovered in coverage(text, segments(text), spans):
        letters = {i for i in range(unit.start, unit.end) if text[i].isalnum()}
        assert state == ("read" if letters <= seen else "partly" if letters & seen else "unread")
        shown = {i for start, end in uncovered for i in range(start, end)}
        assert letters - seen <= shown <= set(range(unit.start, unit.end))
        assert all(text[start].isalnum() and text[end - 1].isalnum() for start, end in uncovered)


WRAPPED = """A railway is agreed

Talvian President Amara Velindi visited Turkey on Monday. Ankara
and Velmar finalised an agreement on a railway of 2.5 billion
dollars. It runs at 250 km/h. The talks were led by President
Velindi.
"""


def test_a_line_that_was_broken_to_fit_a_width_goes_on_in_the_next_one() -> None:
    assert len(unwrap(WRAPPED)) == len(WRAPPED)
    assert [(unit.kind, unwrap(WRAPPED)[unit.start : unit.end]) for unit in segments(WRAPPED)] == [
        ("heading", "A railway is agreed"),
        ("sentence", "Talvian President Amara Velindi visited Turkey on Monday."),
        ("sentence", "Ankara and Velmar finalised an agreement on a railway of 2.5 billion dollars."),
        ("sentence", "It runs at 250 km/h."),
        ("sentence", "The talks were led by President Velindi."),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "A heading of a text\nA first sentence without an end\nand another",  # short lines
        f"{'A long line of more than a hundred words ' * 3}\nAnother line of the text, with a name\nPutin",
        "By Ada Holm and Ben Stone of the Evening Paper\nin Ankara",
        "- a point of a list, the first one of several\n- another point of the list",
        "the last line of a paragraph, which has no stop\n\nthen another paragraph",
        "A line of a text that ends with a full stop here.\nthen another one",
        "Two lines that are no paragraph of three or more\nAnother one that begins with a capital, and is long",
    ],
)
def test_other_line_breaks_stay(text: str) -> None:
    assert unwrap(text) == text


@pytest.mark.parametrize(
    ("lines", "goes_on"),
    [
        (["X" * 39, "y"], False),  # the width is that of the longest line, from 40 on
        (["X" * 40, "y"], True),
        (["X" * 50, "Y" * 50], False),  # of two lines a capital tells nothing
        (["X" * 100, "Y" * 100, "Z"], True),  # of three it does, up to a width of 100
        (["X" * 101, "Y" * 101, "Z"], False),
        (["X" * 50, "Y" * 44, "Zzzzz"], False),  # the next word had room, and yet the line was broken
        (["X" * 50, "Y" * 44, "Zzzzzz z"], True),
        (["X" * 50, "Y" * 44, "Zzzzz zzzzzz"], False),
    ],
)
def test_a_line_goes_on_where_the_next_word_had_no_room(lines: list[str], goes_on: bool) -> None:
    assert unwrap("\n".join(lines)) == (" " if goes_on else "\n").join(lines)


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("他说：“好。”然后走了。他说得对。", ["他说：“好。”然后走了。", "他说得对。"]),
        ("这是第一句话。这是第二句话！第三句？", ["这是第一句话。", "这是第二句话！", "第三句？"]),
        ("日本は「東京。」と言った。次は", ["日本は「東京。」と言った。", "次は"]),
        ("هذه جملة أولى. هل هذه ثانية؟ نعم", ["هذه جملة أولى.", "هل هذه ثانية؟", "نعم"]),
        ("यह वाक्य है। दूसरा।", ["यह वाक्य है।", "दूसरा।"]),
        ("It fell to 5°C. Ankara froze at 250 km/h.", ["It fell to 5°C.", "Ankara froze at 250 km/h."]),
        ("It runs at 250 km/h. 300 people left.", ["It runs at 250 km/h.", "300 people left."]),
        ("It is 5 m. Police came with S. Smith.", ["It is 5 m.", "Police came with S. Smith."]),
    ],
)
def test_sentences_end_in_other_scripts_and_after_units(text: str, sentences: list[str]) -> None:
    assert [text[unit.start : unit.end] for unit in segments(text)] == sentences


@pytest.mark.parametrize(
    ("text", "quote", "missing"),
    [
        ("土耳其总统访问莫斯科", "土耳其总统", "访问莫斯科"),
        ("ประธานาธิบดีเยือนตุรกี", "ประธานาธิบดี", "เยือนตุรก"),
        ("وصل الرئيس وزوجته", "وصل الرئيس", "وزوجته"),
        ("Velindi visits", "Vel", "Velindi visits"),
    ],
)
def test_letters_without_case_are_covered_one_by_one(text: str, quote: str, missing: str) -> None:
    (reading,) = coverage(text, segments(text), [(text.index(quote), text.index(quote) + len(quote))])
    assert (reading.state, [text[start:end] for start, end in reading.uncovered]) == ("partly", [missing])
