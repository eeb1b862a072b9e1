"""The statements of facts: literals, terms and dates, and texts that are in their quote (model, rules 1–13)."""

from collections.abc import Container, Iterator
from decimal import Decimal, InvalidOperation

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, Triple

from kg.dataset.build import Build, documents
from kg.dataset.statements import Statements
from kg.errors import InputError
from kg.findings import Check, Finding
from kg.rdf import literals, values
from kg.rdf.namespaces import (
    ALT_LABEL,
    ARTICLE,
    DCTERMS,
    ENT,
    OWL,
    RDF,
    RDF_TYPE,
    RDFS,
    RDFS_LABEL,
    SKOS,
    XSD,
    compact,
    local_name,
    suggest,
)
from kg.source.article import DATE_WORDS, UNNAMED_SPEAKER, Evidence, Passage
from kg.source.documents import Document
from kg.source.graphs import FACT_OUTSIDE_PASSAGE
from kg.text import dates
from kg.text.amounts import CURRENCIES, Amount, alike, find_amounts, lexical
from kg.text.normalisation import primary_language
from kg.validation import entities

# Whether a quantity is what the words say: its number, and the currency that it counts.

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


def check_amounts(article: Evidence, passage: Passage) -> Iterator[Finding]:
    """Hold the quantities of a passage against its quote, and those that it is read with.

    In another language than English a number may stand in words: what has other digits is a warning there.
    """
    numbers = [found for t in passage.triples if t.predicate.value == NUMBER for found in _number(t)]
    if not numbers:
        return
    english = _is_english(article)
    near = [passage.quote, *(p.quote for p in article.passages if p.iri in passage.read_with)]
    amounts = [amount for quote in near for amount in find_amounts(quote, english=english)]
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


LITERAL = Check(
    "literal",
    "A literal has a lexical form of its datatype (XSD 1.1 Part 2), or a language tag of RFC 5646.",
    "Engines take ill-typed literals and then leave them out of comparisons without an error.",
    wrong='ent:date "17 May 2019"^^xsd:date ;',
    right='ent:date "2019-05-17"^^xsd:date ;',
)
UNKNOWN_TERM = Check(
    "unknown-term",
    "Facts, shapes and queries use terms that exist: those of the ontology, and some of well-known vocabularies.",
    "A misspelt term is no error in RDF: it matches nothing, and nothing follows from it.",
    wrong="ent:byer id:lorvia ;",
    right="ent:buyer id:lorvia ;",
)
COMPUTED_TERM = Check(
    "computed-term",
    "What is computed at build time is not written by hand.",
    "A value that was typed would contradict the computed one as soon as its source changes.",
    wrong='ent:earliest "2019-05-17"^^xsd:date ;',
    right='ent:date "2019-05-17"^^xsd:date ;',
)
MISPLACED_TERM = Check(
    "misplaced-term",
    "Properties of articles and passages are used outside the graphs of passages.",
    "Inside a graph they would be facts about the world.",
    wrong='id:radar-deal ent:reason "to watch the strait between Lorvia and Belmar"@en .',
    right='id:radar-deal ent:purpose "to watch the strait between Lorvia and Belmar"@en .',
)
NOT_VERBATIM = Check(
    "not-verbatim",
    "Labels, and other texts that are kept verbatim, are in the quote of their passage.",
    "A name that the article does not use is no evidence of it; names from elsewhere belong in background.",
    wrong='id:belmar a ent:State ; rdfs:label "Republic of Belmar"@en ;',
    right='id:belmar a ent:State ; rdfs:label "Belmar"@en ;',
)

NAMING = frozenset({RDFS_LABEL, ALT_LABEL})
VERBATIM = frozenset(ENT + name for name in ("condition", "purpose", "rank", "wording")) | NAMING
DATED = frozenset(ENT + name for name in ("comparedWith", "date", "end", "start"))
# What describes articles, passages and asides in the default graph of a facts file (rule 5); the rest needs a passage.
DESCRIBING = frozenset(
    ENT + name
    for name in (
        "basis",
        "dateWords",
        "prefix",
        "quote",
        "readWith",
        "readingDate",
        "reason",
        "speaker",
        "speech",
        "suffix",
    )
)
# Words of other vocabularies that facts may use as they are.
BORROWED = frozenset(
    {RDF_TYPE, RDFS_LABEL, RDFS + "comment", RDFS + "seeAlso"}
    | {SKOS + name for name in ("altLabel", "broader", "definition", "exactMatch", "example", "notation", "note")}
    | {DCTERMS + name for name in ("creator", "description", "issued", "language", "license", "publisher")}
    | {DCTERMS + name for name in ("rights", "source", "title")}
)
# What the tool makes and nobody writes, with what to write in its place.
COMPUTED = {
    **dict.fromkeys(("earliest", "latest"), "ent:date"),
    **dict.fromkeys(("earliestEnd", "latestEnd"), "ent:end"),
    **dict.fromkeys(("earliestStart", "latestStart"), "ent:start"),
    **dict.fromkeys(("article", "reading", "textEnd", "textStart", "unit", "unitKind"), "ent:quote"),
    **dict.fromkeys(("claimedBy", "passage"), "a passage with an ent:speaker"),
    **dict.fromkeys(("currentStatus", "statusStatedIn"), "ent:status"),
    **dict.fromkeys(("currentStage", "stageStatedIn"), "ent:stage"),
    "directType": "rdf:type",
}


