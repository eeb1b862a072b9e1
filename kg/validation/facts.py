"""Checks of facts: literals, terms, and texts, dates and numbers that the quote says (model, rules 1–13)."""

import re
from collections.abc import Container, Iterator
from decimal import Decimal, InvalidOperation

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, Triple

from kg.dataset.build import Build
from kg.dataset.statements import Statements
from kg.errors import InputError, clean, invisible
from kg.findings import Check, Finding
from kg.rdf import literals, namespaces, values
from kg.rdf.namespaces import ALT_LABEL, ARTICLE, DCTERMS, ENT, OWL, RDF, RDF_TYPE, RDFS, RDFS_LABEL, SKOS, XSD, compact
from kg.rdf.terms import iri
from kg.rdf.tokens import line_column
from kg.source.article import DATE_WORDS, UNNAMED_SPEAKER, Evidence, Passage
from kg.source.documents import Document
from kg.source.graphs import FACT_OUTSIDE_PASSAGE
from kg.text import dates
from kg.text.amounts import CURRENCIES, Amount, alike, find_amounts, lexical
from kg.text.normalisation import primary_language
from kg.validation import entities

LITERAL = Check(
    "literal",
    "A literal has a lexical form of its datatype (XSD 1.1 Part 2), or a language tag of RFC 5646.",
    "Engines take ill-typed literals and then leave them out of comparisons without an error.",
    wrong='ent:start "17 May 2019"^^xsd:date ;',
    right='ent:start "2019-05-17"^^xsd:date ;',
)
INVISIBLE = Check(
    "invisible-character",
    "RDF files, the texts of articles and values have no characters that are invisible or change the order of others.",
    "What is shown is not what is there. In an article, whose bytes are the evidence, and in values they are warnings.",
    wrong='dcterms:title "Lorvia’s president \\u202Eheads to Melk for radar deal"@en ;',
    right='dcterms:title "Lorvia’s president heads to Melk for radar deal"@en ;',
    severities=("violation", "warning"),
)
UNKNOWN_TERM = Check(
    "unknown-term",
    "Facts, shapes and queries use terms that exist: those of the ontology, and some of well-known vocabularies.",
    "A misspelt term is no error in RDF: it matches nothing, and nothing follows from it.",
    wrong="ent:byer id:lorvia ;",
    right="ent:buyer id:lorvia ;",
    severities=("violation", "warning"),
)
COMPUTED_TERM = Check(
    "computed-term",
    "What is computed at build time is not written by hand.",
    "A value that was typed would contradict the computed one as soon as its source changes.",
    wrong='ent:earliestStart "2019-05-17"^^xsd:date ;',
    right='ent:start "2019-05-17"^^xsd:date ;',
)
MISPLACED_TERM = Check(
    "misplaced-term",
    "Properties of articles and passages are used outside the graphs of passages, names and types of things inside.",
    "Inside a graph they would be facts about the world.",
    wrong='id:radar-deal ent:reason "to watch the strait between Lorvia and Belmar"@en .',
    right='id:radar-deal ent:purpose "to watch the strait between Lorvia and Belmar"@en .',
)
NOT_VERBATIM = Check(
    "not-verbatim",
    "Labels, comments and other texts that are kept verbatim are in the quote of their passage.",
    "A name that the article does not use is no evidence of it; names from elsewhere belong in background.",
    wrong='id:belmar a ent:State ; rdfs:label "Republic of Belmar"@en ;',
    right='id:belmar a ent:State ; rdfs:label "Belmar"@en ;',
)
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

