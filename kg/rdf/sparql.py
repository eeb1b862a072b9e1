"""The text of a SPARQL 1.1 query (§19): tokens, brackets, prologue, form, columns, clauses, limits of size and nesting.

The one reader of SPARQL for checks of stored queries, for their parameters, for the limits that protect an engine, and
for the parser of `kg.provenance.witness`. It reads the grammar (§19.8) as far as these need it, and takes any text:
whether it is valid SPARQL is for an engine to say.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise
from typing import NamedTuple

from pyoxigraph import NamedNode, RdfFormat, parse

from kg.errors import InputError, LimitError, UsageError
from kg.rdf.namespaces import RDF_TYPE
from kg.rdf.tokens import Token, line_column, tokenize

AGGREGATES = frozenset({"AVG", "COUNT", "GROUP_CONCAT", "MAX", "MIN", "SAMPLE", "SUM"})  # §11
FORMS = frozenset({"ASK", "CONSTRUCT", "DESCRIBE", "SELECT"})  # §16
CLAUSES = frozenset({"GROUP", "HAVING", "ORDER", "LIMIT", "OFFSET", "VALUES"})  # what follows the outermost group
_CLOSING = {"(": ")", "[": "]", "{": "}"}
_SEPARATE = frozenset({"EXISTS", "MINUS", "OPTIONAL", "UNION"})  # their groups do not match in every solution


@dataclass(eq=False)
class Bracket:
    """A `(…)`, `[…]` or `{…}`: the tokens that open and close it (None: it is not closed), and the one around it.

    Its `role` is `group` (a group graph pattern, §5.2, or the properties of a blank node), `list` (a collection, or
    a path in brackets), `expression`, `data` (of VALUES, §10.2) or `template` (of CONSTRUCT, §16.2). The `keyword` of
    a group is EXISTS, GRAPH, MINUS, OPTIONAL or UNION, which the first arm of a union has too, or nothing.
    """

    mark: str
    opens: int
    around: "Bracket | None"
    role: str
    keyword: str = ""
    closes: int | None = None

    def chain(self) -> Iterator["Bracket"]:
        """This bracket and those around it, outwards; the last one is the whole query."""
        bracket: Bracket | None = self
        while bracket is not None:
            yield bracket
            bracket = bracket.around


class Column(NamedTuple):
    """A column of a SELECT (§16.1): its name; the tokens of its expression, if any; whether that is an aggregate."""

    name: str
    expression: tuple[int, int] | None
    aggregate: bool


class QueryText:
    """A query as tokens without spaces and comments; `i`, `start`, `end` are their indexes, `path` is for messages.

    `inside` has the innermost bracket around each token, `partner` the index of the other end of each bracket, `stray`
    the index of the first bracket without one. `declarations` has the prefixes by the index where each is declared.
    """

    def __init__(self, text: str, path: str = "") -> None:
        self.text, self.path = text, path
        self.tokens = [t for t in tokenize(text) if t.kind not in ("space", "comment")]
        self.brackets = [Bracket("", -1, None, "expression")]  # the first is the whole query
        self.inside: list[Bracket] = []
        self.partner: dict[int, int] = {}
        self.stray: int | None = None
        self._match_brackets()
        self.prefixes: dict[str, str] = {}
        self.declarations: dict[int, str] = {}
        for i, (name, iri) in enumerate(pairwise(self.tokens)):
            if self.word(i - 1) == "PREFIX" and name.kind == "name" and iri.kind == "iri":
                self.declarations[i] = name.text[:-1]
                self.prefixes.setdefault(name.text[:-1], iri.text[1:-1])

    # Brackets

    def _match_brackets(self) -> None:
        inner = self.brackets[0]
        for i, token in enumerate(self.tokens):
            mark = token.text if token.kind == "punct" else ""
            if mark in (")", "]", "}"):
                inner = self._closed(i, inner)
            self.inside.append(inner)
            if mark in _CLOSING:
                inner = Bracket(mark, i, inner, self._role(i, inner), self._keyword(i))
                self.brackets.append(inner)
        if inner.around and self.stray is None:
            self.stray = inner.opens

    def _closed(self, i: int, inner: Bracket) -> Bracket:
        """Close the innermost bracket, of this kind or not, and return the one around it."""
        if self.stray is None and _CLOSING.get(inner.mark) != self.text_at(i):
            self.stray = i
        if inner.around is None:
            return inner
        inner.closes, self.partner[i], self.partner[inner.opens] = i, inner.opens, i
        if inner.mark == "{" and not inner.keyword and self.word(i + 1) == "UNION":
            inner.keyword = "UNION"
        return inner.around

    def _role(self, i: int, around: Bracket) -> str:
        if around.role in ("data", "template"):
            return around.role
        if self.text_at(i) == "{":
            return "data" if self._is_data(i) else "template" if self.word(i - 1) == "CONSTRUCT" else "group"
        if around.role == "expression" or (self.text_at(i) == "(" and self.word(i - 1) not in ("", "A")):
            return "expression"
        return "group" if self.text_at(i) == "[" else "list"

    def _is_data(self, brace: int) -> bool:
        """Whether a brace opens the data of VALUES: `VALUES ?a {`, `VALUES (?a ?b) {`."""
        names = self.partner.get(brace - 1, brace - 1)
        return self.word(names - 1) == "VALUES" and (self.text_at(names) == "(" or bool(self.variable(names)))

    def _keyword(self, i: int) -> str:
        if self.text_at(i) != "{":
            return ""
        before = self.word(i - 1)
        return "GRAPH" if self.word(i - 2) == "GRAPH" else before if before in _SEPARATE else ""

    # Tokens

    def word(self, i: int) -> str:
        """The keyword at an index, in capitals; empty where there is none."""
        return self.tokens[i].text.upper() if 0 <= i < len(self.tokens) and self.tokens[i].kind == "word" else ""

    def text_at(self, i: int) -> str:
        """The text of the token at an index; empty outside the query."""
        return self.tokens[i].text if 0 <= i < len(self.tokens) else ""

    def variable(self, i: int) -> str:
        """The name of the variable at an index; empty where there is none."""
        return self.tokens[i].text[1:] if 0 <= i < len(self.tokens) and self.tokens[i].kind == "variable" else ""

    def uses(self, *words: str) -> Iterator[int]:
        """The indexes of these keywords."""
        return (i for i in range(len(self.tokens)) if self.word(i) in words)

    def place(self, i: int) -> tuple[int, int]:
        """The line and column, from 1, of a token, or of the end of the text."""
        return line_column(self.text, self.tokens[i].start if i < len(self.tokens) else len(self.text))

    def slice(self, start: int, end: int) -> str:
        """The text of the tokens from `start` up to `end`, exclusive."""
        return self.text[self.tokens[start].start : self.end(end)] if end > start else ""

    def end(self, i: int) -> int:
        """The offset in code points at which the token before index `i` ends."""
        return self.tokens[i - 1].start + len(self.tokens[i - 1].text)

    def plain(self, start: int, end: int) -> str:
        """The text of the tokens from `start` up to `end`, exclusive, on one line and without comments."""
        tokens = self.tokens[start:end]
        words = (t.text + " " * (n.start > t.start + len(t.text)) for t, n in pairwise(tokens))
        return re.sub(r"\s+", " ", "".join((*words, *(t.text for t in tokens[-1:])))).strip()

    def iri(self, i: int) -> str:
        """The IRI at an index; empty where there is none, or its prefix is not declared (§4.1.1)."""
        kind, text = (self.tokens[i].kind, self.tokens[i].text) if i < len(self.tokens) else ("", "")
        if kind == "iri":
            return text[1:-1]
        if kind == "word" and text == "a":
            return RDF_TYPE
        prefix, _, local = text.partition(":")
        if kind != "name" or prefix not in self.prefixes:
            return ""
        return self.prefixes[prefix] + re.sub(r"\\(.)", r"\1", local)

    @cached_property
    def prefix_uses(self) -> list[tuple[int, str]]:
        """The index and the prefix of each prefixed name after the declarations."""
        names = (i for i, t in enumerate(self.tokens) if t.kind == "name" and i not in self.declarations)
        return [(i, self.text_at(i).partition(":")[0]) for i in names]

    @property
    def undeclared(self) -> list[tuple[int, str]]:
        """Those of `prefix_uses` whose prefix is not declared."""
        return [(i, prefix) for i, prefix in self.prefix_uses if prefix not in self.prefixes]

    # Prologue, form, columns and clauses

    @cached_property
    def form(self) -> int | None:
        """The index of the keyword of the query's form (§16), which ends the prologue; None where there is none."""
        return next((i for i in self.uses(*FORMS) if self.inside[i] is self.brackets[0]), None)

    @property
    def prologue(self) -> str:
        """The text of BASE and PREFIX declarations (§4.1.1)."""
        return self.slice(0, self.form or 0)

    @cached_property
    def dataset(self) -> list[tuple[int, int]]:
        """The indexes of the first and the last token of each dataset clause: FROM …, FROM NAMED … (§13.2)."""
        found = []
        for i in self.uses("FROM"):
            last = i + 1 + (self.word(i + 1) == "NAMED")
            named = last < len(self.tokens) and self.tokens[last].kind in ("iri", "name")
            before = (b for b in self.brackets[1:] if b.opens < i and b.mark == "{" and b.role != "template")
            if named and self.form is not None and self.form < i and not any(before):
                found.append((i, last))
        return found

    @cached_property
    def names(self) -> set[str]:
        """The IRIs after the prologue."""
        return set(map(self.iri, range(self.form or 0, len(self.tokens)))) - {""}

    def columns(self, select: int) -> list[Column]:
        """The columns of the SELECT at an index; none for `*`."""
        found, i = [], select + 1
        while i < len(self.tokens) and self.word(i) != "WHERE" and self.text_at(i) != "{":
            end = self.partner.get(i, i)
            if name := self.variable(i):
                found.append(Column(name, None, False))
            elif end > i:  # (expression AS ?name)
                found.append(Column(self.variable(end - 1), (i + 1, end - 2), self.has_aggregate(i, end)))
            i = max(i, end) + 1
        return found

    def has_aggregate(self, start: int, end: int) -> bool:
        """Whether there is an aggregate between two indexes (§11), except in a group there, as of an EXISTS."""
        while start < end:
            if self.word(start) in AGGREGATES:
                return True
            start = (self.partner.get(start, start) if self.text_at(start) == "{" else start) + 1
        return False

    def clause(self, name: str) -> list[int]:
        """The indexes of the tokens of a clause after the outermost group, such as ORDER BY (§15)."""
        outside = [i for i, bracket in enumerate(self.inside) if bracket is self.brackets[0]]
        end = next((i for i in outside if self.text_at(i) == "}"), len(self.tokens))
        starts = [i for i in outside if i > end and self.word(i) in CLAUSES]
        spans = (range(*span) for span in pairwise((*starts, len(self.tokens))) if self.word(span[0]) == name)
        return [i for span in spans for i in span if self.word(i) not in (name, "BY")]

    def inline_data(self) -> Iterator[tuple[str, Bracket]]:
        """The variable and the braces of each `VALUES ?name { … }` (§10.2.1)."""
        for bracket in self.brackets:
            name = self.variable(bracket.opens - 1)
            if name and bracket.role == "data" and bracket.mark == "{" and bracket.closes:
                yield name, bracket

    def span(self, bracket: Bracket) -> tuple[int, int]:
        """The offsets in code points at which the inside of a bracket starts and ends."""
        closes = len(self.text) if bracket.closes is None else self.tokens[bracket.closes].start
        return self.tokens[bracket.opens].start + 1, closes

    # Variables

    def subject(self, predicate: int) -> str:
        """The variable that is the subject of the predicate at an index; empty where it is none."""
        i = predicate - 1
        while self.text_at(i) == ";" or not self._begins(i):
            if self.text_at(i) in ("[", "("):
                return ""
            i = self.partner[i] - 1 if self.text_at(i) in ("]", ")") and i in self.partner else i - 1
        return self.variable(i)

    def _begins(self, i: int) -> bool:
        """Whether a statement starts at an index, since something ends before it."""
        before = self.text_at(i - 1)
        if before == ")":  # that of FILTER (…) or BIND (…)
            return bool(self.word(self.partner.get(i - 1, 0) - 1))
        return i <= 0 or before in ("{", "}", ".")

    def is_joined(self, variable: str, binding: Bracket, use: Bracket) -> bool:
        """Whether what the group `binding` says of a variable holds in every solution of the group `use`."""
        around_binding, around_use = list(binding.chain()), list(use.chain())
        left = [b for b in around_binding if b not in around_use]
        entered = [b for b in around_use if b not in around_binding]
        return not any(b.keyword for b in left) and all(self._exports(b, variable) for b in (*left, *entered))

    @cached_property
    def surely_bound(self) -> set[str]:
        """The variables that a pattern binds in every solution; what an expression computes may be an error."""
        found = set()
        for i, bracket in enumerate(self.inside):
            name = self.variable(i)
            is_pattern = bracket.around and bracket not in self._projections  # no head of a query or subquery
            kept = (b.keyword in ("", "GRAPH") and b.mark != "(" and self._exports(b, name) for b in bracket.chain())
            if name and is_pattern and all(kept):
                found.add(name)
        return found

    def _exports(self, bracket: Bracket, variable: str) -> bool:
        """Whether a variable is the same inside and outside of a bracket; a subquery exports its columns only (§12)."""
        return bracket not in self._projections or variable in self._projections[bracket]

    @cached_property
    def _projections(self) -> dict[Bracket, set[str]]:
        """The columns of each group that is a subquery and does not have all of them."""
        selects = [b for b in self.brackets if b.mark == "{" and self.word(b.opens + 1) == "SELECT"]
        return {b: names for b in selects if (names := {c.name for c in self.columns(b.opens + 1)})}


