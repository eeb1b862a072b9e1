"""What an export says of its facts and of itself: claims with receipts (`--claims`), and a description of the dataset.

In a flat format the named graphs are gone, and with them what each fact rests on. Claims restore it (model, rule 26):
a claim is a fact with its receipt as a resource, `ent:Claim`.

- what an article states: an `ent:Claim` for each passage that states it; reported speech is compiled to such claims
  anyway, and only there has `ent:claimedBy`;
- background: a claim with `prov:hadPrimarySource`;
- what was inferred or computed: a claim with `ent:rule`, the rule's name in OWL 2 RL or our own, and
  `prov:wasDerivedFrom` each claim of each premise, or the claims from which the label of what is reported is made.

Each passage is an `oa:SpecificResource` whose selectors (W3C Web Annotation Data Model, §4.2.4 and §4.2.5) count code
points. Selectors have IRIs, `…#name.quote` and `…#name.position`, since blank nodes would have no stable names.

The description of the dataset (VoID, DCAT) says whose it is, what it holds, how much, in which vocabularies, with which
links to others, in which files, under which licence. Its counts are those of the file in which it stands, itself
included. Title and rights stand here; whose it is, licence, version and dates come from the header of the ontology.
"""

import hashlib
import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode, Quad, Triple

from kg.dataset.build import claim
from kg.errors import InputError
from kg.export.rows import FactRows
from kg.export.serialize import BASE as OURS
from kg.export.serialize import namespace
from kg.provenance.context import Context
from kg.provenance.receipts import ASSERTED, BACKED, REPORTED, Fact, Receipt
from kg.rdf.namespaces import (
    ARTICLE,
    CLAIM,
    DATASET,
    DCAT,
    DCTERMS,
    ENT,
    FOAF,
    ID,
    OA,
    OWL,
    PROV,
    RDF,
    RDF_TYPE,
    RDFS,
    RDFS_LABEL,
    SD,
    SKOS,
    VOID,
    XSD,
    local_name,
)
from kg.rdf.terms import Term, iri
from kg.source import documents

if TYPE_CHECKING:
    from kg.findings import Finding
    from kg.reasoning.derivations import Derivation

AROUND = 32  # code points before and after a quote, for tools that look for it in a changed copy of the text
_TYPE = NamedNode(RDF_TYPE)

# Claims and selectors


def claims(context: Context, *, asserted_only: bool = False) -> Iterator[Triple]:
    """A claim for each fact, and the selectors of each passage.

    Raises InputError where an article's text is not the one that was compiled.
    """
    facts = FactRows(context, asserted_only=asserted_only)
    yield from _claims(facts.rows(), context.derivations)
    texts: dict[str, str] = {}
    for receipt, *_ in facts.passages.values():
        if receipt.article not in texts:
            texts[receipt.article] = _text(context, receipt.article)
        yield from _selectors(receipt, texts[receipt.article])


def _claims(facts: Iterable[Fact], derivations: "Mapping[Triple, Derivation]") -> Iterator[Triple]:
    """A claim for each fact that has none yet."""
    nodes: dict[Triple, dict[NamedNode, None]] = {}
    derived: list[Triple] = []
    for fact in facts:
        if fact.status == REPORTED:
            continue  # compiled to claims already
        if fact.receipts:
            made = list(claim(fact.triple, fact.receipts[0].passage))
        elif fact.status in (ASSERTED, BACKED):
            made = list(_background(fact))
        else:
            made = list(_statement(fact.triple, derivations[fact.triple].rule))
            derived.append(fact.triple)
        nodes.setdefault(fact.triple, {})[made[0].subject] = None  # type: ignore[index]
        yield from made
    for triple in derived:
        for node in nodes[triple]:
            yield Triple(node, NamedNode(ENT + "rule"), Literal(derivations[triple].rule))
            premises = derivations[triple].premises
            claims = (t.subject for t in premises if iri(t.subject).startswith(CLAIM))
            for premise in (*(p for t in premises for p in nodes.get(t, ())), *claims):
                yield Triple(node, NamedNode(PROV + "wasDerivedFrom"), premise)


