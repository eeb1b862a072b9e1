"""A small lexicon, things with names, and the findings of the checks of words on an article with these."""

from articles import PREFIXES, document

from kg.dataset import build
from kg.dataset.named import Names
from kg.findings import Finding
from kg.rdf.namespaces import ARTICLE, BACKGROUND, DCTERMS, SH
from kg.source.documents import ArticleSources, Sources
from kg.source.layout import GraphFolder
from kg.validation.articles import WORD_CHECKS
from kg.validation.reading import readings

WORDS = """\
ent:Actor a owl:Class . ent:State a owl:Class ; rdfs:subClassOf ent:Actor , ent:Place . ent:Relation a owl:Class .
ent:Government a owl:Class ; rdfs:subClassOf ent:Actor . ent:Person a owl:Class ; rdfs:subClassOf ent:Actor .
ent:Place a owl:Class ; ent:demonym "Ostia: Ostish"@en . ent:Event a owl:Class . ent:Item a owl:Class .
ent:InfrastructureProject a owl:Class . [] a owl:AllDisjointClasses ; owl:members ( ent:Dam ent:Canal ) .
ent:Dam a owl:Class ; rdfs:subClassOf ent:InfrastructureProject ; rdfs:label "dam"@en .
ent:Canal a owl:Class ; rdfs:subClassOf ent:InfrastructureProject ; rdfs:label "canal"@en . ent:Quantity a owl:Class .
ent:Dam ent:cue "dam"@en . ent:Canal ent:cue "canal"@en .
ent:War a owl:Class ; rdfs:subClassOf ent:Event ; ent:noPattern "By the word war."@en ; ent:cue "war|*invade"@en .
ent:Support a owl:Class ; rdfs:subClassOf ent:Relation ; ent:oneWay true ; ent:cue "*back|support|ally"@en ;
    ent:pattern "{backer} *back|*arm {backed}"@en , "{backer}'s support for {backed}"@en .
ent:Stake a owl:Class ; rdfs:subClassOf ent:Relation ; ent:pattern "{investor} *bankroll|*own {funds}"@en .
ent:Deal a owl:Class ; rdfs:subClassOf ent:Relation ; ent:cue "deal|*buy"@en ;
    ent:pattern "{buyer} *buy {item}( from {seller})?"@en .
ent:Talks a owl:Class ; rdfs:subClassOf ent:Event ;
    ent:pattern "{participant} *meet( {participant})?( in {place})?"@en , "talks in {place}"@en .
ent:Thaw a owl:Class ; rdfs:subClassOf ent:Relation ; owl:disjointWith ent:Chill ; ent:cue "closer|*improve"@en .
ent:Chill a owl:Class ; rdfs:subClassOf ent:Relation ; ent:cue "worse|cold"@en .
ent:Row a owl:Class ; rdfs:subClassOf ent:Relation ; owl:disjointWith ent:Support ; ent:cue "row|oppose"@en ;
    ent:pattern "{disagreeing} *quarrel( with {disagreeing})?"@en .
ent:Part a owl:Class ; ent:pattern "{attendee} *take part in {occasion}"@en . ent:Mode a owl:Class .
ent:byVideo a ent:Mode ; ent:cue "by_video"@en . ent:inPerson a ent:Mode ; ent:cue "in_person"@en .
ent:Tenure a owl:Class ; rdfs:subClassOf ent:Relation ; ent:pattern "{holder} *lead {office/officeOf}"@en .
ent:Council a owl:Class ; rdfs:label "council"@en ; rdfs:subClassOf ent:Event ; ent:pattern "{host} *host {this}"@en .
ent:locatedIn ent:pattern "{this}, {locatedIn}"@en .
ent:speaker ent:pattern "{speaker} *say|*add"@en .
ent:stage ent:pattern "{builder} *build {this}"@en . ent:heads rdfs:subPropertyOf ent:officeOf .
ent:visitor rdfs:subPropertyOf ent:participant .
ent:capacity ent:pattern "{this} *have capacity of {capacity}"@en .
ent:Dam ent:pattern "{builder} *build dam of {capacity} and {length} for {feeds}"@en .
ent:Status a owl:Class . ent:planned a ent:Status ; ent:tense "planned possible"@en ; ent:cue "*plan|due"@en .
ent:held a ent:Status ; ent:tense "past perfect"@en ; ent:cue "*hold"@en .
ent:underWay a ent:Status ; ent:tense "present progressive perfect"@en ; ent:cue "under_way"@en .
ent:completed a ent:Status ; ent:tense "past perfect ended"@en .
ent:cancelled a ent:Status ; ent:tense "negated"@en ; ent:cue "*cancel|*scrap"@en .
ent:shelved a ent:Status ; ent:tense "planned negated"@en ; ent:cue "*postpone"@en .
ent:suspended a ent:Status ; ent:tense "negated ended"@en ; ent:cue "*suspend"@en .
ent:retired a ent:Status ; ent:tense "past ended"@en ; ent:cue "*close"@en .
ent:operating a ent:Status ; ent:compatibleWith ent:completed ; ent:tense "present past"@en ;
    ent:pattern "{this} *be in_operation"@en .
ent:mothballed a ent:Status ; ent:tense "past"@en ;
    ent:pattern "mothballed {this}"@en , "{participant} *idle {this}"@en .
ent:announced a ent:Status ; ent:tense "planned"@en ; ent:pattern "{participant} *unveil {this}"@en .
ent:ended a ent:Status ; ent:tense "past ended"@en .
ent:Membership a owl:Class ; rdfs:subClassOf ent:Relation ; ent:cue "member"@en ;
    ent:pattern "{member} *join|*leave {memberIn}"@en .
ent:condition ent:cue "if|unless"@en . ent:start ent:cue "since|from"@en .
ent:end ent:cue "until"@en , "*leave|*end"@en .
ent:start ent:cue "*begin"@en . ent:Council ent:pattern "{this} *begin|*end( in {place})?"@en .
"""
SHAPES = f"@prefix sh: <{SH}> .\n[] sh:path ent:capacity ; sh:class ent:Quantity .\n"
SHAPES += "[] sh:path ent:funds ; sh:or ( [ sh:class ent:InfrastructureProject ] [ sh:class ent:Item ] ) .\n"
THINGS = """\
id:ostia a ent:State ; rdfs:label "Ostia"@en . id:norland a ent:State ; rdfs:label "Norland"@en .
id:sudmark a ent:State ; rdfs:label "Sudmark"@en . id:radars a ent:Item ; rdfs:label "radars"@en .
id:strife a ent:War ; rdfs:label "the strife"@en .
id:melk a ent:Place ; rdfs:label "Melk"@en ; ent:locatedIn id:ostia . id:oake a ent:Place ; rdfs:label "Oake"@en .
id:ann a ent:Person ; rdfs:label "Ann Holm"@en . id:bo a ent:Person ; rdfs:label "Bo Lind"@en .
id:pact a ent:Actor ; rdfs:label "Sea Pact"@en .
id:rulers a ent:Government ; rdfs:label "the Circle"@en ; ent:governmentOf id:ostia .
id:chair a ent:Office ; ent:heads id:ostia . id:dam a ent:InfrastructureProject ; rdfs:label "Ossen Dam"@en .
"""


