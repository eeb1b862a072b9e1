"""Solutions of a pattern with their witnesses: the triples that were matched, and what was found absent or counted.

The pattern is evaluated as SPARQL 1.1 §18 says. What is asked for in the end (a row of the answer) goes down as the
`wanted` bindings: they never change what a pattern means, only solutions that do not fit them are left out early.
"""

from collections.abc import Hashable, Iterable, Iterator, Mapping
from itertools import chain, islice, product

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, QuerySolutions, Store, Triple, Variable

from kg.provenance.attribution import AbsentPattern, Aggregate
from kg.provenance.witness.algebra import (
    MOST,
    Bindings,
    Choose,
    Exists,
    Expression,
    Extend,
    Filter,
    GraphPlace,
    InGraph,
    Join,
    LeftJoin,
    Match,
    Minus,
    Pattern,
    Scope,
    Select,
    Solution,
    Term,
    Union,
    Values,
    Witness,
    fits,
    mentioned,
    projected,
    rows_given,
    same,
    variables,
)
from kg.provenance.witness.matching import BoundedCache, Dataset, Order, keep_few
from kg.provenance.witness.parser import Query
from kg.rdf.namespaces import XSD

TRUE, FALSE = (Literal(word, datatype=NamedNode(XSD + "boolean")) for word in ("true", "false"))
_MOST_EXISTS = 6  # in one expression; of more, all count
_BLANK = "urn:x-entente:blank:"  # VALUES takes no blank nodes


