"""Each datatype has good and bad forms; in the tables, one space separates the forms of a datatype."""

import faulthandler

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from kg.rdf.literals import language_tag_problem, problem
from kg.rdf.namespaces import RDF, XSD

GOOD = {
    "boolean": "true false 1 0",
    "integer": "0 1 -1 +1 -0 +0 00 007 -007 42 100 1000 2018 999999 1000000 -2147483649 "
    "18446744073709551616 -99999999999999999999999 +00000000000000000000001 "
    "123456789012345678901234567890",
    "decimal": "0 1 -1 +1 1.0 0.1 .5 5. -0.0 +.5 -.5 -5. 007.100 1200.5 3.14159 100 -100.00 +12.34 0000 "
    "12345678901234567890.12345678901234567890",
    "double": "0 1 -1 +1 1.0 .5 5. 1e3 1E3 1e+3 1e-3 -1.5E-10 +2.5e10 .5e1 5.e1 INF -INF +INF NaN 1e999 007e007",
    "float": "0 1.5 -1E4 INF -INF NaN 12.78e-2",
    "date": "2018-04-03 2018-01-31 2018-04-30 2018-12-31 2016-02-29 2000-02-29 2018-02-28 0000-02-29 "
    "0001-01-01 9999-12-31 12018-01-01 120000-02-29 -0044-03-15 -0004-02-29 -12018-01-01 2018-04-03Z "
    "2018-04-03+03:00 2018-04-03-05:30 2018-04-03+14:00 2018-04-03-14:00 2018-04-03+00:00",
    "time": "00:00:00 09:30:00 23:59:59 24:00:00 24:00:00.000 12:00:00.5 12:00:00Z 12:00:00.123+03:00",
    "dateTime": "2018-04-03T00:00:00 2018-04-03T23:59:59 2018-04-03T24:00:00 2018-04-03T24:00:00.0 "
    "2018-04-03T12:00:00Z 2018-04-03T12:00:00+03:00 2018-04-03T12:00:00-14:00 2018-04-03T12:00:00+14:00 "
    "2018-04-03T12:00:00.1 2018-04-03T12:00:00.123456789Z 2016-02-29T12:00:00 2000-02-29T12:00:00 "
    "0000-02-29T00:00:00 0001-01-01T00:00:00 -0044-03-15T12:00:00 -0004-02-29T00:00:00 "
    "12018-01-01T00:00:00 9999-12-31T24:00:00 2018-12-31T23:59:59.999 2018-04-03T12:00:00-00:00 "
    "2018-04-30T05:06:07",
    "dateTimeStamp": "2018-04-03T12:00:00Z 2018-04-03T24:00:00+03:00 -0044-03-15T12:00:00.5-14:00",
    "gYear": "2018 0001 0000 9999 1066 0476 10000 12018 123456789 -0001 -0044 -9999 -12018 -0000 2018Z "
    "2018+03:00 2018-05:00 2018+14:00 2018-14:00 -0044Z 2018+13:59",
    "gYearMonth": "2018-01 2018-02 2018-03 2018-04 2018-05 2018-06 2018-07 2018-08 2018-09 2018-10 2018-11 "
    "2018-12 0000-01 0001-12 9999-12 12018-01 -0044-03 2018-12Z 2018-12+03:00 2018-12-05:00 2018-12+14:00",
    "gMonth": "--01 --12 --04Z --04+03:00",
    "gDay": "---01 ---31 ---15Z ---15-05:00",
    "gMonthDay": "--01-31 --02-29 --04-30 --12-31 --04-03Z",
    "duration": "P1Y P3Y6M P1M P1D PT1H PT1M PT1S PT0.5S P1Y2M3DT4H5M6.7S -P1Y P0D P400D PT36H",
    "yearMonthDuration": "P1Y P3Y6M P18M -P1Y P0M",
    "dayTimeDuration": "P1D PT1H P3DT12H -PT0.5S P1DT1S",
    "hexBinary": "00 0FB7 0fb7 DEADbeef",
    "base64Binary": "RW50ZW50ZQ== RW50ZW50 QQ== QUI= +/+/",
    "anyURI": "https://example.org/ https://example.org/a%20b http://example.org:8080/a?b=c&d=e#f "
    "mailto:a@b.example urn:isbn:0451450523 tel:+90-312-000 ftp://example.org/a;type=i #top ?q=1 a /a/b "
    "../a //example.org/a . https://tr.wikipedia.org/wiki/Türkiye https://example.org/(a) "
    "https://example.org/~a https://[::1]/ https://example.org/a,b;c=d https://example.org/%C3%BC%c3%bc "
    "https://example.org/'a'!*$ data:,a https://example.org/%25",
    "language": "en tr ru fa en-GB en-US zh-Hant-TW de-CH-1996 sr-Latn x-klingon i-klingon a abcdefgh "
    "es-419 sl-rozaj de-DE-u-co-phonebk EN en-gb ar-001 x-a en-x-y-z",
    "Name": "a _a :a ent:date s-400 été a.b",
    "NCName": "a _a s-400 été a.b a1 İstanbul",
    "NMTOKEN": "a 1 -a .a 400-s a:b",
    "nonNegativeInteger": "0 -0 +0 1 007 99999999999999999999999",
    "positiveInteger": "1 +1 007 99999999999999999999999",
    "nonPositiveInteger": "0 -0 +0 -1 -99999999999999999999999",
    "negativeInteger": "-1 -007 -99999999999999999999999",
    "long": "9223372036854775807 -9223372036854775808 +1 000000000000000000000000000001",
    "int": "2147483647 -2147483648 0",
    "short": "32767 -32768 0",
    "byte": "127 -128 0 +00127",
    "unsignedLong": "18446744073709551615 0 -0",
    "unsignedInt": "4294967295 0",
    "unsignedShort": "65535 0",
    "unsignedByte": "255 0 +1",
}

