"""Facts are said in sentences whose tense follows their status; without a lexicon, by labels."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from folders import PARTS
from pyoxigraph import DefaultGraph, Literal, NamedNode, Triple
from running import ROOT

import kg
from kg.dataset.stated import value
from kg.graph import Graph
from kg.provenance.describe import Listing
from kg.rdf.namespaces import ENT, ID, RDF_TYPE
from tools import sentences as golden

Made = Callable[[str], Graph]
TYPE = NamedNode(RDF_TYPE)
QUOTE = "Lorvia and Sudmark met the Grey Front."


@pytest.fixture(scope="module", params=golden.NAMES)
def composed(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Graph]:
    name = str(request.param)
    return name, kg.open(str(golden.compose(name, tmp_path_factory.mktemp("sentences"))))


def test_sentences_are_those_that_were_read_through(composed: tuple[str, Graph]) -> None:
    name, graph = composed
    kept = (golden.FOLDER / f"{name}.txt").read_text("utf-8")
    assert golden.written(graph) == kept, "run `python -m tools.sentences`, and read what changed"


# Of things and terms; the address of a source is what is told.
IRI = re.compile(r"https?://(?:w3id|www\.w3|purl)\.org/\S+|(?<![\w:])(?:id|ent|article|claim):[a-z]\S+")


def test_nothing_that_people_read_falls_back_to_an_iri(composed: tuple[str, Graph]) -> None:
    _, graph = composed
    told: list[str] = []
    listing = Listing(graph.context).json()
    for thing in listing:
        label = str(thing["label"])
        told.append(label)
        assert label, thing
        shown = graph.show(str(thing["name"])).text(100).splitlines()
        told += [re.sub(r"  id:\S+$", "", line) for line in shown]  # the name to type stands at the end
    for query in graph.queries:
        answer = graph.query(query, receipts=True)
        told += [cell for row in answer.text() for cell in row]
        told += [
            note.words or note.text
            for found in answer.attributions
            for note in found.notes
            if note.kind != "background"
        ]
    assert [text for text in told if IRI.search(text)] == []


def test_each_inferred_and_computed_fact_is_told_without_an_iri(composed: tuple[str, Graph]) -> None:
    _, graph = composed
    told = [graph.context.sentences.fact(t) for t in graph.triples() if value(t.subject).startswith(ID)]
    assert [text for text in told if IRI.search(text)] == []


@pytest.fixture
def made(tmp_path: Path, reading_once: None) -> Made:
    """Makes a graph of one article of 1 May 2020 with these facts."""
    import shutil

    def graph(facts: str) -> Graph:
        for part in PARTS:
            shutil.copytree(ROOT / part, tmp_path / part, ignore=shutil.ignore_patterns("answers"))
        article = tmp_path / "kg" / "articles" / "2020-05-lorvia"
        article.mkdir(parents=True)
        (article / "article.txt").write_text(QUOTE + "\n", "utf-8")
        head = "".join(f"@prefix {p}: <{i}> .\n" for p, i in PREFIXES.items())
        text = f"""{head}
<https://w3id.org/entente/article/2020-05-lorvia> a ent:Article ;
    dcterms:title "Lorvia"@en ; dcterms:language "en" ; ent:readingDate "2020-05-01"^^xsd:date .
