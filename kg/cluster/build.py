"""The steps of a build on a cluster: shards are compiled elsewhere, and what follows from all of them is computed here.

An article is in the shard that the hash of its name gives, so that a change moves no other article; the number of
shards is a power of two, and changes only when a graph has doubled. A shard is known by its articles, the rules, and
this tool. The dataset is that of `kg build`, byte for byte. What runs the tasks is given, so that the steps need no
Spark. More facts than one process holds are closed elsewhere, too (`closing`).
"""

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from pyoxigraph import Triple

from kg.cluster import GaveUpError, Progress, Runner, closing
from kg.cluster.closing import Parted, Parts
from kg.cluster.output import Output
from kg.dataset import build, cache, computed, shards
from kg.dataset.shards import EVERYTHING, Joined, Labels, NounPhrases, ReadArticle, Relational
from kg.errors import InputError
from kg.findings import Finding, ordered
from kg.reasoning import closure
from kg.source import documents, layout
from kg.source.documents import FACTS, TEXT, Sources
from kg.source.layout import GraphFolder

SIZE = 150  # articles of a shard: two seconds of work, and 30 MB of quads
LOTS = 4  # tasks for each that can be done at the same time


class Built(NamedTuple):
    """A build: its manifest, its findings, and how many of its shards were there before."""

    manifest: dict[str, Any]
    findings: list[Finding]
    kept: int


# Which articles are compiled together


class FolderShard(NamedTuple):
    """Articles of a graph folder that every machine reaches under the same path."""

    root: str
    schema: str
    names: tuple[str, ...]

    @property
    def graph_folder(self) -> GraphFolder:
        """Where the articles are."""
        return GraphFolder(self.root, self.schema)

    def prints(self) -> Iterator[str]:
        """The fingerprint of each article as it is now."""
        folder = self.graph_folder
        for name in self.names:
            paths = (os.path.join(folder.articles, name, file) for file in (TEXT, FACTS))
            yield cache.content_print(filter(os.path.lexists, paths), folder)

    def read(self) -> Iterator[ReadArticle]:
        """The articles, read one by one."""
        return shards.from_folders(self.graph_folder, self.names)


def key(tool: str, wanted: Relational, names: Iterable[str], prints: Iterable[str]) -> str:
    """By what a shard is known, 32 hexadecimal digits."""
    properties = "all" if wanted.properties is None else " ".join(sorted(wanted.properties))
    rows = (f"{name} {found}" for name, found in zip(names, prints, strict=True))
    return cache.digest(f"{part}\n".encode(errors="surrogatepass") for part in (tool, properties, *rows))


def shared_out(graph_folder: GraphFolder, size: int = SIZE) -> list[FolderShard]:
    """The articles of a graph folder in shards of about this size."""
    names = [os.path.basename(folder) for folder in layout.article_folders(graph_folder)]
    count = number(len(names), size)
    found: dict[int, list[str]] = {}
    for name in names:
        found.setdefault(place(name, count), []).append(name)
    return [FolderShard(graph_folder.root, graph_folder.schema, tuple(found[i])) for i in sorted(found)]


