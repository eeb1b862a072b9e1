"""Hygiene of questions: each rule has a query that breaks it, at a marked place, and one that does not."""

from pathlib import Path

import pytest
from marked import unmark
from pyoxigraph import Literal, NamedNode, Quad, Store

from kg.dataset import golden
from kg.dataset.golden import Answers
from kg.findings import Finding
from kg.source.documents import Document, load_sources
from kg.source.layout import GraphFolder
from kg.validation import queries
from kg.validation.ontology import Axioms

ROOT = Path(__file__).parents[2]
TERMS = "State Passage Background backs readingDate readingOrder article"
TURTLE = "@prefix ent: <https://w3id.org/entente/ontology#> . @prefix owl: <http://www.w3.org/2002/07/owl#> .\n"
TURTLE += "".join(f"ent:{term} a {'owl:Class' if term == 'State' else 'ent:Term'} .\n" for term in TERMS.split())
ONTOLOGY = Axioms([Document("ontology/x.ttl", TURTLE, ())])
HEAD = """\
#+ summary: Who backs whom?
#+ description: One row per backer and backed.
#+ parameters:
#+   - {name: backer, type: State, default: "id:norland"}
#+ columns: [backer, backed]
#+ tags: [sides]
"""
PREFIX = "PREFIX ent: <https://w3id.org/entente/ontology#>\nPREFIX id: <https://w3id.org/entente/id/>\n"
BODY = """
SELECT DISTINCT ?backer ?backed
WHERE {
  VALUES ?backer { id:norland }
  ?backer ent:backs ?backed .
}
ORDER BY ?backer ?backed
"""
GOOD = HEAD + PREFIX + BODY


def findings(folder: Path, text: str, name: str = "who-backs") -> list[Finding]:
    """What is found in a query by itself, by pyoxigraph and by rdflib."""
    (folder / "queries").mkdir(exist_ok=True)
    (folder / "queries" / f"{name}.rq").write_bytes(text.encode())
    asked, found = queries.read_queries(GraphFolder(str(folder)))
    for question in asked:
        found += queries.check_query(question, ONTOLOGY)
        found += queries.in_rdflib([(question.text.path, question.text.text)] if not question.fault else [])
    return found


def changed(*edits: tuple[str, str]) -> str:
    text = GOOD
    for old, new in edits:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text


def test_a_sound_query(tmp_path: Path) -> None:
    assert findings(tmp_path, GOOD) == []


HEADS = [
    ("#+ summary: Who backs whom?", "#+ summary: ⟦Who⟧ backs whom", "query-head", "the summary is no question"),
    ("#+ summary: Who backs whom?\n", "", "query-head", "the summary is no question"),
    ("#+ summary: Who", "#+ summary: Who⟦:⟧ or who", "query-head", "the head is no YAML: mapping values are not"),
    ("#+ tags: [sides]", "#+ tags: &t [⟦*t⟧]", "query-head", "the head is no YAML: an alias"),
    ("#+ tags: [sides]", "#+ tags: ⟦sides⟧", "query-head", "the tags are no list"),
    ("#+ tags: [sides]", "#+ tags: [sides, ⟦sides⟧]", "query-head", "“sides” is listed twice in tags"),
    ("[backer, backed]", "[backer, backed, ⟦on⟧]", "query-head", "“True” in columns is no text"),
    ("[backer, backed]", "⟦[backed, backer]⟧", "query-columns", "columns are backed, backer; the SELECT gives backer,"),
    ("[backer, backed]", "⟦[backer]⟧", "query-columns", "the columns are backer; the SELECT gives backer, backed"),
    ('- {name: backer, type: State, default: "id:norland"}', "⟦who⟧", "query-head", "the parameters are no list"),
    ("{name: backer, type: State", "⟦{⟧type: State, name: backer", "query-parameter", "a name, a type and a default"),
    ("type: State,", "type: ⟦Stat⟧,", "query-parameter", "there is no type Stat"),
    ('default: "id:norland"', "default: ⟦3⟧", "query-parameter", "the default 3 is no text"),
    ("{name: backer", "{name: ⟦by⟧", "query-parameter", "the parameter by has no VALUES block"),
    (
        "{ id:norland }",
        "{ ⟦id:sudland⟧ }",
        "query-parameter",
        "default of backer is id:norland in the head, and id:sud",
    ),
    ("{ id:norland }", "{ ⟦UNDEF⟧ }", "query-parameter", "the default of backer is id:norland in the head, and UNDEF"),
    ('"id:norland"', "any", "query-parameter", "the default of backer is any in the head, and id:norland here"),
]


