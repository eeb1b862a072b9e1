"""Git revisions of a graph folder: unpacked for a comparison, or named by their commits."""

import contextlib
import os
import re
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from typing import NamedTuple

from kg.errors import InputError, LimitError, UsageError
from kg.source import layout
from kg.source.layout import GraphFolder

# A folder may look like a bare git repository, with commands in its configuration.
_GIT = ("git", "-c", "safe.bareRepository=explicit", "-c", "core.warnAmbiguousRefs=true")
# Set for hooks (`git rev-parse --local-env-vars`), they name another repository than the one around the graph.
_ELSEWHERE = "DIR WORK_TREE IMPLICIT_WORK_TREE COMMON_DIR INDEX_FILE PREFIX NAMESPACE OBJECT_DIRECTORY"
_ELSEWHERE += " ALTERNATE_OBJECT_DIRECTORIES GRAFT_FILE REPLACE_REF_BASE SHALLOW_FILE"
_SECONDS = 60  # for one command of git
_MOST = 64 * 1024 * 1024  # bytes that git may print, such as the names of half a million files
_LARGEST = 1024 * 1024 * 1024  # bytes of the files of a revision; those of five thousand articles have a quarter
_COMMIT_HINT = "name a commit, a branch or a tag of the repository around the graph"
_PLAIN = "a graph folder holds files, each under one name, and links to nothing outside"
_SEPARATOR = "\\" if os.sep == "\\" else "\0"  # none can have the latter
_SUBMODULE, _LINK = "160000", "120000"
FOLDERS = ("ontology", "shapes", "queries", "kg/articles", "kg/background")


class Entry(NamedTuple):
    """A file, link or submodule of a commit: its mode, the hash of its content, its size in bytes where it is known."""

    mode: str
    hash: str
    size: str


@contextlib.contextmanager
def repository(name: str, graph_folder: GraphFolder) -> Iterator[GraphFolder]:
    """The graph folder of a name: a folder as it is, or a git revision, unpacked within the context.

    Raises UsageError for a name that is neither, InputError where git fails or a link leads outside, LimitError.
    """
    if is_path(name, graph_folder):
        yield layout.find_graph_folder(name)
        return
    with tempfile.TemporaryDirectory(prefix="kg-diff-") as place, layout.removed_if_killed(place):
        _unpack(name, graph_folder, place)
        if not layout.is_graph_folder(place):
            raise InputError(f"the revision {name} holds no graph folder")
        found = GraphFolder(place)
        found.refuse_outside()
        yield found


def is_path(name: str, graph_folder: GraphFolder) -> bool:
    """Whether there is a file or folder of that name. Raises UsageError where there is a git revision, too.

    Whoever makes a branch can add a folder with the name of another one.
    """
    if not os.path.exists(name):
        return False
    if name[0] != "." and not os.path.isabs(name):
        found = run_git(graph_folder, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}")
        if found:
            hint = f"write ./{name} for the path, or {found.decode()[:12]} for the revision"
            raise UsageError(f"{name} is both a path and a git revision", hint=hint, rule="ambiguous")
    return True


def _unpack(revision: str, graph_folder: GraphFolder, place: str) -> None:
    """Write the folders of a graph folder, as they are in a revision, below `place`, a new folder.

    Their contents are those of the repository. `git archive` would leave out or change files whose attributes, which
    are part of the commit, say so (gitattributes: export-ignore, export-subst, filter, eol).
    """
    hint = "name two graph folders, two RDF files, or two revisions of the repository around the graph"
    name = commit(graph_folder, revision, "no folder, no file and no git revision", hint)
    listed = tree(graph_folder, name, "--long")
    if listed is not None and any(mode == _SUBMODULE for mode, _, _ in listed.values()):
        hint = "compare with a checkout of it, given as a folder"
        raise InputError("a folder of the graph is a git submodule", hint=hint, where=name, rule="outside")
    if listed is None or not all(size.isdigit() for _, _, size in listed.values()):
        raise InputError(f"git cannot read the revision {revision}")
    if sum(int(size) for _, _, size in listed.values()) > _LARGEST:
        raise LimitError(f"the revision {revision} has more than {_LARGEST:,} bytes", rule="too-large")
    try:
        links = _write_files(graph_folder, listed, place)
        for path, target in links.items():  # the last of all, so that nothing is written through one
            os.symlink(target, path)
    except EOFError as error:  # missing, as in a partial clone that may not fetch
        hint = "run `git fetch --refetch` if it is a partial clone: nothing is fetched here"
        raise InputError(f"git cannot read the revision {revision}", hint=hint) from error
    except (FileExistsError, NotADirectoryError) as error:
        raise InputError(f"the revision {revision} has two files in one place", hint=_PLAIN, rule="outside") from error
    if not all(map(GraphFolder(place).holds, links)):
        raise InputError(f"the revision {revision} has a link to a place outside", hint=_PLAIN, rule="outside")


