"""Builds on Apache Spark: a standalone master with two workers on this machine, and Spark within one process."""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from clustered import exported, with_test_graphs
from running import ROOT

from kg.cluster.output import MANIFEST, SORTED

pytestmark = [pytest.mark.cluster, pytest.mark.skipif(not shutil.which("java"), reason="there is no Java")]
SECONDS = 120


def kg(*given: object, **more: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "kg", *map(str, given)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=SECONDS, cwd=ROOT)


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def wait_for(path: Path, words: str) -> None:
    """Wait until a log has these words."""
    until = time.monotonic() + SECONDS
    while words not in (path.read_text("utf-8", "replace") if path.exists() else ""):
        assert time.monotonic() < until, path.read_text("utf-8", "replace")
        time.sleep(0.2)


@pytest.fixture(scope="session")
def master(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a master with two workers of one core each."""
    import pyspark

    home, port = Path(pyspark.__file__).parent, free_port()
    logs, address = tmp_path_factory.mktemp("spark"), f"spark://127.0.0.1:{port}"
    environment = {**os.environ, "SPARK_LOCAL_IP": "127.0.0.1", "SPARK_HOME": str(home)}
    here = ["--host", "127.0.0.1", "--webui-port", "0"]
    of_worker = ["--cores", "1", "--memory", "1g", "--work-dir", str(logs / "work"), address]
    deploy = "org.apache.spark.deploy"
    commands = [[f"{deploy}.master.Master", *here, "--port", str(port)]]
    commands += [[f"{deploy}.worker.Worker", *here, *of_worker]] * 2
    started = []
    try:
        for number, command in enumerate(commands):
            with (logs / f"{number}.log").open("wb") as log:
                whole = [str(home / "bin" / "spark-class"), *command]
                started.append(subprocess.Popen(whole, stdout=log, stderr=log, env=environment))
            wait_for(logs / f"{number}.log", "I have been elected leader" if not number else "Successfully registered")
        yield address
    finally:
        for process in started:
            process.terminate()
        for process in started:
            process.wait()


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return with_test_graphs(tmp_path_factory.mktemp("cluster") / "graph")


def test_the_first_article_on_this_machine(tmp_path: Path) -> None:
    done = kg("cluster", "build", ROOT, tmp_path / "out", "--master", "local[2]", "--sorted")
    assert done.returncode == 0, done.stderr
    assert "`kg build` and `kg export --bulk` are quicker" in done.stderr
    assert "articles" in done.stdout
    assert (tmp_path / "out" / SORTED).read_bytes() == exported(ROOT)


def test_the_test_graphs_on_two_workers(master: str, folder: Path, tmp_path: Path) -> None:
    given = ("cluster", "build", folder, tmp_path / "out", "--master", master, "--size", 1)
    done = kg(*given, "--sorted")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "out" / SORTED).read_bytes() == exported(folder)


def test_a_master_that_is_not_there(folder: Path, tmp_path: Path) -> None:
    done = kg("cluster", "build", folder, tmp_path / "out", "--master", "nonsense")
    assert done.returncode == 3
    assert "\nerror: Spark does not start: " in done.stderr, done.stderr
    assert not (tmp_path / "out" / MANIFEST).exists()
