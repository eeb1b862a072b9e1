"""Where each triple of a Turtle or TriG document stands: a walk over its tokens, for the place of a finding.

The walk knows the grammar of Turtle 1.1 §6.5 and TriG 1.1 §4 just as far as it takes to tell a subject, a
predicate and an object apart. What a term *means* (escapes, prefixes, relative IRIs, language tags) is asked
of the strict parser, term by term, so that both agree. Open brackets are kept on a list: depth does no harm.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import ClassVar, NamedTuple

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, RdfFormat, Triple, parse

from kg.errors import InputError
from kg.rdf.tokens import Token, line_column, tokenize

_Node = NamedNode | BlankNode
_Term = NamedNode | BlankNode | Literal | Triple

_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_ANY = (None, None, None)  # any subject, any predicate, any object
_TYPE, _FIRST, _REST, _NIL = (NamedNode(_RDF + name) for name in ("type", "first", "rest", "nil"))


class Position(NamedTuple):
    """A triple, its graph (None: the default graph), and where its three parts start, in code points.

    A part that is not written down has the place of what stands for it: for `rdf:first` and `rdf:rest` of a
    collection that is the item, or the closing bracket.
    """

    graph: NamedNode | BlankNode | None
    triple: Triple
    subject_at: int
    predicate_at: int
    object_at: int


def positions(text: str, *, base_iri: str | None = None) -> Iterator[Position]:
    """Yield the place of each triple of a document that the strict parser has accepted as TriG (or Turtle).

    The terms equal those of `pyoxigraph.parse`, lexical forms kept; blank nodes without a label get one that
    is the same on each run. `base_iri` is what relative IRIs resolve against until the document says `@base`.
    Raises InputError where a token is not Turtle or TriG 1.1 (the triple terms of RDF 1.2 are not).
    """
    return iter(_walk(text, base_iri).found)


def locate(
    text: str,
    graph: NamedNode | BlankNode | DefaultGraph | None = None,
    subject: NamedNode | BlankNode | None = None,
    predicate: NamedNode | None = None,
    object: NamedNode | BlankNode | Literal | Triple | None = None,
    *,
    base_iri: str | None = None,
) -> tuple[int, int] | None:
    """Return the line and column, from 1, of the best place for a finding on these terms, or None.

    None as an argument means "any". The best place is the triple itself, at its object; else the same subject
    and predicate, at the predicate; else the subject, where it first opens a triple. The graph is searched
    first, then the whole document. The last resort is the label of the graph (`p:x {`), or else the node that
    names it (`p:x a ent:Passage`). Raises InputError as `positions` does.
    """
    walk = _walk(text, base_iri)
    ladder = [(subject, predicate, object), (subject, predicate, None), (subject, None, None)]
    wishes = [wish for wish in ladder if wish != _ANY] or [_ANY]
    scopes = [graph] if wishes == [_ANY] else [graph, None]
    places = [walk.place(scope, *wish) for scope in scopes for wish in wishes]
    if graph is not None:
        places.append(walk.labels.get(graph))
    if isinstance(graph, NamedNode | BlankNode):
        places.append(walk.place(None, graph, None, None))
    return next((line_column(text, at) for at in places if at is not None), None)


@lru_cache(maxsize=8)
def _walk(text: str, base_iri: str | None) -> "_Walk":
    """A document is walked once, however many findings it has."""
    return _Walk(text, base_iri)


@lru_cache(maxsize=4096)
def _term(declarations: str, source: str) -> _Term:
    """The term that the strict parser reads in `source`."""
    document = f"{declarations} <x:s> <x:p> {source} ."
    term: _Term = next(iter(parse(document, format=RdfFormat.TURTLE))).object
    return term


@dataclass(slots=True)
class _Open:
    """Something that is not closed yet: a statement, a `[` or a `(`, and the parts of its triple so far."""

    opener: str
    at: int
    subject: _Node | None = None
    predicate: NamedNode | None = None
    subject_at: int = 0
    predicate_at: int = 0
    head: _Node = _NIL  # of a collection, whose `subject` is the last cell


class _Walk:
    """One pass over a document: `found` has its triples, each where it ends, `labels` the graphs' places."""

    def __init__(self, text: str, base_iri: str | None) -> None:
        self.found: list[Position] = []
        self._first: dict[tuple[bool, ...], dict[tuple[object, ...], Position]] = {}  # by what is asked for
        self.labels: dict[_Node | DefaultGraph, int] = {}
        self._text = text
        self._tokens = [token for token in tokenize(text) if token.kind not in ("space", "comment")]
        self._next = 0
        self._base = f"BASE <{base_iri}>" if base_iri else ""
        self._prefixes: dict[str, str] = {}
        self._graph: _Node | None = None
        self._open = [_Open("", 0)]
        self._anonymous = 0
        self._anonymous_label = "anonymous"
        while f"_:{self._anonymous_label}" in text:
            self._anonymous_label += "x"
        while self._next < len(self._tokens):
            self._step(self._take())

    def place(
        self,
        graph: _Node | DefaultGraph | None,
        subject: _Node | None,
        predicate: NamedNode | None,
        object: _Term | None,
    ) -> int | None:
        """The offset of the last part that is asked for, in the first triple that has them all."""
        wish = (graph, subject, predicate, object)
        asked = tuple(part is not None for part in wish)
        if asked not in self._first:
            self._first[asked] = {}
            for place in self.found:
                t = place.triple
                parts = (place.graph or DefaultGraph(), t.subject, t.predicate, t.object)
                key = tuple(part if a else None for part, a in zip(parts, asked, strict=True))
                self._first[asked].setdefault(key, place)
        first = self._first[asked].get(wish)
        if first is None:
            return None
        if object is not None:
            return first.object_at
        return first.subject_at if predicate is None else first.predicate_at

    def _step(self, token: Token) -> None:
        if token.kind in ("iri", "name", "bnode", "number") or token.text in ("true", "false"):
            self._add(self._read(token), token)
        elif token.kind == "string":
            self._add(self._read(token, self._suffix()), token)
        elif token.kind == "punct":
            self._ACTIONS.get(token.text, _Walk._refuse)(self, token)
        elif token == ("word", "a", token.start):
            self._add(_TYPE, token)
        elif token.kind in ("word", "directive"):
            self._directive(token)
        else:
            self._refuse(token)

    # -- tokens and terms

    def _take(self) -> Token:
        if self._next == len(self._tokens):
            raise InputError("the document ends too early", where=self._where(len(self._text)))
        self._next += 1
        return self._tokens[self._next - 1]

    def _where(self, offset: int) -> str:
        line, column = line_column(self._text, offset)
        return f"{line}:{column}"

    def _refuse(self, token: Token) -> None:
        raise InputError(
            f"{token.text[:40]!r} is not expected here in Turtle or TriG 1.1",
            where=self._where(token.start),
            hint="the positions are those of a document that the strict parser accepts",
        )

    def _read(self, token: Token, suffix: str = "") -> _Term:
        """The term that a token (and what follows a string) stands for, under the declarations so far."""
        prefix = (suffix.removeprefix("^^") or token.text).partition(":")[0]
        namespace = self._prefixes.get(prefix)
        declarations = self._base if namespace is None else f"{self._base} PREFIX {prefix}: <{namespace}>"
        try:
            return _term(declarations, token.text + suffix)
        except SyntaxError as error:
            raise InputError(str(error), where=self._where(token.start)) from error

    def _suffix(self) -> str:
        """The language tag or the datatype that follows a string; spaces and comments may stand between."""
        following = self._tokens[self._next].text if self._next < len(self._tokens) else ""
        if following.startswith("@"):
            return self._take().text
        return self._take().text + self._take().text if following == "^^" else ""

    def _fresh(self) -> BlankNode:
        self._anonymous += 1
        return BlankNode(f"{self._anonymous_label}{self._anonymous}")

    # -- declarations

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
        token = self._take()
        term = self._read(token)
        return term.value if isinstance(term, NamedNode) else ""

    # -- triples

    def _add(self, term: _Term, token: Token) -> None:
        """Give a term to what is open: it is the next part of its triple."""
        top = self._open[-1]
        if top.opener == "(":
            self._add_item(top, term, token.start)
        elif top.subject is None and isinstance(term, NamedNode | BlankNode):
            top.subject, top.subject_at = term, token.start
        elif top.subject is not None and top.predicate is None and isinstance(term, NamedNode):
            top.predicate, top.predicate_at = term, token.start
        elif top.subject is not None and top.predicate is not None:
            self._found(top.subject, top.predicate, term, top.subject_at, top.predicate_at, token.start)
        else:
            self._refuse(token)

    def _add_item(self, top: _Open, term: _Term, at: int) -> None:
        cell = self._fresh()
        if top.subject is None:
            top.head, top.subject_at = cell, top.at
        else:
            self._found(top.subject, _REST, cell, top.subject_at, at, at)
            top.subject_at = at
        top.subject = cell
        self._found(cell, _FIRST, term, top.subject_at, at, at)

    def _found(self, s: _Node, p: NamedNode, o: _Term, s_at: int, p_at: int, o_at: int) -> None:
        self.found.append(Position(self._graph, Triple(s, p, o), s_at, p_at, o_at))

    # -- punctuation

    def _open_bracket(self, token: Token) -> None:
        subject = self._fresh() if token.text == "[" else None
        self._open.append(_Open(token.text, token.start, subject, subject_at=token.start))

    def _close_bracket(self, token: Token) -> None:
        done = self._open.pop()
        if done.opener + token.text not in ("[]", "()"):
            self._refuse(token)
        elif done.opener == "[" and done.subject is not None:
            self._add(done.subject, Token("punct", "[", done.at))
        elif done.subject is None:
            self._add(_NIL, Token("punct", "(", done.at))
        else:
            self._found(done.subject, _REST, _NIL, done.subject_at, token.start, token.start)
            self._add(done.head, Token("punct", "(", done.at))

    def _next_predicate(self, token: Token) -> None:
        self._open[-1].predicate = None

    def _next_object(self, token: Token) -> None:
        """A comma changes nothing: what follows is one more object."""

    def _end_statement(self, token: Token) -> None:
        self._open = [_Open("", token.start)]

    def _open_graph(self, token: Token) -> None:
        label = self._open[-1]
        self._graph = label.subject
        self.labels.setdefault(label.subject or DefaultGraph(), label.subject_at if label.subject else token.start)
        self._end_statement(token)

    def _close_graph(self, token: Token) -> None:
        self._graph = None
        self._end_statement(token)

    _ACTIONS: ClassVar[dict[str, Callable[["_Walk", Token], None]]] = {
        "[": _open_bracket,
        "]": _close_bracket,
        "(": _open_bracket,
        ")": _close_bracket,
        ";": _next_predicate,
        ",": _next_object,
        ".": _end_statement,
        "{": _open_graph,
        "}": _close_graph,
    }
