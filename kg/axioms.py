"""The statements of an ontology, each with its place, indexed as the checks of words ask them.

Blank nodes are renamed by document, so that a restriction in one file is not one in another.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pyoxigraph import BlankNode, NamedNode

from kg.findings import Check, Finding
from kg.positions import positions
from kg.sources import Document
from kg.terms import Term, cells
from kg.tokens import line_column
from kg.vocabulary import OWL, RDF, RDF_TYPE, RDFS

CLASS_KINDS = frozenset({OWL + "Class", RDFS + "Class"})
PROPERTY_KINDS = frozenset(OWL + f"{kind}Property" for kind in ("Object", "Datatype", "Annotation"))


@dataclass(frozen=True)
class Axiom:
    """One statement: its three terms, its document, and where in the text its subject and its object start."""

    subject: Term
    predicate: str
    object: Term
    document: Document
    subject_at: int
    object_at: int


class Axioms:
    """All statements of an ontology, in the order of its files."""

    def __init__(self, documents: Iterable[Document]) -> None:
        self.statements = [a for number, d in enumerate(documents) for a in _axioms(number, d)]
        self._about: dict[tuple[Term, str], list[Axiom]] = {}
        self._leading_to: dict[Term, Axiom] = {}
        for a in self.statements:
            self._about.setdefault((a.subject, a.predicate), []).append(a)
            self._leading_to.setdefault(a.object, a)

    def about(self, node: Term, predicate: str) -> list[Axiom]:
        """What is said of a node with that predicate."""
        return self._about.get((node, predicate), [])

    def kinds(self, node: Term) -> set[str]:
        """The IRIs of what a node is declared to be."""
        return {iri(a.object) for a in self.about(node, RDF_TYPE)}

    def declared(self, kinds: frozenset[str]) -> dict[str, Axiom]:
        """The terms that are declared to be one of these kinds, each with its first declaration."""
        found: dict[str, Axiom] = {}
        for a in self.statements:
            if a.predicate == RDF_TYPE and iri(a.object) in kinds and iri(a.subject):
                found.setdefault(iri(a.subject), a)
        return found

    def members(self, head: Term) -> Iterator[Axiom]:
        """The statements that give the members of a list."""
        for cell in cells(head, lambda cell: next((a.object for a in self.about(cell, RDF + "rest")), None)):
            yield from self.about(cell, RDF + "first")[:1]

    def owner(self, axiom: Axiom) -> Axiom:
        """The statement itself; of a member of a list, the statement that the list belongs to."""
        seen: set[Term] = set()
        while axiom.predicate in (RDF + "first", RDF + "rest") and axiom.subject not in seen:
            seen.add(axiom.subject)
            axiom = self._leading_to.get(axiom.subject, axiom)
        return axiom

    def finding(self, axiom: Axiom, check: Check, message: str, *, hint: str = "") -> Finding:
        """A finding at the object of a statement."""
        return self._finding(axiom, axiom.object_at, check, message, hint, iri(axiom.object))

    def finding_on_subject(self, axiom: Axiom, check: Check, message: str, *, hint: str = "") -> Finding:
        """A finding at the subject of a statement."""
        return self._finding(axiom, axiom.subject_at, check, message, hint, "")

    def _finding(self, axiom: Axiom, at: int, check: Check, message: str, hint: str, value: str) -> Finding:
        line, column = line_column(axiom.document.text, at)
        named = {"focus": self._named(axiom.subject), "value": value}
        return check.finding(axiom.document.path, message, line=line, column=column, hint=hint, **named)

    def _named(self, node: Term) -> str:
        """The IRI of the term in whose description a node stands; none for a description without a name."""
        seen: set[Term] = set()
        while isinstance(node, BlankNode) and node in self._leading_to and node not in seen:
            seen.add(node)
            node = self._leading_to[node].subject
        return iri(node)


def iri(term: Term) -> str:
    """The IRI of a term that has one."""
    return term.value if isinstance(term, NamedNode) else ""


def _axioms(number: int, document: Document) -> Iterator[Axiom]:
    def apart(term: Term) -> Term:
        return BlankNode(f"d{number}-{term.value}") if isinstance(term, BlankNode) else term

    for place in positions(document.text):
        s, p, o = place.triple.subject, place.triple.predicate.value, place.triple.object
        yield Axiom(apart(s), p, apart(o), document, place.subject_at, place.object_at)
