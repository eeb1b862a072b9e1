"""The places of triples: the same triples as the strict parser reads, and each part where it is written."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import (
    BlankNode,
    CanonicalizationAlgorithm,
    Dataset,
    DefaultGraph,
    Literal,
    NamedNode,
    Quad,
    RdfFormat,
    parse,
)

from kg.errors import InputError
from kg.rdf.positions import Position, locate, positions
from kg.rdf.tokens import tokenize

DOCUMENTS = {
    "one triple": "<a:s> <a:p> <a:o> .",
    "no space at all": '@prefix p:<a:>.p:s p:p p:o,1,"x"@en;a<a:C>;p:q .5.',
    "prefixes in both styles": "@prefix p: <a:> . PREFIX : <b:> pReFiX é.x: <c:>\np:s :p é.x:o . : p: : .",
    "a prefix declared again": "@prefix p: <a:> . p:s p:p p:o . @prefix p: <b:> . p:s p:p p:o .",
    "bases": "@base <http://h/a/b?q#f> . <> <c> <../d>, <#e>, <?f>, <//g/h>, <i:j>, <./k/../l> .\n"
    "BASE <m/> <n> a <o> . PREFIX p: <p#> BASE <http://z> <q> p:r p:s .",
    "escapes in names": r"@prefix p: <a:> . p:a\,b p:%20c p:d\~e.f, p:g:h, p:1, p:a\/b .",
    "escapes in IRIs and strings": r'<a:\u00e9> <a:p> "t\tn\nq\"b\\ \u00e9\U0001F600", <a:\U0001F600> .',
    "short quotes": """<a:s> <a:p> "it's", 'so "so"', "", '', '\\'' .""",
    "long quotes": """<a:s> <a:p> '''it's ''\n''', '''''' , """ + '"""two "" \n lines""", """""" .',
    "languages": '<a:s> <a:p> "a"@en, "b"@DE-ch-1996, "c" @fr, "d"@en--ltr, "e"@base, "f"@prefix .',
    "datatypes": '@prefix x: <http://www.w3.org/2001/XMLSchema#> . <a:s> <a:p> "2017-12"^^x:gYearMonth, '
    '"01" ^^ # a comment\n x:integer, "z^^x:y", "x"^^<http://www.w3.org/2001/XMLSchema#string> .',
    "numbers": "<a:s> <a:p> 1, 007, -1, +2, 1.50, .5, -.5, 1e3, 1.E3, 1.5e-3, .5E+1 .",
    "booleans": "<a:s> <a:p> true, false . <a:t> <a:p> true.",
    "lists of predicates and objects": "<a:s> <a:p> 1 , 2 ; <a:q> 3 ;; a <a:C> ; . <a:t> a <a:C> ; ; .",
    "labelled blank nodes": "_:a <a:p> _:b.c, _:9 . _:b.c <a:p> _:a . _:anonymous1 <a:p> [] .",
    "blank node property lists": "[] <a:p> [ ], [ <a:q> [ a <a:C> ; <a:r> 1, 2 ; ] ] .\n"
    "[ <a:p> 1 ] . [ <a:p> 1 ] <a:q> 2 .",
    "collections": "() <a:p> () , ( 1 ) , ( 'a' ( [] <a:x> ) [ <a:p> () ] ) .\n( 1 2 ) <a:q> 3 . ( [] ) a <a:C> .",
    "graphs": "<a:g> { <a:s> a <a:C> . <a:t> a <a:C> } GRAPH <a:h> { <a:s> a <a:C> . } <a:s> a <a:D> .\n"
    "graph<a:g>{<a:u> a <a:C>;} <a:i> {} { } { <a:v> a <a:C> } _:g { _:g a _:g } [] { [] <a:p> [ <a:q> 1 ] }",
    "declarations between graphs": "<a:g> { <a:s> a 1 } @prefix p: <b:> . p:g { p:s a 1 }\n"
    "BASE <http://h/> <x> { <y> a <> }",
    "comments everywhere": '#1\n<a:s>#2\n<a:p>#3 "\n"#4"#5\n@en#6\n;#7\n<a:q>#8\n[#9\n]#10\n.#11',
    "a version": 'VERSION "1.2" @version "1.2" . <a:s> <a:p> 1 .',
    "an article": """@prefix ent: <https://w3id.org/entente/ontology#> .
@prefix id:  <https://w3id.org/entente/id/> .
@prefix p:   <https://w3id.org/entente/article/2018-04-turkey-russia#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

p:s400 a ent:Passage ;                  # this article and its passages
    ent:quote "Ankara and Moscow finalised an agreement to purchase Russia’s S-400 system." ;
    ent:dateWords "In December" .
p:s400 {                                # what this passage supports
    id:s-400-deal a ent:ArmsDeal ;
        ent:buyer id:turkey ; ent:seller id:russia ; ent:item id:s-400 ;
        ent:date "2017-12"^^xsd:gYearMonth .
    id:s-400 a ent:MissileDefenceSystem .
}
p:empty { }
p:crimea a ent:Passage ; ent:quote "Russia’s 2014 annexation of Crimea" .
p:crimea { id:s-400 ent:item id:crimea . }
""",
}
ARTICLE = DOCUMENTS["an article"]


