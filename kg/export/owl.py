"""The terms and the facts as one OWL 2 ontology (`--owl`), for Protégé, Owlready2 and whatever stands on the OWL API.

OWL 2 DL asks for more than RDF does (OWL 2 Mapping to RDF Graphs, §3), and reasoners refuse or pass over the rest:

- One header: the dataset is the ontology, and has the metadata.
- Declarations: each class, property and individual has a type. A property that the ontology does not declare, such as
  dcterms:title, is an annotation property.
- No reserved words (Structural Specification §2.4): the rdf:subject, rdf:predicate and rdf:object of a claim would be
  lost. What is only reported is no axiom; its claim has it as a label. With claims, each axiom from a fact is annotated
  with its passage and quote, its source, or its rule.
- Datatypes of the OWL 2 datatype map alone (§4), in which there are no dates: they become strings, or are left out.
  Kept, they make it OWL 2 Full.
"""

import hashlib
from collections.abc import Iterable, Iterator, Sequence

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from kg.dataset.lexicon import LEXICAL
from kg.export.rows import FactRows
from kg.provenance.context import Context
from kg.provenance.receipts import REPORTED, Fact, quoted
from kg.rdf.namespaces import DATASET, OWL, PROV, RDF, RDF_TYPE, RDFS, RDFS_LABEL, XSD
from kg.rdf.terms import Term

_XSD = """string normalizedString token language Name NCName NMTOKEN boolean hexBinary base64Binary anyURI dateTime
    dateTimeStamp decimal integer double float nonNegativeInteger nonPositiveInteger positiveInteger negativeInteger
    long int short byte unsignedLong unsignedInt unsignedShort unsignedByte"""
DATATYPES = {XSD + name for name in _XSD.split()} | {RDF + "langString", RDF + "XMLLiteral", RDF + "PlainLiteral"}
DATATYPES |= {OWL + "real", OWL + "rational"}
_TYPE, _LABEL, _COMMENT = NamedNode(RDF_TYPE), NamedNode(RDFS_LABEL), NamedNode(RDFS + "comment")
_SOURCE = NamedNode(PROV + "hadPrimarySource")
_CLAIMED = tuple(NamedNode(RDF + part) for part in ("subject", "predicate", "object"))
_ANNOTATED = tuple(NamedNode(OWL + part) for part in ("annotatedSource", "annotatedProperty", "annotatedTarget"))
_RESERVED = (OWL, RDF, RDFS)
_PROPERTIES = [NamedNode(OWL + kind) for kind in ("ObjectProperty", "DatatypeProperty", "AnnotationProperty")]


def ontology(
    context: Context,
    terms: Sequence[Triple],
    about: Iterable[tuple[str, NamedNode | Literal]],
    *,
    claims: bool = False,
    asserted_only: bool = False,
    dates: str = "string",
) -> list[Triple]:
    """The ontology of a graph's facts and its `terms`, with a header `about` them; `dates` is of `kg.export.DATES`.

    The lexicon is left out: it tells how a language says the terms, which no tool on the OWL API reads.
    """
    made = dict.fromkeys(_header(about))
    headers = {t.subject for t in terms if t.object == NamedNode(OWL + "Ontology")}
    said = (t for t in terms if t.subject not in headers and t.predicate.value not in LEXICAL)
    made.update(dict.fromkeys(said))
    made.update(dict.fromkeys(_facts(context, asserted_only)))
    if claims:
        rules = context.derivations
        for fact in FactRows(context, asserted_only=asserted_only).rows():
            notes = _notes(fact, context, rules[fact.triple].rule if fact.triple in rules else "")
            if fact.status != REPORTED and _kept(fact.triple.object, dates):
                made.update(dict.fromkeys(_annotated(fact.triple, notes)))
    kept = [t for t in made if _kept(t.object, dates)]
    if dates != "keep":
        kept = [Triple(t.subject, t.predicate, _as_string(t.object)) for t in kept]
    return [*kept, *_declarations(kept)]


