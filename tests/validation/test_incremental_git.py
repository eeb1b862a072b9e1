"""`kg check --since`: the verdict of the full run at the cost of the change."""

import os
import random
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from folders import FIRST, git, with_first_article
from pyoxigraph import Triple

from kg.cli.main import main
from kg.dataset import cache, update
from kg.dataset.build import Build, read_sources
from kg.errors import InputError, UsageError
from kg.findings import Finding
from kg.graph import Graph
from kg.source import documents
from kg.source import git as git_module
from kg.source.layout import GraphFolder
from kg.validation import incremental, run
from kg.validation.incremental import Changes, changes
from kg.validation.verdict import Submit, shape_findings

pytestmark = pytest.mark.usefixtures("reading_once")

ROOT = Path(__file__).parents[2]
SECOND = ROOT / "tests" / "graphs" / "second" / "kg" / "articles" / "2019-06-talvia-corvania"


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository with two articles, in which all is well but for answers that nobody has written yet."""
    folder = tmp_path_factory.mktemp("since") / "graph"
    with_first_article(folder, ("ontology", "shapes"))
    (folder / "queries").mkdir()
    for name in ("who-backs-whom", "what-is-planned", "who-leads"):
        shutil.copy(ROOT / "queries" / f"{name}.rq", folder / "queries")
    shutil.copytree(SECOND, folder / "kg" / "articles" / SECOND.name)
    (folder / ".gitignore").write_text(".kg/\n", "utf-8")
    git(folder.parent, "init", "-q", "-b", "main", "graph")
    run.check(GraphFolder(str(folder)), update_answers=True)
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", "base")
    return folder


@pytest.fixture(scope="module")
def built(base: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A user's cache folder with a large build of it."""
    home = tmp_path_factory.mktemp("cache")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cache, "_user_cache", lambda *_: str(home))
        patch.setattr(update, "LARGE", 10)
        Graph(GraphFolder(str(base))).compile()
    return home


