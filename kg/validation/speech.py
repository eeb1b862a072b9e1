"""Checks that what somebody says has a speaker (model, rule 32)."""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from pyoxigraph import Literal, NamedNode, Triple

from kg.dataset.build import Build
from kg.dataset.named import NAMING, ArticleNames, Names
from kg.findings import Check, Finding
from kg.rdf.namespaces import ALT_LABEL, ENT, ID, RDF_TYPE, RDFS_LABEL, short
from kg.rdf.terms import iri
from kg.source.article import Evidence, Passage
from kg.text import segments
from kg.text.phrases import shortened
from kg.text.speech import Span, is_attribution, quotations, said
from kg.validation.reading import Reading

NO_SPEAKER = Check(
    "no-speaker",
    "Facts that rest on what somebody says have an ent:speaker, unless the article says the same in its own words.",
    "An opinion without its speaker is a fact of the graph: queries find it, and the reasoner concludes from it.",
    wrong='ent:quote "“Sudmark is a friend of Lorvia,” said Ana Tarn" .',
    right='ent:quote "“Sudmark is a friend of Lorvia,” said Ana Tarn" ;\n'
    "    ent:speaker id:ana-tarn ;\n    ent:speech ent:quoted .",
    severities=("violation", "warning"),
)

_SPEECH = frozenset(ENT + name for name in ("speaker", "speech"))
_CONTENT = ENT + "content"  # what is demanded, promised or alleged, by one whom a role names
_STATEMENT = ENT + "Statement"
_TOLD = frozenset((ENT + "Event", ENT + "Relation"))
_OF_SPEAKERS = frozenset((ENT + "Tenure", _STATEMENT, ENT + "Membership", ENT + "PressConference"))
_NAMES = frozenset({RDF_TYPE, RDFS_LABEL, ALT_LABEL})
_JUDGED = frozenset((ENT + "Event", ENT + "Relation", ENT + "InfrastructureProject"))
_PRONOUN = re.compile(r"\b(?:he|it|she|they|we) \w+", re.IGNORECASE)
_OF_BODIES = frozenset((ENT + "bodyOf", ENT + "governmentOf"))  # which come with what they are called
_MARKS = '“«"'
_MOST_SHOWN = 80  # characters of the words that name the speaker
_CUT_ANSWERS = (
    "add ent:speaker id:… and ent:speech; if the article itself says it elsewhere, quote that; of a thing that is only"
    " named in passing quote the words that name it"
)


def check_speech(made: Build, names: Names) -> Iterator[Finding]:
    """Passages without a speaker whose facts rest on words that somebody says."""
    for article in made.evidence:
        if not names.language(article):
            continue
        marked = quotations(segments.unwrap(article.article.text))
        meant = {iri(t.subject) for t in article.description if t.predicate.value in _SPEECH}  # findings already
        asserted = [p for p in article.asserted if p.quote and p.iri not in meant]
        inside = {p.iri for p in asserted if any(start <= p.start and p.end <= end for start, end in marked)}
        own = [p for p in asserted if p.iri not in inside and not _spoken(p, marked)]
        stated = {t for p in own for t in p.triples}
        for passage in asserted:
            rest = (t for t in passage.triples if t.predicate.value not in _NAMES)
            spoken = [] if passage.iri in inside else _spoken(passage, marked)
            told = _tellings(passage, spoken, names.of(article), names)
            facts = [t for t in rest if t not in stated and iri(t.subject) not in told]
            if facts and passage.iri in inside:
                yield _finding(article, passage, "violation", "is within the quotation marks of what somebody says")
            elif facts and _rest_on(facts, passage, spoken, names.of(article), names):
                yield _finding(article, passage, "warning", "tells what somebody says")


def check_attribution(readings: Iterable[Reading]) -> Iterator[Finding]:
    """Passages without a speaker that quote what somebody says, and leave out who says it.

    What only introduces or names a thing is the article's own: “the state-owned Lorvia Rail” in what a minister says.
    """
    for reading in readings:
        passage, article = reading.passage, reading.article
        if passage.reported:
            continue
        for first, last, start, end in _sayings(article.article.text):
            is_cut = start <= passage.start and passage.end <= end
            is_called = article.article.text[start] in _MARKS and passage.start <= start and end <= passage.end
            if is_cut or (is_called and (start - passage.start, end - passage.start) not in said(passage.quote, [])):
                facts = _told_in(reading, (start, end))
                stated = {t for r in reading.others if _is_own(r) for t in r.passage.triples} if facts else set()
                if not stated.issuperset(facts):
                    yield _cut_finding(reading, (first, last), (start, end))


@lru_cache(16)
def _sayings(text: str) -> list[tuple[int, int, int, int]]:
    """From where to where the sentences of a text go in which somebody says something, and what he says."""
    unwrapped, found = segments.unwrap(text), []
    marked = quotations(unwrapped)
    for part in segments.segments(text):
        first, last = part.start, part.end
        within = [(max(s, first) - first, min(e, last) - first) for s, e in marked if s < last and first < e]
        spans = said(unwrapped[first:last], within)
        found += [(first, last, first + s, first + e) for s, e in spans if (s, e) not in within]
    return found


