"""The SPARQL 1.1 algebra (§18.2) as data: property paths, expressions and patterns; solutions with their witnesses.

A witness (Buneman, Khanna and Tan 2001, why-provenance) is what one solution was derived from: the quads that it
matched, and, since SPARQL has negation and aggregates, what it found absent and what it counted.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import NamedTuple, TypeAlias

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, Triple, Variable

# Terms, and what may stand at a place of a pattern; there a blank node is a variable whose name begins with HIDDEN.
Term: TypeAlias = NamedNode | BlankNode | Literal | Triple
Place: TypeAlias = Term | Variable
HIDDEN = "blank__"


# Property paths (§9, §18.4)


@dataclass(frozen=True)
class Inverse:
    """An inverse path (`^p`)."""

    path: "Path"


@dataclass(frozen=True)
class Sequence:
    """A sequence path (`p/q`)."""

    first: "Path"
    then: "Path"


@dataclass(frozen=True)
class Alternative:
    """An alternative path (`p|q`)."""

    one: "Path"
    other: "Path"


@dataclass(frozen=True)
class Repeated:
    """`p?`, `p*` or `p+`: a path taken at least `least` times, and at most once unless it is `unbounded`."""

    path: "Path"
    least: int
    unbounded: bool


@dataclass(frozen=True)
class Negated:
    """A negated property set (`!(p|q)`); its inverse properties are one of their own, in an inverse path."""

    properties: frozenset[NamedNode]


Path: TypeAlias = NamedNode | Inverse | Sequence | Alternative | Repeated | Negated


# Expressions (§17) and patterns (§18.2); `said` is the comment beside the braces of a pattern


@dataclass(frozen=True, eq=False)
class Exists:
    """An EXISTS in an expression: the variable that stands in its place there, its pattern, and its text."""

    name: str
    pattern: "Pattern"
    text: str
    said: str = ""


@dataclass(frozen=True, eq=False)
class Expression:
    """An expression as the query writes it, each EXISTS replaced by a variable.

    A `volatile` one has another value each time (NOW, RAND, UUID and the like).
    """

    text: str
    names: tuple[str, ...]
    exists: tuple[Exists, ...] = ()
    volatile: bool = False


@dataclass(frozen=True, eq=False)
class Match:
    """A triple pattern; its predicate may be a path."""

    subject: Place
    predicate: "Place | Path"
    object: Place


@dataclass(frozen=True, eq=False)
class Join:
    """The join of some patterns; of none, the empty group, which has one solution."""

    parts: "tuple[Pattern, ...]"


@dataclass(frozen=True, eq=False)
class LeftJoin:
    """OPTIONAL: the right side too, where it matches and the conditions hold; `text` is that of the right side."""

    left: "Pattern"
    right: "Pattern"
    conditions: tuple[Expression, ...]
    text: str
    said: str = ""


@dataclass(frozen=True, eq=False)
class Union:
    """The union of some patterns."""

    arms: "tuple[Pattern, ...]"


@dataclass(frozen=True, eq=False)
class Filter:
    """FILTER: the solutions for which all conditions hold."""

    inner: "Pattern"
    conditions: tuple[Expression, ...]


@dataclass(frozen=True, eq=False)
class Extend:
    """BIND, or a computed column or key: a variable for the value of an expression."""

    inner: "Pattern"
    name: str
    value: Expression


@dataclass(frozen=True, eq=False)
class Values:
    """VALUES: rows that the query itself gives; None for UNDEF."""

    names: tuple[str, ...]
    rows: tuple[tuple[Term | None, ...], ...]


@dataclass(frozen=True, eq=False)
class InGraph:
    """GRAPH: a pattern within a named graph."""

    graph: Place
    inner: "Pattern"


@dataclass(frozen=True, eq=False)
class Minus:
    """MINUS: the left solutions that are compatible with no right one; `text` is that of the right side."""

    left: "Pattern"
    right: "Pattern"
    text: str
    said: str = ""


@dataclass(frozen=True, eq=False)
class Select:
    """A SELECT. Where it groups, `keys` are the variables of its groups and `aggregates` the text of its aggregates.

    `text` is a SELECT with the keys among its columns, for an engine to run. A `sliced` one has LIMIT or OFFSET (§15).
    Where all aggregates choose a value among those of the rows (MIN, MAX, SAMPLE), `choices` are the columns with them.
    """

    names: tuple[str, ...]
    inner: "Pattern"
    keys: tuple[str, ...] | None
    aggregates: str
    text: str
    sliced: bool
    choices: tuple[tuple[str, Expression], ...] = ()


Pattern: TypeAlias = Match | Join | LeftJoin | Union | Filter | Extend | Values | InGraph | Minus | Select


@lru_cache(maxsize=10_000)
def variables(pattern: Pattern) -> frozenset[str]:
    """The variables in scope in a pattern (§18.2.1)."""
    return frozenset(name for part in _in_scope(pattern) for name in _named(part))


@lru_cache(maxsize=10_000)
def mentioned(pattern: Pattern) -> frozenset[str]:
    """The variables on whose values the solutions of a pattern may depend: not those within its sub-selects."""
    found = set(variables(pattern))
    for part in _in_scope(pattern):
        if isinstance(part, Minus):
            found |= mentioned(part.right)
        conditions = part.conditions if isinstance(part, Filter | LeftJoin) else ()
        for expression in (part.value,) if isinstance(part, Extend) else conditions:
            found.update(expression.names, *(mentioned(exists.pattern) for exists in expression.exists))
    return frozenset(found)


def _in_scope(pattern: Pattern) -> Iterator[Pattern]:
    """A pattern and the patterns within it whose variables are in scope in it."""
    waiting = [pattern]  # no recursion: a query may have hundreds of OPTIONAL, each around all before it
    while waiting:
        yield (part := waiting.pop())
        match part:
            case Join(parts) | Union(parts):
                waiting += parts
            case LeftJoin(left, right):
                waiting += (left, right)
            case Minus(inner) | Filter(inner) | Extend(inner) | InGraph(inner=inner):
                waiting.append(inner)


def _named(pattern: Pattern) -> Iterator[str]:
    match pattern:
        case Match(subject, verb, value):
            yield from (place.value for place in (subject, verb, value) if isinstance(place, Variable))
        case Values(names) | Select(names):
            yield from names
        case Extend(name=name) | InGraph(Variable(value=name)):
            yield name


def joined(parts: list[Pattern]) -> Pattern:
    """The join of some patterns (§18.2.2.6), joins among them flattened; one pattern alone is itself."""
    flat = [p for part in parts for p in (part.parts if isinstance(part, Join) else (part,))]
    return flat[0] if len(flat) == 1 else Join(tuple(flat))


def in_graph(graph: Place, inner: Pattern) -> list[Pattern]:
    """A group within a graph, its parts apart, so that each can be joined when that is cheapest.

    VALUES stay outside, unless there is nothing else to bind the graph.
    """
    parts = inner.parts if isinstance(inner, Join) and inner.parts else (inner,)
    if all(isinstance(part, Values) for part in parts):
        return [InGraph(graph, inner)]
    found: list[Pattern] = [part for part in parts if isinstance(part, Values)]
    for part in parts:
        if isinstance(part, Union):
            found.append(Union(tuple(joined(in_graph(graph, arm)) for arm in part.arms)))
        elif not isinstance(part, Values):
            found.append(InGraph(graph, part))
    return found


class AbsentPattern(NamedTuple):
    """That nothing matches a pattern, given by its text in the query; `said` is the comment beside its braces."""

    text: str
    said: str = ""


class Aggregate(NamedTuple):
    """That aggregates, given by their text in the query, are computed from so many rows: those of one group."""

    text: str
    rows: int
    group: str


WitnessItem: TypeAlias = Quad | AbsentPattern | Aggregate
Witness: TypeAlias = tuple[WitnessItem, ...]
Choose: TypeAlias = Callable[[Iterable[Witness]], Witness]  # one witness of several
MAX_WITNESSES = 500  # that are compared to choose one of them

Bindings: TypeAlias = Mapping[str, Term]
GraphPlace: TypeAlias = NamedNode | BlankNode | DefaultGraph | Variable


class Solution(NamedTuple):
    """A solution mapping (§18.1.7) and its witness."""

    bindings: Bindings
    witness: Witness = ()

    def merge(self, other: "Solution") -> "Solution":
        """This solution and one that is compatible with it (§18.3)."""
        return Solution({**self.bindings, **other.bindings}, self.witness + other.witness)

    def project(self, names: Iterable[str]) -> "Solution":
        """The solution, limited to the variables that a SELECT hands out."""
        return Solution({n: self.bindings[n] for n in names if n in self.bindings}, self.witness)


class Scope(NamedTuple):
    """Where a pattern is matched: the active graph, and the bindings that EXISTS hands into its pattern (§18.6).

    Solutions that leave one of the `needed` variables open are of no use.
    """

    graph: GraphPlace = DefaultGraph()
    given: Bindings = MappingProxyType({})
    needed: frozenset[str] = frozenset()
