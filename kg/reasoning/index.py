"""A dictionary-encoded triple index: terms as integers, a relation for each property and class, and joins over these.

A term is the position of its N-Triples form in `TripleIndex.texts`. A fact is one integer: in the relation of a
property `subject << SHIFT | object`, in that of a class the member alone. Each fact has a tag, `round << ROUND | rule`:
the round of forward chaining that derived it first, and the number of its rule; 0 for given facts.
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

Statement = tuple[int, int, int]  # subject, predicate, object


class Relation:
    """The pairs of one property, or the members of one class (`unary`), as a dict from fact to tag.

    `fresh` is the delta of semi-naive evaluation: the facts of the last round. The indexes by subject and by object
    are built on first use.
    """

    __slots__ = ("_by_object", "_by_subject", "facts", "fresh", "term", "unary")

    def __init__(self, term: int, *, unary: bool) -> None:
        self.term, self.unary = term, unary
        self.fresh: dict[int, int] = {}
        self.load({})

    def load(self, facts: dict[int, int]) -> None:
        """Replace all facts."""
        self.facts = facts
        self._by_subject: dict[int, list[int]] | None = None
        self._by_object: dict[int, list[int]] | None = None

    def add(self, new: dict[int, int]) -> None:
        """Add facts that are not in the relation."""
        self.facts.update(new)
        self.fresh = new
        if self._by_subject is not None:
            _index_subjects(new, self._by_subject)
        if self._by_object is not None:
            _index_objects(new, self._by_object)

    def remove(self, fact: int) -> None:
        """Remove a fact that is in the relation."""
        del self.facts[fact]
        if self._by_subject is not None:
            self._by_subject[fact >> SHIFT].remove(fact & MASK)
        if self._by_object is not None:
            self._by_object[fact & MASK].remove(fact >> SHIFT)

    def by_subject(self) -> dict[int, list[int]]:
        """The objects of each subject."""
        if self._by_subject is None:
            self._by_subject = _index_subjects(self.facts, {})
        return self._by_subject

    def by_object(self) -> dict[int, list[int]]:
        """The subjects of each object."""
        if self._by_object is None:
            self._by_object = _index_objects(self.facts, {})
        return self._by_object

    def objects(self, subject: int) -> Iterable[int]:
        """The objects of one subject."""
        return self.by_subject().get(subject, ())

    def subjects(self, value: int) -> Iterable[int]:
        """The subjects of one object."""
        return self.by_object().get(value, ())


def _index_subjects(pairs: Iterable[int], index: dict[int, list[int]]) -> dict[int, list[int]]:
    for pair in pairs:
        index.setdefault(pair >> SHIFT, []).append(pair & MASK)
    return index


def _index_objects(pairs: Iterable[int], index: dict[int, list[int]]) -> dict[int, list[int]]:
    for pair in pairs:
        index.setdefault(pair & MASK, []).append(pair >> SHIFT)
    return index


class TripleIndex:
    """The relations of a graph and the dictionary of its terms."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self._ids: dict[str, int] = {}
        self._terms: list[Term] = []
        self.properties: dict[int, Relation] = {}
        self.classes: dict[int, Relation] = {}
        self.type = self.id(TYPE)

    def id(self, text: str) -> int:
        """The number of a term in N-Triples, added if it is new."""
        number = self._ids.get(text)
        if number is None:
            number = self._ids[text] = len(self.texts)
            self.texts.append(text)
        return number

    def forget(self, size: int) -> None:
        """Forget the terms but for so many, and the relations of those; they must be in no statement."""
        for number in range(size, len(self.texts)):
            del self._ids[self.texts[number]]
        del self.texts[size:], self._terms[size:]
        for known in (self.properties, self.classes):
            for number in [number for number in known if number >= size]:
                del known[number]

    def find(self, text: str) -> int | None:
        """The number of a term in N-Triples, None if no statement has it."""
        return self._ids.get(text)

    def term(self, number: int) -> Term:
        """The term of a number: as it was given, or else parsed from its text."""
        return self._terms[number] if number < len(self._terms) else term(self.texts[number])

    def encode(self, triples: Iterable[Triple]) -> list[Statement | None]:
        """Triples as statements; None where a term is in no statement."""
        rows = ([self.find(text(x)) for x in t] for t in triples)
        return [None if None in row else tuple(row) for row in rows]  # type: ignore[misc]

    def triple(self, statement: Statement) -> Triple:
        """A statement as a triple."""
        subject, predicate, value = map(self.term, statement)
        return Triple(subject, predicate, value)  # type: ignore[arg-type]

    def triples(self, statements: Iterable[Statement]) -> Iterator[Triple]:
        """Many statements as triples."""
        terms: list[Any] = [*map(self.term, range(len(self.texts)))]
        return (Triple(terms[s], terms[p], terms[o]) for s, p, o in statements)

    def property(self, term: int) -> Relation:
        """The relation of a property."""
        if (found := self.properties.get(term)) is None:
            found = self.properties[term] = Relation(term, unary=False)
        return found

    def members(self, term: int) -> Relation:
        """The relation of a class."""
        if (found := self.classes.get(term)) is None:
            found = self.classes[term] = Relation(term, unary=True)
        return found

    def relations(self) -> list[Relation]:
        """All relations, those of properties first."""
        return [*self.properties.values(), *self.classes.values()]

    def load(self, triples: Iterable[Triple]) -> None:
        """Fill an empty index with the given triples, all of which are fresh."""
        numbers: defaultdict[Term, int] = defaultdict(None, {NamedNode(RDF_TYPE): self.type})
        numbers.default_factory = numbers.__len__
        pairs_of: defaultdict[Term, list[int]] = defaultdict(list)
        for t in triples:
            pairs_of[t.predicate].append(numbers[t.subject] << SHIFT | numbers[t.object])
        predicates = {predicate: numbers[predicate] for predicate in pairs_of}
        self._terms = list(numbers)
        self.texts = list(map(text, numbers))
        self._ids = dict(zip(self.texts, range(len(numbers)), strict=True))
        members_of: defaultdict[int, list[int]] = defaultdict(list)
        for pair in pairs_of.pop(NamedNode(RDF_TYPE), ()):
            members_of[pair & MASK].append(pair >> SHIFT)
        filled = [(self.property(predicates[p]), pairs) for p, pairs in pairs_of.items()]
        for relation, facts in [*filled, *((self.members(kind), found) for kind, found in members_of.items())]:
            relation.load(dict.fromkeys(facts, 0))
            relation.fresh = relation.facts

    def relation(self, predicate: int, value: int) -> Relation:
        """The relation of the statements with this predicate and, for rdf:type, this object."""
        return self.members(value) if predicate == self.type else self.property(predicate)

    def locate(self, statement: Statement) -> tuple[Relation, int]:
        """The relation of a statement, and the fact that it is there."""
        relation = self.relation(statement[1], statement[2])
        return relation, statement[0] if relation.unary else statement[0] << SHIFT | statement[2]

    def statement(self, relation: Relation, fact: int) -> Statement:
        """A fact of a relation as a statement."""
        return next(self.statements(relation, (fact,)))

    def statements(self, relation: Relation, facts: Iterable[int]) -> Iterator[Statement]:
        """Facts of a relation as statements."""
        rdf_type, term = self.type, relation.term
        if relation.unary:
            return ((fact, rdf_type, term) for fact in facts)
        return ((fact >> SHIFT, term, fact & MASK) for fact in facts)

    def tag(self, statement: Statement) -> int:
        """The tag of a statement that holds."""
        relation, fact = self.locate(statement)
        return relation.facts[fact]

    def holds(self, statement: Statement) -> bool:
        """Whether a statement is in the index."""
        relation, fact = self.locate(statement)
        return fact in relation.facts

    def type_relation(self) -> Relation:
        """rdf:type as a property, for a rule with a variable as class; `sync_types` keeps both forms equal."""
        relation = self.property(self.type)
        for kind in self.classes.values():
            relation.add({x << SHIFT | kind.term: tag for x, tag in kind.facts.items()})
        relation.fresh = {}
        return relation

    def sync_types(self) -> None:
        """Copy what a round added to classes to rdf:type as a property, and the other way round."""
        if (relation := self.properties.get(self.type)) is None:
            return
        for pair, tag in relation.fresh.items():
            kind = self.members(pair & MASK)
            if (thing := pair >> SHIFT) not in kind.facts:
                kind.add({**kind.fresh, thing: tag})
        relation.add({x << SHIFT | kind.term: tag for kind in self.classes.values() for x, tag in kind.fresh.items()})

    def is_rdf(self, statement: Statement) -> bool:
        """Whether a statement is an RDF triple: no literal as subject, an IRI as predicate (RDF 1.1 Concepts §3.1)."""
        return self.texts[statement[0]][0] != '"' and self.texts[statement[1]][0] == "<"

    def is_literal(self, term: int) -> bool:
        """Whether a term is a literal."""
        return self.texts[term].startswith('"')


