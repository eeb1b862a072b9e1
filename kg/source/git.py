"""What `kg diff` can compare: graph folders, RDF files, and revisions of the git repository around a graph folder."""

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

# A folder of somebody else's may look like a git repository, with commands in its configuration.
_GIT = ("git", "-c", "safe.bareRepository=explicit")
_ROOMS = ("ontology", "shapes", "queries", "kg/articles", "kg/background")


@contextlib.contextmanager
def repository(name: str, graph_folder: GraphFolder) -> Iterator[GraphFolder]:
    """The graph folder that a name means: a folder as it is, or a git revision unpacked for as long as it is needed.

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
    """Write the rooms of a graph folder, as they were in a revision, below `place`."""
    name = _commit(graph_folder, revision)
    if name is None:
        hint = "name two graph folders, two RDF files, or two revisions of the repository around the graph"
        raise UsageError(f"{revision} is no folder, no file and no git revision", hint=hint)
    listed = run_git(graph_folder, "ls-tree", "--name-only", name, *(f"{room}/" for room in _ROOMS)) or b""
    present = [room for room in _ROOMS if any(line.startswith(room.encode()) for line in listed.splitlines())]
    data = run_git(graph_folder, "archive", "--format=tar", name, *present) if present else None
    if data is None:
        raise InputError(f"git cannot read the revision {revision}")
    try:
        with tarfile.open(fileobj=BytesIO(data)) as archive:
            archive.extractall(place, filter="data")
    except tarfile.TarError as error:
        hint = "a graph folder holds files, and links to nothing outside"
        raise InputError(f"the revision {revision} cannot be unpacked", hint=hint, rule="outside") from error


def commit(graph_folder: GraphFolder, revision: str) -> str:
    """The name of the commit that a revision means. Raises UsageError where there is none."""
    name = _commit(graph_folder, revision)
    if name is None:
        hint = "name a commit, a branch or a tag of the repository around the graph"
        raise UsageError(f"{revision} is no git revision", hint=hint)
    return name


def _commit(graph_folder: GraphFolder, revision: str) -> str | None:
    found = run_git(graph_folder, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
    return found.decode().strip() if found else None


def run_git(graph_folder: GraphFolder, *arguments: str) -> bytes | None:
    """What git prints, run in the graph folder; None where it fails or is not there."""
    try:
        done = subprocess.run(
            [*_GIT, "-C", graph_folder.root, *arguments], capture_output=True, check=False, timeout=60
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout if done.returncode == 0 else None
