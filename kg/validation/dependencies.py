"""How far shapes look: which statements the verdict on a thing can rest on, and whom a changed statement can concern.

From a shape's paths, nested shapes and targets follow *ways*: chains of steps from a focus node to what it is judged by
(SHACL §2.1.3, §2.3.1, §4). Followed forwards from some things they give all statements that their verdict needs;
followed backwards from a changed statement they give the things whose verdict may be another. What a query can see has
no bound.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from pyoxigraph import BlankNode, NamedNode, Triple

from kg.dataset.statements import ANY, ListedStatements, Statements
from kg.rdf.namespaces import OWL, RDF, RDF_TYPE, SH
from kg.rdf.terms import Term, described, members


class UnboundedError(Exception):
    """A shape asks by a query, which may look anywhere."""


class Step(NamedTuple):
    """One step of a path: along a predicate, or against it, once or as often as one likes."""

    predicate: str
    inverse: bool = False
    often: bool = False


Path = tuple[Step, ...]
_TYPE = Step(RDF_TYPE)
_NESTED = tuple(SH + x for x in ("node", "property", "not", "qualifiedValueShape"))
_LISTED = tuple(SH + x for x in ("and", "or", "xone"))
_COMPARED = tuple(SH + x for x in ("equals", "disjoint", "lessThan", "lessThanOrEquals"))
_QUERIES = frozenset(SH + x for x in ("sparql", "js", "rule", "target", "values", "expression"))
_STARS = tuple(SH + x for x in ("zeroOrMorePath", "oneOrMorePath", "zeroOrOnePath"))


class ShapeDependencies:
    """All ways of some shapes. Raises UnboundedError for a shape that asks by a query."""

    def __init__(self, shapes: Iterable[Triple]) -> None:
        self._values = described(shapes)
        if any(_QUERIES & values.keys() for values in self._values.values()):
            raise UnboundedError
        found = {way for shape in list(self._values) for way in [*self._targets(shape), *self._of(shape, (), ())]}
        self.ways = sorted(found)

    def _targets(self, shape: Term) -> Iterator[Path]:
        values = self._values[shape]
        if SH + "targetClass" in values or NamedNode(OWL + "Class") in values.get(RDF_TYPE, ()):
            yield (_TYPE,)
        yield from ((Step(_iri(p)),) for p in values.get(SH + "targetSubjectsOf", ()))
        yield from ((Step(_iri(p), inverse=True),) for p in values.get(SH + "targetObjectsOf", ()))

    def _of(self, shape: Term, base: Path, above: tuple[Term, ...]) -> Iterator[Path]:
        """The ways of a shape whose focus nodes are at the end of `base`, and of the shapes within it."""
        values = self._values.get(shape, {})
        if shape in above:
            return
        paths = [way for path in values.get(SH + "path", ()) for way in self._path(path)] or [()]
        for way in (base + path for path in paths):
            if way:
                yield way
            if SH + "class" in values:
                yield (*way, _TYPE)
            for inner in self._nested(values):
                yield from self._of(inner, way, (*above, shape))
        yield from ((*base, Step(_iri(p))) for name in _COMPARED for p in values.get(name, ()))
        if SH + "closed" in values:
            yield (*base, Step(ANY))

    def _nested(self, values: dict[str, list[Term]]) -> Iterator[Term]:
        for name in _NESTED:
            yield from values.get(name, ())
        for name in _LISTED:
            for head in values.get(name, ()):
                yield from members(self._values, head)

    def _path(self, path: Term) -> list[Path]:
        """A property path (SHACL §2.3.1) as ways; an alternative is several."""
        values = self._values.get(path, {}) if isinstance(path, BlankNode) else {}
        if RDF + "first" in values:
            ways: list[Path] = [()]
            for member in members(self._values, path):
                ways = [way + more for way in ways for more in self._path(member)]
            return ways
        if inner := values.get(SH + "inversePath"):
            return [_turned(way) for way in self._path(inner[0])]
        if inner := values.get(SH + "alternativePath"):
            return [way for member in members(self._values, inner[0]) for way in self._path(member)]
        for star in _STARS:
            if inner := values.get(star):
                # Each step as often as one likes: that is more than the path takes, never less.
                return [tuple(step._replace(often=True) for step in way) for way in self._path(inner[0])]
        return [(Step(_iri(path)),)]


def _turned(way: Path) -> Path:
    return tuple(step._replace(inverse=not step.inverse) for step in reversed(way))


def _iri(term: Term) -> str:
    return term.value if isinstance(term, NamedNode) else ""


def dependencies_of(shapes: Iterable[Triple]) -> ShapeDependencies | None:
    """All ways of some shapes; None where one asks by a query, which may look anywhere."""
    try:
        return ShapeDependencies(shapes)
    except UnboundedError:
        return None


class DependencyGraph:
    """A graph, in which ways can be followed."""

    def __init__(self, ways: ShapeDependencies, graph: Statements) -> None:
        self._ways, self._graph = ways.ways, graph

    def needed(self, things: Iterable[Term], more: Iterable[Triple] = ()) -> list[Triple]:
        """The statements on which the verdict on some things rests, were `more` said as well."""
        graphs = (self._graph, ListedStatements(more))
        start = set(things)
        found = dict.fromkeys(t for thing in start for t in self._graph.about(thing))
        for way in self._ways:
            here: set[Term] = start
            for step in way:
                taken, here = _followed(here, step, graphs)
                found.update(dict.fromkeys(taken))
        return list(found)

    def concerned(self, changed: Iterable[Triple], said: Statements) -> set[Term]:
        """The things whose verdict may rest on one of these statements, be they there or gone.

        Also where it leads there only by what somebody has `said`.
        """
        changed = list(changed)
        graphs = (self._graph, said, ListedStatements(changed))
        by_predicate: dict[str, list[Triple]] = {ANY: []}
        for t in changed:
            by_predicate.setdefault(t.predicate.value, []).append(t)
            by_predicate[ANY].append(t)
        found: set[Term] = {t.subject for t in by_predicate[ANY]}
        for way in self._ways:
            for at, step in enumerate(way):
                ends = {t.object if step.inverse else t.subject for t in by_predicate.get(step.predicate, ())}
                found |= _before(ends, way[: at + 1], graphs) if ends else set()
        return found


def _before(nodes: set[Term], way: Path, graphs: tuple[Statements, ...]) -> set[Term]:
    """From where a way leads to these nodes, from which its last step goes on."""
    steps = way if way[-1].often else way[:-1]
    for step in reversed(steps):
        nodes = _followed(nodes, step._replace(inverse=not step.inverse), graphs)[1]
    return nodes


def _followed(here: set[Term], step: Step, graphs: tuple[Statements, ...]) -> tuple[list[Triple], set[Term]]:
    """The statements of the first graph that a step takes from some nodes, and where it leads in all of them.

    A step that need not be taken leads to where it starts as well.
    """
    taken: list[Triple] = []
    found: set[Term] = set(here) if step.often else set()
    queue = list(here)
    for node in queue:
        for graph in graphs:
            for t in _edges(graph, node, step):
                other = t.subject if step.inverse else t.object
                if graph is graphs[0]:
                    taken.append(t)
                if other not in found:
                    found.add(other)
                    queue += [other] if step.often else []
    return taken, found


def _edges(graph: Statements, node: Term, step: Step) -> Iterable[Triple]:
    return (graph.leading_to if step.inverse else graph.about)(node, step.predicate)
