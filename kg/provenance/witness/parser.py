"""Parses a SELECT or ASK (SPARQL 1.1 §19.8) to its algebra (§18.2); an engine has already accepted the query.

Expressions stay text, since the engine evaluates them: only their variables and their EXISTS are parsed.
"""

import re
from collections.abc import Iterator
from itertools import count
from typing import NamedTuple

from pyoxigraph import NamedNode, RdfFormat, Variable, parse

from kg.errors import UsageError
from kg.provenance.witness import algebra
from kg.provenance.witness.algebra import HIDDEN, Expression, Match, Path, Pattern, Place, Select, Term
from kg.rdf.namespaces import RDF, RDF_TYPE
from kg.rdf.sparql import CLAUSES, QueryText, query_text
from kg.rdf.tokens import Token

_TYPE, _NIL = NamedNode(RDF_TYPE), NamedNode(RDF + "nil")
_FIRST, _REST = NamedNode(RDF + "first"), NamedNode(RDF + "rest")
_VOLATILE = frozenset({"BNODE", "NOW", "RAND", "STRUUID", "UUID"})
_COMPUTING = re.compile(r"\b(?:COUNT|SUM|AVG|GROUP_CONCAT)\b", re.IGNORECASE)  # aggregates whose value takes all rows
_COMMENT = re.compile(r"[ \t]*#([^\r\n]*)")
_END = Token("end", "", 0)


class ParsedQuery(NamedTuple):
    """A query: its SELECT, the prologue that declares its prefixes, and the variables that it tests by BOUND."""

    select: Select
    prologue: str
    tested: frozenset[str]


def read(text: str) -> ParsedQuery:
    """The algebra of a SELECT, or of an ASK as a SELECT without columns.

    Raises UsageError for other forms, and for what SPARQL 1.1 does not have.
    """
    query = query_text(text)
    parser = _Parser(query)
    return ParsedQuery(parser.query(), query.prologue, frozenset(parser.tested))


