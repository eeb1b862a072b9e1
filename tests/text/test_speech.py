"""What of a text is what somebody says."""

import pytest

from kg.text.speech import is_attribution, quotations, said, unnamed_speakers


def spoken(text: str) -> list[str]:
    return [text[start:end].strip(" ,") for start, end in said(text, quotations(text))]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("“It is over,” said Bo Lind, a pilot", ["“It is over,”"]),
        ("“It is over and done”", ["“It is over and done”"]),
        ("«Es ist vorbei, sagt man.»", ["«Es ist vorbei, sagt man.»"]),
        ("„Es ist jetzt wohl vorbei“", ["„Es ist jetzt wohl vorbei“"]),
        ('He said: "It is over now."', ['"It is over now."']),
        ("‘It’s over now,’ he said", ["‘It’s over now,’"]),
        ("“It is over now, and it goes on", ["“It is over now, and it goes on"]),
        ("Bo Lind said that it was over", ["that it was over"]),
        ("Lind, a pilot from Melk, says it was over by Friday.", ["it was over by Friday."]),
        ("He told reporters in Melk on Monday that it was over.", ["reporters in Melk on Monday that it was over."]),
        ("The war is over, Lind said.", ["The war is over"]),
        ("The war is over, said Lind.", ["The war is over"]),
        ("The war is over, according to Reuters.", ["The war is over"]),
        ("According to the ministry, the war is over.", ["the war is over."]),
        ("Lind said on Monday that it was over. Ostia agrees.", ["on Monday that it was over."]),
        ("The old war is over, Lind, a pilot, told reporters.", ["The old war is over"]),
        ("Lind told the council of Melk it would go on.", ["the council of Melk it would go on."]),
        ("Two diplomats said that it was over", ["that it was over"]),
        ("The old war is over, officials said.", ["The old war is over"]),
        ("The old war is over, the defence ministry said.", ["The old war is over"]),
        ("The old war is over, said Bo Lind, a pilot", ["The old war is over"]),
        ("Lind, said it was over by Friday.", ["it was over by Friday."]),
        ("Celik said, citing divisions over Melk", ["citing divisions over Melk"]),
    ],
)
def test_speech(text: str, words: list[str]) -> None:
    assert spoken(text) == words


@pytest.mark.parametrize(
    "text",
    [
        "said Nadia Farouk, a researcher at Melk",
        "to create “de-escalation zones” in Melk",
        "the novel “War and Peace,” by Tolstoy",
        "Lind is said to be ill these days",
        "Analysts say that it is over by now.",
        "Reports say that it was over.",
        "Lind said in Melk on Monday.",
        "In a toast at Melk on Monday, the King said",
        "according to the agreement, it is over",
        "the states’ ports and the cities’ harbours are open.",
        "It was over in Melk.",
        "Ms. Lind told Ostia’s Parliament on Thursday",
        "Ana Lind, the company’s chief executive, told analysts",
        "Melk Hydro, which leads the group with a large stake, told investors on Tuesday",
        "Ostia accuses Melk of breaching the treaty, which Lind denies.",
    ],
)
def test_no_speech(text: str) -> None:
    assert spoken(text) == []


def test_an_open_mark_ends_with_its_line() -> None:
    text = "“It is over, and goes on\n“It goes on and on and on,” he said"
    assert [text[a:b] for a, b in quotations(text)] == ["“It is over, and goes on", "“It goes on and on and on,”"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("The old war is over, grumbles Bo Lind, a pilot.", ["The old war is over"]),
        ("The old war is over, she recalls.", ["The old war is over"]),
        ("Lind has repeatedly complained that it was over.", ["that it was over."]),
        ("Officials in Melk insist that it is over.", ["that it is over."]),
        ("Lind is convinced that it is over.", ["that it is over."]),
        ("In the view of Bo Lind, the war is over.", ["the war is over."]),
        ("In Lind’s view, the war is over.", ["the war is over."]),
        ("A spokesman for Melk reiterated that it was over.", ["that it was over."]),
    ],
)
def test_other_verbs_and_words_that_report_speech(text: str, words: list[str]) -> None:
    assert spoken(text) == words


