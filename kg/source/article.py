"""Reads an article: its text, and the quotes that its facts file cites, each located in the text.

A passage has facts, an aside has none. Quotes are exact, and segments are read as far as they are quoted (model, rules
1 to 6). What breaks a rule becomes a finding on the statement that breaks it. Offsets count code points, end exclusive.
"""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from pyoxigraph import DefaultGraph, Literal, NamedNode, Triple

from kg.errors import InputError
from kg.findings import Check, Finding
from kg.rdf import terms
from kg.rdf.namespaces import ARTICLE, BACKGROUND, DCTERMS, ENT, RDF_TYPE, XSD, short, suggest
from kg.rdf.terms import Term
from kg.rdf.tokens import line_column
from kg.rdf.values import bounds
from kg.source.documents import ArticleSources
from kg.source.graphs import (
    ARTICLE_CLASS,
    ASIDE,
    MENTION,
    PASSAGE,
    UNDESCRIBED_ARTICLE,
    Described,
    Values,
    check_article_graphs,
)
from kg.source.layout import GraphFolder, article_folders, read_regular
from kg.text import quotes, segments
from kg.text.alignment import Nearest
from kg.text.normalisation import Normalised, crosses_line

_MOST_NOTICE = 10_000_000  # bytes
MAX_QUOTE = 1000  # code points; a receipt is read at a glance
LOCAL_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*\Z")