def _is_own(reading: Reading) -> bool:
    """Whether a passage is told in the article's own words."""
    passage = reading.passage
    sayings = _sayings(reading.article.article.text)
    return not passage.reported and not any(s < passage.end and passage.start < e for _, _, s, e in sayings)


def _told_in(reading: Reading, span: Span) -> list[Triple]:
    """The facts that a passage states of relations, events, works and amounts, if its words make a clause.

    Of words that somebody has for a thing, within quotation marks, they are those that point at these.
    """
    start, end = (at - reading.passage.start for at in span)
    known = reading.roles.names
    facts = [t for t in reading.passage.triples if t.predicate.value not in NAMING | {_CONTENT}]
    if reading.article.article.text[span[0]] in _MARKS:
        return [t for t in facts if isinstance(t.object, Literal) and 0 < len(t.object.value) <= end - start]
    kinds = ((t, known.kinds(iri(t.subject))) for t in facts)
    return [t for t, of in kinds if not _JUDGED.isdisjoint(of) and of.isdisjoint(_OF_SPEAKERS)] * reading.makes_clause


def _cut_finding(reading: Reading, sentence: Span, said: Span) -> Finding:
    text = segments.unwrap(reading.article.article.text)
    after, before = text[said[1] : sentence[1]].strip(), text[sentence[0] : said[0]].strip()
    goes_on = any(c.isalnum() for c in after) and text[said[0]] not in _MARKS
    words = f"… {shortened(after.lstrip(', '), _MOST_SHOWN)}" if goes_on else f"{shortened(before, _MOST_SHOWN)} …"
    message = f"{short(reading.passage.iri)} tells what somebody says, and has no speaker: the sentence "
    message += f"{'goes on' if goes_on else 'begins'}: “{words}”"
    triple = (NamedNode(reading.passage.iri), NamedNode(ENT + "quote"), None)
    return reading.article.article.facts.finding(
        NO_SPEAKER, message, hint=_CUT_ANSWERS, severity="warning", graph="", triple=triple
    )


def _spoken(passage: Passage, marked: list[Span]) -> list[Span]:
    """The spans of a passage's quote that are what somebody says."""
    within = [(max(s, passage.start), min(e, passage.end)) for s, e in marked]
    return said(passage.quote, [(s - passage.start, e - passage.start) for s, e in within if s < e])


def _tellings(passage: Passage, spoken: list[Span], names: ArticleNames, known: Names) -> set[str]:
    """What is the very saying in a passage, a statement or a demand, with somebody in it whom the article's words name.

    That he says it is told by the article: “Lorvia denied that the talks had failed”.
    """
    outside = {
        thing
        for match in names.named(passage)
        if not any(start <= match.start and match.end <= end for start, end in spoken)
        for thing in match.iris
    }
    by_thing: dict[str, set[str]] = {}
    for t in passage.triples:
        by_thing.setdefault(iri(t.subject), set()).add(iri(t.object))
    demands = {iri(t.subject) for t in passage.triples if t.predicate.value == _CONTENT}
    unnamed = spoken and is_attribution(passage.quote, spoken) and not _PRONOUN.search(passage.quote)
    if not spoken or not (outside or unnamed):  # all is within quotation marks, or nobody is told of beside them
        return demands
    found = {x for x, values in by_thing.items() if not outside.isdisjoint(values)}
    return {x for x in found if x in demands or _STATEMENT in known.kinds(x)}


def _rest_on(facts: list[Triple], passage: Passage, spoken: list[Span], names: ArticleNames, known: Names) -> bool:
    """Whether the words for a fact are among what somebody says, and nowhere else in the passage.

    Beside speech that is only attributed, “said Ana Tarn, Lorvia’s minister”, that is so of all relations and events
    but who holds an office.
    """
    places: dict[str, list[Span]] = {}
    for match in names.named(passage) if spoken else ():
        for thing in match.iris:
            places.setdefault(thing, []).append((match.start, match.end))
    only = bool(spoken) and is_attribution(passage.quote, spoken)
    for t in facts if spoken else ():
        kinds = known.kinds(iri(t.subject))
        if t.predicate.value in _OF_BODIES:
            continue
        if only and not _TOLD.isdisjoint(kinds) and kinds.isdisjoint(_OF_SPEAKERS):
            return True
        spans = places.get(iri(t.object), []) if iri(t.object).startswith(ID) else []
        if isinstance(t.object, Literal) and (start := passage.quote.find(t.object.value)) >= 0 and t.object.value:
            spans = [(start, start + len(t.object.value))]
        if spans and all(any(s <= start and end <= e for s, e in spoken) for start, end in spans):
            return True
    return False


def _finding(article: Evidence, passage: Passage, severity: str, problem: str) -> Finding:
    message = f"{short(passage.iri)} {problem}, and has no speaker"
    hint = (
        "add ent:speaker id:… and ent:speech; if the article itself says it elsewhere, quote that; of names and offices"
        " beside the speech make a passage of their own"
    )
    triple = (NamedNode(passage.iri), NamedNode(ENT + "quote"), None)
    return article.article.facts.finding(NO_SPEAKER, message, hint=hint, severity=severity, graph="", triple=triple)
