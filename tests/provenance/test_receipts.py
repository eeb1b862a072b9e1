"""Receipts: on what each fact stands."""

from collections import Counter

import pytest
from folders import FIRST
from pyoxigraph import Literal, NamedNode, Triple

from kg.graph import Graph
from kg.provenance.receipts import ASSERTED, BACKED, COMPUTED, INFERRED, REPORTED, Mentioned, Receipt, quoted
from kg.rdf.namespaces import ARTICLE, ENT, ID, RDF_TYPE, SKOS, XSD

TINY = f"{ARTICLE}2020-03-norland#"
NORLAND = NamedNode(ID + "norland")


def test_a_receipt(small: Graph) -> None:
    assert small.receipts.passage(NamedNode(TINY + "opinion")) == Receipt(
        "“Westland opposes Norland,” said Ada Holm.",
        "2020-03-norland",
        TINY + "opinion",
        39,
        81,
        ID + "ada-holm",
    )


@pytest.mark.parametrize("iri", [ID + "norland", TINY + "unit-1", "http://example.org/"])
def test_what_is_no_passage_has_no_receipt(iri: str, small: Graph) -> None:
    assert small.receipts.passage(NamedNode(iri)) is None


def test_every_receipt_is_in_the_text(shipped: Graph) -> None:
    (read,) = shipped.build.evidence
    receipts = [shipped.receipts.passage(NamedNode(passage.iri)) for passage in read.passages]
    assert len(receipts) > 30
    assert [r for r in receipts if r is None or read.article.text[r.start : r.end] != r.text] == []


@pytest.mark.parametrize(
    ("predicate", "value", "status"),
    [
        (ENT + "backs", NamedNode(ID + "sudland"), ASSERTED),
        (SKOS + "notation", Literal("NOR"), BACKED),
        (RDF_TYPE, NamedNode(ENT + "Actor"), INFERRED),
    ],
)
def test_on_what_a_fact_stands(predicate: str, value: NamedNode | Literal, status: str, small: Graph) -> None:
    fact = small.receipts.fact(Triple(NORLAND, NamedNode(predicate), value))
    assert fact.status == status
    assert [r.passage for r in fact.receipts] == ([TINY + "backing"] if status == ASSERTED else [])
    assert fact.source == ("https://example.org/codes" if status == BACKED else "")


def test_a_bound_is_computed(small: Graph) -> None:
    day = Literal("2015-01-01", datatype=NamedNode(XSD + "date"))
    bound = Triple(NamedNode(ID + "backing-of-sudland"), NamedNode(ENT + "earliestStart"), day)
    assert bound in small.triples()
    assert small.receipts.fact(bound).status == COMPUTED


def test_what_others_say_of_a_thing_comes_with_the_speaker(small: Graph) -> None:
    (said,) = small.receipts.claims_about(NORLAND)
    assert said.triple == Triple(NamedNode(ID + "westland"), NamedNode(ENT + "opposes"), NORLAND)
    assert (said.status, [r.speaker for r in said.receipts]) == (REPORTED, [ID + "ada-holm"])


def test_a_passage_comes_with_those_that_it_is_read_with(shipped: Graph) -> None:
    name = f"{ARTICLE}{FIRST}#"
    passages = [
        r.passage.removeprefix(name) for r in shipped.receipts.with_companions(NamedNode(name + "turkey-backs-fsa"))
    ]
    assert passages == ["turkey-backs-fsa", "opposing-sides", "regime-allies"]


def test_a_receipt_says_what_words_mean_that_name_nobody(shipped: Graph) -> None:
    receipt = shipped.receipts.passage(NamedNode(f"{ARTICLE}{FIRST}#ceremony"))
    assert receipt is not None
    things = (ID + "recep-tayyip-erdogan", ID + "vladimir-putin")
    assert receipt.mentions == (Mentioned("The two presidents", things),)
    assert receipt.json()["mentions"] == [{"text": "The two presidents", "things": things}]
    meaning = "“The two presidents” means Recep Tayyip Erdogan and Vladimir Putin"
    assert quoted(receipt, shipped.things).endswith(f"characters 534–718), where {meaning}")
    assert meaning in shipped.show("id:akkuyu-ground-breaking").text(200)


def test_every_asserted_fact_has_a_quote_and_none_other_has(shipped: Graph) -> None:
    facts = [shipped.receipts.fact(t) for t in shipped.triples() if str(t.subject).startswith(f"<{ID}")]
    assert {f.status for f in facts} == {ASSERTED, BACKED, INFERRED, COMPUTED}
    assert all(bool(f.receipts) == (f.status == ASSERTED) and bool(f.source) == (f.status == BACKED) for f in facts)
    assert Counter(f.status for f in facts)[ASSERTED] > 200