@pytest.mark.parametrize(("old", "new", "rule", "message"), HEADS)
def test_a_head_that_is_unsound(old: str, new: str, rule: str, message: str, tmp_path: Path) -> None:
    text, place = unmark(changed((old, new)))
    found = [f for f in findings(tmp_path, text) if f.rule == rule]
    assert any(message in f.message for f in found), found
    assert {f.file for f in found} == {"queries/who-backs.rq"}
    if place[0]:
        assert place in {(f.line, f.column) for f in found}
    assert {f.severity for f in found} == {"violation"}


def test_the_place_of_what_a_head_lacks(tmp_path: Path) -> None:
    [found] = findings(tmp_path, PREFIX + BODY)
    assert (found.line, found.column, found.message) == (1, 1, "the query has no head")
    [found] = [f for f in findings(tmp_path, GOOD.replace('default: "id:norland"', "default: any")) if f.line > 6]
    assert (found.line, found.column) == (12, 20)
    [found] = findings(tmp_path, GOOD.replace("#+ description: One row per backer and backed.\n", ""))
    assert (found.severity, found.line, found.message) == ("warning", 1, "there is no description")


def test_a_key_that_nothing_reads(tmp_path: Path) -> None:
    text, place = unmark(changed(("tags: [sides]", "tgas: ⟦[sides]⟧")))
    [found] = findings(tmp_path, text)
    assert (found.severity, found.line, found.column, found.hint) == ("warning", *place, "did you mean tags?")


def test_a_head_on_the_way_to_hang_a_parser(tmp_path: Path) -> None:
    for tags in ("[" * 20_000, "{? " * 5_000, "!!python/object:os.system []", "2018-13-45", "!!timestamp x"):
        found = findings(tmp_path, GOOD.replace("[sides]", tags))
        assert {f.rule for f in found} == {"query-head"}, tags[:20]


def test_two_parameters_of_one_name(tmp_path: Path) -> None:
    line = '#+   - {name: backer, type: State, default: "id:norland"}\n'
    text, place = unmark(GOOD.replace(line, line + line.replace("backer", "⟦backer⟧")))
    assert [(f.rule, f.line, f.column) for f in findings(tmp_path, text)] == [("query-parameter", *place)]


@pytest.mark.parametrize(
    ("kind", "default", "token"),
    [
        ("State", "id:norland", "<https://w3id.org/entente/id/norland>"),
        ("thing", "https://w3id.org/entente/id/norland", "id:norland"),
        ("State", "any", "UNDEF"),
        ("date", "2018-04-04", '"2018-04-04"^^<http://www.w3.org/2001/XMLSchema#date>'),
        ("integer", "3", "3"),
        ("string", "a } b", '"a } b"'),
    ],
)
def test_a_default_may_be_written_in_other_words(kind: str, default: str, token: str, tmp_path: Path) -> None:
    text = changed(
        ("type: State", f"type: {kind}"),
        ('default: "id:norland"', f'default: "{default}"'),
        ("{ id:norland }", f"{{ {token} }}"),
    )
    assert [f for f in findings(tmp_path, text) if "id: is not used" not in f.message] == []


