"""What the words of facts must keep to: literals, terms, IRIs, and texts that stand in their quote (rules 1–13)."""

import re
from collections.abc import Iterator

from pyoxigraph import Literal, NamedNode, Quad, Triple

from kg import dates, datewords, literals
from kg.build import Build, documents
from kg.errors import InputError
from kg.evidence import Evidence, Passage
from kg.findings import Finding
from kg.sources import Document
from kg.vocabulary import ALT_LABEL, DCTERMS, ENT, ID, OWL, RDF, RDF_TYPE, RDFS, RDFS_LABEL, SKOS, compact, local_name

FLAT_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*\Z")
VERBATIM = frozenset(ENT + name for name in ("condition", "purpose", "rank", "wording")) | {RDFS_LABEL, ALT_LABEL}
DATED = frozenset(ENT + name for name in ("comparedWith", "date", "end", "start"))
# Words of other vocabularies that facts may use as they are.
BORROWED = (RDF_TYPE, RDFS + "comment", RDFS_LABEL, RDFS + "seeAlso", SKOS, DCTERMS)


def check(made: Build) -> Iterator[Finding]:
    """All findings about words."""
    terms = _terms(made)
    names = _names(made)
    for document in documents(made):
        yield from _literals(document)
    for document in [*made.sources.background, *(a.facts for a in made.sources.articles)]:
        for quad in document.quads:
            yield from _unknown_term(document, quad, terms)
    yield from _things(made)
    for article in made.evidence:
        for passage in article.passages:
            yield from _verbatim(article, passage)
            yield from _dates(article, passage)
            yield from _speaker(article, passage, names)


def _literals(document: Document) -> Iterator[Finding]:
    for quad in document.quads:
        if isinstance(quad.object, Literal) and (problem := literals.problem(quad.object)):
            yield _on(document, quad, "literal", problem)


def _on(
    document: Document, quad: Quad, rule: str, message: str, *, hint: str = "", severity: str = "violation"
) -> Finding:
    graph = quad.graph_name.value if isinstance(quad.graph_name, NamedNode) else None
    triple = (quad.subject, quad.predicate, quad.object)
    return document.finding(rule, message, severity=severity, hint=hint, graph=graph, triple=triple)


class _Terms:
    """The declared terms of the ontology, by what they may be used for."""

    def __init__(self, ontology: list[Triple]) -> None:
        self.classes: set[str] = set()
        self.properties: set[str] = set()
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


def _terms(made: Build) -> _Terms:
    return _Terms(made.ontology)


def _unknown_term(document: Document, quad: Quad, terms: _Terms) -> Iterator[Finding]:
    """A predicate, class or value that the ontology does not declare (model, rule 23)."""
    predicate, value = quad.predicate.value, quad.object
    if predicate not in terms.properties and not predicate.startswith(BORROWED):
        yield _on(
            document,
            quad,
            "unknown-term",
            f"{compact(predicate)} is no property of the ontology",
            hint=_close(predicate, terms.properties),
        )
    if not isinstance(value, NamedNode):
        return
    if predicate == RDF_TYPE:
        if value.value not in terms.classes and not value.value.startswith(SKOS):
            hint = _close(value.value, terms.classes)
            yield _on(document, quad, "unknown-term", f"{compact(value.value)} is no class of the ontology", hint=hint)
    elif value.value.startswith(ENT) and value.value not in terms.all:
        hint = _close(value.value, terms.all)
        yield _on(document, quad, "unknown-term", f"{compact(value.value)} is no term of the ontology", hint=hint)


def _close(iri: str, known: set[str]) -> str:
    import difflib

    names = {local_name(k).lower(): k for k in known}
    close = difflib.get_close_matches(local_name(iri).lower(), names, n=2, cutoff=0.6)
    return (
        f"did you mean {' or '.join(compact(names[c]) for c in close)}?"
        if close
        else "see docs/ontology.md for the words"
    )


def _things(made: Build) -> Iterator[Finding]:
    """IRIs of things: flat names, in the house's namespace, and typed somewhere."""
    typed = {t.subject for t in made.facts if t.predicate.value == RDF_TYPE}
    for article in made.evidence:
        for passage in article.passages:
            own = {t.subject for t in passage.triples if t.predicate.value == RDF_TYPE} if passage.reported else set()
            for t in passage.triples:
                quad = Quad(t.subject, t.predicate, t.object, NamedNode(passage.iri))
                yield from _thing(article, quad, t.subject, typed | own)
                if isinstance(t.object, NamedNode) and t.object.value.startswith(ID):
                    yield from _thing(article, quad, t.object, typed | own)


