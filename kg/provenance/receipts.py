"""Receipts: the passages on which a fact rests, with their quotes, places and speakers (model, rules 1 to 8).

In tables, in HTML and in Markdown they are footnotes, numbered in the order in which they are met.
"""

from collections.abc import Collection, Iterable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, Triple

from kg.dataset.stated import value
from kg.rdf.namespaces import BACKGROUND, DCTERMS, ENT, INFERRED_GRAPH, RDF, RDF_TYPE, local_name
from kg.rdf.terms import QuadStore, Term

if TYPE_CHECKING:
    from kg.dataset.labels import Labels

ASSERTED, BACKED, INFERRED, COMPUTED = "asserted", "background", "inferred", "computed"
REPORTED = "reported"
_MAX_NOTE = 96  # characters of a note in a table
_TYPE, _PASSAGE, _QUOTE = NamedNode(RDF_TYPE), NamedNode(ENT + "Passage"), NamedNode(ENT + "quote")
_SPEAKER = NamedNode(ENT + "speaker")


class Mentioned(NamedTuple):
    """Words of a quote, and the IRIs of the things that they mean (model, rule 30)."""

    text: str
    things: tuple[str, ...]


class Occasion(NamedTuple):
    """At what something was said: the IRIs of the event and of its places; its date as a literal has it, or nothing."""

    event: str
    places: tuple[str, ...] = ()
    date: str = ""


class Receipt(NamedTuple):
    """One quote: its text, the name of its article, the IRI of its passage, its place in code points, its speakers.

    `speakers` are IRIs, none where the article itself speaks, several of a joint statement. `mentions` are the words in
    it that name nobody, in the order of the text. `occasion` is where and when it was said, where the article tells,
    and `accepted` who proposed facts of the passage and who accepted them; data of receipts leave these out.
    """

    text: str
    article: str
    passage: str
    start: int
    end: int
    speakers: tuple[str, ...]
    mentions: tuple[Mentioned, ...] = ()
    occasion: Occasion | None = None
    accepted: str = ""

    def json(self) -> dict[str, Any]:
        """The receipt as data."""
        mentions = [mention._asdict() for mention in self.mentions]
        found = {**self._asdict(), "speakers": list(self.speakers), "mentions": mentions}
        return {name: value for name, value in found.items() if name not in ("occasion", "accepted")}


def quoted(receipt: Receipt, things: "Labels", companions: Collection[str] = ()) -> str:
    """A quote with its speaker and its place; one of the companions says that others are read with it."""
    lead = "read with " * (receipt.passage in companions)
    mentions = f", where {meant(receipt, things)}" if receipt.mentions else ""
    return f"{lead}“{receipt.text}” ({place(receipt, things)}){mentions}"


def meant(receipt: Receipt, things: "Labels") -> str:
    """What words of a quote mean that name nobody: `“The two presidents” means Putin and Erdogan`."""
    rows = (f"“{m.text}” means {' and '.join(things.label(NamedNode(t)) for t in m.things)}" for m in receipt.mentions)
    return "; ".join(rows)


def place(receipt: Receipt, things: "Labels", to: str = "–") -> str:
    """Who says a quote, on what occasion, and where it is: `Putin, Ankara, 3 April 2018, 2018-04-x, characters 1–9`."""
    said = [said_by(receipt, things)] if receipt.speakers else []
    if receipt.occasion:
        from kg.text import phrases

        event, places, date = receipt.occasion
        said += [things.label(NamedNode(iri)) for iri in places or ([] if date else [event])]
        said += [phrases.date(date)] if date else []
    return ", ".join([*said, receipt.article, f"characters {receipt.start}{to}{receipt.end}"])


def said_by(receipt: Receipt, things: "Labels") -> str:
    """Who says a quote: `Putin and Erdogan`; empty where the article itself does."""
    return " and ".join(things.label(NamedNode(speaker)) for speaker in receipt.speakers)


