"""Large builds: on disk, brought up to date after any edit, and the same as a build that is made anew."""

import os
import random
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from folders import FIRST, with_first_article
from pyoxigraph import Quad
from running import ROOT

from kg.dataset import build, cache, update
from kg.graph import Graph
from kg.rdf.namespaces import ENT
from kg.source import documents
from kg.source.layout import GraphFolder

SEEDS = [0, *(pytest.param(n, marks=pytest.mark.long) for n in range(1, 40))]
SECOND = ROOT / "tests" / "graphs" / "second" / "kg" / "articles" / "2019-06-talvia-corvania"


@pytest.fixture
def graph_folder(tmp_path: Path, reading_once: None, monkeypatch: pytest.MonkeyPatch) -> GraphFolder:
    """The shipped graph with a second article, every build of which counts as large, and a cache of its own."""
    monkeypatch.setattr(update, "LARGE", 0)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path / "cache"))
    monkeypatch.setattr(cache, "_user_cache", lambda *_: str(tmp_path / "cache"))
    folder = with_first_article(tmp_path / "graph")
    shutil.copytree(SECOND, folder / "kg" / "articles" / SECOND.name)
    return GraphFolder(str(folder))


_ANEW: dict[tuple[tuple[str, bytes], ...], tuple[list[Quad], dict[str, int]]] = {}


def anew(graph_folder: GraphFolder) -> tuple[list[Quad], dict[str, int]]:
    """The quads and counts of a new build; of the same files, those of the first one."""
    files = sorted(path for path in Path(graph_folder.root).rglob("*.t*") if path.is_file())
    key = tuple((path.relative_to(graph_folder.root).as_posix(), path.read_bytes()) for path in files)
    if key not in _ANEW:
        made = build.compile_graph(documents.load_sources(graph_folder))
        _ANEW[key] = made.quads(), made.counts()
    return _ANEW[key]


def holds(graph_folder: GraphFolder) -> None:
    """The graph, however it was built, is the one that is made anew; in the store as well, but for lexical forms."""
    graph = Graph(graph_folder)
    quads, counts = anew(graph_folder)
    assert graph.counts == counts
    assert graph.quads == quads
    assert len(graph.store) == len(quads)


def refused(*arguments: object) -> None:
    raise AssertionError("a build was made anew")


def facts_of(graph_folder: GraphFolder, article: str) -> Path:
    return Path(graph_folder.articles) / article / "facts.trig"


