"""For `kg check --since`: what changed, and a build of only the articles that the change can affect.

`Changes` lists the files that differ from a commit, and the statements that have come or gone. A `PartialBuild` reads
the articles that have changed, and those that the change affects in other ways than through shapes: they name a speaker
whose labels have changed, mention a thing whose names or types have, or state a relation with changed statements.
Everything else it looks up in the store of a large build that is there already.
"""

import hashlib
import os
from collections.abc import Container, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cached_property
from typing import TypeGuard

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, Store, Triple

from kg.dataset import build, cache, computed, update
from kg.dataset.build import Build, TriplePattern, describe_article
from kg.dataset.cache import DamagedError, LargeBuild
from kg.dataset.computed import BOUNDS
from kg.dataset.named import LENDING, NAMING
from kg.dataset.roles import looked_up
from kg.dataset.statements import ClaimedStatements, StoredStatements
from kg.errors import InputError
from kg.rdf.namespaces import ARTICLE, ENT, INFERRED_GRAPH, ONTOLOGY_GRAPH, RDF_TYPE
from kg.rdf.terms import Term, iri
from kg.reasoning import closure, incremental
from kg.reasoning.closure import inconsistencies
from kg.source import article, documents, git, layout
from kg.source.article import Evidence, Passage
from kg.source.documents import ArticleSources
from kg.source.layout import GraphFolder
from kg.validation import entities
from kg.validation.facts import LABEL_PROPERTIES
from kg.validation.shapes_graph import ShapesGraph

_EVERYTHING = ("ontology", "shapes", "kg/background")  # a change there can affect every article
_BY_ITSELF = ("kg/articles/", "queries/")  # a change there affects an article, or a stored query


@dataclass(frozen=True)
class Changes:
    """The files of a graph folder that differ from a commit, by their relative paths."""

    graph_folder: GraphFolder
    commit: str
    files: frozenset[str]

    @property
    def everything(self) -> bool:
        """Whether everything is to be validated, since ontology, shapes or background have changed.

        So it is where a source may be listed under another name: where one is a link, since git lists the file to which
        that leads, and where a folder was a submodule, or has a name that some file systems take for that of another.
        """
        names = {file.rstrip("/") for file in self.files}
        sources = [name for name in names if name.casefold().startswith((*_EVERYTHING, "kg/articles", "queries"))]
        root = self.graph_folder.root
        whole = any(not name.startswith(_BY_ITSELF) or os.path.isdir(os.path.join(root, name)) for name in sources)
        return whole or "kg" in names or _has_link(self.graph_folder)

    @property
    def queries(self) -> frozenset[str]:
        """The names of the stored queries that have changed, or whose golden answers have."""
        names = (os.path.basename(file) for file in self.files if file.startswith("queries/"))
        return frozenset(name.removesuffix(".rq").removesuffix(".csv") for name in names)

    @property
    def articles(self) -> list[str]:
        """The names of the articles that are new, gone or different."""
        rows = (file.split("/") for file in sorted(self.files) if file.startswith("kg/articles/"))
        return list(dict.fromkeys(row[2] for row in rows))  # also of one that is a submodule

    def statements(self, evidence: Iterable[Evidence]) -> list[Triple] | None:
        """The statements that have come or gone, given the articles now; None where an earlier one cannot be read."""
        now = {e.article.name: e for e in evidence}
        changed: dict[Triple, None] = {}
        for name in self.articles:
            if (before := self._before(name)) is None:
                return None
            there = _statements(now[name]) if name in now else set()
            changed.update(dict.fromkeys(sorted((t for _, t in before ^ there), key=str)))
        return list(changed)

    def _before(self, name: str) -> set[tuple[str, Triple]] | None:
        """The statements of an article at the commit; None where it could not be read then."""
        text_path, path = (f"kg/articles/{name}/{file}" for file in ("article.txt", "facts.trig"))
        there = git.run_git(self.graph_folder, "ls-tree", "--name-only", self.commit, text_path, path)
        if there == b"" or not layout.can_name_article(name):
            return set()
        shown = [git.run_git(self.graph_folder, "show", f"{self.commit}:./{file}") for file in (text_path, path)]
        text, facts = (None if data is None else data.decode("utf-8", "replace") for data in shown)
        document = None if facts is None else documents.parse_text(path, facts, [])
        if text is None or document is None:
            return None
        return _statements(article.read_article(ArticleSources(name, text_path, text, document)))


