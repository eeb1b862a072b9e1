"""Finds shapes that silently validate nothing, or that read or compute more than the graph.

SHACL says nothing of a misspelt `sh:minCout`, of a target class that nothing declares, or of a deactivated shape: the
graph conforms. Here each is a finding.
"""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from graphlib import CycleError, TopologicalSorter

from pyoxigraph import Literal, NamedNode, Triple

from kg.dataset.statements import ListedStatements, Statements
from kg.errors import KgError
from kg.findings import Check, Finding
from kg.rdf import literals, sparql
from kg.rdf.namespaces import DCTERMS, ENT, OWL, RDF, RDF_TYPE, RDFS, SH, SKOS, XSD, compact, local_name, suggest
from kg.rdf.terms import Term
from kg.rdf.terms import value as value_of
from kg.source.documents import EMPTY, Document
from kg.validation.facts import UNKNOWN_TERM
from kg.validation.ontology import UNDECLARED_TERM, misspelt
from kg.validation.shapes_core import COUNTED, MOST_LEVELS, is_deep, is_list, is_path
from kg.validation.shapes_graph import (
    ADVANCED,
    CLASS_AT,
    CLASSES,
    CONSTRAINTS,
    COUNTS,
    LISTS,
    NESTING,
    PROPERTY_AT,
    TARGETS,
    TERMS,
    VALUE_AT,
    ShapesGraph,
    texts,
)

SHAPE_REACHES_OUT = Check(
    "shape-reaches-out",
    "Shapes only validate this graph: they import nothing, compute nothing and query no other graph.",
    "A report that depends on another server, or changes the data, cannot be reproduced.",
    wrong="<https://w3id.org/entente/shapes> owl:imports <https://example.org/shapes> .",
    right="shape:City a sh:NodeShape ; sh:targetClass ent:City .",
    severities=("violation", "warning", "info"),
)
ILL_FORMED_SHAPE = Check(
    "ill-formed-shape",
    "A constraint has the parameters that it needs and values of their kind, and a sh:select selects ?this.",
    "SHACL engines pass over such a constraint in silence, as if it were met, or refuse all shapes.",
    wrong="shape:City a sh:NodeShape ; sh:targetClass ent:City ; sh:qualifiedMinCount 1 ;\n"
    '    sh:message "x"@en ; sh:qualifiedValueShape [ sh:class ent:City ] .',
    right="shape:City a sh:NodeShape ; sh:targetClass ent:City ; sh:property [ sh:path rdfs:label ;\n"
    '    sh:message "x"@en ; sh:qualifiedMinCount 1 ; sh:qualifiedValueShape [ sh:minLength 1 ] ] .',
    severities=("violation", "warning"),
)
SHAPE_SWITCHED_OFF = Check(
    "shape-switched-off",
    "No shape is deactivated.",
    "To a deactivated shape every node conforms, as if it had been validated.",
    wrong="shape:City a sh:NodeShape ; sh:targetClass ent:City ; sh:deactivated true .",
    right="shape:City a sh:NodeShape ; sh:targetClass ent:City .",
    severities=("warning",),
)
SHAPE_PATTERN = Check(
    "shape-pattern",
    "A sh:pattern is a regular expression.",
    "Otherwise no value can be compared with it, and validation stops.",
    wrong='shape:Code sh:path skos:notation ; sh:pattern "[A-Z" .',
    right='shape:Code sh:path skos:notation ; sh:pattern "[A-Z]" .',
)
MISSING_SHAPE = Check(
    "missing-shape",
    "Shapes refer to shapes that exist.",
    "SHACL engines take every value to conform to a shape that is not there.",
    wrong="shape:City a sh:NodeShape ; sh:targetClass ent:City ; sh:node shape:Plase .",
    right="shape:City a sh:NodeShape ; sh:targetClass ent:City ; sh:node shape:Town .\nshape:Town a sh:NodeShape .",
    severities=("violation", "warning"),
)
RECURSIVE_SHAPE = Check(
    "recursive-shape",
    "No shape refers to itself, directly or by other shapes.",
    "SHACL leaves open what a recursive shape means (§3.4.3), and engines differ.",
    wrong="shape:A a sh:NodeShape ; sh:node shape:B .\nshape:B a sh:NodeShape ; sh:node shape:A .",
    right="shape:A a sh:NodeShape ; sh:node shape:B .\nshape:B a sh:NodeShape ; sh:class ent:City .",
)
SHAPE_WITHOUT_MESSAGE = Check(
    "shape-without-message",
    "Each constraint has an English sh:message that says what is wrong and what to write.",
    "The message of an engine, “Less than 1 values”, helps nobody who does not know SHACL.",
    wrong="shape:Town a sh:NodeShape ; sh:targetClass ent:City ; sh:class ent:Place .",
    right="shape:Town a sh:NodeShape ; sh:targetClass ent:City ; sh:class ent:Place ;\n"
    '    sh:message "a city is a place"@en .',
    severities=("warning",),
)
FOREIGN_TERM = Check(
    "foreign-term",
    "Shapes use terms of the ontology and of RDF, RDFS, OWL, SKOS and Dublin Core.",
    "Facts use no other terms (unknown-term), so that the constraint would never apply.",
    wrong="shape:Name sh:path <http://xmlns.com/foaf/0.1/name> .",
    right="shape:Name sh:path rdfs:label .",
)
SHAPE_WITHOUT_INSTANCE = Check(
    "shape-without-instance",  # findings.IDLE
    "The targets of each shape select at least one focus node.",
    "Until then nobody knows whether the shape works.",
    wrong="shape:Taking a sh:NodeShape ; sh:targetClass ent:Annexation .",
    right="shape:City a sh:NodeShape ; sh:targetClass ent:City .",
    severities=("info",),
)

