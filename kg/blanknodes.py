"""Blank nodes compared by what they say: equal descriptions get equal names, so that labels make no difference."""

import hashlib
from collections.abc import Iterable

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, Triple

Term = NamedNode | BlankNode | Literal | Triple | DefaultGraph
_ROUNDS = 12  # how deep the description of a blank node is followed


def named(quads: Iterable[Quad]) -> list[Quad]:
    """The quads with each blank node named by a hash of its description: what it is the subject of, and so on.

    Nodes that say the same get the same name, as often as they occur; the result may hold equal quads.
    """
    rows = list(quads)
    names = _names(rows)

    def name(term: Term) -> Term:
        return BlankNode(names[term]) if isinstance(term, BlankNode) else term

    return [Quad(name(q.subject), q.predicate, name(q.object), name(q.graph_name)) for q in rows]  # type: ignore[arg-type]


def _names(rows: list[Quad]) -> dict[Term, str]:
    about: dict[Term, list[Quad]] = {}
    for q in rows:
        for term in (q.subject, q.object, q.graph_name):
            if isinstance(term, BlankNode):
                about.setdefault(term, [])
        if isinstance(q.subject, BlankNode):
            about[q.subject].append(q)
    names: dict[Term, str] = dict.fromkeys(about, "b")
    for _ in range(_ROUNDS):
        named_anew = {node: _hash(quads, names) for node, quads in about.items()}
        if len(set(named_anew.values())) == len(set(names.values())):
            return named_anew
        names = named_anew
    return names


def _hash(quads: list[Quad], names: dict[Term, str]) -> str:
    rows = sorted(
        f"{q.predicate} {names.get(q.object, q.object)} {names.get(q.graph_name, q.graph_name)}" for q in quads
    )
    return "b" + hashlib.sha256("\n".join(rows).encode()).hexdigest()[:16]
