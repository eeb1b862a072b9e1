r"""Patterns of sh:pattern match as XPath says, not as Python does."""

import re

import pytest

from kg.rdf.literals import regex

CASES = [
    ("^[a-z]+$", "", "abc", True),
    ("^[a-z]+$", "", "abc\n", False),
    ("^b$", "m", "a\nb\nc", True),
    ("b$|x", "", "ab\n", False),
    ("[$]$", "", "5 $", True),
    (r"\$$", "", "$", True),
    ("^a.c$", "", "a\rc", False),
    ("^a.c$", "", "a\nc", False),
    ("^a.c$", "s", "a\rc", True),
    (r"^[.]\.$", "", "..", True),
    (r"^a\sc$", "", "a\tc", True),
    (r"^a\sc$", "", "a\xa0c", False),
    (r"^a[\s]c$", "", "a\x1fc", False),
    (r"^a\Sc$", "", "a\xa0c", True),
    (r"^[^\S]$", "", " ", True),
    (r"^[\Sx]$", "", "\n", False),
    (r"^\w+$", "", "naïve+e\u0301", True),
    (r"^\w$", "", "_", False),
    (r"^\W$", "", "_", True),
    (r"^[\W]$", "", "a", False),
    (r"^\d+$", "", "١", True),
    (r"^\p{Lu}\p{L}+$", "", "Élan", True),
    (r"^\P{L}+$", "", "12", True),
    (r"^[\p{Nd}-]+$", "", "1-2", True),
    ("^[[&&|~-]+$", "", "[&~|-", True),
    ("^[^ ]+$", "", "a]", True),
    (r"^[\-\.]+$", "", "-.", True),
    (r"^\P{L}$", "", "\U0010ffff", True),
    ("A b", "ix", "ab", True),
    ("[ ]", "x", " ", True),
    ("[ ]", "x", "a", False),
    ("a.c", "q", "abc", False),
    ("A.C", "qi", "a.c", True),
]


@pytest.mark.parametrize(("pattern", "flags", "text", "matches"), CASES)
def test_as_xpath_matches(pattern: str, flags: str, text: str, matches: bool) -> None:
    assert bool(regex(pattern, flags).search(text)) is matches


@pytest.mark.parametrize(
    ("pattern", "flags", "says"),
    [
        ("a", "g", "no flag g"),
        ("[a-z-[aeiou]]", "", "subtracted"),
        (r"\p{Xx}", "", "no category Xx"),
        (r"\p{}", "", "no category"),
        ("[", "", "unterminated"),
    ],
)
def test_what_is_no_pattern(pattern: str, flags: str, says: str) -> None:
    with pytest.raises(re.error, match=says):
        regex(pattern, flags)