def _write_files(graph_folder: GraphFolder, listed: dict[str, Entry], place: str) -> dict[str, str]:
    """Write the files of a revision into new folders below `place`; give its links, each with its target.

    Raises OSError for a file in the place of another, or of a folder, and EOFError where git lacks one.
    """
    links = {}
    request = "".join(f"{entry.hash}\n" for entry in listed.values()).encode()
    with _running(graph_folder, "cat-file", "--batch", stdin=request) as process:
        assert process.stdout is not None
        for path, entry in listed.items():
            head, size = process.stdout.readline().split(), int(entry.size)
            data = process.stdout.read(size + 1)[:-1]
            if len(head) < 3 or len(data) != size:
                raise EOFError
            file = os.path.join(place, path)
            os.makedirs(os.path.dirname(file), exist_ok=True)
            if entry.mode == _LINK:
                links[file] = os.fsdecode(data)
            else:
                with open(file, "xb") as made:
                    made.write(data)
    return links


def tree(graph_folder: GraphFolder, name: str, *options: str) -> dict[str, Entry] | None:
    """What a commit has in the folders of a graph folder, by path; None where git fails.

    Raises InputError for a path that git itself would not add: another file could be meant, or one outside.
    """
    listed = run_git(graph_folder, "ls-tree", "-r", "-z", *options, name, *FOLDERS)
    if listed is None:
        return None
    found: dict[str, Entry] = {}
    for row in listed.split(b"\0")[:-1]:
        head, _, path = os.fsdecode(row).partition("\t")
        names = path.split("/")
        if path in found or any(part.lower() in ("", ".", "..", ".git") or _SEPARATOR in part for part in names):
            message = f"the commit has a path that git would not add: {path}"
            raise InputError(message, hint=_PLAIN, where=name, rule="outside")
        mode, _, hash_, *size = head.split()
        found[path] = Entry(mode, hash_, "".join(size))
    return found


def commit(graph_folder: GraphFolder, revision: str, what: str = "no git revision", hint: str = _COMMIT_HINT) -> str:
    """The hash of the commit of a revision. Raises UsageError where there is none, the name is `what`, or several.

    Of a branch and a tag with one name, git would take the tag, which comes along with whatever is fetched.
    """
    command = ("rev-parse", "--verify", "--end-of-options", f"{revision}^{{commit}}")
    told = run_git(graph_folder, *command, stderr=subprocess.STDOUT) or b""
    found = re.search(rb"^[0-9a-f]{40,}$", told, re.MULTILINE)
    if not found:
        raise UsageError(f"{revision} is {what}", hint=hint)
    if several := re.search(rb"refname '(.+)' is ambiguous", told):
        name = os.fsdecode(several[1])
        wanted = (f"refs/heads/{name}", f"refs/tags/{name}", f"refs/remotes/{name}", f"refs/remotes/{name}/HEAD")
        listed = run_git(graph_folder, "for-each-ref", "--format=%(refname) for %(objectname)", *wanted) or b""
        rows = [row for row in listed.decode("utf-8", "replace").split("\n") if row.split(" ")[0] in wanted]
        hint = f"write {', or '.join(rows)}" if rows else "write the hash of a commit"
        raise UsageError(f"{name} is the name of several git revisions", hint=hint, rule="ambiguous")
    return found[0].decode()


def run_git(graph_folder: GraphFolder, *arguments: str, stderr: int = subprocess.DEVNULL) -> bytes | None:
    """The output of git, run in the graph folder; None where it fails or is not installed.

    Raises LimitError where it prints too much.
    """
    try:
        with _running(graph_folder, *arguments, stderr=stderr) as process:
            assert process.stdout is not None
            found = process.stdout.read(_MOST + 1)
            if len(found) > _MOST:
                message = f"`git {arguments[0]}` prints more than {_MOST:,} bytes"
                raise LimitError(message, where=graph_folder.root, rule="too-large")
            return None if process.wait() else found
    except OSError:
        return None


@contextlib.contextmanager
def _running(
    graph_folder: GraphFolder, *arguments: str, stdin: bytes = b"", stderr: int = subprocess.DEVNULL
) -> Iterator["subprocess.Popen[bytes]"]:
    """Git at work in the graph folder, in English, to be read from; it is killed in the end, and after a time."""
    other = {f"GIT_{name}" for name in _ELSEWHERE.split()}
    settings = {name: value for name, value in os.environ.items() if name not in other}
    # What a partial clone lacks is not fetched: the configuration beside a stranger's graph may name commands for that.
    settings |= {"LC_ALL": "C", "GIT_ALLOW_PROTOCOL": "none"}
    command = [*_GIT, "-C", graph_folder.root, *arguments]
    with tempfile.TemporaryFile() if stdin else open(os.devnull, "r+b") as given:
        given.write(stdin)
        given.seek(0)
        with subprocess.Popen(command, stdin=given, stdout=subprocess.PIPE, stderr=stderr, env=settings) as process:
            timer = threading.Timer(_SECONDS, process.kill)
            timer.start()
            try:
                yield process
            finally:
                timer.cancel()
                process.kill()
