"""Checks of quantities: their numbers and measures are what the quote says, and their roles take such measures."""

import re
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation

from pyoxigraph import Literal, Triple

from kg.dataset.build import Build
from kg.dataset.roles import kind_of, measures
from kg.findings import Check, Finding
from kg.rdf.namespaces import DCTERMS, ENT, compact, local_name, short
from kg.rdf.terms import iri
from kg.source.article import Evidence, Passage
from kg.text.amounts import CURRENCIES, Amount, alike, find_amounts, lexical
from kg.text.bounds import bounds, may_bound
from kg.text.normalisation import primary_language
from kg.text.spans import find_counted, find_single, find_spans

NUMBER_WORDS = Check(
    "number-words",
    "A number, and the currency that it counts, is what the words of its passage say.",
    "Millions get lost easily. Here the quote says “40 million US dollars”.",
    wrong='id:cost-of-radars a ent:Quantity ; ent:number 40 ; ent:measure "USD" .',
    right='id:cost-of-radars a ent:Quantity ; ent:number 40000000 ; ent:measure "USD" .',
    severities=("violation", "warning", "info"),
)

MEASURE_OF_ROLE = Check(
    "measure-of-role",
    "A quantity has a measure that its role takes (ent:measuredIn): a cost is money, a length is in kilometres.",
    "Two quantities of one sentence are easily exchanged, and the numbers alone do not show it.",
    wrong="p:watch { id:radar-deal ent:length id:cost-of-radars . }",
    right="p:watch { id:radar-deal ent:cost id:cost-of-radars . }",
)

_SPANS = frozenset({"annum", "d", "day", "month", "year"})
_ALIKE_UNITS = {"pp": "%", "b": "bbl", "kb": "bbl", "bpd": "bbl", "kph": "km/h", "m3": "m³", "km2": "km²", "m2": "m²"}
_ALIKE_UNITS |= {"ton": "t", "Mt": "t", "kt": "t", "mtpa": "t", "bcma": "bcm"}
_NAMES_OF_UNITS = "GW GWh MW MWh TWh bbl bcm ft ha km km/h km² kW m mi m³ t"
_KNOWN_UNITS = frozenset(_NAMES_OF_UNITS.split())
_NO_COUNT = _KNOWN_UNITS | _SPANS | {"%", "hour", "minute", "week"}
NUMBER, MEASURE = ENT + "number", ENT + "measure"
MOST_SHOWN = 3  # amounts in a finding
Problem = tuple[str, str, str]  # severity, message, hint


def quotes_of(article: Evidence, passage: Passage) -> list[str]:
    """The quote of a passage, and those of the passages that it is read with."""
    return [passage.quote, *(p.quote for p in article.passages if p.iri in passage.read_with)]


def languages(article: Evidence) -> set[str]:
    """The languages that an article says to be in, without regions: `{"en"}`."""
    tags = (t.object for t in article.description if t.predicate.value == DCTERMS + "language")
    return {primary_language(tag.value) for tag in tags if isinstance(tag, Literal)}


def check_amounts(article: Evidence, passage: Passage) -> Iterator[Finding]:
    """Compare the quantities of a passage with its quote and those that it is read with.

    In other languages than English a number may be in words: one without its digits is a warning there.
    """
    numbers = [found for t in passage.triples if t.predicate.value == NUMBER for found in _number(t)]
    if not numbers:
        return
    english = "en" in languages(article)
    amounts = [a for quote in quotes_of(article, passage) for a in find_amounts(quote, english=english)]
    quotes = quotes_of(article, passage) if english else []
    spans = [span for quote in quotes for span in find_spans(quote)]
    counted = [*spans, *(amount for quote in quotes for amount in find_counted(quote))]
    for t, written, number in numbers:
        said = [*amounts, *(amount for amount in counted if _says(amount, number))]  # 10 years: “a decade”
        measures = [m for m in passage.triples if m.subject == t.subject and m.predicate.value == MEASURE]
        problems = [(m, _measure_problem(m, number, said, english)) for m in measures]
        unsaid = _single_problem(quotes, measures) if number == 1 and not _close(number, said) else None
        problems.append((t, unsaid or _number_problem(written, number, said, english, spans)))
        if english:
            counted_in = {getattr(m.object, "value", "") for m in measures}
            bound = next((m for m in passage.triples if m.subject == t.subject and m.predicate.value == _BOUND), None)
            stated = local_name(iri(bound.object)) if bound else ""
            problems.append((bound or t, _bound_problem(stated, written, number, said, counted_in, quotes)))
        for at, (severity, message, hint) in ((at, problem) for at, problem in problems if problem):
            place, message = tuple(at), f"{short(passage.iri)}: {message}"
            more = {"hint": hint, "severity": severity, "graph": passage.iri}
            yield article.article.facts.finding(NUMBER_WORDS, message, triple=place, **more)


