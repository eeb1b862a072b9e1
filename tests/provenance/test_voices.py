"""A sentence of the facts tells no claims, one of speakers tells theirs, and each has the receipts of all it tells."""

import csv
import io
import shutil

import pytest
from folders import PARTS
from pyoxigraph import NamedNode
from running import ROOT

import kg
from kg.graph import Graph
from kg.provenance.describe import Listing
from kg.rdf.namespaces import ENT, ID

TEXT = """\
Norbank will lend Lorvia 90 million euros for the High Dam, Norbank said.

The credit was signed on 7 May 2019. It covers half of the cost.

Norbank and Lorvia said that they would open the Low Dam. Lorvia said that the Low Dam cost 5 million euros.

Sudmark is to mediate at the talks, Lorvia said. The talks were cancelled.

Norbank lent 90 million euros in 2018. Lorvia owes it, Lorvia said.

Lorvia has closed the north bank since March. Lorvia keeps it closed unless paid, it said.

Norbank is to visit in June. It came in 2018, Lorvia said.
"""
HEAD = """\
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix ent: <https://w3id.org/entente/ontology#> .
@prefix id: <https://w3id.org/entente/id/> .
@prefix p: <https://w3id.org/entente/article/2019-05-lorvia#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
FACTS = """
<https://w3id.org/entente/article/2019-05-lorvia> a ent:Article ;
    dcterms:title "Lorvia"@en ; dcterms:language "en" ; ent:readingDate "2019-05-10"^^xsd:date .
p:names a ent:Passage ; ent:quote "Norbank will lend Lorvia" .
p:names {
    id:norbank a ent:Bank ; rdfs:label "Norbank"@en .
    id:lorvia a ent:State ; rdfs:label "Lorvia"@en .
}
p:high-dam a ent:Passage ; ent:quote "the High Dam" .
p:high-dam { id:high-dam a ent:Dam ; rdfs:label "High Dam"@en . }
p:lending a ent:Passage ; ent:speaker id:norbank ; ent:speech ent:paraphrased ;
    ent:quote "Norbank will lend Lorvia 90 million euros for the High Dam, Norbank said." .
p:lending {
    id:credit a ent:Loan ; ent:lender id:norbank ; ent:borrower id:lorvia ; ent:funds id:high-dam ; ent:sum id:sum .
    id:sum a ent:Quantity ; ent:number 90000000 ; ent:measure "EUR" .
}
p:signed a ent:Passage ; ent:quote "The credit was signed on 7 May 2019." .
p:signed { id:credit a ent:Loan ; skos:altLabel "credit"@en ; ent:date "2019-05-07"^^xsd:date ; ent:status ent:held . }
p:half a ent:Passage ; ent:quote "It covers half of the cost." ; ent:readWith p:signed .
p:half { id:credit ent:share id:half . id:half a ent:Quantity ; ent:number 50 ; ent:measure "%" . }
p:opening a ent:Passage ; ent:speaker id:norbank , id:lorvia ; ent:speech ent:paraphrased ;
    ent:quote "Norbank and Lorvia said that they would open the Low Dam." .
p:opening {
    id:opening a ent:StartOfOperation ; ent:milestoneOf id:low-dam ; ent:status ent:planned .
    id:low-dam a ent:Dam ; rdfs:label "Low Dam"@en .
}
p:price a ent:Passage ; ent:speaker id:lorvia ; ent:speech ent:paraphrased ;
    ent:quote "Lorvia said that the Low Dam cost 5 million euros." .
p:price { id:low-dam ent:cost id:price . id:price a ent:Quantity ; ent:number 5000000 ; ent:measure "EUR" . }
p:mediation a ent:Passage ; ent:speaker id:lorvia ; ent:speech ent:paraphrased ;
    ent:quote "Sudmark is to mediate at the talks, Lorvia said." .
