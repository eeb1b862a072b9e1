"""One interface to look statements up, in memory or in a store; the lines of N-Quads of a large dataset."""

from collections.abc import Iterable, Iterator
from itertools import chain, islice
from typing import Any, Protocol

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, Store, Triple

from kg.dataset.computed import AFTER_CLOSURE, PREDICATES, in_default_graph
from kg.dataset.sorted_quads import SortedQuads
from kg.rdf.namespaces import CLAIM, ENT, INFERRED_GRAPH, ONTOLOGY_GRAPH, RDF, RDF_TYPE
from kg.rdf.terms import Term, iri, n_quads

_SOME = 100_000  # quads of a part
_MANY = 50  # triples with one object, from which on they are looked up by predicate as well
ANY = ""  # in the place of a predicate's IRI

_INFERRED = NamedNode(INFERRED_GRAPH)
_SUBJECT, _PREDICATE, _OBJECT = (NamedNode(RDF + name) for name in ("subject", "predicate", "object"))
_PASSAGE = NamedNode(ENT + "passage")


class Statements(Protocol):
    """A set of triples with indexes."""

    def about(self, node: Term, predicate: str = ANY) -> Iterable[Triple]:
        """The triples with that subject."""

    def leading_to(self, node: Term, predicate: str = ANY) -> Iterable[Triple]:
        """The triples with that object; none for a literal."""

    def has_value(self, predicate: str) -> bool:
        """Whether there is a triple with that predicate."""

    def has_instance(self, kind: str) -> bool:
        """Whether there is an instance of that class."""
        return any(True for _ in self.leading_to(NamedNode(kind), RDF_TYPE))


class ListedStatements(Statements):
    """The triples of a list."""

    def __init__(self, triples: Iterable[Triple]) -> None:
        self._by_subject: dict[Term, list[Triple]] = {}
        self._by_object: dict[Term, list[Triple]] = {}
        self._predicates = set[str]()
        self._many: dict[Term, dict[str, list[Triple]]] = {}  # triples with that object, of which there are many
        for t in triples:
            self._predicates.add(t.predicate.value)
            self._by_subject.setdefault(t.subject, []).append(t)
            if not isinstance(t.object, Literal):
                self._by_object.setdefault(t.object, []).append(t)

    def about(self, node: Term, predicate: str = ANY) -> Iterator[Triple]:
        """The triples with that subject."""
        return (t for t in self._by_subject.get(node, ()) if predicate in (ANY, t.predicate.value))

    def leading_to(self, node: Term, predicate: str = ANY) -> Iterator[Triple]:
        """The triples with that object; none for a literal."""
        found = self._by_object.get(node, [])
        if predicate == ANY or len(found) < _MANY:
            return (t for t in found if predicate in (ANY, t.predicate.value))
        if node not in self._many:
            by_predicate = self._many[node] = dict[str, list[Triple]]()
            for t in found:
                by_predicate.setdefault(t.predicate.value, []).append(t)
        return iter(self._many[node].get(predicate, ()))

    def has_value(self, predicate: str) -> bool:
        """Whether there is a triple with that predicate."""
        return predicate in self._predicates


