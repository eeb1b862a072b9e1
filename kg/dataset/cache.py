"""The cache of compiled datasets: a build is found by the fingerprint of its sources; `kg.dataset.update` makes it.

A build is a folder that is named by its fingerprint and appears there by one rename, so that builds at the same time
and killed ones leave nothing half-done. It is signed for that name with a key of the user, so that nobody else's is
trusted; without a key none is kept. A small build is N-Quads, in `.kg/` of the graph folder or in the user's cache
folder. A large one is a store on disk with what `kg.dataset.update` needs, in the user's cache folder only; its index
has the checksums of its files. What is damaged is removed and made anew.
"""

import itertools
import json
import os
import stat
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from functools import cache
from typing import Any, NamedTuple

import pyoxigraph
from pyoxigraph import Quad, RdfFormat, Store, parse

from kg.errors import InputError
from kg.source import layout
from kg.source.layout import GraphFolder, read_regular, write_atomic

try:
    from _blake2 import blake2b  # hashlib loads OpenSSL: a sixth of the start of `kg query`
except ImportError:
    from hashlib import blake2b

BUILDING = "building-"  # the start of a folder's name until the build is complete
INDEX, SIGNATURE, DATASET = "index.json", "signature", "dataset.nq"  # the last one of a small build
STORE, PARTS, REST = "store", "parts", "rest.nq"  # of a large build
_KEPT, _KEPT_LARGE = 4, 2  # builds
_ABANDONED = 3600.0  # seconds
_LARGEST = 64 * 1024 * 1024  # bytes of a source file, larger ones are refused; and of each file of a small build
_LARGEST_PART = 1024 * 1024 * 1024  # bytes of the index of a large build, and of the quads of one article
_KEY_SIZE = 32  # bytes
_STAMPED, _SETTLED = "stamps.json", 2.0  # seconds

Index = dict[str, Any]  # counts, stored queries; of a large build also its fingerprints, and its files with checksums
Compiled = tuple[bytes, Index]


class DamagedError(InputError):
    """A large build is damaged; it has been removed."""


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

    def parts(self) -> list[list[str]]:
        """The lines of its N-Quads, in one part."""
        return [self._dataset.decode().removesuffix("\n").split("\n")]

    def quads(self) -> list[Quad]:
        """The compiled dataset, sorted, with the lexical forms of the sources."""
        return list(parse(self._dataset, format=RdfFormat.N_QUADS))


class LargeBuild:
    """A build on disk. Its methods raise DamagedError where it is damaged, and remove it."""

    def __init__(self, folder: str, index: Index) -> None:
        self.folder, self.index = folder, index

    def store(self) -> Store:
        """The compiled dataset as a read-only store."""
        with self.removed_if_damaged():
            return Store.read_only(os.path.join(self.folder, STORE))

    def parts(self) -> Iterator[list[str]]:
        """The lines of N-Quads, a part for each article; some lines are in several parts."""
        from kg.dataset.statements import lines_in_parts

        with self.removed_if_damaged():
            parts = (read_part(self.folder, name, known[2]) for name, known in self.index["articles"].items())
            yield from lines_in_parts(itertools.chain([read_rest(self.folder, self.index)], parts), self.store())

    def quads(self) -> list[Quad]:
        """The compiled dataset, sorted, with the lexical forms of the sources, which a store does not keep."""
        lines = sorted(set(itertools.chain.from_iterable(self.parts())))
        return list(parse("\n".join(lines), format=RdfFormat.N_QUADS))

    @contextmanager
    def removed_if_damaged(self) -> Iterator[None]:
        """What fails while it is read is damaged: then it is removed, and DamagedError is raised."""
        try:
            yield
        except (OSError, RuntimeError) as error:  # RocksDB calls it corruption
            remove(self.folder)
            raise DamagedError("the build of this graph was damaged, and has been removed: ask again") from error


CachedBuild = SmallBuild | LargeBuild


