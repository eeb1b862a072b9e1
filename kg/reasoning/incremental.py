"""A closure that follows its facts: what is added or taken away changes what follows, and nothing else is looked at.

Facts are taken away by delete and rederive (Gupta, Mumick and Subrahmanian, *Maintaining Views Incrementally*, 1993):
all that rests on them goes, then what still follows in another way comes back. It needs an ontology that stays as it
is and no two things that become the same; where one of these does not hold, `UnstableError` asks for a new closure.
"""

import itertools
import json
import os
from array import array
from collections.abc import Iterable

from pyoxigraph import Triple

from kg.reasoning.forward import ForwardChainer, bodies, conclusions
from kg.reasoning.grounding import GroundRule, Statement
from kg.reasoning.index import MASK, ROUND, SHIFT, Relation, TripleIndex, statement, statements

Changes = dict[Relation, dict[int, int]]
_TERMS, _FACTS = "terms.txt", "facts.bin"
_DERIVED = 1 << ROUND  # the tag of what follows, where nobody asks by which rule


class UnstableError(Exception):
    """The change makes two things one, or changes the ontology: only a new closure is right."""


def revise(chainer: ForwardChainer, removed: Iterable[Statement], added: Iterable[Statement]) -> dict[Statement, bool]:
    """Take given facts away and add others, and bring what follows up to date.

    Gives each statement of which it has changed whether it is inferred (there, and not given), and whether it is so
    now. Raises UnstableError, after which the chainer is of no use.
    """
    before: dict[tuple[Relation, int], bool] = {}
    gone = _overdeleted(chainer, removed)
    for relation, facts in gone.items():
        before.update({(relation, fact): tag != 0 for fact, tag in facts.items()})
        _take_away(relation, facts)
    arriving = _rederived(chainer, gone)
    for told in added:
        relation, fact = _place(chainer.facts, told)
        before.setdefault((relation, fact), relation.facts.get(fact, 0) != 0)
        if fact in relation.facts:
            relation.facts[fact] = 0
        else:
            arriving.setdefault(relation, {})[fact] = 0
    for round_ in chainer.go_on(arriving):
        if chainer.grown or not chainer.simple:
            raise UnstableError
        for relation, facts in round_.items():
            for fact in facts:
                before.setdefault((relation, fact), False)
    now = {(r, fact): r.facts.get(fact, 0) != 0 for r, fact in before}
    return {statement(*at, chainer.facts): now[at] for at, was in before.items() if was != now[at]}


def _place(facts: TripleIndex, told: Statement) -> tuple[Relation, int]:
    relation = facts.relation(told[1], told[2])
    return relation, told[0] if relation.unary else told[0] << SHIFT | told[2]


def _overdeleted(chainer: ForwardChainer, removed: Iterable[Statement]) -> Changes:
    """The facts that are taken away, and all that rests on one of them."""
    gone: Changes = {}
    fresh: Changes = {}
    for told in removed:
        relation, fact = _place(chainer.facts, told)
        if fact in relation.facts:
            fresh.setdefault(relation, {})[fact] = relation.facts[fact]
    while fresh:
        for relation, facts in fresh.items():
            gone.setdefault(relation, {}).update(facts)
        following: Changes = {}
        for relation, facts in fresh.items():
            for trigger in chainer.triggers.get(relation, ()):
                head = trigger.head.relation
                known = gone.get(head, {})
                for fact in conclusions(trigger, facts):
                    if fact not in known and head.facts.get(fact, 0):
                        following.setdefault(head, {})[fact] = head.facts[fact]
        fresh = following
    return gone


def _take_away(relation: Relation, facts: dict[int, int]) -> None:
    for fact in facts:
        del relation.facts[fact]
        if relation.by_subject is not None:
            relation.by_subject[fact >> SHIFT].remove(fact & MASK)
        if relation.by_object is not None:
            relation.by_object[fact & MASK].remove(fact >> SHIFT)


def _rederived(chainer: ForwardChainer, gone: Changes) -> Changes:
    """What was taken away and still follows from what is left, in one step."""
    giving: dict[Relation, list[GroundRule]] = {}
    for special in chainer.rules:
        if special.head is not None:
            giving.setdefault(special.head.relation, []).append(special)
    found: Changes = {}
    for relation, facts in gone.items():
        for fact in facts:
            told = statement(relation, fact, chainer.facts)
            if any(_holds(chainer.facts, special, told) for special in giving.get(relation, ())):
                found.setdefault(relation, {})[fact] = _DERIVED
    return found


def _holds(facts: TripleIndex, special: GroundRule, told: Statement) -> bool:
    return any(True for _ in bodies(facts, special, told))


def given(chainer: ForwardChainer) -> list[Triple]:
    """The facts that a closure was given."""
    facts = chainer.facts
    told = (
        statements(relation, (fact for fact, tag in relation.facts.items() if not tag), facts)
        for relation in facts.relations()
        if relation.unary or relation.term != facts.type
    )
    return list(facts.triples(itertools.chain.from_iterable(told)))


# Kept between runs


def save(chainer: ForwardChainer, folder: str) -> None:
    """Write the facts of a closure into a folder: terms as text, facts as numbers, given ones before the others."""
    with open(os.path.join(folder, _TERMS), "w", encoding="utf-8", newline="\n") as file:
        file.write("\n".join(chainer.facts.texts))
    heads, numbers = [], array("Q")
    for relation in chainer.facts.relations():
        parts = [[f for f, tag in relation.facts.items() if (tag != 0) == derived] for derived in (False, True)]
        heads.append([relation.term, relation.unary, *map(len, parts)])
        for part in parts:
            numbers.extend(part)
    with open(os.path.join(folder, _FACTS), "wb") as file:
        file.write(json.dumps(heads).encode() + b"\n")
        numbers.tofile(file)


def restore(folder: str, ontology: Iterable[Triple]) -> ForwardChainer:
    """The closure that was saved with that ontology, ready to be revised."""
    chainer = ForwardChainer(ontology)
    with open(os.path.join(folder, _TERMS), encoding="utf-8", newline="\n") as file:
        number = [chainer.facts.id(text) for text in file.read().split("\n")]
    with open(os.path.join(folder, _FACTS), "rb") as file:
        heads = json.loads(file.readline())
        for term, unary, given, derived in heads:
            relation = chainer.facts.members(number[term]) if unary else chainer.facts.property(number[term])
            for count, tag in ((given, 0), (derived, _DERIVED)):
                facts = array("Q")
                facts.fromfile(file, count)
                renumbered = (
                    (number[f] for f in facts)
                    if unary
                    else (number[f >> SHIFT] << SHIFT | number[f & MASK] for f in facts)
                )
                new = dict.fromkeys(renumbered, tag)
                relation.facts = {**new, **relation.facts} if tag else {**relation.facts, **new}
            relation.by_subject = relation.by_object = None
    return chainer
