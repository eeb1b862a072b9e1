"""What each command does: one call of the library, then printing. Data to stdout, everything else to stderr."""

import sys
from argparse import Namespace
from typing import TYPE_CHECKING

from kg import terminal
from kg.dataset import engine, stored_queries
from kg.errors import UsageError
from kg.graph import Graph
from kg.provenance.answer import Answer, Wanted
from kg.source import layout

if TYPE_CHECKING:
    from kg.findings import Finding


def tour(options: Namespace) -> int:
    """The main job on the real article, shown."""
    from kg.cli.tour import run_tour

    return run_tour(_graph(options), _write, terminal.terminal_width(), terminal.use_color(sys.stdout, options.color))


def build(options: Namespace) -> int:
    """Compile the sources, if they changed."""
    graph = _graph(options)
    counts = graph.counts
    _write(
        f"{counts['articles']} article(s), {counts['passages']} passages, {counts['facts']} facts, "
        f"{counts['claims']} claims, {counts['background']} background, {counts['inferred']} inferred\n"
    )
    return 0


def validate(options: Namespace) -> int:
    """The verdict: findings on stdout, a summary on stderr."""
    from kg.cli.report import lists_infos, summary, write_findings
    from kg.findings import exit_code
    from kg.validation import run

    if options.data or options.shapes:
        from kg.validation.run import judge_files

        findings = judge_files(options.data, options.shapes)
        _write(write_findings(findings, options.format, "."))
        return exit_code(findings, options.fail_on)
    graph_folder = layout.find_graph_folder(options.directory, options.rules_from)
    verdict = run.validate(graph_folder, _progress)
    findings = run.within(verdict.findings, graph_folder, options.path)
    infos = lists_infos(options.format, options.fail_on)
    _write(write_findings(findings, options.format, graph_folder.root, infos=infos))
    print(summary(verdict.counts, findings, listed=infos), file=sys.stderr)
    _next_step(findings)
    return exit_code(findings, options.fail_on)


def check(options: Namespace) -> int:
    """All that CI needs: findings on stdout, a summary and what was written on stderr."""
    from kg.cli.report import lists_infos, summary, write_findings
    from kg.findings import exit_code
    from kg.validation import run

    graph_folder = layout.find_graph_folder(options.directory, options.rules_from)
    seconds = options.timeout or engine.SECONDS

    infos = lists_infos(options.format, options.fail_on)

    def told(report: run.Report) -> None:
        _write(write_findings(report.findings, options.format, graph_folder.root, infos=infos))
        for path in report.updated:
            print(f"wrote {terminal.clean(path)}", file=sys.stderr)
        print(summary(report.counts, report.findings, listed=infos), file=sys.stderr)
        _next_step(report.findings)

    report = run.check(
        graph_folder,
        update_answers=options.update_answers,
        since=options.since,
        jobs=options.jobs,
        timeout=seconds,
        progress=_progress,
        unfinished=told,
    )
    told(report)
    return exit_code(report.findings, options.fail_on)


def query(options: Namespace) -> int:
    """Ask, and print a table on a terminal or CSV in a pipe."""
    graph = _graph(options)
    if options.list or not options.query:
        from kg.cli.report import list_queries, no_rows

        _write(list_queries(graph.queries, options.format))
        return 0
    text, parameters = _text(options.query), _parameters(options.parameter)
    if options.data:
        graph = graph.over(options.data)
    graph.compile()  # a build may take longer than an answer
    timer = engine.watchdog(options.timeout or engine.SECONDS)
    try:
        answer = graph.ask(text, parameters, _receipts(options))
        shown = _shown(answer, options)
    finally:
        timer.cancel()
    _write(shown)
    if options.query in graph.queries and answer.is_empty and _form(answer, options) == "text":
        from kg.cli.report import list_queries, no_rows

        print(no_rows(graph.queries[options.query], parameters), file=sys.stderr)
    return 0


def show(options: Namespace) -> int:
    """What the graph knows of a thing, or what things it knows."""
    from kg.provenance.describe import Listing

    graph = _graph(options)
    shown = graph.show(options.thing) if options.thing else Listing(graph.context)
    if options.format == "json":
        import json

        _write(json.dumps(shown.json(), ensure_ascii=False, indent=2) + "\n")
    else:
        _write(shown.text(terminal.terminal_width(), terminal.use_color(sys.stdout, options.color)))
    return 0


def why(options: Namespace) -> int:
    """The proof of a triple; where there is none what comes close to one, and 1."""
    from kg.provenance.why import absence, find_triple, prove, prove_all, write_proof

    graph = _graph(options)
    triple = find_triple(graph.context, options.subject, options.predicate, options.object)
    proofs = prove_all(graph.context, triple) if options.all else list(filter(None, [prove(graph.context, triple)]))
    found = proofs or absence(graph.context, triple)
    _write(write_proof(found, options.format, graph.things, terminal.terminal_width(), every=options.all))
    return 0 if proofs else 1


