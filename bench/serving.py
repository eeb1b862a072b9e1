"""Load on SPARQL servers, side by side: `python -m bench serve [--articles N] [--seconds S] [--fresh] [SERVER…]`.

First stored queries alone, as fast as four clients get answers: the rate that is sustained. Then an open loop at half
of that rate, in which one request of twenty is hostile (see HOSTILE), with a deadline of one second in the server. The
time of a request counts from when it was due. An answer is wrong if it is not the one that a quiet server gave. With
`--fresh` no two requests are the same, so that no server answers from what it has kept. `--requests N` looks at the
memory of a server that answers so many, each time when a tenth of them is answered and all its processes rest.
"""

import argparse
import asyncio
import contextlib
import itertools
import os
import random
import re
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from bench import environments, inputs
from kg.dataset import stored_queries
from kg.source.layout import GraphFolder

_SHARE = 0.05  # of hostile requests
_CLIENTS = 4
_MANY = 64  # clients while memory is measured: those who ask what is hostile wait for a second
_TRIES = 5
_GIVEN_UP = 30.0  # seconds
_RESTS = 40  # half seconds in which a server comes to rest
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


class Load(NamedTuple):
    """What a server is asked: for how long, at which rate at most, and whether each good request is one of its own."""

    seconds: float
    most: float
    fresh: bool


class Measured(NamedTuple):
    """Requests a second that are sustained, and that were asked, with samples; the longest return of a worker in ms."""

    sustained: float
    rate: float
    samples: list[Sample]
    back: float


def main(arguments: list[str]) -> None:
    """Print a line for each server."""
    parser = argparse.ArgumentParser(prog="python -m bench serve", description=__doc__)
    known = ", ".join(_SERVERS)
    parser.add_argument("servers", nargs="*", default=[*_SERVERS], metavar="SERVER", help=f"{known} (default: all)")
    parser.add_argument("--articles", type=int, default=1, help="of the generated corpus (default: 1)")
    parser.add_argument("--seconds", type=float, default=20.0, help="of the open loop (default: 20)")
    parser.add_argument("--most", type=float, default=200.0, help="requests a second at most (default: 200)")
    parser.add_argument("--fresh", action="store_true", help="a comment makes each query a new one: nothing kept helps")
    parser.add_argument("--requests", type=int, help="instead: the memory of the server while so many are answered")
    options = parser.parse_args(arguments)
    corpus = inputs.corpus_of(options.articles)
    queries = {q.name: q.text for q in stored_queries.stored(GraphFolder(str(corpus)))}
    print(f"{options.articles} articles, {len(queries)} stored queries, {os.cpu_count()} processors")
    for name in options.servers:
        with _SERVERS[name](corpus, options.articles) as (address, process):
            if options.requests:
                asyncio.run(_memory(name, address, queries, options.requests, process))
                continue
            load = Load(options.seconds, options.most, options.fresh)
            print(_line(name, asyncio.run(_measured(address, queries, load)), process), flush=True)


async def _measured(address: str, queries: dict[str, str], load: Load) -> Measured:
    expected = {name: await _answer(address, text) for name, text in queries.items()}
    names, numbers = list(queries), itertools.count()

    def text_of(name: str) -> str:
        return f"{queries[name]}\n# {next(numbers)}" if load.fresh else queries[name]

    done, end = 0, time.monotonic() + load.seconds / 2

    async def client(number: int) -> None:
        nonlocal done
        at = number
        while time.monotonic() < end:
            await _post(address, text_of(names[at % len(names)]))
            done, at = done + 1, at + _CLIENTS

    await asyncio.gather(*(client(number) for number in range(_CLIENTS)))
    sustained = done / (load.seconds / 2)
    rate = min(sustained / 2, load.most)
    chance, samples, started = random.Random(1), list[Sample](), time.monotonic()

    async def one(kind: str, text: str, due: float) -> None:
        status, body = await _post(address, text)
        right = body == expected[kind] if expected.get(kind) else status != 200 or _is_whole(body)
        samples.append(Sample(kind, (time.monotonic() - due) * 1000, status, right))

    async with asyncio.TaskGroup() as group:
        for number in range(int(rate * load.seconds)):
            due = started + number / rate
            await asyncio.sleep(max(0.0, due - time.monotonic()))
            hostile = chance.random() < _SHARE
            kind = chance.choice(list(HOSTILE if hostile else queries))
            group.create_task(one(kind, HOSTILE[kind] if hostile else text_of(kind), due))
    return Measured(sustained, rate, samples, await _back(address))


async def _answer(address: str, text: str) -> bytes:
    """The answer of a quiet server; nothing where it has none, as often as it is asked."""
    for _ in range(_TRIES):
        status, body = await _post(address, text)
        if status == 200:
            return body
    return b""


async def _back(address: str) -> float:
    """The milliseconds until a request is answered that comes right after a hostile one was: the longest time."""
    found = 0.0
    for text in list(HOSTILE.values()) * 2:
        await asyncio.gather(*(_post(address, text) for _ in range(_CLIENTS)))
        started = time.monotonic()
        await _post(address, "ASK {}")
        found = max(found, (time.monotonic() - started) * 1000)
    return found


