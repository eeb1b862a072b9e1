"""All checks of a graph folder, in the order in which they run; what fails one is a finding at its place.

`validate` (`kg validate`) runs the checks of files, quotes and facts, the shapes and the reasoner. `check` (`kg check`)
adds house style, the lint of ontology, shapes and stored queries, rdflib's parser and golden answers; it reads and
infers once. `validate_files` runs shapes on RDF files that are no graph folder.
"""

import os
import re
from collections.abc import Callable, Container, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any, NamedTuple

from pyoxigraph import Literal, NamedNode, Triple

from kg import limits, terminal
from kg.dataset import build, engine, golden
from kg.dataset.build import Build
from kg.errors import InputError, LimitError, UsageError, shell_word
from kg.findings import Finding, exit_code, ordered
from kg.rdf.namespaces import PREFIXES, RDF_TYPE, SH, compact
from kg.rdf.terms import Term, iri
from kg.rdf.tokens import line_column
from kg.source import documents, layout, proposals, tidying
from kg.source.article import check_notice
from kg.source.documents import Document
from kg.source.layout import GraphFolder
from kg.text.normalisation import common_prefix
from kg.validation import articles, doubts, facts, incremental, ontology, queries, shacl, shapes, verdict
from kg.validation.articles import Checks, check_articles
from kg.validation.incremental import Changes, PartialBuild
from kg.validation.queries import StoredQuery
from kg.validation.shapes_graph import TARGETS, ShapesGraph, texts
from kg.validation.sharing import Sharing, helpers_for
from kg.validation.verdict import Submit
from kg.workers.processes import collecting_rarely

Progress = Callable[[str], None]


def _unheard(line: str) -> None:
    """What is said to nobody."""


_OF_ARTICLE = ("article.txt", "facts.trig", proposals.FILE, doubts.FILE)
_MOST_NAMES = 5  # in one message
_FILES = 50  # of which one task judges the style
_BATCH = 4  # stored queries that one task parses in rdflib: about half a second


@dataclass(frozen=True)
class Report:
    """All findings, ordered by place, the numbers for a summary, and the files of golden answers that were written."""

    findings: list[Finding]
    counts: dict[str, int]
    updated: tuple[str, ...] = ()


@collecting_rarely()
def validate(
    graph_folder: GraphFolder, progress: Progress = lambda step: None, warn: Progress | None = _unheard
) -> Report:
    """Run the checks of sources and facts, the shapes and the reasoner. Reads all sources; needs no build.

    `warn` is called with a line where pyshifty fails; without it (None) pyshacl validates alone.
    """
    made = build.read_sources(documents.load_sources(graph_folder))
    checks = Checks(made)
    with Sharing(checks, helpers_for(made, None), progress) as share:
        judged = articles.start(checks, share.submit)
        findings = [*_validated(made, judged, progress, warn=warn), *doubts.findings(made)]
    return Report(ordered(findings), made.counts())


def validate_build(
    made: Build,
    progress: Progress = lambda step: None,
    *,
    changed: Iterable[Triple] | None = None,
    warn: Progress | None = None,
) -> list[Finding]:
    """The findings of `validate` on sources that are read.

    Given the statements that have `changed` (come or gone), only those results of shapes that these can affect.
    `warn` is that of `verdict.shape_findings`.
    """
    return _validated(made, partial(check_articles, made), progress, changed, warn)


def _validated(
    made: Build,
    judged: Callable[[], Iterable[Finding]],
    progress: Progress,
    changed: Iterable[Triple] | None = None,
    warn: Progress | None = None,
) -> list[Finding]:
    """What `validate_build` finds, where `judged` gives what is wrong with what articles state."""
    no_shapes = made.is_empty or not made.sources.shapes
    shaped = list if no_shapes else verdict.shape_findings(made, changed, partial, 1, warn)
    findings = [*_facts(made), *judged()]
    progress("validating with the shapes")
    findings += shaped()
    progress("looking for contradictions")
    findings += verdict.contradiction_findings(made)
    return ordered(findings)


class CheckOptions(NamedTuple):
    """How a graph folder is checked: see `check`."""

    update_answers: bool
    jobs: int | None
    timeout: float
    memory: int | None
    progress: Progress
    unfinished: Callable[[Report], None]
    warn: Progress | None


