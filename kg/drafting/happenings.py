"""Drafts events that words name by a noun, with where and when: “the war in Syria”, “a border conflict in 1998”.

The nouns are the labels of the ontology's classes of events, and the words that the lexicon has as cues for them. What
a pattern of the lexicon says more fully (“talks between A and B”) is left to that.
"""

import re
from collections.abc import Iterable, Iterator

from pyoxigraph import Literal, NamedNode, Triple

from kg.dataset.roles import Roles
from kg.drafting import when
from kg.rdf.namespaces import ENT, ID, RDF_TYPE, RDFS_LABEL, local_name
from kg.source.proposals import Proposal
from kg.text.forms import slug_words
from kg.text.words import DETERMINERS, FINITE, Name
from kg.validation.reading import Reading

_EVENT = ENT + "Event"
_NOT_NAMED = frozenset(ENT + name for name in ("Event", "Milestone", "Statement"))
_NO_EVENT = re.compile(
    "(?:ambassador|consul|consulate|diplomat|embassy|envoy)", re.IGNORECASE
)  # though they tell of one
_ADJECTIVES = re.compile(r"(?<![\w-])(?:(?:[a-z][a-z-]+) ){1,2}\Z")
_PREPOSITIONS = "of in on at for to from by with after before during over since until into about"
_NO_ADJECTIVES = DETERMINERS | FINITE | frozenset(f"{_PREPOSITIONS} and or but new first last next".split(" "))
_A_NOUN = re.compile(r"\b(?:the|an?|its|their|his|her|this|that|another)\s(?:[a-z-]+ ){0,2}\Z", re.IGNORECASE)
_WHERE = re.compile(r" (?:in|at) (?:the (?:[A-Z]\w+ )?(?:capital|city|port|town)(?: of)? )?(?:the )?\Z")
_BETWEEN = re.compile(r" between (?:the )?\Z")
_GOES_ON = re.compile(r"(?: (?:in|at|of|on|that|held))? \Z|\Z")


