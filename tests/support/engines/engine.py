"""What all engines have in common: installed, given a dataset, asked over their own protocol or command, and ended."""

import json
import os
import shutil
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from typing import ClassVar

from pyoxigraph import BlankNode, Literal, NamedNode, QueryResultsFormat, QuerySolutions, Triple, parse_query_results

SECONDS = 180.0  # at most, for anything that an engine does

Term = NamedNode | BlankNode | Literal | Triple
Row = tuple[Term | None, ...]
Answer = tuple[list[str], list[Row]]
Words = Sequence["str | Path"]

_OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class Engine:
    """One engine: `make engines ENGINES=...` knows its name, the table in docs/queries.md its title.

    `unordered` has the stored queries whose rows it gives in another order, `otherwise` those that it answers otherwise
    or not at all, which docs/queries.md says; `script` loads parts of a dataset, if it
    has one. `endpoint` is its address within `serving` and `loaded`, of one that is asked over HTTP.
    """

    name: ClassVar[str]
    title: ClassVar[str]
    unordered: ClassVar[frozenset[str]] = frozenset()
    otherwise: ClassVar[frozenset[str]] = frozenset()
    script: ClassVar[str] = ""
    endpoint: str = ""

    def install(self) -> None:
        """Install what is missing. Raises NotInstalledError."""
        raise NotImplementedError

    def version(self) -> str:
        """The version that is installed. Raises NotInstalledError."""
        raise NotImplementedError

    def serving(self, dataset: Path, folder: Path) -> AbstractContextManager[None]:
        """Load a file of N-Quads, with an empty folder to do it in; within the context, queries can be asked."""
        raise NotImplementedError

    def loaded(self, parts: Path, folder: Path) -> AbstractContextManager[None]:
        """As `serving`, with what its script loads beside the parts of a dataset (`kg export --bulk`)."""
        raise NotImplementedError

    def ask(self, query: Path) -> Answer:
        """Columns and rows of the query in a file. Raises RuntimeError, with what the engine says, where it fails."""
        raise NotImplementedError

    def value(self, term: Term | None, query: str) -> object:
        """By what a term is compared, in its answer and in ours: by itself, but for what the engine does not keep."""
        return term


def rows(results: bytes) -> Answer:
    """Columns and rows of SPARQL 1.1 Query Results JSON."""
    known = {name: part for name, part in json.loads(results).items() if name in ("head", "results")}
    found = parse_query_results(json.dumps(known).encode(), QueryResultsFormat.JSON)
    if not isinstance(found, QuerySolutions):
        raise RuntimeError("the answer has no rows")
    return [v.value for v in found.variables], [tuple(row) for row in found]


@contextmanager
def process(command: Words, **options: object) -> Iterator["subprocess.Popen[bytes]"]:
    """A process in a group of its own, the whole of which ends with the context; it ends with this process, too."""
    words = list(map(str, command))
    if setpriv := shutil.which("setpriv"):
        words = [setpriv, "--pdeathsig", "KILL", "--", *words]
    started: subprocess.Popen[bytes] = subprocess.Popen(  # type: ignore[call-overload]
        words, start_new_session=True, stdin=subprocess.DEVNULL, **options
    )
    try:
        yield started
    finally:
        with suppress(ProcessLookupError):
            os.killpg(started.pid, signal.SIGKILL)
        started.wait()


def run(command: Words, **environment: str) -> bytes:
    """What a command writes to stdout. Raises RuntimeError, with what it says, where it fails."""
    known = {**os.environ, **environment}
    with process(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=known) as started:
        out, err = started.communicate(timeout=SECONDS)
    if started.returncode:
        raise RuntimeError((err or out).decode(errors="replace").strip()[-2000:])
    return out


@contextmanager
def server(command: Words, port: int, log: Path, *, cwd: Path | None = None) -> Iterator[None]:
    """A server, once it listens on a port of the loopback. Raises RuntimeError, with its log, where it never does."""
    with log.open("wb") as out, process(command, cwd=cwd, stdout=out, stderr=subprocess.STDOUT) as started:
        until = time.monotonic() + SECONDS
        while not _listens(port):
            if started.poll() is not None or time.monotonic() > until:
                raise RuntimeError(f"{command[0]} does not start: {log.read_text(errors='replace')[-2000:]}")
            time.sleep(0.05)
        yield


def _listens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


def free_port() -> int:
    """A port of the loopback on which nothing listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def http(url: str, data: bytes, content_type: str, **headers: str) -> bytes:
    """What a POST answers. Raises RuntimeError, with the body, for any status but 2xx."""
    request = urllib.request.Request(url, data, {"Content-Type": content_type, **headers})
    try:
        with _OPENER.open(request, timeout=SECONDS) as response:
            return bytes(response.read())
    except urllib.error.HTTPError as error:
        raise RuntimeError(error.read().decode(errors="replace").strip()[:2000]) from error


def ask_protocol(endpoint: str, query: Path) -> Answer:
    """Columns and rows by the SPARQL 1.1 Protocol: a POST with URL-encoded parameters (§2.1.2)."""
    form = urllib.parse.urlencode({"query": query.read_bytes()}).encode()
    accept = "application/sparql-results+json"
    return rows(http(endpoint, form, "application/x-www-form-urlencoded", Accept=accept))
