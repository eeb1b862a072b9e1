"""Where the files of a graph folder are; reading a file up to a size, writing files and folders atomically."""

import errno
import os
import re
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import BinaryIO

from kg.errors import InputError, LimitError, clean
from kg.rdf.namespaces import ARTICLE

PACKAGE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))  # the folder `kg`
SHIPPED = os.path.join(PACKAGE, "_data")
CHECKOUT = os.path.dirname(PACKAGE)
UNASKED = "the shipped graph"  # the name of the graph folder where none was given or found
_SOURCES = (("ontology",), ("shapes",), ("queries",), ("kg", "articles"), ("kg", "background"))
_PARTS = frozenset({"ontology", "shapes", "queries", ".kg", ".git"})  # a repository is somebody's own graph, if any
_BINARY = getattr(os, "O_BINARY", 0)  # on Windows
_NO_WAIT = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0)  # nor for the other end of a pipe
_NO_LINK = getattr(os, "O_NOFOLLOW", 0)  # not on Windows
_LONGEST_NAME = 255  # bytes; no file has a longer one where the system says that it is too long
_MOST_STEPS = 10_000  # to a file, links resolved; more are a circle
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | _BINARY  # O_EXCL follows no link


class GraphFolder:
    """The folders of one graph: ontology, shapes, stored queries, articles, background, cache.

    `schema` is the graph folder of ontology, shapes and stored queries, where it is not `root`. `name` is what messages
    call it: the folder as it was given, else `root`, or `UNASKED`.
    """

    def __init__(self, root: str, schema: str | None = None, name: str = "") -> None:
        self.root, self.name = root, name or root
        self.schema = root if schema is None else schema
        self.ontology = os.path.join(self.schema, "ontology")
        self.shapes = os.path.join(self.schema, "shapes")
        self.authoring = os.path.join(self.shapes, "authoring")
        self.queries = os.path.join(self.schema, "queries")
        self.articles = os.path.join(root, "kg", "articles")
        self.background = os.path.join(root, "kg", "background")
        self.cache = os.path.join(root, ".kg")
        self._roots = tuple(os.path.realpath(folder) + os.sep for folder in {root, self.schema})
        within = (os.path.join(folder, *parts, "") for folder in self._roots for parts in _SOURCES)
        self._sources = tuple(map(os.path.normcase, within))

    def relative(self, path: str) -> str:
        """`path` as findings print it: relative to the graph folder, with forward slashes."""
        with suppress(ValueError):  # on another drive
            path = os.path.relpath(path, self.root)
        return shown(path)

    def holds(self, path: str) -> bool:
        """Whether a file is in the graph folder, or in that of the schema, once all symbolic links are followed."""
        return real_path_or_empty(path).startswith(self._roots)

    def holds_source(self, path: str) -> bool:
        """Whether a file is in one of the folders of sources, once all symbolic links are followed.

        Elsewhere in the graph folder may be what is nobody's business, such as `.git/config` or a file with passwords.
        """
        return os.path.normcase(real_path_or_empty(path)).startswith(self._sources)

    def refuse_link(self, path: str) -> None:
        """Raise InputError for a path through a link in the graph folder: its author has chosen where it leads.

        And for one that is too long to tell.
        """
        at, left = _steps(os.path.join(os.getcwd(), path))
        for _ in range(_MOST_STEPS):
            if not left:
                return
            above, at = at, os.path.normpath(os.path.join(at, left.pop()))  # `above` has no link in it
            if _is_link(at):
                if self.holds(os.path.join(above, "any")):
                    break
                at, more = _steps(os.path.join(above, os.readlink(at)))
                left += more
        hint = "name the file to which it leads"
        raise InputError("a link of the graph folder is in the way", hint=hint, where=path, rule="file")

    def refuse_way_out(self, path: str) -> None:
        """Raise InputError for a path through a link in the graph folder to a place outside: it may be a secret."""
        if not self.holds(path):
            self.refuse_link(path)

    def refuse_outside(self) -> None:
        """Raise InputError where a folder is a link that leads out of the folders of the graph."""
        answers = os.path.join(self.root, "queries", "answers")
        for path in (self.ontology, self.shapes, self.authoring, self.queries, self.articles, self.background, answers):
            if not self.holds_source(os.path.join(path, "any")):
                message = "the folder is a link to a place outside the folders of the graph"
                raise InputError(message, hint="put a folder in its place", where=self.relative(path), rule="outside")


