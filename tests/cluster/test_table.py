"""Articles of a table become a graph folder, which follows the table."""

from pathlib import Path

import pytest
from clustered import with_test_graphs

from kg.cluster import table
from kg.cluster.table import Row, Unpack
from kg.errors import InputError
from kg.source.layout import GraphFolder


def rows(folder: Path) -> list[Row]:
    """The articles of a graph folder as rows."""
    found = sorted((folder / "kg" / "articles").iterdir())
    return [(p.name, *((p / file).read_text("utf-8") for file in ("article.txt", "facts.trig"))) for p in found]  # type: ignore[misc]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return with_test_graphs(tmp_path_factory.mktemp("table") / "graph")


def unpacked(folder: Path, out: Path, given: list[Row]) -> GraphFolder:
    made = table.graph_folder(str(out), GraphFolder(str(folder)))
    table.keep(made, Unpack(made.articles)(given))
    return made


def test_the_graph_of_a_table_is_that_of_the_folder(folder: Path, tmp_path: Path) -> None:
    made = unpacked(folder, tmp_path, rows(folder))
    assert rows(Path(made.root)) == rows(folder)
    for part in ("ontology", "shapes", "kg/background"):
        files = {p.relative_to(folder): p.read_bytes() for p in (folder / part).rglob("*.t*")}
        assert files == {p.relative_to(made.root): p.read_bytes() for p in (Path(made.root) / part).rglob("*.t*")}


def test_it_follows_the_table(folder: Path, tmp_path: Path) -> None:
    given = rows(folder)
    made = unpacked(folder, tmp_path, given)
    times = {p: p.stat().st_mtime_ns for p in Path(made.articles).rglob("*.t*")}
    name, text, facts = given[0]
    unpacked(folder, tmp_path, [(name, f"{text}More.\n", None), *given[2:]])
    assert {p for p in times if p.exists() and p.stat().st_mtime_ns == times[p]} == {
        p for p in times if p.parent.name in {row[0] for row in given[2:]}
    }
    assert (Path(made.articles) / str(name) / "article.txt").read_text("utf-8") == f"{text}More.\n"
    assert not (Path(made.articles) / str(name) / "facts.trig").exists()
    assert not (Path(made.articles) / str(given[1][0])).exists()
    unpacked(folder, tmp_path, [(name, text, facts), *given[1:]])
    assert rows(Path(made.root)) == given


@pytest.mark.parametrize("name", [None, "", "..", "../a", "a/b", ".a", "_a", "a#b", "a\x00b"])
def test_a_row_that_names_no_article_writes_nothing(folder: Path, tmp_path: Path, name: str | None) -> None:
    with pytest.raises(InputError, match="1 row of the table name no article"):
        unpacked(folder, tmp_path / "out", [(name, "x", "y")])
    assert [p.name for p in tmp_path.iterdir()] == ["out"]
    assert list((tmp_path / "out" / "graph" / "kg" / "articles").iterdir()) == []


@pytest.mark.parametrize(
    ("given", "message"), [([], "the table is empty"), ([("a", "x", "y"), ("a", "x", "z")], "has a more than once")]
)
def test_a_table_must_name_each_article_once(folder: Path, tmp_path: Path, given: list[Row], message: str) -> None:
    with pytest.raises(InputError, match=message):
        unpacked(folder, tmp_path, given)


def test_tables_are_known_by_their_endings() -> None:
    assert [table.is_table(path) for path in ("a.jsonl", "s3a://b/a.parquet", "a.parquet/", "a", "kg/articles")] == [
        *[True] * 3,
        *[False] * 2,
    ]
