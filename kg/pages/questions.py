"""The page of a stored query: a form with its parameters, the answer as a table whose receipts unfold, its SPARQL."""

import re
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from pyoxigraph import Literal, NamedNode

from kg.dataset.stored_queries import ANY, LITERAL_TYPES, Query, text_of
from kg.errors import KgError, shell_word, to_json
from kg.pages.facts import Facts, Part, Quote
from kg.pages.links import Links, path_of
from kg.provenance.answer import Answer
from kg.provenance.receipts import Attribution
from kg.rdf.namespaces import ENT, ID, PREFIXES, RDFS, XSD, compact, expand
from kg.text import phrases

if TYPE_CHECKING:
    from kg.graph import Graph

MOST_ROWS = 60  # of an answer on a page; CSV has them all
_MOST_SIZE = 130_000  # characters of its rows, about
_MOST_QUOTES = 4  # of one row
_FRAME = 250  # characters around a quote
_MOST_CHOICES = 400  # to choose a value from
MOST_TERMS = 5_000  # things that complete a query
_NUMBERS = (XSD + "integer", XSD + "decimal", XSD + "double")
_DATES = (XSD + "date", XSD + "gYearMonth", XSD + "gYear", XSD + "dateTime")
_OTHERS = "other questions"
EXAMPLE = f"""\
PREFIX ent: <{ENT}>
PREFIX id: <{ID}>
PREFIX rdfs: <{RDFS}>

SELECT DISTINCT ?backer ?backed ?passage WHERE {{
  ?passage a ent:Passage .
  GRAPH ?passage {{ ?support ent:backer ?backer ; ent:backed ?backed }}
}}
ORDER BY ?backer ?backed ?passage"""


class Field(NamedTuple):
    """A field of the form: its name, what it takes, its value, and what it may be chosen from."""

    name: str
    label: str
    kind: str
    value: str
    choices: tuple[str, ...]


class Cell(NamedTuple):
    """A cell of a table: its words, its link, the exact value where that is another, and how it is set."""

    part: Part
    exact: str
    kind: str
    quote: Quote | None


class Row(NamedTuple):
    """A row of a table, with the quotes on which it rests, what it rests on besides, and how many are left out."""

    cells: tuple[Cell, ...]
    quotes: tuple[Quote, ...]
    notes: tuple[str, ...]
    more: int


class AnswerPage:
    """The answer to a query, or what is wrong with it, ready to be shown as a table."""

    def __init__(self, graph: "Graph", facts: Facts, ask: Callable[[], Answer] | None, *, has_receipts: bool) -> None:
        self._graph, self._facts, self.has_receipts = graph, facts, has_receipts
        self.answer: Answer | None = None
        self.problem = ""
        try:
            self.answer = ask() if ask else None
        except KgError as error:
            self.problem = "\n".join(filter(None, (error.message, error.hint)))

    @property
    def columns(self) -> list[str]:
        """The names of the columns, in words."""
        return [name.replace("_", " ") for name in (self.answer.columns if self.answer else ())]

    @property
    def total(self) -> int:
        """How many rows the answer has."""
        return len(self.answer) if self.answer else 0

    @cached_property
    def rows(self) -> list[Row]:
        """The first rows, each with its receipts."""
        if self.answer is None:
            return []
        shown = self.answer.first(MOST_ROWS)
        rests = shown.attributions if self.has_receipts else [Attribution()] * len(shown)
        found, size = list[Row](), 0
        for terms, words, attribution in zip(shown.terms, shown.text(), rests, strict=True):
            row = self._row([*map(self._cell, terms, words)], attribution)
            size += _size(row)
            if found and size > _MOST_SIZE:
                break
            found.append(row)
        return found

    def _row(self, cells: list[Cell], rests: Attribution) -> Row:
        passages = {*rests.passages}
        receipts = [r for r in rests.receipts if r.passage in passages]
        receipts += [r for r in rests.receipts if r.passage not in passages]
        quotes = [self._facts.quote(r, read_with=r.passage not in passages) for r in receipts[:_MOST_QUOTES]]
        notes = dict.fromkeys(note.words or note.text for note in rests.notes)
        return Row(tuple(cells), tuple(quotes), tuple(notes), max(len(receipts) - _MOST_QUOTES, 0))

    def _cell(self, term: object, words: str) -> Cell:
        if isinstance(term, NamedNode):
            receipt = self._graph.receipts.passage(term)
            quote = self._facts.quote(receipt) if receipt else None
            part = self._facts.part(term.value)
            link = part.link if path_of(term.value)[0] else self._facts.links.of(term.value)
            return Cell(part._replace(link=link), "", "", quote)
        if isinstance(term, Literal):
            kind = "number" if term.datatype.value in _NUMBERS else "date" if term.datatype.value in _DATES else ""
            written = phrases.date(term.value) if kind == "date" else f"{int(words):,}" if words.isdecimal() else words
            return Cell(Part(written), term.value if written != term.value else "", kind, None)
        return Cell(Part(words), "", "", None)


