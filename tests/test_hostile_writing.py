"""Writing over a graph folder that somebody else has made: nothing outside is touched, nothing torn or left behind."""

import os
import shutil
import stat
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from kg.cli.main import main
from kg.dataset import golden
from kg.drafting import new
from kg.errors import InputError
from kg.graph import Graph
from kg.source import layout
from kg.source.layout import GraphFolder

pytestmark = pytest.mark.skipif(os.name == "nt", reason="links, pipes and permissions as POSIX has them")

UNTIDY = "@prefix a: <a:> .\na:x   a:y   '''x' ; echo PWNED > PWNED ; : 'y''' .\n"  # Turtle, and a program for a shell
TIDY = UNTIDY.replace("   ", " ")
ARTICLE = "kg/articles/2020-03-norland"
State = dict[str, tuple[int, bytes]]


class Place:
    """A graph folder made by an attacker, and beside it what belongs to the person who runs the command."""

    def __init__(self, folder: Path, graph: Path) -> None:
        self.graph, self.outside = graph, folder / "outside"
        (self.outside / "answers").mkdir(parents=True)
        (self.outside / "articles" / "mine").mkdir(parents=True)
        for name in ("profile", "words.ttl", "answers/who-backs.csv", "articles/mine/facts.trig"):
            (self.outside / name).write_text(UNTIDY)
            (self.outside / name).chmod(0o640)
        self.before = self.state()

    def link(self, name: str, target: str) -> None:
        """Put a link to something outside into the place of a file or folder of the graph."""
        path = self.graph / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.is_dir():
            shutil.rmtree(path)
        path.unlink(missing_ok=True)
        path.symlink_to(os.path.relpath(self.outside / target, path.parent))

    def state(self) -> State:
        """Modes and bytes of all that is outside."""
        paths = [p for p in self.outside.rglob("*") if not p.is_dir() or p.is_symlink()]
        return {str(p): (p.lstat().st_mode, p.read_bytes() if p.is_file() else b"") for p in paths}

    def run(self, *arguments: str) -> int:
        """Run the command; nothing outside may change, and nothing be left behind."""
        code = main(["-C", str(self.graph), *arguments])
        assert self.state() == self.before
        assert temporary(self.graph) == []
        return code


def temporary(folder: Path) -> list[Path]:
    return [p for p in folder.rglob("*") if p.suffix == ".tmp"]


@pytest.fixture
def place(tmp_path: Path, tiny: GraphFolder, monkeypatch: pytest.MonkeyPatch) -> Place:
    monkeypatch.chdir(tiny.root)
    return Place(tmp_path, Path(tiny.root))


# kg fmt

WAYS_OUT = {
    "a file": ("ontology/more.ttl", "words.ttl"),
    "a file that is not there": ("ontology/more.ttl", "no.ttl"),
    "facts": (f"{ARTICLE}/facts.trig", "articles/mine/facts.trig"),
    "an article": ("kg/articles/mine", "articles/mine"),
    "the articles": ("kg/articles", "articles"),
    "a folder": ("ontology/more", "."),
    "the ontology": ("ontology", "."),
    "the shapes": ("shapes", "."),
    "the shapes for sources": ("shapes/authoring", "."),
    "the background": ("kg/background", "."),
}


@pytest.mark.parametrize("way", WAYS_OUT)
def test_fmt_writes_nothing_behind_a_link(way: str, place: Place) -> None:
    place.link(*WAYS_OUT[way])
    assert place.run("fmt") in (0, 3)
    assert place.run("fmt", ".") in (0, 3)


