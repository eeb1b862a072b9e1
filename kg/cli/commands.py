"""The commands of `kg`: each calls the library, prints to stdout (data) or stderr (the rest), returns an exit code."""

import os
import sys
from argparse import Namespace
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from kg import terminal
from kg.cli import report
from kg.cli.cluster import cluster as cluster
from kg.dataset import engine, stored_queries
from kg.errors import KgError, UsageError, clean, require, shell_word, to_json
from kg.graph import Graph, counted
from kg.provenance.answer import Answer, Wanted
from kg.source import layout
from kg.terminal import put, say

if TYPE_CHECKING:
    from kg.findings import Finding
    from kg.provenance.context import Context
    from kg.validation.run import Report


def tour(options: Namespace) -> int:
    """The main steps on the graph at hand; the exit code is that of the verdict."""
    from kg.findings import exit_code
    from kg.validation.run import validate

    graph = _graph(options)
    put(report.step("build", counted(graph.counts), options.color))
    verdict = validate(graph.graph_folder)
    name = clean(graph.graph_folder.name)
    put(report.step("validate", f"{name}: {report.summary(verdict.counts, verdict.findings)}", options.color))
    put(report.step("infer", f"{graph.counts['inferred']} more facts follow, such as", options.color))
    put(report.inferred(graph))
    for name in (q for q in report.TOUR_QUERIES if q in graph.queries):
        question = terminal.wrap(f"{graph.queries[name].summary}\n(kg query {name})", terminal.terminal_width() - 10)
        put("\n" + report.step("ask", "\n".join(question), options.color))
        put(f"\n{graph.query(name).table(*_terminal(options))}\n")
    put(report.step("export", f"{len(graph.export()):,} bytes of Turtle, the same on every run", options.color))
    put(report.TOUR_END)
    return exit_code(verdict.findings, "violation")


def build(options: Namespace) -> int:
    """Compile the sources, if they changed."""
    counts = _graph(options).counts
    put(f"{counted(counts)}, {counts['inferred']} inferred facts\n")
    return 0


def validate(options: Namespace) -> int:
    """Validate a graph folder, or RDF files against shapes."""
    from kg.findings import exit_code
    from kg.validation import run

    if options.data or options.shapes:
        judged: list[str] = []
        findings = run.validate_files(options.data, options.shapes, judged.append)
        _report_files(options, findings, judged)
    else:
        graph_folder = layout.find_graph_folder(options.directory, options.rules_from, own=True)
        verdict = run.validate(graph_folder, _progress, _warn(options))
        findings = run.only_in(verdict.findings, graph_folder, options.path)
        _report(options, findings, graph_folder, verdict.counts)
        if waiting := report.awaiting(graph_folder):
            say(waiting)
    return exit_code(findings, options.fail_on)


def check(options: Namespace) -> int:
    """All that CI needs; where the time limit ends the process, what was found by then is written first."""
    from kg.findings import exit_code
    from kg.validation import run

    graph_folder = layout.find_graph_folder(options.directory, options.rules_from, own=True)

    def write(found: "Report") -> None:
        _report(options, found.findings, graph_folder, found.counts, found.updated)

    found = run.check(
        graph_folder,
        update_answers=options.update_answers,
        since=options.since,
        jobs=options.jobs,
        timeout=options.timeout or engine.SECONDS,
        memory=None if options.memory else engine.memory_of_query(),
        progress=_progress,
        unfinished=write,
        warn=_warn(options),
    )
    write(found)
    return exit_code(found.findings, options.fail_on)