def find(graph_folder: GraphFolder, reasoner: str) -> "CachedBuild | Fingerprints":
    """The build of the current state of the sources; where there is none, their fingerprints.

    Sources are recognised by names, sizes and times of their files, if these were seen before, else by their content.
    """
    known_by, newest = stamped = stamp(graph_folder, reasoner)
    if (known := _recorded(graph_folder, known_by)) and (found := _found(graph_folder, known)):
        return found
    prints = fingerprints(graph_folder, reasoner)
    if found := _found(graph_folder, prints.key):
        # A file that is very new may change again without another time.
        if newest < time.time() - _SETTLED and stamped == stamp(graph_folder, reasoner):
            _record(graph_folder, known_by, prints.key)
        return found
    return prints


def _found(graph_folder: GraphFolder, key: str) -> CachedBuild | None:
    if large := find_large(graph_folder, key):
        return large
    small = (_read_small(graph_folder, folder, key) for folder in _folders(graph_folder))
    return next((SmallBuild(compiled) for compiled in small if compiled), None)


def find_large(graph_folder: GraphFolder, key: str) -> LargeBuild | None:
    """The large build of that fingerprint, if there is one; one that is not whole is removed."""
    folder = os.path.join(large_home(graph_folder), key)
    if not os.path.lexists(folder) or not user_key(graph_folder):
        return None
    with suppress(OSError):
        index, signature = _bytes(os.path.join(folder, INDEX), _LARGEST_PART), _bytes(os.path.join(folder, SIGNATURE))
        if signature == _signature(graph_folder, key, index):
            found = LargeBuild(folder, json.loads(index))
            if _is_whole(folder, found.index["files"]):
                return found
    remove(folder)
    return None


def keep_small(graph_folder: GraphFolder, key: str, compiled: Compiled) -> SmallBuild:
    """A small build, put into the first folder that can be written, if any."""
    any(_write_small(graph_folder, folder, key, compiled) for folder in _folders(graph_folder))
    return SmallBuild(compiled)


# Fingerprints
class Fingerprints(NamedTuple):
    """Hashes of this tool, of each article by its name, of the stored queries, and of ontology and background."""

    tool: str
    articles: dict[str, str]
    queries: str
    rest: str

    @property
    def key(self) -> str:
        """The fingerprint of all of it, 32 hexadecimal digits."""
        return digest([json.dumps([self.tool, sorted(self.articles.items()), self.queries, self.rest]).encode()])


def fingerprints(graph_folder: GraphFolder, reasoner: str) -> Fingerprints:
    """The fingerprints of the content of all source files as it is now, for this tool and the name of the reasoner."""

    articles, queries, rest = _source_files(graph_folder)
    prints = {name: content_print(files, graph_folder) for name, files in articles.items()}
    others = (content_print(files, graph_folder) for files in (queries, rest))
    return Fingerprints(tool_print(reasoner), prints, *others)


def content_print(files: Iterable[str], folder: GraphFolder) -> str:
    """The fingerprint of files; that of no bytes for what no build reads: what is no file, or a link out."""
    sources = ((path, os.path.isfile(path) and folder.holds_source(path)) for path in files)
    return file_print((folder.relative(p), read_regular(p, _LARGEST, follow=True) if ok else b"") for p, ok in sources)


def file_print(files: Iterable[tuple[str, bytes]]) -> str:
    """The fingerprint of files, given by relative names and contents."""
    return digest(part for name, data in files for part in (_encoded(f"{name} {len(data)}\n"), data))


def _encoded(name: str) -> bytes:
    return name.encode(errors="surrogatepass")  # which a file name may have


def digest(parts: Iterable[bytes]) -> str:
    """The hash of bytes, 32 hexadecimal digits."""
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


@cache
def tool_print(reasoner: str, *, by_time: bool = False) -> str:
    """The hash of the code of this tool, so that another version does not take its builds for its own."""
    parts = [f"{reasoner} {pyoxigraph.__version__}".encode()]
    for path in layout.modules():
        status, name = os.stat(path), path.removeprefix(layout.PACKAGE)
        code = f"{status.st_mtime_ns}".encode() if by_time else read_regular(path, _LARGEST, follow=True)
        parts += [f"{name} {status.st_size}\n".encode(), code]
    return digest(parts)


