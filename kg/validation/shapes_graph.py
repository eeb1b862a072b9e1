"""The shapes as a graph: each statement with its place, and on which statements of the data a validation rests.

From a shape's targets, property paths and nested shapes follow the paths that lead from a focus node to all nodes that
a constraint looks at (SHACL §2.1.3, §2.3.1, §4). Followed forwards from focus nodes, they give all statements that are
needed to validate these; followed backwards from a changed statement, the focus nodes whose results it can change.
What a SPARQL constraint looks at has no such bound.
"""

from collections.abc import Iterable, Iterator
from functools import cached_property, lru_cache
from typing import NamedTuple

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from kg.dataset.statements import ANY, ListedStatements, Statements
from kg.findings import Check, Finding
from kg.rdf.namespaces import OWL, RDF, RDF_TYPE, RDFS, SH, local_name
from kg.rdf.positions import positions
from kg.rdf.terms import Term, described, iri, members
from kg.rdf.tokens import line_column
from kg.source.documents import Document
from kg.validation.shacl_report import parent_nodes, shape_iri

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

# Those whose value is a list; those that count values; and those that have no effect without others.
LISTS, COUNTS = _iris("and or xone in languageIn ignoredProperties"), _iris("qualifiedMinCount qualifiedMaxCount")
_NEEDS = dict.fromkeys([*COUNTS, SH + "qualifiedValueShapesDisjoint"], (SH + "path", SH + "qualifiedValueShape")) | {
    SH + "qualifiedValueShape": (SH + "path",),
    SH + "ignoredProperties": (SH + "closed",),
    SH + "flags": (SH + "pattern",),
}

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

    @staticmethod
    def of(documents: Iterable[Document]) -> "ShapesGraph":
        """The graph of some files, which are read once for all graphs that are validated one after the other."""
        return _read((*documents,))

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
            if any(name in self._required and not self.lacks(node, name) for name in values):
                return True
            queue += [o for name in ("property", "node") for o in values.get(SH + name, []) if o not in queue]
        return False

    def deactivated(self, shape: Term) -> bool:
        """Whether every node conforms to a shape by its own word (SHACL §2.1.5)."""
        return "true" in texts(self.values.get(shape, {}).get(SH + "deactivated", []))

    def lacks(self, shape: Term, parameter: str) -> str:
        """The parameter that a shape lacks and without which this one has no effect (SHACL §4); empty for none."""
        values = self.values.get(shape, {})
        if parameter == SH + "qualifiedValueShape" and not values.keys() & COUNTS:
            return SH + "qualifiedMinCount"
        return next((other for other in _NEEDS.get(parameter, ()) if other not in values), "")

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
        same, places = self._places[id(document), *end]
        if len(same) != len(places):
            return finding
        return finding.at(*line_column(document.text, places[same.index(t)]))

    @cached_property
    def _places(self) -> dict[tuple[int, Term, Term], tuple[list[Triple], list[int]]]:
        """By document, predicate and object the statements, and where in the text the object of each stands."""
        found: dict[tuple[int, Term, Term], tuple[list[Triple], list[int]]] = {}
        for document, t in self.statements:
            found.setdefault((id(document), t.predicate, t.object), ([], []))[0].append(t)
        for document in {id(d): d for d, _ in self.statements}.values():
            for p in positions(document.text, document.base):
                if row := found.get((id(document), p.triple.predicate, p.triple.object)):
                    row[1].append(p.object_at)
        return found

    @cached_property
    def dependencies(self) -> "ShapeDependencies | None":
        """What the shapes look at; None where one has a SPARQL constraint or the like, which has no bound."""
        return None if any(_QUERIES & v.keys() for v in self.values.values()) else ShapeDependencies(self.values)


@lru_cache(2)
def _read(documents: tuple[Document, ...]) -> ShapesGraph:
    return ShapesGraph(documents)


def _is_class(values: dict[str, list[Term]]) -> bool:
    """Whether a node shape is a class too, which is its own target then (SHACL §2.1.3.3)."""
    kinds = texts(values.get(RDF_TYPE, []))
    return SH + "NodeShape" in kinds and bool(kinds & CLASSES)