class Evaluation:
    """Evaluates the patterns of one query over one dataset at rest; what is found is kept.

    `choose` takes one of the ways in which an EXISTS is met; without it, all of them count.
    """

    def __init__(self, store: Store, query: Query, choose: Choose | None) -> None:
        self._store, self._query, self._choose = store, query, choose
        self._data = Dataset(store)
        self._order = Order(self._data)
        self._expressions = Expressions(query.prologue)
        self._tables: dict[tuple[Select, GraphPlace], list[dict[str, Term]]] = {}
        self._indexes: dict[Hashable, dict[tuple[Term, ...], list[dict[str, Term]]]] = {}
        self._groups: dict[Hashable, list[Witness]] = {}
        self._solved: BoundedCache[list[Solution]] = BoundedCache()
        self._met: BoundedCache[Witness | None] = BoundedCache()

    def solve(self, pattern: Pattern, wanted: Bindings, scope: Scope) -> Iterator[Solution]:
        """The solutions of a pattern that fit what is wanted."""
        match pattern:
            case Match():
                return self._data.match(pattern, wanted, scope.graph)
            case InGraph():
                return self._in_graph(pattern, wanted, scope)
            case Join(parts):
                return self._join(parts, wanted, scope.unbound())
            case LeftJoin():
                return self._left_join(pattern, wanted, scope)
            case Union(arms):
                return (s for arm in arms for s in self.solve(arm, wanted, scope))
            case Filter():
                return self._filter(pattern, wanted, scope)
            case Extend():
                return self._extend(pattern, wanted, scope)
            case Values():
                return rows_given(pattern, wanted)
            case Minus():
                return self._minus(pattern, wanted, scope)
            case Select():
                return self._select(pattern, wanted, scope)

    def _replayed(self, pattern: Pattern, wanted: Bindings, scope: Scope) -> Iterable[Solution]:
        """The solutions of a pattern that is met again and again with the same bindings, kept unless they are many."""
        key = (pattern, scope.graph, scope.needed, *_values(pattern, wanted), *_values(pattern, scope.given))
        if (kept := self._solved.get(key)) is not None:
            return kept
        names = mentioned(pattern)
        solutions = self.solve(pattern, {name: term for name, term in wanted.items() if name in names}, scope)
        return keep_few(self._solved, key, solutions)

    def _join(self, parts: tuple[Pattern, ...], wanted: Bindings, scope: Scope) -> Iterator[Solution]:
        if not parts:
            yield Solution({})
            return
        first, others = self._order.split(parts, wanted, scope.graph)
        for solution in self.solve(first, wanted, scope):
            if not others:
                yield solution
                continue
            for rest in self._join(others, {**wanted, **solution.bindings}, scope):
                yield solution.with_(rest)

    def _left_join(self, pattern: LeftJoin, wanted: Bindings, scope: Scope) -> Iterator[Solution]:
        names = variables(pattern.right)
        narrowed, needed = names & wanted.keys(), scope.needed - variables(pattern.left)
        left_scope, scope = scope._replace(needed=scope.needed - names), scope.unbound()
        for left in self.solve(pattern.left, wanted, left_scope):
            found = bool(needed)
            for whole in self._optional(pattern, left, {**wanted, **left.bindings}, scope):
                found = True
                yield whole
            if not found and narrowed - left.bindings.keys():  # alone only where nothing fits, be it wanted or not
                found = any(True for _ in self._optional(pattern, left, left.bindings, scope))
            if not found:
                yield self._alone(pattern, left)

    def _alone(self, pattern: LeftJoin, left: Solution) -> Solution:
        """A solution to which OPTIONAL adds nothing; that matters where the query asks whether it has."""
        if variables(pattern.right) & self._query.tested - left.bindings.keys():
            return Solution(left.bindings, (*left.grounds, AbsentPattern(pattern.words)))
        return left

    def _optional(self, pattern: LeftJoin, left: Solution, wanted: Bindings, scope: Scope) -> Iterator[Solution]:
        for right in self._replayed(pattern.right, wanted, scope):
            yield from self._checked(left.with_(right), pattern.conditions, scope)

    def _filter(self, pattern: Filter, wanted: Bindings, scope: Scope) -> Iterator[Solution]:
        for inner in self.solve(pattern.inner, wanted, scope):
            yield from self._checked(inner, pattern.conditions, scope)

    def _extend(self, pattern: Extend, wanted: Bindings, scope: Scope) -> Iterator[Solution]:
        name, value = pattern.name, pattern.value
        if name in self._query.idle and not value.exists:
            yield from self.solve(pattern.inner, wanted, scope)
            return
        scope = scope._replace(needed=scope.needed - {name})
        if name in wanted and value.is_constant:
            constant = self._expressions.value(value, {})
            if constant is not None and not same(constant, wanted[name]):
                return
        for inner in self.solve(pattern.inner, wanted, scope):
            values, met = self._with_exists(value, inner.bindings, scope)
            found = self._expressions.value(value, values)
            grounds = inner.grounds + self._expressions.needed(value, values, met, found)
            if value.volatile:
                found = wanted.get(name, found)
            if found is None:
                yield Solution(inner.bindings, grounds)
            elif name not in wanted or same(found, wanted[name]):
                yield Solution({**inner.bindings, name: wanted.get(name, found)}, grounds)

    def _in_graph(self, pattern: InGraph, wanted: Bindings, scope: Scope) -> Iterator[Solution]:
        graph = pattern.graph
        if isinstance(graph, Variable) and not isinstance(pattern.inner, Match):
            return self._in_each_graph(pattern, graph.value, wanted, scope)
        if not isinstance(graph, (NamedNode, Variable)):
            return iter(())
        return self.solve(pattern.inner, wanted, Scope(graph, scope.given))

    def _in_each_graph(self, pattern: InGraph, name: str, wanted: Bindings, scope: Scope) -> Iterator[Solution]:
        for graph in [wanted[name]] if name in wanted else self._data.graphs_of(pattern.inner, wanted):
            if isinstance(graph, (NamedNode, BlankNode)):
                bound = Solution({name: graph})
                for inner in self.solve(pattern.inner, {**wanted, name: graph}, Scope(graph, scope.given)):
                    yield inner.with_(bound)

    def _minus(self, pattern: Minus, wanted: Bindings, scope: Scope) -> Iterator[Solution]:
        for left in self.solve(pattern.left, wanted, scope):
            rights = self.solve(pattern.right, left.bindings, scope.unbound())
            if not any(left.bindings.keys() & right.bindings.keys() for right in rights):
                yield Solution(left.bindings, (*left.grounds, AbsentPattern(pattern.words)))

    # Conditions

    def _checked(self, solution: Solution, conditions: Iterable[Expression], scope: Scope) -> Iterator[Solution]:
        """The solution, with that on which it rests that all conditions hold; nothing where one does not."""
        grounds = solution.grounds
        for condition in conditions:
            if self._expressions.needs_no_exists(condition, {**scope.given, **solution.bindings}):
                continue
            values, met = self._with_exists(condition, solution.bindings, scope)
            if not self._expressions.holds(condition, values):
                return
            grounds += self._expressions.needed(condition, values, met, TRUE)
        yield Solution(solution.bindings, grounds)

    def _with_exists(
        self, expression: Expression, bindings: Bindings, scope: Scope
    ) -> tuple[dict[str, Term], dict[str, Witness]]:
        """The values of an expression's variables, its EXISTS among them, and on what it rests that these are so."""
        known = {**scope.given, **bindings}
        found = {exists.name: (exists, self._exists(exists, known, scope.graph)) for exists in expression.exists}
        values = {name: FALSE if grounds is None else TRUE for name, (_, grounds) in found.items()}
        met = {name: (AbsentPattern(e.words),) if grounds is None else grounds for name, (e, grounds) in found.items()}
        return {**known, **values}, met

    def _exists(self, exists: Exists, known: Bindings, graph: GraphPlace) -> Witness | None:
        key = (exists, graph, *_values(exists.pattern, known))
        if key not in self._met:
            found = self.solve(exists.pattern, known, Scope(graph, known))
            ways = [s.grounds for s in islice(found, MOST if self._choose else None)]
            chosen = self._choose(ways) if self._choose and ways else tuple(chain.from_iterable(ways))
            self._met[key] = chosen if ways else None
        return self._met[key]

    # Sub-selects

    def _select(self, pattern: Select, wanted: Bindings, scope: Scope) -> Iterator[Solution]:
        narrowed = {name: term for name, term in wanted.items() if name in pattern.names}
        given = {name: term for name, term in scope.given.items() if name in pattern.names}
        inner_scope = Scope(scope.graph, given, scope.needed.intersection(pattern.names))
        if pattern.keys is None and not pattern.sliced:
            for inner in self._replayed(pattern.inner, narrowed, inner_scope):
                yield projected(inner, pattern.names)
            return
        for row in self.rows(pattern, narrowed, scope.graph):
            for grounds in self._of_group(pattern, row, inner_scope):
                yield projected(Solution(row, grounds), pattern.names)

    def _of_group(self, pattern: Select, row: Bindings, scope: Scope) -> list[Witness]:
        """The grounds of a row of a sub-select, kept: it is met again for each row that is joined with it."""
        key = (pattern, scope.graph, id(row), frozenset(scope.given.items()))  # the table keeps its rows
        if key not in self._groups:
            self._groups[key] = [found.grounds for found in self.of_row(pattern, row, scope)]
        return self._groups[key]

    def of_row(self, pattern: Select, row: Bindings, scope: Scope) -> Iterator[Solution]:
        """The witnesses of one row of a SELECT; of a group, the one that is made of all its rows."""
        names = pattern.names if pattern.keys is None else pattern.keys
        wanted = {name: row[name] for name in names if name in row}
        needed = Scope(scope.graph, scope.given, frozenset(wanted))
        found = (s for s in self.solve(pattern.inner, wanted, needed) if fits(s.bindings, names, row))
        if pattern.keys is None:
            yield from found
            return
        members = list(found)
        grounds = dict.fromkeys(g for member in members for g in member.grounds)
        yield Solution(wanted, (*grounds, Aggregate(pattern.aggregates, len(members), str(wanted))))

    def rows(self, pattern: Select, wanted: Bindings, graph: GraphPlace) -> Iterator[Bindings]:
        """The rows of a SELECT that fit what is wanted, as the engine gives them, with the keys of their groups."""
        place = (pattern, graph)
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
            prologue = self._query.prologue
            text = f"{prologue} SELECT * {{ GRAPH {graph} {{ {{ {text.removeprefix(prologue)} }} }} }}"
        found = self._store.query(text)
        assert isinstance(found, QuerySolutions)
        names = [v.value for v in found.variables]
        return [{n: t for n, t in zip(names, row, strict=True) if t is not None} for row in found]