# The last ones are kept, since limits, parameters, receipts and errors read the same text.
query_text = lru_cache(maxsize=2)(QueryText)

# Limits of what an engine gets

MAX_QUERY = 100_000  # characters
# pyoxigraph walks a query recursively: what nests its algebra too deeply overflows the stack and ends the process. Each
# limit is at most a quarter of what was seen to do so (pyoxigraph 0.5.13, a stack of 8 MB).
MAX_DEPTH = 100  # brackets within brackets; 500 to 1,000 nested calls end the process
MAX_CLAUSES = 500  # UNION, OPTIONAL, MINUS, BIND and the like, each around all before it; 2,000 to 4,000 end it
MAX_CALLS = 750  # opening round brackets (3,000 calls in ORDER BY or columns end it) and resources to describe (4,000)
MAX_PARTS = 2_000  # operators and triples; 8,000 to 16,000 end it
MAX_JOINED = 100  # patterns of a group: ordering them takes 1 s for 100, 7 for 160, more than 30 for 250
# FROM could name a file or an address (rdflib fetches it); the others speak to a server or change the graph.
FORBIDDEN = frozenset({"SERVICE", "LOAD", "FROM", "INSERT", "DELETE", "CLEAR", "DROP", "CREATE", "ADD", "MOVE", "COPY"})
# An IRI that cannot be a comparison: in `1<2)SERVICE#>` an engine reads code where the tokenizer reads `<…>`.
_PLAIN_IRI = re.compile(r"<(?:[A-Za-z][A-Za-z0-9+.-]*://.*|(?:(?!&&)[\w.~:/@%#+?=&$*;\\-]){0,1000})>")
_NESTING = re.compile("BIND|EXISTS|GRAPH|MINUS|OPTIONAL|SELECT|UNION|VALUES")
_OPERATORS = frozenset({"!", "/", "|", "+", "-", "*", "&&", "||", ".", ";", ",", "^"})
_JOINED = {".": 1, ";": 1, ",": 1, "/": 1, "<<": 2, "~": 2, "{|": 3}  # patterns that a mark adds, of reifiers too
_UNION = 2  # patterns as which a union counts in the join of which it is a part
_TERMS = frozenset({"bnode", "iri", "name", "number", "string", "variable", "word"})


