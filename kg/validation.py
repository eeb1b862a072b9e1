"""The verdict on a graph folder: files, quotes, literals, words, shapes, contradictions, each as findings."""

import os
from collections.abc import Callable
from dataclasses import dataclass

from pyoxigraph import BlankNode, NamedNode, Triple

from kg import build, consistency, reasoning, shacl, sources, wording
from kg.build import Build
from kg.evidence import Evidence, Passage
from kg.findings import Finding, ordered, violation
from kg.paths import Rooms
from kg.shacl import Result
from kg.sources import Document, Term
from kg.vocabulary import ENT, compact, local_name, readable


@dataclass(frozen=True)
class Verdict:
    """All findings, ordered by place, and the numbers that a summary needs."""

    findings: list[Finding]
    counts: dict[str, int]


def validate(rooms: Rooms, progress: Callable[[str], None] = lambda words: None) -> Verdict:
    """Judge a graph folder whole. Reads everything afresh; needs no build."""
    found = sources.load(rooms)
    made = build.read(found)
    findings = [*made.findings, *wording.check(made), *consistency.check(made)]
    if not found.shapes and not found.findings:
        findings.append(violation(rooms.relative(rooms.shapes), "empty", "no shapes: nothing would be judged"))
    if made.evidence:
        progress("judging by the shapes")
        findings += shapes_verdict(made)
        progress("looking for contradictions")
        made.closure = reasoning.close(made.facts, made.ontology)
        findings += [_contradiction(made, c) for c in made.closure.contradictions]
    return Verdict(ordered(findings), made.counts())


def within(findings: list[Finding], rooms: Rooms, wanted: list[str]) -> list[Finding]:
    """The findings in the wanted files and folders; all of them where none is wanted."""
    prefixes = [rooms.relative(os.path.abspath(path)) for path in wanted]
    return [f for f in findings if not prefixes or any((f.file + "/").startswith(p + "/") for p in prefixes)]


def shapes_verdict(made: Build) -> list[Finding]:
    """What the shapes find in the asserted graph, then in each reported passage merged with it."""
    shapes = [t for d in made.sources.shapes for t in d.triples]
    if not shapes:
        return []
    asserted = {**made.facts, **dict.fromkeys(made.described)}
    findings = [_finding(made, r, None) for r in shacl.judge(asserted, shapes, made.ontology)]
    for article in made.evidence:
        for passage in article.reported:
            focus = {t.subject for t in passage.triples if isinstance(t.subject, NamedNode)}
            results = shacl.judge({**asserted, **dict.fromkeys(passage.triples)}, shapes, made.ontology, focus)
            findings += [_finding(made, r, (article, passage)) for r in results]
    return findings


def _finding(made: Build, result: Result, reported: tuple[Evidence, Passage] | None) -> Finding:
    """A result of SHACL, on the statement that it is about."""
    document, graph, triple = _where(made, result, reported)
    focus = readable(result.focus.value) if isinstance(result.focus, NamedNode) else "a thing"
    rule = local_name(result.component).removesuffix("ConstraintComponent")
    return document.finding(
        f"shape:{rule}",
        f"{focus}: {result.message}",
        severity=result.severity,
        graph=graph,
        triple=triple,
    )


Wanted = tuple[Term | None, Term | None, Term | None]
Statement = tuple[Document, str | None, Triple]


def _where(
    made: Build, result: Result, reported: tuple[Evidence, Passage] | None
) -> tuple[Document, str | None, Wanted]:
    """The document and statement that a result is about: the value's, else the path's, else the subject's."""
    ladder: list[Wanted] = [
        (result.focus, result.path, result.value),
        (result.focus, result.path, None),
        (result.focus, None, None),
    ]
    for wanted in ladder:
        for document, graph, triple in _statements(made, reported):
            if _fits(triple, wanted):
                return document, graph, wanted
    return made.sources.articles[0].facts, None, ladder[-1]


def _fits(triple: Triple, wanted: Wanted) -> bool:
    parts = (triple.subject, triple.predicate, triple.object)
    return all(w is None or w == part for w, part in zip(wanted, parts, strict=True))


def _statements(made: Build, reported: tuple[Evidence, Passage] | None) -> list[Statement]:
    if reported:
        article, passage = reported
        return [(article.article.facts, passage.iri, t) for t in passage.triples]
    rows: list[Statement] = [(e.article.facts, p.iri, t) for e in made.evidence for p in e.asserted for t in p.triples]
    rows += [(e.article.facts, None, t) for e in made.evidence for t in e.description]
    for document in [*made.sources.background, *made.sources.ontology]:
        rows += [(document, getattr(q.graph_name, "value", None), q.triple) for q in document.quads]
    return rows


def _contradiction(made: Build, clash: reasoning.Contradiction) -> Finding:
    """A contradiction, on the first asserted statement among those at fault or about the same things."""
    told = " and ".join(_told(t) for t in clash.triples)
    message = f"contradiction: {told}: {clash.message}"
    rows = _statements(made, None)
    subjects = {t.subject for t in clash.triples}
    for exact in (True, False):
        for document, graph, triple in rows:
            if triple in clash.triples or (not exact and triple.subject in subjects):
                place = (triple.subject, triple.predicate, triple.object)
                return document.finding(f"contradiction:{clash.rule}", message, graph=graph, triple=place)
    return violation("kg/articles", f"contradiction:{clash.rule}", message)


def _told(triple: Triple) -> str:
    def name(term: object) -> str:
        iri = getattr(term, "value", "")
        return "a thing" if isinstance(term, BlankNode) else compact(iri) if iri.startswith(ENT) else readable(iri)

    return f"“{name(triple.subject)}” {readable(triple.predicate.value)} “{name(triple.object)}”"
