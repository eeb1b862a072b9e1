"""What a reviewer says in words about a passage, as proposals: a sentence is typed, and no Turtle.

Whatever a review shows as a sentence can be said: “Russia backs the Assad regime”, “Ankara is the capital of Turkey”,
“Ada Holm is the chair of the Chamber”, “the railway is a railway”, “the summit is planned”, “Northern Rail is called
‘Northern’”, “‘the project’ means the railway”, “read with ‘a railway between’”, “Ada Holm says this”. Relations and
events are read by the patterns and the clauses of the lexicon, single facts by the clauses of properties. Things are
named as the article names them. What was said is a proposal as any other: checks judge it, and a person accepts it.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cached_property, partial

from pyoxigraph import Literal, NamedNode, Triple

from kg.dataset.build import Build
from kg.dataset.named import ArticleNames
from kg.dataset.tenses import SHORTCUTS
from kg.drafting import mentions, offices, quantities, when, worded
from kg.drafting.gazetteer import office_classes
from kg.drafting.misread import IS, Misread, wrong_tense
from kg.drafting.rules import TOLD_ELSEWHERE, RuleDrafts
from kg.drafting.speakers import Place, own_words
from kg.drafting.spoken import JOINED, NAME_FIRST, QUOTED, SAID, NotYetError, Said, SpokenLexicon, SpokenNames
from kg.drafting.telling import Telling, again
from kg.drafting.when import Span
from kg.errors import UsageError
from kg.rdf.namespaces import ALT_LABEL, ENT, ID, RDF_TYPE, RDFS_LABEL, local_name, short
from kg.rdf.terms import iri, typed, value
from kg.source.article import Evidence, Mention, Passage
from kg.source.proposals import Proposal, free_name
from kg.text import phrases
from kg.text.forms import flat, slug_words
from kg.text.leftover import Words
from kg.text.matching import Match
from kg.validation.facts import COMPUTED_FROM
from kg.validation.reading import ArticleReadings, Matchers, Reading

_MEANS = re.compile(rf"{QUOTED} means (?P<names>.+)")
_READ_WITH = re.compile(rf"(?:this is )?read with (?:{QUOTED}|(?P<passage>p:[\w.-]+))", re.IGNORECASE)
_SPEAKS = re.compile(r"(?P<names>.+?) says? this(?:, (?P<how>.+))?")
_CALLED = re.compile(rf"(?P<name>.+?) (?:is|are) (?:also )?(?:called|named|known as) {QUOTED}")
_KNOWN_AS = re.compile(r"(?P<name>.+?) (?:is|are) (?:also )?(?:called|named|known as) (?:the )?(?P<words>.+)")
_THERE_IS = re.compile(r"There (?:is|are|was|were) (?:an? )?(?P<kind>.+)")
_NAMED = re.compile(r"[A-Z]")
_GOVERNMENT, _GOVERNS_STATE = ENT + "Government", ENT + "governmentOf"
_MOST = 400  # code points of what is said
_ACTOR, _STAGED = ENT + "Actor", ENT + "InfrastructureProject"


class Sayings:
    """Reads what is said of the passages of one article, in which its things are stated or proposed."""

    def __init__(self, made: Build, article: str, called: Callable[[], Mapping[str, str]]) -> None:
        """Take a graph with the article, by its name, and what gives what things (IRIs) without a label are called."""
        self._made, self._rules = made, RuleDrafts(made, article)
        self._evidence: Evidence = next(e for e in made.evidence if e.article.name == article)
        self._spoken = SpokenNames(made, self._evidence, self._rules.names, called)
        self._names = self._spoken.names
        self._links = mentions.Links(self._evidence, self._rules.roles, self._names, self._spoken.meant)
        self._left: list[Span] | None = None  # the words of what was said that no pattern takes up

    def amounts(self, passage: Passage, words: str, by: str) -> Iterator[Proposal]:
        """The amounts of the passage that words speak of, and that nothing states yet."""
        english, self._spoken.passage = self._spoken.language == "en", passage
        here, told = ({a.numbers: a for a in quantities.each(text, english=english)} for text in (passage.quote, words))
        for said in told.keys() & here.keys():
            amount, found = here[said], quantities.readings(here[said])
            own = passage.quote[amount.start : amount.end]
            if found and len({r.number for r in found}) == 1 and not self._spoken.named(own):
                slug = "-".join([local_name(passage.iri), *slug_words(own)])
                triples = found[0].triples(NamedNode(ID + slug), self._spoken.language)
                yield replace(self._proposal(passage, slug, triples, [own]), by=f"{by}, in words")

    def proposals(self, passage: Passage, words: str, by: str) -> Said:
        """What words say of a passage; `by` is who says it. Raises UsageError for what cannot be read as a fact."""
        said = " ".join(words.split()).rstrip(".;")
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
        self._left = None
        as_said = self._of_evidence, self._of_own_words, self._of_telling  # word for word, in quotation marks or not
        for read in self._ways:
            plain = said if read in as_said else worded.plain(said)
            if found := {p.key: p for p in read(passage, plain)}:
                if read in (self._of_telling, self._of_patterns):
                    self._check_tense(passage, plain, found.values())
                told = [replace(p, by=f"{by}, in words") for p in self._links.added(passage, [*found.values()])]
                left = [] if read in (self._of_evidence, self._of_telling) else [*self._left_out(said, told)]
                return Said(told, left)
        raise Misread(self._spoken, self._clauses, self._rules.roles).error(self._reading(passage, said))

    def _check_tense(self, passage: Passage, said: str, found: Iterable[Proposal]) -> None:
        """Raises UsageError where the passage tells as done what is said to be to come, or the other way round."""
        roles, own = self._rules.roles, [t for p in found for t in p.triples]
        kinds = {iri(t.subject): roles.names.above(iri(t.object)) for t in own if t.predicate.value == RDF_TYPE}
        things = roles.things(replace(passage, triples=tuple(own)))
        things = [x._replace(kinds=x.kinds | kinds.get(x.iri, frozenset())) for x in things]
        told = Reading(ArticleReadings(), self._matchers, roles, self._evidence, self._names, passage)
        told.others.add(told)
        if error := wrong_tense(self._reading(passage, said), told, things):
            raise error

    @property
    def _ways(self) -> tuple[Callable[[Passage, str], Iterator[Proposal]], ...]:
        """The ways in which a sentence is read, the first of which that reads it is taken."""
        facts = self._of_government, self._of_telling, self._of_office, self._of_kind, self._of_patterns
        return self._of_evidence, self._of_own_words, *facts

    def _left_out(self, said: str, found: list[Proposal]) -> Iterator[str]:
        """The words and dates in what is said of which nothing is proposed; but for patterns, names alone."""
        triples = [t for p in found for t in p.triples]
        nodes = {iri(x) for t in triples for x in (t.subject, t.object)}
        values = {value(t.object) for t in triples if isinstance(t.object, Literal)}
        end, names = 0, self._names.in_text(said) if self._left is None else []
        for name in sorted(names, key=lambda m: (m.start, -m.end)):
            around = (x for m in names if m.start <= name.start < m.end for x in m.iris)
            if name.start >= end and nodes.isdisjoint(around) and not any(name.words in text for text in values):
                yield name.words
            end = max(end, name.end)
        yield from (said[start:stop] for start, stop in self._left or ())
        day = self._evidence.reading_date
        dated = when.clear(said, (0, len(said)), day) if day else []
        yield from (words for words, lexical, _ in dated if lexical not in values)

    # What words mean, what a passage is read with, and who speaks

    def _of_evidence(self, passage: Passage, said: str) -> Iterator[Proposal]:
        node = NamedNode(passage.iri)
        if match := _MEANS.fullmatch(said):
            kinds = self._spoken.kinds_of(match["words"].split()[-1])
            like = self._spoken.each(match["names"], lambda x: not kinds.isdisjoint(self._rules.names.kinds(x)))
            yield self._mention(passage, match["words"], like or self._spoken.all(match["names"]))
        elif match := _READ_WITH.fullmatch(said):
            other = NamedNode(self._passage(match["passage"] or "", match["words"] or ""))
            triple = Triple(node, NamedNode(ENT + "readWith"), other)
            yield self._proposal(passage, f"{local_name(node.value)}-with-{local_name(other.value)}", [triple])
        elif match := _SPEAKS.fullmatch(said):
            speakers = self._spoken.each(match["names"], self._acts) or self._spoken.all(match["names"])
            quoted = match["how"] == "word for word" or (not match["how"] and passage.quote[:1] in '“"‘«„')
            how = ENT + ("quoted" if quoted else "paraphrased")
            triples = [Triple(node, NamedNode(ENT + "speaker"), NamedNode(x)) for x in speakers]
            triples.append(Triple(node, NamedNode(ENT + "speech"), NamedNode(how)))
            yield self._proposal(passage, f"{local_name(speakers[0])}-says-{local_name(node.value)}", triples)

    def _acts(self, thing: str) -> bool:
        return _ACTOR in self._rules.names.kinds(thing)

    def _mention(self, passage: Passage, words: str, things: list[str]) -> Proposal:
        start, end = self._spoken.place(words)
        node, triples = mentions.mention(self._evidence, passage, start, end, things)
        return self._proposal(passage, local_name(node), triples, [passage.quote[start:end]])

    def _passage(self, name: str, words: str) -> str:
        rows = [p for p in self._evidence.passages if (words and flat(words) in flat(p.quote)) or short(p.iri) == name]
        if not rows:
            raise UsageError(f"no passage has “{words or name}”", hint="take words of its quote", rule="saying")
        return min(rows, key=lambda p: (p.start, -p.end)).iri

    def _of_own_words(self, passage: Passage, said: str) -> Iterator[Proposal]:
        """What somebody did in words of the passage: “Lorvia “closed a port””."""
        names, words = worded.parts(said) or ("", "")
        things = self._spoken.each(names, self._acts) or self._spoken.each(names)
        if things:
            of_acts = all(self._acts(x) for x in things)
            told = self._spoken.own(words), self._spoken.language
            plural = len(things) > 1 or phrases.is_plural(names[0].lower() + names[1:], of_place=False)
            slug, triples, more = worded.statements(passage, self._evidence, things, *told, act=of_acts, plural=plural)
            labels = self._labels(passage, things)
            found = self._proposal(passage, slug, [*triples, *labels], [told[0], *more], own=True)
            known = passage.date_words if found.passage == passage.iri else ()
            new = [Literal(x) for x in more if not any(x in words for words in known)]
            dated = [Triple(NamedNode(found.passage), NamedNode(ENT + "dateWords"), x) for x in new]
            yield replace(found, triples=(*found.triples, *dated))

    # What something is, or is called, and how far it has come

    def _of_kind(self, passage: Passage, said: str) -> Iterator[Proposal]:
        if match := _CALLED.fullmatch(said) or _KNOWN_AS.fullmatch(said):
            yield self._called(passage, self._spoken.one(match["name"]), self._spoken.own(match["words"]))
            return
        if not (match := _THERE_IS.fullmatch(said) or IS.fullmatch(self._undated(said))):
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
        if "name" not in match.groupdict() or term not in self._spoken.classes:
            return
        if adjective[:1].isupper() and len(states) != 1:
            hint = "a state of which only the adjective occurs is named in kg/background/: docs/add-an-article.md"
            raise NotYetError(f"no state of the article is called “{adjective}”", hint=hint, rule="saying")
        if len(states) != 1:
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
        if ENT + "Place" in self._rules.names.above(kind):
            fitting = [x for x in fitting if _GOVERNMENT not in kinds(x)]  # whose name is that of a city
        things = [x for x in fitting if kind in kinds(x)] or fitting
        if kind == _GOVERNMENT and not any(self._rules.names.values(x, _GOVERNS_STATE) for x in things):
            hint = f"say “{name} is the government of …”, with the name of a state"
            raise UsageError("it is not said whose government this is", hint=hint, rule="saying")
        if len(things) == 1:
            (thing,) = things
            slug = f"{local_name(thing)}-a-{local_name(kind).lower()}"
            return self._proposal(passage, slug, [typed(thing, kind), *self._labels(passage, (thing,))], own=True)
        words = self._spoken.own(name)
        slug = "-".join(slug_words(words)) or local_name(kind).lower()
        thing = ID + (slug if words[:1].isupper() else f"{slug}-{self._evidence.article.name}")
        thing += f"-{local_name(kind).lower()}" * (thing in self._names.all)  # of a government of that name
        label = Literal(words, language=self._spoken.language)
        return self._proposal(
            passage, slug, [typed(thing, kind), Triple(NamedNode(thing), _LABEL, label)], [words], own=True
        )

    def _of_government(self, passage: Passage, said: str) -> Iterator[Proposal]:
        """What governs a state: “Velmar is the government of Talvia”, “the cabinet is Talvia's government”."""
        kinds = self._rules.names.kinds
        for name, words in offices.governed(said):
            states = self._spoken.named(words, lambda x: ENT + "State" in kinds(x))
            if len(states) == 1:
                yield self._government(passage, name, states[0])
                return

    def _government(self, passage: Passage, name: str, state: str) -> Proposal:
        """A government by what a passage calls it, such as the name of its capital; the one that is known, if any."""
        every = (self._made.statements, self._made.claimed)
        known = {iri(t.subject) for s in every for t in s.leading_to(NamedNode(state), _GOVERNS_STATE)}
        own = self._spoken.named(name, lambda x: _GOVERNMENT in self._rules.names.kinds(x))
        own = [x for x in own if x in known or not self._rules.names.values(x, _GOVERNS_STATE)]
        found = own if len(own) == 1 else sorted(known)
        thing = found[0] if len(found) == 1 else free_name(f"{ID}government-of-{local_name(state)}", known)
        words = self._spoken.own(offices.GOVERNMENT_IN.sub("", name))
        triples = [typed(thing, _GOVERNMENT), Triple(NamedNode(thing), NamedNode(_GOVERNS_STATE), NamedNode(state))]
        if _NAMED.search(words):
            how = _ALIAS if self._rules.names.labels(thing) - {words} else _LABEL
            triples *= thing not in known or how == _LABEL
            triples.append(Triple(NamedNode(thing), how, Literal(words, language=self._spoken.language)))
        else:  # “the cabinet”
            triples = [*triples * (thing not in known), *self._mention(passage, name, [thing]).triples]
        return self._proposal(passage, local_name(thing), triples, [words], own=True)

    # Relations, events and single facts

    def _of_patterns(self, passage: Passage, said: str) -> Iterator[Proposal]:
        """What the patterns find in a sentence, if they take up its beginning: what is left out is named elsewhere."""
        reading = self._reading(passage, said)
        rows = [p for p in self._rules.of_words(reading, _NOT_BY_PATTERN) if any(self._matches(reading, p))]
        words = Words(said, [(start, end) for start, end, _ in when.expressions(said)])
        taken = [self._taken(reading, words, p) for p in rows]
        full = [(own, len(_things(p))) for p, own in zip(rows, taken, strict=True)]
        is_best = [not any(own <= x and (own, many) != (x, n) and many <= n for x, n in full) for own, many in full]
        best = [p for p, is_it in zip(rows, is_best, strict=True) if is_it]
        self._left = words.left((word for own in taken for word in own), [(n.start, n.end) for n in reading.named])
        verb = min((m.start for p in best for m in self._matches(reading, p)), default=0)
        spans = [(m.start, m.end) for p in best for m in self._matches(reading, p)]
        skipped = [w for w in self._left if any(a <= w[0] and w[1] <= z for a, z in spans)]  # “is to buy jets from”
        if skipped or any(end <= verb and not _NAMED.match(said[start:end]) for start, end in self._left):
            left = ", ".join(f"“{said[start:end]}”" for start, end in self._left)
            raise UsageError(f"nothing says what {left} means here", hint=NAME_FIRST, rule="saying")
        yield from (self._again(passage, said, self._moved(passage, p)) for p in best)

    def _matches(self, reading: Reading, proposal: Proposal) -> Iterator[Match]:
        """The matches by which a proposal was found."""
        for m in reading.matches:
            if proposal.by == f"rule: {m.pattern.text}" and proposal.words[:1] == (reading.words(m),):
                yield m

    def _taken(self, reading: Reading, words: Words, proposal: Proposal) -> frozenset[Span]:
        """The words of what is said that a proposal takes up."""
        things, said = _things(proposal), reading.quote
        spans = [(n.start, n.end) for n in reading.named if not things.isdisjoint(n.things)]
        literals = {value(t.object) for t in proposal.triples if isinstance(t.object, Literal) and t.object.language}
        spans += [(said.find(text), said.find(text) + len(text)) for text in literals if text in said]
        return frozenset[Span]().union(*(words.taken(m, spans) for m in self._matches(reading, proposal)))

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
        name = proposal.name.removeprefix("proposal-")
        return self._dated(passage, self._proposal(passage, name, list(triples)))

    def _dated(self, passage: Passage, proposal: Proposal) -> Proposal:
        """A proposal with the words that its dates have in the passage."""
        triples = dict.fromkeys(proposal.triples)
        dates = {value(t.object) for t in triples if isinstance(t.object, Literal)}
        quote, day = passage.quote, self._evidence.reading_date
        rows = when.clear(quote, (0, len(quote)), day) if day else []
        words = [row[0] for row in rows if row[1] in dates]
        for each in words:
            if not any(each in other for other in passage.date_words):
                triples[Triple(NamedNode(passage.iri), NamedNode(ENT + "dateWords"), Literal(each))] = None
        return self._proposal(passage, proposal.name.removeprefix("said-"), list(triples), words) if words else proposal

    def _again(self, passage: Passage, said: str, proposal: Proposal) -> Proposal:
        """A proposal on the relation or event of which the passage tells already, where one fits: it adds to that."""
        day = self._evidence.reading_date
        dates = {lexical for _, lexical, _ in when.clear(said, (0, len(said)), day)} if day else set()
        return again(proposal, passage, self._evidence, dates, self._rules.names.broader)

    def _of_telling(self, passage: Passage, said: str) -> Iterator[Proposal]:
        """What is said in a sentence that is one clause in which facts are told, as a whole."""
        meant = partial(self._spoken.in_slot, self._rules.roles)
        for slug, triples in self._clauses.statements(said, self._evidence, meant):
            things = dict.fromkeys(iri(x) for t in triples for x in (t.subject, t.object))
            named = [*self._labels(passage, (x for x in things if x.startswith(ID)))]
            found = self._proposal(passage, slug, [*triples, *named])
            yield self._again(passage, said, self._dated(passage, found))

    @cached_property
    def _clauses(self) -> Telling:
        return Telling([*self._made.ontology], self._spoken.language, self._rules.roles, _NOT_TOLD)

    def _labels(self, passage: Passage, things: Iterable[str]) -> Iterator[Triple]:
        """The names that a passage has for things."""
        return self._rules.labels(passage.quote, things, self._spoken.language)

    # Who holds which office

    def _of_office(self, passage: Passage, said: str) -> Iterator[Proposal]:
        """Who holds which office, or is at the head of something: “Ada Holm leads the Chamber”."""
        rows, kinds, fits = [*offices.said(said)], self._rules.names.kinds, self._rules.roles.fits
        for name, _, body in (row for row in rows if not row[1]):
            holders = self._spoken.named(name, lambda x: ENT + "Person" in kinds(x))
            bodies = self._spoken.named(body, lambda x: fits(x, ("heads",)))
            if len(holders) == len(bodies) == 1:
                yield self._again(passage, said, self._office(passage, "", "", holders[0], bodies[0]))
                return
        if not (rows := [row for row in rows if row[1]]):
            return
        in_one = partial(fits, path=("officeOf",))
        known = (row for row in rows if len(self._spoken.named(row[2], in_one)) == 1)
        name, title, whole = next(known, rows[0])
        holder = self._spoken.one(name)
        body = next(iter(self._spoken.named(whole, in_one)), "") or self._spoken.one(whole)
        words = next((m[0] for m in re.finditer(rf"(?<!\w){re.escape(title)}(?!\w)", passage.quote, re.IGNORECASE)), "")
        if not words:
            raise UsageError(f"the passage does not have the title “{title}”", hint=f"“{passage.quote}”", rule="saying")
        yield self._office(passage, title, words, holder, body)

    def _office(self, passage: Passage, title: str, words: str, holder: str, body: str) -> Proposal:
        """That somebody holds an office in a body, for which a passage has words."""
        rules = not self._rules.names.kinds(body).isdisjoint((ENT + "State", _GOVERNMENT))
        office = offices.Office(title.lower(), offices.Name(0, 0, holder), offices.Name(0, 0, body, rules), 0, 0)
        heading = [] if title else [*self._made.statements.leading_to(NamedNode(body), ENT + "heads")]
        there = iri(heading[0].subject) if len(heading) == 1 else ""
        tenure, triples = offices.statements(office, words, self._leading, self._spoken.language, there)
        labels = self._labels(passage, (holder, body))
        told = [words] if words else []
        return self._proposal(passage, local_name(tenure), [*triples, *labels], told, own=True)

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


_NOT_BY_PATTERN = frozenset(
    ENT + name
    for name in ("Event", "Relation", "RelativePosition", "Statement", "Superlative", "Tenure", *TOLD_ELSEWHERE)
)
_NOT_TOLD = frozenset(ENT + name for name in (*SHORTCUTS, *COMPUTED_FROM, "stage", "status"))
_LABEL, _ALIAS = NamedNode(RDFS_LABEL), NamedNode(ALT_LABEL)


def _things(proposal: Proposal) -> set[str]:
    """The things of which a proposal states something, and those in their roles."""
    return {x for t in proposal.triples for x in (iri(t.subject), iri(t.object)) if x.startswith(ID)}