p:mediation {
    id:sudmark a ent:State ; rdfs:label "Sudmark"@en .
    id:talks a ent:Talks ; ent:participant id:sudmark , id:lorvia ; ent:status ent:planned .
}
p:deposit a ent:Passage ; ent:quote "Norbank lent 90 million euros in 2018." .
p:deposit {
    id:deposit a ent:Loan ; rdfs:label "deposit"@en ; ent:lender id:norbank ; ent:sum id:sum-2 ;
        ent:date "2018"^^xsd:gYear .
    id:sum-2 a ent:Quantity ; ent:number 90000000 ; ent:measure "EUR" .
}
p:debt a ent:Passage ; ent:speaker id:lorvia ; ent:speech ent:paraphrased ; ent:quote "Lorvia owes it, Lorvia said." .
p:debt { id:deposit a ent:Loan ; ent:borrower id:lorvia . }
p:closure a ent:Passage ; ent:quote "Lorvia has closed the north bank since March." .
p:closure {
    id:closure a ent:BorderClosure ; ent:closedBy id:lorvia ; ent:closed id:bank ; ent:status ent:underWay ;
        ent:start "2019-03"^^xsd:gYearMonth .
    id:bank a ent:Place ; rdfs:label "north bank"@en .
}
p:unless a ent:Passage ; ent:speaker id:lorvia ; ent:speech ent:quoted ;
    ent:quote "Lorvia keeps it closed unless paid, it said." .