class Fact(NamedTuple):
    """A triple, its status (`asserted`, `reported`, `background`, `inferred`, `computed`), and its receipts.

    `passages` are the IRIs of those that state it; the receipts are theirs, and those of the passages that they are
    read with. `source` is the address from which background comes. `naming` are those of the passages that only say
    what something is, or is called, and `backed` the predicates (IRIs) that of a whole sentence only background states.
    """

    triple: Triple
    status: str
    receipts: tuple[Receipt, ...] = ()
    source: str = ""
    passages: tuple[str, ...] = ()
    naming: frozenset[str] = frozenset()
    backed: tuple[str, ...] = ()


class Note(NamedTuple):
    """What a row rests on beside its passages: its kind, its text, and what that means in words, if it is SPARQL.

    `absence`: what the graph does not have. `aggregate`: what was counted or chosen, from how many rows. `background`:
    the address of a source. Of a row without these: `article` and `data`, what describes an article or comes without
    a passage; `ontology`, the ontology alone; `query`, what the query itself gives; `unknown`, where no witness was
    found.
    """

    kind: str
    text: str
    words: str = ""


class Attribution(NamedTuple):
    """On what one row rests: its passages by IRI, their receipts and those that they are read with, and notes.

    Passages are in the order of the text, those last that do no more than name or classify a thing; where others say
    more, these are `naming`.
    """

    passages: tuple[str, ...] = ()
    receipts: tuple[Receipt, ...] = ()
    notes: tuple[Note, ...] = ()
    naming: frozenset[str] = frozenset()


def _accepted(about: Iterable[Quad]) -> str:
    """“Facts proposed by rules, accepted by Ada Holm”; empty where nothing was proposed."""
    told: dict[str, set[str]] = {}
    for q in about:
        told.setdefault(local_name(q.predicate.value), set()).add(value(q.object))
    parts = (("facts proposed by", told.get("proposedBy")), ("accepted by", told.get("acceptedBy")))
    return ", ".join(f"{how} {' and '.join(sorted(names))}" for how, names in parts if names)


