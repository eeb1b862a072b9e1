"""What words mean when somebody speaks of an article: its things by their names, “the line”, kinds and statuses."""

import re
from collections.abc import Iterator
from functools import cached_property

from kg.dataset.build import Build
from kg.dataset.lexicon import Lexicon
from kg.dataset.named import ArticleNames, Names
from kg.errors import UsageError
from kg.rdf.namespaces import ENT, OWL, RDF_TYPE, short
from kg.rdf.terms import iri
from kg.source.article import Evidence, Passage
from kg.text import phrases
from kg.text.forms import flat
from kg.text.patterns import Choice

SAID = "said"  # the local name of the passage that has what is said, which nothing keeps
NAME_FIRST = "name things as the article does, new ones first: “X is a railway”; whatever `kg show` says can be said"
_THE = re.compile(r"(?<!\w)[Tt]he (?P<noun>[a-z-]+(?: [a-z-]+)?)(?!\w)")
_AND = re.compile(r", and | and |, ")
_MOST_WORDS = 4  # of a kind


class SpokenNames:
    """Reads the names of things and kinds in what is said of the passages of one article."""

    def __init__(self, made: Build, article: Evidence, names: Names) -> None:
        self._made, self._article, self._known = made, article, names
        self.names = names.of(article)
        self.language = self.names.language
        self.passage = Passage("", "", 0, 0)  # of which something is said

    # Things

    def named(self, name: str) -> list[str]:
        """The things (IRIs) of the article that a name means: of several those with that very name, else the states.

        “The railway” is the one railway of the article, or that of which was told last.
        """
        bare, kinds = phrases.bare(name), self._known.kinds
        things = sorted(self.names.of_name(bare) or self._definite(name) or self._by_noun(name))
        exact = [x for x in things if bare in self._known.names(x)]
        found = exact if len(things) > 1 and exact else things
        if len(found) > 1 and all(ENT + "Quantity" in kinds(x) for x in found):
            here = {iri(t.subject) for t in self.passage.triples}
            found = [x for x in found if x in here][:1] or found[:1]  # amounts that are called the same
        states = [x for x in found if ENT + "State" in kinds(x)]
        return states if len(found) > 1 and len(states) == 1 else found

    def one(self, name: str) -> str:
        """The thing that a name means. Raises UsageError for none, or several."""
        found = self.named(name)
        if len(found) != 1:
            many = f"may be {', '.join(map(short, found))}" if found else "names nothing that the article has"
            raise UsageError(f"“{name}” {many}", hint=NAME_FIRST, rule="saying")
        return found[0]

    def all(self, names: str) -> list[str]:
        """The things that are named, joined by “and”; the whole may be the name of one. Raises as `one` does."""
        whole = self.named(names)
        return whole if len(whole) == 1 else [self.one(name) for name in _AND.split(names)]

    def _by_noun(self, name: str) -> set[str]:
        return {x for start, end, things in self.meant(name) if (start, end) == (0, len(name)) for x in things}

    def _definite(self, name: str) -> set[str]:
        spoken = Passage(f"{self._article.iri}#{SAID}", name, 0, len(name))
        found = ArticleNames(self._article, self._known).named(spoken)
        return {x for m in found if name[: m.start].lower() in ("", "the ") and m.end == len(name) for x in m.iris}

    def meant(self, said: str) -> Iterator[tuple[int, int, tuple[str, ...]]]:
        """From where to where something has words that mean a thing without being its name, and which things (IRIs).

        These are the mentions of the passage, and “the line” for the one line of which was told last.
        """
        mentioned = [m for m in self._article.mentions if m.passage == self.passage.iri]
        for m in mentioned:
            for found in re.finditer(rf"(?<!\w){re.escape(flat(m.words))}(?!\w)", flat(said), re.IGNORECASE):
                yield found.start(), found.end(), m.things
        for noun in _THE.finditer(said):
            if any(flat(m.words).lower() == flat(noun[0]).lower() for m in mentioned):
                continue
            for words in dict.fromkeys([noun["noun"], noun["noun"].partition(" ")[0]]):
                if (thing := self._told_last(words)) and not self._definite(f"the {words}"):
                    yield noun.start(), noun.start("noun") + len(words), (thing,)
                    break

    def _told_last(self, noun: str) -> str:
        """The one thing of which a noun tells the kind in the passage, else in the one before it that has one."""
        kinds = {self.term(noun)} & self.classes or self._cued(noun)
        rows: list[set[str]] = []
        for other in sorted(self._article.passages, key=lambda p: p.start, reverse=True) if kinds else ():
            if other.start <= self.passage.start:
                named = {x for m in self.names.named(other) for x in m.iris} | {iri(t.subject) for t in other.triples}
                rows.append({x for x in named if not kinds.isdisjoint(self._known.kinds(x))})
        called = [{x for x in row if any(name.endswith(f" {noun}") for name in self._known.names(x))} for row in rows]
        last = next(filter(None, [*called, *rows]), set[str]())
        return next(iter(last)) if len(last) == 1 else ""

    # Kinds

    def kind(self, thing: str) -> str:
        """The label of the narrowest class of a thing (IRI), with an article: “a railway”."""
        kinds, labels = self._known.kinds(thing), self._known.class_labels(self.language)
        narrow = sorted(k for k in kinds if not any(k in self._known.broader(x) for x in kinds))
        return next((phrases.with_article(min(labels[k]), ["a"]) for k in narrow if k in labels), "a thing")

    def term(self, words: str) -> str:
        """The class or status (IRI) of a label, else the class of which words are the only cue; empty without one."""
        if words in self.terms or len(words.split()) > _MOST_WORDS:
            return self.terms.get(words, "")
        cued = self._cued(words)
        narrow = [x for x in cued if not any(x in self._known.broader(y) for y in cued)]
        return narrow[0] if len(narrow) == 1 else ""

    def _cued(self, words: str) -> set[str]:
        """The classes of things of which words are a cue: of “line” several."""
        cued = self._cue_nouns.get(words, set()) & self.classes
        return {x for x in cued if self._known.above(x).isdisjoint((ENT + "Event", ENT + "Relation"))}

    @cached_property
    def _cue_nouns(self) -> dict[str, set[str]]:
        """The terms of which words are a cue, or the last word of one: “transmission line”, “line”."""
        found: dict[str, set[str]] = {}
        cues = Lexicon(self._made.ontology).cues(self.language)
        rows = ((term, e) for term, patterns in cues.items() for p in patterns for e in p.elements)
        for term, phrase in ((term, x) for term, e in rows if isinstance(e, Choice) for x in e.phrases if not x.verb):
            for words in (" ".join(phrase.words), phrase.words[-1]):
                found.setdefault(words, set()).add(term)
        return found

    @cached_property
    def terms(self) -> dict[str, str]:
        """The classes, statuses and stages (IRIs) by their labels in small letters, in the singular and the plural."""
        found: dict[str, str] = {}
        kinds = self.classes | self._instances(ENT + "Status")
        for term, labels in self._known.class_labels(self.language).items():
            for label in labels if term in kinds else ():
                found |= {label: term, phrases.plural(label): term}
        return found

    @cached_property
    def classes(self) -> frozenset[str]:
        """The classes (IRIs) of the ontology."""
        return self._instances(OWL + "Class")

    def _instances(self, kind: str) -> frozenset[str]:
        rows = (t for t in self._made.ontology if t.predicate.value == RDF_TYPE and iri(t.object) == kind)
        return frozenset(iri(t.subject) for t in rows)
