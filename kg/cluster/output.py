"""The folder that a build on a cluster writes: parts named by what they are made of, and a manifest of what belongs.

- `nquads/part-KEY.nq`: what the articles of one shard say, sorted; `nquads/shared-KEY.nq`: what follows from all;
- `nquads/closed-KEY-N.nq`, `nquads/bounds-KEY-N.nq`: the same about some things, where facts are closed in parts;
- `graph/`: the articles of a table, where the build is of one;
- `kept/KEY.json.z`: what a shard gives the others, so that the next build does only what has changed;
- `findings.jsonl`: a finding a line;
- `tables/`: on request, quads, findings and counts in Parquet;
- `manifest.json`: the parts of the build, how much they hold, and which articles were left out. It comes last.
- `checked.json` in its place is that of a validation, whose parts have what is wrong as well;
- `lock`: which process writes here. The system frees the lock when that process ends, however it does.

Each file appears whole or not at all. A killed build leaves the parts that it has finished, and the manifest of the
build before; the parts of that one are removed only once there is another manifest.
"""

import errno
import heapq
import importlib
import json
import os
import shutil
import socket
import tempfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from itertools import groupby, islice
from typing import Any, TextIO

from pyoxigraph import NamedNode, RdfFormat, Triple, parse

from kg.dataset.shards import ROW, Shard
from kg.errors import InputError, LimitError, clean
from kg.export.metadata import Tally, described
from kg.findings import Finding
from kg.rdf.terms import n_quads
from kg.source.layout import write_atomic

FORMAT = 1  # of the manifest
MANIFEST, CHECKED, FINDINGS, SORTED = "manifest.json", "checked.json", "findings.jsonl", "dataset.nq"
TABLES, _NQUADS, _KEPT = "tables", "nquads", "kept"
_OPEN = 200  # files at the same time
_SOME = 50_000  # lines
Keep = Callable[[Iterable[str]], Iterator[str]]  # selects some of many lines, which have their ends
_LOCK, _LOCKED_BYTE = "lock", 4096  # on Windows a locked byte cannot be read: one beyond what the file says
_TAKEN = (errno.EACCES, errno.EAGAIN, errno.EDEADLK)  # the last is that of Windows
_OURS = frozenset({MANIFEST, CHECKED, FINDINGS, SORTED, TABLES, _NQUADS, _KEPT, _LOCK, "spark.log", "graph"})


