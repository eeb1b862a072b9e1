"""The cache of compiled datasets: a build is found by the fingerprint of its sources; `kg.dataset.update` makes it.

A build is a folder that is named by its fingerprint and appears there by one rename, so that builds at the same time
and killed ones leave nothing half-done. A small build is N-Quads, in `.kg/` of the graph folder or in the user's cache
folder, signed with a key of the user, so that nobody else's is trusted. A large one is a store on disk with what
`kg.dataset.update` needs, in the user's cache folder only.
"""

import itertools
import json
import os
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, NamedTuple

import pyoxigraph
from pyoxigraph import DefaultGraph, NamedNode, Quad, RdfFormat, Store, parse

from kg.errors import InputError
from kg.rdf.namespaces import INFERRED_GRAPH, ONTOLOGY_GRAPH
from kg.source import layout
from kg.source.layout import GraphFolder, write_atomic

try:
    from _blake2 import blake2b  # hashlib loads OpenSSL: a sixth of the start of `kg query`
except ImportError:
    from hashlib import blake2b

BUILDING = "building-"  # the start of a folder's name until the build is complete
INDEX = "index.json"
DATASET, SIGNATURE = "dataset.nq", "signature"  # of a small build
STORE, PARTS, REST = "store", "parts", "rest.nq"  # of a large build
_KEPT, _KEPT_LARGE = 4, 2  # builds
_ABANDONED = 3600.0  # seconds
_LARGEST = 64 * 1024 * 1024  # bytes of a source file; larger ones are refused
_STAMPED, _SETTLED = "stamps.json", 2.0  # seconds

Index = dict[str, Any]  # counts, stored queries, and of a large build its fingerprints
Compiled = tuple[bytes, Index]


class SmallBuild:
    """A build in memory."""

    def __init__(self, compiled: Compiled) -> None:
        self._dataset, self.index = compiled

    def store(self) -> Store:
        """The compiled dataset as a store."""
        found = Store()
        # Lenient, since a build wrote it. `Store.load` would give blank nodes other labels each time.
        found.extend(parse(self._dataset, format=RdfFormat.N_QUADS, lenient=True))
        return found

    def quads(self) -> list[Quad]:
        """The compiled dataset, sorted, with the lexical forms of the sources."""
        return list(parse(self._dataset, format=RdfFormat.N_QUADS))


class LargeBuild:
    """A build on disk."""

    def __init__(self, folder: str) -> None:
        self.folder = folder
        self.index: Index = json.loads(read_text(os.path.join(folder, INDEX)))

    def store(self) -> Store:
        """The compiled dataset as a read-only store. Raises InputError where it is damaged, and removes it."""
        try:
            return Store.read_only(os.path.join(self.folder, STORE))
        except (OSError, RuntimeError) as error:
            remove(self.folder)
            hint = "ask again: it is made anew"
            raise InputError("the build of this graph is damaged; it has been removed", hint=hint) from error

    def quads(self) -> list[Quad]:
        """The compiled dataset, sorted, with the lexical forms of the sources, which a store does not keep."""
        from kg.dataset.computed import PREDICATES
        from kg.rdf.terms import n_quads

        parts = sorted(os.listdir(os.path.join(self.folder, PARTS)))
        files = [os.path.join(self.folder, REST), *(os.path.join(self.folder, PARTS, name) for name in parts)]
        lines = {line for path in files for line in read_text(path).split("\n") if line}
        lines.update(in_default_graph(lines))
        store, names = self.store(), [NamedNode(iri) for iri in PREDICATES]
        computed = [q for p in names for q in store.quads_for_pattern(None, p, None, DefaultGraph())]
        inferred = list(store.quads_for_pattern(None, None, None, NamedNode(INFERRED_GRAPH)))
        lines.update(n_quads([*computed, *inferred, *(Quad(*q.triple) for q in inferred)]).split("\n"))
        return list(parse("\n".join(sorted(lines)), format=RdfFormat.N_QUADS))


CachedBuild = SmallBuild | LargeBuild


def find(graph_folder: GraphFolder, reasoner: str) -> "CachedBuild | Fingerprints":
    """The build of the current state of the sources; where there is none, their fingerprints.

    Sources are recognised by names, sizes and times of their files, if these were seen before, else by their content.
    """
    stamp, newest = _stamp(graph_folder, reasoner)
    if (known := _recorded(graph_folder, stamp)) and (found := _found(graph_folder, known)):
        return found
    prints = fingerprints(graph_folder, reasoner)
    if found := _found(graph_folder, prints.key):
        _record(graph_folder, stamp, prints.key, newest)
    return found or prints


def _found(graph_folder: GraphFolder, key: str) -> CachedBuild | None:
    if large := find_large(large_home(graph_folder), key):
        return large
    small = (_read(os.path.join(folder, key)) for folder in _folders(graph_folder))
    return next((SmallBuild(compiled) for compiled in small if compiled), None)


