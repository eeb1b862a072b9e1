"""Checks of how far what is told has come, against its words: status, end and condition (model, rule 31).

What tells of it is the verb group that says a fact, else cues: of what is halted, of what is over, of a condition.
"""

import re
from collections.abc import Iterable, Iterator

from kg.dataset.roles import Thing
from kg.findings import Check, Finding
from kg.rdf.namespaces import ENT, RDFS_LABEL, compact
from kg.text.connectives import Span, denied
from kg.text.matching import Match
from kg.text.parts import Group
from kg.text.phrases import shortened
from kg.text.verbs import is_told, spellings
from kg.text.words import (
    ADJECTIVES_TO,
    AND,
    DISTRIBUTING,
    INTENDING,
    MAY,
    NO_CONDITION,
    PREPOSITIONS,
    UNDERTAKINGS,
)
from kg.validation.reading import AGREES, DIFFERS, HAPPENING, RELATION, STATUS, WORK, Reading, by_slot, is_former
from kg.validation.teaching import pattern_lines

STATUS_WORDS = Check(
    "status-words",
    "The status of a fact fits the verb that says it; what the words deny, end or put under a condition is so.",
    "What “is to be bought” is not bought, and “no longer backs” is over. Plans are easily told as facts.",
    wrong="ent:status ent:suspended .",
    right="ent:status ent:planned .",
    severities=("warning",),
)

_STATUS_ANSWERS = (
    "correct the status; if the words mean it: quote only those that say it, read the passage with one that says it"
    " (ent:readWith), or "
)
_END_ANSWERS = "add the ent:end, ent:condition or status that the words give, or quote only the words that say the fact"
_OPEN_ANSWERS = (
    "say how far it has come, or sentences tell it as so: ent:status ent:planned, or what the words say, such as"
    " ent:finalised of what somebody agreed to do"
)
_SAID_BEFORE = frozenset(ENT + name for name in ("Demand", "Invitation", "Obligation", "Pledge"))  # of what is to come
_TOLD_BY = ("condition", "date", "end", "notAfter", "notBefore", "stage", "start", "status")
_CONDITION, _END, _EVENT, _PLANNED = (ENT + name for name in ("condition", "end", "Event", "planned"))
_CONDITIONED = frozenset((ENT + "Event", RELATION))
# Of statuses of which one speaks for the other: what is given up or at rest, and what is over.
_HALTED = frozenset(ENT + name for name in ("cancelled", "mothballed", "retired", "shelved", "suspended"))
OF_WORKS = frozenset(ENT + name for name in ("mothballed", "operating", "preConstruction", "retired"))
_MADE_PUBLIC = frozenset({ENT + "announced"})
_OVER = _HALTED | frozenset(ENT + name for name in ("collapsed", "ended", "completed", "rejected"))
_WORDS = frozenset((ENT + "wording", RDFS_LABEL))
_BEFORE_WORDS = 40  # code points before words in which it is looked for what makes a plan of them
_INTENDED = "|".join(sorted({w for verb in INTENDING - {"agree", "need"} for w in spellings(verb)} | ADJECTIVES_TO))
_TO_COME = re.compile(
    rf"\b(?:(?:{_INTENDED}) to|will|shall|may|might|could|would|should)(?: [a-z]+ly| not| also| soon)? \Z",
    re.IGNORECASE,
)
_DENIED_ANSWERS = (
    "take it out, or tell what is so: an ent:Statement of the one who denies it; a demand, an accusation or a draft"
    " that is turned down has ent:status ent:rejected and ent:rejectedBy"
)
_SAYINGS = frozenset(ENT + name for name in ("Accusation", "Statement"))  # of what others deny
_ANY = re.compile(r"\b(?:a|an|any|no)[ \u00a0](?:such[ \u00a0])?(?:[\w’'-]+[ \u00a0]){0,2}\Z", re.IGNORECASE)
# By these somebody thinks about what is not there yet: “is considering a loan”, “has yet to decide on a loan”.
_WEIGHING = "|".join(
    sorted(w for verb in ("consider", "contemplate", "mull", "ponder", "weigh") for w in spellings(verb))
)
_WEIGHED = re.compile(
    rf"\b(?:(?:{_WEIGHING})(?: up| over)?"
    r"|(?:yet to|not(?: yet)?) (?:agree(?:d)?|decide(?:d)?|(?:make|made|take|taken) a decision) (?:about|on|over|to))"
    r"[ \u00a0](?:whether to [a-z]+[ \u00a0])?(?:(?:an?|another|any|fresh|further|new|possible|the)[ \u00a0])?"
    r"(?:[\w$€£,.’'-]+[ \u00a0]){0,3}\Z",
    re.IGNORECASE,
)
_TENURE = ENT + "Tenure"  # which hangs on nothing
_AND = re.compile(r"[ \u00a0](?:and|but|or)[ \u00a0]")
_PROMISED = re.compile(r"\b(?:agree|commit|offer|pledg|promis|propos|vow)[a-z]*\b", re.IGNORECASE)  # made public, too
_NO = re.compile(r"\b(?:no|not|never|nor|without)\b|n[’']t\b", re.IGNORECASE)
_UNNAMED = re.compile(
    r"[ \u00a0](?:of (?:strict )?(?:anonymity|confidentiality)"
    r"|(?:that )?(?:[\w’'-]+ ){1,4}(?:not|never) (?:to )?be (?:identified|named|quoted))"
)
_WORKING = frozenset(  # what the verb of a halt has for its object where a fact is what is halted
    "both building construction deal it operation operations plan plans project talks them work works".split()  # noqa: SIM905
)
_OBJECT = re.compile(
    r"(?:(?! (?:after|as|because|before|by|due to|following|over|since|when|while"
    r"|in (?:answer|protest|reaction|reply|response|retaliation))\b)[^.,;:])*"
)
_SINCE = re.compile(
    r"\w+(?:[ \u00a0][\w’'-]+){0,5}?[ \u00a0](?:since\b"
    r"|(?:for|in)(?: [\w’'-]+){0,3}? (?:days|weeks|months|years|decades|a (?:week|month|year|decade))\b)",
    re.IGNORECASE,
)
_AFTER_MATCH = 20  # code points after words in which it is looked for their end
# By these somebody says what he will do, or wants done: a status tells of that, and not of the saying.
_OF_WHAT_IS_TO_COME = frozenset(ENT + name for name in ("Demand", "Invitation", "Obligation", "Pledge"))
_NOT_YET = frozenset(("planned", "possible", "infinitive"))
_DONE = frozenset(("past", "perfect", "participle"))


