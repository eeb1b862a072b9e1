"""Quantity expressions: “$210 million” is the number 210000000 of USD.

All possible readings are given, the likeliest first: “1.000” is one, or a thousand. Words are read in English only;
digits, signs and codes of currencies (ISO 4217) and symbols of units in every language.
"""

import re
from decimal import Decimal
from functools import cache
from itertools import pairwise
from math import prod
from typing import NamedTuple


class Amount(NamedTuple):
    """An amount in a text, from `start` to `end` (code points, end exclusive).

    `numbers` are its possible readings, the likeliest first; `measures` the currencies or the unit that it may have.
    """

    words: str
    start: int
    end: int
    numbers: tuple[Decimal, ...]
    measures: tuple[str, ...]


def find_amounts(text: str, *, english: bool) -> list[Amount]:
    """The amounts of a text in order; with numbers in words, and “million”, where it is English."""
    matches = list(_numbers(english).finditer(text))
    shared = [_joined(text, match, following) for match, following in pairwise(matches)]
    rows = zip(matches, [*shared, None], strict=False)
    return [amount for match, scale in rows if (amount := _amount(text, match, scale, english)).numbers]


def alike(number: Decimal, other: Decimal) -> bool:
    """Whether two numbers have the same digits except zeros at the ends: they may differ by “million” or the like."""
    return len({"".join(map(str, n.as_tuple().digits)).strip("0") for n in (number, other)}) == 1


def lexical(number: Decimal) -> str:
    """A number as facts have it: no exponent, and no zeros at the end after the point."""
    written = f"{number:f}"
    return written.rstrip("0").rstrip(".") if "." in written else written


# Numbers

_SPACE = "[ \u00a0\u2009\u202f]"
_GAP = "[ \u00a0\u2009\u202f-]"
_DIGITS = (
    rf"(?:\d{{1,3}}(?:{_SPACE}\d{{3}})+(?!\d)(?:[.,]\d+)?|\d+(?:[.,'’٫٬]\d+)*)[¼½¾]?"  # 1 000,5 and 1,000.5 and 2½
    "|[¼½¾]"
)
_SEPARATOR = re.compile("[.,'’٫٬ ]")
_PARTS = {"¼": Decimal("0.25"), "½": Decimal("0.5"), "¾": Decimal("0.75")}
_ONES = (
    "zero|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen"
    "|seventeen|eighteen|nineteen"
)
_TENS = "twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
# equivalent: tens end at any number between 91 and 100
COUNTS = dict(zip(f"{_ONES}|{_TENS}".split("|"), (*range(20), *range(20, 100, 10)), strict=True))
_POWERS = (("hundred", 2), ("thousand", 3), ("lakh", 5), ("million", 6), ("crore", 7), ("billion", 9), ("trillion", 12))
_SCALES = {"dozen": 12} | {word: 10**power for word, power in _POWERS}
_SHORT = {"k": 10**3, "m": 10**6, "mn": 10**6, "mln": 10**6, "b": 10**9, "bn": 10**9, "tn": 10**12, "trn": 10**12}
_SHARES = {"half": 2, "third": 3, "quarter": 4, "fifth": 5, "sixth": 6, "eighth": 8, "tenth": 10}
_COUNT, _SCALE, _SHARE = "|".join(COUNTS), "|".join(_SCALES), "|".join(_SHARES)
_WORDS = (
    rf"(?:{_COUNT}|an?(?={_GAP}(?:{_SCALE}))|half(?:{_GAP}an?)?(?={_GAP}(?:{_SCALE})))\b"
    # “and” follows on a scale, or comes before a half: not in “five and six”.
    rf"(?:{_GAP}and{_GAP}an?{_GAP}half\b|(?<=hundred|housand|million|billion|rillion){_GAP}and{_GAP}(?:{_COUNT})\b|{_GAP}(?:{_COUNT}|{_SCALE})\b)*"
)


