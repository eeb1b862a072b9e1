"""Examples of classes: what the tests' world of sound facts states of one of its things."""

from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse

from kg.dataset.computed import BOUNDS
from kg.export.serialize import PrefixedNames
from kg.rdf.namespaces import ALT_LABEL, ENT, RDF_TYPE, RDFS_LABEL, SKOS, XSD
from kg.rdf.terms import Term
from tools.pages.index import VALUE, Index

COMPUTED = frozenset(ENT + name for names in BOUNDS.values() for name in names)
NAMES = frozenset({RDF_TYPE, RDFS_LABEL, ALT_LABEL, SKOS + "notation"})
BARE = frozenset(XSD + name for name in ("integer", "decimal", "boolean"))
MOST = 2  # values of one property: the world names more, to try out each


class Examples:
    """The things of a Turtle file, as examples of their classes."""

    def __init__(self, path: str, ontology: Index) -> None:
        with open(path, "rb") as file:
            parser = parse(file, format=RdfFormat.TURTLE)
            found = [q.triple for q in parser]
        self._ontology, self.prefixes = ontology, parser.prefixes
        self._names = PrefixedNames(parser.prefixes)
        self._about: dict[Term, list[Triple]] = {}
        for t in found:
            self._about.setdefault(t.subject, []).append(t)

    def of(self, term: NamedNode) -> str:
        """Turtle about the thing of this class that shows best what such a thing is; empty where there is none."""
        things = [s for s in self._about if term in self._objects(s, RDF_TYPE)]
        return next((self._turtle(s) for s in sorted(things, key=self._rank)), "")

    def _objects(self, thing: Term, predicate: str) -> list[Term]:
        return [t.object for t in self._about[thing] if t.predicate.value == predicate]

    def _rank(self, thing: Term) -> tuple[bool, int]:
        """Things that have no more than a name come last, then those of several classes."""
        bare = all(t.predicate.value in NAMES for t in self._about[thing])
        return bare, len(self._objects(thing, RDF_TYPE))

    def _turtle(self, thing: Term) -> str:
        predicates = dict.fromkeys(t.predicate.value for t in self._about[thing] if t.predicate.value not in COMPUTED)
        lines = [f"{self._verb(p)} {' , '.join(map(self._text, self._shown(thing, p)))}" for p in predicates]
        return f"{self._text(thing)} " + " ;\n    ".join(lines) + " ."

    def _shown(self, thing: Term, predicate: str) -> list[Term]:
        """Two values at most, and one where it is one of a short list."""
        values = self._objects(thing, predicate)
        return values[: 1 if predicate != RDF_TYPE and self._ontology.kind(values[0]) == VALUE else MOST]

    def _verb(self, predicate: str) -> str:
        return "a" if predicate == RDF_TYPE else self._text(NamedNode(predicate))

    def _text(self, node: Term) -> str:
        if isinstance(node, Literal) and node.datatype.value in BARE:
            return node.value
        return self._names.term(node)
