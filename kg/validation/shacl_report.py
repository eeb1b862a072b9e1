"""SHACL validation results as data: read from a report, each with a message that says what is wrong and why.

A message is that of the shape, in English if there is one; else it is made from the constraint component, the value and
the parameters of the shape.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from kg.findings import Check, Finding, merged
from kg.rdf.namespaces import RDF, RDF_TYPE, SH, XSD, compact, local_name, readable
from kg.rdf.terms import Descriptions, Term, cells, described, iri, members
from kg.source.documents import Document

SHAPE = Check(
    "shape",
    "Facts conform to the shapes of the graph (SHACL).",
    "A shape says what a fact of its kind needs to be usable; its message says what is missing, and what to write.",
    wrong="id:cost-of-radars a ent:Quantity ; ent:number 40000000 .",
    right='id:cost-of-radars a ent:Quantity ; ent:number 40000000 ; ent:measure "USD" .',
    severities=("violation", "warning", "info"),
)

_SEVERITY = {SH + "Violation": "violation", SH + "Warning": "warning", SH + "Info": "info"}
_NAMELESS = "a nameless part"
_BARE = {  # the forms that Turtle writes without quotes (Turtle 1.1 §6.5)
    "integer": "[+-]?[0-9]+",
    "decimal": r"[+-]?[0-9]*\.[0-9]+",
    "double": r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)[eE][+-]?[0-9]+",
    "boolean": "true|false",
}
_MARKS = {"zeroOrMorePath": "*", "oneOrMorePath": "+", "zeroOrOnePath": "?"}
_VALIDATORS = ("validator", "nodeValidator", "propertyValidator")
_DETAIL = SH + "detail"
# The predicate by which a result says which one of several values of a parameter is meant, before its local name.
PARAMETER = "urn:parameter:"
_DESCRIBED = {SH + name for name in ("detail", "resultPath", "sourceShape", "sourceConstraint")}
_MOST_TERMS = 30  # of a list that a message writes out
# What each constraint component (SHACL §4) says of a result: `of` is the path, the rest the values of parameters.
_SAYS = {
    "Class": "{value}{of} is not of class {class}",
    "Datatype": "{value}{of} is not of datatype {datatype}",
    "NodeKind": "{value}{of} is not a {nodeKind}",
    "MinCount": "too few values{of}: at least {minCount} needed",
    "MaxCount": "too many values{of}: at most {maxCount} allowed",
    "MinExclusive": "{value}{of} is not greater than {minExclusive}",
    "MinInclusive": "{value}{of} is not at least {minInclusive}",
    "MaxExclusive": "{value}{of} is not less than {maxExclusive}",
    "MaxInclusive": "{value}{of} is not at most {maxInclusive}",
    "MinLength": "{value}{of} has fewer than {minLength} characters",
    "MaxLength": "{value}{of} has more than {maxLength} characters",
    "Pattern": "{value}{of} does not match {pattern}",
    "LanguageIn": "{value}{of} is in none of the languages {languageIn}",
    "UniqueLang": "more than one value{of} in the language {uniqueLang}",
    "Equals": "{value} is not a value of both {path} and {equals}",
    "Disjoint": "{value}{of} is a value of {disjoint} too",
    "LessThan": "{value}{of} is not less than each value of {lessThan}",
    "LessThanOrEquals": "{value}{of} is not at most each value of {lessThanOrEquals}",
    "Not": "{value}{of} conforms to {not}, which is not allowed",
    "And": "{value}{of} does not conform to all of {and}",
    "Or": "{value}{of} conforms to none of {or}",
    "Xone": "{value}{of} does not conform to exactly one of {xone}",
    "Node": "{value}{of} does not conform to {node}",
    "QualifiedMinCount": "fewer than {qualifiedMinCount} values{of} conform to {qualifiedValueShape}",
    "QualifiedMaxCount": "more than {qualifiedMaxCount} values{of} conform to {qualifiedValueShape}",
    "Closed": "{path}, here {value}, is none of the properties of the closed shape: {allowed}",
    "HasValue": "{hasValue} is missing among the values{of}",
    "In": "{value}{of} is none of {in}",
    "SPARQL": "{value}{of} violates a query of the shape {shape}",
}


@dataclass(frozen=True)
class Result:
    """One validation result (SHACL §3.6.2), its message in English if there is one.

    `component` is the IRI of the constraint component. `path` is None for a constraint on the focus node itself and for
    a path of several steps. `shape` is the IRI of the named shape in which the constraint stands. `cause` says what the
    constraint requires, what the value is and what fails within it; `results` are its triples in the report. Both are
    made for shapes from elsewhere alone.
    """

    severity: str
    message: str
    focus: Term | None
    path: NamedNode | None
    value: Term | None
    component: str
    shape: str
    cause: str = field(default="", compare=False)
    results: tuple[Triple, ...] = field(default=(), compare=False, repr=False)

    @property
    def check(self) -> Check:
        """The check by the name of its component: `shape:MinCount` of `sh:MinCountConstraintComponent`."""
        return SHAPE.of(component_name(self.component))

    def finding(self, document: Document, focus: str = "", hint: str = "", **place: Any) -> Finding:
        """The finding at a `place` in a document (see `Document.finding`), with the name of the focus node."""
        node = str(self.focus) if isinstance(self.focus, Literal) else "a blank node"
        message = f"{focus or readable(iri(self.focus)) or node}: {self.message}"
        found = document.finding(self.check, message, severity=self.severity, hint=hint, **place)
        return replace(found, results=self.results)


class ReportReader:
    """Reads validation reports with the messages of the shapes, in English if there are any.

    A result without one says which constraint it is of. Given `name`, how to write IRIs, it says what that requires and
    what fails within a value: for shapes from elsewhere, where nobody knows by the constraint what to write.
    """

    def __init__(self, shapes: Iterable[Triple], name: Callable[[str], str] | None) -> None:
        shapes = list(shapes)
        self.parents = parent_nodes(shapes)
        self._shapes = described(shapes)
        self._iri, self._explains = name or compact, name is not None

    def results(self, report: Iterable[Triple]) -> list[Result]:
        """The results of a report, equal ones as one, ordered by focus node, path, component, value and message."""
        nodes = described(report)
        tops = [o for values in nodes.values() for o in values.get(SH + "result", [])]
        return sorted(merged(self._result(node, nodes) for node in tops), key=_order)

    def reason(self, error: BaseException | None) -> str:
        """The first line of an error without the labels of blank nodes, and nothing of Python's types."""
        if isinstance(error, re.error):
            return f"its sh:pattern is no regular expression: {error.msg}"
        if type(error).__name__ == "ShapeRecursionWarning":
            return "it refers to itself, directly or by way of others"
        first = self._without_labels((str(error).strip() or "no reason given").splitlines()[0])
        if error and _is_of_query(error):
            if line := getattr(error, "line", ""):  # of the parser, whose place counts the prefixes before the query
                first = f"{re.sub(r' *[(]at char .*', '', first)} in “{line.strip()[:100]}”"
            return f"its query cannot be evaluated: {first}"
        known = type(error).__module__.startswith("pyshacl.errors") or isinstance(error, NotImplementedError)
        return first if known else "it is ill-formed"

    def _result(self, node: Term, nodes: Descriptions) -> Result:
        values = {name.removeprefix(SH): min(terms, key=str) for name, terms in nodes[node].items()}
        path = values.get("resultPath")
        return Result(
            severity=_SEVERITY.get(iri(values.get("resultSeverity")), "violation"),
            message=self._message(node, nodes),
            focus=values.get("focusNode"),
            path=path if isinstance(path, NamedNode) else None,
            value=values.get("value"),
            component=iri(values.get("sourceConstraintComponent")),
            shape=shape_iri(values.get("sourceShape"), self.parents),
            cause=self._cause(node, nodes) if self._explains else "",
            results=tuple(self._written(node, nodes)) if self._explains else (),
        )

    def _written(self, node: Term, nodes: Descriptions) -> Iterator[Triple]:
        """The triples of a result, of its details, and of the blank nodes that describe its path and its shape."""
        queue = [node]
        for subject in queue:
            values = nodes.get(subject, {})
            told = SH + "focusNode" in values
            if told:
                own = self._own_messages(values) or [Literal(self._message(subject, nodes), language="en")]
                values = {**values, SH + "resultMessage": list[Term](own)}
            names = [name for name in values if not name.startswith(PARAMETER)]
            for predicate in sorted(names, key=lambda name: (name != RDF_TYPE, name)):
                objects = sorted(values[predicate], key=str)
                if predicate == _DETAIL:
                    objects.sort(key=lambda detail: self._message(detail, nodes))
                if isinstance(subject, BlankNode):
                    yield from (Triple(subject, NamedNode(predicate), o) for o in objects)
                if not told or predicate in _DESCRIBED:
                    queue += [o for o in objects if isinstance(o, BlankNode) and o not in queue]

    def _message(self, node: Term, nodes: Descriptions) -> str:
        """The shape's own message; else those of the shapes to which the value has to conform; else the cause."""
        values = nodes[node]
        if own := self._own_message(values):
            return own
        nested = sorted({self._message(n, nodes) for n in values.get(_DETAIL, []) if n in nodes})
        if nested and _component(values) in ("Node", "And"):
            return ("; " if self._explains else " ").join(nested)
        if self._explains:
            return self._cause(node, nodes)
        path = next(map(self._path, values.get(SH + "resultPath", [])), "it")
        return f"{path} violates {_component(values)} of the shape {local_name(self._shape(values))}."

    def _cause(self, node: Term, nodes: Descriptions) -> str:
        """What the constraint requires and what the value is, and the messages or causes of the nested results."""
        values = nodes[node]
        nested = [(n, nodes[n]) for n in values.get(_DETAIL, []) if n in nodes]
        parts = {(self._shape(v), self._own_message(v) or self._cause(n, nodes)) for n, v in nested}
        shape = self._shape(values)
        causes = sorted(f"{self._iri(part)}: {text}" if part and part != shape else text for part, text in parts)
        return self._phrase(values) + (f": {'; '.join(causes)}" if causes else "")

    def _own_message(self, values: dict[str, list[Term]]) -> str:
        """The first of the messages of a shape; empty if it has none."""
        own = self._own_messages(values)
        return self._without_labels(min(own, key=_language_first).value) if own else ""

    def _phrase(self, values: dict[str, list[Term]]) -> str:
        """What the component of a result says, with the values of its parameters."""
        texts = self._parameters(values)
        if template := _SAYS.get(_component(values)):
            return template.format_map(defaultdict(str, texts))
        component = values[SH + "sourceConstraintComponent"][0]
        names = [local_name(parameter) for parameter in self._of_component(component)]
        given = ", ".join(f"{name} {texts[name]}" for name in names if name in texts)
        return f"{texts['value']}{texts['of']} violates {self._text(component)}{f' ({given})' if given else ''}"

    def _parameters(self, values: dict[str, list[Term]]) -> dict[str, str]:
        """The terms of a result and the parameters of its shape by their local names, as they are written."""
        shape = self._shapes.get(next(iter(values.get(SH + "sourceShape", [])), None), {})  # type: ignore[arg-type]
        texts = {local_name(predicate): self._listed(terms) for predicate, terms in shape.items()}
        meant = [(name.removeprefix(PARAMETER), terms) for name, terms in values.items() if name.startswith(PARAMETER)]
        texts |= {name: self._listed(terms) for name, terms in meant}
        paths = [
            p
            for part in shape.get(SH + "property", [])
            for p in self._shapes.get(part, {}).get(SH + "path", [])
            if iri(p)
        ]
        paths += [x for t in shape.get(SH + "ignoredProperties", []) for x in self._members(t)]
        path = next(map(self._path, values.get(SH + "resultPath", [])), "")
        value = next(iter(values.get(SH + "value", values[SH + "focusNode"])))
        return texts | {
            "value": self._text(value),
            "this": self._text(values[SH + "focusNode"][0]),
            "path": path,
            "of": f" of {path}" if path else "",
            "allowed": self._listed(list(dict.fromkeys(paths))),
            "shape": self._iri(self._shape(values)),
        }

    def _own_messages(self, values: dict[str, list[Term]]) -> list[Literal]:
        """The messages of the shape of a result, of its query or of its component, with the values filled in."""
        shape = next(iter(values.get(SH + "sourceShape", [])), None)
        messages = self._shapes.get(shape, {}).get(SH + "message", []) if shape else []
        if _component(values) == "SPARQL":
            messages = values.get(SH + "resultMessage", [])
        elif not messages and _component(values) not in _SAYS:
            about = self._shapes.get(values[SH + "sourceConstraintComponent"][0], {})
            validators = [v for name in _VALIDATORS for v in about.get(SH + name, [])]
            messages = [self._filled(m, values) for v in validators for m in self._shapes[v].get(SH + "message", [])]
        return [m for m in messages if isinstance(m, Literal)]

    def _filled(self, message: Term, values: dict[str, list[Term]]) -> Term:
        """A message of a constraint component with its parameters in place of `{$name}` (SHACL §6.2.1)."""
        if not isinstance(message, Literal):
            return message
        texts = self._parameters(values)
        text = re.sub(r"\{[?$](\w+)\}", lambda match: texts.get(match[1], match[0]), message.value)
        return Literal(text, language=message.language) if message.language else Literal(text)

    def _of_component(self, component: Term) -> list[str]:
        """The IRIs of the parameters of a constraint component that the shapes define (SHACL §6.2)."""
        parameters = self._shapes.get(component, {}).get(SH + "parameter", [])
        return sorted(iri(path) for p in parameters for path in self._shapes.get(p, {}).get(SH + "path", []))

    def _shape(self, values: dict[str, list[Term]]) -> str:
        """The IRI of the named shape in which the constraint of a result stands."""
        return shape_iri(next(iter(values.get(SH + "sourceShape", [])), None), self.parents)

    def _listed(self, terms: list[Term]) -> str:
        """Terms, those of lists one by one, up to a few."""
        texts = [self._text(x) for t in terms for x in (self._members(t) or [t])]
        more = f" and {len(texts) - _MOST_TERMS} more" if len(texts) > _MOST_TERMS else ""
        return ", ".join(texts[:_MOST_TERMS]) + more

    def _members(self, term: Term) -> list[Term]:
        return list(members(self._shapes, term)) if RDF + "first" in self._shapes.get(term, {}) else []

    def _text(self, term: Term, depth: int = 2) -> str:
        """A term as it is written in Turtle; a blank node of the shapes by what it says, any other as such."""
        if isinstance(term, NamedNode):
            return "()" if term.value == RDF + "nil" else self._iri(term.value)
        if isinstance(term, Literal):
            kind = term.datatype.value
            if re.fullmatch(_BARE.get(kind.removeprefix(XSD), "(?!)"), term.value):
                return term.value
            plain = kind in (XSD + "string", RDF + "langString")
            tag = f"@{term.language}" if term.language else "" if plain else f"^^{self._iri(kind)}"
            return f"{Literal(term.value)}{tag}"
        if not (values := self._shapes.get(term)):
            return "a blank node"
        if not depth:
            return "[ … ]"
        if items := self._members(term):
            return f"( {' '.join(self._text(x, depth - 1) for x in items)} )"
        said = (f"{self._iri(p)} {', '.join(self._text(o, depth - 1) for o in values[p])}" for p in sorted(values))
        return f"[ {' ; '.join(said)} ]"

    def _path(self, path: Term, within: bool = False) -> str:
        """A property path (SHACL §2.3.1) as in SPARQL."""
        values = self._shapes.get(path, {})
        if items := self._members(path):
            text = "/".join(self._path(item, True) for item in items)
        elif choices := values.get(SH + "alternativePath"):
            text = "|".join(self._path(item, True) for item in self._members(choices[0]))
        elif inner := values.get(SH + "inversePath"):
            return f"^{self._path(inner[0], True)}"
        elif mark := next((mark for name, mark in _MARKS.items() if SH + name in values), ""):
            name = next(name for name in _MARKS if SH + name in values)
            return f"{self._path(values[SH + name][0], True)}{mark}"
        else:
            return self._text(path)
        return f"({text})" if within else text

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


