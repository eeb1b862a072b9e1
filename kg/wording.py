"""What the words of facts must keep to: literals, terms of the ontology, IRIs, and words that stand in their quote."""

from collections.abc import Iterator

from pyoxigraph import Literal

from kg import literals
from kg.build import Build, documents
from kg.findings import Finding


def check(made: Build) -> Iterator[Finding]:
    """All findings about words."""
    yield from _literals(made)


def _literals(made: Build) -> Iterator[Finding]:
    for document in documents(made):
        for quad in document.quads:
            if isinstance(quad.object, Literal) and (problem := literals.problem(quad.object)):
                graph = getattr(quad.graph_name, "value", None)
                triple = (quad.subject, quad.predicate, quad.object)
                yield document.finding("literal", problem, graph=graph, triple=triple)
