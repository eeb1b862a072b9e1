"""`python -m bench site [--sizes 50,1000]`: what `kg site` takes, how large its pages are, how soon an article opens.

Seconds are those of the whole process; CPU seconds, of all processes, tell more where a machine has other work. How
soon the page of a long article opens is asked of a headless Chromium, where `make browser` has installed one: from a
file, and from `kg serve`, which makes it when it is first asked for.
"""

import argparse
import contextlib
import re
import shutil
import statistics
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from bench import environments, long_article
from bench.environments import entente
from bench.inputs import corpus_of

_PARTS = 4  # of the long article: a page of about 600 kB
_ROUNDS = 5
_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_TIMES = """() => {
    const [page] = performance.getEntriesByType("navigation");
    const [paint] = performance.getEntriesByName("first-contentful-paint");
    return [page.responseStart, paint?.startTime ?? -1, page.domContentLoadedEventEnd, page.loadEventEnd];
}"""


class Pages(NamedTuple):
    """The pages of one kind: how many, their bytes, and those of the largest."""

    kind: str
    number: int
    size: int
    largest: int


def sizes(folder: Path) -> list[Pages]:
    """The pages of a site by kind, and the CSV, Turtle and index that they lead to."""
    found: dict[str, list[int]] = {}
    for path in folder.rglob("*"):
        if path.is_file() and path.suffix in (".html", ".csv", ".ttl", ".js", ".css"):
            found.setdefault(kind_of(path.relative_to(folder)), []).append(path.stat().st_size)
    return [Pages(kind, len(own), sum(own), max(own)) for kind, own in sorted(found.items())]


def kind_of(path: Path) -> str:
    """The kind of a page by its path: `articles` is a list of them, `articles/…` one of them."""
    inside = "/…" if len(path.parts) > 2 or (path.parts[0] == "queries" and path.suffix == ".csv") else ""
    return f"{path.parts[0] if len(path.parts) > 1 else 'home'}{inside} {path.suffix}"


def main(arguments: list[str]) -> None:
    """Write the pages of corpora and of a long article, and print figures."""
    parser = argparse.ArgumentParser(prog="python -m bench site", description=__doc__)
    parser.add_argument("--sizes", default="50", help="articles in the corpora, such as 50,1000 (default: 50)")
    for size in parser.parse_args(arguments).sizes.split(","):
        _write(int(size))
    _open()


def _write(size: int) -> None:
    folder, out = corpus_of(size), environments.home() / "site" / str(size)
    subprocess.run(entente("-C", folder, "build"), check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    shutil.rmtree(out, ignore_errors=True)
    before, started = _used(), time.perf_counter()
    subprocess.run(entente("-C", folder, "site", out), check=True, stdout=subprocess.DEVNULL)
    seconds, cpu = time.perf_counter() - started, _used() - before
    print(f"\n{size} articles: {seconds:.1f} s, {cpu:.1f} CPU s", flush=True)
    print("| kind | files | kB | largest, kB |\n| --- | ---: | ---: | ---: |")
    for pages in sizes(out):
        print(f"| {pages.kind} | {pages.number:,} | {pages.size / 1000:,.0f} | {pages.largest / 1000:,.1f} |")


def _used() -> float:
    """The CPU seconds of the processes that have ended."""
    import resource  # of POSIX alone

    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _open() -> None:
    """How soon the page of a long article opens: medians, in milliseconds."""
    home = environments.home() / "site"
    for folder in (home / "long", home / "long-pages"):
        shutil.rmtree(folder, ignore_errors=True)
    name = long_article.generate(_PARTS, home / "long")
    subprocess.run(entente("-C", home / "long", "site", home / "long-pages"), check=True, stdout=subprocess.DEVNULL)
    page = home / "long-pages" / "articles" / name / "index.html"
    print(f"\nA long article: {page.stat().st_size / 1000:,.0f} kB")
    browser = next((path for known in _BROWSERS if (path := shutil.which(known))), "")
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        browser = ""
    if not browser:
        print("no browser: `make browser` installs one")
        return
    with sync_playwright() as playwright:
        options = ["--headless", "--no-sandbox", "--disable-gpu"]
        chromium = playwright.chromium.launch(executable_path=browser, args=options)
        _print("from a file", [_opened(chromium, page.as_uri()) for _ in range(_ROUNDS)])
        served = []
        for _ in range(_ROUNDS):
            with _serving(home / "long") as address:
                _opened(chromium, address)  # the first page, as a reader comes by it
                served.append([_opened(chromium, f"{address}articles/{name}/") for _ in range(2)])
        _print("from `kg serve`, the first request", [first for first, _ in served])
        _print("from `kg serve`, the second request", [second for _, second in served])
        chromium.close()


def _print(how: str, rounds: list[list[float]]) -> None:
    names = ("answered", "first paint", "DOM complete", "loaded", "CPU of the page")
    print(f"{how}:")
    for name, values in zip(names, zip(*rounds, strict=True), strict=True):
        print(f"  {name}: {statistics.median(values):.0f} ms ({min(values):.0f} to {max(values):.0f})", flush=True)


@contextlib.contextmanager
def _serving(folder: Path) -> Iterator[str]:
    """A server of a graph folder, while the context lasts: its address."""
    with subprocess.Popen(entente("-C", folder, "serve", "--port", "0"), stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        found = re.search(r"http://\S+", process.stdout.readline())
        try:
            yield found[0] if found else ""
        finally:
            process.terminate()


def _opened(chromium: Any, address: str) -> list[float]:
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("Performance.enable", {"timeDomain": "threadTicks"})
    page.goto(address)
    page.wait_for_timeout(500)
    metrics = {m["name"]: m["value"] for m in session.send("Performance.getMetrics")["metrics"]}
    times: list[float] = page.evaluate(_TIMES)
    context.close()
    return [*times, 1000 * metrics["TaskDuration"]]
