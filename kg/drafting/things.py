"""Drafts what the names of a text stand for: things with a class and a label, governments, works, offices, quantities.

A name that the graph or the gazetteer knows is the thing of that name; a new one gets the class for which the words
around it speak (`kg.drafting.kinds`). Each draft is a proposal, judged and reviewed as any. Where a sentence tells what
somebody says, names of the article's own words get a narrower passage of these words, which the proposal brings along.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from typing import NamedTuple

from pyoxigraph import Literal, NamedNode, Triple

from kg.dataset.build import Build
from kg.dataset.computed import broader
from kg.drafting import offices, quantities
from kg.drafting.gazetteer import Gazetteer, entries
from kg.drafting.kinds import TITLES, Kinds
from kg.drafting.offices import Name, Office
from kg.drafting.speakers import Place, Places, marked
from kg.rdf.namespaces import ALT_LABEL, ENT, ID, RDFS_LABEL, local_name
from kg.rdf.terms import iri, typed, value
from kg.source.article import Evidence, Passage
from kg.source.proposals import Proposal, free_name
from kg.text import segments, speech
from kg.text.amounts import Amount, find_amounts
from kg.text.dates import find_dates
from kg.text.forms import ORGANISATION, OTHER, PERSON, PLACE, NameMatcher, flat, forms, slug_words
from kg.text.names import ProperNames
from kg.text.normalisation import primary_language
from kg.text.words import FINITE, PREPOSITIONS

Span = tuple[int, int]

_TIME = re.compile(
    r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|(?:Janu|Febru)ary|March|April|May|June|July|August"
    r"|(?:Septem|Octo|Novem|Decem)ber|The|This|That|It|He|She|They|President|King|Queen|Minister|Part(?:y|ies)|Security"
    r"|Reporting|Editing|Writing|Additional"
)
_AGREED = re.compile(r"\b(?:Treaty|Agreement|Accord|Declaration|Communiqué|Memorandum|Protocol|Convention)\b")
_PREPOSITION = re.compile(
    r"\b(?:in|at|near|from|to|of|for|outside|capital,?|city|visit(?:s|ed|ing)?|tour(?:s|ed|ing)?"
    r"|leav(?:e|es|ing)|left|reach(?:es|ed|ing)?|enter(?:s|ed|ing)?|via|towards?|through)\s\Z"
)
_LANDFORM = re.compile(  # before a name of a state, what lies in or beside it: “Lake Malawi”
    r"\b(?:Lake|Mount|River|Cape|Port|Fort|(?:Gulf|Bay|Strait|Sea|University|Bank|Court) of)\s\Z"
)
_ALIAS = re.compile(
    r"[, (]+(?:also |better |formerly |locally |which is )*(?:known|called)(?: locally)?(?: as)? (?:the )?\Z"
)
_CREDIT = re.compile(r"(?:By|Source|Sources|Reporting by)\b:?[^.]*\Z")
_RULE = re.compile(r"\A (?P<noun>government|regime)\b")
_WORK = re.compile(r"(?<![\w’'-])(?:an?|another|one) (?:[a-z-]+ )??\Z", re.IGNORECASE)
# What adjectives of states stand before: its class, and the role in which the state is.
_OF_STATES = {
    "police": ("Organisation", "bodyOf"),
    "parliament": ("Parliament", "bodyOf"),
    "opposition": ("OppositionGroup", ""),
    "warplane": ("MilitaryAircraft", "operator"),
    "jet": ("MilitaryAircraft", "operator"),
    "border": ("Place", "borderOf"),
    "gas": ("Commodity", "origin"),
    "oil": ("Commodity", "origin"),
}
_STATES = re.compile(rf" (?P<noun>{'|'.join(_OF_STATES)})\b")
_NO_NOUN = "|".join(sorted(PREPOSITIONS | FINITE))
_MORE_NOUNS = re.compile(rf" (?!(?:{_NO_NOUN}|and|or|but|which|that|who|as|than)\b)[a-z]{{3,}}(?<!ed)(?<!s)\b")
_TOWN = r"(?:the )?(?:port of )?[A-Z][\w’'-]+(?: (?:[a-z]{2,3} )?[A-Z][\w’'-]+)?"
_ENDS = re.compile(rf" from {_TOWN} (?:to|through|via) {_TOWN}| between {_TOWN} and {_TOWN}")
_ONE_END = re.compile(rf" (?:from|to) {_TOWN}")
_LINE = re.compile(  # of what kind it is, the work that the text has named before tells
    rf"(?<![\w-])(?:line|stretch|section|route|link)(?:{_ENDS.pattern})|(?<=\ba )(?:[a-z]+ )?line(?:{_ONE_END.pattern})"
)
_LINES = ("PowerLink", "Pipeline", "Railway")
_ROUTE = re.compile(r"[A-Z][\w’']+(?: [A-Z][\w’']+)?(?:[–-][A-Z][\w’']+(?: [A-Z][\w’']+)?)+")  # “Estren–Melk”
_MOST_INITIALS = 3  # letters of a name that is written in capitals alone: “UN”
_SAID_TO_BE = "another name, which the words say to be one"


class Named(NamedTuple):
    """Words of a quote, from `start` to `end`, and the thing that they name; `exact` if they are a name of it.

    `rule` says how that is known, `more` what else the words say of the thing.
    """

    start: int
    end: int
    thing: str
    kind: str
    exact: bool = True
    rule: str = "a known name"
    more: tuple[Triple, ...] = ()


class ThingDrafts:
    """The drafts for one article, passage by passage in the order of its text."""

    def __init__(self, made: Build, article: Evidence, known: Gazetteer, language: str) -> None:
        """Take a graph with the article in it, and what is known by name without it."""
        self._known, self._article = known, article
        self._english = primary_language(language) == "en"
        self._language = language
        self._text = segments.unwrap(article.article.text)
        self._kinds = Kinds(known, {iri(k): {iri(x) for x in v} for k, v in broader(made.ontology).items()}, self._text)
        self._names = ProperNames(self._text, segments.segments(self._text), language)
        others = (e for e in made.evidence if e is not article)
        self._taken = {iri(t.subject) for e in others for p in e.passages for t in p.triples}
        own = [t for p in article.passages for t in p.triples]
        self._own = {value(t.object): iri(t.subject) for t in own if t.predicate.value in (RDFS_LABEL, ALT_LABEL)}
        self._things: dict[str, tuple[str, str]] = {}  # thing and class, by name
        self._introduced: set[tuple[str, bool, bool]] = set()  # with a whole name, in the article's own words
        self._before: tuple[str, str] | None = None  # the passage before, and the body that it names first
        self._counts: Counter[str] = Counter()
        self._work = ENT + "InfrastructureProject"  # the class of the work that was named last
        self._marked = speech.quotations(self._text)

    def proposals(self) -> list[Proposal]:
        """All drafts; nothing that the article states already is left out here."""
        passages: list[Passage] = []
        for passage in self._article.passages:  # in the order of the text, those within others after these
            if passage.quote and not any(p.start <= passage.start and passage.end <= p.end for p in passages[-4:]):
                passages.append(passage)
        if self._english:
            for passage in passages:
                for name in self._new_names(passage):
                    self._things.setdefault(name, (self._iri(name), self._kinds.of(name)))
        return [proposal for passage in passages for proposal in self._of_passage(passage)]

    # Names

    def _new_names(self, passage: Passage) -> Iterator[str]:
        quote = passage.quote
        known = [(m.start, m.end) for names in (self._known.things, self._known.people) for m in names.find(quote)]
        for start, end in known:
            if (form := _LANDFORM.search(quote, 0, start)) and " of " not in form[0]:
                yield quote[form.start() : end]
        for start, end in self._routes(quote):
            yield quote[start:end]
            known.append((start, end))
        other: list[Span] = [(start, end) for start, end, _ in find_dates(quote)]
        other += [m.span() for m in offices.TITLE.finditer(quote)]
        other += [(a.start, a.end) for a in find_amounts(quote, english=True) if a.numbers]
        for name in self._names.new(quote, known, other):
            if not _TIME.fullmatch(name) and not _AGREED.search(name):
                yield from self._whole_names(quote, name)

    def _routes(self, quote: str) -> Iterator[Span]:
        """Works that are named by the places that they join: “the Estren–Melk oil pipeline”."""
        for route in _ROUTE.finditer(quote):
            for noun in self._known.classes.find_all(quote[route.end() :]):
                end = route.end() + noun.end
                is_work = any(self._kinds.is_a(kind, "InfrastructureProject") for kind in noun.iris)
                if is_work and re.fullmatch(r" (?:[a-z]+ )?", quote[route.end() : route.end() + noun.start]):
                    yield route.start(), end
                    break

    def _whole_names(self, quote: str, name: str) -> Iterator[str]:
        """A name as a whole, or two that “of” joins: “President Amina Teyo of Ilvara”."""
        start = quote.find(name)
        person, of, body = name.partition(" of ")
        if of and re.search(rf"(?i:{TITLES})\s\Z", quote[:start]):
            yield from (person, body)
        elif (parts := name.partition(" in "))[1] and self._is_elsewhere(name, parts[2]):
            yield from (parts[0], parts[2])  # “Rivers Institute in Ressa”
        else:
            yield self._whole_name(quote, name)

    def _is_elsewhere(self, name: str, part: str) -> bool:
        """Whether the text has a part of a name without the rest of it."""
        return len(re.findall(rf"(?<!\w){re.escape(part)}(?!\w)", self._text)) > self._text.count(name)

    def _whole_name(self, quote: str, name: str) -> str:
        """A name with the noun of a class after or before it: “Lake Oren nuclear power plant”, “port of Ras Temur”."""
        start = quote.find(name)
        end = start + len(name)
        if quote[:start].endswith("port of "):
            return quote[start - len("port of ") : end]
        last = name.rsplit(" ", 1)[-1].lower()
        if last in ("institute", "centre", "center", "council", "fund", "school", "academy", "bank", "programme") and (
            more := re.match(r" (?:for|of) (?:the )?[A-Z][\w-]+(?: (?:and )?[A-Z][\w-]+)*", quote[end:])
        ):
            return quote[start : end + more.end()]
        for match in self._known.classes.find_all(quote[end:].lower()):
            if _MORE_NOUNS.match(quote, end + match.end):
                continue  # “Orsk port concession”
            if match.start == 1 and any(self._kinds.is_a(kind, "InfrastructureProject") for kind in match.iris):
                return quote[start : end + match.end]
        place = re.match(r" (?:valley|region|peninsula|mountains)\b", quote[end:])
        return quote[start : end + place.end()] if place else name

    def _iri(self, name: str, *, own: bool = False) -> str:
        """The IRI of a new thing; of the article's `own`, which has no proper name, with the name of the article."""
        if name in self._own:
            return self._own[name]
        words = re.findall(r"[a-z0-9]+", flat(name).lower().replace("’", "'").replace("'s", ""))
        stem = "-".join([*(words or ["thing"]), *([self._article.article.name] if own else [])])
        thing = free_name(ID + stem, self._taken)
        self._taken.add(thing)
        return thing

    @cached_property
    def _matcher(self) -> NameMatcher:
        shapes = (("Person", PERSON), ("Place", PLACE), ("Organisation", ORGANISATION))
        pairs = []
        for name, (thing, kind) in self._things.items():
            form = next((f for above, f in shapes if self._kinds.is_a(kind, above)), OTHER)
            pairs += [(words, thing) for words in forms(name, form, {}) if words == name or not self._is_known(words)]
        return NameMatcher(pairs)

    def _is_known(self, words: str) -> bool:
        """Whether words are the name of something known, and so no short form of a new one: Malawi, of Lake Malawi."""
        return any(m.words == words for m in self._known.things.find(words))

    def named(self, quote: str) -> list[Named]:
        """What the words of a quote name, in order; of names within each other the longest."""
        amounts = [(a.start, a.end) for a in find_amounts(quote, english=self._english)]
        rows = [*self._new_ones(quote), *self._known_names(quote)]
        rows += [g for n in rows if (g := self._government(quote, n))]
        found = sorted(rows, key=lambda n: (n.start, -n.end))
        longest: list[Named] = []
        for n in found:
            apart = not any(start <= n.start and n.end <= end for start, end in amounts)  # no state in “US dollars”
            if apart and (not longest or n.start >= longest[-1].end):
                longest.append(self._other_name(quote, longest[-1], n) if longest else n)
        return longest

    def _other_name(self, quote: str, before: Named, n: Named) -> Named:
        """What a name means that is said to be another one of what stands before it: “Lake Malawi, known as Nyasa”."""
        if not n.exact or not _ALIAS.fullmatch(quote, before.end, n.start):
            return n
        words = quote[n.start : n.end]
        if self._things.get(words, ("", ""))[0] != before.thing:
            self._things[words] = (before.thing, before.kind)
            self.__dict__.pop("_matcher", None)
        return n._replace(thing=before.thing, kind=before.kind, rule=_SAID_TO_BE)

    def _new_ones(self, quote: str) -> Iterator[Named]:
        by_thing = {thing: (name, kind) for name, (thing, kind) in self._things.items()}
        for m in self._matcher.find_all(flat(quote)):
            name, kind = by_thing[m.iris[0]]
            yield Named(m.start, m.end, m.iris[0], kind, quote[m.start : m.end] == name, "a new name")

    def _known_names(self, quote: str) -> Iterator[Named]:
        """The names of known things, but for offices and for events, relations and nouns of other articles."""
        for names, exact in ((self._known.things, True), (self._known.people, False)):
            for m in names.find_all(quote):
                if _LANDFORM.search(quote, 0, m.start):
                    continue
                if not (thing := self._chosen(m.iris, quote, m.start, m.end)):
                    continue  # “Congolese” of two states
                kind = self._kind(thing)
                apart = any(self._kinds.is_a(kind, above) for above in ("Actor", "Place", "InfrastructureProject"))
                if apart and any(map(str.isupper, m.words)):
                    yield self._acting(quote, Named(m.start, m.end, thing, kind, exact))

    def _kind(self, thing: str) -> str:
        kinds = sorted(self._known.kinds(thing))
        return kinds[0] if kinds else self._sourced.get(thing, "")

    @cached_property
    def _sourced(self) -> dict[str, str]:
        """The classes of the sourced gazetteer, for things that the graph names and does not classify."""
        return {entry.iri: entry.kind for entry in entries()}

    @cached_property
    def _states(self) -> dict[str, str]:
        """The states whose only capitals cities are, by city."""
        return {entry.iri: entry.capital_of for entry in entries() if entry.capital_of}

    def _chosen(self, things: tuple[str, ...], quote: str, start: int, end: int) -> str:
        """Of several things of one name the one that is meant; empty where the words leave a choice."""
        if len(things) == 1:
            return things[0]
        wanted = "Place" if _is_place(quote, start, end) else "Government"
        fits = [t for t in things if any(self._kinds.is_a(kind, wanted) for kind in self._known.kinds(t))]
        return fits[0] if len(fits) == 1 else ""

    def _acting(self, quote: str, n: Named) -> Named:
        """A capital that acts as the government of its state (model, rule 20): “Ankara and Moscow finalised …”."""
        acting = self._known.government(n.thing) if self._kinds.is_a(n.kind, "City") else None
        state = self._states.get(n.thing, "")
        if acting is None or not state or _is_place(quote, n.start, n.end):
            return n
        return self._governing(n, state, acting)

    def _governing(self, n: Named, state: str, government: str = "", rule: str = "a capital that acts") -> Named:
        thing = government or f"{ID}government-of-{local_name(state)}"
        of = Triple(NamedNode(thing), NamedNode(ENT + "governmentOf"), NamedNode(state))
        return n._replace(thing=thing, kind=ENT + "Government", exact=True, rule=rule, more=(of,))

    def _government(self, quote: str, n: Named) -> Named | None:
        """“The Talvian government”: the name of a state, or an adjective of it, before that noun."""
        noun = _RULE.match(quote[n.end :])
        if noun is None or n.more:
            return None
        if not self._kinds.is_a(n.kind, "State"):  # “the Assad regime”
            whole = n._replace(end=n.end + noun.end(), kind=ENT + "Government", exact=True, rule="a name and “regime”")
            return whole._replace(thing=f"{n.thing}-{noun['noun']}") if noun["noun"] == "regime" else None
        return self._governing(n._replace(end=n.end + noun.end()), n.thing, rule=f"a state and “{noun['noun']}”")

    # Passages

    def _of_passage(self, passage: Passage) -> Iterator[Proposal]:
        quote, named = passage.quote, self.named(passage.quote)
        place = self._places(passage, named)
        credited = self._credited(passage)
        for n in named:
            n = credited(n)
            n = n._replace(exact=n.exact or self._is_in_capitals(quote, n))
            if n.rule == _SAID_TO_BE:
                words = quote[n.start : n.end]
                alias = self._labelled(n.thing, words, ALT_LABEL)
                yield self._proposal(place(n.start, n.end), local_name(n.thing), [words], n.rule, [alias])
            elif not self._is_introduced(n, own := place.are_own(n.start, n.end)):
                self._introduced.add((n.thing, n.exact, own))
                yield self._thing(place(n.start, n.end), quote, n)
        if not self._english:
            return
        persons = [Name(n.start, n.end, n.thing) for n in named if self._kinds.is_a(n.kind, "Person")]
        wanted = ("State", "Organisation")
        bodies = [n for n in named if any(self._kinds.is_a(n.kind, above) for above in wanted)]
        owner, self._before = self._before, (passage.iri, bodies[0].thing) if bodies else None
        told = [Name(n.start, n.end, n.thing, self._rules(n.kind)) for n in bodies]
        for office in offices.offices(quote, persons, told, owner[1] if owner else ""):
            yield self._tenure(place, quote, office, owner[0] if owner and office.body.end == 0 else "")
        for work in (*self._works(quote, named), *self._lines(quote, named), *self._of_state(quote, named)):
            yield self._thing(place(work.start, work.end), quote, work)
        for amount in quantities.amounts(quote, english=True):
            if len(amount.numbers) != 1:
                continue
            yield from self._quantity(place(amount.start, amount.end), quote, amount)

    def _is_introduced(self, n: Named, own: bool) -> bool:
        """Whether a thing has been proposed by then; what somebody only says is proposed again in own words."""
        return any((n.thing, exact, o) in self._introduced for exact in {True, n.exact} for o in {True, own})

    def _rules(self, kind: str) -> bool:
        return self._kinds.is_a(kind, "State") or self._kinds.is_a(kind, "Government")

    def _credited(self, passage: Passage) -> Callable[[Named], Named]:
        """Whom a credit or a byline names: the article is credited to them."""
        rows = (c.segment.kind for c in self._article.readings if c.segment.start <= passage.start < c.segment.end)
        is_credit = next(rows, "") == "credit" or _CREDIT.match(passage.quote) is not None
        node, role = NamedNode(self._article.iri), NamedNode(ENT + "creditedTo")

        def credited(n: Named) -> Named:
            who = any(self._kinds.is_a(n.kind, above) for above in ("Person", "Organisation"))
            return n._replace(more=(*n.more, Triple(node, role, NamedNode(n.thing)))) if is_credit and who else n

        return credited

    def _places(self, passage: Passage, named: Sequence[Named]) -> Places:
        spoken = speech.said(passage.quote, marked(passage, self._marked)) if self._english else []
        return Places(passage, spoken, [(n.start, n.end) for n in named], self._text)

    def _proposal(
        self, place: Place, slug: str, words: Iterable[str], rule: str, triples: Iterable[Triple]
    ) -> Proposal:
        self._counts[slug] += 1
        name = f"proposal-{slug}" + (f"-{self._counts[slug]}" if self._counts[slug] > 1 else "")
        told = tuple(dict.fromkeys(w for w in words if w in place.quote))
        return Proposal(name, place.iri, told, f"rule: {rule}", tuple(dict.fromkeys([*place.described, *triples])))

    def _is_in_capitals(self, quote: str, n: Named) -> bool:
        """Whether a place is named in capitals, as in a dateline: not “UN”."""
        words = quote[n.start : n.end]
        return words.isupper() and len(words) > _MOST_INITIALS and self._kinds.is_a(n.kind, "Place")

    def _thing(self, place: Place, quote: str, n: Named) -> Proposal:
        words = quote[n.start : n.end]
        name = words.title() if self._is_in_capitals(quote, n) else words  # “ADDIS ABABA, 14 May – ”
        triples = [typed(n.thing, n.kind), *n.more]
        if n.exact:
            triples.append(self._labelled(n.thing, name, RDFS_LABEL))
        return self._proposal(place, local_name(n.thing), [words], n.rule, triples)

    def _works(self, quote: str, named: Sequence[Named]) -> Iterator[Named]:
        """Works that the text introduces without a name: “a wind farm”, “a railway from Estren to Taliq”."""
        for m in self._known.classes.find(quote.lower()):
            kinds = [kind for kind in m.iris if self._kinds.is_a(kind, "InfrastructureProject")]
            free = not any(n.start < m.end and m.start < n.end for n in named)
            ends = _ENDS.match(quote, m.end)
            if kinds and free and not m.words.endswith("s") and (ends or _WORK.search(quote[: m.start])):
                end = ends.end() if ends else m.end
                words = quote[m.start : end]
                if words not in self._things:
                    self._things[words] = (self._iri(words, own=True), kinds[0])
                    yield Named(m.start, end, self._things[words][0], kinds[0], True, "a noun of a class")

    def _lines(self, quote: str, named: Sequence[Named]) -> Iterator[Named]:
        """Lines that the text tells by where they go: “the stretch from Estren to Melk”, “a rival line to Melk”."""
        works = [n.kind for n in named if any(self._kinds.is_a(n.kind, kind) for kind in _LINES)]
        self._work = works[0] if works else self._work
        for m in _LINE.finditer(quote):
            words = m[0]
            if words not in self._things and not any(n.start <= m.start() < n.end for n in named):
                self._things[words] = (self._iri(words, own=True), self._work)
                yield Named(*m.span(), *self._things[words], True, "a line from place to place")

    def _of_state(self, quote: str, named: Sequence[Named]) -> Iterator[Named]:
        """What an adjective of a state tells from others: “Narvian police”, “a Turkish jet”, “the Syrian border”."""
        for n in named:
            noun = _STATES.match(quote, n.end) if self._kinds.is_a(n.kind, "State") and not n.exact else None
            if noun is None:
                continue
            words, (kind, role) = quote[n.start : noun.end()], _OF_STATES[noun["noun"]]
            if words not in self._things:
                thing = self._iri(words, own=True)
                self._things[words] = (thing, ENT + kind)
                more = (Triple(NamedNode(thing), NamedNode(ENT + role), NamedNode(n.thing)),) if role else ()
                yield Named(n.start, noun.end(), thing, ENT + kind, True, "an adjective of a state and a noun", more)

    # Offices

    def _tenure(self, place: Places, quote: str, office: Office, read_with: str) -> Proposal:
        """Who holds an office; `read_with` is the passage that names the body, where this one does not."""
        holder, body = office.holder, office.body
        words = quote[office.start : office.end].strip(" ,")
        tenure, triples = offices.statements(office, words, self._known.offices, self._language)
        if body.thing in {n.thing for n in self.named(quote) if self._kinds.is_a(n.kind, "State")}:
            triples.append(typed(body.thing, ENT + "State"))
        start = min(office.start, holder.start, *([] if read_with else [body.start]))
        told = [words, *(quote[n.start : n.end] for n in (holder, body) if n.end)]
        rule = f"a person with the title “{office.title}”" if office.title else "who heads a body"
        where = place(start, max(office.end, holder.end, body.end))
        if read_with:
            triples.append(Triple(NamedNode(where.iri), NamedNode(ENT + "readWith"), NamedNode(read_with)))
        return self._proposal(where, local_name(tenure), told, rule, triples)

    # Quantities

    def _quantity(self, place: Place, quote: str, amount: Amount) -> Iterator[Proposal]:
        read = quantities.readings(amount)
        if not read or (len(amount.measures) > 1 and read[0].measure != "USD"):
            return
        words = quote[amount.start : amount.end]
        slug = "-".join([local_name(place.iri), *slug_words(words)])
        triples = read[0].triples(NamedNode(ID + slug), self._language)
        yield self._proposal(place, slug, [words], "an amount with its measure", triples)

    def _labelled(self, thing: str, words: str, how: str) -> Triple:
        return Triple(NamedNode(thing), NamedNode(how), Literal(words, language=self._language))


def _is_place(quote: str, start: int, end: int) -> bool:
    """Whether the name of a city stands where a place does, and nobody who acts."""
    return _PREPOSITION.search(quote[max(0, start - 30) : start]) is not None or quote[end : end + 2] in (", ", "’s")
