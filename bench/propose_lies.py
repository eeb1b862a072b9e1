"""`python -m bench propose --lies N`: lies of the bench as answers of a model, and how many of them are refused.

A passage of an accepted article, and each that a lie changes besides, is emptied. A server that speaks the protocol
answers with the facts of that passage, once as people wrote them and once with the lie in them; the first answer is
judged as any, and a second round has no facts. A lie counts as refused where something of its answer is refused that is
not refused of the honest one, and as left where anything of it awaits review. One that no answer can say, such as an
alias of a known thing, or of which the honest fact cannot be said either, is not counted.
"""

import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from itertools import islice, zip_longest
from multiprocessing import get_context
from typing import Any

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, Triple

from bench import results
from bench.lies.command import default_folders
from bench.lies.lie import Lie, trig
from bench.lies.reading import Reading, value
from bench.lies.trial import KINDS, ROOT, Folder
from kg.dataset import build
from kg.drafting.gazetteer import Gazetteer
from kg.drafting.judging import Judge
from kg.drafting.model.client import Client, OpenAIClient, Reply
from kg.drafting.model.prompt import units
from kg.drafting.model.rounds import Answers, Budget, ModelRun, Outcome
from kg.drafting.propose import language
from kg.errors import InputError
from kg.rdf.namespaces import ALT_LABEL, ENT, RDF_TYPE, RDFS_LABEL, compact
from kg.rdf.terms import iri
from kg.source import documents
from kg.source.article import Passage
from kg.source.documents import ArticleSources

MOST = 12  # lies of one kind in one article
_SAYING = frozenset(ENT + name for name in ("speaker", "speech"))
_QUANTITY = ENT + "Quantity"
Fact = dict[str, Any]


@dataclass(frozen=True)
class Answered:
    """What came of a lie as an answer: the checks that refused something of it, and how much of it awaits review.

    `known` is whether `kg validate` finds something where the lie stands among accepted facts; None where not asked.
    """

    article: str
    kind: str
    edit: str
    refused: tuple[str, ...]
    left: int
    known: bool | None

    @property
    def is_told(self) -> bool:
        """Whether an answer can say the lie."""
        return bool(self.refused or self.left)


class Replies:
    """What the server answers: the facts of passages, as the sentence and what is offered with it let them be said."""

    def __init__(self) -> None:
        self._kinds: dict[str, str] = {}
        self._stated: list[tuple[str, list[Quad]]] = []

    def tell(self, facts: Iterable[Quad], passages: Iterable[Passage], kinds: dict[str, str]) -> None:
        """Answer with what these facts state in some passages from now on; `kinds` is a class of each thing (IRIs)."""
        rows, self._kinds = list(facts), kinds
        self._stated = [
            (p.quote, [q for q in rows if p.iri in (value(q.graph_name), value(q.subject))]) for p in passages
        ]

    def reply(self, body: dict[str, Any]) -> str:
        """The answer to a request."""
        from replaying import about, facts, round_of

        asked = about(body)
        if round_of(body) > 1:
            return facts()
        told = [
            f for quote, quads in self._stated if quote in asked["sentence"] for f in self._facts(quote, quads, asked)
        ]
        return facts(*told)

    def _facts(self, quote: str, quads: list[Quad], asked: dict[str, Any]) -> Iterator[Fact]:
        speaker = next((compact(value(q.object)) for q in quads if q.predicate.value == ENT + "speaker"), None)
        speech = next((value(q.object).removeprefix(ENT) for q in quads if q.predicate.value == ENT + "speech"), None)
        stated = [q.triple for q in quads if isinstance(q.graph_name, NamedNode)]
        offered = {row["id"] for row in asked["known"]}
        things = dict.fromkeys(t.subject for t in stated)
        amounts = {x for x in things if any(t.subject == x and value(t.object) == _QUANTITY for t in stated)}
        new = {iri(x): f"new:{value(x).rpartition('/')[2]}" for x in things if compact(iri(x)) not in offered}
        for thing in (x for x in things if x not in amounts):
            rows = [t for t in stated if t.subject == thing]
            kinds = [compact(value(t.object)) for t in rows if t.predicate.value == RDF_TYPE]
            label = next((value(t.object) for t in rows if t.predicate.value in (RDFS_LABEL, ALT_LABEL)), None)
            roles = [t for t in rows if t.predicate.value.startswith(ENT)]
            values = [{"role": compact(t.predicate.value), "value": _said(t, stated, asked, new)} for t in roles]
            shared = {"quote": quote, "words": [quote], "speaker": speaker, "speech": speech}
            head = {"thing": new.get(iri(thing)) or compact(iri(thing)), "label": label}
            for number, kind in enumerate(kinds or [compact(self._kinds.get(iri(thing), ""))]):
                yield head | shared | {"class": kind, "values": [] if number else values}


