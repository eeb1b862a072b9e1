"""A large build: the dataset in a store on disk, beside all that is needed to bring it up to date after an edit.

It lies in the user's cache folder alone, where nobody else can write, in a folder that is named after its fingerprint
and appears whole, by one rename. After an edit the newest build is cloned (its large files are never changed, so links
will do), and what changed is done to the clone: the quads of each article that is new, gone or different, and what
follows from them (`kg.reasoning.incremental`). What cannot be followed in this way is built anew.
"""

import json
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from pyoxigraph import DefaultGraph, NamedNode, Quad, RdfFormat, Store, Triple, parse

from kg.dataset import build, computed
from kg.dataset.build import Build
from kg.dataset.cache import (
    BUILDING,
    INDEX,
    PARTS,
    REST,
    STORE,
    Fingerprints,
    Index,
    LargeBuild,
    content,
    disk_facts,
    find_large,
    remove,
)
from kg.rdf.namespaces import ARTICLE, ENT, INFERRED_GRAPH, ONTOLOGY_GRAPH, RDF_TYPE
from kg.rdf.terms import n_quads, text
from kg.reasoning import closure, incremental
from kg.reasoning.forward import ForwardChainer
from kg.source import documents
from kg.source.article import Evidence, read_article
from kg.source.documents import Sources
from kg.source.layout import GraphFolder

# Bringing a large build up to date: what changed in articles is done to its store, and what follows from that.
#
# A part is what one article brings to the dataset by itself, kept as lines of N-Quads, so that after an edit the two
# states can be told apart. What follows is revised (`kg.reasoning.incremental`), never computed anew.

_TYPE = NamedNode(RDF_TYPE)
_DATES = [NamedNode(ENT + name) for name in computed.BOUNDS]


