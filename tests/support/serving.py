"""A server as a process of its own, and requests to it."""

import http.client
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote, urlencode, urlsplit

from running import environment

FORM, DIRECT = "application/x-www-form-urlencoded", "application/sparql-query"


class Response(NamedTuple):
    """What a server answered."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def type(self) -> str:
        return str(self.headers.get("Content-Type", "")).partition(";")[0]


class Served:
    """A server that runs: its address, its process and the file of its log."""

    def __init__(self, address: str, process: "subprocess.Popen[str]", log: Path) -> None:
        self.address, self.process, self._log = address, process, log
        self.host = urlsplit(address).netloc

    @property
    def log(self) -> str:
        return self._log.read_text("utf-8")

    def request(
        self, method: str, target: str, body: bytes | str | None = None, headers: Mapping[str, str] = {}
    ) -> Response:
        connection = http.client.HTTPConnection(self.host, timeout=60)
        try:
            data = body.encode() if isinstance(body, str) else body
            connection.request(method, target, data, dict(headers))
            found = connection.getresponse()
            return Response(found.status, found.headers, found.read())
        finally:
            connection.close()

    def get(self, target: str, accept: str = "", **headers: str) -> Response:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.request("GET", target, headers={**({"Accept": accept} if accept else {}), **named})

    def query(self, text: str, accept: str = "", **parameters: str) -> Response:
        return self.get(f"/sparql?{urlencode({'query': text, **parameters})}", accept)

    def post(self, body: bytes | str, content_type: str, target: str = "/sparql", **headers: str) -> Response:
        return self.request("POST", target, body, {"Content-Type": content_type, **headers})

    def stop(self, number: int = signal.SIGTERM) -> int:
        self.process.send_signal(number)
        return self.process.wait(60)


@contextmanager
def served(folder: Path | str, log: Path, *options: str, **more: str) -> Iterator[Served]:
    """`kg serve` of a graph folder on a free port, ended afterwards."""
    command = [sys.executable, "-m", "kg", "-C", str(folder), "serve", "--port", "0", *options]
    with open(log, "w", encoding="utf-8") as stderr:
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=stderr, env=environment(**more), text=True)
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        found = re.search(r"http://\S+(?=/)", line)
        assert found, log.read_text("utf-8")
        yield Served(found[0], process, log)
    finally:
        process.terminate()
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        assert process.stdout is not None
        process.stdout.close()


def children(pid: int) -> list[int]:
    """The processes below one (Linux)."""
    found = list[int]()
    for name in os.listdir("/proc"):
        if name.isdigit():
            try:
                parent = int(Path(f"/proc/{name}/stat").read_text().rpartition(")")[2].split()[1])
            except OSError:
                continue
            if parent == pid:
                found += [int(name), *children(int(name))]
    return found


def encoded(**parameters: str) -> str:
    return urlencode(parameters, quote_via=quote)
