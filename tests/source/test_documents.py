"""Files become text and quads, or findings with a place."""

import re
from pathlib import Path

import pytest
from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode

from kg.errors import InputError, LimitError, UsageError
from kg.findings import Finding
from kg.source import documents
from kg.source.documents import SYNTAX
from kg.source.layout import GraphFolder

TURTLE = "@prefix : <http://example.org/> .\n:a :b 'c' , [ :d 1.10 ] .\n"


def test_a_sound_folder_is_read_whole(tiny: GraphFolder) -> None:
    found = documents.load_sources(tiny)
    assert found.findings == []
    assert [a.name for a in found.articles] == ["2020-03-norland"]
    assert [len(x) for x in (found.ontology, found.shapes, found.background)] == [1, 1, 1]
    assert "ontology/words.ttl" in [d.path for d in found.ontology]


@pytest.mark.parametrize(
    ("data", "rule", "place"),
    [
        (b"\xef\xbb\xbfx", "byte-order-mark", (1, 1)),
        (b"ab\ncd\xff", "encoding", (2, 3)),
        (b"ab\ncd\r\n", "line-endings", (2, 3)),
    ],
)
def test_text_that_is_not_as_it_should_be(data: bytes, rule: str, place: tuple[int, int]) -> None:
    found = documents.text_problem("a.txt", data)
    assert found is not None
    assert (found.rule, found.line, found.column) == (rule, *place)


def test_one_bad_file_does_not_hide_the_others(tiny: GraphFolder) -> None:
    Path(tiny.ontology, "a.ttl").write_text("<a> <b> .")
    Path(tiny.ontology, "b.ttl").write_bytes(b"\xff")
    found = documents.load_sources(tiny)
    assert [(f.file, f.rule) for f in found.findings] == [("ontology/a.ttl", "syntax"), ("ontology/b.ttl", "encoding")]
    assert len(found.ontology) == 1
    assert found.articles


def test_a_syntax_error_has_its_place() -> None:
    findings: list[Finding] = []
    assert documents.parse_text("x.ttl", "\n\n<http://a> <http://b> ,", findings) is None
    assert [(f.rule, f.line, f.column) for f in findings] == [("syntax", 3, 23)]
    assert "line" not in findings[0].message


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (f'VERSION "1.2"\n{TURTLE}', 1),
        (f'{TURTLE}version # which?\n "1.1"\n', 3),
        (f'{TURTLE}@version "1.2" .\n', 3),
    ],
)
def test_a_source_states_no_version_of_rdf(text: str, line: int, tiny: GraphFolder) -> None:
    Path(tiny.ontology, "x.ttl").write_text(text)
    found = documents.load_sources(tiny)
    assert [(f.file, f.rule, f.line, f.column) for f in found.findings] == [("ontology/x.ttl", "syntax", line, 1)]


def test_a_version_in_a_string_or_a_comment_is_none(tiny: GraphFolder) -> None:
    Path(tiny.ontology, "x.ttl").write_text(f'{TURTLE}:version :b \'VERSION "1.2"\' . # VERSION "1.2"\n')
    assert documents.load_sources(tiny).findings == []


def test_a_link_to_a_place_outside_is_not_followed(tiny: GraphFolder, tmp_path: Path) -> None:
    (tmp_path / "outside.ttl").write_text(TURTLE)
    Path(tiny.ontology, "link.ttl").symlink_to(tmp_path / "outside.ttl")
    assert [f.rule for f in documents.load_sources(tiny).findings] == ["outside"]


def test_an_article_without_facts_is_a_finding(tiny: GraphFolder) -> None:
    Path(tiny.articles, "2020-03-norland", "facts.trig").unlink()
    found = documents.load_sources(tiny)
    assert [f.rule for f in found.findings] == ["missing-file"]
    assert found.articles == []


