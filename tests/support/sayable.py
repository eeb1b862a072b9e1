"""How much of what `kg show` says of a graph can be said in a review: each sentence is typed, and compared.

A sentence is typed for a passage that states it, in an article whose things are all known. It comes back as the same
if it is read, all its statements are among what is proposed, and nothing else is.
"""

from collections import Counter
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import NamedTuple

from pyoxigraph import DefaultGraph, Literal, NamedNode, Triple

import kg
from kg.dataset import build
from kg.drafting.saying import Sayings
from kg.drafting.spoken import Said, called
from kg.errors import UsageError
from kg.graph import Graph
from kg.provenance.describe import Teller
from kg.provenance.receipts import COMPUTED
from kg.rdf.namespaces import ALT_LABEL, ENT, ID, RDF_TYPE, RDFS_LABEL, local_name
from kg.rdf.terms import Term, iri, value
from kg.source.article import Passage
from kg.source.documents import load_sources
from kg.source.layout import GraphFolder

SAME, REFUSED = "the same", "refused"
PART, NAMED = "a part", "a part, and what is left out is named"
MORE, MORE_NAMED = "something else", "something else, and what is left out is named"
_NAMES = (RDFS_LABEL, ALT_LABEL)
_NAMING = (RDF_TYPE, *_NAMES)
_TOLD_BY_TENSE = [NamedNode(ENT + name) for name in ("stage", "status")]
_BY_TENSE = [NamedNode(ENT + name) for name in ("held", "underWay")]


class Sentence(NamedTuple):
    """A sentence of `kg show`, the passage that states it, and its statements there."""

    text: str
    passage: Passage
    article: str
    told: frozenset[Triple]
    is_inferred: bool


class Outcome(NamedTuple):
    """What became of a sentence that was typed: its kind, and what was read, or why not."""

    kind: str
    sentence: Sentence
    note: str


def outcomes(folder: Path) -> Iterator[Outcome]:
    """What becomes of each sentence of a graph folder."""
    graph = kg.open(str(folder))
    made = build.read_sources(load_sources(GraphFolder(str(folder))))
    stated = {t for e in made.evidence for p in e.passages for t in p.triples}
    stated |= {q.triple for q in graph.store.quads_for_pattern(None, None, None, DefaultGraph())}
    readers: dict[str, Sayings] = {}
    for sentence in sentences(graph, made):
        if sentence.article not in readers:
            evidence = next(e for e in made.evidence if e.article.name == sentence.article)
            names = called(evidence.passages, graph.context.sentences)
            readers[sentence.article] = Sayings(made, sentence.article, partial(dict, names))
        try:
            said = readers[sentence.article].proposals(sentence.passage, sentence.text, "Ada Holm")
        except UsageError as error:
            yield Outcome(REFUSED, sentence, error.message)
        else:
            yield Outcome(_kind(sentence, said, stated), sentence, _note(said))


def sentences(graph: Graph, made: build.Build) -> Iterator[Sentence]:
    """The sentences of a graph that rest on a passage of an article, each once."""
    teller, seen = Teller(graph.context), set[str]()
    passages = {p.iri: (e.article.name, p) for e in made.evidence for p in e.passages}
    find = graph.store.quads_for_pattern
    things = sorted({q.subject for q in find(None, NamedNode(RDF_TYPE), None, None) if iri(q.subject).startswith(ID)})
    for thing in things:
        for fact in graph.show(iri(thing)).facts:
            is_naming = fact.triple.predicate.value in (*_NAMING, ENT + "computedLabel", ENT + "directType")
            if fact.triple.subject != thing or is_naming or fact.status == COMPUTED:
                continue
            said = teller.told(fact)
            there = [passages[p] for p in said.fact.passages if p in passages]
            own = frozenset(t for t in said.told if t.subject == thing and _is_said(t, said.sentence))
            rows = [(article, p, own & {*p.triples}) for article, p in there]
            if said.sentence in seen or not rows or " is read as " in said.sentence:
                continue
            seen.add(said.sentence)
            article, passage, told = max(rows, key=lambda row: len(row[2]))
            yield Sentence(said.sentence, passage, article, told, not told)


def _is_said(triple: Triple, sentence: str) -> bool:
    """Whether a statement is no date that is told by the tense of a sentence alone."""
    is_date = isinstance(triple.object, Literal) and local_name(triple.predicate.value) in ("date", "start", "end")
    return not is_date or value(triple.object)[:4] in sentence


def _kind(sentence: Sentence, said: Said, stated: set[Triple]) -> str:
    """How what was read goes with what the graph states; a relation or an event may get another name.

    That something is held or under way goes without saying where words are in the past or the present.
    """
    known = {t.subject for t in stated}
    read = {t for p in said.proposals for t in p.stated if t.predicate.value not in _NAMES}
    for new in {t.subject for t in read} - known:
        read = _renamed(read, new, _likest(read, new, [*sentence.told, *sentence.passage.triples]))
    told = {t for t in sentence.told if t.predicate.value not in _NAMES}
    told = {t for t in told if t.predicate.value != RDF_TYPE} or told
    extra = {t for t in read - stated if t.predicate.value != RDF_TYPE and t.object not in _BY_TENSE}
    lacks = {t for t in told - read if t.predicate not in _TOLD_BY_TENSE or len(told) == 1}
    if extra:
        return MORE if not said.left_out else MORE_NAMED
    if (lacks and not sentence.is_inferred) or not read:
        return NAMED if said.left_out else PART
    return NAMED if said.left_out else SAME


def _likest(read: set[Triple], new: Term, rows: list[Triple]) -> Term:
    """The thing of which rows state most of what is read of a new one."""
    said = {(t.predicate, t.object) for t in read if t.subject == new}
    alike = Counter(t.subject for t in dict.fromkeys(rows) if (t.predicate, t.object) in said)
    return alike.most_common(1)[0][0] if alike else new


def _renamed(read: set[Triple], old: Term, new: Term) -> set[Triple]:
    pairs = {old: new}
    return {Triple(pairs.get(t.subject, t.subject), t.predicate, pairs.get(t.object, t.object)) for t in read}  # type: ignore[arg-type]


def _note(said: Said) -> str:
    rows = (t for p in said.proposals for t in p.stated if t.predicate.value not in (RDFS_LABEL, ALT_LABEL))
    told = [" ".join(local_name(iri(x)) or str(x) for x in (t.subject, t.predicate, t.object)) for t in rows]
    return "; ".join(told) + (f" || {said.problem}" if said.problem else "")


def counted(found: Iterator[Outcome]) -> Counter[str]:
    """How many sentences there are of each kind of outcome."""
    return Counter(outcome.kind for outcome in found)
