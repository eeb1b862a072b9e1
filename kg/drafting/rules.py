"""Proposals by rules: the lexicon run forwards, from words that fit a pattern to the relation or event that they say.

A match of a pattern is a proposal where each of its slots names one thing that may stand there. Words that deny, end or
only consider something propose nothing; where several patterns say one thing, the fullest speaks for it. How far it has
come is told by the tense of the verb, when by the date words of its sentence, if these have one reading.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import product

from pyoxigraph import Literal, NamedNode, Triple

from kg.dataset.build import Build
from kg.dataset.named import Names
from kg.dataset.roles import Path, Roles
from kg.drafting import when
from kg.drafting.happenings import Happenings
from kg.drafting.speakers import SpeakerDrafts, own_words
from kg.rdf.namespaces import ENT, ID, RDF_TYPE, RDFS_LABEL, local_name
from kg.rdf.terms import iri
from kg.source.proposals import Proposal, free_name, relation_name
from kg.text import verbs
from kg.text.forms import flat
from kg.text.matching import Match
from kg.text.parts import Filler
from kg.text.patterns import THIS
from kg.text.words import IMPROVING
from kg.validation.reading import Reading, by_slot, readings

_EVENT, _RELATION, _AGREEMENT = ENT + "Event", ENT + "Relation", ENT + "Agreement"
_WORK = ENT + "InfrastructureProject"
TOLD_ELSEWHERE = ("speaker", "stage")  # told by other rules
_OF_PROPERTIES = ("follows", "ledTo", "partOf", *TOLD_ELSEWHERE)  # of events, which the pattern has a choice of
_BY_VERB = frozenset((ENT + "locatedIn", ENT + "origin"))  # what words beside each other do not say: “Turkey’s”
_ACTS = frozenset(ENT + name for name in ("Accusation", "Demand", "Invitation"))
_PART = ENT + "Participation"
_CONTENTS = {
    ENT + "Accusation": re.compile(r" of (?P<words>[a-z]+ing\b[^,;:.“”]*)"),
    ENT + "Demand": re.compile(r" to (?P<words>(?!the\b|its\b|an?\b)[a-z]+ [^,;:.“”]+)"),
}
_NOT_PROPOSED = frozenset(
    ENT + name
    for name in ("Event", "Relation", "RelativePosition", "Statement", "Superlative", "Tenure", *_OF_PROPERTIES)
)
_OF_PLACES = ("place", "destination", "connects")  # roles in which the name of a city is no government's
_IS_THOUGHT_OF = re.compile(  # what comes next is no fact: “discussed extending the line to Melk”
    r"\b(?:(?:discuss|consider|debat|explor|mull|propos|stud|suggest|weigh)(?:s|es|y|ies|ed|ied|ing)?\b[^,;:.]*"
    r"|(?:extend|extending|extension of|prolong|prolonging) (?:the |its |a )?(?:[a-z-]+ ){0,2})\Z"
)
_WORD = re.compile(r"\w+")
_ADJECTIVES = re.compile(r"[ \u00a0](?:[a-z-]+ ){0,2}")
_GOES_ON = re.compile(r"\bbeen \w+ing\b|\bsince\b")  # “has been fighting”, “has lasted since 2011”
_ENDS = re.compile(r"\b(?:complet|finish)")
_HALTS = frozenset((ENT + "suspended", ENT + "shelved"))
_IS_SO = ("present", "past", "perfect", "participle")
_HOLDS = ("present", "progressive", "perfect")
_DONE = ("past", "perfect")


@dataclass(frozen=True)
class _Said:
    """What words say: a class, what stands in its roles, the match, and the words of the names."""

    term: str
    roles: Mapping[str, tuple[str, ...]]  # by local name
    match: Match
    words: tuple[str, ...]
    about: str = ""  # the work or person of which it is said

    @property
    def things(self) -> list[str]:
        """What stands in its roles."""
        return [x for found in self.roles.values() for x in found]

    @property
    def is_whole(self) -> bool:
        """Whether all slots of the pattern are filled."""
        return len(self.match.filled) == len(self.match.pattern.slots())


class RuleDrafts:
    """The relations, events and facts of things that the patterns of the lexicon find in one article."""

    def __init__(self, made: Build, article: str) -> None:
        """Take a graph with the article, by its name, in which its things are stated or proposed."""
        self._made, self._article = made, article
        self.names = Names(made)
        self.roles = Roles(made, self.names)
        self._speakers = SpeakerDrafts(self.names, self._meant)
        self._happenings = Happenings(self.roles)
        self._named: dict[tuple[object, ...], str] = {}  # relations and events, by class and roles

    def proposals(self) -> list[Proposal]:
        """All drafts, in the order of the text."""
        found: list[Proposal] = []
        for reading in readings(self._made, self.names):
            if reading.article.article.name == self._article and not self._is_heading(reading):
                found += self._of(reading)
        same: dict[object, list[Proposal]] = {}
        for proposal in found:
            same.setdefault(proposal.stated or proposal.name, []).append(proposal)
        return [p for p in found if not any(self._is_part(o, p) for o in same[p.stated or p.name])]

    def _is_part(self, proposal: Proposal, whole: Proposal) -> bool:
        """Whether the passage of a proposal is within that of another, in which its words are not all."""
        spans = self._spans.get(proposal.passage), self._spans.get(whole.passage)
        if proposal.passage == whole.passage or spans[0] is None or spans[1] is None:
            return False  # a passage that is proposed itself
        (start, end), (first, last) = spans[0], spans[1]
        return first <= start and end <= last and end - start < last - first

    @cached_property
    def _spans(self) -> dict[str, tuple[int, int]]:
        """Where the passages of the article are in its text."""
        (article,) = (a for a in self._made.evidence if a.article.name == self._article)
        return {p.iri: (p.start, p.end) for p in article.passages}

    def _is_heading(self, reading: Reading) -> bool:
        """Whether a passage is a heading, which the text says better."""
        start = reading.passage.start
        return any(
            c.segment.start <= start < c.segment.end and c.segment.kind == "heading" for c in reading.article.readings
        )

    def _of(self, reading: Reading) -> Iterator[Proposal]:
        yield from self._speakers.of(reading)
        yield from self.of_words(reading)
        yield from self._halts(reading)
        yield from self._lengths(reading)

    def of_words(self, reading: Reading, unsaid: frozenset[str] = _NOT_PROPOSED) -> Iterator[Proposal]:
        """The relations and events that the words of a passage say, but for those of the classes `unsaid` (IRIs)."""
        found = (self._said(reading, m) for m in reading.matches if m.term not in unsaid)
        said = [s for one in found if one for s in self._single(one)]
        for one in said:
            if not any(self._is_covered(one, other) for other in said if other is not one):
                yield self._proposal(reading, one)
        yield from self._happenings.of(reading, [(one.term, one.match.start, one.match.end) for one in said])

    def _halts(self, reading: Reading) -> Iterator[Proposal]:
        """Works of which words say that they are halted: “the line, stalled since 2019,”."""
        for match in (m for m in reading.matches if m.term in _HALTS):
            group = match.group
            if group and (group.negated or group.ended or group.former or group.tense not in _IS_SO):
                continue
            fillers = by_slot(match).get((THIS,), ())
            works = [x for f in fillers if f.sure for x in f.things if _WORK in self.names.kinds(x)]
            if len(fillers) == len(works) == 1:
                work, stage = NamedNode(works[0]), NamedNode(match.term)
                labels = self.labels(reading.quote, works, reading.names.language)
                triples = (Triple(work, NamedNode(ENT + "stage"), stage), *labels)
                name = f"proposal-{local_name(works[0])}-{local_name(match.term)}"
                by = f"rule: {match.pattern.text}"
                yield Proposal(name, reading.passage.iri, (reading.words(match),), by, triples)

    def _lengths(self, reading: Reading) -> Iterator[Proposal]:
        """How long a work is, by a measure right before its noun: “the 475-kilometre railway”."""
        for measure, work in product(reading.named, reading.named):
            between = reading.quote[measure.end : work.start] if measure.end < work.start else ""
            if not _ADJECTIVES.fullmatch(between):
                continue
            lengths = [x for x in measure.things if self.roles.fits(x, ("length",)) and x in reading.thing_of]
            works = [x for x in work.things if _WORK in self.names.kinds(x)]
            if len(lengths) == len(works) == 1:
                words = reading.quote[measure.start : work.end]
                triples = (
                    Triple(NamedNode(works[0]), NamedNode(ENT + "length"), NamedNode(lengths[0])),
                    *self.labels(reading.quote, [works[0], lengths[0]], reading.names.language),
                )
                name = f"proposal-{local_name(works[0])}-length"
                yield Proposal(name, reading.passage.iri, (words,), "rule: a length before a noun", triples)

    def _is_covered(self, one: _Said, other: _Said) -> bool:
        """Whether another match says the same with more, as a narrower class, or earlier; else the pattern decides."""
        broader = one.term == other.term or one.term in self.names.broader(other.term)
        narrower = other.term in self.names.broader(one.term)
        if self._is_said_better(one, other):
            return True
        if not (broader or narrower) or one.match.verb != other.match.verb:
            overlap = one.match.start < other.match.end and other.match.start < one.match.end
            if not (broader and overlap):
                return False
        mine, others = {*one.things}, {*other.things}
        if not mine <= others:
            return False
        if mine == others and one.term == other.term:
            return (one.match.start, one.match.pattern.text) > (other.match.start, other.match.pattern.text)
        return broader and (len(others) > len(mine) or one.term != other.term)

    def _is_said_better(self, one: _Said, other: _Said) -> bool:
        """Whether another class holds the same things by the same verb, which says few things else: “visited”."""
        mine, others = {*one.things}, {*other.things}
        overlap = one.match.start < other.match.end and other.match.start < one.match.end
        if mine != others or one.term == other.term or not overlap:
            return False
        if one.is_whole != other.is_whole and one.match.group and other.match.group:
            return other.is_whole
        if one.match.verb != other.match.verb or one.match.verb < 0:
            return False
        return len(one.match.pattern.verbs()) > len(other.match.pattern.verbs())

    # What words say

    def _said(self, reading: Reading, match: Match) -> _Said | None:
        kinds = self.names.above(match.term)
        group = match.group
        if group and (group.negated or group.ended or group.tense in ("possible", "infinitive")):
            return None
        roles: dict[str, tuple[str, ...]] = {}
        words: list[str] = []
        slots = by_slot(match)
        this = slots.pop((THIS,), ())
        stands = kinds.isdisjoint((_EVENT, _RELATION, _PART))  # a work, a person: of one that there is it is said
        loose = group is None and match.term in _BY_VERB
        about = self._about(match.term, this) if stands and not loose else ""
        if not about and (this or stands):
            return None
        if about and group is None and _IS_THOUGHT_OF.search(reading.quote, 0, match.start):
            return None
        verb = _WORD.match(reading.quote, match.verb) if match.term == _WORK and group else None
        if verb and not IMPROVING.isdisjoint(verbs.bases(verb[0].lower())):
            return None
        for path, fillers in slots.items():
            things = [self._all_meant(reading, filler, path, match.term) for filler in fillers]
            if len(path) != 1 or (not all(things) and path in match.pattern.required()):
                return None
            if not all(things):
                continue  # “lent Uganda 320 million dollars for schools” is a loan all the same
            roles[path[0]] = tuple(dict.fromkeys(x for found in things for x in found))
            words += [reading.quote[f.start : f.end] for f in fillers]
        if match.term == _PART and set(roles) == {"attendee", "occasion"} and len(roles["occasion"]) == 1:
            about, roles = roles["occasion"][0], {"participant": roles["attendee"]}  # nothing tells how
        elif about and not all(self.roles.may_have(about, ENT + role) for role in roles):
            return None  # nobody rejects a person
        if _AGREEMENT in kinds and self._sign_for_states(reading, roles.get("party", ())):
            return None
        said = _Said(match.term, roles, match, tuple(words), about)
        is_enough = roles or self._stage(said, reading.words(match)) if about else self._is_enough(roles, match)
        return said if is_enough else None

    def _sign_for_states(self, reading: Reading, parties: tuple[str, ...]) -> bool:
        """Whether all who sign hold an office of a state that the words name, which is then the party."""
        here = {x for name in reading.named for x in name.things}
        return bool(parties) and all(self._states_of(party) & here for party in parties)

    def _states_of(self, person: str) -> set[str]:
        """The states of which a person holds an office."""
        every = (self._made.statements, self._made.claimed)
        tenures = [iri(t.subject) for s in every for t in s.leading_to(NamedNode(person), ENT + "holder")]
        offices = [x for tenure in tenures for x in self.names.values(tenure, ENT + "office")]
        bodies = {x for office in offices for x in self.names.values(office, ENT + "officeOf")}
        return {x for x in bodies if ENT + "State" in self.names.kinds(x)}

    def _about(self, term: str, fillers: Iterable[Filler]) -> str:
        """The one thing that words name as what a pattern of its class or of a property is about; empty without one."""
        is_one = self.roles.may_have if not self.roles.is_class(term) else lambda x, kind: kind in self.names.kinds(x)
        found = [x for f in fillers if f.sure for x in f.things if is_one(x, term)]
        return found[0] if len(found) == 1 else ""

    def _single(self, said: _Said) -> Iterator[_Said]:
        """One for each thing, where the role of the class takes one alone: “Talvia and Sundria belong to the pact”."""
        kinds, roles = self.names.above(said.term), dict(said.roles)
        several = [r for r in roles if len(roles[r]) > 1 and any((k, ENT + r) in self.roles.single for k in kinds)]
        for row in product(*(roles[role] for role in several)):
            yield replace(said, roles=roles | {role: (x,) for role, x in zip(several, row, strict=True)})

    def _is_enough(self, roles: Mapping[str, tuple[str, ...]], match: Match) -> bool:
        """Whether the roles hold two things together, or all that the class holds."""
        things = {x for found in roles.values() for x in found}
        if len(roles.get("participant", "  ")) < 2 and ENT + "Meeting" in self.names.above(match.term):
            return False  # nobody meets alone
        slots = {slot.path[0] for slot in match.pattern.slots()}
        event = match.group is not None and _EVENT in self.names.above(match.term)
        whole = len(slots) == 1 or (match.group is not None and match.group.passive and match.verb >= 0)
        return len(things) > 1 or (len(roles) == 1 and event and whole and bool(things))

    def _all_meant(self, reading: Reading, filler: Filler, path: Path, term: str) -> tuple[str, ...]:
        """The one thing that words mean in a role, or those that a mention says they mean together."""
        if one := self._meant(reading, filler, path, term):
            return (one,)
        words = reading.quote[filler.start : filler.end]
        mentions = (m for m in reading.article.mentions if m.passage == reading.passage.iri and words in m.words)
        together = next((m.things for m in mentions if len(m.things) > 1 and filler.things == set(m.things)), ())
        return tuple(together) if filler.sure and all(self.roles.fits(x, path) for x in together) else ()

    def _apposed(self, reading: Reading, filler: Filler) -> Filler:
        """The name between commas after a noun that names nothing: “its energy minister, Doto Biteko, said”."""
        if filler.things or reading.quote[filler.end : filler.end + 2] != ", ":
            return filler
        after = [n for n in reading.named if n.start == filler.end + 2 and reading.quote[n.end : n.end + 1] == ","]
        name = max(after, key=lambda n: n.end, default=None)
        return filler._replace(start=name.start, end=name.end, things=frozenset(name.things)) if name else filler

    def _meant(self, reading: Reading, filler: Filler, path: Path, term: str) -> str:
        """The one thing that words mean in a role; empty where they name none, or leave a choice."""
        filler = self._apposed(reading, filler)
        if not filler.sure or not filler.things:
            return ""
        fitting = [x for x in sorted(filler.things) if self.roles.fits(x, path)]
        words = flat(reading.quote[filler.start : filler.end]).removeprefix("the ").removeprefix("The ")
        named = [x for x in filler.things if words in {flat(name) for name in self.names.names(x)}]
        if named and not set(named) & set(fitting):
            return ""  # of something else: the words lend their name to what would fit
        if len(fitting) > 1:  # of several amounts that are called the same, that of the passage, else any
            here = [x for x in fitting if x in reading.thing_of]
            amounts = all(ENT + "Quantity" in self.names.kinds(x) for x in fitting)
            fitting = here if len(here) == 1 else fitting[:1] if amounts else fitting
        if len(fitting) < 2:
            return fitting[0] if fitting else ""
        exact = [x for x in fitting if words in {flat(name) for name in self.names.names(x)}]
        rest = exact or [x for x in fitting if ENT + "State" in self.names.kinds(x)]
        acting = [x for x in rest if ENT + "City" not in self.names.kinds(x)] if path[-1] not in _OF_PLACES else rest
        return acting[0] if len(acting) == 1 else ""

    # From there to a proposal

    def _of_thing(self, reading: Reading, said: _Said) -> Proposal:
        """What is said of a thing that is named: of a work who builds it, what it carries, and how far it has come."""
        thing = NamedNode(said.about)
        triples = [Triple(thing, NamedNode(ENT + r), NamedNode(x)) for r, things in said.roles.items() for x in things]
        if stage := self._stage(said, reading.words(said.match)):
            triples.append(Triple(thing, NamedNode(ENT + "stage"), NamedNode(ENT + stage)))
        triples += self.labels(reading.quote, [*said.things, said.about], reading.names.language)
        slug = "-".join([local_name(said.about), *(local_name(t.object.value) for t in triples[:1])])  # type: ignore[union-attr]
        by = f"rule: {said.match.pattern.text}"
        words = (reading.words(said.match),)
        return Proposal(f"proposal-{slug}", reading.passage.iri, words, by, tuple(dict.fromkeys(triples)))

    def _stage(self, said: _Said, words: str) -> str:
        """How far a work has come, by the tense of a verb of building."""
        group = said.match.group
        builds = ("builder",) in {slot.path for slot in said.match.pattern.slots()}
        if group is None or not group.tells or not builds or not set(said.roles) <= {"builder"}:
            return ""
        stage = {"planned": "planned", "progressive": "underWay"}.get(group.tense, "")
        return (
            "" if stage == "planned" and not said.roles and _ENDS.search(words) else stage
        )  # what is to end is no plan

    def _proposal(self, reading: Reading, said: _Said) -> Proposal:
        if said.about:
            return self._of_thing(reading, said)
        node = NamedNode(self._iri(reading, said))
        triples = [Triple(node, NamedNode(RDF_TYPE), NamedNode(said.term))]
        for role, things in said.roles.items():
            triples += [Triple(node, NamedNode(ENT + role), NamedNode(thing)) for thing in things]
        words = [reading.words(said.match)]
        dates = self._dates(reading, said)
        place = own_words(reading.passage, [*words, *(d.words for d in dates)], reading.article.article.text)
        triples += place.described
        for date in dates:
            triples.append(date.triple(node.value))
            words.append(date.words)
            known = reading.passage.date_words if place.iri == reading.passage.iri else ()
            if not any(date.words in words for words in known):
                triples.append(Triple(NamedNode(place.iri), NamedNode(ENT + "dateWords"), Literal(date.words)))
        if status := self._status(reading, said):
            triples.append(Triple(node, NamedNode(ENT + "status"), NamedNode(ENT + status)))
        if content := _content(reading, said.match):
            triples.append(Triple(node, NamedNode(ENT + "content"), Literal(content, language=reading.names.language)))
        triples += self.labels(reading.quote, said.things, reading.names.language)
        name = f"proposal-{local_name(node.value)}"
        by = f"rule: {said.match.pattern.text}"
        return Proposal(name, place.iri, tuple(dict.fromkeys(words)), by, tuple(dict.fromkeys(triples)))

    def labels(self, quote: str, things: Iterable[str], language: str) -> Iterator[Triple]:
        """The names by which a quote has things (IRIs), of each the longest."""
        for thing in things:
            found = [x for x in self.names.labels(thing) if x in quote]
            for label in sorted(found, key=len)[-1:]:
                yield Triple(NamedNode(thing), NamedNode(RDFS_LABEL), Literal(label, language=language))

    def _iri(self, reading: Reading, said: _Said) -> str:
        """A name for a relation: what it holds together, and its class; the same in one article for the same."""
        things = [x for found in said.roles.values() for x in found]
        stem = relation_name(things, said.term, reading.article.reading_date[:7])
        key = said.term, tuple(sorted((role, tuple(sorted(found))) for role, found in said.roles.items()))
        if key not in self._named:  # in whatever order the words have them
            self._named[key] = free_name(stem, self._named.values())
        return ID + self._named[key]

    def _status(self, reading: Reading, said: _Said) -> str:
        """How far it has come, by the tense of the verb; empty where that does not tell."""
        group, kinds = said.match.group, self.names.above(said.term)
        if group is None or not group.tells:
            return ""
        if not kinds.isdisjoint(_ACTS):
            return ""  # a demand tells nothing of whether it is met
        if group.tense == "planned":
            return "planned"
        if _EVENT in kinds and _since(reading.words(said.match)):
            return "held"
        if _AGREEMENT in kinds:
            return "finalised" if ENT + "finalised" in reading.cues and group.tense in _DONE else ""
        lasting = not self.roles.lasting.isdisjoint(kinds)
        if _EVENT in kinds:
            goes_on = lasting and group.tense == "perfect" and _GOES_ON.search(reading.quote[said.match.verb :])
            return "underWay" if goes_on else "held" if group.tense in _DONE else ""
        return (
            "underWay" if group.tense in _HOLDS and not group.former and (lasting or group.tense != "perfect") else ""
        )  # “has invited”: over

    def _dates(self, reading: Reading, said: _Said) -> list[when.Dated]:
        """The dates that the sentence gives to what it says, each with its words; none where they leave a choice."""
        match, group = said.match, said.match.group
        sentence = reading.sentence(match.start)
        tense = group.tense if group else when.tense_of(reading.quote, match.start, sentence)
        lasting, over = not self.roles.lasting.isdisjoint(self.names.above(said.term)), self._is_over(reading, said)
        day, start = reading.article.reading_date, match.start
        end = match.end - len(_since(reading.words(match)))
        found = when.dated(
            reading.quote, (start, end), sentence, day, tense, lasting=lasting, over=over, verb=match.verb
        )
        if not lasting and end < match.end:  # “has been in operation since 1988”
            found = [d._replace(role="date") for d in found]
        return found

    def _is_over(self, reading: Reading, said: _Said) -> bool:
        """Whether the verb tells of the end of what it says: “left the pact”."""
        return reading.is_end(said.match)


def _since(words: str) -> str:
    """The “since” at the end of words, with the space before it."""
    return " since" if words.endswith(" since") else ""


def _content(reading: Reading, match: Match) -> str:
    """What somebody is accused of, or called on to do: the words after those of a match, up to another verb."""
    lead = _CONTENTS.get(match.term)
    end = match.end - 3 * reading.quote.endswith(" to", 0, match.end)
    found = lead.match(reading.quote, end) if lead else None
    if found is None:
        return ""
    return verbs.told_apart(found["words"])[0].strip()
