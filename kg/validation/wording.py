"""Checks of facts against the words of their passages by the lexicon (model, rule 31): roles, status, kind.

A pattern that fits the words with other things in its slots than the facts have is a contradiction, if something holds
it to that fact: one slot agrees, what fills a slot stands in another role of it, or the words are its name. Where no
pattern fits nothing is said. A cue counts by contrast alone: those of the fact are absent and those of a rival present.
"""

import re
from collections.abc import Iterator
from functools import cached_property

from pyoxigraph import Triple

from kg.dataset.build import Build
from kg.dataset.lexicon import Lexicon
from kg.dataset.named import ArticleNames, Names
from kg.dataset.roles import Path, Roles, Thing
from kg.findings import Check, Finding
from kg.rdf.namespaces import ENT, ID, RDF_TYPE, compact, short
from kg.rdf.terms import iri
from kg.source.article import Evidence, Passage
from kg.text.clauses import Clauses, Filler, Group
from kg.text.matching import Match, Matcher
from kg.text.patterns import THIS, Choice
from kg.text.words import NO_CONDITION, Name

ROLE_WORDS = Check(
    "role-words",
    "Where a pattern of the lexicon fits the words of a passage, its facts have the same things in the roles.",
    "Buyer and seller exchanged: each word of the quote is true, and the fact is false.",
    wrong="ent:buyer id:sudmark ;\n        ent:seller id:lorvia ;",
    right="ent:buyer id:lorvia ;\n        ent:seller id:sudmark ;",
    severities=("warning",),
)
STATUS_WORDS = Check(
    "status-words",
    "The status of a fact fits the verb that says it; what the words deny, end or put under a condition is so.",
    "What “is to be bought” is not bought, and “no longer backs” is over. Plans are easily told as facts.",
    wrong="ent:status ent:suspended .",
    right="ent:status ent:planned .",
    severities=("warning",),
)
CUE_WORDS = Check(
    "cue-words",
    "No words speak for another kind, status, mode or bound in time than a fact has, where none speak for its own.",
    "“By video conference” is not “in person”, “a friend” no estrangement, and “until 2017” no start.",
    wrong="id:sudmark-lorvia-friendship a ent:Estrangement ;",
    right="id:sudmark-lorvia-friendship a ent:StateOfRelations ;",
    severities=("warning",),
)

_WORK, _RELATION = ENT + "InfrastructureProject", ENT + "Relation"
_HAPPENING = frozenset((ENT + "Event", _WORK))
_DESCRIBED = frozenset(ENT + name for name in ("Event", "Office", "Participation", "Relation", "Side"))
_STATUS = (ENT + "status", ENT + "stage")
_ACTOR = ENT + "Actor"
_ANSWERS = (
    "correct the fact; if the words mean it: quote only those that say it, read the passage with one that names the"
    " thing (ent:readWith), or add an alias or a mention with their name for it"
)
_STATUS_ANSWERS = (
    "correct the status; if the words mean it: quote only those that say it, or read the passage with one that says it"
    " (ent:readWith)"
)
_END_ANSWERS = "add the ent:end, ent:condition or status that the words give, or quote only the words that say the fact"
_CUE_ANSWERS = "correct it; if the words mean it: read the passage with one whose words say it (ent:readWith)"

_BOUNDS = {ENT + "start": ENT + "end", ENT + "end": ENT + "start"}
_CONDITIONED = frozenset((ENT + "Event", _RELATION))
_HALTED = frozenset(ENT + name for name in ("cancelled", "shelved", "suspended"))
_AFTER_MATCH = 20  # code points after words in which it is looked for their end
_NO_TENSES = frozenset(("ended", "negated"))
_BEFORE_DATE = 80  # code points before date words in which it is looked for what they bound
_NOUN = re.compile(r".+?(?= (?:of|for|from|to|in|at|on|between|with|by|during)\b|$)")  # of a name, without what follows
AGREES, DIFFERS, ADDS, SILENT = "agrees", "differs", "adds", "silent"
Fit = dict[Path, str]  # how the slots of a match go with the roles of a thing


