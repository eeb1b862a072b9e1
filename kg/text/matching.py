"""Patterns matched with the words of a text: which words fill which slots, and how far what they say has come.

A pattern such as “{backer} *back {backed}” says how a clause is built around its verb. What English makes of it is
derived: the passive, relative and participial clauses, infinitives, and what auxiliaries and adverbs say of time. A
pattern around a noun (“{backer}'s support for {backed}”) stands as it is written, with adjectives between its words.

Where the verb or the noun of a pattern stands, its slots are looked for within a few tokens, each once and never back
(`kg.text.clauses`): matching takes time linear in the text, however the patterns of a lexicon are written.
"""

from collections import defaultdict
from collections.abc import Iterable
from functools import cached_property, lru_cache
from typing import NamedTuple

from kg.text import verbs
from kg.text.clauses import WINDOW, Clauses
from kg.text.parts import Filler, Group, Nouns
from kg.text.patterns import Choice, Element, Mark, Pattern, Phrase, Slot, Variant, variants
from kg.text.steps import Filled, before, leftwards, may_have, phrase_at, rightwards, seek
from kg.text.tokens import singular
from kg.text.verbs import form_names
from kg.text.words import (
    DETERMINERS,
    EITHER_WAY,
    FINITE,
    GENITIVE,
    MARK,
    NAME,
    OF_AMOUNT,
    OF_WHAT,
    PREPOSITIONS,
    RELATIVES,
    TIME,
    WORD,
)

MAX_PATTERNS = 4000  # of a language, with each option taken and left
MAX_AT_WORD = 200  # of these around one word, so that a text of that word alone takes no more than a second
_MOST_KEPT = 8192  # words of which the verbs and nouns are kept

_BY = Phrase(("by",))


class Match(NamedTuple):
    """A pattern of a term that fits words, text[start:end] (code points); its verb, if it has one, is at `verb`."""

    term: str
    pattern: Pattern
    start: int
    end: int
    filled: tuple[Filled, ...]
    group: Group | None = None
    verb: int = -1


class Matcher:
    """Patterns, found by the words around which they are built."""

    def __init__(self, patterns: Iterable[tuple[str, Pattern]]) -> None:
        """Take pairs of a term and one of its patterns; those beyond MAX_PATTERNS or MAX_AT_WORD are left out."""
        self._verbs: dict[str, list[Variant]] = defaultdict(list)
        self._nouns: dict[str, list[Variant]] = defaultdict(list)
        self._bases_of, self._nouns_of = lru_cache(_MOST_KEPT)(self._bases), lru_cache(_MOST_KEPT)(self._singulars)
        count = 0
        for term, pattern in patterns:
            for variant in variants(term, pattern):
                count += 1
                where = self._verbs if variant.anchor.verb else self._nouns
                if count <= MAX_PATTERNS and len(where[variant.anchor.words[0]]) < MAX_AT_WORD:
                    where[variant.anchor.words[0]].append(variant)

    @cached_property
    def verbs(self) -> frozenset[str]:
        """The base forms of the verbs in the patterns, without those that other clauses have."""
        return frozenset(self._verbs) - {"be", "have", "do"}

    def _bases(self, word: str) -> frozenset[str]:
        return frozenset(verbs.bases(word) & self._verbs.keys())

    def _singulars(self, word: str) -> tuple[str, ...]:
        return tuple(sorted({word, *singular(word)} & self._nouns.keys()))

    def find(self, clauses: Clauses) -> list[Match]:
        """What fits the words, in the order of the text."""
        found: list[Match] = []
        subjects: list[tuple[int, Nouns]] = []  # of finite verbs so far, for “built the dam and operates it”
        for i, token in enumerate(clauses.tokens):
            if token.kind == NAME:
                continue
            fits: dict[tuple[str, Pattern], Match] = {}  # of the variants of a pattern the one that names most
            bases = self._bases_of(token.text) if token.kind == WORD else frozenset()
            if "have" in bases and clauses.is_auxiliary(i):
                bases -= {"have"}
            for base in sorted(bases) if bases and not clauses.is_noun_here(i, bases) else ():
                verb = _Verb(clauses, i, form_names(base, token.text), subjects)
                for variant in self._verbs[base]:
                    if not variant.before or clauses.has_each(variant.before):
                        _keep(fits, variant, verb.matches(variant))
            for noun in self._nouns_of("'s" if token.kind == GENITIVE else token.text):
                for variant in self._nouns[noun]:
                    if clauses.has_each(variant.after) and clauses.has_each(variant.before):
                        _keep(fits, variant, _nominal(clauses, variant, i))
            found += fits.values()
        return found