_PROPERTIES = {OWL + "ObjectProperty", OWL + "DatatypeProperty", OWL + "AnnotationProperty", RDF + "Property"}
_PLAIN = {SH + "prefix": r"[\w.-]*", SH + "namespace": r"[^\s<>\"{}|\\^`]*"}
_PASTED = {SH + "select", SH + "ask", *_PLAIN}
_LIKE_SHACL = r"(?i)(https?://(?:www\.)?w3\.org/ns/shacl[#/]+)\w+"
_NIL, _SHAPES = NamedNode(RDF + "nil"), [NamedNode(SH + "NodeShape"), NamedNode(SH + "PropertyShape")]
_OUTWARD = {"SERVICE", "FROM", "LOAD", "INSERT", "DELETE", "CONSTRUCT", "DESCRIBE"}


def check_shapes(shapes: list[Document], ontology: list[Document], *data: Statements) -> Iterator[Finding]:
    """What is unsound in the shapes, given the terms that the ontology declares and the data to be validated."""
    yield from _unsound((*shapes,), (*ontology,))
    yield from _without_instance(ShapesGraph.of(shapes), [t for d in ontology for t in d.triples], data)


@lru_cache(2)
def _unsound(shapes: tuple[Document, ...], ontology: tuple[Document, ...]) -> tuple[Finding, ...]:
    """What is unsound in the shapes, whatever the data are."""
    return (*_each_unsound(shapes, [t for d in ontology for t in d.triples]),)


def _each_unsound(shapes: Sequence[Document], axioms: list[Triple]) -> Iterator[Finding]:
    graph = ShapesGraph.of(shapes)
    for part in (
        _unknown_terms,
        _reaching_out,
        _ill_formed,
        _unusable,
        _switched_off,
        _bad_patterns,
        _missing,
        _recursive,
    ):
        yield from part(graph)
    yield from _without_message(graph)
    yield from _undeclared(graph, axioms)
    if not graph.targeted:
        path = shapes[0].path if shapes else "shapes"
        yield EMPTY.finding(path, "no shape has a target: nothing would be validated", hint="add sh:targetClass")


def reaching_out(shapes: list[Document]) -> list[Finding]:
    """What shapes from elsewhere ask for that is not done; a violation where they cannot be used for that."""
    graph = ShapesGraph(shapes)
    return [*_without_effect(graph, SHAPE_REACHES_OUT), *_outward_queries(graph)]


