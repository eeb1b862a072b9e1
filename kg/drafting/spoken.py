"""What words mean when somebody speaks of an article: its things by their names, “the line”, kinds and statuses."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property, partial
from typing import Any, NamedTuple

from pyoxigraph import Literal, NamedNode, Triple

from kg.dataset.build import Build
from kg.dataset.lexicon import Lexicon
from kg.dataset.named import ArticleNames, Names
from kg.dataset.naming import CLAUSE
from kg.dataset.roles import Roles
from kg.dataset.sentences import Sentences
from kg.errors import UsageError
from kg.rdf.namespaces import ALT_LABEL, ENT, OWL, RDF_TYPE, RDFS_LABEL, local_name, short
from kg.rdf.terms import Term, iri, value
from kg.source.article import Evidence, Passage
from kg.source.proposals import Proposal
from kg.text import phrases
from kg.text.amounts import find_amounts, lexical
from kg.text.forms import flat
from kg.text.patterns import THIS, WORDING, Choice, Option, Pattern, Slot, written
from kg.text.words import COMPASS

QUOTED = "[“\"‘'](?P<words>.+?)(?: ?…)?[”\"’']"
SAID = "said"  # the local name of the passage that has what is said, which nothing keeps
NAME_FIRST = "name things as the article does, new ones first: “X is a railway”; whatever `kg show` says can be said"
_THE = re.compile(r"(?<!\w)[Tt]he (?P<noun>[a-z-]+(?: [a-z-]+)?)(?!\w)")
_PROPER = r"(?:the )?[A-Z][\w-]*(?: [A-Z][\w-]*)*"
_GOVERNMENT = re.compile(
    rf"(?<!\w)(?:[Tt]he )?(?:government|regime) (?:in|of) (?P<of>{_PROPER})"
    rf"|(?<!\w)(?:[Tt]he )?(?P<own>{_PROPER})(?:[’']s?)? (?:government|regime)(?!\w)"
)
JOINED = re.compile(r", and | and |, ")  # between names
_SENTENCES = re.compile(  # up to “;” or a full stop before a space, but after “St.” or an initial
    r"(?:[“\"][^”\"]*[”\"]|(?:(?<![^\W\d_])(?:St|Mr|Mrs|Ms|Dr|[A-Z])\.)|\.(?=\S)|[^.;])+[.;]?"
)
MOST_WORDS = 4  # of a kind
Fits = Callable[[str], bool]  # whether a thing (IRI) may stand somewhere
_OF_PLACES = frozenset((ENT + "connects", ENT + "locatedIn"))  # in which no government stands by the name of a city
_DECLARED = {"mode": "Mode", "stage": "Status", "status": "Status"}  # roles, with the class of what stands in them


class NotYetError(UsageError):
    """A sentence with a name of the article of which nothing says yet what it is."""


class Said(NamedTuple):
    """What words propose, the names and dates in them of which it says nothing, and which sentences nothing reads.

    `again` are sentences of before that are read now.
    """

    proposals: list[Proposal]
    left_out: list[str]
    not_read: Sequence[str] = ()
    again: Sequence[str] = ()

    @property
    def problem(self) -> str:
        """What is left out or not read, as words for whoever said it; empty if nothing is."""
        left = f"this says nothing of {', '.join(f'“{x}”' for x in self.left_out)}" if self.left_out else ""
        again = (f"“{sentence}”, said before, is read now" for sentence in self.again)
        return "\n".join(filter(None, [left, *self.not_read, *again]))


def _bare(name: str) -> str:
    """A name without “the”, also where it begins a sentence."""
    return phrases.bare(name.removeprefix("The "))


def _one(label: str) -> str:
    """One of a class with a label: “a railway”, “talks”."""
    return label if phrases.is_plural(label, of_place=False) else phrases.with_article(label, ["a"])


def find(words: str, quote: str) -> int | None:
    """Where a quote has words, none of them cut: not “us” in “used”; None where it does not."""
    found = re.search(rf"(?<!\w){re.escape(flat(words))}(?!\w)", flat(quote))
    return found.start() if found else None


def sentences_of(said: str) -> list[str]:
    """What is said, sentence by sentence; what stands in quotation marks is not taken apart."""
    found = [part.strip() for part in _SENTENCES.findall(said)]
    return [part for part in found if any(map(str.isalnum, part))] or [said]


IN_WORDS = frozenset(["condition", "content", "purpose", "wording"])  # roles in which words of an article stand
_SHORT = {  # those of a word or two, which need no quotation marks
    "direction": re.compile("|".join(sorted(COMPASS))),
    "rank": re.compile(
        r"(?:one of )?(?:the )?(?:[a-z]+ )?(?:[a-z]+est|first|last|only|most [a-z]+|least [a-z]+|[a-z]+er)"
    ),
}


class SpokenNames:
    """Reads the names of things and kinds in what is said of the passages of one article."""

    def __init__(self, made: Build, article: Evidence, names: Names, called: Callable[[], Mapping[str, str]]) -> None:
        """`called` gives what things (IRIs) without a label are called in sentences: “the agreement of A and B”."""
        self._made, self._article, self._known = made, article, names
        self._look_up_called = called
        self.names = names.of(article)
        self.language = self.names.language
        self.passage = Passage("", "", 0, 0)  # of which something is said
        self._found: dict[tuple[str, str], list[list[str]]] = {}

    @cached_property
    def _called(self) -> dict[str, str]:
        """Things (IRIs) without a label, by what they are called."""
        return {phrases.bare(name): thing for thing, name in self._look_up_called().items()}

    # Things

    def named(self, name: str, fits: Fits | None = None) -> list[str]:
        """The things (IRIs) of the article that a name means: of several those with that very name, else the states.

        “The railway” is the one railway of the article, or that of which was told last. With `fits`, of the things
        with a name those that may stand in its place: “Nairobi” may be a city, or a government.
        """
        bare, kinds = _bare(name), self._known.kinds
        rows = ([x for x in row if fits is None or fits(x)] for row in self._candidates(name))
        things = next(filter(None, rows), [])
        exact = [x for x in things if bare.casefold() in {n.casefold() for n in self._known.names(x)}]
        found = exact if len(things) > 1 and exact else things
        if len(found) > 1 and all(ENT + "Quantity" in kinds(x) for x in found):
            here = {iri(t.subject) for t in self.passage.triples}
            found = [x for x in found if x in here][:1] or found[:1]  # amounts that are called the same
        states = [x for x in found if ENT + "State" in kinds(x)]
        return states if len(found) > 1 and len(states) == 1 else found

    def _candidates(self, name: str) -> list[list[str]]:
        """The things (IRIs) that a name may mean, by each way to mean one; what was looked up is kept."""
        key = self.passage.iri, name
        if key not in self._found:
            bare = _bare(name)
            known = {self._called[bare]} if bare in self._called else set[str]()
            known |= {x for x in self.names.all if short(x) == name}
            rows = known, self.names.of_name(bare), self._definite(name), self._by_noun(name), self._amount(name)
            self._found[key] = [*map(sorted, rows)]
        return self._found[key]

    def one(self, name: str) -> str:
        """The thing that a name means. Raises UsageError for none, or several."""
        found = self.named(name)
        if len(found) != 1:
            if not found and self.has(_bare(name)):
                message, hint = f"nothing says yet what “{name}” is", f"say first: “{name} is a …”"
                raise NotYetError(message, hint=hint, rule="saying")
            many = f"may be {', '.join(map(short, found))}" if found else "names nothing that the article has"
            raise UsageError(f"“{name}” {many}", hint=NAME_FIRST, rule="saying")
        return found[0]

    def all(self, names: str) -> list[str]:
        """The things that are named, joined by “and”; the whole may be the name of one. Raises as `one` does."""
        whole = self.named(names)
        return whole if len(whole) == 1 else [self.one(name) for name in JOINED.split(names)]

    def each(self, names: str, fits: Fits | None = None) -> list[str]:
        """As `all`, and none where one of them is no name of one thing; with `fits` of one that may stand there."""
        whole = self.named(names, fits) if names else []
        rows = JOINED.split(names) if names and len(whole) != 1 else []
        found = [self.named(x, fits) for x in rows] or [[x] for x in whole]
        return [x for things in found for x in things] if all(len(things) == 1 for things in found) else []

    def _by_noun(self, name: str) -> set[str]:
        at = len(name) - len(phrases.bare(name))
        return {x for start, end, things in self.meant(name) if start in (0, at) and end == len(name) for x in things}

    def _amount(self, words: str) -> set[str]:
        """The quantities of the passage with the number that words give: “1,800 megawatts” of “1,800-megawatt”."""
        whole = (a for a in find_amounts(words, english=self.language == "en") if a.end - a.start == len(words))
        read = {lexical(n) for a in whole for n in a.numbers}
        at = self.passage
        inside = [p for p in self._article.passages if at.start <= p.start and p.end <= at.end]
        rows = (t for p in (at, *inside) for t in p.triples if t.predicate.value == ENT + "number")
        return {iri(t.subject) for t in rows if value(t.object) in read}

    def _definite(self, name: str) -> set[str]:
        spoken = Passage(f"{self._article.iri}#{SAID}", name, 0, len(name))
        found = ArticleNames(self._article, self._known).named(spoken)
        return {x for m in found if name[: m.start].lower() in ("", "the ") and m.end == len(name) for x in m.iris}

    def meant(self, said: str) -> Iterator[tuple[int, int, tuple[str, ...]]]:
        """From where to where something has words that mean a thing without being its name, and which things (IRIs).

        These are the mentions of the passage, and “the line” for the one line of which was told last.
        """
        for name, thing in self._called.items():
            if (at := said.find(name)) >= 0:
                yield at, at + len(name), (thing,)
        mentioned = [m for m in self._article.mentions if m.passage == self.passage.iri]
        for m in mentioned:
            for found in re.finditer(rf"(?<!\w){re.escape(flat(m.words))}(?!\w)", flat(said), re.IGNORECASE):
                yield found.start(), found.end(), m.things
        for match in _GOVERNMENT.finditer(said):
            named = self.named(match["of"] or match["own"], lambda x: ENT + "Government" in self._known.kinds(x))
            if len(named) == 1:
                yield *match.span(), tuple(named)
        names = self.names.in_text(said)
        for noun in _THE.finditer(said):
            inside = any(n.start <= noun.start("noun") < n.end for n in names)  # “the transmission line” is its name
            if inside or any(flat(m.words).lower() == flat(noun[0]).lower() for m in mentioned):
                continue
            for words in dict.fromkeys([noun["noun"], noun["noun"].partition(" ")[0]]):
                at = noun.start("noun") + len(words)
                things = {x for x in self._told_last(words) if not self.names.is_of_another(x, said, at)}
                if len(things) == 1 and not self._definite(f"the {words}"):
                    yield noun.start(), noun.start("noun") + len(words), tuple(things)
                    break

    def _told_last(self, noun: str) -> set[str]:
        """The things of which a noun tells the kind in the passage, else in the one before it that has one."""
        term = self.term(noun)
        kinds = {term} & self.classes or self._cued(noun)
        rows: list[set[str]] = []
        for other in sorted(self._article.passages, key=lambda p: p.start, reverse=True) if kinds else ():
            if other.start <= self.passage.start:
                named = {x for m in self.names.named(other) for x in m.iris} | {iri(t.subject) for t in other.triples}
                rows.append({x for x in named if not kinds.isdisjoint(self._known.kinds(x))})
        called = [{x for x in row if any(name.endswith(f" {noun}") for name in self._known.names(x))} for row in rows]
        just = [{x for x in row if term in self._narrowest(x)} for row in rows]  # an agreement, before a loan
        return next(filter(None, [*called, *just, *rows]), set[str]())

    def choice(self, noun: str) -> list[str]:
        """What several things of which a noun tells the kind are called in sentences, where it leaves a choice."""
        things = self._told_last(noun)
        names = {thing: name for name, thing in self._called.items()}
        return sorted(f"“{names[x]}”" for x in things if x in names) if len(things) > 1 else []

    def has(self, words: str) -> bool:
        """Whether the text of the article has words."""
        return find(words, " ".join(self._article.article.text.split())) is not None

    def place(self, words: str) -> tuple[int, int]:
        """From where to where words stand in a quote. Raises UsageError where they do not."""
        first, rest = words[:1], words[1:]
        rows = (find(x, self.passage.quote) for x in (words, first.swapcase() + rest))  # “the line”, “The line”
        if (at := next((x for x in rows if x is not None), None)) is None:
            message = f"the passage does not have the words “{words}”"
            raise UsageError(message, hint=f"“{self.passage.quote}”", rule="saying")
        return at, at + len(words)

    def own(self, words: str) -> str:
        """Words as a quote has them. Raises UsageError where it does not."""
        start, end = self.place(words)
        return self.passage.quote[start:end]

    def in_slot(self, roles: Roles, term: str, words: str, slot: Slot) -> tuple[Term, ...]:
        """What words may stand for in a slot of a clause of a term: things, words of the passage, or a kind."""
        role, passage = slot.path[-1], self.passage
        if slot.path == ("subject",):
            fits: Fits = partial(_swapped, roles.may_have, term)
        elif role == THIS:
            fits = (lambda x: term in roles.names.kinds(x)) if roles.is_class(term) else (lambda _: True)
        else:
            role = local_name(term) if role == "object" else role
            fits = partial(_swapped, roles.fits, (role,))
        if quoted := re.fullmatch(QUOTED, words):
            if role not in IN_WORDS:
                return ()
            is_here = flat(quoted["words"]) in flat(passage.quote) and not roles.classes(ENT + role)
            return (Literal(self.own(quoted["words"]), language=self.language),) if is_here else ()
        if kind := self.of_kind(words, role):
            return (NamedNode(kind),)
        if role in _SHORT:
            if not _SHORT[role].fullmatch(words):
                return ()
            is_here = find(words, passage.quote) is not None
            return (Literal(words, language=self.language),) if is_here else ()
        at_place = partial(_is_at_place, fits, roles.names.kinds) if _OF_PLACES & {term, ENT + role} else fits
        things = self.each(words, at_place) or self.each(words, fits)
        return tuple(map(NamedNode, things or self.each(words[0].lower() + words[1:], fits)))

    def taken_by(self, roles: Roles, term: str, slot: Slot) -> list[str]:
        """The labels of what may stand in a slot of a clause of a term, each with an article; none of anything."""
        role = slot.path[-1]
        is_own = role == THIS or slot.path == ("subject",)
        found = roles.domain(term) if is_own else roles.classes(term if role == "object" else ENT + role)
        labels = self._known.class_labels(self.language)
        kinds = {term} if role == THIS and roles.is_class(term) else found
        return sorted(_one(min(labels[x])) for x in kinds if x in labels)

    # Kinds

    def kind(self, thing: str) -> str:
        """The label of the narrowest class of a thing (IRI), with an article: “a railway”."""
        labels = self._known.class_labels(self.language)
        kinds = (kind for kind in self._narrowest(thing) if kind in labels)
        return next((_one(min(labels[kind])) for kind in kinds), "a thing")

    def _narrowest(self, thing: str) -> list[str]:
        kinds = self._known.kinds(thing)
        return sorted(k for k in kinds if not any(k in self._known.broader(x) for x in kinds))

    def term(self, words: str) -> str:
        """The class or status (IRI) of a label, else the class of which words are the only cue; empty without one."""
        if words in self.terms or len(words.split()) > MOST_WORDS:
            return self.terms.get(words, "")
        cued = self._cued(words) | (self._cue_nouns.get(words, set()) & self._statuses)
        narrow = [x for x in cued if not any(x in self._known.broader(y) for y in cued)]
        return narrow[0] if len(narrow) == 1 else ""

    def kinds_of(self, noun: str) -> set[str]:
        """The classes (IRIs) of things of which a noun tells: of “capital” a city."""
        return self._cued(noun.lower()) | ({self.terms[noun.lower()]} if noun.lower() in self.terms else set())

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
        kinds = self.classes | self._statuses
        for term, labels in self._known.class_labels(self.language).items():
            for label in labels if term in kinds else ():
                found |= {label: term, phrases.plural(label): term}
        return found

    def of_kind(self, words: str, role: str) -> str:
        """The class, or the value that the ontology declares, that words mean in a role; empty for other roles."""
        small = words.lower()
        if role == "rankedAmong":
            found = self.term(small)
            return found if found in self.classes else ""
        if role in _DECLARED:
            labels = self._known.class_labels(self.language)
            kinds = self._instances(ENT + _DECLARED[role])
            return next((term for term in sorted(kinds) if small in labels.get(term, ())), "")
        return ""

    @cached_property
    def classes(self) -> frozenset[str]:
        """The classes (IRIs) of the ontology."""
        return self._instances(OWL + "Class")

    @cached_property
    def _statuses(self) -> frozenset[str]:
        return self._instances(ENT + "Status")

    def _instances(self, kind: str) -> frozenset[str]:
        rows = (t for t in self._made.ontology if t.predicate.value == RDF_TYPE and iri(t.object) == kind)
        return frozenset(iri(t.subject) for t in rows)


def _is_at_place(fits: Fits, kinds: Callable[[str], frozenset[str]], thing: str) -> bool:
    """Whether a thing fits and is a place, and no government in one."""
    return fits(thing) and ENT + "Place" in kinds(thing)


def _swapped(judge: Callable[[str, Any], bool], other: object, thing: str) -> bool:
    return judge(thing, other)


def called(passages: Iterable[Passage], known: Sentences) -> dict[str, str]:
    """What the things (IRIs) of passages are called in sentences, but for those that are called by a label."""
    rows = [t for p in passages for t in p.triples]
    labels: dict[str, set[str]] = {iri(t.subject): set() for t in rows if iri(t.subject)}
    for t in rows:
        if t.predicate.value in (RDFS_LABEL, ALT_LABEL):
            labels[iri(t.subject)].add(value(t.object))
    names = {x: known.name(NamedNode(x)) for x in labels}
    return {x: name for x, name in names.items() if phrases.bare(name) not in labels[x]}


class SpokenLexicon(Lexicon):
    """The lexicon with the clauses of classes, in which facts are told, among the patterns by which they are found."""

    def __init__(self, ontology: Iterable[Triple], never: frozenset[str]) -> None:
        """`never` are the classes (IRIs) of which nothing can be said so."""
        super().__init__(ontology)
        self._never = never

    def patterns(self, language: str) -> dict[str, list[Pattern]]:
        """By term its patterns, and by class its clauses."""
        found = {term: [*rows] for term, rows in super().patterns(language).items() if term not in self._never}
        for term, clauses in self.parsed(CLAUSE, language).items():
            of_property = any(slot.path[0] in ("subject", "object") for p in clauses for slot in p.slots())
            if term not in self._never and not of_property:
                found.setdefault(term, []).extend(p for clause in clauses if (p := _without_words(clause)))
        return found


def _without_words(clause: Pattern) -> Pattern | None:
    """A clause without an option for words of the article; None for one that has no words of its own."""
    elements = tuple(
        e
        for e in clause.elements
        if not isinstance(e, Option) or all(slot.path[-1] != WORDING for slot in Pattern("", e.elements).slots())
    )
    return Pattern(written(elements), elements) if any(isinstance(e, Choice) for e in elements) else None
