"""Clauses and noun phrases of the lexicon filled with the names of things, and what they then rest on."""

import re
from collections.abc import Iterable, Mapping
from functools import partial
from itertools import pairwise
from typing import Any, NamedTuple, Protocol, TypeGuard

from pyoxigraph import Literal, Triple

from kg.dataset.stated import DATES, distinct
from kg.dataset.tenses import Timed
from kg.rdf.namespaces import ENT, RDF, XSD, local_name
from kg.rdf.terms import Term
from kg.text import patterns, phrases, repetition, verbs
from kg.text.patterns import Choice, Mark, Option, Pattern, Phrase, Slot
from kg.text.verbs import Tense

_WORDS = (XSD + "string", RDF + "langString")
_MOST_NAMED = 6  # things in one slot
_CAPITALISED = re.compile(r"(?<![{/^\w])[A-Z]\w*")  # in a pattern, of which the parser keeps no case
_WAS = re.compile("^“(?:was|were) ")
_DONE = ("content", "purpose")  # what somebody undertakes, or aims “to do”
_TO_DO = re.compile("(?:not )?to ")


class Filled(NamedTuple):
    """What a pattern came to: its words, the slots that were filled, by what, and the predicates that were told.

    `marks` is how many colons and dashes there are.
    """

    words: list[str]
    slots: tuple[Slot, ...]
    tells: frozenset[str]
    filling: "Filling"
    marks: int = 0

    @property
    def filled(self) -> int:
        """How many slots were filled."""
        return len(self.slots)

    def qualified(self, qualifier: str) -> str:
        """The text of a noun phrase with a word before its noun: “Lorvia’s planned support for Sudmark”."""
        first, second, *_ = (*self.filling.elements, None, None)
        at = 0 if isinstance(first, Choice) else 1 if isinstance(second, Mark) else None
        words = self.words if at is None or not qualifier else [*self.words[:at], f" {qualifier}", *self.words[at:]]
        return "".join(words).strip()

    @property
    def described(self) -> int:
        """How many slots have a thing of which no more than the class is said: “the office in Lorvia”."""
        return sum(map(self.filling.is_described, self.slots))

    @property
    def premises(self) -> frozenset[Triple]:
        """The statements by which the slots were filled; those that are stated when it is asked."""
        return frozenset(t for slot in self.slots for t in self.filling.premises(slot))


class Names(Protocol):
    """What calls things by their names."""

    known: Timed

    def name(self, term: Term, nested: int = 0) -> str:
        """A term as it stands in a sentence."""

    def plain_name(self, thing: Term, nested: int = 0) -> str:
        """As `name`, without a word for its status."""

    def told_apart(self, thing: Term, name: str) -> str:
        """The name of a thing with that to which it belongs."""

    def bare(self, term: Term) -> str:
        """A thing without an article."""

    def is_named(self, thing: Term) -> bool:
        """Whether a thing has a name that says more than of which class it is."""

    def is_labelled(self, thing: Term) -> bool:
        """Whether a thing has a label that was not computed."""

    def is_plural(self, thing: Term, name: str) -> bool:
        """Whether a verb after the name of a thing is in the plural."""

    def is_spot(self, thing: Term) -> bool:
        """Whether something is at a place and not in it."""


class Called:
    """Names of which some are given: what a thing is called within one sentence."""

    def __init__(self, names: Names, given: Mapping[Term, str]) -> None:
        self.known, self._names, self._given = names.known, names, given

    def name(self, term: Term, nested: int = 0) -> str:
        """A term as it stands in the sentence."""
        return self._given.get(term) or self._names.name(term, nested)

    def plain_name(self, thing: Term, nested: int = 0) -> str:
        """As `name`, without a word for its status."""
        return self._given.get(thing) or self._names.plain_name(thing, nested)

    def told_apart(self, thing: Term, name: str) -> str:
        """The name of a thing with that to which it belongs."""
        return self._names.told_apart(thing, name)

    def bare(self, term: Term) -> str:
        """A thing without an article."""
        return self._names.bare(term)

    def is_named(self, thing: Term) -> bool:
        """Whether a thing has a name that says more than of which class it is."""
        return thing in self._given or self._names.is_named(thing)

    def is_labelled(self, thing: Term) -> bool:
        """Whether a thing has a label that was not computed."""
        return self._names.is_labelled(thing)

    def is_plural(self, thing: Term, name: str) -> bool:
        """Whether a verb after the name of a thing is in the plural."""
        return self._names.is_plural(thing, name)

    def is_spot(self, thing: Term) -> bool:
        """Whether something is at a place and not in it."""
        return self._names.is_spot(thing)


