"""The shapes' verdict and the contradictions, each told on the statement that it is about (model, rule 27)."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import Any, NamedTuple

from pyoxigraph import BlankNode, NamedNode, Triple

from kg import terminal
from kg.dataset import build
from kg.dataset.build import Build, Wanted
from kg.dataset.labels import Labels
from kg.findings import Check, Finding
from kg.provenance.proofs import Proof, Prover, brief
from kg.rdf.namespaces import ENT, RDF_TYPE, compact, readable
from kg.rdf.terms import Term, n_quads, parsed
from kg.rdf.values import BOUNDS
from kg.reasoning.closure import Contradiction
from kg.source.article import Evidence, Passage
from kg.source.documents import Document
from kg.validation import shapes
from kg.validation.dependencies import DependencyGraph, ShapeDependencies, dependencies_of
from kg.validation.shacl import Result, Validator

CONTRADICTION = Check(
    "contradiction",
    "Facts, and what follows from them with the ontology, do not contradict each other (OWL 2 RL).",
    "From a contradiction anything follows. The hint of the finding proves either side; one of its facts is wrong.",
    wrong="p:visit { id:lorvia a ent:Person . }",
    right="p:visit { id:lorvia a ent:State . }",
)


class Share(NamedTuple):
    """A share of the work, as it can be handed to another process: the `part` (2, 5) is the third of five.

    Judged are `things`, or all where these are None, of a graph in N-Triples, and all `passages` with their days.
    """

    part: tuple[int, int]
    shapes: Sequence[Document]
    ontology: Sequence[Triple]
    graph: str
    things: set[Term] | None
    passages: list[tuple[tuple[Triple, ...], list[Triple]]]


Found = tuple[list[Result], list[list[Result]]]
# Has a function called with the arguments that follow it, now or later; what it gives fetches the result.
Hire = Callable[..., Callable[[], Any]]


def by_shapes(
    made: Build, changed: Iterable[Triple] | None = None, hire: Hire = partial, jobs: int = 1
) -> Callable[[], list[Finding]]:
    """Have the shapes judge the asserted graph, and each reported passage merged with it; the result fetches findings.

    Shapes that are unsound judge nothing: their own findings are all there is. With the statements that have `changed`
    (come or gone), only what they can concern is judged. The work is done by whom one can `hire`, in `jobs` shares.
    """
    unsound = list(shapes.check_shapes(made.sources.shapes, made.sources.ontology, made.statements, made.said))
    if any(f.severity == "violation" for f in unsound):
        return lambda: unsound
    looking = None if changed is None else dependencies(made.sources.shapes)
    reach = DependencyGraph(looking, made.statements) if looking else None
    concerned = reach.concerned(changed, made.said) if reach and changed is not None else None
    reported = [(e, p, _days(made, p)) for e, p in made.reported(concerned)]
    said = [t for _, passage, days in reported for t in (*passage.triples, *days)]
    if reach is None or concerned is None:
        graph = made.judged
    else:
        graph = [*reach.needed(concerned), *reach.needed({t.subject for t in said}, said)]
    text = n_quads(dict.fromkeys(graph))

    def share(number: int) -> Share:
        passages = [(p.triples, days) for _, p, days in reported[number::jobs]]
        return Share((number, jobs), made.sources.shapes, made.ontology, text, concerned, passages)

    shares = [hire(judge_share, share(number)) for number in range(jobs)]

    def fetch() -> list[Finding]:
        told = list(unsound)
        for number, fetched in enumerate(shares):
            found, of_passages = fetched()
            told += (_finding(made, r, None) for r in found)
            for (article, passage, _), results in zip(reported[number::jobs], of_passages, strict=True):
                told += (_finding(made, r, (article, passage)) for r in results)
        return told

    return fetch


def judge_share(share: Share) -> Found:
    """What the shapes find among the things of a share, and in each of its reported passages.

    Each is judged as if what it says were so, with the graph or with what of it the verdicts can rest on.
    """
    if share.things == set() and not share.passages:
        return [], []
    judge = Validator(share.shapes, share.ontology)
    found = judge.judge(parsed(share.graph), share.things, share.part)
    return found, [judge.judge_reported(said, days) for said, days in share.passages]


def dependencies(shapes: Iterable[Document]) -> ShapeDependencies | None:
    """How far shapes look; None where a query looks anywhere."""
    return dependencies_of(t for d in shapes for t in d.triples)


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
    things = Labels(store)
    told: dict[frozenset[Triple], tuple[Contradiction, list[Proof]]] = {}
    # Whichever way round the reasoner met them.
    clashes = [c._replace(triples=tuple(sorted(c.triples, key=str))) for c in closure.contradictions]
    proven = [(c, [prover.best(t) for t in c.triples]) for c in clashes]
    for clash, proofs in sorted(proven, key=lambda found: (sum(p.steps for p in found[1]), str(found[0]))):
        cause = frozenset(leaf.triple for proof in proofs for leaf in proof.leaves())
        told.setdefault(cause, (clash, proofs))  # the shortest of those that the same statements lead to
    return [_contradiction(made, clash, proofs, cause, things) for cause, (clash, proofs) in told.items()]


def _finding(made: Build, result: Result, reported: tuple[Evidence, Passage] | None) -> Finding:
    """A result of SHACL, on the statement that it is about."""
    document, graph, triple = _where(made, result, reported)
    focus = readable(result.focus.value) if isinstance(result.focus, NamedNode) else "a thing"
    return document.finding(
        result.check,
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


def _contradiction(
    made: Build, clash: Contradiction, proofs: list[Proof], cause: Iterable[Triple], things: Labels
) -> Finding:
    """A contradiction and the proof of each side, on the first asserted statement among those that lead to it.

    How things hang together is looked at first: that a thing has a class is told in many places, and more often right.
    """
    sides = " and ".join(_told(t, things) for t in clash.triples)
    check, message = CONTRADICTION.of(clash.rule), f"contradiction: {sides}: {clash.message}"
    hint = "\n".join(line for proof in proofs for line in brief(proof, things))
    subjects = {t.subject for t in clash.triples}
    relations = [tuple(t) for t in cause if t.predicate.value != RDF_TYPE]
    ladder: list[list[Wanted]] = [relations, list(map(tuple, clash.triples)), [(s, None, None) for s in subjects]]
    for wanted in ladder:
        for document, graph, triple in _statements(made, wanted):
            if any(_fits(triple, w) for w in wanted):
                place = (triple.subject, triple.predicate, triple.object)
                return document.finding(check, message, hint=hint, graph=graph, triple=place)
    return check.finding("kg/articles", message, hint=hint)


def _told(triple: Triple, things: Labels) -> str:
    def name(term: Term) -> str:
        iri = getattr(term, "value", "")
        label = compact(iri) if iri.startswith(ENT) else things.label(term)
        return "a thing" if isinstance(term, BlankNode) else terminal.clean(label)

    return f"“{name(triple.subject)}” {readable(triple.predicate.value)} “{name(triple.object)}”"
