"""Turtle and TriG for people: prefixes that are used, things before evidence, a blank line between subjects.

Its own writer, since each lexical form must survive in whatever tool reads it: rdflib makes `1` of a bare `01`, so
only an integer in canonical form stands bare (Turtle 1.1 §2.5.2), and every other literal names its datatype.
"""

import re
from collections.abc import Iterable, Iterator, Sequence

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Triple, serialize

from kg.rdf.namespaces import (
    ALT_LABEL,
    ARTICLE,
    BACKGROUND,
    CLAIM,
    ENT,
    ID,
    INFERRED_GRAPH,
    ONTOLOGY_GRAPH,
    PREFIXES,
    RDF,
    RDF_TYPE,
    RDFS_LABEL,
    XSD,
)
from kg.rdf.terms import Term

# N-Triples and N-Quads: one statement per line, sorted, for tools that stream, compare and merge.


def write_lines(triples: Iterable[Triple], named: Iterable[Quad] | None = None) -> bytes:
    """The triples in N-Triples; with the quads of named graphs, in N-Quads."""
    if named is None:
        return serialize(sorted(set(triples), key=str), format=RdfFormat.N_TRIPLES) or b""
    quads = {*(Quad(t.subject, t.predicate, t.object) for t in triples), *named}
    return serialize(sorted(quads, key=str), format=RdfFormat.N_QUADS) or b""


# The order in which an export tells things: what people look for first, and the same on every run.

Key = tuple[int, str, str]

DATASET = "https://w3id.org/entente/dataset"
_SUBJECTS = (DATASET, ID, ARTICLE, BACKGROUND, INFERRED_GRAPH, ONTOLOGY_GRAPH, CLAIM)
_PREDICATES = (RDF_TYPE, RDFS_LABEL, ALT_LABEL, RDF + "subject", RDF + "predicate", RDF + "object")


def subject(term: Term) -> Key:
    """The dataset, things, articles with their passages, background, claims, the rest; `unit-2` before `unit-10`."""
    text = term.value if isinstance(term, NamedNode) else str(term)
    rank = next((i for i, start in enumerate(_SUBJECTS) if text.startswith(start)), len(_SUBJECTS))
    return rank, re.sub(r"[0-9]+", lambda m: m[0].zfill(8), text), text


def predicate(term: NamedNode) -> Key:
    """Types, then labels, then the parts of a claim as they are read, then the rest by IRI."""
    rank = _PREDICATES.index(term.value) if term.value in _PREDICATES else len(_PREDICATES)
    return rank, "", term.value


def by_subject(triples: Iterable[Triple]) -> dict[Term, dict[NamedNode, list[Term]]]:
    """The objects of each predicate of each subject, all in order and each once."""
    grouped: dict[Term, dict[NamedNode, dict[Term, None]]] = {}
    for t in triples:
        grouped.setdefault(t.subject, {}).setdefault(t.predicate, {})[t.object] = None
    predicates = sorted({p for values in grouped.values() for p in values}, key=predicate)
    rank = {p: n for n, p in enumerate(predicates)}
    return {
        s: {p: _ordered(grouped[s][p]) for p in sorted(grouped[s], key=rank.__getitem__)}
        for s in sorted(grouped, key=subject)
    }


def _ordered(terms: Iterable[Term]) -> list[Term]:
    found = list(terms)
    return sorted(found, key=str) if len(found) > 1 else found


_LOCAL = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_-])?\Z")
_INTEGER = re.compile(r"(?:0|-?[1-9][0-9]*)\Z")


class PrefixedNames:
    """Prefixed names for IRIs, and which prefixes were used."""

    def __init__(self, prefixes: dict[str, str]) -> None:
        self._prefix_of = {namespace: prefix for prefix, namespace in prefixes.items()}
        self.used: dict[str, str] = {}
        self._terms: dict[Term, str] = {}

    def short(self, iri: str) -> str | None:
        """The prefixed name of an IRI; None where no prefix fits."""
        cut = max(iri.rfind("#"), iri.rfind("/")) + 1
        prefix = self._prefix_of.get(iri[:cut])
        if prefix is None or not _LOCAL.match(iri, cut):
            return None
        self.used[prefix] = iri[:cut]
        return f"{prefix}:{iri[cut:]}"

    def term(self, term: Term) -> str:
        """A term as Turtle has it."""
        if (known := self._terms.get(term)) is None:
            known = self._terms[term] = self._written(term)
        return known

    def _written(self, term: Term) -> str:
        if isinstance(term, NamedNode):
            return self.short(term.value) or str(term)
        if not isinstance(term, Literal) or term.language or term.datatype.value == XSD + "string":
            return str(term)
        if term.datatype.value == XSD + "integer" and _INTEGER.match(term.value):
            return term.value
        return f"{Literal(term.value)}^^{self.term(term.datatype)}"


def write(triples: Sequence[Triple], named: Iterable[Quad] = ()) -> str:
    """The triples in Turtle 1.1; with the quads of named graphs, in TriG 1.1."""
    names = PrefixedNames(PREFIXES | article_prefixes(triples))
    body = list(_blocks(triples, names, ""))
    graphs: dict[NamedNode, list[Triple]] = {}
    for q in named:
        if isinstance(q.graph_name, NamedNode):
            graphs.setdefault(q.graph_name, []).append(q.triple)
    for graph in sorted(graphs, key=subject):
        blocks = "\n".join(_blocks(graphs[graph], names, "    "))
        body.append(f"{names.term(graph)} {{\n{blocks}}}\n")
    head = "".join(f"@prefix {prefix}: <{names.used[prefix]}> .\n" for prefix in sorted(names.used))
    return "\n".join([head, *body])


def article_prefixes(triples: Iterable[Triple]) -> dict[str, str]:
    """A prefix for the passages of each article: `turkey-russia:` for those of `2018-04-turkey-russia`."""
    kind = NamedNode(ENT + "Article")
    found = {t.subject.value for t in triples if t.object == kind and isinstance(t.subject, NamedNode)}
    prefixes: dict[str, str] = {}
    for name in sorted(iri.removeprefix(ARTICLE) for iri in found if iri.startswith(ARTICLE)):
        short = re.sub(r"\A[^A-Za-z]+", "", name)
        if not short or short in prefixes or short in PREFIXES:
            short = f"article-{name}"
        if re.fullmatch(r"[A-Za-z](?:[A-Za-z0-9_-]*)", short):
            prefixes[short] = f"{ARTICLE}{name}#"
    return prefixes


def _blocks(triples: Iterable[Triple], names: PrefixedNames, margin: str) -> Iterator[str]:
    """One block per subject, each ending in a line break."""
    for subject, values in by_subject(triples).items():
        rows = [f"{_verb(p, names)} {' , '.join(map(names.term, objects))}" for p, objects in values.items()]
        yield f"{margin}{names.term(subject)} " + f" ;\n{margin}    ".join(rows) + " .\n"


def _verb(predicate: NamedNode, names: PrefixedNames) -> str:
    return "a" if predicate.value == RDF_TYPE else names.term(predicate)
