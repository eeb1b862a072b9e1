"""An excerpt reads what a change bears on, and no more."""

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from kg.dataset import cache, update
from kg.graph import Graph
from kg.source.layout import GraphFolder
from kg.validation import incremental
from kg.validation.incremental import changes


def article(folder: Path, name: str, text: str, facts: str) -> None:
    place = folder / "kg" / "articles" / name
    place.mkdir(parents=True)
    head = "".join(
        f"@prefix {prefix}: <{iri}> .\n"
        for prefix, iri in {
            "ent": "https://w3id.org/entente/ontology#",
            "id": "https://w3id.org/entente/id/",
            "p": f"https://w3id.org/entente/article/{name}#",
            "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
            "xsd": "http://www.w3.org/2001/XMLSchema#",
        }.items()
    )
    described = f'<https://w3id.org/entente/article/{name}> a ent:Article ; ent:readingDate "2020-01-02"^^xsd:date .\n'
    (place / "article.txt").write_text(text + "\n", encoding="utf-8", newline="\n")
    (place / "facts.trig").write_text(head + described + facts, encoding="utf-8", newline="\n")


def passage(name: str, quote: str, facts: str, more: str = "") -> str:
    return f'p:{name} a ent:Passage ; ent:quote "{quote}"{more} .\np:{name} {{ {facts} }}\n'


@pytest.fixture
def graph_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[GraphFolder]:
    """Four articles in a repository, and a large build of them."""
    monkeypatch.setattr(cache, "_user_cache", lambda *_: str(tmp_path / "cache"))
    monkeypatch.setattr(update, "LARGE", 10)
    folder = tmp_path / "graph"
    shutil.copytree(Path(__file__).parents[2] / "ontology", folder / "ontology")
    shutil.copytree(Path(__file__).parents[2] / "shapes", folder / "shapes")
    ann = 'id:ann a ent:Person ; rdfs:label "Ann"@en .'
    article(folder, "1-names", "Ann", passage("ann", "Ann", ann))
    war = passage("war", "Ann said there was war", "id:war a ent:War .", " ; ent:speaker id:ann")
    article(folder, "2-speaks", "Ann said there was war", war)
    tenure = 'id:v a ent:Tenure ; ent:holder id:bo . id:bo a ent:Person ; rdfs:label "Bo"@en .'
    article(folder, "3-tells", "Bo came", passage("bo", "Bo came", tenure))
    article(folder, "4-tells", "Bo came again", passage("bo", "Bo came again", tenure))
    for command in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "base"]):
        who = ["-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"]
        subprocess.run(["git", "-C", folder, *who, *command], check=True)
    graph_folder = GraphFolder(str(folder))
    Graph(graph_folder).compile()
    yield graph_folder
    assert list(Path(cache.large_home(graph_folder)).glob("building-*")) == []


def read_after(graph_folder: GraphFolder, name: str, old: str, new: str) -> list[str]:
    """The articles that are read after an edit."""
    path = Path(graph_folder.articles) / name / "facts.trig"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8", newline="\n")
    with incremental.partial_build(graph_folder, changes(graph_folder, "HEAD")) as part:
        assert part is not None
        return [e.article.name for e in part.evidence]


def test_an_article_that_stands_alone_is_read_alone(graph_folder: GraphFolder) -> None:
    assert read_after(graph_folder, "1-names", 'Ann"@en .', 'Ann"@en ; ent:worksFor id:ann .') == ["1-names"]
    assert read_after(graph_folder, "1-names", " ; ent:worksFor id:ann", "") == []


def test_who_speaks_under_another_name(graph_folder: GraphFolder) -> None:
    assert read_after(graph_folder, "1-names", 'Ann"@en .', 'Anna"@en .') == ["1-names", "2-speaks"]


def test_who_mentions_what_nothing_tells_of_any_more(graph_folder: GraphFolder) -> None:
    assert read_after(graph_folder, "3-tells", "id:bo a ent:Person ; ", "id:bo ") == ["3-tells"]
    assert read_after(graph_folder, "4-tells", "id:bo a ent:Person ; ", "id:bo ") == ["3-tells", "4-tells"]


def test_who_tells_of_the_same_relation(graph_folder: GraphFolder) -> None:
    added = "id:v a ent:Tenure ; ent:office id:bo ;"
    assert read_after(graph_folder, "4-tells", "id:v a ent:Tenure ;", added) == ["3-tells", "4-tells"]


def test_who_tells_of_what_may_be_its_double(graph_folder: GraphFolder) -> None:
    another = '"Ann"@en . id:w a ent:Tenure ; ent:holder id:bo .'
    assert read_after(graph_folder, "1-names", '"Ann"@en .', another) == ["1-names", "3-tells", "4-tells"]


def test_broken_evidence_is_judged_and_not_kept(graph_folder: GraphFolder) -> None:
    before = sorted(Path(cache.large_home(graph_folder)).iterdir())
    assert read_after(graph_folder, "3-tells", '"Bo came"', '"Bo went"') == ["3-tells"]
    assert sorted(Path(cache.large_home(graph_folder)).iterdir()) == before


def test_without_a_large_build_there_is_none(graph_folder: GraphFolder) -> None:
    shutil.rmtree(cache.large_home(graph_folder))
    with incremental.partial_build(graph_folder, changes(graph_folder, "HEAD")) as part:
        assert part is None


def test_a_build_that_is_there_stays(graph_folder: GraphFolder) -> None:
    found = update.open_or_update(cache.fingerprints(graph_folder, "rl"), graph_folder)
    assert found is not None
    update.remove_temporary(found)
    assert Path(found.folder).is_dir()
