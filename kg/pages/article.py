"""The page of an article: its text as printed, each passage marked, and beside each sentence the facts that it states.

Facts are told as their passage states them: a date that only another passage gives is not said beside this one.
"""

import os
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from pyoxigraph import DefaultGraph, NamedNode, Quad, Triple

from kg.dataset.naming import LANGUAGE
from kg.dataset.sentences import Clause, Sentences
from kg.dataset.stated import SUBJECT
from kg.errors import InputError
from kg.pages import marks
from kg.pages.facts import Facts, Part, Quote
from kg.rdf.namespaces import (
    ALT_LABEL,
    ARTICLE,
    DCTERMS,
    ENT,
    ONTOLOGY_GRAPH,
    RDF,
    RDF_TYPE,
    RDFS_LABEL,
    local_name,
    readable,
)
from kg.source import layout
from kg.text import phrases, segments
from kg.text.segments import Coverage

if TYPE_CHECKING:
    from kg.provenance.context import Context

_MOST_TEXT = 20_000_000  # bytes
_MAX_LEVEL = 5  # underlines that are told apart
_NAMING = (RDF_TYPE, RDFS_LABEL, ALT_LABEL)
_COMPUTED = (ENT + "computedLabel", ENT + "firstDay", ENT + "lastDay")
_ELSEWHERE = frozenset(map(NamedNode, (*_NAMING, *_COMPUTED)))  # said of a thing by any passage
_CURRENT = frozenset(NamedNode(ENT + name) for name in ("currentStatus", "currentStage"))
_STATUS = frozenset(NamedNode(ENT + name) for name in ("status", "stage"))
_READ, _ONTOLOGY = NamedNode(ENT + "readingDate"), NamedNode(ONTOLOGY_GRAPH)
ASIDE, UNREAD = "aside", "unread"
CLAUSE, FACT, NAMING = "clause", "fact", "naming"
_MOST_CLAUSES, _MOST_FACTS = 5, 3  # beside a sentence; others unfold


class Passage(NamedTuple):
    """A passage or an aside of an article: text[start:end], who speaks, and why it yields no fact."""

    iri: str
    start: int
    end: int
    speakers: tuple[str, ...] = ()
    reason: str = ""

    @property
    def name(self) -> str:
        """The part of its IRI after `#`, which is its place on the page."""
        return self.iri.partition("#")[2]


class Mention(NamedTuple):
    """Words text[start:end] of an article that mean something named elsewhere, by IRIs; `name` is as of a passage."""

    start: int
    end: int
    name: str
    words: str
    things: tuple[str, ...]


class Told(NamedTuple):
    """A sentence that a passage states, with the statements that it tells."""

    text: str
    triples: tuple[Triple, ...]
    kind: str  # clause: of a thing with its roles; fact: of one statement; naming: a name or a class


class Note(NamedTuple):
    """A fact beside its sentence: `passages` are the names of those that state it; its link leads to the first."""

    parts: tuple[Part, ...]
    passages: tuple[str, ...]
    state: str
    speakers: tuple[Part, ...]
    quote: str


class Sentence(NamedTuple):
    """A segment of the text: its pieces, and what stands beside it."""

    place: str
    pieces: tuple[marks.Piece, ...]
    notes: tuple[Note, ...]
    more: tuple[Note, ...]
    naming: tuple[Note, ...]
    mentions: tuple[tuple[str, tuple[Part, ...]], ...]
    asides: tuple[tuple[str, str, str], ...]
    unread: tuple[str, ...]
    is_unread: bool  # all of it


class Line(NamedTuple):
    """A line of the text: a heading, a caption, a credit, or a paragraph of sentences."""

    kind: str
    sentences: tuple[Sentence, ...]


class Reading(NamedTuple):
    """How far an article has been read: segments in all, and those that are read or set aside."""

    units: int
    read: int
    partly: int


def text_of(context: "Context", name: str) -> str:
    """The text of an article. Raises InputError where it cannot be read."""
    if name in context.texts:
        return context.texts[name]
    path = os.path.join(context.graph_folder.articles, name, "article.txt")
    try:
        return layout.read_regular(path, _MOST_TEXT).decode("utf-8")
    except (OSError, ValueError) as error:
        raise InputError("the text of the article cannot be read", where=path, rule="file") from error


