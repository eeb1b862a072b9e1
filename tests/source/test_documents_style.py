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


def test_check_and_diff_write_nothing(untidy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["fmt", "--check", str(untidy.parent)]) == 1
    assert main(["fmt", "--diff", str(untidy)]) == 1
    assert "-:a   :b :c .\n+:a :b :c .\n" in capsys.readouterr().out
    assert untidy.read_bytes() == UNTIDY.encode()


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("x.ttl", b":a :b :c .", "x.ttl:1:1: error: "),
        ("x.trig", b"\xef\xbb\xbf", "x.trig:1:1: error: the file starts with a byte order mark"),
        ("x.txt", b"", "only .ttl and .trig"),
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