TEXTS = [
    ("DISTINCT ?backer ?backed", "DISTINCT ?backer, ?ba⟦c⟧ked", "syntax", "this is no SPARQL 1.1 query"),
    ("?backer ent:backs ?backed .", "?backer ent:backs ?backed ⟦)⟧", "syntax", "unmatched )"),
    (
        "WHERE {\n  VALUES ?backer { id:norland }\n  ?backer ent:backs ?backed .\n}",
        "WHERE ⟦{⟧\n  VALUES ?backer { id:norland }\n  ?backer ent:backs ?backed .\n",
        "syntax",
        "unmatched {",
    ),
    ("ent:backs", "⟦ex:backs⟧", "query-prefix", "the prefix ex: is not declared"),
    ("PREFIX id:", "PREFIX ⟦ent:⟧ <urn:x>\nPREFIX id:", "query-prefix", "the prefix ent: is declared twice"),
    ("PREFIX id: <https", "PREFIX ⟦id:⟧ <http", "query-prefix", "id: stands for <http://w3id.org/entente/id/> here"),
    ("ent:backs", "⟦ent:baks⟧", "unknown-term", "the ontology declares no term ent:baks"),
    ("ent:backs", "⟦<https://w3id.org/entente/ontology#baks>⟧", "unknown-term", "no term ent:baks"),
    ("ent:backs", "⟦<http://www.w3.org/2000/01/rdf-schema#lable>⟧", "unknown-term", "rdfs:lable is no term"),
    ("SELECT DISTINCT", "⟦SELECT⟧", "query-distinct", "the outermost SELECT has no DISTINCT"),
    ("SELECT DISTINCT ?backer ?backed", "SELECT DISTINCT ⟦*⟧", "query-columns", "SELECT * does not name the columns"),
    ("ORDER BY ?backer ?backed", "ORDER BY ⟦?backer⟧", "query-order", "ORDER BY does not mention ?backed"),
    ("ORDER BY ?backer ?backed\n", "⟦⟧", "query-order", "ORDER BY does not mention ?backer, ?backed"),
    (
        "?backer ent:backs ?backed .\n}\nORDER BY ?backer ?backed",
        "OPTIONAL { ?backer ent:backs ?backed }\n}\nORDER BY ?backer STR(⟦?backed⟧)",
        "query-order",
        "STR of ?backed in ORDER BY is an error wherever ?backed is not bound",
    ),
    (
        "?backer ent:backs ?backed .",
        "{ SELECT ?backer (⟦COUNT⟧(?x) AS ?backed) { ?backer ent:backs ?x } GROUP BY ?backer }",
        "query-count",
        "COUNT without DISTINCT",
    ),
    (
        "?backer ent:backs ?backed",
        "GRAPH ⟦?g⟧ { ?backer ent:backs ?backed }",
        "query-graph",
        "GRAPH ?g may be any graph",
    ),
    ("?backer ent:backs ?backed", "GRAPH ⟦ent:backs⟧ { ?backer ent:backs ?backed }", "query-graph", "has no graph <"),
    ("?backer ent:backs ?backed", "⟦SERVICE⟧ <http://a/> { ?s ?p ?backed }", "query-reach", "may not use SERVICE"),
    ("WHERE", "⟦FROM⟧ <http://a/> WHERE", "query-reach", "a query may not use FROM"),
]


@pytest.mark.parametrize(("old", "new", "rule", "message"), TEXTS)
def test_a_text_that_is_unsound(old: str, new: str, rule: str, message: str, tmp_path: Path) -> None:
    text, place = unmark(changed((old, new)))
    found = [f for f in findings(tmp_path, text) if f.rule == rule and f.severity == "violation"]
    assert [(f.file, f.line, f.column) for f in found] == [("queries/who-backs.rq", *place)]
    assert message in found[0].message


def test_the_answer_is_rows(tmp_path: Path) -> None:
    text, place = unmark(HEAD + PREFIX + "⟦CONSTRUCT⟧ WHERE { ?s ent:backs id:norland }\n")
    found = [f for f in findings(tmp_path, text) if f.rule == "query-form"]
    assert [(f.message, f.line, f.column) for f in found] == [("the answer to a stored query is rows", *place)]


