"""The shapes' verdict: pyshacl's, on a plain graph and without inference (model, rule 27), told as results.

A `Judge` loads shapes and ontology once and then judges any number of graphs: a reported passage costs milliseconds.
"""

import logging
import re
import warnings
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from kg.errors import InputError
from kg.findings import Check
from kg.rdf import literals
from kg.rdf.namespaces import SH, compact, local_name
from kg.rdf.terms import Term
from kg.source.documents import Document

if TYPE_CHECKING:
    import pyshacl


# pyshacl as the house runs it: shapes loaded once, a data graph that changes by what differs, and no surprises.
#
# Four habits of pyshacl are worked around. Its `focus_nodes` option skips every nested shape, so that `sh:or` always
# holds and `sh:not` never does; here the focus limits a shape's targets alone. Its `ont_graph` option mixes in only a
# part of the ontology; here the whole is there. A shape that needs itself passes with a mere warning; here that is an
# error. And ill-formed literals pass as well-formed, or stop it; here they have no known datatype and no order.

WHOLE = (0, 1)  # the share of one who works alone
_LOOK = 50  # to look at one thing for its classes costs about as much as to pass that many statements


class ShapeError(Exception):
    """A shape that pyshacl could not apply, and the error: of a pattern, a path or a query, as it escaped."""

    def __init__(self, shape: Term, cause: Exception) -> None:
        super().__init__(str(cause))
        self.shape = shape
        self.cause = cause


class PyshaclEngine:
    """pyshacl with its graphs. Any exception may escape from making one: pyshacl has no base class of its own."""

    def __init__(self, shapes: Sequence[Document], ontology: Iterable[Triple]) -> None:
        from pyshacl import Validator
        from pyshacl.graph_abstraction import DataGraph

        from kg.rdf.terms import rdflib_graph

        self._stand_ins: dict[Literal, Literal] = {}
        self._ontology = {self._readable(t) for t in ontology}
        self._loaded = set(self._ontology)
        self._data = rdflib_graph(self._loaded)
        rules = rdflib_graph(self._readable(t) for d in shapes for t in d.triples)
        self._validator: pyshacl.Validator = Validator(
            DataGraph.from_rdflib(self._data), shacl_graph=rules, options={"logger": _silent()}
        )
        self._targeting = [found for shape in self._validator.shacl_graph.shapes if (found := _Targeting(shape)).any]

    def load(self, data: Iterable[Triple]) -> None:
        """Take `data`, with the ontology, for what is judged from now on.

        Raises InputError for triples that SHACL does not know.
        """
        wanted = self._ontology.union(map(self._readable, data))
        self._change(self._data.remove, self._loaded - wanted)
        self._change(self._data.add, wanted - self._loaded)
        self._loaded = wanted

    def report(
        self, focus: Iterable[Term] | None, more: Iterable[Triple] = (), share: tuple[int, int] = WHOLE
    ) -> list[Triple]:
        """The validation report (SHACL §3.6) of all things or of those in focus, were `more` in the graph as well.

        A `share` (2, 5) is the third of five parts of each shape's focus nodes. The report is empty where there is
        nothing to tell. Raises ShapeError, and InputError for triples that SHACL does not know.
        """
        more = set(map(self._readable, more)) - self._loaded
        self._change(self._data.add, more)
        try:
            found = self._found(focus, share)
        finally:
            self._change(self._data.remove, more)
        return self._restored(found)

    def _found(self, focus: Iterable[Term] | None, share: tuple[int, int]) -> list[Triple]:
        from pyshacl.errors import ShapeRecursionWarning

        from kg.rdf.terms import from_node, from_rdflib, to_rdflib

        wanted = None if focus is None else set(map(to_rdflib, focus))
        few = wanted is not None and len(wanted) * _LOOK < len(self._loaded)
        kinds = {node: self._kinds(node) for node in wanted or ()} if few else {}
        executor = self._validator.make_executor()
        found: list[Any] = []
        with warnings.catch_warnings():
            warnings.simplefilter("error", ShapeRecursionWarning)
            for targeting in self._targeting:
                shape = targeting.shape
                try:
                    chosen = targeting.among(kinds, self._data) if few else shape.focus_nodes(self._data)
                    if wanted is not None:
                        chosen = chosen & wanted
                    if share != WHOLE:
                        chosen = set(sorted(chosen, key=str)[share[0] :: share[1]])
                    if chosen:
                        found += shape.validate(executor, self._data, focus=chosen)[1]
                except Exception as error:
                    raise ShapeError(from_node(shape.node), error) from error
        if not found:
            return []
        report, _ = self._validator.create_validation_report(self._validator.shacl_graph, False, found)
        return [t for s, p, o in report if (t := from_rdflib(s, p, o))]

    def _kinds(self, node: Any) -> set[Any]:
        """The classes of a thing, and those above."""
        from rdflib import RDF, RDFS

        return {
            above
            for kind in self._data.objects(node, RDF.type)
            for above in self._data.transitive_objects(kind, RDFS.subClassOf)
        }

    def _change(self, change: Callable[[Any], Any], triples: Iterable[Triple]) -> None:
        from kg.rdf.terms import to_rdflib

        for t in triples:
            change((to_rdflib(t.subject), to_rdflib(t.predicate), to_rdflib(t.object)))

    def _readable(self, t: Triple) -> Triple:
        """The triple, with a stand-in for an ill-formed literal: one with a datatype that nothing else has."""
        if isinstance(t.object, Triple):
            raise InputError("SHACL knows no triple terms of RDF 1.2", hint="say it in plain triples", rule="rdf-1.2")
        if not isinstance(t.object, Literal) or t.object.language or not literals.problem(t.object):
            return t
        kind = NamedNode(f"urn:ill-formed:{len(self._stand_ins)}")
        stand_in = self._stand_ins.setdefault(t.object, Literal(t.object.value, datatype=kind))
        return Triple(t.subject, t.predicate, stand_in)

    def _restored(self, report: Iterable[Triple]) -> list[Triple]:
        originals = {stand_in: literal for literal, stand_in in self._stand_ins.items()}
        return [
            Triple(t.subject, t.predicate, originals.get(t.object, t.object)) if isinstance(t.object, Literal) else t
            for t in report
        ]


