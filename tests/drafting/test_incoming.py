"""`kg new` with a page: from an address or a file to a folder whose article says where it came from."""

import importlib.util
import io
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from folders import with_first_article
from pyoxigraph import RdfFormat
from webserver import WebServer, page, reply, web_server

from kg.cli.main import main
from kg.drafting.incoming import MAX_BYTES
from kg.rdf.style import tidy

pytest.importorskip("trafilatura")
pytest.importorskip("httpx")

HEAD = """<title>Dam opens – Courier</title><meta property="og:site_name" content='The “Courier”'>
<meta property="article:published_time" content="2024-05-06T23:10:00-05:00"><meta name="author" content="Ada Holm">"""
WORDS = (
    "Lorvia opened the Greel dam on Monday, its president Mara Tolin said, after nine years of building.",
    "Belmar, which lies downstream, protested: it had not been asked about the filling of the reservoir.",
)
HTML = f"""<!doctype html><html lang="en-GB"><head>{HEAD}</head><body><nav><a href="/">Home</a></nav>
<article><h1>Dam opens</h1>{"".join(f"<p>{words}</p>" for words in WORDS)}</article></body></html>"""
FOLDER = "kg/articles/2024-05-dam-opens"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(with_first_article(tmp_path / "graph"))
    return tmp_path / "graph"


@pytest.fixture
def server() -> Iterator[WebServer]:
    with web_server() as running:
        running.answers["/dam"] = page(HTML)
        yield running


def new(*arguments: str) -> int:
    try:
        return main(["new", *arguments])
    except SystemExit as end:
        return int(str(end.code))


def test_a_page_becomes_an_article_that_says_where_it_came_from(
    folder: Path, server: WebServer, capsys: pytest.CaptureFixture[str]
) -> None:
    assert new(server.address + "/dam") == 0
    output = capsys.readouterr()
    assert output.out == f"{FOLDER}/facts.trig\n"
    assert f"source {server.address}/dam; title “Dam opens”; by Ada Holm; publisher The “Courier”" in output.err
    assert (folder / FOLDER / "article.txt").read_text("utf-8") == "\n\n".join(("Dam opens", *WORDS)) + "\n"
    facts = (folder / FOLDER / "facts.trig").read_text("utf-8")
    assert tidy(facts, RdfFormat.TRIG) == facts
    for line in (
        'dcterms:title "Dam opens"@en-GB ;',
        'dcterms:language "en-GB" ;',
        'ent:readingDate "2024-05-06"^^xsd:date ;',
        'ent:basis "The page says that it was published on this day (article:published_time)."@en ;',
        f"ent:basisSource <{server.address}/dam> ;",
        f"dcterms:source <{server.address}/dam> ;",
        'dcterms:creator "Ada Holm" ;',
        'dcterms:publisher "The “Courier”" .',
    ):
        assert f"    {line}\n" in facts
    assert "# Add:" not in facts
    main(["validate", FOLDER])
    told = capsys.readouterr().out
    assert "reading-date-basis" not in told
    assert "shape:" not in told


def test_what_the_user_says_comes_before_what_the_page_says(folder: Path, server: WebServer) -> None:
    options = [
        "--title",
        "A dam",
        "--source",
        "https://a.example/1",
        "--language",
        "de",
        "--reading-date",
        "2024-05-09",
    ]
    assert new(server.address + "/dam", *options, "--name", "dam") == 0
    facts = (folder / "kg/articles/dam/facts.trig").read_text("utf-8")
    assert 'dcterms:title "A dam"@de ;' in facts
    assert 'ent:readingDate "2024-05-09"^^xsd:date ;' in facts
    assert "dcterms:source <https://a.example/1> ;" in facts
    assert "# Add: ent:basis" in facts  # how the user knows the day, the page does not say


def test_the_same_address_is_not_drafted_twice(
    folder: Path, server: WebServer, capsys: pytest.CaptureFixture[str]
) -> None:
    assert new(server.address + "/dam") == 0
    asked = len(server.asked)
    for again in (server.address + "/dam", server.address + "/dam/?utm_source=x#top"):
        assert new(again, "--name", "again") == 2
        assert f"{FOLDER} is from {server.address}/dam already: nothing was written" in capsys.readouterr().err
    assert len(server.asked) == asked  # it is not even fetched
    server.answers["/short"] = reply(b"", "Location: /dam", status="302 Found")
    assert new(server.address + "/short", "--name", "again") == 2  # known once it was followed
    (folder / "a.txt").write_text("Lorvia opened a dam.\n", "utf-8", newline="\n")
    assert new("a.txt", "--source", server.address + "/dam", "--name", "again") == 2
    assert not (folder / "kg/articles/again").exists()
    assert new("a.txt", "--source", server.address + "/other", "--name", "again") == 0