def checked(
    facts: str, quote: str, *, more: str = "", others: str = "", language: str = "en", words: str = ""
) -> list[Finding]:
    """The findings on an article with one passage of these facts, and with others."""
    prefixes = f"{PREFIXES}@prefix background: <{BACKGROUND}> .\n@prefix p: <{ARTICLE}a#> .\n"
    head = f'<{ARTICLE}a> a ent:Article ; <{DCTERMS}language> "{language}" ; ent:readingDate "2020-01-02"^^xsd:date .'
    told = f'p:it a ent:Passage ; ent:quote "{quote}"{more} .\np:it {{ {facts} }}\n{others}'
    told += f"p:all a ent:Passage ; ent:quote 'All.' . p:all {{ {THINGS} }}"
    text = f"{quote}\n\nBo Lind of Sudmark.\n\nIt is closer.\n\nIt is a war.\n\nAll.\n"
    sources = Sources(
        GraphFolder("."),
        ontology=[document("ontology/words.ttl", PREFIXES + WORDS + words)],
        shapes=[document("shapes/words.ttl", PREFIXES + SHAPES)],
        background=[document("kg/background/all.trig", f"{prefixes}background:all {{ {THINGS} }}")],
        articles=[ArticleSources("a", "a.txt", text, document("a.trig", prefixes + head + told))],
    )
    made = build.read_sources(sources)
    read = list(readings(made, Names(made)))
    return [finding for check in WORD_CHECKS for finding in check(read)]


def rules(facts: str, quote: str, **more: str) -> list[str]:
    return [f.rule for f in checked(facts, quote, **more)]
