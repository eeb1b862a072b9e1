"""Checks of roles and status against the words of a passage by the patterns that fit them (model, rule 31).

A pattern that fits the words with other things in its slots than the facts have is a contradiction, if something holds
it to that fact: one slot agrees, what fills a slot stands in another role of it, or the words are its name. Where no
pattern fits nothing is said.
"""

from collections.abc import Iterable, Iterator

from kg.dataset.roles import Path, Thing
from kg.findings import Check, Finding
from kg.rdf.namespaces import ENT, compact
from kg.text.clauses import Group
from kg.text.matching import Match
from kg.text.patterns import THIS
from kg.text.words import NO_CONDITION
from kg.validation.reading import (
    ADDS,
    AGREES,
    DIFFERS,
    HAPPENING,
    RELATION,
    STATUS,
    Fit,
    Reading,
    by_slot,
    known,
)

ROLE_WORDS = Check(
    "role-words",
    "Where a pattern of the lexicon fits the words of a passage, its facts have the same things in the roles.",
    "Buyer and seller exchanged: each word of the quote is true, and the fact is false.",
    wrong="ent:buyer id:sudmark ;\n        ent:seller id:lorvia ;",
    right="ent:buyer id:lorvia ;\n        ent:seller id:sudmark ;",
    severities=("warning",),
)
STATUS_WORDS = Check(
    "status-words",
    "The status of a fact fits the verb that says it; what the words deny, end or put under a condition is so.",
    "What “is to be bought” is not bought, and “no longer backs” is over. Plans are easily told as facts.",
    wrong="ent:status ent:suspended .",
    right="ent:status ent:planned .",
    severities=("warning",),
)

_ANSWERS = (
    "correct the fact; if the words mean it: quote only those that say it, read the passage with one that names the"
    " thing (ent:readWith), or add an alias or a mention with their name for it"
)
_STATUS_ANSWERS = (
    "correct the status; if the words mean it: quote only those that say it, or read the passage with one that says it"
    " (ent:readWith)"
)
_END_ANSWERS = "add the ent:end, ent:condition or status that the words give, or quote only the words that say the fact"
_END = ENT + "end"
_CONDITIONED = frozenset((ENT + "Event", RELATION))
_HALTED = frozenset(ENT + name for name in ("cancelled", "shelved", "suspended"))
_AFTER_MATCH = 20  # code points after words in which it is looked for their end


def check_words(readings: Iterable[Reading]) -> Iterator[Finding]:
    """The contradictions between roles and statuses of facts and the words of their passages."""
    for reading in readings:
        yield from _Wording(reading).findings()