def check_status(readings: Iterable[Reading]) -> Iterator[Finding]:
    """The facts that are told as more or less than their words say: done, going on, or without a condition."""
    for reading in readings:
        for thing in reading.things:
            yield from _status_findings(reading, thing)
        yield from _condition_findings(reading)
        yield from _halt_findings(reading)


def _status_findings(reading: Reading, thing: Thing) -> Iterator[Finding]:
    happens = not HAPPENING.isdisjoint(thing.kinds)
    judged = [(m, _group(reading, m, m.group, happens)) for m in reading.supporting(thing) if m.group is not None]
    if judged:
        ends = {
            m.verb for m in reading.matches if m.group is not None and m.group.negated and _is_end_status(reading, m)
        }
        judged = [(m, group) for m, group in judged if group.tells and not (group.negated and m.verb in ends)]
    judged += [(m, g._replace(tense="past", negated=False)) for m, g in judged if happens and was_so(reading, m)]
    if not judged:
        yield from _undertakings(reading, thing)
        yield from _to_come(reading, thing)
        yield from _worded_to_come(reading, thing)
        yield from _denied_words(reading, thing)
        yield from _weighed(reading, thing)
        yield from _unsaid_halt(reading, thing)
        return
    words, group = reading.words(judged[0][0]), judged[0][1]
    stated = {value: t for role in STATUS for value, t in thing.values.get(role, {}).items()}
    for value, t in stated.items():
        fitting = reading.matchers.tenses.get(value)
        if fitting is None or any(_fits(reading, m, group, fitting, happens) for m, group in judged):
            continue
        if not any(_says(reading, value, thing, match) for match, _ in judged):
            message = f"“{words}” ({group}) does not say that it is {compact(value)}"
            lines = pattern_lines(value, judged[0][0], reading.quote, reading.names.language)
            yield reading.finding(STATUS_WORDS, t, message, _STATUS_ANSWERS + lines)
    denied = all(group.negated for _, group in judged) and not thing.has("notBefore")  # “not before 2030”
    ended = all(group.ended for _, group in judged) and not thing.has("end")
    if not stated and (denied or ended):
        said = "denies it" if denied else "says that it is over"
        message = f"a fact is {compact(thing.iri)}, and “{words}” {said}"
        yield reading.finding(STATUS_WORDS, thing.first, message, _END_ANSWERS)
    elif not stated and all(_is_to_come(reading, *x) for x in judged) and _is_told_as_so(reading, thing):
        message = f"“{words}” ({group}) tells of what may be to come, and {compact(thing.iri)} has no status"
        yield reading.finding(STATUS_WORDS, thing.first, message, _OPEN_ANSWERS)


