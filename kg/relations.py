"""Facts as numbers: for each property its pairs, for each class its members, and how rules look things up in them.

A term is a number, the place of its N-Triples form in a list. A pair is one number too: the subject's, shifted by
32 bits, and the object's. A member of a class stands for itself. Each fact has a tag that says when and how it came:
its round, shifted by 20 bits, and the number of the rule that gave it; what was given has the tag 0.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Set
from itertools import chain
from typing import NamedTuple

from kg.vocabulary import RDF_TYPE

SHIFT, MASK = 32, (1 << 32) - 1
ROUND, NUMBER = 20, (1 << 20) - 1
TYPE = f"<{RDF_TYPE}>"


class Relation:
    """The pairs of one property, or the members of one class, each with its tag; `fresh` are those of the last round.

    `by_subject` and `by_object` are there from the moment in which a rule first asks for them.
    """

    __slots__ = ("by_object", "by_subject", "facts", "fresh", "term", "unary")

    def __init__(self, term: int, *, unary: bool) -> None:
        self.term, self.unary = term, unary
        self.facts: dict[int, int] = {}
        self.fresh: dict[int, int] = {}
        self.by_subject: dict[int, list[int]] | None = None
        self.by_object: dict[int, list[int]] | None = None

    def add(self, new: dict[int, int]) -> None:
        """Take in facts that were not there."""
        self.facts.update(new)
        self.fresh = new
        if self.by_subject is not None:
            _index_subjects(new, self.by_subject)
        if self.by_object is not None:
            _index_objects(new, self.by_object)

    def objects(self, subject: int) -> Iterable[int]:
        """What a property leads to from a subject."""
        if self.by_subject is None:
            self.by_subject = _index_subjects(self.facts, {})
        return self.by_subject.get(subject, ())

    def subjects(self, value: int) -> Iterable[int]:
        """From where a property leads to an object."""
        if self.by_object is None:
            self.by_object = _index_objects(self.facts, {})
        return self.by_object.get(value, ())


def _index_subjects(pairs: Iterable[int], index: dict[int, list[int]]) -> dict[int, list[int]]:
    for pair in pairs:
        index.setdefault(pair >> SHIFT, []).append(pair & MASK)
    return index


def _index_objects(pairs: Iterable[int], index: dict[int, list[int]]) -> dict[int, list[int]]:
    for pair in pairs:
        index.setdefault(pair & MASK, []).append(pair >> SHIFT)
    return index


class Atom(NamedTuple):
    """A pattern in a rule: a relation, and where in the rule's bindings its subject and its object stand."""

    relation: Relation
    subject: int
    object: int  # that of the subject where the relation is a class