class _Wording:
    """The facts of one passage against the patterns that fit its words."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading

    def findings(self) -> Iterator[Finding]:
        """What the words contradict."""
        for thing in self.reading.things:
            yield from self._role_findings(thing)
            yield from self._status_findings(thing)
        yield from self._condition_findings()
        yield from self._halt_findings()

    # Roles

    def _role_findings(self, thing: Thing) -> Iterator[Finding]:
        matches = [m for m in self.reading.matches if m.term in thing.kinds or m.term in thing.values]
        about = [(match, self.reading.fit(match, thing)) for match in matches]
        seen: set[Path] = set()
        for match, fit in about:
            for path, how in fit.items():
                wrong = how in (DIFFERS, ADDS) and path not in seen and self._is_held(match, thing, fit, path)
                values = self._unnamed(match, thing, path) if wrong else []
                if (
                    values
                    and self._is_named(values[0], path)
                    and not self._is_explained(match, thing, fit, path, about)
                ):
                    seen.add(path)
                    yield self._role_finding(match, thing, path, how)

    def _is_named(self, value: str, path: Path) -> bool:
        """Whether a value is what may stand in the role, and the words name it or need not; else a finding already."""
        fits = self.reading.names.has_kind(value) and self.reading.roles.fits(value, path)
        return fits and (
            value in self.reading.names.things(self.reading.passage) or not self.reading.names.needs_name(value)
        )

    def _is_held(self, match: Match, thing: Thing, fit: Fit, path: Path) -> bool:
        """Whether a match is about a thing although one slot differs."""
        if any(how in (AGREES, ADDS) for other, how in fit.items() if other != path):
            return True
        if any(thing.iri in n.things and n.start < match.end and match.start < n.end for n in self.reading.named):
            return True  # the words are its name
        return self._is_in_another_role(match, thing, path)

    def _is_in_another_role(self, match: Match, thing: Thing, path: Path) -> bool:
        others = {value for role, values in thing.values.items() if role != ENT + path[0] for value in values}
        return not known(match, path).isdisjoint(others | ({thing.iri} if path != (THIS,) else set()))

    def _is_explained(self, match: Match, thing: Thing, fit: Fit, path: Path, about: list[tuple[Match, Fit]]) -> bool:
        """Whether other words say the fact, or another fact has what these words say."""
        if any(other.get(path) == AGREES and DIFFERS not in other.values() for _, other in about):
            return True
        if fit[path] == ADDS:
            return self._is_added_elsewhere(match, thing, path, about)
        differing = [p for p, how in fit.items() if how == DIFFERS]
        if len(differing) > 1 and all(self._is_in_another_role(match, thing, p) for p in differing):
            return False  # exchanged
        others = (
            x for x in self.reading.around if x.iri != thing.iri and (match.term in x.kinds or match.term in x.values)
        )
        return any(self.reading.is_said(match, other) for other in others)

    def _is_added_elsewhere(self, match: Match, thing: Thing, path: Path, about: list[tuple[Match, Fit]]) -> bool:
        """Whether other words about the thing name all that this slot does not."""
        rest = self._unnamed(match, thing, path)
        for other, fit in about:
            if other is not match and DIFFERS not in {how for p, how in fit.items() if p != path}:
                rest = [v for v in rest if known(other, path).isdisjoint(self.reading.roles.near(v))]
        return not rest

    def _unnamed(self, match: Match, thing: Thing, path: Path) -> list[str]:
        there = known(match, path)
        return [v for v in self.reading.roles.values(thing, path) if there.isdisjoint(self.reading.roles.near(v))]

    def _role_finding(self, match: Match, thing: Thing, path: Path, how: str) -> Finding:
        value = self._unnamed(match, thing, path)[0]
        said = " and ".join(f"“{self.reading.quote[f.start : f.end]}”" for f in by_slot(match)[path])
        what = f"what is meant by {compact(thing.iri)}" if path == (THIS,) else f"the {' of the '.join(reversed(path))}"
        only = "only " if how == ADDS else ""
        message = f"by “{self.reading.words(match)}” {what} is {only}{said}, not {compact(value)}"
        return self.reading.finding(ROLE_WORDS, self.reading.roles.values(thing, path)[value], message, _ANSWERS)

    # Status

    def _status_findings(self, thing: Thing) -> Iterator[Finding]:
        judged = [(m, m.group) for m in self.reading.supporting(thing) if m.group is not None and m.group.tells]
        if not judged:
            return
        words, happens = self.reading.words(judged[0][0]), not HAPPENING.isdisjoint(thing.kinds)
        stated = {value: t for role in STATUS for value, t in thing.values.get(role, {}).items()}
        for value, t in stated.items():
            fitting = self.reading.matchers.tenses.get(value)
            if fitting is not None and not any(_is_fitting(group, fitting, happens) for _, group in judged):
                message = f"“{words}” ({judged[0][1]}) does not say that it is {compact(value)}"
                yield self.reading.finding(STATUS_WORDS, t, message, _STATUS_ANSWERS)
        denied = all(group.negated for _, group in judged)
        ended = all(group.ended or self._is_bounded(m) for m, group in judged) and not thing.has("end")
        if not stated and (denied or ended):
            said = "denies it" if denied else "says that it is over"
            message = f"a fact is {compact(thing.iri)}, and “{words}” {said}"
            yield self.reading.finding(STATUS_WORDS, thing.first, message, _END_ANSWERS)

    def _is_bounded(self, match: Match) -> bool:
        """Whether right after the words of a match it is said until when: “until last year”."""
        after = self.reading.quote[match.end : match.end + _AFTER_MATCH].lstrip()
        return any(self.reading.matchers.is_cue(_END, word) for word in after.lower().split(" ")[:1])

    def _condition_findings(self) -> Iterator[Finding]:
        """Words that put a condition, where no fact has one."""
        facts = [x for x in self.reading.things if not _CONDITIONED.isdisjoint(x.kinds)]
        words = self.reading.cues.get(ENT + "condition", "")
        if not words or not facts or any(x.has("condition") for x in self.reading.around):
            return
        before = self.reading.quote[: self.reading.quote.find(words)].lower().split()[-1:]
        if not NO_CONDITION.isdisjoint(before):
            return  # “asked if”, “as if”
        message = f"“{words}” puts a condition, and {compact(facts[0].iri)} has no ent:condition"
        yield self.reading.finding(STATUS_WORDS, facts[0].first, message, _END_ANSWERS)

    def _halt_findings(self) -> Iterator[Finding]:
        """Words by which something is given up or halted, where no fact has such a status, nor an end."""
        facts = [x for x in self.reading.things if not x.kinds.isdisjoint(HAPPENING | {RELATION})]
        halted = [v for v in self.reading.cues if v in _HALTED]
        told = {value for x in self.reading.around for role in STATUS for value in x.values.get(role, {})}
        if facts and halted and told.isdisjoint(_HALTED) and not any(x.has("end") for x in self.reading.around):
            message = f"“{self.reading.cues[halted[0]]}” speaks for {compact(halted[0])}, which no fact has"
            yield self.reading.finding(STATUS_WORDS, facts[0].first, message, _END_ANSWERS)


def _is_fitting(group: Group, fitting: frozenset[str], happens: bool) -> bool:
    """Whether a status with these tenses fits a verb group.

    The present tells little of what happens at a time (“heads to Turkey on Tuesday”, “opens dam”); a relation that
    began in the past may still hold.
    """
    if group.negated or group.ended:
        return ("negated" if group.negated else "ended") in fitting
    if happens and group.tense == "present":
        return True
    return group.tense in fitting or (not happens and group.tense == "past" and "present" in fitting)