BAD = {
    "boolean": "True False TRUE FALSE yes no on off t f T F Y N 2 -1 01 00 1.0 truefalse tru true. ١",
    "integer": "1_000 1,000 1.000 1.0 1. .5 1e3 1E3 --1 +-1 - + 1- 0x10 ten ½ ² ١٢٣ १२ １２ INF 1+1 1'000 1O",
    "decimal": "1e3 1E3 1,5 1_000.5 1.2.3 . - + -. +. --1 1- INF NaN -INF ١.٥ 1.٥ 0x1 one $5 5% 1/2 1.5f",
    "double": "e3 1e 1e+ 1e1.5 E . - + -. Inf inf nan NAN +NaN -NaN infinity 1,5 1_000 1.2.3 1d 1e3e3 ١e٣ 0x1p3 1f",
    "float": "inf 1e 1,5 NAN +NaN ١",
    "date": "2018-04-31 2018-02-29 1900-02-29 2018-02-30 2018-06-31 2018-13-01 2018-00-01 2018-01-00 "
    "2018-01-32 2018-4-3 2018/04/03 03-04-2018 04/03/2018 20180403 2018-04 2018 18-04-03 "
    "2018-01-01T00:00:00 02018-01-01 -0001-02-29 +2018-04-03 2018-04-03z 2018-04-03+15:00 "
    "2018-04-03+14:01 2018-04-03+3:00 2018-04-03+0300 2018-04-03+03:60 2018-093 2018-W14-2 ٢٠١٨-٠٤-٠٣ "
    "2018-04-0３ 2018–04–03 2018-04-03-",
    "time": "24:00:01 24:01:00 24:00:00.1 25:00:00 12:60:00 12:00:60 12:00 9:30:00 12:00:00. 12:00:00,5 "
    "noon 12:00:00PM 12:00:00+14:30 ١٢:٠٠:٠٠",
    "dateTime": "2018-04-03 2018-04-03T12:00 2018-04-03T12 2018-04-03T 2018-04-03t12:00:00 "
    "2018-04-03T12:00:00z 2018-04-03T24:00:01 2018-04-03T24:00:00.5 2018-04-03T25:00:00 "
    "2018-04-03T12:60:00 2018-04-03T12:00:60 2018-04-03T12:00:00. 2018-04-03T12:00:00,5 "
    "2018-04-03T12:00:00+15:00 2018-04-03T12:00:00+0300 2018-04-31T12:00:00 2018-02-29T12:00:00 "
    "2018-13-01T12:00:00 20180403T120000 18-04-03T12:00:00 02018-04-03T12:00:00 +2018-04-03T12:00:00 "
    "2018-4-3T1:2:3 ٢٠١٨-٠٤-٠٣T١٢:٠٠:٠٠ 2018-04-03T-1:00:00",
    "dateTimeStamp": "2018-04-03T12:00:00 2018-04-03Z 2018-04-31T12:00:00Z 2018-04-03T12:00:00+14:30 now",
    "gYear": "20x8 18 018 201 2018- 2018-04 2018-04-03 02018 00000 -02018 +2018 --2018 -18 2018AD 2018z "
    "2018+15:00 2018+14:01 2018+3 2018.0 2,018 2_018 2e3 MMXVIII ٢٠١٨ ２０１８ 201８ 2018s '18",
    "gYearMonth": "2018-13 2018-00 2018-99 2018-1 2018-001 201804 2018/04 04-2018 18-04 2018 2018-04-03 "
    "2018-Apr April-2018 02018-04 +2018-04 2018--04 2018-04z 2018-04+15:00 2018-04+14:01 2018-04-5 "
    "٢٠١٨-٠٤ 2018-0４ 2018–04",
    "gMonth": "--00 --13 --4 -04 04 --04-- April ---04 --٠٤",
    "gDay": "---00 ---32 ---5 --05 05 -----05 ---٠٥",
    "gMonthDay": "--02-30 --04-31 --13-01 --00-01 --01-00 --4-3 04-03 -04-03 --٠٤-٠٣",
    "duration": "P PT P1 1Y P1S P1H PT1D P1YT P1M1Y P1D1M P1.5Y PT1.S P-1Y P1Y-6M p1y +P1Y P1W PT P١Y PT1S1M",
    "yearMonthDuration": "P P1D P1Y1D PT1M P1M1Y P1YT P١Y",
    "dayTimeDuration": "P PT P1Y P1M P1DT PT1D P1H PT1S1H P١D",
    "hexBinary": "0 0FB 0G 0x0F 0F-B7 ٠٠",
    "base64Binary": "A AA AAA AAAA= A=== QR== QUJ= =QQ= QQ==QQ== Q-_Q ====",
    "anyURI": "<https://example.org> https://example.org/% https://example.org/%2 https://example.org/%zz "
    'https://example.org/%2G https://example.org/"a" https://example.org/{a} https://example.org/a|b '
    "https://example.org/a\\b https://example.org/a^b https://example.org/a`b a<b a>b {} } | \\ ^ ` % %% %4 "
    "a%",
    "language": "e_n en_GB en- -en - en--GB abcdefghi en-abcdefghi en-é é 12 1a e1 en. en/GB en,tr "
    "english-language-x- * en-* en@GB ١ 中文",
    "Name": "1a -a .a a/b a,b @a",
    "NCName": "1a -a .a a:b :a a/b ent:date @",
    "NMTOKEN": "a/b a,b @a ½",
    "nonNegativeInteger": "-1 -99999999999999999999999 1.0 a",
    "positiveInteger": "0 -0 +0 -1 1.0",
    "nonPositiveInteger": "1 +1 99999999999999999999999 -1.0",
    "negativeInteger": "0 -0 1 -1.0",
    "long": "9223372036854775808 -9223372036854775809 1.0",
    "int": "2147483648 -2147483649 1e3",
    "short": "32768 -32769",
    "byte": "128 -129 1_0",
    "unsignedLong": "18446744073709551616 -1",
    "unsignedInt": "4294967296 -1",
    "unsignedShort": "65536 -1",
    "unsignedByte": "256 -1 ٢",
}

