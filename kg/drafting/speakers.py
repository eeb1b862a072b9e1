"""Drafts whose speech a passage is: a verb of saying has one subject that is named, outside of what is said."""

import re
from collections.abc import Callable, Iterator, Sequence

from pyoxigraph import NamedNode, Triple

from kg.dataset.named import Names
from kg.dataset.roles import Path
from kg.rdf.namespaces import ENT, RDFS_LABEL, local_name
from kg.source.proposals import Proposal
from kg.text import segments, speech
from kg.text.parts import Filler
from kg.text.speech import Span
from kg.validation.reading import Reading, by_slot

Meaning = Callable[[Reading, Filler, Path, str], str]  # the one thing that words mean in a role of a class

_SPEAKER = ENT + "speaker"
_INVERTED = re.compile(
    rf"[,.?!…][”“»\"’]?\s(?P<verb>{speech.SAYS.pattern})\s(?:(?:the|its) )?(?:[\w-]+ ){{0,3}}?(?=[A-ZÀ-Þ])"
)


class SpeakerDrafts:
    """Who says what the passages of an article render."""

    def __init__(self, names: Names, meaning: Meaning) -> None:
        self._names, self._meaning = names, meaning

    def of(self, reading: Reading) -> Iterator[Proposal]:
        """The speaker of a passage that has none yet, with the passage that names them in full."""
        passage = reading.passage
        text = segments.unwrap(reading.article.article.text)
        marks = [(s - passage.start, e - passage.start) for s, e in speech.quotations(text)]
        within = [(max(0, s), min(len(reading.quote), e)) for s, e in marks if s < len(reading.quote) and e > 0]
        spoken = speech.said(reading.quote, within)
        if not spoken or passage.speakers:
            return
        found = self._subjects(reading, spoken) or self._after_verbs(reading, spoken)
        if len(found) == 1:
            ((speaker, (words, rule)),) = found.items()
            node, how = NamedNode(passage.iri), "quoted" if within else "paraphrased"
            triples = (
                Triple(node, NamedNode(_SPEAKER), NamedNode(speaker)),
                Triple(node, NamedNode(ENT + "speech"), NamedNode(ENT + how)),
                *(Triple(node, NamedNode(ENT + "readWith"), NamedNode(p)) for p in self._naming(reading, speaker)),
            )
            name = f"proposal-{local_name(speaker)}-says-{local_name(passage.iri)}"
            yield Proposal(name, passage.iri, (words,), f"rule: {rule}", triples)

    def _subjects(self, reading: Reading, spoken: Sequence[Span]) -> dict[str, tuple[str, str]]:
        """By speaker the words and the pattern of the lexicon that say so."""
        found: dict[str, tuple[str, str]] = {}
        for match in (m for m in reading.matches if m.term == _SPEAKER):
            fillers = by_slot(match).get(("speaker",), ())
            free = all(not any(s <= f.start < e for s, e in spoken) for f in fillers)
            things = {self._meaning(reading, filler, ("speaker",), match.term) for filler in fillers if free}
            found |= dict.fromkeys(filter(None, things), (reading.words(match), match.pattern.text))
        return found

    def _after_verbs(self, reading: Reading, spoken: Sequence[Span]) -> dict[str, tuple[str, str]]:
        """Who is named right after a verb of saying that follows what is said: “…,” said Mitat Celikpala."""
        found: dict[str, tuple[str, str]] = {}
        for verb in _INVERTED.finditer(reading.quote):
            start = verb.start("verb")
            if any(s <= start < e for s, e in spoken) or not any(e <= start for _, e in spoken):
                continue
            names = [n for n in reading.named if n.start == verb.end()]
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
