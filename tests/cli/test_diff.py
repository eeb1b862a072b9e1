"""`kg diff` tells what a change does to facts, inference, quotes and answers, and is not fooled by blank nodes."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from kg.cli import diff
from kg.cli.main import main
from kg.drafting.new import init_graph
from kg.source import layout
from kg.source.layout import GraphFolder

pytestmark = pytest.mark.usefixtures("reading_once")

EXAMPLE = "kg/articles/2024-05-example/facts.trig"


@pytest.fixture(scope="module")
def graphs(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A graph and a changed copy: a new leader, a fact in another passage, a shorter quote."""
    one, other = (tmp_path_factory.mktemp("diff") / name for name in ("a", "b"))
    init_graph(str(one))
    shutil.copytree(one, other)
    facts = other / EXAMPLE
    text = facts.read_text(encoding="utf-8")
    for old, new in (
        ("ent:officeOf id:northport", "ent:heads id:northport"),
        ('"Ada Holm, the mayor of Northport"', '"Ada Holm, the mayor of Northport."'),
        (
            "id:lake-bridge-as-longest a ent:Superlative",
            "id:lake-bridge ent:stage ent:completed .\n    id:lake-bridge-as-longest a ent:Superlative",
        ),
    ):
        assert old in text
        text = text.replace(old, new)
    facts.write_text(text, encoding="utf-8", newline="\n")
    return one, other


def test_a_graph_equals_itself(graphs: tuple[Path, Path]) -> None:
    graph_folder = layout.find_graph_folder(str(graphs[0]))
    assert not diff.compare(str(graphs[0]), str(graphs[0]), graph_folder)


@pytest.fixture(scope="module")
def found(graphs: tuple[Path, Path]) -> diff.Difference:
    return diff.compare(str(graphs[0]), str(graphs[1]), layout.find_graph_folder(str(graphs[0])))


def test_what_changed(found: diff.Difference) -> None:
    assert found.facts == {
        "added": ["The mayor is at the head of Northport  [p:mayor]"],
        "removed": ["Northport has a mayor  [p:mayor]"],
        "moved": ["The stage of the Lake Bridge is completed  [p:opening → p:longest, p:opening]"],
    }
    assert "Ada Holm leads Northport" in found.inferred["added"]
    assert found.quotes["changed"][0].endswith(
        "“Ada Holm, the mayor of Northport” → “Ada Holm, the mayor of Northport.”"
    )
    assert found.patch[0].startswith("D <https://w3id.org/entente/id/mayor-of-northport>")


@pytest.mark.parametrize("form", ["text", "md"])
def test_a_label_neither_drives_the_terminal_nor_starts_a_line(form: str) -> None:
    label = "Nor\x1b[2Jland\u202e\n```\n+ Sudland"
    written = diff.write(diff.Difference(facts={"added": [label]}, answers={"who-backs": {"removed": [label]}}), form)
    for mark in "+-":
        assert written.count(rf"{mark} Nor\x1b[2Jland\u202e\n```\n+ Sudland") == 1
    assert len(written.splitlines()) == {"text": 4, "md": 12}[form]
    assert not {"\x1b", "\u202e"} & set(written)


@pytest.mark.parametrize("form", ["text", "md", "json", "patch"])
def test_formats(found: diff.Difference, form: str) -> None:
    shown = diff.write(found, form)
    assert "Ada Holm leads Northport" in shown if form != "patch" else shown.startswith("TX .\nD <")
    if form == "json":
        assert json.loads(shown)["facts"]["moved"]


