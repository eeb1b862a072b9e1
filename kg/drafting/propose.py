"""Proposes facts of an article by rules: drafted, judged by every check, and kept for review beside its facts.

What awaits review, was refused or left for later is not proposed again; neither is what the article states already.
"""

from collections import Counter
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from pyoxigraph import Literal, NamedNode, Triple

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
from kg.rdf.namespaces import ALT_LABEL, DCTERMS, ENT, RDF_TYPE, RDFS_LABEL, XSD
from kg.rdf.terms import Term, iri, value
from kg.source import documents
from kg.source.article import Evidence
from kg.source.documents import ArticleSources, Sources
from kg.source.layout import GraphFolder
from kg.source.proposals import Proposal, Proposed, free_name
from kg.validation import speech

IN_WORDS = ", in words"  # after the name of who has said what is proposed
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
    refused = {t for p in before.proposals if _by_person(p) for t in p.stated}
    over = judge.overlay(known)
    for drafts in (_things, _mentions, _relations):  # each on what is stated, or proposed by then
        over = judge.overlay([*known, *found]) if found else over
        told = Told(next(e for e in over.evidence if e.article.name == article.name), broader(made.ontology))
        for proposal in drafts(over, article):
            said = {t for t in proposal.stated if t.predicate.value not in _NAMES}
            if told.has(proposal) or acceptance.is_stated(article.facts, proposal) or (said and said <= refused):
                continue
            if any(is_same_speaker(proposal, p) for p in before.proposals if _by_person(p)):
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


def _by_person(proposal: Proposal) -> bool:
    """Whether somebody has refused a proposal, and no check."""
    return bool(proposal.refused) and not proposal.refused.startswith(BY_CHECK)


def speakers_of(proposal: Proposal) -> set[str]:
    """Who speaks in its passage (IRIs), by a proposal."""
    return {iri(t.object) for t in proposal.triples if t.predicate.value == ENT + "speaker"}


def is_same_speaker(proposal: Proposal, other: Proposal) -> bool:
    """Whether two proposals say that the same speak in the same passage."""
    return proposal.passage == other.passage and speakers_of(proposal) == speakers_of(other) != set()


def with_speaker(judge: Judge, proposed: Proposed, passage: str) -> Proposed:
    """The proposals with those for a passage that were withheld as long as nobody spoke in it, and now pass."""
    refused = BY_CHECK + speech.NO_SPEAKER.id
    held = [replace(p, refused="", reason="") for p in proposed.proposals if p.refused == refused]
    held = [p for p in held if p.passage == passage]
    for back in judge.judge(held, proposed.awaiting).passed if held else ():
        proposed = proposed.replaced(back, back)
    return proposed


_NAMES = (RDFS_LABEL, ALT_LABEL)
_STATUS = ENT + "status"
_DATES = frozenset(XSD + name for name in ("date", "gYear", "gYearMonth"))
_NO_ROLES = frozenset([RDF_TYPE, ENT + "bound", ENT + "stage", ENT + "status"])


