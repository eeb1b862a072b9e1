"""The formatter of Turtle, TriG and SPARQL (house style): only spaces and indents change.

Works on tokens. Line breaks are the author's; comments, the order of statements, quotes and lexical forms are as they
were. Each result is parsed, and refused where its graph differs from that of the source.
"""

import re
from collections.abc import Iterator
from itertools import pairwise

from pyoxigraph import Quad, RdfFormat, parse

from kg.errors import InputError
from kg.rdf import sparql
from kg.rdf.terms import Term, numbering
from kg.rdf.tokens import Token, tokenize

INDENT = "    "
_BASE = "file:///"  # relative IRIs stay as written, whatever they are read against
_OPEN, _CLOSE = frozenset("([{"), frozenset(")]}")
_SUBJECT, _PREDICATE, _OBJECT, _AFTER = range(4)
_DIRECTIVES = frozenset({"PREFIX", "BASE", "VERSION"})  # as in SPARQL; those of Turtle end in a dot
_LINE_BREAK = re.compile("\r\n|\r|\n")


def tidy(text: str, rdf_format: RdfFormat) -> str:
    """The text in house style, for the same graph.

    `text` is valid Turtle or TriG (`rdf_format`). Raises InputError for what is not, or if the graph would change.
    """
    before = _quads(text, rdf_format)
    tidied = _prefixes_aligned("".join(f"{line}\n" for line in _lines(text)))
    if tidied != text and _numbered(_quads(tidied, rdf_format)) != _numbered(before):
        raise InputError("formatting would change the graph: nothing was written", rule="format")
    return tidied


def _numbered(quads: list[Quad]) -> list[list[Term]]:
    """Quads with their blank nodes numbered by first use: equal where the graphs are isomorphic."""
    numbered = numbering("b")
    return [[numbered(term) for term in quad] for quad in quads]


def _quads(text: str, rdf_format: RdfFormat) -> list[Quad]:
    """The quads in the order of the text."""
    try:
        return list(parse(text, format=rdf_format, base_iri=_BASE))
    except SyntaxError as error:
        raise InputError(str(error.msg), rule="syntax") from error


def _lines(text: str) -> Iterator[str]:
    """The lines of the text, each indented by what is open where it begins; at most one blank line in a row."""
    state, blank = _State(), True
    for tokens in _source_lines(text):
        if tokens:
            yield state.line(tokens)
        elif not blank:
            yield ""
        blank = not tokens


def _source_lines(text: str) -> Iterator[list[Token]]:
    """The tokens of each line, without spaces; a statement that ends within a line ends that line."""
    line: list[Token] = []
    state = _State()
    for token in tokenize(text.strip("\n\r\t ")):
        if token.kind == "space":
            for i in range(len(_LINE_BREAK.findall(token.text))):
                if i or line:
                    yield line
                line = []
            continue
        if line and not state.within and token.kind != "comment" and line[-1].text != "{":
            yield line
            line = []
        line.append(token)
        state.take(token, 0)
    if line:
        yield line


class _State:
    """What is open where a line begins.

    `within` is whether a statement has begun and not ended, `place` what comes next in it: its subject, a predicate, an
    object, or what stands after an object.
    """

    def __init__(self) -> None:
        self.open: list[tuple[str, int, int]] = []  # brackets, with the steps of the line that opened it, and the place
        self.within, self.place = False, _SUBJECT
        self._directive = False  # PREFIX, BASE or VERSION has begun, which have no dot at their end

    def line(self, tokens: list[Token]) -> str:
        """One line in house style."""
        steps = self._steps(tokens[0])
        for token in tokens:
            self.take(token, steps)
        return INDENT * steps + _spaced(tokens)

    def _steps(self, first: Token) -> int:
        if first.kind == "punct" and first.text in _CLOSE and self.open:
            return self.open[-1][1]
        bracket, outer, _ = self.open[-1] if self.open else ("{", -1, _SUBJECT)
        # An object that does not stand behind its predicate stands deeper.
        deeper = self.place == _OBJECT and not (first.kind == "punct" and first.text in ".,;")
        return outer + 1 + (deeper if bracket != "{" else self.within and 1 + deeper)

    def take(self, token: Token, steps: int) -> None:
        """Go on behind a token, which is in a line of so many steps."""
        if token.kind == "comment":
            return
        if token.kind == "punct":
            self._take_mark(token.text, steps)
        elif not self.within and not self.open and token.text.upper() in _DIRECTIVES:
            self.within = self._directive = True
        elif self._directive:
            self.within = self._directive = token.kind not in ("iri", "string")
        elif token.kind != "langtag":
            self.within, self.place = True, min(self.place + 1, _AFTER)

    def _take_mark(self, mark: str, steps: int) -> None:
        if mark in _OPEN:
            self.open.append((mark, steps, self.place))
            self.within = mark != "{"
            self.place = {"[": _PREDICATE, "{": _SUBJECT}.get(mark, _AFTER)
        elif mark in _CLOSE and self.open:
            bracket, _, before = self.open.pop()
            self.within = bracket != "{"
            self.place = min(before + 1, _AFTER) if self.within else _SUBJECT
        elif mark == ".":
            self.within, self.place = False, _SUBJECT
        elif mark in (";", ","):
            self.within, self.place = True, _PREDICATE if mark == ";" else _OBJECT


