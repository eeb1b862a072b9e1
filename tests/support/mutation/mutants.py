"""What a mutant is, and the report of those that no test notices."""

import random
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TypeVar

ROOT = Path(__file__).parents[3]
EXPLAINED = "# equivalent: "
_FATES = ("caught", "explained", "unexplained")


@dataclass(frozen=True)
class Mutant:
    """One change for the worse: which kind, in which line of which file (relative to the root), and what it is."""

    kind: str
    file: str
    line: int
    what: str

    @property
    def place(self) -> str:
        """`file:line`."""
        return f"{self.file}:{self.line}"


@dataclass(frozen=True)
class Outcome:
    """A mutant, and whether a test noticed it."""

    mutant: Mutant
    caught: bool


Some = TypeVar("Some", bound=Mutant)


def sample(mutants: Sequence[Some], number: int, seed: int) -> list[Some]:
    """So many mutants at random, in their order; all of them for 0 or for more than there are."""
    if not 0 < number < len(mutants):
        return list(mutants)
    chosen = random.Random(seed).sample(range(len(mutants)), number)
    return [mutants[i] for i in sorted(chosen)]


def explanation(file: str, line: int) -> str:
    """Why a mutant of this line may survive: said at the end of the line, or in a comment right above it."""
    source = lines(file)
    here, above = source[line - 1], source[line - 2].strip() if line > 1 else ""
    said = here if EXPLAINED in here else above if above.startswith(EXPLAINED) else ""
    return said.partition(EXPLAINED)[2].strip()


@cache
def lines(file: str) -> list[str]:
    """The lines of a file as they were when they were first asked for: whoever goes on working spoils nothing."""
    return (ROOT / file).read_text("utf-8").split("\n")


def idle_explanations(outcomes: Iterable[Outcome], files: Iterable[str]) -> list[str]:
    """The places of explanations that explain no survivor: they are out of date. Only a full run can tell."""
    used = {o.mutant.place for o in outcomes if not o.caught}
    found = []
    for file in files:
        for number, line in enumerate(lines(file), 1):
            below = number + 1 if line.strip().startswith(EXPLAINED) else number
            if EXPLAINED in line and f"{file}:{below}" not in used:
                found.append(f"{file}:{number}")
    return found


def table(outcomes: Sequence[Outcome]) -> str:
    """How many mutants of each kind there were, were caught, and survived with and without an explanation."""
    rows = [["mutants of", "made", *_FATES]]
    for kind in [*dict.fromkeys(o.mutant.kind for o in outcomes), "all"]:
        fates = Counter(_fate(o) for o in outcomes if kind in (o.mutant.kind, "all"))
        rows.append([kind, *map(str, (fates.total(), *(fates[fate] for fate in _FATES)))])
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(_row(row, widths) for row in rows)


def _row(row: list[str], widths: list[int]) -> str:
    numbers = (cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True))
    return "  ".join([row[0].ljust(widths[0]), *numbers])


def _fate(outcome: Outcome) -> str:
    if outcome.caught:
        return "caught"
    return "explained" if explanation(outcome.mutant.file, outcome.mutant.line) else "unexplained"


def unexplained(outcomes: Iterable[Outcome]) -> list[Mutant]:
    """The mutants that no test notices and no comment explains."""
    return [o.mutant for o in outcomes if _fate(o) == "unexplained"]
