"""Segments: a text split into headings, captions, credits and sentences, and how far each is covered by quotes.

Each line is split by the first of these rules that applies:

1. A line that names an author or a source is a credit: `Source: …`, `By NAME`, `Photo: …`, `Reporting by …`, `© …`.
2. A line that ends with a bracketed credit, as `… in Ankara, Turkey. (AP)`, is a caption and then a credit.
3. A line of one sentence, at most 120 code points, with no full stop at its end is a heading.
4. Any other line is sentences. A sentence ends at `.`, `!`, `?` or `…` with the quotes and brackets that
   close there, before white space, unless the next word is in lower case (`“Really?” he asked.`), or the full
   stop belongs to an abbreviation, an initial or a number (`Mr. Putin`, `U.S. forces`, `No. 5`, `3. April`). Before
   white space or not it ends at `。`, `！` and `？`.

A line that was broken to fit a width goes on in the next one (`unwrap`). No segment crosses a line, and every letter
and digit is in exactly one. Where a full stop may be both an abbreviation's and a sentence's (`in the U.S. Putin …`),
the sentence does not end. Offsets count code points, end exclusive.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import groupby, pairwise
from typing import NamedTuple

LONGEST_HEADING = 120  # code points; a longer line without a full stop is a sentence
LONGEST_CREDIT = 200
LONGEST_BRACKET = 80
NARROWEST, WIDEST = 40, 100  # code points of the longest line of a paragraph that was broken to fit a width
_PRINTED_WORD = re.compile(r"\S+")


class Segment(NamedTuple):
    """The part text[start:end], without white space at its ends.

    `number` counts from 1 in the text's order; `kind` is "heading", "caption", "credit" or "sentence".
    """

    number: int
    kind: str
    start: int
    end: int


class Coverage(NamedTuple):
    """How far a segment is covered: "read", "partly" or "unread"; `uncovered` are spans of whole words."""

    segment: Segment
    state: str
    uncovered: tuple[tuple[int, int], ...]


def segments(text: str) -> list[Segment]:
    """Return the segments of a text in order; a text without letters and digits has none."""
    text = unwrap(text)
    pieces = (piece for start, end in _lines(text) for piece in _line(text, start, end))
    return [Segment(number, *piece) for number, piece in enumerate(pieces, 1)]


def coverage(text: str, split: Iterable[Segment], spans: Iterable[tuple[int, int]]) -> list[Coverage]:
    """Return the coverage of each segment, "read" where `spans` together cover all its letters and digits.

    What is outside the text is ignored.
    """
    covered = bytearray(len(text))
    for start, end in spans:
        start, end = max(start, 0), min(end, len(text))
        covered[start:end] = b"\1" * max(end - start, 0)
    return [_coverage(text, segment, covered) for segment in split]


def _coverage(text: str, segment: Segment, covered: bytearray) -> Coverage:
    if covered.find(0, segment.start, segment.end) < 0:
        return Coverage(segment, "read", ())
    words: list[tuple[list[int], int]] = []  # the offsets of a word's letters and digits, and how many are covered
    for match in _PRINTED_WORD.finditer(text, segment.start, segment.end):
        letters = [i for i in range(*match.span()) if text[i].isalnum()]
        # Letters without case are those of scripts such as Chinese, Arabic and Thai, where spaces do not part words.
        alone = any(unicodedata.category(text[i]) == "Lo" for i in letters)
        for word in [[i] for i in letters] if alone else [letters] if letters else []:
            words.append((word, sum(covered[i] for i in word)))
    uncovered = []
    for missing, group in groupby(words, lambda word: word[1] < len(word[0])):
        if missing:
            rows = [letters for letters, _ in group]
            uncovered.append((rows[0][0], rows[-1][-1] + 1))
    state = "read" if not uncovered else "partly" if any(seen for _, seen in words) else "unread"
    return Coverage(segment, state, tuple(uncovered))


@lru_cache(maxsize=4)  # equivalent: the size of a cache changes nothing but speed
def unwrap(text: str) -> str:
    """The text with a space for each line break within a sentence, so that offsets stay true.

    In a paragraph whose longest line has at least `NARROWEST` code points, a line goes on in the next one if that
    begins in lower case; or if there are three lines or more, at most `WIDEST` long, none of which has room for the
    first word of the next one. It does not after a full stop, nor before or after a credit or a bullet.
    """
    found = list(text)
    for block in re.finditer(r"(?m)^\S.*+(?:\n\S.*+)+", text):
        lines = block[0].split("\n")
        width = max(map(len, lines))
        full = all(len(line) + 1 + len(word.split()[0]) > width for line, word in pairwise(lines))
        wrapped = full and len(lines) > 2 and width <= WIDEST
        breaks = block.start()
        for line, following in pairwise(lines):
            breaks += len(line)
            goes_on = width >= NARROWEST and (wrapped or following[0].islower()) and not _STOPPED.search(line)
            parts = (line.strip(), following.strip())
            if goes_on and not any(_is_credit(part) or _BULLET.match(part) for part in parts):
                found[breaks] = " "
            breaks += 1
    return "".join(found)


def _lines(text: str) -> Iterator[tuple[int, int]]:
    """Yield the span of each line that holds a letter or a digit, without the white space around it."""
    offset = 0
    for line in text.splitlines(keepends=True):
        if any(map(str.isalnum, line)):
            start = offset + len(line) - len(line.lstrip())
            yield start, start + len(line.strip())
        offset += len(line)


def _line(text: str, start: int, end: int) -> list[tuple[str, int, int]]:
    line = text[start:end]
    if _is_credit(line):
        return [("credit", start, end)]
    if bracket := _bracketed_credit(line):
        kind = "sentence" if _REPORTING_BY.match(line, bracket) else "caption"
        words = _sentences(text, start, start + len(line[:bracket].rstrip()))
        return [*((kind, *span) for span in words), ("credit", start + bracket, end)]
    sentences = _sentences(text, start, end)
    heading = len(sentences) == 1 and len(line) <= LONGEST_HEADING and not _STOPPED.search(line)
    kind = "heading" if heading and not _BULLET.match(line) else "sentence"
    return [(kind, *span) for span in sentences]


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


# Credits

_BULLET = re.compile(r"[-–—•*·▪◦‣]\s")
_STOPPED = re.compile(r"[.!?…‽؟۔।。！？](?:[])}”’\"'“»«›‹\s]|\[\w{1,3}\])*$")

_LABEL = re.compile(
    r"(?i)(?:file |archive )?(?:sources?|photos?|photographs?|images?|pictures?|videos?|graphics?|illustration"
    r"|credits?|author|byline|quellen?|fotos?|bild(?:er)?|grafik|autor(?:in)?|fuentes?|font[ei]|crédit(?:o?s?)"
    r"|bron|källa|kilde|źródło|zdroj|kaynak|forrás|lähde|zdjęcie|источник|фото|джерело|πηγή)"
    r"(?: credits?| by| courtesy)?\s?:"
)
_REPORTING_BY = re.compile(
    r"(?i)[(\[]?(?:additional |with )?(?:reporting|writing|editing|translation|translated|written|edited|compiled"
    r"|produced|filmed)(?: and \w{4,12})? by\s"
)
_PICTURE_BY = re.compile(r"[(\[]?(?:photo|photograph|photography|graphic|image|video)s? by\s", re.IGNORECASE)
_RIGHTS = re.compile(r"©|\(c\)\s|copyright\b|all rights reserved", re.IGNORECASE)
_BYLINE = re.compile(r"(?:By|BY|by|Von|Par|Por|Door)\s+(?=\S)")
_AGENCY = re.compile(
    r"\b(?:AP|AFP|Reuters|REUTERS|Getty|EPA|AA|Anadolu|TASS|Xinhua|[Dd][Pp][Aa]|ANSA|EFE|PA|UPI|PTI|Sputnik"
    r"|RIA|Belga|ANP|NTB|Ritzau|APA|Keystone|Bloomberg|[Ff]ile|[Aa]rchive|[Hh]andout|[Cc]ourtesy|[Pp]hoto|[Ff]oto|[Ii]mage)\b"
)
_PARTICLES = _set(
    "and at by for from in of on via with courtesy credit file handout image images photo photos pool staff agencies"
    " agency archive dpa foto al bin bint da de del della der di dos du e el et ibn la le och og ter the und van von y"
    " zu"
)


def _is_credit(line: str) -> bool:
    if len(line) > LONGEST_CREDIT:
        return False
    if any(p.match(line) for p in (_LABEL, _REPORTING_BY, _PICTURE_BY, _RIGHTS)) or _bracketed_credit(line) == 0:
        return True
    if byline := _BYLINE.match(line):
        rest = line[byline.end() :]
        return not rest[0].islower() and _names_only(rest) and not _STOPPED.search(line)
    return bool(_AGENCY.match(line)) and all(map(_AGENCY.fullmatch, re.findall(r"\w+", line)))


def _bracketed_credit(line: str) -> int | None:
    """Return where the bracketed credit at the end of the line begins; None if the line ends otherwise.

    After a full stop it is any short bracket of names; else it must name an agency, because a heading may end with an
    abbreviation, `The Free Syrian Army (FSA)`.
    """
    if line[-1] not in ")]":
        return None
    start = line.rfind("(" if line[-1] == ")" else "[")
    inner = line[start + 1 : -1].strip()
    if start < 0 or sum(map(str.isalpha, inner)) < 2:
        return None
    if len(inner) <= LONGEST_CREDIT and (_REPORTING_BY.match(inner) or _PICTURE_BY.match(inner)):
        return start
    if len(inner) > LONGEST_BRACKET or not _names_only(inner):
        return None
    after_stop = _STOPPED.search(line[max(0, start - 20) : start])  # equivalent: no stop and its signs are as long
    return start if after_stop or _AGENCY.search(inner) else None


def _names_only(words: str) -> bool:
    """Whether all words are capitalised, numbers or small words of names, so that none is a verb."""
    if re.search(r"[!?…]|[^\W\d_]{3}\.(?:\s|$)", words):
        return False
    found = re.findall(r"[^\W_]+(?:['’.-][^\W_]+)*", words)
    return all(not word[0].islower() or word in _PARTICLES for word in found)


# Sentences

# Possessive (`*+`), and the white space after it is looked at outside: so no text makes the scan quadratic.
_END = re.compile(
    r"[.!?…‽؟۔।。！？](?:[ \u00A0\u202F]?[.!?…‽؟۔।。！？])*+"
    r"(?:\[\w{1,3}\]|[])}”’\"'“»«›‹]|[ \u00A0\u202F]»(?!\w))*+"
)
_CLOSING = "」』】》）"
_NEXT_WORD = re.compile(r"\s[\W_]{0,8}+([^\W_]{0,30}+)")
_WORD_BEFORE = re.compile(r"[\w.]+$")
_UNIT_BEFORE = re.compile(r"(?:[/°]\w|\d[ \u00A0\u202F][a-z])$")  # km/h, °C, 5 m
_SPEAKS = re.compile(
    r"(?:\w[\w.’'-]{0,30}\s){1,3}(?:said|says|asked|asks|added|told|wrote|replied|answered|shouted|cried|warned)\b"
)

# Abbreviations that never end a sentence.
_TITLES = _set(
    "Mr Mrs Ms Mx Dr Prof Gen Lt Col Maj Capt Cmdr Cdr Adm Sgt Cpl Pvt Rev Hon Sen Rep Gov Pres Amb Supt Insp Msgr"
    " Messrs Mme Mlle Mmes Hr Fr Frl Dipl Ing Mag Sr Sra Srta Dra Dott Sig ST STE Ste MT Mt FT Ft Md vs cf ca approx"
    " bzw resp evtl ggf inkl sog bspw vgl e.g i.e z.B d.h u.a p.ej"
)
# Abbreviations that do not end a sentence before a number.
_BEFORE_NUMBERS = _set(
    "No Nos no nos Nr nr Art art Arts Fig fig Figs Vol vol Ch ch Sec sec Para para Abs pp S Bd Jan Feb Mar Apr Jun Jul"
    " Aug Sep Sept Oct Okt Nov Dec Dez janv févr avr juil sept oct nov déc núm num tel Tel"
)
# Abbreviations that end a sentence before one of the words that often begin one, `_OPENERS`.
_ABBREVIATIONS = _set(
    "Inc Ltd Co Corp Cos Bros Cie Jr St Ave Blvd Rd Str al Ph.D Calif Conn Fla Mass Mich Minn Tex Wis Okla Ariz Colo"
    " Tenn Va Ky Pa Ga Ill Ore Dept Univ Assn Mil Min EE UU Mrd Mio"
)
_OPENERS = _set(
    "A According After Also Although An And As At Before Both But By Despite Earlier For From He Her Here His How"
    " However I If In It Its Later Many Meanwhile Most No Now On One Other Our She Since So Some That The Their Then"
    " There These They This Those Though Under Until We What When Where While Who With Yet You Der Die Er Sie Es Il Ils"
    " Elle Elles Les"
)
_DAYS = _set("Monday Tuesday Wednesday Thursday Friday Saturday Sunday Mon Tue Wed Thu Fri Sat Sun")
_AFTER_ORDINALS = _set(
    "Januar Jänner Februar März April Mai Juni Juli August September Oktober November Dezember"
    " Jahrhundert Jahrhunderts Weltkrieg"
)


def _sentences(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Return the spans of the sentences of a span on one line; punctuation alone belongs to the one before."""
    spans: list[tuple[int, int]] = []
    for first, last in pairwise([start, *_stops(text, start, end), end]):
        words = text[first:last].lstrip()
        if any(map(str.isalnum, words)):
            spans.append((last - len(words) if spans else start, last))
        elif spans:
            spans[-1] = (spans[-1][0], last)
    return spans


