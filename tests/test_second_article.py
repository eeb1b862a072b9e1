"""A second article, of other states and other kinds of things, goes through the pipeline alone and with the first."""

import shutil
from pathlib import Path

import pytest
from folders import BACKGROUND, FIRST
from pyoxigraph import Literal, NamedNode, RdfFormat, parse
from running import ROOT

import kg
from kg.errors import UsageError
from kg.findings import at_or_above
from kg.graph import Graph
from kg.rdf.namespaces import ARTICLE, ENT, ID, INFERRED_GRAPH, RDF, local_name
from kg.source import layout
from kg.validation import run

pytestmark = pytest.mark.usefixtures("reading_once")

SECOND = ROOT / "tests" / "graphs" / "second"
SECOND_NAME = "2019-06-talvia-corvania"
PREFIXES = f"""
PREFIX ent: <{ENT}>
PREFIX id: <{ID}>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
"""


def compose(folder: Path) -> Path:
    """A graph folder with the shipped ontology, shapes and stored queries and the second article."""
    for part in ("ontology", "shapes", "queries"):
        shutil.copytree(ROOT / part, folder / part)
    shutil.copytree(SECOND / "kg", folder / "kg")
    return folder


@pytest.fixture(scope="session")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Graph:
    return kg.open(str(compose(tmp_path_factory.mktemp("second") / "alone")))


@pytest.fixture(scope="session")
def together(tmp_path_factory: pytest.TempPathFactory) -> Graph:
    folder = compose(tmp_path_factory.mktemp("second") / "together")
    shutil.copytree(ROOT / "kg" / "articles" / FIRST, folder / "kg" / "articles" / FIRST)
    shutil.copytree(BACKGROUND, folder / "kg" / "background")
    return kg.open(str(folder))


@pytest.fixture(params=["alone", "together"])
def graph(request: pytest.FixtureRequest) -> Graph:
    chosen = request.getfixturevalue(request.param)
    assert isinstance(chosen, Graph)
    return chosen


def ask(graph: Graph, query: str) -> set[tuple[str, ...]]:
    """The rows of a SELECT, IRIs cut down to their local names; nothing where a column is unbound."""
    return {tuple(map(short, row)) for row in graph.query(PREFIXES + query)}


def short(term: object) -> str:
    if isinstance(term, NamedNode):
        return local_name(term.value)
    return term.value if isinstance(term, Literal) else ""


@pytest.mark.parametrize(("name", "units"), [("alone", 30), ("together", 54)])
def test_validates_without_violation_and_without_a_word_unread(
    name: str, units: int, request: pytest.FixtureRequest
) -> None:
    verdict = run.validate(layout.find_graph_folder(request.getfixturevalue(name).graph_folder.root))
    assert [str(f) for f in at_or_above(verdict.findings, "violation")] == []
    assert [str(f) for f in verdict.findings if f.rule == "coverage"] == []
    assert (verdict.counts["units"], verdict.counts["read"]) == (units, units)


def test_only_the_colour_is_set_aside_whole(graph: Graph) -> None:
    query = f"""SELECT ?aside WHERE {{
        ?aside a ent:Aside ; ent:article <{ARTICLE}{SECOND_NAME}> ; ent:reason ?why ; ent:unit ?unit .
        ?unit ent:reading ent:setAside . }}"""
    assert ask(graph, query) == {("lift",)}


STATUSES = """SELECT ?status ?read WHERE {
    ?passage a ent:Passage ; ent:article/ent:readingDate ?read .
    GRAPH ?passage { id:ankara-summit-april-2018 ent:status ?status } }"""


def test_the_summit_was_planned_in_one_article_and_is_held_in_the_next(together: Graph, alone: Graph) -> None:
    assert ask(together, STATUSES) == {("planned", "2018-04-03"), ("held", "2019-06-13")}
    assert ask(alone, STATUSES) == {("held", "2019-06-13")}


def test_its_current_status_is_that_of_the_latest_reading(together: Graph) -> None:
    query = """SELECT ?status WHERE {
        ?passage a ent:Passage ; ent:article/ent:readingDate ?read .
        GRAPH ?passage { id:ankara-summit-april-2018 ent:status ?status }
        FILTER NOT EXISTS {
          ?other a ent:Passage ; ent:article/ent:readingDate ?later .
          GRAPH ?other { id:ankara-summit-april-2018 ent:status ?any }
          FILTER (?later > ?read) } }"""
    assert ask(together, query) == {("held",)}


def test_the_summit_is_one_thing_with_two_receipts_for_each_role(together: Graph) -> None:
    query = """SELECT ?who (COUNT(DISTINCT ?article) AS ?articles) WHERE {
        ?passage a ent:Passage ; ent:article ?article .
        GRAPH ?passage { id:ankara-summit-april-2018 ent:participant ?who } } GROUP BY ?who"""
    leaders = ("vladimir-putin", "recep-tayyip-erdogan", "hassan-rouhani")
    assert ask(together, query) == {(who, "2") for who in leaders}