@cache
def _numbers(english: bool) -> re.Pattern[str]:
    if not english:
        return re.compile(f"(?P<digits>{_DIGITS})")
    # (?ai: …) folds the case of ASCII letters only; the borders know the letters of every language.
    short = "|".join(_SHORT)
    scaled = rf"(?:(?P<scales>(?ai:(?:{_GAP}?(?:{_SCALE})s?\b)+))|{_SPACE}?(?P<short>(?ai:{short})))(?!\w)"
    share = rf"(?P<of>an?|{_ONES}){_GAP}(?P<share>{_SHARE})s?|half(?!{_GAP}(?:an?{_GAP})?(?:{_SCALE}))"
    words = rf"(?<!\w)(?:(?P<shares>(?ai:{share}))|(?P<words>(?ai:{_WORDS})))(?!\w)"
    return re.compile(rf"(?P<digits>{_DIGITS})(?:{scaled})?|{words}")


def _factor(match: re.Match[str]) -> int:
    """The factor of a number's last words: a million in “$210 million”, 1 in “210”."""
    words = re.findall("[a-z]+", match[0].lower())
    scales = [_SCALES.get(word.removesuffix("s"), _SHORT.get(word, 1)) for word in words]
    return prod(scales) if match["digits"] else scales[-1]


def _joined(text: str, match: re.Match[str], following: re.Match[str]) -> int | None:
    """The scale of the number that follows, where this one may share it: “5 to 6 million”, “$5–6 bn”."""
    between = re.fullmatch(rf"{_SPACE}?(?:[-–]|to|and|or){_SPACE}?[{_SIGN}]?", text[match.end() : following.start()])
    return _factor(following) if between and _factor(match) == 1 else None


def _amount(text: str, match: re.Match[str], shared: int | None, english: bool) -> Amount:
    """A number and its measure; `shared` is a scale that it may share with the next number."""
    before = _BEFORE.search(text, max(0, match.start() - 4), match.start())  # equivalent: a wider look costs time only
    after = _after(english).match(text, match.end())
    start, end = before.start() if before else match.start(), after.end() if after else match.end()
    measures = _measures(before) if before else _measures(after) if after else ()
    numbers = _plain(match["digits"], english) if match["digits"] else _in_words(match)
    if match["digits"] and (factor := _factor(match)) != 1:
        numbers = [number * factor for number in numbers]  # a product is rounded to 28 digits
    if english and match["short"] and len(match["short"]) == 1 and not measures:
        numbers += _plain(match["digits"], english)  # five million, or five metres
    if shared:
        numbers = [n * shared for n in numbers] + numbers
    return Amount(text[start:end], start, end, tuple(dict.fromkeys(numbers)), measures)


def _plain(digits: str, english: bool) -> list[Decimal]:
    """The readings of digits with separators; of each part where they are not one number, as in 04.03.2018."""
    if digits[-1] in _PARTS:
        return [number + _PARTS[digits[-1]] for number in _plain(digits[:-1] or "0", english)]
    digits = re.sub(_SPACE, " ", digits)
    groups, marks = _SEPARATOR.split(digits), _SEPARATOR.findall(digits)
    found = [Decimal("".join(groups))] if _grouped(groups, marks) else []
    # In English no comma with three digits after it is a decimal point, and a point most often is one.
    (*whole, part), (*others, last) = groups, marks or [""]
    decimal = last in {".", ",", "٫"} and last not in others and _grouped(whole, others)
    if decimal and not (english and found and last == ","):
        fraction = Decimal(f"{''.join(whole)}.{part}")
        found = [fraction, *found] if english else [*found, fraction]
    doubtful = not found or " " in marks  # “on 5 300 fighters came”
    return found + [Decimal(group) for group in groups if doubtful]


def _grouped(groups: list[str], marks: list[str]) -> bool:
    """Whether digits are in groups of three, or as in 1,00,00,000, with one kind of mark between them."""
    inner, kinds = {len(group) for group in groups[1:-1]}, set(marks)
    sizes = inner <= {3} or (inner == {2} and kinds == {","})
    return not marks or (len(kinds) == 1 and len(groups[0]) <= 3 and sizes and len(groups[-1]) == 3)


def _in_words(match: re.Match[str]) -> list[Decimal]:
    if match["words"]:
        words = re.split(_GAP, match["words"].lower())
        whole = _cardinal([word for word in words if word != "and"])
        parts = re.split(f"{_GAP}and{_GAP}", match["words"].lower()) if whole is None else []
        each = [_cardinal(re.split(_GAP, part)) for part in parts]
        return [number for number in (whole, *each) if number is not None]
    count = COUNTS.get((match["of"] or "a").lower(), 1)
    share = Decimal(count) / _SHARES[(match["share"] or "half").lower()]
    return [round(n, places) for places in (2, 1, 3, 4) for n in (share, share * 100)] + [round(share * 100, 0)]