def check_words(made: Build, names: Names) -> Iterator[Finding]:
    """All contradictions between the facts of passages and their words, where there is a lexicon for the language."""
    lexicon = Lexicon(made.ontology)
    roles, matchers = Roles(made, names), dict[str, _Matchers]()
    for article in made.evidence:
        found = names.of(article)
        if found.language not in lexicon.languages:
            continue
        if found.language not in matchers:
            matchers[found.language] = _Matchers(lexicon, found.language)
        readings: dict[str, _Reading] = {}
        for passage in article.passages:
            readings[passage.iri] = _Reading(readings, matchers[found.language], roles, article, found, passage)
        for reading in readings.values():
            if found.is_whole(reading.passage):  # else a finding already
                yield from reading.findings()


class _Matchers:
    """The lexicon of one language, made to match."""

    def __init__(self, lexicon: Lexicon, language: str) -> None:
        patterns, cues = lexicon.patterns(language), lexicon.cues(language)
        self.patterns = Matcher((term, pattern) for term, found in patterns.items() for pattern in found)
        self.cues = Matcher((term, pattern) for term, found in cues.items() for pattern in found)
        self.cued, self.said = frozenset(cues), frozenset(patterns)
        self.tenses = lexicon.tenses(language)
        rows = ((term, e) for term, found in cues.items() for p in found for e in p.elements if isinstance(e, Choice))
        self._words = {(term, phrase.words) for term, choice in rows for phrase in choice.phrases if not phrase.verb}

    def is_cue(self, term: str, word: str) -> bool:
        """Whether a word, which is no verb, is a cue for a term by itself."""
        return (term, (word,)) in self._words


