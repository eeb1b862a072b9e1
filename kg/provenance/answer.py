"""The answer to a query: rows that can be iterated, printed, shown in a notebook or made a pandas table, with receipts.

Receipts are found when they are first asked for. In tables and Markdown they are footnotes.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, Protocol, TypeVar

import pyoxigraph
from pyoxigraph import NamedNode, RdfFormat, Triple, serialize

from kg import terminal
from kg.dataset import results
from kg.dataset.results import Ask, Rows
from kg.errors import UsageError, markdown, to_json
from kg.provenance.context import Context
from kg.rdf.namespaces import PREFIXES

if TYPE_CHECKING:
    from datetime import datetime

    from kg.provenance.receipts import Attribution, Footnotes, Note, Receipt

Wanted = bool | Literal["all"]  # receipts: none, those of one witness of each row, those of all its witnesses
_Written = TypeVar("_Written")
_MOST_ROWS = 100  # of an answer in a notebook or at a prompt


class Row(tuple[Any, ...]):
    """A tuple of terms with the `receipts` and `notes` of the row."""

    receipts: "tuple[Receipt, ...]"
    notes: "tuple[Note, ...]"


class Drawn(Protocol):
    """A picture (`kg.pictures.Picture`): a notebook shows it, `str` of it is its SVG."""

    def _repr_svg_(self) -> str: ...

    def save(self, path: str) -> None:
        """Write it to a file."""


def _cited(row: "dict[str, Any]") -> list[str]:
    """The IRIs of a row, its passage first: where these are passages, the row names them as its own."""
    named = {column: term.value for column, term in row.items() if isinstance(term, NamedNode)}
    return [named[column] for column in sorted(named, key=lambda column: column != "passage")]


class Answer:
    """The answer to one query.

    `columns` are the names, `rows` tuples of pyoxigraph terms (None where unbound). An ASK has one column, `answer`;
    a CONSTRUCT has `subject`, `predicate`, `object`. Where `receipts` were asked for, each row has its own.
    """

    def __init__(
        self,
        context: Context,
        found: Rows | Ask | list[Triple],
        text: str = "",
        receipts: Wanted = False,
        draw: "Callable[[Answer, str], Drawn] | None" = None,
    ) -> None:
        if receipts and isinstance(found, list):
            hint = "ask `kg why` for the proof of a triple, or `kg export --claims` for a graph with its receipts"
            raise UsageError("receipts are for the rows of a SELECT", hint=hint)
        self._context, self._text, self._receipts, self._draw = context, text, receipts, draw
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

        every, found = self._receipts == "all", self.found

        def attributing(context: Context) -> "Callable[[dict[str, Any]], Attribution]":
            attributor = context.attributor
            witnesses = Witnesses(context.store, self._text, None if every else attributor.best)
            of_row = witnesses.of_row if not isinstance(found, Ask) else lambda _: witnesses.of_ask(found.value)
            return lambda row: attributor.of_witness(of_row(row), every, _cited(row))

        rows = [{n: t for n, t in zip(self.columns, row, strict=True) if t is not None} for row in self._terms]
        return self._context.each(rows, attributing)

    def _written(self, write: "Callable[[Answer], _Written]") -> _Written:
        """What is written of the answer; the attributions are found first."""
        known = {"attributions": self.attributions} if self._receipts else {}

        def work(context: Context) -> _Written:
            answer = Answer(context, self.found, self._text, self._receipts, self._draw)
            answer.__dict__.update(known)
            return write(answer)

        return self._context.whole(work)

    @property
    def terms(self) -> list[tuple[Any, ...]]:
        """The rows as terms, without receipts."""
        return self._terms

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
        terms = list(dict.fromkeys(x for row in self._terms for x in row))  # one thing stands in many rows
        labels = dict(zip(terms, self._context.each(terms, lambda context: context.things.label), strict=True))
        return [[labels[x] for x in row] for row in self._terms]

    def _footnotes(self) -> "Footnotes":
        from kg.provenance.receipts import Footnotes

        return Footnotes(self._context.receipts, self._context.things)

    def table(self, width: int, color: bool = False) -> str:
        """A table for a terminal, `width` columns wide, with the quotes of passages and receipts as footnotes."""
        return self._written(lambda answer: answer._table(width, color))

    def _table(self, width: int, color: bool) -> str:
        notes, passage = self._footnotes(), self._context.receipts.passage
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
        return self._written(lambda answer: answer._write(rdf_format))

    def _write(self, rdf_format: str) -> str:
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
        receipts = [[r.json() for r in found.receipts] for found in self.attributions]
        if rdf_format == "json":
            notes = [[n._asdict() for n in found.notes] for found in self.attributions]
            return results.write(self.found, rdf_format, receipts=receipts, notes=notes)
        if isinstance(self.found, Ask):
            raise UsageError(f"{rdf_format} has no place for receipts", hint="Choose the format json.")
        if rdf_format == "md":
            return self._markdown()
        from kg.provenance.receipts import noted

        pairs = zip(receipts, self.attributions, strict=True)
        cells = [(to_json(list_, None), "\n".join(map(noted, found.notes))) for list_, found in pairs]
        return results.write(self._with_columns(["receipts", "notes"], cells), rdf_format)

    def _markdown(self) -> str:
        notes = self._footnotes()
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

    def to_pandas(self, *, iris: bool = True, quotes: bool = False) -> Any:
        """A pandas DataFrame, each of its columns of the type that all of its values have (`kg.rdf.values.kind`).

        Things are their labels, and beside them, in `NAME_iri`, their IRIs, unless `iris` is False. Integers are Int64,
        other numbers Float64, booleans boolean, each with NA where nothing is bound; xsd:date is datetime64 with NaT. A
        column in which any date is a month or a year has the dates as they are written, and in `NAME_earliest` and
        `NAME_latest` the first and the last day that each may be. All else is text. With `quotes`, a column of that
        name has the quotes of the passages on which each row rests, one a line; where receipts were asked for, they
        are a column of lists of dictionaries. Raises ImportError where pandas is not installed.
        """
        try:
            import pandas
        except ImportError as error:
            message = "to_pandas() needs pandas: install it, or this package with its extra `pandas`"
            raise ImportError(message, name="pandas") from error
        if quotes and isinstance(self.found, list):
            raise UsageError("quotes are for the rows of a SELECT", hint="ask `graph.why` for the proof of a triple")
        columns: dict[str, Any] = {}
        taken, texts = self.columns, self.text()
        for at, name in enumerate(self.columns):
            terms = [row[at] for row in self._terms]
            for ending, cells, dtype in _typed_columns(terms, [row[at] for row in texts]):
                if iris or ending != "_iri":
                    column = _free(name + ending, [*taken, *columns]) if ending else name
                    columns[column] = pandas.Series(cells, dtype=dtype)
        if quotes:
            lines = ["\n".join(receipt.text for receipt in found.receipts) for found in self.attributions]
            columns[_free("quotes", [*columns])] = pandas.Series(lines, dtype="string")
        if self._receipts:
            dictionaries = [[receipt.json() for receipt in found.receipts] for found in self.attributions]
            columns[_free("receipts", [*columns])] = pandas.Series(dictionaries, dtype="object")
        return pandas.DataFrame(columns)

    def plot(self, kind: str = "") -> Drawn:
        """A picture of the rows, shown by a notebook and saved by `save(path)`.

        Two columns of actors or works make a `network`, one of dates a `timeline`, one of numbers `bars`; `kind`
        chooses one of these. Raises UsageError where the columns make none.
        """
        if self._draw is None:
            raise UsageError("this answer cannot be drawn", hint="ask for it with `graph.query`", rule="picture")
        return self._draw(self, kind)

    def first(self, rows: int) -> "Answer":
        """The answer with no more than so many of its rows."""
        if len(self) <= rows or isinstance(self.found, Ask):
            return self
        terms = self._terms[:rows]
        found = Rows(self.columns, terms) if isinstance(self.found, Rows) else self.found[:rows]
        return Answer(self._context, found, self._text, self._receipts, self._draw)

    def without_receipts(self) -> "Answer":
        """The same answer, as if no receipts had been asked for."""
        return Answer(self._context, self.found, self._text, draw=self._draw)

    def _repr_html_(self) -> str:
        """A table for a notebook, with passages and receipts as footnotes whose marks show their quotes on hover."""
        more = self._more()
        return self.first(_MOST_ROWS)._written(lambda answer: answer._html(more))

    def _html(self, more: str) -> str:
        from kg import html
        from kg.rdf.values import kind

        passage = self._context.receipts.passage
        notes, columns = self._footnotes(), self.columns

        def cell(term: Any, text: str) -> str:
            if not isinstance(term, NamedNode):
                return html.text(text)
            return notes.html([term.value]) if passage(term) else html.span(text, hover=term.value)

        rows = [[*map(cell, *row)] for row in zip(self._terms, self.text(), strict=True)]
        kinds = [_KINDS.get(kind(t for t in column if t is not None), "") for column in zip(*self._terms, strict=True)]
        if self._receipts:
            columns, kinds = [*columns, _free("receipts", columns)], [*kinds, ""]
            marks = [notes.html([*a.passages, *a.notes], a.naming) for a in self.attributions]
            rows = [[*row, mark] for row, mark in zip(rows, marks, strict=True)]
        left = html.paragraph(more, "quiet") if more else ""
        return html.block(html.table(columns, rows, kinds if rows else ()), left, notes.html_texts())

    def _more(self) -> str:
        """What is to be said of rows that are not shown, or not there."""
        if self.is_empty:
            return "no rows"
        left = len(self) - _MOST_ROWS
        return f"… and {left} more row{'s' * (left != 1)}; list() and to_pandas() have them all" if left > 0 else ""

    def __repr__(self) -> str:
        more = self._more()
        return self.first(_MOST_ROWS).table(terminal.terminal_width()) + f"{more}\n" * bool(more)


_KINDS = {"integer": "number", "number": "number", "day": "date", "date": "date", "time": "date"}  # how columns look
_TYPES = {"boolean": "boolean", "integer": "Int64", "number": "Float64"}


def _typed_columns(terms: Sequence[Any], texts: Sequence[str]) -> Iterator[tuple[str, list[Any], str]]:
    """The columns of a data frame for one of an answer: what is added to its name, values, and a pandas type."""
    from kg.rdf.values import bounds, kind

    def each(read: Callable[[Any], Any]) -> list[Any]:
        return [None if term is None else read(term) for term in terms]

    found = kind(term for term in terms if term is not None)
    if all(isinstance(term, bool) for term in terms) and terms:
        yield "", [*terms], "boolean"
    elif found in _TYPES:
        read: Callable[[str], Any] = {"integer": int, "number": float}.get(found, ("true", "1").__contains__)
        yield "", each(lambda term: read(term.value)), _TYPES[found]
    elif found == "day":
        yield "", each(lambda term: bounds(term)[0]), "datetime64[s]"
    elif found == "time" and (zone := _zone(terms)) is not None:
        yield "", each(_instant), f"datetime64[us{zone}]"
    else:
        yield "", [None if term is None else text for term, text in zip(terms, texts, strict=True)], "string"
        if found in ("date", "time"):
            yield "_earliest", each(lambda term: bounds(term)[0]), "datetime64[s]"
            yield "_latest", each(lambda term: bounds(term)[1]), "datetime64[s]"
    if any(isinstance(term, NamedNode) for term in terms):
        yield "_iri", [term.value if isinstance(term, NamedNode) else None for term in terms], "string"


def _instant(term: Any) -> "datetime":
    """The moment of an xsd:dateTime, in UTC if it has a time zone."""
    from datetime import UTC, datetime

    from kg.rdf.values import value

    moment = datetime.fromisoformat((value(str(term)) or ("", ""))[1])
    return moment.astimezone(UTC) if moment.tzinfo else moment


def _zone(terms: Sequence[Any]) -> str | None:
    """What a pandas type says of the time zone of moments; None where some have one and others not, or none can be."""
    try:
        zoned = {_instant(term).tzinfo is not None for term in terms if term is not None}
    except (OverflowError, ValueError):  # in UTC, before the year 1 or after 9999
        return None
    return None if len(zoned) > 1 else ", UTC" if True in zoned else ""


def _free(name: str, columns: list[str]) -> str:
    """A name for a further column, not yet taken."""
    while name in columns:
        name += "_"
    return name


def _footnote(number: int, text: str, width: int) -> str:
    lead = f"[{number}] "
    return lead + f"\n{' ' * len(lead)}".join(terminal.wrap(text, max(width - len(lead), 20))) + "\n"
