"""A server that follows its sources."""

import json
import time
from collections.abc import Callable
from pathlib import Path

from serving import Served, served

from kg.source.layout import GraphFolder


def until(condition: Callable[[], bool]) -> None:
    """Wait for what is due to happen; the time is that of a machine that hangs."""
    end = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.1)


def labels(server: Served) -> set[str]:
    query = "SELECT ?x { ?s <http://www.w3.org/2000/01/rdf-schema#label> ?x }"
    found = server.query(query)
    assert found.status == 200
    return {row["x"]["value"] for row in json.loads(found.body)["results"]["bindings"]}


def test_changed_sources_are_served_and_broken_ones_are_not(tiny: GraphFolder, tmp_path: Path) -> None:
    (facts,) = Path(tiny.articles).glob("*/facts.trig")
    before = facts.read_text("utf-8")
    assert "Norland" in before
    with served(tiny.root, tmp_path / "log", "--watch", "--workers", "1") as server:
        first = labels(server)
        assert "Norland" in first
        facts.write_text(before.replace('"Norland"@en', '"Norland"@en , "Country"@en'), "utf-8")
        until(lambda: "Country" in labels(server))
        now = labels(server)
        facts.write_text(before + " broken", "utf-8")
        until(lambda: "Sources-Error" in server.get("/sparql?query=ASK%7B%7D").headers)
        assert labels(server) == now
        assert "facts.trig:" in server.get("/sparql?query=ASK%7B%7D").headers["Sources-Error"]
        assert "cannot be compiled: the graph is served as it was before" in server.log
        facts.write_text(before, "utf-8")
        until(lambda: "Sources-Error" not in server.get("/sparql?query=ASK%7B%7D").headers)
        assert labels(server) == first


def test_without_watch_the_graph_stays_as_it_was(tiny: GraphFolder, tmp_path: Path) -> None:
    (facts,) = Path(tiny.articles).glob("*/facts.trig")
    with served(tiny.root, tmp_path / "log", "--workers", "1") as server:
        first = labels(server)
        facts.write_text("broken", "utf-8")
        assert server.query("SELECT * {").status == 400
        assert labels(server) == first
        (text,) = Path(tiny.articles).glob("*/article.txt")
        text.write_text("Another text.\n", "utf-8")
        page = server.get(f"/articles/{text.parent.name}/")
        assert page.status == 200
        assert "Another text" not in page.text
