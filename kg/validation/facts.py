"""Checks of facts: literals, terms, and texts, dates and numbers that the quote says (model, rules 1–13)."""

import re
from collections.abc import Container, Iterator

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
from kg.text.forms import PERSON, NameMatcher, flat, forms
from kg.text.periods import periods, relative
from kg.validation import amounts, entities

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
LABEL_PROPERTIES = frozenset({RDFS_LABEL, ALT_LABEL})
_START_LIMITS = ("startNotAfter", "startNotBefore")
DATED = frozenset(
    ENT + name
    for name in ("comparedWith", "date", "end", "notAfter", "notBefore", "rankedSince", "start", *_START_LIMITS)
)
_DCTERMS = "creator description issued language license publisher rights source title"
# What describes articles, passages and asides in a file's default graph (model, rule 5); the rest needs a passage.
_PASSAGE = (
    "acceptedBy dateWords mentionIn prefix proposedBy quote readWith reason refersTo saidAt speaker speech suffix"
)
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
    **dict.fromkeys(("article", "reading", "readingOrder", "textEnd", "textStart"), "ent:quote"),
    **dict.fromkeys(("unit", "unitKind"), "ent:quote"),
    **dict.fromkeys(("claimedBy", "passage"), "a passage with an ent:speaker"),
    **dict.fromkeys(("currentStatus", "statusStatedIn"), "ent:status"),
    **dict.fromkeys(("currentStage", "stageStatedIn"), "ent:stage"),
    **dict.fromkeys(("directType", "statedIn"), "rdf:type"),
}
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
            may_hide = "\\" in document.text or invisible(f"{document.base}{document.text}")
            for quad in document.quads:
                yield from _misused_term(document, quad, terms)
                yield from _invisible_value(document, quad) if may_hide else ()
    if made.sources.complete:
        yield from entities.check_mentions(made)
        yield from amounts.check_roles_of_quantities(made)
    for article in made.evidence:
        if of is None or article.article.text_path in of:
            yield from _invisible(article.article.text_path, article.article.text, "warning")
        for passage in article.passages:
            if of is None or article.article.facts.path in of or article.article.text_path in of:
                yield from _verbatim(article, passage)
                yield from _dates(article, passage)
                yield from _idle_date_findings(article, passage)
                yield from amounts.check_amounts(article, passage)
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
        if passage.quote and text not in passage.quote and not _is_in_capitals(t, passage.quote):
            name = namespaces.local_name(t.predicate.value)
            message = f"the {name} “{text}” is not in the quote of {_name(passage)}"
            hint = "copy it from the quote; a name from elsewhere belongs in kg/background/"
            yield _on(article.article.facts, _quad(passage, t), NOT_VERBATIM, message, hint=hint)


def _is_in_capitals(label: Triple, quote: str) -> bool:
    """Whether a label is a name that the quote prints in capitals: “Astana” of “ASTANA, 12 March – ”."""
    name = label.object.value if isinstance(label.object, Literal) else ""
    is_name = label.predicate.value in LABEL_PROPERTIES and name == name.title() != name.upper()
    return is_name and re.search(rf"(?<!\w){re.escape(name.upper())}(?!\w)", quote) is not None


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


def idle_date_words(article: Evidence, passage: Passage) -> dict[str, list[tuple[str, str]]]:
    """Date words that no date in the passage is, with the dates that they say: an end, or a start, that is left out."""
    literals = [(t.predicate.value, t.object) for t in passage.triples if isinstance(t.object, Literal)]
    stated = {(value.value, value.datatype.value) for _, value in literals}
    dated = {(value.value, value.datatype.value) for predicate, value in literals if predicate in DATED}
    if not passage.triples or not article.reading_date or not amounts.languages(article) <= {"en"}:
        return {}
    read = {words: _said_dates(words, article.reading_date) for words in passage.date_words}
    if not dated <= {date for found in read.values() for date in found}:
        return {}  # a finding already
    left = {
        words: [] if not stated.isdisjoint(found) and not _RANGE.match(words) else [r for r in found if r not in stated]
        for words, found in read.items()
    }
    return {words: found for words, found in left.items() if found}


