"""What comes in as a new article: a text from a file or stdin, or the article on a page of HTML, from there or the web.

A text is taken byte for byte. Of a page there are text, title, authors, publisher, language, address, and the day of
publication, which becomes the reading date; what the user says of an article comes before what a page says.
"""

import os
import re
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from kg.drafting import extract, fetch
from kg.drafting.draft import ArticleMetadata
from kg.drafting.extract import Page
from kg.errors import InputError, LimitError, require
from kg.source import documents, layout
from kg.text import segments

MAX_BYTES = 200_000  # of a text: some thirty thousand words, a short book
_MARK = b"\xef\xbb\xbf"


@dataclass(frozen=True)
class Incoming:
    """A text, what is known of it, and what the user should know of how it came, a line each."""

    text: str
    about: ArticleMetadata
    notes: tuple[str, ...]


def read_article(article: str, about: ArticleMetadata, convert: bool) -> Incoming:
    """The text and metadata of a file, of stdin for “-”, or of an address; `about` is what the user says of it.

    Raises UsageError, InputError or LimitError where there is no such text.
    """
    if fetch.is_address(article):
        require("web", "kg new with an address", "httpx")
        found = fetch.fetch(article)
        where, source = found.address, found.address
        html = found.media_type in ("text/html", "application/xhtml+xml") or extract.is_html(found.data)
        if not html and found.media_type not in ("text/plain", ""):
            message = f"this is no page but {found.media_type[:60]}"
            raise InputError(message, hint="give the address of the article's page", where=where, rule="page")
        data, charset, convert = found.data, found.charset, True
        if not html and charset:
            data = extract.decoded(data, charset, where).encode()
    else:
        data, charset, source, where = _read(article), "", "", shown(article)
        html = extract.is_html(data)
    if html:
        require("web", "kg new with a page of HTML", "trafilatura", "lxml_html_clean")
        page = extract.read_page(extract.decoded(data, charset, where), source, where)
        return _of_page(page, source, about, where)
    if len(data) > MAX_BYTES:
        raise _too_large(where)
    text, changes = decoded(where, data, convert)
    return Incoming(text, replace(about, source=about.source or source), changes)


def shown(path: str) -> str:
    """A path as the user would type it here."""
    if path == "-":
        return "stdin"
    try:
        return os.path.relpath(path).replace(os.sep, "/")
    except ValueError:  # another drive
        return path


def _read(article: str) -> bytes:
    """The bytes of a file, or of stdin for “-”. Raises InputError or LimitError."""
    try:
        return layout.read_named(article, fetch.MAX_BYTES)
    except OSError as error:
        raise InputError(f"cannot read the text: {error.strerror}", where=article) from error


def _too_large(where: str) -> LimitError:
    message = f"the text is larger than {MAX_BYTES:,} bytes"
    return LimitError(message, hint="split it into smaller ones", where=where, rule="too-large")


def _of_page(page: Page, source: str, about: ArticleMetadata, where: str) -> Incoming:
    if len(page.text.encode()) > MAX_BYTES:
        raise _too_large(where)
    text, _ = decoded(where, page.text.encode(), convert=False)
    address = about.source or _address(page, source)
    dated = not about.reading_date and page.published
    known = replace(
        about,
        title=about.title or page.title,
        language=about.language or page.language,
        source=address,
        reading_date=about.reading_date or page.published,
        creators=page.authors,
        publisher=page.publisher,
        basis=f"The page says that it was published on this day ({page.published_by})." if dated and address else "",
    )
    said = [
        f"source {address}" if address else "",
        f"title “{page.title}”" if page.title and not about.title else "",
        f"by {', '.join(page.authors)}" if page.authors else "",
        f"publisher {page.publisher}" if page.publisher else "",
        f"published {page.published}, the reading date" if dated else "",
    ]
    lines = f"{len(page.text.split()):,} words, a paragraph on each line"
    notes = f"read from the page: {'; '.join([lines, *filter(None, said)])}", "compare the text with the page"
    return Incoming(text, known, notes)


def _address(page: Page, source: str) -> str:
    """The address of a page: what it calls its own where that is of the same host, or where nothing else is known."""
    if source and page.address:
        hosts = {(urlsplit(x).hostname or "").removeprefix("www.") for x in (page.address, source)}
        return page.address if len(hosts) == 1 else source
    return source or page.address


def decoded(where: str, data: bytes, convert: bool) -> tuple[str, tuple[str, ...]]:
    """The text, and what was changed in it, if `convert` allows that. Raises InputError for what is no such text.

    A byte order mark and carriage returns can be converted; an encoding other than UTF-8 would be a guess.
    """
    changes: list[str] = []
    if convert:
        data, changes = _converted(data)
    if problem := documents.text_problem(where, data):
        hint = problem.hint
        if problem.rule == documents.ENCODING.id:
            hint = "save the text as UTF-8: iconv -f WINDOWS-1252 -t UTF-8 OLD.txt > NEW.txt, if that is what it is"
        elif problem.rule in (documents.BYTE_ORDER_MARK.id, documents.LINE_ENDINGS.id):
            hint = f"{hint}\nor let `kg new --convert` do it"
        place = f"{problem.file}:{problem.line}:{problem.column}"
        raise InputError(problem.message, hint=hint, where=place, rule=problem.rule)
    text = data.decode("utf-8")
    if not segments.segments(text):
        raise InputError("the text has no words", hint="give the article's text", where=where, rule="empty")
    return text, tuple(changes)


def _converted(data: bytes) -> tuple[bytes, list[str]]:
    bare = data.removeprefix(_MARK)
    changes = ["removed the byte order mark"] * (bare != data)
    bare, returns = re.subn(rb"\r\n?", b"\n", bare)
    if returns:
        changes.append(f"changed {returns} line ending{'s' * (returns > 1)} to LF")
    return bare, changes
