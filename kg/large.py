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
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

from pyoxigraph import DefaultGraph, NamedNode, Quad, RdfFormat, Store, Triple, parse, serialize

from kg import build, evidence, reasoning, revising, sources
from kg.build import Build
from kg.chaining import Chainer
from kg.dates import BOUNDS
from kg.derivations import numbered
from kg.evidence import Evidence
from kg.paths import Rooms
from kg.vocabulary import ARTICLE, ENT, INFERRED_GRAPH, ONTOLOGY_GRAPH

_KEPT = 2  # builds
_MOST_CHANGED = 0.2  # of the articles; beyond, building anew is as fast
_INDEX, _STORE, _PARTS, _REST = "index.json", "store", "parts", "rest.nq"
_IN_PLACE = (".log", ".dbtmp", "CURRENT", "IDENTITY", "LOCK", "LOG")  # files that RocksDB writes again

Index = dict[str, Any]


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
        return Store.read_only(os.path.join(self.folder, _STORE))

    def quads(self) -> list[Quad]:
        """The compiled dataset, sorted, with the lexical forms of the sources, which a store does not keep."""
        names = sorted(os.listdir(os.path.join(self.folder, _PARTS)))
        files = [os.path.join(self.folder, _PARTS, name) for name in names]
        quads = {q for path in [os.path.join(self.folder, _REST), *files] for q in _parsed(path)}
        facts = {q for q in quads if isinstance(q.graph_name, NamedNode) and q.graph_name.value != ONTOLOGY_GRAPH}
        quads.update(Quad(q.subject, q.predicate, q.object) for q in facts)
        store, days = self.store(), [NamedNode(ENT + day) for days in BOUNDS.values() for day in days]
        for day in days:
            quads.update(store.quads_for_pattern(None, day, None, DefaultGraph()))
        for q in store.quads_for_pattern(None, None, None, NamedNode(INFERRED_GRAPH)):
            quads |= {q, Quad(q.subject, q.predicate, q.object)}
        return sorted(quads, key=str)


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
        os.mkdir(os.path.join(temporary, _PARTS))
        articles = {e.article.name: [prints.articles[e.article.name], own_counts(e)] for e in made.evidence}
        for e in made.evidence:
            _write(_part(temporary, e.article.name), "\n".join(sorted(part(e))))
        _write(os.path.join(temporary, _REST), _text(_rest(made)))
        store = Store(os.path.join(temporary, _STORE))
        store.bulk_extend(made.each_quad())
        store.flush()
        chainer = made.closure.derivations.chainer if made.closure.derivations else None
        follows = chainer is not None and chainer.simple and not _grown(chainer, made)
        if chainer is not None and follows:
            revising.save(chainer, temporary)
        kept = {**index, "articles": articles, "rest": prints.rest, "questions": prints.questions, "follows": follows}
        _write(os.path.join(temporary, _INDEX), json.dumps(kept))
    except OSError:
        shutil.rmtree(temporary, ignore_errors=True)
        return None
    del store
    return _settled(home, key, temporary)


def _grown(chainer: Chainer, made: Build) -> bool:
    """Whether facts have made axioms, so that the ontology alone does not give all rules."""
    return len(chainer.rules) != len(Chainer(_text(made.ontology)).rules)


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
        index = _Follower(temporary, old.index).apply({name: now.get(name) for name in changed}, prints)
        if index["questions"] != prints.questions:
            index.update(questions=prints.questions, queries=questions())
        _write(os.path.join(temporary, _INDEX), json.dumps(index))
    except (OSError, revising.Unstable):
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


def part(e: Evidence) -> set[str]:
    """What one article brings to the dataset by itself, as lines of N-Quads: its passages, itself, its claims."""
    quads = [q for p in e.asserted for q in build.in_graph(p.iri, p.triples)]
    own = [*build.described(e), *(t for p in e.reported for t in build.claims(p))]
    return set(_lines([*quads, *(Quad(t.subject, t.predicate, t.object) for t in own)]))


def own_counts(e: Evidence) -> dict[str, int]:
    """The numbers of one article that add up to those of the graph."""
    empty = build.Build(sources.Sources(Rooms("")), [e], [], [], [], [], [])
    return {name: n for name, n in empty.counts().items() if name not in ("facts", "background", "inferred")}


