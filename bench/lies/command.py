"""`python -m bench lies [FOLDER…]`: tells lies in the articles of graph folders, and prints which of them are noticed.

Without a folder: the articles of the checkout and of each graph in tests/graphs that has no ontology of its own; what
is found is kept for the page.
"""

import argparse
import json
import sys
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from bench import environments, results
from bench.lies.trial import KINDS, ROOT, SEED, Folder, Verdict
from kg.errors import InputError

MOST = 12  # lies of one kind in one article
TITLE = "False facts under true quotes: how many of them get a warning or a violation that the honest article has not"
_HEAD = ("lies", "caught", "share")
_HARD = {kind.name: kind.hard for kind in KINDS}


@dataclass(frozen=True)
class Told:
    """A lie and what came of it, as plain data."""

    article: str
    kind: str
    hard: bool
    passage: str
    quote: str
    edit: str
    found: tuple[str, ...]


@dataclass(frozen=True)
class Honest:
    """An article folder without lies: how many statements its passages have, and what is found all the same."""

    folder: str
    articles: tuple[str, ...]
    statements: int
    found: tuple[str, ...]


def main(arguments: list[str]) -> None:
    """Run the lies and print the tables."""
    options = _parser().parse_args(arguments)
    folders = options.folders or default_folders()
    try:
        told, honest = run([str(f) for f in folders], 1 if options.quick else options.most, options.seed, options.jobs)
    except InputError as error:
        sys.exit(str(error))
    if not told:
        sys.exit("error: no lie can be told of these articles")
    if options.json:
        print(json.dumps(figures(told, honest) | {"lies": [asdict(t) for t in told]}, ensure_ascii=False, indent=1))
        return
    print(summary(told, honest))
    if options.missed:
        print("".join(f"\n{missed(t)}\n" for t in told if not t.found))
    if not options.folders and not options.quick and (options.most, options.seed) == (MOST, SEED):
        versions = environments.versions("entente")
        results.save(results.new("lies", TITLE, versions) | figures(told, honest))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench lies", description=__doc__)
    parser.add_argument("folders", nargs="*", type=Path, metavar="FOLDER", help="a graph folder (default: all)")
    parser.add_argument("--quick", action="store_true", help="one lie of each kind in each article")
    parser.add_argument("--most", type=int, default=MOST, help=f"lies of a kind in an article (default: {MOST})")
    parser.add_argument("--seed", default=SEED, help="chooses other lies")
    parser.add_argument("--jobs", type=int, default=2, help="processes that share the work (default: 2)")
    parser.add_argument("--missed", action="store_true", help="print each lie that is not noticed")
    parser.add_argument("--json", action="store_true", help="print all lies and figures as JSON")
    return parser


def default_folders() -> list[Path]:
    """The checkout, and the graphs of the tests that have an article and are judged by its ontology and shapes."""
    found = sorted(path.parents[1] for path in (ROOT / "tests" / "graphs").glob("*/kg/articles"))
    return [ROOT, *(folder for folder in found if not (folder / "ontology").exists())]


def run(folders: Iterable[str], most: int, seed: str, jobs: int) -> tuple[list[Told], list[Honest]]:
    """What came of the lies, in one order, and of the honest articles. Raises InputError for what cannot be read."""
    tasks = [(folder, most, seed, number, jobs) for folder in folders for number in range(jobs)]
    if jobs == 1:
        parts = [_part(*task) for task in tasks]
    else:
        with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
            parts = list(pool.map(_part, *zip(*tasks, strict=True)))
    rows = sorted((row for told, _ in parts for row in told), key=lambda row: row[0])
    return [t for _, t in rows], [honest for _, honest in parts[::jobs]]


def _part(folder: str, most: int, seed: str, number: int, jobs: int) -> tuple[list[tuple[Any, Told]], Honest]:
    """Every so many-th lie of a folder, each with its place in the order of all."""
    judged, told = Folder(folder), []
    for place, (reading, lie) in enumerate(judged.lies(most, seed)):
        if place % jobs == number:
            told.append(((folder, place), _plain(judged.judge(reading, lie))))
    articles = tuple(a.name for a in judged.sources.articles)
    return told, Honest(folder, articles, judged.statements(), tuple(map(str, judged.honest)))


def _plain(verdict: Verdict) -> Told:
    lie = verdict.lie
    name = lie.passage.iri.rpartition("#")[2]
    found = tuple(map(str, verdict.found))
    return Told(verdict.article, lie.kind, _HARD[lie.kind], name, lie.passage.quote, str(lie), found)


# What is printed


