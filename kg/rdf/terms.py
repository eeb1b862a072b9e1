"""Converts RDF terms between pyoxigraph, rdflib and N-Triples; reads lists; gives blank nodes stable names.

The code works on terms of pyoxigraph; pyshacl and owlrl need those of rdflib. Lexical forms never change.
"""

from _thread import RLock  # that of threading, which a query does not need otherwise
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any, TypeVar

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, Store, Triple, parse, serialize

from kg.rdf.namespaces import RDF, XSD

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    import rdflib

Term = NamedNode | BlankNode | Literal | Triple
Descriptions = dict[Term, dict[str, list[Term]]]  # by subject and predicate, the objects
_Cell = TypeVar("_Cell")
_STRING = XSD + "string"
_ROUNDS = 12
RDFLIB_LOCK = RLock()  # rdflib's parser of SPARQL, and so pyshacl, keeps its state in its modules: one thread at a time


def iri(term: object) -> str:
    """The IRI of a term; empty where it has none."""
    return term.value if isinstance(term, NamedNode) else ""


def described(triples: "Iterable[Triple]") -> Descriptions:
    """The triples by subject and predicate."""
    found: Descriptions = {}
    for t in triples:
        found.setdefault(t.subject, {}).setdefault(t.predicate.value, []).append(t.object)
    return found


def cells(head: _Cell, rest: "Callable[[_Cell], _Cell | None]") -> "Iterator[_Cell]":
    """The cells of an RDF list from its head; a list without an end ends where it meets itself."""
    seen: set[_Cell] = set()
    cell: _Cell | None = head
    while cell is not None and cell not in seen:
        seen.add(cell)
        yield cell
        cell = rest(cell)


def members(values: Descriptions, head: Term) -> "Iterator[Term]":
    """The members of an RDF list."""
    for cell in cells(head, lambda cell: next(iter(values.get(cell, {}).get(RDF + "rest", ())), None)):
        yield from values.get(cell, {}).get(RDF + "first", ())


@cache
def _rdflib() -> Any:
    """rdflib, without the tracebacks that it logs for ill-typed literals (which the check `literal` finds)."""
    import logging

    import rdflib

    logging.getLogger("rdflib.term").setLevel(logging.CRITICAL)
    return rdflib


def to_rdflib(term: object) -> Any:
    """The rdflib node of a pyoxigraph term; never normalised (rdflib would write `01` as `1`)."""
    rdflib = _rdflib()
    if isinstance(term, NamedNode):
        return rdflib.URIRef(term.value)
    if isinstance(term, BlankNode):
        return rdflib.BNode(term.value)
    if isinstance(term, Literal):
        if term.language:
            return rdflib.Literal(term.value, lang=term.language)
        kind = None if term.datatype.value == _STRING else rdflib.URIRef(term.datatype.value)
        return rdflib.Literal(term.value, datatype=kind, normalize=False)
    raise TypeError(f"rdflib has no {type(term).__name__} of RDF 1.2")


def from_node(node: object) -> NamedNode | BlankNode | Literal:
    """The pyoxigraph term of an rdflib node. Raises ValueError for an IRI that is none."""
    import rdflib

    if isinstance(node, rdflib.Literal):
        if node.language:
            return Literal(str(node), language=node.language)
        return Literal(str(node), datatype=NamedNode(str(node.datatype))) if node.datatype else Literal(str(node))
    if isinstance(node, rdflib.BNode):
        return BlankNode(str(node))
    return NamedNode(str(node))


def from_rdflib(subject: object, predicate: object, value: object) -> Triple | None:
    """The pyoxigraph triple of three rdflib nodes; None where RDF has no such triple (a literal as subject)."""
    try:
        return Triple(from_node(subject), from_node(predicate), from_node(value))  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return None


def rdflib_graph(triples: "Iterable[Triple]", store: str = "default") -> "rdflib.Graph":
    """A plain rdflib graph of these triples, in one of rdflib's stores."""
    import rdflib

    graph = rdflib.Graph(store)
    for t in triples:
        graph.add((to_rdflib(t.subject), to_rdflib(t.predicate), to_rdflib(t.object)))
    return graph


