"""An article of one passage in a small world of states, people and a dam, for checks that compare facts with words."""

from articles import PREFIXES, document

from kg.dataset import build
from kg.dataset.build import Build
from kg.rdf.namespaces import ARTICLE, BACKGROUND, DCTERMS
from kg.source.documents import ArticleSources, Sources
from kg.source.layout import GraphFolder

WORDS = """\
ent:Actor a owl:Class ; rdfs:label "actor"@en . ent:Place a owl:Class ; rdfs:label "place"@en .
ent:Place ent:demonym "Ostia: Ostish"@en .
ent:State a owl:Class ; rdfs:subClassOf ent:Actor , ent:Place . ent:Person a owl:Class ; rdfs:subClassOf ent:Actor .
ent:Organisation a owl:Class ; rdfs:subClassOf ent:Actor .
ent:Government a owl:Class ; rdfs:subClassOf ent:Organisation ; rdfs:label "government"@en .
ent:City a owl:Class ; rdfs:subClassOf ent:Place . ent:InfrastructureProject a owl:Class .
ent:Dam a owl:Class ; rdfs:subClassOf ent:InfrastructureProject ; rdfs:label "dam"@en .
ent:Relation a owl:Class . ent:Event a owl:Class . ent:Office a owl:Class .
ent:Visit a owl:Class ; rdfs:subClassOf ent:Event .
ent:Deal a owl:Class ; rdfs:label "arms deal"@en ; rdfs:subClassOf ent:Relation ; ent:oneWay true .
ent:Talks a owl:Class ; rdfs:subClassOf ent:Relation .
ent:Deal ent:identifiedBy ent:buyer , ent:seller . ent:Talks ent:identifiedBy ent:buyer , ent:seller .
ent:status a owl:ObjectProperty ; ent:oneValue true . ent:destination a owl:ObjectProperty ; ent:oneValue true .
ent:capitalOf a owl:ObjectProperty ; ent:oneValue true ; ent:oneSubject true .
"""
THINGS = """\
id:ostia a ent:State ; rdfs:label "Ostia"@en . id:norland a ent:State ; rdfs:label "Norland"@en .
id:ann a ent:Person ; rdfs:label "Ann Marie Oake"@en .
id:melk a ent:City ; rdfs:label "Melk"@en ; ent:capitalOf id:ostia .
id:rulers a ent:Government ; rdfs:label "the Circle"@en ; ent:governmentOf id:ostia .
id:dam a ent:Dam ; rdfs:label "Ossen Dam"@en . id:side a ent:Side .
"""


def made(facts: str, quote: str, *, language: str = "en", more: str = "", others: str = "") -> Build:
    """A build of an article with one passage of these facts, and with others."""
    prefixes = f"{PREFIXES}@prefix background: <{BACKGROUND}> .\n@prefix p: <{ARTICLE}a#> .\n"
    head = f'<{ARTICLE}a> a ent:Article ; <{DCTERMS}language> "{language}" .'
    told = f'p:it a ent:Passage ; ent:quote "{quote}"{more} .\np:it {{ {facts} }}\n{others}'
    text = f"{quote}\n\nOf Norland and Ostia.\n"
    sources = Sources(
        GraphFolder("."),
        ontology=[document("ontology/words.ttl", PREFIXES + WORDS)],
        background=[document("kg/background/all.trig", f"{prefixes}background:all {{ {THINGS} }}")],
        articles=[ArticleSources("a", "a.txt", text, document("a.trig", f"{prefixes}{head}\n{told}"))],
    )
    return build.read_sources(sources)
