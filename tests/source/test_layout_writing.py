"""Writing files: whole or not at all, and never through a link."""

import os
import stat
from pathlib import Path

import pytest

from kg.source.layout import write_atomic


def test_a_new_file_and_one_in_its_place(tmp_path: Path) -> None:
    path = tmp_path / "file"
    for data in (b"old\n", b"new\r\n"):
        write_atomic(str(path), data)
        assert path.read_bytes() == data
    assert [p.name for p in tmp_path.iterdir()] == ["file"]


def test_a_file_in_the_current_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write_atomic("file", b"x")
    assert [p.name for p in tmp_path.iterdir()] == ["file"]


@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_a_write_that_fails_leaves_the_old_file_and_no_other(
    step: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"old")

    def full(*_: object) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(os, step, full)
    with pytest.raises(OSError, match="no space"):
        write_atomic(str(path), b"new")
    assert [p.name for p in tmp_path.iterdir()] == ["file"]
    assert path.read_bytes() == b"old"


@pytest.mark.skipif(os.name == "nt", reason="Windows has no permission bits")
def test_permissions_are_kept_and_those_of_a_new_file_are_as_asked(tmp_path: Path) -> None:
    old, new = tmp_path / "old", tmp_path / "new"
    old.touch()
    old.chmod(0o664)
    write_atomic(str(old), b"x")
    write_atomic(str(new), b"x", mode=0o600)
    assert [stat.S_IMODE(p.stat().st_mode) for p in (old, new)] == [0o664, 0o600]


def test_a_link_is_replaced_and_not_followed(tmp_path: Path) -> None:
    target, link = tmp_path / "target", tmp_path / "link"
    target.write_bytes(b"precious")
    link.symlink_to(target)
    write_atomic(str(link), b"new")
    assert not link.is_symlink()
    assert [target.read_bytes(), link.read_bytes()] == [b"precious", b"new"]


def test_a_temporary_name_that_is_taken_is_not_written_to(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "urandom", lambda count: b"\0" * count)
    taken = tmp_path / f".{'00' * 12}.tmp"
    taken.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(FileExistsError):
        write_atomic(str(tmp_path / "file"), b"x")
    assert [p.name for p in tmp_path.iterdir()] == [taken.name]
