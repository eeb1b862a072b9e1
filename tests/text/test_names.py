"""New names are runs of capitalised words, where the capital says something, each given once."""

import pytest

from kg.text import segments
from kg.text.names import ProperNames


def new(text: str, language: str = "en", known: str = "", other: str = "") -> list[list[str]]:
    """The new names of each unit of a text; `known` and `other` are words that stand in it, between bars."""
    capitals = ProperNames(text, segments.segments(text), language)
    quotes = [text[unit.start : unit.end] for unit in segments.segments(text)]

    def places(words: str, quote: str) -> list[tuple[int, int]]:
        return [(quote.index(w), quote.index(w) + len(w)) for w in words.split("|") if w and w in quote]

    return [capitals.new(quote, places(known, quote), places(other, quote)) for quote in quotes]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("The state of Laos chairs the Bank of the Amber Sea.", [["Laos", "Bank of the Amber Sea"]]),
        ("Laos agreed. The bloc met in Laos.", [["Laos"], []]),
        ("Analysts agreed. The bloc met.", [[], []]),
        ("The Amber Pact met the pact.", [["Amber Pact"]]),
        ("Ada Holm spoke. Then Holm and Ole Holm left.", [["Ada Holm"], ["Ole Holm"]]),
        ("He said: “Everyone left” and “Ada Holm left.”", [["Ada Holm"]]),
        ("\"Well,\" Holm said. 'Good!' Then it ended.", [["Holm"], [], []]),
        ("The Fishers’ Union", [["Fishers’ Union"]]),
        ("It saw Norland's Ole O’Brien in U.S. waters", [["Norland", "Ole O’Brien", "U.S"]]),
        ("It met Mr. Holm of Jean-Yves van der Aa (R).", [["Holm of Jean-Yves van der Aa"]]),
        ("It saw Abdel al-Sisi by al-jazirah and the co-Chair.", [["Abdel al-Sisi"]]),
        ("It has Russian and Turkish guests from Russia and Turan.", [["Turkish", "Russia", "Turan"]]),
        ("In the Halm Valley, the Amber\u00a0Sea and the G20", [["Halm Valley", "Amber\u00a0Sea", "G20"]]),
        ("We met A, Bb, Cc, Dd, Ee, Ff, Gg and Hh. So did Hh.", [["Bb", "Cc", "Dd", "Ee", "Ff", "Gg"], ["Hh"]]),
        ("Norland And Laos Sign Loan Deal\n\nThen Laos left Norland.", [[], ["Laos", "Norland"]]),
        ("Анна Петрова видела Москву.", [["Анна Петрова", "Москву"]]),
        ("أنقرة وموسكو اتفقتا. 安卡拉和莫斯科。", [[]]),
        ("", []),
    ],
)
def test_names_are_runs_of_capitals(text: str, names: list[list[str]]) -> None:
    found = new(text)
    assert [row for row in found if row] == [row for row in names if row]


def test_no_more_than_six_names_of_a_passage_are_told() -> None:
    names = ["Ada", "Bo", "Cy", "Di", "Ed", "Flo", "Gus"]
    assert new("We saw " + ", ".join(names[:6]) + ".") == [names[:6]]
    assert new("We saw " + ", ".join(names) + ".") == [names[:6]]


def test_in_german_a_name_has_two_words() -> None:
    text = "Die Leitung in Laos kostet 5 Millionen Dollar. Neue Straßen sah Ada Holm im Hafen. Ada Holm ging."
    assert new(text, "de-AT") == [[], ["Ada Holm"], []]
    assert new("Ada Holm und Ole Aas gingen mit Ada.", "de") == [["Ada Holm", "Ole Aas"]]


