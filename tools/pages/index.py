"""Turtle files as a page needs them: triples by subject and predicate, in file order, and links to entries."""

from collections.abc import Iterable, Iterator

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, parse

from kg.rdf.namespaces import ENT, OWL, RDF, RDF_TYPE, RDFS, RDFS_LABEL, compact, local_name
from kg.rdf.terms import Term

KINDS = {  # what a term is declared as → what it is called, and the start of its anchor
    OWL + "Class": ("class", "class"),
    OWL + "ObjectProperty": ("property", "property"),
    OWL + "DatatypeProperty": ("property with a literal value", "property"),
    OWL + "AnnotationProperty": ("annotation", "property"),
}
VALUE = ("value", "value")


class Index:
    """The triples of some files, by subject and predicate, in the order of the files."""

    def __init__(self, triples: Iterable[Triple]) -> None:
        self._values: dict[Term, dict[str, list[Term]]] = {}
        for t in triples:
            self._values.setdefault(t.subject, {}).setdefault(t.predicate.value, []).append(t.object)

    def values(self, subject: Term, predicate: str) -> list[Term]:
        """The objects of a subject and a predicate."""
        return self._values.get(subject, {}).get(predicate, [])

    def names(self, subject: Term, predicate: str) -> list[NamedNode]:
        """The IRIs among those objects."""
        return [v for v in self.values(subject, predicate) if isinstance(v, NamedNode)]

    def texts(self, subject: Term, predicate: str) -> list[str]:
        """The literals among those objects."""
        return [v.value for v in self.values(subject, predicate) if isinstance(v, Literal)]

    def label(self, node: Term) -> str:
        """The label of a term; the prefixed name of what has none."""
        return next(iter(self.texts(node, RDFS_LABEL)), compact(node.value) if isinstance(node, NamedNode) else "")

    def members(self, head: Term) -> Iterator[Term]:
        """The members of an RDF list."""
        while first := self.values(head, RDF + "first"):
            yield first[0]
            head = self.values(head, RDF + "rest")[0]

    def named(self) -> list[NamedNode]:
        """The subjects that have an IRI."""
        return [s for s in self._values if isinstance(s, NamedNode)]

    def unnamed(self) -> list[BlankNode]:
        """The blank nodes: axioms about several terms at once."""
        return [s for s in self._values if isinstance(s, BlankNode)]

    def kind(self, term: Term) -> tuple[str, str] | None:
        """What a term is called, and the start of its anchor; None for what the ontology does not declare."""
        types = self.values(term, RDF_TYPE)
        if not isinstance(term, NamedNode) or not term.value.startswith(ENT) or not types:
            return None
        for declared in types:
            if isinstance(declared, NamedNode) and declared.value in KINDS:
                return KINDS[declared.value]
        return VALUE

    def kinds_of(self, term: Term) -> list[NamedNode]:
        """The classes that are directly below a class, and the values that are of it, by name."""
        below = (s for s in self.named() if term in (*self.values(s, RDFS + "subClassOf"), *self.values(s, RDF_TYPE)))
        return sorted(below, key=by_name)

    def above(self, term: Term) -> list[NamedNode]:
        """The classes that a class is a kind of, the nearest first."""
        found: list[NamedNode] = []
        level = self.names(term, RDFS + "subClassOf")
        while level:
            found += [c for c in level if c not in found]
            level = [wider for c in level for wider in self.names(c, RDFS + "subClassOf")]
        return found

    def link(self, node: Term) -> str:
        """A term's label, linked to its place on the page; the prefixed name of a foreign one."""
        return self._linked(node, self.label(node))

    def name(self, node: Term) -> str:
        """A term's name as facts write it, linked to its place on the page."""
        return self._linked(node, compact(node.value) if isinstance(node, NamedNode) else "")

    def _linked(self, node: Term, shown: str) -> str:
        kind = self.kind(node)
        if kind and isinstance(node, NamedNode):
            return f"[{shown}](#{anchor(kind, node)})"
        if not isinstance(node, NamedNode):
            return ""
        name = compact(node.value)
        return f"<{name}>" if name == node.value else f"`{name}`"


def triples(path: str) -> list[Triple]:
    """The triples of a Turtle file."""
    with open(path, "rb") as file:
        return [q.triple for q in parse(file, format=RdfFormat.TURTLE)]


def anchor(kind: tuple[str, str], term: NamedNode) -> str:
    """The anchor of a term's entry, such as `class-Loan`."""
    return f"{kind[1]}-{local_name(term.value)}"


def by_name(term: NamedNode) -> tuple[str, str]:
    """The key that sorts terms by name."""
    return local_name(term.value).casefold(), term.value