def passed_over(shapes: list[Document]) -> list[Finding]:
    """What engines pass over in silence: terms that SHACL does not know, shapes that are missing, misplaced counts."""
    graph = ShapesGraph(shapes)
    return [*_without_effect(graph, UNKNOWN_TERM), *_ill_formed(graph), *_missing(graph, foreign=True)]


def _without_effect(graph: ShapesGraph, wanted: Check) -> Iterator[Finding]:
    """The first use in each file of each term that is not evaluated, by a check."""
    seen: set[tuple[str, str]] = set()
    for (document, t), iri in iris_of(graph):
        used = iri == t.predicate.value or t.predicate.value == RDF_TYPE
        if used and (found := _not_evaluated(iri, t.object)) and (document.path, found[2]) not in seen:
            check, severity, message, hint = found
            if check is wanted:
                yield graph.finding((document, t), check, message, severity=severity, hint=hint)
            seen.add((document.path, message))


def _not_evaluated(iri: str, value: Term) -> tuple[Check, str, str, str] | None:
    """The check, severity, message and hint for a term that has no effect; None for any other."""
    name = compact(iri)
    if iri == OWL + "imports":
        return SHAPE_REACHES_OUT, "info", f"owl:imports {value} is not followed", "name its file with --shapes, too"
    if iri == SH + "entailment":
        message = "sh:entailment asks for inferences, and none are made"
        return SHAPE_REACHES_OUT, "violation", message, "validate what follows, too"
    if iri in ADVANCED:
        return SHAPE_REACHES_OUT, "warning", f"{name} is not evaluated", "write SHACL Core or SHACL-SPARQL"
    if iri.startswith(SH) and (problem := misspelt(iri)):
        return UNKNOWN_TERM, "warning", *problem
    if not iri.startswith(SH) and (found := re.fullmatch(_LIKE_SHACL, iri)):
        return UNKNOWN_TERM, "warning", f"<{found[1]}> is not the namespace of SHACL", f"write <{SH}>"
    return None


def _unknown_terms(graph: ShapesGraph) -> Iterator[Finding]:
    for place, iri in iris_of(graph):
        if iri.startswith(SH) and iri not in TERMS | ADVANCED:
            message = f"{compact(iri)} is no term of SHACL: engines would ignore it"
            yield graph.finding(place, UNKNOWN_TERM, message, hint=suggest(iri, TERMS))


def iris_of(graph: ShapesGraph) -> Iterator[tuple[tuple[Document, Triple], str]]:
    """The IRIs of predicates and objects, each with its place."""
    for document, t in graph.statements:
        yield from (((document, t), x.value) for x in (t.predicate, t.object) if isinstance(x, NamedNode))


def _reaching_out(graph: ShapesGraph) -> Iterator[Finding]:
    for place, iri in iris_of(graph):
        if iri == OWL + "imports" or iri in ADVANCED:
            message = f"{compact(iri)} lets shapes compute, or query other graphs"
            hint = "write SHACL Core, or a sh:sparql that queries this graph only"
            yield graph.finding(place, SHAPE_REACHES_OUT, message, hint=hint)
    yield from _outward_queries(graph)


def _outward_queries(graph: ShapesGraph) -> Iterator[Finding]:
    for document, t in graph.statements:
        if t.predicate.value in _PASTED and isinstance(t.object, Literal):
            for message in _outward(t.predicate.value, t.object.value, graph.name(t.subject)):
                yield graph.finding((document, t), SHAPE_REACHES_OUT, message, hint="query this graph only")


def _outward(predicate: str, text: str, shape: str) -> Iterator[str]:
    """Messages on a query of a shape, or on a prefix that becomes a part of one, that could query other graphs."""
    if predicate in _PLAIN:
        if not re.fullmatch(_PLAIN[predicate], text):
            yield f"“{text[:60]}” is no {local_name(predicate)}: it would become a part of queries"
        return
    query = sparql.QueryText(sparql.unescaped(text))  # escapes are undone first (SPARQL 1.1 §19.2)
    keywords = sorted({query.word(i) for i in query.uses(*_OUTWARD)})
    yield from (f"{keyword} in a query of the shape {shape}: it has to query this graph only" for keyword in keywords)
    if not keywords:
        try:
            sparql.check(text)
        except KgError as error:
            yield f"a query of the shape {shape} cannot be allowed: {error.message}"


