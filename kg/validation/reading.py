"""One passage read by the lexicon: which patterns and cues its words have, and how its facts go with them (rule 31)."""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from functools import cached_property, lru_cache
from itertools import accumulate

from pyoxigraph import Triple

from kg.dataset.build import Build
from kg.dataset.lexicon import NO_PATTERN, Lexicon
from kg.dataset.named import ArticleNames, Names
from kg.dataset.roles import Path, Roles, Thing
from kg.findings import Check, Finding
from kg.rdf.namespaces import ENT, ID, RDF_TYPE, short
from kg.rdf.terms import iri
from kg.source.article import Evidence, Passage
from kg.text import verbs
from kg.text.amounts import find_amounts, lexical
from kg.text.clauses import Clauses
from kg.text.connectives import denied, relative_clauses
from kg.text.dates import find_dates
from kg.text.matching import Match, Matcher
from kg.text.parts import Filler
from kg.text.patterns import THIS, Choice, Pattern
from kg.text.words import DETERMINERS, TO_DATE, WEAK, WORD, Name

WORK, RELATION = ENT + "InfrastructureProject", ENT + "Relation"
HAPPENING = frozenset((ENT + "Event", WORK))
STATUS = (ENT + "status", ENT + "stage")
_DESCRIBED = frozenset(ENT + name for name in ("Event", "Office", "Participation", "Relation", "Side"))
_EVENT, _START, _END, _SHELVED = (ENT + name for name in ("Event", "start", "end", "shelved"))
_NEAR = 60  # code points from a verb to a date that belongs to it
_STEM = 4  # letters that a verb and a noun of it have in common: “halt”, “suspen-d”, “suspen-sion”
_PASSING = frozenset(  # statuses on which others follow; what is finalised or cancelled stays so
    ENT + name
    for name in (
        *("announced", "expected", "intended", "outstanding", "planned", "preConstruction"),
        *("shelved", "suspended", "underWay"),
    )
)
_NUMBER = ENT + "number"
_COUNTED = re.compile("[ \u00a0][^\\W\\d_]+s(?!\\w)")  # the noun of “nine soldiers”
_MOST_KEPT = 4096  # quotes of which the matches are kept
AGREES, DIFFERS, ADDS, SILENT = "agrees", "differs", "adds", "silent"
Fit = dict[Path, str]  # how the slots of a match go with the roles of a thing


def readings(made: Build, names: Names) -> "Iterator[Reading]":
    """All passages that can be judged, of articles for whose language there is a lexicon."""
    return read(made.evidence, Lexicon(made.ontology), Roles(made, names))


def read(articles: Iterable[Evidence], lexicon: Lexicon, roles: Roles) -> "Iterator[Reading]":
    """The same of some articles."""
    for article in articles:
        found = roles.names.of(article)
        if found.language not in lexicon.languages:
            continue
        matchers, others = _matchers(lexicon, found.language), ArticleReadings()
        for passage in article.passages:
            others.add(Reading(others, matchers, roles, article, found, passage))
        yield from (reading for reading in others if found.is_whole(reading.passage))  # else a finding


