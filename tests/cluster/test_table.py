"""Articles of a table become a graph folder, which follows the table."""

import json
from pathlib import Path
from typing import Any

import pytest
from clustered import with_test_graphs

from kg.cluster import table
from kg.cluster.table import Unpack
from kg.errors import InputError
from kg.findings import Finding
from kg.source.layout import GraphFolder

Row = tuple[Any, ...]


def rows(folder: Path) -> list[Row]:
    """The articles of a graph folder as rows."""
    found = sorted((folder / "kg" / "articles").iterdir())
    return [(p.name, *((p / file).read_text("utf-8") for file in ("article.txt", "facts.trig"))) for p in found]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return with_test_graphs(tmp_path_factory.mktemp("table") / "graph")


def kept(out: Path, given: "list[Row] | list[bytes]", name: str = "t.parquet") -> list[Finding]:
    made = table.graph_folder(str(out))
    return table.keep(made, str(out.parent / name), [*Unpack(made.articles)(given)])


def unpacked(folder: Path, out: Path, given: list[Row]) -> GraphFolder:
    assert kept(out, given) == []
    made = table.graph_folder(str(out))
    table.take_words(made, GraphFolder(str(folder)))
    return made


def files(out: Path) -> dict[str, bytes]:
    """What is there, by its path."""
    return {p.relative_to(out).as_posix(): p.read_bytes() for p in out.rglob("*") if p.is_file()}


def test_the_graph_of_a_table_is_that_of_the_folder(folder: Path, tmp_path: Path) -> None:
    made = unpacked(folder, tmp_path, rows(folder))
    assert rows(Path(made.root)) == rows(folder)
    for part in ("ontology", "shapes", "kg/background"):
        there = {p.relative_to(folder): p.read_bytes() for p in (folder / part).rglob("*.t*")}
        assert there == {p.relative_to(made.root): p.read_bytes() for p in (Path(made.root) / part).rglob("*.t*")}


def test_it_follows_the_table(folder: Path, tmp_path: Path) -> None:
    given = rows(folder)
    made = unpacked(folder, tmp_path, given)
    times = {p: p.stat().st_mtime_ns for p in Path(made.articles).rglob("*.t*")}
    name, text, facts = given[0]
    unpacked(folder, tmp_path, [(name, f"{text}More.\n", facts), *given[2:]])
    assert {p for p in times if p.exists() and p.stat().st_mtime_ns == times[p]} == {
        p for p in times if p.parent.name in {row[0] for row in given[2:]} or p.parts[-2:] == (name, "facts.trig")
    }
    assert (Path(made.articles) / name / "article.txt").read_text("utf-8") == f"{text}More.\n"
    assert not (Path(made.articles) / given[1][0]).exists()
    unpacked(folder, tmp_path, [(name, text, facts), *given[1:]])
    assert rows(Path(made.root)) == given


@pytest.mark.parametrize("name", [None, "", "..", "../a", "a/b", ".a", "_a", "a#b", "a\x00b", "a" * 300, 7])
def test_a_row_that_names_no_article_is_left_out_and_told(tmp_path: Path, name: object) -> None:
    out = tmp_path / "out"
    (found,) = kept(out, [(name, "Lorvia votes.", "y"), ("b", "x", "y")])
    said = (
        "the row names no article" if name in (None, "") else f"“{str(name)[:60]}{'…' * (name == 'a' * 300)}” can name"
    )
    assert found.message.startswith(said)
    assert found.message.endswith("its text begins “Lorvia votes.”")
    assert (found.rule, found.value, found.line) == ("row", "", 0)
    assert files(tmp_path).keys() == {"out/graph/kg/articles/b/article.txt", "out/graph/kg/articles/b/facts.trig"}


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (("a", None, "y"), "the row has no text"),
        (("a", "x", None), "the row has no facts"),
        (("a", "x", 12), "the row has facts that are no string: “12”"),
        (("a", ["x"], "y"), "the row has text that is no string: “['x']”"),
    ],
)
def test_a_row_without_text_or_facts_is_left_out_and_told(tmp_path: Path, row: Row, message: str) -> None:
    kept(tmp_path, [("a", "x", "y"), ("b", "x", "y")])
    (found,) = kept(tmp_path, [row, ("b", "x", "y")])
    assert (found.message, found.value) == (message, "a")
    assert {p.name for p in (tmp_path / "graph/kg/articles").iterdir()} == {"b"}


