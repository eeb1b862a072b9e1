"""Quantity expressions: “over $210 million” is the number 210000000 of USD, with the qualifier “over”.

An expression is read whole or not at all: where letters, digits or an ordinal that belong to it are left over (“$6x”,
“S-400”, “nineteen eighty-four”), it is given without a number, to be checked by hand. A number has several readings
only where the writing has them: “1.000” is one, or a thousand; “5m” is five million, or five metres. Words are read in
English only; digits, signs and codes of currencies (ISO 4217) and symbols of units in every language.
"""

import re
from collections.abc import Iterator
from decimal import Decimal, localcontext
from functools import cache
from math import prod
from typing import NamedTuple

from kg.text.bounds import QUALIFIERS
from kg.text.currencies import AMBIGUOUS, CODES, NOUNS, STATES


class Amount(NamedTuple):
    """An amount in a text, from `start` to `end` (code points, end exclusive).

    `numbers` are its possible readings, the likeliest first; none where it has to be checked by hand. `measures` are
    the currencies or the unit that it may have, `qualifier` the words beside it by which it is no exact number.
    """

    words: str
    start: int
    end: int
    numbers: tuple[Decimal, ...]
    measures: tuple[str, ...] = ()
    qualifier: str = ""


def find_amounts(text: str, *, english: bool) -> list[Amount]:
    """The amounts of a text in order; with numbers in words, and “million”, where it is English."""
    found: list[_Number] = []
    # equivalent: twice is enough for a fraction beside the digits, so that nothing is rounded; more is as well
    with localcontext(prec=2 * MOST_DIGITS):
        for number in _scan(text, english):
            found[-1:] = [*_beside(text, found[-1], number)] if found else [number]
    return [number.amount for number in found]


def alike(number: Decimal, other: Decimal) -> bool:
    """Whether two numbers have the same digits except zeros at the ends: they may differ by “million” or the like."""
    return len({"".join(map(str, n.as_tuple().digits)).strip("0") for n in (number, other)}) == 1


def lexical(number: Decimal) -> str:
    """A number as facts have it: no exponent, and no zeros at the end after the point."""
    written = f"{number:f}"
    return written.rstrip("0").rstrip(".") if "." in written else written


# Numbers