async def _memory(
    name: str, address: str, queries: dict[str, str], requests: int, process: "subprocess.Popen[bytes]"
) -> None:
    """Print what a server holds after each tenth of so many requests, half of which are new ones; Linux only."""
    chance, numbers, statuses = random.Random(1), itertools.count(1), Counter[int]()
    texts, started = list(queries.values()), time.monotonic()

    async def client(last: int) -> None:
        while (number := next(numbers)) <= last:
            hostile = chance.random() < _SHARE
            text = chance.choice(list(HOSTILE.values()) if hostile else texts)
            statuses[(await _post(address, text if hostile or number % 2 else f"{text}\n# {number}"))[0]] += 1

    print(f"{name}: {await _held(process.pid)} at the start", flush=True)
    for part in range(1, 11):
        last = requests * part // 10
        await asyncio.gather(*(client(last) for _ in range(_MANY)))
        numbers = itertools.count(last + 1)
        seconds = time.monotonic() - started
        told = f"by status {dict(sorted(statuses.items()))}, {seconds:.0f} s"
        print(f"{name}: {await _held(process.pid)} after {last} requests, {told}", flush=True)


async def _held(pid: int) -> str:
    """The memory, processes, threads and open files of a server, once none of its processes works (Linux)."""
    before = -1.0
    for _ in range(_RESTS):
        await asyncio.sleep(0.5)
        processes = family(pid)
        if (now := sum(map(_worked, processes))) == before:
            break
        before = now
    sizes = [resident(number) for number in processes]
    files, threads = (sum(_entries(number, what) for number in processes) for what in ("fd", "task"))
    all_ = f"{sum(sizes)} MB in {len(processes)} processes, the largest {max(sizes)} MB"
    return f"{all_}, {sizes[0]} MB in the first; {files} open files, {threads} threads"


def _worked(pid: int) -> int:
    """The ticks that processors have worked for a process (Linux)."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()
    except OSError:
        return 0
    return int(fields[11]) + int(fields[12])


def _entries(pid: int, what: str) -> int:
    try:
        return len(os.listdir(f"/proc/{pid}/{what}"))
    except OSError:
        return 0


def resident(pid: int) -> int:
    """The megabytes of a process that no other shares, and its part of what others share (Linux)."""
    try:
        told = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii")
    except OSError:
        return 0
    found = re.search(r"(?m)^Pss: +(\d+) kB", told)
    return int(found[1]) // 1000 if found else 0


def family(pid: int) -> list[int]:
    """A process and all below it (Linux)."""
    found = [pid]
    for number in found:
        for tasks in Path(f"/proc/{number}/task").glob("*/children"):
            with contextlib.suppress(OSError):
                found += map(int, tasks.read_text(encoding="ascii").split())
    return found


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


def _line(name: str, found: Measured, process: "subprocess.Popen[bytes]") -> str:
    good, bad = ([s for s in found.samples if (s.kind in HOSTILE) == hostile] for hostile in (False, True))
    times = sorted(s.milliseconds for s in good if s.status == 200) or [float("nan")]
    shares = ", ".join(f"p{p} {times[min(len(times) - 1, len(times) * p // 100)]:.0f} ms" for p in (50, 95, 99))
    wrong = sum(s.status == 200 and not s.right for s in found.samples)
    good_counts, bad_counts = (dict(sorted(Counter(s.status for s in some).items())) for some in (good, bad))
    alive = "runs" if process.poll() is None else f"has ended ({process.returncode})"
    return (
        f"{name}: sustains {found.sustained:.0f}/s, asked {found.rate:.0f}/s; good: {shares}, by status {good_counts}; "
        f"hostile: by status {bad_counts}; wrong or cut: {wrong}; back within {found.back:.0f} ms; the server {alive}"
    )


# Servers


@contextlib.contextmanager
def _kg(corpus: Path, articles: int) -> Iterator[tuple[str, "subprocess.Popen[bytes]"]]:
    options = ("--port", "0", "--timeout", "1", "--memory", "500")
    command = [sys.executable, "-m", "kg", "-C", str(corpus), "serve", *options]
    with _process(command, subprocess.PIPE) as process:
        assert process.stdout is not None
        found = re.search(r"http://\S+", process.stdout.readline().decode())
        yield f"{found[0] if found else ''}sparql", process


@contextlib.contextmanager
def _oxigraph(corpus: Path, articles: int) -> Iterator[tuple[str, "subprocess.Popen[bytes]"]]:
    place = _free_place()
    command = [_program("oxigraph"), "serve", "--bind", place, "--timeout-s", "1"]
    with _process(command, subprocess.DEVNULL) as process:
        _load(f"http://{place}/store", inputs.dataset(articles))
        yield f"http://{place}/query", process


@contextlib.contextmanager
def _rdflib_endpoint(corpus: Path, articles: int) -> Iterator[tuple[str, "subprocess.Popen[bytes]"]]:
    place = _free_place()
    host, _, port = place.partition(":")
    command = [_program("rdflib-endpoint"), "serve", "--host", host, "--port", port, str(inputs.dataset(articles))]
    with _process(command, subprocess.DEVNULL) as process:
        for _ in range(600):
            if asyncio.run(_post(f"http://{place}/", "ASK {}"))[0]:
                break
            time.sleep(0.1)
        yield f"http://{place}/", process


def _program(name: str) -> str:
    """The command of a contender, whose environment is made where it is not there yet."""
    if problem := environments.make(name):
        sys.exit(f"error: there is no {name}: {problem}")
    return str(environments.program(name, name))


def _free_place() -> str:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return f"127.0.0.1:{free.getsockname()[1]}"


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
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:  # one that is busy with a query hears no signal
            process.kill()
            process.wait()
        if process.stdout:
            process.stdout.close()


_SERVERS = {"kg": _kg, "oxigraph": _oxigraph, "rdflib-endpoint": _rdflib_endpoint}
