"""The pictures of pages in docs/pictures: `python -m tools.screenshots`, with what `make browser` installs."""

import shutil
import tempfile
from pathlib import Path
from typing import Literal, NamedTuple

import kg
from kg.pages import write_site

PICTURES = Path(__file__).parents[1] / "docs" / "pictures"
ARTICLE = "articles/2018-04-turkey-russia/"
MOST = 150_000  # bytes of one picture


class Shot(NamedTuple):
    """A page as it is shown: its path, the size of the window, where it is scrolled to, what is clicked, pointed at."""

    path: str
    width: int = 1120
    height: int = 700
    scroll: str = ""
    click: str = ""
    hover: str = ""
    dark: bool = False


SHOTS = {
    "page-article": Shot(ARTICLE, scroll="#unit-8", hover="#unit-10 mark a"),
    "page-article-dark": Shot(ARTICLE, scroll="#unit-16", dark=True),
    "page-article-phone": Shot(ARTICLE, 390, 700, scroll="#unit-12", click=".pair:has(#unit-12) summary"),
    "page-thing": Shot("things/turkey/", height=900, click=".leading summary >> nth=2"),
    "page-question": Shot("queries/partners-on-opposing-sides/", 1240, 760, click="td.receipts summary >> nth=0"),
    "page-picture": Shot("picture/", 1040, 680, scroll=".drawn"),
}


def main() -> None:
    """Write all pages into a temporary folder, and the pictures of some into docs/pictures."""
    from playwright.sync_api import sync_playwright

    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    browser = next(path for name in names if (path := shutil.which(name)))
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        write_site(kg.open(), folder)
        options = ["--headless", "--no-sandbox", "--disable-gpu"]
        chromium = playwright.chromium.launch(executable_path=browser, args=options)
        for name, shot in SHOTS.items():
            scheme: Literal["dark", "light"] = "dark" if shot.dark else "light"
            context = chromium.new_context(viewport={"width": shot.width, "height": shot.height}, color_scheme=scheme)
            page = context.new_page()
            page.goto(Path(folder, shot.path, "index.html").as_uri())
            if shot.click:
                page.click(shot.click)
            if shot.scroll:
                top = "(s) => scrollTo(0, document.querySelector(s).getBoundingClientRect().top + scrollY - 40)"
                page.evaluate(top, shot.scroll)
            if shot.hover:
                page.hover(shot.hover)
            picture = PICTURES / f"{name}.png"
            page.screenshot(path=picture)
            size_of = picture.stat().st_size
            print(f"{picture.name}: {size_of:,} bytes{' TOO LARGE' * (size_of > MOST)}")
        chromium.close()


if __name__ == "__main__":
    main()