def test_a_hint_says_what_to_write(tmp_path: Path) -> None:
    assert findings(tmp_path, changed(("ent:backs", "ent:bakcs")))[0].hint == "did you mean ent:backs?"
    assert findings(tmp_path, changed(("ORDER BY ?backer ?backed\n", "")))[0].hint == "ORDER BY ?backer ?backed"
    assert findings(tmp_path, changed(("[backer, backed]", "[a]")))[0].hint == "columns: [backer, backed]"


def test_a_prefix_that_is_not_used(tmp_path: Path) -> None:
    text, place = unmark(changed(("PREFIX id:", "PREFIX ⟦rdf:⟧ <urn:x>\nPREFIX id:")))
    [found] = findings(tmp_path, text)
    assert (found.severity, found.rule, found.line, found.column) == ("warning", "query-prefix", *place)


@pytest.mark.parametrize(
    "text", ["SELECT * WHERE " + "{" * 300 + "}" * 300, "SELECT ?x { ?x ?p '" + "x" * 100_000 + "' }"]
)
def test_what_would_break_an_engine_is_shown_to_none(text: str, tmp_path: Path) -> None:
    [found] = findings(tmp_path, text)
    assert found.rule in ("query-depth", "query-size")
    assert (found.file, found.line) == ("queries/who-backs.rq", 0)


def test_what_one_engine_reads_and_the_other_does_not(tmp_path: Path) -> None:
    """rdflib's own limit of depth is far below that of pyoxigraph."""
    deep = "{" * 60 + " ?backer ent:backs ?backed . " + "}" * 60
    [found] = findings(tmp_path, changed(("?backer ent:backs ?backed .", deep)))
    assert (found.rule, found.severity) == ("rdflib", "violation")
    assert "nested too deeply" in found.message


@pytest.mark.parametrize("data", [b"\xef\xbb\xbf" + GOOD.encode(), GOOD.replace("\n", "\r\n").encode(), b"\xff"])
def test_a_file_that_is_no_plain_text(data: bytes, tmp_path: Path) -> None:
    (tmp_path / "queries").mkdir()
    (tmp_path / "queries" / "x.rq").write_bytes(data)
    asked, [found] = queries.read_queries(GraphFolder(str(tmp_path)))
    assert asked == []
    assert found.rule in ("byte-order-mark", "line-endings", "encoding")


# Rule 25: each GRAPH is joined with a passage

JOINED = [
    "?g a ent:Passage . GRAPH ?g { ?backer ent:backs ?backed }",
    "GRAPH ?g { ?backer ent:backs ?backed } ?g a ent:Background .",
    "?g ent:article ?x ; a ent:Passage . GRAPH ?g { ?backer ent:backs ?backed }",
    "?g ent:article [ ent:readingDate ?x ] ; a ent:Passage . GRAPH ?g { ?backer ent:backs ?backed }",
    "FILTER (?x > 1) ?g ent:article ?x ; a ent:Passage . GRAPH ?g { ?backer ent:backs ?backed }",
    "?g a ent:Passage . { GRAPH ?g { ?backer ent:backs ?backed } } UNION { ?backer ent:backs ?backed }",
    "{ ?g a ent:Passage . GRAPH ?g { ?backer ent:backs ?backed } } UNION { ?backer ent:backs ?backed }",
    "?backer ent:backs ?backed FILTER EXISTS { ?g a ent:Passage . GRAPH ?g { ?backer ent:backs ?backed } }",
    "{ SELECT ?g { ?g a ent:Passage } } GRAPH ?g { ?backer ent:backs ?backed }",
    "GRAPH <https://w3id.org/entente/inferred> { ?backer ent:backs ?backed }",
    "VALUES ?g { <https://w3id.org/entente/inferred> } GRAPH ?g { ?backer ent:backs ?backed }",
    "VALUES ?k { ent:Passage ent:Background } ?g a ?k . GRAPH ?g { ?backer ent:backs ?backed }",
    "GRAPH ?g { ?backer ent:backs ?backed } ?g ent:readingOrder ?order .",
]
LOOSE = [
    "VALUES ?k { ent:Passage ent:State } ?g a ?k . GRAPH ?g { ?backer ent:backs ?backed }",
    "VALUES ?j { ent:Passage ent:Background } ?g a ?k . GRAPH ?g { ?backer ent:backs ?backed }",
    "?h a ent:Passage . GRAPH ?g { ?backer ent:backs ?backed }",
    "?g a ent:State . GRAPH ?g { ?backer ent:backs ?backed }",
    "GRAPH ?g { ?backer ent:backs ?backed . ?g a ent:Passage }",
    "OPTIONAL { ?g a ent:Passage } GRAPH ?g { ?backer ent:backs ?backed }",
    "FILTER NOT EXISTS { ?g a ent:Passage } GRAPH ?g { ?backer ent:backs ?backed }",
    "{ ?g a ent:Passage } UNION { ?backer ent:backs ?backed } GRAPH ?g { ?backer ent:backs ?backed }",
    "{ SELECT ?backer { ?g a ent:Passage ; ent:article ?backer } } GRAPH ?g { ?backer ent:backs ?backed }",
    "?g a ent:Passage . { SELECT ?backer ?backed { GRAPH ?g { ?backer ent:backs ?backed } } }",
    "?x ent:article [ a ent:Passage ] . GRAPH ?x { ?backer ent:backs ?backed }",
    "VALUES ?g { UNDEF } GRAPH ?g { ?backer ent:backs ?backed }",
    "GRAPH <https://w3id.org/entente/infered> { ?backer ent:backs ?backed }",
]