def _has_link(graph_folder: GraphFolder) -> bool:
    """Whether a source of the graph, or a folder of sources, is a link."""
    g = graph_folder
    folders = [os.path.dirname(g.articles), g.articles, g.background, g.ontology, g.shapes, g.authoring, g.queries]
    if any(map(os.path.islink, folders)):
        return True
    for folder in (*folders[1:], *layout.article_folders(g)):
        if os.path.isdir(folder):
            with os.scandir(folder) as entries:
                if any(entry.is_symlink() for entry in entries):
                    return True
    return False


def changes(graph_folder: GraphFolder, revision: str) -> Changes:
    """The files that differ from a revision, byte by byte, whatever git ignores, converts or takes to be unchanged.

    Raises UsageError where there is no such revision, or no git repository, InputError where git fails: the files that
    it did not list would not be judged.
    """
    commit = git.commit(graph_folder, revision)
    before = git.tree(graph_folder, commit)
    if before is None:
        hint = "`git ls-tree` says why; without --since, git is not asked"
        raise InputError("git cannot tell what has changed", hint=hint, where=graph_folder.root, rule="git")
    now = {path: _hash(graph_folder, path, len(commit)) for path in _files(graph_folder)}
    if not any(path.startswith("kg/articles/") for path in before):
        now["kg"] = ""  # a link or a submodule then, if not missing: what the articles stated cannot be told
    names = {path for path in before.keys() | now.keys() if path not in before or now.get(path) != before[path].hash}
    return Changes(graph_folder, commit, frozenset(map(layout.shown, names)))


def _files(graph_folder: GraphFolder) -> Iterator[str]:
    """The relative paths, with forward slashes, of what is in the folders of a graph folder."""
    for top in git.FOLDERS:
        for folder, _, names in os.walk(os.path.join(graph_folder.root, top)):
            relative = os.path.relpath(folder, graph_folder.root).replace(os.sep, "/")
            yield from (f"{relative}/{name}" for name in names)


def _hash(graph_folder: GraphFolder, path: str, digits: int) -> str:
    """The hash that git gives to the content of a file; empty for a link, a device and what no build would read."""
    try:
        data = layout.read_regular(os.path.join(graph_folder.root, path), documents.MAX_BYTES + 1)
    except OSError:
        return ""
    made = hashlib.new("sha1" if digits == 40 else "sha256", b"blob %d\0" % len(data), usedforsecurity=False)
    made.update(data)
    return made.hexdigest() if len(data) <= documents.MAX_BYTES else ""


def _statements(e: Evidence) -> set[tuple[str, Triple]]:
    """All that an article contributes to validation: what it asserts, reports and is described by.

    What is reported has the IRI of its passage beside it: without its speaker the same statement is asserted.
    """
    stated = {(p.iri if p.reported else "", t) for p in e.passages for t in p.triples}
    return stated | {("", t) for t in describe_article(e)}


def with_bounds(changed: list[Triple]) -> list[Triple]:
    """Changed statements, and stand-ins for the bounds that are computed from dates: their objects are the dates."""
    bounds = ((t, bound) for t in changed for bound in BOUNDS.get(t.predicate.value.removeprefix(ENT), ()))
    return [*changed, *(Triple(t.subject, NamedNode(ENT + bound), t.object) for t, bound in bounds)]


_TYPE = NamedNode(RDF_TYPE)
_SPEAKER = NamedNode(ENT + "speaker")
_OF_NO_ARTICLE = {INFERRED_GRAPH, ONTOLOGY_GRAPH}


@contextmanager
def partial_build(graph_folder: GraphFolder, changed: Changes | None) -> Iterator["PartialBuild | None"]:
    """A build of what a change can affect; None where there is no large build, or the change can affect everything."""
    usable = changed is not None and not changed.everything and os.path.isdir(cache.large_home(graph_folder))
    large = update.open_or_update(cache.fingerprints(graph_folder, "rl"), graph_folder) if usable else None
    if changed is None or large is None:
        yield None
        return
    try:
        with suppress(DamagedError):
            made: PartialBuild | None = None
            made = PartialBuild(graph_folder, large, changed)
        yield made if made and made.bounded else None
    finally:
        update.remove_temporary(large)