def _statement(t: Triple, key: str) -> Iterator[Triple]:
    """A claim that rests on no passage; `key` tells it from other claims of the same triple."""
    text = " ".join(map(str, (t.subject, t.predicate, t.object, key)))
    node = NamedNode(CLAIM + hashlib.sha256(text.encode()).hexdigest()[:20])
    yield Triple(node, _TYPE, NamedNode(ENT + "Claim"))
    yield Triple(node, NamedNode(RDF + "subject"), t.subject)
    yield Triple(node, NamedNode(RDF + "predicate"), t.predicate)
    yield Triple(node, NamedNode(RDF + "object"), t.object)


def _background(fact: Fact) -> Iterator[Triple]:
    made = list(_statement(fact.triple, fact.source))
    yield from made
    if fact.source:
        yield Triple(made[0].subject, NamedNode(PROV + "hadPrimarySource"), NamedNode(fact.source))


def _text(context: Context, article: str) -> str:
    findings: list[Finding] = []
    path = os.path.join(context.graph_folder.articles, article, "article.txt")
    text = documents.read_text(path, context.graph_folder, findings)
    if text is None:
        raise InputError(findings[0].message, where=findings[0].file, rule=findings[0].rule)
    return text


def _selectors(receipt: Receipt, text: str) -> Iterator[Triple]:
    start, end = receipt.start, receipt.end
    if text[start:end] != receipt.text:
        message = f"the text of {receipt.article} is not the one that the graph was compiled from"
        raise InputError(message, hint="open the graph again", rule="misquote")
    passage = NamedNode(receipt.passage)
    quote, position = (NamedNode(f"{receipt.passage}.{name}") for name in ("quote", "position"))
    yield Triple(passage, _TYPE, NamedNode(OA + "SpecificResource"))
    yield Triple(passage, NamedNode(OA + "hasSource"), NamedNode(ARTICLE + receipt.article))
    yield Triple(passage, NamedNode(OA + "hasSelector"), quote)
    yield Triple(passage, NamedNode(OA + "hasSelector"), position)
    yield Triple(quote, _TYPE, NamedNode(OA + "TextQuoteSelector"))
    around = {"prefix": text[max(0, start - AROUND) : start], "exact": receipt.text, "suffix": text[end : end + AROUND]}
    for name, words in around.items():
        yield Triple(quote, NamedNode(OA + name), Literal(words))
    yield Triple(position, _TYPE, NamedNode(OA + "TextPositionSelector"))
    for name, offset in (("start", start), ("end", end)):
        number = Literal(str(offset), datatype=NamedNode(XSD + "nonNegativeInteger"))
        yield Triple(position, NamedNode(OA + name), number)


# The description of the dataset

Pair = tuple[str, NamedNode | Literal]
_TITLE = "Facts read from news articles, each with its receipt"
_DEFAULT = NamedNode(DATASET + "#default-graph")
DISTRIBUTIONS = {
    "ttl": ("Turtle", "text/turtle"),
    "trig": ("TriG", "application/trig"),
    "nt": ("N-Triples", "application/n-triples"),
    "nq": ("N-Quads", "application/n-quads"),
    "jsonld": ("JSON-LD", "application/ld+json"),
    "rdf": ("RDF/XML", "application/rdf+xml"),
    "csv": ("CSV", "text/csv"),
    "graphml": ("GraphML", ""),
}
_MEDIA_TYPES = "https://www.iana.org/assignments/media-types/"
_LINKS = {SKOS + kind + "Match" for kind in ("exact", "close", "broad", "narrow", "related")}
_LINKS |= {OWL + "sameAs", RDFS + "seeAlso"}
_RANGES = {DCTERMS + "conformsTo": DCTERMS + "Standard", DCTERMS + "license": DCTERMS + "LicenseDocument"}
# What it says of others than the dataset: by these properties, and of these classes.
_SAID = frozenset({SKOS + "prefLabel", SD + "name", VOID + "triples"})
_KINDS = frozenset({*_RANGES.values(), DCTERMS + "MediaType"})
_RIGHTS = "The licence does not cover the quotes: they are the articles' own words and belong to their publishers."


