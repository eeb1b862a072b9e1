"""The steps of a build on a cluster: shards are compiled elsewhere, and what follows from all of them is computed here.

The dataset is that of `kg build`, byte for byte. What runs the tasks is given, so that the steps need no Spark.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol, TypeVar

from pyoxigraph import Triple

from kg.cluster import shared
from kg.cluster.output import CHECKED, MANIFEST, Output
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
LOTS = 4  # tasks for each that can be done at the same time
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
    broken: bool = False  # whether what is broken is compiled as well

    def __call__(self, shard: FolderShard) -> tuple[str, bool]:
        """Read the articles, compile them, write the part. Raises InputError for another version of this tool."""
        if (tool := cache.tool_print("rl")) != self.tool:
            message = "another version of this package runs on the machines of the cluster"
            raise InputError(message, hint="install there what runs here", rule="version")
        output = Output(self.folder, CHECKED if self.broken else MANIFEST)
        key = shared.key(f"{tool} {self.broken}", self.wanted, shard.names, shard.prints())
        if is_there := output.has(key):
            return key, is_there
        output.write(key, shards.compile_shard(shard.read(), self.wanted, broken=self.broken))
        return key, False


class Compiled(NamedTuple):
    """All shards compiled: the key of each and whether it was there, what follows from all, ontology and the like."""

    parts: list[FolderShard]
    made: list[tuple[str, bool]]
    joined: Joined
    rest: Sources
    tool: str

    @property
    def keys(self) -> list[str]:
        """The keys of the shards, in their order."""
        return [key for key, _ in self.made]


def run(
    graph_folder: GraphFolder, output: Output, runner: Runner, progress: Progress, size: int = shared.SIZE
) -> Built:
    """Build the dataset of a graph folder in shards of about so many articles.

    Raises InputError where ontology or background are broken, or where there is no article.
    """
    return _finished(compiled(graph_folder, output, runner, progress, size), output, runner)


def compiled(
    graph_folder: GraphFolder, output: Output, runner: Runner, progress: Progress, size: int, *, broken: bool = False
) -> Compiled:
    """Compile all shards that are not there; what is `broken` only to be validated. Raises InputError as `run`."""
    output.make()
    progress("reading ontology and background")
    rest = documents.load_sources(graph_folder, ())
    if wrong := build.broken(rest.findings):
        raise InputError("the sources are broken; nothing was built", findings=wrong[:3])
    parts = shared.shared_out(graph_folder, size)
    tool = cache.tool_print("rl")
    for wanted in (shards.relational(rest), EVERYTHING):
        made = runner.run(Compile(output.folder, wanted, tool, broken), parts, "compiling articles")
        joined = shards.join((output.read(key) for key, _ in made), rest, wanted)
        if joined is not None:
            return Compiled(parts, made, joined, rest, tool)
        progress("facts give rules of their own, or things are the same: all facts are compared")
    raise AssertionError("all facts were compared")


def _finished(found: Compiled, output: Output, runner: Runner) -> Built:
    keys, joined, rest = found.keys, found.joined, found.rest
    print_ = cache.file_print((d.path, d.text.encode()) for d in (*rest.ontology, *rest.background))
    shared_part = output.shared(cache.digest(part.encode() for part in (found.tool, print_, *keys)))
    output.write_lines(shared_part, sorted({*joined.lines(), *labels(keys, joined, output, runner)}))
    return summed(found, output, shared_part)


def summed(found: Compiled, output: Output, shared_part: str, more: Iterable[Finding] = ()) -> Built:
    """Write the manifest of all shards, and their findings with `more`."""
    findings, left_out, counts, rows = [*more], list[str](), dict[str, int](), list[dict[str, Any]]()
    for key, shard in ((key, output.read(key)) for key in found.keys):
        findings += shard.findings
        left_out += shard.left_out
        rows.append({"key": key, "file": output.part(key), "articles": shard.counts.get("articles", 0)})
        for name, number in shard.counts.items():
            counts[name] = counts.get(name, 0) + number
    counts["inferred"] = len(found.joined.inferred)
    manifest = {"counts": counts, "left_out": sorted(left_out), "parts": rows, "shared": shared_part}
    findings = ordered(findings)
    output.finish(manifest, findings)
    return Built(manifest, findings, sum(is_there for _, is_there in found.made))


def labels(keys: list[str], joined: Joined, output: Output, runner: Runner) -> list[str]:
    """The labels that are computed of things, as lines."""
    with output.work() as folder:
        own = (shards.naming_lines(output.lines(output.part(key))) for key in keys)
        things = shards.write_naming(folder, joined, own)
        named = runner.run(NounPhrases(folder), shards.lots(things, LOTS * runner.width), "naming things")
        alone, shared_out = shards.apart({thing: phrase for some in named for thing, phrase in some.items()})
        others = runner.run(
            Labels(folder), shards.lots(shared_out, LOTS * runner.width), "telling apart what is called alike"
        )
        return [*alone, *(line for some in others for line in some)]


def ontology(graph_folder: GraphFolder) -> list[Triple]:
    """The triples of the ontology of a graph folder."""
    return [t for d in documents.load_sources(graph_folder, ()).ontology for t in d.triples]
