"""What a proposal says, as sentences, and its words in their quote: for whoever decides of it."""

from collections.abc import Iterator, Mapping, Sequence

from pyoxigraph import NamedNode

from kg.dataset.build import Build
from kg.dataset.sentences import Sentences
from kg.rdf.namespaces import ALT_LABEL, ENT, ID, RDF_TYPE, RDFS_LABEL, local_name, short
from kg.rdf.terms import value
from kg.source.article import Passage
from kg.source.proposals import Proposal, Proposed

_NAMES = (RDFS_LABEL, ALT_LABEL)
_TOLD_OF_EVIDENCE = frozenset(
    ["dateWords", "mentionIn", "prefix", "quote", "readWith", "refersTo", "speaker", "speech", "suffix", "type"]
)


def sentences(
    proposal: Proposal, speakers: Sequence[str], known: Sentences, passages: Mapping[str, Passage]
) -> list[str]:
    """What a proposal says: first the sentence of the thing that it is about, then what that one leaves out.

    `speakers` (IRIs) say it; `passages` are those of the article, by IRI.
    """
    voice = known.said_by(speakers) if speakers else known
    told: list[str] = []
    left = dict.fromkeys(t for t in proposal.stated)
    for subject in dict.fromkeys(t.subject for t in proposal.stated):
        clause = voice.clause(subject)
        if clause is None:
            continue
        told.append(clause.text)
        said = {*voice.told(subject, clause), *(t for t in left if t.predicate.value in clause.tells)}
        left = {t: None for t in left if t not in said and (t.subject != subject or t.predicate.value != RDF_TYPE)}
    named = {t.subject for t in left if t.predicate.value in _NAMES}
    for t in left:
        if t.predicate.value in _NAMES and (value(t.object) in voice.name(t.subject) or told):
            continue
        if t.predicate.value == RDF_TYPE and told and t.subject not in named:
            continue
        told.append(voice.fact(t))
    if speakers and told:
        nodes = [*map(NamedNode, speakers)]
        who = " and ".join(map(voice.name, nodes))
        told[0] = f"{who} {_say(voice, nodes, who)}: {told[0]}"
    told += _of_evidence(proposal, known, passages)
    return [*dict.fromkeys(told)] or [voice.fact(t) for t in proposal.triples]


def _of_evidence(proposal: Proposal, known: Sentences, passages: Mapping[str, Passage]) -> Iterator[str]:
    """What a proposal says of passages and mentions: who speaks, whom words mean, and with what they are read."""
    values: dict[str, list[NamedNode]] = {}
    for t in proposal.described:
        if isinstance(t.object, NamedNode):
            values.setdefault(local_name(t.predicate.value), []).append(t.object)
    words = {t.predicate.value: value(t.object) for t in proposal.described}
    if speakers := values.get("speaker"):
        is_quoted = NamedNode(ENT + "quoted") in values.get("speech", ())
        how = "word for word" if is_quoted else "as the article renders it"
        named = _named(known, speakers)
        yield f"{named} {_say(known, speakers, named)} this, {how}"
    if meant := values.get("refersTo"):
        yield f"“{words.get(ENT + 'quote', '')}” means {_named(known, meant)}"
    for other in values.get("readWith", ()):
        passage = passages.get(other.value)
        yield f"this is read with {f'“{shortened(passage.quote)}”' if passage else short(other.value)}"
    if ENT + "dateWords" in words:
        yield f"“{words[ENT + 'dateWords']}” tells when"
    yield from (known.fact(t) for t in proposal.described if local_name(t.predicate.value) not in _TOLD_OF_EVIDENCE)


def _named(known: Sentences, things: list[NamedNode]) -> str:
    return " and ".join(known.name(thing) for thing in things)


def _say(sentences: Sentences, speakers: list[NamedNode], named: str) -> str:
    """The verb of what somebody says: “officials say”."""
    return "say" if len(speakers) > 1 or sentences.is_plural(speakers[0], named) else "says"


_LONGEST = 60  # code points of a quote beside another


def shortened(quote: str) -> str:
    """The beginning of a quote."""
    return quote if len(quote) <= _LONGEST else f"{quote[:_LONGEST]}…"


def need(other: Proposal, node: str) -> str:
    """A sentence on a proposal that another one needs, for `node` (IRI)."""
    if other.awaits:
        return f"it rests on {other.name}, which introduces {short(node)}: accept that one first"
    return f"it rests on {other.name}, which was refused: nothing introduces {short(node)}; edit this one, or refuse it"


def marked(quote: str, words: tuple[str, ...], begin: str, end: str) -> str:
    """A quote with the words on which a proposal rests between marks, each where it stands first."""
    spans: list[tuple[int, int]] = []
    for each in sorted(words, key=len, reverse=True):
        at = quote.find(each)
        if at >= 0 and not any(start < at + len(each) and at < stop for start, stop in spans):
            spans.append((at, at + len(each)))
    return "".join(_pieces(quote, sorted(spans), begin, end))


def _pieces(quote: str, spans: list[tuple[int, int]], begin: str, end: str) -> Iterator[str]:
    at = 0
    for start, stop in spans:
        yield quote[at:start] + begin + quote[start:stop] + end
        at = stop
    yield quote[at:]


def needs(proposal: Proposal, proposed: Proposed, made: Build) -> list[tuple[Proposal, str]]:
    """The proposals without which one cannot stand, each with what it brings: a thing or a passage (IRI).

    That is what nothing states yet but they, in the graph as it is: the class of a thing, or its name where only the
    class is proposed here. Those that await come first; one that was refused leaves a gap.
    """
    own = {t.subject for t in proposal.triples if t.predicate.value == RDF_TYPE}
    named = {t.subject for t in proposal.triples if t.predicate.value == RDFS_LABEL}
    nodes = {x for t in proposal.triples for x in (t.subject, t.object) if isinstance(x, NamedNode)}
    nodes = {x for x in nodes if x.value.startswith((ID, f"{proposed.article}#"))}
    nodes |= {NamedNode(proposal.passage)}
    there = {p.iri for e in made.evidence if e.iri == proposed.article for p in e.passages}
    found: list[tuple[Proposal, str]] = []
    for node in sorted(nodes - (own & named), key=str):
        wanted = RDFS_LABEL if node in own else RDF_TYPE
        if node.value in there or any(any(s.about(node, wanted)) for s in (made.statements, made.claimed)):
            continue
        rows = [p for p in proposed.proposals if p.name != proposal.name and _brings(p, node, wanted)]
        rows.sort(key=lambda p: not p.awaits)
        found += [(p, node.value) for p in rows[:1]]
    return found


def _brings(proposal: Proposal, node: NamedNode, predicate: str) -> bool:
    """Whether a proposal says what something is, or what it is called."""
    return any(t.subject == node and t.predicate.value == predicate for t in proposal.triples)