class _Follower:
    """A clone of a build on its way to be up to date."""

    def __init__(self, folder: str, index: Index) -> None:
        self._folder, self._index = folder, index
        self._store = Store(os.path.join(folder, _STORE))
        graph = NamedNode(ONTOLOGY_GRAPH)
        self._ontology = [q.triple for q in _parsed(os.path.join(folder, _REST)) if q.graph_name == graph]

    def apply(self, changed: dict[str, Evidence | None], prints: Prints) -> Index:
        """Do to the clone what changed, and give its index."""
        articles, counts = dict(self._index["articles"]), dict(self._index["counts"])
        removed: set[str] = set()
        added: set[str] = set()
        for name, read in changed.items():
            before, now = self._replace(name, read)
            removed |= before - now
            added |= now - before
            gone = articles.pop(name, [None, {}])[1]
            new = own_counts(read) if read else {}
            counts.update({n: counts[n] - gone.get(n, 0) + new.get(n, 0) for n in {*gone, *new}})
            if read:
                articles[name] = [prints.articles[name], new]
        facts, lost, gained = self._facts(_quads(removed - added), _quads(added - removed))
        counts["facts"] += facts
        counts["inferred"] += self._closure(lost, gained)
        self._store.flush()
        del self._store
        return {**self._index, "articles": articles, "counts": counts}

    def _replace(self, name: str, read: Evidence | None) -> tuple[set[str], set[str]]:
        """The lines of an article before and now; those of now stand in its file."""
        path = _part(self._folder, name)
        before = set(_content(path).split("\n")) - {""} if os.path.exists(path) else set()
        now = part(read) if read else set()
        if os.path.exists(path):
            os.remove(path)  # the old build has a link to the same file
        if read:
            _write(path, "\n".join(sorted(now)))
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
        grown = sum(ARTICLE in now[t] for t in facts) - sum(ARTICLE in before[t] for t in facts)
        self._default(lost, gained)
        new_days = set(build.bounds(t for s in dated for d in _DATES for t in self._values(s, d)))
        lost_days, gained_days = days - new_days, new_days - days
        self._default(lost_days, gained_days)
        return grown, lost | lost_days, gained | gained_days

    def _stated(self, t: Triple) -> frozenset[str]:
        """By what a triple is stated: articles, or what is known from elsewhere."""
        quads = self._store.quads_for_pattern(t.subject, t.predicate, t.object, None)
        graphs = {q.graph_name.value for q in quads if isinstance(q.graph_name, NamedNode)}
        graphs -= {INFERRED_GRAPH, ONTOLOGY_GRAPH}
        return frozenset(ARTICLE if g.startswith(ARTICLE) else "" for g in graphs)

    def _days(self, things: Iterable[Any]) -> set[Triple]:
        """The computed days of things."""
        return {t for s in things for names in BOUNDS.values() for n in names for t in self._values(s, NamedNode(ENT + n))}

    def _values(self, subject: Any, predicate: NamedNode) -> list[Triple]:
        return [q.triple for q in self._store.quads_for_pattern(subject, predicate, None, DefaultGraph())]

    def _default(self, lost: Iterable[Triple], gained: Iterable[Triple]) -> None:
        for t in lost:
            self._store.remove(Quad(t.subject, t.predicate, t.object))
        self._store.extend(Quad(t.subject, t.predicate, t.object) for t in gained)

    def _closure(self, lost: set[Triple], gained: set[Triple]) -> int:
        """Bring what follows up to date; give by how much it grew."""
        chainer = revising.restore(self._folder, _text(self._ontology))
        for line in _text(gained).split("\n"):
            for term in line.removesuffix(" .").split(" ", 2) if line else ():
                chainer.facts.id(term)
        removed, added = ([n for n in numbered(ts, chainer.facts) if n] for ts in (lost, gained))
        changes = revising.revise(chainer, removed, added)
        worth, texts = reasoning.worth(self._ontology, chainer.facts), chainer.facts.texts
        grown = 0
        for told, inferred in changes.items():
            if worth(told):
                (quad,) = parse(" ".join([*(texts[x] for x in told), "."]), format=RdfFormat.N_QUADS)
                self._infer(quad.triple, inferred, told_elsewhere=chainer.facts.holds(told))
                grown += 1 if inferred else -1
        revising.save(chainer, self._folder)
        return grown

    def _infer(self, t: Triple, inferred: bool, *, told_elsewhere: bool) -> None:
        named, plain = (Quad(t.subject, t.predicate, t.object, g) for g in (NamedNode(INFERRED_GRAPH), DefaultGraph()))
        if inferred:
            self._store.extend([named, plain])
        else:
            self._store.remove(named)
            if not told_elsewhere:
                self._store.remove(plain)


_DATES = [NamedNode(ENT + name) for name in BOUNDS]


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
            if name.startswith(("LOCK", "LOG")) or folder == source and name != _REST and not name.endswith((".txt", ".bin")):
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


def _part(folder: str, name: str) -> str:
    return os.path.join(folder, _PARTS, f"{name}.nq")


def _content(path: str) -> str:
    with open(path, encoding="utf-8", newline="\n") as file:
        return file.read()


def _write(path: str, text: str) -> None:
    with open(path, "w", encoding="utf-8", newline="\n") as file:
        file.write(text)


def _parsed(path: str) -> list[Quad]:
    return list(parse(_content(path), format=RdfFormat.N_QUADS))


def _quads(lines: Iterable[str]) -> list[Quad]:
    return list(parse("\n".join(sorted(lines)), format=RdfFormat.N_QUADS))


def _lines(quads: Iterable[Quad]) -> list[str]:
    return [line for line in _text(quads).split("\n") if line]


def _text(statements: "Iterable[Quad | Triple]") -> str:
    return (serialize(statements, format=RdfFormat.N_QUADS) or b"").decode("utf-8")
