"""Which property fits which class: the shapes, read from the side of the classes and of the properties."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from pyoxigraph import Literal, NamedNode

from kg.rdf.namespaces import RDF_TYPE, SH
from kg.rdf.terms import Term
from tools.pages.index import VALUE, Index


@dataclass(frozen=True)
class Use:
    """A property, or several of which one will do, as a shape has it: what it takes, and how many values.

    `least` counts what an error asks for and `wanted` what a warning asks for; `most` is None where there is no limit.
    """

    path: str
    properties: tuple[NamedNode, ...]
    takes: str = ""
    least: int = 0
    wanted: int = 0
    most: int | None = None

    def with_more(self, other: "Use") -> "Use":
        """This use with what another one of the same path adds; what it takes itself is the narrower."""
        limits = [n for n in (self.most, other.most) if n is not None]
        return replace(
            self,
            takes=self.takes or other.takes,
            least=max(self.least, other.least),
            wanted=max(self.wanted, other.wanted),
            most=min(limits, default=None),
        )

    @property
    def needed(self) -> str:
        """Whether it is needed, and how many values it has."""
        if self.most == 0:
            return "never"
        asked = "needed" if self.least else "wanted" if self.wanted else ""
        count = {2: "two or more"}.get(max(self.least, self.wanted), "one" if self.most == 1 else "")
        return ", ".join(filter(None, [asked, f"{count} at most" if count and not asked else count]))


_MILD = {NamedNode(SH + name) for name in ("Warning", "Info")}


class Uses:
    """The uses that the shapes make of the properties, by class; those under None are open to any thing."""

    def __init__(self, ontology: Index, shapes: Index) -> None:
        self._ontology, self._shapes = ontology, shapes
        self._own: dict[NamedNode | None, dict[str, Use]] = {None: {}}
        for shape in shapes.named():
            for found in self._classes(shape):
                own = self._own.setdefault(found, {})
                for use in self._uses(shape):
                    own[use.path] = own[use.path].with_more(use) if use.path in own else use

    def of(self, term: NamedNode | None) -> list[Use]:
        """What is stated of a class by itself, with what the classes above it add; of any thing for None."""
        above = [self._own[c] for c in self._ontology.above(term) if c in self._own] if term else []
        found = []
        for path, use in self._own.get(term, {}).items():
            for wider in above:
                use = use.with_more(wider[path]) if path in wider else use
            found.append(use)
        return sorted(found, key=lambda use: use.path.replace("]", " "))  # member before memberIn

    def inherited(self, term: NamedNode) -> Iterator[tuple[NamedNode, list[Use]]]:
        """What is stated of a class as one of the kinds above it, each use once, the nearest kind first."""
        known = {use.path for use in self.of(term)}
        for wider in self._ontology.above(term):
            if uses := [use for use in self.of(wider) if use.path not in known]:
                known |= {use.path for use in uses}
                yield wider, uses

    def having(self, term: NamedNode) -> list[tuple[NamedNode | None, Use]]:
        """The classes of which a property is stated, and how: by itself or, if that is all, as one of a choice."""
        found: dict[NamedNode | None, Use] = {}
        for owner in self._own:
            for use in self.of(owner):
                if term in use.properties and use.most != 0 and (owner not in found or self._is_alone(use, term)):
                    found[owner] = use
        return list(found.items())

    def _is_alone(self, use: Use, term: NamedNode) -> bool:
        return use.path == self._ontology.name(term)

    def _classes(self, shape: NamedNode) -> list[NamedNode | None]:
        """The classes that a shape is about: its targets, or what the subjects of its properties must be."""
        if self._shapes.values(shape, SH + "targetObjectsOf"):
            return []
        found = dict.fromkeys([*self._shapes.names(shape, SH + "targetClass"), *self._required(shape)])
        if not found and self._shapes.values(shape, SH + "targetSubjectsOf"):
            return [None]
        return [c for c in found if not any(self._ontology.kind(v) == VALUE for v in self._ontology.kinds_of(c))]

    def _required(self, node: Term) -> list[NamedNode]:
        """The classes of which a node must be one."""
        choices = [c for head in self._shapes.values(node, SH + "or") for c in self._shapes.members(head)]
        return [c for n in (node, *choices) for c in self._shapes.names(n, SH + "class")]

    def _uses(self, shape: NamedNode) -> Iterator[Use]:
        for part in self._shapes.values(shape, SH + "property"):
            path = self._shapes.values(part, SH + "path")[0]
            takes, least, most = self._takes(part, path), self._count(part, "minCount"), self._count(part, "maxCount")
            mild = _MILD & {*self._shapes.values(part, SH + "severity")}
            if path != NamedNode(RDF_TYPE) and (takes or least or most is not None):
                asked = {"wanted" if mild else "least": least or 0}
                yield Use(self._path(path), tuple(self._properties(path)), takes, most=most, **asked)

    def _count(self, part: Term, name: str) -> int | None:
        return next((int(v.value) for v in self._shapes.values(part, SH + name) if isinstance(v, Literal)), None)

    def _takes(self, part: Term, path: Term) -> str:
        """What a value may be: classes, datatypes, listed values, any thing, or an address (foreign property)."""
        choices = [c for head in self._shapes.values(part, SH + "or") for c in self._shapes.members(head)]
        for inner in self._shapes.values(part, SH + "node"):
            choices += [c for head in self._shapes.values(inner, SH + "or") for c in self._shapes.members(head)]
        kinds = [v for n in (part, *choices) for p in ("class", "datatype") for v in self._shapes.values(n, SH + p)]
        listed = [v for head in self._shapes.values(part, SH + "in") for v in self._shapes.members(head)]
        if kinds or listed:
            return either([self._ontology.name(v) for v in kinds or listed])
        if NamedNode(SH + "IRI") not in self._shapes.values(part, SH + "nodeKind"):
            return ""
        return "any thing" if self._ontology.kind(path) else "an address"

    def _path(self, path: Term) -> str:
        """A path as text: “ent:heads or ent:officeOf”, “inverse of ent:occasion, then ent:attendee”."""
        if isinstance(path, NamedNode):
            return self._ontology.name(path)
        for head in self._shapes.values(path, SH + "alternativePath"):
            return either([self._path(step) for step in self._shapes.members(head)])
        for inverse in self._shapes.values(path, SH + "inversePath"):
            return f"inverse of {self._path(inverse)}"
        return ", then ".join(self._path(step) for step in self._shapes.members(path))

    def _properties(self, path: Term) -> list[NamedNode]:
        """The properties that a thing has itself on a path."""
        if isinstance(path, NamedNode):
            return [path]
        return [p for head in self._shapes.values(path, SH + "alternativePath")
                for p in self._shapes.members(head) if isinstance(p, NamedNode)]  # fmt: skip


def either(names: list[str]) -> str:
    """Names as a choice: “a, b or c”."""
    return " or ".join(filter(None, [", ".join(names[:-1]), names[-1]]))
