"""Solutions of patterns: what they bind, and the grounds on which they stand."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import NamedTuple, TypeAlias

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Variable

from kg.grounds import Ground
from kg.vocabulary import XSD
from kg.witnesses.algebra import Term, Values

_STRING = NamedNode(XSD + "string")
MOST = 500  # witnesses that are compared to choose one of them

Bindings: TypeAlias = Mapping[str, Term]
GraphPlace: TypeAlias = NamedNode | BlankNode | DefaultGraph | Variable
Witness: TypeAlias = tuple[Ground, ...]
Choose: TypeAlias = Callable[[Iterable[Witness]], Witness]


class Solution(NamedTuple):
    """What is bound, and on what that rests."""

    bindings: Bindings
    grounds: Witness = ()

    def with_(self, other: "Solution") -> "Solution":
        """This solution joined with one that is compatible."""
        return Solution({**self.bindings, **other.bindings}, self.grounds + other.grounds)


class Scope(NamedTuple):
    """Where a pattern is matched: the graph, and the bindings that EXISTS hands into its pattern (§18.6).

    Solutions that leave one of the `needed` variables open are of no use.
    """

    graph: GraphPlace = DefaultGraph()
    given: Bindings = MappingProxyType({})
    needed: frozenset[str] = frozenset()

    def unbound(self) -> "Scope":
        """The same scope, where no variable is needed."""
        return Scope(self.graph, self.given)


def rows_given(pattern: Values, wanted: Bindings) -> Iterator[Solution]:
    """The rows of VALUES that fit what is wanted."""
    for row in pattern.rows:
        bindings = {name: term for name, term in zip(pattern.names, row, strict=True) if term is not None}
        if all(wanted.get(name, term) == term for name, term in bindings.items()):
            yield Solution(bindings)


def projected(solution: Solution, names: Iterable[str]) -> Solution:
    """The solution without what a SELECT keeps to itself."""
    return Solution({n: solution.bindings[n] for n in names if n in solution.bindings}, solution.grounds)


def fits(bindings: Bindings, names: Iterable[str], row: Bindings) -> bool:
    """Whether just those of the names are bound that the row binds."""
    return all((name in bindings) == (name in row) for name in names)


def same(one: Term, other: Term) -> bool:
    """Whether two terms are the same, or numbers of the same value: engines write computed numbers in many ways."""
    if one == other or not (isinstance(one, Literal) and isinstance(other, Literal)):
        return one == other
    try:
        return not one.language and one.datatype != _STRING != other.datatype and float(one.value) == float(other.value)
    except ValueError:
        return False
