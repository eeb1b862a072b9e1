"""Serialization of SPARQL results in JSON, CSV, TSV, XML and Markdown: the same bytes for the same rows of any engine.

Lines end in LF, the last one too. Blank nodes are labelled `b0`, `b1` … in the order of their first occurrence, since
engines invent their labels. Lexical forms are not changed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from kg.errors import UsageError, markdown, to_json, xml
from kg.rdf import terms
from kg.rdf.namespaces import XSD
from kg.rdf.terms import Term

Receipts = Sequence[Sequence[Mapping[str, object]]]

FORMATS = ("json", "csv", "tsv", "xml", "md")

_XML_NAMESPACE = "http://www.w3.org/2005/sparql-results#"
_ITS_NAMESPACE = "http://www.w3.org/2005/11/its"


class Rows:
    """The solutions of a SELECT: column names without `?`; a term per column, None where it is unbound.

    A row with more or fewer terms than there are columns raises ValueError.
    """

    def __init__(self, columns: list[str], rows: list[tuple[Term | None, ...]]) -> None:
        for row in rows:
            if len(row) != len(columns):
                raise ValueError(f"a row of {len(row)} terms for {len(columns)} columns")
        self.columns = columns
        self.rows = rows


class _Written(dict[Term, str]):
    """The text of each term, made when it is first asked for."""

    def __init__(self, write: Callable[[Term], str]) -> None:
        super().__init__()
        self._write = write

    def __missing__(self, term: Term) -> str:
        self[term] = text = self._write(term)
        return text


class Ask:
    """The answer of an ASK."""

    def __init__(self, value: bool) -> None:
        self.value = value


def write(
    results: Rows | Ask,
    format: str,
    *,
    show: Callable[[Term], str] | None = None,
    receipts: Receipts | None = None,
    notes: Receipts | None = None,
) -> str:
    """Write results in one of FORMATS.

    - `json`: SPARQL 1.1 Query Results JSON Format, one solution a line. `receipts`, one list per row, are a top-level
      member of that name, and so are `notes`.
    - `csv`, `tsv`: SPARQL 1.1 Query Results CSV and TSV Formats. CSV has LF where §3 has the CRLF of RFC 4180. TSV has
      full terms, without the abbreviations of Turtle. An ASK, for which neither is defined, is `true` or `false`.
    - `xml`: SPARQL Query Results XML Format. A character that XML 1.0 §2.2 forbids becomes U+FFFD.
    - `md`: a table in GitHub Flavored Markdown; `show` gives the text of a term, such as its label.

    Triple terms and base directions are those of the drafts of SPARQL 1.2. Raises UsageError for another format and
    for receipts in another format than json, ValueError for more or fewer receipts than rows.
    """
    if format not in FORMATS:
        raise UsageError(f"unknown format {format!r}", hint=f"The formats are: {', '.join(FORMATS)}.")
    if receipts is not None and format != "json":
        raise UsageError(f"{format} has no place for receipts", hint="Choose the format json.")
    if isinstance(results, Rows):
        numbered = terms.numbering("b")
        rows = [tuple(None if term is None else numbered(term) for term in row) for row in results.rows]
        results = Rows(results.columns, rows)
    if format == "json":
        return _json(results, {"receipts": receipts, "notes": notes})
    if format == "xml":
        return _xml(results)
    if isinstance(results, Ask):
        return _boolean(results) + "\n"
    if format == "md":
        return _markdown(results, show or lexical)
    return _csv(results) if format == "csv" else _tsv(results)


def lexical(term: Term | None) -> str:
    """The term as CSV has it (§3.1): the IRI, the lexical form or `_:label`; the empty string if unbound."""
    if term is None:
        return ""
    return term.value if isinstance(term, (NamedNode, Literal)) else _full(term)


def _boolean(ask: Ask) -> str:
    return "true" if ask.value else "false"


# JSON: https://www.w3.org/TR/sparql11-results-json/


def _json(results: Rows | Ask, lists: Mapping[str, Receipts | None]) -> str:
    if isinstance(results, Ask):
        members = ['"head": {}', f'"boolean": {_boolean(results)}']
    else:
        head = f'"head": {{"vars": {to_json(results.columns, None)}}}'
        members = [head, f'"results": {{"bindings": {_array(_json_rows(results))}}}']
    for name, items in lists.items():
        if items is None:
            continue
        if isinstance(results, Rows) and len(items) != len(results.rows):
            raise ValueError(f"{len(items)} lists of {name} for {len(results.rows)} rows")
        members.append(f'"{name}": {_array([to_json(item, None) for item in items])}')
    return "{\n  " + ",\n  ".join(members) + "\n}\n"


def _array(items: Sequence[str]) -> str:
    """An array in JSON, one item a line."""
    return "[" + ",".join(f"\n    {item}" for item in items) + ("\n  ]" if items else "]")


def _json_rows(results: Rows) -> list[str]:
    """The solutions in JSON; a term that stands in many of them is written once."""
    names = [f"{to_json(name, None)}: " for name in results.columns]
    written = _Written(_json_term)
    rows = (zip(names, row, strict=True) for row in results.rows)
    return ["{" + ", ".join([name + written[term] for name, term in row if term is not None]) + "}" for row in rows]


def _json_term(term: Term) -> str:
    if isinstance(term, Triple):
        parts = ", ".join(f'"{role}": {_json_term(part)}' for role, part in _parts(term).items())
        return f'{{"type": "triple", "value": {{{parts}}}}}'
    kind = "uri" if isinstance(term, NamedNode) else "bnode" if isinstance(term, BlankNode) else "literal"
    qualifiers = _qualifiers(term) if isinstance(term, Literal) else {}
    more = "".join(f', "{name}": {to_json(value, None)}' for name, value in qualifiers.items())
    return f'{{"type": "{kind}", "value": {to_json(term.value, None)}{more}}}'


def _parts(triple: Triple) -> dict[str, Term]:
    return {"subject": triple.subject, "predicate": triple.predicate, "object": triple.object}


def _qualifiers(literal: Literal) -> dict[str, str]:
    """Language, direction and datatype of a literal, by their names in JSON and XML."""
    if literal.language is not None:
        direction = {"its:dir": literal.direction.value} if literal.direction is not None else {}
        return {"xml:lang": literal.language, **direction}
    datatype = literal.datatype.value
    return {} if datatype == XSD + "string" else {"datatype": datatype}


# CSV and TSV: https://www.w3.org/TR/sparql11-results-csv-tsv/

# Not the csv module: which fields it quotes differs between versions of Python, and it leaves a lone CR bare.
_CSV_QUOTED = re.compile('[",\r\n]')


def _csv(results: Rows) -> str:
    lines = [results.columns, *([lexical(term) for term in row] for row in results.rows)]
    return "".join(_csv_line(line) + "\n" for line in lines)


def _csv_line(values: list[str]) -> str:
    fields = ('"' + x.replace('"', '""') + '"' if _CSV_QUOTED.search(x) else x for x in values)
    return '""' if values == [""] else ",".join(fields)  # readers skip an empty line


def _tsv(results: Rows) -> str:
    lines = [[f"?{name}" for name in results.columns]]
    lines += [["" if term is None else _full(term) for term in row] for row in results.rows]
    return "".join("\t".join(line) + "\n" for line in lines)


def _full(term: Term) -> str:
    """The term in N-Triples syntax; pyoxigraph leaves out the brackets of an outer triple."""
    if isinstance(term, Triple):
        return f"<<( {' '.join(_full(part) for part in _parts(term).values())} )>>"
    return str(term)


# XML: https://www.w3.org/TR/rdf-sparql-XMLres/

# A parser would read a bare CR as LF; the log of a workflow, a line of a literal as a command (`kg.errors`).
_XML_ESCAPES = str.maketrans(
    {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\n": "&#10;", "\r": "&#13;", "[": "&#91;"}
)


def _xml(results: Rows | Ask) -> str:
    if isinstance(results, Ask):
        body = f"<head/>\n<boolean>{_boolean(results)}</boolean>"
    else:
        variables = [f'  <variable name="{_xml_text(name)}"/>' for name in results.columns]
        rows = [f"  <result>{row}</result>" for row in _xml_rows(results)]
        body = "\n".join(["<head>", *variables, "</head>", "<results>", *rows, "</results>"])
    return f'<?xml version="1.0"?>\n<sparql xmlns="{_XML_NAMESPACE}">\n{body}\n</sparql>\n'


def _xml_rows(results: Rows) -> list[str]:
    names = [f'<binding name="{_xml_text(name)}">' for name in results.columns]
    written = _Written(_xml_term)
    rows = (zip(names, row, strict=True) for row in results.rows)
    return ["".join([f"{name}{written[term]}</binding>" for name, term in row if term is not None]) for row in rows]


def _xml_term(term: Term) -> str:
    if isinstance(term, NamedNode):
        return f"<uri>{_xml_text(term.value)}</uri>"
    if isinstance(term, BlankNode):
        return f"<bnode>{_xml_text(term.value)}</bnode>"
    if isinstance(term, Triple):
        inner = "".join(f"<{role}>{_xml_term(part)}</{role}>" for role, part in _parts(term).items())
        return f"<triple>{inner}</triple>"
    attributes = "".join(f' {name}="{_xml_text(value)}"' for name, value in _qualifiers(term).items())
    if term.direction is not None:
        attributes += f' xmlns:its="{_ITS_NAMESPACE}" its:version="2.0"'
    return f"<literal{attributes}>{_xml_text(term.value)}</literal>"


def _xml_text(text: str) -> str:
    return xml(text).translate(_XML_ESCAPES)


# Markdown: https://github.github.com/gfm/#tables-extension-


def _markdown(results: Rows, show: Callable[[Term], str]) -> str:
    rows = [results.columns, *(["" if term is None else show(term) for term in row] for row in results.rows)]
    lines = ["".join(["|", *(f" {markdown(cell)} |" for cell in row), "\n"]) for row in rows]
    return "".join([lines[0], "|" + " --- |" * len(results.columns) + "\n", *lines[1:]])
