"""Statements, looked up by what they say: those of a list, in memory, or those of a compiled dataset, in its store."""

from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Any, Protocol

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, Store, Triple

from kg.dataset.computed import AFTER_CLOSURE
from kg.rdf.namespaces import CLAIM, ENT, INFERRED_GRAPH, RDF, RDF_TYPE
from kg.rdf.terms import Term

ANY = ""  # in the place of a predicate's IRI

_TYPE = NamedNode(RDF_TYPE)
_INFERRED = NamedNode(INFERRED_GRAPH)
_SUBJECT, _PREDICATE, _OBJECT = (NamedNode(RDF + name) for name in ("subject", "predicate", "object"))
_PASSAGE = NamedNode(ENT + "passage")


class Statements(Protocol):
    """A graph that can be asked."""

    def about(self, node: Term, predicate: str = ANY) -> Iterable[Triple]:
        """The statements with that subject."""

    def leading_to(self, node: Term, predicate: str = ANY) -> Iterable[Triple]:
        """The statements with that object, which is no literal."""

    def has_instance(self, kind: str) -> bool:
        """Whether anything is said to be of that class."""

    def has_value(self, predicate: str) -> bool:
        """Whether any statement has that predicate."""


class ListedStatements:
    """The statements of a list."""

    def __init__(self, triples: Iterable[Triple]) -> None:
        self._triples = list(triples)

    @cached_property
    def _out(self) -> dict[Term, list[Triple]]:
        out: dict[Term, list[Triple]] = {}
        for t in self._triples:
            out.setdefault(t.subject, []).append(t)
        return out

    @cached_property
    def _into(self) -> dict[Term, list[Triple]]:
        into: dict[Term, list[Triple]] = {}
        for t in self._triples:
            if not isinstance(t.object, Literal):
                into.setdefault(t.object, []).append(t)
        return into

    @cached_property
    def _kinds(self) -> set[str]:
        return {t.object.value for t in self._triples if t.predicate == _TYPE and isinstance(t.object, NamedNode)}

    @cached_property
    def _predicates(self) -> set[str]:
        return {t.predicate.value for t in self._triples}

    def about(self, node: Term, predicate: str = ANY) -> Iterator[Triple]:
        """The statements with that subject."""
        return (t for t in self._out.get(node, ()) if predicate in (ANY, t.predicate.value))

    def leading_to(self, node: Term, predicate: str = ANY) -> Iterator[Triple]:
        """The statements with that object, which is no literal."""
        return (t for t in self._into.get(node, ()) if predicate in (ANY, t.predicate.value))

    def has_instance(self, kind: str) -> bool:
        """Whether anything is said to be of that class."""
        return kind in self._kinds

    def has_value(self, predicate: str) -> bool:
        """Whether any statement has that predicate."""
        return predicate in self._predicates


class StoredStatements:
    """What is stated in a compiled dataset (model, rule 24), and bounds: no inferences, no claims."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def all(self) -> Iterator[Triple]:
        """All of it."""
        return self._said(None, ANY, None)

    def about(self, node: Term, predicate: str = ANY) -> Iterator[Triple]:
        """The statements with that subject."""
        return iter(()) if isinstance(node, Literal) else self._said(node, predicate, None)

    def leading_to(self, node: Term, predicate: str = ANY) -> Iterator[Triple]:
        """The statements with that object, which is no literal."""
        return iter(()) if isinstance(node, Literal) else self._said(None, predicate, node)

    def has_instance(self, kind: str) -> bool:
        """Whether anything is said to be of that class."""
        return any(True for _ in self._said(None, RDF_TYPE, NamedNode(kind)))

    def has_value(self, predicate: str) -> bool:
        """Whether any statement has that predicate."""
        return any(True for _ in self._said(None, predicate, None))

    def __contains__(self, iri: object) -> bool:
        """Whether anything names an IRI, be it a claim."""
        node = NamedNode(str(iri))
        places = ((node, None, None), (None, node, None), (None, None, node))
        quads = (q for s, p, o in places for q in self._store.quads_for_pattern(s, p, o, DefaultGraph()))
        return any(not self._only_follows(q) for q in quads)

    def _said(self, subject: Term | None, predicate: str, value: Term | None) -> Iterator[Triple]:
        verb = NamedNode(predicate) if predicate else None
        for q in self._store.quads_for_pattern(subject, verb, value, DefaultGraph()):  # type: ignore[arg-type]
            if not _is_claim(q.subject) and not self._only_follows(q):
                yield q.triple

    def _only_follows(self, q: Quad) -> bool:
        return q.predicate.value in AFTER_CLOSURE or Quad(q.subject, q.predicate, q.object, _INFERRED) in self._store


class ClaimedStatements:
    """What somebody claims in a compiled dataset, as statements."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def about(self, node: Term, predicate: str = ANY) -> Iterator[Triple]:
        """The statements with that subject."""
        return self._claims(_SUBJECT, node, predicate)

    def leading_to(self, node: Term, predicate: str = ANY) -> Iterator[Triple]:
        """The statements with that object, which is no literal."""
        return iter(()) if isinstance(node, Literal) else self._claims(_OBJECT, node, predicate)

    def has_instance(self, kind: str) -> bool:
        """Whether anything is said to be of that class."""
        return any(True for _ in self._claims(_OBJECT, NamedNode(kind), RDF_TYPE))

    def has_value(self, predicate: str) -> bool:
        """Whether any statement has that predicate."""
        return any(True for _ in self._store.quads_for_pattern(None, _PREDICATE, NamedNode(predicate), DefaultGraph()))

    def passages(self, node: Term, *, as_object: bool = False) -> Iterator[Any]:
        """The passages in which somebody says something of a node, or something that leads to it."""
        for q in self._store.quads_for_pattern(None, _OBJECT if as_object else _SUBJECT, node, DefaultGraph()):
            if _is_claim(q.subject):
                yield self._part(q.subject, _PASSAGE)

    def _claims(self, place: NamedNode, node: Term, predicate: str) -> Iterator[Triple]:
        for q in self._store.quads_for_pattern(None, place, node, DefaultGraph()):
            if _is_claim(q.subject):
                told = Triple(*(self._part(q.subject, part) for part in (_SUBJECT, _PREDICATE, _OBJECT)))
                if predicate in (ANY, told.predicate.value):
                    yield told

    def _part(self, claim: Any, part: NamedNode) -> Any:
        return next(q.object for q in self._store.quads_for_pattern(claim, part, None, DefaultGraph()))


def _is_claim(node: object) -> bool:
    return getattr(node, "value", "").startswith(CLAIM)