READING_DATE = Check(
    "reading-date",
    "An article has one reading date, a day.",
    "It is the day on which relative dates such as “on Friday” are read.",
    wrong='ent:readingDate "May 2019" ;',
    right='ent:readingDate "2019-05-16"^^xsd:date ;',
)
READING_DATE_BASIS = Check(
    "reading-date-basis",
    "The reading date of an article has a reason (ent:basis), and where that is known from (ent:basisSource).",
    "All relative dates of the article depend on it, so that a reader must be able to check it.",
    wrong='ent:readingDate "2019-05-16"^^xsd:date ;',
    right='ent:readingDate "2019-05-16"^^xsd:date ;\n'
    '    ent:basis "An invented article, dated by whoever invented it."@en ;',
    severities=("warning",),
)
_BASIS_HINT = "add ent:basis “…”@en and ent:basisSource <a background graph, the page, or the article if it says so>"
NOTICE = Check(
    "notice",
    "Where a graph folder has a file NOTICE, that names each article by its folder.",
    "The text of an article is its publisher's: whoever passes it on must be able to say whose it is.",
    wrong="- 2018-03-radar-deal: “A radar deal”, © Sudmark Herald.",
    right="- 2019-05-lorvia-sudmark: “Lorvia’s president heads to Melk for radar deal”, © Sudmark Herald.",
    severities=("warning",),
)
PASSAGE_NAME = Check(
    "passage-name",
    "Names of passages are lower-case words with hyphens that say what the passage is about.",
    "The names are part of published IRIs; a number says nothing and changes with the text.",
    wrong='p:unit-1 a ent:Aside ; ent:quote "to buy" ; ent:reason "Said by the deal."@en .',
    right='p:purchase a ent:Aside ; ent:quote "to buy" ; ent:reason "Said by the deal."@en .',
)
QUOTE = Check(
    "quote",
    "A passage has exactly one quote.",
    "The quote is the evidence of all facts of the passage.",
    wrong='p:purchase a ent:Aside ; ent:reason "Said by the deal."@en .',
    right='p:purchase a ent:Aside ; ent:quote "to buy" ; ent:reason "Said by the deal."@en .',
)
LONG_QUOTE = Check(
    "long-quote",
    "A quote is not empty, lies within one line of the text and has at most 1,000 characters.",
    "A receipt is read at a glance; nobody reads a page to check one fact.",
    wrong=r'p:radar a ent:Aside ; ent:quote "radar deal\n\nLorvia’s President" ; ent:reason "Said below."@en .',
    right='p:radar a ent:Aside ; ent:quote "radar deal" ; ent:reason "Said below."@en .',
)
AMBIGUOUS_QUOTE = Check(
    "ambiguous-quote",
    "A quote occurs once in its article, or a prefix or suffix says which occurrence is meant.",
    "The offsets of a quote that occurs twice would be a guess.",
    wrong='p:host a ent:Aside ; ent:quote "Sudmark" ; ent:reason "Said by the visit."@en .',
    right='p:host a ent:Aside ; ent:quote "Sudmark" ; ent:prefix "visit " ; ent:reason "Said by the visit."@en .',
)
DISPLACED_QUOTE = Check(
    "displaced-quote",
    "A quote occurs between the prefix and the suffix that are given with it.",
    "A prefix that is not there points to another version of the text.",
    wrong='p:host a ent:Aside ; ent:quote "Sudmark" ; ent:prefix "meet " ; ent:reason "Said by the visit."@en .',
    right='p:host a ent:Aside ; ent:quote "Sudmark" ; ent:prefix "visit " ; ent:reason "Said by the visit."@en .',
)
FOLDED_QUOTE = Check(
    "folded-quote",
    "A quote equals the text of its article character by character.",
    "Another apostrophe or space looks the same and breaks every tool that searches for the quote.",
    wrong='ent:quote "Lorvia\'s president heads to Melk" ;',
    right='ent:quote "Lorvia’s president heads to Melk" ;',
)
MISQUOTE = Check(
    "misquote",
    "A quote occurs in its article.",
    "Facts that rest on words which nobody wrote have no evidence. Copy quotes, never type them.",
    wrong='p:strait a ent:Aside ; ent:quote "to guard the strait" ; ent:reason "Said above."@en .',
    right='p:strait a ent:Aside ; ent:quote "to watch the strait" ; ent:reason "Said above."@en .',
)
ASIDE_REASON = Check(
    "aside-reason",
    "An aside says why its quote yields no fact.",
    "Without a reason nobody can tell what was left out on purpose from what was overlooked.",
    wrong='p:purchase a ent:Aside ; ent:quote "to buy" .',
    right='p:purchase a ent:Aside ; ent:quote "to buy" ; ent:reason "Said by the deal."@en .',
)
EMPTY_PASSAGE = Check(
    "empty-passage",
    "A passage supports at least one fact.",
    "It would count its quote as read although nothing was taken from it.",
    wrong='p:purchase a ent:Passage ; ent:quote "to buy" .',
    right='p:purchase a ent:Aside ; ent:quote "to buy" ; ent:reason "Said by the deal."@en .',
)
UNNAMED_SPEAKER = Check(
    "unnamed-speaker",
    "Reported speech has a speaker, whose name is in the quote or in a passage that it is read with.",
    "What somebody says is a claim of theirs; the receipt must show whose.",
    wrong="ent:speech ent:quoted .",
    right="ent:speaker id:ana-tarn ;\n    ent:speech ent:quoted .",
)
WORDS_FOR_THING = Check(
    "words-for-thing",
    "A relation that the ontology has for things leads to an IRI and not to a text.",
    "A text is no thing: nothing can be said of it, and no query finds it.",
    wrong='ent:speaker "Ana Tarn" ;',
    right="ent:speaker id:ana-tarn ;",
)
DATE_WORDS = Check(
    "date-words",
    "A date is what its passage's date words (ent:dateWords) say, read on the article's reading date.",
    "Dates are the facts that go wrong most often. Here “on Friday”, read on Thursday 16 May 2019, is 17 May.",
    wrong='ent:start "2019-05-18"^^xsd:date ;',
    right='ent:start "2019-05-17"^^xsd:date ;',
    severities=("violation", "warning", "info"),
)
READ_WITH = Check(
    "read-with",
    "A passage is read with (ent:readWith) other passages of its own article.",
    "A context that is not there cannot be shown with the quote.",
    wrong="ent:readWith p:visits .",
    right="ent:readWith p:visit .",
)
MENTIONED = Check(
    "mention",
    "A mention says in which passage (ent:mentionIn) which of its words mean which things (ent:refersTo).",
    "What an author takes “the two presidents” to mean is for a reader to see: two things, and none by another's name.",
    wrong='p:radars a ent:Mention ; ent:mentionIn p:watch ; ent:quote "The radars" .',
    right='p:radars a ent:Mention ; ent:mentionIn p:watch ; ent:quote "The radars" ; ent:refersTo id:coastal-radars .',
    severities=("violation", "warning"),
)
COVERAGE = Check(
    "coverage",
    "All letters and digits of an article are quoted by passages and asides.",
    "What nobody has quoted may have been overlooked.",
    wrong='ent:quote "Monday." ;',
    right='ent:quote "on Monday." ;',
    severities=("warning",),
)


