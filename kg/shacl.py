"""The shapes' verdict: pyshacl's, on a plain graph and without inference (model, rule 27), told as findings."""

from collections.abc import Iterable
from dataclasses import dataclass

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from kg.vocabulary import RDF_TYPE, SH

Term = NamedNode | BlankNode | Literal | Triple


@dataclass(frozen=True)
class Result:
    """One validation result (SHACL §3.6.2): what is wrong with which value of which thing, and which shape says so."""

    severity: str
    message: str
    focus: Term | None
    path: Term | None
    value: Term | None
    component: str
    shape: Term | None


_SEVERITY = {SH + "Violation": "violation", SH + "Warning": "warning", SH + "Info": "info"}


def judge(
    data: Iterable[Triple],
    shapes: Iterable[Triple],
    ontology: Iterable[Triple],
    focus: Iterable[NamedNode] = (),
) -> list[Result]:
    """Run pyshacl. `focus`, if any, are the only things judged. Raises InputError where the shapes are ill-formed."""
    import pyshacl

    from kg.errors import InputError
    from kg.terms import from_rdflib, rdflib_graph

    try:
        _, report, _ = pyshacl.validate(
            rdflib_graph(data),
            shacl_graph=rdflib_graph(shapes),
            ont_graph=rdflib_graph(ontology),
            focus_nodes=[f.value for f in focus] or None,
            inference="none",
            advanced=False,
            allow_warnings=True,
        )
    except Exception as error:  # pyshacl lets the errors of patterns and SPARQL constraints escape as they are
        raise InputError(f"the shapes cannot be used: {error}", rule="shapes") from error
    found = (from_rdflib(s, p, o) for s, p, o in report)
    return _results([t for t in found if t])


def _results(report: list[Triple]) -> list[Result]:
    about: dict[Term, dict[str, list[Term]]] = {}
    for t in report:
        about.setdefault(t.subject, {}).setdefault(t.predicate.value, []).append(t.object)
    kind = NamedNode(SH + "ValidationResult")
    return [_result(about[node]) for node in sorted(about, key=str) if kind in about[node].get(RDF_TYPE, [])]


def _result(values: dict[str, list[Term]]) -> Result:
    def one(name: str) -> Term | None:
        return min(values.get(SH + name, []), key=str, default=None)

    message, severity, component = (
        one("resultMessage"),
        one("resultSeverity"),
        one("sourceConstraintComponent"),
    )
    return Result(
        severity=_SEVERITY.get(getattr(severity, "value", ""), "violation"),
        message=getattr(message, "value", ""),
        focus=one("focusNode"),
        path=one("resultPath"),
        value=one("value"),
        component=getattr(component, "value", ""),
        shape=one("sourceShape"),
    )
