"""Writes docs/benchmarks.md and its pictures from the figures in `bench/results/`."""

from pathlib import Path
from statistics import median
from typing import Any

from bench import results
from bench.contenders.limited import LIMIT
from bench.lies import command as lies
from bench.measures import MEASURES
from bench.picture import Line, growth

DOCS = Path(__file__).parents[1] / "docs"
NOTE = "<!-- Written by `python -m bench report` from bench/results: do not edit by hand. -->\n"
INTRODUCTION = """\
# How fast, and how large

Measured by `make bench` on corpora of 1 to 1,000 articles: the real one, and invented ones of about 400 statements
each that share states, leaders and conflicts (`python -m bench.corpus`). Every contender runs in a process and an
environment of its own; contenders take turns, and the figures are medians. Memory is the peak of the whole process,
its reading included. “Times Entente” above 1 means slower than Entente. What the closure's figures compare, and where
the floor is that Python sets: [the floor of the closure](decisions/2026-11-23-the-floor-of-the-closure.md).
"""


def write() -> None:
    """Write the page, and a picture for each measure that was tried at several sizes."""
    saved = results.saved()
    parts = [NOTE + INTRODUCTION, _machine(saved)]
    for measure in MEASURES:
        if measure.name in saved:
            parts.append(_section(saved[measure.name]))
    if "lies" in saved:
        parts.append(lies.section(saved["lies"]))
    _save(DOCS / "benchmarks.md", "\n".join(part.rstrip("\n") + "\n" for part in parts))


def _machine(saved: dict[str, results.Figures]) -> str:
    """On what it was measured; the versions are those of all measures together."""
    machine = next(iter(saved.values()))["machine"]
    versions = sorted(
        {f"{name} {version}" for figures in saved.values() for name, version in figures["versions"].items()}
    )
    return f"{machine['system']}, {machine['cores']} cores, Python {machine['python']}; {', '.join(versions)}.\n"


def _section(figures: results.Figures) -> str:
    parts = [f"## {figures['name']}", figures["title"] + "."]
    lines = _lines(figures)
    if any(len(line.points) > 1 for line in lines):
        name = f"pictures/bench-{figures['name']}.svg"
        _save(DOCS / name, growth(figures["title"], lines))
        parts.append(f"![{figures['title']}: seconds by triples]({name})")
    parts.append(results.markdown(results.HEAD, results.rows(figures)))
    if figures["skipped"]:
        parts.append(figures["skipped"] + ".")
    if figures["trials"]:
        parts += _by_part(figures["trials"][-1])
    return "\n\n".join(parts) + "\n"


def _by_part(trial: dict[str, Any]) -> list[str]:
    head, body = results.part_rows(trial)
    if not body:
        return []
    parts = [f"Part by part, on the largest of these (articles: {trial['articles']}):", results.markdown(head, body)]
    return [*parts, *_unanswered(trial)]


def _unanswered(trial: dict[str, Any]) -> list[str]:
    """A line for each contender that gave no answer to some queries within their limit."""
    late = {
        result["name"]: [name for name, seconds in result["parts"].items() if median(seconds) >= LIMIT]
        for result in trial["results"]
    }
    return [f"No answer within {LIMIT:g} s by {who}: {', '.join(names)}." for who, names in late.items() if names]


def _lines(figures: results.Figures) -> list[Line]:
    points: dict[str, list[tuple[float, float]]] = {}
    for trial in figures["trials"]:
        for result in trial["results"]:
            if result["median"]:
                points.setdefault(result["name"], []).append((trial["triples"], result["median"]))
    return [Line(name, tuple(found)) for name, found in points.items()]


def _save(path: Path, text: str) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")
