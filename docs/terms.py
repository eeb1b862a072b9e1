"""The words of the ontology as a page: each term with what it means, what it follows from and what it resembles."""

import os
from collections.abc import Iterable, Iterator

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, parse

from kg.vocabulary import DCTERMS, ENT, ONTOLOGY_GRAPH, OWL, RDF, RDF_TYPE, RDFS, RDFS_LABEL, SKOS, compact, local_name

Node = NamedNode | BlankNode | Literal | Triple
KINDS = {  # what a term is declared as → what it is called, and the start of its anchor
    OWL + "Class": ("class", "class"),
    OWL + "ObjectProperty": ("property", "property"),
    OWL + "DatatypeProperty": ("property with a literal value", "property"),
    OWL + "AnnotationProperty": ("annotation", "property"),
}
CHARACTERISTICS = {
    OWL + "AsymmetricProperty": "asymmetric",
    OWL + "FunctionalProperty": "functional",
    OWL + "InverseFunctionalProperty": "inverse functional",
    OWL + "IrreflexiveProperty": "irreflexive",
    OWL + "SymmetricProperty": "symmetric",
    OWL + "TransitiveProperty": "transitive",
}
MATCHES = ("exactMatch", "closeMatch", "broadMatch", "narrowMatch", "relatedMatch")
INTRODUCTION = """\
# The words

What the terms of the Entente ontology mean, topic by topic: a *class* says what a thing is, a *property* how things
hang together, and a *value* is one of a short list. The namespace is `https://w3id.org/entente/ontology#`, written
`ent:`. The words live in [ontology/](../ontology), one file per topic.
"""


class Words:
    """The triples of the ontology, by subject and predicate, in the order of the files."""

    def __init__(self, triples: Iterable[Triple]) -> None:
        self._values: dict[Node, dict[str, list[Node]]] = {}
        for t in triples:
            self._values.setdefault(t.subject, {}).setdefault(t.predicate.value, []).append(t.object)

    def values(self, subject: Node, predicate: str) -> list[Node]:
        """The objects of a subject and a predicate."""
        return self._values.get(subject, {}).get(predicate, [])

    def texts(self, subject: Node, predicate: str) -> list[str]:
        """The literals among those objects."""
        return [v.value for v in self.values(subject, predicate) if isinstance(v, Literal)]

    def label(self, node: Node) -> str:
        """The label of a term; the prefixed name of what has none."""
        return next(iter(self.texts(node, RDFS_LABEL)), compact(node.value) if isinstance(node, NamedNode) else "")

    def members(self, head: Node) -> Iterator[Node]:
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

    def kind(self, term: Node) -> tuple[str, str] | None:
        """What a term is called, and the start of its anchor; None for what the ontology does not declare."""
        types = self.values(term, RDF_TYPE)
        if not isinstance(term, NamedNode) or not term.value.startswith(ENT) or not types:
            return None
        for declared in types:
            if isinstance(declared, NamedNode) and declared.value in KINDS:
                return KINDS[declared.value]
        return "value", "value"

    def link(self, node: Node) -> str:
        """A term's label, linked to its place on the page; the prefixed name of a foreign one."""
        kind = self.kind(node)
        if kind and isinstance(node, NamedNode):
            return f"[{self.label(node)}](#{_anchor(kind, node)})"
        if not isinstance(node, NamedNode):
            return ""
        name = compact(node.value)
        return f"<{name}>" if name == node.value else f"`{name}`"


def page(files: list[str]) -> str:
    """The page about the words in these Turtle files, one section per file."""
    topics = {path: _parsed(path) for path in files}
    words = Words(t for triples in topics.values() for t in triples)
    found = {path: _terms(words, triples) for path, triples in topics.items()}
    every = sorted((t for terms in found.values() for t in terms), key=_by_name)
    parts = [INTRODUCTION, _versions(words), "## Every term", _index(words, every)]
    for path, listed in found.items():
        if listed:
            parts.append(_topic(path))
            parts += [_term(words, term) for term in listed]
    if rules := list(_disjoint(words)):
        parts += ["## What excludes what", "No thing is more than one of the words in each line.", "\n".join(rules)]
    return "\n\n".join(p.strip() for p in parts if p) + "\n"


def _parsed(path: str) -> list[Triple]:
    with open(path, "rb") as file:
        return [q.triple for q in parse(file, format=RdfFormat.TURTLE)]


def _terms(words: Words, triples: list[Triple]) -> list[NamedNode]:
    """The terms that a file declares, in alphabetic order."""
    declared = {t.subject for t in triples if t.predicate.value == RDF_TYPE and words.kind(t.subject)}
    return sorted((t for t in declared if isinstance(t, NamedNode)), key=_by_name)


