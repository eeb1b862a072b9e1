"""Asking endpoints that are slow, cut, redirect, refuse, or are none: one clear line, and no rows that look whole."""

import gzip
import json
import socket
import threading
import time
from base64 import b64encode
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, Triple
from webserver import WebServer, page, reply, web_server

from kg.dataset import endpoint
from kg.dataset.endpoint import PASSWORD, TOKEN, USER, Endpoint
from kg.dataset.results import Ask, Rows
from kg.errors import InputError, KgError, LimitError, UsageError

pytest.importorskip("httpx")
JSON = "Content-Type: application/sparql-results+json"
QUERY = "SELECT ?x { ?x ?p ?o } ORDER BY ?x"


@pytest.fixture
def server() -> Iterator[WebServer]:
    with web_server() as running:
        yield running


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(endpoint, "_FIRST_WAIT", 0.001)


def results(*values: str) -> bytes:
    rows = [{"x": {"type": "literal", "value": value}} for value in values]
    return json.dumps({"head": {"vars": ["x"]}, "results": {"bindings": rows}}).encode()


def at(server: WebServer, environ: dict[str, str] | None = None, seconds: float = 20) -> Endpoint:
    return Endpoint(f"{server.address}/sparql", seconds, environ or {})


def values(found: Any) -> list[str]:
    assert isinstance(found, Rows)
    return [term.value for (term,) in found.rows if isinstance(term, Literal)]


def failure(server: WebServer, seconds: float = 20, query: str = QUERY) -> KgError:
    with pytest.raises(KgError) as raised:
        at(server, seconds=seconds).ask(query)
    assert "\n" not in raised.value.message
    return raised.value


def parameters(request: str) -> dict[str, str]:
    return {name: found[0] for name, found in parse_qs(request.partition("\r\n\r\n")[2]).items()}


def test_rows_booleans_and_triples_come_as_terms(server: WebServer) -> None:
    server.answers["/sparql"] = reply(results("a", "b"), JSON)
    assert values(at(server).ask(QUERY)) == ["a", "b"]
    assert parameters(server.asked[0]) == {"query": QUERY}
    server.answers["/sparql"] = reply(gzip.compress(results("a")), JSON, "Content-Encoding: gzip")
    assert values(at(server).ask(QUERY)) == ["a"]
    server.answers["/sparql"] = reply(b'{"head": {"link": []}, "boolean": true}', JSON)
    found = at(server).ask("ASK {}")
    assert isinstance(found, Ask)
    assert found.value is True
    server.answers["/sparql"] = reply(b'<x:a> <x:b> "c" .\n', "Content-Type: application/n-triples")
    assert at(server).ask("CONSTRUCT { ?s ?p ?o } { ?s ?p ?o }") == [
        Triple(NamedNode("x:a"), NamedNode("x:b"), Literal("c"))
    ]


def test_blank_nodes_of_virtuoso_are_read_and_apart(server: WebServer) -> None:
    nodes = [{"x": {"type": "bnode", "value": f"nodeID://b{number}"}} for number in (1, 2, 1)]
    body = {"head": {"link": [], "vars": ["x"]}, "results": {"distinct": False, "ordered": True, "bindings": nodes}}
    server.answers["/sparql"] = reply(json.dumps(body).encode(), JSON)
    found = at(server).ask(QUERY)
    assert isinstance(found, Rows)
    one, other, same = (term for (term,) in found.rows)
    assert isinstance(one, BlankNode)
    assert one == same != other
    server.answers["/sparql"] = reply(json.dumps(body).encode()[:-3], JSON)
    assert failure(server).rule == "cut"


def test_results_in_xml_are_read_where_a_server_sends_them(server: WebServer) -> None:
    head = '<sparql xmlns="http://www.w3.org/2005/sparql-results#"><head><variable name="x"/></head><results>'
    body = f'{head}<result><binding name="x"><literal>a</literal></binding></result></results></sparql>'.encode()
    server.answers["/sparql"] = reply(body, "Content-Type: application/sparql-results+xml; charset=utf-8")
    assert values(at(server).ask(QUERY)) == ["a"]
    server.answers["/sparql"] = reply(body[:-5], "Content-Type: application/sparql-results+xml")
    assert failure(server).rule == "cut"


def test_no_part_of_an_answer_is_taken_for_the_whole(server: WebServer) -> None:
    body, asked = results("a", "b", "c"), at(server)
    for end in range(len(body)):  # a server that counts what it sends, and stops at a limit of its own
        server.answers["/sparql"] = reply(body[:end], JSON)
        with pytest.raises(LimitError, match="the answer was cut") as raised:
            asked.ask(QUERY)
        assert (raised.value.exit_code, raised.value.rule) == (4, "cut")


