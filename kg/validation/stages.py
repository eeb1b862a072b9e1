"""Checks statuses and stages against words that say one of the very thing (rule 31): “the mothballed pipeline”.

Words that say another status of a thing contradict the one that is stated, unless both can hold at a time
(`ent:compatibleWith`), or words speak for the stated one too.
"""

import re
from collections.abc import Iterable, Iterator

from kg.dataset.roles import Thing
from kg.findings import Finding
from kg.rdf.namespaces import ENT, compact
from kg.text.matching import Match
from kg.validation.reading import AGREES, DIFFERS, HAPPENING, STATUS, Reading
from kg.validation.status import STATUS_WORDS, is_fitting, is_so, was_so
from kg.validation.teaching import pattern_lines

_CONDITION = ENT + "condition"
_KIND = ENT + "Status"
_ANSWERS = (
    "correct the status; if the words mean it: quote only those that say it, read the passage with one that says it"
    " (ent:readWith), or "
)


def check_stages(readings: Iterable[Reading]) -> Iterator[Finding]:
    """The statuses of things of which the words say another one."""
    for reading in readings:
        found = [m for m in reading.matches if reading.roles.individuals.get(m.term) == _KIND]
        said = [m for m in found if _is_said(reading, m)]
        yield from _undone(reading)
        denied = [m for m in found if m.group is not None and m.group.negated and not was_so(reading, m)]
        for thing in reading.things if said or denied else ():
            yield from _of_thing(reading, said, thing)
            yield from _denied(reading, said, denied, thing)


def _of_thing(reading: Reading, said: list[Match], thing: Thing) -> Iterator[Finding]:
    of_it = [m for m in said if _is_of(reading, m, thing)]
    for value, t in (row for role in STATUS for row in thing.values.get(role, {}).items()):
        fitting = {value} | reading.roles.compatible(value)
        rivals = [m for m in of_it if m.term not in fitting]
        if rivals and len(rivals) == len(of_it) and not _speaks_for(reading, said, thing, value, rivals):
            words, kind = reading.words(rivals[0]), compact(rivals[0].term)
            message = f"“{words}” says that {compact(thing.iri)} is {kind}, not {compact(value)}"
            lines = pattern_lines(value, rivals[0], reading.quote, reading.names.language)
            yield reading.finding(STATUS_WORDS, t, message, _ANSWERS + lines)


def _denied(reading: Reading, said: list[Match], denied: list[Match], thing: Thing) -> Iterator[Finding]:
    """A status that words say of a thing to deny it: “denied that the talks had failed”, “left without signing”."""
    for value, t in (row for role in STATUS for row in thing.values.get(role, {}).items()):
        of_it = [m for m in denied if m.term == value and _is_of(reading, m, thing)]
        if of_it and not _speaks_for(reading, said, thing, value):
            message = f"“{reading.words(of_it[0])}” denies that {compact(thing.iri)} is {compact(value)}"
            yield reading.finding(STATUS_WORDS, t, message, f"{_ANSWERS}point at those that say it (ent:wording)")


def _undone(reading: Reading) -> Iterator[Finding]:
    """What is told as done in words that only say that it was not: “left without doing so”."""
    match = _NOT_SO.search(reading.quote)
    for thing in reading.things if match else ():
        for value, t in (row for role in STATUS for row in thing.values.get(role, {}).items()):
            tenses = reading.matchers.tenses.get(value, frozenset())
            done = "past" in tenses and tenses.isdisjoint(("negated", "ended"))
            if match and done and not reading.places(thing) and value not in reading.cues:
                message = f"“{match[0]}” does not say that {compact(thing.iri)} is {compact(value)}"
                yield reading.finding(STATUS_WORDS, t, message, f"{_ANSWERS}point at those that say it (ent:wording)")


_NOT_SO = re.compile(
    r"\b(?:without (?:having )?do(?:ing|ne) so|(?:did|had|has|have)(?: not|n’t) (?:do|done) so|failed to do so)\b"
)


def _is_condition(reading: Reading, match: Match) -> bool:
    """Whether what a match says is under a condition: “provided that Lorvia withdraws the demand”."""
    cues = (m for m in reading.cue_matches if m.term == _CONDITION and m.start <= match.start)
    return any(not re.search("[,;:.]", reading.quote[m.end : match.verb]) for m in cues)


def _is_said(reading: Reading, match: Match) -> bool:
    return (
        not _is_condition(reading, match)
        and is_so(match, reading.matchers.tenses.get(match.term, frozenset()))
        and not reading.is_moved(match)
    )


def _is_of(reading: Reading, match: Match, thing: Thing) -> bool:
    fit = reading.fit(match, thing)
    return fit.get(("this",)) == AGREES and DIFFERS not in fit.values()


def _speaks_for(reading: Reading, said: list[Match], thing: Thing, value: str, rivals: Iterable[Match] = ()) -> bool:
    """Whether a verb about the thing, or a cue that no pattern says of another, speaks for a status.

    A verb by which the words say a rival of it says nothing for it: “rejected the demand”.
    """
    taken = {m.verb for m in rivals}
    fitting, happens = reading.matchers.tenses.get(value, frozenset()), not HAPPENING.isdisjoint(thing.kinds)
    for match in reading.supporting(thing):
        tells = match.group is not None and match.group.tells and match.verb not in taken
        if match.group is not None and tells and is_fitting(match.group, fitting, happens):
            return True
    cued = [r for r in reading.together if value in r.cues]
    return bool(cued) and (cued != [reading] or all(match.term != value for match in said))
