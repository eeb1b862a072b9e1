"""The steps of a validation on a cluster: articles, things and relations are judged in parts, elsewhere.

The findings are those of `kg validate`, in its order. What a build can leave out is validated all the same: an article
whose quotes are wrong, but not one whose files cannot be read.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from pyoxigraph import RdfFormat, Store

from kg.cluster import Progress, Runner, build, closing
from kg.cluster.build import Built, Compiled, FolderShard
from kg.cluster.output import Output
from kg.dataset import shards
from kg.dataset.sorted_quads import SortedQuads
from kg.findings import Finding
from kg.source import proposals
from kg.source.layout import GraphFolder
from kg.validation import doubts, verdict
from kg.validation import shards as parts
from kg.validation.shards import Alike, Judge


@dataclass(frozen=True)
class Articles:
    """The task that judges the articles of a shard; `known` are findings on relations."""

    judge: Judge
    known: tuple[Finding, ...]

    def __call__(self, shard: FolderShard) -> list[Finding]:
        """The findings."""
        own = {f"kg/articles/{name}/facts.trig" for name in shard.names}
        return parts.articles(self.judge, shard.names, [f for f in self.known if f.file in own])


@dataclass(frozen=True)
class Things:
    """The task that judges the things in a part of the index by the shapes."""

    judge: Judge

    def __call__(self, part: tuple[int, int]) -> list[Finding]:
        """The findings."""
        return parts.things(self.judge, part)


@dataclass(frozen=True)
class Relations:
    """The task that compares relations."""

    judge: Judge

    def __call__(self, alike: list[Alike]) -> list[Finding]:
        """The findings."""
        return parts.compared(self.judge, alike)


def run(
    graph_folder: GraphFolder,
    output: Output,
    runner: Runner,
    progress: Progress,
    size: int = build.SIZE,
    at_once: int = closing.AT_ONCE,
    rows: Sequence[Finding] = (),
    shacl: str = "auto",
) -> Built:
    """Validate a graph folder in shards of about so many articles; more facts `at_once` are closed in parts.

    `rows` are findings of a table on what is left out of the folder; `shacl` is “pyshacl” or “auto”.

    Raises InputError where ontology or background are broken, where no article can be read, and for shapes in SPARQL.
    """
    found = build.compiled(graph_folder, output, runner, progress, size, at_once, broken=True)
    left_out = {name for key in found.keys for name in output.read(key).left_out}
    first = min(name for part in found.parts for name in part.names if name not in left_out)
    with output.work() as folder:
        progress("writing an index of all facts")
        files = [*map(output.part, found.keys), *(found.parted.bounds if found.parted else ())]
        noted = parts.write_index(folder, [sorted(found.joined.stated_lines()), output.merged(files, iter)], found.rest)
        is_complete = not found.rest.findings and not left_out and not rows
        lint = verdict.lint_shapes(found.rest, noted.stated, noted.claimed) if found.rest.shapes else []
        is_sound = bool(found.rest.shapes) and not any(f.severity == "violation" for f in lint)
        judge = Judge(graph_folder, folder, first, is_complete, is_sound, shacl)
        findings = [*lint, *_judged(judge, noted.alike(), found, size, runner)]
        findings += _contradictions(judge, found, output, runner, progress)
    findings += [*rows, *proposals.check(graph_folder), *doubts.check(graph_folder)]
    return build.summed(found, output, "", findings)


def _judged(judge: Judge, alike: list[Alike], found: Compiled, size: int, runner: Runner) -> list[Finding]:
    known = _all(runner.run(Relations(judge), _lots(alike, 2 * size), "comparing relations"))
    findings = [*known, *parts.everywhere(judge)]
    findings += _all(runner.run(Articles(judge, tuple(known)), found.parts, "judging articles"))
    if not judge.sound:
        return findings
    count = max(build.LOTS * runner.width, sum(len(part.names) for part in found.parts) // size)
    ranges = SortedQuads(judge.folder).parts(count)
    return [*findings, *_all(runner.run(Things(judge), ranges, "judging things by the shapes"))]


def _lots(alike: list[Alike], most: int) -> list[list[Alike]]:
    """Relations to compare, shared out so that those of one lot need few articles: so many, or those of one group."""
    lots, read = list[list[Alike]](), set[str]()
    for each in sorted(alike, key=lambda a: (a.articles, sorted(a.things))):
        if not lots or len(read.union(each.articles)) > most:
            lots.append([])
            read = set()
        lots[-1].append(each)
        read.update(each.articles)
    return lots


def _all(found: list[list[Finding]]) -> list[Finding]:
    return [f for some in found for f in some]


def _contradictions(judge: Judge, found: Compiled, output: Output, runner: Runner, progress: Progress) -> list[Finding]:
    """Contradictions, and the doubts of a second reader: few, or none, and both need a store of the dataset."""
    doubted = set(doubts.doubted(judge.graph_folder))
    closed, parted = found.joined.closure, found.parted
    if parted is not None and parted.contradicts:
        progress("facts contradict each other: all are closed at once, to prove it")
        joined = shards.join(map(output.read, found.keys), found.rest, shards.relational(found.rest))
        assert joined is not None
        closed = joined.closure
    if not closed.contradictions and not doubted:
        return []
    store = Store(f"{judge.folder}/store")
    for name in (*map(output.part, found.keys), *(parted.files if parted else ())):
        store.bulk_load(path=output.path(name), format=RdfFormat.N_QUADS, lenient=True)
    shared_lines = [*found.joined.lines(), *build.labels(found, output, runner)]
    store.bulk_load("\n".join(shared_lines).encode(), format=RdfFormat.N_QUADS, lenient=True)
    made = judge.part(doubted)
    return [*parts.contradictions(made, closed, store), *doubts.findings(made)]
