"""Evaluates a pattern (SPARQL 1.1 §18.5, §18.6) to solutions that carry their witnesses.

The row whose witness is asked for goes down as the `wanted` bindings: they never change what a pattern means, only
solutions that do not fit them are left out early. The engine evaluates expressions with their functions (§17), and
grouped sub-selects.
"""

from collections.abc import Hashable, Iterable, Iterator, Mapping
from functools import cache
from itertools import chain, islice, product

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, QuerySolutions, Store, Triple, Variable

from kg.provenance.witness import algebra
from kg.provenance.witness.algebra import AbsentPattern, Bindings, Expression, Pattern, Scope, Solution, Term, Witness
from kg.provenance.witness.matching import BoundedCache, Dataset, JoinOrder, cache_few
from kg.provenance.witness.parser import ParsedQuery
from kg.rdf.namespaces import XSD
from kg.rdf.terms import QuadStore

_STRING = NamedNode(XSD + "string")
TRUE, FALSE = (Literal(word, datatype=NamedNode(XSD + "boolean")) for word in ("true", "false"))
_MAX_EXISTS = 6  # in one expression, of which those that do not matter are left out of a witness
_BLANK = "urn:x-entente:blank:"  # stands for a blank node in VALUES, which takes none


class Evaluation:
    """Evaluates the patterns of one query over one store at rest; what is found is cached.

    `choose` takes one witness of an EXISTS; without it, it has all of them together.
    """

    def __init__(self, store: QuadStore, query: ParsedQuery, choose: algebra.Choose | None) -> None:
        self._store, self._query, self._choose = store, query, choose
        self._data = Dataset(store)
        self._order = JoinOrder(self._data)
        self._expressions = Expressions(query.prologue)
        self._table = cache(self._engine_rows)
        self._indexes: dict[Hashable, dict[tuple[Term, ...], list[dict[str, Term]]]] = {}
        self._groups: dict[Hashable, list[Witness]] = {}
        self._solutions: BoundedCache[list[Solution]] = BoundedCache()
        self._exists_cache: BoundedCache[Witness | None] = BoundedCache()

    def solve(self, pattern: Pattern, wanted: Bindings, scope: Scope) -> Iterator[Solution]:
        """The solutions of a pattern that fit what is wanted."""
        match pattern:
            case algebra.Match():
                return self._data.match(pattern, wanted, scope.graph)
            case algebra.InGraph():
                return self._in_graph(pattern, wanted, scope)
            case algebra.Join(parts):
                return self._join(parts, wanted, Scope(scope.graph, scope.given))
            case algebra.LeftJoin():
                return self._left_join(pattern, wanted, scope)
            case algebra.Union(arms):
                return (s for arm in arms for s in self.solve(arm, wanted, scope))
            case algebra.Filter(inner, conditions):
                return (s for f in self.solve(inner, wanted, scope) for s in self._checked(f, conditions, scope))
            case algebra.Extend():
                return self._extend(pattern, wanted, scope)
            case algebra.Values():
                return self._values(pattern, wanted)
            case algebra.Minus():
                return self._minus(pattern, wanted, scope)
            case algebra.Select():
                return self._select(pattern, wanted, scope)

    def _cached(self, pattern: Pattern, wanted: Bindings, scope: Scope) -> Iterable[Solution]:
        """The solutions of a pattern that is met again with the same bindings, cached unless they are many."""
        key = (pattern, scope.graph, scope.needed, *_relevant(pattern, wanted), *_relevant(pattern, scope.given))
        if (cached := self._solutions.get(key)) is not None:
            return cached
        names = algebra.mentioned(pattern)
        solutions = self.solve(pattern, {name: term for name, term in wanted.items() if name in names}, scope)
        return cache_few(self._solutions, key, solutions)

    def _values(self, pattern: algebra.Values, wanted: Bindings) -> Iterator[Solution]:
        for row in pattern.rows:
            bindings = {name: term for name, term in zip(pattern.names, row, strict=True) if term is not None}
            if all(wanted.get(name, term) == term for name, term in bindings.items()):
                yield Solution(bindings)

    def _join(self, parts: tuple[Pattern, ...], wanted: Bindings, scope: Scope) -> Iterator[Solution]:
        if not parts:
            yield Solution({})
            return
        parts = self._order.ordered(parts, wanted, scope.graph)
        for solution in self.solve(parts[0], wanted, scope):
            for rest in self._join(parts[1:], {**wanted, **solution.bindings}, scope):
                yield solution.merge(rest)

    def _left_join(self, pattern: algebra.LeftJoin, wanted: Bindings, scope: Scope) -> Iterator[Solution]:
        names = algebra.variables(pattern.right)
        narrowed, needed = names & wanted.keys(), scope.needed - algebra.variables(pattern.left)
        left_scope, scope = scope._replace(needed=scope.needed - names), Scope(scope.graph, scope.given)
        for left in self.solve(pattern.left, wanted, left_scope):
            found = bool(needed)
            for both in self._optional(pattern, left, {**wanted, **left.bindings}, scope):
                found = True
                yield both
            if not found and narrowed - left.bindings.keys():  # alone only where nothing matches, be it wanted or not
                found = any(True for _ in self._optional(pattern, left, left.bindings, scope))
            if not found:  # the witness says so where the query tests for that by BOUND
                is_tested = bool(names & self._query.tested - left.bindings.keys())
                yield left._replace(witness=left.witness + (AbsentPattern(pattern.text, pattern.said),) * is_tested)

    def _optional(self, join: algebra.LeftJoin, left: Solution, wanted: Bindings, scope: Scope) -> Iterator[Solution]:
        for right in self._cached(join.right, wanted, scope):
            yield from self._checked(left.merge(right), join.conditions, scope)

    def _extend(self, pattern: algebra.Extend, wanted: Bindings, scope: Scope) -> Iterator[Solution]:
        name, value = pattern.name, pattern.value
        scope = scope._replace(needed=scope.needed - {name})
        if name in wanted and not (value.names or value.exists or value.volatile):
            constant = self._expressions.value(value, {})
            if constant is not None and not _same(constant, wanted[name]):
                return
        for inner in self.solve(pattern.inner, wanted, scope):
            values, witnesses = self._with_exists(value, inner.bindings, scope)
            found = self._expressions.value(value, values)
            witness = inner.witness + self._expressions.needed(value, values, witnesses, found)
            if value.volatile:
                found = wanted.get(name, found)
            if found is None:
                yield Solution(inner.bindings, witness)
            elif name not in wanted or _same(found, wanted[name]):
                yield Solution({**inner.bindings, name: wanted.get(name, found)}, witness)

    def _in_graph(self, pattern: algebra.InGraph, wanted: Bindings, scope: Scope) -> Iterator[Solution]:
        graph, inner = pattern.graph, pattern.inner
        if isinstance(graph, Variable) and not isinstance(inner, algebra.Match):
            named = [wanted[graph.value]] if graph.value in wanted else self._data.graphs_of(inner, wanted)
            for name in named:
                if isinstance(name, (NamedNode, BlankNode)):
                    bound = Solution({graph.value: name})
                    for found in self.solve(inner, {**wanted, graph.value: name}, Scope(name, scope.given)):
                        yield found.merge(bound)
        elif isinstance(graph, (NamedNode, Variable)):
            yield from self.solve(inner, wanted, Scope(graph, scope.given))

    def _minus(self, pattern: algebra.Minus, wanted: Bindings, scope: Scope) -> Iterator[Solution]:
        for left in self.solve(pattern.left, wanted, scope):
            rights = self.solve(pattern.right, left.bindings, Scope(scope.graph, scope.given))
            if not any(left.bindings.keys() & right.bindings.keys() for right in rights):
                yield Solution(left.bindings, (*left.witness, AbsentPattern(pattern.text, pattern.said)))

    def _checked(self, solution: Solution, conditions: Iterable[Expression], scope: Scope) -> Iterator[Solution]:
        """The solution, and in its witness why all conditions hold; nothing where one does not."""
        witness = solution.witness
        for condition in conditions:
            values, witnesses = self._with_exists(condition, solution.bindings, scope)
            if not self._expressions.holds(condition, values):
                return
            witness += self._expressions.needed(condition, values, witnesses, TRUE)
        yield Solution(solution.bindings, witness)

    def _with_exists(self, value: Expression, bindings: Bindings, scope: Scope) -> tuple[Bindings, dict[str, Witness]]:
        """The values of an expression's variables, its EXISTS among them, and the witnesses of these."""
        values = {**scope.given, **bindings}
        found = [(exists, self._exists(exists, values, scope.graph)) for exists in value.exists]
        witnesses = {e.name: (AbsentPattern(e.text, e.said),) if witness is None else witness for e, witness in found}
        return values | {e.name: FALSE if witness is None else TRUE for e, witness in found}, witnesses

    def _exists(self, exists: algebra.Exists, known: Bindings, graph: algebra.GraphPlace) -> Witness | None:
        key = (exists, graph, *_relevant(exists.pattern, known))
        if key not in self._exists_cache:
            solutions = self.solve(exists.pattern, known, Scope(graph, known))
            found = [s.witness for s in islice(solutions, algebra.MAX_WITNESSES if self._choose else None)]
            chosen = self._choose(found) if self._choose and found else tuple(chain.from_iterable(found))
            self._exists_cache[key] = chosen if found else None
        return self._exists_cache[key]

    def _select(self, pattern: algebra.Select, wanted: Bindings, scope: Scope) -> Iterator[Solution]:
        narrowed = {name: term for name, term in wanted.items() if name in pattern.names}
        given = {name: term for name, term in scope.given.items() if name in pattern.names}
        inner_scope = Scope(scope.graph, given, scope.needed.intersection(pattern.names))
        if pattern.keys is None and not pattern.sliced:
            yield from (s.project(pattern.names) for s in self._cached(pattern.inner, narrowed, inner_scope))
            return
        for row in self.rows(pattern, narrowed, scope.graph):
            # Cached, since a row of a sub-select is met again for each row that is joined with it.
            key = (pattern, scope.graph, id(row), frozenset(given.items()))  # the table keeps its rows
            if key not in self._groups:
                self._groups[key] = [found.witness for found in self.of_row(pattern, row, inner_scope)]
            yield from (Solution(row, witness).project(pattern.names) for witness in self._groups[key])

    def of_row(self, pattern: algebra.Select, row: Bindings, scope: Scope) -> Iterator[Solution]:
        """The witnesses of one row of a SELECT; of a group, one that is made of those of all its rows."""
        names = pattern.names if pattern.keys is None else pattern.keys
        wanted = {name: row[name] for name in names if name in row}
        needed = Scope(scope.graph, scope.given, frozenset(wanted))
        solutions = self.solve(pattern.inner, wanted, needed)
        found = (s for s in solutions if all((name in s.bindings) == (name in row) for name in names))
        if pattern.keys is None:
            yield from found
            return
        members = list(found)
        witness = dict.fromkeys(chain.from_iterable(self._needed_rows(pattern, row, members)))
        yield Solution(wanted, (*witness, algebra.Aggregate(pattern.aggregates, len(members), str(wanted))))

    def _needed_rows(self, pattern: algebra.Select, row: Bindings, members: list[Solution]) -> list[Witness]:
        """The witnesses of the rows on which that of a group rests: those that MIN and the like have chosen, or all."""
        fitting = [
            [i for i, m in enumerate(members) if _given(self._expressions.value(value, m.bindings), row.get(name))]
            for name, value in pattern.choices
        ]
        if not fitting or not all(fitting):
            return [m.witness for m in members]
        both = sorted(set(fitting[0]).intersection(*fitting))  # rows that give all values at once, if there are any
        groups = [[members[i].witness for i in rows] for rows in ([both] if both else fitting)]
        if not self._choose:
            return [witness for group in groups for witness in group]
        return [self._choose(group[: algebra.MAX_WITNESSES]) for group in groups]

    def rows(self, pattern: algebra.Select, wanted: Bindings, graph: algebra.GraphPlace) -> Iterator[Bindings]:
        """The rows of a SELECT that fit what is wanted, as the engine gives them, with the keys of their groups."""
        names = tuple(sorted(wanted))
        if (pattern, graph, names) not in self._indexes:
            index = self._indexes[pattern, graph, names] = {}
            for row in self._table(pattern, graph):
                key = tuple(row[n] for n in names) if row.keys() >= set(names) else ()
                index.setdefault(key, []).append(row)
        index = self._indexes[pattern, graph, names]
        yield from index.get(tuple(wanted[n] for n in names), ())
        if names:  # an unbound column fits anything
            yield from (r for r in index.get((), ()) if all(r.get(n, wanted[n]) == wanted[n] for n in names))

    def _engine_rows(self, pattern: algebra.Select, graph: algebra.GraphPlace) -> list[dict[str, Term]]:
        text = pattern.text
        if not isinstance(graph, DefaultGraph):
            prologue = self._query.prologue
            text = f"{prologue} SELECT * {{ GRAPH {graph} {{ {{ {text.removeprefix(prologue)} }} }} }}"
        found = self._store.query(text)
        names = [v.value for v in found.variables]
        return [{n: t for n, t in zip(names, row, strict=True) if t is not None} for row in found]