def real_path(path: str) -> str:
    """An absolute path in which all links are followed. Raises OSError where that cannot be told.

    Without `strict`, `os.path.realpath` goes on as if what it cannot look at were no link: a path that is too long when
    it is absolute, whereas the system follows a relative one. Nothing can be reached beyond what is missing or shut.
    """
    try:
        return os.path.realpath(path, strict=True)
    except (FileNotFoundError, NotADirectoryError, PermissionError):
        return os.path.realpath(path)


def real_path_or_empty(path: str) -> str:
    """As `real_path`, but empty, which is in no folder, where that cannot be told."""
    try:
        return real_path(path)
    except OSError:
        return ""


def _is_link(path: str) -> bool:
    """Whether a path is a link. Raises InputError for one that is so long that this cannot be told."""
    try:
        return stat.S_ISLNK(os.lstat(path).st_mode)
    except OSError as error:
        if error.errno == errno.ENAMETOOLONG and len(os.fsencode(os.path.basename(path))) <= _LONGEST_NAME:
            raise InputError("the path is too long", hint="move the file", where=path, rule="file") from error
        return False  # it is not there


def _steps(path: str) -> tuple[str, list[str]]:
    """The root of an absolute path, and the names on the way from there, the last one first."""
    drive, tail = os.path.splitdrive(path)
    return drive + os.sep, tail.replace("/", os.sep).split(os.sep)[::-1]


def shown(path: str) -> str:
    """A path with forward slashes; bytes that are not UTF-8 are escapes, so that it can be written anywhere."""
    return os.fsencode(path).decode("utf-8", "backslashreplace").replace(os.sep, "/")


def can_name_article(name: str) -> bool:
    """Whether the name of a folder, as a segment of a path (RFC 3987 §2.2), gives the IRI of an article."""
    from pyoxigraph import NamedNode

    try:
        return clean(name) == name and not re.search("[#?%/]", name) and bool(NamedNode(ARTICLE + name))
    except ValueError:
        return False


def is_graph_folder(path: str) -> bool:
    """Whether `path` is a folder with `ontology/` and `kg/articles/` in it."""
    return os.path.isdir(os.path.join(path, "ontology")) and os.path.isdir(os.path.join(path, "kg", "articles"))


def find_graph_folder(directory: str | None = None, schema: str | None = None, *, own: bool = False) -> GraphFolder:
    """The graph folder to work on: `directory`, else the nearest one above the current folder, else the shipped one.

    `schema` is the graph folder whose ontology, shapes and stored queries are used instead. Raises InputError for a
    folder that is no graph folder, or has links to folders outside; with `own`, also where the nearest folder that has
    any part of a graph folder is not a whole one, so that no other graph is judged in its place.
    """
    found = _nearest(own) if directory is None else _named(directory)
    name = directory or found or UNASKED
    graph_folder = GraphFolder(found or shipped().root, None if schema is None else _named(schema), name)
    graph_folder.refuse_outside()
    return graph_folder


def _nearest(own: bool) -> str:
    """The nearest graph folder from the current folder upwards, with `own` the nearest that has a part; else empty."""
    here = os.getcwd()
    while not is_graph_folder(here):
        if own and _has_part(here):
            return _named(here)
        here, below = os.path.dirname(here), here
        if here == below:
            return ""
    return here


def _has_part(folder: str) -> bool:
    """Whether a folder has any part of a graph folder, or is a repository; small and capital letters are the same."""
    try:
        names = {name.lower(): os.path.join(folder, name) for name in os.listdir(folder)}
        below = os.listdir(names["kg"]) if os.path.isdir(names.get("kg", "")) else []
    except OSError:
        return False  # a folder that may not be listed
    return bool(_PARTS & names.keys() or {"articles", "background"} & {name.lower() for name in below})


