"""An export is the same to the byte wherever it is made, and never half there."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from kg import export
from kg.cli.main import main

EVERYTHING = """
import sys
import kg
from kg import export
made = kg.open(sys.argv[1])
for name in export.FORMATS:
    for claims in (False, True)[: 1 + (name not in ("csv", "graphml", "dot"))]:
        with open(f"{sys.argv[2]}/{name}-{claims}", "wb") as file:
            file.write(made.export(name, claims=claims))
for name in ("turtle", "ntriples", "jsonld", "rdfxml"):
    with open(f"{sys.argv[2]}/{name}-owl", "wb") as file:
        file.write(made.export(name, claims=True, owl=True))
"""
KILLED = """
import os, sys
from kg.cli.main import main
os.fsync = lambda file: os._exit(9)  # as if the power went off before the file is whole
main(["-C", sys.argv[1], "export", "-o", sys.argv[2]])
"""
PLACES = (
    {"PYTHONHASHSEED": "0", "TZ": "UTC", "LC_ALL": "C"},
    {"PYTHONHASHSEED": "random", "TZ": "Pacific/Kiritimati", "LC_ALL": "tr_TR.UTF-8"},
)


def python(code: str, *arguments: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([sys.executable, "-c", code, *arguments], env=os.environ | environment, check=False)


def test_the_same_bytes_from_other_seeds_zones_and_locales(copy_of_sources: Callable[[], Path], tmp_path: Path) -> None:
    targets = [tmp_path / str(number) for number in range(len(PLACES))]
    runs = []
    for target, place in zip(targets, PLACES, strict=True):
        target.mkdir()
        command = [sys.executable, "-c", EVERYTHING, str(copy_of_sources()), str(target)]
        runs.append(subprocess.Popen(command, env=os.environ | place))
    assert [run.wait() for run in runs] == [0] * len(PLACES)
    found = [{file.name: file.read_bytes() for file in target.iterdir()} for target in targets]
    assert len(found[0]) == 2 * len(export.FORMATS) - 3 + 4
    for other in found[1:]:
        assert [name for name in found[0] if other[name] != found[0][name]] == []


def test_an_export_that_is_killed_leaves_the_old_file(copy_of_sources: Callable[[], Path], tmp_path: Path) -> None:
    folder, file = str(copy_of_sources()), tmp_path / "graph.ttl"
    assert main(["-C", folder, "export", "-o", str(file)]) == 0
    before = file.read_bytes()
    assert before.startswith(b"@prefix ")
    file.write_bytes(b"old and whole\n")
    assert python(KILLED, folder, str(file)).returncode == 9
    assert file.read_bytes() == b"old and whole\n"
    assert main(["-C", folder, "export", "-o", str(file)]) == 0
    assert file.read_bytes() == before


def test_an_export_that_fails_at_the_end_leaves_the_old_file_and_nothing_else(
    copy_of_sources: Callable[[], Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, file = str(copy_of_sources()), tmp_path / "graph.csv"
    file.write_bytes(b"old and whole\n")
    assert main(["-C", folder, "build"]) == 0

    def refuse(source: str, target: str) -> None:
        raise OSError("no rename today")

    monkeypatch.setattr(os, "replace", refuse)
    assert main(["-C", folder, "export", "-f", "csv", "-o", str(file)]) == 3
    assert [f.name for f in tmp_path.iterdir()] == ["graph.csv"]
    assert file.read_bytes() == b"old and whole\n"


def test_the_list_of_formats_costs_nothing() -> None:
    code = "import sys, kg.export; sys.exit(bool({'pyoxigraph', 'rdflib', 'csv', 'json'} & set(sys.modules)))"
    assert python(code).returncode == 0
