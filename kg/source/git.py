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
_FOLDERS = ("ontology", "shapes", "queries", "kg/articles", "kg/background")


@contextlib.contextmanager
def repository(name: str, graph_folder: GraphFolder) -> Iterator[GraphFolder]:
    """The graph folder of a name: a folder as it is, or a git revision, unpacked within the context.

    Raises UsageError for a name that is neither, InputError where git fails.
    """
    if os.path.isdir(name):
        yield layout.find_graph_folder(name)
        return
    with tempfile.TemporaryDirectory(prefix="kg-diff-") as place:
        _unpack(name, graph_folder, place)
        if not layout.is_graph_folder(place):
            raise InputError(f"the revision {name} holds no graph folder")
        yield GraphFolder(place)


def _unpack(revision: str, graph_folder: GraphFolder, place: str) -> None:
    """Write the folders of a graph folder, as they are in a revision, below `place`."""
    hint = "name two graph folders, two RDF files, or two revisions of the repository around the graph"
    name = commit(graph_folder, revision, "no folder, no file and no git revision", hint)
    listed = run_git(graph_folder, "ls-tree", "--name-only", name, *(f"{folder}/" for folder in _FOLDERS)) or b""
    present = [folder for folder in _FOLDERS if any(line.startswith(folder.encode()) for line in listed.splitlines())]
    data = run_git(graph_folder, "archive", "--format=tar", name, *present) if present else None
    if data is None:
        raise InputError(f"git cannot read the revision {revision}")
    try:
        with tarfile.open(fileobj=BytesIO(data)) as archive:
            archive.extractall(place, filter="data")
    except tarfile.TarError as error:
        hint = "a graph folder holds files, and links to nothing outside"
        raise InputError(f"the revision {revision} cannot be unpacked", hint=hint, rule="outside") from error


def commit(graph_folder: GraphFolder, revision: str, what: str = "no git revision", hint: str = _COMMIT_HINT) -> str:
    """The hash of the commit of a revision. Raises UsageError where there is none: the name is `what`."""
    found = run_git(graph_folder, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
    if not found:
        raise UsageError(f"{revision} is {what}", hint=hint)
    return found.decode().strip()


def run_git(graph_folder: GraphFolder, *arguments: str) -> bytes | None:
    """The output of git, run in the graph folder; None where it fails or is not installed."""
    command = [*_GIT, "-C", graph_folder.root, *arguments]
    try:
        done = subprocess.run(command, capture_output=True, check=False, timeout=60)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout if done.returncode == 0 else None
