"""Writes pages into files, part by part: in one process, or in several that share what was prepared (`kg.workers`)."""

import gc
import json
import os
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from kg.errors import InputError, KgError
from kg.pages import links
from kg.pages.caching import remembering
from kg.pages.renderer import Renderer
from kg.source import layout

if TYPE_CHECKING:
    from kg.graph import Graph
    from kg.workers.processes import Starter, Worker

IN_MEMORY = 300_000  # facts: up to here, a large graph is loaded into memory, once for all processes
_SECONDS = 24 * 3600.0  # that a part may take
_SELDOM = (100_000, 100, 1_000)  # thresholds of the garbage collector: nearly all that is made is kept, or is no circle

Progress = Callable[[str], None]
Sizes = dict[str, int]  # of files in bytes, by their names relative to the folder, with forward slashes


class Writer:
    """Writes the pages of a graph into a folder in parts, those that take long first."""

    def __init__(self, renderer: Renderer, folder: str, per_part: int) -> None:
        self._renderer, self._folder, self._known = renderer, folder, set[str]()
        single = renderer.by_article()
        self.parts = [*renderer.paths(), *(single[at : at + per_part] for at in range(0, len(single), per_part))]

    def write(self, number: int) -> Sizes:
        """Write the part with this number."""
        found = {}
        for path in self.parts[number]:
            for own, page in self._renderer.with_further(path):
                name = (own + links.INDEX if own.endswith("/") else own).removeprefix("/")
                save(self._folder, name, page.body, self._known)
                found[name] = len(page.body)
        return found

    def write_all(self, progress: Progress) -> Sizes:
        """Write all of them, in this process."""
        from kg.workers.processes import collecting_rarely

        with collecting_rarely():
            results = ((number, self.write(number)) for number in range(len(self.parts)))
            return _counted(results, [*map(len, self.parts)], progress)


def write_by_processes(graph: "Graph", folder: str, jobs: int, progress: Progress, **options: Any) -> Sizes:
    """Write all pages of a graph into a folder, by so many processes; for `options` see `prepare`."""
    from concurrent.futures import ThreadPoolExecutor, as_completed
    from contextlib import closing

    from kg.errors import LimitError
    from kg.workers import processes

    of = graph.graph_folder
    given = {"root": of.root, "schema": of.schema, "engine": graph.engine_name, "reasoner": graph.reasoner}
    in_memory = graph.counts["facts"] + graph.counts["inferred"] <= IN_MEMORY
    settings = ("kg.pages.writing:prepare", {**given, "folder": folder, **options}, _SECONDS, None)
    progress("loading the graph")
    # An open store on disk survives no fork.
    starter: Starter = processes.starter(*settings) if in_memory else processes.starter(*settings, fork=False)
    with ThreadPoolExecutor(jobs) as threads, closing(starter):  # which is closed before threads are waited for
        try:
            workers = [starter.start() for _ in range(jobs)]
            free = [*workers]

            def write(number: int) -> Sizes:
                worker: Worker = free.pop()
                try:
                    written: Sizes = processes.told(worker.exchange(json.dumps(number).encode()))["files"]
                finally:
                    free.append(worker)
                return written

            parts = starter.about["parts"]
            numbers = {threads.submit(write, number): number for number in range(len(parts))}
            found = _counted(((numbers[f], f.result()) for f in as_completed(numbers)), parts, progress)
            for worker in workers:
                worker.close()
        except (EOFError, OSError) as error:
            hint = "try again with more memory" if os.path.isdir(folder) else ""
            raise LimitError("a process that writes pages died", hint=hint, rule="crash") from error
    return found


def prepare(
    *, root: str, schema: str, engine: str, reasoner: str, folder: str, quotes_only: bool, per_part: int
) -> tuple[Callable[[bytes], bytes], dict[str, Any]]:
    """What writes a part, for workers: see `kg.workers.processes`. `parts` is told of it: how many paths each has."""
    from kg.graph import Graph
    from kg.workers.processes import as_message

    graph = Graph(layout.GraphFolder(root, schema), engine, reasoner)
    graph.load(IN_MEMORY)
    gc.set_threshold(*_SELDOM)
    renderer = Renderer(remembering(graph), static=True, quotes_only=quotes_only)
    writer = Writer(renderer, folder, per_part)
    for path in renderer.by_article()[:10]:  # so that each process has what all pages need
        renderer.render(path)
    gc.collect()
    gc.freeze()  # what all processes share is never looked through again, nor copied for that

    def answer(request: bytes) -> bytes:
        try:
            return json.dumps({"files": writer.write(json.loads(request))}).encode()
        except KgError as error:
            return as_message(error)

    return answer, {"parts": [len(part) for part in writer.parts]}


def _counted(results: Iterable[tuple[int, Sizes]], parts: list[int], progress: Progress) -> Sizes:
    """What all parts wrote, given with their numbers, while it is told how many of the paths are done."""
    found: Sizes = {}
    total, done = sum(parts), 0
    progress(f"0 of {total:,} pages")
    for number, written in results:
        found.update(written)
        done += parts[number]
        progress(f"{done:,} of {total:,} pages")
    return found


def save(folder: str, name: str, body: bytes, known: set[str] | None = None) -> None:
    """Write a file in a folder, unless it is the same as before; `name` has forward slashes.

    Folders that are `known` were looked at before. Raises InputError where a link leads out.
    """
    path = os.path.join(folder, *name.split("/"))
    above = os.path.dirname(path)
    if known is None or above not in known:
        real = os.path.join(layout.real_path_or_empty(folder), "")
        if not os.path.join(layout.real_path_or_empty(above), "").startswith(real):
            raise InputError("a folder of the pages is a link to a place outside", where=above, rule="file")
        os.makedirs(above, exist_ok=True)
        if known is not None:
            known.add(above)
    with suppress(OSError):
        if layout.read_regular(path, len(body) + 1) == body:
            return  # the same as before: whoever copies by time need not copy it
    layout.write_atomic(path, body, durable=False)
