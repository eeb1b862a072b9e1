"""Load on SPARQL servers, side by side: `python -m bench serve [--articles N] [--seconds S] [SERVER…]`.

First stored queries alone, as fast as four clients get answers: the rate that is sustained. Then an open loop at half
of that rate, in which one request of twenty is hostile (see HOSTILE), with a deadline of one second in the server. The
time of a request counts from when it was due. An answer is wrong if it is not the one that a quiet server gave.
"""

import argparse
import asyncio
import contextlib
import os
import random
import re
import shutil
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from bench import inputs
from kg.dataset import stored_queries
from kg.source.layout import GraphFolder

_SHARE = 0.05  # of hostile requests
_CLIENTS = 4
_GIVEN_UP = 30.0  # seconds
_DOUBLING = " ".join(f"BIND(CONCAT(?x{n}, ?x{n}) AS ?x{n + 1})" for n in range(40))
HOSTILE = {
    "nesting": "ASK " + "{" * 3_000 + "}" * 3_000,
    "cartesian product": "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }",
    "regular expression": "SELECT * { ?s ?p ?o . ?t ?q ?r FILTER regex(str(?o), '^(([a-z])+.)+[A-Z]$') } LIMIT 9",
    "doubling": f"SELECT (STRLEN(?x40) AS ?n) {{ BIND('xxxxxxxx' AS ?x0) {_DOUBLING} }}",
    "service": "SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }",
}


class Sample(NamedTuple):
    """One request: what was asked, how long it took in milliseconds, its status (0: none), whether it was right."""

    kind: str
    milliseconds: float
    status: int
    right: bool


def main(arguments: list[str]) -> None:
    """Print a table with a line for each server."""
    parser = argparse.ArgumentParser(prog="python -m bench serve", description=__doc__)
    parser.add_argument("servers", nargs="*", default=["kg", "oxigraph"], metavar="SERVER", help="kg or oxigraph")
    parser.add_argument("--articles", type=int, default=1, help="of the generated corpus (default: 1)")
    parser.add_argument("--seconds", type=float, default=20.0, help="of the open loop (default: 20)")
    parser.add_argument("--most", type=float, default=200.0, help="requests a second at most (default: 200)")
    options = parser.parse_args(arguments)
    corpus = inputs.corpus_of(options.articles)
    queries = {q.name: q.text for q in stored_queries.stored(GraphFolder(str(corpus)))}
    print(f"{options.articles} articles, {len(queries)} stored queries, {os.cpu_count()} processors")
    for name in options.servers:
        with _SERVERS[name](corpus, options.articles) as (address, process):
            print(
                _line(name, *asyncio.run(_measured(address, queries, options.seconds, options.most)), process),
                flush=True,
            )


async def _measured(
    address: str, queries: dict[str, str], seconds: float, most: float
) -> tuple[float, float, list[Sample]]:
    """The rate that is sustained and the rate that was asked, in requests a second, and the samples of the latter."""
    expected = {name: (await _post(address, text))[1] for name, text in queries.items()}
    names, done, end = list(queries), 0, time.monotonic() + seconds / 2

    async def client(number: int) -> None:
        nonlocal done
        at = number
        while time.monotonic() < end:
            await _post(address, queries[names[at % len(names)]])
            done, at = done + 1, at + _CLIENTS

    await asyncio.gather(*(client(number) for number in range(_CLIENTS)))
    sustained = done / (seconds / 2)
    rate = min(sustained / 2, most)
    chance, samples, started = random.Random(1), list[Sample](), time.monotonic()

    async def one(kind: str, text: str, due: float) -> None:
        status, body = await _post(address, text)
        right = body == expected[kind] if kind in expected else status != 200 or _is_whole(body)
        samples.append(Sample(kind, (time.monotonic() - due) * 1000, status, right))

    async with asyncio.TaskGroup() as group:
        for number in range(int(rate * seconds)):
            due = started + number / rate
            await asyncio.sleep(max(0.0, due - time.monotonic()))
            kinds = HOSTILE if chance.random() < _SHARE else queries
            kind = chance.choice(list(kinds))
            group.create_task(one(kind, kinds[kind], due))
    return sustained, rate, samples


def _is_whole(body: bytes) -> bool:
    """Whether results in JSON end where they should."""
    return body.rstrip().endswith(b"}") and body.count(b"{") == body.count(b"}")