def check(text: str, *, where: str = "") -> None:
    """Refuse a query that is too large or nested too deeply for an engine, or that reads or writes other data.

    `where` names its file. Raises LimitError for the former (`query-size`, `query-depth`), UsageError for the latter
    (`query-reach`).
    """
    if len(text) > MAX_QUERY:
        message = f"the query has {len(text):,} characters, more than {MAX_QUERY:,}"
        raise LimitError(message, where=where, rule="query-size")
    for version in dict.fromkeys((text, unescaped(text))):
        query = query_text(version)
        for token in query.tokens:
            _check_access(token, where)
        if problem := too_large(query):
            raise LimitError(problem, hint="write it flatter, or ask in parts", where=where, rule="query-depth")


def split_dataset(text: str, base: str = "") -> tuple[str, list[NamedNode], list[NamedNode]] | None:
    """A query without its dataset clauses, at whose place are spaces, and the graphs of FROM and of FROM NAMED (§13.2).

    None where it has no such clause. `base` is the IRI against which relative ones are read. Raises InputError for what
    is no IRI.
    """
    query = query_text(text) if len(text) <= MAX_QUERY and "FROM" in text.upper() else None
    if not query or not query.dataset:
        return None
    default, named = list[NamedNode](), list[NamedNode]()
    for first, last in query.dataset:
        line, column = query.place(last)
        try:
            (found,) = parse(
                f"{query.prologue}\n<x:s> <x:p> {query.text_at(last)} .", format=RdfFormat.TURTLE, base_iri=base or None
            )
        except SyntaxError as error:
            message = f"line {line}, column {column}: {query.text_at(last)[:100]} is no IRI"
            raise InputError(message, hint="write it in full, or declare its prefix", rule="syntax") from error
        assert isinstance(found.object, NamedNode)
        (default if last == first + 1 else named).append(found.object)
        start, end = query.tokens[first].start, query.end(last + 1)
        text = text[:start] + re.sub(r"[^\n]", " ", text[start:end]) + text[end:]
    return text, default, named