@pytest.mark.parametrize(
    ("pattern", "count"), [*((pattern, 0) for pattern in JOINED), *((pattern, 1) for pattern in LOOSE)]
)
def test_a_graph_is_a_passage(pattern: str, count: int, tmp_path: Path) -> None:
    found = findings(tmp_path, changed(("?backer ent:backs ?backed .", pattern)))
    assert [f.rule for f in found] == ["query-graph"] * count


ORDERS = [
    ("?backer ?backed", "ORDER BY DESC(?backer) COALESCE(STR(?backed), '')", 0),
    ("?backer (COUNT(DISTINCT ?x) AS ?backed)", "GROUP BY ?backer ORDER BY ?backer", 0),
    ("?backer (COUNT(DISTINCT ?x) AS ?backed)", "GROUP BY ?backer HAVING (?backed > 1) ORDER BY DESC(?backed)", 1),
    ("?backer (COUNT(DISTINCT ?x) AS ?backed)", "GROUP BY ?backer ?x ORDER BY ?backer", 1),
    ("?backer (COUNT(DISTINCT ?x) AS ?backed)", "GROUP BY ?backer ?x ORDER BY ?backer ?backed", 0),
    ("?backer (STR(?backer) AS ?backed)", "ORDER BY ?backer", 1),
    ("?backer ?backed", "ORDER BY STR(?backer) LCASE(STR(?backed))", 0),
    ("?backer ?backed", "ORDER BY ?backer ?backed LIMIT 3", 0),
]


@pytest.mark.parametrize(("columns", "order", "count"), ORDERS)
def test_an_order_has_no_ties(columns: str, order: str, count: int, tmp_path: Path) -> None:
    pattern = "{ SELECT * { ?backer ent:backs ?x } }" if "?x" in columns else "?backer ent:backs ?backed"
    pattern = "?backer ent:backs ?x" if "?x" in columns or "STR(?backer) AS" in columns else pattern
    text = changed(
        ("DISTINCT ?backer ?backed", f"DISTINCT {columns}"),
        ("ORDER BY ?backer ?backed", order),
        ("?backer ent:backs ?backed", pattern),
    )
    assert [f.rule for f in findings(tmp_path, text)] == ["query-order"] * count


def test_a_question_may_be_one_of_yes_and_no(tmp_path: Path) -> None:
    text = (
        HEAD.replace("[backer, backed]", "[]") + PREFIX + "ASK { VALUES ?backer { id:norland } ?backer ent:backs ?x }\n"
    )
    assert findings(tmp_path, text) == []


