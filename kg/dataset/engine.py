"""SPARQL queries on a dataset, by pyoxigraph or, to compare, by rdflib.

Queries that could reach the network or a file, or break an engine, are refused first, see `kg.rdf.sparql`.
"""

import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from pyoxigraph import DefaultGraph, NamedNode, Quad, QueryBoolean, QuerySolutions, RdfFormat, Store, Triple, parse

from kg.dataset.results import Ask, Rows
from kg.errors import InputError, LimitError, UsageError
from kg.rdf.namespaces import XSD
from kg.terminal import say

if TYPE_CHECKING:
    from kg.limits import Watchdog
    from kg.rdf.sparql import QueryText

ENGINES = ("oxigraph", "rdflib")
SECONDS = 30.0  # the time limit of a query, unless --timeout gives another
MEGABYTES = 4_000  # of memory that a query may take, unless --memory gives another number (Linux)
# What may depend on how often a solution comes, or in which order.
_COPIES = ("BNODE", "GROUP_CONCAT", "LIMIT", "OFFSET", "RAND", "REDUCED", "SAMPLE", "STRUUID", "UUID")
_MOST_COVERING = 4  # graphs in which each pattern of a query is looked up one after the other

Found = Rows | Ask | list[Triple]  # the answer to a SELECT, to an ASK, to a CONSTRUCT or DESCRIBE
Graphs = tuple[Sequence[str], Sequence[str]]  # the IRIs of graphs that make the default graph, and of named graphs


class Scope(NamedTuple):
    """Against what relative IRIs of a query are read, and the graphs of FROM and FROM NAMED; None: all at hand."""

    base: str | None = None
    default: list[Any] | None = None
    named: list[Any] | None = None


