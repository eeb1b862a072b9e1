"""Names that no IRI or no machine can carry, bytes that are no text, files that end too early: one message, never 1."""

import json
import os
import shutil
import sys
from pathlib import Path

import pytest
from hostile.case import ARTICLE, BACKGROUND, FACTS, SHAPES, TEXT, WORDS
from inside import Ran, faults, inside

from kg.graph import Graph
from kg.source.layout import GraphFolder, can_name_article

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="names that Windows does not allow")

NO_IRI_PART = ["a b", 'a"b', "a<b", "a%zz", "a%2e", "a#b", "a?b", "a\\b", "a^b", "a`b", "a{b", "a|b", "a\nb", "a\x1bb"]
NO_IRI_PART += ["a\u202eb", "a\u200bb", "a\u2028b", "a\x85b", "a\ufeffb", os.fsdecode(b"a\xffb")]
IRI_PART = ["2020-03", "Été_2020", "a~b.c", "a'b(c)", "a&b;c=d,e", "a:b@c", "日本", "n" * 250]
UNSEEN = [os.fsdecode(b"\xff"), "a\n::error::FORGED", "\x1b[2J", "\u202eevil", "a\u200bb", "\x7f", " \u2028"]
ODD = ["a b", "'\"$(x)`", "-rf", "é%zz#?", "n" * 240]
COMMANDS = [
    ("validate",),
    ("check",),
    ("build",),
    ("query", "who-backs"),
    ("query", "--list"),
    ("show", "Norland"),
    ("why", "id:norland", "ent:backs", "id:sudland"),
    ("export",),
    ("diff", ".", "."),
    ("fmt", "--check"),
    ("explain", "shape:MinCount"),
]


