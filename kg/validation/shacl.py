"""Runs pyshacl, works around its faults, and returns its results as data.

A `Validator` loads shapes and ontology once and then validates any number of graphs: a reported passage costs
milliseconds. Four habits of pyshacl are worked around. Its `focus_nodes` option skips every nested shape, so that
`sh:or` always holds and `sh:not` never does; here only the targets of a shape are limited. Its `ont_graph` option mixes
in only a part of the ontology; here all of it is in the data graph. A recursive shape passes with a mere warning; here
that is an error. And ill-formed literals pass as well-formed, or stop it; here they have no known datatype or order.
"""

import logging
import re
import warnings
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from kg.errors import InputError
from kg.findings import Check
from kg.rdf import literals
from kg.rdf.namespaces import SH, compact, local_name, readable
from kg.rdf.terms import Descriptions, Term, cells, described, from_node, from_rdflib, iri, rdflib_graph, to_rdflib
from kg.source.documents import Document

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
ALLOWED_IN_SPEECH = frozenset({SHAPES + "ContestedPlace"})
WHOLE = (0, 1)  # all focus nodes: the first of one part
_LOOK_UP = 50  # statements that could be copied in the time in which the classes of one node are looked up
_SEVERITY = {SH + "Violation": "violation", SH + "Warning": "warning", SH + "Info": "info"}
_COMPONENT = "sourceConstraintComponent"
_NAMELESS = "a nameless part"
_SPARQL = NamedNode(SH + "SPARQLConstraintComponent")
_REPAIR = "repair the shape: until then no fact is validated"


class ShapeError(Exception):
    """A shape (its argument) that pyshacl could not apply; its cause is the error of a pattern, a path or a query."""


class PyshaclEngine:
    """pyshacl with its graphs. Any exception may escape from making one: pyshacl has no base class of its own."""

    def __init__(self, shapes: Sequence[Document], ontology: Iterable[Triple]) -> None:
        from pyshacl import Validator, constraints
        from pyshacl import shape as evaluation
        from pyshacl.graph_abstraction import DataGraph

        self._stand_ins: dict[Literal, Literal] = {}
        self._ontology = {self._readable(t) for t in ontology}
        self._loaded = set(self._ontology)
        self._data = rdflib_graph(self._loaded)
        shapes_graph = rdflib_graph((self._readable(t) for d in shapes for t in d.triples), store="SimpleMemory")
        logger = logging.getLogger("kg.validation.shacl.pyshacl")
        logger.disabled = True  # what pyshacl logs as an error, it raises as well
        # As pyshacl does, but for the list, which would be searched from its start for each node and each statement.
        parameters = frozenset(constraints.ALL_CONSTRAINT_PARAMETERS)
        vars(evaluation)["CONSTRAINT_PARAMS"] = parameters, constraints.CONSTRAINT_PARAMETERS_MAP
        data = DataGraph.from_rdflib(self._data)
        self._validator = Validator(data, shacl_graph=shapes_graph, options={"logger": logger})
        self._targets = [found for shape in self._validator.shacl_graph.shapes if (found := _Targets(shape)).any]

    def load(self, data: Iterable[Triple]) -> None:
        """Take `data`, with the ontology, as the data graph. Raises InputError for triples that SHACL does not know."""
        wanted = self._ontology.union(map(self._readable, data))
        self._change(self._data.remove, self._loaded - wanted)
        self._change(self._data.add, wanted - self._loaded)
        self._loaded = wanted

    def report(
        self, focus: Iterable[Term] | None, more: Iterable[Triple] = (), part: tuple[int, int] = WHOLE
    ) -> list[Triple]:
        """The validation report (SHACL §3.6) on all nodes or on those in focus, were `more` in the data graph as well.

        A `part` (2, 5) is the third of five of each shape's focus nodes. Without results the report is empty.
        Raises ShapeError, and InputError for triples that SHACL does not know.
        """
        more = set(map(self._readable, more)) - self._loaded
        self._change(self._data.add, more)
        try:
            found = self._validate(focus, part)
        finally:
            self._change(self._data.remove, more)
        originals = {stand_in: literal for literal, stand_in in self._stand_ins.items()}
        return [
            Triple(t.subject, t.predicate, originals.get(t.object, t.object)) if isinstance(t.object, Literal) else t
            for t in found
        ]

    def _validate(self, focus: Iterable[Term] | None, part: tuple[int, int]) -> list[Triple]:
        from pyshacl.errors import ShapeRecursionWarning

        wanted = None if focus is None else set(map(to_rdflib, focus))
        few = wanted is not None and len(wanted) * _LOOK_UP < len(self._loaded)
        classes = {node: self._classes(node) for node in wanted or ()} if few else {}
        executor = self._validator.make_executor()
        found: list[Any] = []
        with warnings.catch_warnings():
            warnings.simplefilter("error", ShapeRecursionWarning)
            for targets in self._targets:
                shape = targets.shape
                try:
                    nodes = targets.among(classes, self._data) if few else shape.focus_nodes(self._data)
                    if wanted is not None:
                        nodes = nodes & wanted
                    if part != WHOLE:
                        nodes = set(sorted(nodes, key=str)[part[0] :: part[1]])
                    if nodes:
                        found += shape.validate(executor, self._data, focus=nodes)[1]
                except Exception as error:
                    raise ShapeError(from_node(shape.node)) from error
        if not found:
            return []
        report, _ = self._validator.create_validation_report(self._validator.shacl_graph, False, found)
        return [t for s, p, o in report if (t := from_rdflib(s, p, o))]

    def _classes(self, node: Any) -> set[Any]:
        """The classes of a node, and those above."""
        from rdflib import RDF, RDFS

        kinds = self._data.objects(node, RDF.type)
        return {above for kind in kinds for above in self._data.transitive_objects(kind, RDFS.subClassOf)}

    def _change(self, change: Callable[[Any], Any], triples: Iterable[Triple]) -> None:
        for t in triples:
            change((to_rdflib(t.subject), to_rdflib(t.predicate), to_rdflib(t.object)))

    def _readable(self, t: Triple) -> Triple:
        """The triple, with a stand-in for an ill-formed literal: one with a datatype that nothing else has."""
        if isinstance(t.object, Triple):
            raise InputError("SHACL knows no triple terms of RDF 1.2", hint="say it in plain triples", rule="rdf-1.2")
        if not isinstance(t.object, Literal) or t.object.language or not literals.problem(t.object):
            return t
        datatype = NamedNode(f"urn:ill-formed:{len(self._stand_ins)}")
        stand_in = self._stand_ins.setdefault(t.object, Literal(t.object.value, datatype=datatype))
        return Triple(t.subject, t.predicate, stand_in)


