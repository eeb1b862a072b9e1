"""Drafts whom words without a name mean, where the text leaves no choice: “the two presidents”, “She”, “The plant”.

Two of a kind are those of the nearest sentence that names any two; a pronoun is the one that the sentence before it is
about. Each draft brings the passage without which its words are not understood (model, rules 3 and 30).
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from typing import NamedTuple

from pyoxigraph import Literal, NamedNode, Triple

from kg.dataset.build import Build
from kg.dataset.named import ArticleNames, Names
from kg.dataset.roles import Roles
from kg.drafting.draft import context
from kg.drafting.gazetteer import entries
from kg.drafting.kinds import TITLES
from kg.rdf.namespaces import ENT, RDF_TYPE, RDFS_LABEL, local_name
from kg.rdf.terms import iri, value
from kg.source.article import Evidence, Passage
from kg.source.proposals import Proposal
from kg.text.forms import slug_words
from kg.text.words import PERSONAL, Name
from kg.validation.reading import Reading, readings

_STATES = "states|countries|nations|neighbours|neighbors|sides|parties|capitals"
_HOLDERS = "presidents|leaders|prime ministers|foreign ministers|ministers|kings"
_TWO = re.compile(rf"\b(?:(?:[Tt]he )?[Tt]wo|[Bb]oth)(?: neighbouring)? (?P<noun>{_STATES}|{_HOLDERS}|governments)\b")
_PARTIES = re.compile(r"\b[Tt]he (?P<noun>Parties|neighbours|neighbors)\b")
_OPENING = r"(?:(?:But|And|Yet|Then|Later|Instead),? |(?:On|In|Since|By) [\w ]{2,20},? )?"
_HE = re.compile(r"\b(?P<who>[Hh]e|[Ss]he)\b")
_IT = re.compile(
    rf"(?:\A|(?<=[.;] )){_OPENING}(?P<who>[Ii]t)\b(?! (?:is|was|will be|would be|has been|had been|seems|seemed|appears"
    r"|remains|takes|took|comes|came)\b)"
)
_SUBJECT = re.compile(  # what may stand before the name that a sentence is about
    rf"{_OPENING}(?:[Tt]he |[Ii]ts |[Aa]n? )?(?:[\w’'-]+ ){{0,3}}?\Z"
)
_SOMEBODY = re.compile(
    rf"\b(?:[Aa]n?|[Tt]he|[Oo]ne) (?:[\w-]+ )?(?:(?i:{TITLES})|man|woman|officer|diplomat|official|resident)\b"
)
_DEFINITE = re.compile(r"\b(?:the|this|that|these|those) (?:[a-z-]+ )?\Z", re.IGNORECASE)
_OF_A_NAME = re.compile(r" (?:of|in|at|from) (?:the )?[A-Z]")  # “the port of Tanga” is told by that name
_CAPITAL = re.compile(r" capital\b(?!,? (?:of )?[A-Z]| city)")
_BACK = 2  # sentences before a pronoun in which the one that it means is looked for
_LINKS = frozenset((ENT + "mentionIn", ENT + "readWith"))
_OWN = ("'s", "’s")


class _Place(NamedTuple):
    """Words of a passage from `start` to `end`, the things that they mean, and where these are named."""

    start: int
    end: int
    things: tuple[str, ...]
    named_in: str
    rule: str


class MentionDrafts:
    """The mentions in one article, and the passages with which others are read."""

    def __init__(self, made: Build, article: str) -> None:
        """Take a graph with the article, by its name, in which its things are stated or proposed."""
        self._made, self._names = made, Names(made)
        rows = [r for r in readings(made, self._names) if r.article.article.name == article]
        self._readings: list[Reading] = []
        for reading in sorted(rows, key=lambda r: (r.passage.start, -r.passage.end)):
            if not self._readings or reading.passage.end > self._readings[-1].passage.end:
                self._readings.append(reading)

    def proposals(self) -> list[Proposal]:
        """All drafts, in the order of the text."""
        found: list[Proposal] = []
        for at, reading in enumerate(self._readings):
            before = self._readings[:at]
            meant: list[_Place] = []
            for drafts in (self._two, self._pronouns, self._capitals):
                meant += (p for p in drafts(reading, before) if not _is_named(reading, p))
            found += [self._mention(reading, place) for place in meant]
            found += self._nouns(reading, before)
        return found

    # Who is meant

    def _two(self, reading: Reading, before: Sequence[Reading]) -> Iterator[_Place]:
        for match in (*_TWO.finditer(reading.quote), *_PARTIES.finditer(reading.quote)):
            noun = match["noun"].lower()
            held = noun in _HOLDERS.split("|")
            kind = self._holding(noun.removesuffix("s")) if held else self._state
            pair, where = self._pair(reading, match.start(), before, kind)
            if pair and (held or pair == self._usual(kind)):
                yield _Place(match.start(), match.end(), pair, where, f"two {noun}")

    def _pair(
        self, reading: Reading, at: int, before: Sequence[Reading], kind: Callable[[Name], str]
    ) -> tuple[tuple[str, ...], str]:
        """The two that the nearest sentence which names several has, with its passage; empty where it has more."""
        rows = [(reading, [n for n in reading.named if n.end <= at]), *((r, r.named) for r in reversed(before))]
        for row, named in rows:
            things = tuple(dict.fromkeys(filter(None, map(kind, named))))
            if len(things) > 1:
                return (tuple(sorted(things)), row.passage.iri) if len(things) == 2 else ((), "")
        return (), ""

    def _usual(self, kind: Callable[[Name], str]) -> tuple[str, ...]:
        """The two that most sentences of the article name together."""
        pairs: dict[tuple[str, ...], int] = {}
        for reading in self._readings:
            things = tuple(sorted(set(filter(None, map(kind, reading.named)))))
            if len(things) == 2:
                pairs[things] = pairs.get(things, 0) + 1
        most = max(pairs.values(), default=0)
        best = [pair for pair, count in pairs.items() if count == most]
        return best[0] if len(best) == 1 else ()

    def _state(self, name: Name) -> str:
        """The state that a name means, or whose government it does."""
        states = {x for x in name.things if self._is(x, "State")}
        states |= {s for x in name.things for s in self._names.values(x, ENT + "governmentOf")}
        return states.pop() if len(states) == 1 else ""

    def _holding(self, title: str) -> Callable[[Name], str]:
        def holder(name: Name) -> str:
            persons = [x for x in name.things if self._is(x, "Person") and self._holds(x, title)]
            return persons[0] if len(persons) == 1 else ""

        return holder

    def _holds(self, person: str, title: str) -> bool:
        """Whether a person holds an office of a title; any at the head of a state for “leader”."""
        for tenure in self._leading(person, "holder"):
            for office in self._names.values(tenure, ENT + "office"):
                labels = " ".join(self._names.names(office)).lower()
                kinds = {local_name(kind) for kind in self._names.kinds(office)}
                if title in labels or (title == "president" and "Presidency" in kinds):
                    return True
                if title in ("leader", "king") and kinds & {"LeadingOffice", "Presidency"}:
                    return title == "leader" or "king" in labels
        return False

    def _leading(self, thing: str, role: str) -> Iterator[str]:
        for statements in (self._made.statements, self._made.claimed):
            yield from (iri(t.subject) for t in statements.leading_to(NamedNode(thing), ENT + role))

    def _pronouns(self, reading: Reading, before: Sequence[Reading]) -> Iterator[_Place]:
        for match in _HE.finditer(reading.quote):
            if found := self._person(reading, match.start(), before):
                yield _Place(*match.span("who"), (found[0],), found[1], f"“{match['who'].lower()}”")
        for match in _IT.finditer(reading.quote):
            if before and (thing := self._subject(before[-1], ("Actor", "InfrastructureProject"))):
                yield _Place(*match.span("who"), (thing,), before[-1].passage.iri, "“it”")

    def _capitals(self, reading: Reading, before: Sequence[Reading]) -> Iterator[_Place]:
        """A capital that the text names elsewhere: “the Lorvian capital”."""
        for name in reading.named:
            start = name.start - len("the ")
            noun = _CAPITAL.match(reading.quote, name.end)
            found = {self._cities.get(x, "") for x in name.things if self._is(x, "State")}
            city = found.pop() if len(found) == 1 else ""
            if noun and city and reading.quote[max(start, 0) : name.start].lower() == "the ":
                named = [r.passage.iri for r in before if self._introduces(r, city)]
                yield from (_Place(start, noun.end(), (city,), where, "a capital") for where in named[:1])

    @cached_property
    def _cities(self) -> dict[str, str]:
        """The capital (IRI) of each state that the gazetteer has."""
        return {entry.capital_of: entry.iri for entry in entries() if entry.capital_of}

    def _person(self, reading: Reading, at: int, before: Sequence[Reading]) -> tuple[str, str] | None:
        """The one person of the nearest sentence that names any, or the one that it is about; with its passage."""
        rows = [(reading, [n for n in reading.named if n.end <= at])]
        rows += [(r, r.named) for r in reversed(before[-_BACK:])]
        for row, named in rows:
            persons = {x for n in named for x in n.things if self._is(x, "Person")}
            if len(persons) == 1:
                return persons.pop(), row.passage.iri
            end = at if row is reading else 0 if persons else len(row.quote)
            if _SOMEBODY.search(row.quote, 0, end):
                return None  # “a spokesman declined to say whether he …”; “The minister resigned. He …”
            if persons:
                subject = self._subject(row, ("Person",))
                return (subject, row.passage.iri) if subject in persons else None
        return None

    def _subject(self, reading: Reading, kinds: tuple[str, ...]) -> str:
        """The thing of one of these kinds that a sentence is about: the name with which it begins."""
        named = [n for n in reading.named if any(self._is(x, kind) for x in n.things for kind in kinds)]
        if not named or not _SUBJECT.match(reading.quote[: named[0].start]):
            return ""
        first = max((n for n in named if n.start == named[0].start), key=lambda n: n.end)
        if reading.quote[first.end : first.end + 2] in _OWN or reading.quote[first.end : first.end + 4] == " and":
            return ""
        things = [x for x in first.things if any(self._is(x, kind) for kind in kinds)]
        states = [x for x in things if self._is(x, "State")]
        chosen = states if len(things) > 1 else things
        person = "Person" in kinds
        return chosen[0] if len(chosen) == 1 and self._is(chosen[0], "Person") == person else ""

    def _is(self, thing: str, kind: str) -> bool:
        return ENT + kind in self._names.kinds(thing)

    # From there to proposals

    def _mention(self, reading: Reading, place: _Place) -> Proposal:
        words = reading.quote[place.start : place.end]
        slug = "-".join([*slug_words(words), local_name(reading.passage.iri)])
        others = sum(1 for m in re.finditer(rf"\b{re.escape(words)}\b", reading.quote[: place.start]))
        slug += f"-{others + 1}" if others else ""
        node = NamedNode(f"{reading.passage.iri.partition('#')[0]}#{slug}")
        triples = statements(node, reading.passage, place.start, place.end, place.things)
        triples += self._read_with(reading, place.named_in)
        rule = f"rule: {place.rule} of the sentence before"
        return Proposal(f"proposal-{slug}", reading.passage.iri, (words,), rule, tuple(triples))

    def _read_with(self, reading: Reading, other: str) -> Iterator[Triple]:
        if other not in (reading.passage.iri, *reading.passage.read_with):
            yield Triple(NamedNode(reading.passage.iri), NamedNode(ENT + "readWith"), NamedNode(other))

    def _nouns(self, reading: Reading, before: Sequence[Reading]) -> Iterator[Proposal]:
        """The passages that name what a noun with a definite article means here, and no other words do."""
        for name in reading.named:
            words = reading.quote[name.start : name.end]
            thing = next(iter(name.things)) if len(name.things) == 1 else ""
            if not thing or not words.islower() or words in PERSONAL or words in self._names.names(thing):
                continue
            if any(label in reading.quote for label in self._names.names(thing)):
                continue
            if not _DEFINITE.search(reading.quote[: name.start]) or _OF_A_NAME.match(reading.quote, name.end):
                continue
            other = next((r.passage.iri for r in before if self._introduces(r, thing)), "")
            for triple in self._read_with(reading, other) if other else ():
                slug = f"{local_name(reading.passage.iri)}-with-{local_name(other)}"
                rule = "rule: a noun for the one thing of its class"
                yield Proposal(f"proposal-{slug}", reading.passage.iri, (words,), rule, (triple,))

    def _introduces(self, reading: Reading, thing: str) -> bool:
        return thing in reading.thing_of and RDFS_LABEL in reading.thing_of[thing].values


def statements(node: NamedNode, passage: Passage, start: int, end: int, things: Iterable[str]) -> list[Triple]:
    """The statements of a mention: what the words of a passage from `start` to `end` of its quote mean (IRIs)."""
    around = context(passage.quote, start, end) or ("", "")
    sides = zip(("prefix", "suffix"), around, strict=True)
    return [
        Triple(node, NamedNode(RDF_TYPE), NamedNode(ENT + "Mention")),
        Triple(node, NamedNode(ENT + "mentionIn"), NamedNode(passage.iri)),
        Triple(node, NamedNode(ENT + "quote"), Literal(passage.quote[start:end])),
        *(Triple(node, NamedNode(ENT + "refersTo"), NamedNode(thing)) for thing in things),
        *(Triple(node, NamedNode(ENT + side), Literal(text)) for side, text in sides if text),
    ]


def mention(
    article: Evidence, passage: Passage, start: int, end: int, things: Iterable[str]
) -> tuple[str, list[Triple]]:
    """The IRI and the statements of a new mention in a passage of an article."""
    slug = "-".join([*slug_words(passage.quote[start:end]), local_name(passage.iri)])
    node = NamedNode(f"{article.iri}#{slug}")
    return node.value, statements(node, passage, start, end, things)


class Links:
    """What lets the words of a passage name the things of which a proposal states something."""

    def __init__(
        self,
        article: Evidence,
        roles: Roles,
        names: ArticleNames,
        meant: Callable[[str], Iterable[tuple[int, int, tuple[str, ...]]]],
    ) -> None:
        """`meant` gives from where to where a text has words that mean things (IRIs), and which."""
        self._article, self._roles, self._names, self._meant = article, roles, names, meant

    def added(self, passage: Passage, found: Iterable[Proposal]) -> Iterator[Proposal]:
        """Proposals, each with a mention where the passage has a noun, “the line”, else what it is to be read with."""
        known: dict[str, set[str]] = {}  # by passage, what needs no link any more
        for proposal in found:
            if any(t.predicate.value in _LINKS for t in proposal.triples):
                yield proposal
                continue
            place = passage if proposal.passage == passage.iri else _inner(proposal, passage)
            if place.iri not in known:
                known[place.iri] = self._known_in(place)
            things = dict.fromkeys(iri(x) for t in proposal.triples for x in (t.subject, t.object))
            more: list[Triple] = []
            for thing in things:
                if thing not in known[place.iri] and self._names.needs_name(thing):
                    more += self._link(place, thing, known[place.iri], has_nouns=place is passage)
            yield replace(proposal, triples=(*dict.fromkeys([*proposal.triples, *more]),))

    def _link(self, place: Passage, thing: str, known: set[str], *, has_nouns: bool) -> Iterable[Triple]:
        """What lets the words of a passage name a thing, which is `known` then; without nouns no mention."""
        known.add(thing)
        meant = self._meant(place.quote) if has_nouns else ()
        if at := next(((start, end) for start, end, things in meant if things == (thing,)), None):
            return mention(self._article, place, *at, [thing])[1]
        if other := self._telling(place, thing):
            known |= self._known_in(other)
            return [Triple(NamedNode(place.iri), NamedNode(ENT + "readWith"), NamedNode(other.iri))]
        return ()

    def _known_in(self, passage: Passage) -> set[str]:
        """What the words of a passage name, or those that it is read with, and what the same words may name."""
        own = self._names.things(passage) | self._names.introduced(passage)
        return own | {x for thing in own for x in self._roles.near(thing)}

    def _telling(self, passage: Passage, thing: str) -> Passage | None:
        """The passage with the name of a thing that comes last before another, else the first after it."""
        rows = [p for p in self._article.passages if any(thing in m.iris for m in self._names.named(p))]
        before = [p for p in rows if p.start < passage.start]
        return max(before, key=lambda p: p.start) if before else min(rows, key=lambda p: p.start, default=None)


def _inner(proposal: Proposal, outer: Passage) -> Passage:
    """The passage of fewer words that a proposal brings along."""
    quote = next(value(t.object) for t in proposal.triples if t.predicate.value == ENT + "quote")
    return Passage(proposal.passage, quote, outer.start + outer.quote.find(quote), outer.end)


def _is_named(reading: Reading, place: _Place) -> bool:
    """Whether a mention has said already what words mean."""
    return any(n.start == place.start and n.end == place.end for n in reading.named)
