"""A graph folder with an article and its proposals, and the review page of it as a process."""

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from running import ROOT, environment

ARTICLE = "2019-06-talvia-turkey"
TEXT = """Turkey and Talvia agree on a railway

Talvian President Amara Velindi visited Turkey on Monday. Her visit cost 2 million US dollars.
"""


def with_proposals(folder: Path) -> Path:
    """A graph folder whose article awaits review."""
    for part in ("ontology", "shapes", "kg/background"):
        shutil.copytree(ROOT / part, folder / part)
    (folder / "kg/articles").mkdir(parents=True)
    (folder / "a.txt").write_text(TEXT, encoding="utf-8", newline="\n")
    for words in (["new", "a.txt", "--name", ARTICLE, "--reading-date", "2019-06-13"], ["propose", ARTICLE]):
        subprocess.run(
            [sys.executable, "-m", "kg", *words], cwd=folder, env=environment(), check=True, capture_output=True
        )
    return folder


def facts(folder: Path) -> str:
    return (folder / "kg/articles" / ARTICLE / "facts.trig").read_text("utf-8")


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
