"""Builds made and kept, and incremental maintenance of large ones: after an edit a store is brought up to date.

A large build has a store, the N-Quads of each article (its part) and the closure with which it was made. An edit is
applied to a clone of the newest build: the quads of each article that is new, gone or different, what follows from them
(`kg.reasoning.incremental`), and what is computed. A change of the ontology or the background needs a new build.
"""

import itertools
import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from typing import Any, Protocol

from pyoxigraph import DefaultGraph, NamedNode, Quad, RdfFormat, Store, Triple, parse, serialize

from kg.dataset import build, cache, computed
from kg.dataset.build import Build
from kg.dataset.cache import (
    BUILDING,
    INDEX,
    PARTS,
    REST,
    SIGNATURE,
    STORE,
    CachedBuild,
    Fingerprints,
    Index,
    LargeBuild,
)
from kg.dataset.computed_labels import Relabelling
from kg.dataset.shards import article_lines, article_print, own_counts, part_file, write_part
from kg.errors import clean
from kg.rdf.namespaces import ARTICLE, ENT, INFERRED_GRAPH, ONTOLOGY_GRAPH, RDF_TYPE
from kg.rdf.terms import n_quads, text
from kg.reasoning import closure, incremental
from kg.source import documents
from kg.source.article import Evidence, read_article
from kg.source.documents import Document, Sources
from kg.source.layout import GraphFolder

_TYPE = NamedNode(RDF_TYPE)
_TOUCHING = (_TYPE, computed.PART_OF)  # a change of these changes what is computed of a thing
_STATING = (RDF_TYPE, *computed.STATUS)  # and so does a change of an article that states one of these
_DATES = [NamedNode(ENT + name) for name in (*computed.BOUNDS, *computed.LIMITS)]
_DAYS = [NamedNode(ENT + name) for names in computed.BOUNDS.values() for name in names]
MANY = 200  # articles, which several processes compile: with fewer, starting these takes longer than it saves
LARGE = 10_000  # quads: from here on a store on disk opens faster than N-Quads load
_MOST_CHANGED = 0.2  # of the articles; beyond, a new build is as fast


class Builder(Protocol):
    """Who compiles a graph that is not in the cache."""

    @property
    def build(self) -> Build:
        """The sources, read and compiled."""

    def progress(self, step: str) -> None:
        """Tell of a step that takes more than a moment."""

    def query_index(self) -> list[dict[str, Any]]:
        """The stored queries, checked, as JSON objects."""


def load(graph_folder: GraphFolder, prints: Fingerprints, builder: Builder) -> CachedBuild:
    """A build for sources that have none: the newest large one brought up to date, or else a new one, kept.

    It is kept for the fingerprints of what is read here, which may be newer than `prints`.
    """
    return _update(prints, graph_folder, builder.query_index) or _made(graph_folder, prints, builder)


def _made(graph_folder: GraphFolder, prints: Fingerprints, builder: Builder) -> CachedBuild:
    queries = builder.query_index()
    if large := _made_in_parts(graph_folder, prints, queries, builder.progress):
        return large
    made = builder.build
    index = {"queries": queries, "counts": made.counts()}
    rest = _documents_print([*made.sources.ontology, *made.sources.background])
    articles = {article.name: article_print(article) for article in made.sources.articles}
    prints = Fingerprints(prints.tool, articles, _queries_print(queries), rest)
    is_large = sum(1 for _ in itertools.islice(made.each_quad(), LARGE)) == LARGE
    if is_large and (large := _write_large(graph_folder, prints, made, index)):
        return large
    return cache.keep_small(graph_folder, prints.key, (serialize(made.quads(), format=RdfFormat.N_QUADS) or b"", index))


def _made_in_parts(
    graph_folder: GraphFolder, prints: Fingerprints, queries: list[dict[str, Any]], progress: Callable[[str], None]
) -> LargeBuild | None:
    """A build of many articles, compiled by several processes; None where it takes one at once."""
    if len(prints.articles) < MANY or prints.tool != cache.tool_print("rl") or not cache.user_key(graph_folder):
        return None
    from kg.dataset import parallel

    progress("compiling the graph, by several processes")
    try:
        with cache.new_folder(cache.large_home(graph_folder)) as folder:
            made = parallel.write(folder, graph_folder, prints.articles)
            read = {name: known[0] for name, known in made.articles.items()}
            prints = Fingerprints(prints.tool, read, _queries_print(queries), made.rest)
            known: Index = {"queries": queries, "counts": made.counts, "articles": made.articles, "alike": made.alike}
            known |= {"maintainable": made.maintainable, "tool": prints.tool, "rest": prints.rest}
            cache.seal(graph_folder, folder, prints.key, {**known, "query_print": prints.queries})
            cache.publish(folder, prints.key)
    except (OSError, parallel.UnableError) as error:
        progress(f"compiling the graph at once, since parts are not enough: {clean(str(error))}")
        return None
    return cache.find_large(graph_folder, prints.key)


