"""Bringing a large build up to date: what changed in articles is done to its store, and what follows from that.

A part is what one article brings to the dataset by itself, kept as lines of N-Quads, so that after an edit the two
states can be told apart. What follows is revised (`kg.revising`), never computed anew.
"""

import os
from collections.abc import Iterable
from typing import Any

from pyoxigraph import DefaultGraph, NamedNode, Quad, RdfFormat, Store, Triple, parse

from kg import build, computed, reasoning, revising
from kg.dates import BOUNDS
from kg.derivations import numbered, triple
from kg.evidence import Evidence
from kg.ondisk import PARTS, REST, STORE, Index, content
from kg.paths import Rooms
from kg.sources import Sources
from kg.terms import n_quads, text
from kg.vocabulary import ARTICLE, ENT, INFERRED_GRAPH, ONTOLOGY_GRAPH, RDF_TYPE

_TYPE = NamedNode(RDF_TYPE)
_DATES = [NamedNode(ENT + name) for name in BOUNDS]


class Follower:
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
        return {
            t for s in things for names in BOUNDS.values() for n in names for t in self._values(s, NamedNode(ENT + n))
        }

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
        chainer = revising.restore(self._folder, self._ontology)
        for term in (term for t in gained for term in t):
            chainer.facts.id(text(term))
        removed, added = ([n for n in numbered(ts, chainer.facts) if n] for ts in (lost, gained))
        changes = revising.revise(chainer, removed, added)
        worth = reasoning.worth(self._ontology, chainer.facts)
        grown, retyped = 0, {t.subject for t in (*lost, *gained) if t.predicate == _TYPE}
        for told, inferred in changes.items():
            if worth(told):
                changed = triple(told, chainer.facts)
                self._infer(changed, inferred, told_elsewhere=chainer.facts.holds(told))
                retyped |= {changed.subject} if changed.predicate == _TYPE else set()
                grown += 1 if inferred else -1
        revising.save(chainer, self._folder)
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
    empty = build.Build(Sources(Rooms("")), [e], [], [], [], [], [])
    return {name: n for name, n in empty.counts().items() if name not in ("facts", "background", "inferred")}


def part(e: Evidence) -> set[str]:
    """What one article brings to the dataset by itself, as lines of N-Quads: its passages, itself, its claims."""
    quads = [q for p in e.asserted for q in build.in_graph(p.iri, p.triples)]
    own = [*build.described(e), *(t for p in e.reported for t in build.claims(p))]
    return set(_lines([*quads, *(Quad(t.subject, t.predicate, t.object) for t in own)]))
