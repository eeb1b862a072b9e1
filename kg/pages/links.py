"""The address of each page: IRIs as paths that are safe file names on every system, and relative links between pages.

A name in a path is lower case, since some file systems take `Office` and `office` for one name: a capital is `_` and
its small letter, any other character but digits, small letters and hyphens is `_0`, its code point in hexadecimal and
`_`. So the name of a path is read back from it, but for one that is too long, which ends in a hash.
"""

import hashlib
import posixpath
import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from urllib.parse import quote, urlencode

from kg.rdf.namespaces import ARTICLE, ENT, ID

HOME, ARTICLES, THINGS, ONTOLOGY, QUERIES = "/", "/articles/", "/things/", "/ontology/", "/queries/"
PICTURE, TIMELINE, SEARCH, SPARQL, STATIC = "/picture/", "/timeline/", "/search/", "/sparql/", "/static/"
INDEX = "index.html"
NUMBERED = re.compile(r"page-([2-9]|[1-9]\d{1,4})\.html")  # the further pages of a long one, beside the first
_PLAIN = re.compile(r"[a-z0-9-]+\Z")
_LONGEST = 100  # characters of a name
_HASH = "_00_"  # before the hash of a name that is too long; no character is written so
_DEVICES = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)\Z")  # no names of files on Windows
_WRITTEN = re.compile(r"_([a-z])|_0([0-9a-f]+)_|([a-z0-9-])")


@lru_cache(maxsize=100_000)
def encoded(name: str) -> str:
    """A name as part of a path."""
    text = name if _PLAIN.match(name) else "".join(_character(c) for c in name)
    if _DEVICES.match(text):
        text = _hexadecimal(text[0]) + text[1:]
    if len(text) > _LONGEST:
        text = (
            text[: _LONGEST // 2].rstrip("-") + _HASH + hashlib.sha256(name.encode("utf-8", "replace")).hexdigest()[:20]
        )
    return text or _HASH


def decoded(text: str, known: Iterable[str] = ()) -> str | None:
    """The name of which this is part of a path; of names that are too long, it is looked for among the `known` ones."""
    if _HASH in text:
        return next((name for name in known if encoded(name) == text), None)
    parts, at = [], 0
    while at < len(text):
        found = _WRITTEN.match(text, at)
        if not found:
            return None
        capital, code, plain = found.groups()
        if code and int(code, 16) > 0x10FFFF:
            return None
        parts.append(capital.upper() if capital else chr(int(code, 16)) if code else plain)
        at = found.end()
    name = "".join(parts)
    return name if name and encoded(name) == text else None


def _character(c: str) -> str:
    if c.isascii() and (c.islower() or c.isdigit() or c == "-"):
        return c
    return f"_{c.lower()}" if c.isascii() and c.isupper() else _hexadecimal(c)


def _hexadecimal(c: str) -> str:
    return f"_0{ord(c):x}_"


def path_of(iri: str) -> tuple[str, str]:
    """The path of the page about an IRI of ours, and the place on it, both empty for any other IRI."""
    if iri.startswith(ID) and iri != ID:
        return f"{THINGS}{encoded(iri.removeprefix(ID))}/", ""
    if iri.startswith(ARTICLE):
        name, _, inside = iri.removeprefix(ARTICLE).partition("#")
        return (f"{ARTICLES}{encoded(name)}/", inside) if name else ("", "")
    if iri.startswith(ENT) and iri != ENT:
        return f"{ONTOLOGY}{encoded(iri.removeprefix(ENT))}/", ""
    return "", ""


def query_path(name: str) -> str:
    """The path of the page about a stored query."""
    return f"{QUERIES}{encoded(name)}/"


def is_web(iri: str) -> bool:
    """Whether an address may be a link: no `javascript:`, no file of this machine."""
    return iri.lower().startswith(("https://", "http://"))


class Links:
    """Relative links from the page at one path; with `static`, they name the files, so that no server is needed."""

    def __init__(self, at: str, *, static: bool) -> None:
        self.at, self.static = at, static
        self._folder = at if at.endswith("/") else posixpath.dirname(at)

    def to(self, path: str, at: str = "", parameters: Mapping[str, str] | None = None) -> str:
        """The link to a path that begins with `/`, to a place on its page, with parameters."""
        link = _relative(path, self._folder, INDEX if self.static else "")
        if parameters:
            link += f"?{urlencode(parameters)}"
        return f"{link}#{place(at)}" if at else link

    def pages(self, own: str, number: int, last: int) -> list[tuple[int, str]]:
        """The numbers of the pages of a long one, each with its link; that of the page itself is empty."""
        paths = {n: own if n == 1 else f"{own}page-{n}.html" for n in range(1, last + 1)}
        return [(n, "" if n == number else self.to(path)) for n, path in paths.items()] if last > 1 else []

    def of(self, iri: str) -> str:
        """The link to the page about an IRI, or to the IRI itself if it is an address on the web; empty for others."""
        path, inside = path_of(iri)
        if path == self.at and inside:
            return f"#{place(inside)}"
        return self.to(path, inside) if path else iri if is_web(iri) else ""


@lru_cache(maxsize=100_000)
def _relative(path: str, folder: str, index: str) -> str:
    """The way from a folder to a path, of which `index` is the file if it is a folder too; both begin with `/`."""
    to, at = path.strip("/").split("/"), folder.strip("/").split("/")
    same = 0
    while same < min(len(to), len(at)) and to[same] == at[same]:
        same += 1
    link = "/".join([*[".."] * (len(at) - same), *to[same:]]) if folder.strip("/") else path.strip("/")
    link = link.removesuffix("/") or "."
    if not path.endswith("/"):
        return link
    return index if index and link == "." else f"{link}/{index}"


@lru_cache(maxsize=100_000)
def place(name: str) -> str:
    """The name of a place on a page as it stands in a link."""
    return quote(name, safe="-._~!$&'()*+,;=:@/?")
