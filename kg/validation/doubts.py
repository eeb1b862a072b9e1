"""Doubts: what a second reader does not find said by the words, in a file beside the facts that decides nothing.

A second reader is a model that sees the quote of a passage, those that the passage is read with, and one fact as a
sentence. `audit.json` keeps what it doubts, with its name and the hash of what it read: where quote or fact have
changed since, a doubt is dropped. It is hearsay. That there is no doubt is no pass, and a doubt is no proof.
"""

import hashlib
import json
import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from pyoxigraph import NamedNode, Quad

from kg.dataset.build import Build
from kg.dataset.sentences import Sentences
from kg.dataset.stated import SUBJECT
from kg.errors import InputError
from kg.findings import Check, Finding
from kg.rdf.namespaces import ALT_LABEL, ENT, RDF_TYPE, RDFS_LABEL
from kg.rdf.terms import iri, value
from kg.source import documents, layout
from kg.source.article import Evidence, Passage
from kg.source.layout import GraphFolder

FILE = "audit.json"
MOST = 10_000  # doubts of an article that are read
_KEYS = ("passage", "fact", "model", "why", "read")
_LONGEST_NAME, _LONGEST_REASON = 200, 300  # characters that are kept of what a model is called, and of what it says
_LARGEST = 8_000_000  # bytes
_TYPE = NamedNode(RDF_TYPE)
_NAMES = (RDFS_LABEL, ALT_LABEL)
_NAMING = frozenset({RDF_TYPE, *_NAMES})
_READING_DATE, _QUANTITY = ENT + "readingDate", ENT + "Quantity"
_KEPT = 100_000  # look-ups

AUDIT = Check(
    "audit",
    "A file of doubts lists them in JSON, each with passage, fact, model, reason and the hash of what was read.",
    "A doubt of which nobody can tell who has it, and about what, cannot be weighed.",
    wrong='{"doubts": [{"fact": "Melk is a city", "passage": "visit"}]}',
    right='{"doubts": []}',
)
DOUBT = Check(
    "doubt",
    "The words of a passage say each of its facts, as a second reader understands them, which is a model.",
    "What one model doubts is hearsay and decides nothing: read the quote once more, and keep the fact or change it.",
    wrong='p:visit ent:quote "hopes to visit Melk" . p:visit { id:visit-to-melk ent:status ent:held . }',
    right='p:visit ent:quote "hopes to visit Melk" . p:visit { id:visit-to-melk ent:status ent:planned . }',
    severities=("doubt",),
)


@dataclass(frozen=True)
class Reading:
    """What a second reader sees: a quote, those of the passages that it is read with, and one fact as a sentence.

    `passage` and `thing` are the IRIs of the passage and of what the fact is about.
    """

    passage: str
    thing: str
    quote: str
    read_with: tuple[str, ...]
    fact: str

    @property
    def digest(self) -> str:
        """The hash of what is read (SHA-256, in hexadecimal)."""
        text = json.dumps([self.quote, self.read_with, self.fact], ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True)
class Doubt:
    """That a model does not find a fact in the words, and why; `read` is the hash of what it has read.

    `passage` is the name of the passage in its article.
    """

    passage: str
    fact: str
    model: str
    why: str
    read: str

    def fits(self, reading: Reading) -> bool:
        """Whether this is what was read."""
        return (self.passage, self.read) == (_local(reading.passage), reading.digest)


def doubt(reading: Reading, model: str, why: str) -> Doubt:
    """A doubt about what was read; of the reason and the name of the model what can be shown."""
    reason = _shown(why)[:_LONGEST_REASON]
    return Doubt(_local(reading.passage), _shown(reading.fact), shown_name(model), reason, reading.digest)


def shown_name(model: str) -> str:
    """What a model is called in the file."""
    return _shown(model)[:_LONGEST_NAME]


def _shown(text: str) -> str:
    return "".join(c if c.isprintable() else " " for c in text).strip()


def _local(passage: str) -> str:
    return passage.rpartition("#")[2]


# What is read