def texts(terms: Iterable[Term]) -> set[str]:
    """The IRIs and lexical forms among some terms."""
    return {term.value for term in terms if isinstance(term, NamedNode | Literal)}


# Dependencies


class Step(NamedTuple):
    """One step of a path: along a predicate, or against it, once or (`repeated`) any number of times."""

    predicate: str
    inverse: bool = False
    repeated: bool = False


Path = tuple[Step, ...]


class _Tree:
    """Paths, by their first steps: what follows of them."""

    def __init__(self) -> None:
        self.forward: dict[str, _Tree] = {}  # steps along a predicate, once
        self.others: dict[Step, _Tree] = {}

    @property
    def is_end(self) -> bool:
        """Whether no step follows."""
        return not self.forward and not self.others

    def add(self, path: Path) -> None:
        """Add a path."""
        if path:
            step, *rest = path
            plain = step == Step(step.predicate) and step.predicate != ANY
            tree = self.forward.setdefault(step.predicate, _Tree()) if plain else self.others.setdefault(step, _Tree())
            tree.add(tuple(rest))


_TYPE = Step(RDF_TYPE)
_NESTED = tuple(SH + x for x in ("node", "property", "not", "qualifiedValueShape"))
_LISTED = tuple(SH + x for x in ("and", "or", "xone"))
_COMPARED = tuple(SH + x for x in ("equals", "disjoint", "lessThan", "lessThanOrEquals"))
_QUERIES = frozenset(SH + x for x in ("sparql", "js", "rule", "target", "values", "expression"))
_STARS = tuple(SH + x for x in ("zeroOrMorePath", "oneOrMorePath", "zeroOrOnePath"))


class ShapeDependencies:
    """The paths of some shapes, to be followed in a graph."""

    def __init__(self, shapes: dict[Term, dict[str, list[Term]]]) -> None:
        """Take all nodes of the shapes graph with their values, by predicate."""
        self._values = shapes
        self._paths = sorted({path for s in list(shapes) for path in [*self._targets(s), *self._of(s)]})
        self.steps = frozenset(step for path in self._paths for step in path)
        self._tree = _Tree()
        for path in self._paths:
            self._tree.add(path)

    def needed(self, graph: Statements, nodes: Iterable[Term], more: Iterable[Triple] = ()) -> list[Triple]:
        """The statements of a graph that are needed to validate focus nodes, were `more` said as well."""
        graphs = (graph, ListedStatements(more))
        start = set(nodes)
        found = dict.fromkeys(t for node in start for t in graph.about(node))
        queue = [(self._tree, start)]
        for tree, here in queue:
            for taken, there, rest in _all_followed(here, tree, graphs):
                found.update(dict.fromkeys(taken))
                if there and not rest.is_end:
                    queue.append((rest, there))
        return list(found)

    def ends(self, parameters: frozenset[str]) -> dict[Term, set[Step | None]]:
        """By shapes with targets, the last steps to values that are compared with one of some parameters.

        None stands for the focus node itself.
        """
        found: dict[Term, set[Step | None]] = {}
        for shape in [s for s in self._values if any(True for _ in self._targets(s))]:
            for _, full, values in self._reached(shape, (), ()):
                if parameters & values.keys():
                    found.setdefault(shape, set()).add(full[-1] if full else None)
        return found

    def affected(self, graph: Statements, changed: Iterable[Triple], said: Statements) -> set[Term]:
        """The focus nodes whose results may rest on one of these statements, whether it has come or gone.

        Paths are also followed along what somebody has `said`.
        """
        changed = list(changed)
        graphs = (graph, said, ListedStatements(changed))
        by_predicate: dict[str, list[Triple]] = {ANY: changed}
        for t in changed:
            by_predicate.setdefault(t.predicate.value, []).append(t)
        found: set[Term] = {t.subject for t in changed}
        for path in self._paths:
            for at, step in enumerate(path):
                ends = {t.object if step.inverse else t.subject for t in by_predicate.get(step.predicate, ())}
                found |= _before(ends, path[: at + 1], graphs) if ends else set()
        return found

    def _targets(self, shape: Term) -> Iterator[Path]:
        values = self._values[shape]
        if SH + "targetClass" in values or NamedNode(OWL + "Class") in values.get(RDF_TYPE, ()):
            yield (_TYPE,)
        yield from ((Step(iri(p)),) for p in values.get(SH + "targetSubjectsOf", ()))
        yield from ((Step(iri(p), inverse=True),) for p in values.get(SH + "targetObjectsOf", ()))

    def _of(self, shape: Term) -> Iterator[Path]:
        """The paths from the focus nodes of a shape, also by way of the shapes within it."""
        for base, full, values in self._reached(shape, (), ()):
            if full:
                yield full
            if SH + "class" in values:
                yield (*full, _TYPE)
            yield from ((*base, Step(iri(p))) for name in _COMPARED for p in values.get(name, ()))
            if SH + "closed" in values:
                yield (*base, Step(ANY))

    def _reached(
        self, shape: Term, base: Path, above: tuple[Term, ...]
    ) -> Iterator[tuple[Path, Path, dict[str, list[Term]]]]:
        """The paths to the focus nodes and to the values of a shape, with its parameters, and of the shapes within it.

        The focus nodes are at the end of `base`.
        """
        values = self._values.get(shape, {})
        if shape in above:
            return
        for path in [p for node in values.get(SH + "path", ()) for p in self._path(node)] or [()]:
            yield base, base + path, values
            listed = (s for name in _LISTED for head in values.get(name, ()) for s in members(self._values, head))
            for inner in (*(s for name in _NESTED for s in values.get(name, ())), *listed):
                yield from self._reached(inner, base + path, (*above, shape))

    def _path(self, node: Term) -> list[Path]:
        """A property path (SHACL §2.3.1) as paths of steps; an alternative is several."""
        values = self._values.get(node, {}) if isinstance(node, BlankNode) else {}
        if RDF + "first" in values:
            paths: list[Path] = [()]
            for member in members(self._values, node):
                paths = [path + more for path in paths for more in self._path(member)]
            return paths
        if inner := values.get(SH + "inversePath"):
            return [tuple(map(_turned, reversed(path))) for path in self._path(inner[0])]
        if inner := values.get(SH + "alternativePath"):
            return [path for member in members(self._values, inner[0]) for path in self._path(member)]
        for star in _STARS:
            if inner := values.get(star):
                # Each step any number of times: that is more than the path takes, never less.
                return [tuple(step._replace(repeated=True) for step in path) for path in self._path(inner[0])]
        return [(Step(iri(node)),)]