MOST_DIGITS = 1000  # of a number that is read
_SPACE = "[ \n\u00a0\u2009\u202f]"
_GAP = "[ \n\u00a0\u2009\u202f\u2011-]"
_DIGITS = (
    r"\d{1,3}(?:[ \u00a0\u2009\u202f]\d{3})+(?!\d)(?:[.,٫]\d+)?"  # 1 000,5
    r"|\d+(?:[.,'’٫٬]\d+)*|(?<![\w.,])\.\d+"  # 1,000.5 and .5
)
_SEPARATOR = re.compile("[.,'’٫٬ ]")
_PARTS = {"¼": "0.25", "½": "0.5", "¾": "0.75", "⅛": "0.125", "⅜": "0.375", "⅝": "0.625", "⅞": "0.875"}
_PART = f"[{''.join(_PARTS)}]"
_ONES = (
    "zero|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen"
    "|seventeen|eighteen|nineteen"
)
_TENS = "twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
# equivalent: tens end at any number between 91 and 100
COUNTS = dict(zip(f"{_ONES}|{_TENS}".split("|"), (*range(20), *range(20, 100, 10)), strict=True))
_NOT_ZERO, _ONE_TO_NINE = frozenset(COUNTS) - {"zero"}, frozenset(_ONES.split("|")[1:10])
_ORDINALS = (
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth"
    " sixteenth seventeenth eighteenth nineteenth twentieth thirtieth"
)
ORDINALS = dict(zip(_ORDINALS.split(), filter(None, COUNTS.values()), strict=False))
_SCALES = {"dozen": 12, "hundred": 100, "thousand": 10**3, "lakh": 10**5, "lac": 10**5, "crore": 10**7}
_SCALES |= {"million": 10**6, "billion": 10**9, "milliard": 10**9, "trillion": 10**12, "quadrillion": 10**15}
_SHORTS = {3: "k", 6: "m mn mln mio", 7: "cr", 9: "b bn bln mrd", 12: "tn trn trln"}
_SHORT = {word: 10**power for power, words in _SHORTS.items() for word in words.split()}
_OF_MONEY = {"mm": 10**6, "mil": 10**6, "bil": 10**9, "t": 10**12, "tr": 10**12}  # elsewhere millimetres and tonnes
_FACTORS = _SCALES | _SHORT | _OF_MONEY
_SHARES = {"half": 2, "halve": 2, "third": 3, "quarter": 4, "fifth": 5, "sixth": 6, "eighth": 8, "tenth": 10}
_COUNT, _SCALE, _SHARE = "|".join(COUNTS), "|".join(_SCALES), "|".join(_SHARES)
_AND_PART = rf"{_GAP}and{_GAP}(?:an?|one|three){_GAP}(?:half|quarters?)\b"
_WORDS = (
    rf"(?:{_COUNT}|an?(?={_GAP}(?:{_SCALE}))|half(?:{_GAP}an?)?(?={_GAP}(?:{_SCALE}))|(?:{_SCALE})s?)\b"
    # “and” follows on a scale, or comes before a half: not in “five and six”.
    rf"(?:{_AND_PART}|(?<=hundred|housand|million|billion|rillion){_GAP}and{_GAP}(?:{_COUNT})\b"
    rf"|{_GAP}(?:{_COUNT}|{_SCALE})\b)*+"
)
_OF_ONE = rf"(?:{_GAP}of{_GAP}an?)?"  # ¾ of a million
# What may follow on “a third”, which else is an ordinal: “a third bridge”.
_AFTER_SHARE = "of|as|to|than|more|less|in|by|and|or|since|from|on|after|before|for|at|per"


@cache
def _numbers(english: bool) -> re.Pattern[str]:
    """A number without what may follow on digits: a scale, and a measure."""
    if not english:
        return re.compile(f"(?P<digits>{_DIGITS})(?P<part>{_PART})?|(?P<alone>{_PART})")
    # (?ai: …) folds the case of ASCII letters only; the borders know the letters of every language.
    ratio = rf"(?<![\w/.,])\d/\d(?={_OF_ONE}{_GAP}(?ai:{_SCALE})s?\b)"
    part = rf"{_SPACE}?{_PART}|[ -]\d/\d{{1,2}}(?![\w/])|(?ai:{_AND_PART})"
    ends = rf"(?<=[dfhr]s)|(?={_GAP}(?:{_AFTER_SHARE})(?!\w)|(?!{_GAP}?\w))"  # two-thirds majority; a third of
    of_one, counted = rf"{_OF_ONE}{_GAP}(?P<whole>{_SCALE})", rf"(?:(?<!and )an?|{_ONES}){_GAP}"
    others = "first,second,third,fourth,last,this,next,other,each,and a"  # the first half of a year is no number
    no_part_of_time = "".join(f"(?<!{words} )" for words in others.split(","))
    share = (
        rf"(?P<of>{counted})?(?P<share>{_SHARE})s?{of_one}"
        rf"|(?:(?P<count>{counted})(?P<part_of>{_SHARE})s?|{no_part_of_time}half)(?:{ends})"
    )
    words = rf"(?<!\w)(?:(?P<shares>(?ai:{share}))|(?P<words>(?ai:{_WORDS})))(?!\w)"
    return re.compile(rf"(?P<alone>{_PART}|{ratio})|(?P<digits>{_DIGITS})(?P<part>{part})?|{words}")


