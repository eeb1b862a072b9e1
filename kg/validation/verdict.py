"""Runs the shapes and the reasoner, and puts each result at the line of the file that caused it."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cached_property, partial
from typing import Any, NamedTuple

from pyoxigraph import NamedNode, Triple

from kg.dataset import computed
from kg.dataset.build import Build, TriplePattern
from kg.dataset.computed import BOUNDS
from kg.dataset.labels import Labels
from kg.dataset.statements import Statements
from kg.errors import InputError, LimitError, clean
from kg.findings import Check, Finding
from kg.provenance.proofs import Proof, Prover, brief
from kg.rdf.namespaces import ENT, RDF_TYPE, SH, compact
from kg.rdf.terms import Term, iri, n_quads, parsed
from kg.reasoning.closure import Contradiction
from kg.source.article import Evidence, Passage
from kg.source.documents import Document, Sources
from kg.validation import shapes, suspects
from kg.validation.shacl import Validator
from kg.validation.shacl_report import Result, component_name
from kg.validation.shapes_core import unfit
from kg.validation.shapes_graph import ShapeDependencies, ShapesGraph

CONTRADICTION = Check(
    "contradiction",
    "Facts, and what follows from them with the ontology, do not contradict each other (OWL 2 RL).",
    "From a contradiction anything follows. The hint of the finding proves either side; one of its facts is wrong.",
    wrong="p:visit { id:lorvia a ent:Person . }",
    right="p:visit { id:lorvia a ent:State . }",
)


# Calls a function with the arguments that follow it, now or in another process; the result fetches what it gives.
Submit = Callable[..., Callable[[], Any]]
_LARGE = 2_000_000  # characters of a graph in N-Triples, with which no validator is kept in memory


def shape_findings(
    made: Build,
    changed: Iterable[Triple] | None = None,
    submit: Submit = partial,
    jobs: int = 1,
    warn: Callable[[str], None] | None = None,
) -> Callable[[], list[Finding]]:
    """Validate the asserted graph, and each reported passage merged with it; the result fetches the findings.

    Unsound shapes validate nothing: the findings are those on the shapes. Given the statements that have `changed`
    (come or gone), only the focus nodes that these can affect are validated. The work is submitted as `jobs` tasks.
    Given `warn`, pyshifty looks for suspects before where it can; `warn` is called with a line where it fails.
    """
    unsound = check_shapes(made)
    if any(f.severity == "violation" for f in unsound):
        return lambda: unsound
    dependencies = ShapesGraph.of(made.sources.shapes).dependencies
    by_change = dependencies is not None and changed is not None
    nodes = dependencies.affected(made.statements, changed or (), made.claimed) if dependencies and by_change else None
    reported = [_Reported(*row, _bounds(made, row[1])) for row in made.reported(nodes)]
    judging = _Judging(made, dependencies, submit, jobs)
    if warn and dependencies and not by_change and (narrowed := _narrowed(made, dependencies, reported, warn)):
        return lambda: [*unsound, *judging.start(*narrowed())()]
    judged = judging.start(nodes, reported)
    return lambda: [*unsound, *judged()]


def part_findings(made: Build, nodes: set[Term], warn: Callable[[str], None] | None = None) -> list[Finding]:
    """The findings of sound shapes on some focus nodes, and on the reported passages of a build that is a part.

    What is needed to validate these is looked up in its statements. `warn` is that of `shape_findings`. Raises
    InputError where a shape may look at anything, so that no part can be validated alone.
    """
    dependencies = ShapesGraph.of(made.sources.shapes).dependencies
    if dependencies is None:
        message = "a shape has a SPARQL constraint, which may look at the whole graph: no part can be validated alone"
        raise InputError(message, hint="write it in SHACL Core", rule="shapes")
    reported = [_Reported(*row, _bounds(made, row[1])) for row in made.reported()]
    judging = _Judging(made, dependencies, partial, 1)
    if warn and (narrowed := _narrowed(made, dependencies, reported, warn)):
        suspected, reported = narrowed()
        nodes = nodes if suspected is None else nodes & suspected
    return judging.start(nodes, reported)()


def check_shapes(made: Build) -> list[Finding]:
    """What is wrong with the shapes themselves."""
    return lint_shapes(made.sources, made.statements, made.claimed)


def lint_shapes(sources: Sources, *data: Statements) -> list[Finding]:
    """The same, given the statements to be validated."""
    return list(shapes.check_shapes(sources.shapes, sources.ontology, *data))


class _Reported(NamedTuple):
    """A reported passage with its article, and the bounds of dates that follow from it."""

    article: Evidence
    passage: Passage
    bounds: list[Triple]


def _narrowed(
    made: Build, dependencies: ShapeDependencies, reported: list[_Reported], warn: Callable[[str], None]
) -> Callable[[], tuple[set[Term] | None, list[_Reported]]] | None:
    """Start to look for suspects; the result waits for them. None where pyshifty is not there or not for the shapes."""
    graph = ShapesGraph.of(made.sources.shapes)
    if not suspects.is_there() or unfit(graph):
        return None
    passages = [
        suspects.Passage(frozenset(t.subject for t in r.passage.triples), [*r.passage.triples, *r.bounds])
        for r in reported
    ]

    def failed(error: LimitError) -> tuple[None, list[_Reported]]:
        warn(f"pyshifty {error.message}: pyshacl validates everything, which takes longer")
        return None, reported

    try:
        result = suspects.start(graph, dependencies, made.ontology, made.data_graph, made.statements, passages)
    except LimitError as error:
        everything = failed(error)
        return lambda: everything

    def narrowed() -> tuple[set[Term] | None, list[_Reported]]:
        try:
            nodes, wanted = result()
        except LimitError as error:
            return failed(error)
        return nodes, [r for r, is_suspect in zip(reported, wanted, strict=True) if is_suspect]

    return narrowed


class _Judging(NamedTuple):
    """How focus nodes and passages are validated with pyshacl."""

    made: Build
    dependencies: ShapeDependencies | None
    submit: Submit
    jobs: int

    def start(self, nodes: set[Term] | None, reported: list[_Reported]) -> Callable[[], list[Finding]]:
        """Validate some focus nodes, or all, of the asserted graph, and passages; the result fetches the findings."""
        made, dependencies, jobs = self.made, self.dependencies, self.jobs
        graph = made.data_graph
        if dependencies and nodes is not None:
            said = [t for r in reported for t in (*r.passage.triples, *r.bounds)]
            speakers = dependencies.needed(made.statements, {t.subject for t in said}, said)
            graph = [*dependencies.needed(made.statements, nodes), *speakers]
        text, tasks = n_quads(dict.fromkeys(graph)), []
        for number in range(jobs):
            passages = [(r.passage.triples, r.bounds) for r in reported[number::jobs]]
            given = (made.sources.shapes, made.ontology, text, nodes, (number, jobs), passages)
            tasks.append(self.submit(run_task, *given))

        def fetch() -> list[Finding]:
            findings, places = list[Finding](), _Places(made)
            for number, result in enumerate(tasks):
                of_graph, of_passages = result()
                findings += (_finding(places, r, None) for r in of_graph if not _is_claimed(made, r))
                for (article, passage, _), results in zip(reported[number::jobs], of_passages, strict=True):
                    findings += (_finding(places, r, (article, passage)) for r in results if not _is_claimed(made, r))
            return findings

        return fetch


def _is_claimed(made: Build, result: Result) -> bool:
    """Whether what a note says to be missing is there, as the claim of a speaker."""
    is_note = result.severity == "info" and component_name(result.component) == "MinCount"
    if not is_note or result.path is None or not isinstance(result.focus, NamedNode):
        return False
    return any(True for _ in made.claimed.about(result.focus, result.path.value))


def run_task(
    shapes: Sequence[Document],
    ontology: Sequence[Triple],
    graph: str,
    nodes: set[Term] | None,
    part: tuple[int, int],
    passages: Sequence[tuple[tuple[Triple, ...], list[Triple]]],
) -> tuple[list[Result], list[list[Result]]]:
    """The validation results on some focus nodes of a graph in N-Triples, and those on each reported passage.

    See `Validator.validate`. A passage is what it says, and the bounds of dates that follow from it.
    """
    if nodes == set() and not passages:
        return [], []
    of = tuple(shapes), frozenset(ontology)
    kept, validator = _KEPT.pop("last", (None, None))  # while it is used, nobody else has it; after an error, nobody
    if validator is None or kept != of:
        validator = Validator(shapes, ontology)
    found = validator.validate(parsed(graph), nodes, part)
    of_passages = [validator.validate_reported(said, bounds) for said, bounds in passages]
    if len(graph) < _LARGE:
        _KEPT["last"] = of, validator
    return found, of_passages


# The validator that was used last, with what it has loaded: graphs that are validated one after the other share it.
_KEPT: dict[str, tuple[tuple[tuple[Document, ...], frozenset[Triple]] | None, Validator | None]] = {}


def _bounds(made: Build, passage: Passage) -> list[Triple]:
    """The bounds of dates of the things in a passage, by what it says and by what is known of them."""
    things = dict.fromkeys(t.subject for t in passage.triples)
    dated = [t for thing in things for date in BOUNDS for t in made.statements.about(thing, ENT + date)]
    return list(computed.bounds([*dated, *passage.triples]))


def contradiction_findings(made: Build) -> list[Finding]:
    """Axioms outside of OWL 2 RL, and contradictions in the closure of the facts; it stays with the build."""
    if made.is_empty:
        return []
    closure, outside = made.close(), made.outside_profile()
    if not closure.contradictions:
        return outside
    store = made.store()
    prover = Prover(store, lambda triple: [step] if (step := closure.derivation(triple)) else [])
    labels = Labels(store)
    by_leaves: dict[frozenset[Triple], tuple[Contradiction, list[Proof]]] = {}
    # In one order, whichever triple the reasoner met first.
    sorted_ones = [c._replace(triples=tuple(sorted(c.triples, key=str))) for c in closure.contradictions]
    proven = [(c, [prover.best(t) for t in c.triples]) for c in sorted_ones]
    for contradiction, proofs in sorted(proven, key=lambda found: (sum(p.steps for p in found[1]), str(found[0]))):
        leaves = frozenset(leaf.triple for proof in proofs for leaf in proof.leaves())
        by_leaves.setdefault(leaves, (contradiction, proofs))  # the shortest of those with the same leaves
    places = _Places(made)
    return [*outside, *(_contradiction(places, c, proofs, leaves, labels) for leaves, (c, proofs) in by_leaves.items())]


def _finding(places: "_Places", result: Result, reported: tuple[Evidence, Passage] | None) -> Finding:
    """A validation result, on the statement of its value, else of its path, else of its focus node."""
    path = _STATED.get(result.path.value, result.path) if result.path else None
    known = [(path, result.value), (path, None), (None, None)]
    if path is None:  # of the node itself, which is judged for a property that it has
        targets = sorted(places.targets(result.shape), key=lambda p: compact(p.value) not in result.message)
        known = [*((p, None) for p in targets), *known]
    triples: list[TriplePattern] = [(result.focus, p, o) for p, o in known]
    at = ((d, graph, w) for w in triples for d, graph, _ in places.of([w], reported))
    document, graph, triple = next(at, None) or (places.first, None, triples[-1])
    property_ = compact(iri(triple[1])) if path is None and triple[1] is not None else ""
    if property_ and property_ not in result.message:
        result = replace(result, message=f"{result.message} Here it has {property_}.")
    return result.finding(document, graph=graph, triple=triple)


_TARGET = SH + "targetSubjectsOf"
# The date from which each computed bound comes: a finding on the bound stands at the date.
_STATED = {ENT + bound: NamedNode(ENT + date) for date, bounds in BOUNDS.items() for bound in bounds}


class _Places:
    """The places of statements, which are indexed by their subjects once one is wanted."""

    def __init__(self, made: Build) -> None:
        self._made = made
        self._indexed = set[tuple[int, str]]()
        self._places: dict[Term, list[_Place]] = {}

    def targets(self, shape: str) -> list[NamedNode]:
        """The properties for which a shape judges the nodes that have them, in the order of its file."""
        return self._targets.get(shape, [])

    @cached_property
    def _targets(self) -> dict[str, list[NamedNode]]:
        found: dict[str, list[NamedNode]] = {}
        for t in (t for document in self._made.sources.shapes for t in document.triples):
            if t.predicate.value == _TARGET and isinstance(t.object, NamedNode):
                found.setdefault(iri(t.subject), []).append(t.object)
        return found

    @property
    def first(self) -> Document:
        """Where a finding stands whose place is nowhere."""
        return self._made.sources.articles[0].facts

    def of(
        self, wanted: list[TriplePattern], reported: tuple[Evidence, Passage] | None = None
    ) -> Iterator[tuple[Document, str | None, Triple]]:
        """The statements (document, graph, triple) that fit one of some patterns with a subject: articles' first."""
        if reported:
            article, passage = reported
            found = [_Place((0, "", n), article.article.facts, passage.iri, t) for n, t in enumerate(passage.triples)]
        else:
            self._index(self._made.articles_matching(wanted))
            subjects = dict.fromkeys(subject for subject, _, _ in wanted if subject is not None)
            found = sorted((p for s in subjects for p in self._places.get(s, ())), key=lambda place: place.order)
        for place in found:
            if any(_fits(place.triple, pattern) for pattern in wanted):
                yield place.document, place.graph, place.triple

    def _index(self, articles: Iterable[Evidence]) -> None:
        sources = self._made.sources
        for e in articles:
            name = e.article.name
            if (0, name) not in self._indexed:
                self._add(0, name, e.article.facts, ((p.iri, t) for p in e.asserted for t in p.triples))
                self._add(1, name, e.article.facts, ((None, t) for t in e.description))
        for kind, documents in ((2, sources.background), (3, sources.ontology)):
            for number, d in enumerate(documents):
                name = f"{number:09}"
                if (kind, name) not in self._indexed:
                    self._add(kind, name, d, ((iri(q.graph_name) or None, q.triple) for q in d.quads))

    def _add(self, kind: int, name: str, document: Document, rows: Iterable[tuple[str | None, Triple]]) -> None:
        self._indexed.add((kind, name))
        for number, (graph, t) in enumerate(rows):
            self._places.setdefault(t.subject, []).append(_Place((kind, name, number), document, graph, t))


