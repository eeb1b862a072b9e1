"""Hostile inputs end as they should: no traceback, no call, no read outside the folder, each within its limit."""

import importlib
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hostile.case import Case

RUNNER = Path(__file__).parent / "support" / "hostile" / "runner.py"
MODULES = ("depth", "files", "queries", "shapes", "syntax")
BATCH = 80  # cases that one process runs
SECONDS = 300  # for a case, on a machine that has much else to do
MOST_PRINTED = 2_000_000  # characters
# What would drive a terminal, or turn the direction of what it shows.
UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def cases(module: str) -> list[Case]:
    found: list[Case] = importlib.import_module(f"hostile.{module}").cases()
    return found


CASES = {module: cases(module) for module in MODULES}
# Inputs so large that each takes seconds; of every kind of them, a smaller or quicker one stays in the default run.
_SLOW = """
checked-alias-to-itself checked-deep-indents checked-deep-lists checked-huge-sexagesimal closed-braces-oxigraph
closed-braces-rdflib data-turtle-deep-validate deep-node deep-not deep-path depth-annotations-diff
depth-json-terms-query depth-lists-diff depth-nodes-in-lists-diff depth-query-comparisons depth-query-graphs-in-graphs
depth-query-ins depth-query-nodes depth-query-ors depth-query-path-alternatives depth-query-path-long-steps
depth-query-path-stars endless-optional-product-oxigraph endless-optional-product-rdflib endless-paths-product-rdflib
endless-product-of-values-oxigraph endless-product-of-values-rdflib facts-blank-node-ring facts-huge-base64
facts-many-blank-nodes facts-nested-lists facts-nested-nodes facts-object-list facts-one-triple-again
facts-property-list facts-semicolons file-at-the-limit having-oxigraph head-deep-lists huge-pattern large-class-lattice
large-property-chain large-same-as-chain large-transitive-chain long-path many-alternatives many-prefixes-rdflib
many-shapes many-values many-values-rdflib many-variables-rdflib memory-doubling new-text-abbreviations
new-text-apostrophes new-text-bidi new-text-dots new-text-many-units new-text-nearly-the-quote new-text-numbers
new-text-quote-again new-title-code new-title-huge nots-oxigraph open-braces-oxigraph open-long-string-oxigraph
open-long-string-rdflib open-string-oxigraph path-inverses-oxigraph quoted-triples-oxigraph receipts-of-many-values
receipts-of-negated-set receipts-of-optional-product receipts-of-paths-product receipts-of-product-of-values
receipts-of-random receipts-of-within-limits-arms recursive-pair regex-alternatives-rdflib regex-nested-rdflib
regex-replace-rdflib runaway-pattern-alternatives runaway-pattern-nested runaway-select-product runaway-select-regex
select-huge service-after-name-rdflib subqueries-oxigraph sums-oxigraph text-abbreviations text-many-units
text-nearly-the-quote text-one-word text-quote-again triples-oxigraph union-arms-oxigraph within-limits-arms-rdflib
within-limits-joined-rdflib within-limits-order-rdflib within-limits-rows-rdflib
"""
SLOW = frozenset(_SLOW.split())
# Every n-th case of a module, so that the slow ones, which stand together, are shared out among the batches.
BATCHES = [(module, start, n) for module in MODULES for n in [len(CASES[module]) // BATCH + 1] for start in range(n)]
NAMES = {case.name for module in MODULES for case in CASES[module]}


def results(module: str, names: list[str], folder: Path) -> dict[str, dict[str, Any]]:
    """What each case did; a case that ended its process, or did not end, has only its name and the reason."""
    found: dict[str, dict[str, Any]] = {}
    path = folder / "results.jsonl"
    while left := [name for name in names if name not in found]:
        path.unlink(missing_ok=True)
        command = [sys.executable, str(RUNNER), module, str(folder), str(path), str(SECONDS), *left]
        done = subprocess.run(command, capture_output=True)
        rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()] if path.exists() else []
        assert rows, done.stderr.decode()
        found |= {row["name"]: row for row in rows if "name" in row}
        if "begins" in rows[-1]:
            found[rows[-1]["begins"]] = {"died": f"exit code {done.returncode}: {done.stderr.decode()[-300:]}"}
    return found


def faults(case: Case, row: dict[str, Any]) -> list[str]:
    """What a case did that it should not have done."""
    if "died" in row:
        return [row["died"]]
    wrong = {
        f"exit code {row['code']}, not {case.exits}": row["code"] not in case.exits,
        "a traceback": "Traceback" in row["printed"],
        f"reached for {row['seen'][:3]}": row["seen"],
        "called a server": row["calls"],
        "printed what is outside the folder": row["leaked"],
        "ran what it was told to run": row["touched"],
        f"printed {row['length']} characters": row["length"] > MOST_PRINTED,
        "drives the terminal": UNSAFE.search(row["printed"]),
        f"does not say “{case.says}”": case.says not in row["printed"],
    }
    return [fault for fault, holds in wrong.items() if holds]


def test_there_are_many_and_each_has_a_name_of_its_own() -> None:
    assert len(NAMES) == sum(map(len, CASES.values())) >= 200
    assert SLOW <= NAMES
    assert {case.command[0] for module in MODULES for case in CASES[module]} >= {"validate", "check", "query", "fmt"}


@pytest.mark.parametrize("slow", [False, pytest.param(True, marks=pytest.mark.long)], ids=["quick", "slow"])
@pytest.mark.parametrize(("module", "start", "step"), BATCHES, ids=[f"{name}-{start}" for name, start, _ in BATCHES])
def test_hostile_inputs_end_as_they_should(module: str, start: int, step: int, slow: bool, tmp_path: Path) -> None:
    batch = [case for case in CASES[module][start::step] if (case.name in SLOW) is slow]
    found = results(module, [case.name for case in batch], tmp_path)
    wrong = {case.name: told for case in batch if (told := faults(case, found[case.name]))}
    assert wrong == {}, "\n".join(f"{name}: {found[name].get('printed', '')[-500:]}" for name in wrong)


WATCHED = """
import json, os, pathlib, socket, sys, urllib.request
sys.path[:0] = sys.argv[1:2]
import runner
watch, server = runner.Watch(), runner.Server()
sys.addaudithook(watch)
watch.arm(sys.argv[2])
for reach in (
    lambda: open(os.path.join(sys.argv[2], "secret.txt")).close(),
    lambda: os.listdir(sys.argv[2]),
    lambda: urllib.request.urlopen(server.url, timeout=1),
):
    try:
        reach()
    except OSError:
        pass
print(json.dumps([server.calls, *watch.seen]))
"""


def test_the_watch_sees_what_it_should(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("x")
    command = [sys.executable, "-c", WATCHED, str(RUNNER.parent), str(tmp_path)]
    done = subprocess.run(command, capture_output=True, check=True, timeout=600)
    calls, *seen = json.loads(done.stdout)
    assert calls == 1
    assert [event.split()[0] for event in seen][:2] == ["open", "os.listdir"]
    assert any(event.startswith("socket.connect") for event in seen)
