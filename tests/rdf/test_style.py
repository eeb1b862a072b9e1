"""House style keeps the graph, the comments, the order and the lexical forms, whatever the construct."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import RdfFormat

from kg.errors import InputError
from kg.rdf.style import tidy, tidy_query
from kg.rdf.tokens import tokenize

PREFIX = "@prefix : <http://example.org/> .\n"
# What is written, what it becomes (after PREFIX).
STYLE = {
    "spaces": (":a   :b\t:c  .", ":a :b :c ."),
    "marks": (":a :b :c,:d;:e :f.", ":a :b :c , :d ; :e :f ."),
    "a statement a line": (":a :b :c . :d :e :f .", ":a :b :c .\n:d :e :f ."),
    "continuation": (":a\n:b :c ;\n:d :e ,\n:f .", ":a\n    :b :c ;\n    :d :e ,\n        :f ."),
    "blank lines": (":a :b :c .\n\n\n\n:d :e :f .\n\n", ":a :b :c .\n\n:d :e :f ."),
    "comment at the end": (":a :b :c .   # why   ", ":a :b :c .  # why"),
    "comment between": (":a\n# why\n:b :c .", ":a\n    # why\n    :b :c ."),
    "typed literal": (':a :b "1" ^^ <http://x/t> .', ':a :b "1"^^<http://x/t> .'),
    "lexical forms": (":a :b 007 , 1.10 , 1e3 , true .", ":a :b 007 , 1.10 , 1e3 , true ."),
    "language": (":a :b 'x'@en-GB .", ":a :b 'x'@en-GB ."),
    "empty node": ("[ ] :b [] .", "[] :b [] ."),
    "nested": (":a :b [\n:c ( 1\n2 ) ;\n:d :e\n] .", ":a :b [\n    :c ( 1\n        2 ) ;\n    :d :e\n] ."),
    "long string": (':a :b """x\n   y  \n""" .', ':a :b """x\n   y  \n""" .'),
}
GRAPHS = {
    "graph": (":g{\n:a :b :c .:d :e :f\n}", ":g {\n    :a :b :c .\n    :d :e :f\n}"),
    "keyword": ("GRAPH :g { :a :b :c }", "GRAPH :g { :a :b :c }"),
    "default": ("{ :a :b :c }:g{}", "{ :a :b :c }\n:g { }"),
}


@pytest.mark.parametrize(("written", "tidied"), STYLE.values(), ids=STYLE)
def test_turtle(written: str, tidied: str) -> None:
    assert tidy(PREFIX + written, RdfFormat.TURTLE) == f"{PREFIX}{tidied}\n"


@pytest.mark.parametrize(("written", "tidied"), GRAPHS.values(), ids=GRAPHS)
def test_trig(written: str, tidied: str) -> None:
    assert tidy(PREFIX + written, RdfFormat.TRIG) == f"{PREFIX}{tidied}\n"


DIRECTIVES = {
    "lines": ("PREFIX a: <http://a/>\nPREFIX b: <http://b/>\n\na:a a:b a:c .", None),
    "one line": (
        "BASE <http://b/> prefix a: <http://a/>\na:a a:b <c> .",
        "BASE <http://b/>\nprefix a: <http://a/>\na:a a:b <c> .",
    ),
    "version": ('VERSION "1.2"\n:a :b :c .', None),
    "broken": ("PREFIX\na:\n<http://a/>\na:a a:b a:c .", "PREFIX\n    a:\n    <http://a/>\na:a a:b a:c ."),
    "trig": ("PREFIX a: <http://a/>\na:g {\n    a:a a:b a:c .\n}", None),
}


@pytest.mark.parametrize(("written", "tidied"), DIRECTIVES.values(), ids=DIRECTIVES)
def test_directives_without_a_dot(written: str, tidied: str | None) -> None:
    assert tidy(f"{PREFIX}{written}\n", RdfFormat.TRIG) == f"{PREFIX}{tidied or written}\n"


OBJECTS = {
    "behind": ":a :b :c ,\n        :d ;\n    :e :f .",
    "below": ":a\n    :b\n        :c ,\n        :d\n    ;\n    :e :f .",
    "below the subject": ":a :b\n        :c .",
    "blank node": ":a :b [\n    :c\n        :d ,\n        :e ;\n    :f :g\n] .",
    "literal": ":a :b\n        'c'@en ,\n        'd'^^:t ,\n        true ;\n    :e 1 .",
    "collection": ":a :b (\n    :c\n    :d\n) ;\n    :e :f .",
}


@pytest.mark.parametrize("text", OBJECTS.values(), ids=OBJECTS)
def test_objects_on_lines_of_their_own_stand_deeper_than_their_predicate(text: str) -> None:
    flat = "\n".join(line.strip() for line in text.split("\n"))
    assert tidy(f"{PREFIX}{flat}", RdfFormat.TURTLE) == f"{PREFIX}{text}\n"


QUERIES = {
    "clauses": """#+ summary: why
