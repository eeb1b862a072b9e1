"""What somebody does or did in words of the article, where the ontology has no class for it: “Lorvia “closed a port””.

It is an event with those who take part, or a statement with who makes it, and the words are its ent:wording: no more
is said than that they did what these words tell. Of a work or a place the words tell without an event.
"""

import re
from collections.abc import Iterator, Sequence

from pyoxigraph import Literal, NamedNode, Triple

from kg.dataset.build import Build
from kg.dataset.named import Names
from kg.drafting import when
from kg.drafting.speakers import marked
from kg.errors import UsageError
from kg.rdf.namespaces import ENT, ID, RDF_TYPE, local_name
from kg.rdf.terms import iri, value
from kg.source.article import Evidence, Passage
from kg.text import segments, speech, verbs
from kg.text.forms import slug_words

_WORDED = re.compile(r"(?P<names>[^“”\"]+?) [“\"](?P<words>[^“”]+?)[”\"]")
_ASIDE = re.compile(r", [^,;:.]{1,120}?(?:, [^,;:.]{1,60}?)?, |[ \u00a0]")  # after a name: “Lorvia, which …, closed”
_END = re.compile(r"[;:.!?]?\Z|[;:]|, (?:and|but|which|while|who|after|as|before|in what|with)\b|[.!?] ")
_NEXT = re.compile(r"[,;:.]|\Z")
_WHICH = re.compile(r", (?:which|who) ")
_THAT = re.compile(r"\bthat (?:it|he|she|they) ")
_OBJECT = re.compile(r"\b(?:about|at|between|by|for|from|in|into|of|on|over|to|under|with)\s(?:the )?\Z")
_LEAD = 12  # characters before a name in which a preposition is looked for
_MOST_WORDS = 25  # of what is suggested
_MOST = 4  # suggestions for one passage
_HELD = re.compile(r" (?:took place|(?:was|were) held)\b")
_TO_BE_HELD = re.compile(r" (?:(?:is|are) to|will) (?:take place|be held)\b")
_TO_COME = re.compile(
    r"(?:will|would|shall|should|may|might|could|plans? to|intends? to|hopes? to|wants? to|aims? to"
    r"|(?:is|are|was|were) (?:due|expected|planned|scheduled|set|to))\b"
)
_TOLD = {ENT + "Event", ENT + "Relation"}
_ACTING = {ENT + "Actor", ENT + "InfrastructureProject"}
_SLUG = 4  # words


def parts(said: str) -> tuple[str, str] | None:
    """Who, and the words within quotation marks, of what is said in this form; None for anything else."""
    match = _WORDED.fullmatch(said)
    return (match["names"], match["words"]) if match else None


def plain(said: str) -> str:
    """What is said, that something took place or is to, by its status: “the talks are planned in April”."""
    said = _HELD.sub(" is held", said)
    return _TO_BE_HELD.sub(" is planned", said)


def dates(passage: Passage, evidence: Evidence, thing: str, said: str) -> list[Triple]:
    """The statements that something (IRI) was or is on the one date that is said, where the passage has that, too."""
    day, quote = evidence.reading_date, passage.quote
    found = {row[1:] for row in when.clear(said, (0, len(said)), day)} if day else set()
    rows = [row for row in when.clear(quote, (0, len(quote)), day) if row[1:] in found] if len(found) == 1 else []
    if not rows:
        return []
    (words, lexical, kind), known = rows[0], passage.date_words
    triples = [when.Dated(when.DATE, lexical, kind, words).triple(thing)]
    if not any(words in each for each in known):
        triples.append(Triple(NamedNode(passage.iri), NamedNode(ENT + "dateWords"), Literal(words)))
    return triples


def statements(
    passage: Passage,
    evidence: Evidence,
    things: Sequence[str],
    words: str,
    language: str,
    *,
    act: bool,
    plural: bool = False,
) -> tuple[str, list[Triple], list[str]]:
    """A slug, the statements that things (IRIs) do what words of a passage tell, and the words for its date.

    With `act` they act; else the words are told of the things; `plural` is whether a verb after their names is.
    Raises UsageError for words that tell nothing.
    """
    if not verbs.is_told(words, plural=plural):
        message = f"“{words}” does not begin with what {'they do' if len(things) > 1 else 'it does'}, or did"
        raise UsageError(message, hint="begin the words at the verb: “closed the port”", rule="saying")
    wording = Literal(words, language=language)
    slug = "-".join([*map(local_name, things[:1]), *slug_words(words)[:_SLUG]])
    if not act:
        return slug, [Triple(NamedNode(x), NamedNode(ENT + "wording"), wording) for x in things], []
    quote, day = passage.quote, evidence.reading_date
    start = quote.find(words)
    sentence = next((s for s in segments_of(quote) if s[0] <= start < s[1]), (0, len(quote)))
    tense = when.tense_of(quote, start, sentence)
    due = when.tense_of(quote, start + len(words), sentence)  # of the date: “offered to host talks in April”
    month = f"-{day[:7]}" if day else ""
    node = NamedNode(f"{ID}{slug}{month}")
    kind = "Statement" if speech.SAYS.match(words) else "Event"
    triples = [Triple(node, NamedNode(RDF_TYPE), NamedNode(ENT + kind))]
    triples += [Triple(node, NamedNode(ENT + "participant"), NamedNode(x)) for x in things]
    triples.append(Triple(node, NamedNode(ENT + "wording"), wording))
    status = "planned" if _TO_COME.match(words) else "held" if _is_over(words) else ""
    triples += [Triple(node, NamedNode(ENT + "status"), NamedNode(ENT + status))] * bool(status)
    place = start, start + len(words)
    dates = when.dated(quote, place, sentence, day, due or tense, lasting=False, over=False, verb=start)
    triples += [date.triple(node.value) for date in dates]
    return slug, triples, [date.words for date in dates]


