"""Proper names in a text: sequences of capitalised words, in any script that has capitals.

The capital of the first word of a sentence does not count by itself; nor does that of a single word in German, where
all nouns have one, or that of a heading in which all words have one.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import dropwhile
from typing import NamedTuple

from kg.text.normalisation import primary_language
from kg.text.segments import Segment

MOST_NAMES = 6  # in one passage

Span = tuple[int, int]  # code points, end exclusive

_WORD = re.compile(r"[^\W_]+(?:-[^\W_]+)*")
_LINKS = "al|bin|da|de|del|della|der|des|di|do|dos|du|el|ibn|of|the|van|von"
_LINKED = re.compile(rf"\A(?:{_LINKS})-")  # al-Sisi
_JOIN = re.compile("(?:(?<=s)['’])?[ \u00a0\u202f]|(?<=[A-ZÀ-Þ])['’.]")  # Fishers’ Union, O’Brien, U.S.
_BEGIN = re.compile(r"(?:\A\W*|[.!?…:“«„‹]\s*|(?<!\w)[\"'‘])\Z")
_SHORT = re.compile(r"\w[a-zà-ÿ]{1,3}\. ")  # Mr. and the like
_ORIGIN = re.compile("(.{3,}?)(?:i?an|ish|ese|i)")  # Russian, Turkish, Chinese, Iraqi
_COUNTED = re.compile(r"\d[ \u00a0\u202f]([^\W\d_]+)")
_NOUNS_HAVE_CAPITALS = ("de", "lb")
_COMMON = """
    about after also an and are as at be been before both but by can could despite did do does for from had has have
    he her here his if in including into is it its more no of on only or our out said says she since so some such
    than that the their them then there they this those to under up was we were what when where which while who whom
    will with would you
"""
COMMON = frozenset(_COMMON.split())  # English words that are no names, nor parts of one


class _Word(NamedTuple):
    text: str
    start: int
    end: int
    capital: bool
    begins: bool  # a sentence


class ProperNames:
    """The proper names of one text, each found where it occurs first."""

    def __init__(self, text: str, split: Iterable[Segment], language: str) -> None:
        """Collect the words of the whole text that have a capital within a sentence, and those that have none."""
        segments = [text[s.start : s.end] for s in split]
        words = [word for segment in segments if not _is_titled(segment) for word in _words(segment)]
        self._inside = {word.text for word in words if word.capital and not word.begins}
        self._plain = COMMON | {word.text for word in words if not word.capital}
        self._nouns = primary_language(language) in _NOUNS_HAVE_CAPITALS
        self._found: set[str] = set()

    def new(self, quote: str, known: Iterable[Span], other: Iterable[Span]) -> list[str]:
        """The names in a quote, at most six, that no earlier quote had and of which a word is not known.

        `known` are the spans of known names, `other` those of words that are part of no name, such as dates.
        """
        names: list[str] = []
        counted = [match.span(1) for match in _COUNTED.finditer(quote) if self._nouns]  # 5 Millionen
        for found in _runs(quote, [*other, *counted]) if not _is_titled(quote) else ():
            run = list(dropwhile(lambda word: self._only_begins(word) or not word.capital, found))
            if not self._is_name(run) or all(_within(word, known) for word in run):
                continue
            name = quote[run[0].start : run[-1].end]
            if name not in self._found and len(names) < MOST_NAMES:
                names.append(name)
                self._found.add(name)
                if all(word.capital for word in run):
                    self._found.add(run[-1].text)  # the last name alone is the same person
        return names

    def _only_begins(self, word: _Word) -> bool:
        """Whether a word has its capital from the sentence that it begins: “The Free Syrian Army”."""
        plain = word.text.lower() in self._plain
        return word.begins and (plain or (self._nouns and word.text not in self._inside))

    def _is_name(self, run: list[_Word]) -> bool:
        if len(run) != 1:
            return bool(run)
        (word,) = run
        placed = not word.begins or word.text in self._inside
        return placed and len(word.text) > 1 and not self._nouns and not self._is_origin(word.text)

    def _is_origin(self, word: str) -> bool:
        """Whether a word is an adjective of a name in the text: “Russian” where there is Russia."""
        stem = _ORIGIN.fullmatch(word)
        near = (name for name in self._inside - {word} if stem and len(name) <= len(stem[1]) + 2)
        return stem is not None and any(name.startswith(stem[1]) for name in near)


def _words(text: str) -> Iterator[_Word]:
    for match in _WORD.finditer(text):
        start, end = match.span()
        capital = _LINKED.sub("", match[0])[:1].isupper() and not _SHORT.match(text, start)
        begins = _BEGIN.search(text, max(0, start - 4), start) is not None
        yield _Word(match[0], start, end, capital, begins)


def _is_titled(text: str) -> bool:
    """Whether all words have capitals, but for the short ones: “Russia and Turkey Sign a Major Deal”."""
    long = [] if text[-1:] in '.!?…”"' else [word for word in _words(text) if len(word.text) > 3]
    return len(long) > 3 and all(word.capital for word in long)


def _runs(text: str, other: list[Span]) -> Iterator[list[_Word]]:
    """Sequences of capitalised words, with small words between them such as “of”."""
    run: list[_Word] = []
    links: list[_Word] = []
    for word in _words(text):
        joined = bool(run) and _JOIN.fullmatch(text, [*run, *links][-1].end, word.start) is not None
        name = word.capital and not _within(word, other)
        if joined and (name or re.fullmatch(_LINKS, word.text)):
            links.append(word)
            run, links = ([*run, *links], []) if name else (run, links)
        elif run or name:
            yield from [run] * bool(run)
            run, links = [word] * name, []
    yield from [run] * bool(run)


def _within(word: _Word, spans: Iterable[Span]) -> bool:
    return any(start <= word.start and word.end <= end for start, end in spans)
