"""The main job on the graph at hand, shown step by step: build, validate, infer, ask, export, with receipts."""

from collections.abc import Callable, Iterator

from pyoxigraph import NamedNode

from kg.cli.report import summary
from kg.findings import exit_code
from kg.graph import Graph
from kg.rdf.namespaces import INFERRED_GRAPH, RDF_TYPE
from kg.validation.run import validate

QUESTIONS = ("partners-on-opposing-sides", "shared-projects", "what-divides")
EXAMPLES = 4  # inferred facts that are shown


def run_tour(graph: Graph, write: Callable[[str], object], width: int, color: bool) -> int:
    """Show the tour; the result is the exit code of the verdict."""
    bold, plain = ("\x1b[1m", "\x1b[0m") if color else ("", "")

    def step(name: str, words: str) -> None:
        write(f"{bold}{name:<10}{plain}{words}\n")

    step("build", _built(graph.counts))
    verdict = validate(graph.graph_folder)
    step("validate", summary(verdict.counts, verdict.findings))
    step("infer", f"{graph.counts['inferred']} more facts follow, such as")
    write("".join(f"{'':<10}{words}\n" for words in _inferred(graph)))
    for name in (q for q in QUESTIONS if q in graph.queries):
        write("\n")
        step("ask", f"{graph.queries[name].summary}  (kg query {name})")
        write(f"\n{graph.query(name).table(width, color)}\n")
    data = graph.export()
    step("export", f"{len(data):,} bytes of Turtle, the same on every run")
    write("\nnext: kg query              the questions\n")
    write("      kg show Akkuyu        all that is known of a thing, with its quotes\n")
    write("      kg export -o all.ttl  the graph for other tools\n")
    return exit_code(verdict.findings, "violation")


def _built(counts: dict[str, int]) -> str:
    return (
        f"{counts['articles']} article{'s' * (counts['articles'] != 1)}: {counts['facts']} facts in "
        f"{counts['passages']} passages, {counts['claims']} claims by others, {counts['background']} background facts"
    )


def _inferred(graph: Graph) -> Iterator[str]:
    """One inferred relation for each property, up to a few."""
    rows = graph.store.quads_for_pattern(None, None, None, NamedNode(INFERRED_GRAPH))
    by_property = {q.predicate: q.triple for q in sorted(rows, key=str, reverse=True) if q.predicate.value != RDF_TYPE}
    for predicate in sorted(by_property, key=lambda p: p.value)[:EXAMPLES]:
        triple = by_property[predicate]
        label = graph.things.label
        yield f"{label(triple.subject)} · {label(predicate)} · {label(triple.object)}"
