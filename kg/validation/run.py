"""`kg check`: all that CI needs, as one list of findings.

The verdict of `kg validate`, house style, the hygiene of words, rules and questions, and golden answers. Everything is
read once and the closure is made once. What takes seconds (shapes, rdflib's reading of the questions) is shared among
processes, if the caller wants several.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

from pyoxigraph import Literal, NamedNode, Quad, Triple

from kg.dataset import build, engine, golden
from kg.dataset.build import Build
from kg.dataset.golden import QUERY, Answers
from kg.errors import InputError, LimitError, UsageError
from kg.findings import Finding, ordered
from kg.rdf import literals
from kg.rdf.namespaces import RDF_TYPE, readable
from kg.rdf.tokens import line_column
from kg.source import documents
from kg.source.documents import EMPTY, FILE, FORMAT, HOUSE_STYLE, SYNTAX, Document
from kg.source.layout import GraphFolder
from kg.validation import entities, facts, incremental, ontology, queries, shacl, verdict
from kg.validation.facts import LITERAL
from kg.validation.incremental import Changes, PartialBuild, changes, with_bounds
from kg.validation.ontology import CLASS_KINDS, Axioms, iri
from kg.validation.queries import DeclaredTerms, StoredQuery
from kg.validation.shapes import reaching_out
from kg.validation.verdict import Hire

# Judging data and shapes that are no graph folder: any RDF files that the user names.


def judge_files(data: list[str], shapes: list[str]) -> list[Finding]:
    """What SHACL and the lexical check find in files. Raises InputError for what is empty or cannot be read."""
    documents, rules = ([_document(path, apart=len(paths) > 1) for path in paths] for paths in (data, shapes))
    for what, rows in (("data", documents), ("shapes", rules)):
        if not any(d.quads for d in rows):
            raise InputError(f"there are no {what}: nothing can be judged", rule="empty")
    reaching = reaching_out(rules)
    if reaching:
        return ordered(reaching)
    found = shacl.Validator(rules, ()).judge(t for d in documents for t in d.triples)
    wrong = (f for d in documents for q in d.quads if (f := _literal(d, q)))
    homes = {t.subject: d for d in reversed(documents) for t in reversed(d.triples)}
    return ordered([*(_result(homes.get(r.focus, documents[0]), r) for r in found), *wrong])  # type: ignore[arg-type]


def _document(path: str, *, apart: bool) -> Document:
    quads = tuple(documents.parse_file(path, apart=apart))
    with open(path, encoding="utf-8-sig", newline="") as file:
        text = file.read() if path.endswith((".ttl", ".trig", ".nt", ".nq")) else ""
    return Document(path, text, quads)


def _literal(document: Document, quad: Quad) -> Finding | None:
    problem = literals.problem(quad.object) if isinstance(quad.object, Literal) else None
    triple = (quad.subject, quad.predicate, quad.object)
    return document.finding(LITERAL, problem, triple=triple) if problem else None


def _result(document: Document, result: shacl.Result) -> Finding:
    focus = readable(result.focus.value) if isinstance(result.focus, NamedNode) else "a thing without a name"
    triple = (result.focus, result.path, result.value)
    return document.finding(result.check, f"{focus}: {result.message}", severity=result.severity, triple=triple)


# The verdict on a graph folder: files, quotes, literals, words, shapes, contradictions, each as findings.


@dataclass(frozen=True)
class Verdict:
    """All findings, ordered by place, and the numbers that a summary needs."""

    findings: list[Finding]
    counts: dict[str, int]


def validate(graph_folder: GraphFolder, progress: Callable[[str], None] = lambda words: None) -> Verdict:
    """Judge a graph folder whole. Reads everything afresh; needs no build."""
    found = documents.load_sources(graph_folder)
    made = build.read_sources(found)
    findings = [*made.findings, *facts.check_wording(made), *entities.check_consistency(made)]
    if not found.shapes and not found.findings:
        findings.append(EMPTY.finding(graph_folder.relative(graph_folder.shapes), "no shapes: nothing would be judged"))
    elif made.evidence and found.shapes and found.ontology:
        progress("judging by the shapes")
        findings += verdict.by_shapes(made)()
    if made.evidence:
        progress("looking for contradictions")
        findings += verdict.by_contradictions(made)
    return Verdict(ordered(findings), made.counts())


def within(findings: list[Finding], graph_folder: GraphFolder, wanted: list[str]) -> list[Finding]:
    """The findings in the wanted files and folders; all of them where none is wanted."""
    prefixes = [_prefix(path, graph_folder) for path in wanted]
    return [f for f in findings if not prefixes or any((f.file + "/").startswith(p) for p in prefixes)]


def _prefix(path: str, graph_folder: GraphFolder) -> str:
    if not os.path.exists(path) or not (graph_folder.holds(path) or os.path.samefile(path, graph_folder.root)):
        raise UsageError(
            f"there is no {path} in the graph folder {graph_folder.root}", hint="name other data with --data FILE"
        )
    relative = os.path.relpath(os.path.realpath(path), os.path.realpath(graph_folder.root)).replace(os.sep, "/")
    return "" if relative == "." else f"{relative}/"


Progress = Callable[[str], None]
_BATCH = 4  # questions that one task reads in rdflib: about half a second


@dataclass(frozen=True)
class Report:
    """All findings, ordered by place, the numbers for a summary, and the golden answers that were written."""

    findings: list[Finding]
    counts: dict[str, int]
    updated: list[str]


def check(
    graph_folder: GraphFolder,
    *,
    update_answers: bool = False,
    since: str = "",
    jobs: int = 1,
    timeout: float = engine.SECONDS,
    progress: Progress = lambda words: None,
    unfinished: Callable[[Report], None] = lambda report: None,
) -> Report:
    """Check a graph folder whole.

    `update_answers` writes the golden answers that are missing or have changed. `since` is a git revision: then only
    what has changed since can concern is judged, and what was sound before is taken to be so. `jobs` is how many
    processes share the work; `timeout` is in seconds, for the plan and for the answer of each question. A question
    that takes longer ends this process with exit code 4; `unfinished` is called before with what was found by then.
    Raises UsageError for what is no revision, LimitError where one of the processes dies.
    """
    changed = changes(graph_folder, since) if since else None
    if changed and changed.everything:
        progress("words, rules or background have changed: everything is judged")
        changed = None
    with incremental.partial_build(graph_folder, changed) as part:
        made = part or build.read_sources(documents.load_sources(graph_folder))
        return _check(made, changed, CheckOptions(update_answers, 1 if part else jobs, timeout, progress, unfinished))


class CheckOptions(NamedTuple):
    """How a graph folder is checked: see `check`."""

    update_answers: bool
    jobs: int
    timeout: float
    progress: Progress
    unfinished: Callable[[Report], None]


def _check(made: Build, changed: Changes | None, work: CheckOptions) -> Report:
    questions, findings = queries.read_queries(made.sources.graph_folder, work.timeout)
    with _crew(work.jobs) as hire:
        unread = questions if changed is None else [q for q in questions if q.name in changed.questions]
        shapes = _judge(made, hire, changed, work.jobs)
        read = [hire(_in_rdflib, batch) for batch in _batches(unread)]
        rest: list[tuple[str, Callable[[], list[Finding]]]] = [
            ("judging by the shapes", shapes),
            ("reading the questions in rdflib", lambda: [f for batch in read for f in batch()]),
        ]
        work.progress("checking words, questions and style")
        findings += [*_verdict(made, changed), *_style(made, changed), *_hygiene(made, questions)]
        work.progress("looking for contradictions")
        findings += [] if made.is_empty else verdict.by_contradictions(made)

        def gather() -> None:
            while rest:
                words, fetch = rest.pop(0)
                work.progress(words)
                findings.extend(fetch())

        def so_far(path: str) -> None:
            gather()
            hint = "make the question simpler, or raise the limit with --timeout SECONDS; later ones were not asked"
            slow = QUERY.finding(path, f"no answer within {work.timeout:g} s", hint=hint)
            work.unfinished(Report(ordered([*findings, slow]), made.counts(), []))

        if work.jobs == 1:
            gather()  # else others are at it, while the questions are asked here
        work.progress("asking the questions")
        updated = _answers(made, questions, changed, work, findings, so_far)
        gather()
    return Report(ordered(findings), made.counts(), updated)


def _verdict(made: Build, changed: Changes | None) -> Iterator[Finding]:
    """What `kg validate` finds before shapes and closure."""
    yield from made.findings
    yield from facts.check_wording(made, changed.files if changed else None)
    yield from entities.check_consistency(made)
    if made.sources.words_known and not made.sources.shapes:
        graph_folder = made.sources.graph_folder
        yield EMPTY.finding(graph_folder.relative(graph_folder.shapes), "no shapes: nothing would be judged")


def _judge(made: Build, hire: Hire, changed: Changes | None, jobs: int) -> Callable[[], list[Finding]]:
    """Have the shapes judge, by as many as there are."""
    if made.is_empty or not made.sources.shapes:
        return list
    statements = made.changed if isinstance(made, PartialBuild) else _statements(made, changed)
    return verdict.by_shapes(made, statements, hire, jobs)


def _statements(made: Build, changed: Changes | None) -> list[Triple] | None:
    """The statements that have come or gone; None where all is to be judged."""
    found = changed.statements(made.evidence) if changed else None
    return None if found is None else with_bounds(found)


def _batches(questions: list[StoredQuery]) -> list[list[tuple[str, str]]]:
    """The files and texts of the questions that pyoxigraph can read, some at a time."""
    readable = [(q.text.path, q.text.text) for q in questions if q.readable]
    return [readable[i : i + _BATCH] for i in range(0, len(readable), _BATCH)]


def _in_rdflib(batch: list[tuple[str, str]]) -> list[Finding]:
    return [f for path, text in batch for f in queries.in_rdflib(path, text)]


def _style(made: Build, changed: Changes | None) -> Iterator[Finding]:
    """What `kg fmt --check` finds: the first place in each file that is not in house style."""
    graph_folder = made.sources.graph_folder
    told = {f.file for f in made.sources.findings}
    rows = (graph_folder.ontology, graph_folder.shapes, graph_folder.background, graph_folder.articles)
    folders = [folder for folder in rows if os.path.isdir(folder) and graph_folder.holds(folder)]
    for path in documents.tidy_files(graph_folder, folders):
        name = graph_folder.relative(path)
        if changed and name not in changed.files:
            continue
        try:
            before, after = documents.read_and_tidy(path)
        except InputError as error:
            if name not in told:  # the graph does not read this file, and so has not said what is wrong with it
                failed = {check.id: check for check in (FILE, FORMAT)}.get(error.rule, SYNTAX)
                yield failed.finding(name, error.message, hint=error.hint)
            continue
        if before != after:
            same = next((i for i, (a, b) in enumerate(zip(before, after, strict=False)) if a != b), len(after))
            line, column = line_column(before, same)
            message = "from here on the file is not formatted as by `kg fmt`"
            yield HOUSE_STYLE.finding(name, message, line=line, column=column, hint=f"kg fmt {name}")


def _hygiene(made: Build, questions: list[StoredQuery]) -> Iterator[Finding]:
    """What is unsound in words and questions; `judging` does the same for shapes."""
    if not made.sources.words_known:
        return  # a word may be declared where nobody could read it
    axioms = Axioms(made.sources.ontology)
    terms = frozenset(iri(a.subject) for a in axioms.statements if a.predicate == RDF_TYPE)
    words = DeclaredTerms(terms, frozenset(axioms.declared(CLASS_KINDS)))
    for question in questions:
        yield from queries.check_query(question, words)
    yield from ontology.check_ontology(axioms)
    if made.sources.whole:
        shapes = (t for d in made.sources.shapes for t in d.triples)
        nodes = (node for t in shapes for node in (t.subject, t.predicate, t.object))
        named = {node.value for node in nodes if isinstance(node, NamedNode)}.union(*(q.text.names for q in questions))
        yield from ontology.unused_terms(axioms, lambda name: name in named or name in made.names)


def _answers(
    made: Build,
    questions: list[StoredQuery],
    changed: Changes | None,
    work: CheckOptions,
    findings: list[Finding],
    last: Callable[[str], None],
) -> list[str]:
    """Add how the answers differ from what is kept; nothing where a broken source would be to blame.

    Gives the files of the answers that were written.
    """
    if made.is_empty or build.broken(made.findings):
        return []
    graph_folder = made.sources.graph_folder
    asked = [(q.name, q.bare) for q in questions if q.readable]
    if changed:
        kept = os.path.isdir(golden.folder(graph_folder)) or work.update_answers
        asked = [a for a in asked if (changed.articles and kept) or a[0] in changed.questions]
        if not asked:
            return []
    answers = Answers(graph_folder, made.store(), work.timeout, twice=changed is None, last=last)
    updated = answers.update(asked) if work.update_answers else []
    for finding in answers.check(asked):
        findings.append(finding)  # one by one: the last question may be the end of all
    return updated


@contextmanager
def _crew(jobs: int) -> Iterator[Hire]:
    """Somebody to do the work: other processes, or for one job this one, once a result is wanted."""
    if jobs == 1:
        yield partial
        return
    from concurrent.futures import BrokenExecutor, ProcessPoolExecutor
    from multiprocessing import get_context

    # Fresh processes on every platform: a copy of one that runs threads may hang.
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        try:
            yield lambda task, *arguments: pool.submit(task, *arguments).result
        except BrokenExecutor as error:
            raise LimitError("a process died at its work", hint="try --jobs 1, or more memory") from error