def _idle_date_findings(article: Evidence, passage: Passage) -> Iterator[Finding]:
    for words, left in idle_date_words(article, passage).items():
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
    known += _counted_dates(article, passage)
    if predicate in _LIMITS:
        known += [date for e in passage.date_words for date in _said_dates(_limited(e), article.reading_date)]
    spans = [span for expression in passage.date_words for span in periods(expression, article.reading_date)]
    read = known + _bounding_days(spans, predicate)
    if (date.value, date.datatype.value) in read or _is_within(date, spans, predicate):
        return _bound_problem(article, passage, predicate, date)
    unread = [e for e in passage.date_words if not _can_be_read(_limited(e), article.reading_date)]
    if unread and (read or spans):
        message = f"{_name(passage)}: “{unread[0]}” cannot be read as a date: check {date.value} by hand"
        return "info", message, "make a passage of its own for each time, so that each date is compared with its words"
    if not (read or spans) or not amounts.languages(article) <= {"en"}:  # dates in words are read in English alone
        return "info", f"{words} cannot be read as a date: check {date.value} by hand", ""
    message = f"{_name(passage)}: {words}, read on {article.reading_date}, is not {date.value}"
    said = " or ".join(f'"{lexical}"^^xsd:{namespaces.local_name(datatype)}' for lexical, datatype in read)
    if len(passage.date_words) > 1:
        rows = ((e, _said_dates(e, article.reading_date)) for e in passage.date_words)
        said = ", ".join(f"“{e}” as {' or '.join(value for value, _ in found)}" for e, found in rows if found) or said
        said += "; if the words say several times, a passage for each tells which fact has which"
    first, last = spans[0] if spans else ("", "")
    bounds = f'it has two bounds: write ent:notBefore "{first}"^^xsd:date ; ent:notAfter "{last}"^^xsd:date'
    return "violation", message, f"it reads {said}" if read else bounds


def _can_be_read(words: str, reading_date: str) -> bool:
    """Whether words are read as a date, as a period, or as counted from another date."""
    found = _said_dates(words, reading_date) or periods(words, reading_date)
    return bool(found or relative(words, [(reading_date, "date")]))


def _bound_problem(article: Evidence, passage: Passage, predicate: str, date: Literal) -> Problem | None:
    """A limit of which the words say that it is the other one: “by late 2029” is no first time."""
    rivals = {ENT + "notBefore": (_UNTIL, "notAfter"), ENT + "notAfter": (_FROM, "notBefore")}
    pattern, right = rivals.get(predicate, (None, ""))
    day = article.reading_date
    giving = [e for e in passage.date_words if any(date.value == value for value, _ in _said_dates(_limited(e), day))]
    if pattern is None or not giving or any(_RANGE.match(e) for e in giving):
        return None
    before = [passage.quote[: passage.quote.find(e)] for e in giving]
    found = [
        pattern.match(e) or re.search(f"{pattern.pattern} ?\\Z", words, re.IGNORECASE)
        for e, words in zip(giving, before, strict=True)
    ]
    denied = any(re.search(r"(?:\b(?:not|no|never|nor)|n’t)\b[^.;]*\Z", words) for words in before)
    if not all(found) or (denied and right == "notAfter"):  # “not obliged to repay it before 2030”
        return None
    message = f"{_name(passage)}: “{giving[0]}” gives a limit that is no ent:{namespaces.local_name(predicate)}"
    return "violation", message, f"write ent:{right}"


