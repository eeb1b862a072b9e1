"""What a hostile case is, and the little that most of them share."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

ARTICLE = "kg/articles/2020-03-norland"
FACTS = f"{ARTICLE}/facts.trig"
TEXT = f"{ARTICLE}/article.txt"
WORDS = "ontology/words.ttl"
SHAPES = "shapes/words.ttl"
BACKGROUND = "kg/background/codes.trig"
SECRET = "OPEN-SESAME"  # stands in every file outside the folder, and may stand in no output


@dataclass(frozen=True)
class Place:
    """Where a case is made: the graph folder, files beside it that nobody may read, a server that nobody may call."""

    folder: Path
    outside: Path
    url: str

    def path(self, name: str) -> Path:
        """A path in the graph folder, whose folder is there."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        return path


Make = Callable[[Place], None]


@dataclass(frozen=True)
class Case:
    """One hostile input: how it is made, the command that meets it, the exit codes that are right, a phrase to see.

    A `limited` case would not end by itself, or kills its process: it runs in a process of its own.
    """

    name: str
    make: Make
    command: tuple[str, ...]
    exits: tuple[int, ...]
    says: str = ""
    limited: bool = False


def nothing(place: Place) -> None:
    """Leave the graph folder as it is: the command line itself is hostile."""


@dataclass(frozen=True)
class written:  # noqa: N801 - it is called as the other makes are
    """A file with this content; “{url}” in a text is the server that nobody may call."""

    name: str
    content: str | bytes

    def __call__(self, place: Place) -> None:
        """Write the file."""
        data = self.content if isinstance(self.content, bytes) else self.content.replace("{url}", place.url).encode()
        place.path(self.name).write_bytes(data)


def added(name: str, text: str) -> Make:
    """A file of the tiny graph with this text at its end."""

    def make(place: Place) -> None:
        with open(place.folder / name, "a", encoding="utf-8", newline="\n") as file:
            file.write(text.replace("{url}", place.url))

    return make


def changed(name: str, old: str, new: str) -> Make:
    """A file of the tiny graph with `new` in the place of `old`, which stands in it."""

    def make(place: Place) -> None:
        path = place.folder / name
        text = path.read_text("utf-8")
        assert old in text, f"{name} has no {old!r}"
        path.write_bytes(text.replace(old, new.replace("{url}", place.url), 1).encode("utf-8", "surrogatepass"))

    return make


def all_of(*makes: Make) -> Make:
    """One after the other."""

    def make(place: Place) -> None:
        for one in makes:
            one(place)

    return make