def explain(options: Namespace) -> int:
    """What a check says and why; without a name, all checks."""
    from kg.validation import checks

    if not options.check:
        _write(checks.write_all(options.format))
        return 0
    _write(checks.write(checks.find(options.check, layout.find_graph_folder(options.directory)), options.format))
    return 0


def diff(options: Namespace) -> int:
    """What changed between two states of a graph; 1 where anything did."""
    from kg.cli.diff import compare, write

    graph_folder = layout.find_graph_folder(options.directory)
    found = compare(options.a, options.b or graph_folder.root, graph_folder)
    _write(write(found, options.format))
    return int(bool(found))


def fmt(options: Namespace) -> int:
    """House style: rewrite, or with --check or --diff only tell."""
    from kg.source import documents
    from kg.source.writer import write_atomic

    changed = 0
    for path in documents.tidy_files(layout.find_graph_folder(options.directory), options.path):
        before, after = documents.read_and_tidy(path)
        if before == after:
            continue
        changed += 1
        _write(documents.difference(path, before, after) if options.diff else f"{path}\n")
        if not (options.check or options.diff):
            write_atomic(path, after.encode())
    return int(bool(changed) and (options.check or options.diff))


def new(options: Namespace) -> int:
    """Draft the folder of a new article: its path to stdout, what to do next to stderr."""
    from kg.drafting.draft import ArticleMetadata
    from kg.drafting.new import articles_of, decoded, new_article, read_text

    graph_folder = articles_of(options.directory)
    text, changes = decoded(options.article, read_text(options.article), options.convert)
    about = ArticleMetadata(options.name, options.title, options.language, options.reading_date, options.source)
    made = new_article(graph_folder, text, about, changes)
    _write(f"{made.folder}/facts.trig\n")
    for line in (*made.changes, f"{made.passages} passages to fill in; what is left: kg validate {made.folder}"):
        print(terminal.clean(line), file=sys.stderr)
    return 0


def init(options: Namespace) -> int:
    """Make a graph folder."""
    from kg.drafting.new import init_graph

    written = init_graph(options.folder)
    folder = terminal.clean(options.folder)
    print(f"{len(written)} files in {folder}; next: kg -C {folder} validate", file=sys.stderr)
    return 0


def export(options: Namespace) -> int:
    """Write the graph, atomically where it goes to a file."""
    from kg.source.writer import write_atomic

    data = _graph(options).export(options.format, claims=options.claims, asserted_only=options.asserted_only)
    if options.output == "-":
        sys.stdout.buffer.write(data)
    else:
        write_atomic(options.output, data)
    return 0


def _graph(options: Namespace) -> Graph:
    return Graph(layout.find_graph_folder(options.directory), options.engine, options.reasoner, _progress)


def _write(text: str) -> None:
    sys.stdout.write(text)


def _progress(words: str) -> None:
    if sys.stderr.isatty():
        print(f"{words} …", file=sys.stderr)


def _next_step(findings: "list[Finding]") -> None:
    """Where somebody is looking on: how to read more of the first of the gravest findings."""
    from kg.findings import SEVERITIES

    if findings and sys.stderr.isatty():
        gravest = min(findings, key=lambda f: SEVERITIES.index(f.severity))
        print(f"kg explain {gravest.rule}: what it means, and what to write", file=sys.stderr)


def _parameters(given: list[str]) -> dict[str, str]:
    for pair in given:
        if "=" not in pair:
            raise UsageError(f"“{pair}” is no parameter", hint="write -p name=value", rule="parameter")
    return dict(pair.split("=", 1) for pair in given)


def _text(name: str) -> str:
    """A stored query's name as it is; the text of a file or of stdin."""
    return stored_queries.read(name) if name == "-" or name.endswith(".rq") else name


def _receipts(options: Namespace) -> Wanted:
    if options.all and not options.receipts:
        raise UsageError("--all says which receipts are wanted", hint="write --receipts --all")
    return "all" if options.all else bool(options.receipts)


def _form(answer: Answer, options: Namespace) -> str:
    usual = "turtle" if isinstance(answer.found, list) else "csv"
    return options.format or ("text" if sys.stdout.isatty() else usual)


def _shown(answer: Answer, options: Namespace) -> str:
    chosen = _form(answer, options)
    if chosen != "text":
        return answer.write(chosen)
    return answer.table(terminal.terminal_width(), terminal.use_color(sys.stdout, options.color))