def test_the_shipped_questions_are_sound() -> None:
    graph_folder = GraphFolder(str(ROOT))
    axioms = Axioms(load_sources(graph_folder).ontology)
    asked, found = queries.read_queries(graph_folder)
    assert len(asked) > 30
    assert [str(f) for f in [*found, *(f for q in asked for f in queries.check_query(q, axioms))]] == []


# Golden answers

QUERY = "SELECT DISTINCT ?s ?o WHERE { ?s <x:p> ?o } ORDER BY ?s ?o"


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    """A folder with one query and its golden answer."""
    (tmp_path / "queries" / "answers").mkdir(parents=True)
    (tmp_path / "queries" / "q.rq").write_text(QUERY)
    (tmp_path / "queries" / "answers" / "q.csv").write_text("s,o\nx:a,1\nx:b,2\n")
    return tmp_path


def answers(folder: Path, **values: str) -> Answers:
    store = Store()
    for subject, value in (values or {"a": "1", "b": "2"}).items():
        store.add(Quad(NamedNode(f"x:{subject}"), NamedNode("x:p"), Literal(value)))
    return Answers(GraphFolder(str(folder)), store, 30)


def told(found: list[Finding]) -> list[tuple[str, int, int, str, str]]:
    return [(f.file, f.line, f.column, f.rule, f.message) for f in found]


def test_the_golden_answer(kept: Path) -> None:
    assert list(answers(kept).check([("q", QUERY)])) == []


@pytest.mark.parametrize(
    ("values", "line", "message"),
    [
        ({"a": "1", "b": "3"}, 3, "row 2 was “x:b,2” and is “x:b,3”"),
        ({"a": "1"}, 3, "a row is gone: “x:b,2” (2 rows before, 1 now)"),
        ({"a": "1", "b": "2", "c": "3"}, 3, "a row is new: “x:c,3” (2 rows before, 3 now)"),
        ({"a": "1", "aa": "0", "ab": "0", "b": "2"}, 3, "2 rows are new, the first is “x:aa,0” (2 rows before, 4 now)"),
        ({"z": "1"}, 2, "row 1 was “x:a,1” and is “x:z,1” (2 rows before, 1 now)"),
    ],
)
def test_another_answer(values: dict[str, str], line: int, message: str, kept: Path) -> None:
    found = list(answers(kept, **values).check([("q", QUERY)]))
    assert told(found) == [("queries/answers/q.csv", line, 1, "golden-answer", message)]


def test_an_answer_without_a_question_and_the_other_way_round(kept: Path) -> None:
    (kept / "queries" / "answers" / "q.csv").rename(kept / "queries" / "answers" / "r.csv")
    assert told(list(answers(kept).check([("q", QUERY)]))) == [
        ("queries/q.rq", 0, 0, "golden-answer", "the query has no golden answer"),
        ("queries/answers/r.csv", 0, 0, "golden-answer", "an answer without its query: there is no queries/r.rq"),
    ]


def test_a_folder_without_answers_keeps_none(tmp_path: Path) -> None:
    assert list(answers(tmp_path).check([("q", QUERY)])) == []


def test_an_update_writes_what_has_changed(kept: Path) -> None:
    assert answers(kept).update([("q", QUERY)]) == []
    assert answers(kept, a="9").update([("q", QUERY), ("r", QUERY)]) == [
        "queries/answers/q.csv",
        "queries/answers/r.csv",
    ]
    assert (kept / "queries" / "answers" / "q.csv").read_bytes() == b"s,o\nx:a,9\n"
    assert sorted(p.name for p in (kept / "queries" / "answers").iterdir()) == ["q.csv", "r.csv"]


def test_an_answer_that_depends_on_the_engine(kept: Path) -> None:
    store = Store()
    store.add(Quad(NamedNode("x:a"), NamedNode("x:p"), Literal("1"), NamedNode("x:graph")))
    [found] = Answers(GraphFolder(str(kept / "nowhere")), store, 30).check([("q", QUERY)])
    assert (found.rule, found.file) == ("union-answer", "queries/q.rq")
    assert "a row is new: “x:a,1” (0 rows before, 1 now)" in found.message
    assert golden.folder(GraphFolder("x")).endswith("answers")
