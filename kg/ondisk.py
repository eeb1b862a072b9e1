"""A large build on disk, ready to be asked: a store, and beside it the lines of each article as they were written."""

import json
import os
from collections.abc import Iterable
from typing import Any, NamedTuple

from pyoxigraph import DefaultGraph, NamedNode, Quad, RdfFormat, Store, parse

from kg.errors import InputError
from kg.vocabulary import INFERRED_GRAPH, ONTOLOGY_GRAPH

try:  # `hashlib` loads OpenSSL as well, which takes a quick command 5 ms of 100
    from _blake2 import blake2b as blake2b
except ImportError:  # another Python than CPython
    from hashlib import blake2b as blake2b

Index = dict[str, Any]
BUILDING = "building-"  # with this a folder's name starts until the build is whole
INDEX, STORE, PARTS, REST = "index.json", "store", "parts", "rest.nq"
_WORDS = f"<{ONTOLOGY_GRAPH}>"


def digest(*parts: bytes) -> str:
    """32 hexadecimal digits for some bytes (BLAKE2b, RFC 7693); where they are cut into parts makes no difference."""
    made = blake2b(digest_size=16)
    for data in parts:
        made.update(data)
    return made.hexdigest()


class Prints(NamedTuple):
    """Fingerprints of a graph folder: of each article, of the questions, and of everything else."""

    articles: dict[str, str]
    questions: str
    rest: str

    @property
    def key(self) -> str:
        """The fingerprint of all of it."""
        return digest(json.dumps([sorted(self.articles.items()), self.questions, self.rest]).encode())


class Large:
    """A build on disk that is ready to be asked."""

    def __init__(self, folder: str) -> None:
        self.folder = folder
        self.index: Index = _read(folder)

    def store(self) -> Store:
        """The compiled dataset; nobody can write to it. Raises InputError where it is damaged, and removes it."""
        try:
            return Store.read_only(os.path.join(self.folder, STORE))
        except (OSError, RuntimeError) as error:
            remove(self.folder)
            hint = "ask again: it is made anew"
            raise InputError("the build of this graph is damaged; it has been removed", hint=hint) from error

    def quads(self) -> list[Quad]:
        """The compiled dataset, sorted, with the lexical forms of the sources, which a store does not keep."""
        from kg.computed import PREDICATES
        from kg.terms import n_quads

        parts = sorted(os.listdir(os.path.join(self.folder, PARTS)))
        files = [os.path.join(self.folder, REST), *(os.path.join(self.folder, PARTS, name) for name in parts)]
        lines = {line for path in files for line in content(path).split("\n") if line}
        lines.update(facts(lines))
        store, names = self.store(), [NamedNode(iri) for iri in PREDICATES]
        computed = [q for p in names for q in store.quads_for_pattern(None, p, None, DefaultGraph())]
        inferred = list(store.quads_for_pattern(None, None, None, NamedNode(INFERRED_GRAPH)))
        lines.update(n_quads([*computed, *inferred, *(Quad(*q.triple) for q in inferred)]).split("\n"))
        return list(parse("\n".join(sorted(lines)), format=RdfFormat.N_QUADS))


def facts(lines: Iterable[str]) -> list[str]:
    """What the lines of named graphs say, but for that of words, as lines of the default graph."""
    return [fact for line in lines if (fact := _fact(line))]


def _fact(line: str) -> str:
    triple, graph, _ = line.rsplit(" ", 2)
    named = graph.startswith("<") and '"' not in graph and triple.count(" ") > 1
    return f"{triple} ." if named and graph != _WORDS else ""


def remove(folder: str) -> None:
    """Remove a build. Its name goes first: nobody shall take what is left of it for a whole one."""
    import shutil

    home, name = os.path.split(folder)
    gone = folder if name.startswith(BUILDING) else os.path.join(home, BUILDING + name)
    try:
        os.rename(folder, gone)
    except OSError:  # it is gone, or somebody else removes it as well
        shutil.rmtree(folder, ignore_errors=True)
    shutil.rmtree(gone, ignore_errors=True)


def find(home: str, key: str) -> Large | None:
    """The build with that key, if there is one."""
    return Large(folder) if os.path.exists(os.path.join(folder := os.path.join(home, key), INDEX)) else None


def _read(folder: str) -> Index:
    with open(os.path.join(folder, INDEX), encoding="utf-8") as file:
        index: Index = json.load(file)
    return index


def content(path: str) -> str:
    """A text file, as it is."""
    with open(path, encoding="utf-8", newline="\n") as file:
        return file.read()
