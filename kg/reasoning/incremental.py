"""Updates a closure when asserted facts are added or removed, without computing it anew.

By delete and rederive (Gupta, Mumick and Subrahmanian, *Maintaining Views Incrementally*, SIGMOD 1993): all that
follows from removed facts is deleted, then what still follows in another way is derived again. The ontology must not
change and no two terms may become equal; else `NotMaintainableError` asks for a new closure.
"""

import itertools
import json
import os
from array import array
from collections.abc import Iterable

from pyoxigraph import Triple

from kg.reasoning.forward import Changes, ForwardChainer, bodies
from kg.reasoning.grounding import GroundRule
from kg.reasoning.index import MASK, ROUND, SHIFT, Relation, Statement

_TERMS, _FACTS = "terms.txt", "facts.bin"
_DERIVED = 1 << ROUND  # the tag of inferred facts, of which rules are not recorded here


class NotMaintainableError(Exception):
    """A change makes two terms equal, or changes the ontology: the closure has to be computed anew."""


def is_maintainable(chainer: ForwardChainer, ontology: Iterable[Triple]) -> bool:
    """Whether a closure can be maintained: not where facts have made axioms, so that the ontology gives not all rules.

    Nor where terms are equal.
    """
    return chainer.is_maintainable and len(chainer.rules) == len(ForwardChainer(ontology).rules)


def maintain(
    chainer: ForwardChainer, removed: Iterable[Statement], added: Iterable[Statement]
) -> dict[Statement, bool]:
    """Remove given facts and add others, and bring what follows up to date.

    The result has each statement that has begun (True) or ceased (False) to be inferred: there, and not given. Raises
    NotMaintainableError, after which the chainer is of no use.
    """
    was_inferred: dict[tuple[Relation, int], bool] = {}
    deleted = _overdeleted(chainer, removed)
    for relation, facts in deleted.items():
        was_inferred.update({(relation, fact): tag != 0 for fact, tag in facts.items()})
        for fact in facts:
            relation.remove(fact)
    arriving = _rederived(chainer, deleted)
    for relation, fact in map(chainer.facts.locate, added):
        was_inferred.setdefault((relation, fact), relation.facts.get(fact, 0) != 0)
        if fact in relation.facts:
            relation.facts[fact] = 0
        else:
            arriving.setdefault(relation, {})[fact] = 0
    for changes in chainer.propagate(arriving):
        if chainer.grounder.has_new_axioms or not chainer.is_maintainable:
            raise NotMaintainableError
        for relation, facts in changes.items():
            for fact in facts:
                was_inferred.setdefault((relation, fact), False)
    is_inferred = {(r, fact): r.facts.get(fact, 0) != 0 for r, fact in was_inferred}
    changed = (key for key, was in was_inferred.items() if was != is_inferred[key])
    return {chainer.facts.statement(*key): is_inferred[key] for key in changed}


def _overdeleted(chainer: ForwardChainer, removed: Iterable[Statement]) -> Changes:
    """The removed facts, and all inferred ones that have a derivation from one of these."""
    deleted: Changes = {}
    fresh: Changes = {}
    for relation, fact in map(chainer.facts.locate, removed):
        if fact in relation.facts:
            fresh.setdefault(relation, {})[fact] = relation.facts[fact]
    while fresh:
        for relation, facts in fresh.items():
            deleted.setdefault(relation, {}).update(facts)
        following: Changes = {}
        for relation, facts in fresh.items():
            for delta in chainer.delta_rules.get(relation, ()):
                head = delta.head.relation
                known = deleted.get(head, {})
                for fact in delta.conclusions(facts):
                    if fact not in known and head.facts.get(fact, 0):
                        following.setdefault(head, {})[fact] = head.facts[fact]
        fresh = following
    return deleted


def _rederived(chainer: ForwardChainer, deleted: Changes) -> Changes:
    """The deleted facts that follow in one step from what is left."""
    rules_of: dict[Relation, list[GroundRule]] = {}
    for rule in chainer.rules:
        if rule.head is not None:
            rules_of.setdefault(rule.head.relation, []).append(rule)
    found: Changes = {}
    for relation, facts in deleted.items():
        for fact in facts:
            statement = chainer.facts.statement(relation, fact)
            matches = (body for rule in rules_of.get(relation, ()) for body in bodies(chainer.facts, rule, statement))
            if any(True for _ in matches):
                found.setdefault(relation, {})[fact] = _DERIVED
    return found


def asserted(chainer: ForwardChainer) -> list[Triple]:
    """The asserted triples of a closure."""
    facts = chainer.facts
    found = (
        facts.statements(relation, (fact for fact, tag in relation.facts.items() if not tag))
        for relation in facts.relations()
        if relation.unary or relation.term != facts.type
    )
    return list(facts.triples(itertools.chain.from_iterable(found)))


def save(chainer: ForwardChainer, folder: str) -> None:
    """Write a closure to two files in a folder: terms as lines of N-Triples, and facts as integers of 64 bits.

    The latter start with a line of JSON that has term, kind and numbers of given and inferred facts of each relation.
    """
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
    """The closure that `save` wrote; `ontology` must be the one that it was computed with."""
    chainer = ForwardChainer(ontology)
    with open(os.path.join(folder, _TERMS), encoding="utf-8", newline="\n") as file:
        number = [chainer.facts.id(text) for text in file.read().split("\n")]
    with open(os.path.join(folder, _FACTS), "rb") as file:
        for term, unary, *counts in json.loads(file.readline()):
            relation = chainer.facts.members(number[term]) if unary else chainer.facts.property(number[term])
            parts: list[dict[int, int]] = []
            for count, tag in zip(counts, (0, _DERIVED), strict=True):
                facts = array("Q")
                facts.fromfile(file, count)
                pairs = (number[f >> SHIFT] << SHIFT | number[f & MASK] for f in facts)
                parts.append(dict.fromkeys((number[f] for f in facts) if unary else pairs, tag))
            given, derived = parts
            relation.load({**derived, **relation.facts, **given})
    return chainer
