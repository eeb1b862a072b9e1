"""Rules of OWL 2 RL as they run: what a rule gives when one of its atoms has new facts.

Most rules have one pattern or go from x by way of y to z; these work on whole sets at a time. The others join their
atoms one binding at a time.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from kg.relations import MASK, SHIFT, Atom, Relation, matches, planned
from kg.specialising import Special


class Trigger(NamedTuple):
    """A rule seen from one of its atoms: what happens when that atom has new facts."""

    number: int
    special: Special
    atom: Atom
    rest: list[tuple[int, Atom]]
    bulk: Callable[[Iterable[int]], Iterable[int]] | None


def conclusions(trigger: Trigger, fresh: Iterable[int]) -> Iterable[int]:
    """What a rule gives when one of its atoms has these facts; nothing that goes without saying."""
    found = _joined(trigger, fresh) if trigger.bulk is None else trigger.bulk(fresh)
    return (pair for pair in found if pair >> SHIFT != pair & MASK) if trigger.special.reflexive else found


def _joined(trigger: Trigger, fresh: Iterable[int]) -> Iterator[int]:
    special, atom, rest = trigger.special, trigger.atom, trigger.rest
    env, head = list(special.env), special.head
    assert head is not None
    subject, value, unary = head.subject, head.object, head.relation.unary
    for fact in fresh if special.atoms else (0,):
        if special.atoms and not _bind(atom, fact, env, special.constants):
            continue
        for _ in matches(rest, env):
            yield env[subject] if unary else env[subject] << SHIFT | env[value]


def _bind(atom: Atom, fact: int, env: list[int], constants: frozenset[int]) -> bool:
    """Put a fact into the bindings; False where it does not fit the constants of the atom."""
    subject, value = (fact, fact) if atom.relation.unary else (fact >> SHIFT, fact & MASK)
    for place, term in ((atom.subject, subject), (atom.object, value)):
        if place in constants and env[place] != term:
            return False
    env[atom.subject], env[atom.object] = subject, value
    return atom.subject != atom.object or subject == value


def trigger_of(number: int, special: Special, at: int) -> Trigger:
    """A rule as one of its atoms sets it off; the number is its place among the rules."""
    atom = special.atoms[at]
    others = [a for n, a in enumerate(special.atoms) if n != at]
    bound = special.constants | {atom.subject, atom.object}
    rest = planned(others, bound)
    return Trigger(number, special, atom, rest, _composed(special, atom, rest) if others else _bulk(special))


def _composed(
    special: Special, atom: Atom, rest: list[tuple[int, Atom]]
) -> Callable[[Iterable[int]], Iterable[int]] | None:
    """A rule that goes from x by way of y on to z, as prp-trp does, without bindings: it has the most to look at."""
    head, other = special.head, rest[0][1]
    places = {atom.subject, atom.object, other.subject, other.object}
    if head is None or len(rest) > 1 or len(places) < 3 or places & special.constants:
        return None
    if any(a.relation.unary for a in (atom, other, head)):
        return None
    on = other.relation
    if (atom.object, atom.subject, other.object) == (other.subject, head.subject, head.object):
        return lambda fresh: _onward(fresh, on)
    if (atom.subject, other.subject, atom.object) == (other.object, head.subject, head.object):
        return lambda fresh: _backward(fresh, on)
    return None


def _onward(fresh: Iterable[int], on: Relation) -> Iterator[int]:
    middles: dict[int, list[int]] = {}
    for pair in fresh:
        middles.setdefault(pair & ~MASK, []).append(pair & MASK)
    return (x | z for x, ys in middles.items() for z in set().union(*map(on.objects, ys)))


def _backward(fresh: Iterable[int], on: Relation) -> Iterator[int]:
    middles: dict[int, list[int]] = {}
    for pair in fresh:
        middles.setdefault(pair & MASK, []).append(pair >> SHIFT)
    return (x << SHIFT | z for z, ys in middles.items() for x in set().union(*map(on.subjects, ys)))


def _bulk(special: Special) -> Callable[[Iterable[int]], Iterable[int]] | None:
    """A rule of one pattern as an operation on whole sets, where its variables only change places."""
    atom, head = special.atoms[0], special.head
    if head is None or special.constants & {atom.subject, atom.object, head.subject, head.object} or special.reflexive:
        return None
    if atom.relation.unary:
        return _as_they_are if head.relation.unary else None
    if atom.subject == atom.object:
        return None
    if head.relation.unary:
        return _subjects if head.subject == atom.subject else _objects
    if (head.subject, head.object) == (atom.subject, atom.object):
        return _as_they_are
    return _turned if (head.object, head.subject) == (atom.subject, atom.object) else None


def _as_they_are(fresh: Iterable[int]) -> Iterable[int]:
    return fresh


def _subjects(fresh: Iterable[int]) -> Iterable[int]:
    return (pair >> SHIFT for pair in fresh)


def _objects(fresh: Iterable[int]) -> Iterable[int]:
    return (pair & MASK for pair in fresh)


def _turned(fresh: Iterable[int]) -> Iterable[int]:
    return ((pair & MASK) << SHIFT | pair >> SHIFT for pair in fresh)