class Facts:
    """All relations of a graph, and the terms in them."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self._ids: dict[str, int] = {}
        self.properties: dict[int, Relation] = {}
        self.classes: dict[int, Relation] = {}
        self.type = self.id(TYPE)

    def id(self, text: str) -> int:
        """The number of a term in N-Triples."""
        number = self._ids.get(text)
        if number is None:
            number = self._ids[text] = len(self.texts)
            self.texts.append(text)
        return number

    def known(self, text: str) -> int | None:
        """The number of a term in N-Triples, if any fact names it."""
        return self._ids.get(text)

    def property(self, term: int) -> Relation:
        """The pairs of a property."""
        if (found := self.properties.get(term)) is None:
            found = self.properties[term] = Relation(term, unary=False)
        return found

    def members(self, term: int) -> Relation:
        """The members of a class."""
        if (found := self.classes.get(term)) is None:
            found = self.classes[term] = Relation(term, unary=True)
        return found

    def relations(self) -> list[Relation]:
        """All relations, classes last."""
        return [*self.properties.values(), *self.classes.values()]

    def load(self, n_triples: str) -> None:
        """Take in given facts, a line each."""
        rows = [line.split(" ", 2) for line in n_triples.split(" .\n") if line]
        for text in dict.fromkeys(chain.from_iterable(rows)):
            self.id(text)
        ids = self._ids
        by_property: defaultdict[str, list[int]] = defaultdict(list)
        by_class: defaultdict[str, list[int]] = defaultdict(list)
        for subject, verb, value in rows:
            if verb == TYPE:
                by_class[value].append(ids[subject])
            else:
                by_property[verb].append(ids[subject] << SHIFT | ids[value])
        for verb, pairs in by_property.items():
            self.property(ids[verb]).add(dict.fromkeys(pairs, 0))
        for kind, members in by_class.items():
            self.members(ids[kind]).add(dict.fromkeys(members, 0))

    def relation(self, verb: int, value: int) -> Relation:
        """The relation in which a statement with this predicate and this object stands."""
        return self.members(value) if verb == self.type else self.property(verb)

    def tag(self, told: tuple[int, int, int]) -> int:
        """The tag of a statement that is there."""
        relation = self.relation(told[1], told[2])
        return relation.facts[told[0] if relation.unary else told[0] << SHIFT | told[2]]

    def holds(self, told: tuple[int, int, int]) -> bool:
        """Whether a statement is there."""
        relation = self.relation(told[1], told[2])
        return (told[0] if relation.unary else told[0] << SHIFT | told[2]) in relation.facts

    def typing(self) -> Relation:
        """rdf:type as a property like any other, for the rare rule that speaks of it so; `mirror` keeps it true."""
        relation = self.property(self.type)
        for kind in self.classes.values():
            relation.add({x << SHIFT | kind.term: tag for x, tag in kind.facts.items()})
        relation.fresh = {}
        return relation

    def mirror(self) -> None:
        """Bring the members of classes and rdf:type as a property to the same state, after a round."""
        if (relation := self.properties.get(self.type)) is None:
            return
        for pair, tag in relation.fresh.items():
            kind = self.members(pair & MASK)
            if (thing := pair >> SHIFT) not in kind.facts:
                kind.add({**kind.fresh, thing: tag})
        relation.add({x << SHIFT | kind.term: tag for kind in self.classes.values() for x, tag in kind.fresh.items()})

    def is_rdf(self, told: tuple[int, int, int]) -> bool:
        """Whether RDF can write a statement: no literal as its subject, an IRI as its predicate (RDF 1.1 §3.1)."""
        return self.texts[told[0]][0] != '"' and self.texts[told[1]][0] == "<"

    def is_literal(self, term: int) -> bool:
        """Whether a term is a literal."""
        return self.texts[term].startswith('"')


def statement(relation: Relation, fact: int, facts: Facts) -> tuple[int, int, int]:
    """A fact of a relation as subject, predicate and object."""
    if relation.unary:
        return fact, facts.type, relation.term
    return fact >> SHIFT, relation.term, fact & MASK


def planned(atoms: Iterable[Atom], bound: Set[int]) -> list[tuple[int, Atom]]:
    """The atoms in the order in which they are best matched, each with its way of being matched."""
    left, known = list(atoms), set(bound)
    plan: list[tuple[int, Atom]] = []
    while left:
        if all(a.subject in known and a.object in known for a in left):
            return plan + [(_way(a, known), a) for a in left]
        best = max(left, key=lambda a: (a.subject in known) + (a.object in known))
        left.remove(best)
        plan.append((_way(best, known), best))
        known |= {best.subject, best.object}
    return plan


def _way(atom: Atom, bound: set[int]) -> int:
    relation, subject, value = atom
    if relation.unary:
        return _IS_MEMBER if subject in bound else _MEMBERS
    if subject in bound:
        return _HOLDS if value in bound else _OBJECTS
    if value in bound:
        return _SUBJECTS
    return _LOOPS if subject == value else _PAIRS


_HOLDS, _OBJECTS, _SUBJECTS, _PAIRS, _LOOPS, _IS_MEMBER, _MEMBERS = range(7)


def matches(plan: list[tuple[int, Atom]], env: list[int], at: int = 0) -> Iterator[None]:
    """Each way to match the planned atoms; the bindings stand in `env` until the next."""
    while at < len(plan) and plan[at][0] in (_HOLDS, _IS_MEMBER):  # no recursion: an intersection may have many parts
        way, (relation, subject, value) = plan[at]
        if (env[subject] << SHIFT | env[value] if way == _HOLDS else env[subject]) not in relation.facts:
            return
        at += 1
    if at == len(plan):
        yield
        return
    way, (relation, subject, value) = plan[at]
    at += 1
    if way == _OBJECTS:
        for term in relation.objects(env[subject]):
            env[value] = term
            yield from matches(plan, env, at)
    elif way == _SUBJECTS:
        for term in relation.subjects(env[value]):
            env[subject] = term
            yield from matches(plan, env, at)
    elif way == _MEMBERS:
        for term in relation.facts:
            env[subject] = term
            yield from matches(plan, env, at)
    elif way == _PAIRS:
        for pair in relation.facts:
            env[subject], env[value] = pair >> SHIFT, pair & MASK
            yield from matches(plan, env, at)
    else:
        for pair in relation.facts:
            env[subject] = pair & MASK
            if pair >> SHIFT == env[subject]:
                yield from matches(plan, env, at)
