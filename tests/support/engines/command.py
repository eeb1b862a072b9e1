"""The command: installs the engines, says of each what is there and what cannot be had, and runs their tests.

With `--install` before the names, it runs none.
"""

import re
import sys
from collections.abc import Sequence

from running import ROOT

from engines.comunica import Comunica
from engines.engine import Engine, process
from engines.installing import NotInstalledError
from engines.jena import Arq, Tdb
from engines.oxigraph import Oxigraph
from engines.virtuoso import Virtuoso

ENGINES: tuple[Engine, ...] = (Oxigraph(), Arq(), Tdb(), Virtuoso(), Comunica())


def main(names: Sequence[str]) -> int:
    """Exit code 0 where all rows are ours on every engine named; without names on those that can be had, if any."""
    only_install, names = "--install" in names, [name for name in names if name != "--install"]
    if unknown := set(names) - {engine.name for engine in ENGINES}:
        known = ", ".join(engine.name for engine in ENGINES)
        print(f"no engine {', '.join(sorted(unknown))}: there are {known}", file=sys.stderr)
        return 2
    there = []
    for engine in (e for e in ENGINES if not names or e.name in names):
        try:
            engine.install()
            print(f"{engine.name}: {engine.version()}", flush=True)
            there.append(engine.name)
        except NotInstalledError as why:
            print(f"{engine.name}: skipped, {why}", flush=True)
    if not there:
        print("no engine ran", file=sys.stderr)
        return 1
    if only_install:
        return int(len(there) < len(set(names)))
    chosen = " or ".join(f"[{name}" for name in there)
    files = (
        "tests/test_stored_queries_elsewhere.py",
        "tests/test_endpoints.py",
        "tests/serve/test_clients.py",
        "tests/export/test_bulk.py",
    )
    tests = ("-m", "engines", "-k", chosen, *files)
    with process([sys.executable, "-m", "pytest", "-q", *tests], cwd=ROOT) as running:  # Ctrl-C does not reach it
        failed = running.wait()
    return failed or int(len(there) < len(set(names)))


def documented() -> dict[str, str]:
    """The version of each engine, by its title, on which docs/queries.md says that the stored queries were tried."""
    page = (ROOT / "docs" / "queries.md").read_text(encoding="utf-8")
    section = page.split("## In other engines")[1].split("\n## ")[0]
    rows = re.findall(r"^\| ([^|]+) \| ([^|]+) \|", section, re.MULTILINE)
    return {title: version for title, version in rows if title not in ("engine", "---")}
