"""Proposals by a model for an article of a graph folder: first those by rules, then those of the model, for review."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from kg.drafting import acceptance, propose
from kg.drafting.gazetteer import Gazetteer
from kg.drafting.judging import Judge
from kg.drafting.model.client import Client
from kg.drafting.model.rounds import BY, Answers, Budget, ModelRun, Outcome
from kg.drafting.propose import Summary
from kg.findings import Finding
from kg.source import documents
from kg.source.layout import GraphFolder
from kg.source.proposals import Proposal, Proposed, free_name


@dataclass
class ModelSummary(Summary):
    """A summary of what a model proposed, and of what it took."""

    outcome: Outcome = field(default_factory=Outcome)

    def by_check(self) -> dict[str, int]:
        """How many answers each check refused, those that are no facts at all with them."""
        return dict((Counter(super().by_check()) + Counter(r.check for r in self.outcome.refused)).most_common())

    def json(self) -> dict[str, object]:
        """The summary as an object of JSON."""
        done = self.outcome
        refused = [{"fact": r.fact, "rule": r.check, "message": r.message, "hint": r.hint} for r in done.refused]
        return super().json() | {
            "noFacts": refused,
            "returnedByCheck": dict(Counter(r.check for r in done.returned).most_common()),
            "sentences": done.sentences,
            "asked": done.asked,
            "tokens": done.tokens,
            "answersKept": done.kept,
            "partial": str(done.stopped) if done.stopped else None,
        }


def requests(graph_folder: GraphFolder, article: str, model: str) -> Iterator[dict[str, Any]]:
    """What would be sent, without sending it: the requests of the first round.

    Raises InputError where files cannot be read.
    """
    yield from _prepared(graph_folder, article, model)[1].bodies()


def propose_by_model(
    graph_folder: GraphFolder,
    article: str,
    model: str,
    client: Client,
    budget: Budget,
    *,
    address: str = "",
    progress: Callable[[str], None] = lambda _: None,
) -> ModelSummary:
    """Propose facts of an article by rules and by a model; what was proposed is kept even if the run cannot end.

    Raises InputError where files cannot be read or the server refuses the first request.
    """
    propose.propose(graph_folder, article)
    desk, run = _prepared(graph_folder, article, model)
    known = [p for p in desk.proposed.proposals if not p.refused]
    outcome = run.run(client, Answers(graph_folder, address), budget, known, progress)
    desk.refuse_changed()
    now = acceptance.Desk(graph_folder, article)  # somebody may have decided meanwhile
    again = {p.key for p in now.proposed.proposals}
    found = [p for p in outcome.passed if p.key not in again and not acceptance.is_stated(now.article.facts, p)]
    failed = [(p, f) for p, f in outcome.failed if p.key not in again]
    proposed = _with(now.proposed, found, failed)
    now.set(proposed)
    return ModelSummary(article, found, failed, len(proposed.awaiting), outcome)


def _with(before: Proposed, found: list[Proposal], failed: list[tuple[Proposal, Finding]]) -> Proposed:
    taken, rows = {p.name for p in before.proposals}, list(before.proposals)
    kept = [replace(p, refused=f"check: {f.rule}", reason=f.message) for p, f in failed]
    for p in [*found, *kept]:
        name = free_name(p.name, taken)
        taken.add(name)
        rows.append(replace(p, name=name))
    return replace(before, proposals=tuple(rows))


def _prepared(graph_folder: GraphFolder, article: str, model: str) -> tuple[acceptance.Desk, ModelRun]:
    desk = acceptance.Desk(graph_folder, article)
    made = propose.read_graph(documents.load_sources(graph_folder))
    judge = Judge(made, desk.article)
    # What models have proposed changes no request: so a run goes on where it was, and names new things as before.
    over = judge.overlay([p for p in desk.proposed.awaiting if not p.by.startswith(BY)])
    evidence = next(e for e in over.evidence if e.article.name == article)
    return desk, ModelRun(over, evidence, Gazetteer(over.sources), propose.language(evidence), model, judge)
