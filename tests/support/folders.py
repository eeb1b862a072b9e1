"""Graph folders to test on: the house with its first article alone, or the checkout with all articles it has by now.

What a test knows by heart is in the first article, so an article that is added changes nothing there. What must hold
of every article is tested on the checkout.
"""

import shutil
from pathlib import Path

from running import ROOT

FIRST = "2018-04-turkey-russia"
ROOMS = ("ontology", "shapes", "queries", "kg/background")


def with_first_article(folder: Path, graph_folder: tuple[str, ...] = ROOMS) -> Path:
    """A new graph folder with these rooms and the first article; no golden answers, for they are the checkout's."""
    for room in (*graph_folder, f"kg/articles/{FIRST}"):
        shutil.copytree(ROOT / room, folder / room, ignore=shutil.ignore_patterns("answers"))
    return folder


def copy_of_checkout(folder: Path) -> Path:
    """A new graph folder with all that the checkout's has."""
    for room in (*ROOMS, "kg/articles"):
        shutil.copytree(ROOT / room, folder / room)
    return folder
