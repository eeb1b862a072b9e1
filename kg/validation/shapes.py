"""Finds shapes that silently validate nothing, or that read or compute more than the graph.

SHACL says nothing of a misspelt `sh:minCout`, of a target class that nothing declares, or of a deactivated shape: the
graph conforms. Here each is a finding.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from graphlib import CycleError, TopologicalSorter

from pyoxigraph import Literal, NamedNode, Triple

from kg.dataset.statements import ListedStatements, Statements
from kg.errors import KgError
from kg.findings import Check, Finding
from kg.rdf import sparql
from kg.rdf.namespaces import DCTERMS, ENT, OWL, RDF, RDF_TYPE, RDFS, SH, SKOS, compact, local_name, suggest
from kg.rdf.positions import positions
from kg.rdf.terms import Term, described, members
from kg.rdf.tokens import line_column
from kg.source.documents import EMPTY, Document
from kg.validation.facts import UNKNOWN_TERM
from kg.validation.ontology import UNDECLARED_TERM, misspelt
from kg.validation.shacl_report import parent_nodes, shape_iri

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
    "Values are counted where there is a sh:path, and the sh:select of a constraint selects ?this.",
    "SHACL engines pass over such a constraint in silence, as if it were met.",
    wrong="shape:City a sh:NodeShape ; sh:targetClass ent:City ; sh:qualifiedMinCount 1 ;\n"
    '    sh:message "x"@en ; sh:qualifiedValueShape [ sh:class ent:City ] .',
    right="shape:City a sh:NodeShape ; sh:targetClass ent:City ; sh:property [ sh:path rdfs:label ;\n"
    '    sh:message "x"@en ; sh:qualifiedMinCount 1 ; sh:qualifiedValueShape [ sh:minLength 1 ] ] .',
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
    "shape-without-instance",
    "The targets of each shape select at least one focus node.",
    "Until then nobody knows whether the shape works.",
    wrong="shape:Taking a sh:NodeShape ; sh:targetClass ent:Annexation .",
    right="shape:City a sh:NodeShape ; sh:targetClass ent:City .",
    severities=("info",),
)

_TERMS = """
    Shape NodeShape PropertyShape targetClass targetNode targetObjectsOf targetSubjectsOf deactivated message
    severity Severity Info Warning Violation property path inversePath alternativePath zeroOrMorePath oneOrMorePath
    zeroOrOnePath class datatype nodeKind NodeKind BlankNode BlankNodeOrIRI BlankNodeOrLiteral IRI IRIOrLiteral
    Literal minCount maxCount minExclusive minInclusive maxExclusive maxInclusive minLength maxLength pattern flags
    languageIn uniqueLang equals disjoint lessThan lessThanOrEquals not and or xone node qualifiedValueShape
    qualifiedMinCount qualifiedMaxCount qualifiedValueShapesDisjoint closed ignoredProperties hasValue in name
    description order group PropertyGroup defaultValue sparql SPARQLConstraint SPARQLConstraintComponent
    ConstraintComponent select ask prefixes declare prefix namespace PrefixDeclaration parameter Parameter
    Parameterizable optional labelTemplate validator nodeValidator propertyValidator Validator SPARQLAskValidator
    SPARQLSelectValidator SPARQLExecutable SPARQLAskExecutable SPARQLSelectExecutable
"""
_ADVANCED = """
    rule Rule TripleRule SPARQLRule condition subject predicate object construct update SPARQLConstructExecutable
    SPARQLUpdateExecutable target Target TargetType SPARQLTarget SPARQLTargetType SPARQLFunction Function returnType
    expression ExpressionConstraintComponent values nodes filterShape union intersection this
    js JSConstraint JSConstraintComponent JSExecutable JSFunction JSLibrary JSRule JSTarget JSTargetType JSValidator
    jsFunctionName jsLibrary jsLibraryURL shapesGraph suggestedShapesGraph shapesGraphWellFormed entailment
"""
_CONSTRAINT = """
    class datatype nodeKind minCount maxCount minExclusive minInclusive maxExclusive maxInclusive minLength maxLength
    pattern languageIn uniqueLang equals disjoint lessThan lessThanOrEquals not and or xone qualifiedValueShape closed
    hasValue in