def query(options: Namespace) -> int:
    """Answer a query as a table on a terminal, as CSV in a pipe; without one, list the stored queries."""
    graph = _graph(options)
    if options.data:
        if options.endpoint:
            raise UsageError("--data and --endpoint each say what is asked", hint="give one of them")
        _find_query_in_data(options)
    if options.list or not options.query:
        _write(report.list_queries(graph, options.format), options.format)
        return 0
    if options.data:
        for item in options.data:  # a path, or IRI=PATH
            graph.graph_folder.refuse_way_out(item if os.path.exists(item) else item.rpartition("=")[2])
        graph = graph.over(options.data)
    answer, written = _answer(graph, options)
    if graph.engine.merged:
        say(report.MERGED_LITERALS)
    if options.picture:
        return _save(graph, options.picture, written)
    _write(written, _format(answer, options))
    stored = graph.queries.get(options.query)
    if stored and answer.is_empty:
        unknown = [] if options.data else report.unknown(stored, _parameters(options), graph)
        instead = report.instead(stored, unknown, graph)
        free = report.with_any(stored, _parameters(options), graph)
        say(report.no_rows(stored, _parameters(options), unknown, free, instead))
    if stored and not options.data and _format(answer, options) == "text":
        for line in report.beside(stored, _parameters(options), graph):
            say(line)
    return 0


def _save(graph: Graph, path: str, picture: str) -> int:
    """Write a picture to stdout or to a file, replaced as a whole."""
    if path == "-":
        put(picture.encode(), data=True)
    else:
        layout.require_folder(path)
        layout.write_named(path, picture.encode(), graph.graph_folder)
    return 0


def show(options: Namespace) -> int:
    """All facts about a thing, or a picture of its ties; without one, list all things, or draw who is tied to whom."""
    from kg.provenance.describe import Description, Listing

    graph = _graph(options)
    if options.picture:
        with _limited(graph, options):
            drawn = str(graph.timeline(options.thing) if options.timeline else graph.picture(options.thing))
        return _save(graph, options.picture, drawn)
    if options.timeline:
        raise UsageError("--timeline says which picture is wanted", hint="write --picture FILE.svg --timeline")
    with _limited(graph, options):
        thing = (
            graph.context.whole(lambda context: context.things.resolve_shown(options.thing)) if options.thing else None
        )

        def shown(context: "Context") -> str:
            found = Description(context, thing) if thing else Listing(context)
            return to_json(found.json()) if options.format == "json" else found.text(*_terminal(options))

        written = graph.context.whole(shown)
    _write(written, options.format)
    return 0


def why(options: Namespace) -> int:
    """The proof of a triple; where there is none, what is missing, and 1."""
    from kg.provenance.why import find_triple, prove, prove_all, why_not, write_proof

    graph = _graph(options)
    with _limited(graph, options):
        names = options.subject, options.predicate, options.object
        triple = graph.context.whole(lambda context: find_triple(context, *names))

        def proved(context: "Context") -> tuple[str, bool]:
            proofs = prove_all(context, triple) if options.all else list(filter(None, [prove(context, triple)]))
            found, width = proofs or why_not(context, triple), terminal.terminal_width()
            return write_proof(found, options.format, context.things, width, every=options.all), bool(proofs)

        written, holds = graph.context.whole(proved)
    _write(written, options.format)
    return 0 if holds else 1


def explain(options: Namespace) -> int:
    """What a check requires and why, or how the lexicon says a term; without a name, all checks."""
    from kg.validation import checks

    if not options.check:
        _write(checks.write_all(options.format), options.format)
        return 0
    if options.check.startswith("ent:"):
        _write(
            checks.write_term(options.check, layout.find_graph_folder(options.directory), options.format),
            options.format,
        )
        return 0
    check = checks.find(options.check, layout.find_graph_folder(options.directory))
    _write(checks.write(check, options.format), options.format)
    return 0


def diff(options: Namespace) -> int:
    """What differs between two states of a graph; 1 where anything does."""
    from kg.cli.diff import compare, write

    both = options.b and os.path.exists(options.a) and os.path.exists(options.b)
    graph_folder = layout.find_graph_folder(options.directory, own=not both)
    found = compare(options.a, options.b or graph_folder.root, graph_folder)
    _write(write(found, options.format), options.format)
    names = " and ".join(map(clean, (options.a, options.b or graph_folder.name)))
    say(f"{names}: {'some' if found else 'no'} difference")
    return int(bool(found))


