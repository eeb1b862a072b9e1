"""Graph folders to test on: the first article alone with a fixed background, or the checkout as it is by now.

What a test knows by heart is in the first article, so an article or background that is added changes nothing there.
What must hold of every article is tested on the checkout.
"""

import shutil
import subprocess
from pathlib import Path

from running import ROOT

FIRST = "2018-04-turkey-russia"
PARTS = ("ontology", "shapes", "queries")
BACKGROUND = ROOT / "tests" / "graphs" / "first" / "kg" / "background"


def with_first_article(folder: Path, parts: tuple[str, ...] = PARTS) -> Path:
    """A new graph folder with these parts, the first article and its background; no golden answers."""
    for part in (*parts, f"kg/articles/{FIRST}"):
        shutil.copytree(ROOT / part, folder / part, ignore=shutil.ignore_patterns("answers"))
    shutil.copytree(BACKGROUND, folder / "kg" / "background")
    return folder


def copy_of_checkout(folder: Path) -> Path:
    """A new graph folder with all that the checkout's has."""
    for part in (*PARTS, "kg/background", "kg/articles"):
        shutil.copytree(ROOT / part, folder / part)
    return folder


def git(folder: Path, *arguments: str) -> str:
    """Run git in a folder, as an author whom no configuration of this machine knows."""
    who = ("-c", "user.name=Ada", "-c", "user.email=ada@example.org", "-c", "core.autocrlf=false")
    done = subprocess.run(["git", *who, "-C", str(folder), *arguments], capture_output=True, check=True)
    return done.stdout.decode().strip()
