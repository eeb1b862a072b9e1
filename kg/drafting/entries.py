"""The entries of the sourced gazetteer: countries, capitals and international organisations, with their names.

They stand in `kg/background/gazetteer.tsv` of the shipped graph, each line an entry, and serve every graph folder. They
are no facts of a graph: whoever writes down facts on Uganda states what it is, as with any other thing.
"""

import os
from dataclasses import dataclass
from functools import cache

from kg.rdf.namespaces import ENT, ID
from kg.source import layout

FILE = "gazetteer.tsv"
_FIELDS = 8
_PLURAL = ("ch", "ese", "men", "s", "sh")  # words that end so have no plural in s


@dataclass(frozen=True)
class Entry:
    """What the gazetteer says of a thing; IRIs and texts are empty where it says nothing.

    `kind` is the IRI of a class; `people` are adjectives and what its people are called, in singular and plural; `code`
    is that of ISO 3166-1, of three letters. A `capital_of` is a state's only capital, and contested by nobody.
    """

    iri: str
    kind: str
    name: str
    other_names: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    located_in: str = ""
    capital_of: str = ""
    code: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """All names, the usual one first."""
        return self.name, *self.other_names


@cache
def entries() -> tuple[Entry, ...]:
    """All entries, in the order of the file. Raises OSError where it cannot be read."""
    path = os.path.join(layout.shipped().background, FILE)
    with open(path, encoding="utf-8", newline="\n") as file:
        return tuple(_entry(line.rstrip("\n")) for line in file if not line.startswith("#"))


def _entry(line: str) -> Entry:
    cells = line.split("\t")
    kind, name, label, other, people, within, capital_of, code = (*cells, *[""] * (_FIELDS - len(cells)))
    words = [word for word in people.split("|") if word]
    words += [f"{word}s" for word in words if not word.endswith(_PLURAL)]
    others = tuple(filter(None, other.split("|")))
    located_in, state = (f"{ID}{place}" if place else "" for place in (within, capital_of))
    return Entry(f"{ID}{name}", f"{ENT}{kind}", label, others, tuple(words), located_in, state, code)