def shipped() -> GraphFolder:
    """The graph folder of the package: inside the wheel, or the checkout of an editable install."""
    return GraphFolder(SHIPPED if os.path.isdir(SHIPPED) else CHECKOUT)


def _named(directory: str) -> str:
    if not os.path.isdir(directory):
        raise InputError(f"there is no folder {directory}", hint="name a folder that holds ontology/ and kg/articles/")
    if not is_graph_folder(directory):
        lacks = [part for part in ("ontology", "kg/articles") if not os.path.isdir(os.path.join(directory, part))]
        message = f"{directory} is no graph folder: it lacks {' and '.join(f'{part}/' for part in lacks)}"
        raise InputError(message, hint="name another with -C DIR, or start one with `kg init DIR`")
    return os.path.abspath(directory)


def files_in(folder: str, suffixes: tuple[str, ...]) -> list[str]:
    """The files of a folder with one of these endings, sorted by name; empty where there is no such folder."""
    if not os.path.isdir(folder):
        return []
    names = sorted(n for n in os.listdir(folder) if n.endswith(suffixes) and not n.startswith("."))
    return [os.path.join(folder, name) for name in names]


def modules() -> list[str]:
    """The Python files of the package, sorted by path."""
    data = {"articles", "background", "example", "_data", "__pycache__"}
    found = []
    for folder, folders, _ in os.walk(PACKAGE):
        folders[:] = [name for name in folders if name not in data]
        found += files_in(folder, (".py",))
    return sorted(found)


def article_folders(graph_folder: GraphFolder) -> list[str]:
    """The folders of the articles, sorted by name."""
    names = sorted(n for n in os.listdir(graph_folder.articles) if not n.startswith((".", "_")))
    return [p for n in names if os.path.isdir(p := os.path.join(graph_folder.articles, n))]


def open_regular(path: str, *, follow: bool = False) -> BinaryIO:
    """A file, opened to read. Raises OSError, without waiting, for a device, a pipe, a folder or a socket.

    A symbolic link is refused in the same way, unless `follow`.
    """
    if not (follow or _NO_LINK) and os.path.islink(path):
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), path)
    descriptor = os.open(path, os.O_RDONLY | _BINARY | _NO_WAIT | (0 if follow else _NO_LINK))
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise OSError(errno.EINVAL, "this is no file", path)
        return open(descriptor, "rb")
    except BaseException:
        os.close(descriptor)
        raise


def read_regular(path: str, most: int, *, follow: bool = False) -> bytes:
    """The first `most` bytes of a file, see `open_regular`."""
    with open_regular(path, follow=follow) as file:
        size = os.fstat(file.fileno()).st_size  # to read more takes as much memory; none is known of a file in /proc
        return file.read(min(most, size + 1) if size else most)


def read_named(path: str, most: int) -> bytes:
    """The bytes of any file, or of stdin for “-”.

    Raises OSError where it cannot be read, InputError for a folder, a device or a pipe (which might never end), or for
    a link that leads out of the current folder and of its own, and LimitError where it has more than `most` bytes.
    """
    if path == "-":
        data = sys.stdin.buffer.read(most + 1)
    elif os.path.exists(path) and not os.path.isfile(path):
        raise InputError("this is no file", hint="name a file", where=path, rule="file")
    else:
        _refuse_link_out(path)
        data = read_regular(path, most + 1, follow=True)
    if len(data) > most:
        message, where = f"the file is larger than {most:,} bytes", "stdin" if path == "-" else path
        raise LimitError(message, hint="split it into smaller ones", where=where, rule="too-large")
    return data


