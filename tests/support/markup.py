"""HTML as a browser reads it: its elements closed in order, its texts, and what it would load or run."""

from html.parser import HTMLParser

# Of what the output of a cell is made: none of these loads, runs or sends anything.
HARMLESS = {"div", "style", "p", "b", "span", "br", "table", "thead", "tbody", "tr", "th", "td", "ul", "li"}
HARMLESS |= {"details", "summary", "wbr"}


class Markup(HTMLParser):
    """The elements, titles and texts of a piece of HTML; AssertionError where it is not well formed or not harmless."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.titles: list[str] = []
        self.classes: list[str] = []
        self.texts: list[str] = []
        self._open: list[str] = []
        self.feed(page)
        self.close()
        assert not self._open, f"not closed: {self._open}"
        assert "url(" not in page.split("</style>")[0]
        assert "@import" not in page.split("</style>")[0]
        # MathJax would set what stands between two dollar signs.
        assert not self.classes or {"tex2jax_ignore", "mathjax_ignore"} <= set(self.classes[0].split())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in HARMLESS
        assert {name for name, _ in attrs} <= {"class", "title", "open"}
        self.tags.append(tag)
        self.titles += [value or "" for name, value in attrs if name == "title"]
        self.classes += [value or "" for name, value in attrs if name == "class"]
        if tag not in ("br", "wbr"):
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self._open[-1] != "style" and data.strip():
            self.texts.append(data.strip())

    def handle_decl(self, decl: str) -> None:
        raise AssertionError(decl)

    def handle_pi(self, data: str) -> None:
        raise AssertionError(data)

    def handle_comment(self, data: str) -> None:
        raise AssertionError(data)

    def unknown_decl(self, data: str) -> None:
        raise AssertionError(data)
