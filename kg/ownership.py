"""A facts file speaks for its own article only: what its default graph and its named graphs may hold (rule 5)."""

from collections.abc import Iterator

from pyoxigraph import BlankNode, Literal, NamedNode, Quad

from kg.findings import Finding
from kg.sources import Document
from kg.vocabulary import ENT, RDF_TYPE, compact, local_name, short

PASSAGE, ASIDE, ARTICLE_CLASS = (NamedNode(ENT + name) for name in ("Passage", "Aside", "Article"))

Values = dict[str, list[NamedNode | Literal]]  # {predicate: [objects]}
Described = dict[str, Values]  # by subject


def check(facts: Document, article: str, described: Described) -> Iterator[Finding]:
    """All findings on a facts file. `article` is the IRI of its article, `described` its default graph."""
    yield from blank_nodes(facts)
    for iri, values in described.items():
        if iri != article:
            yield from _description(facts, article, iri, values.get(RDF_TYPE, []))
    graphs = dict.fromkeys(q.graph_name.value for q in facts.quads if isinstance(q.graph_name, NamedNode))
    for iri in graphs:
        yield from _graph(facts, article, iri, described.get(iri, {}).get(RDF_TYPE, []))


def blank_nodes(document: Document) -> Iterator[Finding]:
    """The blank nodes of a file, each once and where it is first met; and the graphs that have no name."""
    hint = "give the thing an IRI under id:, so that other passages can speak of it"
    message = "a blank node in the facts: nothing can refer to it"
    seen: set[object] = set()
    for q in document.quads:
        if isinstance(q.graph_name, BlankNode) and q.graph_name not in seen:
            seen.add(q.graph_name)
            declare = "declare a passage, and name the graph after it: p:name { … }"
            words = "a graph without a name: no passage says this"
            yield document.finding("blank-node", words, hint=declare, triple=(q.subject, q.predicate, q.object))
    for q, node in _met(document):
        graph = q.graph_name.value if isinstance(q.graph_name, NamedNode) else ""
        if node == q.object:  # told at the predicate: a blank node has no name to look for
            yield document.finding("blank-node", message, hint=hint, graph=graph, triple=(q.subject, q.predicate, None))
        else:
            triple = (None, q.predicate, q.object)
            yield document.finding("blank-node", message, hint=hint, graph=graph, triple=triple)


def _met(document: Document) -> Iterator[tuple[Quad, BlankNode]]:
    """The blank nodes that no other leads to, each with the statement that has it first; of a ring, any one."""
    if not any(isinstance(q.subject, BlankNode) or isinstance(q.object, BlankNode) for q in document.quads):
        return
    told = {q.object for q in document.quads}
    leads_to: dict[object, list[object]] = {}
    for q in document.quads:
        if isinstance(q.subject, BlankNode):
            leads_to.setdefault(q.subject, []).append(q.object)
    from_names = ((q, q.object) for q in document.quads if isinstance(q.subject, NamedNode))
    first = ((q, q.subject) for q in document.quads if q.subject not in told)
    rings = ((q, q.subject) for q in document.quads)
    seen: set[object] = set()
    for q, node in (*from_names, *first, *rings):
        if not isinstance(node, BlankNode) or node in seen:
            continue
        yield q, node
        queue: list[object] = [node]
        while queue:
            here = queue.pop()
            if here not in seen:
                seen.add(here)
                queue += leads_to.get(here, ())


def _description(facts: Document, article: str, iri: str, kinds: list[NamedNode | Literal]) -> Iterator[Finding]:
    """A subject of the default graph is the article, or one of its passages and asides."""
    place = (NamedNode(iri), None, None)
    if ARTICLE_CLASS in kinds:
        message = f"{compact(iri)} is not the article of this folder, which is {compact(article)}"
        hint = "name the folder after the article, or the article after the folder"
        yield facts.finding("undescribed-article", message, hint=hint, graph="", triple=place)
    elif not iri.startswith(article + "#"):
        message = f"{compact(iri)} stands outside every passage: a fact needs a passage that says it"
        hint = f"move it into the graph of a passage: p:name {{ {compact(iri)} … }}"
        yield facts.finding("fact-outside-passage", message, hint=hint, graph="", triple=place)
    elif PASSAGE not in kinds and ASIDE not in kinds:
        message = f"{short(iri)} is neither a passage nor an aside"
        yield facts.finding("undeclared-passage", message, hint="add `a ent:Passage`", graph="", triple=place)


def _graph(facts: Document, article: str, iri: str, kinds: list[NamedNode | Literal]) -> Iterator[Finding]:
    """A named graph is that of a passage of this file."""
    if not iri.startswith(article + "#"):
        message = f"the graph {compact(iri)} belongs to another article than {local_name(article)}"
        hint = f"name it in the namespace <{article}#>"
        yield facts.finding("foreign-graph", message, hint=hint, graph=iri)
    elif ASIDE in kinds:
        message = f"the aside {short(iri)} has facts: an aside is what yields none"
        yield facts.finding("aside-with-facts", message, hint="make it a passage", graph=iri)
    elif PASSAGE not in kinds:
        hint = f"declare it: {short(iri)} a ent:Passage ; ent:quote “…” ."
        yield facts.finding(
            "undeclared-passage", f"the graph {short(iri)} is no passage of this file", hint=hint, graph=iri
        )