@pytest.fixture
def graph(base: Path, built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> GraphFolder:
    """A copy of it, with a large build of it as it is."""
    home, folder = shutil.copytree(built, tmp_path / "cache"), shutil.copytree(base, tmp_path / "graph")
    monkeypatch.setattr(cache, "_user_cache", lambda *_: str(home))
    monkeypatch.setattr(update, "LARGE", 10)
    old, new = (Path(cache.large_home(GraphFolder(str(place)))).parent for place in (base, folder))
    os.rename(old, new)
    return GraphFolder(str(folder))


@pytest.fixture(scope="module")
def known(base: Path) -> set[Finding]:
    """What the full run finds before any change."""
    return set(run.check(GraphFolder(str(base))).findings)


def facts(graph_folder: GraphFolder, article: str = FIRST) -> Path:
    return Path(graph_folder.articles) / article / "facts.trig"


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8", newline="\n")


def agree(
    graph_folder: GraphFolder, known: set[Finding], *, without_build: bool = False, changed: bool = True
) -> set[Finding]:
    """All runs find the same new things, with a large build to lean on and, if wanted, also without; give them."""
    whole = set(run.check(graph_folder).findings) if changed else known
    with incremental.partial_build(graph_folder, changes(graph_folder, "HEAD")) as part:
        assert part is not None
    for _ in range(1 + without_build):
        found = set(run.check(graph_folder, since="HEAD").findings)
        assert sorted(map(repr, found - whole)) == []
        assert sorted(map(repr, whole - known - found)) == []
        shutil.rmtree(cache.large_home(graph_folder), ignore_errors=True)
    return whole - known


def test_without_a_change_there_is_nothing_new(graph: GraphFolder, known: set[Finding]) -> None:
    assert not {f for f in known if f.severity == "violation"}
    assert agree(graph, known, changed=False) == set()


def test_what_a_change_breaks_elsewhere_is_found(graph: GraphFolder, known: set[Finding]) -> None:
    """A person who becomes a place breaks each statement that wants a person, whether its line has changed or not."""
    edit(facts(graph), "id:vladimir-putin a ent:Person", "id:vladimir-putin a ent:City")
    edit(facts(graph, SECOND.name), "id:vladimir-putin a ent:Person", "id:vladimir-putin a ent:City")
    new = agree(graph, known, without_build=True)
    assert len({(f.file, f.line) for f in new if f.rule == "shape:Class"}) > 5


def test_a_new_article_is_judged_and_a_question_that_has_changed_is_asked(
    graph: GraphFolder, known: set[Finding]
) -> None:
    edit(Path(graph.queries) / "who-backs-whom.rq", "ent:backed ?backed .", "ent:backedd ?backed .")
    folder = Path(graph.articles) / "2020-01-new"
    folder.mkdir()
    (folder / "article.txt").write_text("Norland backs Sudland.\n", encoding="utf-8", newline="\n")
    (folder / "facts.trig").write_text("@prefix : <https://example.org/> .\n:a :b :c .\n", encoding="utf-8")
    found = {f.file for f in agree(graph, known) if f.severity == "violation"}
    assert found >= {"kg/articles/2020-01-new/facts.trig", "queries/who-backs-whom.rq"}


def test_what_is_no_longer_reported_is_judged_as_asserted(graph: GraphFolder) -> None:
    """Without its speaker, a passage asserts what it reported, though no statement of it has changed."""
    quote = "“They managed to compartmentalise issues,” Celikpala said"
    speaker = "    ent:speaker id:mitat-celikpala ;\n    ent:speech ent:quoted ;\n"
    edit(facts(graph), f'{speaker}    ent:quote "{quote}"', f'    ent:quote "{quote}"')
    changed = changes(graph, "HEAD").statements(read_sources(documents.load_sources(graph)).evidence)
    assert changed is not None
    assert "turkey-russia-compartments" in " ".join(map(str, changed))


def test_an_article_that_is_gone_changes_answers(graph: GraphFolder, known: set[Finding]) -> None:
    shutil.rmtree(Path(graph.articles) / FIRST)
    assert "golden-answer" in {f.rule for f in agree(graph, known)}


def test_changed_rules_judge_everything(graph: GraphFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    shapes = Path(graph.shapes) / "agents.ttl"
    shapes.write_text(shapes.read_text("utf-8") + "\n# a remark\n", encoding="utf-8", newline="\n")
    told: list[str] = []
    judged: list[Changes | None] = []
    monkeypatch.setattr(run, "_check", lambda made, changed, options: judged.append(changed))
    run.check(graph, since="HEAD", progress=told.append)
    assert any("everything is validated" in words for words in told)
    assert judged == [None]


@pytest.mark.parametrize("linked", ["article", "facts", "background", "articles", "shapes"])
def test_what_a_link_leads_to_is_judged(linked: str, graph: GraphFolder) -> None:
    """Git lists the target of a link as changed, under its own name."""
    root, articles = Path(graph.root), Path(graph.articles)
    moved = {
        "article": articles / FIRST,
        "facts": articles / FIRST / "facts.trig",
        "background": Path(graph.background),
        "articles": articles,
        "shapes": Path(graph.authoring),
    }[linked]
    moved.mkdir(exist_ok=True) if linked == "background" else None
    target = root / f"elsewhere{moved.suffix}"
    shutil.move(moved, target)
    try:
        moved.symlink_to(target)
    except OSError:
        pytest.skip("this system lets nobody make links")
    git(root, "add", "-A")
    git(root, "commit", "-qm", "moved")
    (root / "note.txt").write_text("a change", "utf-8")
    assert changes(graph, "HEAD").everything


def test_of_a_submodule_the_files_are_judged(graph: GraphFolder, capsys: pytest.CaptureFixture[str]) -> None:
    """Git lists its folder alone, and none of its files."""
    folder = Path(graph.articles) / FIRST
    for arguments in (("init", "-q"), ("add", "-A"), ("commit", "-qm", "own")):
        git(folder, *arguments)
    root = Path(graph.root)
    git(root, "rm", "-rq", "--cached", f"kg/articles/{FIRST}")
    git(root, "commit", "-qm", "without")
    assert changes(graph, "HEAD").articles == [FIRST]
    git(root, "add", f"kg/articles/{FIRST}")
    assert changes(graph, "HEAD").articles == [FIRST]
    git(root, "commit", "-qm", "submodule")
    assert changes(graph, "HEAD~1").articles == [FIRST]
    assert changes(graph, "HEAD").everything
    assert main(["-C", graph.root, "diff", "HEAD~1", "HEAD"]) == 3
    assert "a folder of the graph is a git submodule" in capsys.readouterr().err


@pytest.mark.parametrize("part", ["kg", "kg/articles"])
def test_where_the_articles_were_a_submodule_everything_is_judged(part: str, graph: GraphFolder) -> None:
    folder, root = Path(graph.root) / part, Path(graph.root)
    for arguments in (("init", "-q"), ("add", "-A"), ("commit", "-qm", "own")):
        git(folder, *arguments)
    git(root, "rm", "-rq", "--cached", part)
    git(root, "add", part)
    git(root, "commit", "-qm", "submodule")
    assert changes(graph, "HEAD").everything


def test_a_source_that_git_ignores_is_judged(graph: GraphFolder) -> None:
    (Path(graph.root) / ".gitignore").write_text("kg/\nqueries/\n*.txt\n", "utf-8")
    for name in ("kg/articles/new/article.txt", "queries/new.rq", "notes.txt"):
        (Path(graph.root) / name).parent.mkdir(exist_ok=True)
        (Path(graph.root) / name).touch()
    found = changes(graph, "HEAD")
    assert (found.articles, set(found.queries)) == (["new"], {"new"})
    assert "notes.txt" not in found.files


@pytest.mark.parametrize("flag", ["--assume-unchanged", "--skip-worktree", "core.trustctime=false"])
def test_git_is_not_asked_whether_a_file_is_unchanged(flag: str, graph: GraphFolder) -> None:
    """By a flag of its index, or from the time and the size of the file, it would say so."""
    root, path = Path(graph.root), facts(graph)
    if flag.startswith("--"):
        git(root, "update-index", flag, f"kg/articles/{FIRST}/facts.trig")
    else:
        git(root, "config", *flag.split("="))
    os.utime(path, (1, 1))
    git(root, "status")  # so that it knows the time
    assert changes(graph, "HEAD").files == frozenset()
    edit(path, "ent:Person", "ent:Parson")
    os.utime(path, (1, 1))
    assert git(root, "diff", "--name-only") == ""
    assert changes(graph, "HEAD").articles == [FIRST]


@pytest.mark.parametrize("attribute", ["working-tree-encoding=UTF-16LE", "text eol=crlf", "ident", "filter=other"])
def test_attributes_hide_no_change(attribute: str, graph: GraphFolder) -> None:
    """The file that is judged differs, and what git takes it for does not."""
    root, path = Path(graph.root), facts(graph)
    before = path.read_text("utf-8") + "# $Id$\n"
    path.write_text(before, encoding="utf-8", newline="\n")
    git(root, "commit", "-qam", "text")
    (root / ".gitattributes").write_text(f"*.trig {attribute}\n")
    git(root, "config", "filter.other.clean", "sed s/Parson/Person/")
    after = {
        "w": before.encode("utf-16-le"),
        "t": before.replace("\n", "\r\n").encode(),
        "i": before.replace("$Id$", "$Id: . $").encode(),
        "f": before.replace("Person", "Parson").encode(),
    }
    path.write_bytes(after[attribute[0]])
    assert git(root, "diff", "--name-only", "--", "kg") == ""
    assert changes(graph, "HEAD").articles == [FIRST]


def test_hashes_are_those_of_the_repository(base: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(base, tmp_path / "graph", ignore=shutil.ignore_patterns(".git"))
    git(tmp_path, "init", "-q", "--object-format=sha256", "graph")
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", "base")
    assert len(git(folder, "rev-parse", "HEAD")) == 64
    assert changes(GraphFolder(str(folder)), "HEAD").files == frozenset()


def test_an_object_that_is_missing_is_an_error(graph: GraphFolder, capsys: pytest.CaptureFixture[str]) -> None:
    root = Path(graph.root)
    name = git(root, "rev-parse", f"HEAD:kg/articles/{FIRST}/facts.trig").strip()
    (root / ".git" / "objects" / name[:2] / name[2:]).unlink()
    assert main(["-C", graph.root, "diff", "HEAD", graph.root]) == 3
    assert "git cannot read the revision HEAD" in capsys.readouterr().err


def test_a_failure_of_git_is_an_error(graph: GraphFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    plain = git_module.run_git
    monkeypatch.setattr(git_module, "run_git", lambda g, *a, **b: None if a[0] == "ls-tree" else plain(g, *a, **b))
    with pytest.raises(InputError, match="git cannot tell what has changed"):
        changes(graph, "HEAD")


@pytest.mark.parametrize(
    ("file", "everything", "articles"),
    [
        ("kg/articles/a/facts.trig", False, ["a"]),
        ("kg/articles/a", False, ["a"]),  # a submodule
        ("kg/articles/a/", False, ["a"]),  # a repository of its own
        ("queries/a.rq", False, []),
        ("README.md", False, []),
        ("kg/articles", True, []),
        ("kg", True, []),
        ("ontology", True, []),
        ("Ontology/a.ttl", True, []),
        ("kg/Articles/a/facts.trig", True, []),
        ("shapes/a.ttl", True, []),
        ("kg/background/a.trig", True, []),
    ],
)
def test_what_a_changed_file_concerns(file: str, everything: bool, articles: list[str], tiny: GraphFolder) -> None:
    found = Changes(tiny, "HEAD", frozenset({file}))
    assert (found.everything, found.articles) == (everything, articles)


def test_only_what_a_change_concerns_is_judged(graph: GraphFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[int | None] = []

    def spying(made: Build, changed: list[Triple] | None, submit: Submit, jobs: int) -> Callable[[], list[Finding]]:
        seen.append(None if changed is None else len(changed))
        return shape_findings(made, changed, submit, jobs)

    monkeypatch.setattr("kg.validation.verdict.shape_findings", spying)
    edit(facts(graph), "id:vladimir-putin a ent:Person", "id:vladimir-putin a ent:City")
    assert main(["-C", graph.root, "check", "--since", "HEAD"]) == 1
    assert [n is not None and 0 < n < 20 for n in seen] == [True]


@pytest.mark.parametrize("revision", ["nothing", "--output=x", "HEAD~99"])
def test_a_revision_that_is_none_is_a_slip_of_usage(base: Path, revision: str) -> None:
    with pytest.raises(UsageError, match="is no git revision"):
        changes(GraphFolder(str(base)), revision)


def test_a_folder_of_no_repository_is_a_slip_of_usage(tiny: GraphFolder) -> None:
    with pytest.raises(UsageError, match="is no git revision"):
        changes(tiny, "HEAD")


def a_random_change(graph_folder: GraphFolder, rng: random.Random) -> None:
    """Take a line away, give a thing another class, value, name or day; whatever that breaks."""
    path = facts(graph_folder, rng.choice([FIRST, SECOND.name]))
    text = path.read_text("utf-8")
    things = sorted(set(re.findall(r"\bid:[\w-]+", text)))
    classes = sorted(set(re.findall(r"\ba (ent:\w+)", text)))
    one, other = rng.sample(things, 2)
    lines = text.split("\n")
    kind = rng.choice(["line", "class", "value", "name", "day"])
    if kind == "line":
        del lines[rng.choice([n for n, line in enumerate(lines) if line.startswith("        ")])]
        text = "\n".join(lines)
    elif kind == "class":
        place = rng.choice(list(re.finditer(r"\ba ent:\w+", text)))
        text = f"{text[: place.start()]}a {rng.choice(classes)}{text[place.end() :]}"
    elif kind == "value":
        place = rng.choice(list(re.finditer(rf"(?<=ent:\w) {one}\b|\b{one}\b", text)))
        text = f"{text[: place.start()]}{other}{text[place.end() :]}"
    elif kind == "day":
        place = rng.choice(list(re.finditer(r'(?<=")\d{4}(?=(-\d\d)*"\^\^xsd:)', text)))
        text = f"{text[: place.start()]}{rng.randint(2016, 2021)}{text[place.end() :]}"
    else:
        text = re.sub(rf"{one}\b(?!-)", other, text)
    path.write_text(text, encoding="utf-8", newline="\n")


@pytest.mark.parametrize("seed", [pytest.param(n, marks=pytest.mark.long) for n in range(40)])
def test_any_change_is_judged_as_by_the_full_run(graph: GraphFolder, known: set[Finding], seed: int) -> None:
    rng = random.Random(seed)
    for _ in range(rng.randint(1, 3)):
        a_random_change(graph, rng)
    agree(graph, known, without_build=True)
