"""Every RDF format, read back by two readers, is the graph that was written, to the last lexical form."""

import re
from collections.abc import Iterator

import pytest
import rdflib
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import (
    CanonicalizationAlgorithm,
    Dataset,
    DefaultGraph,
    Literal,
    NamedNode,
    Quad,
    RdfFormat,
    Triple,
    parse,
)

from kg.errors import InputError, UsageError
from kg.export import serialize
from kg.graph import Graph
from kg.rdf.namespaces import (
    DATASET,
    DCTERMS,
    ENT,
    ID,
    INFERRED_GRAPH,
    ONTOLOGY_GRAPH,
    RDF,
    RDF_TYPE,
    RDFS_LABEL,
    SD,
    SKOS,
    VOID,
    XSD,
)
from kg.rdf.terms import from_node

OXIGRAPH = {
    "turtle": RdfFormat.TURTLE,
    "ntriples": RdfFormat.N_TRIPLES,
    "rdfxml": RdfFormat.RDF_XML,
    "jsonld": RdfFormat.JSON_LD,
    "trig": RdfFormat.TRIG,
    "nquads": RdfFormat.N_QUADS,
}
RDFLIB = {
    "turtle": "turtle",
    "ntriples": "nt",
    "rdfxml": "xml",
    "jsonld": "json-ld",
    "trig": "trig",
    "nquads": "nquads",
}
# rdflib uses what it deprecates itself.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:rdflib")
FLAT = ("turtle", "ntriples", "rdfxml", "jsonld")


@pytest.fixture(autouse=True)
def _lexical_forms_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rdflib, "NORMALIZE_LITERALS", False)


def by_oxigraph(data: bytes, name: str) -> set[Quad]:
    return set(parse(data, format=OXIGRAPH[name]))


def by_rdflib(data: bytes, name: str) -> set[Quad]:
    dataset = rdflib.Dataset()
    dataset.parse(data=data, format=RDFLIB[name])
    return set(_quads(dataset))


def _quads(dataset: rdflib.Dataset) -> Iterator[Quad]:
    for s, p, o, g in dataset.quads():
        subject, predicate, value = map(from_node, (s, p, o))
        graph = DefaultGraph() if g is None or g == rdflib.URIRef("urn:x-rdflib:default") else NamedNode(str(g))
        yield Quad(subject, predicate, value, graph)  # type: ignore[arg-type]


def canonical(quads: set[Quad]) -> set[str]:
    dataset = Dataset(quads)
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return set(map(str, dataset))


def flat(triples: list[Triple]) -> set[Quad]:
    return {Quad(t.subject, t.predicate, t.object) for t in triples}


def without_description(quads: set[Quad]) -> set[Quad]:
    return {q for q in quads if not is_description(q)}


def is_description(q: Quad) -> bool:
    """Whether a quad says something of the dataset, its files and graphs, or of what these are said to have."""
    foreign = (SD + "name", VOID + "triples", SKOS + "prefLabel")
    kinds = [NamedNode(DCTERMS + name) for name in ("LicenseDocument", "MediaType", "Standard")]
    whole = isinstance(q.graph_name, DefaultGraph) and str(q.subject).startswith(f"<{DATASET}")
    return whole or q.predicate.value in foreign or q.object in kinds


@pytest.mark.parametrize("which", ["graph", "odd"])
@pytest.mark.parametrize("name", FLAT)
def test_two_readers_find_the_default_graph(name: str, which: str, request: pytest.FixtureRequest) -> None:
    graph: Graph = request.getfixturevalue(which)
    data = graph.export(name)
    found = by_oxigraph(data, name)
    assert without_description(found) == flat(graph.triples())
    assert by_rdflib(data, name) == found


@pytest.mark.parametrize("name", ["turtle", "rdfxml", "jsonld", "trig"])
def test_two_readers_find_the_claims(name: str, odd: Graph) -> None:
    data = odd.export(name, claims=True)
    lines_of_it = by_oxigraph(odd.export("nquads" if name == "trig" else "ntriples", claims=True), "nquads")
    assert canonical(by_oxigraph(data, name)) == canonical(lines_of_it)
    assert canonical(by_rdflib(data, name)) == canonical(lines_of_it)


@pytest.mark.parametrize("which", ["graph", "odd"])
@pytest.mark.parametrize("name", ["trig", "nquads"])
def test_two_readers_find_the_whole_dataset(name: str, which: str, request: pytest.FixtureRequest) -> None:
    graph: Graph = request.getfixturevalue(which)
    data = graph.export(name)
    found = without_description(by_oxigraph(data, name))
    assert canonical(found) == canonical(set(graph.quads))
    assert canonical(without_description(by_rdflib(data, name))) == canonical(found)


@pytest.mark.parametrize("name", sorted(OXIGRAPH))
def test_asserted_only_leaves_out_what_was_inferred(name: str, graph: Graph) -> None:
    inferred = {q.triple for q in graph.quads if q.graph_name == NamedNode(INFERRED_GRAPH)}
    found = by_oxigraph(graph.export(name, claims=True, asserted_only=True), name)
    assert inferred
    assert not inferred & {q.triple for q in found if q.graph_name != NamedNode(ONTOLOGY_GRAPH)}
    assert flat(graph.triples(asserted_only=True)) <= found


@pytest.mark.parametrize("claims", [False, True])
@pytest.mark.parametrize("name", sorted(OXIGRAPH))
def test_nothing_reported_is_asserted(name: str, claims: bool, graph: Graph) -> None:
    stated = graph.build.asserted.keys() | set(graph.build.inferred)
    reported = {t for e in graph.build.evidence for p in e.reported for t in p.triples} - stated
    assert reported
    assert not reported & {q.triple for q in by_oxigraph(graph.export(name, claims=claims), name)}


