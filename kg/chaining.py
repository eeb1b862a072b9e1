"""Forward chaining: from facts to all that follows by the rules of OWL 2 RL, round by round, each fact with its origin.

Rules are made fit for the ontology (`kg.specialising`), then run semi-naively: in each round a rule looks only at what
the round before brought. Rules with one pattern, which are most, work on whole sets at a time. A fact remembers its
round and the rule that gave it first; the premises are found again when somebody asks, among facts of earlier rounds,
so that a proof never leans on itself and starts with the fewest rounds.
"""

from collections.abc import Iterable, Iterator

from pyoxigraph import Triple

from kg import values
from kg.datatypes import RULES as _VALUE_RULES
from kg.datatypes import Datatypes
from kg.relations import MASK, NUMBER, ROUND, SHIFT, Atom, Facts, Relation, matches, planned
from kg.rules import rules
from kg.sameness import Sameness
from kg.specialising import SAME, Special, Specialist, Statement
from kg.triggers import Trigger, conclusions

Way = tuple[Special, tuple[Statement, ...]]
_EQUALITY = tuple(map(Special, ("given", "eq-rep-s", "eq-rep-p", "eq-rep-o", *_VALUE_RULES)))
_TRANSITIVE = "eq-trans"  # `kg.sameness` runs it
_BY_SUBJECT, _BY_PREDICATE, _BY_OBJECT, _BY_VALUE = range(1, 5)


class Chainer:
    """A graph (triples, or N-Triples), closed under the rules: `facts` has all of it, `rules` the rule of each tag."""

    def __init__(self, given: Iterable[Triple]) -> None:
        self.facts = Facts()
        self.facts.load(given)
        self.rules: list[Special] = list(_EQUALITY)
        self.triggers: dict[Relation, list[Trigger]] = {}
        self._specialist = Specialist(self.facts)
        self._same = self.facts.property(self.facts.id(SAME))
        self._twins: dict[int, list[int]] = {}
        self._datatypes = Datatypes(self.facts)
        self._sameness = Sameness(self._same)
        self._merging = self._round = 0
        self._run(self._specialise())

    def _run(self, unseen: list[Trigger]) -> None:
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
        """Whether things are never made the same, so that facts can be added and taken away (`kg.revising`)."""
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

    def _specialise(self) -> list[Trigger]:
        """The rules that the ontology has now and had not before, as triggers that have seen nothing yet."""
        unseen = []
        for special in self._specialist.new(self.rules):
            number = len(self.rules)
            self.rules.append(special)
            if special.rule == _TRANSITIVE:
                self._merging = number
            elif special.head is not None:
                triggers = [Trigger(number, special, special.head, at) for at in range(len(special.atoms))]
                for trigger in triggers:
                    self.triggers.setdefault(trigger.atom.relation, []).append(trigger)
                unseen.append(triggers[0] if triggers else Trigger(number, special, special.head))
        return unseen

    def _fire(self, unseen: list[Trigger], out: dict[Relation, dict[int, int]]) -> None:
        """Run each rule that has something new to look at; what is new goes to `out`."""
        for trigger, fresh in self._due(unseen):
            head = trigger.head.relation
            found = out.setdefault(head, {})
            # One after the other: so each looks up what is concluded, and does not walk through what is known.
            concluded = set(conclusions(trigger, fresh)).difference(head.facts).difference(found)
            found.update(dict.fromkeys(concluded, self._round << ROUND | trigger.number))

    def _due(self, unseen: list[Trigger]) -> list[tuple[Trigger, dict[int, int]]]:
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
    def forbidding(self) -> list[Special]:
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
