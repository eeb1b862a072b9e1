"""What a machine can see in a quote, as comments of a draft: it asks, and whoever reads the article decides."""

import re
from collections.abc import Iterable, Iterator

from kg import datewords, numberwords
from kg.capitals import Capitals, Span
from kg.folding import primary_language
from kg.numberwords import Amount, lexical
from kg.quotes import turtle_escape
from kg.recognition import Known, Mention
from kg.units import Unit
from kg.vocabulary import ENT, compact

MOST_CLASSES = 5

_SAYS = re.compile(
    r"\b(?:said|says|saying|told|tells|added|adds|according to|announced|argued|asked|believes?|claim(?:s|ed)|denied"
    r"|insist(?:s|ed)|stressed|warn(?:s|ed)|wrote)\b"
)
_PASSIVE = re.compile(r"\b(?:are|be|been|being|is|was|were) (?:(?:[a-z]+ly|also|already|first|never|not) )?\Z")
_MARKS = re.compile('[“”„«»‹›"]')
# Titles for which the ontology has no class, those at the head of something first.
_HEADS = "prime minister|premier|chancellor|governor|mayor|chairman|chairwoman"
_PORTFOLIOS = "defen[cs]e|economy|energy|finance|foreign|health|interior|justice|trade|transport"
_POSTS = rf"(?:(?:{_PORTFOLIOS}) )?minister|ambassador|professor|secretary-general"