def fmt(options: Namespace) -> int:
    """Format files; with --check or --diff write nothing, and return 1 where that would change one.

    A file that cannot be read is reported, and the others are formatted: the exit code is that of the error.
    """
    from kg.source import tidying
    from kg.source.layout import write_atomic

    graph_folder = layout.find_graph_folder(options.directory, own=not options.path)
    files, changed, failed = tidying.tidy_files(graph_folder, options.path), 0, 0
    for path in files:
        try:
            before, after = tidying.read_and_tidy(path)
        except KgError as error:
            say(str(error))
            failed = max(failed, error.exit_code)
            continue
        if before != after:
            changed += 1
            put(report.difference(clean(path), before, after) if options.diff else f"{clean(path)}\n")
            if not (options.check or options.diff):
                write_atomic(path, after.encode())
    if not options.path:
        say(f"{clean(graph_folder.name)}: {changed} of {len(files)} files to format")
    return failed or int(bool(changed) and (options.check or options.diff))


def site(options: Namespace) -> int:
    """Write the graph as pages; the path of the first one to stdout, how many there are to stderr."""
    from kg.pages import write_site

    layout.find_graph_folder(options.directory).refuse_link(options.folder)
    found = write_site(_graph(options), options.folder, text=options.text, progress=_progress)
    put(f"{clean(os.path.join(options.folder, 'index.html'))}\n")
    say(f"{found.files:,} files, {found.size:,} bytes" + f", {found.removed:,} old ones removed" * bool(found.removed))
    return 0


def new(options: Namespace) -> int:
    """Draft the folder of a new article: its path to stdout, the next step to stderr."""
    from kg.drafting.draft import ArticleMetadata
    from kg.drafting.incoming import read_article
    from kg.drafting.new import folder_for_articles, new_article, refuse_again

    graph_folder = folder_for_articles(options.directory)
    graph_folder.refuse_way_out(options.article)
    about = ArticleMetadata(options.name, options.title, options.language, options.reading_date, options.source)
    refuse_again(graph_folder, options.source, options.article)
    came = read_article(options.article, about, options.convert)
    made = new_article(graph_folder, came.text, came.about, came.notes)
    put(f"{clean(made.folder)}/facts.trig\n")
    there = f" -C {shell_word(options.directory)}" if options.directory else ""
    what_is_left = f"kg{there} validate {shell_word(made.folder)}"
    review = f"kg{there} review {shell_word(os.path.basename(made.folder))}"
    review = f"{made.proposals} proposal{'s await' if made.proposals != 1 else ' awaits'} review: {review}"
    what_is_left = f"{made.passages} passages to fill in; what is left: {what_is_left}"
    for line in (*made.changes, *[review] * bool(made.proposals), what_is_left):
        say(clean(line))
    return 0


def propose(options: Namespace) -> int:
    """Propose facts of an article by rules."""
    from kg.cli import review

    return review.propose(options)


def review(options: Namespace) -> int:
    """Ask of each proposal for an article whether it is accepted."""
    from kg.cli import review

    return review.review(options)


def init(options: Namespace) -> int:
    """Make a graph folder."""
    from kg.drafting.new import init_graph

    layout.find_graph_folder(options.directory).refuse_link(options.folder)
    written = init_graph(options.folder)
    say(clean(f"{len(written)} files in {options.folder}; next: kg -C {shell_word(options.folder)} validate"))
    return 0