class Receipts:
    """Looks receipts up in a compiled dataset."""

    def __init__(self, store: QuadStore) -> None:
        self._store = store

    def passage(self, passage: NamedNode) -> Receipt | None:
        """The receipt of one passage; None for what is no passage."""
        if not any(True for _ in self._store.quads_for_pattern(passage, _QUOTE, None, DefaultGraph())):
            return None  # most things are none, and may have many triples
        about = [*self._store.quads_for_pattern(passage, None, None, DefaultGraph())]
        values = {q.predicate.value: q.object for q in about}
        quote, start, end = (values.get(ENT + name) for name in ("quote", "textStart", "textEnd"))
        if not (isinstance(quote, Literal) and isinstance(start, Literal) and isinstance(end, Literal)):
            return None
        article = getattr(values.get(ENT + "article"), "value", "")
        speakers = tuple(sorted(value(q.object) for q in about if q.predicate == _SPEAKER))
        span = int(start.value), int(end.value)
        at = values.get(ENT + "saidAt")
        occasion = self._occasion(at) if isinstance(at, NamedNode) else None
        mentions, accepted = self._mentions(passage), _accepted(about)
        return Receipt(quote.value, local_name(article), passage.value, *span, speakers, mentions, occasion, accepted)

    def _occasion(self, event: NamedNode) -> Occasion:
        rows = [*self._store.quads_for_pattern(event, None, None, DefaultGraph())]
        of: dict[str, list[str]] = {}
        for q in rows:
            of.setdefault(local_name(q.predicate.value), []).append(getattr(q.object, "value", ""))
        dates = sorted(
            of.get("date") or of.get("start", []), key=lambda date: (-len(date), date)
        )  # the most precise one first
        return Occasion(event.value, tuple(sorted(of.get("place", []))), next(iter(dates), ""))

    def _mentions(self, passage: NamedNode) -> tuple[Mentioned, ...]:
        """The mentions in a passage, in the order of the text."""
        found: list[tuple[int, Mentioned]] = []
        for q in self._store.quads_for_pattern(None, NamedNode(ENT + "mentionIn"), passage, DefaultGraph()):
            rows = [*self._store.quads_for_pattern(q.subject, None, None, DefaultGraph())]
            values = {row.predicate.value: str(getattr(row.object, "value", "")) for row in rows}
            things = (str(getattr(row.object, "value", "")) for row in rows if row.predicate.value == ENT + "refersTo")
            start = int(values.get(ENT + "textStart") or 0)
            found.append((start, Mentioned(values.get(ENT + "quote", ""), tuple(sorted(things)))))
        return tuple(mentioned for _, mentioned in sorted(found))

    def with_companions(self, passage: NamedNode) -> list[Receipt]:
        """The receipt of a passage, then those of the passages that it is read with (model, rule 3)."""
        companions = self._store.quads_for_pattern(passage, NamedNode(ENT + "readWith"), None, DefaultGraph())
        others = sorted((q.object for q in companions if isinstance(q.object, NamedNode)), key=lambda n: n.value)
        found = (self.passage(p) for p in [passage, *others])
        return [receipt for receipt in found if receipt]

    def fact(self, triple: Triple) -> Fact:
        """A triple of the default graph with its status and receipts."""
        graphs = self.named_graphs(triple)
        if passages := [g for g in graphs if self.is_passage(g)]:
            return self._quoted(triple, ASSERTED, self.best_first(triple.subject, passages))
        background = sorted(g.value for g in graphs if g.value.startswith(BACKGROUND))
        if background:
            return Fact(triple, BACKED, source=self.source(background[0]))
        return Fact(triple, INFERRED if NamedNode(INFERRED_GRAPH) in graphs else COMPUTED)

    def best_first(
        self, thing: Term, passages: Iterable[NamedNode], told: Mapping[str, int] | None = None
    ) -> list[NamedNode]:
        """Passages in the order in which they state a thing, as ent:statedIn has it: the best one first.

        `told` says how much of what is told of it each passage states, by its IRI: of sentences, the one with most
        comes first.
        """
        found = sorted(set(passages), key=lambda p: p.value)
        if len(found) < 2:
            return found
        from kg.dataset.computed import mentioning_in

        states = {p: mentioning_in(thing, p, self._store) for p in found}
        much = told or {}
        return sorted(found, key=lambda p: (states[p].is_naming, states[p].order[:1], -much.get(p.value, 0), states[p]))

    def named_graphs(self, triple: Triple) -> list[NamedNode]:
        """The named graphs that hold a triple."""
        rows = self._store.quads_for_pattern(triple.subject, triple.predicate, triple.object, None)
        return [q.graph_name for q in rows if isinstance(q.graph_name, NamedNode)]

    def is_passage(self, graph: NamedNode) -> bool:
        """Whether a named graph is that of a passage."""
        return Quad(graph, _TYPE, _PASSAGE) in self._store

    def claims_about(self, thing: Term) -> list[Fact]:
        """The reported claims with a thing as subject or object, and those that it makes itself."""
        found, find = dict[Fact, None](), self._store.quads_for_pattern
        for role in (RDF + "subject", RDF + "object", ENT + "claimedBy"):
            for q in find(None, NamedNode(role), thing, DefaultGraph()):
                values = {v.predicate.value: v.object for v in find(q.subject, None, None, DefaultGraph())}
                passage = values.get(ENT + "passage")
                if isinstance(passage, NamedNode):
                    parts = (values[RDF + part] for part in ("subject", "predicate", "object"))
                    found[self._quoted(Triple(*parts), REPORTED, [passage])] = None  # type: ignore[arg-type]
        return sorted(found, key=lambda f: (str(f.triple), f.receipts))

    def claimed(self, triple: Triple, passages: Iterable[str]) -> Fact:
        """A triple that is claimed in these passages."""
        return self._quoted(triple, REPORTED, list(map(NamedNode, passages)))

    def _quoted(self, triple: Triple, status: str, passages: list[NamedNode]) -> Fact:
        quotes = (receipt for p in passages for receipt in self.with_companions(p))
        return Fact(triple, status, tuple(dict.fromkeys(quotes)), passages=tuple(p.value for p in passages))

    def source(self, graph: str) -> str:
        """The address from which a background graph comes; nothing for what is none."""
        if not graph.startswith(BACKGROUND):
            return ""
        found = self._store.quads_for_pattern(NamedNode(graph), NamedNode(DCTERMS + "source"), None, DefaultGraph())
        return min((q.object.value for q in found if isinstance(q.object, NamedNode)), default="")