def _turned(step: Step) -> Step:
    return step._replace(inverse=not step.inverse)


def _before(nodes: set[Term], path: Path, graphs: tuple[Statements, ...]) -> set[Term]:
    """From where a path leads to the nodes from which its last step goes on."""
    for step in reversed(path if path[-1].repeated else path[:-1]):
        nodes = _followed(nodes, _turned(step), graphs)[1]
    return nodes


def _all_followed(
    here: set[Term], tree: _Tree, graphs: tuple[Statements, ...]
) -> Iterator[tuple[list[Triple], set[Term], _Tree]]:
    """What `_followed` gives for each first step of paths, with what follows; statements about a node are read once."""
    found: dict[str, tuple[list[Triple], set[Term]]] = {}
    for graph in graphs if tree.forward else ():
        for node in here:
            for t in graph.about(node):
                name = t.predicate.value
                if name in tree.forward:
                    taken, there = found.setdefault(name, ([], set()))
                    there.add(t.object)
                    if graph is graphs[0]:
                        taken.append(t)
    yield from ((taken, there, tree.forward[name]) for name, (taken, there) in found.items())
    yield from ((*_followed(here, step, graphs), rest) for step, rest in tree.others.items())


def _followed(here: set[Term], step: Step, graphs: tuple[Statements, ...]) -> tuple[list[Triple], set[Term]]:
    """The statements of the first graph that a step takes from some nodes, and where it leads in all graphs.

    A repeated step also leads to where it starts.
    """
    taken: list[Triple] = []
    found: set[Term] = set(here) if step.repeated else set()
    queue = list(here)
    for node in queue:
        for graph in graphs:
            for t in (graph.leading_to if step.inverse else graph.about)(node, step.predicate):
                other = t.subject if step.inverse else t.object
                if graph is graphs[0]:
                    taken.append(t)
                if other not in found:
                    found.add(other)
                    queue += [other] if step.repeated else []
    return taken, found
