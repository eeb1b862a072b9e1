"""A graph folder with an article and its proposals, and the review page of it as a process."""

import http.client
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlencode, urlsplit

from running import ROOT, environment

ARTICLE = "2019-06-talvia-turkey"
TEXT = """Turkey and Talvia agree on a railway

Talvian President Amara Velindi visited Turkey on Monday. Her visit cost 2 million US dollars.
"""


def with_proposals(folder: Path, text: str = TEXT) -> Path:
    """A graph folder whose article awaits review."""
    for part in ("ontology", "shapes", "kg/background"):
        shutil.copytree(ROOT / part, folder / part)
    (folder / "kg/articles").mkdir(parents=True)
    (folder / "a.txt").write_text(text, encoding="utf-8", newline="\n")
    for words in (["new", "a.txt", "--name", ARTICLE, "--reading-date", "2019-06-13"], ["propose", ARTICLE]):
        subprocess.run(
            [sys.executable, "-m", "kg", *words], cwd=folder, env=environment(), check=True, capture_output=True
        )
    return folder


def facts(folder: Path) -> str:
    return (folder / "kg/articles" / ARTICLE / "facts.trig").read_text("utf-8")


FORM = "application/x-www-form-urlencoded"


class Page(NamedTuple):
    """The page as the browser has it that opened the first address."""

    address: str
    cookie: str
    folder: Path
    log: Path

    @property
    def origin(self) -> str:
        return f"http://{urlsplit(self.address).netloc}"

    def ask(self, method: str, path: str, body: str = "", **headers: str) -> tuple[int, dict[str, str], str]:
        connection = http.client.HTTPConnection(urlsplit(self.address).netloc, timeout=120)
        given = {"Cookie": self.cookie} | {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, path, body.encode(), {k: v for k, v in given.items() if v})
        found = connection.getresponse()
        text = found.read().decode()
        connection.close()
        return found.status, {k.lower(): v for k, v in found.getheaders()}, text

    def token(self) -> str:
        found = re.search('name="token" value="([^"]+)"', self.ask("GET", "/")[2])
        assert found
        return found[1]

    def cards(self) -> list[str]:
        return re.findall('class="card" id="([^"]+)"', self.ask("GET", "/")[2])

    def decide(self, answer: str, proposal: str, token: str = "", turtle: str = "", **headers: str) -> int:
        form = {"token": token or self.token(), "proposal": proposal, "answer": answer, "turtle": turtle}
        given = {"Origin": self.origin, "Content_Type": FORM} | headers
        return self.ask("POST", "/decide", urlencode(form), **given)[0]

    def say(self, answer: str, passage: str, words: str, token: str = "") -> int:
        form = {"token": token or self.token(), "passage": passage, "answer": answer, "words": words}
        return self.ask("POST", "/decide", urlencode(form), Origin=self.origin, Content_Type=FORM)[0]


def opened(address: str, folder: Path, log: Path) -> Page:
    """The page, once the first address was exchanged for a cookie."""
    status, headers, _ = Page(address, "", folder, log).ask("GET", urlsplit(address).path)
    assert status == HTTPStatus.SEE_OTHER
    assert headers["location"] == "/"
    told = headers["set-cookie"].lower()
    assert "httponly" in told
    assert "samesite=strict" in told
    return Page(address, headers["set-cookie"].partition(";")[0], folder, log)


@contextmanager
def reviewed(folder: Path, log: Path) -> Iterator[str]:
    """The first address of `kg serve --review`, which works once; the server is ended afterwards."""
    command = [sys.executable, "-m", "kg", "serve", "--review", ARTICLE, "--as", "Ada Holm", "--port", "0"]
    with open(log, "w", encoding="utf-8") as err:
        process = subprocess.Popen(
            command, cwd=folder, stdout=subprocess.PIPE, stderr=err, env=environment(), text=True
        )
    try:
        assert process.stdout is not None
        found = re.search(r"http://\S+", process.stdout.readline())
        assert found, log.read_text("utf-8")
        yield found[0]
    finally:
        process.terminate()
        process.wait(30)
        process.stdout.close()  # type: ignore[union-attr]