def test_a_large_build_is_kept_and_found(graph_folder: GraphFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    holds(graph_folder)
    monkeypatch.setattr(update, "_made", refused)
    holds(graph_folder)


def test_an_edit_is_followed(graph_folder: GraphFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    holds(graph_folder)
    monkeypatch.setattr(update, "_made", refused)
    facts = facts_of(graph_folder, FIRST)
    text = facts.read_text("utf-8")
    facts.write_text(text.replace("a ent:Summit", "a ent:Meeting", 1), encoding="utf-8", newline="\n")
    holds(graph_folder)
    facts.write_text(text, encoding="utf-8", newline="\n")
    holds(graph_folder)


def test_names_that_things_share_are_told_apart_after_any_edit(
    graph_folder: GraphFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    holds(graph_folder)
    monkeypatch.setattr(update, "_made", refused)
    facts = facts_of(graph_folder, FIRST)
    text = facts.read_text("utf-8")
    partnership = "id:turkey-russia-partnership a ent:Cooperation"
    for edited in (
        text.replace(partnership, f'{partnership} ; rdfs:label "good partners"@en'),  # the other is alone
        text,
        text.replace('ent:wording "good partners"', 'ent:wording "partners"'),
        text.replace(partnership, "id:turkey-russia-partnership a ent:Disagreement"),
        text,
    ):
        facts.write_text(edited, encoding="utf-8", newline="\n")
        holds(graph_folder)
        labels = [q.object.value for q in Graph(graph_folder).store if q.predicate.value == ENT + "computedLabel"]
        assert len(labels) == len(set(labels))


def test_what_takes_part_is_named_anew_when_the_status_of_the_event_changes(
    graph_folder: GraphFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    holds(graph_folder)
    monkeypatch.setattr(update, "_made", refused)
    facts = facts_of(graph_folder, FIRST)
    text = facts.read_text("utf-8")
    marked = "ent:marks id:akkuyu-plant ;\n        ent:status ent:"
    assert f"{marked}planned" in text
    for status in ("held", "planned"):
        edited = text.replace(f"{marked}planned", f"{marked}{status}")
        facts.write_text(edited, encoding="utf-8", newline="\n")
        holds(graph_folder)
        labels = [q.object.value for q in Graph(graph_folder).store if q.predicate.value == ENT + "computedLabel"]
        word = "planned " * (status == "planned")
        assert f"Vladimir Putin’s {word}part in the breaking ground ceremony" in labels


def test_articles_come_and_go(graph_folder: GraphFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    holds(graph_folder)
    monkeypatch.setattr(update, "_made", refused)
    away = Path(graph_folder.articles) / SECOND.name
    shutil.move(away, tmp_path / "away")
    holds(graph_folder)
    shutil.move(tmp_path / "away", away)
    holds(graph_folder)
    with monkeypatch.context() as patch:
        patch.setattr(update, "_MOST_CHANGED", 10)
        shutil.move(Path(graph_folder.articles) / FIRST, tmp_path / "first")
        holds(graph_folder)


def drop_a_statement(text: str, rng: random.Random) -> str:
    """The text without one line of a passage, where what is left is still Turtle."""
    lines = text.split("\n")
    inner = [i for i, line in enumerate(lines) if line.startswith("        ") and line.rstrip().endswith(";")]
    del lines[rng.choice(inner)]
    return "\n".join(lines)


@pytest.mark.parametrize("seed", SEEDS)
def test_any_edit_gives_what_a_new_build_gives(
    graph_folder: GraphFolder, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    rng = random.Random(seed)
    Graph(graph_folder).compile()
    monkeypatch.setattr(update, "_made", refused)
    for _ in range(1 + bool(seed)):
        facts = facts_of(graph_folder, rng.choice([FIRST, SECOND.name]))
        facts.write_text(drop_a_statement(facts.read_text("utf-8"), rng), encoding="utf-8", newline="\n")
        holds(graph_folder)


def restate(text: str, rng: random.Random) -> str:
    """The text with another reading date or status, or with a status of a thing of another article."""
    day, status = rng.choice(["2017-01-02", "2018-04-03", "2021-05-06"]), rng.choice(["held", "planned", "completed"])
    edits = [
        (r'(readingDate "?)[0-9-]+', rf"\g<1>{day}"),
        (r"ent:(status|stage) ent:\w+", rf"ent:\1 ent:{status}"),
        (r'(ent:(?:date|end|start) ")[0-9]{4}', rf"\g<1>{day[:4]}"),
        (r"(?m)^(p:[\w-]+ \{)$", r"\1\n    id:s-400-deal ent:partOf id:putin-to-turkey-april-2018 ."),
        (r"(?m)^(p:[\w-]+ \{)$", rf"\1\n    id:turkstream ent:status ent:{status} .\n    id:turkstream a ent:Event ."),
    ]
    pattern, new = rng.choice(edits)
    return re.sub(pattern, new, text, count=rng.randint(1, 3))


@pytest.mark.parametrize("seed", SEEDS)
def test_computed_terms_follow_any_edit(graph_folder: GraphFolder, seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    rng = random.Random(seed)
    Graph(graph_folder).compile()
    monkeypatch.setattr(update, "_made", refused)
    for _ in range(1 + bool(seed)):
        facts = facts_of(graph_folder, rng.choice([FIRST, SECOND.name]))
        facts.write_text(restate(facts.read_text("utf-8"), rng), encoding="utf-8", newline="\n")
        holds(graph_folder)


def test_new_words_or_broken_evidence_ask_for_a_new_build(graph_folder: GraphFolder) -> None:
    Graph(graph_folder).compile()
    words = Path(graph_folder.ontology) / "agents.ttl"
    words.write_text(words.read_text("utf-8") + "\n# a remark\n", encoding="utf-8", newline="\n")
    holds(graph_folder)


def test_a_graph_that_was_large_may_become_small(graph_folder: GraphFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    holds(graph_folder)
    monkeypatch.setattr(update, "LARGE", 10**9)
    words = Path(graph_folder.ontology) / "agents.ttl"
    words.write_text(words.read_text("utf-8") + "\n# a remark\n", encoding="utf-8", newline="\n")
    holds(graph_folder)
    monkeypatch.setattr(update, "_made", refused)
    holds(graph_folder)


def test_a_damaged_build_is_not_followed(graph_folder: GraphFolder) -> None:
    Graph(graph_folder).compile()
    (store,) = Path(cache.large_home(graph_folder)).glob("*/store")
    (store / "CURRENT").unlink()
    facts = facts_of(graph_folder, SECOND.name)
    facts.write_text(facts.read_text("utf-8") + "# a remark\n", encoding="utf-8", newline="\n")
    assert len(Graph(graph_folder).query("SELECT ?s WHERE { ?s ?p ?o } LIMIT 1")) == 1


def test_a_build_that_is_removed_is_nobodys_in_between(
    graph_folder: GraphFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    Graph(graph_folder).compile()
    home = Path(cache.large_home(graph_folder))
    (kept,) = home.iterdir()
    with monkeypatch.context() as patch:
        patch.setattr(shutil, "rmtree", lambda *arguments, **more: None)  # it was killed right there
        cache.remove(str(kept))
    assert [p.name for p in home.iterdir()] == [f"building-{kept.name}"]
    assert len(Graph(graph_folder).query("SELECT ?s WHERE { ?s ?p ?o } LIMIT 1")) == 1


def test_files_are_known_by_their_stamps_once_they_have_settled(
    graph_folder: GraphFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cache, "_SETTLED", -1.0)
    for _ in range(2):
        holds(graph_folder)

    def unread(*arguments: object) -> str:
        raise AssertionError("the files were read again")

    with monkeypatch.context() as patch:
        patch.setattr(cache, "fingerprints", unread)
        assert Graph(graph_folder).counts == anew(graph_folder)[1]
    facts = facts_of(graph_folder, SECOND.name)
    facts.write_text(facts.read_text("utf-8") + "# a remark\n", encoding="utf-8", newline="\n")
    holds(graph_folder)


def test_files_that_are_too_new_are_read(graph_folder: GraphFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "_SETTLED", 1e10)
    for _ in range(2):
        holds(graph_folder)
    assert not list(Path(cache.large_home(graph_folder)).parent.glob("stamps.json"))


def test_two_builds_at_once_both_answer(graph_folder: GraphFolder, tmp_path: Path) -> None:
    code = "import sys; from kg.dataset import update; update.LARGE = 0"
    code += "; from kg.cli.main import main; sys.exit(main(sys.argv[1:]))"
    command = [sys.executable, "-c", code, "-C", graph_folder.root, "query", "how-much"]
    environment = {**os.environ, "XDG_CACHE_HOME": str(tmp_path / "c"), "LOCALAPPDATA": str(tmp_path / "c")}
    both = [
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment) for _ in range(2)
    ]
    told = [process.communicate(timeout=600) for process in both]
    assert [process.returncode for process in both] == [0, 0], told
    assert told[0][0] == told[1][0] != b""
