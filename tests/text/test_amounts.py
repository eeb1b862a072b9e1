"""Amounts are read as they are written: digits with separators, number words, scales, currencies and units."""

import re
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.text.amounts import CURRENCIES, alike, find_amounts, lexical


def read(text: str, english: bool = True) -> list[str]:
    """The readings of each amount, with the likeliest of what it may count."""
    return [
        " ".join([" ".join(map(lexical, a.numbers)), *a.measures[:1]])
        for a in find_amounts(text, english=english)
        if text[a.start : a.end] == a.words
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("lend Laos $210 million for it, worth $6 billion in 2017", ["210000000 USD", "6000000000 USD", "2017"]),
        ("2.4 billion US dollars and 1,800 megawatts", ["2400000000 USD", "1800 MW"]),
        ("a 400-megawatt link of 310 km, 12 square kilometres", ["400 MW", "310 km", "12 km²"]),
        ("€5 bn, €5m, 5 m², 5 €6", ["5000000000 EUR", "5000000 EUR", "5 m²", "5", "6 EUR"]),
        ("5m or 7 k, $8k", ["5000000 5", "7000 7", "8000 USD"]),
        ("US$2.5bn; USD 3; 4 TRY C$5 MX$6 NATO 7", ["2500000000 USD", "3 USD", "4 TRY", "5 CAD", "6", "7"]),
        ("¥3 trillion, £2mn, ₺8, ₽9", ["3000000000000 JPY", "2000000 GBP", "8 TRY", "9 RUB"]),
        ("5 Canadian dollars, 6 yen, 7 Turkish lira, 8 euros", ["5 CAD", "6 JPY", "7 TRY", "8 EUR"]),
        ("5 Hong Kong dollars, 6 Czech crowns, 7 rials", ["5 HKD", "6 CZK", "7 SAR"]),
        ("5 million pounds, 20 billion won, 5 pounds, the 3 won", ["5000000 GBP", "20000000000 KRW", "5", "3"]),
        ("3 Egyptian pounds, 4 million South Korean won", ["3 EGP", "4000000 KRW"]),
        ("Rs. 5, RM5m, Dhs 6 mn, 7 TL, AU$8bn", ["5 INR", "5000000 MYR", "6000000 AED", "7 TRY", "8000000000 AUD"]),
        ("165 kilometers per hour, 5 kWh, six terawatt-hours a year", ["165 km/h", "5 kWh", "6 TWh/year"]),
        ("400,000 b/d, 9 m/s, 1.2 million barrels a day", ["400000 b/d", "9", "1200000 bbl/d"]),
        ("1 million tonnes per annum, 15 cubic feet, 6 per cent a year", ["1000000 t/year", "15 ft³", "6 %/year"]),
        ("$80 a barrel, $3 a day, 450 sq km", ["80 USD", "3 USD", "450 km²"]),
        ("a loss of (€12.4) million", [""]),
        ("from $5 to $6 billion, 5–6 bn", ["5000000000 USD", "6000000000 USD", "5000000000", "6000000000"]),
        ("5 and then 6 million, 5 million or 6 thousand", ["5", "6000000", "5000000", "6000"]),
        ("five to six hundred", ["500", "600"]),
        ("900 to 1.2 billion, 10–12,000", ["", "1200000000", "", "12000"]),
        ("1,000; 1.000; 3.5; 3,5; 3,50", ["1000", "1 1000", "3.5", "3.5", "3.5"]),
        ("1 000 000; 1\u00a0000,5; 1,234.56; 1.234,5", ["1000000", "1000.5", "1234.56", "1234.5"]),
        ("04.03.2018; 1,00,00,000; 1'000; 12,34", ["", "10000000", "1000", "12.34"]),
        ("2½ km, ¾ and 1,0000,000", ["2.5 km", "0.75", ""]),
        ("the S-400, the 1990s, G20", ["", "", ""]),
        ("on May 24 300 came, in 2018 500, at 10 000 5", ["", "2018", "500", ""]),
        ("Eleven states, twenty-five percent, 30 per cent", ["11", "25 %", "30 %"]),
        ("two hundred and fifty million, one hundred-and-twenty", ["250000000", "120"]),
        ("three million two hundred thousand and nineteen", ["3200019"]),
        ("a hundred, half a million, half a dozen", ["100", "500000", "6"]),
        ("two and a half million; five and six million", ["2500000", "5000000 5", "6000000"]),
        ("five million and six million", ["5000000 6000000"]),
        ("five hundred thousand million, two hundred six hundred", [""]),
        ("ninety-nine dozen, a hundred hundred", ["1188", ""]),
        ("1,234,567.89; 1.234.567,8; 1234,567; 1.00.000", ["1234567.89", "1234567.8", "", ""]),
        ("€5 to 6 million, 5 to €6, 7% to 8", ["5000000 EUR", "6000000 EUR", "5 EUR", "6 EUR", "7 %", "8"]),
        ("S-5 to €6, 5 euros to 6x", ["", "6 EUR", "5 EUR", ""]),
        ("between 5 and 6 million Turkish lira", ["5000000 TRY", "6000000 TRY"]),
        ("a dozen, several million, a port, phone, hundreds", ["12", "", ""]),
        ("a quarter", ["0.25 25 0.2"]),
        ("\u0661\u0662 km", ["12 km"]),
    ],
)
def test_english_amounts(text: str, expected: list[str]) -> None:
    assert read(text) == expected


