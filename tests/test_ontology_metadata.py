"""The ontology's metadata, as FOOPS! asks for it (FAIR principles for ontologies), and the redirects of w3id.org."""

import re

from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse
from running import ROOT

import kg
from kg.export.metadata import DISTRIBUTIONS
from kg.rdf.namespaces import DATASET, DCTERMS, ENT, ONTOLOGY_GRAPH, OWL, RDF_TYPE, RDFS, XSD

VANN = "http://purl.org/vocab/vann/"
DATE = NamedNode(XSD + "date")
SOURCE = b"".join(path.read_bytes() for path in sorted((ROOT / "ontology").glob("*.ttl")))
TRIPLES = {q.triple for q in parse(SOURCE, format=RdfFormat.TURTLE)}  # the files together are one Turtle document
ONTOLOGY = NamedNode(ONTOLOGY_GRAPH)


def one(predicate: str) -> NamedNode | Literal:
    (value,) = [t.object for t in TRIPLES if t.subject == ONTOLOGY and t.predicate.value == predicate]
    assert isinstance(value, NamedNode | Literal)
    return value


def test_the_ontology_says_what_it_is_and_who_made_it() -> None:
    assert [t.subject for t in TRIPLES if t.object == NamedNode(OWL + "Ontology")] == [ONTOLOGY]
    for name in ("title", "description", "creator", "bibliographicCitation"):
        text = one(DCTERMS + name)
        assert isinstance(text, Literal)
        assert (text.language, bool(text.value)) == ("en", True)
    assert isinstance(one(DCTERMS + "license"), NamedNode)
    created, modified = one(DCTERMS + "created"), one(DCTERMS + "modified")
    assert isinstance(created, Literal)
    assert isinstance(modified, Literal)
    assert (created.datatype, modified.datatype) == (DATE, DATE)
    assert created.value <= modified.value
    assert (one(VANN + "preferredNamespacePrefix").value, one(VANN + "preferredNamespaceUri").value) == ("ent", ENT)


def test_the_version_is_that_of_the_package() -> None:
    assert one(OWL + "versionInfo").value == kg.__version__
    assert one(OWL + "versionIRI") == NamedNode(f"{ONTOLOGY_GRAPH}/{kg.__version__}")
    assert f"version {kg.__version__}. {ONTOLOGY_GRAPH}" in one(DCTERMS + "bibliographicCitation").value


def test_each_term_says_which_ontology_defines_it() -> None:
    typed = {t.subject for t in TRIPLES if t.predicate.value == RDF_TYPE}
    terms = {s for s in typed if isinstance(s, NamedNode) and s.value.startswith(ENT)}
    defined = {t for t in TRIPLES if t.predicate.value == RDFS + "isDefinedBy"}
    assert terms
    assert defined == {Triple(term, NamedNode(RDFS + "isDefinedBy"), ONTOLOGY) for term in terms}


def test_w3id_redirects_every_kind_of_iri() -> None:
    lines = (ROOT / "ontology" / "w3id" / ".htaccess").read_text("utf-8")
    rules = re.findall(r"^RewriteRule (\S+) (https://\S+) \[R=303,L\]$", lines, re.MULTILINE)

    def targets(iri: str) -> list[str]:
        path = iri.removeprefix("https://w3id.org/entente/")
        return [m.expand(to.replace("$", "\\")) for pattern, to in rules if (m := re.search(pattern, path))]

    assert [t.rsplit("/", 1)[1] for t in targets(ONTOLOGY_GRAPH)] == ["ontology.md", "entente.ttl"]
    assert [t.rsplit("/", 1)[1] for t in targets("https://w3id.org/entente/shapes")] == ["shapes", "shapes.ttl"]
    files = [f"dataset.{ending}" for ending in (*DISTRIBUTIONS, "owl")]
    assert [t.rsplit("/", 1)[1] for ending in (*DISTRIBUTIONS, "owl") for t in targets(f"{DATASET}.{ending}")] == files
    of_version = [t.rsplit("/", 2)[1:] for t in targets(f"{DATASET}/{kg.__version__}")]
    assert of_version == [[f"v{kg.__version__}", "dataset.owl"]]
    assert [t.rsplit("/", 2)[1] for t in targets(one(OWL + "versionIRI").value)] == [f"v{kg.__version__}"]
    assert all(len(targets(f"https://w3id.org/entente/{n}")) == 1 for n in ("id/turkey", "article/a", "inferred"))
