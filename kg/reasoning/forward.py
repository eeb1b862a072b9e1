"""Forward chaining: from facts to all that follows by the rules of OWL 2 RL, round by round, each fact with its origin.

Rules are made fit for the ontology (`kg.reasoning.grounding`), then run semi-naively: in each round a rule looks only
at what the round before brought. Rules with one pattern, which are most, work on whole sets at a time. A fact remembers
its round and the rule that gave it first; the premises are found again when somebody asks, among facts of earlier
rounds, so that a proof never leans on itself and starts with the fewest rounds.
"""

from collections.abc import Callable, Iterable, Iterator
from functools import cached_property

from pyoxigraph import Triple

from kg.rdf import values
from kg.reasoning.datatypes import RULES as _VALUE_RULES
from kg.reasoning.datatypes import Datatypes
from kg.reasoning.grounding import SAME, GroundRule, RuleGrounder, Statement
from kg.reasoning.index import MASK, NUMBER, ROUND, SHIFT, Atom, Relation, TripleIndex, matches, planned
from kg.reasoning.rules import rules

# Rules of OWL 2 RL as they run: what a rule gives when one of its atoms has new facts.
#
# Most rules have one pattern or go from x by way of y to z; these work on whole sets at a time. The others join their
# atoms one binding at a time.


class DeltaRule:
    """A rule seen from one of its atoms: what happens when that atom has new facts.

    The number is the rule's place among the rules. Of a rule without a body the head stands for the atom.
    """

    def __init__(self, number: int, special: GroundRule, head: Atom, at: int = 0) -> None:
        self.number, self.special, self.head = number, special, head
        self.others = [atom for place, atom in enumerate(special.atoms) if place != at]
        self.atom = special.atoms[at] if special.atoms else head
        self.bulk = _composed(self) if self.others else _bulk(self)

    @cached_property
    def rest(self) -> list[tuple[int, Atom]]:
        """The other atoms as they are matched; most rules of many atoms are set off by one of them only."""
        return planned(self.others, self.special.constants | {self.atom.subject, self.atom.object})


def conclusions(trigger: DeltaRule, fresh: Iterable[int]) -> Iterable[int]:
    """What a rule gives when one of its atoms has these facts; nothing that goes without saying."""
    found = _joined(trigger, fresh) if trigger.bulk is None else trigger.bulk(fresh)
    return (pair for pair in found if pair >> SHIFT != pair & MASK) if trigger.special.reflexive else found


def _joined(trigger: DeltaRule, fresh: Iterable[int]) -> Iterator[int]:
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


def _composed(trigger: DeltaRule) -> Callable[[Iterable[int]], Iterable[int]] | None:
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


def _bulk(trigger: DeltaRule) -> Callable[[Iterable[int]], Iterable[int]] | None:
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


# Rule eq-trans of OWL 2 RL: of the things that are the same, each is the same as each.
#
# Among n such things a rule finds their n² pairs in n³ ways. Here the pairs of a group are found by way of one of its
# members, the hub: first all are the same as the hub, then each as each. Every pair still follows from two earlier
# ones.


class EqualityGroups:
    """The groups of things that are the same, as far as the pairs of owl:sameAs tell."""

    def __init__(self, same: Relation) -> None:
        self._same = same
        self._groups: dict[int, set[int]] = {}
        self._open: dict[int, set[int]] = {}

    def told(self) -> Iterator[int]:
        """The pairs that follow in one step, and that lead on; to be asked in every round."""
        for pair in self._same.fresh:
            group = self._joined(pair >> SHIFT, pair & MASK)
            self._open[id(group)] = group
        for key, group in list(self._open.items()):
            if group is not self._groups[min(group)]:
                del self._open[key]  # it has become a part of another
                continue
            hub = min(group)
            before, after = set(self._same.subjects(hub)), set(self._same.objects(hub))
            if min(len(before), len(after)) < len(group) - 1:
                yield from self._spread(hub, before, after)
            else:
                del self._open[key]
                yield from (one << SHIFT | other for one in before for other in after if one != other)

    def _joined(self, one: int, other: int) -> set[int]:
        """The group of two things, after their groups have become one."""
        first, second = self._groups.setdefault(one, {one}), self._groups.setdefault(other, {other})
        if first is second:
            return first
        large, small = (first, second) if len(first) >= len(second) else (second, first)
        large |= small
        self._groups.update(dict.fromkeys(small, large))
        return large

    def _spread(self, hub: int, before: set[int], after: set[int]) -> Iterator[int]:
        """What is the same as something near the hub is the same as the hub, in both directions."""
        same, after, before = self._same, after | {hub}, before | {hub}
        yield from (hub << SHIFT | far for near in after for far in same.objects(near) if far not in after)
        yield from (far << SHIFT | hub for near in before for far in same.subjects(near) if far not in before)


Way = tuple[GroundRule, tuple[Statement, ...]]
_EQUALITY = tuple(map(GroundRule, ("given", "eq-rep-s", "eq-rep-p", "eq-rep-o", *_VALUE_RULES)))
_TRANSITIVE = "eq-trans"  # `kg.reasoning.forward` runs it
_BY_SUBJECT, _BY_PREDICATE, _BY_OBJECT, _BY_VALUE = range(1, 5)