def test_a_connection_that_breaks_is_tried_again_and_then_said(server: WebServer) -> None:
    body = results("a")
    chunked = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n" + JSON.encode() + b"\r\n\r\n"
    for broken in (
        reply(body[:-10], JSON, length=len(body)),
        chunked + b"%x\r\n%s\r\n" % (len(body), body),  # all of it, but not the chunk that ends it
        b"HTTP/1.1 200 OK\r\n",
        b"",
    ):
        server.asked.clear()
        server.answers["/sparql"] = broken
        error = failure(server)
        assert (error.exit_code, error.rule, len(server.asked)) == (4, "cut", endpoint.TRIES)
    sent: list[bytes] = [b"", b"HTTP/1.1 200", reply(body, JSON)]
    server.answers["/sparql"] = lambda connection: connection.sendall(sent.pop(0))
    assert values(at(server).ask(QUERY)) == ["a"]


def test_triples_that_end_with_the_connection_may_be_cut(server: WebServer) -> None:
    server.answers["/sparql"] = b'HTTP/1.1 200 OK\r\nContent-Type: application/n-triples\r\n\r\n<x:a> <x:b> "c" .\n'
    assert failure(server, query="CONSTRUCT { ?s ?p ?o } { ?s ?p ?o }").rule == "cut"


def test_a_busy_server_is_asked_again_when_it_says(server: WebServer, monkeypatch: pytest.MonkeyPatch) -> None:
    waits: list[float] = []
    monkeypatch.setattr(time, "sleep", waits.append)
    busy = reply(b"one moment", "Retry-After: 3", status="503 Service Unavailable")
    late = reply(b"", "Retry-After: 4000", status="429 Too Many Requests")
    sent = [busy, late, reply(results("a"), JSON)]
    server.answers["/sparql"] = lambda connection: connection.sendall(sent.pop(0))
    assert values(at(server).ask(QUERY)) == ["a"]
    assert waits == [3, endpoint.LONGEST_WAIT]
    server.answers["/sparql"] = reply(b"one moment\nplease", status="503 Service Unavailable")
    server.asked.clear()
    error = failure(server)
    assert (error.exit_code, len(server.asked)) == (4, endpoint.TRIES)
    assert error.message == "the server answers 503 Service Unavailable: one moment"


def test_what_asking_again_does_not_help_is_asked_once(server: WebServer) -> None:
    for status, exit_code in {"400 Bad Request": 3, "404 Not Found": 3, "500 Oh": 3, "504 Gateway Timeout": 4}.items():
        server.asked.clear()
        server.answers["/sparql"] = reply(b"line 1: \x1b[31mno\n", "Content-Type: text/plain", status=status)
        error = failure(server)
        assert (error.exit_code, len(server.asked)) == (exit_code, 1)
        assert error.message == f"the server answers {status}: line 1: \\x1b[31mno"


@pytest.mark.parametrize("slow", ["silent", "byte by byte"])
def test_a_slow_server_is_left_in_time(server: WebServer, slow: str) -> None:
    ended = threading.Event()

    def answer(connection: socket.socket) -> None:
        if slow != "silent":
            connection.sendall(f"HTTP/1.1 200 OK\r\n{JSON}\r\nContent-Length: 10000\r\n\r\n".encode())
            while not ended.wait(0.05):
                connection.sendall(b" ")
        ended.wait(20)

    server.answers["/sparql"] = answer
    before = time.monotonic()
    error = failure(server, seconds=0.4)
    ended.set()
    assert (error.exit_code, error.rule) == (4, "time-out")
    assert time.monotonic() - before < 10  # it would be more than 500 s, or for ever


def test_a_page_instead_of_results_is_said(server: WebServer) -> None:
    for answer in (page("<p>Welcome"), reply(b"<!DOCTYPE html><html>", "Content-Type: application/octet-stream")):
        server.answers["/sparql"] = answer
        error = failure(server)
        assert error.exit_code == 3
        assert error.message == "the server sends a web page (HTML), no results of SPARQL"
    server.answers["/sparql"] = reply(b"x\n1\n", "Content-Type: text/csv")  # of which nobody sees where it was cut
    assert failure(server).message == "the server sends text/csv, no results of SPARQL"


