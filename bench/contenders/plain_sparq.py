"""The Rust engine sparq: `closure FACTS ONTOLOGY`, both in N-Triples."""

import importlib
import json
import sys
import time
from pathlib import Path


def closure(facts: str, ontology: str) -> dict[str, object]:
    """The OWL 2 RL closure in place; loading, in which terms become numbers, is not counted."""
    engine = importlib.import_module("sparq")  # it is in its own environment only
    text = "".join(Path(name).read_text(encoding="utf-8") for name in (facts, ontology))
    before = time.perf_counter()
    graph = engine.Graph.load(text, format="ntriples")
    started = time.perf_counter()
    inferred = graph.reason("owl")
    seconds = time.perf_counter() - started
    return {"seconds": seconds, "count": inferred, "parts": {"closing": seconds, "loading": started - before}}


if __name__ == "__main__":
    print(json.dumps({"bench": 1, **closure(*sys.argv[2:])}))