def check_wording(made: Build, of: Container[str] | None = None) -> Iterator[Finding]:
    """All findings on statements; of the files named `of`, where what others say does not matter."""
    terms = _Terms(made.ontology)
    for document in documents(made):
        yield from _literals(document) if of is None or document.path in of else ()
    for document in [*made.sources.background, *(a.facts for a in made.sources.articles)]:
        if of is not None and document.path not in of:
            continue
        for quad in document.quads if made.sources.words_known else ():
            yield from _misused_term(document, quad, terms)
    if made.sources.whole:
        yield from entities.check_mentions(made)
    for article in made.evidence:
        for passage in article.passages:
            if of is None or article.article.facts.path in of or article.article.text_path in of:
                yield from _verbatim(article, passage)
                yield from _dates(article, passage)
                yield from check_amounts(article, passage)
            yield from _speaker(article, passage, made.statements)


def _literals(document: Document) -> Iterator[Finding]:
    for quad in document.quads:
        judged = quad.predicate.value == ENT + "readingDate"  # with the article itself
        if isinstance(quad.object, Literal) and not judged and (problem := literals.problem(quad.object)):
            yield _on(document, quad, LITERAL, problem)


def _on(document: Document, quad: Quad, check: Check, message: str, *, hint: str = "", severity: str = "") -> Finding:
    graph = quad.graph_name.value if isinstance(quad.graph_name, NamedNode) else ""
    triple = (quad.subject, quad.predicate, quad.object)
    return document.finding(check, message, severity=severity, hint=hint, graph=graph, triple=triple)


class _Terms:
    """The terms that facts may use, by what they may be used for: the ontology's, and some of other vocabularies."""

    def __init__(self, ontology: list[Triple]) -> None:
        self.classes = {SKOS + "Concept"}
        self.properties = set(BORROWED)
        self.values: set[str] = set()
        for t in ontology:
            if t.predicate.value == RDF_TYPE and isinstance(t.subject, NamedNode) and isinstance(t.object, NamedNode):
                self._declare(t.subject.value, t.object.value)

    def _declare(self, term: str, kind: str) -> None:
        if kind == OWL + "Class":
            self.classes.add(term)
        elif kind.startswith(OWL) and kind.endswith("Property"):
            self.properties.add(term)
        elif not kind.startswith((OWL, RDF)):
            self.values.add(term)

    @property
    def all(self) -> set[str]:
        """Every declared term."""
        return self.classes | self.properties | self.values


def _misused_term(document: Document, quad: Quad, terms: _Terms) -> Iterator[Finding]:
    """A predicate, class or value that nothing declares, or that stands where it does not belong."""
    predicate, value = quad.predicate.value, quad.object
    if isinstance(quad.subject, BlankNode):
        return  # a finding already, and its parts may be those of a list
    name, describes = predicate.removeprefix(ENT), isinstance(quad.graph_name, DefaultGraph)
    if predicate not in terms.properties:
        message = f"{compact(predicate)} is no property of the ontology"
        yield _on_predicate(document, quad, UNKNOWN_TERM, message, _other_word(predicate, terms.properties))
    elif name in COMPUTED and predicate.startswith(ENT):
        hint = f"write {COMPUTED[name]}; the tool makes the rest"
        yield _on_predicate(document, quad, COMPUTED_TERM, f"{compact(predicate)} is made by the tool", hint)
    elif (
        describes and getattr(quad.subject, "value", "").startswith(ARTICLE) and predicate not in DESCRIBING | BORROWED
    ):
        message = f"{compact(predicate)} stands outside every passage: a fact needs a passage that says it"
        hint = "move it into the graph of a passage: p:name { … }"
        yield _on_predicate(document, quad, FACT_OUTSIDE_PASSAGE, message, hint)
    elif not describes and predicate in DESCRIBING:
        message = f"{compact(predicate)} describes articles and passages, not things"
        hint = "write it outside the graph, or another property inside it"
        yield _on_predicate(document, quad, MISPLACED_TERM, message, hint)
    wanted, known = ("class", terms.classes) if predicate == RDF_TYPE else ("term", terms.all)
    written = getattr(value, "value", "")
    if predicate == RDF_TYPE and isinstance(value, Literal):
        hint = _other_word(ENT + written, known)
        yield _on(document, quad, UNKNOWN_TERM, f"“{written}” is no class of the ontology", hint=hint)
    elif isinstance(value, NamedNode) and written not in known and (wanted == "class" or written.startswith(ENT)):
        hint = _other_word(written, known)
        yield _on(document, quad, UNKNOWN_TERM, f"{compact(written)} is no {wanted} of the ontology", hint=hint)