LABEL_PROPERTIES = frozenset({RDFS_LABEL, ALT_LABEL})
DATED = frozenset(
    ENT + name for name in ("comparedWith", "date", "end", "notAfter", "notBefore", "rankedSince", "start")
)
_DCTERMS = "creator description issued language license publisher rights source title"
# What describes articles, passages and asides in a file's default graph (model, rule 5); the rest needs a passage.
_PASSAGE = "dateWords mentionIn prefix quote readWith reason refersTo saidAt speaker speech suffix"
_OF_PASSAGES = frozenset(ENT + name for name in _PASSAGE.split())
_READING = frozenset({ENT + "basis", ENT + "basisSource", ENT + "readingDate"})
_OF_ARTICLES = _READING | {DCTERMS + name for name in _DCTERMS.split()}
DESCRIPTION_PROPERTIES = _OF_PASSAGES | _READING
# Terms of other vocabularies that facts may use.
_SKOS = "altLabel broader definition exactMatch example notation note"
EXTERNAL_PROPERTIES = frozenset(
    {RDF_TYPE, RDFS_LABEL, RDFS + "comment", RDFS + "seeAlso"}
    | {SKOS + name for name in _SKOS.split()}
    | {DCTERMS + name for name in _DCTERMS.split()}
)
_LINKS = frozenset({RDFS + "seeAlso", SKOS + "exactMatch"})  # elsewhere, which background gives (model, rule 7)
# Texts are in the quote of their passage, and so is what other vocabularies say of a thing there.
_WORDS = "condition content direction purpose rank wording"
VERBATIM = {*(ENT + name for name in _WORDS.split()), *EXTERNAL_PROPERTIES} - {RDF_TYPE}
# What is computed, with what to write instead.
COMPUTED_FROM = {
    **dict.fromkeys(("earliest", "latest"), "ent:date"),
    **dict.fromkeys(("earliestEnd", "latestEnd"), "ent:end"),
    **dict.fromkeys(("earliestStart", "latestStart"), "ent:start"),
    **dict.fromkeys(("firstDay", "lastDay"), "ent:date, or ent:start and ent:end"),
    **dict.fromkeys(("article", "reading", "textEnd", "textStart", "unit", "unitKind"), "ent:quote"),
    **dict.fromkeys(("claimedBy", "passage"), "a passage with an ent:speaker"),
    **dict.fromkeys(("currentStatus", "statusStatedIn"), "ent:status"),
    **dict.fromkeys(("currentStage", "stageStatedIn"), "ent:stage"),
    **dict.fromkeys(("directType", "statedIn"), "rdf:type"),
}
_CURRENCY = "currency"  # stands for any code of ISO 4217
_SPANS = frozenset({"annum", "d", "day", "month", "year"})
_ALIKE_UNITS = {"pp": "%", "b": "bbl", "kb": "bbl", "bpd": "bbl", "kph": "km/h", "m3": "m³", "km2": "km²", "m2": "m²"}
_ALIKE_UNITS |= {"ton": "t", "Mt": "t", "kt": "t", "mtpa": "t", "bcma": "bcm"}
_NAMES_OF_UNITS = "GW GWh MW MWh TWh bbl bcm ft ha km km/h km² kW m mi m³ t"
_KNOWN_UNITS = frozenset(_NAMES_OF_UNITS.split())
NUMBER, MEASURE = ENT + "number", ENT + "measure"
MOST_SHOWN = 3  # amounts in a finding
Problem = tuple[str, str, str]  # severity, message, hint


def check_wording(made: Build, of: Container[str] | None = None) -> Iterator[Finding]:
    """All findings on statements; given `of`, on those in these files, and on what other files can make wrong."""
    terms = _Terms(made.ontology)
    data = [*made.sources.background, *(a.facts for a in made.sources.articles)]
    for document in [*made.sources.ontology, *made.sources.shapes, *data]:
        if of is None or document.path in of:
            yield from check_literals(document)
            yield from _invisible(document.path, document.text, "violation")
    for document in data:
        if made.sources.ontology_complete and (of is None or document.path in of):
            for quad in document.quads:
                yield from _misused_term(document, quad, terms)
                yield from _invisible_value(document, quad)
    if made.sources.complete:
        yield from entities.check_mentions(made)
        yield from check_roles_of_quantities(made)
    for article in made.evidence:
        if of is None or article.article.text_path in of:
            yield from _invisible(article.article.text_path, article.article.text, "warning")
        for passage in article.passages:
            if of is None or article.article.facts.path in of or article.article.text_path in of:
                yield from _verbatim(article, passage)
                yield from _dates(article, passage)
                yield from _idle_date_words(article, passage)
                yield from check_amounts(article, passage)
            yield from _speaker(article, passage, made.statements)


