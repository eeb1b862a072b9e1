"""Addresses of things, passages, articles, terms and stored queries: their RDF, their rows, or their page."""

import json
import re
from urllib.parse import urljoin

import pytest
from pyoxigraph import RdfFormat, parse
from serving import Served

from kg.rdf.namespaces import ARTICLE, ENT, ID, RDFS_LABEL

NAME = "2018-04-turkey-russia"
ADDRESSES = {
    "/things/akkuyu": f"{ID}akkuyu",
    "/things/turkey": f"{ID}turkey",
    f"/articles/{NAME}": f"{ARTICLE}{NAME}",
    f"/passages/{NAME}/caption-presidents": f"{ARTICLE}{NAME}#caption-presidents",
    "/ontology/State": f"{ENT}State",
}
FORMATS = {
    "ttl": ("text/turtle", RdfFormat.TURTLE),
    "nt": ("application/n-triples", RdfFormat.N_TRIPLES),
    "jsonld": ("application/ld+json", RdfFormat.JSON_LD),
    "rdf": ("application/rdf+xml", RdfFormat.RDF_XML),
    "nq": ("application/n-quads", RdfFormat.N_QUADS),
    "trig": ("application/trig", RdfFormat.TRIG),
}


@pytest.mark.parametrize("address", ADDRESSES)
def test_the_rdf_of_what_has_an_address(address: str, server: Served) -> None:
    told = {}
    for ending, (name, form) in FORMATS.items():
        by_accept, by_ending = server.get(address, name), server.get(f"{address}.{ending}")
        assert (by_accept.status, by_accept.type, by_ending.type) == (200, name, name)
        assert by_accept.body == by_ending.body
        assert "Accept" in by_accept.headers["Vary"]
        quads = list(parse(by_accept.body, format=form))
        assert any(q.subject.value == ADDRESSES[address] for q in quads)
        told[ending] = {q.triple for q in quads if not hasattr(q.graph_name, "value")}
    assert told["ttl"] == told["nt"] == told["rdf"] == told["jsonld"] <= told["nq"] == told["trig"]


def test_a_thing_is_described_with_labels_and_with_the_passages_that_say_so(server: Served) -> None:
    triples = {q.triple for q in parse(server.get("/things/akkuyu.ttl").body, format=RdfFormat.TURTLE)}
    named = {t.object.value for t in triples if t.subject.value == f"{ID}akkuyu" and hasattr(t.object, "value")}
    labelled = {t.subject.value for t in triples if t.predicate.value == RDFS_LABEL}
    assert {n for n in named if n.startswith(ID)} <= labelled
    quads = list(parse(server.get("/things/akkuyu.nq").body, format=RdfFormat.N_QUADS))
    passages = {q.graph_name.value for q in quads if hasattr(q.graph_name, "value")}
    quoted = {q.subject.value for q in quads if q.predicate.value == f"{ENT}quote"}
    assert passages
    assert passages <= quoted


@pytest.mark.parametrize(
    ("address", "page"),
    [
        ("/things/akkuyu", "/things/akkuyu/"),
        (f"/articles/{NAME}", f"/articles/{NAME}/"),
        (f"/passages/{NAME}/caption-presidents", f"/articles/{NAME}/#caption-presidents"),
        ("/ontology/State", "/ontology/_state/"),
    ],
)
def test_a_browser_is_sent_to_the_page(address: str, page: str, server: Served) -> None:
    browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
    found = server.get(address, browser)
    assert (found.status, found.body) == (303, b"")
    assert urljoin(server.address + address, found.headers["Location"]) == server.address + page
    assert urljoin(f"https://example.org/sub{address}", found.headers["Location"]) == f"https://example.org/sub{page}"


PAGES = """/ /articles/ /articles/2018-04-turkey-russia/ /things/akkuyu/ /ontology/ /ontology/_state/ /queries/
    /queries/who-leads/?state=Turkey /search/?q=turkey /timeline/ /picture/ /sparql/"""


@pytest.mark.parametrize("target", PAGES.split())
def test_pages_keep_to_the_policy(target: str, server: Served) -> None:
    found = server.get(target)
    assert (found.status, found.type) == (200, "text/html")
    assert not re.findall(r'<style|\sstyle="|<script(?![^>]*\ssrc=)|\son[a-z]+="|javascript:', found.text)
    assert server.get(target).body == found.body


def test_the_style_of_pages(server: Served) -> None:
    assert server.get("/static/style.css").type == "text/css"


NOTHING = """/things/none /things/none.ttl /things/%20 /things/%3E /things/..%2F..%2Fetc%2Fpasswd /passages/x/y
    /static/../app.py /static/%2e%2e/app.py /static/..%2f..%2fgraph.py /articles/../x/ /%00 //x /queries/none
    /queries/..%2fwho-leads /queries/none.csv /things/a%0d%0aSet-Cookie:x=1"""


@pytest.mark.parametrize("target", [*NOTHING.split(), "/x" * 2_000])
def test_what_is_not_there(target: str, server: Served) -> None:
    found = server.get(target, "text/turtle, text/html;q=0.5, */*;q=0.1")
    assert found.status == 404
    assert "Set-Cookie" not in found.headers
    assert "import" not in found.text


def test_a_stored_query_has_an_address(server: Served) -> None:
    rows = json.loads(server.get("/queries/who-leads?state=Turkey", "application/json").body)["results"]["bindings"]
    assert {row["of"]["value"] for row in rows} == {f"{ID}turkey"}
    everybody = json.loads(server.get("/queries/who-leads.json?state=any").body)["results"]["bindings"]
    assert len(everybody) > len(rows)
    assert server.get("/queries/who-leads.csv?state=Turkey").text.startswith("leader,office,of,")
    assert server.get("/queries/who-leads.tsv").type == "text/tab-separated-values"
    assert server.get("/queries/who-leads.xml").type == "application/sparql-results+xml"
    assert server.get("/queries/who-leads.md").type == "text/markdown"
    found = json.loads(server.get("/queries/who-leads.json?state=Turkey&receipts=true").body)
    assert len(found["receipts"]) == len(rows)


@pytest.mark.parametrize(
    ("target", "status", "says"),
    [
        ("/queries/who-leads.ttl", 406, "application/sparql-results+json"),
        ("/queries/who-leads?stat=Turkey", 400, "its parameters: "),
        ("/queries/who-leads?state=Turkye", 404, "did you mean “Turkey”"),
        ("/queries/who-leads?state=Turkey&state=Russia", 400, "more than once"),
        ("/queries/who-lead", 404, "did you mean who-leads"),
        ("/queries/who-leads?state=%3E%7D%20SERVICE", 404, "the graph knows no"),
        ("/queries/who-leads?receipts=maybe", 400, "receipts is"),
    ],
)
def test_what_a_stored_query_is_not_asked(target: str, status: int, says: str, server: Served) -> None:
    found = server.get(target, "application/json")
    assert found.status == status
    assert says in found.text
