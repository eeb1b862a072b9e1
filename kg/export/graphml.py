"""GraphML for Gephi, yEd and networkx: things as nodes, what holds between them as edges with their quotes.

Reported claims are no edges, since a tool that counts edges could not tell them from facts. A value that is no thing
(a literal, a status, an item of Wikidata) is an attribute of its node, a number or a boolean where each node has one at
most. The weight of an edge is the number of passages that state it, or 1 for one that none states; Gephi adds up those
of parallel edges. What XML 1.0 §2.2 forbids becomes U+FFFD.
"""

import re
from collections.abc import Iterable, Iterator
from xml.sax.saxutils import escape, quoteattr

from pyoxigraph import NamedNode, Triple

from kg.errors import xml
from kg.export.rows import FactRows
from kg.provenance.context import Context
from kg.provenance.receipts import REPORTED, Fact
from kg.rdf.namespaces import DCTERMS, ID, RDF_TYPE, RDFS_LABEL, compact, local_name
from kg.rdf.terms import Term
from kg.rdf.values import kind, value

NAMESPACE = "http://graphml.graphdrawing.org/xmlns"
SEPARATOR = " | "  # between the values of one attribute
_NODE_KEYS = ("label", "kind", "iri")
# Attributes that Gephi's importer takes for places, sizes and colours, and networkx for the names of nodes.
_TAKEN = frozenset({"id", "x", "y", "z", "xpos", "ypos", "size", "r", "g", "b", "d3"})
_EDGE_KEYS = {"label": "string", "weight": "double", "predicate": "string", "status": "string", "quote": "string"}
_EDGE_KEYS |= {"article": "string", "rule": "string", "background": "string", "passages": "int"}
_TYPES = {"boolean": "boolean", "integer": "long", "number": "double"}
_CR = {"\r": "&#13;"}  # a parser of XML reads a bare CR as LF (XML 1.0 §2.11)
_STATUSES = ("asserted", "background", "computed", "inferred")  # the first that fits is that of an edge


def write(context: Context, *, asserted_only: bool = False) -> bytes:
    """The things of a graph and what holds between them, as GraphML 1.0 in UTF-8."""
    return drawing(context, asserted_only=asserted_only).text().encode()


def drawing(context: Context, *, asserted_only: bool = False) -> "Drawing":
    """The nodes and edges of a graph; what is only reported is none."""
    facts = FactRows(context, asserted_only=asserted_only)
    rows: dict[Triple, list[Fact]] = {}
    for fact in facts.rows():
        if fact.status != REPORTED:
            rows.setdefault(fact.triple, []).append(fact)
    return Drawing(context, rows, facts.values(DCTERMS + "title"))


def identifier(iri: str) -> str:
    """A name for a node that XML Schema takes for an NMTOKEN: `id:turkey`; no two IRIs share one."""
    return re.sub(r"[^A-Za-z0-9.:_-]|_(?=x[0-9A-F]+_)", lambda m: f"_x{ord(m[0]):X}_", compact(iri))


