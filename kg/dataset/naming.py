"""What things are called in sentences: names with their articles, and noun phrases for what nothing labels."""

import re
from collections.abc import Callable, Iterable
from functools import cached_property, lru_cache
from typing import Any, NamedTuple, Self

from pyoxigraph import Literal, NamedNode, Quad, Triple

from kg.dataset.filling import Filled, Filling, best
from kg.dataset.lexicon import NOUN_PHRASE
from kg.dataset.stated import DATES, FACTS, Match, Voice, bounded, is_of_ontology, value
from kg.dataset.tenses import Timed
from kg.errors import InputError
from kg.rdf.namespaces import (
    ALT_LABEL,
    ARTICLE,
    BACKGROUND,
    CLAIM,
    DCTERMS,
    ENT,
    ID,
    OWL,
    PROV,
    RDF,
    RDF_TYPE,
    RDFS,
    RDFS_LABEL,
    SKOS,
    XSD,
    readable,
)
from kg.rdf.terms import QuadStore, Term
from kg.text import patterns, phrases
from kg.text.patterns import Choice, Pattern, Slot
from kg.text.verbs import Tense, is_duty

CLAUSE = ENT + "clause"
COMPUTED_LABEL = ENT + "computedLabel"
LANGUAGE = "en"  # that of the lexicon for which there are verbs and phrases
MOST_NESTED = 2  # noun phrases within each other
_MOST_QUOTES = 20  # in which the article before a name is looked for
_LONGEST_QUOTE = 60  # characters of the words by which a passage is named
_LABELLED = 100  # as many roles as no noun phrase names, so that a label is taken before one
_VOCABULARIES = (RDF, RDFS, OWL, SKOS, DCTERMS, PROV)
_NAMESPACES = (ID, ENT, ARTICLE, BACKGROUND, CLAIM)
_TYPE, LABEL = NamedNode(RDF_TYPE), NamedNode(RDFS_LABEL)
_QUOTE = NamedNode(ENT + "quote")
_BELONGS = ("bodyOf", "officeOf", "heads", "governmentOf", "unitOf", "locatedIn", "origin")
_WITH_THE = frozenset(ENT + name for name in ("Gulf", "River", "Sea", "Strait", "WeaponsSystem"))
_AREAS = frozenset(ENT + name for name in ("City", "Gulf", "Island", "State"))
_BODIES = frozenset(ENT + name for name in ("Government", "Ministry", "Parliament"))  # of them, not at them
_GROUPS = frozenset(ENT + name for name in ("ArmedGroup", "OppositionGroup"))
_PROPER = frozenset(ENT + name for name in ("Actor", "Place"))  # whoever says their names
_PREFIXED = frozenset(ENT + name for name in ("Person", "City"))  # names that take no article


class NounPhrase(NamedTuple):
    """What a thing is called, how many of its roles that names, and the triples that say so.

    `definite` where it begins with a name that has “the” in a sentence, which the text has not: “Northern Bank’s loan”.
    """

    text: str
    filled: int
    premises: frozenset[Triple]
    definite: bool = False


_NOTHING = NounPhrase("", 0, frozenset())