@dataclass(frozen=True)
class Passage:
    """A quote, text[start:end] of the article, and the triples that it supports; or an aside, with a reason instead.

    Of several `speakers` (IRIs, sorted) each says the same: a joint statement.
    """

    iri: str
    quote: str
    start: int
    end: int
    triples: tuple[Triple, ...] = ()
    speakers: tuple[str, ...] = ()
    read_with: tuple[str, ...] = ()
    date_words: tuple[str, ...] = ()
    reason: str = ""

    @property
    def reported(self) -> bool:
        """Whether this is reported speech, which the article does not assert."""
        return bool(self.speakers)


@dataclass(frozen=True)
class Mention:
    """Words of a passage's quote, text[start:end] of the article, and the IRIs of the things that they mean."""

    iri: str
    passage: str
    words: str
    start: int
    end: int
    things: tuple[str, ...]


@dataclass
class Evidence:
    """What the facts file of an article has: its description, passages, asides and mentions, in the order of the text.

    `readings` say how far each segment of the text is covered by them.
    """

    article: ArticleSources
    iri: str
    reading_date: str = ""
    description: list[Triple] = field(default_factory=list)
    passages: list[Passage] = field(default_factory=list)
    asides: list[Passage] = field(default_factory=list)
    mentions: list[Mention] = field(default_factory=list)
    readings: list[segments.Coverage] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    @property
    def asserted(self) -> list[Passage]:
        """The passages that are not reported speech."""
        return [p for p in self.passages if not p.reported]

    @property
    def reported(self) -> list[Passage]:
        """The passages that are reported speech."""
        return [p for p in self.passages if p.reported]

    def report(
        self, check: Check, message: str, iri: str, predicate: str = "", value: Term | None = None, *, hint: str = ""
    ) -> None:
        """Add a finding on a statement of the default graph; `predicate` is a local name of our ontology."""
        triple = (NamedNode(iri), NamedNode(ENT + predicate) if predicate else None, value)
        self.findings.append(self.article.facts.finding(check, message, hint=hint, graph="", triple=triple))


def check_notice(graph_folder: GraphFolder) -> Iterator[Finding]:
    """A finding for each article that the file NOTICE of a graph folder, where there is one, does not name."""
    try:
        data = read_regular(os.path.join(graph_folder.root, "NOTICE"), _MOST_NOTICE)
    except OSError:
        return
    named = set(re.findall(r"[\w-]+", data.decode("utf-8", "replace")))
    for folder in article_folders(graph_folder) if os.path.isdir(graph_folder.articles) else ():
        name = os.path.basename(folder)
        if name not in named:
            message = f"NOTICE does not say whose the text of the article {name} is"
            yield NOTICE.finding("NOTICE", message, hint=f"add a line: - {name}: “its title”, © its publisher.")


