"""Checks that what somebody says has a speaker (model, rule 32)."""

from collections.abc import Iterator

from pyoxigraph import Literal, NamedNode, Triple

from kg.dataset.build import Build
from kg.dataset.named import ArticleNames, Names
from kg.findings import Check, Finding
from kg.rdf.namespaces import ALT_LABEL, ENT, ID, RDF_TYPE, RDFS_LABEL, short
from kg.rdf.terms import iri
from kg.source.article import Evidence, Passage
from kg.text import segments
from kg.text.speech import Span, is_attribution, quotations, said

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
            words = {t.subject for t in passage.triples if t.predicate.value == _CONTENT}  # demands and the like
            rest = (t for t in passage.triples if t.predicate.value not in _NAMES and t.subject not in words)
            told = _tellings(passage, _spoken(passage, marked), names.of(article), names)
            facts = [t for t in rest if t not in stated and iri(t.subject) not in told]
            if facts and passage.iri in inside:
                yield _finding(article, passage, "violation", "is within the quotation marks of what somebody says")
            elif facts and _rest_on(facts, passage, _spoken(passage, marked), names.of(article), names):
                yield _finding(article, passage, "warning", "tells what somebody says")


def _spoken(passage: Passage, marked: list[Span]) -> list[Span]:
    """The spans of a passage's quote that are what somebody says."""
    within = [(max(s, passage.start), min(e, passage.end)) for s, e in marked]
    return said(passage.quote, [(s - passage.start, e - passage.start) for s, e in within if s < e])


def _tellings(passage: Passage, spoken: list[Span], names: ArticleNames, known: Names) -> set[str]:
    """The statements of a passage that are the very saying, with somebody in them whom the article's words name.

    That he says it is told by the article: “Lorvia denied that the talks had failed”.
    """
    outside = {
        thing
        for match in (names.named(passage) if spoken else ())
        if not any(start <= match.start and match.end <= end for start, end in spoken)
        for thing in match.iris
    }
    by_thing: dict[str, set[str]] = {}
    for t in passage.triples:
        by_thing.setdefault(iri(t.subject), set()).add(iri(t.object))
    return {x for x, values in by_thing.items() if _STATEMENT in known.kinds(x) and not outside.isdisjoint(values)}


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