def _on_predicate(document: Document, quad: Quad, check: Check, message: str, hint: str) -> Finding:
    graph = quad.graph_name.value if isinstance(quad.graph_name, NamedNode) else ""
    return document.finding(check, message, hint=hint, graph=graph, triple=(quad.subject, quad.predicate, None))


def _other_word(iri: str, known: set[str]) -> str:
    if iri == OWL + "sameAs":
        return "write skos:exactMatch: two descriptions of one thing need not agree in all they say"
    return suggest(iri, known) or "see docs/ontology.md for the terms"


def _verbatim(article: Evidence, passage: Passage) -> Iterator[Finding]:
    """Labels and kept words stand in the quote of their passage (rule 6)."""
    for t in passage.triples:
        if t.predicate.value not in VERBATIM or not isinstance(t.object, Literal) or not passage.quote:
            continue
        if t.object.value not in passage.quote:
            name, words = local_name(t.predicate.value), t.object.value
            message = f"the {name} “{words}” does not stand in the quote of p:{local_name(passage.iri)}"
            hint = "copy it from the quote; a name from elsewhere belongs in kg/background/"
            quad = Quad(t.subject, t.predicate, t.object, NamedNode(passage.iri))
            yield _on(article.article.facts, quad, NOT_VERBATIM, message, hint=hint)


def _dates(article: Evidence, passage: Passage) -> Iterator[Finding]:
    """A date is what its passage's date words say, read against the article's reading date (rule 13)."""
    for t in passage.triples:
        if t.predicate.value not in DATED or not isinstance(t.object, Literal) or not _is_date(t.object):
            continue
        if problem := _date_problem(article, passage, t.object):
            severity, message, hint = problem
            quad = Quad(t.subject, t.predicate, t.object, NamedNode(passage.iri))
            yield _on(article.article.facts, quad, DATE_WORDS, message, hint=hint, severity=severity)


def _is_date(literal: Literal) -> bool:
    try:
        values.bounds(literal)
    except InputError:
        return False
    return True


def _date_problem(article: Evidence, passage: Passage, date: Literal) -> tuple[str, str, str] | None:
    name = f"p:{local_name(passage.iri)}"
    if not passage.date_words:
        hint = 'add ent:dateWords "…", the words of the quote that say when'
        return "violation", f"{name} gives the date {date.value} without the words that say it", hint
    if not article.reading_date:
        return None
    readings = [r for words in passage.date_words for r in dates.resolve(words, article.reading_date)]
    if not readings:
        message = f"the tool cannot read “{'”, “'.join(passage.date_words)}”: check {date.value} by hand"
        return "info", message, ""
    if any((r.lexical, XSD + r.datatype) == (date.value, date.datatype.value) for r in readings):
        return None
    read = " or ".join(f'"{r.lexical}"^^xsd:{r.datatype}' for r in readings)
    words = "”, “".join(passage.date_words)
    return "violation", f"{name}: “{words}”, read on {article.reading_date}, is not {date.value}", f"it reads {read}"


def _speaker(article: Evidence, passage: Passage, statements: Statements) -> Iterator[Finding]:
    """The speaker's name stands in the quote, or in one that it is read with (rule 8)."""
    told = list(statements.about(NamedNode(passage.speaker))) if passage.reported else []
    if not told:
        return  # nobody knows the speaker: a finding already
    names = [t.object.value for t in told if t.predicate.value in NAMING and isinstance(t.object, Literal)]
    near = [p.quote for p in article.passages if p.iri in (passage.iri, *passage.read_with)]
    if not any(name in quote for name in names for quote in near):
        message = f"p:{local_name(passage.iri)}: its speaker {compact(passage.speaker)} is not named in the quote"
        hint = "quote more, or add ent:readWith the passage that names the speaker; labels and aliases count as names"
        triple = (NamedNode(passage.iri), NamedNode(ENT + "speaker"), NamedNode(passage.speaker))
        yield article.article.facts.finding(UNNAMED_SPEAKER, message, hint=hint, triple=triple)
