"""Each broken input gives its exit code and one clear finding at the right place, in each format, and nothing else."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from broken import PLACES, Case, Edit, Place, break_it, cases, compose
from reported import READERS, Told, text

from kg.cli import report
from kg.cli.main import main
from kg.findings import Finding
from kg.source.layout import GraphFolder
from kg.validation import shapes, verdict

pytestmark = pytest.mark.usefixtures("reading_once")

# What a reader can do nothing with: labels of blank nodes, Python's modules, types and tracebacks.
INTERNAL = re.compile(
    r"_:|\bn?[0-9a-f]{28,32}(b\d+)?\b|\banonymous\d"
    r"|\b(NamedNode|BlankNode|BNode|URIRef|DefaultGraph|NoneType)\b|Literal\("
    r"|\b(kg|rdflib|pyshacl|owlrl|pyoxigraph|builtins)\.\w|\brdflib\b"
    r"|'(str|int|float|bool|bytes|dict|list|tuple|set)'|<class|<function|object at 0x"
    r"|Traceback|\b\w+(Error|Exception)\b"
)


@pytest.fixture
def findings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[Finding]:
    """What the command found, as it is printed, so that the other formats can tell of it too."""
    found: list[Finding] = []
    write = report.write_findings

    def recording(given: list[Finding], form: str, root: GraphFolder, **options: Any) -> str:
        found.extend(given)
        return write(given, form, root, **options)

    monkeypatch.setattr(report, "write_findings", recording)
    monkeypatch.delenv("GITHUB_STEP_SUMMARY", raising=False)
    monkeypatch.chdir(tmp_path)  # the graph folder, from which all formats name the files
    return found


def validate(folder: Path, capsys: pytest.CaptureFixture[str]) -> tuple[int, list[Told]]:
    """Run `kg validate`; the exit code, and what it printed. That a shape met nothing yet is left out."""
    code = main(["-C", str(folder), "validate"])
    found, _ = text(capsys.readouterr().out)
    return code, [f for f in found if f.severity != "info"]


@pytest.fixture(params=[pytest.param(True, marks=pytest.mark.long, id="whole"), pytest.param(False, id="quick")])
def judged(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Callable[[Case], None]:
    """Leaves out shapes and reasoning, which take most of the time, for cases not about them; `whole`, for none."""

    def prepare(case: Case) -> None:
        names = {case.head["rule"], *case.also, *(edit.file for edit in case.edits)}
        if not request.param:  # what the many shapes say that meet nothing here
            monkeypatch.setattr(shapes, "_without_instance", lambda *_: ())
        if not request.param and not any(name.startswith("shape") for name in names):
            monkeypatch.setattr(verdict, "shape_findings", lambda *_, **__: list)
        if not request.param and not any(name.startswith("contradiction") for name in names):
            monkeypatch.setattr(verdict, "contradiction_findings", lambda *_: [])

    return prepare


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.name)
def test_broken(
    case: Case,
    judged: Callable[[Case], None],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    findings: list[Finding],
) -> None:
    judged(case)
    place = break_it(case, compose(tmp_path))
    code, found = validate(tmp_path, capsys)
    severity, rule = case.head.get("severity", "violation"), case.head["rule"]
    meant = [
        f
        for f in found
        if (f.place, f.severity, f.rule) == (place, severity, rule) and re.search(case.head["says"], f.message)
    ]
    assert len(meant) == 1, f"no {severity} {rule} at {place} in {found}"
    assert re.search(case.head.get("hint", ""), meant[0].hint)
    assert code == int(case.head["exit"])
    assert {f.rule for f in found if f not in meant} <= case.also
    assert_every_format_tells(meant[0], findings)


def assert_every_format_tells(meant: Told, findings: list[Finding]) -> None:
    """Each format has the same findings at the same places, the one that is meant among them, in words for people."""
    given = tuple(findings)
    written = {form: report.write_findings(list(given), form, GraphFolder(".")) for form in report.FORMATS}
    told = {form: READERS[form](written[form]) for form in report.FORMATS}
    assert meant in told["text"]
    for form in ("github", "sarif", "junit", "json"):
        assert sorted(map(repr, told[form])) == sorted(map(repr, told["text"])), form
    assert [(t.place, t.severity, t.message) for t in told["turtle"]] == [
        (t.place, t.severity, t.message) for t in told["text"]
    ]
    assert_carets_are_in_place(written["text"])
    for form in report.FORMATS[1:]:
        assert not INTERNAL.search(written[form]), form


def assert_carets_are_in_place(written: str) -> None:
    """The finding of each line that can be shown has that line, and a caret under its place."""
    found, excerpts = text(written)
    assert [e.place for e in excerpts] == [f.place for f in found if f.place.line]
    for excerpt in excerpts:
        lines = Path(excerpt.place.file).read_bytes().decode("utf-8", "replace").split("\n")
        assert excerpt.points_at(lines[excerpt.place.line - 1].rstrip("\r"))


def test_the_cases_break_a_sound_graph(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert validate(compose(tmp_path), capsys) == (0, [])
    assert len(cases()) >= 100
    marked = [case for case in cases() if any("⟦" in line for edit in case.edits for line in edit.new)]
    assert len(marked) >= 100


@pytest.mark.parametrize(
    "words",
    [
        "_:b0",
        "c45a5b4a2c15fc9f1b0f2d1e0a8b7c6",
        "nabcdef0123456789abcdef0123456789b12",
        "anonymous3",
        "kg.source.documents.Document",
        "<class 'str'>",
        "rdflib.term.URIRef('x')",
        "NoneType",
        "Literal('x')",
        "KeyError: 'x'",
        "not 'int'",
    ],
)
def test_what_means_nothing_to_a_reader_is_noticed(words: str) -> None:
    assert INTERNAL.search(f"ent:cost is {words}")
    assert not INTERNAL.search("p:visit: “on Monday” is no list, type or kg/x.trig, but an int or str")


def test_a_case_that_changes_nothing_is_no_case(tmp_path: Path) -> None:
    case = Case("none", {}, [Edit("facts.trig", old=["nowhere"], new=["else"])])
    with pytest.raises(ValueError, match=r"0 times in facts\.trig"):
        break_it(case, compose(tmp_path))


# Bytes that no text editor shows: what becomes of a sound file, and the rule. The place is the first byte that differs.
BYTES: dict[str, tuple[Callable[[bytes], bytes], str]] = {
    "byte-order-mark": (lambda data: b"\xef\xbb\xbf" + data, "byte-order-mark"),
    "carriage-returns": (lambda data: data.replace(b"\n", b"\r\n"), "line-endings"),
    "one-carriage-return": (lambda data: data.replace(b"radars", b"radars\r", 1), "line-endings"),
    "windows-1252": (lambda data: data.replace("’".encode(), b"\x92"), "encoding"),
    "utf-16": (lambda data: data.decode().encode("utf-16"), "encoding"),
    "cut-short": (lambda data: data + "’".encode()[:2], "encoding"),
    "surrogate": (lambda data: data.replace("’".encode(), b"\xed\xa0\x80", 1), "encoding"),
    "nul": (lambda data: data.replace(b"radars", b"rad\x00ars", 1), "encoding"),
    "escape": (lambda data: data.replace(b"radars", b"\x1b[31mradars", 1), "encoding"),
}


@pytest.mark.parametrize("file", ["article.txt", "facts.trig"])
@pytest.mark.parametrize("name", BYTES)
def test_bytes(
    name: str, file: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], findings: list[Finding]
) -> None:
    change, rule = BYTES[name]
    path = compose(tmp_path) / PLACES[file]
    sound = path.read_bytes()
    path.write_bytes(change(sound))
    code, found = validate(tmp_path, capsys)
    assert code == 3
    assert [(f.place, f.rule) for f in found] == [(first_change(sound, change(sound), PLACES[file]), rule)]
    assert_every_format_tells(found[0], findings)


def first_change(sound: bytes, broken: bytes, file: str) -> Place:
    """The place of the first byte that differs."""
    at = next((i for i, (a, b) in enumerate(zip(sound, broken, strict=False)) if a != b), len(sound))
    lines = sound[:at].decode("utf-8", "ignore").split("\n")
    return Place(file, len(lines), len(lines[-1]) + 1)


def test_one_bad_file_does_not_hide_a_misquote(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = compose(tmp_path)
    (folder / "kg" / "background" / "more.trig").write_text("this is no TriG", "utf-8")
    facts = folder / PLACES["facts.trig"]
    facts.write_text(facts.read_text("utf-8").replace("to watch the strait", "to guard the strait", 1), "utf-8")
    code, found = validate(folder, capsys)
    assert code == 3
    assert [f.rule for f in found] == ["misquote", "syntax"]


def test_a_link_out_of_the_folder_is_not_followed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = compose(tmp_path / "graph")
    article = folder / PLACES["article.txt"]
    article.rename(tmp_path / "elsewhere.txt")
    try:
        article.symlink_to(tmp_path / "elsewhere.txt")
    except OSError:  # where links need a privilege, there is no way out of the folder
        return
    code, found = validate(folder, capsys)
    assert code == 3
    assert [(f.place, f.rule) for f in found] == [(Place(PLACES["article.txt"]), "outside")]


def test_an_empty_folder_is_no_graph(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["-C", str(tmp_path), "validate"]) == 3
    printed = capsys.readouterr()
    assert not printed.out
    assert "is no graph folder: it lacks ontology/ and kg/articles/" in printed.err
    assert "kg init" in printed.err


def test_an_empty_article_folder_lacks_both_files(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = compose(tmp_path)
    (folder / "kg" / "articles" / "2019-06-nothing-yet").mkdir()
    code, found = validate(folder, capsys)
    assert code == 3
    assert [f.rule for f in found] == ["missing-file", "missing-file"]
