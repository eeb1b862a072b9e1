"""Which known things a text mentions."""

from kg.drafting.gazetteer import NameMatcher

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