def figures(told: list[Told], honest: list[Honest]) -> dict[str, Any]:
    """The figures that are kept: tables, and the findings on honest articles."""
    statements, alarms = sum(h.statements for h in honest), [f for h in honest for f in h.found]
    return {
        "kinds": [[name, *row] for name, row in _counted(told, lambda t: t.kind, list(_HARD)).items()],
        "articles": [[name, *row] for name, row in _counted(told, lambda t: t.article).items()],
        "both": [[name, *row] for name, row in _counted(told, _difficulty).items()],
        "statements": statements,
        "alarms": alarms,
    }


def _difficulty(told: Told) -> str:
    return f"{told.article}, {'hard' if told.hard else 'first'} kinds"


def _counted(told: list[Told], key: Callable[[Told], str], order: list[str] | None = None) -> dict[str, list[int]]:
    """Lies and caught ones, by a key."""
    found: dict[str, list[int]] = {}
    for t in told:
        row = found.setdefault(key(t), [0, 0])
        row[0] += 1
        row[1] += bool(t.found)
    return {name: found[name] for name in order or found if name in found}


def tables(saved: dict[str, Any]) -> list[tuple[tuple[str, ...], list[tuple[str, ...]]]]:
    """Head and rows of the tables: by kind, the first kinds before the hard ones, and by article."""
    kinds = [(*_row(r), "hard" if _HARD[r[0]] else "first") for r in saved["kinds"] if r[0] in _HARD]
    by_kind = [(name, sort, *cells) for name, *cells, sort in kinds]
    for sort in ("first", "hard"):
        rows = [r for r in saved["kinds"] if _HARD.get(r[0]) == (sort == "hard")]
        if rows:
            by_kind.append(
                (f"all of the {sort} kinds", sort, *_row(["", sum(r[1] for r in rows), sum(r[2] for r in rows)])[1:])
            )
    return [
        (("kind", "sort", *_HEAD), by_kind),
        (("article", *_HEAD), [_row(r) for r in saved["both"]]),
    ]


def _row(row: list[Any]) -> tuple[str, ...]:
    name, lies, caught = row
    return name, str(lies), str(caught), f"{100 * caught / lies:.0f}%"


def alarms(saved: dict[str, Any]) -> str:
    """How many findings there are on honest facts, in a sentence."""
    number, statements = len(saved["alarms"]), saved["statements"]
    share = f"{100 * number / statements:.1f}%" if statements else "0%"
    return f"False alarms: {number} on {statements:,} statements in passages ({share})."


def summary(told: list[Told], honest: list[Honest]) -> str:
    """The tables and the false alarms, for a terminal."""
    saved = figures(told, honest)
    parts = [results.table(head, body) for head, body in tables(saved)]
    return "\n\n".join([*parts, "\n".join([alarms(saved), *(f"  {line}" for line in saved["alarms"])])])


_INTRODUCTION = """\
A lie leaves every quote as it is, and changes, adds or leaves out statements of a passage. It is caught when there is a
warning or a violation that the honest article has not. Lies of the first kinds show to a careful reader of the
sentence; the hard ones speak only of what the words name. They are made by rule, at most {most} of a kind in an
article, from the real article and those invented for the tests (`make lies`; `python -m bench lies FOLDER` for articles
of one's own, `--missed` to see what is not caught).

No lie is told that may be true: a statement that stands or follows anywhere in the graph; a thing in the place of one
that it belongs to, such as a capital, a government or a president for a state; a role in which a text seldom sets a
limit (what a meeting is about, what a picture shows); a relation that is stated besides, or one near to it; a status of
the same step in a life, or one where the words draw no line (“heads to”); a class that a word hints at, or that the
same thing may have (talks are a meeting, and so is a summit); a unit that the words have. A thing counts as not named
only where no word is like a word of its names or of its class.
"""


def section(saved: dict[str, Any]) -> str:
    """The part of the page on benchmarks."""
    parts = ["## lies", saved["title"] + ".", _INTRODUCTION.format(most=MOST).rstrip("\n")]
    parts += [results.markdown(head, body) for head, body in tables(saved)]
    listed = "".join(f"\n- `{line.splitlines()[0]}`" for line in saved["alarms"])
    return "\n\n".join([*parts, alarms(saved) + ("\n" + listed if listed else "")]) + "\n"


def missed(told: Told) -> str:
    """A lie that was not noticed: its quote and the edit."""
    edit = told.edit.replace("\n", "\n  ")
    return f"{told.article}, p:{told.passage}: {told.kind}\n  “{told.quote}”\n  {edit}"
