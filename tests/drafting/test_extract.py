"""The article on a page: its text and no more, what the page says of it, and pages that mean harm."""

import json
from datetime import date, timedelta
from typing import Any

import pytest

from kg.drafting import extract
from kg.drafting.extract import Page, decoded, extracted, is_html, read_page
from kg.errors import InputError, LimitError

pytest.importorskip("trafilatura")

WORDS = [
    "Lorvia opened the Greel dam on Monday, its president Mara Tolin said, after nine years of building.",
    "The dam cost $2.2bn. “It’s over,” Tolin said, and left for Belmar.",
    "Belmar, which lies downstream, protested: it had not been asked about the filling of the reservoir.",
]


def html(head: str = "", body: str = "", lang: str = "en") -> str:
    paragraphs = "\n".join(f"<p>{words}</p>" for words in WORDS)
    menu = "<nav><ul><li><a href='/'>Home</a></li><li><a href='/w'>World news</a></li></ul></nav>"
    foot = "<footer><p>All rights reserved. Subscribe to our newsletter.</p></footer>"
    main = f"<article>{body}{paragraphs}</article>"
    return f"<!doctype html><html lang='{lang}'><head>{head}</head><body>{menu}{main}{foot}</body></html>"


def ld(data: Any) -> str:
    return f'<script type="application/ld+json">{json.dumps(data)}</script>'


def test_the_text_is_what_a_reader_came_for_a_paragraph_a_line() -> None:
    advertisement = "<aside class='advert'><p>Buy our new sofas now!</p></aside>"
    table = "<table><tr><td>Height</td><td>120</td></tr></table>"
    page = extracted(html("<title>Dam opens – Courier</title>", f"<h1>Dam opens</h1>{advertisement}{table}"), "")
    assert page.text == "\n\n".join(["Dam opens", *WORDS]) + "\n"
    assert page.title == "Dam opens"


def test_a_title_that_stands_in_the_text_is_not_told_twice() -> None:
    page = extracted(html("<title>Dam opens</title>", "<h2>DAM OPENS!</h2>"), "")
    assert page.text.lower().count("dam opens") == 1


def test_what_nobody_sees_is_no_part_of_the_text() -> None:
    body = "<p>The reser&shy;voir was fil\u200bled\u202e by many workers, and the valley with&nbsp;it.</p>"
    assert "The reservoir was filled by many workers, and the valley with it.\n" in extracted(html(body=body), "").text


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (
            ld(
                {
                    "@type": "NewsArticle",
                    "datePublished": "2024-05-06T23:10:00-05:00",
                    "author": [{"@type": "Person", "name": "Ada Holm"}, "Ben Ro"],
                    "publisher": {"@type": "Organization", "name": "Courier"},
                }
            ),
            Page("", "", ("Ada Holm", "Ben Ro"), "Courier", "2024-05-06", "datePublished"),
        ),
        (
            ld({"@graph": [{"@type": "WebSite"}, {"@type": ["ReportageNewsArticle"], "datePublished": "2020-01-02"}]})
            + '<meta property="article:published_time" content="1999-01-01">',
            Page("", published="2020-01-02", published_by="datePublished"),
        ),
        (
            '<meta property="article:published_time" content="2019-06-13T08:00:00Z">'
            '<meta property="og:site_name" content="Selemar  Courier"><meta name="author" content="Ada Holm">'
            '<link rel="canonical" href="https://courier.example/dam"><meta property="og:url" content="https://b.example">',
            Page(
                "",
                "",
                ("Ada Holm",),
                "Selemar Courier",
                "2019-06-13",
                "article:published_time",
                "https://courier.example/dam",
            ),
        ),
        (
            '<meta itemprop="datePublished" content="2019-06-13"><link rel="canonical" href="javascript:alert(1)">',
            Page("", published="2019-06-13", published_by="datePublished"),
        ),
    ],
)
def test_what_a_page_says_of_its_article_is_read(head: str, expected: Page) -> None:
    page = extracted(html(head), "")
    for key in ("authors", "publisher", "published", "published_by", "address"):
        assert getattr(page, key) == getattr(expected, key), key


@pytest.mark.parametrize(
    "wrong",
    [
        "2024-13-45",
        "yesterday",
        "",
        "0001-01-01",
        str(date.today() + timedelta(days=400)),
        12,
        None,
        ["2024-05-06"],
    ],
)
def test_a_date_that_no_article_can_have_is_none(wrong: Any) -> None:
    page = extracted(html(ld({"@type": "NewsArticle", "datePublished": wrong})), "")
    assert (page.published, page.published_by) == ("", "")


