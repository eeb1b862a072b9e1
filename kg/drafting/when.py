"""When: the dates that stand beside a verb or a noun in a sentence, each in the one reading that is clear.

“On Tuesday” is a day of last week or of this one: which it is, the tense of the clause tells. Words that set a limit
(“before the end of 2023”) give a bound. Where the words leave a choice, nothing is read.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from pyoxigraph import Literal, NamedNode, Triple

from kg.rdf.namespaces import ENT, XSD
from kg.text.connectives import relative_clauses
from kg.text.dates import find_dates, find_unread, resolve
from kg.text.periods import find_periods, periods
from kg.text.verbs import bases, form_names

Span = tuple[int, int]  # code points of a quote, end exclusive

DATE, START, END, NOT_BEFORE, NOT_AFTER = "date", "start", "end", "notBefore", "notAfter"
PAST = frozenset(("past", "perfect", "participle"))
TO_COME = frozenset(("planned", "present", "infinitive", "possible"))

_SINCE = re.compile(r"\bsince\b", re.IGNORECASE)
_UNTIL = re.compile(r"\b(?:until|till)\b", re.IGNORECASE)
_BEFORE = re.compile(r"\b(?:by|before|no later than|not later than)\b", re.IGNORECASE)
_AFTER = re.compile(r"\b(?:after|from)\b(?! [A-Z]\w+ (?:in|on)\b)", re.IGNORECASE)  # not “from Lilongwe on Thursday”
_LIMIT = re.compile(r"(?:before|by|until|till|after|from|(?:no|not) (?:later|earlier) than) ", re.IGNORECASE)
_OTHER = re.compile(r"\b(?:about|around|between|circa|during the years)\s\Z", re.IGNORECASE)
_COUNTED = re.compile(r"\b(?:before|earlier|later)\Z")  # from another date
_LEAD = 16  # code points before date words in which a word sets a limit
_APART = re.compile(r"[,;:–—(]|\b(?:and|but|while|which|who|that|as|when|where|because|after|before)\b")
_BESIDE = re.compile(r", (?:the|an?|its|their) (?!(?:\w+ ){0,3}(?:was|were|is|are|has|had|will)\b)[^,;:–—]{3,60},(?= )")
_BEGINNING = re.compile(r"(?:(?:But|And|Then|Since then)[, ])?\s*\Z")


class Dated(NamedTuple):
    """A date: the role in which it stands (a local name), its lexical form, its datatype, and its words in a quote."""

    role: str
    lexical: str
    datatype: str
    words: str

    def triple(self, thing: str, role: str = "") -> Triple:
        """The statement of the date of a thing (IRI), in another role if one is given."""
        literal = Literal(self.lexical, datatype=NamedNode(XSD + self.datatype))
        return Triple(NamedNode(thing), NamedNode(ENT + (role or self.role)), literal)


def expressions(quote: str) -> list[tuple[int, int, str]]:
    """The words of a quote that speak of time and can be read: dates, and periods that have two bounds."""
    found = find_dates(quote)
    for start, end, words in find_unread(quote):
        limit = _LIMIT.match(words)
        if limit and len(find_dates(words[limit.end() :])) == 1:
            found.append((start + limit.end(), end, words[limit.end() :]))
    found += [m for m in find_periods(quote) if not any(m[0] < end and start < m[1] for start, end, _ in found)]
    return sorted(found)


def beside(quote: str, clause: Span, sentence: Span, verb: int = -1) -> list[tuple[int, int, str]]:
    """The date words that belong to a clause with its verb at a place: the first after it, else within it, or first.

    What a relative clause says when is said of that clause alone: “Corvania, which backed it until 2017, has …”.
    """
    rows = [row for row in expressions(quote) if sentence[0] <= row[0] < sentence[1]]
    for first, last in relative_clauses(quote) if verb >= 0 else ():
        rows = [row for row in rows if (first <= row[0] < last) == (first <= verb < last)]
    after = [r for r in rows if clause[1] <= r[0] and not _cut(quote[clause[1] : r[0]])]
    after = after[:1] or [r for r in rows if clause[0] <= r[0] and r[1] <= clause[1]]
    initial = [r for r in rows if r[1] <= clause[0] and _BEGINNING.match(quote[sentence[0] : r[0]])]
    initial = [r for r in initial if not _APART.search(quote[r[1] : clause[0]].lstrip(", "))]
    return after or initial


def _cut(between: str) -> bool:
    """Whether another clause begins in words after a clause; what stands beside a name between commas begins none."""
    of_a_noun = re.search(r"\w of\Z", between.rstrip())  # “the talks of June”
    between = re.sub(r"\b(?:before|after)\s*\Z", "", between)  # “before the end of 2025”
    return of_a_noun is not None or _APART.search(_BESIDE.sub(" ", between)) is not None


def dated(
    quote: str, clause: Span, sentence: Span, day: str, tense: str, *, lasting: bool, over: bool, verb: int = -1
) -> list[Dated]:
    """The dates of what a clause says with the verb at a place of a quote, read on a day (ISO 8601).

    What is `lasting` has a start, and an end where the clause tells that it is `over`; else there is one date.
    """
    found = beside(quote, clause, sentence, verb) if day else []
    rows = [_one(quote, *each, day, tense, lasting=lasting, over=over) for each in found]
    given = [d for row in rows for d in row]
    return given if all(rows) and len({d.role for d in given}) == len(given) else []


def _one(
    quote: str, start: int, end: int, words: str, day: str, tense: str, *, lasting: bool, over: bool
) -> list[Dated]:
    """The dates that one expression gives; none where the reading is not clear."""
    lead = quote[max(0, start - _LEAD) : start] + words[: len(words) - len(words.lstrip())] + words
    head = lead[: max(0, lead.lower().find(words.lower())) + 12]
    if _OTHER.search(quote[max(0, start - _LEAD) : start]):
        return []
    values = read(words, day, tense, since=bool(_SINCE.search(words)))
    if len(values) == 1:
        role = _role(head, words, tense, lasting=lasting, over=over)
        return [Dated(role, *values[0], words)] if role else []
    if len(values) == 2 and lasting and re.match(r"(?:from|between)\b", words, re.IGNORECASE):
        return [Dated(role, *v, words) for role, v in zip((START, END), values, strict=True)]
    spans = periods(words, day) if not values else []
    if len(spans) == 1 and not lasting and not _BEFORE.search(head):
        first, last = spans[0]
        return [Dated(NOT_BEFORE, first, "date", words), Dated(NOT_AFTER, last, "date", words)]
    return []


def _role(head: str, words: str, tense: str, *, lasting: bool, over: bool) -> str:
    """The role of a date, by the word before it; empty where none is clear."""
    if _UNTIL.search(head):
        return END if lasting else ""
    if _SINCE.search(words):
        return START
    if _BEFORE.search(head):
        return NOT_AFTER if tense in TO_COME and not lasting else ""
    if _AFTER.search(head):
        return START if lasting and words.lower().startswith("from ") else ""
    if lasting:
        return END if over else START
    return DATE


def read(words: str, day: str, tense: str, *, since: bool = False) -> list[tuple[str, str]]:
    """The values of date words, each a lexical form and its datatype: two for a range, else the one that is clear."""
    found = resolve(words, day) if not _COUNTED.search(words) else []
    places = list(dict.fromkeys(r.start for r in found))
    rows = [[(r.lexical, r.datatype) for r in found if r.start == place] for place in places]
    chosen = [_chosen(row, day, tense, since=since) for row in rows]
    return [c[0] for c in chosen] if chosen and all(len(c) == 1 for c in chosen) else []


def _chosen(row: list[tuple[str, str]], day: str, tense: str, *, since: bool) -> list[tuple[str, str]]:
    if len(row) < 2:
        return row
    if since or tense in PAST:
        return [v for v in row if v[0] <= day[: len(v[0])]][:1]
    if tense in TO_COME:
        return [v for v in row if v[0] >= day[: len(v[0])]][:1]
    return []


_COMING = re.compile(
    r"\b(?:will|is to|are to|is due|are due|due to|(?:is|are) expected|expects?|(?:is|are) (?:planned|scheduled|set)"
    r"|plans?|(?:is|are) planning|heads?|next|would)\b"
)
# Where a clause ends: a comma before a name alone is one of a list.
_CUT = re.compile(r"[;:–—]|, (?:and|but|which|who|when|where|while|with|after|before|a|an|the)\b| (?:which|who|that)\b")
_FEW = 3  # spaces in words that have no verb: “On Friday”
_TO_DO = re.compile(
    r"\b(?:agree|aim|ask|decide|hope|intend|invite|offer|pledge|prepare|promise|propose|threaten|undertake|urge|vow|want)"
    r"(?:s|d|ed)? (?:[\w’]+ )?to [a-z]+(?: [^,;]{0,60})?\Z"
)
_BY = re.compile(r"\bby \Z", re.IGNORECASE)
_HAD = re.compile(r"\b(?:had|was|were|has been|have been)\b")
_PAST_BE = frozenset(("was", "were", "had", "did", "been"))


def tense_of(quote: str, at: int, sentence: Span) -> str:
    """The tense of the clause around a place of a sentence: “planned” for what is to come, empty where nothing tells.

    What is to be done “by June”, or somebody has offered “to host in June”, is to come whatever the tense of the verb.
    """
    first = max((m.end() for m in _CUT.finditer(quote, sentence[0], at)), default=sentence[0])
    first = max(first, quote.rfind("”", first, at) + 1)  # and not of what is said
    last = next((m.start() for m in _CUT.finditer(quote, max(at, sentence[0]), sentence[1])), sentence[1])
    clause = quote[first:last]
    is_due = _BY.search(quote[:at]) or quote[at : at + 3].lower() == "by "
    if _COMING.search(clause) or _TO_DO.search(quote[first:at]) or (is_due and not _HAD.search(clause)):
        return "planned"
    whole = clause if clause.count(" ") > _FEW else quote[sentence[0] : sentence[1]]
    return "past" if any(_is_past(word) for word in re.findall(r"[a-z]+", whole)) else ""


def _is_past(word: str) -> bool:
    return word in _PAST_BE or any("past" in form_names(base, word) for base in bases(word))


def clear(quote: str, sentence: Span, day: str) -> Iterator[tuple[str, str, str]]:
    """The dates of a sentence that have one clear reading, whether anything is dated by them or not.

    Each is the words, a lexical form and the local name of its datatype; of a range, both ends.
    """
    for start, _, words in expressions(quote):
        if sentence[0] <= start < sentence[1]:
            tense = tense_of(quote, start, sentence)
            values = read(words, day, tense, since=bool(_SINCE.search(words)))
            if not values and (spans := periods(words, day)) and len(spans) == 1:
                values = [(edge, "date") for edge in spans[0]]
            yield from ((words, *v) for v in values)
