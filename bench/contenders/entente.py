"""Entente in one process: closure, stored queries, `why` and `export`, without the start of Python and the loading."""

import importlib
import json
import sys
import time
from collections.abc import Callable

import kg
from kg.rdf.namespaces import INFERRED_GRAPH
from kg.reasoning.forward import ForwardChainer
from kg.reasoning.index import TripleIndex


def closure(facts: str, ontology: str) -> dict[str, object]:
    """The closure of a loaded graph, with the derivation of each triple; loading is not counted."""
    parts, count = _closed(facts, ontology)
    return {"seconds": parts["closing"], "parts": parts, "count": count}


def closure_whole(facts: str, ontology: str) -> dict[str, object]:
    """The same from triples to triples: terms are numbered, and all that was inferred is handed out."""
    parts, count = _closed(facts, ontology)
    return {"seconds": sum(parts[name] for name in ("loading", "closing", "handing out")), "count": count}


def _closed(facts: str, ontology: str) -> tuple[dict[str, float], int]:
    from pyoxigraph import RdfFormat, parse

    from kg.reasoning.closure import close

    given, ontology_triples = ([q.triple for q in parse(path=p, format=RdfFormat.N_TRIPLES)] for p in (facts, ontology))
    loading = _timed(TripleIndex, "load")
    started = time.perf_counter()
    closed = close(given, ontology_triples)
    ended = time.perf_counter()
    count = len(closed.inferred)  # handed out when it is asked for
    handed = time.perf_counter()
    parts = {
        "loading": sum(loading),
        "closing": ended - started - sum(loading),
        "handing out": handed - ended,
        "of the closing, for derivations": _tagged(closed.derivations.chainer) if closed.derivations else 0,
    }
    return parts, count


def _timed(kind: type, name: str) -> list[float]:
    """The seconds that each call of a method takes from now on."""
    method, times = getattr(kind, name), list[float]()

    def timed(*arguments: object) -> None:
        started = time.perf_counter()
        method(*arguments)
        times.append(time.perf_counter() - started)

    setattr(kind, name, timed)
    return times


def _tagged(chainer: ForwardChainer) -> float:
    """How much longer a closure takes to put down its facts with the tags that tell derivations than without."""
    rounds: list[tuple[int, list[int]]] = []
    for relation in chainer.facts.relations():
        by_tag: dict[int, list[int]] = {}
        for fact, tag in relation.facts.items():
            by_tag.setdefault(tag, []).append(fact)
        rounds += by_tag.items()
    started = time.perf_counter()
    with_tags: dict[int, int] = {}
    for tag, facts in rounds:
        with_tags.update(dict.fromkeys(facts, tag))
    between = time.perf_counter()
    without: set[int] = set()
    for _, facts in rounds:
        without.update(facts)
    return between - started - (time.perf_counter() - between)


def queries(place: str, folder: str) -> dict[str, object]:
    """Each stored query, once; the graph is wherever it comes, or in `memory`."""
    limited = importlib.import_module("limited")  # it lies beside this script

    def opened() -> Callable[[str], object]:
        graph = kg.open(folder, in_memory=place == "memory")
        graph.compile()
        return lambda name: list(graph.query(name))

    figures: dict[str, object] = limited.each(sorted(kg.open(folder).queries), opened)
    return figures


def why(folder: str) -> dict[str, object]:
    """The proof of twenty inferred triples; the first one pays for what all need."""
    graph = kg.open(folder)
    graph.compile()
    inferred = [q.triple for q in graph.quads if getattr(q.graph_name, "value", "") == INFERRED_GRAPH]
    times = []
    for triple in inferred[:: len(inferred) // 20 + 1]:
        started = time.perf_counter()
        proof = graph.why(triple.subject.value, triple.predicate.value, triple.object.value)
        times.append(time.perf_counter() - started)
        if not proof:
            raise SystemExit(f"no proof of {triple}")
    later = sorted(times[1:])
    return {"seconds": later[len(later) // 2], "parts": {"the first": times[0], "the slowest later one": later[-1]}}


def export(folder: str) -> dict[str, object]:
    """Canonical Turtle."""
    graph = kg.open(folder)
    graph.compile()
    triples = len(graph.triples())
    started = time.perf_counter()
    graph.export("turtle")
    return {"seconds": time.perf_counter() - started, "count": triples}


def shapes(folder: str, engine: str) -> dict[str, object]:
    """The findings of the shapes on sources that are loaded; an `engine` is what `kg validate --shacl` takes."""
    from kg.dataset import build
    from kg.source import documents, layout
    from kg.validation import verdict

    made = build.read_sources(documents.load_sources(layout.find_graph_folder(folder)))
    count, indexes = len(made.data_graph), [made.statements, made.claimed]  # which the checks before have made
    started = time.perf_counter()
    failed: list[str] = []
    verdict.shape_findings(made, warn=None if engine == "pyshacl" else failed.append)()
    if failed or not all(indexes):
        raise SystemExit("; ".join(failed))
    return {"seconds": time.perf_counter() - started, "count": count}


if __name__ == "__main__":
    tasks: dict[str, Callable[..., dict[str, object]]] = {
        f.__name__: f for f in (closure, closure_whole, queries, why, export, shapes)
    }
    print(json.dumps({"bench": 1, **tasks[sys.argv[1]](*sys.argv[2:])}))