def read_article(article: ArticleSources) -> Evidence:
    """Read and check the facts file of an article."""
    evidence = Evidence(article, ARTICLE + article.name)
    graphs: dict[str, dict[Triple, None]] = {}
    for quad in article.facts.quads:
        if isinstance(quad.graph_name, NamedNode):
            graphs.setdefault(quad.graph_name.value, {})[quad.triple] = None
        elif isinstance(quad.graph_name, DefaultGraph):
            evidence.description.append(quad.triple)
    subjects = terms.described(evidence.description).items()
    described: Described = {s.value: values for s, values in subjects if isinstance(s, NamedNode)}  # type: ignore[misc]
    evidence.findings += check_article_graphs(article.facts, evidence.iri, described)
    _read_description(evidence, described.get(evidence.iri, {}))
    for iri, values in described.items():
        kinds = values.get(RDF_TYPE, [])
        if PASSAGE in kinds or ASIDE in kinds:
            _read_passage(evidence, iri, values, tuple(graphs.get(iri, ())))
    for passages in (evidence.passages, evidence.asides):
        passages.sort(key=lambda p: (p.start, -p.end))
    _read_mentions(evidence, described)
    _check_links(evidence)
    _check_coverage(evidence)
    return evidence


def _read_description(evidence: Evidence, values: Values) -> None:
    article = evidence.article
    if ARTICLE_CLASS in values.get(RDF_TYPE, []):
        _read_date(evidence, values)
    elif not any(f.rule == UNDESCRIBED_ARTICLE.id for f in evidence.findings):
        hint = f"describe it: <{evidence.iri}> a ent:Article ; dcterms:title “…” ; ent:readingDate “…”^^xsd:date ."
        message = f"the article {article.name} is not described in its facts file"
        evidence.findings.append(article.facts.finding(UNDESCRIBED_ARTICLE, message, hint=hint))


def _read_date(evidence: Evidence, values: Values) -> None:
    dates = values.get(ENT + "readingDate", [])
    (date,) = dates if len(dates) == 1 else [None]
    problem = _date_problem(date) if date else f"it has {len(dates) or 'none'}"
    if problem:
        message = f"the article {evidence.article.name} needs one reading date: {problem}"
        hint = "state one ent:readingDate “YYYY-MM-DD”^^xsd:date, the day against which “on Tuesday” is read"
        evidence.report(READING_DATE, message, evidence.iri, "readingDate", date, hint=hint)
    elif date:
        evidence.reading_date = date.value
        if missing := [f"ent:{name}" for name in ("basis", "basisSource") if ENT + name not in values]:
            message = f"the reading date has no {' and no '.join(missing)}: say how it is known"
            evidence.report(READING_DATE_BASIS, message, evidence.iri, hint=_BASIS_HINT)
    for source in values.get(DCTERMS + "source", []):
        if source.value.startswith(BACKGROUND):
            message = "dcterms:source is where the article was published, not where its reading date is known from"
            place = (NamedNode(evidence.iri), NamedNode(DCTERMS + "source"), source)
            evidence.findings.append(
                evidence.article.facts.finding(READING_DATE_BASIS, message, hint=_BASIS_HINT, graph="", triple=place)
            )


def _date_problem(date: NamedNode | Literal) -> str:
    try:
        day = isinstance(date, Literal) and date.datatype.value == XSD + "date" and date.value in bounds(date)
    except InputError as error:
        return error.message
    return "" if day else f"{date.value} is no day"


# Passages


def _read_passage(evidence: Evidence, iri: str, values: Values, triples: tuple[Triple, ...]) -> None:
    aside = ASIDE in values.get(RDF_TYPE, [])
    quote, start, end = _read_quote(evidence, iri, values, segments.unwrap(evidence.article.text))
    _check_name(evidence, iri)
    speakers = tuple(sorted(o.value for o in values.get(ENT + "speaker", []) if isinstance(o, NamedNode)))
    read_with = sorted(o.value for o in values.get(ENT + "readWith", []) if isinstance(o, NamedNode))
    date_words = tuple(o.value for o in values.get(ENT + "dateWords", []))
    reason = next((o.value for o in values.get(ENT + "reason", [])), "")
    passage = Passage(iri, quote, start, end, triples, speakers, tuple(read_with), date_words, reason)
    for check, message, hint in _problems(passage, values, aside):
        evidence.report(check, message, iri, hint=hint)
    _check_values(evidence, passage, values)
    (evidence.asides if aside else evidence.passages).append(passage)


