"""The facts of a dataset, each with what it rests on: rows for GraphML and claims, and CSV for spreadsheets.

The CSV has one row per fact and passage, with who says so, the quote, and where it stands.

- It begins with a byte order mark, without which spreadsheets misread UTF-8; lines end in LF, and fields are quoted
  as in RFC 4180.
- A cell of text that a spreadsheet would run as a formula (it begins with `=`, `+`, `-`, `@`, tab or CR and is no
  number) gets an apostrophe in front. The IRIs at the end of a row, the offsets and the quote's place are exact.
- Facts stand in the order of the articles, passage by passage; then background, what was computed, and what was
  inferred, with the rule in the place of a quote.
"""

import csv
import io
import re

from pyoxigraph import DefaultGraph, Literal, NamedNode, Triple

from kg.dataset.computed import PREDICATES
from kg.provenance.context import Context
from kg.provenance.receipts import ASSERTED, BACKED, COMPUTED, INFERRED, REPORTED, Fact, Receipt, said_by
from kg.rdf.namespaces import (
    ALT_LABEL,
    ARTICLE,
    DCTERMS,
    ENT,
    INFERRED_GRAPH,
    ONTOLOGY_GRAPH,
    RDF,
    RDF_TYPE,
    RDFS_LABEL,
    compact,
)
from kg.rdf.terms import Term

_PASSAGE = NamedNode(ENT + "Passage")
_CLAIM = (RDF + "subject", RDF + "predicate", RDF + "object", ENT + "passage")


class FactRows:
    """The facts of a dataset by what they rest on.

    `passages` has the receipts of each passage, its own first, in the order of the articles and their texts.
    """

    def __init__(self, context: Context, *, asserted_only: bool = False) -> None:
        self._named: dict[str, list[Triple]] = {}
        self._default: list[Triple] = []
        for q in context.quads:
            if isinstance(q.graph_name, NamedNode):
                self._named.setdefault(q.graph_name.value, []).append(q.triple)
            elif isinstance(q.graph_name, DefaultGraph):
                self._default.append(q.triple)
        self.passages = self._passages(context)
        self._inferred = self._named.get(INFERRED_GRAPH, [])
        if asserted_only:
            kept = set(context.triples(asserted_only=True))
            self._default, self._inferred = [t for t in self._default if t in kept], []

    def _passages(self, context: Context) -> dict[str, list[Receipt]]:
        nodes = {t.subject for t in self._default if t.predicate.value == RDF_TYPE and t.object == _PASSAGE}
        receipts = [context.receipts.with_companions(n) for n in nodes if isinstance(n, NamedNode)]
        found = [of_passage for of_passage in receipts if of_passage]
        found.sort(key=lambda f: (f[0].article, f[0].start, -f[0].end, f[0].passage))
        return {f[0].passage: f for f in found}

    def values(self, predicate: str) -> dict[str, str]:
        """The first value that each IRI has for a predicate of the default graph."""
        found: dict[str, str] = {}
        for t in self._default:
            if t.predicate.value == predicate and isinstance(t.subject, NamedNode):
                found.setdefault(t.subject.value, getattr(t.object, "value", ""))
        return found

    def rows(self) -> list[Fact]:
        """Every fact, once for each passage or background graph that has it: as the articles go, then the derived."""
        return [
            *self._in_passages(),
            *self._background(),
            *self._computed(),
            *(Fact(t, INFERRED) for t in self._inferred),
        ]

    def _in_passages(self) -> list[Fact]:
        claims = self._claims()
        rows = []
        for passage, receipts in self.passages.items():
            rows += [Fact(t, ASSERTED, tuple(receipts)) for t in self._named.get(passage, ())]
            rows += [Fact(t, REPORTED, tuple(receipts)) for t in claims.get(passage, ())]
        return rows

    def _claims(self) -> dict[str, list[Triple]]:
        """The triples that are claimed in each passage; they stand in no graph themselves."""
        parts: dict[object, dict[str, object]] = {}
        for t in self._default:
            if t.predicate.value in _CLAIM:
                parts.setdefault(t.subject, {})[t.predicate.value] = t.object
        claims: dict[str, list[Triple]] = {}
        for part in parts.values():
            if len(part) == len(_CLAIM):
                subject, predicate, value, passage = (part[name] for name in _CLAIM)
                triple = Triple(subject, predicate, value)  # type: ignore[arg-type]
                claims.setdefault(passage.value, []).append(triple)  # type: ignore[attr-defined]
        return {passage: sorted(triples, key=str) for passage, triples in claims.items()}

    def _background(self) -> list[Fact]:
        sources = self.values(DCTERMS + "source")
        graphs = sorted(self._named.keys() - {INFERRED_GRAPH, ONTOLOGY_GRAPH, *self.passages})
        return [Fact(t, BACKED, source=sources.get(graph, "")) for graph in graphs for t in self._named[graph]]

    def _computed(self) -> list[Fact]:
        in_graphs = {t for triples in self._named.values() for t in triples}
        return [Fact(t, COMPUTED) for t in self._default if t.predicate.value in PREDICATES and t not in in_graphs]


