"""The real article's pages, as files and by the server, under a sub-path, and a browser to open them."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from browsing import QUIET, below, executable, serving
from serving import served

from kg.graph import Graph
from kg.pages import write_site

Open = Callable[..., Any]
PATH = "/some/where"
LEFT = "net::ERR_ABORTED"  # How a request ends that a download, or leaving the page, made needless.
WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 390, "height": 844}


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=executable(), args=QUIET)
        yield found
        found.close()


@pytest.fixture(scope="session")
def of_server(shipped_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the first page of `kg serve`, below a path of a proxy."""
    with served(shipped_folder, tmp_path_factory.mktemp("log") / "log") as found, below(found.host, PATH) as address:
        yield f"{address}/"


@pytest.fixture(scope="session", params=["files", "served"])
def address(request: pytest.FixtureRequest) -> str:
    """The address of the first page, of files and of a server."""
    return str(request.getfixturevalue("of_files" if request.param == "files" else "of_server"))


@pytest.fixture(scope="session")
def of_files(shipped: Graph, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the first page of files: not at the root of their server."""
    root = tmp_path_factory.mktemp("web")
    write_site(shipped, f"{root}{PATH}")
    with serving(root) as origin:
        yield f"{origin}{PATH}/"


@pytest.fixture(scope="session")
def folder(shipped: Graph, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same pages as files."""
    folder = tmp_path_factory.mktemp("files") / "pages"
    write_site(shipped, str(folder))
    return folder


@pytest.fixture
def opened(browser: Any) -> Iterator[Open]:
    """Open an address in a window of its own: `opened(address, scripts=False, dark=True)`.

    What goes wrong in a page, but for an `expected` message, and what it asks of other servers, fails the test.
    """
    contexts, wrong = [], []

    def open_page(
        address: str, *, scripts: bool = True, dark: bool = False, narrow: bool = False, expected: str = ""
    ) -> Any:
        scheme = "dark" if dark else "light"
        size = NARROW if narrow else WIDE
        context = browser.new_context(java_script_enabled=scripts, color_scheme=scheme, viewport=size)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(10_000)
        origin = "/".join(address.split("/")[:3])
        page.on("request", lambda r: wrong.append(r.url) if not r.url.startswith((origin, "data:")) else None)
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("console", lambda m: wrong.append(m.text) if m.type == "error" and m.text != expected else None)
        page.on("requestfailed", lambda r: wrong.append(f"{r.url} {r.failure}") if r.failure != LEFT else None)
        page.goto(address)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert wrong == []
