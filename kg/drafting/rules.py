"""Proposals by rules: the lexicon run forwards, from words that fit a pattern to the relation or event that they say.

A match of a pattern is a proposal where each of its slots names one thing that may stand there. Words that deny, end or
only consider something propose nothing; where several patterns say one thing, the fullest speaks for it. How far it has
come is told by the tense of the verb, when by the date words of its sentence, if these have one reading.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from pyoxigraph import Literal, NamedNode, Triple

from kg.dataset.build import Build
from kg.dataset.named import Names
from kg.dataset.roles import Path, Roles
from kg.rdf.namespaces import ENT, ID, RDF_TYPE, RDFS_LABEL, SH, XSD, local_name
from kg.rdf.terms import iri, value
from kg.source.proposals import Proposal
from kg.text import segments, speech
from kg.text.dates import resolve
from kg.text.forms import flat
from kg.text.matching import Match
from kg.text.parts import Filler
from kg.text.patterns import THIS
from kg.validation.reading import Reading, by_slot, readings

_EVENT, _RELATION, _AGREEMENT = ENT + "Event", ENT + "Relation", ENT + "Agreement"
_NOT_PROPOSED = frozenset(
    ENT + name for name in ("Event", "Relation", "RelativePosition", "Statement", "Superlative", "Tenure")
)
_STATES = frozenset((ENT + "State", ENT + "Government"))
_HOLDS = ("present", "progressive", "perfect")
_DONE = ("past", "perfect")


@dataclass(frozen=True)
class _Said:
    """What words say: a class, what stands in its roles, the match, and the words of the names."""

    term: str
    roles: Mapping[str, tuple[str, ...]]  # by local name
    match: Match
    words: tuple[str, ...]

    @property
    def size(self) -> int:
        """How many things stand in its roles."""
        return sum(map(len, self.roles.values()))


class RuleDrafts:
    """The relations and events that the patterns of the lexicon find in one article."""

    def __init__(self, made: Build, article: str) -> None:
        """Take a graph with the article, by its name, in which its things are stated or proposed."""
        self._made, self._article = made, article
        self._names = Names(made)
        self._roles = Roles(made, self._names)
        self._taken: dict[str, tuple[object, ...]] = {}

    def proposals(self) -> list[Proposal]:
        """All drafts, in the order of the text."""
        found: list[Proposal] = []
        for reading in readings(self._made, self._names):
            if reading.article.article.name == self._article and not self._is_heading(reading):
                found += self._of(reading)
        return found

    def _is_heading(self, reading: Reading) -> bool:
        """Whether a passage is a heading, which the text says better."""
        start = reading.passage.start
        return any(
            c.segment.start <= start < c.segment.end and c.segment.kind == "heading" for c in reading.article.readings
        )

    def _of(self, reading: Reading) -> Iterator[Proposal]:
        yield from self._speakers(reading)
        said = [s for match in reading.matches if (s := self._said(reading, match))]
        for one in said:
            if not any(self._is_covered(one, other) for other in said if other is not one):
                yield self._proposal(reading, one)

    def _speakers(self, reading: Reading) -> Iterator[Proposal]:
        """Whose speech a passage is, where a verb of saying has one subject with a name, outside of what is said."""
        passage = reading.passage
        marks = [(s - passage.start, e - passage.start) for s, e in speech.quotations(self._text(reading))]
        within = [(max(0, s), min(len(reading.quote), e)) for s, e in marks if s < len(reading.quote) and e > 0]
        spoken = speech.said(reading.quote, within)
        matches = [m for m in reading.matches if m.term == ENT + "speaker" and spoken and not passage.speakers]
        found: dict[str, Match] = {}
        for match in matches:
            fillers = by_slot(match).get(("speaker",), ())
            free = all(not any(s <= f.start < e for s, e in spoken) for f in fillers)
            things = {self._meant(reading, filler, ("speaker",), match.term) for filler in fillers if free}
            found |= dict.fromkeys(filter(None, things), match)
        if len(found) == 1:
            ((speaker, match),) = found.items()
            node, how = NamedNode(passage.iri), "quoted" if within else "paraphrased"
            triples = (
                Triple(node, NamedNode(ENT + "speaker"), NamedNode(speaker)),
                Triple(node, NamedNode(ENT + "speech"), NamedNode(ENT + how)),
                *(Triple(node, NamedNode(ENT + "readWith"), NamedNode(p)) for p in self._naming(reading, speaker)),
            )
            name = f"proposal-{local_name(speaker)}-says-{local_name(passage.iri)}"
            yield Proposal(name, passage.iri, (reading.words(match),), f"rule: {match.pattern.text}", triples)

    def _naming(self, reading: Reading, thing: str) -> list[str]:
        """The first passage that gives a thing a name, where the quote has none of its names but a part of one."""
        if any(name in reading.quote for name in self._names.names(thing)):
            return []
        rows = (r for r in reading.others.stating(thing) if self._labels_in(r, thing))
        return [r.passage.iri for r in rows if r is not reading][:1]

    def _labels_in(self, reading: Reading, thing: str) -> bool:
        return RDFS_LABEL in reading.thing_of[thing].values

    def _text(self, reading: Reading) -> str:
        return segments.unwrap(reading.article.article.text)

    def _is_covered(self, one: _Said, other: _Said) -> bool:
        """Whether another match says the same with more, or as a narrower class, or came first."""
        broader = one.term == other.term or one.term in self._names.broader(other.term)
        narrower = other.term in self._names.broader(one.term)
        if self._is_said_better(one, other):
            return True
        if not (broader or narrower) or one.match.verb != other.match.verb:
            overlap = one.match.start < other.match.end and other.match.start < one.match.end
            if not (broader and overlap):
                return False
        mine = {x for things in one.roles.values() for x in things}
        others = {x for things in other.roles.values() for x in things}
        if not mine <= others:
            return False
        if mine == others and one.term == other.term:
            return (one.match.start, one.match.pattern.text) > (other.match.start, other.match.pattern.text)
        return broader and (len(others) > len(mine) or one.term != other.term)

    def _is_said_better(self, one: _Said, other: _Said) -> bool:
        """Whether another class holds the same things by the same verb, which says few things else: “visited”."""
        mine, others = ({x for things in s.roles.values() for x in things} for s in (one, other))
        same = one.match.verb == other.match.verb >= 0 and mine == others and one.term != other.term
        return same and len(one.match.pattern.verbs()) > len(other.match.pattern.verbs())

    # What words say

    def _said(self, reading: Reading, match: Match) -> _Said | None:
        kinds = self._names.above(match.term)
        if match.term in _NOT_PROPOSED or kinds.isdisjoint((_EVENT, _RELATION)):
            return None
        group = match.group
        if group and (group.negated or group.ended or group.tense in ("possible", "infinitive")):
            return None
        roles: dict[str, tuple[str, ...]] = {}
        words: list[str] = []
        for path, fillers in by_slot(match).items():
            things = [self._meant(reading, filler, path, match.term) for filler in fillers]
            if len(path) != 1 or path == (THIS,) or not all(things):
                return None
            roles[path[0]] = tuple(dict.fromkeys(filter(None, things)))
            words += [reading.quote[f.start : f.end] for f in fillers]
        if not self._is_enough(roles, match):
            return None
        return _Said(match.term, roles, match, tuple(words))

    def _is_enough(self, roles: Mapping[str, tuple[str, ...]], match: Match) -> bool:
        """Whether the roles hold two things together, or all that the class holds."""
        things = {x for found in roles.values() for x in found}
        slots = {slot.path[0] for slot in match.pattern.slots()}
        alone = len(roles) == 1 == len(slots) and match.group is not None and _EVENT in self._names.above(match.term)
        return len(things) > 1 or (alone and bool(things))

    def _meant(self, reading: Reading, filler: Filler, path: Path, term: str) -> str:
        """The one thing that words mean in a role; empty where they name none, or leave a choice."""
        if not filler.sure or not filler.things:
            return ""
        fitting = [x for x in sorted(filler.things) if self._roles.fits(x, path)]
        words = flat(reading.quote[filler.start : filler.end]).removeprefix("the ").removeprefix("The ")
        named = [x for x in filler.things if words in {flat(name) for name in self._names.names(x)}]
        if named and not set(named) & set(fitting):
            return ""  # of something else: the words lend their name to what would fit
        if len(fitting) < 2:
            return fitting[0] if fitting else ""
        exact = [x for x in fitting if words in {flat(name) for name in self._names.names(x)}]
        rest = exact or [x for x in fitting if ENT + "State" in self._names.kinds(x)]
        acting = (
            [x for x in rest if ENT + "City" not in self._names.kinds(x)]
            if path[-1] not in ("place", "destination")
            else rest
        )
        return acting[0] if len(acting) == 1 else ""

    # From there to a proposal

    def _proposal(self, reading: Reading, said: _Said) -> Proposal:
        node = NamedNode(self._iri(reading, said))
        triples = [Triple(node, NamedNode(RDF_TYPE), NamedNode(said.term))]
        for role, things in said.roles.items():
            triples += [Triple(node, NamedNode(ENT + role), NamedNode(thing)) for thing in things]
        words = [reading.words(said.match)]
        if date := self._date(reading, said):
            triples.append(Triple(node, NamedNode(ENT + date[0]), date[1]))
            words.append(date[2])
        if status := self._status(reading, said):
            triples.append(Triple(node, NamedNode(ENT + "status"), NamedNode(ENT + status)))
        triples += self._labels(reading, said)
        name = f"proposal-{local_name(node.value)}"
        by = f"rule: {said.match.pattern.text}"
        return Proposal(name, reading.passage.iri, tuple(dict.fromkeys(words)), by, tuple(dict.fromkeys(triples)))

    def _labels(self, reading: Reading, said: _Said) -> Iterator[Triple]:
        """The names by which the words have the things in the roles."""
        for things in said.roles.values():
            for thing in things:
                found = [x for x in self._names.labels(thing) if x in reading.quote]
                for label in sorted(found, key=len)[-1:]:
                    yield Triple(
                        NamedNode(thing), NamedNode(RDFS_LABEL), Literal(label, language=reading.names.language)
                    )

    def _iri(self, reading: Reading, said: _Said) -> str:
        """A name for a relation: what it holds together, and its class; the same in one article for the same."""
        things = [local_name(x) for found in said.roles.values() for x in found]
        kind = "".join(f"-{c.lower()}" if c.isupper() else c for c in local_name(said.term)).strip("-")
        month = reading.article.reading_date[:7]
        stem = "-".join([*things[:3], kind, *([month] if month else [])])
        key = said.term, tuple(sorted((role, tuple(sorted(found))) for role, found in said.roles.items()))
        name, number = stem, 1
        while self._taken.setdefault(name, key) != key:
            number += 1
            name = f"{stem}-{number}"
        return ID + name

    def _status(self, reading: Reading, said: _Said) -> str:
        """How far it has come, by the tense of the verb; empty where that does not tell."""
        group, kinds = said.match.group, self._names.above(said.term)
        if group is None or not group.tells:
            return ""
        if group.tense == "planned":
            return "planned"
        if _AGREEMENT in kinds:
            return "finalised" if ENT + "finalised" in reading.cues and group.tense in _DONE else ""
        if _EVENT in kinds:
            return "held" if group.tense in _DONE else ""
        return "underWay" if group.tense in _HOLDS else ""

    def _date(self, reading: Reading, said: _Said) -> tuple[str, Literal, str] | None:
        """The property and the value of the date that the sentence gives, with its words; None without a clear one."""
        words = reading.passage.date_words
        day = reading.article.reading_date
        if len(words) != 1 or not day or reading.quote.count(words[0]) != 1:
            return None
        at = reading.quote.index(words[0])
        first, _ = reading.sentence(at)
        between = reading.quote[said.match.end : at]  # empty where the date stands before or within
        if first != reading.sentence(said.match.start)[0] or re.search(r"[,;–—]| and | but ", between):
            return None  # “Somalia, which has accused Ethiopia, recalled its ambassador on Tuesday”
        if at < said.match.start and reading.quote[first:at].strip():
            return None
        found = resolve(words[0], day)
        past = said.match.group is not None and said.match.group.tense in _DONE
        planned = said.match.group is not None and said.match.group.tense in ("planned", "present")
        if len(found) > 1 and (past or planned):
            found = [r for r in found if (r.lexical <= day[: len(r.lexical)]) == past]
        if len(found) != 1:
            return None
        lower = words[0].lower()
        lasting = not self._lasting.isdisjoint(self._names.above(said.term)) or lower.startswith("since ")
        if lower.startswith(("until ", "till ", "by ", "before ", "after ")):
            return None
        kind = NamedNode(XSD + found[0].datatype)
        return ("start" if lasting else "date"), Literal(found[0].lexical, datatype=kind), words[0]

    @cached_property
    def _lasting(self) -> set[str]:
        """The classes of what lasts, which shapes forbid to have ent:date."""
        found: set[str] = set()
        for document in self._made.sources.shapes:
            triples = document.triples
            nodes = {t.subject for t in triples if t.predicate.value == SH + "path" and iri(t.object) == ENT + "date"}
            limits = [t for t in triples if t.predicate.value == SH + "maxCount" and value(t.object) == "0"]
            found |= _targets(triples, [t.subject for t in limits if t.subject in nodes])
        return found


def _targets(triples: Iterable[Triple], nodes: Iterable[object]) -> set[str]:
    """The target classes of the shapes in which nodes stand."""
    above: dict[object, list[object]] = {}
    targets: dict[object, set[str]] = {}
    for t in triples:
        above.setdefault(t.object, []).append(t.subject)
        if t.predicate.value == SH + "targetClass":
            targets.setdefault(t.subject, set()).add(iri(t.object))
    found, seen, waiting = set[str](), set[object](), list(nodes)
    while waiting:
        node = waiting.pop()
        if node in seen:
            continue
        seen.add(node)
        found |= targets.get(node, set())
        waiting += above.get(node, []) if node not in targets else []
    return found
