"""Forward chaining: from facts to all that follows by the rules of OWL 2 RL, round by round, each fact with its origin.

Rules are made fit for the ontology (`kg.specialising`), then run semi-naively: in each round a rule looks only at what
the round before brought. Rules with one pattern, which are most, work on whole sets at a time. A fact remembers its
round and the rule that gave it first; the premises are found again when somebody asks, among facts of earlier rounds,
so that a proof never leans on itself and starts with the fewest rounds.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from kg import values
from kg.relations import MASK, NUMBER, ROUND, SHIFT, Atom, Facts, Relation, matches, planned
from kg.specialising import SAME, Special, Specialist, Statement

Way = tuple[Special, tuple[Statement, ...]]
_EQUALITY = tuple(map(Special, ("given", "eq-rep-s", "eq-rep-p", "eq-rep-o", "dt-eq")))
# The rules in which a literal that stands at two places has to be the same.
_COMPARING = frozenset({"prp-fp", "prp-ifp", "prp-key", "prp-pdw", "prp-adp", "prp-npa2", "cls-hv1", "cls-hv2"})
_COMPARING |= frozenset({"cls-maxc2", "cls-maxqc3", "cls-maxqc4", "cls-oo"})
_BY_SUBJECT, _BY_PREDICATE, _BY_OBJECT, _BY_VALUE = range(1, 5)


class Trigger(NamedTuple):
    """A rule seen from one of its atoms: what happens when that atom has new facts."""

    number: int
    special: Special
    atom: Atom
    rest: list[tuple[int, Atom]]
    bulk: Callable[[Iterable[int]], Iterable[int]] | None


class Chainer:
    """A graph, closed under the rules: `facts` has all of it, `rules` the rule of each tag."""

    def __init__(self, n_triples: str) -> None:
        self.facts = Facts()
        self.facts.load(n_triples)
        self.rules: list[Special] = list(_EQUALITY)
        self.triggers: dict[Relation, list[Trigger]] = {}
        self._specialist = Specialist(self.facts)
        self._same = self.facts.property(self.facts.id(SAME))
        self._twins: dict[int, list[int]] = {}
        self._compares = False
        self._round = 0
        self._run(self._specialise())

    def _run(self, unseen: list[Trigger]) -> None:
        while unseen or any(r.fresh for r in self.facts.relations()):
            self._round += 1
            out = self._equal_literals()
            self._fire(unseen, out)
            self._replace(out)
            self._settle(out)
            unseen = self._specialise() if self._specialist.stale else []

    @property
    def simple(self) -> bool:
        """Whether things are never made the same, so that facts can be added and taken away (`kg.revising`)."""
        return not self._same.facts

    @property
    def grown(self) -> bool:
        """Whether the last round brought axioms."""
        return self._specialist.stale

    def go_on(self, out: dict[Relation, dict[int, int]]) -> Iterator[dict[Relation, dict[int, int]]]:
        """Take in new facts, and give what each round brings, these first. Axioms among them are left to the caller."""
        while any(out.values()):
            self._round += 1
            self._settle(out)
            yield out
            out = {}
            self._fire([], out)
        self._settle({})

    def _specialise(self) -> list[Trigger]:
        """The rules that the ontology has now and had not before, as triggers that have seen nothing yet."""
        unseen = []
        for special in self._specialist.new(self.rules):
            number = len(self.rules)
            self.rules.append(special)
            if special.head is not None:
                triggers = [_trigger(number, special, at) for at in range(len(special.atoms))]
                for trigger in triggers:
                    self.triggers.setdefault(trigger.atom.relation, []).append(trigger)
                unseen.append(triggers[0] if triggers else Trigger(number, special, special.head, [], None))
        return unseen

    def _fire(self, unseen: list[Trigger], out: dict[Relation, dict[int, int]]) -> None:
        """Run each rule that has something new to look at, in the order of the rules; what is new goes to `out`."""
        new = {trigger.number for trigger in unseen}
        due = [(t, t.atom.relation.facts) for t in unseen]
        for relation, triggers in self.triggers.items():
            if relation.fresh:
                due += [(t, relation.fresh) for t in triggers if t.number not in new]
        for trigger, fresh in sorted(due, key=lambda d: d[0].number):
            head = trigger.special.head
            if head is not None and (fresh or not trigger.special.atoms):
                known, found = head.relation.facts, out.setdefault(head.relation, {})
                tag = self._round << ROUND | trigger.number
                concluded = set(conclusions(trigger, fresh))
                found.update(dict.fromkeys(concluded - known.keys() - found.keys(), tag))

    def _settle(self, out: dict[Relation, dict[int, int]]) -> None:
        """End a round: what it found is what the next one looks at."""
        for relation in self.facts.relations():
            relation.fresh = {}
        for relation, found in out.items():
            if found:
                relation.add(found)
        self.facts.mirror()

    def _equal_literals(self) -> dict[Relation, dict[int, int]]:
        """Rule dt-eq: two ways to write a value are the same; it matters where a rule compares values."""
        if self._compares or not any(special.rule in _COMPARING for special in self.rules):
            return {}
        self._compares = True
        tag = self._round << ROUND | _BY_VALUE
        groups = values.equal(self.facts.texts)
        pairs = {a << SHIFT | b: tag for group in groups for a in group for b in group if a != b}
        return {self._same: pairs} if pairs else {}

    def _replace(self, out: dict[Relation, dict[int, int]]) -> None:
        """Rules eq-rep-s, eq-rep-p and eq-rep-o, for all relations at once."""
        new: dict[int, list[int]] = {}
        for pair in self._same.fresh:
            new.setdefault(pair >> SHIFT, []).append(pair & MASK)
        for one, others in new.items():
            self._twins.setdefault(one, []).extend(others)
        if not self._twins:
            return
        for relation in self.facts.relations():
            if relation is not self._same:
                self._rename(relation, relation.fresh, self._twins, out)
                if new:
                    self._rename(relation, relation.facts, new, out)

    def _rename(
        self,
        relation: Relation,
        pairs: dict[int, int],
        twins: dict[int, list[int]],
        out: dict[Relation, dict[int, int]],
    ) -> None:
        tag = self._round << ROUND
        if relation.unary:
            self._conclude(relation, (y for x in pairs if x in twins for y in twins[x]), tag | _BY_SUBJECT, out)
            for other in twins.get(relation.term, ()):
                self._conclude(self.facts.members(other), pairs, tag | _BY_OBJECT, out)
            return
        subjects = (y << SHIFT | x & MASK for x in pairs if x >> SHIFT in twins for y in twins[x >> SHIFT])
        self._conclude(relation, subjects, tag | _BY_SUBJECT, out)
        objects = (x & ~MASK | y for x in pairs if x & MASK in twins for y in twins[x & MASK])
        self._conclude(relation, objects, tag | _BY_OBJECT, out)
        for other in twins.get(relation.term, ()):
            self._conclude(self.facts.property(other), pairs, tag | _BY_PREDICATE, out)

    def _conclude(
        self, relation: Relation, concluded: Iterable[int], tag: int, out: dict[Relation, dict[int, int]]
    ) -> None:
        found = out.setdefault(relation, {})
        for fact in concluded:
            if fact not in relation.facts:
                found.setdefault(fact, tag)

    # Asked afterwards

    def same(self) -> Iterator[tuple[int, int]]:
        """The pairs of terms that are the same."""
        return ((pair >> SHIFT, pair & MASK) for pair in self._same.facts)

    @property
    def forbidding(self) -> list[Special]:
        """The rules that give contradictions."""
        return [special for special in self.rules[len(_EQUALITY) :] if special.head is None]

    def equals(self, literal: int) -> list[int]:
        """The other literals that have the same value."""
        return [twin for twin in self._twins.get(literal, ()) if self.facts.is_literal(twin)]

    def ways(self, told: Statement, *, every: bool = False) -> Iterator[Way]:
        """The rules that give a statement, and their premises of earlier rounds: the rule that came first, or all."""
        tag = self.facts.tag(told)
        numbers: Iterable[int] = range(1, len(self.rules)) if every else (tag & NUMBER,)
        for number in numbers:
            for premises in self._premises(number, told):
                if all(self.facts.tag(p) >> ROUND < tag >> ROUND for p in premises):
                    yield self.rules[number], premises

    def _premises(self, number: int, told: Statement) -> Iterator[tuple[Statement, ...]]:
        special = self.rules[number]
        if number < len(_EQUALITY):
            yield from self._replaced(number, told)
        elif special.head is not None and special.head.relation is self.facts.relation(told[1], told[2]):
            yield from bodies(self.facts, special, told)

    def _replaced(self, number: int, told: Statement) -> Iterator[tuple[Statement, ...]]:
        if number == _BY_VALUE:
            yield ()
        elif 0 < number < _BY_VALUE:
            at = (_BY_SUBJECT, _BY_PREDICATE, _BY_OBJECT).index(number)
            for twin in self._twins.get(told[at], ()):
                other = (*told[:at], twin, *told[at + 1 :])
                if self.facts.holds(other):  # type: ignore[arg-type]
                    yield (twin, self._same.term, told[at]), other  # type: ignore[misc]


def bodies(facts: Facts, special: Special, told: Statement | None) -> Iterator[tuple[Statement, ...]]:
    """Each way in which the body of a rule holds, with the conclusion `told` if one is given."""
    env, bound = list(special.env), set(special.constants)
    if special.head is not None and told is not None:
        for place, term in ((special.head.subject, told[0]), (special.head.object, told[2])):
            if special.head.relation.unary and place == special.head.object and term != told[0]:
                continue
            if place in bound and env[place] != term:
                return
            env[place] = term
            bound.add(place)
    for _ in matches(planned(special.atoms, bound), env):
        yield tuple(_matched(a, env, facts) for a in special.atoms)


def _matched(atom: Atom, env: list[int], facts: Facts) -> Statement:
    if atom.relation.unary:
        return env[atom.subject], facts.type, atom.relation.term
    return env[atom.subject], atom.relation.term, env[atom.object]


def conclusions(trigger: Trigger, fresh: Iterable[int]) -> Iterable[int]:
    """What a rule gives when one of its atoms has these facts."""
    if trigger.bulk is not None:
        return trigger.bulk(fresh)
    return _joined(trigger, fresh)


def _joined(trigger: Trigger, fresh: Iterable[int]) -> Iterator[int]:
    special, atom, rest = trigger.special, trigger.atom, trigger.rest
    env, head = list(special.env), special.head
    assert head is not None
    subject, value, unary = head.subject, head.object, head.relation.unary
    for fact in fresh if special.atoms else (0,):
        if special.atoms and not _bind(atom, fact, env, special.constants):
            continue
        for _ in matches(rest, env):
            if not (special.reflexive and env[subject] == env[value]):
                yield env[subject] if unary else env[subject] << SHIFT | env[value]


def _bind(atom: Atom, fact: int, env: list[int], constants: frozenset[int]) -> bool:
    """Put a fact into the bindings; False where it does not fit the constants of the atom."""
    subject, value = (fact, fact) if atom.relation.unary else (fact >> SHIFT, fact & MASK)
    for place, term in ((atom.subject, subject), (atom.object, value)):
        if place in constants and env[place] != term:
            return False
    env[atom.subject], env[atom.object] = subject, value
    return atom.subject != atom.object or subject == value


def _trigger(number: int, special: Special, at: int) -> Trigger:
    atom = special.atoms[at]
    others = [a for n, a in enumerate(special.atoms) if n != at]
    bound = special.constants | {atom.subject, atom.object}
    return Trigger(number, special, atom, planned(others, bound), None if others else _bulk(special))


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