def test_the_finer_date_of_the_summit_decides(together: Graph, alone: Graph) -> None:
    query = "SELECT ?from ?to WHERE { id:ankara-summit-april-2018 ent:earliest ?from ; ent:latest ?to }"
    assert ask(together, query) == {("2018-04-04", "2018-04-04")}
    assert ask(alone, query) == {("2018-04-01", "2018-04-30")}


def test_a_state_that_changed_sides_is_seen(graph: Graph) -> None:
    query = """SELECT ?state ?left ?joined ?before ?after WHERE {
        ?old ent:backer ?state ; ent:side ?left ; ent:latestEnd ?before .
        ?new ent:backer ?state ; ent:side ?joined ; ent:earliestStart ?after .
        ?left ent:opposes ?joined .
        FILTER (?before < ?after) }"""
    sides = ("side-of-the-ilmarian-government", "side-of-the-northern-front")
    assert ask(graph, query) == {("corvania", *sides, "2017-12-31", "2018-03-01")}


def test_it_opposes_today_whom_it_stood_with(graph: Graph) -> None:
    query = """SELECT ?friend ?ended WHERE {
        ?theirs ent:backer ?friend ; ent:side ?side .
        ?ours ent:backer id:corvania ; ent:side ?side .
        FILTER (?friend != id:corvania)
        OPTIONAL { ?ours ent:end ?ended } }"""
    assert ask(graph, query) == {("talvia", "2017")}


def test_the_stored_question_shows_both_backings_of_a_side_changer(graph: Graph) -> None:
    answer = graph.query("who-backs-whom")
    roles = answer.columns.index("backer"), answer.columns.index("backed")
    found = {tuple(short(row[role]) for role in roles) for row in answer}
    backed = {whom for backer, whom in found if backer == "corvania"}
    assert backed == {"government-of-ilmaria", "northern-front"}


def test_shortcuts_are_inferred_and_asserted_nowhere(graph: Graph) -> None:
    inferred = {q.triple for q in graph.quads if q.graph_name == NamedNode(INFERRED_GRAPH)}
    expected = {
        ("corvania", "backs", "government-of-ilmaria"),
        ("corvania", "backs", "northern-front"),
        ("talvia", "backs", "government-of-ilmaria"),
        ("amara-velindi", "holdsOfficeIn", "talvia"),
        ("tomas-orrin", "leads", "government-of-corvania"),
        ("corvania", "memberOf", "amber-pact"),
        ("talvia", "memberOf", "amber-development-bank"),
        ("talvia", "sellerTo", "corvania"),
    }
    assert expected <= {(short(t.subject), short(t.predicate), short(t.object)) for t in inferred}
    shortcuts = {
        NamedNode(ENT + name) for name in ("backs", "leads", "memberOf", "sellerTo", "holdsOffice", "holdsOfficeIn")
    }
    places = {q.graph_name for q in graph.quads if q.predicate in shortcuts and isinstance(q.graph_name, NamedNode)}
    assert places == {NamedNode(INFERRED_GRAPH)}


def test_a_president_follows_from_a_presidency_and_a_prime_minister_is_none(graph: Graph) -> None:
    presidents = {who for (who,) in ask(graph, "SELECT ?who WHERE { ?who a ent:President }")}
    leaders = {who for (who,) in ask(graph, "SELECT ?who WHERE { ?who a ent:Leader }")}
    assert {"amara-velindi", "ivo-marenka"} <= presidents
    assert "tomas-orrin" in leaders - presidents
    assert "ruth-ombasi" not in leaders


def test_a_former_president_leads_no_longer(graph: Graph) -> None:
    query = """SELECT ?who WHERE {
        ?tenure ent:office id:president-of-talvia ; ent:holder ?who .
        OPTIONAL { ?tenure ent:latestEnd ?end }
        FILTER (COALESCE(?end >= "2019-06-13"^^xsd:date, true)) }"""
    assert ask(graph, query) == {("amara-velindi",)}


def test_a_prime_minister_leads_by_leading_the_government(graph: Graph) -> None:
    answer = graph.query("who-leads", state="Corvania", date="2019-06-13")
    assert {short(row[answer.columns.index("leader")]) for row in answer} == {"tomas-orrin"}


def test_what_somebody_says_is_never_a_quad(graph: Graph) -> None:
    triples = {(q.subject, q.predicate, q.object) for q in graph.quads}
    query = f"""PREFIX rdf: <{RDF}> SELECT ?s ?p ?o ?who WHERE {{
        ?claim a ent:Claim ; rdf:subject ?s ; rdf:predicate ?p ; rdf:object ?o ; ent:claimedBy ?who . }}"""
    claims = list(graph.query(PREFIXES + query))
    assert {"tomas-orrin", "ruth-ombasi"} <= {short(row[3]) for row in claims}
    assert [row for row in claims if tuple(row[:3]) in triples] == []


def test_speakers_keep_their_own_words(graph: Graph) -> None:
    query = f"""PREFIX rdf: <{RDF}> SELECT ?who ?speech ?kind WHERE {{
        ?claim ent:claimedBy ?who ; rdf:predicate rdf:type ; rdf:object ?kind ; ent:passage ?passage .
        ?passage ent:speech ?speech ; ent:article <{ARTICLE}{SECOND_NAME}> . }}"""
    kinds = {("ruth-ombasi", "paraphrased", kind) for kind in ("Agreement", "Cooperation", "Concept")}
    assert ask(graph, query) == {("tomas-orrin", "quoted", "Estrangement"), *kinds}


