"""What a change can concern of a large graph: the articles in question, read, and the others as a kept build has them.

The checks ask an excerpt as they ask a whole build. Read are the articles that have changed, and those on which the
change bears in other ways than through shapes: they name a speaker of whom it tells, mention a thing of which nothing
says any more what it is, or tell of a relation that it touches.
"""

import os
from collections.abc import Container, Iterable, Iterator
from contextlib import contextmanager
from functools import cached_property
from typing import TypeGuard

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, Store, Triple

from kg import build, cache, computed, consistency, judging, large, reasoning, revising, sources
from kg.build import Build, Wanted
from kg.clashes import clashes
from kg.evidence import Evidence, Passage
from kg.ondisk import Large
from kg.paths import Rooms
from kg.since import Changes, with_days
from kg.statements import Claimed, Stored
from kg.terms import Term
from kg.vocabulary import ARTICLE, ENT, INFERRED_GRAPH, ONTOLOGY_GRAPH, RDF_TYPE
from kg.wording import NAMING

_TYPE = NamedNode(RDF_TYPE)
_SPEAKER = NamedNode(ENT + "speaker")
_OF_NO_ARTICLE = {INFERRED_GRAPH, ONTOLOGY_GRAPH}


@contextmanager
def of(rooms: Rooms, changed: Changes | None) -> Iterator["Excerpt | None"]:
    """What a change can concern; None where no large build can be followed, or the change may concern everything."""
    home = cache.large_home(rooms)
    follows = changed is not None and not changed.everything and os.path.isdir(home)
    kept = large.draft(home, cache.prints_of(rooms, "rl"), rooms) if follows else None
    if changed is None or kept is None:
        yield None
        return
    try:
        made = Excerpt(rooms, kept, changed)
        yield made if made.bounded else None
    finally:
        large.forget(kept)