WAR = "The old war is over"


@pytest.mark.parametrize(
    "attribution",
    [
        "Ostia’s defence ministry said.",
        "Ostia's defence ministry said on Monday.",
        "the Ostish defence ministry said in a statement.",
        "a spokeswoman for the lender said.",
        "said a spokeswoman for the lender.",
        "said the defence ministry.",
        "two people familiar with the matter said.",
        "people briefed on the talks said.",
        "several sources said.",
        "a source close to the president said.",
        "two diplomats said, speaking on condition of anonymity.",
        "two diplomats, who spoke on condition of anonymity, said.",
        "according to officials in Melk.",
        "according to a senior official.",
        "according to two people briefed on the talks.",
        "Lind said, adding nothing to it.",
    ],
)
def test_who_says_it_may_have_no_name(attribution: str) -> None:
    text = f"{WAR}, {attribution}"
    assert spoken(text)[0] == WAR
    assert is_attribution(text, said(text, []))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Ostia’s ministry said on Monday the old war was over.", "on Monday the old war was over."),
        ("A source at the bank said it was over by now.", "it was over by now."),
        ("Lind called the plan “a gift” on Monday.", "“a gift”"),
        ('Lind described the plan as "a gift".', '"a gift"'),
        ("It was what Lind called “a gift”.", "“a gift”"),
        ("Lind dismissed it as “nonsense”.", "“nonsense”"),
    ],
)
def test_a_day_before_what_is_said_and_words_for_a_thing(text: str, words: str) -> None:
    assert spoken(text) == [words]


@pytest.mark.parametrize(
    "text",
    [
        "a dam called “the ox”",
        "a dam that is called “the ox” by all",
        "the so-called “safe zones” of Melk",
        "Ostia called for “safe zones” in Melk",
        "Ostia calls the line “Blue Stream”",
        "The ministry said on Monday in Melk.",
        "In the old town of Melk, the baker said the ministry had closed.",
    ],
)
def test_names_and_scare_quotes_are_no_speech(text: str) -> None:
    assert spoken(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "Melk recalled its ambassador from Ostia on Monday.",
        "Melk maintains an army of forty thousand men.",
        "Melk claims the island and the strait beside it.",
        "Fishermen in Melk grumble that it is over.",
        "Critics of Melk claim that it is over.",
        "Melk and Ostia agreed that it was over.",
        "The Melk report that was read in May is long.",
    ],
)
def test_verbs_that_report_no_speech(text: str) -> None:
    assert spoken(text) == []


def test_what_only_names_the_speaker() -> None:
    for text in ("“It is over now,” said Bo Lind, Melk’s minister.", "“It is over now,” the pilot Bo Lind recalls."):
        assert is_attribution(text, quotations(text))
    for text in (
        "“It is over now,” said Bo Lind, who left Melk; Ann left.",
        "Melk left, and “it is over now,” he said.",
    ):
        assert not is_attribution(text, quotations(text))


@pytest.mark.parametrize(
    ("text", "speakers"),
    [
        ("The line is late, two diplomats said.", ["two diplomats"]),
        ("The line is late, a spokeswoman for the lender said.", ["a spokeswoman for the lender"]),
        ("“The line is late,” said a spokesman for the ministry.", ["a spokesman for the ministry"]),
        ("Kenya's energy ministry said that work would begin.", ["Kenya's energy ministry"]),
        ("The line is late, Ana Tarn said.", []),
        ("It was said to be late.", []),
        ("The ministry is in Velmar.", []),
    ],
)
def test_who_speaks_without_a_name(text: str, speakers: list[str]) -> None:
    assert [text[start:end] for start, end in unnamed_speakers(text)] == speakers