PREFIX : <http://e/>

SELECT ?s
  (COUNT(?o) AS ?n)
FROM :g
WHERE {
  ?s :p ?o
}
GROUP BY ?s
HAVING (COUNT(?o) > 1)
ORDER BY ?n
  ?s
LIMIT 3
""",
    "statements": """ASK {
  ?s :p ?o ;
    :q ?x ,
    ?y .  # why
  # and
  ?y :r ?z
  OPTIONAL { ?z :p ?a }
  FILTER (
    ?a > 1
  )
  ?z :p '''
 x
'''
}
""",
    "groups": """ASK {
  {
    ?s :p ?o
  } UNION {
    BIND (1 AS ?o)
    ?s :q ?o .
  }
  FILTER NOT EXISTS {
    ?o :p ?s
  }
  ?a ?b ?c
}
""",
    "data": """ASK {
  # VALUES ?x { any }
  VALUES ?kind {
    :a
    :b
  }
  VALUES (?a ?b) {
    (1 2)
    (3 4)
  }
  ?a ?b ?c
}
""",
}


@pytest.mark.parametrize("text", QUERIES.values(), ids=QUERIES)
def test_queries(text: str) -> None:
    flat = "\n".join(line if line == " x" else line.strip() for line in text.split("\n"))
    assert tidy_query(flat) == text
    assert tidy_query("") == ""


@given(st.lists(st.sampled_from([" ", "\n", "\n\n", "\t", " # why\n", "\r\n"]), min_size=16, max_size=16))
def test_any_layout_of_a_query_keeps_its_tokens_and_is_stable(gaps: list[str]) -> None:
    tokens = ["SELECT", "?a", "(1 AS ?b)", "{", "?a", ":p", "[", ":q", "'c'", "]", ".", "FILTER", "(", "?a", ")", "}"]
    text = "".join(gap + token for gap, token in zip(gaps, tokens, strict=True))
    once = tidy_query(text)
    assert tidy_query(once) == once
    assert _solid(once) == _solid(text)


def test_neighbouring_prefixes_are_aligned() -> None:
    written = "@prefix a: <http://a/> .\n@prefix long: <http://long/> .\n"
    assert tidy(written, RdfFormat.TURTLE) == "@prefix a:    <http://a/> .\n@prefix long: <http://long/> .\n"


@pytest.mark.parametrize("mark", ["\u2028", "\u2029"])
def test_only_line_feeds_end_the_lines_of_prefixes(mark: str) -> None:
    written = f"@prefix a: <http://a/{mark}b> .\n"
    assert tidy(written, RdfFormat.TURTLE) == written


@given(st.lists(st.sampled_from([" ", "\n", "\n\n", "\t", " # why\n"]), min_size=12, max_size=12))
def test_any_layout_keeps_tokens_and_is_stable(gaps: list[str]) -> None:
    tokens = [":a", ":b", "[", ":c", '"d"@en', "]", ",", "( 1 )", ";", ":e", "''", "."]
    text = PREFIX + "".join(gap + token for gap, token in zip(gaps, tokens, strict=True))
    once = tidy(text, RdfFormat.TURTLE)
    assert tidy(once, RdfFormat.TURTLE) == once
    assert _solid(once) == _solid(text)


def _solid(text: str) -> list[str]:
    return [t.text.rstrip() for t in tokenize(text) if t.kind != "space"]


def test_what_is_no_turtle_is_refused() -> None:
    with pytest.raises(InputError, match="prefix"):
        tidy("x:y x:z 1 .", RdfFormat.TURTLE)


def test_a_change_of_the_graph_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kg.rdf.style._lines", lambda text: iter(re.sub("c", "d", text).split("\n")))
    with pytest.raises(InputError, match="would change the graph"):
        tidy(PREFIX + ":a :b :c .", RdfFormat.TURTLE)


def test_graphs_are_compared_in_the_order_of_the_text() -> None:
    clique = "".join(f"_:b{a} :p _:b{b} .\n" for a in range(30) for b in range(30) if a != b)
    assert tidy(PREFIX + clique, RdfFormat.TURTLE) == PREFIX + clique
    triples = "[] :p <<( [] :p [] )>> , <<( _:a :p ( [] _:a ) )>> ."
    with pytest.raises(InputError):  # a triple term has no collection
        tidy(PREFIX + triples, RdfFormat.TURTLE)
    triples = ":a :p <<( [] :p [] )>> , <<( _:a :p <<( [] :q _:a )>> )>> ."
    assert tidy(PREFIX + triples, RdfFormat.TURTLE) == f"{PREFIX}{triples}\n"