def test_a_label_that_is_a_formula_and_odd_numbers_keep_their_forms(odd: Graph) -> None:
    forms = {t.object.value for t in odd.triples() if t.predicate.value == ENT + "number"}  # type: ignore[union-attr]
    assert forms == {"01", "+1", "1.10", "-7", "2E+010", "1", "true"}
    text = odd.export("turtle").decode()
    assert 'ent:number "+1"^^xsd:integer , -7 , "01"^^xsd:integer , ' in text


def test_turtle_is_pleasant(graph: Graph) -> None:
    text = graph.export("turtle").decode()
    head, _, first = text.partition("\n\n")
    assert head.startswith("@prefix article:")
    assert first.startswith(f"<{DATASET}> a ")
    for line in head.splitlines():
        assert text.count(f"{line.split()[1]}") > 1, f"unused: {line}"
    assert re.search(r"\n\nid:turkey a ent:Actor , ent:Place , ent:State ;\n    rdfs:label \"Turkey\"@en ;\n", text)
    assert text.index("\nid:turkey a ") < text.index("\nturkey-russia:aim a ") < text.index("\nclaim:")
    assert "\t" not in text
    assert text.endswith(" .\n")


def test_trig_has_one_graph_per_passage(graph: Graph) -> None:
    text = graph.export("trig").decode()
    assert "\nturkey-russia:s-400 {\n    id:" in text
    assert (
        text.index("\nturkey-russia:aim {")
        < text.index(f"\n<{INFERRED_GRAPH}> {{")
        < text.index(f"<{ONTOLOGY_GRAPH}> {{")
    )


def test_articles_with_like_names_have_prefixes_of_their_own() -> None:
    article = NamedNode(ENT + "Article")
    names = ("2018-summit", "2019-summit", "2020", "2021-ent")
    triples = [Triple(NamedNode(f"https://w3id.org/entente/article/{n}"), NamedNode(RDF_TYPE), article) for n in names]
    assert list(serialize.article_prefixes(triples)) == [
        "summit",
        "article-2019-summit",
        "article-2020",
        "article-2021-ent",
    ]


def test_an_unknown_format_is_a_usage_error(graph: Graph) -> None:
    with pytest.raises(UsageError, match="no format xlsx"):
        graph.export("xlsx")


A = "http://example.org/a#"
iris = st.sampled_from(
    [A + "x", A + "1", A + "", "urn:x:y", ID + "turkey", ID + "a/b", ENT + "date", ENT + "a.b.", ID + "é"]
)
predicates = st.sampled_from([RDF_TYPE, RDFS_LABEL, ENT + "date", ENT + "backer", A + "p", RDF + "_1"])
literals = st.one_of(
    st.builds(Literal, st.text(max_size=8)),
    st.builds(lambda v, tag: Literal(v, language=tag), st.text(max_size=4), st.sampled_from(["en", "de-at"])),
    st.builds(
        lambda v, kind: Literal(v, datatype=NamedNode(kind)),
        st.sampled_from(["01", "1", "-0", "+2", "true", "1e5", "2018", " 1 ", ""]),
        st.sampled_from([XSD + "integer", XSD + "boolean", XSD + "gYear", XSD + "double", A + "kind"]),
    ),
)
triples = st.lists(
    st.builds(
        lambda s, p, o: Triple(NamedNode(s), NamedNode(p), NamedNode(o) if isinstance(o, str) else o),
        iris,
        predicates,
        st.one_of(iris, literals),
    ),
    max_size=8,
)


@given(triples)
def test_any_triples_survive_turtle_and_json_ld(made: list[Triple]) -> None:
    assert by_oxigraph(serialize.turtle(made).encode(), "turtle") == flat(made)
    assert by_oxigraph(serialize.jsonld(made, []).encode(), "jsonld") == flat(made)
    assert by_oxigraph(serialize.lines(made), "ntriples") == flat(made)


@given(triples)
def test_rdf_xml_carries_triples_whole_or_refuses_them(made: list[Triple]) -> None:
    if any(_no_xml(t) for t in made):
        with pytest.raises(InputError):
            serialize.rdfxml(made)
    else:
        assert by_oxigraph(serialize.rdfxml(made).encode(), "rdfxml") == flat(made)


def _no_xml(t: Triple) -> bool:
    bad_class = t.predicate.value == RDF_TYPE and t.object in (NamedNode(A + "1"), NamedNode(A))
    bad_text = isinstance(t.object, Literal) and any(
        (c < " " and c not in "\t\n\r") or c in "\ufffe\uffff" for c in t.object.value
    )
    return bad_class or bad_text


@pytest.mark.parametrize(
    ("predicate", "value", "message"),
    [
        (A + "p", Literal("bell\x07"), r"U\+0007 in the http://example.org/a#p of id:turkey"),
        (A + "1", Literal("x"), "cannot write http://example.org/a#1"),
        (RDF + "li", Literal("x"), "cannot write rdf:li"),
        (RDF_TYPE, NamedNode(A + "1"), "cannot write http://example.org/a#1"),
    ],
)
def test_rdf_xml_refuses_what_xml_cannot_carry(predicate: str, value: Literal | NamedNode, message: str) -> None:
    with pytest.raises(InputError, match=message):
        serialize.rdfxml([Triple(NamedNode(ID + "turkey"), NamedNode(predicate), value)])


def test_rdf_xml_keeps_carriage_returns() -> None:
    triple = Triple(NamedNode(A + "x"), NamedNode(A + "p"), Literal("a\r\nb\rc"))
    assert by_oxigraph(serialize.rdfxml([triple]).encode(), "rdfxml") == flat([triple])