def _said(t: Triple, stated: list[Triple], asked: dict[str, Any], new: dict[str, str]) -> str:
    """A value as an answer has it: a date or an amount by its name where there is such a one."""
    if isinstance(t.object, Literal):
        return next((d["name"] for d in asked["dates"] if d["means"] == t.object.value), t.object.value)
    about = {x.predicate.value: value(x.object) for x in stated if x.subject == t.object}
    if about.get(RDF_TYPE) == _QUANTITY:
        said = about.get(ENT + "number"), about.get(ENT + "measure")
        rows = (a["name"] for a in asked["amounts"] if (a["number"], a["measure"]) == said)
        return next(rows, " ".join(filter(None, said)))
    return new.get(iri(t.object)) or compact(iri(t.object))


class _NoAnswers(Answers):
    """Keeps no answers: the same request is answered otherwise with each lie."""

    def get(self, body: dict[str, Any]) -> Reply | None:
        return None

    def put(self, body: dict[str, Any], reply: Reply) -> None:
        pass


class Trial:
    """The articles of a graph folder, as a model would propose their facts."""

    def __init__(self, path: str, replies: Replies, client: Client, *, compare: bool) -> None:
        """`client` is one of the server that has the replies; with `compare`, each lie is told to `kg validate` too.

        Raises InputError where an article cannot be read.
        """
        self.folder, self._replies, self._client, self._compare = Folder(path), replies, client, compare
        self._made = build.read_sources(self.folder.sources)
        self._base: tuple[frozenset[str], Callable[[], ModelRun], Outcome] | None = None

    def judge(self, reading: Reading, lie: Lie) -> Answered:
        """What comes of a lie; soon for one that touches the same passages as the one before."""
        article = reading.evidence.article
        passages = [p for p in reading.passages if p.iri in touched(lie)]
        if self._base is None or self._base[0] != touched(lie):
            run = self.emptied(article, passages)
            self._base = touched(lie), run, self.asked(run, reading, passages, article.facts.quads)
        _, run, honest = self._base
        about = {value(q.subject).rpartition("/")[2] for q in (*lie.removed, *lie.added)}
        if any(name in r.fact for r in honest.returned for name in about):
            return Answered(article.name, lie.kind, str(lie), (), 0, None)
        told = self.asked(run, reading, passages, lie.facts(article.facts.quads))
        before = Counter((r.check, r.message) for r in honest.returned)
        refused = (Counter((r.check, r.message) for r in told.returned) - before).elements()
        there = {p.key for p in honest.passed}
        left = sum(p.key not in there for p in told.passed)
        known = self.folder.judge(reading, lie).caught if self._compare else None
        return Answered(article.name, lie.kind, str(lie), tuple(check for check, _ in refused), left, known)

    def asked(
        self, run: Callable[[], ModelRun], reading: Reading, passages: list[Passage], facts: Iterable[Quad]
    ) -> Outcome:
        """What comes of facts as answers on some passages."""
        self._replies.tell(facts, passages, {iri(x): min(kinds) for x, kinds in reading.stated_kinds.items()})
        found = run().run(self._client, _NoAnswers(self._made.sources.graph_folder, ""), Budget(seconds=600))
        if found.stopped:
            raise found.stopped
        return found

    def emptied(self, article: ArticleSources, passages: list[Passage]) -> Callable[[], ModelRun]:
        """What asks a model about passages of an article that state nothing yet, and that nobody says."""
        gone = {p.iri for p in passages}

        def stays(q: Quad) -> bool:
            of_speech = q.predicate.value in _SAYING and isinstance(q.graph_name, DefaultGraph)
            return value(q.graph_name) not in gone and not (of_speech and value(q.subject) in gone)

        text = trig(filter(stays, article.facts.quads), article.name)
        document = documents.parse_text(article.facts.path, text, [])
        if document is None:
            raise InputError("the facts without a passage cannot be read", where=article.facts.path)
        emptied = replace(article, facts=document)
        judge = Judge(self._made, emptied)
        over = judge.overlay([])
        evidence = next(e for e in over.evidence if e.article.name == article.name)
        asked = [u for u in units(evidence) if any(p.quote in u.text for p in passages)]
        known, spoken = Gazetteer(over.sources), language(evidence)
        return lambda: ModelRun(over, evidence, known, spoken, "replay", judge, asked)


