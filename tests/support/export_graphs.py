"""Two graph folders to export: that of the first article, and one whose literals are odd."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from folders import with_first_article
from running import ROOT

from kg.graph import Graph
from kg.source import layout

ODD_TEXT = "=SUM(A1) is the name of a plant with 01 towers.\n+1 is no number here, said Ann.\n"
ODD_FACTS = """\
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix ent: <https://w3id.org/entente/ontology#> .
@prefix id: <https://w3id.org/entente/id/> .
@prefix p: <https://w3id.org/entente/article/2020-odd#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

<https://w3id.org/entente/article/2020-odd> a ent:Article ;
    dcterms:title "Odd"@en ; ent:readingDate "2020-01-01"^^xsd:date ;
    ent:basis "It says so."@en ; ent:basisSource <https://example.org/odd> .
p:plant a ent:Passage ; ent:quote "=SUM(A1) is the name of a plant with 01 towers" .
p:plant {
    id:odd-plant a ent:PowerPlant ; rdfs:label "=SUM(A1)"@en ;
        ent:number "01"^^xsd:integer , "+1"^^xsd:integer , "1.10"^^xsd:decimal , "-7"^^xsd:integer ,
            "2E+010"^^xsd:double , "1"^^xsd:boolean , "true"^^xsd:boolean ;
        ent:start "2019-12"^^xsd:gYearMonth ;
        ent:wording "cr\\rtab\\tline\\nend" , "“curly” \\u00A0𝄞"@en-gb , "" , "-- x" ;
        ent:inField <https://example.org/a?b=1&c='2'> .
}
p:not a ent:Passage ; ent:speaker id:ann ; ent:quote "+1 is no number here, said Ann." .
p:not { id:odd-plant ent:number "+1"^^xsd:integer ; ent:rank "none"@en . }
"""


@pytest.fixture(scope="session")
def copy_of_sources(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Path]:
    """Makes a fresh graph folder of the first article, without questions and without a cache."""

    def copy() -> Path:
        return with_first_article(tmp_path_factory.mktemp("sources"), ("ontology",))

    return copy


@pytest.fixture(scope="session")
def graph(copy_of_sources: Callable[[], Path]) -> Graph:
    return Graph(layout.find_graph_folder(str(copy_of_sources())))


@pytest.fixture(scope="session")
def odd(tmp_path_factory: pytest.TempPathFactory) -> Graph:
    folder = tmp_path_factory.mktemp("odd")
    shutil.copytree(ROOT / "ontology", folder / "ontology")
    article = folder / "kg" / "articles" / "2020-odd"
    article.mkdir(parents=True)
    (article / "article.txt").write_bytes(ODD_TEXT.encode())
    (article / "facts.trig").write_bytes(ODD_FACTS.encode())
    return Graph(layout.find_graph_folder(str(folder)))
