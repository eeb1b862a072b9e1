"""Tells whether shapes are such that pyshifty suspects all that pyshacl finds fault with: well-formed SHACL Core.

SHACL leaves open what ill-formed shapes mean, and engines differ. So each parameter has to be written as its section
asks for, with one value where it asks for one. Beyond that, what engines were seen to take differently is left out.
"""

import re
from functools import partial

from pyoxigraph import Literal, NamedNode, Triple

from kg.rdf import literals
from kg.rdf.namespaces import RDF, RDF_TYPE, SH, XSD, compact
from kg.rdf.terms import Term, cells, iri
from kg.validation.shapes_graph import LISTS, NESTING, ShapesGraph


def _iris(names: str) -> frozenset[str]:
    return frozenset(SH + name for name in names.split())


_PATHS = _iris("inversePath alternativePath zeroOrMorePath oneOrMorePath zeroOrOnePath")
COUNTED = _iris("minCount maxCount minLength maxLength qualifiedMinCount qualifiedMaxCount")
_FLAGS = _iris("uniqueLang closed qualifiedValueShapesDisjoint")
_ORDERED = _iris("minExclusive minInclusive maxExclusive maxInclusive")
_PAIRED = _iris("lessThan lessThanOrEquals uniqueLang languageIn")
_ARE_IRIS = _iris(
    "targetClass targetObjectsOf targetSubjectsOf class datatype nodeKind equals disjoint lessThan lessThanOrEquals"
    " severity"
)
_ONE = (
    COUNTED
    | _FLAGS
    | _ORDERED
    | _iris("path datatype nodeKind pattern languageIn in severity qualifiedValueShape ignoredProperties")
)
_FREE = _iris("message name description order group defaultValue targetNode hasValue")
_CLASSES = _iris("NodeShape PropertyShape PropertyGroup")
_VALUES = _iris("Info Warning Violation BlankNode BlankNodeOrIRI BlankNodeOrLiteral IRI IRIOrLiteral Literal")
_KNOWN = _PATHS | _PAIRED | _ARE_IRIS | _ONE | _FREE | NESTING | LISTS
# What conforms to a shape within these does not conform to the whole: here one may not suspect too many either.
_DENYING = _iris("not xone qualifiedValueShape")
_NUMBERS = frozenset(XSD + name for name in (*literals.INTEGERS, "decimal"))
MOST_LEVELS = 50  # of shapes or paths within each other
# Patterns that mean the same to each engine, but for `.`: no class of which one knows more characters than the other.
_PLAIN = re.compile(
    r"(?:[^\\.\[\](){}|*+?^$]|\\[.\-^$*+?()\[\]{}|\\b]|\[\^?(?:(?!--)[^\[\]\\&~])+\]|[.$^|()*+?]|\{[0-9,]+\})*"
)


def unfit(graph: ShapesGraph) -> str:
    """Why shapes are not for pyshifty, in a few words; empty where they are."""
    denied = _within(graph, _DENYING)
    for _, t in graph.statements:
        name, values = t.predicate.value, graph.values[t.subject]
        if isinstance(t.object, Triple) or (isinstance(t.object, Literal) and ill_formed(t.object)):
            return "a literal is ill-formed"
        if name.startswith(SH) and name not in _KNOWN:
            return f"{compact(name)} is used"
        if name in _ONE and len(values[name]) > 1:
            return f"{compact(name)} has several values"
        if not _is_well_formed(graph, name, t.object):
            return f"{compact(name)} has a value that is not for it, or not plain"
        if name == SH + "inversePath" and not isinstance(t.object, NamedNode):
            return "sh:inversePath has several steps"
        if name == SH + "closed" and SH + "path" in values:
            return "sh:closed is used in a property shape"
        if t.subject in denied and (name in _PAIRED or (name in _ORDERED and _datatype(t.object) not in _NUMBERS)):
            return f"{compact(name)} is used in what is denied"
    return "shapes or paths are too deep" if is_deep(graph) else ""


def ill_formed(literal: Literal) -> bool:
    """Whether the lexical form of a literal does not belong to its datatype."""
    return not literal.language and literals.problem(literal) is not None


