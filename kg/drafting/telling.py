"""Reads a sentence as one clause in which facts are told: the reverse of how `kg show` tells them.

Each word of the sentence is one of the clause (`ent:clause`), or of what fills its slots, tells when, or stands in
brackets behind it: “(“key allies”)”. So a sentence is read whole, or not at all. The tense of its verb tells how far
what it says has come.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from itertools import islice, product
from typing import NamedTuple, get_args

from pyoxigraph import Literal, NamedNode, Triple

from kg.dataset.lexicon import Lexicon
from kg.dataset.naming import CLAUSE
from kg.dataset.roles import Path, Roles
from kg.drafting import when
from kg.drafting.spoken import IN_WORDS
from kg.rdf.namespaces import ENT, ID, RDF_TYPE, local_name
from kg.rdf.terms import Term, iri, value
from kg.source.article import Evidence, Passage
from kg.source.proposals import Proposal, free_name, relation_name
from kg.text import verbs
from kg.text.patterns import THIS, WORDING, Choice, Element, Mark, Option, Pattern, Phrase, Slot
from kg.text.verbs import Tense
from kg.text.words import (
    AND,
    AUXILIARIES,
    DETERMINERS,
    PREPOSITIONS,
)

_EVENT, _RELATION, _AGREEMENT, _WORK = (
    ENT + name for name in ("Event", "Relation", "Agreement", "InfrastructureProject")
)
_ACTS = frozenset(ENT + name for name in ("Accusation", "Demand", "Invitation"))  # nothing tells whether they are met
_ENDS = {"subject", "object"}
_TO_COME: dict[Tense, str] = {
    "planned": "planned",
    "expected": "expected",
    "intended": "intended",
    "outstanding": "outstanding",
}
_PROGRESSIVE: tuple[Tense, ...] = ("progressive", "perfect progressive")
_HOLDS: tuple[Tense, ...] = ("present", "perfect", *_PROGRESSIVE)
_DONE: tuple[Tense, ...] = ("past", "perfect")
_DATES_OF: dict[Tense, str] = {"past": "past", "perfect": "perfect", "past progressive": "past", "present": "present"}
_LIMIT = re.compile(r" (?:after|before|by|from|since|until)\Z")
_HELD = re.compile(r"\b(?:was|were) held\b")
_TO_BE_HELD = re.compile(r"\b(is|are|was|were) to be held\b")
_NOTE = re.compile(r" \((?P<note>[^()]+)\)\Z")
_CONDITION = re.compile(r"condition: (?P<words>[“\"].+[”\"])")
_QUOTED = re.compile(r"[“\"](?P<words>[^“”\"]+)[”\"]")
_WILL = re.compile(r"\A(?:is|are) to ")
_SAME_AS_TO = ("will ", "is due to ", "are due to ", "is set to ", "are set to ", "is going to ", "are going to ")
_MOST_TRIED = 40  # ways in which a clause may be that of a sentence in which something does not fit
_OF_TWO = 2
_PART = ENT + "Participation"
_AT_ITS_END = frozenset((ENT + "collapsed", ENT + "withdrawn"))  # whose date is the end of a thing


class Told(NamedTuple):
    """A clause of a term (IRI) that a sentence is: what fills its slots, by path, and the tense of its verb."""

    term: str
    slots: Mapping[Path, tuple[Term, ...]]
    tense: Tense


Resolve = Callable[[str, str, Slot], tuple[Term, ...]]  # what words may stand for in a slot of a clause of a term


class Telling:
    """The clauses of one language, by which sentences about one article are read."""

    def __init__(self, ontology: Iterable[Triple], language: str, roles: Roles, never: frozenset[str]) -> None:
        """`never` are the terms (IRIs) by whose clauses nothing can be said, such as those that are computed."""
        found = Lexicon(ontology).parsed(CLAUSE, language)
        rows = [(term, p) for term, patterns in found.items() if term not in never for p in patterns if _has_words(p)]
        self._roles = roles
        self._clauses = sorted(rows, key=lambda row: row[0] not in roles.individuals)  # “has been completed”: a stage

    def statements(self, said: str, article: Evidence, resolve: Resolve) -> list[tuple[str, list[Triple]]]:
        """What a sentence states, each with a slug; nothing where no clause is the whole of it."""
        said = _TO_BE_HELD.sub(r"\1 to take place", _HELD.sub("took place", said))
        core, notes = _without_notes(said)
        for lead, first, last, tail in _undated(core):
            dates = [*lead, *tail]
            for term, pattern in self._clauses:
                read = _Reader(core[first:last], term, resolve)
                for told in read.all(pattern):
                    made = [*self._stated(told, notes, said, dates, (first, last), article, resolve)]
                    if made:
                        return made
        return []

    def misfit(self, said: str, resolve: Resolve) -> tuple[str, str, Slot] | None:
        """Of the clause that fits a sentence best, the first words that cannot stand where they do.

        They come with the term of the clause and their slot; nothing where no clause fits with any of its words.
        """
        core, _ = _without_notes(said)
        best: tuple[tuple[int, int], tuple[str, str, Slot]] | None = None
        for _, first, last, _ in _undated(core):
            for term, pattern in self._clauses:
                for told in islice(_Reader(core[first:last], term, _as_words).all(pattern), _MOST_TRIED):
                    rows = [(value(things[0]), Slot(path)) for path, things in told.slots.items()]
                    wrong = [(term, words, slot) for words, slot in rows if not resolve(term, words, slot)]
                    rank = last - first - sum(len(words) for words, _ in rows), len(rows) - len(wrong)
                    is_noun = all(_is_noun_phrase(words) for _, words, _ in wrong)
                    if wrong and rank[1] and is_noun and (best is None or rank > best[0]):
                        best = rank, wrong[0]
        return best[1] if best else None

    def _stated(
        self,
        told: Told,
        notes: list[str],
        said: str,
        dates: list[str],
        core: tuple[int, int],
        article: Evidence,
        resolve: Resolve,
    ) -> Iterator[tuple[str, list[Triple]]]:
        """The statements of a clause with its notes and dates; none where these do not belong to it."""
        if _ENDS & {path[0] for path in told.slots}:
            if not notes and not dates:
                yield from self._of_property(told)
            return
        kind, paths = self._class_of(told), {*told.slots}
        if kind == _PART and paths == {("attendee",), ("occasion",)}:  # nothing tells how
            told = Told(
                _EVENT, {(THIS,): told.slots["occasion",], ("participant",): told.slots["attendee",]}, "present"
            )
            kind = _EVENT
        for thing, roles in self._things(told, kind, article.reading_date[:7]) if kind else ():
            node = NamedNode(thing)
            triples = [Triple(node, NamedNode(RDF_TYPE), NamedNode(kind))] if (THIS,) not in told.slots else []
            triples += [Triple(node, NamedNode(ENT + role), x) for role, things in roles for x in things]
            for note in notes:
                found = self._of_note(node, kind, note, resolve)
                if found is None:
                    return
                triples.append(found)
            if status := self._status(told, kind):
                role = self._state(kind)
                is_told = any(t.predicate.value == ENT + role for t in triples)
                triples += [Triple(node, NamedNode(ENT + role), NamedNode(status))] * (not is_told)
            if dates and told.term in self._roles.individuals and _WORK in self._kinds(kind):
                return  # a work has no date, but its completion
            dated = self._dates(told, kind, said, core, article.reading_date) if dates else []
            if len({d.words for d in dated}) != len(dates):
                return
            role = when.END if told.term in _AT_ITS_END else ""
            triples += [d.triple(thing, role) for d in dated]
            yield local_name(thing), triples

    def _kinds(self, kind: str) -> frozenset[str]:
        return self._roles.names.above(kind)

    def _class_of(self, told: Told) -> str:
        """The class of the thing of which a clause tells: its term, or where that is a status, the domain of a role."""
        if self._roles.is_class(told.term):
            return told.term
        if this := told.slots.get((THIS,)):
            kinds = self._roles.names.kinds(iri(this[0]))
            return next((kind for kind in (_WORK, _EVENT, _RELATION) if kind in kinds), "")
        domains = self._roles.domain(ENT + next(iter(told.slots))[0]) - {_EVENT, _RELATION}
        return next(iter(domains)) if len(domains) == 1 else ""

    # Single facts

    def _of_property(self, told: Told) -> Iterator[tuple[str, list[Triple]]]:
        ends = {path[0]: things for path, things in told.slots.items() if len(path) == 1}
        subjects = ends.get("subject", ())
        if not subjects and (more := next((p for p in told.slots if p[0] == "subject"), None)):
            subjects = self._leading_to(more[1], told.slots[more], [])
        objects = ends.get("object", ())
        rows = [(s, told.term, o) for s in subjects for o in objects]
        rows += [
            (s, ENT + p[1], o)
            for p, v in told.slots.items()
            if p[:1] == ("subject",) and len(p) == _OF_TWO
            for s in subjects
            for o in v
        ]
        triples = [Triple(s, NamedNode(p), o) for s, p, o in rows if isinstance(s, NamedNode)]
        if len(subjects) == 1 and triples:
            slug = "-".join(
                filter(None, (local_name(iri(x)) for x in (subjects[0], NamedNode(told.term), *objects[:1])))
            )
            yield slug.lower(), triples

    # Things with roles

    def _things(self, told: Told, kind: str, month: str) -> Iterator[tuple[str, list[tuple[str, tuple[Term, ...]]]]]:
        """The things (IRIs) of which a clause tells, with what stands in their roles; new ones get a name."""
        roles = {path[0]: things for path, things in told.slots.items() if len(path) == 1 and path != (THIS,)}
        filled = [x for things in told.slots.values() for x in things]
        for path, things in told.slots.items():
            if len(path) > 1:
                between = self._leading_to(path[1], things, filled, path[0]) if len(path) == _OF_TWO else ()
                if len(between) != 1:
                    return
                roles[path[0]] = tuple(between)
        kinds = self._kinds(kind)
        several = [r for r in roles if len(roles[r]) > 1 and any((k, ENT + r) in self._roles.single for k in kinds)]
        for row in product(*(roles[role] for role in several)):
            own = roles | {role: (x,) for role, x in zip(several, row, strict=True)}
            if this := told.slots.get((THIS,)):
                name = iri(this[0]) if len(this) == 1 else ""
            else:
                named = [iri(x) for things in own.values() for x in things if iri(x).startswith(ID)]
                name = ID + relation_name(named, kind, month)
            if name:
                yield name, [*own.items()]

    def _leading_to(
        self, role: str, things: Iterable[Term], filled: Iterable[Term], asked: str = ""
    ) -> tuple[NamedNode, ...]:
        """What has things in a role, and may stand in another that is asked; of several what has to do with others."""
        made, ends = self._roles.made, [*things]
        rows = {
            t.subject
            for x in ends
            for s in (made.statements, made.claimed)
            if isinstance(x, NamedNode)
            for t in s.leading_to(x, ENT + role)
        }
        found = sorted((x for x in rows if isinstance(x, NamedNode)), key=str)
        found = [x for x in found if not asked or self._roles.fits(x.value, (asked,))]
        if len(found) > 1:
            near = {iri(x) for x in filled} - {iri(x) for x in ends}
            beside = [x for x in found if any(self._is_beside(x.value, other) for other in near)]
            found = beside or found
        return tuple(found)

    def _is_beside(self, thing: str, other: str) -> bool:
        about = self._roles.made.statements.about
        rows = [*about(NamedNode(thing)), *about(NamedNode(other))] if other else []
        return any({iri(t.subject), iri(t.object)} == {thing, other} for t in rows)

    def _of_note(self, node: NamedNode, kind: str, note: str, resolve: Resolve) -> Triple | None:
        """What stands in brackets behind a sentence: words of the article, a condition, or a status."""
        role = "condition" if (condition := _CONDITION.fullmatch(note)) else WORDING
        if found := resolve(kind, condition["words"] if condition else note, Slot((role,))):
            return Triple(node, NamedNode(ENT + role), found[0])
        state = self._state(kind)
        found = resolve(kind, note, Slot((state,)))
        return Triple(node, NamedNode(ENT + state), found[0]) if found else None

    def _state(self, kind: str) -> str:
        """The property (local name) that says of things of a class how far they have come."""
        return "stage" if _WORK in self._kinds(kind) else "status"

    def _status(self, told: Told, kind: str) -> str:
        """How far what a clause tells has come (IRI); empty where it does not say."""
        kinds = self._kinds(kind)
        if not self._roles.is_class(told.term):
            return told.term
        if kind == _PART or not kinds.isdisjoint(_ACTS):
            return ""
        if _WORK in kinds:
            stages: dict[Tense, str] = {"planned": "planned", **dict.fromkeys(_PROGRESSIVE, "underWay")}
            return ENT + stages[told.tense] if told.tense in stages else ""
        if told.tense in _TO_COME:
            return ENT + _TO_COME[told.tense]
        if _EVENT in kinds:
            found = "underWay" if told.tense in _PROGRESSIVE else "held" if told.tense in _DONE else ""
            return ENT + found if found else ""
        return ENT + "underWay" if told.tense in _HOLDS and _AGREEMENT not in kinds else ""

    def _dates(self, told: Told, kind: str, said: str, core: tuple[int, int], day: str) -> list[when.Dated]:
        lasting = not self._roles.lasting.isdisjoint(self._kinds(kind))
        tense = _DATES_OF.get(told.tense, "planned" if told.tense in verbs.NOT_YET else "present")
        return when.dated(said, core, (0, len(said)), day, tense, lasting=lasting, over=False)


def _is_noun_phrase(words: str) -> bool:
    """Whether words may be the name of a thing, or stand for one: no verb or preposition is at either end of them."""
    each = words.lower().split()
    is_verb = any(verbs.is_told(" ".join(words.split()[i:])) for i in range(len(each)))
    at_ends = {each[0], each[-1]} & (PREPOSITIONS | AUXILIARIES | AND) or each[-1] in DETERMINERS
    return not is_verb and not at_ends and AUXILIARIES.isdisjoint(each)


def _as_words(_: str, words: str, __: Slot) -> tuple[Term, ...]:
    return (Literal(words),)


class _Reader:
    """Reads one sentence, without dates and notes, by the clauses of one term."""

    def __init__(self, said: str, term: str, resolve: Resolve) -> None:
        self._said, self._small, self._term, self._resolve = said, said.lower().replace("’", "'"), term, resolve

    def all(self, pattern: Pattern) -> Iterator[Told]:
        """The readings by a clause, those with the longest names first."""
        words = {
            " ".join(p.words)
            for e in pattern.elements
            if isinstance(e, Choice) and len(e.phrases) == 1
            for p in e.phrases
            if not p.verb
        }
        if all(w in self._small for w in words):
            for slots, tense in self._from(pattern.elements, 0):
                yield Told(self._term, dict(slots), tense or "present")

    def _from(
        self, elements: tuple[Element, ...], at: int
    ) -> Iterator[tuple[list[tuple[Path, tuple[Term, ...]]], Tense | None]]:
        if not elements:
            if at == len(self._said):
                yield [], None
            return
        first, rest = elements[0], elements[1:]
        here = at + (self._said[at : at + 1] == " ")
        if isinstance(first, Option):
            yield from self._from((*first.elements, *rest), at)
            yield from self._from(rest, at)
        elif isinstance(first, Mark):
            for text in ("'s", "'") if first.text == "'s" else (first.text,):
                if self._small.startswith(text, at):
                    yield from self._from(rest, at + len(text))
        elif isinstance(first, Choice):
            for phrase in first.phrases:
                for text, tense in _spelled(phrase):
                    end = here + len(text)
                    if self._small.startswith(text, here) and not self._small[end : end + 1].isalnum():
                        yield from ((slots, tense or later) for slots, later in self._from(rest, end))
        else:
            yield from self._of_slot(first, rest, here)

    def _of_slot(
        self, slot: Slot, rest: tuple[Element, ...], at: int
    ) -> Iterator[tuple[list[tuple[Path, tuple[Term, ...]]], Tense | None]]:
        ends = [m.start() for m in re.finditer(r"(?= |[’'](?:s\b|(?= ))|[,:])|\Z", self._said[at:]) if m.start()]
        for end in sorted({at + e for e in ends}, reverse=True):
            for slots, tense in self._from(rest, end):
                if found := self._resolve(self._term, self._said[at:end], slot):
                    yield [(slot.path, found), *slots], tense
                else:
                    break


@lru_cache(4096)
def _spelled(phrase: Phrase) -> tuple[tuple[str, Tense | None], ...]:
    """The ways in which a phrase is written, a verb in each tense, the longest first."""
    if not phrase.verb:
        return ((" ".join(phrase.words), None),)
    found: dict[str, Tense | None] = {}
    for tense in get_args(Tense):
        for plural in (False, True):
            text = verbs.conjugate("_".join(phrase.words), tense, plural=plural)
            found.setdefault(text, tense)
            if tense == "planned" and (to := _WILL.match(text)):
                found |= {
                    other + text[to.end() :]: tense for other in _SAME_AS_TO if other + text[to.end() :] not in found
                }
            if tense == "intended" and plural:
                found.setdefault(text.replace("want to", "intend to"), tense)
    return tuple(sorted(found.items(), key=lambda row: -len(row[0])))


def _has_words(pattern: Pattern) -> bool:
    """Whether a clause has words of its own, or words of the article between two things."""
    slots = [e.path[-1] for e in pattern.elements if isinstance(e, Slot)]
    return any(isinstance(e, Choice | Mark) for e in pattern.elements) or (WORDING in slots and len(slots) > _OF_TWO)


def _without_notes(said: str) -> tuple[str, list[str]]:
    """A sentence without what stands in brackets at its end, and that."""
    notes: list[str] = []
    while note := _NOTE.search(said):
        said, notes = said[: note.start()], [note["note"], *notes]
    return said, notes


def _undated(said: str) -> Iterator[tuple[list[str], int, int, list[str]]]:
    """A sentence from where to where, without the words for dates before and after it; first without any."""
    found = when.expressions(said)
    lead = [m for m in found if m[0] == 0 and said[m[1] : m[1] + 2] == ", "]
    tail = [m for m in found if m[1] == len(said) and m not in lead]
    if lead or tail:
        first = lead[0][1] + 2 if lead else 0
        last = len(_LIMIT.sub("", said[: tail[0][0]].rstrip())) if tail else len(said)
        yield [m[2] for m in lead], first, last, [m[2] for m in tail]
    yield [], 0, len(said), []


def again(
    proposal: Proposal, passage: Passage, article: Evidence, dates: set[str], broader: Callable[[str], frozenset[str]]
) -> Proposal:
    """A proposal on the relation or event of which a passage tells already, where one fits: it adds to that.

    It fits if it is of the same class, or of one above or below it (`broader`), and has something in each role that
    both have, the same words of the article, and all `dates` that are said. Else what is new gets a name of its own.
    """
    new = [t for t in proposal.triples if t.predicate.value == RDF_TYPE]
    if len(new) != 1:
        return proposal
    node, kind = new[0].subject, iri(new[0].object)
    own, words = _roles(proposal.triples, node), _words(proposal.triples, node)
    stated = {
        t.subject for t in passage.triples if t.predicate.value == RDF_TYPE and _is_kin(kind, iri(t.object), broader)
    }
    for thing in sorted(stated, key=str):
        roles, others = _roles(passage.triples, thing), _words(passage.triples, thing)
        both = roles.keys() & own.keys()
        is_other = any(words[role] != others[role] for role in words.keys() & others.keys())
        values = {value(t.object) for t in passage.triples if t.subject == thing and isinstance(t.object, Literal)}
        if both and all(roles[role] & own[role] for role in both) and dates <= values and not is_other:
            return _renamed(proposal, node, NamedNode(iri(thing)))
    taken = {iri(t.subject) for p in article.passages for t in p.triples}
    return _renamed(proposal, node, NamedNode(free_name(iri(node), taken)))


def _is_kin(kind: str, other: str, broader: Callable[[str], frozenset[str]]) -> bool:
    """Whether a class is another one, or above or below it; but for the widest, of which anything may be."""
    wide = {_EVENT, _RELATION}
    return kind == other or (wide.isdisjoint((kind, other)) and (kind in broader(other) or other in broader(kind)))


def _roles(triples: Iterable[Triple], thing: object) -> dict[str, set[str]]:
    """The things in the roles of one, by role."""
    found: dict[str, set[str]] = {}
    for t in triples:
        if t.subject == thing and iri(t.object).startswith(ID):
            found.setdefault(t.predicate.value, set()).add(iri(t.object))
    return found


def _words(triples: Iterable[Triple], thing: object) -> dict[str, str]:
    """The words of the article in the roles of a thing."""
    rows = (t for t in triples if t.subject == thing and isinstance(t.object, Literal) and t.object.language)
    return {t.predicate.value: value(t.object) for t in rows if local_name(t.predicate.value) in IN_WORDS}


def _renamed(proposal: Proposal, old: object, new: NamedNode) -> Proposal:
    triples = [t if t.subject != old else Triple(new, t.predicate, t.object) for t in proposal.triples]
    return replace(proposal, triples=tuple(dict.fromkeys(triples)))