@cache
def _scales(money: bool) -> re.Pattern[str]:
    """The scales that follow on digits; in short there are more of them for money, as in “$5T”."""
    gap, short, end = (_GAP, _SHORT | _OF_MONEY, r"\w") if money else (_SPACE, _SHORT, r"[\w/]")  # not of 5 m/s, 9 b/d
    words, code = rf"{_OF_ONE}(?:{_GAP}?(?:{_SCALE})s?\b)++", rf"(?:{'|'.join(CURRENCIES)})(?!\w)"  # 50 MUSD
    ends = rf"(?:(?={code})|(?!{end}))"
    return re.compile(rf"(?ai:{words})(?!\w)|{gap}?(?P<short>(?ai:{'|'.join(short)})|MM){ends}")


class _Number(NamedTuple):
    """An amount as it is read alone; `scale` is the factor of its last words, `digits` and `bare` say how it ends."""

    amount: Amount
    scale: int
    digits: bool
    bare: bool


def _scan(text: str, english: bool) -> Iterator[_Number]:
    at = 0  # equivalent: what is before the text is nothing
    while match := _numbers(english).search(text, at):
        number = _read(text, match, english, at)
        at = number.amount.end
        yield number


def _read(text: str, match: re.Match[str], english: bool, after: int) -> _Number:
    """A number with its scale, measure and qualifier; without readings where something is left over."""
    before = _ending(_BEFORE, text, match.start(), after)
    start, end, groups = before.start() if before else match.start(), match.end(), match.groupdict()
    in_digits = bool(groups["digits"] or groups["alone"])
    plain = numbers = _in_digits(match, english) if in_digits else _in_words(match)
    scaled = _scales(bool(before)).match(text, end) if english and in_digits else None
    scale = _factor(scaled[0]) if scaled else 1 if in_digits else _last_scale(match[0])
    if scaled:
        # A point before “million” is a decimal one: 1.234 million
        numbers, end = [number * scale for number in (plain[:1] if "." in match[0] else plain)], scaled.end()
    named = _after(english).match(text, end)
    numbers = [number for number in numbers if number.adjusted() < MOST_DIGITS]
    measures = _measures(before) if before else _measures(named) if named else ()
    end = named.end() if named else end
    if scaled and len(scaled["short"] or "") == 1 and not measures:
        numbers = numbers + plain  # five million, or five metres
    begin, stop = _whole(text, start, end, after, in_digits)
    if (begin, stop) != (start, end) or (in_digits and _after_month(text, match, after)):
        start, end, numbers, measures = begin, stop, [], ()
    if _ending(_MINUS, text, start, after):
        numbers = [number.copy_negate() for number in numbers]
    qualifier = _qualifier(text, start, end, after) if english else ""
    amount = Amount(text[start:end], start, end, tuple(dict.fromkeys(numbers)), measures, qualifier)
    return _Number(amount, scale, in_digits, end == match.end())


def _factor(words: str) -> int:
    """The product of the scales in some words: 1000 million in “thousand million”."""
    return prod(_FACTORS.get(word.removesuffix("s"), 1) for word in re.findall("[a-z]+", words.lower()))


def _last_scale(words: str) -> int:
    return _factor(re.split(_GAP, words)[-1])


def _in_digits(match: re.Match[str], english: bool) -> list[Decimal]:
    numbers = _plain(match["digits"], english) if match["digits"] else [Decimal(0)]
    part = match["alone"] or match.groupdict().get("part")
    if not part:
        return numbers
    fraction = _fraction(part)
    return [] if fraction is None else [number + fraction for number in numbers]


def _fraction(words: str) -> Decimal | None:
    """The value of “½”, “1/2” or “and three quarters”; None where no decimal has it."""
    if words.strip() in _PARTS:
        return Decimal(_PARTS[words.strip()])
    if slashed := re.search(r"(\d)/(\d+)", words):
        over, under = map(int, slashed.groups())
        return Decimal(over) / under if over < under and under.bit_count() == 1 else None
    return _and_part(words)


def _and_part(words: str) -> Decimal:
    return Decimal(3 if "three" in words.lower() else 1) / (2 if "half" in words.lower() else 4)