class Matchers:
    """The lexicon of one language, made to match."""

    def __init__(self, lexicon: Lexicon, language: str) -> None:
        patterns, cues = lexicon.patterns(language), lexicon.cues(language)
        self.patterns = Matcher((term, pattern) for term, found in patterns.items() for pattern in found)
        self.cues = Matcher((term, pattern) for term, found in cues.items() for pattern in found)
        self.cued, self.said = frozenset(cues), frozenset(patterns)
        self.apart = {term: _apart(found) for term, found in patterns.items()}
        self.told_by_cues = self.cued & {term for term, _ in lexicon.texts(NO_PATTERN, language)}
        self.tenses = lexicon.tenses(language)
        rows = ((term, e) for term, found in cues.items() for p in found for e in p.elements if isinstance(e, Choice))
        self._words = {(term, phrase.words) for term, choice in rows for phrase in choice.phrases if not phrase.verb}
        # Kept for a process that validates again and again, as after each edit.
        self.find = lru_cache(_MOST_KEPT)(self._find)
        self.find_cues = lru_cache(_MOST_KEPT)(self._find_cues)

    def _find(self, quote: str, names: tuple[Name, ...]) -> tuple[Match, ...]:
        """The patterns that fit a quote."""
        return _without_denied(quote, self.patterns.find(Clauses(quote, names, self.patterns.verbs)))

    def _find_cues(self, words: str) -> tuple[Match, ...]:
        """The cues in words."""
        return _without_denied(words, self.cues.find(Clauses(words, (), self.patterns.verbs)))

    def words_beside(self, quote: str, names: tuple[Name, ...]) -> list[str]:
        """The words of a quote beside names and determiners."""
        found = Clauses(quote, names).tokens
        return [token.text for token in found if token.kind == WORD and token.text not in DETERMINERS]

    def is_cue(self, term: str, word: str) -> bool:
        """Whether a word, which is no verb, is a cue for a term by itself."""
        return (term, (word,)) in self._words


def _without_denied(text: str, found: list[Match]) -> tuple[Match, ...]:
    """Matches of which those that somebody denies are negated: “denied that the talks had failed”."""
    spans = denied(text)
    return tuple(
        m._replace(group=m.group._replace(negated=not m.group.negated))
        if m.group is not None and any(start <= m.verb < end for start, end in spans)
        else m
        for m in found
    )


@lru_cache(2)
def _matchers(lexicon: Lexicon, language: str) -> Matchers:
    return Matchers(lexicon, language)


class Spans:
    """Spans of a text, from a start to an end."""

    def __init__(self, spans: Iterable[tuple[int, int]]) -> None:
        self._spans = sorted(spans)
        self._furthest = list(accumulate((end for _, end in self._spans), max))

    def hold(self, start: int, end: int) -> bool:
        """Whether one of them holds another span."""
        before = bisect_left(self._spans, (start + 1,))
        return before > 0 and self._furthest[before - 1] >= end


class ArticleReadings:
    """All passages of an article."""

    def __init__(self) -> None:
        self._by_iri: dict[str, Reading] = {}

    def add(self, reading: "Reading") -> None:
        """Take a passage, before any of them is looked up."""
        self._by_iri[reading.passage.iri] = reading

    def __iter__(self) -> "Iterator[Reading]":
        """The passages, in their order."""
        return iter(self._by_iri.values())

    def __getitem__(self, passage: str) -> "Reading":
        """The passage with an IRI."""
        return self._by_iri[passage]

    def overlapping(self, passage: Passage) -> "Iterator[Reading]":
        """The passages whose quotes have words in common with one, itself among them."""
        for at in range(bisect_left(self._starts, passage.end), 0, -1):
            if self._furthest[at - 1] <= passage.start:
                return
            reading = self._in_text[at - 1]
            if reading.passage.end > passage.start:
                yield reading

    def stating(self, thing: str) -> "list[Reading]":
        """The passages that state something of a thing."""
        return self._stating.get(thing, [])

    @cached_property
    def _in_text(self) -> "list[Reading]":
        return sorted(self._by_iri.values(), key=lambda reading: reading.passage.start)

    @cached_property
    def _starts(self) -> list[int]:
        return [reading.passage.start for reading in self._in_text]

    @cached_property
    def _furthest(self) -> list[int]:
        """How far the quotes reach, up to each passage."""
        return list(accumulate((reading.passage.end for reading in self._in_text), max))

    @cached_property
    def _stating(self) -> "dict[str, list[Reading]]":
        found: dict[str, list[Reading]] = {}
        for reading in self:
            for thing in reading.things:
                found.setdefault(thing.iri, []).append(reading)
        return found


