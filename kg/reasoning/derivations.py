"""Derivations: how each inferred triple follows, as the name of a rule in the standard and the triples that it takes.

A step of the chainer may take statements that are not for the reader: members of unnamed classes, literals as subjects.
Such a premise is replaced by the premises of its own derivation.
"""

import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import NamedTuple

from pyoxigraph import Triple

from kg.rdf.namespaces import RDFS
from kg.reasoning.forward import Application, ForwardChainer
from kg.reasoning.index import ROUND, Statement, TripleIndex

UNKNOWN_RULE = "owl2-rl"  # of a triple that another reasoner inferred, by a rule that is not in the table
_MOST_APPLICATIONS = 200  # of which the shortest is chosen


class Derivation(NamedTuple):
    """The last step to a triple: the rule, the facts that match its body, stated or inferred, and its axioms."""

    rule: str
    premises: tuple[Triple, ...]
    axioms: tuple[Triple, ...] = ()


Filter = Callable[[Statement], bool]


def informative(facts: TripleIndex) -> Filter:
    """Select RDF triples, without those that say that a class or a property is below itself."""
    below = {facts.find(f"<{RDFS}{name}>") for name in ("subClassOf", "subPropertyOf")}

    def is_kept(statement: Statement) -> bool:
        return facts.is_rdf(statement) and (statement[0] != statement[2] or statement[1] not in below)

    return is_kept


class Derivations(Mapping[Triple, Derivation]):
    """The last step to each inferred triple, computed on request; `is_kept` selects triples, else `informative`."""

    def __init__(self, chainer: ForwardChainer, is_kept: Filter | None = None) -> None:
        self.chainer = chainer
        self._facts = chainer.facts
        self._is_kept = is_kept or informative(chainer.facts)

    def triples(self) -> frozenset[Triple]:
        """All inferred triples that are kept."""
        return frozenset(self._facts.triples(self._inferred()))

    def __getitem__(self, triple: Triple) -> Derivation:
        (statement,) = self._facts.encode([triple])
        if statement is None or not self._facts.holds(statement) or not self._facts.tag(statement):
            raise KeyError(triple)
        return self.step(statement)

    def __iter__(self) -> Iterator[Triple]:
        return iter(self.triples())

    def __len__(self) -> int:
        return sum(1 for _ in self._inferred())

    def step(self, statement: Statement) -> Derivation:
        """The shortest last step to a statement; a premise that is not kept is replaced by its own premises.

        Where that was the only premise, its rule gives the name: of a member of an unnamed class, `cls-svf1` says more
        than `cax-sco`.
        """
        return self._collapsed(self._shortest(statement))

    def steps(self, statement: Statement) -> list[Derivation]:
        """All last steps to a statement from statements of earlier rounds, the shortest first."""
        others = itertools.islice(self.chainer.applications(statement, every=True), _MOST_APPLICATIONS)
        return list(dict.fromkeys(map(self._collapsed, [self._shortest(statement), *others])))

    def shown(self, statements: Iterable[Statement]) -> tuple[Triple, ...]:
        """Statements as triples; each that is not kept as those from which it follows."""
        found = (t for step in self._visible(statements) for t in (*step.premises, *step.axioms))
        return tuple(dict.fromkeys(found))

    def _visible(self, statements: Iterable[Statement]) -> list[Derivation]:
        """Each statement as the premise of a step without a rule, or, if it is not kept, as its own last step."""
        tag, triple = self._facts.tag, self._facts.triple
        return [self.step(s) if tag(s) and not self._is_kept(s) else Derivation("", (triple(s),)) for s in statements]

    def _collapsed(self, application: Application) -> Derivation:
        ground_rule, steps = application[0], self._visible(application[1])
        rule = steps[0].rule if len(steps) == 1 and steps[0].rule else ground_rule.rule
        premises = dict.fromkeys(t for step in steps for t in step.premises)
        axioms = dict.fromkeys([*self.shown(ground_rule.axioms), *(t for step in steps for t in step.axioms)])
        return Derivation(rule, tuple(premises), tuple(axioms))

    def _shortest(self, statement: Statement) -> Application:
        """The application whose premises are of the earliest rounds; among equals the first by its terms."""

        def length(application: Application) -> tuple[int, list[tuple[str, ...]]]:
            premises = application[1]
            rounds = sum(self._facts.tag(p) >> ROUND for p in premises)
            return rounds, [tuple(self._facts.texts[x] for x in p) for p in premises]

        return min(itertools.islice(self.chainer.applications(statement), _MOST_APPLICATIONS), key=length)

    def _inferred(self) -> Iterator[Statement]:
        for relation in self._facts.relations():
            if relation.unary or relation.term != self._facts.type:
                derived = (fact for fact, tag in relation.facts.items() if tag)
                kept = filter(self._is_kept, self._facts.statements(relation, derived))
                yield from kept if relation.unary else itertools.filterfalse(self._is_variant, kept)

    def _is_variant(self, statement: Statement) -> bool:
        """Whether an earlier statement differs only in the lexical form of its literal."""
        subject, predicate, value = statement
        others = self.chainer.equal_literals(value) if self._facts.is_literal(value) else ()
        variants = ((subject, predicate, other) for other in others)
        before = self._facts.tag(statement) >> ROUND
        return any(self._facts.holds(v) and self._facts.tag(v) >> ROUND < before for v in variants)
