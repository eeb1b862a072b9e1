"""An article's evidence: its passages and asides, each quote held against the text, and how far each unit is read.

The rules are 1 to 6 of the model. What breaks one becomes a finding on the statement that breaks it.
"""

import re
from dataclasses import dataclass, field

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, Triple

from kg import quotes, units
from kg.findings import Finding
from kg.sources import Article, Document
from kg.vocabulary import ARTICLE, DCTERMS, ENT, RDF_TYPE, compact

MAX_QUOTE = 1000  # code points; a receipt that nobody reads at a glance is none
PASSAGE, ASIDE, ARTICLE_CLASS = ENT + "Passage", ENT + "Aside", ENT + "Article"
LOCAL_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*\Z")


@dataclass(frozen=True)
class Passage:
    """A verbatim quote and the triples that it supports; an aside has a reason in their place.

    `start` and `end` count code points of the article's text, end exclusive.
    """

    iri: str
    quote: str
    start: int
    end: int
    triples: tuple[Triple, ...] = ()
    speaker: str = ""
    read_with: tuple[str, ...] = ()
    date_words: tuple[str, ...] = ()
    reason: str = ""

    @property
    def reported(self) -> bool:
        """Whether this is somebody's speech, which the article does not vouch for."""
        return bool(self.speaker)


@dataclass
class Evidence:
    """All that one article's facts file says of its text, in the order of the text."""

    article: Article
    iri: str
    reading_date: str = ""
    description: list[Triple] = field(default_factory=list)
    passages: list[Passage] = field(default_factory=list)
    asides: list[Passage] = field(default_factory=list)
    readings: list[units.Reading] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    @property
    def asserted(self) -> list[Passage]:
        """The passages in which the article itself speaks."""
        return [p for p in self.passages if not p.reported]

    @property
    def reported(self) -> list[Passage]:
        """The passages in which somebody else does."""
        return [p for p in self.passages if p.reported]


def read(article: Article) -> Evidence:
    """Check an article's facts file against its text and give its passages."""
    evidence = Evidence(article, ARTICLE + article.name)
    evidence.description = [q.triple for q in article.facts.quads if isinstance(q.graph_name, DefaultGraph)]
    described = _described(article.facts)
    graphs = _graphs(article.facts)
    _check_default_graph(evidence, described)
    _check_graphs(evidence, described, graphs)
    _read_article(evidence, described.get(evidence.iri, {}))
    for iri, values in described.items():
        kinds = values.get(RDF_TYPE, [])
        if NamedNode(PASSAGE) in kinds or NamedNode(ASIDE) in kinds:
            _read_passage(evidence, iri, values, graphs.get(iri, ()))
    evidence.passages.sort(key=lambda p: (p.start, -p.end))
    evidence.asides.sort(key=lambda p: (p.start, -p.end))
    _check_links(evidence)
    _check_coverage(evidence)
    return evidence


Described = dict[str, dict[str, list[NamedNode | Literal]]]


def _described(facts: Document) -> Described:
    """The default graph as {subject: {predicate: [objects]}}, in the order of the file."""
    described: Described = {}
    for quad in facts.quads:
        if isinstance(quad.graph_name, DefaultGraph) and isinstance(quad.subject, NamedNode):
            values = described.setdefault(quad.subject.value, {})
            values.setdefault(quad.predicate.value, []).append(quad.object)  # type: ignore[arg-type]
    return described


def _graphs(facts: Document) -> dict[str, tuple[Triple, ...]]:
    graphs: dict[str, dict[Triple, None]] = {}
    for quad in facts.quads:
        if isinstance(quad.graph_name, NamedNode):
            graphs.setdefault(quad.graph_name.value, {})[quad.triple] = None
    return {iri: tuple(triples) for iri, triples in graphs.items()}


def _check_default_graph(evidence: Evidence, described: Described) -> None:
    facts, own = evidence.article.facts, (evidence.iri, evidence.iri + "#")
    for quad in facts.quads:
        if isinstance(quad.subject, BlankNode) or isinstance(quad.object, BlankNode):
            evidence.findings.append(_blank(facts, quad))
    for iri, values in described.items():
        if iri != own[0] and not iri.startswith(own[1]):
            message = f"{compact(iri)} stands outside every passage: a fact needs a passage that says it"
            hint = f"move it into the graph of a passage: p:name {{ {compact(iri)} … }}"
            evidence.findings.append(_at(facts, "fact-outside-passage", message, iri, hint=hint))
        elif iri != own[0] and not {PASSAGE, ASIDE} & {str(getattr(k, "value", "")) for k in values.get(RDF_TYPE, [])}:
            message = f"p:{iri[len(own[1]) :]} is neither a passage nor an aside"
            evidence.findings.append(_at(facts, "undeclared-passage", message, iri, hint="add `a ent:Passage`"))