def check_literals(document: Document) -> Iterator[Finding]:
    """The ill-formed literals of a document, but for reading dates, which are checked with their article."""
    for quad in document.quads:
        checked_there = quad.predicate.value == ENT + "readingDate"
        if isinstance(quad.object, Literal) and not checked_there and (problem := literals.problem(quad.object)):
            yield _on(document, quad, LITERAL, problem)


def _invisible(path: str, text: str, severity: str) -> Iterator[Finding]:
    """The first invisible character of a file: in a text, whose bytes are the evidence, a warning."""
    if hidden := invisible(text):
        line, column = line_column(text, hidden.start())
        message = f"the file has an invisible character, U+{ord(hidden[0]):04X}"
        hint = f"in a string of Turtle, write it as {clean(hidden[0])}; elsewhere, leave it out if nobody needs it"
        yield INVISIBLE.finding(path, message, line=line, column=column, severity=severity, hint=hint)


def _invisible_value(document: Document, quad: Quad) -> Iterator[Finding]:
    """The first invisible character of an IRI or literal, perhaps an escape; those of quotes are the text's."""
    terms = quad.subject, quad.predicate, quad.object
    names = [term.value for term in terms if isinstance(term, NamedNode)]
    value = quad.object.value if isinstance(quad.object, Literal) else ""
    if hidden := invisible(" ".join(names)):
        message, hint = f"an IRI has an invisible character, U+{ord(hidden[0]):04X}", "write the IRI without it"
        yield _on(document, quad, INVISIBLE, message, hint=hint)
    elif quad.predicate.value not in DESCRIPTION_PROPERTIES and (hidden := invisible(value)):
        message, hint = f"the text has an invisible character, U+{ord(hidden[0]):04X}", "copy words without it"
        yield _on(document, quad, INVISIBLE, message, hint=hint, severity="warning")


def _on(document: Document, quad: Quad, check: Check, message: str, *, whole: bool = True, **more: str) -> Finding:
    """A finding on a statement: at its object, or unless `whole` at its predicate."""
    triple = (quad.subject, quad.predicate, quad.object if whole else None)
    return document.finding(check, message, graph=iri(quad.graph_name), triple=triple, **more)


class _Terms:
    """The terms that facts may use, by what they may be used for: the ontology's, and some of other vocabularies."""

    def __init__(self, ontology: list[Triple]) -> None:
        self.classes = {SKOS + "Concept"}
        self.properties = set(EXTERNAL_PROPERTIES)
        others: set[str] = set()
        for t in ontology:
            if t.predicate.value == RDF_TYPE and isinstance(t.subject, NamedNode) and isinstance(t.object, NamedNode):
                term, kind = t.subject.value, t.object.value
                if kind == OWL + "Class":
                    self.classes.add(term)
                elif kind.startswith(OWL) and kind.endswith("Property"):
                    self.properties.add(term)
                elif not kind.startswith((OWL, RDF)):
                    others.add(term)
        self.all = self.classes | self.properties | others
        above = [(iri(t.subject), iri(t.object)) for t in ontology if t.predicate.value == RDFS + "subClassOf"]
        self.articles, self.passages = {ENT + "Article"}, {ENT + name for name in ("Aside", "Mention", "Passage")}
        for kinds in (self.articles, self.passages):
            while narrower := {sub for sub, kind in above if kind in kinds} - kinds:
                kinds |= narrower

    def describes(self, subject: str, predicate: str, value: str) -> bool:
        """Whether a statement on an article, a passage or an aside describes it, and is no fact."""
        passage = "#" in subject
        if predicate == RDF_TYPE:
            return value in (self.passages if passage else self.articles) or value not in self.classes
        return predicate in _OF_PASSAGES if passage else predicate in _OF_ARTICLES


