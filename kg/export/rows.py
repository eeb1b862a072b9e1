"""The facts of a compiled dataset, one by one with what each stands on: the rows that CSV, GraphML and claims share."""

from pyoxigraph import DefaultGraph, NamedNode, Triple

from kg.provenance.context import Context
from kg.provenance.receipts import ASSERTED, BACKED, COMPUTED, INFERRED, REPORTED, Fact, Receipt, Receipts
from kg.rdf.namespaces import DCTERMS, ENT, INFERRED_GRAPH, ONTOLOGY_GRAPH, RDF, RDF_TYPE


class FactRows:
    """A graph, sorted by what its facts stand on.

    `passages` has the receipts of each passage, its own first, in the order of the articles and their texts;
    `background` has the triples of each background graph.
    """

    def __init__(self, context: Context, *, asserted_only: bool = False) -> None:
        self.named: dict[str, list[Triple]] = {}
        self.default: list[Triple] = []
        for q in context.quads:
            if isinstance(q.graph_name, NamedNode):
                self.named.setdefault(q.graph_name.value, []).append(q.triple)
            elif isinstance(q.graph_name, DefaultGraph):
                self.default.append(q.triple)
        self.passages = self._passages(Receipts(context.store))
        self.inferred = [] if asserted_only else self.named.get(INFERRED_GRAPH, [])
        graph_folder = {INFERRED_GRAPH, ONTOLOGY_GRAPH, *self.passages}
        self.background = {g: self.named[g] for g in sorted(self.named) if g not in graph_folder}

    def _passages(self, receipts: Receipts) -> dict[str, list[Receipt]]:
        kind = NamedNode(ENT + "Passage")
        nodes = {t.subject for t in self.default if t.predicate.value == RDF_TYPE and t.object == kind}
        found = [receipts.with_companions(n) for n in nodes if isinstance(n, NamedNode)]
        found = [f for f in found if f]
        found.sort(key=lambda f: (f[0].article, f[0].start, -f[0].end, f[0].passage))
        return {f[0].passage: f for f in found}

    def stated(self, predicate: str) -> dict[str, str]:
        """The value that each described thing has for a predicate of the default graph, the first in order."""
        found: dict[str, str] = {}
        for t in self.default:
            if t.predicate.value == predicate and isinstance(t.subject, NamedNode):
                found.setdefault(t.subject.value, getattr(t.object, "value", ""))
        return found

    def rows(self) -> list[Fact]:
        """Every fact, once for each passage or background graph that has it: as the articles go, then the derived."""
        return [*self._told(), *self._backed(), *self._computed(), *(Fact(t, INFERRED) for t in self.inferred)]

    def _told(self) -> list[Fact]:
        claims = self._claims()
        rows = []
        for passage, receipts in self.passages.items():
            rows += [Fact(t, ASSERTED, tuple(receipts)) for t in self.named.get(passage, ())]
            rows += [Fact(t, REPORTED, tuple(receipts)) for t in claims.get(passage, ())]
        return rows

    def _claims(self) -> dict[str, list[Triple]]:
        """What is claimed in each passage; the triples are those of no graph."""
        parts: dict[object, dict[str, object]] = {}
        for t in self.default:
            if t.predicate.value in _CLAIM:
                parts.setdefault(t.subject, {})[t.predicate.value] = t.object
        claims: dict[str, list[Triple]] = {}
        for part in parts.values():
            if len(part) == len(_CLAIM):
                subject, predicate, value, passage = (part[name] for name in _CLAIM)
                triple = Triple(subject, predicate, value)  # type: ignore[arg-type]
                claims.setdefault(passage.value, []).append(triple)  # type: ignore[attr-defined]
        return {passage: sorted(triples, key=str) for passage, triples in claims.items()}

    def _backed(self) -> list[Fact]:
        sources = self.stated(DCTERMS + "source")
        return [Fact(t, BACKED, source=sources.get(g, "")) for g, triples in self.background.items() for t in triples]

    def _computed(self) -> list[Fact]:
        from kg.dataset.computed import PREDICATES

        elsewhere = {t for triples in self.named.values() for t in triples}
        return [Fact(t, COMPUTED) for t in self.default if t.predicate.value in PREDICATES and t not in elsewhere]


_CLAIM = (RDF + "subject", RDF + "predicate", RDF + "object", ENT + "passage")
