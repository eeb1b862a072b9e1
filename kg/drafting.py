"""The facts file of a new article: a passage for each unit, and as comments what a machine can see in it.

It asserts nothing but the text's own words: which things, dates and classes a passage is about is for a reader to say.
"""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from kg import datewords, units
from kg.capitals import COMMON
from kg.draft_hints import Hints, quoted
from kg.evidence import MAX_QUOTE
from kg.folding import primary_language
from kg.quotes import Found, find, turtle_escape
from kg.recognition import Known
from kg.stretches import common_prefix, occurrences
from kg.things import fold
from kg.units import Unit
from kg.vocabulary import ARTICLE, PREFIXES

MOST_CONTEXT = 200  # code points of a prefix or suffix; beyond it a receipt is no receipt
MOST_ALIKE = 300  # places where a quote stands
LONGEST_SHOWN = 60  # code points of a quote in a comment
LONGEST_WORD = 24  # code points of a word in a name
NAMING_WORDS = 3

_PAUSE, _GAP = re.compile(r"(?<=[;,:–—])\s"), re.compile(r"\s")
_NAMING = re.compile(r"[a-z0-9]{2,}(?:-[a-z0-9]+)*|[a-z0-9](?:-[a-z0-9]+)+")
# These say nothing of what a passage is about; nor does “unit”, whose names are the tool's own (`unit-7`).
_EMPTY = COMMON | {"unit"}


@dataclass(frozen=True)
class About:
    """What the user says of an article; an empty string is what was not said.

    `name` is that of the folder, `reading_date` a day (ISO 8601), `source` an IRI, `language` a tag of RFC 5646.
    """

    name: str
    title: str
    language: str = "en"
    reading_date: str = ""
    source: str = ""

    @property
    def english(self) -> bool:
        """Whether date words can be read."""
        return primary_language(self.language) == "en"


@dataclass(frozen=True)
class Stretch:
    """What becomes one passage: a unit, or a part of one that is too long for a quote (code points)."""

    unit: Unit
    start: int
    end: int


def facts(text: str, about: About, known: Known) -> str:
    """The facts file of an article, in house style: valid TriG, in which no graph says anything yet."""
    taken: dict[str, int] = {}
    blocks = [_head(text, about), _article(about)]
    hints = Hints(text, units.split(text), known, about.language, about.reading_date)
    blocks += [_passage(text, stretch, about, hints, taken) for stretch in stretches(text)]
    return "\n\n".join(blocks) + "\n"


def stretches(text: str) -> list[Stretch]:
    """The passages to be, in the text's order; together they cover all its letters and digits."""
    return [Stretch(unit, *span) for unit in units.split(text) for span in _cut(text, unit.start, unit.end)]


def _cut(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """A unit in parts that a quote can hold, cut at a comma or the like, else at a space, else anywhere."""
    while end - start > MAX_QUOTE:
        part = text[start : start + MAX_QUOTE]
        cuts = [[m.start() for m in gap.finditer(part) if m.start()] for gap in (_PAUSE, _GAP)]
        stop = start + next((found[-1] for found in cuts if found), MAX_QUOTE)
        yield start, stop
        start = stop + len(text[stop:end]) - len(text[stop:end].lstrip())
    yield start, end


# The head of the file


def _head(text: str, about: About) -> str:
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


def _article(about: About) -> str:
    lines = [
        f"<{ARTICLE}{about.name}> a ent:Article",
        f'dcterms:title "{turtle_escape(about.title)}"@{about.language}',
        f'dcterms:language "{about.language}"',
    ]
    missing = ['ent:basis "how the reading date is known"@en']
    if about.reading_date:
        lines.append(f'ent:readingDate "{about.reading_date}"^^xsd:date')
    else:
        missing.insert(0, 'ent:readingDate "YYYY-MM-DD"^^xsd:date')
    if about.source:
        lines.append(f"dcterms:source <{about.source}>")
    else:
        missing.append("dcterms:source <where that is known from>")
    return f"# Add: {' ; '.join(missing)}\n" + _statement(lines)


def _statement(lines: list[str]) -> str:
    return " ;\n    ".join(lines) + " ."


# A passage


def _passage(text: str, stretch: Stretch, about: About, hints: Hints, taken: dict[str, int]) -> str:
    quote = text[stretch.start : stretch.end]
    around = context(text, stretch.start, stretch.end)
    if around is None:
        shown = quote if len(quote) <= LONGEST_SHOWN else f"{quote[:LONGEST_SHOWN]}…"
        return f"# {quoted(shown)} stands in the text too often to be told apart: nothing is drafted for it here."
    dates = datewords.find(quote) if about.english else []
    name = f"p:{passage_name(quote, stretch.unit.kind, taken)}"
    lines = [f"{name} a ent:Passage", f'ent:quote "{turtle_escape(quote)}"']
    lines += [f'ent:{key} "{turtle_escape(w)}"' for key, w in zip(("prefix", "suffix"), around, strict=True) if w]
    if dates:
        words = dict.fromkeys(f'"{turtle_escape(words)}"' for _, _, words in dates)
        lines.append(f"ent:dateWords {' , '.join(words)}")
    kind = [] if stretch.unit.kind == "sentence" else [f"a {stretch.unit.kind}"]
    comments = "".join(f"    # {hint}\n" for hint in [*kind, *hints.of(quote, dates)])
    return f"{_statement(lines)}\n{name} {{\n{comments}}}"


def passage_name(quote: str, kind: str, taken: dict[str, int]) -> str:
    """A name of a few words of the quote that is not among the `taken` ones, to which it is added."""
    words = naming_words(quote) or [kind]
    names = ("-".join(words[:count]) for count in range(NAMING_WORDS, NAMING_WORDS + 3))
    name = stem = "-".join(words[:NAMING_WORDS])
    for name in names:
        if name not in taken:
            break
    while name in taken:
        taken[stem] += 1
        name = f"{stem}-{taken[stem]}"
    taken[name] = 1
    return name


def naming_words(words: str) -> list[str]:
    """The words of a text that tell what it is about, in lower-case ASCII; none where it has no Latin letters."""
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
    suffix, prefix = _telling(after), _telling(before)[::-1]
    choices = [("", suffix)] * bool(suffix) + [(prefix, "")] * bool(prefix) + [(before[0][::-1], after[0])]
    choices.sort(key=lambda both: "\n" in both[0] + both[1])
    return next((both for both in choices if isinstance(find(text, quote, *both), Found)), None)


def _telling(rows: list[str]) -> str:
    """As much of the first row, in whole words, as no other row begins with; empty if one has it all."""
    own = rows[0]
    length = 1 + max(common_prefix(own, other) for other in rows[1:])
    while 0 < length < len(own) and own[length - 1].isalnum() and own[length].isalnum():
        length += 1
    return own[:length] if length <= len(own) else ""
