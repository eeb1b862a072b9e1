"""The first page: what the graph holds, its newest articles and how far each is read, and questions worth asking."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from pyoxigraph import DefaultGraph, NamedNode, Quad

from kg.pages.article import articles
from kg.pages.facts import Facts
from kg.rdf.namespaces import ARTICLE, ENT, RDF_TYPE
from kg.text import phrases

if TYPE_CHECKING:
    from kg.dataset.stored_queries import Query
    from kg.graph import Graph

NEWEST = 8  # articles on the first page
PER_PAGE = 200  # articles in a list of them
_QUESTIONS = 6
_TYPE, _PASSAGE = NamedNode(RDF_TYPE), NamedNode(ENT + "Passage")
_ARTICLE, _READ_ON, _READING = (NamedNode(ENT + name) for name in ("article", "readingDate", "reading"))
_READ = (NamedNode(ENT + "read"), NamedNode(ENT + "setAside"))
_WORTH_ASKING = (  # those of the shipped graph that show most of what it can do, where a graph has them
    "partners-on-opposing-sides",
    "who-backs-whom",
    "what-divides",
    "shared-projects",
    "who-leads",
    "what-is-planned",
)


class Listed(NamedTuple):
    """An article in a list: its title and link, its reading date, and how far it has been read."""

    title: str
    link: str
    read_on: str
    units: int
    read: int
    passages: int


def listed(graph: "Graph", facts: Facts, names: list[str]) -> list[Listed]:
    """Some articles, given by their names, for a list."""
    find, found = graph.context.store.quads_for_pattern, []
    units, read, passages = Counter[str](), Counter[str](), Counter[str]()
    for quads, of in _evidence(find, names):
        for q in quads:
            article, _, _ = q.subject.value.partition("#")  # type: ignore[union-attr]
            (passages if of == _TYPE else units)[article] += 1
            read[article] += of == _READING and q.object in _READ
    for iri in (ARTICLE + name for name in names):
        days = [q.object.value for q in find(NamedNode(iri), _READ_ON, None, DefaultGraph())]  # type: ignore[union-attr]
        read_on = phrases.date(min(days)) if days else ""
        about = units[iri], read[iri], passages[iri]
        found.append(Listed(facts.title(iri), facts.links.of(iri), read_on, *about))
    return found


def _evidence(find: Callable[..., Iterable[Quad]], names: list[str]) -> Iterator[tuple[Iterable[Quad], NamedNode]]:
    """How far units are read, and what is a passage: of few articles theirs, of many those of all."""
    if len(names) > NEWEST:
        yield find(None, _READING, None, DefaultGraph()), _READING
        yield find(None, _TYPE, _PASSAGE, DefaultGraph()), _TYPE
        return
    for name in names:
        for part in find(None, _ARTICLE, NamedNode(ARTICLE + name), DefaultGraph()):
            yield find(part.subject, _READING, None, DefaultGraph()), _READING
            yield find(part.subject, _TYPE, _PASSAGE, DefaultGraph()), _TYPE


def newest(graph: "Graph", facts: Facts) -> list[Listed]:
    """The articles with the latest reading dates."""
    return listed(graph, facts, articles(graph.context)[:NEWEST])


def worth_asking(graph: "Graph") -> "list[Query]":
    """A few stored queries to begin with: such as people ask first, else the first ones by name."""
    known = [name for name in _WORTH_ASKING if name in graph.queries]
    names = dict.fromkeys([*known, *sorted(graph.queries)])
    return [graph.queries[name] for name in [*names][:_QUESTIONS]]
