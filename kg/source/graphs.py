"""Which named graphs the files of articles and background may contain, and what belongs in their default graph.

Rules 5 and 7 of the model (docs/model.md): an article's file has the graphs of its own passages, and its default graph
describes the article, its passages and asides; background is in named graphs that have a source.
"""

from collections.abc import Iterator

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad

from kg.findings import Check, Finding
from kg.rdf.namespaces import BACKGROUND, DCTERMS, ENT, RDF_TYPE, compact, local_name, short
from kg.source.documents import Document

PASSAGE, ASIDE, MENTION, ARTICLE_CLASS = (NamedNode(ENT + name) for name in ("Passage", "Aside", "Mention", "Article"))

BLANK_NODE = Check(
    "blank-node",
    "Things in facts and background have IRIs, and so have their graphs.",
    "No other passage, article or query can refer to a blank node.",
    wrong="ent:cost [ a ent:Quantity ; ent:number 40000000 ] ;",
    right="ent:cost id:cost-of-radars ;",
)
UNDESCRIBED_ARTICLE = Check(
    "undescribed-article",
    "A facts file describes the article of its folder, and no other.",
    "Without a description there is no date on which “on Tuesday” is read, and no source to cite.",
    wrong="<https://w3id.org/entente/article/2019-05-lorvia> a ent:Article ;",
    right="<https://w3id.org/entente/article/2019-05-lorvia-sudmark> a ent:Article ;",
)
FACT_OUTSIDE_PASSAGE = Check(
    "fact-outside-passage",
    "Each fact is in the named graph of a passage that says it.",
    "A fact in the default graph has no quote, hence no receipt.",
    wrong="id:melk a ent:City .",
    right="p:heading { id:melk a ent:City . }",
)
UNDECLARED_PASSAGE = Check(
    "undeclared-passage",
    "Each named graph of a facts file is a passage that the file declares.",
    "Facts in an undeclared graph have no quote, hence no receipt.",
    wrong="p:melk { id:melk a ent:City . }",
    right='p:melk a ent:Passage ; ent:quote "heads to Melk" .\np:melk { id:melk a ent:City . }',
)
FOREIGN_GRAPH = Check(
    "foreign-graph",
    "A facts file has graphs of its own article only.",
    "Nobody would look for what an article says in the folder of another one.",
    wrong="<https://w3id.org/entente/article/2019-06-melk#heading> { id:melk a ent:City . }",
    right="p:heading { id:melk a ent:City . }",
)
ASIDE_WITH_FACTS = Check(
    "aside-with-facts",
    "An aside has no facts.",
    "An aside declares that its quote yields none; with facts it is a passage.",
    wrong="# p:monday is an ent:Aside\np:monday { id:melk a ent:City . }",
    right="# p:heading is an ent:Passage\np:heading { id:melk a ent:City . }",
)

BACKGROUND_GRAPH = Check(
    "background-graph",
    "Background is in named graphs, each of which names its source.",
    "Background has no quote: its source is all that a reader can check.",
    wrong='background:example a ent:Background ;\n    dcterms:title "An invented list of states"@en .',
    right='background:example a ent:Background ;\n    dcterms:title "An invented list of states"@en ;\n'
    "    dcterms:source <https://example.org/states> .",
)

Values = dict[str, list[NamedNode | Literal]]  # {predicate: [objects]}
Described = dict[str, Values]  # by subject


def check_article_graphs(facts: Document, article: str, described: Described) -> Iterator[Finding]:
    """Findings on the graphs of a facts file. `article` is the IRI of its article, `described` its default graph."""
    yield from _blank_nodes(facts)
    for iri, values in described.items():
        if iri != article:
            yield from _description(facts, article, iri, values.get(RDF_TYPE, []))
    for iri in dict.fromkeys(q.graph_name.value for q in facts.quads if isinstance(q.graph_name, NamedNode)):
        yield from _graph(facts, article, iri, described.get(iri, {}).get(RDF_TYPE, []))


def _blank_nodes(document: Document) -> Iterator[Finding]:
    """Findings on graphs without an IRI and on the outermost blank nodes, each once."""
    first = {q.graph_name: q for q in reversed(document.quads) if isinstance(q.graph_name, BlankNode)}
    for q in first.values():
        hint = "declare a passage, and name the graph after it: p:name { … }"
        message = "a graph without a name: no passage says this"
        yield document.finding(BLANK_NODE, message, hint=hint, triple=(q.subject, q.predicate, q.object))
    message = "a blank node in the facts: nothing can refer to it"
    hint = "give the thing an IRI under id:, so that other passages can speak of it"
    for node, q in _outermost(document).items():
        graph = q.graph_name.value if isinstance(q.graph_name, NamedNode) else ""
        triple = (q.subject, q.predicate, None) if node == q.object else (None, q.predicate, q.object)
        yield document.finding(BLANK_NODE, message, hint=hint, graph=graph, triple=triple)