def test_a_file_beyond_all_measure_is_not_read(
    tiny: GraphFolder, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(documents, "MAX_BYTES", 20)
    assert {f.rule for f in documents.load_sources(tiny).findings} == {"too-large"}
    (tmp_path / "x.ttl").write_text(TURTLE)
    with pytest.raises(LimitError):
        documents.parse_file(str(tmp_path / "x.ttl"))


def test_two_reads_name_blank_nodes_alike_and_keep_lexical_forms() -> None:
    one, two = (documents.parse_text("x.ttl", TURTLE, []) for _ in range(2))
    assert one is not None
    assert two is not None
    assert one.quads == two.quads
    assert any(isinstance(q.subject, BlankNode) for q in one.quads)
    assert {q.object.value for q in one.quads if isinstance(q.object, Literal)} == {"c", "1.10"}


def test_a_finding_stands_on_the_object_of_its_triple() -> None:
    document = documents.parse_text("x.ttl", TURTLE, [])
    assert document is not None
    a, b = NamedNode("http://example.org/a"), NamedNode("http://example.org/b")
    found = document.finding(SYNTAX, "message", triple=(a, b, Literal("c")))
    assert (found.line, found.column, found.focus, found.value) == (2, 7, a.value, "c")


def test_files_that_users_name_may_have_a_byte_order_mark(tmp_path: Path) -> None:
    (tmp_path / "x.TTL").write_bytes(b"\xef\xbb\xbf" + TURTLE.encode())
    assert len(documents.parse_file(str(tmp_path / "x.TTL"))) == 3


RDF = 'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="http://e/"'


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a b.ttl", "<x> <http://e/p> <#y> ."),
        ("a b.trig", "{ <x> <http://e/p> <#y> }"),
        ("a b.jsonld", '{"@id": "x", "http://e/p": {"@id": "#y"}}'),
        (
            "a b.rdf",
            f'<rdf:RDF {RDF}><rdf:Description rdf:about="x"><e:p rdf:resource="#y"/></rdf:Description></rdf:RDF>',
        ),
    ],
)
def test_relative_iris_are_read_against_the_file(name: str, text: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text(text)
    (quad,) = documents.parse_file(str(tmp_path / name))
    assert quad.subject == NamedNode(f"{tmp_path.as_uri()}/x")
    assert quad.object == NamedNode(f"{(tmp_path / name).as_uri()}#y")


@pytest.mark.parametrize("none", ['xml:lang=""', "xml:lang=''", 'xml:lang = ""'])
def test_an_empty_language_in_xml_is_none(none: str, tmp_path: Path) -> None:
    values = f'<e:p>fr</e:p><e:p {none}>none</e:p><e:p xml:lang="de">de</e:p>'
    text = f'<rdf:RDF {RDF} xml:lang="fr"><rdf:Description rdf:about="x" {none} e:q="no"/>'
    text += f'<rdf:Description rdf:about="y">{values}</rdf:Description></rdf:RDF>'
    (tmp_path / "x.rdf").write_text(text)
    found = {str(quad.object) for quad in documents.parse_file(str(tmp_path / "x.rdf"))}
    assert found == {'"no"', '"fr"@fr', '"none"', '"de"@de'}


def test_n_triples_have_no_base(tmp_path: Path) -> None:
    (tmp_path / "x.nt").write_text("<x> <http://e/p> <http://e/o> .")
    with pytest.raises(InputError, match=r"x\.nt:1:"):
        documents.parse_file(str(tmp_path / "x.nt"))


def test_a_relative_iri_in_a_source_is_a_finding() -> None:
    findings: list[Finding] = []
    assert documents.parse_text("kg/facts.trig", "<http://e/a>\n  <b> <http://e/c> .", findings) is None
    (found,) = findings
    assert (found.line, found.column, found.message) == (2, 3, "a relative IRI")
    assert "@base" in found.hint


def test_data_in_a_named_graph(tmp_path: Path) -> None:
    path = tmp_path / "x.trig"
    path.write_text("{ <urn:a> <urn:p> 1 } <urn:g> { <urn:a> <urn:p> 2 }")
    (tmp_path / "a=b.ttl").write_text("<urn:a> <urn:p> 3 .")
    quads, graphs = documents.parse_data([f"urn:h?a=b={path}", str(tmp_path / "a=b.ttl")])
    named = {q.object.value: q.graph_name for q in quads if isinstance(q.object, Literal)}
    assert named == {"1": NamedNode("urn:h?a=b"), "2": NamedNode("urn:g"), "3": DefaultGraph()}
    assert graphs == [NamedNode("urn:h?a=b")]
    with pytest.raises(UsageError, match="“g” is no absolute IRI"):
        documents.parse_data([f"g={path}"])


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("x.csv", "a,b", r"the ending \.csv is none of"),
        ("missing.ttl", None, "cannot read the file"),
        ("x.ttl", "<http://a> <http://b> ,", r"x\.ttl:1:23: error"),
        ("x.nt", "<http://a b> <http://b> <http://c> .", r"x\.nt:1:"),
        ("x.rdf", "<no-rdf", r"x\.rdf:1:1: error: the XML is ill-formed"),
        ("x.rdf", "<no-rdf/>", r"x\.rdf: error"),  # the parser gives no place, and none is made up
        ("x.jsonld", '{"@context": "http://schema.org/"}', r"x\.jsonld: error: the file names a context elsewhere"),
        ("x.jsonld", "{", r"x\.jsonld:1:"),
    ],
)
def test_files_that_users_name_and_nobody_can_read(name: str, text: str | None, says: str, tmp_path: Path) -> None:
    if text is not None:
        (tmp_path / name).write_text(text)
    with pytest.raises(InputError) as caught:
        documents.parse_file(str(tmp_path / name))
    assert re.search(says, str(caught.value))


def test_standard_input_has_no_ending() -> None:
    with pytest.raises(InputError) as caught:
        documents.parse_file("-")
    assert caught.value.hint == "the ending says the format: write the data to a file"


def test_an_article_from_bytes_is_that_of_its_folder(tiny: GraphFolder) -> None:
    folder = Path(tiny.articles) / "2020-03-norland"
    findings: list[Finding] = []
    text, facts = ((folder / name).read_bytes() for name in ("article.txt", "facts.trig"))
    (read,) = documents.load_sources(tiny).articles
    assert documents.article_from_bytes("2020-03-norland", text, facts, findings) == read
    assert findings == []


@pytest.mark.parametrize(
    ("name", "text", "facts", "found"),
    [
        ("a#b", b"x", b"", ["kg/articles/a#b name"]),
        ("a", None, b"<x:s> <x:p> <x:o> .", ["kg/articles/a/article.txt missing-file"]),
        ("a", b"x", None, ["kg/articles/a/facts.trig missing-file"]),
        ("a", b"\xff", b"<x:s> <x:p>", ["kg/articles/a/article.txt encoding", "kg/articles/a/facts.trig syntax"]),
        ("a", b"-", b"<x:s> <x:p> <x:o> .", ["kg/articles/a/article.txt empty"]),
        ("a", b"x" * (documents.MAX_TEXT + 1), b"<x:s> <x:p> <x:o> .", ["kg/articles/a/article.txt too-large"]),
    ],
)
def test_an_article_from_bytes_that_cannot_be_read(
    name: str, text: bytes | None, facts: bytes | None, found: list[str]
) -> None:
    findings: list[Finding] = []
    assert documents.article_from_bytes(name, text, facts, findings) is None
    assert [f"{f.file} {f.rule}" for f in findings] == found
