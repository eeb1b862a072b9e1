"""The test suite of SHACL (w3c/data-shapes, data-shapes-test-suite/tests): `kg validate -f turtle`, and pyshacl alone.

Of each result its focus node, path, value, constraint component and severity are compared, blank nodes as such, and
`sh:conforms`. A case that has to fail passes where no report comes of it.
"""

import logging
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import rdflib
from rdflib import RDF, SH, BNode, Graph, Namespace
from rdflib.collection import Collection

from bench.suites import Case, run_command

RAW = "pyshacl"
_MF = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
_SHT = Namespace("http://www.w3.org/ns/shacl-test#")
_COMPARED = (SH.focusNode, SH.resultPath, SH.value, SH.sourceConstraintComponent, SH.resultSeverity)

Outcome = tuple[Any, ...] | None  # whether the data conform, and the results; None for no report


def cases(folder: Path) -> Iterator[Case]:
    """The cases of the manifests in a folder, which include each other."""
    logging.disable(logging.CRITICAL)  # rdflib logs each ill-formed literal
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as apart:  # where nothing has changed pyshacl
        yield from _cases(folder, lambda data, shapes: apart.submit(_raw, data, shapes).result())


def _cases(folder: Path, raw: Callable[[str, str], Outcome]) -> Iterator[Case]:
    for file in _files(folder / "manifest.ttl"):
        graph = _read(file)
        for node in sorted(graph.subjects(RDF.type, _SHT.Validate), key=str):
            action, result = graph.value(node, _MF.action), graph.value(node, _MF.result)
            data, shapes = (_path(graph.value(action, part)) for part in (_SHT.dataGraph, _SHT.shapesGraph))
            expected = None if result == _SHT.Failure else _outcome(graph, result)
            name = str(node).rpartition("/tests/")[2]
            yield Case(name, _difference(expected, _own(data, shapes)), _difference(expected, raw(data, shapes)))


def _files(manifest: Path) -> Iterator[Path]:
    """The files with cases of a manifest and of those that it includes."""
    graph = _read(manifest)
    if (None, RDF.type, _SHT.Validate) in graph:
        yield manifest
    for included in sorted(graph.objects(None, _MF.include), key=str):
        yield from _files(Path(_path(included)))


def _read(path: Path | str) -> Graph:
    return Graph().parse(path, format="turtle", publicID=Path(path).as_uri())


def _path(node: Any) -> str:
    from urllib.parse import urlparse
    from urllib.request import url2pathname

    return url2pathname(urlparse(str(node)).path)


def _own(data: str, shapes: str) -> Outcome:
    _, out, _ = run_command("validate", "-f", "turtle", "--data", data, "--shapes", shapes)
    report = Graph().parse(data=out, format="turtle")
    node = report.value(None, RDF.type, SH.ValidationReport)
    return None if node is None else _outcome(report, node)


def _raw(data: str, shapes: str) -> Outcome:
    import pyshacl

    logging.disable(logging.CRITICAL)
    try:
        _, report, _ = pyshacl.validate(_read(data), shacl_graph=_read(shapes))
    except Exception:  # pyshacl has no base class of its own
        return None
    if not isinstance(report, Graph):
        return None
    return _outcome(report, report.value(None, RDF.type, SH.ValidationReport))


def _outcome(graph: Graph, report: Any) -> Outcome:
    conforms = graph.value(report, SH.conforms)
    rows = (tuple(_text(graph, graph.value(r, p)) for p in _COMPARED) for r in graph.objects(report, SH.result))
    return str(conforms), Counter(rows)


def _text(graph: Graph, node: Any) -> str:
    """A term; a blank node by its list or its path, else as such."""
    if not isinstance(node, BNode):
        return node.n3() if isinstance(node, rdflib.term.Identifier) else ""
    if (node, RDF.first, None) in graph:
        return f"({' '.join(_text(graph, item) for item in Collection(graph, node))})"
    path = [f"{p} {_text(graph, o)}" for p, o in graph.predicate_objects(node) if "Path" in str(p)]
    return f"[{path[0]}]" if path else "[]"


def _difference(expected: Outcome, found: Outcome) -> str:
    if expected == found:
        return ""
    if expected is None or found is None:
        return "a report, where it has to fail" if found else "no report"
    missing, more = expected[1] - found[1], found[1] - expected[1]
    return f"conforms {found[0]}; missing {list(missing.elements())}; more {list(more.elements())}"