def _blank(facts: Document, quad: Quad) -> Finding:
    hint = "give the thing an IRI under id:, so that other passages can speak of it"
    graph = quad.graph_name.value if isinstance(quad.graph_name, NamedNode) else None
    message = "a blank node in the facts: nothing can refer to it"
    return facts.finding("blank-node", message, hint=hint, graph=graph, triple=(quad.subject, quad.predicate, None))


def _check_graphs(evidence: Evidence, described: Described, graphs: dict[str, tuple[Triple, ...]]) -> None:
    facts = evidence.article.facts
    for iri in graphs:
        kinds = described.get(iri, {}).get(RDF_TYPE, [])
        if not iri.startswith(evidence.iri + "#"):
            message = f"the graph {compact(iri)} belongs to another article than {evidence.article.name}"
            hint = f"name it in the namespace <{evidence.iri}#>"
            evidence.findings.append(facts.finding("foreign-graph", message, hint=hint, graph=iri))
        elif NamedNode(ASIDE) in kinds:
            message = f"the aside p:{_local(iri)} has facts: an aside is what yields none"
            evidence.findings.append(facts.finding("aside-with-facts", message, hint="make it a passage", graph=iri))
        elif NamedNode(PASSAGE) not in kinds:
            hint = f"declare it: p:{_local(iri)} a ent:Passage ; ent:quote “…” ."
            message = f"the graph p:{_local(iri)} is no passage of this file"
            evidence.findings.append(facts.finding("undeclared-passage", message, hint=hint, graph=iri))


def _read_article(evidence: Evidence, values: dict[str, list[NamedNode | Literal]]) -> None:
    facts = evidence.article.facts
    dates = [o.value for o in values.get(ENT + "readingDate", [])]
    if NamedNode(ARTICLE_CLASS) not in values.get(RDF_TYPE, []):
        hint = f"describe it: <{evidence.iri}> a ent:Article ; dcterms:title “…” ; ent:readingDate “…”^^xsd:date ."
        message = f"the article {evidence.article.name} is not described in its facts file"
        evidence.findings.append(facts.finding("undescribed-article", message, hint=hint))
    elif len(dates) != 1 or not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", dates[0]):
        hint = "state one ent:readingDate “YYYY-MM-DD”^^xsd:date, the day against which “on Tuesday” is read"
        message = f"the article {evidence.article.name} needs one reading date"
        evidence.findings.append(_at(facts, "reading-date", message, evidence.iri, hint=hint))
    else:
        evidence.reading_date = dates[0]
        _check_basis(evidence, values)


def _check_basis(evidence: Evidence, values: dict[str, list[NamedNode | Literal]]) -> None:
    if ENT + "basis" not in values or DCTERMS + "source" not in values:
        message = "the reading date has no reason and source: say how it is known"
        hint = "add ent:basis “…”@en and dcterms:source <a background graph or the page itself>"
        finding = _at(
            evidence.article.facts, "reading-date-basis", message, evidence.iri, hint=hint, severity="warning"
        )
        evidence.findings.append(finding)


def _read_passage(
    evidence: Evidence, iri: str, values: dict[str, list[NamedNode | Literal]], triples: tuple[Triple, ...]
) -> None:
    aside = NamedNode(ASIDE) in values.get(RDF_TYPE, [])
    span = _span(evidence, iri, values)
    if not _LOCAL(iri):
        message = f"p:{_local(iri)} is no good name for a passage"
        hint = "write lower-case words with hyphens, not unit-1: p:gas-deal"
        evidence.findings.append(_at(evidence.article.facts, "passage-name", message, iri, hint=hint))
    if span is None:
        return
    passage = Passage(
        iri,
        evidence.article.text[span[0] : span[1]],
        span[0],
        span[1],
        triples,
        speaker=next((o.value for o in values.get(ENT + "speaker", [])), ""),
        read_with=tuple(sorted(o.value for o in values.get(ENT + "readWith", []))),
        date_words=tuple(o.value for o in values.get(ENT + "dateWords", [])),
        reason=next((o.value for o in values.get(ENT + "reason", [])), ""),
    )
    _check_passage(evidence, passage, values, aside)
    (evidence.asides if aside else evidence.passages).append(passage)


def _LOCAL(iri: str) -> bool:  # noqa: N802
    local = iri.rsplit("#", 1)[-1]
    return bool(LOCAL_NAME.match(local)) and not re.fullmatch(r"unit-[0-9]+", local)


