"""The answer to a query: rows that can be iterated, printed, shown in a notebook or made a pandas table, with receipts.

Receipts are found when they are first asked for. In tables and Markdown they are footnotes.
"""

from collections.abc import Iterator, Sequence
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any, Literal

import pyoxigraph
from pyoxigraph import NamedNode, RdfFormat, Triple, serialize

from kg import terminal
from kg.dataset import results
from kg.dataset.results import Ask, Rows
from kg.errors import UsageError, markdown, to_json
from kg.provenance.context import Context
from kg.provenance.receipts import quoted
from kg.rdf.namespaces import PREFIXES

if TYPE_CHECKING:
    from kg.provenance.attribution import Attribution, Note
    from kg.provenance.receipts import Receipt

Wanted = bool | Literal["all"]  # receipts: none, those of one witness of each row, those of all its witnesses
_MAX_NOTE = 96  # characters of a note in a table


class Footnotes:
    """Numbers passages and notes in the order in which they are first met, and writes what each number stands for."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._numbers: dict[str | Note, int] = {}
        self._naming = False

    def mark(self, key: "str | Note", before: str = "[", after: str = "]") -> str:
        """The number of a passage, given by its IRI, or of a note, as it stands in a table: `[1]`."""
        return f"{before}{self._numbers.setdefault(key, len(self._numbers) + 1)}{after}"

    def marks(self, found: "Attribution") -> str:
        """The numbers of the passages and notes of a row; in round brackets those that only name or classify."""
        self._naming |= bool(found.naming)
        passages = (self.mark(p, *"()" if p in found.naming else "[]") for p in found.passages)
        return " ".join([*passages, *map(self.mark, found.notes)])

    def texts(self) -> list[str]:
        """What the numbers stand for, from the first on."""
        return [self._quoted(key) if isinstance(key, str) else _shortened(_note(key)) for key in self._numbers]

    def legend(self) -> str:
        """What the round brackets mean, where there are any."""
        return "(n) says what something is, or is called." if self._naming else ""

    def _quoted(self, passage: str) -> str:
        """The quote of a passage, its speaker and place, and what it is read with, by number where that has one."""
        receipt, *companions = self._context.receipts.with_companions(NamedNode(passage))
        numbers = self._numbers
        others = [f"[{numbers[c.passage]}]" if c.passage in numbers else f"“{c.text}”" for c in companions]
        return quoted(receipt, self._context.things) + (f", read with {' and '.join(others)}" if others else "")


def _shortened(text: str) -> str:
    """The beginning of a note that is long, as an absent pattern may be; JSON and CSV have it whole."""
    return text if len(text) <= _MAX_NOTE else f"{text[:_MAX_NOTE].rsplit(' ', 1)[0]} …"


def _note(note: "Note") -> str:
    return f"{note.kind}: {note.text}"


class Row(tuple[Any, ...]):
    """A tuple of terms with the `receipts` and `notes` of the row."""

    receipts: "tuple[Receipt, ...]"
    notes: "tuple[Note, ...]"


class Answer:
    """The answer to one query.

    `columns` are the names, `rows` tuples of pyoxigraph terms (None where unbound). An ASK has one column, `answer`;
    a CONSTRUCT has `subject`, `predicate`, `object`. Where `receipts` were asked for, each row has its own.
    """

    def __init__(
        self, context: Context, found: Rows | Ask | list[Triple], text: str = "", receipts: Wanted = False
    ) -> None:
        if receipts and isinstance(found, list):
            hint = "ask `kg why` for the proof of a triple, or `kg export --claims` for a graph with its receipts"
            raise UsageError("receipts are for the rows of a SELECT", hint=hint)
        self._context, self._text, self._receipts = context, text, receipts
        self.found = found
        self.columns: list[str] = ["subject", "predicate", "object"]
        self._terms: list[tuple[Any, ...]]
        if isinstance(found, Rows):
            self.columns, self._terms = found.columns, list(found.rows)
        elif isinstance(found, Ask):
            self.columns, self._terms = ["answer"], [(found.value,)]
        else:
            self._terms = list(map(tuple, found))

    @cached_property
    def attributions(self) -> "list[Attribution]":
        """On what each row rests: passages, receipts and notes; an ASK has one row."""
        from kg.provenance.witness import Witnesses

        attributor, every = self._context.attributor, self._receipts == "all"
        witnesses = Witnesses(self._context.store, self._text, None if every else attributor.best)
        if isinstance(self.found, Ask):
            return [attributor.of_witness(witnesses.of_ask(self.found.value), every)]
        rows = ({n: t for n, t in zip(self.columns, row, strict=True) if t is not None} for row in self._terms)
        return [attributor.of_witness(witnesses.of_row(row), every) for row in rows]

    @property
    def rows(self) -> list[tuple[Any, ...]]:
        """The rows as terms; the one row of an ASK is a bool."""
        if not self._receipts:
            return self._terms
        rows = [Row(terms) for terms in self._terms]
        for row, found in zip(rows, self.attributions, strict=True):
            row.receipts, row.notes = found.receipts, found.notes
        return [*rows]

    def __iter__(self) -> Iterator[tuple[Any, ...]]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self._terms)

    def __bool__(self) -> bool:
        return self.found.value if isinstance(self.found, Ask) else bool(self._terms)

    @property
    def is_empty(self) -> bool:
        """Whether it has rows, and none."""
        return isinstance(self.found, Rows) and not self.found.rows

    def text(self) -> list[list[str]]:
        """The rows as people read them: labels for things, values for literals, nothing where unbound."""
        if isinstance(self.found, Ask):
            return [["yes" if self.found.value else "no"]]
        label = cache(self._context.things.label)  # one thing stands in many rows
        return [[label(x) for x in row] for row in self._terms]

    def table(self, width: int, color: bool = False) -> str:
        """A table for a terminal, `width` columns wide, with the quotes of passages and receipts as footnotes."""
        notes, passage = Footnotes(self._context), self._context.receipts.passage
        rows, columns = self.text(), self.columns
        for terms, row in zip(self._terms, rows, strict=True):
            for i, term in enumerate(terms):
                if isinstance(term, NamedNode) and passage(term):
                    row[i] = notes.mark(term.value)
        if self._receipts:
            columns = [*columns, _free("receipts", columns)]
            rows = [[*row, notes.marks(found)] for row, found in zip(rows, self.attributions, strict=True)]
        footnotes = "".join(_footnote(number, text, width) for number, text in enumerate(notes.texts(), 1))
        legend = f"{text}\n" if (text := notes.legend()) else ""
        return terminal.table(columns, rows, width, color) + (f"\n{footnotes}{legend}" if footnotes else "")

    def write(self, rdf_format: str) -> str:
        """The answer as json, csv, tsv, xml, md or turtle. Raises UsageError for a format that does not fit.

        Receipts are a member of JSON beside `notes`, and two columns of CSV, TSV and XML: `receipts` has the same
        list in JSON, `notes` the notes as text, one a line. Markdown has them as footnotes.
        """
        if isinstance(self.found, list):
            if rdf_format not in ("turtle", "md"):
                hint = "CONSTRUCT and DESCRIBE give a graph: -f turtle"
                raise UsageError(f"a graph cannot be written as {rdf_format}", hint=hint)
            rows = sorted(self.found, key=str)
            used = {p: ns for p, ns in PREFIXES.items() if any(f"<{ns}" in str(x) for t in rows for x in t)}
            return (serialize(rows, format=RdfFormat.TURTLE, prefixes=used) or b"").decode()
        if rdf_format == "turtle":
            raise UsageError("rows cannot be written as turtle", hint="only CONSTRUCT and DESCRIBE give a graph")
        label = self._context.things.label
        if not self._receipts:
            return results.write(self.found, rdf_format, show=label)
        receipts = [[r._asdict() for r in found.receipts] for found in self.attributions]
        if rdf_format == "json":
            notes = [[n._asdict() for n in found.notes] for found in self.attributions]
            return results.write(self.found, rdf_format, receipts=receipts, notes=notes)
        if isinstance(self.found, Ask):
            raise UsageError(f"{rdf_format} has no place for receipts", hint="Choose the format json.")
        if rdf_format == "md":
            return self._markdown()
        pairs = zip(receipts, self.attributions, strict=True)
        cells = [(to_json(list_, None), "\n".join(map(_note, found.notes))) for list_, found in pairs]
        return results.write(self._with_columns(["receipts", "notes"], cells), rdf_format)

    def _markdown(self) -> str:
        notes = Footnotes(self._context)
        rows = self._with_columns(["receipts"], [(notes.marks(found),) for found in self.attributions])
        texts = "".join(f"{number}. {markdown(text)}\n" for number, text in enumerate(notes.texts(), 1))
        texts += f"\n{legend}" if (legend := markdown(notes.legend())) else ""
        return results.write(rows, "md", show=self._context.things.label) + (f"\n{texts}" if texts else "")

    def _with_columns(self, names: list[str], cells: "Sequence[tuple[str, ...]]") -> Rows:
        """The rows with further columns of text, renamed where the query has such a column."""
        assert isinstance(self.found, Rows)
        columns = [*self.found.columns, *(_free(name, self.found.columns) for name in names)]
        added = ((pyoxigraph.Literal(text) for text in texts) for texts in cells)
        return Rows(columns, [(*row, *more) for row, more in zip(self.found.rows, added, strict=True)])

    def to_pandas(self) -> Any:
        """A pandas DataFrame of the text of the rows; receipts are a column of lists of dictionaries.

        Raises ImportError where pandas is not installed.
        """
        import pandas

        frame = pandas.DataFrame(self.text(), columns=self.columns)
        if self._receipts:
            frame[_free("receipts", self.columns)] = [[r._asdict() for r in a.receipts] for a in self.attributions]
        return frame

    def _repr_html_(self) -> str:
        """A table for a notebook; a passage shows its quote as hover text, and any cell the receipts of its row."""

        from html import escape

        def cell(term: Any, text: str, hover: str) -> str:
            receipt = self._context.receipts.passage(term) if isinstance(term, NamedNode) else None
            title = (receipt.text if receipt else getattr(term, "value", "")) + hover
            return f'<td title="{escape(title)}">{escape(text)}</td>'

        def hover(found: "Attribution") -> str:
            lines = [*(quoted(receipt, self._context.things) for receipt in found.receipts), *map(_note, found.notes)]
            return "".join(f"\n{line}" for line in lines)

        head = "".join(f"<th>{escape(c)}</th>" for c in self.columns)
        hovers = list(map(hover, self.attributions)) if self._receipts else [""] * len(self)
        body = "".join(
            f"<tr>{''.join(cell(t, x, title) for t, x in zip(row, texts, strict=True))}</tr>"
            for row, texts, title in zip(self._terms, self.text(), hovers, strict=True)
        )
        return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"

    def __repr__(self) -> str:
        return self.table(terminal.terminal_width())


def _free(name: str, columns: list[str]) -> str:
    """A name for a further column, not yet taken."""
    while name in columns:
        name += "_"
    return name


def _footnote(number: int, text: str, width: int) -> str:
    lead = f"[{number}] "
    return lead + f"\n{' ' * len(lead)}".join(terminal.wrap(text, max(width - len(lead), 20))) + "\n"