class PartialBuild(Build):
    """A build of some articles that answers for all: what is not read is looked up in the store of a large build."""

    def __init__(self, graph_folder: GraphFolder, large: LargeBuild, changed: Changes) -> None:
        self._large, self._store = large, large.store()
        self._stored, self._claimed = StoredStatements(self._store), ClaimedStatements(self._store)
        self.statements, self.claimed, self.names = self._stored, self._claimed, self._stored
        found = documents.load_sources(graph_folder, changed.articles)
        read = build.read_sources(found)
        super().__init__(found, read.evidence, read.ontology, read.background, [], [], read.described)
        self._articles: dict[str, Evidence | None] = {e.article.name: e for e in self.evidence}
        self._changed, self._typed = frozenset(changed.articles), dict[str, bool]()
        statements = changed.statements(self.evidence)
        dependencies = ShapesGraph.of(found.shapes).dependencies
        self.bounded = dependencies is not None and statements is not None
        self.changed = with_bounds([t for t in statements or [] if not self._is_stated_elsewhere(t)])
        self._relations = frozenset(self._affected_relations())
        self._read_affected()

    # What the checks ask of a build

    @property
    def data_graph(self) -> list[Triple]:
        """What the shapes validate, whole."""
        return list(self._stored.all())

    @cached_property
    def typed(self) -> set[str]:
        """The things whose type facts state."""
        rows = self._store.quads_for_pattern(None, _TYPE, None, None)
        named = (q for q in rows if (iri(q.graph_name) or INFERRED_GRAPH) not in _OF_NO_ARTICLE)
        return {iri(q.subject) for q in named} - {""}

    def is_typed(self, thing: str) -> bool:
        """Whether facts state a type of a thing."""
        if thing not in self._typed:
            self._typed[thing] = any(True for _ in self._stored.about(NamedNode(thing), RDF_TYPE))
        return self._typed[thing]

    @property
    def is_empty(self) -> bool:
        """Whether there is no article."""
        return not self._large.index["articles"]

    def is_whole(self, thing: Term) -> TypeGuard[NamedNode]:
        """Whether a thing has an IRI and all articles that state something of it have been read."""
        return thing in self._relations

    def articles_matching(self, patterns: Iterable[TriplePattern]) -> list[Evidence]:
        """Articles among which is the first one with a triple that matches one of the patterns."""
        graphs: set[str] = set()
        subjects: set[str] = set()
        for q in (q for pattern in patterns for q in self._quads(*pattern)):
            if isinstance(q.graph_name, DefaultGraph):
                subjects.update(_names(q.subject))
            else:
                graphs.update(_names(q.graph_name))
        first = {min(names) for names in (graphs, subjects) if names}
        return self._read({*first, *(e.article.name for e in self.evidence)})

    def reported(self, things: Container[Term] | None = None) -> list[tuple[Evidence, Passage]]:
        """The reported passages, or those of changed articles and those that say something of these things."""
        subjects = things if isinstance(things, set) else ()
        names = {name for thing in subjects for passage in self._claimed.passages(thing) for name in _names(passage)}
        read = self._read({*names, *(e.article.name for e in self.evidence)})
        return [
            (e, p)
            for e in read
            for p in e.reported
            if things is None or e.article.name in self._changed or any(t.subject in things for t in p.triples)
        ]

    def close(self, reasoner: str = "rl") -> closure.Closure:
        """The closure of the facts if there are contradictions in it, else an empty one."""
        chainer = incremental.restore(self._large.folder, self.ontology)
        if any(True for _ in inconsistencies(chainer)):
            asserted = incremental.asserted(chainer)
            self.closure = closure.close(asserted, self.ontology, outside="ignore")
        return self.closure

    def store(self) -> Store:
        """The compiled dataset, to be queried."""
        return self._store

    def counts(self) -> dict[str, int]:
        """How much there is of what, in all articles."""
        return dict(self._large.index["counts"])

    # Which articles to read

    def _is_stated_elsewhere(self, t: Triple) -> bool:
        """Whether an article that has not changed states a triple, so that it is as true as before."""
        graphs = (q.graph_name for q in self._quads(t.subject, t.predicate, t.object))
        return any(self._changed.isdisjoint(_names(g)) for g in graphs if iri(g) not in {"", *_OF_NO_ARTICLE})

    def _read_affected(self) -> None:
        """Read the articles that the change affects in other ways than through shapes."""
        names: set[str] = set()
        telling = NAMING | looked_up(self.ontology)
        for t in self.changed:
            if t.predicate.value in LABEL_PROPERTIES:
                for q in self._store.quads_for_pattern(None, _SPEAKER, t.subject, DefaultGraph()):
                    names.update(_names(q.subject))
            if t.predicate.value in telling:
                names.update(name for thing in self._of_one_name(t) for name in self._mentioning(thing))
        for thing in self._relations:
            names.update(name for q in self._quads(thing, None, None) for name in _names(q.graph_name))
        self.evidence = self._read({*names, *self._articles})

    def _of_one_name(self, t: Triple) -> set[Term]:
        """What a statement that names or classifies may name: its things, and states and governments beside these."""
        found: set[Term] = {t.subject, *([] if isinstance(t.object, Literal) or t.predicate == _TYPE else [t.object])}
        for _ in range(2):  # from a capital to its state, and from there to the government
            for predicate in LENDING:
                found |= {x.object for thing in found for x in self._stored.about(thing, predicate)}
                found |= {x.subject for thing in found for x in self._stored.leading_to(thing, predicate)}
        return found

    def _mentioning(self, thing: Term) -> Iterator[str]:
        """The articles that mention a thing."""
        graphs = (q.graph_name for q in (*self._quads(thing, None, None), *self._quads(None, None, thing)))
        for place in (*graphs, *self._claimed.passages(thing), *self._claimed.passages(thing, as_object=True)):
            yield from _names(place)

    def _affected_relations(self) -> Iterator[NamedNode]:
        """The relations and things with a status that the change affects, and those that are or were their doubles."""
        identified = entities.identifying(self.ontology)
        things = {t.subject for t in self.changed}
        for e in self.evidence:
            if NamedNode(e.iri) in things:  # its reading date may have changed
                things.update(t.subject for p in e.asserted for t in p.triples)
        for thing in things:
            now = set(self._stored.about(thing))
            changed = {t for t in self.changed if t.subject == thing}
            about = now | changed
            kinds = {iri(t.object) for t in about if t.predicate == _TYPE} & identified.keys()
            if isinstance(thing, NamedNode) and (kinds or any(t.predicate.value in computed.STATUS for t in about)):
                yield thing
                for state in (now, (now - changed) | (changed - now)):
                    for kind in kinds:
                        yield from self._with_roles([t for t in state if t.predicate.value in identified[kind]])

    def _with_roles(self, roles: list[Triple]) -> set[NamedNode]:
        """The things that have all these roles."""
        found = [{t.subject for t in self._stored.leading_to(r.object, r.predicate.value)} for r in roles]
        return {x for x in set.intersection(*found) if isinstance(x, NamedNode)} if found else set()

    def _quads(self, subject: Term | None, predicate: Term | None, value: Term | None) -> Iterator[Quad]:
        if isinstance(subject, Literal) or (subject, predicate, value) == (None, None, None):
            return iter(())
        return self._store.quads_for_pattern(subject, predicate, value, None)  # type: ignore[arg-type]

    def _read(self, names: Iterable[str]) -> list[Evidence]:
        """Articles, in the order of their folders, without those that cannot be read."""
        for name in names:
            if name not in self._articles:
                self._articles[name] = update.article_of(self.sources.graph_folder, name)
        return [e for name in sorted(names) if (e := self._articles[name])]


def _names(node: object) -> list[str]:
    """The name of the article to which a graph, a passage or the like belongs, if it does to one."""
    return [iri(node).removeprefix(ARTICLE).partition("#")[0]] if iri(node).startswith(ARTICLE) else []
