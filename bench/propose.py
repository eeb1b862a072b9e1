"""How good the rules are that propose facts: against the accepted articles of the tree, each kept out of what is known.

`python -m bench propose [ARTICLE…] [--show]` drafts each article anew in a graph of the others, with the shipped
background, and compares what passes the checks with the facts of people:

The articles in `bench/unseen` are measured as well, in the same graph: nobody has built a rule on them.

- a *thing* has a label or an alias: it is right where a label stands at the same place of the text, and its class is
  that of the article or a broader one. Events, relations, offices and quantities are counted apart.
- an *office* is right where the same person holds one of the same body.
- a *quantity* is right where number and measure are, in the same sentence; a *date* where its value is, in the same.
- a *reading* is what the tool reads date words as where one reading is clear, which it tells whoever reviews, whether a
  proposal is dated by it or not: right where the article has a date of that value in the same sentence.
- a *relation* or event is right where the article has one of that class, a narrower or a broader one, that has every
  thing which is proposed in the same role, or, where there is none, a date of the same value in the same sentence;
  government and state count as two. It counts as found where it is right.
"""

import argparse
import os
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from pyoxigraph import Literal, NamedNode, Triple

from kg.dataset import build
from kg.dataset.build import Build
from kg.dataset.named import Names
from kg.drafting import when
from kg.drafting.draft import ArticleMetadata
from kg.drafting.judging import Judge
from kg.drafting.new import new_article
from kg.drafting.propose import propose
from kg.rdf.namespaces import ALT_LABEL, ENT, ID, RDFS_LABEL
from kg.rdf.terms import iri, value
from kg.source import documents, proposals
from kg.source.article import Evidence, Passage
from kg.source.layout import GraphFolder
from kg.text import segments

ROOT = Path(__file__).parents[1]
_OTHERS = ("second", "sequel", "communique", "wire-report")  # in tests/graphs
_LABELS = (RDFS_LABEL, ALT_LABEL)
_APART = frozenset(ENT + name for name in ("Event", "Relation", "Office", "Quantity"))
_DATES = frozenset(ENT + name for name in ("date", "start", "end", "notBefore", "notAfter"))
_ASIDE = frozenset(ENT + name for name in ("status", "stage", "sum", "share", "number", "measure", "bound"))
KINDS = ("things", "offices", "quantities", "readings", "dates", "relations")

Key = tuple[object, ...]


