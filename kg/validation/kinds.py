"""Checks that words speak for the class of a work or an event (rule 31), and for one that words of its own tell.

A name in the quote that ends in the noun of a class tells what the thing is. Else words for its class count in all
passages about it. Where there are none, words for a class that excludes it are a finding; and so is a class that its
own words alone tell from the one above it (`ent:noPattern` beside `ent:cue`), such as a war from a conflict.
"""

import re
from collections.abc import Iterable, Iterator

from kg.dataset.roles import Thing
from kg.findings import Finding
from kg.rdf.namespaces import RDF_TYPE, compact
from kg.text.matching import Match
from kg.validation.contrast import CUE_WORDS
from kg.validation.reading import HAPPENING, RELATION, Reading, by_slot
from kg.validation.teaching import cue_lines

_ANSWERS = (
    "correct the class; if the words mean it: state it in a passage whose words say so, or read with one"
    " (ent:readWith), or "
)
_TOPS = HAPPENING | {RELATION}
_NOUN = re.compile(r".+?(?= (?:of|for|from|to|in|at|on|between|with|by|during)\b|$)")  # of a name, without what follows


def check_kinds(readings: Iterable[Reading]) -> Iterator[Finding]:
    """The classes of things for which no words about them speak."""
    for reading in readings:
        for thing in reading.things:
            if RDF_TYPE in thing.values:
                kinds = _Kinds(reading, thing)
                yield from [*kinds.by_name()] or kinds.by_cues()


class _Kinds:
    """The classes that a passage states of one thing."""

    def __init__(self, reading: Reading, thing: Thing) -> None:
        self.reading, self.thing = reading, thing
        self.roles, self.names, self.matchers = reading.roles, reading.roles.names, reading.matchers
        self.stating = reading.others.stating(thing.iri)

    def by_name(self) -> Iterator[Finding]:
        """The class of a work or event whose name in the quote ends in the noun of one that excludes it."""
        nouns = self.names.class_nouns(self.reading.names.language)
        for name in (n for n in self.reading.named if self.thing.iri in n.things):
            words = _NOUN.match(self.reading.quote[name.start : name.end].lower())
            found = [m for m in nouns.find(words[0]) if m.end == len(words[0])] if words else []
            tops = HAPPENING & self.thing.kinds
            labels = self.names.class_labels(self.reading.names.language)
            kinds = {kind for match in found for kind in match.iris if match.words.lower() in labels.get(kind, ())}
            told = {kind for kind in kinds if tops & self.names.broader(kind)}
            for own, t in self.thing.values[RDF_TYPE].items():
                near = self.names.above(own)
                if told and told.isdisjoint(self.thing.kinds) and all(self._excludes(kind, near) for kind in told):
                    what = f"what {compact(self.thing.iri)} is called, which is {compact(min(told))}, no {compact(own)}"
                    yield self.reading.finding(CUE_WORDS, t, f"“{found[0].words}” is {what}", self._answers(own))
                    return

    def by_cues(self) -> Iterator[Finding]:
        """The classes for which no words speak: where words speak for a rival, or where words alone tell the class."""
        for kind, t in self.thing.values[RDF_TYPE].items():
            if kind not in self.matchers.cued or (self.thing.iri, kind) in self.roles.background_kinds:
                continue
            if kind in self.matchers.told_by_cues:
                if not self._speaks_for(self._of(kind)):
                    message = f"no words about {compact(self.thing.iri)} speak for {compact(kind)}"
                    yield self.reading.finding(CUE_WORDS, t, message, self._answers(kind))
            elif not HAPPENING.isdisjoint(self.thing.kinds) and (rival := self._rival(kind)):
                words = f"“{self.reading.cues[rival]}” speaks for {compact(rival)}"
                message = f"{words}, and nothing for {compact(kind)}, which is said of {compact(self.thing.iri)}"
                yield self.reading.finding(CUE_WORDS, t, message, self._answers(kind))

    def _answers(self, kind: str) -> str:
        return _ANSWERS + cue_lines(kind, self.reading.names.language)

    def _of(self, kind: str) -> frozenset[str]:
        """A class and those below it."""
        return self.names.below(kind) & self.matchers.cued

    def _rival(self, kind: str) -> str:
        """A class for which the passage has words, and which excludes one for which none about the thing speak."""
        own = self.names.above(kind) - _TOPS
        others = {k for r in self.stating for x in r.things if x.iri != self.thing.iri for k in x.kinds}
        told = {m.term for m in self.reading.cue_matches if self._may_contradict(m)}
        for rival in sorted(told - others):
            alike = self.thing.kinds & self.names.broader(rival) & HAPPENING
            terms = (own - self.names.above(rival)) | self._of(kind)
            if alike and self._excludes(rival, own) and not self._speaks_for(terms):
                return rival
        return ""

    def _may_contradict(self, cue: Match) -> bool:
        return self._is_said_of_some(cue) if cue.verb >= 0 else not self.reading.is_weak(cue)

    def _is_said_of_some(self, cue: Match) -> bool:
        """Whether a pattern of a class, with the verb of a cue, names something that fits: no tanker is annexed."""
        return any(
            self.reading.fits(x, path, cue.term, self.thing)
            for match in self.reading.matches
            if match.term == cue.term and match.verb == cue.verb
            for path, fillers in by_slot(match).items()
            for x in {x for filler in fillers for x in filler.things}
        )

    def _excludes(self, rival: str, own: frozenset[str]) -> bool:
        return any(self.roles.exclude_each_other(one, other) for one in self.names.above(rival) for other in own)

    def _speaks_for(self, terms: frozenset[str]) -> bool:
        """Whether a passage about the thing, or a name of it, has a cue or a pattern of one of these classes."""
        readings = {r.passage.iri: r for stating in self.stating for r in stating.together}
        for reading in readings.values():  # also what is denied or to come has its class
            if any(m.term in terms for m in (*self.matchers.find_cues(reading.quote), *reading.matches)):
                return True
        return any(not terms.isdisjoint(self.reading.cues_in(name)) for name in self.names.names(self.thing.iri))