def export(options: Namespace) -> int:
    """Write the graph to stdout, or to a file, replaced as a whole, in the format of -f or of its ending."""
    from kg.export import FORMATS, format_of, format_of_file

    if options.bulk:
        return _export_bulk(options)
    layout.require_folder(options.output)
    form, ending = options.format or format_of_file(options.output), format_of(os.path.splitext(options.output)[1])
    graph = _graph(options)
    wanted = {name: getattr(options, name) for name in ("claims", "asserted_only", "owl", "dates")}
    data = graph.export(form, **wanted)
    if ending in FORMATS and ending != form:
        say(f"note: {clean(options.output)} holds {form}, as -f says; its ending is that of {ending}")
    if options.output == "-":
        put(data, data=True)
    else:
        layout.write_named(options.output, data, graph.graph_folder)
    return 0


def _export_bulk(options: Namespace) -> int:
    """Write the dataset in parts, with scripts that load them; how much to stderr."""
    others = {"-f": options.format, "-o": options.output != "-", "--claims": options.claims, "--owl": options.owl}
    others |= {"--asserted-only": options.asserted_only, "--dates": options.dates}
    for name in (name for name, given in others.items() if given):
        hint = "leave it out: what is loaded is the dataset as it is compiled, in N-Quads"
        raise UsageError(f"--bulk cannot be written with {name}", hint=hint, rule="format")
    graph = _graph(options)
    graph.graph_folder.refuse_link(options.bulk)
    files, lines = graph.bulk(options.bulk)
    say(clean(f"{lines:,} statements in {files} part{'s' * (files != 1)}, and scripts that load them: {options.bulk}"))
    return 0


def serve(options: Namespace) -> int:
    """Serve the graph until a signal ends it."""
    require("serve", "kg serve", "starlette", "uvicorn", "jinja2")
    if options.review:
        from kg.cli import review

        return review.serve(options)
    from kg.limits import machine_memory
    from kg.serve.server import Settings, serve, share_of_memory

    workers = options.workers or 2 * (os.cpu_count() or 1)
    settings = Settings(
        directory=options.directory,
        engine=options.engine,
        reasoner=options.reasoner,
        host=options.host,
        port=options.port,
        names=tuple(options.name),
        origins=tuple(options.cors),
        seconds=options.timeout or Settings().seconds,
        memory=options.memory or share_of_memory(workers, machine_memory()),
        most=options.size,
        workers=workers,
        watch=options.watch,
    )
    name = layout.find_graph_folder(options.directory).name
    serve(settings, lambda address: put(f"{clean(name)} is served at {address}/\n"))
    return 0


def mcp(options: Namespace) -> int:
    """Serve the graph to an assistant until stdin ends."""
    require("mcp", "kg mcp", "mcp")
    from kg.mcp.server import Settings, serve

    settings = Settings(
        directory=options.directory,
        engine=options.engine,
        reasoner=options.reasoner,
        seconds=options.timeout or Settings().seconds,
        memory=options.memory or Settings().memory,
    )
    serve(settings)
    return 0


def _graph(options: Namespace) -> Graph:
    graph_folder = layout.find_graph_folder(options.directory)
    if graph_folder.name == layout.UNASKED and not getattr(options, "data", None):
        say(f"note: there is no graph folder here: this is {layout.UNASKED}")
    graph = Graph(graph_folder, options.engine, options.reasoner, _progress)
    if address := getattr(options, "endpoint", ""):
        graph = graph.at(address, options.timeout or engine.SECONDS)
        for line in graph.notes:
            say(f"note: {clean(line)}")
    return graph


def _write(written: str, form: str | None) -> None:
    put(written, data=form not in (None, "text", "md"))


def _progress(step: str) -> None:
    if sys.stderr.isatty():
        say(f"{step} …")


def _warn(options: Namespace) -> "Callable[[str], None] | None":
    """What says that pyshifty has failed; None where it was not to be used."""
    return None if options.shacl == "pyshacl" else lambda line: say(f"warning: {clean(line)}")


def _terminal(options: Namespace) -> tuple[int, bool]:
    """The width of the terminal in columns, and whether to color."""
    return terminal.terminal_width(), terminal.use_color(sys.stdout, options.color)