class BuildUpdate:
    """A clone of a build on its way to be up to date."""

    def __init__(self, folder: str, index: Index) -> None:
        self._folder, self._index = folder, index
        try:
            self._store = Store(os.path.join(folder, STORE))
        except RuntimeError as error:  # RocksDB calls it corruption
            raise OSError("the store is damaged") from error
        graph = NamedNode(ONTOLOGY_GRAPH)
        self._ontology = [q.triple for q in parsed(os.path.join(folder, REST)) if q.graph_name == graph]

    def apply(self, changed: dict[str, Evidence | None], prints: dict[str, str]) -> Index:
        """Do to the clone what changed, and give its index."""
        articles, counts = dict(self._index["articles"]), dict(self._index["counts"])
        removed: set[str] = set()
        added: set[str] = set()
        statuses: set[str] = set()
        for name, read in changed.items():
            before, now = self._replace(name, read)
            removed |= before - now
            added |= now - before
            statuses |= {line for line in before | now if any(verb in line for verb in computed.STATUS)}
            gone = articles.pop(name, [None, {}])[1]
            new = own_counts(read) if read else {}
            counts.update({n: counts[n] - gone.get(n, 0) + new.get(n, 0) for n in {*gone, *new}})
            if read:
                articles[name] = [prints[name], new]
        facts, lost, gained = self._facts(_quads(removed - added), _quads(added - removed))
        counts["facts"] += facts
        grown, retyped = self._closure(lost, gained)
        counts["inferred"] += grown
        retyped |= {q.subject for q in _quads(removed ^ added) if q.predicate == _TYPE}
        self._compute(retyped | {q.subject for q in _quads(statuses)})
        self._store.flush()
        del self._store
        return {**self._index, "articles": articles, "counts": counts}

    def _replace(self, name: str, read: Evidence | None) -> tuple[set[str], set[str]]:
        """The lines of an article before and now; those of now stand in its file."""
        path = part_file(self._folder, name)
        before = set(content(path).split("\n")) - {""} if os.path.exists(path) else set()
        now = part(read) if read else set()
        if os.path.exists(path):
            os.remove(path)  # the old build has a link to the same file
        if read:
            write(path, "\n".join(sorted(now)))
        return before, now

    def _facts(self, removed: list[Quad], added: list[Quad]) -> tuple[int, set[Triple], set[Triple]]:
        """Change the quads of articles; give by how much the facts grew, and which facts were lost and gained."""
        facts = {q.triple: None for q in [*removed, *added] if isinstance(q.graph_name, NamedNode)}
        before = {t: self._stated(t) for t in facts}
        dated = {t.subject for t in facts if t.predicate in _DATES}
        days = self._days(dated)
        for q in removed:
            self._store.remove(q)
        self._store.extend(added)
        now = {t: self._stated(t) for t in facts}
        lost = {t for t in facts if before[t] and not now[t]}
        gained = {t for t in facts if now[t] and not before[t]}
        grown = sum((now[t] == ARTICLE) - (before[t] == ARTICLE) for t in facts)
        self._default(lost, gained)
        new_days = set(build.bounds(t for s in dated for d in _DATES for t in self._values(s, d)))
        lost_days, gained_days = days - new_days, new_days - days
        self._default(lost_days, gained_days)
        return grown, lost | lost_days, gained | gained_days

    def _stated(self, t: Triple) -> str:
        """By what a triple is stated: an article, else what is known from elsewhere, else nothing."""
        quads = self._store.quads_for_pattern(t.subject, t.predicate, t.object, None)
        graphs = (q.graph_name.value for q in quads if isinstance(q.graph_name, NamedNode))
        found = ""
        for graph in graphs:
            if graph.startswith(ARTICLE):
                return ARTICLE  # as a thousand others may: no need to count them
            if graph not in (INFERRED_GRAPH, ONTOLOGY_GRAPH):
                found = graph
        return found

    def _days(self, things: Iterable[Any]) -> set[Triple]:
        """The computed days of things."""
        days = [NamedNode(ENT + name) for names in computed.BOUNDS.values() for name in names]
        return {t for thing in things for day in days for t in self._values(thing, day)}

    def _values(self, subject: Any, predicate: NamedNode) -> list[Triple]:
        return [q.triple for q in self._store.quads_for_pattern(subject, predicate, None, DefaultGraph())]

    def _default(self, lost: Iterable[Triple], gained: Iterable[Triple]) -> None:
        for t in lost:
            self._store.remove(Quad(t.subject, t.predicate, t.object))
        self._store.extend(Quad(t.subject, t.predicate, t.object) for t in gained)

    def _compute(self, things: set[Any]) -> None:
        """Bring what is computed after the closure up to date for things whose types or statuses may have changed."""
        due = computed.after_closure(self._store, things, computed.broader(self._ontology))
        for kept, wanted in due.values():
            self._default(kept - wanted, wanted - kept)

    def _closure(self, lost: set[Triple], gained: set[Triple]) -> tuple[int, set[Any]]:
        """Bring what follows up to date; give by how much it grew, and the things that are of other classes now."""
        chainer = incremental.restore(self._folder, self._ontology)
        for term in (term for t in gained for term in t):
            chainer.facts.id(text(term))
        removed, added = ([n for n in chainer.facts.encode(ts) if n] for ts in (lost, gained))
        changes = incremental.maintain(chainer, removed, added)
        worth = closure.instance_filter(self._ontology, chainer.facts)
        grown, retyped = 0, {t.subject for t in (*lost, *gained) if t.predicate == _TYPE}
        for told, inferred in changes.items():
            if worth(told):
                changed = chainer.facts.triple(told)
                self._infer(changed, inferred, told_elsewhere=chainer.facts.holds(told))
                retyped |= {changed.subject} if changed.predicate == _TYPE else set()
                grown += 1 if inferred else -1
        incremental.save(chainer, self._folder)
        return grown, retyped

    def _infer(self, t: Triple, inferred: bool, *, told_elsewhere: bool) -> None:
        named, plain = (Quad(t.subject, t.predicate, t.object, g) for g in (NamedNode(INFERRED_GRAPH), DefaultGraph()))
        if inferred:
            self._store.extend([named, plain])
        else:
            self._store.remove(named)
            if not told_elsewhere:
                self._store.remove(plain)


def part_file(folder: str, name: str) -> str:
    """Where a build keeps the lines of an article."""
    return os.path.join(folder, PARTS, f"{name}.nq")


def write(path: str, text: str) -> None:
    """Write a text file, in UTF-8 and with LF."""
    with open(path, "w", encoding="utf-8", newline="\n") as file:
        file.write(text)


def parsed(path: str) -> list[Quad]:
    """The quads of a file of N-Quads."""
    return list(parse(content(path), format=RdfFormat.N_QUADS))


def _quads(lines: Iterable[str]) -> list[Quad]:
    return list(parse("\n".join(sorted(lines)), format=RdfFormat.N_QUADS))


def _lines(quads: Iterable[Quad]) -> list[str]:
    return [line for line in n_quads(quads).split("\n") if line]


def own_counts(e: Evidence) -> dict[str, int]:
    """The numbers of one article that add up to those of the graph."""
    empty = build.Build(Sources(GraphFolder("")), [e], [], [], [], [], [])
    return {name: n for name, n in empty.counts().items() if name not in ("facts", "background", "inferred")}