def _spaced(tokens: list[Token]) -> str:
    """The tokens of a line with one space between them, none around `^^`, in `[]` and before a language tag."""
    words = tokens[0].text.rstrip()
    for before, token in pairwise(tokens):
        tight = token.kind == "langtag" or token.text == "^^" or before.text == "^^" or before.text + token.text == "[]"
        gap = "" if tight else "  " if token.kind == "comment" else " "
        words += gap + token.text.rstrip() if token.kind == "comment" else gap + token.text
    return words


def _prefixes_aligned(text: str) -> str:
    """The IRIs of neighbouring prefix lines in one column."""

    def aligned(group: "re.Match[str]") -> str:
        rows = [line.split(" ") for line in group[0].removesuffix("\n").split("\n")]
        width = max(len(prefix) for _, prefix, *_ in rows)
        return "".join(f"{directive} {prefix:<{width}} {iri} {dot}\n" for directive, prefix, iri, dot in rows)

    return re.sub(r"^(?:@prefix(?: [^ \n]+){3}\n)+", aligned, text, flags=re.MULTILINE)


# SPARQL

_PARTS = ("BASE", "BIND", "FILTER", "FROM", "GRAPH", "MINUS", "OPTIONAL", "PREFIX", "SERVICE", "UNION", "WHERE")
_BEGINNINGS = sparql.FORMS | sparql.CLAUSES | {*_PARTS}
_ENDING = frozenset({"BIND", "FILTER", "VALUES"})  # what they begin ends with their brackets


def tidy_query(text: str) -> str:
    """A SPARQL query whose lines are indented by what is open where they begin; within a line nothing changes."""
    written, state = "", _QueryState()
    for token in tokenize(text.strip("\n\r\t ")):
        if token.kind == "space" and (breaks := _LINE_BREAK.findall(token.text)):
            written += "\n" * min(len(breaks), 2)
            continue
        if written.endswith("\n"):
            steps = state.steps(token)
            written += "  " * steps
        else:
            steps = state.line
        state.take(token, steps)
        written += token.text.rstrip() if token.kind == "comment" else token.text
    return f"{written}\n" if written else ""


class _QueryState:
    """What is open in a query where a line begins: brackets, and whether a statement or a clause has begun."""

    def __init__(self) -> None:
        self.open: list[tuple[int, str]] = []  # the steps of the line that opened it, and what it holds
        self.line = 0  # the steps of the line at hand
        self.within = False
        self._word = ""  # the last of FILTER, BIND and VALUES in this statement

    def steps(self, first: Token) -> int:
        """The steps of a line that starts with this token."""
        if first.kind == "punct" and first.text in _CLOSE and self.open:
            self.line = self.open[-1][0]
        else:
            begins = first.kind == "word" and first.text.upper() in _BEGINNINGS
            outer, holds = self.open[-1] if self.open else (-1, "{")
            self.line = outer + 1 + (holds == "{" and self.within and not begins)
        return self.line

    def take(self, token: Token, steps: int) -> None:
        """Go on behind a token, which is in a line of so many steps."""
        if token.kind in ("space", "comment"):
            return
        mark = token.text if token.kind == "punct" else ""
        if mark in _OPEN:
            holds = "data" if mark == "{" and self._word == "VALUES" else mark
            self.open.append((steps, self._word if mark == "(" and self._word else holds))
            self.within, self._word = False, ""
        elif mark in _CLOSE and self.open:
            _, holds = self.open.pop()
            self.within = holds in ("(", "[")
            self._word = "VALUES" if holds == "VALUES" else ""
        elif mark == ".":
            self.within, self._word = False, ""
        else:
            self.within, word = True, token.text.upper() if token.kind == "word" else ""
            self._word = word if word in _ENDING else self._word
