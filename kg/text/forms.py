"""Forms of a name: the words by which an English text names a thing whose name is known, and where they occur in it.

“Recep Tayyip Erdogan” is also “Erdogan”, “Turkey” is “Turkish” and “Turks”, “Free Syrian Army” is “FSA”, and “power
link” is “power links”. Possessives need no form, since a name ends at an apostrophe. What a rule cannot derive, such as
“Dutch”, is given as irregular.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

_ALIKE = str.maketrans("’‘ʼ\u00a0\u202f", "'''  ")  # one for one, so that offsets stay
_WORD = re.compile(r"\w+")
_LONGEST = 100  # code points of a name of which forms are made


def slug_words(text: str) -> list[str]:
    """The words of a text as they stand in an IRI: letters and digits of ASCII, small."""
    return re.findall("[a-z0-9]+", flat(text).lower())


class NameMatch(NamedTuple):
    """A name in a text, from `start` to `end` (code points, end exclusive), and the IRIs of all things of that name."""

    start: int
    end: int
    words: str
    iris: tuple[str, ...]


class NameMatcher:
    """Finds names in texts, in time that depends on the text and not on how many names there are.

    Case and accents count, kinds of apostrophe and space do not.
    """

    def __init__(self, pairs: Iterable[tuple[str, str]]) -> None:
        """Take pairs of a name and an IRI; a name without a letter or digit is never found."""
        self._iris: dict[str, set[str]] = defaultdict(set)
        for name, thing in pairs:
            self._iris[name.translate(_ALIKE)].add(thing)
        self._by_word: dict[str, set[tuple[int, int]]] = defaultdict(set)  # offset of the first word, and length
        for name in self._iris:
            if word := _WORD.search(name):
                self._by_word[word[0]].add((word.start(), len(name)))

    def find(self, text: str) -> list[NameMatch]:
        """The names in a text in its order, at word borders, without those within a longer one."""
        longest: list[NameMatch] = []
        for match in self.find_all(text):
            if not longest or match.end > longest[-1].end:
                longest.append(match)
        return longest

    def find_all(self, text: str) -> list[NameMatch]:
        """The names in a text in its order, at word borders; of two that begin at one place the longer first."""
        found = sorted(self._at_words(text.translate(_ALIKE)), key=lambda m: (m.start, -m.end))
        return [match._replace(words=text[match.start : match.end]) for match in found]

    def _at_words(self, text: str) -> Iterator[NameMatch]:
        for word in _WORD.finditer(text):
            for before, length in self._by_word.get(word[0], ()):
                start = word.start() - before
                end = start + length
                name = text[start:end] if start >= 0 and end <= len(text) else ""
                if name in self._iris and not _in_word(text, start) and not _in_word(text, end):
                    yield NameMatch(start, end, name, tuple(sorted(self._iris[name])))


def _in_word(text: str, place: int) -> bool:
    """Whether an offset is within a word rather than at its border."""
    return 0 < place < len(text) and all(c.isalnum() or c == "_" for c in text[place - 1 : place + 1])


def flat(text: str) -> str:
    """A text without its accents, code point by code point, so that offsets stay."""
    return text if text.isascii() else "".join(unicodedata.normalize("NFD", c)[0] for c in text)


# Forms

PERSON, PLACE, ORGANISATION, OTHER = "person", "place", "organisation", "other"

_THE = re.compile(r"(?:[Tt]he|[Aa]n?) ")
_OF_NAMES = "al ap bin da dal de del della den der des di do dos du el ibn la le van von y"
_PARTICLES = frozenset(_OF_NAMES.split())
_BEFORE_NAMES = "dr mr mrs ms prof sir st lord jr sr"
_TITLES = frozenset(_BEFORE_NAMES.split())
_LINKS = "and at by for from in of on or over the to upon with"
_SMALL = frozenset(_LINKS.split()) | _PARTICLES
_LEGAL = re.compile(
    r",? (?:AG|A\.?S|Co|Company|Corp|Corporation|GmbH|Group|Holding|Inc|JSC|LLC|Ltd|Limited|PJSC|plc|SA)\.?$"
)
_GENERIC = (
    "bay|canal|city|gulf|island|isle|lake|mount|mountain|ocean|province|region|republic|river|sea|state|strait|valley"
)
_POLITY = (
    "commonwealth|confederation|duchy|emirate|federation|kingdom|principality|republic|state|states|sultanate|union"
)
_BEGINS = re.compile(
    rf"(?:the )?(?:(?:{_GENERIC})s?(?: of(?: the)?)?|(?:[^\W\d_][\w'’-]* ){{0,4}}(?:{_POLITY}) of(?: the)?)"
    r" (?=\w{3})",
    re.IGNORECASE,
)
_ENDS = re.compile(rf"(?<=\w{{3}}) (?:{_GENERIC})s?$", re.IGNORECASE)


def forms(name: str, kind: str, irregular: Mapping[str, Iterable[str]]) -> set[str]:
    """The forms of a name of a person, a place, an organisation or another thing, without accents.

    `irregular` has, by name, adjectives and names of inhabitants that no rule gives.
    """
    plain = _THE.sub("", flat(" ".join(name.split())), count=1) if _THE.match(name) else flat(" ".join(name.split()))
    if not plain or len(plain) > _LONGEST:
        return {plain} - {""}
    found = {plain, *_initials(plain)}
    if kind == PERSON:
        return found | _parts(plain) | {part.upper() for part in {plain, *_parts(plain)} if len(part) > 3}
    if kind == ORGANISATION:
        found.add(_LEGAL.sub("", plain))
    if kind == PLACE:
        found |= {short for short in (_BEGINS.sub("", plain), _ENDS.sub("", plain)) if short[:1].isupper()}
        found |= {form for short in found.copy() for form in of_origin(short, irregular)}
    found |= {form.upper() for form in found if len(form) > 3 and kind != OTHER}
    common = {plain, *_numbers(plain)}
    return found | common | {_other_case(form) for form in common} - {""}


def _parts(name: str) -> set[str]:
    """The parts of a person's name by which alone a text may go on: “Erdogan”, “al Assad”, “Xi”."""
    words = name.split()
    found = {w for w in words if len(w) > 1 and w[0].isupper() and w.lower().strip(".") not in _PARTICLES | _TITLES}
    for i, word in enumerate(words[1:], 1):
        if word.lower() in _PARTICLES:
            rest = " ".join(words[i + 1 :])
            found |= {f"{w}{link}{rest}" for w in (word, word.lower(), word.capitalize()) for link in " -"}
    return {part for part in found if not part.endswith(".")}


