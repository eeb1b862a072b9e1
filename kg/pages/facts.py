"""Facts as pages show them: a sentence whose names are links, how certain it is, its quotes, and its proof."""

from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import suppress
from functools import cached_property
from heapq import heapify, heappop, heappush
from typing import TYPE_CHECKING, NamedTuple

from pyoxigraph import DefaultGraph, Literal, NamedNode, Triple

from kg.pages.links import Links, is_web, path_of
from kg.provenance.describe import backed_by, voice_of
from kg.provenance.receipts import INFERRED, Fact, Receipt
from kg.rdf.namespaces import ARTICLE, BACKGROUND, DCTERMS, ENT, ID, readable
from kg.rdf.terms import Term, value
from kg.text import repetition
from kg.text.verbs import NOT_YET

if TYPE_CHECKING:
    from kg.dataset.tenses import Timed
    from kg.provenance.context import Context
    from kg.provenance.proofs import Proof

_TITLE, _SOURCE = NamedNode(DCTERMS + "title"), NamedNode(DCTERMS + "source")
# How far what is told has come, as pages mark it: a hollow mark or a filled one.
_STATES = {"planned": "planned", "scheduled": "planned", "proposed": "planned", "cancelled": "cancelled"}
_MOST_STEPS = 60  # of a proof that unfolds on a page
_MOST_QUOTES = 12  # of one fact


class Part(NamedTuple):
    """Words of a sentence, and the link of what they name, if they name anything that has a page."""

    text: str
    link: str = ""


class Quote(NamedTuple):
    """A quote with its place: the link leads to the passage in its article."""

    text: str
    link: str
    article: str
    speakers: tuple[Part, ...]
    mentions: tuple[tuple[str, tuple[Part, ...]], ...]
    read_with: bool


class Shown(NamedTuple):
    """A fact as it is shown.

    `certainty` is as of `kg.provenance.receipts`; `state` is planned, cancelled, done, or empty where nothing says so.
    `backed` is what of the sentence comes from the source alone, where quotes say the rest.
    """

    parts: tuple[Part, ...]
    certainty: str
    state: str
    speakers: tuple[Part, ...]
    quotes: tuple[Quote, ...]
    more: int
    source: Part
    backed: str
    about: Part
    proof: "Step | None"


class Step(NamedTuple):
    """A step of a proof: what holds, by which rule, on what quotes or source, and from which other steps."""

    parts: tuple[Part, ...]
    rule: str
    name: str
    quotes: tuple[Quote, ...]
    source: Part
    below: tuple["Step", ...]
    inferred: bool


