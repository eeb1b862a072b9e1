"""Shape dependencies: on which statements the validation of a focus node rests, and which nodes a change can affect.

From a shape's targets, property paths and nested shapes follow the paths that lead from a focus node to all nodes that
a constraint looks at (SHACL §2.1.3, §2.3.1, §4). Followed forwards from focus nodes, they give all statements that are
needed to validate these; followed backwards from a changed statement, the focus nodes whose results it can change.
What a SPARQL constraint looks at has no such bound.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from pyoxigraph import BlankNode, NamedNode, Triple

from kg.dataset.statements import ANY, ListedStatements, Statements
from kg.rdf.namespaces import OWL, RDF, RDF_TYPE, SH
from kg.rdf.terms import Term, described, iri, members


class Step(NamedTuple):
    """One step of a path: along a predicate, or against it, once or (`repeated`) any number of times."""

    predicate: str
    inverse: bool = False
    repeated: bool = False


Path = tuple[Step, ...]
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
        self._paths = sorted({path for s in list(shapes) for path in [*self._targets(s), *self._of(s, (), ())]})

    def needed(self, graph: Statements, nodes: Iterable[Term], more: Iterable[Triple] = ()) -> list[Triple]:
        """The statements of a graph that are needed to validate focus nodes, were `more` said as well."""
        graphs = (graph, ListedStatements(more))
        start = set(nodes)
        found = dict.fromkeys(t for node in start for t in graph.about(node))
        for path in self._paths:
            here: set[Term] = start
            for step in path:
                taken, here = _followed(here, step, graphs)
                found.update(dict.fromkeys(taken))
        return list(found)

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

    def _of(self, shape: Term, base: Path, above: tuple[Term, ...]) -> Iterator[Path]:
        """The paths of a shape whose focus nodes are at the end of `base`, and of the shapes within it."""
        values = self._values.get(shape, {})
        if shape in above:
            return
        for path in [p for node in values.get(SH + "path", ()) for p in self._path(node)] or [()]:
            if base + path:
                yield base + path
            if SH + "class" in values:
                yield (*base, *path, _TYPE)
            listed = (s for name in _LISTED for head in values.get(name, ()) for s in members(self._values, head))
            for inner in (*(s for name in _NESTED for s in values.get(name, ())), *listed):
                yield from self._of(inner, base + path, (*above, shape))
        yield from ((*base, Step(iri(p))) for name in _COMPARED for p in values.get(name, ()))
        if SH + "closed" in values:
            yield (*base, Step(ANY))

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


def dependencies_of(shapes: Iterable[Triple]) -> ShapeDependencies | None:
    """The dependencies of some shapes; None where one has a SPARQL constraint or the like, which has no bound."""
    values = described(shapes)
    return None if any(_QUERIES & v.keys() for v in values.values()) else ShapeDependencies(values)


def _turned(step: Step) -> Step:
    return step._replace(inverse=not step.inverse)


def _before(nodes: set[Term], path: Path, graphs: tuple[Statements, ...]) -> set[Term]:
    """From where a path leads to the nodes from which its last step goes on."""
    for step in reversed(path if path[-1].repeated else path[:-1]):
        nodes = _followed(nodes, _turned(step), graphs)[1]
    return nodes


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