def _plain(digits: str, english: bool) -> list[Decimal]:
    """The readings of digits with separators; none where they are not one number, as in 04.03.2018."""
    digits = re.sub(_SPACE, " ", digits)
    if re.match(r"0\d", digits) or len(digits) > MOST_DIGITS:  # 0430 GMT
        return []
    if digits.startswith("."):
        return [Decimal(digits)]
    groups, marks = _SEPARATOR.split(digits), _SEPARATOR.findall(digits)
    # A number in groups does not begin with a nought: 0.355
    found = [Decimal("".join(groups))] if _grouped(groups, marks) and not (marks and groups[0].strip("0") == "") else []
    # In English no comma with three digits after it is a decimal point, and a point most often is one.
    (*whole, part), (*others, last) = groups, marks or [""]
    decimal = last in {".", ",", "٫"} and last not in others and _grouped(whole, others)
    if english and last == "," and (found or (len(part) > 2 and whole != ["0"])):
        decimal = False
    fraction = [Decimal(f"{''.join(whole)}.{part}")] if decimal else []
    return fraction + found if english else found + fraction


def _grouped(groups: list[str], marks: list[str]) -> bool:
    """Whether digits are in groups of three, or as in 1,00,00,000, with one kind of mark between them."""
    inner, kinds = {len(group) for group in groups[1:-1]}, set(marks)
    sizes = inner <= {3} or (inner == {2} and kinds == {","})
    return not marks or (len(kinds) == 1 and len(groups[0]) <= 3 and sizes and len(groups[-1]) == 3)


def _in_words(match: re.Match[str]) -> list[Decimal]:
    if match["words"]:
        words = match["words"].lower()
        whole = _cardinal(words)
        each = [whole] if whole is not None else [_cardinal(part) for part in re.split(f"{_GAP}and{_GAP}", words)]
        read = [number for number in each if number is not None]
        return read if len(read) == len(each) else []
    count = COUNTS.get(re.split(_GAP, (match["of"] or match["count"] or "a").lower())[0], 1)
    under = _SHARES[(match["share"] or match["part_of"] or "half").lower()]
    if match["whole"]:
        of_one = Decimal(count) / under * _SCALES[match["whole"].lower()]
        return [of_one] if of_one * under == count * _SCALES[match["whole"].lower()] else []
    share = Decimal(count) / under
    return [round(n, places) for places in (2, 1, 3, 4) for n in (share, share * 100)] + [round(share * 100, 0)]


def _cardinal(words: str) -> Decimal | None:
    """The number that words are, as “two hundred fifty thousand”; None where they are several, or no number."""
    if words == "zero":
        return Decimal(0)
    total, group, least, may_follow = Decimal(0), Decimal(0), Decimal("inf"), _NOT_ZERO
    for word in re.findall(f"{_AND_PART}|[a-z]+", words):
        scale = _SCALES.get(word, 0)
        if word in COUNTS:
            if word not in may_follow:
                return None
            group += COUNTS[word]
            may_follow = _ONE_TO_NINE if COUNTS[word] >= 20 else frozenset()
        elif re.fullmatch(_AND_PART, word):
            total += 0 if group else _and_part(word) * least
            group += _and_part(word) if group else 0
            may_follow = frozenset()
        elif word == "half" and not group:
            group = Decimal("0.5")
        elif word in ("a", "an"):
            group = group or Decimal(1)
        elif word == "and":
            continue
        elif not scale or not group or scale >= least or scale <= 100 <= group:  # “several hundred”, “hundred hundred”
            return None
        elif word in ("dozen", "hundred"):
            group, may_follow = group * scale, _NOT_ZERO
        else:
            total, group, least, may_follow = total + group * scale, Decimal(0), Decimal(scale), _NOT_ZERO
    return total + group


# What is beside a number

