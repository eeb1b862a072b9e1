"""Fetching a page: within bounds, from the address that was looked at, and with one line for whatever goes wrong."""

import gzip
import socket
import ssl
import time
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from webserver import WebServer, page, reply, web_server

from kg.drafting.fetch import MAX_BYTES, fetch, is_address, is_public, normalised
from kg.errors import InputError, LimitError, UsageError

pytest.importorskip("httpx")
HTML = "<!doctype html><title>x</title><p>Lorvia opened the dam.</p>"


@pytest.fixture
def server() -> Iterator[WebServer]:
    with web_server() as running:
        running.answers["/a"] = page(HTML)
        yield running


def resolved(**hosts: str | list[str]) -> Any:
    """A resolver that knows these hosts, with underscores for dots, and numbers; it remembers whom it was asked for."""
    known = {name.replace("_", "."): [ips] if isinstance(ips, str) else ips for name, ips in hosts.items()}

    def resolve(host: str, port: int, **options: Any) -> list[tuple[Any, ...]]:
        resolve.asked.append(host)  # type: ignore[attr-defined]
        if host not in known:
            return socket.getaddrinfo(host, port, flags=socket.AI_NUMERICHOST, **options)
        ips = known[host]
        now = ips[min(resolve.asked.count(host) - 1, len(ips) - 1)]  # type: ignore[attr-defined]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (ip, port)) for ip in now.split()]

    resolve.asked = []  # type: ignore[attr-defined]
    return resolve


def test_a_page_is_fetched_with_what_is_needed_and_no_more(
    server: WebServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login me password secret\n")
    for name, value in {
        "HOME": str(tmp_path),
        "NETRC": str(tmp_path / ".netrc"),
        "HTTP_PROXY": "http://[::1]:9",
    }.items():
        monkeypatch.setenv(name, value)
    found = fetch(server.address + "/a#part")
    assert (found.address, found.media_type, found.charset) == (server.address + "/a", "text/html", "utf-8")
    assert found.data == HTML.encode()
    head = server.asked[0].lower()
    assert head.startswith("get /a http/1.1\r\n")
    assert f"\r\nhost: 127.0.0.1:{server.port}\r\n" in head
    assert "authorization" not in head
    assert "cookie" not in head


def test_the_address_that_was_looked_at_is_the_one_connected_to(server: WebServer) -> None:
    resolve = resolved(news_test="127.0.0.1")
    found = fetch(f"http://News.test:{server.port}/a", resolve=resolve)
    assert found.address == f"http://news.test:{server.port}/a"
    assert f"host: news.test:{server.port}" in server.asked[0].lower()
    assert resolve.asked == ["news.test"]


def test_a_host_is_looked_up_once_whatever_its_name_means_later(server: WebServer) -> None:
    """DNS rebinding: the second answer would lead elsewhere."""
    server.answers["/go"] = reply(b"", f"Location: http://news.test:{server.port}/a", status="302 Found")
    resolve = resolved(news_test=["127.0.0.1", "127.0.0.2"])
    assert fetch(f"http://news.test:{server.port}/go", resolve=resolve).data == HTML.encode()
    assert resolve.asked == ["news.test"]


def test_the_next_address_of_a_host_is_tried(server: WebServer) -> None:
    found = fetch(f"http://news.test:{server.port}/a", resolve=resolved(news_test="::1 127.0.0.1"))
    assert found.data == HTML.encode()
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    with pytest.raises(InputError, match="cannot be reached"):
        fetch(f"http://127.0.0.1:{port}/")


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "localhost",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "[64:ff9b::7f00:1]",
        "[2002:7f00:1::]",
        "[fe80::1]",
        "10.1.2.3",
        "192.168.0.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "2130706433",
        "0x7f.1",
        "017700000001",
        "127.1",
        "inside.test",
        "both.test",
    ],
)
def test_a_redirect_to_an_inner_address_is_not_followed(server: WebServer, host: str) -> None:
    server.answers["/go"] = reply(b"", f"Location: http://{host}:{server.port}/a", status="302 Found")
    resolve = resolved(
        news_test="127.0.0.1", localhost="127.0.0.1", inside_test="10.0.0.1", both_test="127.0.0.1 192.168.1.1"
    )
    with pytest.raises(InputError, match="not on the public internet") as refused:
        fetch(f"http://news.test:{server.port}/go", resolve=resolve)
    assert refused.value.exit_code == 3
    assert len(server.asked) == 1


