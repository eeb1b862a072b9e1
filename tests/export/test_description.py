"""The description of an export (VoID, DCAT, SPARQL Service Description): its counts are those of the file."""

from typing import Any

import pytest
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, parse

from kg.graph import Graph
from kg.rdf.namespaces import (
    ARTICLE,
    DATASET,
    DCAT,
    DCTERMS,
    ENT,
    FOAF,
    ID,
    INFERRED_GRAPH,
    ONTOLOGY_GRAPH,
    OWL,
    PROV,
    RDF_TYPE,
    RDFS_LABEL,
    SD,
    SKOS,
    VOID,
    XSD,
)
from kg.source import documents

ENDINGS = {"turtle": "ttl", "trig": "trig", "nquads": "nq", "ntriples": "nt", "jsonld": "jsonld", "rdfxml": "rdf"}
OXIGRAPH = {name: documents.FORMATS[f".{ending}"] for name, ending in ENDINGS.items()}
OPTIONS = [{}, {"claims": True}, {"asserted_only": True}]


class File:
    """The quads of an export, and what it says of itself."""

    def __init__(self, graph: Graph, name: str, **options: Any) -> None:
        self.quads = set(parse(graph.export(name, **options), format=OXIGRAPH[name]))
        self.values: dict[str, dict[str, list[Any]]] = {}
        for q in sorted(self.quads, key=str):
            if isinstance(q.graph_name, DefaultGraph):
                self.values.setdefault(q.subject.value, {}).setdefault(q.predicate.value, []).append(q.object)

    def count(self, node: str = DATASET, kind: str = "triples") -> int:
        (literal,) = self.values[node][VOID + kind]
        assert literal.datatype.value == XSD + "integer"
        return int(literal.value)

    def one(self, predicate: str, node: str = DATASET) -> Any:
        (value,) = self.values[node][predicate]
        return value

    def iris(self, predicate: str, node: str = DATASET) -> list[str]:
        values = self.values[node].get(predicate, [])
        assert all(isinstance(value, NamedNode) for value in values)
        return [value.value for value in values]

    def instances(self, kind: str) -> list[str]:
        return [node for node, about in self.values.items() if NamedNode(kind) in about.get(RDF_TYPE, [])]


@pytest.fixture(params=["graph", "odd"])
def each(request: pytest.FixtureRequest) -> Graph:
    found: Graph = request.getfixturevalue(request.param)
    return found


@pytest.fixture(scope="module")
def file(graph: Graph) -> File:
    return File(graph, "turtle")


@pytest.mark.parametrize("options", OPTIONS, ids=str)
@pytest.mark.parametrize("name", OXIGRAPH)
def test_the_counts_are_those_of_the_file(name: str, options: dict[str, bool], each: Graph) -> None:
    file = File(each, name, **options)
    assert file.count() == len(file.quads)
    assert file.count(kind="entities") == len({q.subject for q in file.quads if str(q.subject).startswith(f"<{ID}")})
    assert file.count(kind="properties") == len({q.predicate for q in file.quads})
    assert file.count(kind="classes") == len({q.object for q in file.quads if q.predicate.value == RDF_TYPE})
    kinds = {q.object.value for q in file.quads if q.predicate.value == RDF_TYPE and isinstance(q.object, NamedNode)}
    used = {q.predicate.value for q in file.quads} | kinds
    vocabularies = file.iris(VOID + "vocabulary")
    assert {iri for iri in used if not iri.startswith(tuple(vocabularies))} == set()
    assert [v for v in vocabularies if not any(iri.startswith(v) for iri in used)] == []


@pytest.mark.parametrize("options", OPTIONS, ids=str)
@pytest.mark.parametrize("name", ["trig", "nquads"])
def test_each_named_graph_has_its_name_and_count(name: str, options: dict[str, bool], each: Graph) -> None:
    file = File(each, name, **options)
    sizes: dict[str, int] = {}
    for q in file.quads:
        graph = q.graph_name.value if isinstance(q.graph_name, NamedNode) else ""
        sizes[graph] = sizes.get(graph, 0) + 1
    default = file.one(SD + "defaultGraph").value
    assert file.count(default) == sizes.pop("")
    assert {graph: file.count(graph) for graph in file.iris(SD + "namedGraph")} == sizes
    assert {graph: file.iris(SD + "name", graph) for graph in sizes} == {graph: [graph] for graph in sizes}
    assert (INFERRED_GRAPH in sizes) == (not options.get("asserted_only"))
    assert ONTOLOGY_GRAPH in sizes


