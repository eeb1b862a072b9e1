"""Writes all pages as static files: into a folder that is empty, or that holds those of an earlier run."""

import json
import os
from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from kg.errors import InputError, to_json
from kg.pages.caching import remembering
from kg.pages.renderer import Renderer
from kg.pages.templating import environment
from kg.pages.writing import Writer, save, write_by_processes
from kg.source import layout

if TYPE_CHECKING:
    from kg.graph import Graph

MANIFEST = "kg-site.json"  # lists the files that are ours
_MAX_MANIFEST = 200_000_000  # bytes
_NOT_JEKYLL = ".nojekyll"  # GitHub leaves out folders whose names begin with `_` unless it is there
FEW = 2_500  # facts of a graph whose pages one process writes
PER_PART = 100  # pages that one of several processes writes at once
MAX_JOBS = 8
TEXTS = ("full", "quotes")


class Written(NamedTuple):
    """What was written: how many files, their bytes, and how many of an earlier run were removed."""

    files: int
    size: int
    removed: int


def write_site(
    graph: "Graph", folder: str, *, text: str = "full", progress: Callable[[str], None] = lambda step: None
) -> Written:
    """Write the pages of a graph into a folder; `text` is `full`, or `quotes`: of articles no more than passages quote.

    Files of an earlier run that are no longer written are removed. Raises InputError for a folder with files of others.
    """
    before = _earlier(folder)
    environment()  # fails before anything is written where Jinja2 is missing
    jobs = min(os.cpu_count() or 1, MAX_JOBS) if graph.counts["facts"] > FEW else 1
    os.makedirs(folder, exist_ok=True)
    if not before:
        save(folder, MANIFEST, _manifest([]))
    quotes_only = text == "quotes"
    if jobs > 1:
        written = write_by_processes(graph, folder, jobs, progress, quotes_only=quotes_only, per_part=PER_PART)
    else:
        renderer = Renderer(remembering(graph), static=True, quotes_only=quotes_only)
        written = Writer(renderer, folder, PER_PART).write_all(progress)
    save(folder, _NOT_JEKYLL, b"")
    names = sorted([*written, _NOT_JEKYLL, MANIFEST])
    save(folder, MANIFEST, _manifest(names))
    kept = {*names}
    removed = [name for name in before if name not in kept and _remove(folder, name)]
    return Written(len(written), sum(written.values()), len(removed))


def _manifest(names: list[str]) -> bytes:
    return to_json({"generator": "kg site", "files": names}).encode()


def _earlier(folder: str) -> list[str]:
    """The files of an earlier run, by its manifest. Raises InputError for a folder that others have filled."""
    if not os.path.lexists(folder):
        return []
    if not os.path.isdir(folder):
        raise InputError("this is no folder", hint="name a new or an empty folder", where=folder, rule="file")
    if not os.listdir(folder):
        return []
    hint = "name a new or an empty folder, or one that `kg site` has written"
    try:
        found = json.loads(layout.read_regular(os.path.join(folder, MANIFEST), _MAX_MANIFEST))
        names = found["files"] if found["generator"] == "kg site" else None
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        names = None
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise InputError("the folder holds files that are not ours", hint=hint, where=folder, rule="file")
    return names


def _inside(folder: str, name: str) -> str:
    """The path of one of our files; empty for a name that leads elsewhere, through `..` or through a link."""
    parts = name.split("/")
    if not all(parts) or any(part in (".", "..") or set(part) & set('\\:*?"<>|\0') for part in parts):
        return ""
    path = os.path.join(folder, *parts)
    real = os.path.join(layout.real_path_or_empty(folder), "")
    return path if layout.real_path_or_empty(os.path.dirname(path) + os.sep).startswith(real[:-1]) else ""


def _remove(folder: str, name: str) -> bool:
    """Remove a file of an earlier run, and the folders that are then empty."""
    path = _inside(folder, name)
    if not path or not os.path.isfile(path) or os.path.islink(path):
        return False
    os.remove(path)
    above = os.path.dirname(path)
    while os.path.abspath(above) != os.path.abspath(folder):
        try:
            os.rmdir(above)
        except OSError:
            break
        above = os.path.dirname(above)
    return True