def _check_name(evidence: Evidence, iri: str) -> None:
    if not LOCAL_NAME.match(_local(iri)) or re.fullmatch("unit-[0-9]+", _local(iri)):
        hint = "write lower-case words with hyphens, not unit-1: p:gas-deal"
        evidence.report(PASSAGE_NAME, f"p:{_local(iri)} is no good name for a passage", iri, hint=hint)


def _read_quote(evidence: Evidence, iri: str, values: Values, text: str, where: str = "") -> tuple[str, int, int]:
    """The quote of a passage and its place in the text; `where` says what text that is if it is not the article's.

    A quote that does not occur there once is a finding. Its passage is read all the same, at the nearest place or at
    none (0, 0), so that one mistake in a quote is one finding and not one more for each fact of the passage.
    """
    name, found = _local(iri), values.get(ENT + "quote", [])
    if len(found) != 1:
        message = f"p:{name} has {len(found) or 'no'} quote{'s' if found else ''}: a passage is one quote"
        hint = "add ent:quote “…” with the article's very words" if not found else _SPLIT
        evidence.report(QUOTE, message, iri, "quote", hint=hint)
        return "", 0, 0
    (said,) = found
    quote = said.value
    if problem := _shape_problem(quote):
        wrapped = crosses_line(quote) and quote.replace("\n", " ") in text
        hint = "write a space for the line break" if wrapped else _SPLIT
        evidence.report(LONG_QUOTE, f"p:{name}: {problem}", iri, "quote", said, hint=hint)
        return quote, 0, 0
    prefix, suffix = (next((o.value for o in values.get(ENT + key, [])), "") for key in ("prefix", "suffix"))
    match = quotes.find(text, quote, prefix, suffix, whole=bool(where))
    start = end = 0
    if isinstance(match, quotes.Found | Normalised | Nearest):
        start, end = match.start, match.end
    elif isinstance(match, quotes.Ambiguous | quotes.Displaced):
        start, end = match.starts[0], match.starts[0] + len(quote)
    if not isinstance(match, quotes.Found):
        check, message = _quote_problem(match, where or evidence.article.text_path)
        evidence.report(
            check, f"p:{name}: {message}", iri, "quote", said, hint=quotes.explain(quote, match, where or "the article")
        )
    return text[start:end] or quote, start, end


_SPLIT = "split it into passages that each say one thing"


def _shape_problem(quote: str) -> str:
    if not quote.strip():
        return "the quote is empty"
    if crosses_line(quote):
        return "the quote runs over a line break: a passage lies within one line of the text"
    return f"the quote has {len(quote)} characters, more than {MAX_QUOTE}" if len(quote) > MAX_QUOTE else ""


def _quote_problem(match: quotes.Match, text_path: str) -> tuple[Check, str]:
    if isinstance(match, quotes.Ambiguous):
        return AMBIGUOUS_QUOTE, f"the quote stands {len(match.starts)} times in {text_path}"
    if isinstance(match, quotes.Displaced):
        return DISPLACED_QUOTE, f"the quote stands in {text_path}, but not between this prefix and suffix"
    if isinstance(match, Normalised):
        return FOLDED_QUOTE, f"the quote is not letter by letter what {text_path} says"
    return MISQUOTE, f"the quote does not stand in {text_path}"


def _problems(passage: Passage, values: Values, aside: bool) -> Iterator[tuple[Check, str, str]]:
    """What a passage lacks or has twice: check, message and hint."""
    name, speakers = f"p:{_local(passage.iri)}", values.get(ENT + "speaker", [])
    if aside and not passage.reason.strip():
        yield ASIDE_REASON, f"the aside {name} gives no reason", "add ent:reason “why it yields no fact”@en"
    if not aside and not passage.triples:
        hint = "add its facts, or make it an aside with an ent:reason"
        yield EMPTY_PASSAGE, f"the passage {name} supports no fact", hint
    if ENT + "speech" in values and not speakers:
        hint = "add ent:speaker id:…, whose speech it is"
        yield UNNAMED_SPEAKER, f"{name} is reported speech without a speaker", hint


