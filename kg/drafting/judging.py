"""Judges proposals: the article is built in memory with what is proposed added, and every check of facts runs on it.

All proposals of an article are judged together, and again without those that fail, since each round takes as long as a
validation. What is accepted is judged once more, by itself, on the facts as they are then.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from kg.dataset import build
from kg.dataset.build import Build
from kg.drafting.acceptance import merged
from kg.errors import InputError
from kg.findings import Finding
from kg.rdf.namespaces import ALT_LABEL, ARTICLE, ENT, RDF_TYPE, RDFS_LABEL
from kg.rdf.terms import iri, value
from kg.source import documents
from kg.source.documents import ArticleSources, Document
from kg.source.proposals import Proposal
from kg.validation import incremental, run

_MOST_ROUNDS = 6
_GRAVE = ("violation", "warning")  # a note is no reason to refuse
_UNFINISHED = frozenset({"coverage", "empty-passage"})  # of the text, which nobody has wholly read yet
_WORDS_LEFT = frozenset({"date-words", "number-words"})  # on a passage: of its words that no fact takes up yet


@dataclass
class Verdict:
    """What became of proposals: those that pass, and of the others each with what was found."""

    passed: list[Proposal] = field(default_factory=list)
    failed: list[tuple[Proposal, Finding]] = field(default_factory=list)


class Judge:
    """All checks, for proposals to one article of a graph."""

    def __init__(self, made: Build, article: ArticleSources) -> None:
        """Take a graph that is read, and the article with the facts that it has now; it may be new to the graph."""
        self._made, self._article = made, article
        self._unmoved: dict[str, set[tuple[str, ...]]] = {}  # by proposal, what was found with it and is not its fault

    def over(self, facts: Document, accepted: Proposal | None = None) -> "Judge":
        """The same, for other facts of the article; what was found before is still no fault of a proposal.

        Nor is what was found with the one that was `accepted`, though it was not its fault.
        """
        other = Judge(self._made, replace(self._article, facts=facts))
        if "_before" in vars(self):
            vars(other)["_before"] = self._before | (self._unmoved.get(accepted.name, set()) if accepted else set())
        return other

    def overlay(self, proposed: Iterable[Proposal]) -> Build:
        """The graph with what is proposed among the facts of the article."""
        text = merged(self._article.facts, proposed)
        document = documents.parse_text(self._article.facts.path, text, [])
        if document is None:
            raise InputError("what is proposed is no valid TriG", where=self._article.facts.path)
        return build.with_article(self._made, replace(self._article, facts=document))

    def findings(self, proposed: Sequence[Proposal]) -> list[Finding]:
        """What the checks find on the article with proposals, and not without them."""
        found = self._found(self.overlay(proposed), proposed)
        return [f for f in found if _key(f) not in self._before]

    def findings_on(self, proposal: Proposal, along: Sequence[Proposal] = ()) -> list[Finding]:
        """What the checks find on the article with one proposal more, and what goes along, that can be its fault."""
        found = self.findings([*along, proposal])
        self._unmoved[proposal.name] = {_key(f) for f in found if _is_unmoved(f, proposal)}
        return [f for f in found if not _is_unmoved(f, proposal)]

    @cached_property
    def _before(self) -> set[tuple[str, ...]]:
        """The findings on the article as it is; none of its facts can be at fault where it has none."""
        made = self.overlay([])
        (evidence,) = (e for e in made.evidence if e.article.name == self._article.name)
        if not any(p.triples for p in evidence.passages):
            return {_key(f) for f in evidence.findings}
        return {_key(f) for f in self._found(made, None)}

    def _found(self, made: Build, proposed: Sequence[Proposal] | None) -> list[Finding]:
        triples = None if proposed is None else incremental.with_bounds([t for p in proposed for t in p.triples])
        found = run.validate_build(made, changed=triples)
        own = (self._article.facts.path, self._article.text_path)
        return [f for f in found if f.file in own and f.severity in _GRAVE and not _is_unfinished(f)]

    def judge(self, proposed: Iterable[Proposal], beside: Sequence[Proposal] = ()) -> Verdict:
        """Tell apart what passes all checks and what does not; what is proposed `beside` it has passed before."""
        left, verdict = list(proposed), Verdict()
        there = {_key(f) for f in self.findings(beside)} if left and beside else set()
        rounds = 0
        while left and (found := [f for f in self.findings([*beside, *left]) if _key(f) not in there]):
            blamed = _blamed(found, left) if rounds < _MOST_ROUNDS else {}
            if not blamed:
                apart = found if rounds == _MOST_ROUNDS else [f for f in found if not any(_concern(f, p) for p in left)]
                if apart:
                    return self._apart(left, beside, apart[0], verdict)
                break
            verdict.failed += [(p, blamed[p.name]) for p in left if p.name in blamed]
            left = [p for p in left if p.name not in blamed]
            rounds += 1
        verdict.passed = left
        return verdict

    def _apart(self, left: list[Proposal], beside: Sequence[Proposal], finding: Finding, verdict: Verdict) -> Verdict:
        """Judge each half by itself where a finding concerns none of the proposals that cause it."""
        if len(left) == 1:
            verdict.failed.append((left[0], finding))
            return verdict
        middle = len(left) // 2
        for half in (left[:middle], left[middle:]):
            part = self.judge(half, [*beside, *verdict.passed])
            verdict.passed += part.passed
            verdict.failed += part.failed
        return verdict


def _is_unfinished(finding: Finding) -> bool:
    """Whether a finding says what is still to be done, and not what is wrong with what is there."""
    of_passage = finding.focus.startswith(ARTICLE)
    return finding.rule in _UNFINISHED or (finding.rule in _WORDS_LEFT and of_passage)


def _key(finding: Finding) -> tuple[str, ...]:
    return finding.rule, finding.focus, finding.value, finding.passage, finding.message


def _blamed(findings: Iterable[Finding], proposed: Sequence[Proposal]) -> dict[str, Finding]:
    """The proposals that are at fault, each with its first finding."""
    blamed: dict[str, Finding] = {}
    for finding in findings:
        rows = [(at, p) for p in proposed if (at := _concern(finding, p)) and not _is_unmoved(finding, p)]
        most = max((at for at, _ in rows), default=0)
        for at, proposal in rows:
            if at == most:
                blamed.setdefault(proposal.name, finding)
    return blamed


_NAMES = frozenset({RDF_TYPE, RDFS_LABEL, ALT_LABEL})
_OFFICES = _NAMES | {ENT + name for name in ("heads", "holder", "office", "officeOf")}


def _is_unmoved(finding: Finding, proposal: Proposal) -> bool:
    """Whether a finding is on the status of what a proposal only names, or of something else than its office."""
    if finding.rule != "status-words":
        return False
    said = {t.predicate.value for t in proposal.triples}
    return said <= _NAMES or (said <= _OFFICES and finding.focus not in {iri(t.subject) for t in proposal.triples})


def _concern(finding: Finding, proposal: Proposal) -> int:
    """How closely a finding concerns a proposal: by the statement, its subject, or what it names; 0 for not at all."""
    here = 4 * (finding.passage in ("", proposal.passage) or finding.focus == proposal.passage)
    rows = [(iri(t.subject), value(t.object)) for t in proposal.triples]
    if (finding.focus, finding.value) in rows:
        return here + 3
    if any(subject == finding.focus for subject, _ in rows):
        return here + 2
    named = {name for row in rows for name in row}
    if here and (finding.focus in named or finding.value in named):
        return here + 1
    return 1 if here and finding.focus == proposal.passage else 0
