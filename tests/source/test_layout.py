"""Which graph folder a command works on, and what it reads of it."""

import os
from pathlib import Path

import pytest

from kg.cli.main import main
from kg.errors import InputError, LimitError
from kg.source import layout
from kg.source.layout import GraphFolder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "graph" / "ontology").mkdir(parents=True)
    (tmp_path / "graph" / "kg" / "articles").mkdir(parents=True)
    return tmp_path / "graph"


def test_a_named_folder_wins(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir("/")
    assert layout.find_graph_folder(str(folder)).root == str(folder)


def test_else_the_nearest_above_the_current_one(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder / "kg" / "articles")
    assert layout.find_graph_folder().root == str(folder)


def test_else_the_shipped_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert layout.find_graph_folder().root == layout.shipped().root
    assert layout.is_graph_folder(layout.shipped().root)


@pytest.mark.parametrize(
    "part",
    ["ontology", "Ontology", "shapes", "queries", "kg/articles", "KG/Articles", "kg/background", ".kg", ".git"],
)
@pytest.mark.parametrize("below", ["", "deep/below"])
def test_in_a_part_of_a_graph_folder_no_other_is_judged(
    part: str, below: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inner = folder / "inner"  # within a whole graph folder, too
    (inner / part).mkdir(parents=True)
    (inner / below).mkdir(parents=True, exist_ok=True)
    monkeypatch.chdir(inner / below)
    with pytest.raises(InputError, match=r"inner is no graph folder: it lacks .*(ontology|articles)/") as caught:
        layout.find_graph_folder(own=True)
    assert "-C DIR" in caught.value.hint
    assert layout.find_graph_folder().root == str(folder)


@pytest.mark.parametrize("part", ["ontology", "shapes"])
def test_a_part_need_not_be_a_folder(part: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / part).symlink_to(tmp_path / "nowhere")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError, match="no graph folder"):
        layout.find_graph_folder(own=True)


def test_elsewhere_the_shipped_graph_has_a_name_that_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    found = layout.find_graph_folder(own=True)
    assert (found.root, found.name) == (layout.shipped().root, "the shipped graph")


def test_the_name_of_a_folder_is_how_it_was_found(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder / "kg")
    assert layout.find_graph_folder().name == str(folder)
    assert layout.find_graph_folder("../../graph").name == "../../graph"


def test_the_wheel_has_its_graph_inside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(layout, "SHIPPED", str(tmp_path))
    assert layout.shipped().root == str(tmp_path)


@pytest.mark.parametrize(("name", "says"), [("nowhere", "there is no folder"), (".", "is no graph folder")])
def test_what_is_no_graph_folder(name: str, says: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=says) as caught:
        layout.find_graph_folder(str(tmp_path / name))
    assert caught.value.hint


def test_findings_name_files_with_forward_slashes(folder: Path) -> None:
    assert GraphFolder(str(folder)).relative(os.path.join(str(folder), "kg", "articles", "x")) == "kg/articles/x"


def test_a_link_out_of_the_folder_is_seen(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("x")
    (folder / "ontology" / "link").symlink_to(tmp_path / "secret")
    (folder / "ontology" / "own").write_text("x")
    graph_folder = GraphFolder(str(folder))
    assert [graph_folder.holds(str(folder / "ontology" / name)) for name in ("link", "own")] == [False, True]


def test_files_are_sorted_and_hidden_ones_left_out(tmp_path: Path) -> None:
    for name in ("b.ttl", "a.ttl", ".c.ttl", "d.txt"):
        (tmp_path / name).touch()
    assert [os.path.basename(p) for p in layout.files_in(str(tmp_path), (".ttl",))] == ["a.ttl", "b.ttl"]
    assert layout.files_in(str(tmp_path / "nowhere"), (".ttl",)) == []


def test_article_folders_leave_out_files_and_drafts(folder: Path) -> None:
    articles = folder / "kg" / "articles"
    for name in ("b", "a", "_draft", ".hidden"):
        (articles / name).mkdir()
    (articles / "README.md").touch()
    assert [os.path.basename(p) for p in layout.article_folders(GraphFolder(str(folder)))] == ["a", "b"]


@pytest.mark.parametrize("name", ["ontology", "queries", "kg/background", "queries/answers", "kg"])
def test_a_folder_that_is_a_link_out_of_the_graph_folder_is_refused(name: str, folder: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    (elsewhere / "articles").mkdir(parents=True)
    (folder / name).parent.mkdir(exist_ok=True)
    if (folder / name).exists():
        (folder / name).rename(tmp_path / "moved")
    (folder / name).symlink_to(elsewhere)
    with pytest.raises(InputError, match="outside the folders of the graph"):
        layout.find_graph_folder(str(folder))


@pytest.mark.parametrize("target", ["own", ".git", "."])
def test_a_folder_that_is_a_link_to_what_is_no_source_is_refused(target: str, folder: Path) -> None:
    (folder / target).mkdir(exist_ok=True)
    (folder / "shapes").symlink_to(folder / target)
    with pytest.raises(InputError, match="outside the folders of the graph"):
        layout.find_graph_folder(str(folder))


def test_a_source_is_no_link_to_a_file_beside_the_sources(folder: Path) -> None:
    """Such as the configuration of git, which may hold a token, or a file that is not under version control."""
    graph_folder = GraphFolder(str(folder))
    for name in (".git/config", ".env", "kg/notes.txt", "ontology/own.ttl", "kg/articles/a/facts.trig"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).touch()
        link = folder / "ontology" / "link.ttl"
        link.unlink(missing_ok=True)
        link.symlink_to(folder / name)
        assert graph_folder.holds_source(str(link)) == name.startswith(("ontology/", "kg/articles/"))


def test_a_file_that_the_user_names_is_read_up_to_a_limit(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"four")
    assert layout.read_named(str(tmp_path / "x"), 4) == b"four"
    with pytest.raises(LimitError, match="larger than 3 bytes"):
        layout.read_named(str(tmp_path / "x"), 3)


@pytest.mark.parametrize("what", ["folder", "device", "pipe"])
def test_what_is_no_file_is_not_even_opened(what: str, tmp_path: Path) -> None:
    path = os.devnull if what == "device" and os.name == "posix" else str(tmp_path)
    if what == "pipe" and hasattr(os, "mkfifo"):
        path = str(tmp_path / "pipe")
        os.mkfifo(path)
    with pytest.raises(InputError, match="no file"):
        layout.read_named(path, 10)


def test_at_most_so_many_bytes_are_read(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"four")
    assert [layout.read_regular(str(tmp_path / "x"), most) for most in (0, 3, 4, 1 << 50)] == [
        b"",
        b"fou",
        *[b"four"] * 2,
    ]
    (tmp_path / "x").write_bytes(b"")
    assert layout.read_regular(str(tmp_path / "x"), 4) == b""


@pytest.mark.skipif(os.name == "nt", reason="links, pipes and devices as POSIX has them")
@pytest.mark.parametrize("follow", [False, True])
@pytest.mark.parametrize(
    "kind", ["pipe", "link to a pipe", "/dev/null", "/dev/tty", "folder", "missing", "link to itself"]
)
def test_what_is_no_file_is_not_waited_for(kind: str, follow: bool, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "link to a pipe").symlink_to("pipe")
    (tmp_path / "link to itself").symlink_to("link to itself")
    (tmp_path / "folder").mkdir()
    with pytest.raises(OSError):  # noqa: PT011
        layout.read_regular(str(tmp_path / kind), 10, follow=follow)


def test_a_link_is_followed_where_that_is_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_bytes(b"x")
    (tmp_path / "link").symlink_to("file")
    for no_link in (layout._NO_LINK, 0):  # Windows has no such flag
        monkeypatch.setattr(layout, "_NO_LINK", no_link)
        assert layout.read_regular(str(tmp_path / "link"), 10, follow=True) == b"x"
        with pytest.raises(OSError, match="symbolic links"):
            layout.read_regular(str(tmp_path / "link"), 10)


@pytest.mark.skipif(os.name == "nt", reason="links as POSIX has them")
def test_a_path_that_is_too_long_when_it_is_absolute_is_outside(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The system follows a relative link to where no absolute path leads, and `os.path.realpath` does not."""
    monkeypatch.chdir(folder / "ontology")
    (tmp_path / "secret").write_text("x", "utf-8")
    names = [*"abcdefghijklmnopq"]
    for name in names:  # each a link to a folder with a long name, all along the way down
        os.mkdir("d" * 247)
        os.symlink("d" * 247, name)
        os.chdir("d" * 247)
    os.symlink("../" * (len(names) + 2) + "secret", "out")
    os.chdir(folder / "ontology")
    Path("link").symlink_to("/".join([*names, "out"]))
    assert Path("link").read_text("utf-8") == "x"
    graph_folder = GraphFolder(str(folder))
    assert [graph_folder.holds("link"), graph_folder.holds_source("link")] == [False, False]
    with pytest.raises(InputError, match="a link of the graph folder"):
        graph_folder.refuse_way_out("link")
    with pytest.raises(InputError, match="the path is too long"):
        graph_folder.refuse_link("/".join(["d" * 247] * len(names)) + "/out")


@pytest.mark.skipif(os.name == "nt", reason="not everybody may make links")
def test_a_named_link_does_not_lead_out_of_its_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    here, other = tmp_path / "here", tmp_path / "other"
    here.mkdir()
    other.mkdir()
    (other / "file").write_text("x", "utf-8")
    (here / "own").write_text("x", "utf-8")
    for link, target in (("in", "own"), ("out", "../other/file"), ("folder", "../other"), ("twice", "out")):
        (here / link).symlink_to(target)
    for link, target in (("back", "../here/own"), ("beside", "file")):
        (other / link).symlink_to(target)
    monkeypatch.chdir(here)
    for name in (
        "own",
        "in",
        str(here / "in"),
        "../other/file",
        str(other / "file"),
        "../other/beside",
        "../other/back",
    ):
        assert layout.read_named(name, 9) == b"x"
    for name in ("out", "twice", "folder/file", str(here / "out"), str(here / "folder" / "file")):
        with pytest.raises(InputError, match="a link to a place outside its folder"):
            layout.read_named(name, 9)
    (tmp_path / "third").mkdir()
    monkeypatch.chdir(tmp_path / "third")
    with pytest.raises(InputError, match="a link to a place outside its folder"):
        layout.read_named("../here/out", 9)


@pytest.mark.skipif(os.name == "nt", reason="Windows says of a long name that it is not there")
def test_a_name_or_a_path_that_is_too_long_is_no_link(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder)
    long, deep = "a" * 300, "/".join(["a" * 200] * 30)
    for command, code, told in [
        (["query", f"{long}.rq"], 2, "cannot read the query: File name too long [unknown-query]"),
        (["query", f"{deep}.rq"], 2, "cannot read the query: File name too long [unknown-query]"),
        (["query", "who-backs", "--data", f"{long}.ttl"], 3, "File name too long"),
        (["new", f"{long}.txt"], 3, "cannot read the text: File name too long"),
    ]:
        assert main(command) == code
        assert told in capsys.readouterr().err


@pytest.mark.skipif(os.name == "nt", reason="not everybody may make links")
@pytest.mark.parametrize("item", ["graph/link.ttl", "urn:x=graph/link.ttl"])
def test_data_is_no_link_out_of_the_graph(
    item: str, folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "secret.ttl").write_text("<urn:s> <urn:p> 'secret' .", "utf-8")
    (folder / "link.ttl").symlink_to(tmp_path / "secret.ttl")
    monkeypatch.chdir(tmp_path)
    command = [
        "-C",
        "graph",
        "query",
        "--data",
        item,
        "-f",
        "csv",
        "SELECT * { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } }",
    ]
    assert main(command) == 3
    assert "graph/link.ttl: error: a link of the graph folder is in the way" in capsys.readouterr().err
