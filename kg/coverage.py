"""What OWL 2 RL allows where, and which axioms of a graph lie outside, so that no rule would heed them.

The grammar is that of W3C OWL 2 Profiles §4.2: what may be said of a class depends on the side of the axiom on which
it stands. `kg.profile` tells an author where in a file such an axiom stands; here any graph is asked.
"""

from collections.abc import Iterable, Iterator
from itertools import chain

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from kg.vocabulary import OWL, RDF, RDF_TYPE, RDFS, compact

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
_Term = NamedNode | BlankNode | Literal | Triple


def uncovered(triples: Iterable[Triple]) -> list[str]:
    """What is wrong with each axiom outside the rules, in plain words; empty where all are covered."""
    graph = _Classes(triples)
    return [*graph.never, *graph.told()]


class _Classes:
    """The statements of a graph that make up class expressions, and where expressions start."""

    def __init__(self, triples: Iterable[Triple]) -> None:
        self.never: list[str] = []
        self.starts: list[tuple[_Term, str]] = []
        self._about: dict[_Term, list[Triple]] = {}
        for t in triples:
            if t.predicate.value.startswith((OWL, RDF, RDFS)):
                self._read(t)

    def _read(self, t: Triple) -> None:
        verb, value = t.predicate.value, getattr(t.object, "value", "")
        if verb in NEVER | _LITERALS or (verb == RDF_TYPE and value in NEVER):
            self.never.append(f"{compact(value if verb == RDF_TYPE else verb)} is outside OWL 2 RL")
        if isinstance(t.subject, BlankNode):
            self._about.setdefault(t.subject, []).append(t)
        elif verb in CONSTRUCTORS and verb.removeprefix(OWL) in _BEYOND:
            self.never.append(f"{compact(verb)} is outside OWL 2 RL")
        if verb in AXIOMS:
            left, right = AXIOMS[verb]
            self.starts += [(t.subject, left)] if left else []
            self.starts.append((t.object, right))
        elif verb == RDF_TYPE:
            self.starts.append((t.object, SUPER))

    def told(self) -> Iterator[str]:
        """What no rule heeds in the class expressions that have no name, and in their parts."""
        seen: set[tuple[_Term, str]] = set()
        left = [*reversed(self.starts)]
        while left:
            node, position = left.pop()
            if (node, position) not in seen and isinstance(node, BlankNode):
                seen.add((node, position))
                parts: list[tuple[_Term, str]] = []
                yield from self._told(node, position, parts)
                left += reversed(parts)

    def _told(self, node: BlankNode, position: str, parts: list[tuple[_Term, str]]) -> Iterator[str]:
        for t in self._about.get(node, ()):
            verb, name = t.predicate.value, t.predicate.value.removeprefix(OWL)
            if verb not in CONSTRUCTORS:
                continue
            number = str(getattr(t.object, "value", "")).lstrip("+0") or "0"
            if name not in ALLOWED[position]:
                yield f"{compact(verb)} in {position} is outside OWL 2 RL"
            elif verb in MAXIMA and number not in ("0", "1"):
                yield f"{compact(verb)} {number} is outside OWL 2 RL, which knows 0 and 1"
            elif inner := ALLOWED[position][name]:
                parts += [(part, inner) for part in (self._members(t.object) if verb in LISTS else (t.object,))]

    def _members(self, head: _Term) -> Iterator[_Term]:
        seen: set[_Term] = set()
        while head not in seen:
            seen.add(head)
            cell = {t.predicate.value: t.object for t in self._about.get(head, ())}
            if RDF + "first" in cell:
                yield cell[RDF + "first"]
            head = cell.get(RDF + "rest", head)