def stamp(graph_folder: GraphFolder, reasoner: str) -> tuple[str, float]:
    """A hash of the names, sizes and times of all source files, and the time of the newest in seconds.

    The times are those of modification, which anybody can set, and, but on Windows, of the last change of all.
    """
    stamps, newest = [tool_print(reasoner, by_time=True).encode()], 0.0
    articles, queries, rest = _source_files(graph_folder)
    stamps += map(_encoded, articles)  # there may be a folder without files
    for path in itertools.chain(rest, queries, *articles.values()):
        status = os.stat(path) if os.path.exists(path) else os.lstat(path)  # a link that leads nowhere
        newest = max(newest, status.st_mtime, status.st_ctime)
        times = f"{status.st_mtime_ns} {status.st_ctime_ns}"
        stamps.append(_encoded(f"{path} {status.st_size} {times} {status.st_ino}\n"))
    return digest(stamps), newest


def _recorded(graph_folder: GraphFolder, stamp: str) -> str | None:
    """The fingerprint of files with this stamp, if it was recorded."""
    with suppress(OSError, ValueError, RecursionError):
        known = json.loads(_bytes(os.path.join(_own_home(graph_folder), _STAMPED)))
        if isinstance(known, dict) and is_key(key := known.get(stamp)):
            return str(key)
    return None


def _record(graph_folder: GraphFolder, stamp: str, key: str) -> None:
    with suppress(OSError):  # then the files are read the next time too
        os.makedirs(_own_home(graph_folder), exist_ok=True)
        write_atomic(os.path.join(_own_home(graph_folder), _STAMPED), json.dumps({stamp: key}).encode())


# Folders


def is_key(name: object) -> bool:
    """Whether a name is that of a complete build."""
    return isinstance(name, str) and len(name) == 32 and set(name) <= set("0123456789abcdef")


def _folders(graph_folder: GraphFolder) -> Iterator[str]:
    """Where small builds may be kept, in order: not in a package, a stranger's folder, or behind a link."""
    cache, root = graph_folder.cache, os.path.realpath(graph_folder.root)
    own = graph_folder.schema == graph_folder.root != layout.SHIPPED
    if own and layout.real_path_or_empty(cache) == os.path.join(root, os.path.basename(cache)):
        yield cache
    yield _own_home(graph_folder)


def _own_home(graph_folder: GraphFolder) -> str:  # of a graph folder, in the user's cache folder
    return os.path.join(user_folder(graph_folder), digest([_encoded(os.path.realpath(graph_folder.root))])[:16])


def user_folder(graph_folder: GraphFolder) -> str:
    """The folder of this program in the user's cache folder; below `os.devnull` where there is none."""
    return os.path.join(_user_cache(graph_folder), "entente-kg")


def large_home(graph_folder: GraphFolder) -> str:
    """Where the large builds of a graph folder are kept."""
    return os.path.join(_own_home(graph_folder), "large")


def _user_cache(graph_folder: GraphFolder) -> str:
    """The user's cache folder; where there is none, `os.devnull`, below which nothing can be.

    One in the graph folder or in the git repository around it is none: whoever wrote these could have filled it. A
    relative path is none either (XDG Base Directory Specification).
    """
    if sys.platform == "win32":
        known = [os.environ.get("LOCALAPPDATA", ""), os.path.expanduser("~\\AppData\\Local")]
    elif sys.platform == "darwin":
        known = [os.path.expanduser("~/Library/Caches")]
    else:
        known = [os.environ.get("XDG_CACHE_HOME", ""), os.path.expanduser("~/.cache")]
    top = _repository(os.path.realpath(graph_folder.root))
    own = (p for p in known if os.path.isabs(p) and not graph_folder.holds(os.path.join(p, "any")))
    real = ((p, layout.real_path_or_empty(p)) for p in own)
    return next((p for p, place in real if place and not (top and place.startswith(top))), os.devnull)


