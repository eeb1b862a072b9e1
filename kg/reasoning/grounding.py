"""The rules of OWL 2 RL made fit for one ontology: its axioms are put in, and what is left speaks of things alone.

So `?c rdfs:subClassOf ?d . ?x a ?c → ?x a ?d` and `:Dam rdfs:subClassOf :Project` give `?x a :Dam → ?x a :Project`.
"""

import itertools
import re
from collections.abc import Iterator
from functools import cache, partial
from typing import NamedTuple

from kg.rdf.namespaces import OWL, RDF, RDFS
from kg.rdf.terms import cells
from kg.reasoning.index import MASK, NUMBER, SHIFT, TYPE, Atom, Relation, TripleIndex
from kg.reasoning.rules import SHORTCUTS, Pattern, Rule, placed, rules

# The predicates with which an ontology speaks; sameAs and differentFrom speak of things.
_AXIOMS = frozenset(
    {f"<{RDFS}{x}>" for x in ("domain", "range", "subClassOf", "subPropertyOf")}
    | {f"<{OWL}{x}Of>" for x in ("complement", "intersection", "inverse", "one", "union")}
    | {f"<{OWL}{x}" for x in ("allValuesFrom>", "someValuesFrom>", "hasValue>", "hasKey>", "propertyChainAxiom>")}
    | {f"<{OWL}{x}" for x in ("disjointWith>", "propertyDisjointWith>", "equivalentClass>", "equivalentProperty>")}
    | {f"<{OWL}{x}" for x in ("onProperty>", "onClass>", "maxCardinality>", "maxQualifiedCardinality>", "members>")}
    | {f"<{OWL}{x}" for x in ("distinctMembers>", "sourceIndividual>", "assertionProperty>", "targetIndividual>")}
    | {f"<{OWL}targetValue>"}
)
SAME, NOTHING = f"<{OWL}sameAs>", f"<{OWL}Nothing>"
# Of everything these hold from itself to itself: that goes without saying.
_REFLEXIVE = frozenset(
    {SAME, f"<{RDFS}subClassOf>", f"<{RDFS}subPropertyOf>", f"<{OWL}equivalentClass>", f"<{OWL}equivalentProperty>"}
)
Binding = dict[str, int]
Statement = tuple[int, int, int]  # subject, predicate, object


class GroundRule(NamedTuple):
    """A rule that is ready to run: atoms, the head (None: a contradiction), and the axioms that went in.

    The atoms speak of places in `env`, where constants stand already; the places of variables hold 0. `reflexive`
    says that the head says nothing where it leads from a thing to itself.
    """

    rule: str
    atoms: tuple[Atom, ...] = ()
    head: Atom | None = None
    env: tuple[int, ...] = ()
    constants: frozenset[int] = frozenset()
    axioms: tuple[Statement, ...] = ()
    reflexive: bool = False


