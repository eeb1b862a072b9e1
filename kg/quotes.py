"""Finding a quote in an article, exactly; and where it is not there, showing which character is to blame.

A quote is found when it equals a stretch of the article code point by code point, and only one stretch, given
the text right before and after it (the W3C's Web Annotation Data Model, §4.2.4: Text Quote Selector). The
article is never altered: offsets count its code points, and its words are handed back as they are.
"""

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice, pairwise
from typing import NamedTuple

MOST_STARTS = 100  # as many places of an ambiguous quote as anybody will read


class Difference(NamedTuple):
    """Where quote and article part: `at` counts code points of the quote; either side may be empty.

    `name` spells out the article's code points, `U+2019 RIGHT SINGLE QUOTATION MARK`.
    """

    at: int
    quoted: str
    article: str
    name: str


class Found(NamedTuple):
    """The quote is text[start:end], and nothing else in the article is."""

    start: int
    end: int


class Ambiguous(NamedTuple):
    """The quote begins at each of `starts` (the first hundred), also with its prefix and suffix."""

    starts: tuple[int, ...]


class Displaced(NamedTuple):
    """The quote begins at `starts`, but never between the given prefix and suffix.

    `prefix` and `suffix` are what the article has around the likeliest of them, as long as those given.
    """

    starts: tuple[int, ...]
    prefix: str
    suffix: str


class Folded(NamedTuple):
    """The article's `text` differs from the quote in look-alikes only: quotes, dashes, spaces, case."""

    start: int
    end: int
    text: str
    differences: tuple[Difference, ...]


class Nearest(NamedTuple):
    """The stretch of the article, in whole words and on one line, that comes closest to the quote."""

    start: int
    end: int
    text: str
    differences: tuple[Difference, ...]


class Missing(NamedTuple):
    """Nothing in the article is near; `unknown` are the first ten of the quote's words that it lacks."""

    unknown: tuple[str, ...]


Match = Found | Ambiguous | Displaced | Folded | Nearest | Missing


def crosses_line(quote: str) -> bool:
    """Whether the quote holds a line break, which no passage may."""
    return len((quote + ".").splitlines()) > 1


def find(text: str, quote: str, prefix: str = "", suffix: str = "") -> Match:
    """Look for `quote` in `text`, right after `prefix` and right before `suffix`.

    Occurrences may overlap. An empty quote is Missing. The work is about linear in the length of both.
    """
    if not quote:
        return Missing(())
    starts = tuple(i + len(prefix) for i in islice(_occurrences(text, prefix + quote + suffix), MOST_STARTS))
    if len(starts) == 1:
        return Found(starts[0], starts[0] + len(quote))
    if starts:
        return Ambiguous(starts)
    elsewhere = tuple(islice(_occurrences(text, quote), MOST_STARTS))
    if elsewhere:
        return _displaced(text, quote, elsewhere, prefix, suffix)
    return _find_folded(text, quote, prefix, suffix) or _find_nearest(text, quote)


def _occurrences(text: str, words: str) -> Iterator[int]:
    start = text.find(words)
    while start >= 0:
        yield start
        start = text.find(words, start + 1)


def _displaced(text: str, quote: str, starts: tuple[int, ...], prefix: str, suffix: str) -> Displaced:
    def around(start: int) -> tuple[str, str]:
        end = start + len(quote)
        before = (text[max(0, start - len(prefix)) : start] + "|").splitlines()[-1]
        after = ("|" + text[end : end + len(suffix)]).splitlines()[0]
        return before[:-1], after[1:]  # the bars hold the place of the quote, on its line

    def likeness(start: int) -> int:
        before, after = around(start)
        return _common_prefix(before[::-1], prefix[::-1]) + _common_prefix(after, suffix)

    return Displaced(starts, *around(max(starts, key=likeness)))


# Folding: what looks alike is alike -------------------------------------------------------------------------

_SINGLE_QUOTES = frozenset("‘’‚‛′‵ʼʹ´`‹›")
_DOUBLE_QUOTES = frozenset("“”„‟″‶«»〝〞＂")


