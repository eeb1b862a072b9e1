"""Compares pyshacl alone with what pyshifty leaves to it: in this process, for shapes and data as they come."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from pyoxigraph import Triple

from kg.rdf.terms import Term, iri
from kg.source.documents import Document
from kg.validation import pyshifty, suspects
from kg.validation.shacl import Result, Validator
from kg.validation.shapes_core import unfit
from kg.validation.shapes_graph import ShapeDependencies, ShapesGraph


class Compared(NamedTuple):
    """The results of pyshacl on all nodes, those on the suspects alone, and suspects without a result."""

    alone: list[Result]
    narrowed: list[Result]
    in_vain: set[Term]


class Engines:
    """Both engines, with some shapes and an ontology."""

    def __init__(self, shapes: Sequence[Document], ontology: Iterable[Triple]) -> None:
        graph = ShapesGraph(shapes)
        self.unfit = unfit(graph)
        self._ontology = list(ontology)
        self._pyshacl = Validator(shapes, self._ontology)
        dependencies = ShapesGraph(shapes).dependencies
        assert dependencies
        self._dependencies: ShapeDependencies = dependencies
        self._pyshifty = pyshifty.prepared(suspects.written_shapes(graph))

    def compare(self, data: Iterable[Triple], focus: Iterable[Term] | None = None) -> Compared:
        """Validate data with both, as far as nodes in `focus` are concerned."""
        data, wanted = list(data), None if focus is None else set(focus)
        text = suspects.written([*self._ontology, *data], self._dependencies)
        found = set(suspects.read(pyshifty.in_focus(self._pyshifty, text.encode())))
        suspected = found if wanted is None else found & wanted
        alone, narrowed = self._pyshacl.validate(data, wanted), self._pyshacl.validate(data, suspected)
        return Compared(alone, narrowed, suspected - {r.focus for r in alone if r.focus is not None})


def names(nodes: Iterable[Term]) -> list[str]:
    """Nodes as they are shown where a test fails."""
    return sorted(iri(node) or str(node) for node in nodes)