@pytest.mark.parametrize("below", ["", "/mine/facts.trig", "/../articles/mine/facts.trig", "/./mine/"])
def test_fmt_refuses_what_is_named_behind_a_link(below: str, place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    place.link("kg/articles/theirs", "articles")
    assert place.run("fmt", f"kg/articles/theirs{below}") == 3
    assert "[file]" in capsys.readouterr().err


def test_fmt_refuses_a_link_to_a_link_that_leads_out(place: Place) -> None:
    place.link("kg/articles/there", "articles")
    Path("kg/articles/here").symlink_to("there")
    assert place.run("fmt", "kg/articles/here/mine") == 3


def test_fmt_refuses_a_way_out_of_a_graph_folder_that_is_named_by_a_link(place: Place, tmp_path: Path) -> None:
    place.link("kg/articles/mine", "articles/mine")
    (tmp_path / "alias").symlink_to(place.graph)
    for root in (tmp_path / "alias", place.graph):
        assert main(["-C", str(root), "fmt", str(tmp_path / "alias" / "kg/articles/mine/facts.trig")]) == 3
        assert main(["-C", str(root), "fmt", str(place.graph / "kg/articles/mine/facts.trig")]) == 3
    assert place.state() == place.before


def test_fmt_formats_what_its_user_names_elsewhere(place: Place) -> None:
    own = place.outside / "words.ttl"
    assert main(["-C", str(place.graph), "fmt", str(own), os.path.relpath(own)]) == 0
    assert own.read_text() == TIDY
    assert stat.S_IMODE(own.stat().st_mode) == 0o640


def test_fmt_writes_to_no_name_that_could_be_foreseen(place: Place) -> None:
    extra = Path("ontology/extra.ttl")
    extra.write_text(UNTIDY)
    traps = [f"{dot}extra.ttl.{n}.tmp" for n in (os.getpid(), 1, 2) for dot in ("", ".")]
    for name in [*traps, "extra.ttl.tmp", "extra.ttl~", ".extra.ttl.swp"]:
        place.link(f"ontology/{name}", "profile")
    links = sorted(Path("ontology").iterdir())
    assert main(["fmt"]) == 0
    assert sorted(Path("ontology").iterdir()) == links
    assert (place.state(), extra.read_text()) == (place.before, TIDY)


def test_fmt_leaves_the_other_name_of_a_file_as_it_is(place: Place) -> None:
    os.link(place.outside / "words.ttl", "ontology/more.ttl")
    assert place.run("fmt") == 0
    assert Path("ontology/more.ttl").read_text() == TIDY


@pytest.mark.parametrize("named", [False, True])
@pytest.mark.parametrize("kind", ["pipe", "link to a device", "folder", "link to itself"])
def test_fmt_does_not_wait_for_what_is_no_file(kind: str, named: bool, place: Place) -> None:
    path = Path("ontology/more.ttl")
    make: dict[str, Callable[[], None]] = {
        "pipe": lambda: os.mkfifo(path),
        "link to a device": lambda: path.symlink_to("/dev/zero"),
        "folder": path.mkdir,
        "link to itself": lambda: path.symlink_to(path.name),
    }
    make[kind]()
    assert place.run("fmt", *([str(path)] if named else [])) in (0, 3)


def test_fmt_needs_no_folder_that_may_be_missing(place: Place) -> None:
    shutil.rmtree("kg/background")
    assert place.run("fmt") == 0


@pytest.mark.parametrize("mode", [0o444, 0o600, 0o755])
def test_fmt_keeps_the_mode(mode: int, place: Place) -> None:
    path = Path("ontology/more.ttl")
    path.write_text(UNTIDY)
    path.chmod(mode)
    assert place.run("fmt") == 0
    assert (path.read_text(), stat.S_IMODE(path.stat().st_mode)) == (TIDY, mode)


# Golden answers


@pytest.mark.parametrize("target", ["answers/who-backs.csv", "no.csv", "answers", "profile"])
def test_an_answer_that_is_a_link_is_replaced(target: str, place: Place, small: Graph) -> None:
    place.link("queries/answers/who-backs.csv", target)
    assert update(place, small) == ["queries/answers/who-backs.csv"]
    assert not Path("queries/answers/who-backs.csv").is_symlink()


def test_an_answer_with_another_name_outside_is_replaced(place: Place, small: Graph) -> None:
    Path("queries/answers").mkdir()
    os.link(place.outside / "profile", "queries/answers/who-backs.csv")
    assert update(place, small) == ["queries/answers/who-backs.csv"]


def test_an_answer_that_is_a_pipe_is_replaced(place: Place, small: Graph) -> None:
    Path("queries/answers").mkdir()
    os.mkfifo("queries/answers/who-backs.csv")
    assert update(place, small) == ["queries/answers/who-backs.csv"]


def update(place: Place, graph: Graph) -> list[str]:
    answers = golden.Answers(GraphFolder(str(place.graph)), graph.store, 30)
    written = answers.update([("who-backs", graph.queries["who-backs"].text)])
    assert Path("queries/answers/who-backs.csv").read_text().startswith("backer,backed\n")
    assert (place.state(), temporary(place.graph)) == (place.before, [])
    return written


@pytest.mark.parametrize("target", [".git/refs", "kg/articles", "shapes"])
def test_answers_are_not_written_behind_a_link_within_the_graph(target: str, place: Place, small: Graph) -> None:
    Path(".git/refs").mkdir(parents=True)
    before = sorted(Path(target).rglob("*"))
    Path("queries/answers").symlink_to(Path("..", target))
    with pytest.raises(InputError, match="a link of the graph folder"):
        update(place, small)
    assert sorted(Path(target).rglob("*")) == before


@pytest.mark.parametrize(("name", "target"), [("queries/answers", "answers"), ("queries", "."), ("queries", "none")])
def test_answers_are_not_written_behind_a_link(name: str, target: str, place: Place) -> None:
    place.link(name, target)
    assert place.run("check", "--update-answers") == 3


# kg export


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny graph, in its cache."""
    source = Path(__file__).parent / "graphs" / "tiny"
    folder = shutil.copytree(source, tmp_path_factory.mktemp("exported") / "graph")
    Graph(GraphFolder(str(folder))).compile()
    return folder


@pytest.fixture
def exported(tmp_path: Path, built: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    copy = shutil.copytree(built, tmp_path / "graph", symlinks=True)
    monkeypatch.chdir(copy)
    return Place(tmp_path, copy)


@pytest.mark.parametrize(
    ("link", "target", "output"),
    [
        ("out.ttl", "profile", "out.ttl"),
        ("out.ttl", "none", "out.ttl"),
        ("out.ttl", ".", "out.ttl"),
        ("out", ".", "out/profile"),
        ("out", ".", "out/none.ttl"),
        ("out", ".", "./kg/../out/none.ttl"),
        ("kg/out", "answers", "kg/out/../profile"),
    ],
)
def test_export_writes_nothing_behind_a_link_of_the_graph(
    link: str, target: str, output: str, exported: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    exported.link(link, target)
    assert exported.run("export", "-o", output) == 3
    assert "[file]" in capsys.readouterr().err


def test_export_follows_a_link_of_its_user(exported: Place, tmp_path: Path) -> None:
    latest, target = tmp_path / "latest.ttl", exported.outside / "words.ttl"
    latest.symlink_to(target)
    assert main(["export", "-o", str(latest)]) == 0
    assert latest.is_symlink()
    assert target.read_bytes().startswith(b"@prefix")
    assert stat.S_IMODE(target.stat().st_mode) == 0o640


@pytest.mark.parametrize("target", [".git/hooks/pre-commit", ".git/config", "kg/articles/x.ttl", ".git/none", "."])
def test_export_does_not_follow_a_link_within_the_graph(target: str, exported: Place) -> None:
    for name in (".git/hooks/pre-commit", ".git/config"):
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_bytes(b"own")
    Path("out.ttl").symlink_to(target)
    assert exported.run("export", "-o", "out.ttl") == 3
    assert not os.path.exists(".git/none")
    assert Path(".git/hooks/pre-commit").read_bytes() == Path(".git/config").read_bytes() == b"own"


def test_export_does_not_follow_a_link_of_its_user_to_one_of_the_graph(exported: Place, tmp_path: Path) -> None:
    exported.link("out.ttl", "profile")
    (tmp_path / "latest").symlink_to("alias/out.ttl")
    (tmp_path / "alias").symlink_to(exported.graph)
    assert exported.run("export", "-o", str(tmp_path / "latest")) == 3
    assert exported.run("export", "-o", str(tmp_path / "alias" / "out.ttl")) == 3


def test_export_leaves_the_other_name_of_a_file_as_it_is(exported: Place) -> None:
    os.link(exported.outside / "profile", "out.ttl")
    assert exported.run("export", "-o", "out.ttl") == 0
    assert Path("out.ttl").read_bytes().startswith(b"@prefix")


def test_export_writes_into_a_pipe_and_a_device(exported: Place, tmp_path: Path) -> None:
    pipe, got = tmp_path / "pipe", list[bytes]()
    os.mkfifo(pipe)
    reader = threading.Thread(target=lambda: got.append(pipe.read_bytes()))
    reader.start()
    while main(["export", "-o", str(pipe)]) == 3:
        continue  # nobody reads it yet
    reader.join()
    assert got[0].startswith(b"@prefix")
    assert stat.S_ISFIFO(pipe.stat().st_mode)
    assert exported.run("export", "-o", os.devnull) == 0
    assert stat.S_ISCHR(os.stat(os.devnull).st_mode)


@pytest.mark.parametrize("output", ["pipe", "kg", "none/out.ttl", "out.ttl/x"])
def test_export_to_no_place_is_an_error(output: str, exported: Place) -> None:
    os.mkfifo("pipe")
    Path("out.ttl").write_bytes(b"old")
    assert exported.run("export", "-o", output) == 3
    assert Path("out.ttl").read_bytes() == b"old"


@pytest.mark.parametrize("step", ["open", "fsync", "chmod", "replace"])
def test_export_to_a_full_disk_leaves_the_old_file(step: str, exported: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    Path("out.ttl").write_bytes(b"old")
    Graph(GraphFolder(str(exported.graph))).compile()
    real, folder = getattr(os, step), os.path.realpath(exported.graph)

    def full(path: object, *more: object, **named: object) -> object:
        if step in ("fsync", "replace") or os.path.dirname(str(path)) == folder:
            raise OSError(28, "No space left on device")
        return real(path, *more, **named)

    monkeypatch.setattr(os, step, full)
    assert exported.run("export", "-o", "out.ttl") == 3
    assert Path("out.ttl").read_bytes() == b"old"


# kg new


@pytest.mark.parametrize(
    ("name", "target"), [("kg/articles/2021-norland", "articles/mine"), ("kg/articles/2021-norland", "none")]
)
def test_a_new_article_is_not_written_through_a_link(name: str, target: str, place: Place, tmp_path: Path) -> None:
    place.link(name, target)
    assert place.run("new", text(tmp_path), "--name", "2021-norland") == 2


@pytest.mark.parametrize("name", ["kg", "kg/articles"])
def test_a_new_article_is_not_written_behind_a_link(name: str, place: Place, tmp_path: Path) -> None:
    (place.outside / "articles").rename(place.outside / "away")
    (place.outside / "articles").mkdir()
    place.before = place.state()
    place.link(name, "." if name == "kg" else "articles")
    assert place.run("new", text(tmp_path), "--name", "2021-norland") == 3
    assert list((place.outside / "articles").iterdir()) == []


def test_a_new_article_is_not_written_behind_a_link_within_the_graph(place: Place, tmp_path: Path) -> None:
    Path(".git").mkdir()
    Path("kg/articles").rename(".git/refs")
    Path("kg/articles").symlink_to("../.git/refs")
    assert place.run("new", text(tmp_path), "--name", "2021-norland") == 3
    assert os.listdir(".git/refs") == ["2020-03-norland"]


def test_a_new_article_needs_no_name_that_could_be_foreseen(place: Place, tmp_path: Path) -> None:
    trap = Path("kg/articles") / f".2021-norland.{os.getpid()}.tmp"
    trap.mkdir()
    (trap / "theirs").touch()
    assert main(["new", text(tmp_path), "--name", "2021-norland"]) == 0
    assert (trap / "theirs").exists()
    assert sorted(os.listdir("kg/articles/2021-norland")) == ["article.txt", "facts.trig", "proposed.trig"]


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt()])
@pytest.mark.parametrize("step", [1, 2])
def test_a_new_article_is_whole_or_not_there(
    step: int, error: BaseException, place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    article = text(tmp_path)
    fail_at(step, error, "fsync", monkeypatch)
    assert place.run("new", article, "--name", "2021-norland") in (3, 130)
    assert os.listdir("kg/articles") == ["2020-03-norland"]


def test_a_text_that_is_a_pipe_is_not_waited_for(place: Place) -> None:
    os.mkfifo("article.txt")
    assert place.run("new", "article.txt") == 3


def text(folder: Path) -> str:
    path = folder / "text.txt"
    path.write_text("Norland backs Sudland.\n")
    return str(path)


def fail_at(step: int, error: BaseException, function: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a function of `os` fail at its n-th call."""
    real, calls = getattr(os, function), iter(range(1, 1_000_000))

    def failing(*arguments: object, **named: object) -> object:
        if next(calls) == step:
            raise error
        return real(*arguments, **named)

    monkeypatch.setattr(os, function, failing)


# What is read for others to see


@pytest.mark.parametrize("name", ["secret", "folder/secret", "chain"])
@pytest.mark.parametrize("command", ["query {}.rq", "query who-backs --data {}.ttl", "new {}.txt --name 2021-norland"])
def test_a_link_of_the_graph_leads_to_no_secret(
    command: str, name: str, exported: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    exported.link("folder", ".")
    for suffix in (".rq", ".ttl", ".txt"):
        (exported.outside / f"secret{suffix}").write_text("token 1234\n")
        exported.link(f"secret{suffix}", f"secret{suffix}")
        Path(f"chain{suffix}").symlink_to(f"secret{suffix}")
    exported.before = exported.state()
    assert exported.run(*command.format(name).split()) == 3
    printed = capsys.readouterr()
    assert "[file]" in printed.err
    assert "1234" not in printed.out + printed.err


def test_a_link_within_the_graph_is_read(exported: Place, capsys: pytest.CaptureFixture[str]) -> None:
    Path("alias.rq").symlink_to("queries/who-backs.rq")
    assert exported.run("query", "alias.rq") == 0
    assert "norland" in capsys.readouterr().out


# kg init


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt()])
@pytest.mark.parametrize("given", ["missing", "missing/below", "empty"])
@pytest.mark.parametrize(("function", "step"), [("mkdir", 1), ("mkdir", 4), ("fsync", 1), ("fsync", 3), ("rename", 1)])
def test_a_new_graph_is_whole_or_not_there(
    function: str, step: int, given: str, error: BaseException, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "empty").mkdir()
    fail_at(step, error, function, monkeypatch)
    assert main(["init", str(tmp_path / given)]) in (3, 130)
    assert [str(p.relative_to(tmp_path)) for p in tmp_path.rglob("*")] == ["empty"]


