"""What comes from elsewhere stays told apart: background stands in named graphs that say where it is from (rule 7)."""

from collections.abc import Iterator

from pyoxigraph import DefaultGraph, NamedNode

from kg import ownership
from kg.findings import Check, Finding
from kg.sources import Document
from kg.vocabulary import BACKGROUND, DCTERMS, compact

BACKGROUND_GRAPH = Check(
    "background-graph",
    "Background is in named graphs, each of which names its source.",
    "Background has no quote: its source is all that a reader can check.",
    wrong='background:example a ent:Background ;\n    dcterms:title "An invented list of states"@en .',
    right='background:example a ent:Background ;\n    dcterms:title "An invented list of states"@en ;\n'
    "    dcterms:source <https://example.org/states> .",
)


def check(document: Document) -> Iterator[Finding]:
    """All findings on where the statements of a background file stand."""
    yield from ownership.blank_nodes(document)
    graphs = dict.fromkeys(q.graph_name for q in document.quads)
    described = [q for q in document.quads if isinstance(q.graph_name, DefaultGraph)]
    sourced = {q.subject for q in described if q.predicate.value == DCTERMS + "source"}
    for graph in graphs:
        if isinstance(graph, NamedNode) and graph not in sourced:
            message = f"{compact(graph.value)} has no source: background says where it is from"
            hint = f"add {compact(graph.value)} a ent:Background ; dcterms:source <https://…> ."
            if not graph.value.startswith(BACKGROUND):
                message = f"the graph {compact(graph.value)} is no background: this file speaks for none else"
                hint = f"name it in the namespace <{BACKGROUND}>"
            yield document.finding(BACKGROUND_GRAPH, message, hint=hint, graph=graph.value)
    for subject in dict.fromkeys(q.subject for q in described):
        if isinstance(subject, NamedNode) and not subject.value.startswith(BACKGROUND):
            message = f"{compact(subject.value)} stands outside every background graph"
            hint = "move it into a graph that names its source: background:name { … }"
            yield document.finding(BACKGROUND_GRAPH, message, hint=hint, graph="", triple=(subject, None, None))
