"""The compiled dataset, kept between runs and known by the content of its sources.

A build lives in a folder named after its fingerprint and appears there whole, by one rename: two builds at once, or
one that is killed, leave nothing half-done. The cache is `.kg/` in the graph folder, else the user's cache folder.
"""

import hashlib
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from typing import Any

from kg import __version__, paths
from kg.paths import Rooms

DATASET, INDEX = "dataset.nq", "index.json"
KEPT = 4  # builds: switching to and fro between two branches or reasoners stays quick

Compiled = tuple[bytes, dict[str, Any]]


def load(rooms: Rooms, reasoner: str, make: Callable[[], Compiled]) -> Compiled:
    """The N-Quads and the index of the current state of the sources, from the cache or else by `make()`."""
    key = fingerprint(rooms, reasoner)
    for folder in _folders(rooms):
        if kept := _read(os.path.join(folder, key)):
            return kept
    compiled = make()
    for folder in _folders(rooms):
        if _keep(folder, key, compiled):
            break
    return compiled


def fingerprint(rooms: Rooms, reasoner: str) -> str:
    """A hash of all source files, of the tool and of the reasoner."""
    digest = hashlib.sha256(f"{__version__} {reasoner}".encode())
    for path in _tool_files():
        status = os.stat(path)
        digest.update(f"{os.path.basename(path)} {status.st_size} {status.st_mtime_ns}\n".encode())
    for path in source_files(rooms):
        with open(path, "rb") as file:
            data = file.read()
        digest.update(f"{rooms.relative(path)} {len(data)}\n".encode())
        digest.update(data)
    return digest.hexdigest()[:32]


def source_files(rooms: Rooms) -> Iterator[str]:
    """Every file that a build reads, in a fixed order."""
    yield from paths.files(rooms.ontology, (".ttl",))
    yield from paths.files(rooms.background, (".trig",))
    yield from paths.files(rooms.queries, (".rq",))
    for folder in paths.article_folders(rooms):
        yield from paths.files(folder, ("article.txt", "facts.trig"))


def _tool_files() -> list[str]:
    return paths.files(os.path.dirname(os.path.abspath(__file__)), (".py",))


def _folders(rooms: Rooms) -> Iterator[str]:
    if rooms.root != paths.SHIPPED:  # an installed package is left as it is
        yield rooms.cache
    name = hashlib.sha256(os.path.realpath(rooms.root).encode()).hexdigest()[:16]
    yield os.path.join(_user_cache(), "entente-kg", name)


def _user_cache() -> str:
    if sys.platform == "win32":
        return os.environ.get("LOCALAPPDATA") or os.path.expanduser("~\\AppData\\Local")
    if sys.platform == "darwin":
        return os.path.expanduser("~/Library/Caches")
    return os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")


def _read(folder: str) -> Compiled | None:
    try:
        with open(os.path.join(folder, DATASET), "rb") as file:
            dataset = file.read()
        with open(os.path.join(folder, INDEX), "rb") as file:
            kept = json.load(file)
        return (dataset, kept["index"]) if kept["dataset"] == _digest(dataset) else None
    except (OSError, ValueError, LookupError, TypeError):
        return None


def _digest(dataset: bytes) -> str:
    return hashlib.sha256(dataset).hexdigest()


def _keep(folder: str, key: str, compiled: Compiled) -> bool:
    """Put a build into the cache; False where the folder cannot be written."""
    try:
        os.makedirs(folder, exist_ok=True)
        _ignore_itself(folder)
        temporary = tempfile.mkdtemp(prefix="building-", dir=folder)
    except OSError:
        return False
    try:
        _write(os.path.join(temporary, DATASET), compiled[0])
        index = {"dataset": _digest(compiled[0]), "index": compiled[1]}
        _write(os.path.join(temporary, INDEX), json.dumps(index).encode())
        target = os.path.join(folder, key)
        if os.path.isdir(target) and _read(target) is None:
            shutil.rmtree(target)
        os.rename(temporary, target)
    except OSError:  # somebody else has built the same meanwhile, or the disk is full
        shutil.rmtree(temporary, ignore_errors=True)
    _prune(folder, key)
    return _read(os.path.join(folder, key)) is not None


def _write(path: str, data: bytes) -> None:
    with open(path, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _ignore_itself(folder: str) -> None:
    path = os.path.join(folder, ".gitignore")
    if not os.path.exists(path):
        _write(path, b"*\n")


def _prune(folder: str, key: str) -> None:
    """Remove all but the newest builds, and what killed builds left."""
    try:
        entries = [e for e in os.scandir(folder) if e.is_dir() and e.name != key]
        entries.sort(key=lambda e: e.stat().st_mtime_ns, reverse=True)
    except OSError:
        return
    for entry in entries[KEPT - 1 :]:
        shutil.rmtree(entry.path, ignore_errors=True)
