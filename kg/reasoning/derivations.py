"""How each derived triple follows: the rule that gives it, by its name in the standard, and the triples that it takes.

The chainer (`kg.reasoning.forward`) knows each step; here a step is told in triples of the dataset. The days that
`kg.dataset.build` computes from partial dates follow by the rule `bounds` (model, rule 12).
"""

import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import NamedTuple

from pyoxigraph import Triple

from kg.rdf.terms import text
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
