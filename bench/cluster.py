"""`python -m bench cluster [--sizes 1000]`: what `kg cluster build` takes, step by step, and what memory (Linux).

CPU time is that of all processes, memory their own with their part of what they share, looked at each half second.
`--load oxigraph virtuoso` then loads what was built into such servers (`make engines` installs them), counts it, and
asks the stored queries. Their rows are compared with those of `kg build`, and findings with those of `kg validate`, up
to `--ask` articles.
"""

import argparse
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import kg
from bench import environments
from bench.corpus import ROOT
from bench.inputs import corpus_of
from bench.serving import family, resident
from kg.dataset.stored_queries import bind
from kg.export import bulk
from kg.source.layout import GraphFolder
from kg.validation import run

if TYPE_CHECKING:
    from engines.engine import Engine

    from kg.graph import Graph

_TICK = os.sysconf("SC_CLK_TCK")
_LONGEST = 120.0  # seconds for a stored query
_COUNT = "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }"


class Watch:
    """Watches a process and all below it: CPU seconds, and megabytes at the most, by kind and of one process each."""

    def __init__(self, pid: int) -> None:
        self._pid, self._ended = pid, threading.Event()
        self._cpu: dict[tuple[str, int], float] = {}
        self.megabytes: dict[str, int] = defaultdict(int)
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()

    def _look(self) -> None:
        while not self._ended.wait(0.5):
            together = 0
            for pid in family(self._pid):
                with suppress(OSError, IndexError):
                    rest = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rsplit(") ", 1)[1].split()
                    java = Path(f"/proc/{pid}/comm").read_text(encoding="utf-8").startswith("java")
                    kind = "driver" if pid == self._pid else "Java" if java else "a worker"
                    self._cpu[kind, pid] = (int(rest[11]) + int(rest[12])) / _TICK
                    size = resident(pid)
                    together += size
                    self.megabytes[kind] = max(self.megabytes[kind], size)
            self.megabytes["all"] = max(self.megabytes["all"], together)

    def seconds(self) -> dict[str, float]:
        """The CPU seconds of each kind of process until now."""
        found: dict[str, float] = defaultdict(float)
        for (kind, _), seconds in list(self._cpu.items()):
            found[kind] += seconds
        return found

    def end(self) -> None:
        """Look no more."""
        self._ended.set()
        self._thread.join()


def main(arguments: list[str]) -> None:
    """Build corpora on Spark within this machine, and print figures."""
    parser = argparse.ArgumentParser(prog="python -m bench cluster", description=__doc__)
    parser.add_argument("--sizes", default="1000", help="articles in the corpora, such as 1000,10000 (default: 1000)")
    parser.add_argument("--master", default="local[2]", help="Spark's master (default: local[2])")
    parser.add_argument("--action", choices=("build", "check"), default="build", help="what is done (default: build)")
    parser.add_argument("--option", action="append", default=[], help="of the command, such as --option=--at-once=1000")
    parser.add_argument("--load", nargs="*", default=[], metavar="ENGINE", help="servers to load it into")
    parser.add_argument("--ask", type=int, default=1000, help="compare rows up to so many articles (default: 1000)")
    parser.add_argument("--kept", action="store_true", help="load what an earlier run has built")
    options = parser.parse_args(arguments)
    for size in map(int, options.sizes.split(",")):
        corpus, out = corpus_of(size), environments.home() / "cluster" / f"{options.action}-{size}"
        if not options.kept:
            shutil.rmtree(out, ignore_errors=True)
            out.parent.mkdir(parents=True, exist_ok=True)
            command = ["cluster", options.action, str(corpus), str(out), "--master", options.master, *options.option]
            print(f"\nkg cluster {options.action} of {size} articles: {' '.join(command[4:])}", flush=True)
            _run([sys.executable, "-m", "kg", *command], size)
        files = sorted((out / "nquads").glob("*.nq"))
        print(
            f"{len(files)} files of N-Quads, {sum(f.stat().st_size for f in files) / 1e6:.0f} MB", end=", ", flush=True
        )
        print(_digest(files), flush=True)
        if options.action == "check" and size <= options.ask:
            _validate(corpus, out)
        for name in options.load:
            _load(name, files, corpus if size <= options.ask else None)


