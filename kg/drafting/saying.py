"""What a reviewer says in words about a passage, as proposals: a sentence is typed, and no Turtle.

Whatever a review shows as a sentence can be said: “Russia backs the Assad regime”, “Ankara is the capital of Turkey”,
“Ada Holm is the chair of the Chamber”, “the railway is a railway”, “the summit is planned”, “Northern Rail is called
‘Northern’”, “‘the project’ means the railway”, “read with ‘a railway between’”, “Ada Holm says this”. Relations and
events are read by the patterns and the clauses of the lexicon, single facts by the clauses of properties. Things are
named as the article names them. What was said is a proposal as any other: checks judge it, and a person accepts it.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cached_property
from typing import NamedTuple

from pyoxigraph import Literal, NamedNode, Triple

from kg.dataset.build import Build
from kg.dataset.lexicon import Lexicon
from kg.dataset.named import ArticleNames
from kg.dataset.naming import CLAUSE
from kg.drafting import mentions, offices, when
from kg.drafting.gazetteer import office_classes
from kg.drafting.rules import RuleDrafts
from kg.errors import UsageError, did_you_mean
from kg.rdf.namespaces import ALT_LABEL, ENT, ID, OWL, RDF_TYPE, RDFS, RDFS_LABEL, local_name, short
from kg.rdf.terms import iri, value
from kg.source.article import Evidence, Passage
from kg.source.proposals import Proposal
from kg.text import phrases, verbs
from kg.text.forms import flat
from kg.text.patterns import Choice, Mark, Pattern, Phrase, Slot
from kg.validation.reading import ArticleReadings, Matchers, Reading

_QUOTED = "[“\"‘'](?P<words>.+?)(?: ?…)?[”\"’']"
_MEANS = re.compile(rf"{_QUOTED} means (?P<names>.+)")
_READ_WITH = re.compile(rf"(?:this is )?read with (?:{_QUOTED}|(?P<passage>p:[\w.-]+))", re.IGNORECASE)
_SPEAKS = re.compile(r"(?P<names>.+?) says? this(?:, (?P<how>.+))?")
_CALLED = re.compile(rf"(?P<name>.+?) (?:is|are) called {_QUOTED}")
_THERE_IS = re.compile(r"There (?:is|are) (?:an? )?(?P<kind>.+)")
_IS = re.compile(r"(?P<name>.+?) (?:is|are|was|were) (?:(?:an?|the) )?(?P<kind>.+)")
_OFFICE = re.compile(r"(?P<name>.+?) (?:is|was) (?:an?|the) (?P<title>.+?) (?:of|at|in) (?:the )?(?P<body>.+)")
_AND = re.compile(r", and | and |, ")
_MOST_WORDS = 4  # of a kind
_MOST = 400  # code points of what is said
_NAMED = "name things as the article does, new ones first: “X is a railway”; whatever `kg show` says can be said"
_STAGED = ENT + "InfrastructureProject"


class Said(NamedTuple):
    """What words propose, and the names and dates in them of which it says nothing."""

    proposals: list[Proposal]
    left_out: list[str]

    @property
    def problem(self) -> str:
        """What is left out, as words for whoever said it; empty if nothing is."""
        return f"this says nothing of {', '.join(f'“{x}”' for x in self.left_out)}" if self.left_out else ""


class Sayings:
    """Reads what is said of the passages of one article, in which its things are stated or proposed."""

    def __init__(self, made: Build, article: str) -> None:
        """Take a graph with the article, by its name."""
        self._made, self._rules = made, RuleDrafts(made, article)
        self._evidence: Evidence = next(e for e in made.evidence if e.article.name == article)
        self._names = self._rules.names.of(self._evidence)
        self._language = self._names.language
        self._here = set[str]()  # the things of which the passage in question states something

    def proposals(self, passage: Passage, words: str, by: str) -> Said:
        """What words say of a passage; `by` is who says it. Raises UsageError for what cannot be read as a fact."""
        said = " ".join(words.split()).rstrip(".")
        self._here = {iri(t.subject) for t in passage.triples}
        if not said or len(said) > _MOST:
            raise UsageError(f"a fact is one sentence of at most {_MOST} characters", rule="saying")
        if not self._language:
            message = "the lexicon does not have the language of the article"
            raise UsageError(message, hint="edit a proposal as Turtle instead", rule="saying")
        for read in (self._of_evidence, self._of_kind, self._of_patterns, self._of_office):
            if found := {p.key: p for p in read(passage, said)}:
                told = [replace(p, by=f"{by}, in words") for p in found.values()]
                return Said(told, [*self._left_out(said, told)])
        named = ", ".join(dict.fromkeys(f"“{m.words}”" for m in self._names.in_text(said)))
        known = f"it names {named}" if named else "it names nothing that the article has"
        is_kind = _IS.fullmatch(said)
        near = did_you_mean(is_kind["kind"].lower(), {x: f"“{x}”" for x in self._terms}) if is_kind else ""
        message = f"“{said}” fits no pattern of the lexicon; {known}"
        raise UsageError(message, hint=near or _NAMED, rule="saying")

    def _left_out(self, said: str, found: list[Proposal]) -> Iterator[str]:
        """The names and dates in what is said of which nothing is proposed."""
        triples = [t for p in found for t in p.triples]
        nodes = {iri(x) for t in triples for x in (t.subject, t.object)}
        values = {value(t.object) for t in triples if isinstance(t.object, Literal)}
        end, names = 0, self._names.in_text(said)
        for name in sorted(names, key=lambda m: (m.start, -m.end)):
            around = (x for m in names if m.start <= name.start < m.end for x in m.iris)
            if name.start >= end and nodes.isdisjoint(around):
                yield name.words
            end = max(end, name.end)
        day = self._evidence.reading_date
        dated = when.clear(said, (0, len(said)), day) if day else []
        yield from (words for words, lexical, _ in dated if lexical not in values)

    # What words mean, what a passage is read with, and who speaks

    def _of_evidence(self, passage: Passage, said: str) -> Iterator[Proposal]:
        node = NamedNode(passage.iri)
        if match := _MEANS.fullmatch(said):
            yield self._mention(passage, match["words"], self._all(match["names"]))
        elif match := _READ_WITH.fullmatch(said):
            other = NamedNode(self._passage(match["passage"] or "", match["words"] or ""))
            triple = Triple(node, NamedNode(ENT + "readWith"), other)
            yield self._proposal(passage, f"{local_name(node.value)}-with-{local_name(other.value)}", [triple])
        elif match := _SPEAKS.fullmatch(said):
            speakers = self._all(match["names"])
            quoted = match["how"] == "word for word" or (not match["how"] and passage.quote[:1] in '“"‘«„')
            how = ENT + ("quoted" if quoted else "paraphrased")
            triples = [Triple(node, NamedNode(ENT + "speaker"), NamedNode(x)) for x in speakers]
            triples.append(Triple(node, NamedNode(ENT + "speech"), NamedNode(how)))
            yield self._proposal(passage, f"{local_name(speakers[0])}-says-{local_name(node.value)}", triples)

    def _mention(self, passage: Passage, words: str, things: list[str]) -> Proposal:
        start, end = self._place(passage, words)
        slug = "-".join([*re.findall("[a-z0-9]+", flat(words).lower()), local_name(passage.iri)])
        triples = mentions.statements(NamedNode(f"{self._evidence.iri}#{slug}"), passage, start, end, things)
        return self._proposal(passage, slug, triples, [passage.quote[start:end]])

    def _place(self, passage: Passage, words: str) -> tuple[int, int]:
        """From where to where words stand in a quote. Raises UsageError where they do not."""
        at = flat(passage.quote).find(flat(words))
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

    # What something is, or is called, and how far it has come

    def _of_kind(self, passage: Passage, said: str) -> Iterator[Proposal]:
        if match := _CALLED.fullmatch(said):
            yield self._called(passage, self._one(match["name"]), self._own(passage, match["words"]))
            return
        match = _THERE_IS.fullmatch(said) or _IS.fullmatch(said)
        term = self._term(match["kind"].lower()) if match else ""
        if match is None or not term:
            return
        name = match.groupdict().get("name") or match["kind"]
        if term in self._classes:
            yield self._typed(passage, name, term)
        else:
            thing = self._one(name)
            role = "stage" if _STAGED in self._rules.names.kinds(thing) else "status"
            triple = Triple(NamedNode(thing), NamedNode(ENT + role), NamedNode(term))
            yield self._proposal(passage, f"{local_name(thing)}-{local_name(term).lower()}", [triple])

    def _term(self, words: str) -> str:
        """The class or status of a label, else the class of which words are the only cue: “interconnector”."""
        if words in self._terms or len(words.split()) > _MOST_WORDS:
            return self._terms.get(words, "")
        cues = (m for m in self._matchers.find_cues(words) if (m.start, m.end) == (0, len(words)))
        cued = {m.term for m in cues} & self._classes
        narrow = [x for x in cued if not any(x in self._rules.names.broader(y) for y in cued)]
        return narrow[0] if len(narrow) == 1 else ""

    def _called(self, passage: Passage, thing: str, words: str) -> Proposal:
        label = Literal(words, language=self._language)
        return self._proposal(
            passage, f"{local_name(thing)}-called", [Triple(NamedNode(thing), _ALIAS, label)], [words]
        )

    def _typed(self, passage: Passage, name: str, kind: str) -> Proposal:
        """A thing that is there with a class, or a new one with the name that the passage has for it."""
        things, name = self._named(name), phrases.bare(re.sub("^(The|An?|an?) ", "", name))
        if len(things) == 1:
            (thing,) = things
            slug = f"{local_name(thing)}-a-{local_name(kind).lower()}"
            return self._proposal(passage, slug, [_a(thing, kind), *self._labels(passage, (thing,))])
        words = self._own(passage, name)
        slug = "-".join(re.findall("[a-z0-9]+", flat(words).lower())) or local_name(kind).lower()
        thing = ID + (slug if words[:1].isupper() else f"{slug}-{self._evidence.article.name}")
        label = Literal(words, language=self._language)
        return self._proposal(passage, slug, [_a(thing, kind), Triple(NamedNode(thing), _LABEL, label)], [words])

    @cached_property
    def _terms(self) -> dict[str, str]:
        """The classes, statuses and stages (IRIs) by their labels in small letters, in the singular and the plural."""
        found: dict[str, str] = {}
        kinds = self._classes | self._statuses
        for term, labels in self._rules.names.class_labels(self._language).items():
            for label in labels if term in kinds else ():
                found |= {label: term, phrases.plural(label): term}
        return found

    @cached_property
    def _classes(self) -> frozenset[str]:
        return frozenset(iri(t.subject) for t in self._made.ontology if _is(t, OWL + "Class"))

    @cached_property
    def _statuses(self) -> frozenset[str]:
        return frozenset(iri(t.subject) for t in self._made.ontology if _is(t, ENT + "Status"))

    # Relations, events and single facts

    def _of_patterns(self, passage: Passage, said: str) -> Iterator[Proposal]:
        reading = self._reading(passage, said)
        found = [self._moved(passage, p) for p in self._rules.of_words(reading, _NEVER_SAID)]
        yield from found or self._of_clauses(passage, said)

    def _reading(self, passage: Passage, said: str) -> Reading:
        """What is said, read as if it stood in the text."""
        node = f"{self._evidence.iri}#{_SAID}"
        spoken = Passage(node, said, passage.start, passage.start + len(said), passage.triples)
        others, names = ArticleReadings(), ArticleNames(self._evidence, self._rules.names)  # these keep what they read
        reading = Reading(others, self._matchers, self._rules.roles, self._evidence, names, spoken)
        others.add(reading)
        return reading

    @cached_property
    def _matchers(self) -> Matchers:
        return Matchers(_Spoken(self._made.ontology), self._language)

    def _moved(self, passage: Passage, proposal: Proposal) -> Proposal:
        """A proposal on what is said as one on the passage: with the names and the date words that it has itself."""
        triples: dict[Triple, None] = {}
        for t in proposal.triples:
            is_absent = t.predicate == _LABEL and value(t.object) not in passage.quote
            if not is_absent and not iri(t.subject).endswith(f"#{_SAID}"):
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

    def _of_clauses(self, passage: Passage, said: str) -> Iterator[Proposal]:
        """Single facts, by the clauses of properties that are all that is said."""
        for term, clause in self._clauses:
            match = clause.fullmatch(said)
            if match is None:
                continue
            subjects = [x for x in self._named(match["subject"]) if self._is_in_domain(x, term)]
            if quoted := re.fullmatch(_QUOTED, match["object"]):
                own = self._own(passage, quoted["words"])
                values: list[NamedNode | Literal] = [Literal(own, language=self._language)]
            else:
                fitting = (x for x in self._named(match["object"]) if self._rules.roles.fits(x, (local_name(term),)))
                values = [*map(NamedNode, fitting)]
            if len(subjects) == 1 and len(values) == 1:
                triple = Triple(NamedNode(subjects[0]), NamedNode(term), values[0])
                slug = "-".join(filter(None, (local_name(x) for x in (subjects[0], term, iri(values[0])))))
                things = filter(None, (subjects[0], iri(values[0])))
                yield self._proposal(passage, slug.lower(), [triple, *self._labels(passage, things)])

    @cached_property
    def _clauses(self) -> list[tuple[str, re.Pattern[str]]]:
        """The clauses of properties whose subject and value are things, each with its term."""
        found = Lexicon(self._made.ontology).parsed(CLAUSE, self._language)
        rows = ((term, p) for term, patterns in found.items() for p in patterns if term not in _NOT_SAID)
        return [
            (term, re.compile(_expression(p), re.IGNORECASE))
            for term, p in rows
            if [slot.path for slot in p.slots()] in ([("subject",), ("object",)], [("object",), ("subject",)])
        ]

    def _is_in_domain(self, thing: str, predicate: str) -> bool:
        of = NamedNode(predicate)
        domains = {iri(t.object) for t in self._made.ontology if t.subject == of and t.predicate == _DOMAIN}
        return not domains or not domains.isdisjoint(self._rules.names.kinds(thing))

    def _labels(self, passage: Passage, things: Iterable[str]) -> Iterator[Triple]:
        """The names that a passage has for things."""
        return self._rules.labels(passage.quote, things, self._language)

    # Who holds which office

    def _of_office(self, passage: Passage, said: str) -> Iterator[Proposal]:
        match = _OFFICE.fullmatch(said)
        if match is None or not (title := offices.TITLE.fullmatch(match["title"].lower())):
            return
        holder, body = self._one(match["name"]), self._one(match["body"])
        words = next((m[0] for m in re.finditer(re.escape(title[0]), passage.quote, re.IGNORECASE)), "")
        if not words:
            raise UsageError(
                f"the passage does not have the title “{title[0]}”", hint=f"“{passage.quote}”", rule="saying"
            )
        office = offices.Office(title[0], offices.Name(0, 0, holder), offices.Name(0, 0, body), 0, 0)
        tenure, triples = offices.statements(office, words, self._leading, self._language)
        yield self._proposal(passage, local_name(tenure), [*triples, *self._labels(passage, (holder, body))], [words])

    @cached_property
    def _leading(self) -> Mapping[str, str]:
        """The classes of offices whose title says which it is."""
        labels = self._rules.names.class_labels(self._language)
        rows = office_classes([*self._made.ontology])
        return {label: office for holder, office in rows for label in labels.get(holder, ())}

    # Names

    def _named(self, name: str) -> list[str]:
        """The things of the article that a name means: of several those with that very name, else the states.

        “The railway” is the one railway of the article.
        """
        things = sorted(self._names.of_name(phrases.bare(name)) or self._definite(name))
        exact = [x for x in things if phrases.bare(name) in self._rules.names.names(x)]
        found = exact if len(things) > 1 and exact else things
        if len(found) > 1 and all(ENT + "Quantity" in self._rules.names.kinds(x) for x in found):
            found = [x for x in found if x in self._here][:1] or found[:1]  # amounts that are called the same
        states = [x for x in found if ENT + "State" in self._rules.names.kinds(x)]
        return states if len(found) > 1 and len(states) == 1 else found

    def _definite(self, name: str) -> set[str]:
        spoken = Passage(f"{self._evidence.iri}#{_SAID}", name, 0, len(name))
        found = ArticleNames(self._evidence, self._rules.names).named(spoken)
        return {x for m in found if name[: m.start].lower() in ("", "the ") and m.end == len(name) for x in m.iris}

    def _one(self, name: str) -> str:
        """The thing that a name means. Raises UsageError for none, or several."""
        found = self._named(name)
        if len(found) != 1:
            many = f"may be {', '.join(map(short, found))}" if found else "names nothing that the article has"
            raise UsageError(f"“{name}” {many}", hint=_NAMED, rule="saying")
        return found[0]

    def _all(self, names: str) -> list[str]:
        """The things that are named, joined by “and”; the whole may be the name of one."""
        whole = self._named(names)
        return whole if len(whole) == 1 else [self._one(name) for name in _AND.split(names)]

    def _proposal(self, passage: Passage, slug: str, triples: list[Triple], words: Iterable[str] = ()) -> Proposal:
        """A proposal for a passage, which rests on the words that name its things there, or on all of them."""
        nodes = dict.fromkeys(iri(x) for t in triples for x in (t.subject, t.object) if isinstance(x, NamedNode))
        own = [m for m in self._names.named(passage) if not set(m.iris).isdisjoint(nodes)]
        named = [passage.quote[m.start : m.end] for m in own]
        told = dict.fromkeys([*words, *named]) or {passage.quote: None}
        return Proposal(f"said-{slug}", passage.iri, tuple(told), "", tuple(dict.fromkeys(triples)))


def _expression(pattern: Pattern) -> str:
    """A clause as a regular expression: what stands in its slots are groups, and its verbs may have any form."""
    text = ""
    for element in pattern.elements:
        gap = " " if text and not isinstance(element, Mark) else ""
        if isinstance(element, Slot):
            text += f"{gap}(?P<{element.path[0]}>.+?)"
        elif isinstance(element, Choice):
            text += f"{gap}(?:{'|'.join(map(_words, element.phrases))})"
        elif isinstance(element, Mark):
            text += re.escape(element.text)
    return text


def _words(phrase: Phrase) -> str:
    first, *rest = phrase.words
    forms = "|".join(sorted(verbs.spellings(first)))
    return " ".join([f"{_AUXILIARIES}(?:{forms})" if phrase.verb else re.escape(first), *map(re.escape, rest)])


class _Spoken(Lexicon):
    """The lexicon with the clauses in which facts are told among the patterns by which they are found."""

    def patterns(self, language: str) -> dict[str, list[Pattern]]:
        found = super().patterns(language)
        clauses = self.parsed(CLAUSE, language)
        return {term: [*found.get(term, ()), *clauses.get(term, ())] for term in dict.fromkeys([*found, *clauses])}


_AUXILIARIES = "(?:(?:is|are|was|were|has|have|had|to|be|been|being|will) ){0,3}?"
_NEVER_SAID = frozenset(ENT + name for name in ("Event", "Relation", "RelativePosition", "Superlative", "Tenure"))
_NOT_SAID = frozenset(
    ENT + name for name in ("currentStage", "currentStatus", "stage", "status")
)  # told by their words
_SAID = "said"  # the local name of the passage that has what is said, which nothing keeps
_LABEL, _ALIAS, _DOMAIN = NamedNode(RDFS_LABEL), NamedNode(ALT_LABEL), NamedNode(RDFS + "domain")


def _a(thing: str, kind: str) -> Triple:
    return Triple(NamedNode(thing), NamedNode(RDF_TYPE), NamedNode(kind))


def _is(t: Triple, kind: str) -> bool:
    return t.predicate.value == RDF_TYPE and iri(t.object) == kind
