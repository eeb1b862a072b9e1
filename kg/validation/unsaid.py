"""Relations and events for which no words speak, where these say something else of all their things (rule 31).

That the patterns and cues of a class are silent is no finding: no lexicon has all words. It is one where what such a
fact holds together stands together in these words for another reason, which other facts of the passage state.
"""

from collections.abc import Iterable, Iterator
from functools import cached_property

from kg.dataset.roles import Thing
from kg.findings import Check, Finding
from kg.rdf.namespaces import ENT, RDF_TYPE, compact
from kg.text.matching import Match
from kg.text.words import PREPOSITIONS
from kg.validation.reading import ADDS, AGREES, DIFFERS, RELATION, ArticleReadings, Reading, Spans, fillers_of
from kg.validation.teaching import cue_lines

UNSAID = Check(
    "unsaid-relation",
    "Words speak for each relation and event between things that a passage names, if they say other things of them.",
    "Two states at one summit are no allies: who is named side by side is easily told to be more than that.",
    wrong="id:lorvia-for-sudmark a ent:Support ; ent:backer id:lorvia ; ent:backed id:sudmark .\n"
    "    id:tarns-visit a ent:Visit ;\n        ent:visitor id:ana-tarn ;",
    right="id:tarns-visit a ent:Visit ;\n        ent:visitor id:ana-tarn ;",
    severities=("warning",),
)
_ANSWERS = (
    "take it out, or correct its class; if the words mean it: quote more of them, read the passage with one that says"
    " it (ent:readWith), point at those that say it (ent:wording), or "
)
_EVENT = ENT + "Event"
_TOPS = frozenset((_EVENT, RELATION))
_STATEMENT = ENT + "Statement"  # said by more verbs than any lexicon has


def check_unsaid(readings: Iterable[Reading]) -> Iterator[Finding]:
    """The relations and events between named things for which no words speak, and where others are said of these."""
    told: dict[tuple[ArticleReadings, str], bool] = {}
    for reading in readings:
        yield from _Unsaid(reading, told).findings()


