"""The shapes' verdict and the contradictions, each told on the statement that it is about (model, rule 27)."""

from collections.abc import Iterable, Iterator

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from kg import build, reasoning, shape_hygiene
from kg.build import Build, Wanted
from kg.dates import BOUNDS
from kg.evidence import Evidence, Passage
from kg.findings import Finding, violation
from kg.proofs import Prover, brief
from kg.reach import Reach, Ways, ways_of
from kg.shacl import Judge, Result
from kg.sources import Document
from kg.terms import Term
from kg.things import Things
from kg.vocabulary import ENT, compact, local_name, readable


def by_shapes(made: Build, changed: Iterable[Triple] | None = None, share: tuple[int, int] = (0, 1)) -> list[Finding]:
    """What the shapes find in the asserted graph, then in each reported passage merged with it.

    Shapes that are unsound judge nothing: their own findings are all there is. With the statements that have `changed`
    (come or gone), only what they can concern is judged. A `share` (2, 5) is the third of five parts of the work.
    """
    unsound = list(shape_hygiene.check(made.sources.shapes, made.sources.ontology, made.statements))
    number, of = share
    told = unsound if number == 0 else []
    looking = ways(made.sources.shapes)
    reach = Reach(looking, made.statements) if looking else None
    if any(f.severity == "violation" for f in unsound) or (number and reach is None):
        return told
    judge = Judge(made.sources.shapes, made.ontology)
    concerned = None if changed is None or reach is None else reach.concerned(changed, made.said)
    if reach is not None and (concerned is not None or of > 1):
        things = sorted(_things(made.judged) if concerned is None else concerned, key=str)[number::of]
        found = judge.judge(reach.needed(things), things) if things else []
    else:
        found, share = judge.judge(made.judged), (0, 1)
    passages = _reported(made, judge, reach, concerned, share)
    return [*told, *(_finding(made, r, None) for r in found), *passages]


def ways(shapes: Iterable[Document]) -> Ways | None:
    """How far shapes look; None where a query looks anywhere."""
    return ways_of(t for d in shapes for t in d.triples)


def _things(data: Iterable[Triple]) -> set[Term]:
    """Whatever can be judged: all subjects, and all objects that are no literals."""
    return {node for t in data for node in (t.subject, t.object) if not isinstance(node, Literal)}


def _reported(
    made: Build, judge: Judge, reach: Reach | None, concerned: set[Term] | None, share: tuple[int, int]
) -> Iterator[Finding]:
    """What the shapes find in reported passages, or in those that speak of what is concerned.

    Each is judged as if what it says were so, with the graph or with what of it the verdicts can rest on.
    """
    number, of = share
    passages = [(e, p, _days(made, p)) for e, p in made.reported(concerned)[number::of]]
    if reach is not None and (concerned is not None or of > 1):
        said = [t for _, passage, days in passages for t in (*passage.triples, *days)]
        judge.load(reach.needed({t.subject for t in said}, said))
    for article, passage, days in passages:
        for result in judge.judge_reported(passage.triples, days):
            yield _finding(made, result, (article, passage))


def _days(made: Build, passage: Passage) -> list[Triple]:
    """The days that the things of a passage have by what it says, and by what is known."""
    things = dict.fromkeys(t.subject for t in passage.triples)
    dated = [t for thing in things for date in BOUNDS for t in made.statements.about(thing, ENT + date)]
    return list(build.bounds([*dated, *passage.triples]))


def by_contradictions(made: Build) -> list[Finding]:
    """The contradictions in the closure of the facts; the closure stays with the build."""
    closure = made.close()
    if not closure.contradictions:
        return []
    store = made.store()
    prover = Prover(store, lambda triple: [step] if (step := closure.derivation(triple)) else [])
    things = Things(store)
    # Whichever way round the reasoner met them.
    clashes = [c._replace(triples=tuple(sorted(c.triples, key=str))) for c in closure.contradictions]
    return [_contradiction(made, c, _proofs(c, prover, things)) for c in clashes]


def _proofs(clash: reasoning.Contradiction, prover: Prover, things: Things) -> str:
    """The proof of each side of a contradiction, in a few lines."""
    return "\n".join(line for triple in clash.triples for line in brief(prover.best(triple), things))


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


Statement = tuple[Document, str | None, Triple]


def _where(
    made: Build, result: Result, reported: tuple[Evidence, Passage] | None
) -> tuple[Document, str | None, Wanted]:
    """The document and statement that a result is about: the value's, else the path's, else the subject's."""
    path = _STATED.get(result.path.value, result.path) if result.path else None
    ladder: list[Wanted] = [(result.focus, path, result.value), (result.focus, path, None), (result.focus, None, None)]
    for wanted in ladder:
        for document, graph, triple in _statements(made, [wanted], reported):
            if _fits(triple, wanted):
                return document, graph, wanted
    return made.sources.articles[0].facts, None, ladder[-1]


# The date from which each computed day comes: a finding about the day stands on the date.
_STATED = {ENT + day: NamedNode(ENT + date) for date, days in BOUNDS.items() for day in days}


def _fits(triple: Triple, wanted: Wanted) -> bool:
    parts = (triple.subject, triple.predicate, triple.object)
    return all(w is None or w == part for w, part in zip(wanted, parts, strict=True))


def _statements(
    made: Build, wanted: list[Wanted], reported: tuple[Evidence, Passage] | None = None
) -> Iterator[Statement]:
    """All statements among which to look for the first that is wanted: the article's own first."""
    if reported:
        article, passage = reported
        yield from ((article.article.facts, passage.iri, t) for t in passage.triples)
        return
    telling = made.telling(wanted)
    yield from ((e.article.facts, p.iri, t) for e in telling for p in e.asserted for t in p.triples)
    yield from ((e.article.facts, None, t) for e in telling for t in e.description)
    for document in [*made.sources.background, *made.sources.ontology]:
        yield from ((document, getattr(q.graph_name, "value", None), q.triple) for q in document.quads)


def _contradiction(made: Build, clash: reasoning.Contradiction, proofs: str) -> Finding:
    """A contradiction and its proofs, on the first asserted statement among those at fault or about the same things."""
    told = " and ".join(_told(t) for t in clash.triples)
    rule, message = f"contradiction:{clash.rule}", f"contradiction: {told}: {clash.message}"
    subjects = {t.subject for t in clash.triples}
    ladder: list[list[Wanted]] = [list(map(tuple, clash.triples)), [(subject, None, None) for subject in subjects]]
    for wanted in ladder:
        for document, graph, triple in _statements(made, wanted):
            if any(_fits(triple, w) for w in wanted):
                place = (triple.subject, triple.predicate, triple.object)
                return document.finding(rule, message, hint=proofs, graph=graph, triple=place)
    return violation("kg/articles", rule, message, hint=proofs)


def _told(triple: Triple) -> str:
    def name(term: object) -> str:
        iri = getattr(term, "value", "")
        return "a thing" if isinstance(term, BlankNode) else compact(iri) if iri.startswith(ENT) else readable(iri)

    return f"“{name(triple.subject)}” {readable(triple.predicate.value)} “{name(triple.object)}”"