def _cardinal(words: list[str]) -> Decimal | None:
    """The number that words are, as “two hundred fifty thousand”; None where they are several."""
    total, group, least = Decimal(0), Decimal(0), Decimal("inf")
    for word in words:
        scale = _SCALES.get(word, 0)
        if word in COUNTS:
            group += COUNTS[word]
        elif word == "half":
            group += Decimal("0.5")
        elif not scale:  # “a”
            group = group or Decimal(1)
        elif word in ("dozen", "hundred") and group < 100:
            group *= scale
        elif word not in ("dozen", "hundred") and scale < least:
            total, group, least = total + group * scale, Decimal(0), Decimal(scale)
        else:
            return None
    return total + group


# Measures

_ISO_4217 = """
    AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CLP
    CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF
    IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD
    MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB
    RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD
    UYU UZS VED VES VND VUV WST XAF XCD XDR XOF XPF YER ZAR ZMW ZWL
"""
CURRENCIES = frozenset(_ISO_4217.split())
_DOLLARS = (
    "USD AUD CAD NZD SGD HKD TWD BBD BMD BND BSD BZD FJD GYD JMD KYD LRD NAD SBD SRD TTD XCD ZWL"
    " ARS CLP COP CUP DOP MXN UYU"  # pesos, which have the sign too
)
_ONE_CURRENCY = """
    € EUR, £ GBP, ₺ TRY, ₽ RUB, ₹ INR, ₪ ILS, ₴ UAH, ₫ VND, ₦ NGN, ₸ KZT, ₾ GEL,
    US$ USD, A$ AUD, C$ CAD, HK$ HKD, NT$ TWD, NZ$ NZD, R$ BRL, S$ SGD
"""
_SIGNS = {"$": _DOLLARS, "¥": "JPY CNY", "₩": "KRW KPW"} | dict(pair.split() for pair in _ONE_CURRENCY.split(","))
_SIGN = "".join(sign for sign in _SIGNS if len(sign) == 1)
# English words and their measures; the first match counts.
_NAMES = {r"(?:US|U\.S\.|American) dollars?": "USD", r"(?:[a-z]+ )?dollars?": _DOLLARS[: _DOLLARS.index(" ARS")]}
_ONE_MEASURE = """
    euros?: EUR, (?:Chinese )?(?:yuan|renminbi): CNY, (?:Japanese )?yen: JPY, Turkish liras?: TRY,
    Russian ro?ubles?: RUB, per ?cent: %, square kilomet(?:re|er)s?: km², kilomet(?:re|er)s?: km, met(?:re|er)s?: m,
    miles?: mi, hectares?: ha, tonnes?: t, kilowatts?: kW, megawatts?: MW, gigawatts?: GW
"""
_NAMES |= dict(pair.strip().split(": ") for pair in _ONE_MEASURE.split(","))
_UNITS = "%|[kMGT]Wh?|kV|km[²³]?|m[²³]|kg|ha"
_CODE = "|".join(sorted(CURRENCIES))
_BEFORE = re.compile(rf"(?<!\w)(?:(?P<code>{_CODE})|(?P<sign>[A-Z]{{0,2}}[{_SIGN}])){_SPACE}?\Z")


@cache
def _after(english: bool) -> re.Pattern[str]:
    names = "|".join(name.replace(" ", _GAP) for name in _NAMES)
    named = rf"|{_GAP}(?P<name>(?ai:{names}))" if english else ""
    sign = rf"{_SPACE}?(?P<sign>[{_SIGN}])(?!{_SPACE}?\d)"  # of this number, not of the next one
    return re.compile(rf"{sign}|(?:{_GAP}?(?P<code>{_CODE}|{_UNITS}){named})(?!\w)")


def _measures(match: re.Match[str]) -> tuple[str, ...]:
    """The measures that a sign, code or name beside a number may mean, the commonest first."""
    found = match.groupdict()
    if found.get("sign"):
        return tuple(_SIGNS.get(found["sign"], "").split())
    if found.get("code"):
        return (found["code"],)
    words = re.sub(_GAP, " ", found["name"])
    return tuple(next(means for name, means in _NAMES.items() if re.fullmatch(name, words, re.IGNORECASE)).split())
