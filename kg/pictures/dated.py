"""What a timeline has marks for: what a compiled dataset dates, with how precisely, how certainly and by whom."""

from collections.abc import Iterable, Sequence
from itertools import zip_longest
from typing import NamedTuple

from pyoxigraph import Literal, NamedNode

from kg.dataset.stated import Stated
from kg.errors import KgError
from kg.pictures.families import ASSERTED, BACKED, INFERRED
from kg.pictures.ties import Ties
from kg.rdf import values
from kg.rdf.namespaces import ARTICLE, BACKGROUND, DCTERMS, ENT, ID, RDF
from kg.text import phrases
from kg.text.verbs import NOT_YET

Span = tuple[str, str]  # the first and the last day that a date may be, in ISO 8601
_CANCELLED = frozenset(ENT + name for name in ("cancelled", "rejected", "shelved"))
_DATES, _LIMITS = ("date", "start", "end"), ("notBefore", "notAfter")
_PREDICATE, _SUBJECT = NamedNode(RDF + "predicate"), NamedNode(RDF + "subject")


class Dated(NamedTuple):
    """A thing with its dates.

    `begins` is when it was or began, `ends` when it ended, each within these days; `lasts` says that it goes on from
    one to the other, and `until` to which day an article knows that it did, where no end is known. `family` and `form`
    are as those of a tie (`kg.pictures.ties.Tie`).
    """

    iri: str
    name: str
    when: str
    family: str
    begins: Span | None
    ends: Span | None
    lasts: bool
    until: str
    form: str
    planned: bool
    cancelled: bool
    speaker: str
    sentence: str
    passages: int
    limit: str = ""

    @property
    def spans(self) -> list[Span]:
        """Within which days something begins or ends."""
        return [span for span in (self.begins, self.ends) if span] + [(self.until, self.until)] * bool(self.until)


class Reading(NamedTuple):
    """An article that was read on a day."""

    day: str
    title: str
    iri: str


def dated(ties: Ties, iri: str = "", most: int = 0) -> tuple[list[Dated], int]:
    """What is dated in a graph, or of a thing, by its first day; of more than `most`, those of which most is said.

    The number is that of all which have a date.
    """
    things = _with_dates(ties)
    if iri:
        near = {iri, *(tie.stated_by for tie in ties.of(iri))}
        things = {thing: count for thing, count in things.items() if thing in near}
    chosen = sorted(things, key=lambda thing: (things[thing], thing), reverse=True)
    if most and len(chosen) > most:
        chosen = _of_each_kind(ties, chosen)
    found = [x for thing in (chosen[:most] if most else chosen) if (x := dated_thing(ties, NamedNode(thing)))]
    of = len(chosen) if most and len(chosen) > most else len(found)
    return sorted(found, key=lambda x: (x.spans[0], x.spans[-1], x.iri)), of


def _of_each_kind(ties: Ties, things: Sequence[str]) -> list[str]:
    """Things with the first of each family first, then the second of each, and so on."""
    families: dict[str, list[str]] = {}
    for thing in things:
        families.setdefault(ties.family(NamedNode(thing)), []).append(thing)
    return [x for row in zip_longest(*(families[f] for f in sorted(families))) for x in row if x]


def readings(ties: Ties) -> list[Reading]:
    """The articles of a graph by their reading dates."""
    found = []
    for q in ties.find(None, NamedNode(ENT + "readingDate"), None):
        titles = [t.object.value for t in ties.find(q.subject, NamedNode(DCTERMS + "title"), None)]
        name = q.subject.value.removeprefix(ARTICLE)
        found.append(Reading(q.object.value, min(titles, default=name), q.subject.value))
    return sorted(found)


def _with_dates(ties: Ties) -> dict[str, tuple[int, str]]:
    """The things that have a date of their own, each with how many graphs state something of it, and its last date."""
    found: dict[str, str] = {}
    for name in (*_DATES, *_LIMITS):
        for q in ties.known.match(None, NamedNode(ENT + name), None):
            iri = getattr(q.subject, "value", "")
            if iri.startswith(ID):
                found[iri] = max(found.get(iri, ""), q.object.value)
        for q in ties.find(None, _PREDICATE, NamedNode(ENT + name)):
            for subject in ties.find(q.subject, _SUBJECT, None):
                found.setdefault(subject.object.value, "")
    return {
        iri: (len({q.graph_name for q in ties.known.match(NamedNode(iri), None, None)}), day)
        for iri, day in found.items()
    }