@pytest.mark.parametrize("step", [2, 4, 6])
def test_a_new_graph_in_an_empty_folder_is_taken_back(
    step: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fail_at(step, OSError(28, "No space left on device"), "rename", monkeypatch)
    with pytest.raises(InputError, match="No space left"):
        new.init_graph(str(tmp_path))
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize("given", ["graph", "a/b/graph", "."])
def test_a_new_graph_leaves_nothing_else(given: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["init", given]) == 0
    assert temporary(tmp_path) == []
    assert layout.is_graph_folder(given)
    assert os.path.samefile(tmp_path, os.getcwd())
    assert os.listdir(tmp_path) == ([given.partition("/")[0]] if given != "." else os.listdir(given))


def test_a_new_graph_without_a_name_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "empty").mkdir()
    monkeypatch.chdir(tmp_path / "empty")
    assert main(["init", ""]) == 2
    assert os.path.samefile(tmp_path / "empty", os.getcwd())


@pytest.mark.parametrize("target", ["profile", "none", "answers"])
def test_a_new_graph_is_not_written_over_a_link(target: str, place: Place) -> None:
    place.link("own", target)
    assert main(["init", "own"]) in (2, 3)
    assert place.state() == place.before


def test_init_writes_through_no_link_of_a_graph_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert main(["init", str(tmp_path / "graph")]) == 0
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "graph" / "link").symlink_to(tmp_path / "elsewhere")
    monkeypatch.chdir(tmp_path / "graph")
    assert main(["init", "link/new"]) == 3
    assert list((tmp_path / "elsewhere").iterdir()) == []