def _documents_print(documents: list[Document]) -> str:
    return cache.file_print((document.path, document.text.encode()) for document in documents)


def _queries_print(queries: list[dict[str, Any]]) -> str:
    return cache.file_print((query["path"], query["text"].encode()) for query in queries)


def _write_large(graph_folder: GraphFolder, prints: Fingerprints, made: Build, index: Index) -> LargeBuild | None:
    """Write a build to disk; None where that cannot be done."""
    if not cache.user_key(graph_folder):
        return None
    try:
        with cache.new_folder(cache.large_home(graph_folder)) as folder:
            parts = _write_store(folder, made)
            assert made.closure.derivations is not None
            chainer = made.closure.derivations.chainer
            if maintainable := incremental.is_maintainable(chainer, made.ontology):
                incremental.save(chainer, folder)
            evidence = {e.article.name: e for e in made.evidence}
            articles = {n: [prints.articles[n], own_counts(e), parts[n]] for n, e in evidence.items()}
            known: Index = {"articles": articles, "alike": made.labels[1], "maintainable": maintainable}
            known |= {"tool": prints.tool, "rest": prints.rest, "query_print": prints.queries}
            cache.seal(graph_folder, folder, prints.key, {**index, **known})
            cache.publish(folder, prints.key)
    except OSError:
        return None
    return cache.find_large(graph_folder, prints.key)


def _update(prints: Fingerprints, graph_folder: GraphFolder, query_index: Callable[[], list[Any]]) -> LargeBuild | None:
    """The newest build brought up to date; None where none can be, or where evidence is broken."""
    if (updated := _updated(prints, graph_folder)) is None:
        return None
    folder, index, sound = updated
    with suppress(OSError):
        if sound:
            if index["query_print"] != prints.queries:
                queries = query_index()
                index.update(query_print=_queries_print(queries), queries=queries)
            articles = {name: known[0] for name, known in index["articles"].items()}
            key = prints._replace(articles=articles, queries=index["query_print"]).key
            cache.seal(graph_folder, folder, key, index)
            cache.publish(folder, key)
            return cache.find_large(graph_folder, key)
    shutil.rmtree(folder, ignore_errors=True)
    return None


def open_or_update(prints: Fingerprints, graph_folder: GraphFolder) -> LargeBuild | None:
    """A large build for validation: kept, or updated under a temporary name (see `remove_temporary`), faulty or not."""
    if found := cache.find_large(graph_folder, prints.key):
        return found
    if (updated := _updated(prints, graph_folder)) is None:
        return None
    folder, index, _ = updated
    return LargeBuild(folder, index)


def remove_temporary(found: LargeBuild) -> None:
    """Remove a build of `open_or_update` under a temporary name; any other stays."""
    if os.path.basename(found.folder).startswith(BUILDING):
        cache.remove(found.folder)


def _updated(prints: Fingerprints, graph_folder: GraphFolder) -> tuple[str, Index, bool] | None:
    """The newest build brought up to date: its temporary folder, its index, and whether its evidence is sound."""
    old = _newest(graph_folder, prints)
    if old is None:
        return None
    before = {name: known[0] for name, known in old.index["articles"].items()}
    changed = sorted(n for n in {*before, *prints.articles} if before.get(n) != prints.articles.get(n))
    if len(changed) > max(20, _MOST_CHANGED * len(before)):
        return None
    read = {name: article_of(graph_folder, name) for name in changed if name in prints.articles}
    sound = all(e is not None and not build.broken(e.findings) for e in read.values())
    try:
        with cache.new_folder(cache.large_home(graph_folder)) as folder:
            _clone(old.folder, folder)
            return folder, BuildUpdate(folder, old.index).apply({name: read.get(name) for name in changed}), sound
    except (OSError, RuntimeError, incremental.NotMaintainableError):  # RocksDB calls damage a runtime error
        return None


def _newest(graph_folder: GraphFolder, prints: Fingerprints) -> LargeBuild | None:
    """The newest build that differs in articles and stored queries alone, and can be maintained."""
    try:
        found = [e for e in os.scandir(cache.large_home(graph_folder)) if cache.is_key(e.name)]
        entries = sorted(found, key=lambda e: e.stat(follow_symlinks=False).st_mtime_ns, reverse=True)
    except OSError:
        return None
    builds = (cache.find_large(graph_folder, entry.name) for entry in entries)
    wanted = {"tool": prints.tool, "rest": prints.rest, "maintainable": True}
    return next((b for b in builds if b and wanted.items() <= b.index.items()), None)