class _Unsaid:
    """The relations and events of one passage, and the words that speak for them."""

    def __init__(self, reading: Reading, told: dict[tuple[ArticleReadings, str], bool]) -> None:
        """Take a passage, and of which things it is known whether any passage that states them has words for them."""
        self.reading, self.roles, self._told = reading, reading.roles, told

    def findings(self) -> Iterator[Finding]:
        """What is made of things that the words name for another reason."""
        for thing in self.reading.things:
            things = self._between(thing)
            exempt = self.reading.matchers.cued.isdisjoint(thing.kinds - _TOPS) or thing.has("wording")
            if len(things) < 2 or exempt or self._is_said(thing):
                continue
            term = next(iter(thing.values.get(RDF_TYPE, {})), RELATION)
            kind, answers = compact(term), _ANSWERS + cue_lines(term, self.reading.names.language)
            if self._has_names_only():
                message = f"the words only name things, and nothing speaks for {compact(thing.iri)} ({kind})"
                yield self.reading.finding(UNSAID, thing.first, message, answers)
            elif other := self._instead(thing, things):
                words = f"“{self._spoken_for[other]}” speaks for {compact(other)}"
                message = f"{words}, and nothing for {compact(thing.iri)} ({kind})"
                yield self.reading.finding(UNSAID, thing.first, message, answers)

    def _between(self, thing: Thing) -> list[str]:
        """The things with names that a relation or an event holds together; none where the words name not all of them.

        Of these there is a finding already.
        """
        things = {x for x in fillers_of(thing) if self.reading.names.needs_name(x)}
        named = things <= self.reading.things_named
        judged = not _TOPS.isdisjoint(thing.kinds) and _STATEMENT not in thing.kinds
        return sorted(things) if named and judged else []

    # Words for a relation

    def _is_said(self, thing: Thing) -> bool:
        """Whether any words speak for a thing: here, in quotes around, or wherever the article states it."""
        terms, key = self._terms(thing), (self.reading.others, thing.iri)
        if any(
            self._words_for(near, thing, terms) for near in dict.fromkeys((*self.reading.together, *self.reading.near))
        ):
            return True
        if key not in self._told:
            stating = ((_Unsaid(r, self._told), r.thing_of[thing.iri]) for r in self.reading.others.stating(thing.iri))
            self._told[key] = any(there._words_for(there.reading, x, terms) for there, x in stating)
        return self._told[key]

    def _terms(self, thing: Thing) -> frozenset[str]:
        """Its classes, but those at the top, and those below them."""
        own, names = thing.kinds - _TOPS, self.roles.names
        said = self.reading.matchers.cued | self.reading.matchers.said
        return own | {term for term in said if not own.isdisjoint(names.broader(term))}

    def _words_for(self, reading: Reading, thing: Thing, terms: frozenset[str]) -> str:
        """The first words of a quote that speak for a thing, and not for another one; empty where there are none."""
        if named := self._name_of(reading, thing):
            return named
        matches = [m for m in reading.matches if m.term in terms]
        others = [(m.start, m.end) for m in matches if self._is_of_another(reading, m, thing)]
        others += [
            (n.start, n.end) for n in reading.named if any(not terms.isdisjoint(self._kinds(x)) for x in n.things)
        ]
        words = [(m.start, m.end) for m in (*matches, *reading.cue_matches) if m.term in terms]
        nouns = self.roles.names.class_nouns(reading.names.language).find_all(reading.quote.lower())
        words += [(noun.start, noun.end) for noun in nouns if not terms.isdisjoint(noun.iris)]
        taken = Spans(others)
        return next((reading.quote[start:end] for start, end in words if not taken.hold(start, end)), "")

    def _name_of(self, reading: Reading, thing: Thing) -> str:
        spans = ((n.start, n.end) for n in reading.named if thing.iri in n.things)
        return next((reading.quote[start:end] for start, end in spans), "")

    def _kinds(self, thing: str) -> frozenset[str]:
        return self.roles.names.kinds(thing)

    def _is_of_another(self, reading: Reading, match: Match, thing: Thing) -> bool:
        """Whether words say another thing of its class, which is stated, and nothing in them is in its roles.

        In words that the passage is only read with, it may share a thing with the other.
        """
        fit = set(reading.fit(match, thing).values())
        here = reading in self.reading.near
        if fit.isdisjoint((DIFFERS,) if here else (DIFFERS, ADDS)) or (here and not fit.isdisjoint((AGREES, ADDS))):
            return False
        others = (x for x in reading.around if x.iri != thing.iri and match.term in x.kinds)
        return any(reading.is_said(match, x) for x in others)

    # Words for something else

    def _has_names_only(self) -> bool:
        """Whether the quote has no words beside names, articles and prepositions."""
        words = self.reading.matchers.words_beside(self.reading.quote, tuple(self.reading.named))
        return all(word in PREPOSITIONS for word in words)

    def _instead(self, thing: Thing, things: list[str]) -> str:
        """What the words say in the place of a relation, if that is all for which they name its things; else empty."""
        if not self._spoken_for:
            return ""
        here = [x for x in things if not self._is_elsewhere(x, things)]
        reasons = [self._reasons(x) - {thing.iri} for x in here]
        if not all(reasons):
            return ""
        found = set[str]().union(*reasons[:1]).intersection(*reasons) or set[str]().union(*reasons)
        found = found or {x for x in self._spoken_for if not _TOPS.isdisjoint(self._kinds(x))} - {thing.iri}
        return min(found, default="")

    def _is_elsewhere(self, thing: str, things: list[str]) -> bool:
        """Whether the quote does not name a thing, or as the speaker, or as a part of the name of another of these."""
        if thing in self.reading.passage.speakers:
            return True
        others = {x for x in things if x != thing}
        spans = [(n.start, n.end) for n in self.reading.named if not others.isdisjoint(n.things)]
        near = self.roles.near(thing)
        own = [(n.start, n.end) for n in self.reading.named if not near.isdisjoint(n.things)]
        return all(any(start <= a and b <= end and (start, end) != (a, b) for start, end in spans) for a, b in own)

    def _reasons(self, named: str) -> set[str]:
        """The things of the passage for which the words speak, in whose roles a thing is, or one near to it."""
        near = self.roles.near(named)
        spoken_for = (x for x in self.reading.around if x.iri in self._spoken_for)
        return {
            x.iri
            for x in spoken_for
            if not near.isdisjoint(fillers_of(x)) or (x.iri in near and self._property_words(x))
        }

    def _property_words(self, thing: Thing) -> str:
        said = (m for m in self.reading.matches if m.term in thing.values and self.reading.is_said(m, thing))
        return next((self.reading.words(m) for m in said), "")

    @cached_property
    def _spoken_for(self) -> dict[str, str]:
        """The things of the passage for which its words speak, with these."""
        found = ((x.iri, self._words_here(x)) for x in self.reading.around)
        return {thing: words for thing, words in found if words}

    def _words_here(self, thing: Thing) -> str:
        words = self._name_of(self.reading, thing) or self._property_words(thing)
        if words or _TOPS.isdisjoint(thing.kinds):
            return words
        return self._words_for(self.reading, thing, self._terms(thing))
