"""The facts of a dataset, each with what it rests on: rows for CSV, GraphML and claims (`ent:Claim`)."""

from pyoxigraph import DefaultGraph, NamedNode, Triple

from kg.dataset.computed import PREDICATES
from kg.provenance.context import Context
from kg.provenance.receipts import ASSERTED, BACKED, COMPUTED, INFERRED, REPORTED, Fact, Receipt
from kg.rdf.namespaces import DCTERMS, ENT, INFERRED_GRAPH, ONTOLOGY_GRAPH, RDF, RDF_TYPE

_PASSAGE = NamedNode(ENT + "Passage")
_CLAIM = (RDF + "subject", RDF + "predicate", RDF + "object", ENT + "passage")


class FactRows:
    """The facts of a dataset by what they rest on.

    `passages` has the receipts of each passage, its own first, in the order of the articles and their texts.
    """

    def __init__(self, context: Context, *, asserted_only: bool = False) -> None:
        self._named: dict[str, list[Triple]] = {}
        self._default: list[Triple] = []
        for q in context.quads:
            if isinstance(q.graph_name, NamedNode):
                self._named.setdefault(q.graph_name.value, []).append(q.triple)
            elif isinstance(q.graph_name, DefaultGraph):
                self._default.append(q.triple)
        self.passages = self._passages(context)
        self._inferred = self._named.get(INFERRED_GRAPH, [])
        if asserted_only:
            kept = set(context.triples(asserted_only=True))
            self._default, self._inferred = [t for t in self._default if t in kept], []

    def _passages(self, context: Context) -> dict[str, list[Receipt]]:
        nodes = {t.subject for t in self._default if t.predicate.value == RDF_TYPE and t.object == _PASSAGE}
        receipts = [context.receipts.with_companions(n) for n in nodes if isinstance(n, NamedNode)]
        found = [of_passage for of_passage in receipts if of_passage]
        found.sort(key=lambda f: (f[0].article, f[0].start, -f[0].end, f[0].passage))
        return {f[0].passage: f for f in found}

    def values(self, predicate: str) -> dict[str, str]:
        """The first value that each IRI has for a predicate of the default graph."""
        found: dict[str, str] = {}
        for t in self._default:
            if t.predicate.value == predicate and isinstance(t.subject, NamedNode):
                found.setdefault(t.subject.value, getattr(t.object, "value", ""))
        return found

    def rows(self) -> list[Fact]:
        """Every fact, once for each passage or background graph that has it: as the articles go, then the derived."""
        return [
            *self._in_passages(),
            *self._background(),
            *self._computed(),
            *(Fact(t, INFERRED) for t in self._inferred),
        ]

    def _in_passages(self) -> list[Fact]:
        claims = self._claims()
        rows = []
        for passage, receipts in self.passages.items():
            rows += [Fact(t, ASSERTED, tuple(receipts)) for t in self._named.get(passage, ())]
            rows += [Fact(t, REPORTED, tuple(receipts)) for t in claims.get(passage, ())]
        return rows

    def _claims(self) -> dict[str, list[Triple]]:
        """The triples that are claimed in each passage; they stand in no graph themselves."""
        parts: dict[object, dict[str, object]] = {}
        for t in self._default:
            if t.predicate.value in _CLAIM:
                parts.setdefault(t.subject, {})[t.predicate.value] = t.object
        claims: dict[str, list[Triple]] = {}
        for part in parts.values():
            if len(part) == len(_CLAIM):
                subject, predicate, value, passage = (part[name] for name in _CLAIM)
                triple = Triple(subject, predicate, value)  # type: ignore[arg-type]
                claims.setdefault(passage.value, []).append(triple)  # type: ignore[attr-defined]
        return {passage: sorted(triples, key=str) for passage, triples in claims.items()}

    def _background(self) -> list[Fact]:
        sources = self.values(DCTERMS + "source")
        graphs = sorted(self._named.keys() - {INFERRED_GRAPH, ONTOLOGY_GRAPH, *self.passages})
        return [Fact(t, BACKED, source=sources.get(graph, "")) for graph in graphs for t in self._named[graph]]

    def _computed(self) -> list[Fact]:
        in_graphs = {t for triples in self._named.values() for t in triples}
        return [Fact(t, COMPUTED) for t in self._default if t.predicate.value in PREDICATES and t not in in_graphs]
