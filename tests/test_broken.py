"""Each broken input gives its exit code and one clear line at the right place, and nothing else."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from broken import PLACES, Case, Edit, Place, break_it, cases, compose

from kg.cli import main

LINE = re.compile(
    r"(?P<file>[^:]+)(?::(?P<line>\d+):(?P<column>\d+))?: (?P<severity>\w+): (?P<message>.+) \[(?P<rule>\S+)\]"
)
# What a reader can do nothing with: blank nodes, Python's types and tracebacks.
INTERNAL = re.compile(
    r"_:|\b[0-9a-f]{32}\b|Traceback|NamedNode|BlankNode|Literal\(|rdflib|<class|object at 0x|\b\w+Error\b"
)


@dataclass(frozen=True)
class Line:
    """A finding as it is printed, with its hint."""

    place: Place
    severity: str
    rule: str
    message: str
    hint: str


def validate(folder: Path, capsys: pytest.CaptureFixture[str]) -> tuple[int, list[Line]]:
    """Run `kg validate`; the exit code, and what it printed, line by line. That a shape met nothing yet is left out."""
    code = main(["-C", str(folder), "validate"])
    return code, [f for f in parse(capsys.readouterr().out) if f.severity != "info"]


def parse(printed: str) -> list[Line]:
    """The findings on stdout: a line each; beneath, indented, an excerpt of the source and the lines of the hint."""
    found: list[Line] = []
    for line in printed.splitlines():
        if line.startswith("  | "):
            continue
        if line.startswith("  "):
            last = found.pop()
            found.append(Line(last.place, last.severity, last.rule, last.message, f"{last.hint}{line[2:]}\n"))
        else:
            match = LINE.fullmatch(line)
            assert match, f"not a finding: {line}"
            place = Place(match["file"], int(match["line"] or 0), int(match["column"] or 0))
            found.append(Line(place, match["severity"], match["rule"], match["message"], ""))
    return found


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.name)
def test_broken(case: Case, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
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
    for line in found:
        assert not INTERNAL.search(line.message + line.hint)


def test_the_cases_break_a_sound_graph(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert validate(compose(tmp_path), capsys) == (0, [])
    assert len(cases()) >= 100


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
def test_bytes(name: str, file: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    change, rule = BYTES[name]
    path = compose(tmp_path) / PLACES[file]
    sound = path.read_bytes()
    path.write_bytes(change(sound))
    code, found = validate(tmp_path, capsys)
    assert code == 3
    assert [(f.place, f.rule) for f in found] == [(first_change(sound, change(sound), PLACES[file]), rule)]


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
    assert "is no graph folder: it lacks ontology/ or kg/articles/" in printed.err
    assert "kg init" in printed.err


def test_an_empty_article_folder_lacks_both_files(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = compose(tmp_path)
    (folder / "kg" / "articles" / "2019-06-nothing-yet").mkdir()
    code, found = validate(folder, capsys)
    assert code == 3
    assert [f.rule for f in found] == ["missing-file", "missing-file"]