class _Fold(NamedTuple):
    """A text as it looks; character i of it stands for the original's code points starts[i] to ends[i]."""

    text: str
    starts: list[int]
    ends: list[int]


@lru_cache(maxsize=4096)
def _fold_character(character: str) -> str:
    """Return what a character looks like: "" for an invisible one, a line feed for any line break."""
    if character in _SINGLE_QUOTES:
        return "'"
    if character in _DOUBLE_QUOTES:
        return '"'
    if character.isspace():
        return "\n" if crosses_line(character) else " "
    category = unicodedata.category(character)
    if category == "Pd" or character == "\u2212":  # the minus sign
        return "-"
    if category in ("Cf", "Cc") or "\ufe00" <= character <= "\ufe0f":  # soft hyphens, zero widths, variation selectors
        return ""
    return unicodedata.normalize("NFKD", character).casefold()


def _fold(text: str) -> _Fold:
    folded: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for i, character in enumerate(text):
        for piece in _fold_character(character):
            last = folded[-1] if folded else ""
            if (piece == last == "-") or (piece in " \n" and last in (" ", "\n")):
                folded[-1] = "\n" if "\n" in (last, piece) else piece
                ends[-1] = i + 1
            else:
                folded.append(piece)
                starts.append(i)
                ends.append(i + 1)
    return _Fold("".join(folded), starts, ends)


_fold_article = lru_cache(maxsize=4)(_fold)  # many quotes are looked for in one article


def _find_folded(text: str, quote: str, prefix: str, suffix: str) -> Folded | None:
    folded = _fold_article(text)
    looks = _look(quote).strip()
    if not looks:
        return None
    begins = islice(_occurrences(folded.text, looks), MOST_STARTS)
    whole = (i for i in begins if _whole(folded.starts, i, i + len(looks)))
    found = [(folded.starts[i], folded.ends[i + len(looks) - 1]) for i in whole]
    if not found:
        return None

    def in_place(span: tuple[int, int]) -> bool:
        before = _look(text[max(0, span[0] - 2 * len(prefix)) : span[0]])
        after = _look(text[span[1] : span[1] + 2 * len(suffix)])
        return before.endswith(_look(prefix)) and after.startswith(_look(suffix))

    start, end = next(filter(in_place, found), found[0])
    return Folded(start, end, text[start:end], tuple(_folded_differences(quote, text[start:end])))


def _whole(starts: list[int], first: int, last: int) -> bool:
    """Whether a folded stretch takes in all of its first and last character, not half of a ligature."""
    begins_within = first > 0 and starts[first - 1] == starts[first]
    ends_within = last < len(starts) and starts[last - 1] == starts[last]
    return not begins_within and not ends_within


def _look(words: str) -> str:
    return _fold(words).text.replace("\n", " ")


def _folded_differences(quote: str, article: str) -> Iterator[Difference]:
    """Yield the differences of two stretches that look alike, cut where both begin a new character."""
    cuts = [(0, 0)]
    for here, there in zip(_character_starts(quote), _character_starts(article), strict=False):
        if here > cuts[-1][0] and there > cuts[-1][1]:
            cuts.append((here, there))
    cuts.append((len(quote), len(article)))
    yield from _cut_differences(quote, article, cuts)


def _character_starts(words: str) -> list[int]:
    folded = _fold(words)
    return folded.starts[len(folded.text) - len(folded.text.lstrip()) :]


def _cut_differences(quote: str, article: str, cuts: list[tuple[int, int]]) -> Iterator[Difference]:
    """Compare piece by piece between pairs of offsets that belong together."""
    for (i, j), (next_i, next_j) in pairwise(cuts):
        quoted, there = quote[i:next_i], article[j:next_j]
        if quoted != there:
            before, after = _common_ends(quoted, there)
            quoted, there = quoted[before : len(quoted) - after], there[before : len(there) - after]
            yield Difference(i + before, quoted, there, names(there))


