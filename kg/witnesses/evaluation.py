"""Solutions of a pattern with their witnesses: the triples that were matched, and what was found absent or counted.

The pattern is evaluated as SPARQL 1.1 §18 says. What is asked for in the end (a row of the answer) goes down as the
`wanted` bindings: they never change what a pattern means, only solutions that do not fit them are left out early.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import islice

from pyoxigraph import BlankNode, DefaultGraph, NamedNode, QuerySolutions, Store, Variable

from kg.grounds import Absence, Aggregate, Ground
from kg.witnesses import matching
from kg.witnesses.algebra import (
    Exists,
    Expression,
    Extend,
    Filter,
    InGraph,
    Join,
    LeftJoin,
    Match,
    Minus,
    Pattern,
    Select,
    Term,
    Union,
    Values,
    variables,
)
from kg.witnesses.expressions import FALSE, TRUE, Expressions
from kg.witnesses.matching import Bindings, GraphPlace
from kg.witnesses.parser import Query
from kg.witnesses.solutions import (
    MOST,
    Rank,
    Scope,
    Solution,
    fits,
    projected,
    rows_given,
    same,
)

_IN = re.compile(r"\(\s*\?(\w+)\s+IN\s*\(((?:\s*\?\w+\s*,)*\s*\?\w+\s*)\)\s*\)", re.IGNORECASE)


class Evaluation:
    """Evaluates the patterns of one query over one dataset.

    `rank` chooses among the ways in which an EXISTS is met, the least first; without it, all of them count.
    """

    def __init__(self, store: Store, query: Query, rank: Rank | None) -> None:
        self._store, self._rank = store, rank
        self._prologue, self._tested = query.prologue, query.tested
        self._costs = matching.Costs(store)
        self._expressions = Expressions(query.prologue)
        self._tables: dict[tuple[int, GraphPlace], list[dict[str, Term]]] = {}
        self._optionals: dict[object, bool] = {}
        self._groups: dict[object, list[tuple[Ground, ...]]] = {}
        self._indexes: dict[tuple[int, GraphPlace, tuple[str, ...]], dict[tuple[Term, ...], list[dict[str, Term]]]] = {}

    def solve(self, pattern: Pattern, wanted: Bindings, scope: Scope) -> Iterator[Solution]:
        """The solutions of a pattern that fit what is wanted."""
        if isinstance(pattern, Match):
            return (Solution(*found) for found in matching.match(self._store, pattern, wanted, scope.graph))
        if isinstance(pattern, Join):
            return self._join(pattern.parts, wanted, scope)
        if isinstance(pattern, LeftJoin):
            return self._left_join(pattern, wanted, scope)
        if isinstance(pattern, Union):
            return (s for arm in pattern.arms for s in self.solve(arm, wanted, scope))
        if isinstance(pattern, Filter):
            return self._filter(pattern, wanted, scope)
        if isinstance(pattern, Extend):
            return self._extend(pattern, wanted, scope)
        if isinstance(pattern, Values):
            return rows_given(pattern, wanted)
        if isinstance(pattern, InGraph):
            return self._in_graph(pattern, wanted, scope)
        if isinstance(pattern, Minus):
            return self._minus(pattern, wanted, scope)
        return self._select(pattern, wanted, scope)

    def _join(self, parts: tuple[Pattern, ...], wanted: Bindings, scope: Scope) -> Iterator[Solution]:
        if not parts:
            yield Solution({})
            return
        first = self._costs.cheapest(parts, wanted, scope.graph)
        others = tuple(part for part in parts if part is not first)
        for solution in self.solve(first, wanted, scope):
            for rest in self._join(others, {**wanted, **solution.bindings}, scope):
                yield solution.with_(rest)

    def _left_join(self, pattern: LeftJoin, wanted: Bindings, scope: Scope) -> Iterator[Solution]:
        for left in self.solve(pattern.left, wanted, scope):
            found = False
            for whole in self._optional(pattern, left, {**wanted, **left.bindings}, scope):
                found = True
                yield whole
            if found:
                continue
            # Alone only where nothing fits, be it wanted or not.
            narrowed = (variables(pattern.right) & wanted.keys()) - left.bindings.keys()
            if not (narrowed and self._has_optional(pattern, left, scope)):
                yield self._alone(pattern, left)

    def _alone(self, pattern: LeftJoin, left: Solution) -> Solution:
        """A solution to which OPTIONAL adds nothing; that matters where the query asks whether it has."""
        if variables(pattern.right) & self._tested - left.bindings.keys():
            return Solution(left.bindings, (*left.grounds, Absence(pattern.words)))
        return left

    def _has_optional(self, pattern: LeftJoin, left: Solution, scope: Scope) -> bool:
        key = (id(pattern), scope.graph, *(frozenset(b.items()) for b in (left.bindings, scope.given)))
        if key not in self._optionals:
            self._optionals[key] = any(True for _ in self._optional(pattern, left, left.bindings, scope))
        return self._optionals[key]

    def _optional(self, pattern: LeftJoin, left: Solution, wanted: Bindings, scope: Scope) -> Iterator[Solution]:
        for narrowed in _narrowed(pattern.conditions, wanted):
            for right in self.solve(pattern.right, narrowed, scope):
                whole = left.with_(right)
                grounds = self._conditions(pattern.conditions, whole.bindings, scope)
                if grounds is not None:
                    yield Solution(whole.bindings, whole.grounds + grounds)

    def _filter(self, pattern: Filter, wanted: Bindings, scope: Scope) -> Iterator[Solution]:
        for inner in self.solve(pattern.inner, wanted, scope):
            grounds = self._conditions(pattern.conditions, inner.bindings, scope)
            if grounds is not None:
                yield Solution(inner.bindings, inner.grounds + grounds)

    def _extend(self, pattern: Extend, wanted: Bindings, scope: Scope) -> Iterator[Solution]:
        name = pattern.name
        for inner in self.solve(pattern.inner, wanted, scope):
            value, grounds = self._computed(pattern.value, inner.bindings, scope)
            if pattern.value.volatile:
                value = wanted.get(name, value)
            if value is None:
                yield Solution(inner.bindings, inner.grounds + grounds)
            elif name not in wanted or same(value, wanted[name]):
                yield Solution({**inner.bindings, name: wanted.get(name, value)}, inner.grounds + grounds)

    def _in_graph(self, pattern: InGraph, wanted: Bindings, scope: Scope) -> Iterator[Solution]:
        graph = pattern.graph
        if not isinstance(graph, Variable):
            if isinstance(graph, NamedNode):
                yield from self.solve(pattern.inner, wanted, scope._replace(graph=graph))
            return
        if isinstance(pattern.inner, Match):
            yield from self.solve(pattern.inner, wanted, scope._replace(graph=graph))
            return
        known = wanted.get(graph.value)
        names = [known] if known is not None else matching.graphs_of(self._store, pattern.inner, wanted)
        for name in names:
            if not isinstance(name, (NamedNode, BlankNode)):
                continue
            bound = Solution({graph.value: name})
            for inner in self.solve(pattern.inner, {**wanted, graph.value: name}, scope._replace(graph=name)):
                yield inner.with_(bound)

    def _minus(self, pattern: Minus, wanted: Bindings, scope: Scope) -> Iterator[Solution]:
        for left in self.solve(pattern.left, wanted, scope):
            rights = self.solve(pattern.right, left.bindings, scope)
            if not any(left.bindings.keys() & right.bindings.keys() for right in rights):
                yield Solution(left.bindings, (*left.grounds, Absence(pattern.words)))

    # Conditions

    def _conditions(
        self, conditions: Iterable[Expression], bindings: Bindings, scope: Scope
    ) -> tuple[Ground, ...] | None:
        """On what it rests that all conditions hold; None where one does not."""
        grounds: tuple[Ground, ...] = ()
        for condition in conditions:
            if self._expressions.needs_no_exists(condition, {**scope.given, **bindings}):
                continue
            values, met = self._with_exists(condition, bindings, scope)
            if not self._expressions.holds(condition, values):
                return None
            grounds += self._expressions.needed(condition, values, met, TRUE)
        return grounds

    def _computed(
        self, expression: Expression, bindings: Bindings, scope: Scope
    ) -> tuple[Term | None, tuple[Ground, ...]]:
        values, met = self._with_exists(expression, bindings, scope)
        value = self._expressions.value(expression, values)
        return value, self._expressions.needed(expression, values, met, value)

    def _with_exists(
        self, expression: Expression, bindings: Bindings, scope: Scope
    ) -> tuple[dict[str, Term], dict[str, tuple[Ground, ...]]]:
        """The values of an expression's variables, its EXISTS among them, and on what it rests that these are so."""
        values = {**scope.given, **bindings}
        met: dict[str, tuple[Ground, ...]] = {}
        for exists in expression.exists:
            grounds = self._exists(exists, {**scope.given, **bindings}, scope)
            values[exists.name] = FALSE if grounds is None else TRUE
            met[exists.name] = (Absence(exists.words),) if grounds is None else grounds
        return values, met

    def _exists(self, exists: Exists, bindings: Bindings, scope: Scope) -> tuple[Ground, ...] | None:
        found = self.solve(exists.pattern, bindings, Scope(scope.graph, bindings))
        ways = [s.grounds for s in islice(found, MOST if self._rank else None)]
        if not ways:
            return None
        return min(ways, key=self._rank) if self._rank else tuple(g for way in ways for g in way)

    # Sub-selects

    def _select(self, pattern: Select, wanted: Bindings, scope: Scope) -> Iterator[Solution]:
        narrowed = {name: term for name, term in wanted.items() if name in pattern.names}
        given = {name: term for name, term in scope.given.items() if name in pattern.names}
        inner_scope = scope._replace(given=given)
        if pattern.keys is None and not pattern.sliced:
            for inner in self.solve(pattern.inner, narrowed, inner_scope):
                yield projected(inner, pattern.names)
            return
        for row in self.rows(pattern, narrowed, scope.graph):
            for grounds in self._of_group(pattern, row, inner_scope):
                yield projected(Solution(row, grounds), pattern.names)

    def _of_group(self, pattern: Select, row: Bindings, scope: Scope) -> list[tuple[Ground, ...]]:
        """The grounds of a row of a sub-select, kept: it is met again for each row that is joined with it."""
        key = (id(pattern), scope.graph, frozenset(row.items()), frozenset(scope.given.items()))
        if key not in self._groups:
            self._groups[key] = [found.grounds for found in self.of_row(pattern, row, scope)]
        return self._groups[key]

    def of_row(self, pattern: Select, row: Bindings, scope: Scope) -> Iterator[Solution]:
        """The witnesses of one row of a SELECT; of a group, the one that is made of all its rows."""
        names = pattern.names if pattern.keys is None else pattern.keys
        wanted = {name: row[name] for name in names if name in row}
        found = (s for s in self.solve(pattern.inner, wanted, scope) if fits(s.bindings, names, row))
        if pattern.keys is None:
            yield from found
            return
        members = list(found)
        grounds = dict.fromkeys(g for member in members for g in member.grounds)
        yield Solution(wanted, (*grounds, Aggregate(pattern.aggregates, len(members), str(wanted))))

    def rows(self, pattern: Select, wanted: Bindings, graph: GraphPlace) -> Iterator[Bindings]:
        """The rows of a SELECT that fit what is wanted, as the engine gives them, with the keys of their groups."""
        place = (id(pattern), graph)
        if place not in self._tables:
            self._tables[place] = self._asked(pattern, graph)
        names = tuple(sorted(wanted))
        if (*place, names) not in self._indexes:
            index = self._indexes[*place, names] = {}
            for row in self._tables[place]:
                key = tuple(row[n] for n in names) if row.keys() >= set(names) else ()
                index.setdefault(key, []).append(row)
        index = self._indexes[*place, names]
        yield from index.get(tuple(wanted[n] for n in names), ())
        if names:  # what a row leaves open fits anything
            yield from (r for r in index.get((), ()) if all(r.get(n, wanted[n]) == wanted[n] for n in names))

    def _asked(self, pattern: Select, graph: GraphPlace) -> list[dict[str, Term]]:
        text = pattern.text
        if not isinstance(graph, DefaultGraph):
            body = text.removeprefix(self._prologue)
            text = f"{self._prologue} SELECT * {{ GRAPH {graph} {{ {{ {body} }} }} }}"
        found = self._store.query(text)
        assert isinstance(found, QuerySolutions)
        names = [v.value for v in found.variables]
        return [{n: t for n, t in zip(names, row, strict=True) if t is not None} for row in found]


def _narrowed(conditions: Iterable[Expression], wanted: Bindings) -> Iterator[Bindings]:
    """What is wanted, once for each thing that a condition `?variable IN (?other, …)` leaves to choose from."""
    for condition in conditions:
        choice = _IN.fullmatch(condition.text)
        if choice and choice[1] not in wanted:
            terms = {wanted.get(name.strip()[1:]) for name in choice[2].split(",")}
            if all(isinstance(term, NamedNode) for term in terms):
                yield from ({**wanted, choice[1]: term} for term in terms if term)
                return
    yield wanted
