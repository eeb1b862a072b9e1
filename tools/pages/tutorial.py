"""docs/add-an-article.md, replayed in a graph folder of its own that holds the first article.

A `text` block with a file's name is that file; a `trig` block replaces the passage of its name in the drafted file; a
`trig drafted` block shows such a passage as it is drafted; a `shell-session` block runs as in `tools.pages.console`.
"""

import contextlib
import re
import shutil
from pathlib import Path

from tools.pages import console

PAGE = "docs/add-an-article.md"
FACTS = Path("kg/articles/2019-06-talvia-turkey-agree/facts.trig")
SOURCES = ("ontology", "shapes", "queries", "kg/background", "kg/articles/2018-04-turkey-russia")
_BLOCK = re.compile(r"^```(text \S+|trig|trig drafted|shell-session)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def refresh(text: str, root: Path) -> str:
    """The page with the real outputs, and with the drafted passage as it is drafted. `root` is the checkout."""
    written: dict[str, str] = {}  # passages, as the page has written them so far

    def block(match: re.Match[str]) -> str:
        kind, body = match[1], match[2]
        if kind.startswith("text "):
            Path(kind.split()[1]).write_text(body, "utf-8", newline="\n")
        elif kind == "trig":
            written[body.split()[0]] = body
            FACTS.write_text(_passages()[0] + "\n" + "".join(f"\n{b}" for b in written.values()), "utf-8", newline="\n")
        elif kind == "trig drafted":
            body = next(p for p in _passages() if p.startswith(body.split()[0])) + "\n"
        else:
            body = console.rerun(body)
        return f"```{kind}\n{body}```"

    with console.workspace():
        for name in SOURCES:
            shutil.copytree(root / name, Path("graph", name), ignore=shutil.ignore_patterns("answers"))
        with contextlib.chdir("graph"):
            return _BLOCK.sub(block, text)


def _passages() -> list[str]:
    """The parts of the facts file: its head, then its passages."""
    return FACTS.read_text("utf-8").split("\n\n")
