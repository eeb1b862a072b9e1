"""Files that are no graph folder, judged by shapes that the user names."""

from pathlib import Path

import pytest

from kg.cli.main import main
from kg.errors import InputError
from kg.validation.run import validate_files

SHAPES = """\
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix : <http://example.org/> .
:PersonShape a sh:NodeShape ; sh:targetClass :Person ;
    sh:property [ sh:path :name ; sh:minCount 1 ; sh:message "a person has a name" ] ;
    sh:property [ sh:path :age ; sh:maxInclusive 150 ; sh:severity sh:Warning ; sh:message "that is very old" ] .
"""
DATA = """\
@prefix : <http://example.org/> .
:ada a :Person ; :name "Ada" ; :age 200 .
:bob a :Person ;
    :born "2018-13-01"^^<http://www.w3.org/2001/XMLSchema#date> .
"""


@pytest.fixture
def files(tmp_path: Path) -> tuple[str, str]:
    (tmp_path / "data.ttl").write_text(DATA)
    (tmp_path / "shapes.ttl").write_text(SHAPES)
    return str(tmp_path / "data.ttl"), str(tmp_path / "shapes.ttl")


def test_findings_stand_on_their_lines(files: tuple[str, str]) -> None:
    data, shapes = files
    found = validate_files([data], [shapes])
    assert [(f.file, f.line, f.severity, f.rule) for f in found] == [
        (data, 2, "warning", "shape:MaxInclusive"),
        (data, 3, "violation", "shape:MinCount"),
        (data, 4, "violation", "literal"),
    ]
    assert found[1].message == "bob: a person has a name"


def test_exit_codes(files: tuple[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    data, shapes = files
    assert main(["validate", "--data", data, "--shapes", shapes]) == 1
    assert "a person has a name" in capsys.readouterr().out
    Path(data).write_text(DATA.split(":bob")[0])
    assert main(["validate", "--data", data, "--shapes", shapes]) == 0
    assert main(["validate", "--data", data, "--shapes", shapes, "--fail-on", "warning"]) == 1


@pytest.mark.parametrize("empty", ["data", "shapes"])
def test_nothing_to_judge_is_an_error_and_no_success(empty: str, files: tuple[str, str], tmp_path: Path) -> None:
    nothing = tmp_path / "nothing.ttl"
    nothing.write_text("# nothing\n")
    data, shapes = (str(nothing), files[1]) if empty == "data" else (files[0], str(nothing))
    with pytest.raises(InputError, match=f"there are no {empty}"):
        validate_files([data], [shapes])
    with pytest.raises(InputError, match=f"there are no {empty}"):
        validate_files([] if empty == "data" else [data], [shapes] if empty == "data" else [])


def test_a_thing_without_a_name_is_told_as_such(files: tuple[str, str]) -> None:
    data, shapes = files
    Path(data).write_text("@prefix : <http://example.org/> .\n_:x a :Person .\n")
    (found,) = validate_files([data], [shapes])
    assert found.message == "a blank node: a person has a name"
    assert found.focus == ""


def test_blank_nodes_of_two_files_are_two(files: tuple[str, str], tmp_path: Path) -> None:
    data, shapes = files
    Path(data).write_text("@prefix : <http://example.org/> .\n_:x a :Person .\n")
    (tmp_path / "other.ttl").write_text('@prefix : <http://example.org/> .\n_:x :name "Eve" .\n')
    assert [f.rule for f in validate_files([data, str(tmp_path / "other.ttl")], [shapes])] == ["shape:MinCount"]


@pytest.mark.parametrize(
    ("name", "text"),
    [("x.nt", '<http://x/b> a "x" .'), ("x.ttl", b"\xff\xfe"), ("x.jsonld", '{"@context": "http://example.org/c"}')],
)
def test_what_cannot_be_read(name: str, text: str | bytes, files: tuple[str, str], tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(InputError):
        validate_files([str(tmp_path / name)], [files[1]])


def test_other_formats(files: tuple[str, str], tmp_path: Path) -> None:
    person = "http://example.org/Person"
    (tmp_path / "x.nt").write_text(
        f"<http://x/b> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <{person}> .", "utf-8"
    )
    (tmp_path / "x.jsonld").write_text(f'{{"@id": "http://x/c", "@type": "{person}"}}', "utf-8")
    found = validate_files([str(tmp_path / "x.nt"), str(tmp_path / "x.jsonld")], [files[1]])
    assert {(Path(f.file).name, f.focus) for f in found} == {("x.nt", "http://x/b"), ("x.jsonld", "http://x/c")}