def was_so(reading: Reading, match: Match) -> bool:
    """Whether what is denied since a time was so until then: “have not met since May”, “in years”."""
    group = match.group
    if group is None or not group.negated:
        return False
    perfect = group.tense == "perfect" or reading.quote.startswith("been ", match.verb)
    return perfect and _SINCE.match(reading.quote, match.verb) is not None


def _fits(reading: Reading, match: Match, group: Group, fitting: frozenset[str], happens: bool) -> bool:
    """Whether a status with these tenses fits a match and its verb group.

    A relation of before what is told may be over, and is not said to go on: “had opposed the route”, not “had … since”.
    """
    is_former = group.former and not happens and not reading.passage.reported
    if is_former and _SINCE.match(reading.quote, match.verb) is None:
        return not fitting.isdisjoint(("ended", "past"))
    return is_fitting(group, fitting, happens)


def _is_to_come(reading: Reading, match: Match, group: Group) -> bool:
    """Whether a verb group says what may be, and not what may end: who “is to leave” the pact is still in it."""
    return group.tense in _NOT_YET and not reading.is_end(match, planned=True)


def _is_told_as_so(reading: Reading, thing: Thing) -> bool:
    """Whether an article tells a relation or an event as one that is there, by no word of how far it has come."""
    if thing.kinds.isdisjoint(_CONDITIONED) or not thing.kinds.isdisjoint(_SAID_BEFORE):
        return False
    told = [r.thing_of[thing.iri] for r in reading.others.stating(thing.iri)] or [thing]
    return not any(x.has(name) for x in (thing, *told) for name in _TOLD_BY)


def _denied_words(reading: Reading, thing: Thing) -> Iterator[Finding]:
    """A relation or an event of which all words for its class are denied: “denied that it had promised to help”."""
    spans = denied(reading.quote)
    if not spans or thing.kinds.isdisjoint(_CONDITIONED) or not _SAYINGS.isdisjoint(thing.kinds):
        return
    kinds = thing.kinds - _CONDITIONED
    said = [m for m in reading.matches if m.term in kinds and DIFFERS not in reading.fit(m, thing).values()]
    # “Denied that the talks had failed” says that there are talks.
    said = [m for m in said if ("this",) not in by_slot(m)]
    said += [m for m in reading.matchers.find_cues(reading.quote) if m.term in kinds]
    at = {m.verb if m.verb >= 0 else m.start for m in said}
    inside = [k for k in at if any(start <= k < end for start, end in spans)]
    verbs = {m.verb for m in said if m.verb >= 0}
    told = any(k in verbs or _ANY.search(reading.quote, 0, k) for k in inside)
    if not told or len(inside) < len(at) or any(not _is_within(spans, *place) for place in _names(reading, thing)):
        return
    stated = {value: t for role in STATUS for value, t in thing.values.get(role, {}).items()}
    fitting = (reading.matchers.tenses.get(value, frozenset()) for value in stated)
    if not any({"negated", "ended"} & tenses for tenses in fitting):
        start, end = spans[0]
        words = shortened(reading.quote[max(start - _BEFORE_WORDS, 0) : end].split(" ", 1)[-1], 2 * _BEFORE_WORDS)
        message = f"a fact is {compact(thing.iri)}, and “{words}” denies it"
        yield reading.finding(STATUS_WORDS, next(iter(stated.values()), thing.first), message, _DENIED_ANSWERS)