class Readings:
    """What a second reader sees of the articles of a graph."""

    def __init__(self, made: Build) -> None:
        """Take a graph, whose names and classes the sentences use."""
        store = made.store()

        def match(subject: Any, predicate: Any, value: Any) -> tuple[Quad, ...]:
            return tuple(store.quads_for_pattern(subject, predicate, value, None))

        self._match = lru_cache(_KEPT)(match)
        self._whole = Sentences(self._match, anew=True)

    def of(self, article: Evidence) -> Iterator[Reading]:
        """All facts of an article, in the order of the text."""
        quotes = {p.iri: p.quote for p in (*article.passages, *article.asides)}
        for passage in article.passages:
            context = tuple(quotes[other] for other in passage.read_with if other in quotes)
            speakers = " and ".join(self._whole.name(NamedNode(s)) for s in passage.speakers)
            says = f"{speakers} say{'s' * (len(passage.speakers) == 1)}: " if speakers else ""
            for thing, fact in dict.fromkeys(self._facts(article, passage)):
                yield Reading(passage.iri, thing, passage.quote, context, f"{says}{fact}.")

    def _facts(self, article: Evidence, passage: Passage) -> Iterator[tuple[str, str]]:
        """The facts of a passage alone as sentences, each with the thing that it is about."""
        own = Sentences(_own(self._match, article, passage), anew=True)
        for thing in dict.fromkeys(t.subject for t in passage.triples):
            stated = [t for t in passage.triples if t.subject == thing]
            if not iri(thing) or any(value(t.object) == _QUANTITY for t in stated):  # told where it stands in a role
                continue
            clause = own.clause(thing)
            if clause:
                yield iri(thing), clause.text
            tells = clause.tells if clause else frozenset()
            left = [t for t in stated if t.predicate.value not in {*tells, *_NAMING}]
            names = [t for t in stated if t.predicate.value in _NAMES]
            kinds = [] if clause or left else [t for t in stated if t.predicate == _TYPE]
            told = [own.fact(t) for t in kinds] + [self._whole.fact(t) for t in left]
            told += [self._whole.fact(t) for t in names if value(t.object) not in self._whole.name(thing)]
            yield from ((iri(thing), text) for text in told)


def _own(match: Callable[..., tuple[Quad, ...]], article: Evidence, passage: Passage) -> Callable[..., list[Quad]]:
    """The quads of a dataset as if its things had no facts but those of one passage, and their names and classes.

    So a sentence has what these words are to say, and stays as it is whatever other articles add.
    """
    quads = [Quad(t.subject, t.predicate, t.object, NamedNode(passage.iri)) for t in passage.triples]
    things = {t.subject for t in passage.triples}
    typed = {t.subject for t in passage.triples if t.predicate == _TYPE}

    def is_other(q: Quad) -> bool:
        if q.predicate == SUBJECT:  # of a claim
            return q.object in things
        if q.predicate.value == _READING_DATE:
            return value(q.subject) != article.iri
        is_name = q.predicate.value in _NAMES or (q.predicate == _TYPE and q.subject not in typed)
        return q.subject in things and not is_name

    def found(subject: Any, predicate: Any, value: Any) -> list[Quad]:
        wanted = subject, predicate, value
        mine = [q for q in quads if all(x is None or x == y for x, y in zip(wanted, q.triple, strict=True))]
        return mine + [q for q in match(subject, predicate, value) if not is_other(q)]

    return found


# The file


def path_of(graph_folder: GraphFolder, article: str) -> str:
    """The file of doubts about an article, by its name."""
    return os.path.join(graph_folder.articles, article, FILE)


def read(graph_folder: GraphFolder, article: str) -> tuple[Doubt, ...]:
    """The doubts about an article; none where there is no such file. Raises InputError for a file with a finding."""
    findings: list[Finding] = []
    found = _read(graph_folder, article, findings)
    if findings:
        message, hint = "the doubts cannot be read", f"mend {FILE}, or delete it: `kg propose --audit` makes it anew"
        where = graph_folder.relative(path_of(graph_folder, article))
        raise InputError(message, hint=hint, where=where, rule=AUDIT.id, findings=findings)
    return found


