"""The lexicon: how a language says what the terms of the ontology mean, as the ontology's own annotations.

A term has patterns (`ent:pattern`) with its roles as slots, cues (`ent:cue`), which are words that speak for it,
examples (`ent:usage`), and if it is a status the tenses that fit it (`ent:tense`). The language of each is that of its
literal (model, rule 29). The clauses in which facts are said are read by `kg.dataset.sentences`.
"""

import re
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import NamedTuple

from pyoxigraph import Literal, NamedNode, Triple

from kg.errors import InputError
from kg.rdf.namespaces import ENT, local_name
from kg.text.normalisation import primary_language
from kg.text.patterns import Pattern, parse

PATTERN, CUE, USAGE, TENSE, NO_PATTERN = (ENT + name for name in ("pattern", "cue", "usage", "tense", "noPattern"))
NOUN_PHRASE = ENT + "nounPhrase"
LEXICAL = frozenset({PATTERN, CUE, USAGE, TENSE, NO_PATTERN, NOUN_PHRASE, ENT + "clause", ENT + "clauseTense"})

_MARKED = re.compile(r"\[(?P<role>[^\W\d_]\w*(?:/[^\W\d_]\w*)*): (?P<words>[^\[\]]+)\]")


class Marked(NamedTuple):
    """An example: its text, and what fills which role, text[start:end]."""

    text: str
    roles: tuple[tuple[str, int, int], ...]


class Lexicon:
    """The lexicon of an ontology in all its languages; what cannot be parsed is left out, and a finding elsewhere.

    Lexicons that say the same are equal.
    """

    def __init__(self, ontology: Iterable[Triple]) -> None:
        self._said: dict[str, dict[str, list[tuple[str, str]]]] = {}
        rows: list[tuple[str, str, str, str]] = []
        for t in ontology:
            if t.predicate.value not in LEXICAL or not isinstance(t.object, Literal):
                continue
            if t.object.language and isinstance(t.subject, NamedNode):
                row = primary_language(t.object.language), t.predicate.value, t.subject.value, t.object.value
                self._said.setdefault(row[0], {}).setdefault(row[1], []).append(row[2:])
                rows.append(row)
        self._rows = tuple(rows)
        self._parsed: dict[tuple[str, str], dict[str, list[Pattern]]] = {}

    def __eq__(self, other: object) -> bool:
        """Whether another lexicon says the same, in the same order."""
        return isinstance(other, Lexicon) and self._rows == other._rows

    def __hash__(self) -> int:
        """A hash that fits equality."""
        return hash(self._rows)

    @cached_property
    def languages(self) -> frozenset[str]:
        """The languages that have patterns."""
        return frozenset(language for language, said in self._said.items() if PATTERN in said)

    def texts(self, predicate: str, language: str) -> Iterator[tuple[str, str]]:
        """The terms with what is said of them by one of LEXICAL, as it is written."""
        yield from self._said.get(language, {}).get(predicate, ())

    def parsed(self, predicate: str, language: str) -> dict[str, list[Pattern]]:
        """By term its patterns or cues, in their order."""
        key = predicate, language
        if key not in self._parsed:
            found: dict[str, list[Pattern]] = {}
            for term, text in self.texts(predicate, language):
                try:
                    found.setdefault(term, []).append(parse(text))
                except InputError:
                    continue
            self._parsed[key] = found
        return self._parsed[key]

    def patterns(self, language: str) -> dict[str, list[Pattern]]:
        """By term its patterns."""
        return self.parsed(PATTERN, language)

    def cues(self, language: str) -> dict[str, list[Pattern]]:
        """By term its cues."""
        return self.parsed(CUE, language)

    def tenses(self, language: str) -> dict[str, frozenset[str]]:
        """By status the tenses that fit it (`kg.text.parts.TENSES`), and “negated” and “ended”; several add up."""
        found: dict[str, frozenset[str]] = {}
        for term, words in self.texts(TENSE, language):
            found[term] = found.get(term, frozenset()) | frozenset(words.split())
        return found


def marked(text: str) -> Marked:
    """An example with its marks read: “[backer: Turkey] backs [backed: the rebels].”"""
    plain, roles, at, written = "", [], 0, 0
    for match in _MARKED.finditer(text):
        plain += text[at : match.start()]
        written = len(plain)
        plain += match["words"]
        roles.append((match["role"], written, len(plain)))
        at = match.end()
    return Marked(plain + text[at:], tuple(roles))


def inverse(ontology: Iterable[Triple]) -> Iterator[str]:
    """The properties that noun phrases follow from object to subject."""
    for t in ontology:
        if t.predicate.value == NOUN_PHRASE and isinstance(t.object, Literal) and isinstance(t.subject, NamedNode):
            namespace = t.subject.value.removesuffix(local_name(t.subject.value)) or ENT
            yield from (f"{namespace}{role}" for role in re.findall(r"\^(\w+)", t.object.value))