def _repository(folder: str) -> str:
    """The git repository around a folder, with a separator at its end; empty where there is none."""
    while not os.path.lexists(os.path.join(folder, ".git")):
        folder, below = os.path.dirname(folder), folder
        if folder == below:
            return ""
    return os.path.join(folder, "")


@contextmanager
def new_folder(home: str) -> Iterator[str]:
    """A folder in which a build is made, removed again after an error. Raises OSError where nothing can be written."""
    import tempfile

    os.makedirs(home, exist_ok=True)
    folder = tempfile.mkdtemp(prefix=BUILDING, dir=home)
    try:
        yield folder
    except BaseException:
        remove(folder)
        raise


def publish(folder: str, key: str, kept: int = _KEPT_LARGE) -> None:
    """Name a complete build by its fingerprint, unless another process was first; remove the oldest but for `kept`."""
    home = os.path.dirname(folder)
    try:
        os.rename(folder, os.path.join(home, key))
    except OSError:
        remove(folder)
    try:
        builds = (e for e in os.scandir(home) if is_key(e.name) or e.name.startswith(BUILDING))
        others = [e for e in builds if e.name != key and e.is_dir(follow_symlinks=False)]
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
    with suppress(OSError):  # another process removes it as well
        os.rename(folder, gone)
    for path in (folder, gone):
        with suppress(OSError, RecursionError):
            if os.path.isdir(path) and not os.path.islink(path):
                shutil.rmtree(path, ignore_errors=True)
            else:
                os.remove(path)


# Files


def _write_small(graph_folder: GraphFolder, folder: str, key: str, compiled: Compiled) -> bool:
    """Put a small build into a folder; False where that cannot be written, or the user has no key."""
    target, dataset, index = os.path.join(folder, key), compiled[0], json.dumps(compiled[1]).encode()
    if not (signature := _signature(graph_folder, key, index, dataset)):
        return False
    with suppress(OSError), new_folder(folder) as temporary:
        if not os.path.exists(ignored := os.path.join(folder, ".gitignore")):
            write_atomic(ignored, b"*\n")  # the cache ignores itself
        for name, data in {DATASET: dataset, INDEX: index, SIGNATURE: signature}.items():
            write_atomic(os.path.join(temporary, name), data)
        if os.path.lexists(target) and _read_small(graph_folder, folder, key) is None:
            remove(target)
        publish(temporary, key, _KEPT)
    return _read_small(graph_folder, folder, key) is not None


def _read_small(graph_folder: GraphFolder, home: str, key: str) -> Compiled | None:
    folder = os.path.join(home, key)
    with suppress(OSError):
        if not os.path.islink(folder):
            dataset, index, signature = (_bytes(os.path.join(folder, name)) for name in (DATASET, INDEX, SIGNATURE))
            if signature == _signature(graph_folder, key, index, dataset):
                return dataset, json.loads(index)
    return None


def seal(graph_folder: GraphFolder, folder: str, key: str, index: Index) -> None:
    """Write the index of a large build with the checksums of its files, and the signature. Raises OSError without key.

    The index of the build that it was made from, if any, spares those of files that are still the same.
    """
    before, files = index.get("files", {}), {}
    for name in _files(folder):
        status = os.lstat(path := os.path.join(folder, name))
        known = before.get(name, [])
        if known[:2] != (stamp := [status.st_size, status.st_mtime_ns]):
            known = [*stamp, _checksum(path)]
        files[name] = known
    data = json.dumps({**index, "files": files}).encode()
    if not (signature := _signature(graph_folder, key, data)):
        raise OSError("there is no key to sign a build with")
    write_atomic(os.path.join(folder, INDEX), data)
    write_atomic(os.path.join(folder, SIGNATURE), signature)


