"""Tokenizer of Turtle, TriG and SPARQL that loses nothing: its tokens joined are the input.

The terminals are those of Turtle 1.1 §6.5, TriG 1.1 §4 and SPARQL 1.1 §19.8, with the few marks that RDF 1.2 adds
(`<<(`, `{|`, `~`, `@en--ltr`). Escapes inside a string are not checked: a parser does that.

The time is linear in the size of any text: the quantifiers are possessive (nothing is tried twice), a string that never
ends is not searched for further tokens, and the label of a prefix has at most 32 dots, so that `a.a.a.a` is not scanned
to its end from each `a`.
"""

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple


class Token(NamedTuple):
    """One token: its kind, its text as written, and where it starts, in code points.

    The kinds are `space`, `comment`, `iri`, `name` (a prefixed name, `p:` and `:x` included), `bnode`,
    `string`, `langtag`, `directive` (`@prefix`, `@base`, `@version`), `number`, `variable`, `word` (`a`,
    `true`, `SELECT`), `punct`, and `error`: one character that fits nothing.
    """

    kind: str
    text: str
    start: int


# Insides of character classes: PN_CHARS_BASE, PN_CHARS_U, VARNAME and PN_CHARS (SPARQL 1.1 §19.8).
_BASE = (
    r"A-Za-z\u00C0-\u00D6\u00D8-\u00F6\u00F8-\u02FF\u0370-\u037D\u037F-\u1FFF\u200C\u200D\u2070-\u218F"
    r"\u2C00-\u2FEF\u3001-\uD7FF\uF900-\uFDCF\uFDF0-\uFFFD\U00010000-\U000EFFFF"
)
LETTERS = _BASE + r"_"
_VARIABLE = LETTERS + r"0-9\u00B7\u0300-\u036F\u203F\u2040"
NAME_CHARS = _VARIABLE + r"\-"

_ESCAPE = r"%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?#@%]"  # PLX
_LOCAL = rf"(?:[{LETTERS}0-9:]|{_ESCAPE})(?:[{NAME_CHARS}:]++|{_ESCAPE})*+(?:\.++(?:[{NAME_CHARS}:]++|{_ESCAPE})++)*+"
_PREFIX = rf"[{_BASE}][{NAME_CHARS}]*+(?:\.++[{NAME_CHARS}]++){{0,32}}+"
_EXPONENT = r"[eE][+-]?+[0-9]++"

# The order counts, the first that fits is taken: an IRI before `<`, a long string before a short one.
_TOKEN = rf"""
      (?P<space>     [ \t\r\n]++ )
    | (?P<comment>   \#[^\r\n]*+ )
    | (?P<iri>       <(?: [^\x00-\x20<>"{{}}|^`\\]++ | \\u[0-9A-Fa-f]{{4}} | \\U[0-9A-Fa-f]{{8}} )*+> )
    | (?P<string>    \"\"\"(?: [^"\\]++ | \\[\s\S] | ""?+(?!") )*+\"\"\"
                   | '''(?: [^'\\]++ | \\[\s\S] | ''?+(?!') )*+'''
                   | "(?!"")(?: [^"\\\r\n]++ | \\[^\r\n] )*+"
                   | '(?!'')(?: [^'\\\r\n]++ | \\[^\r\n] )*+' )
    | (?P<unclosed>  (?: \"\"\" | ''' )[\s\S]*+ | ["'][^\r\n]*+ )
    | (?P<bnode>     _:[{LETTERS}0-9][{NAME_CHARS}]*+(?:\.++[{NAME_CHARS}]++)*+ )
    | (?P<name>      (?:{_PREFIX})?:(?:{_LOCAL})? )
    | (?P<variable>  [?$][{LETTERS}0-9][{_VARIABLE}]*+ )
    | (?P<directive> (?<!["'])@(?:prefix|base|version)(?![A-Za-z0-9-]) )
    | (?P<langtag>   @[A-Za-z]++(?:-[A-Za-z0-9]++)*+(?:--[A-Za-z]++)?+ )
    | (?P<number>    [+-]?+(?: [0-9]++(?: \.[0-9]*+{_EXPONENT} | \.[0-9]++ | {_EXPONENT} )?
                             | \.[0-9]++(?:{_EXPONENT})? ) )
    | (?P<word>      [{_BASE}][{NAME_CHARS}]*+ )
    | (?P<punct>     <<\( | \)>> | << | >> | \{{\| | \|\}} | \^\^ | && | \|\| | != | <= | >=
                   | [.,;\[\](){{}}<>=!+\-*/|^?~] )
    | (?P<error>     [\s\S] )
"""


@cache
def _token() -> re.Pattern[str]:
    """The terminals, compiled on first use, for 40 ms."""
    return re.compile(_TOKEN, re.VERBOSE)


def tokenize(text: str) -> Iterator[Token]:
    """Yield the tokens of a Turtle, TriG or SPARQL text, spaces and comments too.

    What fits no token comes as `error`, one character at a time; so does a string that never ends, up to the end of
    its line, or of the text where it opened with three quotes.
    """
    for match in _token().finditer(text):
        kind, lexeme, start = match.lastgroup or "error", match.group(), match.start()
        if kind == "unclosed":
            yield from (Token("error", char, start + i) for i, char in enumerate(lexeme))
        else:
            yield Token(kind, lexeme, start)


def line_column(text: str, offset: int) -> tuple[int, int]:
    """Return the line and the column of an offset, both from 1; offsets and columns count code points.

    The end of the text is a place too. Raises ValueError for an offset outside the text.
    """
    if not 0 <= offset <= len(text):
        raise ValueError(f"offset {offset} is outside a text of {len(text)} code points")
    line_start = text.rfind("\n", 0, offset) + 1
    return text.count("\n", 0, offset) + 1, offset - line_start + 1