def _keep(fits: dict[tuple[str, Pattern], Match], variant: Variant, found: list[Match]) -> None:
    """Keep of the matches of one pattern at one place the one that names most things; the fullest variant is first."""
    for match in found:
        before = fits.get((variant.term, variant.pattern))
        if before is None or _named(match) > _named(before):
            fits[variant.term, variant.pattern] = match


def _named(match: Match) -> int:
    return sum(filler.known for filled in match.filled for filler in filled.nouns.fillers)


# Around a noun


def _nominal(clauses: Clauses, variant: Variant, i: int) -> list[Match]:
    end = phrase_at(clauses, variant.anchor, i)
    if end < 0 or not _may_go_on(clauses, variant):
        return []
    filled: list[Filled] = []
    start = leftwards(clauses, variant.left, i, filled, modifies=True)
    noun = variant.anchor.words[0]
    single = clauses.text(i) == noun and noun not in PREPOSITIONS
    last = rightwards(clauses, variant.right, end, filled, single=single)
    if start < 0 or last < 0 or _is_of_verb(clauses, variant, i) or _has_a_title(clauses, variant, filled):
        return []
    return [_match(clauses, variant, start, last, filled)]


def _may_go_on(clauses: Clauses, variant: Variant) -> bool:
    """Whether a text has what a pattern has after its anchor, somewhere: most patterns end here."""
    return all(may_have(clauses, element) for element in variant.right if isinstance(element, Choice))


def _is_of_verb(clauses: Clauses, variant: Variant, i: int) -> bool:
    """Whether “of” in a pattern may belong to a verb before it: “accused President Tarn of a raid on Lorvia”."""
    choices = (e for e in variant.right[1:] if isinstance(e, Choice))
    if not any(phrase.words == ("of",) for choice in choices for phrase in choice.phrases):
        return False
    return any(not verbs.bases(clauses.text(k)).isdisjoint(OF_WHAT) for k in range(max(i - _TITLE, 0), i))


def _has_a_title(clauses: Clauses, variant: Variant, filled: list[Filled]) -> bool:
    """Whether who stands before a comma has a title, so that the next is another's: “King Oro, the President of”."""
    if len(variant.left) < 2 or variant.left[-1] != Mark(",") or not isinstance(variant.left[-2], Slot):
        return False
    elements = (e for e in variant.pattern.elements if isinstance(e, Choice) and variant.anchor in e.phrases)
    titles = {phrase.words[0] for choice in elements for phrase in choice.phrases if len(phrase.words) == 1}
    nouns = filled[0].nouns
    return not titles.isdisjoint(w for k in range(nouns.start, nouns.end) for w in clauses.text(k).split())


_PARTS = frozenset((",", "–", "—", "and", "but", "or", "(", ")"))
_TITLE = 4  # tokens of a title and adjectives before it


def _match(
    clauses: Clauses,
    variant: Variant,
    start: int,
    end: int,
    filled: list[Filled],
    group: Group | None = None,
    verb: int = -1,
) -> Match:
    tokens = clauses.tokens
    at = tokens[verb].start if verb >= 0 else -1
    return Match(variant.term, variant.pattern, tokens[start].start, tokens[end - 1].end, tuple(filled), group, at)


# Around a verb


def _ends_slot(elements: tuple[Element, ...]) -> bool:
    """Whether what comes after a slot tells where it ends: the ending of a genitive, or another slot."""
    return any(isinstance(element, Slot) or element == Mark("'s") for element in elements)


def _is_plain(near: Nouns, far: Nouns) -> bool:
    """Whether “which” means the name before it: what that stands under names nothing (“much is owed to A, which”)."""
    return all(f.known and f.sure for f in near.fillers) and not any(f.known for f in far.fillers)