def _read(graph_folder: GraphFolder, article: str, findings: list[Finding]) -> tuple[Doubt, ...]:
    path = path_of(graph_folder, article)
    if not os.path.lexists(path):
        return ()
    name = graph_folder.relative(path)
    if os.path.islink(path):
        findings.append(documents.FILE.finding(name, "the file is a link"))
        return ()
    text = documents.read_text(path, graph_folder, findings, _LARGEST)
    if text is None:
        return ()
    hint = "mend it, or delete it: `kg propose --audit` makes it anew"
    try:
        given = json.loads(text)
    except json.JSONDecodeError as error:
        message = f"this is no JSON: {error.msg}"
        findings.append(AUDIT.finding(name, message, line=error.lineno, column=error.colno, hint=hint))
        return ()
    except (ValueError, RecursionError):
        findings.append(AUDIT.finding(name, "this is no JSON that can be read", hint=hint))
        return ()
    problem = _problem(given)
    if problem:
        findings.append(AUDIT.finding(name, problem, hint=hint))
        return ()
    return tuple(dict.fromkeys(Doubt(**row) for row in given["doubts"]))


def _problem(given: Any) -> str:
    """What is wrong with what a file of doubts has; empty if nothing is."""
    if not isinstance(given, dict) or given.keys() != {"doubts"} or not isinstance(given["doubts"], list):
        return "this is no object with “doubts”, a list, and nothing else"
    if len(given["doubts"]) > MOST:
        return f"more than {MOST:,} doubts"
    for number, row in enumerate(given["doubts"], 1):
        if not isinstance(row, dict) or row.keys() != {*_KEYS}:
            return f"doubt {number} has not the keys {', '.join(_KEYS)}, and no others"
        if key := next((k for k, text in row.items() if not isinstance(text, str) or not text.isprintable()), ""):
            return f"“{key}” of doubt {number} is no line of text"
    return ""


def write(graph_folder: GraphFolder, article: str, doubts: Iterable[Doubt]) -> None:
    """Write the doubts about an article atomically; no file where there are none and there was none.

    Raises InputError through a link, OSError as `write_atomic`.
    """
    path, rows = path_of(graph_folder, article), [{key: getattr(d, key) for key in _KEYS} for d in doubts]
    graph_folder.refuse_link(path)
    if rows or os.path.exists(path):
        layout.write_atomic(path, f"{json.dumps({'doubts': rows}, ensure_ascii=False, indent=2)}\n".encode())


# What is found


def check(graph_folder: GraphFolder) -> Iterator[Finding]:
    """Findings on the files of doubts of all articles: those that cannot be read."""
    for article in doubted(graph_folder):
        findings: list[Finding] = []
        _read(graph_folder, article, findings)
        yield from findings


def doubted(graph_folder: GraphFolder) -> Iterator[str]:
    """The names of the articles that have a file of doubts."""
    for folder in layout.article_folders(graph_folder) if os.path.isdir(graph_folder.articles) else ():
        if os.path.lexists(os.path.join(folder, FILE)):
            yield os.path.basename(folder)


def findings(made: Build) -> Iterator[Finding]:
    """The doubts about what the articles say now; what was read otherwise is dropped."""
    kept = {name: _read(made.sources.graph_folder, name, []) for name in doubted(made.sources.graph_folder)}
    articles = [article for article in made.evidence if kept.get(article.article.name)]
    readings = Readings(made) if articles else None
    for article in articles if readings else ():
        about = {(_local(r.passage), r.digest): r for r in readings.of(article)} if readings else {}
        for d in kept[article.article.name]:
            if reading := about.get((d.passage, d.read)):
                yield _finding(article, reading, d)


def _finding(article: Evidence, reading: Reading, found: Doubt) -> Finding:
    because = f": {found.why}" if found.why else ""
    message = f"doubted by {found.model}: do these words say that “{reading.fact}”{because}"
    place = NamedNode(reading.thing), None, None
    return article.article.facts.finding(DOUBT, message, graph=reading.passage, triple=place)