def _run(command: list[str], articles: int) -> None:
    started = last = time.perf_counter()
    before: dict[str, float] = {}
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        watch, step = Watch(process.pid), "starting"
        for line in process.stdout or ():
            if ": " in line and line.rstrip().endswith("parts …"):
                continue  # progress within a step
            now = watch.seconds()
            used = {kind: now[kind] - before.get(kind, 0) for kind in now}
            print(f"{time.perf_counter() - last:8.1f} s  {_shown(used)}  {step}", flush=True)
            last, before, step = time.perf_counter(), now, line.strip()
        watch.end()
    used = watch.seconds()
    print(f"{'':10}  {step}")
    print(f"exit code {process.returncode}, {time.perf_counter() - started:.0f} s, CPU: {_shown(used)},", end=" ")
    print(f"{1000 * sum(used.values()) / articles:.1f} ms an article")
    print(
        "MB at the most: " + ", ".join(f"{kind} {size}" for kind, size in sorted(watch.megabytes.items())), flush=True
    )


def _digest(files: list[Path]) -> str:
    """How many quads some sorted files have, each once, and a digest of these, by which builds can be compared."""
    count, digest = 0, hashlib.sha256()
    command, environment = ["sort", "--merge", "--unique", *map(str, files)], {**os.environ, "LC_ALL": "C"}
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment) as merging:
        for line in merging.stdout or ():
            count += 1
            digest.update(line)
    return f"{count} quads, SHA-256 {digest.hexdigest()[:16]}…"


def _shown(seconds: dict[str, float]) -> str:
    return ", ".join(f"{kind} {used:.1f} s" for kind, used in sorted(seconds.items()) if used > 0.05)


def _validate(corpus: Path, out: Path) -> None:
    """Compare the findings with those of `kg validate`, which is measured by the CPU time of all its processes."""
    before = sum(os.times()[:4])
    wanted = [finding.json() for finding in run.validate(GraphFolder(str(corpus))).findings]
    found = [json.loads(line) for line in (out / "findings.jsonl").read_text("utf-8").splitlines()]
    for row in found:
        row.pop("article")  # which `kg validate` tells by the file alone
    told = "the same as" if found == wanted else "NOT the same as"
    print(
        f"{len(found)} findings, {told} those of kg validate, which took {sum(os.times()[:4]) - before:.0f} s CPU time"
    )


def _load(name: str, files: list[Path], corpus: Path | None) -> None:
    """Load files of N-Quads into a server and count what is in named graphs; compare rows, if there is a corpus."""
    sys.path[:0] = [str(ROOT / "tests" / "support")]
    from engines import command, engine

    engine.SECONDS = 3600.0
    chosen = next(e for e in command.ENGINES if e.name == name)
    print(f"{chosen.title} {chosen.version()}", end=": ", flush=True)
    with tempfile.TemporaryDirectory(dir=environments.home()) as folder:
        parts, server, query = (Path(folder) / part for part in ("parts", "server", "query.rq"))
        server.mkdir()
        bulk.write([], str(parts))
        for number, file in enumerate(files):
            os.link(file, parts / f"part-{number:04}.nq")
        started = time.perf_counter()
        with chosen.loaded(parts, server):
            print(f"loaded in {time.perf_counter() - started:.0f} s", end=", ", flush=True)
            started = time.perf_counter()
            query.write_text(_COUNT, encoding="utf-8")
            count = getattr(chosen.ask(query)[1][0][0], "value", "")
            print(f"{count} quads in named graphs, counted in {time.perf_counter() - started:.1f} s", flush=True)
            if corpus is not None:
                engine.SECONDS = _LONGEST
                _compare(chosen, kg.open(str(corpus)), query)


def _compare(engine: "Engine", graph: "Graph", query: Path) -> None:
    """Ask the stored queries with their defaults, there and here, and print which rows differ."""
    times, other = dict[str, float](), dict[str, str]()
    for name in sorted(graph.queries):
        query.write_text(bind(graph.queries[name], {}, graph.things), encoding="utf-8", newline="\n")
        started = time.perf_counter()
        try:
            columns, rows = engine.ask(query)
        except (RuntimeError, OSError) as error:
            other[name] = str(error).split("\n", 1)[0][:100]
            continue
        times[name] = time.perf_counter() - started
        ours = graph.ask(name, {})
        theirs, expected = ([[engine.value(t, name) for t in row] for row in found] for found in (rows, ours.rows))
        if (columns, theirs) != (ours.columns, expected):
            same = sorted(theirs, key=str) == sorted(expected, key=str)
            other[name] = "another order" if same else f"{len(theirs)} rows, not {len(expected)}"
    print(f"the rows of the build at once for {len(graph.queries) - len(other)} of {len(graph.queries)} stored queries")
    print(f"slowest: {', '.join(f'{n} {times[n]:.1f} s' for n in sorted(times, key=times.__getitem__)[-3:])}")
    for name, what in other.items():
        print(f"  {name}: {what}")
