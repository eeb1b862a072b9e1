"""Namespaces and prefixes, prefixed names, and local names. The terms themselves are described in ontology/."""

from typing import TYPE_CHECKING

from kg.errors import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterable

ENT = "https://w3id.org/entente/ontology#"
ID = "https://w3id.org/entente/id/"
ARTICLE = "https://w3id.org/entente/article/"
BACKGROUND = "https://w3id.org/entente/background/"
CLAIM = "https://w3id.org/entente/claim/"
ONTOLOGY_GRAPH = "https://w3id.org/entente/ontology"
INFERRED_GRAPH = "https://w3id.org/entente/inferred"
DEFAULT_GRAPH = "https://w3id.org/entente/default"  # for the default graph, where a store has none (`kg export --bulk`)
DATASET = "https://w3id.org/entente/dataset"  # what an export describes itself as

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
XSD = "http://www.w3.org/2001/XMLSchema#"
OWL = "http://www.w3.org/2002/07/owl#"
SKOS = "http://www.w3.org/2004/02/skos/core#"
DCTERMS = "http://purl.org/dc/terms/"
PROV = "http://www.w3.org/ns/prov#"
OA = "http://www.w3.org/ns/oa#"
SH = "http://www.w3.org/ns/shacl#"
VOID = "http://rdfs.org/ns/void#"
DCAT = "http://www.w3.org/ns/dcat#"
FOAF = "http://xmlns.com/foaf/0.1/"
SD = "http://www.w3.org/ns/sparql-service-description#"

RDF_TYPE = RDF + "type"
RDFS_LABEL = RDFS + "label"
ALT_LABEL = SKOS + "altLabel"

# The prefixes that a user may write, in the order in which they are tried and printed.
PREFIXES = {
    "article": ARTICLE,
    "background": BACKGROUND,
    "claim": CLAIM,
    "dcat": DCAT,
    "dcterms": DCTERMS,
    "ent": ENT,
    "foaf": FOAF,
    "id": ID,
    "oa": OA,
    "owl": OWL,
    "prov": PROV,
    "rdf": RDF,
    "rdfs": RDFS,
    "sd": SD,
    "sh": SH,
    "skos": SKOS,
    "void": VOID,
    "xsd": XSD,
}


def compact(iri: str) -> str:
    """The prefixed name of an IRI, such as `id:turkey`; the bare IRI where no prefix fits."""
    for prefix, namespace in PREFIXES.items():
        if iri.startswith(namespace):
            return f"{prefix}:{iri[len(namespace) :]}"
    return iri


def expand(name: str) -> str | None:
    """The IRI of a prefixed name; None where the prefix is not known."""
    prefix, colon, local = name.partition(":")
    namespace = PREFIXES.get(prefix) if colon else None
    return namespace + local if namespace else None


def local_name(iri: str) -> str:
    """The part of an IRI after its last `#` or `/`."""
    return iri.rstrip("/#").replace("#", "/").rsplit("/", 1)[-1]


def readable(iri: str) -> str:
    """A name for a thing that has no label: its local name in words, such as “putin as president”."""
    return local_name(iri).replace("-", " ").replace("_", " ")


def short(iri: str) -> str:
    """The prefixed name of a thing in a facts file; a passage of an article is `p:name`."""
    return f"p:{local_name(iri)}" if iri.startswith(ARTICLE) and "#" in iri else compact(iri)


def suggest(iri: str, known: "Iterable[str]") -> str:
    """“did you mean …?” with the known IRIs whose local names are similar to that of an unknown one; empty if none."""
    return did_you_mean(local_name(iri).lower(), {local_name(k).lower(): short(k) for k in sorted(known)})
