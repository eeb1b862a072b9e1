"""Why a sentence about an article is no fact, in the terms of whoever typed it."""

import re
from collections.abc import Iterable, Iterator
from functools import partial

from kg.dataset.roles import Roles, Thing
from kg.drafting import when
from kg.drafting.spoken import MOST_WORDS, NAME_FIRST, NotYetError, SpokenNames
from kg.drafting.telling import Telling
from kg.errors import UsageError, did_you_mean
from kg.rdf.namespaces import ENT
from kg.text import verbs
from kg.text.phrases import shortened
from kg.text.words import DETERMINERS, INTENDING, MAY, Name
from kg.validation.reading import STATUS, WORK, Reading, fillers_of

_NOT_STATED = "names nothing that is stated yet"
_LONGEST = 80  # code points of what is quoted
_NOT_YET = frozenset(("planned", "possible"))
_OF_WHAT_IS_TO_COME = frozenset(ENT + name for name in ("Demand", "Invitation", "Obligation", "Pledge"))
_PLANNING = INTENDING - {"agree", "attempt", "mean", "need", "seek", "try"}
IS = re.compile(r"(?P<name>.+?) (?:is|are|was|were) (?P<article>(?:an?|the) )?(?P<kind>(?!to be).+)")
_TO_DO = re.compile(r"\b(?:will|would|shall|due|future|next|to [a-z]+)\b", re.IGNORECASE)
_NAME = re.compile(r"(?<![\w’'-])[A-Z][\w’'–-]*(?: (?:(?:of|the|and|for|de) )*[A-Z][\w’'–-]*)*")


def wrong_tense(said: Reading, told: Reading, things: Iterable[Thing]) -> UsageError | None:
    """Why what is said is not what is told: by the one it is to come, by the other it is so.

    Who agreed to do something has done that by a finalised agreement alone. Where no verb that is known to tell of a
    relation or an event stands in what is told, what is to come needs some word for that.
    """
    every = [*things]
    for thing in every if all(_OF_WHAT_IS_TO_COME.isdisjoint(x.kinds) for x in every) else ():
        typed, own = _verbs(said, thing, has_done=True), _verbs(told, thing, has_done=_is_agreed(thing), either=True)
        alone = WORK not in thing.kinds and not told.passage.read_with
        alone = alone and not told.things_named.isdisjoint(fillers_of(thing))
        if not own and alone and not _is_of_plans(told.quote):
            own = {False: told.quote}
        if typed and own and typed.keys().isdisjoint(own):
            (is_to_come, words), (_, others) = next(iter(typed.items())), next(iter(own.items()))
            which = "is" if is_to_come else "is not"
            message = f"“{words}” {which} to come, where the passage says “{shortened(others, _LONGEST)}”"
            hint = "say it in the tense of the passage, and read with another one if that has it: “read with ‘…’”"
            return UsageError(message, hint=hint, rule="saying")
    return None


def _is_agreed(thing: Thing) -> bool:
    return any(ENT + "finalised" in thing.values.get(role, {}) for role in STATUS)


def _verbs(reading: Reading, thing: Thing, *, has_done: bool, either: bool = False) -> dict[bool, str]:
    """The words that say a thing, by whether it is to come by their verb; “agreed to lend” also `has_done` so.

    The present may be `either`: “heads to Turkey on Tuesday”.
    """
    found: dict[bool, str] = {}
    for match in reading.supporting(thing):
        group = match.group
        if group is None or not group.tells or group.negated or group.ended:
            continue
        words = reading.words(match)
        is_agreed = any(
            "agree" in verbs.bases(word) for word in reading.quote[group.start : match.verb].lower().split()
        )
        found |= dict.fromkeys(
            [True, False]
            if (is_agreed and has_done) or (either and group.tense == "present")
            else [group.tense in _NOT_YET],
            words,
        )
    return found


def _is_of_plans(quote: str) -> bool:
    """Whether words tell of something that is to come, whatever that is."""
    each = quote.lower().replace(",", " ").split()
    return _TO_DO.search(quote) is not None or any(x in MAY or not _PLANNING.isdisjoint(verbs.bases(x)) for x in each)


class Misread:
    """Tells what in a sentence is not understood."""

    def __init__(self, spoken: SpokenNames, clauses: Telling, roles: Roles) -> None:
        self._spoken, self._clauses, self._roles = spoken, clauses, roles

    def error(self, reading: Reading) -> UsageError:
        """Why what is said is no fact: an unknown kind or name, a thing that cannot stand there, or unknown words.

        The first of these that is so is told.
        """
        said = reading.quote
        is_kind = IS.fullmatch(said)
        unknown = [*self._unknown(reading)]
        if nowhere := next((x for x in unknown if not self._spoken.has(x)), ""):
            return UsageError(f"“{nowhere}” is no name that the article has", hint=NAME_FIRST, rule="saying")
        if is_kind and is_kind["article"] and len(is_kind["kind"].split()) <= MOST_WORDS:
            near = did_you_mean(is_kind["kind"].lower(), {x: f"“{x}”" for x in self._spoken.terms})
            message = f"“{is_kind['kind']}” is no kind, status or office that can be said"
            return UsageError(message, hint=near or "take a broader kind: docs/ontology.md lists them", rule="saying")
        if unknown:
            message, hint = f"nothing says yet what “{unknown[0]}” is", f"say first: “{unknown[0]} is a …”"
            return NotYetError(message, hint=hint, rule="saying")
        if misfit := next(self._misfits(reading), ""):
            kind = NotYetError if _NOT_STATED in misfit else UsageError
            return kind(misfit, hint="say what it is, or refuse what it was taken for", rule="saying")
        things = ", ".join(dict.fromkeys(f"“{said[n.start : n.end]}”" for n in reading.named))
        message = f"“{said}” fits no pattern of the lexicon: it names {things or 'nothing that the article has'}"
        return UsageError(message, hint=NAME_FIRST, rule="saying")

    def _unknown(self, reading: Reading) -> Iterator[str]:
        """The names in what is said that nothing of the article has."""
        times = (Name(start, end, frozenset()) for start, end, _ in when.expressions(reading.quote))
        named = [*reading.named, *times]
        for m in _NAME.finditer(reading.quote):
            is_known = any(n.start < m.end() and m.start() < n.end for n in named)
            if not is_known and not (m.start() == 0 and m[0].lower() in DETERMINERS):
                yield m[0]

    def _misfits(self, reading: Reading) -> Iterator[str]:
        """Which of the words of what is said cannot stand where they do, by the clauses and patterns that fit it."""
        resolve = partial(self._spoken.in_slot, self._roles)
        found = self._clauses.misfit(reading.quote, resolve)
        rows = [found] if found else []
        rows += [
            (m.term, reading.quote[x.start : x.end], f.slot)
            for m in reading.matches
            if len(m.filled) > 1  # of one slot alone anything may be said
            for f in m.filled
            for x in f.nouns.fillers
        ]
        for term, words, slot in rows:
            if resolve(term, words, slot) or resolve(term, f"the {words}", slot):
                continue
            things = self._spoken.named(words) or self._spoken.named(f"the {words}")
            kinds = self._spoken.taken_by(self._roles, term, slot)
            if not things and (choice := self._spoken.choice(words)):
                yield f"“the {words}” may be {' or '.join(choice)}: name it so"
            elif len(things) > 1:
                yield f"“{words}” may be {' or '.join(map(self._spoken.kind, things))}"
            elif not things:
                yield f"“{words}” {_NOT_STATED}: say first what it is"
            elif kinds:
                yield f"“{words}” is {self._spoken.kind(things[0])}, where only {' or '.join(kinds)} can stand"
