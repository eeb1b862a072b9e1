"""The Oxigraph server (PyPI: oxigraph), over the SPARQL 1.1 Protocol."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from running import ROOT

from engines.engine import Answer, Engine, ask_protocol, free_port, http, run, server
from engines.installing import NotInstalledError, installing

_PROGRAM = Path(sys.executable).with_name("oxigraph")


class Oxigraph(Engine):
    """In memory; its default graph is that of the dataset."""

    name = "oxigraph"
    title = "Oxigraph server"
    script = "load-oxigraph.sh"

    def install(self) -> None:
        if not _PROGRAM.exists():
            pip = (sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check")
            installing([*pip, "--constraint", ROOT / "constraints.txt", "oxigraph"])

    def version(self) -> str:
        if not _PROGRAM.exists():
            raise NotInstalledError("the Python package oxigraph is not installed")
        return run([_PROGRAM, "--version"]).decode().split()[-1]

    @contextmanager
    def serving(self, dataset: Path, folder: Path) -> Iterator[None]:
        port = free_port()
        self.endpoint = f"http://127.0.0.1:{port}/query"
        with server([_PROGRAM, "serve", "--bind", f"127.0.0.1:{port}"], port, folder / "log"):
            http(f"http://127.0.0.1:{port}/store", dataset.read_bytes(), "application/n-quads")
            yield

    @contextmanager
    def loaded(self, parts: Path, folder: Path) -> Iterator[None]:
        run(["sh", parts / self.script, folder / "store"], OXIGRAPH=str(_PROGRAM))
        port = free_port()
        self.endpoint = f"http://127.0.0.1:{port}/query"
        place = ("--location", folder / "store", "--bind", f"127.0.0.1:{port}")
        with server((_PROGRAM, "serve-read-only", *place), port, folder / "log"):
            yield

    def ask(self, query: Path) -> Answer:
        return ask_protocol(self.endpoint, query)
