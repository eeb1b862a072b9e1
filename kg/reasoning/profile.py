"""The OWL 2 RL profile: which class expressions it allows where, and what in a graph lies outside of it.

The grammar is that of W3C OWL 2 Profiles §4.2: what a class expression may be depends on its position, that is, on the
side of the axiom on which it stands. Axioms and expressions are read from RDF as in W3C OWL 2 Mapping to RDF Graphs
§3.2: expressions are blank nodes, and `:C owl:unionOf ( … )` says that :C is equivalent to the union. `outside_profile`
checks statements of any kind, such as those that know their places in files. Not listed is `?x a owl:Thing`, which says
nothing, and what OWL 2 requires beyond its grammar, such as simple properties.
"""

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any, Generic, NamedTuple, Protocol, TypeVar

from pyoxigraph import BlankNode, NamedNode

from kg.rdf.namespaces import OWL, RDF, RDF_TYPE, RDFS, XSD, compact
from kg.rdf.terms import Term, cells, iri
from kg.rdf.values import DATATYPES

_SUB, _SUPER, _EQUIVALENT, _FILLER = "a subclass", "a superclass", "an equivalence", "a filler"
_DATA, _NAMED = "a range of literals", "the description of a named term"
_LISTS = frozenset({"intersectionOf", "unionOf"})
MAXIMA = frozenset({OWL + "maxCardinality", OWL + "maxQualifiedCardinality"})

# The constructors that each position allows, with the position of their operands (§4.2.3 and §4.2.4), None where these
# are no class expressions.
_ALLOWED: dict[str, dict[str, str | None]] = {
    _SUB: {"intersectionOf": _SUB, "unionOf": _SUB, "oneOf": None, "someValuesFrom": _FILLER, "hasValue": None},
    _SUPER: {"intersectionOf": _SUPER, "complementOf": _SUB, "allValuesFrom": _SUPER}
    | dict.fromkeys(("hasValue", "maxCardinality", "maxQualifiedCardinality")),
    _EQUIVALENT: {"intersectionOf": _EQUIVALENT, "hasValue": None},
    _NAMED: {"intersectionOf": _EQUIVALENT},
    _DATA: {"intersectionOf": _DATA},
}
_ALLOWED[_FILLER] = _ALLOWED[_SUB]
_NOWHERE = (
    *("cardinality", "minCardinality", "qualifiedCardinality", "minQualifiedCardinality"),
    *("hasSelf", "onProperties", "datatypeComplementOf", "withRestrictions"),
)
_CONSTRUCTORS = tuple(dict.fromkeys(OWL + name for name in chain(*_ALLOWED.values(), _NOWHERE)))
_PARTS = {*_CONSTRUCTORS, *(OWL + name for name in ("onProperty", "onClass", "onDataRange", "onDatatype"))}

# The positions of the subject and of the object of an axiom (§4.2.5).
_AXIOMS: dict[str, tuple[str | None, str | None]] = {
    RDFS + "subClassOf": (_SUB, _SUPER),
    OWL + "equivalentClass": (_EQUIVALENT, _EQUIVALENT),
    OWL + "disjointWith": (_SUB, _SUB),
    RDFS + "domain": (None, _SUPER),
    RDFS + "range": (None, _SUPER),
    OWL + "hasKey": (_SUB, None),
}
_SWRL = "http://www.w3.org/2003/11/swrl#"
_NEVER = frozenset({OWL + "disjointUnionOf", OWL + "ReflexiveProperty", _SWRL + "Imp"})
# The properties of everything and of nothing (§4.2.1), and the datatypes of OWL 2 that are none of OWL 2 RL.
_PROPERTIES = frozenset(OWL + side + kind + "Property" for side in ("top", "bottom") for kind in ("Object", "Data"))
_NUMBERS = frozenset({OWL + "real", OWL + "rational"})
# Predicates of assertions, and of annotations, which no rule reads.
_OF_INDIVIDUALS = frozenset({OWL + "sameAs", OWL + "differentFrom"})
ANNOTATIONS = (RDFS + "label", RDFS + "comment", RDFS + "isDefinedBy", RDFS + "seeAlso", OWL + "version")
# The types of terms on which the position of an expression depends.
_KINDS = frozenset(OWL + name for name in ("DataRange", "DatatypeProperty", "AllDisjointClasses", "Restriction"))
_KINDS |= {RDFS + "Datatype"}

_SHAPE = "write a shape for what facts must look like: OWL infers"


