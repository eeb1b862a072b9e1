"""Roles in one passage that cannot all be: a thing in two that exclude each other, two facts exchanged, a wrong order.

Both are told by the patterns of the lexicon (model, rule 31): the slots of one pattern are different things, and words
that say one relation once do not say it in both directions.
"""

from collections.abc import Iterable, Iterator
from itertools import combinations

from kg.dataset.roles import Thing
from kg.findings import Finding
from kg.rdf.namespaces import ENT, ID, RDF_TYPE, compact, local_name
from kg.rdf.terms import iri
from kg.text.connectives import order
from kg.text.patterns import THIS
from kg.text.verbs import spellings
from kg.text.words import MUTUAL, RECIPROCAL
from kg.validation.reading import AGREES, DIFFERS, HAPPENING, RELATION, WORK, Reading, by_slot, known
from kg.validation.wording import ROLE_WORDS

_ANSWERS = "take the wrong one out; if the words say both: quote those that do, or read the passage with one that does"
_BANK, _BORROWER = ENT + "Bank", ENT + "borrower"
_BORROWED = frozenset(  # words of borrowing, also without a pattern
    form for verb in ("borrow", "owe", "receive", "repay", "secure") for form in spellings(verb)
) | {"borrower", "debt", "debtor", "debts"}
_LENT_ANSWERS = (
    "write ent:lender; if it borrows: quote the words that say so, or read the passage with them (ent:readWith)"
)
_QUANTITY = ENT + "Quantity"
_TOPS = HAPPENING | {RELATION}


def check_exchanged(readings: Iterable[Reading]) -> Iterator[Finding]:
    """Things in two roles that exclude each other, and pairs of facts whose roles are exchanged."""
    for reading in readings:
        for thing in reading.things:
            yield from _in_two_roles(reading, thing)
            yield from _turned_round(reading, thing)
            yield from _misplaced(reading, thing)
            yield from _lends(reading, thing)
        by_kind: dict[frozenset[str], list[Thing]] = {}
        for thing in reading.things:
            if not _TOPS.isdisjoint(thing.kinds):
                by_kind.setdefault(thing.kinds, []).append(thing)
        for kinds, things in by_kind.items():
            is_found = not kinds.isdisjoint(reading.roles.one_way)  # without words
            if len(things) > 1 and not is_found and _is_said_once(reading, kinds):
                yield from _twins(reading, things)


def _in_two_roles(reading: Reading, thing: Thing) -> Iterator[Finding]:
    pairs = {pair for kind in thing.kinds for pair in reading.matchers.apart.get(kind, ())}
    is_work = (
        WORK in thing.kinds
    )  # which may reach the state that it supplies; but one number is not two of its measures
    stated = [r.thing_of[thing.iri].values for r in reading.others.stating(thing.iri)]
    told: set[str] = set()
    for one, other in sorted(pairs | {pair[::-1] for pair in pairs}):
        for value, t in sorted(thing.values.get(other, {}).items()):
            may_be_both = is_work and _QUANTITY not in reading.roles.names.kinds(value)
            in_one = [values[one][value] for values in stated if value in values.get(one, {})]
            if value not in told and not may_be_both and in_one and t not in in_one:  # else one role is below the other
                told.add(value)
                roles = f"the {local_name(one)} and the {local_name(other)}"
                message = f"{compact(value)} is both {roles} of {compact(thing.iri)}"
                yield reading.finding(ROLE_WORDS, t, message, _ANSWERS)


def _misplaced(reading: Reading, thing: Thing) -> Iterator[Finding]:
    """What stands in one role and by the words is in another that excludes it: who “sold radars” is no buyer."""
    pairs = {pair for kind in thing.kinds for pair in reading.matchers.apart.get(kind, ())}
    if not pairs or WORK in thing.kinds:
        return
    about = [m for m in reading.matches if m.term in thing.kinds]
    said = [m for m in about if DIFFERS not in reading.fit(m, thing).values()]
    filled = {(ENT + path[0], x) for m in about for path in by_slot(m) for x in known(m, path)}
    slots = [(ENT + path[0], f) for m in said for path, fs in by_slot(m).items() if len(path) == 1 for f in fs]
    for role, values in thing.values.items():
        for value, t in values.items():
            near = reading.roles.near(value) if value.startswith(ID) else frozenset[str]()
            if any((role, x) in filled for x in near):
                continue
            fitting = [(r, f) for r, f in slots if f.sure and reading.roles.fits(value, (local_name(r),))]
            # An envoy that holds talks is no holder of an office.
            others = [(r, f) for r, f in fitting if value in f.things and _apart(pairs, role, r)]
            if others and value not in thing.values.get(others[0][0], {}):
                other, filler = others[0]
                words, name = reading.quote[filler.start : filler.end], local_name(role)
                message = f"“{words}” is the {local_name(other)} of {compact(thing.iri)}, not the {name}"
                yield reading.finding(ROLE_WORDS, t, message, _ANSWERS)