class Filling:
    """A pattern that is being filled with the names of things."""

    def __init__(
        self,
        names: Names,
        pattern: Pattern,
        ends: dict[str, list[Term]],
        thing: Term,
        tense: Tense,
        term: str,
        nested: int,
        *,
        own: bool = False,
    ) -> None:
        """With `own`, what stands in the roles of the thing is what its voice itself says, see `Stated.own_values`."""
        self._own = own
        self._names, self._pattern, self._tense, self._nested = names, pattern, tense, nested
        self._ends = {patterns.THIS: [thing], **ends}
        self._thing = thing
        self._namespace = term.removesuffix(local_name(term)) or ENT
        self._capitals = {word.lower(): word for word in _CAPITALISED.findall(pattern.text)}
        self._plural = False  # whether the next verb is
        self._acts = True  # whether who could want something is the subject of the next verb
        self._of_several = False  # whether the next noun is one of several: “one of the oldest” bridges
        self._said: list[str] = []  # the names so far
        self._found = dict[tuple[str, ...], list[Term]]()  # what slots lead to, by their paths

    @property
    def elements(self) -> tuple[Any, ...]:
        """The elements of the pattern."""
        return self._pattern.elements

    def found(self) -> Filled | None:
        """What the pattern comes to."""
        return self._all(self._pattern.elements)

    def _all(self, elements: Iterable[Any], before: str = "") -> Filled | None:
        words: list[str] = []
        slots, marks, tells = list[Slot](), 0, set[str]()
        literal = ""  # the words since the last slot or verb
        where: list[str] = []  # “in” and “at”
        after: Any = None  # the element before
        for element, following in pairwise([*elements, None]):
            if isinstance(element, Slot):
                is_verb = isinstance(following, Slot) and element.path == (patterns.WORDING,)
                verb = self._verb(element) if is_verb else ""
                name = verb or self._slot(element, where, literal)
                fits = verb or (self._fits(element, literal, after) and not (is_verb and following.proper))
                if not name or not fits:
                    return None
                if words[-1:] == [" the"] and (phrases.is_one_of_several(name) or phrases.compares(name)):
                    words.pop()
                words.append(f" {name}")
                literal = ""
                slots.append(element)
                tells.add(self._namespace + element.path[0])
            elif isinstance(element, Option):
                plural, said = self._plural, before + "".join(words)
                part = self._all(element.elements, said)
                if part:
                    slots += part.slots
                    tells |= part.tells
                if part and not _is_said(part.words[-1], said):  # not “the meeting in Ankara in Ankara”
                    words, marks = words + part.words, marks + part.marks
                else:
                    self._plural = plural
            elif isinstance(element, Mark):
                is_genitive = element.text == "'s" and words
                marks += element.text in (":", "–")
                mark = f" {element.text}" if element.text == "–" else element.text
                words[-1:] = [phrases.genitive(words[-1])] if is_genitive else [*words[-1:], mark]
            elif len(element.phrases) == 1:
                if literal and not phrases.ends_in_preposition(literal):  # “offers are invited”
                    self._plural = phrases.is_plural(literal, of_place=False)
                text, literal = self._phrase(element.phrases[0], literal)
                if text != "of" or not words or not phrases.ends_in_preposition(words[-1]):  # not “between of”
                    words.append(f" {text}")
            where = [" ".join(p.words) for p in element.phrases[:2]] if _is_choice(element) else []
            after = after if isinstance(element, Option) else element
        return Filled(words, tuple(slots), frozenset(tells), self, marks)

    def _slot(self, slot: Slot, where: list[str], literal: str) -> str:
        """What fills a slot, empty if nothing does; a verb that follows agrees with it, or with a noun before it."""
        things, said = self._values(slot), self._names
        if not things:
            return ""
        is_this = slot.path == (patterns.THIS,)
        if is_this and slot.proper and not said.is_labelled(things[0]):
            return ""
        called = said.plain_name if is_this else said.name  # its tense tells the status
        names = [said.bare(x) if slot.proper else called(x, self._nested) for x in things]
        if self._is_still_so(slot):
            names = [_WAS.sub("is “" if not self._plural else "are “", name) for name in names]
        if is_this and slot.proper:  # a toast, the Joint Communiqué
            names = [phrases.with_article(name, {"the" if name[:1].isupper() else "a"}) for name in names]
        if literal.rpartition(" ")[2] == "to":
            names = [re.sub("^“to ", "“", name) for name in names]
        if self._tense == "intended":
            self._acts = all(not isinstance(x, Literal) and ENT + "Actor" in said.known.all_kinds(x) for x in things)
        if self._of_several:
            names = [phrases.plural(name) for name in names]
        self._of_several = slot.proper and phrases.is_one_of_several(names[0])
        if len(set(names)) < len(names):
            names = [
                said.told_apart(x, name) if names.count(name) > 1 else name
                for x, name in zip(things, names, strict=True)
            ]
        self._plural = len(names) > 1 or said.is_plural(things[0], names[0])
        for owner in self._said:  # not “Ada Holm made a statement about Ada Holm's demand”
            names = [repetition.not_of(name, owner) for name in names]
        self._said += names
        if phrases.ends_in_preposition(literal):
            self._plural = phrases.is_plural(literal, of_place=False)
        if where:  # at Akkuyu, in Turkey
            if isinstance(things[0], Literal):
                return " or ".join(phrases.on_date(x.value) for x in things if isinstance(x, Literal))
            pairs = sorted(zip(things, names, strict=True), key=lambda pair: not said.is_spot(pair[0]))
            return ", ".join(
                f"{'on' if phrases.is_surface(name) else where[said.is_spot(x)]} {name}" for x, name in pairs
            )
        return _listed(names)

    def _verb(self, slot: Slot) -> str:
        """Words of an article that are no more than a verb, without quotation marks: “police have detained two men”."""
        is_so = not self._names.known.voice and self._tense not in verbs.NOT_YET
        words = [verbs.alone(x.value) for x in self._values(slot) if isinstance(x, Literal)] if is_so else []
        return words[0] if len(words) == 1 else ""

    def _is_still_so(self, slot: Slot) -> bool:
        """Whether “were close to a treaty” stands for “are”: as somebody is told to have said of what is not yet."""
        if slot.path != (patterns.WORDING,) or self._tense != "outstanding":
            return False
        known, role = self._names.known, ENT + patterns.WORDING
        is_dated = any(known.own_values(self._thing, date) for date in DATES)
        return not is_dated and all(map(known.is_paraphrased, known.own_premises(self._thing, role)))

    def _fits(self, slot: Slot, literal: str, after: Any) -> bool:
        """Whether words of an article go on with a sentence as a slot does, which has “to” or a name before it.

        Who calls on others “to” do something, calls so in other words than who demands “that they” do it.
        """
        link, is_wording = literal.rpartition(" ")[2], slot.path[-1] == "wording"
        follows = "" if literal else "subject" if isinstance(after, Slot) else "be" if _is_be(after) else ""
        is_verb = isinstance(after, Choice) and all(len(p.words) == 1 for p in after.phrases)  # not “call for”
        is_object = not literal and not follows and is_verb and slot.path[-1] in _DONE
        is_checked = link in ("to", "of", "for") or follows == "subject" or (follows and is_wording) or is_object
        if slot.proper or not is_checked:
            return True
        words = [x.value for x in self._values(slot) if isinstance(x, Literal) and x.datatype.value in _WORDS]
        if is_object:
            return all(_TO_DO.match(text) is not None for text in words)
        if link in ("of", "for"):
            return all(phrases.has_article(text) or (link == "of" and verbs.is_gerund(text)) for text in words)
        if link == "to":
            return all(verbs.is_infinitive(text) or verbs.is_to_do(text) for text in words)
        if follows == "be":
            return all(phrases.has_article(text) or phrases.compares(text) for text in words)
        is_plural = self._plural or (bool(self._said) and self._said[-1].endswith("s"))
        is_told = partial(verbs.is_told, plural=is_plural)
        return all(map(is_told if is_wording else verbs.is_finite, words))

    def _values(self, slot: Slot) -> list[Term]:
        if (known := self._found.get(slot.path)) is None:
            known, path = self._start(slot)
            for role in path:
                known = distinct(x for y in known for x in self._led_to(y, self._namespace + role))
            if self._own and len(path) == 1 and slot.path[0] not in self._ends:
                known = self._names.known.as_told(self._thing, self._namespace + path[0], known)
            self._found[slot.path] = known
        return known

    def _led_to(self, start: Term, role: str) -> list[Term]:
        is_own = self._own and start == self._thing
        return (self._names.known.own_values if is_own else self._names.known.values)(start, role)

    def _start(self, slot: Slot) -> tuple[list[Term], tuple[str, ...]]:
        """From where a slot is followed, and by which roles."""
        found = self._ends.get(slot.path[0])
        return ([self._thing], slot.path) if found is None else (found, slot.path[1:])

    def is_described(self, slot: Slot) -> bool:
        """Whether of one of the things in a slot no more than the class is said."""
        return not all(map(self._names.is_named, self._values(slot)))

    def premises(self, slot: Slot) -> set[Triple]:
        """The statements by which a slot is followed from what it starts with."""
        known, (found, path) = self._names.known, self._start(slot)
        premises = set[Triple]()
        for number, role in enumerate(path, start=1):
            premises.update(t for x in found for t in known.premises(x, self._namespace + role))
            if number < len(path):
                found = distinct(x for y in found for x in known.values(y, self._namespace + role))
        return premises

    def _phrase(self, phrase: Phrase, literal: str) -> tuple[str, str]:
        """The words of a phrase, a verb in its tense, and the words since the last slot or verb."""
        text = "_".join(self._capitals.get(word, word) for word in phrase.words)
        if phrase.verb:
            tense = self._tense if self._acts else verbs.of_purpose(self._tense)
            return verbs.conjugate(text, tense, plural=self._plural), ""
        text = text.replace("_", " ")
        return text, f"{literal} {text}".strip()


