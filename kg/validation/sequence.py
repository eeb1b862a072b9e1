"""Checks the order of events against the words that join them: “withdrew after the discovery” (rule 31)."""

from collections.abc import Iterable, Iterator

from kg.findings import Finding
from kg.rdf.namespaces import ENT, compact
from kg.rdf.terms import iri
from kg.text.connectives import order
from kg.validation.reading import Reading
from kg.validation.wording import ROLE_WORDS

_FOLLOWS, _LED_TO = ENT + "follows", ENT + "ledTo"
_LATER = {_FOLLOWS: 1, _LED_TO: -1}  # whether the subject is the later of the two
_OF_TIME = frozenset(("after", "following", "since", "before", "until", "ahead of", "prior to"))
_ANSWERS = (
    "correct the fact: of what is only later write ent:follows, from the later to the earlier; if the words mean it:"
    " quote only those that say it, or read the passage with one that says it (ent:readWith)"
)


def check_sequence(readings: Iterable[Reading]) -> Iterator[Finding]:
    """The events of which words say that they came in the other order, or only that one came after the other."""
    for reading in readings:
        for t in reading.passage.triples:
            sign = _LATER.get(t.predicate.value)
            one, other = reading.thing_of.get(iri(t.subject)), reading.thing_of.get(iri(t.object))
            if sign is None or one is None or other is None:
                continue
            found = list(order(reading.quote, reading.places(one), reading.places(other)))
            first, second = compact(one.iri), compact(other.iri)
            if found and all(told != sign for told, _ in found):
                later, earlier = (first, second) if sign < 0 else (second, first)
                message = f"by “{found[0][1]}” {later} comes after {earlier}"
                yield reading.finding(ROLE_WORDS, t, message, _ANSWERS)
            elif found and t.predicate.value == _LED_TO and _tells_time_alone(reading, found):
                message = f"“{found[0][1]}” says that {second} came later, not that {first} led to it"
                yield reading.finding(ROLE_WORDS, t, message, _ANSWERS)


def _tells_time_alone(reading: Reading, found: list[tuple[int, str]]) -> bool:
    caused = any(m.term == _LED_TO for m in reading.matches)
    return not caused and all(word.lower() in _OF_TIME for _, word in found)
