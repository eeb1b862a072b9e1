"""The page of a term of the ontology: what it means, what its shape asks, how words say it, and where it is used."""

import heapq
import re
from collections.abc import Iterator
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

from pyoxigraph import DefaultGraph, Literal, NamedNode, RdfFormat, Triple, parse

from kg.pages.facts import Facts, Part, Shown
from kg.pages.links import query_path
from kg.rdf.namespaces import ENT, ID, ONTOLOGY_GRAPH, OWL, RDF_TYPE, RDFS, RDFS_LABEL, SH, SKOS, compact, local_name
from kg.source import layout

if TYPE_CHECKING:
    from kg.graph import Graph

_GRAPH = NamedNode(ONTOLOGY_GRAPH)
_MOST_SHAPES = 20_000_000  # bytes of one file
_TERM = re.compile(r"\bent:([\w-]+)")  # in a query
_MOST_EXAMPLES = 5
_MOST_TRIED, _MOST_READ = 60, 5_000  # statements, to find examples
KINDS = {"class": "Classes", "property": "Properties", "value": "Values"}
_ABOVE = {"broader": ("subClassOf", "subPropertyOf"), "from": ("domain",), "to": ("range",)}
_LEXICON = {  # what the lexicon says of a term, in the order of the page
    "said by": "pattern",
    "words that speak for it": "cue",
    "told as": "clause",
    "named as": "nounPhrase",
    "examples of use": "usage",
}


class Term(NamedTuple):
    """A term in the list of all: its label, its link, and the beginning of its definition."""

    label: str
    link: str
    name: str


class Ontology:
    """The terms of the ontology of a graph, and its shapes."""

    def __init__(self, graph: "Graph") -> None:
        self.graph = graph

    @cached_property
    def terms(self) -> dict[str, str]:
        """The kind of each term of ours, by its IRI: class, property or value."""
        found: dict[str, str] = {}
        for q in self.graph.store.quads_for_pattern(None, NamedNode(RDF_TYPE), None, _GRAPH):
            iri, kind = str(getattr(q.subject, "value", "")), local_name(str(getattr(q.object, "value", "")))
            if iri.startswith(ENT) and iri != ENT:
                own = "class" if kind == "Class" else "property" if kind.endswith("Property") else "value"
                if found.get(iri, "value") == "value":
                    found[iri] = own
        return found

    @cached_property
    def shapes(self) -> dict[str, list[str]]:
        """What shapes ask, in words, by the IRI of the class that they are about, and of the property."""
        found: dict[str, list[str]] = {}
        triples = [t for path in self._files() for t in _triples(path)]
        values: dict[tuple[Any, str], list[Any]] = {}
        for t in triples:
            values.setdefault((t.subject, t.predicate.value), []).append(t.object)
        for shape in {t.subject for t in triples if t.predicate.value == SH + "targetClass"}:
            classes = values[shape, SH + "targetClass"]
            for part in [shape, *values.get((shape, SH + "property"), [])]:
                paths = values.get((part, SH + "path"), [])
                for message in values.get((part, SH + "message"), []):
                    for about in [*classes, *paths]:
                        found.setdefault(str(getattr(about, "value", "")), []).append(message.value)
        return {iri: sorted(set(messages)) for iri, messages in found.items()}

    @cached_property
    def asked_by(self) -> dict[str, list[str]]:
        """The names of the stored queries that use a term, by its local name."""
        found: dict[str, list[str]] = {}
        for name, query in sorted(self.graph.queries.items()):
            for term in sorted(set(_TERM.findall(query.text))):
                found.setdefault(term, []).append(name)
        return found

    def _files(self) -> list[str]:
        folder = self.graph.graph_folder
        return [*layout.files_in(folder.shapes, (".ttl",)), *layout.files_in(folder.authoring, (".ttl",))]

    def listed(self, facts: Facts) -> list[tuple[str, list[Term]]]:
        """All terms by kind, in the order of their labels."""
        rows = self.graph.store.quads_for_pattern(None, NamedNode(RDFS_LABEL), None, _GRAPH)
        labels = {str(getattr(q.subject, "value", "")): str(getattr(q.object, "value", "")) for q in rows}
        found: dict[str, list[Term]] = {kind: [] for kind in KINDS}
        for iri, kind in self.terms.items():
            found[kind].append(Term(labels.get(iri, local_name(iri)), facts.links.of(iri), compact(iri)))
        return [(KINDS[kind], sorted(terms)) for kind, terms in found.items() if terms]


