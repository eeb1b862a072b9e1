"""CSV for spreadsheets: one row per fact and passage, with who says so, the quote, and where it stands.

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

from pyoxigraph import Literal, NamedNode

from kg.export.rows import FactRows
from kg.provenance.context import Context
from kg.provenance.receipts import COMPUTED, INFERRED, Fact
from kg.rdf.namespaces import ALT_LABEL, ARTICLE, DCTERMS, ENT, RDF_TYPE, RDFS_LABEL, compact
from kg.rdf.terms import Term

_RECEIPT = ("speaker", "quote", "article", "start", "end", "read_with", "reading_date")
_IRIS = ("subject_iri", "predicate_iri", "object_iri", "speaker_iri", "article_iri", "passage_iri")
COLUMNS = ("subject", "predicate", "object", "status", *_RECEIPT, "rule", "source", "object_datatype", *_IRIS)
BYTE_ORDER_MARK = "\ufeff"
SEPARATOR = " | "  # between the quotes that a passage is read with
_VERBS = {RDF_TYPE: "is a", RDFS_LABEL: "is called", ALT_LABEL: "is also called"}
_FORMULA = re.compile(r"[=+\-@\t\r]")
_NUMBER = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?\Z")


def write(context: Context, *, asserted_only: bool = False) -> bytes:
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
            "speaker": self._label(NamedNode(receipt.speaker)) if receipt.speaker else "",
            "quote": guarded(receipt.text),
            "article": guarded(self._titles.get(article, receipt.article)),
            "start": str(receipt.start),
            "end": str(receipt.end),
            "read_with": guarded(SEPARATOR.join(other.text for other in others)),
            "reading_date": self._days.get(article, ""),
            "speaker_iri": receipt.speaker,
            "article_iri": article,
            "passage_iri": receipt.passage,
        }


def _datatype(term: object) -> str:
    """`xsd:gYear`, or `@tr` for text in a language; nothing for an IRI."""
    if not isinstance(term, Literal):
        return ""
    return f"@{term.language}" if term.language else compact(term.datatype.value)