class Tally:
    """What the description of a dataset is made of, counted statement by statement: each of a graph once.

    In the default graph the classes of a thing come before its labels.
    """

    def __init__(self) -> None:
        self.in_default = self.in_named = 0
        self.sizes: dict[NamedNode, int] = {}
        self.things, self.entities = set[NamedNode](), set[NamedNode]()  # of the default graph, of all graphs
        self.kinds, self.classes = set[Term](), set[Term]()  # of these things, of anything
        self.predicates, self.concepts, self.articles = set[NamedNode](), set[NamedNode](), set[NamedNode]()
        self.labels, self.read = list[Triple](), set[Term]()  # labels of concepts; reading dates
        self.links, self.known = set[Triple](), set[Triple]()  # to others; what the description might say as well

    def add(self, t: Triple, graph: NamedNode | None = None) -> None:
        """Count a statement of the default graph, or of a named one."""
        if graph is None:
            self.in_default += 1
            self._add_to_default(t)
        else:
            self.in_named += 1
            self.sizes[graph] = self.sizes.get(graph, 0) + 1
        self._add_to_all(t)

    def _add_to_all(self, t: Triple) -> None:
        self.predicates.add(t.predicate)
        if t.predicate == _TYPE:
            self.classes.add(t.object)
        if isinstance(t.subject, NamedNode) and t.subject.value.startswith(ID):
            self.entities.add(t.subject)
        if t.predicate.value in _LINKS and isinstance(t.object, NamedNode) and not t.object.value.startswith(OURS):
            self.links.add(t)

    def _add_to_default(self, t: Triple) -> None:
        subject, predicate = t.subject, t.predicate.value
        if isinstance(subject, NamedNode):
            is_thing = subject.value.startswith(ID)
            if is_thing:
                self.things.add(subject)
            if predicate == RDF_TYPE:
                self.kinds.update([t.object] if is_thing else [])
                kind = iri(t.object)
                self.concepts.update([subject] if kind == SKOS + "Concept" else [])
                self.articles.update([subject] if kind == ENT + "Article" else [])
            if predicate == RDFS_LABEL and subject in self.concepts:
                self.labels.append(t)
            is_of_dataset = subject.value.startswith(DATASET)
            if is_of_dataset or predicate in _SAID or (predicate == RDF_TYPE and iri(t.object) in _KINDS):
                self.known.add(t)
        if predicate == ENT + "readingDate":
            self.read.add(t.object)


def description(data: Sequence[Triple], named: Sequence[Quad], ontology: Sequence[Triple]) -> list[Triple]:
    """The description of a file whose default graph is `data` with it, and which has the quads of `named` graphs."""
    tally = Tally()
    for t in sorted(data, key=lambda t: t.predicate != _TYPE):
        tally.add(t)
    for q in named:
        if isinstance(q.graph_name, NamedNode):
            tally.add(q.triple, q.graph_name)
    return described(tally, ontology)


def described(tally: Tally, ontology: Sequence[Triple]) -> list[Triple]:
    """The same from what has been counted of all statements but the description."""
    dataset = NamedNode(DATASET)
    triples = dict.fromkeys(_dataset(tally, ontology))
    licences = [t.object for t in triples if t.predicate.value == DCTERMS + "license"]
    triples.update(dict.fromkeys([*_distributions(licences), *_linksets(tally.links), *_graphs(tally.sizes)]))
    predicates = tally.predicates | {t.predicate for t in triples}
    terms = predicates | tally.classes | {t.object for t in triples if t.predicate == _TYPE}
    vocabularies = {namespace(term.value) for term in terms if isinstance(term, NamedNode)} - {""}
    triples.update((Triple(dataset, NamedNode(VOID + "vocabulary"), NamedNode(v)), None) for v in sorted(vocabularies))
    return [*triples, *_counts(tally, triples)]


