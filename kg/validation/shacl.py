"""Runs pyshacl, works around its faults, and returns its results as data.

A `Validator` loads shapes and ontology once and then validates any number of graphs: a reported passage costs
milliseconds. Eight habits of pyshacl are worked around. Its `focus_nodes` option skips every nested shape, so that
`sh:or` always holds and `sh:not` never does; here only the targets of a shape are limited. Its `ont_graph` option mixes
in only a part of the ontology; here all of it is in the data graph. A recursive shape passes with a mere warning; here
that is an error. A result does not tell which of several values of a parameter has failed; here each is evaluated
apart. A parameter that has no effect without another stops it; here it is passed over. It puts all literals in an
order, a date before each number; here they are compared as in SPARQL. It reads patterns as Python does; here they are
those of SPARQL. And ill-formed literals pass as well-formed, or stop it; here they have no known datatype or order.
"""

import logging
import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from copy import copy
from decimal import Decimal
from functools import lru_cache, partial
from types import SimpleNamespace
from typing import Any

from pyoxigraph import BlankNode, Literal, NamedNode, Store, Triple

from kg.errors import InputError
from kg.rdf import literals
from kg.rdf.namespaces import SH, local_name
from kg.rdf.terms import RDFLIB_LOCK, Term, described, from_node, from_rdflib, rdflib_graph, to_rdflib
from kg.rdf.values import value as value_of
from kg.source.documents import Document
from kg.validation.shacl_report import PARAMETER, ReportReader, component_name
from kg.validation.shacl_report import Result as Result
from kg.validation.shacl_report import parent_nodes as parent_nodes
from kg.validation.shacl_report import shape_iri as shape_iri