_SIGNS_BEFORE = re.compile(r"(?:[^\W\d_][\w.]{0,20}[-/]?|[#№]|\b[Nn]os?\.[ \u00a0]?|\d[-.,:/]|_|(?<!\S),)\Z")
_REST = re.compile(r"(?:\w|[.,:/'’^]\d|-\d+-\d|[ \u00a0]?[x×*][ \u00a0]?\d|×)(?:[.,:/'’^-]?\w)*+")
_ORDINAL = rf"{_ORDINALS.replace(' ', '|')}|[a-z]+(?:dredth|sandth|lionth)s?|score"
_AND_SHARE = rf"{_GAP}and{_GAP}(?:an?|one|two){_GAP}(?:{_SHARE})s?"
_POINT = rf"{_GAP}point(?:{_GAP}(?:{_COUNT}|{_SCALE}|oh|\d\w*))++"
_GLUED_SCALE = re.compile(rf"\w+(?ai:{_SCALE}){_GAP}and{_GAP}\Z")  # twothousand and one
_WORDS_REST = re.compile(rf"(?ai:(?:{_GAP}and)?{_GAP}(?:{_ORDINAL})|{_AND_SHARE}|{_POINT})(?!\w)")
# Abbreviations that are no scale which is known, but may be one: “5 mlrd”.
_LIKE_SCALES = "mill?n?|bill?n?|trill?n?|thou|MMT|[bkmqt][bcdfghjklmnpqrstvwxz]{1,4}"
_DIGITS_REST = re.compile(rf"(?:{_GAP}?(?:{_LIKE_SCALES})|(?ai:{_AND_SHARE}|(?:\)|(?<!\d)){_GAP}(?:{_SCALE})s?))(?!\w)")
_YEAR = re.compile("(?:1[5-9]|20)[0-9]{2}")
_THEN = f"{_SPACE}?(?:(?:and|or|to|[-–—]){_SPACE}?)?"
_SMALLER = re.compile(rf"{_GAP}(?ai:cents?|pence|kopecks|inch(?:es)?|ounces)(?!\w)")  # 3 dollars 50 cents
_MINUS = re.compile(r"(?:(?<![^\s(“\"])[-\u2212]|(?<!\w)(?ai:minus|negative)[ \u00a0])\Z")
_MONTH_BEFORE = re.compile(r"(?<!\w)(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]{0,6}\.? \Z")
_BEFORE_AMOUNT = re.compile(rf"(?:(?<!\w)(?ai:{QUALIFIERS.replace(' ', _SPACE)}){_SPACE}|[~≈<>≤≥±]{_SPACE}?)\Z")
_OR_SO = f"{_SPACE}or{_SPACE}(?:so|more|less|thereabouts)"
_AFTER_AMOUNT = re.compile(rf"\+|(?:{_GAP}(?:odd|plus|something)|{_OR_SO})(?!\w)")


def _whole(text: str, start: int, end: int, after: int, in_digits: bool) -> tuple[int, int]:
    """The span with what belongs to a number and is no part of its reading; the same span where that is nothing."""
    rest = _REST.match(text, end) or (_DIGITS_REST if in_digits else _WORDS_REST).match(text, end)
    before = _ending(_SIGNS_BEFORE if in_digits else _GLUED_SCALE, text, start, after)
    if before and before[0].isalpha() and before[0].lower() == before[0].upper():
        before = None  # no capital and no small letter: of a script that has no spaces
    return before.start() if before else start, rest.end() if rest else end


def _ending(pattern: re.Pattern[str], text: str, at: int, after: int) -> re.Match[str] | None:
    """What ends at an offset and begins after another one."""
    return pattern.search(text, max(after, at - 24), at)  # equivalent: nothing that is looked for is as long


def _after_month(text: str, match: re.Match[str], after: int) -> bool:
    """Whether a space may part two numbers: “on May 24 300 people came”."""
    return " " in match[0] and _ending(_MONTH_BEFORE, text, match.start(), after) is not None


def _qualifier(text: str, start: int, end: int, after: int) -> str:
    found = _ending(_BEFORE_AMOUNT, text, start, after) or _AFTER_AMOUNT.match(text, end)
    return " ".join(found[0].split()).strip("-") if found else ""


