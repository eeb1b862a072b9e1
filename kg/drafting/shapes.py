"""What shapes say of roles that proposals must keep to: which classes have no date, and which roles take one thing."""

from collections.abc import Iterable
from functools import cached_property

from pyoxigraph import Triple

from kg.rdf.namespaces import ENT, SH
from kg.rdf.terms import iri, value
from kg.source.documents import Document


class Limits:
    """How many values the shapes of a graph allow in a role of a class; both are IRIs."""

    def __init__(self, shapes: Iterable[Document]) -> None:
        self._shapes = [document.triples for document in shapes]

    @cached_property
    def lasting(self) -> frozenset[str]:
        """The classes of what lasts, which have no ent:date."""
        return frozenset(kind for kind, role in self._limited("0") if role == ENT + "date")

    @cached_property
    def single(self) -> frozenset[tuple[str, str]]:
        """The classes with the roles in which there is at most one thing."""
        return frozenset(self._limited("1"))

    def _limited(self, most: str) -> set[tuple[str, str]]:
        found: set[tuple[str, str]] = set()
        for triples in self._shapes:
            roles = {t.subject: iri(t.object) for t in triples if t.predicate.value == SH + "path"}
            nodes = [t.subject for t in triples if t.predicate.value == SH + "maxCount" and value(t.object) == most]
            found |= {(kind, roles[n]) for n in nodes if n in roles for kind in _targets(triples, n)}
        return found


def _targets(triples: Iterable[Triple], node: object) -> set[str]:
    """The target classes of the shapes in which a node stands."""
    above: dict[object, list[object]] = {}
    targets: dict[object, set[str]] = {}
    for t in triples:
        above.setdefault(t.object, []).append(t.subject)
        if t.predicate.value == SH + "targetClass":
            targets.setdefault(t.subject, set()).add(iri(t.object))
    found, seen, waiting = set[str](), set[object](), [node]
    while waiting:
        at = waiting.pop()
        if at not in seen:
            seen.add(at)
            found |= targets.get(at, set())
            waiting += above.get(at, []) if at not in targets else []
    return found
