"""Findings as a SHACL validation report in Turtle (SHACL §3.6), so that other SHACL tools can read them."""

from collections.abc import Iterator

from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, serialize

from kg.findings import Finding
from kg.vocabulary import PREFIXES, RDF_TYPE, RDFS, SH, XSD

REPORT = "https://w3id.org/entente/report"
RULES = "https://w3id.org/entente/shapes#"
_SEVERITY = {"violation": "Violation", "warning": "Warning", "info": "Info"}
_TYPE = NamedNode(RDF_TYPE)


def write(findings: list[Finding]) -> str:
    """The report; each result says its file, line and column in an rdfs:comment."""
    triples = list(_report(findings))
    prefixes = {name: PREFIXES[name] for name in ("rdfs", "sh", "xsd")}
    return (serialize(triples, format=RdfFormat.TURTLE, prefixes=prefixes) or b"").decode()


def _report(findings: list[Finding]) -> Iterator[Triple]:
    report = NamedNode(REPORT)
    conforms = not any(f.severity == "violation" for f in findings)
    yield Triple(report, _TYPE, NamedNode(SH + "ValidationReport"))
    boolean = NamedNode(XSD + "boolean")
    yield Triple(report, NamedNode(SH + "conforms"), Literal(str(conforms).lower(), datatype=boolean))
    results = [NamedNode(f"{REPORT}#{i}") for i in range(1, len(findings) + 1)]
    yield from (Triple(report, NamedNode(SH + "result"), r) for r in results)
    for node, finding in zip(results, findings, strict=True):
        yield from _result(node, finding)


def _result(node: NamedNode, finding: Finding) -> Iterator[Triple]:
    yield Triple(node, _TYPE, NamedNode(SH + "ValidationResult"))
    yield Triple(node, NamedNode(SH + "resultSeverity"), NamedNode(SH + _SEVERITY[finding.severity]))
    yield Triple(node, NamedNode(SH + "resultMessage"), Literal(_whole(finding.message), language="en"))
    yield Triple(node, NamedNode(SH + "sourceConstraintComponent"), NamedNode(_component(finding.rule)))
    yield Triple(node, NamedNode(SH + "focusNode"), _focus(finding))
    if finding.value:
        yield Triple(node, NamedNode(SH + "value"), _term(finding.value))
    place = f"{finding.file}:{finding.line}:{finding.column}"
    yield Triple(node, NamedNode(RDFS + "comment"), Literal(_whole(place)))


def _component(rule: str) -> str:
    kind, _, name = rule.partition(":")
    return f"{SH}{name}ConstraintComponent" if kind == "shape" else RULES + rule.replace(":", "-")


def _focus(finding: Finding) -> NamedNode | Literal:
    """The thing that a finding is about; the file itself, where it is about no thing."""
    return _term(finding.focus or finding.file)


def _term(text: str) -> NamedNode | Literal:
    """An IRI, or else the text: what is wrong with a value may be that it is no IRI."""
    try:
        return NamedNode(text) if "://" in text else Literal(_whole(text))
    except ValueError:
        return Literal(_whole(text))


def _whole(text: str) -> str:
    """The text with escapes for halves of surrogate pairs: the name of a file may have them, and no RDF term can."""
    return text.encode("utf-8", "backslashreplace").decode()
