"""rdflib, owlrl and pyshacl, as their manuals use them; with the store of oxrdflib where the task is `ox-queries`."""

import json
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import rdflib

_ENT = rdflib.Namespace("https://w3id.org/entente/ontology#")


def answer(folder: str, query: str) -> dict[str, object]:
    """A stored query from the sources: read, close, ask, print."""
    dataset = _closed(folder)
    text = (Path(folder) / "queries" / f"{query}.rq").read_text(encoding="utf-8")
    for row in dataset.query(text):
        print(row)
    return {}


def build(folder: str, out: str) -> dict[str, object]:
    """The sources read and closed, and written as N-Quads."""
    _closed(folder).serialize(out, format="nquads")
    return {}


def _closed(folder: str) -> rdflib.Dataset:
    """All asserted graphs and the closure of their facts; what somebody is reported to say is left out."""
    import owlrl

    dataset = rdflib.Dataset(default_union=True)
    for path in sorted(Path(folder, "kg").rglob("*.trig")):
        dataset.parse(path, format="trig")
    for passage in list(dataset.subjects(_ENT.speaker)):
        dataset.remove_graph(str(passage))
    for passage in dataset.subjects(_ENT.quote):
        dataset.add((passage, _ENT.article, rdflib.URIRef(str(passage).split("#")[0])))
    facts = rdflib.Graph()
    for graph in dataset.graphs():
        if graph.identifier != rdflib.graph.DATASET_DEFAULT_GRAPH_ID:
            facts += graph
    for path in sorted(Path(folder, "ontology").glob("*.ttl")):
        facts.parse(path)
    owlrl.DeductiveClosure(owlrl.OWLRL_Semantics).expand(facts)
    closed = dataset.graph(_ENT.inferred)
    for triple in _sound(facts):
        closed.add(triple)
    return dataset


def _sound(facts: rdflib.Graph) -> Iterator[tuple[rdflib.term.Node, rdflib.term.Node, rdflib.term.Node]]:
    return (t for t in facts if not isinstance(t[0], rdflib.Literal) and isinstance(t[1], rdflib.URIRef))


def closure(facts: str, ontology: str) -> dict[str, object]:
    """The OWL 2 RL closure; reading is not counted."""
    import owlrl

    graph = rdflib.Graph().parse(facts, format="nt").parse(ontology, format="nt")
    started, before = time.perf_counter(), len(graph)
    owlrl.DeductiveClosure(owlrl.OWLRL_Semantics).expand(graph)
    return {"seconds": time.perf_counter() - started, "count": len(graph) - before}


def verdict(facts: str, ontology: str, shapes: str) -> dict[str, object]:
    """The shapes by pyshacl; reading is not counted."""
    import pyshacl

    graph, ontology_graph = (rdflib.Graph().parse(path, format="nt") for path in (facts, ontology))
    shapes_graph = rdflib.Graph()
    for path in sorted(Path(shapes).glob("*.ttl")):
        shapes_graph.parse(path)
    started = time.perf_counter()
    pyshacl.validate(graph, shacl_graph=shapes_graph, ont_graph=ontology_graph, inference="none")
    return {"seconds": time.perf_counter() - started}


def queries(dataset: str, folder: str, store: str = "default", parser: str = "nquads") -> dict[str, object]:
    """Each stored query, once, on the compiled dataset."""
    graph = rdflib.Dataset(store=store)
    graph.parse(dataset, format=parser)
    parts = {}
    for path in sorted(Path(folder).glob("*.rq")):
        text = path.read_text(encoding="utf-8")
        started = time.perf_counter()
        for _ in graph.query(text):
            pass
        parts[path.stem] = time.perf_counter() - started
    return {"seconds": sum(parts.values()), "parts": parts}


def ox_queries(dataset: str, folder: str) -> dict[str, object]:
    """The same with the store of oxrdflib."""
    return queries(dataset, folder, "Oxigraph", "ox-nquads")


def export(dataset: str) -> dict[str, object]:
    """Turtle of the default graph; reading is not counted."""
    whole = rdflib.Dataset()
    whole.parse(dataset, format="nquads")
    graph = whole.default_graph
    started = time.perf_counter()
    graph.serialize(format="turtle")
    return {"seconds": time.perf_counter() - started, "count": len(graph)}


if __name__ == "__main__":
    tasks: dict[str, Callable[..., dict[str, object]]] = {
        f.__name__: f for f in (answer, build, closure, verdict, queries, ox_queries, export)
    }
    print(json.dumps({"bench": 1, **tasks[sys.argv[1]](*sys.argv[2:])}))
