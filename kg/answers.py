"""What a query gives back: rows that can be iterated, printed, shown in a notebook, or turned into a pandas table."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from pyoxigraph import NamedNode, RdfFormat, Triple, serialize

from kg import results, tables
from kg.receipts import Receipt
from kg.results import Ask, Rows
from kg.vocabulary import PREFIXES

if TYPE_CHECKING:
    from kg.graph import Graph

Term = results.Term


class Answer:
    """The answer to one query.

    `columns` are the names, `rows` tuples of pyoxigraph terms (None where unbound). An ASK has one column, `answer`;
    a CONSTRUCT has `subject`, `predicate`, `object`.
    """

    def __init__(self, graph: "Graph", found: Rows | Ask | list[Triple]) -> None:
        self._graph = graph
        self.found = found

    @property
    def columns(self) -> list[str]:
        """The names of the columns."""
        if isinstance(self.found, Rows):
            return self.found.columns
        return ["answer"] if isinstance(self.found, Ask) else ["subject", "predicate", "object"]

    @property
    def rows(self) -> list[tuple[Any, ...]]:
        """The rows as terms; the one row of an ASK is a bool."""
        if isinstance(self.found, Rows):
            return list(self.found.rows)
        if isinstance(self.found, Ask):
            return [(self.found.value,)]
        return [(t.subject, t.predicate, t.object) for t in self.found]

    def __iter__(self) -> Iterator[tuple[Any, ...]]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    def __bool__(self) -> bool:
        return self.found.value if isinstance(self.found, Ask) else bool(self.rows)

    def text(self) -> list[list[str]]:
        """The rows as people read them: labels for things, values for literals, nothing where unbound."""
        if isinstance(self.found, Ask):
            return [["yes" if self.found.value else "no"]]
        return [[self._graph.things.label(x) for x in row] for row in self.rows]

    def table(self, width: int, color: bool = False) -> str:
        """A table for a terminal, `width` columns wide, with the quote of each passage as a footnote."""
        notes: dict[Receipt, str] = {}
        rows = [[self._cell(x, text, notes) for x, text in zip(*pair, strict=True)] for pair in self._pairs()]
        lines = [tables.table(self.columns, rows, width, color), *(_note(r, n, width) for r, n in notes.items())]
        return "\n".join(lines) if notes else lines[0]

    def _pairs(self) -> list[tuple[tuple[Any, ...], list[str]]]:
        return list(zip(self.rows, self.text(), strict=True))

    def _cell(self, term: Any, text: str, notes: dict[Receipt, str]) -> str:
        """The text of a term; for a passage, the number of its footnote."""
        receipt = self._graph.receipts.passage(term) if isinstance(term, NamedNode) else None
        return notes.setdefault(receipt, f"[{len(notes) + 1}]") if receipt else text

    def write(self, rdf_format: str) -> str:
        """The answer as json, csv, tsv, xml, md or turtle. Raises UsageError for a format that does not fit."""
        from kg.errors import UsageError

        if isinstance(self.found, list):
            if rdf_format not in ("turtle", "md"):
                hint = "CONSTRUCT and DESCRIBE give a graph: -f turtle"
                raise UsageError(f"a graph cannot be written as {rdf_format}", hint=hint)
            triples = sorted(self.found, key=str)
            return (serialize(triples, format=RdfFormat.TURTLE, prefixes=PREFIXES) or b"").decode()
        if rdf_format == "turtle":
            raise UsageError("rows cannot be written as turtle", hint="only CONSTRUCT and DESCRIBE give a graph")
        return results.write(self.found, rdf_format, show=self._graph.things.label)

    def to_pandas(self) -> Any:
        """A pandas DataFrame of the text of the rows. Raises ImportError where pandas is not installed."""
        import pandas

        return pandas.DataFrame(self.text(), columns=self.columns)

    def _repr_html_(self) -> str:
        """A table for a notebook; a passage shows its quote as hover text."""
        from html import escape

        def cell(term: Any, text: str) -> str:
            receipt = self._graph.receipts.passage(term) if isinstance(term, NamedNode) else None
            return f'<td title="{escape(receipt.text if receipt else getattr(term, "value", ""))}">{escape(text)}</td>'

        head = "".join(f"<th>{escape(c)}</th>" for c in self.columns)
        body = "".join(
            f"<tr>{''.join(cell(t, x) for t, x in zip(row, texts, strict=True))}</tr>"
            for row, texts in zip(self.rows, self.text(), strict=True)
        )
        return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"

    def __repr__(self) -> str:
        return self.table(tables.terminal_width())


def _note(receipt: Receipt, number: str, width: int) -> str:
    """A footnote: the quote, and where it stands."""
    place = f"({receipt.article}, characters {receipt.start}–{receipt.end})"
    lines = tables.wrap(f"“{receipt.text}” {place}", max(width - len(number) - 1, 20))
    return "\n".join(f"{number if i == 0 else ' ' * len(number)} {line}" for i, line in enumerate(lines)) + "\n"