def check_roles_of_quantities(made: Build) -> Iterator[Finding]:
    """Quantities in roles that take other measures: kilometres are no capacity."""
    taken = measures(made.ontology)
    known = set[str]().union(*taken.values())
    for article in made.evidence:
        for passage in article.passages:
            for t in (t for t in passage.triples if t.predicate.value in taken and iri(t.object)):
                stated = [*made.statements.about(t.object, MEASURE), *made.claimed.about(t.object, MEASURE)]
                for measure in sorted({getattr(m.object, "value", "") for m in stated}):
                    kind = kind_of(measure)
                    if kind in known and kind not in taken[t.predicate.value]:
                        role, fits = compact(t.predicate.value), ", ".join(sorted(taken[t.predicate.value]))
                        message = f"{short(passage.iri)}: {role} is not measured in {measure}"
                        hint = f"it takes {fits}; look which quantity belongs here"
                        facts, place = article.article.facts, (t.subject, t.predicate, t.object)
                        yield facts.finding(MEASURE_OF_ROLE, message, hint=hint, graph=passage.iri, triple=place)


def _number(t: Triple) -> Iterator[tuple[Triple, str, Decimal]]:
    """The number that a triple gives, and how it is written; nothing for what is none, a finding of another check."""
    written = t.object.value if isinstance(t.object, Literal) else ""
    try:
        number = Decimal(written)
    except InvalidOperation:
        return
    if number.is_finite():
        yield t, written, number


def _bound_problem(
    stated: str, written: str, number: Decimal, amounts: list[Amount], measures: set[str], quotes: list[str]
) -> Problem | None:
    """A number told as exact that the words say to be none, or with another bound than theirs: “more than two years”.

    Amounts in a range, and those far from the words that bound them, have no words of their own.
    """
    exact = [amount for amount in amounts if _says(amount, number)]
    told = [bounds(a.qualifier) for a in exact]
    lasting = bool(measures & _SPANS) and any(a.qualifier.lower() == "over" for a in exact)  # “a loan over 25 years”
    if not exact or any(stated in said if said else not stated for said in told) or (lasting and not stated):
        return None
    if not all(told):
        if any(may_bound(quote) for quote in quotes):
            return None
        return "warning", f"nothing says that {written} is ent:{stated}", "take out ent:bound: an exact number has none"
    shown = exact[0].words if exact[0].qualifier in exact[0].words else f"{exact[0].qualifier} {exact[0].words}"
    problem = f"is no ent:{stated}" if stated else f"is not exactly {written}"
    return "warning", f"“{shown}” {problem}", f"{'write' if stated else 'add'} ent:bound ent:{told[0][0]}"


_BOUND = ENT + "bound"