def dated_thing(ties: Ties, thing: NamedNode) -> Dated | None:
    """A thing with its dates; None where they are none."""
    said = ties.said(thing)
    known = said.known
    dates, starts, ends = ([_span(x) for x in known.dates(thing, ENT + name)] for name in _DATES)
    begins = _joined([*dates, *starts])
    ended = None if dates else _joined(ends)
    limit = ""
    if not (begins or ended):
        begins, limit = _within([_span("".join(known.dates(thing, ENT + name)[:1])) for name in _LIMITS])
    if not (begins or ended):
        return None
    form, speaker, passages = ties.evidence(thing)
    if form == ASSERTED and (graphs := _stating_dates(known, thing)):  # a date may be from elsewhere than its event
        passages = sum(not graph.startswith(BACKGROUND) for graph in graphs)
        form = ASSERTED if passages else BACKED
    tense, statuses = known.tense(thing)
    lasts = not dates and (ended is not None or bool(any(starts)))
    is_open = lasts and not ended
    if lasts and starts == ends:
        lasts = is_open = False
    when = known.when(thing, tense)[0] or ", ".join(map(phrases.date, known.dates(thing, ENT + "end")))
    clause = said.clause(thing)
    name = ties.thing(thing.value).name
    return Dated(
        thing.value,
        name,
        when,
        ties.family(thing),
        begins,
        ended if lasts else None,
        lasts,
        _read(ties, thing) if is_open and tense not in NOT_YET else "",
        form,
        tense in NOT_YET,
        any(getattr(s, "value", "") in _CANCELLED for s in statuses),
        speaker,
        clause.text if clause else f"{phrases.sentence_case(said.name(thing))}, {when}",
        passages if form != INFERRED else 0,
        limit,
    )


def _within(limits: Sequence[Span | None]) -> tuple[Span | None, str]:
    """The days between two limits; where there is one alone, its day, and which it is."""
    first, last = limits
    if first and last:
        return (min(first[0], last[1]), max(first[0], last[1])), ""
    if first:
        return (first[0], first[0]), "first"
    return ((last[1], last[1]), "last") if last else (None, "")


def _stating_dates(known: Stated, thing: NamedNode) -> set[str]:
    """The graphs that state a date of a thing."""
    quads = (q for name in (*_DATES, *_LIMITS) for q in known.asserted(thing, NamedNode(ENT + name)))
    return {q.graph_name.value for q in quads}  # type: ignore[union-attr]


def _read(ties: Ties, thing: NamedNode) -> str:
    """The latest reading date of what states a thing."""
    passages = {q.graph_name for q in ties.known.match(thing, None, None) if isinstance(q.graph_name, NamedNode)}
    articles = {q.object for p in passages for q in ties.find(p, NamedNode(ENT + "article"), None)}
    days = [q.object.value for a in articles for q in ties.find(a, NamedNode(ENT + "readingDate"), None)]
    return max(days, default="")


def _span(lexical: str) -> Span | None:
    """The days that a date may be; None for what is no date."""
    kind = {4: "gYear", 7: "gYearMonth", 10: "date"}.get(len(lexical.lstrip("-")), "dateTime")
    return span(Literal(lexical, datatype=NamedNode(f"http://www.w3.org/2001/XMLSchema#{kind}")))


def span(term: object) -> Span | None:
    """The first and the last day that a literal may be; None for one that is no date of the years 1 to 9999."""
    if isinstance(term, Literal):
        try:
            return values.bounds(term)
        except KgError:
            return None
    return None


def _joined(spans: Iterable[Span | None]) -> Span | None:
    """From the first day of some dates to the last."""
    known = [x for x in spans if x]
    return (min(a for a, _ in known), max(b for _, b in known)) if known else None
