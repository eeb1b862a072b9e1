"""What each command does: one call of the library, then printing. Data to stdout, everything else to stderr."""

import sys
from argparse import Namespace
from typing import TYPE_CHECKING

from kg import engines, paths, queries, tables
from kg.answers import Answer, Wanted
from kg.errors import UsageError
from kg.graph import Graph

if TYPE_CHECKING:
    from kg.findings import Finding


def tour(options: Namespace) -> int:
    """The main job on the real article, shown."""
    from kg import tour

    return tour.run(_graph(options), _write, tables.terminal_width(), tables.use_color(sys.stdout, options.color))


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
    from kg import reports, validation
    from kg.findings import exit_code

    if options.data or options.shapes:
        from kg import foreign

        findings = foreign.judge(options.data, options.shapes)
        _write(reports.write(findings, options.format, "."))
        return exit_code(findings, options.fail_on)
    rooms = paths.find(options.directory, options.rules_from)
    verdict = validation.validate(rooms, _progress)
    findings = validation.within(verdict.findings, rooms, options.path)
    infos = reports.lists_infos(options.format, options.fail_on)
    _write(reports.write(findings, options.format, rooms.root, infos=infos))
    print(reports.summary(verdict.counts, findings, listed=infos), file=sys.stderr)
    _next_step(findings)
    return exit_code(findings, options.fail_on)


def check(options: Namespace) -> int:
    """All that CI needs: findings on stdout, a summary and what was written on stderr."""
    from kg import checking, reports
    from kg.findings import exit_code

    rooms = paths.find(options.directory, options.rules_from)
    seconds = options.timeout or engines.SECONDS

    infos = reports.lists_infos(options.format, options.fail_on)

    def told(report: checking.Report) -> None:
        _write(reports.write(report.findings, options.format, rooms.root, infos=infos))
        for path in report.updated:
            print(f"wrote {tables.clean(path)}", file=sys.stderr)
        print(reports.summary(report.counts, report.findings, listed=infos), file=sys.stderr)
        _next_step(report.findings)

    report = checking.check(
        rooms,
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
        from kg import reports

        _write(reports.questions(graph.queries, options.format))
        return 0
    text, parameters = _text(options.query), _parameters(options.parameter)
    if options.data:
        graph = graph.over(options.data)
    graph.compile()  # a build may take longer than an answer
    timer = engines.watchdog(options.timeout or engines.SECONDS)
    try:
        answer = graph.ask(text, parameters, _receipts(options))
        shown = _shown(answer, options)
    finally:
        timer.cancel()
    _write(shown)
    if options.query in graph.queries and answer.is_empty and _form(answer, options) == "text":
        from kg import reports

        print(reports.no_rows(graph.queries[options.query], parameters), file=sys.stderr)
    return 0


def show(options: Namespace) -> int:
    """What the graph knows of a thing, or what things it knows."""
    from kg.show import Listing

    graph = _graph(options)
    shown = graph.show(options.thing) if options.thing else Listing(graph.context)
    if options.format == "json":
        import json

        _write(json.dumps(shown.json(), ensure_ascii=False, indent=2) + "\n")
    else:
        _write(shown.text(tables.terminal_width(), tables.use_color(sys.stdout, options.color)))
    return 0


def why(options: Namespace) -> int:
    """The proof of a triple; where there is none what comes close to one, and 1."""
    from kg import explain

    graph = _graph(options)
    triple = explain.find(graph.context, options.subject, options.predicate, options.object)
    proofs = (
        explain.prove_all(graph.context, triple)
        if options.all
        else list(filter(None, [explain.prove(graph.context, triple)]))
    )
    found = proofs or explain.absence(graph.context, triple)
    _write(explain.write(found, options.format, graph.things, tables.terminal_width(), every=options.all))
    return 0 if proofs else 1


def explain(options: Namespace) -> int:
    """What a check says and why; without a name, all checks."""
    from kg import checks

    if not options.check:
        _write(checks.write_all(options.format))
        return 0
    _write(checks.write(checks.find(options.check, paths.find(options.directory)), options.format))
    return 0


def diff(options: Namespace) -> int:
    """What changed between two states of a graph; 1 where anything did."""
    from kg import diff

    rooms = paths.find(options.directory)
    found = diff.compare(options.a, options.b or rooms.root, rooms)
    _write(diff.write(found, options.format))
    return int(bool(found))


def fmt(options: Namespace) -> int:
    """House style: rewrite, or with --check or --diff only tell."""
    from kg import tidying
    from kg.writer import write_atomic

    changed = 0
    for path in tidying.files(paths.find(options.directory), options.path):
        before, after = tidying.read(path)
        if before == after:
            continue
        changed += 1
        _write(tidying.difference(path, before, after) if options.diff else f"{path}\n")
        if not (options.check or options.diff):
            write_atomic(path, after.encode())
    return int(bool(changed) and (options.check or options.diff))


def new(options: Namespace) -> int:
    """Draft the folder of a new article: its path to stdout, what to do next to stderr."""
    from kg import intake
    from kg.drafting import About

    rooms = intake.room(options.directory)
    text, changes = intake.decoded(options.article, intake.read(options.article), options.convert)
    about = About(options.name, options.title, options.language, options.reading_date, options.source)
    made = intake.new(rooms, text, about, changes)
    _write(f"{made.folder}/facts.trig\n")
    for line in (*made.changes, f"{made.passages} passages to fill in; what is left: kg validate {made.folder}"):
        print(tables.clean(line), file=sys.stderr)
    return 0


def init(options: Namespace) -> int:
    """Make a graph folder."""
    from kg import scaffold

    written = scaffold.init(options.folder)
    folder = tables.clean(options.folder)
    print(f"{len(written)} files in {folder}; next: kg -C {folder} validate", file=sys.stderr)
    return 0


def export(options: Namespace) -> int:
    """Write the graph, atomically where it goes to a file."""
    from kg.writer import write_atomic

    data = _graph(options).export(options.format, claims=options.claims, asserted_only=options.asserted_only)
    if options.output == "-":
        sys.stdout.buffer.write(data)
    else:
        write_atomic(options.output, data)
    return 0


def _graph(options: Namespace) -> Graph:
    return Graph(paths.find(options.directory), options.engine, options.reasoner, _progress)


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
    return queries.read(name) if name == "-" or name.endswith(".rq") else name


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
    return answer.table(tables.terminal_width(), tables.use_color(sys.stdout, options.color))