class _Statement(Protocol):  # the predicate is an IRI as text
    @property
    def subject(self) -> Term: ...
    @property
    def predicate(self) -> str: ...
    @property
    def object(self) -> Term: ...


S = TypeVar("S", bound=_Statement)


class Outside(NamedTuple, Generic[S]):
    """One thing outside of the profile: what and why, the statement and the term at fault, and the next step.

    `statements` has the whole axiom: one statement, and the descriptions of the blank nodes and of the name in it.
    """

    message: str
    at: S
    term: Term
    hint: str
    statements: tuple[S, ...]


class _Expression(NamedTuple, Generic[S]):
    """A class expression: its node, its position, the statement that puts it there, and that of the whole axiom."""

    node: Term
    position: str
    statement: S
    axiom: S


def beginnings(term: str, *, is_class: bool) -> tuple[str, ...]:
    """How subject or object begin, in N-Triples, in each statement that matters here, of a class or of a property.

    Empty where none does, which is for many statements about individuals.
    """
    if is_class:
        whole = term in _NEVER | _KINDS or term.startswith("_")
        return ("",) if whole else ("_",) if term.startswith((OWL, RDFS, _SWRL)) else ()
    if term.startswith((OWL, XSD, _SWRL)):
        return () if term in _OF_INDIVIDUALS or term.startswith(ANNOTATIONS) else ("",)
    is_axiom = term.startswith((RDFS, RDF)) and not term.startswith(ANNOTATIONS)
    return ("_", *(f"<{name}" for name in (OWL, XSD, RDFS))) if is_axiom else ()


def outside_profile(statements: Iterable[S]) -> list[Outside[S]]:
    """All that lies outside of the profile, axioms as wholes first; statements that are no axioms do not matter."""
    graph = _Axioms(statements)
    found = [outside for s in graph.statements for outside in graph.alone(s)]
    return found + [outside for expression in graph.expressions() for outside in graph.faults(expression)]


