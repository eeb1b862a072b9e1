"""Replays docs/add-an-article.md in a graph folder of its own; run as a program, it refreshes the outputs shown there.

A `text` block with a file's name is that file; a `trig` block replaces the passage of its name in the drafted file;
a `shell-session` block is run, and what follows a line `…` is cut.
"""

import contextlib
import io
import os
import re
import shlex
import tempfile
from pathlib import Path

from folders import with_first_article
from running import ROOT

from kg.cli import main

GUIDE = ROOT / "docs" / "add-an-article.md"
FOLDER = Path("kg/articles/2019-06-talvia-turkey-agree")
_BLOCK = re.compile(r"^```(text \S+|trig|trig drafted|shell-session)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def replay(text: str, folder: Path) -> str:
    """The guide with the real outputs, and with the drafted passage as it is drafted."""
    blocks: dict[str, str] = {}

    def block(match: re.Match[str]) -> str:
        kind, body = match[1], match[2]
        if kind.startswith("text "):
            Path(kind.split()[1]).write_text(body, "utf-8", newline="\n")
        elif kind == "trig":
            blocks[body.split()[0]] = body
            facts = _head() + "".join(f"\n{b}" for b in blocks.values())
            (FOLDER / "facts.trig").write_text(facts, "utf-8", newline="\n")
        else:
            body = _drafted(body.split()[0]) if kind == "trig drafted" else _session(body)
        return f"```{kind}\n{body}```"

    with contextlib.chdir(folder):
        return _BLOCK.sub(block, text)


def _head() -> str:
    return (FOLDER / "facts.trig").read_text("utf-8").split("\n\n")[0] + "\n"


def _drafted(name: str) -> str:
    return next(b for b in (FOLDER / "facts.trig").read_text("utf-8").split("\n\n") if b.startswith(name)) + "\n"


def _session(body: str) -> str:
    steps = re.split(r"^(?=\$ )", body, flags=re.MULTILINE)[1:]
    return "".join(_step(*step.split("\n", 1)) for step in steps)


def _step(line: str, shown: str) -> str:
    output = io.StringIO()
    with contextlib.redirect_stdout(output), contextlib.redirect_stderr(output):
        main(shlex.split(line)[2:])
    real = output.getvalue()
    if shown.endswith("…\n"):
        real = "".join(real.splitlines(keepends=True)[: shown.count("\n") - 1]) + "…\n"
    return f"{line}\n{real}"


def refresh() -> None:
    """Write the real outputs into the guide."""
    os.environ["COLUMNS"] = "100"
    with tempfile.TemporaryDirectory() as folder:
        text = replay(GUIDE.read_text("utf-8"), with_first_article(Path(folder) / "graph"))
    GUIDE.write_text(text, "utf-8", newline="\n")


if __name__ == "__main__":
    refresh()
