"""Comunica (npm: @comunica/query-sparql-file, that is @comunica/query-sparql with files as sources), by its command."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from engines.engine import Answer, Engine, rows, run
from engines.installing import FOLDER, NotInstalledError, installing, program

_HOME = FOLDER / "comunica"
_MODULES = _HOME / "node_modules"
_PROGRAM = _MODULES / ".bin" / "comunica-sparql-file"
REMOTE = _MODULES / ".bin" / "comunica-sparql"  # asks endpoints; see tests/serve/test_clients.py
# The newest undici needs Node.js 22.19, the one before is enough for Comunica. Packages published later are not taken.
_PACKAGES = {"@comunica/query-sparql-file": "5.3.0", "@comunica/query-sparql": "5.3.0"}
_PACKAGE = {"private": True, "dependencies": _PACKAGES, "overrides": {"undici": "7"}}
_BEFORE = "2026-11-28"


class Comunica(Engine):
    """Reads the dataset anew for each query."""

    name = "comunica"
    title = "Comunica"
    unordered = frozenset({"facts-about"})  # it compares strings as the locale does, not by code point

    def install(self) -> None:
        program("node")
        if not (_PROGRAM.exists() and REMOTE.exists()):
            _HOME.mkdir(parents=True, exist_ok=True)
            (_HOME / "package.json").write_text(json.dumps(_PACKAGE), encoding="utf-8")
            options = ("--before", _BEFORE, "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")
            installing(["npm", "install", "--prefix", _HOME, *options])

    def version(self) -> str:
        if not _PROGRAM.exists():
            raise NotInstalledError("the npm package @comunica/query-sparql-file is not installed")
        core = json.loads((_MODULES / "@comunica" / "core" / "package.json").read_text(encoding="utf-8"))
        return str(core["version"])

    @contextmanager
    def serving(self, dataset: Path, folder: Path) -> Iterator[None]:
        self._dataset = dataset
        yield

    def ask(self, query: Path) -> Answer:
        return rows(run([_PROGRAM, self._dataset, "--file", query, "--outputType", "application/sparql-results+json"]))
