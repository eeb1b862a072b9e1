"""`kg new`: what becomes of a text that comes in, and what is refused, with which exit code."""

import hashlib
import io
import os
import shlex
import sys
from pathlib import Path

import pytest

from kg.cli.main import main

pytestmark = pytest.mark.usefixtures("reading_once")

TEXT = b"Bridge opens\n\nAda Holm opened it on Monday.\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for room in ("ontology", "kg/articles"):
        (tmp_path / room).mkdir(parents=True)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.txt").write_bytes(TEXT)
    return tmp_path


def new(*arguments: str) -> int:
    try:
        return main(["new", *arguments])
    except SystemExit as end:
        return int(str(end.code))


def test_the_text_is_copied_byte_for_byte_and_hashed(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert new("a.txt", "--reading-date", "2024-05-07") == 0
    made = folder / "kg/articles/2024-05-bridge-opens"
    assert capsys.readouterr().out == "kg/articles/2024-05-bridge-opens/facts.trig\n"
    assert (made / "article.txt").read_bytes() == TEXT
    assert f"# sha256 {hashlib.sha256(TEXT).hexdigest()} article.txt\n" in (made / "facts.trig").read_text("utf-8")
    assert os.listdir(folder / "kg/articles") == [made.name]


@pytest.mark.parametrize(
    ("day", "basis"),
    [("2024-05-14", 'ent:basis "The dateline gives this day: 14 May 2024."@en'), ("2024-05-15", "# Add: ent:basis")],
)
def test_the_dateline_is_the_basis_of_its_day_and_dates_nothing(folder: Path, day: str, basis: str) -> None:
    text = "Bridge opens\n\nPORT HALE, 14 May 2024 (Lake Wire) – Ada Holm opened it on Monday.\n"
    (folder / "a.txt").write_text(text, encoding="utf-8", newline="\n")
    assert new("a.txt", "--name", "dated", "--reading-date", day, "--source", "https://example.org/a") == 0
    facts = (folder / "kg/articles/dated/facts.trig").read_text("utf-8")
    assert basis in facts
    assert 'ent:dateWords "on Monday"' in facts


@pytest.mark.parametrize(
    ("dateline", "day"),
    [
        ("PORT HALE, 14 May 2024 (Lake Wire) – ", "2024-05-14"),
        ("PORT HALE, May 14, 2024 — ", "2024-05-14"),
        ("PORT HALE, 14 May – ", ""),  # of which year
        ("On 14 May 2024 – ", ""),
    ],
)
def test_a_dateline_with_a_year_is_the_reading_date(folder: Path, dateline: str, day: str) -> None:
    text = f"Bridge opens\n\n{dateline}Ada Holm opened it on Monday.\n"
    (folder / "a.txt").write_text(text, encoding="utf-8", newline="\n")
    assert new("a.txt") == 0
    (made,) = (folder / "kg/articles").iterdir()
    facts = (made / "facts.trig").read_text("utf-8")
    assert made.name == (f"{day[:7]}-bridge-opens" if day else "bridge-opens")
    assert (f'\n    ent:readingDate "{day}"' in facts) == bool(day)
    assert (f"ent:basisSource <https://w3id.org/entente/article/{made.name}>" in facts) == bool(day)


def test_the_next_step_works_as_it_is_written(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "$(else) where").mkdir()
    monkeypatch.chdir(folder / "$(else) where")
    assert main(["-C", "../$(else) where/..", "new", "../a.txt"]) == 0
    command = capsys.readouterr().err.strip().rpartition("what is left: kg ")[2]
    assert "-C '../$(else) where/..'" in command
    assert main(shlex.split(command)) == 3  # there is no ontology
    assert "supports no fact [empty-passage]" in capsys.readouterr().out


def test_sentences_over_several_lines_stay_whole(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    wrapped = (
        "Bridge opens\n\nAda Holm opened the bridge of 2.5 billion\ndollars over the lake on Monday. Then she left.\n"
    )
    (folder / "a.txt").write_text(wrapped, encoding="utf-8", newline="\n")
    assert new("a.txt", "--name", "wrapped", "--reading-date", "2024-05-07") == 0
    facts = (folder / "kg/articles/wrapped/facts.trig").read_text("utf-8")
    assert '"Ada Holm opened the bridge of 2.5 billion dollars over the lake on Monday."' in facts
    assert "“2.5 billion dollars” = an ent:Quantity: ent:number 2500000000" in facts
    assert (folder / "kg/articles/wrapped/article.txt").read_text("utf-8") == wrapped


def test_stdin_and_every_option(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO("Die Brücke ist offen.".encode())))
    options = ["--title", 'Eine "Brücke"', "--source", "https://x.example/ü", "--language", "de-AT", "--name", "bridge"]
    assert new("-", "--reading-date", "2024-05-07", *options) == 0
    facts = (folder / "kg/articles/bridge/facts.trig").read_text("utf-8")
    for line in (
        'dcterms:title "Eine \\"Brücke\\""@de-AT ;',
        'dcterms:language "de-AT" ;',
        'ent:readingDate "2024-05-07"^^xsd:date ;',
        "dcterms:source <https://x.example/ü> .",
        "@prefix p:       <https://w3id.org/entente/article/bridge#> .",
    ):
        assert line in facts


def test_without_a_reading_date_there_is_none(folder: Path) -> None:
    assert new("a.txt") == 0
    facts = (folder / "kg/articles/bridge-opens/facts.trig").read_text("utf-8")
    assert '# Add: ent:readingDate "YYYY-MM-DD"^^xsd:date ; ent:basis' in facts
    assert "“on Monday” = a date that depends on the reading date" in facts


def test_a_folder_that_is_there_is_never_touched(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "kg/articles/bridge").mkdir()
    assert new("a.txt", "--name", "bridge") == 2
    assert "is there already: nothing was written" in capsys.readouterr().err
    assert list((folder / "kg/articles/bridge").iterdir()) == []


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("--name", "../x"),
        ("--name", "A b"),
        ("--name", "a" * 101),
        ("--name", "con"),
        ("--name", "lpt1"),
        ("--language", "x_y"),
        ("--language", "en. <a:a> <a:b> <a:c>"),
        ("--reading-date", "2024-02-30"),
        ("--reading-date", "yesterday"),
        ("--source", "ftp://x.example"),
        ("--source", "https://x.example/> . <a:a> <a:b> <a:c"),
        ("--source", "https:///"),
        ("--title", "no \udced\udca0\udc80 UTF-8"),
    ],
)
def test_a_bad_option_is_refused(folder: Path, option: str, value: str) -> None:
    assert new("a.txt", option, value) == 2
    assert os.listdir(folder / "kg/articles") == []