def _names(reading: Reading, thing: Thing) -> list[tuple[int, int]]:
    return [(n.start, n.end) for n in reading.named if thing.iri in n.things]


def _is_within(spans: Iterable[tuple[int, int]], first: int, last: int) -> bool:
    return any(start <= first and last <= end for start, end in spans)


def _weighed(reading: Reading, thing: Thing) -> Iterator[Finding]:
    """What is told as done, or as going on, of which the words only say that somebody thinks about it."""
    statuses = thing.values.get(STATUS[0])
    if not statuses:
        return
    kinds = thing.kinds - _CONDITIONED
    at = [m.start for m in (*reading.supporting(thing), *reading.matchers.find_cues(reading.quote)) if m.term in kinds]
    at += [start for start, _ in _names(reading, thing)]
    found = [match for k in at if (match := _WEIGHED.search(reading.quote, max(k - _BEFORE_WORDS, 0), k))]
    weighed = {m.verb for m in reading.matches if m.term == _PLANNED}
    for value, t in statuses.items() if found else ():
        tenses = reading.matchers.tenses.get(value, frozenset())
        others = (r for r in reading.others.stating(thing.iri) if r is not reading and not r.passage.reported)
        told = any(value in r.thing_of[thing.iri].values.get(STATUS[0], {}) for r in others)
        is_found = found[0].start() in weighed and _PLANNED not in reading.roles.compatible(value)  # by its pattern
        done = "perfect" in tenses and "possible" not in tenses
        if done and not told and not is_found and value not in reading.cues:
            words = shortened(reading.quote[found[0].start() :], _BEFORE_WORDS)
            message = f"“{words}” does not say that {compact(thing.iri)} is {compact(value)}"
            yield reading.finding(
                STATUS_WORDS, t, message, f"{_STATUS_ANSWERS}point at those that say it (ent:wording)"
            )


def _unsaid_halt(reading: Reading, thing: Thing) -> Iterator[Finding]:
    """What is told as given up, at rest or announced, by words that do not say so: no article leaves that unsaid."""
    for value, t in ((v, t) for v, t in thing.values.get(STATUS[0], {}).items() if v in _HALTED | _MADE_PUBLIC):
        others = (r for r in reading.others.stating(thing.iri) if r is not reading)
        told = any(value in r.thing_of[thing.iri].values.get(STATUS[0], {}) for r in others)
        is_worded = any(role in _WORDS for role in thing.values)
        is_worded = is_worded or (value in _MADE_PUBLIC and _PROMISED.search(reading.quote) is not None)
        kindred = _HALTED if value in _HALTED else _MADE_PUBLIC | {_PLANNED}
        if not (told or is_worded or reading.speaks_for(kindred) or _NO.search(reading.quote)):
            message = f"no words of the passage say that {compact(thing.iri)} is {compact(value)}"
            yield reading.finding(
                STATUS_WORDS, t, message, f"{_STATUS_ANSWERS}point at those that say it (ent:wording)"
            )


def _undertakings(reading: Reading, thing: Thing) -> Iterator[Finding]:
    """A work told as begun of which the words only say that somebody agreed or the like to build it."""
    if WORK not in thing.kinds:
        return
    found = [m for m in reading.supporting(thing) if m.group is not None]
    only = found and all(m.group is not None and m.group.tense == "infinitive" for m in found)
    before = [reading.quote[: m.verb].lower().split()[-2:-1] for m in found]
    if not only or not all(w and w[0].strip(",") in UNDERTAKINGS for w in before):
        return
    for value, t in thing.values.get(STATUS[1], {}).items():
        tenses = reading.matchers.tenses.get(value, frozenset())
        begun = "perfect" in tenses and "planned" not in tenses
        stated = [r for r in reading.others.stating(thing.iri) if r is not reading]
        told = any(value in r.thing_of[thing.iri].values.get(STATUS[1], {}) for r in stated)
        if begun and not told and not reading.speaks_for({value}):
            message = f"“{reading.words(found[0])}” does not say that it is {compact(value)}"
            lines = pattern_lines(value, found[0], reading.quote, reading.names.language)
            yield reading.finding(STATUS_WORDS, t, message, _STATUS_ANSWERS + lines)