def find_large(home: str, key: str) -> LargeBuild | None:
    """The large build of that fingerprint, if there is one."""
    folder = os.path.join(home, key)
    return LargeBuild(folder) if os.path.exists(os.path.join(folder, INDEX)) else None


def keep_small(graph_folder: GraphFolder, prints: "Fingerprints", compiled: Compiled) -> SmallBuild:
    """A small build, put into the first folder that can be written, if any."""
    for folder in _folders(graph_folder):
        if _write_small(folder, prints.key, compiled):
            break
    return SmallBuild(compiled)


# Fingerprints


class Fingerprints(NamedTuple):
    """Hashes of a graph folder: of each article by its name, of the stored queries, and of everything else."""

    articles: dict[str, str]
    queries: str
    rest: str

    @property
    def key(self) -> str:
        """The fingerprint of all of it, 32 hexadecimal digits."""
        return _digest([json.dumps([sorted(self.articles.items()), self.queries, self.rest]).encode()])


def fingerprints(graph_folder: GraphFolder, reasoner: str) -> Fingerprints:
    """The fingerprints of the content of all source files, with that of this tool and the name of the reasoner."""
    articles, queries, rest = _source_files(graph_folder)
    prints = {name: _digest(_contents(graph_folder, files)) for name, files in articles.items()}
    others = _digest(itertools.chain(_tool(reasoner), _contents(graph_folder, rest)))
    return Fingerprints(prints, _digest(_contents(graph_folder, queries)), others)


def _digest(parts: Iterable[bytes]) -> str:
    made = blake2b(digest_size=16)
    for data in parts:
        made.update(data)
    return made.hexdigest()


def _source_files(graph_folder: GraphFolder) -> tuple[dict[str, list[str]], list[str], list[str]]:
    """The files that a build reads: those of each article by its name, the stored queries, and all others."""
    articles = {
        os.path.basename(f): [p for n in ("article.txt", "facts.trig") if os.path.lexists(p := os.path.join(f, n))]
        for f in layout.article_folders(graph_folder)
    }
    rest = [*layout.files_in(graph_folder.ontology, (".ttl",)), *layout.files_in(graph_folder.background, (".trig",))]
    return articles, layout.files_in(graph_folder.queries, (".rq",)), rest


def _tool(reasoner: str, *, by_time: bool = False) -> Iterator[bytes]:
    """The code of this tool, so that another version does not take its builds for its own."""
    yield f"{reasoner} {pyoxigraph.__version__}".encode()
    for path in layout.modules():
        status = os.stat(path)
        name, time = path.removeprefix(layout.PACKAGE), status.st_mtime_ns if by_time else ""
        yield f"{name} {status.st_size} {time}\n".encode()
        if not by_time:
            yield _bytes(path)


def _contents(graph_folder: GraphFolder, files: Iterable[str]) -> Iterator[bytes]:
    """Names, sizes and bytes; no bytes of what no build reads: what is no file, or a link out of the folder."""
    for path in files:
        data = _bytes(path, _LARGEST) if os.path.isfile(path) and graph_folder.holds(path) else b""
        yield f"{graph_folder.relative(path)} {len(data)}\n".encode()
        yield data


def _stamp(graph_folder: GraphFolder, reasoner: str) -> tuple[str, float]:
    """A hash of the names, sizes and times of all source files, and the time of the newest in seconds.

    The times are those of modification, which anybody can set, and, but on Windows, of the last change of all.
    """
    stamps, newest = [*_tool(reasoner, by_time=True)], 0.0
    articles, queries, rest = _source_files(graph_folder)
    for path in itertools.chain(rest, queries, *articles.values()):
        status = os.stat(path) if os.path.exists(path) else os.lstat(path)  # a link that leads nowhere
        newest = max(newest, status.st_mtime, status.st_ctime)
        times = f"{status.st_mtime_ns} {status.st_ctime_ns}"
        stamps.append(f"{path} {status.st_size} {times} {status.st_ino}\n".encode())
    return _digest(stamps), newest


def _recorded(graph_folder: GraphFolder, stamp: str) -> str | None:
    """The fingerprint of files with this stamp, if it was recorded."""
    with suppress(OSError, ValueError):
        known: dict[str, str] = json.loads(read_text(os.path.join(_own_home(graph_folder), _STAMPED)))
        return known.get(stamp)
    return None


def _record(graph_folder: GraphFolder, stamp: str, key: str, newest: float) -> None:
    """Record a fingerprint, unless a file is so new that it may change again without another time."""
    if newest < time.time() - _SETTLED:
        with suppress(OSError):  # then the files are read the next time too
            os.makedirs(_own_home(graph_folder), exist_ok=True)
            write_atomic(os.path.join(_own_home(graph_folder), _STAMPED), json.dumps({stamp: key}).encode())


# Folders


def _folders(graph_folder: GraphFolder) -> Iterator[str]:
    """Where small builds may be kept, in order: not in a package, a stranger's folder, or behind a link."""
    own = graph_folder.schema == graph_folder.root and graph_folder.holds(graph_folder.cache)
    if own and graph_folder.root != layout.SHIPPED:
        yield graph_folder.cache
    yield _own_home(graph_folder)


