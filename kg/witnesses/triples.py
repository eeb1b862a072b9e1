"""Terms, triples and property paths of SPARQL 1.1 (§19.8), from tokens to the algebra."""

import re
from collections.abc import Iterator

from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, Variable, parse

from kg.errors import UsageError
from kg.tokens import Token, tokenize
from kg.vocabulary import RDF, RDF_TYPE
from kg.witnesses.algebra import (
    HIDDEN,
    Alternative,
    Inverse,
    Match,
    Negated,
    Path,
    Place,
    Repeated,
    Sequence,
    Term,
)

_CLOSING = {"(": ")", "{": "}", "[": "]"}
_TYPE, _NIL = NamedNode(RDF_TYPE), NamedNode(RDF + "nil")
_FIRST, _REST = NamedNode(RDF + "first"), NamedNode(RDF + "rest")


class TripleReader:
    """Reads tokens from left to right; what it cannot read is a UsageError."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = [t for t in tokenize(text) if t.kind not in ("space", "comment")]
        self._at = 0
        self._made = 0  # names made up for blank nodes, EXISTS and keys
        self.prologue = ""
        self.tested: set[str] = set()  # variables of which an expression asks whether they are bound
        self._terms: dict[str, Term] = {}

    # Tokens

    def _peek(self, ahead: int = 0) -> Token:
        at = self._at + ahead
        return self._tokens[at] if at < len(self._tokens) else Token("end", "", len(self._text))

    def _word(self, ahead: int = 0) -> str:
        token = self._peek(ahead)
        return token.text.upper() if token.kind == "word" else ""

    def _next(self) -> Token:
        token = self._peek()
        if token.kind == "end":
            raise self._unknown()
        self._at += 1
        return token

    def _take(self, *texts: str) -> bool:
        """Whether the next token is one of these marks or words, which is then read."""
        token = self._peek()
        taken = token.kind in ("punct", "word") and token.text.upper() in texts
        self._at += taken
        return taken

    def _expect(self, text: str) -> None:
        if not self._take(text):
            raise self._unknown()

    def _unknown(self) -> UsageError:
        token = self._peek()
        return UsageError(
            f"receipts cannot be found: “{token.text}” is not understood here",
            hint="receipts are for SELECT and ASK in SPARQL 1.1",
            rule="receipts",
        )

    def _name(self, kind: str) -> str:
        self._made += 1
        return f"{kind}{self._made}"

    def _slice(self, start: int) -> str:
        """The text of the tokens from a number to here."""
        last = self._tokens[self._at - 1]
        return self._text[self._tokens[start].start : last.start + len(last.text)]

    def _skip(self) -> None:
        """Read a token, and all up to its partner where it is a bracket."""
        closing = _CLOSING.get(self._next().text)
        while closing and not self._take(closing):
            self._skip()

    # Triples and paths

    def _triples(self) -> Iterator[Match]:
        bare = self._peek().text not in ("[", "(")
        subject, about = self._node()
        yield from about
        if bare or self._peek().text not in (".", "}"):
            yield from self._properties(subject)

    def _properties(self, subject: Place) -> Iterator[Match]:
        while True:
            verb = self._verb()
            while True:
                value, about = self._node()
                yield Match(subject, verb, value)
                yield from about
                if not self._take(","):
                    break
            while self._take(";"):
                pass
            if self._peek().text in (".", "}", "]") or self._peek(-1).text != ";":
                return

    def _node(self) -> tuple[Place, list[Match]]:
        """A term or a variable; `[…]` and `(…)` are blank nodes with triples of their own."""
        if self._take("["):
            node: Place = Variable(self._name(HIDDEN))
            about = [] if self._peek().text == "]" else list(self._properties(node))
            self._expect("]")
            return node, about
        if self._peek().text == "(":
            return self._collection()
        return self._place(), []

    def _collection(self) -> tuple[Place, list[Match]]:
        self._expect("(")
        about: list[Match] = []
        items: list[Place] = []
        while not self._take(")"):
            item, inner = self._node()
            items.append(item)
            about += inner
        cells: list[Place] = [*(Variable(self._name(HIDDEN)) for _ in items), _NIL]
        for cell, item, rest in zip(cells, items, cells[1:], strict=False):
            about += [Match(cell, _FIRST, item), Match(cell, _REST, rest)]
        return cells[0], about

    def _verb(self) -> Place | Path:
        if self._peek().kind == "variable":
            return self._place()
        return self._alternative()

    def _alternative(self) -> Path:
        path = self._sequence()
        while self._take("|"):
            path = Alternative(path, self._sequence())
        return path

    def _sequence(self) -> Path:
        path = self._step()
        while self._take("/"):
            path = Sequence(path, self._step())
        return path

    def _step(self) -> Path:
        if self._take("^"):
            return Inverse(self._repeated())
        return self._repeated()

    def _repeated(self) -> Path:
        if self._take("("):
            path = self._alternative()
            self._expect(")")
        elif self._take("!"):
            path = self._negated()
        else:
            path = self._property()
        mark = self._peek().text
        if self._take("?", "*", "+"):
            return Repeated(path, int(mark == "+"), mark != "?")
        return path

    def _negated(self) -> Path:
        many = self._take("(")
        steps: list[tuple[bool, NamedNode]] = []
        while not (self._take(")") if many else steps):
            self._take("|")
            steps.append((self._take("^"), self._property()))
        forward, backward = (frozenset(p for back, p in steps if back is way) for way in (False, True))
        return Negated(forward if forward or not backward else None, backward or None)

    def _property(self) -> NamedNode:
        if self._take("A"):
            return _TYPE
        found = self._term()
        if not isinstance(found, NamedNode):
            raise self._unknown()
        return found

    # Terms

    def _place(self) -> Place:
        token = self._peek()
        if token.kind == "variable":
            return Variable(self._next().text[1:])
        if token.kind == "bnode":
            return Variable(f"{HIDDEN}{re.sub(r'[^A-Za-z0-9_]', '_', self._next().text[2:])}_")
        return self._term()

    def _term(self) -> Term:
        """A term, read as Turtle reads it: the two have the same terms, prefixes and escapes."""
        start = self._at
        if self._peek().kind not in ("iri", "name", "string", "number", "word"):
            raise self._unknown()
        if self._next().kind == "string" and (self._peek().kind == "langtag" or self._take("^^")):
            self._at += 1
        text = self._slice(start)
        if text not in self._terms:
            self._terms[text] = _turtle(self.prologue, text)
        return self._terms[text]


def _turtle(prologue: str, text: str) -> Term:
    text = text.lower() if text.upper() in ("TRUE", "FALSE") else text
    document = f"{prologue}\n<x:s> <x:p> {text} ."
    try:
        (quad,) = parse(document, format=RdfFormat.TURTLE)
    except (SyntaxError, ValueError) as error:
        raise UsageError(f"receipts cannot be found: {text} is no term", rule="receipts") from error
    assert isinstance(quad.object, (NamedNode, Literal, Triple))
    return quad.object
