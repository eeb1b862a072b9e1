"""From sources to one RDF dataset: asserted facts, evidence, computed bounds, claims, and what follows from them.

The layout is rule 24 of the model. Building refuses what would break the promise (a quote that is not in the text);
what merely breaks a shape is for `kg validate` to judge.
"""

import hashlib
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass, field, fields
from functools import cached_property
from typing import Any, TypeGuard

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, Store, Triple

from kg.dataset import computed
from kg.dataset.statements import ListedStatements, Statements
from kg.errors import InputError
from kg.findings import Finding, ordered
from kg.rdf import values
from kg.rdf.namespaces import CLAIM, ENT, INFERRED_GRAPH, ONTOLOGY_GRAPH, RDF, RDF_TYPE, XSD
from kg.rdf.terms import Term
from kg.reasoning.closure import Closure, close
from kg.source import graphs
from kg.source.article import ASIDE_REASON, EMPTY_PASSAGE, Evidence, Passage, read_article
from kg.source.documents import Document, Sources
from kg.text.segments import Coverage

Wanted = tuple[Term | None, Term | None, Term | None]  # a statement, as much of it as is known

_TYPE = NamedNode(RDF_TYPE)
# Violations in spite of which a graph is built: an article that is still being read can be queried.
UNFINISHED = frozenset({ASIDE_REASON.id, EMPTY_PASSAGE.id})
_STATES = {"read": "read", "partly": "partlyRead", "unread": "unread"}


