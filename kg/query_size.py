"""How large a query is, counted in what kills or stalls an engine.

pyoxigraph walks a query recursively: what nests its algebra too deeply overflows the stack and ends the process. Each
limit of that sort is at most a quarter of what was seen to do so (pyoxigraph 0.5.13, a stack of 8 MB). And before it
answers it looks for the best order of what is joined, in a time that grows with the fourth power of its number.
"""

import re
from collections.abc import Iterator

from kg.tokens import Token

MAX_DEPTH = 100  # brackets within brackets; 500 to 1,000 nested calls kill the process
MAX_CLAUSES = 500  # UNION, OPTIONAL, MINUS, BIND and the like, each around all before it; 2,000 to 4,000 kill it
# Opening round brackets: 3,000 calls in ORDER BY or columns `(?x AS ?y)` kill it, so do 12,000 terms of HAVING. And
# things to describe, of which 4,000 kill it.
MAX_CALLS = 750
MAX_PARTS = 2_000  # operators and triples; 8,000 to 16,000 kill it
MAX_JOINED = 100  # patterns that one group joins: the plan takes a second; with 160 it takes 7, with 250 more than 30
_CLAUSE = re.compile("BIND|EXISTS|GRAPH|MINUS|OPTIONAL|SELECT|UNION|VALUES")
_OPERATORS = frozenset({"!", "/", "|", "+", "-", "*", "&&", "||", ".", ";", ",", "^"})
_APART = frozenset({"EXISTS", "MINUS", "OPTIONAL", "UNION"})  # groups that have a plan of their own
_JOINED = {".": 1, ";": 1, ",": 1, "/": 1, "<<": 2, "~": 2, "{|": 3}  # by a mark; reifiers say what they reify
_UNION = 2  # what a union weighs in the join of which it is a part
_TERMS = frozenset({"bnode", "iri", "name", "number", "string", "variable", "word"})
_NOTHING = Token("", "", 0)


def problem(tokens: list[Token]) -> str:
    """What is too large about a query, in words; nothing where nothing is."""
    solid = [t for t in tokens if t.kind not in ("space", "comment")]
    if _depth(solid) > MAX_DEPTH:
        return "the query is nested too deeply"
    clauses = sum(len(_CLAUSE.findall(keyword(t))) for t in solid)
    calls, most = _joined(solid)
    if clauses > MAX_CLAUSES or calls > MAX_CALLS or sum(map(_is_part, solid)) > MAX_PARTS:
        return "the query has too many parts"
    return f"the query joins {most} patterns in one group, more than {MAX_JOINED}" if most > MAX_JOINED else ""


def keyword(token: Token) -> str:
    """The part of a token in which an engine could read a keyword, in capitals: it may be glued to a prefix."""
    return token.text.partition(":")[0].upper() if token.kind in ("word", "name") else ""


def _word(token: Token) -> str:
    """A word in capitals, where nothing is glued to it."""
    return token.text.upper() if token.kind == "word" else ""


def _depth(tokens: list[Token]) -> int:
    """How deep brackets are nested at most; `<<` opens a triple in RDF 1.2."""
    depth = deepest = 0
    for token in tokens:
        if token.kind == "punct":
            mark = token.text
            depth += sum(c in "{([" for c in mark) - sum(c in "})]" for c in mark)
            depth += mark.startswith("<<") - mark.endswith(">>")
            deepest = max(deepest, depth)
    return deepest


def _is_part(token: Token) -> bool:
    return token.text in _OPERATORS if token.kind == "punct" else token.kind == "number" and token.text[0] in "+-"


class _Bracket:
    """An open bracket: a `group` or `list` of patterns, an `expression`, the `data` of VALUES, a `template`."""

    __slots__ = ("apart", "joined", "kind")

    def __init__(self, kind: str, *, apart: bool = False, joined: int = 0) -> None:
        self.kind, self.apart, self.joined = kind, apart, joined


def _joined(tokens: list[Token]) -> tuple[int, int]:
    """The number of opening round brackets (but for data) and things described; the most that one group joins."""
    open_brackets = [_Bracket("expression")]
    calls = most = 0
    data = False  # whether VALUES was read, but not yet the brace of its data
    for before, token, after in _in_context(tokens):
        inside, mark = open_brackets[-1], token.text if token.kind == "punct" else ""
        data = data or (_word(token) == "VALUES" and (after.kind == "variable" or after.text == "("))
        if mark in ("{", "(", "["):
            calls += mark == "(" and inside.kind != "data"
            open_brackets.append(_opened(mark, inside, before, after, data))
            data = data and mark != "{"
        elif mark in ("}", ")", "]") and len(open_brackets) > 1:
            most = max(most, _close(open_brackets, before, after))
        else:
            inside.joined += _adds(inside, before, token)
            calls += len(open_brackets) == 1 and _is_described(before, token)
    return calls, most


def _in_context(tokens: list[Token]) -> Iterator[tuple[Token, Token, Token]]:
    """Each token with the one before and the one after it."""
    return zip([_NOTHING, *tokens], tokens, [*tokens[1:], _NOTHING], strict=False)


def _is_described(before: Token, token: Token) -> bool:
    """Whether a name outside all brackets is a thing to describe, and not part of a declaration."""
    declared = _word(before) in ("PREFIX", "BASE") or (before.kind == "name" and token.kind == "iri")
    return token.kind in ("iri", "name") and not declared


def _opened(mark: str, around: _Bracket, before: Token, after: Token, data: bool) -> _Bracket:
    if around.kind in ("data", "template"):
        return _Bracket(around.kind)
    if mark == "{" and (data or _word(before) == "CONSTRUCT"):
        return _Bracket("data" if data else "template")
    if mark == "{":
        return _Bracket("group", apart=_word(before) in _APART or _word(after) == "SELECT")
    if around.kind == "expression" or (mark == "(" and before.kind == "word" and before.text != "a"):
        return _Bracket("expression")
    return _Bracket("group" if mark == "[" else "list")


def _close(open_brackets: list[_Bracket], before: Token, after: Token) -> int:
    """Close a bracket; the result is how much it joins, which is joined around it too where it is not apart."""
    closed = open_brackets.pop()
    if closed.kind not in ("group", "list"):
        return 0
    closed.joined += closed.kind == "group" and before.text not in ("[", ".", "}")
    if _word(after) == "UNION":
        open_brackets[-1].joined += 0 if closed.apart else _UNION
    elif not closed.apart:
        open_brackets[-1].joined += closed.joined
    return closed.joined


def _adds(inside: _Bracket, before: Token, token: Token) -> int:
    """How many patterns a token adds to those in its bracket."""
    if inside.kind not in ("group", "list"):
        return 0
    if token.kind == "punct":
        return _JOINED.get(token.text, 0)
    member = inside.kind == "list" and token.kind in _TERMS and before.text not in _OPERATORS
    return int(member or _word(token) == "VALUES")
