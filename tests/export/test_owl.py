"""`kg export --owl` is one ontology in OWL 2 DL, in which nothing that is only reported is an axiom."""

from collections.abc import Iterable

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, parse

from kg.dataset.lexicon import LEXICAL
from kg.export import owl
from kg.graph import Graph
from kg.provenance.receipts import Receipt, quoted
from kg.rdf.namespaces import DATASET, DCTERMS, ENT, ID, OWL, PROV, RDF, RDF_TYPE, RDFS, RDFS_LABEL, SKOS, XSD
from kg.rdf.terms import Term

TYPE, HEADER = NamedNode(RDF_TYPE), NamedNode(DATASET)
PROPERTIES = [NamedNode(OWL + name) for name in ("ObjectProperty", "DatatypeProperty", "AnnotationProperty")]
CLAIMED = {RDF + part for part in ("subject", "predicate", "object")}
FORMATS = {
    "turtle": RdfFormat.TURTLE,
    "ntriples": RdfFormat.N_TRIPLES,
    "jsonld": RdfFormat.JSON_LD,
    "rdfxml": RdfFormat.RDF_XML,
}


def exported(graph: Graph, name: str = "ntriples", **options: bool | str) -> set[Triple]:
    data = graph.export(name, owl=True, **options)  # type: ignore[arg-type]
    return {q.triple for q in parse(data, format=FORMATS[name])}


def members(triples: Iterable[Triple], kind: str) -> set[Term]:
    return {t.subject for t in triples if t.predicate == TYPE and t.object == NamedNode(kind)}


def reserved(term: Term) -> bool:
    return str(term).startswith((f"<{OWL}", f"<{RDF}", f"<{RDFS}"))


@pytest.fixture(params=["graph", "odd"])
def each(request: pytest.FixtureRequest) -> Graph:
    found: Graph = request.getfixturevalue(request.param)
    return found


@pytest.mark.parametrize("claims", [False, True])
def test_each_format_has_the_same_ontology(each: Graph, claims: bool) -> None:
    sizes = {name: len(exported(each, name, claims=claims)) for name in FORMATS}
    assert len(set(sizes.values())) == 1


def test_it_has_one_header_with_the_metadata_of_the_dataset(graph: Graph) -> None:
    triples = exported(graph)
    assert members(triples, OWL + "Ontology") == {HEADER}
    about: dict[str, set[str]] = {}
    for t in triples:
        if t.subject == HEADER:
            about.setdefault(t.predicate.value, set()).add(getattr(t.object, "value", ""))
    assert about[OWL + "versionIRI"] == {f"{DATASET}/{version}" for version in about[OWL + "versionInfo"]}
    assert about[DCTERMS + "conformsTo"] == {"https://w3id.org/entente/ontology/0.1.0"}
    assert about[PROV + "wasDerivedFrom"] == {evidence.iri for evidence in graph.build.evidence}
    assert {DCTERMS + name for name in ("creator", "issued", "modified", "license", "title")} <= about.keys()


@pytest.mark.parametrize("claims", [False, True])
def test_all_names_are_declared_as_one_kind_of_thing(each: Graph, claims: bool) -> None:
    triples = exported(each, claims=claims)
    of_objects, of_data, of_notes = (members(triples, kind.value) for kind in PROPERTIES)
    assert len(of_objects | of_data | of_notes) == len(of_objects) + len(of_data) + len(of_notes)
    assert {t.predicate for t in triples if not reserved(t.predicate)} <= of_objects | of_data | of_notes
    assert {t.predicate.value for t in triples} >= {SKOS + "definition", DCTERMS + "title", ENT + "textStart"}
    instances = [t for t in triples if t.predicate == TYPE and not reserved(t.object)]
    assert {t.object for t in instances} <= members(triples, OWL + "Class")
    ends = {end for t in triples if t.predicate in of_objects for end in (t.subject, t.object)}
    subjects = {t.subject for t in triples if t.predicate in of_data}
    assert ends | subjects | {t.subject for t in instances} == members(triples, OWL + "NamedIndividual")