@dataclass
class Build:
    """A graph folder, read and compiled. Triples are in the order of the sources until `quads` sorts them."""

    sources: Sources
    evidence: list[Evidence]
    ontology: list[Triple]
    background: list[Quad]
    bounds: list[Triple]
    claims: list[Triple]
    described: list[Triple]
    closure: Closure = field(default_factory=Closure)

    def __getstate__(self) -> dict[str, Any]:
        """What another process is sent: nothing that is computed from it, which may be growing at the time."""
        return {f.name: getattr(self, f.name) for f in fields(self)}

    @property
    def findings(self) -> list[Finding]:
        """What reading the files and holding the quotes against the texts found."""
        known = (f for document in self.sources.background for f in graphs.check_background_graphs(document))
        return ordered([*self.sources.findings, *known, *(f for e in self.evidence for f in e.findings)])

    @cached_property
    def asserted(self) -> dict[Triple, None]:
        """The facts that articles assert, in their order, each once."""
        return dict.fromkeys(t for e in self.evidence for p in e.asserted for t in p.triples)

    @cached_property
    def stated(self) -> dict[Triple, None]:
        """What somebody has written: asserted facts and background."""
        known = (q.triple for q in self.background if isinstance(q.graph_name, NamedNode))
        return {**self.asserted, **dict.fromkeys(known)}

    @cached_property
    def facts(self) -> dict[Triple, None]:
        """What reasoning starts from: what is stated, and bounds."""
        return {**self.stated, **dict.fromkeys(self.bounds)}

    @cached_property
    def judged(self) -> list[Triple]:
        """What the shapes judge: facts, what is said of the evidence, and background; nothing that follows."""
        known = (q.triple for q in self.background if isinstance(q.graph_name, DefaultGraph))
        return list(dict.fromkeys([*self.facts, *self.described, *known]))

    @cached_property
    def statements(self) -> Statements:
        """The same, to be looked up."""
        return ListedStatements(self.judged)

    @cached_property
    def said(self) -> Statements:
        """What somebody says in a reported passage, to be looked up."""
        return ListedStatements(t for e in self.evidence for p in e.reported for t in p.triples)

    @cached_property
    def names(self) -> Container[str]:
        """Every IRI that facts, evidence, background and claims name."""
        triples = [*self.judged, *self.claims]
        terms = (term for t in triples for term in (t.subject, t.predicate, t.object))
        return {term.value for term in terms if isinstance(term, NamedNode)}

    @cached_property
    def typed(self) -> set[str]:
        """The things of which facts say what they are."""
        return {t.subject.value for t in self.facts if t.predicate == _TYPE and isinstance(t.subject, NamedNode)}

    def is_typed(self, thing: str) -> bool:
        """Whether facts say what a thing is."""
        return thing in self.typed

    @property
    def is_empty(self) -> bool:
        """Whether there is no article."""
        return not self.evidence

    def is_whole(self, thing: Term) -> TypeGuard[NamedNode]:
        """Whether a thing has a name and all articles that tell of it are here."""
        return isinstance(thing, NamedNode)

    def telling(self, wanted: Iterable[Wanted]) -> list[Evidence]:
        """The articles in which to look for the first statement that is wanted."""
        return self.evidence

    def reported(self, things: Container[Term] | None = None) -> list[tuple[Evidence, Passage]]:
        """The reported passages, or those that say something of these things."""
        passages = [(e, p) for e in self.evidence for p in e.reported]
        return [(e, p) for e, p in passages if things is None or any(t.subject in things for t in p.triples)]

    def close(self) -> Closure:
        """The closure of the facts, with the contradictions in it; it stays with the build."""
        self.closure = close(self.facts, self.ontology)
        return self.closure

    @property
    def inferred(self) -> frozenset[Triple]:
        """What follows from the facts and is not among them."""
        return self.closure.inferred

    def computed(self) -> Iterator[Triple]:
        """What is computed after the closure: current status and stage, and direct types (model, rule 38)."""
        passages = ((e, p) for e in self.evidence for p in e.asserted)
        said = ((t, p.iri, e.reading_date) for e, p in passages for t in p.triples)
        yield from computed.current(s for s in said if s[0].predicate.value in computed.STATUS)
        described = (t for t in self.described if t.predicate == _TYPE)
        yield from computed.direct_types([*self.facts, *described, *self.inferred], computed.broader(self.ontology))

    def quads(self) -> list[Quad]:
        """The compiled dataset, sorted, each quad once."""
        return sorted(set(self.each_quad()), key=str)

    def each_quad(self) -> Iterator[Quad]:
        """The quads of the compiled dataset as they come, some of them twice."""
        for t in self._default_graph():
            yield Quad(t.subject, t.predicate, t.object)
        for passage in (p for e in self.evidence for p in e.asserted):
            yield from in_graph(passage.iri, passage.triples)
        yield from (q for q in self.background if isinstance(q.graph_name, NamedNode))
        yield from in_graph(INFERRED_GRAPH, self.inferred)
        yield from in_graph(ONTOLOGY_GRAPH, self.ontology)

    def store(self) -> Store:
        """The compiled dataset, to be asked."""
        store = Store()
        store.extend(self.each_quad())
        return store

    def counts(self) -> dict[str, int]:
        """How much there is of what; `read` counts the units that are read or set aside whole."""
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
    """Everything but the closure: quick, and enough to judge quotes, literals and shapes."""
    read_articles = [read_article(article) for article in sources.articles]
    background = [q for d in sources.background for q in d.quads]
    build = Build(
        sources=sources,
        evidence=read_articles,
        ontology=[t for d in sources.ontology for t in d.triples],
        background=background,
        bounds=[],
        claims=[t for e in read_articles for p in e.reported for t in claims(p)],
        described=[t for e in read_articles for t in describe_article(e)],
    )
    build.bounds = list(bounds(build.stated))
    return build


def broken(findings: Iterable[Finding]) -> list[Finding]:
    """The findings about evidence that stop a build."""
    return [f for f in findings if f.severity == "violation" and f.rule not in UNFINISHED]


def compile_graph(sources: Sources, reasoner: str = "rl") -> Build:
    """The whole build, closure included. Raises InputError with the first findings where the evidence is broken."""
    build = read_sources(sources)
    if wrong := broken(build.findings):
        shown = "\n".join(str(f) for f in wrong[:3])
        rest = f"\n… and {len(wrong) - 3} more" if len(wrong) > 3 else ""
        raise InputError(f"the sources are broken; nothing was built\n{shown}{rest}", hint="see all with `kg validate`")
    build.closure = close(build.facts, build.ontology, reasoner=reasoner)
    return build


