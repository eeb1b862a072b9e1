"""The dataset for bulk loaders: its parts, of small builds and large ones, and the scripts that load them."""

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from engines.command import ENGINES
from engines.engine import Engine
from engines.installing import NotInstalledError
from folders import with_first_article
from pyoxigraph import Quad, RdfFormat, parse
from running import run

from kg.dataset import cache, update
from kg.errors import InputError
from kg.export import bulk
from kg.graph import Graph
from kg.source.layout import GraphFolder

LOADERS = [engine for engine in ENGINES if engine.script]


def written(folder: Path) -> tuple[set[Quad], list[int]]:
    """The quads of all parts, and the number of lines of each."""
    parts = sorted(folder.glob("part-*.nq"))
    lines = [part.read_bytes().decode().splitlines() for part in parts]
    assert all(part == sorted(set(part)) for part in lines)
    quads = (q for part in parts for q in parse(path=str(part), format=RdfFormat.N_QUADS))
    return set(quads), list(map(len, lines))


def test_parts_are_the_dataset(shipped: Graph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert shipped.bulk(str(tmp_path / "one")) == (1, len(shipped.quads))
    assert written(tmp_path / "one") == (set(shipped.quads), [len(shipped.quads)])
    monkeypatch.setattr(bulk.write, "__defaults__", (1_000,))
    files, lines = shipped.bulk(str(tmp_path / "many"))
    quads, sizes = written(tmp_path / "many")
    assert (quads, len(sizes), sum(sizes)) == (set(shipped.quads), files, lines)
    assert set(sizes[:-1]) == {1_000}


def test_parts_of_a_large_build_are_its_dataset(
    shipped: Graph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cache, "_user_cache", lambda *_: str(tmp_path / "user"))
    monkeypatch.setattr(update, "LARGE", 0)
    graph = Graph(GraphFolder(str(with_first_article(tmp_path / "graph"))))
    graph.bulk(str(tmp_path / "parts"))
    assert len([*Path(cache.large_home(graph.graph_folder)).iterdir()]) == 1
    assert written(tmp_path / "parts")[0] == set(shipped.quads)


def test_the_command_writes_parts_and_scripts(shipped_folder: Path, tmp_path: Path) -> None:
    folder = tmp_path / "parts"
    done = run("-C", str(shipped_folder), "export", "--bulk", str(folder))
    assert (done.returncode, done.stdout) == (0, "")
    assert "statements in 1 part, and scripts that load them" in done.stderr
    assert sorted(path.name for path in folder.iterdir()) == [*sorted(bulk.SCRIPTS), "part-0001.nq"]
    again = run("-C", str(shipped_folder), "export", "--bulk", str(folder))
    assert (again.returncode, "not empty" in again.stderr) == (3, True)
    other = run("-C", str(shipped_folder), "export", "--bulk", str(tmp_path / "x"), "--claims")
    assert (other.returncode, "--bulk cannot be written with --claims" in other.stderr) == (2, True)
    assert not (tmp_path / "x").exists()


def test_scripts_are_there_only_beside_all_parts(tmp_path: Path) -> None:
    def parts() -> Iterator[list[str]]:
        yield ["<x:a> <x:b> <x:c> ."]
        raise InputError("broken")

    with pytest.raises(InputError, match="broken"):
        bulk.write(parts(), str(tmp_path / "parts"), lines=1)
    assert [path.name for path in (tmp_path / "parts").iterdir()] == ["part-0001.nq"]


@pytest.mark.skipif(not shutil.which("sh"), reason="the scripts are for a shell of POSIX")
def test_a_script_says_what_it_lacks(tmp_path: Path) -> None:
    bulk.write([["<x:a> <x:b> <x:c> ."]], str(tmp_path))
    for name in bulk.SCRIPTS:
        done = subprocess.run(["sh", tmp_path / name], capture_output=True, text=True)
        assert done.returncode != 0
        assert "give the" in done.stderr
    loader = tmp_path / "loader"
    loader.write_text('#!/bin/sh\nprintf "%s\\n" "$@"\n')
    loader.chmod(0o755)
    folder = tmp_path / "with space"
    bulk.write([["<x:a> <x:b> <x:c> ."], ["<x:a> <x:b> <x:d> ."]], str(folder), lines=1)
    for name, variable in (("load-oxigraph.sh", "OXIGRAPH"), ("load-jena.sh", "JENA")):
        command = ["env", f"{variable}={loader}", "sh", str(folder / name), "a store"]
        said = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
        assert said[-2:] == [f"{folder}/part-0001.nq", f"{folder}/part-0002.nq"]
        assert "a store" in said


@pytest.mark.engines
@pytest.mark.parametrize("engine", LOADERS, ids=[engine.name for engine in LOADERS])
def test_a_script_loads_all(engine: Engine, shipped: Graph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    try:
        engine.version()
    except NotInstalledError as why:
        pytest.skip(f"{why}: `make engines` installs what can be had")
    monkeypatch.setattr(bulk.write, "__defaults__", (2_000,))
    shipped.bulk(str(tmp_path / "parts"))
    query = tmp_path / "count.rq"
    query.write_text("SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g ORDER BY ?g")
    with engine.loaded(tmp_path / "parts", tmp_path):
        found = {str(g): int(getattr(n, "value", 0)) for g, n in engine.ask(query)[1]}
    counted: dict[str, int] = {}
    for q in shipped.quads:
        counted[str(q.graph_name)] = counted.get(str(q.graph_name), 0) + 1
    default = counted.pop("DEFAULT")
    assert found.pop("<https://w3id.org/entente/default>", default) == default
    assert {name: n for name, n in found.items() if "w3id.org/entente" in name} == counted
