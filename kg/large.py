"""A large build: the dataset in a store on disk, beside all that is needed to bring it up to date after an edit.

It lies in the user's cache folder alone, where nobody else can write, in a folder that is named after its fingerprint
and appears whole, by one rename. After an edit the newest build is cloned (its large files are never changed, so links
will do), and what changed is done to the clone: the quads of each article that is new, gone or different, and what
follows from them (`kg.revising`). What cannot be followed in this way is built anew.
"""

import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from pyoxigraph import DefaultGraph, NamedNode, Quad, RdfFormat, Store, parse

from kg import build, evidence, revising, sources
from kg.build import Build
from kg.chaining import Chainer
from kg.dates import BOUNDS
from kg.evidence import Evidence
from kg.following import PARTS, REST, STORE, Follower, Index, content, own_counts, part, part_file, text, write
from kg.paths import Rooms
from kg.vocabulary import ENT, INFERRED_GRAPH, ONTOLOGY_GRAPH

_KEPT = 2  # builds
_MOST_CHANGED = 0.2  # of the articles; beyond, building anew is as fast
_INDEX = "index.json"


class Prints(NamedTuple):
    """Fingerprints of a graph folder: of each article, of the questions, and of everything else."""

    articles: dict[str, str]
    questions: str
    rest: str


class Large:
    """A build on disk that is ready to be asked."""

    def __init__(self, folder: str) -> None:
        self.folder = folder
        self.index: Index = _read(folder)

    def store(self) -> Store:
        """The compiled dataset; nobody can write to it."""
        return Store.read_only(os.path.join(self.folder, STORE))

    def quads(self) -> list[Quad]:
        """The compiled dataset, sorted, with the lexical forms of the sources, which a store does not keep."""
        names = sorted(os.listdir(os.path.join(self.folder, PARTS)))
        files = [os.path.join(self.folder, REST), *(os.path.join(self.folder, PARTS, name) for name in names)]
        lines = {line for path in files for line in content(path).split("\n") if line}
        words = f" <{ONTOLOGY_GRAPH}> ."
        lines.update(filter(None, map(_fact, [line for line in lines if not line.endswith(words)])))
        store, days = self.store(), [NamedNode(ENT + day) for days in BOUNDS.values() for day in days]
        computed = [q for day in days for q in store.quads_for_pattern(None, day, None, DefaultGraph())]
        inferred = list(store.quads_for_pattern(None, None, None, NamedNode(INFERRED_GRAPH)))
        lines.update(text([*computed, *inferred, *(Quad(*q.triple) for q in inferred)]).split("\n"))
        return list(parse("\n".join(sorted(lines)), format=RdfFormat.N_QUADS))


def _fact(line: str) -> str:
    """The line of a named graph as one of the default graph; nothing for one that is there already."""
    triple, graph, _ = line.rsplit(" ", 2)
    named = graph.startswith("<") and '"' not in graph and triple.count(" ") > 1
    return f"{triple} ." if named else ""


def find(home: str, key: str) -> Large | None:
    """The build with that key, if there is one."""
    return Large(folder) if os.path.exists(os.path.join(folder := os.path.join(home, key), _INDEX)) else None


def keep(home: str, key: str, prints: Prints, made: Build, index: Index) -> Large | None:
    """Put a build on disk; None where that cannot be done."""
    try:
        temporary = _temporary(home)
    except OSError:
        return None
    try:
        os.mkdir(os.path.join(temporary, PARTS))
        articles = {e.article.name: [prints.articles[e.article.name], own_counts(e)] for e in made.evidence}
        for e in made.evidence:
            write(part_file(temporary, e.article.name), "\n".join(sorted(part(e))))
        write(os.path.join(temporary, REST), text(_rest(made)))
        store = Store(os.path.join(temporary, STORE))
        store.bulk_extend(made.each_quad())
        store.flush()
        chainer = made.closure.derivations.chainer if made.closure.derivations else None
        follows = chainer is not None and chainer.simple and not _grown(chainer, made)
        if chainer is not None and follows:
            revising.save(chainer, temporary)
        kept = {**index, "articles": articles, "rest": prints.rest, "questions": prints.questions, "follows": follows}
        write(os.path.join(temporary, _INDEX), json.dumps(kept))
    except OSError:
        shutil.rmtree(temporary, ignore_errors=True)
        return None
    del store
    return _settled(home, key, temporary)


