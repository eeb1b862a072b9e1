"""The things that facts are about: how they are named, and whether anything says what they are (rules 6 and 23)."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from pyoxigraph import NamedNode

from kg.build import Build
from kg.evidence import Evidence, Passage
from kg.findings import Finding
from kg.sources import Term
from kg.suggestions import did_you_mean
from kg.vocabulary import ENT, ID, RDF_TYPE, compact, local_name

FLAT_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*\Z")


class Mention(NamedTuple):
    """A thing as a passage speaks of it: its IRI, the passage, and the statement up to where it stands."""

    thing: str
    passage: Passage
    place: tuple[Term | None, Term | None, Term | None]


def check(made: Build) -> Iterator[Finding]:
    """Each thing at its first mention: its name is flat and in the house's namespace, and something says what it is."""
    typed = {t.subject.value for t in made.facts if t.predicate.value == RDF_TYPE and isinstance(t.subject, NamedNode)}
    for article in made.evidence:
        yield from _foreign(article)
        told: set[str] = set()
        for mention in _mentions(article):
            if mention.thing.startswith(ID) and mention.thing not in told and (problem := _problem(mention, typed)):
                told.add(mention.thing)
                yield _mentioned(article, mention, *problem)


def _problem(mention: Mention, typed: set[str]) -> tuple[str, str, str] | None:
    """The rule that a thing of the house breaks, what is wrong, and the next step."""
    thing, name = mention.thing, compact(mention.thing)
    if not FLAT_NAME.match(thing.removeprefix(ID)):
        hint = "write lower-case words with hyphens, and no class: id:s-400-deal"
        return "thing-name", f"{name} is no good name for a thing", hint
    if thing in typed or _typed_in(mention.passage, thing):
        return None
    hint = did_you_mean(thing, {t for t in typed if t.startswith(ID)})
    return "unknown-thing", f"nothing says what {name} is", hint or f"say in a passage what it is: {name} a ent:…"


def _mentions(article: Evidence) -> Iterator[Mention]:
    """The subjects of facts, the things that facts are about, and the speakers."""
    for passage in article.passages:
        if passage.speaker:
            speaker = NamedNode(passage.speaker)
            yield Mention(passage.speaker, passage, (NamedNode(passage.iri), NamedNode(ENT + "speaker"), speaker))
        for t in passage.triples:
            if isinstance(t.subject, NamedNode):
                yield Mention(t.subject.value, passage, (t.subject, None, None))
            if isinstance(t.object, NamedNode) and t.object.value.startswith(ID):
                yield Mention(t.object.value, passage, (t.subject, t.predicate, t.object))


def _typed_in(passage: Passage, thing: str) -> bool:
    """Whether a speaker says what a thing is; an article's own words are among the facts."""
    return passage.reported and any(
        t.predicate.value == RDF_TYPE and t.subject == NamedNode(thing) for t in passage.triples
    )


def _mentioned(article: Evidence, mention: Mention, rule: str, message: str, hint: str) -> Finding:
    graph = "" if mention.thing == mention.passage.speaker else mention.passage.iri
    return article.article.facts.finding(rule, message, hint=hint, graph=graph, triple=mention.place)


def _foreign(article: Evidence) -> Iterator[Finding]:
    """One finding for all things of one foreign namespace: a prefix that is wrong once is wrong everywhere."""
    spaces: dict[str, dict[str, Mention]] = {}
    for mention in _mentions(article):
        thing = mention.thing
        if not thing.startswith(ID) and thing != article.iri:
            spaces.setdefault(thing.removesuffix(local_name(thing)), {}).setdefault(thing, mention)
    for things in spaces.values():
        first, *others = things.values()
        more = f", nor are {len(others)} more of its namespace" if others else ""
        message = f"{compact(first.thing)} is no thing of the graph{more}: facts are about things under id:"
        hint = f"check the prefixes: @prefix id: <{ID}>"
        yield _mentioned(article, first, "foreign-subject", message, hint)
