"""The compiler: from the sources of a graph folder to one RDF dataset, with its closure and its computed triples.

The layout of the dataset is rule 24 of the model: the default graph has facts, background, descriptions of articles,
claims, and what is inferred and computed; named graphs have what each passage and each background source states, what
is inferred, and the ontology. Broken evidence, such as a quote that is not in the text, is an error; broken shapes are
not (`kg.validation`).
"""

import hashlib
from collections.abc import Callable, Container, Iterable, Iterator
from dataclasses import dataclass, field, fields, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeGuard, TypeVar

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, Store, Triple

from kg.dataset import computed
from kg.dataset.statements import ListedStatements, Statements
from kg.errors import InputError
from kg.findings import Check, Finding, ordered
from kg.rdf.namespaces import (
    ALT_LABEL,
    ARTICLE,
    CLAIM,
    ENT,
    INFERRED_GRAPH,
    ONTOLOGY_GRAPH,
    RDF,
    RDF_TYPE,
    RDFS_LABEL,
    XSD,
)
from kg.rdf.terms import Term, iri
from kg.rdf.tokens import line_column
from kg.reasoning import profile
from kg.reasoning.closure import Closure, close
from kg.source import graphs
from kg.source.article import ASIDE_REASON, EMPTY_PASSAGE, Evidence, Passage, read_article
from kg.source.documents import ArticleSources, Document, Sources
from kg.text.segments import Coverage

if TYPE_CHECKING:
    from kg.dataset import computed_labels

_UNIT_ORDER = {"sentence": 1, "heading": 3}  # a caption or a credit stands between them
_MOST = 9_999_999  # code points of a text
OUTSIDE_PROFILE = Check(
    "outside-profile",
    "Axioms keep to OWL 2 RL (OWL 2 Profiles §4.2).",
    "Reasoners for the profile ignore what is outside of it without an error.",
    wrong="ent:City rdfs:subClassOf [ a owl:Restriction ;\n"
    "    owl:onProperty ent:onSide ; owl:someValuesFrom ent:Side ] .",
    right="ent:City rdfs:subClassOf [ a owl:Restriction ;\n"
    "    owl:onProperty ent:onSide ; owl:allValuesFrom ent:Side ] .",
)

TriplePattern = tuple[Term | None, Term | None, Term | None]  # a triple pattern, None for a variable

_Row = TypeVar("_Row")
_TYPE = NamedNode(RDF_TYPE)
# Violations that do not stop a build: an article that is not wholly read yet can be queried.
UNFINISHED = frozenset({ASIDE_REASON.id, EMPTY_PASSAGE.id})