@pytest.mark.parametrize("text", ["1-{}", "ten-{}", "5 to {}", "twenty-{}-ten dollars", "{} million", "{}½", "0.{}"])
@pytest.mark.parametrize("english", [True, False])
@pytest.mark.parametrize("digits", [29, 50, 990, 2_000, 100_000])
def test_no_number_has_too_many_digits(text: str, english: bool, digits: int) -> None:
    number = "9" * digits
    found = find_amounts(text.replace("{}", number), english=english)
    assert number in "".join(amount.words for amount in found)
    assert all(Decimal(number) not in amount.numbers for amount in found) or digits < 1000


@pytest.mark.parametrize(
    ("digits", "then", "read"),
    [(1000, "", True), (1001, "", False), (1000, "½", True), (994, " million", True), (995, " million", False)],
)
def test_a_number_of_a_thousand_digits_is_exact_and_a_longer_one_not_read(digits: int, then: str, read: bool) -> None:
    number = Decimal("9" * digits + {"": "", "½": ".5", " million": "000000"}[then])
    (amount,) = find_amounts(f"{'9' * digits}{then}", english=True)
    assert amount.numbers == ((number,) if read else ())


def test_a_number_of_many_words_for_scales_is_exact_or_not_read() -> None:
    assert read(f"9 {'million ' * 7}euros") == ["9" + "0" * 42 + " EUR"]
    assert read(f"9 {'million ' * 200}euros") == [" EUR"]


def test_a_share_is_read_as_exactly_as_anyone_writes_it() -> None:
    (amount,) = find_amounts("two thirds", english=True)
    expected = "0.67 66.67 0.7 66.7 0.667 66.667 0.6667 66.6667 67"
    assert list(map(lexical, amount.numbers)) == expected.split()
    assert read("nine tenths") == ["0.9 90"]


def test_shares_read_as_a_part_of_one_and_of_a_hundred() -> None:
    for words, readings in (("half", ("0.5", "50")), ("Two thirds", ("0.667", "66.7", "67")), ("a fifth", ("20",))):
        (amount,) = find_amounts(words, english=True)
        assert set(readings) <= set(map(lexical, amount.numbers))


@pytest.mark.parametrize(
    ("words", "noughts"),
    [
        ("hundred", 2),
        ("k", 3),
        ("thousand", 3),
        ("lakh", 5),
        ("m", 6),
        ("mn", 6),
        ("mln", 6),
        ("million", 6),
        ("crore", 7),
        ("b", 9),
        ("bn", 9),
        ("billion", 9),
        ("tn", 12),
        ("trn", 12),
        ("trillion", 12),
        ("milliard", 9),
        ("quadrillion", 15),
        ("hundred thousand", 5),
    ],
)
def test_scales(words: str, noughts: int) -> None:
    assert read(f"7 {words}, $7{words}")[0].startswith("7" + noughts * "0")
    assert read(f"$7 {words.upper()}") == [f"7{noughts * '0'} USD"]


@pytest.mark.parametrize(
    ("share", "percent"),
    [("half", 50), ("quarter", 25), ("fifth", 20), ("sixth", 16.67), ("eighth", 12.5), ("tenth", 10), ("third", 33.3)],
)
def test_a_share_reads_as_percent(share: str, percent: float) -> None:
    (amount,) = find_amounts(f"a {share} of it", english=True)
    assert percent in map(float, amount.numbers)
    assert float(round(amount.numbers[0], 2)) == round(percent / 100, 2)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("5 Milliarden, zwei, 1.000 km, 200 MW", ["5", "1000 1 km", "200 MW"]),
        ("€5 Mrd., 3,5 %, 1\u202f000 USD", ["5 EUR", "3.5 %", "1000 USD"]),
        ("5亿美元, 5G, F-35", ["", "", ""]),
        ("5 m, two million, 6 billion dollars", ["5", "6"]),
    ],
)
def test_another_language_has_digits_signs_and_symbols_only(text: str, expected: list[str]) -> None:
    assert read(text, english=False) == expected


def test_a_dollar_is_any_dollar_and_a_code_is_one_currency() -> None:
    assert {"USD", "CAD", "MXN"} < set(find_amounts("$5", english=True)[0].measures) <= CURRENCIES
    assert (
        find_amounts("5 US dollars", english=True)[0].measures
        == find_amounts("USD 5", english=True)[0].measures
        == ("USD",)
    )


