"""Running the shapes' cases against a mutant: it is caught where the constraints that fire are not those expected.

Shapes that refer to each other, at once or by way of others, form a group. What fires in other groups does not depend
on a mutant's own, so only its group is judged, and held against what the cases expect of that group.
"""

from functools import cache

from pyoxigraph import NamedNode, Quad, Triple
from shape_cases import Case, cases, constraint, fired, ontology, read

from kg.errors import InputError
from kg.rdf.namespaces import SH, local_name
from kg.source.documents import Document
from kg.validation.shacl import Validator, parent_nodes, shape_iri

from . import shapes
from .mutants import Outcome
from .shapes import ShapeMutant


@cache
def mutants() -> list[ShapeMutant]:
    """All mutants of the shapes in `shapes/`."""
    return shapes.mutants(read().shapes, ontology())


def outcome(mutant: ShapeMutant) -> Outcome:
    """Judge the cases by a spoilt shape, those that it is about first, until one of them differs."""
    group = groups()[mutant.shape]
    names = {local_name(shape) for shape in group}
    own = local_name(mutant.shape)
    order = sorted([*cases(), Case("the world", (), frozenset())], key=lambda case: not _about(case, {own}))
    try:
        validator = Validator([_document(mutant.apply(_triples(group)))], ontology())
    except InputError:
        return Outcome(mutant, True)
    return Outcome(mutant, any(_differs(validator, case, names) for case in order))


def _differs(validator: Validator, case: Case, names: set[str]) -> bool:
    try:
        found = fired(case.found(validator))
    except InputError:
        return True
    return found != {name for name in case.expected if _shape(name) in names}


def _about(case: Case, names: set[str]) -> bool:
    return any(_shape(name) in names for name in case.expected)


def _shape(name: str) -> str:
    """The shape of a constraint as the cases name it."""
    return constraint(name).split(" ")[0]


@cache
def groups() -> dict[str, frozenset[str]]:
    """Each named shape, and the named shapes with which it hangs together."""
    found = {shape: frozenset({shape}) for shape in _by_shape()}
    for shape, triples in _by_shape().items():
        for t in triples:
            other = t.object.value if isinstance(t.object, NamedNode) else ""
            if other in found and t.predicate.value.startswith(SH):
                union = found[shape] | found[other]
                found.update(dict.fromkeys(union, union))
    return found


def _triples(group: frozenset[str]) -> list[Triple]:
    return [t for shape in sorted(group) for t in _by_shape()[shape]]


@cache
def _by_shape() -> dict[str, list[Triple]]:
    triples = [t for d in read().shapes for t in d.triples]
    parents = parent_nodes(triples)
    found: dict[str, list[Triple]] = {}
    for t in triples:
        found.setdefault(shape_iri(t.subject, parents), []).append(t)
    return found


def _document(triples: list[Triple]) -> Document:
    return Document("a mutant", "", tuple(Quad(t.subject, t.predicate, t.object) for t in triples))