@dataclass
class Build:
    """A graph folder, read and compiled; lists are in the order of the sources."""

    sources: Sources
    evidence: list[Evidence]
    ontology: list[Triple]
    background: list[Quad]
    bounds: list[Triple]
    claims: list[Triple]
    described: list[Triple]
    closure: Closure = field(default_factory=Closure)

    def __getstate__(self) -> dict[str, Any]:
        """The fields alone, for another process: another thread may be adding cached properties."""
        return {f.name: getattr(self, f.name) for f in fields(self)}

    @property
    def findings(self) -> list[Finding]:
        """The findings of reading the files and of looking up the quotes in the texts."""
        known = (f for document in self.sources.background for f in graphs.check_background_graphs(document))
        return ordered([*self.sources.findings, *known, *(f for e in self.evidence for f in e.findings)])

    @cached_property
    def asserted(self) -> dict[Triple, None]:
        """The facts that articles assert, each once, in order."""
        return dict.fromkeys(t for e in self.evidence for p in e.asserted for t in p.triples)

    @cached_property
    def stated(self) -> dict[Triple, None]:
        """Asserted facts and background."""
        known = (q.triple for q in self.background if isinstance(q.graph_name, NamedNode))
        return {**self.asserted, **dict.fromkeys(known)}

    @cached_property
    def facts(self) -> dict[Triple, None]:
        """What the closure is made of: what is stated, and bounds."""
        return {**self.stated, **dict.fromkeys(self.bounds)}

    @cached_property
    def data_graph(self) -> list[Triple]:
        """The data graph for shapes: facts, descriptions of articles, and background; nothing inferred."""
        known = (q.triple for q in self.background if isinstance(q.graph_name, DefaultGraph))
        return list(dict.fromkeys([*self.facts, *self.described, *known]))

    @cached_property
    def statements(self) -> Statements:
        """The data graph for shapes, indexed."""
        return ListedStatements(self.data_graph)

    @cached_property
    def claimed(self) -> Statements:
        """The statements of reported passages, indexed."""
        return ListedStatements(t for e in self.evidence for p in e.reported for t in p.triples)

    @cached_property
    def names(self) -> Container[str]:
        """Every IRI that facts, evidence, background and claims name."""
        triples = [*self.data_graph, *self.claims]
        terms = (term for t in triples for term in (t.subject, t.predicate, t.object))
        return {term.value for term in terms if isinstance(term, NamedNode)}

    @cached_property
    def typed(self) -> set[str]:
        """The IRIs with a type among the facts."""
        return {t.subject.value for t in self.facts if t.predicate == _TYPE and isinstance(t.subject, NamedNode)}

    def is_typed(self, thing: str) -> bool:
        """Whether an IRI has a type among the facts."""
        return thing in self.typed

    @property
    def is_empty(self) -> bool:
        """Whether there is no article."""
        return not self.evidence

    def is_whole(self, thing: Term) -> TypeGuard[NamedNode]:
        """Whether a term is an IRI, and all articles about it are in this build."""
        return isinstance(thing, NamedNode)

    def articles_matching(self, patterns: Iterable[TriplePattern]) -> list[Evidence]:
        """Articles among which is the first one with a triple that matches one of the patterns."""
        return self.evidence

    def reported(self, things: Container[Term] | None = None) -> list[tuple[Evidence, Passage]]:
        """The reported passages with their articles, or those with a statement about one of these things."""
        passages = [(e, p) for e in self.evidence for p in e.reported]
        return [(e, p) for e, p in passages if things is None or any(t.subject in things for t in p.triples)]

    def close(self, reasoner: str = "rl") -> Closure:
        """Compute the closure of the facts, and keep it; what is outside of OWL 2 RL is in `outside_profile`."""
        self.closure = close(self.facts, self.ontology, reasoner=reasoner, outside="ignore")
        return self.closure

    def outside_profile(self) -> list[Finding]:
        """What the closure found to lie outside of OWL 2 RL, at its places in the ontology, or else in any source."""
        count, sources = len(self.closure.outside), self.sources
        found = outside_profile(statements(sources.ontology)) if count else []
        if len(found) < count:
            facts = (article.facts for article in sources.articles)
            found = outside_profile(statements([*sources.ontology, *sources.background, *facts]))
        return found

    @property
    def inferred(self) -> frozenset[Triple]:
        """The inferred triples."""
        return self.closure.inferred

    def computed(self) -> Iterator[Triple]:
        """The triples computed after the closure (model, computed terms)."""
        statuses = [s for e in self.evidence for s in status_statements(e)]
        yield from computed.current(statuses)
        parts = (t for t in self.inferred if t.predicate == computed.PART_OF)
        yield from computed.days([*self.facts, *parts], computed.ended(statuses))
        described = (t for t in self.described if t.predicate == _TYPE)
        yield from computed.stated_in(m for e in self.evidence for m in mentioning(e))
        yield from computed.direct_types([*self.facts, *described, *self.inferred], computed.broader(self.ontology))
        yield from self.labels[0]

    @cached_property
    def labels(self) -> "tuple[list[Triple], computed_labels.Alike]":
        """The labels that are computed of things without one, and which noun phrases several of them share."""
        from kg.dataset import computed_labels, lexicon, naming

        if not any(t.predicate.value == lexicon.NOUN_PHRASE for t in self.ontology):
            return [], {}
        quotes = (Quad(*t) for t in self.described if t.predicate.value == ENT + "quote")
        inverse = {RDF + "subject", *lexicon.inverse(self.ontology)}
        match = computed.in_quads([*self._stated_quads(), *quotes, *(Quad(*t) for t in self.claims)], inverse)
        typed = (t.subject for t in (*self.facts, *self.inferred) if t.predicate == _TYPE)
        claimed = (t.object for t in self.claims if t.predicate.value == RDF + "subject")
        things = dict.fromkeys([*typed, *claimed])
        return computed_labels.labels(naming.Naming(match, anew=True), things)

    def quads(self) -> list[Quad]:
        """The compiled dataset, sorted, each quad once."""
        return sorted(set(self.each_quad()), key=str)

    def each_quad(self) -> Iterator[Quad]:
        """The quads of the compiled dataset, unsorted, some of them twice."""
        for t in self._default_graph():
            yield Quad(t.subject, t.predicate, t.object)
        yield from self._stated_quads()

    def _stated_quads(self) -> Iterator[Quad]:
        """The quads of the named graphs."""
        for passage in (p for e in self.evidence for p in e.asserted):
            yield from in_graph(passage.iri, passage.triples)
        yield from (q for q in self.background if isinstance(q.graph_name, NamedNode))
        yield from in_graph(INFERRED_GRAPH, self.inferred)
        yield from in_graph(ONTOLOGY_GRAPH, self.ontology)

    def store(self) -> Store:
        """The compiled dataset as a store."""
        store = Store()
        store.extend(self.each_quad())
        return store

    def counts(self) -> dict[str, int]:
        """Numbers of articles, passages, facts and so on; `read` counts units that are wholly read or set aside."""
        readings = [r for e in self.evidence for r in e.readings]
        return {
            "articles": len(self.evidence),
            "units": len(readings),
            "read": sum(r.state == "read" for r in readings),
            "passages": sum(len(e.passages) for e in self.evidence),
            "reported": sum(len(e.reported) for e in self.evidence),
            "asides": sum(len(e.asides) for e in self.evidence),
            "facts": len(self.asserted),
            "claims": sum(len(p.triples) for e in self.evidence for p in e.reported),
            "background": len({q.triple for q in self.background if isinstance(q.graph_name, NamedNode)}),
            "inferred": len(self.inferred),
        }

    def _default_graph(self) -> Iterator[Triple]:
        yield from self.facts
        yield from (q.triple for q in self.background if isinstance(q.graph_name, DefaultGraph))
        yield from self.described
        yield from self.claims
        yield from self.inferred
        yield from self.computed()


