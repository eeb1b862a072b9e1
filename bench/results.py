"""The figures of a measure: as JSON in `bench/results/`, and as a table for a terminal or a page."""

import json
import os
import platform
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from statistics import median
from typing import Any

from bench.measure import Result

RESULTS = Path(__file__).parent / "results"
HEAD = ("articles", "triples", "contender", "median", "times Entente", "peak memory", "rounds")

Figures = dict[str, Any]


def new(name: str, title: str, versions: dict[str, str]) -> Figures:
    """The figures of a measure, before the first trial."""
    machine = {"cores": os.cpu_count(), "system": platform.system(), "python": platform.python_version()}
    return {"name": name, "title": title, "machine": machine, "versions": versions, "skipped": "", "trials": []}


def add(figures: Figures, size: int, triples: int, results: Sequence[Result]) -> None:
    """Add what one size gave."""
    rows = [asdict(r) | {"median": r.median} for r in results]
    figures["trials"].append({"articles": size, "triples": triples, "results": rows})


def save(figures: Figures) -> None:
    """Write the figures, so that a measure that is not run again keeps its own."""
    RESULTS.mkdir(exist_ok=True)
    text = json.dumps(figures, indent=1, ensure_ascii=False) + "\n"
    (RESULTS / f"{figures['name']}.json").write_text(text, encoding="utf-8", newline="\n")


def saved() -> dict[str, Figures]:
    """All figures that were saved, by the name of the measure."""
    found = (json.loads(p.read_text(encoding="utf-8")) for p in sorted(RESULTS.glob("*.json")))
    return {figures["name"]: figures for figures in found}


def rows(figures: Figures) -> list[tuple[str, ...]]:
    """The rows under HEAD. The ratio is to the first contender, which is Entente."""
    made: list[tuple[str, ...]] = []
    for trial in figures["trials"]:
        first = trial["results"][0]["median"]
        for result in trial["results"]:
            ratio = _ratio(result["median"] / first) if first and result["median"] else ""
            shown = seconds(result["median"]) if result["median"] is not None else result["note"]
            memory = f"{result['megabytes']:.0f} MB"
            numbers = (str(trial["articles"]), f"{trial['triples']:,}")
            made.append((*numbers, result["name"], shown, ratio, memory, str(len(result["seconds"]))))
    return made


def _ratio(ratio: float) -> str:
    """Three digits, and no exponent."""
    return f"{ratio:.3g}" if ratio < 1000 else f"{round(ratio, 2 - len(str(int(ratio))) + 1):,.0f}"


def part_rows(trial: dict[str, Any]) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """The head and the rows for the parts of a trial (query by query), one column per contender; the slowest first."""
    results = [r for r in trial["results"] if r["parts"]]
    medians = [{name: median(times) for name, times in r["parts"].items()} for r in results]
    names = sorted(medians[0], key=lambda name: -medians[0][name]) if medians else []
    shown = [(n, *(seconds(m[n]) if n in m else "" for m in medians)) for n in names]
    return ("part", *(r["name"] for r in results)), shown


def seconds(value: float) -> str:
    """A time with three digits, in the unit that suits it."""
    if value < 0.001:
        return f"{value * 1e6:.3g} µs"
    if value < 1:
        return f"{value * 1e3:.3g} ms"
    return f"{value:.3g} s" if value < 1000 else f"{value:.0f} s"


def table(head: Sequence[str], body: Sequence[Sequence[str]]) -> str:
    """A table for a terminal."""
    widths = [max(len(row[i]) for row in [head, *body]) for i in range(len(head))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in [head, *body]]
    return "\n".join(line.rstrip() for line in lines)


def markdown(head: Sequence[str], body: Sequence[Sequence[str]]) -> str:
    """The same for a page."""
    lines = [head, ["---"] * len(head), *body]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
