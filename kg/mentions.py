"""The things that facts are about: how they are named, and whether anything says what they are (rules 6 and 23)."""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from pyoxigraph import NamedNode, Triple

from kg.build import Build
from kg.evidence import Evidence
from kg.findings import Check, Finding
from kg.sources import Document
from kg.terms import Term
from kg.vocabulary import ENT, ID, RDF_TYPE, compact, local_name, suggest

FLAT_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*\Z")

THING_NAME = Check(
    "thing-name",
    "IRIs of things are lower-case words with hyphens under id:, without slashes.",
    "One style of names keeps one thing from getting two IRIs.",
    wrong="p:heading { id:Melk_City a ent:City . }",
    right="p:heading { id:melk a ent:City . }",
    severities=("violation", "warning"),
)
UNKNOWN_THING = Check(
    "unknown-thing",
    "For each thing, some passage or background graph says what it is.",
    "Mostly it is a misspelt IRI, which would make a second thing of one.",
    wrong="ent:seller id:sudmrk ;",
    right="ent:seller id:sudmark ;",
    severities=("violation", "warning"),
)
FOREIGN_SUBJECT = Check(
    "foreign-subject",
    "Facts are about things in the namespace of the graph, id:.",
    "A wrong prefix declaration gives each thing an IRI that no other file uses.",
    wrong="p:heading { <https://w3id.org/entente/ids/melk> a ent:City . }",
    right="p:heading { id:melk a ent:City . }",
)


class Mention(NamedTuple):
    """A thing as a file speaks of it: its IRI, the graph, and the statement up to where it stands."""

    thing: str
    graph: str
    place: tuple[Term | None, Term | None, Term | None]


def check(made: Build) -> Iterator[Finding]:
    """Each thing at its first mention: its name is flat and under id:, and something says what it is."""
    for article in made.evidence:
        said = {p.iri: _typed(p.triples) for p in article.reported}
        mentions = [m for m in _in_article(article) if m.thing != article.iri]
        yield from _foreign(article.article.facts, mentions)
        yield from _of_the_house(made, article.article.facts, mentions, said)
    for document in made.sources.background:
        mentions = list(_in_background(document))
        yield from _foreign(document, mentions)
        yield from _of_the_house(made, document, mentions, {}, "warning")


def _typed(triples: Iterable[Triple]) -> set[str]:
    """The things of which something says what they are."""
    return {t.subject.value for t in triples if t.predicate.value == RDF_TYPE and isinstance(t.subject, NamedNode)}


def _in_article(article: Evidence) -> Iterator[Mention]:
    """The subjects of facts, the things that facts are about, and the speakers."""
    for passage in article.passages:
        if passage.speaker:
            speaker = NamedNode(passage.speaker)
            yield Mention(passage.speaker, "", (NamedNode(passage.iri), NamedNode(ENT + "speaker"), speaker))
        for t in passage.triples:
            if isinstance(t.subject, NamedNode):
                yield Mention(t.subject.value, passage.iri, (t.subject, None, None))
            if isinstance(t.object, NamedNode) and t.object.value.startswith(ID):
                yield Mention(t.object.value, passage.iri, (t.subject, t.predicate, t.object))


def _in_background(document: Document) -> Iterator[Mention]:
    for q in document.quads:
        if isinstance(q.graph_name, NamedNode) and isinstance(q.subject, NamedNode):
            yield Mention(q.subject.value, q.graph_name.value, (q.subject, None, None))


def _of_the_house(
    made: Build, document: Document, mentions: list[Mention], said: dict[str, set[str]], severity: str = "violation"
) -> Iterator[Finding]:
    """The things under id:. `said` are those of which only a speaker says what they are, by passage."""
    told: set[str] = set()
    for m in mentions:
        if not m.thing.startswith(ID) or m.thing in told:
            continue
        if not (problem := _problem(made, m.thing, said.get(m.graph, set()))):
            continue
        told.add(m.thing)
        failed, message, hint = problem
        yield document.finding(failed, message, severity=severity, hint=hint, graph=m.graph, triple=m.place)


def _problem(made: Build, thing: str, said: set[str]) -> tuple[Check, str, str] | None:
    """The check that a thing under id: fails, the message and the hint."""
    flat = FLAT_NAME.match(thing.removeprefix(ID))
    if flat and (thing in said or made.is_typed(thing)):
        return None
    name = compact(thing)
    if not flat:
        hint = "write lower-case words with hyphens, and no class: id:s-400-deal"
        return THING_NAME, f"{name} is no good name for a thing", hint
    hint = suggest(thing, {t for t in made.typed | said if t.startswith(ID)})
    return UNKNOWN_THING, f"nothing says what {name} is", hint or f"say in a passage what it is: {name} a ent:…"


def _foreign(document: Document, mentions: list[Mention]) -> Iterator[Finding]:
    """One finding for all things of one foreign namespace: a prefix that is wrong once is wrong everywhere."""
    spaces: dict[str, dict[str, Mention]] = {}
    for m in mentions:
        if not m.thing.startswith(ID):
            spaces.setdefault(m.thing.removesuffix(local_name(m.thing)), {}).setdefault(m.thing, m)
    for things in spaces.values():
        first, *others = things.values()
        more = f", nor are {len(others)} more of its namespace" if others else ""
        message = f"{compact(first.thing)} is no thing of the graph{more}: facts are about things under id:"
        hint = f"check the prefixes: @prefix id: <{ID}>"
        yield document.finding(FOREIGN_SUBJECT, message, hint=hint, graph=first.graph, triple=first.place)
