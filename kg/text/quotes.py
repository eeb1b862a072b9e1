"""Quotes: where a quote is in an article, exactly; and where it is not, which character differs.

A quote is found when it equals a span of the article code point by code point, and only one span, given the text right
before and after it (Web Annotation Data Model §4.2.4: Text Quote Selector). The article is never altered: offsets count
its code points, end exclusive.
"""

import unicodedata
from itertools import accumulate, islice
from typing import NamedTuple

from kg.text import alignment, normalisation, segments
from kg.text.alignment import Missing, Nearest
from kg.text.normalisation import MOST_STARTS, Normalised, character_names, common_prefix, fold_character, occurrences


class Found(NamedTuple):
    """The quote is text[start:end] and nowhere else in the article."""

    start: int
    end: int


class Ambiguous(NamedTuple):
    """The quote begins at each of `starts` (the first hundred), also with its prefix and suffix."""

    starts: tuple[int, ...]


class Displaced(NamedTuple):
    """The quote begins at `starts`, but never between the given prefix and suffix.

    `prefix` and `suffix` are those of the article at the likeliest start, as long as the given ones.
    """

    starts: tuple[int, ...]
    prefix: str
    suffix: str


Match = Found | Ambiguous | Displaced | Normalised | Nearest | Missing


def find(text: str, quote: str, prefix: str = "", suffix: str = "", *, whole: bool = False) -> Match:
    """Look for `quote` in `text`, right after `prefix` and right before `suffix`.

    A line break within a sentence (`segments.unwrap`) reads as a space. Occurrences may overlap. An empty
    quote is Missing. If `whole`, those within words do not count where there are others: no “her” in “other”. The work
    is about linear in the length of both.
    """
    if not quote:
        return Missing(())
    text = segments.unwrap(text)
    starts = tuple(i + len(prefix) for i in islice(occurrences(text, prefix + quote + suffix), MOST_STARTS))
    starts = (whole and tuple(i for i in starts if _is_whole(text, i, i + len(quote)))) or starts
    if len(starts) == 1:
        return Found(starts[0], starts[0] + len(quote))  # equivalent: the first of one is the last
    if starts:
        return Ambiguous(starts)
    if starts := tuple(islice(occurrences(text, quote), MOST_STARTS)):
        return _displaced(text, quote, starts, prefix, suffix)
    return normalisation.find_normalised(text, quote, prefix, suffix) or alignment.find(text, quote)


def _is_whole(text: str, start: int, end: int) -> bool:
    """Whether a span begins and ends at the borders of words."""
    inside = (0 < at < len(text) and text[at - 1 : at + 1].isalnum() for at in (start, end))
    return not any(inside)


def _displaced(text: str, quote: str, starts: tuple[int, ...], prefix: str, suffix: str) -> Displaced:
    def around(start: int) -> tuple[str, str]:
        end = start + len(quote)
        before = (text[max(0, start - len(prefix)) : start] + "|").splitlines()[-1]
        after = ("|" + text[end : end + len(suffix)]).splitlines()[0]
        return before[:-1], after[1:]  # the bars stand for the quote, on its line

    def likeness(start: int) -> int:
        before, after = around(start)
        return common_prefix(before[::-1], prefix[::-1]) + common_prefix(after, suffix)

    return Displaced(starts, *around(max(starts, key=likeness)))


# Explanations

_COLUMNS = 60  # of the article's text, so that a line has at most eighty


def explain(quote: str, match: Match, where: str = "the article") -> str:
    """Explain a match in a few lines: the first difference under a caret, and the quote to paste.

    `where` says what the text is in which the quote was looked for.
    """
    if isinstance(match, Found):
        return f"the quote is in {where}, at code points {match.start} to {match.end}"
    if isinstance(match, Ambiguous):
        times = f"{len(match.starts)} times" + " or more" * (len(match.starts) == MOST_STARTS)
        hint = "add ent:prefix or ent:suffix: the text right before it, or right after"
        return f"the quote is in {where} {times}, at code points {_listed(match.starts)}\n{hint}"
    if isinstance(match, Displaced):
        there = [("prefix", match.prefix), ("suffix", match.suffix)]
        lines = [f'{where} has: ent:{name} "{turtle_escape(words)}"' for name, words in there if words]
        lead = f"the quote is in {where}, but not between this prefix and suffix, at code points "
        return "\n".join([lead + _listed(match.starts), *lines])
    if isinstance(match, Missing):
        unknown = ", ".join(f"“{_shorten(word)}”" for word in match.unknown)
        return f"nothing in {where} is near this quote" + (f"; it does not have {unknown}" if unknown else "")
    return _explain_difference(match, where)


def _explain_difference(match: Normalised | Nearest, where: str) -> str:
    lead = f"{where} has “"
    first, *others = match.differences
    shown, column = _window(match.text, first.at)
    here, ours = first.name, character_names(first.quoted)
    if max(len(first.quoted), len(first.article)) > 2:
        here, ours = (f"“{_shorten(words)}”" if words else "nothing" for words in (first.article, first.quoted))
    lines = [f"{lead}{shown}”", f"{' ' * (len(lead) + column)}^ here {here}, the quote has {ours}"]
    if others:
        lines.append(f"and {len(others)} more difference{'s' * (len(others) > 1)}")
    return "\n".join([*lines, f"paste: {turtle_escape(match.text)}"])


def turtle_escape(words: str) -> str:
    """Return the inside of a Turtle string (Turtle §6.4) that can be copied from a terminal: nothing invisible."""
    composed = unicodedata.is_normalized("NFC", words)  # if not, a terminal may compose it
    return "".join(
        f"\\{c}" if c in '"\\' else _visible(c, force=not composed and unicodedata.combining(c) > 0) for c in words
    )


def _visible(character: str, force: bool = False) -> str:
    plain = character == " " or (character.isprintable() and fold_character(character))
    if plain and not force:
        return character
    code = ord(character)
    return f"\\u{code:04X}" if code < 0x10000 else f"\\U{code:08X}"  # equivalent: U+10000 is printable


def _shorten(words: str) -> str:
    return "".join(map(_visible, words[:40])) + ("…" if len(words) > 40 else "")


def _listed(numbers: tuple[int, ...]) -> str:
    return ", ".join(map(str, numbers[:5])) + (", …" if len(numbers) > 5 else "")


def _window(text: str, at: int) -> tuple[str, int]:
    """Return about 60 columns of `text` around offset `at`, and the column of that offset."""
    from wcwidth import wcswidth

    def width(part: str) -> int:
        # equivalent: -1 is for what wcwidth cannot print, by tables older than those of Python
        return max(0, wcswidth(part))

    def fit(characters: str, columns: int) -> int:
        """Count the characters that fit."""
        return sum(end <= columns for end in accumulate(width(_visible(c)) for c in characters))

    right = width("".join(map(_visible, text[at : at + fit(text[at : at + _COLUMNS], _COLUMNS // 2)])))
    begin = at - fit(text[max(0, at - _COLUMNS) : at][::-1], _COLUMNS - right)
    # equivalent: enough, even if two of three characters have no width
    end = begin + fit(text[begin : begin + 3 * _COLUMNS], _COLUMNS)
    before = ("…" if begin else "") + "".join(map(_visible, text[begin:at]))
    shown = before + "".join(map(_visible, text[at:end])) + ("…" if end < len(text) else "")
    on_base = at < len(text) and width(_visible(text[at])) == 0  # a combining mark, in the column before
    # equivalent: a stretch begins with a word, and no word with a mark
    return shown, max(0, width(before) - on_base)