class StoredStatements(Statements):
    """The triples of a compiled dataset (model, rule 24) but for claims and what follows from the closure."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def all(self) -> Iterator[Triple]:
        """All of them."""
        return self._matching(None, ANY, None)

    def about(self, node: Term, predicate: str = ANY) -> Iterator[Triple]:
        """The triples with that subject."""
        return iter(()) if isinstance(node, Literal) else self._matching(node, predicate, None)

    def leading_to(self, node: Term, predicate: str = ANY) -> Iterator[Triple]:
        """The triples with that object; none for a literal."""
        return iter(()) if isinstance(node, Literal) else self._matching(None, predicate, node)

    def has_value(self, predicate: str) -> bool:
        """Whether there is a triple with that predicate."""
        return any(True for _ in self._matching(None, predicate, None))

    def __contains__(self, iri: object) -> bool:
        """Whether a triple has that IRI, be it in a claim."""
        node = NamedNode(str(iri))
        patterns = ((node, None, None), (None, node, None), (None, None, node))
        quads = (q for s, p, o in patterns for q in self._store.quads_for_pattern(s, p, o, DefaultGraph()))
        return any(not self._is_inferred(q) for q in quads)

    def _matching(self, subject: Term | None, predicate: str, value: Term | None) -> Iterator[Triple]:
        verb = NamedNode(predicate) if predicate else None
        for q in self._store.quads_for_pattern(subject, verb, value, DefaultGraph()):  # type: ignore[arg-type]
            if not _is_claim(q.subject) and not self._is_inferred(q):
                yield q.triple

    def _is_inferred(self, q: Quad) -> bool:
        return q.predicate.value in AFTER_CLOSURE or Quad(q.subject, q.predicate, q.object, _INFERRED) in self._store


_MOST_KEPT = 100_000  # triples of claims that were looked up


class ClaimedStatements(Statements):
    """The triples that the claims of a compiled dataset reify."""

    def __init__(self, store: Store | SortedQuads) -> None:
        """Take a store at rest: what was looked up is kept."""
        self._store = store
        self._found: dict[tuple[NamedNode, Term], tuple[Triple, ...]] = {}
        self._kept = 0  # triples in it

    def about(self, node: Term, predicate: str = ANY) -> Iterator[Triple]:
        """The triples with that subject."""
        return self._matching(_SUBJECT, node, predicate)

    def leading_to(self, node: Term, predicate: str = ANY) -> Iterator[Triple]:
        """The triples with that object; none for a literal."""
        return iter(()) if isinstance(node, Literal) else self._matching(_OBJECT, node, predicate)

    def has_value(self, predicate: str) -> bool:
        """Whether there is a triple with that predicate."""
        return any(True for _ in self._store.quads_for_pattern(None, _PREDICATE, NamedNode(predicate), DefaultGraph()))

    def passages(self, node: Term, *, as_object: bool = False) -> Iterator[Any]:
        """The passages of the claims with that subject, or with that object."""
        return (self._part(claim, _PASSAGE) for claim in self._claims(_OBJECT if as_object else _SUBJECT, node))

    def _matching(self, part: NamedNode, node: Term, predicate: str) -> Iterator[Triple]:
        return (t for t in self._triples(part, node) if predicate in (ANY, t.predicate.value))

    def _triples(self, part: NamedNode, node: Term) -> tuple[Triple, ...]:
        if (known := self._found.get((part, node))) is None:
            parts = (_SUBJECT, _PREDICATE, _OBJECT)
            known = tuple(Triple(*(self._part(c, x) for x in parts)) for c in self._claims(part, node))
            if self._kept > _MOST_KEPT or len(self._found) > _MOST_KEPT:
                self._found.clear()
                self._kept = 0
            self._found[part, node] = known
            self._kept += len(known)
        return known

    def _claims(self, part: NamedNode, node: Term) -> Iterator[Any]:
        quads = self._store.quads_for_pattern(None, part, node, DefaultGraph())
        return (q.subject for q in quads if _is_claim(q.subject))

    def _part(self, claim: Any, part: NamedNode) -> Any:
        return next(q.object for q in self._store.quads_for_pattern(claim, part, None, DefaultGraph()))


class SortedStatements(Statements):
    """The triples of a dataset in sorted files, but for claims and what follows from the closure."""

    def __init__(self, quads: SortedQuads) -> None:
        self._quads = quads

    def about(self, node: Term, predicate: str = ANY) -> Iterable[Triple]:
        """The triples with that subject."""
        if isinstance(node, Literal | Triple):
            return ()
        found = self._quads.of_subject(node)
        if predicate:
            return _stated(found.get(NamedNode(predicate), ()))
        return _stated(q for quads in found.values() for q in quads)

    def leading_to(self, node: Term, predicate: str = ANY) -> Iterable[Triple]:
        """The triples with that object; none for a literal."""
        if isinstance(node, Literal | Triple):
            return ()
        return _stated(self._quads.of_object(node, NamedNode(predicate) if predicate else None))

    def has_value(self, predicate: str) -> bool:
        """Nobody knows that without reading everything: see `kg.validation.shards.Present`."""
        raise NotImplementedError


def _stated(quads: Iterable[Quad]) -> Iterable[Triple]:
    """Of quads the triples that articles, background and computed bounds state, each once."""
    apart = {ONTOLOGY_GRAPH, INFERRED_GRAPH}
    kept = (q for q in quads if not _is_claim(q.subject) and iri(q.graph_name) not in apart)
    return dict.fromkeys(q.triple for q in kept)


def _is_claim(node: object) -> bool:
    return getattr(node, "value", "").startswith(CLAIM)


def lines_in_parts(stated: Iterable[Iterable[str]], store: Store) -> Iterator[list[str]]:
    """The lines of N-Quads of a dataset: those that are stated, part by part, then what a store has beside them."""
    for part in stated:
        lines = [line for line in part if line]
        yield [*lines, *in_default_graph(lines)]
    names = [NamedNode(iri) for iri in PREDICATES]
    computed = (q for p in names for q in store.quads_for_pattern(None, p, None, DefaultGraph()))
    inferred = store.quads_for_pattern(None, None, None, _INFERRED)
    rest = chain(computed, (x for q in inferred for x in (q, Quad(*q.triple))))
    while some := list(islice(rest, _SOME)):
        yield n_quads(some).splitlines()
