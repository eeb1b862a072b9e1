"""The formatter of Turtle and TriG (house style): only spaces and indents change.

Works on tokens. Line breaks are the author's; comments, the order of statements, quotes and lexical forms are as they
were. Each result is parsed, and refused where its graph differs from that of the source.
"""

import re
from collections.abc import Iterator
from itertools import pairwise

from pyoxigraph import RdfFormat, parse

from kg.errors import InputError
from kg.rdf.terms import Term, numbering
from kg.rdf.tokens import Token, tokenize

INDENT = "    "
_BASE = "file:///"  # relative IRIs stay as written, whatever they are read against
_OPEN, _CLOSE = frozenset("([{"), frozenset(")]}")


def tidy(text: str, rdf_format: RdfFormat) -> str:
    """The text in house style, for the same graph.

    `text` is valid Turtle or TriG (`rdf_format`). Raises InputError for what is not, or if the graph would change.
    """
    before = _quads(text, rdf_format)
    tidied = _prefixes_aligned("".join(f"{line}\n" for line in _lines(text)))
    if _quads(tidied, rdf_format) != before:
        raise InputError("formatting would change the graph: nothing was written", rule="format")
    return tidied


def _quads(text: str, rdf_format: RdfFormat) -> list[list[Term]]:
    """The quads in the order of the text, blank nodes numbered by first use: equal where the graphs are isomorphic."""
    numbered = numbering("b")
    try:
        quads = parse(text, format=rdf_format, base_iri=_BASE)
        return [[numbered(term) for term in quad] for quad in quads]
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
    depth = 0
    for token in tokenize(text.strip("\n\r\t ")):
        if token.kind == "space":
            for i in range(token.text.count("\n")):
                if i or line:
                    yield line
                line = []
            continue
        ended = line and depth == 0 and line[-1].kind == "punct" and line[-1].text in (".", "}")
        if token.kind != "comment" and ended:
            yield line
            line = []
        line.append(token)
        depth += (token.text in "([") - (token.text in ")]") if token.kind == "punct" and len(token.text) == 1 else 0
    if line:
        yield line


class _State:
    """What is open where a line begins."""

    def __init__(self) -> None:
        self.open: list[tuple[str, int]] = []  # brackets, each with the steps of the line that opened it
        self.within = False  # a statement has begun and not ended
        self.listing = False  # the last token was a comma: more objects follow

    def line(self, tokens: list[Token]) -> str:
        """One line in house style."""
        steps = self._steps(tokens[0])
        for token in tokens:
            self._take(token, steps)
        return INDENT * steps + _spaced(tokens)

    def _steps(self, first: Token) -> int:
        if first.kind == "punct" and first.text in _CLOSE and self.open:
            return self.open[-1][1]
        bracket, outer = self.open[-1] if self.open else ("{", -1)
        return outer + 1 + (self.listing if bracket != "{" else self.within and 1 + self.listing)

    def _take(self, token: Token, steps: int) -> None:
        if token.kind == "comment":
            return
        self.within, self.listing = True, token.text == ","
        if token.kind != "punct":
            return
        if token.text in _OPEN:
            self.open.append((token.text, steps))
        elif token.text in _CLOSE and self.open:
            self.open.pop()
        if token.text in (".", "{", "}"):
            self.within = False


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
        rows = [line.split(" ") for line in group[0].splitlines()]
        width = max(len(prefix) for _, prefix, *_ in rows)
        return "".join(f"{directive} {prefix:<{width}} {iri} {dot}\n" for directive, prefix, iri, dot in rows)

    return re.sub(r"^(?:@prefix(?: [^ \n]+){3}\n)+", aligned, text, flags=re.MULTILINE)