# Joins


class Atom(NamedTuple):
    """A triple pattern of a ground rule: a relation, and the places of its subject and object among the bindings."""

    relation: Relation
    subject: int
    object: int  # that of the subject where the relation is a class


_HOLDS, _OBJECTS, _SUBJECTS, _PAIRS, _LOOPS, _IS_MEMBER, _MEMBERS = range(7)  # access paths: what is looked up

Plan = list[tuple[int, Atom]]  # atoms in the order of the join, each with its access path


def join_order(atoms: Iterable[Atom], bound: Set[int]) -> Plan:
    """A join order: next is always an atom with the most bound places."""
    left, known = list(atoms), set(bound)
    plan: Plan = []
    while left:
        if all(a.subject in known and a.object in known for a in left):
            return plan + [(_access_path(a, known), a) for a in left]
        best = max(left, key=lambda a: (a.subject in known) + (a.object in known))
        left.remove(best)
        plan.append((_access_path(best, known), best))
        known |= {best.subject, best.object}
    return plan


def _access_path(atom: Atom, bound: set[int]) -> int:
    relation, subject, value = atom
    if relation.unary:
        return _IS_MEMBER if subject in bound else _MEMBERS
    if subject in bound:
        return _HOLDS if value in bound else _OBJECTS
    if value in bound:
        return _SUBJECTS
    return _LOOPS if subject == value else _PAIRS