@collecting_rarely()
def check(
    graph_folder: GraphFolder,
    *,
    update_answers: bool = False,
    since: str = "",
    jobs: int | None = None,
    timeout: float = engine.SECONDS,
    memory: int | None = None,
    progress: Progress = lambda step: None,
    unfinished: Callable[[Report], None] = lambda report: None,
    warn: Progress | None = _unheard,
) -> Report:
    """Run all checks.

    `update_answers` writes the golden answers that are missing or have changed. `since` is a git revision: then only
    what the changes since can affect is checked. `jobs` is how many processes share the work. Without it one judges by
    the shapes, and `sharing.helpers_for` says how many judge facts and style. `timeout` is in seconds, for the plan and
    for the answer of each query, which `memory` limits in megabytes. A query that takes more ends this process with
    exit code 4; `unfinished` is called before, with what was found by then. `warn` is that of `validate`.
    Raises UsageError for what is no revision, LimitError where one of the processes dies.
    """
    changed = incremental.changes(graph_folder, since) if since else None
    if changed and changed.everything:
        progress("ontology, shapes or background have changed: everything is validated")
        changed = None
    with incremental.partial_build(graph_folder, changed) as part:
        made = part or build.read_sources(documents.load_sources(graph_folder))
        jobs = 1 if part else jobs
        return _check(made, changed, CheckOptions(update_answers, jobs, timeout, memory, progress, unfinished, warn))


def _check(made: Build, changed: Changes | None, options: CheckOptions) -> Report:
    stored, findings = queries.read_queries(made.sources.graph_folder, options.timeout)
    checks, files = Checks(made), changed.files if changed else None
    helpers = helpers_for(made, options.jobs)
    with Sharing(checks, helpers, options.progress) as share, processes(options.jobs or 1) as submit:
        judged, styled = articles.start(checks, share.submit, files), _style(made, share.submit, files)
        pending: list[tuple[str, Callable[[], Iterable[Finding]]]] = [
            ("checking facts and style", lambda: [*judged(), *styled()]),
            ("parsing the stored queries in rdflib", _rdflib(stored, changed, share.submit)),
            ("validating with the shapes", _shapes(made, changed, options, submit)),
        ]
        options.progress("checking ontology and stored queries")
        findings += [*_facts(made), *_lint(made, stored)]
        findings += check_notice(made.sources.graph_folder)
        findings += () if isinstance(made, PartialBuild) else doubts.findings(made)
        options.progress("looking for contradictions")
        findings += verdict.contradiction_findings(made)

        def collect() -> None:
            while pending:
                step, result = pending.pop(0)
                options.progress(step)
                findings.extend(result())

        def given_up(error: LimitError) -> None:
            if error.rule != "memory":  # else there is no time: the query still takes more
                collect()
            hint = f"make the query simpler, or {error.hint}; the queries after it were not run"
            slow = golden.QUERY.finding(error.where, error.message, hint=hint)
            options.unfinished(Report(ordered([*findings, slow]), made.counts()))

        if not helpers:
            collect()  # else other processes are at it while this one asks the queries
        options.progress("asking the stored queries")
        updated: list[str] = []
        if (asked := _asked(made, stored, changed, options.update_answers)) is not None:
            folder, twice = made.sources.graph_folder, changed is None
            store, seconds, memory = made.store(), options.timeout, options.memory
            answers = golden.Answers(folder, store, seconds, memory=memory, twice=twice, last=given_up)
            updated = answers.update(asked) if options.update_answers else []
            for finding in answers.check(asked):
                findings.append(finding)  # one by one: a query may end the process
        collect()
    return Report(ordered(findings), made.counts(), tuple(updated))


def _facts(made: Build) -> Iterator[Finding]:
    """Sources and quotes, proposals, doubts, and that there are shapes."""
    yield from made.findings
    yield from proposals.check(made.sources.graph_folder)
    yield from doubts.check(made.sources.graph_folder)
    if made.sources.complete and not made.sources.shapes:
        folder = made.sources.graph_folder
        yield documents.EMPTY.finding(folder.relative(folder.shapes), "no shapes: nothing would be validated")


def _shapes(made: Build, changed: Changes | None, options: CheckOptions, submit: Submit) -> Callable[[], list[Finding]]:
    """The lint of the shapes, and their validation report on the facts; the result fetches the findings."""
    if made.is_empty or not made.sources.shapes:
        return list
    if isinstance(made, PartialBuild):
        return verdict.shape_findings(made, made.changed, submit, 1)
    statements = changed.statements(made.evidence) if changed else None
    wanted = None if statements is None else incremental.with_bounds(statements)
    return verdict.shape_findings(made, wanted, submit, options.jobs or 1, options.warn)