p:unless {
    id:closure a ent:BorderClosure ; ent:closedBy id:lorvia ; ent:closed id:bank ; ent:condition "unless paid"@en .
}
p:visit a ent:Passage ; ent:quote "Norbank is to visit in June." .
p:visit {
    id:visit a ent:Visit ; ent:visitor id:norbank ; ent:destination id:lorvia ; ent:date "2019-06"^^xsd:gYearMonth ;
        ent:status ent:planned .
}
p:came a ent:Passage ; ent:speaker id:lorvia ; ent:speech ent:paraphrased ; ent:quote "It came in 2018, Lorvia said." .
p:came { id:visit a ent:Visit ; ent:visitor id:norbank ; ent:destination id:lorvia ; ent:date "2018"^^xsd:gYear . }
p:cancelled a ent:Passage ; ent:quote "The talks were cancelled." .
p:cancelled { id:talks a ent:Talks ; rdfs:label "talks"@en ; ent:status ent:cancelled . }
"""


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Graph:
    folder = tmp_path_factory.mktemp("voices")
    for part in PARTS:
        shutil.copytree(ROOT / part, folder / part, ignore=shutil.ignore_patterns("answers"))
    article = folder / "kg" / "articles" / "2019-05-lorvia"
    article.mkdir(parents=True)
    (article / "article.txt").write_text(TEXT, "utf-8", newline="\n")
    (article / "facts.trig").write_text(HEAD + FACTS, "utf-8", newline="\n")
    return kg.open(str(folder))


def told_facts(graph: Graph, thing: str, speaker: str) -> list[str]:
    said = graph.context.sentences.said_by([ID + speaker])
    claims = said.known.claims(NamedNode(ID + thing))
    return [said.fact(t) for t in sorted(claims, key=str) if t.predicate.value.startswith(ENT)]


def told(graph: Graph, thing: str, *speakers: str) -> str:
    clause = graph.context.sentences.said_by(ID + x for x in speakers).clause(NamedNode(ID + thing))
    return clause.text if clause else ""


def test_what_only_a_speaker_gives_stands_in_no_sentence_of_the_facts(graph: Graph) -> None:
    assert told(graph, "credit") == "A loan was agreed on 7 May 2019"
    assert told(graph, "opening") == ""


def test_a_sentence_of_a_speaker_has_no_date_or_status_of_the_facts(graph: Graph) -> None:
    lends = "Norbank lends Lorvia 90 million euros for the High Dam (status not stated)"
    assert told(graph, "credit", "norbank") == lends


def test_one_who_says_a_single_thing_is_not_made_to_say_the_rest(graph: Graph) -> None:
    assert told(graph, "deposit") == "Norbank lent 90 million euros in 2018"
    assert told(graph, "deposit", "lorvia") == ""
    assert told_facts(graph, "deposit", "lorvia") == ["Lorvia is the borrower in the deposit"]
    assert told(graph, "closure") == "Lorvia has been keeping the north bank closed since March 2019"
    assert told(graph, "closure", "lorvia") == "Lorvia keeps the north bank closed (condition: “unless paid”)"


def test_the_date_that_a_speaker_gives_tells_the_tense(graph: Graph) -> None:
    assert told(graph, "visit") == "Norbank is to visit Lorvia in June 2019"
    assert told(graph, "visit", "lorvia") == "Norbank visited Lorvia in 2018"


def test_the_status_of_a_sentence_is_that_of_its_voice(graph: Graph) -> None:
    assert told(graph, "talks") == "The talks were to take place (cancelled)"
    assert told(graph, "talks", "lorvia") == "Lorvia and Sudmark are to hold talks"


def test_each_sentence_has_the_quotes_of_all_that_it_tells(graph: Graph) -> None:
    quotes = {}
    for fact in graph.show("id:credit").json():
        quotes[fact["sentence"]] = {(r["text"], tuple(r["speakers"])) for r in fact["receipts"]}
    signed = ("The credit was signed on 7 May 2019.", ())
    said = ("Norbank will lend Lorvia 90 million euros for the High Dam, Norbank said.", (ID + "norbank",))
    assert quotes["A loan was agreed on 7 May 2019"] == {signed}
    assert quotes[told(graph, "credit", "norbank")] == {said}


def test_a_tense_has_the_quote_of_its_status(graph: Graph) -> None:
    own = graph.show("id:talks").text(300).split("\nsaid by others\n")[0]
    assert "The talks were to take place (cancelled)\n    “The talks were cancelled.”\n" in own
    assert "Sudmark" not in own


def test_a_joint_statement_is_a_claim_of_each_speaker_and_one_sentence(graph: Graph) -> None:
    text = graph.show("id:opening").text(300)
    assert text.count("“Norbank and Lorvia said that they would open the Low Dam.”") == 1
    assert "— Lorvia and Norbank, 2019-05-lorvia, characters" in text
    claimed = f"SELECT ?by {{ ?c <{ENT}claimedBy> ?by ; ?p <{ID}opening> ; <{ENT}passage> ?at }}"
    assert {row[0] for row in graph.query(claimed)} == {NamedNode(ID + "norbank"), NamedNode(ID + "lorvia")}
    assert told(graph, "opening", "lorvia", "norbank") == "The Low Dam is to go into operation"


def test_a_joint_statement_does_not_tell_what_one_of_them_says_alone(graph: Graph) -> None:
    both, one = (
        graph.context.sentences.said_by(ID + x for x in names) for names in (("lorvia", "norbank"), ("lorvia",))
    )
    assert not list(both.known.values(NamedNode(ID + "low-dam"), ENT + "cost"))
    (cost,) = one.known.values(NamedNode(ID + "low-dam"), ENT + "cost")
    assert one.name(cost) == "5 million euros"


def test_what_only_others_speak_of_is_called_as_they_say(graph: Graph) -> None:
    listed = {x["name"]: (x["label"], x["kinds"]) for x in Listing(graph.context).json()}
    label = "planned start of operation of the Low Dam, according to Lorvia and Norbank"
    assert listed["id:opening"] == (label, ["start of operation", "said by others"])
    assert listed["id:low-dam"] == ("Low Dam, according to Lorvia and Norbank", ["dam", "said by others"])
    assert listed["id:sudmark"] == ("Sudmark", ["state", "said by others"])  # whoever says its name
    loan = "loan of 90 million euros from Norbank to Lorvia for the High Dam, according to Norbank"
    assert listed["id:credit"] == (loan, ["loan"])


def test_a_fact_about_a_thing_names_it_by_the_words_of_the_article(graph: Graph) -> None:
    (share,) = [f["sentence"] for f in graph.show("id:credit").json() if "share" in f["triple"][1]]
    assert share == "The share in the credit is 50%"


def test_the_table_names_all_who_say_a_thing(graph: Graph) -> None:
    rows = csv.DictReader(io.StringIO(graph.export("csv").decode("utf-8-sig")))
    found = {(r["status"], r["speaker"], r["speaker_iri"]) for r in rows if r["subject_iri"] == ID + "opening"}
    assert ("reported", "Lorvia and Norbank", f"{ID}lorvia {ID}norbank") in found
    assert {who for status, who, _ in found if status == "reported"} == {"Lorvia and Norbank"}