"""
_AT_PROPERTY = """
    targetSubjectsOf targetObjectsOf equals disjoint lessThan lessThanOrEquals path inversePath alternativePath
    zeroOrMorePath oneOrMorePath zeroOrOnePath ignoredProperties
"""


def _iris(names: str) -> frozenset[str]:
    return frozenset(SH + name for name in names.split())


# The terms of SHACL Core and SHACL-SPARQL (W3C Recommendation of 20 July 2017, §2 to §6).
TERMS = _iris(_TERMS)
# Those of SHACL Advanced Features and SHACL-JS, which compute, and those that name other graphs.
ADVANCED = _iris(_ADVANCED)
# The parameters of constraint components with results of their own; those of sh:property and sh:node are other shapes'.
CONSTRAINTS = _iris(_CONSTRAINT)
TARGETS = _iris("targetClass targetNode targetSubjectsOf targetObjectsOf")
# By these, one shape refers to another.
NESTING = _iris("property node not qualifiedValueShape and or xone")
# Whose objects are classes, properties or other values.
CLASS_AT, PROPERTY_AT, VALUE_AT = _iris("targetClass class"), _iris(_AT_PROPERTY), _iris("in hasValue targetNode")

CLASSES = {OWL + "Class", RDFS + "Class"}
_LIST = {RDF + "first", RDF + "rest"}


class ShapesGraph:
    """The shapes of all files as one graph, with the document of each statement."""

    def __init__(self, documents: Iterable[Document]) -> None:
        self.statements = [(d, t) for d in documents for t in d.triples]
        self.parents = parent_nodes(t for _, t in self.statements)
        self.values = described(t for _, t in self.statements)
        self.leads_to: dict[Term, Triple] = {}
        for _, t in self.statements:
            self.leads_to.setdefault(t.object, t)

    @cached_property
    def targeted(self) -> list[Term]:
        """The shapes that have a target of their own, in the order of the files."""
        return [s for s, values in self.values.items() if values.keys() & TARGETS or _is_class(values)]

    def items(self, head: Term) -> Iterator[Term]:
        """The members of a list, or the node itself if it is none."""
        yield from members(self.values, head) if RDF + "first" in self.values.get(head, {}) else [head]

    def role(self, t: Triple) -> str:
        """The predicate of a triple; for a member of a list, that of the triple to which the list belongs."""
        while t.predicate.value in _LIST and t.subject in self.leads_to:
            t = self.leads_to[t.subject]
        return t.predicate.value

    def name(self, shape: Term) -> str:
        """The local name of the named shape in whose description a node stands."""
        return local_name(shape_iri(shape, self.parents)) or "a shape"

    def has_message(self, shape: Term) -> bool:
        """Whether a shape has an English message of its own."""
        messages = self.values.get(shape, {}).get(SH + "message", [])
        return any(isinstance(m, Literal) and (m.language or "").startswith("en") for m in messages)

    def requires(self, shape: Term) -> bool:
        """Whether a shape, or one to which it refers, has a constraint."""
        queue = [shape]
        for node in queue:
            values = self.values.get(node, {})
            if self.deactivated(node):
                continue
            if any(name in self._required and not self.misplaced(node, name) for name in values):
                return True
            queue += [o for name in ("property", "node") for o in values.get(SH + name, []) if o not in queue]
        return False

    def deactivated(self, shape: Term) -> bool:
        """Whether every node conforms to a shape by its own word (SHACL §2.1.5)."""
        return "true" in texts(self.values.get(shape, {}).get(SH + "deactivated", []))

    def misplaced(self, shape: Term, parameter: str) -> bool:
        """Whether a parameter counts values of a path, and the shape has none."""
        return parameter.startswith(SH + "qualified") and SH + "path" not in self.values.get(shape, {})

    @cached_property
    def _required(self) -> set[str]:
        """The parameters of constraint components, also of those that the shapes define."""
        parts = [o for values in self.values.values() for o in values.get(SH + "parameter", [])]
        return {
            SH + "sparql",
            *CONSTRAINTS,
            *texts(o for p in parts for o in self.values.get(p, {}).get(SH + "path", [])),
        }

    def finding(self, place: tuple[Document, Triple], check: Check, message: str, **more: str) -> Finding:
        """A finding on a statement, whose focus is the named shape in which it stands."""
        document, t = place
        shape, end = shape_iri(t.subject, self.parents), (t.predicate, t.object)
        finding = document.finding(check, message, triple=(NamedNode(shape) if shape else None, *end), **more)
        # At its own statement, where several have the same predicate and object.
        same = [o for d, o in self.statements if d is document and (o.predicate, o.object) == end]
        places = [p for p in positions(document.text, document.base) if (p.triple.predicate, p.triple.object) == end]
        if len(same) != len(places):
            return finding
        return finding.at(*line_column(document.text, places[same.index(t)].object_at))


def _is_class(values: dict[str, list[Term]]) -> bool:
    """Whether a node shape is a class too, which is its own target then (SHACL §2.1.3.3)."""
    kinds = texts(values.get(RDF_TYPE, []))
    return SH + "NodeShape" in kinds and bool(kinds & CLASSES)


def texts(terms: Iterable[Term]) -> set[str]:
    """The IRIs and lexical forms among some terms."""
    return {term.value for term in terms if isinstance(term, NamedNode | Literal)}


_PROPERTIES = {OWL + "ObjectProperty", OWL + "DatatypeProperty", OWL + "AnnotationProperty", RDF + "Property"}
_PLAIN = {SH + "prefix": r"[\w.-]*", SH + "namespace": r"[^\s<>\"{}|\\^`]*"}
_PASTED = {SH + "select", SH + "ask", *_PLAIN}
_LIKE_SHACL = r"(?i)(https?://(?:www\.)?w3\.org/ns/shacl[#/]+)\w+"
_OUTWARD = {"SERVICE", "FROM", "LOAD", "INSERT", "DELETE", "CONSTRUCT", "DESCRIBE"}


def check_shapes(shapes: list[Document], ontology: list[Document], *data: Statements) -> Iterator[Finding]:
    """What is unsound in the shapes, given the terms that the ontology declares and the data to be validated."""
    graph, axioms = ShapesGraph(shapes), [t for d in ontology for t in d.triples]
    for part in (_unknown_terms, _reaching_out, _ill_formed, _switched_off, _bad_patterns, _missing, _recursive):
        yield from part(graph)
    yield from _without_message(graph)
    yield from _undeclared(graph, axioms)
    if not graph.targeted:
        path = shapes[0].path if shapes else "shapes"
        yield EMPTY.finding(path, "no shape has a target: nothing would be validated", hint="add sh:targetClass")
    yield from _without_instance(graph, axioms, data)


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
    """Constraints that pyshacl ignores, though SHACL calls them ill-formed (§4.7.3, §5.2.1)."""
    constraints = {o for values in graph.values.values() for o in values.get(SH + "sparql", [])}
    for document, t in graph.statements:
        if graph.misplaced(t.subject, t.predicate.value):
            message = f"{compact(t.predicate.value)} counts values of a sh:path, which is missing: it is not validated"
            yield graph.finding((document, t), ILL_FORMED_SHAPE, message, hint="write sh:property [ sh:path … ]")
        elif t.predicate.value == SH + "select" and t.subject in constraints and isinstance(t.object, Literal):
            query = sparql.QueryText(t.object.value)
            columns = [c.name for c in query.columns(query.form)] if query.form is not None else []
            if columns and "this" not in columns:
                message = "the sh:select does not select ?this: its rows are not validation results"
                yield graph.finding((document, t), ILL_FORMED_SHAPE, message, hint="write SELECT $this …")


def _switched_off(graph: ShapesGraph) -> Iterator[Finding]:
    for document, t in graph.statements:
        if t.predicate.value == SH + "deactivated" and texts([t.object]) & {"true", "1"}:
            message = f"the shape {graph.name(t.subject)} is deactivated and validates nothing"
            yield graph.finding((document, t), SHAPE_SWITCHED_OFF, message, hint="remove sh:deactivated, or the shape")


def _bad_patterns(graph: ShapesGraph) -> Iterator[Finding]:
    for document, t in graph.statements:
        if t.predicate.value == SH + "pattern" and isinstance(t.object, Literal):
            try:
                re.compile(t.object.value)
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
