"""Validates a graph in parts, each on any machine: the findings together are those of `kg.validation.run.validate`.

An article is checked with its shard, a thing with the part of the dataset in which it stands, wherever it is spoken of,
and relations that several articles state, or that look alike, with those articles. What is not in a part is looked up
in sorted files of the whole dataset (`kg.dataset.sorted_quads`). `write_index` makes these, and notes what is there.
"""

import os
from collections.abc import Callable, Container, Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple, TypeGuard

from pyoxigraph import Literal, NamedNode, Store, Triple

from kg.dataset import build, sorted_quads, update
from kg.dataset.build import Build, TriplePattern
from kg.dataset.sorted_quads import SortedQuads
from kg.dataset.statements import ANY, ClaimedStatements, SortedStatements, Statements
from kg.findings import Finding
from kg.rdf.namespaces import ARTICLE, CLAIM, ENT, INFERRED_GRAPH, ONTOLOGY_GRAPH, RDF, RDF_TYPE, SH
from kg.rdf.terms import Term, iri
from kg.reasoning.closure import Closure
from kg.source import documents
from kg.source.article import Evidence, Passage
from kg.source.documents import Sources
from kg.source.layout import GraphFolder
from kg.validation import entities, verdict
from kg.validation.articles import check_articles
from kg.validation.shapes_graph import ShapesGraph

_TYPED = "typed"
_TYPE = f"<{RDF_TYPE}>"
_PREDICATE, _OBJECT = f"<{RDF}predicate>", f"<{RDF}object>"
# What leads to passages and units by the thousand, and is looked up from there only.
_DESCRIBING = frozenset(f"<{ENT}{name}>" for name in ("article", "reading", "unit", "unitKind"))
_OF_NO_ARTICLE = {"", INFERRED_GRAPH, ONTOLOGY_GRAPH}


class Present(Statements):
    """Which predicates and classes there are among some statements."""

    def __init__(self) -> None:
        self.predicates, self.classes = set[str](), set[str]()

    def about(self, node: Term, predicate: str = ANY) -> Iterable[Triple]:
        """Nothing: single statements are not known."""
        return ()

    def leading_to(self, node: Term, predicate: str = ANY) -> Iterable[Triple]:
        """Nothing: single statements are not known."""
        return ()

    def has_value(self, predicate: str) -> bool:
        """Whether there is a triple with that predicate."""
        return f"<{predicate}>" in self.predicates

    def has_instance(self, kind: str) -> bool:
        """Whether there is an instance of that class."""
        return f"<{kind}>" in self.classes

    def add(self, predicate: str, value: str) -> None:
        """Note a statement, by terms as they stand in N-Triples."""
        self.predicates.add(predicate)
        if predicate == _TYPE:
            self.classes.add(value)


class Alike(NamedTuple):
    """Relations (IRIs) that are to be compared, and the articles that state them."""

    things: frozenset[str]
    articles: tuple[str, ...]


@dataclass
class Noted:
    """What is noted of a dataset while it is written: what there is, and which relations to compare."""

    identifying: dict[str, set[str]]
    roles: set[str]
    stated: Present = field(default_factory=Present)
    claimed: Present = field(default_factory=Present)
    _articles: dict[str, frozenset[str]] = field(default_factory=dict)  # of each relation
    _added: set[str] = field(default_factory=set)  # relations of which not all articles state the same roles
    _by_roles: dict[tuple[str, frozenset[str]], list[str]] = field(default_factory=dict)

    def note(self, subject: str, lines: list[str]) -> bool:
        """Note all lines about a subject; whether facts give it a class."""
        rows = [(*line.split(" ", 2)[1:], sorted_quads.graph_of(line)) for line in lines]
        if subject.startswith(f"<{CLAIM}"):
            values = {predicate: rest[:-2] for predicate, rest, _ in rows}
            self.claimed.add(values.get(_PREDICATE, ""), values.get(_OBJECT, ""))
            return False
        facts = list[tuple[str, str, str]]()
        for predicate, rest, graph in rows:
            if graph[1:-1] in (ONTOLOGY_GRAPH, INFERRED_GRAPH):
                continue
            value = rest[: -len(graph) - 3] if graph else rest[:-2]
            self.stated.add(predicate, value)
            if graph:
                facts.append((predicate, value, graph))
        self._note_relation(subject[1:-1], [f for f in facts if f[2].startswith(f"<{ARTICLE}")])
        return any(predicate == _TYPE for predicate, _, _ in facts)

    def _note_relation(self, thing: str, facts: list[tuple[str, str, str]]) -> None:
        kinds = {value[1:-1] for predicate, value, _ in facts if predicate == _TYPE} & self.identifying.keys()
        if kinds:
            stated: dict[str, set[tuple[str, str]]] = {}
            for predicate, value, graph in facts:
                own = stated.setdefault(_article(graph[1:-1]), set())
                own.update([(predicate, value)] if predicate[1:-1] in self.roles else ())
            self._articles[thing] = frozenset(stated)
            if any(own != next(iter(stated.values())) for own in stated.values()):
                self._added.add(thing)
        for kind in kinds:
            wanted = self.identifying[kind]
            if roles := frozenset(f"{p} {value}" for p, value, _ in facts if p[1:-1] in wanted):
                self._by_roles.setdefault((kind, roles), []).append(thing)

    def alike(self) -> list[Alike]:
        """The relations that may have findings, those that are to be compared with each other together."""
        group = {thing: thing for thing in self._added}

        def first(thing: str) -> str:
            while group[thing] != thing:
                thing = group[thing]
            return thing

        for things in self._by_roles.values():
            if len(things) > 1:
                for thing in things:
                    group.setdefault(thing, thing)
                    group[first(thing)] = first(things[0])
        members: dict[str, list[str]] = {}
        for thing in sorted(group):
            members.setdefault(first(thing), []).append(thing)
        return [
            Alike(frozenset(things), tuple(sorted({a for thing in things for a in self._articles[thing]})))
            for things in members.values()
        ]