def _dataset(tally: Tally, ontology: Sequence[Triple]) -> Iterator[Triple]:
    """What is said of the dataset as a whole (DCAT 3 §6.6, VoID §2): whoever made it is a foaf:Agent."""
    pairs: list[Pair] = [(RDF_TYPE, NamedNode(kind + "Dataset")) for kind in (VOID, DCAT)]
    for predicate, value in _about(tally.read, tally.articles, ontology):
        if predicate in (DCTERMS + "creator", DCTERMS + "publisher") and isinstance(value, Literal):
            agent = NamedNode(f"{DATASET}#{_slug(value.value)}")
            yield Triple(agent, _TYPE, NamedNode(FOAF + "Agent"))
            yield Triple(agent, NamedNode(FOAF + "name"), value)
            value = agent
        if predicate in _RANGES and isinstance(value, NamedNode):
            yield Triple(value, _TYPE, NamedNode(_RANGES[predicate]))
        pairs += [(predicate, value), *([(DCAT + "version", value)] if predicate == OWL + "versionInfo" else [])]
    pairs += [(VOID + "uriSpace", Literal(ID))]
    pairs += [(DCAT + "theme", concept) for concept in tally.concepts]
    yield from (Triple(t.subject, NamedNode(SKOS + "prefLabel"), t.object) for t in tally.labels)
    # Keywords are the labels of the broadest classes that have members.
    narrower = {t.subject for t in ontology if t.predicate.value == RDFS + "subClassOf"}
    broadest = tally.kinds - narrower
    labels = {t.object for t in ontology if t.predicate.value == RDFS_LABEL and t.subject in broadest}
    pairs += [(DCAT + "keyword", label) for label in labels if isinstance(label, Literal)]
    yield from (Triple(NamedNode(DATASET), NamedNode(predicate), value) for predicate, value in pairs)


def _slug(text: str) -> str:
    return re.sub("[^a-z0-9.]+", "-", text.lower()).strip("-")


def _distributions(licences: Sequence[Term]) -> Iterator[Triple]:
    """The files in which the dataset is to be had (DCAT 3 §6.8, VoID §3.1)."""
    dataset = NamedNode(DATASET)
    for ending, (title, media_type) in DISTRIBUTIONS.items():
        file = NamedNode(f"{DATASET}.{ending}")
        yield Triple(dataset, NamedNode(DCAT + "distribution"), file)
        yield Triple(file, _TYPE, NamedNode(DCAT + "Distribution"))
        yield Triple(file, NamedNode(DCTERMS + "title"), Literal(title, language="en"))
        yield Triple(file, NamedNode(DCAT + "accessURL"), dataset)
        yield Triple(file, NamedNode(DCAT + "downloadURL"), file)
        yield from (Triple(file, NamedNode(DCTERMS + "license"), licence) for licence in licences)
        if media_type:
            registered = NamedNode(_MEDIA_TYPES + media_type)
            yield Triple(file, NamedNode(DCAT + "mediaType"), registered)
            yield Triple(registered, _TYPE, NamedNode(DCTERMS + "MediaType"))
        if ending not in ("csv", "graphml"):
            yield Triple(dataset, NamedNode(VOID + "dataDump"), file)


def _linksets(triples: set[Triple]) -> Iterator[Triple]:
    """The links to resources of others (VoID §5), by predicate and namespace."""
    links: dict[tuple[NamedNode, str], int] = {}
    for t in triples:
        key = t.predicate, namespace(iri(t.object))
        links[key] = links.get(key, 0) + 1
    for (predicate, space), number in links.items():
        target = NamedNode(f"{DATASET}#{_slug(space.partition('://')[2])}")
        linkset = NamedNode(f"{target.value}-{local_name(predicate.value)}")
        yield Triple(NamedNode(DATASET), NamedNode(VOID + "subset"), linkset)
        yield Triple(linkset, _TYPE, NamedNode(VOID + "Linkset"))
        yield Triple(linkset, NamedNode(VOID + "subjectsTarget"), NamedNode(DATASET))
        yield Triple(linkset, NamedNode(VOID + "objectsTarget"), target)
        yield Triple(linkset, NamedNode(VOID + "linkPredicate"), predicate)
        yield _count(linkset, "triples", number)
        yield Triple(target, _TYPE, NamedNode(VOID + "Dataset"))
        yield Triple(target, NamedNode(VOID + "uriSpace"), Literal(space))


