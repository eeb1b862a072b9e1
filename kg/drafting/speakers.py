"""Whose words the words of a text are: drafts of speakers, and passages in which an article speaks for itself.

A verb of saying has one subject that is named, outside of what is said.
"""

import re
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from pyoxigraph import Literal, NamedNode, Triple

from kg.dataset.named import Names
from kg.dataset.roles import Path
from kg.drafting.draft import context
from kg.rdf.namespaces import ENT, ID, RDF_TYPE, RDFS_LABEL, local_name
from kg.rdf.terms import iri, value
from kg.source.article import Evidence, Passage
from kg.source.proposals import Proposal
from kg.text import segments, speech, verbs
from kg.text.forms import slug_words
from kg.text.parts import Filler
from kg.text.speech import Span
from kg.validation.reading import Reading, by_slot

Meaning = Callable[[Reading, Filler, Path, str], str]  # the one thing that words mean in a role of a class

_SPEAKER = ENT + "speaker"
_INVERTED = re.compile(
    rf"[,.?!…][”“»\"’]?\s(?P<verb>{speech.SAYS.pattern})\s(?:(?:the|its) )?(?:[\w-]+ ){{0,3}}?(?=[A-ZÀ-Þ])"
)
_RELATIVE = re.compile(r"\b(?:that|which|who|whom)\s(?:(?:the|its|their)\s)?(?:[a-z-]+\s)?(?:\Z|(?=[A-Z]))")
_BEFORE = re.compile(rf",?\s(?:{speech.SAYS.pattern})")
_DETERMINER = re.compile(r"\A(?:(?:the|an?|its|his|her|their|[\w.-]+(?:['’]s|s['’])) )+", re.IGNORECASE)
_BODY = re.compile(
    r"\b(?:agency|army|authority|bank|board|commission|committee|company|council|court|delegation|department|embassy"
    r"|government|group|ministry|office|operator|palace|party|police|regulator|tribunal|union)\Z"
)
_OWN = ("'s", "’s")
_MARKS = '“”«»".'
_ONE = re.compile(r"\b(?:(?:spokes)?(?:man|person|woman)|diplomat|minister|official)\b")


