"""Whether a quantity is what the words say: its number, and the currency that it counts."""

from collections.abc import Iterator
from decimal import Decimal, InvalidOperation

from pyoxigraph import Literal, Triple

from kg import numberwords
from kg.evidence import Evidence, Passage
from kg.findings import Check, Finding
from kg.folding import primary_language
from kg.numberwords import CURRENCIES, Amount, alike, lexical
from kg.vocabulary import DCTERMS, ENT, local_name

NUMBER_WORDS = Check(
    "number-words",
    "A number, and the currency that it counts, is what the words of its passage say.",
    "Millions get lost easily. Here the quote says “40 million US dollars”.",
    wrong='id:cost-of-radars a ent:Quantity ; ent:number 40 ; ent:measure "USD" .',
    right='id:cost-of-radars a ent:Quantity ; ent:number 40000000 ; ent:measure "USD" .',
    severities=("violation", "warning"),
)

NUMBER, MEASURE = ENT + "number", ENT + "measure"
MOST_SHOWN = 3  # amounts in a finding
Problem = tuple[str, str, str]  # severity, message, hint


def check(article: Evidence, passage: Passage) -> Iterator[Finding]:
    """Hold the quantities of a passage against its quote, and those that it is read with.

    In another language than English a number may stand in words: what has other digits is a warning there.
    """
    numbers = [found for t in passage.triples if t.predicate.value == NUMBER for found in _number(t)]
    if not numbers:
        return
    english = _is_english(article)
    near = [passage.quote, *(p.quote for p in article.passages if p.iri in passage.read_with)]
    amounts = [amount for quote in near for amount in numberwords.find(quote, english=english)]
    for t, written, number in numbers:
        if problem := _number_problem(written, number, amounts, english):
            yield _finding(article, passage, t, problem)
        for measure in (m for m in passage.triples if m.subject == t.subject and m.predicate.value == MEASURE):
            if problem := _measure_problem(measure, number, amounts):
                yield _finding(article, passage, measure, problem)


def _number(t: Triple) -> Iterator[tuple[Triple, str, Decimal]]:
    """The number that a triple gives, as it is written too; none where that is not one: a finding of its own."""
    written = t.object.value if isinstance(t.object, Literal) else ""
    try:
        number = Decimal(written)
    except InvalidOperation:
        return
    if number.is_finite():
        yield t, written, number.copy_abs()  # which no size is too much for


def _is_english(article: Evidence) -> bool:
    tags = (t.object for t in article.description if t.predicate.value == DCTERMS + "language")
    return any(isinstance(tag, Literal) and primary_language(tag.value) == "en" for tag in tags)


def _number_problem(written: str, number: Decimal, amounts: list[Amount], english: bool) -> Problem | None:
    close = _close(number, amounts)
    if any(number in amount.numbers for amount in close) or (close and not english):
        return None
    if close:
        message = f"ent:number {written} is not what the words say: {_read(close)}"
        return "violation", message, f"write ent:number {lexical(close[0].numbers[0])}"
    hint = "quote the words that say it, or add ent:readWith the passage that has them"
    if amounts:
        hint = f"{_read(sorted(amounts, key=lambda a: not a.measures))}; else {hint}"
    severity = "violation" if english else "warning"
    return (severity, f"no words of the quote say {written}", hint) if english or amounts else None


def _measure_problem(t: Triple, number: Decimal, amounts: list[Amount]) -> Problem | None:
    measure, close = getattr(t.object, "value", ""), _close(number, amounts)
    exact = [amount for amount in close if number in amount.numbers] or close
    if measure not in CURRENCIES or not exact or any(measure in a.measures or not a.measures for a in exact):
        return None
    words, measures = exact[0].words, exact[0].measures
    # survives: no sign stands for just three
    several = " or another dollar" if len(measures) > 2 else f" or {measures[1]}" if measures[1:] else ""
    message = f"ent:measure {measure} is not what the words say: “{words}” is in {measures[0]}{several}"
    return "violation", message, f'write ent:measure "{measures[0]}"'


def _close(number: Decimal, amounts: list[Amount]) -> list[Amount]:
    """The amounts that have the digits of a number, whatever their scale."""
    return [amount for amount in amounts if any(alike(number, reading) for reading in amount.numbers)]


def _read(amounts: list[Amount]) -> str:
    rows = {a.words: f"“{a.words}” reads {' or '.join(map(lexical, a.numbers[:2]))}" for a in amounts}
    return ", ".join(list(rows.values())[:MOST_SHOWN])


def _finding(article: Evidence, passage: Passage, t: Triple, problem: Problem) -> Finding:
    severity, message, hint = problem
    message = f"p:{local_name(passage.iri)}: {message}"
    triple, facts = (t.subject, t.predicate, t.object), article.article.facts
    return facts.finding(NUMBER_WORDS, message, severity=severity, hint=hint, graph=passage.iri, triple=triple)
