"""Which known things a text mentions."""

import re

import pytest
from running import ROOT

from kg.text.forms import PLACE, NameMatcher, flat, forms

NAMES = NameMatcher(
    [
        ("Syria", "id:syria"),
        ("Free Syrian Army", "id:fsa"),
        ("Syrian Army", "id:army"),
        ("Army Council", "id:council"),
        ("Ankara", "id:ankara"),
        ("Ankara", "id:government"),
        ("“Blue Stream”", "id:pipe"),
        ("Turkey’s President", "id:presidency"),
        ("AP", "id:ap"),
        ("S-400", "id:s-400"),
        ("…", "id:nothing"),
    ]
)


def found(text: str) -> list[tuple[str, tuple[str, ...]]]:
    mentions = NAMES.find(text)
    assert all(text[m.start : m.end] == m.words for m in mentions)
    return [(m.words, m.iris) for m in mentions]


def test_the_longest_name_counts() -> None:
    assert found("the Free Syrian Army in Syria") == [("Free Syrian Army", ("id:fsa",)), ("Syria", ("id:syria",))]


def test_names_that_overlap_are_both_found() -> None:
    assert [words for words, _ in found("the Syrian Army Council")] == ["Syrian Army", "Army Council"]


def test_an_ambiguous_name_lists_all() -> None:
    assert found("In Ankara, they met") == [("Ankara", ("id:ankara", "id:government"))]


def test_names_end_where_words_end() -> None:
    assert found("Syrian MAP, AP2, S-4000, Syria_1, ankara, ASyria") == []
    assert [words for words, _ in found("Syria’s (AP) S-400.")] == ["Syria", "AP", "S-400"]


def test_kinds_of_apostrophe_and_space_do_not_matter() -> None:
    assert [words for words, _ in found("Turkey's\u00a0President")] == ["Turkey's\u00a0President"]
    assert found("a “Blue Stream” pipe") == [("“Blue Stream”", ("id:pipe",))]


IRREGULAR = {"Turkey": ["Turkish", "Turk"], "Netherlands": ["Dutch"], "United States": ["American", "America"]}


@pytest.mark.parametrize(
    ("kind", "name", "words"),
    [
        ("person", "Recep Tayyip Erdogan", "Erdogan"),
        ("person", "Recep Tayyip Erdoğan", "Erdogan"),
        ("person", "Bashar al Assad", "al-Assad"),
        ("person", "Bashar al Assad", "Assad"),
        ("person", "Ursula von der Leyen", "von der Leyen"),
        ("person", "Ursula von der Leyen", "Von der Leyen"),
        ("person", "Xi Jinping", "Xi"),
        ("place", "Turkey", "Turkish"),
        ("place", "Turkey", "Turks"),
        ("place", "the Netherlands", "Dutch"),
        ("place", "United States", "U.S."),
        ("place", "United States", "American"),
        ("place", "Russia", "Russian"),
        ("place", "Iran", "Iranians"),
        ("place", "Iraq", "Iraqi"),
        ("place", "China", "Chinese"),
        ("place", "Kenya", "Kenyan"),
        ("place", "Italy", "Italian"),
        ("place", "South Korea", "South Korean"),
        ("place", "Velmar", "VELMAR"),
        ("place", "River Ossen", "Ossen"),
        ("place", "island of Cyprus", "Cyprus"),
        ("place", "Mediterranean Sea", "Mediterranean"),
        ("organisation", "Free Syrian Army", "FSA"),
        ("organisation", "Merrow Hydro AG", "Merrow Hydro"),
        ("organisation", "opposition groups", "opposition group"),
        ("other", "Power link", "power link"),
        ("other", "power link", "Power links"),
        ("other", "treaty", "treaties"),
        ("other", "treaties", "treaty"),
    ],
)
def test_a_name_has_forms(kind: str, name: str, words: str) -> None:
    assert words in forms(name, kind, IRREGULAR)


@pytest.mark.parametrize(
    ("kind", "name", "words"),
    [
        ("person", "Bashar al Assad", "al"),
        ("person", "Dr. Ann Oake", "Dr."),
        ("person", "Jordan Ames", "Jordanian"),
        ("place", "Turkey", "Turkeyan"),
        ("place", "Free Port", "free Port"),
        ("organisation", "Northern Front", "northern Front"),
        ("other", "S-400", "S"),
        ("other", "", ""),
    ],
)
def test_what_is_no_form(kind: str, name: str, words: str) -> None:
    assert words not in forms(name, kind, IRREGULAR)


def test_names_within_names_are_found_where_they_are_asked_for() -> None:
    assert [m.words for m in NAMES.find_all("the Free Syrian Army")] == ["Free Syrian Army", "Syrian Army"]


def test_a_text_without_its_accents_is_as_long() -> None:
    assert flat("Erdoğan, İstanbul, São Tomé") == "Erdogan, Istanbul, Sao Tome"


def test_a_name_that_is_cut_off_by_the_end_of_the_text_is_not_found() -> None:
    matcher = NameMatcher([("Turkey", "t"), ("Turkey and the Gulf", "g"), ("Republic of Lorvia", "l")])
    assert matcher.find_all("in Turkey") == [(3, 9, "Turkey", ("t",))]
    assert matcher.find("Republic") == []


def test_each_name_of_a_state_gives_its_adjectives() -> None:
    """Whatever a thing is called, “Britain” or “United Kingdom”, words such as “British” name it."""
    irregular: dict[str, list[str]] = {}
    lexicon = (ROOT / "ontology" / "lexicon.en.ttl").read_text(encoding="utf-8")
    for name, words in re.findall(
        '"([^":]+): ([^"]+)"@en', lexicon.partition("ent:Place ent:demonym")[2].partition(" .\n")[0]
    ):
        irregular.setdefault(flat(name), []).extend(flat(words).split(", "))
    rows = [line.split("\t") for line in (ROOT / "kg/background/gazetteer.tsv").read_text("utf-8").splitlines()]
    states = [row for row in rows if row[0] == "State"]
    lacking = [
        (name, word)
        for row in states
        for name in (row[2], *filter(None, row[3].split("|")))
        for word in filter(None, row[4].split("|"))
        if flat(word) not in forms(name, PLACE, irregular)
    ]
    assert len(states) > 190
    assert lacking == []