def parsed(text: str) -> list[Quad]:
    return [quad for quad in parse(text, format=RdfFormat.TRIG) if isinstance(quad, Quad)]


def as_quads(places: list[Position]) -> list[Quad]:
    return [
        Quad(place.triple.subject, place.triple.predicate, place.triple.object, place.graph or DefaultGraph())
        for place in places
    ]


def canonical(quads: list[Quad]) -> Dataset:
    dataset = Dataset(quads)
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return dataset


def written_as(term: object, text: str) -> bool:
    """Can `text`, a token, be the beginning of what is written for this term?"""
    if isinstance(term, Literal):
        return text[0] in "\"'" or text == term.value
    if isinstance(term, NamedNode):
        local = re.sub(r"\\(.)", r"\1", text.partition(":")[2])
        return text in ("a", "(", ")") or text.startswith("<") or (":" in text and term.value.endswith(local))
    return True  # a blank node may stand for a bracket, or for an item of a collection


@pytest.mark.parametrize("text", DOCUMENTS.values(), ids=DOCUMENTS)
def test_the_triples_are_those_of_the_strict_parser(text: str) -> None:
    places = list(positions(text))
    assert len(places) == len(parsed(text))
    assert canonical(as_quads(places)) == canonical(parsed(text))


@pytest.mark.parametrize("text", DOCUMENTS.values(), ids=DOCUMENTS)
def test_each_part_is_where_it_is_written(text: str) -> None:
    tokens = {token.start: token.text for token in tokenize(text) if token.kind not in ("space", "comment")}
    for place in positions(text):
        assert written_as(place.triple.subject, tokens[place.subject_at])
        assert written_as(place.triple.object, tokens[place.object_at])
        if place.triple.predicate.value.rpartition("#")[2] not in ("first", "rest"):
            assert written_as(place.triple.predicate, tokens[place.predicate_at])


def test_the_places_of_a_collection() -> None:
    text = "<a:s> <a:p> ( 1 [] ) ."
    places = [(place.subject_at, place.predicate_at, place.object_at) for place in positions(text)]
    assert places == [(12, 14, 14), (12, 16, 16), (16, 16, 16), (16, 19, 19), (0, 6, 12)]


def test_the_labels_of_blank_nodes_are_stable_and_new() -> None:
    text = DOCUMENTS["labelled blank nodes"]
    assert as_quads(list(positions(text))) == as_quads(list(positions(text + " ")))[: len(parsed(text))]
    assert Quad(BlankNode("anonymous1"), NamedNode("a:p"), BlankNode("anonymousx1")) in as_quads(list(positions(text)))


def test_depth_does_no_harm() -> None:
    text = "<a:s> <a:p> " + "(" * 20_000 + ")" * 20_000 + " ."
    assert len(list(positions(text))) == 39_999


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("<a:s> <a:p>\n <<( <a:s> <a:p> <a:o> )>> .", "2:2"),
        ("<a:s> <a:p> p:o .", "1:13"),
        ("<a:s> <a:p> ( 1 ] .", "1:17"),
        ("<a:s> <a:p> ] .", "1:13"),
        ("<a:s> SELECT 1 .", "1:7"),
        ("<a:s> <a:p> ?x .", "1:13"),
        ('<a:s> <a:p> "a .', "1:13"),
        ("<a:s> 1 2 .", "1:7"),
        ("<s> <a:p> 1 .", "1:1"),
        ("@prefix p:", "1:11"),
    ],
)
def test_what_is_not_turtle_is_refused_with_its_place(text: str, where: str) -> None:
    with pytest.raises(InputError) as caught:
        list(positions(text))
    assert caught.value.where == where


SUBJECTS = st.sampled_from(["<a:s>", "p:s", "_:s", "p:s.t", "p:"])
PREDICATES = st.sampled_from(["<a:p>", "p:p", "a", r"p:\-p"])
OBJECTS = st.one_of(
    SUBJECTS,
    st.sampled_from(['"é"@en', "'x'^^p:d", '"""a"b"""', "true", "[]", "()"]),
    st.integers().map(str),
    st.from_regex(r"[+-]?[0-9]*\.[0-9]+([eE][+-]?[0-9]+)?", fullmatch=True, alphabet=st.characters(codec="ascii")),
)
GRAPHS = st.sampled_from(["", "p:g", "<a:g>", "GRAPH p:h", "_:g"])
BLOCKS = st.lists(st.tuples(GRAPHS, st.lists(st.tuples(SUBJECTS, PREDICATES, OBJECTS), max_size=4)), max_size=4)


