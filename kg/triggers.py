"""Rules of OWL 2 RL as they run: what a rule gives when one of its atoms has new facts.

Most rules have one pattern or go from x by way of y to z; these work on whole sets at a time. The others join their
atoms one binding at a time.
"""

from collections.abc import Callable, Iterable, Iterator
from functools import cached_property

from kg.relations import MASK, SHIFT, Atom, Relation, matches, planned
from kg.specialising import Special


class Trigger:
    """A rule seen from one of its atoms: what happens when that atom has new facts.

    The number is the rule's place among the rules. Of a rule without a body the head stands for the atom.
    """

    def __init__(self, number: int, special: Special, head: Atom, at: int = 0) -> None:
        self.number, self.special, self.head = number, special, head
        self.others = [atom for place, atom in enumerate(special.atoms) if place != at]
        self.atom = special.atoms[at] if special.atoms else head
        self.bulk = _composed(self) if self.others else _bulk(self)

    @cached_property
    def rest(self) -> list[tuple[int, Atom]]:
        """The other atoms as they are matched; most rules of many atoms are set off by one of them only."""
        return planned(self.others, self.special.constants | {self.atom.subject, self.atom.object})


def conclusions(trigger: Trigger, fresh: Iterable[int]) -> Iterable[int]:
    """What a rule gives when one of its atoms has these facts; nothing that goes without saying."""
    found = _joined(trigger, fresh) if trigger.bulk is None else trigger.bulk(fresh)
    return (pair for pair in found if pair >> SHIFT != pair & MASK) if trigger.special.reflexive else found


def _joined(trigger: Trigger, fresh: Iterable[int]) -> Iterator[int]:
    special, atom, head = trigger.special, trigger.atom, trigger.head
    env, rest = list(special.env), trigger.rest
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


def _composed(trigger: Trigger) -> Callable[[Iterable[int]], Iterable[int]] | None:
    """A rule that goes from x by way of y on to z, as prp-trp does, without bindings: it has the most to look at."""
    atom, other, head = trigger.atom, trigger.others[0], trigger.head
    places = {atom.subject, atom.object, other.subject, other.object}
    if len(trigger.others) > 1 or len(places) < 3 or places & trigger.special.constants:
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
    index = on.from_subjects()
    for pair in fresh:
        if pair & MASK in index:
            middles.setdefault(pair & ~MASK, []).append(pair & MASK)
    return (x | z for x, ys in middles.items() for z in set().union(*map(index.__getitem__, ys)))


def _backward(fresh: Iterable[int], on: Relation) -> Iterator[int]:
    middles: dict[int, list[int]] = {}
    index = on.from_objects()
    for pair in fresh:
        if pair >> SHIFT in index:
            middles.setdefault(pair & MASK, []).append(pair >> SHIFT)
    return (x << SHIFT | z for z, ys in middles.items() for x in set().union(*map(index.__getitem__, ys)))


def _bulk(trigger: Trigger) -> Callable[[Iterable[int]], Iterable[int]] | None:
    """A rule of one pattern as an operation on whole sets, where its variables only change places."""
    atom, head, special = trigger.atom, trigger.head, trigger.special
    if not special.atoms or special.reflexive:
        return None
    if special.constants & {atom.subject, atom.object, head.subject, head.object}:
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
