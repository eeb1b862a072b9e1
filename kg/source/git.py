"""Git revisions of a graph folder: unpacked for a comparison, or named by their commits."""

import contextlib
import os
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from io import BytesIO

from kg.errors import InputError, UsageError
from kg.source import layout
from kg.source.layout import GraphFolder

# A folder may look like a bare git repository, with commands in its configuration.
_GIT = ("git", "-c", "safe.bareRepository=explicit")
_COMMIT_HINT = "name a commit, a branch or a tag of the repository around the graph"
FOLDERS = ("ontology", "shapes", "queries", "kg/articles", "kg/background")


@contextlib.contextmanager
def repository(name: str, graph_folder: GraphFolder) -> Iterator[GraphFolder]:
    """The graph folder of a name: a folder as it is, or a git revision, unpacked within the context.

    Raises UsageError for a name that is neither, InputError where git fails.
    """
    if is_path(name, graph_folder):
        yield layout.find_graph_folder(name)
        return
    with tempfile.TemporaryDirectory(prefix="kg-diff-") as place:
        _unpack(name, graph_folder, place)
        if not layout.is_graph_folder(place):
            raise InputError(f"the revision {name} holds no graph folder")
        yield GraphFolder(place)


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
    """Write the folders of a graph folder, as they are in a revision, below `place`."""
    hint = "name two graph folders, two RDF files, or two revisions of the repository around the graph"
    name = commit(graph_folder, revision, "no folder, no file and no git revision", hint)
    data = _tar(graph_folder, name)
    if data is None:
        raise InputError(f"git cannot read the revision {revision}")
    try:
        with tarfile.open(fileobj=BytesIO(data)) as archive:
            archive.extractall(place, filter="data")
    except tarfile.TarError as error:
        hint = "a graph folder holds files, and links to nothing outside"
        raise InputError(f"the revision {revision} cannot be unpacked", hint=hint, rule="outside") from error


def _tar(graph_folder: GraphFolder, name: str) -> bytes | None:
    """The files and links of a commit as a tar file; None where git fails.

    Their contents are those of the repository. `git archive` would leave out or change files whose attributes, which
    are part of the commit, say so (gitattributes: export-ignore, export-subst, filter, eol).
    """
    listed = run_git(graph_folder, "ls-tree", "-r", "-z", name, *FOLDERS)
    rows = [row.partition(b"\t") for row in (listed or b"").split(b"\0") if row]
    files = [(head.split(), os.fsdecode(path)) for head, _, path in rows if head.split()[1] == b"blob"]
    if len(files) < len(rows):
        hint = "compare with a checkout of it, given as a folder"
        raise InputError("a folder of the graph is a git submodule", hint=hint, where=name, rule="outside")
    objects = run_git(graph_folder, "cat-file", "--batch", stdin=b"".join(f[2] + b"\n" for f, _ in files))
    if listed is None or objects is None:
        return None
    contents, made = BytesIO(objects), BytesIO()
    with tarfile.open(fileobj=made, mode="w") as archive:
        for (mode, _, _), path in files:
            head = contents.readline().split()
            if len(head) < 3:  # missing, as in a partial clone that may not fetch
                return None
            size = int(head[2])
            data, member = contents.read(size + 1)[:size], tarfile.TarInfo(path)
            if mode == b"120000":
                member.type, member.linkname = tarfile.SYMTYPE, os.fsdecode(data)
            else:
                member.size = size
            archive.addfile(member, BytesIO(data))
    return made.getvalue()


def commit(graph_folder: GraphFolder, revision: str, what: str = "no git revision", hint: str = _COMMIT_HINT) -> str:
    """The hash of the commit of a revision. Raises UsageError where there is none: the name is `what`."""
    found = run_git(graph_folder, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
    if not found:
        raise UsageError(f"{revision} is {what}", hint=hint)
    return found.decode().strip()


def run_git(graph_folder: GraphFolder, *arguments: str, stdin: bytes = b"") -> bytes | None:
    """The output of git, run in the graph folder; None where it fails or is not installed."""
    command = [*_GIT, "-C", graph_folder.root, *arguments]
    try:
        done = subprocess.run(command, input=stdin, capture_output=True, check=False, timeout=60)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout if done.returncode == 0 else None
