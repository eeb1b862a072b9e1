"""Proposals by a model: every sentence is asked once, the checks judge all answers, and what they refuse goes back.

A refusal goes back with what was found, at most twice; what is refused still is kept as refused, with its reason.
Answers are kept by the content of their request, so that a run that was killed goes on where it was, at no cost.
"""

import hashlib
import json
import os
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any

from pyoxigraph import Triple

from kg.dataset import cache
from kg.dataset.build import Build
from kg.drafting.gazetteer import Gazetteer
from kg.drafting.judging import Judge
from kg.drafting.model.answers import Answer, Places, Refusal, read
from kg.drafting.model.client import Client, Reply
from kg.drafting.model.prompt import Request, Requests, Unit, units
from kg.errors import InputError, KgError, LimitError
from kg.findings import Finding
from kg.rdf.terms import iri
from kg.source import layout
from kg.source.article import Evidence
from kg.source.layout import GraphFolder
from kg.source.proposals import Proposal, free_name

ROUNDS = 3
MOST_TOKENS, MOST_SECONDS = 400_000, 1_800.0
EACH = 180.0  # seconds for one answer
_KEPT = 5_000  # answers
BY = "model: "  # before the name of the model that proposes


@dataclass
class Budget:
    """How many tokens and seconds a run may take, and has taken."""

    tokens: int = MOST_TOKENS
    seconds: float = MOST_SECONDS
    spent: int = 0
    began: float = field(default_factory=time.monotonic)

    @property
    def left(self) -> float:
        """The seconds that are left."""
        return self.seconds - (time.monotonic() - self.began)

    def check(self) -> None:
        """Raise LimitError where nothing is left."""
        if self.spent >= self.tokens:
            raise LimitError(f"{self.spent:,} tokens are spent", hint="allow more: --most-tokens", rule="tokens")
        if self.left <= 0:
            raise LimitError(f"{self.seconds:g} s have passed", hint="allow more: --most-seconds", rule="time-out")


@dataclass
class Outcome:
    """What a run has come to; `stopped` says why it ended before all sentences were asked, `asked` how many were.

    `failed` and `refused` are what is refused still, `returned` all that was refused in any round.
    """

    passed: list[Proposal] = field(default_factory=list)
    failed: list[tuple[Proposal, Finding]] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)
    returned: list[Refusal] = field(default_factory=list)
    asked: int = 0
    sentences: int = 0
    tokens: int = 0
    kept: int = 0  # answers that were there already
    stopped: KgError | None = None


class Answers:
    """Answers that were given before, by the content of their request, in the user's cache folder."""

    def __init__(self, graph_folder: GraphFolder, address: str) -> None:
        """`address` is the server's: another server may answer otherwise."""
        self._folder, self._address = os.path.join(cache.user_folder(graph_folder), "answers"), address

    def _path(self, body: dict[str, Any]) -> str:
        text = json.dumps([self._address, body], ensure_ascii=False, sort_keys=True)
        return os.path.join(self._folder, f"{hashlib.sha256(text.encode()).hexdigest()}.json")

    def get(self, body: dict[str, Any]) -> Reply | None:
        """An answer; None where there is none, or it cannot be read."""
        with suppress(OSError, ValueError, TypeError, KeyError):
            with open(self._path(body), encoding="utf-8") as file:
                found = json.load(file)
            if isinstance(found["text"], str) and isinstance(found["tokens"], int):
                return Reply(found["text"], found["tokens"])
        return None

    def put(self, body: dict[str, Any], reply: Reply) -> None:
        """Keep an answer, if there is a place for it."""
        with suppress(OSError):
            os.makedirs(self._folder, mode=0o700, exist_ok=True)
            layout.write_atomic(self._path(body), json.dumps(reply._asdict(), ensure_ascii=False).encode())
            names = sorted(os.scandir(self._folder), key=lambda entry: entry.stat().st_mtime)
            for entry in names[:-_KEPT]:
                os.unlink(entry.path)

    def ask(self, body: dict[str, Any], client: Client, budget: Budget) -> tuple[Reply, bool]:
        """The answer that is kept, else that of a model, and whether it was kept. Raises KgError as `Client.ask`."""
        if found := self.get(body):
            return found, True
        budget.check()
        reply = client.ask(body, min(EACH, budget.left))
        budget.spent += reply.tokens
        self.put(body, reply)
        return reply, False