class ArticlePage:
    """What is known of one article, read from the compiled dataset and its text."""

    def __init__(self, context: "Context", facts: Facts, name: str) -> None:
        self._context, self._facts, self.name = context, facts, name
        self.iri = NamedNode(ARTICLE + name)
        self._values: dict[str, dict[str, list[Any]]] = {}
        for q in context.store.quads_for_pattern(None, NamedNode(ENT + "article"), self.iri, DefaultGraph()):
            if isinstance(q.subject, NamedNode):
                self._values[q.subject.value] = _described(context, q.subject)
        self._about = _described(context, self.iri)

    @property
    def exists(self) -> bool:
        """Whether the graph has this article."""
        return bool(self._about)

    # About the article

    def value(self, name: str) -> str:
        """A value of the article's description, by the IRI of its property; empty without one."""
        return min((str(getattr(x, "value", "")) for x in self._about.get(name, [])), default="")

    @property
    def title(self) -> str:
        """Its title."""
        return self._facts.title(self.iri.value)

    @property
    def language(self) -> str:
        """The language of its text (BCP 47)."""
        return self.value(DCTERMS + "language") or LANGUAGE

    @property
    def read_on(self) -> str:
        """Its reading date, as people write it."""
        day = self.value(ENT + "readingDate")
        return phrases.date(day) if day else ""

    @property
    def basis(self) -> Quote | None:
        """Why it has this reading date, and where that is known from."""
        reason = self.value(ENT + "basis")
        if not reason:
            return None
        source = self.value(ENT + "basisSource")
        address = self._context.receipts.source(source) or source
        link = self._facts.links.of(address)
        return Quote(reason, link if address != self.iri.value else "", address, (), (), False)

    @property
    def published(self) -> Part:
        """Where the article was published, if its description says so."""
        return self._facts.source(self.value(DCTERMS + "source"))

    @cached_property
    def reading(self) -> Reading:
        """How far it has been read, as the dataset says it."""
        states = [values[ENT + "reading"][0].value for values in self._values.values() if ENT + "reading" in values]
        read = sum(state in (ENT + "read", ENT + "setAside") for state in states)
        return Reading(len(states), read, states.count(ENT + "partlyRead"))

    # Passages

    @cached_property
    def passages(self) -> list[Passage]:
        """Its passages, in the order of the text."""
        return self._quoted("Passage")

    @cached_property
    def asides(self) -> list[Passage]:
        """What was set aside, with the reason."""
        return self._quoted("Aside")

    def _quoted(self, kind: str) -> list[Passage]:
        found = []
        for iri, values in self._values.items():
            if NamedNode(ENT + kind) in values.get(RDF_TYPE, []):
                start, end = _span(values)
                speakers = tuple(sorted(x.value for x in values.get(ENT + "speaker", [])))
                reason = next((x.value for x in values.get(ENT + "reason", [])), "")
                found.append(Passage(iri, start, end, speakers, reason))
        return sorted(found, key=lambda p: (p.start, -p.end, p.iri))

    @cached_property
    def mentions(self) -> list["Mention"]:
        """The words that mean something named elsewhere."""
        found = []
        for iri, values in self._values.items():
            if ENT + "refersTo" in values:
                words = next((x.value for x in values.get(ENT + "quote", [])), "")
                things = tuple(sorted(x.value for x in values[ENT + "refersTo"]))
                found.append(Mention(*_span(values), iri.partition("#")[2], words, things))
        return sorted(found)

    # What they state

    @cached_property
    def _told(self) -> "PassageSentences":
        return PassageSentences(self._context, self.iri)

    def _notes(self, passages: Sequence[Passage]) -> tuple[list[Note], list[Note], list[Note]]:
        """The facts of some passages, each sentence once: the main ones, others, and the names and kinds of things."""
        found: dict[tuple[str, tuple[str, ...]], tuple[Told, list[Passage]]] = {}
        for passage in passages:
            for told in self._told.of(passage):
                found.setdefault((told.text, passage.speakers), (told, []))[1].append(passage)
        notes: dict[str, list[Note]] = {CLAUSE: [], FACT: [], NAMING: []}
        for (_, speakers), (told, stated) in found.items():
            notes[told.kind].append(self._note(told, speakers, stated))
        main = notes[CLAUSE][:_MOST_CLAUSES]
        facts = max(_MOST_FACTS - len(main), 0)
        main += notes[FACT][:facts]
        return main, [*notes[CLAUSE][_MOST_CLAUSES:], *notes[FACT][facts:]], notes[NAMING]

    def _note(self, told: Told, speakers: tuple[str, ...], stated: Sequence[Passage]) -> Note:
        inner = min(stated, key=lambda p: (p.end - p.start, p.start))
        names = tuple(dict.fromkeys([inner.name, *(p.name for p in stated)]))
        said = tuple(map(self._facts.part, speakers))
        state = "" if told.kind == NAMING else self._facts.state(told.triples[0].subject)
        quote = self._text[inner.start : inner.end]
        return Note(self._facts.parts(told.text, told.triples), names, state, said, quote)

    # The text

    @cached_property
    def _text(self) -> str:
        return text_of(self._context, self.name)

    def lines(self, *, quotes_only: bool = False) -> list[Line]:
        """The text in lines; with `quotes_only`, what no passage quotes is left out."""
        text = self._text
        split = segments.segments(text)
        quoted = [*self.passages, *self.asides]
        covered = segments.coverage(text, split, [(p.start, p.end) for p in quoted])
        found: list[Line] = []
        ends = 0
        for reading in covered:
            start, end = reading.segment.start, reading.segment.end
            gap = text[ends:start]
            sentence = self._sentence(reading, quotes_only)
            if found and "\n" not in gap and found[-1].kind == _kind(reading.segment.kind):
                found[-1] = found[-1]._replace(sentences=(*found[-1].sentences, sentence))
            else:
                found.append(Line(_kind(reading.segment.kind), (sentence,)))
            ends = end
        return found

    @cached_property
    def _spans(self) -> list[marks.Span]:
        spoken = {True: "reported", False: "stated"}
        spans = [marks.Span(p.start, p.end, p.name, spoken[bool(p.speakers)]) for p in self.passages]
        spans += [marks.Span(p.start, p.end, p.name, ASIDE) for p in self.asides]
        return spans + [marks.Span(m.start, m.end, m.name, "mention") for m in self.mentions]

    @cached_property
    def levels(self) -> dict[str, int]:
        """The level of each passage, see `marks.levels`."""
        found = marks.levels(s for s in self._spans if s.kind in ("stated", "reported"))
        return {name: min(level, _MAX_LEVEL) for name, level in found.items()}

    @cached_property
    def quotes(self) -> dict[str, str]:
        """The quote of each passage by its name."""
        return {p.name: self._text[p.start : p.end] for p in self.passages}

    def is_titled(self, lines: Sequence[Line]) -> bool:
        """Whether its text begins with its title."""
        first = lines[0] if lines else None
        text = "".join(p.text for s in first.sentences for p in s.pieces) if first and first.kind == "heading" else ""
        return text.split() == self.title.split()

    def _sentence(self, reading: Coverage, quotes_only: bool) -> Sentence:
        text, segment = self._text, reading.segment
        start, end = segment.start, segment.end
        spans = [s for s in self._spans if s.start < end and s.end > start]
        if quotes_only:
            spans = [s for s in spans if s.kind != ASIDE]
        else:
            spans += [marks.Span(a, b, f"unread {a}", UNREAD) for a, b in reading.uncovered]
        pieces = marks.pieces(text, start, end, spans)
        if quotes_only:
            pieces = list(_without_unquoted(pieces))
        notes, more, naming = self._notes([p for p in self.passages if start <= p.start < end])
        mentions = [m for m in self.mentions if start <= m.start < end]
        means = [(m.words, tuple(map(self._facts.part, m.things))) for m in mentions]
        asides = [(p.name, text[p.start : p.end], p.reason) for p in self.asides if start <= p.start < end]
        unread = () if quotes_only else tuple(text[a:b] for a, b in reading.uncovered)
        place = f"unit-{segment.number}"
        shown_asides = () if quotes_only else tuple(asides)
        beside = (tuple(notes), tuple(more), tuple(naming), tuple(means))
        return Sentence(place, tuple(pieces), *beside, shown_asides, unread, reading.state == "unread")