def _clone(source: str, target: str) -> None:
    """Copy a build: files that are never written again as links, where the disk has links."""
    for folder, _, names in os.walk(source):
        place = os.path.join(target, os.path.relpath(folder, source))
        os.makedirs(place, exist_ok=True)
        for name in names:
            if name.startswith(("LOCK", "LOG")) or name in (INDEX, SIGNATURE):
                continue
            copy = os.link if name.endswith((".sst", ".nq")) else shutil.copyfile
            try:
                copy(os.path.join(folder, name), os.path.join(place, name))
            except OSError:
                shutil.copyfile(os.path.join(folder, name), os.path.join(place, name))


def article_of(graph_folder: GraphFolder, name: str) -> Evidence | None:
    """An article read, or None where its files cannot be."""
    found = documents.article_sources(os.path.join(graph_folder.articles, name), Sources(graph_folder))
    return None if found is None else read_article(found)


class BuildUpdate:
    """A clone of a build that is being brought up to date."""

    def __init__(self, folder: str, index: Index) -> None:
        self._folder, self._index = folder, index
        try:
            self._store = Store(os.path.join(folder, STORE))
        except RuntimeError as error:  # RocksDB calls it corruption
            raise OSError("the store is damaged") from error
        rest = _quads(cache.read_rest(folder, index))
        self._ontology = [q.triple for q in rest if q.graph_name == NamedNode(ONTOLOGY_GRAPH)]

    def apply(self, changed: dict[str, Evidence | None]) -> Index:
        """Bring the clone up to date with changed articles (None: it is gone), and give its index."""
        articles, counts = dict(self._index["articles"]), dict(self._index["counts"])
        removed, added, stated = set[str](), set[str](), set[str]()
        for name, read in changed.items():
            old = articles.pop(name, None)
            before, now, checksum = self._replace_part(name, read, old[2] if old else "")
            removed |= before - now
            added |= now - before
            stated |= {line for line in before | now if any(predicate in line for predicate in _STATING)}
            was, new = old[1] if old else {}, own_counts(read) if read else {}
            counts.update({n: counts[n] - was.get(n, 0) + new.get(n, 0) for n in {*was, *new}})
            if read:
                articles[name] = [article_print(read.article), new, checksum]
        labels = Relabelling(self._store, _quads(removed ^ added), self._index["alike"])
        facts, lost, gained = self._facts(_quads(removed - added), _quads(added - removed))
        counts["facts"] += facts
        inferred, touched = self._closure(lost, gained)
        counts["inferred"] += inferred
        dated = {t.subject for t in lost | gained if t.predicate in _DAYS}
        parts = (q for d in dated for q in self._store.quads_for_pattern(None, computed.PART_OF, d, DefaultGraph()))
        things = touched | dated | {q.subject for q in parts} | {q.subject for q in _quads(stated)}
        for has, due in computed.after_closure(self._store, things, computed.broader(self._ontology)).values():
            self._replace(has - due, due - has)
        for has, due in labels.changes({t.subject for t in lost | gained} | touched):
            self._replace(has - due, due - has)
        self._store.flush()
        del self._store
        return {**self._index, "articles": articles, "counts": counts, "alike": labels.alike}

    def _replace_part(self, name: str, read: Evidence | None, checksum: str) -> tuple[set[str], set[str], str]:
        """The lines of an article before, if it has a checksum, and now, and their checksum; the latter are written."""
        before = set(cache.read_part(self._folder, name, checksum)) - {""} if checksum else set()
        with suppress(FileNotFoundError):
            os.remove(part_file(self._folder, name))  # the old build has a link to the same file
        now = article_lines(read) if read else set()
        return before, now, write_part(self._folder, name, sorted(now)) if read else ""

    def _facts(self, removed: list[Quad], added: list[Quad]) -> tuple[int, set[Triple], set[Triple]]:
        """Replace the quads of articles; by how many facts they grew, and the facts and days lost and gained."""
        facts = {q.triple: None for q in [*removed, *added] if isinstance(q.graph_name, NamedNode)}
        before = {t: self._stated_by(t) for t in facts}
        dated = {t.subject for t in facts if t.predicate in _DATES}
        days = set(self._values(dated, _DAYS))
        for q in removed:
            self._store.remove(q)
        self._store.extend(added)
        now = {t: self._stated_by(t) for t in facts}
        lost = {t for t in facts if before[t] and not now[t]}
        gained = {t for t in facts if now[t] and not before[t]}
        grown = sum((now[t] == ARTICLE) - (before[t] == ARTICLE) for t in facts)
        self._replace(lost, gained)
        new_days = set(computed.bounds(self._values(dated, _DATES)))
        self._replace(days - new_days, new_days - days)
        return grown, lost | days - new_days, gained | new_days - days

    def _stated_by(self, t: Triple) -> str:
        """ARTICLE for a triple that an article states, the graph of one that only the background states, else empty."""
        quads = self._store.quads_for_pattern(t.subject, t.predicate, t.object, None)
        graphs = (q.graph_name.value for q in quads if isinstance(q.graph_name, NamedNode))
        found = ""
        for graph in graphs:
            if graph.startswith(ARTICLE):
                return ARTICLE  # without a look at the others, of which there may be thousands
            if graph not in (INFERRED_GRAPH, ONTOLOGY_GRAPH):
                found = graph
        return found

    def _values(self, subjects: Iterable[Any], predicates: list[NamedNode]) -> Iterator[Triple]:
        pairs = ((s, p) for s in subjects for p in predicates)
        return (q.triple for s, p in pairs for q in self._store.quads_for_pattern(s, p, None, DefaultGraph()))

    def _replace(self, lost: Iterable[Triple], gained: Iterable[Triple]) -> None:
        """Change the default graph."""
        for t in lost:
            self._store.remove(Quad(t.subject, t.predicate, t.object))
        self._store.extend(Quad(t.subject, t.predicate, t.object) for t in gained)

    def _closure(self, lost: set[Triple], gained: set[Triple]) -> tuple[int, set[Any]]:
        """Maintain the closure; by how many inferred triples it grew, and whose types or wholes have changed."""
        chainer = incremental.restore(self._folder, self._ontology)
        facts = chainer.facts
        for term in (term for t in gained for term in t):
            facts.id(text(term))
        removed, added = ([s for s in facts.encode(ts) if s] for ts in (lost, gained))
        changes = incremental.maintain(chainer, removed, added)
        is_kept = closure.instance_filter(self._ontology, facts)
        grown, touched = 0, {t.subject for t in (*lost, *gained) if t.predicate in _TOUCHING}
        for statement, inferred in changes.items():
            if is_kept(statement):
                changed = facts.triple(statement)
                self._infer(changed, inferred, is_given=facts.holds(statement))
                touched |= {changed.subject} if changed.predicate in _TOUCHING else set()
                grown += 1 if inferred else -1
        incremental.save(chainer, self._folder)
        return grown, touched

    def _infer(self, t: Triple, inferred: bool, *, is_given: bool) -> None:
        named, plain = (Quad(t.subject, t.predicate, t.object, g) for g in (NamedNode(INFERRED_GRAPH), DefaultGraph()))
        if inferred:
            self._store.extend([named, plain])
        else:
            self._store.remove(named)
            if not is_given:
                self._store.remove(plain)


