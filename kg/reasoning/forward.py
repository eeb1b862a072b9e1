"""Forward chaining: the closure of a graph under OWL 2 RL/RDF by semi-naive evaluation, with the origin of each fact.

Rules are grounded (`kg.reasoning.grounding`) and become delta rules, one for each atom of a body: in each round they
look only at what the round before added. Equality and the datatype rules are code of their own. A fact keeps its round
and the rule that derived it first; premises are found when they are asked for, among facts of earlier rounds, so that
derivations have no cycles and take the fewest rounds.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from itertools import permutations

from pyoxigraph import Triple

from kg.rdf import values
from kg.reasoning.grounding import DIFFERENT, SAME, GroundRule, RuleGrounder
from kg.reasoning.index import MASK, NUMBER, ROUND, SHIFT, Atom, Relation, Statement, TripleIndex, join_order, matches
from kg.reasoning.rules import rules

Changes = dict[Relation, dict[int, int]]  # facts and their tags, by relation

# Delta rules


class DeltaRule:
    """A ground rule, evaluated for new facts of one of its atoms; `number` is the place of the rule in `rules`.

    Of a rule without a body the head takes the place of the atom.
    """

    def __init__(self, number: int, rule: GroundRule, head: Atom, at: int = 0) -> None:
        self.number, self.rule, self.head = number, rule, head
        self.others = [atom for place, atom in enumerate(rule.atoms) if place != at]
        self.atom = rule.atoms[at] if rule.atoms else head
        self._of_sets = _composition(self) if self.others else _projection(self)

    @cached_property
    def _plan(self) -> list[tuple[int, Atom]]:
        return join_order(self.others, self.rule.constants | {self.atom.subject, self.atom.object})

    def conclusions(self, fresh: Iterable[int]) -> Iterable[int]:
        """The facts of the head that follow from these facts of the atom."""
        found = self._of_sets(fresh) if self._of_sets else self._joined(fresh)
        return (pair for pair in found if pair >> SHIFT != pair & MASK) if self.rule.reflexive else found

    def _joined(self, fresh: Iterable[int]) -> Iterator[int]:
        if not all(atom.relation.facts for atom in self.others):
            return
        env, plan = list(self.rule.env), self._plan
        subject, value, unary = self.head.subject, self.head.object, self.head.relation.unary
        for fact in fresh if self.rule.atoms else (0,):
            if self.rule.atoms and not _bind(self.atom, fact, env, self.rule.constants):
                continue
            for _ in matches(plan, env):
                yield env[subject] if unary else env[subject] << SHIFT | env[value]


def _bind(atom: Atom, fact: int, env: list[int], constants: frozenset[int]) -> bool:
    """Put a fact into the bindings; False where it does not match the atom."""
    subject, value = (fact, fact) if atom.relation.unary else (fact >> SHIFT, fact & MASK)
    for place, term in ((atom.subject, subject), (atom.object, value)):
        if place in constants and env[place] != term:
            return False
    env[atom.subject], env[atom.object] = subject, value
    return atom.subject != atom.object or subject == value


_OfSets = Callable[[Iterable[int]], Iterable[int]]


def _composition(delta: DeltaRule) -> _OfSets | None:
    """A rule from x by way of y to z, such as prp-trp, as a composition of relations: these have the most to do.

    Likewise one from x to y and back, such as scm-eqc2.
    """
    atom, other, head = delta.atom, delta.others[0], delta.head
    places = {atom.subject, atom.object, other.subject, other.object}
    if len(delta.others) > 1 or places & delta.rule.constants or any(a.relation.unary for a in (atom, other, head)):
        return None
    relation = other.relation
    if {head.subject, head.object} == places and (atom.subject, atom.object) == (other.object, other.subject):
        return lambda fresh: _and_back(fresh, relation, swapped=head.subject != atom.subject)
    if len(places) < 3:
        return None
    if (atom.object, atom.subject, other.object) == (other.subject, head.subject, head.object):
        return lambda fresh: _compose(fresh, relation)
    if (atom.subject, other.subject, atom.object) == (other.object, head.subject, head.object):
        return lambda fresh: _compose_before(relation, fresh)
    return None


def _and_back(fresh: Iterable[int], relation: Relation, *, swapped: bool) -> Iterable[int]:
    back = {(pair & MASK) << SHIFT | pair >> SHIFT for pair in fresh} & relation.facts.keys()
    return back if swapped else ((pair & MASK) << SHIFT | pair >> SHIFT for pair in back)


def _compose(fresh: Iterable[int], relation: Relation) -> Iterator[int]:
    middles: dict[int, list[int]] = {}
    index = relation.by_subject()
    for pair in fresh:
        if pair & MASK in index:
            middles.setdefault(pair & ~MASK, []).append(pair & MASK)
    return (x | z for x, ys in middles.items() for z in set().union(*map(index.__getitem__, ys)))


def _compose_before(relation: Relation, fresh: Iterable[int]) -> Iterator[int]:
    middles: dict[int, list[int]] = {}
    index = relation.by_object()
    for pair in fresh:
        if pair >> SHIFT in index:
            middles.setdefault(pair & MASK, []).append(pair >> SHIFT)
    return (x << SHIFT | z for z, ys in middles.items() for x in set().union(*map(index.__getitem__, ys)))


def _projection(delta: DeltaRule) -> _OfSets | None:
    """A rule with one atom and without constants as an operation on sets of facts."""
    atom, head, rule = delta.atom, delta.head, delta.rule
    if not rule.atoms or rule.reflexive or rule.constants & {atom.subject, atom.object, head.subject, head.object}:
        return None
    if atom.subject == atom.object:
        if not atom.relation.unary or {head.subject, head.object} != {atom.subject}:
            return None
        return (lambda fresh: fresh) if head.relation.unary else lambda fresh: (x << SHIFT | x for x in fresh)
    if head.relation.unary:
        if head.subject == atom.subject:
            return lambda fresh: (pair >> SHIFT for pair in fresh)
        return lambda fresh: (pair & MASK for pair in fresh)
    if (head.subject, head.object) == (atom.subject, atom.object):
        return lambda fresh: fresh
    if (head.object, head.subject) == (atom.subject, atom.object):
        return lambda fresh: ((pair & MASK) << SHIFT | pair >> SHIFT for pair in fresh)
    return None


# Equality


class EqualityGroups:
    """Rule eq-trans: the equivalence classes of owl:sameAs.

    Among n equal terms a delta rule would find their n² pairs in n³ ways. Here all terms of a group are first made
    equal to one of them, the hub, then each to each; every pair still follows from two earlier ones.
    """

    def __init__(self, same: Relation) -> None:
        self._same = same
        self._groups: dict[int, set[int]] = {}
        self._incomplete: dict[int, set[int]] = {}

    def conclusions(self) -> Iterator[int]:
        """The pairs that follow in one step and are needed; to be called in every round."""
        for pair in self._same.fresh:
            group = self._joined(pair >> SHIFT, pair & MASK)
            self._incomplete[id(group)] = group
        for key, group in list(self._incomplete.items()):
            if group is not self._groups[min(group)]:
                del self._incomplete[key]  # it has become a part of another
                continue
            hub = min(group)
            before, after = set(self._same.subjects(hub)), set(self._same.objects(hub))
            if min(len(before), len(after)) < len(group) - 1:
                yield from self._to_hub(hub, before, after)
            else:
                del self._incomplete[key]
                yield from (one << SHIFT | other for one in before for other in after if one != other)

    def _joined(self, one: int, other: int) -> set[int]:
        """The group of two terms, after their groups have become one."""
        first, second = self._groups.setdefault(one, {one}), self._groups.setdefault(other, {other})
        if first is second:
            return first
        large, small = (first, second) if len(first) >= len(second) else (second, first)
        large |= small
        self._groups.update(dict.fromkeys(small, large))
        return large

    def _to_hub(self, hub: int, before: set[int], after: set[int]) -> Iterator[int]:
        """The pairs of the hub and the neighbours of its neighbours, in both directions."""
        same, after, before = self._same, after | {hub}, before | {hub}
        yield from (hub << SHIFT | far for near in after for far in same.objects(near) if far not in after)
        yield from (far << SHIFT | hub for near in before for far in same.subjects(near) if far not in before)


# Datatypes

DATATYPE_RULES = ("dt-type2", "dt-eq", "dt-diff")
# The rules that join on literals, or conclude something of two literals that differ.
_COMPARING = frozenset({"prp-fp", "prp-ifp", "prp-key", "prp-pdw", "prp-adp", "prp-npa2", "cls-hv1", "cls-hv2"})
_COMPARING |= frozenset({"cls-maxc2", "cls-maxqc3", "cls-maxqc4", "cls-oo"})


class DatatypeRules:
    """Rules dt-type2, dt-eq and dt-diff (W3C OWL 2 Profiles §4.3, table 8), as far as other rules need them.

    Membership is concluded for the datatypes in bodies of rules, equality where a rule compares values, and all of it
    for literals that are the same as an individual.
    """

    def __init__(self, facts: TripleIndex) -> None:
        self._facts = facts
        self._same, self._different = (facts.property(facts.id(term)) for term in (SAME, DIFFERENT))
        self.used = set[int]()  # the datatypes in bodies of rules
        self._of_individuals: dict[int, None] = {}
        self._seen_rules = self._seen_terms = 0
        self.compares = False  # whether rules compare values

    def conclusions(self, rules: Sequence[GroundRule], deferred: Iterable[str]) -> Iterator[tuple[str, Relation, int]]:
        """What is new: the rule, and a relation and fact. `rules` only grows; `deferred` are names of further rules."""
        new = rules[self._seen_rules :]
        self._seen_rules = len(rules)
        self.compares = self.compares or any(name in _COMPARING for name in (*deferred, *(r.rule for r in new)))
        yield from self._members(new)
        yield from self._equal()
        yield from self._equal_to_individuals()

    def _members(self, rules: Iterable[GroundRule]) -> Iterator[tuple[str, Relation, int]]:
        for relation in (atom.relation for rule in rules for atom in rule.atoms if atom.relation.unary):
            datatype = self._facts.texts[relation.term].strip("<>")
            if relation.term not in self.used and datatype in values.DATATYPES:
                self.used.add(relation.term)
                for literal, text in enumerate(self._facts.texts):
                    if text[0] == '"' and values.belongs(text, datatype):
                        yield "dt-type2", relation, literal

    def _equal(self) -> Iterator[tuple[str, Relation, int]]:
        if self.compares and self._seen_terms < len(self._facts.texts):
            self._seen_terms = len(self._facts.texts)
            for group in values.equal(self._facts.texts):
                yield from (("dt-eq", self._same, a << SHIFT | b) for a, b in permutations(group, 2))

    def _equal_to_individuals(self) -> Iterator[tuple[str, Relation, int]]:
        facts = self._facts
        pairs = ((pair >> SHIFT, pair & MASK) for pair in self._same.fresh)
        new = {one for one, other in pairs if facts.is_literal(one) and not facts.is_literal(other)}
        for literal in sorted(new - self._of_individuals.keys()):
            text = facts.texts[literal]
            for datatype in sorted(values.DATATYPES):
                if values.belongs(text, datatype):
                    yield "dt-type2", facts.members(facts.id(f"<{datatype}>")), literal
            for other in self._of_individuals:
                if (value := values.value(text)) and (twin := values.value(facts.texts[other])):
                    rule, relation = ("dt-eq", self._same) if value == twin else ("dt-diff", self._different)
                    yield from ((rule, relation, a << SHIFT | b) for a, b in permutations((literal, other)))
            self._of_individuals[literal] = None


# The chainer

Application = tuple[GroundRule, tuple[Statement, ...]]  # a rule, and the statements that match its body
# The first numbers are those of rules that are code; 0 is the tag of given facts.
_BUILT_IN = tuple(map(GroundRule, ("given", "eq-rep-s", "eq-rep-p", "eq-rep-o", *DATATYPE_RULES)))
_BY_SUBJECT, _BY_PREDICATE, _BY_OBJECT, _BY_VALUE = range(1, 5)


class ForwardChainer:
    """The closure of given triples: `facts` has all statements, `rules` the ground rule of each number in a tag."""

    def __init__(self, given: Iterable[Triple]) -> None:
        self.facts = TripleIndex()
        self.facts.load(given)
        self.rules: list[GroundRule] = list(_BUILT_IN)
        self.delta_rules: dict[Relation, list[DeltaRule]] = {}
        self.grounder = RuleGrounder(self.facts)
        self._same = self.facts.property(self.facts.id(SAME))
        self._equals: dict[int, list[int]] = {}  # from a term to the terms that are the same
        self._datatypes = DatatypeRules(self.facts)
        self._groups = EqualityGroups(self._same)
        self._eq_trans = self._round = 0
        self._run(self._ground())

    def _run(self, new: list[DeltaRule]) -> None:
        while new or any(r.fresh for r in self.facts.relations()):
            self._round += 1
            out: Changes = {}
            self._compare(out)
            self._apply(new, out)
            if self._eq_trans:
                self._conclude(self._same, self._groups.conclusions(), self._round << ROUND | self._eq_trans, out)
            self._replace(out)
            self._end_round(out)
            new = self._ground() if self.grounder.has_new_axioms else []

    @property
    def is_maintainable(self) -> bool:
        """Whether facts can be added and removed (`kg.reasoning.incremental`): no equality, no datatypes in bodies."""
        return not self._same.facts and not self._datatypes.used

    @property
    def compares_values(self) -> bool:
        """Whether rules compare values, so that literals may be equal which are not the same."""
        return self._datatypes.compares

    def propagate(self, added: Changes) -> Iterator[Changes]:
        """Add facts to the closure, and yield what each round adds, these first. No rules are grounded for axioms."""
        while any(added.values()):
            self._round += 1
            self._end_round(added)
            yield added
            added = {}
            self._compare(added)
            self._apply([], added)
        self._end_round({})

    def _ground(self) -> list[DeltaRule]:
        """Ground what is new; give one delta rule for each new rule, which is to look at all facts once."""
        new = []
        for rule in self.grounder.ground(self.rules):
            number = len(self.rules)
            self.rules.append(rule)
            if rule.rule == "eq-trans":
                self._eq_trans = number
            elif rule.head is not None:
                deltas = [DeltaRule(number, rule, rule.head, at) for at in range(len(rule.atoms))]
                for delta in deltas:
                    self.delta_rules.setdefault(delta.atom.relation, []).append(delta)
                new.append(deltas[0] if deltas else DeltaRule(number, rule, rule.head))
        return new

    def _apply(self, new: list[DeltaRule], out: Changes) -> None:
        for delta, fresh in self._due(new):
            head = delta.head.relation
            found = out.setdefault(head, {})
            # Two differences rather than one with a union: each looks up the conclusions alone.
            concluded = set(delta.conclusions(fresh)).difference(head.facts).difference(found)
            found.update(dict.fromkeys(concluded, self._round << ROUND | delta.number))

    def _due(self, new: list[DeltaRule]) -> list[tuple[DeltaRule, dict[int, int]]]:
        """The delta rules in order, each with the facts to look at: all where the rule is new, else fresh ones."""
        numbers = {delta.number for delta in new}
        due = [(d, d.atom.relation.facts) for d in new if d.atom.relation.facts or not d.rule.atoms]
        for relation, deltas in self.delta_rules.items():
            if relation.fresh:
                due += [(d, relation.fresh) for d in deltas if d.number not in numbers]
        return sorted(due, key=lambda d: d[0].number)

    def _end_round(self, out: Changes) -> None:
        for relation in self.facts.relations():
            relation.fresh = {}
        for relation, found in out.items():
            relation.add(found)
        self.facts.sync_types()

    def _compare(self, out: Changes) -> None:
        for rule, relation, fact in self._datatypes.conclusions(self.rules, self.grounder.deferred):
            tag = self._round << ROUND | _BY_VALUE + DATATYPE_RULES.index(rule)
            self._conclude(relation, (fact,), tag, out)

    def _replace(self, out: Changes) -> None:
        """Rules eq-rep-s, eq-rep-p and eq-rep-o, for all relations at once."""
        new: dict[int, list[int]] = {}
        for pair in self._same.fresh:
            new.setdefault(pair >> SHIFT, []).append(pair & MASK)
        for one, others in new.items():
            self._equals.setdefault(one, []).extend(others)
        if not self._equals:
            return
        for relation in self.facts.relations():
            if relation is not self._same:
                self._rename(relation, relation.fresh, self._equals, out)
                if new:
                    self._rename(relation, relation.facts, new, out)

    def _rename(self, relation: Relation, facts: dict[int, int], equals: dict[int, list[int]], out: Changes) -> None:
        tag = self._round << ROUND
        if relation.unary:
            self._conclude(relation, (y for x in facts if x in equals for y in equals[x]), tag | _BY_SUBJECT, out)
            for other in equals.get(relation.term, ()):
                self._conclude(self.facts.members(other), facts, tag | _BY_OBJECT, out)
            return
        subjects = (y << SHIFT | x & MASK for x in facts if x >> SHIFT in equals for y in equals[x >> SHIFT])
        self._conclude(relation, subjects, tag | _BY_SUBJECT, out)
        objects = (x & ~MASK | y for x in facts if x & MASK in equals for y in equals[x & MASK])
        self._conclude(relation, objects, tag | _BY_OBJECT, out)
        for other in equals.get(relation.term, ()):
            self._conclude(self.facts.property(other), facts, tag | _BY_PREDICATE, out)

    def _conclude(self, relation: Relation, concluded: Iterable[int], tag: int, out: Changes) -> None:
        found = out.setdefault(relation, {})
        for fact in concluded:
            if fact not in relation.facts:
                found.setdefault(fact, tag)

    def equal_literals(self, literal: int) -> list[int]:
        """The other literals with the same value, where they were compared."""
        others, texts = self._equals.get(literal, ()), self.facts.texts
        return [t for t in others if self.facts.is_literal(t) and not values.differ(texts[t], texts[literal])]

    def inconsistency_rules(self) -> list[GroundRule]:
        """The ground rules whose head is *false*, in the order of the table."""
        order = {rule.name: place for place, rule in enumerate(rules())}
        found = [rule for rule in self.rules[len(_BUILT_IN) :] if rule.head is None]
        return sorted([*found, *self.grounder.deferred_rules()], key=lambda rule: order[rule.rule])

    def applications(self, statement: Statement, *, every: bool = False) -> Iterator[Application]:
        """How a statement follows from statements of earlier rounds: by the rule of its tag, or by `every` rule."""
        tag = self.facts.tag(statement)
        for number in range(1, len(self.rules)) if every else (tag & NUMBER,):
            for premises in self._premises(number, statement):
                if all(self.facts.tag(p) >> ROUND < tag >> ROUND for p in premises):
                    yield self.rules[number], premises

    def _premises(self, number: int, statement: Statement) -> Iterator[tuple[Statement, ...]]:
        rule = self.rules[number]
        if number >= len(_BUILT_IN):
            if rule.head is not None and rule.head.relation is self.facts.relation(statement[1], statement[2]):
                yield from bodies(self.facts, rule, statement)
        elif number >= _BY_VALUE:
            yield from [()] if self.facts.tag(statement) & NUMBER == number else []
        elif number > 0:
            at = (_BY_SUBJECT, _BY_PREDICATE, _BY_OBJECT).index(number)
            for twin in self._equals.get(statement[at], ()):
                other = (*statement[:at], twin, *statement[at + 1 :])
                if self.facts.holds(other):  # type: ignore[arg-type]
                    yield (twin, self._same.term, statement[at]), other  # type: ignore[misc]


def bodies(facts: TripleIndex, rule: GroundRule, statement: Statement | None) -> Iterator[tuple[Statement, ...]]:
    """Each match of the body of a rule, as statements; only those from which `statement` follows, if one is given."""
    env, bound = list(rule.env), set(rule.constants)
    if rule.head is not None and statement is not None:
        for place, term in ((rule.head.subject, statement[0]), (rule.head.object, statement[2])):
            if rule.head.relation.unary and place == rule.head.object and term != statement[0]:
                continue
            if place in bound and env[place] != term:
                return
            env[place] = term
            bound.add(place)
    for _ in matches(join_order(rule.atoms, bound), env):
        yield tuple(_matched(a, env, facts) for a in rule.atoms)


def _matched(atom: Atom, env: list[int], facts: TripleIndex) -> Statement:
    if atom.relation.unary:
        return env[atom.subject], facts.type, atom.relation.term
    return env[atom.subject], atom.relation.term, env[atom.object]
