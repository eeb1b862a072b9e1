"""How each derived triple follows: the rule that gives it, by its name in the standard, and the triples that it takes.

A small forward chainer (`kg.chaining`) replays the closure from the facts and remembers the first way in which it
meets each triple. So a proof never leans on itself, and it is as short as can be. The days that `kg.build` computes
from partial dates follow by the rule `bounds` (model, rule 12).
"""

from collections.abc import Iterable
from dataclasses import dataclass

from pyoxigraph import DefaultGraph, NamedNode, Quad, Triple

from kg.chaining import Chainer, Statement, Step, Term, statement
from kg.vocabulary import ENT, INFERRED_GRAPH, ONTOLOGY_GRAPH

UNKNOWN_RULE = "owl2-rl"  # of what a reasoner gave by a rule that `kg.chaining` does not know


@dataclass(frozen=True)
class Derivation:
    """One step: the rule, the facts that it takes, and the axioms of the ontology that license it.

    The premises are triples of the dataset, stated or derived in their turn.
    """

    rule: str
    premises: tuple[Triple, ...]
    axioms: tuple[Triple, ...] = ()


def of_dataset(quads: Iterable[Quad]) -> dict[Triple, Derivation]:
    """A derivation for each inferred and each computed triple of a compiled dataset (model, rule 24)."""
    days = bound_predicates()
    named: dict[str, dict[Triple, None]] = {}
    computed: dict[Triple, None] = {}
    for q in quads:
        if isinstance(q.graph_name, NamedNode):
            named.setdefault(q.graph_name.value, {})[q.triple] = None
        elif isinstance(q.graph_name, DefaultGraph) and q.predicate.value in days:
            computed[q.triple] = None
    ontology, inferred = named.pop(ONTOLOGY_GRAPH, {}), named.pop(INFERRED_GRAPH, {})
    stated = {t: None for triples in named.values() for t in triples}
    computed = {t: None for t in computed if t not in stated and t not in inferred}
    return {**of_bounds(computed, stated), **of_closure([*stated, *computed], inferred, ontology)}


def bound_predicates() -> dict[str, str]:
    """The predicates of computed days, each with that of the date from which it is computed."""
    from kg.build import BOUNDS

    return {ENT + name: ENT + date for date, names in BOUNDS.items() for name in names}


def of_bounds(computed: Iterable[Triple], stated: Iterable[Triple]) -> dict[Triple, Derivation]:
    """The derivation of each computed day from the dates of the same thing (rule `bounds`)."""
    date_of = bound_predicates()
    dates: dict[tuple[Term, str], list[Triple]] = {}
    for t in sorted(stated, key=str):
        dates.setdefault((t.subject, t.predicate.value), []).append(t)
    return {t: Derivation("bounds", tuple(dates.get((t.subject, date_of[t.predicate.value]), ()))) for t in computed}


def of_closure(
    facts: Iterable[Triple], inferred: Iterable[Triple], ontology: Iterable[Triple]
) -> dict[Triple, Derivation]:
    """The derivation of each of the `inferred` triples from `facts` under `ontology`.

    What no rule of `kg.chaining` gives has UNKNOWN_RULE and no premises.
    """
    given, wanted = sorted(set(facts), key=str), sorted(set(inferred), key=str)
    steps = Chainer(ontology).run(given)
    shown = {statement(t) for t in [*given, *wanted]}
    return {t: _derivation(steps.get(statement(t)), steps, shown) for t in wanted}


def _derivation(step: Step | None, steps: dict[Statement, Step], shown: set[Statement]) -> Derivation:
    """One step as the dataset can tell it: a premise that is none of its triples gives way to its own premises.

    Where that was the only one, its rule is named too: of a member of an unnamed class, `cls-svf1` tells more than
    `cax-sco`.
    """
    if step is None:
        return Derivation(UNKNOWN_RULE, ())
    rule = step.rule
    premises: dict[Triple, None] = {}
    axioms = dict.fromkeys(step.axioms)
    for premise in step.premises:
        if premise in shown:
            premises[Triple(*premise)] = None  # type: ignore[arg-type]
        else:
            inner = _derivation(steps[premise], steps, shown)
            premises.update(dict.fromkeys(inner.premises))
            axioms.update(dict.fromkeys(inner.axioms))
            rule = inner.rule if len(step.premises) == 1 else rule
    return Derivation(rule, tuple(premises), tuple(axioms))
