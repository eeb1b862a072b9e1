"""For a triple that does not follow: the rule that comes closest to it, and the one statement that it misses."""

from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from pyoxigraph import Triple

from kg.specialising import Special, Statement
from kg.tracing import Env, Tracer

_MOST = 500  # ways to match the rest of a rule's body
_DEEPEST = 3  # rules behind one another, where the last one misses a statement


class NearMiss(NamedTuple):
    """`conclusion` would follow by `rule` if `missing` were there; `premises` are.

    The conclusion is the triple that was asked about, or one from which that follows by rules with one premise.
    """

    rule: str
    conclusion: Triple
    missing: Triple
    premises: tuple[Triple, ...]


class _Miss(NamedTuple):
    rule: str
    conclusion: Statement
    missing: Statement
    premises: tuple[Statement, ...]
    number: int
    depth: int


def nearest(tracer: Tracer, triple: Triple) -> NearMiss | None:
    """The near miss that is the most likely: at best a role that nobody fills, then one of which the most is there.

    None where no rule has all of its premises but one, or has one premise only.
    """
    misses = _misses(tracer, tracer.statement(triple), (), 0)
    best = min(misses, key=lambda m: _unlikely(tracer, m), default=None)
    if best is None:
        return None
    conclusion, missing = tracer.triple(best.conclusion), tracer.triple(best.missing)
    return NearMiss(best.rule, conclusion, missing, tracer.shown(best.premises))


def _unlikely(tracer: Tracer, miss: _Miss) -> tuple[bool, int, int, int, list[str]]:
    texts, (subject, verb, _) = tracer.facts.texts, miss.missing
    is_filled = verb != tracer.facts.type and tracer.has_value(subject, verb)
    words = [texts[x] for told in (miss.missing, *miss.premises) for x in told]
    return is_filled, -len(miss.premises), miss.depth, miss.number, words


def _misses(tracer: Tracer, goal: Statement, above: tuple[Statement, ...], depth: int) -> Iterator[_Miss]:
    """The near misses of a goal: those of its own rules, and those of what it would follow from alone."""
    above = (*above, goal)
    for number, special, start in tracer.rules(goal):
        for missing, premises in _gaps(tracer, special, start):
            if missing in above or not tracer.facts.is_rdf(missing) or tracer.holds(missing):
                continue
            if tracer.is_shown(missing) and premises:
                yield _Miss(special.rule, goal, missing, premises, number, depth)
            elif depth < _DEEPEST:
                for miss in _misses(tracer, missing, above, depth + 1):
                    yield miss if tracer.is_shown(missing) else _told_of(goal, premises, special, miss)


def _told_of(goal: Statement, premises: tuple[Statement, ...], special: Special, miss: _Miss) -> _Miss:
    """A miss of something that is not worth telling, as one of the goal itself."""
    rule = special.rule if premises else miss.rule
    return miss._replace(rule=rule, conclusion=goal, premises=(*premises, *miss.premises))


def _gaps(tracer: Tracer, special: Special, start: Env) -> Iterator[tuple[Statement, tuple[Statement, ...]]]:
    """Each statement that a rule lacks, where it has all others."""
    for gap in special.atoms:
        others = [atom for atom in special.atoms if atom is not gap]
        for env in islice(tracer.matches(others, start), _MOST):
            if gap.subject in env and gap.object in env:
                yield tracer.at(gap, env), tuple(tracer.at(atom, env) for atom in others)
