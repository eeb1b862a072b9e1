"""How each derived triple follows: the rule that gives it, by its name in the standard, and the triples that it takes.

The chainer (`kg.reasoning.forward`) knows each step; here a step is told in triples of the dataset. The days that
`kg.dataset.build` computes from partial dates follow by the rule `bounds` (model, rule 12).
"""

import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import NamedTuple

from pyoxigraph import DefaultGraph, NamedNode, Quad, Triple

from kg.rdf.namespaces import ENT, INFERRED_GRAPH, ONTOLOGY_GRAPH
from kg.rdf.terms import text
from kg.rdf.values import BOUNDS
from kg.reasoning.forward import ForwardChainer, Way
from kg.reasoning.grounding import Statement
from kg.reasoning.index import ROUND, TripleIndex, statements

UNKNOWN_RULE = "owl2-rl"  # of what a reasoner gave by a rule that `kg.reasoning.forward` does not know
_MOST_WAYS = 200  # that are looked at, to choose the shortest


class Derivation(NamedTuple):
    """One step: the rule, the facts that it takes, and the axioms of the ontology that license it.

    The premises are triples of the dataset, stated or derived in their turn.
    """

    rule: str
    premises: tuple[Triple, ...]
    axioms: tuple[Triple, ...] = ()


Worth = Callable[[Statement], bool]


class Derivations(Mapping[Triple, Derivation]):
    """The last step to each triple that a chainer inferred, found when it is asked for.

    `worth` says which statements are worth telling; without it, each that RDF can write is.
    """

    def __init__(self, chainer: ForwardChainer, worth: Worth | None = None) -> None:
        self.chainer = chainer
        self._worth = worth or chainer.facts.is_rdf

    def triples(self) -> frozenset[Triple]:
        """All inferred triples that are worth telling."""
        return frozenset(self.chainer.facts.triples(self._inferred()))

    def __getitem__(self, triple: Triple) -> Derivation:
        (told,) = numbered([triple], self.chainer.facts)
        if told is None or not self.chainer.facts.holds(told) or not self.chainer.facts.tag(told):
            raise KeyError(triple)
        return self.step(told)

    def __iter__(self) -> Iterator[Triple]:
        return iter(self.triples())

    def __len__(self) -> int:
        return sum(1 for _ in self._inferred())

    def step(self, told: Statement) -> Derivation:
        """One step as the dataset can tell it: a premise that is not worth telling gives way to its own premises.

        Where that was the only one, its rule is named too: of a member of an unnamed class, `cls-svf1` tells more
        than `cax-sco`.
        """
        return self._collapsed(self._shortest(told))

    def steps(self, told: Statement) -> list[Derivation]:
        """All last steps to a statement that take what came before it, the shortest first."""
        ways = [self._shortest(told), *itertools.islice(self.chainer.ways(told, every=True), _MOST_WAYS)]
        return list(dict.fromkeys(self._collapsed(way) for way in ways))

    def _collapsed(self, way: Way) -> Derivation:
        special, statements = way
        rule, axioms = special.rule, dict.fromkeys(self.shown(special.axioms))
        premises: dict[Triple, None] = {}
        for premise in statements:
            if self._is_shown(premise):
                premises[triple(premise, self.chainer.facts)] = None
            else:
                inner = self.step(premise)
                premises.update(dict.fromkeys(inner.premises))
                axioms.update(dict.fromkeys(inner.axioms))
                rule = inner.rule if len(statements) == 1 else rule
        return Derivation(rule, tuple(premises), tuple(axioms))

    def shown(self, statements: Iterable[Statement]) -> tuple[Triple, ...]:
        """Statements as triples; for each that is not worth telling, those from which it follows."""
        found: dict[Triple, None] = {}
        for told in statements:
            if self._is_shown(told):
                found[triple(told, self.chainer.facts)] = None
            else:
                inner = self.step(told)
                found.update(dict.fromkeys([*inner.premises, *inner.axioms]))
        return tuple(found)

    def _shortest(self, told: Statement) -> Way:
        """The way to a statement whose premises came first; among these the first by its terms."""
        facts = self.chainer.facts

        def length(way: Way) -> tuple[int, list[tuple[str, ...]]]:
            rounds = [facts.tag(p) >> ROUND for p in way[1]]
            return sum(rounds), [tuple(facts.texts[x] for x in p) for p in way[1]]

        return min(itertools.islice(self.chainer.ways(told), _MOST_WAYS), key=length)

    def _inferred(self) -> Iterator[Statement]:
        """All inferred statements that are worth telling."""
        facts = self.chainer.facts
        for relation in facts.relations():
            if relation.unary or relation.term != facts.type:
                told = statements(relation, (fact for fact, tag in relation.facts.items() if tag), facts)
                found = filter(self._worth, told)
                yield from found if relation.unary else itertools.filterfalse(self._is_echo, found)

    def _is_shown(self, told: Statement) -> bool:
        return not self.chainer.facts.tag(told) or self._worth(told)

    def _is_echo(self, told: Statement) -> bool:
        """Whether this is another statement with its literal written in another way, which came first."""
        facts, (subject, verb, value) = self.chainer.facts, told
        others = self.chainer.equals(value) if facts.texts[value][0] == '"' else ()
        if not others:
            return False
        round_of = facts.tag(told) >> ROUND
        ways = ((subject, verb, other) for other in others)
        return any(facts.holds(way) and facts.tag(way) >> ROUND < round_of for way in ways)


