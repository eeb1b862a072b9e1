"""How good the proposals of a model are, against the accepted articles of the tree, each kept out of what is known.

- `python -m bench propose --model NAME [ARTICLE…]` asks a model of one's own as `kg propose --model` does; `--address`
  and the key are those of that command, and `--record FILE` keeps what it answers.
- `python -m bench propose --replay FILE [ARTICLE…]` has the answers of such a file judged, without a model.
- `python -m bench propose --lies N [FOLDER…]` has false answers judged: see `bench.propose_lies`.

A *fact* is one statement, names aside: it is right where the article states it of the same things; of an event or a
relation, where it is stated of the one of a near class with which it has most in common. The names of the other figures
are those of Text2KGBench, and they are counted over what the model has answered before any check, in the first round:

- *ontology conformance*: the share of classes and roles that are those it was sent, and roles of their class;
- *relation hallucination*: the others; *subject hallucination*: facts of a thing that was not offered, and whose label,
  or words where it has none, are not in the sentence; *object hallucination*: values that were neither offered, nor are
  words of the sentence, nor a thing of the same answer.
"""

import argparse
import json
import os
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from pyoxigraph import Triple

from bench import propose, propose_lies
from bench.propose import Facts, Score
from kg.dataset import build
from kg.drafting.by_model import ModelSummary, propose_by_model
from kg.drafting.judging import Judge
from kg.drafting.model.answers import parsed
from kg.drafting.model.client import Client, OpenAIClient, Reply
from kg.drafting.model.rounds import BY, MOST_SECONDS, MOST_TOKENS, Budget
from kg.errors import InputError
from kg.rdf.namespaces import ALT_LABEL, RDF_TYPE, RDFS_LABEL
from kg.rdf.terms import iri, value
from kg.source import documents, proposals
from kg.source.layout import GraphFolder

NOTHING = '{"facts": [], "mentions": []}'
Json = dict[str, Any]


class Recorded:
    """A client whose answers are on record: by sentence and round. What is not is asked of another client, and kept.

    Without another one it has no facts, and is counted as missing.
    """

    def __init__(self, path: str = "", client: Client | None = None) -> None:
        """`path` is a file of JSON, a line for each answer. Raises InputError for one that is none."""
        self._path, self._client = path, client
        self._known: dict[tuple[str, int], Reply] = {}
        self.asked: list[tuple[Json, str]] = []  # what was asked in the first round, and the answer
        self.missing = 0
        for number, line in enumerate(_lines(path), 1):
            try:
                row = json.loads(line)
                self._known[str(row["sentence"]), int(row["round"])] = Reply(str(row["answer"]), int(row["tokens"]))
            except (ValueError, KeyError, TypeError) as error:
                raise InputError("this is no recorded answer", where=f"{path}:{number}", rule="file") from error

    def ask(self, body: Json, seconds: float) -> Reply:
        """The answer to a request. Raises KgError as the other client."""
        about, number = json.loads(body["messages"][1]["content"]), len(body["messages"]) // 2
        key = about["sentence"], number
        if key not in self._known:
            self.missing += self._client is None
            self._known[key] = self._client.ask(body, seconds) if self._client else Reply(NOTHING, 0)
            if self._client and self._path:
                row = {"sentence": key[0], "round": number} | {"answer": self._known[key].text}
                with open(self._path, "a", encoding="utf-8", newline="\n") as file:
                    file.write(json.dumps(row | {"tokens": self._known[key].tokens}, ensure_ascii=False) + "\n")
        if number == 1:
            self.asked.append((about, self._known[key].text))
        return self._known[key]


def _lines(path: str) -> list[str]:
    if not path or not os.path.exists(path):
        return []
    with open(path, encoding="utf-8") as file:
        return [line for line in file if line.strip()]


# What an answer has that it cannot have from what was sent