def _header(about: Iterable[tuple[str, NamedNode | Literal]]) -> Iterator[Triple]:
    dataset = NamedNode(DATASET)
    yield Triple(dataset, _TYPE, NamedNode(OWL + "Ontology"))
    for predicate, value in about:
        yield Triple(dataset, NamedNode(predicate), value)
        if predicate == OWL + "versionInfo" and isinstance(value, Literal):
            yield Triple(dataset, NamedNode(OWL + "versionIRI"), NamedNode(f"{DATASET}/{value.value}"))


def _facts(context: Context, asserted_only: bool) -> Iterator[Triple]:
    """The facts; instead of the parts of a claim, a label that says what is claimed."""
    claimed: dict[Term, dict[NamedNode, Term]] = {}
    for t in context.triples(asserted_only=asserted_only):
        if t.predicate in _CLAIMED:
            claimed.setdefault(t.subject, {})[t.predicate] = t.object
        else:
            yield t
    for node, parts in claimed.items():
        words = " ".join(context.things.label(parts.get(part)) for part in _CLAIMED)
        yield Triple(node, _LABEL, Literal(words, language="en"))  # type: ignore[arg-type]


def _notes(fact: Fact, context: Context, rule: str) -> Iterator[tuple[NamedNode, NamedNode | Literal]]:
    """On what a fact rests, as annotations."""
    if fact.receipts:
        yield _SOURCE, NamedNode(fact.receipts[0].passage)
        yield _COMMENT, Literal(quoted(fact.receipts[0], context.things))
    elif fact.source:
        yield _SOURCE, NamedNode(fact.source)
    elif rule:
        yield _COMMENT, Literal(f"follows by the rule {rule}")


def _annotated(t: Triple, notes: Iterable[tuple[NamedNode, NamedNode | Literal]]) -> Iterator[Triple]:
    """An axiom with its annotations (Mapping to RDF Graphs, §2.2)."""
    notes = list(notes)
    key = " ".join(map(str, [t, *(value for _, value in notes)]))
    axiom = BlankNode(f"axiom{hashlib.sha256(key.encode()).hexdigest()[:20]}")
    yield Triple(axiom, _TYPE, NamedNode(OWL + "Axiom"))
    for name, part in zip(_ANNOTATED, (t.subject, t.predicate, t.object), strict=True):
        yield Triple(axiom, name, part)
    for predicate, value in notes:
        yield Triple(axiom, predicate, value)


def _kept(term: Term, dates: str) -> bool:
    return dates != "omit" or not isinstance(term, Literal) or term.datatype.value in DATATYPES


def _as_string(term: Term) -> Term:
    outside = isinstance(term, Literal) and term.datatype.value not in DATATYPES
    return Literal(term.value) if outside else term  # type: ignore[union-attr]


def _declarations(triples: list[Triple]) -> Iterator[Triple]:
    """The types of classes, properties and individuals that have none (Structural Specification §5.8)."""
    members: dict[Term, set[Term]] = {}
    for t in triples:
        if t.predicate == _TYPE:
            members.setdefault(t.object, set()).add(t.subject)
    of_objects, of_data, of_notes = (members.get(kind, set()) for kind in _PROPERTIES)
    classes = {c for c in members if isinstance(c, NamedNode) and not c.value.startswith(_RESERVED)}
    individuals = set[Term]().union(*(members[c] for c in classes))
    individuals |= {end for t in triples if t.predicate in of_objects for end in (t.subject, t.object)}
    individuals |= {t.subject for t in triples if t.predicate in of_data}
    declared: dict[str, Iterable[Term]] = {
        "Class": classes - members.get(NamedNode(OWL + "Class"), set()),
        "AnnotationProperty": {t.predicate for t in triples} - of_objects - of_data - of_notes,
        "NamedIndividual": individuals,
    }
    for kind, found in declared.items():
        for node in found:
            if isinstance(node, NamedNode) and not node.value.startswith(_RESERVED):
                yield Triple(node, _TYPE, NamedNode(OWL + kind))