class _Verb:
    """A verb at token `i`, in a form of these names, and what all patterns around it ask for.

    `subjects` are those of the finite verbs up to it, to which patterns add its own.
    """

    def __init__(self, clauses: Clauses, i: int, form: frozenset[str], subjects: list[tuple[int, Nouns]]) -> None:
        self.clauses, self.i, self._form, self.subjects = clauses, i, form, subjects
        self._known: dict[Group, Nouns | None] = {}

    @cached_property
    def groups(self) -> list[Group]:
        """How it may be read."""
        return self.clauses.group(self.i, self._form)

    def matches(self, variant: Variant) -> list[Match]:
        """The first reading that fits a pattern, in a list."""
        if not self.clauses.has_each(variant.after):  # so that none fits, unless “which” stands for what is not there
            if not variant.slots:
                return []
            if variant.plain and not self._has_gap:
                if phrase_at(self.clauses, variant.anchor, self.i) >= 0 and self._last is not None:
                    self.subjects.append(self._last)
                return []
        return _Verbal(variant, self).matches()

    @cached_property
    def _has_gap(self) -> bool:
        return any(self.gap(self.subject(group)) for group in self.groups if not group.passive)

    @cached_property
    def _last(self) -> tuple[int, Nouns] | None:
        """The subject that a pattern without a match adds last."""
        finite = (self.subject(group) for group in reversed(self.groups) if group.finite and not group.passive)
        return next(((self.i, subject) for subject in finite if subject is not None), None)

    def gap(self, subject: Nouns | None) -> str:
        """“which” where that stands before the subject, with a preposition if there is one: “with which”."""
        if subject is None:
            return ""
        before = subject.start - 1
        if self.clauses.text(before) not in RELATIVES or self.clauses.kind(before) != WORD:
            return ""
        preposition = self.clauses.text(before - 1)
        return f"{preposition} which" if preposition in PREPOSITIONS else "which"

    def subject(self, group: Group) -> Nouns | None:
        """The noun phrase that is the subject of a group; None where there is none."""
        if group not in self._known:
            self._known[group] = self._subject_of(group)
        return self._known[group]

    def _subject_of(self, group: Group) -> Nouns | None:
        clauses = self.clauses
        if clauses.text(group.start) == "without":
            first = clauses.tokens[group.start]
            nobody = Nouns(group.start, group.start, (Filler(first.start, first.end, frozenset(), sure=False),))
            return self._shared() or nobody
        at = clauses.before_adverbs(group.start - 1)
        text, kind = clauses.text(at), clauses.kind(at)
        if kind == MARK and text in (",", "–", "—"):
            if not group.finite:
                return self._of_participle(at)
            inner = clauses.before_aside(at)
            if inner >= 0 and (found := clauses.nouns_before(inner)) is not None:
                return found._replace(fillers=(*found.fillers, *clauses.added(inner + 2)))
            return self._shared()
        if kind == MARK and text == ")":
            return clauses.nouns_before(at)
        if kind == WORD and text in ("and", "but", "or", "then"):
            return self._shared()
        if kind == WORD and text in RELATIVES:
            before = at - 2 if clauses.text(at - 1) in (",", "–", "—") else at - 1
            near, far = clauses.nouns_before(before, depth=0), clauses.nouns_before(before)
            if text == "which" and near is not None and far is not None and _is_plain(near, far):
                return near
            return self._described(far) or self.unsure(near, far)
        antecedent = self._over_relative(at) if group.finite else None
        found = antecedent or clauses.nouns_before(at)
        if found is not None and group.tense in ("infinitive", "planned") and not group.finite and found.under != "for":
            return found._replace(fillers=tuple(f._replace(sure=False) for f in found.fillers))
        return found

    def _described(self, nouns: Nouns | None) -> Nouns | None:
        """The name before a comma that a noun phrase describes: “Tomas Greel, the chairman of a club, who was …”."""
        clauses = self.clauses
        if nouns is None or nouns.fillers[0].known or len(nouns.fillers) > 1 or clauses.text(nouns.start - 1) != ",":
            return None
        name = clauses.nouns_before(nouns.start - 2)
        whole = name is not None and len(name.fillers) == 1 and name.fillers[0].known
        return name if whole and clauses.text(nouns.start) in DETERMINERS else None

    def _over_relative(self, at: int) -> Nouns | None:
        """The subject before a relative clause that ends at a token: “a dam that was opened in 2018 was closed”."""
        clauses = self.clauses
        for k in range(at, max(at - WINDOW, 0), -1):
            if clauses.is_boundary(k) or clauses.text(k) in _PARTS:
                return None
            if clauses.text(k) in RELATIVES and clauses.kind(k) == WORD:
                verb = any(clauses.text(j) in FINITE or clauses.is_verb(j) for j in range(k + 1, at + 1))
                return clauses.nouns_before(k - 1, depth=0) if verb and clauses.kind(k - 1) in (WORD, NAME) else None
        return None

    def unsure(self, near: Nouns | None, far: Nouns | None) -> Nouns | None:
        """One noun phrase for two that “which” may mean: for sure only where they are the same."""
        if near is None or far is None or near.fillers == far.fillers:
            return near or far
        things = frozenset(thing for nouns in (near, far) for filler in nouns.fillers for thing in filler.things)
        first = near.fillers[0]
        return near._replace(fillers=(Filler(first.start, first.end, things, sure=False),))

    def _of_participle(self, comma: int) -> Nouns | None:
        """The subject of “A, backing B”: what stands before the comma, if the clause begins with it."""
        near = self.clauses.nouns_before(comma - 1)
        if near is not None and self.clauses.is_boundary(near.start - 1):
            return near
        return self.unsure(near, self._shared())

    def _shared(self) -> Nouns | None:
        """The subject of the finite verb before, in the same sentence."""
        for i, subject in reversed(self.subjects):
            if i < self.i:
                between = range(i, self.i)
                if any(self.clauses.is_boundary(k) for k in between):
                    return None
                return subject._replace(fillers=tuple(f._replace(sure=False) for f in subject.fillers))
        return None


