"""The command `kg cluster`: builds or validates a graph on Apache Spark, into a folder of parts."""

import os
from argparse import Namespace

from kg.errors import UsageError, clean, require
from kg.source import layout
from kg.terminal import put, say

_QUICKER = {"build": "`kg build` and `kg export --bulk` are", "check": "`kg validate` is"}


def cluster(options: Namespace) -> int:
    """Build or validate; how much there is to stdout, the rest to stderr. The exit code is that of the findings."""
    require("cluster", "kg cluster", "pyspark")
    from kg.cluster import build, check, spark, table
    from kg.cluster.output import CHECKED, FINDINGS, MANIFEST, SORTED, Output
    from kg.findings import exit_code, severities

    if options.reasoner != "rl":
        raise UsageError("kg cluster closes graphs by its own rules", hint="leave out --reasoner", rule="usage")
    is_build = options.action == "build"
    is_table = table.is_table(options.input)
    graph_folder = layout.find_graph_folder(options.directory if is_table else options.input)
    output = Output(options.output, MANIFEST if is_build else CHECKED)
    output.make()
    with spark.connected(options.master, _told, output.path("spark.log")) as runner:
        if is_table:
            graph_folder = table.graph_folder(output.folder, graph_folder)
            table.keep(graph_folder, runner.unpack(options.input, table.Unpack(graph_folder.articles)))
        made = (build.run if is_build else check.run)(
            graph_folder, output, runner, _told, options.size, options.at_once
        )
        if options.tables:
            runner.write_tables(output, made.manifest)
    if options.sorted and is_build:
        _told(f"sorting into {SORTED}")
        output.sort(made.manifest, build.ontology(graph_folder))
    counts, left_out = made.manifest["counts"], made.manifest["left_out"]
    put(
        f"{counts.get('articles', 0)} articles: {counts.get('passages', 0)} passages, {counts.get('claims', 0)} claims "
        f"by others, {counts['inferred']} inferred facts, in {len(made.manifest['parts']) + is_build} parts\n"
    )
    if made.kept:
        say(f"{made.kept} of {len(made.manifest['parts'])} parts were there, and were kept")
    if left_out:
        more = f" and {len(left_out) - 5} more" * (len(left_out) > 5)
        say(f"left out, since they cannot be compiled: {clean(', '.join(left_out[:5]))}{more}")
    say(f"{severities(made.findings)}: {clean(os.path.join(options.output, FINDINGS))}")
    if runner.is_local:
        say(f"note: on one machine {_QUICKER[options.action]} quicker")
    return exit_code(made.findings, "violation")


def _told(step: str) -> None:
    say(f"{step} …")