def _ill_formed(graph: ShapesGraph) -> Iterator[Finding]:
    """What SHACL calls ill-formed (§2.1, §4, §5.2.1) or passes over; pyshacl ignores it, or refuses it as a whole."""
    constraints = {o for values in graph.values.values() for o in values.get(SH + "sparql", [])}
    for document, t in graph.statements:
        name, values = t.predicate.value, graph.values[t.subject]
        message, hint, severity = "", "", "violation"
        if other := graph.lacks(t.subject, name):
            message = f"{compact(name)} has no effect without {compact(other)}: it is not validated"
            severity = "violation" if name in CONSTRAINTS or name in COUNTS else "warning"
            hint = "write sh:property [ sh:path … ]" if other == SH + "path" else f"add {compact(other)}"
        elif name in LISTS and t.object != _NIL and RDF + "first" not in graph.values.get(t.object, {}):
            message, hint = f"the value of {compact(name)} is no list", "write it in brackets: ( … )"
        elif name == RDF_TYPE and t.object in _SHAPES and (t.object == _SHAPES[1]) != (SH + "path" in values):
            has = "has a" if SH + "path" in values else "has no"
            message, hint = f"a {local_name(str(t.object)[1:-1])} {has} sh:path", "remove the type, or mend the path"
        elif name == SH + "path" and len(values[name]) > 1:
            message, hint = "a shape has more than one sh:path", "write a sh:property for each"
        elif name == SH + "select" and t.subject in constraints and isinstance(t.object, Literal):
            query = sparql.QueryText(t.object.value)
            columns = [c.name for c in query.columns(query.form)] if query.form is not None else []
            if columns and "this" not in columns:
                message = "the sh:select does not select ?this: its rows are not validation results"
                hint = "write SELECT $this …"
        if message:
            yield graph.finding((document, t), ILL_FORMED_SHAPE, message, severity=severity, hint=hint)


def _unusable(graph: ShapesGraph) -> Iterator[Finding]:
    """What ends engines, or makes them run for ever: loops, and values that they read as something else."""
    for document, t in graph.statements:
        name, message, hint = t.predicate.value, "", ""
        if name in LISTS and t.object == _NIL and name != SH + "ignoredProperties":
            message, hint = f"the list of {compact(name)} is empty", "name at least one member, or remove it"
        elif name in LISTS and RDF + "first" in graph.values.get(t.object, {}) and not is_list(graph, t.object):
            message, hint = f"the list of {compact(name)} branches, or has no end", "write it in brackets: ( … )"
        elif name == SH + "path" and not is_path(graph, t.object, 0):
            message = f"the sh:path is no property path of at most {MOST_LEVELS} levels"
            hint = "name a property, or write a sequence ( … ) or [ sh:inversePath … ] of properties"
        elif name in COUNTED and not _is_count(t.object):
            message, hint = f"{compact(name)} is {t.object}: it takes a whole number", "write 0, 1 or more"
        elif name == SH + "node" and SH + "path" in graph.values.get(t.object, {}):
            message, hint = "sh:node refers to a shape with a sh:path", "refer to it with sh:property"
        if message:
            yield graph.finding((document, t), ILL_FORMED_SHAPE, message, severity="violation", hint=hint)
    if is_deep(graph) and not any(True for _ in _recursive(graph)):
        place = next((d, t) for d, t in graph.statements if t.predicate.value in NESTING)
        message = f"shapes are within each other over more than {MOST_LEVELS} levels"
        yield graph.finding(
            place, ILL_FORMED_SHAPE, message, severity="violation", hint="require less, or say it flatly"
        )


def _is_count(value: Term) -> bool:
    """Whether a value is a whole number of a size that all engines read."""
    is_integer = isinstance(value, Literal) and value.datatype.value == XSD + "integer"
    return is_integer and re.fullmatch(r"\+?[0-9]{1,9}", value_of(value)) is not None