@pytest.mark.parametrize("claims", [False, True])
def test_no_fact_uses_reserved_words(each: Graph, claims: bool) -> None:
    named = [t for t in exported(each, claims=claims) if isinstance(t.subject, NamedNode)]
    facts = [t for t in named if not str(t.subject).startswith((f"<{ENT}", f"<{DATASET}"))]
    assert {t.predicate.value for t in facts if reserved(t.predicate)} == {RDF_TYPE, RDFS_LABEL}


def test_dates_are_strings_or_left_out_or_kept(odd: Graph) -> None:
    found = {how: exported(odd, dates=how) for how in ("string", "omit", "keep")}
    kinds = {
        how: {t.object.datatype.value for t in triples if isinstance(t.object, Literal)}
        for how, triples in found.items()
    }
    assert kinds["string"] | kinds["omit"] <= owl.DATATYPES
    assert {XSD + "gYearMonth", XSD + "date"} <= kinds["keep"] - owl.DATATYPES
    started = {how: [t.object for t in triples if t.predicate.value == ENT + "start"] for how, triples in found.items()}
    date = Literal("2019-12", datatype=NamedNode(XSD + "gYearMonth"))
    assert started == {"string": [Literal("2019-12")], "omit": [], "keep": [date]}


@pytest.mark.parametrize("asserted_only", [False, True])
def test_it_has_the_facts_and_the_terms(each: Graph, asserted_only: bool) -> None:
    found = exported(each, dates="keep", asserted_only=asserted_only)
    facts = {t for t in each.triples(asserted_only=asserted_only) if t.predicate.value not in CLAIMED}
    assert facts <= found
    header = NamedNode(ENT.rstrip("#"))
    terms = {t for t in each.build.ontology if BlankNode not in map(type, t) and t.subject != header}
    said = {t for t in terms if t.predicate.value in LEXICAL}
    assert terms - said <= found
    assert not said & found


def test_what_is_only_reported_is_a_label_and_no_axiom(graph: Graph) -> None:
    found = exported(graph, claims=True)
    reported = {t for e in graph.build.evidence for p in e.reported for t in p.triples} - set(graph.triples())
    assert reported
    assert not reported & found
    labels = {t.object for t in found if t.predicate.value == RDFS_LABEL and t.subject in members(found, ENT + "Claim")}
    said = (" ".join(map(graph.things.label, (t.subject, t.predicate, t.object))) for t in reported)
    assert {Literal(words, language="en") for words in said} <= labels


def test_with_claims_each_axiom_has_what_it_rests_on(graph: Graph) -> None:
    found = exported(graph, claims=True, dates="keep")
    about: dict[Term, dict[str, list[Term]]] = {a: {} for a in members(found, OWL + "Axiom")}
    for t in found:
        if t.subject in about:
            about[t.subject].setdefault(t.predicate.value, []).append(t.object)
    parts = [OWL + f"annotated{part}" for part in ("Source", "Property", "Target")]
    annotated = {Triple(*(a[part][0] for part in parts)): a for a in about.values()}  # type: ignore[arg-type]
    assert annotated.keys() <= found
    described = {t for t in graph.triples() if t.predicate.value in CLAIMED or t.predicate.value.startswith(DCTERMS)}
    stated = {t for e in graph.build.evidence for p in e.passages if not p.speakers for t in p.triples}
    assert stated - described <= annotated.keys()
    assert graph.build.inferred <= annotated.keys()
    passage = next(p for e in graph.build.evidence for p in e.passages if p.iri.endswith("#s-400"))
    receipt = Receipt(passage.quote, "2018-04-turkey-russia", passage.iri, passage.start, passage.end, ())
    sold = annotated[Triple(NamedNode(ID + "s-400-deal"), NamedNode(ENT + "seller"), NamedNode(ID + "russia"))]
    assert sold[PROV + "hadPrimarySource"] == [NamedNode(passage.iri)]
    assert sold[RDFS + "comment"] == [Literal(quoted(receipt, graph.things))]
    leads = annotated[
        Triple(NamedNode(ID + "bashar-al-assad"), NamedNode(ENT + "leads"), NamedNode(ID + "assad-regime"))
    ]
    assert leads[RDFS + "comment"] == [Literal("follows by the rule prp-spo2")]
    assert all(a.keys() & {RDFS + "comment", PROV + "hadPrimarySource"} for a in about.values())