def _own_home(graph_folder: GraphFolder) -> str:
    """The folder of a graph folder in the user's cache folder."""
    return os.path.join(_user_cache(), "entente-kg", _digest([os.path.realpath(graph_folder.root).encode()])[:16])


def large_home(graph_folder: GraphFolder) -> str:
    """Where the large builds of a graph folder are kept."""
    return os.path.join(_own_home(graph_folder), "large")


def _user_cache() -> str:
    if sys.platform == "win32":
        return os.environ.get("LOCALAPPDATA") or os.path.expanduser("~\\AppData\\Local")
    if sys.platform == "darwin":
        return os.path.expanduser("~/Library/Caches")
    return os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")


@contextmanager
def new_folder(home: str) -> Iterator[str]:
    """A folder in which a build is made, removed again after an error. Raises OSError where nothing can be written."""
    import shutil
    import tempfile

    os.makedirs(home, exist_ok=True)
    folder = tempfile.mkdtemp(prefix=BUILDING, dir=home)
    try:
        yield folder
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def publish(folder: str, key: str, kept: int = _KEPT_LARGE) -> None:
    """Name a complete build by its fingerprint, unless another process was first; remove the oldest but for `kept`."""
    import shutil

    home = os.path.dirname(folder)
    try:
        os.rename(folder, os.path.join(home, key))
    except OSError:
        shutil.rmtree(folder, ignore_errors=True)
    try:
        others = [e for e in os.scandir(home) if e.is_dir() and e.name not in (key, "large")]
        ages = sorted((e.stat().st_mtime, e.path, e.name.startswith(BUILDING)) for e in others)
    except OSError:
        return
    complete = [path for _, path, building in ages if not building]
    abandoned = [path for changed, path, building in ages if building and changed < time.time() - _ABANDONED]
    for path in [*abandoned, *complete[: max(0, len(complete) - kept + 1)]]:
        remove(path)


def remove(folder: str) -> None:
    """Remove a build; it loses its name first, so that what is left of it is not taken for a complete one."""
    import shutil

    home, name = os.path.split(folder)
    gone = folder if name.startswith(BUILDING) else os.path.join(home, BUILDING + name)
    try:
        os.rename(folder, gone)
    except OSError:  # another process removes it as well
        shutil.rmtree(folder, ignore_errors=True)
    shutil.rmtree(gone, ignore_errors=True)


# Files


def _write_small(folder: str, key: str, compiled: Compiled) -> bool:
    """Put a small build into a folder; False where that cannot be written."""
    import shutil

    target, dataset, index = os.path.join(folder, key), compiled[0], json.dumps(compiled[1]).encode()
    with suppress(OSError), new_folder(folder) as temporary:
        if not os.path.exists(ignored := os.path.join(folder, ".gitignore")):
            write_atomic(ignored, b"*\n")  # the cache ignores itself
        for name, data in {DATASET: dataset, INDEX: index, SIGNATURE: _signature(dataset, index)}.items():
            write_atomic(os.path.join(temporary, name), data)
        if os.path.isdir(target) and _read(target) is None:
            shutil.rmtree(target)
        publish(temporary, key, _KEPT)
    return _read(target) is not None


def _read(folder: str) -> Compiled | None:
    try:
        dataset, index, signature = (_bytes(os.path.join(folder, name)) for name in (DATASET, INDEX, SIGNATURE))
        return (dataset, json.loads(index)) if signature == _signature(dataset, index) else None
    except (OSError, ValueError):
        return None


def _signature(dataset: bytes, index: bytes) -> bytes:
    """What only this user could have written beside a dataset and its index."""
    signature = blake2b(index, key=_key())
    signature.update(dataset)
    return signature.hexdigest().encode()


def _key() -> bytes:
    """The user's key, made on first use; empty where it can be neither read nor made, and only damage is noticed."""
    path = os.path.join(_user_cache(), "entente-kg", "key")
    try:
        if not os.path.exists(path):
            os.makedirs(os.path.dirname(path), exist_ok=True)
            write_atomic(path, os.urandom(32), mode=0o600)
        return _bytes(path, 64)
    except OSError:
        return b""


def _bytes(path: str, most: int = -1) -> bytes:
    with open(path, "rb") as file:
        return file.read(most)


def read_text(path: str) -> str:
    """A text file in UTF-8, line ends as they are."""
    with open(path, encoding="utf-8", newline="\n") as file:
        return file.read()


def in_default_graph(lines: Iterable[str]) -> list[str]:
    """The lines of N-Quads of named graphs, but for the ontology's, as lines of the default graph."""
    found = []
    for line in lines:
        triple, graph, _ = line.rsplit(" ", 2)
        named = graph.startswith("<") and '"' not in graph and triple.count(" ") > 1
        if named and graph != f"<{ONTOLOGY_GRAPH}>":
            found.append(f"{triple} .")
    return found