def _files(folder: str) -> list[str]:
    """The files of a large build but for its parts, relative to its folder."""
    if any(map(os.path.islink, (folder, os.path.join(folder, STORE), os.path.join(folder, PARTS)))):
        raise OSError("a folder of the build is a link")
    own = [name for name in os.listdir(folder) if name not in (INDEX, SIGNATURE, STORE, PARTS)]
    stored = (name for name in os.listdir(os.path.join(folder, STORE)) if not name.startswith(("LOCK", "LOG")))
    return [*own, *(f"{STORE}/{name}" for name in stored)]


def _is_whole(folder: str, files: dict[str, list[Any]]) -> bool:
    """Whether the files of a large build are as they were: by size and time, or else by checksum. Raises OSError."""
    if set(_files(folder)) != set(files):
        return False
    for name, (size, changed, checksum) in files.items():
        status = os.lstat(path := os.path.join(folder, name))
        if not stat.S_ISREG(status.st_mode) or status.st_size != size:
            return False
        if status.st_mtime_ns != changed:  # it may be a copy
            if _checksum(path) != checksum:
                return False
            with suppress(OSError):  # then it is read the next time too
                os.utime(path, ns=(changed, changed))
    return True


def _checksum(path: str) -> str:
    with layout.open_regular(path) as file:
        return digest(iter(lambda: file.read(1 << 20), b""))


def read_rest(folder: str, index: Index) -> list[str]:
    """The lines of ontology and background of a large build. Raises OSError where they are damaged."""
    return _lines(os.path.join(folder, REST), index["files"][REST][0], index["files"][REST][2])


def read_part(folder: str, article: str, checksum: str) -> list[str]:
    """The lines of one article of a large build. Raises OSError where they are damaged."""
    return _lines(os.path.join(folder, PARTS, f"{article}.nq"), _LARGEST_PART, checksum)


def _lines(path: str, most: int, checksum: str) -> list[str]:
    if digest([data := _bytes(path, most)]) != checksum:
        raise OSError("a part of the build is damaged")
    return data.decode().split("\n")


def _signature(graph_folder: GraphFolder, name: str, *files: bytes) -> bytes:
    """What only this user could have written beside the files of the build of that name; empty without a key."""
    if not (key := user_key(graph_folder)):
        return b""
    signature = blake2b(key=key)
    for data in (name.encode(), *files):
        signature.update(b"%d " % len(data))
        signature.update(data)
    return signature.hexdigest().encode()


def user_key(graph_folder: GraphFolder) -> bytes:
    """The user's key, made on first use; empty where it can be neither read nor made, or is somebody else's."""
    path = os.path.join(user_folder(graph_folder), "key")
    with suppress(OSError):
        return _private(path)
    with suppress(OSError):
        os.makedirs(os.path.dirname(path), exist_ok=True)
        if os.path.lexists(path) and _is_ours(os.lstat(path)):
            os.remove(path)  # cut short, open to others, or a link
        if not os.path.lexists(path):
            write_atomic(path, os.urandom(_KEY_SIZE), mode=0o600)
        return _private(path)
    return b""


def _private(path: str) -> bytes:
    """A key that the user alone can read. Raises OSError for any other."""
    with layout.open_regular(path) as file:
        status, key = os.fstat(file.fileno()), file.read(_KEY_SIZE + 1)
    if len(key) != _KEY_SIZE or not _is_ours(status) or (os.name == "posix" and status.st_mode & 0o077):
        raise OSError("this is no private key")
    return key


def _is_ours(status: os.stat_result) -> bool:
    return not hasattr(os, "geteuid") or status.st_uid == os.geteuid()


def _bytes(path: str, most: int = _LARGEST) -> bytes:
    """A file that is no link. Raises OSError for what is none, and for more than `most` bytes."""
    with layout.open_regular(path) as file:
        size = os.fstat(file.fileno()).st_size
        if size > most or len(data := file.read(size + 1)) > size:
            raise OSError("the file is too large, or grows")
    return data
