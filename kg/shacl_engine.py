"""pyshacl as the house runs it: shapes loaded once, a data graph that changes by what differs, and no surprises.

Four habits of pyshacl are worked around. Its `focus_nodes` option skips every nested shape, so that `sh:or` always
holds and `sh:not` never does; here the focus limits a shape's targets alone. Its `ont_graph` option mixes in only a
part of the ontology; here the whole is there. A shape that needs itself passes with a mere warning; here that is an
error. And ill-formed literals pass as well-formed, or stop it; here they have no known datatype and no order.
"""

import logging
import warnings
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from kg import literals
from kg.errors import InputError
from kg.sources import Document

if TYPE_CHECKING:
    import pyshacl

Term = NamedNode | BlankNode | Literal | Triple


class ShapeError(Exception):
    """A shape that pyshacl could not apply, and the error: of a pattern, a path or a query, as it escaped."""

    def __init__(self, shape: Term, cause: Exception) -> None:
        super().__init__(str(cause))
        self.shape = shape
        self.cause = cause


class Engine:
    """pyshacl with its graphs. Any exception may escape from making one: pyshacl has no base class of its own."""

    def __init__(self, shapes: Sequence[Document], ontology: Iterable[Triple]) -> None:
        from pyshacl import Validator
        from pyshacl.graph_abstraction import DataGraph

        from kg.terms import rdflib_graph

        self._stand_ins: dict[Literal, Literal] = {}
        self._ontology = {self._readable(t) for t in ontology}
        self._loaded = set(self._ontology)
        self._data = rdflib_graph(self._loaded)
        rules = rdflib_graph(self._readable(t) for d in shapes for t in d.triples)
        self._validator: pyshacl.Validator = Validator(
            DataGraph.from_rdflib(self._data), shacl_graph=rules, options={"logger": _silent()}
        )
        self._shapes = list(self._validator.shacl_graph.shapes)

    def report(self, data: Iterable[Triple], focus: Iterable[Term] | None) -> list[Triple]:
        """The validation report on `data` with the ontology (SHACL §3.6), of all things or of those in focus.

        Raises ShapeError, and InputError for triples that SHACL does not know.
        """
        from pyshacl.errors import ShapeRecursionWarning

        from kg.terms import from_node, from_rdflib, to_rdflib

        self._load(self._ontology.union(map(self._readable, data)))
        wanted = None if focus is None else {to_rdflib(node) for node in focus}
        executor = self._validator.make_executor()
        found: list[Any] = []
        with warnings.catch_warnings():
            warnings.simplefilter("error", ShapeRecursionWarning)
            for shape in self._shapes:
                try:
                    nodes = shape.focus_nodes(self._data)
                    chosen = nodes if wanted is None else nodes & wanted
                    if chosen:
                        found += shape.validate(executor, self._data, focus=chosen)[1]
                except Exception as error:
                    raise ShapeError(from_node(shape.node), error) from error
        report, _ = self._validator.create_validation_report(self._validator.shacl_graph, not found, found)
        return self._restored(filter(None, (from_rdflib(s, p, o) for s, p, o in report)))

    def _load(self, wanted: set[Triple]) -> None:
        from kg.terms import to_rdflib

        for change, triples in ((self._data.remove, self._loaded - wanted), (self._data.add, wanted - self._loaded)):
            for t in triples:
                change((to_rdflib(t.subject), to_rdflib(t.predicate), to_rdflib(t.object)))
        self._loaded = wanted

    def _readable(self, t: Triple) -> Triple:
        """The triple, with a stand-in for an ill-formed literal: one with a datatype that nothing else has."""
        if isinstance(t.object, Triple):
            raise InputError("SHACL knows no triple terms of RDF 1.2", hint="say it in plain triples", rule="rdf-1.2")
        if not isinstance(t.object, Literal) or t.object.language or not literals.problem(t.object):
            return t
        kind = NamedNode(f"urn:ill-formed:{len(self._stand_ins)}")
        stand_in = self._stand_ins.setdefault(t.object, Literal(t.object.value, datatype=kind))
        return Triple(t.subject, t.predicate, stand_in)

    def _restored(self, report: Iterable[Triple]) -> list[Triple]:
        originals = {stand_in: literal for literal, stand_in in self._stand_ins.items()}
        return [
            Triple(t.subject, t.predicate, originals.get(t.object, t.object)) if isinstance(t.object, Literal) else t
            for t in report
        ]


def _silent() -> logging.Logger:
    """A logger that says nothing: what pyshacl logs as an error, it raises as well."""
    logger = logging.getLogger("kg.shacl.pyshacl")
    logger.disabled = True
    return logger