def _values(pattern: Pattern, bindings: Bindings) -> Iterable[Term | None]:
    """The values of all variables that matter for a pattern, in a fixed order."""
    return map(bindings.get, mentioned(pattern))


# Expressions (§17)


class Expressions:
    """Evaluates the expressions of one query; `prologue` declares its prefixes."""

    def __init__(self, prologue: str) -> None:
        self._prologue, self._store = prologue, Store()
        self._known: dict[tuple[str, tuple[Term | None, ...]], Term | None] = {}

    def holds(self, expression: Expression, bindings: Mapping[str, Term]) -> bool:
        """Whether a condition has the effective boolean value true (SPARQL 1.1 §17.2.2); an error is not true."""
        if expression.text.strip() in _bare(expression):
            negated = expression.text.strip().startswith("!")
            return (bindings[expression.exists[0].name] == TRUE) is not negated
        return self._value(f"IF(({expression.text}\n), true, false)", expression, bindings) == TRUE

    def value(self, expression: Expression, bindings: Mapping[str, Term]) -> Term | None:
        """The value; None for an error."""
        return self._value(expression.text, expression, bindings)

    def needs_no_exists(self, condition: Expression, values: Mapping[str, Term]) -> bool:
        """Whether a condition with EXISTS holds already, whatever that finds."""
        names = [exists.name for exists in condition.exists]
        possible = len(names) <= _MOST_EXISTS and bool(condition.names)  # an EXISTS alone always matters
        return bool(names) and possible and self._is_settled(condition, values, names, TRUE)

    def needed(
        self,
        expression: Expression,
        values: Mapping[str, Term],
        met: Mapping[str, Witness],
        value: Term | None,
    ) -> Witness:
        """Of what was found for each EXISTS, that which settles the value, whatever the others were.

        What is absent is left out before what is there.
        """
        needless: list[str] = []
        for name in sorted(met, key=lambda name: values[name] == TRUE):
            if len(met) <= _MOST_EXISTS and self._is_settled(expression, values, [*needless, name], value):
                needless.append(name)
        return tuple(ground for name, grounds in met.items() if name not in needless for ground in grounds)

    def _is_settled(
        self, expression: Expression, values: Mapping[str, Term], free: list[str], value: Term | None
    ) -> bool:
        """Whether the expression has its value whatever these variables are."""
        for chosen in product((TRUE, FALSE), repeat=len(free)):
            other = {**values, **dict(zip(free, chosen, strict=True))}
            if value == TRUE:
                if not self.holds(expression, other):
                    return False
            elif self.value(expression, other) != value:
                return False
        return True

    def _value(self, text: str, expression: Expression, bindings: Mapping[str, Term]) -> Term | None:
        names = (*expression.names, *(e.name for e in expression.exists))
        terms = tuple(map(bindings.get, names))
        if (text, terms) not in self._known:
            columns = " ".join(f"?{name}" for name in names)
            values = f"VALUES ({columns}) {{ ({' '.join(map(_written, terms))}) }}" if names else ""
            self._known[text, terms] = self._ask(f"{self._prologue} SELECT ({text}\n AS ?value__) {{ {values} }}")
        return self._known[text, terms]

    def _ask(self, query: str) -> Term | None:
        found = self._store.query(query)
        assert isinstance(found, QuerySolutions)
        value: Term | None = next(iter(found))[0]
        if isinstance(value, NamedNode) and value.value.startswith(_BLANK):
            return BlankNode(value.value.removeprefix(_BLANK))
        return value


def _bare(expression: Expression) -> tuple[str, ...]:
    """How a condition reads that is an EXISTS and nothing else."""
    return (f"?{expression.exists[0].name}", f"!?{expression.exists[0].name}") if len(expression.exists) == 1 else ()


def _written(term: Term | None) -> str:
    if isinstance(term, BlankNode):
        return f"<{_BLANK}{term.value}>"
    if isinstance(term, Triple):
        return "UNDEF"
    return "UNDEF" if term is None else str(term)
