"""Terms go to rdflib and come back unchanged."""

import pytest
import rdflib
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Triple

from kg.rdf import terms
from kg.rdf.namespaces import RDF, XSD
from kg.rdf.terms import from_node, from_rdflib, rdflib_dataset, rdflib_graph, to_rdflib

A, B = NamedNode("http://example.org/a"), NamedNode("http://example.org/b")


@pytest.mark.parametrize(
    "term",
    [
        A,
        BlankNode("x1"),
        Literal("plain “words”\n"),
        Literal("Türkiye", language="tr"),
        Literal("01", datatype=NamedNode(XSD + "integer")),
        Literal("1.10", datatype=NamedNode(XSD + "decimal")),
        Literal("2018-01-01Z", datatype=NamedNode(XSD + "date")),
        Literal("2017-12", datatype=NamedNode(XSD + "gYearMonth")),
        Literal("not a date", datatype=NamedNode(XSD + "date")),
    ],
)
def test_there_and_back(term: NamedNode | BlankNode | Literal) -> None:
    assert from_node(to_rdflib(term)) == term


@pytest.mark.parametrize(
    "term",
    [
        A,
        NamedNode("http://example.org/ü"),
        BlankNode("x1"),
        BlankNode("0f"),
        Literal('“a”\\\n\r\t\b\f\x01\x7f "\u00a0\U0001f600'),
        Literal("Türkiye", language="TR"),
        Literal("01", datatype=NamedNode(XSD + "integer")),
        Triple(A, B, Literal("a b\n", language="en")),
        Triple(BlankNode("x1"), B, Triple(A, B, A)),
    ],
)
def test_a_term_is_written_as_a_file_has_it(term: terms.Term) -> None:
    assert f"{terms.text(A)} {terms.text(B)} {terms.text(term)} .\n" == terms.n_quads([Triple(A, B, term)])
    assert terms.term(terms.text(term)) == term
    assert list(terms.parsed(terms.n_quads([Triple(A, B, term)]))) == [Triple(A, B, term)]


def test_a_plain_string_has_no_datatype_in_rdflib() -> None:
    assert to_rdflib(Literal("x")) == rdflib.Literal("x")


def test_what_is_no_triple_of_rdf_is_nothing() -> None:
    subject, predicate = rdflib.Literal("x"), rdflib.URIRef("http://example.org/p")
    assert from_rdflib(subject, predicate, subject) is None
    assert from_rdflib(rdflib.URIRef("no iri"), predicate, subject) is None
    assert from_rdflib(rdflib.URIRef("http://example.org/a"), rdflib.BNode(), subject) is None


def test_triples_within_triples_are_refused() -> None:
    with pytest.raises(TypeError, match=r"RDF 1\.2"):
        to_rdflib(Triple(A, B, A))


def test_the_default_graph_is_not_the_union_of_the_named_ones() -> None:
    dataset = rdflib_dataset([Quad(A, B, A), Quad(A, B, B, A)])
    assert len(dataset.default_graph) == 1
    assert len(dataset.graph(rdflib.URIRef(A.value))) == 1
    assert dataset.default_union is False


def test_a_graph_has_each_triple_once() -> None:
    assert len(rdflib_graph([Triple(A, B, A), Triple(A, B, A)])) == 1


def test_rdflib_does_not_parse_html(monkeypatch: pytest.MonkeyPatch) -> None:
    kind = NamedNode(RDF + "HTML")
    monkeypatch.setitem(rdflib.term._toPythonMapping, rdflib.URIRef(kind.value), lambda text: pytest.fail("parsed"))
    node = to_rdflib(Literal("<b>" * 8, datatype=kind))
    assert (str(node), node.datatype, node.value) == ("<b>" * 8, rdflib.RDF.HTML, None)
    assert not node.ill_typed
    assert from_node(node) == Literal("<b>" * 8, datatype=kind)
