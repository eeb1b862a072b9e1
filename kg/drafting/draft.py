"""Drafts the facts file of a new article: a passage for each segment, and hints in comments of what it may state.

A draft asserts nothing but the words of the text. Known names, new names, offices, dates, amounts, classes and speech
become comments: which of them are facts is for whoever reads the article to decide.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby, islice

from kg.dataset.labels import fold
from kg.drafting import when
from kg.drafting.gazetteer import Gazetteer
from kg.rdf.namespaces import ARTICLE, ENT, PREFIXES, compact
from kg.rdf.terms import iri
from kg.source.article import MAX_QUOTE
from kg.source.proposals import Proposal
from kg.text import segments
from kg.text.amounts import Amount, find_amounts, lexical
from kg.text.dates import find_dates, find_unread, resolve
from kg.text.forms import NameMatch
from kg.text.names import COMMON, ProperNames, Span
from kg.text.normalisation import common_prefix, occurrences, primary_language
from kg.text.periods import find_periods, periods, relative
from kg.text.quotes import Found, find, turtle_escape
from kg.text.segments import Segment
from kg.text.speech import PASSIVE, SAYS

MOST_CLASSES = 5

_MARKS = re.compile('[“”„«»‹›"]')
# Titles for which the ontology has no class: leading offices of a state, those at the head of something, and others.
_LEADING = "prime minister|premier|chancellor|king|queen|emir|sultan"
_HEADS = "governor|mayor|chairman|chairwoman"
_PORTFOLIOS = "defen[cs]e|economy|energy|finance|foreign|health|interior|justice|trade|transport"
_POSTS = rf"(?:(?:{_PORTFOLIOS}) )?minister|ambassador|professor|secretary-general"


class Covered:
    """What is proposed as statements, so that no comment needs to say it."""

    def __init__(self, proposed: Iterable[Proposal]) -> None:
        rows = list(proposed)
        self._words = [words for p in rows for words in p.words]
        self._things = {iri(t.subject) for p in rows for t in p.triples}
        self._spoken = [p.words[0] for p in rows if any(t.predicate.value == ENT + "speaker" for t in p.triples)]

    def has(self, name: str) -> bool:
        """Whether a name is part of words that something is proposed for."""
        return any(name in words for words in self._words)

    def has_exactly(self, words: str) -> bool:
        """Whether something is proposed for just these words."""
        return words in self._words

    def has_any(self, things: Iterable[str]) -> bool:
        """Whether something is proposed of one of these things."""
        return not self._things.isdisjoint(things)

    def has_in(self, quote: str, words: str) -> bool:
        """Whether words are part of those in a quote for which something is proposed."""
        return any(words in told and told in quote for told in self._words)

    def has_speaker(self, quote: str) -> bool:
        """Whether a speaker is proposed by words of a quote."""
        return any(told in quote for told in self._spoken)


class DraftHints:
    """Hints for the passages of one article, to be asked for in the order of its text."""

    def __init__(
        self,
        text: str,
        units: Iterable[Segment],
        known: Gazetteer,
        about: "ArticleMetadata",
        proposed: Iterable[Proposal] = (),
    ) -> None:
        """Hints for a text; what is `proposed` as statements needs none."""
        self._known, self._day, language = known, about.reading_date, about.language
        self._covered = Covered(proposed)
        self.english = primary_language(language) == "en"
        self._capitals = ProperNames(text, units, language)
        held = "|".join(map(re.escape, known.offices))
        titles = "|".join((_LEADING, _HEADS, _POSTS, *([f"(?:(?:vice|deputy)[ -])?(?:{held})"] if held else ())))
        self._office = re.compile(rf"(?<![\w-])(?ai:{titles})(?![\w-])")

    def of(self, quote: str, dates: list[tuple[int, int, str]], whole: list[tuple[int, int, str]]) -> list[str]:
        """The hints for a quote, each a line; `dates` are its date words, as `find_dates` gives them.

        `whole` are these with that of its dateline.
        """
        done = self._covered
        mentions = self._known.things.find(quote)
        amounts = [a for a in find_amounts(quote, english=self.english) if self._is_complete(quote, a)]
        held = [(m.start, m.end) for m in mentions if self._is_office(m)]  # known offices: “Turkish President”
        titles = self._office.finditer(quote) if self.english else ()
        offices = [t for t in titles if not any(start < t.end() and t.start() < end for start, end in held)]
        places: list[Span] = [*((start, end) for start, end, _ in whole), *held]
        places += [m.span() for m in offices] + [(a.start, a.end) for a in amounts]
        people = self._known.people.find(quote)
        names = self._capitals.new(quote, [(m.start, m.end) for m in (*mentions, *people)], places)
        names = [name for name in names if not done.has(name)]
        return [
            *self._things([m for m in mentions if not done.has_any(m.iris)]),
            *([f"new: {', '.join(map(quoted_text, names))}?"] if names else ()),
            *self._offices(dict.fromkeys(m[0] for m in offices if not done.has_in(quote, m[0]))),
            *self._dates(quote, dict.fromkeys(words for _, _, words in dates if not done.has_exactly(words))),
            *dict.fromkeys(_amount(a) for a in amounts if not done.has_in(quote, a.words)),
            *self._classes(quote, mentions),
            *([] if done.has_speaker(quote) else self._speech(quote)),
        ]

    def _things(self, mentions: list[NameMatch]) -> Iterator[str]:
        groups: dict[tuple[str, ...], dict[str, None]] = {}
        for mention in mentions:
            groups.setdefault(mention.iris, {})[mention.words] = None
        for iris, words in groups.items():
            listed = " or ".join(f"{compact(iri)} ({escaped(self._known.class_labels(iri))})" for iri in iris)
            yield f"{', '.join(map(quoted_text, words))}: {listed}{self._choice(iris, list(words))}"

    def _choice(self, iris: tuple[str, ...], words: list[str]) -> str:
        """What to decide where a name may be a city's or a government's (model, rule 20)."""
        known = self._known
        kinds = set().union(*map(known.kinds, iris))
        city, government = ENT + "City" in kinds, ENT + "Government" in kinds
        if city and government:
            return "? the city, or the government as an actor"
        if len(iris) > 1:
            return "? only one is meant"
        if government and all(word[0].isupper() for name in words for word in name.split()):
            return "? the government as an actor; a city of that name is another thing"
        if city and (acting := known.government(iris[0])) is not None:
            return f"? or the government as an actor, {compact(acting) or 'a new thing'}"
        return ""

    def _is_office(self, mention: NameMatch) -> bool:
        offices = {ENT + "Office", *self._known.offices.values()}
        return any(offices & self._known.kinds(iri) for iri in mention.iris)

    def _offices(self, titles: Iterable[str]) -> Iterator[str]:
        for title in titles:
            kind = self._known.offices.get(title.lower(), ENT + "Office")
            of = "ent:heads" if re.fullmatch(_HEADS, title.lower()) else "ent:officeOf"
            if re.fullmatch(_LEADING, title.lower()):
                kind = ENT + "LeadingOffice"
            office = f"ent:office id:… , an {compact(kind)}: {of} id:…"
            yield f"{quoted_text(title)} = an ent:Tenure: ent:holder id:… ; {office}"

    def _dates(self, quote: str, dates: Iterable[str]) -> Iterator[str]:
        clear = set(when.clear(quote, (0, len(quote)), self._day)) if self._day else set()
        for words in dates:
            readings = resolve(words, self._day) if self._day else []
            readings.sort(key=lambda r: (r.start, (words, r.lexical, r.datatype) not in clear))
            parts = [list(part) for _, part in groupby(readings, lambda r: r.start)]  # the ends of a range
            found = ", and ".join(" or ".join(f'"{r.lexical}"^^xsd:{r.datatype}' for r in part) for part in parts)
            spans = periods(words, self._day) if self._day and not found else []
            found += " or ".join(f'ent:notBefore "{a}"^^xsd:date ; ent:notAfter "{z}"^^xsd:date' for a, z in spans)
            missing = "no single date" if self._day else "a date that depends on the reading date"
            missing = "a date that is counted from another" if relative(words, _ANY_DAY) else missing
            yield f"{quoted_text(words)} = {found or missing}"

    def _is_complete(self, quote: str, amount: Amount) -> bool:
        """Whether an amount has a measure, and no “million” in another language after it, as in “€5 Mio.”."""
        open_ended = amount.words[-1].isdigit() and re.match("[ \u00a0\u202f]?[^\\W\\d_]", quote[amount.end :])
        return bool(amount.measures and amount.numbers) and (self.english or not open_ended)

    def _classes(self, quote: str, mentions: list[NameMatch]) -> Iterator[str]:
        """The classes whose labels are in the quote, except in the name of a known thing of that class."""
        lower = quote.lower() if len(quote.lower()) == len(quote) else quote
        known = [(m.start, m.end, set().union(*map(self._known.kinds, m.iris))) for m in mentions]
        found: dict[tuple[str, ...], str] = {}
        for word in self._known.classes.find(lower):
            if self._covered.has_in(quote, quote[word.start : word.end]):
                continue
            within = (kinds for start, end, kinds in known if start <= word.start and word.end <= end)
            beside = quote[max(0, word.start - 1) : word.start], quote[word.end : word.end + 1]
            if "-" not in beside and not any(kinds & set(word.iris) for kinds in within):  # no sea in “deep-sea”
                found.setdefault(word.iris, word.words)
        rows = [f"{' or '.join(map(compact, iris))} ({quoted_text(words)})" for iris, words in found.items()]
        if rows:
            yield f"a new {', '.join(rows[:MOST_CLASSES])}?"

    def _speech(self, quote: str) -> Iterator[str]:
        verbs = SAYS.finditer(quote) if self.english else ()
        said = any(not PASSIVE.search(quote, max(0, verb.start() - 40), verb.start()) for verb in verbs)
        marks = _MARKS.search(quote)
        if said or marks:
            how = "quoted" if marks else "paraphrased"
            doubt = "speech: who says it?" if said else "speech? if so:"
            yield f"{doubt} ent:speaker id:… ; ent:speech ent:{how} ; beside the quote"


def _amount(amount: Amount) -> str:
    numbers = " or ".join(map(lexical, amount.numbers))
    # The dollar of many states is most often that of one.
    measures = amount.measures[: 1 if "BZD" in amount.measures else 3]
    of = " or ".join(f'"{measure}"' for measure in measures)
    inexact = f" ({escaped(amount.qualifier)})" if amount.qualifier else ""
    return f"{quoted_text(amount.words)} = an ent:Quantity: ent:number {numbers}{inexact} ; ent:measure {of}"


def quoted_text(words: str) -> str:
    """Words in quotation marks, escaped so that they stay within their comment."""
    return f"“{escaped(words)}”"


def escaped(words: str) -> str:
    """Words escaped so that they stay within their comment."""
    return turtle_escape(words).replace('\\"', '"')


MOST_CONTEXT = 200  # code points of a prefix or suffix
MOST_ALIKE = 300  # occurrences of a quote among which one is distinguished
LONGEST_SHOWN = 60  # code points of a quote in a comment
LONGEST_WORD = 24  # code points of a word in a name
NAMING_WORDS = 3

_PAUSE, _GAP = re.compile(r"(?<=[;,:–—])\s"), re.compile(r"\s")
_NAMING = re.compile(r"[a-z0-9]{2,}(?:-[a-z0-9]+)*|[a-z0-9](?:-[a-z0-9]+)+")
# These say nothing of what a passage is about; names with “unit” (`unit-7`) are those of segments.
_EMPTY = COMMON | {"unit"}


@dataclass(frozen=True)
class ArticleMetadata:
    """What the user says of an article; what was not said is empty.

    `name` is that of the folder, `reading_date` a day (ISO 8601), `source` an IRI, `language` a tag of RFC 5646;
    `basis` says in English how the reading date is known from the source.
    """

    name: str
    title: str
    language: str = "en"
    reading_date: str = ""
    source: str = ""
    creators: tuple[str, ...] = ()
    publisher: str = ""
    basis: str = ""


def draft_facts(text: str, about: ArticleMetadata, known: Gazetteer, proposed: Iterable[Proposal] = ()) -> str:
    """The facts file of an article, in house style: valid TriG, in which all graphs are empty.

    What is `proposed` beside it is no comment here.
    """
    taken: dict[str, int] = {}
    blocks = [_head(text, about), _article(about)]
    text = segments.unwrap(text)
    hints = DraftHints(text, segments.segments(text), known, about, proposed)
    blocks += [_passage(text, start, end, unit.kind, hints, taken) for unit, start, end in text_spans(text)]
    return "\n\n".join(blocks) + "\n"


def text_spans(text: str) -> list[tuple[Segment, int, int]]:
    """The segment and span (code points, end exclusive) of each passage; they cover all letters and digits."""
    return [(unit, *span) for unit in segments.segments(text) for span in _cut(text, unit.start, unit.end)]


def _cut(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """A segment in parts that a quote can hold, cut at a comma or the like, else at a space, else anywhere."""
    while end - start > MAX_QUOTE:
        part = text[start : start + MAX_QUOTE]
        cuts = [[m.start() for m in gap.finditer(part) if m.start()] for gap in (_PAUSE, _GAP)]
        stop = start + next((found[-1] for found in cuts if found), MAX_QUOTE)
        yield start, stop
        start = stop + len(text[stop:end]) - len(text[stop:end].lstrip())
    yield start, end


def _head(text: str, about: ArticleMetadata) -> str:
    digest = hashlib.sha256(text.encode()).hexdigest()
    prefixes = {"p": f"{ARTICLE}{about.name}#"} | PREFIXES
    wanted = ("dcterms", "ent", "id", "p", "rdfs", "skos", "xsd")
    width = max(map(len, wanted)) + 1
    lines = [
        f"# {turtle_escape(about.title)}",
        f"# sha256 {digest} article.txt",
        "# A draft: nothing is asserted yet. Into each graph go the facts that its quote says; where it yields none,",
        "# the passage becomes an aside: a ent:Aside, with an ent:reason “why”@en in place of the graph.",
        "# What is left to do: kg validate. The comments are hints, to be deleted.",
        *(f"@prefix {prefix + ':':<{width}} <{prefixes[prefix]}> ." for prefix in wanted),
    ]
    return "\n".join(lines)


def _article(about: ArticleMetadata) -> str:
    lines = [
        f"<{ARTICLE}{about.name}> a ent:Article",
        f'dcterms:title "{turtle_escape(about.title)}"@{about.language}',
        f'dcterms:language "{about.language}"',
    ]
    basis = [
        f'ent:basis "{turtle_escape(about.basis or "how the reading date is known")}"@en',
        f"ent:basisSource <{about.source or (about.basis and ARTICLE + about.name) or 'where that can be checked'}>",
    ]
    missing = [] if about.basis else basis
    if about.reading_date:
        lines.append(f'ent:readingDate "{about.reading_date}"^^xsd:date')
    else:
        missing.insert(0, 'ent:readingDate "YYYY-MM-DD"^^xsd:date')
    lines += basis if about.basis else []
    if about.source:
        lines.append(f"dcterms:source <{about.source}>")
    if about.creators:
        lines.append("dcterms:creator " + " , ".join(f'"{turtle_escape(name)}"' for name in about.creators))
    if about.publisher:
        lines.append(f'dcterms:publisher "{turtle_escape(about.publisher)}"')
    return (f"# Add: {' ; '.join(missing)}\n" if missing else "") + _statement(lines)


_FIRST_SEGMENTS = 4  # of a text, among which its dateline is
_DATELINE = re.compile(r"(?: \([^()]*\))? [–—-]+ ")  # after its date
_YEAR = re.compile(r"\b\d{4}\b")
_ANY = "2000-01-01"  # what has a year is read alike on each day
_ANY_DAY = ((_ANY, "date"),)


def _statement(lines: list[str]) -> str:
    return " ;\n    ".join(lines) + " ."


def _passage(text: str, start: int, end: int, kind: str, hints: DraftHints, taken: dict[str, int]) -> str:
    quote, around = text[start:end], context(text, start, end)
    if around is None:
        shown = quote if len(quote) <= LONGEST_SHOWN else f"{quote[:LONGEST_SHOWN]}…"
        often = "occurs too often in the text to be distinguished: nothing is drafted for it here."
        return f"# {quoted_text(shown)} {often}"
    dates = find_dates(quote) if hints.english else []
    more = find_periods(quote) if hints.english else []
    dates += [m for m in more if not any(m[0] < end and start < m[1] for start, end, _ in dates)]
    whole = sorted(dates)
    dates = [d for d in whole if not _is_dateline(quote, d[1])]
    name = f"p:{passage_name(quote, kind, taken)}"
    lines = [f"{name} a ent:Passage", f'ent:quote "{turtle_escape(quote)}"']
    lines += [f'ent:{key} "{turtle_escape(w)}"' for key, w in zip(("prefix", "suffix"), around, strict=True) if w]
    if dates:
        words = dict.fromkeys(f'"{turtle_escape(words)}"' for _, _, words in dates)
        lines.append(f"ent:dateWords {' , '.join(words)}")
    kinds = [] if kind == "sentence" else [f"a {kind}"]
    unread = find_unread(quote) if hints.english else []
    rest = [words for a, z, words in unread if not any(a < end and start < z for start, end, _ in dates)]
    by_hand = [f"{quoted_text(words)} tells of a time that no date can be read from" for words in dict.fromkeys(rest)]
    comments = "".join(f"    # {hint}\n" for hint in [*kinds, *hints.of(quote, dates, whole), *by_hand])
    return f"{_statement(lines)}\n{name} {{\n{comments}}}"


def _is_dateline(quote: str, end: int) -> bool:
    """Whether a date that ends at a place of a quote is that of its dateline: “HANOI, 14 March 2025 – ”."""
    return _DATELINE.match(quote, end) is not None and quote[:end].partition(",")[0].isupper()


def dateline(text: str, day: str = "") -> tuple[str, str]:
    """The words of the dateline of a text and the day (ISO 8601) that they give; both empty where none does.

    With a `day`, they may leave out its year.
    """
    for segment in segments.segments(text)[:_FIRST_SEGMENTS]:
        quote = text[segment.start : segment.end]
        for _, end, words in find_dates(quote):
            if day or _YEAR.search(words):
                read = when.clear(words, (0, len(words)), day or _ANY)
                found = {lexical for _, lexical, kind in read if kind == "date"}
                if (day in found if day else len(found) == 1) and _is_dateline(quote, end):
                    return words, day or found.pop()
    return "", ""


def passage_name(quote: str, kind: str, taken: dict[str, int]) -> str:
    """A name of a few words of the quote that is not among the `taken` ones, to which it is added."""
    words = naming_words(quote) or [kind]
    stem, *longer = ("-".join(words[:count]) for count in range(NAMING_WORDS, NAMING_WORDS + 3))
    name = next((n for n in (stem, *longer) if n not in taken), stem)
    while name in taken:
        taken[stem] += 1
        name = f"{stem}-{taken[stem]}"
    taken[name] = 1
    return name


def naming_words(words: str) -> list[str]:
    """The words of a text that say what it is about, in lower-case ASCII; none where it has no Latin letters."""
    found = _NAMING.findall(re.sub(r"'s?\b", "", fold(words)))
    return [word[:LONGEST_WORD].strip("-") for word in found if word not in _EMPTY]


def context(text: str, start: int, end: int) -> tuple[str, str] | None:
    """The prefix and suffix without which text[start:end] is ambiguous, mostly empty; None if too many are alike."""
    quote = text[start:end]
    others = [o for o in islice(occurrences(text, quote), MOST_ALIKE) if o != start]
    if not others:
        return "", ""
    if len(others) >= MOST_ALIKE - 1:
        return None
    after = [text[o : o + MOST_CONTEXT] for o in (end, *(o + len(quote) for o in others))]
    before = [text[max(0, o - MOST_CONTEXT) : o][::-1] for o in (start, *others)]
    suffix, prefix = _distinguishing(after), _distinguishing(before)[::-1]
    choices = [("", suffix)] * bool(suffix) + [(prefix, "")] * bool(prefix) + [(before[0][::-1], after[0])]
    choices.sort(key=lambda both: "\n" in both[0] + both[1])
    return next((both for both in choices if isinstance(find(text, quote, *both), Found)), None)


def _distinguishing(rows: list[str]) -> str:
    """As much of the first row, in whole words, as no other row begins with; empty if one has it all."""
    own = rows[0]
    length = 1 + max(common_prefix(own, other) for other in rows[1:])
    while 0 < length < len(own) and own[length - 1].isalnum() and own[length].isalnum():
        length += 1
    return own[:length] if length <= len(own) else ""