class PassageSentences:
    """Tells what single passages of an article state, in sentences of no more than they say."""

    def __init__(self, context: "Context", article: NamedNode) -> None:
        self._context, self._article = context, article
        self._scope: NamedNode | None = None  # the thing that is told of
        self._own: dict[NamedNode, list[Quad]] = {}  # what the passage says of it, by predicate
        self._about: dict[NamedNode | None, list[Quad]] = {}  # with what else is known of it, by predicate; None: all
        self._is_term = False  # whether the ontology says something of it
        self._sentences = Sentences(self._match, readable, beside=context.sentences)

    def of(self, passage: Passage) -> Iterator[Told]:
        """The sentences of a passage, a clause once for all statements that it tells."""
        triples = self._stated(passage)
        for subject in dict.fromkeys(t.subject for t in triples):
            own = [t for t in triples if t.subject == subject]
            facts = [t for t in own if t.predicate.value not in _NAMING]
            clause_tells: frozenset[str] = frozenset()
            said = self._sentences.said_by(passage.speakers)
            if facts and (clause := self._clause(said, subject, own)):
                clause_tells = clause.tells
                if told := [t for t in facts if t.predicate.value in clause_tells]:
                    yield Told(clause.text, tuple(told), CLAUSE)
            for triple in own:
                is_naming = triple.predicate.value in _NAMING
                if is_naming or triple.predicate.value not in clause_tells:
                    text = self._context.sentences.said_by(passage.speakers).fact(triple)
                    yield Told(text, (triple,), NAMING if is_naming else FACT)

    def _stated(self, passage: Passage) -> list[Triple]:
        """What a passage states or reports, in the order of the names of things."""
        node, find = NamedNode(passage.iri), self._context.store.quads_for_pattern
        if not passage.speakers:
            found = [q.triple for q in find(None, None, None, node)]
        else:
            found = []
            for q in find(None, NamedNode(ENT + "passage"), node, DefaultGraph()):
                values = {v.predicate.value: v.object for v in find(q.subject, None, None, DefaultGraph())}
                parts = [values.get(RDF + name) for name in ("subject", "predicate", "object")]
                if all(part is not None for part in parts):
                    found.append(Triple(*parts))  # type: ignore[arg-type]
        return sorted(found, key=str)

    def _clause(self, said: Sentences, subject: Any, own: Sequence[Triple]) -> Clause | None:
        """The clause of a thing by what the passage says of it, and by its names and kinds."""
        self._scope, self._own, self._about = subject if isinstance(subject, NamedNode) else None, {}, {}
        for t in own:
            self._own.setdefault(t.predicate, []).append(Quad(t.subject, t.predicate, t.object, self._article))
        about = self._context.store.quads_for_pattern
        self._is_term = any(True for _ in (about(self._scope, None, None, _ONTOLOGY) if self._scope else ()))
        clause = said.clause_anew(subject)
        self._scope = None
        return clause

    def _told(self, scope: NamedNode, predicate: NamedNode | None) -> list[Quad]:
        """What the passage says of the thing in question by a predicate, with its names and kinds; None for any."""
        if (known := self._about.get(predicate)) is None:
            own = self._own
            known = [q for found in own.values() for q in found] if predicate is None else [*own.get(predicate, ())]
            self._about[predicate] = known
            kept = _ELSEWHERE if not own.keys().isdisjoint(_STATUS) else _ELSEWHERE | _CURRENT
            find = self._context.store.quads_for_pattern
            for each in kept if predicate is None else [predicate]:
                if each in kept or self._is_term:
                    known += find(scope, each, None, None if each in kept else _ONTOLOGY)
        return known

    def _match(self, subject: Any, predicate: Any, value: Any) -> Iterable[Quad]:
        """The quads of the dataset, but of the thing in question only what the passage says, its names and kinds."""
        if predicate == SUBJECT and value == self._scope is not None:
            return []  # what its speakers claim elsewhere
        if self._scope is not None and subject == self._scope:
            found = self._told(self._scope, predicate)
            return found if value is None else [q for q in found if q.object == value]
        if subject is None and predicate == _READ:
            subject = self._article  # when others were read is not known to it
        return self._context.store.quads_for_pattern(subject, predicate, value, None)


