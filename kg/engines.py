"""SPARQL in two engines behind one door: pyoxigraph, and rdflib as its referee.

Nothing that a query says may reach the network or a file, and a text that would break an engine is refused first,
see `kg.query_size`.
"""

import os
import re
import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from pyoxigraph import Quad, QueryBoolean, QuerySolutions, Store, Triple

from kg.errors import InputError, LimitError, UsageError
from kg.results import Ask, Rows

if TYPE_CHECKING:
    from kg.limits import Watchdog
    from kg.tokens import Token

ENGINES = ("oxigraph", "rdflib")
SECONDS = 30.0  # until an answer is given up, unless --timeout says otherwise
MAX_QUERY = 100_000  # characters
# An IRI is either plainly an address or short and plain. Anything else may be a comparison: in `1<2)SERVICE#>` the
# engine reads code where the tokenizer reads `<…>`.
_PLAIN_IRI = re.compile(r"<(?:[A-Za-z][A-Za-z0-9+.-]*://.*|[\w.~:/@%#+-]{0,1000})>")
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
        import warnings

        from kg.terms import rdflib_dataset

        if self._dataset is None:
            self._dataset = rdflib_dataset(self.store)
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", DeprecationWarning)  # rdflib's, of its own methods
                return _found_by_rdflib(self._dataset.query(text))
        except Exception as error:  # rdflib lets the exceptions of its parser and of user functions escape as they are
            raise InputError(f"rdflib cannot answer the query: {error}", rule="query") from error


def _found_by_rdflib(found: Any) -> Rows | Ask | list[Triple]:
    from kg.terms import from_node, from_rdflib

    if found.type == "ASK":
        return Ask(bool(found.askAnswer))
    if found.type != "SELECT":
        return [t for t in (from_rdflib(*row) for row in found) if t]
    names = [str(v) for v in found.vars]
    return Rows(names, [tuple(None if x is None else from_node(x) for x in row) for row in found])


def check(text: str, *, where: str = "") -> None:
    """Refuse a query that is too large or too deep, or that would leave the dataset; `where` names its file."""
    if len(text) > MAX_QUERY:
        message = f"the query has {len(text):,} characters, more than {MAX_QUERY:,}"
        raise LimitError(message, where=where, rule="query-size")
    from kg.tokens import tokenize  # a stored query has been checked, and needs none

    for version in {text, unescaped(text)}:
        _check_tokens(list(tokenize(version)), where)


def unescaped(text: str) -> str:
    """A query as it is parsed: escapes are undone before (SPARQL 1.1 §19.2), so they could spell a keyword."""
    return re.sub(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})", _character, text)


def _character(match: re.Match[str]) -> str:
    code = int(match[1] or match[2], 16)
    return chr(code) if code < 0x110000 else "\ufffd"


def _check_tokens(tokens: "list[Token]", where: str) -> None:
    from kg import query_size

    for token in tokens:
        _check_reach(token, query_size.keyword(token), where)
    if problem := query_size.problem(tokens):
        raise LimitError(problem, hint="write it flatter, or ask in parts", where=where, rule="query-depth")


def _check_reach(token: "Token", word: str, where: str) -> None:
    glued = "SERVICE" if "SERVICE" in word else "FROM" if word == "FROM" else ""
    if forbidden := word if token.kind == "word" and word in FORBIDDEN else glued:
        raise UsageError(
            f"a query may not use {forbidden}: it reads this graph and nothing else",
            hint="name other data with --data FILE",
            where=where,
            rule="query-reach",
        )
    if token.kind == "iri" and not _PLAIN_IRI.fullmatch(token.text):
        message = f"{token.text[:40]} may be an IRI or a comparison"
        hint = "write an IRI in full, and a space on both sides of <"
        raise UsageError(message, hint=hint, where=where, rule="query-reach")


def _syntax(message: str, text: str) -> InputError:
    """The parser's error in words: the line, a caret, and of what it expected only what is a sentence."""
    place = re.match(r"error at (\d+):(\d+): (?:expected (?:one of )?)?", message)
    if not place:
        return InputError(f"this is no SPARQL 1.1 query: {message}", rule="syntax")
    line, column = int(place[1]), int(place[2])
    told = [x for x in re.split(r", |\n", message[place.end() :]) if re.fullmatch(r"[A-Za-z]+( [A-Za-z]+){2,}", x)]
    told += _undeclared(text)
    words = "".join(f": {x[0].lower()}{x[1:]}" for x in told[:1])
    shown = [*text.split("\n"), ""][line - 1][:200]
    hint = f"{shown}\n{' ' * (column - 1)}^" if column <= 200 else ""
    return InputError(f"this is no SPARQL 1.1 query: line {line}, column {column}{words}", hint=hint, rule="syntax")


def _undeclared(text: str) -> list[str]:
    from itertools import pairwise

    from kg.tokens import tokenize

    solid = [t for t in tokenize(text) if t.kind not in ("space", "comment")]
    used = [t.text.partition(":")[0] for t in solid if t.kind == "name"]
    declared = {name.text[:-1] for word, name in pairwise(solid) if word.text.upper() == "PREFIX"}
    return [f"the prefix {name}: is not declared" for name in used if name not in declared]


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
