"""Backward chaining: the derivation steps of a triple, found in the compiled dataset without a closure.

The rules are those of the forward chainer (`kg.reasoning.forward`), grounded for the ontology. A rule whose head is the
triple is matched against the dataset by its body, and its premises likewise, down to what is stated. The dataset holds
the inferred triples that are visible (model, rule 28); those that are not, such as the members of unnamed classes, are
derived on the way, and replaced by their premises in what is returned.
"""

from collections.abc import Iterable, Iterator
from itertools import islice, product
from typing import Any, NamedTuple

from pyoxigraph import DefaultGraph, NamedNode, Triple

from kg.dataset.computed import DATES_OF
from kg.rdf.namespaces import INFERRED_GRAPH, ONTOLOGY_GRAPH
from kg.rdf.terms import QuadStore
from kg.reasoning import closure
from kg.reasoning.derivations import Derivation, Derivations
from kg.reasoning.forward import ForwardChainer
from kg.reasoning.grounding import SAME, GroundRule
from kg.reasoning.index import Atom, Relation, Statement

MAX_STATEMENTS = 20_000  # that are explored behind one triple
MAX_MATCHES = 200  # of rules, to one statement
_EQUALITY = frozenset({"eq-sym", "eq-trans"})  # rules that conclude no owl:sameAs where there is none
_INFERRED = NamedNode(INFERRED_GRAPH)

Env = dict[int, int]  # the terms of a rule's variables


class RuleMatch(NamedTuple):
    """A rule, its number, and the statements that match its body."""

    number: int
    rule: GroundRule
    premises: tuple[Statement, ...]


