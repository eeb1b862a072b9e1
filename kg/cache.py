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
from pyoxigraph import Quad, RdfFormat, Store, parse, serialize

from kg import ondisk, paths
from kg.ondisk import Prints, blake2b, digest
from kg.paths import Rooms

if TYPE_CHECKING:
    from kg.build import Build

DATASET, INDEX, SIGNATURE = "dataset.nq", "index.json", "signature"
_LARGEST = 64 * 1024 * 1024  # bytes of a source file; larger ones are refused
LARGE = 10_000  # quads: from here on a store on disk opens faster than N-Quads load
_STAMPED, _SETTLED = "stamps.json", 2.0  # seconds
KEPT = 4  # builds: switching to and fro between two branches or reasoners stays quick

Compiled = tuple[bytes, dict[str, Any]]


class Kept(NamedTuple):
    """A build: what is known of it, its dataset to be asked, and its quads in the order of their N-Quads."""

    about: dict[str, Any]
    store: Callable[[], Store]
    quads: Callable[[], list[Quad]]


class Maker(Protocol):
    """Who can build: the sources read and compiled, the stored questions checked."""

    @property
    def build(self) -> "Build":
        """The sources, read and compiled."""

    def questions(self) -> list[dict[str, Any]]:
        """The stored questions, as they are kept."""


def load(rooms: Rooms, reasoner: str, maker: Maker) -> Kept:
    """The build of the current state of the sources: from the cache, or brought up to date, or else made.

    Sources are known by names, sizes and times of their files, where these were seen before, else by their content.
    """
    stamp, newest = _stamp(rooms, reasoner)
    if (known := _recorded(rooms, stamp)) and (found := _found(rooms, known)):
        return found
    prints = prints_of(rooms, reasoner)
    if found := _found(rooms, prints.key):
        _record(rooms, stamp, prints.key, newest)
        return found
    if os.path.isdir(home := large_home(rooms)):
        from kg import large

        if brought := large.follow(home, prints, rooms, maker.questions):
            return _large(brought)
    return _made(rooms, prints, maker)


def _found(rooms: Rooms, key: str) -> Kept | None:
    """The build with that key, if it is kept."""
    if found := ondisk.find(large_home(rooms), key):
        return _large(found)
    return next((_small(kept) for folder in _folders(rooms) if (kept := _read(os.path.join(folder, key)))), None)


def _large(found: ondisk.Large) -> Kept:
    return Kept(found.index, found.store, found.quads)


def _made(rooms: Rooms, prints: Prints, maker: Maker) -> Kept:
    index = {"queries": maker.questions(), "counts": maker.build.counts()}
    made = maker.build
    if sum(1 for _ in islice(made.each_quad(), LARGE)) == LARGE and _user_cache():
        from kg import large

        if found := large.keep(large_home(rooms), prints, made, index):
            return _large(found)
    compiled = serialize(made.quads(), format=RdfFormat.N_QUADS) or b"", index
    for folder in _folders(rooms):
        if _keep(folder, prints.key, compiled):
            break
    return _small(compiled)


def _stamp(rooms: Rooms, reasoner: str) -> tuple[str, float]:
    """A hash of the names, sizes and times of all source files, and the time of the newest.

    Of the two times, anybody can set the one; the other is that of the change itself, but on Windows.
    """
    stamps, newest = [*_tool(reasoner, by_time=True)], 0.0
    for path in source_files(rooms):
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


def _recorded(rooms: Rooms, stamp: str) -> str | None:
    """The fingerprint of files with these stamps, if somebody has computed it before."""
    try:
        with open(os.path.join(_own_home(rooms), _STAMPED), encoding="utf-8") as file:
            known: dict[str, str] = json.load(file)
    except (OSError, ValueError):
        return None
    return known.get(stamp)


