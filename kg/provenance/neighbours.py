"""The obvious neighbours of a thing: an event and its territory, a state and its president, a work and its place.

Who asks for one of them often means the other: “Assad” is a person, and the regime that he leads has rows as well.
"""

from collections.abc import Callable, Iterable
from typing import NamedTuple

from pyoxigraph import DefaultGraph, NamedNode

from kg.dataset.stored_queries import ANY, LITERAL_TYPES, Query
from kg.errors import KgError
from kg.rdf.namespaces import ENT, ID, RDF_TYPE, compact
from kg.rdf.terms import QuadStore, Term

# What one step along these leads to is a neighbour, in either direction; but a state is not that of each place in it.
_BESIDE = tuple(
    NamedNode(ENT + name) for name in ("annexed", "governmentOf", "holdsOfficeIn", "locatedIn", "partitioned")
)
_LOCATED_IN, _TYPE, _STATE = (NamedNode(iri) for iri in (ENT + "locatedIn", RDF_TYPE, ENT + "State"))
_MOST = 5  # of one thing: what has more of a kind holds them, and is no neighbour of each

Rows = Iterable[tuple[Term | None, ...]]


class NeighbourRows(NamedTuple):
    """A neighbour of the value of a parameter, and how many rows a question has for it and not for the value."""

    parameter: str
    thing: NamedNode
    rows: int


def neighbours(store: QuadStore, thing: NamedNode) -> list[NamedNode]:
    """The neighbours of a thing in a compiled dataset, at most five, in the order of their names."""
    found: set[NamedNode] = set()
    for predicate in _BESIDE:
        for quads, at in (
            (store.quads_for_pattern(thing, predicate, None, DefaultGraph()), "object"),
            (store.quads_for_pattern(None, predicate, thing, DefaultGraph()), "subject"),
        ):
            things = {x for q in quads if isinstance(x := getattr(q, at), NamedNode) and x.value.startswith(ID)}
            if predicate == _LOCATED_IN:
                is_state = store.quads_for_pattern
                things = {x for x in things if not any(is_state(x, _TYPE, _STATE, DefaultGraph()))}
            found |= things if len(things) <= _MOST else set()
    return sorted(found - {thing}, key=lambda x: x.value)[:_MOST]


def rows_of_neighbours(
    query: Query,
    given: dict[str, str],
    resolve: Callable[[str, str], NamedNode],
    ask: Callable[[dict[str, str]], Rows],
    store: QuadStore,
) -> list[NeighbourRows]:
    """The neighbours of the values of a stored query's parameters for which it has more rows than for these values.

    `resolve` gives the thing of a value and the IRI of a class (empty: any); `ask` answers the query with other values.
    """
    had = set(ask(given))
    found = []
    for parameter in query.parameters:
        name, kind = parameter["name"], parameter["type"]
        if kind in LITERAL_TYPES or given.get(name, ANY) == ANY:
            continue
        for other in neighbours(store, resolve(given[name], "" if kind == "thing" else ENT + kind)):
            try:
                rows = set(ask({**given, name: compact(other.value)})) - had
            except KgError:  # another kind of thing than the question is about
                continue
            found += [NeighbourRows(name, other, len(rows))] if rows else []
    return found
