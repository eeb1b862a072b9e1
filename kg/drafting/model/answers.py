"""What a model answers, as proposals: each fact by itself, with what is wrong with those that are none.

An answer is data from elsewhere. What is no JSON, names no words of the sentence, or uses a term or a thing that was
not offered, is refused here; all else is for the checks. Nothing in an answer is run, followed, or written as it is.
"""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, TypeGuard

from pyoxigraph import Literal, NamedNode, Triple

from kg.drafting.model.prompt import Request
from kg.drafting.model.terms import DATE, TEXT, Role, Terms
from kg.rdf.namespaces import ENT, ID, RDF_TYPE, RDFS_LABEL, expand, local_name
from kg.source.article import Passage
from kg.source.proposals import Proposal, free_name

MOST_FACTS = 60  # of one answer
_LONGEST = 60  # characters of the name of a new thing
_PREFIX = "new:"
_SPACES = "\u00a0\u2009\u202f"  # of print
ANSWER = "answer"  # the check that refuses what is no fact at all


@dataclass(frozen=True)
class Refusal:
    """What was refused: the fact as it was given, the check, what it has found, and what would help."""

    fact: str
    check: str
    message: str
    hint: str = ""


@dataclass
class Answer:
    """An answer as proposals, and what of it is none."""

    proposals: list[Proposal] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)


class Places:
    """The passages of the facts file, by their words, and new ones for quotes that have none."""

    def __init__(self, article: str, passages: Iterable[Passage], taken: Iterable[str]) -> None:
        """`passages` are those of the article (IRI), `taken` the names of all things in the graph (IRIs)."""
        known = list(passages)
        self._article = article
        self._new: dict[str, str] = {}
        self._silent = {p.iri for p in known if not p.triples and not p.speakers}  # drafted: nobody speaks there yet
        self._known: dict[str, list[tuple[int, str]]] = {}  # where passages begin, and their IRIs
        for p in known:
            self._known.setdefault(p.quote + "".join(p.speakers[:1]), []).append((p.start, p.iri))
        self._names = {local_name(p.iri) for p in known}
        self.taken = set(taken)
        self.new: dict[str, str] = {}  # IRIs of new things by the name that the model gives them

    def passage(self, quote: str, speaker: str = "", *, alone: bool = False, near: int = 0) -> tuple[str, bool]:
        """The passage for a quote in the words of a speaker (IRI) or the outlet, and whether it is to be described.

        A drafted passage that says nothing yet is taken for a speaker's where all facts of its quote are (`alone`). Of
        several with one quote it is the nearest to a place of the text.
        """
        key = quote + speaker
        own, any_ = (min(self._known.get(k, [(0, "")]), key=lambda row: abs(row[0] - near))[1] for k in (key, quote))
        if own:
            return own, False
        if speaker and alone and any_ in self._silent:
            return any_, True
        if key not in self._new:
            words = re.findall("[a-z]+", quote.lower())
            stem = "-".join(w for w in words if len(w) > 3)[:30].strip("-") or "passage"
            name = free_name(stem, self._names)
            self._names.add(name)
            self._new[key] = f"{self._article}#{name}"
        return self._new[key], True

    def thing(self, name: str) -> str:
        """The IRI of a thing that is new, by the name that the model gives it."""
        if name not in self.new:
            local = free_name(name, {local_name(iri) for iri in self.taken})
            self.new[name] = ID + local
            self.taken.add(ID + local)
        return self.new[name]


def read(text: str, request: Request, terms: Terms, places: Places, by: str) -> Answer:
    """Read an answer to a request; `by` is who proposes."""
    found = Answer()
    try:
        data = parsed(text)
    except (ValueError, RecursionError):
        return Answer(refusals=[Refusal("", ANSWER, "the answer is no JSON", "answer with one JSON object")])
    if not isinstance(data, dict) or not isinstance(data.get("facts"), list):
        return Answer(refusals=[Refusal("", ANSWER, "the answer has no list of facts", "answer by the schema")])
    if len(data["facts"]) > MOST_FACTS:
        found.refusals.append(Refusal("", ANSWER, f"more than {MOST_FACTS} facts of one sentence", "leave some out"))
    mentions = _Mentions(data.get("mentions"), request, places)
    voices = _voices(data["facts"])
    introduced = {f["thing"] for f in data["facts"][:MOST_FACTS] if isinstance(f, dict) and _is_text(f.get("thing"))}
    for given in data["facts"][:MOST_FACTS]:
        try:
            found.proposals.append(_Fact(given, request, terms, places, introduced).proposal(by, mentions, voices))
        except _Refused as refused:
            found.refusals.append(Refusal(_shown(given), ANSWER, refused.message, refused.hint))
    return found


def _voices(facts: list[Any]) -> dict[str, set[str]]:
    """By quote who speaks in the facts of an answer, as it is given; the outlet has an empty name."""
    found: dict[str, set[str]] = {}
    for fact in facts:
        if isinstance(fact, dict) and _is_text(fact.get("quote")):
            found.setdefault(fact["quote"], set()).add(str(fact.get("speaker") or ""))
    return found