def read_sources(sources: Sources) -> Build:
    """A build without its closure, which checks of quotes, literals and shapes do not need."""
    evidence = [read_article(article) for article in sources.articles]
    build = Build(
        sources=sources,
        evidence=evidence,
        ontology=[t for d in sources.ontology for t in d.triples],
        background=[q for d in sources.background for q in d.quads],
        bounds=[],
        claims=[t for e in evidence for p in e.reported for t in claims(p)],
        described=[t for e in evidence for t in describe_article(e)],
    )
    build.bounds = list(computed.bounds(build.stated))
    return build


def with_article(made: Build, article: ArticleSources) -> Build:
    """The build with one article read anew, or added: what is known of the others stays."""
    sources = replace(made.sources, articles=_placed(made.sources.articles, article, lambda a: a.name))
    evidence = _placed(made.evidence, read_article(article), lambda e: e.article.name)
    build = replace(
        made,
        sources=sources,
        evidence=evidence,
        claims=[t for e in evidence for p in e.reported for t in claims(p)],
        described=[t for e in evidence for t in describe_article(e)],
        closure=Closure(),
    )
    build.bounds = list(computed.bounds(build.stated))
    return build


def _placed(rows: list[_Row], row: _Row, name: Callable[[_Row], str]) -> list[_Row]:
    """Rows with another in the place of the one of its name, or in its place by name."""
    return sorted([*(r for r in rows if name(r) != name(row)), row], key=name)