@pytest.fixture
def place(tiny: GraphFolder, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The tiny graph as the current folder."""
    monkeypatch.chdir(tiny.root)
    return Path(tiny.root)


def sound(ran: Ran, *codes: int) -> Ran:
    assert faults(ran) == [], ran
    assert ran.code in codes, ran
    return ran


# Names


@pytest.mark.parametrize("name", NO_IRI_PART, ids=ascii)
def test_names_that_are_no_part_of_an_iri(name: str) -> None:
    assert not can_name_article(name)


@pytest.mark.parametrize("name", IRI_PART, ids=ascii)
def test_names_that_are(name: str) -> None:
    assert can_name_article(name)


def test_a_folder_that_cannot_name_an_article_is_a_finding(place: Path) -> None:
    for name in NO_IRI_PART:
        shutil.copytree(place / ARTICLE, place / "kg" / "articles" / name)
    ran = sound(inside("validate"), 3)
    assert ran.out.count("cannot stand in an IRI [name]") == len(NO_IRI_PART)


def test_other_folders_can_name_an_article(place: Path) -> None:
    for name in IRI_PART:
        folder = shutil.copytree(place / ARTICLE, place / "kg" / "articles" / name)
        facts = (folder / "facts.trig").read_text("utf-8").replace("2020-03-norland", name)
        (folder / "facts.trig").write_text(facts, "utf-8")
    sound(inside("validate"), 0)
    found = sound(inside("query", "who-backs", "-f", "json", "--receipts", "--all"), 0).out
    assert all(name in found for name in IRI_PART)


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_no_command_stumbles_over_a_folder(place: Path, command: tuple[str, ...]) -> None:
    for name in ("a b", os.fsdecode(b"\xff")):
        shutil.copytree(place / ARTICLE, place / "kg" / "articles" / name)
    (place / "kg" / "articles" / os.fsdecode(b"\xfe")).write_text("no folder")
    done = command[0] in ("fmt", "explain")  # neither reads articles
    ran = sound(inside(*command), 0 if done else 3)
    assert done or "[name]" in ran.out + ran.err


@pytest.mark.parametrize("file", [WORDS, SHAPES, BACKGROUND, "queries/who-backs.rq"])
def test_a_file_whose_name_cannot_be_seen_is_a_finding(place: Path, file: str) -> None:
    for name in UNSEEN:
        shutil.copy(place / file, (place / file).with_name(name + Path(file).suffix))
    ran = sound(inside("check"), 3)
    assert ran.out.count("[name]") == len(UNSEEN)


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_no_command_stumbles_over_a_file(place: Path, command: tuple[str, ...]) -> None:
    for file in (WORDS, SHAPES, BACKGROUND, "queries/who-backs.rq"):
        shutil.copy(place / file, (place / file).with_name(UNSEEN[0] + Path(file).suffix))
    (place / "queries" / "answers").mkdir()
    (place / "queries" / "answers" / f"{UNSEEN[0]}.csv").write_text("x\n")
    sound(inside(*command), *((3,) if command[0] in ("validate", "check") else (0, 3)))


@pytest.mark.parametrize("file", [WORDS, SHAPES, BACKGROUND, "queries/who-backs.rq"])
def test_other_names_of_files_are_fine(place: Path, file: str) -> None:
    names = ODD[1:2] + ODD[3:] if file.endswith(".rq") else ODD  # a space or a hyphen would make an option or a query
    for name in names:
        shutil.copy(place / file, (place / file).with_name(name + Path(file).suffix))
    sound(inside("validate"), 0)
    sound(inside("query", ODD[1] if file.endswith(".rq") else "who-backs"), 0)
    sound(inside("check"), 0, 1)


@pytest.mark.parametrize("form", ["text", "github", "sarif", "junit", "json", "turtle"])
def test_each_report_can_name_such_a_file(place: Path, form: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(place / "summary.md"))
    for name in UNSEEN:
        shutil.copytree(place / ARTICLE, place / "kg" / "articles" / name)
        shutil.copy(place / SHAPES, place / "shapes" / f"{name}.ttl")
    ran = inside("validate", "-f", form)
    assert ran.code == 3
    assert "[internal]" not in ran.err
    assert ran.out.count("cannot stand in an IRI") == len(UNSEEN) * (2 if form == "junit" else 1)


@pytest.mark.parametrize(
    "command", [*COMMANDS, ("validate", "kg"), ("validate", "-f", "github"), ("fmt",), ("tour",)], ids=" ".join
)
def test_the_graph_folder_may_have_any_name(
    small: Graph, tmp_path: Path, command: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / os.fsdecode(b"\xff \x1b[2J%zz#?'\"\n::error::pwned\nFORGED")
    shutil.copytree(small.graph_folder.root, folder)
    monkeypatch.chdir(folder)
    sound(inside("-C", str(folder), *command), 0)


ARGUMENTS = [
    ("show",),
    ("why", "id:norland", "ent:backs"),
    ("why", "id:norland"),
    ("why",),
    ("query",),
    ("query", "who-backs", "-p"),
    ("query", "who-backs", "--data"),
    ("validate",),
    ("validate", "--data"),
    ("validate", "--data", FACTS, "--shapes"),
    ("validate", "--rules-from"),
    ("check", "--since"),
    ("explain",),
    ("fmt",),
    ("diff",),
    ("diff", "."),
    ("new",),
    ("new", TEXT, "--name"),
    ("new", TEXT, "--source"),
    ("new", TEXT, "--reading-date"),
    ("new", TEXT, "--language"),
    ("-C",),
    ("export", "-f"),
]
HOSTILE = {
    "not-utf-8": os.fsdecode(b"id:\xff\xfe"),
    "control": "\x1b]0;x\x07\n::error::FORGED\nFORGED",
    "long": "x" * 100_000,
    "template": '{0} %s %(x)s ${x} [bold]x[/bold] http://x/<>"{}|^`\\ ../../..',
    "value": "backer=\udcff",
    "nothing": "",
}


@pytest.fixture(scope="module")
def own(small: Graph, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the tiny graph with its build, into which commands may write."""
    return Path(shutil.copytree(small.graph_folder.root, tmp_path_factory.mktemp("own") / "graph"))


@pytest.mark.parametrize("hostile", HOSTILE)
@pytest.mark.parametrize("command", ARGUMENTS, ids=" ".join)
def test_any_argument_ends_in_a_message(
    own: Path, command: tuple[str, ...], hostile: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(own)
    shutil.rmtree(own / "kg" / "articles" / "norland-backed-sudland", ignore_errors=True)  # of an earlier `kg new`
    tail = ("build",) if command == ("-C",) else ("id:sudland",) * (3 - len(command)) if command[0] == "why" else ()
    ran = sound(inside(*command, HOSTILE[hostile], *tail), 0, 2, 3)
    assert len(ran.err) < 10_000


@pytest.mark.parametrize("name", UNSEEN[:3], ids=ascii)
def test_new_files_may_have_any_name(place: Path, name: str, tmp_path: Path) -> None:
    sound(inside("export", "-o", str(tmp_path / f"{name}.ttl")), 0)
    assert (tmp_path / f"{name}.ttl").stat().st_size
    sound(inside("init", str(tmp_path / name)), 0)
    sound(inside("-C", str(tmp_path / name), "new", TEXT), 0)
    sound(inside("fmt", "--check", str(tmp_path / f"{name}.ttl")), 0, 1)


# Bytes

BYTES = {
    "not-utf-8": b"\xff\xfe\n",
    "in-a-comment": b"# \xff\n",
    "surrogate": b"\xed\xa0\x80\n",
    "nothing": b"",
    "mark-alone": b"\xef\xbb\xbf",
    "line-end-alone": b"\n",
    "null": b"\x00",
}
INPUTS = [FACTS, TEXT, WORDS, SHAPES, BACKGROUND, "queries/who-backs.rq", "queries/answers/who-backs.csv"]


@pytest.mark.parametrize("data", BYTES)
@pytest.mark.parametrize("file", INPUTS)
def test_no_file_of_the_graph_is_taken_for_text(place: Path, file: str, data: str) -> None:
    (place / file).parent.mkdir(exist_ok=True)
    (place / file).write_bytes(BYTES[data])
    assert file in sound(inside("check"), 1, 3).out
    if data in ("not-utf-8", "nothing"):
        sound(inside("query", "who-backs"), 0, 3)


@pytest.mark.parametrize("end", ["", "\n\n", " ", "\n#", "\n# x"])
def test_files_may_end_anywhere(place: Path, end: str) -> None:
    for file in INPUTS[:-1]:
        text = (place / file).read_text("utf-8")
        (place / file).write_text(text.rstrip("\n") + end, "utf-8")
    sound(inside("check"), 0, 1)
    sound(inside("fmt", "--diff"), 0, 1)
    sound(inside("fmt"), 0)
    sound(inside("query", "who-backs"), 0)


@pytest.mark.parametrize("data", BYTES)
@pytest.mark.parametrize("suffix", [".ttl", ".nq", ".rdf", ".jsonld"])
def test_other_data_is_not_taken_for_text(small: Graph, tmp_path: Path, suffix: str, data: str) -> None:
    path, fine = tmp_path / f"x{suffix}", str(Path(small.graph_folder.root, FACTS))
    path.write_bytes(BYTES[data])
    folder, shapes = ("-C", small.graph_folder.root), str(Path(small.graph_folder.root, SHAPES))
    sound(inside(*folder, "query", "who-backs", "--data", str(path)), 0, 3)
    sound(inside(*folder, "validate", "--data", str(path), "--shapes", shapes), 3)
    sound(inside(*folder, "validate", "--data", fine, "--shapes", str(path)), 3)
    sound(inside(*folder, "diff", str(path), fine), 1, 3)


def test_bytes_that_are_no_text_in_comments_of_data(small: Graph, tmp_path: Path) -> None:
    path = tmp_path / "x.trig"
    path.write_bytes(b"# \xff\n" + Path(small.graph_folder.root, FACTS).read_bytes())
    shapes = str(Path(small.graph_folder.root, SHAPES))
    sound(inside("validate", "--data", str(path), "--shapes", shapes), 0)


@pytest.mark.parametrize("data", BYTES)
def test_no_query_and_no_article_is_taken_for_text(place: Path, data: str) -> None:
    for name in ("x.rq", "x.txt", "x.ttl"):
        (place / name).write_bytes(BYTES[data])
    sound(inside("query", "x.rq"), 3)
    sound(inside("new", "x.txt"), 3)
    sound(inside("new", "x.txt", "--convert"), 3)
    sound(inside("fmt", "x.ttl"), 0, 3)


JSON_TEXTS = {
    "no-number": '[{"@id": "a:a", "a:b": NaN}]',
    "infinite": '[{"@id": "a:a", "a:b": 1e999}]',
    "huge": '[{"@id": "a:a", "a:b": ' + "9" * 10_000 + "}]",
    "deep": "[" * 50_000,
    "deep-and-closed": "[" * 5_000 + "]" * 5_000,
    "string": '"x"',
    "null": "null",
    "number-as-name": '{"@id": 1, "@type": [null, {}], "@context": []}',
    "remote": '{"@context": "http://127.0.0.1:9/x", "a": 1}',
    "half-a-pair": r'{"@id": "a:a", "a:b": "\ud800"}',
    "not-closed": '[{"@id": "a:a", "a:b": "x',
    "twice": '{"@id": "a:a", "@id": "a:b", "a:c": true}',
}


@pytest.mark.parametrize("text", JSON_TEXTS)
def test_odd_json_ends_in_a_message(small: Graph, tmp_path: Path, text: str) -> None:
    path = tmp_path / "x.jsonld"
    path.write_text(JSON_TEXTS[text], "utf-8")
    folder, shapes = ("-C", small.graph_folder.root), str(Path(small.graph_folder.root, SHAPES))
    sound(inside(*folder, "query", "who-backs", "--data", str(path)), 0, 3, 4)
    sound(inside(*folder, "validate", "--data", str(path), "--shapes", shapes), 0, 1, 3, 4)


@pytest.mark.parametrize(
    "value", ["NaN", "1" * 10_000, "[" * 5_000 + "]" * 5_000, '"\\ud800"', "{", "", '{"a": 1, "a": 2}'], ids=range(7)
)
def test_odd_json_in_literals_ends_in_a_message(place: Path, value: str) -> None:
    literal = f"{json.dumps(value)}^^<http://www.w3.org/1999/02/22-rdf-syntax-ns#JSON>"
    facts, more = (place / FACTS).read_text("utf-8"), f"p:speaker {{ id:ada-holm rdfs:comment {literal} ."
    (place / FACTS).write_text(facts.replace("p:speaker {", more), "utf-8")
    sound(inside("validate"), 0, 1)
