"""`kg fmt`: house style for the Turtle and TriG files of a graph folder, or for files that the user names."""

import os
from collections.abc import Iterator

from pyoxigraph import RdfFormat

from kg import paths, sources
from kg.errors import InputError
from kg.findings import Check, Finding
from kg.format import tidy
from kg.paths import Rooms

HOUSE_STYLE = Check(
    "house-style",
    "Turtle and TriG files are formatted as `kg fmt` writes them.",
    "One style keeps differences between versions down to what has changed.",
    wrong="p:heading{id:melk a ent:City.}",
    right="p:heading {\n    id:melk a ent:City .\n}",
)
FORMAT = Check(
    "format",
    "Formatting a file leaves its graph as it is.",
    "Otherwise nothing is written: this is a fault of the formatter, please report it.",
)
FILE = Check(
    "file",
    "Files can be read, and are no links.",
    "Through a link, `kg fmt` would change a file elsewhere.",
    wrong="ontology/places.ttl → ../other/places.ttl",
    right="ontology/places.ttl, a file",
)
_FORMATS = {".ttl": RdfFormat.TURTLE, ".trig": RdfFormat.TRIG}


def files(rooms: Rooms, wanted: list[str]) -> list[str]:
    """The files to tidy: those that are wanted, folders searched through; else all of the graph folder."""
    if not wanted:
        rows = (rooms.ontology, rooms.shapes, rooms.background, rooms.articles)
        wanted = [os.path.relpath(folder) for folder in rows if rooms.holds(folder)]
    return [path for name in wanted for path in _below(name)]


def _below(name: str) -> Iterator[str]:
    if os.path.isfile(name) or not os.path.exists(name):
        yield name
        return
    for folder, _, names in sorted(os.walk(name)):
        found = (os.path.join(folder, n) for n in names if os.path.splitext(n)[1] in _FORMATS)
        yield from sorted(path for path in found if not os.path.islink(path))  # it may lead out of the folder


def read(path: str) -> tuple[str, str]:
    """A file's text, and the same in house style. Raises InputError, with the place, for what cannot be read."""
    if os.path.splitext(path)[1] not in _FORMATS:
        raise InputError("only .ttl and .trig files have a house style", where=path)
    if os.path.islink(path):  # one that somebody put there could lead anywhere, and would be written over
        raise InputError("the file is a link", hint="name the file to which it leads", where=path, rule="file")
    try:
        data = paths.read_named(path, sources.MAX_BYTES)
    except OSError as error:
        raise InputError(f"cannot read the file: {error.strerror}", where=path) from error
    if problem := sources.text_problem(path, data):
        raise InputError(problem.message, hint=problem.hint, where=f"{path}:{problem.line}:{problem.column}")
    text = data.decode("utf-8")
    problems: list[Finding] = []
    if sources.parse_text(path, text, problems) is None:
        found = problems[0]
        raise InputError(found.message, where=f"{path}:{found.line}:{found.column}", rule="syntax")
    return text, tidy(text, _FORMATS[os.path.splitext(path)[1]])


def difference(path: str, before: str, after: str) -> str:
    """A unified diff between a file and its house style."""
    import difflib

    lines = (before.splitlines(keepends=True), after.splitlines(keepends=True))
    return "".join(difflib.unified_diff(*lines, fromfile=path, tofile=f"{path} (house style)"))
