"""Converts RDF terms between pyoxigraph, rdflib and N-Triples; reads lists; labels blank nodes.

The code works on terms of pyoxigraph; pyshacl and owlrl need those of rdflib. Lexical forms never change.
"""

from _thread import RLock  # that of threading, which a query does not need otherwise
from collections import Counter
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, Store, Triple, parse, serialize

from kg.errors import LimitError
from kg.rdf.namespaces import RDF, RDF_TYPE, XSD

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    import rdflib

Term = NamedNode | BlankNode | Literal | Triple
Descriptions = dict[Term, dict[str, list[Term]]]  # by subject and predicate, the objects
_Cell = TypeVar("_Cell")
_STRING = XSD + "string"
_ROUNDS = 12
RDFLIB_LOCK = RLock()  # rdflib's parser of SPARQL, and so pyshacl, keeps its state in its modules: one thread at a time


class QuadStore(Protocol):
    """What is looked up as a `pyoxigraph.Store` is: such a store, or a dataset behind an endpoint."""

    def quads_for_pattern(
        self, subject: Any, predicate: Any, object: Any, graph_name: Any = None, /
    ) -> "Iterator[Quad]":
        """The quads with these terms, None for any."""

    def query(self, query: str, /) -> Any:
        """The rows of a SELECT (pyoxigraph.QuerySolutions, or what has its `variables` and is iterated alike)."""

    def named_graphs(self) -> "Iterator[NamedNode | BlankNode]":
        """The names of its named graphs."""

    def __contains__(self, quad: Quad, /) -> bool: ...


def iri(term: object) -> str:
    """The IRI of a term; empty where it has none."""
    return term.value if isinstance(term, NamedNode) else ""


def value(term: object) -> str:
    """The IRI of a node or the lexical form of a literal; empty for a blank node or a triple."""
    return term.value if isinstance(term, NamedNode | Literal) else ""


def typed(thing: str, kind: str) -> Triple:
    """The statement that a thing is of a class (IRIs)."""
    return Triple(NamedNode(thing), NamedNode(RDF_TYPE), NamedNode(kind))


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
        if term.datatype.value != RDF + "HTML":
            return rdflib.Literal(term.value, datatype=kind, normalize=False)
        literal = rdflib.Literal(term.value)  # rdflib would parse it, in quadratic time, and take most for ill-typed
        literal._value, literal._datatype = None, kind
        return literal
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


def stored_forms(terms: "Iterable[object]") -> dict[Term, Term]:
    """The literals that a store gives back in another form, such as `1` for `01`, with that form.

    A store takes them for one term, which RDF 1.1 §3.3 has apart.
    """
    given = list({x for x in terms if isinstance(x, Literal) and x.datatype.value != _STRING})
    node, store = NamedNode("x:x"), Store()
    store.extend(Quad(NamedNode(f"x:{i}"), node, literal) for i, literal in enumerate(given))
    forms = ((given[int(iri(q.subject)[2:])], q.object) for q in store)
    return {literal: form for literal, form in forms if literal != form}


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
    """The blank nodes of a term, a triple or a quad, each as often as it occurs."""
    if isinstance(term, BlankNode):
        yield term
    elif isinstance(term, Triple | Quad):
        for part in term:
            yield from _blank_nodes(part)


def _hash(description: list[Quad], labels: dict[object, str], label: "Callable[[object], object]") -> str:
    import hashlib

    rows = (
        " ".join(labels.get(t) or str(label(t)) for t in (q.predicate, q.object, q.graph_name)) for q in description
    )
    return "b" + hashlib.sha256("\n".join(sorted(rows)).encode()).hexdigest()[:16]


# Isomorphism (RDF 1.1 Concepts §3.6, §4.1). Blank nodes are told apart by what is stated of them and of neighbours
# until that tells no more apart (colour refinement). Where nodes are left that look alike, those that hang together are
# labelled in each way that is left, and the least result is taken. Nodes that can be exchanged for one another count as
# one way, so that lists, trees, cliques and copies take no search; what takes more than MOST_WAYS is refused.

MOST_WAYS = 100
MOST_STEPS = 300_000  # quads that are read again: of a list of 700 equal values
_Colors = dict[BlankNode, str]


def canonical(quads: "Iterable[Quad]") -> list[Quad]:
    """The distinct quads with canonical labels of blank nodes: two datasets are isomorphic where theirs are equal.

    Equal as sets; the order is that of `quads`. Raises LimitError for what is too symmetric.
    """
    rows = list(dict.fromkeys(quads))
    labels: dict[BlankNode, str] = {}
    copies: Counter[str] = Counter()
    ways = _Ways()
    for nodes, own in _connected(rows, {node for q in rows for node in _blank_nodes(q)}):
        ways.count = 0
        form, order = ways.least(own, dict.fromkeys(nodes, "c"))
        copies[form] += 1
        labels |= {node: f"{_digest(form)[:17]}x{copies[form]}x{i}" for i, node in enumerate(order)}
    return _relabelled(rows, labels)


def _relabelled(rows: list[Quad], labels: _Colors) -> list[Quad]:
    """The quads with other labels of blank nodes; those without one keep theirs."""

    def label(term: object) -> object:
        if isinstance(term, Triple):
            return Triple(*map(label, term))  # type: ignore[arg-type]
        return BlankNode(labels[term]) if isinstance(term, BlankNode) and term in labels else term

    return [Quad(*map(label, q)) for q in rows] if labels else rows  # type: ignore[arg-type]


