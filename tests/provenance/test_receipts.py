"""Receipts: on what each fact stands."""

from collections import Counter
from pathlib import Path

import pytest
from folders import FIRST, with_first_article
from pyoxigraph import Literal, NamedNode, Triple

from kg.graph import Graph
from kg.provenance.receipts import ASSERTED, BACKED, COMPUTED, INFERRED, REPORTED, Mentioned, Receipt, place, quoted
from kg.rdf.namespaces import ARTICLE, ENT, ID, RDF_TYPE, SKOS, XSD
from kg.source.layout import GraphFolder

TINY = f"{ARTICLE}2020-03-norland#"
NORLAND = NamedNode(ID + "norland")


def test_a_receipt(small: Graph) -> None:
    assert small.receipts.passage(NamedNode(TINY + "opinion")) == Receipt(
        "“Westland opposes Norland,” said Ada Holm.",
        "2020-03-norland",
        TINY + "opinion",
        39,
        81,
        (ID + "ada-holm",),
    )


SAID = {
    "article.txt": "Ada Holm said in Sund on 3 May: “It rains.”\n",
    "facts.trig": """\
@prefix ent: <https://w3id.org/entente/ontology#> .
@prefix id: <https://w3id.org/entente/id/> .
@prefix p: <https://w3id.org/entente/article/2020-05-rain#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

<https://w3id.org/entente/article/2020-05-rain> a ent:Article ; ent:readingDate "2020-05-04"^^xsd:date .
p:rain a ent:Passage ;
    ent:speaker id:ada-holm ; ent:saidAt id:speech ; ent:quote "“It rains.”" ; ent:readWith p:speech .
p:rain { id:sund a ent:City . }
p:speech a ent:Passage ; ent:quote "Ada Holm said in Sund on 3 May" .
p:speech {
    id:speech a ent:Statement ; rdfs:label "said in Sund"@en WHERE_AND_WHEN .
    id:sund a ent:City ; rdfs:label "Sund"@en .
    id:ada-holm a ent:Person ; rdfs:label "Ada Holm"@en .
}
""",
}


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ('; ent:place id:sund ; ent:date "2020-05-03"^^xsd:date', "Ada Holm, Sund, 3 May 2020, "),
        ('; ent:date "2020-05"^^xsd:gYearMonth , "2020-05-03"^^xsd:date', "Ada Holm, 3 May 2020, "),
        ("", "Ada Holm, said in Sund, "),
    ],
)
def test_a_receipt_tells_where_and_when_it_was_said(facts: str, said: str, tmp_path: Path) -> None:
    folder = with_first_article(tmp_path, ("ontology", "shapes", "queries"))
    article = folder / "kg" / "articles" / "2020-05-rain"
    article.mkdir()
    for name, text in SAID.items():
        (article / name).write_text(text.replace("WHERE_AND_WHEN", facts), encoding="utf-8", newline="\n")
    graph = Graph(GraphFolder(str(folder)))
    receipt = graph.receipts.passage(NamedNode(f"{ARTICLE}2020-05-rain#rain"))
    assert receipt
    assert place(receipt, graph.things) == f"{said}2020-05-rain, characters 32–43"
    assert "occasion" not in receipt.json()


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
    assert (said.status, [r.speakers for r in said.receipts]) == (REPORTED, [(ID + "ada-holm",)])


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
