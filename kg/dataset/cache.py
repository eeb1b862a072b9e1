"""The compiled dataset, kept between runs and known by its sources.

A build lives in a folder named after its fingerprint and appears there whole, by one rename: two builds at once, or
one that is killed, leave nothing half-done. The cache is `.kg/` in the graph folder, else the user's cache folder.
What somebody else has put there is not believed: a build is signed with a key that lies in the user's cache folder.
"""

import json
import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

import pyoxigraph
from pyoxigraph import DefaultGraph, NamedNode, Quad, RdfFormat, Store, parse, serialize

from kg.errors import InputError
from kg.rdf.namespaces import INFERRED_GRAPH, ONTOLOGY_GRAPH
from kg.source import layout
from kg.source.layout import GraphFolder

if TYPE_CHECKING:
    from kg.dataset.build import Build


# A large build on disk, ready to be asked: a store, and beside it the lines of each article as they were written.

try:  # `hashlib` loads OpenSSL as well, which takes a quick command 5 ms of 100
    from _blake2 import blake2b as blake2b
except ImportError:  # another Python than CPython
    from hashlib import blake2b as blake2b

Index = dict[str, Any]
BUILDING = "building-"  # with this a folder's name starts until the build is whole
INDEX, STORE, PARTS, REST = "index.json", "store", "parts", "rest.nq"
_WORDS = f"<{ONTOLOGY_GRAPH}>"


def digest(*parts: bytes) -> str:
    """32 hexadecimal digits for some bytes (BLAKE2b, RFC 7693); where they are cut into parts makes no difference."""
    made = blake2b(digest_size=16)
    for data in parts:
        made.update(data)
    return made.hexdigest()


class Fingerprints(NamedTuple):
    """Fingerprints of a graph folder: of each article, of the questions, and of everything else."""

    articles: dict[str, str]
    questions: str
    rest: str

    @property
    def key(self) -> str:
        """The fingerprint of all of it."""
        return digest(json.dumps([sorted(self.articles.items()), self.questions, self.rest]).encode())


class LargeBuild:
    """A build on disk that is ready to be asked."""

    def __init__(self, folder: str) -> None:
        self.folder = folder
        self.index: Index = _read_index(folder)

    def store(self) -> Store:
        """The compiled dataset; nobody can write to it. Raises InputError where it is damaged, and removes it."""
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
        lines = {line for path in files for line in content(path).split("\n") if line}
        lines.update(disk_facts(lines))
        store, names = self.store(), [NamedNode(iri) for iri in PREDICATES]
        computed = [q for p in names for q in store.quads_for_pattern(None, p, None, DefaultGraph())]
        inferred = list(store.quads_for_pattern(None, None, None, NamedNode(INFERRED_GRAPH)))
        lines.update(n_quads([*computed, *inferred, *(Quad(*q.triple) for q in inferred)]).split("\n"))
        return list(parse("\n".join(sorted(lines)), format=RdfFormat.N_QUADS))


def disk_facts(lines: Iterable[str]) -> list[str]:
    """What the lines of named graphs say, but for that of words, as lines of the default graph."""
    return [fact for line in lines if (fact := _fact(line))]


def _fact(line: str) -> str:
    triple, graph, _ = line.rsplit(" ", 2)
    named = graph.startswith("<") and '"' not in graph and triple.count(" ") > 1
    return f"{triple} ." if named and graph != _WORDS else ""


def remove(folder: str) -> None:
    """Remove a build. Its name goes first: nobody shall take what is left of it for a whole one."""
    import shutil

    home, name = os.path.split(folder)
    gone = folder if name.startswith(BUILDING) else os.path.join(home, BUILDING + name)
    try:
        os.rename(folder, gone)
    except OSError:  # it is gone, or somebody else removes it as well
        shutil.rmtree(folder, ignore_errors=True)
    shutil.rmtree(gone, ignore_errors=True)


def find_large(home: str, key: str) -> LargeBuild | None:
    """The build with that key, if there is one."""
    return LargeBuild(folder) if os.path.exists(os.path.join(folder := os.path.join(home, key), INDEX)) else None


def _read_index(folder: str) -> Index:
    with open(os.path.join(folder, INDEX), encoding="utf-8") as file:
        index: Index = json.load(file)
    return index


def content(path: str) -> str:
    """A text file, as it is."""
    with open(path, encoding="utf-8", newline="\n") as file:
        return file.read()


DATASET, INDEX, SIGNATURE = "dataset.nq", "index.json", "signature"
_LARGEST = 64 * 1024 * 1024  # bytes of a source file; larger ones are refused
LARGE = 10_000  # quads: from here on a store on disk opens faster than N-Quads load
_STAMPED, _SETTLED = "stamps.json", 2.0  # seconds
KEPT = 4  # builds: switching to and fro between two branches or reasoners stays quick

Compiled = tuple[bytes, dict[str, Any]]


class CachedBuild(NamedTuple):
    """A build: what is known of it, its dataset to be asked, and its quads in the order of their N-Quads."""

    about: dict[str, Any]
    store: Callable[[], Store]
    quads: Callable[[], list[Quad]]