def _style(made: Build, submit: articles.Submit, of: Container[str] | None) -> Callable[[], list[Finding]]:
    """What `kg fmt --check` finds, in all files or some: the first place in each that is not in house style.

    The result fetches the findings.
    """
    folder = made.sources.graph_folder
    paths = [path for path in tidying.tidy_files(folder, []) if of is None or folder.relative(path) in of]
    lots = [submit(_not_in_style, paths[i : i + _FILES]) for i in range(0, len(paths), _FILES)]
    return lambda: [finding for lot in lots for finding in lot()]


def _not_in_style(checks: Checks, paths: list[str]) -> list[Finding]:
    """The findings on the style of files."""
    sources, found = checks.made.sources, list[Finding]()
    reported = {f.file for f in sources.findings}
    for path in paths:
        name = sources.graph_folder.relative(path)
        try:
            before, after = tidying.read_and_tidy(path)
        except (InputError, LimitError) as error:
            if name not in reported:  # a file that is no part of the graph, so that nothing else has read it
                known = {c.id: c for c in (documents.FILE, documents.FORMAT, documents.TOO_DEEP, documents.TOO_LARGE)}
                check = known.get(error.rule, documents.SYNTAX)
                found.append(check.finding(name, error.message, hint=error.hint))
            continue
        if before != after and name not in reported:
            line, column = line_column(before, common_prefix(before, after))
            message = "from here on the file is not formatted as by `kg fmt`"
            hint = f"kg fmt {shell_word(name)}"
            found.append(documents.HOUSE_STYLE.finding(name, message, line=line, column=column, hint=hint))
    return found


def _lint(made: Build, stored: list[StoredQuery]) -> Iterator[Finding]:
    """What is unsound in the ontology and in stored queries; `_shapes` does the same for shapes."""
    if not made.sources.ontology_complete:
        return  # a term may be declared in a file that cannot be read
    axioms = ontology.Axioms(made.sources.ontology)
    for query in stored:
        yield from queries.check_query(query, axioms)
    yield from ontology.check_ontology(axioms)
    yield from ontology.check_lexicon(axioms)
    if made.sources.complete:
        terms = (x for d in made.sources.shapes for t in d.triples for x in (t.subject, t.predicate, t.object))
        used = {getattr(term, "value", "") for term in terms}.union(*(q.text.names for q in stored))
        yield from ontology.unused_terms(axioms, lambda name: name in used or name in made.names)


def _rdflib(stored: list[StoredQuery], changed: Changes | None, submit: articles.Submit) -> Callable[[], list[Finding]]:
    """The errors of rdflib's parser in queries that pyoxigraph parses; the result fetches the findings."""
    wanted = [q for q in stored if not q.fault and (changed is None or q.name in changed.queries)]
    texts = [(q.text.path, q.text.text) for q in wanted]
    batches = [submit(_parsed, texts[i : i + _BATCH]) for i in range(0, len(texts), _BATCH)]
    return lambda: [finding for batch in batches for finding in batch()]


def _parsed(_: Checks, texts: list[tuple[str, str]]) -> list[Finding]:
    """The findings on queries, given by path and text."""
    return queries.in_rdflib(texts)


def _asked(
    made: Build, stored: list[StoredQuery], changed: Changes | None, update: bool
) -> list[tuple[str, str]] | None:
    """The names and texts of the queries whose golden answers are compared; None for no comparison at all."""
    if made.is_empty or build.broken(made.findings):
        return None
    asked = [(q.name, q.bare) for q in stored if not q.fault]
    if not changed:
        return asked
    has_answers = update or os.path.isdir(golden.folder(made.sources.graph_folder))
    return [a for a in asked if (changed.articles and has_answers) or a[0] in changed.queries] or None


@contextmanager
def _safe_path() -> Iterator[None]:
    """Let Python processes that are started in this context import nothing from the current folder."""
    before = os.environ.get("PYTHONSAFEPATH")
    os.environ["PYTHONSAFEPATH"] = "1"
    try:
        yield
    finally:
        del os.environ["PYTHONSAFEPATH"]
        if before is not None:
            os.environ["PYTHONSAFEPATH"] = before


@contextmanager
def processes(jobs: int) -> Iterator[Submit]:
    """Other processes to submit work to; for one job this process, once the result is fetched.

    Raises LimitError where one of them dies.
    """
    if jobs == 1:
        yield partial
        return
    from concurrent.futures import BrokenExecutor, ProcessPoolExecutor
    from multiprocessing import active_children, get_context

    # Fresh processes on every platform: a copy of one that runs threads may hang. They import nothing from the current
    # folder, in which somebody else's files may lie.
    new = ProcessPoolExecutor(jobs, mp_context=get_context("spawn"), initializer=_start_worker)
    with _safe_path(), new as pool:
        try:
            yield lambda task, *arguments: limits.uninterrupted(pool.submit, task, *arguments).result
        except BrokenExecutor as error:
            raise LimitError("a worker process died", hint="try --jobs 1, or more memory") from error
        except KeyboardInterrupt:  # which does not reach them
            for process in active_children():
                process.kill()
            raise