class ForwardChainer:
    """A graph (triples, or N-Triples), closed under the rules: `facts` has all of it, `rules` the rule of each tag."""

    def __init__(self, given: Iterable[Triple]) -> None:
        self.facts = TripleIndex()
        self.facts.load(given)
        self.rules: list[GroundRule] = list(_EQUALITY)
        self.triggers: dict[Relation, list[DeltaRule]] = {}
        self._specialist = RuleGrounder(self.facts)
        self._same = self.facts.property(self.facts.id(SAME))
        self._twins: dict[int, list[int]] = {}
        self._datatypes = Datatypes(self.facts)
        self._sameness = EqualityGroups(self._same)
        self._merging = self._round = 0
        self._run(self._specialise())

    def _run(self, unseen: list[DeltaRule]) -> None:
        while unseen or any(r.fresh for r in self.facts.relations()):
            self._round += 1
            out: dict[Relation, dict[int, int]] = {}
            self._compare(out)
            self._fire(unseen, out)
            self._merge(out)
            self._replace(out)
            self._settle(out)
            unseen = self._specialise() if self._specialist.stale else []

    @property
    def simple(self) -> bool:
        """Whether things are never made the same, so that facts can be added and taken away (`incremental`)."""
        return not self._same.facts and not self._datatypes.used

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
            self._compare(out)
            self._fire([], out)
        self._settle({})

    def _specialise(self) -> list[DeltaRule]:
        """The rules that the ontology has now and had not before, as triggers that have seen nothing yet."""
        unseen = []
        for special in self._specialist.new(self.rules):
            number = len(self.rules)
            self.rules.append(special)
            if special.rule == _TRANSITIVE:
                self._merging = number
            elif special.head is not None:
                triggers = [DeltaRule(number, special, special.head, at) for at in range(len(special.atoms))]
                for trigger in triggers:
                    self.triggers.setdefault(trigger.atom.relation, []).append(trigger)
                unseen.append(triggers[0] if triggers else DeltaRule(number, special, special.head))
        return unseen

    def _fire(self, unseen: list[DeltaRule], out: dict[Relation, dict[int, int]]) -> None:
        """Run each rule that has something new to look at; what is new goes to `out`."""
        for trigger, fresh in self._due(unseen):
            head = trigger.head.relation
            found = out.setdefault(head, {})
            # One after the other: so each looks up what is concluded, and does not walk through what is known.
            concluded = set(conclusions(trigger, fresh)).difference(head.facts).difference(found)
            found.update(dict.fromkeys(concluded, self._round << ROUND | trigger.number))

    def _due(self, unseen: list[DeltaRule]) -> list[tuple[DeltaRule, dict[int, int]]]:
        """What rules have to look at, in the order of the rules: new ones at everything, others at what is new."""
        new = {trigger.number for trigger in unseen}
        due = [(t, t.atom.relation.facts) for t in unseen if t.atom.relation.facts or not t.special.atoms]
        for relation, triggers in self.triggers.items():
            if relation.fresh:
                due += [(t, relation.fresh) for t in triggers if t.number not in new]
        return sorted(due, key=lambda d: d[0].number)

    def _settle(self, out: dict[Relation, dict[int, int]]) -> None:
        """End a round: what it found is what the next one looks at."""
        for relation in self.facts.relations():
            relation.fresh = {}
        for relation, found in out.items():
            if found:
                relation.add(found)
        self.facts.mirror()

    def _compare(self, out: dict[Relation, dict[int, int]]) -> None:
        """The rules about the values of literals."""
        for rule, relation, fact in self._datatypes.told(self.rules, self._specialist.paired):
            tag = self._round << ROUND | _BY_VALUE + _VALUE_RULES.index(rule)
            self._conclude(relation, (fact,), tag, out)

    def _merge(self, out: dict[Relation, dict[int, int]]) -> None:
        """Rule eq-trans."""
        if self._merging:
            self._conclude(self._same, self._sameness.told(), self._round << ROUND | self._merging, out)

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
    def forbidding(self) -> list[GroundRule]:
        """The rules that give contradictions."""
        order = {rule.name: place for place, rule in enumerate(rules())}
        found = [special for special in self.rules[len(_EQUALITY) :] if special.head is None]
        return sorted([*found, *self._specialist.pairs()], key=lambda special: order[special.rule])

    def equals(self, literal: int) -> list[int]:
        """The other literals that have the same value."""
        twins, texts = self._twins.get(literal, ()), self.facts.texts
        return [t for t in twins if self.facts.is_literal(t) and not values.differ(texts[t], texts[literal])]

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
        if number >= _BY_VALUE:
            yield from [()] if self.facts.tag(told) & NUMBER == number else []
        elif number > 0:
            at = (_BY_SUBJECT, _BY_PREDICATE, _BY_OBJECT).index(number)
            for twin in self._twins.get(told[at], ()):
                other = (*told[:at], twin, *told[at + 1 :])
                if self.facts.holds(other):  # type: ignore[arg-type]
                    yield (twin, self._same.term, told[at]), other  # type: ignore[misc]


def bodies(facts: TripleIndex, special: GroundRule, told: Statement | None) -> Iterator[tuple[Statement, ...]]:
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


def _matched(atom: Atom, env: list[int], facts: TripleIndex) -> Statement:
    if atom.relation.unary:
        return env[atom.subject], facts.type, atom.relation.term
    return env[atom.subject], atom.relation.term, env[atom.object]
