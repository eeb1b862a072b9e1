"""Runs the checks on lies: the sources of a graph folder are read once, each lie is judged as `kg validate` does.

`kg check` has more checks, which look at what no lie touches (ontology, stored queries, style), and the golden answers,
which tell of any change, honest or not.
"""

import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from pyoxigraph import Triple

from bench.lies import first, hard
from bench.lies.lie import Kind, Lie, chosen, trig
from bench.lies.reading import Reading
from kg.dataset import build
from kg.dataset.build import Build
from kg.errors import InputError
from kg.findings import Finding, at_or_above
from kg.source import documents
from kg.source.documents import ArticleSources
from kg.source.layout import GraphFolder, is_graph_folder
from kg.validation import incremental, run

ROOT = Path(__file__).parents[2]
KINDS: tuple[Kind, ...] = (*first.KINDS, *hard.KINDS)
SEED = "entente"


@dataclass(frozen=True)
class Verdict:
    """A lie, the name of its article, and what was found that is not found without it: warnings and violations."""

    article: str
    lie: Lie
    found: tuple[Finding, ...]

    @property
    def caught(self) -> bool:
        """Whether the checks have noticed the lie."""
        return bool(self.found)


class Folder:
    """A graph folder, as it is judged: one without ontology and shapes has those of the checkout."""

    def __init__(self, path: str) -> None:
        """Raise InputError where there is no article, or one that cannot be read."""
        folder = GraphFolder(os.path.abspath(path), None if is_graph_folder(path) else str(ROOT))
        if not os.path.isdir(folder.articles):
            raise InputError(f"there is no kg/articles in {path}", hint="name a graph folder", where=path)
        folder.refuse_outside()
        self.sources = documents.load_sources(folder)
        if self.sources.findings:
            raise InputError("the sources cannot be read", findings=self.sources.findings, where=path)
        self.sources.shapes = [replace(document, text="") for document in self.sources.shapes]  # no place is looked up

    @cached_property
    def honest(self) -> list[Finding]:
        """The warnings and violations of the folder as it is."""
        return self._judged(None)

    @cached_property
    def readings(self) -> list[Reading]:
        """Its articles."""
        made = build.read_sources(self.sources)
        made.close()
        return [Reading(made, evidence) for evidence in made.evidence]

    def statements(self) -> int:
        """How many statements its passages have."""
        return sum(len(p.triples) for r in self.readings for p in r.passages)

    def lies(self, most: int, seed: str = SEED) -> Iterator[tuple[Reading, Lie]]:
        """The lies to be told of each article: of each kind at most so many."""
        for reading in self.readings:
            for kind in KINDS:
                for lie in chosen(kind.lies(reading), most, f"{seed}\n{reading.evidence.article.name}"):
                    yield reading, lie

    def judge(self, reading: Reading, lie: Lie) -> Verdict:
        """What the checks say of a lie."""
        told = told_article(reading.evidence.article, lie)
        articles = [told if a.name == told.name else a for a in self.sources.articles]
        before = Counter(map(_key, self.honest))
        new = [f for f in self._judged(articles) if not before[_key(f)] or before.subtract([_key(f)])]
        return Verdict(told.name, lie, tuple(new))

    @cached_property
    def _stated(self) -> set[tuple[str, Triple]]:
        return _statements(build.read_sources(self.sources))

    def _judged(self, articles: list[ArticleSources] | None) -> list[Finding]:
        """The grave findings on the honest articles, or on those with a lie; of shapes those that it can affect."""
        if articles is None:
            made, changed = build.read_sources(self.sources), None
        else:
            made = build.read_sources(replace(self.sources, articles=articles))
            changed = [t for _, t in sorted(self._stated ^ _statements(made), key=str)]
        return at_or_above(run.validate_build(made, changed=changed), "warning")


def _statements(made: Build) -> set[tuple[str, Triple]]:
    """What the shapes see: statements of the data graph, and those of reported passages with their bounds."""
    reported = [(p.iri, t) for _, p in made.reported() for t in p.triples]
    dates = incremental.with_bounds([t for _, t in reported])
    return {("", t) for t in made.data_graph} | set(reported) | {("reported", t) for t in dates}


def told_article(article: ArticleSources, lie: Lie) -> ArticleSources:
    """An article with a lie in its facts file."""
    findings: list[Finding] = []
    text = trig(lie.facts(article.facts.quads), article.name)
    document = documents.parse_text(article.facts.path, text, findings)
    if document is None:
        raise InputError("the facts with a lie in them cannot be read", findings=findings)
    return replace(article, facts=document)


def _key(f: Finding) -> tuple[str, ...]:
    """A finding without its place, which a lie further up moves."""
    return f.file, f.severity, f.rule, f.message, f.focus, f.value, f.passage
