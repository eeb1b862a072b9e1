"""Builds on Apache Spark: a standalone master with two workers on this machine, and Spark within one process."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from clustered import exported, with_test_graphs
from running import ROOT

from kg.cluster.output import FINDINGS, MANIFEST, SORTED, row
from kg.source.layout import GraphFolder
from kg.validation import run

pytestmark = [pytest.mark.cluster, pytest.mark.skipif(not shutil.which("java"), reason="there is no Java")]
SECONDS = 120


def kg(*given: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command(given), capture_output=True, text=True, check=False, timeout=SECONDS, cwd=ROOT)


def command(given: tuple[object, ...]) -> list[str]:
    return [sys.executable, "-m", "kg", *map(str, given)]


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def wait_for(path: Path, words: str) -> None:
    """Wait until a log has these words."""
    wait_until(lambda: path.exists() and words in path.read_text("utf-8", "replace"))


def wait_until(holds: Callable[[], bool]) -> None:
    until = time.monotonic() + SECONDS
    while not holds():
        assert time.monotonic() < until
        time.sleep(0.05)


def finished(out: Path) -> int:
    """How many parts are there."""
    return len(list((out / "kept").glob("*.z"))) if (out / "kept").exists() else 0


def executors() -> list[int]:
    """The processes in which workers on this machine run tasks."""
    rows = subprocess.run(["ps", "-ewwo", "pid,args"], capture_output=True, text=True, check=True).stdout.splitlines()
    mark = "CoarseGrainedExecutorBackend --driver-url"
    return [int(row.split()[0]) for row in rows if mark in row and "spark://Worker@127.0.0.1" in row]


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
    done = kg(*given, "--sorted", "--at-once", 400)
    assert done.returncode == 0, done.stderr
    assert re.search(r"^closing facts in (\d+) of \1 parts …$", done.stderr, re.MULTILINE), done.stderr
    assert (tmp_path / "out" / SORTED).read_bytes() == exported(folder)


@pytest.fixture(scope="session")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A hundred articles."""
    from bench import corpus

    folder = tmp_path_factory.mktemp("corpus") / "graph"
    corpus.generate(100, folder)
    return folder


@pytest.fixture(scope="session")
def at_once(corpus: Path) -> bytes:
    return exported(corpus)


def test_a_killed_executor_costs_time_alone(master: str, corpus: Path, at_once: bytes, tmp_path: Path) -> None:
    given = ("cluster", "build", corpus, tmp_path / "out", "--master", master, "--size", 4, "--sorted")
    with subprocess.Popen(command(given), stderr=subprocess.PIPE, text=True, cwd=ROOT) as build:
        wait_until(lambda: finished(tmp_path / "out") > 2)
        os.kill(executors()[0], signal.SIGKILL)
        assert finished(tmp_path / "out") < 25
        _, said = build.communicate(timeout=SECONDS)
    assert build.returncode == 0, said
    assert (tmp_path / "out" / SORTED).read_bytes() == at_once


def test_a_killed_build_is_resumed(master: str, corpus: Path, at_once: bytes, tmp_path: Path) -> None:
    given = ("cluster", "build", corpus, tmp_path / "out", "--master", master, "--size", 4)
    with subprocess.Popen(command(given), stderr=subprocess.DEVNULL, cwd=ROOT) as build:
        wait_until(lambda: finished(tmp_path / "out") > 2)
        build.kill()
    there = finished(tmp_path / "out")
    assert 2 < there < 29
    assert not (tmp_path / "out" / MANIFEST).exists()
    done = kg(*given, "--sorted")
    assert done.returncode == 0, done.stderr
    kept = re.search(r"^parts that were there, and were kept: (\d+) of 29$", done.stderr, re.MULTILINE)
    assert kept is not None, done.stderr
    assert int(kept[1]) >= there
    assert (tmp_path / "out" / SORTED).read_bytes() == at_once


def started_by(process: int) -> list[int]:
    rows = subprocess.run(["ps", "-eo", "pid,ppid"], capture_output=True, text=True, check=True).stdout.splitlines()[1:]
    return [int(row.split()[0]) for row in rows if row.split()[1] == str(process)]


