"""Checks of kind, status, mode and bounds by contrast: words speak for another, and none for what is stated (rule 31).

A cue counts by contrast alone: those of the fact are absent, and those of a rival are there. That nothing speaks for a
fact is no finding.
"""

from collections.abc import Iterable, Iterator

from pyoxigraph import Triple

from kg.dataset.roles import Thing
from kg.findings import Check, Finding
from kg.rdf.namespaces import ENT, RDF_TYPE, compact
from kg.rdf.terms import iri
from kg.text.amounts import find_amounts
from kg.text.dates import resolve
from kg.text.matching import Match
from kg.text.parts import Filler
from kg.text.words import BEFORE_NOUN, PERSONAL, PREPOSITIONS, TEMPORAL
from kg.validation.reading import RELATION, STATUS, WORK, Reading, by_slot, fillers_of
from kg.validation.status import OF_WORKS, is_of_another
from kg.validation.teaching import cue_lines

CUE_WORDS = Check(
    "cue-words",
    "No words speak for another kind, status, mode or bound in time than a fact has, where none speak for its own.",
    "“By video conference” is not “in person”, “a friend” no estrangement, and “until 2017” no start.",
    wrong="id:sudmark-lorvia-friendship a ent:Estrangement ;",
    right="id:sudmark-lorvia-friendship a ent:StateOfRelations ;",
    severities=("warning",),
)

_CUE_ANSWERS = (
    "correct it; if the words mean it: quote only those that say it, read the passage with one whose words say it"
    " (ent:readWith), or "
)
_BOUND_ANSWERS = (
    "write ent:start or ent:date; if the words mean an end: quote those that say so, or read with them (ent:readWith)"
)
_BOUNDS = {ENT + "start": ENT + "end", ENT + "end": ENT + "start"}
_WORKS = frozenset((WORK, ENT + "Milestone"))
_NO_TENSES = frozenset(("ended", "negated"))
_OVER = frozenset(("ended", "negated"))
_BEFORE_DATE = 80  # code points before date words in which it is looked for what they bound


def check_contrast(readings: Iterable[Reading]) -> Iterator[Finding]:
    """The facts for which no words speak, where words speak for what they are not."""
    for reading in readings:
        yield from _Contrast(reading).findings()


