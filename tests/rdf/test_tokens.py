"""The tokenizer: nothing is lost, each kind is told apart, and no text makes it slow."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.rdf.tokens import line_column, tokenize

KINDS = [
    ("space", " \t\r\n"),
    ("comment", '# all "of" <this>'),
    ("iri", "<https://example.org/a#b>"),
    ("iri", "<>"),
    ("iri", r"<a\u00E9\U0001F600>"),
    ("name", "ent:Passage"),
    ("name", "p:"),
    ("name", ":x"),
    ("name", ":"),
    ("name", "a.b:c.d"),
    ("name", "p:a:b"),
    ("name", "p:2018-04"),
    ("name", r"p:a\,b\~%20c"),
    ("name", "é:Ö"),
    ("name", "true.a:b"),
    ("bnode", "_:b0"),
    ("bnode", "_:a.b-c"),
    ("string", '""'),
    ("string", "''"),
    ("string", '""""""'),
    ("string", r'"a \"quoted\" word"'),
    ("string", "'it is \"so\"'"),
    ("string", '"""two ""\nlines"""'),
    ("string", "'''it's\n'''"),
    ("langtag", "@en"),
    ("langtag", "@de-CH-1996"),
    ("langtag", "@en--ltr"),
    ("langtag", "@prefixes"),
    ("directive", "@prefix"),
    ("directive", "@base"),
    ("number", "42"),
    ("number", "-1.50"),
    ("number", "+.5"),
    ("number", "1.E3"),
    ("number", "1e-10"),
    ("variable", "?x"),
    ("variable", "$said_by2"),
    ("word", "a"),
    ("word", "SELECT"),
    ("word", "GROUP_CONCAT"),
    ("error", "_"),
    ("error", "\\"),
    ("error", "\N{NO-BREAK SPACE}"),
    ("error", "@"),
]
MARKS = "^^ && || != <= >= < > = ! + - * / | ^ ? . , ; [ ] ( ) { } ~ << >> <<( )>> {| |}"
HEAP = "\" ' \"\"\" ''' \\ < > : . a p:x @ @en _: % %41 # \n - 1 e ? é 😀 ^ &"


def kinds_and_texts(text: str) -> list[tuple[str, str]]:
    return [(token.kind, token.text) for token in tokenize(text) if token.kind != "space"]


@pytest.mark.parametrize(("kind", "text"), KINDS)
def test_one_token_of_each_kind(kind: str, text: str) -> None:
    assert [tuple(token) for token in tokenize(text)] == [(kind, text, 0)]


@pytest.mark.parametrize("mark", MARKS.split(" "))
def test_one_token_of_each_mark(mark: str) -> None:
    assert [tuple(token) for token in tokenize(mark)] == [("punct", mark, 0)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("p:a.b.", "name:p:a.b punct:."),
        ("p:s a p:C.", "name:p:s word:a name:p:C punct:."),
        ("_:b.", "bnode:_:b punct:."),
        ("true.", "word:true punct:."),
        ("1.", "number:1 punct:."),
        ('"x"@en.', 'string:"x" langtag:@en punct:.'),
        ('"x"@base', 'string:"x" langtag:@base'),
        ('"x"^^xsd:date', 'string:"x" punct:^^ name:xsd:date'),
        ("a.b.c", "word:a punct:. word:b punct:. word:c"),
        ("?x<?y", "variable:?x punct:< variable:?y"),
        ("?x<?y&&?y>2", "variable:?x iri:<?y&&?y> number:2"),
        ("?x<a>", "variable:?x iri:<a>"),
        ("?x<=1||!?y", "variable:?x punct:<= number:1 punct:|| punct:! variable:?y"),
        ("?x-?y", "variable:?x punct:- variable:?y"),
        ("^p:a/p:b*|!p:c?", "punct:^ name:p:a punct:/ name:p:b punct:* punct:| punct:! name:p:c punct:?"),
        ("COUNT(*)AS?n", "word:COUNT punct:( punct:* punct:) word:AS variable:?n"),
        ("p:%4", "name:p: error:% number:4"),
        ('"""a""""', 'string:"""a""" error:"'),
        ("<a b>", "punct:< word:a word:b punct:>"),
        ('"ab\n1', 'error:" error:a error:b number:1'),
        ('"""a\n1', 'error:" error:" error:" error:a error:\n error:1'),
        ("#a\n#b\r\n1", "comment:#a comment:#b number:1"),
    ],
)
def test_where_a_token_ends(text: str, expected: str) -> None:
    assert " ".join(f"{kind}:{lexeme}" for kind, lexeme in kinds_and_texts(text)) == expected


def assert_lossless(text: str) -> None:
    tokens = list(tokenize(text))
    assert "".join(token.text for token in tokens) == text
    assert all(text.startswith(token.text, token.start) and token.text for token in tokens)
    assert all(len(token.text) == 1 for token in tokens if token.kind == "error")


@given(st.text())
def test_nothing_is_lost_of_any_text(text: str) -> None:
    assert_lossless(text)


@given(st.lists(st.sampled_from(HEAP.split(" "))))
def test_nothing_is_lost_of_a_heap_of_marks(marks: list[str]) -> None:
    assert_lossless("".join(marks))


# Were the time quadratic, each of the next three would take minutes.
@pytest.mark.parametrize("piece", ['"', "'", "<"])
def test_half_a_megabyte_of_one_mark(piece: str) -> None:
    assert sum(len(token.text) for token in tokenize(piece * 500_000)) == 500_000


@pytest.mark.parametrize("piece", ["<a", "a.", "a..", "p:a.", "_:a.", "@a-", "(", "%", "\\", '"\\', "1.", "a-"])
def test_many_of_one_mark(piece: str) -> None:
    text = piece * 50_000
    assert sum(len(token.text) for token in tokenize(text)) == len(text)


@pytest.mark.parametrize("opening", ['"', "'", '"""', "'''", "<", "#", "_:a", ":a", "?a", "@a"])
@pytest.mark.parametrize("piece", ["a", '\\"""\n', "\\'''\n", '\\"', "a.", "..", '""\n'])
def test_an_opening_that_is_never_closed(opening: str, piece: str) -> None:
    text = opening + piece * 10_000
    assert sum(len(token.text) for token in tokenize(text)) == len(text)


def test_line_and_column_count_code_points_from_one() -> None:
    text = "p:é 😀\nb\n"
    assert [line_column(text, offset) for offset in (0, 4, 5, 6, 7, 8)] == [
        (1, 1),
        (1, 5),
        (1, 6),
        (2, 1),
        (2, 2),
        (3, 1),
    ]
    assert line_column("", 0) == (1, 1)


@pytest.mark.parametrize("offset", [-1, 3])
def test_an_offset_outside_the_text_is_refused(offset: int) -> None:
    with pytest.raises(ValueError, match="outside"):
        line_column("ab", offset)