class Happenings:
    """The events that the nouns of passages name."""

    def __init__(self, roles: Roles) -> None:
        self._names, self._roles = roles.names, roles
        self._nouns: dict[str, dict[str, str]] = {}  # class (IRI) by noun, by language

    def of(self, reading: Reading, said: Iterable[tuple[str, int, int]]) -> Iterator[Proposal]:
        """The events that a passage names, but for those of the classes that something `said` has there already.

        What is said is a class (IRI), and from where to where the words go.
        """
        told = list(said)
        for kind, start, end in self._found(reading):
            if any(a < end and start < z and self._is_near(kind, other) for other, a, z in told):
                continue
            if proposal := self._proposal(reading, kind, start, end):
                yield proposal

    def _is_near(self, kind: str, other: str) -> bool:
        return kind in self._names.above(other) or other in self._names.above(kind)

    def _found(self, reading: Reading) -> Iterator[tuple[str, int, int]]:
        """The nouns of a quote, outside of names, each with its class; of nouns within each other the longest."""
        labels = self._labels(reading.names.language)
        inside = [(n.start, n.end) for n in reading.named]
        nouns = self._pattern(labels).finditer(reading.quote)
        rows = [(m.start(), -m.end(), 0, labels[m[0].lower()]) for m in nouns]
        rows += [
            (m.start, -m.end, 1 + (not self._is_pattern(reading, m.term, m.start)), m.term)
            for m in reading.cue_matches
            if m.group is None and self._is_event(m.term) and _A_NOUN.search(reading.quote, 0, m.start)
            if not _NO_EVENT.match(reading.quote, m.start)
        ]
        last = -1
        for start, end, _, kind in sorted(rows):
            if start >= last and not any(a <= start and -end <= z for a, z in inside):
                last = -end
                yield kind, start, -end

    def _is_pattern(self, reading: Reading, kind: str, start: int) -> bool:
        """Whether a pattern of a class fits at a place: of the classes that a noun may tell, that one."""
        return any(m.term == kind and m.start <= start < m.end for m in reading.matches)

    def _labels(self, language: str) -> dict[str, str]:
        if language not in self._nouns:
            rows = self._names.class_labels(language).items()
            self._nouns[language] = {label: kind for kind, found in rows if self._is_event(kind) for label in found}
        return self._nouns[language]

    def _pattern(self, labels: Iterable[str]) -> re.Pattern[str]:
        words = "|".join(sorted(map(re.escape, labels), key=len, reverse=True))
        return re.compile(rf"(?<![\w-])(?:{words})(?![\w-])", re.IGNORECASE) if words else re.compile(r"(?!)")

    def _is_event(self, kind: str) -> bool:
        return _EVENT in self._names.broader(kind) and kind not in _NOT_NAMED

    def _proposal(self, reading: Reading, kind: str, start: int, end: int) -> Proposal | None:
        quote = reading.quote
        roles: list[tuple[str, str]] = []
        last = end
        if (place := self._place(reading, end)) is not None:
            roles.append(("place", place[0]))
            last = place[1]
        elif pair := self._pair(reading, end):
            roles += [("participant", x) for x in pair[0]]
            last = pair[1]
        lasting = not self._roles.lasting.isdisjoint(self._names.above(kind))
        sentence = reading.sentence(start)
        tense = when.tense_of(quote, start, sentence)
        dates = when.dated(
            quote, (start, last), sentence, reading.article.reading_date, tense, lasting=lasting, over=False
        )
        dates = [d for d in dates if _GOES_ON.match(quote[last : quote.find(d.words, last)])] if dates else []
        if not roles and not dates:
            return None
        first = start - len(self._adjectives(quote[:start]))
        label = quote[first:last] if roles else quote[first:end]
        node = NamedNode(ID + "-".join(filter(None, [*slug_words(label), reading.article.reading_date[:7]])))
        triples = [
            Triple(node, NamedNode(RDF_TYPE), NamedNode(kind)),
            Triple(node, NamedNode(RDFS_LABEL), Literal(label, language=reading.names.language)),
            *(Triple(node, NamedNode(ENT + role), NamedNode(thing)) for role, thing in roles),
        ]
        triples += [d.triple(node.value) for d in dates]
        words = dict.fromkeys([quote[first:last], *(d.words for d in dates)])
        by = f"rule: a noun for {local_name(kind)}, with where or when"
        return Proposal(f"proposal-{local_name(node.value)}", reading.passage.iri, tuple(words), by, tuple(triples))

    def _adjectives(self, before: str) -> str:
        """The adjectives right before a noun: “civil ”, “trilateral ”."""
        found = _ADJECTIVES.search(before)
        kept: list[str] = []
        for word in reversed(found[0].split() if found else []):
            if word in _NO_ADJECTIVES:
                break
            kept.insert(0, word)
        return "".join(f"{word} " for word in kept[-1:])

    def _place(self, reading: Reading, end: int) -> tuple[str, int] | None:
        """The place after a noun with “in” or “at”, and where its name ends."""
        for name in reading.named:
            if name.start > end and _WHERE.fullmatch(reading.quote, end, name.start):
                words = reading.quote[name.start : name.end]
                places = [x for x in self._of_kind(name, "Place", words) if words in self._names.names(x)]
                if len(places) == 1:  # and no adjective: “in the Turkish capital of Ankara”
                    return places[0], name.end
        return None

    def _pair(self, reading: Reading, end: int) -> tuple[list[str], int] | None:
        """The two that a noun is between, and where the second name ends."""
        for one in reading.named:
            if one.start > end and _BETWEEN.fullmatch(reading.quote, end, one.start):
                both = self._of_kind(one, "Actor", several=True)
                if len(both) == 2 and not any(both[0] in self._names.around(x) for x in both):
                    return both, one.end
                rest = (n for n in reading.named if re.fullmatch(r" and (?:the )?", reading.quote[one.end : n.start]))
                other = next(rest, None)
                things = [x for n in (one, other) if n for x in self._of_kind(n, "Actor")]
                return (things, other.end) if other and len(set(things)) == 2 else None
        return None

    def _of_kind(self, name: Name, kind: str, words: str = "", *, several: bool = False) -> list[str]:
        """The thing of a class that a name means: of several the one of that very name, else the state."""
        things = sorted(x for x in name.things if ENT + kind in self._names.kinds(x))
        if several or len(things) < 2:
            return things
        called = [x for x in things if words in self._names.names(x)]
        chosen = called or [x for x in things if ENT + "State" in self._names.kinds(x)]
        return chosen if len(chosen) == 1 else []
