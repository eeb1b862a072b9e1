"""SPARQL 1.1 (§19.8) from its text to its algebra, for queries that an engine has already accepted."""

from collections import Counter
from collections.abc import Mapping
from typing import NamedTuple

from kg.errors import UsageError
from kg.tokens import tokenize
from kg.witnesses.algebra import HIDDEN, Expression, Extend, Join, Pattern, Select, mentions, variables
from kg.witnesses.patterns import PatternReader, plain

_AGGREGATES = frozenset({"AVG", "COUNT", "GROUP_CONCAT", "MAX", "MIN", "SAMPLE", "SUM"})


class Query(NamedTuple):
    """A query: its SELECT, and the prologue that declares its prefixes.

    It asks of the `tested` variables whether they are bound; the `idle` ones it names but once, unless in its sums.
    """

    select: Select
    prologue: str
    tested: frozenset[str]
    idle: frozenset[str]


def read(text: str) -> Query:
    """The algebra of a SELECT, or of an ASK as a SELECT without columns.

    Raises UsageError for other forms, and for what SPARQL 1.1 does not have.
    """
    parser = _Parser(text)
    select = parser.query()
    idle = (name for name, times in parser.used.items() if times == 1)
    return Query(select, parser.prologue, frozenset(parser.tested), frozenset(idle))


class _Parser(PatternReader):
    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.used: Counter[str] = Counter()  # how often each SELECT names a variable, but for its aggregates

    def query(self) -> Select:
        """The whole query."""
        while self._word() in ("PREFIX", "BASE"):
            start = self._at
            self._at += 3 if self._word() == "PREFIX" else 2
            self.prologue += f"{self._slice(start)}\n"
        if self._take("ASK"):
            self._take("WHERE")
            start = self._at
            pattern = self._group()
            return Select((), pattern, None, "", plain(self._slice(start)), False)
        if self._word() != "SELECT":
            raise self._unknown()
        return self._select()

    def _select(self) -> Select:
        start = self._at
        self._expect("SELECT")
        self._take("DISTINCT", "REDUCED")
        names, computed = self._columns()
        head = self._slice(start)
        self._take("WHERE")
        body = self._at
        inner = self._group()
        where = self._slice(body)
        keys, grouping = self._grouping()
        having, tail, sliced = self._modifiers()
        aggregates = [plain(text) for text in (*(e.text for e in computed.values()), having) if _is_aggregate(text)]
        grouped = bool(grouping or aggregates)
        inner = _extended(inner, keys if grouped else computed)
        names = names if names is not None else sorted(n for n in variables(inner) if not n.startswith(HIDDEN))
        added = "".join(f" ?{name}" for name in keys if name not in names)
        text = f"{self.prologue} {head}{added} WHERE {where} {grouping} {tail}"
        if self._word() == "VALUES":
            values = self._at
            inner = Join((inner, self._values()))
            text += f" {self._slice(values)}"
        self.used.update([*mentions(inner), *(keys if grouped else names)])
        words = ", ".join(aggregates) or grouping
        return Select(tuple(names), inner, tuple(keys) if grouped else None, words, text, sliced)

    def _columns(self) -> tuple[list[str] | None, dict[str, Expression]]:
        """The names of the columns (None for `*`), and the expressions of those that have one."""
        names: list[str] = []
        computed: dict[str, Expression] = {}
        if self._take("*"):
            return None, computed
        while self._peek().kind == "variable" or self._peek().text == "(":
            if self._take("("):
                expression, name = self._named_expression()
                computed[name] = expression
            else:
                name = self._next().text[1:]
            names.append(name)
        return names, computed

    def _grouping(self) -> tuple[dict[str, Expression | None], str]:
        """The keys of GROUP BY, with the expressions of those that have one, and the clause with a name for each."""
        if not self._take("GROUP"):
            return {}, ""
        self._expect("BY")
        keys: dict[str, Expression | None] = {}
        while self._peek().kind == "variable" or self._is_constraint():
            name, expression = self._key()
            keys[name] = expression
        words = (f"?{name}" if e is None else f"({e.text} AS ?{name})" for name, e in keys.items())
        return keys, f"GROUP BY {' '.join(words)}"

    def _key(self) -> tuple[str, Expression | None]:
        """One key: its name, made up where it has none, and its expression."""
        if self._peek().kind == "variable":
            return self._next().text[1:], None
        start = self._at
        self._constraint_end()
        end = self._at
        if self._tokens[end - 3].text.upper() == "AS" and self._tokens[start].text == "(":
            name, expression = self._tokens[end - 2].text[1:], self._expression(start + 1, end - 3)
        else:
            name, expression = self._name("key_"), self._expression(start, end)
        if expression.exists:
            raise UsageError("receipts cannot be found: a group by EXISTS", rule="receipts")
        return name, expression

    def _modifiers(self) -> tuple[str, str, bool]:
        """The text of HAVING, that of all modifiers, and whether there is LIMIT or OFFSET among them."""
        start = self._at
        having = ""
        sliced = False
        while self._peek().kind != "end" and self._peek().text != "}" and self._word() != "VALUES":
            if self._word() == "HAVING":
                words = self._at
                self._at += 1
                while self._is_constraint():
                    self._constraint_end()
                having = self._slice(words)
                continue
            sliced |= self._word() in ("LIMIT", "OFFSET")
            self._skip()
        return having, self._slice(start) if self._at > start else "", sliced


def _extended(pattern: Pattern, computed: Mapping[str, Expression | None]) -> Pattern:
    for name, expression in computed.items():
        if expression is not None:
            pattern = Extend(pattern, name, expression)
    return pattern


def _is_aggregate(text: str) -> bool:
    return any(t.kind == "word" and t.text.upper() in _AGGREGATES for t in tokenize(text))