def parsed(text: str) -> Any:
    """An answer as JSON (RFC 8259), without the marks of a block of code around it, which some servers put there.

    Raises ValueError for none, for an object with one key twice, and for numbers that are none; RecursionError for one
    that is too deep.
    """
    text = text.strip()
    if text.startswith("```") and text.endswith("```") and "\n" in text:
        text = text[text.index("\n") : -3]
    return json.loads(text, object_pairs_hook=_unique, parse_constant=_refused)


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("one key twice")
    return found


def _refused(constant: str) -> None:
    raise ValueError(f"{constant} is no number")


def _shown(given: Any) -> str:
    return json.dumps(given, ensure_ascii=False)[:500]


def _is_text(value: Any) -> TypeGuard[str]:
    return isinstance(value, str) and bool(value.strip()) and all(c.isprintable() or c in _SPACES for c in value)


class _Refused(Exception):  # noqa: N818 - a verdict on one fact, caught where the next one is read
    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message, self.hint = message, hint


class _Names:
    """How a fact names things: those that were offered, and new ones."""

    def __init__(self, request: Request, places: Places, introduced: Iterable[str] = ()) -> None:
        self._request, self._places, self._introduced = request, places, set(introduced)

    def thing(self, name: Any, *, new: bool = False) -> str:
        """The IRI of a thing by its name in the answer; a new one only where it is introduced. Raises _Refused."""
        if not _is_text(name):
            raise _Refused("a thing has no name", "name one of the known things, or a new one")
        iri = expand(name) if name.startswith("id:") else None
        if iri in self._request.known:
            return iri
        match = re.fullmatch(r"(?:new|id):([a-z0-9]+(?:-[a-z0-9]+)*)", name)
        if not match or len(name) > _LONGEST:
            raise _Refused(f"{name[:80]} names no thing", "write new: and lower-case words with hyphens")
        if ID + match[1] in self._request.known:  # it is not new
            return ID + match[1]
        if new or name in self._introduced or match[1] in self._places.new:
            return self._places.thing(match[1])
        raise _Refused(f"{name} is neither known nor introduced by a fact", "introduce it, or name a known thing")


class _Mentions(_Names):
    """The mentions of an answer; those that name no words or no things are left out."""

    def __init__(self, given: Any, request: Request, places: Places) -> None:
        super().__init__(request, places)
        self.found: list[tuple[str, tuple[str, ...]]] = []
        for mention in given[:MOST_FACTS] if isinstance(given, list) else ():
            words = mention.get("words") if isinstance(mention, dict) else None
            means = mention.get("means") if isinstance(mention, dict) else None
            if not _is_text(words) or not isinstance(means, list) or not means:
                continue
            try:
                self.found.append((words, tuple(self.thing(m) for m in means[:8])))
            except _Refused:
                continue

    def triples(self, passage: str, quote: str, things: set[str]) -> Iterator[Triple]:
        """The mentions in a quote that mean one of some things, as statements."""
        for at, (words, means) in enumerate(self.found, 1):
            if words in quote and not things.isdisjoint(means):
                node = NamedNode(f"{passage}-mention-{at}")
                yield Triple(node, NamedNode(RDF_TYPE), NamedNode(ENT + "Mention"))
                yield Triple(node, NamedNode(ENT + "mentionIn"), NamedNode(passage))
                yield Triple(node, NamedNode(ENT + "quote"), Literal(words))
                for thing in means:
                    yield Triple(node, NamedNode(ENT + "refersTo"), NamedNode(thing))