def _thing(article: Evidence, quad: Quad, thing: object, typed: set[object]) -> Iterator[Finding]:
    document = article.article.facts
    if not isinstance(thing, NamedNode) or thing.value == article.iri:
        return
    if not thing.value.startswith(ID):
        message = f"{compact(thing.value)} is no thing of the graph: facts are about things under id:"
        yield _on(
            document,
            quad,
            "foreign-subject",
            message,
            hint="check the prefixes: @prefix id: <https://w3id.org/entente/id/>",
        )
    elif not FLAT_NAME.match(thing.value.removeprefix(ID)):
        hint = "write lower-case words with hyphens, and no class: id:s-400-deal"
        yield _on(document, quad, "thing-name", f"{compact(thing.value)} is no good name for a thing", hint=hint)
    elif thing not in typed:
        known = {t.value for t in typed if isinstance(t, NamedNode) and t.value.startswith(ID)}
        hint = _close(thing.value, known) if known else ""
        hint = hint if hint.startswith("did you") else f"say in a passage what it is: {compact(thing.value)} a ent:…"
        yield _on(document, quad, "unknown-thing", f"nothing says what {compact(thing.value)} is", hint=hint)


def _verbatim(article: Evidence, passage: Passage) -> Iterator[Finding]:
    """Labels and kept words stand in the quote of their passage (rule 6)."""
    for t in passage.triples:
        if t.predicate.value in VERBATIM and isinstance(t.object, Literal) and t.object.value not in passage.quote:
            name, words = local_name(t.predicate.value), t.object.value
            message = f"the {name} “{words}” does not stand in the quote of p:{local_name(passage.iri)}"
            hint = "copy it from the quote; a name from elsewhere belongs in kg/background/"
            quad = Quad(t.subject, t.predicate, t.object, NamedNode(passage.iri))
            yield _on(article.article.facts, quad, "not-verbatim", message, hint=hint)


def _dates(article: Evidence, passage: Passage) -> Iterator[Finding]:
    """A date is what its passage's date words say, read against the article's reading date (rule 13)."""
    for t in passage.triples:
        if t.predicate.value not in DATED or not isinstance(t.object, Literal) or not _is_date(t.object):
            continue
        if problem := _date_problem(article, passage, t.object):
            severity, message, hint = problem
            quad = Quad(t.subject, t.predicate, t.object, NamedNode(passage.iri))
            yield _on(article.article.facts, quad, "date-words", message, hint=hint, severity=severity)


def _is_date(literal: Literal) -> bool:
    try:
        dates.bounds(literal)
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
    readings = [r for words in passage.date_words for r in datewords.read(words, article.reading_date)]
    if not readings:
        message = f"the tool cannot read “{'”, “'.join(passage.date_words)}”: check {date.value} by hand"
        return "info", message, ""
    if any(r.lexical == date.value and date.datatype.value.endswith("#" + r.datatype) for r in readings):
        return None
    read = " or ".join(f'"{r.lexical}"^^xsd:{r.datatype}' for r in readings)
    words = "”, “".join(passage.date_words)
    return "violation", f"{name}: “{words}”, read on {article.reading_date}, is not {date.value}", f"it reads {read}"


def _names(made: Build) -> dict[str, set[str]]:
    names: dict[str, set[str]] = {}
    for t in made.facts:
        if t.predicate.value in (RDFS_LABEL, ALT_LABEL) and isinstance(t.subject, NamedNode):
            names.setdefault(t.subject.value, set()).add(t.object.value)  # type: ignore[union-attr]
    return names


def _speaker(article: Evidence, passage: Passage, names: dict[str, set[str]]) -> Iterator[Finding]:
    """The speaker's name stands in the quote, or in one that it is read with (rule 8)."""
    if not passage.reported:
        return
    near = [p.quote for p in article.passages if p.iri in (passage.iri, *passage.read_with)]
    if not any(name in quote for name in names.get(passage.speaker, ()) for quote in near):
        message = f"p:{local_name(passage.iri)}: its speaker {compact(passage.speaker)} is not named in the quote"
        hint = "quote more, or add ent:readWith the passage that names the speaker; labels and aliases count as names"
        triple = (NamedNode(passage.iri), NamedNode(ENT + "speaker"), NamedNode(passage.speaker))
        yield article.article.facts.finding("unnamed-speaker", message, hint=hint, triple=triple)