class Reading:
    """One passage: the patterns that fit its quote, and the things of which it states facts."""

    def __init__(
        self,
        others: ArticleReadings,
        matchers: Matchers,
        roles: Roles,
        article: Evidence,
        names: ArticleNames,
        passage: Passage,
    ) -> None:
        self.others, self.matchers, self.roles, self.names = others, matchers, roles, names
        self.article, self.passage, self.quote = article, passage, passage.quote
        self._supporting: dict[str, list[Match]] = {}
        self._fits: dict[tuple[int, int], tuple[Match, Thing, Fit]] = {}  # with both, so that no other gets their id

    @cached_property
    def things(self) -> list[Thing]:
        """The things of which the passage states facts."""
        return self.roles.things(self.passage)

    @cached_property
    def thing_of(self) -> dict[str, Thing]:
        """These things by their IRIs."""
        return {thing.iri: thing for thing in self.things}

    @cached_property
    def things_named(self) -> set[str]:
        """The IRIs of what the quote names, or a quote that it is directly read with."""
        return self.names.things(self.passage)

    @cached_property
    def around(self) -> list[Thing]:
        """The things of all passages whose quotes overlap this one."""
        return [thing for reading in self.near for thing in reading.things]

    @cached_property
    def near(self) -> "list[Reading]":
        """The passages whose quotes overlap this one, itself first."""
        return [self, *(reading for reading in self.others.overlapping(self.passage) if reading is not self)]

    @cached_property
    def together(self) -> "list[Reading]":
        """This passage, and those that it is directly read with."""
        return [self.others[passage.iri] for passage in self.names.together(self.passage)]

    @cached_property
    def matches(self) -> list[Match]:
        """The patterns that fit the quote, with all names, and without those within which others may stand."""
        told = [n for n in self.named if not self._tells(n)]
        rows = dict.fromkeys([tuple(self.named), tuple(told), tuple(n for n in told if not self._is_description(n))])
        return list(dict.fromkeys(match for row in rows for match in self.matchers.find(self.quote, row)))

    @cached_property
    def named(self) -> list[Name]:
        """The names in the quote, also those within others."""
        found = [Name(m.start, m.end, frozenset(m.iris)) for m in self.names.named(self.passage)]
        return [*found, *self._amounts({x for name in found for x in name.things})]

    def _amounts(self, named: set[str]) -> Iterator[Name]:
        """The amounts in the quote that are what a quantity without a name in it counts."""
        numbers = {x.iri: x.values[_NUMBER] for x in self.things if _NUMBER in x.values and x.iri not in named}
        for amount in find_amounts(self.quote, english=self.names.language == "en") if numbers else ():
            read = set(map(lexical, amount.numbers))
            things = frozenset(x for x, values in numbers.items() if not read.isdisjoint(values))
            if things:
                counted = _COUNTED.match(self.quote, amount.end) if not amount.measures else None
                yield Name(amount.start, counted.end() if counted else amount.end, things)

    def _tells(self, name: Name) -> bool:
        """Whether a name is one of an event or the like: “downing of a Russian warplane”."""
        return all(not _DESCRIBED.isdisjoint(self.roles.names.kinds(thing)) for thing in name.things)

    def _is_description(self, name: Name) -> bool:
        """Whether a name with others in it is in lower case: “bridge between Ostia and Norland”."""
        inner = any(n != name and name.start <= n.start and n.end <= name.end for n in self.named)
        return inner and self.quote[name.start].islower()

    def words(self, match: Match) -> str:
        """The words that a pattern fits."""
        return self.quote[match.start : match.end]

    def finding(self, check: Check, t: Triple, message: str, hint: str, graph: str | None = None) -> Finding:
        """A finding on a statement of the passage, or of another graph, such as the default one (“”)."""
        place, message = (t.subject, t.predicate, t.object), f"{short(self.passage.iri)}: {message}"
        graph = self.passage.iri if graph is None else graph
        return self.article.article.facts.finding(check, message, hint=hint, graph=graph, triple=place)

    def fit(self, match: Match, thing: Thing) -> Fit:
        """How what fills the slots of a match goes with what stands in the roles of a thing; to be read only."""
        known = self._fits.get((id(match), id(thing)))
        if known is None:
            known = self._fits[id(match), id(thing)] = match, thing, self._fit(match, thing)
        return known[2]

    def _fit(self, match: Match, thing: Thing) -> Fit:
        found: Fit = {}
        for path, fillers in by_slot(match).items():
            values = self.roles.values(thing, path)
            fitting = [[x for x in filler.things if self.fits(x, path, match.term, thing)] for filler in fillers]
            known = {x for things in fitting for x in things} - ({thing.iri} if path != (THIS,) else set())
            closed = all(fitting) and all(filler.sure for filler in fillers)
            named = [value for value in values if not known.isdisjoint(self.roles.near(value))]
            if path == (THIS,) and not known and any(self.is_noun_for(thing, filler) for filler in fillers):
                found[path] = AGREES
            elif not values or not known:
                found[path] = SILENT
            elif named:
                found[path] = AGREES if len(named) == len(values) or not closed else ADDS
            else:
                found[path] = DIFFERS if closed else SILENT
        return found

    def is_noun_for(self, thing: Thing, filler: Filler) -> bool:
        """Whether words are the noun of a class of which the passage has this thing alone: “the talks”."""
        word = self.quote[filler.start : filler.end].lower()
        nouns = self.roles.names.class_nouns(self.names.language).find_all(word)
        kinds = {kind for noun in nouns for kind in noun.iris if (noun.start, noun.end) == (0, len(word))} & thing.kinds
        return any(all(x.iri == thing.iri for x in self.around if kind in x.kinds) for kind in kinds)

    def fits(self, value: str, path: Path, term: str, thing: Thing) -> bool:
        """Whether a value may stand in a slot: it is of the class of the role, or may be the thing itself."""
        if path != (THIS,):
            return self.roles.fits(value, path)
        said = term in self.roles.names.kinds(value) or not self.roles.is_class(term)
        return said and self.roles.may_be(value, thing.iri)

    def is_said(self, match: Match, thing: Thing) -> bool:
        """Whether a match says of a thing what is stated."""
        fit = self.fit(match, thing).values()
        return AGREES in fit and DIFFERS not in fit and ADDS not in fit

    def _names_it(self, match: Match, thing: Thing) -> bool:
        """Whether a name of a thing, or the noun of its class, is among the words of a match: “finalised a treaty”."""
        if any(match.start <= n.start < match.end for n in self.named if thing.iri in n.things):
            return True
        nouns = self.roles.names.class_nouns(self.names.language).find_all(self.words(match).lower())
        kinds = {kind for noun in nouns for kind in noun.iris} & thing.kinds
        return any(all(x.iri == thing.iri for x in self.around if kind in x.kinds) for kind in kinds)

    def supporting(self, thing: Thing) -> list[Match]:
        """The matches that say the thing, or the stage of a work; other words say nothing of how far it has come."""
        if thing.iri not in self._supporting:
            is_work = WORK in thing.kinds
            found = [m for m in self.matches if (m.term in STATUS if is_work else m.term in thing.kinds)]
            fits = ((m, self.fit(m, thing).values()) for m in found)
            self._supporting[thing.iri] = [
                m for m, fit in fits if DIFFERS not in fit and (AGREES in fit or self._names_it(m, thing))
            ]
        return self._supporting[thing.iri]

    @cached_property
    def cues(self) -> dict[str, str]:
        """The terms for which the quote has cues, with the first words; those that are denied do not count."""
        return self.cues_in(self.quote)

    @cached_property
    def cue_matches(self) -> list[Match]:
        """The cues in the quote that count."""
        return self.counting(self.quote)

    def cues_in(self, words: str) -> dict[str, str]:
        """The terms for which words have cues."""
        return {m.term: words[m.start : m.end] for m in reversed(self.counting(words))}

    def counting(self, words: str, *, planned: bool = False) -> list[Match]:
        """The cues in words, in their order, not those that are denied; if `planned`, also those to come."""
        found = self.matchers.find_cues(words)
        counting = [m for m in found if self._counts(m) or (planned and m.group is not None and not m.group.negated)]
        left = {(m.term, m.verb) for m in found if m.group is not None} - {(m.term, m.verb) for m in counting}
        # A participle counts no more than its verb: “is to be finished”, “had been shelved”.
        return [m for m in counting if not any(t == m.term and m.start <= verb < m.end for t, verb in left)]

    def _counts(self, match: Match) -> bool:
        """Whether a cue counts: it is not denied, nor a plan of what is no plan; of what is done, it is done."""
        group, fitting = match.group, self.matchers.tenses.get(match.term)
        if group is None or group.negated or is_former(match):
            return group is None
        if fitting is not None and "past" in fitting:
            return group.tense in fitting and group.tells
        return group.tense not in ("planned", "possible") or (fitting is not None and "planned" in fitting)

    def is_weak(self, cue: Match) -> bool:
        """Whether a cue is a word that speaks for something, but against nothing: “still”, “together”."""
        return cue.group is None and self.words(cue).lower() in WEAK

    def is_end(self, match: Match, *, planned: bool = False) -> bool:
        """Whether the verb of a match is one by which something ends: “left the pact”; or `planned`, is to end."""
        return match.verb in self._bounding(_END, planned=planned)

    def goes_on(self, match: Match) -> bool:
        """Whether a verb says that a thing goes on by its beginning, or by an end that is to come: “is due to end”."""
        group = match.group
        if group is None or group.negated or not any(filled.slot.path == (THIS,) for filled in match.filled[:1]):
            return False
        if group.tense in ("planned", "possible"):
            return match.verb in self._bounding(_END, planned=True)
        return not group.passive and group.tense in ("past", "perfect") and match.verb in self._bounding(_START)

    def _bounding(self, bound: str, *, planned: bool = False) -> set[int]:
        """Where the verbs are that are cues for a start or an end."""
        found = self.counting(self.quote, planned=True) if planned else self.cue_matches
        return {m.verb for m in found if m.term == bound} - {-1}

    def is_moved(self, match: Match) -> bool:
        """Whether words by which a thing is put off have a new date after them: “postponed her visit to July”."""
        if match.term != _SHELVED:
            return False
        after = (d for d in self._dates if 0 < d[0] - match.end < _NEAR and "," not in self.quote[match.end : d[0]])
        return any(f" {to}" in f" {words.lower()}" for *_, words in after for to in TO_DATE)

    @cached_property
    def _dates(self) -> list[tuple[int, int, str]]:
        return find_dates(self.quote)

    def names_itself(self, match: Match, thing: Thing) -> bool:
        """Whether the words of a status are those of an event itself: a halt, where something “was halted”."""
        bases = verbs.bases(self.quote[match.verb : match.end].split(" ")[-1]) if match.verb >= 0 else ()
        stems = tuple(base[: max(_STEM, len(base) - 1)] for base in bases if len(base) >= _STEM)
        words = (w for name in self.roles.names.names(thing.iri) for w in name.lower().split())
        return bool(stems) and _EVENT in thing.kinds and any(word.startswith(stems) for word in words)

    def is_beside(self, start: int, end: int, thing: Thing) -> bool:
        """Whether words in quote[start:end] are in another clause than the thing, of which neither is a part.

        A relative clause between commas tells of what stands before it: “a delegate, who is to sign a pact, left”.
        """
        places = self.places(thing)
        for first, last in relative_clauses(self.quote) if places else ():
            inside = [first <= a and b <= last for a, b in places]
            if first <= start and end <= last and not any(inside):
                return not any(b == first for a, b in places)
            if not (first <= start < last) and all(inside):
                return True
        return False

    def places(self, thing: Thing) -> list[tuple[int, int]]:
        """Where the quote tells of a thing: its names and wordings, and the words for it."""
        found = [(n.start, n.end) for n in self.named if thing.iri in n.things]
        found += [(m.verb, m.end) if m.verb >= 0 else (m.start, m.end) for m in self.supporting(thing)]
        found += [(m.start, m.end) for m in self.cue_matches if m.term in thing.kinds - HAPPENING]
        for words in (getattr(t.object, "value", "") for t in self.passage.triples if iri(t.subject) == thing.iri):
            at = self.quote.find(words) if " " in words or words.isalpha() else -1
            found += [(at, at + len(words))] * (at >= 0)
        return found

    def sentence(self, at: int) -> tuple[int, int]:
        """From where to where in the quote the sentence goes, or the part up to a colon or semicolon, at a place."""
        after = bisect_left(self._boundaries, at)
        first = self._boundaries[after - 1] if after else 0
        return first, self._boundaries[after] if after < len(self._boundaries) else len(self.quote)

    @cached_property
    def _boundaries(self) -> list[int]:
        clauses = self._clauses
        return [token.end for i, token in enumerate(clauses.tokens) if clauses.is_boundary(i)]

    @cached_property
    def inversions(self) -> list[tuple[int, int]]:
        """The words that put a condition by their order: “should no settlement be reached”."""
        if "should" not in self.quote.lower():
            return []
        return [(token.start, token.end) for i, token in enumerate(self._clauses.tokens) if self._clauses.inverted(i)]

    @property
    def makes_clause(self) -> bool:
        """Whether the quote has a verb of its own, and does not only name things, as with a relative clause does."""
        relative = relative_clauses(self.quote)
        told = [m.verb for m in self.matches if m.group is not None and m.group.finite and m.verb >= 0]
        auxiliaries = [t.start for i, t in enumerate(self._clauses.tokens) if self._clauses.is_finite(i)]
        return any(not any(start <= at < end for start, end in relative) for at in (*told, *auxiliaries))

    @cached_property
    def _clauses(self) -> Clauses:
        return Clauses(self.quote, self.named)

    def speaks_for(self, terms: frozenset[str] | set[str]) -> bool:
        """Whether the quote, or one that it is read with, has a cue or a pattern of one of these terms."""
        return any(
            not terms.isdisjoint(reading.cues) or any(match.term in terms for match in reading.matches)
            for reading in self.together
        )


