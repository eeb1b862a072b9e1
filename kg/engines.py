"""SPARQL in two engines behind one door: pyoxigraph, and rdflib as its referee.

Nothing that a query says may reach the network or a file, and a text that would break an engine is refused first:
deep nesting kills the process that runs pyoxigraph.
"""

import os
import re
import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from pyoxigraph import Quad, QueryBoolean, QuerySolutions, Store, Triple

from kg.errors import InputError, LimitError, UsageError
from kg.results import Ask, Rows
from kg.tokens import Token, tokenize

if TYPE_CHECKING:
    import threading

ENGINES = ("oxigraph", "rdflib")
MAX_QUERY = 100_000  # characters
MAX_DEPTH = 200  # brackets within brackets; 2,200 kill the process
MAX_UNIONS = 500  # 6,600 kill the process
# FROM would name a file or an address (rdflib fetches it); the others speak to a server or change the graph.
FORBIDDEN = frozenset({"SERVICE", "LOAD", "FROM", "INSERT", "DELETE", "CLEAR", "DROP", "CREATE", "ADD", "MOVE", "COPY"})


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
        text that is too long or too deeply nested. A `checked` text has passed `check` before.
        """
        if not checked:
            check(text)
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
        from kg.terms import from_node, from_rdflib, rdflib_dataset

        if self._dataset is None:
            self._dataset = rdflib_dataset(self.store)
        try:
            found = self._dataset.query(text)
            if found.type == "ASK":
                return Ask(bool(found.askAnswer))
            if found.type != "SELECT":
                return [t for t in (from_rdflib(*row) for row in found) if t]
            names = [str(v) for v in found.vars]
            return Rows(names, [tuple(None if x is None else from_node(x) for x in row) for row in found])
        except Exception as error:  # rdflib lets the exceptions of its parser and of user functions escape as they are
            raise InputError(f"rdflib cannot answer the query: {error}", rule="query") from error


def check(text: str, *, where: str = "") -> None:
    """Refuse a query that is too large or too deep, or that would leave the dataset; `where` names its file."""
    if len(text) > MAX_QUERY:
        message = f"the query has {len(text):,} characters, more than {MAX_QUERY:,}"
        raise LimitError(message, where=where, rule="query-size")
    # Escapes are decoded before a query is parsed (SPARQL 1.1 §19.2), so they could spell a keyword.
    decoded = re.sub(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})", _character, text)
    for version in {text, decoded}:
        _check_tokens(list(tokenize(version)), where)


def _character(match: re.Match[str]) -> str:
    code = int(match[1] or match[2], 16)
    return chr(code) if code < 0x110000 else "\ufffd"


def _check_tokens(tokens: list[Token], where: str) -> None:
    depth = deepest = unions = 0
    for token in tokens:
        word = token.text.upper() if token.kind in ("word", "name", "directive") else ""
        if word in FORBIDDEN:
            raise UsageError(
                f"a query may not use {word}: it reads this graph and nothing else",
                hint="name other data with --data FILE",
                where=where,
                rule="query-reach",
            )
        unions += word == "UNION"
        if token.kind == "punct":
            depth += sum(c in "{([" for c in token.text) - sum(c in "})]" for c in token.text)
            deepest = max(deepest, depth)
    if deepest > MAX_DEPTH or unions > MAX_UNIONS:
        raise LimitError("the query is nested too deeply", hint="write it flatter", where=where, rule="query-depth")


def _syntax(message: str, text: str) -> InputError:
    plain = re.sub(r"^error at (\d+:\d+): ", r"\1: ", message)
    return InputError(f"this is no SPARQL 1.1 query: {plain}", rule="syntax")


def _store(quads: Iterable[Quad]) -> Store:
    store = Store()
    store.extend(quads)
    return store


def watchdog(seconds: float) -> "threading.Timer":
    """End this process with exit code 4 after `seconds`; neither engine can be stopped from within."""
    import threading

    def stop() -> None:
        sys.stdout.flush()
        sys.stderr.write(
            f"error: no answer within {seconds:g} s [time-out]\n  raise the limit with --timeout SECONDS\n"
        )
        sys.stderr.flush()
        os._exit(LimitError.exit_code)

    timer = threading.Timer(seconds, stop)
    timer.daemon = True
    timer.start()
    return timer