def _switched_off(graph: ShapesGraph) -> Iterator[Finding]:
    for document, t in graph.statements:
        if t.predicate.value == SH + "deactivated" and texts([t.object]) & {"true", "1"}:
            message = f"the shape {graph.name(t.subject)} is deactivated and validates nothing"
            yield graph.finding((document, t), SHAPE_SWITCHED_OFF, message, hint="remove sh:deactivated, or the shape")


def _bad_patterns(graph: ShapesGraph) -> Iterator[Finding]:
    for document, t in graph.statements:
        if t.predicate.value == SH + "pattern" and isinstance(t.object, Literal):
            try:
                literals.regex(t.object.value, "".join(texts(graph.values[t.subject].get(SH + "flags", []))))
            except (re.error, OverflowError, RecursionError) as error:
                why = error.msg if isinstance(error, re.error) else "it is too large or too deep"
                message = f"the pattern “{t.object.value[:60]}” is no regular expression: {why}"
                yield graph.finding((document, t), SHAPE_PATTERN, message)


def _missing(graph: ShapesGraph, foreign: bool = False) -> Iterator[Finding]:
    """References to what is no shape, in shapes from elsewhere to what is not described: everything would pass."""
    known = (s for s, values in graph.values.items() if foreign or _is_shape(values))
    shapes, severity = {s.value for s in known if isinstance(s, NamedNode)}, "warning" if foreign else ""
    for document, t in graph.statements:
        for other in graph.items(t.object) if t.predicate.value in NESTING else ():
            if isinstance(other, NamedNode) and other.value not in shapes:
                message = f"the shape {graph.name(t.subject)} refers to {local_name(other.value)}, which is no shape"
                yield graph.finding(
                    (document, t), MISSING_SHAPE, message, severity=severity, hint=suggest(other.value, shapes)
                )


def _is_shape(values: dict[str, list[Term]]) -> bool:
    kinds = texts(values.get(RDF_TYPE, []))
    return bool(kinds & {SH + "NodeShape", SH + "PropertyShape"} or values.keys() & (CONSTRAINTS | NESTING))


def _recursive(graph: ShapesGraph) -> Iterator[Finding]:
    """Shapes that refer to themselves, directly or by others; SHACL leaves open what that means (§3.4.3)."""
    refers: dict[Term, list[Term]] = {}
    for _, t in graph.statements:
        if t.predicate.value in NESTING:
            refers.setdefault(t.subject, []).extend(graph.items(t.object))
    try:
        TopologicalSorter(refers).prepare()
    except CycleError as error:
        circle: list[Term] = error.args[1]
        names = " → ".join(dict.fromkeys(sorted(graph.name(node) for node in circle)))
        place = next((d, t) for d, t in graph.statements if t.subject in circle and t.predicate.value in NESTING)
        message = f"shapes that refer to each other in a circle: {names}"
        yield graph.finding(place, RECURSIVE_SHAPE, message, hint="write out in one of them what the others require")


def _without_message(graph: ShapesGraph) -> Iterator[Finding]:
    for document, t in _first_constraints(graph):
        if not graph.has_message(t.subject):
            message = f"{compact(t.predicate.value)} of the shape {graph.name(t.subject)} has no English message"
            hint = "add sh:message “what is missing, and what to write”@en"
            yield graph.finding((document, t), SHAPE_WITHOUT_MESSAGE, message, hint=hint)


def _first_constraints(graph: ShapesGraph) -> Iterator[tuple[Document, Triple]]:
    """The first constraint of each shape with results of its own: one with a target, or that such a shape refers to."""
    reporting, queue = set(graph.targeted), list(graph.targeted)
    for shape in queue:
        followed = ("property",) if graph.has_message(shape) else ("property", "node")
        inner = {o for name in followed for o in graph.values.get(shape, {}).get(SH + name, [])} - reporting
        reporting |= inner
        queue += inner
    seen: set[Term] = set()
    for document, t in graph.statements:
        if t.subject in reporting and t.subject not in seen and t.predicate.value in CONSTRAINTS:
            seen.add(t.subject)
            yield document, t


