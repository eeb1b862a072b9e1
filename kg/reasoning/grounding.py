"""Rule grounding: the rules of OWL 2 RL instantiated with the axioms of one ontology, so that only facts are joined.

So `?c rdfs:subClassOf ?d . ?x a ?c → ?x a ?d` and `:Dam rdfs:subClassOf :Project` give `?x a :Dam → ?x a :Project`.
"""

import itertools
import re
from collections.abc import Iterator
from functools import cache, partial
from typing import NamedTuple

from kg.rdf.namespaces import OWL, RDF, RDFS
from kg.rdf.terms import cells
from kg.reasoning.index import MASK, NUMBER, SHIFT, TYPE, Atom, Relation, Statement, TripleIndex
from kg.reasoning.rules import SHORTCUTS, Pattern, Rule, rules, unrolled

SAME, DIFFERENT, NOTHING = (f"<{OWL}{name}>" for name in ("sameAs", "differentFrom", "Nothing"))
# The predicates of axioms: all in the bodies of rules, but for those that relate individuals.
_AXIOMS = {p[1] for rule in rules() for p in rule.body if p[1].startswith("<")} - {TYPE, SAME, DIFFERENT}
# Reflexive by definition: conclusions from a term to itself are dropped.
_REFLEXIVE = frozenset({SAME, f"<{OWL}equivalentClass>", f"<{OWL}equivalentProperty>"})
Binding = dict[str, int]


class GroundRule(NamedTuple):
    """A rule with its axioms put in: the atoms left in its body, its head (None: an inconsistency), and the axioms.

    Atoms refer to places in `env`, which holds the constants and 0 for variables; `constants` are the places of the
    former. Conclusions of a `reflexive` head from a term to itself are dropped.
    """

    rule: str
    atoms: tuple[Atom, ...] = ()
    head: Atom | None = None
    env: tuple[int, ...] = ()
    constants: frozenset[int] = frozenset()
    axioms: tuple[Statement, ...] = ()
    reflexive: bool = False