class BackwardChainer:
    """Finds derivation steps in a compiled dataset at rest; what is found is cached."""

    def __init__(self, store: QuadStore) -> None:
        self._store = store
        ontology = [q.triple for q in store.quads_for_pattern(None, None, None, NamedNode(ONTOLOGY_GRAPH))]
        chainer = ForwardChainer(sorted(ontology, key=str))
        self.facts = chainer.facts
        self._axioms = Derivations(chainer, lambda statement: False)
        self._rules: dict[Relation, list[tuple[int, GroundRule, Atom]]] = {}
        for number, rule in enumerate(chainer.rules):
            if rule.head is not None:
                self._rules.setdefault(rule.head.relation, []).append((number, rule, rule.head))
        declared = (*closure.classes(ontology), *closure.properties(ontology))
        self._declared = {self.facts.id(f"<{iri}>") for iri in declared}
        self._matches: dict[Statement, list[RuleMatch]] = {}
        self._costs: dict[Statement, int] = {}
        self._stated: dict[Statement, bool] = {}
        self._pending: set[tuple[Relation, int | None, int | None]] = set()
        same = self.facts.property(self.facts.id(SAME))
        concluded = {r.rule for _, r, _ in self._rules.get(same, ())} - _EQUALITY
        self._has_rules = chainer.is_maintainable and not concluded
        self._size = len(self.facts.texts)
        self._is_supported = self._has_rules and not self._states_equality()

    def _states_equality(self) -> bool:
        return any(True for _ in self._store.quads_for_pattern(None, NamedNode(SAME.strip("<>")), None, None))

    def renew(self) -> None:
        """Forget what was found in the dataset, which has more now; the ontology is the same."""
        self.facts.forget(self._size)
        for found in (self._matches, self._costs, self._stated, self._pending):
            found.clear()
        self._is_supported = self._has_rules and not self._states_equality()

    @property
    def is_complete(self) -> bool:
        """Whether no step is missed: nothing is inferred to be owl:sameAs, and no rule is about all classes."""
        return self._is_supported and self.facts.type not in self.facts.properties

    def statement(self, triple: Triple) -> Statement:
        """A triple as the numbers of its terms."""
        subject, verb, value = (self.facts.id(str(x)) for x in triple)
        return subject, verb, value

    def steps(self, triple: Triple) -> list[Derivation]:
        """The last steps to a triple, the one that leads to the shortest proof first; for a stated one as well."""
        statement = self.statement(triple)
        self._explore(statement)
        found: dict[tuple[Triple, ...], tuple[Any, Derivation]] = {}
        for match in self._matches.get(statement, ()):
            if (cost := self._cost_of(match)) is None:
                continue
            for step in islice(self._collapsed(match, {statement}), MAX_MATCHES):
                key = (cost, match.number, [str(p) for p in step.premises])
                if triple not in step.premises and (step.premises not in found or key < found[step.premises][0]):
                    found[step.premises] = key, step
        return [step for _, step in sorted(found.values(), key=lambda f: f[0])]

    def shown(self, statements: Iterable[Statement]) -> tuple[Triple, ...]:
        """Statements as triples; in place of one that is not visible, the premises of its shortest proof."""
        found: dict[Triple, None] = {}
        for statement in statements:
            self._explore(statement)
            for step in islice(self._options(statement, set()), 1):
                found.update(dict.fromkeys(step.premises))
        return tuple(found)

    def rules(self, statement: Statement) -> Iterator[tuple[int, GroundRule, Env]]:
        """The rules whose head unifies with a statement: number, rule, and the terms that this binds."""
        subject, verb, value = statement
        unified = self._unified(self.facts.relation(verb, value), subject, value)
        return ((number, rule, env) for number, rule, _, env in unified)

    def _unified(
        self, relation: Relation, subject: int | None, value: int | None
    ) -> Iterator[tuple[int, GroundRule, Atom, Env]]:
        """The rules whose head unifies with a relation, a subject and an object (None: any)."""
        for number, rule, head in self._rules.get(relation, ()):
            env = {place: rule.env[place] for place in rule.constants}
            places = ((head.subject, subject), (head.object, subject if relation.unary else value))
            if all(filled is None or env.setdefault(place, filled) == filled for place, filled in places):
                yield number, rule, head, env

    def matches(self, atoms: Iterable[Atom], env: Env) -> Iterator[Env]:
        """Each binding with which the dataset has some atoms."""
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

    def instance(self, atom: Atom, env: Env) -> Statement:
        """An atom whose variables are bound, as a statement."""
        if atom.relation.unary:
            return env[atom.subject], self.facts.type, atom.relation.term
        return env[atom.subject], atom.relation.term, env[atom.object]

    def holds(self, statement: Statement) -> bool:
        """Whether the dataset has a statement, as a fact."""
        subject, verb, value = statement
        return any(True for _ in self._rows(self.facts.relation(verb, value), subject, value))

    def has_value(self, subject: int, verb: int) -> bool:
        """Whether the dataset has a fact with that subject and predicate."""
        return any(True for _ in self._rows(self.facts.property(verb), subject, None))

    def is_visible(self, statement: Statement) -> bool:
        """Whether a statement may stand in a proof: the dataset has it, or would hold it if it were inferred."""
        subject, verb, value = statement
        is_kept = self._is_kept(self.facts.relation(verb, value), subject, value)
        return is_kept or (self.facts.is_rdf(statement) and self.holds(statement))

    def _is_kept(self, relation: Relation, subject: int | None, value: int | None) -> bool:
        """Whether the dataset holds all inferences of a relation, a subject and an object (model, rule 28)."""
        texts, declared = self.facts.texts, self._declared
        is_thing = subject is None or (texts[subject][0] == "<" and subject not in declared)
        return relation.term in declared and is_thing and (relation.unary or value is None or texts[value][0] != "_")

    def _explore(self, goal: Statement) -> None:
        """Find the rules that match for a statement, and for all their premises, and what each costs in steps."""
        waiting, new = [goal], list[Statement]()
        while waiting and len(new) < MAX_STATEMENTS:
            statement = waiting.pop()
            if statement not in self._matches and (statement == goal or not self._is_stated(statement)):
                self._matches[statement] = list(islice(self._rule_matches(statement), MAX_MATCHES))
                new.append(statement)
                waiting += [p for match in self._matches[statement] for p in match.premises]
        changed = True
        while changed:
            changed = False
            for statement in reversed(new):
                found = [cost for match in self._matches[statement] if (cost := self._cost_of(match)) is not None]
                cost = min(found, default=MAX_STATEMENTS) + self.is_visible(statement)
                if cost < self._costs.get(statement, MAX_STATEMENTS) and not self._is_stated(statement):
                    self._costs[statement] = cost
                    changed = True

    def _rule_matches(self, statement: Statement) -> Iterator[RuleMatch]:
        for number, rule, start in self.rules(statement):
            for env in self.matches(rule.atoms, start):
                premises = tuple(self.instance(atom, env) for atom in rule.atoms)
                if statement not in premises:
                    yield RuleMatch(number, rule, premises)

    def _cost_of(self, match: RuleMatch) -> int | None:
        """The steps that the premises of a match take; None where one of them does not follow."""
        costs = [0 if self._is_stated(premise) else self._costs.get(premise) for premise in match.premises]
        return None if None in costs else sum(filter(None, costs))

    def _collapsed(self, match: RuleMatch, above: set[Statement]) -> Iterator[Derivation]:
        """A match as derivation steps; a premise that is not visible is replaced as in `Derivations.step`."""
        options = [list(self._options(premise, above)) for premise in match.premises]
        for chosen in product(*options):
            rule = chosen[0].rule if len(chosen) == 1 and chosen[0].rule else match.rule.rule
            axioms = [*self._axioms.shown(match.rule.axioms), *(a for c in chosen for a in c.axioms)]
            premises = dict.fromkeys(p for c in chosen for p in c.premises)
            yield Derivation(rule, tuple(premises), tuple(dict.fromkeys(axioms)))

    def _options(self, premise: Statement, above: set[Statement]) -> Iterator[Derivation]:
        """What to show for a premise: itself, or the premises of one that is not visible."""
        if self.is_visible(premise):
            yield Derivation("", (self.facts.triple(premise),))
        elif premise not in above:
            costs = ((self._cost_of(match), match) for match in self._matches.get(premise, ()))
            found = sorted((cost, m.number, m.premises, m) for cost, m in costs if cost is not None)
            for *_, match in found:
                yield from self._collapsed(match, {*above, premise})

    def _pairs(self, relation: Relation, subject: int | None, value: int | None) -> Iterator[tuple[int, int]]:
        """The pairs of a relation in the dataset; of one whose inferences it does not hold, those as well."""
        yield from self._rows(relation, subject, value)
        key = (relation, subject, value)
        if self._is_kept(*key) or key in self._pending:
            return
        self._pending.add(key)  # a rule that asks for the same pairs while they are found gets none
        pairs: dict[tuple[int, int], None] = {}
        for _, rule, head, env in self._unified(*key):
            pairs |= {(found[head.subject], found[head.object]): None for found in self.matches(rule.atoms, env)}
        self._pending.discard(key)
        yield from pairs

    def _rows(self, relation: Relation, subject: int | None, value: int | None) -> Iterator[tuple[int, int]]:
        """The facts of a relation that the dataset has, without the descriptions of articles and passages."""
        verb, kind = (self.facts.type, relation.term) if relation.unary else (relation.term, value)
        texts = self.facts.texts
        if texts[verb][0] != "<" or (subject is not None and texts[subject][0] == '"'):
            return
        s, p, o = (None if x is None else self.facts.term(x) for x in (subject, verb, kind))
        seen = set()
        for q in self._store.quads_for_pattern(s, p, o, None):
            if not isinstance(q.graph_name, DefaultGraph) or q.predicate.value in DATES_OF:
                pair = (self.facts.id(str(q.subject)), self.facts.id(str(q.object)))
                if pair not in seen:
                    seen.add(pair)
                    yield pair

    def _is_stated(self, statement: Statement) -> bool:
        """Whether an article, the background or the ontology states it, or it is a computed day."""
        if statement not in self._stated:
            graphs = []
            if self.facts.is_rdf(statement):
                t = self.facts.triple(statement)
                graphs = [q.graph_name for q in self._store.quads_for_pattern(t.subject, t.predicate, t.object, None)]
            is_day = self.facts.texts[statement[1]][1:-1] in DATES_OF and bool(graphs) and _INFERRED not in graphs
            self._stated[statement] = is_day or any(g not in (DefaultGraph(), _INFERRED) for g in graphs)
        return self._stated[statement]