def segments_of(quote: str) -> list[tuple[int, int]]:
    """From where to where the sentences of a quote go."""
    return [(s.start, s.end) for s in segments.segments(quote)]


def for_passage(made: Build, article: str, passage: Passage) -> list[str]:
    """What can be said in words of a passage, of those of whom it states no relation or event but in other words.

    The article is given by its name.
    """
    evidence, names = next(e for e in made.evidence if e.article.name == article), Names(made)
    if not names.language(evidence):
        return []
    inside = [p for p in evidence.passages if passage.start <= p.start and p.end <= passage.end]
    stated = [t for p in inside for t in p.triples]
    wordings = {(iri(t.subject), value(t.object)) for t in stated if t.predicate.value == ENT + "wording"}
    worded, texts = {thing for thing, _ in wordings}, {text for _, text in wordings}
    told = {iri(t.object) for t in stated if iri(t.subject) not in worded and names.kinds(iri(t.subject)) & _TOLD}
    rows = names.of(evidence).named(passage)
    acting = [m for m in rows if len(m.iris) == 1 and names.kinds(m.iris[0]) & _ACTING]
    speaker = next((m.words for m in rows if m.iris[0] in passage.speakers), "")
    found = []
    for said in suggested(passage, [(m.start, m.end) for m in acting], speaker, evidence.article.text):
        who, words = parts(said) or ("", "")
        is_told = any(m.words in who and m.iris[0] in told for m in acting)
        if not is_told and not any(words in other or other in words for other in texts):
            found.append(said)
    return found


def _is_over(words: str) -> bool:
    """Whether words begin with a verb in the past, or the perfect: “approved the plan”, “has been closed”."""
    first = next((word for word in words.split() if not word.endswith("ly")), "")
    return first in ("has", "have", "had", "was", "were") or any(
        "past" in verbs.form_names(base, first) for base in verbs.bases(first)
    )


def suggested(passage: Passage, named: Sequence[tuple[int, int]], speaker: str, text: str) -> Iterator[str]:
    """What a passage tells of the names in it (spans of its quote), each as a sentence that can be said.

    It is what begins with a verb and stands outside of speech, after a name or an aside; or, in what somebody says whom
    the words call `speaker`, after a pronoun that means them.
    """
    quote, found = passage.quote, 0
    spoken = [] if speaker else speech.said(quote, marked(passage, speech.quotations(segments.unwrap(text))))
    free = [(a, z) for a, z in _together(quote, named) if not _OBJECT.search(quote, max(a - _LEAD, 0), a)]
    starts = [(quote[a:z], *each) for a, z in free for each in _beginnings(quote, z)]
    starts += [(speaker, m.end(), _END) for m in _THAT.finditer(quote)] if speaker else []
    for name, first, ends in starts:
        stop = ends.search(quote, first)
        whole = quote[first : stop.start() if stop else len(quote)].strip(' ,”“"')
        is_free = not any(s < first + len(whole) and first < e for s, e in spoken)
        for words in verbs.told_apart(whole) if is_free else ():
            is_short = 1 < len(words.split()) <= _MOST_WORDS and not set(words) & {*"“”"}
            if is_short and verbs.is_told(words) and not speech.SAYS.match(words) and found < _MOST:
                found += 1
                yield f"{name} “{words}”"


def _together(quote: str, named: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The spans of names, those that “and” joins as one."""
    found: list[tuple[int, int]] = []
    for start, end in sorted(named, key=lambda span: (span[0], -span[1])):
        if found and quote[found[-1][1] : start] == " and ":
            found[-1] = found[-1][0], end
        elif not found or start >= found[-1][1]:
            found.append((start, end))
    return found


def _beginnings(quote: str, end: int) -> Iterator[tuple[int, re.Pattern[str]]]:
    """Where what is told of a name that ends at a place may begin, and what ends it: “, which …,”, then the rest."""
    if which := _WHICH.match(quote, end):
        yield which.end(), _NEXT
    if aside := _ASIDE.match(quote, end):
        yield aside.end(), _END
