"""Virtuoso of Debian (virtuoso-opensource-7-bin), over the SPARQL 1.1 Protocol.

It has no default graph: what a file has outside of named graphs goes into a graph whose IRI is given when it is loaded,
and `default-graph-uri` asks for that graph. Without, a query is asked of all graphs, each triple counts once for each
graph that has it, and DISTINCT lets some rows through twice.
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path

from pyoxigraph import Literal

from engines.engine import Answer, Engine, Term, ask_protocol, free_port, run, server
from engines.installing import apt_get, debian_version, program
from kg.rdf.namespaces import DEFAULT_GRAPH

_PACKAGE = "virtuoso-opensource-7-bin"
_CONFIGURATION = """\
[Database]
DatabaseFile = virtuoso.db
ErrorLogFile = virtuoso.log
LockFile = virtuoso.lck
TransactionFile = virtuoso.trx
xa_persistent_file = virtuoso.pxa
[TempDatabase]
DatabaseFile = virtuoso-temp.db
TransactionFile = virtuoso-temp.trx
[Parameters]
ServerPort = 127.0.0.1:{sql}
DisableUnixSocket = 1
DirsAllowed = {allowed}
MaxQueryMem = 2G
[HTTPServer]
ServerPort = 127.0.0.1:{http}
ServerThreads = 2
"""
_DEFAULT = DEFAULT_GRAPH
_LOAD = f"ld_dir('.', 'dataset.nq', '{_DEFAULT}'); rdf_loader_run();"
_NUMBERS = ("http://www.w3.org/2001/XMLSchema#integer", "http://www.w3.org/2001/XMLSchema#decimal")


class Virtuoso(Engine):
    """A store of its own in the folder that it is given."""

    name = "virtuoso"
    title = "Virtuoso"
    script = "load-virtuoso.sh"
    otherwise = frozenset({"meetings-and-visits", "partners-on-opposing-sides", "what-happened"})

    def install(self) -> None:
        if not (shutil.which("virtuoso-t") and shutil.which("isql-vt")):
            apt_get(_PACKAGE)

    def version(self) -> str:
        return debian_version(_PACKAGE)

    @contextmanager
    def serving(self, dataset: Path, folder: Path) -> Iterator[None]:
        shutil.copy(dataset, folder / "dataset.nq")
        with self._running(folder, ".") as sql:
            run([program("isql-vt"), f"127.0.0.1:{sql}", "dba", "dba", f"exec={_LOAD}"])
            yield

    @contextmanager
    def loaded(self, parts: Path, folder: Path) -> Iterator[None]:
        with self._running(folder, parts) as sql:
            run(["sh", parts / self.script, f"127.0.0.1:{sql}"])
            yield

    @contextmanager
    def _running(self, folder: Path, allowed: "Path | str") -> Iterator[int]:
        """The port for SQL of a new server, which may read files of a folder."""
        sql, http = free_port(), free_port()
        self.endpoint = f"http://127.0.0.1:{http}/sparql"
        configuration = _CONFIGURATION.format(sql=sql, http=http, allowed=allowed)
        (folder / "virtuoso.ini").write_text(configuration, encoding="utf-8")
        start = (program("virtuoso-t"), "+foreground", "+configfile", folder / "virtuoso.ini")
        with server(start, sql, folder / "log", cwd=folder):
            yield sql

    def ask(self, query: Path) -> Answer:
        return ask_protocol(f"{self.endpoint}?default-graph-uri={_DEFAULT}", query)

    def value(self, term: Term | None, query: str) -> object:
        """Integers beyond 32 bits come as decimals."""
        return Decimal(term.value) if isinstance(term, Literal) and term.datatype.value in _NUMBERS else term