class _Targeting:
    """The targets that a shape declares (SHACL §2.1.3), to be found among a few things."""

    def __init__(self, shape: Any) -> None:
        self.shape = shape
        nodes, classes, implicit, objects_of, subjects_of = shape.target()
        self._nodes, self._classes = set(nodes), {*classes, *implicit}
        self._objects_of, self._subjects_of = list(objects_of), list(subjects_of)

    @property
    def any(self) -> bool:
        """Whether there are any."""
        return bool(self._nodes or self._classes or self._objects_of or self._subjects_of)

    def among(self, kinds: dict[Any, set[Any]], data: Any) -> set[Any]:
        """Those of some things, given with their classes, that the shape judges."""
        return {
            node
            for node, classes in kinds.items()
            if node in self._nodes
            or not self._classes.isdisjoint(classes)
            or any((node, p, None) in data for p in self._subjects_of)
            or any((None, p, node) in data for p in self._objects_of)
        }


def _silent() -> logging.Logger:
    """A logger that says nothing: what pyshacl logs as an error, it raises as well."""
    logger = logging.getLogger("kg.validation.shacl.pyshacl")
    logger.disabled = True
    return logger


SHAPE = Check(
    "shape",
    "Facts conform to the shapes of the graph (SHACL).",
    "A shape says what a fact of its kind needs to be usable; its message says what is missing, and what to write.",
    wrong="id:cost-of-radars a ent:Quantity ; ent:number 40000000 .",
    right='id:cost-of-radars a ent:Quantity ; ent:number 40000000 ; ent:measure "USD" .',
    severities=("violation", "warning", "info"),
)

SHAPES = "https://w3id.org/entente/shapes#"
# What an article may not assert and a speaker may well say: to whom a contested place belongs (model, rule 11).
SPEAKERS_MAY = frozenset({SHAPES + "ContestedPlace"})

_SEVERITY = {SH + "Violation": "violation", SH + "Warning": "warning", SH + "Info": "info"}


