"""Findings for other tools: GitHub annotations, SARIF 2.1.0, JUnit XML, a SHACL validation report in Turtle."""

import os
import re
from collections.abc import Callable, Iterator
from typing import Any

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, serialize

from kg import __version__
from kg.errors import clean, markdown, to_json, xml
from kg.findings import Finding, severities
from kg.rdf.namespaces import PREFIXES, RDF_TYPE, RDFS, SH
from kg.source.layout import GraphFolder

_GITHUB = {"violation": "error", "warning": "warning", "info": "notice", "doubt": "notice"}
_SARIF = {"violation": "error", "warning": "warning", "info": "note", "doubt": "note"}
_MOST_SUMMARY = 900_000  # bytes; GitHub drops a summary of more than a mebibyte
_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_SHACL = {"violation": "Violation", "warning": "Warning", "info": "Info"}
_REPORT = "https://w3id.org/entente/report"
_CHECKS = "https://w3id.org/entente/shapes#"


def _located(finding: Finding, root: str) -> str:
    """The file of a finding relative to the current folder, as a CI service wants it, with forward slashes."""
    try:
        path = os.path.relpath(os.path.join(root, finding.file))
    except ValueError:  # another drive
        path = os.path.join(root, finding.file)
    return path.replace(os.sep, "/")


def github(findings: list[Finding], graph_folder: GraphFolder, shown: list[Finding]) -> str:
    """Workflow commands that annotate the lines of a pull request; and the step summary, where its variable is set.

    The findings that are not `shown` count in the summary all the same.
    """
    if summary := os.environ.get("GITHUB_STEP_SUMMARY"):
        with open(summary, "ab") as file:
            head = f"### Entente: {severities(findings)} in {markdown(graph_folder.name)}\n\n"
            file.write((head + _step_summary(shown, graph_folder.root, _MOST_SUMMARY - file.tell())).encode())
    return "".join(_annotation(f, graph_folder.root) for f in shown)


def _annotation(finding: Finding, root: str) -> str:
    file = "".join(part if part in "\r\n" else clean(part) for part in re.split("([\r\n])", _located(finding, root)))
    place = {"file": file, "line": finding.line, "col": finding.column, "title": clean(finding.rule)}
    given = ",".join(f"{k}={_escaped(str(v), property_value=True)}" for k, v in place.items() if v)
    return f"::{_GITHUB[finding.severity]} {given}::{_escaped(_message(finding))}\n"


def _message(finding: Finding) -> str:
    """The message and the lines of the hint, with control and bidi characters as escapes."""
    return "\n".join(clean(line) for line in (finding.message, *finding.hint.split("\n")) if line)


def _escaped(text: str, property_value: bool = False) -> str:
    """The escapes of workflow commands: percent and line ends, in properties colon and comma as well."""
    text = text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    return text.replace(":", "%3A").replace(",", "%2C") if property_value else text


def _step_summary(findings: list[Finding], root: str, room: int) -> str:
    """A table of findings in Markdown, cut where it would take more than `room` bytes."""

    def place(f: Finding) -> str:
        return markdown(_located(f, root)) + (f":{f.line}:{f.column}" if f.line else "")

    table = "| severity | place | finding | rule |\n| --- | --- | --- | --- |\n" if findings else ""
    for number, f in enumerate(findings):
        row = f"| {f.severity} | {place(f)} | {markdown(f.message)} | {markdown(f.rule)} |\n"
        room -= len(row.encode())
        if room < 0:
            return f"{table}\n**… {len(findings) - number:,} more findings: GitHub shows no more than a megabyte.**\n\n"
        table += row
    return f"{table}\n"


def sarif(findings: list[Finding], graph_folder: GraphFolder) -> str:
    """A SARIF 2.1.0 log with one run (OASIS Standard, 27 March 2020). Columns are code points, as everywhere here."""
    log = {
        "$schema": _SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {"driver": {"name": "kg", "version": __version__, "rules": _rules(findings)}},
                "columnKind": "unicodeCodePoints",
                "results": [_result(f, graph_folder.root) for f in findings],
                "properties": {"graph": clean(graph_folder.name)},
            }
        ],
    }
    return to_json(log)


def _rules(findings: list[Finding]) -> list[dict[str, Any]]:
    """The checks of the findings as reporting descriptors (SARIF §3.49)."""
    from kg.validation import checks

    return [
        {
            "id": check.id,
            "shortDescription": {"text": check.says},
            "fullDescription": {"text": check.why},
            "help": {"text": checks.write(check, "text"), "markdown": checks.write(check, "md")},
            "defaultConfiguration": {"level": _SARIF[check.severities[0]]},
        }
        for check in map(checks.described, sorted({f.rule for f in findings}))
    ]


def _result(finding: Finding, root: str) -> dict[str, Any]:
    location: dict[str, Any] = {"artifactLocation": {"uri": _uri(_located(finding, root))}}
    if finding.line:
        location["region"] = {"startLine": finding.line, "startColumn": max(finding.column, 1)}
    return {
        "ruleId": finding.rule,
        "level": _SARIF[finding.severity],
        "message": {"text": _plain(_message(finding))},
        "locations": [{"physicalLocation": location}],
    }


def _uri(path: str) -> str:
    """A relative reference, in which a colon is no scheme (RFC 3986 §4.2); of a file on another drive, its URI."""
    from pathlib import Path
    from urllib.parse import quote

    return Path(path).as_uri() if os.path.isabs(path) else quote(os.fsencode(path))