def _by_name(term: NamedNode) -> tuple[str, str]:
    return local_name(term.value).casefold(), term.value


def _versions(words: Words) -> str:
    version = words.texts(NamedNode(ONTOLOGY_GRAPH), OWL + "versionInfo")
    told = words.texts(NamedNode(ONTOLOGY_GRAPH), DCTERMS + "description")
    return " ".join(f"*{t}*" for t in told) + "".join(f" Version {v}." for v in version)


def _index(words: Words, terms: list[NamedNode]) -> str:
    return " · ".join(f"[{local_name(t.value)}](#{_anchor(words.kind(t) or ('', ''), t)})" for t in terms)


def _anchor(kind: tuple[str, str], term: NamedNode) -> str:
    return f"{kind[1]}-{local_name(term.value)}"


def _topic(path: str) -> str:
    """A heading from a file's name, and the sentence that the file opens with."""
    name = os.path.basename(path)
    with open(path, encoding="utf-8") as file:
        opening = file.readline().lstrip("# ").strip()
    return f"## {os.path.splitext(name)[0].capitalize()}\n\n{opening} File: [{name}](../ontology/{name})."


def _term(words: Words, term: NamedNode) -> str:
    kind = words.kind(term) or ("", "")
    heading = f'### <a id="{_anchor(kind, term)}"></a>{compact(term.value)}'
    definition = " ".join(words.texts(term, SKOS + "definition"))
    facts = "\n".join(f"- {line}" for line in _about(words, term))
    return "\n\n".join(p for p in (heading, f"**{words.label(term)}** ({kind[0]}). {definition}", facts) if p)


def _about(words: Words, term: NamedNode) -> Iterator[str]:
    """What else is to be said of a term, a line each."""
    for name, predicate in (("Note", "scopeNote"), ("Example", "example")):
        yield from (f"{name}: {text}" for text in words.texts(term, SKOS + predicate))
    yield from _linked(words, "Kind of", words.values(term, RDFS + "subClassOf"))
    yield from _linked(words, "Special case of", words.values(term, RDFS + "subPropertyOf"))
    if words.kind(term) == ("value", "value"):
        yield from _linked(words, "One of", words.values(term, RDF_TYPE))
    yield from _linked(words, "Inverse of", words.values(term, OWL + "inverseOf"))
    yield from _linked(words, "Whoever or whatever has it is a", words.values(term, RDFS + "domain"))
    yield from _linked(words, "Its value is a", words.values(term, RDFS + "range"))
    types = [t.value for t in words.values(term, RDF_TYPE) if isinstance(t, NamedNode)]
    if listed := sorted(CHARACTERISTICS[t] for t in types if t in CHARACTERISTICS):
        yield f"Is {', '.join(listed)}"
    yield from _linked(words, "Told apart by", words.values(term, ENT + "identifiedBy"))
    yield from (f"Follows from: {_chain(words, c)}" for c in words.values(term, OWL + "propertyChainAxiom"))
    yield from (f"Follows from: {rule}" for rule in _restrictions(words, term))
    for match in MATCHES:
        yield from _linked(words, f"Elsewhere ({match})", words.values(term, SKOS + match))


def _linked(words: Words, name: str, terms: list[Node]) -> Iterator[str]:
    if links := [link for t in terms if (link := words.link(t))]:
        yield f"{name}: {', '.join(links)}"


def _chain(words: Words, head: Node) -> str:
    """A property chain in words: “inverse of holder, then office, then is at the head of”."""
    return ", then ".join(_step(words, step) for step in words.members(head))


def _step(words: Words, step: Node) -> str:
    inverse = words.values(step, OWL + "inverseOf")
    return f"inverse of {words.link(inverse[0])}" if inverse else words.link(step)


def _restrictions(words: Words, term: NamedNode) -> Iterator[str]:
    """The restrictions that make a thing a member of this class: “holds office, some presidency”."""
    for node in words.unnamed():
        if term in words.values(node, RDFS + "subClassOf"):
            verbs = words.values(node, OWL + "onProperty")
            for word, predicate in (("some", "someValuesFrom"), ("only", "allValuesFrom"), ("the value", "hasValue")):
                for value in words.values(node, OWL + predicate):
                    yield f"{words.link(verbs[0])} {word} {words.link(value)}"


def _disjoint(words: Words) -> Iterator[str]:
    for node in words.unnamed():
        for head in words.values(node, OWL + "members"):
            yield "- " + ", ".join(words.link(m) for m in words.members(head))
    for term in words.named():
        for other in words.values(term, OWL + "disjointWith"):
            yield f"- {words.link(term)}, {words.link(other)}"