def test_blank_nodes_make_no_difference(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    one, other = tmp_path / "a.ttl", tmp_path / "b.ttl"
    head = "@prefix : <http://example.org/> .\n"
    one.write_text(head + ":a :b [ :c 1 ; :d [ :e 2 ] ] , [ :c 3 ] .\n", encoding="utf-8")
    other.write_text(head + "_:x :c 3 . _:y :d _:z ; :c 1 . _:z :e 2 . :a :b _:y , _:x .\n", encoding="utf-8")
    assert main(["diff", str(one), str(other)]) == 0
    other.write_text(head + ":a :b [ :c 1 ; :d [ :e 9 ] ] , [ :c 3 ] .\n", encoding="utf-8")
    assert main(["diff", str(one), str(other)]) == 1
    assert "<http://example.org/e> " in capsys.readouterr().out


def test_two_equal_blank_nodes_are_not_one(tmp_path: Path) -> None:
    one, other = tmp_path / "a.ttl", tmp_path / "b.ttl"
    one.write_text("@prefix : <http://example.org/> . :a :b [ :c 1 ] , [ :c 1 ] .", encoding="utf-8")
    other.write_text("@prefix : <http://example.org/> . :a :b [ :c 1 ] .", encoding="utf-8")
    assert main(["diff", str(one), str(other)]) == 1


CLIQUE = " ".join(f"_:n{a} :p _:n{b} ." for a in range(12) for b in range(12) if a != b)
SYMMETRIC = " ".join(f"_:n{a} :p _:n{a ^ (1 << k)} ." for a in range(64) for k in range(6))


@pytest.mark.parametrize(
    ("one", "other", "code"),
    [
        (":a :b _:x . :c :b _:x .", ":a :b _:x . :c :b _:y .", 1),
        (
            "_:a :p _:b . _:b :p _:a . _:c :p _:d . _:d :p _:c .",
            "_:a :p _:b . _:b :p _:c . _:c :p _:d . _:d :p _:a .",
            1,
        ),
        (":a :b 1 . :a :b 1 .", ":a :b 1 .", 0),
        (":a :b (1 1 1 1 1 1 1 1 1 1 1 1 1 1) .", ":a :b (1 1 1 1 1 1 1 1 1 1 1 1 1) .", 1),
        (":a :b (1 1 1 1 1 1 1 1 1 1 1 1 1 1) .", ":a  :b (1 1 1 1 1 1 1 1 1 1 1 1 1 1) .", 0),
        (CLIQUE, CLIQUE.replace("_:n", "_:m"), 0),
        (SYMMETRIC, " . ".join(reversed(SYMMETRIC.strip(" .").split(" . "))) + " .", 4),
    ],
    ids=["shared", "cycles", "twice", "list", "same list", "clique", "too symmetric"],
)
def test_isomorphism_is_decided_or_said_to_be_undecided(
    one: str, other: str, code: int, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kg.rdf.terms.MOST_WAYS", 10)
    for name, text in (("a.ttl", one), ("b.ttl", other)):
        (tmp_path / name).write_text(f"PREFIX : <http://e/>\n{text}", encoding="utf-8")
    assert main(["diff", str(tmp_path / "a.ttl"), str(tmp_path / "b.ttl")]) == code
    assert ("too symmetric to compare" in capsys.readouterr().err) == (code == 4)


def test_git_revisions(graphs: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    work = tmp_path / "repository"
    shutil.copytree(graphs[0], work)

    def git(*arguments: str) -> None:
        name = ("-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "core.autocrlf=false")
        subprocess.run(["git", "-C", str(work), *name, *arguments], check=True, capture_output=True)

    git("init", "--quiet")
    git("add", "--all")
    git("commit", "--quiet", "--message", "one")
    shutil.copy(graphs[1] / EXAMPLE, work / EXAMPLE)
    assert main(["-C", str(work), "diff", "HEAD", str(work)]) == 1
    assert "leads Northport" in capsys.readouterr().out
    git("commit", "--quiet", "--all", "--message", "two")
    assert main(["-C", str(work), "diff", "HEAD~1", "HEAD"]) == 1
    assert main(["-C", str(work), "diff", "HEAD", "HEAD"]) == 0


@pytest.mark.parametrize(
    "attributes",
    [
        "* export-ignore",
        "kg/articles/new export-ignore",
        "facts.trig export-ignore",
        "*.trig export-subst",
        "*.trig filter=lfs",
        "*.trig text eol=crlf",
        "*.trig working-tree-encoding=UTF-16",
    ],
)
def test_attributes_of_a_revision_hide_nothing(
    attributes: str, tiny: GraphFolder, capsys: pytest.CaptureFixture[str]
) -> None:
    root = Path(tiny.root)
    article, new = root / "kg/articles/2020-03-norland", root / "kg/articles/new"

    def commit(message: str) -> None:
        name = ("-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "core.autocrlf=false")
        for arguments in (("add", "--all"), ("commit", "--quiet", "--message", message)):
            subprocess.run(["git", "-C", str(root), *name, *arguments], check=True, capture_output=True)

    subprocess.run(["git", "init", "--quiet", str(root)], check=True)
    commit("one")
    shutil.copytree(article, new)
    facts = (new / "facts.trig").read_text("utf-8").replace("2020-03-norland", "new").replace("id:sudland", "id:evil")
    (new / "facts.trig").write_text(facts + "# $Format:%H$\n", encoding="utf-8", newline="\n")
    if "encoding" not in attributes:  # git would convert it on its way in
        (root / ".gitattributes").write_text(attributes)
    (new / ".gitattributes").write_text("article.txt export-ignore")
    commit("two")
    if "encoding" in attributes:
        (root / ".gitattributes").write_text(attributes)
    assert main(["-C", str(root), "diff", "HEAD~1", "HEAD"]) == 1
    told = capsys.readouterr()
    assert "+ article:new#backing: " in told.out
    assert told.err == "HEAD~1 and HEAD: some difference\n"
    assert main(["-C", str(root), "diff", "HEAD", "HEAD"]) == 0


@pytest.mark.parametrize("target", ["../../../outside.trig", "/etc/passwd", ".git/config"])
def test_a_revision_whose_links_lead_outside_is_refused(
    target: str, tiny: GraphFolder, capsys: pytest.CaptureFixture[str]
) -> None:
    root = Path(tiny.root)
    (root / "kg/background/link.trig").symlink_to(target)
    name = ("-c", "user.name=a", "-c", "user.email=a@example.org")
    for arguments in (("init", "-q"), ("add", "-A"), ("commit", "-qm", "one")):
        subprocess.run(["git", "-C", str(root), *name, *arguments], check=True, capture_output=True)
    assert main(["-C", str(root), "diff", "HEAD", "HEAD"]) == 3
    assert "error: " in capsys.readouterr().err


@pytest.mark.parametrize("kind", ["folder", "link", "file"])
def test_a_name_that_means_two_things(
    kind: str,
    graphs: tuple[Path, Path],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A branch may add a folder with the name of another branch, so that the two were never compared."""
    work = tmp_path / "repository"
    shutil.copytree(graphs[0], work)
    for arguments in (("init", "-qb", "main"), ("add", "-A"), ("commit", "-qm", "one")):
        command = ["git", "-C", str(work), "-c", "user.name=a", "-c", "user.email=a@example.org", *arguments]
        subprocess.run(command, check=True, capture_output=True)
    monkeypatch.chdir(work)
    if kind == "folder":
        shutil.copytree(graphs[1], work / "main")
    elif kind == "link":
        Path("main").symlink_to(".")
    else:
        shutil.copy(work / EXAMPLE, "main")
    assert main(["diff", "main"]) == 2
    assert "main is both a path and a git revision [ambiguous]\n  write ./main" in capsys.readouterr().err
    assert main(["diff", "refs/heads/main"]) == 0
    if kind == "folder":
        assert main(["diff", "./main"]) == 1


@pytest.mark.parametrize("name", ["no-such-thing", "HEAD:README.md"])
def test_a_name_that_means_nothing(graphs: tuple[Path, Path], name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["-C", str(graphs[0]), "diff", name, str(graphs[0])]) == 2
    assert f"{name} is no folder, no file and no git revision" in capsys.readouterr().err