def number(articles: int, size: int) -> int:
    """How many shards so many articles make: a power of two."""
    return 1 << max(0, (articles - 1) // size).bit_length()


def place(name: str, count: int) -> int:
    """The shard of an article, among so many."""
    return int(cache.digest([name.encode(errors="surrogatepass")])[:12], 16) % count


# The steps


class Made(NamedTuple):
    """A compiled shard: its key, whether it was there before, its articles, and the facts that it gives the others."""

    key: str
    is_there: bool
    articles: int
    facts: int


@dataclass(frozen=True)
class Compile:
    """The task that compiles a shard, unless it is there.

    What is `broken` is compiled as well where that is so; articles that have `ended` their process are left out.
    """

    output: Output
    wanted: Relational
    tool: str
    broken: bool = False
    ended: frozenset[str] = frozenset()

    def __call__(self, shard: FolderShard) -> Made:
        """Read the articles, compile them, write the part. Raises InputError for another version of this tool."""
        if (tool := cache.tool_print("rl")) != self.tool:
            message = "another version of this package runs on the machines of the cluster"
            raise InputError(message, hint="install there what runs here", rule="version")
        key_ = key(f"{tool} {self.broken}", self.wanted, shard.names, shard.prints())
        if is_there := self.output.has(key_):
            there = self.output.read(key_)
            return Made(key_, is_there, there.articles, len(there.facts))
        names = tuple(name for name in shard.names if name not in self.ended)
        made = shards.compile_shard(shard._replace(names=names).read(), self.wanted, broken=self.broken)
        for name in self.ended:
            message = f"the article {name} ended the process that compiled it, each time"
            made.findings.append(shards.UNCOMPILED.finding(f"kg/articles/{name}/{FACTS}", message))
            made.left_out.append(name)
        self.output.write(key_, made)
        return Made(key_, is_there, made.articles, len(made.facts))


class Compiled(NamedTuple):
    """All shards compiled, what follows from all, ontology and the like.

    Where the facts are `parted`, `joined` has no more than ontology and background.
    """

    parts: list[FolderShard]
    made: list[Made]
    joined: Joined
    parted: Parted | None
    rest: Sources
    tool: str

    @property
    def keys(self) -> list[str]:
        """The keys of the shards, in their order."""
        return [made.key for made in self.made]


def run(
    graph_folder: GraphFolder,
    output: Output,
    runner: Runner,
    progress: Progress,
    size: int = SIZE,
    at_once: int = closing.AT_ONCE,
    rows: Sequence[Finding] = (),
) -> Built:
    """Build the dataset of a graph folder in shards of about so many articles; more facts are closed in parts.

    `rows` are findings of a table on what is left out of the folder. Raises InputError where ontology or background are
    broken, or where no article can be read; then all is left as it was.
    """
    found = compiled(graph_folder, output, runner, progress, size, at_once)
    shared_part = output.shared(_key(found.tool, found.rest, found.keys))
    output.write_lines(shared_part, sorted({*found.joined.lines(), *labels(found, output, runner)}))
    return summed(found, output, shared_part, rows)


def compiled(
    graph_folder: GraphFolder,
    output: Output,
    runner: Runner,
    progress: Progress,
    size: int,
    at_once: int,
    *,
    broken: bool = False,
) -> Compiled:
    """Compile all shards that are not there; what is `broken` only to be validated. Raises InputError as `run`."""
    output.make()
    progress("reading ontology and background")
    rest = documents.load_sources(graph_folder, ())
    if wrong := build.broken(rest.findings):
        raise InputError("the sources are broken; nothing was built", findings=wrong[:3])
    shared = shared_out(graph_folder, size)
    tool = cache.tool_print("rl")
    for wanted in (shards.relational(rest), EVERYTHING):
        made = _made(Compile(output, wanted, tool, broken), shared, runner)
        keys = [m.key for m in made]
        if not any(m.articles for m in made):
            _refuse_nothing(output, keys)
        if sum(m.facts for m in made) > at_once and wanted.properties is not None:
            base, parted = _parted(graph_folder, output, runner, rest, wanted, made, at_once)
            if parted is not None:
                return Compiled(shared, made, base, parted, rest, tool)
            progress("facts give rules of their own: all facts are closed at once")
        joined = shards.join(map(output.read, keys), rest, wanted)
        if joined is not None:
            return Compiled(shared, made, joined, None, rest, tool)
        progress("facts give rules of their own, or things are the same: all facts are compared")
    raise AssertionError("all facts were compared")


def _refuse_nothing(output: Output, keys: list[str]) -> None:
    """Raise InputError: no article could be read."""
    findings = ordered(f for key_ in keys for f in output.read(key_).findings if f.severity == "violation")
    message = "no article can be read, so what was there before is kept"
    more = f"the first of {len(findings)} violations" * (len(findings) > 3)
    raise InputError(message, hint=more, findings=findings[:3], rule="empty")


def _made(task: Compile, shared: list[FolderShard], runner: Runner) -> list[Made]:
    """Compile shards; where one ends its process each time, all but the articles that do so."""
    try:
        return runner.run(task, shared, "compiling articles")
    except GaveUpError:
        if len(shared) > 1:
            half = len(shared) // 2
            return [*_made(task, shared[:half], runner), *_made(task, shared[half:], runner)]
        ended = frozenset(_ending(task, shared[0], runner))
        if not ended:
            raise
        return runner.run(replace(task, ended=ended), shared, f"compiling without {', '.join(sorted(ended))}")


def _ending(task: Compile, shard: FolderShard, runner: Runner) -> list[str]:
    """The articles of a shard that end the process that compiles them. Raises GaveUpError where an empty shard does."""
    names = shard.names
    try:
        runner.run(task, [shard], f"looking for what ended a process among {len(names)} articles")
    except GaveUpError:
        if len(names) > 1:
            half = len(names) // 2
            halves = (shard._replace(names=some) for some in (names[:half], names[half:]))
            return [name for part in halves for name in _ending(task, part, runner)]
        runner.run(task, [shard._replace(names=())], "making sure that processes run")
        return list(names)
    return []


def _parted(
    graph_folder: GraphFolder,
    output: Output,
    runner: Runner,
    rest: Sources,
    wanted: Relational,
    made: list[Made],
    at_once: int,
) -> tuple[Joined, Parted | None]:
    """Close the facts of all shards in parts; None where they can be closed at once only."""
    base = shards.join((), rest, wanted)
    assert base is not None
    keys = [m.key for m in made]
    axioms = [*base.ontology, *(q.triple for q in base.background)]
    joins = closure.joins(axioms, [computed.PART_OF.value])
    if joins is None:
        return base, None
    number = closing.number(sum(m.facts for m in made), at_once)
    with output.work() as folder:
        name = _key(f"{cache.tool_print('rl')} {number}", rest, keys)
        parts = Parts(graph_folder, output, folder, name, wanted, joins, number)
        return closing.without(base), closing.close(parts, keys, runner)


def _key(tool: str, rest: Sources, keys: list[str]) -> str:
    """By what is known what follows from all shards."""
    print_ = cache.file_print((d.path, d.text.encode()) for d in (*rest.ontology, *rest.background))
    return cache.digest(part.encode() for part in (tool, print_, *keys))


def without(rows: Iterable[Finding]) -> list[str]:
    """The articles that a table names, but which are left out of the folder by these findings."""
    return sorted({f.value for f in rows if f.rule == shards.ROW.id and f.value})


def summed(found: Compiled, output: Output, shared_part: str, more: Sequence[Finding] = ()) -> Built:
    """Write the manifest of all shards, and their findings with `more`."""
    findings, left_out, counts, rows = [*more], without(more), dict[str, int](), list[dict[str, Any]]()
    for key_, shard in ((key_, output.read(key_)) for key_ in found.keys):
        findings += shard.findings
        left_out += shard.left_out
        rows.append({"key": key_, "file": output.part(key_), "articles": shard.articles})
        for name, number in shard.counts.items():
            counts[name] = counts.get(name, 0) + number
    counts["inferred"] = found.parted.inferred if found.parted else len(found.joined.inferred)
    closed = found.parted.files if found.parted else []
    manifest = {"counts": counts, "left_out": sorted(left_out), "parts": rows, "closed": closed, "shared": shared_part}
    findings = ordered(findings)
    output.finish(manifest, findings)
    return Built(manifest, findings, sum(made.is_there for made in found.made))


def labels(found: Compiled, output: Output, runner: Runner) -> list[str]:
    """The labels that are computed of things, as lines."""
    files = [*map(output.part, found.keys), *(found.parted.files if found.parted else ())]
    joined = replace(found.joined, things=found.parted.things) if found.parted else found.joined
    with output.work() as folder:
        things = shards.write_naming(folder, joined, [output.merged(files, shards.naming_lines)])
        named = runner.run(NounPhrases(folder), shards.lots(things, LOTS * runner.width), "naming things")
        alone, shared = shards.apart({thing: phrase for some in named for thing, phrase in some.items()})
        others = runner.run(
            Labels(folder), shards.lots(shared, LOTS * runner.width), "telling apart what is called alike"
        )
        return [*alone, *(line for some in others for line in some)]


def ontology(graph_folder: GraphFolder) -> list[Triple]:
    """The triples of the ontology of a graph folder."""
    return [t for d in documents.load_sources(graph_folder, ()).ontology for t in d.triples]