GOOD_WITH_SPACES = {
    "string": ["", " ", "a\nb\tc\r", "Erdoğan\u00a0🙂", "\x85"],
    "normalizedString": ["", " ", "a  b ", "Türkiye\u00a0a"],
    "token": ["", "a", "a b c", "Free Syrian Army", "a\u00a0b"],
    "hexBinary": [""],
    "base64Binary": ["", "RW50 ZW50", "Q Q = ="],
    "anyURI": [""],
}

BAD_WITH_SPACES = {
    "string": ["\x00", "a\x0bb", "\x1b", "\uffff"],
    "normalizedString": ["a\nb", "\t", "a\r", "\x0c"],
    "token": [" a", "a ", "a  b", " ", "a\tb", "a\nb", "a\x00"],
    "boolean": ["", " true", "true ", "true\n"],
    "integer": ["", " 1", "1 ", "1\n", "1 000", "1\u00a0000", "- 1"],
    "decimal": ["", " 1.5", "1.5 ", "1 000.5"],
    "double": ["", " 1", "1e 3", "INF "],
    "date": ["", " 2018-04-03", "2018-04-03 ", "2018-04-03\n", "3 April 2018", "2018-04-03 12:00:00"],
    "gYear": ["", " 2018", "2018 ", "2018\n", "44 BC"],
    "gYearMonth": ["", " 2018-04", "2018-04 ", "2018-04\n", "April 2018"],
    "dateTime": ["", "2018-04-03 12:00:00", " 2018-04-03T12:00:00", "2018-04-03T12:00:00\n"],
    "duration": ["", " P1Y", "P1Y 6M", "P1Y\n", "P\n"],
    "hexBinary": [" 00", "00 00"],
    "base64Binary": [" QQ==", "QQ== ", "RW50  ZW50"],
    "anyURI": [
        "https://example.org/a b",
        " https://example.org",
        "a\n",
        "a\tb",
        "a\u00a0b",
        "a\x7f",
        "a\u202eb",
    ],
    "language": ["", "x y", " en", "en ", "en\n", "en GB"],
    "Name": ["", "a b", " a"],
    "NCName": ["", "a b", "a\n"],
    "NMTOKEN": ["", "a b", "a "],
}

