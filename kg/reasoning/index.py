"""Facts as numbers: for each property its pairs, for each class its members, and how rules look things up in them.

A term is a number, the place of its N-Triples form in a list. A pair is one number too: the subject's, shifted by
32 bits, and the object's. A member of a class stands for itself. Each fact has a tag that says when and how it came:
its round, shifted by 20 bits, and the number of the rule that gave it; what was given has the tag 0.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Set
from typing import Any, NamedTuple

from pyoxigraph import NamedNode, Triple

from kg.rdf.namespaces import RDF_TYPE
from kg.rdf.terms import Term, term, text

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

    def give(self, facts: Iterable[int]) -> None:
        """Take in what is given, before anything else."""
        self.facts = self.fresh = dict.fromkeys(facts, 0)

    def add(self, new: dict[int, int]) -> None:
        """Take in facts that were not there."""
        self.facts.update(new)
        self.fresh = new
        if self.by_subject is not None:
            _index_subjects(new, self.by_subject)
        if self.by_object is not None:
            _index_objects(new, self.by_object)

    def from_subjects(self) -> dict[int, list[int]]:
        """What a property leads to, by subject."""
        if self.by_subject is None:
            self.by_subject = _index_subjects(self.facts, {})
        return self.by_subject

    def from_objects(self) -> dict[int, list[int]]:
        """From where a property leads, by object."""
        if self.by_object is None:
            self.by_object = _index_objects(self.facts, {})
        return self.by_object

    def objects(self, subject: int) -> Iterable[int]:
        """What a property leads to from a subject."""
        return self.from_subjects().get(subject, ())

    def subjects(self, value: int) -> Iterable[int]:
        """From where a property leads to an object."""
        return self.from_objects().get(value, ())


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


class TripleIndex:
    """All relations of a graph, and the terms in them."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self._ids: dict[str, int] = {}
        self._terms: list[Term] = []
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

    def term(self, number: int) -> Term:
        """The term of a number: as it was given, or else made from its text."""
        return self._terms[number] if number < len(self._terms) else term(self.texts[number])

    def triples(self, told: Iterable[tuple[int, int, int]]) -> Iterator[Triple]:
        """Many statements as triples."""
        terms: list[Any] = [*map(self.term, range(len(self.texts)))]
        return (Triple(terms[s], terms[p], terms[o]) for s, p, o in told)

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

    def load(self, triples: Iterable[Triple]) -> None:
        """Take in what is given, before anything else.

        Terms are told apart as they are, and written only once: that takes half as long as to read lines.
        """
        numbers: defaultdict[Term, int] = defaultdict(None, {NamedNode(RDF_TYPE): self.type})
        numbers.default_factory = numbers.__len__
        told: defaultdict[Term, list[int]] = defaultdict(list)
        about: Term | None = None
        place = 0
        for t in triples:
            if (subject := t.subject) != about:  # most often there are several about one thing
                about, place = subject, numbers[subject] << SHIFT
            told[t.predicate].append(place | numbers[t.object])
        verbs = {verb: numbers[verb] for verb in told}
        self._terms = list(numbers)
        self.texts = list(map(text, numbers))
        self._ids = dict(zip(self.texts, range(len(numbers)), strict=True))
        members: defaultdict[int, list[int]] = defaultdict(list)
        for pair in told.pop(NamedNode(RDF_TYPE), ()):
            members[pair & MASK].append(pair >> SHIFT)
        for verb, pairs in told.items():
            self.property(verbs[verb]).give(pairs)
        for kind, things in members.items():
            self.members(kind).give(things)

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


def statement(relation: Relation, fact: int, facts: TripleIndex) -> tuple[int, int, int]:
    """A fact of a relation as subject, predicate and object."""
    return next(statements(relation, (fact,), facts))


def statements(relation: Relation, found: Iterable[int], facts: TripleIndex) -> Iterator[tuple[int, int, int]]:
    """Facts of a relation as subject, predicate and object."""
    verb, term = facts.type, relation.term
    if relation.unary:
        return ((fact, verb, term) for fact in found)
    return ((fact >> SHIFT, term, fact & MASK) for fact in found)


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


def matches(plan: list[tuple[int, Atom]], env: list[int]) -> Iterator[None]:
    """Each way to match the planned atoms; the bindings stand in `env` until the next.

    No recursion: a chain of properties, a key or an intersection may have a thousand parts.
    """
    at = _tested(plan, 0, env)
    choices: list[tuple[int, Iterator[None]]] = []
    while True:
        if at == len(plan):
            yield
        elif at >= 0:
            choices.append((at + 1, _bindings(plan[at], env)))
        while choices and next(choices[-1][1], _ALL_TRIED) is _ALL_TRIED:
            choices.pop()
        if not choices:
            return
        at = _tested(plan, choices[-1][0], env)


_ALL_TRIED = object()


def _tested(plan: list[tuple[int, Atom]], at: int, env: list[int]) -> int:
    """The place of the next atom that binds something, or the end; -1 where an atom before it does not hold."""
    while at < len(plan) and plan[at][0] in (_HOLDS, _IS_MEMBER):
        way, (relation, subject, value) = plan[at]
        if (env[subject] << SHIFT | env[value] if way == _HOLDS else env[subject]) not in relation.facts:
            return -1
        at += 1
    return at


def _bindings(planned: tuple[int, Atom], env: list[int]) -> Iterator[None]:
    """Each way to match one atom, put into `env`."""
    way, (relation, subject, value) = planned
    if way == _OBJECTS:
        values = relation.objects(env[subject])
        for env[value] in values:
            yield
    elif way == _SUBJECTS:
        things = relation.subjects(env[value])
        for env[subject] in things:
            yield
    elif way == _MEMBERS:
        for env[subject] in relation.facts:
            yield
    else:
        for pair in relation.facts:
            env[subject], env[value] = pair >> SHIFT, pair & MASK
            if way == _PAIRS or pair >> SHIFT == env[subject]:
                yield