class _Axioms(Generic[S]):
    """Statements in their order, by subject."""

    def __init__(self, statements: Iterable[S]) -> None:
        self.statements = list(statements)
        self._about: dict[Term, list[S]] = {}
        for s in self.statements:
            self._about.setdefault(s.subject, []).append(s)
        self._whole: dict[int, tuple[S, ...]] = {}

    def _values(self, node: Any, *predicates: str) -> list[S]:
        return [s for s in self._about.get(node, ()) if s.predicate in predicates]

    def _is_a(self, node: Any, *kinds: str) -> bool:
        return any(iri(s.object) in kinds for s in self._values(node, RDF_TYPE))

    def _members(self, head: Term) -> Iterator[S]:
        """The statements that give the members of a list."""
        for cell in cells(head, lambda cell: next((s.object for s in self._values(cell, RDF + "rest")), None)):
            yield from self._values(cell, RDF + "first")[:1]

    def _axiom(self, axiom: S) -> tuple[S, ...]:
        """All statements of an axiom: that one, those about the blank nodes in it, and what describes a named term."""
        if id(axiom) not in self._whole:
            found, queue = {id(axiom): axiom}, [axiom.subject, axiom.object]
            seen = set(queue)
            for node in queue:  # which grows meanwhile
                for s in self._about.get(node, ()):
                    if isinstance(node, BlankNode) or (axiom.predicate in _CONSTRUCTORS and _is_part(s)):
                        found[id(s)] = s
                        queue += {s.object} - seen
                        seen.add(s.object)
            self._whole[id(axiom)] = tuple(found.values())
        return self._whole[id(axiom)]

    def _outside(self, message: str, at: S, term: Term, axiom: S, hint: str = _SHAPE) -> Outside[S]:
        return Outside(message, at, term, hint, self._axiom(axiom))

    def alone(self, s: S) -> Iterator[Outside[S]]:
        """What is outside of the profile wherever it stands: axioms of other kinds, and properties of everything."""
        if (name := iri(s.object) if s.predicate == RDF_TYPE else s.predicate) in _NEVER:
            yield self._outside(f"{compact(name)} is outside OWL 2 RL", s, s.object, s)
        elif s.predicate != RDF_TYPE:
            for term in (s.subject, s.object):
                if iri(term) in _PROPERTIES:
                    yield self._outside(f"{compact(iri(term))} is outside OWL 2 RL", s, term, s, "remove the axiom")

    def expressions(self) -> Iterator[_Expression[S]]:
        """All class expressions in axioms, each blank node once for each position; see `faults` for what is entered."""
        queue, seen = [e for s in self.statements for e in self._of_axiom(s)], set[tuple[Term, str]]()
        for expression in queue:  # which grows meanwhile
            node, position, *_ = expression
            if position != _NAMED and self._is_data(expression):
                expression, position = expression._replace(position=_DATA), _DATA
            if isinstance(node, BlankNode) or position == _NAMED:
                if (node, position) in seen:
                    continue
                seen.add((node, position))
                queue += self._operands(expression)
            yield expression

    def _of_axiom(self, s: S) -> Iterator[_Expression[S]]:
        """The class expressions that are subject or object of an axiom, or members of its list."""
        if s.predicate in _AXIOMS:
            positions = zip((s.subject, s.object), _AXIOMS[s.predicate], strict=True)
            yield from (_Expression(node, position, s, s) for node, position in positions if position)
        elif s.predicate == RDF_TYPE and isinstance(s.object, BlankNode):
            yield _Expression(s.object, _SUPER, s, s)
        elif s.predicate in _CONSTRUCTORS and isinstance(s.subject, NamedNode):
            yield _Expression(s.subject, _NAMED, s, s)
        elif s.predicate == OWL + "members" and self._is_a(s.subject, OWL + "AllDisjointClasses"):
            yield from (_Expression(m.object, _SUB, m, s) for m in self._members(s.object))

    def _operands(self, expression: _Expression[S]) -> Iterator[_Expression[S]]:
        """The class expressions to which the constructors of an expression are applied, as far as these are allowed."""
        node, position, _, axiom = expression
        for s in self._values(node, *_CONSTRUCTORS):
            name, parts, inner = s.predicate.removeprefix(OWL), [s], None
            if name == "maxQualifiedCardinality":
                parts, inner = self._values(node, OWL + "onClass", OWL + "onDataRange"), _FILLER
            elif not _why_outside(s, position):
                parts, inner = [*self._members(s.object)] if name in _LISTS else [s], _ALLOWED[position][name]
            yield from (_Expression(part.object, inner, part, axiom) for part in parts if inner)

    def _is_data(self, expression: _Expression[S]) -> bool:
        """Whether an expression is about literals: by its own name or kind, or by the property that leads to it."""
        node, _, s, *_ = expression
        if iri(node).startswith(XSD) or iri(node) in DATATYPES | _NUMBERS or s.predicate == OWL + "onDataRange":
            return True
        leading = [s.subject] if s.predicate == RDFS + "range" else []
        if s.predicate in (OWL + "someValuesFrom", OWL + "allValuesFrom") and s.object == node:
            leading = [x.object for x in self._values(s.subject, OWL + "onProperty")]
        return self._is_a(node, RDFS + "Datatype", OWL + "DataRange") or any(
            self._is_a(p, OWL + "DatatypeProperty") for p in leading
        )

    def faults(self, expression: _Expression[S]) -> Iterator[Outside[S]]:
        """What of an expression its position does not allow."""
        node, position, statement, axiom = expression
        name = iri(node)
        if isinstance(node, BlankNode) or position == _NAMED:
            for s in self._values(node, *_CONSTRUCTORS):
                if why := _why_outside(s, position):
                    yield self._outside(why, s, s.object, axiom)
        elif position == _DATA and (name in _NUMBERS or (name.startswith(XSD) and name not in DATATYPES)):
            hint = "remove the range; a shape can require the datatype"
            yield self._outside(f"{compact(name)} is no datatype of OWL 2 RL", statement, node, axiom, hint)
        elif name == OWL + "Thing" and position != _FILLER:
            why = f"owl:Thing as {position} is outside OWL 2 RL" + (", and says nothing" if position == _SUPER else "")
            yield self._outside(why, statement, node, axiom, "remove the axiom")


def _is_part(s: _Statement) -> bool:
    """Whether a statement about a named term describes it as a class expression."""
    return s.predicate in _PARTS or iri(s.object) == OWL + "Restriction"


def _why_outside(s: _Statement, position: str) -> str:
    """Why a constructor is not allowed in a position; empty if it is."""
    if s.predicate.removeprefix(OWL) not in _ALLOWED[position]:
        return f"{compact(s.predicate)} in {position} is outside OWL 2 RL"
    number = str(getattr(s.object, "value", "")).lstrip("+0") or "0"
    if s.predicate in MAXIMA and number not in ("0", "1"):
        return f"{compact(s.predicate)} {number} is outside OWL 2 RL, which allows 0 and 1"
    return ""