def _misused_term(document: Document, quad: Quad, terms: _Terms) -> Iterator[Finding]:
    """A predicate, class or value that nothing declares, or that is used where it does not belong."""
    predicate, value = quad.predicate.value, quad.object
    if isinstance(quad.subject, BlankNode):
        return  # a finding already, and its parts may be those of a list
    name, describes = predicate.removeprefix(ENT), isinstance(quad.graph_name, DefaultGraph)
    of_evidence = iri(quad.subject).startswith(ARTICLE)
    written = getattr(value, "value", "")
    wrong: tuple[Check, str, str] | None = None
    if predicate not in terms.properties:
        wrong = UNKNOWN_TERM, "is no property of the ontology", _near(predicate, terms.properties)
    elif name in COMPUTED_FROM and predicate.startswith(ENT):
        wrong = COMPUTED_TERM, "is computed", f"write {COMPUTED_FROM[name]}, from which it is computed"
    elif describes and of_evidence and not terms.describes(iri(quad.subject), predicate, written):
        hint = "move it into the graph of a passage, on a thing under id: p:name { id:… }"
        wrong = FACT_OUTSIDE_PASSAGE, "is outside every passage: a fact needs a passage that says it", hint
    elif not describes and predicate in DESCRIPTION_PROPERTIES:
        hint = "write it outside the graph, or another property inside it"
        wrong = MISPLACED_TERM, "describes articles and passages, not things", hint
    elif not describes and of_evidence and predicate in EXTERNAL_PROPERTIES:
        wrong = MISPLACED_TERM, "describes things, not articles and passages", "write it of a thing under id:"
    elif iri(quad.graph_name).startswith(ARTICLE) and predicate in _LINKS and not written.startswith(namespaces.ID):
        wrong = MISPLACED_TERM, "is what no quote says", "write it in kg/background/, in a graph with its source"
    if wrong:
        check, problem, hint = wrong
        said = f"{compact(predicate)} {compact(written)}" if predicate == RDF_TYPE else compact(predicate)
        yield _on(document, quad, check, f"{said} {problem}", hint=hint, whole=predicate == RDF_TYPE)
    what, known = ("class", terms.classes) if predicate == RDF_TYPE else ("term", terms.all)
    if predicate == RDF_TYPE and isinstance(value, Literal):
        hint = _near(ENT + written, known)
        yield _on(document, quad, UNKNOWN_TERM, f"“{written}” is no class of the ontology", hint=hint)
    elif isinstance(value, NamedNode) and written not in known and (what == "class" or written.startswith(ENT)):
        hint = _near(written, known)
        yield _on(document, quad, UNKNOWN_TERM, f"{compact(written)} is no {what} of the ontology", hint=hint)


def _near(term: str, known: set[str]) -> str:
    if term == OWL + "sameAs":
        return "write skos:exactMatch: two descriptions of one thing need not agree in all they say"
    return namespaces.suggest(term, known) or "see docs/ontology.md for the terms"


def _verbatim(article: Evidence, passage: Passage) -> Iterator[Finding]:
    """Labels and other verbatim texts are in the quote of their passage (model, rule 6)."""
    for t in passage.triples:
        text = t.object.value if t.predicate.value in VERBATIM and isinstance(t.object, Literal) else ""
        if passage.quote and text not in passage.quote:
            name = namespaces.local_name(t.predicate.value)
            message = f"the {name} “{text}” is not in the quote of {_name(passage)}"
            hint = "copy it from the quote; a name from elsewhere belongs in kg/background/"
            yield _on(article.article.facts, _quad(passage, t), NOT_VERBATIM, message, hint=hint)


def _name(passage: Passage) -> str:
    return f"p:{namespaces.local_name(passage.iri)}"


def _quad(passage: Passage, t: Triple) -> Quad:
    return Quad(t.subject, t.predicate, t.object, NamedNode(passage.iri))