@dataclass
class Conformance:
    """How many classes and roles, things and values answers have, and how many of them they could not have."""

    terms: int = 0
    unknown_terms: int = 0
    subjects: int = 0
    unknown_subjects: int = 0
    objects: int = 0
    unknown_objects: int = 0
    unreadable: int = 0  # answers

    def add(self, about: Json, answer: str) -> None:
        """Count what an answer has; `about` is what was asked."""
        try:
            facts = [f for f in parsed(answer)["facts"] if isinstance(f, dict)]
        except (ValueError, TypeError, KeyError, RecursionError):
            self.unreadable += 1
            return
        terms, sentence = about["terms"], about["sentence"]
        roles = {row["class"]: {role["role"] for role in row["roles"]} for row in terms["classes"]}
        shared = {role["role"] for role in terms["roles of any thing"]}
        offered = {row["id"] for row in about["known"]}
        listed = {row["value"] for rows in terms["values"].values() for row in rows} | roles.keys()
        chosen = {row["name"] for key in ("dates", "amounts") for row in about[key]}
        new = {str(f.get("thing")) for f in facts}
        for fact in facts:
            kind, values = str(fact.get("class")), [v for v in fact.get("values") or [] if isinstance(v, dict)]
            self.terms += 1 + len(values)
            self.unknown_terms += kind not in roles
            self.unknown_terms += sum(v.get("role") not in roles.get(kind, set()) | shared for v in values)
            self.subjects += 1
            named = [fact["label"]] if fact.get("label") else fact.get("words") or [None]
            self.unknown_subjects += fact.get("thing") not in offered and not all(str(w) in sentence for w in named)
            self.objects += len(values)
            there = offered | listed | chosen | new
            self.unknown_objects += sum(
                v.get("value") not in there and str(v.get("value")) not in sentence for v in values
            )

    def shares(self) -> dict[str, float]:
        """The shares by the names of Text2KGBench; 0 of nothing."""
        relations = self.unknown_terms / self.terms if self.terms else 0.0
        return {
            "ontology conformance": 1 - relations,
            "subject hallucination": self.unknown_subjects / self.subjects if self.subjects else 0.0,
            "relation hallucination": relations,
            "object hallucination": self.unknown_objects / self.objects if self.objects else 0.0,
        }


# What is right


def by_fact(mine: Facts, theirs: Facts, proposed: Iterable[Triple], accepted: Iterable[Triple]) -> Score:
    """The score of statements that are proposed, by those that are accepted; `mine` and `theirs` are what both say."""
    same = propose._aligned(mine, theirs)
    for relation, roles in mine.relations.items():
        filled = {(role, same.get(x, x)) for role, x in roles}
        near = (x for x in theirs.relations if propose._near(mine.kinds[relation], theirs.kinds[x]))
        best = max(near, key=lambda x: len(filled & theirs.relations[x]), default=None)
        if best is not None and filled & theirs.relations[best]:
            same[relation] = best
    rows = {(same.get(s, s), p, same.get(o, o)) for s, p, o in _stated(proposed)}
    wanted = set(_stated(accepted))
    right = {row for row in rows if row in wanted or (row[1] == RDF_TYPE and row[2] in theirs.kinds.get(row[0], ()))}
    return Score(len(rows), len(right), len(wanted), len(rows & wanted))


def _stated(triples: Iterable[Triple]) -> Iterator[tuple[str, str, str]]:
    for t in triples:
        if t.predicate.value not in (RDFS_LABEL, ALT_LABEL):
            yield iri(t.subject), t.predicate.value, value(t.object)


@dataclass
class Figures:
    """What came of one article, or of several: scores by kind, of rules alone and with the model; and what it took."""

    rules: dict[str, Score] = field(default_factory=dict)
    both: dict[str, Score] = field(default_factory=dict)
    model: Score = field(default_factory=Score)  # the facts that the model proposes
    conformance: Conformance = field(default_factory=Conformance)
    refused: Counter[str] = field(default_factory=Counter)
    proposed: int = 0
    tokens: int = 0
    seconds: float = 0.0
    missing: int = 0

    def __add__(self, other: "Figures") -> "Figures":
        def added(one: dict[str, Score], two: dict[str, Score]) -> dict[str, Score]:
            return {kind: one.get(kind, Score()) + two.get(kind, Score()) for kind in {**one, **two}}

        both = {name: vars(self.conformance)[name] + count for name, count in vars(other.conformance).items()}
        return Figures(
            added(self.rules, other.rules),
            added(self.both, other.both),
            self.model + other.model,
            Conformance(**both),
            self.refused + other.refused,
            self.proposed + other.proposed,
            self.tokens + other.tokens,
            self.seconds + other.seconds,
            self.missing + other.missing,
        )


def measured(name: str, model: str, client: Recorded, budget: Budget) -> Figures:
    """The figures of one article of the tree. Raises KgError as the client."""
    missing, asked = client.missing, len(client.asked)
    with tempfile.TemporaryDirectory(prefix="bench-propose-") as made:
        folder = Path(os.path.realpath(made))
        theirs, accepted = propose.accepted_article(name)
        wanted, stated = propose.facts_of(theirs, accepted), [t for p in accepted.passages for t in p.triples]
        found = Figures()
        over, evidence = propose.drafted(name, folder)
        for scores in (found.rules, found.both):
            if scores is found.both:
                began = time.monotonic()
                summary = propose_by_model(GraphFolder(str(folder)), name, model, client, budget)
                found.seconds = time.monotonic() - began
                over, evidence = _with_proposals(folder, name)
            mine = propose.facts_of(over, evidence)
            scores["facts"] = by_fact(mine, wanted, (t for p in evidence.passages for t in p.triples), stated)
            scores.update(propose.compared(mine, wanted, {}))
        rows = [t for p in summary.proposed if p.by.startswith(BY) for t in p.stated]
        found.model = by_fact(mine, wanted, rows, stated)
    return _counted(found, summary, client.asked[asked:], client.missing - missing)


