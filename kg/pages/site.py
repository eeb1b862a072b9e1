"""Writes all pages as static files: into a folder that is empty, or that holds those of an earlier run."""

import json
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from functools import lru_cache, partial
from typing import TYPE_CHECKING, NamedTuple

from kg.errors import InputError, to_json
from kg.pages import links
from kg.pages.caching import remembering
from kg.pages.renderer import Page, Renderer
from kg.pages.templating import environment
from kg.source import layout
from kg.validation import run

if TYPE_CHECKING:
    from kg.graph import Graph

MANIFEST = "kg-site.json"  # lists the files that are ours
_MAX_MANIFEST = 200_000_000  # bytes
_NOT_JEKYLL = ".nojekyll"  # GitHub leaves out folders whose names begin with `_` unless it is there
_PER_PART = 100  # pages that a process writes at once
_FEW = 2_000  # pages that one process writes
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
    graph.compile()
    renderer = Renderer(remembering(graph), static=True, quotes_only=text == "quotes")
    os.makedirs(folder, exist_ok=True)
    if not before:
        _save(folder, MANIFEST, _manifest([]))
    others, single = [*renderer.paths()], renderer.by_article()
    total = len(others) + len(single)
    parts = [single[at : at + _PER_PART] for at in range(0, len(single), _PER_PART)]
    jobs = min(os.cpu_count() or 1, MAX_JOBS, len(parts)) if len(single) > _FEW else 1
    of = graph.graph_folder
    things = tuple(renderer.things) if jobs > 1 else ()
    about = _Task(of.root, of.schema, graph.engine_name, graph.reasoner, folder, renderer.quotes_only, things)
    written: dict[str, int] = {}
    with run.processes(jobs) as submit:
        results: list[Callable[[], dict[str, int]]] = []
        for part in parts:
            alone = jobs == 1
            results.append(partial(_write, renderer, folder, part) if alone else submit(_write_part, about, part))
        for done, path in enumerate(others):
            progress(f"{done:,} of {total:,} pages")
            written.update(_write(renderer, folder, [path]))
        done = len(others)
        for part, result in zip(parts, results, strict=True):
            progress(f"{done:,} of {total:,} pages")
            written.update(result())
            done += len(part)
    _save(folder, _NOT_JEKYLL, b"")
    names = sorted([*written, _NOT_JEKYLL, MANIFEST])
    _save(folder, MANIFEST, _manifest(names))
    kept = {*names}
    removed = [name for name in before if name not in kept and _remove(folder, name)]
    return Written(len(written), sum(written.values()), len(removed))


class _Task(NamedTuple):
    """What a process needs to write pages: the folders of the graph, its engine and reasoner, and where to write.

    `things` are the local names of those with a page.
    """

    root: str
    schema: str
    engine: str
    reasoner: str
    folder: str
    quotes_only: bool
    things: tuple[str, ...]


@lru_cache(maxsize=1)
def _renderer(task: _Task) -> Renderer:
    """The renderer of a process, which remembers what it has asked of the graph."""
    from kg.graph import Graph

    graph = remembering(Graph(layout.GraphFolder(task.root, task.schema), task.engine, task.reasoner))
    return Renderer(graph, static=True, quotes_only=task.quotes_only, things=task.things)


def _write_part(task: _Task, paths: list[str]) -> dict[str, int]:
    return _write(_renderer(task), task.folder, paths)


def _write(renderer: Renderer, folder: str, paths: Iterable[str]) -> dict[str, int]:
    """Write the pages at some paths; the sizes of the files by their names."""
    written = {}
    for path, page in _pages(renderer, paths):
        name = _file(path)
        _save(folder, name, page.body)
        written[name] = len(page.body)
    return written


def _pages(renderer: Renderer, paths: Iterable[str]) -> Iterator[tuple[str, Page]]:
    """Each page with its path, long ones with the further pages that they have."""
    for path in paths:
        page = renderer.render(path)
        if page is None:
            continue
        yield path, page
        number = 2
        while path.endswith("/") and (more := renderer.render(f"{path}page-{number}.html")):
            yield f"{path}page-{number}.html", more
            number += 1


def _file(path: str) -> str:
    """The name of the file of a path, relative to the folder, with forward slashes."""
    return (path + links.INDEX if path.endswith("/") else path).removeprefix("/")


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


def _save(folder: str, name: str, body: bytes) -> None:
    path = os.path.join(folder, *name.split("/"))
    above = os.path.dirname(path)
    real = os.path.join(layout.real_path_or_empty(folder), "")
    if not os.path.join(layout.real_path_or_empty(above), "").startswith(real):
        raise InputError("a folder of the pages is a link to a place outside", where=above, rule="file")
    os.makedirs(above, exist_ok=True)
    with suppress(OSError):
        if layout.read_regular(path, len(body) + 1) == body:
            return  # the same as before: whoever copies by time need not copy it
    layout.write_atomic(path, body, durable=False)


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
