"""The hard kinds of lies: all that they speak of is named in the words, which say something else of it."""

import re
from collections.abc import Callable

from pyoxigraph import NamedNode, Triple

from bench.lies.first import PHASE, everywhere, pairs_of_roles
from bench.lies.lie import Kind, Told, add, candidates, change, is_false, name, new_thing, put
from bench.lies.reading import TYPE, Reading, ent
from kg.rdf.namespaces import ENT
from kg.rdf.terms import Term
from kg.source.article import Passage

_AIM = re.compile(r"\b(aims?|hopes?|wants?|plans?|planning|seeks?|intends?|is to|are to|will)\b")
# Relations that could be made up between two things: class, the roles and the classes of their fillers, and the
# classes that are so near to it that the words which say one of them may say it as well.
_MADE_UP = (
    ("Support", "backer", "Actor", "backed", "Actor", "Support"),
    ("Cooperation", "cooperating", "Actor", "cooperating", "Actor", "Cooperation Agreement Rapprochement Support"),
    ("Disagreement", "disagreeing", "Actor", "disagreeing", "Actor", "Disagreement Estrangement Conflict"),
    ("Rapprochement", "between", "Actor", "between", "Actor", "StateOfRelations Cooperation Agreement Support"),
    ("Estrangement", "between", "Actor", "between", "Actor", "StateOfRelations Disagreement Conflict"),
    ("Membership", "member", "State", "memberIn", "Organisation", "Membership"),
    ("Visit", "visitor", "Person", "destination", "Place", "Visit Meeting"),
)


def named_instead(reading: Reading) -> Told:
    """Another thing that the words name, in the role of one."""
    for passage in reading.passages:
        for t in reading.roles(passage):
            for other in _named(reading, passage, t):
                if is_false(reading, put(t, other), instead_of=t.object):
                    yield change(passage, [t], [put(t, other)])


def named_besides(reading: Reading) -> Told:
    """Another thing that the words name, in a role besides the one that is there."""
    for passage in reading.passages:
        for t in reading.roles(passage):
            for other in _named(reading, passage, t):
                if t.predicate != ent("over") and is_false(reading, put(t, other)):
                    yield add(passage, put(t, other))


def _named(reading: Reading, passage: Passage, t: Triple) -> list[NamedNode]:
    return [x for x in candidates(reading, t) if reading.named(x, passage)]


def relation_made_up(reading: Reading) -> Told:
    """A relation between two things that the words name, and that nothing in the article says of the two."""
    for passage in reading.passages:
        things = sorted((x for x in reading.names if reading.named(x, passage)), key=str)
        for kind, first, of_first, second, of_second, near in _MADE_UP:
            if ENT + kind not in reading.above:
                continue
            for one in (x for x in things if reading.is_a(x, of_first)):
                for other in (x for x in things if reading.is_a(x, of_second) and not reading.related(one, x)):
                    if (first != second or one.value < other.value) and not _together(
                        reading, one, other, near.split()
                    ):
                        thing = new_thing(name(one), "and", name(other), kind.lower())
                        roles = [Triple(thing, ent(first), one), Triple(thing, ent(second), other)]
                        yield add(passage, Triple(thing, TYPE, ent(kind)), *roles)


def _together(reading: Reading, one: Term, other: Term, kinds: list[str]) -> bool:
    """Whether two things, or their kin, are in a relation of one of these classes."""
    for thing in reading.stated_kinds:
        if reading.is_a(thing, *kinds):
            fillers = reading.fillers(thing)
            if all(any(reading.related(x, filler) for filler in fillers) for x in (one, other)):
                return True
    return False


def twin(reading: Reading) -> Told:
    """A second relation beside the right one, with its roles exchanged: each sells to the other."""
    for passage in reading.passages:
        pairs = [p for p in pairs_of_roles(reading, passage) if reading.is_a(p[0].subject, "Relation", "Event")]
        for one, other in pairs:
            thing = new_thing(name(one.subject), "in-return")
            copied = [t for t in passage.triples if t.subject == one.subject and t.predicate.value in reading.relations]
            copied += [t for t in passage.triples if t.subject == one.subject and t.predicate == TYPE]
            exchanged = {one: other.object, other: one.object}
            yield add(passage, *(Triple(thing, t.predicate, exchanged.get(t, t.object)) for t in copied))


def condition_left_out(reading: Reading) -> Told:
    """What holds under a condition, without it."""
    yield from _left_out(reading, lambda t: t.predicate == ent("condition"))


def end_left_out(reading: Reading) -> Told:
    """What has ended, been cancelled or been suspended, without a word of that; or told as going on."""
    stopped: set[int | None] = {PHASE[ent("cancelled")], PHASE[ent("suspended")]}
    yield from _left_out(reading, lambda t: t.predicate == ent("end") or PHASE.get(t.object) in stopped)
    for passage in reading.passages:
        for t in passage.triples:
            if t.predicate == ent("end") and not reading.values(t.subject, ent("status")):
                yield change(passage, [t], [Triple(t.subject, ent("status"), ent("underWay"))])


def _left_out(reading: Reading, wanted: Callable[[Triple], bool]) -> Told:
    """Lies without a statement, wherever the article has it."""
    for passage in reading.passages:
        for t in passage.triples:
            if wanted(t):
                yield everywhere(reading, passage, {t: []})


def aim_as_done(reading: Reading) -> Told:
    """What the words say is aimed at, told as done."""
    done = PHASE[ent("completed")]
    for passage in reading.passages:
        things = sorted({t.subject for t in passage.triples}, key=str) if _AIM.search(passage.quote) else []
        for thing in things:
            if reading.is_a(thing, "Event", "Relation", "InfrastructureProject"):
                there = [x for p in ("date", "start", "end") for x in reading.values(thing, ent(p))]
                there += [t for t in passage.triples if t.subject == thing and t.object in PHASE]
                if not there and done not in {PHASE.get(x) for x in reading.values(thing, ent("status"))}:
                    yield add(passage, Triple(thing, ent("status"), ent("completed")))


KINDS = (
    Kind("another named thing, in a role", True, named_instead),
    Kind("another named thing, added to a role", True, named_besides),
    Kind("relation made up between named things", True, relation_made_up),
    Kind("twin with roles exchanged", True, twin),
    Kind("condition left out", True, condition_left_out),
    Kind("end left out", True, end_left_out),
    Kind("aim told as done", True, aim_as_done),
)