def _start_worker() -> None:
    limits.end_with_parent()
    terminal.clean_stderr()


def only_in(findings: list[Finding], graph_folder: GraphFolder, wanted: list[str]) -> list[Finding]:
    """The findings of `validate` in the wanted files and folders, be they links; all of them where none is wanted.

    Those on files that cannot be read stay: without them nothing is judged in full. Raises UsageError for one that is
    not there, or in which `validate` reads nothing.
    """
    if not wanted:
        return findings
    g, names = graph_folder, set[str]()
    read = [p for folder in (g.ontology, g.shapes, g.authoring) for p in layout.files_in(folder, (".ttl",))]
    read += layout.files_in(g.background, (".trig",))
    read += [os.path.join(f, name) for f in layout.article_folders(g) for name in _OF_ARTICLE]
    places = {f.file: os.path.join(g.root, f.file) for f in findings} | {g.relative(path): path for path in read}
    places = {name: os.path.join(os.path.realpath(path), "") for name, path in places.items()}
    for path in wanted:
        if not os.path.exists(path) and not os.path.isabs(path):
            path = os.path.join(g.root, path)  # as findings print it
        if not os.path.exists(path) or not (g.holds(path) or os.path.samefile(path, g.root)):
            message = f"there is no {path} in the graph folder {g.root}"
            raise UsageError(message, hint="name other data with --data FILE")
        inside = os.path.join(os.path.realpath(path), "")
        if not (found := {name for name, place in places.items() if place.startswith(inside)}):
            hint = "`kg check` judges stored queries and style; other data is named with --data FILE"
            raise UsageError(f"no check of `kg validate` reads {path}", hint=hint, rule="file")
        names |= found
    return [f for f in findings if f.file in names or exit_code([f], "violation") == 3]


def validate_files(data: list[str], shapes_files: list[str], judged: Progress = lambda line: None) -> list[Finding]:
    """Ill-formed literals in RDF files, and the validation report (SHACL §3.6) of shapes on them.

    `judged` is called with a line that says which nodes were validated by which shapes; it is not called where nothing
    was, and a finding says why. Raises InputError for what is empty or cannot be read.
    """
    known: dict[str, Document] = {}  # a file that has data and shapes is read once: its blank nodes are the same
    read, rules = ([_document(path, len(paths) > 1, known) for path in paths] for paths in (data, shapes_files))
    for what, rows in (("data", read), ("shapes", rules)):
        if not any(d.quads for d in rows):
            raise InputError(f"there are no {what}: nothing can be validated", rule="empty")
    findings = [
        *shapes.reaching_out(rules),
        *shapes.passed_over(rules),
        *(f for d in read for f in facts.check_literals(d)),
    ]
    if any((f.rule, f.severity) == (shapes.SHAPE_REACHES_OUT.id, "violation") for f in findings):
        return ordered(findings)
    name = _names([*read, *rules])
    triples = [t for d in read for t in d.triples]
    try:
        validator = shacl.Validator(rules, (), name)
        found, focus_nodes = validator.validate(triples), validator.focus_nodes()
    except InputError as error:
        causes = (facts.UNKNOWN_TERM.id, shapes.ILL_FORMED_SHAPE.id)
        error.hint = next((str(f) for f in findings if f.rule in causes), error.hint)
        raise
    line, graph = _judged(read, len(triples), focus_nodes, name), ShapesGraph(rules)
    if not found and (nothing := _nothing_judged(graph, focus_nodes, triples, findings)):
        if any(map(graph.deactivated, focus_nodes)):  # it is meant so: the report says that the data conform
            judged(line)
        return ordered([nothing, *findings])
    about: dict[Any, Document] = {t.object: d for d in reversed(read) for t in d.triples}
    about |= {t.subject: d for d in reversed(read) for t in d.triples}
    for r in found:
        focus = name(r.focus.value).lstrip(":") if isinstance(r.focus, NamedNode) else ""
        hint = "" if r.cause == r.message else r.cause
        triple = (None, None, r.focus) if isinstance(r.focus, Literal) else (r.focus, r.path, r.value)
        findings.append(r.finding(about.get(r.focus, read[0]), focus, hint, triple=triple))
    judged(line)
    return ordered(findings)