class Hints:
    """The hints for the passages of one article, which are to be asked for in the order of its text."""

    def __init__(self, text: str, units: Iterable[Unit], known: Known, language: str, reading_date: str) -> None:
        """`language` is a tag of RFC 5646, `reading_date` a day (ISO 8601) or empty."""
        self._known, self._day = known, reading_date
        self._english = primary_language(language) == "en"
        self._capitals = Capitals(text, units, language)
        held = "|".join(map(re.escape, known.offices))
        titles = f"{_HEADS}|{_POSTS}|(?:(?:vice|deputy)[ -])?(?:{held})" if held else f"{_HEADS}|{_POSTS}"
        self._office = re.compile(rf"(?<![\w-])(?ai:{titles})(?![\w-])")

    def of(self, quote: str, dates: list[tuple[int, int, str]]) -> list[str]:
        """The hints for a quote, each a line; `dates` are its date words, as `datewords.find` gives them."""
        mentions = self._known.things.find(quote)
        amounts = [a for a in numberwords.find(quote, english=self._english) if self._is_told(quote, a)]
        offices = [m for m in self._office.finditer(quote) if self._english and not self._is_held(m, mentions)]
        places: list[Span] = [(start, end) for start, end, _ in dates]
        places += [m.span() for m in offices] + [(a.start, a.end) for a in amounts]
        places += [(m.start, m.end) for m in mentions if self._is_office(m)]
        names = self._capitals.new(quote, [(m.start, m.end) for m in mentions], places)
        return [
            *self._things(mentions),
            *([f"new: {', '.join(map(quoted, names))}?"] if names else ()),
            *self._offices(dict.fromkeys(m[0] for m in offices)),
            *self._dates(dict.fromkeys(words for _, _, words in dates)),
            *dict.fromkeys(map(_amount, amounts)),
            *self._classes(quote, mentions),
            *self._speech(quote),
        ]

    # Things and names

    def _things(self, mentions: list[Mention]) -> Iterator[str]:
        groups: dict[tuple[str, ...], dict[str, None]] = {}
        for mention in mentions:
            groups.setdefault(mention.iris, {})[mention.words] = None
        for iris, words in groups.items():
            listed = " or ".join(f"{compact(iri)} ({escaped(self._known.kind_words(iri))})" for iri in iris)
            yield f"{', '.join(map(quoted, words))}: {listed}{self._choice(iris, list(words))}"

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
        if city and known.is_capital(iris[0]):
            acting = known.government(iris[0])
            return f"? or the government as an actor, {compact(acting) if acting else 'a new thing'}"
        return ""

    # Offices

    def _is_office(self, mention: Mention) -> bool:
        offices = {ENT + "Office", *self._known.offices.values()}
        return any(offices & self._known.kinds(iri) for iri in mention.iris)

    def _is_held(self, office: "re.Match[str]", mentions: list[Mention]) -> bool:
        """Whether a title belongs to the name of an office that is known: “Turkish President”."""
        return any(m.start < office.end() and office.start() < m.end for m in mentions if self._is_office(m))

    def _offices(self, titles: Iterable[str]) -> Iterator[str]:
        for title in titles:
            kind = self._known.offices.get(title.lower(), ENT + "Office")
            heads = kind != ENT + "Office" or re.fullmatch(_HEADS, title.lower())
            of = "ent:heads" if heads else "ent:officeOf"
            yield f"{quoted(title)} = an ent:Tenure: ent:holder id:… ; ent:office id:… , an {compact(kind)}: {of} id:…"

    # Dates and amounts

    def _dates(self, dates: Iterable[str]) -> Iterator[str]:
        for words in dates:
            readings = datewords.read(words, self._day) if self._day else []
            found = " or ".join(f'"{r.lexical}"^^xsd:{r.datatype}' for r in readings)
            missing = "no single date" if self._day else "a date that depends on the reading date"
            yield f"{quoted(words)} = {found or missing}"

    def _is_told(self, quote: str, amount: Amount) -> bool:
        """Whether an amount says of what; in another language the word after “€5” may be “million”."""
        open_ended = amount.words[-1].isdigit() and re.match("[ \u00a0\u202f]?[^\\W\\d_]", quote[amount.end :])
        return bool(amount.measures) and (self._english or not open_ended)

    # Classes and speech

    def _classes(self, quote: str, mentions: list[Mention]) -> Iterator[str]:
        """The classes that the words of the quote suggest, but where they are about a known thing of that class."""
        lower = quote.lower() if len(quote.lower()) == len(quote) else quote
        told = [(m.start, m.end, set().union(*map(self._known.kinds, m.iris))) for m in mentions]
        found: dict[tuple[str, ...], str] = {}
        for word in self._known.classes.find(lower):
            within = (kinds for start, end, kinds in told if start <= word.start and word.end <= end)
            if not any(kinds & set(word.iris) for kinds in within) and not _in_compound(quote, word):
                found.setdefault(word.iris, word.words)
        rows = [f"{' or '.join(map(compact, iris))} ({quoted(words)})" for iris, words in found.items()]
        if rows:
            yield f"a new {', '.join(rows[:MOST_CLASSES])}?"

    def _speech(self, quote: str) -> Iterator[str]:
        verbs = _SAYS.finditer(quote) if self._english else ()
        said = any(not _PASSIVE.search(quote, max(0, verb.start() - 40), verb.start()) for verb in verbs)
        marks = _MARKS.search(quote)
        if said or marks:
            how = "quoted" if marks else "paraphrased"
            doubt = "speech: who says it?" if said else "speech? if so:"
            yield f"{doubt} ent:speaker id:… ; ent:speech ent:{how} ; beside the quote"


def _amount(amount: Amount) -> str:
    numbers = " or ".join(map(lexical, amount.numbers))
    # The dollar of many states is most often that of one.
    measures = amount.measures if len(amount.measures) == 2 else amount.measures[:1]
    of = " or ".join(f'"{measure}"' for measure in measures)
    return f"{quoted(amount.words)} = an ent:Quantity: ent:number {numbers} ; ent:measure {of}"


def _in_compound(quote: str, word: Mention) -> bool:
    """Whether a word is only a part of one with hyphens: there is no sea in “deep-sea”."""
    return quote[max(0, word.start - 1) : word.start] == "-" or quote[word.end : word.end + 1] == "-"


def quoted(words: str) -> str:
    """Words in quotation marks, which keep to their comment, whatever is in them."""
    return f"“{escaped(words)}”"


def escaped(words: str) -> str:
    """Words that keep to their comment."""
    return turtle_escape(words).replace('\\"', '"')
