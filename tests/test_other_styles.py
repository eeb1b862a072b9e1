"""Articles in other styles than the first: an agency’s, a regional paper’s, and a communiqué of two states."""

import shutil
from pathlib import Path

import pytest
from running import ROOT

import kg
from kg.findings import at_or_above
from kg.graph import Graph
from kg.rdf.namespaces import ENT, ID, local_name
from kg.source import layout
from kg.validation import run

pytestmark = pytest.mark.usefixtures("reading_once")

STYLES = ("wire-report", "communique", "regional-paper")
PREFIXES = f"PREFIX ent: <{ENT}> PREFIX id: <{ID}>\n"


def _compose(folder: Path, style: str) -> Path:
    for part in ("ontology", "shapes", "queries"):
        shutil.copytree(ROOT / part, folder / part)
    shutil.copytree(ROOT / "tests" / "graphs" / style / "kg", folder / "kg")
    return folder


@pytest.fixture(scope="module")
def graphs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Graph]:
    """Each article alone, with the shipped ontology, shapes and stored queries."""
    return {style: kg.open(str(_compose(tmp_path_factory.mktemp(style) / "graph", style))) for style in STYLES}


@pytest.fixture(scope="module")
def reports(graphs: dict[str, Graph]) -> dict[str, run.Report]:
    found = {style: layout.find_graph_folder(graph.graph_folder.root) for style, graph in graphs.items()}
    return {style: run.validate(folder) for style, folder in found.items()}


@pytest.mark.parametrize("style", STYLES)
def test_nothing_is_found_and_all_is_read(reports: dict[str, run.Report], style: str) -> None:
    assert [str(f) for f in at_or_above(reports[style].findings, "warning")] == []
    assert reports[style].counts["units"] == reports[style].counts["read"] >= 10


def test_what_an_article_does_not_say_is_a_note(reports: dict[str, run.Report]) -> None:
    notes = [f.severity for f in reports["communique"].findings if "who borrows" in f.message]
    assert notes == ["info"]


WIRE_REPORT = [
    ("?plant ?number ?type", "?plant ent:units/ent:number ?number ; ent:unitType ?type", "lake-oren-plant 4 vver-1200"),
    (
        "?from ?direction ?km",
        "?p ent:positioned id:lake-oren-plant ; ent:reference ?from ; ent:direction ?direction ; "
        "ent:distance/ent:number ?km",
        "estren north 45",
    ),
    (
        "?bank ?percent",
        "?loan ent:lender ?bank ; ent:share/ent:number ?percent FILTER NOT EXISTS { ?loan ent:borrower ?who }",
        "straits-development-bank 85",
    ),
    (
        "?talks ?host ?mediator ?status",
        "?talks ent:host ?host ; ent:mediator ?mediator ; ent:currentStatus ?status",
        "narvia-qoram-border-talks sarif leila-anwar collapsed",
    ),
    (
        "?work ?stage",
        "VALUES ?stage { ent:announced ent:shelved ent:mothballed ent:retired } ?work ent:currentStage ?stage",
        "narvian-wind-farm announced, estren-taliq-railway shelved, oren-corridor-gas-pipeline mothballed, "
        "brodin-power-plant retired",
    ),
    (
        "?kind ?work ?when",
        "?event a ?kind ; ent:milestoneOf ?work ; ent:date ?when FILTER (?kind != ent:Milestone && ?kind != ent:Event)",
        "FirstConcrete lake-oren-reactor-2 2021-09-14, StartOfOperation oren-corridor-gas-pipeline 2018, "
        "WithdrawalFromService oren-corridor-gas-pipeline 2021-06, WithdrawalFromService brodin-power-plant 2017, "
        "Announcement narvian-wind-farm 2020",
    ),
    ("?event ?bound", "?event ent:killed/ent:bound ?bound", "narvia-qoram-clash-of-may-2021 atLeast"),
    ("?first ?last", "?v a ent:Visit ; ent:notBefore ?first ; ent:notAfter ?last", "2021-09-20 2021-09-26"),
]
COMMUNIQUE = [
    (
        "?state ?last",
        "?tender a ent:Tender ; ent:launchedBy/ent:bodyOf ?state ; ent:notAfter ?last",
        "ilvara 2023-09-30",
    ),
    (
        "?state ?other ?pact",
        "?duty ent:obliged ?state ; ent:beneficiary ?other ; ent:under ?pact . ?pact a ent:DefencePact",
        "sument ilvara treaty-of-mutual-defence, ilvara sument treaty-of-mutual-defence",
    ),
    ("?state ?status", "?r ent:recognising ?state ; ent:currentStatus ?status", "sument held, ilvara outstanding"),
    ("?state ?status ?end", "?s ent:backer ?state ; ent:currentStatus ?status ; ent:end ?end", "sument ended 2022"),
    (
        "?passage ?where ?day",
        "?passage ent:saidAt ?toast . ?toast ent:place ?where ; ent:date ?day",
        "closer halden-castle 2023-05-08",
    ),
]
REGIONAL_PAPER = [
    ("?owner ?percent", "?o ent:owner ?owner ; ent:share/ent:number ?percent", "arvenia 60"),
    (
        "?who ?end",
        "?a ent:approver ?who ; ent:currentStatus ent:withdrawn ; ent:end ?end",
        "town-council-of-melling 2022-06-13",
    ),
    (
        "?accused ?court ?status",
        "?c ent:accused ?accused ; ent:court ?court ; ent:status ?status",
        "norrail supreme-court intended",
    ),
    ("?who ?office", "?a ent:appointed ?who ; ent:office ?office", "lena-ost director-of-the-railway-authority"),
    (
        "?one ?rank ?other",
        "?r ent:ranked ?one ; ent:rank ?rank ; ent:rankedAgainst ?other",
        "skelm-tunnel longer gant-tunnel",
    ),
    (
        "?first ?last",
        "?s ent:backer id:sorvia ; ent:earliestStart ?first ; ent:latestStart ?last",
        "2021-03-01 2021-05-31",
    ),
    ("?state ?valley", "?c ent:claimant ?state ; ent:territory ?valley", "sorvia karst-valley"),
    ("?number", "?e ent:injured/ent:number ?number", "2"),
]
CASES = {"wire-report": WIRE_REPORT, "communique": COMMUNIQUE, "regional-paper": REGIONAL_PAPER}


@pytest.mark.parametrize(
    ("style", "columns", "pattern", "rows"), [(style, *case) for style, cases in CASES.items() for case in cases]
)
def test_its_words_answer(graphs: dict[str, Graph], style: str, columns: str, pattern: str, rows: str) -> None:
    answer = graphs[style].query(f"{PREFIXES}SELECT DISTINCT {columns} WHERE {{ {pattern} }}")
    found = {" ".join(local_name(term.value) for term in row) for row in answer}
    assert found == set(rows.split(", "))
