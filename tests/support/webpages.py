"""Pages read as a browser reads them: elements that nest, ids, links, texts."""

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

VOID = {"br", "input", "link", "meta", "img", "hr", "wbr", "path", "line", "rect", "circle", "polygon"}
ADDRESSES = {"href", "src", "action", "xlink:href", "formaction", "data", "poster", "srcset"}


@dataclass
class Read(HTMLParser):
    """A page: its elements with their attributes, its ids, its text; `faults` are what a browser would have to mend."""

    elements: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    text: str = ""
    _open: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        if len(set(names)) != len(names):
            self.faults.append(f"<{tag}> has an attribute twice")
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        if tag == "a" and "a" in self._open:
            self.faults.append("a link within a link")
        if tag in ("div", "p", "ul", "details", "section", "figure", "blockquote") and "p" in self._open:
            self.faults.append(f"<{tag}> within a paragraph")
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        if not self._open or self._open.pop() != tag:
            self.faults.append(f"</{tag}> closes nothing that is open")

    def handle_data(self, data: str) -> None:
        self.text += data

    @property
    def ids(self) -> list[str]:
        return [values["id"] for _, values in self.elements if "id" in values]

    @property
    def addresses(self) -> list[str]:
        return [value for _, values in self.elements for name, value in values.items() if name in ADDRESSES]


def read(html: str) -> Read:
    """A page, read."""
    page = Read()
    page.feed(html)
    page.close()
    page.faults += [f"<{tag}> is not closed" for tag in page._open]
    page.faults += [f"the id {name!r} twice" for name in {i for i in page.ids if page.ids.count(i) > 1}]
    return page


def site(folder: Path) -> dict[str, Read]:
    """All pages of a folder by their paths in it."""
    return {p.relative_to(folder).as_posix(): read(p.read_text("utf-8")) for p in sorted(folder.rglob("*.html"))}


def broken_links(folder: Path, pages: dict[str, Read]) -> Iterator[str]:
    """The links of pages that lead to no file, or to no place on its page; those to the web are not followed."""
    ids = {path: set(page.ids) for path, page in pages.items()}
    for path, page in pages.items():
        for address in page.addresses:
            parts = urlsplit(address)
            if parts.scheme in ("http", "https"):
                continue
            if parts.scheme or parts.netloc or address.startswith("/"):
                yield f"{path}: {address} is not relative"
                continue
            target = (
                posixpath.normpath(posixpath.join(posixpath.dirname(path), unquote(parts.path))) if parts.path else path
            )
            if not (folder / target).is_file():
                yield f"{path}: {address} leads to no file"
            elif parts.fragment and unquote(parts.fragment) not in ids.get(target, ()):
                yield f"{path}: {address} leads to no place"
