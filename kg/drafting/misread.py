"""Why a sentence about an article is no fact, in the terms of whoever typed it."""

import re
from collections.abc import Iterator
from functools import partial

from kg.dataset.roles import Roles
from kg.drafting import when
from kg.drafting.spoken import MOST_WORDS, NAME_FIRST, NotYetError, SpokenNames
from kg.drafting.telling import Telling
from kg.errors import UsageError, did_you_mean
from kg.text.words import DETERMINERS, Name
from kg.validation.reading import Reading

_NOT_STATED = "names nothing that is stated yet"
IS = re.compile(r"(?P<name>.+?) (?:is|are|was|were) (?P<article>(?:an?|the) )?(?P<kind>(?!to be).+)")
_NAME = re.compile(r"(?<![\w’'-])[A-Z][\w’'–-]*(?: (?:(?:of|the|and|for|de) )*[A-Z][\w’'–-]*)*")


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
