"""Passages as nested marks: the text stays as it is, and each part has just the marks that cover it."""

from hypothesis import given
from hypothesis import strategies as st

from kg.pages.marks import Span, levels, pieces

TEXT = "In December, Ankara and Moscow finalised an agreement."


def written(start: int, end: int, *spans: Span, text: str = TEXT) -> str:
    found = ""
    for piece in pieces(text, start, end, spans):
        found += "".join(f"<{s.name}{'' if first else '*'}>" for s, first in piece.opens) + piece.text
        found += "".join(f"</{s.name}>" for s in [*reversed(piece.spans)][: piece.closes])
    return found


def span(name: str, words: str, text: str = TEXT) -> Span:
    start = text.index(words)
    return Span(start, start + len(words), name, "stated")


def test_marks_nest_and_an_overlapping_one_is_split() -> None:
    outer, inner, across = span("a", "Ankara and Moscow"), span("b", "Moscow"), span("c", "Moscow finalised")
    assert written(13, 30, outer, inner) == "<a>Ankara and <b>Moscow</b></a>"
    assert written(13, 40, outer, across) == "<a>Ankara and <c>Moscow</c></a><c*> finalised</c>"
    assert written(24, 30, outer) == "<a>Moscow</a>"
    assert written(0, 12) == "In December,"


def test_levels_tell_overlapping_passages_apart() -> None:
    spans = [
        Span(0, 10, "a", ""),
        Span(2, 5, "b", ""),
        Span(3, 12, "c", ""),
        Span(11, 14, "d", ""),
        Span(20, 22, "e", ""),
    ]
    assert levels(spans) == {"a": 1, "b": 2, "c": 3, "d": 1, "e": 1}


SPANS = st.lists(st.tuples(st.integers(0, 40), st.integers(1, 20)), max_size=8)


@given(SPANS)
def test_no_two_overlapping_passages_have_one_level(found: list[tuple[int, int]]) -> None:
    spans = [Span(start, start + length, str(at), "") for at, (start, length) in enumerate(found)]
    level = levels(spans)
    for a in spans:
        for b in spans:
            if a is not b and a.start < b.end and b.start < a.end:
                assert level[a.name] != level[b.name]


@given(SPANS)
def test_elements_are_balanced_and_the_text_stays(found: list[tuple[int, int]]) -> None:
    text = "".join(chr(97 + at % 26) for at in range(50))
    spans = [Span(start, start + length, str(at), "") for at, (start, length) in enumerate(found)]
    stack: list[Span] = []
    seen = ""
    opened: list[Span] = []
    for piece in pieces(text, 5, 45, spans):
        stack += [s for s, _ in piece.opens]
        opened += [s for s, first in piece.opens if first]
        assert tuple(stack) == piece.spans
        at = 5 + len(seen)
        assert {s for s in spans if s.start <= at < s.end} == set(stack)
        seen += piece.text
        stack = stack[: len(stack) - piece.closes]
    assert stack == []
    assert seen == text[5:45]
    assert sorted(opened) == sorted(s for s in spans if s.start < 45 and s.end > 5)