def _refuse_link_out(path: str) -> None:
    """Raise InputError for a link of whoever wrote the folder in which it lies to a place outside: it may be a secret.

    In the current folder every folder on the way may be such a link; elsewhere the file itself.
    """
    here = os.path.join(os.getcwd(), "")
    below = os.path.normpath(os.path.join(here, path)).startswith(here)
    folders = [here] if below else [here, os.path.dirname(os.path.abspath(path))]
    if not real_path(path).startswith(tuple(os.path.join(os.path.realpath(folder), "") for folder in folders)):
        message, hint = "the file is a link to a place outside its folder", "name the file to which it leads"
        raise InputError(message, hint=hint, where=path, rule="file")


def file_iri(path: str) -> str:
    """The IRI of a file (RFC 8089), which is the base of relative IRIs in it (RFC 3986 §5.1.3)."""
    from pathlib import Path

    return Path(os.path.abspath(path)).as_uri()


def require_folder(path: str) -> None:
    """Raise InputError where the folder of a file to be written is not there."""
    folder = os.path.dirname(path)
    if folder and not os.path.isdir(folder):
        raise InputError(f"there is no folder {folder}", hint="make it, or name another", where=path, rule="file")


def write_named(path: str, data: bytes, graph_folder: GraphFolder) -> None:
    """Write a file that the user has named: the one to which a link leads, or what a device or a pipe is to get.

    Raises InputError for a link in the graph folder, OSError for instance where nobody reads a pipe.
    """
    graph_folder.refuse_link(path)
    if os.path.isfile(path) or not os.path.exists(path):
        write_atomic(real_path(path), data)
        return
    descriptor = os.open(path, os.O_WRONLY | _BINARY | _NO_WAIT)
    if hasattr(os, "set_blocking"):
        os.set_blocking(descriptor, True)
    with open(descriptor, "wb") as file:
        file.write(data)


def write_atomic(path: str, data: bytes, mode: int = 0o666, *, durable: bool = True) -> None:
    """Write a file atomically: at any moment the old one or the new one is there, whole. Raises OSError.

    The bytes go to a temporary file in the same folder, flushed to disk and renamed to `path`, or removed after a
    failure. What is quickly made anew need not be `durable`: it is not flushed, which takes long for many files. A file
    that is replaced keeps its permissions, a new one has those of `mode` without the umask. A link is replaced, not
    followed, and so is another name of the same file (a hard link).
    """
    try:
        before = os.lstat(path).st_mode
    except OSError:
        before = 0
    temporary = _temporary(path)
    try:
        descriptor = os.open(temporary, _NEW, 0o600 if stat.S_ISREG(before) else mode)
        try:
            with open(descriptor, "wb") as file:
                file.write(data)
                if durable:
                    file.flush()
                    os.fsync(file.fileno())
            if stat.S_ISREG(before):
                os.chmod(temporary, stat.S_IMODE(before))
            os.replace(temporary, path)
        except BaseException:
            with suppress(OSError):
                os.remove(temporary)
            raise
    except OSError as error:
        if error.errno:
            error.filename = path  # the temporary name says nothing
        raise


@contextmanager
def removed_if_killed(folder: str) -> Iterator[None]:
    """Let a temporary folder be removed where this process is killed in this context, other than on Windows."""
    from kg import limits

    watching = limits.guard(folder)
    try:
        yield
    finally:
        if watching is not None:
            watching.communicate(b"\n")


@contextmanager
def new_folder(path: str) -> Iterator[str]:
    """A folder that the context fills; it appears at `path` by one rename, and after an error nothing is left.

    The folders above that are missing appear with it. Raises OSError.
    """
    import shutil

    path = top = os.path.abspath(path)
    while not os.path.lexists(above := os.path.dirname(top)) and above != top:
        top = above
    temporary = _temporary(top)
    os.mkdir(temporary)
    try:
        folder = os.path.join(temporary, os.path.relpath(path, top))
        os.makedirs(folder, exist_ok=True)
        with removed_if_killed(temporary):
            yield os.path.normpath(folder)
        os.rename(temporary, top)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def _temporary(path: str) -> str:
    """A name beside `path` that nobody can foresee; it is hidden, so that no reader takes it for a source."""
    return os.path.join(os.path.dirname(path), f".{os.urandom(12).hex()}.tmp")
