"""The first page: what the graph holds, its newest articles and how far each is read, and questions worth asking."""

from typing import TYPE_CHECKING, NamedTuple

from kg.pages.article import ArticlePage, articles
from kg.pages.facts import Facts

if TYPE_CHECKING:
    from kg.dataset.stored_queries import Query
    from kg.graph import Graph

NEWEST = 8  # articles on the first page
PER_PAGE = 200  # articles in a list of them
_QUESTIONS = 6
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
    found = []
    for name in names:
        page = ArticlePage(graph.context, facts, name)
        link = facts.links.of(page.iri.value)
        units, read, _ = page.reading
        found.append(Listed(page.title, link, page.read_on, units, read, len(page.passages)))
    return found


def newest(graph: "Graph", facts: Facts) -> list[Listed]:
    """The articles with the latest reading dates."""
    return listed(graph, facts, articles(graph.context)[:NEWEST])


def worth_asking(graph: "Graph") -> "list[Query]":
    """A few stored queries to begin with: such as people ask first, else the first ones by name."""
    known = [name for name in _WORTH_ASKING if name in graph.queries]
    names = dict.fromkeys([*known, *sorted(graph.queries)])
    return [graph.queries[name] for name in [*names][:_QUESTIONS]]