def unescaped(text: str) -> str:
    """A query as it is parsed, its code point escapes resolved (§19.2), which could spell a keyword."""
    return re.sub(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})", _character, text)


def _character(match: re.Match[str]) -> str:
    code = int(match[1] or match[2], 16)
    return chr(code) if code < 0x110000 else "\ufffd"


def _keyword(token: Token) -> str:
    """The part of a token that an engine could read as a keyword, in capitals: a prefix may follow it without space."""
    return token.text.partition(":")[0].upper() if token.kind in ("word", "name") else ""


def _check_access(token: Token, where: str) -> None:
    word = _keyword(token)
    glued = "SERVICE" if "SERVICE" in word else "FROM" if word == "FROM" else ""
    if forbidden := word if token.kind == "word" and word in FORBIDDEN else glued:
        message = f"a query may not use {forbidden}: it reads this graph and nothing else"
        raise UsageError(message, hint="name other data with --data FILE", where=where, rule="query-reach")
    if token.kind == "iri" and not _PLAIN_IRI.fullmatch(token.text):
        message = f"{token.text[:40]} may be an IRI or a comparison"
        hint = "write an IRI in full, and a space on both sides of <"
        raise UsageError(message, hint=hint, where=where, rule="query-reach")


def too_large(query: QueryText) -> str:
    """Which limit a query exceeds, as a sentence; empty where it exceeds none."""
    if _depth(query.tokens) > MAX_DEPTH:
        return f"the query is nested too deeply: more than {MAX_DEPTH} brackets"
    clauses = sum(len(_NESTING.findall(_keyword(t))) for t in query.tokens)
    signed = sum(t.kind == "number" and t.text[0] in "+-" for t in query.tokens)
    parts = signed + sum(t.kind == "punct" and t.text in _OPERATORS for t in query.tokens)
    counts = {
        ("clauses such as UNION and OPTIONAL", MAX_CLAUSES): clauses,
        ("calls, round brackets and resources to describe", MAX_CALLS): calls(query),
        ("operators and triples", MAX_PARTS): parts,
        ("patterns joined in one group", MAX_JOINED): joined(query),
    }
    exceeded = (f"the query has {n:,} {what}, more than {most:,}" for (what, most), n in counts.items() if n > most)
    return next(exceeded, "")


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