@dataclass(frozen=True)
class Result:
    """One validation result (SHACL §3.6.2): what is wrong with which value of which thing, and which shape says so.

    `component` is the IRI of the constraint component. `path` is None for a constraint on the thing itself and for a
    path of several steps. `shape` is the IRI of the named shape in which the constraint stands.
    """

    severity: str
    message: str
    focus: Term | None
    path: NamedNode | None
    value: Term | None
    component: str
    shape: str

    @property
    def check(self) -> Check:
        """The check by the name of its component: `shape:MinCount` of `sh:MinCountConstraintComponent`."""
        return SHAPE.of(local_name(self.component).removesuffix("ConstraintComponent"))


class Validator:
    """Shapes and an ontology, ready to judge graphs. Not for use by several threads at a time."""

    def __init__(self, shapes: Sequence[Document], ontology: Iterable[Triple]) -> None:
        self._shapes = list(shapes)
        self._ontology = list(ontology)
        self._engine: PyshaclEngine | None = None
        self._told = _Told(t for d in self._shapes for t in d.triples)

    def judge(
        self, data: Iterable[Triple], focus: Iterable[Term] | None = None, share: tuple[int, int] = WHOLE
    ) -> list[Result]:
        """What the shapes find in `data`, of all things or of those in `focus`, in a stable order.

        A `share` (2, 5) is the third of five parts. Raises InputError where the shapes cannot be used, with the file
        at fault if one is.
        """
        self.load(data)
        return self._judge(focus, share=share)

    def load(self, data: Iterable[Triple]) -> None:
        """Take the graph with which reported passages are judged. Raises InputError as `judge` does."""
        if self._engine is None:
            self._engine = self._start()
        self._engine.load(data)

    def judge_reported(self, passage: Iterable[Triple], computed: Iterable[Triple] = ()) -> list[Result]:
        """What the shapes find in a reported passage, merged with the graph, on its own subjects only (model, rule 10).

        `computed` are the days that follow from what it says.
        """
        said = list(passage)
        found = self._judge({t.subject for t in said}, [*said, *computed])
        return [r for r in found if r.shape not in SPEAKERS_MAY]

    def _judge(
        self, focus: Iterable[Term] | None, more: Iterable[Triple] = (), share: tuple[int, int] = WHOLE
    ) -> list[Result]:
        if self._engine is None:
            self._engine = self._start()
        try:
            report = self._engine.report(focus, more, share)
        except ShapeError as error:
            at_fault = self._told.named(error.shape)
            where = next((d.path for d in self._shapes if _holds(d, at_fault)), "")
            message = f"the shape {local_name(at_fault)} cannot be used: {self._told.plain(error.cause)}"
            raise InputError(message, where=where, rule="shapes", hint=_MEND) from error.cause
        return self._told.results(report)

    def _start(self) -> PyshaclEngine:
        try:
            return PyshaclEngine(self._shapes, self._ontology)
        except InputError:
            raise
        except Exception as error:  # pyshacl raises many kinds
            message = f"the shapes cannot be used: {self._told.plain(error)}"
            raise InputError(message, where=self._culprit(), rule="shapes", hint=_MEND) from error

    def _culprit(self) -> str:
        """The first file without which the others can be used; empty where several are at fault."""
        for document in self._shapes:
            try:
                PyshaclEngine([d for d in self._shapes if d is not document], ())
            except Exception:  # another file is at fault
                continue
            return document.path
        return ""


_MEND = "mend the shape: until then no fact is judged"


def _holds(document: Document, iri: str) -> bool:
    return any(t.subject == NamedNode(iri) for t in document.triples) if iri else False