@given(BLOCKS, st.sampled_from([" ", "\n", " # <c> \n"]))
def test_simple_documents_part_by_part(blocks: list[tuple[str, list[tuple[str, str, str]]]], gap: str) -> None:
    text = f"@prefix p: <b:> .{gap}"
    written = []
    for graph, triples in blocks:
        text += f"{graph}{gap}{{{gap}"
        for triple in triples:
            text += gap.join(triple) + f"{gap}.{gap}"
            written.append(triple)
        text += f"}}{gap}"
    places = list(positions(text))
    assert canonical(as_quads(places)) == canonical(parsed(text))
    for place, parts in zip(places, written, strict=True):
        starts = (place.subject_at, place.predicate_at, place.object_at)
        assert all(text.startswith(part + gap, at) for part, at in zip(parts, starts, strict=True))


def ent(name: str) -> NamedNode:
    return NamedNode(f"https://w3id.org/entente/ontology#{name}")


def thing(name: str) -> NamedNode:
    return NamedNode(f"https://w3id.org/entente/id/{name}")


def passage(name: str) -> NamedNode:
    return NamedNode(f"https://w3id.org/entente/article/2018-04-turkey-russia#{name}")


def at(text: str, occurrence: int = 0) -> tuple[int, int]:
    """The line and column of a stretch of the article."""
    offset = [match.start() for match in re.finditer(re.escape(text), ARTICLE)][occurrence]
    return ARTICLE.count("\n", 0, offset) + 1, offset - ARTICLE.rfind("\n", 0, offset)


DEAL, S400 = thing("s-400-deal"), thing("s-400")


@pytest.mark.parametrize(
    ("wanted", "place"),
    [
        pytest.param((passage("s400"), DEAL, ent("seller"), thing("russia")), at("id:russia"), id="the triple"),
        pytest.param((None, DEAL, ent("seller"), thing("russia")), at("id:russia"), id="the triple in any graph"),
        pytest.param((passage("s400"), DEAL, ent("seller"), thing("iran")), at("ent:seller"), id="its predicate"),
        pytest.param((passage("s400"), DEAL, ent("seller"), None), at("ent:seller"), id="no object asked for"),
        pytest.param((passage("s400"), DEAL, ent("price"), None), at("id:s-400-deal"), id="its subject"),
        pytest.param((passage("crimea"), DEAL, ent("buyer"), None), at("ent:buyer"), id="in another graph"),
        pytest.param((None, S400, None, None), at("id:s-400 a"), id="where the subject opens a triple"),
        pytest.param((passage("crimea"), S400, None, None), at("id:s-400 ent:item"), id="the subject in the graph"),
        pytest.param((None, None, None, thing("crimea")), at("id:crimea"), id="an object alone"),
        pytest.param((None, None, ent("dateWords"), None), at("ent:dateWords"), id="a predicate alone"),
        pytest.param((None, passage("s400"), None, None), at("p:s400 a"), id="a passage"),
        pytest.param((DefaultGraph(), passage("crimea"), None, None), at("p:crimea a"), id="in the default graph"),
        pytest.param((passage("crimea"), None, None, None), at("id:s-400 ent:item"), id="a graph alone"),
        pytest.param((passage("empty"), None, None, None), at("p:empty {"), id="an empty graph"),
        pytest.param((passage("s400"), thing("x"), None, None), at("p:s400 {"), id="an unknown subject"),
        pytest.param((None, thing("x"), None, None), None, id="nothing at all"),
        pytest.param((passage("x"), None, None, None), None, id="an unknown graph"),
    ],
)
def test_the_best_place_for_a_finding(
    wanted: tuple[NamedNode | None, NamedNode | None, NamedNode | None, NamedNode | None],
    place: tuple[int, int] | None,
) -> None:
    assert locate(ARTICLE, *wanted) == place


def test_a_passage_without_a_graph_is_found_where_it_is_described() -> None:
    assert locate("\n<a:g> a <a:Passage> .", NamedNode("a:g")) == (2, 1)


def test_columns_count_code_points() -> None:
    assert locate(
        '<a:s> <a:p> "😀é", 1 .',
        object=Literal("1", datatype=NamedNode("http://www.w3.org/2001/XMLSchema#integer")),
    ) == (1, 19)
