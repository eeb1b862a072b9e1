"""Graphs to draw, and pictures read back: the texts of an SVG with their boxes, its marks, and what it may not have."""

import shutil
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree

from folders import PARTS
from running import ROOT

from kg.pictures import labels, svg
from kg.pictures.labels import Box

GRAPHS = ROOT / "tests" / "graphs"
STYLES = {"second": ("second",), "story": ("second", "sequel"), "communique": ("communique",)}
STYLES |= {"wire-report": ("wire-report",), "tiny": ("tiny",)}
X = "{http://www.w3.org/2000/svg}"
_SIZES = {"name": svg.NAME, "head": svg.NOTE, "note": svg.NOTE}


def folder_of(style: str, folder: Path) -> Path:
    """A graph folder with the articles of a test graph; the ontology is the shipped one, but for the tiny graph."""
    if style == "tiny":
        return Path(shutil.copytree(GRAPHS / "tiny", folder))
    for part in PARTS:
        shutil.copytree(ROOT / part, folder / part, ignore=shutil.ignore_patterns("answers"))
    for name in STYLES[style]:
        shutil.copytree(GRAPHS / name / "kg", folder / "kg", dirs_exist_ok=True)
    return folder


class Text(NamedTuple):
    """A line of text in a picture, and its box."""

    words: str
    box: Box
    classes: tuple[str, ...]


class Picture:
    """An SVG, read back. Raises where it is not well-formed."""

    def __init__(self, text: str) -> None:
        self.text, self.root = text, ElementTree.fromstring(text)
        self.width, self.height = float(self.root.attrib["width"]), float(self.root.attrib["height"])

    def texts(self) -> list[Text]:
        """The lines of text, but for those of the legend, which is set in a place of its own."""
        legend = {id(e) for g in self.of_class("legend") for e in g.iter(X + "text")}
        return [_text(e) for e in self.root.iter(X + "text") if id(e) not in legend]

    def words(self) -> list[str]:
        """All that it says, in the order of the alphabet."""
        return sorted(e.text or "" for name in ("text", "title", "desc") for e in self.root.iter(X + name))

    def of_class(self, name: str) -> list[ElementTree.Element]:
        """The elements with a class."""
        return [e for e in self.root.iter() if name in e.attrib.get("class", "").split()]

    def titles(self) -> list[str]:
        """What is shown while something is pointed at."""
        return [e.text or "" for e in self.root.iter(X + "title")]

    def is_self_contained(self) -> bool:
        """Whether it has no script, no handler, no link, no style of an element, and names nothing to load."""
        names = {e.tag.removeprefix(X) for e in self.root.iter()}
        attributes = {name for e in self.root.iter() for name in e.attrib}
        calls = any(word in self.text for word in ("url(", "@import", "javascript:", "data:", "<!"))
        handlers = {a for a in attributes if a.startswith("on") or a.endswith(("href", "src")) or a == "style"}
        return not names & {"script", "foreignObject", "image", "use", "a"} and not handlers and not calls


def _text(element: ElementTree.Element) -> Text:
    classes = tuple(element.attrib.get("class", "").split())
    size = next((_SIZES[c] for c in classes if c in _SIZES), svg.LABEL)
    bold = 1.1 if {"name", "head"} & {*classes} else 1
    words, wide = element.text or "", labels.width(element.text or "", size) * bold
    x, y = float(element.attrib["x"]), float(element.attrib["y"])
    left = x - wide * {"middle": 0.5, "end": 1}.get(element.attrib.get("text-anchor", ""), 0)
    return Text(words, Box(left, y - size * 0.75, left + wide, y + size * 0.2), classes)
