"""Proper names in a text: sequences of capitalised words, in any script that has capitals.

The capital of the first word of a sentence does not count by itself; nor does that of a single word in German, where
all nouns have one, or that of a heading in which all words have one. Small words join what they stand between: “of”
and the like always, “and”, “for”, “in” and “on” where the name of an organisation goes on. Titles part names.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import dropwhile
from typing import NamedTuple

from kg.text.normalisation import primary_language
from kg.text.segments import Segment
from kg.text.verbs import bases
from kg.text.words import FINITE, SAYING

MOST_NAMES = 6  # in one passage

Span = tuple[int, int]  # code points, end exclusive

_WORD = re.compile(
    r"(?:Children|Men|People|Women)['’]s(?= [A-Z])|(?:(?:[dl]|dell|dall)['’])?[^\W_]+(?:-(?:[dl]['’])?[^\W_]+)*"
)
_LINKS = "al|bin|da|de|del|della|der|des|di|do|dos|du|el|es|ibn|la|le|of|the|van|von|y"
_LINKED = re.compile(rf"\A(?:(?:{_LINKS})-|(?:[dl]|dell|dall)['’])")  # al-Sisi, d’Ivoire
_JOIN = re.compile("(?:(?<=s)['’])?[ \u00a0\u202f]|(?<=[A-ZÀ-Þ])['’.]")  # Fishers’ Union, O’Brien, U.S.
_INITIAL = re.compile(r"(?<![\w.])(?:[A-ZÀ-Þ]|ST|St|Ste|MT|Mt|FT|Ft)\. ")  # George W. Bush, St. Petersburg
_BEGIN = re.compile(r"(?:\A\W*|[.!?…:“«„‹]\s*|(?<!\w)[\"'‘])\Z")
_SHORT = re.compile(r"(?!(?:Ste?|Mt|Ft)\.)\w[a-zà-ÿ]{1,3}\. ")  # Mr. and the like
_ORIGIN = re.compile("(.{3,}?)(?:i?an|ish|ese|i)")  # Russian, Turkish, Chinese, Iraqi
_COUNTED = re.compile(r"\d[ \u00a0\u202f]([^\W\d_]+)")
_NOUNS_HAVE_CAPITALS = ("de", "lb")
# The place and agency before a report: “NAIROBI, Kenya (AP) — ”.
_DATELINE = re.compile(r"\A([A-ZÀ-Þ][A-ZÀ-Þ.'’ -]+)(?:, [^—–()]{2,30}?)?(?: \([^()]{2,30}\))? ?(?:[—–]|--?)\s+(?=\w)")
_BETWEEN = re.compile(r" (and|&|for|in|on)( the)? ")
_OWNED = re.compile(r"\b(?:[Tt]he|[Aa]n?|its|their|[’']s?)\s\Z")
_FOLLOWS = re.compile(
    r"['’]s |,? who\b| and (?=[A-ZÀ-Þ])| (?P<finite>[a-z]+)\b|, an? [^,;:.]{3,80}, (?:which |who )?(?P<verb>[a-z]+)\b"
)
# “Danish-based” tells of where, and is no name.
_COMPOUND = re.compile(r"\w+-(?:based|backed|born|built|controlled|funded|held|led|listed|made|owned|registered|run)")
# A number that is part of a name, unless a plural is counted after it.
_NUMBER = re.compile(
    r" [1-9](?![\w%]|[.,]\d)(?! (?!was\b|is\b|has\b|as\b)(?:\w+s|people|men|women|per|percent|[mb]illion|of)\b)"
)
# After these no sentence begins: “Mr. Holm”, “U.S. State Department”.
_ABBREVIATED = re.compile(
    r"\b(?:Messrs|Mrs?|Ms|Dr|Prof|Gen|Col|Capt|Maj|Lt|Sgt|Sen|Rep|Gov|Rev|Hon|Adm|(?:[A-Z]\.)+[A-Z])\. \Z"
)
_PLURAL = re.compile(r"[^aiosu]s\Z|(?:ing|ed|ly)\Z")


class _Word(NamedTuple):
    text: str
    start: int
    end: int
    capital: bool
    begins: bool  # a sentence


class ProperNames:
    """The proper names of one text, each found where it occurs first."""

    def __init__(self, text: str, split: Iterable[Segment], language: str) -> None:
        """Collect the words of the whole text that have a capital within a sentence, and those that have none."""
        segments = [text[s.start : s.end] for s in split]
        words = [word for segment in segments if not _is_titled(segment) for word in _words(segment)]
        self._inside = {word.text for word in words if word.capital and not word.begins}
        self._plain = COMMON | {word.text for word in words if not word.capital}
        self._english = primary_language(language) == "en"
        self._nouns = primary_language(language) in _NOUNS_HAVE_CAPITALS
        self._found: set[str] = set()

    def new(self, quote: str, known: Iterable[Span], other: Iterable[Span]) -> list[str]:
        """The names in a quote, at most six, that no earlier quote had and of which a word is not known.

        `known` are the spans of known names, `other` those of words that are part of no name, such as dates.
        """
        names: list[str] = []
        known = [*known]
        counted = [match.span(1) for match in _COUNTED.finditer(quote) if self._nouns]  # 5 Millionen
        runs = [*_runs(quote, [*other, *counted], self._english)] if not _is_titled(quote) else []
        if self._english:
            runs = [part for run in _merged(quote, runs, known) for part in _without_titles(run, known)]
        for found in runs:
            run = list(dropwhile(self._is_before_name, found))
            if not self._is_name(quote, run) or all(_within(word, known) for word in run):
                continue
            name = quote[run[0].start : run[-1].end + self._number(quote, run)]
            if name not in self._found and len(names) < MOST_NAMES:
                names.append(name)
                self._found.add(name)
                if all(word.capital for word in run):
                    self._found.add(run[-1].text)  # the last name alone is the same person
        return names

    def _is_before_name(self, word: _Word) -> bool:
        compound = self._english and _COMPOUND.fullmatch(word.text) is not None
        return compound or not word.capital or self._only_begins(word)

    def _only_begins(self, word: _Word) -> bool:
        """Whether a word has its capital from the sentence that it begins: “The Free Syrian Army”."""
        lower = word.text.lower()
        plain = lower in self._plain or (self._english and lower in _MODIFIERS | _ACTIONS)
        return word.begins and (plain or (self._nouns and word.text not in self._inside))

    def _is_name(self, quote: str, run: list[_Word]) -> bool:
        if len(run) != 1:
            return bool(run)
        (word,) = run
        if self._english and word.text.lower() in _BODIES | _TITLES | _CALENDAR:
            return False
        placed = not word.begins or word.text in self._inside or (self._english and self._may_begin(quote, word))
        return placed and len(word.text) > 1 and not self._nouns and not self._is_origin(word.text)

    def _may_begin(self, quote: str, word: _Word) -> bool:
        """Whether a word that begins a sentence is a name: one thing that does something, or the place of a dateline.

        “Holm said”, “Holm’s”, “NAIROBI — ”; not “Analysts said”, nor “Oil fell”.
        """
        if (dateline := _DATELINE.match(quote)) and word.end <= dateline.end(1) and word.text.isupper():
            return word.text.capitalize() not in self._inside
        lower = word.text.lower()
        if lower in _FIRST or lower in self._plain or lower in _MODIFIERS or _PLURAL.search(lower) or len(lower) < 3:
            return False
        after = _FOLLOWS.match(quote, word.end)
        if after is not None and after["verb"]:  # beside an aside
            return bool(bases(after["verb"])) or after["verb"] in _FORMS
        return after is not None and (not after["finite"] or _is_finite(after["finite"]))

    def _number(self, quote: str, run: list[_Word]) -> int:
        """The length of a number at the end of a name, which counts nothing: “Nord Stream 2”."""
        found = _NUMBER.match(quote, run[-1].end) if self._english and len(run) > 1 else None
        return len(found[0]) if found else 0

    def _is_origin(self, word: str) -> bool:
        """Whether a word is an adjective of a name in the text: “Russian” where there is Russia."""
        stem = _ORIGIN.fullmatch(word)
        near = (name for name in self._inside - {word} if stem and len(name) <= len(stem[1]) + 2)
        return stem is not None and any(name.startswith(stem[1]) for name in near)


def _is_finite(word: str) -> bool:
    """Whether a word can only be a verb after its subject: an auxiliary, a verb in the past, “opposes”."""
    past = (
        word.endswith("ed")
        or word in _FORMS
        or (not word.endswith("s") and bases(word) - {word} and not word.endswith("ing"))
    )
    return word in FINITE or word in SAYING or bool(past)


def _words(text: str) -> Iterator[_Word]:
    dateline = _DATELINE.match(text)
    for match in _WORD.finditer(text):
        start, end = match.span()
        capital = _LINKED.sub("", match[0])[:1].isupper() and not _SHORT.match(text, start)
        begins = _BEGIN.search(text, max(0, start - 4), start) is not None
        begins = begins and _ABBREVIATED.search(text, max(0, start - 8), start) is None
        begins = begins or (dateline is not None and start == dateline.end())
        yield _Word(match[0], start, end, capital, begins)


def _is_titled(text: str) -> bool:
    """Whether all words have capitals, but for the short ones: “Russia and Turkey Sign a Major Deal”."""
    long = [] if text[-1:] in '.!?…”")]' else [word for word in _words(text) if len(word.text) > 3]
    return len(long) > 3 and all(word.capital for word in long)


def _runs(text: str, other: list[Span], english: bool) -> Iterator[list[_Word]]:
    """Sequences of capitalised words, with small words between them such as “of”; titles are told apart later."""
    run: list[_Word] = []
    links: list[_Word] = []
    for word in _words(text):
        joined = bool(run) and _are_joined(text, [*run, *links][-1], word)
        name = word.capital and ((english and _is_title(word)) or not _within(word, other))
        if joined and (name or re.fullmatch(_LINKS, word.text)):
            links.append(word)
            run, links = ([*run, *links], []) if name else (run, links)
        elif run or name:
            yield from [run] * bool(run)
            run, links = [word] * name, []
    yield from [run] * bool(run)


def _are_joined(text: str, one: _Word, other: _Word) -> bool:
    between = _JOIN.fullmatch(text, one.end, other.start) is not None
    return between or (_INITIAL.match(text, one.start) is not None and other.start == one.end + 2)


def _merged(text: str, runs: list[list[_Word]], known: list[Span]) -> Iterator[list[_Word]]:
    """Runs of which some are joined by “and”, “for”, “in” or “on”, where they are one name."""
    current: list[_Word] = []
    for run in runs:
        between = _BETWEEN.fullmatch(text, current[-1].end, run[0].start) if current else None
        if between and _is_one(text, current, between, run, known):
            current = [*current, *(w for w in _words(text) if current[-1].end <= w.start < run[0].start), *run]
        else:
            yield from [current] * bool(current)
            current = run
    yield from [current] * bool(current)


def _is_one(text: str, left: list[_Word], between: re.Match[str], right: list[_Word], known: list[Span]) -> bool:
    """Whether what stands on both sides of a small word is one name.

    “American University in Cairo”, “Estren Institute for Security”, “Belt and Road Initiative”, “Ministry of Trade and
    Industry”; not “the IMF and World Bank”, nor “the Ministry of Trade and Gazprom”.
    """
    small, the = between[1], between[2]
    nouns = {word.text.lower() for word in left}
    if small == "&":
        return True
    if small in ("for", "on"):
        if any(word.text == "in" for word in left):
            return False
        agreed = small == "for" or len(left) > 1 or _ABSTRACT.search(right[-1].text) or nouns & {"treaty", "convention"}
        return not nouns.isdisjoint(_BODIES) and right[0].text.lower() not in _TITLES | _CALENDAR and bool(agreed)
    if small == "in":
        fields = any(word.text in ("for", "on") for word in left)
        return not the and (fields or (len(left) > 1 and not nouns.isdisjoint(_SCHOOLS)))
    if the or any(word.text.isupper() and len(word.text) > 1 for word in (*left, *right)) or _is_title(right[0]):
        return False
    if any(word.text in ("of", "for", "on") for word in left):
        return not nouns.isdisjoint(_BODIES) and len(right) < 3 and _ABSTRACT.search(right[-1].text) is not None
    ends = right[-1].text.lower() in _BODIES and left[-1].text.lower() not in _BODIES and len(left) < 3
    named = _within(left[0], known) or _within(right[0], known)
    return ends and len(right) > 1 and not named and _OWNED.search(text, 0, left[0].start) is not None


def _is_title(word: _Word) -> bool:
    return word.text.lower() in _TITLES


def _without_titles(run: list[_Word], known: list[Span]) -> Iterator[list[_Word]]:
    """The names of a run that titles part: “Norland President Ada Holm”, “Presidents Xi Jinping”, “King Osrik of Oren”.

    Where what follows is no person's name, the title is a part of it: “General Assembly”, “King Osrik University”.
    """
    first = next((i for i, word in enumerate(run) if _is_title(word)), None)
    if first is None:
        yield from _of_place(run)
        return
    last = first
    while last + 1 < len(run) and _is_title(run[last + 1]):
        last += 1
    start = first
    while start and run[start - 1].text.lower() in _MODIFIERS:
        start -= 1
    rest = run[last + 1 :]
    if rest and rest[0].text == "of":
        rest = _after_office(rest, known)
    elif (rest and not rest[0].capital) or any(word.text.lower() in _BODIES | _TITLED for word in rest):
        yield run
        return
    of = next((i for i, word in enumerate(rest) if word.text == "of"), len(rest))
    for part in (run[:start], rest[:of], rest[of:]):
        yield from [part] * bool(part)


def _after_office(rest: list[_Word], known: list[Span]) -> list[_Word]:
    """What comes after the field or the place of an office: “of State”, “of Foreign Affairs”, “of Turkey”, if known."""
    fields = [i for i, word in enumerate(rest) if _ABSTRACT.search(word.text) or word.text == "State"]
    places = [i for i, word in enumerate(rest) if _within(word, known)]
    return rest[max([*fields, *places], default=0) + 1 :]


def _of_place(run: list[_Word]) -> Iterator[list[_Word]]:
    """A person and where he is from: “Maria da Silva of Petrobras”; not “Free University of Oren”, “Gulf of Amar”."""
    of = next((i for i, word in enumerate(run) if word.text == "of"), 0)
    person = sum(word.capital for word in run[:of]) > 1 and all(w.text.lower() not in _OF for w in run[:of])
    yield from (run[:of], run[of:]) if person else (run,)


def _within(word: _Word, spans: Iterable[Span]) -> bool:
    return any(start <= word.start and word.end <= end for start, end in spans)


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


# Words of English that stand in names or part them: titles, nouns of organisations, words that begin sentences.

# Words that are no names, nor parts of one.
COMMON = _set(
    """
    about after also an and are as at be been before both but by can could despite did do does for from had has have
    he her here his if in including into is it its more no of on only or our out said says she since so some such
    than that the their them then there they this those to under up was we were what when where which while who whom
    will with would you
    """
)
# Words that may begin a sentence without an article and are no names: mass nouns, pronouns, adverbs, numbers.
_FIRST = COMMON | _set(
    """
    again agriculture aid air all almost already although always another any anybody anyone anything army
    authorities bread business cabinet capital children coal congress construction copper corruption crime critics
    dawn death debt demand democracy despite diesel diplomacy each early earlier education eight either electricity
    eleven energy enough even every everybody everyone everything exactly fear few fewer fighting fire five food
    four fuel gas gold government grain growth health history hope how however hundreds immigration indeed industry
    inflation information instead investment just justice land last late later less life little local many mass
    meanwhile media men midnight military millions mine money most much music nature neither never next nine nobody
    none nor nothing now oil once one opinion opposition other others parliament part peace people perhaps police
    politics pollution poverty power pressure production progress public rain recently religion research rice salt
    science sea seven several shipping silence six smoke snow society somebody someone something soon steel still
    sugar support talk technology ten terrorism thousands three thus time today together tomorrow tonight too
    tourism traffic training transport travel trade trouble trust turnout twelve twice twenty two unemployment
    unless until unrest very violence wages war water wealth weather wheat whether winter women work worse yesterday
    yet young youth
    """
)
# What is done to a work, at the beginning of a sentence: “Construction of the Koysha Dam”.
_ACTIONS = _set(
    "completion construction expansion financing funding maintenance operation renovation repair work works"
)
_CALENDAR = _set(
    """
    monday tuesday wednesday thursday friday saturday sunday january february april june july august september october
    november december jan feb apr jun jul aug sep sept oct nov dec
    """
)
# Before a person's name, or before one that is their plural: “Presidents”.
_ONE_TITLE = """
    admiral ambassador archbishop ayatollah bishop brigadier captain cardinal chairman chairwoman chancellor colonel
    commander commissioner congressman congresswoman counsellor dame director doctor emir general governor judge
    justice king lady lieutenant lord major marshal mayor minister mullah pastor pope premier president prince
    princess professor queen representative secretary secretary-general senator sergeant sheikh sir speaker
    spokesman spokeswoman sultan
    """
_TITLES = (
    _set(_ONE_TITLE) | {f"{word}s" for word in _set(_ONE_TITLE)} | _set("chief executive executives leader leaders")
)
# Before a title, and no part of a name with it: “Prime Minister”, “Former President”.
_MODIFIERS = _set(
    """
    acting assistant brigadier crown defence defense deputy ex-president economy education energy environment
    federal finance first foreign former grand health home industry interim interior justice labor labour late
    lieutenant major neighboring neighbouring prime senior state then trade transport vice
    """
)
# With one of these after it, a title is part of a name: “King Osrik Airport”, “Prince Edward Island”.
_TITLED = _set(
    """
    airport army assembly avenue barracks base bridge brigade building canal cathedral cup dam division electric
    embankment force forces hall highway hospital hotel house island islands land league library motors palace park
    pass port railway road sea square stadium station street tower valley
    """
)
# Nouns of organisations, and of what they agree on.
_BODIES = _set(
    """
    academy accord administration agency alliance army assembly association authority bank board bureau campaign
    centre center chamber coalition college commission committee community company conference confederation congress
    consortium convention corporation corps corridor council court department directorate federation forum
    foundation front fund group initiative institute institution league ministry mission movement network office
    organisation organization partnership party plan platform programme program project school secretariat service
    society taskforce treaty tribunal trust union university
    """
)
_SCHOOLS = _set("academy college conservatory institute school university")
# What ministries and the like are for: “Trade and Industry”, “Security and Co-operation”.
_ABSTRACT = re.compile(
    r"(?:(?:tion|sion|ment|nce|ure|ing|port|ice|work)s?|ity|ety|ncy|try|ics|ogy|ergy|airs|dies|alth|bour|bor|rces|ater"
    r"|ines|fare|rade|rism|arch|ildren|outh|amily|omen|rights|mmerce)\Z",
    re.IGNORECASE,
)
# Before “of” in a name that is no person's.
_OF = (
    _BODIES
    | _TITLED
    | _set(
        """
        bay bishopric capital cape city coast county cross day days declaration duchy emirate empire gulf kingdom lake
        mount order peninsula port principality protocol province region republic sea states straits strait sultanate
        union war waters
        """
    )
)
# Verbs in the past as in the present, and forms in s that are hardly nouns.
_FORMS = _set(
    """
    accuses admits agrees believes buys builds cost cut denies expects gives hit hopes hurt insists knows let makes
    opposes owns put quit read refuses rejects remains seeks sells set shut spends split spread takes thinks tries
    wants warns
    """
)