def test_a_flat_file_has_no_named_graph(file: File) -> None:
    assert not {SD + "namedGraph", SD + "defaultGraph"} & file.values[DATASET].keys()


def test_whose_it_is_and_from_when(file: File) -> None:
    for predicate in ("creator", "publisher"):
        agent = file.one(DCTERMS + predicate).value
        assert file.one(FOAF + "name", agent) == Literal("The Entente authors", language="en")
        assert file.iris(RDF_TYPE, agent) == [FOAF + "Agent"]
    for predicate in ("issued", "modified"):
        assert file.one(DCTERMS + predicate).datatype.value == XSD + "date"
    assert file.one(DCTERMS + "issued").value <= file.one(DCTERMS + "modified").value
    assert file.one(DCAT + "version") == file.one(OWL + "versionInfo") == Literal("0.1.0")
    assert file.iris(DCTERMS + "conformsTo") == ["https://w3id.org/entente/ontology/0.1.0"]
    assert file.iris(DCTERMS + "license") == ["https://www.apache.org/licenses/LICENSE-2.0"]
    assert file.iris(PROV + "wasDerivedFrom") == [ARTICLE + "2018-04-turkey-russia"]


def test_it_was_modified_when_its_latest_article_was_read(graph: Graph) -> None:
    from kg.export import metadata

    day = NamedNode(XSD + "date")
    triples, terms = graph.triples(), graph.build.ontology
    newer = [t for t in triples if t.predicate.value != ENT + "readingDate"]
    read = next(t for t in triples if t.predicate.value == ENT + "readingDate")
    later = type(read)(read.subject, read.predicate, Literal("2031-05-06", datatype=day))
    assert dict(metadata.about([*newer, later], terms))[DCTERMS + "modified"] == later.object


def test_each_distribution_is_a_file_with_a_licence(file: File) -> None:
    found = file.iris(DCAT + "distribution")
    assert sorted(file.instances(DCAT + "Distribution")) == sorted(found)
    for distribution in found:
        assert file.iris(DCAT + "downloadURL", distribution) == [distribution]
        assert file.iris(DCAT + "accessURL", distribution) == [DATASET]
        assert file.iris(DCTERMS + "license", distribution) == file.iris(DCTERMS + "license")
    registered = "https://www.iana.org/assignments/media-types/"
    assert file.iris(DCAT + "mediaType", f"{DATASET}.nq") == [registered + "application/n-quads"]
    assert set(file.iris(VOID + "dataDump")) == set(found) - {f"{DATASET}.csv", f"{DATASET}.graphml"}


@pytest.mark.parametrize("name", ["turtle", "nquads"])
def test_linksets_count_the_links(name: str, graph: Graph) -> None:
    file = File(graph, name)
    linksets = file.iris(VOID + "subset")
    assert sorted(file.instances(VOID + "Linkset")) == sorted(linksets)
    counted = 0
    for linkset in linksets:
        (target,) = file.iris(VOID + "objectsTarget", linkset)
        predicate, space = file.one(VOID + "linkPredicate", linkset), file.one(VOID + "uriSpace", target).value
        links = {q.triple for q in file.quads if q.predicate == predicate and is_in(q, space)}
        assert file.count(linkset) == len(links) > 0
        assert file.iris(VOID + "subjectsTarget", linkset) == [DATASET]
        counted += len(links)
    matches = {
        q.triple for q in file.quads if q.predicate.value.startswith(SKOS) and q.predicate.value.endswith("Match")
    }
    assert counted == len(matches)
    assert f"{DATASET}#www.wikidata.org-entity-exactMatch" in linksets
    assert (len(linksets) > 1) == (name == "nquads")  # where the alignments of the ontology are


def is_in(q: Quad, space: str) -> bool:
    return isinstance(q.object, NamedNode) and q.object.value.startswith(space)


def test_themes_are_concepts_with_a_preferred_label(file: File) -> None:
    themes = file.iris(DCAT + "theme")
    assert themes
    for theme in themes:
        assert NamedNode(SKOS + "Concept") in file.values[theme][RDF_TYPE]
        assert set(file.values[theme][RDFS_LABEL]) >= set(file.values[theme][SKOS + "prefLabel"]) != set()
