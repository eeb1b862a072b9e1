"""`kg check`: all that CI needs, as one list of findings.

The verdict of `kg validate`, house style, the hygiene of words, rules and questions, and golden answers. Everything is
read once and the closure is made once. What takes seconds (shapes, closure, rdflib's reading of the questions) is
shared among processes, if the caller wants several.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

from pyoxigraph import NamedNode, Store

from kg import build, consistency, engines, judging, query_hygiene, sources, tidying, word_hygiene, wording
from kg.axioms import CLASS_KINDS, Axioms, iri
from kg.build import UNFINISHED, Build
from kg.errors import InputError, LimitError
from kg.findings import Finding, ordered, violation
from kg.golden import Answers
from kg.paths import Rooms
from kg.query_hygiene import Question, Words
from kg.reasoning import Closure
from kg.tokens import line_column
from kg.vocabulary import RDF_TYPE

Progress = Callable[[str], None]
# Has a function called with the arguments that follow it, now or later; what it gives fetches the result.
Hire = Callable[..., Callable[[], Any]]
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
    jobs: int = 1,
    timeout: float = engines.SECONDS,
    progress: Progress = lambda words: None,
) -> Report:
    """Check a graph folder whole.

    `update_answers` writes the golden answers that are missing or have changed. `jobs` is how many processes share the
    work; `timeout` is in seconds, for the plan and for the answer of each question. Raises LimitError where one of
    the processes dies.
    """
    made = build.read(sources.load(rooms))
    questions, findings = query_hygiene.read(rooms, timeout)
    with _crew(jobs) as hire:
        judged = _judge(made, hire)
        read = [hire(_in_rdflib, batch) for batch in _batches(questions)]
        progress("checking words, questions and style")
        findings += [*_verdict(made), *_style(made), *_hygiene(made, questions)]
        progress("judging by the shapes, and looking for contradictions")
        findings += judged()
        progress("reading the questions in rdflib")
        findings += [f for batch in read for f in batch()]
    progress("asking the questions")
    answered, updated = _answers(made, questions, timeout, update_answers)
    return Report(ordered([*findings, *answered]), made.counts(), updated)


def _verdict(made: Build) -> Iterator[Finding]:
    """What `kg validate` finds before shapes and closure."""
    yield from made.findings
    yield from wording.check(made)
    yield from consistency.check(made)
    if made.sources.words_known and not made.sources.shapes:
        rooms = made.sources.rooms
        yield violation(rooms.relative(rooms.shapes), "empty", "no shapes: nothing would be judged")


def _judge(made: Build, hire: Hire) -> Callable[[], list[Finding]]:
    """Have the shapes judge, and contradictions looked for; the closure goes into the build."""
    shapes = hire(judging.by_shapes, made) if made.evidence and made.sources.shapes else list
    clashes = hire(_by_contradictions, made) if made.evidence else lambda: ([], made.closure)

    def judged() -> list[Finding]:
        found, made.closure = clashes()
        return [*shapes(), *found]

    return judged


def _by_contradictions(made: Build) -> tuple[list[Finding], Closure]:
    """The contradictions, and the closure itself: what another process writes into a build stays there."""
    return judging.by_contradictions(made), made.closure


def _batches(questions: list[Question]) -> list[list[tuple[str, str]]]:
    """The files and texts of the questions that pyoxigraph can read, some at a time."""
    readable = [(q.text.path, q.text.text) for q in questions if q.readable]
    return [readable[i : i + _BATCH] for i in range(0, len(readable), _BATCH)]


def _in_rdflib(batch: list[tuple[str, str]]) -> list[Finding]:
    return [f for path, text in batch for f in query_hygiene.in_rdflib(path, text)]


def _style(made: Build) -> Iterator[Finding]:
    """What `kg fmt --check` finds: the first place in each file that is not in house style."""
    rooms = made.sources.rooms
    told = {f.file for f in made.sources.findings}
    rows = (rooms.ontology, rooms.shapes, rooms.background, rooms.articles)
    folders = [folder for folder in rows if os.path.isdir(folder) and rooms.holds(folder)]
    for path in tidying.files(rooms, folders):
        name = rooms.relative(path)
        try:
            before, after = tidying.read(path)
        except InputError as error:
            if name not in told:  # the graph does not read this file, and so has not said what is wrong with it
                yield violation(name, error.rule or "syntax", error.message, hint=error.hint)
            continue
        if before != after:
            same = next((i for i, (a, b) in enumerate(zip(before, after, strict=False)) if a != b), len(after))
            line, column = line_column(before, same)
            message = "from here on the file is not in house style"
            yield violation(name, "house-style", message, line=line, column=column, hint=f"kg fmt {name}")


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
        triples = [*made.facts, *made.described, *made.claims, *shapes]
        used = {term.value for t in triples for term in _terms(t) if isinstance(term, NamedNode)}
        yield from word_hygiene.unused(axioms, used.union(*(q.text.names for q in questions)))


def _terms(triple: Any) -> tuple[Any, Any, Any]:
    return triple.subject, triple.predicate, triple.object


def _answers(made: Build, questions: list[Question], timeout: float, update: bool) -> tuple[list[Finding], list[str]]:
    """How the answers differ from what is kept; nothing where a broken source would be to blame."""
    if not made.evidence or any(f.severity == "violation" and f.rule not in UNFINISHED for f in made.findings):
        return [], []
    store = Store()
    store.extend(made.quads())
    answers = Answers(made.sources.rooms, store, timeout)
    asked = [(q.name, q.text.text) for q in questions if q.readable]
    updated = answers.update(asked) if update else []
    return list(answers.check(asked)), updated


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
