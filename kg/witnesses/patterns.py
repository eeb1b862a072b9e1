"""Groups and expressions of SPARQL 1.1 (§19.8), from tokens to the algebra.

Expressions stay text: they are evaluated by the engine, so only their variables and their EXISTS are looked at.
"""

import re
from abc import abstractmethod

from kg.tokens import tokenize
from kg.witnesses.algebra import (
    Exists,
    Expression,
    Extend,
    Filter,
    InGraph,
    Join,
    LeftJoin,
    Minus,
    Pattern,
    Place,
    Select,
    Term,
    Union,
    Values,
)
from kg.witnesses.triples import TripleReader

_VOLATILE = frozenset({"BNODE", "NOW", "RAND", "STRUUID", "UUID"})
_MODIFIERS = frozenset({"HAVING", "ORDER", "LIMIT", "OFFSET", "VALUES"})


class PatternReader(TripleReader):
    """Reads groups; a SELECT within a group is for `_select` to read."""

    @abstractmethod
    def _select(self) -> Select: ...

    # Groups

    def _group(self) -> Pattern:
        inner, conditions = self._open_group()
        return Filter(inner, conditions) if conditions else inner

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
        return _joined(parts), tuple(conditions)

    def _element(self, parts: list[Pattern], conditions: list[Expression]) -> None:
        word = self._word()
        start = self._at
        if word == "FILTER":
            self._at += 1
            conditions.append(self._constraint())
        elif word == "OPTIONAL":
            self._at += 1
            right, conditions_of_right = self._open_group()
            parts[:] = [LeftJoin(_joined(parts), right, conditions_of_right, plain(self._slice(start + 1)))]
        elif word == "MINUS":
            self._at += 1
            parts[:] = [Minus(_joined(parts), self._group(), plain(self._slice(start + 1)))]
        elif word == "BIND":
            self._at += 2
            expression, name = self._named_expression()
            parts[:] = [Extend(_joined(parts), name, expression)]
        elif word == "VALUES":
            parts.append(self._values())
        elif word == "GRAPH":
            self._at += 1
            graph = self._place()
            parts.extend(_in_graph(graph, self._group()))
        elif self._peek().text == "{":
            parts.append(self._union())
        else:
            parts.extend(self._triples())

    def _union(self) -> Pattern:
        arms = [self._group()]
        while self._take("UNION"):
            arms.append(self._group())
        return Union(tuple(arms)) if len(arms) > 1 else arms[0]

    def _values(self) -> Values:
        self._expect("VALUES")
        many = self._take("(")
        names = []
        while self._peek().kind == "variable":
            names.append(self._next().text[1:])
        if many:
            self._expect(")")
        self._expect("{")
        rows: list[tuple[Term | None, ...]] = []
        while not self._take("}"):
            if many:
                self._expect("(")
            rows.append(tuple(None if self._take("UNDEF") else self._term() for _ in names))
            if many:
                self._expect(")")
        return Values(tuple(names), tuple(rows))

    # Expressions

    def _named_expression(self) -> tuple[Expression, str]:
        """`expression AS ?name )`, its opening bracket already read."""
        start = self._at
        while self._word() != "AS":
            self._skip()
        expression = self._expression(start, self._at)
        self._expect("AS")
        name = self._next().text[1:]
        self._expect(")")
        return expression, name

    def _is_constraint(self) -> bool:
        token = self._peek()
        if token.text == "(" or self._word() in ("EXISTS", "NOT"):
            return True
        return token.kind in ("word", "iri", "name") and self._word() not in _MODIFIERS and self._peek(1).text == "("

    def _constraint_end(self) -> None:
        """Read a bracketed expression, a call or an EXISTS."""
        while self._peek().text not in ("(", "{"):
            self._next()
        self._skip()

    def _constraint(self) -> Expression:
        start = self._at
        self._constraint_end()
        return self._expression(start, self._at)

    def _expression(self, start: int, end: int) -> Expression:
        """The expression between two tokens; this parser stands where it stood before."""
        back = self._at
        pieces: list[str] = []
        names: dict[str, None] = {}
        exists: list[Exists] = []
        volatile = False
        self._at, copied = start, self._tokens[start].start
        while self._at < end:
            word, token = self._word(), self._peek()
            self._at += 1
            if word == "EXISTS":
                brace = self._at
                negated = self._tokens[brace - 2].text.upper() == "NOT"
                pieces.append(self._text[copied : self._tokens[brace - 2].start if negated else token.start])
                exists.append(Exists(self._name("exists_"), self._group(), plain(self._slice(brace))))
                pieces.append(f"{'!' if negated else ''}?{exists[-1].name}")
                last = self._tokens[self._at - 1]
                copied = last.start + len(last.text)
            elif token.kind == "variable":
                names[token.text[1:]] = None
                if self._tokens[self._at - 3].text.upper() == "BOUND":
                    self.tested.add(token.text[1:])
            volatile |= word in _VOLATILE
        self._at = back
        last = self._tokens[end - 1]
        pieces.append(self._text[copied : last.start + len(last.text)])
        return Expression("".join(pieces), tuple(names), tuple(exists), volatile)


def _joined(parts: list[Pattern]) -> Pattern:
    flat = [p for part in parts for p in (part.parts if isinstance(part, Join) else (part,))]
    return flat[0] if len(flat) == 1 else Join(tuple(flat))


def _in_graph(graph: Place, inner: Pattern) -> list[Pattern]:
    """A group within a graph, its parts apart, so that each can be joined when that is cheapest.

    What matches no triples stays outside, unless there is nothing else to say which graph it is.
    """
    parts = inner.parts if isinstance(inner, Join) and inner.parts else (inner,)
    given = [part for part in parts if isinstance(part, Values)]
    matched = [part for part in parts if part not in given]
    if not matched:
        return [InGraph(graph, inner)]
    return [*given, *(_each_in_graph(graph, part) for part in matched)]


def _each_in_graph(graph: Place, part: Pattern) -> Pattern:
    if isinstance(part, Union):
        return Union(tuple(_joined(_in_graph(graph, arm)) for arm in part.arms))
    return InGraph(graph, part)


def plain(text: str) -> str:
    """Words of the query on one line, its comments left out."""
    return re.sub(
        r"\s+", " ", "".join(" " if t.kind in ("space", "comment") else t.text for t in tokenize(text))
    ).strip()
