"""A description of one thing, each fact as a sentence with its quotes beneath; and a listing of all things."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from pyoxigraph import DefaultGraph, NamedNode, Triple

from kg import terminal
from kg.dataset.stated import FACTS, Voice, value
from kg.errors import clean
from kg.provenance.context import Context
from kg.provenance.neighbours import neighbours
from kg.provenance.receipts import (
    ASSERTED,
    BACKED,
    COMPUTED,
    INFERRED,
    REPORTED,
    Fact,
    Footnotes,
    Receipt,
    meant,
    place,
)
from kg.rdf.namespaces import (
    ALT_LABEL,
    ARTICLE,
    DCTERMS,
    ENT,
    ID,
    ONTOLOGY_GRAPH,
    RDF,
    RDF_TYPE,
    RDFS_LABEL,
    SKOS,
    compact,
)
from kg.text import phrases

if TYPE_CHECKING:
    from kg.dataset.labels import Labels
    from kg.dataset.sentences import Sentences

OWN = "own"  # the section of what a thing itself says
_TITLES = {
    ASSERTED: "",
    OWN: "says",
    REPORTED: "said by others",
    INFERRED: "follows from these",
    BACKED: "from background sources",
    COMPUTED: "computed",
}
_OF_EVIDENCE = "about the text"  # the title of what describes an article or a part of one, in place of “computed”
_MAX_NAME = 40  # characters of a name in a listing, before others are no longer aligned
_MOST_KEPT = 20_000  # facts that a teller keeps
_TITLE, _ARTICLE = NamedNode(DCTERMS + "title"), NamedNode(ENT + "article")
_HIDDEN = (RDF_TYPE, RDFS_LABEL, ALT_LABEL, ENT + "computedLabel", DCTERMS + "title")  # shown in the heading
_EVIDENCE = (
    *(RDF + name for name in ("subject", "object", "predicate")),
    *(ENT + name for name in ("passage", "speaker", "claimedBy", "directType")),
    *(ENT + name for name in ("statedIn", "statusStatedIn", "stageStatedIn", "refersTo")),
)


class Listing:
    """All things under `id:` that have a class or stand in a reported claim, ordered by name."""

    def __init__(self, context: Context) -> None:
        things = context.things
        rows = context.store.quads_for_pattern(None, NamedNode(RDF_TYPE), None, DefaultGraph())
        claimed = context.store.quads_for_pattern(None, NamedNode(RDF + "subject"), None, DefaultGraph())
        found = {*(q.subject for q in rows), *(q.object for q in claimed)}
        named = [t for t in found if isinstance(t, NamedNode) and t.value.startswith(ID)]
        self._rows = sorted((compact(t.value), things.label(t), _kinds(context, t)) for t in named)

    def text(self, width: int, color: bool = False) -> str:
        """A line for each: prefixed name, label and classes; never broken, so that names can be copied."""
        names = [clean(name) for name, _, _ in self._rows]
        widths = list(map(terminal.display_width, names))
        column = min(max(widths, default=0), _MAX_NAME)
        gaps = (" " * (max(column - wide, 0) + 2) for wide in widths)
        told = (clean(f"{label} ({', '.join(kinds)})") for _, label, kinds in self._rows)
        return "".join(f"{name}{gap}{text}\n" for name, gap, text in zip(names, gaps, told, strict=True))

    def json(self) -> list[dict[str, Any]]:
        """The same as data."""
        return [{"label": label, "name": name, "kinds": kinds} for name, label, kinds in self._rows]


def _kinds(context: Context, thing: NamedNode) -> list[str]:
    """The classes of a thing; of one that others alone speak of, those that they give it, and that they do.

    Of a term of the ontology, its definition.
    """
    if thing.value.startswith(ENT):
        rows = context.store.quads_for_pattern(thing, NamedNode(SKOS + "definition"), None, NamedNode(ONTOLOGY_GRAPH))
        told = [f"{value(q.object)} " for q in rows]
        return [f"term of the ontology: {''.join(told)}See `kg explain {compact(thing.value)}`."]
    if found := context.things.kinds(thing):
        return found
    return [*(context.things.label(kind) for kind in context.sentences.known.kinds(thing)), _TITLES[REPORTED]]


class _Clause:
    """What the clause of a thing tells, as triples and as facts; the whole of these, once it was asked for."""

    def __init__(self, told: tuple[Triple, ...], others: tuple[Fact, ...]) -> None:
        self.told, self.others = told, others
        self.whole: Fact | None = None


class Teller:
    """Makes facts of triples, and sentences of facts, the same whichever thing is described; what it made is kept."""

    def __init__(self, context: Context) -> None:
        # No cache of a bound method: that would be a circle, which keeps a store open.
        self._context, self._facts, self._known = context, dict[Triple, Fact](), dict[tuple[object, ...], Said]()
        self._clauses = dict[tuple[object, Voice], _Clause]()

    def attributed(self, triple: Triple) -> Fact:
        """A triple as a fact, an inferred or computed one with the receipts of its premises."""
        if (found := self._facts.get(triple)) is None:
            if len(self._facts) >= _MOST_KEPT:
                self._facts.clear()
            found = self._facts[triple] = self._attributed(triple)
        return found

    def _attributed(self, triple: Triple) -> Fact:
        fact = self._context.receipts.fact(triple)
        if fact.status not in (INFERRED, COMPUTED):
            return fact
        found = self._context.attributor.of_triple(triple)
        source = next((note.text for note in found.notes if note.kind == BACKED), "")
        return fact._replace(receipts=found.receipts, source=source, passages=found.passages, naming=found.naming)

    def told(self, fact: Fact) -> "Said":
        """A fact as a sentence, that of a role as the whole to which it belongs, with the receipts of all it tells."""
        key = (fact.triple, fact.status, fact.passages)
        if (found := self._known.get(key)) is None:
            if len(self._known) >= _MOST_KEPT:
                self._known.clear()
            found = self._known[key] = self._told(fact)
        return found

    def _told(self, fact: Fact) -> "Said":
        thing, voice = fact.triple.subject, voice_of(fact)
        sentences = self._context.sentences.said_by(voice)
        clause = sentences.clause(thing)
        if clause and sentences.tells(clause, fact.triple):
            key = thing, voice
            if (known := self._clauses.get(key)) is None:
                if len(self._clauses) >= _MOST_KEPT:
                    self._clauses.clear()
                triples = sentences.told(thing, clause)
                known = self._clauses[key] = _Clause(tuple(triples), tuple(self._others(triples, sentences)))
            return Said(clause.text, self._whole(fact, known), known.told, voice)
        sentence, told = sentences.fact_told(fact.triple)
        whole = self._with(fact, [fact, *self._others(told, sentences)], fact.status)
        return Said(sentence, whole, (fact.triple, *told), voice)

    def _whole(self, fact: Fact, clause: "_Clause") -> Fact:
        """A fact with the receipts of all that is told along with it."""
        others = clause.others
        if fact.status in (ASSERTED, BACKED, REPORTED):
            is_same = fact in others and all(f.status == ASSERTED for f in others)  # with whichever one begins
        else:
            is_same = bool(others)
        if not is_same:
            return self._joint(fact, [fact, *others])
        clause.whole = clause.whole or self._joint(fact, others)
        return clause.whole._replace(triple=fact.triple)

    def _joint(self, fact: Fact, facts: Sequence[Fact]) -> Fact:
        """A fact with the receipts of several, in the most certain way in which one of them is known."""
        found = {f.status for f in facts}
        return self._with(fact, facts, next((s for s in (REPORTED, ASSERTED) if s in found), facts[0].status))

    def _with(self, fact: Fact, facts: Sequence[Fact], status: str) -> Fact:
        """A fact of that status with the receipts and the sources of several, the quote first that states it best."""
        receipts = tuple(dict.fromkeys(r for f in facts for r in f.receipts))
        passages = tuple(dict.fromkeys(p for f in facts for p in f.passages))
        if all(f.status == ASSERTED for f in facts):
            told = Counter(p for f in set(facts) for p in f.passages)
            best = self._context.receipts.best_first(fact.triple.subject, map(NamedNode, passages), told)
            best = self._needed(best, facts, self._main(best, fact))
            passages = tuple(p.value for p in best)
            receipts = tuple(dict.fromkeys(r for p in best for r in self._context.receipts.with_companions(p)))
        sources = ", ".join(dict.fromkeys(f.source for f in facts if f.source))
        stating = {p for f in facts for p in f.passages if p not in f.naming}
        naming = frozenset(p for f in facts for p in f.naming if p not in stating)
        backed = tuple(dict.fromkeys(f.triple.predicate.value for f in facts if f.status == BACKED))
        return fact._replace(
            status=status,
            receipts=receipts,
            passages=passages,
            source=sources,
            naming=naming,
            backed=backed if any(f.status != BACKED for f in facts) else (),
        )

    def _main(self, passages: list[NamedNode], fact: Fact) -> set[str]:
        """Those of the passages of a sentence that say it: they state the fact, or the class whose clause tells it.

        A heading that the two “aim to strengthen” their relationship does not say that it improves.
        """
        thing, sentences = fact.triple.subject, self._context.sentences
        clause = sentences.clause(thing)
        if clause is None or fact.triple.predicate.value not in clause.tells:
            return set(fact.passages)
        found = set[str]()
        for p in passages:
            about = [*self._context.store.quads_for_pattern(thing, None, None, p)]
            kinds = [q.object for q in about if q.predicate.value == RDF_TYPE and isinstance(q.object, NamedNode)]
            if about and (not kinds or any(sentences.has_clause_of(kind, thing) for kind in kinds)):
                found.add(p.value)
        return found

    def _needed(self, passages: list[NamedNode], facts: Sequence[Fact], main: set[str]) -> list[NamedNode]:
        """The passages that say a sentence, and of the others those with something that none of these can show."""
        if not main:
            return passages
        read = {r.passage for p in main for r in self._context.receipts.with_companions(NamedNode(p))}
        rest = {p for f in facts if read.isdisjoint(f.passages) for p in f.passages}
        return [p for p in passages if p.value in main | rest]

    def _others(self, told: list[Triple], sentences: "Sentences") -> list[Fact]:
        """What is told along with a fact by the same voice, but for what is computed."""
        claimed = {x: sentences.known.claims(x) for x in {t.subject for t in told}} if sentences.known.voice else {}
        found: list[Fact] = []
        for t in told:
            if passages := sorted(p.value for p in claimed.get(t.subject, {}).get(t, ())):
                found.append(self._context.receipts.claimed(t, passages))
            elif (fact := self.attributed(t)).status != COMPUTED:
                found.append(fact)
        return found


class Description:
    """All facts and claims about a thing, with their receipts."""

    def __init__(self, context: Context, thing: NamedNode, teller: Teller | None = None) -> None:
        """`teller` may be one that has told of other things in this context."""
        self._context, self._things, self.thing = context, context.things, thing
        self._teller = teller or Teller(context)
        self._sentences = context.sentences
        self._triples = [*_matching(context, thing, None), *_matching(context, None, thing)]
        self._claims = context.receipts.claims_about(thing)

    @property
    def facts(self) -> list[Fact]:
        """All of them, with their receipts; claims come last."""
        return [*map(self._teller.attributed, self._triples), *self._claims]

    def text(self, width: int, color: bool = False) -> str:
        """The facts for a terminal: a heading, then sentences with their quotes."""
        bold, plain = ("\x1b[1m", "\x1b[0m") if color else ("", "")
        shown: set[str] = set()  # passages whose quotes have been shown because others are read with them
        lines = [f"{bold}{clean(self._title)}{plain}  {clean(compact(self.thing.value))}"]
        lines += map(
            clean, filter(None, (", ".join(_kinds(self._context, self.thing)), self._aliases(), self._parts()))
        )
        for title, said in self._sections():
            lines += ["", f"{bold}{title}{plain}"] if title else [""]
            lines += self._section(said, width, shown)
        of_kind = self._things.things_of(self.thing) if self.thing.value.startswith(ENT) else []
        if beside := of_kind or neighbours(self._context.store, self.thing):
            lines += ["", f"{bold}{'its things' if of_kind else 'see also'}{plain}"]
            names = ((compact(x.value), self._things.label(x), ", ".join(_kinds(self._context, x))) for x in beside)
            lines += [clean(f"{label} ({kinds})  {name}") for name, label, kinds in names]
        return "\n".join(lines) + "\n"

    def __repr__(self) -> str:
        return self.text(terminal.terminal_width())

    def _repr_html_(self) -> str:
        """The facts for a notebook: sentences with the numbers of their passages, which are footnotes."""
        from kg import html

        notes = Footnotes(self._context.receipts, self._things)
        kinds = ", ".join(_kinds(self._context, self.thing))
        about = [compact(self.thing.value), kinds, self._aliases(), self._parts()]
        label = html.text(self._title)
        lines = [f"<p><b>{label}</b> {html.span(' · '.join(filter(None, about)), 'quiet')}</p>"]
        for title, said in self._sections():
            lines += [f"<p><b>{html.text(title.capitalize())}</b></p>"] * bool(title)
            lines.append(html.listed(self._html(s.sentence, s.fact, s.speakers, notes) for s in said))
        return html.block(*lines, notes.html_texts())

    def _html(self, sentence: str, fact: Fact, speakers: Iterable[str], notes: Footnotes) -> str:
        """A fact by its form: what was inferred is dashed, and names its proof; what others say is behind a bar."""
        from kg import html

        call = ", ".join(f'"{compact(t.value) if isinstance(t, NamedNode) else t.value}"' for t in fact.triple)
        hover = f"graph.why({call}) shows its proof" if fact.status == INFERRED else ""
        kind = {INFERRED: "inferred", REPORTED: "said", BACKED: "small quiet"}.get(fact.status, "")
        names = [self._things.label(NamedNode(s)) for s in sorted(speakers)]
        said = f"{' and '.join(names)}: " if names else ""
        source = html.span(f" {self._of_source(fact) or 'from '}{fact.source}", "small quiet") if fact.source else ""
        told = html.span(f"{said}{sentence}", kind, hover)
        return f"{told} {notes.html(fact.passages)}{source}"

    def json(self) -> list[dict[str, Any]]:
        """The facts as data: sentence, triple, status, and the receipts and sources of all that the sentence tells."""
        return [
            {
                "sentence": said.sentence,
                "triple": [str(term) for term in fact.triple],
                "status": fact.status,
                "receipts": [r.json() for r in said.fact.receipts],
                "source": said.fact.source,
            }
            for fact, said in ((f, self._teller.told(f)) for f in self.facts)
        ]

    def _sections(self) -> "Iterator[tuple[str, list[Said]]]":
        """The sentences by their status, each group with its title."""
        is_text = self.thing.value.startswith(ARTICLE)
        for status, title in _TITLES.items():
            if said := [s for s in self.said if self.section(s) == status]:
                yield (_OF_EVIDENCE if is_text and status == COMPUTED else title), said

    @property
    def _title(self) -> str:
        found = self._context.store.quads_for_pattern(self.thing, _TITLE, None, DefaultGraph())
        return min((q.object.value for q in found), default="") or self._things.label(self.thing)  # type: ignore[union-attr]

    def _parts(self) -> str:
        """How many parts of each kind an article has, and which questions list them."""
        parts = self._context.store.quads_for_pattern(None, _ARTICLE, self.thing, DefaultGraph())
        kinds = Counter(kind for q in parts for kind in self._things.kinds(q.subject))  # type: ignore[arg-type]
        counts = (f"{n} {phrases.plural(kind) if n > 1 else kind}" for kind, n in sorted(kinds.items()))
        return f"{', '.join(counts)}: see `kg query how-far-read` and `kg query passages`" if kinds else ""

    def _aliases(self) -> str:
        return f"also: {', '.join(self.aliases)}" if self.aliases else ""

    @cached_property
    def aliases(self) -> list[str]:
        """The names of the thing besides its label."""
        label = self._things.label(self.thing)
        rows = [t for t in (*self._triples, *(f.triple for f in self._claims)) if t.subject == self.thing]
        found = {self._things.label(t.object) for t in rows if t.predicate.value in (RDFS_LABEL, ALT_LABEL)}
        return sorted(found - {label})

    @cached_property
    def said(self) -> list["Said"]:
        """What is told of the facts: a clause once for all the roles that it has, with the quotes of all of them.

        What a heading has is left out: classes and names; and what follows, where the same sentence has quotes.
        """
        found: dict[object, Said] = {}
        told = [(triple, FACTS, None) for triple in self._triples]
        for triple, voice, claim in [*told, *((f.triple, voice_of(f), f) for f in self._claims)]:
            predicate = triple.predicate.value
            if predicate in _HIDDEN or self._is_listed_elsewhere(triple):
                continue
            sentences = self._sentences.said_by(voice)
            key = (triple.subject if sentences.tells(sentences.clause(triple.subject), triple) else triple, voice)
            if key not in found:
                found[key] = self._teller.told(claim or self._teller.attributed(triple))
        quoted = {s.sentence for s in found.values() if s.fact.status == ASSERTED}
        return [s for s in found.values() if s.fact.status != INFERRED or s.sentence not in quoted]

    def _is_listed_elsewhere(self, triple: Triple) -> bool:
        """Whether a statement says that a part belongs to the article: the heading counts them."""
        return triple.predicate == _ARTICLE and triple.object == self.thing

    def section(self, said: "Said") -> str:
        """Where a sentence stands: by its status, but apart what the thing itself says."""
        return OWN if said.fact.status == REPORTED and self.thing.value in said.speakers else said.fact.status

    def _section(self, said: Iterable["Said"], width: int, shown: set[str]) -> list[str]:
        """Sentences, and beneath those that rest on the same quotes, these quotes once."""
        groups: dict[tuple[object, ...], list[Said]] = {}
        for one in said:
            groups.setdefault((one.fact.receipts, one.fact.source), []).append(one)
        lines: list[str] = []
        for group in groups.values():
            for sentence in dict.fromkeys(one.sentence for one in group):
                first, *rest = terminal.wrap(sentence, max(width, 20))
                lines += [first, *(f"  {line}" for line in terminal.wrap(" ".join(rest), max(width - 2, 20)) if rest)]
            fact = group[0].fact
            for receipt in fact.receipts:
                lead = "named in " * (receipt.passage in fact.naming)
                lines += self._quoted(receipt, width, None if receipt.passage in fact.passages else shown, lead)
            if fact.source:
                lines.append(f"    {self._of_source(fact)}{fact.source}")
        return [clean(line) for line in lines]

    def _of_source(self, fact: Fact) -> str:
        """Which part of a sentence is that of a background source, where quotes say the rest: “date from ”."""
        return f"{backed_by(fact, self._things)} from " if fact.backed else ""

    def _quoted(self, receipt: Receipt, width: int, shown: set[str] | None, lead: str = "") -> list[str]:
        """A quote and its place; with `shown`, of a passage that others are read with, cut if it was shown before."""
        accepted = f"; {receipt.accepted}" * bool(receipt.accepted)
        where, wide = f"    — {place(receipt, self._things, ' to ')}{accepted}", max(width - 4, 20)
        means = terminal.wrap(meant(receipt, self._things), wide) if receipt.mentions else []
        mentions = [f"    {line}" for line in means]
        if shown is None:
            return [*(f"    {line}" for line in terminal.wrap(f"{lead}“{receipt.text}”", wide)), where, *mentions]
        lines = [f"    {line}" for line in terminal.wrap(f"read with “{receipt.text}”", wide - 3)]  # and an ellipsis
        if receipt.passage in shown and len(lines) > 1:
            return [f"{lines[0]} …”", where]
        shown.add(receipt.passage)
        return [*lines, where, *mentions]


class Said(NamedTuple):
    """A sentence, the fact that it tells, with the receipts of all that it tells, these statements, and who says it.

    `speakers` are IRIs; none where it is no claim.
    """

    sentence: str
    fact: Fact
    told: tuple[Triple, ...]
    speakers: Voice


def voice_of(fact: Fact) -> Voice:
    """Who says a fact: for what is reported, the speakers of its passage."""
    if fact.status != REPORTED:
        return FACTS
    return Voice(speaker for r in fact.receipts if r.passage in fact.passages for speaker in r.speakers)


def backed_by(fact: Fact, things: "Labels") -> str:
    """The properties of a sentence that background gives, where quotes say the rest: “date and place”."""
    return phrases.listed([things.label(NamedNode(p)) for p in fact.backed]) if fact.backed else ""


def _matching(context: Context, subject: NamedNode | None, value: NamedNode | None) -> list[Triple]:
    """Our own facts first, then links to other vocabularies, then what is said about passages and articles."""

    def rank(t: Triple) -> tuple[bool, bool, str]:
        is_ours = str(getattr(t.subject, "value", "")).startswith(ID)
        return not is_ours, t.predicate.value.startswith((SKOS, DCTERMS)), str(t)

    rows = context.store.quads_for_pattern(subject, None, value, DefaultGraph())
    return sorted((q.triple for q in rows if q.predicate.value not in _EVIDENCE), key=rank)
