"""The words of a text that speak of time, each with its kind, cut into runs that `kg.text.dates` reads.

A kind is a letter, so that a run of words is a word itself, with a grammar. What is beside the time at the ends of a
run is left out, and so is what may be no date by itself (“May”, “1453”).
"""

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from kg.text.amounts import COUNTS, ORDINALS, PLURALS

# The words that speak of time, by kind: a letter, so that a run of words is a word itself, with a grammar.

MONTHS = "january|february|march|april|may|june|july|august|september|october|november|december"
WEEKDAYS = "monday|tuesday|wednesday|thursday|friday|saturday|sunday"
STEPS = {"last": -1, "this past": -1, "this": 0, "next": 1, "this coming": 1}
_TODAY = ("today", "tonight", "this morning", "this afternoon", "this evening")
DAY_WORDS = dict.fromkeys(_TODAY, 0) | {"yesterday": -1, "last night": -1, "tomorrow": 1}
DAY_WORDS |= {"the day before yesterday": -2, "the day after tomorrow": 2}
SPACE = r"[ \n\u00a0\u2009\u202f]"
_TENS = "twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
_ONES = "one|two|three|four|five|six|seven|eight|nine"
_TEENS = "|".join(word for word, number in COUNTS.items() if 10 <= number < 20)
_TWO_DIGITS = f"(?:(?:{_TENS})(?:[ -](?:{_ONES}))?|{_TEENS})"
_SCALES = "hundred|thousand|million|billion|trillion|lakh|crore|dozen|bn|mln|mn|k|m"
_COUNTED = (
    f"(?:{PLURALS}|percent\\w*|{_SCALES}|[kmgt]wh?|km|kg|ha|(?:kilo|mega|giga)watt|kilomet(?:er|re)|met(?:er|re)|mile|tonne"
    "|people|troops|soldiers|fighters|rebels|police|men|women|children|civilians|refugees|migrants|protesters|workers"
    "|members|countries|states|votes|seats|cases|deaths|jobs|homes|others|gmt|utc|hours|local|bce?|times|points|degrees)"
)
_NO_COUNT = rf"(?!{SPACE}?[%°‰]|[ \n\u00a0\u2009\u202f-]{_COUNTED}\b)"
_NO_MORE = rf"(?![\w%°:]|[.,’'/]\d){_NO_COUNT}"
_SMALL_MAY = rf"may(?={SPACE}(?:to{SPACE}(?:[0-9]|{MONTHS})|(?:[0-9]{{1,2}}(?:st|nd|rd|th)?|[12][0-9]{{3}}){_NO_MORE}))"
_FEASTS = "Good|Black|Easter|Ash|Palm|Super|Bloody|Holy|Maundy|Cyber|Whit|Shrove"
# The kinds of words, a letter each: runs and rules are patterns of these letters.
_KINDS = {
    # a day in digits
    "I": r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?![\w-])|[0-9]{1,2}(?P<_mark>[/.])[0-9]{1,2}(?P=_mark)[0-9]{4}(?![\w/-]|\.\d)",
    "X": (  # what belongs to a date and is in no rule: decades, seasons, years in other calendars, two years in one
        r"[0-9]{1,4}[/.][0-9]{1,2}[/.][0-9]{1,4}|[12]?[0-9]{2}0['’]?s\b|['’][0-9]{2}s?\b"
        r"|[0-9]{4}[-–/][0-9]{1,2}(?![0-9])|(?-i:Q[1-4]|H[12]|FY[0-9/-]*|BCE?|AD|CE)\b|[1-4]Q[0-9]*\b"
        rf"|(?:twen|thir|for|fif|six|seven|eigh|nine)ties\b|(?:{WEEKDAYS})s\b|(?-i:{_FEASTS})(?={SPACE}(?:{WEEKDAYS})\b)"
        rf"|centur(?:y|ies)\b|quarters?\b|half\b|halves\b|seasons?\b|summer\b|autumn\b|winter\b|weekends?\b"
        rf"|(?:early|late|last|this|next|the|in){SPACE}(?:spring|fall)\b"
        rf"|(?:spring|fall)(?={SPACE}(?:of{SPACE})?(?:[0-9]{{4}}|last|this|next))"
        r"|(?:week|month|quarter|year)s?[ -](?:ending|ended|beginning|starting|commencing)\b"
        r"|(?:fiscal|financial|academic|model)\b|eve\b"
        r"|(?-i:Christmas|Easter|Ramadan|Passover|Eid|Thanksgiving)\b"
        r"|(?:each|every|past|coming|previous|following|preceding|same|other|subsequent)\b"
    ),
    # today and its like
    "T": "(?:" + "|".join(sorted(DAY_WORDS, key=len, reverse=True)).replace(" ", SPACE) + r")\b",
    "Y": (  # year
        rf"(?:1[0-9]{{3}}|20[0-9]{{2}}){_NO_MORE}"
        rf"|(?:(?:seventeen|eighteen|nineteen|twenty)[ -](?:oh?[ -](?:{_ONES})|{_TWO_DIGITS})"
        rf"|two[ ]thousand(?:[ ]and)?[ ](?:{_TWO_DIGITS}|{_ONES}))\b(?!-){_NO_COUNT}"
    ),
    "O": rf"(?:[0-9]{{1,2}}(?:st|nd|rd|th)|(?:(?:twenty|thirty)[ -])?(?:{'|'.join(ORDINALS)}))\b",  # ordinal
    "D": rf"(?:0?[1-9]|[12][0-9]|3[01]){_NO_MORE}",  # day of a month
    # number
    "N": rf"[0-9]{{1,5}}{_NO_MORE}|(?:{_TWO_DIGITS}|{_ONES})\b{_NO_COUNT}",
    # how many
    "Q": rf"[0-9½¼¾](?:[.,’'/]?[0-9])*[½¼¾]?(?!\w)|(?:{_TWO_DIGITS}|{_ONES}|{_SCALES}|couple|few|several|many)s?\b",
    "a": r"an?\b",
    # Month. “may”, “march” and “mar” are other words too: months have a capital where they could be mistaken.
    "M": (
        rf"(?:(?-i:May|MAY|March|MARCH)|{_SMALL_MAY}|{MONTHS.replace('march|', '').replace('may|', '')})\b"
        r"|(?-i:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\b\.?"
    ),
    "W": rf"(?:{WEEKDAYS})\b",  # weekday
    "w": r"(?-i:Mon|Tues?|Wed|Thu(?:rs?)?|Fri|Sat|Sun)\b\.?",  # weekday, in short
    "S": rf"(?:this{SPACE}(?:past|coming)|last|this|next)\b",
    "C": r"days?\b",
    "H": r"weeks?\b",
    "K": r"months?\b",
    "J": r"years?\b",
    "L": r"decades?\b",
    "U": r"fortnights?\b",
    "G": r"ago\b",
    "V": (  # by which it is not exact
        rf"(?:about|around|circa|roughly|approximately|nearly|almost|over|under|some|plus|odd|(?:more|less|fewer){SPACE}than"
        rf"|at{SPACE}(?:least|most)|up{SPACE}to|or{SPACE}(?:so|more|less)|(?:no|not){SPACE}(?:earlier|later|more|less|before|after)(?:{SPACE}than)?"
        rf"|(?:as|so){SPACE}(?:early|late|soon|recently){SPACE}as)\b|\bca?\."
    ),
    "E": r"(?:early|earlier|mid|middle|late|later|start|beginning|end)\b",
    "B": r"before\b",
    "F": r"(?:after|hence)\b",
    "r": r"from\b",
    "i": r"in\b",
    "e": r"since\b",
    "y": r"(?:by|during|throughout)\b",
    "n": r"(?:on|at)\b",
    "k": r"(?:to|until|till|through|thru)\b",
    "z": r"between\b",
    "o": r"of\b",
    "t": r"the\b",
    "A": r"and\b",
    "v": r"or\b",
    "c": ",",
    "d": "[-–—]",
    "q": r"['’](?:s\b)?",
    "l": "/",
}
_LEADS, _SIGNS = "riyenkz", "cdlq"
_LONGEST = 30  # words of a run
_GLUE = re.compile(r"[\w$€£¥\u20a0-\u20cf.,/–#-]\Z")  # what a word may hang on: “S-2015”, “$2015”