def triple(told: Statement, facts: TripleIndex) -> Triple:
    """A statement as a triple."""
    subject, verb, value = (facts.term(x) for x in told)
    return Triple(subject, verb, value)  # type: ignore[arg-type]


def numbered(triples: Iterable[Triple], facts: TripleIndex) -> list[Statement | None]:
    """Triples as statements of a chainer; None where it does not know a term."""
    rows = ([facts.known(text(x)) for x in t] for t in triples)
    return [None if None in row else tuple(row) for row in rows]  # type: ignore[misc]


class DatasetDerivations(Mapping[Triple, Derivation]):
    """The derivations of what a compiled dataset has beyond what is stated: `computed` days and `wanted` inferences."""

    def __init__(self, computed: dict[Triple, Derivation], wanted: dict[Triple, None], steps: Derivations) -> None:
        self._computed, self._wanted, self._steps = computed, wanted, steps

    def __getitem__(self, triple: Triple) -> Derivation:
        if triple in self._computed:
            return self._computed[triple]
        if triple not in self._wanted:
            raise KeyError(triple)
        return self._steps.get(triple) or Derivation(UNKNOWN_RULE, ())

    def steps(self, triple: Triple) -> list[Derivation]:
        """All last steps to a triple that take what came before it, the shortest first."""
        (told,) = numbered([triple], self._steps.chainer.facts)
        if triple in self._computed or told is None or triple not in self._steps:
            return [self[triple]] if triple in self else []
        return self._steps.steps(told)

    def __iter__(self) -> Iterator[Triple]:
        yield from self._computed
        yield from self._wanted

    def __len__(self) -> int:
        return len(self._computed) + len(self._wanted)


def of_dataset(quads: Iterable[Quad]) -> DatasetDerivations:
    """A derivation for each inferred and each computed triple of a compiled dataset (model, rule 24)."""
    from kg.dataset.computed import AFTER_CLOSURE, PREDICATES, derivation, in_quads

    quads = list(quads)
    named: dict[str, dict[Triple, None]] = {}
    computed: dict[Triple, None] = {}
    for q in quads:
        if isinstance(q.graph_name, NamedNode):
            named.setdefault(q.graph_name.value, {})[q.triple] = None
        elif isinstance(q.graph_name, DefaultGraph) and q.predicate.value in PREDICATES:
            computed[q.triple] = None
    ontology, inferred = named.pop(ONTOLOGY_GRAPH, {}), named.pop(INFERRED_GRAPH, {})
    stated = {t: None for triples in named.values() for t in triples}
    find = in_quads(quads)
    left = [t for t in computed if t not in stated and t not in inferred]
    steps = {t: derivation(t, find) or Derivation(UNKNOWN_RULE, ()) for t in left}
    bounds = (t for t in steps if t.predicate.value not in AFTER_CLOSURE)
    return of_closure([*stated, *bounds], inferred, ontology, steps)


def of_closure(
    facts: Iterable[Triple],
    inferred: Iterable[Triple],
    ontology: Iterable[Triple],
    computed: dict[Triple, Derivation] | None = None,
) -> DatasetDerivations:
    """The derivation of each of the `inferred` triples from `facts` under `ontology`, and of the `computed` ones.

    What no rule of `kg.reasoning.rules` gives has UNKNOWN_RULE and no premises.
    """
    wanted = dict.fromkeys(inferred)
    given = dict.fromkeys([*facts, *ontology])
    chainer = ForwardChainer(given)
    shown = set(numbered(wanted, chainer.facts))
    return DatasetDerivations(computed or {}, wanted, Derivations(chainer, shown.__contains__))


def bound_predicates() -> dict[str, str]:
    """The predicates of computed days, each with that of the date from which it is computed."""
    return {ENT + name: ENT + date for date, names in BOUNDS.items() for name in names}


def of_bounds(computed: Iterable[Triple], stated: Iterable[Triple]) -> dict[Triple, Derivation]:
    """The derivation of each computed day from the dates of the same thing (rule `bounds`)."""
    date_of = bound_predicates()
    dates: dict[tuple[object, str], list[Triple]] = {}
    for t in sorted(stated, key=str):
        dates.setdefault((t.subject, t.predicate.value), []).append(t)
    return {t: Derivation("bounds", tuple(dates.get((t.subject, date_of[t.predicate.value]), ()))) for t in computed}
