"""Checks of roles against the words of a passage by the patterns that fit them (model, rule 31).

A pattern that fits the words with other things in its slots than the facts have is a contradiction, if something holds
it to that fact: one slot agrees, what fills a slot stands in another role of it, or the words are its name. Where no
pattern fits nothing is said.
"""

from collections.abc import Iterable, Iterator
from functools import lru_cache

from pyoxigraph import NamedNode, Triple

from kg.dataset.roles import Path, Thing
from kg.findings import Check, Finding
from kg.rdf.namespaces import ENT, compact
from kg.text import segments
from kg.text.matching import Match
from kg.text.parts import Filler
from kg.text.patterns import THIS
from kg.text.speech import Span, quotations
from kg.validation.reading import (
    ADDS,
    AGREES,
    DIFFERS,
    HAPPENING,
    RELATION,
    SILENT,
    Fit,
    Reading,
    Spans,
    by_slot,
    known,
)

ROLE_WORDS = Check(
    "role-words",
    "Where a pattern of the lexicon fits the words of a passage, its facts have the same things in the roles;"
    " its speaker is the one who says it (“Ana Tarn said”), and not another whom it names.",
    "Buyer and seller exchanged: each word of the quote is true, and the fact is false.",
    wrong="ent:buyer id:sudmark ;\n        ent:seller id:lorvia ;",
    right="ent:buyer id:lorvia ;\n        ent:seller id:sudmark ;",
    severities=("warning",),
)
_ANSWERS = (
    "correct the fact; if the words mean it: quote only those that say it, read the passage with one that names the"
    " thing (ent:readWith), or add an alias or a mention with their name for it"
)


_SPEAKER = ENT + "speaker"


def check_words(readings: Iterable[Reading]) -> Iterator[Finding]:
    """The contradictions between the roles in facts and the words of their passages."""
    for reading in readings:
        yield from _Wording(reading).findings()


@lru_cache(16)
def _marked(text: str) -> list[Span]:
    return quotations(segments.unwrap(text))