class Engine:
    """One dataset to query. `union` makes the default graph the union of all graphs (oxigraph only).

    Copies of a triple in several graphs then count as often, as in other engines, where an answer shows how often.

    `exact` are the quads of a store that has some of their literals in other forms, such as `1` for `01`.
    """

    def __init__(
        self,
        quads: Iterable[Quad] | Store,
        engine: str = "oxigraph",
        *,
        union: bool = False,
        exact: Sequence[Quad] = (),
    ) -> None:
        if engine not in ENGINES:
            raise UsageError(f"no engine {engine}", hint=f"the engines are {' and '.join(ENGINES)}")
        self.name, self.union = engine, union
        self.merged = False  # whether the last answer has several forms of a value as one term
        self._exact = bool(exact)
        self._dataset: Any = None
        self._quads = exact or (quads if isinstance(quads, Store) else list(quads))  # what rdflib is asked about
        self.store = quads if isinstance(quads, Store) else Store()
        if not isinstance(quads, Store):
            self.store.extend(self._quads)

    def run(self, text: str, *, checked: bool = False, base: str = "", graphs: Graphs | None = None) -> Found:
        """Rows for SELECT, Ask for ASK, triples for CONSTRUCT and DESCRIBE.

        FROM and FROM NAMED choose among the named graphs at hand; nothing is fetched. `graphs` are chosen in their
        place (SPARQL 1.1 Protocol §2.1.4). `base` is the IRI against which relative IRIs are read. Raises InputError
        for what is no SPARQL 1.1 query, UsageError for what a query may not do, LimitError for a text that is too long
        or too deeply nested. A `checked` text has passed `sparql.check`.
        """
        if checked:
            return self._answer(text, Scope())
        from kg.rdf import sparql

        chosen = sparql.split_dataset(text, base)
        text, default, named = chosen or (text, None, None)
        if graphs is not None:
            default, named = (list(map(_graph_name, iris)) for iris in graphs)
        sparql.check(text)
        for graph in {*(default or ()), *(named or ())}:
            if not self.store.contains_named_graph(graph):
                hint = f"nothing is fetched: name its file with --data {graph.value}=FILE"
                raise UsageError(f"there is no graph {graph.value} here", hint=hint, rule="query-reach")
        found = self._answer(text, Scope(base or None, default, named))
        return in_order(found, sparql.query_text(text)) if isinstance(found, Rows) and "*" in text else found

    def _answer(self, text: str, scope: Scope) -> Found:
        if self.name == "rdflib":
            return self._rdflib(text, scope)
        found = self._oxigraph(text, scope)
        exact = self._kept_apart(found, text, scope) if self._exact else None
        self.merged = self._exact and exact is None
        return self._in_own_forms(found) if self.merged else found if exact is None else exact

    def _kept_apart(self, found: Found, text: str, scope: Scope) -> Found | None:
        """The answer of rdflib, which keeps forms apart but has more faults; None where it may have one here.

        It is taken where it differs in these forms only, or where rdflib agrees once each value has one form: then the
        forms make the difference. It is not where rdflib takes forms for values: it casts `01` to the string "01",
        against XPath Functions §19.1, and cannot read all that are valid, such as 24:00:00.
        """
        from kg.rdf.sparql import query_text
        from kg.rdf.terms import stored_forms, to_rdflib

        query = query_text(text)
        if XSD + "string" in query.names:
            return None
        try:
            exact = self._rdflib(text, scope)
            if (same := _in_forms(found, exact)) is not None:
                return same
            if any(to_rdflib(literal).ill_typed for literal in stored_forms(q.object for q in self._quads)):
                return None
            forms = {form: literal for literal, form in stored_forms(_literals(query, scope.base)).items()}
            one_form = [Quad(s, p, forms.get(o, o), g) for s, p, o, g in self.store]  # that of the query, if it has one
            return None if _in_forms(found, self._rdflib(text, scope, one_form)) is None else exact
        except (InputError, SyntaxError):
            return None

    def _in_own_forms(self, found: Found) -> Found:
        """The answer of the store with each value in the form that the data have of it, where that is one."""
        from kg.rdf.terms import stored_forms

        literals = {q.object for q in self._quads}
        forms = stored_forms(literals)
        used = Counter([*forms.values(), *literals])
        own: dict[Any, Any] = {form: literal for literal, form in forms.items() if used[form] == 1}
        if isinstance(found, Rows):
            return Rows(found.columns, [tuple(own.get(term, term) for term in row) for row in found.rows])
        return found if isinstance(found, Ask) else [Triple(s, p, own.get(o, o)) for s, p, o in found]

    def _oxigraph(self, text: str, scope: Scope) -> Found:
        union, default = self.union and scope.default is None, scope.default
        if union and self._covering:
            from kg.rdf.sparql import query_text

            if not shows_copies(query_text(text)):
                union, default = False, self._covering
        try:
            found = self.store.query(
                text,
                base_iri=scope.base,
                use_default_graph_as_union=union,
                default_graph=default,
                named_graphs=scope.named,
            )
            if isinstance(found, QuerySolutions):
                names = [v.value for v in found.variables]
                return Rows(names, [tuple(row) for row in found])
            return Ask(bool(found)) if isinstance(found, QueryBoolean) else list(found)
        except SyntaxError as error:
            raise _syntax(str(error.msg), text) from error
        except (RuntimeError, ValueError, OSError) as error:
            raise InputError(f"the query cannot be answered: {error}", rule="query") from error

    @cached_property
    def _covering(self) -> list[Any]:
        """The default graph and those with what it does not have: all triples, with fewer copies. Empty if too many.

        The copies of facts that many passages state would be multiplied with each other in a join.
        """
        graphs: list[Any] = [DefaultGraph()]
        for graph in self.store.named_graphs():
            quads = self.store.quads_for_pattern(None, None, None, graph)
            if any(Quad(s, p, o) not in self.store for s, p, o, _ in quads):
                graphs.append(graph)
            if len(graphs) > _MOST_COVERING:
                return []
        return graphs

    def _rdflib(self, text: str, scope: Scope, quads: list[Quad] | None = None) -> Found:
        import warnings

        import rdflib
        from rdflib.plugins.sparql import CUSTOM_EVALS

        from kg.rdf.terms import RDFLIB_LOCK, rdflib_dataset

        with RDFLIB_LOCK, warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # rdflib's, of its own methods
            before, rdflib.NORMALIZE_LITERALS = rdflib.NORMALIZE_LITERALS, False  # or +1 in a query is not +1 in data
            CUSTOM_EVALS[__name__] = _repaired
            try:
                chosen = self._quads if quads is None else quads
                if scope.default is not None:
                    merged = (Quad(*q.triple) for q in chosen if q.graph_name in scope.default)
                    chosen = [*merged, *(q for q in chosen if q.graph_name in (scope.named or ()))]
                known = self._dataset if chosen is self._quads else None
                dataset = rdflib_dataset(chosen) if known is None else known
                if chosen is self._quads:
                    self._dataset = dataset
                return _found_by_rdflib(dataset.query(text, base=scope.base))
            except MemoryError:
                raise
            except Exception as error:  # rdflib lets the exceptions of its parser and of functions escape as they are
                raise InputError(f"rdflib cannot answer the query: {error}", rule="query") from error
            finally:
                rdflib.NORMALIZE_LITERALS = before
                del CUSTOM_EVALS[__name__]