def _span(evidence: Evidence, iri: str, values: dict[str, list[NamedNode | Literal]]) -> tuple[int, int] | None:
    """Where the quote of a passage stands in the text; None, and a finding, where it does not stand there once."""
    facts, name = evidence.article.facts, _local(iri)
    found = values.get(ENT + "quote", [])
    if len(found) != 1:
        message = f"p:{name} has {len(found) or 'no'} quote{'s' if len(found) > 1 else ''}: a passage is one quote"
        evidence.findings.append(
            _at(facts, "quote", message, iri, hint="add ent:quote “…” with the article's very words")
        )
        return None
    quote = found[0].value
    if problem := _shape_problem(quote):
        evidence.findings.append(_at(facts, "long-quote", f"p:{name}: {problem}", iri, "quote", found[0], hint=_SPLIT))
        return None
    around = [next((o.value for o in values.get(ENT + key, [])), "") for key in ("prefix", "suffix")]
    match = quotes.find(evidence.article.text, quote, *around)
    if isinstance(match, quotes.Found):
        return match.start, match.end
    rule, message = _quote_problem(match, evidence.article.text_path)
    hint = quotes.explain(quote, match)
    evidence.findings.append(_at(facts, rule, f"p:{name}: {message}", iri, "quote", found[0], hint=hint))
    return None


_SPLIT = "split it into passages that each say one thing"


def _shape_problem(quote: str) -> str:
    if not quote.strip():
        return "the quote is empty"
    if quotes.crosses_line(quote):
        return "the quote runs over a line break: a passage lies within one line of the text"
    return f"the quote has {len(quote)} characters, more than {MAX_QUOTE}" if len(quote) > MAX_QUOTE else ""


def _quote_problem(match: quotes.Match, text_path: str) -> tuple[str, str]:
    if isinstance(match, quotes.Ambiguous):
        return "ambiguous-quote", f"the quote stands {len(match.starts)} times in {text_path}"
    if isinstance(match, quotes.Folded):
        return "folded-quote", f"the quote is not letter by letter what {text_path} says"
    return "misquote", f"the quote does not stand in {text_path}"


def _check_passage(
    evidence: Evidence, passage: Passage, values: dict[str, list[NamedNode | Literal]], aside: bool
) -> None:
    facts, name = evidence.article.facts, _local(passage.iri)
    problems = []
    if aside and not passage.reason.strip():
        problems.append(
            (
                "aside-reason",
                f"the aside p:{name} gives no reason",
                "add ent:reason “why it yields no fact”@en",
            )
        )
    if not aside and not passage.triples:
        hint = "add its facts, or make it an aside with an ent:reason"
        problems.append(("empty-passage", f"the passage p:{name} supports no fact", hint))
    if ENT + "speech" in values and not passage.speaker:
        hint = "add ent:speaker id:…, the person whose speech it is"
        problems.append(("unnamed-speaker", f"p:{name} is reported speech without a speaker", hint))
    if len(values.get(ENT + "speaker", [])) > 1:
        problems.append(("one-speaker", f"p:{name} has two speakers", "make a passage for each"))
    for rule, message, hint in problems:
        evidence.findings.append(_at(facts, rule, message, passage.iri, hint=hint))
    for words in passage.date_words:
        if words not in passage.quote:
            message = f"p:{name}: the date words “{words}” are not in its quote"
            finding = _at(
                facts,
                "date-words",
                message,
                passage.iri,
                "dateWords",
                Literal(words),
                hint="copy them from the quote",
            )
            evidence.findings.append(finding)


def _check_links(evidence: Evidence) -> None:
    known = {p.iri for p in [*evidence.passages, *evidence.asides]}
    declared = known | {f.focus for f in evidence.findings}
    for passage in evidence.passages:
        for other in passage.read_with:
            if other not in declared or other == passage.iri:
                message = (
                    f"p:{_local(passage.iri)} is read with {compact(other)}, which is no other passage of this article"
                )
                finding = _at(evidence.article.facts, "read-with", message, passage.iri, "readWith", NamedNode(other))
                evidence.findings.append(finding)


def _check_coverage(evidence: Evidence) -> None:
    text = evidence.article.text
    spans = [(p.start, p.end) for p in [*evidence.passages, *evidence.asides]]
    evidence.readings = units.coverage(text, units.split(text), spans)
    for reading in evidence.readings:
        for start, end in reading.uncovered:
            line = text.count("\n", 0, start) + 1
            column = start - text.rfind("\n", 0, start)
            message = f"not read: “{text[start:end]}”"
            hint = "quote it in a passage, or in an ent:Aside with the reason why it yields no fact"
            path = evidence.article.text_path
            evidence.findings.append(Finding(path, line, column, "warning", "coverage", message, hint))


def _at(
    facts: Document,
    rule: str,
    message: str,
    iri: str,
    predicate: str = "",
    value: NamedNode | Literal | None = None,
    *,
    hint: str = "",
    severity: str = "violation",
) -> Finding:
    triple = (NamedNode(iri), NamedNode(ENT + predicate) if predicate else None, value)
    return facts.finding(rule, message, severity=severity, hint=hint, triple=triple)


def _local(iri: str) -> str:
    return iri.rsplit("#", 1)[-1]