def _grown(chainer: Chainer, made: Build) -> bool:
    """Whether facts have made axioms, so that the ontology alone does not give all rules."""
    return len(chainer.rules) != len(Chainer(text(made.ontology)).rules)


def follow(home: str, key: str, prints: Prints, rooms: Rooms, questions: Callable[[], list[Any]]) -> Large | None:
    """The newest build brought up to date; None where none can be."""
    old = _newest(home, prints)
    if old is None:
        return None
    before = {name: told[0] for name, told in old.index["articles"].items()}
    changed = sorted(n for n in {*before, *prints.articles} if before.get(n) != prints.articles.get(n))
    if len(changed) > max(20, _MOST_CHANGED * len(before)):
        return None
    read = [_article(rooms, name) for name in changed if name in prints.articles]
    if any(e is None for e in read):
        return None  # a whole build tells what is wrong
    now = {e.article.name: e for e in read if e is not None}
    try:
        temporary = _temporary(home)
        _clone(old.folder, temporary)
        index = Follower(temporary, old.index).apply({name: now.get(name) for name in changed}, prints.articles)
        if index["questions"] != prints.questions:
            index.update(questions=prints.questions, queries=questions())
        write(os.path.join(temporary, _INDEX), json.dumps(index))
    except (OSError, revising.UnstableError):
        shutil.rmtree(temporary, ignore_errors=True)
        return None
    return _settled(home, key, temporary)


def _article(rooms: Rooms, name: str) -> Evidence | None:
    """An article read, or None where its evidence is broken."""
    found = sources.Sources(rooms)
    article = sources.article(os.path.join(rooms.articles, name), found)
    if article is None or found.findings:
        return None
    read = evidence.read(article)
    broken = any(f.severity == "violation" and f.rule not in build.UNFINISHED for f in read.findings)
    return None if broken else read


def _rest(made: Build) -> Iterator[Quad]:
    """What no article brings and no computation: words, and what is known from elsewhere."""
    yield from build.in_graph(ONTOLOGY_GRAPH, made.ontology)
    yield from made.background


def _newest(home: str, prints: Prints) -> Large | None:
    """The newest build that differs in articles and questions alone, and can be followed."""
    try:
        entries = sorted(os.scandir(home), key=lambda e: e.stat().st_mtime_ns, reverse=True)
    except OSError:
        return None
    for entry in entries:
        try:
            found = Large(entry.path)
        except (OSError, ValueError):
            continue
        if found.index["rest"] == prints.rest and found.index["follows"]:
            return found
    return None


def _clone(source: str, target: str) -> None:
    """Copy a build: files that are never written again as links, where the disk has links."""
    for folder, _, names in os.walk(source):
        place = os.path.join(target, os.path.relpath(folder, source))
        os.makedirs(place, exist_ok=True)
        for name in names:
            one, other = os.path.join(folder, name), os.path.join(place, name)
            if name.startswith(("LOCK", "LOG")) or name == _INDEX:
                continue
            if not name.endswith((".sst", ".nq")):
                shutil.copyfile(one, other)
                continue
            try:
                os.link(one, other)
            except OSError:
                shutil.copyfile(one, other)


def _temporary(home: str) -> str:
    os.makedirs(home, exist_ok=True)
    return tempfile.mkdtemp(prefix="building-", dir=home)


def _settled(home: str, key: str, temporary: str) -> Large | None:
    """Move a finished build to its place, unless somebody else was there first; forget the oldest ones."""
    target = os.path.join(home, key)
    try:
        os.rename(temporary, target)
    except OSError:
        shutil.rmtree(temporary, ignore_errors=True)
    _prune(home, key)
    return find(home, key)


def _prune(home: str, key: str) -> None:
    try:
        entries = sorted((e for e in os.scandir(home) if e.name != key), key=lambda e: e.stat().st_mtime_ns)
    except OSError:
        return
    for entry in entries[: max(0, len(entries) - _KEPT + 1)]:
        shutil.rmtree(entry.path, ignore_errors=True)


def _read(folder: str) -> Index:
    with open(os.path.join(folder, _INDEX), encoding="utf-8") as file:
        index: Index = json.load(file)
    return index
