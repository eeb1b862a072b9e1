"""Attribution: what a triple rests on, and which of several passages are chosen."""

import pytest
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, RdfFormat, Store, Triple, parse

from kg.graph import Graph
from kg.provenance.attribution import Attributor
from kg.provenance.receipts import Attribution, Note
from kg.provenance.witness.algebra import AbsentPattern, Aggregate, WitnessItem
from kg.rdf.namespaces import (
    ARTICLE,
    BACKGROUND,
    CLAIM,
    DCTERMS,
    ENT,
    ID,
    INFERRED_GRAPH,
    ONTOLOGY_GRAPH,
    RDF,
    RDFS,
    XSD,
)
from kg.reasoning.derivations import Derivation

PREFIXES = f"""
@prefix a: <{ARTICLE}a#> . @prefix b: <{BACKGROUND}> . @prefix claim: <{CLAIM}> . @prefix dcterms: <{DCTERMS}> .
@prefix ent: <{ENT}> . @prefix id: <{ID}> . @prefix rdf: <{RDF}> . @prefix rdfs: <{RDFS}> . @prefix xsd: <{XSD}> .
"""
PASSAGE = "a:{0} a ent:Passage ; ent:article <{1}a> ; ent:quote '{0}' ; ent:textStart {2} ; ent:textEnd {3} .\n"
PLACES = {"one": (0, 50), "inner": (10, 20), "far": (500, 600), "near": (60, 70), "leaning": (51, 58)}
FACTS = f"""
a:aside a ent:Aside ; ent:article <{ARTICLE}a> ; ent:quote "By the way." ; ent:textStart 80 ; ent:textEnd 91 .
<{ARTICLE}a> a ent:Article ; ent:readingDate "2020-01-01"^^xsd:date .
a:leaning ent:readWith a:far .
a:one {{ id:x ent:p id:y . }}
a:inner {{ id:x ent:q id:y ; a ent:State . }}
a:far {{ id:x ent:q id:y ; rdfs:label "X" . }}
a:near {{ id:x rdfs:label "X" . }}
a:leaning {{ id:x rdfs:label "X" . }}
b:codes a ent:Background ; dcterms:source <https://example.org/codes> .
b:codes {{ id:x ent:code "X" . }}
claim:c ent:passage a:far ; rdf:subject id:x .
<{INFERRED_GRAPH}> {{ id:y ent:inverse id:x . id:y ent:lonely id:x ; ent:middle id:x . }}
<{ONTOLOGY_GRAPH}> {{ ent:p rdfs:subPropertyOf ent:r . }}
"""


def node(name: str) -> NamedNode:
    return NamedNode(name.replace("a:", f"{ARTICLE}a#").replace("id:", ID).replace("ent:", ENT))


def quad(subject: str, predicate: str, value: str, graph: str = "") -> Quad:
    parts = (node(subject), node(predicate), node(value) if ":" in value else Literal(value))
    return Quad(*parts, node(graph)) if graph else Quad(*parts)


STEPS = {
    quad("id:y", "ent:inverse", "id:x").triple: [
        Derivation("prp-inv1", (quad("id:x", "ent:p", "id:y").triple, quad("id:y", "ent:middle", "id:x").triple)),
        Derivation("prp-inv2", (quad("id:x", "ent:q", "id:y").triple,)),
    ],
    quad("id:y", "ent:middle", "id:x").triple: [Derivation("prp-inv1", (quad("id:x", "ent:code", "X").triple,))],
}


@pytest.fixture(scope="module")
def attributor() -> Attributor:
    store = Store()
    passages = "".join(PASSAGE.format(name, ARTICLE, *place) for name, place in PLACES.items())
    quads = list(parse(PREFIXES + passages + FACTS, format=RdfFormat.TRIG))
    store.extend(quads)
    store.extend(Quad(q.subject, q.predicate, q.object) for q in quads if q.graph_name != NamedNode(ONTOLOGY_GRAPH))
    return Attributor(store, lambda triple: STEPS.get(triple, []))


def names(found: Attribution) -> list[str]:
    return [p.rpartition("#")[2] for p in found.passages]


def test_an_asserted_triple_rests_on_a_passage(attributor: Attributor) -> None:
    found = attributor.of_triple(quad("id:x", "ent:p", "id:y").triple)
    assert names(found) == ["one"]
    assert [(r.text, r.article, r.start, r.end, r.speakers) for r in found.receipts] == [("one", "a", 0, 50, ())]
    assert found.notes == ()


def test_what_a_passage_is_read_with_comes_along(attributor: Attributor) -> None:
    found = attributor.of_witness([quad("id:x", "rdfs:label", "X", "a:leaning")])
    assert names(found) == ["leaning"]
    assert [r.text for r in found.receipts] == ["leaning", "far"]


def test_passages_that_only_name_or_classify_are_known_where_others_say_more(attributor: Attributor) -> None:
    labelled = quad("id:x", f"{RDFS}label", "X", "a:near")
    found = attributor.of_witness([quad("id:x", "ent:p", "id:y"), labelled])
    assert (names(found), [p.rpartition("#")[2] for p in found.naming]) == (["one", "near"], ["near"])
    assert attributor.of_witness([labelled]).naming == frozenset()


