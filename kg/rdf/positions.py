"""Positions: where the subject, predicate and object of each triple of a Turtle or TriG document are written.

A walk over the tokens that follows the grammar of Turtle 1.1 §6.5 and TriG 1.1 §4 as far as needed to find subjects,
predicates and objects. Each term (escapes, prefixes, relative IRIs, language tags) is parsed by pyoxigraph: both agree.
Open brackets are on a list, not on the call stack, so that depth is not limited.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from pyoxigraph import BlankNode, DefaultGraph, NamedNode, RdfFormat, Triple, parse

from kg.errors import InputError
from kg.rdf.namespaces import RDF
from kg.rdf.terms import Term
from kg.rdf.tokens import Token, line_column, tokenize

_Node = NamedNode | BlankNode
_Part = Term | None  # None: any
_Scope = _Node | DefaultGraph | None

_TYPE, _FIRST, _REST, _NIL = (NamedNode(RDF + name) for name in ("type", "first", "rest", "nil"))


class Position(NamedTuple):
    """A triple, its graph (None: the default graph), and where its three parts start, in code points.

    A part that is not written has the position of what stands for it: for `rdf:first` and `rdf:rest` of a collection
    that is the item, or the closing bracket.
    """

    graph: _Node | None
    triple: Triple
    subject_at: int
    predicate_at: int
    object_at: int


def positions(text: str, base: str = "") -> Iterator[Position]:
    """Yield the position of each triple of a document that pyoxigraph accepts as TriG or Turtle.

    The terms equal those of `pyoxigraph.parse`, lexical forms unchanged; blank nodes without a label get one that is
    the same on each run. Raises InputError where a token is not Turtle or TriG 1.1 (as triple terms of RDF 1.2).
    """
    return iter(_walk(text, base).found)


def locate(
    text: str,
    graph: _Scope = None,
    subject: _Part = None,
    predicate: _Part = None,
    object: _Part = None,
    base: str = "",
) -> tuple[int, int] | None:
    """Return the line and column, from 1, of the best place for a finding on these terms (None: any), or None.

    The best place is the triple itself, at its object; else the same subject and predicate, at the predicate; else the
    subject, where it first opens a triple. The graph is searched first, then the whole document. The last resort is the
    label of the graph (`p:x {`), else the node that names it (`p:x a ent:Passage`). Raises InputError as `positions`.
    """
    walk = _walk(text, base)
    patterns = [(subject, predicate, object), (subject, predicate, None), (subject, None, None)]
    patterns = [p for p in patterns if any(p)]
    scopes = [graph, None] if patterns else [graph]
    places = [walk.place(scope, *pattern) for scope in scopes for pattern in patterns or [(None, None, None)]]
    if graph is not None:
        places.append(walk.labels.get(graph))
    if isinstance(graph, _Node):
        places.append(walk.place(None, graph, None, None))
    return next((line_column(text, at) for at in places if at is not None), None)


@lru_cache(maxsize=4096)
def _term(declarations: str, source: str) -> Term:
    """The term that pyoxigraph reads in `source`."""
    term: Term = next(iter(parse(f"{declarations} <x:s> <x:p> {source} .", format=RdfFormat.TURTLE))).object
    return term


@dataclass(slots=True)
class _Open:
    """A statement, `[` or `(` that is not closed yet, and the parts of its triple so far."""

    opener: str
    at: int
    subject: _Node | None = None
    predicate: NamedNode | None = None
    subject_at: int = 0
    predicate_at: int = 0
    head: _Node = _NIL  # of a collection, whose `subject` is the last cell


class _Walk:
    """One pass over a document: `found` has its triples in the order in which they end, `labels` places of graphs."""

    def __init__(self, text: str, base: str) -> None:
        self.found: list[Position] = []
        self.labels: dict[_Node | DefaultGraph, int] = {}
        self._indexes: dict[tuple[bool, ...], dict[tuple[object, ...], Position]] = {}  # by the parts that are given
        self._text = text
        self._tokens = [token for token in tokenize(text) if token.kind not in ("space", "comment")]
        self._next = 0
        self._base = f"BASE <{base}>" if base else ""
        self._prefixes: dict[str, str] = {}
        self._graph: _Node | None = None
        self._open = [_Open("", 0)]
        self._anonymous = 0
        self._anonymous_label = "anonymous"
        while f"_:{self._anonymous_label}" in text:
            self._anonymous_label += "x"
        while self._next < len(self._tokens):
            self._step(self._take())

    def place(self, *pattern: _Part | DefaultGraph) -> int | None:
        """The offset of the last part given of graph, subject, predicate and object, in the first triple with all."""
        given = tuple(part is not None for part in pattern)
        if given not in self._indexes:
            index = self._indexes[given] = {}
            for position in self.found:
                parts = (position.graph or DefaultGraph(), *position.triple)
                index.setdefault(tuple(p if g else None for p, g in zip(parts, given, strict=True)), position)
        first = self._indexes[given].get(pattern)
        if first is None:
            return None
        if given[3]:
            return first.object_at
        return first.predicate_at if given[2] else first.subject_at

    def _step(self, token: Token) -> None:
        if token.kind in ("iri", "name", "bnode", "number") or token.text in ("true", "false"):
            self._add(self._read(token), token)
        elif token.kind == "string":
            self._add(self._read(token, self._suffix()), token)
        elif token.kind == "punct":
            self._punctuation(token)
        elif (token.kind, token.text) == ("word", "a"):
            self._add(_TYPE, token)
        elif token.kind in ("word", "directive"):
            self._directive(token)
        else:
            self._refuse(token)

    # Tokens and terms

    def _take(self) -> Token:
        if self._next == len(self._tokens):
            raise InputError("the document ends too early", where=self._where(len(self._text)))
        self._next += 1
        return self._tokens[self._next - 1]

    def _where(self, offset: int) -> str:
        return ":".join(map(str, line_column(self._text, offset)))

    def _refuse(self, token: Token) -> None:
        message = f"{token.text[:40]!r} is not expected here in Turtle or TriG 1.1"
        raise InputError(message, where=self._where(token.start))

    def _read(self, token: Token, suffix: str = "") -> Term:
        """The term that a token (and what follows a string) stands for, under the declarations so far."""
        prefix = (suffix.removeprefix("^^") or token.text).partition(":")[0]
        namespace = self._prefixes.get(prefix)
        declarations = self._base if namespace is None else f"{self._base} PREFIX {prefix}: <{namespace}>"
        try:
            return _term(declarations, token.text + suffix)
        except SyntaxError as error:
            raise InputError(str(error), where=self._where(token.start)) from error

    def _suffix(self) -> str:
        """The language tag or the datatype that follows a string; spaces and comments may be between."""
        following = self._tokens[self._next].text if self._next < len(self._tokens) else ""
        if following.startswith("@"):
            return self._take().text
        return self._take().text + self._take().text if following == "^^" else ""

    def _fresh(self) -> BlankNode:
        self._anonymous += 1
        return BlankNode(f"{self._anonymous_label}{self._anonymous}")

    def _directive(self, token: Token) -> None:
        """`@prefix`, `@base` and their SPARQL forms, the version of RDF 1.2, and the keyword of TriG."""
        keyword = token.text.removeprefix("@").lower()
        if keyword == "prefix":
            prefix = self._take().text.removesuffix(":")
            self._prefixes[prefix] = self._namespace()
        elif keyword == "base":
            self._base = f"BASE <{self._namespace()}>"
        elif keyword == "version":
            self._take()
        elif keyword != "graph":
            self._refuse(token)

    def _namespace(self) -> str:
        term = self._read(self._take())
        return term.value if isinstance(term, NamedNode) else ""

    # Triples

    def _add(self, term: Term, token: Token) -> None:
        """Add a term to the innermost open statement or bracket, as the next part of its triple."""
        top = self._open[-1]
        if top.opener == "(":
            self._add_item(top, term, token.start)
        elif top.subject is None and isinstance(term, _Node):
            top.subject, top.subject_at = term, token.start
        elif top.subject is not None and top.predicate is None and isinstance(term, NamedNode):
            top.predicate, top.predicate_at = term, token.start
        elif top.subject is not None and top.predicate is not None:
            self._found(top.subject, top.predicate, term, top.subject_at, top.predicate_at, token.start)
        else:
            self._refuse(token)

    def _add_item(self, top: _Open, term: Term, at: int) -> None:
        cell = self._fresh()
        if top.subject is None:
            top.head, top.subject_at = cell, top.at
        else:
            self._found(top.subject, _REST, cell, top.subject_at, at, at)
            top.subject_at = at
        top.subject = cell
        self._found(cell, _FIRST, term, top.subject_at, at, at)

    def _found(self, s: _Node, p: NamedNode, o: Term, s_at: int, p_at: int, o_at: int) -> None:
        self.found.append(Position(self._graph, Triple(s, p, o), s_at, p_at, o_at))

    def _punctuation(self, token: Token) -> None:
        """Open or close a bracket or a graph, end a statement or a predicate; a comma changes nothing."""
        match token.text:
            case "[" | "(":
                subject = self._fresh() if token.text == "[" else None
                self._open.append(_Open(token.text, token.start, subject, subject_at=token.start))
            case "]" | ")":
                self._close_bracket(token)
            case ";":
                self._open[-1].predicate = None
            case "." | "{" | "}":
                if token.text == "{":
                    label, self._graph = self._open[-1], self._open[-1].subject
                    at = label.subject_at if label.subject else token.start
                    self.labels.setdefault(label.subject or DefaultGraph(), at)
                elif token.text == "}":
                    self._graph = None
                self._open = [_Open("", token.start)]
            case mark if mark != ",":
                self._refuse(token)

    def _close_bracket(self, token: Token) -> None:
        done = self._open.pop()
        if done.opener + token.text not in ("[]", "()"):
            self._refuse(token)
        opener = Token("punct", done.opener, done.at)
        if done.subject is None:
            self._add(_NIL, opener)
        elif done.opener == "[":
            self._add(done.subject, opener)
        else:
            self._found(done.subject, _REST, _NIL, done.subject_at, token.start, token.start)
            self._add(done.head, opener)


_walk = lru_cache(maxsize=8)(_Walk)  # once for all findings of a document