def _is_well_formed(graph: ShapesGraph, name: str, value: Term) -> bool:
    """Whether a value is of the kind that a predicate of the shapes asks for."""
    text = value.value if isinstance(value, Literal) else ""
    if name in LISTS:
        return is_list(graph, value) and all(map(partial(_is_member, graph, name), graph.items(value)))
    if name in NESTING:
        return _is_shape(graph, value, name)
    if name in COUNTED:
        return _datatype(value) == XSD + "integer" and re.fullmatch("[0-9]{1,9}", text) is not None
    if name in _FLAGS:
        return _datatype(value) == XSD + "boolean" and text in ("true", "false")
    if name == SH + "pattern":
        return _datatype(value) == XSD + "string" and _PLAIN.fullmatch(text) is not None
    if name == SH + "path" or name in _PATHS:
        return is_path(graph, value, 0)
    if name in (SH + "nodeKind", SH + "severity"):
        return iri(value) in _VALUES
    if name == RDF_TYPE:
        return not iri(value).startswith(SH) or iri(value) in _CLASSES
    return isinstance(value, Literal) if name in _ORDERED else name not in _ARE_IRIS or isinstance(value, NamedNode)


def _is_member(graph: ShapesGraph, name: str, member: Term) -> bool:
    if name == SH + "ignoredProperties":
        return isinstance(member, NamedNode)
    if name == SH + "languageIn":
        return _datatype(member) == XSD + "string"
    return name == SH + "in" or _is_shape(graph, member, name)


def is_list(graph: ShapesGraph, head: Term) -> bool:
    """Whether a list has members, and each of its cells one first and one rest."""
    nodes = list(cells(head, lambda cell: next(iter(graph.values.get(cell, {}).get(RDF + "rest", ())), None)))
    about = [graph.values.get(node, {}) for node in nodes[:-1]]
    whole = all(len(values.get(RDF + x, ())) == 1 for values in about for x in ("first", "rest"))
    return whole and bool(about) and iri(nodes[-1]) == RDF + "nil"


def _is_shape(graph: ShapesGraph, node: Term, name: str) -> bool:
    """Whether a node is described, as a property shape for sh:property, as a node shape for sh:node."""
    values = graph.values.get(node)
    if values is None or isinstance(node, Literal) or RDF + "first" in values:
        return False
    return name not in (SH + "property", SH + "node") or (SH + "path" in values) == (name == SH + "property")


def is_path(graph: ShapesGraph, node: Term, depth: int) -> bool:
    """Whether a node is a property path (SHACL §2.3.1) of not too many levels; `depth` are those above it."""
    if isinstance(node, NamedNode) or depth > MOST_LEVELS:
        return isinstance(node, NamedNode)
    values = graph.values.get(node, {})
    if RDF + "first" in values:
        return values.keys() == {RDF + "first", RDF + "rest"} and _is_sequence(graph, node, depth)
    found = [(name, value) for name in values for value in values[name]]
    if len(found) != 1 or found[0][0] not in _PATHS:
        return False
    name, inner = found[0]
    return (_is_sequence if name == SH + "alternativePath" else is_path)(graph, inner, depth + 1)


def _is_sequence(graph: ShapesGraph, head: Term, depth: int) -> bool:
    paths = list(graph.items(head)) if is_list(graph, head) else []
    return len(paths) > 1 and all(is_path(graph, path, depth + 1) for path in paths)


def _within(graph: ShapesGraph, names: frozenset[str]) -> set[Term]:
    """The shapes within the values of some predicates, at any depth."""
    queue = [x for _, t in graph.statements if t.predicate.value in names for x in graph.items(t.object)]
    found = set(queue)
    for node in queue:
        for more in _nested(graph, node):
            if more not in found:
                found.add(more)
                queue.append(more)
    return found


def _nested(graph: ShapesGraph, node: Term) -> list[Term]:
    """The shapes to which a shape refers."""
    values = graph.values.get(node, {})
    return [x for name in values.keys() & NESTING for value in values[name] for x in graph.items(value)]


def is_deep(graph: ShapesGraph) -> bool:
    """Whether shapes refer to each other over too many levels, or in a circle."""
    level = {x for node in graph.values for x in _nested(graph, node)}
    for _ in range(MOST_LEVELS):
        level = {x for node in level for x in _nested(graph, node)}
    return bool(level)


def _datatype(term: Term) -> str:
    return term.datatype.value if isinstance(term, Literal) else ""