def _size(row: Row) -> int:
    """About how many characters a row has on a page."""
    quotes = [*row.quotes, *(cell.quote for cell in row.cells if cell.quote)]
    named = [part for quote in quotes for _, parts in quote.mentions for part in (*parts, *quote.speakers)]
    linked = sum(len(part.text) + len(part.link) + 20 for part in [*named, *(cell.part for cell in row.cells)])
    return linked + sum(len(q.text) + len(q.link) + len(q.article) + _FRAME for q in quotes)


class QuestionPage(AnswerPage):
    """A stored query with the values of its parameters, and its answer."""

    def __init__(self, graph: "Graph", facts: Facts, query: Query, given: Mapping[str, str]) -> None:
        names = [p["name"] for p in query.parameters]
        self.query, self.given = query, {n: given[n].strip() for n in names if given.get(n, "").strip()}
        super().__init__(graph, facts, lambda: graph.ask(query.name, self.given, receipts=True), has_receipts=True)

    @cached_property
    def fields(self) -> list[Field]:
        """The form: a field for each parameter, with its default where nothing was given."""
        found = []
        for parameter in self.query.parameters:
            name, kind, default = parameter["name"], parameter["type"], str(parameter["default"])
            is_literal = kind in LITERAL_TYPES
            known = () if is_literal else self._graph.things.names("" if kind == "thing" else ENT + kind)
            iri = expand(default)
            value = self._graph.things.label(NamedNode(iri)) if iri and not is_literal else default
            shown = self.given.get(name, "" if value == ANY else value)
            label = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", kind).lower() if not is_literal else kind
            found.append(Field(name, label, kind, shown, tuple(known[:_MOST_CHOICES])))
        return found

    @property
    def command(self) -> str:
        """The command that asks the same."""
        values = "".join(f" -p {shell_word(f'{name}={value}')}" for name, value in self.given.items())
        return f"kg query {shell_word(self.query.name)}{values}"


class SparqlPage(AnswerPage):
    """A query of the reader's own, as its text, and its answer."""

    def __init__(self, graph: "Graph", facts: Facts, text: str) -> None:
        self.text = text if text.strip() else EXAMPLE
        ask = (lambda: graph.ask(text_of(text), {}, head=False)) if text.strip() else None
        super().__init__(graph, facts, ask, has_receipts=False)

    @property
    def place(self) -> tuple[int, int] | None:
        """The line and column of what is wrong in the text, where that is known."""
        found = re.search(r"line (\d+), column (\d+)", self.problem)
        return (int(found[1]), int(found[2])) if found else None


def terms(graph: "Graph", ontology: Mapping[str, str], things: list[str]) -> bytes:
    """What completes a query while one types it, as JSON: prefixes, and terms with their labels and kinds.

    `ontology` has the kind of each of its terms by IRI, `things` are local names: the first `MOST_TERMS` are told.
    """
    labels = graph.things
    listed = [(compact(iri), labels.label(NamedNode(iri)), kind) for iri, kind in ontology.items()]
    for node in (NamedNode(ID + local) for local in things[:MOST_TERMS]):
        listed.append((compact(node.value), labels.label(node), ", ".join(labels.kinds(node))))
    named = sorted(term for term in listed if "://" not in term[0])
    return to_json({"prefixes": PREFIXES, "terms": named}, None).encode("utf-8", "replace")


def by_tag(queries: Mapping[str, Query], at: Links) -> list[tuple[str, list[tuple[Query, str]]]]:
    """The stored queries under the first of their tags, each with its link."""
    from kg.pages.links import query_path

    found: dict[str, list[tuple[Query, str]]] = {}
    for name in sorted(queries):
        query = queries[name]
        found.setdefault(query.tags[0] if query.tags else _OTHERS, []).append((query, at.to(query_path(name))))
    return sorted(found.items(), key=lambda item: (item[0] == _OTHERS, item[0]))


def csv(graph: "Graph", query: Query, given: Mapping[str, str]) -> bytes:
    """The answer in CSV. Raises KgError."""
    values = {p["name"]: given[p["name"]] for p in query.parameters if given.get(p["name"], "").strip()}
    return written(graph.ask(query.name, values))


def written(answer: Answer) -> bytes:
    """An answer in CSV, without receipts."""
    return answer.without_receipts().write("csv").encode()
