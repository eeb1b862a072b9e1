"""What strangers may ask: each hostile request has its status, and the next one is answered."""

import json
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest
from serving import DIRECT, FORM, Served, served

from kg.rdf import sparql
from kg.serve.server import share_of_memory

CARTESIAN = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
HOSTILE = {
    "cartesian product": (CARTESIAN, 504),
    "nested groups": ("ASK " + "{" * 5_000 + "}" * 5_000, 400),
    "nested brackets": (f"ASK {{ FILTER({'(' * 9_000}1{')' * 9_000}) }}", 400),
    "a large union": (f"ASK {{ {' UNION '.join(['{}'] * 7_000)} }}", 400),
    "a long query": (f"ASK {{}} #{'x' * sparql.MAX_QUERY}", 413),
    "another server": ("ASK { SERVICE <http://127.0.0.1:9/> {} }", 400),
    "a graph from elsewhere": ("ASK FROM <http://127.0.0.1:9/> {}", 400),
    "a regular expression": ("SELECT * { ?s ?p ?o FILTER regex(str(?o), '(a+)+$(b+)+$') }", 200),
    "a path over everything": ("SELECT (COUNT(*) AS ?n) { ?a (!<x:y>)* ?b . ?c (!<x:y>)* ?d . ?e ?f ?g }", 504),
    "no query": ("{{{{", 400),
    "an empty one": ("", 400),
    "a zero byte": ("ASK {}\0", 400),
}
DOUBLING = " ".join(f"BIND(CONCAT(?x{n}, ?x{n}) AS ?x{n + 1})" for n in range(40))


@pytest.fixture(scope="module")
def strict(shipped_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server with low limits."""
    options = ("--timeout", "1", "--memory", "400", "--size", "1", "--workers", "2")
    with served(shipped_folder, tmp_path_factory.mktemp("log") / "log", *options) as found:
        yield found


def is_well(server: Served) -> bool:
    return bool(json.loads(server.query("ASK { ?s ?p ?o }").body)["boolean"])


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_queries(name: str, strict: Served) -> None:
    query, status = HOSTILE[name]
    found = strict.post(urlencode({"query": query}), FORM)
    assert found.status == status, found.text[:300]
    assert status == 200 or (found.type == "text/plain" and len(found.text) < 2_500)
    assert is_well(strict)


def test_a_query_that_takes_all_memory(strict: Served) -> None:
    found = strict.query(f"SELECT (STRLEN(?x40) AS ?n) {{ BIND('xxxxxxxx' AS ?x0) {DOUBLING} }}")
    assert found.status in (503, 504)
    assert "memory" in found.text or "no answer within" in found.text
    assert is_well(strict)


def test_an_answer_that_is_too_large_is_not_cut(strict: Served) -> None:
    found = strict.query("SELECT * { ?a ?b ?c . ?d a ?e } LIMIT 20000")
    assert found.status in (503, 504)  # as the machine is quick enough to write it
    assert found.status == 504 or "the answer is larger than 1 MB" in found.text
    assert is_well(strict)


def test_the_log_says_which_limit_was_met(strict: Served) -> None:
    strict.query(CARTESIAN)
    assert any(line.endswith("[time-out]") for line in strict.log.splitlines())


def test_large_bodies_and_heads(strict: Served) -> None:
    assert strict.post(b"x" * 2_000_000, DIRECT).status == 413
    assert strict.request("GET", f"/sparql?x={'y' * 100_000}").status == 414
    assert is_well(strict)


def raw(server: Served, *parts: bytes, pause: float = 0.0) -> bytes:
    name, port = server.host.split(":")
    with socket.create_connection((name, int(port)), 30) as connection:
        for part in parts:
            connection.sendall(part)
            time.sleep(pause)
        connection.shutdown(socket.SHUT_WR)
        return b"".join(iter(lambda: connection.recv(65536), b""))


def test_what_is_no_http(strict: Served) -> None:
    for data in (
        b"\x16\x03\x01\x02\x00\x01\x00",
        b"GET\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"\0" * 1_000,
        b"\r\n" * 99,
    ):
        assert raw(strict, data)[:12] in (b"", b"HTTP/1.1 400", b"HTTP/1.1 421")
    chunked = b"POST /sparql HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n"
    assert not raw(strict, chunked + b"zz\r\n").startswith(b"HTTP/1.1 200")
    assert is_well(strict)


def test_clients_that_go_away(strict: Served) -> None:
    name, port = strict.host.split(":")
    target = f"/sparql?{urlencode({'query': CARTESIAN})}"
    for _ in range(20):
        with socket.create_connection((name, int(port)), 30) as connection:
            connection.sendall(f"GET {target} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
    assert is_well(strict)


def test_many_at_once(strict: Served) -> None:
    found: list[int] = []
    good = [threading.Thread(target=lambda: found.append(strict.query("ASK {}").status)) for _ in range(100)]
    for thread in good:
        thread.start()
    for thread in good:
        thread.join()
    assert len(found) == 100
    assert {*found} <= {200, 503}
    assert found.count(200) > 50
    assert is_well(strict)


def test_slow_ones_do_not_keep_the_others_waiting(strict: Served) -> None:
    found: list[int] = []
    slow = [threading.Thread(target=lambda: found.append(strict.query(CARTESIAN).status)) for _ in range(12)]
    for thread in slow:
        thread.start()
    quick = [strict.query("ASK {}").status]
    while any(thread.is_alive() for thread in slow):
        quick.append(strict.query("ASK {}").status)
    assert {*quick} <= {200, 503}  # a busy machine may have too many at a time
    assert quick.count(200) > 1
    assert {*found} <= {503, 504}
    assert 504 in found


def test_all_answers_that_run_or_wait_have_place_in_memory() -> None:
    assert share_of_memory(4, 0) == 1_000
    assert share_of_memory(4, 100_000) == 1_000
    assert share_of_memory(4, 10_000) == 400
    assert share_of_memory(32, 8_000) == 256