def is_former(match: Match) -> bool:
    """Whether words tell of a status that passes, and had passed by then: “had been stalled”, “had been expected”."""
    return match.group is not None and match.group.former and match.term in _PASSING


def _apart(patterns: Iterable[Pattern]) -> frozenset[tuple[str, str]]:
    """The pairs of roles that are two slots of one pattern: nobody is both, or English would say “itself”."""
    slots = (
        [ENT + slot.path[0] for slot in p.slots() if len(slot.path) == 1 and slot.path != (THIS,)] for p in patterns
    )
    return frozenset((one, other) for row in slots for one in row for other in row if one < other)


def by_slot(match: Match) -> dict[Path, tuple[Filler, ...]]:
    """The fillers of each slot, by its path; those of a role that has two slots together."""
    found: dict[Path, tuple[Filler, ...]] = {}
    for filled in match.filled:
        found[filled.slot.path] = found.get(filled.slot.path, ()) + filled.nouns.fillers
    return found


def known(match: Match, path: Path) -> set[str]:
    """The things that the words name in a slot."""
    return {x for filler in by_slot(match).get(path, ()) for x in filler.things}


def fillers_of(thing: Thing) -> set[str]:
    """The things in the roles of a thing."""
    rows = (values for role, values in thing.values.items() if role != RDF_TYPE)
    return {value for values in rows for value in values if value.startswith(ID)}
