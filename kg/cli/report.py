"""Findings and lists as text: what `validate` and `query --list` print, for people, for CI and for machines."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kg.dataset.stored_queries import Query
    from kg.findings import Finding

FORMATS = ("text", "github", "sarif", "junit", "json", "turtle")
_WINDOW = 100  # columns of a source line that are shown


def write_findings(findings: "list[Finding]", form: str, root: str, *, infos: bool = True) -> str:
    """Findings in one of FORMATS. `root` is the folder to which their files are relative.

    Without `infos`, text and annotations on GitHub leave these out, which the summary counts; the others have them all.
    """
    if form == "json":
        from dataclasses import asdict

        return _json([asdict(f) for f in findings])
    if form == "turtle":
        from kg.cli import report_ci

        return report_ci.shacl_report(findings)
    shown = [f for f in findings if infos or f.severity != "info"]
    if form != "text":
        from kg.cli import report_ci

        return report_ci.github(findings, root, shown) if form == "github" else report_ci.WRITERS[form](findings, root)
    lines = _SourceLines(root)
    return "".join(_text(f, lines) for f in shown)


def _json(data: object) -> str:
    import json

    return json.dumps(data, ensure_ascii=False, indent=2) + "\n"


def _text(finding: "Finding", lines: "_SourceLines") -> str:
    """A finding, the source line with a caret beneath, and the next step."""
    head, *hint = told(finding)
    return "".join(f"{line}\n" for line in (head, *lines.shown(finding), *hint))


def told(finding: "Finding") -> list[str]:
    """A finding and its hint, line by line, with escapes for what would drive a terminal or turn the text round."""
    from dataclasses import replace

    from kg.terminal import clean

    lines = str(replace(finding, file=clean(finding.file), message=clean(finding.message))).split("\n")
    return [clean(line) for line in lines]


class _SourceLines:
    """The lines of the files that findings are about."""

    def __init__(self, root: str) -> None:
        self._root, self._files = root, dict[str, list[str]]()

    def shown(self, finding: "Finding") -> list[str]:
        """The line of a finding, windowed around its column, and a caret beneath; nothing where it has no place."""
        import os

        from kg.terminal import clean, display_width

        if not finding.line:
            return []  # perhaps because the file cannot, or must not, be read
        if finding.file not in self._files:
            self._files[finding.file] = _read(os.path.join(self._root, finding.file))
        lines = self._files[finding.file]
        if not 0 < finding.line <= len(lines):
            return []
        line, at = lines[finding.line - 1], finding.column - 1
        start = max(0, at - _WINDOW // 2) if len(line) > _WINDOW else 0
        before, window = clean(line[start:at]), clean(line[start : start + _WINDOW])
        return [f"  | {window}", f"  | {' ' * display_width(before)}^"]


def _read(path: str) -> list[str]:
    try:
        with open(path, encoding="utf-8", errors="replace", newline="") as file:
            return [line.rstrip("\r") for line in file.read().split("\n")]
    except OSError:
        return []


def lists_infos(form: str, fail_on: str) -> bool:
    """Whether infos are listed: text and annotations on GitHub have them only where they count."""
    return fail_on == "info" or form not in ("text", "github")


def summary(counts: dict[str, int], findings: "list[Finding]", *, listed: bool = True) -> str:
    """One line: how much was read, how many findings of which severity, and how to see notes that are not listed."""
    articles = f"{counts['articles']} article{'s' * (counts['articles'] != 1)}"
    read = f"{counts['read']} of {counts['units']} units read, {counts['facts']} facts"
    hidden = not listed and any(f.severity == "info" for f in findings)
    return f"{articles}: {read}: {severities(findings)}{' (--fail-on info lists them)' if hidden else ''}"


def severities(findings: "list[Finding]") -> str:
    """How many findings of which severity: “2 violations, 1 warning”; with infos alone, “no findings, 7 notes”."""
    from kg.findings import SEVERITIES

    numbers = {s: sum(f.severity == s for f in findings) for s in SEVERITIES}
    notes = numbers.pop("info")
    grave = ", ".join(f"{n} {s}{'s' * (n != 1)}" for s, n in numbers.items() if n) or "no findings"
    return f"{grave}, {notes} note{'s' * (notes != 1)}" if notes else grave


def list_queries(queries: "dict[str, Query]", form: str | None) -> str:
    """The stored queries as questions, each with an example to copy; or as JSON."""
    if form == "json":
        return _json([q.listed() for q in queries.values()])
    from kg.terminal import clean

    return "\n".join(f"{clean(q.summary)}\n  {clean(_example(q))}\n" for q in queries.values())


def no_rows(query: "Query", given: "Mapping[str, str]") -> str:
    """Why an answer may have no rows: for which parameters it was asked, those by default included."""
    from kg.terminal import clean

    asked = {p["name"]: str(p["default"]) for p in query.parameters}
    told = [
        f"{name} = {given.get(name, usual)}{'' if name in given else ' (default)'}" for name, usual in asked.items()
    ]
    return f"no rows{' for ' if told else ''}{clean(', '.join(told))}"


def _example(query: "Query") -> str:
    given = [f"-p {p['name']}={_quoted(str(p['default']))}" for p in query.parameters if p["default"] != "any"]
    return " ".join(["kg query", query.name, *given])


def _quoted(value: str) -> str:
    return f'"{value}"' if " " in value else value
