"""Families of ties come from the ontology: also of classes and properties of one's own, by the nearest term above."""

import re

import pytest
from articles import PREFIXES, document
from drawn import Picture
from pyoxigraph import Literal, NamedNode, Quad
from running import ROOT

import kg
from kg.dataset.stated import Stated
from kg.drafting import new
from kg.graph import Graph
from kg.pictures import network, timeline
from kg.pictures.families import FAMILIES, TIE_FAMILY, Families
from kg.pictures.ties import Tie, Ties
from kg.rdf.namespaces import ENT, ID, ONTOLOGY_GRAPH

OWN = f"""\
{PREFIXES}
ent:Boycott a owl:Class ; rdfs:subClassOf ent:Relation ; ent:tieFamily "opposition" ; rdfs:label "boycott"@en ;
    ent:clause "{{boycotter}} *boycott {{boycotted}}"@en .
ent:TradeBoycott a owl:Class ; rdfs:subClassOf ent:Boycott ; rdfs:label "trade boycott"@en .
ent:CulturalExchange a owl:Class ; rdfs:subClassOf ent:Agreement ; ent:tieFamily "cooperation" ;
    rdfs:label "cultural exchange"@en ; ent:clause "{{host}} *teach {{guest}}"@en .
ent:Kinship a owl:Class ; rdfs:subClassOf ent:Relation ; rdfs:label "kinship"@en ;
    ent:clause "{{host}} *love {{guest}}"@en .
ent:boycotter a owl:ObjectProperty ; rdfs:label "boycotter"@en .
ent:boycotted a owl:ObjectProperty ; rdfs:label "boycotted"@en .
ent:isGuardianOf a owl:ObjectProperty ; ent:tieFamily "support" ; rdfs:label "is guardian of"@en .
ent:isRegentOf a owl:ObjectProperty ; rdfs:subPropertyOf ent:isGuardianOf ; rdfs:label "is regent of"@en .
"""
ARTICLE = f"""\
{PREFIXES}@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix p: <https://w3id.org/entente/article/feud#> .
<https://w3id.org/entente/article/feud> a ent:Article ; dcterms:title "Feud"@en ; dcterms:language "en" ;
    ent:readingDate "2019-06-13"^^xsd:date ; ent:basis "Invented."@en ;
    ent:basisSource <https://w3id.org/entente/article/feud> .
p:all a ent:Passage ; ent:quote "In May 2019 Talvia and Belmar quarrelled." ; ent:dateWords "In May 2019" .
p:all {{
    id:talvia a ent:State ; rdfs:label "Talvia"@en ; ent:isRegentOf id:belmar .
    id:belmar a ent:State ; rdfs:label "Belmar"@en .
    id:trade a ent:TradeBoycott ; ent:boycotter id:talvia ; ent:boycotted id:belmar ;
        ent:start "2019-05"^^xsd:gYearMonth .
    id:exchange a ent:CulturalExchange ; ent:host id:talvia ; ent:guest id:belmar .
    id:kin a ent:Kinship ; ent:host id:talvia ; ent:guest id:belmar .
}}
"""


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Graph:
    folder = tmp_path_factory.mktemp("families") / "own"
    new.init_graph(str(folder))
    article = folder / "kg" / "articles" / "feud"
    article.mkdir()
    (article / "article.txt").write_text("In May 2019 Talvia and Belmar quarrelled.\n", "utf-8", newline="\n")
    (article / "facts.trig").write_text(ARTICLE, "utf-8", newline="\n")
    (folder / "ontology" / "own.ttl").write_text(OWN, "utf-8", newline="\n")
    return kg.open(str(folder))


def by(ties: list[Tie], name: str) -> set[str]:
    return {t.family for t in ties if t.stated_by == ID + name}


def test_a_class_of_ones_own_is_in_the_family_of_the_nearest_class_above(own: Graph) -> None:
    ties = Ties(own.context).of(ID + "belmar")
    assert by(ties, "trade") == {"opposition"}  # of the class above it
    assert by(ties, "exchange") == {"cooperation"}  # of its own, and not that of an agreement
    assert by(ties, "kin") == {"other"}


def test_a_property_of_ones_own_is_in_the_family_of_the_property_above(own: Graph) -> None:
    ties = Ties(own.context).of(ID + "belmar")
    assert {t.family for t in ties if t.stated_by == ID + "talvia" and t.about == "is regent of"} == {"support"}


def test_classes_of_ones_own_are_drawn_and_explained_in_their_family(own: Graph) -> None:
    drawn = Picture(network(own.context))
    between = [e for e in drawn.of_class("tie") if {e.get("data-first"), e.get("data-second")} == _ENDS]
    assert {e.get("data-family") for e in between} >= {"opposition", "cooperation", "support", "other"}
    assert FAMILIES["opposition"] in drawn.words()
    assert "Dispute or conflict" in Picture(timeline(own.context)).words()


_ENDS = {ID + "talvia", ID + "belmar"}


def families(text: str, graph: str = ONTOLOGY_GRAPH) -> Families:
    quads = [
        Quad(t.subject, t.predicate, t.object, NamedNode(graph)) for t in document("w.ttl", PREFIXES + text).triples
    ]

    def match(subject: object, predicate: object, value: object) -> list[Quad]:
        wanted = (subject, predicate, value)
        return [q for q in quads if all(w in (None, x) for w, x in zip(wanted, q.triple, strict=True))]

    return Families(Stated(match))


def test_what_is_no_family_is_passed_over() -> None:
    text = 'ent:Truce a owl:Class ; rdfs:subClassOf ent:Deal ; ent:tieFamily {} . ent:Deal ent:tieFamily "agreement" .'
    truce = NamedNode(ENT + "Truce")
    given = {
        family: families(text.format(family)).of_class(truce) for family in ('"meeting"', '"truces"', "ent:meeting")
    }
    assert given == {'"meeting"': "meeting", '"truces"': "agreement", "ent:meeting": "agreement"}
    assert families('ent:Truce ent:tieFamily "meeting" , "opposition" .').of_class(truce) == "opposition"


def test_only_the_ontology_gives_families() -> None:
    text = 'ent:Truce ent:tieFamily "meeting" .'
    assert families(text).of_class(NamedNode(ENT + "Truce")) == "meeting"
    assert families(text, ENT + "article").of_class(NamedNode(ENT + "Truce")) == ""


def test_the_families_are_listed_where_they_are_looked_for(checkout: Graph) -> None:
    page = (ROOT / "docs" / "pictures.md").read_text("utf-8").split("### Families of ties")[1].split("\n## ")[0]
    assert dict(re.findall(r"^\| `(\w+)` \| (.+) \|$", page, re.MULTILINE)) == FAMILIES
    (entry,) = re.findall(r"ent:tieFamily a .*?\n\n", (ROOT / "ontology" / "entente.ttl").read_text("utf-8"), re.DOTALL)
    *most, last = FAMILIES
    assert f"{', '.join(most)} or {last}." in entry
    given = {q.object for q in checkout.store.quads_for_pattern(None, NamedNode(TIE_FAMILY), None)}
    assert given == {Literal(family) for family in most}