def _relevant(pattern: Pattern, bindings: Bindings) -> Iterable[Term | None]:
    """The values of all variables that matter for a pattern, in a fixed order."""
    return map(bindings.get, algebra.mentioned(pattern))


def _given(value: Term | None, wanted: Term | None) -> bool:
    """Whether a row alone gives the value that its group has."""
    return value is not None and wanted is not None and _same(value, wanted)


def _same(one: Term, other: Term) -> bool:
    """Whether two terms are the same, or numbers of the same value: engines write computed numbers in many ways."""
    if one == other or not (isinstance(one, Literal) and isinstance(other, Literal)):
        return one == other
    try:
        return not one.language and one.datatype != _STRING != other.datatype and float(one.value) == float(other.value)
    except ValueError:
        return False


class Expressions:
    """Has an engine evaluate the expressions (§17) of one query; `prologue` declares its prefixes."""

    def __init__(self, prologue: str) -> None:
        self._prologue, self._store = prologue, Store()
        self._cache: dict[tuple[str, tuple[Term | None, ...]], Term | None] = {}

    def holds(self, condition: Expression, bindings: Bindings) -> bool:
        """Whether a condition has the effective boolean value true (§17.2.2); an error is not true."""
        return self.value(condition, bindings, f"IF(({condition.text}\n), true, false)") == TRUE

    def needed(
        self, expression: Expression, bindings: Bindings, witnesses: Mapping[str, Witness], value: Term | None
    ) -> Witness:
        """Of the witnesses of the EXISTS, those that settle the value; what is absent is left out first."""
        needless: list[str] = []
        for name in sorted(witnesses, key=lambda name: bindings[name] == TRUE):
            if len(witnesses) <= _MAX_EXISTS and self._is_settled(expression, bindings, [*needless, name], value):
                needless.append(name)
        return tuple(item for name, witness in witnesses.items() if name not in needless for item in witness)

    def _is_settled(self, expression: Expression, bindings: Bindings, free: list[str], value: Term | None) -> bool:
        """Whether the expression has its value whatever these variables are."""
        others = ({**bindings, **dict(zip(free, x, strict=True))} for x in product((TRUE, FALSE), repeat=len(free)))
        return all(self.holds(expression, o) if value == TRUE else self.value(expression, o) == value for o in others)

    def value(self, expression: Expression, bindings: Bindings, text: str = "") -> Term | None:
        """The value of an expression, or of `text` that is made from it; None for an error."""
        text = text or expression.text
        names = (*expression.names, *(e.name for e in expression.exists))
        terms = tuple(map(bindings.get, names))
        if (text, terms) not in self._cache:
            columns = " ".join(f"?{name}" for name in names)
            data = f"VALUES ({columns}) {{ ({' '.join(map(_written, terms))}) }}" if names else ""
            found = self._store.query(f"{self._prologue} SELECT ({text}\n AS ?value__) {{ {data} }}")
            assert isinstance(found, QuerySolutions)
            value: Term | None = next(iter(found))[0]
            if isinstance(value, NamedNode) and value.value.startswith(_BLANK):
                value = BlankNode(value.value.removeprefix(_BLANK))
            self._cache[text, terms] = value
        return self._cache[text, terms]


def _written(term: Term | None) -> str:
    """A term in VALUES."""
    if isinstance(term, BlankNode):
        return f"<{_BLANK}{term.value}>"
    return "UNDEF" if term is None or isinstance(term, Triple) else str(term)