class _Verbal:
    """A pattern around a verb."""

    def __init__(self, variant: Variant, verb: _Verb) -> None:
        self.clauses, self.variant, self.verb, self.i = verb.clauses, variant, verb, verb.i
        self.end = phrase_at(verb.clauses, variant.anchor, verb.i)
        self.groups = verb.groups if self.end >= 0 else []

    def matches(self) -> list[Match]:
        """The first reading that fits, in a list."""
        for group in self.groups:
            if not self.variant.slots:
                return self._cue(group)
            match = self._passive(group) if group.passive else self._active(group)
            if match is not None:
                return [match]
        return []

    def _cue(self, group: Group) -> list[Match]:
        """Words without slots, which say something by being there."""
        start = leftwards(self.clauses, self.variant.left, group.start, [])
        end = rightwards(self.clauses, self.variant.right, self.end, [])
        return [_match(self.clauses, self.variant, start, end, [], group, self.i)] if min(start, end) >= 0 else []

    def _active(self, group: Group) -> Match | None:
        filled: list[Filled] = []
        left, start = self.variant.left, group.start
        subject = self.verb.subject(group)
        if len(left) == 1 and isinstance(left[0], Slot):
            if subject is None:
                return None
            filled.append(Filled(left[0], subject))
            start = min(start, subject.start)
        elif left:
            start = leftwards(self.clauses, left, self.clauses.before_adverbs(group.start - 1) + 1, filled)
            if start < 0:
                return None
        if subject is not None and group.finite:
            self.verb.subjects.append((self.i, subject))
        if self._has_object():
            return None
        relative = self.verb.gap(subject)
        if not relative and not _may_go_on(self.clauses, self.variant):
            return None
        end = self._objects(relative, subject, filled)
        return None if end < 0 else _match(self.clauses, self.variant, start, end, filled, group, self.i)

    def _has_object(self) -> bool:
        """Whether a pattern of a verb alone has an object in the words, and so another sense: “ended years of war”."""
        variant, clauses = self.variant, self.clauses
        alone = variant.anchor.words[0] in EITHER_WAY and len(variant.anchor.words) == 1 and not variant.right
        nouns = clauses.nouns(self.end) if alone and variant.left else None
        if nouns is None or clauses.kind(nouns.start) == MARK:
            return False
        last = clauses.text(nouns.end - 1)
        is_time = last in OF_AMOUNT or last in TIME or clauses.text(nouns.end) in TIME
        return not is_time or clauses.text(nouns.end) == "of"

    def _objects(self, relative: str, subject: Nouns | None, filled: list[Filled]) -> int:
        """Match what comes after the verb; an object may be the noun before “which”."""
        end, right = self.end, self.variant.right
        k = 0
        while k < len(right):
            element = right[k]
            pair = isinstance(element, Slot) and _ends_slot(right[k + 1 : k + 2])
            width = 2 if pair else 1
            last = rightwards(self.clauses, right[k : k + width], end, filled, after=right[k + width :])
            if last >= 0:
                end = last
                k += width
                continue
            antecedent = self._antecedent(relative, subject)
            if isinstance(element, Slot) and antecedent is not None and relative == "which":
                filled.append(Filled(element, antecedent))
                relative = ""
                k += 1
            elif isinstance(element, Choice) and relative == "which" and self._is_gap(element, subject):
                relative = ""
                k += 1
            elif isinstance(element, Choice) and antecedent is not None and k + 1 < len(right):
                words = [" ".join(phrase.words) for phrase in element.phrases]
                after = right[k + 1]
                if relative.removesuffix(" which") not in words or not isinstance(after, Slot):
                    return -1
                filled.append(Filled(after, antecedent))
                return end
            else:
                return -1
        return end

    def _is_gap(self, choice: Choice, subject: Nouns | None) -> bool:
        """Whether “which” before the subject means a noun of the pattern: “a loan, which the bank made”."""
        at = subject.start - 1 if subject is not None else -1
        return any(before(self.clauses, choice, k) >= 0 for k in range(at, max(at - 12, 0), -1))

    def _antecedent(self, relative: str, subject: Nouns | None) -> Nouns | None:
        if not relative or subject is None:
            return None
        at = subject.start - 1 - len(relative.split())
        at = at - 1 if self.clauses.text(at) in (",", "–") else at
        return self.verb.unsure(self.clauses.nouns_before(at, depth=0), self.clauses.nouns_before(at))

    def _passive(self, group: Group) -> Match | None:
        left, right = self.variant.left, self.variant.right
        if len(left) != 1 or not isinstance(left[0], Slot) or not right:
            return None
        filled: list[Filled] = []
        rest, noun = right[1:], group.start
        if isinstance(right[0], Slot):
            patient = self.verb.subject(group) or self._initial(group)
            if patient is None or (right[0].proper and not patient.fillers[0].known):
                return None
            filled.append(Filled(right[0], patient))
        elif isinstance(right[0], Choice):  # the subject has the noun after the verb: “a deal was signed by”
            noun = before(self.clauses, right[0], group.start)
        if noun < 0 or not isinstance(right[0], Slot | Choice):
            return None
        end = self.end
        agent = seek(self.clauses, Choice((_BY,)), end, 14 if group.finite else 4)
        if agent >= 0:
            nouns = self.clauses.nouns(agent, inner=not group.finite)
            if nouns is not None:
                filled.insert(0, Filled(left[0], self._agents(nouns)))
                end = nouns.end
        elif not group.finite and group.tense == "participle":
            return None  # “the plant built in 2014” may be anything: no agent, no auxiliary
        last = rightwards(self.clauses, rest, self.end, filled) if rest else end
        if last < 0:
            return None
        start = min([group.start, noun, *(f.nouns.start for f in filled if f.nouns.start < group.start)])
        return _match(self.clauses, self.variant, start, max(end, last), filled, group, self.i)

    def _agents(self, nouns: Nouns) -> Nouns:
        """An agent, with a second one after “and by”: its own noun phrase, since it is not joined to the first."""
        at = self.clauses.after_adverbs(nouns.end)
        if self.clauses.text(at) == "and":
            after = self.clauses.after_mark(at + 1) if self.clauses.text(at + 1) == "," else at + 1
            other = self.clauses.nouns(after + 1) if self.clauses.text(after) == "by" else None
            if other is not None:
                return nouns._replace(fillers=(*nouns.fillers, *other.fillers))
        return nouns

    def _initial(self, group: Group) -> Nouns | None:
        """The noun phrase after the comma of “Built by a company, the dam …”, where a participle begins the clause."""
        if group.finite or not self.clauses.is_boundary(self.i - 1):
            return None
        for at in range(self.end, min(self.end + WINDOW, len(self.clauses.tokens))):
            if self.clauses.is_boundary(at):
                return None
            if self.clauses.text(at) == ",":
                return self.clauses.nouns(at + 1)
        return None