def _is_said(words: str, said: str) -> bool:
    """Whether a sentence has the name of a thing already, be it in a quote."""
    name = phrases.bare(words.strip(" –:"))
    if name[:1] == "“":  # words of the article, of which others have been said
        return repetition.find(name.strip("“”"), said) is not None
    return repetition.find(name, said) is not None if name else f"{words} " in f"{said} "


def _is_choice(element: Any) -> TypeGuard[Choice]:
    return isinstance(element, Choice) and len(element.phrases) > 1


def _is_be(element: Any) -> bool:
    """Whether an element is the verb “be” alone."""
    return isinstance(element, Choice) and any(p.verb and p.words == ("be",) for p in element.phrases)


def best(found: Iterable[Filled | None]) -> Filled | None:
    """The pattern with the most slots that are filled; of these the one that names most, then with the fewest marks.

    The first of equal ones.
    """
    some = [x for x in found if x]
    most = max((x.filled for x in some), default=0)
    equal = [x for x in some if x.filled == most]
    if len(equal) < 2:
        return equal[0] if equal else None
    return max(equal, key=lambda x: (-x.described, -x.marks))


def written(found: Filled) -> str:
    """What a pattern came to as a sentence."""
    return phrases.sentence_case("".join(found.words).strip())


def _listed(names: list[str]) -> str:
    if len(names) <= _MOST_NAMED:
        return phrases.listed(names)
    return phrases.listed([*names[: _MOST_NAMED - 1], f"{len(names) - _MOST_NAMED + 1} more"])