# CSV

_RECEIPT = ("speaker", "quote", "article", "start", "end", "read_with", "reading_date")
_IRIS = ("subject_iri", "predicate_iri", "object_iri", "speaker_iri", "article_iri", "passage_iri")
COLUMNS = ("subject", "predicate", "object", "status", *_RECEIPT, "rule", "source", "object_datatype", *_IRIS)
BYTE_ORDER_MARK = "\ufeff"
SEPARATOR = " | "  # between the quotes that a passage is read with
_VERBS = {RDF_TYPE: "is a", RDFS_LABEL: "is called", ALT_LABEL: "is also called"}
_FORMULA = re.compile(r"[=+\-@\t\r]")
_NUMBER = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?\Z")


def write_csv(context: Context, *, asserted_only: bool = False) -> bytes:
    """The facts of a graph as CSV in UTF-8; offsets count code points of the article's text, end exclusive."""
    facts = FactRows(context, asserted_only=asserted_only)
    table = _Table(context, facts)
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, COLUMNS, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(table.row(fact) for fact in facts.rows())
    return (BYTE_ORDER_MARK + text.getvalue()).encode()


def guarded(text: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{text}" if _FORMULA.match(text) and not _NUMBER.match(text) else text


class _Table:
    def __init__(self, context: Context, facts: FactRows) -> None:
        self._context = context
        self._titles = facts.values(DCTERMS + "title")
        self._days = facts.values(ENT + "readingDate")

    def _label(self, term: Term) -> str:
        iri = term.value if isinstance(term, NamedNode) else ""
        return guarded(_VERBS.get(iri) or self._titles.get(iri) or self._context.things.label(term))

    def row(self, fact: Fact) -> dict[str, str]:
        t = fact.triple
        row = {
            "subject": self._label(t.subject),
            "predicate": self._label(t.predicate),
            "object": self._label(t.object),
            "status": fact.status,
            "source": fact.source,
            "subject_iri": getattr(t.subject, "value", ""),
            "predicate_iri": t.predicate.value,
            "object_iri": t.object.value if isinstance(t.object, NamedNode) else "",
            "object_datatype": _datatype(t.object),
        }
        if fact.status in (INFERRED, COMPUTED):
            row["rule"] = self._context.derivations[t].rule
        return row | self._receipt(fact)

    def _receipt(self, fact: Fact) -> dict[str, str]:
        if not fact.receipts:
            return {}
        receipt, *others = fact.receipts
        article = ARTICLE + receipt.article
        return {
            "speaker": guarded(said_by(receipt, self._context.things)),
            "quote": guarded(receipt.text),
            "article": guarded(self._titles.get(article, receipt.article)),
            "start": str(receipt.start),
            "end": str(receipt.end),
            "read_with": guarded(SEPARATOR.join(other.text for other in others)),
            "reading_date": self._days.get(article, ""),
            "speaker_iri": " ".join(receipt.speakers),
            "article_iri": article,
            "passage_iri": receipt.passage,
        }


def _datatype(term: object) -> str:
    """`xsd:gYear`, or `@tr` for text in a language; nothing for an IRI."""
    if not isinstance(term, Literal):
        return ""
    return f"@{term.language}" if term.language else compact(term.datatype.value)
