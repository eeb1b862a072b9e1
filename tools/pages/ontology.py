"""The ontology as a page: each term with what it means, what is stated of it and what it resembles."""

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

from pyoxigraph import NamedNode, Triple

from kg.rdf.namespaces import DCTERMS, ENT, ONTOLOGY_GRAPH, OWL, RDF_TYPE, RDFS, SKOS, compact, local_name
from kg.rdf.terms import Term
from tools.pages.examples import Examples
from tools.pages.index import VALUE, Index, anchor, by_name, triples
from tools.pages.usage import Use, Uses, either

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
# The ontology

What the terms of the Entente ontology mean, topic by topic: a *class* says what a thing is, a *property* how things
hang together, and a *value* is one of a short list. The namespace is `https://w3id.org/entente/ontology#`, written
`ent:`. The terms are declared in [ontology/](../ontology), one file per topic.

Each class lists the properties that are stated of it, as the [shapes](../shapes) check them: *needed* is an error where
it is missing, *wanted* a warning or a note. A class has those of the classes above it as well, and some are
[open to any thing](#any-thing). The examples are from [one small world](../tests/cases/shapes/world.ttl) in which the
tests find no fault.

May one thing have two classes? Yes, unless they [exclude each other](#what-excludes-what): a port that is also a place
where other things lie is `a ent:Port , ent:Place`, and nothing is both `ent:Place` and `ent:Event`. The narrowest class
is enough: each `ent:Port` is an `ent:InfrastructureProject` without saying so.
"""
ANYTHING = """\
## <a id="any-thing"></a>Of any thing

What may be stated of things whatever their class is, besides `a` and the class itself.
"""
LEXICAL = (  # what the lexicon says of a term
    ("Patterns", "pattern"),
    ("Usage", "usage"),
    ("No patterns", "noPattern"),
    ("Cues", "cue"),
    ("Tenses", "tense"),
    ("Clauses", "clause"),
    ("Noun phrases", "nounPhrase"),
)
EXCLUSION = "No thing has more than one of the classes in a line, nor of their kinds."
ORDER = ("class", "property", "value")  # of the entries of a topic


@dataclass(frozen=True)
class Book:
    """What the page is made from: the ontology, what the shapes make of it, and a world with examples."""

    ontology: Index
    uses: Uses
    examples: Examples


def page(files: list[str], shapes: list[str], world: str) -> str:
    """The page about the terms in these Turtle files, one section per file, with what `shapes` asks of them.

    `world` is the path of the Turtle file from which the examples are.
    """
    topics = {path: triples(path) for path in files}
    ontology = Index(chain.from_iterable(topics.values()))
    uses = Uses(ontology, Index(t for path in shapes for t in triples(path)))
    book = Book(ontology, uses, Examples(world, ontology))
    found = {path: _terms(ontology, stated) for path, stated in topics.items()}
    every = sorted((t for terms in found.values() for t in terms), key=by_name)
    parts = [INTRODUCTION, _versions(ontology), "## Every term", _indexes(ontology, every)]
    parts += [ANYTHING, _table([use for use in uses.of(None) if use.most != 0])]
    for path, listed in found.items():
        if listed:
            parts.append(_topic(path))
            parts += [_term(book, term) for term in listed]
    if exclusions := list(_disjoint(ontology)):
        parts += ["## What excludes what", EXCLUSION, "\n".join(exclusions)]
    return "\n\n".join(p.strip() for p in parts if p) + "\n"


def _terms(ontology: Index, stated: list[Triple]) -> list[NamedNode]:
    """The terms that a file declares: classes, properties, values, each in alphabetic order."""
    declared = {t.subject for t in stated if t.predicate.value == RDF_TYPE and ontology.kind(t.subject)}
    return sorted((t for t in declared if isinstance(t, NamedNode)), key=lambda t: (_rank(ontology, t), by_name(t)))


def _rank(ontology: Index, term: NamedNode) -> int:
    return ORDER.index((ontology.kind(term) or VALUE)[1])


def _versions(ontology: Index) -> str:
    version = ontology.texts(NamedNode(ONTOLOGY_GRAPH), OWL + "versionInfo")
    stated = ontology.texts(NamedNode(ONTOLOGY_GRAPH), DCTERMS + "description")
    return " ".join(f"*{t}*" for t in stated) + "".join(f" Version {v}." for v in version)


def _indexes(ontology: Index, terms: list[NamedNode]) -> str:
    headed = zip(("Classes", "Properties", "Values"), range(len(ORDER)), strict=True)
    return "\n\n".join(f"**{h}**: {_index(ontology, [t for t in terms if _rank(ontology, t) == n])}" for h, n in headed)


def _index(ontology: Index, terms: list[NamedNode]) -> str:
    return " · ".join(f"[{local_name(t.value)}](#{anchor(ontology.kind(t) or VALUE, t)})" for t in terms)


def _topic(path: str) -> str:
    """A heading from a file's name, and the sentence that the file opens with."""
    name = os.path.basename(path)
    with open(path, encoding="utf-8") as file:
        opening = file.readline().lstrip("# ").strip()
    return f"## {os.path.splitext(name)[0].capitalize()}\n\n{opening} File: [{name}](../ontology/{name})."


def _term(book: Book, term: NamedNode) -> str:
    kind = book.ontology.kind(term) or VALUE
    heading = f'### <a id="{anchor(kind, term)}"></a>{compact(term.value)}'
    definition = " ".join(book.ontology.texts(term, SKOS + "definition"))
    table, example = _table(book.uses.of(term)), book.examples.of(term)
    about, inherited = list(_about(book, term)), list(_inherited(book, term))
    lists = [_list(about), table, _list(inherited)] if table else [_list([*about, *inherited])]
    parts = [heading, f"**{book.ontology.label(term)}** ({kind[0]}). {definition}", *lists]
    return "\n\n".join(filter(None, [*parts, f"```turtle\n{example}\n```" if example else ""]))


def _list(lines: Iterable[str]) -> str:
    return "\n".join(f"- {line}" for line in lines)


def _table(uses: list[Use]) -> str:
    if not uses:
        return ""
    rows = [f"| {use.path} | {use.takes} | {use.needed} |" for use in uses]
    return "\n".join(["| property | takes | needed? |", "| --- | --- | --- |", *rows])


def _about(book: Book, term: NamedNode) -> Iterator[str]:
    """What else is to be said of a term, a line each."""
    ontology = book.ontology
    for name, predicate in (("Note", "scopeNote"), ("Example", "example")):
        yield from (f"{name}: {text}" for text in ontology.texts(term, SKOS + predicate))
    yield from _hierarchy(ontology, term)
    yield from _linked(ontology, "Inverse of", ontology.values(term, OWL + "inverseOf"))
    yield from _stated(book, term)
    yield from _linked(ontology, "Whoever or whatever has it is a", ontology.values(term, RDFS + "domain"))
    yield from _linked(ontology, "Its value is a", ontology.values(term, RDFS + "range"))
    if listed := sorted(CHARACTERISTICS[t.value] for t in ontology.names(term, RDF_TYPE) if t.value in CHARACTERISTICS):
        yield f"Is {', '.join(listed)}"
    yield from _linked(ontology, "Told apart by", ontology.values(term, ENT + "identifiedBy"))
    yield from (f"Family of ties in pictures: {family}" for family in ontology.texts(term, ENT + "tieFamily"))
    yield from (f"Follows from: {_chain(ontology, c)}" for c in ontology.values(term, OWL + "propertyChainAxiom"))
    yield from (f"Follows from: {axiom}" for axiom in _restrictions(ontology, term))
    for heading, predicate in LEXICAL:
        if said := ontology.texts(term, ENT + predicate):
            yield f"{heading}: {' · '.join(f'`{text}`' for text in said)}"
    if codes := ontology.texts(term, SKOS + "notation"):
        sources = [f"<{s.value}>" for s in ontology.values(term, DCTERMS + "source") if isinstance(s, NamedNode)]
        yield f"Codes elsewhere: {', '.join(codes)} ({', '.join(sources)})"
    for match in MATCHES:
        yield from _linked(ontology, f"Elsewhere ({match})", ontology.values(term, SKOS + match))


def _hierarchy(ontology: Index, term: NamedNode) -> Iterator[str]:
    """What a term is a kind of, what is a kind of it, and what it excludes."""
    yield from _linked(ontology, "Kind of", ontology.values(term, RDFS + "subClassOf"))
    yield from _linked(ontology, "Special case of", ontology.values(term, RDFS + "subPropertyOf"))
    if ontology.kind(term) == VALUE:
        yield from _linked(ontology, "One of", ontology.values(term, RDF_TYPE))
    below = ontology.kinds_of(term)
    yield from _linked(ontology, "Kinds", [t for t in below if ontology.kind(t) != VALUE])
    yield from _linked(ontology, "Values", [t for t in below if ontology.kind(t) == VALUE])


def _stated(book: Book, term: NamedNode) -> Iterator[str]:
    """The classes to which a property belongs, and what it takes there."""
    having = book.uses.having(term)
    if classes := [book.ontology.name(c) if c else "[any thing](#any-thing)" for c, _ in having]:
        yield f"Stated of: {', '.join(classes)}"
    elif (book.ontology.kind(term) or VALUE)[1] == "property":
        yield "Stated of: nothing by hand"
    takes = {use.takes: c for c, use in having if use.takes}
    if len(takes) == 1:
        yield f"Takes: {next(iter(takes))}"
    elif takes:
        yield "Takes: " + "; ".join(f"{what} (in {book.ontology.name(c)})" for what, c in takes.items() if c)


def _inherited(book: Book, term: NamedNode) -> Iterator[str]:
    """What is stated of a class as one of the kinds above it, a line for each kind."""
    for wider, uses in book.uses.inherited(term):
        yield f"As any {book.ontology.name(wider)}: {' · '.join(map(_brief, uses))}"


def _brief(use: Use) -> str:
    return f"{use.path} ({use.needed})" if use.least or use.wanted or use.most == 0 else use.path


def _linked(ontology: Index, name: str, terms: list[Term]) -> Iterator[str]:
    if links := [link for t in terms if (link := ontology.link(t))]:
        yield f"{name}: {', '.join(links)}"


def _chain(ontology: Index, head: Term) -> str:
    """A property chain as text: “inverse of holder, then office, then is at the head of”."""
    return ", then ".join(_step(ontology, step) for step in ontology.members(head))


def _step(ontology: Index, step: Term) -> str:
    inverse = ontology.values(step, OWL + "inverseOf")
    return f"inverse of {ontology.link(inverse[0])}" if inverse else ontology.link(step)


def _restrictions(ontology: Index, term: NamedNode) -> Iterator[str]:
    """The restrictions that make a thing a member of this class: “holds office, some presidency”."""
    for node in ontology.unnamed():
        if term in ontology.values(node, RDFS + "subClassOf"):
            verbs = ontology.values(node, OWL + "onProperty")
            for verb, predicate in (("some", "someValuesFrom"), ("only", "allValuesFrom"), ("the value", "hasValue")):
                for value in ontology.values(node, OWL + predicate):
                    yield f"{ontology.link(verbs[0])} {verb} {ontology.link(value)}"


def _disjoint(ontology: Index) -> Iterator[str]:
    for node in ontology.unnamed():
        for head in ontology.values(node, OWL + "members"):
            yield "- " + ", ".join(ontology.link(m) for m in ontology.members(head))
    for term in ontology.named():
        if others := [ontology.link(other) for other in ontology.values(term, OWL + "disjointWith")]:
            yield f"- {ontology.link(term)} and {'any of ' if len(others) > 1 else ''}{either(others)}"