def _nothing_judged(
    graph: ShapesGraph, focus_nodes: dict[Term, set[Any]], data: list[Triple], lint: list[Finding]
) -> Finding | None:
    """A finding where no shape with a constraint has a focus node, so that nothing was validated."""
    document, first = graph.statements[0]
    targets = [(d, t) for d, t in graph.statements if t.predicate.value in TARGETS and t.subject in focus_nodes]
    place = next(iter(targets), (document, first))
    if any(nodes and graph.requires(shape) for shape, nodes in focus_nodes.items()):
        return None
    if not any(iri.startswith(SH) for _, iri in shapes.iris_of(graph)):
        message = f"{document.path} uses no term of SHACL, <{SH}>"
        swapped = any(t.predicate.value.startswith(SH) for t in data)
        hint = "--data and --shapes are the other way round" if swapped else "name a file with shapes after --shapes"
        hint = next((f.hint for f in lint if f.rule == facts.UNKNOWN_TERM.id), hint)
    elif not focus_nodes:
        message, hint = "no shape has a target", "add sh:targetClass"
    elif any(map(graph.deactivated, focus_nodes)):
        message, hint = "shapes that have targets are deactivated", "remove sh:deactivated"
    elif not any(focus_nodes.values()):
        kinds = sorted(texts(t.object for t in data if t.predicate.value == RDF_TYPE))
        wanted = ", ".join(f"{compact(t.predicate.value)} {t.object}" for _, t in targets[:_MOST_NAMES])
        message = f"no node of the data is a target: {wanted or 'a class that is a shape'}"
        hint = f"the data have instances of {', '.join(f'<{k}>' for k in kinds[:_MOST_NAMES])}" if kinds else ""
    else:
        message, hint = "no shape that has a target has a constraint", "add sh:property"
    return graph.finding(place, documents.EMPTY, f"nothing was validated: {message}", hint=hint)


def _judged(data: list[Document], triples: int, focus_nodes: dict[Term, set[Any]], name: Callable[[str], str]) -> str:
    """How many focus nodes of which data were validated by how many of the shapes with targets, and not by which."""
    nodes, used = len(set[Any]().union(*focus_nodes.values())), sum(map(bool, focus_nodes.values()))
    files = data[0].path if len(data) == 1 else f"{len(data)} files"
    shapes = f"{used} of {len(focus_nodes)} shape{'s' * (len(focus_nodes) != 1)} with targets"
    size = f"{triples} triple{'s' * (triples != 1)}"
    idle = sorted(name(iri(shape)) if iri(shape) else "a nameless shape" for shape, to in focus_nodes.items() if not to)
    without = f", none by {', '.join(idle[:_MOST_NAMES])}{', …' * (len(idle) > _MOST_NAMES)}" if used and idle else ""
    return f"{files} ({size}): {nodes} focus node{'s' * (nodes != 1)} validated by {shapes}{without}"


def _names(read: list[Document]) -> Callable[[str], str]:
    """How to write an IRI: with a prefix that all documents declare for one namespace, else in full."""
    declared: dict[str, set[str]] = {}
    for document in read:
        for prefix, namespace in documents.prefixes(document).items():
            declared.setdefault(prefix, set()).add(namespace)
    prefixes = {namespaces.pop(): prefix for prefix, namespaces in declared.items() if len(namespaces) == 1}
    prefixes = {iri: prefix for prefix, iri in PREFIXES.items() if prefix not in declared} | prefixes
    longest = sorted(prefixes, key=len, reverse=True)

    def name(iri: str) -> str:
        namespace = next((n for n in longest if iri.startswith(n) and re.fullmatch(r"[\w.-]*", iri[len(n) :])), None)
        return f"<{iri}>" if namespace is None else f"{prefixes[namespace]}:{iri[len(namespace) :]}"

    return name


def _document(path: str, apart: bool, known: dict[str, Document]) -> Document:
    """An RDF file, read once; its blank nodes are `apart` from those of other data, and those of shapes always."""
    real = os.path.realpath(path)
    if real not in known:
        quads = tuple(documents.parse_file(path))
        if apart or known:
            quads = documents.stable_blank_nodes(f"{len(known)}-{path}", quads)
        with open(path, encoding="utf-8-sig", errors="replace", newline="") as file:  # parsers read no comments
            text = file.read() if path.endswith((".ttl", ".trig", ".nt", ".nq")) else ""
        known[real] = Document(path, text, quads, layout.file_iri(path))
    return known[real]