async def _post(address: str, query: str) -> tuple[int, bytes]:
    """Status and body; the status is 0 where no whole response comes."""
    place, body = urlsplit(address), query.encode()
    head = f"POST {place.path} HTTP/1.1\r\nHost: {place.netloc}\r\nContent-Type: application/sparql-query\r\n"
    head += "Accept: application/sparql-results+json\r\nConnection: close\r\n"
    try:
        async with asyncio.timeout(_GIVEN_UP):
            reader, writer = await asyncio.open_connection(place.hostname, place.port)
            writer.write(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)
            data = await reader.read()
            writer.close()
    except (OSError, TimeoutError):
        return 0, b""
    start, _, rest = data.partition(b"\r\n\r\n")
    if length := re.search(rb"(?i)\r\ncontent-length: (\d+)", start):
        return (int(start[9:12]), rest) if len(rest) == int(length[1]) else (0, rest)
    return (int(start[9:12]) if start[9:12].isdigit() else 0), _unchunked(rest)


def _unchunked(data: bytes) -> bytes:
    parts = []
    while data:
        size, _, data = data.partition(b"\r\n")
        length = int(size.split(b";")[0] or b"0", 16)
        parts.append(data[:length])
        data = data[length + 2 :]
    return b"".join(parts)


def _line(name: str, sustained: float, rate: float, samples: list[Sample], process: "subprocess.Popen[bytes]") -> str:
    good, bad = [s for s in samples if s.kind not in HOSTILE], [s for s in samples if s.kind in HOSTILE]
    times = sorted(s.milliseconds for s in good if s.status == 200)
    shares = ", ".join(f"p{p} {times[min(len(times) - 1, len(times) * p // 100)]:.0f} ms" for p in (50, 95, 99))
    wrong = sum(s.status == 200 and not s.right for s in samples)
    good_counts, bad_counts = (dict(sorted(Counter(s.status for s in some).items())) for some in (good, bad))
    alive = "runs" if process.poll() is None else f"has ended ({process.returncode})"
    return (
        f"{name}: sustains {sustained:.0f}/s, asked {rate:.0f}/s; good: {shares}, by status {good_counts}; "
        f"hostile: by status {bad_counts}; wrong or cut: {wrong}; the server {alive}"
    )


# Servers


@contextlib.contextmanager
def _kg(corpus: Path, articles: int) -> Iterator[tuple[str, "subprocess.Popen[bytes]"]]:
    command = [
        sys.executable,
        "-m",
        "kg",
        "-C",
        str(corpus),
        "serve",
        "--port",
        "0",
        "--timeout",
        "1",
        "--memory",
        "500",
    ]
    with _process(command, subprocess.PIPE) as process:
        assert process.stdout is not None
        found = re.search(r"http://\S+", process.stdout.readline().decode())
        yield f"{found[0] if found else ''}sparql", process


@contextlib.contextmanager
def _oxigraph(corpus: Path, articles: int) -> Iterator[tuple[str, "subprocess.Popen[bytes]"]]:
    program = shutil.which("oxigraph", path=os.path.dirname(sys.executable))
    if program is None:
        sys.exit("error: there is no oxigraph: pip install -c constraints.txt oxigraph")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        place = f"127.0.0.1:{free.getsockname()[1]}"
    with _process([program, "serve", "--bind", place, "--timeout-s", "1"], subprocess.DEVNULL) as process:
        _load(f"http://{place}/store", inputs.dataset(articles))
        yield f"http://{place}/query", process


def _load(address: str, dataset: Path) -> None:
    import urllib.request

    headers = {"Content-Type": "application/n-quads"}
    request = urllib.request.Request(address, dataset.read_bytes(), headers, method="POST")
    for _ in range(100):
        try:
            urllib.request.urlopen(request).close()
            return
        except OSError:
            time.sleep(0.1)


@contextlib.contextmanager
def _process(command: list[str], stdout: int) -> Iterator["subprocess.Popen[bytes]"]:
    process = subprocess.Popen(command, stdout=stdout, stderr=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.terminate()
        process.wait()
        if process.stdout:
            process.stdout.close()


_SERVERS = {"kg": _kg, "oxigraph": _oxigraph}
