"""The contradictions in a closure: the rules of OWL 2 RL whose conclusion is *false*, and those about values."""

from collections.abc import Iterator
from typing import NamedTuple

from kg import values
from kg.chaining import Chainer, bodies
from kg.relations import MASK, SHIFT, statement
from kg.specialising import SAME, Special, Statement
from kg.vocabulary import OWL


class Clash(NamedTuple):
    """A contradiction: the rule whose head is false, the statements that match its body, and its axioms."""

    rule: str
    premises: tuple[Statement, ...]
    axioms: tuple[Statement, ...]


def clashes(chainer: Chainer) -> Iterator[Clash]:
    """The contradictions, in the order of the rules."""
    for special in chainer.forbidding:
        if not _apart(special):
            for premises in bodies(chainer.facts, special, None):
                yield Clash(special.rule, premises, special.axioms)
    yield from _different_from_itself(chainer)
    yield from _values(chainer)


def _apart(special: Special) -> bool:
    """Whether a rule speaks of members of two classes that have none in common, as nearly all disjoint classes."""
    kinds = [
        a.relation.facts.keys() for a in special.atoms if a.relation.unary and a.subject == special.atoms[0].subject
    ]
    return len(kinds) > 1 and kinds[0].isdisjoint(kinds[1])


def _different_from_itself(chainer: Chainer) -> Iterator[Clash]:
    """Rule eq-diff1 with eq-ref."""
    different = chainer.facts.property(chainer.facts.id(f"<{OWL}differentFrom>"))
    for pair in different.facts:
        if pair >> SHIFT == pair & MASK:
            yield Clash("eq-diff1", (statement(different, pair, chainer.facts),), ())


def _values(chainer: Chainer) -> Iterator[Clash]:
    """Rules dt-diff and dt-not-type: two values that are one, and values outside of their datatype."""
    facts, same = chainer.facts, chainer.facts.id(SAME)
    for one, other in chainer.same():
        if facts.is_literal(one) and facts.is_literal(other) and values.differ(facts.texts[one], facts.texts[other]):
            yield Clash("dt-diff", ((one, same, other),), ())
    for kind in list(facts.classes.values()):
        datatype = facts.texts[kind.term].strip("<>")
        if values.is_datatype(datatype):
            for thing in kind.facts:
                if facts.is_literal(thing) and values.belongs(facts.texts[thing], datatype) is False:
                    yield Clash("dt-not-type", (statement(kind, thing, facts),), ())
