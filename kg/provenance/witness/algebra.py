"""The algebra of a query (SPARQL 1.1 §18.2), and its solutions: what they bind, and the grounds on which they stand."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import NamedTuple, TypeAlias

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Triple, Variable

from kg.provenance.attribution import Ground
from kg.rdf.namespaces import XSD

Term: TypeAlias = NamedNode | BlankNode | Literal | Triple
Place: TypeAlias = (
    Term | Variable
)  # what may stand in a pattern; a blank node is a variable whose name begins with HIDDEN
HIDDEN = "blank__"


@dataclass(frozen=True)
class Inverse:
    """A path taken the other way round (`^p`)."""

    path: "Path"


@dataclass(frozen=True)
class Sequence:
    """One path after the other (`p/q`)."""

    first: "Path"
    then: "Path"


@dataclass(frozen=True)
class Alternative:
    """One of two paths (`p|q`)."""

    one: "Path"
    other: "Path"


@dataclass(frozen=True)
class Repeated:
    """A path taken at least `least` times, at most once unless it is `unbounded` (`p?`, `p*`, `p+`)."""

    path: "Path"
    least: int
    unbounded: bool


@dataclass(frozen=True)
class Negated:
    """Any one property but these, forwards or backwards (`!(p|^q)`); None where that direction is not taken."""

    forward: frozenset[NamedNode] | None
    backward: frozenset[NamedNode] | None


Path: TypeAlias = NamedNode | Inverse | Sequence | Alternative | Repeated | Negated


@dataclass(frozen=True, eq=False)
class Exists:
    """A pattern inside an expression: the variable that stands in its place there, and its words in the query."""

    name: str
    pattern: "Pattern"
    words: str


@dataclass(frozen=True, eq=False)
class Expression:
    """An expression as the query writes it, each EXISTS replaced by a variable.

    A `volatile` one has another value each time (NOW, RAND, UUID and the like).
    """

    text: str
    names: tuple[str, ...]
    exists: tuple[Exists, ...] = ()
    volatile: bool = False

    @property
    def is_constant(self) -> bool:
        """Whether it has one value, whatever is bound."""
        return not (self.names or self.exists or self.volatile)


@dataclass(frozen=True, eq=False)
class Match:
    """A triple pattern; its predicate may be a path."""

    subject: Place
    predicate: "Place | Path"
    object: Place


@dataclass(frozen=True, eq=False)
class Join:
    """All of these; none at all is the empty group, which has one solution."""

    parts: "tuple[Pattern, ...]"


@dataclass(frozen=True, eq=False)
class LeftJoin:
    """OPTIONAL: the right side too, where it matches and the conditions hold. `words` are its text in the query."""

    left: "Pattern"
    right: "Pattern"
    conditions: tuple[Expression, ...]
    words: str


@dataclass(frozen=True, eq=False)
class Union:
    """One of these."""

    arms: "tuple[Pattern, ...]"


@dataclass(frozen=True, eq=False)
class Filter:
    """Only the solutions for which all conditions hold."""

    inner: "Pattern"
    conditions: tuple[Expression, ...]


@dataclass(frozen=True, eq=False)
class Extend:
    """BIND: a variable for the value of an expression."""

    inner: "Pattern"
    name: str
    value: Expression


@dataclass(frozen=True, eq=False)
class Values:
    """Rows that the query itself gives; None for UNDEF."""

    names: tuple[str, ...]
    rows: tuple[tuple[Term | None, ...], ...]


@dataclass(frozen=True, eq=False)
class InGraph:
    """A pattern within one named graph."""

    graph: Place
    inner: "Pattern"


@dataclass(frozen=True, eq=False)
class Minus:
    """MINUS: only the solutions of the left side that fit none of the right. `words` are the right side's text."""

    left: "Pattern"
    right: "Pattern"
    words: str


@dataclass(frozen=True, eq=False)
class Select:
    """A SELECT. Where it groups, `keys` are the variables of its groups and `aggregates` the words of its sums.

    `text` is a SELECT that has the keys among its columns, for an engine to run. A `sliced` one has LIMIT or OFFSET.
    """

    names: tuple[str, ...]
    inner: "Pattern"
    keys: tuple[str, ...] | None
    aggregates: str
    text: str
    sliced: bool


Pattern: TypeAlias = Match | Join | LeftJoin | Union | Filter | Extend | Values | InGraph | Minus | Select


@cache
def variables(pattern: Pattern) -> frozenset[str]:
    """The variables that a solution of the pattern may bind (SPARQL 1.1 §18.2.1)."""
    found: set[str] = set()
    waiting = [pattern]  # no recursion: a query may have hundreds of OPTIONAL, each around all before it
    while waiting:
        part = waiting.pop()
        found.update(_own(part))
        waiting += below(part)
    return frozenset(found)


def _own(pattern: Pattern) -> Iterator[str]:
    match pattern:
        case Match(subject, verb, value):
            yield from (place.value for place in (subject, verb, value) if isinstance(place, Variable))
        case Values(names) | Select(names):
            yield from names
        case Extend(name=name) | InGraph(Variable(value=name)):
            yield name


def below(pattern: Pattern) -> "tuple[Pattern, ...]":
    """The patterns of which a pattern is made, as far as their variables reach out of it."""
    match pattern:
        case Join(parts) | Union(parts):
            return parts
        case LeftJoin(left, right):
            return (left, right)
        case Minus(inner) | Filter(inner) | Extend(inner) | InGraph(inner=inner):
            return (inner,)
    return ()


@cache
def mentioned(pattern: Pattern) -> frozenset[str]:
    """The variables on whose values the solutions of a pattern may depend."""
    return frozenset(mentions(pattern))


def mentions(pattern: Pattern) -> Iterator[str]:
    """All places at which a pattern names a variable that is known outside of its sub-selects."""
    waiting = [pattern]
    while waiting:
        part = waiting.pop()
        yield from _own(part)
        waiting += below(part)
        expressions: tuple[Expression, ...] = ()
        match part:
            case Filter(conditions=conditions) | LeftJoin(conditions=conditions):
                expressions = conditions
            case Extend(value=value):
                expressions = (value,)
            case Minus(right=right):
                waiting.append(right)
        for expression in expressions:
            yield from expression.names
            waiting += (exists.pattern for exists in expression.exists)


# How a text becomes patterns (§18.2.2)


def joined(parts: list[Pattern]) -> Pattern:
    """A join of these, those of which some are joins themselves; just the one where there is one."""
    flat = [p for part in parts for p in (part.parts if isinstance(part, Join) else (part,))]
    return flat[0] if len(flat) == 1 else Join(tuple(flat))


def in_graph(graph: Place, inner: Pattern) -> list[Pattern]:
    """A group within a graph, its parts apart, so that each can be joined when that is cheapest.

    What matches no triples stays outside, unless there is nothing else to say which graph it is.
    """
    parts = inner.parts if isinstance(inner, Join) and inner.parts else (inner,)
    given = [part for part in parts if isinstance(part, Values)]
    matched = [part for part in parts if part not in given]
    if not matched:
        return [InGraph(graph, inner)]
    return [*given, *(_each_in_graph(graph, part) for part in matched)]


def _each_in_graph(graph: Place, part: Pattern) -> Pattern:
    if isinstance(part, Union):
        return Union(tuple(joined(in_graph(graph, arm)) for arm in part.arms))
    return InGraph(graph, part)


# Solutions

MOST = 500  # witnesses that are compared to choose one of them
_STRING = NamedNode(XSD + "string")

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