class Word(NamedTuple):
    """A word of the text in lower case, from `start` to `end` (code points, exclusive), with the letter of its kind."""

    kind: str
    start: int
    end: int
    text: str


class Run(NamedTuple):
    """Words that speak of time, from the preposition at `start`, if there is one, to the last of them."""

    words: list[Word]
    start: int
    lead: str

    def kinds(self) -> str:
        """The letters of its words."""
        return "".join(word.kind for word in self.words)


@cache
def _vocabulary() -> re.Pattern[str]:
    # (?ai: …) folds the case of ASCII letters only; the borders know the letters of every language.
    ends = {kind: "" if kind in _SIGNS else r"(?!\w)" for kind in _KINDS}
    kinds = "|".join(f"(?P<{kind}>(?ai:{words}){ends[kind]})" for kind, words in _KINDS.items())
    kinds = rf"[0-9]{{1,2}}(?:[.:][0-9]{{2}})?{SPACE}?(?ai:[ap]\.?m(?!\w))\.?|{kinds}"  # 9.30 p.m.
    return re.compile(kinds.replace("[ -]", "[ \n\u00a0\u2011-]") + r"|\w+|\S")


def runs(text: str) -> Iterator[Run]:
    """The runs of words that speak of time, without what is beside the time at their ends."""
    words: list[Word] = []
    end = 0
    for match in _vocabulary().finditer(text):
        kind, glued = match.lastgroup or "", match.start() == end and _GLUE.search(text, max(0, end - 1), end)
        if words and (not kind or match.start() - end > 2):
            yield from _stripped(text, words)
            words = []
        if kind and (words or not (glued or kind in _SIGNS)):
            words.append(Word(kind, match.start(), match.end(), match[0].lower()))
        end = match.end()
    yield from _stripped(text, words)