class _Fact(_Names):
    """One fact of an answer."""

    def __init__(self, given: Any, request: Request, terms: Terms, places: Places, introduced: set[str]) -> None:
        super().__init__(request, places, introduced)
        if not isinstance(given, dict):
            raise _Refused("a fact is no JSON object", "answer by the schema")
        self._given, self._terms = given, terms

    def proposal(self, by: str, mentions: _Mentions, voices: dict[str, set[str]]) -> Proposal:
        """The fact as a proposal. Raises _Refused."""
        quote = self._quote()
        words = self._words(quote)
        thing = self.thing(self._given.get("thing"), new=True)
        kind = expand(str(self._given.get("class"))) or ""
        if kind not in self._terms.classes:
            raise _Refused(f"{self._given.get('class')} is no class that was offered", "choose one of the classes")
        speaker = self._speaker()
        alone, near = len(voices.get(quote, ())) == 1, self._request.unit.start
        passage, is_new = self._places.passage(quote, speaker, alone=alone, near=near)
        node = NamedNode(thing)
        triples = [Triple(node, NamedNode(RDF_TYPE), NamedNode(kind)), *self._label(node, quote)]
        dated: list[str] = []
        for role, value in self._values():
            if role.takes == DATE:
                date = self._request.choices.date(value)
                if date is None or date.words not in quote:
                    raise _Refused(f"{value} is no date of the quote", "choose a date by its name, or leave it out")
                dated.append(date.words)
                triples.append(Triple(node, NamedNode(role.property), date.literal))
            else:
                triples += self._valued(node, role, value, quote)
        described = self._described(NamedNode(passage), quote, speaker, dated) if is_new else self._read_with(passage)
        if not is_new:
            described += [Triple(NamedNode(passage), NamedNode(ENT + "dateWords"), Literal(w)) for w in dated]
        things = {t.object.value for t in triples if isinstance(t.object, NamedNode)} | {thing}
        described += mentions.triples(passage, quote, things)
        name = f"proposal-{local_name(thing)}"
        return Proposal(name, passage, words, by, tuple(dict.fromkeys([*triples, *described])))

    def _quote(self) -> str:
        quote = self._given.get("quote")
        if not _is_text(quote) or quote not in self._request.unit.text:
            raise _Refused("the quote is not in the sentence, letter by letter", "copy it from the sentence")
        return str(quote)

    def _words(self, quote: str) -> tuple[str, ...]:
        words = self._given.get("words")
        if not isinstance(words, list) or not words or not all(_is_text(w) and w in quote for w in words):
            raise _Refused("the words are not in the quote, letter by letter", "copy words from the quote")
        return tuple(dict.fromkeys(words[:12]))

    def _label(self, node: NamedNode, quote: str) -> Iterator[Triple]:
        label = self._given.get("label")
        if label is None or node.value in self._request.known:
            return
        if not _is_text(label) or label not in quote:
            raise _Refused(f"the label “{label}” is not in the quote", "copy it from the quote, or give none")
        yield Triple(node, NamedNode(RDFS_LABEL), Literal(label, language="en"))

    def _speaker(self) -> str:
        given = self._given.get("speaker")
        return "" if given is None else self.thing(given)

    def _values(self) -> Iterator[tuple[Role, str]]:
        values = self._given.get("values")
        roles = self._terms.roles(expand(str(self._given.get("class"))) or "")
        for row in values if isinstance(values, list) else ():
            name, value = (row.get("role"), row.get("value")) if isinstance(row, dict) else (None, None)
            role = roles.get(expand(str(name)) or "")
            if role is None:
                raise _Refused(f"{self._given.get('class')} has no role {name}", "choose a role of the class")
            if not _is_text(value):
                raise _Refused(f"{name} has no value", "leave the role out")
            yield role, str(value)

    def _valued(self, node: NamedNode, role: Role, value: str, quote: str) -> Iterator[Triple]:
        """A value as statements: words, a listed value, an amount with its quantity, or a thing."""
        path = NamedNode(role.property)
        if role.takes == TEXT:
            if value not in quote:
                raise _Refused(f"“{value[:80]}” is not in the quote", "copy the words from the quote")
            yield Triple(node, path, Literal(value, language="en"))
        elif role.classes == {ENT + "Quantity"}:
            amount = self._request.choices.amount(value)
            if amount is None or amount.reading.words not in quote:
                raise _Refused(f"{value[:80]} is no amount of the quote", "choose an amount by its name")
            yield Triple(node, path, amount.node)
            yield from amount.triples
        elif (expand(value) or "").startswith(ENT):
            if expand(value) not in role.classes and not self._is_listed(expand(value) or "", role):
                raise _Refused(f"{value} is no value of {local_name(role.property)}", "choose one that is listed")
            yield Triple(node, path, NamedNode(expand(value) or ""))
        else:
            yield Triple(node, path, NamedNode(self.thing(value)))

    def _is_listed(self, value: str, role: Role) -> bool:
        """Whether a role takes a listed value, or a class in the place of a thing."""
        return any(value in self._terms.values.get(kind, ()) for kind in role.classes) or value in self._terms.classes

    def _described(self, passage: NamedNode, quote: str, speaker: str, dated: list[str]) -> list[Triple]:
        """A new passage as statements."""
        rows: list[tuple[str, NamedNode | Literal]] = [
            (RDF_TYPE, NamedNode(ENT + "Passage")),
            (ENT + "quote", Literal(quote)),
        ]
        if speaker:
            how = "quoted" if self._given.get("speech") == "quoted" else "paraphrased"
            rows += [(ENT + "speaker", NamedNode(speaker)), (ENT + "speech", NamedNode(ENT + how))]
        rows += [(ENT + "dateWords", Literal(w)) for w in dated]
        found = [Triple(passage, NamedNode(p), o) for p, o in rows]
        return found + self._read_with(passage.value)

    def _read_with(self, passage: str) -> list[Triple]:
        unit, given = self._request.unit, self._given.get("read_with")
        near = {"before": unit.before, "after": unit.after}
        texts = [near[n] for n in given if n in near] if isinstance(given, list) else []
        others = [self._places.passage(text, near=unit.start) for text in texts if text]
        return [Triple(NamedNode(passage), NamedNode(ENT + "readWith"), NamedNode(o)) for o, new in others if not new]