@pytest.mark.parametrize(
    "author", ["https://social.example/ada", "ada@courier.example", "x" * 500, {"name": 12}, {"name": ["a"]}, 12, [[]]]
)
def test_what_is_no_name_is_no_author(author: Any) -> None:
    assert extracted(html(ld({"@type": "NewsArticle", "author": author})), "").authors == ()


@pytest.mark.parametrize("script", ["{", "[" * 10_000, "null", '{"@type": {"a": 1}}', '{"@graph": "x"}', "\ufeff{}"])
def test_broken_metadata_is_no_metadata(script: str) -> None:
    page = extracted(html(f'<script type="application/ld+json">{script}</script>'), "")
    assert page.text.startswith(WORDS[0])


@pytest.mark.parametrize(("lang", "expected"), [("de-AT", "de-AT"), ("de_AT", "de-AT"), ("x y", ""), ("", "")])
def test_the_language_is_that_of_the_page(lang: str, expected: str) -> None:
    assert extracted(html(lang=lang), "").language == expected


@pytest.mark.parametrize(
    ("data", "page"),
    [
        (b"<!DOCTYPE html><p>", True),
        (b"\xef\xbb\xbf\n <html lang=de>", True),
        (b"<?xml version='1.0'?>\n<!-- x -->\n<!DOCTYPE HTML PUBLIC>", True),
        (b"<html>", True),
        (b"<htmlx>", False),
        (b"Lorvia <html>", False),
        (b"", False),
        (b"<p>text</p>", False),
    ],
)
def test_what_is_a_page(data: bytes, page: bool) -> None:
    assert is_html(data) is page


@pytest.mark.parametrize(
    ("data", "charset", "text"),
    [
        ("“ü”".encode(), "", "“ü”"),
        ("“ü”".encode("cp1252"), "iso-8859-1", "“ü”"),  # on the web, that is its superset
        ("<meta charset=windows-1251>Москва".encode("cp1251"), "", "<meta charset=windows-1251>Москва"),
        ("<meta charset=latin1>“ü”".encode(), "utf-8", "<meta charset=latin1>“ü”"),  # the server comes first
        (b"\xef\xbb\xbf" + "ü".encode(), "iso-8859-1", "ü"),  # and the mark before it
        (b"\xff\xfe" + "ü".encode("utf-16-le"), "", "ü"),
        ("東京".encode("shift_jis"), "Shift_JIS", "東京"),
    ],
)
def test_a_page_is_decoded_as_it_says(data: bytes, charset: str, text: str) -> None:
    assert decoded(data, charset, "a.html") == text


@pytest.mark.parametrize(
    ("data", "charset", "message"),
    [
        ("ü".encode("cp1252"), "", "not in utf-8, as it should be: byte 0xFC"),
        ("ü".encode("cp1252"), "utf-8", "not in utf-8"),
        (b"x", "rot13", "“rot13” is not known"),
        (b"x", "zlib", "“zlib” is not known"),
        (b"<meta charset=utf-7>x", "", "“utf-7” is not known"),
    ],
)
def test_a_page_that_is_not_what_it_says_is_refused(data: bytes, charset: str, message: str) -> None:
    with pytest.raises(InputError, match=message) as refused:
        decoded(data, charset, "a.html")
    assert refused.value.where == "a.html"


def test_a_page_is_read_in_a_process_of_its_own(capfd: pytest.CaptureFixture[str]) -> None:
    page = read_page(html(ld({"@type": "NewsArticle", "author": "Ada Holm"})), "https://a.example/", "a.html")
    assert page.text.startswith(WORDS[0])
    assert page.authors == ("Ada Holm",)
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    "page",
    [
        "",
        "\0",
        "<html></html>",
        "<html><body><script>document.write('x')</script></body></html>",
        "<!doctype html>" + "<div>" * 100_000 + "x",
        "<!doctype html><p>" + "\ud800",
    ],
)
def test_a_page_without_an_article_is_told_in_one_line(page: str, capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(InputError, match="there is no article on the page"):
        read_page(page, "", "a.html")
    assert capfd.readouterr() == ("", "")


def test_a_page_that_takes_too_long_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(extract, "SECONDS", 0.05)
    with pytest.raises(LimitError, match="the page takes too much to read"):
        read_page(html(), "", "a.html")