class _Targets:
    """The targets that a shape declares (SHACL §2.1.3), to be found among a few nodes."""

    def __init__(self, shape: Any) -> None:
        self.shape = shape
        nodes, classes, implicit, objects_of, subjects_of = shape.target()
        self._nodes, self._classes = set(nodes), {*classes, *implicit}
        self._objects_of, self._subjects_of = list(objects_of), list(subjects_of)
        self.any = bool(self._nodes or self._classes or self._objects_of or self._subjects_of)

    def among(self, nodes: dict[Any, set[Any]], data: Any) -> set[Any]:
        """The focus nodes among some nodes, which are given with their classes."""
        return {
            node
            for node, classes in nodes.items()
            if node in self._nodes
            or not self._classes.isdisjoint(classes)
            or any((node, p, None) in data for p in self._subjects_of)
            or any((None, p, node) in data for p in self._objects_of)
        }


@dataclass(frozen=True)
class Result:
    """One validation result (SHACL §3.6.2), its message in English if there is one.

    `component` is the IRI of the constraint component. `path` is None for a constraint on the focus node itself and for
    a path of several steps. `shape` is the IRI of the named shape in which the constraint stands.
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

    @property
    def on_focus(self) -> str:
        """The message with the name of the focus node before it."""
        return f"{readable(iri(self.focus)) or 'a blank node'}: {self.message}"


class Validator:
    """Shapes and an ontology, ready to validate graphs. Not for use by several threads at a time."""

    def __init__(self, shapes: Sequence[Document], ontology: Iterable[Triple]) -> None:
        """Raise InputError where the shapes cannot be used, with the file at fault if it is one."""
        self._shapes = list(shapes)
        self._reader = _ReportReader(t for d in self._shapes for t in d.triples)
        try:
            self._engine = PyshaclEngine(self._shapes, ontology)
        except InputError:
            raise
        except Exception as error:  # pyshacl raises many kinds
            message = f"the shapes cannot be used: {self._reader.reason(error)}"
            raise InputError(message, where=self._file_at_fault(), rule="shapes", hint=_REPAIR) from error

    def validate(
        self, data: Iterable[Triple], focus: Iterable[Term] | None = None, part: tuple[int, int] = WHOLE
    ) -> list[Result]:
        """The results on `data`, for all focus nodes or those in `focus`, in a stable order.

        A `part` (2, 5) is the third of five. Raises InputError where a shape cannot be applied, with its file.
        """
        self._engine.load(data)
        return self._results(focus, part=part)

    def validate_reported(self, passage: Iterable[Triple], bounds: Iterable[Triple] = ()) -> list[Result]:
        """The results on the subjects of a reported passage, merged with the graph before it (model, rule 10).

        `bounds` are those of dates, which follow from what the passage says.
        """
        said = list(passage)
        found = self._results({t.subject for t in said}, [*said, *bounds])
        return [r for r in found if r.shape not in ALLOWED_IN_SPEECH]

    def _results(
        self, focus: Iterable[Term] | None, more: Iterable[Triple] = (), part: tuple[int, int] = WHOLE
    ) -> list[Result]:
        try:
            return self._reader.results(self._engine.report(focus, more, part))
        except ShapeError as error:
            shape, cause = shape_iri(error.args[0], self._reader.parents), error.__cause__
            where = next((d.path for d in self._shapes if shape and NamedNode(shape) in described(d.triples)), "")
            message = f"the shape {local_name(shape)} cannot be used: {self._reader.reason(cause)}"
            raise InputError(message, where=where, rule="shapes", hint=_REPAIR) from cause

    def _file_at_fault(self) -> str:
        """The first file without which the others can be used; empty where several are at fault."""
        for document in self._shapes:
            try:
                PyshaclEngine([d for d in self._shapes if d is not document], ())
            except Exception:  # another file is at fault
                continue
            return document.path
        return ""


class _ReportReader:
    """Reads validation reports with the messages of the shapes, in English if there are any."""

    def __init__(self, shapes: Iterable[Triple]) -> None:
        shapes = list(shapes)
        self.parents = parent_nodes(shapes)
        self._messages: dict[Term, list[Literal]] = {}
        for t in shapes:
            if t.predicate.value == SH + "message" and isinstance(t.object, Literal):
                self._messages.setdefault(t.subject, []).append(t.object)

    def results(self, report: Iterable[Triple]) -> list[Result]:
        """The results of a report, each once, ordered by focus node, path, component, value and message."""
        nodes = described(report)
        tops = [o for values in nodes.values() for o in values.get(SH + "result", [])]
        return sorted({self._result(node, nodes) for node in tops}, key=_order)

    def reason(self, error: BaseException | None) -> str:
        """The first line of an error without the labels of blank nodes, and nothing of Python's types."""
        if isinstance(error, re.error):
            return f"its sh:pattern is no regular expression: {error.msg}"
        if type(error).__name__ == "ShapeRecursionWarning":
            return "it refers to itself, directly or by way of others"
        if isinstance(error, TypeError):
            return "it compares values that have no order"
        known = type(error).__module__.startswith(("pyshacl.errors", "pyparsing"))
        first = (str(error).strip() or "no reason given").splitlines()[0]
        return self._without_labels(first) if known else "it is ill-formed"

    def _result(self, node: Term, nodes: Descriptions) -> Result:
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
            shape=shape_iri(one("sourceShape"), self.parents),
        )

    def _message(self, node: Term, nodes: Descriptions) -> str:
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
        name = local_name(getattr(component, "value", "")).removesuffix("ConstraintComponent")
        return f"{path} violates {name} of the shape {local_name(shape_iri(source, self.parents))}."

    def _without_labels(self, text: str) -> str:
        """Text without the labels of blank nodes, which are arbitrary."""
        for label in sorted((n.value for n in self.parents), key=len, reverse=True):
            text = text.replace(f"_:{label}", _NAMELESS).replace(label, _NAMELESS)
        return re.sub(r"_:\w+", _NAMELESS, text)


def parent_nodes(shapes: Iterable[Triple]) -> dict[BlankNode, Term]:
    """Each blank node of the shapes, and the node in whose description it stands."""
    return {t.object: t.subject for t in shapes if isinstance(t.object, BlankNode)}


def shape_iri(shape: Term | None, parents: dict[BlankNode, Term]) -> str:
    """The IRI of the named shape in which a shape stands; empty where there is none."""
    nodes = cells(shape, lambda node: parents.get(node) if isinstance(node, BlankNode) else None)
    return next((iri(node) for node in nodes if not isinstance(node, BlankNode)), "")


def _order(result: Result) -> tuple[str, ...]:
    terms = [str(getattr(term, "value", "")) for term in (result.focus, result.path, result.value)]
    return (*terms[:2], result.component, terms[2], result.message, result.shape, str(result.value))


def _language_first(message: Literal) -> tuple[int, str]:
    """English first, then plain text, then the other languages by name."""
    language = (message.language or "").lower()
    return (0 if language.startswith("en") else 1 if not language else 2, f"{language} {message.value}")
