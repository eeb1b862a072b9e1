"""Fuzzy alignment: the span of an article nearest to a quote that it does not have.

Rare words of the quote vote for a place in a line; an alignment of words within a band around it (Sellers 1980) gives
the span. Offsets count code points, end exclusive.
"""

import re
import unicodedata
from collections import Counter, defaultdict
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

from kg.text.normalisation import Difference, differences, fold_character


class Nearest(NamedTuple):
    """The span of the article, of whole words and on one line, that is nearest to the quote."""

    start: int
    end: int
    text: str
    differences: tuple[Difference, ...]


class Missing(NamedTuple):
    """Nothing in the article is near; `unknown` are the first ten words of the quote that it does not have."""

    unknown: tuple[str, ...]


_WORD = re.compile(r"[^\W_](?:[^\W_]|[\u0300-\u036F\u00AD\u200B-\u200D\u2060\uFEFF]|['’](?=[^\W_]))*")
_MOST_WORDS = 1000  # of a quote that are compared; no passage is as long
_ANCHORS = 64  # distinct words of the quote that vote, and places that each may vote for
_BAND = 24  # words that may be left out or inserted, on balance
_FAR = 1 << 30


class _Word(NamedTuple):
    key: str
    start: int
    end: int
    line: int


class _Words(NamedTuple):
    """The words of a text; places[key] are indexes of `words`, lines[n] is the range of indexes on line n."""

    words: list[_Word]
    places: dict[str, list[int]]
    lines: dict[int, tuple[int, int]]


def _words(text: str) -> _Words:
    words: list[_Word] = []
    places: dict[str, list[int]] = {}
    lines: dict[int, tuple[int, int]] = {}
    offset = 0
    for number, line in enumerate(text.splitlines(keepends=True)):
        first = len(words)
        for match in _WORD.finditer(line):
            key = _key(match[0])
            places.setdefault(key, []).append(len(words))
            words.append(_Word(key, offset + match.start(), offset + match.end(), number))
        lines[number] = (first, len(words))
        offset += len(line)
    return _Words(words, places, lines)


_words_of_article = lru_cache(maxsize=4)(_words)


def _key(word: str) -> str:
    """Fold a word and drop its accents and apostrophes."""
    return "".join(c for c in "".join(map(fold_character, word)) if c != "'" and not unicodedata.combining(c))


def find(text: str, quote: str) -> Nearest | Missing:
    """Find the span of `text` nearest to `quote`; Missing where none has half of the quote's words by weight."""
    article, quoted = _words_of_article(text), _words(quote).words[:_MOST_WORDS]
    keys = _respelled([word.key for word in quoted], article)
    weights = [1 / max(1, len(article.places.get(key, ()))) ** 0.5 for key in keys]
    best: list[tuple[int, int]] = []
    best_score = 0.5
    for line, centre in _candidates(keys, article):
        pairs = _align(keys, article, line, centre)
        score = sum(weights[i] for i, j in pairs if keys[i] == article.words[j].key) / sum(weights)
        if score > best_score:
            best, best_score = pairs, score
    if not best:
        unknown = dict.fromkeys(quote[w.start : w.end] for w in quoted if w.key not in article.places)
        return Missing(tuple(islice(unknown, 10)))
    return _nearest(text, quote, [(quoted[i], article.words[j]) for i, j in best])


def _respelled(keys: list[str], article: _Words) -> list[str]:
    """Replace the first five words that the article does not have by its closest ones, so that a typo can vote."""
    from difflib import get_close_matches

    def closest(key: str) -> str:
        like = [w for w in article.places if abs(len(w) - len(key)) < 3 and (w[:2] == key[:2] or w[-2:] == key[-2:])]
        return next(iter(get_close_matches(key, like[:2000], n=1, cutoff=0.75)), key)

    unknown = dict.fromkeys(key for key in keys if key not in article.places and 3 < len(key) < 40)
    spelled = {key: closest(key) for key in islice(unknown, 5)}
    return [spelled.get(key, key) for key in keys]


def _candidates(keys: list[str], article: _Words) -> list[tuple[int, int]]:
    """Return the likeliest (line, centre), where word i of the quote is about word i + centre of the article."""
    counts = Counter(keys)
    known = sorted((key for key in counts if key in article.places), key=lambda key: len(article.places[key]))
    anchors = frozenset(known[:_ANCHORS])
    seen: Counter[str] = Counter()
    votes: defaultdict[tuple[int, int], float] = defaultdict(float)
    for i, key in enumerate(keys):
        seen[key] += 1
        if key not in anchors or seen[key] > 4:
            continue
        places = article.places[key][:_ANCHORS]
        for j in places:
            bucket = (j - i) // 16
            for near in (bucket, bucket + 1):
                votes[article.words[j].line, near * 16] += 1 / len(places)
    most = max(1, min(3, 1500 // max(1, len(keys))))
    return sorted(votes, key=votes.__getitem__, reverse=True)[:most]


def _align(keys: list[str], article: _Words, line: int, centre: int) -> list[tuple[int, int]]:
    """Align the quote with the span of the line at the lowest edit distance; return pairs of indexes of words.

    The distance counts words left out, inserted or replaced. Row i is for the quote's first i words; its cell k is for
    spans that end before word i + centre - band + k. A span may begin anywhere.
    """
    words, (low, high) = article.words, article.lines[line]
    width = 2 * _BAND + 1
    row = [0 if low <= centre - _BAND + k <= high else _FAR for k in range(width)]
    steps: list[bytearray] = []
    for i, key in enumerate(keys):
        below, step = [_FAR] * width, bytearray(width)
        base = i + 1 + centre - _BAND
        left = _FAR
        for k in range(max(0, low - base), min(width, high + 1 - base)):
            cost, how = _FAR, 0
            if base + k > low:
                cost = row[k] + (words[base + k - 1].key != key)
            if k + 1 < width and row[k + 1] + 1 < cost:
                cost, how = row[k + 1] + 1, 1
            if left + 1 < cost:
                cost, how = left + 1, 2
            below[k] = left = cost
            step[k] = how
        row = below
        steps.append(step)
    # Of two at the same distance the longer: a last word replaced rather than left out.
    last = min(range(width), key=lambda k: (row[k], -k))
    return _trace(steps, last, centre - _BAND) if row[last] < _FAR else []


def _trace(steps: list[bytearray], k: int, base: int) -> list[tuple[int, int]]:
    """Walk back through the table from its last row; 0 pairs two words, 1 leaves one out, 2 inserts one."""
    pairs: list[tuple[int, int]] = []
    i = len(steps)
    while i:
        how = steps[i - 1][k]
        if how == 0:
            pairs.append((i - 1, i + base + k - 1))
        if how == 2:
            k -= 1
        else:
            i -= 1
            k += how
    return pairs[::-1]


def _nearest(text: str, quote: str, pairs: list[tuple[_Word, _Word]]) -> Nearest:
    start, end = pairs[0][1].start, pairs[-1][1].end
    for _ in quote[: pairs[0][0].start].strip():  # punctuation at the ends of the quote has a counterpart
        start -= start > 0 and not text[start - 1].isalnum() and not text[start - 1].isspace()
    for _ in quote[pairs[-1][0].end :].strip():
        end += end < len(text) and not text[end].isalnum() and not text[end].isspace()
    cuts = [(0, 0)]
    for ours, theirs in pairs:
        if ours.key == theirs.key:
            cuts += [(ours.start, theirs.start - start), (ours.end, theirs.end - start)]
    cuts.append((len(quote), end - start))
    return Nearest(start, end, text[start:end], tuple(differences(quote, text[start:end], cuts)))
