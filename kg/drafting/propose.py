"""Proposes facts of an article by rules: drafted, judged by every check, and kept for review beside its facts.

What awaits review, was refused or left for later is not proposed again; neither is what the article states already.
"""

from collections import Counter
from dataclasses import dataclass, field, replace

from pyoxigraph import NamedNode

from kg.dataset import build
from kg.dataset.build import Build
from kg.drafting import acceptance
from kg.drafting.gazetteer import Gazetteer
from kg.drafting.judging import Judge
from kg.drafting.mentions import MentionDrafts
from kg.drafting.rules import RuleDrafts
from kg.drafting.things import ThingDrafts
from kg.errors import InputError
from kg.findings import Finding
from kg.rdf.namespaces import DCTERMS
from kg.rdf.terms import value
from kg.source import documents
from kg.source.article import Evidence
from kg.source.documents import ArticleSources, Sources
from kg.source.layout import GraphFolder
from kg.source.proposals import Proposal, Proposed, free_name


@dataclass
class Summary:
    """What a run has proposed, what checks refused, and how much awaits review in all."""

    article: str
    proposed: list[Proposal] = field(default_factory=list)
    refused: list[tuple[Proposal, Finding]] = field(default_factory=list)
    awaiting: int = 0

    def by_check(self) -> dict[str, int]:
        """How many proposals each check refused."""
        return dict(Counter(finding.rule for _, finding in self.refused).most_common())

    def json(self) -> dict[str, object]:
        """The summary as an object of JSON."""
        return {
            "article": self.article,
            "proposed": [
                {"name": p.name, "passage": p.passage, "words": [*p.words], "proposedBy": p.by} for p in self.proposed
            ],
            "refused": [{"name": p.name, "passage": p.passage, **f.json()} for p, f in self.refused],
            "refusedByCheck": self.by_check(),
            "awaiting": self.awaiting,
        }


def propose(graph_folder: GraphFolder, article: str) -> Summary:
    """Propose facts of an article by rules, and write those that pass. Raises InputError where files cannot be read."""
    desk = acceptance.Desk(graph_folder, article)
    made = read_graph(documents.load_sources(graph_folder))
    proposed, summary = proposals_for(made, desk.article, desk.proposed)
    if proposed != desk.proposed or summary.proposed:
        desk.refuse_changed()
        desk.set(proposed)
    return summary


def read_graph(sources: Sources) -> Build:
    """Read a graph for proposals. Raises InputError where it cannot be read whole."""
    if not sources.complete:
        message = "the graph cannot be read whole, so that nothing could be judged"
        raise InputError(message, findings=sources.findings[:3], hint="see all with `kg validate`", rule="file")
    return build.read_sources(sources)


def proposals_for(made: Build, article: ArticleSources, before: Proposed) -> tuple[Proposed, Summary]:
    """The proposals for an article of a graph, or one that is new to it, with those that there are already."""
    judge = Judge(made, article)
    known = [p for p in before.proposals if not p.refused]
    found, taken = list[Proposal](), {p.key for p in before.proposals}
    names = {p.name for p in before.proposals}
    over = judge.overlay(known)
    for drafts in (_things, _mentions, _relations):  # each on what is stated, or proposed by then
        over = judge.overlay([*known, *found]) if found else over
        for proposal in drafts(over, article):
            if not acceptance.is_stated(article.facts, proposal) and proposal.key not in taken:
                taken.add(proposal.key)
                named = replace(proposal, name=free_name(proposal.name, names))
                names.add(named.name)
                found.append(named)
    verdict = judge.judge([*known, *found])
    fresh = {p.name for p in found}
    passed = [p for p in verdict.passed if p.name in fresh]
    failed = [(p, f) for p, f in verdict.failed if p.name in fresh]
    kept = [replace(p, refused=f"check: {f.rule}", reason=f.message) for p, f in failed]
    order = {p.iri: i for e in over.evidence if e.article.name == article.name for i, p in enumerate(e.passages)}
    rows = sorted([*before.proposals, *passed, *kept], key=lambda p: order.get(p.passage, len(order)))
    proposed = replace(before, proposals=tuple(rows))
    return proposed, Summary(article.name, passed, failed, len(proposed.awaiting))


def _relations(made: Build, article: ArticleSources) -> list[Proposal]:
    return RuleDrafts(made, article.name).proposals()


def _mentions(made: Build, article: ArticleSources) -> list[Proposal]:
    return MentionDrafts(made, article.name).proposals()


def _things(made: Build, article: ArticleSources) -> list[Proposal]:
    evidence = next(e for e in made.evidence if e.article.name == article.name)
    others = replace(made.sources, articles=[a for a in made.sources.articles if a.name != article.name])
    return ThingDrafts(made, evidence, Gazetteer(others), language(evidence)).proposals()


def language(evidence: Evidence) -> str:
    """The language of an article, as its facts file says (RFC 5646)."""
    node, said = NamedNode(evidence.iri), DCTERMS + "language"
    found = (value(t.object) for t in evidence.description if t.subject == node and t.predicate.value == said)
    return next(found, "en")
