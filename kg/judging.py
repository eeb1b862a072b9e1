"""The shapes' verdict and the contradictions, each told on the statement that it is about (model, rule 27)."""

from collections.abc import Iterator

from pyoxigraph import BlankNode, DefaultGraph, NamedNode, Triple

from kg import build, reasoning, shape_hygiene
from kg.build import Build
from kg.dates import BOUNDS
from kg.evidence import Evidence, Passage
from kg.findings import Finding, violation
from kg.shacl import Judge, Result
from kg.sources import Document, Term
from kg.vocabulary import ENT, compact, local_name, readable


def by_shapes(made: Build) -> list[Finding]:
    """What the shapes find in the asserted graph, then in each reported passage merged with it.

    Shapes that are unsound judge nothing: their own findings are all there is.
    """
    known = (q.triple for q in made.background if isinstance(q.graph_name, DefaultGraph))
    data = list(dict.fromkeys([*made.facts, *made.described, *known]))
    unsound = list(shape_hygiene.check(made.sources.shapes, made.sources.ontology, data))
    if any(f.severity == "violation" for f in unsound):
        return unsound
    judge = Judge(made.sources.shapes, made.ontology)
    return [
        *unsound,
        *(_finding(made, r, None) for r in judge.judge(data)),
        *(f for article in made.evidence for p in article.reported for f in _reported(made, judge, data, article, p)),
    ]


def _reported(made: Build, judge: Judge, data: list[Triple], article: Evidence, passage: Passage) -> Iterator[Finding]:
    days = list(build.bounds([*made.facts, *passage.triples]))
    for result in judge.judge_reported([*data, *days], passage.triples):
        yield _finding(made, result, (article, passage))


def by_contradictions(made: Build) -> list[Finding]:
    """The contradictions in the closure of the facts; the closure stays with the build."""
    made.closure = reasoning.close(made.facts, made.ontology)
    return [_contradiction(made, c) for c in made.closure.contradictions]


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
    path = _STATED.get(result.path.value, result.path) if result.path else None
    ladder: list[Wanted] = [(result.focus, path, result.value), (result.focus, path, None), (result.focus, None, None)]
    for wanted in ladder:
        for document, graph, triple in _statements(made, reported):
            if _fits(triple, wanted):
                return document, graph, wanted
    return made.sources.articles[0].facts, None, ladder[-1]


# The date from which each computed day comes: a finding about the day stands on the date.
_STATED = {ENT + day: NamedNode(ENT + date) for date, days in BOUNDS.items() for day in days}


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