def calls(query: QueryText) -> int:
    """The number of opening round brackets, except in data, and of resources to describe (§16.4)."""
    round_brackets = (b for b in query.brackets if b.mark == "(" and (b.around or b).role != "data")
    described = (i for i, bracket in enumerate(query.inside) if bracket.around is None and _is_described(query, i))
    return sum(1 for _ in (*round_brackets, *described))


def _is_described(query: QueryText, i: int) -> bool:
    """Whether a token outside all brackets is a resource to describe, and not part of a declaration."""
    kind, before = query.tokens[i].kind, query.tokens[i - 1].kind if i else ""
    declared = query.word(i - 1) in ("PREFIX", "BASE") or (before == "name" and kind == "iri")
    return kind in ("iri", "name") and not declared


def joined(query: QueryText) -> int:
    """How many patterns the largest group joins (§18.2.2.6), with those of the groups within that it is joined with."""
    counts = dict.fromkeys(query.brackets, 0)
    for i, bracket in enumerate(query.inside):
        counts[bracket] += _adds(query, i) if bracket.role in ("group", "list") else 0
    most = 0
    for bracket in reversed(query.brackets):  # inner ones first
        if bracket.around is None or bracket.closes is None or bracket.role not in ("group", "list"):
            continue
        last = query.text_at(bracket.closes - 1)
        counts[bracket] += bracket.role == "group" and last not in ("[", ".", "}")  # a last one without its dot
        most = max(most, counts[bracket])
        before, after = query.word(bracket.opens - 1), query.word(bracket.opens + 1)
        # The others have a join of their own: an OPTIONAL and the like, a further arm of a union, a subquery.
        if bracket.mark != "{" or (before not in _SEPARATE and after != "SELECT"):
            counts[bracket.around] += _UNION if query.word(bracket.closes + 1) == "UNION" else counts[bracket]
    return most