@pytest.mark.parametrize(
    ("data", "code", "words"),
    [
        (b"\xef\xbb\xbfHello.\n", 3, "kg new --convert"),
        (b"Hello.\r\nBye.\r\n", 3, "kg new --convert"),
        (b"caf\xe9", 3, "iconv -f WINDOWS-1252 -t UTF-8"),
        (b"", 3, "the text has no words"),
        (b" \n...\n", 3, "the text has no words"),
        (b"a" * 200_001, 4, "larger than 200,000 bytes"),
    ],
)
def test_a_bad_text_is_refused_with_the_next_step(
    folder: Path, data: bytes, code: int, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "a.txt").write_bytes(data)
    assert new("a.txt") == code
    assert words in capsys.readouterr().err
    assert os.listdir(folder / "kg/articles") == []


@pytest.mark.parametrize("path", ["nowhere.txt", "."])
def test_a_text_that_cannot_be_opened(folder: Path, path: str) -> None:
    assert new(path) == 3


def test_convert_says_what_it_changed(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "a.txt").write_bytes(b"\xef\xbb\xbfHello.\r\nBye.\r")
    assert new("a.txt", "--convert") == 0
    assert (folder / "kg/articles/hello/article.txt").read_bytes() == b"Hello.\nBye.\n"
    err = capsys.readouterr().err
    assert "removed the byte order mark\nchanged 2 line endings to LF\n" in err


def test_convert_guesses_no_encoding(folder: Path) -> None:
    (folder / "a.txt").write_bytes(b"caf\xe9")
    assert new("a.txt", "--convert") == 3


def test_elsewhere_the_shipped_graph_is_not_written_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert new("a.txt") == 2
    assert "there is no graph folder here" in capsys.readouterr().err