def _to_come(reading: Reading, thing: Thing) -> Iterator[Finding]:
    """A work told as done or in use of which the words only say what it will do: “the tunnel is to link the two”."""
    if WORK not in thing.kinds or STATUS[1] not in thing.values:
        return
    found = [m for m in reading.matches if m.term in thing.kinds and m.filled and m.filled[0].slot.path == ("this",)]
    found = [m for m in found if m.group is not None and m.group.tense in ("planned", "possible")]
    found = [m for m in found if reading.fit(m, thing).get(("this",)) == AGREES]
    for value, t in thing.values[STATUS[1]].items() if found else ():
        if _is_untold(reading, thing, value):
            message = f"“{reading.words(found[0])}” does not say that it is {compact(value)}"
            lines = pattern_lines(value, found[0], reading.quote, reading.names.language)
            yield reading.finding(STATUS_WORDS, t, message, _STATUS_ANSWERS + lines)


def _worded_to_come(reading: Reading, thing: Thing) -> Iterator[Finding]:
    """What is told as done by words of the article that only say what somebody wants or is to do: “hopes to meet”."""
    if HAPPENING.isdisjoint(thing.kinds) or not any(role in thing.values for role in STATUS):
        return
    wordings = [t for role, values in thing.values.items() if role in _WORDS for t in values.values()]
    at = [reading.quote.find(getattr(t.object, "value", "")) for t in wordings]
    found = [match for k in at if k > 0 and (match := _TO_COME.search(reading.quote, max(k - _BEFORE_WORDS, 0), k))]
    for value, t in ((v, t) for role in STATUS for v, t in thing.values.get(role, {}).items()):
        tenses = reading.matchers.tenses.get(value, frozenset())
        done = bool(tenses) and tenses.isdisjoint(("planned", "possible", "negated"))
        if done and found and len(found) == len(at) and not reading.speaks_for({value}):
            message = f"“{found[0][0].strip()} …” does not say that {compact(thing.iri)} is {compact(value)}"
            yield reading.finding(
                STATUS_WORDS, t, message, _STATUS_ANSWERS + "point at those that say it (ent:wording)"
            )


def _is_untold(reading: Reading, thing: Thing, stage: str) -> bool:
    """Whether a stage is one of what is done, and neither words here nor another passage tell it of a work."""
    others = (r for r in reading.others.stating(thing.iri) if r is not reading)
    told = any(stage in r.thing_of[thing.iri].values.get(STATUS[1], {}) for r in others)
    return "past" in reading.matchers.tenses.get(stage, ()) and not told and not reading.speaks_for({stage})


def _is_end_status(reading: Reading, match: Match) -> bool:
    """Whether a pattern is one of what is over: that the talks have not failed says nothing of the others."""
    return "ended" in reading.matchers.tenses.get(match.term, ())


def _says(reading: Reading, status: str, thing: Thing, match: Match) -> bool:
    """Whether a pattern or a cue of a status has the verb of a match: then its tense is not all that tells of it."""
    if any(m.term == status and m.start <= match.verb < m.end for m in reading.cue_matches):
        return True
    fitting = reading.matchers.tenses.get(status, frozenset())
    if "progressive" in fitting and reading.goes_on(match):
        return True
    if "planned" in fitting and any(m.start <= match.verb < m.end for m in reading.cue_matches if reading.is_moved(m)):
        return True
    said = (m for m in reading.matches if m.term == status and m.start <= match.verb < m.end and is_so(m, fitting))
    return any(AGREES in fit and DIFFERS not in fit for fit in (reading.fit(m, thing).values() for m in said))