SHAPES = "https://w3id.org/entente/shapes#"
# What an article may not assert and a speaker may well say: to whom a contested place belongs (model, rule 11).
ALLOWED_IN_SPEECH = frozenset({SHAPES + "ContestedPlace"})
_DEPTH = 8  # levels of nested results that are looked for
_REPAIR = "repair the shape: until then no fact is validated"
WHOLE = (0, 1)  # all focus nodes: the first of one part
_LOOK_UP = 50  # statements that could be copied in the time in which the classes of one node are looked up


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
        _declare_imported(shapes_graph)
        logger = logging.getLogger("kg.validation.shacl.pyshacl")
        logger.disabled = True  # what pyshacl logs as an error, it raises as well
        # As pyshacl does, but for the list, which would be searched from its start for each node and statement, and
        # for the components, which depend on the shape alone and would be read from it anew for each node.
        parameters, kinds = frozenset(constraints.ALL_CONSTRAINT_PARAMETERS), constraints.CONSTRAINT_PARAMETERS_MAP
        kinds = {**kinds, **_comparing(kinds)}
        makers = {kind: lru_cache(maxsize=10_000)(partial(_component, kind)) for kind in kinds.values()}
        vars(evaluation)["CONSTRAINT_PARAMS"] = parameters, {name: makers[kind] for name, kind in kinds.items()}
        data = DataGraph.from_rdflib(self._data)
        self._validator = Validator(data, shacl_graph=shapes_graph, options={"logger": logger})
        _evaluate_values_apart(self._validator.shacl_graph)
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

        wanted = (
            None
            if focus is None
            else {to_rdflib(self._stand_ins.get(x, x) if isinstance(x, Literal) else x) for x in focus}
        )
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
                        results = shape.validate(executor, self._data, focus=nodes)[1]
                        found += (self._explained(executor, result) for result in results)
                except Exception as error:
                    raise ShapeError(from_node(shape.node)) from error
        return list(dict.fromkeys(t for s, p, o in self._report(found) if (t := from_rdflib(s, p, o))))

    def _report(self, found: list[Any]) -> Iterator[tuple[Any, Any, Any]]:
        """The statements of a report, with the blank nodes of the shapes graph that results lead to.

        pyshacl copies those of the data too, and lists in the square of their length.
        """
        from rdflib import SH, BNode

        report, shapes = BNode(), self._validator.shacl_graph.graph
        described: dict[Any, None] = {}
        for _, result, triples in found:
            yield report, SH.result, result
            for s, p, o in triples:
                source, value = o if isinstance(o, tuple) else (None, o)
                yield s, p, value
                if source is shapes and isinstance(value, BNode):
                    described[value] = None
        queue = [*described]
        for node in queue:
            for p, o in shapes.predicate_objects(node):
                yield node, p, o
                if isinstance(o, BNode) and o not in described:
                    described[o] = None
                    queue.append(o)

    def focus_nodes(self) -> dict[Term, set[Any]]:
        """The nodes of the data graph that each shape with targets validates: none where it is deactivated."""
        shapes = [targets.shape for targets in self._targets]
        return {from_node(s.node): set() if s.deactivated else s.focus_nodes(self._data) for s in shapes}

    def _explained(self, executor: Any, result: tuple[str, Any, list[Any]]) -> tuple[str, Any, list[Any]]:
        """A result of pyshacl with those on the parts of its shape as sh:detail (SHACL §3.6.2.6)."""
        text, node, triples = result
        return text, node, [*triples, *self._details(executor, triples, _DEPTH)]

    def _details(self, executor: Any, triples: list[Any], depth: int) -> Iterator[Any]:
        about: dict[Any, dict[str, Any]] = {}
        for s, p, o in triples:
            about.setdefault(s, {})[str(p).removeprefix(SH)] = o[1] if isinstance(o, tuple) else o
        for node, values in about.items():
            for _, detail, nested in self._nested(executor, values) if depth else ():
                yield node, to_rdflib(NamedNode(SH + "detail")), detail
                yield from nested
                yield from self._details(executor, nested, depth - 1)

    def _nested(self, executor: Any, values: dict[str, Any]) -> list[Any]:
        """The results on the member shapes of sh:and, of sh:or and sh:xone where all fail, else none."""
        name = component_name(str(values.get("sourceConstraintComponent", "")))
        if name not in ("And", "Or", "Xone") or "value" not in values:
            return []
        graph, found, meant = self._validator.shacl_graph, list[Any](), values.get(PARAMETER + name.lower())
        heads = graph.graph.objects(values["sourceShape"], to_rdflib(NamedNode(SH + name.lower())))
        for head in [meant] if meant else heads:
            shapes = map(graph.lookup_shape_from_node, graph.graph.items(head))
            rows = [shape.validate(executor, self._data, focus=values["value"]) for shape in shapes]
            if name == "And" or not any(conforms for conforms, _ in rows):
                found += (result for _, results in rows for result in results)
        return found

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


# The components that compare (SHACL §4.3, §4.5.3, §4.5.4): with a literal, and with the values of a property.
_LIMITS = {"maxExclusive": "<", "maxInclusive": "<=", "minExclusive": ">", "minInclusive": ">="}
_OPERATORS = {**_LIMITS, "lessThan": "<", "lessThanOrEquals": "<="}


def _comparing(components: dict[Any, Any]) -> dict[Any, Any]:
    """Those of pyshacl's components that compare, by their parameters, made to do so as SPARQL does.

    There is a result for each pair of values for which the operator does not give true, so for those without an order.
    """
    from pyshacl.errors import ReportableRuntimeError
    from rdflib import Literal, URIRef

    def made(name: str, parameter: Any) -> Any:
        held = f"{name[:3]}_vals" if name in _LIMITS else "property_compare_set"

        def evaluate(self: Any, executor: Any, graph: Any, focus_nodes: dict[Any, set[Any]], path: Any) -> Any:
            given, found = list(getattr(self, held)), []
            if not all(isinstance(x, Literal if name in _LIMITS else URIRef) for x in given):
                raise ReportableRuntimeError(f"the value of sh:{name} is no {'literal' if name in _LIMITS else 'IRI'}")
            for focus, nodes in focus_nodes.items():
                others = given if name in _LIMITS else [o for p in given for o in graph.objects(focus, p)]
                wrong = (node for node in nodes for other in others if not _is_true(node, _OPERATORS[name], other))
                found += [self.make_v_result(graph, focus, value_node=node) for node in wrong]
            return not found, found

        return type(components[parameter].__name__, (components[parameter],), {"evaluate": evaluate})

    parameters = {name: to_rdflib(NamedNode(SH + name)) for name in _OPERATORS}
    return {parameter: made(name, parameter) for name, parameter in parameters.items()}