class SpeakerDrafts:
    """Who says what the passages of an article render."""

    def __init__(self, names: Names, meaning: Meaning) -> None:
        self._names, self._meaning = names, meaning
        self._last: tuple[Passage, str] | None = None  # the passage last quoted, and the one who speaks in it

    def of(self, reading: Reading) -> Iterator[Proposal]:
        """The speaker of a passage that has none yet, with the passage that names them in full."""
        passage = reading.passage
        text = segments.unwrap(reading.article.article.text)
        within = marked(passage, speech.quotations(text))
        last = self._last
        if last is None or passage.end > last[0].end:  # and not some of its words
            self._last = None
        if within and len(passage.speakers) == 1:
            self._last = passage, passage.speakers[0]
        spoken = speech.said(reading.quote, within)
        if not spoken or passage.speakers:
            return
        for proposal in self._spoken(reading, spoken, within, text, last):
            for t in proposal.triples:
                if within and t.predicate.value == _SPEAKER:
                    self._last = passage, value(t.object)
            yield proposal

    def _spoken(
        self,
        reading: Reading,
        spoken: Sequence[Span],
        within: Sequence[Span],
        text: str,
        last: tuple[Passage, str] | None,
    ) -> Iterator[Proposal]:
        passage = reading.passage
        if last and _is_all_within(reading.quote, within):
            if re.fullmatch(r"[ \t]*", text[last[0].end : passage.start]):
                words, rule = reading.quote[: within[0][1]].strip(_MARKS), "a quotation that goes on"
                named = [last[0].iri, *self._naming(reading, last[1])]
                yield self._speaks(passage, last[1], words, rule, quoted=True, read_with=list(dict.fromkeys(named)))
            return
        found = self._subjects(reading, spoken) or self._before_verbs(reading, spoken)
        found = found or self._after_verbs(reading, spoken)
        found = {speaker: told for speaker, told in found.items() if not self._is_aside(reading.quote, told[0])}
        if len(found) == 1:
            ((speaker, (words, rule)),) = found.items()
            read_with = self._naming(reading, speaker)
            yield self._speaks(passage, speaker, words, rule, quoted=bool(within), read_with=read_with)
        elif not found and (unnamed := self._unnamed(reading, spoken, text)):
            yield unnamed
            speaker = next(value(t.subject) for t in unnamed.stated)
            rule = "a verb of saying and who is not named"
            yield self._speaks(passage, speaker, unnamed.words[0], rule, quoted=bool(within))

    @staticmethod
    def _is_aside(quote: str, words: str) -> bool:
        """Whether somebody says but a part, “a line that Lorvia says is safe”, or denies it: “Lorvia denied that …”."""
        is_denied = "deny" in verbs.bases(words.rpartition(" ")[2])
        before = quote[: max(quote.find(words), 0)]
        return is_denied or _RELATIVE.match(words) is not None or _RELATIVE.search(before) is not None

    def _speaks(
        self, passage: Passage, speaker: str, words: str, rule: str, *, quoted: bool, read_with: Sequence[str] = ()
    ) -> Proposal:
        node, how = NamedNode(passage.iri), "quoted" if quoted else "paraphrased"
        triples = (
            Triple(node, NamedNode(_SPEAKER), NamedNode(speaker)),
            Triple(node, NamedNode(ENT + "speech"), NamedNode(ENT + how)),
            *(Triple(node, NamedNode(ENT + "readWith"), NamedNode(p)) for p in read_with),
        )
        name = f"proposal-{local_name(speaker)}-says-{local_name(passage.iri)}"
        return Proposal(name, passage.iri, (words,), f"rule: {rule}", triples)

    def _unnamed(self, reading: Reading, spoken: Sequence[Span], text: str) -> Proposal | None:
        """Who speaks and has no name, in a passage of just these words: “two diplomats”; None where several do."""
        free = [s for s in speech.unnamed_speakers(reading.quote) if not any(a <= s[0] < b for a, b in spoken)]
        told = {reading.quote[start:end] for start, end in free}
        words = _DETERMINER.sub("", told.pop()) if len(told) == 1 else ""
        if not words or text.count(words) != 1:
            return None
        kind = "Organisation" if _BODY.search(words) else "Person" if _ONE.search(words) else "Actor"
        slug = "-".join(slug_words(words))
        thing = NamedNode(f"{ID}{slug}-{reading.article.article.name}")
        place = narrower(reading.passage.iri, words)
        label = Literal(words, language=reading.names.language)
        triples = (
            *place.described,
            Triple(thing, NamedNode(RDF_TYPE), NamedNode(ENT + kind)),
            Triple(thing, NamedNode(RDFS_LABEL), label),
        )
        return Proposal(f"proposal-{slug}", place.iri, (words,), "rule: who speaks without a name", triples)

    def _subjects(self, reading: Reading, spoken: Sequence[Span]) -> dict[str, tuple[str, str]]:
        """By speaker the words and the pattern of the lexicon that say so."""
        found: dict[str, tuple[str, str]] = {}
        for match in (m for m in reading.matches if m.term == _SPEAKER):
            fillers = by_slot(match).get(("speaker",), ())
            free = all(not any(s <= f.start < e for s, e in spoken) for f in fillers)
            things = {self._meaning(reading, filler, ("speaker",), match.term) for filler in fillers if free}
            found |= dict.fromkeys(filter(None, things), (reading.words(match), match.pattern.text))
        return found

    def _before_verbs(self, reading: Reading, spoken: Sequence[Span]) -> dict[str, tuple[str, str]]:
        """Who is named right before a verb of saying: “…, and its energy minister, Ada Holm, said that …”."""
        found: dict[str, tuple[str, str]] = {}
        for name in reading.named:
            verb = _BEFORE.match(reading.quote, name.end)
            persons = {x for x in name.things if ENT + "Person" in self._names.kinds(x)} if verb else set()
            is_free = not any(s <= name.start < e for s, e in spoken)
            if verb and is_free and len(persons) == 1:
                found[persons.pop()] = reading.quote[name.start : verb.end()], "a name and a verb of saying"
        return found

    def _after_verbs(self, reading: Reading, spoken: Sequence[Span]) -> dict[str, tuple[str, str]]:
        """Who is named right after a verb of saying that follows what is said: “…,” said Mitat Celikpala."""
        found: dict[str, tuple[str, str]] = {}
        for verb in _INVERTED.finditer(reading.quote):
            start = verb.start("verb")
            if any(s <= start < e for s, e in spoken) or not any(e <= start for _, e in spoken):
                continue
            names = [n for n in reading.named if n.start == verb.end()]
            if any(reading.quote[n.end : n.end + 2] in _OWN for n in names):
                continue  # “says Tarn’s lawyer”
            persons = {x for n in names for x in n.things if ENT + "Person" in self._names.kinds(x)}
            if len(persons) == 1:
                last = max(n.end for n in names)
                found[persons.pop()] = reading.quote[start:last], "a verb of saying and a name"
        return found

    def _naming(self, reading: Reading, thing: str) -> list[str]:
        """The first passage that gives a thing a name, where the quote has none of its names but a part of one."""
        if any(name in reading.quote for name in self._names.names(thing)):
            return []
        rows = (r for r in reading.others.stating(thing) if RDFS_LABEL in r.thing_of[thing].values)
        return [r.passage.iri for r in rows if r is not reading][:1]