def shows_copies(query: "QueryText") -> bool:
    """Whether an answer may tell that a triple comes several times, as in some unions of graphs (§13, §18.5)."""
    if query.form is None or not (query.word(query.form) == "ASK" or query.word(query.form + 1) == "DISTINCT"):
        return True
    counted = (i for i in query.uses("AVG", "COUNT", "SUM") if query.word(i + 2) != "DISTINCT")
    return any(query.uses(*_COPIES)) or any(counted)


def _graph_name(iri: str) -> NamedNode:
    try:
        return NamedNode(iri)
    except ValueError as error:
        raise UsageError(f"“{iri[:100]}” is no IRI of a graph", rule="query-reach") from error


def _repaired(context: Any, part: Any) -> list[Any]:
    """The solutions of a part of a query that rdflib gets wrong; NotImplementedError is for those that it may evaluate.

    It loses a row of VALUES that no OPTIONAL matches, since it does not know what VALUES binds (SPARQL 1.1 §18.5), and
    makes a group of nothing (§18.5.1).
    """
    from rdflib.plugins.sparql.evaluate import evalAggregateJoin, evalPart

    if part.name == "LeftJoin" and part.p1._vars is not None:
        part.p1._vars.update(_bound_by_values(part.p1))
    if part.name == "AggregateJoin" and part.p.expr is not None:
        found = list(evalAggregateJoin(context, part))
        return found if any(found) or next(iter(evalPart(context, part.p)), None) is not None else []
    raise NotImplementedError


def _bound_by_values(part: Any) -> set[Any]:
    inner = [_bound_by_values(x) for key, x in part.items() if key != "expr" and hasattr(x, "name")]
    own = {name for row in part.res for name in row} if part.name == "values" else set()
    return own.union(*inner)


def _in_forms(found: Found, exact: Found) -> Found | None:
    """`exact`, in the order of `found`, where both say the same but for the forms of literals; else None."""
    if isinstance(found, Ask) or isinstance(exact, Ask):
        return exact if isinstance(found, Ask) and isinstance(exact, Ask) and found.value == exact.value else None
    from kg.rdf.terms import stored_forms

    rows, others = (x.rows if isinstance(x, Rows) else list(map(tuple, x)) for x in (found, exact))
    forms = stored_forms(term for row in (*rows, *others) for term in row)

    def merged(row: tuple[Any, ...]) -> tuple[Any, ...]:
        return tuple(forms.get(term, term) for term in row)

    if not isinstance(found, Rows) or not isinstance(exact, Rows):
        return exact if set(map(merged, rows)) == set(map(merged, others)) else None
    if sorted(found.columns) != sorted(exact.columns):
        return None
    order, waiting = [exact.columns.index(name) for name in found.columns], dict[tuple[Any, ...], list[Any]]()
    for row in reversed(others):
        given = tuple(row[i] for i in order)
        waiting.setdefault(merged(given), []).append(given)
    if Counter(map(merged, rows)) != {row: len(given) for row, given in waiting.items()}:
        return None
    return Rows(found.columns, [waiting[merged(row)].pop() for row in rows])