def is_so(match: Match, tenses: frozenset[str]) -> bool:
    """Whether what a match says is so when the article was read: not denied, over, to come, or a plan of the past."""
    group = match.group
    if group is None:
        return True
    past_plan = "planned" in tenses and "past" not in tenses and group.tense not in ("present", "progressive")
    return not (group.negated or group.ended or group.tense in _NOT_YET or past_plan or is_former(match))


def _group(reading: Reading, match: Match, group: Group, happens: bool) -> Group:
    """The verb group of a match, as one of what is over where words around it say so: “left”, “backed until 2017”."""
    if group.passive and group.tense == "participle" and not happens and not _is_supposed(reading, match):
        group = group._replace(tense="perfect")  # “a treaty drawn up by Lorvia”
    if match.term in _OF_WHAT_IS_TO_COME and not group.negated:
        return group._replace(tense="planned")
    over = not happens and group.tense in _DONE and (reading.is_end(match) or _is_bounded(reading, match))
    return group._replace(ended=group.ended or over)


def _is_supposed(reading: Reading, match: Match) -> bool:
    """Whether the sentence of a match tells of what may be: “a treaty signed by Lorvia would bind Sudmark”."""
    first, last = reading.sentence(match.start)
    return not MAY.isdisjoint(reading.quote[first:last].lower().split())


def _is_bounded(reading: Reading, match: Match) -> bool:
    """Whether right after the words of a match it is said until when: “until last year”."""
    after = reading.quote[match.end : match.end + _AFTER_MATCH].lstrip()
    return any(reading.matchers.is_cue(_END, word) for word in after.lower().split(" ")[:1])


def is_fitting(group: Group, fitting: frozenset[str], happens: bool) -> bool:
    """Whether a status with these tenses fits a verb group.

    The present tells little of what happens at a time (“heads to Turkey on Tuesday”, “opens dam”), but that it is not
    given up; a relation that began in the past may still hold.
    """
    if group.negated or group.ended:
        return ("negated" if group.negated else "ended") in fitting
    if happens and group.tense == "present":
        return "present" in fitting or "negated" not in fitting
    return group.tense in fitting or (not happens and group.tense == "past" and "present" in fitting)


def _condition_findings(reading: Reading) -> Iterator[Finding]:
    """Words that put a condition, where no fact of their sentence has one, or not each one that they speak of."""
    found = [m for m in reading.cue_matches if m.term == _CONDITION]
    if not found and not reading.inversions:
        return
    things = [x for x in reading.things if _TENURE not in x.kinds]
    conditioned = [x for x in things if not _CONDITIONED.isdisjoint(x.kinds) or _is_done(reading, x)]
    said = [(x, _sentences(reading, x)) for x in conditioned]
    having = [x for x in reading.around if x.has("condition")]
    for start, end in [*((m.start, m.end) for m in found), *reading.inversions]:
        before = reading.quote[:start].lower().split()[-1:]
        if not NO_CONDITION.isdisjoint(before) or _UNNAMED.match(reading.quote, end):
            continue  # “asked if”, “as if”, “on condition of anonymity”
        first, last = reading.sentence(start)
        facts = [x for x, sentences in said if not sentences or first in sentences]
        facts = [x for x in facts if not _is_before_another(reading, x, start)]
        each = not DISTRIBUTING.isdisjoint(reading.quote[first:last].lower().split())
        facts = [x for x in facts if not having or (each and any(x.kinds == y.kinds for y in having))]
        if facts := [x for x in facts if not x.has("condition")]:
            message = f"“{reading.quote[start:end]}” puts a condition, and {compact(facts[0].iri)} has no ent:condition"
            yield reading.finding(STATUS_WORDS, facts[0].first, message, _END_ANSWERS)
            return


def _is_done(reading: Reading, thing: Thing) -> bool:
    """Whether a work is told as done without a word for that."""
    return WORK in thing.kinds and any(_is_untold(reading, thing, x) for x in thing.values.get(STATUS[1], {}))