def component_name(component: str) -> str:
    """The name of a constraint component: `MinCount` of `sh:MinCountConstraintComponent`."""
    return local_name(component).removesuffix("ConstraintComponent")


def _component(values: dict[str, list[Term]]) -> str:
    """The name of the component of a result if it is one of SHACL, else empty."""
    component = next(map(iri, values.get(SH + "sourceConstraintComponent", [])), "")
    return component_name(component) if component.startswith(SH) else ""


def _is_of_query(error: BaseException) -> bool:
    """Whether an error was raised while a query was parsed or evaluated."""
    trace = error.__traceback__
    while trace and not str(trace.tb_frame.f_globals.get("__name__")).startswith("rdflib.plugins.sparql"):
        trace = trace.tb_next
    return trace is not None


def _order(result: Result) -> tuple[str, ...]:
    terms = [str(getattr(term, "value", "")) for term in (result.focus, result.path, result.value)]
    rest = (result.message, result.shape, str(result.value), str(result.focus), result.severity)
    return (*terms[:2], result.component, terms[2], *rest)


def _language_first(message: Literal) -> tuple[int, str]:
    """English first, then plain text, then the other languages by name."""
    language = (message.language or "").lower()
    return (0 if language.startswith("en") else 1 if not language else 2, f"{language} {message.value}")
