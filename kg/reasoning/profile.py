"""The OWL 2 RL profile: which class expressions it allows where, and which axioms of a graph lie outside of it.

The grammar is that of W3C OWL 2 Profiles §4.2: what a class expression may be depends on its position, that is, on the
side of the axiom on which it stands. `outside_profile` checks any graph; the rest serves checks that know more of their
statements, such as places in files.
"""

from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from typing import Generic, NamedTuple, Protocol, TypeVar

from pyoxigraph import BlankNode, Triple

from kg.rdf.namespaces import OWL, RDF, RDF_TYPE, RDFS, compact
from kg.rdf.terms import Term, cells

SUB, SUPER, EQUIVALENT, FILLER = "a subclass", "a superclass", "an equivalence", "a filler"
_WITH_LISTS = frozenset({OWL + "intersectionOf", OWL + "unionOf"})
MAXIMA = frozenset({OWL + "maxCardinality", OWL + "maxQualifiedCardinality"})

# The constructors that each position allows, with the position of their operands (§4.2.3), None where these are no
# class expressions.
_ALLOWED: dict[str, dict[str, str | None]] = {
    SUB: {"intersectionOf": SUB, "unionOf": SUB, "oneOf": None, "someValuesFrom": FILLER, "hasValue": None},
    SUPER: {"intersectionOf": SUPER, "complementOf": SUB, "allValuesFrom": SUPER}
    | dict.fromkeys(("hasValue", "maxCardinality", "maxQualifiedCardinality")),
    EQUIVALENT: {"intersectionOf": EQUIVALENT, "hasValue": None},
}
_ALLOWED[FILLER] = _ALLOWED[SUB]
_NOWHERE = ("cardinality", "minCardinality", "qualifiedCardinality", "minQualifiedCardinality", "hasSelf")
CONSTRUCTORS = tuple(dict.fromkeys(OWL + name for name in chain(*_ALLOWED.values(), _NOWHERE)))

# The positions of the subject and of the object of an axiom (§4.2.5).
_AXIOMS: dict[str, tuple[str | None, str]] = {
    RDFS + "subClassOf": (SUB, SUPER),
    OWL + "equivalentClass": (EQUIVALENT, EQUIVALENT),
    OWL + "disjointWith": (SUB, SUB),
    RDFS + "domain": (None, SUPER),
    RDFS + "range": (None, SUPER),
    OWL + "onClass": (None, FILLER),
    OWL + "hasKey": (SUB, SUB),
}
NEVER = frozenset({OWL + "disjointUnionOf", OWL + "ReflexiveProperty"})
_DATA_RANGES = frozenset(OWL + x for x in ("datatypeComplementOf", "withRestrictions", "onProperties"))


class _Statement(Protocol):  # the predicate is an IRI as text
    @property
    def subject(self) -> Term: ...
    @property
    def predicate(self) -> str: ...
    @property
    def object(self) -> Term: ...


S = TypeVar("S", bound=_Statement)


class ClassExpression(NamedTuple, Generic[S]):
    """A class expression: its node, its position, and the statement that puts it there."""

    node: Term
    position: str
    statement: S


def of_axiom(s: S) -> Iterator[ClassExpression[S]]:
    """The class expressions that are subject or object of an axiom."""
    if s.predicate in _AXIOMS:
        left, right = _AXIOMS[s.predicate]
        if left:
            yield ClassExpression(s.subject, left, s)
        yield ClassExpression(s.object, right, s)
    elif s.predicate == RDF_TYPE and isinstance(s.object, BlankNode):
        yield ClassExpression(s.object, SUPER, s)


def with_nested(
    expressions: Iterable[ClassExpression[S]],
    about: Callable[[Term], Iterable[S]],
    members: Callable[[Term], Iterable[S]],
    is_atomic: Callable[[ClassExpression[S]], bool] = lambda expression: False,
) -> Iterator[ClassExpression[S]]:
    """Class expressions and all that are nested in them, each blank node once for each position.

    `about` gives the statements about a node, `members` the `rdf:first` statements of a list. Not entered are those for
    which `is_atomic` is true, and operands of constructors outside of the profile.
    """
    queue, seen = list(expressions), set[tuple[Term, str]]()
    for expression in queue:  # which grows meanwhile
        node, position, _ = expression
        if (node, position) in seen:
            continue
        if isinstance(node, BlankNode):
            seen.add((node, position))
            if not is_atomic(expression):
                allowed = (s for s in about(node) if s.predicate in CONSTRUCTORS and not why_outside(s, position))
                queue += [operand for s in allowed for operand in operands(s, position, members)]
        yield expression


def why_outside(s: _Statement, position: str) -> str:
    """Why a constructor is not allowed in a position; empty if it is."""
    if s.predicate.removeprefix(OWL) not in _ALLOWED[position]:
        return f"{compact(s.predicate)} in {position} is outside OWL 2 RL"
    number = str(getattr(s.object, "value", "")).lstrip("+0") or "0"
    if s.predicate in MAXIMA and number not in ("0", "1"):
        return f"{compact(s.predicate)} {number} is outside OWL 2 RL, which allows 0 and 1"
    return ""


def operands(s: S, position: str, members: Callable[[Term], Iterable[S]]) -> list[ClassExpression[S]]:
    """The class expressions to which a constructor in a position is applied."""
    inner = _ALLOWED[position][s.predicate.removeprefix(OWL)]
    if inner is None:
        return []
    return [ClassExpression(x.object, inner, x) for x in (members(s.object) if s.predicate in _WITH_LISTS else [s])]


class _PlainStatement(NamedTuple):
    subject: Term
    predicate: str
    object: Term


def outside_profile(triples: Iterable[Triple]) -> list[str]:
    """A message for each axiom, or part of one, that is outside of the profile."""
    found, expressions = list[str](), list[ClassExpression[_PlainStatement]]()
    unnamed: dict[Term, list[_PlainStatement]] = {}
    for t in triples:
        s = _PlainStatement(t.subject, t.predicate.value, t.object)
        if s.predicate.startswith((OWL, RDF, RDFS)):
            found += _outside_anywhere(s)
            expressions += of_axiom(s)
            if isinstance(t.subject, BlankNode):
                unnamed.setdefault(t.subject, []).append(s)

    def about(node: Term, *predicates: str) -> Iterator[_PlainStatement]:
        return (s for s in unnamed.get(node, ()) if s.predicate in (predicates or CONSTRUCTORS))

    def members(head: Term) -> Iterator[_PlainStatement]:
        for cell in cells(head, lambda cell: next((s.object for s in about(cell, RDF + "rest")), None)):
            yield from about(cell, RDF + "first")

    for expression in with_nested(expressions, about, members):
        found += filter(None, (why_outside(s, expression.position) for s in about(expression.node)))
    return found


def _outside_anywhere(s: _Statement) -> Iterator[str]:
    term = getattr(s.object, "value", "") if s.predicate == RDF_TYPE else s.predicate
    named = not isinstance(s.subject, BlankNode) and s.predicate.removeprefix(OWL) in _NOWHERE
    if term in NEVER or s.predicate in _DATA_RANGES or named:
        yield f"{compact(term)} is outside OWL 2 RL"