def _outermost(document: Document) -> dict[BlankNode, Quad]:
    """The blank nodes that are the object of an IRI or of nothing, else one of a cycle, each with its first quad."""
    quads, objects = document.quads, {q.object for q in document.quads}
    of_iris = [(q.object, q) for q in quads if isinstance(q.subject, NamedNode) and isinstance(q.object, BlankNode)]
    blank = [(q.subject, q) for q in quads if isinstance(q.subject, BlankNode)]
    found: dict[BlankNode, Quad] = {}
    for node, q in [*of_iris, *(row for row in blank if row[0] not in objects)] or blank[:1]:
        found.setdefault(node, q)
    return found


def _description(facts: Document, article: str, iri: str, kinds: list[NamedNode | Literal]) -> Iterator[Finding]:
    """Check that a subject of the default graph is the article, or one of its passages and asides."""
    place = (NamedNode(iri), None, None)
    if ARTICLE_CLASS in kinds:
        message = f"{compact(iri)} is not the article of this folder, which is {compact(article)}"
        hint = "name the folder after the article, or the article after the folder"
        yield facts.finding(UNDESCRIBED_ARTICLE, message, hint=hint, graph="", triple=place)
    elif not iri.startswith(article + "#"):
        message = f"{compact(iri)} stands outside every passage: a fact needs a passage that says it"
        hint = f"move it into the graph of a passage: p:name {{ {compact(iri)} … }}"
        yield facts.finding(FACT_OUTSIDE_PASSAGE, message, hint=hint, graph="", triple=place)
    elif {PASSAGE, ASIDE, MENTION}.isdisjoint(kinds):
        message = f"{short(iri)} is no passage, aside or mention"
        yield facts.finding(UNDECLARED_PASSAGE, message, hint="add `a ent:Passage`", graph="", triple=place)


def _graph(facts: Document, article: str, iri: str, kinds: list[NamedNode | Literal]) -> Iterator[Finding]:
    """Check that a named graph is that of a passage of this file."""
    if not iri.startswith(article + "#"):
        message = f"the graph {compact(iri)} belongs to another article than {local_name(article)}"
        hint = f"name it in the namespace <{article}#>"
        yield facts.finding(FOREIGN_GRAPH, message, hint=hint, graph=iri)
    elif ASIDE in kinds or (MENTION in kinds and PASSAGE not in kinds):
        what = "aside" if ASIDE in kinds else "mention"
        message = f"the {what} {short(iri)} has facts: a{'n' * (what[0] == 'a')} {what} yields none"
        yield facts.finding(ASIDE_WITH_FACTS, message, hint="make it a passage", graph=iri)
    elif PASSAGE not in kinds:
        hint = f"declare it: {short(iri)} a ent:Passage ; ent:quote “…” ."
        message = f"the graph {short(iri)} is no passage of this file"
        yield facts.finding(UNDECLARED_PASSAGE, message, hint=hint, graph=iri)


def check_background_graphs(document: Document) -> Iterator[Finding]:
    """Findings on the graphs of a background file."""
    yield from _blank_nodes(document)
    described = [q for q in document.quads if isinstance(q.graph_name, DefaultGraph)]
    sourced = {q.subject for q in described if q.predicate.value == DCTERMS + "source"}
    for graph in dict.fromkeys(q.graph_name for q in document.quads):
        if isinstance(graph, NamedNode) and graph not in sourced:
            message = f"{compact(graph.value)} has no source: background says where it is from"
            hint = f"add {compact(graph.value)} a ent:Background ; dcterms:source <https://…> ."
            if not graph.value.startswith(BACKGROUND):
                message = f"the graph {compact(graph.value)} is not in the namespace of background"
                hint = f"name it in the namespace <{BACKGROUND}>"
            yield document.finding(BACKGROUND_GRAPH, message, hint=hint, graph=graph.value)
    for subject in dict.fromkeys(q.subject for q in described):
        if isinstance(subject, NamedNode) and not subject.value.startswith(BACKGROUND):
            message = f"{compact(subject.value)} stands outside every background graph"
            hint = "move it into a graph that names its source: background:name { … }"
            yield document.finding(BACKGROUND_GRAPH, message, hint=hint, graph="", triple=(subject, None, None))