class _Told:
    """Validation reports in words: the messages of the shapes, in English if there are any."""

    def __init__(self, shapes: Iterable[Triple]) -> None:
        self._messages: dict[Term, list[Literal]] = {}
        shapes = list(shapes)
        self._within = within(shapes)
        for t in shapes:
            if t.predicate.value == SH + "message" and isinstance(t.object, Literal):
                self._messages.setdefault(t.subject, []).append(t.object)

    def results(self, report: Iterable[Triple]) -> list[Result]:
        """The results of a report, each once, ordered by thing, path, component, value and message."""
        nodes: dict[Term, dict[str, list[Term]]] = {}
        for t in report:
            nodes.setdefault(t.subject, {}).setdefault(t.predicate.value, []).append(t.object)
        tops = [o for values in nodes.values() for o in values.get(SH + "result", [])]
        found = {self._result(node, nodes) for node in tops}
        return sorted(found, key=_order)

    def named(self, shape: Term | None) -> str:
        """The IRI of the named shape in which a shape stands; empty where there is none."""
        return named(shape, self._within)

    def plain(self, error: Exception) -> str:
        """The first line of an error without the labels of blank nodes, and nothing of Python's types."""
        if isinstance(error, re.error):
            return f"its sh:pattern is no regular expression: {error.msg}"
        if type(error).__name__ == "ShapeRecursionWarning":
            return "it needs itself, by way of others or at once"
        if isinstance(error, TypeError):
            return "it compares values that have no order"
        known = type(error).__module__.startswith(("pyshacl.errors", "pyparsing"))
        first = (str(error).strip() or "no reason given").splitlines()[0]
        return self._without_labels(first) if known else "it is ill-formed"

    def _result(self, node: Term, nodes: dict[Term, dict[str, list[Term]]]) -> Result:
        def one(name: str) -> Term | None:
            return min(nodes[node].get(SH + name, []), key=str, default=None)

        path, severity = one("resultPath"), one("resultSeverity")
        return Result(
            severity=_SEVERITY.get(getattr(severity, "value", ""), "violation"),
            message=self._message(node, nodes),
            focus=one("focusNode"),
            path=path if isinstance(path, NamedNode) else None,
            value=one("value"),
            component=getattr(one("sourceConstraintComponent"), "value", ""),
            shape=self.named(one("sourceShape")),
        )

    def _message(self, node: Term, nodes: dict[Term, dict[str, list[Term]]]) -> str:
        """The shape's own message; else those of the nested results; else which constraint of which shape it is."""
        values = nodes[node]
        source, component = (next(iter(values.get(SH + n, [])), None) for n in ("sourceShape", _COMPONENT))
        of_query = [o for o in values.get(SH + "resultMessage", []) if isinstance(o, Literal)]
        own = of_query if component == _SPARQL else self._messages.get(source, []) if source else []
        if own:
            return self._without_labels(min(own, key=_language_first).value)
        nested = sorted({self._message(n, nodes) for n in values.get(SH + "detail", []) if n in nodes})
        if nested:
            return " ".join(nested)
        path = next((compact(p.value) for p in values.get(SH + "resultPath", []) if isinstance(p, NamedNode)), "it")
        rule = local_name(getattr(component, "value", "")).removesuffix("ConstraintComponent")
        return f"{path} does not keep to {rule} of the shape {local_name(self.named(source))}."

    def _without_labels(self, text: str) -> str:
        """Text without the labels of blank nodes: they mean nothing to anybody."""
        for label in sorted((n.value for n in self._within), key=len, reverse=True):
            text = text.replace(f"_:{label}", _NAMELESS).replace(label, _NAMELESS)
        return re.sub(r"_:\w+", _NAMELESS, text)


def within(shapes: Iterable[Triple]) -> dict[BlankNode, Term]:
    """Each blank node of the shapes, and the node that it stands in."""
    return {t.object: t.subject for t in shapes if isinstance(t.object, BlankNode)}


def named(shape: Term | None, parents: dict[BlankNode, Term]) -> str:
    """The IRI of the named shape in which a shape stands; empty where there is none."""
    seen: set[Term] = set()
    while isinstance(shape, BlankNode) and shape not in seen:
        seen.add(shape)
        shape = parents.get(shape)
    return shape.value if isinstance(shape, NamedNode) else ""


_COMPONENT = "sourceConstraintComponent"
_NAMELESS = "a nameless part"
_SPARQL = NamedNode(SH + "SPARQLConstraintComponent")


def _order(result: Result) -> tuple[str, ...]:
    terms = [str(getattr(term, "value", "")) for term in (result.focus, result.path, result.value)]
    return (*terms[:2], result.component, terms[2], result.message, result.shape, str(result.value))


def _language_first(message: Literal) -> tuple[int, str]:
    """English first, then plain text, then the other languages by name."""
    language = (message.language or "").lower()
    return (0 if language.startswith("en") else 1 if not language else 2, f"{language} {message.value}")
