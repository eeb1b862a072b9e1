"""The algebra of a query (SPARQL 1.1 §18.2): what is matched, joined, left out, bound and counted."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import TypeAlias

from pyoxigraph import BlankNode, Literal, NamedNode, Triple, Variable

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
