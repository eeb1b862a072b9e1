"""pyshacl as the house runs it: shapes loaded once, a data graph that changes by what differs, and no surprises.

Four habits of pyshacl are worked around. Its `focus_nodes` option skips every nested shape, so that `sh:or` always
holds and `sh:not` never does; here the focus limits a shape's targets alone. Its `ont_graph` option mixes in only a
part of the ontology; here the whole is there. A shape that needs itself passes with a mere warning; here that is an
error. And ill-formed literals pass as well-formed, or stop it; here they have no known datatype and no order.
"""

import logging
import warnings
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any

from pyoxigraph import Literal, NamedNode, Triple

from kg import literals
from kg.errors import InputError
from kg.sources import Document
from kg.terms import Term

if TYPE_CHECKING:
    import pyshacl


WHOLE = (0, 1)  # the share of one who works alone
_LOOK = 50  # to look at one thing for its classes costs about as much as to pass that many statements


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
        self._targeting = [found for shape in self._validator.shacl_graph.shapes if (found := _Targeting(shape)).any]

    def load(self, data: Iterable[Triple]) -> None:
        """Take `data`, with the ontology, for what is judged from now on.

        Raises InputError for triples that SHACL does not know.
        """
        wanted = self._ontology.union(map(self._readable, data))
        self._change(self._data.remove, self._loaded - wanted)
        self._change(self._data.add, wanted - self._loaded)
        self._loaded = wanted

    def report(
        self, focus: Iterable[Term] | None, more: Iterable[Triple] = (), share: tuple[int, int] = WHOLE
    ) -> list[Triple]:
        """The validation report (SHACL §3.6) of all things or of those in focus, were `more` in the graph as well.

        A `share` (2, 5) is the third of five parts of each shape's focus nodes. The report is empty where there is
        nothing to tell. Raises ShapeError, and InputError for triples that SHACL does not know.
        """
        more = set(map(self._readable, more)) - self._loaded
        self._change(self._data.add, more)
        try:
            found = self._found(focus, share)
        finally:
            self._change(self._data.remove, more)
        return self._restored(found)

    def _found(self, focus: Iterable[Term] | None, share: tuple[int, int]) -> list[Triple]:
        from pyshacl.errors import ShapeRecursionWarning

        from kg.terms import from_node, from_rdflib, to_rdflib

        wanted = None if focus is None else set(map(to_rdflib, focus))
        few = wanted is not None and len(wanted) * _LOOK < len(self._loaded)
        kinds = {node: self._kinds(node) for node in wanted or ()} if few else {}
        executor = self._validator.make_executor()
        found: list[Any] = []
        with warnings.catch_warnings():
            warnings.simplefilter("error", ShapeRecursionWarning)
            for targeting in self._targeting:
                shape = targeting.shape
                try:
                    chosen = targeting.among(kinds, self._data) if few else shape.focus_nodes(self._data)
                    if wanted is not None:
                        chosen = chosen & wanted
                    if share != WHOLE:
                        chosen = set(sorted(chosen, key=str)[share[0] :: share[1]])
                    if chosen:
                        found += shape.validate(executor, self._data, focus=chosen)[1]
                except Exception as error:
                    raise ShapeError(from_node(shape.node), error) from error
        if not found:
            return []
        report, _ = self._validator.create_validation_report(self._validator.shacl_graph, False, found)
        return [t for s, p, o in report if (t := from_rdflib(s, p, o))]

    def _kinds(self, node: Any) -> set[Any]:
        """The classes of a thing, and those above."""
        from rdflib import RDF, RDFS

        return {
            above
            for kind in self._data.objects(node, RDF.type)
            for above in self._data.transitive_objects(kind, RDFS.subClassOf)
        }

    def _change(self, change: Callable[[Any], Any], triples: Iterable[Triple]) -> None:
        from kg.terms import to_rdflib

        for t in triples:
            change((to_rdflib(t.subject), to_rdflib(t.predicate), to_rdflib(t.object)))

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


class _Targeting:
    """The targets that a shape declares (SHACL §2.1.3), to be found among a few things."""

    def __init__(self, shape: Any) -> None:
        self.shape = shape
        nodes, classes, implicit, objects_of, subjects_of = shape.target()
        self._nodes, self._classes = set(nodes), {*classes, *implicit}
        self._objects_of, self._subjects_of = list(objects_of), list(subjects_of)

    @property
    def any(self) -> bool:
        """Whether there are any."""
        return bool(self._nodes or self._classes or self._objects_of or self._subjects_of)

    def among(self, kinds: dict[Any, set[Any]], data: Any) -> set[Any]:
        """Those of some things, given with their classes, that the shape judges."""
        return {
            node
            for node, classes in kinds.items()
            if node in self._nodes
            or not self._classes.isdisjoint(classes)
            or any((node, p, None) in data for p in self._subjects_of)
            or any((None, p, node) in data for p in self._objects_of)
        }


def _silent() -> logging.Logger:
    """A logger that says nothing: what pyshacl logs as an error, it raises as well."""
    logger = logging.getLogger("kg.shacl.pyshacl")
    logger.disabled = True
    return logger