class RuleGrounder:
    """Grounds rules with the axioms in an index, and again when axioms are derived.

    Inconsistencies of any two members of a list (`deferred` has the names of their rules) are grounded last, and only
    for pairs with facts in common: owl:AllDifferent of 2,000 individuals has two million pairs.
    """

    def __init__(self, facts: TripleIndex) -> None:
        self._facts = facts
        self._done: set[tuple[object, ...]] = set()
        self.deferred: set[str] = set()
        axioms = {p for rule in rules() for p in rule.body if _is_axiom(p)}
        # Of these a term that is below itself infers nothing about facts.
        self._orders = {facts.property(facts.id(f"<{RDFS}sub{kind}Of>")) for kind in ("Class", "Property")}
        self._lists = [facts.property(facts.id(f"<{RDF}{x}>")) for x in ("first", "rest")]
        self._watched = [*map(self._relation, sorted(axioms)), *self._lists]
        # eq-rep-s, eq-rep-p and eq-rep-o apply to every relation, and need no grounding.
        grounded = [rule for rule in rules() if not rule.name.startswith("eq-rep")]
        self._needed = [(rule, [*map(self._relation, _split(rule)[0])]) for rule in grounded]

    @property
    def has_new_axioms(self) -> bool:
        """Whether the last round added axioms."""
        return any(relation.fresh for relation in self._watched)

    def ground(self, derived_by: list[GroundRule]) -> list[GroundRule]:
        """The ground rules that are new; `derived_by` has the rule of each tag."""
        lists = any(relation.fresh for relation in self._lists)
        due = (rule for rule, needed in self._needed if lists or not needed or any(r.fresh for r in needed))
        return [made for rule in due for made in self._instances(rule, derived_by)]

    def _instances(self, rule: Rule, derived_by: list[GroundRule]) -> Iterator[GroundRule]:
        axioms, rest = _split(rule)
        for binding, used in self._solutions(axioms, {}, ()):
            if any(derived_by[self._facts.tag(axiom) & NUMBER].rule in SHORTCUTS for axiom in used):
                continue
            if rule in _OF_PAIRS:
                self.deferred.add(rule.name)
                continue
            for whole, length in self._with_members(axioms, binding):
                key = (rule, *sorted(whole.items()))
                if key not in self._done:
                    self._done.add(key)
                    body = [p for pattern in rest for p in unrolled(pattern, length)] if length else rest
                    head = unrolled(rule.head, length)[0] if rule.head and length else rule.head
                    if body or head:
                        yield self._instance(rule.name, body, head, whole, used)

    def deferred_rules(self) -> Iterator[GroundRule]:
        """The ground rules of any two members of a list, for the pairs that have a fact in common."""
        for rule, (list_, *rest) in _OF_PAIRS.items():
            axioms = [p for p in rule.body if p not in rest]
            first, second = list_[2].strip("()").split()
            for binding, used in self._solutions(axioms, {}, ()):
                for one, other in self._overlapping(rest[0], self._members(binding[list_[2]])):
                    whole = {**binding, first: one, second: other}
                    yield self._instance(rule.name, rest, None, whole, used)

    def _overlapping(self, pattern: Pattern, members: list[int]) -> list[tuple[int, int]]:
        """The pairs of members that are the same, or classes with a common member, or properties with a common pair."""
        at: dict[int, list[int]] = {}
        for place, member in enumerate(members):
            at.setdefault(member, []).append(place)
        if pattern[1] == SAME:
            same = self._facts.property(self._facts.id(SAME))
            groups = [at[m] + [p for other in same.objects(m) for p in at.get(other, ())] for m in at]
        else:
            relation = self._facts.members if pattern[1] == TYPE else self._facts.property
            facts = {member: relation(member).facts.keys() for member in at}
            seen, common = set[int](), set[int]()
            for member, found in facts.items():
                common |= found if len(at[member]) > 1 else found & seen
                seen |= found
            groups = [[p for m, places in at.items() if fact in facts[m] for p in places] for fact in common]
        pairs = {pair for places in groups for pair in itertools.combinations(sorted(places), 2)}
        return [(members[i], members[j]) for i, j in sorted(pairs)]

    def _relation(self, pattern: Pattern) -> Relation:
        number = self._facts.id
        return self._facts.relation(number(pattern[1]), number(pattern[2]) if pattern[1] == TYPE else 0)

    def _solutions(
        self, patterns: list[Pattern], binding: Binding, used: tuple[Statement, ...]
    ) -> Iterator[tuple[Binding, tuple[Statement, ...]]]:
        """Each match of the patterns of axioms, with the statements that match."""
        if not patterns:
            yield binding, used
            return
        subject, predicate, value = patterns[0]
        relation = self._relation(patterns[0])
        for s, o in self._pairs(relation, binding.get(subject), binding.get(value)):
            if self._fits(value, o):
                more = {**binding, subject: s} if relation.unary else {**binding, subject: s, value: o}
                axiom = (s, self._facts.id(predicate), o)
                yield from self._solutions(patterns[1:], more, (*used, axiom))

    def _pairs(self, relation: Relation, subject: int | None, value: int | None) -> list[tuple[int, int]]:
        """The pairs of a relation with this subject and this object, ordered by their terms."""
        if relation.unary:
            things = relation.facts if subject is None else {subject} & relation.facts.keys()
            found = [(thing, relation.term) for thing in things]
        elif subject is not None:
            found = [(subject, o) for o in relation.objects(subject) if value is None or o == value]
        elif value is not None:
            found = [(s, value) for s in relation.subjects(value)]
        else:
            found = [(pair >> SHIFT, pair & MASK) for pair in relation.facts]
            if relation in self._orders:
                found = [pair for pair in found if pair[0] != pair[1]]
        texts = self._facts.texts
        return sorted(found, key=lambda pair: (texts[pair[0]], texts[pair[1]]))

    def _fits(self, pattern: str, term: int) -> bool:
        """Whether a term matches the object of a pattern; a number matches in any datatype."""
        if pattern.isdigit():
            number = re.match(r'"\+?0*(\d+)"', self._facts.texts[term])
            return number is not None and number[1] == pattern
        return pattern.startswith(("?", "(")) or self._facts.texts[term] == pattern

    def _with_members(self, axioms: list[Pattern], binding: Binding) -> Iterator[tuple[Binding, int]]:
        """The binding once for each choice of members of the list in the axioms, with the length for `[k]`, else 0."""
        head = next((p[2] for p in axioms if p[2].startswith("(")), None)
        if head is None:
            yield binding, 0
            return
        name, members = head.strip("()"), self._members(binding[head])
        if not name.endswith("[k]"):
            yield from (({**binding, name: member}, 0) for member in members)
        elif members:
            each = {name.replace("[k]", f"[{k}]"): member for k, member in enumerate(members, 1)}
            yield {**binding, **each}, len(members)

    def _members(self, head: int) -> list[int]:
        """The members of an RDF list; where eq-rep-o gave a cell several, the one derived first."""
        found = (self._earliest("first", cell) for cell in cells(head, partial(self._earliest, "rest")))
        return [member for member in found if member is not None]

    def _earliest(self, name: str, cell: int) -> int | None:
        relation = self._facts.property(self._facts.id(f"<{RDF}{name}>"))
        return min(relation.objects(cell), key=lambda o: (relation.facts[cell << SHIFT | o], o), default=None)

    def _instance(
        self, name: str, body: list[Pattern], head: Pattern | None, binding: Binding, axioms: tuple[Statement, ...]
    ) -> GroundRule:
        places: dict[str, int] = {}
        env: list[int] = []
        constants: set[int] = set()

        def place(term: str) -> int:
            if term not in places:
                places[term] = len(env)
                known = binding.get(term) if term.startswith("?") else self._facts.id(term)
                if known is not None:
                    constants.add(len(env))
                env.append(known or 0)
            return places[term]

        def atom(pattern: Pattern) -> Atom:
            subject, predicate, value = map(place, pattern)
            if env[predicate] == self._facts.type and value not in constants:
                relation = self._facts.type_relation()
            else:
                relation = self._facts.relation(env[predicate], env[value])
            return Atom(relation, subject, subject if relation.unary else value)

        # A term is the same as itself (eq-ref).
        used = (p for p in body if p[1] != SAME or p[0] not in binding or binding[p[0]] != binding.get(p[2]))
        atoms = tuple(map(atom, used))
        reflexive = head is not None and head[1] in _REFLEXIVE
        concluded = atom(head) if head else None
        return GroundRule(name, atoms, concluded, tuple(env), frozenset(constants), axioms, reflexive)


# The rules about any two members of a list: the pattern with the list, then the patterns about the two members.
_OF_PAIRS = {
    rule: [list_, *(p for p in rule.body if set(p) & set(list_[2].strip("()").split()))]
    for rule in rules()
    for list_ in rule.body
    if " " in list_[2]
}


@cache
def _split(rule: Rule) -> tuple[list[Pattern], list[Pattern]]:
    """The patterns of a body that axioms match, and the others, which are left for facts."""
    axioms = [p for p in rule.body if _is_axiom(p)] if _needs_axioms(rule) else []
    return axioms, [p for p in rule.body if p not in axioms]


def _is_axiom(pattern: Pattern) -> bool:
    return pattern[1] in _AXIOMS or (pattern[1] == TYPE and pattern[2].startswith("<") and pattern[2] != NOTHING)


def _needs_axioms(rule: Rule) -> bool:
    """Whether the body has a variable as property or class, or a list."""
    predicates = (p[1] for p in rule.body)
    kinds = (p[2] for p in rule.body if p[1] == TYPE)
    return any(x.startswith("?") for x in (*predicates, *kinds)) or any(p[2].startswith("(") for p in rule.body)