def broken(findings: Iterable[Finding]) -> list[Finding]:
    """The findings that stop a build."""
    return [f for f in findings if f.severity == "violation" and f.rule not in UNFINISHED]


def refuse_broken(build: Build) -> None:
    """Raise InputError, with the first findings, where the sources are broken."""
    refuse(broken(build.findings))


def refuse(wrong: list[Finding]) -> None:
    """Raise InputError, with the first of findings that stop a build, unless there are none."""
    if wrong:
        shown = [*wrong[:3], *([f"… and {len(wrong) - 3} more"] if len(wrong) > 3 else [])]
        message = "the sources are broken; nothing was built"
        raise InputError(message, findings=shown, hint="see all with `kg validate`")


def compile_graph(sources: Sources, reasoner: str = "rl") -> Build:
    """A build with its closure. Raises InputError, with the first findings, where the evidence is broken."""
    build = read_sources(sources)
    refuse_broken(build)
    build.close(reasoner)
    if outside := build.outside_profile():
        message = "the ontology is outside OWL 2 RL; nothing was built"
        raise InputError(message, findings=outside, rule=OUTSIDE_PROFILE.id)
    return build


@dataclass(frozen=True)
class Statement:
    """A triple in a document, its predicate as text, and where in the text its subject and its object start."""

    subject: Term
    predicate: str
    object: Term
    document: Document
    subject_at: int
    object_at: int


def statements(documents: Iterable[Document]) -> list[Statement]:
    """The statements of Turtle and TriG documents, in their order; blank nodes of different ones are different."""
    from kg.rdf.positions import positions

    found = []
    for number, document in enumerate(documents):
        for place in positions(document.text):
            s, p, o = place.triple
            s, o = (BlankNode(f"d{number}-{x.value}") if isinstance(x, BlankNode) else x for x in (s, o))
            found.append(Statement(s, p.value, o, document, place.subject_at, place.object_at))
    return found


def outside_profile(axioms: Iterable[Statement]) -> list[Finding]:
    """What lies outside of OWL 2 RL among the statements of documents, each at the term at fault."""
    found = []
    for outside in profile.outside_profile(axioms):
        at, is_subject = outside.at, outside.term == outside.at.subject
        line, column = line_column(at.document.text, at.subject_at if is_subject else at.object_at)
        more = {"hint": outside.hint, "focus": iri(outside.statements[0].subject), "value": iri(outside.term)}
        found.append(OUTSIDE_PROFILE.finding(at.document.path, outside.message, line=line, column=column, **more))
    return found


def claims(passage: Passage) -> Iterator[Triple]:
    """The triples of a reported passage as claims, of a joint statement one for each speaker (model, rule 8)."""
    for triple in passage.triples:
        for speaker in passage.speakers:
            yield from claim(triple, passage.iri, speaker)


def claim(triple: Triple, passage: str, speaker: str = "") -> Iterator[Triple]:
    """One claim: a reified triple with its passage and its speaker, if any. Its IRI is a hash of these."""
    key = " ".join(map(str, (*triple, passage, speaker)))
    node = NamedNode(CLAIM + hashlib.sha256(key.encode()).hexdigest()[:20])
    yield Triple(node, _TYPE, NamedNode(ENT + "Claim"))
    yield Triple(node, NamedNode(RDF + "subject"), triple.subject)
    yield Triple(node, NamedNode(RDF + "predicate"), triple.predicate)
    yield Triple(node, NamedNode(RDF + "object"), triple.object)
    yield Triple(node, NamedNode(ENT + "passage"), NamedNode(passage))
    if speaker:
        yield Triple(node, NamedNode(ENT + "claimedBy"), NamedNode(speaker))