def _graphs(sizes: dict[NamedNode, int]) -> Iterator[Triple]:
    """The named graphs, and the default graph beside them (SPARQL 1.1 Service Description §4.3)."""
    if sizes:
        yield Triple(NamedNode(DATASET), _TYPE, NamedNode(SD + "Dataset"))
        yield Triple(NamedNode(DATASET), NamedNode(SD + "defaultGraph"), _DEFAULT)
    for graph, number in sizes.items():
        yield Triple(NamedNode(DATASET), NamedNode(SD + "namedGraph"), graph)
        yield Triple(graph, NamedNode(SD + "name"), graph)
        yield _count(graph, "triples", number)


def _counts(tally: Tally, said: Iterable[Triple]) -> Iterator[Triple]:
    """What stands in the file (VoID §4), these counts included; a triple counts in each graph in which it stands."""
    kinds, said, has_named = ("triples", "entities", "classes", "properties"), list(said), tally.in_named > 0
    in_default = tally.in_default + len(set(said) - tally.known) + len(kinds) + has_named
    yield _count(NamedNode(DATASET), "triples", in_default + tally.in_named)
    things = {t.subject for t in said if isinstance(t.subject, NamedNode) and t.subject.value.startswith(ID)}
    yield _count(NamedNode(DATASET), "entities", len(tally.entities | things))
    yield _count(NamedNode(DATASET), "classes", len(tally.classes | {t.object for t in said if t.predicate == _TYPE}))
    properties = {p.value for p in (*tally.predicates, *(t.predicate for t in said))} | {VOID + kind for kind in kinds}
    yield _count(NamedNode(DATASET), "properties", len(properties))
    if has_named:
        yield _count(_DEFAULT, "triples", in_default)


def _count(node: NamedNode, kind: str, number: int) -> Triple:
    return Triple(node, NamedNode(VOID + kind), Literal(str(number), datatype=NamedNode(XSD + "integer")))


def about(data: Sequence[Triple], ontology: Sequence[Triple]) -> Iterator[Pair]:
    """Whose a dataset is, from when, and what it is made of: the ontology says so, and the articles among its `data`.

    It was modified when the ontology was, or on the reading date of an article, whichever is later: never by the clock.
    """
    read = {t.object for t in data if t.predicate.value == ENT + "readingDate"}
    return _about(read, _instances(data, ENT + "Article"), ontology)


def _about(read: Iterable[Term], articles: Iterable[NamedNode], ontology: Sequence[Triple]) -> Iterator[Pair]:
    headers = _instances(ontology, OWL + "Ontology")

    def said(predicate: str) -> list[NamedNode | Literal]:
        found = {t.object for t in ontology if t.predicate.value == predicate and t.subject in headers}
        return [x for x in sorted(found, key=str) if isinstance(x, NamedNode | Literal)]

    yield DCTERMS + "title", Literal(_TITLE, language="en")
    yield DCTERMS + "rights", Literal(_RIGHTS, language="en")
    for name in ("creator", "description", "license", "publisher"):
        yield from ((DCTERMS + name, value) for value in said(DCTERMS + name))
    yield from ((OWL + "versionInfo", version) for version in said(OWL + "versionInfo"))
    yield from ((DCTERMS + "conformsTo", version) for version in said(OWL + "versionIRI") or sorted(headers, key=str))
    dates = {"issued": said(DCTERMS + "issued") or said(DCTERMS + "created"), "modified": said(DCTERMS + "modified")}
    for name, days in (dates | {"modified": [*dates["modified"], *read]}).items():
        if found := [day for day in days if isinstance(day, Literal) and day.datatype.value == XSD + "date"]:
            yield DCTERMS + name, max(found, key=lambda day: day.value)
    yield from ((PROV + "wasDerivedFrom", article) for article in sorted(articles, key=str))


def _instances(data: Sequence[Triple], kind: str) -> set[NamedNode]:
    node = NamedNode(kind)
    of_kind = (t.subject for t in data if t.predicate.value == RDF_TYPE and t.object == node)
    return {subject for subject in of_kind if isinstance(subject, NamedNode)}
