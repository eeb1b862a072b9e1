"""The command `kg cluster`: builds a graph on Apache Spark into a folder of parts."""

import os
from argparse import Namespace

from kg.errors import UsageError, clean, require
from kg.source import layout
from kg.terminal import put, say


def cluster(options: Namespace) -> int:
    """Build the graph; how much it holds to stdout, the rest to stderr. The exit code is that of its findings."""
    require("cluster", "kg cluster", "pyspark")
    from kg.cluster import build, spark
    from kg.cluster.output import FINDINGS, SORTED, Output
    from kg.findings import exit_code, severities

    if options.reasoner != "rl":
        raise UsageError("kg cluster closes graphs by its own rules", hint="leave out --reasoner", rule="usage")
    graph_folder = layout.find_graph_folder(options.input)
    output = Output(options.output)
    output.make()
    with spark.connected(options.master, _told, output.path("spark.log")) as runner:
        made = build.run(graph_folder, output, runner, _told, options.size)
    if options.sorted:
        _told(f"sorting into {SORTED}")
        output.sort(made.manifest, build.ontology(graph_folder))
    counts, left_out = made.manifest["counts"], made.manifest["left_out"]
    put(
        f"{counts.get('articles', 0)} articles: {counts.get('passages', 0)} passages, {counts.get('claims', 0)} claims "
        f"by others, {counts['inferred']} inferred facts, in {len(made.manifest['parts']) + 1} parts\n"
    )
    if made.kept:
        say(f"{made.kept} of {len(made.manifest['parts'])} parts were there, and were kept")
    if left_out:
        more = f" and {len(left_out) - 5} more" * (len(left_out) > 5)
        say(f"left out, since they cannot be compiled: {clean(', '.join(left_out[:5]))}{more}")
    say(f"{severities(made.findings)}: {clean(os.path.join(options.output, FINDINGS))}")
    if options.master.startswith("local"):
        say("note: on one machine `kg build` and `kg export --bulk` are quicker")
    return exit_code(made.findings, "violation")


def _told(step: str) -> None:
    say(f"{step} …")