class _Reading:
    """One passage: the patterns that fit its quote, and the things of which it states facts."""

    def __init__(
        self,
        others: "dict[str, _Reading]",
        matchers: _Matchers,
        roles: Roles,
        article: Evidence,
        names: ArticleNames,
        passage: Passage,
    ) -> None:
        self.others, self.matchers, self.roles, self.names = others, matchers, roles, names
        self.article, self.passage, self.quote = article, passage, passage.quote

    def findings(self) -> Iterator[Finding]:
        """What the words contradict."""
        for thing in self.things:
            yield from self._role_findings(thing)
            yield from self._status_findings(thing)
            yield from self._kind_findings(thing)
            yield from self._name_findings(thing)
        for t in self.passage.triples:
            yield from self._value_findings(t)
        yield from self._condition_findings()
        yield from self._halt_findings()

    @cached_property
    def things(self) -> list[Thing]:
        """The things of which the passage states facts."""
        return self.roles.things(self.passage)

    @cached_property
    def around(self) -> list[Thing]:
        """The things of all passages whose quotes overlap this one."""
        near = (r for r in self.others.values() if _overlap(r.passage, self.passage))
        return [thing for reading in near for thing in reading.things]

    @cached_property
    def matches(self) -> list[Match]:
        """The patterns that fit the quote, with all names, and without those within which others may stand."""
        matcher = self.matchers.patterns
        rows = [self._names, [name for name in self._names if not self._is_description(name)]]
        rows = rows[: 1 + (rows[0] != rows[1])]
        found = (match for row in rows for match in matcher.find(Clauses(self.quote, row, matcher.verbs)))
        return list(dict.fromkeys(found))

    @cached_property
    def _names(self) -> list[Name]:
        """The names in the quote, also those within others."""
        return [Name(m.start, m.end, frozenset(m.iris)) for m in self.names.named(self.passage)]

    def _is_description(self, name: Name) -> bool:
        """Whether a name is one of an event or the like, or in lower case: “downing of a Russian warplane”."""
        if all(not _DESCRIBED.isdisjoint(self.roles.names.kinds(thing)) for thing in name.things):
            return True
        inner = any(n != name and name.start <= n.start and n.end <= name.end for n in self._names)
        return inner and self.quote[name.start].islower()

    def _words(self, match: Match) -> str:
        return self.quote[match.start : match.end]

    def _finding(self, check: Check, t: Triple, message: str, hint: str) -> Finding:
        place, message = (t.subject, t.predicate, t.object), f"{short(self.passage.iri)}: {message}"
        return self.article.article.facts.finding(check, message, hint=hint, graph=self.passage.iri, triple=place)

    # Roles

    def _fit(self, match: Match, thing: Thing) -> Fit:
        found: Fit = {}
        for path, fillers in _by_slot(match).items():
            values = self.roles.values(thing, path)
            fitting = [[x for x in filler.things if self._fits(x, path, match.term, thing)] for filler in fillers]
            known = {x for things in fitting for x in things}
            closed = all(fitting) and all(filler.sure for filler in fillers)
            named = [value for value in values if not known.isdisjoint(self.roles.near(value))]
            if not values or not known:
                found[path] = SILENT
            elif named:
                found[path] = AGREES if len(named) == len(values) or not closed else ADDS
            else:
                found[path] = DIFFERS if closed else SILENT
        return found

    def _fits(self, value: str, path: Path, term: str, thing: Thing) -> bool:
        """Whether a value may stand in a slot: it is of the class of the role, or may be the thing itself."""
        if path != (THIS,):
            return self.roles.fits(value, path)
        said = term in self.roles.names.kinds(value) or not self.roles.is_class(term)
        return said and self.roles.may_be(value, thing.iri)

    def _role_findings(self, thing: Thing) -> Iterator[Finding]:
        matches = [m for m in self.matches if m.term in thing.kinds or m.term in thing.values]
        about = [(match, self._fit(match, thing)) for match in matches]
        seen: set[Path] = set()
        for match, fit in about:
            for path, how in fit.items():
                wrong = how in (DIFFERS, ADDS) and path not in seen and self._is_held(match, thing, fit, path)
                values = self._unnamed(match, thing, path) if wrong else []
                if (
                    values
                    and self._is_named(values[0], path)
                    and not self._is_explained(match, thing, fit, path, about)
                ):
                    seen.add(path)
                    yield self._role_finding(match, thing, path, how)

    def _is_named(self, value: str, path: Path) -> bool:
        """Whether a value is what may stand in the role, and the words name it or need not; else a finding already."""
        fits = self.names.has_kind(value) and self.roles.fits(value, path)
        return fits and (value in self.names.things(self.passage) or not self.names.needs_name(value))

    def _is_held(self, match: Match, thing: Thing, fit: Fit, path: Path) -> bool:
        """Whether a match is about a thing although one slot differs."""
        if any(how in (AGREES, ADDS) for other, how in fit.items() if other != path):
            return True
        if any(thing.iri in n.things and n.start < match.end and match.start < n.end for n in self._names):
            return True  # the words are its name
        return self._is_in_another_role(match, thing, path)

    def _is_in_another_role(self, match: Match, thing: Thing, path: Path) -> bool:
        others = {value for role, values in thing.values.items() if role != ENT + path[0] for value in values}
        return not _known(match, path).isdisjoint(others | ({thing.iri} if path != (THIS,) else set()))

    def _is_explained(self, match: Match, thing: Thing, fit: Fit, path: Path, about: list[tuple[Match, Fit]]) -> bool:
        """Whether other words say the fact, or another fact has what these words say."""
        if any(other.get(path) == AGREES and DIFFERS not in other.values() for _, other in about):
            return True
        if fit[path] == ADDS:
            return self._is_added_elsewhere(match, thing, path, about)
        differing = [p for p, how in fit.items() if how == DIFFERS]
        if len(differing) > 1 and all(self._is_in_another_role(match, thing, p) for p in differing):
            return False  # exchanged
        others = (x for x in self.around if x.iri != thing.iri and (match.term in x.kinds or match.term in x.values))
        return any(self._is_said(match, other) for other in others)

    def _is_said(self, match: Match, thing: Thing) -> bool:
        """Whether a match says of a thing what is stated."""
        fit = self._fit(match, thing).values()
        return AGREES in fit and DIFFERS not in fit and ADDS not in fit

    def _is_added_elsewhere(self, match: Match, thing: Thing, path: Path, about: list[tuple[Match, Fit]]) -> bool:
        """Whether other words about the thing name all that this slot does not."""
        rest = self._unnamed(match, thing, path)
        for other, fit in about:
            if other is not match and DIFFERS not in {how for p, how in fit.items() if p != path}:
                rest = [v for v in rest if _known(other, path).isdisjoint(self.roles.near(v))]
        return not rest

    def _unnamed(self, match: Match, thing: Thing, path: Path) -> list[str]:
        known = _known(match, path)
        return [v for v in self.roles.values(thing, path) if known.isdisjoint(self.roles.near(v))]

    def _role_finding(self, match: Match, thing: Thing, path: Path, how: str) -> Finding:
        value = self._unnamed(match, thing, path)[0]
        said = " and ".join(f"“{self.quote[f.start : f.end]}”" for f in _by_slot(match)[path])
        what = f"what is meant by {compact(thing.iri)}" if path == (THIS,) else f"the {' of the '.join(reversed(path))}"
        only = "only " if how == ADDS else ""
        message = f"by “{self._words(match)}” {what} is {only}{said}, not {compact(value)}"
        return self._finding(ROLE_WORDS, self.roles.values(thing, path)[value], message, _ANSWERS)

    # Status

    def _supporting(self, thing: Thing) -> list[Match]:
        """The matches that say the thing, or the stage of a work; other words say nothing of how far it has come."""
        is_work = _WORK in thing.kinds
        found = [m for m in self.matches if (m.term in _STATUS if is_work else m.term in thing.kinds)]
        return [m for m in found if AGREES in (fit := self._fit(m, thing)).values() and DIFFERS not in fit.values()]

    def _status_findings(self, thing: Thing) -> Iterator[Finding]:
        judged = [(m, m.group) for m in self._supporting(thing) if m.group is not None and m.group.tells]
        if not judged:
            return
        words, happens = self._words(judged[0][0]), not _HAPPENING.isdisjoint(thing.kinds)
        stated = {value: t for role in _STATUS for value, t in thing.values.get(role, {}).items()}
        for value, t in stated.items():
            fitting = self.matchers.tenses.get(value)
            if fitting is not None and not any(_is_fitting(group, fitting, happens) for _, group in judged):
                message = f"“{words}” ({judged[0][1]}) does not say that it is {compact(value)}"
                yield self._finding(STATUS_WORDS, t, message, _STATUS_ANSWERS)
        denied = all(group.negated for _, group in judged)
        ended = all(group.ended or self._is_bounded(m) for m, group in judged) and not thing.has("end")
        if not stated and (denied or ended):
            said = "denies it" if denied else "says that it is over"
            message = f"a fact is {compact(thing.iri)}, and “{words}” {said}"
            yield self._finding(STATUS_WORDS, thing.first, message, _END_ANSWERS)

    def _is_bounded(self, match: Match) -> bool:
        """Whether right after the words of a match it is said until when: “until last year”."""
        after = self.quote[match.end : match.end + _AFTER_MATCH].lstrip()
        return any(self.matchers.is_cue(_BOUNDS[ENT + "start"], word) for word in after.lower().split(" ")[:1])

    def _condition_findings(self) -> Iterator[Finding]:
        """Words that put a condition, where no fact has one."""
        facts = [x for x in self.things if not _CONDITIONED.isdisjoint(x.kinds)]
        words = self.cues.get(ENT + "condition", "")
        if not words or not facts or any(x.has("condition") for x in self.around):
            return
        before = self.quote[: self.quote.find(words)].lower().split()[-1:]
        if not NO_CONDITION.isdisjoint(before):
            return  # “asked if”, “as if”
        message = f"“{words}” puts a condition, and {compact(facts[0].iri)} has no ent:condition"
        yield self._finding(STATUS_WORDS, facts[0].first, message, _END_ANSWERS)

    def _halt_findings(self) -> Iterator[Finding]:
        """Words by which something is given up or halted, where no fact has such a status, nor an end."""
        facts = [x for x in self.things if not x.kinds.isdisjoint(_HAPPENING | {_RELATION})]
        halted = [v for v in self.cues if v in _HALTED]
        told = {value for x in self.around for role in _STATUS for value in x.values.get(role, {})}
        if facts and halted and told.isdisjoint(_HALTED) and not any(x.has("end") for x in self.around):
            message = f"“{self.cues[halted[0]]}” speaks for {compact(halted[0])}, which no fact has"
            yield self._finding(STATUS_WORDS, facts[0].first, message, _END_ANSWERS)

    # Contrast

    @cached_property
    def cues(self) -> dict[str, str]:
        """The terms for which the quote has cues, with the words; those that are denied do not count."""
        return self._cues_in(self.quote)

    def _cues_in(self, words: str) -> dict[str, str]:
        found = self.matchers.cues.find(Clauses(words, (), self.matchers.patterns.verbs))
        return {m.term: words[m.start : m.end] for m in reversed(found) if self._counts(m)}

    def _counts(self, match: Match) -> bool:
        """Whether a cue counts: it is not denied, nor a plan of what is no plan; of what is done, it is done."""
        group, fitting = match.group, self.matchers.tenses.get(match.term)
        if group is None or group.negated:
            return group is None
        if fitting is not None and "past" in fitting:
            return group.tense in fitting and group.tells
        return group.tense not in ("planned", "possible") or (fitting is not None and "planned" in fitting)

    def _speaks_for(self, terms: frozenset[str] | set[str]) -> bool:
        """Whether the quote, or one that it is read with, has a cue or a pattern of one of these terms."""
        for passage in self.names.together(self.passage):
            reading = self.others[passage.iri]
            if not terms.isdisjoint(reading.cues) or any(match.term in terms for match in reading.matches):
                return True
        return False

    def _value_findings(self, t: Triple) -> Iterator[Finding]:
        """What stands for another status or mode, or for the other bound in time."""
        value, role = iri(t.object), t.predicate.value
        if role in _BOUNDS:
            yield from self._bound_findings(t, role, _BOUNDS[role])
            return
        kind = self.roles.individuals.get(value) if value in self.matchers.cued else None
        if kind is None or (role in _STATUS and self._is_told_by_verb(iri(t.subject))):
            return
        tenses, of_kind = self.matchers.tenses, self.roles.individuals
        rivals = [v for v in self.cues if v != value and of_kind.get(v) == kind]
        own = tenses.get(value, frozenset()) - _NO_TENSES  # statuses that go with one tense are near to each other
        rivals = [v for v in rivals if own.isdisjoint(tenses.get(v, frozenset()))]
        stated = {iri(x.object) for x in self.passage.triples}
        if rivals and stated.isdisjoint(rivals) and not self._speaks_for({value}):
            yield self._contrast_finding(t, value, rivals[0], self.cues[rivals[0]])

    def _bound_findings(self, t: Triple, own: str, rival: str) -> Iterator[Finding]:
        """A start of which the words right before the date words make an end, or the other way round."""
        if rival in {x.predicate.value for x in self.passage.triples}:
            return
        cues: dict[str, str] = {}
        for words in self.passage.date_words:
            at = self.quote.find(words)
            if at >= 0:
                cues |= self._cues_in(self.quote[max(at - _BEFORE_DATE, 0) : at + len(words)])
        if rival in cues and own not in cues:
            yield self._contrast_finding(t, own, rival, cues[rival])

    def _is_told_by_verb(self, thing: str) -> bool:
        """Whether a verb says how far a thing has come, which then has been judged."""
        found = (m for x in self.things if x.iri == thing for m in self._supporting(x))
        return any(m.group is not None and m.group.tells for m in found)

    def _kind_findings(self, thing: Thing) -> Iterator[Finding]:
        """A relation for whose class no words speak, where words speak for one that excludes it, or say another."""
        if not self._is_cued(thing):
            return
        match: Match | None = None
        if not self._speaks_for(thing.kinds):
            others = {kind for x in self.around if x.iri != thing.iri for kind in x.kinds}
            for kind in sorted(self.cues.keys() - others):
                if any(self.roles.exclude_each_other(kind, own) for own in thing.kinds):
                    yield self._contrast_finding(thing.first, self._narrowest(thing), kind, self.cues[kind])
                    return
            match = self._rival(thing)
        if match is None and thing.kinds.isdisjoint({*self.cues, *(m.term for m in self.matches)}):
            match = self._other_kind(thing)
        if match is not None:
            message = f"“{self._words(match)}” says {compact(match.term)}, and nothing says {compact(thing.iri)}"
            yield self._finding(CUE_WORDS, thing.first, message, _CUE_ANSWERS)

    def _name_findings(self, thing: Thing) -> Iterator[Finding]:
        """A work or event whose name in the quote ends in the noun of a class that excludes the one that is stated."""
        nouns = self.roles.names.class_nouns(self.names.language)
        for name in self._names:
            words = _NOUN.match(self.quote[name.start : name.end].lower()) if thing.iri in name.things else None
            found = [m for m in nouns.find(words[0]) if m.end == len(words[0])] if words else []
            tops = _HAPPENING & thing.kinds
            told = {kind for match in found for kind in match.iris if tops & self.roles.names.broader(kind)}
            for own, t in thing.values.get(RDF_TYPE, {}).items():
                near = self.roles.names.above(own)
                if told and told.isdisjoint(thing.kinds) and all(self._excludes(kind, near) for kind in told):
                    kind = compact(sorted(told)[0])
                    message = (
                        f"“{found[0].words}” is what {compact(thing.iri)} is called, which is {kind}, no {compact(own)}"
                    )
                    yield self._finding(CUE_WORDS, t, message, _CUE_ANSWERS)
                    return

    def _excludes(self, kind: str, others: set[str]) -> bool:
        """Whether a class, or one above it, excludes one of others."""
        above = self.roles.names.above(kind)
        return any(self.roles.exclude_each_other(one, other) for one in above for other in others)

    def _is_cued(self, thing: Thing) -> bool:
        """Whether the lexicon has cues by which a thing would be said: those of its class."""
        return _RELATION in thing.kinds and not self.matchers.cued.isdisjoint(thing.kinds)

    def _narrowest(self, thing: Thing) -> str:
        return next(iter(thing.values.get(RDF_TYPE, {})), _RELATION)

    def _rival(self, thing: Thing) -> Match | None:
        """Words that say another relation of the passage between the very things that this one is stated of."""
        own = _fillers(thing)
        for other in self.things:
            if len(own) > 1 and other.iri != thing.iri and _RELATION in other.kinds and own <= _fillers(other):
                match = next((m for m in self.matches if m.term in other.kinds and self._is_said(m, other)), None)
                if match is not None and other.kinds - thing.kinds:
                    return match
        return None

    def _other_kind(self, thing: Thing) -> Match | None:
        """Words that say a relation of another class between things of which this one is stated; no fact says it."""
        for match in self.matches:
            if match.term in thing.kinds or not self.roles.is_below(match.term, _RELATION):
                continue
            fillers = [f for found in _by_slot(match).values() for f in found]
            named = [v for v in _fillers(thing) if any(v in f.things for f in fillers if f.sure)]
            between = len(named) > 1 and len({frozenset(f.things) for f in fillers}) > 1
            if between and not any(match.term in x.kinds and self._is_said(match, x) for x in self.around):
                return match
        return None

    def _contrast_finding(self, t: Triple, own: str, rival: str, words: str) -> Finding:
        message = f"“{words}” speaks for {compact(rival)}, and nothing for {compact(own)}"
        return self._finding(CUE_WORDS, t, message, _CUE_ANSWERS)


