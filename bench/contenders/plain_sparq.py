"""The Rust engine sparq: `closure FACTS ONTOLOGY` or `closure_whole`, both in N-Triples."""

import importlib
import json
import sys
import time
from pathlib import Path


def closure(facts: str, ontology: str) -> dict[str, object]:
    """The OWL 2 RL closure in place; loading, in which terms become numbers, is not counted."""
    loading, closing, count = _closed(facts, ontology)
    return {"seconds": closing, "parts": {"closing": closing, "loading": loading}, "count": count}


def closure_whole(facts: str, ontology: str) -> dict[str, object]:
    """The same with loading; what was inferred stays within."""
    loading, closing, count = _closed(facts, ontology)
    return {"seconds": loading + closing, "count": count}


def _closed(facts: str, ontology: str) -> tuple[float, float, int]:
    engine = importlib.import_module("sparq")  # it is in its own environment only
    text = "".join(Path(name).read_text(encoding="utf-8") for name in (facts, ontology))
    before = time.perf_counter()
    graph = engine.Graph.load(text, format="ntriples")
    started = time.perf_counter()
    count = graph.reason("owl")
    return started - before, time.perf_counter() - started, count


if __name__ == "__main__":
    task = {"closure": closure, "closure_whole": closure_whole}[sys.argv[1]]
    print(json.dumps({"bench": 1, **task(*sys.argv[2:])}))