def _without_unquoted(pieces: Iterable[marks.Piece]) -> Iterator[marks.Piece]:
    """The pieces, with an ellipsis for the words of those in no passage."""
    for piece in pieces:
        is_quoted = any(s.kind in ("stated", "reported") for s in piece.spans) or not any(map(str.isalnum, piece.text))
        yield piece if is_quoted else piece._replace(text=" […] ")


def _kind(kind: str) -> str:
    return "paragraph" if kind == "sentence" else kind


def _described(context: "Context", node: NamedNode) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for q in context.store.quads_for_pattern(node, None, None, DefaultGraph()):
        found.setdefault(q.predicate.value, []).append(q.object)
    return found


def _span(values: dict[str, list[Any]]) -> tuple[int, int]:
    start, end = (int(values[ENT + name][0].value) for name in ("textStart", "textEnd"))
    return start, end


def articles(context: "Context") -> list[str]:
    """The names of all articles, those with the latest reading date first."""
    rows = context.store.quads_for_pattern(None, NamedNode(ENT + "readingDate"), None, DefaultGraph())
    days = {q.subject.value: q.object.value for q in rows if isinstance(q.subject, NamedNode)}  # type: ignore[union-attr]
    kinds = context.store.quads_for_pattern(None, NamedNode(RDF_TYPE), NamedNode(ENT + "Article"), DefaultGraph())
    found = {q.subject.value for q in kinds if isinstance(q.subject, NamedNode)}
    named = (iri for iri in found if iri.startswith(ARTICLE) and local_name(iri) == iri.removeprefix(ARTICLE))
    return [iri.removeprefix(ARTICLE) for iri in sorted(sorted(named), key=lambda i: days.get(i, ""), reverse=True)]
