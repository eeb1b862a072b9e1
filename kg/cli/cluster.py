"""The command `kg cluster`: builds or validates a graph on Apache Spark, into a folder of parts."""

import os
from argparse import Namespace

from kg.errors import UsageError, clean, require
from kg.source import layout
from kg.terminal import put, say

_QUICKER = {"build": "`kg build` and `kg export --bulk` are", "check": "`kg validate` is"}


def cluster(options: Namespace) -> int:
    """Build or validate; how much there is to stdout, the rest to stderr. The exit code is that of the findings.

    What is on stdout is there only once all has been written.
    """
    require("cluster", "kg cluster", "pyspark")
    from kg.cluster import build, check, spark, table
    from kg.cluster.output import CHECKED, FINDINGS, MANIFEST, SORTED, TABLES, Output
    from kg.dataset.shards import ROW
    from kg.findings import exit_code, severities

    if options.reasoner != "rl":
        raise UsageError("kg cluster closes graphs by its own rules", hint="leave out --reasoner", rule="usage")
    is_build = options.action == "build"
    table.require_input(options.input)
    is_table = table.is_table(options.input)
    words = graph_folder = layout.find_graph_folder(options.directory if is_table else options.input)
    output = Output(options.output, MANIFEST if is_build else CHECKED)
    rows = []
    with output.locked():
        output.make()
        before = [name for name in (TABLES, SORTED) if os.path.exists(output.path(name))]
        if is_table:
            say(f"ontology, shapes and background are those of {clean(words.name)}; -C names another graph folder")
        with spark.connected(options.master, _told, output.path("spark.log")) as runner:
            if is_table:
                graph_folder = table.graph_folder(output.folder)
                unpacked = runner.unpack(options.input, table.Unpack(graph_folder.articles))
                rows = table.keep(graph_folder, options.input, unpacked)
                table.take_words(graph_folder, words)
            made = (build.run if is_build else check.run)(
                graph_folder, output, runner, _told, options.size, options.at_once, rows
            )
            if options.tables:
                runner.write_tables(output, made.manifest)
        if options.sorted and is_build:
            _told(f"sorting into {SORTED}")
            output.sort(made.manifest, build.ontology(graph_folder))
    counts, left_out, parts = made.manifest["counts"], made.manifest["left_out"], len(made.manifest["parts"])
    passages, claims = _many(counts.get("passages", 0), "passage"), _many(counts.get("claims", 0), "claim")
    articles, inferred = _many(counts["articles"], "article"), _many(counts["inferred"], "inferred fact")
    put(f"{articles}: {passages}, {claims} by others, {inferred}, in {_many(parts, 'part')}\n")
    if made.kept:
        say(f"parts that were there, and were kept: {made.kept} of {parts}")
    if left_out:
        manifest = clean(os.path.join(options.output, MANIFEST if is_build else CHECKED))
        more = f" and {len(left_out) - 5} more, which {manifest} names" * (len(left_out) > 5)
        say(f"left out, see the findings: {clean(', '.join(left_out[:5]))}{more}")
    if nameless := sum(f.rule == ROW.id and not f.value for f in rows):
        say(f"left out, see the findings: {_many(nameless, 'row')} of the table without the name of an article")
    for name in before:
        if not os.path.exists(output.path(name)):
            say(f"removed, since the run before wrote it: {clean(os.path.join(options.output, name))}")
    for name, is_there in ((TABLES, options.tables), (SORTED, options.sorted and is_build)):
        if is_there:
            say(f"written: {clean(os.path.join(options.output, name))}")
    say(f"{severities(made.findings)}: {clean(os.path.join(options.output, FINDINGS))}")
    if runner.is_local:
        say(f"note: on one machine {_QUICKER[options.action]} quicker")
    return exit_code(made.findings, "violation")


def _many(number: int, noun: str) -> str:
    return f"{number} {noun}{'s' * (number != 1)}"


def _told(step: str) -> None:
    say(f"{step} …")
