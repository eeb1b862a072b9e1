"""Suites of test cases by others: `python -m bench suites KIND FOLDER` runs one by the command and by the raw engine.

A suite is a folder of somebody else's, such as a checkout of w3c/data-shapes; none is a part of this repository.
"""

import argparse
import contextlib
import io
import sys
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import NamedTuple

from kg.cli import main as command

# The module of each kind of suite, whose `cases` yields a Case for each, and `RAW`, the name of the raw engine.
KINDS = {kind: f"bench.suite_{kind}" for kind in ("owl", "rdf", "shacl", "sparql")}


class Case(NamedTuple):
    """A case of a suite: what was wrong with the command's answer and with the raw engine's; empty for nothing."""

    name: str
    own: str
    raw: str


def main(arguments: list[str]) -> None:
    """Run the cases of a suite; print those that fail, and how many pass, of each folder and of all."""
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
    folders: dict[str, list[Case]] = {}
    for case in found:
        folders.setdefault(case.name.rpartition("/")[0], []).append(case)
    for folder, inside in folders.items() if len(folders) > 1 else ():
        print(f"{folder}: kg: {_passed(inside, 'own')}, {module.RAW}: {_passed(inside, 'raw')}")
    print(f"{options.kind}: kg: {_passed(found, 'own')}\n{options.kind}: {module.RAW}: {_passed(found, 'raw')}")


def _passed(found: list[Case], who: str) -> str:
    return f"{sum(not getattr(case, who) for case in found)} of {len(found)}"


def run_command(*arguments: str) -> tuple[int, str, str]:
    """Run `kg` in this process: its exit code, stdout and stderr."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = command.main(arguments)
    return code, out.getvalue(), err.getvalue()
