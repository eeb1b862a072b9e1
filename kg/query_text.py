"""The text of a SPARQL query as the checks of questions ask it: its prefixes, groups, columns and order.

It works on tokens, for the place of each finding, and knows the grammar of SPARQL 1.1 §19.8 just as far as it takes;
whether the text is SPARQL at all is for the engines to say.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from kg.tokens import Token, line_column, tokenize
from kg.vocabulary import RDF_TYPE

AGGREGATES = frozenset({"AVG", "COUNT", "GROUP_CONCAT", "MAX", "MIN", "SAMPLE", "SUM"})
_FORMS = ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")
_CLAUSES = ("GROUP", "HAVING", "ORDER", "LIMIT", "OFFSET", "VALUES")
_OPEN, _CLOSE = "([{", ")]}"
# Groups whose bindings do not hold outside of them, or not in every solution.
_APART = frozenset({"EXISTS", "GRAPH", "MINUS", "OPTIONAL", "UNION"})


@dataclass
class Group:
    """A `{ … }`: the one around it, what comes before it, where its inside starts, and what a subquery hands out."""

    parent: int
    kind: str
    start: int
    projects: frozenset[str] | None = None


@dataclass(frozen=True)
class Column:
    """A column of the answer: its name, and whether it is an aggregate."""

    name: str
    aggregate: bool


class QueryText:
    """The tokens of a query without spaces and comments, and for each of them the group in which it stands."""

    def __init__(self, path: str, text: str) -> None:
        self.path, self.text = path, text
        self.tokens = [t for t in tokenize(text) if t.kind not in ("space", "comment")]
        self.groups = [Group(0, "", 0)]  # the first is what stands outside all braces
        self.group_of: list[int] = []
        self.in_expression: list[bool] = []  # whether a token lies between round brackets
        self.partner: dict[int, int] = {}  # of each bracket, where it is closed or opened
        self.stray: int | None = None  # the first bracket that has no partner
        self._pair()
        self.prefixes: dict[str, str] = {}
        self.declarations: dict[int, str] = {}  # where a prefix is declared, and which
        for i, (name, iri) in enumerate(pairwise(self.tokens)):
            if self.word(i - 1) == "PREFIX" and name.kind == "name" and iri.kind == "iri":
                self.declarations[i] = name.text[:-1]
                self.prefixes.setdefault(name.text[:-1], iri.text[1:-1])

    def _pair(self) -> None:
        opened: list[int] = []
        group = round_brackets = 0
        for i, token in enumerate(self.tokens):
            bracket = token.kind == "punct"
            if bracket and token.text == "}" and group:
                group = self.groups[group].parent
            self.group_of.append(group)
            self.in_expression.append(round_brackets > 0)
            round_brackets += bracket * ((token.text == "(") - (token.text == ")"))
            if bracket and token.text in _OPEN:
                opened.append(i)
                if token.text == "{":
                    self.groups.append(Group(group, self._kind(i), i + 1))
                    group = len(self.groups) - 1
            elif bracket and token.text in _CLOSE:
                self._close(i, opened)
        if opened and self.stray is None:
            self.stray = opened[-1]
        for inner in self.groups[1:]:
            self._complete(inner)

    def _close(self, i: int, opened: list[int]) -> None:
        fits = opened and self.tokens[opened[-1]].text + self.tokens[i].text in ("()", "[]", "{}")
        if not fits and self.stray is None:
            self.stray = i
        if opened:
            self.partner[i] = opened.pop()
            self.partner[self.partner[i]] = i

    def _kind(self, brace: int) -> str:
        """The keyword that leads to a group: of `GRAPH ?g {` that is the word two before."""
        for back in (1, 2):
            word = self.word(brace - back)
            if word in _APART | {"VALUES"}:
                return word if back == 1 or word in ("GRAPH", "VALUES") else ""
        many = self.partner.get(brace - 1)  # VALUES (?a ?b) {
        return "VALUES" if many and self.word(many - 1) == "VALUES" else ""

    def _complete(self, group: Group) -> None:
        """What is known of a group once its end is: the first arm of a union, the columns of a subquery."""
        end = self.partner.get(group.start - 1)
        if end is not None and self.word(end + 1) == "UNION" and not group.kind:
            group.kind = "UNION"
        if self.word(group.start) == "SELECT":
            columns = frozenset(c.name for c in self.columns(group.start))
            group.projects = columns or None

    def word(self, i: int) -> str:
        """The keyword at a place, in capitals; nothing where no word stands."""
        return self.tokens[i].text.upper() if 0 <= i < len(self.tokens) and self.tokens[i].kind == "word" else ""

    def text_at(self, i: int) -> str:
        """The text of the token at a place; nothing outside the query."""
        return self.tokens[i].text if 0 <= i < len(self.tokens) else ""

    def place(self, token: Token | int) -> tuple[int, int]:
        """The line and column, from 1, of a token or an offset."""
        return line_column(self.text, token if isinstance(token, int) else token.start)

    def iri(self, token: Token) -> str:
        """The IRI that a token stands for; nothing where it is none, or its prefix is not declared."""
        if token.kind == "iri":
            return token.text[1:-1]
        if token.text == "a" and token.kind == "word":
            return RDF_TYPE
        prefix, colon, local = token.text.partition(":")
        if token.kind != "name" or not colon or prefix not in self.prefixes:
            return ""
        return self.prefixes[prefix] + re.sub(r"\\(.)", r"\1", local)

    @cached_property
    def body(self) -> list[Token]:
        """The tokens after the prologue of prefixes."""
        start = next((i for i in range(len(self.tokens)) if self.word(i) in _FORMS), 0)
        return self.tokens[start:]

    @cached_property
    def names(self) -> set[str]:
        """The IRIs that the query names."""
        return {self.iri(t) for t in self.body} - {""}

    @cached_property
    def form(self) -> int | None:
        """Where the word stands that says what kind of query it is."""
        return next((i for i in range(len(self.tokens)) if self.word(i) in _FORMS and not self.group_of[i]), None)

    def columns(self, select: int) -> list[Column]:
        """The columns of the SELECT that stands at a place."""
        found, i = [], select + 1
        while i < len(self.tokens) and self.word(i) != "WHERE" and self.text_at(i) != "{":
            if self.tokens[i].kind == "variable":
                found.append(Column(self.tokens[i].text[1:], False))
            end = self.partner.get(i, i)
            if end > i:
                inside = {self.word(k) for k in range(i, end)}
                found.append(Column(self.text_at(end - 1)[1:], bool(inside & AGGREGATES)))
            i = max(i, end) + 1
        return found

    def clause(self, name: str) -> list[int]:
        """Where the tokens of a clause stand that comes after the outermost group, such as ORDER BY."""
        ends = [i for i, t in enumerate(self.tokens) if t.text == "}" and not self.group_of[i]]
        found: list[int] = []
        within = False
        for i in range(ends[0] + 1 if ends else len(self.tokens), len(self.tokens)):
            if self.word(i) in _CLAUSES and not self.group_of[i]:
                within = self.word(i) == name
            elif within and self.word(i) != "BY":
                found.append(i)
        return found

    def subject(self, predicate: int) -> str:
        """The variable that is the subject of the predicate at a place; nothing where it is none."""
        i = predicate - 1
        while self.text_at(i) == ";" or not self._begins(i):
            if self.text_at(i) in ("[", "("):
                return ""
            i = self.partner[i] - 1 if self.text_at(i) in ("]", ")") and i in self.partner else i - 1
        return self.text_at(i)[1:] if self.text_at(i)[:1] in ("?", "$") else ""

    def _begins(self, i: int) -> bool:
        """Whether a statement starts at a place: something ends before it."""
        before = self.text_at(i - 1)
        if before == ")":  # that of FILTER (…) or BIND (…)
            return bool(self.word(self.partner.get(i - 1, 0) - 1))
        return i <= 0 or before in ("{", "}", ".")

    def reaches(self, variable: str, binding: int, use: int) -> bool:
        """Whether what one group says of a variable holds wherever another group uses it."""
        around_binding, around_use = self._around(binding), self._around(use)
        apart = [g for g in around_binding if g not in around_use]
        hidden = [g for g in around_use if g not in around_binding]
        if any(self.groups[g].kind in _APART for g in apart):
            return False
        return all(_hands_out(self.groups[g], variable) for g in (*apart, *hidden))

    @cached_property
    def surely_bound(self) -> set[str]:
        """The variables that a pattern binds in every solution; what an expression computes may be an error."""
        found = set()
        for i, token in enumerate(self.tokens):
            group = self.group_of[i]
            pattern = group and not self.in_expression[i] and self.groups[group].projects is None
            if token.kind == "variable" and pattern and token.text[1:] not in found:
                around = [self.groups[g] for g in self._around(group)]
                if all(g.kind in ("", "GRAPH") and _hands_out(g, token.text[1:]) for g in around):
                    found.add(token.text[1:])
        return found

    def _around(self, group: int) -> list[int]:
        found = [group]
        while group:
            group = self.groups[group].parent
            found.append(group)
        return found

    def uses(self, word: str) -> Iterator[int]:
        """Where a keyword stands."""
        return (i for i in range(len(self.tokens)) if self.word(i) == word)


def _hands_out(group: Group, variable: str) -> bool:
    """Whether a variable means the same inside and outside of a group: a subquery keeps the others to itself."""
    return group.projects is None or variable in group.projects
