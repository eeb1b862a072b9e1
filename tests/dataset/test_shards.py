"""A graph compiled in shards has the dataset of a graph compiled at once, however its articles are shared out."""

import os
import shutil
import tempfile
from collections.abc import Iterable
from pathlib import Path

import pytest
from folders import with_first_article
from pyoxigraph import NamedNode
from running import ROOT

from kg.dataset import build, shards
from kg.dataset.shards import EVERYTHING, Joined, Labels, NounPhrases, Relational, Shard
from kg.errors import InputError
from kg.rdf.namespaces import ENT, OWL
from kg.rdf.terms import n_quads
from kg.source import article, documents
from kg.source.article import Evidence
from kg.source.documents import ArticleSources, Sources
from kg.source.layout import GraphFolder

OTHERS = ("second", "sequel", "communique", "regional-paper", "wire-report")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> GraphFolder:
    """Six articles, of which two tell of the same things."""
    folder = with_first_article(tmp_path_factory.mktemp("shards") / "graph")
    for name in OTHERS:
        shutil.copytree(
            ROOT / "tests" / "graphs" / name / "kg" / "articles", folder / "kg/articles", dirs_exist_ok=True
        )
    return GraphFolder(str(folder))


@pytest.fixture
def copied(folder: GraphFolder, tmp_path: Path) -> GraphFolder:
    return GraphFolder(str(shutil.copytree(folder.root, tmp_path / "graph")))


def names(folder: GraphFolder) -> list[str]:
    return sorted(os.listdir(folder.articles))


def compiled(
    folder: GraphFolder, parts: int, wanted: Relational | None = None
) -> tuple[list[Shard], Sources, Relational]:
    rest = documents.load_sources(folder, ())
    wanted = wanted or shards.relational(rest)
    shared_out = (names(folder)[i::parts] for i in range(parts))
    return [shards.compile_shard(shards.from_folders(folder, some), wanted) for some in shared_out], rest, wanted


def lines(made: Iterable[Shard], joined: Joined) -> set[str]:
    """The lines of the dataset of which these are the parts."""
    own = {line for shard in made for line in shard.lines}
    with tempfile.TemporaryDirectory() as home:
        things = shards.write_naming(home, joined, [shards.naming_lines(shard.lines) for shard in made])
        half = len(things) // 2
        called = NounPhrases(home)(things[:half]) | NounPhrases(home)(things[half:])
        alone, shared = shards.apart(called)
        return own | {*joined.lines(), *alone, *Labels(home)(shared)}


def at_once(folder: GraphFolder) -> build.Build:
    return build.compile_graph(documents.load_sources(folder))


def lines_at_once(folder: GraphFolder) -> set[str]:
    return {*n_quads(at_once(folder).quads()).split("\n")} - {""}


@pytest.mark.parametrize("parts", [1, 2, 6])
def test_the_dataset_is_that_of_one_build(folder: GraphFolder, parts: int) -> None:
    made, rest, wanted = compiled(folder, parts)
    kept = [Shard.of_kept(shard.kept()) for shard in made]
    joined = shards.join(kept, rest, wanted)
    assert joined is not None
    assert lines(made, joined) == lines_at_once(folder)
    counts = at_once(folder).counts()
    assert {name: sum(shard.counts[name] for shard in made) for name in made[0].counts} == {
        name: counts[name] for name in made[0].counts
    }


def test_a_shard_gives_others_a_part_of_its_facts(folder: GraphFolder) -> None:
    made, _, wanted = compiled(folder, 1)
    assert wanted.properties is not None
    assert ENT + "governmentOf" in wanted.properties
    assert ENT + "wording" not in wanted.properties
    everything, _, _ = compiled(folder, 1, EVERYTHING)
    assert 0 < len(made[0].facts) < len(everything[0].facts)