def _counted(found: Figures, summary: ModelSummary, asked: Sequence[tuple[Json, str]], missing: int) -> Figures:
    for about, answer in asked:
        found.conformance.add(about, answer)
    returned = Counter(r.check for r in summary.outcome.returned)
    return replace(
        found, refused=returned, proposed=len(summary.proposed), tokens=summary.outcome.tokens, missing=missing
    )


def _with_proposals(folder: Path, name: str) -> tuple[build.Build, Any]:
    """The graph as it would be if all that is proposed for an article were accepted, and that article."""
    graph_folder = GraphFolder(str(folder))
    made, found = build.read_sources(documents.load_sources(graph_folder)), proposals.read(graph_folder, name)
    article = next(a for a in made.sources.articles if a.name == name)
    over = Judge(made, article).overlay(found.awaiting if found else ())
    return over, next(e for e in over.evidence if e.article.name == name)


# The command


def main(arguments: list[str]) -> None:
    """Measure a model or recorded answers, or tell lies, and print the figures."""
    parser = argparse.ArgumentParser(
        prog="python -m bench propose", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("named", nargs="*", metavar="ARTICLE", help="an article (with --lies: a graph folder)")
    parser.add_argument("--model", default="", metavar="NAME", help="ask this model")
    parser.add_argument("--address", default="", metavar="URL", help="the server of the model")
    parser.add_argument("--record", default="", metavar="FILE", help="keep the answers, and ask for no others")
    parser.add_argument("--replay", default="", metavar="FILE", help="take the answers of a file, and ask no model")
    parser.add_argument("--most-tokens", type=int, default=MOST_TOKENS, help="in each article")
    parser.add_argument("--most-seconds", type=float, default=MOST_SECONDS, help="in each article")
    parser.add_argument("--lies", type=int, default=0, metavar="N", help="judge so many lies")
    parser.add_argument("--jobs", type=int, default=2, help="processes that share the lies (default: 2)")
    parser.add_argument("--compare", action="store_true", help="tell each lie to kg validate as well")
    parser.add_argument("--missed", action="store_true", help="print the lies that are not refused")
    given = parser.parse_args(arguments)
    if given.lies:
        propose_lies.main(given.lies, given.named, given.jobs, compare=given.compare, missed=given.missed)
        return
    if bool(given.model) == bool(given.replay):
        parser.error("name a model (--model), or a file of answers (--replay)")
    if unknown := set(given.named) - propose.articles().keys():
        parser.error(f"no article {', '.join(unknown)}; there are {', '.join(propose.articles())}")
    if given.replay and not os.path.exists(given.replay):
        parser.error(f"there is no file {given.replay}")
    client = Recorded(given.replay or given.record, OpenAIClient(given.address) if given.model else None)
    total = Figures()
    for name in given.named or propose.articles():
        found = measured(name, given.model or "recorded", client, Budget(given.most_tokens, given.most_seconds))
        print(f"{name}\n{shown(found)}", flush=True)
        total += found
    print(f"all\n{shown(total)}")


def shown(found: Figures) -> str:
    """Figures as lines of text."""
    lines = [f"  {title}\n{_scores(scores)}" for title, scores in (("rules", found.rules), ("both", found.both))]
    lines.append(f"  the model's own\n{propose._line('facts', found.model)}")
    lines += [f"  {name}: {share:.2f}" for name, share in found.conformance.shares().items()]
    lines += [f"  refused by {check}: {count}" for check, count in found.refused.most_common()]
    lines.append(f"  {found.proposed} proposed, {found.tokens:,} tokens, {found.seconds:.0f} s")
    if found.conformance.unreadable:
        lines.append(f"  answers that cannot be read: {found.conformance.unreadable}")
    if found.missing:
        lines.append(f"  not on record, taken to have no facts: {found.missing} answers")
    return "\n".join(lines)


def _scores(scores: dict[str, Score]) -> str:
    return "\n".join(propose._line(kind, score) for kind, score in scores.items())