class Excerpt(Build):
    """A build of some articles that answers for all: what is not read is looked up in the store of a kept one."""

    def __init__(self, rooms: Rooms, kept: Large, changed: Changes) -> None:
        self._kept, self._store = kept, kept.store()
        self._stored = Stored(self._store)
        found = sources.load(rooms, changed.articles)
        read = build.read(found)
        super().__init__(found, read.evidence, read.ontology, read.background, [], [], read.described)
        self._articles: dict[str, Evidence | None] = {e.article.name: e for e in self.evidence}
        self._changed, self._typed = frozenset(changed.articles), dict[str, bool]()
        told = changed.statements(self.evidence)
        self.bounded = judging.ways(found.shapes) is not None and told is not None
        self.changed = with_days([t for t in told or [] if not self._stands(t)])
        self._relations = frozenset(self._touched())
        self._read_others()

    # What the checks ask of a build

    @property
    def judged(self) -> list[Triple]:
        """What the shapes judge, whole."""
        return list(self._stored.all())

    @cached_property
    def statements(self) -> Stored:
        """The same, to be looked up."""
        return self._stored

    @cached_property
    def said(self) -> Claimed:
        """What somebody says in a reported passage, to be looked up."""
        return Claimed(self._store)

    @cached_property
    def names(self) -> Container[str]:
        """Every IRI that facts, evidence, background and claims name."""
        return self._stored

    @cached_property
    def typed(self) -> set[str]:
        """The things of which facts say what they are."""
        rows = self._store.quads_for_pattern(None, _TYPE, None, None)
        named = (q for q in rows if getattr(q.graph_name, "value", INFERRED_GRAPH) not in _OF_NO_ARTICLE)
        return {q.subject.value for q in named if isinstance(q.subject, NamedNode)}

    def is_typed(self, thing: str) -> bool:
        """Whether facts say what a thing is."""
        if thing not in self._typed:
            self._typed[thing] = any(True for _ in self._stored.about(NamedNode(thing), RDF_TYPE))
        return self._typed[thing]

    @property
    def is_empty(self) -> bool:
        """Whether there is no article."""
        return not self._kept.index["articles"]

    def is_whole(self, thing: Term) -> TypeGuard[NamedNode]:
        """Whether a thing has a name and all articles that tell of it are here."""
        return thing in self._relations

    def telling(self, wanted: Iterable[Wanted]) -> list[Evidence]:
        """The articles in which to look for the first statement that is wanted."""
        asserting: set[str] = set()
        describing: set[str] = set()
        for subject, predicate, value in wanted:
            for q in self._quads(subject, predicate, value):
                if isinstance(q.graph_name, DefaultGraph):
                    describing.update(_names(q.subject))
                else:
                    asserting.update(_names(q.graph_name))
        first = {min(names) for names in (asserting, describing) if names}
        return self._read({*first, *(e.article.name for e in self.evidence)})

    def reported(self, things: Container[Term] | None = None) -> list[tuple[Evidence, Passage]]:
        """The reported passages, or those of changed articles and those that say something of these things."""
        named = things if isinstance(things, set) else ()
        names = {name for thing in named for passage in self.said.passages(thing) for name in _names(passage)}
        read = self._read({*names, *(e.article.name for e in self.evidence)})
        return [
            (e, p)
            for e in read
            for p in e.reported
            if things is None or e.article.name in self._changed or any(t.subject in things for t in p.triples)
        ]

    def close(self) -> reasoning.Closure:
        """The closure of the facts, if there are contradictions in it; else there is nothing to tell."""
        chainer = revising.restore(self._kept.folder, self.ontology)
        if any(True for _ in clashes(chainer)):
            self.closure = reasoning.close(revising.given(chainer), self.ontology)
        return self.closure

    def store(self) -> Store:
        """The compiled dataset, to be asked."""
        return self._store

    def counts(self) -> dict[str, int]:
        """How much there is of what, in all articles."""
        counts: dict[str, int] = self._kept.index["counts"]
        return counts

    # Which articles to read

    def _stands(self, t: Triple) -> bool:
        """Whether a statement is as true as before, whatever changed articles say: another article has it."""
        graphs = (q.graph_name for q in self._quads(t.subject, t.predicate, t.object))
        named = (g for g in graphs if isinstance(g, NamedNode) and g.value not in _OF_NO_ARTICLE)
        return any(self._changed.isdisjoint(_names(g)) for g in named)

    def _read_others(self) -> None:
        """Read the articles on which the change bears in other ways than through shapes."""
        names: set[str] = set()
        for t in self.changed:
            if t.predicate.value in NAMING:
                for q in self._store.quads_for_pattern(None, _SPEAKER, t.subject, DefaultGraph()):
                    names.update(_names(q.subject))
            if t.predicate == _TYPE and isinstance(t.subject, NamedNode) and not self.is_typed(t.subject.value):
                names.update(self._mentioning(t.subject))
        for thing in self._relations:
            names.update(name for q in self._quads(thing, None, None) for name in _names(q.graph_name))
        self.evidence = self._read({*names, *self._articles})

    def _mentioning(self, thing: Term) -> Iterator[str]:
        """The articles in which somebody speaks of a thing."""
        graphs = (q.graph_name for q in (*self._quads(thing, None, None), *self._quads(None, None, thing)))
        for place in (*graphs, *self.said.passages(thing), *self.said.passages(thing, as_object=True)):
            yield from _names(place)

    def _touched(self) -> Iterator[NamedNode]:
        """The relations and things with a status that the change touches, and those that are or were their doubles."""
        identified = consistency.identifying(self.ontology)
        things = {t.subject for t in self.changed}
        for e in self.evidence:
            if NamedNode(e.iri) in things:  # its reading date may be another
                things.update(t.subject for p in e.asserted for t in p.triples)
        for thing in things:
            now = set(self._stored.about(thing))
            changed = {t for t in self.changed if t.subject == thing}
            about = now | changed
            kinds = {t.object.value for t in about if t.predicate == _TYPE and isinstance(t.object, NamedNode)}
            kinds &= identified.keys()
            if isinstance(thing, NamedNode) and (kinds or any(t.predicate.value in computed.STATUS for t in about)):
                yield thing
                for state in (now, (now - changed) | (changed - now)):
                    for kind in kinds:
                        yield from self._with([t for t in state if t.predicate.value in identified[kind]])

    def _with(self, roles: list[Triple]) -> set[NamedNode]:
        """The things that have all these roles."""
        found = [{t.subject for t in self._stored.leading_to(r.object, r.predicate.value)} for r in roles]
        return {x for x in set.intersection(*found) if isinstance(x, NamedNode)} if found else set()

    def _quads(self, subject: Term | None, predicate: Term | None, value: Term | None) -> Iterator[Quad]:
        if isinstance(subject, Literal) or (subject, predicate, value) == (None, None, None):
            return iter(())
        return self._store.quads_for_pattern(subject, predicate, value, None)  # type: ignore[arg-type]

    def _read(self, names: Iterable[str]) -> list[Evidence]:
        """Articles, in the order of their folders; what cannot be read is passed over."""
        for name in names:
            if name not in self._articles:
                self._articles[name] = large.article(self.sources.rooms, name)
        return [e for name in sorted(names) if (e := self._articles[name])]


def _names(node: object) -> list[str]:
    """The name of the article to which a graph, a passage or the like belongs."""
    iri = getattr(node, "value", "")
    return [iri.removeprefix(ARTICLE).partition("#")[0]] if iri.startswith(ARTICLE) else []