def _report(
    options: Namespace,
    findings: "list[Finding]",
    graph_folder: layout.GraphFolder,
    counts: dict[str, int] | None = None,
    updated: Sequence[str] = (),
    named: Sequence[str] = (),
) -> None:
    """Findings on stdout; on stderr the files that were `updated`, a summary and, on a terminal, the next step."""
    from kg.findings import SEVERITIES

    listed = report.shown(findings, options.format, options.fail_on) if counts else findings
    _write(report.write_findings(findings, options.format, graph_folder, listed=listed, named=named), options.format)
    if counts:
        for path in updated:
            say(f"wrote {clean(path)}")
        say(f"{clean(graph_folder.name)}: {report.summary(counts, findings, hidden=len(listed) < len(findings))}")
        if listed and sys.stderr.isatty():
            gravest = min(listed, key=lambda f: SEVERITIES.index(f.severity))
            say(f"kg explain {clean(gravest.rule)}: what it means, and what to write")


def _report_files(options: Namespace, findings: "list[Finding]", judged: list[str]) -> None:
    """Findings on files that are no graph folder; on stderr what was `judged`, a line, or nothing.

    A SHACL validation report has the results of the shapes alone, and is written where these were applied.
    """
    from kg.findings import severities

    here, named = layout.GraphFolder(".", name=", ".join(options.data)), [*options.data, *options.shapes]
    rest = [f for f in findings if not f.results] if options.format == "turtle" else []
    if judged or not rest:
        _report(options, [f for f in findings if f.results] if rest else findings, here, named=named)
    if rest:
        say(report.write_findings(rest, "text", here, named=named).rstrip("\n"))
    for line in judged:
        say(f"{clean(line)}: {severities(findings)}")


def _answer(graph: Graph, options: Namespace) -> tuple[Answer, str]:
    """The answer of a query and how it is written, within the time limit."""
    if options.all and not options.receipts:
        raise UsageError("--all says which receipts are wanted", hint="write --receipts --all")
    wanted: Wanted = "all" if options.all else options.receipts
    text, base, parameters = options.query, "", _parameters(options)
    if text == "-" or text.endswith(".rq") or (os.path.splitext(text)[1] and os.path.isfile(text)):
        graph.graph_folder.refuse_way_out(text)
        text, base = stored_queries.read(text), "" if text == "-" else layout.file_iri(text)
    with _limited(graph, options):
        answer = graph.ask(text, parameters, wanted, base=base)
        if options.picture:
            return answer, str(answer.plot())
        form = _format(answer, options)
        return answer, answer.table(*_terminal(options)) if form == "text" else answer.write(form)


@contextmanager
def _limited(graph: Graph, options: Namespace) -> Iterator[None]:
    """Limit the time and memory of an answer, but not of the build before it, which may take longer."""
    graph.compile()
    memory = None if options.memory else engine.memory_of_query()
    timer = engine.watchdog(options.timeout or engine.SECONDS, memory=memory)
    try:
        with engine.limited(memory if options.engine == "rdflib" else None):
            yield
    finally:
        timer.cancel()


def _find_query_in_data(options: Namespace) -> None:
    """Take for the query what stands among the files of --data without an ending of RDF: `--data all.ttl q.rq`."""
    from kg.source.documents import FORMATS

    others = [x for x in options.data if os.path.splitext(x)[1].lower() not in FORMATS]
    if not options.query and len(others) == 1:
        options.query = others[0]
        options.data.remove(others[0])


def _parameters(options: Namespace) -> dict[str, str]:
    for pair in options.parameter:
        if "=" not in pair:
            raise UsageError(f"“{pair}” is no parameter", hint=f"write -p {pair or 'name'}=VALUE", rule="parameter")
    return dict(pair.split("=", 1) for pair in options.parameter)


def _format(answer: Answer, options: Namespace) -> str:
    in_a_pipe = "turtle" if isinstance(answer.found, list) else "csv"
    form: str = options.format or ("text" if sys.stdout.isatty() else in_a_pipe)
    return form
