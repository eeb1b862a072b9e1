"""Suites of test cases by others: `python -m bench suites KIND FOLDER` runs one by the command and by the raw engine.

A suite is a folder of somebody else's, such as a checkout of w3c/data-shapes; none is a part of this repository.
"""

import argparse
import sys
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import NamedTuple

# The module of each kind of suite, whose `cases` yields a Case for each, and `RAW`, the name of the raw engine.
KINDS = {"owl": "bench.suite_owl", "shacl": "bench.suite_shacl"}


class Case(NamedTuple):
    """A case of a suite: what was wrong with the command's answer and with the raw engine's; empty for nothing."""

    name: str
    own: str
    raw: str


def main(arguments: list[str]) -> None:
    """Run the cases of a suite; print those that fail, and how many pass."""
    parser = argparse.ArgumentParser(prog="python -m bench suites", description=__doc__)
    parser.add_argument("kind", choices=sorted(KINDS), help="what the cases test")
    parser.add_argument("folder", type=Path, help="the folder of the suite")
    options = parser.parse_args(arguments)
    module = import_module(KINDS[options.kind])
    run: Callable[[Path], Iterator[Case]] = module.cases
    found = list(run(options.folder.resolve()))
    if not found:
        sys.exit(f"error: no cases in {options.folder}")
    for case in found:
        for name, problem in (("kg", case.own), (module.RAW, case.raw)):
            if problem:
                print(f"{case.name}: {name}: {problem}")
    for name, passed in (("kg", [c for c in found if not c.own]), (module.RAW, [c for c in found if not c.raw])):
        print(f"{options.kind}: {name}: {len(passed)} of {len(found)}")