GOOD = json.dumps({"article": "b", "text": "x", "facts": "y", "more": 1}).encode()


@pytest.mark.parametrize(
    ("line", "message", "column"),
    [
        (b'{"article": "a", "text": "Lor', "the line is no JSON: Unterminated string", 26),
        (b'["a", "x", "y"]', "the line is no JSON object: “[", 1),
        (b'{"article": "a", "text": "caf\xe9", "facts": ""}', "the line is no UTF-8: “{", 30),
        (b"[" * 100_000, "the line cannot be read as JSON: “[[", 1),
        (b"9" * 10_000, "the line ", 1),
        (b'{"article": "a", "facts": "y"}', "the row has no text", 1),
        (b'{"article": null, "text": "x", "facts": "y"}', "the row names no article; its text begins “x”", 1),
    ],
)
def test_a_line_is_named_by_its_number(tmp_path: Path, line: bytes, message: str, column: int) -> None:
    (tmp_path / "t.jsonl").touch()
    (found,) = kept(tmp_path / "out", [GOOD, b"", line], "t.jsonl")
    assert found.message.startswith(message)
    assert (found.file, found.line, found.column) == (str(tmp_path / "t.jsonl"), 3, column)


def test_lines_of_a_folder_are_not_numbered(tmp_path: Path) -> None:
    (tmp_path / "t.jsonl").mkdir()
    (found,) = kept(tmp_path / "out", [GOOD, b"{"], "t.jsonl")
    assert (found.line, found.column) == (0, 0)


TWICE = [("a", "x", "y"), ("b", "x", "y"), ("a", "x", "z")]


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ([], "the table is empty"),
        ([b"", b" "], "the table is empty"),
        (TWICE, "the table has a more than once"),
        ([GOOD, GOOD], r"the table has b more than once \(lines 1 and 2\)"),
        ([b'{"article": "a", "text": "x"}', b'{"article": "b", "text": "x"}'], "the table lacks the column facts"),
        ([b'{"name": "a"}'], "the table lacks the columns article and text and facts"),
        ([b'{"article": "a", "text": "x"}', b'{"article": "b", "facts": "x"}'], "no row of the table can be read"),
        ([b"{", b"]"], "no row of the table can be read as an article, of 2; nothing was changed"),
    ],
)
def test_a_table_without_a_good_row_changes_nothing(tmp_path: Path, given: list[Any], message: str) -> None:
    (tmp_path / "t.jsonl").touch()
    kept(tmp_path / "out", [("c", "x", "y")])
    before = files(tmp_path)
    with pytest.raises(InputError, match=message):
        kept(tmp_path / "out", given, "t.jsonl")
    assert files(tmp_path).items() >= before.items()


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("none.jsonl", "there is no table none.jsonl"),
        ("none", "there is no folder none"),
        ("none.csv", "there is no folder none.csv"),
        ("*.csv", "there is no folder *.csv"),
        ("t.csv", "t.csv: error: this is no graph folder and no table"),
    ],
)
def test_what_is_no_input_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, message: str) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "t.csv").touch()
    with pytest.raises(InputError) as raised:
        table.require_input(name)
    assert message in str(raised.value)
    assert "a table, whose name ends in .jsonl or .parquet" in raised.value.hint


def test_what_may_be_elsewhere_is_left_to_spark(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("s3a://bucket/a.jsonl", "part-*.jsonl", "."):
        table.require_input(name)
    monkeypatch.setenv("HADOOP_CONF_DIR", "/etc/hadoop")
    table.require_input("/data/a.parquet")


def test_tables_are_known_by_their_endings() -> None:
    assert [table.is_table(path) for path in ("a.jsonl", "s3a://b/a.parquet", "a.parquet/", "a", "kg/articles")] == [
        *[True] * 3,
        *[False] * 2,
    ]
