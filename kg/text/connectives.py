"""English words that join clauses: relative clauses between commas, and which of two events comes after the other."""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

Span = tuple[int, int]  # code points, end exclusive

_RELATIVE = re.compile(r",[ \u00a0](?:in |of |by |for |with |to )?(?:which|who|whom|whose|where)\b[^,;.!?\n–—]*")
_CAUSED = (
    r"(?:brought about|caused|fuelled|inspired|precipitated|prompted|provoked|set off|sparked|touched off|triggered)"
)
_LATER = (  # before what came first
    "after|following|since|once|as soon as|in the wake of|on the heels of|follow(?:s|ed)(?: when)?(?! by)"
    "|in (?:response|reaction|reply|retaliation|revenge|protest)(?: to| for| at| over| against)|in answer to"
    "|because(?: of)?|due to|owing to|thanks to|on account of|(?:as )?a (?:result|consequence) of"
    f"|(?:result|stem|ar[io]s|gr[eo]w)(?:e|es|ed|s|ing|med|ming)?(?: out)? (?:from|of)|{_CAUSED} by"
)
_EARLIER = (  # before what came later
    "before|until|ahead of|prior to|preced(?:es|ed|ing)|leading up to|(?:was |were )?followed by"
    r"|le(?:d|ads|ading)(?: [\w’'-]+){0,4}? to|result(?:s|ed|ing) in|(?:caus|provok)(?:es|ed|ing)(?! by)"
    "|culminat(?:es|ed|ing) in"
    "|(?:prompt|spark|trigger)(?:s|ed|ing)(?! by)|(?:brings?|brought|bringing) about|(?:touch|set)(?:s|ed|ting)? off"
    "|pav(?:es|ed|ing) the way for|and so|so that"
)
# Beside what it joins may stand a few words: “withdrew its envoys, days after the first discovery”.
_JOINED = re.compile(
    rf"\W*(?:which |that )?(?:[\w’'-]+\W+){{0,6}}?(?P<word>{_LATER}|{_EARLIER})\b(?:\W+[\w’'-]+){{0,3}}\W*",
    re.IGNORECASE,
)
_SOON = r"(?:only |just |soon |shortly |\w+ (?:day|week|month|year)s? )?"
_FRONTED = "after|following|since|once|as soon as|in the wake of|in response to|because of|on the heels of|due to"
_LED = re.compile(
    rf"(?:.*[.;:!?]\W+)?{_SOON}(?P<word>{_FRONTED}|before|until|ahead of|prior to)\b[^.;:!?,]*",
    re.IGNORECASE | re.DOTALL,
)
_STOP = re.compile(r"[.;:!?]|\b(?:but|which|who|although|while)\b", re.IGNORECASE)
_CLAUSE = re.compile(  # right after the one: it tells of that
    r"(?: (?:against|at|between|by|for|in|of|on|over|with)(?: [\w’'-]+){1,5})?,? (?:which|that) "
)
_PAST_LATER = re.compile(  # “The raid came two days later”
    r"[^.;:!?,]{0,30}?\b(?:began|broke out|came|followed|happened|occurred|took place)\b(?: [\w’'-]+){0,4}?"
    r" (?P<word>later|afterwards|thereafter|earlier|previously|beforehand)\b",
    re.IGNORECASE,
)


_DENIES = (
    r"(?:den(?:y|ies|ied|ying)|(?:refut|disput)(?:es?|ed|ing)|(?:reject|dismiss)(?:e?s|ed|ing)?|rul(?:es?|ed|ing) out)"
)
_SAID = "accusations?|allegations?|assertions?|claims?|reports?|rumou?rs|speculation|suggestions?|talk"
_SAYING = f"{_SAID}|arguments?|beliefs?|charges?|complaints?|contentions?|fears?|ideas?|notions?|possibility|views?"
_DAY = "(?:mon|tues|wednes|thurs|fri|satur|sun)day"
_FINITE = "are|did|had|has|have|is|was|were|will|would"
_BESIDE = (  # what may stand between a verb and “that”, besides what is said: “denied on Monday that”
    f"{_DAY}|again|also|as|at|before|during|earlier|for|however|in|last|later|on|outright|since|this|to|today|yesterday"
    "|[a-z]+ly"
)
_DENIED = re.compile(
    rf"\b(?P<verb>{_DENIES})\b"
    rf"(?P<of>(?:(?:,?[ \u00a0](?:{_BESIDE})\b(?:,?[ \u00a0][\w’'-]+){{0,3}}?)?"
    rf"|(?:[ \u00a0][\w’'-]+){{0,3}}?[ \u00a0][“\"]?(?:{_SAYING})[”\"]?),?[ \u00a0]that\b"
    rf"|(?:[ \u00a0][\w’'-]+){{0,3}}?[ \u00a0](?:{_SAID}) (?:about|of)\b"
    rf"|(?=[ \u00a0](?:[a-z]+ing|any)\b)|(?=[ \u00a0](?:he|it|she|they)[ \u00a0](?:{_FINITE})\b))"
    r"(?:(?!,? but\b)[^.;:!?])*",
    re.IGNORECASE,
)
_NEGATED = re.compile(r"(?:\b(?:not|never|nor|cannot)|n['’]t)[ \u00a0]\Z", re.IGNORECASE)


@lru_cache(4096)
def denied(text: str) -> tuple[Span, ...]:
    """What somebody denies, from the verb on: “denied that the talks had failed”, “denies arming the rebels”.

    A relative clause after a comma is the article's own: “rejected claims of fraud by Talvia, which backs the line”.
    """
    found = (m for m in _DENIED.finditer(text) if not _NEGATED.search(text, max(0, m.start() - 8), m.start()))
    return tuple(span for m in found for span in _without(relative_clauses(text), m.end("of"), m.end()))


def _without(clauses: Iterable[Span], start: int, end: int) -> Iterator[Span]:
    """What is left of text[start:end] without clauses that begin in it."""
    for first, last in clauses:
        if start < first < end:
            yield start, first
            start = min(last, end)
    if start < end:
        yield start, end


def relative_clauses(text: str) -> list[Span]:
    """The relative clauses after a comma, from it on: “a plant, which is to be built in May, …”."""
    return [match.span() for match in _RELATIVE.finditer(text)]


def order(text: str, ones: Iterable[Span], others: Iterable[Span]) -> Iterator[tuple[int, str]]:
    """How words put two events in order, given where each is told of: 1 where the one is later, else -1; and the word.

    “The one after the other”, “before the other, the one”, “the one led to the other”: only where the two stand beside
    the word in one clause; or in two, where the second “came two days later”.
    """
    others = list(others)
    for one in ones:
        for other in others:
            first, last = min(one, other), max(one, other)
            if first[1] > last[0]:
                continue
            between, sign = text[first[1] : last[0]], 1 if first == one else -1
            own = _CLAUSE.match(between)
            if (match := _JOINED.fullmatch(between)) and not _STOP.search(between, own.end() if own else 0):
                yield (sign if is_later(match["word"]) else -sign), match["word"]
            elif (match := _LED.fullmatch(text[: first[0]])) and re.match(r"[^.;:!?,]*,[^.;:!?,]*\Z", between):
                yield (-sign if is_later(match["word"]) else sign), match["word"]
            elif match := _PAST_LATER.match(text, last[1]):
                later = match["word"].lower() in ("later", "afterwards", "thereafter")
                yield (-sign if later else sign), match["word"]


def is_later(word: str) -> bool:
    """Whether what stands before a word by which `order` tells came later than what stands after it."""
    return re.fullmatch(_LATER, word, re.IGNORECASE) is not None