def test_where_java_ends_the_run_says_so_in_a_line(corpus: Path, tmp_path: Path) -> None:
    given = ("cluster", "build", corpus, tmp_path / "out", "--master", "local[2]", "--size", 4)
    with subprocess.Popen(command(given), stderr=subprocess.PIPE, text=True, cwd=ROOT) as build:
        wait_until(lambda: finished(tmp_path / "out") > 2)
        (java,) = started_by(build.pid)
        os.kill(java, signal.SIGKILL)
        _, said = build.communicate(timeout=SECONDS)
    assert build.returncode == 4, said
    assert [line for line in said.splitlines() if not line.endswith(" …")] == [
        "error: Spark has ended [cluster]",
        f"  run it again: what is done is kept; what Spark says is in {tmp_path / 'out' / 'spark.log'}",
    ]


def test_a_spoilt_graph_has_the_findings_of_one_run(master: str, folder: Path, tmp_path: Path) -> None:
    spoilt = Path(shutil.copytree(folder, tmp_path / "graph"))
    for file in sorted((spoilt / "kg" / "articles").glob("*/facts.trig")):
        text = file.read_text("utf-8")
        file.write_text(text.replace("id:russia", "id:rusia", 2).replace("a ent:State", "a ent:Person", 1), "utf-8")
    done = kg("cluster", "check", spoilt, tmp_path / "out", "--master", master, "--size", 2)
    assert done.returncode == 1, done.stderr
    wanted = run.validate(GraphFolder(str(spoilt))).findings
    assert {"contradiction", "shape", "unknown-thing"} <= {f.rule.partition(":")[0] for f in wanted}
    rows = (tmp_path / "out" / FINDINGS).read_text("utf-8").splitlines()
    assert [json.loads(r) for r in rows] == [row(f) for f in wanted]


PARQUET = """
import sys
from pyspark.sql import SparkSession
spark = SparkSession.builder.master("local[1]").config("spark.ui.enabled", "false").getOrCreate()
spark.read.json(sys.argv[1]).write.parquet(sys.argv[2])
"""


READ = """
import json, sys
from pyspark.sql import SparkSession
spark = SparkSession.builder.master("local[1]").config("spark.ui.enabled", "false").getOrCreate()
rows = {name: spark.read.parquet(f"{sys.argv[1]}/{name}").collect() for name in sys.argv[2:]}
print(json.dumps({name: [row.asDict() for row in found] for name, found in rows.items()}))
"""


def test_tables_have_the_quads_findings_and_counts(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    spoilt = Path(shutil.copytree(folder, tmp_path / "graph"))
    facts = spoilt / "kg/articles/2021-09-narvia-qoram/facts.trig"
    facts.write_text("p:a", "utf-8")
    done = kg("cluster", "build", spoilt, out, "--master", "local[2]", "--size", 2, "--tables")
    assert done.returncode == 3, done.stderr
    names = ("quads", "findings", "counts")
    read = [sys.executable, "-c", READ, str(out / "tables"), *names]
    found = subprocess.run(read, capture_output=True, text=True, check=True, timeout=SECONDS)
    tables = json.loads(found.stdout)
    terms = ("subject", "predicate", "object", "graph")
    rows = [" ".join(filter(None, (*map(row.get, terms), "."))) for row in tables["quads"]]
    lines = {line for file in (out / "nquads").iterdir() for line in file.read_text("utf-8").split("\n") if line}
    assert len(rows) == len(lines)
    assert set(rows) == lines
    told = [json.loads(line) for line in (out / FINDINGS).read_text("utf-8").splitlines()]
    assert tables["findings"] == told
    assert told[0]["rule"] == "syntax"
    manifest = json.loads((out / MANIFEST).read_text("utf-8"))
    assert {row["name"]: row["number"] for row in tables["counts"]} == manifest["counts"]


@pytest.mark.parametrize("ending", ["jsonl", "parquet"])
def test_a_table_of_articles_has_the_dataset_of_the_folder(folder: Path, tmp_path: Path, ending: str) -> None:
    names = ("article.txt", "facts.trig")
    rows = []
    for path in sorted((folder / "kg" / "articles").iterdir()):
        text, facts = ((path / name).read_text("utf-8") for name in names)
        rows.append({"article": path.name, "text": text, "facts": facts})
    lines, table = tmp_path / "articles.jsonl", tmp_path / f"articles.{ending}"
    lines.write_text("".join(f"{json.dumps(row)}\n" for row in rows), "utf-8")
    if table != lines:
        made = [sys.executable, "-c", PARQUET, str(lines), str(table)]
        subprocess.run(made, check=True, capture_output=True, timeout=SECONDS)
    given = ("cluster", "build", table, tmp_path / "out", "-C", folder)
    done = kg(*given, "--master", "local[2]", "--sorted")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "out" / SORTED).read_bytes() == exported(folder)


