"""Findings and the checks that make them: severities, order, exit codes."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, TypeVar

from kg.errors import clean, shortened

if TYPE_CHECKING:
    from pyoxigraph import Triple

_Row = TypeVar("_Row")

# The last is what a second reader doubts: hearsay, which fails no run and is no alert of another tool.
SEVERITIES = ("violation", "warning", "info", "doubt")
# The check whose notes say that a shape has nothing to judge yet. A small graph has one for most shapes, and none is a
# fault of the data: they are counted apart, and left out where a note would be read as an alert.
IDLE = "shape-without-instance"

# Checks whose findings mean that a file could not be read at all: exit code 3 instead of 1.
UNREADABLE = frozenset(
    {"syntax", "encoding", "byte-order-mark", "line-endings", "missing-file", "name", "empty", "outside"}
    | {"row", "too-deep", "too-large"}
)


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong or worth a look, at a place in a file.

    `file` is relative to the graph folder; `line` and `column` count from 1, in code points, and 0 is the whole file.
    `rule` is the id of the check; `focus`, `value` and `passage` are IRIs or lexical forms, empty if there is none.
    `results` are the SHACL validation results (§3.6.2) that the finding stands for, as triples.
    """

    file: str
    line: int
    column: int
    severity: str
    rule: str
    message: str
    hint: str = ""
    focus: str = ""
    value: str = ""
    passage: str = ""
    results: "tuple[Triple, ...]" = field(default=(), compare=False, repr=False)

    def __post_init__(self) -> None:
        for name in ("message", "hint"):
            object.__setattr__(self, name, shortened(getattr(self, name)))

    def __str__(self) -> str:
        """`file:line:col: severity: message [rule]`, and the next step on lines of its own; safe for a terminal."""
        hint = "".join(f"\n  {clean(line)}" for line in self.hint.split("\n") if line)
        return f"{self.place}: {self.severity}: {clean(self.message)} [{clean(self.rule)}]{hint}"

    @property
    def place(self) -> str:
        """`file:line:col`, or the file alone; safe for a terminal."""
        return clean(self.file) + (f":{self.line}:{self.column}" if self.line else "")

    def at(self, line: int, column: int) -> "Finding":
        """The same finding at another place."""
        return replace(self, line=line, column=column)

    def json(self) -> dict[str, str | int]:
        """The object that a finding is in JSON."""
        return {name: value for name, value in vars(self).items() if name != "results"}


def from_json(rows: Iterable[dict[str, Any]]) -> list[Finding]:
    """Findings from the objects that they are in JSON. Raises TypeError for other objects."""
    return [Finding(**row) for row in rows]


class Findings(list[Finding]):
    """Findings in a list that a notebook shows as a table, and a prompt as lines, each with how many there are."""

    def __repr__(self) -> str:
        return "\n".join([*(str(f) for f in self if f.rule != IDLE), severities(self)])

    def _repr_html_(self) -> str:
        """The grave ones in a table, the notes in one that is folded."""
        from kg import html

        def table(listed: list[Finding]) -> str:
            told = ((f.place, f.severity, f"{f.message}\n{f.hint}".rstrip("\n"), f.rule) for f in listed)
            rows = [[*map(html.text, row)] for row in told]
            return html.table(["where", "severity", "finding", "check"], rows) if rows else ""

        grave = at_or_above(self, "warning")
        notes = [finding for finding in self if finding not in grave]
        more = html.folded(f"{len(notes)} notes", table(notes)) if notes else ""
        return html.block(html.paragraph(severities(self)), table(grave), more)


@dataclass(frozen=True)
class Check:
    """One check: the only maker of findings, and all that `kg explain`, docs/checks.md and SARIF say of them.

    `says` is what holds where nothing is found, `why` what goes wrong otherwise, each in plain sentences. `wrong` and
    `right` are lines of a file, the second to be written instead of the first. The first of `severities` is the usual.
    """

    id: str
    says: str
    why: str
    wrong: str = ""
    right: str = ""
    severities: tuple[str, ...] = ("violation",)

    def finding(
        self, file: str, message: str, *, severity: str = "", line: int = 0, column: int = 0, **more: Any
    ) -> Finding:
        """A finding of this check on a file or a place in it; `more` are the other fields of `Finding`."""
        severity = severity or self.severities[0]
        if severity not in self.severities:
            raise ValueError(f"the check {self.id} has no severity {severity}")
        return Finding(file, line, column, severity, self.id, message, **more)

    def of(self, name: str) -> "Check":
        """The check of a family that has this name: `shape:MinCount`."""
        return replace(self, id=f"{self.id}:{name}")


def merged(rows: Iterable[_Row]) -> list[_Row]:
    """Equal rows (dataclasses) once, with the `results` of all."""
    found: dict[Any, Any] = {}
    for row in rows:
        before = found.setdefault(row, row)
        if before is not row:
            found[row] = replace(before, results=(*before.results, *getattr(row, "results", ())))
    return list(found.values())


def ordered(findings: Iterable[Finding]) -> list[Finding]:
    """The findings without duplicates, in the order of files, lines, columns, checks."""
    return sorted(merged(findings), key=lambda f: (f.file, f.line, f.column, f.rule, f.message, f.focus, f.value))


def at_or_above(findings: Iterable[Finding], severity: str) -> list[Finding]:
    """The findings that are at least as grave as `severity`."""
    limit = SEVERITIES.index(severity)
    return [f for f in findings if SEVERITIES.index(f.severity) <= limit]


def exit_code(findings: Iterable[Finding], fail_on: str) -> int:
    """3 where a file could not be read, 1 for findings at or above `fail_on`, else 0."""
    grave = at_or_above(findings, fail_on)
    if any(f.rule in UNREADABLE and f.severity == "violation" for f in grave):
        return 3
    return 1 if grave else 0


def severities(findings: list[Finding]) -> str:
    """How many findings of which severity: “2 violations, 1 warning”; with infos alone, “no findings, 7 notes”.

    Shapes with nothing to judge are no notes here, and come last.
    """
    idle = sum(f.rule == IDLE for f in findings)
    numbers = {s: sum(f.severity == s for f in findings if f.rule != IDLE) for s in SEVERITIES}
    notes, doubts = numbers.pop("info"), numbers.pop("doubt")
    told = [f"{n} {s}{'s' * (n != 1)}" for s, n in numbers.items() if n] or ["no findings"]
    told += [f"{notes} note{'s' * (notes != 1)}"] * bool(notes)
    told += [f"{doubts} doubt{'s' * (doubts != 1)} of a second reader"] * bool(doubts)
    told += [f"{idle} shape{'s' * (idle != 1)} with nothing to judge"] * bool(idle)
    return ", ".join(told)
