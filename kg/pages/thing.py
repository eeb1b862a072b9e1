"""The page of a thing: what is said of it as sentences by role, what follows from that, and what others say of it.

A long page is cut into several, so that none is too large to open at once.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from pyoxigraph import DefaultGraph, NamedNode, RdfFormat, Triple, serialize

from kg.pages.facts import Facts, Part, Shown
from kg.pages.links import THINGS, Links
from kg.provenance import why
from kg.provenance.describe import OWN, Description, Said, Teller
from kg.provenance.neighbours import neighbours
from kg.provenance.receipts import ASSERTED, BACKED, COMPUTED, INFERRED, REPORTED
from kg.rdf.namespaces import ENT, PREFIXES, RDF, SKOS, compact

if TYPE_CHECKING:
    from kg.provenance.context import Context

PAGE_BYTES = 55_000  # of the facts of one page
_FIRST_BYTES = 140_000  # of picture, leading facts, aliases and facts on the first page; the rest is less than 10 kB
_LEADING_BYTES = 20_000  # of the leading facts
_FEWEST_BYTES = 15_000  # of the facts of the first page, for which there is room whatever else stands there
_MOST_PROOFS = 40  # on one page; other inferred facts are told without theirs
_LEADING = 4  # facts that are told first
_MOST_KEPT = 10_000  # facts whose HTML is kept
_MATCHES = tuple(SKOS + name for name in ("exactMatch", "closeMatch", "broadMatch", "narrowMatch", "relatedMatch"))
_DAYS = tuple(NamedNode(ENT + name) for name in ("firstDay", "lastDay", "readingDate"))
SECTIONS = {
    ASSERTED: "What articles say",
    OWN: "Says",
    INFERRED: "What follows",
    REPORTED: "What others say",
    BACKED: "From background",
    COMPUTED: "Computed",
}


class Row(NamedTuple):
    """A fact on the page of a thing: its section, its group within that, and itself as HTML."""

    section: str
    group: str
    kind: str
    html: str


class Group(NamedTuple):
    """The facts of one role, as HTML."""

    title: str
    kind: str
    facts: list[str]


class Writer:
    """Writes facts as they stand on pages of things: links lead there alike, so what was written is kept for others."""

    def __init__(
        self, context: "Context", static: bool, has_page: Callable[[str], bool] | None, write: Callable[[Shown], str]
    ) -> None:
        """`write` makes HTML of a fact that is ready to be shown; for the rest see `Facts`."""
        self.context, self.teller, self._write = context, Teller(context), write
        self._facts = Facts(context, Links(f"{THINGS}_/", static=static), has_page)  # the name of no page
        self._kept = dict[tuple[object, ...], str]()

    def html(self, said: Said, thing: NamedNode, *, proof: bool = False) -> str:
        """A fact as HTML for the page of a thing, which has no link to itself."""
        fact, told = said.fact, said.told
        is_about = fact.triple.subject == thing
        one = fact.triple if proof or fact.triple not in told else None  # else it is told alike, whichever led there
        known = fact.status, fact.passages, fact.source, fact.backed
        key = (said.sentence, fact.triple.subject, one, told, *known, proof, is_about)
        if (found := self._kept.get(key)) is None:
            if len(self._kept) >= _MOST_KEPT:
                self._kept.clear()
            tree = why.prove(self.context, fact.triple) if proof else None
            shown = self._facts.shown(said.sentence, fact, told, proof=tree)
            found = self._kept[key] = self._write(shown._replace(about=Part("")) if is_about else shown)
        before, *others = found.split(f'<a href="{self._facts.link(thing.value)}">')
        return type(found)("".join([before, *(part.replace("</a>", "", 1) for part in others)])) if others else found


class ThingPage:
    """What the graph knows of one thing, in pages."""

    def __init__(
        self, facts: Facts, thing: NamedNode, writer: Writer, picture_bytes: Callable[[], int] = lambda: 0
    ) -> None:
        """`picture_bytes` tells the size of the picture on the first page; it is asked where there are many facts."""
        self._picture_bytes = picture_bytes
        self._context, self._facts, self.thing, self._writer = writer.context, facts, thing, writer
        self._description = Description(self._context, thing, writer.teller)
        self.label = self._context.things.label(thing)
        self.kinds = self._context.things.kinds(thing)
        self.aliases = self._description.aliases
        self.name = compact(thing.value)
        said = [s for s in self._description.said if s.fact.triple.predicate.value not in _MATCHES]
        self._said = sorted(said, key=lambda s: [*SECTIONS].index(self._description.section(s)))
        self.pages = list(self._pages())

    @cached_property
    def leading(self) -> list[str]:
        """The few facts that most passages state, each of another kind, as HTML; where there is room for them."""
        stated = [s for s in self._said if s.fact.status == ASSERTED]
        ranked = sorted(stated, key=lambda s: -len(s.fact.passages))
        first: dict[str, Said] = {}
        for said in ranked:
            first.setdefault(said.fact.triple.predicate.value, said)
        leading = [*first.values()][:_LEADING] if len(stated) > _LEADING else []
        return _fitting((self._writer.html(s, self.thing) for s in leading), _LEADING_BYTES)

    @property
    def elsewhere(self) -> list[Part]:
        """The same thing in other data sets."""
        rows = self._context.store.quads_for_pattern(self.thing, None, None, DefaultGraph())
        found = {q.object.value for q in rows if q.predicate.value in _MATCHES and isinstance(q.object, NamedNode)}
        return [self._facts.source(iri) for iri in sorted(found)]

    @property
    def beside(self) -> list[Part]:
        """Its obvious neighbours."""
        return [self._facts.part(x.value) for x in neighbours(self._context.store, self.thing)]

    def sections(self, number: int) -> list[tuple[str, list[Group]]]:
        """What stands on the page with this number, from 1 on."""
        found = []
        for section, rows in groupby(self.pages[number - 1], key=lambda row: row.section):
            groups = groupby(rows, key=lambda row: (row.group, row.kind))
            found.append((section, [Group(title, kind, [r.html for r in own]) for (title, kind), own in groups]))
        return found

    def _pages(self) -> Iterator[list[Row]]:
        page, size, most = list[Row](), 0, _FEWEST_BYTES
        for row in self._rows():
            length = len(row.html.encode())
            if page and size + length > most == _FEWEST_BYTES:
                beside = self._picture_bytes() + sum(len(text.encode()) for text in (*self.leading, *self.aliases))
                most = min(PAGE_BYTES, max(_FIRST_BYTES - beside, _FEWEST_BYTES + 1))
            if page and size + length > most:
                yield page
                page, size, most = [], 0, PAGE_BYTES
            page.append(row)
            size += length
        yield page

    def _rows(self) -> Iterator[Row]:
        proofs = 0
        for status, own in groupby(self._said, key=self._description.section):
            groups: dict[str, list[Said]] = {}
            for said in own:
                groups.setdefault(self._context.things.label(said.fact.triple.predicate), []).append(said)
            for title, facts in sorted(groups.items(), key=lambda item: (-len(item[1]), item[0])):
                kind = ", ".join(sorted({kind for said in facts for kind in self._kinds(said)}))
                for said in sorted(facts, key=self._day, reverse=True):
                    proofs += status == INFERRED
                    is_proved = status == INFERRED and proofs <= _MOST_PROOFS
                    html = self._writer.html(said, self.thing, proof=is_proved)
                    yield Row(SECTIONS[status], title, kind, html)

    def _kinds(self, said: Said) -> list[str]:
        """The kinds of that in which the thing has a role."""
        subject = said.fact.triple.subject
        is_other = isinstance(subject, NamedNode) and subject != self.thing
        return self._context.things.kinds(subject) if is_other else []  # type: ignore[arg-type]

    def _day(self, said: Said) -> str:
        """The day by which facts are ordered: the last one that is known of what is told."""
        subject, find = said.fact.triple.subject, self._context.store.quads_for_pattern
        days = [q.object.value for p in _DAYS[:2] for q in find(subject, p, None, DefaultGraph())]  # type: ignore[union-attr]
        articles = {p.partition("#")[0] for p in said.fact.passages}
        read = [q.object.value for a in articles for q in find(NamedNode(a), _DAYS[2], None, DefaultGraph())]  # type: ignore[union-attr]
        return max(days or read, default="")


def _fitting(texts: Iterable[str], most: int) -> list[str]:
    """The texts that take no more than so many bytes together, but for those for which there is no room."""
    found, size = list[str](), 0
    for text in texts:
        length = len(text.encode())
        if size + length <= most:
            found.append(text)
            size += length
    return found


def turtle(context: "Context", thing: NamedNode) -> bytes:
    """The statements about a thing in the default graph, and the claims about it, in Turtle; empty where none is."""
    find = context.store.quads_for_pattern
    triples = {q.triple for q in find(thing, None, None, DefaultGraph())}
    triples |= {q.triple for q in find(None, None, thing, DefaultGraph())}
    for role in ("subject", "object"):
        for q in find(None, NamedNode(RDF + role), thing, DefaultGraph()):
            triples |= {x.triple for x in find(q.subject, None, None, DefaultGraph())}
    return written(triples)


def written(triples: "set[Triple] | Sequence[Triple]") -> bytes:
    """Triples in Turtle, sorted, with the prefixes that they need."""
    lines = {str(t): t for t in triples}
    rows, text = [lines[line] for line in sorted(lines)], "\n".join(lines)
    used = {p: ns for p, ns in PREFIXES.items() if f"<{ns}" in text}
    return serialize(rows, format=RdfFormat.TURTLE, prefixes=used) or b"" if rows else b""
