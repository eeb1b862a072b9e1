"""The checks of what articles state: of statements, and of their words by the lexicon.

They go over a few articles at a time, so that what is read of these can be let go, and other processes can share the
work (`kg.validation.sharing`).
"""

from collections.abc import Callable, Container, Iterable, Iterator
from dataclasses import replace
from functools import cached_property, partial
from typing import Any

from kg.dataset.build import Build
from kg.dataset.lexicon import Lexicon
from kg.dataset.named import Names
from kg.dataset.roles import Roles
from kg.findings import Finding
from kg.source.article import Evidence
from kg.validation import (
    contrast,
    entities,
    exchanged,
    facts,
    kinds,
    naming,
    reading,
    speech,
    stages,
    status,
    unsaid,
    wording,
)

# By the lexicon, over all that is read.
WORD_CHECKS = (
    wording.check_words,
    exchanged.check_exchanged,
    status.check_status,
    stages.check_stages,
    contrast.check_contrast,
    kinds.check_kinds,
    unsaid.check_unsaid,
    exchanged.check_order,
    speech.check_attribution,
)
_AT_A_TIME = 20  # articles: about two seconds

Judged = tuple[list[Finding], list[Finding]]  # those of `WORD_CHECKS` come second
Submit = Callable[[Callable[["Checks", Any], Any], Any], Callable[[], Any]]  # a task and what it is for; its result


class Checks:
    """What the checks of the articles of a build have in common."""

    def __init__(self, made: Build) -> None:
        self.made, self.names = made, Names(made)

    @cached_property
    def roles(self) -> Roles:
        """The roles of the build."""
        return Roles(self.made, self.names)

    @cached_property
    def lexicon(self) -> Lexicon:
        """The lexicon of the build."""
        return Lexicon(self.made.ontology)

    def prepare(self) -> None:
        """Look up what is needed to judge any article."""
        self.made.is_typed("")  # by an index of all things
        for article in self.made.evidence:
            if language := self.names.language(article):
                self.names.matcher(language)


class SomeArticles(Build):
    """A build whose sources are some of those of another, which answers for all."""

    def __init__(self, whole: Build, evidence: list[Evidence], *, rest: bool) -> None:
        """Take articles; or else, as the `rest`, all sources but articles that have evidence."""
        sources = whole.sources
        known = {e.article.name for e in (whole.evidence if rest else evidence)}
        found = [a for a in sources.articles if (a.name in known) is not rest]
        sources = replace(sources, articles=found)
        if not rest:
            sources = replace(sources, ontology=[], shapes=[], background=[])
        super().__init__(sources, evidence, whole.ontology, whole.background, whole.bounds, [], [])
        self.statements, self.claimed, self._whole = whole.statements, whole.claimed, whole

    @cached_property
    def typed(self) -> set[str]:
        """The IRIs with a type among all facts."""
        return self._whole.typed

    def is_typed(self, thing: str) -> bool:
        """Whether an IRI has a type among all facts."""
        return self._whole.is_typed(thing)


def judge(checks: Checks, part: tuple[int, int, Container[str] | None]) -> Judged:
    """The findings on the articles from one number to another, in their order in a build.

    The third of a part are the names of the files whose wording is checked, or None for all.
    """
    first, end, files = part
    made = SomeArticles(checks.made, checks.made.evidence[first:end], rest=False)
    found = [*facts.check_wording(made, files)]
    if not made.sources.complete:
        return found, []
    found += naming.check_names(made, checks.names)
    found += entities.check_values(made, checks.names)
    found += speech.check_speech(made, checks.names)
    read = list(reading.read(made.evidence, checks.lexicon, checks.roles))
    return found, [finding for check in WORD_CHECKS for finding in check(read)]


def alone(checks: Checks) -> Submit:
    """Has tasks done by this process, once their results are fetched."""
    return lambda task, item: partial(task, checks, item)


def start(
    checks: Checks, submit: Submit, of: Container[str] | None = None, known: Iterable[Finding] = ()
) -> Callable[[], Iterator[Finding]]:
    """Start to look for what `check_articles` finds, by tasks that are submitted; the result gives it."""
    made = checks.made
    count = len(made.evidence)
    parts = [(at, min(at + _AT_A_TIME, count), of) for at in range(0, count, _AT_A_TIME)]
    judged = [submit(judge, part) for part in parts]

    def findings() -> Iterator[Finding]:
        yield from facts.check_wording(SomeArticles(made, [], rest=True), of)
        inconsistent = list(entities.check_consistency(made))
        yield from inconsistent
        places = {f.place for f in (*inconsistent, *known)}
        for result in judged:
            stated, read = result()
            yield from stated
            yield from (f for f in read if f.place not in places)  # else one mistake, found twice

    return findings


def check_articles(made: Build, of: Container[str] | None = None, known: Iterable[Finding] = ()) -> Iterator[Finding]:
    """What is wrong with statements, of all files or of some, and with what the articles of a build say.

    `known` are inconsistencies that have been found before.
    """
    checks = Checks(made)
    return start(checks, alone(checks), of, known)()