p:all a ent:Passage ; ent:quote "{QUOTE}" .
p:all {{
    id:lorvia a ent:State ; rdfs:label "Lorvia"@en .
    id:sudmark a ent:State ; rdfs:label "Sudmark"@en .
    id:grey-front a ent:ArmedGroup ; rdfs:label "Grey Front"@en .
    {facts}
}}
"""
        (article / "facts.trig").write_text(text, "utf-8")
        return kg.open(str(tmp_path))

    return graph


PREFIXES = {
    "dcterms": "http://purl.org/dc/terms/",
    "ent": ENT,
    "id": ID,
    "p": "https://w3id.org/entente/article/2020-05-lorvia#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
SUPPORT = "id:x a ent:Support ; ent:backer id:lorvia ; ent:backed id:grey-front"
VISIT = "id:x a ent:Visit ; ent:visitor id:lorvia ; ent:destination id:sudmark"
CLOSURE = (
    "id:bank a ent:Place ; rdfs:label 'north bank'@en . "
    "id:x a ent:BorderClosure ; ent:closedBy id:lorvia ; ent:closed id:bank"
)
TALKS = "id:x a ent:Talks ; rdfs:label 'Oldby Round' ; ent:mediator id:sudmark ; ent:purpose 'peace'"
PURSUED = "id:x a ent:Agreement ; rdfs:label 'railway deal' ; ent:party id:lorvia ; ent:pursuedBy id:sudmark"
UNITS = "ent:units id:n . id:n a ent:Quantity ; ent:number 4 ; ent:measure 'turbine' . id:x a ent:Dam"
PLANE = "id:x a ent:WeaponsSystem ; rdfs:label 'plane' ; ent:operator id:lorvia ."
DOWNED = f"{PLANE} id:y a ent:Shootdown ; ent:target id:x"
DEAL = (
    "id:gun a ent:WeaponsSystem ; rdfs:label 'Gun'@en . "
    "id:x a ent:ArmsDeal ; ent:buyer id:lorvia ; ent:seller id:sudmark ; ent:item id:gun"
)
WORK = "id:x a ent:Dam ; ent:builder id:lorvia , id:sudmark ; rdfs:label 'High Dam'@en"

RANKED = (
    "id:y a ent:Superlative ; ent:ranked id:x ; ent:rank 'highest' ; ent:rankedAmong ent:Dam ; ent:rankedIn id:lorvia ."
    f" {WORK}"
)
DEMAND = "id:x a ent:Demand ; ent:demander id:lorvia ; ent:addressee id:sudmark"
TREATY = "id:t a ent:Agreement ; rdfs:label 'Oldby Treaty'@en . "
DUTY = f"{TREATY} id:x a ent:Obligation ; ent:obliged id:lorvia ; ent:under id:t"
LAUNCHED = "Lorvia launched Blue Plan"
ARREST = "a ent:Arrest ; ent:participant id:lorvia ; ent:arrested id:sudmark"
SPEECH = "a ent:Statement ; ent:participant id:lorvia"
STOOD_BY = "Lorvia backed the Grey Front until 2019 (“stood by”)"
CASE = "id:x a ent:CourtCase ; ent:accuser id:lorvia ; ent:accused id:sudmark"
STATEMENT = "id:x a ent:Statement ; ent:participant id:lorvia ; ent:status ent:held"
RELATIONS = "ent:between id:lorvia , id:sudmark"
DEMANDED = f"{DEMAND} ; ent:status ent:rejected"
PLANT = "id:x a ent:Dam ; rdfs:label 'High Dam'@en"
LOAN = (
    "id:s a ent:Quantity ; rdfs:label '5 dollars' ; ent:number 5 ; ent:measure 'dollar' . "
    "id:x a ent:Loan ; ent:lender id:lorvia ; ent:borrower id:sudmark ; ent:sum id:s"
)
NEAR = (
    "id:a a ent:Arrest ; ent:arrested id:ada ; ent:status ent:held . id:ada a ent:Person ; rdfs:label 'Ada Holm' . "
    f"{PLANT.replace('id:x', 'id:d')} . id:x a ent:RelativePosition ; ent:positioned id:a ; ent:reference id:d"
)
OFFICE = "id:o a ent:LeadingOffice ; rdfs:label 'Premier'@en ; ent:officeOf id:lorvia ."
TENURE = f"{OFFICE} id:x a ent:Person ; rdfs:label 'Ada Holm' . id:t a ent:Tenure ; ent:holder id:x ; ent:office id:o"
COUNCIL = "id:b a ent:Organisation ; rdfs:label 'Oldby Board'"
MEMBER = (
    f"{COUNCIL} . id:m a ent:Membership ; ent:member id:x ; ent:memberIn id:b . id:x a ent:State ; rdfs:label 'Melk'"
)
SOLD = (
    "id:gun a ent:WeaponsSystem ; rdfs:label 'Gun'@en . id:x a ent:State ; rdfs:label 'Melk' . "
    "id:y a ent:ArmsDeal ; ent:buyer id:lorvia ; ent:seller id:x ; ent:item id:gun"
)
APPROVED = f"{PLANT.replace('id:x', 'id:d')} . id:x a ent:Approval ; ent:approver id:lorvia ; ent:approved id:d"
LINK = "id:x a ent:PowerLink ; rdfs:label 'Blue Link' ; ent:connects id:lorvia ; ent:deliversTo id:lorvia"
CREDIT = (
    "id:n a ent:Quantity ; rdfs:label '40 per cent' ; ent:number 40 ; ent:measure '%' . "
    "id:d a ent:Dam ; rdfs:label 'High Dam'@en . id:x a ent:Loan ; rdfs:label 'credit'@en ; ent:share id:n"
)
TURBINES = (
    "id:n a ent:Quantity ; ent:number 2 ; ent:measure 'turbine' . id:d a ent:Dam ; rdfs:label 'High Dam'@en . "
    "id:x a ent:PowerUnit ; ent:units id:n"
)


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        (SUPPORT, "Lorvia backs the Grey Front"),
        (f"{SUPPORT} ; ent:status ent:underWay", "Lorvia backs the Grey Front"),
        (f"{SUPPORT} ; ent:status ent:suspended", "Lorvia was backing the Grey Front (suspended)"),
        (f'{SUPPORT} ; ent:start "2011"^^xsd:gYear', "Lorvia has backed the Grey Front since 2011"),
        (f'{SUPPORT} ; ent:end "2011"^^xsd:gYear', "Lorvia backed the Grey Front until 2011"),
        (f'{SUPPORT} ; ent:condition "met"', "Lorvia backs the Grey Front (condition: “met”)"),
        (f"{SUPPORT} , id:sudmark", "Lorvia backs Sudmark and the Grey Front"),
        (f"{SUPPORT} ; ent:backer id:sudmark", "Lorvia and Sudmark back the Grey Front"),
        (
            "id:bridge a ent:Bridge . id:x a ent:Ceremony ; ent:marks id:bridge ; ent:status ent:planned",
            "The ceremony for the bridge is to take place",
        ),
        (
            f"id:x a ent:Accusation ; ent:accuser id:lorvia ; ent:accused id:sudmark ; ent:content '{QUOTE[:23]}'",
            f"Lorvia accuses Sudmark: “{QUOTE[:23]}”",
        ),
        (
            "id:a a ent:Organisation ; rdfs:label 'spy services' ; ent:bodyOf id:lorvia . "
            "id:b a ent:Organisation ; rdfs:label 'spy services' ; ent:bodyOf id:sudmark . "
            "id:x a ent:Cooperation ; ent:cooperating id:a , id:b",
            "Spy services of Lorvia and spy services of Sudmark work together",
        ),
        (f"{SUPPORT} ; ent:status ent:rejected", "It is denied that Lorvia backed the Grey Front"),
        (f"{VISIT} ; ent:status ent:rejected", "It is denied that Lorvia visited Sudmark"),
        (f"{DEAL} ; ent:status ent:rejected", "Lorvia was to agree to buy the Gun from Sudmark (arms deal, rejected)"),
        (
            f"id:x a ent:Statement ; ent:participant id:lorvia ; ent:status ent:held ; ent:wording '{QUOTE[:23]}'",
            f"Lorvia spoke (“{QUOTE[:23]}”)",
        ),
        (VISIT, "Lorvia visits Sudmark (status not stated)"),
        (f"{VISIT} ; ent:status ent:planned", "Lorvia is to visit Sudmark"),
        (f"{VISIT} ; ent:status ent:finalised", "Lorvia is to visit Sudmark (finalised)"),
        (f"{VISIT} ; ent:status ent:underWay", "Lorvia is visiting Sudmark"),
        (f"{VISIT} ; ent:status ent:held", "Lorvia visited Sudmark"),
        (f"{VISIT} ; ent:status ent:planned , ent:held", "Lorvia is to visit Sudmark"),
        (f"{VISIT} ; ent:status ent:cancelled", "Lorvia was to visit Sudmark (cancelled)"),
        (
            f'{VISIT} ; ent:start "2020-04-02"^^xsd:date ; ent:end "2020-04-03"^^xsd:date',
            "Lorvia visited Sudmark from 2 to 3 April 2020",
        ),
        (f'{VISIT} ; ent:start "2020-06"^^xsd:gYearMonth', "Lorvia is to visit Sudmark in June 2020"),
        (f'{CLOSURE} ; ent:start "2015"^^xsd:gYear', "Lorvia began to keep the north bank closed in 2015"),
        (
            f'{CLOSURE} ; ent:start "2015"^^xsd:gYear ; ent:status ent:underWay',
            "Lorvia has been keeping the north bank closed since 2015",
        ),
        (
            "id:x a ent:Conflict ; rdfs:label 'river war' ; ent:start '2015'^^xsd:gYear",
            "The river war began in 2015",
        ),
        (
            f"{SUPPORT} ; ent:startNotBefore '2019-03-01'^^xsd:date ; ent:startNotAfter '2019-05-31'^^xsd:date",
            "Lorvia has backed the Grey Front since the spring of 2019",
        ),
        (
            f"{SUPPORT} ; ent:startNotBefore '2019-12-01'^^xsd:date ; ent:startNotAfter '2020-02-29'^^xsd:date",
            "Lorvia has backed the Grey Front since the winter of 2019/20",
        ),
        (
            f"{SUPPORT} ; ent:startNotBefore '2019-03-02'^^xsd:date ; ent:startNotAfter '2019-05-31'^^xsd:date",
            "Lorvia has backed the Grey Front since a day between 2 March and 31 May 2019",
        ),
        (f"{SUPPORT} ; ent:wording 'stood by' ; ent:end '2019'^^xsd:gYear", STOOD_BY),
        (f"{VISIT} ; ent:start '2019-06'^^xsd:gYearMonth ; ent:status ent:held", "Lorvia visited Sudmark in June 2019"),
        (f"{RANKED} ; ent:stage ent:underWay", "The High Dam is to be the highest dam in Lorvia"),
        (f"{RANKED} ; ent:stage ent:cancelled", "The High Dam was to be the highest dam in Lorvia"),
        (f"{RANKED} ; ent:stage ent:retired", "The High Dam was the highest dam in Lorvia"),
        (f"{RANKED} ; ent:stage ent:operating", "The High Dam is the highest dam in Lorvia"),
        (
            "id:x a ent:Clash ; rdfs:label 'clash'@en ; ent:status ent:held . id:y a ent:Superlative ; "
            "ent:ranked id:x ; ent:rank 'deadliest' ; ent:rankedAmong ent:Clash ; ent:rankedSince '2009'^^xsd:gYear",
            "The clash was the deadliest clash since 2009",
        ),
        (
            f"{RANKED} . id:c a ent:Place ; rdfs:label 'the continent'@en . id:y ent:rankedIn id:c",
            "The High Dam is the highest dam on the continent, in Lorvia",
        ),
        (f"{DEMAND} ; ent:content 'release the Grey Front'", "Lorvia calls on Sudmark to “release the Grey Front”"),
        (f"{DEMAND} ; ent:content 'withdraws its troops'", "Lorvia demands that Sudmark “withdraws its troops”"),
        (f"{DEMAND} ; ent:content 'peace'", "Lorvia makes a demand to Sudmark: “peace”"),
        (
            f"{DEMAND} ; ent:content 'release the Grey Front' ; ent:concerns id:grey-front",
            "Lorvia calls on Sudmark to “release the Grey Front”",
        ),
        (
            "id:x a ent:Demand ; ent:demander id:lorvia ; ent:content 'an immediate ceasefire'",
            "Lorvia calls for “an immediate ceasefire”",
        ),
        (f"{DUTY} ; ent:content 'come to its aid'", "Lorvia is bound under the Oldby Treaty to “come to its aid”"),
        (
            f"{DUTY} ; ent:content 'repay' ; ent:notBefore '2030'^^xsd:gYear",
            "Lorvia is not obliged under the Oldby Treaty to “repay” before 2030",
        ),
        (
            "id:x a ent:Obligation ; ent:obliged id:lorvia ; ent:content 'not to join'",
            "Lorvia has undertaken “not to join”",
        ),
        (
            "id:x a ent:Accusation ; ent:accuser id:lorvia ; ent:accused id:sudmark ; ent:content 'spying for Oldby' ;"
            " ent:status ent:rejected",
            "Lorvia accused Sudmark of “spying for Oldby” (denied)",
        ),
        (
            "id:x a ent:Agreement ; ent:party id:lorvia , id:sudmark ; ent:content 'submit the dispute to a court' ;"
            " ent:item id:d ; ent:status ent:finalised . id:d a ent:Disagreement ; rdfs:label 'dispute'",
            "Lorvia and Sudmark have agreed to “submit the dispute to a court”",
        ),
        (
            f"{DEAL} . id:a a ent:Approval ; ent:approved id:x ; ent:date '2020-03'^^xsd:gYearMonth ; "
            "ent:status ent:held",
            "Lorvia agrees to buy the Gun from Sudmark (the arms deal was approved in March 2020)",
        ),
        (
            "id:x a ent:Rapprochement ; ent:between id:lorvia , id:sudmark ; ent:wording 'better ties' ;"
            " ent:status ent:underWay",
            "Relations between Lorvia and Sudmark are improving: “better ties”",
        ),
        (
            f"{VISIT} ; ent:status ent:held . id:y a ent:Invitation ; ent:inviter id:sudmark ; ent:invited id:lorvia ;"
            " ent:invitedTo id:x",
            "Sudmark invited Lorvia to visit Sudmark",
        ),
        (
            "id:x a ent:Arrest ; ent:arrested id:grey-front ; ent:status ent:held",
            "The Grey Front was arrested",
        ),
        (
            f"{WORK} ; ent:cost id:n . id:n a ent:Quantity ; rdfs:label '5 euros' ; ent:number 5 ; ent:measure 'EUR' ."
            " id:y a ent:Quantity ; rdfs:label '6 dollars' ; ent:number 6 ; ent:measure 'USD'",
            "“6 dollars” is read as 6 US dollars",
        ),
        (
            f"{WORK.replace('id:x', 'id:d')} ; ent:cost id:x . id:x a ent:Quantity ; rdfs:label '5 euros' ; "
            "ent:number 5 ; ent:measure 'EUR'",
            "The cost of the High Dam is 5 euros",
        ),
        (f"{VISIT} ; ent:status ent:outstanding", "Lorvia has not visited Sudmark"),
        (
            f"{SUPPORT} ; ent:startNotAfter '2019'^^xsd:gYear",
            "Lorvia has backed the Grey Front since 2019 at the latest",
        ),
        (
            f"{WORK} . id:y a ent:Superlative ; ent:ranked id:x ; ent:rank 'longer than any other' ; "
            "ent:rankedAmong ent:Dam ; ent:rankedIn id:lorvia",
            "The High Dam is longer than any other dam in Lorvia",
        ),
        (
            f"id:w a ent:Actor ; rdfs:label 'Fishers' . {SUPPORT} , id:sudmark ; ent:backer id:w",
            "Lorvia and fishers back Sudmark and the Grey Front",
        ),
        (
            "id:w a ent:Actor ; rdfs:label 'Fishers' . "
            "id:x a ent:Accusation ; ent:accuser id:w ; ent:accused id:lorvia",
            "Fishers accuse Lorvia",
        ),
        (
            f"{WORK.replace('High Dam', 'Dam Street')} . "
            "id:y a ent:RelativePosition ; ent:positioned id:x ; ent:reference id:lorvia",
            "Dam Street is near Lorvia",
        ),
        (
            "id:e a ent:Event ; ent:wording 'met' ; ent:participant id:lorvia . id:x a ent:Statement ; "
            "ent:participant id:lorvia ; ent:concerns id:e ; ent:status ent:held",
            "Lorvia spoke about the event in which Lorvia “met”",
        ),
        (DEAL, "Lorvia agrees to buy the Gun from Sudmark (status not stated)"),
        (
            f'{DEAL} ; ent:status ent:finalised ; ent:date "2020-03"^^xsd:gYearMonth',
            "In March 2020, an agreement for Lorvia to buy the Gun from Sudmark was finalised",
        ),
        (f"{DEAL} ; ent:status ent:planned", "Lorvia is to buy the Gun from Sudmark (arms deal, planned)"),
        (f"{DEAL} ; ent:status ent:intended", "Lorvia wants to buy the Gun from Sudmark (arms deal, intended)"),
        (
            "id:m a ent:Meeting . id:x a ent:Participation ; ent:attendee id:lorvia ; ent:occasion id:m",
            "Lorvia takes part in the meeting (status not stated)",
        ),
        (
            "id:o a ent:Office ; ent:officeOf id:lorvia . id:a a ent:Person ; rdfs:label 'Ada Holm' . "
            "id:x a ent:Tenure ; ent:holder id:a ; ent:office id:o",
            "Ada Holm holds a position in Lorvia",
        ),
        (
            "id:o a ent:Office ; rdfs:label 'leads the Lake Alliance'@en ; ent:heads id:u . id:u a ent:Organisation ;"
            " rdfs:label 'Lake Alliance'@en . id:a a ent:Person ; rdfs:label 'Ada Holm' . "
            "id:x a ent:Tenure ; ent:holder id:a ; ent:office id:o",
            "Ada Holm is the head of the Lake Alliance",
        ),
        (
            "id:o a ent:Office ; rdfs:label 'runs'@en ; ent:officeOf id:lorvia . id:a a ent:Person ;"
            " rdfs:label 'Ada Holm' . id:x a ent:Tenure ; ent:holder id:a ; ent:office id:o",
            "Ada Holm holds a position in Lorvia",
        ),
        (
            "id:b a ent:Bank ; rdfs:label 'Asian Development Bank' . id:p a ent:Pledge ; ent:pledger id:b . "
            "id:x a ent:Approval ; ent:approved id:p ; ent:status ent:held",
            "The Asian Development Bank’s pledge was approved",
        ),
        (
            f"{WORK} . id:n a ent:Quantity ; ent:number 5 ; ent:measure 'EUR' . "
            "id:y a ent:Pledge ; ent:pledger id:lorvia ; ent:sum id:n ; ent:funds id:x",
            "Lorvia has pledged 5 euros for the High Dam",
        ),
        (
            f"{WORK} . id:y a ent:Superlative ; ent:ranked id:x ; ent:rank 'one of the oldest' ; "
            "ent:rankedAmong ent:Dam ; ent:rankedIn id:lorvia",
            "The High Dam is one of the oldest dams in Lorvia",
        ),
        (
            f"{WORK} . id:y a ent:RelativePosition ; ent:positioned id:x ; ent:direction 'between' ; "
            "ent:reference id:lorvia , id:sudmark",
            "The High Dam is between Lorvia and Sudmark",
        ),
        (
            "id:x a ent:Event ; ent:wording 'met the Grey Front' ; ent:participant id:lorvia ; ent:status ent:held",
            "Lorvia “met the Grey Front”",
        ),
        (
            "id:x a ent:Quantity ; rdfs:label 'some 40 per cent' ; ent:number 40 ; ent:measure '%' ; "
            "ent:bound ent:approximately",
            "“some 40 per cent” is read as approximately 40%",
        ),
        ("id:x a ent:Quantity ; ent:number 4 ; ent:measure 'turbine'", "The quantity is 4 turbines"),
        (
            "id:x a ent:Talks ; rdfs:label 'talks'@en ; ent:date '2020-03'^^xsd:gYearMonth . "
            "id:y a ent:Talks ; rdfs:label 'talks'@en ; ent:date '2020-04'^^xsd:gYearMonth",
            "The talks of March 2020 took place",
        ),
        (f"{WORK} ; ent:stage ent:underWay", "Lorvia and Sudmark are building the High Dam"),
        (f"{WORK} ; ent:stage ent:completed", "Lorvia and Sudmark built the High Dam"),
        (
            f'{WORK} ; ent:stage ent:underWay ; ent:start "2019"^^xsd:gYear',
            "Lorvia and Sudmark have been building the High Dam since 2019",
        ),
        # What is wanted or foreseen is not told as planned.
        (f"{CASE} ; ent:status ent:intended", "Lorvia wants to take Sudmark to court"),
        (f"{WORK} ; ent:stage ent:preConstruction", "Lorvia and Sudmark intend to build the High Dam"),
        (f"{PLANT} ; ent:stage ent:intended", "The High Dam is meant to be built"),
        (
            f"{PLANT.replace('id:x', 'id:d')} . id:x a ent:StartOfOperation ; ent:milestoneOf id:d ; "
            "ent:status ent:expected",
            "The High Dam is expected to go into operation",
        ),
        # Of a work without a builder, its stage is the news.
        (f"{PLANT} ; ent:stage ent:retired", "The High Dam has been retired"),
        (f"{PLANT} ; ent:stage ent:mothballed", "The High Dam is mothballed"),
        (f"{PLANT} ; ent:stage ent:operating", "The High Dam is in operation"),
        (f"{PLANT} ; ent:stage ent:completed", "The High Dam has been completed"),
        (f"{PLANT} ; ent:stage ent:announced", "The High Dam has been announced"),
        # What became of a demand, an approval, a loan.
        (f"{DEMANDED} ; ent:rejectedBy id:sudmark", "Sudmark rejected Lorvia’s demand"),
        (DEMANDED, "Lorvia made a demand to Sudmark (rejected)"),
        (
            f"{APPROVED} ; ent:end '2020-03-02'^^xsd:date ; ent:status ent:withdrawn",
            "Lorvia withdrew consent to the High Dam on 2 March 2020",
        ),
        (f"{LOAN} ; ent:date '2018'^^xsd:gYear", "Lorvia lent Sudmark 5 dollars in 2018"),
        (
            f"{LOAN} ; ent:date '2018'^^xsd:gYear ; ent:status ent:finalised",
            "In 2018, Lorvia agreed to lend Sudmark 5 dollars",
        ),
        (
            f"{LOAN} ; ent:date '2018'^^xsd:gYear ; ent:status ent:cancelled",
            "In 2018, Lorvia agreed to lend Sudmark 5 dollars (cancelled)",
        ),
        (f"{LOAN} ; ent:status ent:planned", "Lorvia is to lend Sudmark 5 dollars (planned)"),
        # Words of the article that go on after a subject are told so.
        (f"{STATEMENT} ; ent:wording 'ruled out any concession'", "Lorvia “ruled out any concession”"),
        (f"{STATEMENT} ; ent:wording 'in private'", "Lorvia spoke (“in private”)"),
        (
            f"{STATEMENT} ; ent:wording 'regretted the fall of the Grey Front' ; ent:concerns id:grey-front",
            "Lorvia “regretted the fall of the Grey Front”",
        ),
        (f"{STATEMENT} ; rdfs:label 'toast'@en", "Lorvia made a toast"),
        (f"{STATEMENT} ; rdfs:label 'Joint Declaration'@en", "Lorvia made the Joint Declaration"),
        (
            "id:x a ent:Conflict ; rdfs:label 'border conflict'@en ; ent:participant id:lorvia , id:sudmark ; "
            "ent:wording 'came close to war' ; ent:start '1998'^^xsd:gYear ; ent:end '1998'^^xsd:gYear",
            "Lorvia and Sudmark “came close to war” in the border conflict in 1998",
        ),
        (
            "id:x a ent:Conflict ; rdfs:label 'border conflict'@en ; ent:date '1998'^^xsd:gYear",
            "The border conflict took place in 1998",
        ),
        (
            f"id:x a ent:StateOfRelations ; {RELATIONS} ; ent:wording 'closer than ever'",
            "Relations between Lorvia and Sudmark are “closer than ever”",
        ),
        (
            f"id:x a ent:StateOfRelations ; {RELATIONS} ; ent:wording 'have put aside their differences'",
            "Lorvia and Sudmark “have put aside their differences”",
        ),
        (
            f"id:x a ent:StateOfRelations ; {RELATIONS} ; ent:wording 'a dance around each other'",
            "Relations between Lorvia and Sudmark are “a dance around each other”",
        ),
        (
            f"id:x a ent:Rapprochement ; {RELATIONS} ; ent:inField id:f ; ent:status ent:underWay . "
            "id:f a <http://www.w3.org/2004/02/skos/core#Concept> ; rdfs:label 'trade'@en",
            "Relations between Lorvia and Sudmark are improving, in trade",
        ),
        (
            "id:x a ent:Cooperation ; ent:cooperating id:lorvia , id:sudmark ; ent:status ent:underWay ; "
            "ent:purpose 'to reduce the “grey” zones'",
            "Lorvia and Sudmark are working together to “reduce the ‘grey’ zones”",
        ),
        (f"{NEAR}", "Ada Holm was arrested near the High Dam"),
        (
            f"{CLOSURE} ; ent:wording 'will not open the north bank unless asked' ; ent:condition 'unless asked'",
            "Lorvia “will not open the north bank unless asked”",
        ),
        (
            "id:x a ent:Recognition ; ent:recognising id:lorvia ; ent:recognised id:sudmark ; ent:status ent:held",
            "Lorvia has recognised Sudmark",
        ),
        (
            "id:x a ent:DefencePact ; rdfs:label 'Oldby Treaty'@en ; ent:party id:lorvia , id:sudmark ; "
            "ent:status ent:finalised",
            "Lorvia and Sudmark have concluded the Oldby Treaty",
        ),
    ],
)
def test_the_tense_follows_the_status_and_the_dates(made: Made, facts: str, sentence: str) -> None:
    graph = made(f"{facts} .")
    said = (graph.context.sentences.clause(NamedNode(ID + name)) for name in ("x", "y"))
    assert sentence in [clause.text for clause in said if clause is not None]


def test_whether_a_work_without_a_stage_is_built_is_not_said(made: Made) -> None:
    assert made(f"{WORK} .").context.sentences.clause(NamedNode(ID + "x")) is None


def test_a_property_without_a_clause_is_told_by_its_label(tmp_path: Path) -> None:
    graph = kg.open(str(golden.compose("tiny", tmp_path)))
    t = Triple(NamedNode(ID + "norland"), NamedNode(ENT + "backs"), Literal("2020"))
    assert graph.context.sentences.fact(t) == "Norland: backs “2020”"


@pytest.mark.parametrize(
    ("facts", "predicate", "sentence"),
    [
        (
            "id:x a ent:Government ; rdfs:label 'Grey Junta' ; ent:governmentOf id:lorvia ; ent:end '2019'^^xsd:gYear",
            "governmentOf",
            "Grey Junta was the government of Lorvia",
        ),
        (
            "id:x a ent:Government ; rdfs:label 'Grey Junta' ; ent:governmentOf id:lorvia ; ent:end '2021'^^xsd:gYear",
            "governmentOf",
            "Grey Junta is the government of Lorvia",
        ),
        (
            "id:n a ent:Quantity ; ent:number 290 ; ent:measure 'km' ; ent:bound ent:approximately . "
            "id:x a ent:PowerLink ; rdfs:label 'Blue Link' ; ent:length id:n",
            "length",
            "The length of Blue Link is approximately 290 km",
        ),
        (
            "id:n a ent:Quantity ; ent:number 11 ; ent:measure 'pier' . id:x a ent:Bridge ; ent:units id:n",
            "units",
            "The bridge has 11 piers",
        ),
        (
            "id:b a ent:Bridge . id:x a ent:Announcement ; rdfs:label 'unveiling' ; ent:milestoneOf id:b",
            "milestoneOf",
            "The unveiling is a milestone of the bridge",
        ),
        (f"{TALKS} ; ent:status ent:outstanding", "mediator", "Sudmark has not mediated in Oldby Round"),
        (f"{TALKS} ; ent:status ent:outstanding", "purpose", "The purpose of Oldby Round is “peace”"),
        (f"{TALKS} ; ent:status ent:cancelled", "mediator", "Sudmark was to mediate in Oldby Round"),
        (f"{TALKS} ; ent:status ent:planned", "mediator", "Sudmark is to mediate in Oldby Round"),
        (f"{TALKS} ; ent:status ent:held", "mediator", "Sudmark mediated in Oldby Round"),
        (f"{TALKS} ; ent:status ent:planned", "status", "Oldby Round is planned"),
        (f"{TALKS} ; ent:status ent:held", "status", "Oldby Round was held"),
        (f"{PURSUED} ; ent:status ent:planned", "party", "Lorvia is to be a party to the railway deal"),
        (f"{PURSUED} ; ent:status ent:planned", "pursuedBy", "Sudmark is working on the railway deal"),
        (f"{PURSUED} ; ent:status ent:finalised", "pursuedBy", "Sudmark worked on the railway deal"),
        (f"{DOWNED} ; ent:date '2015'^^xsd:gYear", "operator", "Lorvia operated the plane"),
        (f"{PLANE[:-1]}", "operator", "Lorvia operates the plane"),
        (
            f"{WORK} ; ent:operator id:grey-front ; ent:stage ent:operating",
            "operator",
            "The Grey Front operates the High Dam",
        ),
        (
            f"{WORK} ; ent:operator id:grey-front ; ent:stage ent:retired",
            "operator",
            "The Grey Front operated the High Dam",
        ),
        (
            f"{WORK} ; ent:operator id:grey-front ; ent:stage ent:underWay",
            "operator",
            "The Grey Front is to operate the High Dam",
        ),
        (
            f'{SUPPORT} ; ent:start "2011"^^xsd:gYear',
            "firstDay",
            "Lorvia’s support for the Grey Front began on 1 January 2011 at the earliest",
        ),
        (
            "id:x a ent:Agreement ; rdfs:label 'Treaty of Amity'@en ; ent:party id:lorvia , id:sudmark ;"
            " ent:date '2011'^^xsd:gYear ; ent:status ent:finalised",
            "lastDay",  # it is in force since
            "The latest possible date of the Treaty of Amity was 31 December 2011",
        ),
        (
            f'{SUPPORT} ; ent:end "2011"^^xsd:gYear',
            "lastDay",
            "Lorvia’s support for the Grey Front ended on 31 December 2011 at the latest",
        ),
        ("id:x a ent:WeaponsSystem ; rdfs:label 'Gun' ; ent:origin id:lorvia", "origin", "The Gun is from Lorvia"),
        (
            "id:x a ent:Actor ; rdfs:label 'Uzbek drillers' ; ent:origin id:lorvia",
            "origin",
            "Uzbek drillers are from Lorvia",
        ),
        (f"{WORK} ; {UNITS} ; ent:stage ent:planned", "units", "The High Dam is to have 4 turbines"),
        (f"{WORK} ; {UNITS} ; ent:stage ent:underWay", "units", "The High Dam is to have 4 turbines"),
        (f"{WORK} ; {UNITS} ; ent:stage ent:cancelled", "units", "The High Dam was to have 4 turbines"),
        (f"{WORK} ; {UNITS} ; ent:stage ent:retired", "units", "The High Dam had 4 turbines"),
        (f"{WORK} ; {UNITS} ; ent:stage ent:operating", "units", "The High Dam has 4 turbines"),
        (
            f"{WORK} ; ent:capacity id:n ; ent:stage ent:planned . id:n a ent:Quantity ; ent:number 5",
            "capacity",
            "The capacity of the High Dam is to be 5",
        ),
        (f"{WORK} ; ent:locatedIn id:lorvia ; ent:stage ent:planned", "locatedIn", "The High Dam is to be in Lorvia"),
        (f"{WORK} ; ent:locatedIn id:lorvia ; ent:stage ent:underWay", "locatedIn", "The High Dam is in Lorvia"),
        (f"{LINK}", "deliversTo", "Blue Link is meant to deliver to Lorvia"),
        (f"{LINK} ; ent:stage ent:underWay", "deliversTo", "Blue Link is to deliver to Lorvia"),
        (f"{LINK} ; ent:stage ent:cancelled", "deliversTo", "Blue Link was to deliver to Lorvia"),
        (f"{LINK} ; ent:stage ent:operating", "deliversTo", "Blue Link delivers to Lorvia"),
        (f"{LINK} ; ent:stage ent:mothballed", "deliversTo", "Blue Link delivered to Lorvia"),
        (f"{LINK} ; ent:stage ent:operating", "connects", "Blue Link connects Lorvia"),
        (f"{CREDIT} ; ent:funds id:d", "share", "The credit covers 40 per cent of the cost of the High Dam"),
        (CREDIT, "share", "The share in the credit is 40 per cent"),
        (f"{TURBINES} ; ent:unitOf id:d", "units", "The units of the High Dam include 2 turbines"),
        (
            "id:b a ent:Organisation ; rdfs:label 'Oldby Board' ; ent:status ent:planned . "
            "id:x a ent:Chairmanship ; rdfs:label 'chair' ; ent:heads id:b",
            "heads",
            "The chair is to be at the head of Oldby Board",
        ),
        (
            "id:f a ent:ReservoirFilling ; rdfs:label 'filling' . id:n a ent:Quantity ; ent:number 5 ; "
            "ent:measure 'year' . id:x a ent:ReservoirFilling ; rdfs:label 'filling' ; ent:duration id:n ;"
            " ent:status ent:underWay",
            "duration",
            "The filling is to last 5 years",
        ),
        ("id:x a ent:Programme ; rdfs:label 'Blue Plan' ; ent:launchedBy id:lorvia", "launchedBy", LAUNCHED),
        (
            f"{VISIT} ; ent:status ent:planned ; ent:date '2020-06'^^xsd:gYearMonth",
            "firstDay",
            "The earliest possible date of Lorvia’s planned visit to Sudmark is 1 June 2020",
        ),
        (
            "id:x a ent:Talks ; rdfs:label 'talks with Sudmark'@en ; ent:participant id:lorvia , id:sudmark ;"
            " ent:host id:grey-front ; ent:status ent:held",
            "host",
            "The Grey Front hosted Lorvia’s talks with Sudmark",
        ),
        (
            "id:c a ent:City ; rdfs:label 'Oldby'@en ; ent:capitalOf id:lorvia . id:g a ent:Government ; "
            "rdfs:label 'Oldby'@en ; ent:governmentOf id:lorvia . "
            "id:x a ent:LeadingOffice ; rdfs:label 'Premier'@en ; ent:heads id:g",
            "heads",
            "The Premier is at the head of the government in Oldby",
        ),
        (
            "id:c a ent:City ; rdfs:label 'Oldby'@en ; ent:capitalOf id:lorvia . id:x a ent:Government ; "
            "rdfs:label 'Oldby'@en ; ent:governmentOf id:lorvia",
            "governmentOf",
            "“Oldby” stands for the government of Lorvia",
        ),
        (TALKS, "mediator", "Sudmark mediates in Oldby Round (status not stated)"),
        (PURSUED, "party", "Lorvia is a party to the railway deal (status not stated)"),
        (f"{SUPPORT} ; ent:wording 'stood by'", "wording", "About Lorvia’s support for the Grey Front: “stood by”"),
        # A shortcut is as over, or as planned, as the relations from which it is inferred.
        (f"{TENURE}", "holdsOffice", "Ada Holm is the Premier of Lorvia"),
        (f"{TENURE} ; ent:end '2014'^^xsd:gYear", "holdsOffice", "Ada Holm was the Premier of Lorvia"),
        (f"{TENURE} ; ent:end '2014'^^xsd:gYear", "holdsOfficeIn", "Ada Holm held a position in Lorvia"),
        (MEMBER, "memberOf", "Melk is a member of Oldby Board"),
        (
            MEMBER.replace("ent:memberIn id:b", "ent:memberIn id:b ; ent:end '2018'^^xsd:gYear"),
            "memberOf",
            "Melk was a member of Oldby Board",
        ),
        (f"{SOLD} ; ent:status ent:finalised", "sellerTo", "Melk is the seller in an agreement with Lorvia"),
        (
            f"{SOLD} ; ent:status ent:cancelled ; ent:date '2016'^^xsd:gYear",
            "sellerTo",
            "Melk was to be the seller in an agreement with Lorvia",
        ),
        (
            "id:x a ent:LeadingOffice ; rdfs:label 'Premier'@en ; ent:officeOf id:lorvia",
            "officeOf",
            "Lorvia has a Premier",
        ),
        (
            "id:x a ent:LeadingOffice ; rdfs:label 'Lorvia’s Premier'@en ; ent:officeOf id:lorvia",
            "officeOf",
            "Lorvia has a Premier",
        ),
        ("id:x a ent:Presidency ; ent:officeOf id:lorvia", "officeOf", "Lorvia has a President"),
        (
            "id:x a ent:Government ; rdfs:label 'government of Lorvia'@en ; ent:governmentOf id:lorvia",
            "governmentOf",
            "Lorvia has a government",
        ),
        (
            f"{LINK} ; ent:stage ent:operating ; ent:carries id:p . "
            "id:p a ent:Commodity ; rdfs:label 'Part of the power'@en",
            "carries",
            "Blue Link carries part of the power to Lorvia",
        ),
        (
            "id:x a ent:Programme ; rdfs:label 'Blue Plan' ; ent:start '2016'^^xsd:gYear",
            "start",
            "Blue Plan began in 2016",
        ),
        (
            "id:x a ent:Programme ; rdfs:label 'Blue Plan' ; ent:start '2030'^^xsd:gYear",
            "start",
            "Blue Plan is to begin in 2030",
        ),
        (
            "id:x a ent:Place ; rdfs:label 'Grey Zone' ; ent:locatedIn id:lorvia ; ent:status ent:planned",
            "locatedIn",
            "Grey Zone is to be in Lorvia",
        ),
        (
            f"{VISIT} ; ent:purpose 'a series of meetings' ; ent:status ent:planned",
            "purpose",
            "The purpose of Lorvia’s planned visit to Sudmark is “a series of meetings”",
        ),
        (
            "id:a a ent:Person ; rdfs:label 'Ada Holm' . id:x a ent:Accusation ; ent:accuser id:lorvia ; "
            "ent:accused id:sudmark ; ent:rejectedBy id:a ; ent:status ent:rejected",
            "rejectedBy",
            "Ada Holm denied Lorvia’s accusation against Sudmark",
        ),
        # Words of the article about a thing are no title of a line.
        (
            "id:x a ent:Organisation ; rdfs:label 'Oldby Board' ; ent:wording 'will meet'",
            "wording",
            "Oldby Board “will meet”",
        ),
        ("id:x a ent:Person ; rdfs:label 'Ada Holm' ; ent:wording 'a general'", "wording", "Ada Holm is “a general”"),
        (
            "id:x a ent:Person ; rdfs:label 'Ada Holm' ; ent:wording 'lawyer'",
            "wording",
            "Ada Holm is described as “lawyer”",
        ),
        (
            "id:x a ent:Programme ; rdfs:label 'Blue Plan' ; ent:wording 'The crisis hit the Blue Plan'",
            "wording",
            "“The crisis hit the Blue Plan”",
        ),
        (
            "id:x a ent:Place ; rdfs:label 'Oldby' ; ent:locatedIn id:y . "
            "id:y a ent:Place ; rdfs:label 'southern Lorvia'",
            "locatedIn",
            "Oldby is in southern Lorvia",
        ),
        (
            "id:x a ent:Place ; rdfs:label 'Oldby' ; ent:locatedIn id:y . "
            "id:y a ent:Place ; rdfs:label 'part of Lake Mela'",
            "locatedIn",
            "Oldby is in the part of Lake Mela",
        ),
    ],
)
def test_sentences_of_single_facts(made: Made, facts: str, predicate: str, sentence: str) -> None:
    graph = made(f"{facts} .")
    (quad,) = set(graph.store.quads_for_pattern(NamedNode(ID + "x"), NamedNode(ENT + predicate), None, DefaultGraph()))
    assert graph.context.sentences.fact(quad.triple) == sentence


def test_who_accompanies_a_visitor_is_not_told_by_the_visit(made: Made) -> None:
    graph = made(f"{VISIT} ; ent:participant id:grey-front ; ent:status ent:held .")
    shown = graph.show("id:x").text(200)
    assert "Lorvia visited Sudmark\n" in shown
    assert "The Grey Front took part in Lorvia’s visit to Sudmark\n" in shown


@pytest.mark.parametrize(
    ("facts", "kind", "sentence"),
    [
        ("id:x a ent:Talks ; rdfs:label 'negotiations'", "Talks", "Negotiations are talks"),
        ("id:x a ent:Talks ; rdfs:label 'Oldby Round'", "Talks", "Oldby Round is talks"),
        ("id:x a ent:Railway ; rdfs:label 'railway'", "Railway", "There is a railway"),
        ("id:x a ent:Quantity ; ent:number 4 ; ent:measure 'day'", "Quantity", "4 days is a quantity"),
    ],
)
def test_a_class_is_told_in_the_number_of_its_label(made: Made, facts: str, kind: str, sentence: str) -> None:
    graph = made(f"{facts} .")
    assert graph.context.sentences.fact(Triple(NamedNode(ID + "x"), TYPE, NamedNode(ENT + kind))) == sentence


def test_a_name_of_several_is_called_in_the_plural(made: Made) -> None:
    graph = made("id:x a ent:Organisation ; rdfs:label 'rebel leaders' .")
    t = Triple(NamedNode(ID + "x"), NamedNode("http://www.w3.org/2000/01/rdf-schema#label"), Literal("rebel leaders"))
    assert graph.context.sentences.fact(t) == "Rebel leaders are called “rebel leaders”"


def test_words_and_passages_are_named_by_what_they_quote(made: Made) -> None:
    graph = made("""}
    p:front a ent:Mention ; ent:mentionIn p:all ; ent:quote "Grey Front" ; ent:refersTo id:grey-front .
    p:all { id:lorvia a ent:State .""")
    name = graph.context.sentences.name
    assert name(NamedNode(PREFIXES["p"] + "front")) == "“Grey Front” in “Lorvia”"
    assert name(NamedNode(PREFIXES["p"] + "all")) == f"the passage “{QUOTE}” of “Lorvia”"
    assert name(NamedNode(PREFIXES["p"] + "unit-1")) == "unit 1 of “Lorvia”"


@pytest.mark.parametrize(
    ("facts", "label"),
    [
        (f"{VISIT} ; ent:status ent:planned", "Lorvia’s planned visit to Sudmark"),
        (f"{VISIT} ; ent:status ent:planned , ent:cancelled", "Lorvia’s planned visit to Sudmark"),
        (f"{VISIT} ; ent:status ent:planned , ent:held", "Lorvia’s visit to Sudmark"),
        (VISIT, "Lorvia’s visit to Sudmark"),
        (
            "id:x a ent:Approval ; ent:approved id:sudmark ; ent:status ent:outstanding",
            "possible approval of Sudmark",
        ),
        (f"{SUPPORT} ; ent:status ent:rejected", "Lorvia’s disputed support for the Grey Front"),
        (f"{DEMAND} ; ent:status ent:rejected", "Lorvia’s demand to Sudmark"),
        (f"{DEAL} ; ent:status ent:cancelled", "cancelled arms deal between Sudmark and Lorvia over the Gun"),
        (
            "id:y a ent:Ceremony ; rdfs:label 'opening' ; ent:status ent:planned . "
            "id:x a ent:Participation ; ent:attendee id:lorvia ; ent:occasion id:y",
            "Lorvia’s planned part in the opening",
        ),
    ],
)
def test_a_computed_label_does_not_assert_what_has_not_happened(made: Made, facts: str, label: str) -> None:
    graph = made(f"{facts} .")
    assert graph.context.things.label(NamedNode(ID + "x")) == label


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ("id:x a ent:Meeting ; ent:status ent:planned ; ent:participant id:lorvia , id:sudmark", "to meet"),
        ("id:x a ent:Event ; ent:place id:lorvia ; ent:status ent:planned", "The event in Lorvia is to take place"),
        ("id:x a ent:Dam ; ent:locatedIn id:lorvia ; ent:stage ent:cancelled", "The dam in Lorvia has been cancelled"),
    ],
)
def test_a_sentence_that_tells_a_status_names_the_thing_without_it(made: Made, facts: str, sentence: str) -> None:
    clause = made(f"{facts} .").context.sentences.clause(NamedNode(ID + "x"))
    assert clause is not None
    assert sentence in clause.text


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ("a ent:Meeting ; ent:participant id:grey-front , id:sudmark", "Sudmark and the Grey Front met"),
        ("a ent:Meeting ; ent:participant id:sudmark , id:nordland", "Nordland and Sudmark met"),  # one is not named
        (
            "a ent:Arrest ; ent:participant id:lorvia ; ent:arrested id:sudmark ; ent:wording 'met'",
            "Lorvia met Sudmark",
        ),
        (
            "a ent:Arrest ; ent:participant id:lorvia ; ent:arrested id:sudmark ; ent:wording 'met the Grey'",
            "Lorvia “met the Grey” Sudmark",
        ),
        (
            "a ent:Statement ; rdfs:label 'Accord' ; ent:participant id:lorvia ; ent:wording 'met'",
            "Lorvia met the Accord",
        ),
        (
            "a ent:Statement ; rdfs:label 'speech' ; ent:participant id:lorvia ; ent:wording 'met the Grey Front'",
            "Lorvia made a speech (“met the Grey Front”)",
        ),
    ],
)
def test_what_happened_is_told_as_the_text_has_it(made: Made, facts: str, sentence: str) -> None:
    nordland = "id:nordland a ent:State ; rdfs:label 'Nordland'@en ."
    clause = made(f"id:x {facts} ; ent:status ent:held . {nordland}").context.sentences.clause(NamedNode(ID + "x"))
    assert clause is not None
    assert clause.text == sentence


def test_a_thing_that_has_a_part_in_itself_has_a_name(made: Made) -> None:
    graph = made(
        "id:a a ent:Disagreement ; ent:disagreeing id:a , id:b ; ent:over id:a . "
        "id:b a ent:Support ; ent:backer id:a ; ent:backed id:b . "
        "id:c a ent:Office ; ent:officeOf id:c ; ent:heads id:c . "
        "id:d a ent:Tenure ; ent:office id:c ; ent:holder id:d ."
    )
    names = {name: graph.context.things.label(NamedNode(ID + name)) for name in "abcd"}
    assert all(names.values())
    assert "id:a" in graph.show("id:a").text(100)


def test_offices_of_each_other_have_names(made: Made) -> None:
    graph = made(
        'id:a a ent:Office ; rdfs:label "chair" ; ent:officeOf id:b . '
        'id:b a ent:Office ; rdfs:label "board" ; ent:officeOf id:a . '
        'id:c a ent:Office ; rdfs:label "deputy" ; ent:officeOf id:a . '
        'id:d a ent:Office ; rdfs:label "clerk" ; ent:officeOf id:e . '
        'id:e a ent:Office ; rdfs:label "dean" .'
    )
    names = {name: graph.context.things.sentences.name(NamedNode(ID + name)) for name in "abcde"}
    assert {name: text.removeprefix("the ") for name, text in names.items()} == {
        "a": "chair", "b": "board", "c": "deputy", "d": "clerk of the dean", "e": "dean"
    }  # fmt: skip