def test_known_names_are_not_new_and_other_words_part_them() -> None:
    text = "Then Norland President Ada Holm saw Ole Aas in Norland Bay."
    assert new(text, known="Ole Aas|Norland", other="President") == [["Ada Holm", "Norland Bay"]]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        # small words within names
        (
            "She left the Amber University in Velmar for the Lorvian Academy.",
            ["Amber University in Velmar", "Lorvian Academy"],
        ),
        ("It met at the University in Velmar.", ["Velmar"]),
        ("Lorvia’s Salt and Silk Initiative failed.", ["Lorvia", "Salt and Silk Initiative"]),
        ("It joined the Ring and Coast Partnership, and Ada Holm.", ["Ring and Coast Partnership", "Ada Holm"]),
        ("We saw Ada Holm and Amber Group.", ["Ada Holm", "Amber Group"]),
        ("We saw the AMB and Amber Group.", ["AMB", "Amber Group"]),
        ("It told the Ministry of Trade and Industry and Velgas so.", ["Ministry of Trade and Industry", "Velgas"]),
        ("It told the Ministry of Defence and Velgas so.", ["Ministry of Defence", "Velgas"]),
        ("It told the Department of Health and Human Services so.", ["Department of Health and Human Services"]),
        ("It told the Oren Institute for the Study of War so.", ["Oren Institute for the Study of War"]),
        ("It told the Council on Foreign Relations met the Council on Monday so.", ["Council on Foreign Relations"]),
        ("It told the Treaty on the Ban of Nuclear Weapons so.", ["Treaty on the Ban of Nuclear Weapons"]),
        ("It asked Holm for Amber Bank shares.", ["Holm", "Amber Bank"]),
        ("It told Ro & Sons that Lake Oren & Hal failed.", ["Ro & Sons", "Lake Oren & Hal"]),
        # apostrophes, abbreviations and initials
        ("from Côte d'Oren and Val-d’Isel to L’Oren", ["Côte d'Oren", "Val-d’Isel", "L’Oren"]),
        ("He left St. Oren for Mt. Hal, Ft. Ro and Mr. Holm.", ["St. Oren", "Mt. Hal", "Ft. Ro", "Holm"]),
        ("We met George W. Holm and J. K. Ro in the U.S. Then Holm left.", ["George W. Holm", "J. K. Ro", "U.S"]),
        ("It told the U.S. State Department so.", ["U.S", "State Department"]),
        # titles
        ("Presidents Ada Holm and Ro met.", ["Ada Holm", "Ro"]),
        ("They saw Foreign Ministers Ada Holm and Ole Ro.", ["Ada Holm", "Ole Ro"]),
        ("Former President Ada Holm met Crown Prince Bo bin Ro.", ["Ada Holm", "Bo bin Ro"]),
        ("It told Norland Prime Minister Jon Gahr Lo so.", ["Norland", "Jon Gahr Lo"]),
        ("It told Secretary of State Mara Ro and Secretary-General Jo Lo.", ["Mara Ro", "Jo Lo"]),
        ("Then Minister of Foreign Affairs Ada Holm left.", ["Ada Holm"]),
        ("King Osrik II of Sument met President Amina Teyo of Ilvara.", ["Osrik II", "Sument", "Amina Teyo", "Ilvara"]),
        ("It met the General Assembly at King Osrik University.", ["General Assembly", "King Osrik University"]),
        ("She is the Prime Minister, he the President.", []),
        ("We met Maria da Ro of Velgas at the Free Bank of Oren.", ["Maria da Ro", "Velgas", "Free Bank of Oren"]),
        # the beginning of a sentence, of a report
        ("Velgas cut supplies.", ["Velgas"]),
        ("Velgas opposes it.", ["Velgas"]),
        ("Velgas, who left, and others.", ["Velgas"]),
        ("Holm’s plan failed.", ["Holm"]),
        ("Holm plans fail.", []),
        ("Oil fell.", []),
        ("Nobody came.", []),
        ("Critics said so.", []),
        ("Speaking there, he said so.", []),
        ("Yesterday’s talks failed.", []),
        ("SELEMAR, Corvania (Norpress) — Talks resumed.", ["SELEMAR", "Corvania", "Norpress"]),
        ("VELMAR — Velmar is far, he said in Velmar.", ["Velmar"]),
        ("ST. OREN — Trains stopped.", ["ST. OREN"]),
        # numbers
        ("The North Line 2 is shut, and East Line 3 ships left.", ["North Line 2", "East Line"]),
        # what is no name
        ("We met on Tuesday in September. The Commission and the Bank agreed.", []),
        ("(Reporting by Dina Oro and Paul Tesk)", ["Dina Oro", "Paul Tesk"]),
    ],
)
def test_english_names_are_cut_where_they_end(text: str, names: list[str]) -> None:
    assert [name for row in new(text) for name in row] == names


def test_known_names_part_what_they_begin_or_end() -> None:
    text = "It told President of Norland Ada Holm and the IMF and World Bank so."
    assert new(text, known="Norland|IMF|World Bank") == [["Ada Holm"]]
    assert new("We met the Bank of Norland and Norland Air.", known="Norland") == [["Bank of Norland", "Norland Air"]]
