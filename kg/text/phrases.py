"""English phrases: names with their articles, lists, genitives, dates and quantities, as people write them.

Only this module knows English nouns, as `kg.text.verbs` does English verbs: another language has modules of its own.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal, InvalidOperation
from functools import lru_cache

_MONTHS = "January February March April May June July August September October November December".split()  # noqa: SIM905
_DATE = re.compile(r"(?P<year>-?\d{4,})(?:-(?P<month>0[1-9]|1[0-2])(?:-(?P<day>\d\d))?)?(?:T.*)?(?:Z|[+-]\d\d:\d\d)?")
_DETERMINER = re.compile("\\A(?:the|an?|another|both|each|no|some)[ \u00a0]", re.IGNORECASE)
_POSSESSIVE = re.compile("(?:his|her|its|our|their)[ \u00a0]", re.IGNORECASE)
_GENITIVE = re.compile("(?:[^\\s]+[ \u00a0]){0,4}?[^\\s]+(?:['’]s|s['’])[ \u00a0]")
_VOWEL = re.compile("(?!uni|us[aeu]|eu|one?(?![a-z]))[aeiou]", re.IGNORECASE)  # as it is spoken
_AREA_WORDS = """
area basin camp continent corner country district field forest half harbour island islands outskirts part parts
peninsula port province quarter region section stretch suburb territory town valley village zone zones
"""
_AREA = frozenset(_AREA_WORDS.split())
_DIRECTION = re.compile(
    "(?:(?:far|upper|lower)[ \u00a0])?(?:central|eastern|western|(?:north|south)(?:-?east|-?west)?ern|"
    "(?:centre|interior|east|west|(?:north|south)(?:-?east|-?west)?)[ \u00a0]of)(?![\\w-])",
    re.IGNORECASE,
)
_ATTRIBUTED = ", according to "
_NUMBERS = "two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|several|many"
_COUNTED = re.compile(rf"(?:(?:the|at least|at most|about|up to|more than)[ \u00a0])?(?:{_NUMBERS})\b", re.IGNORECASE)
_PART_OF = re.compile("(?:all|half|most|much|none|part|some)[ \u00a0]of[ \u00a0]", re.IGNORECASE)
_ONE_OF = re.compile("(?:one|some|among)[ \u00a0](?:of[ \u00a0])?the[ \u00a0]", re.IGNORECASE)
_WORD_BEFORE = re.compile("([^\\s]+)[ \u00a0]$")
_WORD_AFTER = re.compile("[ \u00a0]([^\\s]+)")
_JOINED = re.compile("[-–]\\w")
_MOST_BETWEEN = 2  # words between an article and a noun
_PREPOSITIONS_WORDS = """
about across after against along alongside among around as at before behind between beyond by despite during for
from in including inside into like near of off on onto outside over per since than through throughout to toward
towards under until up via with within without
"""
_PREPOSITIONS = frozenset(_PREPOSITIONS_WORDS.split())
_OTHER_FUNCTION_WORDS = """
also and are be been but can could did do does had has have if is may might must nor not or said say says shall
should so that then was were when where which while who whom will would
"""
_FUNCTION_WORDS = _PREPOSITIONS | frozenset(_OTHER_FUNCTION_WORDS.split())
# Nouns that take “the” where a name ends in them, or has them before “of”: the Free Syrian Army, the Bank of the West.
_WITH_THE_WORDS = """
agency alliance army assembly association authority bank bay bridge brigade brigades canal coalition commission
committee communiqué community company confederation congress corporation corridor council court dam delta desert
directorate district emirates federation force forces foundation front fund government group gulf highway institute
islands kingdom league line ministry mountains movement nations navy netherlands ocean office organisation organization
pact parliament party peninsula philippines pipeline plant programme project railway region republic river sea
secretariat senate society states station strait straits treaty tribunal tunnel union university valley
"""
_WITH_THE = frozenset(_WITH_THE_WORDS.split())
_WITHOUT_THE = frozenset(["bay", "company", "district", "group", "institute", "university"])  # but before “of”
_INITIALS_WITH_THE = frozenset(["CIA", "EU", "FBI", "IMF", "UAE", "UK", "UN", "US", "USA", "WHO", "WTO"])
_PLACES_WITH_THE = frozenset(
    "Bahamas Balkans Caucasus Gambia Hague Kremlin Levant Maldives Netherlands Philippines Sahel Vatican".split()  # noqa: SIM905
)
_OF_A_CAPITAL = re.compile("the government in (?=[^ ]+$)")
_SINGULAR_S = re.compile(r"(?:ss|us|is|news|series|gas|\d)$|^(?:mathematics|physics|politics|economics)$")
_UNCOUNTED = frozenset("aid coal cooperation electricity energy gas grain oil peace power steel trade water".split())  # noqa: SIM905
_CURRENCIES = {
    "AUD": "Australian dollars",
    "CAD": "Canadian dollars",
    "CHF": "Swiss francs",
    "CNY": "yuan",
    "ETB": "Ethiopian birr",
    "EUR": "euros",
    "GBP": "pounds sterling",
    "INR": "Indian rupees",
    "JPY": "Japanese yen",
    "KES": "Kenyan shillings",
    "RUB": "Russian roubles",
    "TRY": "Turkish lira",
    "UAH": "Ukrainian hryvnias",
    "USD": "US dollars",
}
_IRREGULAR = {"person": "people", "foot": "feet", "man": "men", "woman": "women", "child": "children"}
_IRREGULAR |= {word: word for word in ("aircraft", "baht", "rand", "yen", "yuan", "won", "hertz", "per")}
_SEASONS = {
    "spring": ("-03-01", ("-05-31",)),
    "summer": ("-06-01", ("-08-31",)),
    "autumn": ("-09-01", ("-11-30",)),
    "winter": ("-12-01", ("-02-28", "-02-29")),
}
_SURFACES = frozenset(["continent", "island", "islands", "peninsula", "planet", "coast"])  # on, not in
_SCALES = ((Decimal(10) ** 12, "trillion"), (Decimal(10) ** 9, "billion"), (Decimal(10) ** 6, "million"))


def quoted(text: str) -> str:
    """A text as it stands within quotation marks, with single ones for its own."""
    return text.replace("“", "‘").replace("”", "’")


def listed(names: Sequence[str]) -> str:
    """Names in a row: “Russia, Turkey and Iran”."""
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last


def is_one_of_several(name: str) -> bool:
    """Whether a name says that there are others like it, and has its own article: “one of the oldest”."""
    return _ONE_OF.match(name) is not None


def compares(name: str) -> bool:
    """Whether words say more or less than others are, and take no article: “longer than any other”."""
    return " than " in name


def has_article(text: str) -> bool:
    """Whether words begin as a noun phrase does: “an immediate ceasefire”."""
    return bool(_DETERMINER.match(text) or _POSSESSIVE.match(text))


def is_counted(name: str) -> bool:
    """Whether a name begins with a number in words: “two of its six turbines”."""
    return _COUNTED.match(name) is not None


def is_part(name: str) -> bool:
    """Whether a name says that it is some of a thing, and takes no article: “part of the electricity”."""
    return _PART_OF.match(name) is not None


def of_office(title: str, owner: str, link: str = "of") -> str:
    """An office by its title and where it is, unless the title has that: “the Prime Minister of Lorvia”."""
    if _GENITIVE.match(title):
        return with_article(title)
    stem = bare(owner)[: max(4, len(bare(owner)) - 1)]  # the Lorvian premier
    is_whole = re.search(rf"(?<!\w){re.escape(stem)}", title)
    return f"{title if _DETERMINER.match(title) else f'the {title}'}{'' if is_whole else f' {link} {owner}'}"


def shortened(text: str, limit: int) -> str:
    """The first words of a text, at most so many characters, with an ellipsis where it goes on."""
    text = " ".join(text.split())
    return text if len(text) <= limit else f"{text[:limit].rpartition(' ')[0] or text[:limit]} …"


def lower_case(text: str) -> str:
    """A text within a sentence, without the capital of a word that is no name: “at least nine soldiers”."""
    first = text.split(" ", 1)[0]
    return text[:1].lower() + text[1:] if first[1:].islower() else text


def is_capital_within(name: str, text: str) -> bool:
    """Whether a name stands in a text, with this capital, elsewhere than at the beginning of a sentence or a quotation.

    “Peruvian trawlers” keep their capital, and “Fishers” do not.
    """
    before = (text[max(start - 3, 0) : start].rstrip() for start, _ in _occurrences(name, text))
    return any(words and words[-1] not in '.!?:…“"‘' for words in before)


def genitive(name: str) -> str:
    """The genitive of a name: “Turkey’s”, “the United States’”; of “the government in Ankara”, “Ankara’s”."""
    name = _OF_A_CAPITAL.sub("", name)
    is_long = len(name.rpartition(" ")[2]) > 6  # Industries’
    is_bare = name.endswith("s") and (is_long or name.startswith("the ") or is_plural(name, of_place=False))
    return f"{name}’" if is_bare else f"{name}’s"


def sentence_case(text: str) -> str:
    """A text with a capital at its beginning, unless its first word has one within: “eToro”."""
    first = text.split(" ", 1)[0]
    return text if first[1:] != first[1:].lower() else text[:1].upper() + text[1:]


# Nouns


def is_plural(name: str, *, of_place: bool) -> bool:
    """Whether a verb after this name is in the plural: after “opposition groups”, “the Houthis”, not “the Netherlands”.

    A name of a place is singular, unless its noun is lower-case.
    """
    head = _head(name)
    if _COUNTED.match(name):
        return True
    if head[:1].isupper():
        words = name.split()
        return not of_place and len(words) == 2 and words[0].lower() == "the" and bool(re.search("[^su]s$", head))
    return head in ("people", "police") or (head.endswith("s") and not _SINGULAR_S.search(head))


def plural(noun: str) -> str:
    """The plural of a noun with its adjectives: “de-escalation zones”, “companies”."""
    head, of, rest = noun.partition(" of ")
    if of:
        return f"{plural(head)}{of}{rest}"
    if is_plural(noun, of_place=False):  # talks
        return noun
    if re.search("[^aeiou]y$", noun):
        return f"{noun[:-1]}ies"
    return (
        noun
        if _SINGULAR_S.search(noun) and noun.endswith("s")
        else f"{noun}{'es' * bool(re.search('(?:s|x|z|ch|sh)$', noun)) or 's'}"
    )


def ends_in_preposition(text: str) -> bool:
    """Whether a name that follows is no subject: after “the capacity of”."""
    return text.rpartition(" ")[2] in _PREPOSITIONS


def article_in(name: str, text: str) -> str | None:
    """The article before a name in a text: “the”, “a”, “an”, or none, which is empty; None where no use of it tells.

    Before a noun may stand two words in lower case, “a major diplomatic row”, but the article of “the neighbour Lorvia”
    is that of the neighbour. Of “the Ankara summit” and “the Ankara-Velmar line” nothing is told about Ankara. Linear
    in the length of the text.
    """
    found: str | None = None
    is_proper = _head(name)[:1].isupper()
    for start, end in _occurrences(name, text):
        after = _WORD_AFTER.match(text, end)
        modifies = after and after[1][0].isalnum() and after[1].strip(".,;:)”").lower() not in _FUNCTION_WORDS
        if (modifies and (" " not in name or is_proper)) or _JOINED.match(text, end):
            continue
        if start == 0 and is_proper and _takes_the(name):  # as in headings, which leave it out
            continue
        article = _article_before(text, start, 0 if is_proper else _MOST_BETWEEN)
        if article == "the":
            return article
        found = article or (found if found is not None else article)
    return found


def _occurrences(name: str, text: str) -> Iterator[tuple[int, int]]:
    """Where a name stands in a text, at the borders of words; faster than to compile a pattern for each name."""
    start = text.find(name) if name else -1
    while start >= 0:
        end = start + len(name)
        if not (text[start - 1 : start].isalnum() or text[end : end + 1].isalnum()):
            yield start, end
        start = text.find(name, end)


def _article_before(text: str, end: int, between: int) -> str | None:
    for _ in range(between + 1):
        before = _WORD_BEFORE.search(text, max(0, end - 60), end)
        if before is None:
            return None
        word = before[1].lstrip("(“\"‘'")
        if word.lower() in ("the", "a", "an"):
            return word.lower()
        if word.lower() in ("his", "her", "its", "our", "their", "whose"):
            return "the"
        if word.lower() in _FUNCTION_WORDS:
            return "" if end == before.end() else None
        if not word.isalpha() or not word.islower():
            return None
        end = before.start()
    return None


def with_article(name: str, found: Iterable[str | None] = (), *, is_proper: bool = False) -> str:
    """A name as it stands in a sentence: “the Assad regime”, “Turkey”, “a Turkish jet”, “opposition groups”.

    `found` are the articles with which quotes have it (`article_in`), `is_proper` a name that takes none, of a person.
    """
    articles, owner = set(found), _GENITIVE.match(name)
    is_kind = owner and owner[0].rstrip()[-1] in "'’" and ("the" in articles or _head(name).lower() in _WITH_THE)
    if is_proper or _DETERMINER.match(name) or (owner and not is_kind):  # but “the Fishers’ Association”
        return name
    if possessive := _POSSESSIVE.match(name):
        return f"the {name[possessive.end() :]}"
    if "the" in articles or name in _PLACES_WITH_THE:
        return f"the {name}"
    if articles & {"a", "an"}:
        return f"{'an' if _VOWEL.match(name) else 'a'} {name}"
    head, words = _head(name), name.split()
    if "" in articles:
        return name
    if head[:1].isupper() or not head[:1].isalpha():
        return f"the {name}" if _takes_the(name) or name in _INITIALS_WITH_THE else name
    bare = is_plural(name, of_place=False) or head in _UNCOUNTED or (len(words) > 1 and words[0].lower() == "no")
    return name if bare else f"the {name}"


def _takes_the(name: str) -> bool:
    """Whether the noun of a name calls for “the”: of two words or more, “the Ossen Dam”, but “Selemar University”."""
    noun, words = _head(name).lower(), name.split()
    return noun in _WITH_THE and (noun not in _WITHOUT_THE or "of" in words) and len(words) > 1


def told_apart(text: str, by: str) -> str:
    """A noun phrase with what tells it from others: “cooperation of Lorvia and Sudmark, “good partners””."""
    noun, link, speakers = text.partition(_ATTRIBUTED)
    return f"{noun}, {by}{link}{speakers}" if by else text


def attributed(text: str, speakers: Sequence[str]) -> str:
    """A noun phrase with those who say that there is such a thing."""
    return f"{text}{_ATTRIBUTED}{listed(speakers)}"


def is_metonym(name: str, articles: Iterable[str | None] = ()) -> bool:
    """Whether a government is called by its capital, one word without “the” in quotes: “Ankara”, not “the Kremlin”."""
    return " " not in name and name[:1].isupper() and "the" not in articles and name not in _PLACES_WITH_THE


def is_surface(name: str) -> bool:
    """Whether something is on a place of this name: “on the continent”; not one that is a name, “in Coney Island”."""
    return _head(name) in _SURFACES


def is_area(name: str) -> bool:
    """Whether something is in a place of this name, rather than at it: “in the Halm Valley”, “in southern Lorvia”."""
    return _head(name).lower() in _AREA or _DIRECTION.match(_DETERMINER.sub("", name, 1)) is not None


def of_description(text: str) -> str:
    """What a thing without a name is called, as it stands in a sentence: “the arms deal between Russia and Turkey”."""
    text, _, speakers = text.partition(_ATTRIBUTED)
    text += f" (according to {speakers})" * bool(speakers)
    first = text.split(" ", 1)[0]
    return f"the {text}" if first.islower() and first not in ("the", "a", "an") and not is_counted(text) else text


def bare(text: str) -> str:
    """A noun phrase as it stands alone, without “the” at its beginning."""
    return text.removeprefix("the ")


@lru_cache(10_000)
def _head(name: str) -> str:
    """The noun of a name: “regime” of “Assad regime”, “war” of “war in Syria”, “Army” of “Free Syrian Army”."""
    words = _DETERMINER.sub("", name, 1).split() or [""]
    first = next((i for i, word in enumerate(words) if i and word.lower() in _PREPOSITIONS), len(words))
    if first > 1 and words[first - 1].endswith("ed"):  # talks sponsored by somebody
        first -= 1
    return words[first - 1]


# Dates and quantities


def date(lexical: str) -> str:
    """A date, month or year as people write it: “4 April 2018”, “December 2017”, “2014”; as it is where it is none."""
    match = _DATE.fullmatch(lexical)
    if match is None:
        return lexical
    year = match["year"].lstrip("0") or "0"
    month = f"{_MONTHS[int(match['month']) - 1]} " if match["month"] else ""
    return f"{int(match['day'])} {month}{year}" if match["day"] else f"{month}{year}"


def on_date(lexical: str) -> str:
    """A date with its preposition: “on 4 April 2018”, “in December 2017”, “in 2014”."""
    match = _DATE.fullmatch(lexical)
    return f"{'on' if match and match['day'] else 'in'} {date(lexical)}"


def _first_of(first: str, last: str) -> str:
    """The first of two dates, without the month or the year that the other says again: “7 to 9 May 2023”."""
    one, other = _DATE.fullmatch(first), _DATE.fullmatch(last)
    if not (one and other and one["year"] == other["year"] and bool(one["day"]) == bool(other["day"]) and one["month"]):
        return date(first)
    words = date(first).split(" ")
    is_same_month = one["month"] == other["month"] and one["day"]
    return " ".join(words[: -2 if is_same_month else -1])


def limits(first: str, last: str) -> str:
    """Within which limits a thing is to happen; one may be empty: “not before 2030”, “by 30 September 2023”."""
    match = _DATE.fullmatch(last)
    by = f"the end of {date(last)}" if match and not match["day"] else date(last)
    if first and last:
        return f"between {_first_of(first, last)} and {date(last)}"
    return f"not before {date(first)}" if first else f"by {by}" if last else ""


def since_limits(first: str, last: str) -> str:
    """Since when a thing lasts that began within limits, of which one may be empty: “since 2019 at the latest”."""
    if first and last:
        return f"since {_season(first, last) or f'a day {limits(first, last)}'}"
    return f"since {date(first)} at the earliest" if first else f"since {date(last)} at the latest"


def _season(first: str, last: str) -> str:
    """A season by its first and last day, of the northern half of the earth as in date words: “the spring of 2021”."""
    year, last_year = first[:4], last[:4]
    for name, (start, end) in _SEASONS.items():
        if first[4:] == start and last[4:] in end and int(last_year) - int(year) == (name == "winter"):
            return f"the {name} of {year if name != 'winter' else f'{year}/{last_year[2:]}'}"
    return ""


def period(start: str, end: str, *, lasting: bool) -> str:
    """From when to when, where one of the two may be empty: “since 2011” of what lasts, “from 2011 to 2013”."""
    if start and end:
        return f"from {_first_of(start, end)} to {date(end)}"
    if start:
        return f"{'since' if lasting else 'from'} {date(start)}"
    return f"until {date(end)}" if end else ""


def quantity(number: str, measure: str) -> str:
    """A number with its measure: “20 billion US dollars”, “4,800 MW”, “49%”."""
    try:
        value = Decimal(number)
    except InvalidOperation:
        return f"{number} {measure}".strip()
    if measure == "%":
        return f"{_grouped(value)}%"
    is_money = re.fullmatch("[A-Z]{3}", measure) is not None
    for scale, word in _SCALES:
        scaled = value / scale
        if abs(value) >= scale and (is_money or value % (scale / 1000) == 0) and len(_grouped(scaled)) < 10:
            return f"{_grouped(scaled)} {word} {_CURRENCIES.get(measure, _counted(measure))}".strip()
    noun = _counted(measure) if value != 1 else measure
    return f"{_grouped(value)} {_CURRENCIES.get(measure, noun)}".strip()


def with_measure(label: str, measure: str = "") -> str:
    """The name of a quantity; of one that is a number alone with what it counts: “two turbines”.

    One that stands before a noun in its text, “320-kilometre”, has its noun in the plural: “320 kilometres”.
    """
    if before := re.fullmatch(r"([\d.,]+)-([a-z]{3,})", label):
        return f"{before[1]} {_counted(before[2]) if before[1] != '1' else before[2]}"
    is_number = label.isdecimal() or re.fullmatch(_NUMBERS, label, re.IGNORECASE)
    return f"{label} {_counted(measure)}" if is_number and measure else label


def _counted(measure: str) -> str:
    """The plural of what is counted (“crowns”, “days”); a symbol of a unit, and what is in the plural, as it is."""
    is_word = measure.isalpha() and measure.islower() and len(measure) > 2 and re.search("[aeiou]", measure)
    if not is_word or is_plural(measure, of_place=False):
        return measure
    return _IRREGULAR.get(measure, plural(measure))


def _grouped(value: Decimal) -> str:
    written = f"{value:,f}"
    return written.rstrip("0").rstrip(".") if "." in written else written
