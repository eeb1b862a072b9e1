"""Which things the words of a passage name (model, rule 30).

A thing is named by a label or alias of it in any article or background, in any of its forms (`kg.text.forms`); a
government also by the names of its state and of its capital, and a state by those of its government. “The dam” names
the one dam of an article. What words mean beside that is said by mentions.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cached_property

from pyoxigraph import Literal, NamedNode, Triple

from kg.dataset import computed
from kg.dataset.build import Build
from kg.rdf.namespaces import ALT_LABEL, DCTERMS, ENT, ID, RDF_TYPE, RDFS_LABEL
from kg.rdf.terms import iri
from kg.source.article import Evidence, Mention, Passage
from kg.text.forms import ORGANISATION, OTHER, PERSON, PLACE, NameMatch, NameMatcher, flat, forms
from kg.text.normalisation import primary_language

# Words name these; relations, events, offices, quantities and the like need no name where a passage introduces them.
_NAMED_KINDS = frozenset(
    ENT + name for name in ("Actor", "Commodity", "InfrastructureProject", "Place", "WeaponsSystem")
)
_KINDS = ((ENT + "Person", PERSON), (ENT + "Place", PLACE), (ENT + "Organisation", ORGANISATION))
_LEXICON = frozenset(ENT + name for name in ("cue", "demonym", "pattern"))
_OFFICE, _HOLDER = ENT + "office", ENT + "holder"
_OF_BODY, _ORGANISATION = re.compile(r" (?:in|of) (?:the )?"), ENT + "Organisation"
_GOVERNMENT_OF, _CAPITAL_OF = ENT + "governmentOf", ENT + "capitalOf"
LENDING = (_GOVERNMENT_OF, _CAPITAL_OF)  # by these, the names of one thing are those of another
_BESIDE = (*LENDING, *(ENT + name for name in ("bodyOf", "locatedIn", "partOf")))
NAMING = frozenset({ALT_LABEL, RDFS_LABEL, RDF_TYPE, *_BESIDE})  # on these it depends what words name
_DETERMINED = re.compile(r"\b(?:the|this|that|its|his|her|their)\s(?:[\w’'-]+\s){0,2}\Z", re.IGNORECASE)
_WINDOW = 60  # code points before a noun in which its article is looked for


_LONGEST_INITIALS = 5  # letters of “NATO”, “ASEAN”; what is longer is a name in capitals


class Names:
    """The names of the things of a build, looked up once per thing."""

    def __init__(self, made: Build) -> None:
        self._made = made
        self._broader = computed.broader(made.ontology)
        self._below: dict[str, frozenset[str]] = {}
        self._articles: dict[str, ArticleNames] = {}
        self._matchers: dict[str, NameMatcher] = {}
        self._nouns: dict[str, NameMatcher] = {}
        self._class_labels: dict[str, dict[str, set[str]]] = {}
        self._kinds: dict[str, frozenset[str]] = {}
        self._demonyms: dict[str, dict[str, list[str]]] = {}
        for t in made.ontology:
            if t.predicate.value in _LEXICON and isinstance(t.object, Literal) and t.object.language:
                words = self._demonyms.setdefault(primary_language(t.object.language), {})
                if t.predicate.value == ENT + "demonym":
                    name, _, given = t.object.value.partition(":")
                    words.setdefault(flat(name.strip()), []).extend(w.strip() for w in flat(given).split(","))

    def language(self, article: Evidence) -> str:
        """The language of an article, where there is a lexicon for it; else empty."""
        tags = (t.object for t in article.description if t.predicate.value == DCTERMS + "language")
        found = {primary_language(tag.value) for tag in tags if isinstance(tag, Literal)}
        return next(iter(sorted(found & self._demonyms.keys())), "")

    def matcher(self, language: str) -> NameMatcher:
        """Finds the names of the things in all articles of a language."""
        if language not in self._matchers:
            articles = (e for e in self._made.evidence if self.language(e) == language)
            things = dict.fromkeys(thing for e in articles for thing in things_in(e))
            pairs = ((form, x) for x in things for t in (x, *self._lent(x)) for form in self._forms(t, language))
            self._matchers[language] = NameMatcher(pairs)
        return self._matchers[language]

    def of(self, article: Evidence) -> "ArticleNames":
        """The names of the things in an article."""
        if article.iri not in self._articles:
            self._articles[article.iri] = ArticleNames(article, self)
        return self._articles[article.iri]

    def kinds(self, thing: str) -> frozenset[str]:
        """The classes of a thing, stated or claimed, and all above them."""
        if thing not in self._kinds:
            stated = {t.object for t in self._about(thing, RDF_TYPE)}
            above = {kind for narrow in stated for kind in self._broader.get(narrow, ())}
            self._kinds[thing] = frozenset(iri(kind) for kind in stated | above)
        return self._kinds[thing]

    def above(self, kind: str) -> frozenset[str]:
        """A class and those above it."""
        return self.broader(kind) | {kind}

    def broader(self, kind: str) -> frozenset[str]:
        """The classes above a class."""
        return self._above.get(kind, frozenset())

    def below(self, kind: str) -> frozenset[str]:
        """A class and those below it."""
        if kind not in self._below:
            self._below[kind] = frozenset((kind, *(k for k, above in self._above.items() if kind in above)))
        return self._below[kind]

    @cached_property
    def _above(self) -> dict[str, frozenset[str]]:
        return {iri(kind): frozenset(map(iri, above)) for kind, above in self._broader.items()}

    def values(self, thing: str, predicate: str) -> set[str]:
        """The IRIs of the values of a property."""
        return {iri(t.object) for t in self._about(thing, predicate)} - {""}

    def around(self, thing: str) -> set[str]:
        """The things within which a thing is, or to which it belongs: the state of a city or a government."""
        found, waiting = set[str](), [thing]
        while waiting:
            new = {x for p in _BESIDE for x in self.values(waiting[-1], p)} - found
            waiting[-1:] = new
            found |= new
        return found

    def are_beside(self, thing: str, other: str) -> bool:
        """Whether one of two things is within the other, or belongs to it."""
        return other in self.around(thing) or thing in self.around(other)

    def holders(self, offices: set[str]) -> set[str]:
        """Who holds one of these offices, at any time."""
        found = set[str]()
        for office in offices:
            for statements in (self._made.statements, self._made.claimed):
                tenures = (iri(t.subject) for t in statements.leading_to(NamedNode(office), _OFFICE))
                found.update(holder for tenure in tenures for holder in self.values(tenure, _HOLDER))
        return found

    def names(self, thing: str) -> set[str]:
        """The labels and aliases of a thing."""
        found = (t.object for p in (RDFS_LABEL, ALT_LABEL) for t in self._about(thing, p))
        return {name.value for name in found if isinstance(name, Literal)}

    def labels(self, thing: str) -> set[str]:
        """The labels of a thing, without aliases."""
        return {t.object.value for t in self._about(thing, RDFS_LABEL) if isinstance(t.object, Literal)}

    def class_nouns(self, language: str) -> NameMatcher:
        """Finds the nouns by which a text may go on about an instance of a class: “gas pipeline”, “pipeline”."""
        if language not in self._nouns:
            self._nouns[language] = NameMatcher(self._class_nouns(language))
        return self._nouns[language]

    def class_labels(self, language: str) -> dict[str, set[str]]:
        """By class (IRI) its labels in a language, in small letters."""
        if language not in self._class_labels:
            found = self._class_labels.setdefault(language, {})
            for t in self._made.ontology:
                label = t.object if t.predicate.value == RDFS_LABEL and isinstance(t.object, Literal) else None
                if label is not None and primary_language(label.language or "") == language:
                    found.setdefault(iri(t.subject), set()).add(label.value.lower())
        return self._class_labels[language]

    def _class_nouns(self, language: str) -> Iterator[tuple[str, str]]:
        for t in self._made.ontology:
            if t.predicate.value == RDFS_LABEL and isinstance(t.object, Literal) and t.object.language:
                noun = t.object.value.lower() if primary_language(t.object.language) == language else ""
                for words in {noun, noun.rsplit(" ", 1)[-1]}:
                    yield words, iri(t.subject)

    def _forms(self, thing: str, language: str) -> set[str]:
        """The forms of all names of a thing itself."""
        kind = next((form for name, form in _KINDS if name in self.kinds(thing)), OTHER)
        irregular = self._demonyms[language]
        names = self.names(thing)
        names |= {name.title() for name in names if name.isupper() and len(name) > _LONGEST_INITIALS}  # “NAIROBI”
        return {form for name in names for form in forms(name, kind, irregular)}

    def _lent(self, thing: str) -> Iterator[str]:
        """The things whose names are also those of a thing: its state and that state's capital, or its government."""
        for state in self.values(thing, _GOVERNMENT_OF):
            yield state
            yield from (iri(t.subject) for t in self._made.statements.leading_to(NamedNode(state), _CAPITAL_OF))
        yield from (iri(t.subject) for t in self._made.statements.leading_to(NamedNode(thing), _GOVERNMENT_OF))

    def _about(self, thing: str, predicate: str) -> Iterator[Triple]:
        try:
            node = NamedNode(thing)
        except ValueError:  # a text where a thing belongs
            return
        yield from self._made.statements.about(node, predicate)
        yield from self._made.claimed.about(node, predicate)