def _lends(reading: Reading, thing: Thing) -> Iterator[Finding]:
    """A bank as the borrower of a loan of which no words say that it borrows: it lends, or the words do not say."""
    lent = any(r.thing_of[thing.iri].has("lender") for r in reading.others.stating(thing.iri))
    words = set(reading.quote.lower().replace(",", " ").split())
    for value, t in thing.values.get(_BORROWER, {}).items() if not lent else ():
        is_bank = _BANK in reading.roles.names.kinds(value)
        about = [m for m in reading.matches if m.term in thing.kinds]
        said = any(value in known(m, (role,)) for m in about for role in ("borrower", "lender"))  # else found by that
        before = (reading.quote[: n.start].lower().split()[-2:] for n in reading.named if value in n.things)
        said = said or any({"to", "for"} & set(words) for words in before)
        if is_bank and not said and words.isdisjoint(_BORROWED):
            message = f"no words say that {compact(value)}, a bank, is the borrower of {compact(thing.iri)}"
            yield reading.finding(ROLE_WORDS, t, message, _LENT_ANSWERS)


def _apart(pairs: set[tuple[str, str]], one: str, other: str) -> bool:
    return (min(one, other), max(one, other)) in pairs


def _turned_round(reading: Reading, thing: Thing) -> Iterator[Finding]:
    """A property whose words have the two things the other way round: no state lies in “the valley, in Lorvia”."""
    said = [(m, known(m, (THIS,)), known(m, (local_name(m.term),))) for m in reading.matches if m.term in thing.values]
    said = [row for row in said if reading.fit(row[0], thing).get((THIS,)) != DIFFERS]  # else a finding already
    for role in dict.fromkeys(m.term for m, _, _ in said):
        rows = [(m, these, those) for m, these, those in said if m.term == role]
        for value, t in thing.values[role].items():
            as_said = any(thing.iri in these and value in those for _, these, those in rows)
            turned = [m for m, these, those in rows if value in these - those and thing.iri in those - these]
            if turned and not as_said:
                words = reading.words(turned[0])
                message = f"“{words}” says the {local_name(role)} of {compact(value)}, not of {compact(thing.iri)}"
                yield reading.finding(ROLE_WORDS, t, message, _ANSWERS)


def _is_said_once(reading: Reading, kinds: frozenset[str]) -> bool:
    """Whether there is one word at most for a class in the quotes around, and none that says it of each other."""
    words = {w for near in reading.near for w in near.quote.lower().replace(",", " ").replace(".", " ").split()}
    terms = kinds - _TOPS
    places = [(m.start, m.end) for m in reading.cue_matches if m.term in terms]
    apart = bool(places) and min(end for _, end in places) <= max(start for start, _ in places)
    mutual = any(MUTUAL.search(r.quote) for r in (*reading.near, *reading.together))
    return not apart and not mutual and RECIPROCAL.isdisjoint(words)


def _twins(reading: Reading, things: list[Thing]) -> Iterator[Finding]:
    """Of two things that have the same things in exchanged roles, the one for which the words speak less."""
    filled: dict[frozenset[str], list[Thing]] = {}
    for thing in things:
        filled.setdefault(frozenset(value for _, value in _roles(thing)), []).append(thing)
    for group in filled.values():
        for one, other in combinations(group[:_MOST], 2):
            if _is_exchanged(_roles(one), _roles(other)):
                wrong, right = sorted((one, other), key=lambda x: _agreeing(reading, x))
                message = (
                    f"{compact(wrong.iri)} is {compact(right.iri)} with the roles exchanged, and no words say both"
                )
                yield reading.finding(ROLE_WORDS, wrong.first, message, _ANSWERS)


_MOST = 20  # things of a class with the same fillers, that are compared with each other


def _roles(thing: Thing) -> frozenset[tuple[str, str]]:
    rows = ((role, value) for role, values in thing.values.items() if role != RDF_TYPE for value in values)
    return frozenset((role, value) for role, value in rows if value.startswith(ID))


def _is_exchanged(one: frozenset[tuple[str, str]], other: frozenset[tuple[str, str]]) -> bool:
    """Whether two things of one have each other's role in the other."""
    left, gained = one - other, other - one
    return any(
        r != s and v != w and (r, w) in gained and (s, v) in gained for (r, v), (s, w) in combinations(sorted(left), 2)
    )


def _agreeing(reading: Reading, thing: Thing) -> int:
    """How many slots of the patterns that fit the words have what is stated."""
    fits = (reading.fit(m, thing) for m in reading.matches if m.term in thing.kinds)
    return sum(how == AGREES for fit in fits for how in fit.values())


# The order of events

_FOLLOWS, _LED_TO = ENT + "follows", ENT + "ledTo"
_LATER = {_FOLLOWS: 1, _LED_TO: -1}  # whether the subject is the later of the two
_TIMES = (
    "after following follows followed since once later earlier afterwards thereafter before until preceding preceded"
)
_OF_TIME = frozenset(
    (*_TIMES.split(), "ahead of", "prior to", "as soon as", "followed by", "followed when", "preceded")
)
_ORDER_ANSWERS = (
    "correct the fact: of what is only later write ent:follows, from the later to the earlier; if the words mean it:"
    " quote only those that say it, or read the passage with one that says it (ent:readWith)"
)


def check_order(readings: Iterable[Reading]) -> Iterator[Finding]:
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
                yield reading.finding(ROLE_WORDS, t, message, _ORDER_ANSWERS)
            elif found and t.predicate.value == _LED_TO and _tells_time_alone(reading, found):
                message = f"“{found[0][1]}” says that {second} came later, not that {first} led to it"
                yield reading.finding(ROLE_WORDS, t, message, _ORDER_ANSWERS)


def _tells_time_alone(reading: Reading, found: list[tuple[int, str]]) -> bool:
    caused = any(m.term == _LED_TO for m in reading.matches)
    return not caused and all(word.lower() in _OF_TIME for _, word in found)
