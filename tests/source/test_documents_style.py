"""`kg fmt` rewrites, checks and shows differences, and touches nothing that it cannot read."""

from pathlib import Path

import pytest

from kg.cli.main import main

UNTIDY = "@prefix : <http://example.org/> .\n:a   :b :c .\n"
TIDY = "@prefix : <http://example.org/> .\n:a :b :c .\n"


@pytest.fixture
def untidy(tmp_path: Path) -> Path:
    path = tmp_path / "x.ttl"
    path.write_bytes(UNTIDY.encode())
    return path


def test_a_file_is_rewritten(untidy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["fmt", str(untidy)]) == 0
    assert untidy.read_bytes() == TIDY.encode()
    assert capsys.readouterr().out == f"{untidy}\n"
    assert main(["fmt", "--check", str(untidy)]) == 0


@pytest.mark.parametrize(
    ("name", "data", "tidied"),
    [
        (
            "x.ttl",
            b"\xef\xbb\xbf@prefix : <http://e/> .\r\n:a  :b 'c' .\r\n",
            b"@prefix : <http://e/> .\n:a :b 'c' .\n",
        ),
        ("x.ttl", b"@prefix : <http://e/> .\r:a :b 'c' . # why\r", b"@prefix : <http://e/> .\n:a :b 'c' .  # why\n"),
        ("x.ttl", b"<a>  <#b> '''c\r\nd''' .\r\n", b"<a> <#b> '''c\r\nd''' .\n"),  # the value is what it was
        ("x.ttl", b"<a> <#b>  'c\x07' .\n", b"<a> <#b> 'c\x07' .\n"),
        ("x.rq", b"\xef\xbb\xbfASK {\r\n?s ?p ?o }\r\n", b"ASK {\n  ?s ?p ?o }\n"),
    ],
)
def test_marks_and_line_endings_of_other_systems_are_mended(
    tmp_path: Path, name: str, data: bytes, tidied: bytes
) -> None:
    (tmp_path / name).write_bytes(data)
    assert main(["fmt", str(tmp_path)]) == 0
    assert (tmp_path / name).read_bytes() == tidied


def test_one_file_that_cannot_be_read_does_not_stop_the_others(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, text in {"a.ttl": UNTIDY, "b.ttl": "nonsense", "c.ttl": UNTIDY}.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    assert main(["fmt", "--check", str(tmp_path)]) == 3
    assert main(["fmt", str(tmp_path)]) == 3
    assert [(tmp_path / name).read_text() for name in ("a.ttl", "b.ttl", "c.ttl")] == [TIDY, "nonsense", TIDY]
    shown = capsys.readouterr()
    assert shown.out.count("a.ttl") == shown.out.count("c.ttl") == shown.err.count("b.ttl:1:1: error: ") == 2


def test_check_and_diff_write_nothing(untidy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["fmt", "--check", str(untidy.parent)]) == 1
    assert main(["fmt", "--diff", str(untidy)]) == 1
    assert "-:a   :b :c .\n+:a :b :c .\n" in capsys.readouterr().out
    assert untidy.read_bytes() == UNTIDY.encode()


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("x.ttl", b":a :b :c .", "x.ttl:1:1: error: "),
        ("x.trig", b"\n\xff", "x.trig:2:1: error: the file is not UTF-8: byte 0xFF"),
        ("x.rq", b"ASK {\n {", "x.rq:2:2: error: a bracket without its other end"),
        ("x.txt", b"", "only .ttl, .trig, .rq files"),
    ],
)
def test_what_cannot_be_read_is_left_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, data: bytes, message: str
) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    assert main(["fmt", str(path)]) == 3
    assert message in capsys.readouterr().err
    assert path.read_bytes() == data


def test_a_file_that_is_not_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["fmt", str(tmp_path / "none.ttl")]) == 3
    assert "cannot read the file" in capsys.readouterr().err