class Builder(Protocol):
    """Who can build: the sources read and compiled, the stored questions checked."""

    @property
    def build(self) -> "Build":
        """The sources, read and compiled."""

    def questions(self) -> list[dict[str, Any]]:
        """The stored questions, as they are kept."""


def load(graph_folder: GraphFolder, reasoner: str, maker: Builder) -> CachedBuild:
    """The build of the current state of the sources: from the cache, or brought up to date, or else made.

    Sources are known by names, sizes and times of their files, where these were seen before, else by their content.
    """
    stamp, newest = _stamp(graph_folder, reasoner)
    if (known := _recorded(graph_folder, stamp)) and (found := _found(graph_folder, known)):
        return found
    prints = prints_of(graph_folder, reasoner)
    if found := _found(graph_folder, prints.key):
        _record(graph_folder, stamp, prints.key, newest)
        return found
    if os.path.isdir(home := large_home(graph_folder)):
        from kg.dataset import update

        if brought := update.update(home, prints, graph_folder, maker.questions):
            return _large(brought)
    return _made(graph_folder, prints, maker)


def _found(graph_folder: GraphFolder, key: str) -> CachedBuild | None:
    """The build with that key, if it is kept."""
    if found := find_large(large_home(graph_folder), key):
        return _large(found)
    return next((_small(kept) for folder in _folders(graph_folder) if (kept := _read(os.path.join(folder, key)))), None)


def _large(found: LargeBuild) -> CachedBuild:
    return CachedBuild(found.index, found.store, found.quads)


def _made(graph_folder: GraphFolder, prints: Fingerprints, maker: Builder) -> CachedBuild:
    index = {"queries": maker.questions(), "counts": maker.build.counts()}
    made = maker.build
    if sum(1 for _ in islice(made.each_quad(), LARGE)) == LARGE and _user_cache():
        from kg.dataset import update

        if found := update.keep(large_home(graph_folder), prints, made, index):
            return _large(found)
    compiled = serialize(made.quads(), format=RdfFormat.N_QUADS) or b"", index
    for folder in _folders(graph_folder):
        if _keep(folder, prints.key, compiled):
            break
    return _small(compiled)


def _stamp(graph_folder: GraphFolder, reasoner: str) -> tuple[str, float]:
    """A hash of the names, sizes and times of all source files, and the time of the newest.

    Of the two times, anybody can set the one; the other is that of the change itself, but on Windows.
    """
    stamps, newest = [*_tool(reasoner, by_time=True)], 0.0
    for path in source_files(graph_folder):
        status = _status(path)
        newest = max(newest, status.st_mtime, status.st_ctime)
        times = f"{status.st_mtime_ns} {status.st_ctime_ns}"
        stamps.append(f"{path} {status.st_size} {times} {status.st_ino}\n".encode())
    return digest(*stamps), newest


def _status(path: str) -> os.stat_result:
    try:
        return os.stat(path)
    except OSError:  # a link that leads nowhere, about which a build has its say
        return os.lstat(path)


def _recorded(graph_folder: GraphFolder, stamp: str) -> str | None:
    """The fingerprint of files with these stamps, if somebody has computed it before."""
    try:
        with open(os.path.join(_own_home(graph_folder), _STAMPED), encoding="utf-8") as file:
            known: dict[str, str] = json.load(file)
    except (OSError, ValueError):
        return None
    return known.get(stamp)


def _record(graph_folder: GraphFolder, stamp: str, key: str, newest: float) -> None:
    """Remember a fingerprint, unless a file is so new that it may change again without another time."""
    if newest < time.time() - _SETTLED:
        from kg.source.layout import write_atomic

        try:
            os.makedirs(_own_home(graph_folder), exist_ok=True)
            write_atomic(os.path.join(_own_home(graph_folder), _STAMPED), json.dumps({stamp: key}).encode())
        except OSError:
            return  # the files are read the next time too


def _small(compiled: Compiled) -> CachedBuild:
    def quads() -> list[Quad]:
        return list(parse(compiled[0], format=RdfFormat.N_QUADS))

    def store() -> Store:
        found = Store()
        # A build wrote it: no need to check each IRI. `Store.load` would give blank nodes other labels each time.
        found.extend(parse(compiled[0], format=RdfFormat.N_QUADS, lenient=True))
        return found

    return CachedBuild(compiled[1], store, quads)


def fingerprint(graph_folder: GraphFolder, reasoner: str) -> str:
    """A hash of all source files, of the tool and of the reasoner."""
    return prints_of(graph_folder, reasoner).key


def prints_of(graph_folder: GraphFolder, reasoner: str) -> Fingerprints:
    """The same in parts, so that what changed can be told."""
    folders = layout.article_folders(graph_folder)
    articles = {os.path.basename(f): digest(*_each(graph_folder, _article_files(f))) for f in folders}
    rest = [*layout.files_in(graph_folder.ontology, (".ttl",)), *layout.files_in(graph_folder.background, (".trig",))]
    questions = digest(*_each(graph_folder, layout.files_in(graph_folder.queries, (".rq",))))
    return Fingerprints(articles, questions, digest(*_tool(reasoner), *_each(graph_folder, rest)))


