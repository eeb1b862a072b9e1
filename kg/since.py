"""What has changed in a graph folder since a revision of its git repository, so that the change alone is judged.

Changed words, rules or background may concern everything; then there is nothing to save. Of changed articles it is told
which statements have come and gone.
"""

import os
from collections.abc import Iterable
from dataclasses import dataclass

from pyoxigraph import NamedNode, Triple

from kg import evidence, revisions, sources
from kg.build import described
from kg.dates import BOUNDS
from kg.evidence import Evidence
from kg.paths import Rooms
from kg.sources import Article, Sources
from kg.vocabulary import ENT

_EVERYTHING = ("ontology/", "shapes/", "kg/background/")


@dataclass(frozen=True)
class Changes:
    """The files of a graph folder that differ from a commit, by their relative paths."""

    rooms: Rooms
    commit: str
    files: frozenset[str]

    @property
    def everything(self) -> bool:
        """Whether words, rules or background have changed."""
        return any(file.startswith(_EVERYTHING) for file in self.files)

    @property
    def questions(self) -> frozenset[str]:
        """The names of the questions that have changed, or whose golden answers have."""
        names = (os.path.basename(file) for file in self.files if file.startswith("queries/"))
        return frozenset(name.removesuffix(".rq").removesuffix(".csv") for name in names)

    @property
    def articles(self) -> list[str]:
        """The names of the articles that are new, gone or different."""
        rows = (file.split("/") for file in sorted(self.files) if file.startswith("kg/articles/"))
        return list(dict.fromkeys(row[2] for row in rows if len(row) > 3))

    def statements(self, evidence: Iterable[Evidence]) -> list[Triple] | None:
        """The statements that have come or gone, given the articles as they are.

        None where an earlier state of an article cannot be read.
        """
        now = {e.article.name: e for e in evidence}
        changed: dict[Triple, None] = {}
        for name in self.articles:
            if (before := self._before(name)) is None:
                return None
            there = _statements(now[name]) if name in now else set()
            changed.update(dict.fromkeys(sorted(before ^ there, key=str)))
        return list(changed)

    def _before(self, name: str) -> set[Triple] | None:
        """The statements of an article as it was; None where it was broken."""
        texts = [self._file(f"kg/articles/{name}/{file}") for file in ("article.txt", "facts.trig")]
        if texts == [None, None]:
            return set()
        problems = Sources(self.rooms)
        text, facts = (None if t is None else t.decode("utf-8", "replace") for t in texts)
        path = f"kg/articles/{name}/facts.trig"
        document = None if facts is None else sources.parse_text(path, facts, problems.findings)
        if text is None or document is None:
            return None
        return _statements(evidence.read(Article(name, f"kg/articles/{name}/article.txt", text, document)))

    def _file(self, path: str) -> bytes | None:
        return revisions.git(self.rooms, "show", f"{self.commit}:./{path}")


def changes(rooms: Rooms, revision: str) -> Changes:
    """The files that differ from a revision, those among them that git does not know yet.

    Raises UsageError where there is no such revision, or no git repository.
    """
    commit = revisions.commit(rooms, revision)
    listed = (
        revisions.git(rooms, "diff", "--name-only", "--no-renames", "--relative", "-z", commit, "--", "."),
        revisions.git(rooms, "ls-files", "--others", "--exclude-standard", "-z"),
    )
    names = (name.decode("utf-8", "replace") for names in listed for name in (names or b"").split(b"\0"))
    return Changes(rooms, commit, frozenset(filter(None, names)))


def _statements(e: Evidence) -> set[Triple]:
    """All that an article brings to what is judged: what it asserts, reports and is described by."""
    return {t for p in e.passages for t in p.triples} | set(described(e))


def with_days(changed: list[Triple]) -> list[Triple]:
    """Changed statements, and stand-ins for the days that are computed from dates: with the right subject and word."""
    days = ((t, day) for t in changed for day in BOUNDS.get(t.predicate.value.removeprefix(ENT), ()))
    return [*changed, *(Triple(t.subject, NamedNode(ENT + day), t.object) for t, day in days)]
