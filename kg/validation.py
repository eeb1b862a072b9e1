"""The verdict on a graph folder: files, quotes, literals, words, shapes, contradictions, each as findings."""

import os
from collections.abc import Callable
from dataclasses import dataclass

from kg import build, consistency, judging, sources, wording
from kg.errors import UsageError
from kg.findings import Finding, ordered
from kg.paths import Rooms
from kg.sources import EMPTY


@dataclass(frozen=True)
class Verdict:
    """All findings, ordered by place, and the numbers that a summary needs."""

    findings: list[Finding]
    counts: dict[str, int]


def validate(rooms: Rooms, progress: Callable[[str], None] = lambda words: None) -> Verdict:
    """Judge a graph folder whole. Reads everything afresh; needs no build."""
    found = sources.load(rooms)
    made = build.read(found)
    findings = [*made.findings, *wording.check(made), *consistency.check(made)]
    if not found.shapes and not found.findings:
        findings.append(EMPTY.finding(rooms.relative(rooms.shapes), "no shapes: nothing would be judged"))
    elif made.evidence and found.shapes and found.ontology:
        progress("judging by the shapes")
        findings += judging.by_shapes(made)()
    if made.evidence:
        progress("looking for contradictions")
        findings += judging.by_contradictions(made)
    return Verdict(ordered(findings), made.counts())


def within(findings: list[Finding], rooms: Rooms, wanted: list[str]) -> list[Finding]:
    """The findings in the wanted files and folders; all of them where none is wanted."""
    prefixes = [_prefix(path, rooms) for path in wanted]
    return [f for f in findings if not prefixes or any((f.file + "/").startswith(p) for p in prefixes)]


def _prefix(path: str, rooms: Rooms) -> str:
    if not os.path.exists(path) or not (rooms.holds(path) or os.path.samefile(path, rooms.root)):
        raise UsageError(
            f"there is no {path} in the graph folder {rooms.root}", hint="name other data with --data FILE"
        )
    relative = os.path.relpath(os.path.realpath(path), os.path.realpath(rooms.root)).replace(os.sep, "/")
    return "" if relative == "." else f"{relative}/"