GOOD_TAGS = (
    "en tr ru fa ar zh-Hant zh-Hant-TW zh-cmn-Hans-CN zh-yue-HK sr-Latn-RS sl-rozaj sl-rozaj-biske-1994 "
    "de-CH-1901 hy-Latn-IT-arevela es-419 de-DE-u-co-phonebk en-US-x-twain x-whatever "
    "qaa-Qaaa-QM-x-southern i-klingon en-GB-oed sgn-BE-FR art-lojban en-a-myext-b-another abcde EN-gb"
)
BAD_TAGS = (
    "a-DE de-419-DE e 12 1a e1 en_GB en- -en - en--GB abcdefghi en-abcdefghi x x- en-x en-a en-u-x en-u-a "
    "de-a-b not-a-very-validoneatall zh-min-nan-hak-yue i-turkish ar-DE-Latn en-é ١٢ en-GB-US "
    "toolonglanguage"
)


def forms(*parts: dict[str, str] | dict[str, list[str]]) -> dict[str, list[str]]:
    """The forms of each datatype in these tables."""
    found: dict[str, list[str]] = {}
    for part in parts:
        for name, values in part.items():
            found.setdefault(name, []).extend(values.split() if isinstance(values, str) else values)
    return found


RIGHT, WRONG = forms(GOOD, GOOD_WITH_SPACES), forms(BAD, BAD_WITH_SPACES)


def judge(name: str, value: str) -> str | None:
    return problem(Literal(value, datatype=NamedNode(XSD + name)))


@pytest.mark.parametrize("name", RIGHT)
def test_right_forms_pass(name: str) -> None:
    assert [message for value in RIGHT[name] if (message := judge(name, value))] == []


