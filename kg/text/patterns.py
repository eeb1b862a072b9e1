r"""The grammar of a lexicon: patterns and sentences with roles as slots, such as “{backer} *back|*side_with {backed}”.

In EBNF (ISO/IEC 14977); spaces may stand between elements, and never within one:

    pattern  = element , { element } ;
    element  = slot | choice | option | mark ;
    slot     = "{" , role , { "/" , role } , [ "!" ] , "}" ;
    choice   = phrase , { "|" , phrase } ;
    phrase   = [ "*" ] , word , { "_" , word } ;
    option   = "(" , pattern , ")?" ;
    mark     = "," | ";" | ":" | "." | "–" | "'s" ;
    word     = ( letter | digit ) , { letter | digit | "-" | "'" | "." , ( letter | digit | "-" ) } ;
    role     = [ "^" ] , letter , { letter | digit } ;

| written | means | example |
| --- | --- | --- |
| `{backer}` | a role: the local name of a property, or `this`, the thing itself | `{backer} *back {backed}` |
| `{office/heads}` | what a path of roles leads to | `{holder} *lead {office/heads}` |
| `{^onSide}` | a role the other way round: what has the thing in that role | `side of {^onSide}` |
| `{buyer!}` | a slot that only a name can fill, and no description | `deal for {buyer!} to *buy {item}` |
| `*back` | a verb in any of its forms; `*be` is any form of “to be” | `{backer} *aid {backed}` |
| `*side_with` | a phrase whose first word is a verb; `_` joins the words of a phrase | `{backer} *side_with {backed}` |
| `a\|b` | one of these phrases | `support\|backing for {backed}` |
| `( … )?` | may be there or not | `loan( of {sum})? from {lender}` |
| other words | themselves, whatever their case | `at_odds with` |
| `'s` | the ending of a genitive: “'s”, or “'” after an s | `{backer}'s support` |

A sentence, in which facts are said, is written in the same way: its verbs are inflected, its optional parts are left
out where one of their slots has no value.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from kg.errors import InputError
from kg.text.words import PREPOSITIONS

# Limits for lexicons of strangers: what is compiled and matched grows with these.
MAX_LENGTH = 300  # code points of a pattern
MAX_CHOICES = 20  # phrases of one choice
MAX_WORDS = 5  # of one phrase
MAX_DEPTH = 2  # options within each other
MAX_SLOTS = 8  # of a pattern
_MOST_VARIANTS = 8  # of one pattern
THIS = "this"  # the slot of the thing itself
WORDING = "wording"  # that of words of an article

_APOSTROPHES = str.maketrans("’ʼ", "''")
_WORD = r"[^\W_](?:[^\W_]|-|'(?!s(?!\w))|\.(?=[^\W_]|-))*"
_PHRASE = rf"\*?{_WORD}(?:_{_WORD})*"
_ROLE = r"\^?[^\W\d_](?:[^\W_])*"
_TOKEN = re.compile(
    rf"(?P<slot>\{{(?P<path>{_ROLE}(?:/{_ROLE})*)(?P<proper>!?)\}})"
    rf"|(?P<choice>{_PHRASE}(?:\|{_PHRASE})*)"
    r"|(?P<mark>'s(?!\w)|[,;:.–])"
    r"|(?P<open>\()|(?P<close>\)\?)|(?P<space>[ ]+)"
)


class Slot(NamedTuple):
    """What stands in a role; `path` are local names of properties, from the thing that is described."""

    path: tuple[str, ...]
    proper: bool = False


class Phrase(NamedTuple):
    """Words in a row; of a `verb` the first in any of its forms."""

    words: tuple[str, ...]
    verb: bool = False


class Choice(NamedTuple):
    """One of several phrases."""

    phrases: tuple[Phrase, ...]


class Mark(NamedTuple):
    """A punctuation mark, or the ending of a genitive."""

    text: str


class Option(NamedTuple):
    """Elements that may be left out together."""

    elements: "tuple[Element, ...]"


Element = Slot | Choice | Mark | Option


class Pattern(NamedTuple):
    """A pattern or a sentence, as written and as its elements."""

    text: str
    elements: tuple[Element, ...]

    def slots(self) -> list[Slot]:
        """All slots in order, those of options too."""
        return [element for element in flat(self.elements) if isinstance(element, Slot)]

    def required(self) -> set[tuple[str, ...]]:
        """The paths of the slots outside of options."""
        return {element.path for element in self.elements if isinstance(element, Slot)}

    def verbs(self) -> list[Phrase]:
        """All phrases that begin with a verb."""
        choices = (element for element in flat(self.elements) if isinstance(element, Choice))
        return [phrase for choice in choices for phrase in choice.phrases if phrase.verb]


def flat(elements: tuple[Element, ...]) -> Iterator[Element]:
    """Elements in order, in place of an option those within."""
    for element in elements:
        if isinstance(element, Option):
            yield from flat(element.elements)
        else:
            yield element


def written(elements: tuple[Element, ...]) -> str:
    """Elements as they are written: what `parse` reads as the same."""
    rows: list[str] = []
    for element in elements:
        if isinstance(element, Slot):
            rows.append(f" {{{'/'.join(element.path)}{'!' * element.proper}}}")
        elif isinstance(element, Choice):
            rows.append(" " + "|".join("*" * phrase.verb + "_".join(phrase.words) for phrase in element.phrases))
        elif isinstance(element, Mark):
            rows.append(element.text if element.text == "'s" else f" {element.text}")
        else:
            rows.append(f"( {written(element.elements)})?")
    return "".join(rows).lstrip(" ")


def parse(text: str) -> Pattern:
    """Parse a pattern or a sentence.

    Raises InputError with the rule `pattern` for what is no pattern or exceeds a limit; its message says what is wrong
    and at which code point, counted from 1.
    """
    if len(text) > MAX_LENGTH:
        problem = f"it is {len(text)} code points long, more than {MAX_LENGTH}"
        raise _wrong(problem, MAX_LENGTH, "write several patterns")
    stack: list[list[Element]] = [[]]
    opened: list[int] = []
    at = 0
    source = text.translate(_APOSTROPHES)
    while at < len(source):
        match = _TOKEN.match(source, at)
        if match is None:
            raise _unexpected(source, at)
        kind = match.lastgroup
        if kind == "open":
            opened.append(at)
            stack.append([])
            if len(opened) > MAX_DEPTH:
                raise _wrong(f"more than {MAX_DEPTH} options within each other", at, "write several patterns")
        elif kind == "close":
            if not opened:
                raise _wrong("“)?” closes no option", at, "write “(” where the option begins")
            elements = tuple(stack.pop())
            if not elements:
                raise _wrong("an option without anything in it", opened[-1], "remove it")
            opened.pop()
            stack[-1].append(Option(elements))
        elif kind != "space":
            stack[-1].append(_element(match, at))
        at = match.end()
    if opened:
        raise _wrong("“(” opens an option that does not end", opened[-1], "write “)?” where it ends")
    pattern = Pattern(text, tuple(stack[0]))
    if len(pattern.slots()) > MAX_SLOTS:
        raise _wrong(f"more than {MAX_SLOTS} slots", 0, "write several patterns")
    if not any(isinstance(element, Choice) for element in pattern.elements):
        outside = [type(element) for element in pattern.elements]
        has_words = any(slot.path[-1] == WORDING for slot in pattern.slots())  # “{participant} {wording}”, in a clause
        if not has_words and (outside.count(Slot) != 2 or Mark not in outside):  # “{origin}'s {this}”
            raise _wrong("no word outside of options: it would match anything", 0, "add the words that say it")
    return pattern


def _element(match: re.Match[str], at: int) -> Element:
    if match["slot"]:
        return Slot(tuple(match["path"].split("/")), bool(match["proper"]))
    if match["mark"]:
        return Mark(match["mark"])
    phrases = tuple(_phrase(written) for written in match["choice"].split("|"))
    if len(phrases) > MAX_CHOICES:
        raise _wrong(f"{len(phrases)} phrases in one choice, more than {MAX_CHOICES}", at, "write several patterns")
    if any(len(phrase.words) > MAX_WORDS for phrase in phrases):
        raise _wrong(f"a phrase of more than {MAX_WORDS} words", at, "keep the words that tell it from others")
    return Choice(phrases)


def _phrase(written: str) -> Phrase:
    return Phrase(tuple(written.removeprefix("*").lower().split("_")), written.startswith("*"))


def _unexpected(text: str, at: int) -> InputError:
    """What is wrong where no token begins."""
    char, rest = text[at], text[at:]
    if char == "{":
        end = rest.find("}")
        if end < 0:
            return _wrong("“{” opens a slot that does not end", at, "write “}” after the name of the role")
        hint = "a slot holds the local name of a property: {backer}, {office/heads}, {buyer!}"
        return _wrong(f"“{rest[: end + 1]}” is no slot", at, hint)
    if char == "*":
        return _wrong("“*” stands before no verb", at, "write the verb's base form right after it: *back")
    if char == "|":
        return _wrong("“|” stands between phrases, without spaces", at, "write back|support; several patterns for more")
    if char == "_":
        return _wrong("“_” joins words, without spaces", at, "write *side_with")
    if char == ")":
        return _wrong("an option ends in “)?”", at, "write “)?”: parentheses are not matched")
    hint = "a pattern is made of words, slots, options and , ; : . –"
    return _wrong(f"“{char}” has no meaning in a pattern", at, hint)


def _wrong(problem: str, at: int, hint: str) -> InputError:
    return InputError(f"{problem} (at character {at + 1})", hint=hint, rule="pattern")


class Variant(NamedTuple):
    """A pattern without options: the elements before its anchor, one phrase of the anchor, and those after it.

    `before` and `after` are what a text must have for these: of each row one of the words. `slots` is whether the
    pattern has any, `plain` whether before its anchor stands a slot, or nothing.
    """

    term: str
    pattern: Pattern
    left: tuple[Element, ...]
    anchor: Phrase
    right: tuple[Element, ...]
    before: tuple[frozenset[str], ...]
    after: tuple[frozenset[str], ...]
    slots: bool
    plain: bool


def variants(term: str, pattern: Pattern) -> Iterator[Variant]:
    """The variants of a pattern of a term: around its verb, else its noun, else any of its words; the fullest first."""
    for row in _expanded(pattern.elements)[:_MOST_VARIANTS]:
        choices = [i for i, element in enumerate(row) if isinstance(element, Choice)]
        verbal = [i for i in choices if any(p.verb for p in row[i].phrases)]  # type: ignore[union-attr]
        nominal = [i for i in choices if not all(p.words[0] in PREPOSITIONS for p in row[i].phrases)]  # type: ignore[union-attr]
        for i in (verbal or nominal or choices)[:1]:
            for phrase in row[i].phrases:  # type: ignore[union-attr]
                yield _variant(term, pattern, row[:i], phrase, row[i + 1 :])
        for i in [i for i, element in enumerate(row) if isinstance(element, Mark)][: not choices]:
            yield _variant(term, pattern, row[:i], Phrase((row[i].text,)), row[i + 1 :])  # type: ignore[union-attr]


def _expanded(elements: tuple[Element, ...]) -> list[tuple[Element, ...]]:
    """Elements with each option taken and left; the fullest first."""
    rows: list[tuple[Element, ...]] = [()]
    for element in elements:
        ways = [*_expanded(element.elements), ()] if isinstance(element, Option) else [(element,)]
        rows = [(*row, *way) for row in rows for way in ways][: 4 * _MOST_VARIANTS]
    return rows


def _variant(
    term: str, pattern: Pattern, left: tuple[Element, ...], anchor: Phrase, right: tuple[Element, ...]
) -> Variant:
    before = (*map(_needed, left), *(frozenset((word,)) for word in anchor.words[1:]))
    after = map(_needed, right)
    plain = not left or (len(left) == 1 and isinstance(left[0], Slot))
    needed = tuple(filter(None, before)), tuple(filter(None, after))
    return Variant(term, pattern, left, anchor, right, *needed, bool(pattern.slots()), plain)


def _needed(element: Element) -> frozenset[str]:
    """Words of which a text has one where it has an element of a pattern; none where that may be anything."""
    if isinstance(element, Choice):
        return frozenset(phrase.words[0] for phrase in element.phrases)
    return frozenset((element.text,)) if isinstance(element, Mark) else frozenset()
