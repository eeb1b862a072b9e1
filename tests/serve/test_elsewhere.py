"""A graph asked over HTTP, at our own server, answers as the graph itself does, in few requests."""

import socket
from pathlib import Path

import pytest
from elsewhere import (
    asserted,
    different_answers,
    different_descriptions,
    different_proofs,
    inferred,
    requests,
    things,
)
from pyoxigraph import NamedNode, Quad, Store, Triple
from running import ROOT, run
from serving import FORM, Served
from webserver import WebServer, reply, web_server

import kg
from kg.dataset.remote import RemoteStore
from kg.errors import InputError, LimitError, UsageError
from kg.graph import Graph
from kg.rdf.namespaces import ENT, ID, ONTOLOGY_GRAPH
from kg.source.layout import GraphFolder

pytest.importorskip("httpx")
NAMES = sorted(path.stem for path in (ROOT / "queries").glob("*.rq"))


@pytest.fixture(scope="module")
def address(server: Served) -> str:
    return f"{server.address}/sparql"


@pytest.fixture(scope="module")
def there(shipped: Graph, address: str) -> Graph:
    return shipped.at(address, 120)


def test_stored_queries_with_their_receipts(shipped: Graph, there: Graph) -> None:
    assert different_answers(shipped, there, NAMES) == []
    name = "how-connected"
    ours, theirs = (graph.query(name, receipts="all").write("json") for graph in (shipped, there))
    assert theirs == ours


def test_things_by_label_name_and_address(shipped: Graph, there: Graph) -> None:
    assert different_descriptions(shipped, there, things(shipped)[::12]) == []
    for name in ("Türkiye", "id:turkey", f"<{ID}turkey>", "turkey"):
        assert there.show(name).thing == NamedNode(f"{ID}turkey")
    with pytest.raises(UsageError, match="knows no “Turkye”") as raised:
        there.show("Turkye")
    with pytest.raises(UsageError) as ours:
        shipped.show("Turkye")
    assert raised.value.hint == ours.value.hint


def test_proofs_and_what_is_missing_for_one(shipped: Graph, there: Graph) -> None:
    backs = NamedNode(f"{ENT}backs")
    none = [Triple(NamedNode(f"{ID}turkey"), backs, NamedNode(f"{ID}{name}")) for name in ("russia", "bashar-al-assad")]
    assert different_proofs(shipped, there, [*inferred(shipped)[::12], *asserted(shipped)[::150], *none]) == []


def test_requests_are_those_of_steps_not_of_rows(shipped: Graph, address: str) -> None:
    there = shipped.at(address)
    assert len(there.query("passages", receipts=True).attributions) > 40
    assert requests(there) < 20
    there = shipped.at(address)
    there.show("Russia")
    assert requests(there) < 30


def test_the_command_writes_the_same(shipped_folder: Path, address: str) -> None:
    for words in (
        ["query"],
        ["query", "who-leads", "-p", "state=Turkye"],
        ["query", "who-backs-whom", "-p", "backer=Cyprus", "--receipts", "-f", "text"],
        ["show"],
        ["why", "Moscow", "backs", "Bashar al Assad"],
        ["why", "Ankara", "backs", "Moscow"],
        ["show", "--picture", "-"],
    ):
        ours = run("-C", str(shipped_folder), *words)
        theirs = run("-C", str(shipped_folder), *words, "--endpoint", address)
        assert (theirs.returncode, theirs.stdout, theirs.stderr) == (ours.returncode, ours.stdout, ours.stderr)


