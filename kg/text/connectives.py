"""English words that join clauses: relative clauses between commas, and which of two events comes after the other."""

import re
from collections.abc import Iterable, Iterator

Span = tuple[int, int]  # code points, end exclusive

_RELATIVE = re.compile(r",[ \u00a0](?:in |of |by |for |with |to )?(?:which|who|whom|whose|where)\b[^,;.!?\n–—]*")
_LATER = "after|following|since|in the wake of|in response to|because of|on the heels of"
_EARLIER = "before|until|ahead of|prior to|preceding|leading up to"
# Beside what it joins may stand a few words: “withdrew its envoys, days after the first discovery”.
_JOINED = re.compile(
    rf"\W*(?:[\w’'-]+\W+){{0,6}}?(?P<word>{_LATER}|{_EARLIER})\b(?:\W+[\w’'-]+){{0,3}}\W*", re.IGNORECASE
)
_SOON = r"(?:only |just |soon |shortly |\w+ (?:day|week|month|year)s? )?"
_LED = re.compile(rf"(?:.*[.;:!?]\W+)?{_SOON}(?P<word>{_LATER}|{_EARLIER})\b[^.;:!?,]*", re.IGNORECASE | re.DOTALL)
_STOP = re.compile(r"[.;:!?]|\b(?:but|which|who|although|while)\b", re.IGNORECASE)


_DENIES = (
    r"(?:den(?:y|ies|ied|ying)|(?:refut|disput)(?:es?|ed|ing)|(?:reject|dismiss)(?:e?s|ed|ing)?|rul(?:es?|ed|ing) out)"
)
_DENIED = re.compile(
    rf"\b(?P<verb>{_DENIES})\b(?P<of>(?:\W+[\w’'-]+){{0,4}}?\W+that\b|(?=[ \u00a0][a-z]+ing\b))"
    r"(?:(?!,? but\b)[^.;:!?])*",
    re.IGNORECASE,
)
_NEGATED = re.compile(r"(?:\b(?:not|never|nor|cannot)|n['’]t)[ \u00a0]\Z", re.IGNORECASE)


def denied(text: str) -> list[Span]:
    """What somebody denies, from the verb on: “denied that the talks had failed”, “denies arming the rebels”."""
    found = (m for m in _DENIED.finditer(text) if not _NEGATED.search(text, max(0, m.start() - 8), m.start()))
    return [(m.end("of"), m.end()) for m in found]


def relative_clauses(text: str) -> list[Span]:
    """The relative clauses after a comma, from it on: “a plant, which is to be built in May, …”."""
    return [match.span() for match in _RELATIVE.finditer(text)]


def order(text: str, ones: Iterable[Span], others: Iterable[Span]) -> Iterator[tuple[int, str]]:
    """How words put two events in order, given where each is told of: 1 where the one is later, else -1; and the word.

    “The one after the other”, “before the other, the one”: only where the two stand beside the word in one clause.
    """
    others = list(others)
    for one in ones:
        for other in others:
            first, last = min(one, other), max(one, other)
            if first[1] > last[0]:
                continue
            between, sign = text[first[1] : last[0]], 1 if first == one else -1
            if (match := _JOINED.fullmatch(between)) and not _STOP.search(between):
                yield (sign if _is_later(match["word"]) else -sign), match["word"]
            elif (match := _LED.fullmatch(text[: first[0]])) and re.match(r"[^.;:!?,]*,[^.;:!?,]*\Z", between):
                yield (-sign if _is_later(match["word"]) else sign), match["word"]


def _is_later(word: str) -> bool:
    return re.fullmatch(_LATER, word, re.IGNORECASE) is not None