def _common_prefix(one: str, other: str) -> int:
    return next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def _common_ends(one: str, other: str) -> tuple[int, int]:
    """Return how many characters two unequal stretches share at their beginning and at their end.

    Where more than a character or two differ, whole words are told apart rather than their middles.
    """
    before = _common_prefix(one, other)
    after = _common_prefix(one[before:][::-1], other[before:][::-1])
    if max(len(one), len(other)) - before - after > 2:
        while before and one[before - 1].isalnum():
            before -= 1
        while after and one[len(one) - after].isalnum():
            after -= 1
    return before, after


# The nearest stretch: rare words vote for a place, an alignment of words within a band refines it -----------

_WORD = re.compile(r"[^\W_](?:[^\W_]|[\u0300-\u036F\u00AD\u200B-\u200D\u2060\uFEFF]|['’](?=[^\W_]))*")
_MOST_WORDS = 1000  # of a quote that are looked at; no passage is as long
_ANCHORS = 64  # distinct words of the quote that vote, and places that each may vote for
_BAND = 24  # how many words may be left out or put in, on balance
_FAR = 1 << 30


class _Word(NamedTuple):
    key: str
    start: int
    end: int
    line: int


class _Words(NamedTuple):
    """A text's words; places[key] are positions in `words`, and lines[n] is the range of those on line n."""

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
    return "".join(c for c in "".join(map(_fold_character, word)) if c != "'" and not unicodedata.combining(c))


def _find_nearest(text: str, quote: str) -> Nearest | Missing:
    article, quoted = _words_of_article(text), _words(quote).words[:_MOST_WORDS]
    keys = _respelled([word.key for word in quoted], article)
    weights = [1 / max(1, len(article.places.get(key, ()))) ** 0.5 for key in keys]
    best: list[tuple[int, int]] = []
    best_score = 0.5  # less than half of the quote's rare words is not near
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
    """Put the article's closest word for the first few that it does not have, so that a typo can vote."""
    from difflib import get_close_matches

    def closest(key: str) -> str:
        like = [w for w in article.places if abs(len(w) - len(key)) < 3 and (w[:2] == key[:2] or w[-2:] == key[-2:])]
        return next(iter(get_close_matches(key, like[:2000], n=1, cutoff=0.75)), key)

    unknown = dict.fromkeys(key for key in keys if key not in article.places and 3 < len(key) < 40)
    spelled = {key: closest(key) for key in islice(unknown, 5)}
    return [spelled.get(key, key) for key in keys]