def _check_values(evidence: Evidence, passage: Passage, values: Values) -> None:
    """Check that relations lead to IRIs, and that date words are in the quote."""
    name = _local(passage.iri)
    for predicate in ("readWith", "speaker"):
        for value in (o for o in values.get(ENT + predicate, []) if isinstance(o, Literal)):
            message = f"p:{name}: ent:{predicate} has the text “{value.value}” where a thing belongs"
            hint = "write its name: id:… for a person, p:… for a passage"
            evidence.report(WORDS_FOR_THING, message, passage.iri, predicate, value, hint=hint)
    for words in passage.date_words:
        if passage.quote and words not in passage.quote:
            message, hint = f"p:{name}: the date words “{words}” are not in its quote", "copy them from the quote"
            evidence.report(DATE_WORDS, message, passage.iri, "dateWords", Literal(words), hint=hint)


def _read_mentions(evidence: Evidence, described: Described) -> None:
    """The mentions, each with its words in the quote of its passage (model, rule 30)."""
    passages = {p.iri: p for p in evidence.passages}
    for iri, values in described.items():
        if MENTION not in values.get(RDF_TYPE, []) or iri in passages:
            continue
        _check_name(evidence, iri)
        places = [o.value for o in values.get(ENT + "mentionIn", [])]
        things = tuple(sorted(o.value for o in values.get(ENT + "refersTo", []) if isinstance(o, NamedNode)))
        if len(places) != 1 or places[0] not in passages:
            known = suggest(places[0], passages) if len(places) == 1 else ""
            hint = known or "add ent:mentionIn p:…, the passage of this file in whose quote the words are"
            evidence.report(MENTIONED, f"p:{_local(iri)} is in no passage, or in several", iri, "mentionIn", hint=hint)
        elif not things:
            hint = "add ent:refersTo id:…, for each thing that the words mean"
            evidence.report(MENTIONED, f"p:{_local(iri)} does not say whom or what its words mean", iri, hint=hint)
        elif (passage := passages[places[0]]).quote:
            where = f"the quote of p:{_local(passage.iri)}"
            words, start, end = _read_quote(evidence, iri, values, passage.quote, where)
            mention = Mention(iri, passage.iri, words, passage.start + start, passage.start + end, things)
            evidence.mentions.append(mention)
    evidence.mentions.sort(key=lambda m: (m.start, -m.end))


def _check_links(evidence: Evidence) -> None:
    known = {p.iri for p in [*evidence.passages, *evidence.asides]}
    for passage in evidence.passages:
        for other in (o for o in passage.read_with if o not in known or o == passage.iri):
            whom = "itself" if other == passage.iri else f"{short(other)}, which is no passage of this file"
            message = f"p:{_local(passage.iri)} is read with {whom}"
            hint = suggest(other, known - {passage.iri}) or "name another passage of this article"
            evidence.report(READ_WITH, message, passage.iri, "readWith", NamedNode(other), hint=hint)


def _check_coverage(evidence: Evidence) -> None:
    """How far the text is read; an empty passage reads nothing, but is one finding (`empty-passage`), not two."""
    text, every = evidence.article.text, [*evidence.passages, *evidence.asides]
    words = segments.unwrap(text)
    split, filled = segments.segments(text), [p for p in every if p.triples or p.reason.strip()]
    evidence.readings = segments.coverage(text, split, [(p.start, p.end) for p in filled])
    for reading in segments.coverage(text, split, [(p.start, p.end) for p in every]):
        for start, end in reading.uncovered:
            message, (line, column) = f"not read: “{words[start:end]}”", line_column(text, start)
            hint = "quote it in a passage, or in an ent:Aside with the reason why it yields no fact"
            finding = COVERAGE.finding(evidence.article.text_path, message, line=line, column=column, hint=hint)
            evidence.findings.append(finding)


def _local(iri: str) -> str:
    return iri.rpartition("#")[2]