def _initials(name: str) -> set[str]:
    """“FSA” and “F.S.A.” of “Free Syrian Army”; with and without the small words."""
    words = re.findall(r"[^\W\d_]+", name)
    large = [w[0] for w in words if w[0].isupper()]
    every = [w[0].upper() for w in words]
    if len(large) < 2 or not name[0].isupper():
        return set()
    rows = (large, every) if len(every) - len(large) < len(large) else (large,)
    return {form for row in rows for form in ("".join(row), ".".join(row) + ".", "".join(row) + "s") if len(row) > 1}


def _numbers(name: str) -> set[str]:
    """The singular or the plural of a name that is no proper one: “opposition groups”, “opposition group”."""
    last = name.rsplit(" ", 1)[-1]
    if not last.islower() or len(last) < 3:
        return set()
    if last.endswith("ies"):
        return {name[:-3] + "y"}
    if last.endswith("s") and not last.endswith(("ss", "us", "is")):
        return {name[:-1], *({name[:-2]} if last.endswith(("ches", "shes", "sses", "xes")) else ())}
    if last.endswith("y") and last[-2] not in "aeiou":
        return {name[:-1] + "ies"}
    return {name + ("es" if last.endswith(("ch", "sh", "ss", "x")) else "s")}


def _other_case(name: str) -> str:
    """A name with the other case of its first letter, where it is no proper name: “Power link”, “power link”."""
    words = name.split()
    common = all(w.islower() for w in words[1:]) and any(w not in _SMALL for w in words[1:])
    if name[0].islower():
        return name[0].upper() + name[1:]
    return name[0].lower() + name[1:] if common and words[0][1:].islower() else ""


# What adjectives of places end in, by the end of the name that they take the place of.
_SUFFIXES = (
    ("", "n i ian an ean ese ish ic er nian nese"),  # Libyan, Iraqi, Egyptian, Korean, Japanese, Finland-er
    ("a", "an ian ean ese i ic"),  # Sundrian, Kenyan, Chinese, Malaysian
    ("e", "an ian ese ish"),  # Chilean, Ukrainian
    ("o", "an ese lese ian"),  # Mexican, Congolese
    ("y", "ian an ish"),  # Italian, Hungarian
    ("ey", "ish"),  # Turkish
    ("land", "ish landic"),  # Polish, Irish
    ("us", "ian an iot"),  # Cypriot, Belarusian
    ("os", "otian ian"),
    ("ia", "ic i ine"),  # Arabic, Saudi
    ("stan", ""),
)
_NO_PLURAL = ("ch", "ese", "s", "sh")


def of_origin(name: str, irregular: Mapping[str, Iterable[str]]) -> Iterator[str]:
    """Adjectives and names of the people of a place, or of another thing that has its name: “Turkish”, “Talvians”."""
    given = tuple(irregular.get(name) or irregular.get(name.replace("'", "’"), ()))
    derived = _derived(name) if not given and name[:1].isupper() and _is_proper(name) else ()
    for form in (*given, *derived):
        yield form
        if not form.endswith(_NO_PLURAL):
            yield form + "s"


def _is_proper(name: str) -> bool:
    return len(name.split()) <= 3 and all(w[0].isupper() or w in _SMALL for w in name.split())


def _derived(name: str) -> Iterator[str]:
    for end, suffixes in _SUFFIXES:
        stem = name[: len(name) - len(end)] if name.endswith(end) else ""
        if len(stem) >= 3 and not (len(stem) == 3 and end == "" and stem.isupper()):
            yield from (stem + suffix for suffix in suffixes.split())
            if end == "stan":
                yield stem.rstrip("i")
