"""Values of expressions, as pyoxigraph computes them: an expression stays the text that the query has."""

from collections.abc import Mapping
from itertools import product

from pyoxigraph import BlankNode, Literal, NamedNode, QuerySolutions, Store, Triple

from kg.vocabulary import XSD
from kg.witnesses.algebra import Expression, Term
from kg.witnesses.solutions import Witness

TRUE, FALSE = (Literal(word, datatype=NamedNode(XSD + "boolean")) for word in ("true", "false"))
_MOST_EXISTS = 6  # in one expression; of more, all count
_BLANK = "urn:x-entente:blank:"  # VALUES takes no blank nodes


class Expressions:
    """Evaluates the expressions of one query; `prologue` declares its prefixes."""

    def __init__(self, prologue: str) -> None:
        self._prologue, self._store = prologue, Store()
        self._known: dict[tuple[str, tuple[Term | None, ...]], Term | None] = {}

    def holds(self, expression: Expression, bindings: Mapping[str, Term]) -> bool:
        """Whether a condition has the effective boolean value true (SPARQL 1.1 §17.2.2); an error is not true."""
        if expression.text.strip() in _bare(expression):
            negated = expression.text.strip().startswith("!")
            return (bindings[expression.exists[0].name] == TRUE) is not negated
        return self._value(f"IF(({expression.text}\n), true, false)", expression, bindings) == TRUE

    def value(self, expression: Expression, bindings: Mapping[str, Term]) -> Term | None:
        """The value; None for an error."""
        return self._value(expression.text, expression, bindings)

    def needs_no_exists(self, condition: Expression, values: Mapping[str, Term]) -> bool:
        """Whether a condition with EXISTS holds already, whatever that finds."""
        names = [exists.name for exists in condition.exists]
        possible = len(names) <= _MOST_EXISTS and bool(condition.names)  # an EXISTS alone always matters
        return bool(names) and possible and self._is_settled(condition, values, names, TRUE)

    def needed(
        self,
        expression: Expression,
        values: Mapping[str, Term],
        met: Mapping[str, Witness],
        value: Term | None,
    ) -> Witness:
        """Of what was found for each EXISTS, that which settles the value, whatever the others were.

        What is absent is left out before what is there.
        """
        needless: list[str] = []
        for name in sorted(met, key=lambda name: values[name] == TRUE):
            if len(met) <= _MOST_EXISTS and self._is_settled(expression, values, [*needless, name], value):
                needless.append(name)
        return tuple(ground for name, grounds in met.items() if name not in needless for ground in grounds)

    def _is_settled(
        self, expression: Expression, values: Mapping[str, Term], free: list[str], value: Term | None
    ) -> bool:
        """Whether the expression has its value whatever these variables are."""
        for chosen in product((TRUE, FALSE), repeat=len(free)):
            other = {**values, **dict(zip(free, chosen, strict=True))}
            if value == TRUE:
                if not self.holds(expression, other):
                    return False
            elif self.value(expression, other) != value:
                return False
        return True

    def _value(self, text: str, expression: Expression, bindings: Mapping[str, Term]) -> Term | None:
        names = (*expression.names, *(e.name for e in expression.exists))
        terms = tuple(map(bindings.get, names))
        if (text, terms) not in self._known:
            columns = " ".join(f"?{name}" for name in names)
            values = f"VALUES ({columns}) {{ ({' '.join(map(_written, terms))}) }}" if names else ""
            self._known[text, terms] = self._ask(f"{self._prologue} SELECT ({text}\n AS ?value__) {{ {values} }}")
        return self._known[text, terms]

    def _ask(self, query: str) -> Term | None:
        found = self._store.query(query)
        assert isinstance(found, QuerySolutions)
        value: Term | None = next(iter(found))[0]
        if isinstance(value, NamedNode) and value.value.startswith(_BLANK):
            return BlankNode(value.value.removeprefix(_BLANK))
        return value


def _bare(expression: Expression) -> tuple[str, ...]:
    """How a condition reads that is an EXISTS and nothing else."""
    return (f"?{expression.exists[0].name}", f"!?{expression.exists[0].name}") if len(expression.exists) == 1 else ()


def _written(term: Term | None) -> str:
    if isinstance(term, BlankNode):
        return f"<{_BLANK}{term.value}>"
    if isinstance(term, Triple):
        return "UNDEF"
    return "UNDEF" if term is None else str(term)