class ArticleNames:
    """The names of the things in one article, and where its passages have them."""

    def __init__(self, article: Evidence, names: Names) -> None:
        self._article, self._names = article, names
        self.language = names.language(article)
        self._passages = {p.iri: p for p in article.passages}
        self._found: dict[str, list[NameMatch]] = {}
        self._mentions: dict[str, list[Mention]] = {}
        for mention in article.mentions:
            self._mentions.setdefault(mention.passage, []).append(mention)

    def things(self, passage: Passage) -> set[str]:
        """The IRIs of the things that the quote of a passage names, or a quote that it is directly read with."""
        return {thing for p in self.together(passage) for match in self.named(p) for thing in match.iris}

    def is_whole(self, passage: Passage) -> bool:
        """Whether a passage has a quote and is read with others that are there."""
        others = self._passages.keys() - {passage.iri}
        return bool(passage.quote) and all(name in others for name in passage.read_with)

    def together(self, passage: Passage) -> Iterator[Passage]:
        """A passage, and those that it is directly read with."""
        yield passage
        yield from (self._passages[name] for name in passage.read_with if name in self._passages)

    def introduced(self, passage: Passage) -> set[str]:
        """The IRIs of the things whose type a passage states, or one that it is directly read with."""
        return {iri(t.subject) for p in self.together(passage) for t in p.triples if t.predicate.value == RDF_TYPE}

    def has_kind(self, thing: str) -> bool:
        """Whether something says what a thing is."""
        return bool(self._names.kinds(thing))

    def needs_name(self, thing: str) -> bool:
        """Whether words must name a thing even where a passage introduces it: it is no relation, event or the like."""
        return not _NAMED_KINDS.isdisjoint(self._names.kinds(thing))

    def has_name(self, thing: str) -> bool:
        """Whether a thing has a label or an alias."""
        return bool(self._names.names(thing))

    def named(self, passage: Passage) -> list[NameMatch]:
        """The names and mentions in the quote of a passage, in its order, also those within longer ones."""
        if passage.iri not in self._found:
            quote = flat(passage.quote)
            found = [*self.in_text(quote), *self._definite(quote), *self._mentioned(passage)]
            self._found[passage.iri] = sorted(found, key=lambda m: (m.start, -m.end))
        return self._found[passage.iri]

    def in_text(self, text: str) -> list[NameMatch]:
        """The names of things of the article in a text, also those within longer ones."""
        found = self._names.matcher(self.language).find_all(flat(text))
        own = (m._replace(iris=tuple(x for x in m.iris if x in self._things)) for m in found)
        return [m for m in own if m.iris]

    def _mentioned(self, passage: Passage) -> Iterator[NameMatch]:
        for m in self._mentions.get(passage.iri, ()):
            yield NameMatch(m.start - passage.start, m.end - passage.start, m.words, m.things)

    def _definite(self, quote: str) -> Iterator[NameMatch]:
        """Nouns with a definite article that fit one thing of the article alone: “the dam”."""
        for match in self._names.class_nouns(self.language).find_all(quote.lower()):
            things = {thing for kind in match.iris for thing in self._instances.get(kind, ())}
            is_definite = _DETERMINED.search(quote, max(0, match.start - _WINDOW), match.start) is not None
            if len(things) == 1 and is_definite and not self.is_of_another(next(iter(things)), quote, match.end):
                yield match._replace(words=quote[match.start : match.end], iris=tuple(things))

    def is_of_another(self, thing: str, text: str, end: int) -> bool:
        """Whether words after a noun for a body that ends at a place say that it is another's: “the board in Osk”."""
        after = _OF_BODY.match(text, end) if _ORGANISATION in self._names.kinds(thing) else None
        named = {x for m in self.in_text(text) if after and m.start == after.end() for x in m.iris}
        near = named.union(*map(self._names.around, named))
        own = self._names.around(thing)
        return bool(named and own) and own.isdisjoint(near)

    def of_name(self, name: str) -> set[str]:
        """The IRIs of the things of the article that have a name, in any of its forms."""
        return {x for m in self.in_text(name) if (m.start, m.end) == (0, len(name)) for x in m.iris}

    @property
    def all(self) -> frozenset[str]:
        """The IRIs of the things of the article."""
        return self._things

    @cached_property
    def _things(self) -> frozenset[str]:
        return frozenset(things_in(self._article))

    @cached_property
    def _instances(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        for thing in sorted(self._things):
            for kind in self._names.kinds(thing):
                found[kind].append(thing)
        return found


def things_in(article: Evidence) -> Iterator[str]:
    """The things that the passages of an article are about, some of them twice."""
    terms = (term for p in article.passages for t in p.triples for term in (t.subject, t.object))
    return (name for name in map(iri, terms) if name.startswith(ID))
