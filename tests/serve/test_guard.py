"""Who may ask: by which names, from which sites; and what goes with every response."""

import importlib.util
import signal
import socket
from pathlib import Path

import pytest
from running import Run
from serving import DIRECT, Served, served

from kg.cli.main import main

ASK = "/sparql?query=ASK%7B%7D"


def status(server: Served, target: str = ASK, **headers: str) -> int:
    return server.get(target, **headers).status


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:80", "127.0.0.1:8000", "[::1]:8000", "localhost."])
def test_loopback_names(host: str, server: Served) -> None:
    assert status(server, Host=host) == 200


OTHERS = """evil.example localhost.evil.example 127.0.0.1.evil.example evil.example#localhost x@localhost 10.0.0.1
    localhost:x [::1 evil.example:80@localhost 2130706433 localhost/x localhost:80:80"""


@pytest.mark.parametrize("host", OTHERS.split())
def test_other_names_are_refused(host: str, server: Served) -> None:
    """Else a page could let its own name lead to this machine, and read what is served (DNS rebinding)."""
    found = server.get(ASK, Host=host)
    assert found.status == 421
    assert "boolean" not in found.text


def raw(server: Served, request: bytes) -> bytes:
    name, port = server.host.split(":")
    with socket.create_connection((name, int(port)), 30) as connection:
        connection.sendall(request)
        connection.shutdown(socket.SHUT_WR)
        return b"".join(iter(lambda: connection.recv(65536), b""))


def test_a_request_without_a_host_or_with_two_is_refused(server: Served) -> None:
    line = f"GET {ASK} HTTP/1.1\r\n".encode()
    assert raw(server, line + b"\r\n").startswith(b"HTTP/1.1 400")
    assert raw(server, line + b"Host: localhost\r\nHost: evil.example\r\n\r\n").startswith((b"HTTP/1.1 4",))
    assert raw(server, f"GET {ASK} HTTP/1.0\r\n\r\n".encode()).startswith(b"HTTP/1.1 421")


def test_the_name_in_the_first_line_counts_for_nothing(server: Served) -> None:
    found = raw(server, f"GET http://evil.example{ASK} HTTP/1.1\r\nHost: evil.example\r\n\r\n".encode())
    assert found.startswith(b"HTTP/1.1 421")


@pytest.mark.parametrize("target", [ASK, "/", "/none", "/static/style.css", "/sparql?query=x", "/queries/who-leads"])
def test_each_response_has_the_headers(target: str, server: Served) -> None:
    found = server.get(target).headers
    policy = found["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert found["X-Content-Type-Options"] == "nosniff"
    assert found["Referrer-Policy"] == "no-referrer"
    assert found["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "Access-Control-Allow-Origin" not in found
    assert "Server" not in found


def test_pages_of_other_sites_may_not_ask(server: Served) -> None:
    for site in ("cross-site", "same-site"):
        assert status(server, Sec_Fetch_Site=site, Sec_Fetch_Mode="no-cors") == 403
        assert status(server, Sec_Fetch_Site=site, Sec_Fetch_Mode="cors", Origin="https://evil.example") == 403
        assert status(server, Sec_Fetch_Site=site, Sec_Fetch_Mode="navigate") == 200  # a link
    assert status(server, Sec_Fetch_Site="same-origin", Sec_Fetch_Mode="cors") == 200
    assert status(server, Sec_Fetch_Site="none", Sec_Fetch_Mode="navigate") == 200


def test_an_origin_that_was_named_may_read(shipped_folder: Path, tmp_path: Path) -> None:
    origin = "https://app.example"
    with served(shipped_folder, tmp_path / "log", "--cors", origin, "--name", "graph.example") as server:
        found = server.get(ASK, Origin=origin, Sec_Fetch_Site="cross-site", Sec_Fetch_Mode="cors")
        assert (found.status, found.headers["Access-Control-Allow-Origin"]) == (200, origin)
        assert "Origin" in found.headers["Vary"]
        other = server.get(ASK, Origin="https://evil.example", Sec_Fetch_Site="cross-site", Sec_Fetch_Mode="cors")
        assert (other.status, other.headers["Access-Control-Allow-Origin"]) == (403, None)
        preflight = {"Origin": origin, "Access-Control-Request-Method": "POST"}
        asked = server.request("OPTIONS", "/sparql", headers=preflight)
        assert (asked.status, asked.body) == (204, b"")
        assert "POST" in asked.headers["Access-Control-Allow-Methods"]
        assert "Content-Type" in asked.headers["Access-Control-Allow-Headers"]
        assert status(server, Host="graph.example") == 200
        assert status(server, Host="evil.example") == 421


def test_a_line_for_each_request(server: Served) -> None:
    server.get("/sparql?query=ASK%7B%7D&x=%1b[31m%0aforged")
    server.post("SELECT", DIRECT)
    server.get("/none/%E2%80%AE%0A?y=" + "z" * 5_000)
    lines = server.log.splitlines()
    assert any("127.0.0.1 GET /sparql?query=ASK%7B%7D&x=%1b[31m%0aforged 200 36 bytes" in line for line in lines)
    assert any("POST /sparql 400" in line and line.endswith("[syntax]") for line in lines)
    assert all(len(line) < 500 for line in lines)
    assert not {"\x1b", "\u202e"} & {*server.log}


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_stops_it_once_requests_are_answered(number: int, shipped_folder: Path, tmp_path: Path) -> None:
    with served(shipped_folder, tmp_path / "log") as server:
        assert status(server) == 200
        assert server.stop(number) == 0
        assert "Traceback" not in server.log


def test_the_address_is_taken(server: Served, shipped_folder: Path, kg: Run) -> None:
    port = server.host.rpartition(":")[2]
    found = kg("-C", str(shipped_folder), "serve", "--port", port)
    assert found.returncode == 3
    assert f"cannot listen on 127.0.0.1, port {port}" in found.stderr
    assert "choose another with --port" in found.stderr


def test_a_graph_that_cannot_be_compiled(tmp_path: Path, kg: Run) -> None:
    (tmp_path / "ontology").mkdir()
    (tmp_path / "kg" / "articles").mkdir(parents=True)
    (tmp_path / "ontology" / "x.ttl").write_text("broken")
    found = kg("-C", str(tmp_path), "serve", "--port", "0")
    assert found.returncode == 3
    assert "x.ttl:1" in found.stderr
    assert found.stdout == ""


def test_without_what_it_needs_it_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    find = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "uvicorn" else find(name))
    assert main(["serve"]) == 3
    assert 'kg serve needs uvicorn, which is not installed [extra]\n  pip install "entente-kg[serve]"' in (
        capsys.readouterr().err
    )