def write_index(folder: str, lines: Iterable[Iterable[str]], rest: Sources) -> Noted:
    """Write the sorted files for parts, from the sorted lines of all shards and of what follows from them."""
    ontology = [t for d in rest.ontology for t in d.triples]
    noted = Noted(entities.identifying(ontology), entities.roles(ontology))
    dependencies = ShapesGraph.of(rest.shapes).dependencies
    steps = {f"<{step.predicate}>" for step in dependencies.steps if step.inverse} if dependencies else set()
    left_out = _DESCRIBING - steps
    with open(os.path.join(folder, _TYPED), "w", encoding="utf-8", newline="\n") as typed:

        def note(subject: str, found: list[str]) -> None:
            if noted.note(subject, found) and subject.startswith("<"):
                typed.write(f"{subject[1:-1]}\n")

        sorted_quads.write(folder, lines, lambda predicate: predicate not in left_out, note)
    return noted


class PartOfBuild(Build):
    """A build of some articles that answers for all: what is not read is looked up in the index of the whole."""

    def __init__(self, sources: Sources, folder: str, first: str = "", relations: Container[str] = ()) -> None:
        """Take the sources with the articles to read, and the folder of the index.

        `first` is the article at which a finding stands that has no place, `relations` are those of which all articles
        are among the sources.
        """
        self._folder, self._quads, self._relations = folder, SortedQuads(folder), relations
        self.statements = SortedStatements(self._quads)
        self.claimed = ClaimedStatements(self._quads)
        read = build.read_sources(sources)
        super().__init__(sources, read.evidence, read.ontology, read.background, [], [], [])
        self._articles: dict[str, Evidence | None] = {e.article.name: e for e in self.evidence}
        self._needed = list[Triple]()
        if first and (found := self._read([first])):
            sources.articles.insert(0, found[0].article)

    def know(self, closed: Closure, store: Store) -> None:
        """Take the closure of the whole graph, and its dataset."""
        self.closure, self._store = closed, store

    def close(self, reasoner: str = "rl") -> Closure:
        """The closure of the whole graph."""
        return self.closure

    def store(self) -> Store:
        """The dataset of the whole graph."""
        return self._store

    def need(self, nodes: Iterable[Term]) -> None:
        """Have the data graph be what it takes to validate these focus nodes."""
        dependencies = ShapesGraph.of(self.sources.shapes).dependencies
        self._needed = dependencies.needed(self.statements, nodes) if dependencies else []

    @property
    def data_graph(self) -> list[Triple]:
        """What the shapes validate, as far as it is needed."""
        return self._needed

    @cached_property
    def typed(self) -> set[str]:
        """The things whose type facts state."""
        with open(os.path.join(self._folder, _TYPED), encoding="utf-8", newline="\n") as file:
            return {line[:-1] for line in file}

    def is_typed(self, thing: str) -> bool:
        """Whether facts state a type of a thing."""
        try:
            found = self._quads.of_subject(NamedNode(thing)).get(NamedNode(RDF_TYPE), ())
        except ValueError:
            return False
        return any(iri(q.graph_name) not in _OF_NO_ARTICLE for q in found)

    @property
    def is_empty(self) -> bool:
        """Whether there is no article."""
        return False

    def is_whole(self, thing: Term) -> TypeGuard[NamedNode]:
        """Whether all articles that state something of a thing have been read."""
        return iri(thing) in self._relations

    def articles_matching(self, patterns: Iterable[TriplePattern]) -> list[Evidence]:
        """Articles among which is the first one with a triple that matches one of the patterns."""
        graphs, subjects = set[str](), set[str]()
        for subject, predicate, value in patterns:
            found: dict[Any, Any] = {} if subject is None else self._quads.of_subject(subject)
            for q in (q for quads in found.values() for q in quads):
                if predicate in (None, q.predicate) and value in (None, q.object):
                    graphs.add(_article(iri(q.graph_name)))
                    subjects.add("" if iri(q.graph_name) else _article(iri(q.subject)))
        first = {min(names) for names in (graphs - {""}, subjects - {""}) if names}
        return self._read({*first, *self._articles})

    def reported(self, things: Container[Term] | None = None) -> list[tuple[Evidence, Passage]]:
        """The reported passages of the articles that have been read."""
        return [(e, p) for e in self.evidence for p in e.reported]

    def _read(self, names: Iterable[str]) -> list[Evidence]:
        """Articles, in the order of their folders, without those that cannot be read."""
        for name in names:
            if name not in self._articles:
                self._articles[name] = update.article_of(self.sources.graph_folder, name)
        return [e for name in sorted(names) if (e := self._articles[name])]


