"""What a reviewer says in words about a passage, as proposals: a sentence is typed, and no Turtle.

Whatever a review shows as a sentence can be said: “Russia backs the Assad regime”, “Ankara is the capital of Turkey”,
“Ada Holm is the chair of the Chamber”, “the railway is a railway”, “the summit is planned”, “Northern Rail is called
‘Northern’”, “‘the project’ means the railway”, “read with ‘a railway between’”, “Ada Holm says this”. Relations and
events are read by the patterns and the clauses of the lexicon, single facts by the clauses of properties. Things are
named as the article names them. What was said is a proposal as any other: checks judge it, and a person accepts it.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import NamedTuple

from pyoxigraph import Literal, NamedNode, Triple

from kg.dataset.build import Build
from kg.dataset.named import ArticleNames
from kg.dataset.tenses import SHORTCUTS
from kg.drafting import mentions, offices, when, worded
from kg.drafting.gazetteer import office_classes
from kg.drafting.kinds import TITLES
from kg.drafting.rules import TOLD_ELSEWHERE, RuleDrafts
from kg.drafting.speakers import Place, own_words
from kg.drafting.spoken import JOINED, MOST_WORDS, NAME_FIRST, SAID, SpokenLexicon, SpokenNames, clauses_of_two
from kg.errors import UsageError, did_you_mean
from kg.rdf.namespaces import ALT_LABEL, ENT, ID, RDF_TYPE, RDFS_LABEL, local_name, short
from kg.rdf.terms import iri, value
from kg.source.article import Evidence, Mention, Passage
from kg.source.proposals import Proposal
from kg.text import phrases
from kg.text.forms import flat, slug_words
from kg.text.patterns import THIS
from kg.text.words import DETERMINERS, Name
from kg.validation.reading import ArticleReadings, Matchers, Reading

_QUOTED = "[“\"‘'](?P<words>.+?)(?: ?…)?[”\"’']"
_MEANS = re.compile(rf"{_QUOTED} means (?P<names>.+)")
_READ_WITH = re.compile(rf"(?:this is )?read with (?:{_QUOTED}|(?P<passage>p:[\w.-]+))", re.IGNORECASE)
_SPEAKS = re.compile(r"(?P<names>.+?) says? this(?:, (?P<how>.+))?")
_CALLED = re.compile(rf"(?P<name>.+?) (?:is|are) (?:also )?(?:called|named|known as) {_QUOTED}")
_KNOWN_AS = re.compile(r"(?P<name>.+?) (?:is|are) (?:also )?(?:called|named|known as) (?:the )?(?P<words>.+)")
_THERE_IS = re.compile(r"There (?:is|are|was|were) (?:an? )?(?P<kind>.+)")
_IS = re.compile(r"(?P<name>.+?) (?:is|are|was|were) (?P<article>(?:an?|the) )?(?P<kind>(?!to be).+)")
_OFFICE = re.compile(r"(?P<name>.+?) (?:is|was) (?:(?:an?|the) )?(?P<title>.+?) (?:of|at|in|for) (?:the )?(?P<body>.+)")
_OFFICE_IN = re.compile(  # “is the Sorvian energy minister”, “is Sorvia's energy minister”
    rf"(?P<name>.+?) (?:is|was) (?:(?:an?|the) )?(?P<body>.+?)(?:[’']s?)? (?P<title>(?i:{TITLES}))"
)
_NAME = re.compile(r"(?<![\w’'-])[A-Z][\w’'–-]*(?: (?:(?:of|the|and|for|de) )*[A-Z][\w’'–-]*)*")
_MOST = 400  # code points of what is said
_ACTOR, _STAGED = ENT + "Actor", ENT + "InfrastructureProject"


class Said(NamedTuple):
    """What words propose, the names and dates in them of which it says nothing, and which sentences nothing reads."""

    proposals: list[Proposal]
    left_out: list[str]
    not_read: Sequence[str] = ()

    @property
    def problem(self) -> str:
        """What is left out or not read, as words for whoever said it; empty if nothing is."""
        left = f"this says nothing of {', '.join(f'“{x}”' for x in self.left_out)}" if self.left_out else ""
        return "\n".join(filter(None, [left, *self.not_read]))


class Sayings:
    """Reads what is said of the passages of one article, in which its things are stated or proposed."""

    def __init__(self, made: Build, article: str, called: Callable[[], Mapping[str, str]]) -> None:
        """Take a graph with the article, by its name, and what gives what things (IRIs) without a label are called."""
        self._made, self._rules = made, RuleDrafts(made, article)
        self._evidence: Evidence = next(e for e in made.evidence if e.article.name == article)
        self._spoken = SpokenNames(made, self._evidence, self._rules.names, called)
        self._names = self._spoken.names

    def proposals(self, passage: Passage, words: str, by: str) -> Said:
        """What words say of a passage; `by` is who says it. Raises UsageError for what cannot be read as a fact."""
        said = worded.plain(" ".join(words.split()).rstrip(".;"))
        self._spoken.passage = passage
        if not said or len(said) > _MOST:
            raise UsageError(f"a fact is one sentence of at most {_MOST} characters", rule="saying")
        if not self._spoken.language:
            message = "the lexicon does not have the language of the article"
            raise UsageError(message, hint="edit a proposal as Turtle instead", rule="saying")
        try:
            return self._read(passage, said, by)
        except UsageError:
            small = said[0].lower() + said[1:]
            if small == said or flat(small.split()[0]) not in flat(passage.quote).split():
                raise
            return self._read(passage, small, by)  # “Electricity is a commodity”

    def _read(self, passage: Passage, said: str, by: str) -> Said:
        for read in (self._of_evidence, self._of_own_words, self._of_office, self._of_kind, self._of_patterns):
            if found := {p.key: p for p in read(passage, said)}:
                told = [replace(p, by=f"{by}, in words") for p in self._linked(passage, [*found.values()])]
                left = [] if read == self._of_evidence else [*self._left_out(said, told)]
                return Said(told, left)
        raise self._not_understood(passage, said)

    def _linked(self, passage: Passage, found: list[Proposal]) -> Iterator[Proposal]:
        """Proposals, with what lets the words of the passage name the things of each.

        That is a mention where the passage has a noun for one, “the line”, else the passage to read it with.
        """
        known: dict[str, set[str]] = {}  # by passage, what needs no link any more
        for proposal in found:
            if any(t.predicate.value in _LINKS for t in proposal.triples):
                yield proposal
                continue
            place = passage if proposal.passage == passage.iri else _inner(proposal, passage)
            if place.iri not in known:
                known[place.iri] = self._known_in(place)
            things = dict.fromkeys(iri(x) for t in proposal.triples for x in (t.subject, t.object))
            added: list[Triple] = []
            for thing in things:
                if thing not in known[place.iri] and self._names.needs_name(thing):
                    added += self._link(place, thing, known[place.iri], has_nouns=place is passage)
            yield replace(proposal, triples=(*dict.fromkeys([*proposal.triples, *added]),))

    def _link(self, place: Passage, thing: str, known: set[str], *, has_nouns: bool) -> Iterable[Triple]:
        """What lets the words of a passage name a thing, which is `known` then; without nouns no mention."""
        known.add(thing)
        meant = self._spoken.meant(place.quote) if has_nouns else ()
        if at := next(((start, end) for start, end, things in meant if things == (thing,)), None):
            return self._mention(place, place.quote[slice(*at)], [thing]).triples
        if other := self._telling(place, thing):
            known |= self._known_in(other)
            return [Triple(NamedNode(place.iri), NamedNode(ENT + "readWith"), NamedNode(other.iri))]
        return ()

    def _known_in(self, passage: Passage) -> set[str]:
        """What the words of a passage name, or those that it is read with, and what the same words may name."""
        own = self._names.things(passage) | self._names.introduced(passage)
        return own | {x for thing in own for x in self._rules.roles.near(thing)}

    def _telling(self, passage: Passage, thing: str) -> Passage | None:
        """The passage with the name of a thing that comes last before another, else the first after it."""
        rows = [p for p in self._evidence.passages if any(thing in m.iris for m in self._names.named(p))]
        before = [p for p in rows if p.start < passage.start]
        return max(before, key=lambda p: p.start) if before else min(rows, key=lambda p: p.start, default=None)

    def _not_understood(self, passage: Passage, said: str) -> UsageError:
        """Why what is said is no fact: a name that nothing has, a thing that cannot stand there, or unknown words.

        The first of these that is so is told.
        """
        reading = self._reading(passage, said)
        named = [*reading.named, *(Name(start, end, frozenset()) for start, end, _ in when.expressions(said))]
        for m in _NAME.finditer(said):
            is_known = any(n.start < m.end() and m.start() < n.end for n in named)
            if not is_known and not (m.start() == 0 and m[0].lower() in DETERMINERS):
                return UsageError(f"“{m[0]}” is no name that the article has", hint=NAME_FIRST, rule="saying")
        is_kind = _IS.fullmatch(said)
        if is_kind and is_kind["article"] and len(is_kind["kind"].split()) <= MOST_WORDS:
            near = did_you_mean(is_kind["kind"].lower(), {x: f"“{x}”" for x in self._spoken.terms})
            message = f"“{is_kind['kind']}” is no kind, status or office that can be said"
            return UsageError(message, hint=near or "take a broader kind: docs/ontology.md lists them", rule="saying")
        if misfit := next(self._misfits(reading), ""):
            return UsageError(misfit, hint="say what it is, or refuse what it was taken for", rule="saying")
        things = ", ".join(dict.fromkeys(f"“{said[n.start : n.end]}”" for n in reading.named))
        message = f"“{said}” fits no pattern of the lexicon: it names {things or 'nothing that the article has'}"
        return UsageError(message, hint=NAME_FIRST, rule="saying")

    def _misfits(self, reading: Reading) -> Iterator[str]:
        """Which of the words of what is said cannot stand where they do, by the patterns and clauses that fit it."""
        fitting = [m for m in reading.matches if len(m.filled) > 1]  # of one slot alone anything may be said
        rows = [
            (m.term, f.slot.path, reading.quote[x.start : x.end])
            for m in fitting
            for f in m.filled
            for x in f.nouns.fillers
        ]
        for term, clause in self._clauses:
            if match := clause.fullmatch(reading.quote):
                rows += [
                    (term, (role,), match[name]) for name, role in (("subject", THIS), ("object", local_name(term)))
                ]
        for term, path, words in rows:
            role, roles = path[-1], self._rules.roles
            found = self._spoken.named(words) or self._spoken.named(f"the {words}")
            if not found and (choice := self._spoken.choice(words)):
                yield f"“the {words}” may be {' or '.join(choice)}: name it so"
            elif not found:
                yield f"“{words}” names nothing that is stated yet: say first what it is"
            elif role == THIS and not any(term in roles.names.kinds(x) or roles.may_have(x, term) for x in found):
                yield f"“{words}” is {self._spoken.kind(found[0])}, of which ent:{local_name(term)} cannot be said"
            elif role != THIS and not any(roles.fits(x, (role,)) for x in found):
                yield f"“{words}” is {self._spoken.kind(found[0])}, and no ent:{role} can be one"

    def _left_out(self, said: str, found: list[Proposal]) -> Iterator[str]:
        """The names and dates in what is said of which nothing is proposed."""
        triples = [t for p in found for t in p.triples]
        nodes = {iri(x) for t in triples for x in (t.subject, t.object)}
        values = {value(t.object) for t in triples if isinstance(t.object, Literal)}
        end, names = 0, self._names.in_text(said)
        for name in sorted(names, key=lambda m: (m.start, -m.end)):
            around = (x for m in names if m.start <= name.start < m.end for x in m.iris)
            if name.start >= end and nodes.isdisjoint(around) and not any(name.words in text for text in values):
                yield name.words
            end = max(end, name.end)
        day = self._evidence.reading_date
        dated = when.clear(said, (0, len(said)), day) if day else []
        yield from (words for words, lexical, _ in dated if lexical not in values)

    # What words mean, what a passage is read with, and who speaks

    def _of_evidence(self, passage: Passage, said: str) -> Iterator[Proposal]:
        node = NamedNode(passage.iri)
        if match := _MEANS.fullmatch(said):
            yield self._mention(passage, match["words"], self._spoken.all(match["names"]))
        elif match := _READ_WITH.fullmatch(said):
            other = NamedNode(self._passage(match["passage"] or "", match["words"] or ""))
            triple = Triple(node, NamedNode(ENT + "readWith"), other)
            yield self._proposal(passage, f"{local_name(node.value)}-with-{local_name(other.value)}", [triple])
        elif match := _SPEAKS.fullmatch(said):
            speakers = self._spoken.all(match["names"])
            quoted = match["how"] == "word for word" or (not match["how"] and passage.quote[:1] in '“"‘«„')
            how = ENT + ("quoted" if quoted else "paraphrased")
            triples = [Triple(node, NamedNode(ENT + "speaker"), NamedNode(x)) for x in speakers]
            triples.append(Triple(node, NamedNode(ENT + "speech"), NamedNode(how)))
            yield self._proposal(passage, f"{local_name(speakers[0])}-says-{local_name(node.value)}", triples)

    def _mention(self, passage: Passage, words: str, things: list[str]) -> Proposal:
        start, end = self._place(passage, words)
        slug = "-".join([*slug_words(words), local_name(passage.iri)])
        triples = mentions.statements(NamedNode(f"{self._evidence.iri}#{slug}"), passage, start, end, things)
        return self._proposal(passage, slug, triples, [passage.quote[start:end]])

    def _place(self, passage: Passage, words: str) -> tuple[int, int]:
        """From where to where words stand in a quote. Raises UsageError where they do not."""
        found = re.search(rf"(?<!\w){re.escape(flat(words))}(?!\w)", flat(passage.quote))  # not “us” in “used”
        at = found.start() if found else -1
        if at < 0:
            raise UsageError(f"the passage does not have the words “{words}”", hint=f"“{passage.quote}”", rule="saying")
        return at, at + len(words)

    def _own(self, passage: Passage, words: str) -> str:
        """Words as a quote has them. Raises UsageError where it does not."""
        start, end = self._place(passage, words)
        return passage.quote[start:end]

    def _passage(self, name: str, words: str) -> str:
        rows = [p for p in self._evidence.passages if (words and flat(words) in flat(p.quote)) or short(p.iri) == name]
        if not rows:
            raise UsageError(f"no passage has “{words or name}”", hint="take words of its quote", rule="saying")
        return min(rows, key=lambda p: (p.start, -p.end)).iri

    def _of_own_words(self, passage: Passage, said: str) -> Iterator[Proposal]:
        """What somebody did in words of the passage: “Lorvia “closed a port””."""
        names, words = worded.parts(said) or ("", "")
        things = self._spoken.each(names)
        if things:
            of_acts = all(_ACTOR in self._rules.names.kinds(x) for x in things)
            told = self._own(passage, words), self._spoken.language
            slug, triples, more = worded.statements(passage, self._evidence, things, *told, act=of_acts)
            labels = self._labels(passage, things)
            found = self._proposal(passage, slug, [*triples, *labels], [told[0], *more], own=True)
            known = passage.date_words if found.passage == passage.iri else ()
            new = [Literal(x) for x in more if not any(x in words for words in known)]
            dated = [Triple(NamedNode(found.passage), NamedNode(ENT + "dateWords"), x) for x in new]
            yield replace(found, triples=(*found.triples, *dated))

    # What something is, or is called, and how far it has come

    def _of_kind(self, passage: Passage, said: str) -> Iterator[Proposal]:
        if match := _CALLED.fullmatch(said) or _KNOWN_AS.fullmatch(said):
            yield self._called(passage, self._spoken.one(match["name"]), self._own(passage, match["words"]))
            return
        if not (match := _THERE_IS.fullmatch(said) or _IS.fullmatch(self._undated(said))):
            return
        kind, parts = match["kind"].lower(), match.groupdict()
        term = self._spoken.term(kind)
        is_class = term in self._spoken.classes
        has_article = parts.get("article", "a") or kind in self._spoken.terms  # a cue of a class is a noun with one
        if not term or (is_class and not has_article):
            yield from self._of_origin(passage, match)
            return
        name = parts.get("name") or match["kind"]
        if is_class:
            names = JOINED.split(name) if re.search(r" are\b", said) and not self._spoken.named(name) else [name]
            yield from (self._typed(passage, each, term) for each in names)
        else:
            thing = self._spoken.one(name)
            role = "stage" if _STAGED in self._rules.names.kinds(thing) else "status"
            triples = [Triple(NamedNode(thing), NamedNode(ENT + role), NamedNode(term))]
            triples += worded.dates(passage, self._evidence, thing, said) if role == "status" else []
            yield self._proposal(passage, f"{local_name(thing)}-{local_name(term).lower()}", triples)

    def _undated(self, said: str) -> str:
        """What is said without the date at its end: “the line was suspended in 2021”."""
        day = self._evidence.reading_date
        rows = when.clear(said, (0, len(said)), day) if day else []
        return next((said.removesuffix(words).rstrip(" ,") for words, *_ in rows if said.endswith(words)), said)

    def _of_origin(self, passage: Passage, match: re.Match[str]) -> Iterator[Proposal]:
        """“X is a Sorvian company”: its class, and where it is from."""
        adjective, _, noun = match["kind"].partition(" ")
        term, states = self._spoken.term(noun.lower()), self._spoken.named(adjective)
        if "name" not in match.groupdict() or term not in self._spoken.classes or len(states) != 1:
            return
        typed = self._typed(passage, match["name"], term)
        thing = next(t.subject for t in typed.triples if t.object == NamedNode(term))
        origin = Triple(thing, NamedNode(ENT + "origin"), NamedNode(states[0]))
        yield replace(typed, triples=(*typed.triples, origin, *self._labels(passage, states)))

    def _called(self, passage: Passage, thing: str, words: str) -> Proposal:
        label = Literal(words, language=self._spoken.language)
        return self._proposal(
            passage, f"{local_name(thing)}-called", [Triple(NamedNode(thing), _ALIAS, label)], [words]
        )

    def _typed(self, passage: Passage, name: str, kind: str) -> Proposal:
        """A thing that is there with a class, or a new one with the name that the passage has for it."""
        things, name = self._spoken.named(name), phrases.bare(re.sub("^(The|An?|an?) ", "", name))
        roles, kinds = self._rules.roles, self._rules.names.kinds
        fitting = [x for x in things if not any(roles.exclude_each_other(kind, other) for other in kinds(x))]
        things = [x for x in fitting if kind in kinds(x)] or fitting
        if len(things) == 1:
            (thing,) = things
            slug = f"{local_name(thing)}-a-{local_name(kind).lower()}"
            return self._proposal(passage, slug, [_a(thing, kind), *self._labels(passage, (thing,))], own=True)
        words = self._own(passage, name)
        slug = "-".join(slug_words(words)) or local_name(kind).lower()
        thing = ID + (slug if words[:1].isupper() else f"{slug}-{self._evidence.article.name}")
        label = Literal(words, language=self._spoken.language)
        return self._proposal(
            passage, slug, [_a(thing, kind), Triple(NamedNode(thing), _LABEL, label)], [words], own=True
        )

    # Relations, events and single facts

    def _of_patterns(self, passage: Passage, said: str) -> Iterator[Proposal]:
        reading = self._reading(passage, said)
        found = [
            self._again(passage, said, self._moved(passage, p)) for p in self._rules.of_words(reading, _NOT_BY_PATTERN)
        ]
        yield from found or self._of_clauses(passage, said)

    def _reading(self, passage: Passage, said: str) -> Reading:
        """What is said, read as if it stood in the text."""
        node, start = f"{self._evidence.iri}#{SAID}", passage.start
        spoken = Passage(node, said, start, start + len(said), passage.triples)
        meant = [Mention(node, node, said[a:z], start + a, start + z, x) for a, z, x in self._spoken.meant(said)]
        article = replace(self._evidence, mentions=[*self._evidence.mentions, *meant])
        others, names = ArticleReadings(), ArticleNames(article, self._rules.names)  # these keep what they read
        reading = Reading(others, self._matchers, self._rules.roles, article, names, spoken)
        others.add(reading)
        return reading

    @cached_property
    def _matchers(self) -> Matchers:
        return Matchers(SpokenLexicon(self._made.ontology, _NOT_BY_PATTERN), self._spoken.language)

    def _moved(self, passage: Passage, proposal: Proposal) -> Proposal:
        """A proposal on what is said as one on the passage: with the names and the date words that it has itself."""
        triples: dict[Triple, None] = {}
        for t in proposal.triples:
            is_absent = t.predicate == _LABEL and value(t.object) not in passage.quote
            if not is_absent and not iri(t.subject).endswith(f"#{SAID}"):
                triples[t] = None
        dates = {value(t.object) for t in triples if isinstance(t.object, Literal)}
        quote, day = passage.quote, self._evidence.reading_date
        rows = when.clear(quote, (0, len(quote)), day) if day else []
        words = [row[0] for row in rows if row[1] in dates]
        for each in words:
            if not any(each in other for other in passage.date_words):
                triples[Triple(NamedNode(passage.iri), NamedNode(ENT + "dateWords"), Literal(each))] = None
        name = proposal.name.removeprefix("proposal-")
        return self._proposal(passage, name, list(triples), words)

    def _again(self, passage: Passage, said: str, proposal: Proposal) -> Proposal:
        """A proposal on the relation or event of which the passage tells already, where one fits: it adds to that.

        It fits if it is of the same class, and has something in each role that both have, and all dates that are said.
        """
        new = [t.subject for t in proposal.triples if t.predicate.value == RDF_TYPE]
        if len(new) != 1:
            return proposal
        kind, own = next(t.object for t in proposal.triples if t.subject == new[0]), _roles(proposal.triples, new[0])
        stated = {t.subject for t in passage.triples if t.predicate.value == RDF_TYPE and t.object == kind}
        day = self._evidence.reading_date
        dates = {lexical for _, lexical, _ in when.clear(said, (0, len(said)), day)} if day else set()
        for thing in sorted(stated, key=str):
            roles = _roles(passage.triples, thing)
            both = roles.keys() & own.keys()
            if both and all(roles[role] & own[role] for role in both) and dates <= worded.literals(passage, thing):
                return _renamed(proposal, new[0], NamedNode(iri(thing)))
        taken = {iri(t.subject) for p in self._evidence.passages for t in p.triples}
        names = (f"{iri(new[0])}-{number}" for number in range(2, len(taken) + 3))
        free = next(name for name in (iri(new[0]), *names) if name not in taken)
        return _renamed(proposal, new[0], NamedNode(free))

    def _of_clauses(self, passage: Passage, said: str) -> Iterator[Proposal]:
        """Single facts, by the clauses of properties that are all that is said."""
        for term, clause in self._clauses:
            match = clause.fullmatch(said)
            if match is None:
                continue
            subjects = [x for x in self._spoken.named(match["subject"]) if self._rules.roles.may_have(x, term)]
            if quoted := re.fullmatch(_QUOTED, match["object"]):
                own = self._own(passage, quoted["words"])
                values: list[NamedNode | Literal] = [Literal(own, language=self._spoken.language)]
            else:
                fitting = (x for x in self._spoken.named(match["object"]) if self._is_in_range(x, term))
                values = [*map(NamedNode, fitting)]
            if len(subjects) == 1 and len(values) == 1:
                triple = Triple(NamedNode(subjects[0]), NamedNode(term), values[0])
                slug = "-".join(filter(None, (local_name(x) for x in (subjects[0], term, iri(values[0])))))
                things = filter(None, (subjects[0], iri(values[0])))
                yield self._proposal(passage, slug.lower(), [triple, *self._labels(passage, things)])

    @cached_property
    def _clauses(self) -> list[tuple[str, re.Pattern[str]]]:
        return [*clauses_of_two(self._made.ontology, self._spoken.language, _NOT_BY_CLAUSE)]

    def _is_in_range(self, thing: str, predicate: str) -> bool:
        return self._rules.roles.fits(thing, (local_name(predicate),))

    def _labels(self, passage: Passage, things: Iterable[str]) -> Iterator[Triple]:
        """The names that a passage has for things."""
        return self._rules.labels(passage.quote, things, self._spoken.language)

    # Who holds which office

    def _of_office(self, passage: Passage, said: str) -> Iterator[Proposal]:
        match = _OFFICE.fullmatch(said) or _OFFICE_IN.fullmatch(said)
        if match is None or not (title := offices.TITLE.fullmatch(match["title"].lower())):
            return
        holder, body = self._spoken.one(match["name"]), self._spoken.one(match["body"])
        words = next((m[0] for m in re.finditer(re.escape(title[0]), passage.quote, re.IGNORECASE)), "")
        if not words:
            raise UsageError(
                f"the passage does not have the title “{title[0]}”", hint=f"“{passage.quote}”", rule="saying"
            )
        office = offices.Office(title[0], offices.Name(0, 0, holder), offices.Name(0, 0, body), 0, 0)
        tenure, triples = offices.statements(office, words, self._leading, self._spoken.language)
        yield self._proposal(
            passage, local_name(tenure), [*triples, *self._labels(passage, (holder, body))], [words], own=True
        )

    @cached_property
    def _leading(self) -> Mapping[str, str]:
        """The classes of offices whose title says which it is."""
        labels = self._rules.names.class_labels(self._spoken.language)
        rows = office_classes([*self._made.ontology])
        return {label: office for holder, office in rows for label in labels.get(holder, ())}

    def _proposal(
        self, passage: Passage, slug: str, triples: list[Triple], words: Iterable[str] = (), *, own: bool = False
    ) -> Proposal:
        """A proposal for a passage, which rests on the words that name its things there, or on all of them.

        With `own`, what is stated is the article's, beside what somebody says: it gets a passage of its words.
        """
        nodes = dict.fromkeys(iri(x) for t in triples for x in (t.subject, t.object) if isinstance(x, NamedNode))
        found = (m for m in self._names.named(passage) if not set(m.iris).isdisjoint(nodes))
        named = [passage.quote[m.start : m.end] for m in found]
        told = dict.fromkeys([*words, *named]) or {passage.quote: None}
        place = own_words(passage, [*told], self._evidence.article.text) if own else Place(passage.iri, passage.quote)
        return Proposal(f"said-{slug}", place.iri, tuple(told), "", tuple(dict.fromkeys([*place.described, *triples])))


def _inner(proposal: Proposal, outer: Passage) -> Passage:
    """The passage of fewer words that a proposal brings along."""
    quote = next(value(t.object) for t in proposal.triples if t.predicate.value == ENT + "quote")
    return Passage(proposal.passage, quote, outer.start + outer.quote.find(quote), outer.end)


_LINKS = frozenset((ENT + "mentionIn", ENT + "readWith"))
_NOT_BY_PATTERN = frozenset(
    ENT + name
    for name in ("Event", "Relation", "RelativePosition", "Statement", "Superlative", "Tenure", *TOLD_ELSEWHERE)
)
_NOT_BY_CLAUSE = frozenset(ENT + name for name in (*SHORTCUTS, "currentStage", "currentStatus", "stage", "status"))
_LABEL, _ALIAS = NamedNode(RDFS_LABEL), NamedNode(ALT_LABEL)


def _roles(triples: Iterable[Triple], thing: object) -> dict[str, set[str]]:
    """The things in the roles of one, by role."""
    found: dict[str, set[str]] = {}
    for t in triples:
        if t.subject == thing and iri(t.object).startswith(ID):
            found.setdefault(t.predicate.value, set()).add(iri(t.object))
    return found


def _renamed(proposal: Proposal, old: object, new: NamedNode) -> Proposal:
    triples = [t if t.subject != old else Triple(new, t.predicate, t.object) for t in proposal.triples]
    return replace(proposal, triples=tuple(dict.fromkeys(triples)))


def _a(thing: str, kind: str) -> Triple:
    return Triple(NamedNode(thing), NamedNode(RDF_TYPE), NamedNode(kind))