def touched(lie: Lie) -> frozenset[str]:
    """The passages that a lie is about, or that it changes (IRIs)."""
    graphs = (value(q.graph_name) for q in (*lie.removed, *lie.added))
    return frozenset({lie.passage.iri, *filter(None, graphs)})


def chosen(folder: Folder, wanted: int) -> list[list[tuple[Reading, Lie]]]:
    """So many lies of a folder, of all kinds alike; in groups that touch the same passages."""
    by_kind: dict[tuple[str, str], list[tuple[Reading, Lie]]] = {}
    for reading, lie in folder.lies(MOST):
        by_kind.setdefault((reading.evidence.article.name, lie.kind), []).append((reading, lie))
    in_turn = (row for turn in zip_longest(*by_kind.values()) for row in turn if row)
    groups: dict[frozenset[str], list[tuple[Reading, Lie]]] = {}
    for reading, lie in islice(in_turn, wanted):
        groups.setdefault(touched(lie), []).append((reading, lie))
    return list(groups.values())


def _part(path: str, wanted: int, number: int, jobs: int, compare: bool) -> list[Answered]:
    """What came of the lies in every so many-th group of those that are chosen."""
    sys.path.insert(0, str(ROOT / "tests" / "support"))
    from replaying import replaying

    replies = Replies()
    with replaying(replies.reply) as server:
        trial = Trial(path, replies, OpenAIClient(server.address), compare=compare)
        groups = chosen(trial.folder, wanted)[number::jobs]
        return [trial.judge(reading, lie) for group in groups for reading, lie in group]


def run(folders: Sequence[str], wanted: int, jobs: int, *, compare: bool) -> list[Answered]:
    """What came of so many lies, those that no answer can tell besides, of which there may be one in ten."""
    each = -(-wanted * 11 // (10 * len(folders)))
    tasks = [(folder, each, number, jobs, compare) for folder in folders for number in range(jobs)]
    if jobs == 1:
        return [a for task in tasks for a in _part(*task)]
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        return [a for part in pool.map(_part, *zip(*tasks, strict=True)) for a in part]


# What is printed


def summary(found: Sequence[Answered]) -> str:
    """The tables: by kind, by article, by check."""
    told = [a for a in found if a.is_told]
    names = [kind.name for kind in KINDS if any(a.kind == kind.name for a in found)]
    head = ("kind", "lies", "refused", "share", "left", "by kg validate", "cannot be told")
    rows = [_row(name, [a for a in found if a.kind == name]) for name in names]
    rows += [_row(name, [a for a in found if a.article == name]) for name in dict.fromkeys(a.article for a in found)]
    checks = Counter(check for a in told for check in dict.fromkeys(a.refused)).most_common()
    table = results.table(head, [*rows, _row("all", list(found))])
    return f"{table}\n\n{results.table(('check', 'lies'), [(check, str(count)) for check, count in checks])}"


def _row(name: str, found: list[Answered]) -> tuple[str, ...]:
    told = [a for a in found if a.is_told]
    refused, left = sum(bool(a.refused) for a in told), sum(bool(a.left) for a in told)
    share = f"{100 * refused / len(told):.0f}%" if told else "-"
    known = "-" if any(a.known is None for a in told) else str(sum(bool(a.known) for a in told))
    return name, str(len(told)), str(refused), share, str(left), known, str(len(found) - len(told))


def main(wanted: int, folders: Sequence[str], jobs: int, *, compare: bool, missed: bool) -> None:
    """Tell the lies, and print what came of them."""
    found = run([*folders] or [str(f) for f in default_folders()], wanted, jobs, compare=compare)
    print(summary(found))
    for a in (a for a in found if missed and a.is_told and not a.refused):
        print(f"\n{a.article}: {a.kind}\n{a.edit}" + ("\nkg validate finds it" if a.known else ""))
    for a in (a for a in found if missed and not a.is_told):
        print(f"\n{a.article}: {a.kind}: no answer can tell it\n{a.edit}")
