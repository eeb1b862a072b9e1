"""Checks that the words of a passage name the things of its facts (model, rule 30)."""

from collections.abc import Iterator

from pyoxigraph import NamedNode, Triple

from kg.dataset.build import Build
from kg.dataset.named import ArticleNames, Names
from kg.findings import Check, Finding
from kg.rdf.namespaces import ALT_LABEL, DCTERMS, ENT, ID, RDF_TYPE, RDFS_LABEL, compact, local_name, short
from kg.rdf.terms import iri
from kg.source.article import MENTIONED, Evidence, Passage

UNNAMED_THING = Check(
    "unnamed-thing",
    "The words of a passage, or of one that it is read with (ent:readWith), name the things in its facts.",
    "A true quote beside a fact about somebody whom it does not name proves nothing.",
    wrong="ent:buyer id:belmar ;",
    right="ent:buyer id:lorvia ;",
    severities=("warning",),
)
NO_LEXICON = Check(
    "no-lexicon",
    "There is a lexicon (ontology/lexicon.*.ttl) for the language of each article.",
    "Without one, nothing is compared with the words but quotes, dates and numbers.",
    wrong='dcterms:language "tr" ;',
    right='dcterms:language "en" ;',
    severities=("info",),
)

_NAMES = frozenset({RDF_TYPE, RDFS_LABEL, ALT_LABEL})


def check_names(made: Build) -> Iterator[Finding]:
    """The things that stand in facts and that no words of their passages name."""
    names = Names(made)
    for article in made.evidence:
        if not names.language(article):
            yield from _without_lexicon(article)
            continue
        found = names.of(article)
        yield from _misleading(article, found)
        for passage in article.passages:
            if found.is_whole(passage):  # else a finding already
                yield from _unnamed(article, passage, found)


def _without_lexicon(article: Evidence) -> Iterator[Finding]:
    stated = [t for t in article.description if t.predicate.value == DCTERMS + "language"]
    for t in stated[:1]:
        message = f"there is no lexicon for “{getattr(t.object, 'value', '')}”: facts are not compared with words"
        hint = "check by hand that the quotes name the things and say the facts"
        place = (t.subject, t.predicate, t.object)
        yield article.article.facts.finding(NO_LEXICON, message, hint=hint, graph="", triple=place)


_COUNTS = {"both": 2, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6}


def _misleading(article: Evidence, names: ArticleNames) -> Iterator[Finding]:
    """Mentions whose words are a name of something else, or say another number of things."""
    for mention in article.mentions:
        counted = next((w for w in mention.words.lower().split()[:3] if w in _COUNTS), "")
        count, problem = len(mention.things), ""
        named = names.of_name(mention.words)
        if named and named.isdisjoint(mention.things):
            problem = f"“{mention.words}” is a name of {compact(min(named))}"
            hint = "a mention is for words that are no name: take it out, or correct ent:refersTo"
        elif counted and count != _COUNTS[counted]:
            problem = f"“{mention.words}” says {counted}, and refers to {count} thing{'s' * (count != 1)}"
            hint = "name each thing that the words mean with ent:refersTo"
        if problem:
            place = (NamedNode(mention.iri), NamedNode(ENT + "refersTo"), None)
            message = f"{short(mention.iri)}: {problem}"
            more = {"hint": hint, "graph": "", "severity": "warning"}
            yield article.article.facts.finding(MENTIONED, message, triple=place, **more)


def _unnamed(article: Evidence, passage: Passage, names: ArticleNames) -> Iterator[Finding]:
    """The things of a passage that nothing names, each where it stands first."""
    named, introduced = names.things(passage), names.introduced(passage)
    seen: set[str] = set()
    for t in passage.triples:
        for thing, role in ((iri(t.object), True), (iri(t.subject), False)):
            if not thing.startswith(ID) or thing in seen or thing in named or t.predicate.value == RDF_TYPE:
                continue
            if thing in introduced and not (role and names.needs_name(thing)):
                continue
            if not names.has_kind(thing) or (names.needs_name(thing) and not names.has_name(thing)):
                continue  # a finding already
            if not role and t.predicate.value in _NAMES:
                continue  # a name that stands in the quote
            seen.add(thing)
            yield _finding(article, passage, t, thing, role)


def _finding(article: Evidence, passage: Passage, t: Triple, thing: str, role: bool) -> Finding:
    name = compact(thing)
    stands = f"the {local_name(t.predicate.value)} of {compact(iri(t.subject))}" if role else "of which this is a fact"
    message = f"{short(passage.iri)}: the words name no {name}, {stands}"
    hint = (
        "if it is meant: read the passage with one that names it (ent:readWith), add an alias with its words, or a"
        f" mention: p:… a ent:Mention ; ent:mentionIn {short(passage.iri)} ; ent:quote “…” ; ent:refersTo {name}"
    )
    place = (t.subject, t.predicate, t.object) if role else (t.subject, None, None)
    graph = NamedNode(passage.iri).value
    return article.article.facts.finding(UNNAMED_THING, message, hint=hint, graph=graph, triple=place)
