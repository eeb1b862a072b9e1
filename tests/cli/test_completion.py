"""What the TAB key offers, asked as the shell asks (the protocol of argcomplete)."""

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from running import ROOT, environment

from kg.graph import Graph

Tab = Callable[[str], list[str]]


@pytest.fixture
def tab(shipped: Graph, tmp_path: Path) -> Tab:
    """What is offered at the end of a line, typed in a graph folder."""
    out = tmp_path / "offered"
    asking = {"_ARGCOMPLETE": "1", "_ARGCOMPLETE_IFS": "\n", "_ARGCOMPLETE_STDOUT_FILENAME": str(out)}

    def offered(line: str) -> list[str]:
        env = environment(**asking, COMP_LINE=line, COMP_POINT=str(len(line.encode())))
        subprocess.run([sys.executable, "-m", "kg"], cwd=shipped.graph_folder.root, env=env, check=True, timeout=600)
        return out.read_text("utf-8").split("\n")

    return offered


def test_commands(tab: Tab) -> None:
    assert {"tour", "validate", "query", "show", "export"} <= set(tab("kg "))
    assert tab("kg val") == ["validate "]


def test_options(tab: Tab) -> None:
    assert "--engine" in tab("kg --")
    assert tab("kg export -f tu") == ["turtle "]


def test_stored_queries(tab: Tab, shipped: Graph) -> None:
    assert set(shipped.queries) <= set(tab("kg query "))
    assert tab("kg query who-lea") == ["who-leads "]


@pytest.mark.skipif(os.name == "nt", reason="the files are those that bash finds")
def test_a_query_may_be_a_file(tab: Tab) -> None:
    assert tab("kg query queries/who-lea") == ["queries/who-leads.rq "]
    assert "queries/" not in tab("kg query ")


@pytest.mark.skipif(os.name == "nt", reason="bash asks")
def test_where_nothing_fits_bash_offers_no_files(shipped: Graph) -> None:
    """The line of the guide that switches completion on leaves no files to bash itself."""
    [line] = re.findall(r"`(eval [^`]+)`", (ROOT / "docs/guide.md").read_text("utf-8"))
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    command = ["bash", "-c", f"{line}; complete -p kg"]
    done = subprocess.run(command, env=environment(PATH=path), capture_output=True, text=True, check=True)
    assert "-F _python_argcomplete" in done.stdout
    assert "-o default" not in done.stdout


def test_parameters_of_the_stored_query(tab: Tab, shipped: Graph) -> None:
    assert tab("kg query who-leads -p ") == [f"{p['name']}=" for p in shipped.queries["who-leads"].parameters]


def test_values_of_a_parameter_are_of_its_type(tab: Tab) -> None:
    assert tab("kg query who-leads -p state=Tur") == ["state=Turkey "]
    states = tab("kg query who-leads -p state=")
    assert {"state=Turkey", "state=Türkiye", "state=any"} <= set(states)
    assert not any("Erdogan" in name or "Akkuyu" in name for name in states)
    assert tab("kg query passages -p article=article:2018") == ["article=article:2018-04-turkey-russia "]
    assert "stage=planned" in tab("kg query projects-by-stage -p stage=")  # from the ontology
    assert tab("kg query who-leads -p date=") == ["date=2018-04-04 "]
    assert tab("kg query who-leads -p nothing=") == [""]


def test_the_parts_of_a_triple(tab: Tab) -> None:
    assert tab("kg why Moscow back") == ["backs "]
    assert "leads" not in tab("kg why Moscow ")
    assert "Bashar\\ al\\ Assad" in tab("kg why Moscow backs Bas")


def test_names_of_things(tab: Tab) -> None:
    assert "Turkey" in tab("kg show Tur")
    assert tab('kg show "Free Sy') == ["Free Syrian Army"]


def test_silence_where_there_is_no_graph(tab: Tab) -> None:
    assert tab("kg -C nowhere show Tur") == [""]