def _undeclared(graph: ShapesGraph, axioms: list[Triple]) -> Iterator[Finding]:
    kinds: dict[str, set[str]] = {}
    for t in axioms:
        if t.predicate.value == RDF_TYPE and isinstance(t.subject, NamedNode) and isinstance(t.object, NamedNode):
            kinds.setdefault(t.subject.value, set()).add(t.object.value)
    for document, t in graph.statements:
        term, role = t.object, graph.role(t)
        if role == RDF_TYPE and texts([term]) & CLASSES and t.subject in graph.targeted:
            term, role = t.subject, SH + "targetClass"  # a class that is a shape is its own target (SHACL §2.1.3.3)
        if not isinstance(term, NamedNode) or t.predicate.value == RDF + "rest":
            continue
        if problem := _term_problem(term.value, role, kinds):
            check, message, hint = problem
            yield graph.finding((document, t), check, message, hint=hint)


def _term_problem(iri: str, role: str, kinds: dict[str, set[str]]) -> tuple[Check, str, str] | None:
    """The check, message and hint for a term that should be a class, a property or a value; None if it is."""
    if role not in CLASS_AT | PROPERTY_AT | VALUE_AT:
        return None
    what, wanted = ("class", CLASSES) if role in CLASS_AT else ("property", _PROPERTIES)
    any_kind = role in VALUE_AT
    if (iri in kinds and (any_kind or kinds[iri] & wanted)) or (any_kind and not iri.startswith(ENT)):
        return None
    if iri.startswith(ENT):
        what = "value" if any_kind else what
        fitting = [i for i, k in kinds.items() if any_kind or k & wanted]
        return UNDECLARED_TERM, f"the ontology declares no {what} {compact(iri)}", suggest(iri, fitting)
    if problem := misspelt(iri):
        return UNDECLARED_TERM, *problem
    if iri.startswith((RDF, RDFS, OWL, SKOS, DCTERMS, SH)):
        return None
    hint = "declare the term in ontology/, or use one of rdf, rdfs, owl, skos or dcterms"
    return FOREIGN_TERM, f"<{iri}> is of another vocabulary, and the ontology does not declare it", hint


def _without_instance(graph: ShapesGraph, axioms: list[Triple], data: Sequence[Statements]) -> Iterator[Finding]:
    """The shapes whose targets are declared and select no focus node: nobody knows yet whether they work."""
    subclasses: dict[str, list[str]] = {}
    for narrower, broader in ((t.subject, t.object) for t in axioms if t.predicate.value == RDFS + "subClassOf"):
        if isinstance(narrower, NamedNode) and isinstance(broader, NamedNode):
            subclasses.setdefault(broader.value, []).append(narrower.value)
    everywhere = (ListedStatements(axioms), *data)
    there = ((d, t) for d, t in reversed(graph.statements) if t.predicate.value in TARGETS)
    places: dict[Term, tuple[Document, Triple]] = {t.subject: (d, t) for d, t in there}
    for shape in graph.targeted:
        values = graph.values[shape]
        targets = [iri for name in sorted(TARGETS) for iri in sorted(texts(values.get(name, [])))]
        if SH + "targetNode" in values or not targets or _only_forbids(graph, shape):
            continue
        if not any(_selects(iri, subclasses, where) for iri in targets for where in everywhere):
            message = f"the shape {graph.name(shape)} validates nothing yet: no {', '.join(map(compact, targets))}"
            yield graph.finding(places[shape], SHAPE_WITHOUT_INSTANCE, message)


def _selects(target: str, subclasses: dict[str, list[str]], where: Statements) -> bool:
    """Whether a property is used, or a class or a subclass has an instance."""
    queue = [target]
    for kind in queue:
        queue += [k for k in subclasses.get(kind, ()) if k not in queue]
    return where.has_value(target) or any(where.has_instance(kind) for kind in queue)


def _only_forbids(graph: ShapesGraph, shape: Term) -> bool:
    """Whether all that a shape requires is absence: it is right that it selects nothing."""
    parts = [graph.values.get(part, {}) for part in graph.values[shape].get(SH + "property", [])]
    return bool(parts) and all(SH + "not" in p or "0" in texts(p.get(SH + "maxCount", [])) for p in parts)
