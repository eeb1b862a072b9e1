"""An excerpt reads what a change bears on, and no more."""

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from kg import cache, excerpt, large
from kg.graph import Graph
from kg.paths import Rooms
from kg.since import changes


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
def rooms(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Rooms]:
    """Four articles in a repository, and a large build of them."""
    monkeypatch.setattr(cache, "_user_cache", lambda: str(tmp_path / "cache"))
    monkeypatch.setattr(cache, "LARGE", 10)
    folder = tmp_path / "graph"
    shutil.copytree(Path(__file__).parents[1] / "ontology", folder / "ontology")
    shutil.copytree(Path(__file__).parents[1] / "shapes", folder / "shapes")
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
    rooms = Rooms(str(folder))
    Graph(rooms).compile()
    yield rooms
    assert list(Path(cache.large_home(rooms)).glob("building-*")) == []


def read_after(rooms: Rooms, name: str, old: str, new: str) -> list[str]:
    """The articles that are read after an edit."""
    path = Path(rooms.articles) / name / "facts.trig"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8", newline="\n")
    with excerpt.of(rooms, changes(rooms, "HEAD")) as part:
        assert part is not None
        return [e.article.name for e in part.evidence]


def test_an_article_that_stands_alone_is_read_alone(rooms: Rooms) -> None:
    assert read_after(rooms, "1-names", 'Ann"@en .', 'Ann"@en ; ent:worksFor id:ann .') == ["1-names"]
    assert read_after(rooms, "1-names", " ; ent:worksFor id:ann", "") == []


def test_who_speaks_under_another_name(rooms: Rooms) -> None:
    assert read_after(rooms, "1-names", 'Ann"@en .', 'Anna"@en .') == ["1-names", "2-speaks"]


def test_who_mentions_what_nothing_tells_of_any_more(rooms: Rooms) -> None:
    assert read_after(rooms, "3-tells", "id:bo a ent:Person ; ", "id:bo ") == ["3-tells"]
    assert read_after(rooms, "4-tells", "id:bo a ent:Person ; ", "id:bo ") == ["3-tells", "4-tells"]


def test_who_tells_of_the_same_relation(rooms: Rooms) -> None:
    added = "id:v a ent:Tenure ; ent:office id:bo ;"
    assert read_after(rooms, "4-tells", "id:v a ent:Tenure ;", added) == ["3-tells", "4-tells"]


def test_who_tells_of_what_may_be_its_double(rooms: Rooms) -> None:
    another = '"Ann"@en . id:w a ent:Tenure ; ent:holder id:bo .'
    assert read_after(rooms, "1-names", '"Ann"@en .', another) == ["1-names", "3-tells", "4-tells"]


def test_broken_evidence_is_judged_and_not_kept(rooms: Rooms) -> None:
    before = sorted(Path(cache.large_home(rooms)).iterdir())
    assert read_after(rooms, "3-tells", '"Bo came"', '"Bo went"') == ["3-tells"]
    assert sorted(Path(cache.large_home(rooms)).iterdir()) == before


def test_without_a_large_build_there_is_none(rooms: Rooms) -> None:
    shutil.rmtree(cache.large_home(rooms))
    with excerpt.of(rooms, changes(rooms, "HEAD")) as part:
        assert part is None


def test_a_build_that_is_there_stays(rooms: Rooms) -> None:
    home = cache.large_home(rooms)
    found = large.draft(home, cache.prints_of(rooms, "rl"), rooms)
    assert found is not None
    large.forget(found)
    assert Path(found.folder).is_dir()
