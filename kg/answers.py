"""What a query gives back: rows that can be iterated, printed, shown in a notebook, or turned into a pandas table."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from pyoxigraph import NamedNode, RdfFormat, Triple, serialize

from kg import results, tables
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
        notes: dict[str, int] = {}
        pairs = zip(self.rows, self.text(), strict=True)
        rows = [[self._cell(x, text, notes) for x, text in zip(*pair, strict=True)] for pair in pairs]
        footnotes = "".join(self._note(passage, number, notes, width) for passage, number in notes.items())
        return tables.table(self.columns, rows, width, color) + (f"\n{footnotes}" if notes else "")

    def _cell(self, term: Any, text: str, notes: dict[str, int]) -> str:
        """The text of a term; for a passage, the number of its footnote."""
        if not isinstance(term, NamedNode) or not self._graph.receipts.passage(term):
            return text
        return f"[{notes.setdefault(term.value, len(notes) + 1)}]"

    def _note(self, passage: str, number: int, notes: dict[str, int], width: int) -> str:
        """A footnote: the quote, its speaker and place, and what it is read with, by number where that is noted too."""
        receipt, *companions = self._graph.receipts.with_companions(NamedNode(passage))
        speaker = f"{self._graph.things.label(NamedNode(receipt.speaker))}, " if receipt.speaker else ""
        words = f"“{receipt.text}” ({speaker}{receipt.article}, characters {receipt.start}–{receipt.end})"
        others = [f"[{notes[c.passage]}]" if c.passage in notes else f"“{c.text}”" for c in companions]
        words += f", read with {' and '.join(others)}" if others else ""
        lead = f"[{number}] "
        lines = tables.wrap(words, max(width - len(lead), 20))
        return "".join(f"{lead if i == 0 else ' ' * len(lead)}{line}\n" for i, line in enumerate(lines))

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
