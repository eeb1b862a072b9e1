"""Narrows a validation to suspects: the focus nodes and reported passages with which pyshifty finds fault.

pyshacl judges and words these alone, so that the results are its own, in a fraction of its time. pyshifty may suspect
too many, never too few: shapes of which that is not known are not for it (`shapes_core`).

Asserted facts and all reported passages are validated in one run. What a passage says and what is needed to validate
that are added with other names, so that passages neither meet each other nor the facts. A passage for which names
matter stays with pyshacl.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from kg.dataset.statements import ANY, Statements
from kg.errors import LimitError
from kg.rdf.namespaces import RDF_TYPE, RDFS, SH, XSD
from kg.rdf.terms import Term, iri, n_quads, parsed
from kg.validation import pyshifty
from kg.validation.shapes_core import ill_formed
from kg.validation.shapes_graph import ShapeDependencies, ShapesGraph
from kg.workers import piped

_STRINGS = frozenset(SH + name for name in ("pattern", "minLength", "maxLength"))  # they look at IRIs as texts
_CLASS_OR_ESCAPE = re.compile(r"(\\.|\[[^\]]*\])|\.")
_SUBJECT, _OBJECT = NamedNode("x:subject"), NamedNode("x:object")
_CODE = "from kg.validation import pyshifty; pyshifty.answer()"
_ILL_FORMED = "urn:entente:ill-formed:"
_OWN_NAMES = "cannot tell its own names <urn:entente:…> from those of the facts"
_COPY = "urn:entente:copy:"
_SECONDS, _PER_SECOND = 20, 2_000  # that it may take, and triples for which it may take one more
_MEGABYTES, _PER_MEGABYTE = 500, 300  # that it may need, and triples for which it may need one more


class Suspects(NamedTuple):
    """The focus nodes of the asserted facts, and which of the passages, that pyshacl has to judge."""

    nodes: set[Term]
    passages: list[bool]


class Passage(NamedTuple):
    """A reported passage: the subjects of what it says, which are judged, and all that holds by its word."""

    subjects: frozenset[Term]
    said: list[Triple]


def is_there() -> bool:
    """Whether pyshifty is installed."""
    from importlib.util import find_spec

    return find_spec("shifty") is not None


def start(
    shapes: ShapesGraph,
    dependencies: ShapeDependencies,
    ontology: Iterable[Triple],
    asserted: Iterable[Triple],
    statements: Statements,
    passages: Sequence[Passage],
) -> Callable[[], Suspects]:
    """Start to look for suspects among `asserted` facts, of which `statements` are an index, and reported passages.

    The result waits for them, and raises LimitError where pyshifty fails; so does this where it
    would not read the facts.
    """
    ontology = list(ontology)
    facts = written([*ontology, *asserted], dependencies)
    if _COPY in facts:
        raise LimitError(_OWN_NAMES)
    renamed, apart, copies = _Renamed(shapes, dependencies, ontology), [False] * len(passages), list[Triple]()
    for number, passage in enumerate(passages):
        needed = dependencies.needed(statements, passage.subjects, passage.said)
        found = renamed.triples(number, dict.fromkeys([*needed, *passage.said]), passage)
        apart[number] = found is None
        copies += found or ()
    text = facts + written(copies, dependencies)
    rules, size = written_shapes(shapes), text.count("\n")
    seconds, memory = _SECONDS + size // _PER_SECOND, _MEGABYTES + size // _PER_MEGABYTE
    result = piped.start(_CODE, b"%d\n%b%b" % (len(rules), rules, text.encode()), seconds, memory)

    def suspects() -> Suspects:
        nodes, named = set[Term](), list(apart)
        for line, node in _nodes(result()):
            if node in renamed.passages:
                if (number := renamed.passages[node]) is not None:
                    named[number] = True
            elif isinstance(node, NamedNode) or f" {line} .\n" in text or f"\n{line} " in f"\n{text}":
                nodes.add(node)
            else:
                raise LimitError("named a node that is not there", rule="crash")
        return Suspects(nodes, named)

    return suspects


def written(data: Iterable[Triple], dependencies: ShapeDependencies) -> str:
    """The triples that shapes look at, as N-Triples. Raises LimitError for triple terms."""
    seen = {step.predicate for step in dependencies.steps} | {RDF_TYPE, RDFS + "subClassOf"}
    return n_quads(dict.fromkeys(_readable(t) for t in data if t.predicate.value in seen or ANY in seen))


def written_shapes(shapes: ShapesGraph) -> bytes:
    """The shapes as N-Triples, as pyshifty is given them."""
    return n_quads(_given(t) for _, t in shapes.statements).encode()


def _nodes(output: bytes) -> Iterator[tuple[str, Term]]:
    """The terms of an answer, each with its line. Raises LimitError where it is not whole, or none."""
    *lines, last = output.decode("utf-8", "replace").split("\n")
    if last != f"{pyshifty.END} {len(lines)}":
        raise LimitError("gave no whole answer", rule="crash")
    try:
        yield from zip(lines, read(lines), strict=True)
    except (SyntaxError, ValueError) as error:
        raise LimitError("gave no whole answer", rule="crash") from error


def read(lines: Iterable[str]) -> Iterator[Term]:
    """The terms of the data in lines of N-Triples, as pyshifty names them. Raises SyntaxError for what is none."""
    for t in parsed("".join(f"<x:x> <x:x> {line} .\n" for line in lines)):
        term = t.object
        if isinstance(term, Literal) and term.datatype.value.startswith(_ILL_FORMED):
            term = Literal(term.value, datatype=NamedNode(term.datatype.value.removeprefix(_ILL_FORMED)))
        yield term


class _Renamed:
    """Copies of what is needed to validate passages, in which all nodes but constants have names of the passage."""

    def __init__(self, shapes: ShapesGraph, dependencies: ShapeDependencies, ontology: Sequence[Triple]) -> None:
        written = (t for _, t in shapes.statements)
        self._constants = {x for part in (written, ontology) for t in part for x in t if isinstance(x, NamedNode)}
        self._against = {step.predicate for step in dependencies.steps if step.inverse}
        self._texts, self._targets = set[str](), set[tuple[str, Term]]()
        below: dict[Term, list[Term]] = {}
        for t in ontology:
            if t.predicate.value == RDFS + "subClassOf":
                below.setdefault(t.object, []).append(t.subject)
        for shape, ends in dependencies.ends(_STRINGS).items():
            self._texts |= {step.predicate for step in ends if step}
            if any(not step or step.inverse or step.repeated for step in ends):
                self._targets |= set(_targets(shapes, shape, below))
        # By copied node, the passage that it is a subject of; None for one that is only needed to validate others.
        self.passages: dict[Term, int | None] = {}

    def triples(self, number: int, triples: Iterable[Triple], passage: Passage) -> list[Triple] | None:
        """The copies of some triples; None where the names matter, or a constant is said to be something else."""
        if not self._constants.isdisjoint(t.subject for t in passage.said):
            return None
        names: dict[Term, Term] = {}
        found: list[Triple] = []
        for t in triples:
            name = t.predicate.value
            subject, value = self._name(number, names, t.subject), self._name(number, names, t.object)
            is_copy = value != t.object
            if subject == t.subject:
                if is_copy:
                    return None
                continue  # it is among the facts
            if not is_copy and isinstance(value, NamedNode) and name in self._against:
                return None
            if is_copy and isinstance(value, NamedNode) and name in self._texts:
                return None
            if not self._targets.isdisjoint([(name, _SUBJECT), (name, _OBJECT), (RDF_TYPE, value)]):
                return None
            found.append(Triple(subject, t.predicate, value))
        self.passages |= {names[x]: number if x in passage.subjects else None for x in names}
        return found

    def _name(self, number: int, names: dict[Term, Term], node: Any) -> Any:
        if isinstance(node, Literal | Triple) or node in self._constants:
            return node
        if node not in names:
            label = f"passage-{number}-{len(names)}"
            names[node] = BlankNode(label) if isinstance(node, BlankNode) else NamedNode(_COPY + label)
        return names[node]


def _targets(graph: ShapesGraph, shape: Term, below: dict[Term, list[Term]]) -> Iterator[tuple[str, Term]]:
    """What makes a node a target of a shape: a predicate, of which it is _SUBJECT or _OBJECT, or its type."""
    values = graph.values[shape]
    yield from ((iri(p), _SUBJECT) for p in values.get(SH + "targetSubjectsOf", ()))
    yield from ((iri(p), _OBJECT) for p in values.get(SH + "targetObjectsOf", ()))
    kinds = [*values.get(SH + "targetClass", ()), shape]
    for kind in kinds:
        yield RDF_TYPE, kind
        kinds += [k for k in below.get(kind, ()) if k not in kinds]


def _readable(t: Triple) -> Triple:
    """The triple; an ill-formed literal has a datatype that nothing else has, as pyshacl is given it."""
    if isinstance(t.object, Triple):
        raise LimitError("reads no triple terms")
    if not isinstance(t.object, Literal) or (name := t.object.datatype.value) == XSD + "string":
        return t
    if name.startswith(_ILL_FORMED):
        raise LimitError(_OWN_NAMES)
    if not ill_formed(t.object):
        return t
    return Triple(t.subject, t.predicate, Literal(t.object.value, datatype=NamedNode(_ILL_FORMED + name)))


def _given(t: Triple) -> Triple:
    """A triple of the shapes for pyshifty: blank nodes have no labels of data, and `.` matches no end of a line."""
    subject: Any
    subject, value = (BlankNode(f"shapes-{x.value}") if isinstance(x, BlankNode) else x for x in (t.subject, t.object))
    if t.predicate.value == SH + "pattern" and isinstance(value, Literal):
        value = Literal(_CLASS_OR_ESCAPE.sub(lambda m: m[1] or r"[^\n\r]", value.value))
    return Triple(subject, t.predicate, value)