class _Place(NamedTuple):
    """A statement in a graph of a document, and its order: what kind of document, which one, and where in it."""

    order: tuple[int, str, int]
    document: Document
    graph: str | None
    triple: Triple


def _fits(t: Triple, pattern: TriplePattern) -> bool:
    return all(wanted is None or wanted == term for wanted, term in zip(pattern, t, strict=True))


def _contradiction(
    places: _Places, contradiction: Contradiction, proofs: list[Proof], leaves: Iterable[Triple], labels: Labels
) -> Finding:
    """A contradiction with the proof of each side, on the first asserted statement among the leaves of the proofs.

    Relations come before types: that a thing has a class is stated in many places, and more often right.
    """
    sides = " and ".join(f"“{clean(labels.sentences.fact(t))}”" for t in contradiction.triples)
    check, message = CONTRADICTION.of(contradiction.rule), f"contradiction: {sides}: {contradiction.message}"
    hint = "\n".join(line for proof in proofs for line in brief(proof, labels))
    relations = [tuple(t) for t in leaves if t.predicate.value != RDF_TYPE]
    subjects: list[TriplePattern] = [(s, None, None) for s in {t.subject for t in contradiction.triples}]
    for wanted in (relations, list(map(tuple, contradiction.triples)), subjects):
        for document, graph, triple in places.of(wanted):
            return document.finding(check, message, hint=hint, graph=graph, triple=tuple(triple))
    return check.finding("kg/articles", message, hint=hint)
