"""What OWL 2 RL allows where, and which axioms of a graph lie outside, so that no rule would heed them.

The grammar is that of W3C OWL 2 Profiles §4.2: what may be said of a class depends on the side of the axiom on which
it stands. `uncovered` asks it of any graph, `kg.validation.ontology` of an ontology whose statements have places in
files.
"""

from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from typing import Generic, NamedTuple, Protocol, TypeVar

from pyoxigraph import BlankNode, Triple

from kg.rdf.namespaces import OWL, RDF, RDF_TYPE, RDFS, compact
from kg.rdf.terms import Term, cells

SUB, SUPER, EQUIVALENT, FILLER = "a subclass", "a superclass", "an equivalence", "a filler"
LISTS = frozenset({OWL + "intersectionOf", OWL + "unionOf"})
MAXIMA = frozenset({OWL + "maxCardinality", OWL + "maxQualifiedCardinality"})

# What may stand in which position, and the position of its parts (§4.2.3); None: it has no parts that are classes.
ALLOWED: dict[str, dict[str, str | None]] = {
    SUB: {"intersectionOf": SUB, "unionOf": SUB, "oneOf": None, "someValuesFrom": FILLER, "hasValue": None},
    SUPER: {
        "intersectionOf": SUPER,
        "complementOf": SUB,
        "allValuesFrom": SUPER,
        "hasValue": None,
        "maxCardinality": None,
        "maxQualifiedCardinality": None,
    },
    EQUIVALENT: {"intersectionOf": EQUIVALENT, "hasValue": None},
}
ALLOWED[FILLER] = ALLOWED[SUB]
_BEYOND = ("cardinality", "minCardinality", "qualifiedCardinality", "minQualifiedCardinality", "hasSelf")
CONSTRUCTORS = tuple(dict.fromkeys(OWL + name for name in chain(*ALLOWED.values(), _BEYOND)))

# Where the classes of an axiom stand: at its subject, at its object (§4.2.5).
AXIOMS: dict[str, tuple[str | None, str]] = {
    RDFS + "subClassOf": (SUB, SUPER),
    OWL + "equivalentClass": (EQUIVALENT, EQUIVALENT),
    OWL + "disjointWith": (SUB, SUB),
    RDFS + "domain": (None, SUPER),
    RDFS + "range": (None, SUPER),
    OWL + "onClass": (None, FILLER),
    OWL + "hasKey": (SUB, SUB),
}
NEVER = frozenset({OWL + "disjointUnionOf", OWL + "ReflexiveProperty"})

_LITERALS = frozenset(OWL + x for x in ("datatypeComplementOf", "withRestrictions", "onProperties"))


class _Statement(Protocol):  # its predicate is the IRI
    @property
    def subject(self) -> Term: ...
    @property
    def predicate(self) -> str: ...
    @property
    def object(self) -> Term: ...


S = TypeVar("S", bound=_Statement)


class Place(NamedTuple, Generic[S]):
    """A class expression: its node, the position in which it stands, and the statement that puts it there."""

    node: Term
    position: str
    statement: S


def starts(s: S) -> Iterator[Place[S]]:
    """The class expressions of an axiom."""
    if s.predicate in AXIOMS:
        left, right = AXIOMS[s.predicate]
        if left:
            yield Place(s.subject, left, s)
        yield Place(s.object, right, s)
    elif s.predicate == RDF_TYPE and isinstance(s.object, BlankNode):
        yield Place(s.object, SUPER, s)


def places(
    start: Iterable[Place[S]],
    about: Callable[[Term], Iterable[S]],
    members: Callable[[Term], Iterable[S]],
    is_whole: Callable[[Place[S]], bool] = lambda place: False,
) -> Iterator[Place[S]]:
    """All class expressions from some on, each with those within it; unnamed ones once for each position.

    `about` gives the statements about a node, `members` the `rdf:first` statements of a list. What `is_whole` is not
    looked into, nor what stands where the grammar has no room for it.
    """
    queue, seen = list(start), set[tuple[Term, str]]()
    for place in queue:  # it grows while it is read: expressions stand in expressions
        node, position, _ = place
        if (node, position) in seen:
            continue
        if isinstance(node, BlankNode):
            seen.add((node, position))
            if not is_whole(place):
                fitting = (s for s in about(node) if s.predicate in CONSTRUCTORS and not breach(s, position))
                queue += [part for s in fitting for part in parts(s, position, members)]
        yield place


def breach(s: _Statement, position: str) -> str:
    """Why a constructor cannot be used in a position; empty where it can."""
    if s.predicate.removeprefix(OWL) not in ALLOWED[position]:
        return f"{compact(s.predicate)} in {position} is outside OWL 2 RL"
    number = str(getattr(s.object, "value", "")).lstrip("+0") or "0"
    if s.predicate in MAXIMA and number not in ("0", "1"):
        return f"{compact(s.predicate)} {number} is outside OWL 2 RL, which knows 0 and 1"
    return ""


def parts(s: S, position: str, members: Callable[[Term], Iterable[S]]) -> list[Place[S]]:
    """The class expressions within one that a constructor makes in a position."""
    inner = ALLOWED[position][s.predicate.removeprefix(OWL)]
    if inner is None:
        return []
    return [Place(part.object, inner, part) for part in (members(s.object) if s.predicate in LISTS else [s])]


class _Told(NamedTuple):
    subject: Term
    predicate: str
    object: Term


def outside_profile(triples: Iterable[Triple]) -> list[str]:
    """What is wrong with each axiom outside the profile, in plain words; empty where all are covered."""
    found, start = list[str](), list[Place[_Told]]()
    unnamed: dict[Term, list[_Told]] = {}
    for t in triples:
        told = _Told(t.subject, t.predicate.value, t.object)
        if told.predicate.startswith((OWL, RDF, RDFS)):
            found += _never(told)
            start += starts(told)
            if isinstance(t.subject, BlankNode):
                unnamed.setdefault(t.subject, []).append(told)

    def about(node: Term, *predicates: str) -> Iterator[_Told]:
        return (s for s in unnamed.get(node, ()) if s.predicate in (predicates or CONSTRUCTORS))

    def members(head: Term) -> Iterator[_Told]:
        for cell in cells(head, lambda cell: next((s.object for s in about(cell, RDF + "rest")), None)):
            yield from about(cell, RDF + "first")

    for place in places(start, about, members):
        found += filter(None, (breach(s, place.position) for s in about(place.node)))
    return found


def _never(s: _Statement) -> Iterator[str]:
    """What is outside the profile wherever it stands."""
    term = getattr(s.object, "value", "") if s.predicate == RDF_TYPE else s.predicate
    named = not isinstance(s.subject, BlankNode) and s.predicate.removeprefix(OWL) in _BEYOND
    if term in NEVER or s.predicate in _LITERALS or named:
        yield f"{compact(term)} is outside OWL 2 RL"