def _beside(text: str, one: _Number, other: _Number) -> Iterator[_Number]:
    """Two numbers that follow each other: as they are, or with what they share, or as one that cannot be read."""
    between, year = text[one.amount.end : other.amount.start], bool(_YEAR.fullmatch(one.amount.words))
    smaller = _SMALLER.match(text, other.amount.end) if re.fullmatch(_THEN, between) and one.amount.measures else None
    if smaller or _parts_of_one(between, one, other, year):
        end = smaller.end() if smaller else other.amount.end
        whole = Amount(text[one.amount.start : end], one.amount.start, end, ())
        yield _Number(whole, other.scale, one.digits, one.bare)
        return
    joiner = re.fullmatch(rf"{_SPACE}?([-–—]|to|and|or|through){_SPACE}?", between)
    if joiner and one.amount.numbers and other.amount.numbers:
        doubtful = joiner[1] == "and" and not re.compile(f"(?<=between{_SPACE})").match(text, one.amount.start)
        measures = set(one.amount.measures)
        apart = measures - CURRENCIES and measures != set(other.amount.measures)  # 23.4% to 1.07 billion
        yield from (one, other) if apart or (year and not measures) else _range(one, other, doubtful)
    else:
        yield from (one, other)


def _parts_of_one(between: str, one: _Number, other: _Number, year: bool) -> bool:
    if year and re.fullmatch("[-–]", between):
        return re.fullmatch("[0-9]{2}", other.amount.words) is not None  # 2017-18
    if re.fullmatch(_SPACE, between):
        if one.scale < _SCALES["thousand"] and not one.bare and not CURRENCIES.isdisjoint(one.amount.measures):
            return other.bare and any(10 <= number < 100 for number in other.amount.numbers)  # 15 USD 50
        digits = one.amount.words[0].isdigit() and other.amount.words[0].isdigit()
        return digits and ((one.bare and not year) or (one.scale > other.scale != 1))  # 12 345 6789
    if re.fullmatch(f",{_SPACE}", between):  # one million, two hundred thousand
        return not one.digits and not other.digits and one.scale > other.scale not in (1, 12)
    if one.bare and not year and not other.amount.numbers and other.amount.words[0].isdigit():
        return re.fullmatch(f"[-–]|{_SPACE}to{_SPACE}", between) is not None  # 1.2-1.3 MMT
    share = re.fullmatch(f"{_GAP}(in|out{_GAP}of){_GAP}", between)
    if share and one.bare and other.bare and not _YEAR.fullmatch(other.amount.words):
        return share[1] != "in" or one.amount.words.lower() in ("one", "1")  # one in five, 9 out of 10
    return False


def _range(one: _Number, other: _Number, doubtful: bool) -> Iterator[_Number]:
    """The ends of a range with the scale and the measure that they share: “5 to 6 million euros”, “$5–6 bn”."""
    first, last = one.amount, other.amount
    numbers = first.numbers
    if one.scale == 1 != other.scale:
        shared = tuple(number * other.scale for number in numbers)
        fitting = tuple(low for low in shared if any(low < high < 1000 * low for high in last.numbers))
        numbers = shared + numbers if doubtful else fitting
    elif one.bare and not doubtful and any(_in_thousands(low, high) for low in numbers for high in last.numbers):
        numbers = ()
    if not doubtful:
        measures = first.measures or last.measures
        first, last = first._replace(measures=measures), last._replace(measures=last.measures or measures)
    yield one._replace(amount=first._replace(numbers=numbers))
    yield other._replace(amount=last)


def _in_thousands(low: Decimal, high: Decimal) -> bool:
    """Whether 10 may be short for 10,000, as in “10–12,000”."""
    thousands = int(high) // 1000
    return high == 1000 * thousands and 0 < low < min(thousands, 1000)


# Measures