@lru_cache(maxsize=10_000)
def _is_true(left: Any, sign: str, right: Any) -> bool:
    """Whether SPARQL's operator (§17.3) gives true for two nodes of rdflib.

    pyoxigraph compares dates, times and durations, but no booleans, derived types of strings and very long numbers.
    """
    terms = from_node(left), from_node(right)
    found = [value_of(str(term)) or ("", "") for term in terms]
    kinds = {kind for kind, *_ in found}
    if BlankNode in map(type, terms):
        return False
    if kinds not in ({"boolean"}, {"string"}) and not kinds <= {"decimal", "double", "float"}:
        return bool(Store().query(f"ASK {{ FILTER ({terms[0]} {sign} {terms[1]}) }}"))
    of: Any = str if kinds & {"boolean", "string"} else Decimal if kinds == {"decimal"} else float
    one, other = (of(form) for _, form, *_ in found)
    return bool({"<": one < other, "<=": one <= other, ">": one > other, ">=": one >= other}[sign])


def _evaluate_values_apart(shapes: Any) -> None:
    """Evaluate the constraint components of the shapes (SHACL §6) by value, so that each result has its own sh:value.

    pyshacl gives a result the messages of those before it, and passes over a focus node without values. Its cache of
    validators knows a shapes graph by its place in memory, which may be that of another graph by now.
    """
    from pyshacl.constraints.sparql.sparql_based_constraint_components import SPARQLConstraintComponentValidator

    SPARQLConstraintComponentValidator.validator_cache.clear()
    shapes._custom_constraints = set(map(_CustomComponent, shapes.custom_constraints))


class _CustomComponent:
    """What pyshacl needs of a constraint component."""

    def __init__(self, component: Any) -> None:
        self.parameters, self._component = component.parameters, component

    def make_validator_for_shape(self, shape: Any) -> Any:
        """An object whose `evaluate` gives whether the values of focus nodes conform, and the results."""
        return SimpleNamespace(evaluate=partial(self._evaluate, self._component.make_validator_for_shape(shape)))

    def _evaluate(self, bound: Any, executor: Any, graph: Any, values: dict[Any, set[Any]], path: Any) -> Any:
        from pyshacl.constraints.sparql.sparql_based_constraint_components import AskConstraintValidator
        from rdflib import SH

        is_ask, found = isinstance(bound.validator, AskConstraintValidator), []
        for focus, nodes in values.items():
            for value in nodes if is_ask or not bound.shape.is_property_shape else [None]:
                for text, node, triples in bound.evaluate(executor, graph, {focus: [value]}, path)[1]:
                    told = any((s, p) == (node, SH.value) for s, p, _ in triples) or value is None
                    found.append((text, node, triples if told else [*triples, (node, SH.value, (graph, value))]))
        return not found, found