def describe_article(evidence: Evidence) -> Iterator[Triple]:
    """The triples about an article, its passages and asides, and its units, with their positions in the text."""
    yield from evidence.description
    article = NamedNode(evidence.iri)
    units: list[tuple[NamedNode, int, int]] = []
    for reading in evidence.readings:
        unit = NamedNode(f"{evidence.iri}#unit-{reading.segment.number}")
        units.append((unit, reading.segment.start, reading.segment.end))
        yield Triple(unit, _TYPE, NamedNode(ENT + "Unit"))
        yield Triple(unit, NamedNode(ENT + "unitKind"), NamedNode(ENT + reading.segment.kind))
        yield Triple(unit, NamedNode(ENT + "reading"), NamedNode(ENT + _state(reading, evidence)))
        yield from _position(unit, article, reading.segment.start, reading.segment.end)
    for mention in evidence.mentions:
        yield from _position(NamedNode(mention.iri), article, mention.start, mention.end)
    for passage in [*evidence.passages, *evidence.asides]:
        node = NamedNode(passage.iri)
        yield from _position(node, article, passage.start, passage.end)
        for unit, start, end in units:
            if passage.start < end and start < passage.end:
                yield Triple(node, NamedNode(ENT + "unit"), unit)
    for passage in evidence.passages:
        yield Triple(NamedNode(passage.iri), computed.READING_ORDER, _reading_order(evidence, passage))


def status_statements(evidence: Evidence) -> Iterator[computed.StatusStatement]:
    """The statuses and stages that an article states."""
    for passage in evidence.asserted:
        for t in passage.triples:
            if t.predicate.value in computed.STATUS:
                order = _reading_order(evidence, passage).value
                yield computed.StatusStatement(t, passage.iri, order, evidence.reading_date)


def mentioning(evidence: Evidence) -> Iterator[tuple[Term, computed.Mentioning]]:
    """The things to which the passages of an article give a class, each with where it is stated."""
    for passage in evidence.asserted:
        order = _reading_order(evidence, passage).value
        said: dict[Term, list[Triple]] = {}
        for t in passage.triples:
            said.setdefault(t.subject, []).append(t)
        named = {t.subject for t in passage.triples if t.predicate.value in (RDFS_LABEL, ALT_LABEL)}
        for thing, stated in said.items():
            if any(t.predicate.value == RDF_TYPE for t in stated):
                yield thing, computed.mentioning(stated, named, order, passage.iri)


def reading_order(kinds: Iterable[str], read: str, passage: str, start: int, end: int) -> Literal:
    """By what passages sort in the order in which they are shown (rule `reading-order`); no two have the same.

    1 with a sentence among its units (`kinds`, as local names), 3 of headings alone, else 2; the reading date and the
    name of its article; its start in code points, and its end counted down, so that a quote comes before those within
    it; its own name.
    """
    unit = min((_UNIT_ORDER.get(kind, 2) for kind in kinds), default=1)
    article, _, name = passage.removeprefix(ARTICLE).partition("#")
    return Literal(f"{unit} {read} {article} {start:07} {_MOST - end:07} {name}")


def _reading_order(evidence: Evidence, passage: Passage) -> Literal:
    segments = (reading.segment for reading in evidence.readings)
    kinds = (s.kind for s in segments if s.start < passage.end and passage.start < s.end)
    return reading_order(kinds, evidence.reading_date, passage.iri, passage.start, passage.end)


def _state(reading: Coverage, evidence: Evidence) -> str:
    start, end = reading.segment.start, reading.segment.end
    if reading.state == "read" and not any(p.start < end and start < p.end for p in evidence.passages):
        return "setAside"
    return "partlyRead" if reading.state == "partly" else reading.state


def _position(node: NamedNode, article: NamedNode, start: int, end: int) -> Iterator[Triple]:
    yield Triple(node, NamedNode(ENT + "article"), article)
    for name, offset in (("textStart", start), ("textEnd", end)):
        yield Triple(node, NamedNode(ENT + name), Literal(str(offset), datatype=NamedNode(XSD + "integer")))


def in_graph(graph: str, triples: Iterable[Triple]) -> Iterator[Quad]:
    """Triples as quads of one named graph."""
    name = NamedNode(graph)
    return (Quad(t.subject, t.predicate, t.object, name) for t in triples)