class _Parser:
    """A recursive-descent parser; `_at` is the number of the next token. Raises UsageError for what it cannot read."""

    def __init__(self, query: QueryText) -> None:
        self._query, self._at = query, query.form or 0
        self._made = count(1)  # names made up for blank nodes, EXISTS and keys
        self.tested: set[str] = set()

    # Queries and their clauses (§15, §16)

    def query(self) -> Select:
        """The whole query (§16.1, §16.3)."""
        if self._take("ASK"):
            self._take("WHERE")
            start = self._at
            return Select((), self._group(), None, "", self._plain(start), False)
        return self._select()

    def _select(self) -> Select:
        query, start = self._query, self._at
        self._expect("SELECT")
        columns = query.columns(start)
        computed = {c.name: self._expression(*c.expression) for c in columns if c.expression}
        self._take("DISTINCT", "REDUCED")
        while self._peek().kind == "variable" or self._peek().text in ("*", "("):
            self._skip()
        head = self._since(start)
        self._take("WHERE")
        body = self._at
        inner = self._group()
        where = self._since(body)
        keys, grouping = self._grouping()
        having, tail, sliced = self._modifiers()
        aggregates = [query.plain(*c.expression) for c in columns if c.expression and c.aggregate]
        aggregates += [query.plain(*having)] * query.has_aggregate(*having)
        grouped = bool(grouping or aggregates)
        for name, expression in (keys if grouped else computed).items():
            if expression is not None:
                inner = algebra.Extend(inner, name, expression)
        names = [c.name for c in columns] or sorted(n for n in algebra.variables(inner) if not n.startswith(HIDDEN))
        added = "".join(f" ?{name}" for name in keys if name not in names)
        text = f"{query.prologue} {head}{added} WHERE {where} {grouping} {tail}"
        if self._word() == "VALUES":
            values = self._at
            inner = algebra.Join((inner, self._values()))
            text += f" {self._since(values)}"
        counted = ", ".join(aggregates) or grouping
        choices = [(c.name, computed[c.name]) for c in columns if c.aggregate] * (not _COMPUTING.search(counted))
        choices *= not query.has_aggregate(*having)
        return Select(tuple(names), inner, tuple(keys) if grouped else None, counted, text, sliced, tuple(choices))

    def _grouping(self) -> tuple[dict[str, Expression | None], str]:
        """The keys of GROUP BY, with the expressions of those that have one, and the clause with a name for each."""
        if not self._take("GROUP"):
            return {}, ""
        self._expect("BY")
        keys: dict[str, Expression | None] = {}
        while self._peek() is not _END and self._peek().text != "}" and self._word() not in CLAUSES:
            name, expression = self._key()
            keys[name] = expression
        texts = (f"?{name}" if e is None else f"({e.text} AS ?{name})" for name, e in keys.items())
        return keys, f"GROUP BY {' '.join(texts)}"

    def _key(self) -> tuple[str, Expression | None]:
        """One key: its name, made up where it has none, and its expression."""
        if self._peek().kind == "variable":
            return self._next().text[1:], None
        start = self._at
        self._skip_constraint()
        end, query = self._at, self._query
        if query.word(end - 3) == "AS" and query.text_at(start) == "(":
            name, expression = query.text_at(end - 2)[1:], self._expression(start + 1, end - 3)
        else:
            name, expression = f"key_{next(self._made)}", self._expression(start, end)
        if expression.exists:
            raise UsageError("receipts cannot be found: a group by EXISTS", rule="receipts")
        return name, expression

    def _modifiers(self) -> tuple[tuple[int, int], str, bool]:
        """Where HAVING stands, the text of all modifiers (§15), and whether there is LIMIT or OFFSET among them."""
        start = self._at
        clauses: dict[str, int] = {}  # where each begins, in their order
        while self._peek() is not _END and self._peek().text != "}" and self._word() != "VALUES":
            if self._word() in CLAUSES:
                clauses[self._word()] = self._at
            self._skip()
        having = clauses.get("HAVING", self._at)
        after = next((at for at in clauses.values() if at > having), self._at)
        return (having, after), self._since(start), bool(clauses.keys() & {"LIMIT", "OFFSET"})

    # Groups (§5 to §8, §10)

    def _group(self) -> Pattern:
        inner, conditions = self._open_group()
        return algebra.Filter(inner, conditions) if conditions else inner

    def _open_group(self) -> tuple[Pattern, tuple[Expression, ...]]:
        """A group and the conditions that hold for it as a whole."""
        self._expect("{")
        if self._word() == "SELECT":
            select = self._select()
            self._expect("}")
            return select, ()
        parts: list[Pattern] = []
        conditions: list[Expression] = []
        while not self._take("}"):
            self._element(parts, conditions)
            self._take(".")
        return algebra.joined(parts), tuple(conditions)

    def _element(self, parts: list[Pattern], conditions: list[Expression]) -> None:
        start = self._at + 1
        if self._take("FILTER"):
            self._skip_constraint()
            conditions.append(self._expression(start, self._at))
        elif self._take("OPTIONAL"):
            right, inner = self._open_group()
            parts[:] = [algebra.LeftJoin(algebra.joined(parts), right, inner, self._plain(start), self._comment(start))]
        elif self._take("MINUS"):
            right = self._group()
            parts[:] = [algebra.Minus(algebra.joined(parts), right, self._plain(start), self._comment(start))]
        elif self._take("BIND"):
            self._skip()
            end = self._at - 3  # (expression AS ?name)
            name, value = self._query.variable(end + 1), self._expression(start + 1, end)
            parts[:] = [algebra.Extend(algebra.joined(parts), name, value)]
        elif self._word() == "VALUES":
            parts.append(self._values())
        elif self._take("GRAPH"):
            parts.extend(algebra.in_graph(self._place(), self._group()))
        elif self._peek().text == "{":
            parts.append(self._union())
        else:
            parts.extend(self._triples())

    def _union(self) -> Pattern:
        arms = [self._group()]
        while self._take("UNION"):
            arms.append(self._group())
        return algebra.Union(tuple(arms)) if len(arms) > 1 else arms[0]

    def _values(self) -> algebra.Values:
        self._expect("VALUES")
        self._take("(")
        names = []
        while self._peek().kind == "variable":
            names.append(self._next().text[1:])
        self._take(")")
        self._expect("{")
        rows: list[tuple[Term | None, ...]] = []
        while not self._take("}"):
            self._take("(")
            rows.append(tuple(None if self._take("UNDEF") else self._term() for _ in names))
            self._take(")")
        return algebra.Values(tuple(names), tuple(rows))

    # Triples and paths (§5.1, §9)

    def _triples(self) -> Iterator[Match]:
        bare = self._peek().text not in ("[", "(")
        subject, about = self._node()
        yield from about
        if bare or self._peek().text not in (".", "}"):
            yield from self._properties(subject)

    def _properties(self, subject: Place) -> Iterator[Match]:
        while True:
            verb = self._place() if self._peek().kind == "variable" else self._alternative()
            while True:
                value, about = self._node()
                yield Match(subject, verb, value)
                yield from about
                if not self._take(","):
                    break
            while self._take(";"):
                pass
            if self._peek().text in (".", "}", "]") or self._query.text_at(self._at - 1) != ";":
                return

    def _node(self) -> tuple[Place, list[Match]]:
        """A term or a variable; `[…]` and `(…)` are blank nodes with triples of their own."""
        if self._take("["):
            node: Place = Variable(f"{HIDDEN}{next(self._made)}")
            about = [] if self._peek().text == "]" else list(self._properties(node))
            self._expect("]")
            return node, about
        if self._take("("):
            return self._collection()
        return self._place(), []

    def _collection(self) -> tuple[Place, list[Match]]:
        about: list[Match] = []
        items: list[Place] = []
        while not self._take(")"):
            item, inner = self._node()
            items.append(item)
            about += inner
        cells: list[Place] = [*(Variable(f"{HIDDEN}{next(self._made)}") for _ in items), _NIL]
        for cell, item, rest in zip(cells, items, cells[1:], strict=False):
            about += [Match(cell, _FIRST, item), Match(cell, _REST, rest)]
        return cells[0], about

    def _alternative(self) -> Path:
        path = self._sequence()
        while self._take("|"):
            path = algebra.Alternative(path, self._sequence())
        return path

    def _sequence(self) -> Path:
        path = self._step()
        while self._take("/"):
            path = algebra.Sequence(path, self._step())
        return path

    def _step(self) -> Path:
        if self._take("^"):
            return algebra.Inverse(self._step())
        if self._take("("):
            path = self._alternative()
            self._expect(")")
        else:
            path = self._negated() if self._take("!") else self._property()
        mark = self._peek().text
        if self._take("?", "*", "+"):
            return algebra.Repeated(path, int(mark == "+"), mark != "?")
        return path

    def _negated(self) -> Path:
        """A negated property set; what it has of inverse properties is an alternative (§18.4)."""
        many = self._take("(")
        steps: list[tuple[bool, NamedNode]] = []
        while not (self._take(")") if many else steps):
            self._take("|")
            steps.append((self._take("^"), self._property()))
        forward, backward = (frozenset(p for inverse, p in steps if inverse is wanted) for wanted in (False, True))
        if not backward:
            return algebra.Negated(forward)
        inverse = algebra.Inverse(algebra.Negated(backward))
        return algebra.Alternative(algebra.Negated(forward), inverse) if forward else inverse

    def _property(self) -> NamedNode:
        if self._take("A"):
            return _TYPE
        found = self._term()
        if not isinstance(found, NamedNode):
            raise self._unknown()
        return found

    # Expressions (§17)

    def _skip_constraint(self) -> None:
        """Read a bracketed expression, a call or an EXISTS."""
        while self._peek().text not in ("(", "{"):
            self._next()
        self._skip()

    def _expression(self, start: int, end: int) -> Expression:
        """The expression between two places; this parser stands where it stood before."""
        back, query = self._at, self._query
        pieces: list[str] = []
        names: dict[str, None] = {}
        exists: list[algebra.Exists] = []
        volatile = False
        self._at, copied = start, query.tokens[start].start
        while self._at < end:
            word, token = self._word(), self._next()
            if word == "EXISTS":
                brace = self._at
                negated = query.word(brace - 2) == "NOT"
                pieces.append(query.text[copied : query.tokens[brace - 1 - negated].start])
                name, pattern = f"exists_{next(self._made)}", self._group()
                exists.append(algebra.Exists(name, pattern, self._plain(brace), self._comment(brace)))
                pieces.append(f"{'!' if negated else ''}?{exists[-1].name}")
                copied = query.end(self._at)
            elif token.kind == "variable":
                names[token.text[1:]] = None
                if query.word(self._at - 3) == "BOUND":
                    self.tested.add(token.text[1:])
            volatile |= word in _VOLATILE
        self._at = back
        pieces.append(query.text[copied : query.end(end)])
        return Expression("".join(pieces), tuple(names), tuple(exists), volatile)

    def _place(self) -> Place:
        token = self._peek()
        if token.kind == "variable":
            return Variable(self._next().text[1:])
        if token.kind == "bnode":
            return Variable(f"{HIDDEN}{re.sub(r'[^A-Za-z0-9_]', '_', self._next().text[2:])}_")
        return self._term()

    def _term(self) -> Term:
        """A term (§4.1), read as Turtle reads it: the two have the same terms, prefixes and escapes."""
        start = self._at
        if self._peek().kind not in ("iri", "name", "string", "number", "word"):
            raise self._unknown()
        if self._next().kind == "string" and (self._peek().kind == "langtag" or self._take("^^")):
            self._next()
        text = self._since(start)
        written = text.lower() if text.upper() in ("TRUE", "FALSE") else text
        try:
            (quad,) = parse(f"{self._query.prologue}\n<x:s> <x:p> {written} .", format=RdfFormat.TURTLE)
        except (SyntaxError, ValueError) as error:
            raise UsageError(f"receipts cannot be found: {text} is no term", rule="receipts") from error
        value: Term = quad.object
        return value

    # Tokens

    def _peek(self) -> Token:
        return self._query.tokens[self._at] if self._at < len(self._query.tokens) else _END

    def _word(self) -> str:
        return self._query.word(self._at)

    def _next(self) -> Token:
        token = self._peek()
        if token is _END:
            raise self._unknown()
        self._at += 1
        return token

    def _take(self, *texts: str) -> bool:
        """Whether the next token is one of these marks or keywords, which is then read."""
        token = self._peek()
        taken = token.kind in ("punct", "word") and token.text.upper() in texts
        self._at += taken
        return taken

    def _expect(self, text: str) -> None:
        if not self._take(text):
            raise self._unknown()

    def _unknown(self) -> UsageError:
        message = f"receipts cannot be found: “{self._peek().text}” is not understood here"
        return UsageError(message, hint="receipts are for SELECT and ASK in SPARQL 1.1", rule="receipts")

    def _skip(self) -> None:
        """Read a token, and all up to its partner where it opens a bracket."""
        at = self._at
        self._next()
        self._at = max(self._at, self._query.partner.get(at, at) + 1)

    def _since(self, start: int) -> str:
        """The text of the tokens from a place to here."""
        return self._query.slice(start, self._at)

    def _comment(self, start: int) -> str:
        """The comment beside the braces of the pattern from a place up to here: what its absence means, in words."""
        brace = next((t for t in self._query.tokens[start : self._at] if t.text == "{"), None)
        places = (brace.start + 1 if brace else 0, self._query.end(self._at))
        found = next(filter(None, (_COMMENT.match(self._query.text, place) for place in places)), None)
        return found[1].strip() if found else ""

    def _plain(self, start: int) -> str:
        """The same on one line, without comments."""
        return self._query.plain(start, self._at)
