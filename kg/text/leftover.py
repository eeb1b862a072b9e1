"""The words of a sentence that carry its sense: which of them a pattern or a name takes up, and which are left."""

import re
from collections.abc import Iterable, Sequence

from kg.text import verbs
from kg.text.matching import Match
from kg.text.patterns import Choice, flat
from kg.text.words import (
    ADVERBS,
    AND,
    APPROXIMATE,
    AUXILIARIES,
    DETERMINERS,
    INTENDING,
    PERSONAL,
    PREPOSITIONS,
    SCHEDULED,
)

_WORD = re.compile(r"[^\W_](?:[\w’'.,-]*\w)?|[$€£¥]")
_FUNCTION = DETERMINERS | PREPOSITIONS | AUXILIARIES | AND | ADVERBS | PERSONAL | APPROXIMATE | SCHEDULED


def _is_function_word(word: str) -> bool:
    return word in _FUNCTION or not INTENDING.isdisjoint(verbs.bases(word))


class Words:
    """The words of a sentence, and which of them are taken up by what is read in it."""

    def __init__(self, said: str, passing: Iterable[tuple[int, int]]) -> None:
        """`passing` are spans that are looked after elsewhere, such as those of dates."""
        spans, self._said = [*passing], said
        self.content = {
            (m.start(), m.end())
            for m in _WORD.finditer(said)
            if not _is_function_word(m[0].lower()) and not any(a <= m.start() and m.end() <= z for a, z in spans)
        }

    def taken(self, match: Match, names: Iterable[tuple[int, int]]) -> frozenset[tuple[int, int]]:
        """The words that are those of a match, or of one of some names."""
        phrases = (phrase for e in flat(match.pattern.elements) if isinstance(e, Choice) for phrase in e.phrases)
        own = {word for phrase in phrases for word in phrase.words}
        own |= {form for phrase in match.pattern.verbs() for form in verbs.spellings(phrase.words[0])}
        spans = [(f.start, f.end) for filled in match.filled for f in filled.nouns.fillers] + [*names]
        return frozenset(
            (start, end)
            for start, end in self.content
            if any(a <= start and end <= z for a, z in spans)
            or (match.start <= start and end <= match.end and self._is_of(self._said[start:end].lower(), own))
        )

    def _is_of(self, word: str, own: set[str]) -> bool:
        return word in own or not own.isdisjoint(verbs.bases(word)) or word.removesuffix("s") in own

    def left(self, taken: Iterable[tuple[int, int]], names: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
        """The runs of words that nothing takes up; a name of which some are left is one whole."""
        rest, runs = sorted(self.content - {*taken}), list[tuple[int, int]]()
        for start, end in rest:
            whole = [(a, z) for a, z in names if a <= start and end <= z]
            start, end = max(whole, key=lambda s: s[1] - s[0], default=(start, end))
            if runs and (start < runs[-1][1] or self._said[runs[-1][1] : start] == " "):
                runs[-1] = runs[-1][0], max(end, runs[-1][1])
            else:
                runs.append((start, end))
        return runs
