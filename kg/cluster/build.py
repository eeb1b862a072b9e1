"""The steps of a build on a cluster: shards are compiled elsewhere, and what follows from all of them is computed here.

The dataset is that of `kg build`, byte for byte. What runs the tasks is given, so that the steps need no Spark.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol, TypeVar

from pyoxigraph import Triple

from kg.cluster import shared
from kg.cluster.output import Output
from kg.cluster.shared import FolderShard
from kg.dataset import build, cache, shards
from kg.dataset.shards import EVERYTHING, Joined, Labels, NounPhrases, Relational
from kg.errors import InputError
from kg.findings import Finding, ordered
from kg.source import documents
from kg.source.documents import Sources
from kg.source.layout import GraphFolder

T = TypeVar("T")
R = TypeVar("R")
_LOTS = 4
Progress = Callable[[str], None]


class Runner(Protocol):
    """What runs tasks on other machines, of which `width` can be done at the same time."""

    width: int

    def run(self, task: "Callable[[T], R]", items: Sequence[T], step: str) -> list[R]:
        """The results of a task for each item, in their order; raises KgError where one cannot be had."""


class Here(Runner):
    """Runs tasks in this process."""

    width = 1

    def run(self, task: "Callable[[T], R]", items: Sequence[T], step: str) -> list[R]:
        """One after the other."""
        return list(map(task, items))


class Built(NamedTuple):
    """A build: its manifest, its findings, and how many of its shards were there before."""

    manifest: dict[str, Any]
    findings: list[Finding]
    kept: int


@dataclass(frozen=True)
class Compile:
    """The task that compiles a shard, unless it is there; the result is its key, and whether it was there."""

    folder: str
    wanted: Relational
    tool: str

    def __call__(self, shard: FolderShard) -> tuple[str, bool]:
        """Read the articles, compile them, write the part. Raises InputError for another version of this tool."""
        if (tool := cache.tool_print("rl")) != self.tool:
            message = "another version of this package runs on the machines of the cluster"
            raise InputError(message, hint="install there what runs here", rule="version")
        output = Output(self.folder)
        key = shared.key(tool, self.wanted, shard.names, shard.prints())
        if is_there := output.has(key):
            return key, is_there
        output.write(key, shards.compile_shard(shard.read(), self.wanted))
        return key, False


def run(
    graph_folder: GraphFolder, output: Output, runner: Runner, progress: Progress, size: int = shared.SIZE
) -> Built:
    """Build the dataset of a graph folder in shards of about so many articles.

    Raises InputError where ontology or background are broken, or where there is no article.
    """
    output.make()
    progress("reading ontology and background")
    rest = documents.load_sources(graph_folder, ())
    if wrong := build.broken(rest.findings):
        raise InputError("the sources are broken; nothing was built", findings=wrong[:3])
    parts = shared.shared_out(graph_folder, size)
    wanted, tool = shards.relational(rest), cache.tool_print("rl")
    made = _compiled(parts, wanted, tool, output, runner)
    joined = shards.join((output.read(key) for key, _ in made), rest, wanted)
    if joined is None:
        progress("facts give rules of their own, or things are the same: all facts are compared")
        wanted = EVERYTHING
        made = _compiled(parts, wanted, tool, output, runner)
        joined = shards.join((output.read(key) for key, _ in made), rest, wanted)
        assert joined is not None
    return _finished(made, joined, rest, tool, output, runner)


def _compiled(
    parts: list[FolderShard], wanted: Relational, tool: str, output: Output, runner: Runner
) -> list[tuple[str, bool]]:
    return runner.run(Compile(output.folder, wanted, tool), parts, "compiling articles")


def _finished(
    made: list[tuple[str, bool]], joined: Joined, rest: Sources, tool: str, output: Output, runner: Runner
) -> Built:
    keys = [key for key, _ in made]
    print_ = cache.file_print((d.path, d.text.encode()) for d in (*rest.ontology, *rest.background))
    shared_part = output.shared(cache.digest(part.encode() for part in (tool, print_, *keys)))
    lines = {*joined.lines(), *_labels(keys, joined, output, runner)}
    output.write_lines(shared_part, sorted(lines))
    findings, left_out, counts, rows = list[Finding](), list[str](), dict[str, int](), list[dict[str, Any]]()
    for key, shard in ((key, output.read(key)) for key in keys):
        findings += shard.findings
        left_out += shard.left_out
        rows.append({"key": key, "file": output.part(key), "articles": shard.counts.get("articles", 0)})
        for name, number in shard.counts.items():
            counts[name] = counts.get(name, 0) + number
    counts["inferred"] = len(joined.inferred)
    manifest = {"counts": counts, "left_out": sorted(left_out), "parts": rows, "shared": shared_part}
    findings = ordered(findings)
    output.finish(manifest, findings)
    return Built(manifest, findings, sum(is_there for _, is_there in made))


def _labels(keys: list[str], joined: Joined, output: Output, runner: Runner) -> list[str]:
    """The labels that are computed of things, as lines."""
    with output.work() as folder:
        things = shards.write_naming(folder, joined, [output.lines(output.part(key)) for key in keys])
        named = runner.run(NounPhrases(folder), _chunks(things, runner.width), "naming things")
        alone, shared_out = shards.apart({thing: phrase for some in named for thing, phrase in some.items()})
        others = runner.run(Labels(folder), _chunks(shared_out, runner.width), "telling apart what is called alike")
        return [*alone, *(line for some in others for line in some)]


def _chunks(rows: list[T], width: int) -> list[list[T]]:
    """Rows in as many lots as give each of so many tasks at a time a few."""
    size = max(1, -(-len(rows) // (_LOTS * width)))
    return [rows[at : at + size] for at in range(0, len(rows), size)]


def ontology(graph_folder: GraphFolder) -> list[Triple]:
    """The triples of the ontology of a graph folder."""
    return [t for d in documents.load_sources(graph_folder, ()).ontology for t in d.triples]