def matches(plan: Plan, env: list[int]) -> Iterator[None]:
    """Each solution of a join; its bindings are in `env` until the next one is asked for.

    A stack instead of recursion: property chains, keys and intersections may have a thousand parts.
    """
    at = _tested(plan, 0, env)
    choices: list[tuple[int, Iterator[None]]] = []
    while True:
        if at == len(plan):
            yield
        elif at >= 0:
            choices.append((at + 1, _bindings(plan[at], env)))
        while choices and next(choices[-1][1], _EXHAUSTED) is _EXHAUSTED:
            choices.pop()
        if not choices:
            return
        at = _tested(plan, choices[-1][0], env)


_EXHAUSTED = object()


def _tested(plan: Plan, at: int, env: list[int]) -> int:
    """The place of the next atom that binds something, or the end; -1 where an atom before it does not hold."""
    while at < len(plan) and plan[at][0] in (_HOLDS, _IS_MEMBER):
        path, (relation, subject, value) = plan[at]
        if (env[subject] << SHIFT | env[value] if path == _HOLDS else env[subject]) not in relation.facts:
            return -1
        at += 1
    return at


def _bindings(step: tuple[int, Atom], env: list[int]) -> Iterator[None]:
    """Each match of one atom, put into `env`."""
    path, (relation, subject, value) = step
    if path == _OBJECTS:
        objects = relation.objects(env[subject])
        for env[value] in objects:
            yield
    elif path == _SUBJECTS:
        subjects = relation.subjects(env[value])
        for env[subject] in subjects:
            yield
    elif path == _MEMBERS:
        for env[subject] in relation.facts:
            yield
    else:
        for pair in relation.facts:
            env[subject], env[value] = pair >> SHIFT, pair & MASK
            if path == _PAIRS or pair >> SHIFT == env[subject]:
                yield
