"""From a triple back to the ways in which it follows, found in the compiled dataset itself: no closure is made for it.

The rules are those of the chainer (`kg.reasoning.forward`), made fit for the ontology; a rule whose head is the triple
is asked what in the dataset matches its body, and so on, down to what is stated. The dataset holds all that follows and
is worth keeping; what is not kept, such as the members of unnamed classes, is found by its own rules on the way.
"""

from collections.abc import Iterable, Iterator
from itertools import islice, product
from typing import Any, NamedTuple

from pyoxigraph import DefaultGraph, NamedNode, Store, Triple

from kg.dataset.computed import DATE_OF
from kg.rdf.namespaces import INFERRED_GRAPH, ONTOLOGY_GRAPH
from kg.rdf.terms import term
from kg.reasoning import closure
from kg.reasoning.derivations import Derivation, Derivations
from kg.reasoning.forward import ForwardChainer
from kg.reasoning.grounding import SAME, GroundRule
from kg.reasoning.index import Atom, Relation, Statement

MOST = 20_000  # statements that are looked at behind one triple
MOST_WAYS = 200  # to one statement
_SAYING_NOTHING = frozenset({"eq-sym", "eq-trans"})  # where nothing is made the same
_INFERRED = NamedNode(INFERRED_GRAPH)

Env = dict[int, int]  # the terms at the places of a rule


class RuleMatch(NamedTuple):
    """One way to a statement: a rule, its number, and the statements that match its body."""

    number: int
    special: GroundRule
    premises: tuple[Statement, ...]