def test_amounts_keep_their_numbers_and_measures(graph: Graph) -> None:
    query = """SELECT ?thing ?property ?number ?measure WHERE {
        ?thing ?property ?quantity . ?quantity a ent:Quantity ; ent:number ?number ; ent:measure ?measure . }"""
    assert ask(graph, query) == {
        ("ossen-dam", "cost", "2400000000", "USD"),
        ("ossen-dam", "capacity", "1800", "MW"),
        ("loan-for-the-ossen-dam", "sum", "1500000000", "USD"),
        ("merrow-hydro-in-the-ossen-dam", "share", "30", "%"),
        ("talvia-corvania-power-link", "length", "310", "km"),
        ("talvia-corvania-power-link", "capacity", "400", "MW"),
    }


def test_who_paid_built_and_runs_the_dam(graph: Graph) -> None:
    query = """SELECT ?role ?who WHERE {
        { id:ossen-dam ?role ?who } UNION { ?relation ent:funds|ent:owned id:ossen-dam ; ?role ?who }
        FILTER (?role IN (ent:builder, ent:operator, ent:lender, ent:borrower, ent:owner)) }"""
    assert ask(graph, query) == {
        ("builder", "merrow-hydro"),
        ("operator", "merrow-hydro"),
        ("owner", "merrow-hydro"),
        ("lender", "amber-development-bank"),
        ("borrower", "government-of-talvia"),
        ("borrower", "talvia"),  # a government borrows for its state
    }


def test_works_have_ends_and_stages(graph: Graph) -> None:
    query = """SELECT ?work ?end ?stage WHERE { ?work ent:connects ?end ; ent:stage ?stage }"""
    assert ask(graph, query) == {
        ("talvia-corvania-power-link", "talvia", "underWay"),
        ("talvia-corvania-power-link", "corvania", "underWay"),
        ("velmar-selemar-railway", "velmar", "suspended"),
        ("velmar-selemar-railway", "port-of-selemar", "suspended"),
        ("talvia-sundria-pipeline", "talvia", "cancelled"),
        ("talvia-sundria-pipeline", "sundria", "cancelled"),
    }


DATED = {
    "on Tuesday": ("date", "2019-06-11"),
    "since March": ("start", "2019-03"),
    "two years ago": ("date", "2017"),
    "last month": ("date", "2019-05"),
    "On Sunday": ("date", "2019-06-09"),
    "on Thursday next week": ("start", "2019-06-20"),
    "for October": ("date", "2019-10"),
    "in April last year": ("date", "2018-04"),
    "in 2018": ("end", "2018"),
}


@pytest.mark.parametrize("words", DATED)
def test_date_words_are_read_against_the_day_of_their_own_article(words: str, together: Graph) -> None:
    query = f"""SELECT ?property ?date WHERE {{
        ?passage ent:dateWords "{words}" ; ent:article <{ARTICLE}{SECOND_NAME}> .
        GRAPH ?passage {{ ?thing ?property ?date }}
        FILTER (?property IN (ent:date, ent:start, ent:end)) }}"""
    assert DATED[words] in ask(together, query)


def test_a_capital_is_a_city_and_a_government(graph: Graph) -> None:
    with pytest.raises(UsageError) as error:
        graph.things.resolve("Tamrat")
    assert {"id:tamrat", "id:government-of-corvania"} <= {line.split(" ")[0] for line in error.value.hint.splitlines()}
    assert graph.things.resolve("Tamrat", ENT + "City") == NamedNode(ID + "tamrat")


def test_a_name_may_become_ambiguous_in_company(alone: Graph, together: Graph) -> None:
    assert alone.things.resolve("Ankara") == NamedNode(ID + "ankara")
    with pytest.raises(UsageError, match="2 things"):
        together.things.resolve("Ankara")


def test_neither_article_speaks_in_the_passages_of_the_other(together: Graph, alone: Graph) -> None:
    own = f"{ARTICLE}{SECOND_NAME}#"
    quads = {q for q in together.quads if str(q.graph_name).startswith(f"<{own}")}
    assert quads == {q for q in alone.quads if str(q.graph_name).startswith(f"<{own}")}
    assert len(quads) > 300


def test_a_bond_without_dates_borrows_none_from_other_bonds(graph: Graph) -> None:
    answer = graph.query("who-belongs-where", who="Ruth Ombasi")
    assert {short(row[answer.columns.index("since")]) for row in answer} == {""}


def test_every_stored_question_can_be_put(graph: Graph) -> None:
    assert "who-backs-whom" in graph.queries
    for question in graph.queries.values():
        assert graph.query(question.name).columns == question.columns


def test_the_export_reads_back_whole(graph: Graph) -> None:
    read_back = {q.triple for q in parse(graph.export("turtle"), format=RdfFormat.TURTLE)}
    assert set(graph.triples()) <= read_back
