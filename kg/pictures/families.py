"""Families of ties, forms of certainty and kinds of things: what a picture tells apart, and its legend names.

Which family a class or a property is in says the ontology (`ent:tieFamily`): that of the term itself, else of the
nearest term above it that has one.
"""

from collections.abc import Iterable
from functools import cached_property

from pyoxigraph import Literal, NamedNode

from kg.dataset.stated import Stated, is_of_ontology
from kg.rdf.namespaces import ENT

TIE_FAMILY = ENT + "tieFamily"
# The families with their names in the legend, in the order in which they are drawn.
FAMILIES = {
    "support": "support",
    "opposition": "dispute or conflict",
    "cooperation": "cooperation",
    "agreement": "agreement or trade",
    "meeting": "meeting or visit",
    "project": "project",
    "office": "office or membership",
    "other": "other relation",
}

ASSERTED, REPORTED, BACKED, INFERRED = "asserted", "reported", "background", "inferred"
# Kinds of things by the class that makes them so; all others are a `thing`.
KINDS = {"Person": "person", "State": "state", "Organisation": "organisation", "InfrastructureProject": "project"}


class Families:
    """The families of the classes and properties of a compiled dataset, as its ontology gives them."""

    def __init__(self, known: Stated) -> None:
        self._known = known

    @cached_property
    def _of_term(self) -> dict[NamedNode, str]:
        """The family that is given to a term itself; of several, the first that is drawn. Unknown ones are left out."""
        quads = [q for q in self._known.match(None, NamedNode(TIE_FAMILY), None) if is_of_ontology(q)]
        return {q.subject: family for family in reversed(FAMILIES) for q in quads if q.object == Literal(family)}

    def of_class(self, kind: NamedNode) -> str:
        """The family of a class: a key of FAMILIES, empty where neither it nor a class above it has one."""
        return self._nearest(self._known.above(kind))

    def of_property(self, name: str) -> str:
        """The family of a property, by IRI: a key of FAMILIES, empty where neither it nor one above it has one."""
        return self._nearest(self._known.with_broader(NamedNode(name)))

    def _nearest(self, terms: Iterable[NamedNode]) -> str:
        return next((self._of_term[term] for term in terms if term in self._of_term), "")