def _record(rooms: Rooms, stamp: str, key: str, newest: float) -> None:
    """Remember a fingerprint, unless a file is so new that it may change again without another time."""
    if newest < time.time() - _SETTLED:
        from kg.writer import write_atomic

        try:
            os.makedirs(_own_home(rooms), exist_ok=True)
            write_atomic(os.path.join(_own_home(rooms), _STAMPED), json.dumps({stamp: key}).encode())
        except OSError:
            return  # the files are read the next time too


def _small(compiled: Compiled) -> Kept:
    def quads() -> list[Quad]:
        return list(parse(compiled[0], format=RdfFormat.N_QUADS))

    def store() -> Store:
        found = Store()
        # A build wrote it: no need to check each IRI. `Store.load` would give blank nodes other labels each time.
        found.extend(parse(compiled[0], format=RdfFormat.N_QUADS, lenient=True))
        return found

    return Kept(compiled[1], store, quads)


def fingerprint(rooms: Rooms, reasoner: str) -> str:
    """A hash of all source files, of the tool and of the reasoner."""
    return prints_of(rooms, reasoner).key


def prints_of(rooms: Rooms, reasoner: str) -> Prints:
    """The same in parts, so that what changed can be told."""
    folders = paths.article_folders(rooms)
    articles = {os.path.basename(f): digest(*_each(rooms, _article_files(f))) for f in folders}
    rest = [*paths.files(rooms.ontology, (".ttl",)), *paths.files(rooms.background, (".trig",))]
    questions = digest(*_each(rooms, paths.files(rooms.queries, (".rq",))))
    return Prints(articles, questions, digest(*_tool(reasoner), *_each(rooms, rest)))


def _tool(reasoner: str, *, by_time: bool = False) -> Iterator[bytes]:
    """What tells this tool from others: its code, so that another installation of the same finds its builds."""
    yield f"{reasoner} {pyoxigraph.__version__}".encode()
    for path in paths.files(os.path.dirname(os.path.abspath(__file__)), (".py",)):
        status = os.stat(path)
        yield f"{os.path.basename(path)} {status.st_size} {status.st_mtime_ns if by_time else ''}\n".encode()
        if not by_time:
            with open(path, "rb") as file:
                yield file.read()


def _each(rooms: Rooms, files: Iterable[str]) -> Iterator[bytes]:
    for path in files:
        data = _content(path, rooms)
        yield f"{rooms.relative(path)} {len(data)}\n".encode()
        yield data


def _content(path: str, rooms: Rooms) -> bytes:
    """The bytes of a source file; nothing of what is no file, or a link out of the folder: no build will read it."""
    if not os.path.isfile(path) or not rooms.holds(path):
        return b""
    with open(path, "rb") as file:
        return file.read(_LARGEST)


def source_files(rooms: Rooms) -> Iterator[str]:
    """Every file that a build reads, in a fixed order."""
    yield from paths.files(rooms.ontology, (".ttl",))
    yield from paths.files(rooms.background, (".trig",))
    yield from paths.files(rooms.queries, (".rq",))
    for folder in paths.article_folders(rooms):
        yield from _article_files(folder)


def _article_files(folder: str) -> list[str]:
    return [p for n in ("article.txt", "facts.trig") if os.path.lexists(p := os.path.join(folder, n))]


def _folders(rooms: Rooms) -> Iterator[str]:
    own = rooms.rules == rooms.root and rooms.holds(rooms.cache)  # else the folder is a stranger's, or leads away
    if own and rooms.root != paths.SHIPPED:  # an installed package is left as it is
        yield rooms.cache
    yield _own_home(rooms)


def _own_home(rooms: Rooms) -> str:
    """The place of a graph folder in the user's cache folder."""
    return os.path.join(_user_cache(), "entente-kg", digest(os.path.realpath(rooms.root).encode())[:16])


def large_home(rooms: Rooms) -> str:
    """Where the large builds of a graph folder are kept."""
    return os.path.join(_own_home(rooms), "large")


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
            from kg.writer import write_atomic

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

    from kg.writer import write_atomic

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