@pytest.mark.parametrize("name", WRONG)
def test_wrong_forms_are_told_with_a_right_one(name: str) -> None:
    told = {value: judge(name, value) for value in WRONG[name]}
    assert [value for value, message in told.items() if f" is no xsd:{name}: " not in (message or "")] == []
    examples = {(message or "").rsplit("“", 1)[1].removesuffix("”") for message in told.values()}
    assert [example for example in examples if judge(name, example)] == []


def test_every_datatype_of_rdf_is_covered() -> None:
    assert RIGHT.keys() == WRONG.keys()
    assert len(RIGHT) == 39


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("gYearMonth", "2018-13", "“2018-13” is no xsd:gYearMonth: the month is 01 to 12, as in “2018-12”"),
        ("gYear", "20x8", "“20x8” is no xsd:gYear: it is a year of at least four digits, as in “2018”"),
        ("byte", "128", "“128” is no xsd:byte: it is from -128 to 127, as in “100”"),
        ("date", "2018-02-29", "the day is 01 to 28 in month 02 of 2018"),
        ("date", "2018-04-31", "the day is 01 to 30 in month 04,"),
        ("gDay", "---32", "the day is 01 to 31,"),
        ("gYear", "02018", "does not begin with 0"),
        ("date", "2018-04-03T00:00:00", "(this is an xsd:dateTime)"),
        ("date", "2018-04", "(this is an xsd:gYearMonth)"),
        ("decimal", "1e3", "(this is an xsd:double)"),
        ("gYear", "٢٠١٨", "the digits are 0 to 9, not “٢”"),
        ("gYear", "2018 ", "no space or line break stands before or after it"),
        ("integer", "1\u00a0000", "“1[U+00A0]000” is"),
        ("time", "25:00:00", "the hour is 00 to 24"),
        ("time", "12:61:00", "the minute is 00 to 59"),
        ("time", "12:00:61", "the second is 00 to 59"),
        ("time", "24:00:01", "the hour 24 is midnight only"),
        ("time", "12:00:00+15:00", "the time zone is Z or from -14:00 to +14:00"),
        ("gYear", "x" * 99, "x…” is no xsd:gYear"),
        ("gYear", "x" * 60, f"“{'x' * 60}” is no xsd:gYear"),
        ("gYear", "x" * 61, f"“{'x' * 59}…” is no xsd:gYear"),
        ("date", "2020-02-30", "the day is 01 to 29 in month 02 of 2020,"),
        ("nonNegativeInteger", "-1", "“-1” is no xsd:nonNegativeInteger: it is 0 or more, as in “100”"),
        ("negativeInteger", "0", "“0” is no xsd:negativeInteger: it is -1 or less, as in “-100”"),
    ],
)
def test_the_message_says_what_is_wrong(name: str, value: str, message: str) -> None:
    assert message in (judge(name, value) or "")


@pytest.mark.parametrize(
    ("name", "closest"),
    [
        ("Date", "date"),
        ("datetime", "dateTime"),
        ("gYearMont", "gYearMonth"),
        ("interger", "integer"),
        ("bool", "boolean"),
        ("anyUri", "anyURI"),
        ("QName", "Name"),
        ("qqqqqqqq", "string"),
    ],
)
def test_an_unknown_datatype_names_the_closest(name: str, closest: str) -> None:
    message = judge(name, "x") or ""
    assert message.startswith(f"xsd:{name} is no datatype of RDF 1.1: ")
    assert f"xsd:{closest}" in message.split(": ", 1)[1]


def test_a_datatype_of_another_namespace_is_not_judged() -> None:
    assert problem(Literal("1/3", datatype=NamedNode("http://www.w3.org/2002/07/owl#rational"))) is None
    assert problem(Literal("x", datatype=NamedNode("https://example.org/date"))) is None


def test_well_formed_language_tags_pass() -> None:
    assert [tag for tag in GOOD_TAGS.split() if language_tag_problem(tag)] == []
    assert [tag for tag in GOOD_TAGS.split() if problem(Literal("Ankara", language=tag))] == []