def _component(kind: Any, shape: Any) -> Any:
    """A constraint component of pyshacl for a shape, which evaluates several values of its parameter apart.

    Raises the warning by which pyshacl passes over a component where a shape lacks a parameter that it needs (SHACL
    §2.1.2): `sh:ignoredProperties` without `sh:closed`.
    """
    from pyshacl.errors import ConstraintLoadWarning
    from rdflib import SH, Literal

    parameter = kind.constraint_parameters()[0]
    values = sorted(shape.objects(parameter), key=str)
    counted = parameter != SH.qualifiedValueShape or any(
        map(list, map(shape.objects, (SH.qualifiedMinCount, SH.qualifiedMaxCount)))
    )
    if not values or not counted:
        raise ConstraintLoadWarning(f"a parameter of {kind.constraint_name()} is missing", "")  # type: ignore[no-untyped-call]
    if parameter == SH.pattern and all(isinstance(value, Literal) for value in values):
        one = kind.__new__(kind)  # which would read the patterns as Python does
        super(kind, one).__init__(shape)
        one.string_rules, one.flags = values, next(iter(sorted(shape.objects(SH.flags))), None)
        one.compiled_cache = {value: literals.regex(str(value), str(one.flags or "")) for value in values}
    else:
        one = kind(shape)
    if parameter == SH.uniqueLang and str(values[0]) != "true":  # the term, by the test suite of SHACL: not "1"
        raise ConstraintLoadWarning("sh:uniqueLang is not true", "")  # type: ignore[no-untyped-call]
    if parameter == SH.uniqueLang or (len(values) > 1 and parameter not in (SH.property, SH.sparql)):
        return _Apart(one, parameter, values)
    return one


class _Apart:
    """A constraint component evaluated for each value of its parameter, or each language, which its results name."""

    def __init__(self, component: Any, parameter: Any, values: list[Any]) -> None:
        self._component, self._values = component, values
        self._named = to_rdflib(NamedNode(PARAMETER + local_name(str(parameter))))

    def evaluate(self, executor: Any, graph: Any, focus: dict[Any, Any], path: list[Any]) -> tuple[bool, list[Any]]:
        """Whether the values of focus nodes conform, and the results."""
        conforms, found = True, list[Any]()
        for value, part, nodes in self._parts(focus):
            fine, results = part.evaluate(executor, graph, nodes, [*path[:-1], part])
            conforms = conforms and fine
            found += ((text, node, [*triples, (node, self._named, value)]) for text, node, triples in results)
        return conforms, found

    def _parts(self, focus: dict[Any, Any]) -> Iterator[tuple[Any, Any, dict[Any, Any]]]:
        from rdflib import Literal

        if len(self._values) > 1:
            held = {name: x for name, x in vars(self._component).items() if isinstance(x, list | set)}
            [name] = (name for name, x in held.items() if set(x) == set(self._values))
            for value in self._values:
                part = copy(self._component)
                setattr(part, name, [value])
                yield value, part, focus
            return
        languages = {node: str(getattr(node, "language", None) or "").lower() for ns in focus.values() for node in ns}
        for language in sorted({*languages.values()} - {""}):
            nodes = {f: [node for node in ns if languages[node] == language] for f, ns in focus.items()}
            yield Literal(language), self._component, nodes


def _declare_imported(shapes: Any) -> None:
    """Give what sh:prefixes names the declarations of all that it imports (SHACL §5.2.1), which pyshacl overlooks."""
    from rdflib import OWL, SH

    for importing in set(shapes.objects(None, SH.prefixes)):
        for imported in set(shapes.transitive_objects(importing, OWL.imports)):
            for declaration in set(shapes.objects(imported, SH.declare)):
                shapes.add((importing, SH.declare, declaration))


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


class Validator:
    """Shapes and an ontology, ready to validate graphs. Not for use by several threads at a time."""

    def __init__(
        self, shapes: Sequence[Document], ontology: Iterable[Triple], name: Callable[[str], str] | None = None
    ) -> None:
        """Raise InputError where the shapes cannot be used, with the file at fault if it is one.

        `name` writes an IRI, for messages on shapes that have none of their own.
        """
        self._shapes = list(shapes)
        self._reader = ReportReader((t for d in self._shapes for t in d.triples), name)
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

    def focus_nodes(self) -> dict[Term, set[Any]]:
        """The focus nodes (of rdflib) of each shape that has targets, in the data that were validated last."""
        return self._engine.focus_nodes()

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
            with RDFLIB_LOCK:
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
