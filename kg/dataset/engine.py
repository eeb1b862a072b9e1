"""SPARQL queries on a dataset, by pyoxigraph or, to compare, by rdflib.

Queries that could reach the network or a file, or break an engine, are refused first, see `kg.rdf.sparql`.
"""

import os
import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from pyoxigraph import Quad, QueryBoolean, QuerySolutions, Store, Triple

from kg.dataset.results import Ask, Rows
from kg.errors import InputError, LimitError, UsageError

if TYPE_CHECKING:
    from kg.limits import Watchdog

ENGINES = ("oxigraph", "rdflib")
SECONDS = 30.0  # the time limit of a query, unless --timeout gives another


class Engine:
    """One dataset to query. `union` makes the default graph the union of all graphs (oxigraph only)."""

    def __init__(self, quads: Iterable[Quad] | Store, engine: str = "oxigraph", *, union: bool = False) -> None:
        if engine not in ENGINES:
            raise UsageError(f"no engine {engine}", hint=f"the engines are {' and '.join(ENGINES)}")
        self.name, self.union = engine, union
        self._dataset: Any = None
        self.store = quads if isinstance(quads, Store) else Store()
        if not isinstance(quads, Store):
            self.store.extend(quads)

    def run(self, text: str, *, checked: bool = False) -> Rows | Ask | list[Triple]:
        """Rows for SELECT, Ask for ASK, triples for CONSTRUCT and DESCRIBE.

        Raises InputError for what is no SPARQL 1.1 query, UsageError for what a query may not do, LimitError for a
        text that is too long or too deeply nested. A `checked` text has already passed `sparql.check`.
        """
        if not checked:
            from kg.rdf import sparql

            sparql.check(text)
        return self._rdflib(text) if self.name == "rdflib" else self._oxigraph(text)

    def _oxigraph(self, text: str) -> Rows | Ask | list[Triple]:
        try:
            found = self.store.query(text, use_default_graph_as_union=self.union)
            if isinstance(found, QuerySolutions):
                names = [v.value for v in found.variables]
                return Rows(names, [tuple(row) for row in found])
            return Ask(bool(found)) if isinstance(found, QueryBoolean) else list(found)
        except SyntaxError as error:
            raise _syntax(str(error.msg), text) from error
        except (RuntimeError, ValueError, OSError) as error:
            raise InputError(f"the query cannot be answered: {error}", rule="query") from error

    def _rdflib(self, text: str) -> Rows | Ask | list[Triple]:
        import warnings

        from kg.rdf.terms import rdflib_dataset

        if self._dataset is None:
            self._dataset = rdflib_dataset(self.store)
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", DeprecationWarning)  # rdflib's, of its own methods
                return _found_by_rdflib(self._dataset.query(text))
        except Exception as error:  # rdflib lets the exceptions of its parser and of user functions escape as they are
            raise InputError(f"rdflib cannot answer the query: {error}", rule="query") from error


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
    from kg.rdf.sparql import QueryText, syntax_error

    line, column, reason = syntax_error(message, QueryText(text))
    place = f": line {line}, column {column}" if line else ""
    shown = [*text.split("\n"), ""][line - 1][:200]
    hint = f"{shown}\n{' ' * (column - 1)}^" if 0 < column <= 200 else ""
    return InputError(f"this is no SPARQL 1.1 query{place}{reason and f': {reason}'}", hint=hint, rule="syntax")


def watchdog(seconds: float) -> "Watchdog":
    """End this process with exit code 4 after `seconds`, since neither engine can be interrupted."""
    from kg.limits import Watchdog

    def stop() -> None:
        sys.stdout.flush()
        message = f"error: no answer within {seconds:g} s [time-out]"
        sys.stderr.write(f"{message}\n  raise the limit with --timeout SECONDS\n")
        sys.stderr.flush()
        os._exit(LimitError.exit_code)

    timer = Watchdog(seconds, stop)
    timer.start()
    return timer
