"""Broken inputs as small readable files: what to change in a sound graph folder, and which finding must come of it.

A case is a head of `key: value` lines, then one section per changed file:

    # what is wrong, in a sentence
    exit: 1
    rule: folded-quote
    says: not letter by letter

    == facts.trig
    - ent:quote "Lorvia’s president
    + ent:quote ⟦"Lorvia's president⟧

Lines with `-` are the old text, which stands in the file once; those with `+` take its place. With no old text, they
are a file of their own. `== FILE gone` takes a file away. The marks ⟦ ⟧ surround the place that the finding must name.

The head: `exit` (code), `rule`, `severity` (default: violation), `says` and `hint` (regular expressions), `file` (where
a finding is about a file as a whole), and `also` (rules of further findings that are fine here).
"""

import re
import shutil
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[2]
CASES = ROOT / "tests" / "cases" / "broken"
NAME = "2019-05-lorvia-sudmark"
PLACES = {
    "article.txt": f"kg/articles/{NAME}/article.txt",
    "facts.trig": f"kg/articles/{NAME}/facts.trig",
    "background.trig": "kg/background/example.trig",
}
_MARKS = re.compile("[⟦⟧]")


@dataclass
class Edit:
    """One change of one file; `old` is empty where `new` is the whole file, and both are where the file goes."""

    file: str
    gone: bool = False
    old: list[str] = field(default_factory=list)
    new: list[str] = field(default_factory=list)


@dataclass
class Case:
    """A case as its file says it."""

    name: str
    head: dict[str, str]
    edits: list[Edit]

    @property
    def also(self) -> set[str]:
        """The rules of other findings that come along."""
        return set(self.head.get("also", "").split())


@dataclass(frozen=True)
class Place:
    """Where the finding must stand: a file of the graph folder, line and column from 1, or 0 for the whole file."""

    file: str
    line: int = 0
    column: int = 0


def cases() -> list[Case]:
    """All cases, by name."""
    return [read(path) for path in sorted(CASES.glob("*.case"))]


def read(path: Path) -> Case:
    """Parse a case; a line that fits nowhere is an error."""
    head: dict[str, str] = {}
    edits: list[Edit] = []
    for line in path.read_text("utf-8").split("\n"):
        if line.startswith("== "):
            name, _, gone = line[3:].partition(" ")
            edits.append(Edit(name, gone == "gone"))
        elif edits and line[:2] in ("- ", "-", "+ ", "+"):
            if line[0] == "-" and edits[-1].new:
                edits.append(Edit(edits[-1].file))
            (edits[-1].old if line[0] == "-" else edits[-1].new).append(line[2:])
        elif not edits and ": " in line and not line.startswith("#"):
            key, value = line.split(": ", 1)
            head[key] = value
        elif line and (edits or not line.startswith("#")):
            raise ValueError(f"{path.name}: what is this line? {line}")
    return Case(path.stem, head, edits)


def compose(folder: Path) -> Path:
    """The sound graph folder that the cases break: the house's words and rules, and one small article."""
    for room in ("ontology", "shapes"):
        shutil.copytree(ROOT / room, folder / room)
    for name, place in PLACES.items():
        (folder / place).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(CASES / "base" / name, folder / place)
    return folder


def break_it(case: Case, folder: Path) -> Place:
    """Make the case's changes; the result is the place that is marked in them, else the file that the head names."""
    named = case.head.get("file", "")
    place = Place(PLACES.get(named, named))
    for edit in case.edits:
        path = folder / PLACES.get(edit.file, edit.file)
        if edit.gone:
            shutil.rmtree(path) if path.is_dir() else path.unlink()
            continue
        text = _edited(edit, path)
        if "⟦" in text:
            before = text[: text.index("⟦")]
            line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
            place = Place(path.relative_to(folder).as_posix(), line, column)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(_MARKS.sub("", text), "utf-8", newline="\n")
    return place


def _edited(edit: Edit, path: Path) -> str:
    new = "\n".join(edit.new)
    if not edit.old:
        return new + "\n" if new else ""
    text, old = path.read_text("utf-8"), "\n".join(edit.old)
    if text.count(old) != 1:
        raise ValueError(f"the old text stands {text.count(old)} times in {edit.file}: {old}")
    return text.replace(old, new)