def _adds(query: QueryText, i: int) -> int:
    """How many patterns a token adds to its bracket."""
    token = query.tokens[i]
    if token.kind == "punct":
        return _JOINED.get(token.text, 0)
    member = query.inside[i].role == "list" and token.kind in _TERMS and query.text_at(i - 1) not in _OPERATORS
    return int(member or query.word(i) == "VALUES")


def syntax_error(message: str, query: QueryText) -> tuple[int, int, str]:
    """Line, column (0 where unknown) and reason, from pyoxigraph's message on the syntax of a query.

    Of what its parser expected, only a part that is a sentence is readable. What it does not name is found here: a
    prefix that is not declared, a variable that is not grouped (its place, too), a relative IRI without a base.
    """
    found = re.match(r"error at (\d+):(\d+): (?:expected (?:one of )?)?", message)
    if not found:
        return 0, 0, message
    parts = re.split(r", |\n", message[found.end() :])
    reasons = [f"{x[0].lower()}{x[1:]}" for x in parts if re.fullmatch(r"[A-Za-z]+( [A-Za-z]+){2,}", x)]
    reasons = [*(f"the prefix {prefix}: is not declared" for _, prefix in query.undeclared), *reasons]
    if any("a variable that is unbound" in reason for reason in reasons) and (i := _ungrouped(query)):
        return *query.place(i), f"{query.text_at(i)} is neither in GROUP BY nor in an aggregate"
    relative = (t.text for t in query.tokens if t.kind == "iri" and ":" not in t.text)
    if "BASE" not in map(query.word, range(query.form or 0)):
        reasons += (f"the IRI {text} is relative, and there is no BASE" for text in relative)
    return int(found[1]), int(found[2]), reasons[0] if reasons else ""


def _ungrouped(query: QueryText) -> int:
    """The index of a variable that the first SELECT neither groups nor aggregates (§11.4), 0 if there is none."""
    grouped, i = set(map(query.variable, query.clause("GROUP"))), (query.form or 0) + 1
    while i < len(query.tokens) and query.word(i) != "WHERE" and query.text_at(i) != "{":
        end = query.partner.get(i, i)  # of (expression AS ?name)
        if not query.has_aggregate(i, end):
            for at in range(i, max(end - 1, i + 1)):
                if query.variable(at) and query.variable(at) not in grouped:
                    return at
        grouped.add(query.variable(end - 1))
        i = end + 1
    return 0