def _dates(article: Evidence, passage: Passage) -> Iterator[Finding]:
    """A date is what its passage's date words say, read against the article's reading date (model, rule 13)."""
    for t in passage.triples:
        date = t.object if t.predicate.value in DATED else None
        if isinstance(date, Literal) and (problem := _date_problem(article, passage, t.predicate.value, date)):
            severity, message, hint = problem
            yield _on(article.article.facts, _quad(passage, t), DATE_WORDS, message, hint=hint, severity=severity)


_RANGE = re.compile(r"(?:from|between)\b.+\b(?:to|until|till|and)\b|.*\d\s?[–-]\s?\d", re.IGNORECASE)


def _idle_date_words(article: Evidence, passage: Passage) -> Iterator[Finding]:
    """Date words that no date in the passage is: an end, or a start, that is left out."""
    literals = [(t.predicate.value, t.object) for t in passage.triples if isinstance(t.object, Literal)]
    stated = {(value.value, value.datatype.value) for _, value in literals}
    dated = {(value.value, value.datatype.value) for predicate, value in literals if predicate in DATED}
    if not passage.triples or not article.reading_date or not _languages(article) <= {"en"}:
        return
    read = {words: _said_dates(words, article.reading_date) for words in passage.date_words}
    if not dated <= {date for found in read.values() for date in found}:
        return  # a finding already
    for words, found in read.items():
        left = [] if not stated.isdisjoint(found) and not _RANGE.match(words) else [r for r in found if r not in stated]
        if left:
            message = f"{_name(passage)}: nothing has the date {left[0][0]}, which “{words}” says"
            hint = "add the ent:start, ent:end or ent:date that they give, or take the words out of ent:dateWords"
            place = (NamedNode(passage.iri), NamedNode(ENT + "dateWords"), None)
            more = {"hint": hint, "graph": "", "severity": "warning"}
            yield article.article.facts.finding(DATE_WORDS, message, triple=place, **more)


def _said_dates(words: str, reading_date: str) -> list[tuple[str, str]]:
    """The dates that date words may be, each with its datatype."""
    return [(r.lexical, XSD + r.datatype) for r in dates.resolve(words, reading_date)]


def _date_problem(article: Evidence, passage: Passage, predicate: str, date: Literal) -> Problem | None:
    try:
        values.bounds(date)
    except InputError as error:
        if error.rule == LITERAL.id:
            return None
        return "violation", f"{_name(passage)}: {error.message}: no words can say it", error.hint
    if not passage.date_words:
        hint = 'add ent:dateWords "…", the words of the quote that say when'
        return "violation", f"{_name(passage)} gives the date {date.value} without the words that say it", hint
    if not article.reading_date:
        return None
    words = f"“{'”, “'.join(passage.date_words)}”"
    known = [date for expression in passage.date_words for date in _said_dates(expression, article.reading_date)]
    spans = [week for expression in passage.date_words for week in dates.weeks(expression, article.reading_date)]
    read = known + _bounding_days(spans, predicate)
    if (date.value, date.datatype.value) in read:
        return None
    if not (read or spans) or not _languages(article) <= {"en"}:  # dates in words are read in English alone
        return "info", f"{words} cannot be read as a date: check {date.value} by hand", ""
    message = f"{_name(passage)}: {words}, read on {article.reading_date}, is not {date.value}"
    said = " or ".join(f'"{lexical}"^^xsd:{namespaces.local_name(datatype)}' for lexical, datatype in read)
    first, last = spans[0] if spans else ("", "")
    week = f'it is a week: write ent:notBefore "{first}"^^xsd:date ; ent:notAfter "{last}"^^xsd:date'
    return "violation", message, f"it reads {said}" if read else week


def _bounding_days(weeks: list[tuple[str, str]], predicate: str) -> list[tuple[str, str]]:
    """The days of weeks that may bound a date, with their datatype: the first ones, or for ent:notAfter the last."""
    at = {ENT + "notBefore": 0, ENT + "notAfter": 1}.get(predicate)
    return [] if at is None else [(week[at], XSD + "date") for week in weeks]