def _number_problem(
    written: str, number: Decimal, amounts: list[Amount], english: bool, spans: list[Amount]
) -> Problem | None:
    close = _close(number, amounts)
    if any(_says(amount, number) for amount in close) or (close and not english):
        return None
    if close:
        message = f"ent:number {written} is not what the words say: {_read(close)}"
        return "violation", message, f"write ent:number {' or '.join(map(lexical, close[0].numbers[:2]))}"
    if unread := [amount.words for amount in amounts if not amount.numbers and _may_say(amount.words, number)]:
        return "info", f"“{unread[0]}” cannot be read as a number: check {written} by hand", ""
    amounts = [amount for amount in amounts if amount.numbers]
    hint = "quote the words that say it, or add ent:readWith the passage that has them"
    if amounts:
        hint = f"{_read(sorted(amounts, key=lambda a: not a.measures))}; else {hint}"
    if spans:
        span = spans[0]
        hint = f"“{span.words}” is ent:number {lexical(span.numbers[0])} in ent:measure “{span.measures[0]}”; {hint}"
    severity = "violation" if english else "warning"
    return (severity, f"no words of the quote say {written}", hint) if english or amounts else None


def _single_problem(quotes: list[str], measures: list[Triple]) -> Problem | None:
    """A number 1 that an article may say, “a man”: to be checked by hand; of money and units it is never enough."""
    counted = {getattr(m.object, "value", "") for m in measures}
    single = [words for quote in quotes for words in find_single(quote)]
    if not single or not counted.isdisjoint(CURRENCIES) or any(_units(m, True) & _NO_COUNT for m in counted):
        return None
    return "info", f"only an article can say the number 1, as in “{single[0]}”: check it by hand", ""


def _measure_problem(t: Triple, number: Decimal, amounts: list[Amount], english: bool) -> Problem | None:
    measure, close = getattr(t.object, "value", ""), _close(number, amounts)
    exact = [amount for amount in close if _says(amount, number)] or close
    meant = _units(measure, english)
    if not exact or any(not meant.isdisjoint(map(_unit, a.measures)) for a in exact):
        return None
    if any(not a.measures for a in exact):
        elsewhere = any(not meant.isdisjoint(map(_unit, a.measures)) for a in amounts)
        if not english or elsewhere or meant.isdisjoint(_KNOWN_UNITS):
            return None
        hint = "write what the number counts, or add ent:readWith the passage that has the unit"
        return "warning", f"ent:measure {measure} is not what the words say: “{exact[0].words}” has no such unit", hint
    words, measures = exact[0].words, exact[0].measures
    several = f"{measures[0]} or another dollar" if "BZD" in measures else " or ".join(measures)
    message = f"ent:measure {measure} is not what the words say: “{words}” is in {several}"
    return "violation", message, f'write ent:measure "{measures[0]}"'


def _units(measure: str, english: bool) -> set[str]:
    """A measure as it is compared, also where it is written as a word: “megawatt”, “m3”."""
    written = {m for amount in find_amounts(f"1 {measure}", english=english) for m in amount.measures}
    return {_unit(m) for m in (measure, *written)}


def _unit(measure: str) -> str:
    """A measure without its rate and its variants: “bcm” of “bcm/year”, a share for percentage points."""
    unit = measure.partition("/")[0] if measure.rpartition("/")[2] in _SPANS else measure
    return _ALIKE_UNITS.get(unit, unit)


def _close(number: Decimal, amounts: list[Amount]) -> list[Amount]:
    """The amounts that have the digits of a number, whatever their scale."""
    return [amount for amount in amounts if any(alike(number, reading) for reading in amount.numbers)]


def _says(amount: Amount, number: Decimal) -> bool:
    """Whether a number is a reading of an amount; what “fell by 5” may be written with a minus sign."""
    return number in amount.numbers or number.copy_abs() in amount.numbers


def _may_say(words: str, number: Decimal) -> bool:
    """Whether words that cannot be read as a number may be this one: they have its digits, or none."""
    digits = re.sub(r"\D", "", words)
    return not digits or "".join(map(str, number.as_tuple().digits)).strip("0") in digits


def _read(amounts: list[Amount]) -> str:
    rows = {a.words: f"“{a.words}” reads {' or '.join(map(lexical, a.numbers[:2]))}" for a in amounts}
    return ", ".join(list(rows.values())[:MOST_SHOWN])
