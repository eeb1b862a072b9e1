"""A headless browser, and a web server for static pages under a sub-path, both on this machine alone."""

import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from running import ROOT

# Where Debian has it, and where other systems do.
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
QUIET = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
AXE = ROOT / ".browser" / "node_modules" / "axe-core" / "axe.min.js"


def executable() -> str:
    """The path of the browser. Raises FileNotFoundError where there is none."""
    for name in NAMES:
        if found := shutil.which(name):
            return found
    raise FileNotFoundError("no chromium: `make browser` installs it where apt-get is there")


class _Silent(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        pass


class _Proxy(BaseHTTPRequestHandler):
    """Passes on what is asked below a path to another server."""

    protocol_version = "HTTP/1.1"

    def __init__(self, host: str, path: str, *more: Any) -> None:
        self._host, self._path = host, path
        super().__init__(*more)

    def do_GET(self) -> None:
        if not self.path.startswith(self._path):
            self.send_error(404)
            return
        connection = HTTPConnection(self._host, timeout=60)
        try:
            headers = {
                name: value for name, value in self.headers.items() if name.lower() not in ("host", "connection")
            }
            connection.request("GET", self.path[len(self._path) :], headers=headers)
            found = connection.getresponse()
            body = found.read()
        finally:
            connection.close()
        self.send_response(found.status)
        for name, value in found.getheaders():
            if name.lower() not in ("date", "server", "connection"):
                self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        pass


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    """The address of a folder, served on a free port of this machine."""
    with _running(partial(_Silent, directory=str(folder))) as address:
        yield address


@contextmanager
def below(host: str, path: str) -> Iterator[str]:
    """The address of another server as if it stood below a path, as proxies do it."""
    with _running(partial(_Proxy, host, path)) as address:
        yield address + path


@contextmanager
def _running(handler: Callable[..., BaseHTTPRequestHandler]) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
