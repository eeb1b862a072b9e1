"""SPARQL in two engines behind one door: pyoxigraph, and rdflib as its referee.

Nothing that a query says may reach the network or a file, and a text that would break an engine is refused first,
see `kg.rdf.sparql`.
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
SECONDS = 30.0  # until an answer is given up, unless --timeout says otherwise


class Engine:
    """One dataset that can be asked. `union` makes the default graph the union of all graphs (oxigraph only)."""

    def __init__(self, quads: Iterable[Quad] | Store, engine: str = "oxigraph", *, union: bool = False) -> None:
        if engine not in ENGINES:
            raise UsageError(f"no engine {engine}", hint=f"the engines are {' and '.join(ENGINES)}")
        self.name, self.union = engine, union
        self._dataset: Any = None
        self.store = quads if isinstance(quads, Store) else _store(quads)

    def run(self, text: str, *, checked: bool = False) -> Rows | Ask | list[Triple]:
        """Rows for SELECT, Ask for ASK, triples for CONSTRUCT and DESCRIBE.

        Raises InputError for what is no SPARQL 1.1 query, UsageError for what a query may not do, LimitError for a
        text that is too long or too deeply nested. A `checked` text has passed `sparql.check` before.
        """
        if not checked:
            from kg.rdf import sparql  # a stored query has been checked, and needs no tokens

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
    """What pyoxigraph has against a text: the place, with a caret below it, and the reason where it has one."""
    from kg.rdf.sparql import QueryText, syntax_error

    line, column, reason = syntax_error(message, QueryText(text))
    place = f": line {line}, column {column}" if line else ""
    shown = [*text.split("\n"), ""][line - 1][:200]
    hint = f"{shown}\n{' ' * (column - 1)}^" if 0 < column <= 200 else ""
    return InputError(f"this is no SPARQL 1.1 query{place}{reason and f': {reason}'}", hint=hint, rule="syntax")


def _store(quads: Iterable[Quad]) -> Store:
    store = Store()
    store.extend(quads)
    return store


def watchdog(seconds: float) -> "Watchdog":
    """End this process with exit code 4 after `seconds`; neither engine can be stopped from within."""
    from kg.limits import Watchdog

    def stop() -> None:
        sys.stdout.flush()
        sys.stderr.write(
            f"error: no answer within {seconds:g} s [time-out]\n  raise the limit with --timeout SECONDS\n"
        )
        sys.stderr.flush()
        os._exit(LimitError.exit_code)

    timer = Watchdog(seconds, stop)
    timer.start()
    return timer
