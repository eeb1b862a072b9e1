"""Proposes facts of an article by rules: drafted, judged by every check, and kept for review beside its facts.

What awaits review, was refused or left for later is not proposed again; neither is what the article states already.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from pyoxigraph import NamedNode, Triple

from kg.dataset import build
from kg.dataset.build import Build
from kg.dataset.computed import broader
from kg.drafting import acceptance
from kg.drafting.gazetteer import Gazetteer
from kg.drafting.judging import Judge
from kg.drafting.mentions import MentionDrafts
from kg.drafting.rules import RuleDrafts
from kg.drafting.things import ThingDrafts
from kg.errors import InputError
from kg.findings import Finding
from kg.rdf.namespaces import ALT_LABEL, DCTERMS, ENT, RDF_TYPE, RDFS_LABEL
from kg.rdf.terms import Term, value
from kg.source import documents
from kg.source.article import Evidence
from kg.source.documents import ArticleSources, Sources
from kg.source.layout import GraphFolder
from kg.source.proposals import Proposal, Proposed, free_name
from kg.validation import speech

BY_CHECK = "check: "  # before the id of the check that withholds a proposal


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
    withheld = {p.key: p for p in before.proposals if p.refused.startswith(BY_CHECK) and p.by.startswith("rule:")}
    before = replace(before, proposals=tuple(p for p in before.proposals if p.key not in withheld))  # judged anew
    known = [p for p in before.proposals if not p.refused]
    found, taken = list[Proposal](), {p.key for p in before.proposals}
    names = {p.name for p in before.proposals}
    refused = {t for p in before.proposals if p.refused and not p.refused.startswith(BY_CHECK) for t in p.stated}
    over = judge.overlay(known)
    for drafts in (_things, _mentions, _relations):  # each on what is stated, or proposed by then
        over = judge.overlay([*known, *found]) if found else over
        told = Told(next(e for e in over.evidence if e.article.name == article.name), broader(made.ontology))
        for proposal in drafts(over, article):
            said = {t for t in proposal.stated if t.predicate.value not in _NAMES}
            if told.has(proposal) or acceptance.is_stated(article.facts, proposal) or (said and said <= refused):
                continue
            if proposal.key not in taken:
                taken.add(proposal.key)
                named = replace(proposal, name=free_name(proposal.name, names))
                names.add(named.name)
                found.append(named)
    verdict = judge.judge([*known, *found])
    fresh = {p.name for p in found}
    passed = [p for p in verdict.passed if p.name in fresh]
    failed = [(p, f) for p, f in verdict.failed if p.name in fresh]
    kept = [replace(p, refused=f"{BY_CHECK}{f.rule}", reason=f.message) for p, f in failed]
    failed = [(p, f) for p, f in failed if p.key not in withheld]
    order = {p.iri: i for e in over.evidence if e.article.name == article.name for i, p in enumerate(e.passages)}

    def place(proposal: Proposal) -> tuple[int, bool]:
        """Where it stands in the text: what a new passage introduces comes before what is said of it around."""
        around = acceptance.outer(article.facts, proposal)
        return order.get(around, len(order)), around == proposal.passage

    rows = sorted([*before.proposals, *passed, *kept], key=place)
    proposed = replace(before, proposals=tuple(rows))
    return proposed, Summary(article.name, passed, failed, len(proposed.awaiting))


def with_speaker(judge: Judge, proposed: Proposed, passage: str) -> Proposed:
    """The proposals with those for a passage that were withheld as long as nobody spoke in it, and now pass."""
    refused = BY_CHECK + speech.NO_SPEAKER.id
    held = [replace(p, refused="", reason="") for p in proposed.proposals if p.refused == refused]
    held = [p for p in held if p.passage == passage]
    for back in judge.judge(held, proposed.awaiting).passed if held else ():
        proposed = proposed.replaced(back, back)
    return proposed


_NAMES = (RDFS_LABEL, ALT_LABEL)
_NO_ROLES = frozenset([RDF_TYPE, ENT + "bound", ENT + "stage", ENT + "status"])


class Told:
    """What an article states, or has proposals for, in passages that are within each other."""

    def __init__(self, evidence: Evidence, above: Mapping[Any, Iterable[Any]]) -> None:
        """Take the article as it is, and for each class those above it."""
        self._passages, self._above = evidence.passages, above

    def has(self, proposal: Proposal) -> bool:
        """Whether there is all that is proposed of things, perhaps by another name or in a wider or narrower quote."""
        own = (value(t.object) for t in proposal.described if t.predicate.value == ENT + "quote")
        here = next((p.quote for p in self._passages if p.iri == proposal.passage), "") or next(own, "")
        near = [p.triples for p in self._passages if here and (here in p.quote or p.quote in here)]
        there = {t for triples in near for t in triples}
        kinds = [t for t in there if t.predicate.value == RDF_TYPE]
        left = [t for t in proposal.stated if t not in there and not any(self._is_narrower(k, t) for k in kinds)]
        nodes = {t.subject for t in left}
        return bool(proposal.stated) and all(self._is_known(node, proposal.stated, there) for node in nodes)

    def _is_known(self, node: Term, stated: Iterable[Triple], there: set[Triple]) -> bool:
        """Whether something else of the same class, or a narrower one, has the same others in the same roles."""
        own = [t for t in stated if t.subject == node]
        kinds = [t.object for t in own if t.predicate.value == RDF_TYPE]
        roles = {(t.predicate, t.object) for t in own if _is_role(t)}
        if not kinds or not roles or any(t.subject == node for t in there):
            return False
        found: dict[Term, set[tuple[Term, Term]]] = {}
        for t in there:
            found.setdefault(t.subject, set()).add((t.predicate, t.object))
        return any(
            roles <= rows and any(self._fits(kind, k) for kind in kinds for p, k in rows if value(p) == RDF_TYPE)
            for rows in found.values()
        )

    def _is_narrower(self, stated: Triple, proposed: Triple) -> bool:
        """Whether one statement gives the same thing a narrower class than the other."""
        is_same = stated.subject == proposed.subject and stated.predicate == proposed.predicate
        return is_same and self._fits(proposed.object, stated.object)

    def _fits(self, proposed: Term, stated: Term) -> bool:
        return stated == proposed or proposed in self._above.get(stated, ())


def _is_role(t: Triple) -> bool:
    """Whether a statement gives a thing a part in something, or says how much it is."""
    if t.predicate.value in (ENT + "number", ENT + "measure"):
        return True
    return isinstance(t.object, NamedNode) and t.predicate.value not in _NO_ROLES


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