class Facts:
    """Makes facts of a dataset ready to be shown on the page from which `links` lead."""

    def __init__(self, context: "Context", links: Links, has_page: Callable[[str], bool] | None = None) -> None:
        """`has_page` says whether a thing has a page, by its IRI; by default each has that the graph knows."""
        self._context, self.links = context, links
        self._has_page = has_page or (lambda iri: context.things.known(NamedNode(iri)))
        self._titles, self._sources = dict[str, str](), dict[str, str]()

    def part(self, iri: str) -> Part:
        """A thing by its label and its page."""
        return Part(self._context.things.label(NamedNode(iri)), self.link(iri))

    def title(self, article: str) -> str:
        """The title of an article, given by its IRI; without one, its name."""
        if article not in self._titles:
            rows = self._context.store.quads_for_pattern(NamedNode(article), _TITLE, None, DefaultGraph())
            found = [q.object.value for q in rows if isinstance(q.object, Literal)]
            self._titles[article] = min(found) if found else readable(article)
        return self._titles[article]

    def quote(self, receipt: Receipt, *, read_with: bool = False) -> Quote:
        """A receipt as a quote."""
        means = ((m.text, tuple(self.part(t) for t in m.things)) for m in receipt.mentions)
        speakers = tuple(map(self.part, receipt.speakers))
        article = self.title(receipt.passage.partition("#")[0])
        return Quote(receipt.text, self.links.of(receipt.passage), article, speakers, tuple(means), read_with)

    def source(self, address: str) -> Part:
        """The source of background by the title that the graph gives it; only an address on the web is a link."""
        if address not in self._sources:
            self._sources[address] = min(self._titles_of_background(address), default=address)
        return Part(self._sources[address], address if is_web(address) else "")

    def _titles_of_background(self, address: str) -> Iterator[str]:
        find = self._context.store.quads_for_pattern
        with suppress(ValueError):  # what is no IRI is the source of no graph
            for graph in (q.subject for q in find(None, _SOURCE, NamedNode(address), DefaultGraph())):
                if isinstance(graph, NamedNode) and graph.value.startswith(BACKGROUND):
                    yield from (value(q.object) for q in find(graph, _TITLE, None, DefaultGraph()))

    def parts(self, sentence: str, triples: Iterable[Triple]) -> tuple[Part, ...]:
        """A sentence cut into its words and the names of things in it."""
        return tuple(self._cut(sentence, self._names(triples)))

    def shown(self, sentence: str, fact: Fact, told: Collection[Triple] = (), *, proof: "Proof | None" = None) -> Shown:
        """A fact with its sentence and the statements that it tells."""
        triples = [fact.triple, *told] if fact.triple not in told else told
        quotes = [self.quote(r, read_with=r.passage not in fact.passages) for r in fact.receipts[:_MOST_QUOTES]]
        if fact.status == INFERRED:
            quotes = []
        speakers = sorted(voice_of(fact))
        subject = getattr(fact.triple.subject, "value", "")
        parts, link = self.parts(sentence, triples), self.link(subject) if subject.startswith(ID) else ""
        about = self.part(subject) if link and link not in {part.link for part in parts} else Part("")
        return Shown(
            parts,
            fact.status,
            self.state(fact.triple.subject),
            tuple(map(self.part, speakers)),
            tuple(quotes),
            max(len(fact.receipts) - _MOST_QUOTES, 0) if quotes else 0,
            self.source(fact.source.partition(", ")[0]),
            backed_by(fact, self._context.things),
            about,
            self.step(proof) if proof else None,
        )

    def state(self, thing: Term) -> str:
        """How far what is told of a thing has come: planned, cancelled, or done; empty where no status says so."""
        if not isinstance(thing, NamedNode):
            return ""
        tense, statuses = self._stated.tense(thing)
        names = {str(getattr(s, "value", "")).removeprefix(ENT) for s in statuses}
        known = {_STATES[name] for name in names if name in _STATES}
        is_planned = (tense in NOT_YET and tense != "was planned") or "planned" in known
        return "planned" if is_planned else min(known, default="done" if statuses else "")

    def step(self, proof: "Proof") -> Step:
        """A proof as steps that unfold, up to a number of them."""
        return self._step(proof, [_MOST_STEPS])

    def _step(self, proof: "Proof", left: list[int]) -> Step:
        from kg.provenance.proofs import described

        left[0] -= 1
        below = tuple(self._step(p, left) for p in proof.premises if left[0] > 0)
        quotes = tuple(self.quote(q, read_with=q.passage in proof.companions) for q in proof.quotes[:_MOST_QUOTES])
        parts = self.parts(self._context.sentences.fact(proof.triple), [proof.triple])
        return Step(parts, described(proof.rule), proof.rule, quotes, self.source(proof.source), below, bool(below))

    @cached_property
    def _stated(self) -> "Timed":
        return self._context.sentences.known

    def link(self, iri: str) -> str:
        """The link to the page of a thing, a term or a passage; nothing for the page itself, nor for what has none."""
        path, place = path_of(iri)
        if not path or (path == self.links.at and not place):
            return ""
        return self.links.to(path, place) if iri.startswith(ARTICLE) or self._has_page(iri) else ""

    def _names(self, triples: Iterable[Triple]) -> dict[str, str]:
        """The names by which sentences call the subjects and objects of triples, each with the IRI."""
        found: dict[str, str] = {}
        for triple in triples:
            for term in (triple.subject, triple.object):
                if isinstance(term, NamedNode) and term.value.startswith((ID, ARTICLE)):
                    name = self._context.sentences.name(term)
                    found.setdefault(name.removeprefix("the ").removeprefix("a ").removeprefix("an "), term.value)
        return {name: iri for name, iri in found.items() if len(name) > 1}

    def _cut(self, sentence: str, names: dict[str, str]) -> Iterator[Part]:
        """The sentence in parts; of names that begin at one place, the longest is taken."""
        folded = sentence.casefold()
        known = sorted((n for n in names if n.casefold() in folded), key=lambda n: (-len(n), n))
        choices = {n.casefold(): n for n in reversed(known)}
        at = end = 0
        waiting = [(*place, rank, n) for rank, n in enumerate(known) if (place := repetition.find(n, sentence))]
        waiting = [(start, rank, stop, n) for start, stop, rank, n in waiting]
        heapify(waiting)
        while waiting:
            start, rank, stop, name = heappop(waiting)
            is_free = start >= end
            end = stop if is_free else end
            if later := repetition.find(name, sentence, end):
                heappush(waiting, (later[0], rank, later[1], name))
            if is_free and (link := self.link(names[choices[name.casefold()]])):
                yield from [Part(sentence[at:start])] if start > at else []
                yield Part(sentence[start:stop], link)
                at = stop
        yield from [Part(sentence[at:])] if at < len(sentence) else []