def _stops(text: str, start: int, end: int) -> Iterator[int]:
    """Yield the offsets at which sentences end before the end of the span."""
    begin = start
    for mark in _END.finditer(text, start, end):
        spaced = mark.end() < end and text[mark.end()].isspace() and _ends_sentence(text, begin, mark, end)
        if spaced or (mark.end() < end and mark[0][-1] in "。！？" and text[mark.end()] not in _CLOSING):
            begin = mark.end()
            yield begin


def _ends_sentence(text: str, begin: int, mark: re.Match[str], end: int) -> bool:
    following = _NEXT_WORD.match(text, mark.end(), end)
    if not following or not (word := following[1]):
        return True
    if word[0].islower() and not word[1:2].isupper():  # `iPhone` may open a sentence
        return False
    signs = mark[0]
    closes_quote = any(sign in "”’\"'“»«" for sign in signs)
    if signs[0] in "!?…" and closes_quote and _SPEAKS.match(text, following.start(1), end):
        return False
    if signs[0] != "." or signs[1:2] in tuple(".!?…"):
        return True
    opener = word in _OPENERS and text[following.end() : following.end() + 1] != "."
    return not _abbreviated(text, begin, mark.start(), word, opener or closes_quote)


def _abbreviated(text: str, begin: int, dot: int, word: str, opens: bool) -> bool:
    """Whether the full stop at `dot` belongs to the word before it rather than to the sentence.

    `word` is the one that follows; `opens` says that it, or a quote closed before it, begins a new sentence.
    """
    recent = text[max(begin, dot - 24) : dot]  # equivalent: no abbreviation is as long
    before = _WORD_BEFORE.search(recent)
    if not before or _UNIT_BEFORE.search(recent):
        return False
    abbreviation = before[0].strip(".")
    if abbreviation.isdigit():
        first = len(abbreviation) <= 2 and not text[begin : dot - len(before[0])].strip(" (“\"'")
        return first or word in _AFTER_ORDINALS
    if abbreviation in _TITLES or (abbreviation in _BEFORE_NUMBERS and word[0].isdigit()):
        return True
    if abbreviation in ("a.m", "p.m"):
        return word in _DAYS or (len(word) > 1 and word.isupper())
    parts = abbreviation.split(".")
    dotted = all(part.isalpha() and len(part) == 1 for part in parts)  # also a single initial
    return not opens and (dotted or abbreviation in _ABBREVIATIONS)