@pytest.mark.parametrize(
    "said",
    [
        f"id:russia <{OWL}sameAs> id:rossiya .",
        "ent:backs rdfs:subPropertyOf ent:supports .",
        "<https://w3id.org/entente/article/2018-04-turkey-russia#heads> a ent:City .",
    ],
)
def test_what_makes_all_facts_count(copied: GraphFolder, said: str) -> None:
    facts = Path(copied.articles) / "2018-04-turkey-russia" / "facts.trig"
    text = facts.read_text("utf-8")
    at = text.index("{\n") + 2
    head = "@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .\n"
    facts.write_text(head * ("@prefix rdfs:" not in text) + text[:at] + f"    {said}\n" + text[at:], "utf-8")
    made, rest, wanted = compiled(copied, 2)
    assert shards.join(made, rest, wanted) is None
    made, rest, wanted = compiled(copied, 2, EVERYTHING)
    joined = shards.join(made, rest, wanted)
    assert joined is not None
    assert lines(made, joined) == lines_at_once(copied)


def test_a_broken_article_is_left_out_with_its_findings(copied: GraphFolder) -> None:
    first, second, third = (Path(copied.articles) / name for name in names(copied)[:3])
    (first / "facts.trig").write_text("p:a", "utf-8")
    (second / "article.txt").write_text("Other words.\n", "utf-8")
    (third / "article.txt").unlink()
    made, rest, wanted = compiled(copied, 2)
    left_out = sorted(name for shard in made for name in shard.left_out)
    assert left_out == [first.name, second.name, third.name]
    rules = {(f.file.split("/")[2], f.rule) for shard in made for f in shard.findings if f.severity == "violation"}
    assert {(first.name, "syntax"), (second.name, "misquote"), (third.name, "missing-file")} <= rules
    joined = shards.join(made, rest, wanted)
    assert joined is not None
    for path in (first, second, third):
        shutil.rmtree(path)
    assert lines(made, joined) == lines_at_once(copied)


def test_an_article_that_brings_the_compiler_down(folder: GraphFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    read = article.read_article

    def fails(sources: ArticleSources) -> Evidence:
        if sources.name == "2018-04-turkey-russia":
            raise ZeroDivisionError("one of many")
        return read(sources)

    monkeypatch.setattr(shards, "read_article", fails)
    (shard,), _, _ = compiled(folder, 1)
    assert shard.left_out == ["2018-04-turkey-russia"]
    assert [str(f) for f in shard.findings if f.rule == "uncompiled"] == [
        "kg/articles/2018-04-turkey-russia/facts.trig: violation: the article 2018-04-turkey-russia could not be "
        "compiled: ZeroDivisionError: one of many [uncompiled]"
    ]
    assert shard.counts["articles"] == len(names(folder)) - 1


def test_articles_from_rows_are_those_of_folders(folder: GraphFolder) -> None:
    wanted = shards.relational(documents.load_sources(folder, ()))
    paths = [Path(folder.articles) / name for name in names(folder)]
    rows = [(p.name, (p / "article.txt").read_bytes(), (p / "facts.trig").read_bytes()) for p in paths]
    assert shards.compile_shard(shards.from_rows(rows), wanted) == compiled(folder, 1, wanted)[0][0]


def test_a_broken_background_builds_nothing(copied: GraphFolder) -> None:
    (Path(copied.background) / "broken.trig").write_text("id:a", "utf-8")
    made, rest, wanted = compiled(copied, 1)
    with pytest.raises(InputError, match="the sources are broken"):
        shards.join(made, rest, wanted)


def test_without_noun_phrases_nothing_gets_a_label(folder: GraphFolder, tmp_path: Path) -> None:
    made, rest, wanted = compiled(folder, 1)
    joined = shards.join(made, rest, wanted)
    assert joined is not None
    own = [*shards.naming_lines(made[0].lines)]
    assert shards.write_naming(str(tmp_path), joined, [own])
    joined.ontology = [t for t in joined.ontology if t.predicate != NamedNode(ENT + "nounPhrase")]
    assert shards.write_naming(str(tmp_path), joined, [own]) == []