class Told:
    """What an article states, or has proposals for, in passages that are within each other."""

    def __init__(self, evidence: Evidence, above: Mapping[Any, Iterable[Any]]) -> None:
        """Take the article as it is, and for each class those above it."""
        self._passages, self._above = evidence.passages, above

    def has(self, proposal: Proposal) -> bool:
        """Whether there is all that is proposed of things, perhaps by another name or in a wider or narrower quote."""
        there = self._there(proposal)
        nodes = {t.subject for t in self._left(proposal, there)}
        return bool(proposal.stated) and all(self._same(node, proposal.stated, there) for node in nodes)

    def same(self, proposal: Proposal) -> dict[Term, Term]:
        """The new things of a proposal that are told by another name, each with that; but not of another date."""
        there, found = self._there(proposal), dict[Term, Term]()
        for node in {t.subject for t in self._left(proposal, there)}:
            dates = _dates(node, proposal.stated)
            roles = _roles(node, proposal.stated)
            same = (x for x in self._same(node, proposal.stated, there) if _roles(x, there) == roles)
            fitting = (x for x in same if not dates or not (own := _dates(x, there)) or dates & own)
            if (other := min(fitting, key=str, default=None)) is not None:
                found[node] = other
        return found

    def is_done(self, proposal: Proposal) -> bool:
        """Whether nothing is left of what is proposed but another name, or status, of what is told."""
        there = self._there(proposal)
        left = self._left(proposal, there)
        with_status: set[Term] = {t.subject for t in there if t.predicate.value == _STATUS}
        minor = [t for t in left if t.predicate.value == RDFS_LABEL or _is_status_of(t, with_status)]
        return len(left) == len(minor) and any(t not in left for t in proposal.stated)

    def _there(self, proposal: Proposal) -> set[Triple]:
        """What is told in the passages around the one of a proposal, or within it."""
        own = (value(t.object) for t in proposal.described if t.predicate.value == ENT + "quote")
        here = next((p.quote for p in self._passages if p.iri == proposal.passage), "") or next(own, "")
        near = [p.triples for p in self._passages if here and (here in p.quote or p.quote in here)]
        return {t for triples in near for t in triples}

    def _left(self, proposal: Proposal, there: set[Triple]) -> list[Triple]:
        """What a proposal states that is not told, nor follows from what is."""
        kinds = [t for t in there if t.predicate.value == RDF_TYPE]
        return [t for t in proposal.stated if t not in there and not any(self._is_narrower(k, t) for k in kinds)]

    def _same(self, node: Term, stated: Iterable[Triple], there: set[Triple]) -> list[Term]:
        """What else is of the same class as a new thing, or a narrower one, with the same others in the same roles."""
        own = [t for t in stated if t.subject == node]
        kinds = [t.object for t in own if t.predicate.value == RDF_TYPE]
        roles = _roles(node, own)
        if not kinds or not roles or any(t.subject == node for t in there):
            return []
        found: dict[Term, set[tuple[Term, Term]]] = {}
        for t in there:
            found.setdefault(t.subject, set()).add((t.predicate, t.object))
        return [
            thing
            for thing, rows in found.items()
            if roles <= rows and any(self._fits(kind, k) for kind in kinds for p, k in rows if value(p) == RDF_TYPE)
        ]

    def _is_narrower(self, stated: Triple, proposed: Triple) -> bool:
        """Whether one statement gives the same thing a narrower class than the other."""
        is_same = stated.subject == proposed.subject and stated.predicate == proposed.predicate
        return is_same and self._fits(proposed.object, stated.object)

    def _fits(self, proposed: Term, stated: Term) -> bool:
        return stated == proposed or proposed in self._above.get(stated, ())


def undone(told: Told, awaiting: Iterable[Proposal]) -> list[Proposal]:
    """The proposals that say more than is told; of what is told by another name, they say it of that."""
    rows = [*awaiting]
    same = {node: other for p in rows for node, other in told.same(p).items()}

    def renamed(t: Triple) -> Triple:
        return Triple(same.get(t.subject, t.subject), t.predicate, same.get(t.object, t.object))  # type: ignore[arg-type]

    found = (replace(p, triples=tuple(dict.fromkeys(map(renamed, p.triples)))) for p in rows)
    return [p for p in found if not told.is_done(p)]


def absorbed(said: Proposal, awaiting: Iterable[Proposal]) -> tuple[Proposal, list[Proposal]]:
    """What is said with the rest of what is proposed of the same relation or event in its passage; and those proposals.

    One of them has all that stands in the roles of the other, and they have no two dates.
    """
    new = {t.subject for t in said.stated if t.predicate.value == RDF_TYPE and _roles(t.subject, said.stated)}
    found = list[Proposal]()
    for other in awaiting:
        if other.passage != said.passage:
            continue
        for node in new & {t.subject for t in other.stated if t.predicate.value == RDF_TYPE}:
            own, its = _roles(node, said.stated), _roles(node, other.stated)
            dates, others = _dates(node, said.stated), _dates(node, other.stated)
            if (own <= its or its <= own) and (not dates or not others or dates == others):
                is_told = {node} if any(_is_status_of(t, {node}) for t in said.stated) else set[Term]()
                more = (t for t in other.triples if not _is_status_of(t, is_told))
                said = replace(said, triples=tuple(dict.fromkeys([*said.triples, *more])))
                said = replace(said, words=tuple(dict.fromkeys([*said.words, *other.words])))
                found.append(other)
    return said, found


def _roles(node: Term, triples: Iterable[Triple]) -> set[tuple[Term, Term]]:
    """The things in the roles of one, and how much it is."""
    return {(t.predicate, t.object) for t in triples if t.subject == node and _is_role(t)}


def _dates(node: Term, triples: Iterable[Triple]) -> set[tuple[str, str]]:
    """The dates of a thing, whatever they bound."""
    rows = ((t.predicate.value, t.object) for t in triples if t.subject == node)
    return {(role, x.value) for role, x in rows if isinstance(x, Literal) and x.datatype.value in _DATES}


def _is_status_of(t: Triple, things: Container[Term]) -> bool:
    return t.predicate.value == _STATUS and t.subject in things


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