class Naming:
    """Names of what a dataset states, or with a `voice` of what speakers claim, else by the facts."""

    def __init__(
        self,
        match: Match,
        words: Callable[[str], str] = readable,
        *,
        anew: bool = False,
        language: str = LANGUAGE,
        voice: Voice = FACTS,
        beside: Self | None = None,
    ) -> None:
        """Take the quads of a compiled dataset, by subject, predicate and object (model, rule 24).

        `words` makes a name of an IRI, for a thing that has none. With `anew`, labels that were computed are not read.
        `beside` are the sentences of a dataset that differs in what it says of one thing at a time, so that things are
        called as there.
        """
        self._words, self._anew = words, anew
        self._match, self._language, self._beside = match, language, beside
        self.known: Timed = Timed(match, voice, beside.known if beside else None)
        self._voices: dict[Voice, Self] = {}
        # No cache of a bound method: that would be a circle, which keeps a store open.
        self._found_names = dict[tuple[Term, int], str]()
        self._found_templates = dict[tuple[NamedNode, str], tuple[Pattern, ...]]()
        # Of things of which the voice says nothing, as the facts and all voices call them.
        self._shared_names = self._found_names
        self._shared_labels = dict[tuple[Term, NamedNode], dict[str, list[str]]]()

    @classmethod
    def of_store(
        cls, store: QuadStore, words: Callable[[str], str] = readable, *, anew: bool = False, kept: int = 0
    ) -> Self:
        """The sentences of a compiled dataset in a store; of one that stays as it is, so many look-ups are kept."""

        def match(subject: Any, predicate: Any, value: Any) -> Iterable[Quad]:
            return store.quads_for_pattern(subject, predicate, value, None)

        def found(subject: Any, predicate: Any, value: Any) -> Iterable[Quad]:
            return tuple(match(subject, predicate, value))

        return cls(lru_cache(kept)(found) if kept else match, words, anew=anew)

    def said_by(self, speakers: Iterable[str]) -> Self:
        """The sentences of speakers, given by their IRIs, of whom each says the same; of none those of the facts."""
        voice = Voice(speakers)
        if voice == self.known.voice:
            return self
        if voice not in self._voices:
            beside, how = self._beside and self._beside.said_by(voice), self._language
            said = type(self)(self._match, self._words, anew=self._anew, language=how, voice=voice, beside=beside)
            facts = self.known if not self.known.voice else self.known.facts
            said.known = Timed(self._match, voice, beside.known if beside else None, facts)
            said._found_templates = self._found_templates
            said._shared_names, said._shared_labels = self._shared_names, self._shared_labels
            self._voices[voice] = said
        return self._voices[voice]

    def noun_phrase(self, thing: Term, nested: int = 0) -> NounPhrase:
        """What a thing without a label is called: “Russia's support for the Assad regime”.

        Where others alone say what it is, or what stands in its roles, it is called as they say, with who they are.
        Empty where its classes have no noun phrase whose slots are filled.
        """
        own = self._own_phrase(thing, nested) if self.known.says_what(thing) else _NOTHING
        said = _NOTHING if own.filled else self._reported_phrase(thing, nested)
        return said if said.filled > own.filled or not own.text else own

    def _reported_phrase(self, thing: Term, nested: int) -> NounPhrase:
        """What others call a thing, who have most to say of it: “visit to Lorvia, according to Ada Holm”."""
        found = dict[tuple[int, str, bool], list[str]]()
        premises = dict[str, frozenset[Triple]]()
        for speaker in self.known.speakers(thing):
            said = self.said_by([speaker])
            labels = said._names(thing, LABEL)
            phrase = said._own_phrase(thing, nested) if said.known.says_what(thing) else _NOTHING
            if labels:
                label = min(labels, key=lambda x: (len(x), x))
                phrase = NounPhrase(label, _LABELLED, frozenset(t for t in said.known.claims(thing, LABEL)))
            claims = {t for t in phrase.premises if t in said.known.claims(t.subject)}
            premises[speaker] = (phrase.premises - claims) | said.known.premises_of_claims(claims)
            found.setdefault((phrase.filled, phrase.text, phrase.definite), []).append(speaker)
        if not found:
            return _NOTHING
        (filled, text, definite), speakers = max(found.items(), key=lambda x: (x[0][0], -len(x[0][1]), x[0][1]))
        kinds, is_label = self.known.all_kinds(thing), filled == _LABELLED
        is_plain = ENT + "Quantity" in kinds or (is_label and (kinds & _PROPER or self.known.says_what(thing)))
        if text and not is_plain:
            text = phrases.attributed(text, sorted(self.name(NamedNode(speaker)) for speaker in speakers))
        return NounPhrase(text, filled, frozenset().union(*(premises[speaker] for speaker in speakers)), definite)

    def _own_phrase(self, thing: Term, nested: int) -> NounPhrase:
        """What the voice itself has to call a thing."""
        if ENT + "Quantity" in self.known.all_kinds(thing):
            parts = {name: self.known.values(thing, ENT + name) for name in ("number", "measure")}
            tells = {t for name in parts for t in self.known.premises(thing, ENT + name)}
            number, measure = (", ".join(map(value, found)) for found in parts.values())
            bounds = [f"{self._label(x)} " for x in self.known.values(thing, ENT + "bound")]
            text = "".join(bounds) + phrases.quantity(number, measure)
            return NounPhrase(text, 1, frozenset(tells)) if number else _NOTHING
        found = self._best_of_classes(thing, NOUN_PHRASE, "present", nested + 1) if nested < MOST_NESTED else None
        if found is None:
            return _NOTHING
        qualifier, statuses = self.qualifier(thing)
        whole = found.qualified(qualifier)
        text = phrases.bare(whole)
        premises = {t for iri in {*found.tells, RDF_TYPE} for t in self.known.premises(thing, iri)}
        return NounPhrase(text, found.filled, found.premises | premises | statuses, text != whole)

    def qualifier(self, thing: Term) -> tuple[str, set[Triple]]:
        """What comes before the noun of a thing that is not so by any of its statuses, “planned”, and these."""
        stated = self.known.statuses(thing)
        words = [p.text for t in stated for p in self._templates(NamedNode(value(t.object)), NOUN_PHRASE)[:1]]
        if not words or len(words) < len(stated) or self.is_labelled(thing):
            return "", set()
        return words[0], {*stated}

    def plain_name(self, thing: Term, nested: int = 0) -> str:
        """As `name`, without a word for the status, which the sentence tells."""
        name, (qualifier, _) = self.name(thing, nested), self.qualifier(thing)
        return name.replace(f"{qualifier} ", "", 1) if qualifier else name

    def is_labelled(self, thing: Term) -> bool:
        """Whether a thing has a label that was not computed."""
        return any(True for _ in self._match(thing, LABEL, None)) or self.known.speaks_of(thing, LABEL)

    def is_named(self, thing: Term) -> bool:
        """Whether a thing has a name that says more than of which class it is: not “the office in Lorvia”."""
        if not isinstance(thing, NamedNode) or not thing.value.startswith(ID):
            return True
        is_office = ENT + "Office" in self.known.all_kinds(thing)
        if self._titles(thing, LABEL) if is_office else self.is_labelled(thing):
            return True
        if thing in self._in_question:  # it has a part in itself, or in what has a part in it
            return True
        kinds = tuple(self._label(kind) for kind in self.known.kinds(thing))
        self._in_question.add(thing)
        try:
            label = self._computed_label(thing, 0)
            return not label.removeprefix(f"{self.qualifier(thing)[0]} ").startswith(kinds)
        finally:
            self._in_question.discard(thing)

    @cached_property
    def _in_question(self) -> set[Term]:
        """The things of which it is being found out whether they are named."""
        return set()

    # Names

    def name(self, term: Term, nested: int = 0) -> str:
        """A term as it stands in a sentence, within so many noun phrases."""
        if self._beside:
            return self._beside.name(term, nested)
        key = term, nested
        if (known := self._found_names.get(key)) is None:
            found = self._shared_names if self._is_as_facts(term) else self._found_names
            if (known := found.get(key)) is None:
                known = found[key] = self._name(term, nested)
        return known

    def _is_as_facts(self, term: Term) -> bool:
        """Whether a term surely has the name that it has in the facts: it has a label, and the voice adds nothing."""
        if not self.known.voice or not isinstance(term, NamedNode) or not term.value.startswith(ID):
            return True
        if self.known.speaks_of(term) or ENT + "Office" in self.known.all_kinds(term):  # of somebody
            return False
        return any(True for _ in self._match(term, LABEL, None))

    def _name(self, term: Term, nested: int) -> str:
        """A term in a sentence: “the Assad regime”, “Turkey”, “4 April 2018”, “20 billion US dollars”."""
        if isinstance(term, Literal):
            return _literal(term)
        if not isinstance(term, NamedNode):
            return "something"
        if term.value.startswith(_VOCABULARIES):
            return self._label(term)
        if not term.value.startswith(_NAMESPACES):
            return term.value
        if term.value.startswith((ARTICLE, BACKGROUND)):
            return self._source(term.value)
        if term.value.startswith(CLAIM):
            return "a claim"
        if term.value.startswith(ENT):
            return self._label(term)
        kinds = self.known.all_kinds(term)
        labels = self._titles(term, LABEL)
        aliases = {} if labels else self._titles(term, NamedNode(ALT_LABEL))
        is_told = not aliases or (self.known.says_what(term) and self._own_phrase(term, nested).filled)
        if not labels and is_told and (computed := self._computed_label(term, nested)):
            if ENT + "Quantity" in kinds:
                return phrases.lower_case(computed)
            name = phrases.of_description(computed)
            is_noun = computed.split(" ", 1)[0].lower() in self._nouns(term)  # President
            is_definite = name[:1].isupper() and (is_noun or self.noun_phrase(term, nested).definite)
            return f"the {name}" if is_definite else name
        labels = labels or aliases
        if not labels:
            return self._label(term)
        label = min(labels, key=lambda x: (len(x), x))
        if ENT + "Quantity" in kinds:
            return phrases.lower_case(
                phrases.with_measure(label, *map(value, self.known.values(term, ENT + "measure")))
            )
        if phrases.is_counted(label) or (phrases.is_part(label) and ENT + "Place" not in kinds):
            return phrases.lower_case(label)
        first, *rest = label.split(" ")
        is_noun = first.lower() in {word for kind in kinds for word in self._label(NamedNode(kind)).split(" ")}
        is_noun = (is_noun and not "".join(rest)[:1].isupper()) or self._is_group(term, label)
        if is_noun and not any(phrases.is_capital_within(label, quote) for quote in labels[label]):
            quotes, label = labels[label], label[:1].lower() + label[1:]  # a noun at the beginning of a sentence
            labels[label] = quotes
        articles = {phrases.article_in(label, quote) for quote in labels[label]}
        if ENT + "Event" in kinds and not self._anew and (others := self._others_with(term, label)):
            return f"{phrases.genitive(others)} {label}"
        if ENT + "Government" in kinds and not kinds & _GROUPS and phrases.is_metonym(label, articles):
            return f"the government in {label}"
        if ENT + "MilitaryAircraft" in kinds and articles & {"a", "an"} and "the" not in articles:
            return phrases.with_article(label, articles)  # nobody knows which
        if not nested and (apart := self._apart(term, label, kinds)):
            return f"{phrases.with_article(label, {'the'})} {apart}"
        if ENT + "Office" in kinds and (owner := self._owner(term)):
            is_leading = ENT + "LeadingOffice" in kinds or self.known.values(term, ENT + "heads")
            title = label if is_leading else phrases.with_article(label, articles)
            return phrases.of_office(title, self.name(owner), "of" if is_leading or not self.is_spot(owner) else "at")
        if kinds & _PREFIXED and ENT + "State" not in kinds:
            return label
        if any(kind.endswith("#Concept") for kind in kinds) and "the" not in articles:
            return label
        if (kinds & _WITH_THE and not self.is_plural(term, label)) or (
            articles & {"a", "an"} and ENT + "Office" not in kinds
        ):
            return phrases.with_article(label, {"the"})  # it is known which: “the bridge”
        return phrases.with_article(label, articles)

    def _owner(self, office: Term) -> Term | None:
        """What an office is an office of; None where nothing says it, or offices are of each other without end."""
        first, at, seen = None, office, {office}
        while ENT + "Office" in self.known.all_kinds(at):
            owner = next((x for role in ("heads", "officeOf") for x in self.known.values(at, ENT + role)), None)
            if owner is None or owner in seen:
                return first if owner is None else None
            first, at = first or owner, owner
            seen.add(owner)
        return first

    def _titles(self, term: NamedNode, predicate: NamedNode) -> dict[str, list[str]]:
        """The names of a thing, of an office without those that are no title: of “leads the party” nobody is one."""
        found = self._names(term, predicate)
        if ENT + "Office" not in self.known.all_kinds(term):
            return found
        return {name: quotes for name, quotes in found.items() if not is_duty(name)}

    def _is_group(self, thing: Term, label: str) -> bool:
        """Whether a label is the plural of a noun, though with a capital at the beginning of a sentence: “Fishers”."""
        is_group = [kind.value for kind in self.known.kinds(thing)] == [ENT + "Actor"]
        return is_group and label[1:].islower() and phrases.is_plural(label.lower(), of_place=False)

    def _others_with(self, event: Term, label: str) -> str:
        """Who else takes part in an event whose label only says with whom it is: Lorvia in “talks with Sudmark”."""
        partner = phrases.bare(label.rpartition(" with ")[2])
        if partner == label:
            return ""
        there = [x for x in self.known.values(event, ENT + "participant") if isinstance(x, NamedNode)]
        names = {x: {*self._names(x, LABEL), *self._names(x, NamedNode(ALT_LABEL))} for x in there}
        others = [self.name(x) for x in there if partner not in names[x]]
        is_led = 0 < len(others) < len(there)
        return phrases.listed(others) if is_led else ""

    def _apart(self, thing: Term, label: str, kinds: frozenset[str]) -> str:
        """What tells an event from others of the same label: its date, else the words of the article; empty if nothing.

        Labels are not computed with that, or each would depend on all the others.
        """
        if self._anew or ENT + "Event" not in kinds:
            return ""
        same = self._match(None, LABEL, Literal(label, language=self._language))
        alike = any(q.subject != thing and q.subject.value.startswith(ID) for q in same)  # no more than one is read
        for iri, link in zip(DATES, ("of", "from", "until"), strict=True) if alike else ():
            for date in self.known.dates(thing, iri)[:1]:
                return f"{link} {phrases.date(date)}"
        wordings = self.known.values(thing, ENT + "wording") if alike else []
        return f"“{min(map(value, wordings))}”" if wordings else ""

    def told_apart(self, thing: Term, name: str) -> str:
        """The name of a thing with that to which it belongs, where another is called the same."""
        owners = (self.known.values(thing, ENT + role) for role in _BELONGS)
        owner = next((found[0] for found in owners if found), None)
        return f"{name} of {self.name(owner)}" if owner is not None else name

    def _source(self, iri: str) -> str:
        """An article by its title, a unit by its number; words and passages of it by what they quote."""
        article, _, part = iri.partition("#")
        if part:
            title = self.name(NamedNode(article))
            kinds = {q.object.value for q in self._match(NamedNode(iri), _TYPE, None)}
            if ENT + "Unit" in kinds:
                return f"{readable(part)} of {title}"
            quotes = [q.object.value for q in self._match(NamedNode(iri), _QUOTE, None)]
            quote = phrases.shortened(min(quotes), _LONGEST_QUOTE) if quotes else ""
            if ENT + "Mention" in kinds and quote:
                return f"“{quote}” in {title}"
            return f"the passage “{quote}” of {title}" if quote else f"a passage of {title}"
        titles = [q.object.value for q in self._match(NamedNode(iri), NamedNode(DCTERMS + "title"), None)]
        return f"“{min(titles)}”" if titles else f"“{readable(iri)}”"

    def _computed_label(self, thing: Term, nested: int) -> str:
        is_anew = self._anew or nested or self.known.voice
        for q in () if is_anew else self._match(thing, NamedNode(COMPUTED_LABEL), None):
            return str(q.object.value)
        return self.noun_phrase(thing, nested).text

    def _nouns(self, thing: Term) -> set[str]:
        """The first words of the noun phrases for a thing."""
        classes = (above for kind in self.known.kinds(thing) for above in self.known.above(kind))
        starts = (p.elements[0] for c in classes for p in self._templates(c, NOUN_PHRASE))
        return {first.phrases[0].words[0] for first in starts if isinstance(first, Choice)}

    def _names(self, thing: Term, predicate: NamedNode) -> dict[str, list[str]]:
        """The labels of a thing, each with the quotes of the passages that state it."""
        if self._beside or self.known.speaks_of(thing, predicate):
            return self._names_of(thing, predicate)
        key = thing, predicate
        if (known := self._shared_labels.get(key)) is None:
            known = bounded(self._shared_labels)[key] = self._names_of(thing, predicate)
        return {**known}

    def _names_of(self, thing: Term, predicate: NamedNode) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        stating: dict[str, set[str]] = {}
        for q in self._match(thing, predicate, None):
            found.setdefault(q.object.value, [])
            if isinstance(q.graph_name, NamedNode):
                stating.setdefault(q.object.value, set()).add(q.graph_name.value)
        for claim, passages in self.known.claims(thing, predicate).items() if self.known.voice else ():
            stating.setdefault(value(claim.object), set()).update(p.value for p in passages)
        for label, names in stating.items():
            quotes = found.setdefault(label, [])
            for passage in sorted(names)[:_MOST_QUOTES]:
                quotes += [x.object.value for x in self._match(NamedNode(passage), _QUOTE, None)]
        return found

    def _label(self, term: Term) -> str:
        """The label of a term or of a thing without an article."""
        if found := {str(q.object.value) for q in self._match(term, LABEL, None)}:
            return min(found, key=lambda x: (len(x), x))
        iri = value(term)
        return self._words(iri) if iri.startswith(ID) else re.sub(r"(?<=[a-z])(?=[A-Z])", " ", readable(iri)).lower()

    def _kind_label(self, thing: Term) -> str:
        return self._label(next(iter(self.known.kinds(thing))))

    def is_plural(self, thing: Term, name: str) -> bool:
        """Whether a verb after the name of a thing is in the plural."""
        is_text = isinstance(thing, NamedNode) and thing.value.startswith(ARTICLE)  # a passage, whatever it quotes
        return (
            isinstance(thing, NamedNode)
            and not is_text
            and phrases.is_plural(name, of_place=ENT + "Place" in self.known.all_kinds(thing))
        )

    def _templates(self, term: NamedNode, predicate: str) -> tuple[Pattern, ...]:
        """The clauses or noun phrases of a term; what is no pattern is a finding elsewhere."""
        if self._beside:
            return self._beside._templates(term, predicate)
        if (known := self._found_templates.get((term, predicate))) is not None:
            return known
        found = []
        for q in self._match(term, NamedNode(predicate), None):
            if is_of_ontology(q) and isinstance(q.object, Literal) and q.object.language == self._language:
                try:
                    found.append(patterns.parse(q.object.value))
                except InputError:
                    continue
        self._found_templates[term, predicate] = tuple(sorted(set(found), key=lambda p: p.text))
        return self._found_templates[term, predicate]

    def _best_of_classes(self, thing: Term, predicate: str, tense: Tense, nested: int = 0) -> Filled | None:
        """The pattern that says most, of the nearest class that has any whose slots are filled."""
        own = predicate == CLAUSE  # a name may be made of what others say
        for kind in self.known.kinds(thing):
            for above in self.known.above(kind):
                templates = self._templates(above, predicate)
                if own and self.known.is_of_others(thing):  # not “a loan is agreed”, of one who says no more of it
                    templates = tuple(p for p in templates if any(isinstance(x, Slot) for x in p.elements))
                if said := best(self._filled(p, {}, thing, tense, above.value, nested, own=own) for p in templates):
                    return said
        return None

    def _filled(
        self,
        pattern: Pattern,
        ends: dict[str, list[Term]],
        thing: Term,
        tense: Tense,
        term: str = ENT,
        nested: int = 0,
        *,
        own: bool = False,
    ) -> Filled | None:
        """A pattern with its slots filled; None where one is empty that is not optional.

        `ends` are what stands in slots that are no roles of the thing, `term` is the IRI of the class with the pattern.
        """
        return Filling(self, pattern, ends, thing, tense, term, nested, own=own).found()

    def bare(self, term: Term) -> str:
        """A text without quotation marks, a thing without an article."""
        return self._label(term) if isinstance(term, NamedNode) else value(term)

    def is_spot(self, thing: Term) -> bool:
        """Whether something is at a place and not in it: of “in|at {place}” the second is said."""
        kinds = self.known.all_kinds(thing)
        if ENT + "Organisation" in kinds:
            return not kinds & _BODIES
        return ENT + "Place" in kinds and not kinds & _AREAS and not phrases.is_area(self.name(thing))


def _literal(term: Literal) -> str:
    """A literal in a sentence: dates and numbers as people write them, texts in quotation marks."""
    kind = term.datatype.value
    if kind in (XSD + "gYear", XSD + "gYearMonth", XSD + "date", XSD + "dateTime"):
        return phrases.date(term.value)
    if kind in (XSD + "integer", XSD + "decimal"):
        return phrases.quantity(term.value, "")
    return f"“{phrases.quoted(term.value)}”" if kind in (XSD + "string", RDF + "langString") else term.value