CURRENCIES = frozenset(CODES.split())
_SIGNS = {
    "$": "USD AUD CAD NZD SGD HKD TWD BBD BMD BND BSD BZD FJD GYD JMD KYD LRD NAD SBD SRD TTD XCD ZWL"
    " ARS CLP COP CUP DOP MXN UYU",  # pesos, which have the sign too
    "¥": "JPY CNY",
    "₩": "KRW KPW",
}
_ONE_CURRENCY = """
    € EUR, £ GBP, ₺ TRY, ₽ RUB, ₹ INR, ₪ ILS, ₴ UAH, ₫ VND, ₦ NGN, ₸ KZT, ₾ GEL,
    US$ USD, A$ AUD, AU$ AUD, C$ CAD, HK$ HKD, NT$ TWD, NZ$ NZD, R$ BRL, S$ SGD, CN¥ CNY
"""
_SIGNS |= dict(pair.split() for pair in _ONE_CURRENCY.split(","))
_SIGN = "".join(sign for sign in _SIGNS if len(sign) == 1)
# What is written as the codes are, and is none.
_ABBREVIATIONS = {"Rs": "INR PKR LKR NPR MUR", "TL": "TRY", "RMB": "CNY", "Tk": "BDT", "Rp": "IDR", "RM": "MYR"}
_ABBREVIATIONS |= {
    "Dh": "AED MAD",
    "Dhs": "AED MAD",
    "Fr": "CHF",
    "KSh": "KES",
    "TSh": "TZS",
    "SR": "SAR",
    "QR": "QAR",
    "KD": "KWD",
}
# Names of currencies in English, with the codes that they may have, the commonest first; `NOUNS` has more.
_MONEY = """
    dollars?: $, euros?: EUR, yuan|renminbi: CNY, yen: JPY, ro?ubles?: RUB BYN, rupees?: INR PKR LKR NPR MUR,
    liras?: TRY SYP LBP, francs?: CHF XAF XOF XPF CDF RWF GNF BIF DJF KMF, riyals?|rials?: SAR QAR IRR OMR YER,
    dirhams?: AED MAD, dinars?: KWD IQD JOD RSD DZD LYD BHD TND, kronor|kronas?: SEK ISK, kroner?: NOK DKK,
    crowns?: SEK NOK DKK CZK ISK, pesos?: MXN ARS CLP COP PHP CUP DOP UYU, shillings?: KES TZS UGX SOS, rand: ZAR,
    reais: BRL, rupiahs?: IDR, ringgits?: MYR, baht: THB, zlotys?: PLN, forints?: HUF, lei: RON MDL, shekels?: ILS,
    hryvnias?: UAH, tenges?: KZT, laris?: GEL, manats?: AZN TMT, takas?: BDT, nairas?: NGN, dong: VND,
    CFA francs?: XOF XAF, CFP francs?: XPF, kwachas?: ZMW MWK
"""
_SCALED_MONEY = "won: KRW KPW, pounds?: GBP EGP LBP SYP SDG SSP"  # after “million” only: else a verb, and a weight
_CODE_OF_STATE = dict(row.strip().rsplit(" ", 1) for row in STATES.split(","))
_UNIT_NAMES = """
    per ?cent|pct|pc: %, percentage points?: pp, basis points?: bp, square kilomet(?:re|er)s?|sq\\.? km: km²,
    square met(?:re|er)s?: m², cubic met(?:re|er)s?: m³, cubic feet: ft³, nautical miles?: nmi, kilomet(?:re|er)s?: km,
    met(?:re|er)s?: m, miles?: mi, f(?:ee|oo)t: ft, hectares?: ha, acres?: acre, tonnes?|metric tons?: t, tons?: ton,
    kilograms?|kilos?: kg, barrels?: bbl, lit(?:re|er)s?: l, kilowatt hours?: kWh, megawatt hours?: MWh,
    gigawatt hours?: GWh, terawatt hours?: TWh, kilowatts?: kW, megawatts?: MW, gigawatts?: GW,
    degrees? (?:Celsius|C): °C, degrees? (?:Fahrenheit|F): °F
"""


def _table(rows: str) -> dict[str, str]:
    return dict(row.strip().split(": ") for row in rows.split(","))


