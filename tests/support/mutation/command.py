"""Parse the command line, run the mutants, print the table and the survivors; exit 1 where one is not explained."""

import argparse
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor

from . import check_runs, checks
from .mutants import Mutant, Outcome, idle_explanations, sample, table, unexplained


def main(arguments: Sequence[str] | None = None) -> int:
    """Run mutants of the shapes, of the checks or of both; 0 where each is caught or explained."""
    asked = _parser().parse_args(arguments)
    wanted = [asked.what] if asked.what else ["shapes", "checks"]
    return max([_RUNS[name](asked) for name in wanted])


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        "python -m tests.support.mutation", description="Mutation testing of the shapes and the checks."
    )
    parser.add_argument("what", nargs="?", choices=["shapes", "checks"], help="what to mutate (default: both)")
    parser.add_argument("--sample", type=int, default=0, metavar="N", help="only so many mutants, chosen at random")
    parser.add_argument("--seed", type=int, default=0, metavar="S", help="another S, another sample")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, metavar="N", help="how many at a time")
    parser.add_argument(
        "--module", action="append", choices=checks.MODULES, help="only the checks of this module; may be repeated"
    )
    return parser


def _shapes(asked: argparse.Namespace) -> int:
    from . import shape_runs

    mutants = shape_runs.mutants()
    chosen = sample(mutants, asked.sample, asked.seed)
    with ProcessPoolExecutor(asked.jobs, check_runs.processes()) as pool:
        done = list(_shown(pool.map(shape_runs.outcome, chosen, chunksize=8), len(chosen)))
    return _report("shapes", done, sorted({m.file for m in mutants}), len(chosen) == len(mutants))


def _checks(asked: argparse.Namespace) -> int:
    modules = asked.module or checks.MODULES
    mutants = [mutant for module in modules for mutant in checks.mutants(module)]
    chosen = sample(mutants, asked.sample, asked.seed)
    done = list(_shown(check_runs.outcomes(chosen, asked.jobs), len(chosen)))
    return _report("checks", done, sorted({m.file for m in mutants}), len(chosen) == len(mutants))


_RUNS = {"shapes": _shapes, "checks": _checks}


def _shown(outcomes: Iterable[Outcome], total: int) -> Iterator[Outcome]:
    """The same outcomes, with a count on a terminal."""
    for number, outcome in enumerate(outcomes, 1):
        if sys.stderr.isatty():
            print(f"\r{number} of {total}", end="" if number < total else "\n", file=sys.stderr, flush=True)
        yield outcome


def _report(title: str, outcomes: list[Outcome], files: list[str], whole: bool) -> int:
    """Print what became of the mutants. Explanations without a survivor count as faults where all mutants were run."""
    survivors: list[Mutant] = unexplained(outcomes)
    idle = idle_explanations(outcomes, files) if whole else []
    print(table(outcomes))
    for mutant in survivors:
        print(f"{mutant.place}: survives, unexplained: {mutant.what}")
    for place in idle:
        print(f"{place}: explains a mutant that does not survive")
    if survivors:
        print(f"write a test that notices, or explain on the line: `# equivalent: reason` ({title})")
    return 1 if survivors or idle else 0