# Right before a date, or at the beginning of its words.
_PART = r"\b(?: (?:the|end|start|beginning|middle|of|early|late|mid))*"
_UNTIL = re.compile(rf"(?<!not )\b(?:by|until|till|before|(?:no|not) later than|at the latest){_PART}", re.IGNORECASE)
_FROM = re.compile(
    rf"\b(?:not before|not until|no(?:t)? (?:earlier|sooner) than|(?<!not )(?:from|after|since)){_PART}", re.IGNORECASE
)


def _limited(words: str) -> str:
    """Date words without those that make a limit of the date: “no later than 3 May”."""
    return re.sub(r"^(?:no|not) (?:(?:earlier|later|sooner) than|before|after|until) ", "", words, flags=re.IGNORECASE)


def _counted_dates(article: Evidence, passage: Passage) -> list[tuple[str, str]]:
    """What words such as “a year later” mean, counted from the dates of the passage and of those it is read with."""
    read = (passage, *(p for p in article.passages if p.iri in passage.read_with))
    words = [expression for p in read for expression in p.date_words]
    bases = [(d.lexical, d.datatype) for e in words for d in dates.resolve(e, article.reading_date)]
    spans = [span for e in words for span in periods(e, article.reading_date)]
    bases += [(first[:4], "gYear") for first, last in spans if first[:4] == last[:4]]  # “the spring of 2021”
    return [(v, XSD + datatype) for e in passage.date_words for v, datatype in relative(e, bases)]


def _bounding_days(spans: list[tuple[str, str]], predicate: str) -> list[tuple[str, str]]:
    """The days of periods that may bound a date, with their datatype: the first ones, or for ent:notAfter the last."""
    at = 0 if predicate in _FIRST - {ENT + "start"} else 1 if predicate in _LAST - {ENT + "end"} else None
    return [] if at is None else [(span[at], XSD + "date") for span in spans]


def _is_within(date: Literal, spans: list[tuple[str, str]], predicate: str) -> bool:
    """Whether a year is that of a season or the like, or a year or month begins or ends a period, as it is told."""
    sort, value = date.datatype.value, date.value
    if sort == XSD + "gYear" and any(value in (a[:4], z[:4]) for a, z in spans if int(z[:4]) - int(a[:4]) < _DECADE):
        return True
    days = {span[predicate in _LAST] for span in spans if predicate in _FIRST | _LAST}
    return sort in (XSD + "gYear", XSD + "gYearMonth") and value in {day[: len(value)] for day in days}


_FIRST = frozenset(ENT + name for name in ("notBefore", "start", "startNotBefore"))
_LAST = frozenset(ENT + name for name in ("end", "notAfter", "startNotAfter"))
_LIMITS = frozenset(ENT + name for name in ("notBefore", "notAfter", *_START_LIMITS))
_DECADE = 9  # years from its first to its last


def _speaker(article: Evidence, passage: Passage, statements: Statements) -> Iterator[Finding]:
    """Each speaker is named in the quote, or in one that it is read with (model, rule 8)."""
    near = {passage.iri, *passage.read_with}
    for speaker in map(NamedNode, passage.speakers):
        known = list(statements.about(speaker))
        names = [
            t.object.value for t in known if t.predicate.value in LABEL_PROPERTIES and isinstance(t.object, Literal)
        ]
        person = NamedNode(ENT + "Person") in {t.object for t in known}
        parts = NameMatcher((form, "") for name in names if person for form in forms(name, PERSON, {}))  # “Velindi”
        if known and not (
            any(
                any(name in quote for name in names) or parts.find(flat(quote))
                for quote in amounts.quotes_of(article, passage)
            )
            or any(m.passage in near and speaker.value in m.things for m in article.mentions)  # “the bank”
        ):
            message = f"{_name(passage)}: its speaker {compact(speaker.value)} is not named in the quote"
            hint = "quote more, or add ent:readWith the passage that names the speaker; aliases and mentions count"
            triple = (NamedNode(passage.iri), NamedNode(ENT + "speaker"), speaker)
            yield article.article.facts.finding(UNNAMED_SPEAKER, message, hint=hint, triple=triple)
