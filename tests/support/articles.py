"""Articles of a few words, made where a test needs them and never written to a disk."""

from kg.rdf.namespaces import ARTICLE, ENT, ID
from kg.source import documents
from kg.source.documents import ArticleSources, Document

PREFIXES = f"""\
@prefix ent: <{ENT}> .
@prefix id: <{ID}> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""


def document(path: str, text: str) -> Document:
    found = documents.parse_text(path, text, [])
    assert found is not None
    return found


def article(name: str, day: str, *facts: str, speaker: str = "") -> ArticleSources:
    """An article of one passage for each of these facts; `day` is its reading date."""
    date = f'ent:readingDate "{day}"^^xsd:date' if day else 'rdfs:comment "undated"'
    lines = [f"{PREFIXES}@prefix p: <{ARTICLE}{name}#> .", f"<{ARTICLE}{name}> a ent:Article ; {date} ."]
    for number, fact in enumerate(facts, 1):
        lines += [f"p:q{number} a ent:Passage ; {speaker} ent:quote 'Words.' .", f"p:q{number} {{", fact, "}"]
    return ArticleSources(name, f"{name}.txt", "Words.\n", document(f"{name}.trig", "\n".join(lines) + "\n"))