def _connected(rows: list[Quad], nodes: "Iterable[BlankNode]") -> list[tuple[list[BlankNode], list[Quad]]]:
    """Those of `nodes` that hang together through quads, with the quads of each such part."""
    wanted = set(nodes)
    of_node: dict[BlankNode, list[int]] = {node: [] for node in wanted}
    within = [wanted.intersection(_blank_nodes(q)) for q in rows]
    for i, found in enumerate(within):
        for node in found:
            of_node[node].append(i)
    parts = []
    while wanted:
        part, waiting = dict[BlankNode, None](), [wanted.pop()]
        while waiting:
            node = waiting.pop()
            part[node] = None
            beside = {other for i in of_node[node] for other in within[i]} & wanted
            wanted -= beside
            waiting += beside
        own = dict.fromkeys(i for node in part for i in of_node[node])
        parts.append((list(part), [rows[i] for i in own]))
    return parts


class _Ways:
    """Finds canonical orders of blank nodes; counts the ways that were tried, and the quads that were read again."""

    def __init__(self) -> None:
        self.count = self.steps = 0

    def least(self, rows: list[Quad], colors: _Colors) -> tuple[str, list[BlankNode]]:
        """The canonical form of quads, and the order of these blank nodes in it; `colors` tells some apart.

        Blank nodes that have no colour stand outside, each told apart by its label.
        """
        colors = self._refined(rows, colors)
        classes: dict[str, list[BlankNode]] = {}
        for node, color in colors.items():
            classes.setdefault(color, []).append(node)
        order = [classes[color][0] for color in sorted(classes) if len(classes[color]) == 1]
        alike = {color: nodes for color, nodes in classes.items() if len(nodes) > 1}
        known = _relabelled(rows, {node: colors[node] for node in order})
        parts = _connected(known, (node for nodes in alike.values() for node in nodes))
        if len(parts) > 1:
            found = sorted((self.least(own, {n: colors[n] for n in nodes}) for nodes, own in parts), key=_form)
            order += [node for _, nodes in found for node in nodes]
        elif parts:
            order += self._searched(known, {n: colors[n] for n in parts[0][0]}, alike)
        return _written(rows, order), order

    def _searched(self, rows: list[Quad], colors: _Colors, alike: dict[str, list[BlankNode]]) -> list[BlankNode]:
        """The least order, of those in which one node after the other of the smallest class comes first."""
        color = min(alike, key=lambda color: (len(alike[color]), color))
        tried: list[BlankNode] = []
        found = []
        for node in alike[color]:
            if any(_exchangeable(rows, node, other) for other in tried):
                continue
            tried.append(node)
            self.count += len(tried) > 1
            if self.count > MOST_WAYS:
                raise _too_symmetric()
            found.append(self.least(rows, colors | {node: _digest(f"first {color}")}))
        return min(found, key=_form)[1]

    def _refined(self, rows: list[Quad], colors: _Colors) -> _Colors:
        """The colours after refinement: nodes have the same where the same is stated of them and their neighbours."""
        of_node: dict[BlankNode, list[Quad]] = {node: [] for node in colors}
        for q in rows:
            for node in of_node.keys() & set(_blank_nodes(q)):
                of_node[node].append(q)
        number = 0
        while len(set(colors.values())) > number:
            number = len(set(colors.values()))
            sizes = Counter(colors.values())
            shared = [node for node, color in colors.items() if sizes[color] > 1]  # the others are told apart already
            self.steps += sum(len(of_node[node]) for node in shared)
            if self.steps > MOST_STEPS:
                raise _too_symmetric()
            colors = colors | {n: _digest(colors[n], *sorted(_text(q, colors, n) for q in of_node[n])) for n in shared}
        return colors


def _form(found: tuple[str, list[BlankNode]]) -> str:
    return found[0]


def _too_symmetric() -> LimitError:
    hint = "its blank nodes look alike in too many ways; give some of them IRIs"
    return LimitError("too symmetric to compare", hint=hint, rule="symmetric")


def _text(term: object, colors: _Colors, node: BlankNode | None = None) -> str:
    """A term or quad as text, with the colours of blank nodes in place of their labels; `node` is marked."""
    if isinstance(term, Triple | Quad):
        return f"({' '.join(_text(part, colors, node) for part in term)})"
    if isinstance(term, BlankNode) and term in colors:
        return "*" if term == node else f"_{colors[term]}"
    return str(term)


def _written(rows: list[Quad], order: list[BlankNode]) -> str:
    places = {node: str(i) for i, node in enumerate(order)}
    return "\n".join(sorted(_text(q, places) for q in rows))


def _exchangeable(rows: list[Quad], one: BlankNode, other: BlankNode) -> bool:
    """Whether the quads stay the same when two blank nodes change places."""
    places = {one: "1", other: "2"}
    concerned = [q for q in rows if places.keys() & set(_blank_nodes(q))]
    swapped = {one: "2", other: "1"}
    return sorted(_text(q, places) for q in concerned) == sorted(_text(q, swapped) for q in concerned)


def _digest(*texts: str) -> str:
    import hashlib

    return "c" + hashlib.sha256("\n".join(texts).encode()).hexdigest()[:32]