class BackwardChainer:
    """The ways to the triples of a compiled dataset; what is found is remembered, so it is for a dataset at rest."""

    def __init__(self, store: Store) -> None:
        self._store = store
        words = [q.triple for q in store.quads_for_pattern(None, None, None, NamedNode(ONTOLOGY_GRAPH))]
        chainer = ForwardChainer(sorted(words, key=str))
        self.facts = chainer.facts
        self._axioms = Derivations(chainer, lambda told: False)
        self._rules: dict[Relation, list[tuple[int, GroundRule]]] = {}
        for number, special in enumerate(chainer.rules):
            if special.head is not None:
                self._rules.setdefault(special.head.relation, []).append((number, special))
        declared = (*closure.classes(words), *closure.properties(words))
        self._words = {self.facts.id(f"<{iri}>") for iri in declared}
        self._days = DATE_OF
        self._ways: dict[Statement, list[RuleMatch]] = {}
        self._costs: dict[Statement, int] = {}
        self._stated: dict[Statement, bool] = {}
        self._asked: set[tuple[Relation, int | None, int | None]] = set()
        self._fits = chainer.is_maintainable and self._merges_nothing()

    @property
    def fits(self) -> bool:
        """Whether nothing is missed: things are never made the same, and no rule speaks of every class."""
        return self._fits and self.facts.type not in self.facts.properties

    def _merges_nothing(self) -> bool:
        same = self.facts.property(self.facts.id(SAME))
        rules = {special.rule for _, special in self._rules.get(same, ())}
        stated = self._store.quads_for_pattern(None, NamedNode(SAME.strip("<>")), None, None)
        return rules <= _SAYING_NOTHING and next(iter(stated), None) is None

    def statement(self, triple: Triple) -> Statement:
        """A triple as numbers."""
        subject, verb, value = (self.facts.id(str(x)) for x in (triple.subject, triple.predicate, triple.object))
        return subject, verb, value

    def triple(self, told: Statement) -> Triple:
        """A statement as a triple."""
        subject, verb, value = (term(self.facts.texts[x]) for x in told)
        return Triple(subject, verb, value)  # type: ignore[arg-type]

    def steps(self, triple: Triple) -> list[Derivation]:
        """The last steps to a triple, the one that leads to the shortest proof first; for a stated one as well."""
        told = self.statement(triple)
        self._explore(told)
        found: dict[tuple[Triple, ...], tuple[Any, Derivation]] = {}
        for way in self._ways.get(told, ()):
            if (cost := self._cost_of(way)) is None:
                continue
            for step in islice(self._collapsed(way, {told}), MOST_WAYS):
                key = (cost, way.number, [str(p) for p in step.premises])
                if triple not in step.premises and (step.premises not in found or key < found[step.premises][0]):
                    found[step.premises] = key, step
        return [step for _, step in sorted(found.values(), key=lambda f: f[0])]

    def shown(self, statements: Iterable[Statement]) -> tuple[Triple, ...]:
        """Statements as triples; for each that the dataset does not keep, the premises of its shortest proof."""
        found: dict[Triple, None] = {}
        for told in statements:
            self._explore(told)
            found.update(dict.fromkeys(p for step in islice(self._options(told, set()), 1) for p in step.premises))
        return tuple(found)

    def rules(self, told: Statement) -> list[tuple[int, GroundRule, Env]]:
        """The rules whose head fits a statement, each with what that puts at its places."""
        relation = self.facts.relation(told[1], told[2])
        fitting = ((n, s, _bound(s, told[0], told[2])) for n, s in self._rules.get(relation, ()))
        return [(n, s, env) for n, s, env in fitting if env is not None]

    def matches(self, atoms: Iterable[Atom], env: Env) -> Iterator[Env]:
        """Each way in which the dataset matches some atoms."""
        left = list(atoms)
        if not left:
            yield env
            return
        best = max(left, key=lambda a: (a.subject in env) + (a.object in env))
        left.remove(best)
        for subject, value in self._pairs(best.relation, env.get(best.subject), env.get(best.object)):
            if best.subject != best.object or best.relation.unary or subject == value:
                more = {best.subject: subject} if best.relation.unary else {best.subject: subject, best.object: value}
                yield from self.matches(left, {**env, **more})

    def at(self, atom: Atom, env: Env) -> Statement:
        """An atom whose places are filled, as a statement."""
        if atom.relation.unary:
            return env[atom.subject], self.facts.type, atom.relation.term
        return env[atom.subject], atom.relation.term, env[atom.object]

    def holds(self, told: Statement) -> bool:
        """Whether the dataset has a statement, as a fact."""
        relation = self.facts.relation(told[1], told[2])
        return any(True for _ in self._rows(relation, told[0], None if relation.unary else told[2]))

    def has_value(self, subject: int, verb: int) -> bool:
        """Whether the dataset has a fact with that subject and predicate."""
        return any(True for _ in self._rows(self.facts.property(verb), subject, None))

    def is_shown(self, told: Statement) -> bool:
        """Whether a statement can be told: the dataset has it, or would keep it if it followed (model, rule 28)."""
        relation = self.facts.relation(told[1], told[2])
        return self._is_kept(relation, told[0], told[2]) or (self.facts.is_rdf(told) and self.holds(told))

    def _is_kept(self, relation: Relation, subject: int | None, value: int | None) -> bool:
        """Whether the dataset keeps all that follows of a relation, a subject and an object."""
        texts, words = self.facts.texts, self._words
        is_thing = subject is None or (texts[subject][0] == "<" and subject not in words)
        return relation.term in words and is_thing and (relation.unary or value is None or texts[value][0] != "_")

    def _explore(self, goal: Statement) -> None:
        """Find all ways to a statement, and to all that these take, and what each costs in steps."""
        waiting, new = [goal], list[Statement]()
        while waiting and len(new) < MOST:
            told = waiting.pop()
            if told not in self._ways and (told == goal or not self._is_stated(told)):
                self._ways[told] = list(islice(self._found(told), MOST_WAYS))
                new.append(told)
                waiting += [p for way in self._ways[told] for p in way.premises]
        changed = True
        while changed:
            changed = False
            for told in reversed(new):
                found = [cost for way in self._ways[told] if (cost := self._cost_of(way)) is not None]
                cost = min(found, default=MOST) + self.is_shown(told)
                if cost < self._costs.get(told, MOST) and not self._is_stated(told):
                    self._costs[told] = cost
                    changed = True

    def _found(self, told: Statement) -> Iterator[RuleMatch]:
        for number, special, start in self.rules(told):
            for env in self.matches(special.atoms, start):
                premises = tuple(self.at(atom, env) for atom in special.atoms)
                if told not in premises:
                    yield RuleMatch(number, special, premises)

    def _cost_of(self, way: RuleMatch) -> int | None:
        """The steps that the premises of a way take; None where one of them does not follow."""
        total = 0
        for premise in way.premises:
            if not self._is_stated(premise):
                if premise not in self._costs:
                    return None
                total += self._costs[premise]
        return total

    def _collapsed(self, way: RuleMatch, above: set[Statement]) -> Iterator[Derivation]:
        """A way as the dataset can tell it: a premise that it does not keep gives way to its own premises.

        Where that was the only one, its rule is named too (see `Derivations.step`).
        """
        options = [list(self._options(premise, above)) for premise in way.premises]
        for chosen in product(*options):
            rule = chosen[0].rule if len(chosen) == 1 and chosen[0].rule else way.special.rule
            axioms = [*self._axioms.shown(way.special.axioms), *(a for c in chosen for a in c.axioms)]
            premises = dict.fromkeys(p for c in chosen for p in c.premises)
            yield Derivation(rule, tuple(premises), tuple(dict.fromkeys(axioms)))

    def _options(self, premise: Statement, above: set[Statement]) -> Iterator[Derivation]:
        """What to tell for a premise: itself, or the premises of one that is not kept."""
        if self.is_shown(premise):
            yield Derivation("", (self.triple(premise),))
        elif premise not in above:
            for way in sorted(self._ways.get(premise, ()), key=lambda w: (self._cost_of(w) or 0, w.number, w.premises)):
                if self._cost_of(way) is not None:
                    yield from self._collapsed(way, {*above, premise})

    def _pairs(self, relation: Relation, subject: int | None, value: int | None) -> Iterator[tuple[int, int]]:
        """The pairs of a relation in the dataset; of one that is not kept, those that its rules give as well."""
        yield from self._rows(relation, subject, value)
        key = (relation, subject, value)
        if self._is_kept(*key) or key in self._asked:
            return
        self._asked.add(key)  # until all are found: who asks meanwhile asks in a circle
        pairs = dict.fromkeys(self._ruled(*key))
        self._asked.discard(key)
        yield from pairs

    def _ruled(self, relation: Relation, subject: int | None, value: int | None) -> Iterator[tuple[int, int]]:
        """The pairs of a relation that its rules give."""
        for _, special in self._rules.get(relation, ()):
            if special.head is not None and (env := _bound(special, subject, value)) is not None:
                for found in self.matches(special.atoms, env):
                    yield found[special.head.subject], found[special.head.object]

    def _rows(self, relation: Relation, subject: int | None, value: int | None) -> Iterator[tuple[int, int]]:
        """The facts of a relation that the dataset has: not what it tells of articles and passages."""
        verb, kind = (self.facts.type, relation.term) if relation.unary else (relation.term, value)
        texts = self.facts.texts
        if texts[verb][0] != "<" or (subject is not None and texts[subject][0] == '"'):
            return
        s, p, o = (None if x is None else term(texts[x]) for x in (subject, verb, kind))
        seen = set()
        for q in self._store.quads_for_pattern(s, p, o, None):  # type: ignore[arg-type]
            if not isinstance(q.graph_name, DefaultGraph) or q.predicate.value in self._days:
                pair = (self.facts.id(str(q.subject)), self.facts.id(str(q.object)))
                if pair not in seen:
                    seen.add(pair)
                    yield pair

    def _is_stated(self, told: Statement) -> bool:
        """Whether an article, the background or the ontology says so, or a date."""
        if told not in self._stated:
            self._stated[told] = self.facts.is_rdf(told) and self._is_told(self.triple(told))
        return self._stated[told]

    def _is_told(self, t: Triple) -> bool:
        rows = self._store.quads_for_pattern(t.subject, t.predicate, t.object, None)
        graphs = [q.graph_name for q in rows]
        if any(not isinstance(g, DefaultGraph) and g != _INFERRED for g in graphs):
            return True
        return t.predicate.value in self._days and bool(graphs) and _INFERRED not in graphs


def _bound(special: GroundRule, subject: int | None, value: int | None) -> Env | None:
    """The places of a rule when its head leads from this subject to this object; None where that does not fit."""
    head = special.head
    if head is None:
        return None
    env = {place: special.env[place] for place in special.constants}
    for place, filled in ((head.subject, subject), (head.object, subject if head.relation.unary else value)):
        if filled is not None and env.setdefault(place, filled) != filled:
            return None
    return env