def bounds(facts: Iterable[Triple]) -> Iterator[Triple]:
    """The first and last day that each `ent:date`, `ent:start` and `ent:end` allows (rule `bounds`).

    Where a thing has several dates, the days that all of them allow; where there is none such, those that any allows.
    """
    spans: dict[tuple[NamedNode, str], list[tuple[str, str]]] = {}
    for t in facts:
        key = t.predicate.value.removeprefix(ENT)
        if key in computed.BOUNDS and isinstance(t.object, Literal) and isinstance(t.subject, NamedNode):
            try:
                span = values.bounds(t.object)
            except InputError:
                continue  # an ill-formed date is a finding of the literal check
            spans.setdefault((t.subject, key), []).append(span)
    for (subject, key), found in spans.items():
        earliest, latest = max(e for e, _ in found), min(x for _, x in found)
        if earliest > latest:
            earliest, latest = min(e for e, _ in found), max(x for _, x in found)
        for name, day in zip(computed.BOUNDS[key], (earliest, latest), strict=True):
            yield Triple(subject, NamedNode(ENT + name), Literal(day, datatype=NamedNode(XSD + "date")))


def claims(passage: Passage) -> Iterator[Triple]:
    """A reported passage's triples as claims, and nothing that an engine could take for a fact (rule 8)."""
    for triple in passage.triples:
        yield from claim(triple, passage)


def claim(triple: Triple, passage: Passage) -> Iterator[Triple]:
    """One claim: what is said, where, and by whom. Its IRI is a hash of these."""
    key = " ".join(map(str, (triple.subject, triple.predicate, triple.object, passage.iri, passage.speaker)))
    node = NamedNode(CLAIM + hashlib.sha256(key.encode()).hexdigest()[:20])
    yield Triple(node, _TYPE, NamedNode(ENT + "Claim"))
    yield Triple(node, NamedNode(RDF + "subject"), triple.subject)
    yield Triple(node, NamedNode(RDF + "predicate"), triple.predicate)
    yield Triple(node, NamedNode(RDF + "object"), triple.object)
    yield Triple(node, NamedNode(ENT + "passage"), NamedNode(passage.iri))
    if passage.speaker:
        yield Triple(node, NamedNode(ENT + "claimedBy"), NamedNode(passage.speaker))


def describe_article(read_article: Evidence) -> Iterator[Triple]:
    """What the file says of the article, its passages and asides, and the computed places and readings."""
    yield from read_article.description
    article = NamedNode(read_article.iri)
    units: list[tuple[NamedNode, int, int]] = []
    for reading in read_article.readings:
        unit = NamedNode(f"{read_article.iri}#unit-{reading.segment.number}")
        units.append((unit, reading.segment.start, reading.segment.end))
        yield Triple(unit, _TYPE, NamedNode(ENT + "Unit"))
        yield Triple(unit, NamedNode(ENT + "unitKind"), NamedNode(ENT + reading.segment.kind))
        yield Triple(unit, NamedNode(ENT + "reading"), NamedNode(ENT + _state(reading, read_article)))
        yield from _place(unit, article, reading.segment.start, reading.segment.end)
    for passage in [*read_article.passages, *read_article.asides]:
        node = NamedNode(passage.iri)
        yield from _place(node, article, passage.start, passage.end)
        for unit, start, end in units:
            if passage.start < end and start < passage.end:
                yield Triple(node, NamedNode(ENT + "unit"), unit)


def _state(reading: Coverage, read_article: Evidence) -> str:
    start, end = reading.segment.start, reading.segment.end
    if reading.state == "read" and not any(p.start < end and start < p.end for p in read_article.passages):
        return "setAside"
    return _STATES[reading.state]


def _place(node: NamedNode, article: NamedNode, start: int, end: int) -> Iterator[Triple]:
    yield Triple(node, NamedNode(ENT + "article"), article)
    integer = NamedNode(XSD + "integer")
    yield Triple(node, NamedNode(ENT + "textStart"), Literal(str(start), datatype=integer))
    yield Triple(node, NamedNode(ENT + "textEnd"), Literal(str(end), datatype=integer))


def in_graph(graph: str, triples: Iterable[Triple]) -> Iterator[Quad]:
    """Triples as quads of one named graph."""
    name = NamedNode(graph)
    return (Quad(t.subject, t.predicate, t.object, name) for t in triples)


def documents(build: Build) -> list[Document]:
    """All documents of a build, for checks that read each of them."""
    s = build.sources
    return [*s.ontology, *s.shapes, *s.background, *(a.facts for a in s.articles)]