def passed_on(proxy: WebServer, server: Served, broken: int, answer: bytes | None) -> list[str]:
    """Have a server pass requests on to ours, but for the one of that number: half of what comes, or an answer."""
    bodies: list[str] = []

    def pass_on(connection: socket.socket) -> None:
        bodies.append(proxy.asked[-1].partition("\r\n\r\n")[2])
        found = server.post(bodies[-1], FORM, accept="application/sparql-results+json")
        whole = reply(found.body, f"Content-Type: {found.type}")
        half = reply(found.body[: len(found.body) // 2], f"Content-Type: {found.type}")
        connection.sendall(whole if len(bodies) - 1 < broken else half if answer is None else answer)

    proxy.answers["/sparql"] = pass_on
    return bodies


def test_an_answer_that_is_cut_at_any_request_is_none(shipped: Graph, server: Served) -> None:
    with web_server() as proxy:
        address, expected = f"{proxy.address}/sparql", shipped.query("who-leads", receipts=True).write("json")
        bodies = passed_on(proxy, server, 10**6, None)
        assert shipped.at(address).query("who-leads", receipts=True).write("json") == expected
        for broken in range(len(bodies)):
            passed_on(proxy, server, broken, None)
            with pytest.raises(LimitError, match="the answer was cut"):
                shipped.at(address).query("who-leads", receipts=True).write("json")


def test_the_command_prints_a_line_and_no_rows(shipped_folder: Path, server: Served) -> None:
    page = reply(b"<html>Sign in", "Content-Type: text/html")
    cases = {None: 4, page: 3, reply(b"who?", status="401 Unauthorized"): 3, reply(b"", status="504 Late"): 4, b"": 4}
    with web_server() as proxy:
        for answer, exit_code in cases.items():
            passed_on(proxy, server, 4, answer)
            words = ("-C", str(shipped_folder), "query", "who-leads", "--receipts", "-f", "csv")
            done = run(*words, "--endpoint", f"{proxy.address}/sparql")
            assert (done.returncode, done.stdout) == (exit_code, "")
            first, *hints = done.stderr.splitlines()
            assert first.startswith(f"{proxy.address}/sparql: error: ")
            assert len(hints) < 2


def test_a_graph_elsewhere_is_shown_without_asking_for_all_of_it(shipped: Graph, address: str) -> None:
    there = shipped.at(address)
    before = requests(there)
    assert address in repr(there)
    assert there.things.resolve("Türkiye") == NamedNode(f"{ID}turkey")
    assert requests(there) == before + 1


def test_a_query_of_ones_own_is_checked_here_and_asked_there(shipped: Graph, server: Served, address: str) -> None:
    text = f"SELECT ?b ?a {{ ?a <{ENT}memberOf> ?b }} ORDER BY ?a ?b"
    there = kg.open(str(shipped.graph_folder.root), endpoint=address)
    assert there.query(text).write("csv") == shipped.query(text).write("csv")
    star = f"SELECT * {{ ?b <{ENT}memberOf> ?a }} ORDER BY ?a ?b"
    assert there.query(star).columns == shipped.query(star).columns == ["b", "a"]
    assert bool(there.query(f"ASK {{ <{ID}turkey> a <{ENT}State> }}")) is True
    described = f"CONSTRUCT {{ <{ID}turkey> ?p ?o }} {{ <{ID}turkey> ?p ?o }}"
    assert there.query(described).write("turtle") == shipped.query(described).write("turtle")
    before = requests(there)
    for wrong, rule in (("SELECT ?x {", "syntax"), ("SELECT ?x { SERVICE <http://x/> { ?x ?p ?o } }", "query-reach")):
        with pytest.raises((InputError, UsageError)) as raised:
            there.query(wrong)
        assert raised.value.rule == rule
    assert requests(there) == before


def test_rows_that_a_server_repeats_in_spite_of_distinct_are_dropped(shipped: Graph, address: str) -> None:
    there = shipped.at(address)
    text = "{ VALUES ?x { 2 1 2 } }"
    ask = there.store.endpoint.ask
    there.store.endpoint.ask = lambda query, graph: ask(query.replace("DISTINCT", ""), graph)
    assert [row[0].value for row in there.query(f"SELECT DISTINCT ?x {text}")] == ["2", "1"]
    assert [row[0].value for row in there.query(f"SELECT ?x {text}")] == ["2", "1", "2"]


def test_another_ontology_is_noted(shipped: Graph, shipped_folder: Path, address: str) -> None:
    assert shipped.at(address).notes == []
    assert isinstance(shipped.at(address).store, RemoteStore)
    own = shipped.store
    header = NamedNode(ONTOLOGY_GRAPH)
    other = Graph(GraphFolder(str(shipped_folder)))
    store = other.context.store
    assert isinstance(store, Store)
    store.add(Quad(NamedNode("x:a"), NamedNode("x:b"), NamedNode("x:c"), header))
    size = sum(1 for _ in own.quads_for_pattern(None, None, None, header))
    (note,) = other.at(address).notes
    assert f"were made with ontology 0.1.0 ({size:,} statements), here it is 0.1.0 ({size + 1:,} statements)" in note
