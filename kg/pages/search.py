"""Search over names, aliases, titles, questions and quotes: on the server, or by a script from an index in small files.

The index maps the words of all entries to entries, in files by the letters with which words begin; what is found most
often comes first: things, then articles, questions, terms, and last the quotes.
"""

import json
import re
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from pyoxigraph import DefaultGraph, NamedNode

from kg.dataset.labels import fold
from kg.errors import clean
from kg.pages.links import Links, path_of, query_path
from kg.rdf.namespaces import ALT_LABEL, ARTICLE, DCTERMS, ENT, ID, ONTOLOGY_GRAPH, RDFS_LABEL

if TYPE_CHECKING:
    from kg.graph import Graph

MOST_FOUND = 60  # entries that are shown
_FILE_BYTES = 90_000  # of one file of the index
_MOST_ENTRIES = 500  # of one word
_MOST_WORDS = 12  # of a search
_LONGEST = 160  # characters of a quote that are shown
_WORD = re.compile(r"[^\W_]+")


class Entry(NamedTuple):
    """What may be found: its title, its kind or where it stands, its path and place, and the text that is searched."""

    title: str
    kind: str
    path: str
    place: str
    text: str


class Found(NamedTuple):
    """An entry that was found, with its link."""

    title: str
    kind: str
    link: str


def words(text: str) -> list[str]:
    """The words of a text as they are compared: without case and accents."""
    return _WORD.findall(fold(text))