def test_an_answer_that_is_too_large_is_left(server: WebServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(endpoint, "MAX_BYTES", 100_000)
    server.answers["/sparql"] = reply(gzip.compress(b" " * 10_000_000), JSON, "Content-Encoding: gzip")
    error = failure(server)
    assert (error.exit_code, error.rule) == (4, "too-large")


def test_credentials_come_from_the_environment(server: WebServer, monkeypatch: pytest.MonkeyPatch) -> None:
    server.answers["/sparql"] = reply(results("a"), JSON)
    basic = b64encode("mé:secret".encode()).decode()
    for environ, header in {
        (): None,
        ((USER, "mé"), (PASSWORD, "secret")): f"Basic {basic}",
        ((TOKEN, "abc"),): "Bearer abc",
    }.items():
        server.asked.clear()
        at(server, dict(environ)).ask(QUERY)
        sent = [line for line in server.asked[0].split("\r\n") if line.lower().startswith("authorization")]
        assert sent == ([f"Authorization: {header}"] if header else [])
    with pytest.raises(UsageError, match="one line each"):
        at(server, {TOKEN: "a\nb"})
    server.answers["/sparql"] = reply(b"", status="401 Unauthorized")
    assert f"set {USER} and {PASSWORD}" in failure(server).hint
    with pytest.raises(InputError, match="401 Unauthorized") as raised:
        at(server, {TOKEN: "abc"}).ask(QUERY)
    assert "are they right" in raised.value.hint
    assert "abc" not in str(raised.value)


def test_nothing_is_taken_from_netrc_or_a_proxy(
    server: WebServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login me password secret\n")
    for name, value in {"HOME": tmp_path, "NETRC": tmp_path / ".netrc", "HTTP_PROXY": "http://[::1]:9"}.items():
        monkeypatch.setenv(name, str(value))
    server.answers["/sparql"] = reply(results("a"), JSON, "Set-Cookie: a=b")
    asked = at(server)
    asked.ask(QUERY)
    assert "authorization" not in server.asked[0].lower()


def test_redirects_carry_the_query_and_to_another_origin_no_credentials(server: WebServer) -> None:
    for status in ("301 Moved", "302 Found", "307 Temporary Redirect", "308 Permanent Redirect"):
        with web_server() as other:
            server.asked.clear()
            server.answers["/sparql"] = reply(b"", "Location: /here", status=status)
            server.answers["/here"] = reply(b"", f"Location: {other.address}/there", status=status)
            other.answers["/there"] = reply(results("a"), JSON)
            assert values(at(server, {TOKEN: "abc"}).ask(QUERY)) == ["a"]
            assert ["Bearer abc" in request for request in (*server.asked, *other.asked)] == [True, True, False]
            assert parameters(other.asked[0]) == {"query": QUERY}
    server.answers["/sparql"] = reply(b"", "Location: /result", status="303 See Other")
    server.answers["/result"] = reply(results("b"), JSON)
    assert values(at(server).ask(QUERY)) == ["b"]
    assert server.asked[-1].startswith("GET /result ")


def test_redirects_end_and_lead_to_the_web_alone(server: WebServer) -> None:
    server.answers["/sparql"] = reply(b"", "Location: /sparql", status="302 Found")
    assert (failure(server).exit_code, len(server.asked)) == (4, endpoint.MAX_REDIRECTS + 1)
    for location in ("file:///etc/passwd", "http://", "http://me:secret@127.0.0.1/", "ftp://127.0.0.1/"):
        server.answers["/sparql"] = reply(b"", f"Location: {location}", status="302 Found")
        error = failure(server)
        assert error.exit_code == 3
        assert "redirect" in error.message


def limited(server: WebServer, most: int, rows: int, *headers: str) -> None:
    """Have a server know so many rows, and send no more than `most` of them."""

    def answer(connection: socket.socket) -> None:
        words = parameters(server.asked[-1])["query"].split()
        numbers = {word: int(words[i + 1]) for i, word in enumerate(words) if word in ("LIMIT", "OFFSET")}
        start, size = numbers.get("OFFSET", 0), min(most, numbers.get("LIMIT", rows))
        connection.sendall(reply(results(*map(str, range(rows)[start : start + size])), JSON, *headers))

    server.answers["/sparql"] = answer


def test_rows_that_a_server_sends_in_parts_are_put_together(server: WebServer) -> None:
    for header in ([], ["X-SPARQL-MaxRows: 200"]):
        for rows in (199, 200, 201, 400, 950):
            limited(server, 200, rows, *header)
            assert values(at(server).ask(QUERY)) == list(map(str, range(rows)))
            assert values(at(server).ask(f"{QUERY} LIMIT 500 OFFSET 7")) == list(map(str, range(rows)[7:507]))
            assert values(at(server).ask(f"{QUERY}\nVALUES ?y {{ 1 }}")) == list(map(str, range(rows)))


def test_rows_without_an_order_cannot_be_put_together(server: WebServer) -> None:
    query = "SELECT ?x { ?x ?p ?o }"
    limited(server, 200, 200)
    assert len(values(at(server).ask(query))) == 200
    limited(server, 200, 201)
    error = failure(server, query=query)
    assert (error.exit_code, error.rule) == (4, "cut")
    assert "200" in error.message
    limited(server, 137, 200, "X-SPARQL-MaxRows: 137")
    assert failure(server, query=query).rule == "cut"


@pytest.mark.parametrize("address", ["sparql", "file:///etc/passwd", "http://", "ftp://x/", "http://a:b/"])
def test_what_is_no_address_is_said_at_once(address: str) -> None:
    with pytest.raises(UsageError, match="no address of an endpoint"):
        Endpoint(address)


def test_credentials_in_an_address_are_refused() -> None:
    with pytest.raises(UsageError, match="name or a password") as raised:
        Endpoint("http://me:secret@127.0.0.1/")
    assert "secret" not in str(raised.value)


def test_a_server_that_is_not_there_is_said() -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    with pytest.raises(InputError, match="cannot be reached"):
        Endpoint(f"http://127.0.0.1:{port}/", 5).ask(QUERY)
