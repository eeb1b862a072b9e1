"""The main job on the graph at hand, shown step by step: facts, verdict, inference, questions with their quotes."""

from collections.abc import Callable

from pyoxigraph import NamedNode

from kg import export, validation
from kg.findings import exit_code
from kg.graph import Graph
from kg.reports import summary

QUESTIONS = ("who-backs-whom",)


def run(graph: Graph, write: Callable[[str], object], width: int, color: bool) -> int:
    """Show the tour; the result is the exit code of the verdict."""
    counts = graph.counts
    write(f"{counts['facts']} facts in {counts['passages']} passages; {counts['inferred']} more follow from them\n")
    verdict = validation.validate(graph.rooms)
    write(summary(verdict.counts, verdict.findings) + "\n")
    for name in QUESTIONS:
        if name in graph.queries:
            answer = graph.query(name)
            write(f"\n{graph.queries[name].summary}\n\n{answer.table(width, color)}")
            quotes = {graph.quote(t) for row in answer.rows for t in row if isinstance(t, NamedNode)} - {""}
            write("".join(f"  “{q}”\n" for q in sorted(quotes)))
    data = export.write(graph, "turtle")
    write(f"\n{len(data):,} bytes of Turtle: kg export -o graph.ttl\n")
    return exit_code(verdict.findings, "violation")