def _speaker(article: Evidence, passage: Passage, statements: Statements) -> Iterator[Finding]:
    """Each speaker is named in the quote, or in one that it is read with (model, rule 8)."""
    for speaker in map(NamedNode, passage.speakers):
        known = list(statements.about(speaker))
        names = [
            t.object.value for t in known if t.predicate.value in LABEL_PROPERTIES and isinstance(t.object, Literal)
        ]
        if known and not (
            any(name in quote for name in names for quote in _quotes(article, passage))
            or any(m.passage == passage.iri and speaker.value in m.things for m in article.mentions)  # “the bank”
        ):
            message = f"{_name(passage)}: its speaker {compact(speaker.value)} is not named in the quote"
            hint = "quote more, or add ent:readWith the passage that names the speaker; aliases and mentions count"
            triple = (NamedNode(passage.iri), NamedNode(ENT + "speaker"), speaker)
            yield article.article.facts.finding(UNNAMED_SPEAKER, message, hint=hint, triple=triple)


def _quotes(article: Evidence, passage: Passage) -> list[str]:
    """The quote of a passage, and those of the passages that it is read with."""
    return [passage.quote, *(p.quote for p in article.passages if p.iri in passage.read_with)]


def _languages(article: Evidence) -> set[str]:
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
    english = "en" in _languages(article)
    amounts = [a for quote in _quotes(article, passage) for a in find_amounts(quote, english=english)]
    for t, written, number in numbers:
        measures = [m for m in passage.triples if m.subject == t.subject and m.predicate.value == MEASURE]
        problems = [(m, _measure_problem(m, number, amounts, english)) for m in measures]
        problems.append((t, _number_problem(written, number, amounts, english)))
        for at, (severity, message, hint) in ((at, problem) for at, problem in problems if problem):
            quad, message = _quad(passage, at), f"{_name(passage)}: {message}"
            yield _on(article.article.facts, quad, NUMBER_WORDS, message, hint=hint, severity=severity)


def check_roles_of_quantities(made: Build) -> Iterator[Finding]:
    """Quantities in roles that take other measures: kilometres are no capacity."""
    taken: dict[str, set[str]] = {}
    for t in made.ontology:
        if t.predicate.value == ENT + "measuredIn" and isinstance(t.object, Literal):
            taken.setdefault(iri(t.subject), set()).add(t.object.value)
    known = set[str]().union(*taken.values())
    for article in made.evidence:
        for passage in article.passages:
            for t in (t for t in passage.triples if t.predicate.value in taken and iri(t.object)):
                stated = [*made.statements.about(t.object, MEASURE), *made.claimed.about(t.object, MEASURE)]
                for measure in sorted({getattr(m.object, "value", "") for m in stated}):
                    kind = _CURRENCY if measure in CURRENCIES else measure
                    if kind in known and kind not in taken[t.predicate.value]:
                        role, fits = compact(t.predicate.value), ", ".join(sorted(taken[t.predicate.value]))
                        message = f"{_name(passage)}: {role} is not measured in {measure}"
                        hint = f"it takes {fits}; look which quantity belongs here"
                        yield _on(article.article.facts, _quad(passage, t), MEASURE_OF_ROLE, message, hint=hint)


def _number(t: Triple) -> Iterator[tuple[Triple, str, Decimal]]:
    """The number that a triple gives, and how it is written; nothing for what is none, a finding of another check."""
    written = t.object.value if isinstance(t.object, Literal) else ""
    try:
        number = Decimal(written)
    except InvalidOperation:
        return
    if number.is_finite():
        yield t, written, number


def _number_problem(written: str, number: Decimal, amounts: list[Amount], english: bool) -> Problem | None:
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
    severity = "violation" if english else "warning"
    return (severity, f"no words of the quote say {written}", hint) if english or amounts else None


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
