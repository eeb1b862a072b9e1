"""Drafts what the names of a text stand for: things with a class and a label, who holds which office, and quantities.

A name that the graph knows is the thing of that name; a new one gets the class for which the words around it speak,
anywhere in the text: a title before a person, a noun at the end of an organisation's name, an adjective of a state.
Where they speak for no narrow class, a broad one is drafted. Each draft is a proposal, judged and reviewed as any.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import NamedTuple

from pyoxigraph import Literal, NamedNode, Triple

from kg.dataset.build import Build
from kg.dataset.computed import broader
from kg.drafting.gazetteer import Gazetteer, entries
from kg.rdf.namespaces import ALT_LABEL, ENT, ID, RDF_TYPE, RDFS_LABEL, XSD, local_name
from kg.rdf.terms import iri, value
from kg.source.article import Evidence, Passage
from kg.source.proposals import Proposal
from kg.text import segments
from kg.text.amounts import Amount, find_amounts, lexical
from kg.text.dates import find_dates
from kg.text.forms import ORGANISATION, OTHER, PERSON, PLACE, NameMatcher, flat, forms
from kg.text.names import ProperNames
from kg.text.normalisation import primary_language

Span = tuple[int, int]


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_TITLES = (
    "prime minister|vice[- ]president|president|premier|chancellor|governor|mayor|chairman|chairwoman|chair|king|queen"
    "|emir|sultan|secretary-general|(?:(?:defen[cs]e|economy|energy|finance|foreign|health|interior|justice|trade|oil"
    "|transport|water) )?minister(?: of [A-Z][a-z]+)?|ambassador|professor|analyst|researcher|hydrologist|economist"
    "|spokes(?:man|woman)|lawyer|general secretary|director"
)
_LEADING = re.compile(r"(?:prime minister|premier|chancellor|king|queen|emir|sultan)\Z")  # of a state
_HEADS = re.compile(r"(?:governor|mayor|chairman|chairwoman|chair|secretary-general|director)\Z")
_TITLE = re.compile(rf"(?<![\w-])(?ai:{_TITLES})s?(?![\w-])")
_ADDRESS = re.compile(rf"(?:\b(?i:{_TITLES}|mr|mrs|ms|dr|sir|counterpart|leader)s?\.?)\s\Z")
_SAYS = re.compile(r"\A(?:,[^,]{1,80},)? (?:said|says|told|added|warned|wrote|denied|argued|insisted)\b")
_OF_SAYING = re.compile(r"(?:said|says|according to|told by)\s\Z")
_AFTER_TITLE = re.compile(rf"\A,? (?:\([^)]*\),? )?(?:a|an|the|who is|former)? ?(?:[\w’']+ ){{0,3}}?(?i:{_TITLES})\b")
_OWNS_TITLE = re.compile(rf"\A[’']s? (?:former )?(?i:{_TITLES})\b|\A[’']s? (?:capital|government|troops|border|army)\b")
_CAPITAL = re.compile(r"(?:capital(?: of|,)?|city of)\s\Z")
_PORT = re.compile(r"\bport of\s\Z")
_IN = re.compile(r"\b(?:in|at|near|from|outside)\s\Z")
_STATE = re.compile(r"\b(?:neighbouring|neighboring|Kingdom of|Republic of)\s\Z")
_REPORTER = re.compile(r"\b(?:By|by|Reporting by|Editing by|Writing by)\s\Z")
_ORGANISATIONS = _set(
    "agency association authority bank board chamber commission committee company corporation council federation"
    " foundation front fund group institute institution league ministry movement network organisation organization"
    " party pact union university"
)
_COMPANIES = _set("hydro oil gas energy power electric corp inc ltd plc holding airlines motors steel")
_PLACES = _set("valley mountain mountains hills bay cape coast desert forest lake peninsula region castle")
_BEGIN_PLACES = _set("lake mount cape port")
_BOUNDS = {
    "atLeast": ("at least", "no less than", "no fewer than", "minimum"),
    "atMost": ("up to", "at most", "no more than", "maximum"),
    "moreThan": ("more than", "over", "above"),
    "lessThan": ("less than", "fewer than", "under", "below", "almost", "nearly"),
    "approximately": ("about", "around", "roughly", "some", "approximately", "an estimated"),
}


class Named(NamedTuple):
    """Words of a quote, from `start` to `end`, and the thing that they name; `exact` if they are a name of it."""

    start: int
    end: int
    thing: str
    kind: str
    exact: bool = True


class Drafted(NamedTuple):
    """A thing of the text: its class, its name, and whether it was known before."""

    thing: str
    kind: str
    name: str
    known: bool


class ThingDrafts:
    """The drafts for one article, passage by passage in the order of its text."""

    def __init__(self, made: Build, article: Evidence, known: Gazetteer, language: str) -> None:
        """Take a graph with the article in it, and what is known by name without it."""
        self._known, self._article = known, article
        self._english = primary_language(language) == "en"
        self._text = segments.unwrap(article.article.text)
        self._broader = {iri(k): {iri(x) for x in v} for k, v in broader(made.ontology).items()}
        self._names = ProperNames(self._text, segments.segments(self._text), language)
        others = (e for e in made.evidence if e is not article)
        self._taken = {iri(t.subject) for e in others for p in e.passages for t in p.triples}
        own = [t for p in article.passages for t in p.triples]
        self._own = {value(t.object): iri(t.subject) for t in own if t.predicate.value in (RDFS_LABEL, ALT_LABEL)}
        self._things: dict[str, Drafted] = {}  # by name
        self._introduced: set[str] = set()
        self._counts: Counter[str] = Counter()

    def proposals(self) -> list[Proposal]:
        """All drafts; nothing that the article states already is left out here."""
        passages = [p for p in self._article.passages if p.quote]
        if self._english:
            for passage in passages:
                for name in self._new_names(passage):
                    self._things.setdefault(name, self._classified(name))
        found: list[Proposal] = []
        for passage in passages:
            found += self._of_passage(passage)
        return found

    # Names

    def _new_names(self, passage: Passage) -> list[str]:
        quote = passage.quote
        known = [(m.start, m.end) for names in (self._known.things, self._known.people) for m in names.find(quote)]
        other: list[Span] = [(start, end) for start, end, _ in find_dates(quote)]
        other += [m.span() for m in _TITLE.finditer(quote)]
        other += [(a.start, a.end) for a in find_amounts(quote, english=True) if a.numbers]
        return [self._whole_name(quote, name) for name in self._names.new(quote, known, other)]

    def _whole_name(self, quote: str, name: str) -> str:
        """A name with the noun of a class after it: “Lake Oren nuclear power plant”."""
        end = quote.find(name) + len(name)
        for match in self._known.classes.find_all(quote[end:].lower()):
            between = quote[end : end + match.start]
            if between == " " and any(self._is(kind, "InfrastructureProject") for kind in match.iris):
                return quote[quote.find(name) : end + match.end]
        return name

    def _is(self, kind: str, above: str) -> bool:
        return kind == ENT + above or ENT + above in self._broader.get(kind, ())

    def _classified(self, name: str) -> Drafted:
        kind = self._by_noun(name) or self._by_context(name)
        return Drafted(self._iri(name), kind, name, known=False)

    def _iri(self, name: str) -> str:
        if name in self._own:
            return self._own[name]
        words = re.findall(r"[a-z0-9]+", flat(name).lower().replace("’", "'").replace("'s", ""))
        stem = "-".join(words) or "thing"
        thing, number = ID + stem, 1
        while thing in self._taken:
            number += 1
            thing = f"{ID}{stem}-{number}"
        self._taken.add(thing)
        return thing

    def _by_noun(self, name: str) -> str:
        """The class for which a noun at the end or the beginning of a name speaks."""
        lower = name.lower()
        fits = [
            m for m in self._known.classes.find_all(lower) if m.end == len(lower) or re.match(" of ", lower[m.end :])
        ]
        kinds = [
            k for m in fits for k in m.iris if any(self._is(k, a) for a in ("Actor", "Place", "InfrastructureProject"))
        ]
        if kinds:
            return kinds[0]
        last = re.sub(r"\W", "", lower.rsplit(" ", 1)[-1])
        first = lower.split(" ", 1)[0]
        if " " not in name:
            return ""
        if last in _ORGANISATIONS or first in _ORGANISATIONS or last in ("ministry", "bank", "university"):
            return ENT + "Organisation"
        if last in _COMPANIES:
            return ENT + "Company"
        return ENT + "Place" if last in _PLACES or first in ("lake", "mount", "cape", "port") else ""

    def _by_context(self, name: str) -> str:
        """The class for which the words around a name speak, in all places where the text has it."""
        votes: Counter[str] = Counter()
        several = " " in name
        for match in re.finditer(rf"(?<![\w-]){re.escape(name)}(?![\w-])", self._text):
            before = self._text[max(0, match.start() - 60) : match.start()]
            after = self._text[match.end() : match.end() + 100]
            votes.update(_votes(before, after, several=several))
        adjectives = forms(name, PLACE, {}) - {flat(name), flat(name).upper()}
        if not several and any(re.search(rf"\b{re.escape(a)}\b", flat(self._text)) for a in adjectives if a != name):
            votes["State"] += 3
        if votes:
            return ENT + max(votes, key=lambda kind: (votes[kind], kind))
        return ENT + ("Person" if several and name.replace("-", " ").replace(" ", "").isalpha() else "Actor")

    # Passages

    @cached_property
    def _matcher(self) -> NameMatcher:
        pairs = []
        for drafted in self._things.values():
            form = next(
                (
                    f
                    for k, f in (("Person", PERSON), ("Place", PLACE), ("Organisation", ORGANISATION))
                    if self._is(drafted.kind, k)
                ),
                OTHER,
            )
            pairs += [(name, drafted.thing) for name in forms(drafted.name, form, {})]
        return NameMatcher(pairs)

    def named(self, quote: str) -> list[Named]:
        """What the words of a quote name, in order; of names within each other the longest."""
        amounts = [(a.start, a.end) for a in find_amounts(quote, english=self._english)]
        found = sorted(self._names_in(quote), key=lambda n: (n.start, -n.end))
        longest: list[Named] = []
        for n in found:
            apart = not any(start <= n.start and n.end <= end for start, end in amounts)  # no state in “US dollars”
            if apart and (not longest or n.start >= longest[-1].end):
                longest.append(n)
        return longest

    def _names_in(self, quote: str) -> Iterator[Named]:
        drafted = {d.thing: d for d in self._things.values()}
        for m in self._matcher.find_all(flat(quote)):
            for thing in m.iris[:1]:
                exact = quote[m.start : m.end] == drafted[thing].name
                yield Named(m.start, m.end, thing, drafted[thing].kind, exact)
        for names, exact in ((self._known.things, True), (self._known.people, False)):
            for m in names.find_all(quote):
                thing = self._chosen(m.iris, quote, m.start, m.end)
                if thing and (kind := self._kind(thing)):
                    yield Named(m.start, m.end, thing, kind, exact)

    def _kind(self, thing: str) -> str:
        kinds = sorted(self._known.kinds(thing))
        return kinds[0] if kinds else self._sourced.get(thing, "")

    @cached_property
    def _sourced(self) -> dict[str, str]:
        """The classes of the sourced gazetteer, for things that the graph names and does not classify."""
        return {entry.iri: entry.kind for entry in entries()}

    def _chosen(self, things: tuple[str, ...], quote: str, start: int, end: int) -> str:
        """Of several things of one name the one that is meant; empty where the words leave a choice."""
        if len(things) == 1:
            return things[0]
        before = quote[max(0, start - 30) : start]
        place = _IN.search(before) or _CAPITAL.search(before) or re.search(r"\bto\s\Z", before)
        wanted = "Place" if place else "Government"
        fits = [t for t in things if any(self._is(kind, wanted) for kind in self._known.kinds(t))]
        return fits[0] if len(fits) == 1 else ""

    def _of_passage(self, passage: Passage) -> Iterator[Proposal]:
        quote, named = passage.quote, self.named(passage.quote)
        for n in named:
            if n.thing not in self._introduced and not self._is(n.kind, "Office"):
                self._introduced.add(n.thing)
                yield self._thing(passage, n)
        if self._english:
            yield from self._tenures(passage, named)
            for amount in find_amounts(quote, english=True):
                yield from self._quantity(passage, amount)

    def _proposal(
        self, passage: Passage, slug: str, words: Iterable[str], rule: str, triples: list[Triple]
    ) -> Proposal:
        self._counts[slug] += 1
        name = f"proposal-{slug}" + (f"-{self._counts[slug]}" if self._counts[slug] > 1 else "")
        return Proposal(name, passage.iri, tuple(dict.fromkeys(words)), f"rule: {rule}", tuple(dict.fromkeys(triples)))

    def _thing(self, passage: Passage, n: Named) -> Proposal:
        words = passage.quote[n.start : n.end]
        triples = [_typed(n.thing, n.kind)]
        if n.exact:
            labels = self._known.labels_of(n.thing) if hasattr(self._known, "labels_of") else set()
            triples.append(_labelled(n.thing, words, ALT_LABEL if labels and words not in labels else RDFS_LABEL))
        rule = "a known name" if n.thing not in {d.thing for d in self._things.values()} else "a new name"
        return self._proposal(passage, local_name(n.thing), [words], rule, triples)

    # Offices

    def _tenures(self, passage: Passage, named: list[Named]) -> Iterator[Proposal]:
        quote = passage.quote
        persons = [n for n in named if self._is(n.kind, "Person")]
        bodies = [n for n in named if self._is(n.kind, "State") or self._is(n.kind, "Organisation")]
        for title in _TITLE.finditer(quote):
            found = self._held(quote, title.span(), persons, bodies)
            if found is None:
                continue
            holder, body, start, end = found
            word = title[0].lower().rstrip("s") if title[0].lower() not in ("hydrologists",) else title[0].lower()
            yield self._tenure(passage, holder, body, word, quote[start:end])

    def _held(
        self, quote: str, title: Span, persons: list[Named], bodies: list[Named]
    ) -> tuple[Named, Named | None, int, int] | None:
        """Who holds the office of a title in a quote, of which body, and from where to where its name goes."""
        start, end = title
        before = next((b for b in reversed(bodies) if b.end <= start), None)
        gap = quote[before.end : start] if before else None
        owner = before if gap is not None and re.fullmatch(r"(?:[’']s?)? (?:former )?", gap) else None
        if owner is None and re.search(r"\b(?:its|their)\s(?:former )?\Z", quote[:start]):
            owner, possessive = before, True
        else:
            possessive = False
        first = owner.start if owner and not possessive else start
        if (p := _next(persons, end)) and re.fullmatch(r",? ", quote[end : p.start]):
            after = _next(bodies, p.end)
            if owner is None and after and re.fullmatch(r" of (?:the )?", quote[p.end : after.start]):
                return p, after, start, end
            return (p, owner, first, end) if owner else None
        body = _next(bodies, end)
        if (
            owner is None
            and body
            and re.fullmatch(
                r"(?: of [a-z ]+)?(?:,)? (?:of|at|for|in|with)(?: the)? (?:[A-Z]\w+[’']s )?", quote[end : body.start]
            )
        ):
            owner, last = body, end
            field = re.match(r" of [a-z][a-z ]+?(?= at )", quote[end : body.start])
            last = end + field.end() if field else end
        else:
            last = end
        p = next((x for x in reversed(persons) if x.end <= first), None)
        if (
            p
            and owner
            and owner is not p
            and re.fullmatch(
                r"(?: \([^)]*\))?, (?:a|an|the)? ?", quote[p.end : first if owner.start < start else start]
            )
        ):
            return p, owner, first if owner.start < start else start, last
        return None

    def _tenure(self, passage: Passage, holder: Named, body: Named | None, title: str, words: str) -> Proposal:
        known = self._known.offices.get(title, "")
        kind = known or ENT + ("LeadingOffice" if _LEADING.search(title) else "Office")
        of = local_name(body.thing) if body else "office"
        slug = re.sub(r"[^a-z0-9]+", "-", title)
        office, tenure = f"{ID}{slug}-of-{of}", f"{ID}{local_name(holder.thing).rsplit('-', 1)[-1]}-as-{slug}"
        triples = [
            _typed(tenure, ENT + "Tenure"),
            Triple(NamedNode(tenure), NamedNode(ENT + "holder"), NamedNode(holder.thing)),
            Triple(NamedNode(tenure), NamedNode(ENT + "office"), NamedNode(office)),
            _typed(office, kind),
            _labelled(office, words, ALT_LABEL if known else RDFS_LABEL),
        ]
        if body:
            heads = "heads" if _HEADS.search(title) else "officeOf"
            triples.append(Triple(NamedNode(office), NamedNode(ENT + heads), NamedNode(body.thing)))
            triples.append(_typed(body.thing, body.kind))
        told = [passage.quote[n.start : n.end] for n in (holder, body) if n]
        return self._proposal(
            passage, local_name(tenure), [words, *told], f"a person with the title “{title}”", triples
        )

    # Quantities

    def _quantity(self, passage: Passage, amount: Amount) -> Iterator[Proposal]:
        if len(amount.numbers) != 1 or not amount.measures:
            return
        measures = amount.measures
        if len(measures) > 1 and "USD" not in measures:
            return
        measure = "USD" if "USD" in measures else measures[0]
        words = passage.quote[amount.start : amount.end]
        bound = next((b for b, w in _BOUNDS.items() if amount.qualifier.lower() in w), "") if amount.qualifier else ""
        slug = "-".join([local_name(passage.iri), *re.findall("[a-z0-9]+", flat(words).lower())])
        node = NamedNode(ID + slug)
        number = lexical(amount.numbers[0])
        kind = XSD + ("decimal" if "." in number else "integer")
        triples = [
            _typed(node.value, ENT + "Quantity"),
            _labelled(node.value, words, RDFS_LABEL),
            Triple(node, NamedNode(ENT + "number"), Literal(number, datatype=NamedNode(kind))),
            Triple(node, NamedNode(ENT + "measure"), Literal(measure)),
        ]
        if bound:
            triples.append(Triple(node, NamedNode(ENT + "bound"), NamedNode(ENT + bound)))
        yield self._proposal(passage, slug, [words], "an amount with its measure", triples)


def _next(named: list[Named], at: int) -> Named | None:
    return next((n for n in named if n.start >= at), None)


def _typed(thing: str, kind: str) -> Triple:
    return Triple(NamedNode(thing), NamedNode(RDF_TYPE), NamedNode(kind))


def _labelled(thing: str, words: str, how: str) -> Triple:
    return Triple(NamedNode(thing), NamedNode(how), Literal(words, language="en"))


def _votes(before: str, after: str, *, several: bool) -> Iterator[str]:
    """The classes for which the words before and after a name speak; a weighty one twice."""
    if _REPORTER.search(before) or _ADDRESS.search(before) or (several and _AFTER_TITLE.match(after)):
        yield from ("Person",) * 3
    if _SAYS.match(after) or _OF_SAYING.search(before):
        yield from ("Person",) * (2 if several else 1)
    if _CAPITAL.search(before):
        yield from ("City",) * 4
    if _PORT.search(before):
        yield from ("Place",) * 3
    if _OWNS_TITLE.match(after) or _STATE.search(before):
        yield from ("State",) * 3
    if _IN.search(before):
        yield "Place"