class Drawing:
    """The nodes and edges of a graph, each with its attributes as text."""

    def __init__(self, context: Context, facts: dict[Triple, list[Fact]], titles: dict[str, str]) -> None:
        self._context, self._facts, self._titles = context, facts, titles
        subjects = {t.subject for t in facts if isinstance(t.subject, NamedNode)}
        objects = {t.object for t in facts if isinstance(t.object, NamedNode) and t.object.value.startswith(ID)}
        self._things = sorted(subjects | objects, key=lambda n: n.value)
        self._edges = [t for t in facts if t.predicate.value != RDF_TYPE and t.object in (subjects | objects)]
        edges = set(self._edges)
        self._classes: dict[object, list[Term]] = {}
        self._values: dict[object, dict[str, list[Term]]] = {}
        for t in facts:
            if t.predicate.value == RDF_TYPE:
                self._classes.setdefault(t.subject, []).append(t.object)
            if t not in edges and t.predicate.value not in (RDF_TYPE, RDFS_LABEL):
                values = self._values.setdefault(t.subject, {}).setdefault(t.predicate.value, [])
                values.append(t.object)
        self._attributes = self._named(sorted({p for values in self._values.values() for p in values}))
        self._types = {predicate: self._type(predicate) for predicate in self._attributes}

    def _named(self, predicates: list[str]) -> dict[str, str]:
        """A name for each attribute of nodes: the local name, or the prefixed one where that is taken."""
        names: dict[str, str] = {}
        for iri in predicates:
            local = local_name(iri)
            names[iri] = compact(iri) if local in {*_NODE_KEYS, *_TAKEN, *names.values()} else local
        return names

    def _type(self, predicate: str) -> str:
        """The `attr.type` of an attribute of nodes; that of one with two values is a string, which lists them."""
        values = [v[predicate] for v in self._values.values() if predicate in v]
        return _TYPES.get(kind(v[0] for v in values), "string") if all(len(v) == 1 for v in values) else "string"

    def text(self) -> str:
        """The whole document."""
        head = f'<?xml version="1.0" encoding="UTF-8"?>\n<graphml xmlns="{NAMESPACE}">\n'
        body = "".join([*self._keys(), '  <graph id="entente" edgedefault="directed">\n'])
        return head + body + "".join([*self._nodes(), *self._links()]) + "  </graph>\n</graphml>\n"

    def _keys(self) -> Iterator[str]:
        types = {**dict.fromkeys(_NODE_KEYS, "string"), **{self._attributes[p]: t for p, t in self._types.items()}}
        for name, type_ in types.items():
            quoted = quoteattr(xml(name))
            yield f'  <key id="n-{identifier(name)}" for="node" attr.name={quoted} attr.type="{type_}"/>\n'
        for name, type_ in _EDGE_KEYS.items():
            yield f'  <key id="e-{name}" for="edge" attr.name="{name}" attr.type="{type_}"/>\n'

    def _nodes(self) -> Iterator[str]:
        for iri, data in self.nodes():
            yield f'    <node id="{identifier(iri)}">\n{_data("n", data)}    </node>\n'

    def nodes(self) -> Iterator[tuple[str, dict[str, str]]]:
        """The IRI of each thing and its attributes."""
        things = self._context.things
        for thing in self._things:
            label = self._titles.get(thing.value) or things.label(thing)
            kinds = things.kinds(thing, self._classes.get(thing, ()))
            data = {"label": label, "kind": SEPARATOR.join(kinds), "iri": thing.value}
            for predicate, values in self._values.get(thing, {}).items():
                written = _typed if self._types[predicate] != "string" else things.label
                data[self._attributes[predicate]] = SEPARATOR.join(sorted(set(map(written, values))))
            yield thing.value, data

    def _links(self) -> Iterator[str]:
        for number, (source, target, data) in enumerate(self.edges()):
            ends = f'source="{identifier(source)}" target="{identifier(target)}"'
            yield f'    <edge id="e{number}" {ends}>\n{_data("e", data)}    </edge>\n'

    def edges(self) -> Iterator[tuple[str, str, dict[str, str]]]:
        """The IRIs of the things of each edge, from subject to object, and its attributes."""
        rules = self._context.derivations
        for t in sorted(self._edges, key=str):
            facts = self._facts[t]
            passages = sum(bool(f.receipts) for f in facts)
            data = {
                "label": self._context.things.label(t.predicate),
                "weight": f"{max(passages, 1)}.0",
                "predicate": t.predicate.value,
                "status": min((f.status for f in facts), key=_STATUSES.index),
                "quote": _joined(f.receipts[0].text for f in facts if f.receipts),
                "article": _joined(f.receipts[0].article for f in facts if f.receipts),
                "rule": rules[t].rule if t in rules else "",
                "background": _joined(f.source for f in facts),
                "passages": str(passages),
            }
            yield t.subject.value, t.object.value, data  # type: ignore[union-attr]


def _joined(texts: Iterable[str]) -> str:
    return SEPARATOR.join(dict.fromkeys(t for t in texts if t))


def _typed(term: Term) -> str:
    """A number or a boolean as Java and Python read it."""
    _, normal, *_ = value(str(term)) or ("", "")
    return {"inf": "Infinity", "-inf": "-Infinity", "nan": "NaN"}.get(normal, normal)


def _data(letter: str, values: dict[str, str]) -> str:
    rows = ((identifier(name), xml(value)) for name, value in values.items() if value)
    return "".join(f'      <data key="{letter}-{name}">{escape(value, _CR)}</data>\n' for name, value in rows)
