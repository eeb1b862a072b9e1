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

from pyoxigraph import NamedNode, Triple

from kg import (
    build,
    consistency,
    engines,
    excerpt,
    golden,
    judging,
    query_hygiene,
    sources,
    tidying,
    word_hygiene,
    wording,
)
from kg.axioms import CLASS_KINDS, Axioms, iri
from kg.build import Build
from kg.errors import InputError, LimitError
from kg.excerpt import Excerpt
from kg.findings import Finding, ordered
from kg.golden import QUERY, Answers
from kg.judging import Hire
from kg.paths import Rooms
from kg.query_hygiene import Question, Words
from kg.since import Changes, changes, with_days
from kg.sources import EMPTY, SYNTAX
from kg.tidying import FILE, FORMAT, HOUSE_STYLE
from kg.tokens import line_column
from kg.vocabulary import RDF_TYPE

Progress = Callable[[str], None]
_BATCH = 4  # questions that one task reads in rdflib: about half a second


@dataclass(frozen=True)
class Report:
    """All findings, ordered by place, the numbers for a summary, and the golden answers that were written."""

    findings: list[Finding]
    counts: dict[str, int]
    updated: list[str]


def check(
    rooms: Rooms,
    *,
    update_answers: bool = False,
    since: str = "",
    jobs: int = 1,
    timeout: float = engines.SECONDS,
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
    changed = changes(rooms, since) if since else None
    if changed and changed.everything:
        progress("words, rules or background have changed: everything is judged")
        changed = None
    with excerpt.of(rooms, changed) as part:
        made = part or build.read(sources.load(rooms))
        return _check(made, changed, Work(update_answers, 1 if part else jobs, timeout, progress, unfinished))


class Work(NamedTuple):
    """How a graph folder is checked: see `check`."""

    update_answers: bool
    jobs: int
    timeout: float
    progress: Progress
    unfinished: Callable[[Report], None]


def _check(made: Build, changed: Changes | None, work: Work) -> Report:
    questions, findings = query_hygiene.read(made.sources.rooms, work.timeout)
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
        findings += [] if made.is_empty else judging.by_contradictions(made)

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
    yield from wording.check(made, changed.files if changed else None)
    yield from consistency.check(made)
    if made.sources.words_known and not made.sources.shapes:
        rooms = made.sources.rooms
        yield EMPTY.finding(rooms.relative(rooms.shapes), "no shapes: nothing would be judged")


def _judge(made: Build, hire: Hire, changed: Changes | None, jobs: int) -> Callable[[], list[Finding]]:
    """Have the shapes judge, by as many as there are."""
    if made.is_empty or not made.sources.shapes:
        return list
    statements = made.changed if isinstance(made, Excerpt) else _statements(made, changed)
    return judging.by_shapes(made, statements, hire, jobs)


def _statements(made: Build, changed: Changes | None) -> list[Triple] | None:
    """The statements that have come or gone; None where all is to be judged."""
    found = changed.statements(made.evidence) if changed else None
    return None if found is None else with_days(found)


def _batches(questions: list[Question]) -> list[list[tuple[str, str]]]:
    """The files and texts of the questions that pyoxigraph can read, some at a time."""
    readable = [(q.text.path, q.text.text) for q in questions if q.readable]
    return [readable[i : i + _BATCH] for i in range(0, len(readable), _BATCH)]


def _in_rdflib(batch: list[tuple[str, str]]) -> list[Finding]:
    return [f for path, text in batch for f in query_hygiene.in_rdflib(path, text)]


def _style(made: Build, changed: Changes | None) -> Iterator[Finding]:
    """What `kg fmt --check` finds: the first place in each file that is not in house style."""
    rooms = made.sources.rooms
    told = {f.file for f in made.sources.findings}
    rows = (rooms.ontology, rooms.shapes, rooms.background, rooms.articles)
    folders = [folder for folder in rows if os.path.isdir(folder) and rooms.holds(folder)]
    for path in tidying.files(rooms, folders):
        name = rooms.relative(path)
        if changed and name not in changed.files:
            continue
        try:
            before, after = tidying.read(path)
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


def _hygiene(made: Build, questions: list[Question]) -> Iterator[Finding]:
    """What is unsound in words and questions; `judging` does the same for shapes."""
    if not made.sources.words_known:
        return  # a word may be declared where nobody could read it
    axioms = Axioms(made.sources.ontology)
    terms = frozenset(iri(a.subject) for a in axioms.statements if a.predicate == RDF_TYPE)
    words = Words(terms, frozenset(axioms.declared(CLASS_KINDS)))
    for question in questions:
        yield from query_hygiene.check(question, words)
    yield from word_hygiene.check(axioms)
    if made.sources.whole:
        shapes = (t for d in made.sources.shapes for t in d.triples)
        nodes = (node for t in shapes for node in (t.subject, t.predicate, t.object))
        named = {node.value for node in nodes if isinstance(node, NamedNode)}.union(*(q.text.names for q in questions))
        yield from word_hygiene.unused(axioms, lambda name: name in named or name in made.names)


def _answers(
    made: Build,
    questions: list[Question],
    changed: Changes | None,
    work: Work,
    findings: list[Finding],
    last: Callable[[str], None],
) -> list[str]:
    """Add how the answers differ from what is kept; nothing where a broken source would be to blame.

    Gives the files of the answers that were written.
    """
    if made.is_empty or build.broken(made.findings):
        return []
    rooms = made.sources.rooms
    asked = [(q.name, q.bare) for q in questions if q.readable]
    if changed:
        kept = os.path.isdir(golden.folder(rooms)) or work.update_answers
        asked = [a for a in asked if (changed.articles and kept) or a[0] in changed.questions]
        if not asked:
            return []
    answers = Answers(rooms, made.store(), work.timeout, twice=changed is None, last=last)
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