def _literals(query: "QueryText", base: str | None) -> list[Any]:
    """The literals of a query that are numbers or have a datatype."""
    spans = ((i, i + 1 if t.kind == "number" else i + 3) for i, t in enumerate(query.tokens))
    written = [query.slice(*span) for span in spans if span[1] == span[0] + 1 or query.text_at(span[0] + 1) == "^^"]
    text = f"{query.prologue}\n<x:s> <x:p> {', '.join(written)} ." if written else ""
    return [q.object for q in parse(text, format=RdfFormat.TURTLE, base_iri=base)]


def in_order(found: Rows, query: "QueryText") -> Rows:
    """The rows of a `SELECT *` with their columns in the order in which the query names them; others as they are."""
    head = [query.text_at(i) for i in range((query.form or 0) + 1, (query.form or 0) + 3)]
    if head[0] != "*" and head[1:] != ["*"]:  # DISTINCT or REDUCED stands before it
        return found
    names = dict.fromkeys(map(query.variable, range(len(query.tokens))))
    order = [found.columns.index(name) for name in names if name in found.columns]
    return Rows([found.columns[i] for i in order], [tuple(row[i] for i in order) for row in found.rows])


def _found_by_rdflib(found: Any) -> Found:
    from kg.rdf.terms import from_node, from_rdflib

    if found.type == "ASK":
        return Ask(bool(found.askAnswer))
    if found.type != "SELECT":
        return [t for t in (from_rdflib(*row) for row in found) if t]
    names = [
        str(v) for v in found.vars
    ]  # `bindings` has rows too in which nothing is bound, which iterating leaves out
    rows = (map(row.get, found.vars) for row in found.bindings)
    return Rows(names, [tuple(None if x is None else from_node(x) for x in row) for row in rows])


def _syntax(message: str, text: str) -> InputError:
    """The error of pyoxigraph: the place, with a caret below it, and the reason if it gives one."""
    from kg.rdf.sparql import query_text, syntax_error

    line, column, reason = syntax_error(message, query_text(text))
    place = f": line {line}, column {column}" if line else ""
    shown = [*text.split("\n"), ""][line - 1][:200]
    hint = f"{shown}\n{' ' * (column - 1)}^" if 0 < column <= 200 else ""
    return InputError(f"this is no SPARQL 1.1 query{place}{reason and f': {reason}'}", hint=hint, rule="syntax")


@contextmanager
def limited(memory: int | None) -> Iterator[None]:
    """Raise LimitError in this context where rdflib takes more than so many megabytes (Linux).

    One call of Python's `re` may take all that there is before the watchdog can run. pyoxigraph lets it run, and may
    hang where there is no memory.
    """
    from kg.limits import limit_growth

    undo = (lambda: None) if memory is None else limit_growth(memory)
    try:
        yield
    except MemoryError as error:
        raise _too_much_memory(memory) from error
    finally:
        undo()


def memory_of_query() -> int:
    """The megabytes of memory that a query may take: MEGABYTES, or four fifths of the machine's."""
    from kg.limits import machine_memory

    return min(MEGABYTES, machine_memory() * 4 // 5) or MEGABYTES


def _too_much_memory(memory: int | None, where: str = "") -> LimitError:
    message, hint = f"more than {memory} MB of memory are needed", "raise the limit with --memory MEGABYTES"
    return LimitError(message, hint=hint, where=where, rule="memory")


def _too_late(seconds: float, where: str) -> LimitError:
    message, hint = f"no answer within {seconds:g} s", "raise the limit with --timeout SECONDS"
    return LimitError(message, hint=hint, where=where, rule="time-out")


def watchdog(
    seconds: float,
    where: str = "",
    memory: int | None = None,
    last: Callable[[LimitError], None] = lambda error: None,
) -> "Watchdog":
    """End this process with exit code 4 after `seconds`, since neither engine can be interrupted.

    So it ends when it grows by more than `memory` megabytes (Linux). The message names the file of the query, `where`,
    if there is one. `last` is called before, with the error.
    """
    from kg.limits import Watchdog

    def stop() -> None:
        error = _too_much_memory(memory, where) if timer.grown else _too_late(seconds, where)
        try:
            last(error)
        finally:
            say(str(error))
            os._exit(LimitError.exit_code)

    timer = Watchdog(seconds, stop, memory)
    timer.start()
    return timer
