"""Graph folders for builds on a cluster, and what `kg export` writes of them at once."""

import re
import shutil
from pathlib import Path

from folders import with_first_article
from running import ROOT

from kg.graph import Graph
from kg.source.layout import GraphFolder

OTHERS = ("second", "sequel", "communique", "regional-paper", "wire-report")


def with_test_graphs(folder: Path) -> Path:
    """A new graph folder with six articles, of which two tell of the same things."""
    with_first_article(folder)
    for name in OTHERS:
        shutil.copytree(
            ROOT / "tests" / "graphs" / name / "kg" / "articles", folder / "kg/articles", dirs_exist_ok=True
        )
    return folder


def exported(folder: Path) -> bytes:
    """The dataset of a graph folder as `kg export -f nquads` writes it."""
    return Graph(GraphFolder(str(folder))).export("nquads")


def state(file: Path, *statements: str) -> None:
    """Add statements to the first passage that is no reported speech."""
    text = file.read_text("utf-8")
    blocks = text.split("\n\n")
    block = next(
        b
        for b in blocks
        if "ent:Passage" in b and "ent:speaker" not in b and re.search(r"^p:[\w-]+ \{\n", b, re.MULTILINE)
    )
    more = "".join(f"    {statement}\n" for statement in statements)
    file.write_text(text.replace(block, re.sub(r"(?m)^(p:[\w-]+ \{\n)", rf"\1{more}", block, count=1)), "utf-8")
