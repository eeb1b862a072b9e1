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
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from pyoxigraph import Quad, RdfFormat, Store

from kg import build, evidence, revising, sources
from kg.build import Build
from kg.chaining import Chainer
from kg.evidence import Evidence
from kg.following import Follower, own_counts, part, part_file, write
from kg.ondisk import BUILDING, INDEX, PARTS, REST, STORE, Index, Large, Prints, facts, find, remove
from kg.paths import Rooms
from kg.terms import n_quads
from kg.vocabulary import INFERRED_GRAPH, ONTOLOGY_GRAPH

_KEPT = 2  # builds
_ABANDONED = 3600.0  # seconds
_MOST_CHANGED = 0.2  # of the articles; beyond, building anew is as fast


def keep(home: str, prints: Prints, made: Build, index: Index) -> Large | None:
    """Put a build on disk; None where that cannot be done."""
    try:
        temporary = _temporary(home)
    except OSError:
        return None
    try:
        os.mkdir(os.path.join(temporary, PARTS))
        articles = {e.article.name: [prints.articles[e.article.name], own_counts(e)] for e in made.evidence}
        _fill(temporary, made)
        chainer = made.closure.derivations.chainer if made.closure.derivations else None
        follows = chainer is not None and chainer.simple and not _grown(chainer, made)
        if chainer is not None and follows:
            revising.save(chainer, temporary)
        kept = {**index, "articles": articles, "rest": prints.rest, "questions": prints.questions, "follows": follows}
        write(os.path.join(temporary, INDEX), json.dumps(kept))
    except OSError:
        shutil.rmtree(temporary, ignore_errors=True)
        return None
    return _settled(home, prints.key, temporary)


def _fill(folder: str, made: Build) -> None:
    """Write the lines of a build, and load them into its store."""
    path = os.path.join(folder, "all.nq")
    with open(path, "w", encoding="utf-8", newline="\n") as file:
        for e in made.evidence:
            lines = sorted(part(e))
            write(part_file(folder, e.article.name), "\n".join(lines))
            file.write("\n".join([*lines, *facts(lines), ""]))
        rest = n_quads(_rest(made))
        write(os.path.join(folder, REST), rest)
        file.write("\n".join([rest, *facts(line for line in rest.split("\n") if line), ""]))
        file.write(
            n_quads(made.bounds)
            + n_quads(made.inferred)
            + n_quads(build.in_graph(INFERRED_GRAPH, made.inferred))
            + n_quads(made.computed())
        )
    store = Store(os.path.join(folder, STORE))
    store.bulk_load(path=path, format=RdfFormat.N_QUADS)
    store.optimize()  # a tenth of the time of a build, and questions take a quarter less
    store.flush()
    os.remove(path)


def _grown(chainer: Chainer, made: Build) -> bool:
    """Whether facts have made axioms, so that the ontology alone does not give all rules."""
    return len(chainer.rules) != len(Chainer(made.ontology).rules)


def follow(home: str, prints: Prints, rooms: Rooms, questions: Callable[[], list[Any]]) -> Large | None:
    """The newest build brought up to date; None where none can be, or where evidence is broken."""
    step = _step(home, prints, rooms)
    if step is None:
        return None
    if not step.sound:
        shutil.rmtree(step.folder, ignore_errors=True)
        return None
    index = step.index
    try:
        if index["questions"] != prints.questions:
            index.update(questions=prints.questions, queries=questions())
        write(os.path.join(step.folder, INDEX), json.dumps(index))
    except OSError:
        shutil.rmtree(step.folder, ignore_errors=True)
        return None
    return _settled(home, prints.key, step.folder)


def draft(home: str, prints: Prints, rooms: Rooms) -> Large | None:
    """The same for those who judge, broken evidence and all: nobody else finds it, and `forget` ends it."""
    if found := find(home, prints.key):
        return found
    if (step := _step(home, prints, rooms)) is None:
        return None
    write(os.path.join(step.folder, INDEX), json.dumps(step.index))
    return Large(step.folder)


def forget(found: Large) -> None:
    """Remove a draft; any other build stays."""
    if os.path.basename(found.folder).startswith(BUILDING):
        remove(found.folder)


@dataclass(frozen=True)
class _Step:
    """A build that was brought up to date, in a folder of its own, and whether its evidence is sound."""

    folder: str
    index: Index
    sound: bool


def _step(home: str, prints: Prints, rooms: Rooms) -> _Step | None:
    old = _newest(home, prints)
    if old is None:
        return None
    before = {name: told[0] for name, told in old.index["articles"].items()}
    changed = sorted(n for n in {*before, *prints.articles} if before.get(n) != prints.articles.get(n))
    if len(changed) > max(20, _MOST_CHANGED * len(before)):
        return None
    read = {name: article(rooms, name) for name in changed if name in prints.articles}
    sound = all(e is not None and not build.broken(e.findings) for e in read.values())
    temporary = ""
    try:
        temporary = _temporary(home)
        _clone(old.folder, temporary)
        index = Follower(temporary, old.index).apply({name: read.get(name) for name in changed}, prints.articles)
    except (OSError, revising.UnstableError):
        shutil.rmtree(temporary, ignore_errors=True)
        return None
    return _Step(temporary, index, sound)


def article(rooms: Rooms, name: str) -> Evidence | None:
    """An article read, or None where its files cannot be."""
    found = sources.Sources(rooms)
    there = sources.article(os.path.join(rooms.articles, name), found)
    return None if there is None else evidence.read(there)


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
        if found.index["rest"] == prints.rest and found.index["follows"] and not entry.name.startswith(BUILDING):
            return found
    return None


def _clone(source: str, target: str) -> None:
    """Copy a build: files that are never written again as links, where the disk has links."""
    for folder, _, names in os.walk(source):
        place = os.path.join(target, os.path.relpath(folder, source))
        os.makedirs(place, exist_ok=True)
        for name in names:
            one, other = os.path.join(folder, name), os.path.join(place, name)
            if name.startswith(("LOCK", "LOG")) or name == INDEX:
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
    return tempfile.mkdtemp(prefix=BUILDING, dir=home)


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
    """Forget the oldest builds, and what killed ones left an hour ago and more."""
    now = time.time()
    try:
        others = [(e.stat().st_mtime, e) for e in os.scandir(home) if e.is_dir() and e.name != key]
    except OSError:
        return
    done = sorted((t, e.path) for t, e in others if not e.name.startswith(BUILDING))
    left = [e.path for t, e in others if e.name.startswith(BUILDING) and t < now - _ABANDONED]
    for path in [*left, *(path for _, path in done[: max(0, len(done) - _KEPT + 1)])]:
        remove(path)