class Score(NamedTuple):
    """How many are proposed, how many of them are right, how many the article has, and how many of these are found."""

    proposed: int = 0
    right: int = 0
    known: int = 0
    found: int = 0

    def __add__(self, other: tuple[int, ...]) -> "Score":  # type: ignore[override]
        return Score(*(a + b for a, b in zip(self, other, strict=True)))

    @property
    def precision(self) -> float:
        """The share of what is proposed that is right; 1 where nothing is."""
        return self.right / self.proposed if self.proposed else 1.0

    @property
    def recall(self) -> float:
        """The share of what the article has that is found; 1 where it has nothing."""
        return self.found / self.known if self.known else 1.0

    @property
    def f1(self) -> float:
        """The harmonic mean of both."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


@dataclass
class Facts:
    """What an article states, in a form that can be compared with what another one states of the same text."""

    names: dict[str, set[tuple[int, int]]] = field(default_factory=dict)  # spans of labels, by thing
    kinds: dict[str, set[str]] = field(default_factory=dict)
    offices: list[tuple[str, str]] = field(default_factory=list)  # holder, body
    quantities: list[Key] = field(default_factory=list)  # sentence, number, measure
    dates: list[Key] = field(default_factory=list)  # sentence, value
    readings: list[Key] = field(default_factory=list)  # sentence, value
    relations: dict[str, set[tuple[str, str]]] = field(default_factory=dict)  # role and thing, by relation
    dated: dict[str, set[Key]] = field(default_factory=dict)  # sentence and value, by what has the date
    amounts: dict[str, Key] = field(default_factory=dict)  # sentence, number and measure, by quantity
    labels: dict[str, set[str]] = field(default_factory=dict)


def articles() -> dict[str, Path]:
    """The folders of the accepted articles, by name."""
    folders = list((ROOT / "kg" / "articles").iterdir())
    for name in _OTHERS:
        folders += (ROOT / "tests" / "graphs" / name / "kg" / "articles").iterdir()
    return {folder.name: folder for folder in folders if (folder / "facts.trig").exists()}


def unseen() -> dict[str, Path]:
    """The folders of articles on which no rule was built: they are only measured, and known to no other."""
    folders = (ROOT / "bench" / "unseen" / "kg" / "articles").iterdir()
    return {folder.name: folder for folder in folders if (folder / "facts.trig").exists()}


def facts_of(made: Build, evidence: Evidence) -> Facts:
    """What an article of a graph states, or would state."""
    names, found = Names(made), Facts()
    values: dict[str, dict[str, set[str]]] = {}
    for passage in evidence.passages:
        unit = _sentence(evidence, passage)
        for t in passage.triples:
            thing, role, said = iri(t.subject), t.predicate.value, value(t.object)
            values.setdefault(thing, {}).setdefault(role, set()).add(said)
            found.kinds.setdefault(thing, set()).update(names.kinds(thing))
            if role in _LABELS and passage.quote.count(said):
                start = passage.start + passage.quote.index(said)
                found.names.setdefault(thing, set()).add((start, start + len(said)))
                found.labels.setdefault(thing, set()).add(said)
            if role in _DATES and isinstance(t.object, Literal):
                found.dates.append((unit, said))
                found.dated.setdefault(thing, set()).add((unit, said))
            if role == ENT + "number":
                measures = {value(x.object) for x in passage.triples if x.subject == t.subject and _is_measure(x)}
                found.quantities.append((unit, float(said), *sorted(measures)))
                found.amounts[thing] = found.quantities[-1]
    text = segments.unwrap(evidence.article.text)
    for segment in (c.segment for c in evidence.readings):
        quote = text[segment.start : segment.end]
        clear = when.clear(quote, (0, len(quote)), evidence.reading_date)
        found.readings += [(segment.number, lexical) for _, lexical, _ in clear]
    for thing, roles in values.items():
        kinds = found.kinds[thing]
        if ENT + "Tenure" in kinds:
            found.offices += _held(made, roles)
        elif kinds & {ENT + "Event", ENT + "Relation"}:
            rows = ((role, x) for role, things in roles.items() for x in things if x.startswith(ID))
            found.relations[thing] = {(role, x) for role, x in rows if role not in _ASIDE}
    return found


def _is_measure(t: Triple) -> bool:
    return t.predicate.value == ENT + "measure"


def _sentence(evidence: Evidence, passage: Passage) -> int:
    rows = (c.segment for c in evidence.readings if c.segment.start <= passage.start < c.segment.end)
    return next((s.number for s in rows), -1)


def _held(made: Build, roles: dict[str, set[str]]) -> Iterator[tuple[str, str]]:
    for office in roles.get(ENT + "office", ()):
        stated = [
            t
            for role in ("heads", "officeOf")
            for s in (made.statements, made.claimed)
            for t in s.about(NamedNode(office), ENT + role)
        ]
        bodies = {value(t.object) for t in stated} or {""}
        yield from ((holder, body) for holder in roles.get(ENT + "holder", ()) for body in bodies)


def compared(mine: Facts, theirs: Facts, broader: dict[str, set[str]], show: bool = False) -> dict[str, Score]:
    """The score of what is proposed (`mine`) by what is accepted (`theirs`)."""
    same = _aligned(mine, theirs)

    def told(what: str, rows: Iterable[object]) -> None:
        for row in sorted(map(str, rows)) if show else ():
            print(f"    {what}: {row}")

    scores = {}
    wanted, given = ({x: f.names[x] for x in f.names if not f.kinds[x] & _APART} for f in (theirs, mine))
    right = {x for x in given if x in same and _fits(mine.kinds[x], theirs.kinds[same[x]])}
    found = {same[x] for x in right}
    told(
        "thing wrong",
        (
            (x, sorted(mine.labels[x]), sorted(k.rpartition("#")[2] for k in mine.kinds[x]))
            for x in given.keys() - right
        ),
    )
    told("thing missing", ((x, sorted(theirs.labels[x])) for x in wanted.keys() - found))
    scores["things"] = Score(len(given), len(right), len(wanted), len(found & wanted.keys()))

    def mapped(x: str) -> str:
        return same.get(x, x)

    held = {(mapped(a), mapped(b)) for a, b in mine.offices}
    scores["offices"] = _sets(held, set(theirs.offices))
    told("office wrong", held - set(theirs.offices))
    told("office missing", set(theirs.offices) - held)
    scores["quantities"] = _multisets(mine.quantities, theirs.quantities)
    told("quantity wrong", (Counter(mine.quantities) - Counter(theirs.quantities)).elements())
    told("quantity missing", (Counter(theirs.quantities) - Counter(mine.quantities)).elements())
    scores["readings"] = _sets(set(mine.readings), set(theirs.dates))
    told("reading wrong", set(mine.readings) - set(theirs.dates))
    told("reading missing", set(theirs.dates) - set(mine.readings))
    scores["dates"] = _sets(set(mine.dates), set(theirs.dates))
    told("date wrong", set(mine.dates) - set(theirs.dates))
    told("date missing", set(theirs.dates) - set(mine.dates))
    correct: dict[str, str] = {}
    for relation, roles in mine.relations.items():
        filled = {(role, mapped(x)) for role, x in roles}
        fits = (x for x, theirs_roles in theirs.relations.items() if filled <= theirs_roles)
        own = mine.kinds[relation]
        days = mine.dated.get(relation, set())
        near = [x for x in fits if _near(own, theirs.kinds[x])]
        near = near if filled else [x for x in near if days and days <= theirs.dated.get(x, set())]
        if near:
            correct[relation] = near[0]
    told("relation wrong", ((x, sorted(mine.relations[x])) for x in mine.relations.keys() - correct.keys()))
    told("relation missing", theirs.relations.keys() - set(correct.values()))
    scores["relations"] = Score(len(mine.relations), len(correct), len(theirs.relations), len(set(correct.values())))
    return scores


def _aligned(mine: Facts, theirs: Facts) -> dict[str, str]:
    """The thing of the article that each proposed thing is: a name at the same place, else the same IRI."""
    by_span = {span: thing for thing, spans in theirs.names.items() for span in spans}
    found = {}
    for thing, spans in mine.names.items():
        hit = Counter(by_span[span] for span in spans if span in by_span).most_common(1)
        if hit:
            found[thing] = hit[0][0]
    by_amount = {amount: thing for thing, amount in theirs.amounts.items()}
    found |= {thing: by_amount[amount] for thing, amount in mine.amounts.items() if amount in by_amount}
    for thing in mine.kinds:
        if thing in theirs.kinds:
            found.setdefault(thing, thing)
    return found


def _fits(mine: set[str], theirs: set[str]) -> bool:
    """Whether classes are those of the article, or broader ones."""
    return mine <= theirs


def _near(mine: set[str], theirs: set[str]) -> bool:
    tops = {ENT + "Event", ENT + "Relation"}
    return mine <= theirs or theirs <= mine or bool((mine & theirs) - tops and (mine <= theirs or theirs <= mine))


def _sets(mine: set[tuple[str, str]] | set[Key], theirs: set[tuple[str, str]] | set[Key]) -> Score:
    both = len(mine & theirs)
    return Score(len(mine), both, len(theirs), both)


def _multisets(mine: list[Key], theirs: list[Key]) -> Score:
    both = sum((Counter(mine) & Counter(theirs)).values())
    return Score(len(mine), both, len(theirs), both)


def drafted(name: str, folder: Path) -> tuple[Build, Evidence]:
    """An article as it would be if all that is proposed for it were accepted, in a graph of the other articles."""
    for part in ("ontology", "shapes", "kg/background"):
        shutil.copytree(ROOT / part, folder / part)
    (folder / "kg" / "articles").mkdir(parents=True)
    known = articles()
    for other, path in known.items():
        if other != name:
            shutil.copytree(path, folder / "kg" / "articles" / other, ignore=shutil.ignore_patterns("proposed.trig"))
    own = (known | unseen())[name]
    graph_folder, text = GraphFolder(str(folder)), (own / "article.txt").read_text("utf-8")
    _, evidence = accepted_article(name)
    about = ArticleMetadata(name, evidence.article.name, "en", evidence.reading_date)
    new_article(graph_folder, text, about)
    propose(graph_folder, name)
    found = proposals.read(graph_folder, name)
    made = build.read_sources(documents.load_sources(graph_folder))
    article = next(a for a in made.sources.articles if a.name == name)
    over = Judge(made, article).overlay(found.awaiting if found else ())
    return over, next(e for e in over.evidence if e.article.name == name)


def accepted_article(name: str) -> tuple[Build, Evidence]:
    """The article as people wrote it, among all others."""
    sources = documents.load_sources(GraphFolder(str(ROOT)))
    read = articles() | {name: (articles() | unseen())[name]}
    for other, path in read.items():
        if other not in {a.name for a in sources.articles}:
            folder = documents.Sources(GraphFolder(str(path.parents[2]), str(ROOT)))
            found = documents.article_sources(str(path), folder)
            if found:
                sources.articles.append(found)
    made = build.read_sources(sources)
    return made, next(e for e in made.evidence if e.article.name == name)


def main(arguments: list[str]) -> None:
    """Print a table: for each article and for all, precision, recall and F1 of each kind."""
    parser = argparse.ArgumentParser(prog="python -m bench propose", description=__doc__)
    parser.add_argument("article", nargs="*", help="the name of an article (default: all of the tree, and the unseen)")
    parser.add_argument("--show", action="store_true", help="list what is wrong and what is missing")
    options = parser.parse_args(arguments)
    groups = {"all of the tree": articles(), "all unseen": unseen()}
    there = groups["all of the tree"] | groups["all unseen"]
    if unknown := set(options.article) - there.keys():
        sys.exit(f"error: no article {', '.join(unknown)}; there are {', '.join(there)}")
    for group, names in groups.items():
        total = dict.fromkeys(KINDS, Score())
        chosen = [name for name in names if name in options.article or not options.article]
        for name in chosen:
            print(name, flush=True)
            for kind, score in _measured(name, options.show).items():
                print(_line(kind, score), flush=True)
                total[kind] += score
        if chosen:
            print(group)
        for kind, score in total.items() if chosen else ():
            print(_line(kind, score))


def _measured(name: str, show: bool) -> dict[str, Score]:
    """The scores of one article."""
    with tempfile.TemporaryDirectory(prefix="bench-propose-") as folder:
        made, evidence = drafted(name, Path(os.path.realpath(folder)))
        return compared(facts_of(made, evidence), facts_of(*accepted_article(name)), {}, show)


def _line(kind: str, score: Score) -> str:
    numbers = f"precision {score.precision:.2f} ({score.right} of {score.proposed})"
    return f"  {kind:<11} {numbers:<28} recall {score.recall:.2f} ({score.found} of {score.known})  F1 {score.f1:.2f}"