KILLING = """
import os, sys
from kg.cli.main import main
from kg.cluster import build

class Killing(build.Compile):
    def __call__(self, shard):
        if "2021-09-narvia-qoram" in set(shard.names) - self.ended:
            os._exit(1)
        return super().__call__(shard)

build.Compile = Killing
sys.exit(main(sys.argv[1:]))
"""


def test_an_article_that_kills_its_process_is_found(master: str, folder: Path, tmp_path: Path) -> None:
    spoilt, out = Path(shutil.copytree(folder, tmp_path / "graph")), tmp_path / "out"
    given = ("cluster", "build", str(spoilt), str(out), "--master", master, "--size", "3", "--sorted")
    command = [sys.executable, "-c", KILLING, *given]
    done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, cwd=ROOT)
    assert done.returncode == 1, done.stderr
    rows = [json.loads(row) for row in (out / FINDINGS).read_text("utf-8").splitlines()]
    message = "the article 2021-09-narvia-qoram ended the process that compiled it, each time"
    assert [row["message"] for row in rows if row["severity"] == "violation"] == [message]
    shutil.rmtree(spoilt / "kg/articles/2021-09-narvia-qoram")
    assert (out / SORTED).read_bytes() == exported(spoilt)


NEVER = """
import os, sys
from kg.cli.main import main
from kg.cluster import build

class Never(build.Compile):
    def __call__(self, shard):
        os._exit(1)

build.Compile = Never
sys.exit(main(sys.argv[1:]))
"""


def test_a_cluster_that_runs_nothing_ends_the_run(folder: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-c", NEVER, "cluster", "build", str(folder), str(tmp_path / "out")]
    done = subprocess.run([*command, "--master", "local[2]"], capture_output=True, text=True, timeout=SECONDS, cwd=ROOT)
    assert done.returncode == 4, done.stderr
    assert "error: Spark gave up on a part: " in done.stderr
    assert "run it again: what is done is kept" in done.stderr
    assert not (tmp_path / "out" / MANIFEST).exists()


def test_a_master_that_is_not_there(folder: Path, tmp_path: Path) -> None:
    for master, said in (
        ("nonsense", "Spark does not start: Master must "),
        ("local[x]", "Spark does not start: Could not parse Master URL: 'local[x]' [spark]"),
        (f"spark://127.0.0.1:{free_port()}", "no master of Spark answers: 127.0.0.1:"),
    ):
        done = kg("cluster", "build", folder, tmp_path / "out", "--master", master)
        assert done.returncode == 3
        assert f"error: {said}" in done.stderr, done.stderr
        assert not (tmp_path / "out" / MANIFEST).exists()


SPOILT = """{"article": "2020-01-narvia", "text": "Narvia votes.", "facts": "p:a"}
{"article": "2020-01-qoram", "text": "Qor
{"article": null, "text": "Qoram votes.", "facts": ""}
"""


def test_a_table_with_nothing_to_read_leaves_the_build_before(folder: Path, tmp_path: Path) -> None:
    path = folder / "kg/articles/2021-09-narvia-qoram"
    text, facts = ((path / name).read_text("utf-8") for name in ("article.txt", "facts.trig"))
    (tmp_path / "a.jsonl").write_text(
        f"{json.dumps({'article': path.name, 'text': text, 'facts': facts})}\n{SPOILT}", "utf-8"
    )
    lacking, out = tmp_path / "b.jsonl", tmp_path / "out"
    lacking.write_text(json.dumps({"article": path.name, "text": text}) + "\n", "utf-8")
    given = ("--master", "local[2]", "-C", folder)
    done = kg("cluster", "build", tmp_path / "a.jsonl", out, "--tables", *given)
    assert done.returncode == 3, done.stderr
    assert done.stdout.startswith("1 article: ")
    rows = [json.loads(row) for row in (out / FINDINGS).read_text("utf-8").splitlines()]
    told = [(r["article"], r["rule"], r["line"]) for r in rows if r["severity"] == "violation"]
    assert ("2020-01-narvia", "syntax", 1) in told
    assert [found for found in told if found[1] == "row"] == [("", "row", 3), ("", "row", 4)]
    before = {p: p.read_bytes() for p in out.rglob("*") if p.is_file() and p.name not in ("spark.log", "lock")}
    done = kg("cluster", "build", lacking, out, *given)
    assert (done.returncode, done.stdout) == (3, "")
    assert "error: the table lacks the column facts [table]" in done.stderr
    assert {p: p.read_bytes() for p in before} == before
