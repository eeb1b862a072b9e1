"""The order in which an export tells things: what people look for first, and the same on every run."""

import re
from collections.abc import Iterable

from pyoxigraph import NamedNode, Triple

from kg.terms import Term
from kg.vocabulary import (
    ALT_LABEL,
    ARTICLE,
    BACKGROUND,
    CLAIM,
    ID,
    INFERRED_GRAPH,
    ONTOLOGY_GRAPH,
    RDF,
    RDF_TYPE,
    RDFS_LABEL,
)

Key = tuple[int, str, str]

DATASET = "https://w3id.org/entente/dataset"
_SUBJECTS = (DATASET, ID, ARTICLE, BACKGROUND, INFERRED_GRAPH, ONTOLOGY_GRAPH, CLAIM)
_PREDICATES = (RDF_TYPE, RDFS_LABEL, ALT_LABEL, RDF + "subject", RDF + "predicate", RDF + "object")


def subject(term: Term) -> Key:
    """The dataset, things, articles with their passages, background, claims, the rest; `unit-2` before `unit-10`."""
    text = term.value if isinstance(term, NamedNode) else str(term)
    rank = next((i for i, start in enumerate(_SUBJECTS) if text.startswith(start)), len(_SUBJECTS))
    return rank, re.sub(r"[0-9]+", lambda m: m[0].zfill(8), text), text


def predicate(term: NamedNode) -> Key:
    """Types, then labels, then the parts of a claim as they are read, then the rest by IRI."""
    rank = _PREDICATES.index(term.value) if term.value in _PREDICATES else len(_PREDICATES)
    return rank, "", term.value


def by_subject(triples: Iterable[Triple]) -> dict[Term, dict[NamedNode, list[Term]]]:
    """The objects of each predicate of each subject, all in order and each once."""
    grouped: dict[Term, dict[NamedNode, dict[Term, None]]] = {}
    for t in triples:
        grouped.setdefault(t.subject, {}).setdefault(t.predicate, {})[t.object] = None
    predicates = sorted({p for values in grouped.values() for p in values}, key=predicate)
    rank = {p: n for n, p in enumerate(predicates)}
    return {
        s: {p: _ordered(grouped[s][p]) for p in sorted(grouped[s], key=rank.__getitem__)}
        for s in sorted(grouped, key=subject)
    }


def _ordered(terms: Iterable[Term]) -> list[Term]:
    found = list(terms)
    return sorted(found, key=str) if len(found) > 1 else found