class _Contrast:
    """The facts of one passage against the cues in its words."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading

    def findings(self) -> Iterator[Finding]:
        """What the words speak for instead."""
        for thing in self.reading.things:
            yield from self._kind_findings(thing)
        for t in self.reading.passage.triples:
            yield from self._value_findings(t)

    def _value_findings(self, t: Triple) -> Iterator[Finding]:
        """What stands for another status or mode, or for the other bound in time."""
        value, role = iri(t.object), t.predicate.value
        if role in _BOUNDS:
            yield from self._bound_findings(t, role, _BOUNDS[role])
            return
        kind = self.reading.roles.individuals.get(value) if value in self.reading.matchers.cued else None
        if kind is None or (role in STATUS and self._is_told_by_verb(iri(t.subject))):
            return
        tenses, of_kind = self.reading.matchers.tenses, self.reading.roles.individuals
        found = [m for m in self.reading.cue_matches if m.term != value and of_kind.get(m.term) == kind]
        around = [x for x in self.reading.around if role in STATUS]
        found = [m for m in found if not any(self.reading.names_itself(m, x) for x in around)]
        if role in STATUS:
            found = [m for m in found if not self._tells_no_status(m, iri(t.subject), value)]
        rivals = list(dict.fromkeys(m.term for m in found if not self.reading.is_moved(m)))
        own = tenses.get(value, frozenset()) - _NO_TENSES  # statuses that go with one tense are near to each other
        rivals = [v for v in rivals if own.isdisjoint(tenses.get(v, frozenset()))]
        alike = self._said_together(iri(t.subject)) if rivals and role not in STATUS else set()
        stated = {iri(x.object) for x in self.reading.passage.triples if iri(x.subject) not in alike}
        if rivals and stated.isdisjoint(rivals) and not self.reading.speaks_for({value}):
            yield self._contrast_finding(t, value, rivals[0], self.reading.cues[rivals[0]])

    def _tells_no_status(self, cue: Match, thing: str, value: str) -> bool:
        """Whether a cue contradicts no status: it is weak, of another clause, or both can be so at a time."""
        if self.reading.is_weak(cue) or cue.term in self.reading.roles.compatible(value):
            return True
        if is_of_another(self.reading, cue):
            return True
        told = self.reading.thing_of.get(thing)
        of_none = told is not None and cue.term in OF_WORKS and told.kinds.isdisjoint(_WORKS)  # a “survey ship”
        return of_none or (told is not None and self.reading.is_beside(cue.start, cue.end, told))

    def _said_together(self, thing: str) -> set[str]:
        """The things that the same words say as this one, such as the parts of two in one event."""
        said = [{x.iri for x in self.reading.things if self.reading.is_said(m, x)} for m in self.reading.matches]
        return {x for things in said if thing in things for x in things}

    def _bound_findings(self, t: Triple, own: str, rival: str) -> Iterator[Finding]:
        """A start of which the words nearest before its date make an end, or the other way round; an end of no word."""
        value, stated = getattr(t.object, "value", ""), self.reading.passage.triples
        also = any(x.predicate.value == rival and getattr(x.object, "value", "") == value for x in stated)
        if also and own in self.reading.cues:
            return  # the same date, of two things
        told = [self._nearest_bound(words) for words in self._date_words(value)]
        if told and all(bound and bound[0] == rival for bound in told):
            yield self._contrast_finding(t, own, rival, told[0][1])
        elif own == ENT + "end" and not self._tells_end(t):
            message = f"nothing says that {compact(iri(t.subject))} ended at {value}"
            yield self.reading.finding(CUE_WORDS, t, message, _BOUND_ANSWERS)

    def _date_words(self, value: str) -> list[str]:
        """The date words of the passage that are read as a date, or else all of them; no ranges, which give both."""
        day = self.reading.article.reading_date
        read = {words: resolve(words, day) if day else [] for words in self.reading.passage.date_words}
        said = [words for words, found in read.items() if any(value == x.lexical for x in found)]
        return [words for words in said or read if len({x.start for x in read[words]}) < 2]

    def _nearest_bound(self, words: str) -> tuple[str, str]:
        """Which bound the words nearest before a date, or at its beginning, speak for, and these; none: empty."""
        at = self.reading.quote.find(words)
        start = max(at - _BEFORE_DATE, 0)
        before = self.reading.quote[start : at + len(words)] if at >= 0 else ""
        found = [m for m in self.reading.counting(before, planned=True) if m.term in _BOUNDS]
        found = [m for m in found if not _is_of_place(before, m.start, m.end, at - start)]
        found = [m for m in found if not _is_adjective(m, before)]
        nearest = max(found, key=lambda m: m.start, default=None)
        return (nearest.term, before[nearest.start : nearest.end]) if nearest else ("", "")

    def _tells_end(self, t: Triple) -> bool:
        """Whether words or other statements tell that a thing is over; a range of dates does so, too."""
        subject = [x for x in self.reading.passage.triples if x.subject == t.subject]
        if len(self._date_words("")) < len(self.reading.passage.date_words) or any(
            x.predicate.value == ENT + "start" for x in subject
        ):
            return True
        tenses = self.reading.matchers.tenses
        over = {status for status, fitting in tenses.items() if not _OVER.isdisjoint(fitting)} | {ENT + "end"}
        said = any(m.group is not None and m.group.ended for m in self.reading.matches)
        return said or self.reading.speaks_for(over) or any(iri(x.object) in over for x in subject)

    def _is_told_by_verb(self, thing: str) -> bool:
        """Whether a verb says how far a thing has come, which then has been judged."""
        found = (m for x in self.reading.things if x.iri == thing for m in self.reading.supporting(x))
        return any(m.group is not None and m.group.tells for m in found)

    def _kind_findings(self, thing: Thing) -> Iterator[Finding]:
        """A relation for whose class no words speak, where they speak for another that excludes it, or is unstated."""
        if not self._is_cued(thing):
            return
        others = {kind for x in self.reading.around if x.iri != thing.iri for kind in x.kinds}
        told = {m.term for m in self.reading.cue_matches if not self.reading.is_weak(m)}
        for kind in sorted(told - others):
            one_way = self.reading.roles.one_way  # told by patterns
            goes_one_way = not one_way.isdisjoint({kind, *thing.kinds})
            if (
                (not goes_one_way or (kind not in one_way and self._is_against(kind, thing)))
                and self._excludes_alone(kind, thing)
                and not self.reading.speaks_for(self._own(thing, kind))
            ):
                yield self._contrast_finding(thing.first, self._narrowest(thing), kind, self.reading.cues[kind])
                return
        if match := self._other_kind(thing):
            message = f"“{self.reading.words(match)}” says {compact(match.term)}, and nothing says {compact(thing.iri)}"
            answers = _CUE_ANSWERS + cue_lines(self._narrowest(thing), self.reading.names.language)
            yield self.reading.finding(CUE_WORDS, thing.first, message, answers)

    def _is_against(self, kind: str, thing: Thing) -> bool:
        """Whether a verb speaks for a class beside somebody in a role of a thing: “Lorvia condemned it”."""
        for m in self.reading.cue_matches:
            if m.term == kind and m.group is not None and m.group.tells:
                first, last = self.reading.sentence(m.start)
                beside = (n for n in self.reading.named if first <= n.start and n.end <= last)
                if any(not n.things.isdisjoint(fillers_of(thing)) for n in beside):
                    return not thing.has("wording")
        return False

    def _is_cued(self, thing: Thing) -> bool:
        """Whether the lexicon has cues by which a thing would be said: those of its class."""
        return RELATION in thing.kinds and not self.reading.matchers.cued.isdisjoint(thing.kinds)

    def _narrowest(self, thing: Thing) -> str:
        return next(iter(thing.values.get(RDF_TYPE, {})), RELATION)

    def _excludes_alone(self, kind: str, thing: Thing) -> bool:
        return any(self.reading.roles.exclude_each_other(kind, own) for own in thing.kinds)

    def _own(self, thing: Thing, rival: str) -> frozenset[str]:
        """The classes of a thing that do not stand above a rival as well."""
        return thing.kinds - self.reading.roles.names.above(rival)

    def _other_kind(self, thing: Thing) -> Match | None:
        """Words that say a relation of another class between things of which this one is stated; no fact says it.

        Words for its own class elsewhere in the passage do not count where the two classes exclude each other.
        """
        cued = not thing.kinds.isdisjoint({*self.reading.cues, *(m.term for m in self.reading.matches)})
        for match in self.reading.matches:
            if match.term in thing.kinds or not self.reading.roles.is_below(match.term, RELATION):
                continue
            excludes = self._excludes_alone(match.term, thing)
            if (cued and (not excludes or self._is_said(thing))) or self._lacks_an_amount(match):
                continue
            slots = [(path, f) for path, found in by_slot(match).items() for f in found]
            fillers = [f for _, f in slots]
            fitting = {v for path, f in slots if f.sure for v in f.things if self.reading.roles.fits(v, path)}
            named = [v for v in fillers_of(thing) if v in fitting]
            between = len(named) > 1 and len({frozenset(f.things) for f in fillers}) > 1
            rest = fillers_of(thing).difference(named)
            between = between or (excludes and len(named) == 1 and self._may_mean(fillers, rest))
            if between and not any(self._explains(x, match, named) for x in self.reading.around):
                return match
        return None

    def _lacks_an_amount(self, match: Match) -> bool:
        """Whether what fills a slot that takes a quantity alone says no amount: “granted licences to a company”."""
        slots = [(path, f) for path, found in by_slot(match).items() for f in found]
        texts = [self.reading.quote[f.start : f.end] for path, f in slots if self.reading.roles.is_quantity(path)]
        return any(not find_amounts(text, english=True) for text in texts)

    def _may_mean(self, fillers: list[Filler], things: set[str]) -> bool:
        """Whether each filler that names nothing known is a pronoun, or a noun for one of these things; and one is."""
        nouns = self.reading.roles.names.class_nouns(self.reading.names.language)
        kinds = {kind for thing in things for kind in self.reading.roles.names.kinds(thing)}
        words = [self.reading.quote[f.start : f.end].lower() for f in fillers if not f.known]
        told = [word in PERSONAL or any(not kinds.isdisjoint(m.iris) for m in nouns.find(word)) for word in words]
        return bool(told) and all(told)

    def _explains(self, thing: Thing, match: Match, named: list[str]) -> bool:
        """Whether a match says a thing, which has all that is named in its roles, or what may stand for it."""
        if match.term not in thing.kinds or not self.reading.is_said(match, thing):
            return False
        near = [self.reading.roles.near(value) for value in fillers_of(thing)]
        return all(any(value in x for x in near) for value in named)

    def _is_said(self, thing: Thing) -> bool:
        """Whether a pattern of its own class says a thing."""
        return any(m.term in thing.kinds and self.reading.is_said(m, thing) for m in self.reading.matches)

    def _contrast_finding(self, t: Triple, own: str, rival: str, words: str) -> Finding:
        message = f"“{words}” speaks for {compact(rival)}, and nothing for {compact(own)}"
        return self.reading.finding(CUE_WORDS, t, message, _CUE_ANSWERS + cue_lines(own, self.reading.names.language))


def _is_adjective(cue: Match, text: str) -> bool:
    """Whether a cue is a participle before a noun, which bounds nothing by a date: “a retired judge”."""
    participle = cue.group is not None and cue.group.tense == "participle" and not cue.group.finite
    before, after = text[: cue.start].lower().split()[-1:], text[cue.end :].lstrip(" \u00a0").split(" ")[0]
    noun = after.isalpha() and after.lower() not in PREPOSITIONS
    return participle and noun and not BEFORE_NOUN.isdisjoint(before)


def _is_of_place(text: str, start: int, end: int, at: int) -> bool:
    """Whether text[start:end] is a preposition that may be one of place, since no date comes right after it."""
    words = text[start:end].lower()
    return words in PREPOSITIONS - TEMPORAL and start < at and bool(text[end:at].strip())
