"""The findings on an article with a few passages, by the ontology, the lexicon and the shapes that are shipped."""

from functools import cache

from articles import PREFIXES, document
from running import ROOT

from kg.dataset import build
from kg.dataset.named import Names
from kg.findings import Finding
from kg.rdf.namespaces import ARTICLE, DCTERMS
from kg.source.documents import ArticleSources, Document, Sources
from kg.source.layout import GraphFolder
from kg.validation import facts, naming, run, speech
from kg.validation.articles import WORD_CHECKS
from kg.validation.reading import readings

DAY = "2025-11-13"  # a Thursday
HEAD = f"""{PREFIXES}@prefix p: <{ARTICLE}a#> .
<{ARTICLE}a> a ent:Article ; <{DCTERMS}title> "A"@en ; <{DCTERMS}language> "en" ; ent:readingDate "{DAY}"^^xsd:date ;
    ent:basis "The page."@en ; ent:basisSource <https://example.org/a> ; <{DCTERMS}source> <https://example.org/a> .
"""
_ACTORS = "ostia norland sudmark"
NAMES = "".join(f'id:{x} a ent:State ; rdfs:label "{x.title()}"@en .\n' for x in _ACTORS.split())


@cache
def _shipped(folder: str) -> list[Document]:
    paths = sorted((ROOT / folder).rglob("*.ttl"))
    return [document(p.relative_to(ROOT).as_posix(), p.read_text(encoding="utf-8")) for p in paths]


def findings(text: str, told: str, *, by_shapes: bool = False) -> list[Finding]:
    """What is found on an article of this text and these passages, of which p:names names three states.

    The shapes judge it only where they are asked to: that takes longer than all the rest.
    """
    words = "Ostia, Norland and Sudmark are states."
    told = f"{HEAD}{told}\np:names a ent:Passage ; ent:quote '{words}' .\np:names {{ {NAMES} }}"
    article = ArticleSources("a", "a.txt", f"{text}\n\n{words}\n", document("a.trig", told))
    sources = Sources(GraphFolder("."), ontology=_shipped("ontology"), shapes=_shipped("shapes"), articles=[article])
    made = build.read_sources(sources)
    if by_shapes:
        found = run.validate_build(made)
    else:
        names = Names(made)
        read = list(readings(made, names))
        found = [*facts.check_wording(made), *naming.check_names(made, names), *speech.check_speech(made, names)]
        found += [finding for check in WORD_CHECKS for finding in check(read)]
    return [f for f in found if f.severity != "info"]


def told(quote: str, stated: str, more: str = "", others: str = "", *, by_shapes: bool = False) -> list[str]:
    """The checks that find something on one passage of a quote, with what it states, and on others."""
    passage = f"p:it a ent:Passage ; ent:quote '''{quote}''' ; ent:readWith p:names {more} .\np:it {{ {stated} }}\n"
    found = findings(quote, passage + others, by_shapes=by_shapes)
    return [f"{f.rule}: {f.message.removeprefix('p:it: ')}" for f in found]
