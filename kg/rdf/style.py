"""House style for Turtle and TriG, on tokens: spaces and indents change, and nothing else.

Line breaks are the author's. Comments, the order of statements, quotes and lexical forms survive; each result is
parsed and held against the source, and refused where the graph would differ.
"""

import hashlib
from collections.abc import Iterable, Iterator
from itertools import pairwise

from pyoxigraph import (
    BlankNode,
    CanonicalizationAlgorithm,
    Dataset,
    DefaultGraph,
    Literal,
    NamedNode,
    Quad,
    RdfFormat,
    Triple,
    parse,
)

from kg.errors import InputError
from kg.rdf.tokens import Token, tokenize

# Blank nodes compared by what they say: equal descriptions get equal names, so that labels make no difference.

Term = NamedNode | BlankNode | Literal | Triple | DefaultGraph
_ROUNDS = 12  # how deep the description of a blank node is followed


def named(quads: Iterable[Quad]) -> list[Quad]:
    """The quads with each blank node named by a hash of its description: what it is the subject of, and so on.

    Nodes that say the same get the same name, as often as they occur; the result may hold equal quads.
    """
    rows = list(quads)
    names = _names(rows)

    def name(term: Term) -> Term:
        return BlankNode(names[term]) if isinstance(term, BlankNode) else term

    return [Quad(name(q.subject), q.predicate, name(q.object), name(q.graph_name)) for q in rows]  # type: ignore[arg-type]


def _names(rows: list[Quad]) -> dict[Term, str]:
    about: dict[Term, list[Quad]] = {}
    for q in rows:
        for term in (q.subject, q.object, q.graph_name):
            if isinstance(term, BlankNode):
                about.setdefault(term, [])
        if isinstance(q.subject, BlankNode):
            about[q.subject].append(q)
    names: dict[Term, str] = dict.fromkeys(about, "b")
    for _ in range(_ROUNDS):
        named_anew = {node: _hash(quads, names) for node, quads in about.items()}
        if len(set(named_anew.values())) == len(set(names.values())):
            return named_anew
        names = named_anew
    return names


def _hash(quads: list[Quad], names: dict[Term, str]) -> str:
    rows = sorted(
        f"{q.predicate} {names.get(q.object, q.object)} {names.get(q.graph_name, q.graph_name)}" for q in quads
    )
    return "b" + hashlib.sha256("\n".join(rows).encode()).hexdigest()[:16]


INDENT = "    "
_OPEN, _CLOSE = frozenset("([{"), frozenset(")]}")


def tidy(text: str, rdf_format: RdfFormat) -> str:
    """The text in house style, for the same graph.

    `text` is valid Turtle or TriG (`rdf_format`). Raises InputError for what is not, or if the graph would change.
    """
    before = _canonical(text, rdf_format)
    tidied = _prefixes_aligned("".join(f"{line}\n" for line in _lines(text)))
    if _canonical(tidied, rdf_format) != before:
        raise InputError("formatting would change the graph: nothing was written", rule="format")
    return tidied


def _canonical(text: str, rdf_format: RdfFormat) -> Dataset:
    try:
        dataset = Dataset(parse(text, format=rdf_format))
    except SyntaxError as error:
        raise InputError(str(error.msg), rule="syntax") from error
    dataset.canonicalize(CanonicalizationAlgorithm.UNSTABLE)
    return dataset


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
        if token.kind != "comment" and line and _ends(line[-1], depth):
            yield line
            line = []
        line.append(token)
        depth += (token.text in "([") - (token.text in ")]") if token.kind == "punct" and len(token.text) == 1 else 0
    if line:
        yield line


def _ends(token: Token, depth: int) -> bool:
    """Whether a statement or a graph's block ends here."""
    return token.kind == "punct" and depth == 0 and token.text in (".", "}")


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
        if bracket != "{":
            return outer + 1 + self.listing
        return outer + 1 + (self.within and 1 + self.listing)

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
    lines, group = text.split("\n"), list[int]()
    for i, line in enumerate([*lines, ""]):
        if line.startswith("@prefix ") and line.count(" ") == 3:
            group.append(i)
            continue
        width = max((len(lines[k].split(" ")[1]) for k in group), default=0)
        for k in group:
            directive, prefix, iri, dot = lines[k].split(" ")
            lines[k] = f"{directive} {prefix:<{width}} {iri} {dot}"
        group = []
    return "\n".join(lines)