def test_of_a_host_to_which_a_redirect_leads_only_a_public_address_is_connected_to(
    server: WebServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kg.drafting.fetch.is_public", lambda ip: ip == "127.0.0.1")  # as if it were
    server.answers["/go"] = reply(b"", f"Location: http://both.test:{server.port}/a", status="302 Found")
    resolve = resolved(news_test="127.0.0.1", both_test="::1 127.0.0.1")
    assert fetch(f"http://news.test:{server.port}/go", resolve=resolve).address.startswith("http://both.test:")
    server.answers["/go"] = reply(b"", f"Location: http://inner.test:{server.port}/a", status="302 Found")
    with pytest.raises(InputError, match="not on the public internet"):
        fetch(f"http://news.test:{server.port}/go", resolve=resolved(news_test="127.0.0.1", inner_test="::1"))


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("8.8.8.8", True),
        ("2606:4700::1111", True),
        ("::ffff:8.8.8.8", True),
        ("::ffff:10.0.0.1", False),
        ("64:ff9b::808:808", True),
        ("64:ff9b::a00:1", False),
        ("2002:a00:1::1", False),
        ("2001:0:0:0:0:0:f5ff:fffe", False),  # Teredo of 10.0.0.1
        ("fe80::1%eth0", False),
        ("fc00::1", False),
        ("ff02::1", False),
        ("::", False),
        ("240.0.0.1", False),
        ("192.0.2.1", False),
        ("no address", False),
    ],
)
def test_which_addresses_are_public(address: str, public: bool) -> None:
    assert is_public(address) is public


def test_redirects_are_followed_but_not_for_ever(server: WebServer) -> None:
    for number in range(7):
        answer = reply(b"", f"Location: /{number + 1}", "Set-Cookie: id=1", status="301 Moved Permanently")
        server.answers[f"/{number}"] = answer
    server.answers["/7"] = page(HTML)
    assert fetch(server.address + "/2").address == server.address + "/7"
    assert not any("cookie" in head.lower() for head in server.asked)
    with pytest.raises(LimitError, match="more than 5 redirects"):
        fetch(server.address + "/1")


@pytest.mark.parametrize(
    "location", ["file:///etc/passwd", "ftp://a.example/", "http://", "", "http://[::1", "data:,x"]
)
def test_a_redirect_to_what_is_no_web_address_is_refused(server: WebServer, location: str) -> None:
    server.answers["/go"] = reply(b"", f"Location: {location}", status="302 Found")
    with pytest.raises(InputError, match="no web address"):
        fetch(server.address + "/go")


def test_credentials_of_a_redirect_are_not_sent(server: WebServer) -> None:
    target = f"http://me:secret@127.0.0.1:{server.port}/a"
    server.answers["/go"] = reply(b"", f"Location: {target}", status="302 Found")
    assert fetch(server.address + "/go").address == server.address + "/a"
    assert not any("authorization" in head.lower() for head in server.asked)


@pytest.mark.parametrize(
    "address",
    [
        "ftp://a.example/",
        "file:///etc/passwd",
        "http://",
        "https://:80/",
        "http://a:b@a.example/",
        "http://[::1/",
        "gopher://a",
    ],
)
def test_what_is_no_web_address_is_refused(address: str) -> None:
    with pytest.raises(UsageError):
        fetch(address)


@pytest.mark.parametrize(
    "status", ["404 Not Found", "403 Forbidden", "500 Oh no", "204 No Content", "304 Not Modified"]
)
def test_what_the_server_answers_is_told(server: WebServer, status: str) -> None:
    server.answers["/a"] = reply(b"", status=status)
    with pytest.raises(InputError, match=f"the server answers {status}"):
        fetch(server.address + "/a")


@pytest.mark.parametrize(
    ("encoding", "packed"),
    [
        ("gzip", gzip.compress(HTML.encode(), mtime=0)),
        ("x-gzip", gzip.compress(HTML.encode(), mtime=0)),
        ("deflate", zlib.compress(HTML.encode())),
        ("deflate", zlib.compress(HTML.encode())[2:-4]),
        ("identity", HTML.encode()),
    ],
)
def test_what_is_packed_is_unpacked(server: WebServer, encoding: str, packed: bytes) -> None:
    server.answers["/a"] = reply(packed, f"Content-Encoding: {encoding}")
    assert fetch(server.address + "/a").data == HTML.encode()


def test_members_of_gzip_are_joined_and_what_follows_is_ignored(server: WebServer) -> None:
    two = gzip.compress(b"one, ") + gzip.compress(b"two") + b"\0\0rubbish"
    server.answers["/a"] = reply(two, "Content-Encoding: gzip")
    assert fetch(server.address + "/a").data == b"one, two"


@pytest.mark.parametrize("encoding", ["gzip", "deflate", ""])
def test_no_page_is_larger_than_the_limit(server: WebServer, encoding: str) -> None:
    body = b"\0" * (MAX_BYTES + 1)
    packed = gzip.compress(body) if encoding == "gzip" else zlib.compress(body) if encoding else body
    server.answers["/a"] = reply(packed, *([f"Content-Encoding: {encoding}"] * bool(encoding)))
    with pytest.raises(LimitError, match="larger than 10 MB") as refused:
        fetch(server.address + "/a")
    assert refused.value.exit_code == 4


