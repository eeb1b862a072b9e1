"""The shapes of all files as one graph: who says what, what stands in what, and where a finding about it belongs."""

from collections.abc import Iterable, Iterator
from functools import cached_property

from pyoxigraph import Literal, NamedNode, Triple

from kg.findings import Check, Finding
from kg.shacl import named, within
from kg.shacl_terms import TARGETS
from kg.sources import Document
from kg.terms import Term, described, members
from kg.vocabulary import OWL, RDF, RDF_TYPE, RDFS, SH, local_name

CLASSES = {OWL + "Class", RDFS + "Class"}
_LIST = {RDF + "first", RDF + "rest"}


class Shapes:
    """The shapes of all files: who says what, what stands in what, and where."""

    def __init__(self, documents: Iterable[Document]) -> None:
        self.statements = [(d, t) for d in documents for t in d.triples]
        self.parents = within(t for _, t in self.statements)
        self.values = described(t for _, t in self.statements)
        self.leads_to: dict[Term, Triple] = {}
        for _, t in self.statements:
            self.leads_to.setdefault(t.object, t)

    @cached_property
    def targeted(self) -> list[Term]:
        """The shapes that have a target of their own, in the order of the files."""
        return [s for s, values in self.values.items() if values.keys() & TARGETS or self._is_class(values)]

    def _is_class(self, values: dict[str, list[Term]]) -> bool:
        kinds = texts(values.get(RDF_TYPE, []))
        return SH + "NodeShape" in kinds and bool(kinds & CLASSES)

    def items(self, head: Term) -> Iterator[Term]:
        """The members of a list, or the one node that is none."""
        yield from members(self.values, head) if RDF + "first" in self.values.get(head, {}) else [head]

    def role(self, t: Triple) -> str:
        """The predicate by which an object is reached, through the list in which it stands, if any."""
        while t.predicate.value in _LIST and t.subject in self.leads_to:
            t = self.leads_to[t.subject]
        return t.predicate.value

    def name(self, shape: Term) -> str:
        """The name of the shape in which a node stands, as messages print it."""
        return local_name(named(shape, self.parents)) or "a shape"

    def speaks(self, shape: Term) -> bool:
        """Whether a shape has an English message of its own."""
        messages = self.values.get(shape, {}).get(SH + "message", [])
        return any(isinstance(m, Literal) and (m.language or "").startswith("en") for m in messages)

    def finding(self, place: tuple[Document, Triple], check: Check, message: str, **more: str) -> Finding:
        """A finding on a statement, whose focus is the named shape in which it stands."""
        document, t = place
        iri = named(t.subject, self.parents)
        triple = (NamedNode(iri) if iri else None, t.predicate, t.object)
        return _placed(document.finding(check, message, triple=triple, **more), document, t)


def _placed(finding: Finding, document: Document, wanted: Triple) -> Finding:
    """The finding at its own statement: of several with the same predicate and object, the one that is as far down."""
    from kg.positions import positions  # needed only once there is a finding
    from kg.tokens import line_column

    def alike(t: Triple) -> bool:
        return t.predicate == wanted.predicate and t.object == wanted.object

    same = [t for t in document.triples if alike(t)]
    places = [p for p in positions(document.text) if alike(p.triple)]
    if len(same) != len(places):
        return finding
    place = places[same.index(wanted)]
    return finding.at(*line_column(document.text, place.object_at))


def texts(terms: Iterable[Term]) -> set[str]:
    """The IRIs and lexical forms among some terms."""
    return {term.value for term in terms if isinstance(term, NamedNode | Literal)}