def part(e: Evidence) -> set[str]:
    """What one article brings to the dataset by itself, as lines of N-Quads: its passages, itself, its claims."""
    quads = [q for p in e.asserted for q in build.in_graph(p.iri, p.triples)]
    own = [*build.describe_article(e), *(t for p in e.reported for t in build.claims(p))]
    return set(_lines([*quads, *(Quad(t.subject, t.predicate, t.object) for t in own)]))


_KEPT = 2  # builds
_ABANDONED = 3600.0  # seconds
_MOST_CHANGED = 0.2  # of the articles; beyond, building anew is as fast


def keep(home: str, prints: Fingerprints, made: Build, index: Index) -> LargeBuild | None:
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
        follows = chainer is not None and chainer.is_maintainable and not _grown(chainer, made)
        if chainer is not None and follows:
            incremental.save(chainer, temporary)
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
            file.write("\n".join([*lines, *disk_facts(lines), ""]))
        rest = n_quads(_rest(made))
        write(os.path.join(folder, REST), rest)
        file.write("\n".join([rest, *disk_facts(line for line in rest.split("\n") if line), ""]))
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


def _grown(chainer: ForwardChainer, made: Build) -> bool:
    """Whether facts have made axioms, so that the ontology alone does not give all rules."""
    return len(chainer.rules) != len(ForwardChainer(made.ontology).rules)


def update(
    home: str, prints: Fingerprints, graph_folder: GraphFolder, questions: Callable[[], list[Any]]
) -> LargeBuild | None:
    """The newest build brought up to date; None where none can be, or where evidence is broken."""
    step = _step(home, prints, graph_folder)
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


def draft(home: str, prints: Fingerprints, graph_folder: GraphFolder) -> LargeBuild | None:
    """The same for those who judge, broken evidence and all: nobody else finds it, and `forget` ends it."""
    if found := find_large(home, prints.key):
        return found
    if (step := _step(home, prints, graph_folder)) is None:
        return None
    write(os.path.join(step.folder, INDEX), json.dumps(step.index))
    return LargeBuild(step.folder)


def forget(found: LargeBuild) -> None:
    """Remove a draft; any other build stays."""
    if os.path.basename(found.folder).startswith(BUILDING):
        remove(found.folder)


@dataclass(frozen=True)
class _Step:
    """A build that was brought up to date, in a folder of its own, and whether its evidence is sound."""

    folder: str
    index: Index
    sound: bool


def _step(home: str, prints: Fingerprints, graph_folder: GraphFolder) -> _Step | None:
    old = _newest(home, prints)
    if old is None:
        return None
    before = {name: told[0] for name, told in old.index["articles"].items()}
    changed = sorted(n for n in {*before, *prints.articles} if before.get(n) != prints.articles.get(n))
    if len(changed) > max(20, _MOST_CHANGED * len(before)):
        return None
    read = {name: article_of(graph_folder, name) for name in changed if name in prints.articles}
    sound = all(e is not None and not build.broken(e.findings) for e in read.values())
    temporary = ""
    try:
        temporary = _temporary(home)
        _clone(old.folder, temporary)
        index = BuildUpdate(temporary, old.index).apply({name: read.get(name) for name in changed}, prints.articles)
    except (OSError, incremental.NotMaintainableError):
        shutil.rmtree(temporary, ignore_errors=True)
        return None
    return _Step(temporary, index, sound)


def article_of(graph_folder: GraphFolder, name: str) -> Evidence | None:
    """An article read, or None where its files cannot be."""
    found = documents.Sources(graph_folder)
    there = documents.article_sources(os.path.join(graph_folder.articles, name), found)
    return None if there is None else read_article(there)


def _rest(made: Build) -> Iterator[Quad]:
    """What no article brings and no computation: words, and what is known from elsewhere."""
    yield from build.in_graph(ONTOLOGY_GRAPH, made.ontology)
    yield from made.background


def _newest(home: str, prints: Fingerprints) -> LargeBuild | None:
    """The newest build that differs in articles and questions alone, and can be followed."""
    try:
        entries = sorted(os.scandir(home), key=lambda e: e.stat().st_mtime_ns, reverse=True)
    except OSError:
        return None
    for entry in entries:
        try:
            found = LargeBuild(entry.path)
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


def _settled(home: str, key: str, temporary: str) -> LargeBuild | None:
    """Move a finished build to its place, unless somebody else was there first; forget the oldest ones."""
    target = os.path.join(home, key)
    try:
        os.rename(temporary, target)
    except OSError:
        shutil.rmtree(temporary, ignore_errors=True)
    _prune(home, key)
    return find_large(home, key)


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