class RuleGrounder:
    """Makes rules special: first for the ontology that is given, then for each axiom that follows.

    A contradiction between any two members of a list waits until the facts are known: of 2,000 things that all
    differ there are two million pairs, and hardly one of them is of interest. `paired` names the rules that wait.
    """

    def __init__(self, facts: TripleIndex) -> None:
        self._facts = facts
        self._done: set[tuple[object, ...]] = set()
        self.paired: set[str] = set()
        patterns = {p for rule in rules() for p in rule.body}
        told = {p for p in patterns if p[1] in _AXIOMS or (p[1] == TYPE and p[2].startswith("<"))}
        self._lists = [facts.property(facts.id(f"<{RDF}{x}>")) for x in ("first", "rest")]
        self._watched = [*map(self._relation, sorted(told)), *self._lists]
        self._asked = [(rule, [*map(self._relation, _parted(rule)[0])]) for rule in rules() if _is_special(rule)]

    @property
    def stale(self) -> bool:
        """Whether the last round brought axioms."""
        return any(relation.fresh for relation in self._watched)

    def new(self, given_by: list[GroundRule]) -> list[GroundRule]:
        """The special rules that were not there before; `given_by` has the rule of each tag."""
        lists = any(relation.fresh for relation in self._lists)
        due = (rule for rule, asked in self._asked if lists or not asked or any(r.fresh for r in asked))
        return [made for rule in due for made in self._of(rule, given_by)]

    def _of(self, rule: Rule, given_by: list[GroundRule]) -> Iterator[GroundRule]:
        axioms, rest = _parted(rule)
        for binding, used in self._answers(axioms, {}, ()):
            if any(given_by[self._facts.tag(axiom) & NUMBER].rule in SHORTCUTS for axiom in used):
                continue  # the axioms from which it follows do the same
            if rule in _PAIRED:
                self.paired.add(rule.name)
                continue
            for whole, length in self._with_members(axioms, binding):
                key = (rule, *sorted(whole.items()))
                if key not in self._done:
                    self._done.add(key)
                    body = [p for pattern in rest for p in placed(pattern, length)] if length else rest
                    head = placed(rule.head, length)[0] if rule.head and length else rule.head
                    if body or head:
                        yield self._special(rule.name, body, head, whole, used)

    def pairs(self) -> Iterator[GroundRule]:
        """The rules about any two members of a list, for those pairs that have a fact in common."""
        for rule, (list_, *rest) in _PAIRED.items():
            axioms = [p for p in rule.body if p not in rest]
            first, second = list_[2].strip("()").split()
            for binding, used in self._answers(axioms, {}, ()):
                for one, other in self._meeting(rest[0], self._members(binding[list_[2]])):
                    whole = {**binding, first: one, second: other}
                    yield self._special(rule.name, rest, None, whole, used)

    def _meeting(self, pattern: Pattern, members: list[int]) -> list[tuple[int, int]]:
        """The pairs of members that are the same, or classes of one thing, or properties with one statement."""
        at: dict[int, list[int]] = {}
        for place, member in enumerate(members):
            at.setdefault(member, []).append(place)
        if pattern[1] == SAME:
            same = self._facts.property(self._facts.id(SAME))
            met = [at[m] + [p for twin in same.objects(m) for p in at.get(twin, ())] for m in at]
        else:
            relation = self._facts.members if pattern[1] == TYPE else self._facts.property
            facts = {member: relation(member).facts.keys() for member in at}
            seen, twice = set[int](), set[int]()
            for member, told in facts.items():
                twice |= told if len(at[member]) > 1 else told & seen
                seen |= told
            met = [[p for m, places in at.items() if fact in facts[m] for p in places] for fact in twice]
        pairs = {pair for places in met for pair in itertools.combinations(sorted(places), 2)}
        return [(members[i], members[j]) for i, j in sorted(pairs)]

    def _relation(self, pattern: Pattern) -> Relation:
        number = self._facts.id
        return self._facts.relation(number(pattern[1]), number(pattern[2]) if pattern[1] == TYPE else 0)

    def _answers(
        self, patterns: list[Pattern], binding: Binding, used: tuple[Statement, ...]
    ) -> Iterator[tuple[Binding, tuple[Statement, ...]]]:
        """Each way in which the ontology matches the patterns, with the statements that do it."""
        if not patterns:
            yield binding, used
            return
        subject, verb, value = patterns[0]
        relation = self._relation(patterns[0])
        for s, o in self._pairs(relation, binding.get(subject), binding.get(value)):
            if self._fits(value, o):
                more = {**binding, subject: s} if relation.unary else {**binding, subject: s, value: o}
                axiom = (s, self._facts.id(verb), o)
                yield from self._answers(patterns[1:], more, (*used, axiom))

    def _pairs(self, relation: Relation, subject: int | None, value: int | None) -> list[tuple[int, int]]:
        """The pairs of a relation that have this subject and this object, in a stable order."""
        if relation.unary:
            things = relation.facts if subject is None else {subject} & relation.facts.keys()
            found = [(thing, relation.term) for thing in things]
        elif subject is not None:
            found = [(subject, o) for o in relation.objects(subject) if value is None or o == value]
        elif value is not None:
            found = [(s, value) for s in relation.subjects(value)]
        else:
            found = [(pair >> SHIFT, pair & MASK) for pair in relation.facts]
        texts = self._facts.texts
        return sorted(found, key=lambda pair: (texts[pair[0]], texts[pair[1]]))

    def _fits(self, pattern: str, term: int) -> bool:
        """Whether a term may stand where the pattern has a constant; of a number the datatype does not matter."""
        if pattern.isdigit():
            number = re.match(r'"\+?0*(\d+)"', self._facts.texts[term])
            return number is not None and number[1] == pattern
        return pattern.startswith(("?", "(")) or self._facts.texts[term] == pattern

    def _with_members(self, axioms: list[Pattern], binding: Binding) -> Iterator[tuple[Binding, int]]:
        """The binding with the members of the list that an axiom has, one for each way to choose them."""
        head = next((p[2] for p in axioms if p[2].startswith("(")), None)
        if head is None:
            yield binding, 0
            return
        names, members = head.strip("()").split(), self._members(binding[head])
        if names[0].endswith("[k]"):
            each = {names[0].replace("[k]", f"[{k}]"): m for k, m in enumerate(members, 1)}
            if members:
                yield {**binding, **each}, len(members)
            return
        yield from (({**binding, names[0]: member}, 0) for member in members)

    def _members(self, head: int) -> list[int]:
        """The members of an RDF list.

        A cell may have several members, by rule eq-rep-o: the one that was there first stands for all.
        """
        found = (self._earliest("first", cell) for cell in cells(head, partial(self._earliest, "rest")))
        return [member for member in found if member is not None]

    def _earliest(self, name: str, cell: int) -> int | None:
        relation = self._facts.property(self._facts.id(f"<{RDF}{name}>"))
        return min(relation.objects(cell), key=lambda o: (relation.facts[cell << SHIFT | o], o), default=None)

    def _special(
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
            subject, verb, value = map(place, pattern)
            if env[verb] == self._facts.type and value not in constants:
                relation = self._facts.typing()
            else:
                relation = self._facts.relation(env[verb], env[value])
            return Atom(relation, subject, subject if relation.unary else value)

        atoms = tuple(atom(p) for p in body if not _says_nothing(p, binding))
        reflexive = head is not None and head[1] in _REFLEXIVE
        concluded = atom(head) if head else None
        return GroundRule(name, atoms, concluded, tuple(env), frozenset(constants), axioms, reflexive)


def _says_nothing(pattern: Pattern, binding: Binding) -> bool:
    """Whether a pattern has become: this is the same as itself (rule eq-ref)."""
    subject, verb, value = pattern
    return verb == SAME and subject in binding and binding[subject] == binding.get(value)


# The rules about any two members of a list: what they ask is the list, then what must not hold of the two.
_PAIRED = {
    rule: [p for p in rule.body if " " in p[2]] + [p for p in rule.body if p[1] == SAME or p[0] == "?x"]
    for rule in rules()
    if any(" " in p[2] for p in rule.body)
}


@cache
def _parted(rule: Rule) -> tuple[list[Pattern], list[Pattern]]:
    """What of the body of a rule the ontology says, and the rest."""
    axioms = [p for p in rule.body if _is_axiom(p)] if _needs_ontology(rule) else []
    return axioms, [p for p in rule.body if p not in axioms]


def _is_special(rule: Rule) -> bool:
    """Whether a rule runs as a special one; eq-rep-s, eq-rep-p and eq-rep-o hold of every relation."""
    return not rule.name.startswith("eq-rep")


def _is_axiom(pattern: Pattern) -> bool:
    return pattern[1] in _AXIOMS or (pattern[1] == TYPE and pattern[2].startswith("<") and pattern[2] != NOTHING)


def _needs_ontology(rule: Rule) -> bool:
    """Whether a rule speaks of any property, any class or a list: then axioms must say which."""
    verbs = (p[1] for p in rule.body)
    kinds = (p[2] for p in rule.body if p[1] == TYPE)
    return (
        any(x.startswith("?") for x in (*verbs, *kinds))
        or any(p[2].startswith("(") for p in rule.body)
        or (rule.name == "cls-oo")
    )