def _candidates(keys: list[str], article: _Words) -> list[tuple[int, int]]:
    """Return the likeliest (line, centre): word i of the quote is about word i + centre of the article."""
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
    """Align the quote's words with the stretch of the line at the lowest edit distance; return the pairs.

    The distance counts words left out, put in or exchanged. Row i is the quote's first i words; its cell k is
    for stretches that end before word i + centre - band + k. A stretch may begin anywhere (Sellers 1980).
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
    return _trace(steps, min(range(width), key=row.__getitem__), centre - _BAND) if min(row) < _FAR else []


def _trace(steps: list[bytearray], k: int, base: int) -> list[tuple[int, int]]:
    """Walk back through the table from its last row; 0 pairs two words, 1 leaves one out, 2 puts one in."""
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
    for _ in quote[: pairs[0][0].start].strip():  # the quote's own punctuation at its ends has a counterpart
        start -= start > 0 and not text[start - 1].isalnum() and not text[start - 1].isspace()
    for _ in quote[pairs[-1][0].end :].strip():
        end += end < len(text) and not text[end].isalnum() and not text[end].isspace()
    same = [(ours, theirs) for ours, theirs in pairs if ours.key == theirs.key]
    cuts = [(0, 0)]
    for ours, theirs in same:
        cuts += [(ours.start, theirs.start - start), (ours.end, theirs.end - start)]
    cuts.append((len(quote), end - start))
    return Nearest(start, end, text[start:end], tuple(_cut_differences(quote, text[start:end], cuts)))


# Telling a person -------------------------------------------------------------------------------------------

_LEAD = "the article has “"
_COLUMNS = 60  # for the article's words, so that a line stays within eighty


def explain(quote: str, match: Match) -> str:
    """Say in a few lines how `quote` was met: the first difference under a caret, and the words to paste."""
    if isinstance(match, Found):
        return f"the quote is in the article, at code points {match.start} to {match.end}"
    if isinstance(match, Ambiguous):
        times = f"{len(match.starts)} times" if len(match.starts) < MOST_STARTS else f"{MOST_STARTS} times or more"
        return (
            f"the quote is in the article {times}, at code points {_listed(match.starts)}\n"
            "add ent:prefix or ent:suffix: the text right before it, or right after"
        )
    if isinstance(match, Displaced):
        there = [("prefix", match.prefix), ("suffix", match.suffix)]
        lines = [f'the article has: ent:{name} "{turtle_escape(words)}"' for name, words in there if words]
        lead = "the quote is in the article, but not between this prefix and suffix, at code points "
        return "\n".join([lead + _listed(match.starts), *lines])
    if isinstance(match, Missing):
        unknown = ", ".join(f"“{_shorten(word)}”" for word in match.unknown)
        return "nothing in the article is near this quote" + (f"; it does not have {unknown}" if unknown else "")
    return _explain_difference(match)


def _explain_difference(match: Folded | Nearest) -> str:
    first, *others = match.differences
    shown, column = _window(match.text, first.at)
    here, ours = first.name, names(first.quoted)
    if max(len(first.quoted), len(first.article)) > 2:
        here, ours = (f"“{_shorten(words)}”" if words else "nothing" for words in (first.article, first.quoted))
    lines = [f"{_LEAD}{shown}”", f"{' ' * (len(_LEAD) + column)}^ here {here}, the quote has {ours}"]
    if others:
        lines.append(f"and {len(others)} more difference{'s' * (len(others) > 1)}")
    return "\n".join([*lines, f"paste: {turtle_escape(match.text)}"])


def names(characters: str) -> str:
    """Spell out code points, `U+00A0 NO-BREAK SPACE`; the first four of many, and "nothing" for none."""
    found = [f"U+{ord(c):04X} {unicodedata.name(c, '(no name)')}" for c in characters[:4]]
    return " + ".join([*found, "…"] if len(characters) > 4 else found) or "nothing"


def turtle_escape(words: str) -> str:
    """Return the inside of a Turtle string (Turtle §6.4) that survives a terminal: nothing invisible."""
    composed = unicodedata.is_normalized("NFC", words)  # if not, a copy may come out composed

    def escape(character: str) -> str:
        if character in '"\\':
            return "\\" + character
        return _visible(character, force=not composed and unicodedata.combining(character) > 0)

    return "".join(map(escape, words))


def _visible(character: str, force: bool = False) -> str:
    plain = character == " " or (character.isprintable() and _fold_character(character))
    if plain and not force:
        return character
    code = ord(character)
    return f"\\u{code:04X}" if code < 0x10000 else f"\\U{code:08X}"


def _shorten(words: str) -> str:
    return "".join(map(_visible, words[:40])) + ("…" if len(words) > 40 else "")


def _listed(numbers: tuple[int, ...]) -> str:
    return ", ".join(map(str, numbers[:5])) + (", …" if len(numbers) > 5 else "")


def _window(text: str, at: int) -> tuple[str, int]:
    """Return about 60 columns of `text` around code point `at`, and the column of that code point."""
    from wcwidth import wcswidth

    def width(part: str) -> int:
        return max(0, wcswidth(part))

    def fit(characters: str, columns: int) -> int:
        """Count the characters that fit."""
        for i, character in enumerate(characters):
            columns -= width(_visible(character))
            if columns < 0:
                return i
        return len(characters)

    right = width("".join(map(_visible, text[at : at + fit(text[at : at + _COLUMNS], _COLUMNS // 2)])))
    begin = at - fit(text[max(0, at - _COLUMNS) : at][::-1], _COLUMNS - right)
    end = begin + fit(text[begin : begin + 3 * _COLUMNS], _COLUMNS)
    before = ("…" if begin else "") + "".join(map(_visible, text[begin:at]))
    shown = before + "".join(map(_visible, text[at:end])) + ("…" if end < len(text) else "")
    on_base = at < len(text) and width(_visible(text[at])) == 0  # a combining mark sits on the character before it
    return shown, max(0, width(before) - on_base)
