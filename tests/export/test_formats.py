"""Which format a file gets, and that no option of `kg export` is without effect in any format."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import RdfFormat, parse

from kg import export
from kg.cli.main import main
from kg.errors import UsageError
from kg.export import FORMATS, format_of, format_of_file
from kg.graph import Graph
from kg.source import documents

ENDINGS = [(ending, name) for name, others in FORMATS.items() for ending in (name, *others)]
STARTS = {"csv": b"\xef\xbb\xbfsubject,", "graphml": b'<?xml version="1.0" encoding="UTF-8"?>\n<graphml '}
STARTS["dot"] = b"digraph entente {\n"
PARSERS = {
    "turtle": RdfFormat.TURTLE,
    "trig": RdfFormat.TRIG,
    "nquads": RdfFormat.N_QUADS,
    "ntriples": RdfFormat.N_TRIPLES,
    "jsonld": RdfFormat.JSON_LD,
    "rdfxml": RdfFormat.RDF_XML,
}
# The options that change what is exported, each with the formats that refuse it; all others honour it.
OPTIONS: dict[str, set[str]] = {
    "claims": {"csv", "graphml", "dot"},
    "asserted_only": set(),
    "owl": {"trig", "nquads", "csv", "graphml", "dot"},
}


@pytest.mark.parametrize(("ending", "name"), ENDINGS)
def test_the_ending_decides_the_format(ending: str, name: str, small: Graph, tmp_path: Path) -> None:
    file = tmp_path / f"all.{ending}"
    assert main(["-C", small.graph_folder.root, "export", "-o", str(file)]) == 0
    assert file.read_bytes() == small.export(name)
    if name in PARSERS:
        assert list(parse(file.read_bytes(), format=PARSERS[name]))
    assert file.read_bytes().startswith(STARTS.get(name, b""))


def test_what_can_be_read_by_its_ending_is_written_by_it() -> None:
    assert {ending: PARSERS[format_of_file(f"x{ending}")] for ending in documents.FORMATS} == documents.FORMATS


@pytest.mark.parametrize(
    ("spelling", "name"),
    [("ttl", "turtle"), ("nt", "ntriples"), ("N-Quads", "nquads"), ("json-ld", "jsonld"), ("RDF/XML", "rdfxml")],
)
def test_a_format_has_its_usual_names(spelling: str, name: str, small: Graph, tmp_path: Path) -> None:
    file = tmp_path / "all"
    assert main(["-C", small.graph_folder.root, "export", "-f", spelling, "-o", str(file)]) == 0
    assert file.read_bytes() == small.export(spelling) == small.export(name)
    assert format_of(spelling.upper()) == name


def test_a_file_without_an_ending_is_turtle(small: Graph, tmp_path: Path) -> None:
    for path in (tmp_path / "all", tmp_path / ".all"):
        assert main(["-C", small.graph_folder.root, "export", "-o", str(path)]) == 0
        assert path.read_bytes() == small.export("turtle")


def test_an_ending_of_no_format_is_a_usage_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "all.xlsx"
    assert main(["export", "-o", str(file)]) == 2
    told = capsys.readouterr().err
    assert "all.xlsx: .xlsx is the ending of no format [format]\n" in told
    assert all(f" .{ending}" in told for ending, _ in ENDINGS)
    assert not file.exists()


def test_the_format_that_is_named_wins_and_a_note_says_so(
    small: Graph, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, file, odd = small.graph_folder.root, tmp_path / "all.nq", tmp_path / "all.rdf.txt"
    assert main(["-C", folder, "export", "-f", "csv", "-o", str(file)]) == 0
    assert file.read_bytes() == small.export("csv")
    assert capsys.readouterr().err == f"note: {file} holds csv, as -f says; its ending is that of nquads\n"
    assert main(["-C", folder, "export", "-f", "rdf", "-o", str(odd)]) == 0
    assert main(["-C", folder, "export", "-f", "nq", "-o", str(file)]) == 0
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("option", OPTIONS)
def test_an_option_is_honoured_or_refused(option: str, name: str, graph: Graph) -> None:
    wanted: dict[str, Any] = {option: True}
    if name in OPTIONS[option]:
        with pytest.raises(UsageError, match=f"{name} cannot be written with --{option}"):
            graph.export(name, **wanted)
    else:
        assert graph.export(name, **wanted) != graph.export(name)


@pytest.mark.parametrize("name", [name for name in FORMATS if name not in OPTIONS["owl"]])
def test_each_option_is_honoured_beside_owl(name: str, graph: Graph) -> None:
    wanted: list[dict[str, Any]] = [{}, {"claims": True}, {"asserted_only": True}, {"dates": "omit"}, {"dates": "keep"}]
    assert len({graph.export(name, owl=True, **options) for options in wanted}) == len(wanted)
    assert graph.export(name, owl=True, dates="string") == graph.export(name, owl=True)


def test_dates_are_only_for_owl(graph: Graph) -> None:
    for name in FORMATS:
        with pytest.raises(UsageError, match="--dates is for --owl"):
            graph.export(name, dates="string")
    with pytest.raises(UsageError, match="no dates never"):
        graph.export(owl=True, dates="never")


def test_a_refused_option_leaves_no_file(
    copy_of_sources: Callable[[], Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "all.csv"
    assert main(["-C", str(copy_of_sources()), "export", "--claims", "-o", str(file)]) == 2
    assert "error: csv cannot be written with --claims [format]\n  leave it out: " in capsys.readouterr().err
    assert not file.exists()


def test_the_table_of_options_is_whole() -> None:
    assert set(export.write.__kwdefaults__ or ()) == {*OPTIONS, "dates"}
    assert {option: set(refused) for option, refused in export.REFUSED.items()} == {
        o: r for o, r in OPTIONS.items() if r
    }