def test_a_page_in_a_file_or_from_stdin(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "dam.html").write_bytes(b"\xef\xbb\xbf" + HTML.replace("\n", "\r\n").encode())
    assert new("dam.html") == 0
    facts = (folder / FOLDER / "facts.trig").read_text("utf-8")
    assert 'ent:readingDate "2024-05-06"^^xsd:date' in facts
    assert "dcterms:source" not in facts.partition("p:")[2]  # a file has no address, unless it says so
    assert "# Add: ent:basis" in facts
    linked = HTML.replace("<head>", '<head><link rel="canonical" href="https://courier.example/dam">')
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(linked.encode("cp1252"))))
    monkeypatch.setattr("kg.drafting.extract._CODECS", {"utf-8": "cp1252"})  # as if it had said so
    assert new("-", "--name", "dam") == 0
    assert "dcterms:source <https://courier.example/dam> ;" in (folder / "kg/articles/dam/facts.trig").read_text(
        "utf-8"
    )


def test_the_address_that_a_page_calls_its_own_has_to_be_of_its_host(folder: Path, server: WebServer) -> None:
    own = f'<head><link rel="canonical" href="{server.address}/dam-opens">'
    server.answers["/dam"] = page(HTML.replace("<head>", own))
    server.answers["/2"] = page(HTML.replace("<head>", '<head><link rel="canonical" href="https://else.example/">'))
    assert new(server.address + "/dam?session=1", "--name", "none") == 3
    assert new(server.address + "/dam", "--name", "one") == 0
    assert new(server.address + "/2", "--name", "two") == 0
    sources = [(folder / f"kg/articles/{name}/facts.trig").read_text("utf-8") for name in ("one", "two")]
    assert f"dcterms:source <{server.address}/dam-opens> ;" in sources[0]
    assert f"dcterms:source <{server.address}/2> ;" in sources[1]


def test_a_text_from_an_address(folder: Path, server: WebServer) -> None:
    text = "Dam opens\r\n\r\nLorvia’s dam was opened.\r\n".encode("cp1252")
    server.answers["/a.txt"] = reply(text, "Content-Type: text/plain; charset=windows-1252")
    assert new(server.address + "/a.txt", "--name", "a") == 0
    assert (folder / "kg/articles/a/article.txt").read_text("utf-8") == "Dam opens\n\nLorvia’s dam was opened.\n"
    assert f"dcterms:source <{server.address}/a.txt>" in (folder / "kg/articles/a/facts.trig").read_text("utf-8")


@pytest.mark.parametrize(
    ("answer", "code", "message"),
    [
        (reply(b"%PDF-1.4", "Content-Type: application/pdf"), 3, "this is no page but application/pdf"),
        (reply(b"", status="404 Not Found"), 3, "the server answers 404 Not Found"),
        (reply(HTML.encode(), "Content-Type: text/html; charset=x-unknown"), 3, "“x-unknown” is not known"),
        (reply("é".encode("cp1252"), "Content-Type: text/html; charset=utf-8"), 3, "not in utf-8"),
        (page("<html><body><nav>Home</nav></body></html>"), 3, "there is no article on the page"),
        (reply(HTML.encode(), "Content-Type: text/html", length=9_999), 3, "broke off"),
        (page(HTML.replace(WORDS[0], "Lorvia opened a dam. " * 20_000)), 4, f"larger than {MAX_BYTES:,} bytes"),
    ],
)
def test_whatever_goes_wrong_is_one_line_with_its_exit_code(
    folder: Path, server: WebServer, capsys: pytest.CaptureFixture[str], answer: bytes, code: int, message: str
) -> None:
    server.answers["/dam"] = answer
    assert new(server.address + "/dam") == code
    told = capsys.readouterr()
    assert told.out == ""
    assert message in told.err.splitlines()[0]
    assert sum("error:" in line for line in told.err.splitlines()) == 1
    assert [p.name for p in (folder / "kg/articles").iterdir()] == ["2018-04-turkey-russia"]


@pytest.mark.parametrize("address", ["ftp://a.example/x", "https://me:secret@a.example/", "http://"])
def test_what_is_no_web_address_is_an_error_of_use(
    folder: Path, address: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert new(address) == 2
    assert "secret" not in capsys.readouterr().err


@pytest.mark.parametrize(
    ("missing", "what"), [("httpx", "dam"), ("trafilatura", "dam"), ("lxml_html_clean", "dam.html")]
)
def test_without_the_extra_the_line_to_type_is_told(
    folder: Path,
    server: WebServer,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    missing: str,
    what: str,
) -> None:
    (folder / "dam.html").write_text(HTML, "utf-8")
    there = importlib.util.find_spec

    def find_spec(name: str, *more: Any) -> Any:
        return None if name == missing else there(name, *more)

    monkeypatch.setattr(importlib.util, "find_spec", find_spec)
    assert new(what if "." in what else f"{server.address}/{what}") == 3
    told = capsys.readouterr().err
    assert f"needs {missing}, which is not installed" in told
    assert 'pip install "entente-kg[web]"' in told