# The files of a build


def _write_store(folder: str, made: Build) -> dict[str, str]:
    """Write the lines of a build, and load them into its store; the checksum of each article's."""
    checksums: dict[str, str] = {}
    os.mkdir(os.path.join(folder, PARTS))
    rest = n_quads([*build.in_graph(ONTOLOGY_GRAPH, made.ontology), *made.background])
    _write(os.path.join(folder, REST), rest)
    path = os.path.join(folder, "all.nq")
    with open(path, "w", encoding="utf-8", newline="\n") as file:
        for e in made.evidence:
            lines = sorted(article_lines(e))
            checksums[e.article.name] = write_part(folder, e.article.name, lines)
            file.write("\n".join([*lines, *computed.in_default_graph(lines), ""]))
        file.write("\n".join([rest, *computed.in_default_graph(line for line in rest.split("\n") if line), ""]))
        for triples in (made.bounds, made.inferred, made.computed()):
            file.write(n_quads(triples))
        file.write(n_quads(build.in_graph(INFERRED_GRAPH, made.inferred)))
    store = Store(os.path.join(folder, STORE))
    store.bulk_load(path=path, format=RdfFormat.N_QUADS)
    store.optimize()  # a tenth of the time of a build, and queries take a quarter less
    store.flush()
    os.remove(path)
    return checksums


def _quads(lines: Iterable[str]) -> list[Quad]:
    return list(parse("\n".join(sorted(lines)), format=RdfFormat.N_QUADS))


def _write(path: str, text: str) -> None:
    with open(path, "w", encoding="utf-8", newline="\n") as file:
        file.write(text)