_NAMES = _table(_UNIT_NAMES)
# Those of which the commonest code is told come first.
_ANYWHERE, _SCALED = _table(_MONEY), _table(_SCALED_MONEY)
_ANYWHERE |= {noun: codes for noun, codes in _table(NOUNS).items() if noun not in _ANYWHERE}
_SCALED |= {noun: codes for noun, codes in _table(AMBIGUOUS).items() if noun not in _SCALED}
_MONEY_NAMES = _ANYWHERE | _SCALED
# A pattern of the names of units and currencies in the plural: the singular may begin a name (“Crown Prince”).
PLURALS = "|".join([*_NAMES, *_ANYWHERE, "pounds"]).replace("s?", "s").replace("(?:ee|oo)", "ee")
PLURALS = PLURALS.replace(" ", _GAP)
_UNITS = (
    "%|‰|bps?|pp|°[CF]?|[kMGT]Wh?|kV|km/h|kph|mph|km[²³]?|m[²³]|kg|ha|cm|mm|ft|lbs?|mi|[kMG]?t|mtpa|bcma?|mcm|tcf|bcf"
    "|bpd|[km]?b/d|bbl|[GMkT]B|[kMG]?Hz|[GM]bps|MMBtu"
)
_CODE = "|".join(sorted(CURRENCIES | _ABBREVIATIONS.keys()))
_BEFORE = re.compile(rf"(?<!\w)(?:(?P<code>{_CODE})|(?P<sign>[A-Z]{{0,2}}[{_SIGN}]))\.?{_SPACE}?\Z")
_RATES = {"hour": "h", "second": "s", "day": "d", "annum": "year"}
_RATE = rf"(?:(?:/|{_GAP}(?:per|an?){_GAP})(?P<rate>(?ai:hour|second|day|month|year|annum|[hsd]\b)))?"


@cache
def _after(english: bool) -> re.Pattern[str]:
    sign = rf"{_SPACE}?(?P<sign>[{_SIGN}])(?!{_SPACE}?\d)"  # of this number, not of the next one
    if not english:
        return re.compile(rf"{sign}|{_GAP}?(?:(?P<code>{_CODE})|(?P<unit>{_UNITS}))(?!\w)")
    units, money, scaled = ("|".join(table).replace(" ", _GAP) for table in (_NAMES, _ANYWHERE, _SCALED))
    state = rf"(?:(?P<state>(?:[A-Z][a-z]+{_SPACE}){{0,2}}[A-Z][a-z]+|U\.[SK]\.|U[SK]|UAE){_GAP})?"
    named = rf"{state}(?P<money>(?ai:{money})|(?(state)|(?<=[bmr]illion.))(?ai:{scaled}))"
    unit = rf"(?:{_GAP}?(?P<unit>{_UNITS})|{_GAP}(?P<name>(?ai:{units}))){_RATE}"
    return re.compile(rf"{sign}|(?:{_GAP}?(?P<code>{_CODE})|{unit}|{_GAP}{named})(?!\w)")


def _measures(match: re.Match[str]) -> tuple[str, ...]:
    """The measures that a sign, code or name beside a number may mean, the commonest first."""
    found = {part: words for part, words in match.groupdict().items() if words}
    if sign := found.get("sign") or found.get("code"):
        return tuple((_SIGNS | _ABBREVIATIONS).get(sign, sign if sign in CURRENCIES else "").split())
    if "money" in found:
        codes = _named(_MONEY_NAMES, found["money"])
        codes = _SIGNS["$"][: _SIGNS["$"].index(" ARS")] if codes == "$" else codes
        state = _CODE_OF_STATE.get(re.sub(_SPACE, " ", found.get("state", "")), "")
        return tuple(code for code in codes.split() if code.startswith(state)) or tuple(codes.split())
    rate = found.get("rate", "").lower()
    unit = found.get("unit") or _named(_NAMES, found["name"])
    return (f"{unit}/{_RATES.get(rate, rate)}" if rate else unit,)


def _named(table: dict[str, str], words: str) -> str:
    words = re.sub(_GAP, " ", words)
    return next(means for name, means in table.items() if re.fullmatch(name, words, re.IGNORECASE))