def rdflib_dataset(quads: "Iterable[Quad]") -> "rdflib.Dataset":
    """An rdflib dataset of these quads, whose default graph is not the union of the named ones."""
    import rdflib

    dataset = rdflib.Dataset(default_union=False)
    for q in quads:
        graph = dataset.graph(to_rdflib(q.graph_name)) if isinstance(q.graph_name, NamedNode) else dataset.default_graph
        graph.add((to_rdflib(q.subject), to_rdflib(q.predicate), to_rdflib(q.object)))
    return dataset


def merged_literals(quads: "Iterable[Quad]") -> bool:
    """Whether a store gives a literal back in another form, such as `1` for `01`: RDF 1.1 §3.3 has them apart."""
    literals = {q.object for q in quads if isinstance(q.object, Literal) and q.object.datatype.value != _STRING}
    node, store = NamedNode("x:x"), Store()
    store.extend(Quad(node, node, literal) for literal in literals)
    return {q.object for q in store} != literals


def text(term: Term) -> str:
    """A term in N-Triples."""
    return f"<<( {' '.join(map(text, term))} )>>" if type(term) is Triple else str(term)


@lru_cache(maxsize=10_000)
def term(text: str) -> Term:
    """A term that is written in N-Triples."""
    if text[0] == "<" and not text.startswith("<<"):
        return NamedNode(text[1:-1])
    (triple,) = parsed(f"<x:x> <x:x> {text} .")
    return triple.object


def n_quads(statements: "Iterable[Quad] | Iterable[Triple]") -> str:
    """Quads as lines of N-Quads, triples as lines of N-Triples."""
    return (serialize(statements, format=RdfFormat.N_QUADS) or b"").decode("utf-8")


def parsed(n_triples: str) -> "Iterator[Triple]":
    """The triples of lines that `n_quads` has written."""
    return (q.triple for q in parse(n_triples, format=RdfFormat.N_TRIPLES, lenient=True))


def numbering(prefix: str, first: int = 0) -> "Callable[[Term], Term]":
    """A function that labels the blank nodes of terms, those within triples too, by `prefix` and order of first use."""
    labels: dict[BlankNode, BlankNode] = {}

    def numbered(term: Term) -> Term:
        if isinstance(term, BlankNode):
            return labels.setdefault(term, BlankNode(f"{prefix}{len(labels) + first}"))
        if isinstance(term, Triple):
            return Triple(*map(numbered, term))  # type: ignore[arg-type]
        return term

    return numbered


def with_hashed_blank_nodes(quads: "Iterable[Quad]") -> list[Quad]:
    """The quads with each blank node labelled by a hash of its description: the quads of which it is the subject.

    Descriptions are followed through 12 blank nodes. Nodes of equal description get one label, so that two files that
    differ in labels only have equal quads; the result may hold equal quads.
    """
    rows = list(quads)
    about: dict[object, list[Quad]] = {node: [] for q in rows for term in q for node in _blank_nodes(term)}
    for q in rows:
        if q.subject in about:
            about[q.subject].append(q)
    labels: dict[object, str] = dict.fromkeys(about, "b")

    def label(term: object) -> object:
        if isinstance(term, Triple):
            return Triple(*map(label, term))  # type: ignore[arg-type]
        return BlankNode(labels[term]) if term in labels else term

    for _ in range(_ROUNDS):
        before, labels = labels, {node: _hash(described, labels, label) for node, described in about.items()}
        if len(set(before.values())) == len(set(labels.values())):
            break
    return [Quad(*map(label, q)) for q in rows]  # type: ignore[arg-type]


def _blank_nodes(term: object) -> "Iterator[BlankNode]":
    """The blank nodes of a term: itself, or those within a triple."""
    if isinstance(term, BlankNode):
        yield term
    elif isinstance(term, Triple):
        for part in term:
            yield from _blank_nodes(part)


def _hash(description: list[Quad], labels: dict[object, str], label: "Callable[[object], object]") -> str:
    import hashlib

    rows = (
        " ".join(labels.get(t) or str(label(t)) for t in (q.predicate, q.object, q.graph_name)) for q in description
    )
    return "b" + hashlib.sha256("\n".join(sorted(rows)).encode()).hexdigest()[:16]
