"""What the TAB key offers, asked as the shell asks (the protocol of argcomplete)."""

from collections.abc import Callable
from pathlib import Path

import pytest

from kg.graph import Graph

Run = Callable[..., object]
Tab = Callable[[str], list[str]]


@pytest.fixture
def tab(kg: Run, shipped: Graph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Tab:
    """What is offered at the end of a line, typed in a graph folder."""

    def offered(line: str) -> list[str]:
        out = tmp_path / "offered"
        monkeypatch.setenv("_ARGCOMPLETE", "1")
        monkeypatch.setenv("_ARGCOMPLETE_IFS", "\n")
        monkeypatch.setenv("_ARGCOMPLETE_STDOUT_FILENAME", str(out))
        monkeypatch.setenv("COMP_LINE", line)
        monkeypatch.setenv("COMP_POINT", str(len(line.encode())))
        kg(cwd=shipped.rooms.root)
        return out.read_text("utf-8").split("\n") if out.exists() else []

    return offered


def test_commands(tab: Tab) -> None:
    assert {"tour", "validate", "query", "show", "export"} <= set(tab("kg "))
    assert tab("kg val") == ["validate "]


def test_options(tab: Tab) -> None:
    assert "--engine" in tab("kg --")
    assert tab("kg export -f tu") == ["turtle "]


def test_questions(tab: Tab, shipped: Graph) -> None:
    assert set(shipped.queries) <= set(tab("kg query "))
    assert tab("kg query who-lea") == ["who-leads "]


def test_parameters_of_the_question(tab: Tab, shipped: Graph) -> None:
    assert tab("kg query who-leads -p ") == [f"{p['name']}=" for p in shipped.queries["who-leads"].parameters]


def test_names_of_things(tab: Tab) -> None:
    assert "Turkey" in tab("kg show Tur")
    assert tab('kg show "Free Sy') == ["Free Syrian Army"]


def test_silence_where_there_is_no_graph(tab: Tab) -> None:
    assert tab("kg -C nowhere show Tur") in ([], [""])
