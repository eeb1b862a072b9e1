"""Receipts inside the graph itself: a claim for each fact, and selectors that find each quote (model, rule 26).

In a flat format the named graphs are gone, and with them what each fact stands on. Claims bring it back:

- what an article says: an `ent:Claim` with its passage, one for each passage; as reported speech has it anyway,
  which alone has `ent:claimedBy`;
- background: a claim with `prov:hadPrimarySource`;
- what was inferred or computed: a claim with `ent:rule`, the rule's name in OWL 2 RL or `bounds`, and
  `prov:wasDerivedFrom` each claim of each premise.

Each passage is an `oa:SpecificResource` whose selectors (W3C Web Annotation Data Model, §4.2.4 and §4.2.5) count code
points. Selectors have IRIs, `…#name.quote` and `…#name.position`, since blank nodes would have no stable names.
"""

import hashlib
import os
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode, Triple

from kg.dataset.build import claim
from kg.errors import InputError
from kg.export.rows import FactRows
from kg.provenance.context import Context
from kg.provenance.receipts import ASSERTED, BACKED, REPORTED, Fact, Receipt
from kg.rdf.namespaces import ARTICLE, CLAIM, ENT, OA, PROV, RDF, RDF_TYPE, XSD
from kg.source import documents
from kg.source.article import Passage

if TYPE_CHECKING:
    from kg.findings import Finding
    from kg.reasoning.derivations import Derivation

AROUND = 32  # code points before and after a quote, for tools that look for it in a changed copy of the text
_TYPE = NamedNode(RDF_TYPE)


def claim_triples(context: Context, *, asserted_only: bool = False) -> Iterator[Triple]:
    """What turns facts into claims with receipts. Raises InputError where an article's text has changed."""

    facts = FactRows(context, asserted_only=asserted_only)
    yield from claims(facts.rows(), context.derivations)
    yield from selectors(context, (r[0] for r in facts.passages.values()))


def claims(facts: Iterable[Fact], derivations: "Mapping[Triple, Derivation]") -> Iterator[Triple]:
    """A claim for each fact that has none yet."""
    nodes: dict[Triple, dict[NamedNode, None]] = {}
    derived: list[Triple] = []
    for fact in facts:
        if fact.status == REPORTED:
            continue  # compiled to claims already
        if fact.status in (ASSERTED, BACKED):
            made = list(claim(fact.triple, _passage(fact.receipts[0])) if fact.receipts else _backed(fact))
        else:
            made = list(_statement(fact.triple, derivations[fact.triple].rule))
            derived.append(fact.triple)
        nodes.setdefault(fact.triple, {})[made[0].subject] = None  # type: ignore[index]
        yield from made
    for triple in derived:
        yield from _derived(nodes, triple, derivations[triple])


def _passage(receipt: Receipt) -> Passage:
    return Passage(receipt.passage, receipt.text, receipt.start, receipt.end, speaker=receipt.speaker)


def _statement(t: Triple, key: str) -> Iterator[Triple]:
    """A claim that rests on no passage; `key` tells it from other claims of the same triple."""
    text = " ".join(map(str, (t.subject, t.predicate, t.object, key)))
    node = NamedNode(CLAIM + hashlib.sha256(text.encode()).hexdigest()[:20])
    yield Triple(node, _TYPE, NamedNode(ENT + "Claim"))
    yield Triple(node, NamedNode(RDF + "subject"), t.subject)
    yield Triple(node, NamedNode(RDF + "predicate"), t.predicate)
    yield Triple(node, NamedNode(RDF + "object"), t.object)


def _backed(fact: Fact) -> Iterator[Triple]:
    made = list(_statement(fact.triple, fact.source))
    yield from made
    if fact.source:
        yield Triple(made[0].subject, NamedNode(PROV + "hadPrimarySource"), NamedNode(fact.source))


def _derived(nodes: dict[Triple, dict[NamedNode, None]], triple: Triple, derivation: "Derivation") -> Iterator[Triple]:
    for node in nodes[triple]:
        yield Triple(node, NamedNode(ENT + "rule"), Literal(derivation.rule))
        for premise in (p for t in derivation.premises for p in nodes.get(t, ())):
            yield Triple(node, NamedNode(PROV + "wasDerivedFrom"), premise)


def selectors(context: Context, receipts: Iterable[Receipt]) -> Iterator[Triple]:
    """For each passage, a selector by quote and one by position."""
    texts: dict[str, str] = {}
    for receipt in receipts:
        if receipt.article not in texts:
            texts[receipt.article] = _text(context, receipt.article)
        yield from _selectors(receipt, texts[receipt.article])


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