def _plain(text: str) -> str:
    """A plain text message that has no placeholders (SARIF §3.11.5) and no embedded links (§3.11.6)."""
    return text.replace("{", "{{").replace("}", "}}").replace("](", "\\](")


def junit(findings: list[Finding], graph_folder: GraphFolder) -> str:
    """JUnit XML: a test case for each file with findings; violations fail it, the rest is in its output."""
    from xml.sax.saxutils import escape, quoteattr

    by_file: dict[str, list[Finding]] = {}
    for f in findings:
        by_file.setdefault(_located(f, graph_folder.root), []).append(f)
    cases = []
    for path, found in by_file.items():
        grave = [f for f in found if f.severity == "violation"]
        failures = "".join(_failure(f) for f in grave)
        rest = "".join(f"{_text(f)}\n" for f in found if f not in grave)
        output = f"    <system-out>{escape(rest)}</system-out>\n" if rest else ""
        cases.append(
            f'  <testcase classname="kg" name={quoteattr(xml(clean(path)))}>\n{failures}{output}  </testcase>\n'
        )
    if not cases:
        cases = ['  <testcase classname="kg" name="no findings"/>\n']
    number = sum(any(f.severity == "violation" for f in found) for found in by_file.values())
    head = f'<testsuite name="kg" tests="{len(cases)}" failures="{number}" errors="0" skipped="0">'
    graph = f'  <properties><property name="graph" value={quoteattr(xml(clean(graph_folder.name)))}/></properties>\n'
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{head}\n{graph}{"".join(cases)}</testsuite>\n'


def _failure(finding: Finding) -> str:
    from xml.sax.saxutils import escape, quoteattr

    head = f"type={quoteattr(clean(finding.rule))} message={quoteattr(xml(clean(finding.message)))}"
    return f"    <failure {head}>{escape(_text(finding))}</failure>\n"


def _text(finding: Finding) -> str:
    return xml(str(finding))


def shacl_report(findings: list[Finding], graph_folder: GraphFolder) -> str:
    """A SHACL validation report (SHACL §3.6); each result has its file, line and column in an rdfs:comment.

    A finding of another check than a shape is a result whose component is that check, in our namespace of shapes.
    """
    report, names = NamedNode(_REPORT), dict[object, NamedNode | BlankNode]()
    conforms = Triple(report, NamedNode(SH + "conforms"), Literal(not findings))
    triples = [Triple(report, NamedNode(RDF_TYPE), NamedNode(SH + "ValidationReport")), conforms]
    rows: list[Triple] = []
    for finding in findings:
        found = list(finding.results or _shacl_result(finding))
        details = {t.object for t in found if t.predicate.value == SH + "detail"}
        for node in [t.subject for t in found if t.predicate.value == SH + "focusNode"]:
            if node not in details:
                names[node] = NamedNode(f"{_REPORT}#{len(names) + 1}")
                triples.append(Triple(report, NamedNode(SH + "result"), names[node]))
            place = f"{finding.file}:{finding.line}:{finding.column}"
            found.append(Triple(node, NamedNode(RDFS + "comment"), Literal(_encodable(place))))
        rows += found
    prefixes = {name: PREFIXES[name] for name in ("rdf", "rdfs", "sh", "xsd")}
    triples += _renamed(rows, names)
    return (serialize(triples, format=RdfFormat.TURTLE, prefixes=prefixes) or b"").decode()


def _renamed(triples: list[Triple], names: dict[object, NamedNode | BlankNode]) -> list[Triple]:
    """The triples, each once, those of a subject together; blank nodes without a name are numbered in their order."""

    def name(term: Any) -> Any:
        return names.setdefault(term, BlankNode(f"b{len(names)}")) if isinstance(term, BlankNode) else term

    renamed = dict.fromkeys(Triple(name(t.subject), t.predicate, name(t.object)) for t in triples)
    order: dict[object, int] = {node: number for number, node in enumerate(names.values())}
    return sorted(renamed, key=lambda t: order[t.subject])


def _shacl_result(finding: Finding) -> Iterator[Triple]:
    kind, _, name = finding.rule.partition(":")
    component = f"{SH}{name}ConstraintComponent" if kind == "shape" else _CHECKS + finding.rule.replace(":", "-")
    node = BlankNode()
    yield Triple(node, NamedNode(RDF_TYPE), NamedNode(SH + "ValidationResult"))
    yield Triple(node, NamedNode(SH + "resultSeverity"), NamedNode(SH + _SHACL[finding.severity]))
    yield Triple(node, NamedNode(SH + "resultMessage"), Literal(_encodable(finding.message), language="en"))
    yield Triple(node, NamedNode(SH + "sourceConstraintComponent"), NamedNode(component))
    yield Triple(node, NamedNode(SH + "focusNode"), _term(finding.focus or finding.file))
    if finding.value:
        yield Triple(node, NamedNode(SH + "value"), _term(finding.value))


def _term(text: str) -> NamedNode | Literal:
    """An IRI, or else the text: what is wrong with a value may be that it is no IRI."""
    try:
        return NamedNode(text) if "://" in text else Literal(_encodable(text))
    except ValueError:
        return Literal(_encodable(text))


def _encodable(text: str) -> str:
    """The text with lone surrogates as escapes: the name of a file may have them, and no RDF term can."""
    return text.encode("utf-8", "backslashreplace").decode()


WRITERS: dict[str, Callable[[list[Finding], GraphFolder], str]] = {
    "sarif": sarif,
    "junit": junit,
    "turtle": shacl_report,
}