def _tool(reasoner: str, *, by_time: bool = False) -> Iterator[bytes]:
    """What tells this tool from others: its code, so that another installation of the same finds its builds."""
    yield f"{reasoner} {pyoxigraph.__version__}".encode()
    for path in layout.modules():
        status = os.stat(path)
        name, time = path.removeprefix(layout.PACKAGE), status.st_mtime_ns if by_time else ""
        yield f"{name} {status.st_size} {time}\n".encode()
        if not by_time:
            with open(path, "rb") as file:
                yield file.read()


def _each(graph_folder: GraphFolder, files: Iterable[str]) -> Iterator[bytes]:
    for path in files:
        data = _content(path, graph_folder)
        yield f"{graph_folder.relative(path)} {len(data)}\n".encode()
        yield data


def _content(path: str, graph_folder: GraphFolder) -> bytes:
    """The bytes of a source file; nothing of what is no file, or a link out of the folder: no build will read it."""
    if not os.path.isfile(path) or not graph_folder.holds(path):
        return b""
    with open(path, "rb") as file:
        return file.read(_LARGEST)


def source_files(graph_folder: GraphFolder) -> Iterator[str]:
    """Every file that a build reads, in a fixed order."""
    yield from layout.files_in(graph_folder.ontology, (".ttl",))
    yield from layout.files_in(graph_folder.background, (".trig",))
    yield from layout.files_in(graph_folder.queries, (".rq",))
    for folder in layout.article_folders(graph_folder):
        yield from _article_files(folder)


def _article_files(folder: str) -> list[str]:
    return [p for n in ("article.txt", "facts.trig") if os.path.lexists(p := os.path.join(folder, n))]


def _folders(graph_folder: GraphFolder) -> Iterator[str]:
    own = graph_folder.schema == graph_folder.root and graph_folder.holds(
        graph_folder.cache
    )  # else the folder is a stranger's, or leads away
    if own and graph_folder.root != layout.SHIPPED:  # an installed package is left as it is
        yield graph_folder.cache
    yield _own_home(graph_folder)


def _own_home(graph_folder: GraphFolder) -> str:
    """The place of a graph folder in the user's cache folder."""
    return os.path.join(_user_cache(), "entente-kg", digest(os.path.realpath(graph_folder.root).encode())[:16])


def large_home(graph_folder: GraphFolder) -> str:
    """Where the large builds of a graph folder are kept."""
    return os.path.join(_own_home(graph_folder), "large")


def _user_cache() -> str:
    if sys.platform == "win32":
        return os.environ.get("LOCALAPPDATA") or os.path.expanduser("~\\AppData\\Local")
    if sys.platform == "darwin":
        return os.path.expanduser("~/Library/Caches")
    return os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")


def _read(folder: str) -> Compiled | None:
    try:
        dataset, index, signature = (_bytes(os.path.join(folder, name)) for name in (DATASET, INDEX, SIGNATURE))
        return (dataset, json.loads(index)) if signature == _signature(dataset, index) else None
    except (OSError, ValueError):
        return None


def _bytes(path: str) -> bytes:
    with open(path, "rb") as file:
        return file.read()


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
            from kg.source.layout import write_atomic

            os.makedirs(os.path.dirname(path), exist_ok=True)
            write_atomic(path, os.urandom(32), mode=0o600)
        with open(path, "rb") as file:
            return file.read(64)
    except OSError:
        return b""


def _keep(folder: str, key: str, compiled: Compiled) -> bool:
    """Put a build into the cache; False where the folder cannot be written."""
    import shutil
    import tempfile

    from kg.source.layout import write_atomic

    try:
        os.makedirs(folder, exist_ok=True)
        if not os.path.exists(ignored := os.path.join(folder, ".gitignore")):
            write_atomic(ignored, b"*\n")  # the cache ignores itself
        temporary = tempfile.mkdtemp(prefix="building-", dir=folder)
    except OSError:
        return False
    try:
        dataset, index = compiled[0], json.dumps(compiled[1]).encode()
        for name, data in {DATASET: dataset, INDEX: index, SIGNATURE: _signature(dataset, index)}.items():
            write_atomic(os.path.join(temporary, name), data)
        target = os.path.join(folder, key)
        if os.path.isdir(target) and _read(target) is None:
            shutil.rmtree(target)
        os.rename(temporary, target)
    except OSError:  # somebody else has built the same meanwhile, or the disk is full
        shutil.rmtree(temporary, ignore_errors=True)
    _prune(folder, key)
    return _read(os.path.join(folder, key)) is not None


def _prune(folder: str, key: str) -> None:
    """Remove all but the newest builds, and what killed builds left."""
    import shutil

    try:
        entries = [e for e in os.scandir(folder) if e.is_dir() and e.name not in (key, "large")]
        entries.sort(key=lambda e: e.stat().st_mtime_ns, reverse=True)
    except OSError:
        return
    for entry in entries[KEPT - 1 :]:
        shutil.rmtree(entry.path, ignore_errors=True)