class Output:
    """The folder of a build. Raises InputError where it holds something else."""

    def __init__(self, folder: str, manifest: str = MANIFEST) -> None:
        """Take a folder, for a build or for a validation (CHECKED), which is not for the other."""
        self.folder, self._manifest = os.path.abspath(folder), manifest
        try:
            strange = sorted(set(os.listdir(self.folder)) - _OURS) if os.path.lexists(self.folder) else []
        except NotADirectoryError:
            strange = [""]
        strange = [name for name in strange if not name.endswith(".tmp")]
        if os.path.lexists(self.path(MANIFEST if manifest == CHECKED else CHECKED)):
            what = "build" if manifest == CHECKED else "validation"
            message, hint = f"the folder is that of a {what}", "name another folder"
            raise InputError(message, hint=hint, where=folder, rule="file")
        if strange:
            message = f"the folder holds what no build has written: {strange[0]}" if strange[0] else "this is no folder"
            raise InputError(message, hint="name a new folder, or that of a build before", where=folder, rule="file")

    def make(self) -> None:
        """Make the folders."""
        for name in (_NQUADS, _KEPT):
            os.makedirs(os.path.join(self.folder, name), exist_ok=True)

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Keep other runs out. Raises LimitError where one is at work; where a file system has no locks, none is kept.

        The file stays: were it removed, two runs could each hold a lock of a file of that name.
        """
        os.makedirs(self.folder, exist_ok=True)
        with open(os.open(self.path(_LOCK), os.O_RDWR | os.O_CREAT, 0o666), "r+", encoding="utf-8") as file:
            try:
                _lock(file.fileno())
            except OSError as error:
                if error.errno in _TAKEN:
                    message = f"another run is at work in this folder: {clean(file.read().strip()) or 'unknown'}"
                    hint = "wait until it has ended, or name another folder"
                    raise LimitError(message, hint=hint, where=self.folder, rule="busy") from error
            file.truncate()
            file.write(f"process {os.getpid()} on {socket.gethostname()}\n")
            file.flush()
            yield

    # Parts

    def has(self, key: str) -> bool:
        """Whether the shard with this key is there, whole."""
        return os.path.exists(self._kept(key)) and os.path.exists(self.path(self.part(key)))

    def write(self, key: str, shard: Shard) -> None:
        """Write a shard; that it is there is known once what it gives the others is there."""
        self.write_lines(self.part(key), shard.lines)
        write_atomic(self._kept(key), zlib.compress(shard.kept()))

    def write_lines(self, name: str, lines: Iterable[str]) -> None:
        """Write a file of sorted lines."""
        write_atomic(self.path(name), "".join(f"{line}\n" for line in lines).encode())

    def read(self, key: str) -> Shard:
        """A shard without its lines. Raises InputError where it is damaged."""
        try:
            with open(self._kept(key), "rb") as file:
                return Shard.of_kept(zlib.decompress(file.read()))
        except (OSError, ValueError, TypeError, zlib.error) as error:
            with suppress(OSError):
                os.remove(self._kept(key))
            message, hint = "a part of the build is damaged, and has been removed", "build again"
            raise InputError(message, hint=hint, where=self._kept(key), rule="file") from error

    def merged(self, names: list[str], keep: Keep) -> Iterator[str]:
        """The lines of sorted files that are kept, each once, with not too many files open at the same time."""
        lines = _merged([self.path(name) for name in names], os.path.join(self.folder, "merging"), keep)
        return (line[:-1] for line in lines)

    def part(self, key: str) -> str:
        """The name of the file of a shard, relative to the folder."""
        return f"{_NQUADS}/part-{key}.nq"

    def shared(self, key: str) -> str:
        """The name of the file of what follows from all shards."""
        return f"{_NQUADS}/shared-{key}.nq"

    def closed(self, key: str) -> str:
        """The name of the file of what follows about some things, where facts are closed in parts."""
        return f"{_NQUADS}/closed-{key}.nq"

    def bounds(self, key: str) -> str:
        """The name of the file of the bounds of their dates."""
        return f"{_NQUADS}/bounds-{key}.nq"

    def path(self, name: str) -> str:
        """The path of a file of the folder."""
        return os.path.join(self.folder, *name.split("/"))

    def _kept(self, key: str) -> str:
        return os.path.join(self.folder, _KEPT, f"{key}.json.z")

    @contextmanager
    def work(self) -> Iterator[str]:
        """A folder for what is needed for a moment."""
        folder = tempfile.mkdtemp(prefix="work-", suffix=".tmp", dir=self.folder)
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    # All of it

    def manifest(self) -> dict[str, Any]:
        """What the last whole build has written of itself; empty where there is none."""
        try:
            with open(self.path(self._manifest), encoding="utf-8") as file:
                found = json.load(file)
        except (OSError, ValueError):
            return {}
        return found if isinstance(found, dict) and found.get("format") == FORMAT else {}

    def finish(self, manifest: dict[str, Any], findings: Iterable[Finding]) -> None:
        """Write findings and the manifest, then remove what belongs to no build any more."""
        rows = "".join(f"{json.dumps(row(f), ensure_ascii=False)}\n" for f in findings)
        write_atomic(self.path(FINDINGS), rows.encode("utf-8", "backslashreplace"))
        write_atomic(self.path(self._manifest), f"{json.dumps({'format': FORMAT, **manifest}, indent=1)}\n".encode())
        keys = {part["key"] for part in manifest["parts"]}
        belongs = {*(self._kept(key) for key in keys), *map(self.path, files(manifest))}
        for folder in (_NQUADS, _KEPT):
            for name in os.listdir(os.path.join(self.folder, folder)):
                path = os.path.join(self.folder, folder, name)
                if path not in belongs:
                    with suppress(OSError):  # another build may have been first
                        os.remove(path)
        with suppress(FileNotFoundError):
            os.remove(self.path(SORTED))  # that of the build before
        shutil.rmtree(self.path(TABLES), ignore_errors=True)

    def sort(self, manifest: dict[str, Any], ontology: list[Triple]) -> None:
        """Write all lines and the description of the dataset into one file, sorted: that of `kg export -f nquads`."""
        merged, path = f"{self.path(SORTED)}.tmp", self.path(SORTED)
        tally, count = Tally(), 0
        with open(merged, "w", encoding="utf-8", newline="\n") as file:
            lines = _merged([self.path(name) for name in files(manifest)], file.name)
            while some := list(islice(lines, _SOME)):
                file.writelines(some)
                count += len(some)
                for q in parse("".join(some), format=RdfFormat.N_QUADS, lenient=True):
                    tally.add(q.triple, q.graph_name if isinstance(q.graph_name, NamedNode) else None)
        about = sorted(f"{line}\n" for line in n_quads(described(tally, ontology)).split("\n") if line)
        with (
            open(merged, encoding="utf-8", newline="\n") as source,
            open(f"{merged}.tmp", "w", encoding="utf-8", newline="\n") as file,
        ):
            file.writelines(line for line, _ in groupby(heapq.merge(source, about)))
            file.flush()
            os.fsync(file.fileno())
        os.replace(f"{merged}.tmp", path)
        os.remove(merged)


def _merged(paths: list[str], temporary: str, keep: Keep = iter) -> Iterator[str]:
    """The lines of sorted files that are kept, each once, with not too many files open at the same time."""
    if len(paths) <= _OPEN:
        yield from _merge(paths, keep)
        return
    made: list[str] = []
    try:
        for number in range(0, len(paths), _OPEN):
            made.append(f"{temporary}-{number}.tmp")
            with open(made[-1], "w", encoding="utf-8", newline="\n") as file:
                file.writelines(_merge(paths[number : number + _OPEN], keep))
        yield from _merged(made, f"{temporary}-m")
    finally:
        for path in made:
            os.remove(path)


def _merge(paths: list[str], keep: Keep) -> Iterator[str]:
    with ExitStack() as opened:
        sources: list[TextIO] = [opened.enter_context(open(path, encoding="utf-8", newline="\n")) for path in paths]
        for line, _ in groupby(heapq.merge(*map(keep, sources))):
            yield line


def _lock(descriptor: int) -> None:
    """Lock an open file until it is closed or the process ends. Raises OSError where another process has done so."""
    system: Any = importlib.import_module("msvcrt" if os.name == "nt" else "fcntl")
    if os.name != "nt":
        system.flock(descriptor, system.LOCK_EX | system.LOCK_NB)
        return
    os.lseek(descriptor, _LOCKED_BYTE, os.SEEK_SET)
    system.locking(descriptor, system.LK_NBLCK, 1)
    os.lseek(descriptor, 0, os.SEEK_SET)


def row(finding: Finding) -> dict[str, str | int]:
    """A finding as a row: its article, empty if it is on none, and the fields of a finding."""
    steps = finding.file.split("/")
    named = finding.value if finding.rule == ROW.id else steps[2] if steps[:2] == ["kg", "articles"] else ""
    return {"article": named, **finding.json()}


def files(manifest: dict[str, Any]) -> list[str]:
    """The N-Quads files of a build, relative to its folder."""
    shared = [*manifest.get("closed", ()), manifest["shared"]]
    return [*(part["file"] for part in manifest["parts"]), *filter(None, shared)]