class TermPage:
    """What is known of one term."""

    def __init__(self, ontology: Ontology, facts: Facts, term: NamedNode) -> None:
        self._ontology, self._graph, self._facts, self.term = ontology, ontology.graph, facts, term
        self._values: dict[str, list[Any]] = {}
        for q in self._graph.store.quads_for_pattern(term, None, None, _GRAPH):
            self._values.setdefault(q.predicate.value, []).append(q.object)
        self.kind = ontology.terms[term.value]
        self.label = self._graph.things.label(term)
        self.name = compact(term.value)

    @property
    def definition(self) -> str:
        """What it means."""
        return " ".join(self._texts(SKOS + "definition") or self._texts(RDFS + "comment"))

    @property
    def notes(self) -> list[str]:
        """How it is to be used."""
        return self._texts(SKOS + "scopeNote")

    @property
    def examples(self) -> list[str]:
        """Examples that the ontology gives."""
        return self._texts(SKOS + "example")

    @property
    def related(self) -> list[tuple[str, list[Part]]]:
        """The terms above it and below it, and those from which and to which a property leads."""
        found = []
        for title, names in _ABOVE.items():
            iris = {x.value for name in names for x in self._values.get(RDFS + name, []) if isinstance(x, NamedNode)}
            found.append((title, sorted(iris)))
        below = (RDFS + "subClassOf", RDFS + "subPropertyOf", RDF_TYPE)
        rows = (q for p in below for q in self._graph.store.quads_for_pattern(None, NamedNode(p), self.term, _GRAPH))
        found.append(("narrower", sorted({q.subject.value for q in rows if isinstance(q.subject, NamedNode)})))
        parts = [(title, [self._facts.part(i) for i in iris if not i.startswith(OWL)]) for title, iris in found]
        return [(title, own) for title, own in parts if own]

    @property
    def asked(self) -> list[str]:
        """What its shape asks, in words."""
        return self._ontology.shapes.get(self.term.value, [])

    @property
    def lexicon(self) -> list[tuple[str, list[str]]]:
        """How the language of the lexicon says it."""
        found = [(title, self._texts(ENT + name)) for title, name in _LEXICON.items()]
        return [(title, texts) for title, texts in found if texts]

    @property
    def queries(self) -> list[Part]:
        """The stored queries that use it."""
        names = self._ontology.asked_by.get(local_name(self.term.value), [])
        rows = ((name, self._graph.queries[name]) for name in names)
        return [Part(q.summary or name, self._facts.links.to(query_path(name))) for name, q in rows]

    @cached_property
    def facts(self) -> list[Shown]:
        """Facts that articles state with it, one for each thing."""
        found: dict[object, Shown] = {}
        for triple in self._stated():
            fact = self._graph.receipts.fact(triple)
            sentences = self._graph.context.sentences
            if triple.subject in found or not fact.receipts:
                continue
            clause = sentences.clause(triple.subject)
            is_told = clause is not None and (self.kind == "class" or triple.predicate.value in clause.tells)
            told = sentences.told(triple.subject, clause) if clause is not None and is_told else []
            text = clause.text if clause is not None and is_told else sentences.fact(triple)
            found[triple.subject] = self._facts.shown(text, fact, told)
            if len(found) == _MOST_EXAMPLES:
                break
        return list(found.values())

    def _stated(self) -> Iterator[Triple]:
        find = self._graph.engine.store.quads_for_pattern  # one by one: of many, few are read
        if self.kind == "property":
            rows = find(None, self.term, None, DefaultGraph())
        else:
            predicate = NamedNode(RDF_TYPE) if self.kind == "class" else None
            rows = find(None, predicate, self.term, DefaultGraph())
        told = ((str(getattr(q.subject, "value", "")), q.triple) for q in islice(rows, _MOST_READ))
        things = ((iri, triple) for iri, triple in told if iri.startswith(ID))
        first = heapq.nsmallest(_MOST_TRIED, things, key=lambda told: (told[0], str(told[1])))
        yield from (triple for _, triple in first)  # the same in every store

    def _texts(self, predicate: str) -> list[str]:
        return sorted({x.value for x in self._values.get(predicate, []) if isinstance(x, Literal)})


def _triples(path: str) -> list[Triple]:
    """The triples of a file of shapes; what cannot be parsed is a finding elsewhere."""
    try:
        data = layout.read_regular(path, _MOST_SHAPES)
        return [q.triple for q in parse(data, format=RdfFormat.TURTLE, base_iri=ENT)]
    except (OSError, SyntaxError, ValueError):
        return []