class ModelRun:
    """One run over an article."""

    def __init__(
        self,
        made: Build,
        article: Evidence,
        known: Gazetteer,
        language: str,
        model: str,
        judge: Judge,
        asked: Sequence[Unit] | None = None,
    ) -> None:
        """Take a graph with the article in it, and the judge of its proposals; `asked` are all sentences, or some."""
        self._judge, self._model = judge, model
        self._requests = Requests(made, article, known, language)
        self._units = units(article) if asked is None else asked
        things = (iri(t.subject) for e in made.evidence for p in e.passages for t in p.triples)
        taken = {*things, *(iri(q.subject) for q in made.background)}
        self._places = Places(article.iri, article.passages, taken)

    def bodies(self) -> Iterator[dict[str, Any]]:
        """The requests of the first round, as they would be sent."""
        for request in self._all():
            yield request.body(self._model)

    def _all(self) -> Iterator[Request]:
        return (self._requests.of(unit) for unit in self._units)

    def run(
        self,
        client: Client,
        kept: Answers,
        budget: Budget,
        known: Iterable[Proposal] = (),
        progress: Callable[[str], None] = lambda _: None,
    ) -> Outcome:
        """Ask, judge, and ask again; `known` are the proposals that there are already."""
        self._client, self._kept, self._budget, self._progress = client, kept, budget, progress
        outcome, before = Outcome(), list(known)
        waiting = [(request, list(request.messages)) for request in self._all()]
        outcome.sentences = len(waiting)
        refused: dict[int, tuple[list[tuple[Proposal, Finding]], list[Refusal]]] = {}  # by sentence, in its last round
        for number in range(1, ROUNDS + 1):
            answers = list(self._round(waiting, number, outcome))
            there = [*before, *outcome.passed]
            found = self._named([p for _, _, answer in answers for p in answer.proposals], there)
            verdict = self._judge.judge(found, there)
            outcome.passed += verdict.passed
            failed = {p.key: (p, f) for p, f in verdict.failed}
            for request, _, answer in answers:
                rows = [failed[p.key] for p in answer.proposals if p.key in failed]
                refused[request.unit.number] = rows, answer.refusals
                outcome.returned += [*(_refusal(p, f) for p, f in rows), *answer.refusals]
            waiting = list(_again(answers, failed)) if number < ROUNDS and not outcome.stopped else []
            if not waiting:
                break
        outcome.failed = [row for rows, _ in refused.values() for row in rows]
        outcome.refused = [row for _, rows in refused.values() for row in rows]
        outcome.tokens = budget.spent
        return outcome

    def _round(
        self, waiting: list[tuple[Request, list[dict[str, str]]]], number: int, outcome: Outcome
    ) -> Iterator[tuple[Request, list[dict[str, str]], Answer]]:
        for at, (request, messages) in enumerate(waiting, 1):
            if outcome.stopped:
                return
            what = "sentences" if number == 1 else f"sentences with refusals, round {number}"
            self._progress(f"{at} of {len(waiting)} {what}, {self._budget.spent:,} tokens")
            try:
                body = {**request.body(self._model), "messages": messages}
                reply, was_kept = self._kept.ask(body, self._client, self._budget)
            except LimitError as error:
                outcome.stopped = error
                return
            except InputError as error:
                if not outcome.asked:
                    raise
                outcome.stopped = error
                return
            outcome.kept += was_kept
            outcome.asked += number == 1
            answer = read(reply.text, request, self._requests.terms, self._places, f"{BY}{self._model}")
            yield request, [*messages, {"role": "assistant", "content": reply.text}], answer

    @staticmethod
    def _named(found: list[Proposal], others: list[Proposal]) -> list[Proposal]:
        """Proposals with a name each; one that is there already is left out."""
        taken, keys, rows = {p.name for p in others}, {p.key for p in others}, []
        for p in found:
            if p.key in keys:
                continue
            name = free_name(p.name, taken)
            taken.add(name)
            keys.add(p.key)
            rows.append(replace(p, name=name))
        return rows


def _refusal(proposal: Proposal, finding: Finding) -> Refusal:
    return Refusal(proposal.name.removeprefix("proposal-"), finding.rule, finding.message, finding.hint)


def _again(
    answers: list[tuple[Request, list[dict[str, str]], Answer]],
    failed: dict[tuple[str, frozenset[Triple]], tuple[Proposal, Finding]],
) -> Iterator[tuple[Request, list[dict[str, str]]]]:
    """What to ask again: the sentences of which something was refused, with what was found."""
    for request, messages, answer in answers:
        refused = [_refusal(*failed[p.key]) for p in answer.proposals if p.key in failed] + answer.refusals
        rows = [{"fact": r.fact, "check": r.check, "found": r.message, "help": r.hint} for r in refused]
        if rows:
            text = (
                "Checks refuse some of these facts. Answer by the same schema with those facts alone, corrected; "
                "leave out what the words do not say.\n" + json.dumps({"refused": rows}, ensure_ascii=False)
            )
            yield request, [*messages, {"role": "user", "content": text}]
