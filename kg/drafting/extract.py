"""The article on a page of HTML: its text, and what the page says of it (the package trafilatura, of the extra `web`).

Of the text there is what a reader came for, a paragraph on each line: no menus, no advertisements, no tables, no
captions. A page may be anybody's: it is read in a process of its own, which is killed at limits of time and memory.
"""

import codecs
import json
import logging
import os
import re
import sys
import tempfile
import warnings
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlsplit

from kg import limits
from kg.errors import InputError, LimitError, invisible
from kg.rdf.literals import language_tag_problem
from kg.source.layout import write_atomic
from kg.text import segments

SECONDS = 60.0
MEMORY = 2_000  # megabytes
_LONGEST_NAME = 120  # characters of an author or a publisher
_LONGEST_TITLE = 300
_MOST_AUTHORS = 10
_EARLIEST = "1990-01-01"
_BEGINNING = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*|<!--.*?-->\s*)*<(?:!doctype\s+html|html)\b", re.I | re.S
)
_DECLARED = re.compile(rb"<meta[^>]{0,300}?charset\s*=\s*[\"']?\s*([\w:.-]{1,40})", re.I)
_PRESCAN = 4096  # bytes in which a page says what its character set is
# Names of character sets on the web, and what they mean there (WHATWG Encoding §4.2), as Python calls it.
_CHARSETS = {
    "cp1252": "ascii us-ascii iso-8859-1 iso8859-1 latin1 latin-1 l1 windows-1252 cp1252 x-cp1252",
    "cp1250": "windows-1250 cp1250",
    "cp1251": "windows-1251 cp1251",
    "cp1253": "windows-1253 cp1253",
    "cp1254": "windows-1254 cp1254 iso-8859-9 latin5",
    "cp1255": "windows-1255",
    "cp1256": "windows-1256",
    "cp1257": "windows-1257",
    "cp1258": "windows-1258",
    "iso8859-2": "iso-8859-2 latin2",
    "iso8859-5": "iso-8859-5",
    "iso8859-7": "iso-8859-7 greek",
    "iso8859-15": "iso-8859-15 latin-9",
    "koi8-r": "koi8-r",
    "koi8-u": "koi8-u",
    "cp874": "windows-874 tis-620 iso-8859-11",
    "gb18030": "gb18030 gbk gb2312 x-gbk",
    "big5": "big5 big5-hkscs",
    "euc_jp": "euc-jp",
    "iso2022_jp": "iso-2022-jp",
    "cp932": "shift_jis shift-jis sjis x-sjis windows-31j",
    "cp949": "euc-kr ks_c_5601-1987 windows-949",
    "utf-8": "utf-8 utf8 utf-16 utf-16le utf-16be",  # a page that could be read so far is not in UTF-16
}
_CODECS = {name: codec for codec, names in _CHARSETS.items() for name in names.split()}
_MARKS = {codecs.BOM_UTF8: "utf-8", codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
_RUN = "import sys; from kg.drafting.extract import work; sys.exit(work(sys.argv[1]))"


@dataclass(frozen=True)
class Page:
    """The article on a page; what the page does not say is empty.

    `published` is a day (ISO 8601) and `published_by` where the page says it; `address` is what the page calls its own.
    """

    text: str
    title: str = ""
    authors: tuple[str, ...] = ()
    publisher: str = ""
    published: str = ""
    published_by: str = ""
    address: str = ""
    language: str = ""


def is_html(data: bytes) -> bool:
    """Whether bytes begin as a page of HTML does."""
    return _BEGINNING.match(data[:_PRESCAN]) is not None


def decoded(data: bytes, charset: str, where: str) -> str:
    """The HTML as text: by its byte order mark, else as the server says (`charset`), else as the page does, else UTF-8.

    Raises InputError where it is not what it says it is; to guess would change what is evidence.
    """
    for mark, codec in _MARKS.items():
        if data.startswith(mark):
            return _in(codec, data[len(mark) :], codec, where)
    declared = _DECLARED.search(data[:_PRESCAN])
    names = [charset.lower(), declared[1].decode("ascii", "replace").lower() if declared else "", "utf-8"]
    name = next(filter(None, names))
    if name not in _CODECS:
        message, hint = f"the character set “{name[:40]}” is not known", "save the page as UTF-8"
        raise InputError(message, hint=hint, where=where, rule="encoding")
    return _in(_CODECS[name], data, name, where)


def _in(codec: str, data: bytes, name: str, where: str) -> str:
    try:
        return data.decode(codec)
    except UnicodeDecodeError as error:
        message = f"the page is not in {name}, as it should be: byte 0x{data[error.start]:02X} at {error.start:,}"
        hint = "save its text in a browser as UTF-8, and give that"
        raise InputError(message, hint=hint, where=where, rule="encoding") from error


def read_page(html: str, address: str, where: str) -> Page:
    """The article on a page; `address` is where it came from, empty for a file.

    Raises InputError where no article is found, LimitError where finding one takes too much.
    """
    with tempfile.TemporaryDirectory(prefix="kg-") as folder:
        write_atomic(os.path.join(folder, "page.json"), json.dumps([html, address]).encode("utf-8", "replace"))
        try:
            done = limits.run_limited(_RUN, [folder], SECONDS, MEMORY)
        except LimitError as error:
            hint = "save its text in a browser, and give that"
            raise LimitError("the page takes too much to read", hint=hint, where=where, rule=error.rule) from error
        found: dict[str, Any] = {}
        if done == 0:
            with open(os.path.join(folder, "found.json"), encoding="utf-8") as file:
                found = json.load(file)
    if not any(segment.kind == "sentence" for segment in segments.segments(found.get("text", ""))):
        hint = "save the text of the article in a browser, and give that; some pages have none without JavaScript"
        raise InputError("there is no article on the page", hint=hint, where=where, rule="empty")
    return Page(**found | {"authors": tuple(found["authors"])})


def work(folder: str) -> int:
    """What the process does that reads a page; the result is its exit code."""
    logging.disable()
    warnings.simplefilter("ignore")
    with open(os.path.join(folder, "page.json"), encoding="utf-8") as file:
        html, address = json.load(file)
    sys.setrecursionlimit(10_000)  # of this process alone: pages may be nested deeply
    try:
        page = extracted(html, address)
    except Exception:  # whatever a page can do to its parsers is no error of ours
        return 1
    write_atomic(os.path.join(folder, "found.json"), json.dumps(asdict(page)).encode("utf-8", "replace"))
    return 0


def extracted(html: str, address: str) -> Page:
    """The article on a page, without limits; its text is empty where none is found."""
    import trafilatura
    from trafilatura.settings import use_config

    tree = trafilatura.load_html(html)
    if tree is None:
        return Page("")
    said = _Said(tree)
    found = trafilatura.bare_extraction(
        tree,
        url=address or None,
        include_comments=False,
        include_tables=False,
        with_metadata=True,
        date_extraction_params={"original_date": True, "extensive_search": False},
        config=use_config(),
    )
    if found is None or isinstance(found, dict):
        return Page("")
    lines = [line for line in (_line(row) for row in (found.text or "").split("\n")) if line]
    title = said.heading or _line(found.title or "")[:_LONGEST_TITLE]
    if lines and title and _plain(title) not in map(_plain, lines[:3]):
        lines.insert(0, title)
    published, by = said.published() or (_day(found.date or ""), "as trafilatura finds it on the page")
    return Page(
        text="\n\n".join(lines) + "\n" if lines else "",
        title=title,
        authors=tuple(said.authors() or _names((found.author or "").split(";"))),
        publisher=next(iter(_names([said.publisher() or _site(found.sitename or "", address)])), ""),
        published=published,
        published_by=by if published else "",
        address=said.address(),
        language=said.language,
    )


def _line(text: str) -> str:
    """A paragraph on one line, without what nobody sees: soft hyphens, zero-width spaces, controls."""
    seen = "".join(char for char in text if not (invisible(char) and char not in "\u200c\u200d"))
    return " ".join(seen.split())


def _plain(text: str) -> str:
    return re.sub(r"\W+", " ", text).strip().casefold()


def _names(names: list[Any]) -> list[str]:
    """Names of people or of a publisher, without addresses and sentences."""
    found = (_line(name) for name in names if isinstance(name, str))
    good = (name for name in found if name and len(name) <= _LONGEST_NAME and not re.search("://|@|[{}<>]", name))
    return list(dict.fromkeys(good))[:_MOST_AUTHORS]


def _site(name: str, address: str) -> str:
    """The name of a site, where it is not just that of its host."""
    return "" if "." in name and name.casefold() in urlsplit(address).netloc.casefold() else name


def _day(text: Any) -> str:
    """The day of a date or a time in ISO 8601, as it is written; empty for one that no article can have."""
    match = re.match(r"\s*(\d{4}-\d\d-\d\d)(?!\d)", text) if isinstance(text, str) else None
    try:
        found = date.fromisoformat(match[1]).isoformat() if match else ""
    except ValueError:
        return ""
    latest = (date.today() + timedelta(days=1)).isoformat()  # it may be tomorrow elsewhere
    return found if _EARLIEST <= found <= latest else ""


class _Said:
    """What a page says of its article in its head (JSON-LD of schema.org, Open Graph, `meta`), and in its heading."""

    def __init__(self, tree: Any) -> None:
        self._tree = tree
        self._meta: dict[str, str] = {}
        for element in tree.iterfind(".//meta"):
            name = (element.get("property") or element.get("name") or element.get("itemprop") or "").lower()
            self._meta.setdefault(name, element.get("content") or "")
        self._article = next(self._articles(), {})
        headings = [_line(str(h.text_content())) for h in tree.iterfind(".//h1")]
        headings = [heading for heading in headings if heading]
        self.heading = headings[0] if len(headings) == 1 and len(headings[0]) <= _LONGEST_TITLE else ""
        html = tree if tree.tag == "html" else tree.getroottree().getroot()
        tag = (html.get("lang") or "").strip().replace("_", "-")
        self.language = "" if not tag or language_tag_problem(tag) else tag

    def _articles(self) -> Iterator[dict[str, Any]]:
        for script in self._tree.iterfind(".//script"):
            if (script.get("type") or "").strip().lower() == "application/ld+json":
                try:
                    waiting: list[Any] = [json.loads(script.text or "")]
                except (ValueError, RecursionError):
                    continue
                for _ in range(1_000):
                    if not waiting:
                        break
                    node = waiting.pop(0)
                    if isinstance(node, list):
                        waiting += node
                    elif isinstance(node, dict):
                        kinds = node.get("@type")
                        if any(
                            str(kind).endswith("Article") for kind in (kinds if isinstance(kinds, list) else [kinds])
                        ):
                            yield node
                        waiting += [node[key] for key in ("@graph", "mainEntity") if key in node]

    def published(self) -> tuple[str, str] | None:
        """The day of publication, and where the page says it."""
        if day := _day(self._article.get("datePublished")):
            return day, "datePublished"
        for name in (
            "article:published_time",
            "datepublished",
            "dcterms.created",
            "dc.date",
            "parsely-pub-date",
            "date",
        ):
            if day := _day(self._meta.get(name)):
                return day, self._written(name)
        times = self._tree.iterfind(".//time[@datetime]")
        days = {_day(time.get("datetime")) for time in times if time.get("itemprop") == "datePublished"} - {""}
        return (days.pop(), "datePublished") if len(days) == 1 else None

    @staticmethod
    def _written(name: str) -> str:
        return "datePublished" if name == "datepublished" else name

    def authors(self) -> list[str]:
        """Who wrote the article."""
        return _names([self._name(author) for author in self._listed("author")])

    def publisher(self) -> str:
        """Who published it."""
        named = (self._name(publisher) for publisher in self._listed("publisher"))
        return next(filter(None, named), "") or self._meta.get("og:site_name", "")

    def _listed(self, key: str) -> list[Any]:
        value = self._article.get(key, [])
        return value if isinstance(value, list) else [value]

    @staticmethod
    def _name(agent: Any) -> str:
        name = agent.get("name") if isinstance(agent, dict) else agent
        return name if isinstance(name, str) else ""

    def address(self) -> str:
        """The address that the page calls its own."""
        links = (link.get("href") or "" for link in self._tree.iterfind(".//link[@rel='canonical']"))
        found = next(filter(None, links), "") or self._meta.get("og:url", "")
        return found.strip() if re.match(r"https?://[^/\s]+\S*\Z", found.strip()) else ""