class _Wording:
    """The facts of one passage against the patterns that fit its words."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading

    def findings(self) -> Iterator[Finding]:
        """What the words contradict."""
        for thing in self.reading.things:
            yield from self._role_findings(thing)
        if self.reading.passage.reported:
            yield from self._speaker_findings()

    def _speaker_findings(self) -> Iterator[Finding]:
        """A speaker where the words name others alone as those who say it.

        Within quotation marks somebody tells of what others said: “He told us so,” she recalls.
        """
        at, marked = self.reading.passage.start, Spans(_marked(self.reading.article.article.text))
        said = [m for m in self.reading.matches if m.term == _SPEAKER]
        said = [m for m in said if not marked.hold(at + m.start, at + m.end)]
        fillers = [f for m in said for found in by_slot(m).values() for f in found if f.sure and f.known]
        things = {thing for f in fillers for thing in f.things}
        things |= self.reading.roles.names.holders(things)  # “the minister said”
        near = {x for thing in things for x in self.reading.roles.near(thing)}
        near |= {x for f in fillers for x in self._in_apposition(f)}
        for speaker in (x for x in self.reading.passage.speakers if fillers and x not in near):
            words = self.reading.words(said[0])
            message = f"by “{words}” another says this, not the ent:speaker {compact(speaker)}"
            place = Triple(NamedNode(self.reading.passage.iri), NamedNode(_SPEAKER), NamedNode(speaker))
            yield self.reading.finding(ROLE_WORDS, place, message, _ANSWERS, graph="")

    def _in_apposition(self, filler: Filler) -> set[str]:
        """What is named right after a comma after what fills a slot: “his Norland counterpart, Oro Vann, said”."""
        after = self.reading.quote[filler.end :]
        at = filler.end + 2 if after.startswith(", ") else -1
        return {x for n in self.reading.named if n.start == at for x in n.things}

    def _role_findings(self, thing: Thing) -> Iterator[Finding]:
        matches = [m for m in self.reading.matches if m.term in thing.kinds or m.term in thing.values]
        matches = [m for m in matches if not self._is_in_itself(m, thing)]
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

    def _is_in_itself(self, match: Match, thing: Thing) -> bool:
        """Whether words for a thing stand where others stand in it: who “hosts talks” receives nobody by that."""
        slots = [(path, f) for path, found in by_slot(match).items() if path != (THIS,) for f in found if not f.known]
        return any(
            self.reading.is_noun_for(thing, f) for path, f in slots if not self.reading.roles.fits(thing.iri, path)
        )

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
        return self._is_in_another_role(match, thing, path) or self._is_of_others(match, thing, fit, path)

    def _is_of_others(self, match: Match, thing: Thing, fit: Fit, path: Path) -> bool:
        """Whether words that name all sides of a relation have only one of this one, and no others speak of it.

        “Relations between Lorvia and Sudmark are tense” says nothing of those between Lorvia and Belmar.
        """
        sides = {filler.things for filler in by_slot(match)[path] if filler.sure and filler.known}
        doubtful = len(by_slot(match)) > 1 or ", and " in self.reading.words(match)  # which may begin a clause
        if fit[path] != ADDS or len(sides) < 2 or doubtful or self._is_said_elsewhere(match, thing):
            return False
        around = (x for x in self.reading.around if x.iri != thing.iri and match.term in x.kinds)
        return not any(self.reading.is_said(match, other) for other in around)

    def _is_said_elsewhere(self, match: Match, thing: Thing) -> bool:
        """Whether words for the class of a thing stand beside those of a match."""
        found = [*self.reading.cue_matches, *self.reading.matches]
        found = [m for m in found if m.term in thing.kinds - HAPPENING and m.term != RELATION]
        return any(m.end <= match.start or match.end <= m.start for m in found)

    def _is_in_another_role(self, match: Match, thing: Thing, path: Path) -> bool:
        others = {value for role, values in thing.values.items() if role != ENT + path[0] for value in values}
        return not known(match, path).isdisjoint(others | ({thing.iri} if path != (THIS,) else set()))

    def _is_explained(self, match: Match, thing: Thing, fit: Fit, path: Path, about: list[tuple[Match, Fit]]) -> bool:
        """Whether other words say the fact, or another fact has what these words say."""
        inside = [m for m, _ in about if fit[path] == ADDS and _is_within(m, match)]  # “relations between Lorvia”
        if any(self._is_better(other, fit, path) for m, other in about if m not in inside):
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

    def _is_better(self, other: Fit, fit: Fit, path: Path) -> bool:
        """Whether words say what is in a role, and no less of the rest than those that do not."""
        if other.get(path) != AGREES or DIFFERS in other.values():
            return False
        return SILENT not in other.values() or any(how == SILENT for p, how in fit.items() if p != path)

    def _is_added_elsewhere(self, match: Match, thing: Thing, path: Path, about: list[tuple[Match, Fit]]) -> bool:
        """Whether other words about the thing name all that this slot does not."""
        rest = self._unnamed(match, thing, path)
        for other, fit in about:
            if other is not match and DIFFERS not in {how for p, how in fit.items() if p != path}:
                there = known(other, path) - {thing.iri}
                rest = [v for v in rest if there.isdisjoint(self.reading.roles.near(v))]
        return not rest

    def _unnamed(self, match: Match, thing: Thing, path: Path) -> list[str]:
        there = known(match, path) - ({thing.iri} if path != (THIS,) else set())
        return [v for v in self.reading.roles.values(thing, path) if there.isdisjoint(self.reading.roles.near(v))]

    def _role_finding(self, match: Match, thing: Thing, path: Path, how: str) -> Finding:
        value = self._unnamed(match, thing, path)[0]
        said = " and ".join(f"“{self.reading.quote[f.start : f.end]}”" for f in by_slot(match)[path])
        what = f"what is meant by {compact(thing.iri)}" if path == (THIS,) else f"the {' of the '.join(reversed(path))}"
        only = "only " if how == ADDS else ""
        message = f"by “{self.reading.words(match)}” {what} is {only}{said}, not {compact(value)}"
        return self.reading.finding(ROLE_WORDS, self.reading.roles.values(thing, path)[value], message, _ANSWERS)


def _is_within(one: Match, other: Match) -> bool:
    return other.start <= one.start and one.end <= other.end and (one.start, one.end) != (other.start, other.end)
