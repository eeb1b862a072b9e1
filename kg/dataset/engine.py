"""SPARQL queries on a dataset, by pyoxigraph or, to compare, by rdflib.

Queries that could reach the network or a file, or break an engine, are refused first, see `kg.rdf.sparql`.
"""

import os
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, NamedTuple

from pyoxigraph import Quad, QueryBoolean, QuerySolutions, Store, Triple

from kg.dataset.results import Ask, Rows
from kg.errors import InputError, LimitError, UsageError
from kg.terminal import say

if TYPE_CHECKING:
    from kg.limits import Watchdog
    from kg.rdf.sparql import QueryText

ENGINES = ("oxigraph", "rdflib")
SECONDS = 30.0  # the time limit of a query, unless --timeout gives another


class _Scope(NamedTuple):
    """Against what relative IRIs of a query are read, and the graphs of FROM and FROM NAMED; None: all at hand."""

    base: str | None = None
    default: list[Any] | None = None
    named: list[Any] | None = None


class Engine:
    """One dataset to query. `union` makes the default graph the union of all graphs (oxigraph only)."""

    def __init__(self, quads: Iterable[Quad] | Store, engine: str = "oxigraph", *, union: bool = False) -> None:
        if engine not in ENGINES:
            raise UsageError(f"no engine {engine}", hint=f"the engines are {' and '.join(ENGINES)}")
        self.name, self.union = engine, union
        self._dataset: Any = None
        self._quads = quads if isinstance(quads, Store) else list(quads)
        self.store = quads if isinstance(quads, Store) else Store()
        if not isinstance(quads, Store):
            self.store.extend(self._quads)

    def run(self, text: str, *, checked: bool = False, base: str = "") -> Rows | Ask | list[Triple]:
        """Rows for SELECT, Ask for ASK, triples for CONSTRUCT and DESCRIBE.

        FROM and FROM NAMED choose among the named graphs at hand; nothing is fetched. `base` is the IRI against which
        relative IRIs are read. Raises InputError for what is no SPARQL 1.1 query, UsageError for what a query may not
        do, LimitError for a text that is too long or too deeply nested. A `checked` text has passed `sparql.check`.
        """
        if checked:
            return self._answer(text, _Scope())
        from kg.rdf import sparql

        chosen = sparql.split_dataset(text, base)
        text, default, named = chosen or (text, None, None)
        sparql.check(text)
        for graph in {*(default or ()), *(named or ())}:
            if not self.store.contains_named_graph(graph):
                hint = f"nothing is fetched: name its file with --data {graph.value}=FILE"
                raise UsageError(f"there is no graph {graph.value} here", hint=hint, rule="query-reach")
        found = self._answer(text, _Scope(base or None, default, named))
        return _in_order(found, sparql.query_text(text)) if isinstance(found, Rows) and "*" in text else found

    def _answer(self, text: str, scope: _Scope) -> Rows | Ask | list[Triple]:
        return self._rdflib(text, scope) if self.name == "rdflib" else self._oxigraph(text, scope)

    def _oxigraph(self, text: str, scope: _Scope) -> Rows | Ask | list[Triple]:
        try:
            found = self.store.query(
                text,
                base_iri=scope.base,
                use_default_graph_as_union=self.union and scope.default is None,
                default_graph=scope.default,
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

    def _rdflib(self, text: str, scope: _Scope) -> Rows | Ask | list[Triple]:
        import warnings

        from kg.rdf.terms import RDFLIB_LOCK, rdflib_dataset

        with RDFLIB_LOCK, warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # rdflib's, of its own methods
            if self._dataset is None:
                self._dataset = rdflib_dataset(self._quads)
            dataset = self._dataset
            if scope.default is not None:
                merged = (Quad(*q.triple) for q in self._quads if q.graph_name in scope.default)
                dataset = rdflib_dataset([*merged, *(q for q in self._quads if q.graph_name in (scope.named or ()))])
            try:
                return _found_by_rdflib(dataset.query(text, base=scope.base))
            except Exception as error:  # rdflib lets the exceptions of its parser and of functions escape as they are
                raise InputError(f"rdflib cannot answer the query: {error}", rule="query") from error


def _in_order(found: Rows, query: "QueryText") -> Rows:
    """The rows of a `SELECT *` with their columns in the order in which the query names them; others as they are."""
    head = [query.text_at(i) for i in range((query.form or 0) + 1, (query.form or 0) + 3)]
    if head[0] != "*" and head[1:] != ["*"]:  # DISTINCT or REDUCED stands before it
        return found
    names = dict.fromkeys(map(query.variable, range(len(query.tokens))))
    order = [found.columns.index(name) for name in names if name in found.columns]
    return Rows([found.columns[i] for i in order], [tuple(row[i] for i in order) for row in found.rows])


def _found_by_rdflib(found: Any) -> Rows | Ask | list[Triple]:
    from kg.rdf.terms import from_node, from_rdflib

    if found.type == "ASK":
        return Ask(bool(found.askAnswer))
    if found.type != "SELECT":
        return [t for t in (from_rdflib(*row) for row in found) if t]
    names = [str(v) for v in found.vars]
    return Rows(names, [tuple(None if x is None else from_node(x) for x in row) for row in found])


def _syntax(message: str, text: str) -> InputError:
    """The error of pyoxigraph: the place, with a caret below it, and the reason if it gives one."""
    from kg.rdf.sparql import query_text, syntax_error

    line, column, reason = syntax_error(message, query_text(text))
    place = f": line {line}, column {column}" if line else ""
    shown = [*text.split("\n"), ""][line - 1][:200]
    hint = f"{shown}\n{' ' * (column - 1)}^" if 0 < column <= 200 else ""
    return InputError(f"this is no SPARQL 1.1 query{place}{reason and f': {reason}'}", hint=hint, rule="syntax")


def watchdog(seconds: float, where: str = "") -> "Watchdog":
    """End this process with exit code 4 after `seconds`, since neither engine can be interrupted.

    The message names the file of the query, `where`, if there is one.
    """
    from kg.limits import Watchdog

    def stop() -> None:
        hint = "raise the limit with --timeout SECONDS"
        say(str(LimitError(f"no answer within {seconds:g} s", hint=hint, where=where, rule="time-out")))
        os._exit(LimitError.exit_code)

    timer = Watchdog(seconds, stop)
    timer.start()
    return timer