# Prepositions, articles and numbers of other things, before what speaks of time and after it.
BEFORE = re.compile(
    r"(?:[rinyezkovAcdql]|t(?![OEDSJ])|t?[aSOEV](?=[rinye])|V(?=t[^EJ])|a(?=[WMYI])|t?O(?=Y)"
    r"|t?[aNDQO]d?[CHKJLU](?=[iy])|V?[aNDQA]*[NDQ](?=[rinyeSWT]|a[CKJL]G))*+"
)
_AFTER, _IF_FOLLOWED = re.compile("[rinyezkovAtcdlq]$"), re.compile("(?:[aNQSVBFE]|(?<!M)(?<!Mt)[DO]|iMD)$")
_PAIR = re.compile("Mt?[DO]([dkA])[DO]$")  # “May 3–5 in Melk”; perhaps not “on May 3 and 5 drones”
_NO_NOUN = re.compile(
    rf"{SPACE}(?:in|at|by|for|with|to|as|when|where|after|before|because|but|while|and|was|were|is)\b"
)
_COUNTED_TIME = re.compile("t?[aNDQ]d?[CHKJLU]$")  # “on Monday two days of”, “a two-day”
_ANCHOR = re.compile("[MYWTI]|[CHKJLUX]G|[CKJL]B|S[HKJ]")
# What may be no date, with what is after it then.
_BY_CHANCE = {"May|MAY|March|MARCH|1[0-7][0-9]{2}": "", "April|June|August": f"{SPACE}[A-Z][a-z]"}
_BY_CHANCE |= {"[12][0-9][05]0": rf"{SPACE}[a-z]+s\b"}
_FOLLOWED = re.compile(r"[ \n\u00a0\u2009\u202f-]{0,2}[\w“‘\"'(]")


def _stripped(text: str, words: list[Word]) -> Iterator[Run]:
    """A run without what is beside the time at its ends, if it names one."""
    if not words or len(words) > _LONGEST:
        return
    kinds, follows, of = "".join(word.kind for word in words), _FOLLOWED.match(text, words[-1].end) is not None, False
    while kinds:
        pair = _PAIR.search(kinds) if follows else None
        counted = _COUNTED_TIME.search(kinds) if follows and (of or "d" in kinds[-2:]) else None
        if counted:
            kinds = kinds[: counted.start()]
        elif pair:
            if pair[1] == "A" and not _NO_NOUN.match(text, words[len(kinds) - 1].end):
                return
            break
        elif _AFTER.search(kinds) or (follows and _IF_FOLLOWED.search(kinds)):
            follows, of, kinds = kinds[-1] not in _SIGNS, kinds[-1] in "oFB", kinds[:-1]
        else:
            break
    first = match.end() if (match := BEFORE.match(kinds)) else 0
    if not _ANCHOR.search(kinds, first):
        return
    lead = words[first - 1] if first and kinds[first - 1] in _LEADS else words[first]
    run = Run(words[first : len(kinds)], lead.start, lead.kind)
    if not _is_chance(text, run):
        yield run


def _is_chance(text: str, run: Run) -> bool:
    """Whether words may be no date, unless they are the whole text: “May” may be a name, “1453” a number."""
    (word, *more) = run.words
    found, after = text[word.start : word.end], text[word.end :]
    if more or run.start != word.start or found == text.strip():
        return False
    return any(re.fullmatch(words, found) and re.match(beside, after) for words, beside in _BY_CHANCE.items())