def _article(node: str) -> str:
    """The name of the article to which a passage or the like belongs; empty if it does to none."""
    return node.removeprefix(ARTICLE).partition("#")[0] if node.startswith(ARTICLE) else ""


class Judge(NamedTuple):
    """What the tasks have in common: a graph folder, its index, and its first article.

    `complete` is whether all files could be read, `sound` whether the shapes are to be judged by.
    """

    graph_folder: GraphFolder
    folder: str
    first: str
    complete: bool
    sound: bool
    shacl: str

    def part(self, names: Container[str], relations: Container[str] = ()) -> PartOfBuild:
        """A build of the articles with these names."""
        sources = documents.load_sources(self.graph_folder, names)
        made = PartOfBuild(sources, self.folder, self.first, relations)
        if not self.complete and sources.complete:  # what depends on files that cannot be read is not checked
            sources.findings.append(documents.EMPTY.finding("", "another article could not be read"))
        return made

    @property
    def warn(self) -> Callable[[str], None] | None:
        """Says nothing where pyshifty fails; None where it is not to be used."""
        return None if self.shacl == "pyshacl" else lambda line: None


def compared(judge: Judge, alike: Iterable[Alike]) -> list[Finding]:
    """The findings on relations that several articles state, or that look alike."""
    found = list(alike)
    things = {thing for each in found for thing in each.things}
    made = judge.part({name for each in found for name in each.articles}, things)
    return list(entities.check_relations(made))


def articles(judge: Judge, names: Container[str], known: Iterable[Finding]) -> list[Finding]:
    """The findings on some articles, but for those of reading them, and on what they report.

    `known` are the findings of `compared`.
    """
    made = judge.part(names)
    own = {path for e in made.evidence for path in (e.article.text_path, e.article.facts.path)}
    findings = list(check_articles(made, own, known))
    if judge.sound:
        made.need({t.subject for _, p in made.reported() for t in p.triples})
        findings += verdict.part_findings(made, set(), judge.warn)
    return findings


def things(judge: Judge, part: tuple[int, int]) -> list[Finding]:
    """The findings of the shapes on the things in a part of the index."""
    made = judge.part(())
    quads = SortedQuads(judge.folder)
    values = [(iri(t.predicate), t.object) for d in made.sources.shapes for t in d.triples]
    by_object = {value for predicate, value in values if predicate == SH + "targetObjectsOf"}
    nodes = set[Term]()
    for q in quads.between(*part):
        if not iri(q.subject).startswith(CLAIM) and iri(q.graph_name) not in (ONTOLOGY_GRAPH, INFERRED_GRAPH):
            nodes.add(q.subject)
            if q.predicate in by_object and (isinstance(q.object, Literal) or not quads.of_subject(q.object)):
                nodes.add(q.object)
    made.need(nodes)
    return verdict.part_findings(made, nodes, judge.warn)


def everywhere(judge: Judge) -> list[Finding]:
    """The findings on ontology and background, and on the wording of shapes."""
    made = judge.part(())
    sources = made.sources
    of = {d.path for d in (*sources.ontology, *sources.shapes, *sources.background)}
    findings = [*(f for f in made.findings if f.file), *check_articles(made, of)]
    if judge.complete and not sources.shapes:
        folder = judge.graph_folder
        findings.append(
            documents.EMPTY.finding(folder.relative(folder.shapes), "no shapes: nothing would be validated")
        )
    return findings


def contradictions(made: PartOfBuild, closure: Closure, store: Store) -> list[Finding]:
    """The findings on contradictions in the closure of all facts, of which `store` has the dataset."""
    made.know(closure, store)
    return verdict.contradiction_findings(made)