@given(st.integers(0, 10**15), st.sampled_from(["", ",", ".", " ", "\u00a0", "\u202f", "'", "’"]), st.booleans())
def test_a_number_is_read_however_its_digits_are_grouped(number: int, mark: str, english: bool) -> None:
    written = f"{number:,}".replace(",", mark)
    (amount,) = find_amounts(f"about {written} of them", english=english)
    assert (amount.words, number in amount.numbers) == (written, True)


@given(st.integers(1, 10**6), st.integers(0, 99), st.sampled_from([" million", "m", " mn", " mln"]))
def test_a_number_with_a_scale_is_read(whole: int, rest: int, scale: str) -> None:
    (amount,) = find_amounts(f"cost ${whole:,}.{rest:02d}{scale}.", english=True)
    assert [int(n) for n in amount.numbers] == [whole * 10**6 + rest * 10**4]
    assert all(alike(n, n / 10**6) and lexical(n).isdigit() for n in amount.numbers)


SMALL = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen"
    " seventeen eighteen nineteen"
)
TENS = "twenty thirty forty fifty sixty seventy eighty ninety"


def in_words(number: int) -> str:
    for scale, word in ((10**9, "billion"), (10**6, "million"), (10**3, "thousand"), (100, "hundred")):
        if number >= scale:
            rest = f" {'and ' if number % scale < 100 else ''}{in_words(number % scale)}" if number % scale else ""
            return f"{in_words(number // scale)} {word}{rest}"
    if number < 20:
        return SMALL.split()[number]
    return TENS.split()[number // 10 - 2] + (f"-{SMALL.split()[number % 10]}" if number % 10 else "")


@given(st.integers(0, 10**12 - 1))
def test_a_number_in_words_is_read(number: int) -> None:
    words = in_words(number)
    (amount,) = find_amounts(f"{words.capitalize()} came.", english=True)
    assert (amount.words.lower(), list(map(int, amount.numbers))) == (words, [number])


PIECES = "million and a half five to $ 1 000 1,000 1.5 - st th S- / k bn € % percent 2018 one hundred ½ 1/2 of over x"
TEXTS = st.text(st.sampled_from("0123456789 ,.'’½€$kmbn-\u00a0ſKafhlotuyir²"), max_size=40)
TEXTS |= st.lists(st.sampled_from([*PIECES.split(), " ", " "])).map("".join)


@given(TEXTS, st.booleans())
def test_no_digit_is_left_unread(text: str, english: bool) -> None:
    """Each digit is in an amount, and a number has all digits of its words, and no letter or digit beside them."""
    found, end = find_amounts(text, english=english), 0
    for amount in found:
        assert end <= amount.start < amount.end
        assert text[amount.start : amount.end] == amount.words
        assert not re.search("[0-9]", text[end : amount.start])
        end = amount.end
        if amount.numbers and not re.search("[½/]|half|five|one|hundred", amount.words):
            digits = re.sub("[^0-9]", "", amount.words).strip("0")
            assert {"".join(map(str, n.as_tuple().digits)).strip("0") for n in amount.numbers} == {digits}
        if amount.numbers:
            assert not re.match(r"\w", text[end:]) or not amount.words[-1].isalnum()
    assert not re.search("[0-9]", text[end:])


def table(name: str) -> list[list[str]]:
    """The rows of a table of expressions and their readings, without its comments."""
    rows = (Path(__file__).parent / name).read_text(encoding="utf-8").splitlines()
    return [re.sub(r"\\u([0-9a-f]{4})", lambda m: chr(int(m[1], 16)), r).split("\t") for r in rows if r[0] != "#"]


@pytest.mark.parametrize(("text", "expected"), table("amounts.tsv"))
def test_expressions_of_news_texts_are_read_whole_or_not_at_all(text: str, expected: str) -> None:
    found = [
        (" or ".join(map(lexical, a.numbers)) or "?") + (f" ({a.qualifier})" if a.qualifier else "")
        for a in find_amounts(text, english=True)
    ]
    assert ("; ".join(found) or "none") == expected


@pytest.mark.parametrize(
    ("text", "measures"),
    [
        ("5 trillion Ugandan shillings", ["UGX"]),
        ("5 trillion shillings", ["KES", "TZS", "UGX", "SOS"]),
        ("20 million Sri Lankan rupees", ["LKR"]),
        ("2 million Papua New Guinean kina", ["PGK"]),
        ("500 birr", ["ETB"]),
        ("200 CFA francs", ["XOF", "XAF"]),
        ("40 Costa Rican colones", ["CRC"]),
        ("3 billion Korean won", ["KRW", "KPW"]),
        ("3 billion North Korean won", ["KPW"]),
        ("7 Dominican pesos", ["DOP"]),
        ("7 U.K. pounds", ["GBP"]),
        ("2 Armenian drams", ["AMD"]),
        ("2 drams of it", []),
        ("5 soles", []),
    ],
)
def test_currencies_are_those_of_their_state(text: str, measures: list[str]) -> None:
    assert [measure for amount in find_amounts(text, english=True) for measure in amount.measures] == measures
