"""Turtle and TriG for people: prefixes that are used, things before evidence, a blank line between subjects.

Its own writer, since each lexical form must survive in whatever tool reads it: rdflib makes `1` of a bare `01`, so
only an integer in canonical form stands bare (Turtle 1.1 §2.5.2), and every other literal names its datatype.
"""

import re
from collections.abc import Iterable, Iterator, Sequence

from pyoxigraph import Literal, NamedNode, Quad, Triple

from kg.export import order
from kg.terms import Term
from kg.vocabulary import ARTICLE, ENT, PREFIXES, RDF_TYPE, XSD

_LOCAL = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_-])?\Z")
_INTEGER = re.compile(r"(?:0|-?[1-9][0-9]*)\Z")


class Names:
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
    names = Names(PREFIXES | article_prefixes(triples))
    body = list(_blocks(triples, names, ""))
    graphs: dict[NamedNode, list[Triple]] = {}
    for q in named:
        if isinstance(q.graph_name, NamedNode):
            graphs.setdefault(q.graph_name, []).append(q.triple)
    for graph in sorted(graphs, key=order.subject):
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


def _blocks(triples: Iterable[Triple], names: Names, margin: str) -> Iterator[str]:
    """One block per subject, each ending in a line break."""
    for subject, values in order.by_subject(triples).items():
        rows = [f"{_verb(p, names)} {' , '.join(map(names.term, objects))}" for p, objects in values.items()]
        yield f"{margin}{names.term(subject)} " + f" ;\n{margin}    ".join(rows) + " .\n"


def _verb(predicate: NamedNode, names: Names) -> str:
    return "a" if predicate.value == RDF_TYPE else names.term(predicate)