def _is_before_another(reading: Reading, thing: Thing, at: int) -> bool:
    """Whether “and” and another verb stand between all words for a fact and a condition, which is that verb's alone.

    “Accused Lorvia of fraud and threatened to sue if it pays” accuses without a condition.
    """
    ends = [m.end for m in reading.supporting(thing) if m.group is not None and m.end <= at]
    words = [value.object for role in _WORDS for value in thing.values.get(role, {}).values()]
    is_worded = any(reading.quote.find(getattr(w, "value", "")) + len(getattr(w, "value", "")) >= at for w in words)
    if not ends or is_worded:
        return False
    between = reading.quote[max(ends) : at]
    return any(is_told(between[m.end() :]) for m in _AND.finditer(between))


def _sentences(reading: Reading, thing: Thing) -> set[int]:
    """Where the sentences begin that say a relation or event; none where no words for it are known."""
    words = [*reading.supporting(thing), *(m for m in reading.cue_matches if m.term in thing.kinds)]
    return {reading.sentence(at)[0] for m in words for at in (m.start, m.end)}


def is_of_another(reading: Reading, cue: Match) -> bool:
    """Whether a verb of a halt has an object that is none of what the facts tell of, such as “imports of grain”.

    Of “…, freezing the assets of nine generals”: neither assets nor generals have a status. Where the facts are of
    narrower classes than events, that is so of a participle after a comma, “and” or a preposition alone.
    """
    told = {x.iri: x for x in reading.things if not x.kinds.isdisjoint(HAPPENING | {RELATION})}
    group, plain = cue.group, all(x.kinds == {_EVENT} for x in told.values())
    before = reading.quote[: cue.start].lower().split()[-1:]
    going_on = group is not None and group.tense == "participle" and not group.passive
    going_on = going_on and any(word.endswith(",") or word in PREPOSITIONS | AND for word in before)
    if group is None or not (going_on or plain):
        return False
    first, last = _object(reading.quote, cue, passive=group.passive)
    words = reading.quote[first:last].lower()
    named = any(first <= n.start < last and not told.keys().isdisjoint(n.things) for n in reading.named)
    nouns = {kind for m in reading.roles.names.class_nouns(reading.names.language).find_all(words) for kind in m.iris}
    named = named or any(not nouns.isdisjoint(x.kinds) for x in told.values())
    return bool(words.strip()) and not named and _WORKING.isdisjoint(words.split())


def _object(quote: str, cue: Match, *, passive: bool) -> Span:
    """From where to where the words for what is halted go: those after the verb, or before it where that is passive."""
    if passive:
        return max(quote.rfind(mark, 0, cue.start) for mark in ".,;:") + 1, cue.start
    after = _OBJECT.match(quote, cue.end)
    return cue.end, after.end() if after else cue.end


def _halt_findings(reading: Reading) -> Iterator[Finding]:
    """Words by which things are given up, halted or at rest, where fewer facts have such a status, or an end."""
    facts = [x for x in reading.things if not x.kinds.isdisjoint(HAPPENING | {RELATION})]
    works = any(WORK in x.kinds for x in facts)  # of which alone some of these are said: borders are closed as well
    found = [m for m in reading.cue_matches if m.term in _HALTED and (works or m.term not in OF_WORKS)]
    found = [m for m in found if not is_of_another(reading, m)]
    found = [
        m for m in found if not reading.is_moved(m) and not any(reading.names_itself(m, x) for x in reading.around)
    ]
    halted = list(dict.fromkeys(m.term for m in found))
    statuses = {x.iri: {v for role in STATUS for v in x.values.get(role, {})} for x in reading.around}
    over = {x.iri for x in reading.around if x.has("end") or not statuses[x.iri].isdisjoint(_OVER)}
    untold = [v for v in halted if not any(v in values for values in statuses.values())]
    if facts and untold and len(over) < len(halted):
        message = f"“{reading.cues[untold[0]]}” speaks for {compact(untold[0])}, which no fact has"
        yield reading.finding(STATUS_WORDS, facts[0].first, message, _END_ANSWERS)