def _overlap(one: Passage, other: Passage) -> bool:
    return one.iri == other.iri or (one.start < other.end and other.start < one.end)


def _by_slot(match: Match) -> dict[Path, tuple[Filler, ...]]:
    """The fillers of each slot, by its path; those of a role that has two slots together."""
    found: dict[Path, tuple[Filler, ...]] = {}
    for filled in match.filled:
        found[filled.slot.path] = found.get(filled.slot.path, ()) + filled.nouns.fillers
    return found


def _known(match: Match, path: Path) -> set[str]:
    return {x for filler in _by_slot(match).get(path, ()) for x in filler.things}


def _fillers(thing: Thing) -> set[str]:
    """The things in the roles of a thing."""
    rows = (values for role, values in thing.values.items() if role != RDF_TYPE)
    return {value for values in rows for value in values if value.startswith(ID)}


def _is_fitting(group: Group, fitting: frozenset[str], happens: bool) -> bool:
    """Whether a status with these tenses fits a verb group.

    The present tells little of what happens at a time (“heads to Turkey on Tuesday”, “opens dam”); a relation that
    began in the past may still hold.
    """
    if group.negated or group.ended:
        return ("negated" if group.negated else "ended") in fitting
    if happens and group.tense == "present":
        return True
    return group.tense in fitting or (not happens and group.tense == "past" and "present" in fitting)