def test_ill_formed_language_tags_are_told() -> None:
    tags = [*BAD_TAGS.split(), "", "x y", "en ", "en\n"]
    assert [tag for tag in tags if " is no language tag: " not in (language_tag_problem(tag) or "")] == []


def test_a_tag_that_a_lenient_parser_lets_through_is_told() -> None:
    quads = parse('<a:a> <a:b> "x"@not-a-very-validoneatall .', RdfFormat.N_TRIPLES, lenient=True)
    literals = [quad.object for quad in quads if isinstance(quad.object, Literal)]
    assert ["“not-a-very-validoneatall” is no language tag" in (problem(each) or "") for each in literals] == [True]


@pytest.mark.parametrize(
    ("name", "value", "wrong"),
    [
        ("langString", "Ankara", "has no language tag"),
        ("dirLangString", "Ankara", "has no language tag"),
        ("JSON", '{"a": [1, 2.5, true, null]}', None),
        ("JSON", "9" * 5000, None),
        ("JSON", "{a: 1}", "is no rdf:JSON"),
        ("JSON", "", "is no rdf:JSON"),
        ("JSON", "[1,]", "is no rdf:JSON"),
        ("JSON", "NaN", "is no rdf:JSON: NaN is no number of JSON"),
        ("JSON", "-Infinity", "is no rdf:JSON"),
        ("JSON", "[" * 100_000, "is no rdf:JSON: it is nested too deeply"),
        ("XMLLiteral", "the <b>trilateral</b> summit", None),
        ("XMLLiteral", '<a xmlns:e="urn:e"><e:b/></a>', None),
        ("XMLLiteral", "", None),
        ("XMLLiteral", "<b>summit", "is no rdf:XMLLiteral: mismatched tag"),
        ("XMLLiteral", "</x><x>", "is no rdf:XMLLiteral"),
        ("XMLLiteral", "a & b", "is no rdf:XMLLiteral"),
        ("XMLLiteral", "<e:b/>", "is no rdf:XMLLiteral: unbound prefix"),
        ("XMLLiteral", '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "is no rdf:XMLLiteral"),
        ("HTML", "<p>unclosed <br> & loose", None),
    ],
)
def test_the_datatypes_of_rdf_itself(name: str, value: str, wrong: str | None) -> None:
    message = problem(Literal(value, datatype=NamedNode(RDF + name)))
    assert message is None if wrong is None else wrong in (message or "")


@pytest.mark.parametrize(
    ("year", "month", "days"),
    [
        *((2018, month, days) for month, days in enumerate([31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31], 1)),
        *((2016, 2, 29), (1900, 2, 28), (2000, 2, 29), (0, 2, 29)),
    ],
)
def test_the_last_day_of_a_month(year: int, month: int, days: int) -> None:
    assert judge("date", f"{year:04d}-{month:02d}-{days}") is None
    assert judge("date", f"{year:04d}-{month:02d}-{days + 1}") is not None


def test_a_leap_year_is_known_by_its_last_four_digits() -> None:
    assert judge("date", "1200-02-29") is None
    assert judge("date", "12000-02-29") is None


@given(st.dates())
def test_every_day_of_the_calendar_is_a_date(day: object) -> None:
    assert judge("date", str(day)) is None


@given(st.sampled_from(sorted(RIGHT)), st.text())
def test_no_string_makes_the_check_fail(name: str, value: str) -> None:
    assert judge(name, value) is None or name in (judge(name, value) or "")


# Where time grows with the square of the length, one of these strings takes minutes; all together take two seconds.
def test_long_strings_take_linear_time() -> None:
    faulthandler.dump_traceback_later(300, exit=True)
    pieces = ("1", "a", " ", "A A ", "%41", "-", "P1")
    told = [judge(name, piece * 50_000 + "\x00") for name in RIGHT for piece in pieces]
    faulthandler.cancel_dump_traceback_later()
    assert None not in told