def test_an_inferred_triple_rests_on_all_its_premises(attributor: Attributor) -> None:
    found = attributor.of_triple(quad("id:y", "ent:inverse", "id:x").triple)
    assert (names(found), found.notes) == (["one"], (Note("background", "https://example.org/codes"),))
    every = attributor.of_witness([quad("id:y", "ent:inverse", "id:x")], every=True)
    assert names(every) == ["one", "inner", "far"]


def test_a_computed_day_rests_on_its_date(shipped: Graph) -> None:
    (day,) = shipped.store.quads_for_pattern(node("id:s-400-deal"), node("ent:earliest"), None, DefaultGraph())
    assert names(shipped.context.attributor.of_triple(day.triple)) == ["s-400"]


@pytest.mark.parametrize(
    ("item", "passages", "kinds"),
    [
        (quad("id:x", "ent:code", "X"), [], ["background"]),
        (quad("id:x", "ent:code", "X", f"{BACKGROUND}codes"), [], ["background"]),
        (quad(f"{CLAIM}c", f"{RDF}subject", "id:x"), ["far"], []),
        (quad("a:near", f"{ENT}textStart", "60"), ["near"], []),
        (quad("a:aside", f"{ENT}reason", "It says nothing."), ["aside"], []),
        (quad(f"{ARTICLE}a", "ent:readingDate", "2020-01-01"), [], ["article"]),
        (quad("id:nobody", "ent:p", "id:y"), [], ["data"]),
        (quad("id:y", "ent:lonely", "id:x", INFERRED_GRAPH), [], ["data"]),
        (quad("id:x", "ent:p", "id:y", "https://example.org/graph"), [], ["data"]),
        (quad("ent:p", f"{RDFS}subPropertyOf", "ent:r", ONTOLOGY_GRAPH), [], ["ontology"]),
        (AbsentPattern("{ ?x ?y ?z }"), [], ["absence"]),
        (Aggregate("COUNT(?x)", 2, ""), [], ["aggregate"]),
    ],
)
def test_other_witnesses(attributor: Attributor, item: WitnessItem, passages: list[str], kinds: list[str]) -> None:
    found = attributor.of_witness([item])
    assert (names(found), [note.kind for note in found.notes]) == (passages, kinds)


def test_what_describes_is_noted_only_where_nothing_says_more(attributor: Attributor) -> None:
    article = quad(f"{ARTICLE}a", "ent:readingDate", "2020-01-01")
    assert attributor.of_witness([article, quad("id:x", "ent:p", "id:y")]).notes == ()
    assert [n.kind for n in attributor.of_witness([article, AbsentPattern("{}")]).notes] == ["absence"]
    assert [n.kind for n in attributor.of_witness([]).notes] == ["query"]


def test_rows_of_one_aggregate_are_counted_together(attributor: Attributor) -> None:
    counts = [Aggregate("COUNT(?x)", 2, "one"), Aggregate("COUNT(?x)", 2, "two"), Aggregate("MAX(?x)", 2, "")]
    assert [n.text for n in attributor.of_witness(counts).notes] == ["COUNT(?x) over 4 rows", "MAX(?x) over 2 rows"]


@pytest.mark.parametrize(
    ("text", "is_noted"), [("MAX(?x)", False), ("COUNT(?x)", True), ("HAVING (MIN(?x) > 1)", True)]
)
def test_of_one_row_nothing_is_chosen(attributor: Attributor, text: str, is_noted: bool) -> None:
    found = attributor.of_witness([Aggregate(text, 1, "")]).notes
    assert [n.kind for n in found] == (["aggregate"] if is_noted else ["query"])


P, Q, LABEL = ("id:x", "ent:p", "id:y"), ("id:x", "ent:q", "id:y"), ("id:x", f"{RDFS}label", "X")


@pytest.mark.parametrize(
    ("triples", "one", "every"),
    [
        ([P, Q], ["one", "inner"], ["one", "inner", "far"]),  # within what is quoted already
        ([P, LABEL], ["one", "near"], ["one", "leaning", "near", "far"]),  # understood by itself
        ([Q, LABEL], ["far"], ["inner", "far", "leaning", "near"]),  # one passage for both
        ([LABEL], ["near"], ["leaning", "near", "far"]),
    ],
)
def test_one_passage_for_each_triple_or_all(
    attributor: Attributor, triples: list[tuple[str, str, str]], one: list[str], every: list[str]
) -> None:
    quads = [quad(*t) for t in triples]
    assert names(attributor.of_witness(quads)) == one
    assert names(attributor.of_witness(quads, every=True)) == every


def test_a_witness_of_fewer_quotes_ranks_before_one_of_fewer_triples(attributor: Attributor) -> None:
    within = (quad(*P), quad(*Q), quad("id:x", f"{RDF}type", "ent:State"))
    apart = (quad(*P), quad(*LABEL))
    assert attributor.rank(within) == (1, 0, 3)
    assert attributor.rank(apart) == (2, 0, 2)


def test_every_inferred_triple_of_the_article_leads_to_a_quote_or_a_source(shipped: Graph) -> None:
    inferred = list(shipped.store.quads_for_pattern(None, None, None, NamedNode(INFERRED_GRAPH)))
    assert len(inferred) > 50
    for q in inferred:
        found = shipped.context.attributor.of_triple(Triple(q.subject, q.predicate, q.object))
        assert found.receipts or {n.kind for n in found.notes} == {"background"}, q