class Index:
    """The entries of a graph and their words."""

    def __init__(self, graph: "Graph", things: Iterable[str], articles: Iterable[str]) -> None:
        self._graph = graph
        self.entries = [*self._things(things), *self._articles(articles), *self._questions(), *self._terms()]
        self.entries += self._quotes()

    @cached_property
    def by_word(self) -> dict[str, list[int]]:
        """The numbers of the entries with each word, a limited number of them."""
        found: dict[str, list[int]] = {}
        for number, entry in enumerate(self.entries):
            for word in dict.fromkeys(words(entry.text)):
                numbers = found.setdefault(word, [])
                if len(numbers) < _MOST_ENTRIES:
                    numbers.append(number)
        return found

    def find(self, text: str, at: Links) -> list[Found]:
        """The entries that have all words of a text, or words that begin so."""
        sets = []
        for word in words(text[:1000])[:_MOST_WORDS]:
            numbers = set(self.by_word.get(word, ()))
            if len(word) > 1:
                numbers.update(n for other, known in self.by_word.items() if other.startswith(word) for n in known)
            sets.append(numbers)
        found = sorted(set.intersection(*sets)) if sets else []
        wanted = fold(text)
        found.sort(key=lambda n: fold(self.entries[n].title) != wanted)
        return [Found(e.title, e.kind, at.to(e.path, e.place)) for e in (self.entries[n] for n in found[:MOST_FOUND])]

    @cached_property
    def files(self) -> dict[str, bytes]:
        """The files of the index by their names: scripts, which a page may load from the file system too."""
        found = {f"words-{start}.js": self._file("words", start, own) for start, own in self._parts()}
        entries = [(e.title, e.kind, e.path, e.place) for e in self.entries]
        limits = [0]
        size = 0
        for number, entry in enumerate(entries):
            size += len(json.dumps(entry))
            if size > _FILE_BYTES:
                limits.append(number)
                size = 0
        for at, start in enumerate(limits):
            end = limits[at + 1] if at + 1 < len(limits) else len(entries)
            found[f"entries-{at}.js"] = self._file("entries", str(start), entries[start:end])
        return found

    @property
    def starts(self) -> list[str]:
        """The letters by which the files of words are named."""
        return [start for start, _ in self._parts()]

    @property
    def limits(self) -> list[int]:
        """The number of the first entry of each file of entries."""
        names = (name for name in self.files if name.startswith("entries-"))
        return [int(self.files[name].split(b'"', 4)[3]) for name in names]

    def _parts(self) -> list[tuple[str, dict[str, list[int]]]]:
        """The words in parts that are small enough, by what they begin with; ASCII alone makes names of files."""
        return list(_split("", self.by_word))

    def _file(self, kind: str, name: str, data: object) -> bytes:
        written = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
        written = written.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
        return f'kgSearch("{kind}","{name}",{written});\n'.encode("utf-8", "replace")

    # Entries

    def _things(self, things: Iterable[str]) -> Iterator[Entry]:
        labels, find = self._graph.things, self._graph.store.quads_for_pattern
        names: dict[str, set[str]] = {}
        for predicate in (RDFS_LABEL, ALT_LABEL):
            for q in find(None, NamedNode(predicate), None, DefaultGraph()):
                names.setdefault(str(getattr(q.subject, "value", "")), set()).add(str(getattr(q.object, "value", "")))
        found = []
        for local in things:
            iri = ID + local
            label, kinds = labels.label(NamedNode(iri)), ", ".join(labels.kinds(NamedNode(iri)))
            own = sorted(names.get(iri, set()) - {label})
            kind = "; ".join(filter(None, (kinds, ", ".join(map(clean, own[:4])))))
            found.append(
                (
                    not names.get(iri),
                    fold(label),
                    Entry(clean(label), kind, path_of(iri)[0], "", " ".join([label, *own])),
                )
            )
        yield from (entry for *_, entry in sorted(found))

    def _articles(self, articles: Iterable[str]) -> Iterator[Entry]:
        titles = self._titles
        for name in articles:
            title = titles.get(ARTICLE + name, name)
            yield Entry(clean(title), "article", path_of(ARTICLE + name)[0], "", title)

    def _questions(self) -> Iterator[Entry]:
        for name, query in sorted(self._graph.queries.items()):
            text = query.summary or name
            yield Entry(clean(text), "question", query_path(name), "", f"{text} {name.replace('-', ' ')}")

    def _terms(self) -> Iterator[Entry]:
        rows = self._graph.store.quads_for_pattern(None, NamedNode(RDFS_LABEL), None, NamedNode(ONTOLOGY_GRAPH))
        found = {q.subject.value: q.object.value for q in rows if str(getattr(q.subject, "value", "")).startswith(ENT)}
        for iri, label in sorted(found.items(), key=lambda item: (fold(item[1]), item[0])):
            yield Entry(clean(label), "term of the ontology", path_of(iri)[0], "", label)

    def _quotes(self) -> Iterator[Entry]:
        find = self._graph.store.quads_for_pattern
        quotes = {q.subject.value: q.object.value for q in find(None, NamedNode(ENT + "quote"), None, DefaultGraph())}
        for iri, quote in sorted(quotes.items()):
            article, _, place = iri.partition("#")
            if article.startswith(ARTICLE) and place:
                shown = quote if len(quote) <= _LONGEST else f"{quote[:_LONGEST].rsplit(' ', 1)[0]} …"
                yield Entry(
                    f"“{clean(shown)}”", clean(self._titles.get(article, "")), path_of(article)[0], place, quote
                )

    @cached_property
    def _titles(self) -> dict[str, str]:
        rows = self._graph.store.quads_for_pattern(None, NamedNode(DCTERMS + "title"), None, DefaultGraph())
        return {str(getattr(q.subject, "value", "")): str(getattr(q.object, "value", "")) for q in rows}


def _split(start: str, found: dict[str, list[int]]) -> Iterator[tuple[str, dict[str, list[int]]]]:
    """Words in parts by their first letters; those that do not begin with ASCII are in the part `other`."""
    parts: dict[str, dict[str, list[int]]] = {}
    for word, numbers in found.items():
        letter = word[len(start) : len(start) + 1]
        parts.setdefault(start + letter if letter.isascii() else "other", {})[word] = numbers
    for name, part in sorted(parts.items()):
        if name not in (start, "other") and len(json.dumps(part)) > _FILE_BYTES:
            yield from _split(name, part)
        else:
            yield name or "other", part