class Footnotes:
    """Numbers passages and notes in the order in which they are first met, and writes what each number stands for."""

    def __init__(self, receipts: Receipts, things: "Labels") -> None:
        self._receipts, self.things = receipts, things
        self._numbers: dict[str | Note, int] = {}
        self._naming = False

    def mark(self, key: str | Note, before: str = "[", after: str = "]") -> str:
        """The number of a passage, given by its IRI, or of a note, as it stands in a table: `[1]`."""
        key = key if isinstance(key, str) else _in_words(key)  # the same words have one number
        return f"{before}{self._numbers.setdefault(key, len(self._numbers) + 1)}{after}"

    def marks(self, found: Attribution) -> str:
        """The numbers of the passages and notes of a row; in round brackets those that only name or classify."""
        self._naming |= bool(found.naming)
        passages = (self.mark(p, *"()" if p in found.naming else "[]") for p in found.passages)
        return " ".join(dict.fromkeys([*passages, *map(self.mark, found.notes)]))  # two notes may say the same

    def html(self, keys: Iterable[str | Note], naming: Collection[str | Note] = ()) -> str:
        """Their numbers as HTML, those of `naming` in round brackets; each shows what it stands for on hover."""
        from kg import html

        self._naming |= bool(naming)
        marks = ((self.mark(key, *"()" if key in naming else "[]"), self._text(key)) for key in keys)
        return " ".join(html.span(mark, "mark", hover) for mark, hover in marks)

    def html_texts(self) -> str:
        """What the numbers stand for, as HTML."""
        from kg import html

        return html.footnotes(self.texts(), self.legend())

    def texts(self) -> list[str]:
        """What the numbers stand for, from the first on."""
        return list(map(self._text, self._numbers))

    def _text(self, key: str | Note) -> str:
        return self._quoted(key) if isinstance(key, str) else _shortened(noted(_in_words(key)))

    def legend(self) -> str:
        """What the round brackets mean, where there are any."""
        return "(n) says what something is, or is called." if self._naming else ""

    def _quoted(self, passage: str) -> str:
        """The quote of a passage, its speaker and place, and what it is read with, by number where that has one."""
        receipt, *companions = self._receipts.with_companions(NamedNode(passage))
        numbers = self._numbers
        others = [f"[{numbers[c.passage]}]" if c.passage in numbers else f"“{c.text}”" for c in companions]
        return quoted(receipt, self.things) + (f", read with {' and '.join(others)}" if others else "")


def _shortened(text: str) -> str:
    """The beginning of a note that is long, as an absent pattern may be; JSON and CSV have it whole."""
    if len(text) <= _MAX_NOTE or len(text.split(" ", 2)) < 3:  # an address is of use as a whole
        return text
    return f"{text[:_MAX_NOTE].rsplit(' ', 1)[0]} …"


def _in_words(note: Note) -> Note:
    return Note(note.kind, note.words or note.text)


def noted(note: Note) -> str:
    """A note as a line of text."""
    return f"{note.kind}: {note.text}"