@pytest.mark.parametrize(
    "answer",
    [
        reply(HTML.encode(), length=1_000),
        reply(gzip.compress(HTML.encode() * 99, mtime=0)[:50], "Content-Encoding: gzip"),
        reply(b"\x1f\x8bno gzip at all", "Content-Encoding: gzip"),
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabcde\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
        b"SSH-2.0-OpenSSH\r\n",
        b"",
    ],
)
def test_what_breaks_off_or_is_no_page_is_told(server: WebServer, answer: bytes) -> None:
    server.answers["/a"] = answer
    with pytest.raises(InputError, match="broke off"):
        fetch(server.address + "/a")


def test_what_is_packed_in_another_way_is_refused(server: WebServer) -> None:
    server.answers["/a"] = reply(b"x", "Content-Encoding: br")
    with pytest.raises(InputError, match="packed as br"):
        fetch(server.address + "/a")


def drip(head: bytes, part: bytes) -> Any:
    """An answer that never ends."""

    def answer(connection: socket.socket) -> None:
        connection.sendall(head)
        for _ in range(200):
            connection.sendall(part)
            time.sleep(0.05)

    return answer


@pytest.mark.parametrize(
    ("head", "part"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n", b"x"),
        (b"HTTP/1.1 200 OK\r\nA: ", b"x"),
        (b"", b""),
    ],
)
def test_a_page_that_never_ends_is_left(server: WebServer, head: bytes, part: bytes) -> None:
    server.answers["/a"] = drip(head, part)
    with pytest.raises(LimitError, match=r"no whole page within 0\.4 s") as late:
        fetch(server.address + "/a", seconds=0.4)
    assert late.value.exit_code == 4


def test_a_resolver_that_never_answers_is_left() -> None:
    def resolve(*_: Any, **__: Any) -> list[tuple[Any, ...]]:
        time.sleep(5)
        return []

    with pytest.raises(LimitError, match="no whole page"):
        fetch("http://slow.test/", seconds=0.2, resolve=resolve)


def test_a_host_that_is_none_is_told() -> None:
    with pytest.raises(InputError, match="no such host"):
        fetch("http://nowhere.test/", resolve=resolved())


def test_a_server_that_is_not_safe_is_told(server: WebServer) -> None:
    with pytest.raises(InputError, match="no safe connection"):
        fetch(f"https://127.0.0.1:{server.port}/a")


def certificate(folder: Path, name: str) -> tuple[Path, Path]:
    """The files of a certificate for a host, which is its own authority, and of its key."""
    pytest.importorskip("cryptography")
    from datetime import UTC, datetime, timedelta

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    (folder / "cert.pem").write_bytes(made.public_bytes(pem))
    private = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    (folder / "key.pem").write_bytes(key.private_bytes(pem, *private))
    return folder / "cert.pem", folder / "key.pem"


def test_the_certificate_is_that_of_the_name_not_of_the_number(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cert, key = certificate(tmp_path, "news.test")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    resolve = resolved(news_test="127.0.0.1", other_test="127.0.0.1")
    with web_server(context) as server:
        server.answers["/a"] = page(HTML)
        with pytest.raises(InputError, match="no safe connection"):
            fetch(f"https://news.test:{server.port}/a", resolve=resolve)
        monkeypatch.setenv("SSL_CERT_FILE", str(cert))
        assert fetch(f"https://news.test:{server.port}/a", resolve=resolve).data == HTML.encode()
        with pytest.raises(InputError, match="no safe connection"):
            fetch(f"https://other.test:{server.port}/a", resolve=resolve)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://a.example/x", "http://A.example:80/x/"),
        ("https://www.a.example/x#top", "https://a.example/x"),
        ("https://a.example/x?utm_source=z&id=1&fbclid=9", "https://a.example/x?id=1"),
        ("https://a.example/?b=2&a=1", "https://a.example?a=1&b=2"),
        ("https://a.example/%7Ex/%c3%bc", "https://a.example/~x/ü"),
        ("https://a.example./x", "https://a.example/x"),
    ],
)
def test_addresses_that_are_the_same(one: str, other: str) -> None:
    assert normalised(one) == normalised(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://a.example/x", "https://a.example/y"),
        ("https://a.example/x?id=1", "https://a.example/x?id=2"),
        ("https://a.example/X", "https://a.example/x"),
        ("https://a.example:8080/x", "https://a.example/x"),
        ("https://b.example/x", "https://a.example/x"),
        ("https://a.example/x?q=", "https://a.example/x"),
    ],
)
def test_addresses_that_differ(one: str, other: str) -> None:
    assert normalised(one) != normalised(other)


def test_what_is_an_address() -> None:
    assert is_address("https://a.example")
    assert is_address("FTP://a.example")
    assert not any(map(is_address, ("a.txt", "-", "c:\\a.txt", "http:a", "./http://a", "")))
