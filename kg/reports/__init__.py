"""Findings and lists as text: what `validate` and `query --list` print."""

from dataclasses import asdict

from kg.findings import Finding
from kg.queries import Query


def write(findings: list[Finding], form: str) -> str:
    """Findings as `text` or `json`."""
    if form == "json":
        import json

        return json.dumps([asdict(f) for f in findings], ensure_ascii=False, indent=2) + "\n"
    return "".join(f"{f}\n" for f in findings)


def summary(counts: dict[str, int], found: list[Finding]) -> str:
    """One line: how much was read, and how many findings of which severity."""
    articles = f"{counts['articles']} article{'s' * (counts['articles'] != 1)}"
    read = f"{counts['read']} of {counts['units']} units read, {counts['facts']} facts"
    return f"{articles}: {read}: {_severities(found)}"


def _severities(findings: list[Finding]) -> str:
    parts = []
    for severity in ("violation", "warning", "info"):
        number = sum(f.severity == severity for f in findings)
        if number:
            parts.append(f"{number} {severity}{'s' * (number != 1)}")
    return ", ".join(parts) or "no findings"


def questions(queries: dict[str, Query], form: str | None, width: int) -> str:
    """The stored queries as questions, each with an example to copy; or as JSON."""
    if form == "json":
        import json

        return json.dumps([q.listed() for q in queries.values()], ensure_ascii=False, indent=2) + "\n"
    return "\n".join(f"{q.summary}\n  {_example(q)}\n" for q in queries.values())


def _example(query: Query) -> str:
    given = [f"-p {p['name']}={_quoted(str(p['default']))}" for p in query.parameters if p["default"] != "any"]
    return " ".join(["kg query", query.name, *given])


def _quoted(value: str) -> str:
    return f'"{value}"' if " " in value else value