class Place(NamedTuple):
    """The passage in which something is proposed, with the statements by which it comes to be."""

    iri: str
    quote: str
    described: tuple[Triple, ...] = ()


def _is_all_within(quote: str, within: Sequence[Span]) -> bool:
    """Whether all words of a quote are within quotation marks."""
    outside = [quote[a:b] for (_, a), (b, _) in pairwise([(0, 0), *within, (len(quote), 0)])]
    return bool(within) and not any(map(str.isalnum, "".join(outside)))


def narrower(passage: str, quote: str, prefix: str = "", suffix: str = "") -> Place:
    """A new passage of fewer words than one (IRI) that is there, with what stands before and after where they recur."""
    article, _, outer = passage.partition("#")
    name = "-".join([*slug_words(quote)[:4], *([f"of-{outer}"] if prefix or suffix else ["named"])])
    node = NamedNode(f"{article}#{name}")
    around = {"quote": quote, "prefix": prefix, "suffix": suffix}
    described = (
        Triple(node, NamedNode(RDF_TYPE), NamedNode(ENT + "Passage")),
        *(Triple(node, NamedNode(ENT + name), Literal(words)) for name, words in around.items() if words),
    )
    return Place(node.value, quote, described)


def introductions(evidence: Evidence, things: Container[str]) -> list[Proposal]:
    """What things (IRIs) are that only somebody's words introduce, each in a passage of its name alone.

    That a thing has a name, and of what kind it is, the article tells itself, also where somebody says more of it.
    """
    text, found = segments.unwrap(evidence.article.text), dict[str, Proposal]()
    there = {p.iri: p.quote for p in evidence.passages}
    for passage in evidence.reported:
        stated = [
            t for t in passage.triples if iri(t.subject) in things and t.predicate.value in (RDF_TYPE, RDFS_LABEL)
        ]
        names = {iri(t.subject): value(t.object) for t in stated if t.predicate.value == RDFS_LABEL}
        for thing, name in names.items():
            start = text.find(name, passage.start, passage.end)
            around = context(text, start, start + len(name)) if start >= 0 else None
            own = tuple(t for t in stated if iri(t.subject) == thing)
            if around is None or thing in found or all(t.predicate.value != RDF_TYPE for t in own):
                continue
            place = narrower(passage.iri, name, *around)
            if there.get(place.iri, name) == name:
                described = () if place.iri in there else place.described
                found[thing] = Proposal(local_name(place.iri), place.iri, (name,), "", (*described, *own))
    return [*found.values()]


class Places:
    """For words of a sentence, the passage in which they are the article's own."""

    def __init__(self, passage: Passage, spoken: Sequence[Span], named: Sequence[Span], text: str) -> None:
        self._passage, self._spoken, self._text = passage, spoken, text
        free = [span for span in named if not any(s < span[1] and span[0] < e for s, e in spoken)]
        self._inner = self._narrower(free) if spoken and free else None

    def _narrower(self, free: Sequence[Span]) -> tuple[int, int, Place] | None:
        """The stretch of own words from the first name to the last."""
        start, end = free[0][0], free[0][1]
        for s, e in free[1:]:
            if not any(end <= a < s for a, _ in self._spoken):
                end = e
        at = self._passage.start
        around = context(self._text, at + start, at + end)
        return around and (start, end, narrower(self._passage.iri, self._passage.quote[start:end], *around))

    def are_own(self, start: int, end: int) -> bool:
        """Whether words of the sentence, from `start` to `end` of its quote, are not what somebody says."""
        return not any(s < end and start < e for s, e in self._spoken)

    def __call__(self, start: int, end: int) -> Place:
        """The passage for words of the sentence, from `start` to `end` of its quote."""
        if self._inner and self._inner[0] <= start and end <= self._inner[1]:
            return self._inner[2]
        return Place(self._passage.iri, self._passage.quote)


def marked(passage: Passage, quotations: Iterable[Span]) -> list[Span]:
    """Where the quote of a passage is within quotation marks, of which these are in its text."""
    length = len(passage.quote)
    marks = [(s - passage.start, e - passage.start) for s, e in quotations]
    return [(max(0, s), min(length, e)) for s, e in marks if s < length and e > 0]


def own_words(passage: Passage, words: Sequence[str], text: str) -> Place:
    """The passage for words of a quote: one of fewer words, where these stand outside of what somebody says."""
    quote, text = passage.quote, segments.unwrap(text)
    spans = sorted((quote.find(each), quote.find(each) + len(each)) for each in words)
    places = Places(passage, speech.said(quote, marked(passage, speech.quotations(text))), spans, text)
    return places(spans[0][0], max(end for _, end in spans))
